"""Boxes and round solids. All are closed, centred at the origin where nothing else is said, and +y is up."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial import ConvexHull

from objectpose.errors import ObjectPoseError
from objectpose.objects.kit.curves import arc, ellipse
from objectpose.objects.kit.part import Axis, Part, join
from objectpose.objects.kit.skin import Array, projected, skin, solid
from objectpose.objects.kit.textures import Texture


def towards(part: Part, axis: Axis) -> Part:
    """Turn a part that was built along +y to another axis."""
    return {"x": part.turned("z", -90.0), "y": part, "z": part.turned("x", 90.0)}[axis] if axis != "y" else part


def box(size: tuple[float, float, float], texture: Texture, bevel: float | None = None) -> Part:
    """Return a box with bevelled edges that shade as if they were round.

    Args:
        size: full widths along x, y, z, metres, > 0.
        texture: what it is made of.
        bevel: width cut off along each side; None takes 6 % of the smallest side, at most 2 % of the largest;
            0 gives sharp edges.

    Raises:
        ObjectPoseError: a side is not positive.
    """
    half = 0.5 * np.asarray(size, np.float64)
    if half.shape != (3,) or half.min() <= 0.0:
        raise ObjectPoseError(f"A box has size {size}, expected three numbers > 0; mend the size.")
    cut = min(0.12 * float(half.min()), 0.04 * float(half.max())) if bevel is None else min(bevel, 0.9 * half.min())
    vertices = _box_corners(half, cut)
    return solid([projected(vertices, _box_faces(cut > 0.0))], texture, 56.0 if cut > 0.0 else 40.0)


def _box_corners(half: Array, cut: float) -> Array:
    """Return the 8 corners of a box, or its 24 with a bevel of width ``cut`` along every edge."""
    signs = np.array([[x, y, z] for x in (-1.0, 1.0) for y in (-1.0, 1.0) for z in (-1.0, 1.0)])
    if cut == 0.0:
        return np.asarray(signs * half)
    return np.concatenate([signs * (half - cut * (1.0 - np.eye(3)[k])) for k in range(3)])


@cache
def _box_faces(bevelled: bool) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Return the faces of every box, which are those of a cube."""
    faces = _hull_faces(_box_corners(np.ones(3), 0.1 if bevelled else 0.0))
    faces.flags.writeable = False
    return faces


