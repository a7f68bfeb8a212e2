"""Charts from tidy frames: each function returns a figure, :func:`save` writes it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from objectpose.analysis.accuracy import POOLED
from objectpose.analysis.conditions import ordered, require_one
from objectpose.analysis.correctness import network_labels
from objectpose.analysis.sheets import contact_sheet, failure_sheet, pick_failures
from objectpose.analysis.style import (
    MARKERS,
    PALETTE,
    add_caption,
    cut_to_fit,
    house_style,
    new_figure,
    save,
    whiskers,
    width_of,
)
from objectpose.analysis.tables import sizes_of

__all__ = ["accuracy_by_condition", "contact_sheet", "failure_sheet", "pick_failures", "save"]

MOST_COLOURS = len(PALETTE)


def accuracy_by_condition(summary: pd.DataFrame) -> Figure:
    """Draw top-1 accuracy under each condition as points with 95 % intervals, baselines to the left.

    Up to seven networks share one panel, a colour and a shape each; more stand in rows, sorted by their accuracy
    in the first condition, with one panel a condition.

    Args:
        summary: of ``accuracy.summarise``, one data set; rows of single backgrounds are not drawn.

    Raises:
        ObjectPoseError: the summary is empty or holds several data sets.
    """
    rows = summary[summary["background"] == POOLED]
    require_one(rows, "summary is")
    rows = rows.assign(network=network_labels(rows))
    baselines = ordered(rows.loc[rows["condition"] == rows["baseline"], "condition"])
    others = [name for name in ordered(rows["condition"]) if name not in baselines]
    networks = list(dict.fromkeys(rows["network"]))
    with house_style():
        if len(networks) <= MOST_COLOURS:
            return _one_panel(rows, networks, [*baselines, *others])
        return _panels(rows, networks, [*baselines, *others])


def _one_panel(rows: pd.DataFrame, networks: list[str], conditions: list[str]) -> Figure:
    slot_in = max(0.9, 0.17 * len(networks) + 0.35)
    width_in = max(6.4, 1.0 + slot_in * len(conditions))
    figure = new_figure(width_in, 4.4, constrained=True)
    axes = figure.add_subplot()
    step = min(0.16, 0.7 / len(networks))
    for place, network in enumerate(networks):
        own = rows[rows["network"] == network].set_index("condition").reindex(conditions)
        x = np.arange(len(conditions)) + (place - (len(networks) - 1) / 2) * step
        errors = whiskers(own, "top1", "top1_lo", "top1_hi")
        axes.errorbar(
            x,
            own["top1"].to_numpy(float),
            yerr=errors,
            linestyle="none",
            marker=MARKERS[place],
            markersize=7,
            color=PALETTE[place],
            elinewidth=2.0,
            label="_",
            clip_on=False,
            zorder=3,
        )
        axes.plot([], [], linestyle="none", marker=MARKERS[place], markersize=7, color=PALETTE[place], label=network)
    if len(networks) == 1:
        for place, top1 in enumerate(rows.set_index("condition").reindex(conditions)["top1"]):
            axes.annotate(f"{top1:.0f}", (place, top1), (9, 0), textcoords="offset points", va="center")
    slot = int(width_in / len(conditions) / 0.085)
    labels = [_broken(name, slot) for name in conditions]
    axes.set_xticks(np.arange(len(conditions)), labels)
    if max(len(line) for label in labels for line in label.split("\n")) > slot:
        for tick in axes.get_xticklabels():
            tick.set(rotation=25, ha="right", rotation_mode="anchor")
    axes.set_xlim(-0.55, len(conditions) - 0.45)
    axes.set_ylim(0, 100)
    axes.set_yticks(range(0, 101, 20))
    axes.grid(axis="y")
    axes.set_title("Pictures named correctly (top-1), %", loc="left", fontsize=11, pad=10)
    handles, names = axes.get_legend_handles_labels()
    longest = max(len(name) for name in networks)
    columns = max(1, min(len(networks), int(width_in / (0.085 * longest + 0.45))))
    figure.legend(handles, names, loc="outside upper left", ncols=columns, handletextpad=0.2, columnspacing=1.4)
    _caption(figure, rows, width_in)
    return figure


def _broken(name: str, length: int) -> str:
    """Return a name that is longer than ``length`` with line breaks after its underscores."""
    return name if len(name) <= length else name.replace("_", "_\n")


def _panels(rows: pd.DataFrame, networks: list[str], conditions: list[str]) -> Figure:
    first = rows[rows["condition"] == conditions[0]].set_index("network")["top1"]
    order = sorted(networks, key=lambda name: (first.get(name, -1.0), name))
    shown = [cut_to_fit(name, 2.8, 8.5, middle=True) for name in order]
    label_in = max(width_of(name, 8.5) for name in shown) + 0.4
    width_in = label_in + max(1.35 * len(conditions), 4.0)
    figure = new_figure(width_in, 1.3 + 0.21 * len(networks), constrained=True)
    grid: list[Axes] = list(figure.subplots(1, len(conditions), sharey=True, squeeze=False)[0])
    y = np.arange(len(order))
    for axes, condition in zip(grid, conditions, strict=True):
        own = rows[rows["condition"] == condition].set_index("network").reindex(order)
        axes.errorbar(
            own["top1"].to_numpy(float),
            y,
            xerr=whiskers(own, "top1", "top1_lo", "top1_hi"),
            linestyle="none",
            marker="o",
            markersize=4.5,
            color=PALETTE[0],
            elinewidth=1.6,
            clip_on=False,
            zorder=3,
        )
        axes.set_xlim(0, 100)
        axes.set_xticks([0, 50, 100])
        axes.set_ylim(-0.7, len(order) - 0.3)
        axes.grid(axis="both")
        axes.set_title(condition, fontsize=9.5)
    grid[0].set_yticks(y, shown, fontsize=8.5)
    figure.suptitle("Pictures named correctly (top-1), %", x=0.01, ha="left", fontsize=11)
    _caption(figure, rows, width_in)
    return figure


def _caption(figure: Figure, rows: pd.DataFrame, width_in: float) -> None:
    interval = (
        "No interval with one class."
        if (rows["n_classes"] == 1).all()
        else "Lines: 95 % intervals over classes; they speak of other classes of the same kind."
    )
    text = f"{rows['dataset'].iloc[0]}: {sizes_of(rows)} a condition. Points: mean over classes. {interval}"
    add_caption(figure, text, width_in)
