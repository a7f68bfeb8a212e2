"""One texture for a whole object: charts packed on shelves, baked texel by texel, with gutters for three mip levels.

Every island takes a cell whose sides and place are multiples of 8 texels and fills all of it but 4 texels on each
side. At mip level 3 a texel covers 8 x 8, so a bilinear read at the border of an island meets the centre of a texel of
its own cell: levels 0 to 3 never see a neighbour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from objectpose.errors import ObjectPoseError
from objectpose.objects.kit.normals import corner_normals, face_normals, on_grid
from objectpose.objects.kit.part import Chart
from objectpose.objects.kit.textures import Texture

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
MAX_LEVEL = 3
CELL = 2**MAX_LEVEL
GUTTER = CELL // 2
SIZES = (512, 1024)
TEXELS_ACROSS = 400.0
ENOUGH_ACROSS = 272.0
_PAIRS = 1_000_000


@dataclass(frozen=True)
class Atlas:
    """A baked texture and where each chart lies in it.

    Attributes:
        image: uint8 S x S x 3, row 0 at v = 1.
        uvs: for each chart that was given, float64 V x 2 in 0..1.
    """

    image: NDArray[np.uint8]
    uvs: tuple[Array, ...]


@dataclass(frozen=True)
class _Layout:
    """Cells of the islands in texels: left upper corner (x, y) I x 2 and size I x 2; turned: I, u runs down."""

    size: int
    corner: Ints
    cell: Ints
    turned: NDArray[np.bool_]


def _shelves(extents: Array, swatches: int, density: float, size: int) -> _Layout | None:
    """Pack islands of ``extents`` metres at ``density`` texels a metre, then swatches of one cell; None: no room."""
    texels = np.ceil(extents * density / CELL).astype(np.int64) * CELL + CELL
    cell = np.clip(texels, 2 * CELL, size)
    turned = cell[:, 1] > cell[:, 0]
    cell = np.where(turned[:, None], cell[:, ::-1], cell)
    cell = np.concatenate([cell, np.full((swatches, 2), CELL)])
    if int(cell.prod(axis=1).sum()) > size * size:
        return None
    corner = np.empty_like(cell)
    x = y = height = 0
    for i in np.lexsort((-cell[:, 0], -cell[:, 1])):
        wide, high = int(cell[i, 0]), int(cell[i, 1])
        if x + wide > size:
            x, y, height = 0, y + height, 0
        if y + high > size:
            return None
        corner[i] = x, y
        x, height = x + wide, max(height, high)
    return _Layout(size, corner, cell, np.concatenate([turned, np.zeros(swatches, np.bool_)]))


def layout(extents: Array, swatches: int, diameter_m: float) -> _Layout:
    """Choose the size of the atlas and the largest density that fits, up to ``TEXELS_ACROSS`` the object's diameter.

    Raises:
        ObjectPoseError: the islands do not fit into the largest atlas at any density.
    """
    for size in SIZES:
        density = TEXELS_ACROSS / diameter_m
        lowest = (ENOUGH_ACROSS if size < SIZES[-1] else 1.0) / diameter_m
        while density >= lowest:
            found = _shelves(extents, swatches, density, size)
            if found is not None:
                return found
            density *= 0.95
    raise ObjectPoseError(
        f"The {len(extents)} texture islands of an object do not fit into {SIZES[-1]} x {SIZES[-1]} texels; give small "
        "parts a plain() texture or repeat parts with row() and ring(), whose copies share islands."
    )


def _covered(xy: Array, size: int) -> tuple[Ints, Ints, Array]:
    """Find the texels whose centres lie in triangles ``xy`` F x 3 x 2: texel index, face, barycentric N x 3."""
    first = np.ceil(xy.min(axis=1) - 0.5 - 1e-6).astype(np.int64)
    last = np.floor(xy.max(axis=1) - 0.5 + 1e-6).astype(np.int64)
    span = np.maximum(last - first + 1, 0)
    e1, e2 = xy[:, 1] - xy[:, 0], xy[:, 2] - xy[:, 0]
    det = e1[:, 0] * e2[:, 1] - e1[:, 1] * e2[:, 0]
    counts = np.where(np.abs(det) > 1e-9, span.prod(axis=1), 0)
    ends = np.cumsum(counts)
    out: list[tuple[Ints, Ints, Array]] = []
    start = 0
    while start < len(xy):
        done = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, done + _PAIRS, side="right")))
        face = np.repeat(np.arange(start, stop), counts[start:stop])
        local = np.arange(len(face)) - (ends - counts - done)[face]
        x, y = first[face, 0] + local % span[face, 0], first[face, 1] + local // span[face, 0]
        dx, dy = x + 0.5 - xy[face, 0, 0], y + 0.5 - xy[face, 0, 1]
        b = (dx * e2[face, 1] - dy * e2[face, 0]) / det[face]
        c = (dy * e1[face, 0] - dx * e1[face, 1]) / det[face]
        a = 1.0 - b - c
        keep = (a >= -1e-5) & (b >= -1e-5) & (c >= -1e-5)
        out.append(((y * size + x)[keep], face[keep], np.stack([a, b, c], axis=1)[keep]))
        start = stop
    texel, face, weight = (np.concatenate([piece[k] for piece in out]) for k in range(3))
    texel, one = np.unique(texel, return_index=True)
    return texel, face[one], weight[one]


def _extended(cell: NDArray[np.uint8], known: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Fill the unknown texels of a cell with the colour of the nearest known one."""
    inner = (slice(GUTTER, -GUTTER),) * 2
    if known[inner].all():
        return np.pad(cell[inner], ((GUTTER, GUTTER), (GUTTER, GUTTER), (0, 0)), mode="edge")
    rows, cols = distance_transform_edt(~known, return_distances=False, return_indices=True)
    return np.asarray(cell[rows, cols])


