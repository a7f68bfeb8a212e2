"""Outlines (N x 2) and paths (N x 3): arcs, rounded polygons, splines. Closed ones do not repeat their first point."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import CubicHermiteSpline

from objectpose.errors import ObjectPoseError

Array = NDArray[np.float64]


def arc(
    radius: float, start_deg: float, end_deg: float, count: int = 12, centre: tuple[float, float] = (0, 0)
) -> Array:
    """Return ``count`` points of a circle, both ends among them, float64 count x 2; 0 degrees is +x, 90 is +y."""
    angle = np.deg2rad(np.linspace(start_deg, end_deg, count))
    return np.stack([np.cos(angle), np.sin(angle)], axis=1) * radius + np.asarray(centre, np.float64)


def ellipse(width: float, height: float | None = None, count: int = 32) -> Array:
    """Return a closed ellipse by its full width and height, counter-clockwise; a circle with one number."""
    angle = np.arange(count) * (2.0 * np.pi / count)
    high = width if height is None else height
    return np.stack([0.5 * width * np.cos(angle), 0.5 * high * np.sin(angle)], axis=1)


def aerofoil(
    lead: ArrayLike, trail: ArrayLike, thick: float, across: ArrayLike = (0.0, 1.0, 0.0), steps: int = 10
) -> Array:
    """Return a ring round a symmetric wing section (NACA four-digit thickness, closed tail), float64 2 ``steps`` x 3.

    Args:
        lead: point of the leading edge, metres.
        trail: point of the trailing edge, metres.
        thick: greatest thickness, metres.
        across: direction of the thickness.
        steps: segments a side.
    """
    t = 0.5 - 0.5 * np.cos(np.linspace(0.0, np.pi, steps + 1))
    half = 5.0 * (0.2969 * np.sqrt(t) - 0.126 * t - 0.3516 * t**2 + 0.2843 * t**3 - 0.1036 * t**4)
    half[-1] = 0.0
    a, b, side = (np.asarray(value, np.float64) for value in (lead, trail, across))
    chord = a + t[:, None] * (b - a)
    bulge = (thick * half)[:, None] * (side / np.linalg.norm(side))
    return np.concatenate([chord + bulge, (chord - bulge)[-2:0:-1]])


def polygon(sides: int, radius: float, start_deg: float = 90.0) -> Array:
    """Return a regular polygon, its first corner at ``start_deg``, counter-clockwise."""
    angle = np.deg2rad(start_deg) + np.arange(sides) * (2.0 * np.pi / sides)
    return np.stack([np.cos(angle), np.sin(angle)], axis=1) * radius


def rectangle(width: float, height: float) -> Array:
    """Return a rectangle centred at the origin, counter-clockwise."""
    x, y = 0.5 * width, 0.5 * height
    return np.array([[-x, -y], [x, -y], [x, y], [-x, y]])


def rounded_rect(width: float, height: float, radius: float, steps: int = 4) -> Array:
    """Return a rectangle with round corners of ``steps`` + 1 points each, centred, counter-clockwise."""
    r = min(radius, 0.4999 * width, 0.4999 * height)
    x, y = 0.5 * width - r, 0.5 * height - r
    corners = (((x, y), 0.0), ((-x, y), 90.0), ((-x, -y), 180.0), ((x, -y), 270.0))
    return np.concatenate([arc(r, deg, deg + 90.0, steps + 1, centre) for centre, deg in corners])


def resample(points: ArrayLike, count: int, closed: bool = False) -> Array:
    """Return ``count`` points at equal distances along a polyline (corners between them are cut)."""
    line = np.asarray(points, np.float64)
    if closed:
        line = np.concatenate([line, line[:1]])
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    at = np.linspace(0.0, length[-1], count + 1)[:-1] if closed else np.linspace(0.0, length[-1], count)
    return np.stack([np.interp(at, length, line[:, k]) for k in range(line.shape[1])], axis=1)


def spline(points: ArrayLike, count: int, closed: bool = False) -> Array:
    """Return ``count`` points at equal distances on the smooth curve through all given points.

    The curve is the centripetal Catmull-Rom spline (Yuksel et al. 2011), which neither loops nor overshoots much.

    Args:
        points: N x D, N >= 2, no two neighbours equal.
        count: points to return.
        closed: whether the curve goes back to the first point.

    Raises:
        ObjectPoseError: fewer than two points, or two neighbours at one place.
    """
    given = np.asarray(points, np.float64)
    if len(given) < 2:
        raise ObjectPoseError(f"A spline got {len(given)} point(s), expected at least 2; give more points.")
    if closed:
        given = np.concatenate([given[-2:], given, given[:3]])
    step = np.sqrt(np.linalg.norm(np.diff(given, axis=0), axis=1))
    if (step == 0.0).any():
        at = int(np.flatnonzero(step == 0.0)[0])
        raise ObjectPoseError(
            f"Points {at} and {at + 1} of a spline are equal, expected distinct neighbours; drop one."
        )
    knot = np.concatenate([[0.0], np.cumsum(step)])
    slope = np.diff(given, axis=0) / step[:, None]
    tangent = np.empty_like(given)
    tangent[0], tangent[-1] = slope[0], slope[-1]
    before, after = step[:-1, None], step[1:, None]
    tangent[1:-1] = (slope[:-1] * after + slope[1:] * before) / (before + after)
    curve = CubicHermiteSpline(knot, given, tangent)
    first, last = (knot[2], knot[-3]) if closed else (knot[0], knot[-1])
    fine = np.asarray(curve(np.linspace(first, last, max(16 * len(given), 4 * count))), np.float64)
    return resample(fine[:-1], count, closed=True) if closed else resample(fine, count)


def rounded(points: ArrayLike, radius: float, steps: int = 4, closed: bool = False) -> Array:
    """Return a polyline (2-D or 3-D) with its corners rounded: bent tubes from straight runs.

    Args:
        points: N x D corner points.
        radius: how far before and after a corner the bend begins (at most 0.45 of a neighbouring run), metres.
        steps: segments a bend.
        closed: whether the last point is followed by the first.
    """
    line = np.asarray(points, np.float64)
    count = len(line)
    t = np.linspace(0.0, 1.0, steps + 1)[:, None]
    out = []
    for i in range(count):
        if not closed and i in (0, count - 1):
            out.append(line[i : i + 1])
            continue
        to_last, to_next = line[i - 1] - line[i], line[(i + 1) % count] - line[i]
        a = line[i] + to_last * min(0.45, radius / float(np.linalg.norm(to_last)))
        b = line[i] + to_next * min(0.45, radius / float(np.linalg.norm(to_next)))
        out.append((1 - t) ** 2 * a + 2 * t * (1 - t) * line[i] + t**2 * b)
    return np.concatenate(out)


def symmetric(half: ArrayLike) -> Array:
    """Return a polyline N x D (D 2 or 3) followed, from its end back, by its mirror image in x = 0, float64 M x D.

    A first and a last point on x = 0 stand once: half an outline from there to there gives the whole closed one.

    >>> symmetric([(0, 0), (2, 1), (0, 3)])
    array([[ 0.,  0.],
           [ 2.,  1.],
           [ 0.,  3.],
           [-2.,  1.]])
    """
    line = np.asarray(half, np.float64)
    back = line[int(line[0, 0] == 0.0) : len(line) - int(line[-1, 0] == 0.0)][::-1].copy()
    back[:, 0] *= -1.0
    return np.concatenate([line, back])


def lift(points: ArrayLike, plane: str = "xy", at: float = 0.0) -> Array:
    """Return 2-D points as 3-D points: ``plane`` names the axes of the two columns, ``at`` is the third coordinate.

    >>> lift([[1, 2]], "zy", at=0.5)
    array([[0.5, 2. , 1. ]])
    """
    flat = np.asarray(points, np.float64)
    if len(plane) != 2 or not set(plane) < set("xyz") or plane[0] == plane[1]:
        raise ObjectPoseError(f"The plane is '{plane}', expected two different axes such as 'xy' or 'zy'.")
    out = np.full((len(flat), 3), float(at))
    for column, axis in enumerate(plane):
        out[:, "xyz".index(axis)] = flat[:, column]
    return out


def over_arches(
    rear: float, bottom: float, arches: Sequence[tuple[float, float, float]], rest: ArrayLike, steps: int = 14
) -> Array:
    """Return a body's side outline (z, y): along the bottom from ``rear`` over wheel arches, then ``rest`` and back.

    Args:
        rear: z of the lower rear corner, metres.
        bottom: height of the lower edge.
        arches: (z, y, radius) of each arch, the rearmost first.
        rest: further corners (z, y), from the lower front one on.
        steps: segments of an arch.
    """
    points = [np.array([[rear, bottom]])]
    for z, y, radius in arches:
        rise = float(np.degrees(np.arcsin((bottom - y) / radius)))
        points.append(arc(radius, 180.0 - rise, rise, steps + 1, (z, y)))
    return np.concatenate([*points, np.asarray(rest, np.float64)])
