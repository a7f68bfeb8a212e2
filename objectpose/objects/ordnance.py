"""Ordnance: a battle tank and a muzzle-loading field cannon."""

from __future__ import annotations

import numpy as np

from objectpose.objects.kit import (
    Part,
    Texture,
    assemble,
    bar,
    box,
    cylinder,
    extrude,
    join,
    lathe,
    loft,
    metal,
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
    spline,
    torus,
    tube,
    wood,
)
from objectpose.objects.mesh import Mesh

_Points = list[tuple[float, float]]


def _side(outline: _Points, width: float, texture: Texture, bevel: float | None = None) -> Part:
    """Return a solid with a side outline of (z, y) points, ``width`` metres across x."""
    return extrude(outline, width, texture, bevel=bevel).turned("y", -90)


def _wooden_wheel(radius: float, timber: Texture, iron: Texture) -> Part:
    """Return an artillery wheel with its axle along x: nave, fourteen spokes, felloes and an iron tyre."""
    deep, half = 0.085, 0.036

    def hoop(inner: float, outer: float, width: float, texture: Texture) -> Part:
        section = [(inner, -width), (outer, -width), (outer, width), (inner, width), (inner, -width)]
        return lathe(section, texture, 56).turned("z", 90)

    nave = lathe([(0.0, -0.2), (0.07, -0.2), (0.09, -0.16), (0.135, -0.05), (0.135, 0.05), (0.095, 0.15), (0.07, 0.2),
                  (0.0, 0.2)], timber, 28).turned("z", 90)  # fmt: skip
    bands = join([cylinder(r, 0.03, iron, "x").moved(x) for x, r in ((-0.17, 0.095), (0.165, 0.098), (0.06, 0.139))])
    cap = cylinder(0.045, 0.05, iron, "x").moved(0.215)
    spoke = bar((0.0, 0.1, 0.0), (0.0, radius - deep + 0.01, 0.0), (0.062, 0.045), timber)
    return join([
        hoop(radius - 0.014 - deep, radius - 0.014, half, timber),
        hoop(radius - 0.016, radius, half + 0.004, iron),
        nave,
        bands,
        cap,
        ring(spoke, 14, "x"),
        ring(cylinder(0.011, 2 * half + 0.012, iron, "x", 8, 0.0).moved(y=radius - 0.055), 14, "x", 13),
    ])  # fmt: skip


def _gun_barrel(bronze: Texture, dark: Texture) -> Part:
    """Return a smoothbore barrel along +z, its trunnions at the origin: 1.75 m with base ring, reinforces, muzzle swell."""
    profile = [
        (0.0, -0.93), (0.03, -0.925), (0.048, -0.9), (0.05, -0.875), (0.032, -0.845), (0.03, -0.825), (0.08, -0.8),
        (0.14, -0.775), (0.158, -0.77), (0.166, -0.755), (0.166, -0.72), (0.156, -0.705), (0.15, -0.69), (0.146, -0.3),
        (0.153, -0.29), (0.153, -0.255), (0.143, -0.245), (0.13, 0.1), (0.136, 0.11), (0.136, 0.14), (0.124, 0.15),
        (0.1, 0.66), (0.105, 0.68), (0.105, 0.695), (0.1, 0.71), (0.128, 0.79), (0.134, 0.82), (0.126, 0.845),
        (0.062, 0.85),
    ]  # fmt: skip
    bore = [(0.062, 0.85), (0.06, 0.4), (0.0, 0.4)]
    body = lathe([*profile, *bore[1:]], bronze, 36).turned("x", 90)
    shadow = cylinder(0.058, 0.02, dark).turned("x", 90).moved(z=0.44)
    handle = tube([(0.05, 0.125, -0.02), (0.06, 0.19, 0.02), (0.06, 0.19, 0.14), (0.05, 0.122, 0.18)], 0.014, bronze)
    trunnions = cylinder(0.052, 0.46, bronze, "x") + cylinder(0.07, 0.34, bronze, "x")
    vent = cylinder(0.014, 0.02, dark).moved(0.0, 0.15, -0.64)
    return join([body, shadow, mirror(handle, "x"), trunnions, vent])


