"""Road vehicles with a bus's or box van's body: school bus, moving van, ambulance. The right-hand side is -x."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from objectpose.objects.kit import (
    GLOSS,
    MATT,
    Part,
    Texture,
    Variant,
    assemble,
    bar,
    bars,
    bent,
    box,
    by,
    checker,
    cylinder,
    ellipsoid,
    extrude,
    hull,
    join,
    letters,
    loft,
    metal,
    mirror,
    over_arches,
    paint,
    plain,
    polygon,
    ring,
    rod,
    rounded,
    rounded_rect,
    row,
    rubber,
    side_profile,
    tube,
    wheel,
)
from objectpose.objects.mesh import Mesh

Array = NDArray[np.float64]

_BLACK, _DARK, _BRIGHT = plain("#191a1c"), plain("#2c2e31", MATT), plain("#d5d9dc", GLOSS)
_RED, _AMBER, _CLEAR = plain("#d3181f", GLOSS), plain("#f09a28", GLOSS), plain("#f4f4ea", GLOSS)
_PANE = plain("#1c262e", GLOSS)

_BUS_YELLOWS = ("#f3a70b", "#f7b81e", "#ea960a")
_MOVERS = (("#f2f2ee", "#e8701a"), ("#f4c81d", "#22324f"), ("#f1f1ec", "#2255a4"))
_BANDS = (("#f4f4f1", "#e2571b"), ("#f4f4f1", "#c8141c"), ("#f3d63c", "#c8141c"))
"""Strokes of each letter, from key to key of a number pad (7 8 9 above 4 5 6 above 1 2 3)."""


def school_bus(seed: int) -> Mesh:
    """Build an American school bus with a bonnet, about 10 m long, 2.5 m wide and 3.1 m high.

    Args:
        seed: instance number; others vary the yellow, the roof, the number of windows, grille and bumper.

    Returns:
        A closed mesh in metres.
    """
    v = Variant("school_bus", seed)
    yellow = paint(v.pick(*_BUS_YELLOWS), 0.03)
    roof = v.pick(yellow, paint("#f1efe6", 0.02), yellow)
    count, pitch = v.pick(10, 8, 11), v.near(0.66, 0.05)
    rear = 1.8 - count * pitch
    return assemble(
        [
            _bus_body(yellow, roof, rear, count, pitch, v.pick(1, 2, 2)),
            _bus_front(yellow, v.pick("slats", "honeycomb", "slats"), v.near(1.75, 0.06)).moved(z=3.0),
            _bus_tail(yellow).moved(z=rear),
            _running_gear(0.5, 0.27, 1.02, 3.92, rear + 2.5, plain(v.pick("#f0eee6", "#1d1e20", "#c9a227"), GLOSS)),
        ],
        seed,
    )


def moving_van(seed: int) -> Mesh:
    """Build a rental moving van: a van's cab before a tall box that reaches over it; about 7 m long, 3.3 m high.

    Args:
        seed: instance number; others vary the livery, length and height of the box, the panel and the bonnet.

    Returns:
        A closed mesh in metres.
    """
    v = Variant("moving_van", seed)
    ground, accent = v.pick(*_MOVERS)
    white, colour = paint(ground, 0.02), paint(accent, 0.03)
    length, height, nose = v.between(4.6, 4.0, 5.4), v.near(3.3, 0.05), v.near(0.95, 0.15)
    cab = _cab(v.pick(white, white, colour), v.pick(_DARK, _BRIGHT, _DARK), nose)
    return assemble(
        [
            cab,
            _cargo_box(white, colour, length, height, v.pick("band", "plain", "panel")),
            _cargo_tail(white, length, height),
            _running_gear(0.42, 0.25, 0.84, 0.58 + nose, 1.35 - length, plain(v.pick("#e9e9e4", "#b9bdc0"), GLOSS)),
        ],
        seed,
    )


def ambulance(seed: int) -> Mesh:
    """Build an American ambulance: a van's cab before a patient compartment; about 6 m long, 2.7 m high.

    Args:
        seed: instance number; others vary the band's colour and place, the compartment's size, windows and light bar.

    Returns:
        A closed mesh in metres.
    """
    v = Variant("ambulance", seed)
    ground, accent = v.pick(*_BANDS)
    low, high = v.between(1.12, 1.05, 1.2), v.between(1.42, 1.38, 1.55)
    white, colour = paint(ground, 0.015), paint(accent, 0.02)
    skin = by(lambda p, _n: (p[:, 1] > low) & (p[:, 1] < high), white, colour)
    length, height, nose = v.near(3.7, 0.08), v.near(2.72, 0.04), v.near(0.95, 0.15)
    cab_skin = by(lambda p, _n: (p[:, 1] > low - 0.22) & (p[:, 1] < low + 0.02), white, colour)
    return assemble(
        [
            _cab(cab_skin, _BRIGHT, nose),
            _module(skin, colour, length, height, v.pick("one", "two", "one")),
            _module_tail(colour, length, height),
            _light_bar(v.pick(("r", "r", "w", "r", "r"), ("r", "b", "w", "b", "r"), ("b", "r", "w", "r", "b"))).moved(
                0.0, 2.19, 0.52
            ),
            _running_gear(0.4, 0.25, 0.82, 0.58 + nose, 1.15 - length, _BRIGHT),
        ],
        seed,
    )


def _lamp(radius: float, texture: Texture) -> Part:
    """Return a round lamp that looks to +z."""
    lens = ellipsoid((1.8 * radius, 1.8 * radius, 0.8 * radius), texture, 14)
    return cylinder(radius, 0.05, _BLACK, "z", 18) + lens.moved(z=0.02)


def _running_gear(radius: float, width: float, track: float, front: float, rear: float, rim: Texture) -> Part:
    """Return wheels (two a side behind), axles, springs, frame, engine, gearbox, drive shaft, tank and exhaust."""
    tyre = rubber()
    outer = wheel(radius, width, tyre, rim, 0.58, spokes=6, bolts=6, treads=0)
    inner = cylinder(radius, 0.9 * width, tyre, "x", 36).moved(track - 1.15 * width)
    parts = [mirror(outer.moved(track, radius, front)), mirror((outer.moved(track) + inner).moved(0.0, radius, rear))]
    for z in (front, rear):
        parts.append(rod((-track, radius, z), (track, radius, z), 0.16 * radius, _DARK, 10))
        spring = join(
            bar(
                (0.5, radius + 0.05 * k, z - 0.6 + 0.12 * k),
                (0.5, radius + 0.05 * k, z + 0.6 - 0.12 * k),
                (0.08, 0.03),
                _DARK,
            )
            for k in range(1, 4)
        )
        parts.append(mirror(spring))
    parts.append(ellipsoid(0.8 * radius, _DARK, 12).moved(0.0, radius, rear))
    parts.append(rod((0.0, radius + 0.1, front - 0.5), (0.0, radius, rear), 0.05, plain("#6a6e73"), 10))
    end = rear - 1.1
    parts.append(
        mirror(box((0.09, 0.22, front + 0.4 - end), _DARK).moved(0.42, radius + 0.16, 0.5 * (front + 0.4 + end)))
    )
    parts.append(
        row(box((0.84, 0.12, 0.1), _DARK, 0.0), 5, (0.0, 0.0, 0.9)).moved(0.0, radius + 0.14, 0.5 * (front + end))
    )
    parts.append(box((0.6, 0.4, 0.9), plain("#55595e"), 0.05).moved(0.0, radius + 0.05, front - 0.1))
    middle = 0.5 * (front + rear)
    parts.append(box((0.45, 0.34, 0.9), plain("#44484d"), 0.06).moved(0.72, radius, middle))
    parts.append(cylinder(0.11, 0.8, metal("#8b8d90"), "z", 18).moved(-0.72, radius, middle))
    pipe = rounded(
        [
            (-0.72, radius, middle),
            (-0.72, radius, rear + 0.7),
            (-0.55, radius + 0.25, rear),
            (-0.6, radius - 0.05, end),
        ],
        0.2,
    )
    parts.append(tube(pipe, 0.045, metal("#8b8d90"), 8))
    parts.append(mirror(box((0.5, 0.4, 0.02), _BLACK, 0.0).moved(track - 0.1, radius + 0.02, rear - 1.25 * radius)))
    return join(parts)


def _mirror_arm(colour: Texture, tall: float) -> Part:
    """Return an outside mirror for the left side, its foot at the origin."""
    arms = join(rod((-0.03, s * 0.3 * tall, 0.0), (0.24, s * 0.3 * tall, 0.08), 0.014, _BLACK, 6) for s in (-1, 1))
    housing = box((0.2, tall, 0.09), colour, 0.025).moved(0.28, 0.0, 0.09)
    return arms + housing + box((0.16, 0.86 * tall, 0.02), plain("#9fb3c0", GLOSS)).moved(0.28, 0.0, 0.045)


def _bus_body(yellow: Texture, roof: Texture, rear: float, count: int, pitch: float, signs: int) -> Part:
    """Return the body behind the windscreen: skirt, window rows, rub rails, door on the right, stop arm on the left."""
    front, x = 3.0, 1.2
    long, middle = front - rear, 0.5 * (front + rear)
    skirt = over_arches(rear, 0.62, [(rear + 2.5, 0.5, 0.68)], [(front, 0.62), (front, 1.32), (rear, 1.32)])
    skin = by(lambda p, n: (n[:, 1] < -0.1) & (p[:, 1] < 1.25), yellow, _DARK)
    angle = np.deg2rad(np.linspace(0.0, 180.0, 25))
    top = np.stack([x * np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** 0.5, 2.55 + 0.56 * np.sin(angle) ** 0.6], 1)
    section = np.concatenate([[[-x, 1.28], [x, 1.28]], top[np.abs(top[:, 0]) < 1.2 - 1e-9], [[-x, 2.5]]])
    section = np.insert(section, 2, [[x, 2.5]], axis=0)
    crown = by(lambda p, _n: p[:, 1] > 2.72, yellow, roof)
    parts = [side_profile(skirt, 2.42, skin, 0.02), extrude(section, long, crown, bevel=0.03).moved(z=middle)]
    for y, tall in ((0.98, 0.06), (1.32, 0.09), (1.74, 0.06), (2.64, 0.04)):
        parts.append(mirror(box((0.03, tall, long - 0.06), _BLACK).moved(1.205, y, middle)))
    pane = box((0.03, 0.74, pitch - 0.05), _BLACK).moved(1.196, 2.2)
    pane += box((0.02, 0.30, pitch - 0.15), plain("#2b3a45", GLOSS)).moved(1.206, 2.38) + box(
        (0.02, 0.30, pitch - 0.15), _PANE
    ).moved(1.206, 2.04)
    pane += box((0.03, 0.025, pitch - 0.12), _BRIGHT).moved(1.204, 2.215)
    start = rear + 0.15 + 0.5 * pitch
    parts.append(join(mirror(pane.moved(z=start + k * pitch)) for k in range(count)))
    driver = box((0.03, 0.74, 0.78), _BLACK).moved(1.196, 2.2, 2.5) + box((0.02, 0.62, 0.66), _PANE).moved(
        1.206, 2.2, 2.5
    )
    door = box((0.06, 1.92, 0.86), _BLACK).moved(1.21, 1.66, 2.48)
    for z in (2.28, 2.68):
        for y, tall in ((2.16, 0.78), (1.2, 0.86)):
            door += box((0.02, tall, 0.32), _PANE).moved(1.238, y, z)
    stop = extrude(polygon(8, 0.27, 22.5), 0.02, plain("#f4f4f0")) + extrude(polygon(8, 0.245, 22.5), 0.02, _RED).moved(
        z=0.006
    )
    stop += letters("STOP", 0.127, 0.012, plain("#f4f4f0")).moved(z=0.016) + mirror(
        _lamp(0.035, _RED).moved(0.0, 0.17, 0.0), "y"
    )
    arm = box((0.05, 0.2, 0.08), _BLACK).moved(1.22, 1.53, 2.12)
    for k in range(signs):
        z = 1.82 if k == 0 else rear + 1.1
        parts.append(stop.turned("y", 90.0).moved(1.235, 1.53, z))
    vents = row(box((0.02, 0.02, 0.5), _BLACK, 0.0).moved(1.215, 1.14), 4, (0.0, 0.05, 0.0)).moved(z=0.6)
    hatches = join(box((0.7, 0.08, 0.7), roof, 0.03).moved(0.0, 3.12, z) for z in (rear + 1.6, 1.2))
    strobe = cylinder(0.07, 0.14, _CLEAR, segments=16).moved(0.0, 3.16, rear + 0.6)
    lights = mirror(join(box((0.03, 0.05, 0.1), _AMBER).moved(1.215, 1.5, z) for z in (rear + 0.3, 0.4)))
    return join([*parts, driver, door.mirrored(), arm, vents, hatches, strobe, lights])


def _bus_front(yellow: Texture, grille: str, nose: float) -> Part:
    """Return windscreen, warning lamps, bonnet, fenders, grille, head lamps, bumper and mirrors before z = 0."""
    board = box((2.16, 0.28, 0.06), yellow).moved(0.0, 2.8, 0.02) + letters("SCHOOL BUS", 0.172, 0.012, _BLACK).moved(
        0.0, 2.8, 0.055
    )
    lamps = mirror(_lamp(0.08, _RED).moved(1.0, 2.8, 0.06) + _lamp(0.08, _AMBER).moved(0.8, 2.8, 0.06))
    screen = box((2.24, 0.82, 0.04), _BLACK).moved(0.0, 2.2, 0.0) + mirror(
        box((1.02, 0.7, 0.02), _PANE).moved(0.56, 2.2, 0.02)
    )
    wipers = mirror(rod((0.2, 1.84, 0.04), (0.75, 2.2, 0.04), 0.014, _BLACK, 5))

    def block(width: float, low: float, high: float) -> Array:
        return np.asarray(rounded_rect(width, high - low, 0.16) + np.array([0.0, 0.5 * (low + high)]))

    bonnet = loft(
        [
            (block(2.02, 0.7, 1.80), -0.03),
            (block(1.86, 0.7, 1.74), 0.5 * nose),
            (block(1.62, 0.7, 1.60), 0.86 * nose),
            (block(1.50, 0.76, 1.46), nose),
        ],
        yellow,
        3,
    )
    seams = mirror(box((0.012, 0.02, 0.9 * nose), _BLACK, 0.0).turned("y", -5.0).moved(0.985, 1.35, 0.45 * nose))
    rest = [
        (nose, 0.62),
        (nose + 0.06, 0.7),
        (nose + 0.06, 1.08),
        (nose - 0.1, 1.26),
        (1.3, 1.36),
        (0.5, 1.38),
        (0.0, 1.5),
    ]
    skin = by(lambda p, n: n[:, 1] < -0.1, yellow, _DARK)
    fender = side_profile(over_arches(0.0, 0.62, [(0.92, 0.5, 0.62)], rest), 0.56, skin, 0.06).moved(0.92)
    cells = box((1.1, 0.56, 0.05), _BLACK).moved(0.0, 1.08, nose + 0.01)
    if grille == "slats":
        cells += row(box((1.06, 0.035, 0.03), _BRIGHT), 6, (0.0, 0.085, 0.0)).moved(0.0, 1.08, nose + 0.03)
    else:
        cells += row(
            row(box((0.07, 0.07, 0.03), plain("#5a5e62"), 0.0), 8, (0.13, 0.0, 0.0)), 4, (0.0, 0.12, 0.0)
        ).moved(0.0, 1.08, nose + 0.03)
    light = box((0.4, 0.28, 0.05), _BLACK).moved(0.92, 0.92, nose + 0.05) + _lamp(0.11, _CLEAR).moved(
        0.86, 0.92, nose + 0.08
    )
    light += box((0.08, 0.2, 0.04), _AMBER).moved(1.05, 0.92, nose + 0.07)
    bumper = side_profile(
        [(nose, 0.42), (nose + 0.2, 0.42), (nose + 0.22, 0.5), (nose + 0.22, 0.7), (nose, 0.7)], 2.44, _BLACK
    )
    crossing = bar((-1.1, 0.66, nose + 0.24), (0.2, 0.66, nose + 0.24), (0.03, 0.05), plain("#f3b51d"))
    plate_ = box((0.34, 0.16, 0.02), plain("#e9e9e4")).moved(0.0, 0.56, nose + 0.22)
    dome = bent([(0.95, 1.2, nose - 0.3), (1.12, 1.75, nose - 0.05), (1.16, 1.8, nose + 0.12)], 0.016, _BLACK, 0.1)
    dome += ellipsoid((0.24, 0.3, 0.16), _BLACK, 14).moved(1.16, 1.82, nose + 0.14)
    dome += ellipsoid((0.2, 0.26, 0.05), plain("#9fb3c0", GLOSS), 12).moved(1.16, 1.82, nose + 0.07)
    arms = mirror(dome + _mirror_arm(_BLACK, 0.5).moved(1.18, 2.2, 0.02))
    return join(
        [board, lamps, screen, wipers, bonnet, seams, mirror(fender + light), cells, bumper, crossing, plate_, arms]
    )


def _bus_tail(yellow: Texture) -> Part:
    """Return the emergency door, rear windows, warning and tail lamps and bumper behind z = 0."""
    side = box((0.5, 0.74, 0.04), _BLACK).moved(0.82, 2.2) + box((0.4, 0.62, 0.03), _PANE).moved(0.82, 2.2, -0.012)
    side += (
        (_lamp(0.08, _RED).moved(1.0) + _lamp(0.08, _AMBER).moved(0.8))
        .turned("y", 180.0)
        .mirrored()
        .moved(0.0, 2.8, -0.03)
    )
    side += join(
        _lamp(r, c).turned("y", 180.0).moved(x, 1.52, -0.02) for r, c, x in ((0.1, _RED, 0.98), (0.09, _AMBER, 0.74))
    )
    side += box((0.03, 1.9, 0.03), _BLACK, 0.0).moved(0.49, 1.74, -0.012)
    door = box((0.94, 0.72, 0.04), _BLACK).moved(0.0, 2.2) + box((0.8, 0.58, 0.03), _PANE).moved(0.0, 2.2, -0.012)
    door += box((0.8, 0.46, 0.03), _BLACK).moved(0.0, 1.42, -0.006) + box((0.7, 0.36, 0.03), _PANE).moved(
        0.0, 1.42, -0.014
    )
    door += box((1.0, 0.03, 0.03), _BLACK, 0.0).moved(0.0, 2.68, -0.012) + box((0.2, 0.04, 0.07), _BRIGHT).moved(
        0.3, 1.76, -0.04
    )
    door += join(box((0.06, 0.12, 0.05), _BLACK).moved(-0.5, y, -0.02) for y in (0.98, 1.7, 2.5))
    words = box((1.24, 0.26, 0.05), yellow).moved(0.0, 2.84) + letters("SCHOOL BUS", 0.149, 0.012, _BLACK).turned(
        "y", 180.0
    ).moved(0.0, 2.84, -0.03)
    rail = box((2.36, 0.06, 0.03), _BLACK).moved(0.0, 0.98, -0.01)
    bumper = box((2.4, 0.26, 0.2), _BLACK, 0.03).moved(0.0, 0.62, -0.1) + box(
        (0.34, 0.16, 0.02), plain("#e9e9e4")
    ).moved(0.7, 1.18, -0.015)
    return join([mirror(side), door, words, rail, bumper])


def _cab(skin: Texture, trim: Texture, nose: float) -> Part:
    """Return a van's cab whose back stands at z = 0: doors, windscreen, bonnet, grille, lamps, bumper and mirrors."""
    end, axle, x = 1.35 + nose, 0.58 + nose, 0.985
    rest = [
        (end, 0.48),
        (end + 0.02, 0.62),
        (end, 1.10),
        (end - 0.12, 1.22),
        (1.36, 1.42),
        (0.86, 2.06),
        (0.74, 2.14),
        (-0.1, 2.16),
    ]
    under = by(lambda p, n: (n[:, 1] < -0.1) & (p[:, 1] < 1.0), skin, _DARK)
    shell = side_profile(over_arches(-0.1, 0.48, [(axle, 0.41, 0.5)], [*rest]), 1.96, under, 0.05)
    side = [
        side_profile(
            rounded([(0.12, 1.40), (1.24, 1.40), (0.84, 2.0), (0.12, 2.0)], 0.06, 3, True), 0.02, _BLACK
        ).moved(x - 0.002)
    ]
    side.append(
        side_profile(
            rounded([(0.17, 1.45), (1.12, 1.45), (0.8, 1.95), (0.17, 1.95)], 0.05, 3, True), 0.02, _PANE
        ).moved(x + 0.004)
    )
    side.append(box((0.03, 0.54, 0.03), _BLACK).moved(x, 1.7, 0.86))
    edge = [
        (0.06, 2.04),
        (0.06, 0.58),
        (axle - 0.52, 0.58),
        (axle - 0.42, 0.9),
        (1.28, 1.38),
        (0.86, 2.04),
        (0.06, 2.04),
    ]
    side.append(bars([(x, y, z) for z, y in edge], 0.012, _BLACK))
    side.append(box((0.03, 0.05, 0.17), trim).moved(x + 0.012, 1.24, 0.2))
    side.append(box((0.03, 0.08, 1.3), _DARK).moved(x - 0.002, 0.68, 0.25))
    side.append(box((0.16, 0.05, 1.0), _BLACK).moved(0.94, 0.42, 0.45))
    side.append(_mirror_arm(_BLACK, 0.34).moved(x - 0.04, 1.6, 1.06))
    lamp = box((0.32, 0.26, 0.06), _BRIGHT).moved(0.77, 0.96, end) + box((0.26, 0.2, 0.03), _CLEAR, 0.01).moved(
        0.77, 0.96, end + 0.03
    )
    lamp += box((0.3, 0.09, 0.05), _AMBER).moved(0.77, 0.78, end + 0.01) + box((0.05, 0.09, 0.14), _AMBER).moved(
        0.97, 0.78, end - 0.08
    )
    side.append(lamp)
    panes = []
    for low, high, half, proud, texture in ((0.05, 0.97, 0.9, 0.006, _BLACK), (0.1, 0.92, 0.86, 0.014, _PANE)):
        ends = [(1.42 + 0.64 * t, 1.36 - 0.5 * t) for t in (low, high)]
        panes.append(
            hull([(s * half, y + d, z + d) for s in (-1, 1) for y, z in ends for d in (-0.05, proud)], texture)
        )
    wipers = join(rod((s, 1.47, 1.36), (s + 0.5, 1.66, 1.22), 0.012, _BLACK, 5) for s in (-0.62, 0.06))
    grille = box((1.16, 0.34, 0.05), trim).moved(0.0, 0.94, end + 0.005) + box((1.08, 0.27, 0.03), _BLACK).moved(
        0.0, 0.94, end + 0.02
    )
    grille += row(box((1.06, 0.022, 0.02), trim), 4, (0.0, 0.062, 0.0)).moved(0.0, 0.94, end + 0.035)
    grille += box((0.04, 0.27, 0.02), trim).moved(0.0, 0.94, end + 0.037)
    bumper = box((2.06, 0.24, 0.22), trim, 0.04).moved(0.0, 0.54, end + 0.06) + box((1.0, 0.1, 0.03), _BLACK).moved(
        0.0, 0.54, end + 0.17
    )
    number = box((0.32, 0.15, 0.02), plain("#e9e9e4")).moved(0.0, 0.54, end + 0.185)

    def tapered(v: Array) -> Array:
        narrow = 1.0 - 0.12 * np.clip((v[:, 1] - 1.35) / 0.75, 0.0, 1.0)
        narrow = narrow * (1.0 - 0.08 * np.clip((v[:, 2] - 1.3) / nose, 0.0, 1.2) ** 2)
        return np.column_stack([v[:, 0] * narrow, v[:, 1], v[:, 2]])

    return join([shell, mirror(join(side)), *panes, wipers, grille, bumper, number]).warped(tapered)


