"""Scenes under a roof: walls, floors and table tops in window light, out of focus."""

from __future__ import annotations

import numpy as np

from objectpose.rendering.canvas import (
    Canvas,
    Colour,
    Floor,
    Plane,
    channels,
    draw_seed,
    ground_noise,
    jitter,
    mix,
    pick,
    smooth,
)
from objectpose.rendering.surfaces import WOODS, boards, courses, one_of, slabs

PAINTS: tuple[Colour, ...] = (
    (0.86, 0.83, 0.77), (0.80, 0.80, 0.78), (0.72, 0.75, 0.72), (0.66, 0.72, 0.78), (0.82, 0.74, 0.62),
    (0.60, 0.62, 0.58), (0.76, 0.66, 0.60), (0.90, 0.89, 0.86), (0.50, 0.54, 0.58), (0.62, 0.48, 0.40),
)  # fmt: skip
FABRICS: tuple[Colour, ...] = (
    (0.55, 0.52, 0.47), (0.38, 0.42, 0.48), (0.62, 0.45, 0.38), (0.72, 0.68, 0.58), (0.44, 0.46, 0.38),
    (0.34, 0.33, 0.34),
)  # fmt: skip


def indoors(canvas: Canvas, rng: np.random.Generator) -> Plane:
    """Return a scene under a roof, float32 3 x S x S, about 0..1."""
    blur = pick(rng, 0.007, 0.024)
    edge = pick(rng, 0.34, 0.68)
    table = rng.random() < 0.35
    picture = _wall(canvas, rng, edge, blur)
    picture = _furnished(canvas, rng, picture, edge, blur, table=table)
    dip = np.zeros_like(canvas.x)
    if not table and rng.random() < 0.4:
        side = 1.0 if rng.random() < 0.5 else -1.0
        beyond = np.maximum(np.float32(side) * (canvas.x - np.float32(0.5)) - np.float32(pick(rng, 0.1, 0.4)), 0)
        dip = np.asarray(np.float32(pick(rng, 0.3, 0.8)) * beyond, np.float32)
        picture = _turned_aside(canvas, picture, dip) * (
            np.float32(1) - np.float32(pick(rng, 0.06, 0.3)) * smooth(beyond / np.float32(0.012))
        )
    picture = canvas.blurred(picture, (0.9 if table else 0.5) * blur, edge + float(dip.max()) + 0.02)
    picture = _floor(canvas, rng, picture, edge, dip, blur, table=table)
    return np.asarray(picture * _light(canvas, rng), np.float32)


def _turned_aside(canvas: Canvas, picture: Plane, dip: Plane) -> Plane:
    """Return the picture with each column moved down by ``dip`` (float32 1 x S), as a side wall is seen."""
    at = np.clip((canvas.y - dip) * np.float32(canvas.size_px) - np.float32(0.5), 0, canvas.size_px - 1)
    low = np.floor(at)
    row, column = low.astype(np.int64), np.arange(canvas.size_px)
    above, below = picture[:, row, column], picture[:, np.minimum(row + 1, canvas.size_px - 1), column]
    return mix(above, below, at - low)


