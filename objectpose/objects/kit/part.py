"""Parts: solids with a texture that can be moved, turned, repeated and joined."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from objectpose.objects.kit.textures import Texture

Axis = Literal["x", "y", "z"]
AXES: dict[Axis, int] = {"x": 0, "y": 1, "z": 2}


@dataclass(frozen=True, eq=False)
class Chart:
    """Where the texture of a solid is evaluated and how its surface is laid flat; copies of a solid share one.

    Faces that are connected through a vertex index form an island; each island gets its own place in the atlas.

    Attributes:
        rest: float64 V x 3, the positions in metres at which the texture is evaluated.
        uv: float64 V x 2, flat coordinates in metres; islands may lie on one another.
        faces: int64 F x 3, counter-clockwise from outside in ``rest``.
    """

    rest: NDArray[np.float64]
    uv: NDArray[np.float64]
    faces: NDArray[np.int64]

    @cached_property
    def islands(self) -> NDArray[np.int64]:
        """Island of each face, int64 F, numbered from 0 in the order of the faces."""
        count = len(self.rest)
        rows = self.faces[:, [0, 1]].ravel()
        cols = self.faces[:, [1, 2]].ravel()
        graph = coo_array((np.ones(len(rows), np.int8), (rows, cols)), shape=(count, count))
        label = connected_components(graph, directed=False)[1][self.faces[:, 0]]
        _, first, inverse = np.unique(label, return_index=True, return_inverse=True)
        rank = np.empty(len(first), np.int64)
        rank[np.argsort(first)] = np.arange(len(first))
        return rank[inverse]


@dataclass(frozen=True, eq=False)
class Patch:
    """One closed solid with one texture.

    Attributes:
        vertices: float64 V x 3, metres.
        faces: int64 F x 3, counter-clockwise from outside.
        chart: shared by all copies that were moved, turned or mirrored.
        texture: what it is made of.
        crease_deg: faces that meet at a larger angle keep a sharp edge.
    """

    vertices: NDArray[np.float64]
    faces: NDArray[np.int64]
    chart: Chart
    texture: Texture
    crease_deg: float = 40.0


def rotation(axis: Axis, angle_deg: float) -> NDArray[np.float64]:
    """Return the right-handed rotation about a coordinate axis, float64 3 x 3; quarter turns are exact.

    >>> rotation("z", 90) @ [1.0, 0.0, 0.0]
    array([0., 1., 0.])
    """
    quarter, rest = divmod(angle_deg, 90.0)
    if rest == 0.0:
        cos, sin = ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[int(quarter) % 4]
    else:
        cos, sin = float(np.cos(np.deg2rad(angle_deg))), float(np.sin(np.deg2rad(angle_deg)))
    j, k = (AXES[axis] + 1) % 3, (AXES[axis] + 2) % 3
    matrix = np.eye(3)
    matrix[j, j], matrix[j, k], matrix[k, j], matrix[k, k] = cos, -sin, sin, cos
    return matrix


@dataclass(frozen=True)
class Part:
    """Solids that belong together; every method returns a new part.

    Attributes:
        patches: the solids.
    """

    patches: tuple[Patch, ...] = ()

    def __add__(self, other: Part) -> Part:
        return Part(self.patches + other.patches)

    def moved(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Part:
        """Return the part moved by (x, y, z) metres."""
        step = np.array([x, y, z], np.float64)
        return Part(tuple(replace(p, vertices=p.vertices + step) for p in self.patches))

    def turned(self, axis: Axis, angle_deg: float) -> Part:
        """Return the part turned about an axis through the origin; right-handed: 'y', 90 takes +z to +x."""
        matrix = rotation(axis, angle_deg).T
        return Part(tuple(replace(p, vertices=p.vertices @ matrix) for p in self.patches))

    def mirrored(self, axis: Axis = "x") -> Part:
        """Return the mirror image in the plane through the origin across ``axis``; the faces stay outward."""
        sign = np.ones(3)
        sign[AXES[axis]] = -1.0
        return Part(tuple(replace(p, vertices=p.vertices * sign, faces=p.faces[:, ::-1]) for p in self.patches))

    def scaled(self, size: float | tuple[float, float, float]) -> Part:
        """Return the part scaled about the origin; the texture keeps its scale in metres, so the chart is new.

        Args:
            size: one factor or one for each axis, not 0; a negative product keeps the faces outward.
        """
        factors = np.broadcast_to(np.asarray(size, np.float64), (3,))
        mean = float(np.abs(factors.prod()) ** (1.0 / 3.0))
        flip = bool(factors.prod() < 0.0)

        def scale(patch: Patch, chart: Chart) -> Patch:
            faces = patch.faces[:, ::-1] if flip else patch.faces
            return replace(patch, vertices=patch.vertices * factors, faces=faces, chart=chart)

        def stretch(chart: Chart) -> Chart:
            return replace(chart, rest=chart.rest * np.abs(factors), uv=chart.uv * mean)

        return self._recharted(stretch, scale)

    def textured(self, texture: Texture) -> Part:
        """Return the part with another texture."""
        return Part(tuple(replace(p, texture=texture) for p in self.patches))

    def creased(self, angle_deg: float) -> Part:
        """Return the part with another crease angle: 0 facets all faces, 180 smooths all edges."""
        return Part(tuple(replace(p, crease_deg=angle_deg) for p in self.patches))

    def varied(self, number: int) -> Part:
        """Return the part with its texture taken from another place, so that equal planks do not look equal."""
        shift = np.array([7.31, 3.17, 5.73]) * number
        return self._recharted(
            lambda chart: replace(chart, rest=chart.rest + shift), lambda patch, chart: replace(patch, chart=chart)
        )

    def settled(self) -> Part:
        """Return the part with its texture evaluated where each solid stands now: patterns then run across solids."""
        return Part(tuple(replace(p, chart=Chart(p.vertices, p.chart.uv, p.faces)) for p in self.patches))

    def warped(self, bend: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Part:
        """Return the part with ``bend`` (V x 3 to V x 3, orientation kept) applied to its vertices."""
        return Part(tuple(replace(p, vertices=bend(p.vertices)) for p in self.patches))

    def lengthened(self, start: float, end: float, extra: float) -> Part:
        """Return the part ``extra`` metres longer between z = start and z = end; what lies beyond moves along."""
        if not extra:
            return self
        towards = 1.0 if end > start else -1.0

        def stretch(v: NDArray[np.float64]) -> NDArray[np.float64]:
            share = np.clip((v[:, 2] - start) / (end - start), 0.0, 1.0)
            return np.column_stack([v[:, :2], v[:, 2] + towards * extra * share])

        return self.warped(stretch)

    @property
    def bounds(self) -> NDArray[np.float64]:
        """Lower and upper corner of the bounding box, float64 2 x 3, metres."""
        points = np.concatenate([p.vertices for p in self.patches])
        return np.stack([points.min(axis=0), points.max(axis=0)])

    def _recharted(self, new: Callable[[Chart], Chart], apply: Callable[[Patch, Chart], Patch]) -> Part:
        """Return the part with new charts, one for each old one, so that copies go on sharing."""
        charts = {id(p.chart): p.chart for p in self.patches}
        fresh = {key: new(chart) for key, chart in charts.items()}
        return Part(tuple(apply(p, fresh[id(p.chart)]) for p in self.patches))


def join(parts: Iterable[Part]) -> Part:
    """Return all parts as one."""
    return Part(tuple(patch for part in parts for patch in part.patches))


def mirror(part: Part, axis: Axis = "x") -> Part:
    """Return the part and its mirror image across ``axis``."""
    return part + part.mirrored(axis)


def row(part: Part, count: int, step: ArrayLike) -> Part:
    """Return ``count`` copies ``step`` (x, y, z metres) apart, centred about where the part stands."""
    offsets = (np.arange(count) - (count - 1) / 2.0)[:, None] * np.asarray(step, np.float64)
    return join(part.moved(*(float(v) for v in offset)) for offset in offsets)


def ring(part: Part, count: int, axis: Axis = "y", start_deg: float = 0.0) -> Part:
    """Return ``count`` copies turned about an axis through the origin at equal angles."""
    return join(part.turned(axis, start_deg + 360.0 * i / count) for i in range(count))
