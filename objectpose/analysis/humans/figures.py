"""Figures of the human study: accuracy by group and pose, error consistency, and which people networks resemble."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from objectpose.analysis.humans.accuracy import accuracies, group_accuracy
from objectpose.analysis.humans.study import COMPARED, GROUPS, OWN, ROTATED, VLMS
from objectpose.analysis.style import INK, MARKERS, PALETTE, QUIET, TWO_SIDED, add_caption, house_style, new_figure
from objectpose.analysis.tables import shortened
from objectpose.errors import ObjectPoseError

TITLES = {
    COMPARED: "study's\nnetworks",
    VLMS: "vision-language\nmodels",
    OWN: "scored here",
    "humans_unlimited": "people,\nno limit",
    "humans_150ms": "people,\n150 ms",
    "humans_40ms": "people,\n40 ms",
}
_COLOURS = {
    COMPARED: "#555555",
    VLMS: "#999999",
    OWN: PALETTE[3],
    "humans_unlimited": PALETTE[0],
    "humans_150ms": PALETTE[2],
    "humans_40ms": PALETTE[1],
}
_POSE_NAMES = {
    "upright": "upright",
    ROTATED: "rotated (mean of both kinds)",
    "rotated_correct": "rotated, named by the selecting network",
    "rotated_incorrect": "rotated, not named by it",
}
_COUNTED = {
    COMPARED: "networks of the study",
    VLMS: "vision-language models of the study",
    OWN: "networks scored here",
}
_CHANCE_PCT = 50.0
_BAR = 0.36
_MOST_LISTED = 8
_MOST_WITH_NUMBERS = 24


def upright_and_rotated(observers: pd.DataFrame, *, seed: int = 0) -> Figure:
    """Draw the accuracy of people and networks upright and rotated: means, 95 % intervals, a dot an observer.

    Args:
        observers: of ``accuracy.observer_accuracy``: two-way choices on the study's pictures only.
        seed: of the dots' sideways jitter.

    Raises:
        ObjectPoseError: a group of people is lacking.
    """
    return _bars(observers, ("upright", ROTATED), seed)


def correct_and_incorrect(observers: pd.DataFrame, *, seed: int = 0) -> Figure:
    """Draw the same for the two kinds of rotated pictures: those that the selecting network named, and the others.

    Args:
        observers: of ``accuracy.observer_accuracy``.
        seed: of the jitter.

    Raises:
        ObjectPoseError: a group of people is lacking.
    """
    return _bars(observers, ("rotated_correct", "rotated_incorrect"), seed)


def _bars(observers: pd.DataFrame, poses: tuple[str, str], seed: int) -> Figure:
    lacking = [group for group in GROUPS if group not in set(observers["group"])]
    if lacking:
        raise ObjectPoseError(f"There is no observer in {', '.join(lacking)}; give all files of the study.")
    there = [group for group in TITLES if group in set(observers["group"])]
    table = group_accuracy(observers).set_index(["group", "pose"])
    rng = np.random.Generator(np.random.PCG64(seed))
    width_in = 1.5 + 1.15 * len(there)
    with house_style():
        figure = new_figure(width_in, 4.6, constrained=True)
        axes = figure.add_subplot()
        for place, group in enumerate(there):
            for side, pose in enumerate(poses):
                x = place + (side - 0.5) * (_BAR + 0.04)
                values = accuracies(observers, group, pose).dropna()
                half = table["half_ci"].get((group, pose), math.nan)
                filled = side == 0
                axes.bar(
                    x,
                    values.mean(),
                    _BAR,
                    color=_COLOURS[group] if filled else "white",
                    edgecolor=_COLOURS[group],
                    hatch=None if filled else "////",
                    linewidth=1.2,
                    zorder=2,
                )
                spread = rng.uniform(-0.3, 0.3, len(values)) * _BAR if len(values) > 1 else np.zeros(len(values))
                axes.scatter(
                    x + spread, values, s=15, color="white", edgecolor=INK, linewidth=0.9, zorder=4, clip_on=False
                )
                if math.isfinite(half):
                    axes.errorbar(x, values.mean(), yerr=half, color=INK, elinewidth=1.8, capsize=3, zorder=3)
        axes.axhline(_CHANCE_PCT, color=QUIET, linestyle="--", linewidth=1.0, zorder=1)
        axes.annotate("chance", (len(there) - 0.12, _CHANCE_PCT), (0, 3), textcoords="offset points", fontsize=8,
                      ha="right", color=QUIET)  # fmt: skip
        axes.set_xticks(range(len(there)), [TITLES[group] for group in there])
        axes.set_xlim(-0.6, len(there) - 0.1)
        axes.set_ylim(0, 103)
        axes.set_yticks(range(0, 101, 10))
        axes.grid(axis="y")
        axes.set_title("Right choices between two labels, %", loc="left", fontsize=11, pad=10)
        for side, pose in enumerate(poses):
            axes.bar([np.nan], [np.nan], color=QUIET if side == 0 else "white", edgecolor=QUIET,
                     hatch=None if side == 0 else "////", label=_POSE_NAMES[pose])  # fmt: skip
        handles, names = axes.get_legend_handles_labels()
        figure.legend(handles, names, loc="outside upper left", ncols=2, columnspacing=1.4)
        add_caption(figure, _caption(observers, there), width_in)
    return figure


def _caption(observers: pd.DataFrame, there: list[str]) -> str:
    counts = observers.groupby("group")["observer"].nunique()
    parts = [
        f"{counts[group]} {_COUNTED[group]}" if counts[group] != 1 else f"1 {_COUNTED[group].replace('s ', ' ', 1)}"
        for group in there
        if group not in GROUPS
    ]
    text = (
        "The human study's 147 pictures of 51 objects; 12 people a viewing time, "
        + ", ".join(parts)
        + ". Bars: means over observers; dots: observers. Lines: 95 % intervals over observers (Student), none for "
        "models that the study did not take as a sample."
    )
    if OWN in there:
        names = list(dict.fromkeys(observers.loc[observers["group"] == OWN, "observer"]))
        shown = ", ".join(names[:_MOST_LISTED]) + (", ..." if len(names) > _MOST_LISTED else "")
        text += f" Scored here: {shown}."
    if VLMS in there:
        text += " Chat models among the vision-language models were always offered the right label first."
    return text


def kappa_heatmap(matrix: pd.DataFrame, *, left_out: bool) -> Figure:
    """Draw error consistency between networks and pools of people.

    Args:
        matrix: of ``kappa.kappa_matrix``.
        left_out: whether mis-clicks were left out (the caption says it).

    Raises:
        ObjectPoseError: the matrix is empty or not square.
    """
    count = len(matrix)
    if count == 0 or matrix.shape != (count, count):
        raise ObjectPoseError(f"A matrix of kappa has the shape {matrix.shape}, expected a square.")
    names = [str(name) for name in matrix.columns]
    values = matrix.to_numpy(np.float64)
    off = values[~np.eye(count, dtype=bool)]
    limit = max(0.2, float(np.nanmax(np.abs(off))) if np.isfinite(off).any() else 0.0)
    labels = [shortened(name, 26) for name in names]
    told = count <= _MOST_WITH_NUMBERS
    margin_in = 0.6 + 0.08 * max(len(label) for label in labels)
    size_in = max(4.2, margin_in + (0.56 if told else 0.24) * count)
    with house_style():
        figure = new_figure(size_in + 1.0, size_in + 1.0, constrained=True)
        axes = figure.add_subplot()
        shown = np.where(np.eye(count, dtype=bool), np.nan, values)
        image = axes.imshow(shown, cmap=TWO_SIDED, vmin=-limit, vmax=limit)
        for i in range(count):
            for j in range(count):
                if i == j or not told:
                    continue
                value = values[i, j]
                dark = math.isfinite(value) and abs(value) > 0.72 * limit
                word = f"{value:.2f}".replace("-0.00", "0.00") if math.isfinite(value) else "n/a"
                axes.text(j, i, word, ha="center", va="center", fontsize=8, color="white" if dark else INK)
        axes.set_xticks(range(count), labels, rotation=40 if told else 90, ha="right", rotation_mode="anchor",
                        va="top" if told else "center")  # fmt: skip
        axes.set_yticks(range(count), labels)
        axes.spines[:].set_visible(False)
        bar = figure.colorbar(image, ax=axes, shrink=0.7, pad=0.02)
        bar.outline.set_visible(False)
        axes.set_title("Error consistency (Cohen's kappa)", loc="left", fontsize=11, pad=10)
        missed = "Mis-clicks are left out." if left_out else "Mis-clicks count as wrong and agree with nobody."
        caption = (
            "96 rotated pictures of 51 objects, two-way choices; group1 to group4: three people each at 40 ms, pooled. "
            f"0: errors fall together as by chance; 1: on the same pictures. {missed}"
        )
        add_caption(figure, caption, size_in + 1.0)
    return figure


def resemblance_chart(table: pd.DataFrame) -> Figure:
    """Draw how far each network is from people under each viewing time, and how alike their errors are.

    Args:
        table: of ``resemblance.resemblance``.

    Raises:
        ObjectPoseError: the table is empty.
    """
    networks = list(dict.fromkeys(table["network"]))
    if not networks:
        raise ObjectPoseError("There is no network to compare with people; evaluate one first.")
    labels = [shortened(str(name), 36) for name in networks]
    height_in = 1.9 + (0.5 if len(networks) <= 20 else 0.32) * len(networks)
    with house_style():
        width_in = 7.6 + 0.085 * max(len(label) for label in labels)
        figure = new_figure(width_in, height_in, constrained=True)
        left, right = figure.subplots(1, 2, sharey=True)
        for place, group in enumerate(GROUPS):
            own = table[table["group"] == group].set_index("network").loc[networks]
            y = np.arange(len(networks)) + (place - 1) * 0.22
            title = TITLES[group].replace("\n", " ")
            _points(left, own, ("distance_pp", "distance_lo", "distance_hi"), y, place, group, title)
            _points(right, own, ("kappa", "kappa_lo", "kappa_hi"), y, place, group, None)
            right.scatter(own["kappa_most"], y, marker="|", s=60, color=_COLOURS[group], zorder=2)
        left.set_yticks(range(len(networks)), labels)
        left.set_ylim(len(networks) - 0.5, -0.5)
        left.set_xlim(left=0)
        left.set_title("Distance in accuracy profile, points", loc="left", fontsize=10)
        right.set_title("Kappa of errors (ticks: the most possible)", loc="left", fontsize=10)
        right.axvline(0, color=QUIET, linewidth=1.0)
        for axes in (left, right):
            axes.grid(axis="x")
        handles, names = left.get_legend_handles_labels()
        figure.legend(handles, names, loc="outside upper left", ncols=3, handletextpad=0.2, columnspacing=1.4)
        caption = (
            "Distance: mean over upright and both rotated kinds of |network - people|, 147 pictures and 12 people a "
            "viewing time. Kappa: with all their answers to the 96 rotated pictures. Lines: 95 % over "
            f"{int(table['n_objects'].iloc[0])} objects drawn with replacement, the observers staying the same. Beside "
            "people without a limit kappa cannot be great: they are hardly ever wrong."
        )
        add_caption(figure, caption, width_in)
    return figure


def _points(
    axes: Axes,
    own: pd.DataFrame,
    columns: tuple[str, str, str],
    y: NDArray[np.floating],
    place: int,
    group: str,
    label: str | None,
) -> None:
    value, low, high = (own[name].to_numpy(np.float64) for name in columns)
    lengths = np.nan_to_num(np.clip(np.stack([value - low, high - value]), 0, None))
    axes.errorbar(value, y, xerr=lengths, linestyle="none", color=_COLOURS[group], elinewidth=1.6, zorder=3)
    axes.scatter(value, y, marker=MARKERS[place], s=32, color=_COLOURS[group], label=label or "_", zorder=4)