def _wall(canvas: Canvas, rng: np.random.Generator, edge: float, blur: float) -> Plane:
    """Return a wall of paint, tiles, boards, brick or striped paper, with a skirting board at ``edge``."""
    paint = one_of(rng, PAINTS, 0.12)
    mottle = canvas.noise(draw_seed(rng), (3.0, 3.0), 6, gain=0.6, blur=0.3 * blur)
    picture = channels(paint) * (np.float32(1) + np.float32(0.022) * mottle)
    kind = int(rng.integers(6))
    if kind in (1, 4):
        bricks = ((0.62, 0.42, 0.34), (0.80, 0.78, 0.74))
        colour = one_of(rng, bricks, 0.15) if kind == 4 else jitter(rng, paint, 0.2)
        laid = courses(canvas, rng, colour, blur, brick=kind == 4)
        top = edge - pick(rng, 0.25, 0.5) if kind == 1 and rng.random() < 0.5 else -1.0
        picture = mix(picture, laid, canvas.edge(canvas.y - np.float32(top), blur) * np.ones_like(canvas.x))
    elif kind == 2:
        count = pick(rng, 6.0, 16.0)
        at = canvas.x * np.float32(count)
        near = np.abs(at - np.floor(at) - np.float32(0.5)) / np.float32(count)
        if rng.random() < 0.5:
            dark = canvas.edge(near - np.float32(0.25 / count), blur) * np.float32(0.10)
        else:
            dark = canvas.edge(near - np.float32(0.5 / count - 0.003), 0.5 * blur) * np.float32(0.25)
        picture = picture * (np.float32(1) - dark * np.ones_like(canvas.y))
    elif kind == 3:
        rail = edge - pick(rng, 0.18, 0.3)
        below = canvas.edge(canvas.y - np.float32(rail), blur) * np.ones_like(canvas.x)
        picture = mix(picture, picture * channels(one_of(rng, PAINTS, 0.2)), below * np.float32(0.8))
        ledge = canvas.box(-1.0, rail - 0.01, 2.0, rail + 0.008, blur)
        picture = mix(picture, channels((0.84, 0.82, 0.78)), ledge * np.float32(0.7))
    if rng.random() < 0.75:
        high = pick(rng, 0.025, 0.06)
        board = jitter(rng, (0.86, 0.85, 0.82), 0.08) if rng.random() < 0.7 else one_of(rng, WOODS, 0.2)
        picture = mix(picture, channels(board), canvas.box(-1.0, edge - high, 2.0, 2.0, 0.6 * blur))
        picture = picture * (np.float32(1) - np.float32(0.25) * canvas.box(-1.0, edge - 0.006, 2.0, 2.0, 0.02))
    return picture


def _furnished(
    canvas: Canvas, rng: np.random.Generator, picture: Plane, edge: float, blur: float, *, table: bool
) -> Plane:
    """Add what hangs on or stands before the wall: window, curtain, pictures, a cabinet; all of it blurred."""
    one = np.float32(1)
    if rng.random() < 0.4:
        picture = _window(canvas, rng, picture, edge, blur)
    if rng.random() < 0.35:
        picture = _curtain(canvas, rng, picture, edge, blur)
    for _ in range(int(rng.integers(3))):
        left, top = pick(rng, -0.1, 0.9), pick(rng, -0.1, max(0.0, edge - 0.3))
        wide, high = pick(rng, 0.10, 0.26), pick(rng, 0.10, 0.22)
        shadow = canvas.box(left + 0.008, top + 0.012, left + wide + 0.012, top + high + 0.02, 0.03)
        picture = picture * (one - np.float32(0.28) * shadow)
        frame = channels(one_of(rng, WOODS, 0.4)) if rng.random() < 0.6 else channels((0.15, 0.15, 0.16))
        picture = mix(picture, frame, canvas.box(left, top, left + wide, top + high, blur))
        rim = pick(rng, 0.008, 0.016)
        mat = canvas.box(left + rim, top + rim, left + wide - rim, top + high - rim, blur)
        picture = mix(picture, channels((0.88, 0.87, 0.84)), mat)
        inner = rim + pick(rng, 0.0, 0.03)
        print_ = canvas.box(left + inner, top + inner, left + wide - inner, top + high - inner, blur)
        hue = smooth(canvas.noise(draw_seed(rng), (6.0, 9.0), 4, blur=blur) * np.float32(0.5) + np.float32(0.5))
        art = mix(channels(one_of(rng, FABRICS, 0.3)) + np.zeros_like(hue), channels(one_of(rng, PAINTS, 0.3)), hue)
        picture = mix(picture, art, print_)
    if rng.random() < (0.7 if table else 0.3):
        picture = _cabinet(canvas, rng, picture, edge, blur)
    return picture


