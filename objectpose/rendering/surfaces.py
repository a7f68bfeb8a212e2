"""Surfaces of procedural scenes that are laid in a pattern: slabs and boards on the ground, courses in a wall."""

from __future__ import annotations

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

PLASTERS: tuple[Colour, ...] = (
    (0.70, 0.64, 0.55), (0.58, 0.38, 0.30), (0.80, 0.77, 0.70), (0.55, 0.54, 0.53), (0.66, 0.55, 0.42),
    (0.48, 0.50, 0.54), (0.74, 0.66, 0.50),
)  # fmt: skip
WOODS: tuple[Colour, ...] = (
    (0.60, 0.43, 0.27), (0.48, 0.32, 0.20), (0.72, 0.57, 0.39), (0.36, 0.25, 0.18), (0.66, 0.56, 0.44),
)  # fmt: skip


def one_of(rng: np.random.Generator, colours: tuple[Colour, ...], amount: float) -> Colour:
    """Return a random one of some colours, moved by ``amount`` as in ``canvas.jitter``."""
    return jitter(rng, colours[int(rng.integers(len(colours)))], amount)


def slabs(
    rng: np.random.Generator, floor: Floor, colour: Colour, size: float, *, bond: bool, spread: float, dark: float
) -> Plane:
    """Return square slabs seen in perspective, turned at random, float32 3 x rows x S.

    Args:
        rng: draws the turn and the tone of each slab.
        floor: of ``Canvas.floor``.
        colour: of the slabs.
        size: slabs a height of the eye.
        bond: True moves every second row by half a slab.
        spread: how different their brightness is, 0..1.
        dark: how dark the joints are, 0..1.
    """
    turn = np.float32(pick(rng, -0.4, 0.4))
    u = (floor.across + turn * floor.away) * np.float32(size)
    v = (floor.away - turn * floor.across) * np.float32(size)
    if bond:
        u = u + np.float32(0.5) * _odd(np.floor(v))
    foot = np.maximum(floor.wide, floor.long) * np.float32(size) + np.float32(0.015)
    joint = np.zeros_like(u)
    for at in (u, v):
        near = np.abs(at - np.floor(at) - np.float32(0.5))
        line = smooth((near - np.float32(0.475)) / foot + np.float32(0.5))
        joint = np.maximum(joint, line * np.minimum(np.float32(1), np.float32(0.08) / foot))
    calm = np.minimum(np.float32(1), np.float32(0.7) / foot)
    tone = (cell_values(draw_seed(rng), np.floor(u), np.floor(v)) - np.float32(0.5)) * calm
    value = (np.float32(1) + np.float32(spread) * tone) * (np.float32(1) - np.float32(dark) * joint)
    return np.asarray(channels(colour) * value, np.float32)


def boards(rng: np.random.Generator, floor: Floor, wide: float, blur: float) -> Plane:
    """Return wooden boards along or across the line of sight, each of its own tone, float32 3 x rows x S.

    Args:
        rng: draws wood, direction and tones.
        floor: of ``Canvas.floor``.
        wide: width of a board in heights of the eye.
        blur: of the grain, in widths of the picture.
    """
    across = rng.random() < 0.5
    side, along = (floor.away, floor.across) if across else (floor.across, floor.away)
    u = side / np.float32(wide)
    row = np.floor(u)
    v = along / np.float32(wide * pick(rng, 5.0, 9.0))
    v = v + cell_values(draw_seed(rng), row, row * np.float32(0)) * np.float32(7)
    tone = cell_values(draw_seed(rng), row, np.floor(v)) - np.float32(0.5)
    grain = ground_noise(draw_seed(rng), floor, (2.2, 26.0) if across else (26.0, 2.2), 4, gain=0.7, blur=blur)
    foot = (floor.long if across else floor.wide) / np.float32(wide) + np.float32(0.02)
    near = np.abs(u - row - np.float32(0.5))
    joint = smooth((near - np.float32(0.48)) / foot + np.float32(0.5))
    joint = joint * np.minimum(np.float32(1), np.float32(0.06) / foot)
    calm = np.minimum(np.float32(1), np.float32(0.8) / foot)
    value = np.float32(1) + np.float32(0.26) * tone * calm + np.float32(0.075) * grain
    return np.asarray(channels(one_of(rng, WOODS, 0.2)) * value * (np.float32(1) - np.float32(0.4) * joint), np.float32)


def courses(canvas: Canvas, rng: np.random.Generator, colour: Colour, blur: float, *, brick: bool) -> Plane:
    """Return a wall of bricks in bond, or of square tiles, seen head-on, float32 3 x S x S."""
    rows = pick(rng, 14.0, 24.0) if brick else pick(rng, 5.0, 12.0)
    columns = rows / 2.6 if brick else rows
    v = canvas.y * np.float32(rows) + np.zeros_like(canvas.x)
    u = canvas.x * np.float32(columns) + np.float32(0.5 if brick else 0.0) * _odd(np.floor(v))
    tone = cell_values(draw_seed(rng), np.floor(u), np.floor(v)) - np.float32(0.5)
    spread, gap, joint = (0.22, 0.06, (0.70, 0.66, 0.60)) if brick else (0.06, 0.03, (0.72, 0.71, 0.69))
    lines = np.zeros_like(u)
    for at, count in ((u, columns), (v, rows)):
        middle = np.abs(at - np.floor(at) - np.float32(0.5))
        inside = (np.float32(0.5 - gap * count / rows) - middle) / np.float32(count)
        lines = np.maximum(lines, np.float32(1) - canvas.edge(inside, 0.6 * blur))
    wall = channels(colour) * (np.float32(1) + np.float32(spread) * tone)
    return mix(wall, channels(joint), lines * np.float32(0.75))


def _odd(rows: Plane) -> Plane:
    """Return 1 for odd whole numbers and 0 for even ones."""
    return np.asarray(rows - np.float32(2) * np.floor(rows * np.float32(0.5)), np.float32)
