"""Names beside some points of a scatter plot, so that they lie neither on each other nor on points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from objectpose.analysis.style import INK, QUIET, width_of

GAP_PT = 6.5
RADII_PT = (0.0, 7.0, 14.0, 22.0, 32.0, 44.0)
"""How far from its usual place a name may go; a thin line joins it to its point from the second one on."""

Box = tuple[float, float, float, float]


def name_points(
    axes: Axes,
    x: ArrayLike,
    y: ArrayLike,
    names: Sequence[str],
    chosen: Sequence[int],
    *,
    line: tuple[ArrayLike, ArrayLike] | None = None,
    size_pt: float = 8.0,
) -> list[str]:
    """Write the names of some points beside them.

    The axes need their final place in the figure and their final limits. A name for which there is no room is left out.

    Args:
        axes: that show the points.
        x: of all points, in data units.
        y: likewise.
        names: of all points.
        chosen: which of them to name, the most important one first.
        line: x and y along a line that names should keep off where they can.
        size_pt: font size.

    Returns:
        The names that were written.
    """
    scale = 72.0 / axes.figure.dpi
    points = scale * axes.transData.transform(np.column_stack([np.asarray(x, float), np.asarray(y, float)]))
    dots = np.empty((0, 2))
    if line is not None:
        dots = scale * axes.transData.transform(np.column_stack([np.asarray(part, float) for part in line]))
    frame = axes.bbox
    inside = (scale * frame.x0, scale * frame.y0, scale * frame.x1, scale * frame.y1)
    taken: list[Box] = []
    written = []
    for place in chosen:
        size = (72.0 * width_of(names[place], size_pt), 1.15 * size_pt)
        found = _free(points, dots, place, size, taken, inside)
        if found is None:
            continue
        box, far = found
        taken.append(box)
        written.append(names[place])
        offset = (box[0] - points[place, 0], (box[1] + box[3]) / 2 - points[place, 1])
        join = {"arrowstyle": "-", "color": QUIET, "linewidth": 0.6, "shrinkA": 0.0, "shrinkB": 3.0} if far else None
        axes.annotate(
            names[place],
            (float(np.asarray(x)[place]), float(np.asarray(y)[place])),
            offset,
            textcoords="offset points",
            va="center",
            fontsize=size_pt,
            color=INK,
            arrowprops=join,
            zorder=5,
        )
    return written


def _free(
    points: NDArray[np.float64],
    dots: NDArray[np.float64],
    place: int,
    size: tuple[float, float],
    taken: Sequence[Box],
    inside: Box,
) -> tuple[Box, bool] | None:
    """Return the nearest box beside a point that covers no other name and the fewest points, and whether it is far."""
    px, py = points[place]
    width, height = size
    best: tuple[float, Box, bool] | None = None
    for radius in RADII_PT:
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)):
            left = px + dx * (GAP_PT + radius) - (width if dx < 0 else width / 2 if dx == 0 else 0.0)
            middle = py + dy * (GAP_PT + radius + height / 2 * (dx == 0))
            box = (left, middle - height / 2, left + width, middle + height / 2)
            if box[0] < inside[0] or box[1] < inside[1] or box[2] > inside[2] or box[3] > inside[3]:
                continue
            if any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
                continue
            others = np.arange(len(points)) != place
            cost = 20.0 * _inside(points[others], box) + 10.0 * (_inside(dots, box) > 0) + radius
            if best is None or cost < best[0]:
                best = (cost, box, radius > RADII_PT[1])
    return None if best is None else (best[1], best[2])


def _inside(points: NDArray[np.float64], box: Box) -> int:
    """Return how many points lie in a box or within 3 points of it."""
    across = (points[:, 0] > box[0] - 3) & (points[:, 0] < box[2] + 3)
    return int((across & (points[:, 1] > box[1] - 3) & (points[:, 1] < box[3] + 3)).sum())