def _window(canvas: Canvas, rng: np.random.Generator, picture: Plane, edge: float, blur: float) -> Plane:
    left, top = pick(rng, -0.2, 0.75), pick(rng, -0.4, 0.02)
    wide, bottom = pick(rng, 0.22, 0.5), edge - pick(rng, 0.12, 0.25)
    outside = canvas.noise(draw_seed(rng), (4.0, 5.0), 4, gain=0.55, blur=blur)
    view = channels((0.93, 0.96, 0.99)) * (np.float32(0.97) + np.float32(0.05) * outside)
    green = canvas.edge(canvas.y - np.float32(bottom - pick(rng, 0.05, 0.3)) + np.float32(0.02) * outside, 0.04)
    view = mix(view, channels((0.62, 0.68, 0.52)) * (np.float32(1) + np.float32(0.12) * outside), green)
    picture = mix(picture, channels((0.85, 0.84, 0.81)), canvas.box(left, top, left + wide, bottom, blur))
    panes = 1 + int(rng.integers(3))
    for pane in range(panes):
        start = left + 0.018 + pane * (wide - 0.018) / panes
        stop = start + (wide - 0.018) / panes - 0.018
        picture = mix(picture, view, canvas.box(start, top + 0.018, stop, bottom - 0.018, blur))
    return mix(
        picture, channels((0.9, 0.89, 0.86)), canvas.box(left - 0.02, bottom, left + wide + 0.02, bottom + 0.02, blur)
    )


def _curtain(canvas: Canvas, rng: np.random.Generator, picture: Plane, edge: float, blur: float) -> Plane:
    wide = pick(rng, 0.10, 0.26)
    left = pick(rng, -0.12, 0.0) if rng.random() < 0.5 else pick(rng, 0.85, 1.0) - 0.5 * wide
    folds = canvas.noise(draw_seed(rng), (pick(rng, 18.0, 34.0), 0.7), 2, gain=0.4, blur=0.5 * blur)
    cloth = channels(one_of(rng, FABRICS, 0.3)) * (np.float32(1) + np.float32(0.13) * folds)
    hem = canvas.noise(draw_seed(rng), (9.0, 0.5), 2) * np.float32(0.006)
    across = canvas.edge(canvas.x + hem - np.float32(left), blur) * canvas.edge(
        np.float32(left + wide) - canvas.x - hem, blur
    )
    return mix(picture, cloth, across * canvas.edge(np.float32(edge - 0.01) - canvas.y, blur))


def _cabinet(canvas: Canvas, rng: np.random.Generator, picture: Plane, edge: float, blur: float) -> Plane:
    """Add a plain low cabinet with a few doors, cut by the border of the picture or not."""
    left, wide, tall = pick(rng, -0.3, 0.8), pick(rng, 0.3, 0.7), pick(rng, 0.10, 0.26)
    colour = channels(one_of(rng, WOODS if rng.random() < 0.5 else PAINTS, 0.2))
    grain = canvas.noise(draw_seed(rng), (4.0, 40.0), 3, gain=0.6, blur=0.5 * blur)
    body = colour * (np.float32(1) + np.float32(0.04) * grain)
    doors = 2 + int(rng.integers(3))
    at = (canvas.x - np.float32(left)) / np.float32(wide) * np.float32(doors)
    near = np.abs(at - np.floor(at + np.float32(0.5))) * np.float32(wide / doors)
    body = body * (np.float32(1) - np.float32(0.35) * canvas.edge(np.float32(0.004) - near, 0.8 * blur))
    shadow = canvas.box(left - 0.03, edge - tall - 0.01, left + wide + 0.05, edge + 0.1, 0.08)
    picture = picture * (np.float32(1) - np.float32(0.22) * shadow)
    picture = mix(picture, body * np.float32(0.92), canvas.box(left, edge - tall, left + wide, edge + 0.05, blur))
    return mix(
        picture,
        body * np.float32(1.1),
        canvas.box(left - 0.008, edge - tall - 0.012, left + wide + 0.008, edge - tall, blur),
    )