def cannon(seed: int) -> Mesh:
    """Return a 12-pounder field gun of about 1860, 3.4 m long: bronze barrel on a two-wheeled wooden carriage with trail."""
    timber, rail = wood("#8a4f2a", axis="z", grain_m=0.02), wood("#8f552e", axis="y", grain_m=0.02)
    bronze, iron, dark = paint("#2e3032", 0.1), paint("#232324", 0.08), plain("#0e0e0d")
    pale, rope = wood("#b08a54", axis="z"), plain("#c9bda0")
    axle_y, trunnion_y, trunnion_z = 0.72, 1.06, 0.06

    barrel = _gun_barrel(bronze, dark).turned("x", -6).moved(0, trunnion_y, trunnion_z)
    wheel = _wooden_wheel(axle_y, rail, iron).moved(0.74, axle_y, 0.0)
    axle = box((1.2, 0.15, 0.17), timber).moved(y=axle_y) + cylinder(0.042, 1.9, iron, "x").moved(y=axle_y)
    cheek_outline = [
        (0.42, 0.8), (0.46, 0.88), (0.4, 1.0), (0.16, 1.04), (0.12, 1.0), (0.0, 1.0), (-0.04, 1.04), (-0.3, 1.0),
        (-0.62, 0.86), (-0.98, 0.66), (-1.02, 0.52), (-0.9, 0.48), (-0.1, 0.72),
    ]  # fmt: skip
    cheek = _side(cheek_outline, 0.085, timber).moved(0.215)
    cap_square = bar((0.215, 1.105, 0.2), (0.215, 1.1, -0.08), (0.09, 0.022), iron, 0.0)
    bolts = row(cylinder(0.02, 0.03, iron, "x", 8), 2, (0, -0.11, -0.24)).moved(0.262, 0.78, -0.4)
    washer = cylinder(0.028, 0.025, iron, "x", 10)
    cheek_iron = join([cap_square, bolts, washer.moved(0.262, 0.9, 0.3), washer.moved(0.262, 0.92, -0.24)])
    straps = join([bar((0.215, 0.87, 0.47), (0.215, 0.78, 0.43), (0.1, 0.02), iron, 0.0),
                   bar((0.24, 0.64, 0.09), (0.24, 0.81, 0.09), (0.07, 0.02), iron, 0.0)])  # fmt: skip
    trail = bar((0, 0.74, -0.2), (0, 0.13, -2.2), (0.24, 0.22), timber, 0.02)
    shoe = bar((0, 0.13, -2.17), (0, 0.075, -2.36), (0.2, 0.16), iron, 0.02)
    lunette = torus(0.085, 0.035, iron, "y").moved(0, 0.12, -2.44)
    collar = bar((0, 0.44, -1.18), (0, 0.41, -1.28), (0.254, 0.234), iron, 0.0)
    trail_handle = tube(
        [(0.12, 0.3, -1.75), (0.19, 0.33, -1.72), (0.19, 0.28, -1.95), (0.12, 0.24, -1.95)], 0.014, iron
    )
    pointing_rings = torus(0.06, 0.022, iron, "z").moved(0, 0.41, -1.6) + torus(0.06, 0.022, iron, "z").moved(
        0, 0.3, -2.0
    )
    screw = cylinder(0.026, 0.42, iron).moved(0, 0.78, -0.55) + ring(
        rod((0, 0, 0), (0.13, 0, 0), 0.013, iron, 8), 4, "y"
    ).moved(0, 0.66, -0.55)
    transom = box((0.36, 0.18, 0.14), timber).moved(0, 0.88, 0.34)
    rammer = rod((-0.34, 0.56, 0.3), (-0.34, 0.4, -1.9), 0.022, pale, 10)
    sponge = cylinder(0.06, 0.26, rope).turned("x", 86).moved(-0.34, 0.575, 0.42)
    rammer_head = cylinder(0.055, 0.12, pale).turned("x", 86).moved(-0.34, 0.395, -1.96)
    hooks = join([rod((-0.34, 0.5, z), (-0.1, 0.5 + 0.25 * z, z), 0.012, iron, 6) for z in (0.05, -0.75)])
    bucket = lathe([(0.0, -0.12), (0.1, -0.12), (0.115, 0.12), (0.1, 0.12), (0.088, -0.1), (0.0, -0.1)], pale, 20)
    hoops = join([torus(r, 0.014, iron).moved(y=y) for r, y in ((0.105, -0.06), (0.112, 0.06))])
    bail = tube([(-0.11, 0.1, 0), (-0.09, 0.22, 0), (0, 0.27, 0), (0.09, 0.22, 0), (0.11, 0.1, 0)], 0.008, iron, 6)
    hanging = join([bucket, hoops, bail]).moved(0.34, 0.37, 0.0)
    parts = [
        barrel, mirror(wheel, "x"), axle, mirror(cheek, "x"), mirror(cheek_iron, "x"), mirror(straps, "x"), trail, shoe,
        lunette, collar, mirror(trail_handle, "x"), pointing_rings, screw, transom, rammer, sponge, rammer_head, hooks,
        hanging,
    ]  # fmt: skip
    return assemble(parts, seed)


