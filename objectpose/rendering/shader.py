"""The shading formula of ``scene`` in torch, for samples of which the face is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from objectpose.objects.mesh import Mesh
from objectpose.rendering.mipmap import TextureTable
from objectpose.rendering.scene import HALF_HEIGHT_PER_DEPTH, Light


@dataclass(frozen=True)
class Surface:
    """What shading reads of a mesh, on a device.

    Attributes:
        faces: int64 F x 3.
        material: int64 F.
        normals: float64 V x 3.
        uvs: float64 V x 2.
        colours: float64 V x 3, 0..1, or None.
        texels: uint8 T x 3, all levels of all textures; a level starts at ``offsets``.
        alphas: uint8 T, or empty.
        offsets: int64 M x L.
        sizes: int64 M x L x 2.
        last_level: float64 M.
        wrap: bool M.
        factors: float64 M x 10.
        opacity: float64 M.
    """

    faces: torch.Tensor
    material: torch.Tensor
    normals: torch.Tensor
    uvs: torch.Tensor
    colours: torch.Tensor | None
    texels: torch.Tensor
    alphas: torch.Tensor
    offsets: torch.Tensor
    sizes: torch.Tensor
    last_level: torch.Tensor
    wrap: torch.Tensor
    factors: torch.Tensor
    opacity: torch.Tensor

    @classmethod
    def of(cls, mesh: Mesh, faces: torch.Tensor, table: TextureTable, device: torch.device) -> Surface:
        """Return the surface of a mesh on a device."""

        def put(array: np.ndarray, dtype: torch.dtype) -> torch.Tensor:
            return torch.as_tensor(np.ascontiguousarray(array)).to(device=device, dtype=dtype)

        colours = None if mesh.colours is None else put(mesh.colours, torch.float64) / 255.0
        return cls(
            faces=faces,
            material=put(mesh.face_material, torch.int64),
            normals=put(mesh.normals, torch.float64),
            uvs=put(mesh.uvs, torch.float64),
            colours=colours,
            texels=put(table.texels.reshape(-1, 3), torch.uint8),
            alphas=put(table.alphas, torch.uint8),
            offsets=put(table.offsets // 3, torch.int64),
            sizes=put(table.sizes, torch.int64),
            last_level=put(table.last_level, torch.float64),
            wrap=put(table.wrap, torch.bool),
            factors=put(table.factors, torch.float64),
            opacity=put(table.opacity, torch.float64),
        )


@dataclass(frozen=True)
class Samples:
    """Samples that show a face.

    Attributes:
        where: int64 K x 3: picture, row, column.
        face: int64 K, index into the faces of that picture's surface.
        size: samples along each side of a picture.
    """

    where: torch.Tensor
    face: torch.Tensor
    size: int


def shade(
    surfaces: Sequence[Surface],
    places: Sequence[torch.Tensor],
    rotations: torch.Tensor,
    lights: Sequence[Light],
    samples: Samples,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the colours of samples, float32 K x 3 from 0 to 255, and their opacities, float32 K.

    Args:
        surfaces: of each picture.
        places: of each picture: x and y in samples and depth of every vertex, V x 3.
        rotations: float64 P x 3 x 3.
        lights: of each picture.
        samples: what to shade; sorted by picture.
    """
    device = rotations.device
    colour = torch.empty((len(samples.face), 3), dtype=torch.float32, device=device)
    opacity = torch.empty(len(samples.face), dtype=torch.float32, device=device)
    bounds = torch.searchsorted(
        samples.where[:, 0].contiguous(), torch.arange(len(surfaces) + 1, device=device)
    ).tolist()
    # Neighbouring pictures of one mesh are shaded together.
    start = 0
    while start < len(surfaces):
        stop = start + 1
        while stop < len(surfaces) and surfaces[stop] is surfaces[start] and lights[stop] == lights[start]:
            stop += 1
        some = slice(bounds[start], bounds[stop])
        part = Samples(
            samples.where[some] - torch.tensor([start, 0, 0], device=device), samples.face[some], samples.size
        )
        stacked = torch.stack(list(places[start:stop]))
        colour[some], opacity[some] = _shade(surfaces[start], stacked, rotations[start:stop], lights[start], part)
        start = stop
    return colour, opacity


