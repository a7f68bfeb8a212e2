"""Armour: a battle tank."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from objectpose.objects.kit import (
    Part,
    Texture,
    Variant,
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

_Camouflage = tuple[str, str, float, float]

# Ground, patches, size of a patch in metres and share of the patches.
_CAMOUFLAGE: tuple[_Camouflage, ...] = (
    ("#5d6138", "#4c5030", 0.9, 0.4),
    ("#9a8a64", "#887a56", 0.9, 0.4),
    ("#565c38", "#4a3626", 1.1, 0.42),
    ("#666a64", "#575b57", 0.9, 0.4),
    ("#9c8f68", "#565335", 0.8, 0.5),
)


def tank(seed: int) -> Mesh:
    """Build a medium battle tank, 8.5 m with its gun and 3.1 m wide: 84 links a track, cast turret, long gun.

    Args:
        seed: instance number; 0 is the reference, others vary camouflage, road wheels, turret, gun, skirts, stowage.

    Returns:
        A closed mesh in metres, gun to +z.
    """
    v = Variant("tank", seed)
    ground, patch, size, share = v.pick(*_CAMOUFLAGE)
    hide = patches(paint(ground, 0.08), paint(patch, 0.08), size, share, 0.2)
    steel, dark = paint("#3c3a36", 0.1), plain("#121310")
    wheels, gun, brake = v.pick(6, 5, 7), v.between(1.0, 0.84, 1.04), v.pick(False, True, False)
    wide, high = v.between(1.0, 0.92, 1.1), v.between(1.0, 0.92, 1.14)
    skirts, drums, antennas = v.pick(False, False, True), v.pick(True, False), v.pick(2, 1)
    track = mirror(_running_gear(steel, plain("#24231f"), hide, wheels).moved(1.22))
    turret = _turret(hide, steel, dark, antennas).scaled((wide, high, 1.0))
    turret += _gun(hide, steel, dark, gun, brake).moved(0.0, 0.34 * high, 1.36)
    parts = [_hull(hide), track, turret.moved(0.0, 1.74, 0.3), _bow(hide, steel, dark), _engine_deck(hide, steel, dark)]
    parts.append(_stowage(hide, steel, dark, drums))
    if skirts:
        parts.append(mirror(_skirt(hide, steel)))
    return assemble(parts, seed)


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


def _road_wheel(radius: float, tyre: Texture, disc: Texture, bolt: Texture, segments: int = 18) -> Part:
    """Return a double road wheel with its axle along x."""
    rim = 0.8 * radius
    line = [(0.0, 0.2), (0.09, 0.2), (0.11, 0.17), (0.16, 0.12), (rim, 0.17), (rim, 0.04), (0.0, 0.04)]
    loop = [(rim - 0.01, 0.04), (radius, 0.045), (radius, 0.19), (rim - 0.01, 0.195), (rim - 0.01, 0.04)]
    side, band = lathe(line, disc, segments), lathe(loop, tyre, segments)
    bolts = ring(cylinder(0.02, 0.03, bolt, "y", 5, 0.0).moved(x=0.5 * rim, y=0.15), 5, "y")
    half = join([side, band, bolts]).turned("z", -90)
    return mirror(half, "x")


def _running_gear(steel: Texture, pad: Texture, green: Texture, wheels: int) -> Part:
    """Return the left track with sprocket, idler, road wheels and return rollers; its middle at x = 0."""
    corners = [(-1.95, 0.035), (1.95, 0.035), (2.95, 0.62), (2.93, 1.06), (2.55, 1.12)]
    corners += [(0.0, 1.05), (-2.5, 1.12), (-2.93, 1.06), (-2.95, 0.62)]
    loop = resample(rounded(corners, 0.34, 6, closed=True), 84, closed=True)
    radius, axles = {5: 0.43, 6: 0.37, 7: 0.315}[wheels], np.linspace(-1.95, 1.95, wheels).tolist()
    wheel = _road_wheel(radius, rubber(), green, steel, 108 // wheels)
    road = join([wheel.moved(y=radius + 0.06, z=z) for z in axles])
    teeth = ring(box((0.05, 0.12, 0.07), steel, 0.0).moved(y=0.3), 13, "x")
    drum = cylinder(0.27, 0.4, green, "x") + cylinder(0.12, 0.46, steel, "x")
    sprocket = join([drum, teeth.moved(0.14), teeth.moved(-0.14)])
    idler = _road_wheel(0.28, steel, green, steel)
    rollers = join([cylinder(0.1, 0.36, steel, "x").moved(y=0.9, z=z) for z in (-1.3, 0.0, 1.3)])
    arm = bar((-0.3, 0.58, -0.25), (-0.3, radius + 0.06, 0.0), (0.1, 0.12), green)
    parts = [_track(loop, steel, pad), road, sprocket.moved(y=0.75, z=2.52), idler.moved(y=0.75, z=-2.55)]
    parts.append(join([arm.moved(z=z) for z in axles]))
    if wheels != 5:  # large wheels carry the track themselves
        parts.append(rollers)
    return join(parts)


def _turret(green: Texture, steel: Texture, dark: Texture, antennas: int) -> Part:
    """Return a cast turret with mantlet, cupola, hatches, machine gun, stowage bin; its ring at y = 0."""
    half = [(0.0, -1.35), (0.55, -1.3), (0.98, -0.85), (1.08, -0.2), (1.0, 0.6), (0.7, 1.15), (0.0, 1.28)]
    outline = spline([*half, *((-x, z) for x, z in half[-2:0:-1])], 56, closed=True)
    levels = [(0.0, 0.9), (0.08, 0.97), (0.25, 1.0), (0.48, 0.93), (0.64, 0.8), (0.7, 0.68)]
    shell = loft([(outline * share, height) for height, share in levels], green, crease_deg=60).turned("x", -90)
    ring_plate = cylinder(0.93, 0.1, green).moved(y=-0.03)
    mantlet = box((0.95, 0.46, 0.34), green, 0.08).moved(0, 0.34, 1.24)
    coaxial = cylinder(0.028, 0.3, steel, "z").moved(0.3, 0.36, 1.5)
    antenna = rod((0.0, 0.6, -0.95), (0.0275, 2.0, -1.15), 0.01, dark, 6) + cylinder(0.05, 0.12, steel).moved(
        0.0, 0.62, -0.95
    )
    masts = mirror(antenna.moved(0.55)) if antennas == 2 else antenna.moved(0.55)
    storage = box((1.35, 0.42, 0.42), green, 0.04).moved(0, 0.36, -1.48)
    way = rounded([(0.98, 0.3, 0.35), (1.13, 0.3, 0.3), (1.13, 0.3, -0.5), (1.0, 0.3, -0.62)], 0.06)
    smoke = cylinder(0.055, 0.24, steel).turned("x", 55).turned("y", 25)
    launchers = join([smoke.moved(0.86 + 0.05 * i, 0.42, 0.95 - 0.14 * i) for i in range(3)])
    sides = mirror(tube(way, 0.016, steel) + launchers)
    return join([shell, ring_plate, mantlet, coaxial, _hatches(green, steel, dark), masts, storage, sides])


def _hatches(green: Texture, steel: Texture, dark: Texture) -> Part:
    """Return the commander's cupola, the loader's hatch with its sight, and the machine gun on the roof."""
    cupola = join(
        [
            cylinder(0.36, 0.2, green).moved(y=0.78),
            cylinder(0.29, 0.05, green).moved(y=0.9),
            ring(box((0.14, 0.08, 0.05), dark, 0.0).moved(y=0.8, z=0.345), 7, "y"),
            tube([(0.1, 0.92, 0.1), (0.1, 0.97, 0.02), (0.1, 0.92, -0.08)], 0.013, steel, 6),
        ]
    )
    hatch = join(
        [
            cylinder(0.31, 0.08, green).moved(y=0.73),
            box((0.2, 0.1, 0.14), dark).moved(0.0, 0.78, 0.36),
            tube([(-0.08, 0.77, 0.0), (0, 0.83, 0.0), (0.08, 0.77, 0.0)], 0.013, steel, 6),
        ]
    )
    machine_gun = join(
        [
            box((0.09, 0.12, 0.55), steel).moved(0, 1.12, -0.05),
            rod((0, 1.13, 0.2), (0, 1.13, 1.05), 0.02, steel),
            cylinder(0.034, 0.3, steel, "z").moved(0, 1.13, 0.42),
            rod((0, 0.74, -0.02), (0, 1.08, -0.02), 0.03, steel),
            box((0.16, 0.15, 0.24), green).moved(0.14, 1.08, -0.05),
            rod((0, 1.12, -0.3), (0, 1.05, -0.46), 0.022, steel),
        ]
    )
    return cupola.moved(-0.4, -0.02, -0.25) + hatch.moved(0.42, 0, -0.15) + machine_gun.moved(0.42, 0, 0.16)


def _gun(green: Texture, steel: Texture, dark: Texture, length: float, brake: bool) -> Part:
    """Return the gun along +z from the mantlet at the origin: collar, tube with a bore evacuator, bore.

    Args:
        green: texture of the paint.
        steel: texture of bare metal.
        dark: texture of the bore.
        length: share of the reference's 3.6 m.
        brake: a muzzle brake instead of the muzzle's ring.
    """
    collar = lathe([(0.0, 0.0), (0.19, 0.0), (0.16, 0.3), (0.11, 0.34), (0.0, 0.34)], green, 24)
    line = [(0.0, 0.0), (0.095, 0.0), (0.086, 1.5), (0.13, 1.56), (0.13, 2.1), (0.083, 2.16), (0.072, 3.25)]
    line += [(0.105, 3.3), (0.105, 3.52), (0.055, 3.52), (0.052, 3.0), (0.0, 3.0)]
    barrel = lathe(np.array(line) * (1.0, length), green, 28).moved(y=0.1)
    end = 3.52 * length + 0.1
    bore = cylinder(0.05, 0.02, dark).moved(y=end - 0.46)
    parts = [collar, barrel, bore]
    if brake:
        block = lathe([(0.06, -0.42), (0.15, -0.38), (0.15, 0.0), (0.13, 0.04), (0.06, 0.04), (0.06, -0.42)], green, 28)
        slots = mirror(row(box((0.1, 0.07, 0.16), dark).moved(0.105), 2, (0.0, 0.17, 0.0)).moved(y=-0.19))
        parts += [
            block.moved(y=end),
            slots.moved(y=end),
            rod((0.0, end - 0.43, 0.0), (0.0, end - 0.4, 0.0), 0.1, steel),
        ]
    return join(parts).turned("x", 90)


def _hull(green: Texture) -> Part:
    """Return the hull: lower and upper body, fenders, boxes on them."""
    low = [(2.55, 0.5), (3.02, 0.86), (2.92, 1.12), (-2.92, 1.12), (-2.98, 0.8), (-2.6, 0.46)]
    high = [(3.0, 1.16), (1.75, 1.64), (-2.35, 1.68), (-2.98, 1.38), (-2.98, 1.16)]
    fender = [(3.3, 1.02), (3.22, 1.17), (2.6, 1.22), (-2.8, 1.22), (-3.2, 1.14), (-3.24, 0.98)]
    fender += [(-3.2, 0.98), (-3.16, 1.11), (-2.79, 1.185), (2.59, 1.185), (3.19, 1.14), (3.26, 1.01)]
    boxes = [box((0.5, 0.24, 0.95), green, 0.02).moved(1.3, 1.345, z) for z in (1.5, 0.3)]
    sides = mirror(join([side_profile(fender, 0.62, green).moved(1.22), *boxes]))
    return join([side_profile(low, 1.84, green), side_profile(high, 2.35, green), sides])


def _skirt(green: Texture, steel: Texture) -> Part:
    """Return the left row of plates that hang over the upper run of the track, with hinges."""
    panel = box((0.025, 0.46, 1.16), green) + row(box((0.04, 0.06, 0.12), steel, 0.0), 2, (0.0, 0.0, 0.6)).moved(y=0.2)
    return row(panel, 5, (0.0, 0.0, 1.19)).moved(1.545, 0.955, -0.05)


def _bow(green: Texture, steel: Texture, dark: Texture) -> Part:
    """Return what is on the front: spare links, head lamps with guards, tow shackles, the driver's hatch."""
    links = row(box((0.5, 0.05, 0.14), steel), 4, (0, -0.066, 0.172)).moved(0, 1.35, 2.62)
    way = rounded([(-0.14, -0.12, 0), (-0.14, 0.14, 0.08), (0.14, 0.14, 0.08), (0.14, -0.12, 0)], 0.05)
    glass = cylinder(0.085, 0.012, plain("#e9e4cf"), "z").moved(z=0.052)
    lamp = cylinder(0.1, 0.1, green, "z") + glass + tube(way, 0.012, steel, 6)
    tow = torus(0.09, 0.04, steel, "x").moved(0.55, 0.86, 3.06)
    driver = cylinder(0.28, 0.07, green).turned("x", 21).moved(0.5, 1.6, 1.95)
    sight = box((0.26, 0.09, 0.08), dark).moved(0.5, 1.6, 2.24)
    return join([links, mirror(lamp.moved(0.86, 1.5, 2.45) + tow), driver, sight])


