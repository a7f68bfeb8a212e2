"""Charts of confidence: reliability diagrams and accuracy after abstaining."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from objectpose.analysis.conditions import chosen, ordered, require_one
from objectpose.analysis.style import (
    MARKERS,
    PALETTE,
    QUIET,
    add_caption,
    cut_to_fit,
    house_style,
    legend_above,
    new_figure,
    wrapped,
)
from objectpose.analysis.tables import span_of

MOST_CONDITIONS = len(PALETTE)
FEW_NETWORKS = 4
LEAST_COVERAGE = 0.05


def reliability_diagram(curves: pd.DataFrame, *, conditions: Sequence[str] | None = None) -> Figure:
    """Draw accuracy against confidence, one panel a network and one line a condition.

    Points below the diagonal are answers that the network is too sure of. Bands are 95 % intervals over classes; they
    are drawn for up to four networks.

    Args:
        curves: of ``confidence.reliability_table``, one data set.
        conditions: to draw; None means the first seven in the order of tables.

    Raises:
        ObjectPoseError: no row, several data sets, an unknown condition or more than seven.
    """
    shown, names = _chosen(curves, conditions)

    def draw(axes: Axes, own: pd.DataFrame, colour: str, marker: str, band: bool) -> None:
        x, y = (100.0 * own[name].to_numpy(np.float64) for name in ("confidence", "accuracy"))
        if band:
            low, high = (100.0 * own[name].to_numpy(np.float64) for name in ("accuracy_lo", "accuracy_hi"))
            axes.fill_between(x, low, high, color=colour, alpha=0.13, linewidth=0)
        axes.plot(x, y, color=colour, marker=marker, markersize=4 if band else 2.5, linewidth=1.4, clip_on=False)

    def reference(axes: Axes) -> None:
        axes.plot([0, 100], [0, 100], color=QUIET, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)

    return _panels(
        shown,
        names,
        draw,
        reference,
        title="Reliability: pictures named correctly (top-1), %, by confidence",
        note="Across: the network's probability of its first answer, %; dashed: calibrated. Points: bins of answers.",
        dropped=curves["condition"].nunique() - len(names),
    )


def risk_coverage_diagram(curves: pd.DataFrame, *, conditions: Sequence[str] | None = None) -> Figure:
    """Draw the accuracy of the surest answers against their share, one panel a network and one line a condition.

    Shares below 5 % are not drawn: so few answers say little.

    Args:
        curves: of ``confidence.risk_coverage_table``, one data set.
        conditions: to draw; None means the first seven in the order of tables.

    Raises:
        ObjectPoseError: as :func:`reliability_diagram`.
    """
    shown, names = _chosen(curves[curves["coverage"] >= LEAST_COVERAGE], conditions)

    def draw(axes: Axes, own: pd.DataFrame, colour: str, marker: str, band: bool) -> None:
        x, y = (100.0 * own[name].to_numpy(np.float64) for name in ("coverage", "accuracy"))
        if band:
            low, high = (100.0 * own[name].to_numpy(np.float64) for name in ("accuracy_lo", "accuracy_hi"))
            axes.fill_between(x, low, high, color=colour, alpha=0.13, linewidth=0)
        every = max(1, len(x) // 5)
        axes.plot(
            x,
            y,
            color=colour,
            marker=marker,
            markersize=4 if band else 2.5,
            markevery=every,
            linewidth=1.4,
            clip_on=False,
        )

    return _panels(
        shown,
        names,
        draw,
        lambda axes: None,
        title="Accuracy after abstaining: the surest answers that are right (top-1), %",
        note="Across: share of pictures that are answered, the surest first, %, from 5 up; at 100 nothing is left out.",
        dropped=curves["condition"].nunique() - len(names),
    )


def _chosen(curves: pd.DataFrame, conditions: Sequence[str] | None) -> tuple[pd.DataFrame, list[str]]:
    require_one(curves, "curves are")
    names = chosen(ordered(curves["condition"]), conditions, MOST_CONDITIONS)
    return curves[curves["condition"].isin(names)], names


def _panels(
    curves: pd.DataFrame,
    conditions: list[str],
    draw: Callable[[Axes, pd.DataFrame, str, str, bool], None],
    reference: Callable[[Axes], object],
    *,
    title: str,
    note: str,
    dropped: int,
) -> Figure:
    networks = list(dict.fromkeys(curves["network"]))
    few = len(networks) <= FEW_NETWORKS
    columns = min(len(networks), FEW_NETWORKS if few else 8)
    rows = -(-len(networks) // columns)
    side_in = 2.7 if few else 1.5
    width_in = max(5.4, side_in * columns + 0.6)
    with house_style():
        figure = new_figure(width_in, (side_in + (0.1 if few else 0.25)) * rows + 1.45, constrained=True)
        grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        for place, axes in enumerate(grid.ravel()):
            if place >= len(networks):
                axes.set_visible(False)
                continue
            own = curves[curves["network"] == networks[place]]
            axes.grid()
            reference(axes)
            for number, condition in enumerate(conditions):
                line = own[own["condition"] == condition]
                if len(line):
                    draw(axes, line, PALETTE[number], MARKERS[number], few)
            size_pt = 9.5 if few else 7.5
            axes.set_title(
                cut_to_fit(networks[place], side_in - 0.1, size_pt, middle=True), loc="left", fontsize=size_pt
            )
            axes.tick_params(labelsize=9 if few else 7.5, labelbottom=place + columns >= len(networks))
        ticks = [0, 20, 40, 60, 80, 100] if few else [0, 50, 100]
        grid[0, 0].set(xlim=(0, 100), ylim=(0, 100), xticks=ticks, yticks=ticks)  # shared by all panels
        handles = [
            Line2D([], [], color=PALETTE[number], marker=MARKERS[number], markersize=5, label=name)
            for number, name in enumerate(conditions)
        ]
        longest = max(len(name) for name in conditions)
        across = max(1, min(len(conditions), int(width_in / (0.085 * longest + 0.6))))
        legend_above(figure, handles, wrapped(title, width_in - 0.2, 11.0), across)
        bands = " Bands: 95 % intervals over classes." if few else ""
        bands = "" if curves["accuracy_lo"].isna().all() else bands
        more = f" {dropped} more condition{' is' if dropped == 1 else 's are'} not drawn." if dropped > 0 else ""
        caption = f"{note} {curves['dataset'].iloc[0]}: {_size(curves)} a condition.{bands}{more}"
        add_caption(figure, caption, width_in)
    return figure


def _size(curves: pd.DataFrame) -> str:
    classes = span_of(curves["condition_classes"], "class", "classes")
    return f"{classes}, {span_of(curves['condition_images'], 'picture', 'pictures')}"
