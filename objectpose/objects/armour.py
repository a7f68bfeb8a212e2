"""Armour: a battle tank."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from objectpose.objects.kit import (
    Part,
    Texture,
    assemble,
    bar,
    box,
    cylinder,
    join,
    lathe,
    loft,
    mirror,
    paint,
    patches,
    plain,
    plate,
    resample,
    ring,
    rod,
    rounded,
    row,
    rubber,
    side_profile,
    spline,
    torus,
    tube,
    wood,
)
from objectpose.objects.mesh import Mesh

_Points = list[tuple[float, float]]


def _track(loop: NDArray[np.float64], steel: Texture, pad: Texture) -> Part:
    """Return the links of a track along a closed loop of (z, y) points: shoes, pads and guide horns."""
    parts = []
    ahead = np.roll(loop, -1, axis=0)
    for (z0, y0), (z1, y1) in zip(loop, ahead, strict=True):
        dz, dy = (z1 - z0), (y1 - y0)
        length = float(np.hypot(dz, dy))
        nz, ny = -dy / length, dz / length  # to the inside of a loop that runs counter-clockwise in (z, y)
        gap = 0.08
        start, end = (0, y0 + gap * dy, z0 + gap * dz), (0, y1 - gap * dy, z1 - gap * dz)
        middle_z, middle_y = (z0 + z1) / 2, (y0 + y1) / 2
        parts.append(bar(start, end, (0.52, 0.045), steel, 0.0))
        low = (0, middle_y - 0.036 * ny - 0.3 * dy, middle_z - 0.036 * nz - 0.3 * dz)
        high = (0, middle_y - 0.036 * ny + 0.3 * dy, middle_z - 0.036 * nz + 0.3 * dz)
        parts.append(mirror(bar(low, high, (0.2, 0.034), pad, 0.0).moved(0.13), "x"))
        foot, tip = (0, middle_y + 0.02 * ny, middle_z + 0.02 * nz), (0, middle_y + 0.1 * ny, middle_z + 0.1 * nz)
        parts.append(bar(foot, tip, (0.03, 0.06), steel, 0.0))
    return join(parts)


def _road_wheel(radius: float, tyre: Texture, disc: Texture, bolt: Texture) -> Part:
    """Return a double road wheel with its axle along x."""
    rim = 0.8 * radius
    side = lathe([(0.0, 0.2), (0.09, 0.2), (0.11, 0.17), (0.16, 0.12), (rim, 0.17), (rim, 0.04), (0.0, 0.04)], disc, 18)
    band = lathe(
        [(rim - 0.01, 0.04), (radius, 0.045), (radius, 0.19), (rim - 0.01, 0.195), (rim - 0.01, 0.04)], tyre, 18
    )
    bolts = ring(cylinder(0.02, 0.03, bolt, "y", 5, 0.0).moved(x=0.5 * rim, y=0.15), 5, "y")
    half = join([side, band, bolts]).turned("z", -90)
    return mirror(half, "x")


def _running_gear(steel: Texture, pad: Texture, green: Texture) -> Part:
    """Return the left track with sprocket, idler, six road wheels and return rollers; its middle at x = 0."""
    corners = [
        (-1.95, 0.035),
        (1.95, 0.035),
        (2.95, 0.62),
        (2.93, 1.06),
        (2.55, 1.12),
        (0.0, 1.05),
        (-2.5, 1.12),
        (-2.93, 1.06),
        (-2.95, 0.62),
    ]
    loop = resample(rounded(corners, 0.34, 6, closed=True), 84, closed=True)
    wheel = _road_wheel(0.37, rubber(), green, steel)
    wheels = join([wheel.moved(y=0.43, z=z) for z in np.linspace(-1.95, 1.95, 6)])
    teeth = ring(box((0.05, 0.12, 0.07), steel, 0.0).moved(y=0.3), 13, "x")
    drum = cylinder(0.27, 0.4, green, "x") + cylinder(0.12, 0.46, steel, "x")
    sprocket = join([drum, teeth.moved(0.14), teeth.moved(-0.14)])
    idler = _road_wheel(0.28, steel, green, steel)
    rollers = join([cylinder(0.1, 0.36, steel, "x").moved(y=0.9, z=z) for z in (-1.3, 0.0, 1.3)])
    arms = join([bar((-0.3, 0.58, z - 0.25), (-0.3, 0.43, z), (0.1, 0.12), green) for z in np.linspace(-1.95, 1.95, 6)])
    return join(
        [
            _track(loop, steel, pad),
            wheels,
            sprocket.moved(y=0.75, z=2.52),
            idler.moved(y=0.75, z=-2.55),
            rollers,
            arms,
        ]
    )


def _turret(green: Texture, steel: Texture, dark: Texture) -> Part:
    """Return a cast turret with mantlet, gun with bore evacuator, cupola, hatches, stowage; its ring at y = 0."""
    plan = [
        (0.0, -1.35),
        (0.55, -1.3),
        (0.98, -0.85),
        (1.08, -0.2),
        (1.0, 0.6),
        (0.7, 1.15),
        (0.0, 1.28),
        (-0.7, 1.15),
        (-1.0, 0.6),
        (-1.08, -0.2),
        (-0.98, -0.85),
        (-0.55, -1.3),
    ]
    outline = spline(plan, 56, closed=True)
    levels = [(0.0, 0.9), (0.08, 0.97), (0.25, 1.0), (0.48, 0.93), (0.64, 0.8), (0.7, 0.68)]
    shell = loft([(outline * share, height) for height, share in levels], green, crease_deg=60).turned("x", -90)
    ring_plate = cylinder(0.93, 0.1, green).moved(y=-0.03)
    mantlet = box((0.95, 0.46, 0.34), green, 0.08).moved(0, 0.34, 1.24)
    collar = lathe([(0.0, 0.0), (0.19, 0.0), (0.16, 0.3), (0.11, 0.34), (0.0, 0.34)], green, 24).turned("x", 90)
    gun = lathe(
        [
            (0.0, 0.0),
            (0.095, 0.0),
            (0.086, 1.5),
            (0.13, 1.56),
            (0.13, 2.1),
            (0.083, 2.16),
            (0.072, 3.25),
            (0.105, 3.3),
            (0.105, 3.52),
            (0.055, 3.52),
            (0.052, 3.0),
            (0.0, 3.0),
        ],
        green,
        28,
    ).turned("x", 90)
    barrel = (collar + gun.moved(z=0.1)).moved(0, 0.34, 1.36)
    bore = cylinder(0.05, 0.02, dark, "z").moved(0, 0.34, 4.52)
    coaxial = cylinder(0.028, 0.3, steel, "z").moved(0.3, 0.36, 1.5)
    cupola = join(
        [
            cylinder(0.36, 0.2, green).moved(y=0.78),
            cylinder(0.29, 0.05, green).moved(y=0.9),
            ring(box((0.14, 0.08, 0.05), dark, 0.0).moved(y=0.8, z=0.345), 7, "y"),
            tube([(0.1, 0.92, 0.1), (0.1, 0.97, 0.02), (0.1, 0.92, -0.08)], 0.013, steel, 6),
        ]
    ).moved(-0.4, -0.02, -0.25)
    hatch = join(
        [
            cylinder(0.31, 0.08, green).moved(y=0.73),
            box((0.2, 0.1, 0.14), dark).moved(0.0, 0.78, 0.36),
            tube([(-0.08, 0.77, 0.0), (0, 0.83, 0.0), (0.08, 0.77, 0.0)], 0.013, steel, 6),
        ]
    ).moved(0.42, 0, -0.15)
    machine_gun = join(
        [
            box((0.09, 0.12, 0.55), steel).moved(0, 1.12, -0.05),
            rod((0, 1.13, 0.2), (0, 1.13, 1.05), 0.02, steel),
            cylinder(0.034, 0.3, steel, "z").moved(0, 1.13, 0.42),
            rod((0, 0.74, -0.02), (0, 1.08, -0.02), 0.03, steel),
            box((0.16, 0.15, 0.24), green).moved(0.14, 1.08, -0.05),
            rod((0, 1.12, -0.3), (0, 1.05, -0.46), 0.022, steel),
        ]
    ).moved(0.42, 0, 0.16)
    antennas = join([rod((x, 0.6, -0.95), (x * 1.05, 2.0, -1.15), 0.01, dark, 6) for x in (-0.55, 0.55)])
    bases = join([cylinder(0.05, 0.12, steel).moved(x, 0.62, -0.95) for x in (-0.55, 0.55)])
    bin_ = box((1.35, 0.42, 0.42), green, 0.04).moved(0, 0.36, -1.48)
    rails = mirror(
        tube(rounded([(0.98, 0.3, 0.35), (1.13, 0.3, 0.3), (1.13, 0.3, -0.5), (1.0, 0.3, -0.62)], 0.06), 0.016, steel),
        "x",
    )
    smoke = join(
        [
            cylinder(0.055, 0.24, steel).turned("x", 55).turned("y", 25).moved(0.86 + 0.05 * i, 0.42, 0.95 - 0.14 * i)
            for i in range(3)
        ]
    )
    return join(
        [
            shell,
            ring_plate,
            mantlet,
            barrel,
            bore,
            coaxial,
            cupola,
            hatch,
            machine_gun,
            antennas,
            bases,
            bin_,
            rails,
            mirror(smoke, "x"),
        ]
    )


def tank(seed: int) -> Mesh:
    """Return a medium battle tank, 8.5 m with its gun and 3.1 m wide: 84 links a track, cast turret, long gun."""
    green = patches(paint("#5d6138", 0.08), paint("#4c5030", 0.08), 0.9, 0.4, 0.2)
    steel, pad, dark = paint("#3c3a36", 0.1), plain("#24231f"), plain("#121310")
    canvas, lamp, timber = paint("#7a7250", 0.1), plain("#e9e4cf"), wood("#8a6a40", axis="z")
    lower = side_profile(
        [(2.55, 0.5), (3.02, 0.86), (2.92, 1.12), (-2.92, 1.12), (-2.98, 0.8), (-2.6, 0.46)], 1.84, green
    )
    upper = side_profile([(3.0, 1.16), (1.75, 1.64), (-2.35, 1.68), (-2.98, 1.38), (-2.98, 1.16)], 2.35, green)
    fender = side_profile(
        [
            (3.3, 1.02),
            (3.22, 1.17),
            (2.6, 1.22),
            (-2.8, 1.22),
            (-3.2, 1.14),
            (-3.24, 0.98),
            (-3.2, 0.98),
            (-3.16, 1.11),
            (-2.79, 1.185),
            (2.59, 1.185),
            (3.19, 1.14),
            (3.26, 1.01),
        ],
        0.62,
        green,
    ).moved(1.22)
    tracks = mirror(_running_gear(steel, pad, green).moved(1.22), "x")
    turret = _turret(green, steel, dark).moved(0, 1.74, 0.3)
    glacis_links = row(box((0.5, 0.05, 0.14), steel), 4, (0, -0.066, 0.172)).turned("x", 0).moved(0, 1.35, 2.62)
    lamps = mirror(
        join(
            [
                cylinder(0.1, 0.1, green, "z"),
                cylinder(0.085, 0.012, lamp, "z").moved(z=0.052),
                tube(
                    rounded([(-0.14, -0.12, 0), (-0.14, 0.14, 0.08), (0.14, 0.14, 0.08), (0.14, -0.12, 0)], 0.05),
                    0.012,
                    steel,
                    6,
                ),
            ]
        ).moved(0.86, 1.5, 2.45),
        "x",
    )
    tow = mirror(torus(0.09, 0.04, steel, "x").moved(0.55, 0.86, 3.06), "x")
    rear_tow = mirror(torus(0.09, 0.04, steel, "x").moved(0.55, 0.82, -3.02), "x")
    driver = join(
        [
            cylinder(0.28, 0.07, green).turned("x", 21).moved(0.5, 1.6, 1.95),
            box((0.26, 0.09, 0.08), dark).moved(0.5, 1.6, 2.24),
        ]
    )
    deck = join([row(box((0.95, 0.03, 0.05), dark), 9, (0, 0, 0.09)).moved(x, 1.7, -1.6) for x in (-0.52, 0.52)])
    hatch_rims = join([box((1.02, 0.025, 0.84), green).moved(x, 1.685, -1.6) for x in (-0.52, 0.52)])
    boxes = join([box((0.5, 0.24, 0.95), green, 0.02).moved(s * 1.3, 1.345, z) for s in (-1, 1) for z in (1.5, 0.3)])
    drums = mirror(cylinder(0.2, 0.85, green, "z").moved(1.3, 1.43, -1.3), "x") + mirror(
        join([cylinder(0.206, 0.03, steel, "z").moved(1.3, 1.43, z) for z in (-1.55, -1.05)]), "x"
    )
    exhausts = mirror(
        tube(rounded([(0.6, 1.4, -2.85), (0.6, 1.4, -3.08), (0.6, 1.2, -3.16)], 0.08), 0.085, steel, 14), "x"
    )
    roll = cylinder(0.16, 1.5, canvas, "x").moved(0, 1.62, -2.6) + join(
        [cylinder(0.166, 0.03, dark, "x").moved(x, 1.62, -2.6) for x in (-0.45, 0.45)]
    )
    cable = tube(
        spline([(1.0, 1.7, 1.3), (1.06, 1.71, 0.4), (1.1, 1.71, -0.6), (1.02, 1.71, -1.4)], 24), 0.022, steel, 8
    )
    shovel = rod((-1.05, 1.73, -0.9), (-1.05, 1.73, 0.5), 0.02, timber) + plate(
        (0.2, 0.26), 0.02, steel, 0.05, "y"
    ).moved(-1.05, 1.73, 0.62)
    tail_plate = row(box((0.3, 0.3, 0.03), green), 3, (0.45, 0, 0)).moved(0, 0.98, -2.98)
    parts = [
        lower,
        upper,
        mirror(fender, "x"),
        tracks,
        turret,
        glacis_links,
        lamps,
        tow,
        rear_tow,
        driver,
        hatch_rims,
        deck,
        boxes,
        drums,
        exhausts,
        roll,
        cable,
        shovel,
        tail_plate,
    ]
    return assemble(parts, seed)
