"""Charts of size and rotation together: accuracy by size, upright and rotated, and what both cost beyond their sum."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from objectpose.analysis.conditions import ordered, require_one
from objectpose.analysis.correctness import network_labels
from objectpose.analysis.interaction import ALL_SIZES
from objectpose.analysis.style import (
    INK,
    MARKERS,
    PALETTE,
    add_caption,
    cut_to_fit,
    even_ticks,
    house_style,
    legend_above,
    new_figure,
    well_filled,
    whiskers,
    width_of,
)
from objectpose.analysis.tables import sizes_of
from objectpose.errors import ObjectPoseError

MOST_PANELS = 4
MOST_LINES = len(PALETTE)
MANY = 15
LONGEST_NAME_IN = 2.6
DROPS = (
    ("drop_rotation", "rotation alone"),
    ("drop_scaling", "smaller size alone"),
    ("drop_both", "both together"),
)


def scale_rotation_curves(table: pd.DataFrame) -> Figure:
    """Draw accuracy by size, a line for each condition and distance from upright, one panel a network.

    Of more than four networks there is one panel with the means over networks, and the middle 80 % of the networks as
    bands.

    Args:
        table: of ``curves.scale_rotation``, one data set; with ``width_deg=180`` the lines are upright and rotated.

    Raises:
        ObjectPoseError: no row, several data sets, or more than seven lines.
    """
    require_one(table, "table is")
    rows = table.assign(network=network_labels(table), line=_line_names(table))
    names = list(dict.fromkeys(_sorted_lines(rows)["line"]))
    if len(names) > MOST_LINES:
        raise ObjectPoseError(f"{len(names)} lines are too many, expected at most {MOST_LINES}; widen width_deg.")
    networks = list(dict.fromkeys(rows["network"]))
    rows, sparse = well_filled(rows, ["network", "line"])
    rows = rows.assign(x=(rows["scale_from"] + rows["scale_to"]) / 2)
    keys = ["line", "x"]
    if len(networks) <= MOST_PANELS:
        panels = [
            (name, rows[rows["network"] == name].rename(columns={"top1_lo": "low", "top1_hi": "high"}))
            for name in networks
        ]
        nothing = rows["top1_lo"].isna().all()
        said = "No interval with one class." if nothing else "Lines up and down: 95 % intervals over classes."
    else:
        middle = rows.groupby(keys)["top1"].agg(
            top1="mean", low=lambda values: values.quantile(0.1), high=lambda values: values.quantile(0.9)
        )
        panels = [(f"mean of {len(networks)} networks", middle.reset_index())]
        said = "Lines up and down: the middle 80 % of the networks."
    side_in = 4.6 if len(panels) == 1 else 3.2
    columns = min(len(panels), 2)
    down = -(-len(panels) // columns)
    width_in = max(5.4, side_in * columns + 0.6)
    longest_in = max(width_of(name, 10.0) for name in names)
    across = max(1, min(len(names), int(width_in / (longest_in + 0.65))))
    edges = sorted({*rows["scale_from"], *rows["scale_to"]})
    with house_style():
        figure = new_figure(width_in, 0.75 * side_in * down + 1.5 + 0.2 * -(-len(names) // across), constrained=True)
        grid = figure.subplots(down, columns, sharex=True, sharey=True, squeeze=False)
        step = 0.012 * (edges[-1] - edges[0])
        for place, axes in enumerate(grid.ravel()):
            if place >= len(panels):
                axes.set_visible(False)
                continue
            title, part = panels[place]
            for number, name in enumerate(names):
                own = part[part["line"] == name].sort_values("x")
                if own.empty:
                    continue
                axes.errorbar(
                    own["x"] + (number - (len(names) - 1) / 2) * step,
                    own["top1"].to_numpy(float),
                    yerr=whiskers(own, "top1", "low", "high"),
                    color=PALETTE[number],
                    marker=MARKERS[number],
                    markersize=5.5,
                    linewidth=1.4,
                    clip_on=False,
                )
            axes.set_ylim(0, 100)
            axes.set_yticks(range(0, 101, 20))
            axes.set_xlim(edges[0] - 3 * step, edges[-1] + 3 * step)
            axes.set_xticks(edges, [f"{edge:g}" for edge in edges])
            axes.tick_params(labelbottom=place + columns >= len(panels))
            axes.grid()
            axes.set_title(cut_to_fit(title, side_in - 0.3, 10.0, middle=True), loc="left", fontsize=10)
        handles = [
            Line2D([], [], color=PALETTE[number], marker=MARKERS[number], markersize=5.5, label=name)
            for number, name in enumerate(names)
        ]
        legend_above(figure, handles, "Pictures named correctly (top-1), %, by size", across)
        caption = (
            f"Across: scale, 1 is full size; points stand in the middle of their bins, whose limits are the ticks. "
            f"{rows['dataset'].iloc[0]}: {sizes_of(rows)} a point.{sparse} Points: mean over classes. {said}"
        )
        add_caption(figure, caption, width_in)
    return figure


def interaction_chart(table: pd.DataFrame) -> Figure:
    """Draw what rotation, a smaller size and both cost each network, and what both cost beyond the sum.

    Args:
        table: of ``interaction.interaction``, one data set; the rows of all sizes together are drawn.

    Raises:
        ObjectPoseError: no row, or several data sets.
    """
    rows = table[table["scales"] == ALL_SIZES]
    require_one(rows, "table is")
    rows = rows.assign(network=network_labels(rows)).sort_values(["interaction_pp", "network"], ignore_index=True)
    number = len(rows)
    size_pt = 9.5 if number <= MANY else 8.0
    names = [cut_to_fit(str(name), LONGEST_NAME_IN, size_pt, middle=True) for name in rows["network"]]
    width_in = max(width_of(name, size_pt) for name in names) + 6.6
    y = np.arange(number)
    with house_style():
        row_in = 0.5 if number <= MANY else 0.3
        figure = new_figure(width_in, 1.75 + row_in * number, constrained=True)
        left, right = figure.subplots(1, 2, sharey=True, width_ratios=[1.3, 1])
        for place, (name, label) in enumerate(DROPS):
            left.errorbar(
                rows[f"{name}_pp"].to_numpy(float),
                y + (place - 1) * 0.2,
                xerr=whiskers(rows, f"{name}_pp", f"{name}_lo", f"{name}_hi"),
                linestyle="none",
                marker=MARKERS[place],
                markersize=5.0,
                elinewidth=1.4,
                color=PALETTE[place],
                label=label,
            )
        both = (rows["drop_rotation_pp"] + rows["drop_scaling_pp"]).to_numpy(float)
        left.plot(both, y + 0.2, "|", color=INK, markersize=11, markeredgewidth=1.6, label="sum of the two")
        right.errorbar(
            rows["interaction_pp"].to_numpy(float),
            y,
            xerr=whiskers(rows, "interaction_pp", "interaction_lo", "interaction_hi"),
            linestyle="none",
            marker="o",
            markersize=5.5,
            elinewidth=1.6,
            color=INK,
        )
        left.set_title("Drop, points", loc="left", fontsize=10)
        right.set_title("Both beyond the sum, points", loc="left", fontsize=10)
        for axes in (left, right):
            axes.axvline(0, color=INK, linewidth=0.8)
            even_ticks(axes)
            axes.grid(axis="x")
        left.set_yticks(y, names, fontsize=size_pt)
        left.set_ylim(number - 0.4, -0.6)
        handles, labels = left.get_legend_handles_labels()
        order = [labels.index(name) for name in (*(label for _, label in DROPS), "sum of the two")]
        figure.legend(
            [handles[place] for place in order],
            [labels[place] for place in order],
            loc="outside upper left",
            ncols=4 if width_in > 7.2 else 2,
            handletextpad=0.3,
            columnspacing=1.2,
        )
        add_caption(figure, _interaction_caption(rows), width_in)
    return figure


def _interaction_caption(rows: pd.DataFrame) -> str:
    if rows["interaction_lo"].isna().all():
        found = "No interval with one class."
    else:
        above, below = int((rows["interaction_lo"] > 0).sum()), int((rows["interaction_hi"] < 0).sum())
        verdict = (
            f"Both together cost more than the sum for {above} of {len(rows)} "
            f"networks, less for {below}; for the others the interval holds 0."
        )
        if len(rows) == 1:
            word = "more than" if above else "less than" if below else "about"
            verdict = f"Both together cost {word} the sum{'' if above or below else ' (the interval holds 0)'}."
        found = f"Lines: 95 % intervals over classes. {verdict}"
    full = ", ".join(sorted(set(rows["full_size"])))
    low, high = rows["scale_from"].min(), rows["scale_to"].max()
    return (
        f"{rows['dataset'].iloc[0]}: {sizes_of(rows)} in the four cells together. Full size: {full}; smaller: scaling "
        f"and scaling_rotation, scale {low:.2g} to {high:.2g}. {found} Accuracy ends at 0: what one change has taken "
        "the other cannot take again, which pulls the difference below 0."
    )


def _line_names(table: pd.DataFrame) -> pd.Series:
    """Return the name of each row's line: the condition, with the distances where it has several bins of them."""
    bins = table.groupby("condition")["from_deg"].transform("nunique")
    angles = table["from_deg"].map("{:g}".format) + "\u2013" + table["to_deg"].map("{:g}".format) + "\u00b0"
    return table["condition"].where(bins <= 1, table["condition"] + ", " + angles)


def _sorted_lines(rows: pd.DataFrame) -> pd.DataFrame:
    place = {name: rank for rank, name in enumerate(ordered(rows["condition"]))}
    return rows.assign(place=rows["condition"].map(place)).sort_values(["place", "from_deg"], kind="stable")
