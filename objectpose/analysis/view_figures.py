"""Maps of accuracy over the directions from which objects are seen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Polygon
from numpy.typing import NDArray

from objectpose.analysis.conditions import require_one
from objectpose.analysis.correctness import network_labels
from objectpose.analysis.style import INK, add_caption, cut_to_fit, house_style, legend_above, new_figure
from objectpose.analysis.tables import sizes_of
from objectpose.analysis.views import CELL_COLUMNS, canonical_directions

MOST_PANELS = 4
LEAST_IMAGES = 10
COLOURS = "viridis"
TOO_FEW = "#D9D9D9"
UPRIGHT = "#D55E00"
PLACES = (("front", 0.0, 0.0), ("top", 0.0, 90.0), ("bottom", 0.0, -90.0), ("+x side", 90.0, 0.0),
          ("\u2212x side", -90.0, 0.0), ("back", 180.0, 0.0), ("back", -180.0, 0.0))  # fmt: skip


def view_map(cells: pd.DataFrame, *, views: pd.DataFrame | None = None, least_images: int = LEAST_IMAGES) -> Figure:
    """Draw accuracy over the directions from which objects are seen, an equal-area (Mollweide) map a network.

    The middle of the map is the object's front, its upper end the view from above, its left and right ends the back.
    Of more than four networks there are the mean over networks, the best and the worst.

    Args:
        cells: of ``views.view_accuracy``, one data set and condition.
        views: the canonical view of every object (``views.VIEW_COLUMNS``); each is marked by a ring.
        least_images: cells with fewer images are grey; where none has as many, all that have an image are drawn.

    Raises:
        ObjectPoseError: no row, several data sets or conditions.
    """
    require_one(cells, "cells are", ("dataset", "condition"))
    rows = cells.assign(network=network_labels(cells))
    networks = list(dict.fromkeys(rows["network"]))
    least = least_images if (rows["n_images"] >= least_images).any() else 1
    panels = _choose(rows[rows["n_images"] >= least], networks)
    upright = None if views is None else canonical_directions(views)
    if upright is not None:
        upright = upright.drop_duplicates(["longitude_deg", "latitude_deg"])
    columns = min(len(panels), 2)
    down = -(-len(panels) // columns)
    side_in = 5.6 if len(panels) == 1 else 4.2
    width_in = side_in * columns + 0.9
    with house_style():
        figure = new_figure(width_in, (0.5 * side_in + 0.35) * down + 1.25, constrained=True)
        grid = figure.subplots(down, columns, squeeze=False, subplot_kw={"projection": "mollweide"})
        shown = list(grid.ravel()[: len(panels)])
        for axes in grid.ravel()[len(panels) :]:
            axes.set_visible(False)
        for axes, (title, part) in zip(shown, panels, strict=True):
            _map(axes, part, upright)
            axes.set_title(cut_to_fit(title, side_in - 0.2, 10.0, middle=True), fontsize=10, pad=17)
        bar = figure.colorbar(
            ScalarMappable(Normalize(0, 100), COLOURS), ax=shown, shrink=0.8, aspect=24, pad=0.02, fraction=0.06
        )
        bar.outline.set_visible(False)
        bar.set_ticks([0, 25, 50, 75, 100])
        handles: list[Patch | Line2D] = [
            Patch(facecolor=TOO_FEW, label=f"fewer than {least} pictures" if least > 1 else "no picture")
        ]
        if upright is not None:
            handles.append(Line2D([], [], label="an object's upright view", **_RING))
        title = "Pictures named correctly (top-1), %, by direction of view"
        legend_above(figure, handles, title, 2 if width_in > 5 else 1)
        add_caption(figure, _caption(rows, networks, len(panels)), width_in)
    return figure


_RING: dict[str, Any] = {
    "marker": "o",
    "markersize": 3.5,
    "linestyle": "none",
    "color": "none",
    "markeredgecolor": UPRIGHT,
}


def _choose(rows: pd.DataFrame, networks: list[str]) -> list[tuple[str, pd.DataFrame]]:
    if len(networks) <= MOST_PANELS:
        return [(name, rows[rows["network"] == name]) for name in networks]
    place = ["cell", *CELL_COLUMNS]
    middle = rows.groupby(place, sort=True).agg(n_images=("n_images", "max"), top1=("top1", "mean")).reset_index()
    means = rows.groupby("network")["top1"].mean().sort_values(kind="stable")
    best, worst = means.index[-1], means.index[0]
    return [
        (f"mean of {len(networks)} networks", middle),
        (f"best: {best}", rows[rows["network"] == best]),
        (f"worst: {worst}", rows[rows["network"] == worst]),
    ]


def _map(axes: Axes, cells: pd.DataFrame, upright: pd.DataFrame | None) -> None:
    axes.set_facecolor(TOO_FEW)
    colours = colormaps[COLOURS]
    limits = cells[["from_longitude", "to_longitude", "from_latitude", "to_latitude", "top1"]].to_numpy(np.float64)
    for west, east, south, north, top1 in limits.tolist():
        for outline in _outlines(west, east, south, north):
            axes.add_patch(
                Polygon(outline, facecolor=colours(top1 / 100.0), edgecolor="white", linewidth=0.4, closed=True)
            )
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set(linewidth=0.6, visible=True)
    if upright is not None:
        axes.plot(np.radians(upright["longitude_deg"]), np.radians(upright["latitude_deg"]), **_RING)
    for name, longitude, latitude in PLACES:
        at = (np.radians(longitude), np.radians(latitude))
        inside = abs(longitude) < 180 and abs(latitude) < 90
        if inside:
            axes.plot(*at, marker="+", markersize=7, color="white", markeredgewidth=2.4)
            axes.plot(*at, marker="+", markersize=6, color=INK, markeredgewidth=1.0)
        shift = (0, -10) if inside else (0, 4 if latitude > 0 else -4) if latitude else (4 if longitude > 0 else -4, 0)
        axes.annotate(
            name,
            at,
            shift,
            textcoords="offset points",
            ha="center" if latitude or inside else "left" if longitude > 0 else "right",
            va="center" if inside or not latitude else "bottom" if latitude > 0 else "top",
            fontsize=8,
            annotation_clip=False,
            bbox={"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 0.6} if inside else None,
        )


def _outlines(west: float, east: float, south: float, north: float) -> list[NDArray[np.float64]]:
    """Return the corners of a cell in radians, in two parts where it lies across the back.

    The projection draws what is straight in longitude and latitude as the curve that it is on the map.
    """
    parts = [(west, east)]
    if east > 180.0:
        parts = [(west, 180.0), (-180.0, east - 360.0)]
    elif west < -180.0:
        parts = [(-180.0, east), (west + 360.0, 180.0)]
    return [
        np.radians([(first, south), (first, north), (last, north), (last, south)]).astype(np.float64)
        for first, last in parts
    ]


def _caption(rows: pd.DataFrame, networks: list[str], panels: int) -> str:
    images = rows.groupby("network")["n_images"].sum().max()
    which = f" Of {len(networks)} networks the mean and two are drawn." if panels < len(networks) else ""
    return (
        f"{rows['dataset'].iloc[0]}, {rows['condition'].iloc[0]}: {images:,} pictures; a cell has {sizes_of(rows)} "
        "and shows the mean over its classes. Where the camera stands around the object, whatever the turn about the "
        f"line of sight; all cells have the same area on the sphere and on the map.{which}"
    )
