"""Charts of error patterns: who errs together, and what turned things are taken for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from objectpose.analysis.conditions import require_one
from objectpose.analysis.consistency import clustering_order, square
from objectpose.analysis.style import (
    CAPTION_PT,
    INK,
    PALETTE,
    QUIET,
    RIGHT,
    TWO_SIDED,
    WRONG,
    add_caption,
    cut_to_fit,
    house_style,
    legend_above,
    new_figure,
    width_of,
    wrapped,
)
from objectpose.analysis.tables import span_of
from objectpose.classes import IMAGENET
from objectpose.errors import ObjectPoseError

MOST_NUMBERED = 12
TOP_ANSWERS = 3
UNDEFINED = "#D9D9D9"
COLOUR_ENDS = (0.25, 0.5, 1.0)
"""The colours end at the first of these that no kappa exceeds."""
OTHER = "#BBBBBB"
ANSWER_COLOURS = (WRONG, PALETTE[4], PALETTE[3])


def kappa_heatmap(pairs: pd.DataFrame, *, order: Sequence[str] | None = None) -> Figure:
    """Draw the error consistency of every pair of observers, similar ones side by side.

    Orange is below chance, white chance and blue above it; the colours end at 0.25, 0.5 or 1, as the values ask for.
    A pair without a kappa is grey and hatched, one whose kappa can only be 0 is dotted, and the diagonal, which is 1 by
    convention, is left empty. Up to twelve observers have the numbers in the cells.

    Args:
        pairs: of ``consistency.kappa_pairs``, or one condition of ``consistency.consistency_by_condition``.
        order: of the observers; None means ``consistency.clustering_order``.

    Raises:
        ObjectPoseError: no pair, a pair twice (several conditions or data sets), or an order of other observers.
    """
    if pairs.empty:
        raise ObjectPoseError("There is no pair of observers to draw, expected at least one.")
    if pairs.duplicated(["observer_a", "observer_b"]).any():
        raise ObjectPoseError("A pair of observers is there twice; draw each condition of each data set by itself.")
    matrix = square(pairs)
    names = clustering_order(matrix) if order is None else list(order)
    if sorted(names) != sorted(matrix.index):
        raise ObjectPoseError("The order names other observers than the pairs do, expected each of them once.")
    values = matrix.reindex(index=names, columns=names).to_numpy(np.float64, copy=True)
    np.fill_diagonal(values, np.nan)
    forced = (
        square(pairs.assign(forced=_forced(pairs).astype(float)), "forced").reindex(index=names, columns=names) == 1
    )
    count = len(names)
    strongest = float(np.nanmax(np.abs(values))) if np.isfinite(values).any() else 1.0
    limit = next((end for end in COLOUR_ENDS if strongest <= end), 1.0)
    numbered = count <= MOST_NUMBERED
    cell_in = 0.62 if numbered else max(0.19, 0.3 - 0.002 * count)
    size_pt = 9.0 if numbered else 7.5
    shown = [cut_to_fit(name, 2.8, size_pt, middle=True) for name in names]
    label_in = max(width_of(name, size_pt) for name in shown) + 0.15
    side_in = max(cell_in * count, 1.3)
    width_in = max(5.4, label_in + side_in + 1.0)
    caption = wrapped(_kappa_caption(pairs), width_in - 0.3, CAPTION_PT)
    bottom_in = label_in + 0.16 * (caption.count("\n") + 1) + 0.2
    height_in = bottom_in + side_in + 0.5
    with house_style():
        figure = new_figure(width_in, height_in)
        axes = figure.add_axes((label_in / width_in, bottom_in / height_in, side_in / width_in, side_in / height_in))
        picture = axes.imshow(values, cmap=TWO_SIDED, vmin=-limit, vmax=limit, interpolation="nearest")
        for row in range(count):
            for column in range(count):
                if row == column:
                    continue
                value = values[row, column]
                if np.isnan(value):
                    corner = (column - 0.5, row - 0.5)
                    axes.add_patch(Rectangle(corner, 1, 1, facecolor=UNDEFINED, edgecolor="white", hatch="////", lw=0))
                elif forced.iat[row, column]:
                    corner = (column - 0.5, row - 0.5)
                    axes.add_patch(Rectangle(corner, 1, 1, facecolor="white", edgecolor=UNDEFINED, hatch="....", lw=0))
                elif numbered:
                    colour = "white" if abs(value) > 0.7 * limit else INK
                    axes.text(column, row, f"{value:.2f}", ha="center", va="center", fontsize=8.5, color=colour)
        axes.set_xticks(range(count), shown, rotation=90, fontsize=size_pt)
        axes.set_yticks(range(count), shown, fontsize=size_pt)
        axes.spines[:].set_visible(False)
        bar_in = min(side_in, 3.0)
        beside = ((label_in + side_in + 0.15) / width_in, (bottom_in + side_in - bar_in) / height_in)
        bar = figure.colorbar(picture, cax=figure.add_axes((*beside, 0.16 / width_in, bar_in / height_in)))
        ends = [-limit, -limit / 2, 0.0, limit / 2, limit]
        bar.set_ticks(ends, labels=[f"{end:g}".replace("-", "\u2212") for end in ends])
        bar.outline.set_visible(False)
        figure.text(0.1 / width_in, 1.0 - 0.1 / height_in, "Error consistency (Cohen's kappa)", va="top", fontsize=11)
        figure.text(0.1 / width_in, 0.08 / height_in, caption, va="bottom", fontsize=CAPTION_PT, color=QUIET)
    return figure


def _kappa_caption(pairs: pd.DataFrame) -> str:
    where = ", ".join(str(pairs[name].iloc[0]) for name in ("dataset", "condition") if name in pairs.columns)
    classes = span_of(pairs["n_classes"], "class", "classes")
    size = f"{span_of(pairs['n_images'], 'picture', 'pictures')} a pair, {classes}."
    parts = [
        f"{where}: {size}" if where else size,
        "1: errors on the same pictures, 0: as chance brings given both accuracies, below 0: on different ones.",
    ]
    undefined = int(pairs["kappa"].isna().sum())
    if undefined == len(pairs):
        parts.append("No pair has a kappa: all observers are right on every picture, or all wrong.")
    elif undefined:
        parts.append(f"Hatched: no kappa, both are right on every picture or wrong on every one ({_pairs(undefined)}).")
    forced = int(_forced(pairs).sum())
    if forced:
        parts.append(f"Dotted: one of both is always right or always wrong, which makes it 0 ({_pairs(forced)}).")
    widths = (pairs["kappa_hi"] - pairs["kappa_lo"]).dropna()
    if len(widths):
        parts.append(f"Median width of the 95 % intervals over classes: {widths.median():.2f}.")
    elif undefined + forced < len(pairs):
        parts.append("No intervals: too few classes with errors.")
    return " ".join(parts)


def _pairs(count: int) -> str:
    return f"{count:,} pair{'' if count == 1 else 's'}"


def _forced(pairs: pd.DataFrame) -> pd.Series:
    """Return which pairs have a kappa that their accuracies leave no choice about."""
    return pairs["kappa"].notna() & (pairs["lowest"] == pairs["highest"])


def confusion_by_angle(
    counts: pd.DataFrame,
    *,
    most_classes: int = 12,
    columns: int = 4,
    name_of: Callable[[int], str] = IMAGENET.name,
) -> Figure:
    """Draw what the things of each class are taken for at each angle, one panel a class.

    A bar is all answers at an angle: right ones, the three most frequent wrong ones of the class, and the other wrong
    ones. Answers of several networks are counted together. The classes with the largest share of errors come first.

    Args:
        counts: of ``confusion.taken_for``, one data set, condition and angle.
        most_classes: how many panels at most.
        columns: panels beside each other.
        name_of: the name of a class index; what follows its first comma is left out.

    Raises:
        ObjectPoseError: no row, or several data sets, conditions or angles.
    """
    require_one(counts, "answers are", ("dataset", "condition", "angle"))
    cells = counts.drop_duplicates(["network", "class_name", "from_deg"])
    totals = cells.groupby("class_name")[["n_errors", "n_images"]].sum()
    totals = totals.assign(share=-totals["n_errors"] / totals["n_images"]).reset_index()
    order = totals.sort_values(["share", "class_name"])["class_name"].tolist()
    shown = order[:most_classes]
    columns = min(columns, len(shown))
    rows = -(-len(shown) // columns)
    edges = sorted({*counts["from_deg"], *counts["to_deg"]})
    width_in = max(5.4, 2.45 * columns + 0.7)
    with house_style():
        figure = new_figure(width_in, 2.5 * rows + 1.25, constrained=True)
        figure.get_layout_engine().set(h_pad=0.06, w_pad=0.05)  # type: ignore[union-attr, call-arg]
        grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        for place, axes in enumerate(grid.ravel()):
            if place >= len(shown):
                axes.set_visible(False)
                continue
            own = counts[counts["class_name"] == shown[place]]
            _answer_bars(axes, own, cells[cells["class_name"] == shown[place]], name_of)
            axes.set_xlim(edges[0], edges[-1])
            axes.set_ylim(0, 100)
            axes.set_yticks([0, 50, 100])
            axes.set_xticks(np.linspace(edges[0], edges[-1], 5 if edges[-1] > 180 else 4))
            axes.tick_params(labelsize=8, labelbottom=place + columns >= len(shown))
        handles = [Patch(color=RIGHT, label="right"), Patch(color=OTHER, label="other wrong answers")]
        legend_above(figure, handles, "Answers to turned things, % of pictures", 2)
        add_caption(figure, _confusion_caption(counts, cells, len(shown), len(order)), width_in)
    return figure


def _answer_bars(axes: Axes, own: pd.DataFrame, cells: pd.DataFrame, name_of: Callable[[int], str]) -> None:
    images = cells.groupby("from_deg")["n_images"].sum()
    right = images - cells.groupby("from_deg")["n_errors"].sum()
    start = images.index.to_numpy(np.float64)
    width = cells.drop_duplicates("from_deg").set_index("from_deg")["to_deg"].reindex(images.index).to_numpy() - start
    wrong = own[own["n"] > 0]
    totals = wrong.groupby("answer")["n"].sum().reset_index().sort_values(["n", "answer"], ascending=[False, True])
    top = totals["answer"].astype(int).tolist()[:TOP_ANSWERS]
    stacks = [(right.to_numpy(np.float64), RIGHT)]
    for index, colour in zip(top, ANSWER_COLOURS, strict=False):
        found = wrong[wrong["answer"] == index].groupby("from_deg")["n"].sum().reindex(images.index, fill_value=0)
        stacks.append((found.to_numpy(np.float64), colour))
    stacks.append((images.to_numpy(np.float64) - sum(height for height, _ in stacks), OTHER))
    bottom = np.zeros(len(images))
    for height, colour in stacks:
        share = 100.0 * height / images.to_numpy(np.float64)
        axes.bar(start, share, width, bottom, align="edge", color=colour, edgecolor="white", linewidth=0.6)
        bottom += share
    errors = int(totals["n"].sum())
    handles = [Patch(color=ANSWER_COLOURS[place]) for place in range(len(top))]
    labels = [
        f"{cut_to_fit(name_of(index).split(',')[0], 1.3, 7.5)} {100 * count / errors:.0f} %"
        for index, count in zip(top, totals["n"], strict=False)
    ]
    missing = TOP_ANSWERS - len(top)
    handles += [Patch(color="none")] * missing
    labels += (["no error"] if not errors else [" "]) * min(missing, 1) + [" "] * (missing - 1)
    legend = axes.legend(
        handles,
        labels,
        loc="lower left",
        bbox_to_anchor=(-0.02, 1.0),
        title=cut_to_fit(str(own["class_name"].iloc[0]), 2.0, 9.0, bold=True),
        alignment="left",
        fontsize=7.5,
        borderaxespad=0.0,
        handlelength=0.9,
        handleheight=0.8,
        labelspacing=0.15,
    )
    legend.get_title().set(fontsize=9, fontweight="bold")


def _confusion_caption(counts: pd.DataFrame, cells: pd.DataFrame, shown: int, classes: int) -> str:
    quantity = "angle from upright" if counts["angle"].iloc[0] == "distance_deg" else "swept angle"
    networks = list(dict.fromkeys(counts["network"]))
    who = networks[0] if len(networks) == 1 else f"{len(networks)} networks, their answers counted together"
    which = f"The {shown} of {classes} classes with most errors" if shown < classes else f"All {classes} classes"
    which = "The one class" if classes == 1 else which
    images, errors = int(cells["n_images"].sum()), int(cells["n_errors"].sum())
    return (
        f"Across: {quantity}, degrees. {counts['dataset'].iloc[0]}, {counts['condition'].iloc[0]}: {who}. {which}; in "
        f"all {images:,} answers, {errors:,} wrong. Beside each wrong answer its share of the class's errors."
    )
