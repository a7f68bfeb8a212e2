"""An object in other clothes: grey, or painted in other hues, so that a drop can be told apart from a colour cue."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Literal, TypeGuard, get_args

import numpy as np
from numpy.typing import NDArray

from objectpose.errors import ObjectPoseError, nearest
from objectpose.objects.mesh import Material, Mesh

Appearance = Literal["textured", "untextured", "recoloured"]
APPEARANCES: tuple[Appearance, ...] = get_args(Appearance)
GREY = 168
TURN_DEG = (90.0, 270.0)
TINT = 0.09
Array = NDArray[np.float64]

# Oklab (Ottosson 2020): linear sRGB to cone responses, and their cube roots to lightness and two opponent axes.
_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def _known(name: str) -> TypeGuard[Appearance]:
    return name in APPEARANCES


def as_appearance(name: str) -> Appearance:
    """Return ``name`` if it is an appearance.

    Raises:
        ObjectPoseError: it is not; the nearest are named.
    """
    if not _known(name):
        raise ObjectPoseError(f"Unknown appearance '{name}'; {nearest(name, APPEARANCES)}.")
    return name


def dressed(mesh: Mesh, appearance: Appearance, seed: int = 0) -> Mesh:
    """Return the mesh in another appearance; its shape stays as it is.

    - ``textured``: as it was built.
    - ``untextured``: one matt grey for all parts; what is left is shape and shading.
    - ``recoloured``: other paint at the same lightness, see :func:`repainted`; patterns and dark parts stay.

    Args:
        mesh: any mesh.
        appearance: one of ``APPEARANCES``.
        seed: of the new paint.
    """
    if appearance == "textured":
        return mesh
    if appearance == "untextured":
        clay = Material(np.full((1, 1, 3), GREY, np.uint8))
        return replace(mesh, materials=(clay,), face_material=np.zeros_like(mesh.face_material), colours=None)
    draw = np.random.Generator(np.random.PCG64(seed))
    turn_deg, tint_deg = float(draw.uniform(*TURN_DEG)), float(draw.uniform(0.0, 360.0))
    painted: dict[str, NDArray[np.uint8]] = {}
    materials = []
    for material in mesh.materials:
        key = hashlib.sha256(material.texture.tobytes()).hexdigest()
        if key not in painted:
            painted[key] = repainted(material.texture, turn_deg, tint_deg)
        materials.append(replace(material, texture=painted[key]))
    return replace(mesh, materials=tuple(materials))


def repainted(texture: NDArray[np.uint8], turn_deg: float, tint_deg: float) -> NDArray[np.uint8]:
    """Return a texture in other hues at the same lightness.

    In Oklab every hue is turned by one angle. What has no hue of its own and is bright (white enamel, chrome, light
    cloth) gets a tint of chroma 0.09, which would otherwise stay as it is; black and dark grey (tyres, windows) get
    none. A colour that a screen cannot show loses chroma until it can.

    Args:
        texture: uint8 H x W x 3.
        turn_deg: how far hues are turned.
        tint_deg: hue of the tint.
    """
    packed = texture.reshape(-1, 3).astype(np.uint32)
    codes, inverse = np.unique((packed[:, 0] << 16) | (packed[:, 1] << 8) | packed[:, 2], return_inverse=True)
    srgb = np.stack([codes >> 16, (codes >> 8) & 255, codes & 255], axis=1) / 255.0
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    lab = np.cbrt(linear @ _TO_LMS.T) @ _TO_LAB.T
    light, chroma = lab[:, 0], np.hypot(lab[:, 1], lab[:, 2])
    cos, sin = np.cos(np.deg2rad(turn_deg)), np.sin(np.deg2rad(turn_deg))
    turned = lab[:, 1:] @ np.array([[cos, sin], [-sin, cos]])
    bright = np.clip((light - 0.45) / 0.25, 0.0, 1.0)
    share = bright * bright * (3.0 - 2.0 * bright) * np.clip(1.0 - chroma / TINT, 0.0, 1.0)
    tint = TINT * np.array([np.cos(np.deg2rad(tint_deg)), np.sin(np.deg2rad(tint_deg))])
    colours = _shown(light, turned + share[:, None] * tint)
    return np.asarray(colours[inverse.ravel()].reshape(texture.shape))


def _linear(light: Array, opponent: Array) -> Array:
    """Return linear sRGB of Oklab colours; outside 0..1 where a screen cannot show them."""
    cones = np.column_stack([light, opponent]) @ np.linalg.inv(_TO_LAB).T
    return np.asarray(cones**3 @ np.linalg.inv(_TO_LMS).T)


def _fits(linear: Array) -> NDArray[np.bool_]:
    return np.asarray(((linear >= -1e-6) & (linear <= 1.0 + 1e-6)).all(axis=1))  # colours on the edge fit


def _shown(light: Array, opponent: Array) -> NDArray[np.uint8]:
    """Return uint8 sRGB with as much of the chroma as the screen can show, found by bisection."""
    inside = _fits(_linear(light, opponent))
    low, high = inside.astype(np.float64), np.ones(len(light))
    for _ in range(12):
        middle = 0.5 * (low + high)
        fits = _fits(_linear(light, opponent * middle[:, None]))
        low, high = np.where(fits, middle, low), np.where(fits, high, middle)
    linear = np.clip(_linear(light, opponent * low[:, None]), 0.0, 1.0)
    srgb = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(srgb * 255.0), np.uint8)