def _floor(
    canvas: Canvas, rng: np.random.Generator, picture: Plane, edge: float, dip: Plane, blur: float, *, table: bool
) -> Plane:
    """Add a floor, or a table top nearer to the eye, below ``edge`` and, in each column, ``dip`` further down."""
    plane = canvas.floor(edge - pick(rng, 0.25, 0.9), pick(rng, 1.2, 2.4), edge - 0.01)
    below = canvas.y[plane.first :]
    kind = int(rng.integers(5))
    soft = 0.2 * blur
    if kind <= 1:
        colour = boards(rng, plane, pick(rng, 0.25, 0.6) if table else pick(rng, 0.07, 0.16), soft)
    elif kind == 2 and not table:
        colour = slabs(rng, plane, one_of(rng, PAINTS, 0.2), pick(rng, 2.0, 5.0), bond=False, spread=0.09, dark=0.3)
        vein = ground_noise(draw_seed(rng), plane, (3.0, 3.0), 5, gain=0.65)
        colour = colour * (np.float32(1) + np.float32(0.035) * vein)
    elif kind == 3 and not table:
        pile = ground_noise(draw_seed(rng), plane, (30.0, 30.0), 3, gain=0.9, blur=soft)
        worn = ground_noise(draw_seed(rng), plane, (0.8, 0.8), 4, gain=0.6)
        value = np.float32(1) + np.float32(0.09) * pile + np.float32(0.05) * worn
        colour = np.asarray(channels(one_of(rng, FABRICS, 0.25)) * value, np.float32)
    else:
        cloud = ground_noise(draw_seed(rng), plane, (1.2, 1.2), 6, gain=0.62)
        base = one_of(rng, PAINTS if rng.random() < 0.6 else FABRICS, 0.15)
        colour = np.asarray(channels(base) * (np.float32(1) + np.float32(0.05) * cloud), np.float32)
    mirror = picture[:, plane.first - 1 :: -1][:, : len(below)] if plane.first > 0 else picture[:, :0]
    shine = np.float32(pick(rng, 0.0, 0.28))
    if mirror.shape[1]:
        fade = smooth(np.float32(1) - (below[: mirror.shape[1]] - np.float32(edge)) / np.float32(0.5))
        colour[:, : mirror.shape[1]] = mix(colour[:, : mirror.shape[1]], mirror, fade * shine)
    if rng.random() < 0.45:
        colour = colour * _sunlit(rng, plane)
    contact = np.float32(1) - np.float32(0.3) * smooth(
        np.float32(1) - (below - dip - np.float32(edge)) / np.float32(0.05)
    )
    whole = picture.copy()
    whole[:, plane.first :] = colour * contact
    return mix(picture, whole, canvas.edge(canvas.y - dip - np.float32(edge), (1.2 if table else 0.7) * blur))


def _sunlit(rng: np.random.Generator, floor: Floor) -> Plane:
    """Return the light of a window on the floor: slanted bright panes with soft edges, 3 x rows x S."""
    slant = pick(rng, -0.9, 0.9)
    middle = 0.5 * float(floor.away[0, 0] + floor.away[-1, 0])
    start = floor.across - np.float32(slant) * (floor.away - np.float32(middle)) - np.float32(pick(rng, -1.2, 0.4))
    u = start / np.float32(pick(rng, 0.3, 0.7))
    v = (floor.away - np.float32(pick(rng, 0.5, 1.0) * middle)) / np.float32(pick(rng, 0.5, 1.2))
    soft = np.float32(pick(rng, 0.06, 0.25))
    pane = smooth((np.float32(0.46) - np.abs(u - np.floor(u) - np.float32(0.5))) / soft + np.float32(0.5))
    inside = smooth((np.float32(1.0) - np.abs(u - np.float32(1.0))) / soft + np.float32(0.5))
    inside = inside * smooth((np.float32(0.5) - np.abs(v - np.float32(0.5))) / soft + np.float32(0.5))
    warm = channels((0.42, 0.36, 0.26)) * np.float32(pick(rng, 0.4, 1.0))
    return np.asarray(np.float32(0.94) + warm * (pane * inside), np.float32)


def _light(canvas: Canvas, rng: np.random.Generator) -> Plane:
    """Return the light of the room, float32 3 x S x S: brighter near a window or lamp beside the picture."""
    x, y = pick(rng, -0.5, 1.5), pick(rng, -0.5, 0.5)
    reach = pick(rng, 0.4, 1.3)
    right, down = canvas.x - np.float32(x), canvas.y - np.float32(y)
    square = (right * right + down * down) / np.float32(reach * reach)
    fall = np.float32(1) / (np.float32(1) + square)
    warm = pick(rng, -0.08, 0.12)
    dim = pick(rng, 0.5, 0.85)
    wave = canvas.noise(draw_seed(rng), (1.5, 1.5), 3) * np.float32(0.03)
    lamp = channels((1.0 + warm, 1.0, 1.0 - warm)) * np.float32(1.15 - dim)
    return np.asarray(np.float32(dim) + lamp * np.float32(1.3) * fall + wave, np.float32)
