"""Textures: colours as functions of position and normal, with a finish. Colours are written '#rrggbb'."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from objectpose.errors import ObjectPoseError
from objectpose.objects.kit.noise import fbm, value_noise

Array = NDArray[np.float64]
Colour = Callable[[Array, Array, int], Array]
Weight = Callable[[Array, Array], NDArray[np.floating] | NDArray[np.bool_]]
_AXIS = {"x": 0, "y": 1, "z": 2}


@dataclass(frozen=True)
class Finish:
    """How a surface reflects, the factors of ``objects.mesh.Material``.

    Attributes:
        specular: Ks, 0..1.
        shininess: Ns, >= 1.
        ambient: Ka, 0..1.
        diffuse: Kd, 0..1.
    """

    specular: float = 0.0
    shininess: float = 16.0
    ambient: float = 1.0
    diffuse: float = 1.0


GLOSS = Finish(0.35, 40.0)
SATIN = Finish(0.15, 16.0)
MATT = Finish(0.0, 8.0)
METAL = Finish(0.55, 48.0)
GLASS = Finish(0.7, 90.0)


@dataclass(frozen=True, eq=False)
class Texture:
    """What a solid is made of.

    Attributes:
        colour: (position N x 3 in metres, normal N x 3, seed) to colours N x 3 in 0..1.
        finish: how it reflects.
        uniform: the colour where it is the same everywhere; such a texture takes one small swatch of the atlas.
    """

    colour: Colour
    finish: Finish = SATIN
    uniform: tuple[float, float, float] | None = None

    def finished(self, finish: Finish) -> Texture:
        """Return the texture with another finish, for example ``GLOSS``, ``SATIN``, ``MATT`` or ``METAL``."""
        return replace(self, finish=finish)


def rgb(text: str) -> Array:
    """Return the colour '#rrggbb' as float64 3 in 0..1.

    Raises:
        ObjectPoseError: the text is not a hash sign and six hexadecimal digits.

    >>> rgb("#ff0000")
    array([1., 0., 0.])
    """
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise ObjectPoseError(f"The colour is '{text}', expected the form '#c8202a'; write six hexadecimal digits.")
    return np.array([int(text[i : i + 2], 16) for i in (1, 3, 5)], np.float64) / 255.0


def plain(colour: str, finish: Finish = SATIN) -> Texture:
    """Return one colour everywhere; costs next to nothing in the atlas, right for bolts, wires and spokes."""
    value = rgb(colour)
    return Texture(
        lambda position, _normal, _seed: np.broadcast_to(value, position.shape),
        finish,
        (float(value[0]), float(value[1]), float(value[2])),
    )


def paint(colour: str, mottle: float = 0.04, finish: Finish = GLOSS, blotch_m: float = 0.12) -> Texture:
    """Return painted metal: one colour that varies by ``mottle`` (share of its brightness) in blotches."""
    if mottle == 0.0:
        return plain(colour, finish)
    value = rgb(colour)

    def evaluate(position: Array, _normal: Array, seed: int) -> Array:
        return value * (1.0 + 2.0 * mottle * (fbm(position / blotch_m, seed)[:, None] - 0.5))

    return Texture(evaluate, finish)


def plastic(colour: str, mottle: float = 0.015) -> Texture:
    """Return moulded plastic: even colour, broad highlight."""
    return paint(colour, mottle, Finish(0.25, 24.0), 0.08)


def rubber(colour: str = "#1d1d1f", mottle: float = 0.12) -> Texture:
    """Return black rubber, dull and a little dusty."""
    return paint(colour, mottle, Finish(0.08, 6.0), 0.03)


def leather(colour: str = "#5a2d1c") -> Texture:
    """Return leather: fine grain on slow blotches, soft highlight."""
    value = rgb(colour)

    def evaluate(position: Array, _normal: Array, seed: int) -> Array:
        grain = value_noise(position / 0.006, seed)[:, None]
        slow = fbm(position / 0.15, seed + 5)[:, None]
        return np.asarray(value * (0.74 + 0.22 * grain + 0.3 * slow))

    return Texture(evaluate, Finish(0.2, 14.0))


def metal(colour: str = "#b9bcc0", brushed: Literal["x", "y", "z", ""] = "") -> Texture:
    """Return bare metal; ``brushed`` draws fine scratches along that local axis."""
    value = rgb(colour)
    pitch = np.full(3, 0.004)
    if brushed:
        pitch[_AXIS[brushed]] = 0.25

    def evaluate(position: Array, normal: Array, seed: int) -> Array:
        sky = 0.5 + 0.5 * normal[:, 1:2]
        streak = value_noise(position / pitch, seed)[:, None] if brushed else fbm(position / 0.06, seed)[:, None]
        return np.asarray(value * (0.82 + 0.16 * sky + (0.16 if brushed else 0.08) * (streak - 0.5)))

    return Texture(evaluate, METAL)


def glass(colour: str = "#22303c", sky: str = "#8fb2cc") -> Texture:
    """Return window glass seen from outside: dark, with the sky where the local normal points up."""
    dark, bright = rgb(colour), rgb(sky)

    def evaluate(position: Array, normal: Array, seed: int) -> Array:
        cloud = fbm(position * (0.8, 1.6, 0.8), seed)
        share = np.clip(0.12 + 0.45 * normal[:, 1] + 0.5 * (cloud - 0.5), 0.0, 0.8)[:, None]
        return np.asarray(dark * (1.0 - share) + bright * share)

    return Texture(evaluate, GLASS)


def wood(
    colour: str = "#8a5a2e", axis: Literal["x", "y", "z"] = "x", grain_m: float = 0.012, finish: Finish = SATIN
) -> Texture:
    """Return wood with its fibres along the local ``axis`` and annual rings ``grain_m`` metres apart."""
    value = rgb(colour)
    along = _AXIS[axis]
    across = [k for k in range(3) if k != along]
    stretch = np.full(3, 1.0)
    stretch[along] = 0.06

    def evaluate(position: Array, _normal: Array, seed: int) -> Array:
        slow = position * stretch
        bend = fbm(slow / (6.0 * grain_m), seed)
        pith = np.array([5.1, 3.7]) * grain_m
        radius = np.sqrt(((position[:, across] + pith) ** 2).sum(axis=1)) / grain_m + 3.0 * bend
        phase = radius - np.floor(radius)
        late = np.where(phase < 0.8, phase / 0.8, (1.0 - phase) / 0.2)
        fibre = value_noise(slow / (0.22 * grain_m), seed + 3)
        tone = 1.1 - 0.3 * late * late + 0.16 * (fibre - 0.5) + 0.16 * (bend - 0.5)
        return np.asarray(value ** (1.0 + 0.35 * (1.0 - tone))[:, None] * tone[:, None])

    return Texture(evaluate, finish)


def cloth(colour: str = "#d8cfbc", thread_m: float = 0.004, contrast: float = 0.1) -> Texture:
    """Return woven cloth with threads ``thread_m`` metres wide, on all sides of a solid."""
    value = rgb(colour)

    def evaluate(position: Array, _normal: Array, seed: int) -> Array:
        wave = np.sin(np.pi * position / thread_m)
        weave = wave[:, 0] * wave[:, 1] + wave[:, 1] * wave[:, 2] + wave[:, 2] * wave[:, 0]
        slub = value_noise(position / (thread_m * 2.5), seed) - 0.5
        tone = 1.0 + contrast * (0.35 * weave + slub) + 0.06 * (fbm(position / 0.1, seed + 9) - 0.5)
        return np.asarray(value * tone[:, None])

    return Texture(evaluate, MATT)


def by(weight: Weight, off: Texture, on: Texture) -> Texture:
    """Return ``off`` where ``weight(position, normal)`` is 0 or False, ``on`` where it is 1 or True, a mixture between.

    The finish is that of ``off``. Positions are local to each solid as it was built; ``Part.settled`` makes them
    those of the object.
    """

    def evaluate(position: Array, normal: Array, seed: int) -> Array:
        share = np.clip(np.asarray(weight(position, normal), np.float64), 0.0, 1.0)[:, None]
        return off.colour(position, normal, seed) * (1.0 - share) + on.colour(position, normal, seed) * share

    return Texture(evaluate, off.finish)


def blend(off: Texture, on: Texture, share: float) -> Texture:
    """Return the mixture of two textures, ``share`` of the second."""
    return by(lambda position, _normal: np.full(len(position), share), off, on)


def stripes(
    off: Texture, on: Texture, axis: Literal["x", "y", "z"], period_m: float, share: float = 0.5, start_m: float = 0.0
) -> Texture:
    """Return stripes across ``axis``: the first ``share`` of each period, from ``start_m`` on, is ``on``."""
    return by(lambda p, _n: np.mod((p[:, _AXIS[axis]] - start_m) / period_m, 1.0) < share, off, on)


def checker(off: Texture, on: Texture, period_m: float) -> Texture:
    """Return cubes of side ``period_m`` that alternate."""
    return by(lambda p, _n: np.floor(p / period_m + 1e-6).sum(axis=1) % 2 > 0, off, on)


def gradient(off: Texture, on: Texture, axis: Literal["x", "y", "z"], start_m: float, end_m: float) -> Texture:
    """Return ``off`` up to ``start_m`` along ``axis``, ``on`` from ``end_m`` on, a smooth mixture between."""

    def weight(position: Array, _normal: Array) -> Array:
        t = np.clip((position[:, _AXIS[axis]] - start_m) / (end_m - start_m), 0.0, 1.0)
        return np.asarray(t * t * (3.0 - 2.0 * t))

    return by(weight, off, on)


def patches(off: Texture, on: Texture, size_m: float, share: float = 0.5, soft: float = 0.02) -> Texture:
    """Return irregular patches of ``on``, about ``share`` of the surface: camouflage, rust, dirt.

    Args:
        off: the ground.
        on: the patches.
        size_m: size of a patch, metres.
        share: 0..1, how much is ``on``.
        soft: width of the edge, 0.02 crisp to 0.3 washed out.
    """

    def evaluate(position: Array, normal: Array, seed: int) -> Array:
        value = fbm(position / size_m, seed + 31)
        level = 0.5 + 0.36 * (0.5 - share)
        weight = np.clip((value - level) / soft + 0.5, 0.0, 1.0)[:, None]
        ground, patch = off.colour(position, normal, seed), on.colour(position, normal, seed)
        return np.asarray(ground * (1.0 - weight) + patch * weight)

    return Texture(evaluate, off.finish)