def _shade(
    surface: Surface, places: torch.Tensor, rotations: torch.Tensor, light: Light, samples: Samples
) -> tuple[torch.Tensor, torch.Tensor]:
    picture, row, column = samples.where.unbind(1)
    corner = surface.faces[samples.face]
    material = surface.material[samples.face]
    place = places[picture[:, None], corner]
    middle = torch.stack([column, row], 1).double() + 0.5
    x, y = (place[..., :2] - middle[:, None]).unbind(2)  # K x 3, with the sample at the origin
    inverse = 1.0 / place[..., 2]
    area = (x[:, 1] - x[:, 0]) * (y[:, 2] - y[:, 0]) - (x[:, 2] - x[:, 0]) * (y[:, 1] - y[:, 0])
    after, last = x.roll(-1, 1), y.roll(-1, 1)
    far_x, far_y = x.roll(-2, 1), y.roll(-2, 1)
    edge_x = (last - far_y) / area[:, None] * inverse
    edge_y = (far_x - after) / area[:, None] * inverse
    weight = -edge_x * after - edge_y * last
    total = weight.sum(1, keepdim=True)
    uv = surface.uvs[corner]
    u, v = ((weight[..., None] * uv).sum(1) / total).unbind(1)
    normal = (weight[..., None] * surface.normals[corner]).sum(1)
    normal = torch.einsum("kij,kj->ki", rotations[picture], normal)
    height, width = surface.sizes[material, 0].double().unbind(1)
    step = torch.zeros_like(u)
    for edge in (edge_x, edge_y):
        whole = edge.sum(1)
        du, dv = (edge[..., None] * uv).sum(1).unbind(1)
        step = torch.maximum(step, ((du - u * whole) * width) ** 2 + ((dv - v * whole) * height) ** 2)
    step = step / total[:, 0] ** 2
    level = torch.where(step > 1.0, 0.5 * torch.log2(step.clamp_min(1.0)), torch.zeros_like(step))
    level = torch.minimum(level, surface.last_level[material])
    low = level.floor().long()
    high = torch.minimum(low + 1, surface.last_level[material].long())
    share = (level - low)[:, None]
    base = _texel(surface, surface.texels, material, low, u, v)
    base = base + share * (_texel(surface, surface.texels, material, high, u, v) - base)
    if surface.colours is not None:
        base = base * ((weight[..., None] * surface.colours[corner]).sum(1) / total)
    length = normal.norm(dim=1, keepdim=True)
    flip = torch.where(area < 0, 1.0, -1.0)[:, None]
    normal = normal * flip / torch.where(length > 0, length, torch.ones_like(length))
    towards = torch.tensor(light.direction, dtype=torch.float64, device=u.device)
    towards = towards / towards.norm()
    lambert = (normal @ towards).clamp_min(0.0)[:, None]
    factors = surface.factors[material]
    result = (light.ambient * factors[:, 0:3] + light.diffuse * lambert * factors[:, 3:6]) * base
    sight = (middle / (samples.size / 2.0) - 1.0) * HALF_HEIGHT_PER_DEPTH
    view = torch.cat([-sight[:, :1], sight[:, 1:], torch.ones_like(sight[:, :1])], 1)
    view = view / view.norm(dim=1, keepdim=True)
    mirrored = 2.0 * lambert * normal - towards
    glint = (view * mirrored).sum(1, keepdim=True).clamp_min(0.0) ** factors[:, 9:10]
    glint = torch.where(lambert > 0, 255.0 * light.specular * glint, torch.zeros_like(glint))
    result = (result + glint * factors[:, 6:9]).clamp_max(255.0)
    opacity = surface.opacity[material]
    if len(surface.alphas):
        alphas = surface.alphas[:, None]
        veil = _texel(surface, alphas, material, low, u, v)
        veil = veil + share * (_texel(surface, alphas, material, high, u, v) - veil)
        opacity = opacity * veil[:, 0] / 255.0
    return result.float(), opacity.float()


def _texel(
    surface: Surface, table: torch.Tensor, material: torch.Tensor, level: torch.Tensor, u: torch.Tensor, v: torch.Tensor
) -> torch.Tensor:
    """Read one level bilinearly, 0..255 a channel, K x C; texel centres lie at half-integers."""
    start = surface.offsets[material, level]
    height, width = surface.sizes[material, level].unbind(1)
    wrap = surface.wrap[material]
    x, y = u * width - 0.5, (1.0 - v) * height - 0.5
    x0, y0 = x.floor(), y.floor()
    fx, fy = (x - x0)[:, None], (y - y0)[:, None]

    def at(index: torch.Tensor, size: torch.Tensor) -> torch.Tensor:
        whole = index.long()
        return torch.where(wrap, whole.remainder(size), torch.minimum(whole.clamp_min(0), size - 1))

    left, right = at(x0, width), at(x0 + 1, width)
    top, low = start + at(y0, height) * width, start + at(y0 + 1, height) * width
    upper = (1 - fx) * table[top + left].double() + fx * table[top + right].double()
    lower = (1 - fx) * table[low + left].double() + fx * table[low + right].double()
    return (1 - fy) * upper + fy * lower
