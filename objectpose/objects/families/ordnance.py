"""Guns: a muzzle-loading field gun."""

from __future__ import annotations

import numpy as np

from objectpose.objects.kit import (
    MATT,
    SATIN,
    Part,
    Texture,
    Variant,
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

# Colours of the carriage (bare oak where it is None); colour and mottle of the barrel, iron or bronze.
_CARRIAGES = (None, "#4d5a3c", "#6d7f8a", "#5b3a22")
_BARRELS = (("#2c2d30", 0.14), ("#8d6c3c", 0.12), ("#3a4038", 0.14))


def cannon(seed: int) -> Mesh:
    """Build a smooth-bore field gun of about 1850: barrel 1.9 m, wheels 1.46 m, 3.5 m long.

    Iron barrel with reinforces, trunnions, muzzle swell and cascabel on a wooden stock-trail carriage with iron straps,
    cheeks, elevating screw, axle tree, two wheels of 14 spokes, rammer and sponge, bucket and chains.

    Args:
        seed: instance number; 0 is the reference, others vary barrel and its metal, paint, wheels, laying, implements.

    Returns:
        A closed mesh in metres, muzzle to +z.
    """
    v = Variant("cannon", seed)
    timber, iron = _timber(v.pick(*_CARRIAGES)), paint("#2c2d30", 0.14, SATIN, 0.05)
    colour, mottle = v.pick(*_BARRELS)
    radius, spokes = v.between(0.73, 0.66, 0.80), v.pick(14, 12, 16, 10)
    length, girth, laid = v.between(1.0, 0.88, 1.1), v.between(1.0, 0.92, 1.12), v.between(4.0, 1.0, 9.0)
    dolphins, tools, bucket = v.pick(True, False), v.pick(True, True, False), v.pick(True, False, True)
    barrel = _barrel(paint(colour, mottle, SATIN, 0.05), dolphins).scaled((girth, girth, length))
    parts = [barrel.turned("x", -laid).moved(0.0, 1.10, 0.02), _carriage(timber, iron), _axle(timber, iron)]
    if tools:
        parts.append(_tools(iron))
    if bucket:
        parts.append(_bucket(iron))
    tilt = float(np.rad2deg(np.arcsin((radius - 0.73) / 2.2)))  # keeps the trail on the ground
    gun = join(parts).moved(y=-0.73).turned("x", -tilt).moved(y=radius)
    return assemble([mirror(_wheel(radius, spokes, timber["y"], iron).moved(0.74, radius)), gun], seed)


def _timber(colour: str | None) -> dict[str, Texture]:
    """Return the texture of the woodwork by the direction of its fibres: oak, or paint on it."""
    if colour is None:
        return {"x": wood("#8a5a30", "x", 0.02), "y": wood("#8a5a30", "y", 0.02), "z": wood("#8a5a30", "z", 0.02)}
    return dict.fromkeys("xyz", paint(colour, 0.12, SATIN, 0.08))


def _wheel(radius: float, spokes: int, timber: Texture, iron: Texture) -> Part:
    """Return the left wheel with hub bands, linch pin and a rivet in the tyre at each spoke."""
    wheel = spoked_wheel(radius, 0.075, iron, timber, spokes, 0.024, 0.115, 0.38, 0.085, timber, flat=True)
    cap = cylinder(0.06, 0.10, iron, "x", 16).moved(0.21)
    bands = mirror(pipe(0.118, 0.09, 0.035, iron, "x", 24).moved(0.15))
    pin = rod((0.235, -0.08, 0.0), (0.235, 0.08, 0.0), 0.009, iron, 6)
    rivets = ring(cylinder(0.012, 0.02, iron, "y", 6, 0.0).moved(0.0, radius + 0.003), spokes, "x")
    return join([wheel, cap, bands, pin, rivets])


def _barrel(iron: Texture, dolphins: bool) -> Part:
    """Return the barrel along +z, trunnions on the x axis: knob, base ring, reinforces, astragals, swell, bore.

    Args:
        iron: texture of the metal.
        dolphins: whether it has the two lifting handles.
    """
    line = [(0.0, -0.955), (0.035, -0.95), (0.058, -0.92), (0.058, -0.89), (0.036, -0.86), (0.034, -0.83)]
    line += [(0.075, -0.80), (0.125, -0.775), (0.150, -0.755), (0.178, -0.745), (0.178, -0.705), (0.166, -0.695)]
    line += [(0.163, -0.35), (0.172, -0.34), (0.172, -0.31), (0.156, -0.30), (0.148, 0.14), (0.156, 0.15)]
    line += [(0.156, 0.185), (0.136, 0.195), (0.118, 0.70), (0.128, 0.71), (0.128, 0.735), (0.114, 0.745)]
    line += [(0.110, 0.82), (0.120, 0.90), (0.138, 0.96), (0.142, 0.99), (0.130, 1.02), (0.112, 1.03), (0.062, 1.03)]
    line += [(0.062, 0.80), (0.0, 0.80)]
    body = lathe(line, iron, 36, 35.0).turned("x", 90.0)
    dark = plain("#0d0d0e", MATT)
    bore = cylinder(0.0625, 0.01, dark, "z", 24).moved(z=0.81) + pipe(0.064, 0.060, 0.225, dark, "z", 24).moved(z=0.915)
    trunnions = cylinder(0.058, 0.56, iron, "x", 24) + mirror(cylinder(0.085, 0.03, iron, "x", 24).moved(0.165))
    way = rounded([(0.06, 0.12, -0.10), (0.07, 0.21, -0.07), (0.07, 0.21, 0.07), (0.06, 0.12, 0.10)], 0.05)
    handles = mirror(tube(way, 0.017, iron, 8)) if dolphins else Part()
    vent = cylinder(0.015, 0.03, metal("#a8823c"), segments=10).moved(0.0, 0.168, -0.60)
    sight = box((0.02, 0.04, 0.03), iron).moved(0.0, 0.15, 0.98)
    sight += box((0.06, 0.06, 0.02), iron).moved(0.0, 0.19, -0.725)
    return join([body, bore, trunnions, handles, vent, sight])


def _carriage(timber: dict[str, Texture], iron: Texture) -> Part:
    """Return cheeks with cap squares, the stock that runs down to the trail plate, straps, bolts, screw and handles."""
    outline = [(0.34, 0.80), (0.36, 0.98), (0.30, 1.07), (0.10, 1.085), (-0.05, 1.085), (-0.20, 1.06)]
    outline += [(-0.60, 0.86), (-0.86, 0.66), (-0.80, 0.58), (-0.30, 0.74)]
    cheek = side_profile(outline, 0.085, timber["x"]).moved(0.235)
    cap = pipe(0.075, 0.060, 0.09, iron, "x", 20).moved(0.235, 1.10, 0.02)
    cap += box((0.08, 0.016, 0.34), iron).moved(0.235, 1.092, 0.04)
    bolt = cylinder(0.016, 0.02, iron, "x", 8, 0.0)
    spots = ((0.97, 0.26), (0.88, 0.24), (0.93, -0.20), (0.80, -0.40), (0.72, -0.62), (0.95, 0.0))
    bolts = join(bolt.moved(0.284, y, z) for y, z in spots)
    strap = box((0.012, 0.04, 0.50), iron).turned("x", 26.0).moved(0.282, 0.82, -0.42)
    strap += box((0.012, 0.30, 0.05), iron).moved(0.282, 0.92, 0.20)
    sections = [(0.30, 0.86, 0.30, 0.20), (-0.50, 0.66, 0.30, 0.22), (-1.30, 0.38, 0.22, 0.19)]
    sections += [(-2.05, 0.115, 0.17, 0.15), (-2.20, 0.09, 0.13, 0.10)]
    stock = loft([(rounded_rect(w, h, 0.02) + (0.0, y), z) for z, y, w, h in sections], timber["z"])
    hoops = join(
        loft([(rounded_rect(w, h, 0.02) + (0.0, y + 0.35 * d), z + d) for d in (-0.025, 0.025)], iron)
        for z, y, w, h in ((-0.92, 0.513, 0.277, 0.222), (-1.42, 0.338, 0.228, 0.200), (-1.85, 0.186, 0.196, 0.172))
    )
    ends = ((0.20, 0.13, 0.10, -1.98), (0.15, 0.11, 0.09, -2.22))
    shoe = loft([(rounded_rect(w, h, 0.02) + (0.0, y), z) for w, h, y, z in ends], iron)
    lunette = torus(0.075, 0.045, iron, "y", 24, 10).moved(0.0, 0.085, -2.30)
    way = rounded([(0.09, 0.30, -1.66), (0.20, 0.31, -1.66), (0.20, 0.22, -1.92), (0.08, 0.21, -1.92)], 0.04)
    handle = mirror(tube(way, 0.014, iron, 8))
    eye = torus(0.06, 0.022, iron, "z", 18, 8)
    rings = eye.moved(0.0, 0.56, -1.16) + eye.moved(0.0, 0.34, -1.74)
    transom = box((0.40, 0.16, 0.12), timber["z"]).moved(0.0, 0.90, 0.28)
    transom += cylinder(0.02, 0.60, iron, "x", 10).moved(0.0, 0.86, -0.32)
    steel = metal("#8d8a80")
    thread = row(torus(0.028, 0.012, steel, segments=14, sides=6), 9, (0.0, 0.022, 0.0))
    screw = cylinder(0.028, 0.42, steel, segments=14).moved(0.0, 0.82, -0.66) + thread.moved(0.0, 0.90, -0.66)
    grip = rod((0.0, 0.80, 0.0), (0.14, 0.80, 0.0), 0.012, iron, 8) + ellipsoid(0.04, iron, 8).moved(0.14, 0.80)
    handles = ring(grip, 4).moved(z=-0.66)
    return join(
        [mirror(join([cheek, cap, bolts, strap])), stock, hoops, shoe, lunette, handle, rings, transom, screw, handles]
    )


def _axle(timber: dict[str, Texture], iron: Texture) -> Part:
    """Return the wooden axle tree with its iron bar, straps, washers and linch pins, and the lock chain."""
    beam = box((1.02, 0.15, 0.17), timber["x"]).moved(0.0, 0.745)
    arm = cylinder(0.05, 1.90, iron, "x", 16).moved(0.0, 0.73)
    bands = mirror(row(box((0.05, 0.17, 0.19), iron), 2, (0.26, 0.0, 0.0)).moved(0.36, 0.745))
    links = []
    for i in range(14):
        t = i / 13.0
        spot = (0.36, 0.66 - 0.42 * t * (1.0 - t) * 2.0 - 0.20 * t, -0.08 - 0.62 * t)
        links.append(torus(0.022, 0.011, iron, "y" if i % 2 else "x", 10, 6).scaled((1.0, 1.0, 1.5)).moved(*spot))
    hook = tube(rounded([(0.20, 0.66, -0.66), (0.36, 0.52, -0.72), (0.36, 0.46, -0.70)], 0.03), 0.012, iron, 6)
    bolster = box((0.34, 0.14, 0.20), timber["z"]).moved(0.0, 0.83)
    return join([beam, arm, bands, mirror(join(links) + hook), bolster])


def _tools(iron: Texture) -> Part:
    """Return rammer with sponge and worm slung along the trail, and the handspike."""
    ash = wood("#b08a55", "y", 0.015)
    staff = cylinder(0.018, 1.85, ash, segments=10)
    fleece = paint("#d8cfba", 0.12, MATT, 0.02)
    line = [(0.0, 0.90), (0.05, 0.91), (0.058, 0.95), (0.058, 1.13), (0.045, 1.16), (0.0, 1.165)]
    sponge = lathe(line, fleece, 18)
    head = cylinder(0.052, 0.11, ash, segments=18).moved(y=-0.95)
    worm_at = np.linspace(0.0, 3.0 * 2.0 * np.pi, 36)
    coil = np.column_stack([0.035 * np.cos(worm_at), 0.90 + 0.16 * worm_at / worm_at[-1], 0.035 * np.sin(worm_at)])
    tools = (staff + sponge + head).moved(0.20) + (staff + tube(coil, 0.008, iron, 6)).moved(-0.20)
    slung = tools.turned("x", 78.0).moved(0.0, 0.36, -1.15)
    loop = torus(0.03, 0.014, iron, "z", 14, 6).moved(0.20) + rod((0.05, 0.0, 0.0), (0.175, 0.0, 0.0), 0.008, iron, 6)
    straps = mirror(loop.moved(0.0, 0.498, -0.50) + loop.moved(0.0, 0.264, -1.60))
    spike = cylinder(0.024, 0.95, ash, segments=10).turned("x", 69.2).moved(0.0, 0.45, -1.45)
    return join([slung, straps, spike])


def _bucket(iron: Texture) -> Part:
    """Return the sponge bucket that hangs below the axle."""
    line = [(0.0, 0.30), (0.10, 0.30), (0.125, 0.52), (0.115, 0.52), (0.092, 0.31), (0.0, 0.31)]
    staves = lathe(line, paint("#4b3a2a", 0.15, SATIN), 22)
    hoops = pipe(0.113, 0.09, 0.02, iron, segments=22).moved(y=0.35)
    hoops += pipe(0.125, 0.10, 0.02, iron, segments=22).moved(y=0.48)
    bail = tube(lift(arc(0.118, 0.0, 180.0, 14, (0.0, 0.51)), "xy"), 0.008, iron, 6)
    return join([staves, hoops, bail]).moved(0.42, 0.0, -0.12)