@dataclass(frozen=True)
class _Surface:
    """The faces of all charts that have a texture of more than one colour, corner by corner."""

    number: Ints  # F, which chart
    faces: Ints  # F x 3, vertex of its chart
    island: Ints  # F, numbered over all charts
    uv: Array  # F x 3 x 2
    rest: Array  # F x 3 x 3
    normal: Array  # F x 3 x 3


def _surface(charts: Sequence[Chart], creases: Sequence[float], numbers: Sequence[int]) -> _Surface:
    vertices = on_grid(np.concatenate([charts[n].rest for n in numbers]))
    starts = np.cumsum([0, *(len(charts[n].rest) for n in numbers)])
    group = np.repeat(np.arange(len(numbers)), np.diff(starts))
    sizes = [len(charts[n].faces) for n in numbers]
    local = np.concatenate([charts[n].faces for n in numbers])
    faces = local + np.repeat(starts[:-1], sizes)[:, None]
    islands, total = [], 0
    for n in numbers:
        islands.append(charts[n].islands + total)
        total = int(islands[-1].max()) + 1
    solid = np.linalg.norm(face_normals(vertices, faces), axis=1)
    kept = solid > 1e-13 * solid.max()
    kept_island = np.concatenate(islands)[kept]
    _, island = np.unique(kept_island, return_inverse=True)
    crease = np.repeat(np.asarray([creases[n] for n in numbers]), sizes)[kept]
    faces = faces[kept]
    uv = on_grid(np.concatenate([charts[n].uv for n in numbers]))
    return _Surface(
        number=np.repeat(np.asarray(numbers, np.int64), sizes)[kept],
        faces=local[kept],
        island=island.astype(np.int64),
        uv=uv[faces],
        rest=vertices[faces],
        normal=corner_normals(vertices, faces, group, crease),
    )


