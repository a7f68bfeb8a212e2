"""Guns: a muzzle-loading field gun."""

from __future__ import annotations

import numpy as np

from objectpose.objects.kit import (
    MATT,
    SATIN,
    Part,
    Texture,
    arc,
    assemble,
    box,
    cylinder,
    ellipsoid,
    join,
    lathe,
    lift,
    loft,
    metal,
    mirror,
    paint,
    pipe,
    plain,
    ring,
    rod,
    rounded,
    rounded_rect,
    row,
    side_profile,
    spoked_wheel,
    torus,
    tube,
    wood,
)
from objectpose.objects.mesh import Mesh


def cannon(seed: int) -> Mesh:
    """Build a smooth-bore 12-pounder field gun of about 1850: barrel 1.9 m, wheels 1.46 m, 3.5 m long.

    Iron barrel with reinforces, trunnions, muzzle swell and cascabel on a wooden stock-trail carriage with iron straps,
    cheeks, elevating screw, axle tree, two wheels of 14 spokes, rammer and sponge, bucket and chains.

    Args:
        seed: of the texture noise.

    Returns:
        A closed mesh, muzzle to +z.
    """
    oak, iron = wood("#8a5a30", "z", 0.02), paint("#2c2d30", 0.14, SATIN, 0.05)
    spoke = wood("#8a5a30", "y", 0.02)
    wheel = spoked_wheel(0.73, 0.075, iron, spoke, 14, 0.024, 0.115, 0.38, 0.085, spoke, flat=True)
    cap = cylinder(0.06, 0.10, iron, "x", 16).moved(0.21) + pipe(0.118, 0.09, 0.035, iron, "x", 24).moved(0.15)
    cap += pipe(0.118, 0.09, 0.035, iron, "x", 24).moved(-0.15) + rod(
        (0.235, -0.08, 0.0), (0.235, 0.08, 0.0), 0.009, iron, 6
    )
    rivets = ring(cylinder(0.012, 0.02, iron, "y", 6, 0.0).moved(0.0, 0.733), 14, "x")
    return assemble(
        [
            mirror((wheel + cap + rivets).moved(0.74, 0.73)),
            _barrel(iron).turned("x", -4.0).moved(0.0, 1.10, 0.02),
            _carriage(oak, iron),
            _axle(oak, iron),
            _implements(iron),
        ],
        seed,
    )


def _barrel(iron: Texture) -> Part:
    """Return the barrel along +z, trunnions on the x axis: knob, base ring, reinforces, astragals, swell, bore."""
    line = [
        (0.0, -0.955),
        (0.035, -0.95),
        (0.058, -0.92),
        (0.058, -0.89),
        (0.036, -0.86),
        (0.034, -0.83),
        (0.075, -0.80),
        (0.125, -0.775),
    ]
    line += [
        (0.150, -0.755),
        (0.178, -0.745),
        (0.178, -0.705),
        (0.166, -0.695),
        (0.163, -0.35),
        (0.172, -0.34),
        (0.172, -0.31),
        (0.156, -0.30),
    ]
    line += [
        (0.148, 0.14),
        (0.156, 0.15),
        (0.156, 0.185),
        (0.136, 0.195),
        (0.118, 0.70),
        (0.128, 0.71),
        (0.128, 0.735),
        (0.114, 0.745),
    ]
    line += [
        (0.110, 0.82),
        (0.120, 0.90),
        (0.138, 0.96),
        (0.142, 0.99),
        (0.130, 1.02),
        (0.112, 1.03),
        (0.062, 1.03),
        (0.062, 0.80),
        (0.0, 0.80),
    ]
    body = lathe(line, iron, 36, 35.0).turned("x", 90.0)
    dark = plain("#0d0d0e", MATT)
    bore = cylinder(0.0625, 0.01, dark, "z", 24).moved(0.0, 0.0, 0.81) + pipe(0.064, 0.060, 0.225, dark, "z", 24).moved(
        0.0, 0.0, 0.915
    )
    trunnions = cylinder(0.058, 0.56, iron, "x", 24) + mirror(cylinder(0.085, 0.03, iron, "x", 24).moved(0.165))
    dolphins = mirror(
        tube(
            rounded([(0.06, 0.12, -0.10), (0.07, 0.21, -0.07), (0.07, 0.21, 0.07), (0.06, 0.12, 0.10)], 0.05),
            0.017,
            iron,
            8,
        )
    )
    vent = cylinder(0.015, 0.03, metal("#a8823c"), segments=10).moved(0.0, 0.168, -0.60)
    sight = box((0.02, 0.04, 0.03), iron).moved(0.0, 0.15, 0.98) + box((0.06, 0.06, 0.02), iron).moved(
        0.0, 0.19, -0.725
    )
    return join([body, bore, trunnions, dolphins, vent, sight])


