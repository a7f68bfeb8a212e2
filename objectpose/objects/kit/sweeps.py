"""Solids along paths: tubes, swept sections, lofts through cross-sections."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.interpolate import PchipInterpolator

from objectpose.errors import ObjectPoseError
from objectpose.objects.kit.curves import aerofoil, ellipse, lift, rectangle, resample, rounded
from objectpose.objects.kit.part import Part
from objectpose.objects.kit.skin import Array, ring_cap, skin, solid
from objectpose.objects.kit.textures import Texture


def _unit(v: Array) -> Array:
    return np.asarray(v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-30))


def _swept(outline: Array, path: Array, scale: Array, closed: bool, up: ArrayLike) -> Array:
    """Place an outline N x 2 along a path M x 3 in frames of parallel transport (Bishop 1975), M x N x 3.

    An outline M x N x 2 gives each point of the path its own.
    The section stands in the plane that halves each bend and is widened there, so that a tube keeps its thickness.
    """
    step = np.diff(np.concatenate([path, path[:1]]) if closed else path, axis=0)
    if (np.linalg.norm(step, axis=1) == 0.0).any():
        at = int(np.flatnonzero(np.linalg.norm(step, axis=1) == 0.0)[0])
        raise ObjectPoseError(f"Points {at} and {at + 1} of a path are equal, expected distinct neighbours; drop one.")
    run = _unit(step)
    before = np.roll(run, 1, axis=0) if closed else np.concatenate([run[:1], run])
    after = run if closed else np.concatenate([run, run[-1:]])
    tangent = _unit(before + after)
    bend = _unit(after - before)
    widen = 1.0 / np.maximum((tangent * after).sum(axis=1), 0.5) - 1.0
    first = np.asarray(up, np.float64)
    if abs(float(first @ tangent[0])) > 0.98 * float(np.linalg.norm(first)):
        first = np.array([0.0, 0.0, -1.0]) if abs(tangent[0, 2]) < 0.9 else np.array([1.0, 0.0, 0.0])
    y = np.empty_like(path)
    for i, t in enumerate(tangent):
        last = first if i == 0 else y[i - 1]
        y[i] = _unit(last - t * (last @ t))
    if closed:
        end = _unit(y[-1] - tangent[0] * (y[-1] @ tangent[0]))
        twist = float(np.arctan2(np.cross(end, y[0]) @ tangent[0], end @ y[0]))
        angle = twist * np.arange(len(path))[:, None] / len(path)
        y = np.cos(angle) * y + np.sin(angle) * np.cross(tangent, y)
    x = np.cross(y, tangent)
    local = outline * scale[:, None, None]
    points = local[..., :1] * x[:, None] + local[..., 1:] * y[:, None]
    along_bend = (points * bend[:, None]).sum(axis=2, keepdims=True)
    return np.asarray(path[:, None] + points + along_bend * bend[:, None] * widen[:, None, None])


def _capped(rings: Array, texture: Texture, crease_deg: float) -> Part:
    start, end = ring_cap(rings[0], backward=True), ring_cap(rings[-1])
    return solid([skin(rings), start, end], texture, crease_deg)


def sweep(
    outline: ArrayLike,
    path: ArrayLike,
    texture: Texture,
    closed: bool = False,
    up: ArrayLike = (0.0, 1.0, 0.0),
    crease_deg: float = 40.0,
) -> Part:
    """Return the solid that an outline sweeps along a path, with flat ends.

    Args:
        outline: N x 2, counter-clockwise; on a path along +z its x and y are those of the object. M x N x 2 where
            it changes along the path.
        path: M x 3 points, no two neighbours equal.
        texture: what it is made of.
        closed: whether the path goes back to its first point.
        up: where the outline's y points at the start of the path.
        crease_deg: sharp edges above this angle.

    Raises:
        ObjectPoseError: two neighbours of the path are equal.
    """
    line = np.asarray(path, np.float64)
    rings = _swept(np.asarray(outline, np.float64), line, np.ones(len(line)), closed, up)
    return solid([skin(rings, closed=True)], texture, crease_deg) if closed else _capped(rings, texture, crease_deg)


def strip(path: ArrayLike, width: float, thick: float, texture: Texture) -> Part:
    """Return a flat bar along a path in the plane x = 0: straps, mudguards, cast rails.

    Args:
        path: N x 2 points (z, y), metres, no two neighbours equal.
        width: along x, metres.
        thick: across the path, metres.
        texture: what it is made of.
    """
    return sweep(rectangle(width, thick), lift(path, "zy"), texture, crease_deg=35.0)


def tube(
    path: ArrayLike,
    radius: ArrayLike,
    texture: Texture,
    sides: int = 10,
    closed: bool = False,
    round_ends: bool = False,
) -> Part:
    """Return a round bar along a path: frames, rails, cables, horns.

    Args:
        path: M x 3 points; ``rounded`` and ``spline`` make bends.
        radius: one number or one a point, metres.
        texture: what it is made of.
        sides: of the section.
        closed: whether the path goes back to its first point.
        round_ends: half balls instead of flat ends.

    Raises:
        ObjectPoseError: two neighbours of the path are equal.
    """
    line = np.asarray(path, np.float64)
    radii = np.broadcast_to(np.asarray(radius, np.float64), (len(line),))
    circle = ellipse(2.0, count=sides)
    if round_ends and not closed:
        angle = np.deg2rad([88.0, 60.0, 30.0])
        head, tail = _unit(line[0] - line[1]), _unit(line[-1] - line[-2])
        front = line[0] + head * (radii[0] * np.sin(angle))[:, None]
        back = line[-1] + tail * (radii[-1] * np.sin(angle))[:, None]
        line = np.concatenate([front, line, back[::-1]])
        radii = np.concatenate([radii[0] * np.cos(angle), radii, radii[-1] * np.cos(angle)[::-1]])
    rings = _swept(circle, line, radii, closed, (0.0, 1.0, 0.0))
    return solid([skin(rings, closed=True)], texture, 50.0) if closed else _capped(rings, texture, 50.0)


def rod(start: ArrayLike, end: ArrayLike, radius: float, texture: Texture, sides: int = 8) -> Part:
    """Return a straight round bar between two points."""
    return tube(np.stack([np.asarray(start, np.float64), np.asarray(end, np.float64)]), radius, texture, sides)


def bent(points: ArrayLike, radius: float, texture: Texture, bend: float = 0.08, sides: int = 8) -> Part:
    """Return a round bar through points M x 3 whose corners are rounded from ``bend`` metres before them."""
    return tube(rounded(points, bend), radius, texture, sides)


def loft(
    sections: Sequence[ArrayLike | tuple[ArrayLike, float]], texture: Texture, smooth: int = 1, crease_deg: float = 40.0
) -> Part:
    """Return the solid through cross-sections, closed at both ends: fuselages, hulls, bodies, hoods.

    Args:
        sections: each an outline with its place (N x 2, z), which lies across the z axis, or a ring N x 3. All run
            the same way round and begin at the same side; unequal counts are resampled. A section of no size
            makes a tip.
        texture: what it is made of.
        smooth: intermediate sections a gap + 1; above 1 the shape curves through the sections without overshoot
            (monotone cubic interpolation, Fritsch and Carlson 1980).
        crease_deg: sharp edges above this angle.

    Raises:
        ObjectPoseError: fewer than two sections.
    """
    if len(sections) < 2:
        raise ObjectPoseError(f"A loft got {len(sections)} section(s), expected at least 2; give more sections.")
    given = []
    for section in sections:
        if isinstance(section, tuple) and len(section) == 2 and np.ndim(section[1]) == 0:
            flat = np.asarray(section[0], np.float64)
            given.append(np.column_stack([flat, np.full(len(flat), float(np.asarray(section[1])))]))
        else:
            given.append(np.asarray(section, np.float64))
    count = max(len(ring) for ring in given)
    rings = np.stack([ring if len(ring) == count else resample(ring, count, closed=True) for ring in given])
    if smooth > 1:
        gaps = np.linalg.norm(np.diff(rings.mean(axis=1), axis=0), axis=1)
        gaps = np.maximum(gaps, 1e-3 * gaps.max())
        knot = np.concatenate([[0.0], np.cumsum(gaps)])
        at = np.concatenate([np.interp(np.arange((len(rings) - 1) * smooth + 1) / smooth, np.arange(len(rings)), knot)])
        rings = np.asarray(PchipInterpolator(knot, rings, axis=0)(at), np.float64)
    return _capped(rings, texture, crease_deg)


def wing(sections: Sequence[tuple[float, ...]], texture: Texture, steps: int = 10, crease_deg: float = 35.0) -> Part:
    """Return a wing, a tailplane or a fin, its leading edge towards +z, through sections of ``aerofoil``.

    Args:
        sections: from the root to the tip, each x, y, z of the leading edge, z of the trailing edge, thickness
            (metres) and, where the thickness does not stand along +y, its angle from there towards -x in degrees
            (90 for a fin).
        texture: what it is made of.
        steps: segments a side of a section.
        crease_deg: sharp edges above this angle.
    """
    rings = []
    for x, y, lead, trail, thick, *lean in sections:
        angle = np.deg2rad(sum(lean))
        rings.append(aerofoil((x, y, lead), (x, y, trail), thick, (-np.sin(angle), np.cos(angle), 0.0), steps))
    return loft(rings, texture, crease_deg=crease_deg)


def faired(
    table: Sequence[tuple[float, ...]],
    section: Callable[[Array], Array],
    places: ArrayLike,
    texture: Texture,
    crease_deg: float = 40.0,
) -> Part:
    """Return a ``loft`` along z whose measures run smoothly, without overshoot, through a table: hulls, fuselages.

    Args:
        table: rows of z and any number of measures at that place, in any order.
        section: makes of the measures, float64 K, an outline N x 2.
        places: z of sections besides those of the table, metres.
        texture: what it is made of.
        crease_deg: sharp edges above this angle.
    """
    rows = np.asarray(sorted(table), np.float64)
    curve = PchipInterpolator(rows[:, 0], rows[:, 1:])
    stations = np.unique(np.concatenate([np.asarray(places, np.float64), rows[:, 0]]))
    return loft([(section(curve(z)), float(z)) for z in stations], texture, crease_deg=crease_deg)