def _cargo_box(white: Texture, colour: Texture, length: float, height: float, livery: str) -> Part:
    """Return the box with its nose over the cab, aluminium edges, seams, marker lamps and the livery."""
    x, alloy = 1.2, plain("#b9bdc1", GLOSS)
    banded = by(lambda p, _n: p[:, 1] < 1.45, white, colour) if livery == "band" else white
    skin = by(lambda p, n: (n[:, 1] < -0.5) & (p[:, 1] < 1.0), banded, _DARK)
    nose = [
        (-length, 0.82),
        (-0.02, 0.82),
        (-0.02, 2.24),
        (0.78, 2.3),
        (0.98, 2.5),
        (0.9, height - 0.3),
        (0.62, height),
    ]
    parts = [side_profile([*nose, (-length, height)], 2 * x, skin, 0.04)]
    trims = [box((0.05, 0.12, length - 0.02), alloy).moved(x, 0.86, -0.5 * length)]
    trims.append(box((0.06, 0.06, length + 0.6), alloy).moved(x - 0.01, height - 0.02, 0.3 - 0.5 * length))
    trims.append(
        join(
            box((0.06, height - 0.84, 0.08), alloy).moved(x - 0.01, 0.5 * (height + 0.8), z)
            for z in (-0.05, 0.03 - length)
        )
    )
    count = round(length / 0.55) - 1
    seam = box((0.012, height - 1.0, 0.025), plain("#a9adb0")).moved(x + 0.001, 0.5 * (height + 0.84))
    trims.append(row(seam, count, (0.0, 0.0, 0.55)).moved(z=-0.5 * length))
    trims.append(
        join(
            box((0.04, 0.05, 0.12), lamp).moved(x + 0.02, 0.95, z) for lamp, z in ((_AMBER, -0.3), (_RED, 0.2 - length))
        )
    )
    middle = 0.5 * (height + 1.45)
    if livery == "panel":
        trims.append(box((0.03, 0.9, 0.72 * length), colour).moved(x + 0.005, middle, -0.5 * length))
    words = letters(
        "MOVING", 0.598, 0.012, colour if livery == "band" else _BLACK if livery == "plain" else plain("#f4f4f0")
    )
    words = words.moved(z=0.016) + box((3.0, 0.07, 0.02), _DARK).moved(0.0, -0.38, 0.012)
    for sign in (1.0, -1.0):
        parts.append(words.turned("y", 90.0 * sign).moved(sign * (x + 0.008), middle, -0.5 * length))
    markers = row(box((0.14, 0.05, 0.05), _AMBER), 5, (0.42, 0.0, 0.0)).moved(0.0, height - 0.16, 0.79)
    frame = join(box((2.2, 0.1, 0.1), _DARK).moved(0.0, 0.78, -0.3 - k * (length - 0.6) / 5) for k in range(6))
    return join([*parts, mirror(join(trims)), markers, frame])


