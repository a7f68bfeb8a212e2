"""The leaderboard as a chart: accuracies, drops and ranks of networks under one condition."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from objectpose.analysis.conditions import require_one
from objectpose.analysis.style import (
    INK,
    PALETTE,
    QUIET,
    add_caption,
    cut_to_fit,
    even_ticks,
    house_style,
    new_figure,
    whiskers,
    width_of,
)
from objectpose.analysis.tables import sizes_of
from objectpose.errors import ObjectPoseError, nearest

LONGEST_NAME_IN = 2.6
PALE = "#A9A9A9"
MANY = 15
HEADER = "Rank (95 %)"


def leaderboard_bars(board: pd.DataFrame, *, condition: str) -> Figure:
    """Draw accuracies upright and under a condition, the drop, and the rank of each network, the best first.

    Args:
        board: of ``leaderboard.leaderboard``, one data set.
        condition: to draw; its baseline stands beside it. A baseline itself has no drop and is drawn alone.

    Raises:
        ObjectPoseError: no row, several data sets, or an unknown condition.
    """
    require_one(board, "leaderboard is")
    if condition not in set(board["condition"]):
        raise ObjectPoseError(
            f"The leaderboard has no condition '{condition}'; {nearest(condition, board['condition'])}."
        )
    rows = board[board["condition"] == condition].reset_index(drop=True)
    baseline = str(rows["baseline"].iloc[0])
    before = board[board["condition"] == baseline].set_index("network").reindex(rows["network"]).reset_index()
    compared = bool(rows["drop_pp"].notna().any())
    number = len(rows)
    size_pt = 9.5 if number <= MANY else 8.0
    names = [cut_to_fit(str(name), LONGEST_NAME_IN, size_pt, middle=True) for name in rows["network"]]
    label_in = max(width_of(name, size_pt) for name in names)
    width_in = label_in + (7.0 if compared else 5.0) - (0.8 if number == 1 else 0.0)
    row_in = 0.42 if number <= MANY else 0.25
    y = np.arange(number)
    with house_style():
        figure = new_figure(width_in, 1.75 + row_in * number, constrained=True)
        panels = figure.subplots(1, 2 if compared else 1, sharey=True, squeeze=False)[0]
        thick = 0.36 if compared else 0.6
        shown = [(before, -thick / 2, PALE, baseline)] if compared else []
        for part, shift, colour, name in [*shown, (rows, thick / 2 if compared else 0.0, PALETTE[0], condition)]:
            panels[0].barh(
                y + shift,
                part["top1"].to_numpy(float),
                thick,
                xerr=whiskers(part, "top1", "top1_lo", "top1_hi"),
                color=colour,
                label=name,
                error_kw={"ecolor": INK, "elinewidth": 1.1},
            )
        panels[0].set_xlim(0, 100)
        panels[0].set_xticks(range(0, 101, 20))
        panels[0].set_title("Named correctly (top-1), %", loc="left", fontsize=10)
        if compared:
            panels[1].barh(
                y,
                rows["drop_pp"].to_numpy(float),
                0.6,
                xerr=whiskers(rows, "drop_pp", "drop_lo", "drop_hi"),
                color=PALETTE[1],
                error_kw={"ecolor": INK, "elinewidth": 1.1},
            )
            low = rows[["drop_pp", "drop_lo"]].min().min()
            high = rows[["drop_pp", "drop_hi"]].max().max()
            panels[1].set_xlim(min(0.0, 1.06 * low), max(1.06 * high, 5.0))
            even_ticks(panels[1])
            panels[1].axvline(0, color=INK, linewidth=0.8)
            panels[1].set_title("Drop, points", loc="left", fontsize=10)
            figure.legend(loc="outside upper left", ncols=2, columnspacing=1.4)
        last = panels[-1]
        ranks = _ranks(rows, "drop" if compared else "top1") if number > 1 else []
        for place, text in enumerate([HEADER, *ranks] if ranks else []):
            last.annotate(
                text,
                (1.0, place - 1 if place else 1.0),
                (8, 0 if place else 6),
                xycoords=("axes fraction", "data" if place else "axes fraction"),
                textcoords="offset points",
                va="center" if place else "baseline",
                fontsize=size_pt,
                color=INK if place else QUIET,
                annotation_clip=False,
            )
        for axes in panels:
            axes.grid(axis="x")
            axes.set_ylim(number - 0.4, -0.6)
        panels[0].set_yticks(y, names, fontsize=size_pt)
        add_caption(figure, _caption(rows, condition, baseline, compared), width_in)
    return figure


def _ranks(rows: pd.DataFrame, what: str) -> list[str]:
    """Return each rank with its interval; a dash for a network that has none."""
    found = []
    for rank, low, high in rows[[f"rank_{what}", f"rank_{what}_lo", f"rank_{what}_hi"]].itertuples(index=False):
        interval = "" if pd.isna(low) else f" ({low}\u2013{high})"
        found.append("\u2013" if pd.isna(rank) else f"{rank}{interval}")
    return found


def _caption(rows: pd.DataFrame, condition: str, baseline: str, compared: bool) -> str:
    what = f"{condition} against {baseline}" if compared else condition
    order = "" if len(rows) == 1 else "; the smallest drop first" if compared else "; the highest accuracy first"
    parts = [f"{rows['dataset'].iloc[0]}, {what}: {sizes_of(rows)} under {condition}{order}."]
    if (rows["n_classes"] == 1).all():
        parts.append("No interval with one class.")
    else:
        ranked = "; in brackets: 95 % interval of the rank" if len(rows) > 1 else ""
        parts.append(f"Lines: 95 % intervals over classes{ranked}.")
    lacking = int((rows["n_lacking"] > 0).sum())
    if lacking:
        who = "network lacks" if lacking == 1 else "networks lack"
        parts.append(f"No rank (\u2013): {lacking} {who} classes that others were asked about.")
    return " ".join(parts)
