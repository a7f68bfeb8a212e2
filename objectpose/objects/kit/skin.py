"""The building blocks of solids: skins over rings of points, caps, and the step that closes and orients them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import mapbox_earcut
import numpy as np
from numpy.typing import NDArray

from objectpose.errors import ObjectPoseError
from objectpose.objects.kit.part import Chart, Part, Patch
from objectpose.objects.kit.textures import Texture

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Sheet:
    """A piece of surface: vertices V x 3, faces F x 3, flat coordinates V x 2."""

    vertices: Array
    faces: NDArray[np.int64]
    uv: Array


def _running(lengths: Array) -> Array:
    return np.concatenate([[0.0], np.cumsum(lengths)])


def skin(rings: Array, closed: bool = False) -> Sheet:
    """Return the surface through M closed rings of N points each.

    Args:
        rings: float64 M x N x 3; counter-clockwise where the way from ring to ring comes towards the viewer.
        closed: whether the last ring is joined to the first.
    """
    rings = np.concatenate([rings, rings[:, :1]], axis=1)
    if closed:
        rings = np.concatenate([rings, rings[:1]])
    rows, cols = rings.shape[:2]
    u = _running(np.linalg.norm(np.diff(rings, axis=1), axis=2).mean(axis=0))
    v = _running(np.linalg.norm(np.diff(rings, axis=0), axis=2).mean(axis=1))
    index = np.arange(rows * cols).reshape(rows, cols)
    a, b, c, d = index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]
    faces = np.stack([np.stack([a, b, c], axis=-1), np.stack([a, c, d], axis=-1)], axis=2).reshape(-1, 3)
    uv = np.stack([np.broadcast_to(u, (rows, cols)), np.broadcast_to(v[:, None], (rows, cols))], axis=-1)
    return Sheet(rings.reshape(-1, 3), faces, uv.reshape(-1, 2))


def _cross(a: Array, b: Array) -> Array:
    return np.asarray(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])


def area(outline: Array) -> float:
    """Return the signed area of a closed outline N x 2, positive where it runs counter-clockwise."""
    return 0.5 * float(_cross(outline, np.roll(outline, -1, axis=0)).sum())


def _bulged(outline: Array) -> Array:
    """Return the outline with points on straight runs pushed outward a little, for the triangulation alone.

    Ear clipping leaves out points on straight runs, which would leave the cap open there. A parabola over each run
    makes every point a corner.
    """
    before, after = outline - np.roll(outline, 1, axis=0), np.roll(outline, -1, axis=0) - outline
    scale = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    corners = np.flatnonzero(np.abs(_cross(before, after)) > 1e-7 * scale)
    out = outline.copy()
    if len(corners) in (0, len(outline)):
        return out
    for start, end in zip(corners, np.roll(corners, -1), strict=True):
        inner = np.arange(start + 1, end + (len(outline) if end <= start else 0)) % len(outline)
        if len(inner):
            run = outline[end] - outline[start]
            t = ((outline[inner] - outline[start]) @ run / (run @ run))[:, None]
            out[inner] += 1e-3 * t * (1.0 - t) * np.array([run[1], -run[0]])
    return out


def cap(outlines: Sequence[Array]) -> tuple[Array, NDArray[np.int64]]:
    """Triangulate a flat face with holes.

    Args:
        outlines: N x 2 each: the border counter-clockwise, then holes clockwise.

    Returns:
        Points P x 2 (those of the outlines in order, for a star-shaped face also its centre) and faces F x 3.

    Raises:
        ObjectPoseError: the border crosses itself or a hole, so that it cannot be triangulated.
    """
    border = outlines[0]
    if len(outlines) == 1:
        spokes = border - border.mean(axis=0)
        if (_cross(spokes, np.roll(spokes, -1, axis=0)) > 1e-9 * np.abs(spokes).max() ** 2).all():
            count = len(border)
            around = np.arange(count)
            fan = np.stack([around, (around + 1) % count, np.full(count, count)], axis=1)
            return np.concatenate([border, border.mean(axis=0, keepdims=True)]), fan
    points = np.concatenate(outlines)
    ends = np.cumsum([len(o) for o in outlines]).astype(np.uint32)
    shape = np.concatenate([_bulged(o) for o in outlines])
    faces = np.asarray(mapbox_earcut.triangulate_float64(shape, ends), np.int64).reshape(-1, 3)
    if len(faces) != len(points) + 2 * (len(outlines) - 1) - 2:
        raise ObjectPoseError(
            f"An outline of {len(points)} points could not be filled, expected one that does not cross itself or its "
            "holes; mend the outline or lessen the bevel."
        )
    a, b, c = points[faces[:, 0]], points[faces[:, 1]], points[faces[:, 2]]
    if _cross(b - a, c - a).sum() < 0.0:
        faces = faces[:, ::-1]
    return points, _without_slivers(points, faces)


def _without_slivers(points: Array, faces: NDArray[np.int64]) -> NDArray[np.int64]:
    """Swap the longest edge of every face of no height with the other diagonal, so that dropping it opens no gap."""
    mesh = [tuple(int(v) for v in face) for face in faces]
    limit = 1e-9 * float(np.ptp(points, axis=0).max()) ** 2

    def flat(face: tuple[int, ...]) -> bool:
        (ax, ay), (bx, by), (cx, cy) = points[list(face)]
        return bool(abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) < limit)

    slivers = [i for i, face in enumerate(mesh) if flat(face)]
    moved = True
    while slivers and moved:
        moved = False
        for i in list(slivers):
            lengths = [float(np.sum((points[mesh[i][k]] - points[mesh[i][k - 2]]) ** 2)) for k in range(3)]
            k = int(np.argmax(lengths))
            a, b, tip = mesh[i][k], mesh[i][k - 2], mesh[i][k - 1]
            other = next((j for j, f in enumerate(mesh) if (b, a) in ((f[0], f[1]), (f[1], f[2]), (f[2], f[0]))), None)
            if other is None or flat(mesh[other]):
                continue
            apex = next(v for v in mesh[other] if v not in (a, b))
            mesh[i], mesh[other] = (tip, a, apex), (b, tip, apex)
            slivers.remove(i)
            moved = True
    return np.asarray(mesh, np.int64)


def ring_cap(ring: Array, backward: bool = False) -> Sheet:
    """Close a ring N x 3 with a face whose border runs as the ring does, or against it.

    The first ring of a :func:`skin` needs it ``backward``, the last one not, whichever way round the rings run.
    """
    centre = ring.mean(axis=0)
    spokes = ring - centre
    normal = np.cross(spokes, np.roll(spokes, -1, axis=0)).sum(axis=0)
    size = float(np.linalg.norm(normal))
    if size < 1e-14:
        return Sheet(np.empty((0, 3)), np.empty((0, 3), np.int64), np.empty((0, 2)))
    normal = normal / size
    reach = np.linalg.norm(spokes, axis=1)
    x = spokes[int(np.argmax(reach > (1.0 - 1e-6) * reach.max()))]  # the first of the farthest, whatever the last bits
    x = x - normal * (x @ normal)
    x = x / np.linalg.norm(x)
    flat = np.stack([spokes @ x, spokes @ np.cross(normal, x)], axis=1)
    points, faces = cap([flat])
    vertices = ring if len(points) == len(ring) else np.concatenate([ring, centre[None]])
    return Sheet(vertices, faces[:, ::-1] if backward else faces, points)


def solid(sheets: Sequence[Sheet], texture: Texture, crease_deg: float) -> Part:
    """Join sheets to one closed solid, its faces turned outward; faces with two corners in one place are left out."""
    vertices = np.concatenate([s.vertices for s in sheets])
    uv = np.concatenate([s.uv for s in sheets])
    starts = np.cumsum([0, *(len(s.vertices) for s in sheets)])
    faces = np.concatenate([s.faces + start for s, start in zip(sheets, starts, strict=False)])
    reach = float(np.ptp(vertices, axis=0).max())
    corners = vertices[faces]
    edges = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2)
    faces = faces[edges.min(axis=1) > 1e-9 * reach]
    a, b, c = (vertices[faces[:, k]] - vertices[0] for k in range(3))
    if float(np.einsum("ij,ij->", a, np.cross(b, c))) < 0.0:
        faces = faces[:, ::-1]
    faces = np.ascontiguousarray(faces)
    return Part((Patch(vertices, faces, Chart(vertices, uv, faces), texture, crease_deg),))


def projected(vertices: Array, faces: NDArray[np.int64]) -> Sheet:
    """Lay a solid of flat sides out by projecting each face along the coordinate axis nearest to its normal."""
    corners = vertices[faces]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    axis = np.argmax(np.abs(normal) * (1.0, 1.001, 1.002), axis=1)
    side = 2 * axis + (np.take_along_axis(normal, axis[:, None], axis=1)[:, 0] < 0.0)
    keys, inverse = np.unique(faces * 6 + side[:, None], return_inverse=True)
    kept = vertices[keys // 6]
    planes = np.array([[2, 1], [0, 2], [0, 1]])[(keys % 6) // 2]
    return Sheet(kept, inverse.reshape(-1, 3).astype(np.int64), np.take_along_axis(kept, planes, axis=1))