def _cargo_tail(white: Texture, length: float, height: float) -> Part:
    """Return the roll-up door with its frame, lamps, step bumper, ramp and grab handles."""
    z, alloy = -length, plain("#b9bdc1", GLOSS)
    tall = height - 1.25
    door = box((2.1, tall, 0.03), plain("#8c9196")).moved(0.0, 0.95 + 0.5 * tall, z - 0.01)
    slats = row(box((2.06, tall / 8 - 0.02, 0.03), white), 8, (0.0, tall / 8, 0.0)).moved(
        0.0, 0.95 + 0.5 * tall, z - 0.02
    )
    frame = mirror(box((0.14, height - 0.9, 0.06), alloy).moved(1.12, 0.5 * (height + 0.86), z - 0.02))
    frame += box((2.38, 0.26, 0.06), alloy).moved(0.0, height - 0.16, z - 0.02) + box((2.38, 0.14, 0.08), alloy).moved(
        0.0, 0.88, z - 0.03
    )
    lamps = join(box((0.14, 0.05, 0.04), _RED).moved(x, height - 0.14, z - 0.06) for x in (-0.98, -0.2, 0.0, 0.2, 0.98))
    tail = box((0.2, 0.24, 0.05), _BLACK).moved(1.0, 0.68, z + 0.02) + box((0.16, 0.12, 0.03), _RED).moved(
        1.0, 0.73, z - 0.015
    )
    tail += box((0.16, 0.07, 0.03), _AMBER).moved(1.0, 0.61, z - 0.015) + box((0.06, 0.3, 0.08), _DARK).moved(
        0.8, 0.7, z + 0.06
    )
    tail += bent(
        [(1.1, 1.2, z - 0.04), (1.1, 1.2, z - 0.12), (1.1, 1.9, z - 0.12), (1.1, 1.9, z - 0.04)], 0.018, _BRIGHT, 0.05
    )
    step = box((1.9, 0.12, 0.3), _DARK, 0.02).moved(0.0, 0.52, z - 0.06) + mirror(
        bar((0.6, 0.5, z), (0.5, 0.64, z + 0.5), (0.08, 0.1), _DARK)
    )
    ramp = box((0.8, 0.07, 2.2), alloy).moved(0.0, 0.68, z + 1.0) + row(
        box((0.76, 0.012, 0.03), _DARK, 0.0), 9, (0.0, 0.0, 0.22)
    ).moved(0.0, 0.64, z + 1.0)
    latch = box((0.3, 0.06, 0.06), _BRIGHT).moved(0.0, 1.08, z - 0.05) + box(
        (0.34, 0.16, 0.02), plain("#e9e9e4")
    ).moved(-0.5, 0.54, z - 0.22)
    return join([door, slats, frame, lamps, mirror(tail), step, ramp, latch])