def _track(loop: np.ndarray[tuple[int, ...], np.dtype[np.float64]], steel: Texture, pad: Texture) -> Part:
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
    side = lathe([(0.0, 0.2), (0.09, 0.2), (0.11, 0.17), (0.16, 0.12), (rim, 0.17), (rim, 0.04), (0.0, 0.04)], disc, 20)
    band = lathe(
        [(rim - 0.01, 0.04), (radius, 0.045), (radius, 0.19), (rim - 0.01, 0.195), (rim - 0.01, 0.04)], tyre, 20
    )
    bolts = ring(cylinder(0.02, 0.03, bolt, "y", 6, 0.0).moved(x=0.5 * rim, y=0.15), 8, "y")
    half = join([side, band, bolts]).turned("z", -90)
    return mirror(half, "x")


def _running_gear(steel: Texture, pad: Texture, green: Texture) -> Part:
    """Return the left track with sprocket, idler, six road wheels and return rollers; its middle at x = 0."""
    corners = [(-1.95, 0.035), (1.95, 0.035), (2.95, 0.62), (2.93, 1.06), (2.55, 1.12), (0.0, 1.05), (-2.5, 1.12),
               (-2.93, 1.06), (-2.95, 0.62)]  # fmt: skip
    loop = resample(rounded(corners, 0.34, 6, closed=True), 84, closed=True)
    wheel = _road_wheel(0.37, rubber(), green, steel)
    wheels = join([wheel.moved(y=0.43, z=z) for z in np.linspace(-1.95, 1.95, 6)])
    teeth = ring(box((0.05, 0.12, 0.07), steel, 0.0).moved(y=0.3), 13, "x")
    drum = cylinder(0.27, 0.4, green, "x") + cylinder(0.12, 0.46, steel, "x")
    sprocket = join([drum, teeth.moved(0.14), teeth.moved(-0.14)])
    idler = _road_wheel(0.28, steel, green, steel)
    rollers = join([cylinder(0.1, 0.36, steel, "x").moved(y=0.9, z=z) for z in (-1.3, 0.0, 1.3)])
    arms = join([bar((-0.3, 0.58, z - 0.25), (-0.3, 0.43, z), (0.1, 0.12), green) for z in np.linspace(-1.95, 1.95, 6)])
    return join([
        _track(loop, steel, pad), wheels, sprocket.moved(y=0.75, z=2.52), idler.moved(y=0.75, z=-2.55), rollers, arms,
    ])  # fmt: skip


def _turret(green: Texture, steel: Texture, dark: Texture) -> Part:
    """Return a cast turret with mantlet, gun with bore evacuator, cupola, hatches, machine gun and stowage; ring at y = 0."""
    plan = [(0.0, -1.35), (0.55, -1.3), (0.98, -0.85), (1.08, -0.2), (1.0, 0.6), (0.7, 1.15), (0.0, 1.28), (-0.7, 1.15),
            (-1.0, 0.6), (-1.08, -0.2), (-0.98, -0.85), (-0.55, -1.3)]  # fmt: skip
    outline = spline(plan, 56, closed=True)
    levels = [(0.0, 0.9), (0.08, 0.97), (0.25, 1.0), (0.48, 0.93), (0.64, 0.8), (0.7, 0.68)]
    shell = loft([(outline * share, height) for height, share in levels], green, crease_deg=60).turned("x", -90)
    ring_plate = cylinder(0.93, 0.1, green).moved(y=-0.03)
    mantlet = box((0.95, 0.46, 0.34), green, 0.08).moved(0, 0.34, 1.24)
    collar = lathe([(0.0, 0.0), (0.19, 0.0), (0.16, 0.3), (0.11, 0.34), (0.0, 0.34)], green, 24).turned("x", 90)
    gun = lathe([
        (0.0, 0.0), (0.095, 0.0), (0.086, 1.5), (0.13, 1.56), (0.13, 2.1), (0.083, 2.16), (0.072, 3.25), (0.105, 3.3),
        (0.105, 3.52), (0.055, 3.52), (0.052, 3.0), (0.0, 3.0),
    ], green, 28).turned("x", 90)  # fmt: skip
    barrel = (collar + gun.moved(z=0.1)).moved(0, 0.34, 1.36)
    bore = cylinder(0.05, 0.02, dark, "z").moved(0, 0.34, 4.52)
    coaxial = cylinder(0.028, 0.3, steel, "z").moved(0.3, 0.36, 1.5)
    cupola = join([
        cylinder(0.36, 0.2, green).moved(y=0.78), cylinder(0.29, 0.05, green).moved(y=0.9),
        ring(box((0.14, 0.08, 0.05), dark, 0.0).moved(y=0.8, z=0.345), 7, "y"),
        tube([(0.1, 0.92, 0.1), (0.1, 0.97, 0.02), (0.1, 0.92, -0.08)], 0.013, steel, 6),
    ]).moved(-0.4, -0.02, -0.25)  # fmt: skip
    hatch = join([cylinder(0.31, 0.08, green).moved(y=0.73), box((0.2, 0.1, 0.14), dark).moved(0.0, 0.78, 0.36),
                  tube([(-0.08, 0.77, 0.0), (0, 0.83, 0.0), (0.08, 0.77, 0.0)], 0.013, steel, 6)]).moved(0.42, 0, -0.15)  # fmt: skip
    machine_gun = join([
        box((0.09, 0.12, 0.55), steel).moved(0, 1.12, -0.05), rod((0, 1.13, 0.2), (0, 1.13, 1.05), 0.02, steel),
        cylinder(0.034, 0.3, steel, "z").moved(0, 1.13, 0.42), rod((0, 0.74, -0.02), (0, 1.08, -0.02), 0.03, steel),
        box((0.16, 0.15, 0.24), green).moved(0.14, 1.08, -0.05), rod((0, 1.12, -0.3), (0, 1.05, -0.46), 0.022, steel),
    ]).moved(0.42, 0, 0.16)  # fmt: skip
    antennas = join([rod((x, 0.6, -0.95), (x * 1.05, 2.0, -1.15), 0.01, dark, 6) for x in (-0.55, 0.55)])
    bases = join([cylinder(0.05, 0.12, steel).moved(x, 0.62, -0.95) for x in (-0.55, 0.55)])
    bin_ = box((1.35, 0.42, 0.42), green, 0.04).moved(0, 0.36, -1.48)
    rails = mirror(
        tube(rounded([(0.98, 0.3, 0.35), (1.13, 0.3, 0.3), (1.13, 0.3, -0.5), (1.0, 0.3, -0.62)], 0.06), 0.016, steel),
        "x",
    )
    smoke = join([cylinder(0.055, 0.24, steel).turned("x", 55).turned("y", 25).moved(0.86 + 0.05 * i, 0.42, 0.95 - 0.14 * i)
                  for i in range(3)])  # fmt: skip
    return join([shell, ring_plate, mantlet, barrel, bore, coaxial, cupola, hatch, machine_gun, antennas, bases, bin_,
                 rails, mirror(smoke, "x")])  # fmt: skip


