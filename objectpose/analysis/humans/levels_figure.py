"""Figure of two-way scores of networks beside the published levels of people."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from objectpose.analysis.humans.published import COLUMNS, HERE
from objectpose.analysis.humans.study import GROUPS
from objectpose.analysis.style import INK, PALETTE, QUIET, add_caption, house_style, new_figure
from objectpose.analysis.tables import shortened
from objectpose.errors import ObjectPoseError

TITLES = {"humans_unlimited": "people, no limit", "humans_150ms": "people, 150 ms", "humans_40ms": "people, 40 ms"}
_POSES = (("upright", "o", PALETTE[0]), ("rotated_correct", "s", PALETTE[2]), ("rotated_incorrect", "D", PALETTE[1]))
_NAMES = {
    "upright": "upright",
    "rotated_correct": "rotated, named by the selecting network",
    "rotated_incorrect": "rotated, not named by it",
}


def levels_chart(table: pd.DataFrame) -> Figure:
    """Draw two-way accuracies by pose: the levels of people with their intervals, then each network.

    Args:
        table: of ``published.beside``, which vouches for the study's own pictures.

    Raises:
        ObjectPoseError: the table is none such, or has no network.
    """
    if list(table.columns) != list(COLUMNS) or not (table["source"] == HERE).any():
        raise ObjectPoseError(
            "Levels of people are drawn beside two-way scores of networks only; give the table of published.beside."
        )
    networks = list(dict.fromkeys(table.loc[table["source"] == HERE, "observer"]))
    observers = [*reversed(GROUPS), *networks]
    labels = [TITLES.get(name) or shortened(str(name), 36) for name in observers]
    rows = table.set_index(["observer", "pose"])
    width_in, height_in = 6.2 + 0.085 * max(len(label) for label in labels), 2.2 + 0.42 * len(observers)
    with house_style():
        figure = new_figure(width_in, height_in, constrained=True)
        axes = figure.add_subplot()
        for place, (pose, marker, colour) in enumerate(_POSES):
            own = rows.loc[[(name, pose) for name in observers]]
            y = np.arange(len(observers)) + (place - 1) * 0.2
            value, half = own["two_way_pct"].to_numpy(np.float64), np.nan_to_num(own["half_ci"].to_numpy(np.float64))
            axes.errorbar(value, y, xerr=half, linestyle="none", color=colour, elinewidth=1.6, zorder=3)
            axes.scatter(value, y, marker=marker, s=32, color=colour, label=_NAMES[pose], zorder=4, clip_on=False)
        axes.axhline(len(GROUPS) - 0.5, color=QUIET, linewidth=0.8)
        axes.axvline(50.0, color=QUIET, linestyle="--", linewidth=1.0, zorder=1)
        axes.set_yticks(range(len(observers)), labels, color=INK)
        axes.set_ylim(len(observers) - 0.45, -0.55)
        axes.set_xlim(min(40.0, float(np.nanmin(rows["two_way_pct"])) - 2), 101)
        axes.grid(axis="x")
        axes.set_title("Right choices between two labels, %", loc="left", fontsize=11, pad=10)
        handles, names = axes.get_legend_handles_labels()
        figure.legend(handles, names, loc="outside upper left", ncols=1 if width_in < 8 else 3, handletextpad=0.2)
        counts = rows.loc[GROUPS[0]]
        caption = (
            f"The human study's own {int(counts['n_images'][[pose for pose, _, _ in _POSES]].sum())} pictures of 51 "
            f"objects. People: published means over {int(counts['n_observers'].iloc[0])} observers a viewing time with "
            "95 % intervals over observers (Student); of a network there is one observer and no such interval. "
            "Dashed: chance. The axis does not begin at 0."
        )
        add_caption(figure, caption, width_in)
    return figure