def _hull_faces(points: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Return the outward faces of the convex hull, F x 3, in an order that depends on the points alone."""
    hull = ConvexHull(points)
    faces = hull.simplices.astype(np.int64)
    a, b, c = (points[faces[:, k]] for k in range(3))
    inward = np.einsum("ij,ij->i", np.cross(b - a, c - a), a - points.mean(axis=0)) < 0.0
    faces[inward] = faces[inward][:, ::-1]
    return faces


def hull(points: ArrayLike, texture: Texture) -> Part:
    """Return the convex hull of points N x 3: wedges, cabs, ploughs and other solids with flat sides."""
    given = np.asarray(points, np.float64)
    return solid([projected(given, _hull_faces(given))], texture, 35.0)


def bar(
    start: ArrayLike, end: ArrayLike, size: tuple[float, float], texture: Texture, bevel: float | None = None
) -> Part:
    """Return a box between two points.

    Args:
        start: middle of one end, (x, y, z).
        end: middle of the other end.
        size: width (level) and height (as upright as the direction allows) of the section, metres.
        texture: what it is made of; its local z runs along the bar.
        bevel: as in ``box``.
    """
    a, b = np.asarray(start, np.float64), np.asarray(end, np.float64)
    length = float(np.linalg.norm(b - a))
    z = (b - a) / length
    x = np.cross((0.0, 1.0, 0.0) if abs(z[1]) < 0.999 else (0.0, 0.0, -1.0), z)
    x = x / np.linalg.norm(x)
    frame = np.stack([x, np.cross(z, x), z])
    middle = 0.5 * (a + b)
    return box((size[0], size[1], length), texture, bevel).warped(lambda v: v @ frame + middle)


def bars(points: ArrayLike, size: float, texture: Texture) -> Part:
    """Return straight bars of a square section of ``size`` metres along a path M x 3: seams, trims, frames."""
    return join(bar(a, b, (size, size), texture, 0.0) for a, b in pairwise(np.asarray(points, np.float64)))


def lathe(profile: ArrayLike, texture: Texture, segments: int = 32, crease_deg: float = 40.0) -> Part:
    """Return the solid that a profile sweeps about the y axis.

    Args:
        profile: (r, y) points, N x 2, r >= 0, metres. Open ends away from the axis are closed by flat discs; a
            profile whose last point equals its first is a loop and gives a ring.
        texture: what it is made of.
        segments: around the axis.
        crease_deg: sharp edges above this angle.

    Raises:
        ObjectPoseError: a negative radius.
    """
    line = np.asarray(profile, np.float64)
    if line[:, 0].min() < 0.0:
        raise ObjectPoseError(f"A lathe profile has radius {line[:, 0].min():g}, expected r >= 0; mirror the profile.")
    loop = bool(np.allclose(line[0], line[-1]))
    if loop:
        line = line[:-1]
    else:
        ends = [np.array([[0.0, line[k, 1]]]) if line[k, 0] > 0.0 else line[:0] for k in (0, -1)]
        line = np.concatenate([ends[0], line, ends[1]])
    angle = np.arange(segments) * (2.0 * np.pi / segments)
    around = np.stack([-np.sin(angle), -np.cos(angle)], axis=1)
    rings = np.empty((len(line), segments, 3))
    rings[:, :, 0] = line[:, :1] * around[:, 0]
    rings[:, :, 1] = line[:, 1:]
    rings[:, :, 2] = line[:, :1] * around[:, 1]
    return solid([skin(rings, closed=loop)], texture, crease_deg)


def frustum(
    bottom: float,
    top: float,
    length: float,
    texture: Texture,
    axis: Axis = "y",
    segments: int = 32,
    bevel: float | None = None,
) -> Part:
    """Return a cone frustum along ``axis``, ``bottom`` the radius at its negative end, ``top`` at its positive end."""
    cut = 0.04 * min(max(bottom, top), length) if bevel is None else bevel
    half = 0.5 * length
    slope = (top - bottom) / length
    profile = []
    for radius, sign in ((bottom, -1.0), (top, 1.0)):
        if radius <= 0.0:
            profile.append((0.0, sign * half))
            continue
        ends = [(max(radius - cut, 0.0), sign * half), (radius - sign * slope * cut, sign * (half - cut))]
        profile += (ends if sign < 0 else ends[::-1]) if cut > 0.0 else [(radius, sign * half)]
    return towards(lathe(profile, texture, segments, 50.0), axis)


def cylinder(
    radius: float, length: float, texture: Texture, axis: Axis = "y", segments: int = 32, bevel: float | None = None
) -> Part:
    """Return a cylinder along ``axis``; ``bevel`` None cuts 4 % of the smaller measure off the rims, 0 nothing."""
    return frustum(radius, radius, length, texture, axis, segments, bevel)


def cone(radius: float, length: float, texture: Texture, axis: Axis = "y", segments: int = 32) -> Part:
    """Return a cone along ``axis`` with its tip at the positive end."""
    return frustum(radius, 0.0, length, texture, axis, segments, 0.0)


def pipe(outer: float, inner: float, length: float, texture: Texture, axis: Axis = "y", segments: int = 32) -> Part:
    """Return a hollow cylinder along ``axis``: rings, muzzles, exhausts."""
    half = 0.5 * length
    loop = [(inner, -half), (outer, -half), (outer, half), (inner, half), (inner, -half)]
    return towards(lathe(loop, texture, segments), axis)


def ellipsoid(size: tuple[float, float, float] | float, texture: Texture, segments: int = 24) -> Part:
    """Return an ellipsoid by its full widths along x, y, z (one number: a ball by its diameter)."""
    profile = arc(0.5, -90.0, 90.0, segments // 2 + 1)
    profile[[0, -1], 0] = 0.0
    return lathe(profile, texture, segments, 60.0).scaled(size)


def torus(
    radius: float, thickness: float, texture: Texture, axis: Axis = "y", segments: int = 32, sides: int = 12
) -> Part:
    """Return a torus about ``axis``; ``radius`` to the middle of the tube, ``thickness`` the tube's diameter."""
    loop = ellipse(thickness, count=sides) + np.array([radius, 0.0])
    return towards(lathe(np.concatenate([loop, loop[:1]]), texture, segments, 60.0), axis)