def _carriage(oak: Texture, iron: Texture) -> Part:
    """Return cheeks with cap squares, the stock that runs down to the trail plate, straps, bolts, screw and handles."""
    outline = [
        (0.34, 0.80),
        (0.36, 0.98),
        (0.30, 1.07),
        (0.10, 1.085),
        (-0.05, 1.085),
        (-0.20, 1.06),
        (-0.60, 0.86),
        (-0.86, 0.66),
        (-0.80, 0.58),
        (-0.30, 0.74),
    ]
    cheek = side_profile(outline, 0.085, wood("#8a5a30", "x", 0.02)).moved(0.235)
    cap = pipe(0.075, 0.060, 0.09, iron, "x", 20).moved(0.235, 1.10, 0.02) + box((0.08, 0.016, 0.34), iron).moved(
        0.235, 1.092, 0.04
    )
    bolt = cylinder(0.016, 0.02, iron, "x", 8, 0.0)
    bolts = join(
        bolt.moved(0.284, y, z)
        for y, z in ((0.97, 0.26), (0.88, 0.24), (0.93, -0.20), (0.80, -0.40), (0.72, -0.62), (0.95, 0.0))
    )
    strap = box((0.012, 0.04, 0.50), iron).turned("x", 26.0).moved(0.282, 0.82, -0.42) + box(
        (0.012, 0.30, 0.05), iron
    ).moved(0.282, 0.92, 0.20)
    sections = [
        (0.30, 0.86, 0.30, 0.20),
        (-0.50, 0.66, 0.30, 0.22),
        (-1.30, 0.38, 0.22, 0.19),
        (-2.05, 0.115, 0.17, 0.15),
        (-2.20, 0.09, 0.13, 0.10),
    ]
    stock = loft([(rounded_rect(w, h, 0.02) + (0.0, y), z) for z, y, w, h in sections], oak)
    hoops = join(
        loft([(rounded_rect(w, h, 0.02) + (0.0, y + 0.35 * d), z + d) for d in (-0.025, 0.025)], iron)
        for z, y, w, h in ((-0.92, 0.513, 0.277, 0.222), (-1.42, 0.338, 0.228, 0.200), (-1.85, 0.186, 0.196, 0.172))
    )
    shoe = loft(
        [(rounded_rect(0.20, 0.13, 0.02) + (0.0, 0.10), -1.98), (rounded_rect(0.15, 0.11, 0.02) + (0.0, 0.09), -2.22)],
        iron,
    )
    lunette = torus(0.075, 0.045, iron, "y", 24, 10).moved(0.0, 0.085, -2.30)
    handle = mirror(
        tube(
            rounded([(0.09, 0.30, -1.66), (0.20, 0.31, -1.66), (0.20, 0.22, -1.92), (0.08, 0.21, -1.92)], 0.04),
            0.014,
            iron,
            8,
        )
    )
    rings = torus(0.06, 0.022, iron, "z", 18, 8).moved(0.0, 0.56, -1.16) + torus(0.06, 0.022, iron, "z", 18, 8).moved(
        0.0, 0.34, -1.74
    )
    transom = box((0.40, 0.16, 0.12), oak).moved(0.0, 0.90, 0.28) + cylinder(0.02, 0.60, iron, "x", 10).moved(
        0.0, 0.86, -0.32
    )
    screw = cylinder(0.028, 0.42, metal("#8d8a80"), segments=14).moved(0.0, 0.82, -0.66) + row(
        torus(0.028, 0.012, metal("#8d8a80"), segments=14, sides=6), 9, (0.0, 0.022, 0.0)
    ).moved(0.0, 0.90, -0.66)
    handles = ring(
        rod((0.0, 0.80, 0.0), (0.14, 0.80, 0.0), 0.012, iron, 8) + ellipsoid(0.04, iron, 8).moved(0.14, 0.80, 0.0), 4
    ).moved(0.0, 0.0, -0.66)
    return join(
        [mirror(join([cheek, cap, bolts, strap])), stock, hoops, shoe, lunette, handle, rings, transom, screw, handles]
    )