def bake(
    charts: Sequence[Chart], textures: Sequence[Texture], creases: Sequence[float], diameter_m: float, seed: int
) -> Atlas:
    """Pack and paint one atlas for charts with their textures.

    Args:
        charts: what to lay out; each pair of chart and texture once.
        textures: one a chart; those of a single colour share one swatch a colour.
        creases: crease angle of each chart in degrees, for the normals that textures are given.
        diameter_m: size of the object, which sets the texel density.
        seed: handed to the textures.

    Raises:
        ObjectPoseError: the charts do not fit, or a texture gave colours that are not finite.
    """
    numbers = [n for n, texture in enumerate(textures) if texture.uniform is None]
    colours = sorted({t.uniform for t in textures if t.uniform is not None})
    surface = _surface(charts, creases, numbers) if numbers else None
    if surface is None:
        plan = layout(np.empty((0, 2)), len(colours), diameter_m)
        count = 0
    else:
        count = int(surface.island.max()) + 1
        low, high = np.full((count, 2), np.inf), np.full((count, 2), -np.inf)
        for k in range(3):
            np.minimum.at(low, surface.island, surface.uv[:, k])
            np.maximum.at(high, surface.island, surface.uv[:, k])
        plan = layout(high - low, len(colours), diameter_m)
    size = plan.size
    image = np.zeros((size, size, 3), np.uint8)
    uvs = [np.zeros((len(chart.rest), 2)) for chart in charts]
    if surface is not None:
        share = (surface.uv - low[surface.island][:, None]) / np.maximum(high - low, 1e-12)[surface.island][:, None]
        share = np.where(plan.turned[surface.island][:, None, None], share[..., ::-1], share)
        inner = plan.cell[surface.island] - 2 * GUTTER
        xy = plan.corner[surface.island][:, None] + GUTTER + share * inner[:, None]
        _paint(image, surface, xy, plan, [textures[n] for n in range(len(textures))], seed)
        place = np.stack([xy[..., 0] / size, 1.0 - xy[..., 1] / size], axis=-1)
        ends = np.flatnonzero(np.diff(surface.number)) + 1
        for start, stop in zip([0, *ends], [*ends, len(surface.number)], strict=True):
            uvs[surface.number[start]][surface.faces[start:stop].ravel()] = place[start:stop].reshape(-1, 2)
    for k, colour in enumerate(colours):
        x, y = plan.corner[count + k]
        image[y : y + CELL, x : x + CELL] = np.rint(np.asarray(colour) * 255.0).astype(np.uint8)
        for n, texture in enumerate(textures):
            if texture.uniform == colour:
                uvs[n][:] = (x + GUTTER) / size, 1.0 - (y + GUTTER) / size
    return Atlas(image, tuple(uvs))


def _paint(
    image: NDArray[np.uint8], surface: _Surface, xy: Array, plan: _Layout, textures: Sequence[Texture], seed: int
) -> None:
    """Evaluate the textures at the texels under the faces, then fill the rest of every cell."""
    size = plan.size
    texel, face, weight = _covered(xy, size)
    bare = np.setdiff1d(np.arange(int(surface.island.max()) + 1), surface.island[face])
    if len(bare):
        first = np.searchsorted(surface.island, bare) if (np.diff(surface.island) >= 0).all() else None
        lone = first if first is not None else np.array([np.flatnonzero(surface.island == b)[0] for b in bare])
        middle = plan.corner[bare] + plan.cell[bare] // 2
        texel = np.concatenate([texel, middle[:, 1] * size + middle[:, 0]])
        face = np.concatenate([face, lone])
        weight = np.concatenate([weight, np.full((len(bare), 3), 1.0 / 3.0)])
    position = on_grid(np.einsum("nk,nkd->nd", weight, surface.rest[face]))
    normal = np.einsum("nk,nkd->nd", weight, surface.normal[face])
    normal = on_grid(normal / np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12))
    flat, known = image.reshape(-1, 3), np.zeros(size * size, np.bool_)
    kinds: dict[int, list[int]] = {}
    for n, texture in enumerate(textures):
        kinds.setdefault(id(texture), []).append(n)
    for members in kinds.values():
        chosen = np.isin(surface.number[face], members)
        if chosen.any():
            colour = np.asarray(textures[members[0]].colour(position[chosen], normal[chosen], seed), np.float64)
            if not np.isfinite(colour).all():
                raise ObjectPoseError("A texture gave a colour that is not finite; mend the function it is made of.")
            flat[texel[chosen]] = np.rint(np.clip(colour, 0.0, 1.0) * 255.0).astype(np.uint8)
    known[texel] = True
    mask = known.reshape(size, size)
    for i in range(int(surface.island.max()) + 1):
        (x, y), (wide, high) = plan.corner[i], plan.cell[i]
        window = (slice(y, y + high), slice(x, x + wide))
        image[window] = _extended(image[window], mask[window])
