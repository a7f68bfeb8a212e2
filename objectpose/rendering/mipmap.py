"""Texture pyramids: every level half the size of the one before, all levels of all textures in one flat array."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from objectpose.objects.mesh import Material, rgb

MAX_LEVELS = 16


def pyramid(texture: NDArray[np.uint8], alpha: NDArray[np.uint8] | None = None) -> list[NDArray[np.uint8]]:
    """Return the mip levels of a texture, level 0 first, down to one texel.

    Args:
        texture: uint8 H x W x 3, or H x W x 1.
        alpha: uint8 H x W; where it is given, colours are averaged with it as their weight, and texels that cannot be
            seen take the colour around them, so that they leave no fringe.

    Returns:
        Levels of size max(1, H // 2^k) x max(1, W // 2^k), each the area average of the level before.

    >>> [level.shape[:2] for level in pyramid(np.zeros((4, 8, 3), np.uint8))]
    [(4, 8), (2, 4), (1, 2), (1, 1)]
    """
    levels = [np.ascontiguousarray(texture)]
    exact = texture.astype(np.float32)
    hidden = []
    if alpha is not None:
        hidden.append(alpha == 0)
        weight = np.maximum(alpha.astype(np.float32)[..., None], np.float32(1e-3))
        exact = np.concatenate([exact * weight, weight], axis=2)
    while max(exact.shape[:2]) > 1 and len(levels) < MAX_LEVELS:
        exact = _halve(_halve(exact).swapaxes(0, 1)).swapaxes(0, 1)
        shown = exact if alpha is None else exact[..., :-1] / exact[..., -1:]
        hidden += [] if alpha is None else [exact[..., -1] < 0.5]
        levels.append(np.ascontiguousarray(np.rint(shown).astype(np.uint8)))
    for number in range(len(hidden) - 2, -1, -1):
        (height, width), coarse = hidden[number].shape, levels[number + 1]
        rows = np.minimum(np.arange(height) // 2, len(coarse) - 1)
        columns = np.minimum(np.arange(width) // 2, coarse.shape[1] - 1)
        around = coarse[rows[:, None], columns]
        levels[number] = np.where(hidden[number][..., None], around, levels[number])
    return levels


def _halve(texture: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return area averages over the first axis, n to max(1, n // 2) rows."""
    rows = len(texture)
    if rows == 1:
        return texture
    if rows % 2 == 0:
        return np.asarray((texture[0::2] + texture[1::2]) / 2, np.float32)
    edges = np.linspace(0, rows, rows // 2 + 1)
    whole = np.concatenate([np.zeros_like(texture[:1]), np.cumsum(texture, axis=0, dtype=np.float64)])
    low = np.minimum(np.floor(edges).astype(int), rows - 1)
    part = (edges - low)[:, None, None]
    until = whole[low] + part * texture[low]
    return np.asarray(np.diff(until, axis=0) / (rows / (rows // 2)), np.float32)


@dataclass(frozen=True)
class TextureTable:
    """All mip levels of a mesh's materials, packed for a kernel.

    Attributes:
        texels: uint8, 1-D; a level of material m starts at ``offsets[m, level]``, row by row, three values a texel.
        offsets: int64 M x MAX_LEVELS.
        sizes: int32 M x MAX_LEVELS x 2, height and width of each level.
        last_level: int32 M, the coarsest level that may be read.
        wrap: bool M.
        alphas: uint8, 1-D, a value a texel in the same order, empty where no material has an alpha map.
        factors: float64 M x 10: Ka, Kd and Ks with three values each, Ns.
        opacity: float64 M.
        see_through: bool M, True where faces are blended over what lies behind.
    """

    texels: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    sizes: NDArray[np.int32]
    last_level: NDArray[np.int32]
    wrap: NDArray[np.bool_]
    alphas: NDArray[np.uint8]
    factors: NDArray[np.float64]
    opacity: NDArray[np.float64]
    see_through: NDArray[np.bool_]


def texture_table(materials: tuple[Material, ...]) -> TextureTable:
    """Pack the pyramids of all materials; materials that share a texture array share its texels."""
    count = len(materials)
    offsets = np.zeros((count, MAX_LEVELS), np.int64)
    sizes = np.ones((count, MAX_LEVELS, 2), np.int32)
    last_level = np.zeros(count, np.int32)
    chunks: list[NDArray[np.uint8]] = []
    veils: list[NDArray[np.uint8]] = []
    first_with: dict[tuple[int, int], int] = {}
    end = 0
    for index, material in enumerate(materials):
        twin = first_with.setdefault((id(material.texture), id(material.alpha)), index)
        if twin == index:
            levels = pyramid(material.texture, material.alpha)
            if material.alpha is None:
                veils += [np.full(level.size // 3, 255, np.uint8) for level in levels]
            else:
                veils += [level.ravel() for level in pyramid(material.alpha[..., None])]
            for number, level in enumerate(levels):
                offsets[index, number], sizes[index, number] = end, level.shape[:2]
                chunks.append(level.reshape(-1))
                end += level.size
        offsets[index], sizes[index] = offsets[twin], sizes[twin]
        coarsest = int((sizes[index].max(axis=1) > 1).sum())
        last_level[index] = coarsest if material.max_level is None else min(coarsest, material.max_level)
    return TextureTable(
        texels=np.concatenate(chunks),
        offsets=offsets,
        sizes=sizes,
        last_level=last_level,
        wrap=np.array([m.wrap for m in materials]),
        alphas=np.concatenate(veils) if any(m.alpha is not None for m in materials) else np.empty(0, np.uint8),
        factors=np.array([[*rgb(m.ambient), *rgb(m.diffuse), *rgb(m.specular), m.shininess] for m in materials]),
        opacity=np.array([m.opacity for m in materials], np.float64),
        see_through=np.array([m.see_through for m in materials]),
    )
