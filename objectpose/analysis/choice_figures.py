"""Drops by design choice, and what charts about the networks of a zoo have in common."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from objectpose.analysis.conditions import require_one
from objectpose.analysis.factors import FACTORS
from objectpose.analysis.style import (
    INK,
    PALETTE,
    QUIET,
    cut_to_fit,
    house_style,
    new_figure,
    width_of,
    wrapped,
)
from objectpose.analysis.tables import counted, sizes_of
from objectpose.errors import ObjectPoseError

CAPTION_PT = 8.0
LABEL_PT = 8.5
_ROW_IN = 0.21


def drop_by_choice(table: pd.DataFrame, levels: pd.DataFrame) -> Figure:
    """Draw the drop of every network at each level of each design choice, with the mean of the level.

    Args:
        table: of ``factors.factor_table``, one data set and condition.
        levels: of ``factors.by_factor`` of that table.

    Raises:
        ObjectPoseError: several data sets or conditions, or no network with a card.
    """
    require_one(table, "networks are", ("dataset", "condition"))
    if levels.empty:
        raise ObjectPoseError("No network has a card that says how it was made; evaluate networks of the zoo.")
    columns = {"data": "data_family", "loss": "loss kind", "augmentation": "augmentation kind"}
    lines: list[tuple[str, pd.Series | None]] = []
    for factor in FACTORS:
        own = levels[levels["factor"] == factor]
        lines += [(factor, None), *((factor, row) for _, row in own.iterrows())] if len(own) else []
    names = [
        "" if row is None else cut_to_fit(f"{row['level']} ({row['n_networks']})", 2.9, LABEL_PT) for _, row in lines
    ]
    label_in = max(width_of(name, LABEL_PT) for name in names) + 0.2
    width_in = label_in + 4.9
    caption = wrapped(
        f"{what_is_behind(table)} Beside each level its networks. Diamonds: mean over the networks; lines: its 95 % "
        "interval over networks, from three of them on. Levels also differ in upright accuracy and in each other's "
        "choices.",
        width_in - 0.2,
        CAPTION_PT,
    )
    below_in = 0.55 + 0.15 * (caption.count("\n") + 1)
    height_in = below_in + _ROW_IN * (len(lines) + 0.6) + 0.45
    with house_style():
        figure = new_figure(width_in, height_in)
        size_in = (4.75, height_in - below_in - 0.45)
        axes = figure.add_axes(
            (label_in / width_in, below_in / height_in, size_in[0] / width_in, size_in[1] / height_in)
        )
        for place, (factor, row) in enumerate(lines):
            y = -float(place)
            if row is None:
                axes.axhspan(y - 0.5, y + 0.5, color="#F0F0F0", linewidth=0, zorder=0)
                axes.annotate(
                    factor,
                    (0, y),
                    (-72 * label_in + 8, 0),
                    xycoords=("axes fraction", "data"),
                    textcoords="offset points",
                    va="center",
                    fontsize=9,
                    fontweight="bold",
                    annotation_clip=False,
                )
                continue
            drops = table.loc[table[columns.get(factor, factor)] == row["level"], "drop_pp"].to_numpy(float)
            axes.plot(drops, y + _apart(drops), "o", markersize=4, color=PALETTE[0], alpha=0.45, mew=0, zorder=2)
            if np.isfinite(row["drop_lo"]):
                axes.plot([row["drop_lo"], row["drop_hi"]], [y, y], color=INK, linewidth=1.6, zorder=3)
            axes.plot([row["drop_pp"]], [y], "D", markersize=5, color=INK, mew=0, zorder=4)
        axes.set_ylim(-len(lines) + 0.4, 0.6)
        axes.set_yticks([-float(i) for i in range(len(lines))], names, fontsize=LABEL_PT)
        axes.grid(axis="x")
        axes.margins(x=0.04)
        axes.set_xlabel(f"drop under {table['condition'].iloc[0]}, points", fontsize=9)
        set_around(figure, "Drop by design choice (number of networks)", caption)
    return figure


def what_is_behind(table: pd.DataFrame) -> str:
    """Return how many networks, classes, objects and pictures a table of ``factors.factor_table`` is made of."""
    lacking = int(table["data_family"].isna().sum())
    without = f" ({lacking} without a card)" if lacking else ""
    first = table.iloc[0]
    return (
        f"{first['dataset']}, {first['condition']}: {counted(len(table), 'network')}{without}, {sizes_of(table)} each."
    )


def set_around(figure: Figure, title: str, caption: str) -> None:
    """Write a title above and a caption, in lines already, below the panels of a figure."""
    width_in, height_in = figure.get_size_inches()
    figure.text(0.1 / width_in, 1 - 0.1 / height_in, title, va="top", fontsize=11)
    figure.text(0.1 / width_in, 0.08 / height_in, caption, va="bottom", fontsize=CAPTION_PT, color=QUIET)
    for axes in figure.axes:
        axes.tick_params(labelsize=LABEL_PT)


def _apart(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return heights, -0.3..0.3, that keep neighbouring dots of a row apart: three lanes in turn."""
    lanes = np.zeros(len(values))
    if len(values) > 3:
        lanes[np.argsort(values, kind="stable")] = 0.24 * (np.arange(len(values)) % 3 - 1)
    return lanes
