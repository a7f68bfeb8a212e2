"""From a surface as its file has it to a mesh that can be drawn: duplicates, winding, normals.

No step knows a unit of length: positions are made to fit a unit cube wherever a tolerance is needed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from objectpose.errors import ObjectPoseError
from objectpose.objects.formats.surface import Floats, Ints, Surface
from objectpose.objects.mesh import Mesh

LARGEST, SMALLEST = 1e30, 1e-30
MOST_UV = 1e6
FLAT = 1e-10
"""Twice a face's area by its longest edge squared, below which it is dropped: nothing of it could be seen."""
THIN = 1e-6
"""Volume by area^1.5 below which a closed part is a sheet with two faces rather than a body."""


def same_rows(rows: NDArray[np.float64]) -> tuple[Ints, Ints]:
    """Return the first row of each value and, for each row, the number of its value; -0 equals 0.

    >>> first, number = same_rows(np.array([[1.0, 2.0], [0.0, 5.0], [1.0, 2.0]]))
    >>> first.tolist(), number.tolist()
    ([1, 0], [1, 0, 1])
    """
    keys = np.zeros(len(rows), np.int64)
    for column in rows.T:
        values, inverse = np.unique(column, return_inverse=True)
        values, keys = np.unique(keys * len(values) + inverse, return_inverse=True)
        if len(values) == len(rows):
            break
    _, first, number = np.unique(keys, return_index=True, return_inverse=True)
    return first.astype(np.int64), number.astype(np.int64)


@dataclass(frozen=True)
class _Edges:
    """Where two faces, and no third, share an edge.

    Attributes:
        first, second: int64 E, half edges (face times 3 plus the corner where it starts).
        against: bool E, whether they run in opposite directions, as in faces of one orientation.
    """

    first: Ints
    second: Ints
    against: NDArray[np.bool_]