def _engine_deck(green: Texture, steel: Texture, dark: Texture) -> Part:
    """Return what is behind the turret: grilles, exhausts, tail plates, tow shackles."""
    grille = row(box((0.95, 0.03, 0.05), dark), 9, (0, 0, 0.09)).moved(0.52, 1.7, -1.6)
    rim = box((1.02, 0.025, 0.84), green).moved(0.52, 1.685, -1.6)
    exhaust = tube(rounded([(0.6, 1.4, -2.85), (0.6, 1.4, -3.08), (0.6, 1.2, -3.16)], 0.08), 0.085, steel, 14)
    tow = torus(0.09, 0.04, steel, "x").moved(0.55, 0.82, -3.02)
    plates = row(box((0.3, 0.3, 0.03), green), 3, (0.45, 0, 0)).moved(0, 0.98, -2.98)
    return mirror(join([grille, rim, exhaust, tow])) + plates


def _stowage(green: Texture, steel: Texture, dark: Texture, drums: bool) -> Part:
    """Return rolled canvas, tow cable, shovel and, where wanted, the fuel drums on the fenders."""
    canvas, timber = paint("#7a7250", 0.1), wood("#8a6a40", axis="z")
    roll = cylinder(0.16, 1.5, canvas, "x") + mirror(cylinder(0.166, 0.03, dark, "x").moved(0.45))
    way = spline([(1.0, 1.7, 1.3), (1.06, 1.71, 0.4), (1.1, 1.71, -0.6), (1.02, 1.71, -1.4)], 24)
    shovel = rod((-1.05, 1.73, -0.9), (-1.05, 1.73, 0.5), 0.02, timber)
    shovel += plate((0.2, 0.26), 0.02, steel, 0.05, "y").moved(-1.05, 1.73, 0.62)
    parts = [roll.moved(0, 1.62, -2.6), tube(way, 0.022, steel, 8), shovel]
    if drums:
        hoops = row(cylinder(0.206, 0.03, steel, "z"), 2, (0.0, 0.0, 0.5))
        parts.append(mirror((cylinder(0.2, 0.85, green, "z") + hoops).moved(1.3, 1.43, -1.3)))
    return join(parts)
