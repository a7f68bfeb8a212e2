"""Classes or objects against conditions: which things lose where."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from objectpose.analysis.accuracy import UNIT
from objectpose.analysis.conditions import ordered, require_one
from objectpose.analysis.correctness import network_labels
from objectpose.analysis.style import (
    CAPTION_PT,
    INK,
    QUIET,
    cut_to_fit,
    house_style,
    new_figure,
    width_of,
    wrapped,
)
from objectpose.analysis.tables import span_of
from objectpose.errors import ObjectPoseError, nearest

MOST_ROWS = 100
MANY = 25
COLOURS = "viridis"
LONGEST_NAME_IN = 2.4


def condition_cells(table: pd.DataFrame, *, rows: str = "class_name", network: str | None = None) -> pd.DataFrame:
    """Return accuracy and drop of every class or object under every condition, as means over networks.

    Args:
        table: of ``shares.by_class``, or with ``rows="object_id"`` of ``accuracy.by_object``; one data set.
        rows: ``class_name`` or ``object_id``.
        network: the only one to show, by its label; None takes the mean over all that have an output for the class.

    Returns:
        ``row, condition, baseline, n_networks, n_images`` (of one network), ``top1`` (percent), ``drop_pp`` (NaN for
        a baseline) and ``mean_drop_pp``, the mean of the row's drops over conditions; the largest first, rows
        without a drop last, and conditions in the order of tables.

    Raises:
        ObjectPoseError: no row, several data sets, an unknown network, or a column that the table lacks.
    """
    require_one(table, "table is")
    if rows not in ("class_name", "object_id") or rows not in table.columns:
        raise ObjectPoseError(f"The table has no rows by '{rows}'; give shares.by_class or accuracy.by_object.")
    labels = network_labels(table)
    if network is not None and network not in set(labels):
        raise ObjectPoseError(f"The table has no network '{network}'; {nearest(network, sorted(set(labels)))}.")
    shown = table if network is None else table[labels == network]
    if "drop_pp" not in shown.columns:
        before = shown[[*UNIT, rows, "condition", "top1"]].rename(columns={"condition": "baseline", "top1": "before"})
        shown = shown.merge(before, on=[*UNIT, rows, "baseline"], how="left")
        turned = shown["condition"] != shown["baseline"]
        shown = shown.assign(drop_pp=(shown["before"] - shown["top1"]).where(turned))
    cells = (
        shown.groupby([rows, "condition", "baseline"], sort=True)
        .agg(
            n_networks=("top1", "size"),
            n_images=("n_images", "max"),
            top1=("top1", "mean"),
            drop_pp=("drop_pp", "mean"),
        )
        .reset_index()
        .rename(columns={rows: "row"})
    )
    cells["mean_drop_pp"] = cells.groupby("row")["drop_pp"].transform("mean")
    mean = cells.groupby("row")["top1"].transform("mean")
    place = {name: rank for rank, name in enumerate(ordered(cells["condition"]))}
    return (
        cells.assign(order=-cells["mean_drop_pp"].round(9), mean=mean, place=cells["condition"].map(place))
        .sort_values(["order", "mean", "row", "place"], kind="stable", na_position="last", ignore_index=True)
        .drop(columns=["order", "mean", "place"])
    )


def condition_heatmap(
    table: pd.DataFrame, *, rows: str = "class_name", network: str | None = None, most_rows: int = MOST_ROWS
) -> Figure:
    """Draw the accuracy of every class or object under every condition, those that lose most at the top.

    Args:
        table: as for :func:`condition_cells`.
        rows: ``class_name`` or ``object_id``.
        network: the only one to show; None means the mean over networks.
        most_rows: how many rows at most.

    Raises:
        ObjectPoseError: as :func:`condition_cells`, or ``most_rows`` below 1.
    """
    if most_rows < 1:
        raise ObjectPoseError(f"A heatmap of {most_rows} rows was asked for, expected at least 1.")
    cells = condition_cells(table, rows=rows, network=network)
    every = list(dict.fromkeys(cells["row"]))
    names = every[:most_rows]
    baselines = ordered(cells["baseline"])
    conditions = [
        *(name for name in baselines if name in set(cells["condition"])),
        *(name for name in ordered(cells["condition"]) if name not in baselines),
    ]
    values = cells.pivot(index="row", columns="condition", values="top1").reindex(index=names, columns=conditions)
    drops = cells.drop_duplicates("row").set_index("row")["mean_drop_pp"].reindex(names)
    matrix, mean_drop = values.to_numpy(np.float64), drops.to_numpy(np.float64)
    many = len(names) > MANY
    size_pt, row_in, cell_in = (7.5, 0.165, 0.52) if many else (9.0, 0.27, 0.62)
    labels = [cut_to_fit(str(name), LONGEST_NAME_IN, size_pt) for name in names]
    heads = [cut_to_fit(name, 1.7, size_pt) for name in conditions]
    left_in = max(width_of(label, size_pt) for label in labels) + 0.2
    head_in = max(width_of(head, size_pt) for head in [*heads, "mean drop"]) + 0.15
    wide_in, tall_in = cell_in * len(conditions), row_in * len(names)
    width_in = max(5.4, left_in + wide_in + 0.75 + 0.85)
    caption = wrapped(_caption(table, cells, rows, network, len(names), len(every)), width_in - 0.3, CAPTION_PT)
    bottom_in = 0.155 * (caption.count("\n") + 1) + 0.25
    height_in = bottom_in + tall_in + head_in + 0.45
    with house_style():
        figure = new_figure(width_in, max(height_in, 2.2))
        height_in = max(height_in, 2.2)
        axes = figure.add_axes((left_in / width_in, bottom_in / height_in, wide_in / width_in, tall_in / height_in))
        picture = axes.imshow(matrix, cmap=COLOURS, vmin=0, vmax=100, aspect="auto", interpolation="nearest")
        for row in range(len(names)):
            for column in range(len(conditions)):
                value = matrix[row, column]
                text, colour = ("\u2013", INK) if np.isnan(value) else (f"{value:.0f}", "white" if value < 60 else INK)
                axes.text(column, row, text, ha="center", va="center_baseline", fontsize=size_pt - 0.5, color=colour)
            if not np.isnan(mean_drop[row]):
                axes.annotate(
                    f"{round(mean_drop[row]) + 0:d}",
                    (1.0, row),
                    (26, 0),
                    xycoords=("axes fraction", "data"),
                    textcoords="offset points",
                    ha="right",
                    va="center",
                    fontsize=size_pt,
                    annotation_clip=False,
                )
        axes.xaxis.tick_top()
        axes.set_xticks(range(len(conditions)), heads, rotation=90, fontsize=size_pt)
        axes.set_yticks(range(len(names)), labels, fontsize=size_pt)
        axes.spines[:].set_visible(False)
        if drops.notna().any():
            axes.annotate(
                "mean drop",
                (1.0, 1.0),
                (20, 4),
                xycoords="axes fraction",
                textcoords="offset points",
                rotation=90,
                ha="center",
                va="bottom",
                fontsize=size_pt,
                color=QUIET,
                annotation_clip=False,
            )
        bar_in = min(max(tall_in, 0.9), 3.0)
        bottom = (bottom_in + tall_in - min(bar_in, tall_in)) / height_in
        place = ((left_in + wide_in + 0.75) / width_in, bottom, 0.14 / width_in, min(bar_in, tall_in) / height_in)
        bar = figure.colorbar(picture, cax=figure.add_axes(place))
        bar.set_ticks([0, 50, 100] if tall_in > 0.6 else [0, 100])
        bar.ax.tick_params(labelsize=size_pt)
        bar.outline.set_visible(False)
        figure.text(0.1 / width_in, 1 - 0.1 / height_in, "Pictures named correctly (top-1), %", va="top", fontsize=11)
        figure.text(0.1 / width_in, 0.08 / height_in, caption, va="bottom", fontsize=CAPTION_PT, color=QUIET)
    return figure


def _caption(table: pd.DataFrame, cells: pd.DataFrame, rows: str, network: str | None, shown: int, every: int) -> str:
    labels = network_labels(table)
    names = sorted(set(labels))
    who = network or (names[0] if len(names) == 1 else f"mean over {len(names)} networks")
    counts = {"class": table["class_name"].nunique(), "object": every}
    if rows == "class_name":
        counts["object"] = int(table.groupby("class_name")["n_objects"].max().sum())
    classes = f"{counts['class']:,} class{'' if counts['class'] == 1 else 'es'}"
    objects = f"{counts['object']:,} object{'' if counts['object'] == 1 else 's'}"
    images = span_of(cells["n_images"], "picture", "pictures")
    which = f" The {shown} of {every} rows that lose most are drawn." if shown < every else ""
    parts = [f"{table['dataset'].iloc[0]}, {who}: {classes}, {objects}, {images} a cell.{which}"]
    if cells["drop_pp"].notna().any():
        parts.append("Mean drop: baseline minus condition, points, mean over the conditions; the largest at the top.")
    if len(names) > 1 and network is None and cells["n_networks"].nunique() > 1:
        parts.append("Networks without an output for a class are left out of its row.")
    return " ".join(parts)