def _half_edges(corners: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    """Return, for each half edge, a number of its undirected edge and whether it runs from the smaller corner."""
    start, end = corners.ravel(), np.roll(corners, -1, axis=1).ravel()
    low, high = np.minimum(start, end), np.maximum(start, end)
    edge = np.unique(low * (int(high.max(initial=0)) + 1) + high, return_inverse=True)[1].astype(np.int64)
    return edge, start < end


def _edges(corners: Ints) -> _Edges:
    edge, up = _half_edges(corners)
    order = np.argsort(edge, kind="stable")
    ordered = edge[order]
    counts = np.bincount(edge)
    begin = np.flatnonzero((counts[ordered] == 2) & (np.concatenate([[True], ordered[1:] != ordered[:-1]])))
    first, second = order[begin], order[begin + 1]
    return _Edges(first, second, up[first] != up[second])


def _components(count: int, a: Ints, b: Ints) -> Ints:
    graph = coo_array((np.ones(len(a), np.int8), (a, b)), shape=(count, count))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def oriented(places: Floats, corners: Ints, votes: Floats) -> tuple[NDArray[np.bool_], bool]:
    """Decide which faces are wound the wrong way round, and whether the mesh encloses its volume.

    Faces that share an edge are made to agree (a component is what hangs together by edges of two faces). A closed
    component is then turned outwards by its signed volume; an open one, or a sheet of two coincident sides, to where
    its votes point. A component that cannot be oriented (a Moebius strip) is wound face by face as its votes say.

    Args:
        places: float64 P x 3, in any unit.
        corners: int64 F x 3, of three different positions each.
        votes: float64 F, above 0 where a face's present winding is right by what its file says, weighted by area.

    Returns:
        bool F, faces to turn round; whether every component is closed (each edge is used as often one way as the
        other), so that no face is ever seen from behind.
    """
    count = len(corners)
    edges = _edges(corners)
    f, g = edges.first // 3, edges.second // 3
    # Each face is there twice, as it is and turned round (+ count); links join what fits together.
    shift = np.where(edges.against, 0, count)
    label = _components(2 * count, np.concatenate([f, f + count]), np.concatenate([g + shift, g + count - shift]))
    as_is, turned = label[:count], label[count:]
    part = np.unique(np.minimum(as_is, turned), return_inverse=True)[1].astype(np.int64)
    twisted = as_is == turned
    flip = as_is > turned
    sign = np.where(flip, -1.0, 1.0)

    edge, up = _half_edges(corners)
    of_half = np.repeat(part, 3)
    key = np.unique(of_half * (int(edge.max()) + 1) + edge, return_inverse=True)[1]
    run = np.where(up, 1.0, -1.0) * np.repeat(sign, 3)
    unbalanced = np.bincount(key, run)[key] != 0
    parts = int(part.max()) + 1
    closed = (np.bincount(of_half, unbalanced, parts) == 0) & (np.bincount(part, twisted, parts) == 0)

    middle = places.min(axis=0) / 2 + places.max(axis=0) / 2
    a, b, c = ((places[corners[:, k]] - middle) / _extent(places) for k in range(3))
    normal = np.cross(b - a, c - a)
    volume = np.bincount(part, (a * np.cross(b, c)).sum(axis=1) * sign / 6.0, parts)
    area = np.bincount(part, np.sqrt((normal**2).sum(axis=1)) / 2.0, parts)
    vote = np.bincount(part, votes * sign, parts)
    body = closed & (np.abs(volume) > THIN * area**1.5)
    wrong = np.where(body, volume < 0, vote < 0)
    flip = np.where(twisted, votes < 0, flip ^ wrong[part])
    return flip, bool(closed.all())


def _extent(places: Floats) -> float:
    return float(np.ptp(places, axis=0).max()) or 1.0


def crease_normals(places: Floats, corners: Ints, crease_deg: float) -> Floats:
    """Return normals that are smooth over edges bent by less than an angle and sharp over all others.

    The corners of a vertex that hang together over such edges share the mean of their faces' normals, weighted by the
    angle of the face at the vertex (Thuermer and Wuethrich 1998).

    Args:
        places: float64 P x 3, in any unit.
        corners: int64 F x 3, no face without area.
        crease_deg: 0 makes every face flat, 180 everything smooth.

    Returns:
        float64 F x 3 x 3, the unit normal of each corner.
    """
    point = (places / _extent(places))[corners]
    face = np.cross(point[:, 1] - point[:, 0], point[:, 2] - point[:, 0])
    face /= np.sqrt((face**2).sum(axis=1, keepdims=True))
    edges = _edges(corners)
    cosine = (face[edges.first // 3] * face[edges.second // 3]).sum(axis=1)
    smooth = edges.against & (cosine > math.cos(math.radians(crease_deg)))
    first, second = edges.first[smooth], edges.second[smooth]
    after_first, after_second = (h + np.where(h % 3 == 2, -2, 1) for h in (first, second))
    group = _components(3 * len(corners), np.concatenate([first, after_first]), np.concatenate([after_second, second]))
    one, two = np.roll(point, -1, axis=1) - point, np.roll(point, 1, axis=1) - point
    angle = np.arctan2(np.sqrt((np.cross(one, two) ** 2).sum(axis=2)), (one * two).sum(axis=2)).ravel()
    total = np.stack([np.bincount(group, angle * np.repeat(face[:, k], 3)) for k in range(3)], axis=1)
    length = np.sqrt((total**2).sum(axis=1, keepdims=True))
    flat = np.repeat(face, 3, axis=0)
    shared = (total / np.maximum(length, 1e-300))[group]
    return np.where(length[group] > 1e-6, shared, flat).reshape(-1, 3, 3)


def finish(surface: Surface, label: str, turn: Floats, crease_deg: float) -> Mesh:
    """Return the mesh of a surface.

    Faces that are invisible (opacity 0), name a position twice or have no area are dropped. Positions, texture
    coordinates and normals that are equal become one. Faces are wound as :func:`oriented` says and normals turned to
    the side their face is wound to; missing normals are made by :func:`crease_normals`. The mesh is one-sided where it
    is closed and nothing on it is transparent.

    Args:
        surface: as its file has it.
        label: what an error calls it.
        turn: float64 3 x 3, a rotation from the file's frame to the object's.
        crease_deg: of missing normals.

    Raises:
        ObjectPoseError: no face, a position that is not finite or beyond 1e30, texture coordinates beyond 1e6, no
            face with an area, nothing visible.
    """
    if not len(surface.corners):
        raise ObjectPoseError(f"{label} has no face; give a mesh with at least one triangle.")
    surface = _without_idle_uvs(surface)
    _check(surface, label)
    used, local = np.unique(surface.corners, return_inverse=True)
    first, number = same_rows(surface.positions[used])
    places, corners = surface.positions[used][first], number[local.reshape(-1, 3)]
    seen = np.array([material.opacity > 0.0 for material in surface.materials])[surface.face_material]
    if not seen.any():
        raise ObjectPoseError(f"All surfaces of {label} are fully transparent; nothing could be drawn: mend 'd'.")
    apart = (corners != np.roll(corners, 1, axis=1)).all(axis=1)
    kept = np.flatnonzero(seen & apart)
    if not len(kept):
        raise ObjectPoseError(f"All faces of {label} are degenerate (without area); nothing could be drawn.")
    rows = _Corners(corners[kept], surface.corner_uvs[kept], surface.corner_normals[kept], surface.corners[kept])
    material = surface.face_material[kept]

    normals = _usable(surface.normals)
    given = np.where(rows.normal[..., None] >= 0, normals[rows.normal], 0.0)
    area, longest = _areas(places, rows.place)
    size = np.sqrt((area**2).sum(axis=1))
    agree = (area * given.sum(axis=1)).sum(axis=1)
    flip, closed = oriented(places, rows.place, np.where(agree != 0.0, np.sign(agree), 1.0) * size)
    rows, given = rows.turned(flip), np.where(flip[:, None, None], given[:, ::-1], given)
    against = np.where(flip, -agree, agree) < 0
    given = np.where(against[:, None, None], -given, given)

    solid = size > FLAT * longest
    if not solid.any():
        raise ObjectPoseError(f"All faces of {label} are degenerate (without area); nothing could be drawn.")
    rows, given, material = rows.only(solid), given[solid], material[solid]
    missing = (given == 0.0).all(axis=2)
    if missing.any():
        given = np.where(missing[..., None], crease_normals(places, rows.place, crease_deg), given)

    see_through = any(surface.materials[number].see_through for number in np.unique(material).tolist())
    two_sided = not closed or see_through if surface.double_sided is None else surface.double_sided
    return _assembled(surface, places, rows, given, material, turn, two_sided)


def _without_idle_uvs(surface: Surface) -> Surface:
    """Drop the texture coordinates of faces of one colour: nothing reads them, and some exporters write rubbish."""
    idle = np.array([m.texture.shape[:2] == (1, 1) for m in surface.materials])[surface.face_material]
    return replace(surface, corner_uvs=np.where(idle[:, None], -1, surface.corner_uvs)) if idle.any() else surface


def _check(surface: Surface, label: str) -> None:
    used = surface.positions[np.unique(surface.corners)]
    if not np.isfinite(used).all():
        bad = int(np.flatnonzero(~np.isfinite(surface.positions).all(axis=1))[0])
        raise ObjectPoseError(f"Vertex {bad + 1} of {label} is not finite; mend the mesh.")
    if np.abs(used).max() > LARGEST or 0.0 < np.ptp(used, axis=0).max() < SMALLEST:
        raise ObjectPoseError(
            f"The vertices of {label} reach {np.abs(used).max():.3g} and span {np.ptp(used, axis=0).max():.3g}; "
            f"expected sizes between {SMALLEST:.0e} and {LARGEST:.0e} of any unit: export it again."
        )
    uvs = surface.uvs[np.unique(surface.corner_uvs[surface.corner_uvs >= 0])]
    if len(uvs) and not (np.abs(uvs) <= MOST_UV).all():
        raise ObjectPoseError(
            f"A texture coordinate of {label} is not finite or beyond {MOST_UV:.0e}; export it again."
        )


def _usable(normals: Floats) -> Floats:
    """Return unit normals, with a row of zeros for what is none and a last one for corners without."""
    normals = np.concatenate([normals, np.zeros((1, 3))])
    with np.errstate(all="ignore"):
        unit = normals / np.abs(normals).max(axis=1, keepdims=True)
        unit /= np.sqrt((unit**2).sum(axis=1, keepdims=True))
    return np.where(np.isfinite(unit).all(axis=1, keepdims=True), unit, 0.0)


def _areas(places: Floats, corners: Ints) -> tuple[Floats, Floats]:
    """Return twice the area vector F x 3 and the longest edge squared F, in units of the extent."""
    point = places[corners] / _extent(places)
    edges = np.roll(point, -1, axis=1) - point
    return np.cross(edges[:, 0], edges[:, 1]), (edges**2).sum(axis=2).max(axis=1)


@dataclass(frozen=True)
class _Corners:
    """F x 3 numbers of the corners of faces: of the place, texture coordinate, normal, and the file's own vertex."""

    place: Ints
    uv: Ints
    normal: Ints
    own: Ints

    def turned(self, flip: NDArray[np.bool_]) -> _Corners:
        """Return them with some faces wound the other way."""
        which = flip[:, None]
        return _Corners(*(np.where(which, c[:, ::-1], c) for c in (self.place, self.uv, self.normal, self.own)))

    def only(self, kept: NDArray[np.bool_]) -> _Corners:
        """Return those of some faces."""
        return _Corners(self.place[kept], self.uv[kept], self.normal[kept], self.own[kept])


def _assembled(
    surface: Surface, places: Floats, rows: _Corners, given: Floats, material: Ints, turn: Floats, two_sided: bool
) -> Mesh:
    """Give every different corner one vertex."""
    normals32 = (given.reshape(-1, 3)[:, None, :] * turn).sum(axis=2).astype(np.float32)
    uvs = np.concatenate([surface.uvs, np.zeros((1, 2))])
    uvs32 = uvs[rows.uv.ravel()].astype(np.float32)
    columns = [rows.place.ravel().astype(np.float64)[:, None], uvs32.astype(np.float64), normals32.astype(np.float64)]
    colours = None if surface.colours is None else surface.colours[rows.own.ravel()]
    if colours is not None:
        columns.append(colours.astype(np.float64))
    first, number = same_rows(np.concatenate(columns, axis=1))
    used, slot = np.unique(material, return_inverse=True)
    moved = (places[rows.place.ravel()[first]][:, None, :] * turn).sum(axis=2)
    return Mesh(
        vertices=moved,
        normals=normals32[first],
        uvs=uvs32[first],
        faces=number.reshape(-1, 3).astype(np.int32),
        face_material=slot.astype(np.int32),
        materials=tuple(surface.materials[k] for k in used.tolist()),
        two_sided=two_sided,
        colours=None if colours is None else colours[first],
    )
