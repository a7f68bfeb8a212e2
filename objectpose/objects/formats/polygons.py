"""Polygons of any number of corners, also concave and slightly bent ones, as triangles."""

from __future__ import annotations

import mapbox_earcut
import numpy as np

from objectpose.objects.formats.surface import Floats, Ints

MOST_TURNED = 64
"""Polygons of more corners are not tried from every corner."""


def triangulate(points: Floats, sizes: Ints) -> tuple[Ints, Ints]:
    """Cut polygons into triangles of their orientation, without new corners.

    A quadrilateral is cut along the diagonal that lies inside, a larger one from a corner that sees all others where
    there is one, else by ear clipping in the plane of its area vector (Newell's method).

    Args:
        points: float64 C x 3, the corners of all polygons one after another.
        sizes: int64 N, corners of each, >= 3.

    Returns:
        int64 T x 3, rows of ``points``; int64 T, the polygon of each triangle, ascending.

    >>> square = np.array([[0.0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]])
    >>> triangulate(square, np.array([4]))[0].tolist()
    [[0, 1, 2], [0, 2, 3]]
    """
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
    triangles, owners = [np.empty((0, 3), np.int64)], [np.empty(0, np.int64)]
    for size in np.unique(sizes).tolist():
        which = np.flatnonzero(sizes == size)
        corners = starts[which][:, None] + np.arange(size)
        cut = corners if size == 3 else _cut(points, corners)
        triangles.append(cut.reshape(-1, 3))
        owners.append(np.repeat(which, size - 2))
    owner = np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    return np.concatenate(triangles)[order], owner[order]


def _cut(points: Floats, corners: Ints) -> Ints:
    """Return N x (size - 2) x 3 rows of ``points`` for N polygons of one size."""
    count, size = corners.shape
    place = points[corners] - points[corners[:, :1]]
    with np.errstate(all="ignore"):  # unusable numbers are found, and named, when the mesh is finished
        area = np.cross(place, np.roll(place, -1, axis=1)).sum(axis=1)
        fan = np.stack([np.zeros(size - 2, np.int64), np.arange(1, size - 1), np.arange(2, size)], axis=1)
        result = corners[:, fan]
        open_ = np.ones(count, bool)
        for turn in range(size if size <= MOST_TURNED else 1):
            which = np.flatnonzero(open_)
            if not len(which):
                return result
            local = (fan + turn) % size
            a, b, c = (place[which][:, local[:, k]] for k in range(3))
            share = (np.cross(b - a, c - a) * area[which, None]).sum(axis=2)
            good = (share > 1e-9 * (area[which, None] ** 2).sum(axis=2)).all(axis=1)
            result[which[good]] = corners[which[good]][:, local]
            open_[which[good]] = False
    for number in np.flatnonzero(open_).tolist():
        clipped = _clip_ears(place[number], area[number])
        if clipped is not None:
            result[number] = corners[number][clipped]
    return result


def _clip_ears(place: Floats, area: Floats) -> Ints | None:
    """Return (size - 2) x 3 corners of one polygon; None where it has no area or crosses itself beyond use."""
    if not np.isfinite(place).all() or not np.isfinite(area).all() or not area.any():
        return None
    axis = int(np.abs(area).argmax())
    flat = np.delete(place, axis, axis=1)
    flat = np.ascontiguousarray(flat / max(float(np.abs(flat).max()), 1e-300))
    found = mapbox_earcut.triangulate_float64(flat, np.array([len(flat)], np.uint32)).astype(np.int64).reshape(-1, 3)
    if not 0 < len(found) <= len(place) - 2:
        return None
    a, b, c = flat[found[:, 0]], flat[found[:, 1]], flat[found[:, 2]]
    turns = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    sign = float(area[axis]) * (1 if axis != 1 else -1)
    found = np.where(((turns > 0) == (sign > 0))[:, None], found, found[:, ::-1])
    missing = len(place) - 2 - len(found)  # where a polygon touches itself: triangles without area, dropped later
    return np.concatenate([found, np.zeros((missing, 3), np.int64)])