def tank(seed: int) -> Mesh:
    """Return a medium battle tank, 8 m with its gun and 3 m wide: tracks with 84 links a side, cast turret, long gun."""
    green = patches(paint("#5d6138", 0.08), paint("#4c5030", 0.08), 0.9, 0.4, 0.2)
    steel, pad, dark = paint("#3c3a36", 0.1), plain("#24231f"), plain("#121310")
    canvas, lamp, timber = paint("#7a7250", 0.1), plain("#e9e4cf"), wood("#8a6a40", axis="z")
    lower = _side([(2.55, 0.5), (3.02, 0.86), (2.92, 1.12), (-2.92, 1.12), (-2.98, 0.8), (-2.6, 0.46)], 1.84, green)
    upper = _side([(3.0, 1.16), (1.75, 1.64), (-2.35, 1.68), (-2.98, 1.38), (-2.98, 1.16)], 2.35, green)
    fender = _side([(3.3, 1.02), (3.22, 1.17), (2.6, 1.22), (-2.8, 1.22), (-3.2, 1.14), (-3.24, 0.98), (-3.2, 0.98),
                    (-3.16, 1.11), (-2.79, 1.185), (2.59, 1.185), (3.19, 1.14), (3.26, 1.01)], 0.62, green).moved(1.22)  # fmt: skip
    tracks = mirror(_running_gear(steel, pad, green).moved(1.22), "x")
    turret = _turret(green, steel, dark).moved(0, 1.74, 0.3)
    glacis_links = row(box((0.5, 0.05, 0.14), steel), 4, (0, -0.066, 0.172)).turned("x", 0).moved(0, 1.35, 2.62)
    lamps = mirror(
        join([cylinder(0.1, 0.1, green, "z"), cylinder(0.085, 0.012, lamp, "z").moved(z=0.052),
              tube(rounded([(-0.14, -0.12, 0), (-0.14, 0.14, 0.08), (0.14, 0.14, 0.08), (0.14, -0.12, 0)], 0.05), 0.012, steel, 6)]
             ).moved(0.86, 1.5, 2.45), "x")  # fmt: skip
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
        lower, upper, mirror(fender, "x"), tracks, turret, glacis_links, lamps, tow, rear_tow, driver, hatch_rims, deck,
        boxes, drums, exhausts, roll, cable, shovel, tail_plate,
    ]  # fmt: skip
    return assemble(parts, seed)
