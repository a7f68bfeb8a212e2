"""Refuse collection: a rear-loading garbage truck."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from objectpose.objects.kit import (
    Part,
    Texture,
    Variant,
    arc,
    assemble,
    bar,
    box,
    cylinder,
    glass,
    join,
    mirror,
    paint,
    pipe,
    plain,
    ring,
    rod,
    rounded,
    row,
    rubber,
    side_profile,
    stripes,
    torus,
    tube,
    wheel,
)
from objectpose.objects.mesh import Mesh

Array = NDArray[np.float64]

_LIVERIES = (
    ("#eceeea", "#2c7a3a", "#256531"),
    ("#eceeea", "#2b62a8", "#23518c"),
    ("#3d8a46", "#348240", "#2a6b34"),
    ("#eceeea", "#d9741c", "#b75f15"),
)
"""Colours of cab, body and its ribs."""


def garbage_truck(seed: int) -> Mesh:
    """Build a rear-loading garbage truck, 8.5 m long and 3.4 m high: white cab, green ribbed body, open hopper.

    Args:
        seed: instance number; 0 is the reference, others vary the colours, the body's length and height, the rear
            axles, ribs, side panels and the warning lamps on the cab.

    Returns:
        A closed mesh in metres.
    """
    v = Variant("garbage_truck", seed)
    cab, body, ribs = v.pick(*_LIVERIES)
    white, green, trim = paint(cab, 0.03), paint(body, 0.06), paint(ribs, 0.06)
    dark, steel = plain("#242628"), paint("#8d9295", 0.08)
    hazard = stripes(plain("#e3b71d"), plain(v.pick("#202020", "#b5181d", "#202020")), "x", 0.3)
    longer, rise = v.between(0.0, -0.5, 0.7), v.between(0.0, -0.1, 0.25)
    axles = v.pick((-0.85, -2.05), (-1.5,), (-0.85, -2.05))
    packer = _packer(green, trim, dark, v.pick(6, 5, 7), v.pick("windows", "plain", "stripe"))
    load = (packer + _tailgate(green, trim, dark, hazard)).warped(lambda p: _raised(p, rise))
    chassis = _chassis(dark, steel, axles, paint(v.pick("#d9dad6", "#b3b7ba", "#5b5f63"), 0.05))
    truck = join([_cab(white, dark, v.pick("beacon", "bar", "beacon")), load, chassis])
    return assemble([truck.lengthened(1.6, -0.1, longer)], seed)


def _raised(points: Array, rise: float) -> Array:
    """Return points of the body with its roof ``rise`` metres higher and its floor where it was."""
    share = np.clip((points[:, 1] - 1.5) / 1.8, 0.0, 1.0)
    return np.column_stack([points[:, 0], points[:, 1] + rise * share, points[:, 2]])


def _cab(white: Texture, dark: Texture, warning: str) -> Part:
    """Return a low cab-over cab: windscreen, doors, grille, lamps, bumper, wipers, mirrors, beacon."""
    window, chrome, lamp = glass("#26333d"), plain("#c8ccce"), plain("#f4f0dc")
    arch = [(float(z), float(y)) for z, y in arc(0.62, 10, 170, 11, (3.05, 0.55))]
    shell = [(4.2, 0.62), (4.26, 1.45), (4.1, 2.78), (3.95, 2.92), (2.2, 2.92), (2.12, 2.8), (2.12, 0.66), *arch[::-1]]
    body = side_profile(shell, 2.44, white, 0.06)
    screen = box((2.1, 1.02, 0.03), window, 0.01).turned("x", -7).moved(0, 2.12, 4.175)
    divider = box((0.03, 1.0, 0.04), dark).turned("x", -7).moved(0, 2.12, 4.183)
    wipers = mirror(rod((0.2, 1.64, 4.27), (0.72, 1.98, 4.225), 0.012, dark, 6), "x")
    panel = box((1.5, 0.34, 0.03), dark).moved(0, 1.28, 4.25)
    slats = row(box((1.4, 0.026, 0.03), chrome), 6, (0, 0.05, 0)).moved(0, 1.28, 4.265)
    bumper = box((2.46, 0.34, 0.24), dark, 0.04).moved(0, 0.6, 4.18)
    lights = mirror(
        join(
            [
                cylinder(0.105, 0.04, chrome, "z").moved(0.96, 1.12, 4.25),
                cylinder(0.086, 0.03, lamp, "z").moved(0.96, 1.12, 4.266),
                box((0.14, 0.1, 0.03), plain("#e58a1f")).moved(0.98, 1.34, 4.256),
                cylinder(0.07, 0.03, lamp, "z").moved(0.9, 0.6, 4.3),
            ]
        ),
        "x",
    )
    pane = side_profile([(3.98, 1.72), (3.9, 2.55), (3.02, 2.55), (3.02, 1.72)], 0.02, window).moved(1.222)
    rear_pane = side_profile([(2.86, 1.8), (2.86, 2.5), (2.34, 2.5), (2.34, 1.8)], 0.02, window).moved(1.222)
    seam = join(
        [
            bar((1.222, y0, z0), (1.222, y1, z1), (0.01, 0.022), dark, 0.0)
            for z0, y0, z1, y1 in (
                (2.94, 1.3, 2.94, 2.66),
                (2.94, 2.66, 3.96, 2.66),
                (4.04, 1.5, 3.96, 2.66),
                (3.72, 1.3, 2.94, 1.3),
            )
        ]
    )
    handle = box((0.04, 0.04, 0.2), dark).moved(1.23, 1.52, 3.08)
    steps = join([box((0.1, 0.05, 0.5), dark).moved(1.2, y, 3.9) for y in (0.52, 0.86)])
    arm = tube(
        rounded([(1.16, 2.66, 4.02), (1.46, 2.6, 4.24), (1.46, 1.7, 4.24), (1.2, 1.6, 4.16)], 0.08), 0.016, dark, 6
    )
    glasses = box((0.24, 0.5, 0.07), dark).moved(1.46, 2.2, 4.24)
    sides = mirror(join([pane, rear_pane, seam, handle, steps, arm, glasses]), "x")
    visor = box((2.2, 0.16, 0.1), dark).turned("x", 20).moved(0, 2.72, 4.2)
    beacon = join([cylinder(0.1, 0.05, dark), cylinder(0.085, 0.16, plain("#ef8c1a")).moved(y=0.1)]).moved(
        0.7, 2.95, 3.3
    )
    if warning == "bar":
        beacon = row(box((0.3, 0.14, 0.2), plain("#ef8c1a"), 0.03), 4, (0.32, 0, 0)).moved(0, 3.02, 3.5)
        beacon += box((1.4, 0.06, 0.24), dark).moved(0, 2.94, 3.5)
    horn = mirror(cylinder(0.05, 0.4, chrome, "z").moved(0.3, 2.97, 3.4), "x")
    back = box((1.7, 0.5, 0.02), window).moved(0, 2.35, 2.11)
    return join([body, screen, divider, wipers, panel, slats, bumper, lights, sides, visor, beacon, horn, back])


def _packer(green: Texture, trim: Texture, dark: Texture, count: int, livery: str) -> Part:
    """Return the compacting body with stiffening ribs, roof hatch, hydraulic lines and side rails."""
    shell = [(1.95, 1.12), (1.95, 3.1), (1.75, 3.32), (-2.55, 3.32), (-2.62, 3.2), (-2.62, 1.12)]
    body = side_profile(shell, 2.42, green, 0.05)
    rib = join([box((0.1, 1.98, 0.16), trim).moved(1.225, 2.18), box((2.4, 0.09, 0.16), trim).moved(0, 3.33)])
    ribs = row(mirror(rib, "x"), count, (0, 0, 4.2 / (count - 1))).moved(z=-0.36)
    rails = mirror(join([box((0.09, 0.12, 4.5), trim).moved(1.235, y, -0.34) for y in (1.2, 3.12)]), "x")
    size = {"windows": (0.03, 1.1, 2.3), "stripe": (0.03, 0.34, 4.2), "plain": (0.03, 0.5, 0.7)}[livery]
    panel = mirror(box(size, plain("#f2f2ec")).moved(1.222, 2.2, -0.36), "x")
    hatch = box((0.9, 0.06, 0.7), trim).moved(0.4, 3.36, 1.0)
    pipes = mirror(
        tube(rounded([(0.9, 3.36, 1.7), (0.9, 3.42, 1.2), (0.9, 3.42, -2.6), (0.95, 3.2, -3.0)], 0.1), 0.03, dark, 8),
        "x",
    )
    ladder = join(
        [
            *(rod((x, 1.2, 2.02), (x, 3.2, 2.02), 0.02, dark, 6) for x in (-0.95, -0.6)),
            *(rod((-0.95, 1.4 + 0.3 * i, 2.02), (-0.6, 1.4 + 0.3 * i, 2.02), 0.016, dark, 6) for i in range(6)),
        ]
    )
    return join([body, ribs, rails, panel, hatch, pipes, ladder])


def _tailgate(green: Texture, trim: Texture, dark: Texture, hazard: Texture) -> Part:
    """Return the loading hopper: cheeks, hollow trough, sweep blade, hydraulic rams, lamps, steps, grab rails."""
    outline = [
        (-2.64, 1.0),
        (-2.64, 3.36),
        (-3.25, 3.3),
        (-3.95, 2.45),
        (-4.1, 1.95),
        (-4.15, 1.45),
        (-3.95, 0.95),
        (-3.5, 0.78),
    ]
    cheek = side_profile(outline, 0.09, green).moved(1.19)
    frame = join(
        [
            bar((1.25, y0, z0), (1.25, y1, z1), (0.07, 0.13), trim, 0.0)
            for (z0, y0), (z1, y1) in zip(
                [(-2.72, 1.05), (-2.72, 3.28), (-3.22, 3.22), (-3.88, 2.42), (-4.06, 1.5)],
                [(-2.72, 3.28), (-3.22, 3.22), (-3.88, 2.42), (-4.06, 1.5), (-3.52, 0.86)],
                strict=True,
            )
        ]
    )
    roof = side_profile(
        [(-2.64, 3.24), (-2.64, 3.34), (-3.26, 3.28), (-3.97, 2.43), (-3.9, 2.37), (-3.22, 3.18)], 2.36, green
    )
    trough = side_profile(
        [
            (-2.7, 1.02),
            (-3.5, 0.8),
            (-3.94, 0.96),
            (-4.14, 1.42),
            (-4.07, 1.45),
            (-3.88, 1.02),
            (-3.5, 0.88),
            (-2.7, 1.1),
        ],
        2.36,
        trim,
    )
    wall = box((2.34, 2.1, 0.06), dark).moved(0, 2.16, -2.72)
    blade = side_profile(
        [(-2.85, 2.2), (-3.3, 2.05), (-3.6, 1.5), (-3.52, 1.46), (-3.2, 1.93), (-2.82, 2.08)], 2.3, trim
    )
    carrier = box((2.3, 0.5, 0.1), green).turned("x", 38).moved(0, 2.55, -3.5)
    ram = join(
        [
            rod((1.34, 3.12, -2.5), (1.34, 2.35, -3.1), 0.06, dark, 12),
            rod((1.34, 2.35, -3.1), (1.34, 1.7, -3.6), 0.035, plain("#d3d6d8"), 10),
            cylinder(0.09, 0.14, trim, "x").moved(1.32, 1.7, -3.6),
        ]
    )
    lamps = join(
        [
            box((0.16, 0.3, 0.04), plain("#c5161d")).moved(1.1, 1.12, -4.12),
            box((0.16, 0.14, 0.04), plain("#ef8c1a")).moved(1.1, 1.36, -4.165),
        ]
    )
    step = join(
        [
            box((0.5, 0.05, 0.4), dark).moved(1.05, 0.52, -3.9),
            bar((1.05, 0.5, -3.75), (1.05, 0.86, -3.55), (0.08, 0.05), dark),
        ]
    )
    grab = tube(
        rounded([(1.28, 1.5, -4.02), (1.34, 1.55, -4.16), (1.34, 2.3, -4.08), (1.28, 2.35, -3.92)], 0.06),
        0.02,
        plain("#e8c520"),
        8,
    )
    edge = box((2.36, 0.14, 0.05), hazard).moved(0, 1.34, -4.155)
    beacons = cylinder(0.07, 0.14, plain("#ef8c1a")).moved(0.9, 3.4, -2.9)
    return join(
        [mirror(join([cheek, frame, ram, lamps, step, grab, beacons]), "x"), roof, trough, wall, blade, carrier, edge]
    )


def _chassis(dark: Texture, steel: Texture, driven: tuple[float, ...], rim: Texture) -> Part:
    """Return the frame with axles, wheels, springs, drive shaft, gearbox, tanks, exhaust and mudguards."""
    tyre, middle = rubber(), sum(driven) / len(driven)
    single = wheel(0.52, 0.3, tyre, rim, bolts=8, treads=30, tread_depth=0.016)
    steer = mirror(single.moved(1.04, 0.52, 3.05), "x")
    dual = single.moved(1.05) + cylinder(0.515, 0.28, tyre, "x", 40).moved(0.72)
    drive = join([mirror(dual.moved(0, 0.52, z), "x") for z in driven])
    rails = mirror(box((0.09, 0.26, 7.0), dark).moved(0.42, 0.93, 0.3), "x")
    members = row(box((0.84, 0.16, 0.12), dark), 6, (0, 0, 1.2)).moved(0, 0.93, 0.3)
    axles = join([cylinder(0.085, 1.9, dark, "x").moved(0, 0.52, z) for z in (3.05, *driven)])
    housings = join([cylinder(0.21, 0.3, dark, "x").moved(0, 0.52, z) for z in driven])
    shaft = rod((0, 0.76, 1.7), (0, 0.56, driven[0] + 0.15), 0.05, steel, 10)
    if len(driven) > 1:
        shaft += rod((0, 0.55, driven[0] - 0.15), (0, 0.55, driven[-1] + 0.15), 0.045, steel, 10)
    gearbox = box((0.6, 0.5, 1.0), dark, 0.08).moved(0, 0.82, 2.1) + box((0.9, 0.6, 0.9), dark, 0.08).moved(0, 0.9, 3.1)
    leaves = mirror(
        join(
            [
                bar(
                    (0.5, 0.66 + 0.02 * i, z - 0.55 + 0.1 * i),
                    (0.5, 0.66 + 0.02 * i, z + 0.55 - 0.1 * i),
                    (0.09, 0.018),
                    steel,
                    0.0,
                )
                for z in (3.05, middle)
                for i in range(4)
            ]
        ),
        "x",
    )
    tank = cylinder(0.3, 1.0, steel, "z").moved(0.92, 0.76, 0.85) + join(
        [cylinder(0.308, 0.05, dark, "z").moved(0.92, 0.76, z) for z in (0.55, 1.15)]
    )
    toolbox = box((0.5, 0.5, 0.9), dark, 0.03).moved(-0.92, 0.76, 0.95)
    stack = cylinder(0.075, 2.3, steel).moved(-1.0, 2.1, 2.02) + pipe(0.08, 0.07, 0.14, steel).moved(-1.0, 3.3, 2.02)
    guard = side_profile(
        [(float(z), float(y)) for z, y in arc(0.64, 5, 175, 12)]
        + [(float(z), float(y)) for z, y in arc(0.61, 175, 5, 12)],
        0.68,
        dark,
        0.0,
    )
    guards = join([mirror(guard.moved(0.9, 0.5, z), "x") for z in driven])
    flaps = mirror(box((0.64, 0.5, 0.02), dark).moved(0.9, 0.5, driven[-1] - 0.73), "x")
    plate = box((0.5, 0.12, 0.02), plain("#f0efe6")).moved(0, 0.66, 4.31)
    hooks = mirror(torus(0.07, 0.03, steel, "x").moved(0.5, 0.5, 4.32), "x")
    nuts = mirror(ring(cylinder(0.02, 0.03, steel, "x", 6, 0.0).moved(y=0.1), 6, "x").moved(1.21, 0.52, 3.05), "x")
    return join(
        [
            steer,
            drive,
            rails,
            members,
            axles,
            housings,
            shaft,
            gearbox,
            leaves,
            tank,
            toolbox,
            stack,
            guards,
            flaps,
            plate,
            hooks,
            nuts,
        ]
    )