def _star(size: float) -> Part:
    """Return a star of life that looks to +z: six blue arms edged in white and a white staff."""
    arms = join(
        ring(box((w * size, h * size, 0.01), plain(c), 0.0).moved(z=k), 3, "z")
        for w, h, c, k in ((0.34, 1.06, "#f4f4f1", 0.0), (0.26, 0.98, "#1746a2", 0.003))
    )
    return arms + box((0.05 * size, 0.62 * size, 0.012), plain("#f4f4f1"), 0.0).moved(z=0.006)


def _module(skin: Texture, colour: Texture, length: float, height: float, windows: str) -> Part:
    """Return the patient compartment: side doors and windows, lockers, rails, warning lamps, stars and lettering."""
    x = 1.16
    wall = [
        (-length, 0.56),
        (0.02, 0.56),
        (0.02, 2.1),
        (0.22, 2.3),
        (0.22, height - 0.12),
        (0.08, height),
        (-length, height),
    ]
    under = by(lambda p, n: n[:, 1] < -0.3, skin, _DARK)
    arch = (1.15 - length, 0.4, 0.52)
    shell = side_profile(over_arches(-length, 0.56, [arch], wall[1:]), 2 * x, under, 0.04)
    lamps = [box((0.05, 0.17, 0.3), _RED, 0.02).moved(x + 0.01, height - 0.16, z) for z in (-0.12, 0.22 - length)]
    lamps.append(box((0.05, 0.14, 0.22), _CLEAR, 0.02).moved(x + 0.01, height - 0.16, -0.5 * length))
    lamps += [
        box((0.04, 0.14, 0.22), _AMBER, 0.02).moved(x + 0.01, height - 0.16, z - 0.5 * length) for z in (-0.9, 0.9)
    ]
    lamps.append(box((0.04, 0.07, 0.16), _RED).moved(x + 0.01, 0.98, -1.15 - 0.5))
    seams = []

    def panel(z0: float, z1: float, y0: float, y1: float) -> None:
        corners = [(x + 0.001, y0, z0), (x + 0.001, y1, z0), (x + 0.001, y1, z1), (x + 0.001, y0, z1)]
        seams.append(bars([*corners, corners[0]], 0.014, plain("#8d9296")))
        seams.append(box((0.03, 0.05, 0.12), _BRIGHT).moved(x + 0.01, min(y1 - 0.12, 1.3), z1 - 0.12))

    panel(-0.62, -0.06, 0.64, height - 0.3)
    panel(-1.5, -0.7, 0.64, height - 0.3)
    panel(-length + 0.06, -length + 0.56, 0.95, height - 0.3)
    panel(arch[0] + 0.62, -1.58, 0.64, 1.08)
    panes = []
    for z in (-1.1, arch[0] + 0.35) if windows == "two" else (-1.1,):
        panes.append(
            box((0.03, 0.5, 0.6), _BLACK, 0.01).moved(x, 1.95, z)
            + box((0.03, 0.42, 0.52), _PANE, 0.01).moved(x + 0.006, 1.95, z)
        )
    rail = box((0.06, 0.1, 1.2), _BRIGHT).moved(x, 0.6, -0.7) + box((0.05, 0.1, 0.5), _BRIGHT).moved(
        x, 0.6, 0.3 - length
    )
    lip = [
        (x + 0.005, 0.4 + 0.55 * np.sin(a), arch[0] + 0.55 * np.cos(a))
        for a in np.deg2rad(np.linspace(165.0, 15.0, 12))
    ]
    both = mirror(join([*lamps, *seams, *panes, rail, bars(lip, 0.06, _BRIGHT)]))
    words = letters("AMBULANCE", 0.207, 0.012, colour)
    parts = [shell, both]
    for sign in (1.0, -1.0):
        shift = -2.3 if windows == "one" else 0.5 * (arch[0] - 0.75)
        parts.append(
            _star(0.52 if windows == "one" else 0.36).turned("y", 90.0 * sign).moved(sign * (x + 0.006), 1.95, shift)
        )
        parts.append(words.turned("y", 90.0 * sign).moved(sign * (x + 0.004), height - 0.38, -0.5 * length))
    front = row(box((0.26, 0.16, 0.05), _RED, 0.02), 2, (1.7, 0.0, 0.0)) + row(
        box((0.2, 0.14, 0.05), _CLEAR, 0.02), 3, (0.4, 0.0, 0.0)
    )
    parts.append(front.moved(0.0, height - 0.22, 0.225))
    vent = box((0.6, 0.1, 0.8), plain("#dfe2e3"), 0.03).moved(0.0, height + 0.03, -1.4)
    return join([*parts, vent])


