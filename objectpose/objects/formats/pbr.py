"""Physically based materials of glTF as materials of the shading formula."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from objectpose.objects.formats.surface import Floats
from objectpose.objects.formats.textures import Picture, plain
from objectpose.objects.mesh import Material

CLAMP, MIRROR = 33071, 33648
GLOSS = 0.3
"""Ks of a mirror; a rougher surface has less."""
SHININESS = (8.0, 128.0)
Json = dict[str, Any]


@dataclass(frozen=True)
class Look:
    """What a glTF material looks like.

    Attributes:
        material: of the shading formula.
        uv_set: which texture coordinates it uses.
        uv_matrix: float64 2 x 3, applied to them in glTF's frame (v downwards).
        uv_scale: applied afterwards: 0.5 where the texture holds its mirror images, else 1.
    """

    material: Material
    uv_set: int
    uv_matrix: Floats
    uv_scale: float


def linear_to_srgb(light: Floats) -> Floats:
    """Return sRGB of linear light, both 0..1 (IEC 61966-2-1).

    >>> linear_to_srgb(np.array([0.0, 0.2140411, 1.0])).round(4).tolist()
    [0.0, 0.5, 1.0]
    """
    light = np.clip(light, 0.0, 1.0)
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


def srgb_to_linear(colour: Floats) -> Floats:
    """Return linear light of sRGB, both 0..1 (IEC 61966-2-1)."""
    return np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)


def look_of(entry: Json, root: Json, picture: Callable[[int], Picture | None]) -> Look:
    """Return the look of a material.

    The surface colour S is the base colour, texture times factor in linear light, as sRGB; Ka = Kd = 1. The highlight
    has the width of the GGX lobe, Ns = 2 / roughness^4 - 2 (Walter et al. 2007), held within 8..128, and
    Ks = 0.3 (1 - roughness). Metals keep their base colour as diffuse colour: there is nothing here that they could
    mirror. Emission, occlusion and normal maps are not used. Alpha counts as ``alphaMode`` says.

    Args:
        entry: of ``materials``; empty for the default material.
        root: the whole file, for samplers.
        picture: returns the picture of a texture; None where it is missing and the colour shall do.
    """
    pbr = entry.get("pbrMetallicRoughness", {})
    glossy = entry.get("extensions", {}).get("KHR_materials_pbrSpecularGlossiness")
    factor = [float(v) for v in pbr.get("baseColorFactor", (1, 1, 1, 1))]
    reference, roughness = pbr.get("baseColorTexture"), float(pbr.get("roughnessFactor", 1.0))
    if glossy is not None:
        factor = [float(v) for v in glossy.get("diffuseFactor", (1, 1, 1, 1))]
        reference, roughness = glossy.get("diffuseTexture"), 1.0 - float(glossy.get("glossinessFactor", 1.0))
    found = None if reference is None else picture(reference["index"])
    alpha = None
    if found is None or reference is None:
        red, green, blue = linear_to_srgb(np.array(factor[:3], np.float64)).tolist()
        colour, mirror, clamp = plain((red, green, blue)), False, False
    else:
        colour, alpha = _tinted(found.colour, np.array(factor[:3], np.float64)), found.alpha
        wraps = _wraps(root, reference["index"])
        mirror, clamp = MIRROR in wraps, wraps == {CLAMP}
    if mirror:
        colour = _with_mirror_images(colour)
        alpha = None if alpha is None else _with_mirror_images(alpha)
    opacity = min(max(factor[3] if len(factor) > 3 else 1.0, 0.0), 1.0)
    mode = entry.get("alphaMode", "OPAQUE")
    if mode == "MASK":
        cutoff = float(entry.get("alphaCutoff", 0.5))
        if alpha is None:
            opacity = 1.0 if opacity >= cutoff else 0.0
        else:
            alpha, opacity = np.where(alpha * (opacity / 255.0) >= cutoff, 255, 0).astype(np.uint8), 1.0
    elif mode != "BLEND":
        alpha, opacity = None, 1.0
    roughness = min(max(roughness, 0.0), 1.0)
    width = 2.0 / max(roughness, 1e-2) ** 4 - 2.0
    material = Material(
        texture=colour,
        specular=GLOSS * (1.0 - roughness),
        shininess=min(max(width, SHININESS[0]), SHININESS[1]),
        wrap=not clamp,
        opacity=opacity,
        alpha=alpha,
    )
    return Look(material, *_coordinates(reference or {}), 0.5 if mirror else 1.0)


def _coordinates(reference: Json) -> tuple[int, Floats]:
    """Return which texture coordinates are used and what KHR_texture_transform does to them."""
    transform = reference.get("extensions", {}).get("KHR_texture_transform", {})
    (x, y), (a, b) = transform.get("offset", (0.0, 0.0)), transform.get("scale", (1.0, 1.0))
    turn = float(transform.get("rotation", 0.0))
    cos, sin = math.cos(turn), math.sin(turn)
    matrix = np.array([[cos * a, sin * b, x], [-sin * a, cos * b, y]], np.float64)
    return int(transform.get("texCoord", reference.get("texCoord", 0))), matrix


def _wraps(root: Json, texture: int) -> set[int]:
    number = root["textures"][texture].get("sampler")
    sampler = {} if number is None else root["samplers"][number]
    return {int(sampler.get("wrapS", 10497)), int(sampler.get("wrapT", 10497))}


def _tinted(texture: NDArray[np.uint8], factor: Floats) -> NDArray[np.uint8]:
    if bool((factor >= 1.0).all()):
        return texture
    table = linear_to_srgb(srgb_to_linear(np.arange(256)[:, None] / 255.0) * factor)
    table8 = np.rint(255.0 * table).astype(np.uint8)
    return np.stack([table8[texture[..., k], k] for k in range(3)], axis=-1)


def _with_mirror_images(texture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return 2H x 2W: the texture at the lower left, where (u, v) / 2 reads it, its mirror images around it."""
    both = np.concatenate([texture, texture[:, ::-1]], axis=1)
    return np.ascontiguousarray(np.concatenate([both[::-1], both], axis=0))