def _axle(oak: Texture, iron: Texture) -> Part:
    """Return the wooden axle tree with its iron bar, straps, washers and linch pins, and the lock chain."""
    beam = box((1.02, 0.15, 0.17), wood("#8a5a30", "x", 0.02)).moved(0.0, 0.745)
    arm = cylinder(0.05, 1.90, iron, "x", 16).moved(0.0, 0.73)
    bands = mirror(row(box((0.05, 0.17, 0.19), iron), 2, (0.26, 0.0, 0.0)).moved(0.36, 0.745))
    links = []
    for i in range(14):
        t = i / 13.0
        spot = (0.36, 0.66 - 0.42 * t * (1.0 - t) * 2.0 - 0.20 * t, -0.08 - 0.62 * t)
        links.append(torus(0.022, 0.011, iron, "y" if i % 2 else "x", 10, 6).scaled((1.0, 1.0, 1.5)).moved(*spot))
    hook = tube(rounded([(0.20, 0.66, -0.66), (0.36, 0.52, -0.72), (0.36, 0.46, -0.70)], 0.03), 0.012, iron, 6)
    bolster = box((0.34, 0.14, 0.20), oak).moved(0.0, 0.83)
    return join([beam, arm, bands, mirror(join(links) + hook), bolster])


def _implements(iron: Texture) -> Part:
    """Return rammer with sponge and worm slung along the trail, the bucket below the axle, the handspike."""
    ash = wood("#b08a55", "y", 0.015)
    staff = cylinder(0.018, 1.85, ash, segments=10)
    sponge = lathe(
        [(0.0, 0.90), (0.05, 0.91), (0.058, 0.95), (0.058, 1.13), (0.045, 1.16), (0.0, 1.165)],
        paint("#d8cfba", 0.12, MATT, 0.02),
        18,
    )
    head = cylinder(0.052, 0.11, ash, segments=18).moved(y=-0.95)
    worm_at = np.linspace(0.0, 3.0 * 2.0 * np.pi, 36)
    coil = np.column_stack([0.035 * np.cos(worm_at), 0.90 + 0.16 * worm_at / worm_at[-1], 0.035 * np.sin(worm_at)])
    tools = (staff + sponge + head).moved(0.20) + (staff + tube(coil, 0.008, iron, 6)).moved(-0.20)
    slung = tools.turned("x", 78.0).moved(0.0, 0.36, -1.15)
    loop = torus(0.03, 0.014, iron, "z", 14, 6).moved(0.20) + rod((0.05, 0.0, 0.0), (0.175, 0.0, 0.0), 0.008, iron, 6)
    straps = mirror(loop.moved(0.0, 0.498, -0.50) + loop.moved(0.0, 0.264, -1.60))
    bucket = lathe(
        [(0.0, 0.30), (0.10, 0.30), (0.125, 0.52), (0.115, 0.52), (0.092, 0.31), (0.0, 0.31)],
        paint("#4b3a2a", 0.15, SATIN),
        22,
    )
    hoops = pipe(0.113, 0.09, 0.02, iron, segments=22).moved(y=0.35) + pipe(0.125, 0.10, 0.02, iron, segments=22).moved(
        y=0.48
    )
    bail = tube(lift(arc(0.118, 0.0, 180.0, 14, (0.0, 0.51)), "xy"), 0.008, iron, 6)
    spike = cylinder(0.024, 0.95, ash, segments=10).turned("x", 69.2).moved(0.0, 0.45, -1.45)
    return join([slung, straps, (bucket + hoops + bail).moved(0.42, 0.0, -0.12), spike])