def _module_tail(colour: Texture, length: float, height: float) -> Part:
    """Return the double rear doors with windows, handles and hinges, lamps, band, stars and the step bumper."""
    z = -length
    side = box((0.012, height - 1.0, 0.012), plain("#8d9296"), 0.0).moved(0.8, 0.5 * (height + 0.5), z) + box(
        (0.8, 0.012, 0.012), plain("#8d9296"), 0.0
    ).moved(0.4, height - 0.26, z)
    side += box((0.78, 0.3, 0.02), colour).moved(0.4, 1.27, z - 0.001)
    side += box((0.5, 0.5, 0.03), _BLACK, 0.01).moved(0.4, 1.95, z - 0.002) + box(
        (0.42, 0.42, 0.03), _PANE, 0.01
    ).moved(0.4, 1.95, z - 0.008)
    side += _star(0.4).turned("y", 180.0).moved(0.4, 1.58 - 0.62 + 0.03, z - 0.006)
    side += box((0.04, 0.2, 0.05), _BRIGHT).moved(0.08, 1.55, z - 0.02) + join(
        box((0.06, 0.1, 0.04), _BRIGHT).moved(0.82, y, z - 0.01) for y in (0.85, 1.5, 2.2)
    )
    for y, lamp in ((1.0, _RED), (1.2, _AMBER), (1.4, _CLEAR)):
        side += box((0.2, 0.16, 0.05), lamp, 0.015).moved(1.0, y, z - 0.01)
    side += box((0.28, 0.17, 0.05), _RED, 0.02).moved(0.95, height - 0.16, z - 0.01) + box(
        (0.2, 0.2, 0.05), _RED
    ).moved(0.99, 1.95, z - 0.01)
    tread = checker(plain("#b9bdc0"), plain("#979b9f"), 0.03)
    step = box((2.2, 0.14, 0.34), tread, 0.02).moved(0.0, 0.5, z - 0.17) + box(
        (0.016, height - 1.0, 0.014), _BLACK, 0.0
    ).moved(0.0, 0.5 * (height + 0.5), z)
    amber = box((0.24, 0.15, 0.05), _AMBER, 0.02).moved(0.0, height - 0.14, z - 0.01)
    plate_ = box((0.34, 0.16, 0.02), plain("#e9e9e4")).moved(0.0, 0.64, z - 0.01)
    return join([mirror(side), step, amber, plate_])


def _light_bar(order: Sequence[str]) -> Part:
    """Return a roof bar of coloured lamps across x, standing on y = 0."""
    lens = {"r": _RED, "b": plain("#2148c8", GLOSS), "w": _CLEAR}
    lamps = join(box((0.25, 0.13, 0.26), lens[key], 0.03).moved(0.26 * (k - 2), 0.06) for k, key in enumerate(order))
    return lamps + box((1.36, 0.05, 0.28), _DARK).moved(0.0, -0.02)
