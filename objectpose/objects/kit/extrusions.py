"""Flat outlines given a thickness: plates with holes, prisms, profiles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from objectpose.objects.kit.curves import polygon, rounded, rounded_rect
from objectpose.objects.kit.part import Axis, Part
from objectpose.objects.kit.skin import Array, Sheet, area, cap, skin, solid
from objectpose.objects.kit.solids import towards
from objectpose.objects.kit.textures import Texture


def _inset(outline: Array, distance: float) -> Array:
    """Return the outline with every edge moved to its left by ``distance``, corner by corner."""
    before = outline - np.roll(outline, 1, axis=0)
    after = np.roll(before, -1, axis=0)
    left = [np.stack([-e[:, 1], e[:, 0]], axis=1) / np.linalg.norm(e, axis=1, keepdims=True) for e in (before, after)]
    both = left[0] + left[1]
    mitre = both / np.maximum(1.0 + (left[0] * left[1]).sum(axis=1, keepdims=True), 0.4)
    return np.asarray(outline + distance * mitre)


def extrude(
    outline: ArrayLike,
    depth: float,
    texture: Texture,
    holes: Sequence[ArrayLike] = (),
    bevel: float | None = None,
    crease_deg: float = 50.0,
) -> Part:
    """Return an outline of the xy plane with a thickness along z, from -depth / 2 to depth / 2.

    Args:
        outline: N x 2, either way round, not crossing itself, no point twice.
        depth: thickness, metres.
        texture: what it is made of.
        holes: outlines inside the first that are cut out.
        bevel: width of the cut along front and back edges; None takes 10 % of the depth, at most 1 % of the
            outline's width and a third of the shortest edge; 0 keeps sharp edges.
        crease_deg: sharp edges above this angle.

    Raises:
        ObjectPoseError: the outline crosses itself or a hole.
    """
    loops = []
    for number, loop in enumerate((outline, *holes)):
        points = np.asarray(loop, np.float64)
        wanted = 1.0 if number == 0 else -1.0
        loops.append(points if area(points) * wanted > 0.0 else points[::-1])
    shortest = min(float(np.linalg.norm(p - np.roll(p, 1, axis=0), axis=1).min()) for p in loops)
    width = float(np.ptp(loops[0], axis=0).max())
    cut = min(0.1 * depth, 0.01 * width, 0.33 * shortest) if bevel is None else bevel
    half = 0.5 * depth
    inner = [_inset(p, cut) if cut > 0.0 else p for p in loops]
    sheets = []
    for full, small in zip(loops, inner, strict=True):
        levels = [(full, cut - half), (full, half - cut)]
        if cut > 0.0:
            levels = [(small, -half), *levels, (small, half)]
        sheets.append(skin(np.stack([np.column_stack([p, np.full(len(p), z)]) for p, z in levels])))
    points, faces = cap(inner)
    for z, turned in ((half, faces), (-half, faces[:, ::-1])):
        sheets.append(Sheet(np.column_stack([points, np.full(len(points), z)]), turned, points))
    return solid(sheets, texture, crease_deg)


def side_profile(outline: ArrayLike, width: float, texture: Texture, bevel: float | None = None) -> Part:
    """Return a side outline of (z, y) points with a thickness of ``width`` along x; the texture sees x' = z, y' = y."""
    return extrude(outline, width, texture, bevel=bevel).turned("y", -90.0)


def window(x: float, corners: ArrayLike, glass: Texture, frame: Texture, edge: float = 0.035) -> Part:
    """Return a window on the left wall of a body: a frame with round corners and, 6 mm further out, its pane.

    Args:
        x: place of the frame's middle, metres; it is 2 cm deep.
        corners: of the frame, N x 2, (z, y), metres.
        glass: of the pane.
        frame: of the frame.
        edge: how much of the frame shows beside the pane, metres.
    """
    outline = np.asarray(corners, np.float64)
    middle = outline.mean(axis=0)
    inner = middle + (outline - middle) * (1.0 - 2.0 * edge / np.ptp(outline, axis=0))
    pane = side_profile(rounded(inner, 0.04, 3, closed=True), 0.02, glass).moved(x + 0.006)
    return side_profile(rounded(outline, 0.05, 3, closed=True), 0.02, frame).moved(x) + pane


def plate(
    size: tuple[float, float],
    depth: float,
    texture: Texture,
    corner: float = 0.0,
    axis: Axis = "z",
    bevel: float | None = None,
) -> Part:
    """Return a flat rectangle with round corners, its thickness along ``axis``.

    With axis 'z' the size is (x, y), with 'y' (x, z), with 'x' (z, y).
    """
    flat = extrude(rounded_rect(*size, corner or 0.04 * min(size)), depth, texture, bevel=bevel)
    return {"x": flat.turned("y", 90.0), "y": flat.turned("x", 90.0), "z": flat}[axis]


def prism(sides: int, radius: float, length: float, texture: Texture, axis: Axis = "y") -> Part:
    """Return a regular prism along ``axis``: nuts, posts; ``radius`` to its corners."""
    return towards(extrude(polygon(sides, radius), length, texture).turned("x", -90.0), axis)
