"""Scenes under the sky: light of the day, clouds, hills, trees and houses out of focus, and the ground."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from objectpose.rendering.canvas import (
    Canvas,
    Colour,
    Floor,
    Plane,
    cell_values,
    channels,
    draw_seed,
    ground_noise,
    jitter,
    mix,
    pick,
    smooth,
)
from objectpose.rendering.surfaces import PLASTERS, boards, courses, one_of, slabs


@dataclass(frozen=True)
class Hour:
    """The light of a time of day and a weather.

    Attributes:
        zenith: colour of the sky at the top.
        haze: colour of the sky above the horizon, and of what is far.
        sun: tint of what the sun reaches.
        shade: tint of what it does not.
        cloud: brightness of clouds, 0..1.
        strength: how much darker shadows are, 0 (overcast) to 1.
    """

    zenith: Colour
    haze: Colour
    sun: Colour
    shade: Colour
    cloud: float
    strength: float


HOURS = (
    Hour((0.30, 0.50, 0.80), (0.74, 0.84, 0.93), (1.08, 1.04, 0.97), (0.62, 0.68, 0.80), 0.97, 0.75),
    Hour((0.42, 0.58, 0.80), (0.83, 0.87, 0.90), (1.06, 1.02, 0.96), (0.68, 0.72, 0.80), 0.95, 0.6),
    Hour((0.66, 0.69, 0.73), (0.82, 0.83, 0.84), (0.92, 0.93, 0.95), (0.82, 0.84, 0.88), 0.88, 0.12),
    Hour((0.52, 0.55, 0.60), (0.72, 0.74, 0.76), (0.82, 0.84, 0.87), (0.72, 0.75, 0.80), 0.76, 0.1),
    Hour((0.40, 0.52, 0.72), (0.95, 0.80, 0.60), (1.15, 0.96, 0.72), (0.55, 0.55, 0.66), 0.95, 0.7),
    Hour((0.36, 0.40, 0.58), (0.88, 0.66, 0.56), (0.88, 0.74, 0.66), (0.50, 0.50, 0.62), 0.78, 0.3),
    Hour((0.70, 0.76, 0.80), (0.88, 0.89, 0.88), (0.98, 0.97, 0.94), (0.80, 0.83, 0.88), 0.93, 0.25),
)
LEAVES: tuple[Colour, ...] = (
    (0.26, 0.36, 0.14), (0.20, 0.31, 0.15), (0.33, 0.40, 0.16), (0.18, 0.28, 0.18), (0.47, 0.38, 0.15),
    (0.44, 0.29, 0.14), (0.36, 0.32, 0.25),
)  # fmt: skip
GROUNDS = (
    "meadow", "lawn", "dry grass", "asphalt", "asphalt", "sand", "snow", "paving", "paving", "cobbles", "cobbles",
    "soil", "gravel", "concrete", "concrete", "deck",
)  # fmt: skip
SOFT = ("meadow", "lawn", "dry grass", "sand", "snow", "soil", "gravel")
VERGES = ("lawn", "lawn", "soil", "asphalt", "concrete", "gravel", "sand")


def outdoors(canvas: Canvas, rng: np.random.Generator) -> Plane:
    """Return a scene under the sky, float32 3 x S x S, about 0..1.

    Two thirds of the scenes are wide views with hills, trees or houses; some end at a wall near by; in some the eye
    looks down, so that there is nothing but the ground.
    """
    hour = HOURS[int(rng.integers(len(HOURS)))]
    blur = pick(rng, 0.008, 0.03)
    ground = GROUNDS[int(rng.integers(len(GROUNDS)))]
    kind = rng.random()
    if kind < 0.12:
        horizon = pick(rng, -0.5, -0.1)
        picture = np.zeros((3, canvas.size_px, canvas.size_px), np.float32)
        return _ground(canvas, rng, hour, picture, horizon, ground, blur, top=-1.0)
    if kind < 0.32:
        foot = pick(rng, 0.3, 0.6)
        picture = canvas.blurred(_wall(canvas, rng, hour, foot, blur), 0.5 * blur, foot + 0.02)
        return _ground(canvas, rng, hour, picture, foot - pick(rng, 0.1, 0.35), ground, blur, top=foot)
    horizon = pick(rng, 0.16, 0.52)
    picture = _sky(canvas, rng, hour, horizon)
    for step in range(int(rng.integers(3))):
        picture = _hills(canvas, rng, hour, picture, horizon, 0.75 - 0.25 * step, blur)
    backdrop = int(rng.integers(6))
    if backdrop in (0, 1, 4):
        picture = _houses(canvas, rng, hour, picture, horizon, blur)
    if backdrop != 1:
        picture = _trees(canvas, rng, hour, picture, horizon, blur, low=backdrop in (0, 4))
    if rng.random() < 0.35:
        picture = _fence(canvas, rng, hour, picture, horizon, blur)
    picture = canvas.blurred(picture, 0.5 * blur, horizon + 0.02)
    return _ground(canvas, rng, hour, picture, horizon, ground, blur, top=horizon + 0.004)


def _wall(canvas: Canvas, rng: np.random.Generator, hour: Hour, foot: float, blur: float) -> Plane:
    """Return the wall of a building near by: plaster, brick or concrete, stained, with a plinth and a soft shadow."""
    stain = canvas.noise(draw_seed(rng), (2.0, 1.2), 6, gain=0.62, blur=0.3 * blur)
    if rng.random() < 0.4:
        bricks = ((0.58, 0.38, 0.30), (0.72, 0.68, 0.62), (0.48, 0.36, 0.31))
        wall = courses(canvas, rng, one_of(rng, bricks, 0.15), blur, brick=True)
    else:
        wall = channels(one_of(rng, PLASTERS, 0.2)) + np.zeros_like(stain)
    wall = wall * (np.float32(1) + np.float32(0.045) * stain)
    plinth = canvas.box(-1.0, foot - pick(rng, 0.03, 0.12), 2.0, 2.0, blur)
    wall = wall * (np.float32(1) - np.float32(pick(rng, 0.0, 0.3)) * plinth)
    edge = canvas.noise(draw_seed(rng), (1.2, 1.2), 5, gain=0.6)
    slope = np.float32(pick(rng, -2.0, 2.0)) * (canvas.x - np.float32(pick(rng, 0.0, 1.0)))
    shadow = edge + slope + np.float32(1.5) * (canvas.y - np.float32(0.3))
    dark = smooth(np.asarray(shadow * np.float32(1.5), np.float32))
    level = mix(channels(hour.sun) + np.zeros_like(dark), channels(hour.shade), dark * np.float32(hour.strength))
    return np.asarray(wall * level, np.float32)


def _fence(canvas: Canvas, rng: np.random.Generator, hour: Hour, picture: Plane, horizon: float, blur: float) -> Plane:
    """Add a low hedge or a low wall before what is far."""
    tall = pick(rng, 0.025, 0.08)
    lumps = canvas.noise(draw_seed(rng), (12.0, 12.0), 4, gain=0.65, blur=0.6 * blur)
    green = rng.random() < 0.6
    colour = channels(one_of(rng, LEAVES if green else PLASTERS, 0.25))
    ragged = np.float32(0.006 if green else 0.0)
    down = canvas.y - np.float32(horizon - tall) + ragged * lumps
    from_top = np.asarray(np.float32(1) - down / np.float32(tall), np.float32)
    lit = np.float32(0.72) + np.float32(0.22) * smooth(from_top)
    tone = lit + np.float32(0.14 if green else 0.04) * lumps
    return mix(picture, colour * tone * channels(hour.sun), canvas.edge(down, blur))


def _sky(canvas: Canvas, rng: np.random.Generator, hour: Hour, horizon: float) -> Plane:
    high = smooth((np.float32(horizon) - canvas.y) / np.float32(0.75) + np.zeros_like(canvas.x))
    picture = mix(channels(hour.haze) + np.zeros_like(high), channels(hour.zenith), np.sqrt(high))
    cover = pick(rng, -0.9, 1.1)
    seed = draw_seed(rng)
    cells = (pick(rng, 1.5, 3.0), pick(rng, 3.5, 6.0))
    cloud = canvas.noise(seed, cells, 6, gain=0.52, blur=0.006)
    lit = cloud - canvas.noise(seed, cells, 3, gain=0.52, blur=0.02, shift=(0.02, 0.05))
    amount = smooth((cloud + np.float32(cover)) * np.float32(0.45))
    bright = np.float32(hour.cloud) * (np.float32(0.93) - np.float32(0.10) * np.clip(lit, -1, 1))
    tint = channels(hour.haze) * np.float32(0.35) + np.float32(0.65)
    return mix(picture, np.clip(bright * tint, 0, 1), amount * np.float32(0.9))


def _hills(
    canvas: Canvas, rng: np.random.Generator, hour: Hour, picture: Plane, horizon: float, haze: float, blur: float
) -> Plane:
    rise = pick(rng, 0.02, 0.10) * (0.5 + haze)
    top = np.float32(horizon - rise) + np.float32(0.35 * rise) * canvas.line(
        draw_seed(rng), pick(rng, 1.5, 3.5), 6, 0.45
    )
    land = one_of(rng, LEAVES, 0.2)
    grain = canvas.noise(draw_seed(rng), (12.0, 24.0), 4, gain=0.6, blur=blur)
    colour = channels(land) * (np.float32(1) + np.float32(0.22) * grain) * channels(hour.sun)
    colour = mix(colour, channels(hour.haze), haze)
    return mix(picture, colour, canvas.edge(canvas.y - top, blur))


def _trees(
    canvas: Canvas, rng: np.random.Generator, hour: Hour, picture: Plane, horizon: float, blur: float, *, low: bool
) -> Plane:
    """Add one or two rows of crowns, lit from above, their outline as ragged as their inside."""
    for row in range(1 + int(rng.integers(2))):
        tall = pick(rng, 0.04, 0.12) if low else pick(rng, 0.05, 0.6 * horizon + 0.12)
        seed = draw_seed(rng)
        size = pick(rng, 5.0, 11.0)
        lumps = canvas.noise(seed, (size, size), 5, gain=0.62, blur=0.5 * blur)
        light = lumps - canvas.noise(seed, (size, size), 3, gain=0.62, blur=blur, shift=(0.01, 0.03))
        outline = canvas.line(draw_seed(rng), pick(rng, 2.0, 5.0), 4, 0.6)
        top = np.float32(horizon - tall) + np.float32(0.25 * tall) * outline
        first = one_of(rng, LEAVES, 0.3)
        second = one_of(rng, LEAVES, 0.3)
        hue = smooth(canvas.noise(draw_seed(rng), (4.0, 2.0), 3) * np.float32(0.5) + np.float32(0.5))
        leaf = mix(channels(first) + np.zeros_like(hue), channels(second), hue)
        depth = smooth(np.asarray((canvas.y - top) / np.float32(max(tall, 0.05)), np.float32))
        value = np.float32(0.95) - np.float32(0.50) * depth - np.float32(0.42) * light + np.float32(0.20) * lumps
        bright = smooth(value)
        colour = leaf * (channels(hour.shade) * np.float32(0.62) + channels(hour.sun) * np.float32(1.1) * bright)
        colour = mix(colour, channels(hour.haze), 0.22 - 0.12 * row)
        inside = canvas.edge(canvas.y - top + np.float32(0.022) * lumps, 1.5 * blur)
        picture = mix(picture, colour, inside)
    return picture


def _houses(canvas: Canvas, rng: np.random.Generator, hour: Hour, picture: Plane, horizon: float, blur: float) -> Plane:
    """Add a row of buildings with roofs and rows of windows, near enough to be blurred."""
    left = pick(rng, -0.25, 0.05)
    gabled = rng.random() < 0.5
    while left < 1.0:
        wide = pick(rng, 0.14, 0.42)
        tall = pick(rng, 0.06, 0.16) if gabled else pick(rng, 0.08, 0.32)
        eaves = horizon - tall
        middle = left + 0.5 * wide
        colour = one_of(rng, PLASTERS, 0.25)
        roof = jitter(rng, (0.40, 0.27, 0.22) if rng.random() < 0.5 else (0.32, 0.32, 0.34), 0.3)
        slope = pick(rng, 0.25, 0.6) if gabled else 0.0
        top = np.float32(eaves - 0.5 * slope * wide) + np.float32(slope) * np.abs(canvas.x - np.float32(middle))
        across = canvas.edge(canvas.x - np.float32(left), blur) * canvas.edge(np.float32(left + wide) - canvas.x, blur)
        level = hour.sun if rng.random() < 0.5 else hour.shade
        stain = np.float32(1) + np.float32(0.05) * canvas.noise(draw_seed(rng), (6.0, 9.0), 4, blur=0.5 * blur)
        wall = channels(colour) * channels(level) * stain
        columns = max(2, int(wide / pick(rng, 0.045, 0.09)))
        storey = pick(rng, 0.05, 0.08)
        u = (canvas.x - np.float32(left)) / np.float32(wide) * np.float32(columns)
        v = (canvas.y - np.float32(eaves)) / np.float32(storey)
        seed = draw_seed(rng)
        pane_u, pane_v = u - np.floor(u) - np.float32(0.5), v - np.floor(v) - np.float32(0.5)
        pane = canvas.edge((np.float32(0.26) - np.abs(pane_u)) * np.float32(wide / columns), 0.5 * blur)
        pane = pane * canvas.edge((np.float32(0.30) - np.abs(pane_v)) * np.float32(storey), 0.5 * blur)
        glass = np.float32(0.16) + np.float32(0.34) * cell_values(seed, np.floor(u), np.floor(v))
        wall = mix(wall, channels(hour.haze) * glass, pane * np.float32(0.8))
        picture = mix(picture, channels(roof) * channels(hour.sun), across * canvas.edge(canvas.y - top, blur))
        picture = mix(picture, wall, across * canvas.edge(canvas.y - np.float32(eaves), blur))
        left += wide * (1.0 if rng.random() < 0.6 else 1.0 + pick(rng, 0.1, 0.7))
    return picture


def _surface(rng: np.random.Generator, kind: str, floor: Floor, blur: float) -> Plane:
    """Return the colour of the ground in full light, float32 3 x rows x S."""
    wide = ground_noise(draw_seed(rng), floor, (0.8, 0.3), 5, gain=0.6)
    one = np.float32(1)
    if kind in ("meadow", "lawn", "dry grass"):
        base, other = {
            "meadow": ((0.33, 0.40, 0.20), (0.46, 0.44, 0.27)),
            "lawn": ((0.30, 0.40, 0.19), (0.37, 0.44, 0.23)),
            "dry grass": ((0.60, 0.53, 0.34), (0.45, 0.44, 0.24)),
        }[kind]
        blades = ground_noise(draw_seed(rng), floor, (24.0, 9.0), 4, gain=0.75, blur=blur)
        hue = smooth(np.float32(0.5) + np.float32(0.3) * wide + np.float32(0.05) * blades)
        rough = 0.11 if kind == "lawn" else 0.15
        colour = mix(channels(jitter(rng, base, 0.15)) + np.zeros_like(hue), channels(jitter(rng, other, 0.15)), hue)
        return np.asarray(colour * (one + np.float32(rough) * blades), np.float32)
    grain = ground_noise(draw_seed(rng), floor, (30.0, 22.0), 4, gain=0.75, blur=blur)
    if kind == "deck":
        return boards(rng, floor, pick(rng, 0.1, 0.2), blur)
    if kind in ("paving", "cobbles"):
        size, spread = (pick(rng, 1.5, 4.0), 0.16) if kind == "paving" else (pick(rng, 6.0, 11.0), 0.3)
        stone = slabs(rng, floor, one_of(rng, PLASTERS, 0.2), size, bond=rng.random() < 0.7, spread=spread, dark=0.38)
        return np.asarray(stone * (one + np.float32(0.06) * wide + np.float32(0.05) * grain), np.float32)
    base, broad, fine = {
        "asphalt": ((0.47, 0.47, 0.48), 0.07, 0.055),
        "concrete": ((0.66, 0.65, 0.62), 0.06, 0.025),
        "gravel": ((0.60, 0.57, 0.53), 0.05, 0.11),
        "sand": ((0.78, 0.71, 0.58), 0.05, 0.04),
        "snow": ((0.92, 0.94, 0.97), 0.025, 0.02),
        "soil": ((0.53, 0.46, 0.37), 0.10, 0.09),
    }[kind]
    if kind in ("sand", "snow"):
        drift = ground_noise(draw_seed(rng), floor, (1.5, 1.2), 5, gain=0.6, blur=blur)
        wide = wide + drift
    tone = one + np.float32(broad) * wide + np.float32(fine) * grain
    return np.asarray(channels(jitter(rng, base, 0.1 if kind == "snow" else 0.2)) * tone, np.float32)


def _ground(
    canvas: Canvas,
    rng: np.random.Generator,
    hour: Hour,
    picture: Plane,
    horizon: float,
    kind: str,
    blur: float,
    *,
    top: float,
) -> Plane:
    """Add the ground from the row ``top`` on: one surface or two, in sun and shade."""
    focal = pick(rng, 1.2, 2.6)
    floor = canvas.floor(horizon, focal, top)
    colour = _surface(rng, kind, floor, 0.25 * blur)
    if rng.random() < 0.5:
        beyond = VERGES[int(rng.integers(len(VERGES)))]
        bend = ground_noise(draw_seed(rng), floor, (0.4, 0.1), 3)
        start = focal / (max(top, 0.0) - horizon + pick(rng, 0.06, 0.5))
        where = floor.away - np.float32(start) - np.float32(pick(rng, -3.0, 3.0)) * floor.across
        step = (where + np.float32(0.08 * start) * bend) / (np.float32(2) * floor.long + np.float32(0.05))
        colour = mix(colour, _surface(rng, beyond, floor, 0.25 * blur), smooth(step + np.float32(0.5)))
    if hour.strength > 0.2:
        spots = ground_noise(draw_seed(rng), floor, (pick(rng, 0.3, 0.9), pick(rng, 0.06, 0.3)), 5, gain=0.6)
        shaded = smooth(spots * np.float32(1.1) + np.float32(pick(rng, -0.8, 0.6)))
    else:
        shaded = np.zeros_like(floor.across)
    lit = mix(channels(hour.sun) + np.zeros_like(shaded), channels(hour.shade), shaded * np.float32(hour.strength))
    colour = colour * lit
    far = np.minimum(floor.away / np.float32(400.0), np.float32(0.3))
    colour = mix(colour, channels(hour.haze), far)
    whole = picture.copy()
    whole[:, floor.first :] = colour * np.float32(1.12)
    ragged = np.float32(0.004 if kind in SOFT else 0.0006)
    fuzzy = canvas.y - np.float32(top) + ragged * canvas.line(draw_seed(rng), 6.0, 5, 0.7)
    return mix(picture, whole, canvas.edge(fuzzy, 0.7 * blur))
