"""Things that fly, other than airliners."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from objectpose.objects.kit import (
    MATT,
    SATIN,
    Part,
    Texture,
    Variant,
    assemble,
    bar,
    box,
    by,
    cloth,
    cone,
    cylinder,
    ellipsoid,
    extrude,
    faired,
    glass,
    hull,
    join,
    lathe,
    loft,
    metal,
    mirror,
    paint,
    patches,
    pipe,
    plain,
    plate,
    rgb,
    ring,
    rod,
    rounded_rect,
    row,
    rubber,
    spline,
    stripes,
    torus,
    tube,
    wheel,
    wing,
)
from objectpose.objects.mesh import Mesh

Array = NDArray[np.float64]

_CAMOUFLAGE = (
    ("#8d959b", "#7c858c"),
    ("#87a0b0", "#566c80"),
    ("#7b7152", "#4c5638"),
    ("#63696f", "#555b61"),
    ("#b09a72", "#8a6a48"),
)
"""Ground and patches of warplanes."""
_BLIMPS = (
    ("#e8eaec", "#1f4aa0", "#e0b422"),
    ("#b9bec3", "#8f969c", "#b9bec3"),
    ("#f0f0ee", "#c3242b", "#c3242b"),
    ("#e9c02c", "#1c5e36", "#f2f2ee"),
)
"""Hull, lower half or band, and stripe of airships."""
_GORES = (
    ("#d3222a", "#ee7b1c", "#f5cf27", "#2f9a45", "#1f62b5", "#6a2f8f"),
    ("#1f4fa6", "#f3f1ea", "#d3222a", "#f3f1ea"),
    ("#f2c522", "#d9241f", "#f07a1a"),
    ("#7a2a86", "#e0457e", "#f5cf27", "#2a9d8f"),
)
"""Colours of balloons, one gore after the other."""

_ORBITER = (
    (17.7, 0.10, 1.20, 1.30),
    (17.4, 1.30, 0.62, 1.95),
    (16.6, 2.70, 0.26, 2.60),
    (15.0, 4.00, 0.06, 3.30),
    (13.0, 4.90, 0.00, 4.05),
    (12.3, 5.10, 0.00, 4.60),
    (11.2, 5.30, 0.00, 5.50),
    (9.60, 5.50, 0.00, 5.95),
    (9.25, 5.50, 0.00, 6.00),
    (9.20, 5.50, 0.00, 6.00),
    (-9.80, 5.50, 0.00, 6.00),
    (-9.85, 5.50, 0.00, 6.00),
    (-12.0, 5.50, 0.00, 6.00),
    (-16.8, 6.10, 0.20, 5.90),
)
"""Sections of a space shuttle: z, width, y of the belly, y of the top; metres."""


def _fuselage(table: Sequence[tuple[float, ...]], square: float, texture: Texture, steps: int = 48) -> Part:
    """Return a body through sections (z, width, bottom y, top y); ``square`` 1 is an ellipse, less a rounded box."""
    angle = np.arange(40) * (2.0 * np.pi / 40)
    cos, sin = np.cos(angle), np.sin(angle)
    x, y = np.sign(cos) * np.abs(cos) ** square, np.sign(sin) * np.abs(sin) ** square
    tail, nose = min(table)[0], max(table)[0]

    def section(measures: NDArray[np.float64]) -> NDArray[np.float64]:
        wide, low, high = measures
        return np.column_stack([0.5 * wide * x, 0.5 * (low + high) + 0.5 * (high - low) * y])

    places = tail + (nose - tail) * (1.0 - np.linspace(1.0, 0.0, steps) ** 1.6)
    return faired(table, section, places, texture, 70.0)


def warplane(seed: int) -> Mesh:
    """Build a twin-engine jet fighter in flight: box intakes, bubble canopy, missiles and a drop tank.

    Args:
        seed: instance number; 0 is the reference, others vary camouflage, wing plan, fins, radome and missiles.

    Returns:
        A closed mesh about 19 m long with 13 m of span, the nose at +z.
    """
    v = Variant("warplane", seed)
    ground, spots = v.pick(*_CAMOUFLAGE)
    skin = patches(paint(ground, 0.05, SATIN, 0.8), paint(spots, 0.05, SATIN, 0.8), 2.6, 0.5, 0.04)
    layout = v.pick("upright", "canted", "delta")
    span, sweep = v.near(6.4, 0.06), v.near(4.2, 0.1)
    dark, radome = plain("#24272a"), paint(v.pick("#5d646a", "#3c4247", "#6d7378"), 0.03, SATIN)
    nose = by(lambda p, _n: p[:, 2] > 7.9, skin, radome)
    body = _fuselage(
        [
            (9.6, 0.04, -0.20, -0.16),
            (9.2, 0.34, -0.36, -0.02),
            (8.2, 0.78, -0.54, 0.26),
            (6.8, 1.14, -0.66, 0.56),
            (5.0, 1.38, -0.72, 0.84),
            (3.0, 1.60, -0.76, 1.02),
            (0.5, 1.90, -0.70, 1.00),
            (-4.0, 1.90, -0.50, 0.80),
            (-7.0, 1.00, -0.20, 0.45),
            (-8.4, 0.50, 0.00, 0.25),
        ],
        0.85,
        nose,
    )
    pitot = rod((0.0, -0.18, 9.5), (0.0, -0.18, 10.3), 0.035, plain("#8b9095"), 6)
    parts = [body, pitot, _canopy(skin), mirror(_nacelle(skin, dark)), _stores(v)]
    parts.append(mirror(_warplane_wings(skin, layout, span, sweep)))
    fin = [(0.2, 0.0, -3.6, -7.8, 0.26), (1.6, 0.0, -5.2, -7.9, 0.18), (3.1, 0.0, -6.9, -8.3, 0.09)]
    if layout == "delta":
        tall = [(h * 1.15, y, lead, trail, t) for h, y, lead, trail, t in fin]
        parts.append(wing(tall, skin).turned("z", 90.0).moved(y=0.45))
        parts.append(_fin_marks().moved(0.0, 2.6, -6.9))
    else:
        lean = 20.0 if layout == "canted" else 0.0
        blade = wing(fin, skin).turned("z", 90.0) + _fin_marks().moved(0.0, 1.9, -6.9)
        parts.append(mirror(blade.turned("z", -lean).moved(1.55, 0.35, 0.0)))
    return assemble(parts, seed)


def _fin_marks() -> Part:
    """Return the colour block on both sides of a fin, about the origin."""
    return box((0.2, 0.34, 0.9), plain("#b3262c"), 0.0) + box((0.21, 0.12, 0.9), plain("#e6e6e2"), 0.0)


def _canopy(skin: Texture) -> Part:
    """Return the bubble canopy with its frames and the spine behind it."""
    tint = by(lambda _p, n: n[:, 1] > 0.55, glass("#182430", "#6f93ad"), glass("#2b3d4c", "#b8d0e0"))
    bubble = ellipsoid((0.98, 1.5, 4.5), tint, 32).moved(0.0, 0.68, 5.1)
    hoop = torus(0.5, 0.07, plain("#4d5357"), "z", 32, 8).scaled((0.93, 1.32, 1.0)).moved(0.0, 0.68, 6.1)
    back = hoop.scaled((0.98, 1.0, 1.0)).moved(z=-1.7)
    spine = ellipsoid((1.1, 1.2, 6.5), skin, 24).moved(0.0, 0.66, 1.6)
    sill = mirror(rod((0.42, 0.75, 6.9), (0.62, 0.9, 3.2), 0.05, plain("#4d5357"), 6))
    return join([bubble, hoop, back, spine, sill])


def _nacelle(skin: Texture, dark: Texture) -> Part:
    """Return the left engine: raked box intake, round rear and a petalled nozzle."""
    rings = []
    for z, wide, high, radius, rake, x, y in (
        (3.4, 1.02, 1.50, 0.12, 0.55, 1.36, -0.12),
        (1.5, 1.14, 1.60, 0.22, 0.0, 1.36, -0.10),
        (-2.5, 1.26, 1.50, 0.40, 0.0, 1.22, -0.02),
        (-5.5, 1.34, 1.36, 0.62, 0.0, 1.05, 0.06),
        (-7.3, 1.16, 1.18, 0.57, 0.0, 0.92, 0.10),
    ):
        flat = rounded_rect(wide, high, radius, 6)
        rings.append(np.column_stack([flat[:, 0] + x, flat[:, 1] + y, z + rake * flat[:, 1]]))
    duct = loft(rings, skin, 4, crease_deg=50.0)
    mouth = np.column_stack([(rings[0][:, :2] - (1.36, -0.12)) * (0.88, 0.91) + (1.36, -0.12), rings[0][:, 2]])
    hole = loft([mouth + (0.0, 0.0, 0.03), mouth - (0.0, 0.0, 0.3)], plain("#0f1113", MATT))
    steel = metal("#6d6a66")
    loop = [(0.57, 0.0), (0.60, -0.25), (0.54, -0.9), (0.44, -1.35), (0.40, -1.32), (0.46, -0.7), (0.3, -0.5)]
    nozzle = lathe([(0.0, 0.2), *loop, (0.0, -0.5)], steel, 40)
    petal = bar((0.59, -0.25, 0.0), (0.455, -1.32, 0.0), (0.03, 0.04), dark, 0.0)
    rear = (nozzle + ring(petal, 20)).turned("x", 90.0).moved(0.92, 0.10, -7.25)
    vent = row(box((0.02, 0.3, 0.1), dark, 0.0), 4, (0.0, 0.0, 0.22)).moved(1.94, 0.1, 0.5)
    return join([duct, hole, rear, vent])


def _warplane_wings(skin: Texture, layout: str, span: float, sweep: float) -> Part:
    """Return the left wing with strake, flaps and roundel, and the left tailplane or canard."""
    end = -6.0 if layout == "delta" else -3.9
    marked = skin
    for radius, colour in ((0.62, "#2c3f73"), (0.42, "#e3e3df"), (0.2, "#b3262c")):
        marked = _disc(marked, colour, (0.68 * span, end + 1.15), radius)
    if layout == "delta":
        main = wing([(1.0, 0.3, 3.0, -6.4, 0.34), (span - 0.6, 0.3, -4.9, -6.3, 0.07)], marked)
        tail = wing([(0.6, 0.45, 5.5, 3.9, 0.12), (2.7, 0.55, 4.0, 3.2, 0.04)], skin)
    else:
        main = wing([(1.0, 0.4, 2.4, -4.6, 0.34), (span, 0.3, 1.6 - sweep, -4.6, 0.09)], marked)
        tail = wing([(1.2, 0.1, -5.4, -8.6, 0.2), (4.4, 0.05, -8.1, -9.5, 0.06)], skin)
    strake = hull([(0.5, 0.45, 5.0), (1.9, 0.38, 1.9), (0.5, 0.3, 1.0), (1.9, 0.30, 1.0), (0.5, 0.6, 1.5)], skin)
    seam = plain("#4a5056")
    flap = bar((2.0, 0.47, end), (span - 0.9, 0.36, end - 0.2), (0.05, 0.03), seam, 0.0)
    return join([main, tail, strake, flap])


def _disc(ground: Texture, colour: str, middle: tuple[float, float], radius: float) -> Texture:
    """Return the texture with a disc of another colour about a place (x, z), seen from above and below."""
    return by(lambda p, _n: np.hypot(p[:, 0] - middle[0], p[:, 2] - middle[1]) < radius, ground, plain(colour))


def _missile(length: float, radius: float, texture: Texture) -> Part:
    """Return a missile along z, centred: body, nose, canards and tail fins."""
    body = cylinder(radius, length, texture, "z", 14) + ellipsoid(
        (2.0 * radius, 2.0 * radius, 6.0 * radius), plain("#3f464c"), 14
    ).moved(z=0.5 * length)
    fin = hull(
        [(s * 0.012, y, z) for s in (-1, 1) for y, z in ((0.0, 0.25), (0.0, -0.25), (3.4 * radius, -0.25))], texture
    )
    canard = fin.scaled((1.0, 0.75, 0.6))
    return join(
        [body, ring(fin.moved(z=0.3 - 0.5 * length), 4, "z", 45.0), ring(canard.moved(z=0.34 * length), 4, "z", 45.0)]
    )


def _stores(v: Variant) -> Part:
    """Return pylons with missiles under both wings, a drop tank under the belly."""
    white, grey = plain("#dfe2e4"), plain("#7d858b")
    parts = []
    for x in v.pick((2.6, 3.9), (2.6, 3.5, 4.4), (3.2,)):
        pylon = hull(
            [
                (x + s * 0.06, y, z)
                for s in (-1, 1)
                for y, z in ((0.3, -0.8), (0.3, -3.4), (-0.35, -1.2), (-0.35, -3.0))
            ],
            grey,
        )
        parts.append(mirror(pylon + _missile(3.0, 0.11, white).moved(x, -0.45, -1.9)))
    tank = ellipsoid((0.85, 0.85, 6.0), grey, 20).moved(0.0, -1.25, 0.2)
    parts.append(tank + box((0.14, 0.6, 2.2), grey).moved(0.0, -0.8, 0.0))
    return join(parts)


def space_shuttle(seed: int) -> Mesh:
    """Build the orbiter of a space shuttle: black tiles below, white above, double-delta wing, three engine bells.

    Args:
        seed: instance number; 0 is the reference, others vary shades, black marks, engines, length; some
            have the gear down, some the payload bay open.

    Returns:
        A closed mesh about 37 m long with 24 m of span, the nose at +z.
    """
    v = Variant("space_shuttle", seed)
    white = paint(v.pick("#eef0ef", "#e4dfd2", "#f5f6f7"), 0.05, SATIN, 0.9)
    tiles = stripes(white, paint("#cfd2d2", 0.04, SATIN), "z", 0.9, 0.05)
    black = paint(v.pick("#1d1f22", "#2a2826", "#15171b"), 0.25, SATIN, 0.5)
    long, chine = v.between(0.0, -1.0, 1.5), v.between(0.9, 0.5, 1.5)

    def belly(p: Array, n: Array) -> NDArray[np.bool_]:
        return (n[:, 1] < -0.25) | (p[:, 1] < chine * np.clip((p[:, 2] - 6.0) / 8.0, 0.25, 1.6))

    def face(p: Array, _n: Array) -> NDArray[np.bool_]:
        eyes = (np.abs(p[:, 2] - long - 12.0) < 0.75) & (p[:, 1] > 3.6) & (p[:, 1] < 5.4)
        return eyes | (p[:, 2] > long + 16.9)

    skin = by(belly, by(face, tiles, black), black)
    outline = [(z + long if z > 0.0 else z, wide, low, high) for z, wide, low, high in _ORBITER]
    body = _fuselage(outline, 0.55, skin, 64)
    gear, bay = v.pick((False, False), (True, False), (False, True))
    parts = [_open_bay(body, long, white) if bay else body + _bay_seams(long)]
    parts += [_shuttle_windows(outline), _shuttle_sides(long), _shuttle_tail(tiles, black, v)]
    parts.append(mirror(_shuttle_wing(tiles, black, v.near(11.9, 0.04))))
    if gear:
        parts.append(_shuttle_gear(long))
    return assemble(parts, seed)


def _shuttle_windows(outline: Sequence[tuple[float, ...]]) -> Part:
    """Return six flight-deck panes and two roof panes."""
    rows = np.asarray(sorted(outline), np.float64)
    curve, nose = PchipInterpolator(rows[:, 0], rows[:, 1:]), float(rows[-1, 0]) - 17.7
    pane = glass("#0d1218", "#39536b")

    def at(z: float, clock: float, out: float) -> tuple[float, float, float]:
        wide, low, high = (float(value) for value in curve(z + nose))
        side, up = np.sin(np.deg2rad(clock)) ** 0.55, np.cos(np.deg2rad(clock)) ** 0.55
        return (0.5 * wide + out) * side, 0.5 * (low + high) + (0.5 * (high - low) + out) * up, z + nose

    front = [((12.65, 11.7), (0.4, 6.0)), ((12.65, 11.7), (7.6, 22.0)), ((12.6, 11.75), (26.0, 48.0))]
    parts = []
    for (fore, aft), (near, far) in [*front, ((10.9, 10.3), (1.0, 8.0))]:
        corners = [(fore, near), (fore, far), (aft, far), (aft, near)]
        parts.append(hull([at(z, clock, out) for z, clock in corners for out in (0.05, -0.12)], pane))
    return mirror(join(parts))


def _shuttle_sides(long: float) -> Part:
    """Return side hatches, vents, flags and the jets of the nose."""
    hatch = cylinder(0.55, 0.1, plain("#aeb2b4"), "x", 24).moved(2.6, 2.6, 11.3)
    hatch = hatch + cylinder(0.14, 0.14, plain("#1c2126"), "x", 16).moved(2.6, 2.7, 11.3)
    vents = row(box((0.08, 0.3, 0.8), plain("#3b3e41"), 0.0), 5, (0.0, 0.0, 3.4)).moved(2.76, 3.2, -long)
    flag = box((0.05, 0.8, 1.5), stripes(plain("#f2f2f0"), plain("#b8232c"), "y", 0.2, 0.5), 0.0)
    flag = (flag + box((0.06, 0.42, 0.6), plain("#243a77"), 0.0).moved(0.0, 0.19, 0.45)).moved(2.79, 2.4, 6.0)
    jets = row(cylinder(0.16, 0.1, plain("#2a2c2e"), segments=14), 3, (0.0, -0.12, 0.42)).moved(0.5, 3.4, 14.9)
    return mirror(join([hatch, vents, flag, jets])).moved(z=long)


def _bay_seams(long: float) -> Part:
    """Return the seams of the closed doors of the payload bay."""
    seam = plain("#9a9fa2")
    cross = [(2.80, 4.2), (2.62, 5.2), (2.1, 5.78), (1.2, 5.98), (0.0, 6.02)]
    way = np.array([*cross, *[(-x, y) for x, y in cross[-2::-1]]])
    parts = []
    for z in np.linspace(9.2 + long, -9.8, 6):
        parts += [bar((*a, z), (*b, z), (0.1, 0.06), seam, 0.0) for a, b in pairwise(way)]
    parts.append(bar((0.0, 6.0, 9.2 + long), (0.0, 6.02, -9.8), (0.12, 0.1), seam, 0.0))
    sill = bar((2.78, 4.2, 9.2 + long), (2.80, 4.2, -9.8), (0.08, 0.12), seam, 0.0)
    return join([*parts, mirror(sill)])


def _open_bay(body: Part, long: float, white: Texture) -> Part:
    """Return the body with a trough for a payload bay, both doors swung out, a satellite and the arm in it."""

    def trough(p: Array) -> Array:
        inside = (np.abs(p[:, 2] + 0.3 - 0.5 * long) < 9.501 + 0.5 * long) & (p[:, 1] > 4.2)
        sunk = np.column_stack([0.92 * p[:, 0], 4.2 - 1.55 * (p[:, 1] - 4.2), p[:, 2]])
        return np.where(inside[:, None], sunk, p)

    line = spline([(2.72, 4.25), (2.62, 5.2), (2.1, 5.75), (1.2, 5.95), (0.0, 6.0)], 12) - (2.72, 4.2)
    length = 19.0 + long
    doors = []
    for near, far, texture, trim in ((0.0, 0.09, white, 0.0), (0.09, 0.16, metal("#cfd6da"), 0.6)):
        inward = [line * (1.0 - depth * 0.4) + (-0.3 * depth, -depth) for depth in (near, far)]
        shell = extrude(np.concatenate([inward[0], inward[1][::-1]]), length - trim, texture, bevel=0.0)
        doors.append(shell.turned("z", -140.0).moved(2.76, 4.2, 0.5 * (9.2 + long - 9.8)))
    gold, steel = metal("#c79a3a"), plain("#c9cdd0")
    craft = cylinder(1.5, 5.0, gold, "z", 28).moved(0.0, 3.2, -3.0) + cylinder(1.2, 2.4, white, "z", 28).moved(
        0.0, 3.2, 0.5
    )
    dish = cone(1.3, 0.6, white, "z").turned("x", 180.0).moved(0.0, 3.2, 1.9)
    arm = [(2.25, 4.5, 8.4), (2.25, 4.5, 1.5), (2.25, 4.5, -5.5)]
    boom = join([tube(arm, 0.19, steel, 10), *(ellipsoid(0.6, plain("#56595c"), 14).moved(*p) for p in arm)])
    cradle = row(box((4.7, 0.5, 0.5), steel), 2, (0.0, 0.0, 3.6)).moved(0.0, 2.6, -2.6)
    return join([body.warped(trough), mirror(join(doors)), craft, dish, boom, cradle])


def _shuttle_tail(tiles: Texture, black: Texture, v: Variant) -> Part:
    """Return fin, pods of the manoeuvring engines, the bulkhead with three bells and the body flap."""
    edge = by(lambda p, _n: p[:, 2] > -9.6 - 0.98 * (p[:, 0] - 5.5), tiles, paint("#53575a", 0.05, SATIN))
    fin = [(5.4, 0.0, -8.9, -17.2, 0.9), (6.6, 0.0, -10.7, -17.8, 0.85), (13.6, 0.0, -17.3, -20.4, 0.5)]
    blade = wing(fin, edge).turned("z", 90.0)
    seam = mirror(bar((0.33, 6.8, -15.4), (0.17, 13.4, -19.4), (0.04, 0.12), plain("#6f7477"), 0.0))
    pod = ellipsoid((2.7, 2.9, 9.5), tiles, 28).moved(1.75, 5.5, -13.6)
    stub = cylinder(1.2, 1.6, black, "z", 28).moved(1.75, 5.4, -16.6)
    bell = [(0.35, 0.0), (0.5, -0.3), (0.85, -0.9), (1.1, -1.7), (1.2, -2.4), (1.13, -2.4), (0.8, -1.1), (0.3, -0.4)]
    size = v.near(1.0, 0.07)
    engine = lathe([(0.0, 0.2), *bell, (0.0, -0.4)], metal(v.pick("#8e8a84", "#5c5d60", "#77706a")), 36)
    hoops = join(
        torus(r, 0.07, plain("#5a5754"), segments=28, sides=6).moved(y=y)
        for r, y in ((0.72, -0.6), (1.0, -1.25), (1.15, -1.9))
    )
    engine = (engine + hoops).turned("x", 90.0).scaled(size)
    small = engine.scaled(0.5).moved(1.85, 5.2, -17.2)
    main = join(
        [engine.turned("x", -8.0).moved(0.0, 4.3, -16.7), engine.moved(1.5, 1.9, -16.7), engine.moved(-1.5, 1.9, -16.7)]
    )
    shield = ellipsoid((5.6, 5.2, 1.0), black, 28).moved(0.0, 3.0, -16.8)
    flap = wing([(-2.9, 0.35, -16.4, -19.2, 0.35), (2.9, 0.35, -16.4, -19.2, 0.35)], black)
    return join([blade, seam, mirror(pod + stub + small), main, shield, flap])


def _shuttle_wing(tiles: Texture, black: Texture, tip: float) -> Part:
    """Return the left wing: black below, grey leading edge, two elevons."""
    grey = paint("#6b6f72", 0.06, SATIN)
    lead = PchipInterpolator([2.0, 4.9, 6.2, tip], [8.6, -3.4, -5.6, -10.9])
    top = by(lambda p, _n: p[:, 2] > lead(np.clip(p[:, 0], 2.0, tip)) - 0.75, tiles, grey)
    skin = by(lambda _p, n: n[:, 1] < -0.1, top, black)
    places = [2.0, 3.0, 3.9, 4.9, 5.5, 6.2, 8.0, 10.0, tip]
    thick = np.interp(places, [2.0, 4.9, tip], [1.1, 1.4, 0.4])
    sections = [
        (x, 0.55 + 0.03 * x, float(lead(x)), -15.4 + 0.1 * (x - 2.0), float(t))
        for x, t in zip(places, thick, strict=True)
    ]
    surface = wing(sections, skin)
    seam = plain("#777c7f")
    hinge = bar((3.0, 1.02, -13.1), (tip - 0.2, 1.08, -13.0), (0.12, 0.08), seam, 0.0)
    split = bar((7.2, 1.04, -13.1), (7.2, 0.82, -14.9), (0.12, 0.08), seam, 0.0)
    return join([surface, hinge, split])


def _shuttle_gear(long: float) -> Part:
    """Return the landing gear: two wheels on each leg, doors open."""
    steel, black = metal("#b4b8bb"), paint("#1d1f22", 0.2, SATIN)
    tyre = wheel(0.56, 0.4, rubber(), steel, bolts=6, treads=0)
    parts = []
    for x, y, z in ((0.0, -1.8, 11.5 + long), (3.4, -1.8, -8.0), (-3.4, -1.8, -8.0)):
        wheels = row(tyre, 2, (0.8, 0.0, 0.0)).moved(x, y, z)
        leg = rod((x, 0.5, z), (x, y, z), 0.18, steel, 12) + rod((x - 0.5, y, z), (x + 0.5, y, z), 0.12, steel, 10)
        stay = rod((x, 0.3, z + 1.5), (x, -1.0, z), 0.1, steel)
        doors = row(box((0.08, 1.2, 2.6), black), 2, (1.8, 0.0, 0.0)).moved(x, -0.4, z + 0.3)
        parts.append(join([wheels, leg, stay, doors]))
    return join(parts)


def airship(seed: int) -> Mesh:
    """Build an airship in flight: hull with nose battens, four tail fins, gondola and two ducted engines.

    Args:
        seed: instance number; 0 is the reference, others vary livery, fineness, fins, gondola and engines.

    Returns:
        A closed mesh about 58 m long and 15 m in diameter, the nose at +z.
    """
    v = Variant("airship", seed)
    hull_colour, low_colour, band_colour = v.pick(*_BLIMPS)
    long, wide = v.between(58.0, 54.0, 70.0), v.near(15.0, 0.06)
    skin = paint(hull_colour, 0.03, SATIN, 3.0)
    lower = paint(low_colour, 0.03, SATIN, 3.0)
    design = v.pick("band", "plain", "belly", "band")
    band = plain(band_colour)
    gores = by(
        lambda p, _n: np.abs(np.mod(np.arctan2(p[:, 0], p[:, 2]) * 12.0 / np.pi, 1.0) - 0.5) > 0.47,
        skin,
        paint("#b4b9bd", 0.0),
    )
    half = 0.5 * wide
    if design == "belly":
        livery = by(lambda p, _n: 0.5 + (p[:, 2] - 0.28 * half) / 0.3, gores, lower)
    elif design == "band":
        livery = by(lambda p, _n: 0.5 + (0.2 * half - np.abs(p[:, 2] - 0.04 * half)) / 0.3, gores, lower)
        livery = by(lambda p, _n: 0.5 + (0.05 * half - np.abs(p[:, 2] - 0.32 * half)) / 0.3, livery, band)
    else:
        livery = gores
    t = np.linspace(0.0, 1.0, 49)
    shape = 2.0 * (0.2969 * np.sqrt(t) * 1.15 - 0.1 * t - 0.3516 * t**2 + 0.2843 * t**3 - 0.1719 * t**4)
    shape = np.maximum(shape / shape.max(), 0.0) * half
    shape[[0, -1]] = 0.0
    body = lathe(np.column_stack([shape, long * (0.45 - t)])[::-1], livery, 72, 60.0).turned("x", 90.0)
    radius = PchipInterpolator(long * (t - 0.55), shape[::-1])
    parts = [
        body,
        _nose_battens(radius, 0.45 * long, plain("#8f979d")),
        _airship_fins(v, radius, long, hull_colour, band_colour),
    ]
    floor = -float(radius(0.06 * long))
    parts.append(_gondola(v, band_colour).scaled(1.2).moved(0.0, floor + 0.35, 0.06 * long))
    ropes = [
        rod((0.15 * s, -1.6, 0.42 * long), (0.4 * s, -0.62 * wide, 0.41 * long), 0.06, plain("#6a6458"), 5)
        for s in (-1, 1)
    ]
    lamp = ellipsoid(0.5, plain("#d3222a"), 10).moved(0.0, half * 0.995, 0.05 * long)
    return assemble([*parts, *ropes, lamp], seed)


def _nose_battens(radius: PchipInterpolator, nose: float, texture: Texture) -> Part:
    """Return the nose cone with the battens that stiffen the hull behind it."""
    z = nose - np.array([0.25, 0.8, 1.6, 2.6, 3.8, 5.2])
    way = np.column_stack([np.zeros(6), radius(z) + 0.03, z])
    batten = join(bar(a, b, (0.16, 0.12), texture, 0.0) for a, b in pairwise(way))
    cup = ellipsoid((2.2, 2.2, 1.3), texture, 24).moved(z=nose - 0.25)
    return join([ring(batten, 16, "z"), cup, cylinder(0.25, 0.9, plain("#4c5257"), "z", 14).moved(z=nose + 0.4)])


def _airship_fins(v: Variant, radius: PchipInterpolator, long: float, colour: str, mark: str) -> Part:
    """Return four fins with rudders at the tail, crosswise or as an X."""
    lead, trail = -0.30 * long, -0.52 * long
    tip = float(radius(lead)) * v.near(1.32, 0.05)
    root = 0.3 * float(radius(trail))
    skin = by(
        lambda p, _n: p[:, 2] < trail + 0.26 * (lead - trail),
        paint(colour, 0.03, SATIN, 2.0),
        paint(mark, 0.03, SATIN, 2.0),
    )
    sections = [
        (root, 0.0, lead, trail, 1.0),
        (0.6 * tip, 0.0, lead, trail, 0.9),
        (0.96 * tip, 0.0, lead - 3.6, trail - 0.3, 0.6),
    ]
    fin = wing([*sections, (tip, 0.0, lead - 4.6, trail, 0.3)], skin)
    split = trail + 0.26 * (lead - trail)
    seam = mirror(bar((root, 0.30, split), (tip - 0.3, 0.14, split), (0.2, 0.25), plain("#565d63"), 0.0), "y")
    wires = [
        rod((0.75 * tip, 0.2 * s, lead - 2.0), (0.55 * tip, 0.62 * tip * s, lead - 1.0), 0.05, plain("#70767b"), 5)
        for s in (-1, 1)
    ]
    return ring(join([fin, seam, *wires]), 4, "z", v.pick(0.0, 45.0))


def _gondola(v: Variant, mark: str) -> Part:
    """Return the car under the hull with windows, wheel, engines and propellers; its roof at y = 0."""
    long, white = v.near(10.0, 0.12), paint(v.pick("#f2f3f4", "#d9dcde", "#31557f"), 0.03)
    body = _fuselage(
        [
            (0.5 * long, 0.5, -1.5, -0.6),
            (0.44 * long, 1.7, -2.0, -0.2),
            (0.28 * long, 2.4, -2.5, 0.3),
            (-0.30 * long, 2.4, -2.5, 0.3),
            (-0.5 * long, 0.9, -1.7, 0.2),
        ],
        0.5,
        by(lambda p, _n: np.abs(p[:, 1] + 1.95) < 0.16, white, plain(mark)),
        24,
    )
    pane = glass("#1d2831", "#7f9db2")
    windows = mirror(row(plate((0.86, 0.9), 0.14, pane, 0.16, "x"), 5, (0.0, 0.0, 1.05)).moved(1.2, -1.05, 0.2))
    screen = hull(
        [(x, y, z) for x, y, z in ((-0.72, -0.6, 0.475), (0.72, -0.6, 0.475), (-0.8, -1.2, 0.483), (0.8, -1.2, 0.483))]
        + [(x, y, 0.36) for x in (-1.0, 1.0) for y in (-0.5, -1.2)],
        pane,
    )
    screen = screen.scaled((1.0, 1.0, long))
    steel = plain("#5b6268")
    duct = lathe([(1.05, -0.6), (1.2, -0.4), (1.22, 0.3), (1.12, 0.6), (1.04, 0.4), (1.05, -0.6)], white, 32)
    blade = box((1.0, 0.05, 0.22), plain("#26292c"), 0.0).turned("x", 30.0).moved(0.52, 0.0, 0.0)
    pod = ellipsoid((0.7, 2.4, 0.7), white, 18).moved(y=-0.5) + cone(0.2, 0.5, steel, segments=16).moved(y=0.4)
    engine = join([duct, ring(blade, v.pick(3, 5, 4)), pod]).turned("x", 90.0)
    stay = rod((0.9, -1.6, -0.3 * long), (3.0, -1.5, -0.3 * long), 0.16, steel) + rod(
        (0.9, -0.6, -0.3 * long), (2.6, -1.4, -0.3 * long), 0.1, steel
    )
    strut = rod((0.0, -0.7, 0.0), (0.0, 0.7, 0.0), 0.14, steel)
    tyre = wheel(0.42, 0.24, rubber(), steel, bolts=5, treads=0).moved(0.0, -3.5, -0.16 * long)
    leg = rod((0.0, -2.2, -0.16 * long), (0.0, -3.5, -0.16 * long), 0.12, steel) + rod(
        (-0.22, -3.5, -0.16 * long), (0.22, -3.5, -0.16 * long), 0.08, steel
    )
    pods = mirror(stay + engine.moved(3.3, -1.5, -0.3 * long) + strut.moved(3.3, -1.5, -0.3 * long - 0.55))
    return join([body, windows, screen, pods, tyre, leg])


def balloon(seed: int) -> Mesh:
    """Build a hot-air balloon: gored envelope open below, scoop, cables, double burner and a wicker basket.

    Args:
        seed: instance number; 0 is the reference, others vary colours and pattern, number of gores, outline, basket.

    Returns:
        A closed mesh about 24 m high and 16 m wide.
    """
    v = Variant("balloon", seed)
    colours, gores = v.pick(*_GORES), v.pick(24, 24, 12, 24)
    pattern = v.pick("gores", "spiral", "bands", "gores")
    slim, tall = v.near(1.0, 0.06), v.near(1.0, 0.05)
    outline = [(1.7, 0.0), (3.2, 2.1), (5.1, 5.0), (6.8, 8.2), (7.75, 11.0), (8.0, 13.0), (7.6, 15.1), (6.4, 17.1)]
    outline += [(4.6, 18.5), (2.4, 19.3), (0.0, 19.5)]
    curve = spline([(r * slim, y * tall) for r, y in outline], 30)
    curve[-1, 0] = 0.0
    fabric = _gore_cloth(colours, gores, pattern, 19.5 * tall)
    inner = curve[:-1] - (0.07, 0.0)
    shell = lathe([*curve[::-1], *inner, (0.0, curve[-1, 1] - 0.3)], fabric, 96, 55.0)

    def bulge(p: Array) -> Array:
        puff = np.abs(np.sin(0.5 * gores * np.arctan2(p[:, 0], p[:, 2])))
        size = 1.0 + 0.035 * (puff - 0.5) * np.sin(np.pi * np.clip(p[:, 1] / (20.0 * tall), 0.0, 1.0))
        return np.asarray(p * np.column_stack([size, np.ones(len(p)), size]))

    crown = torus(1.0, 0.14, plain(colours[0]), segments=32, sides=8).moved(y=19.33 * tall)
    skirt = lathe(
        [(1.68, 0.15), (1.45, -0.9), (1.32, -1.5), (1.26, -1.5), (1.39, -0.9), (1.62, 0.15), (1.68, 0.15)],
        paint(v.pick("#2b2f66", "#b8232c", "#222426"), 0.06, MATT, 0.5),
        48,
    )
    return assemble([shell.warped(bulge), crown, skirt, _basket(v)], seed)


def _gore_cloth(colours: Sequence[str], gores: int, pattern: str, height: float) -> Texture:
    """Return nylon whose colour depends on the gore and, on a spiral or bands, on the height, with dark seams."""
    palette = np.stack([rgb(colour) for colour in colours])

    def evaluate(p: Array, _normal: Array, _seed: int) -> Array:
        gore = np.mod(np.arctan2(p[:, 0], p[:, 2]) / (2.0 * np.pi), 1.0) * gores
        level = p[:, 1] / height * 12.0
        shift = {"gores": np.zeros(len(p)), "spiral": np.floor(level), "bands": np.floor(level)}[pattern]
        step = np.floor(gore) if pattern != "bands" else np.zeros(len(p))
        colour = palette[np.mod(step + shift, len(palette)).astype(np.int64)]
        seam = (np.abs(np.mod(gore + 0.5, 1.0) - 0.5) < 0.025) | (np.abs(np.mod(level + 0.5, 1.0) - 0.5) < 0.02)
        return np.asarray(colour * np.where(seam, 0.75, 1.0)[:, None])

    return Texture(evaluate, SATIN)


def _basket(v: Variant) -> Part:
    """Return basket, burners, load frame and cables under the skirt, whose rim is at y = -1.5."""
    wide, deep, high, floor = v.near(1.9, 0.12), v.near(1.5, 0.1), 1.2, -5.0
    cane = cloth(v.pick("#a8743a", "#8a5a2c", "#c08d4e"), 0.07, 0.55)
    trim = paint(v.pick("#6b3a1e", "#27324a", "#5b2326"), 0.1, SATIN, 0.1)
    middle = floor + 0.5 * high
    walls = [box((wide, high, 0.09), cane, 0.0).moved(0.0, middle, s * 0.5 * deep) for s in (-1, 1)]
    walls += [box((0.09, high, deep), cane, 0.0).moved(s * 0.5 * wide, middle, 0.0) for s in (-1, 1)]
    floor_plate = box((wide, 0.1, deep), cane, 0.0).moved(0.0, floor + 0.03, 0.0)
    skids = row(box((0.12, 0.1, deep + 0.1), trim), 3, (0.4 * wide, 0.0, 0.0)).moved(0.0, floor - 0.06, 0.0)
    rim = [
        rod((-0.5 * wide, floor + high, z), (0.5 * wide, floor + high, z), 0.085, trim, 10)
        for z in (-0.5 * deep, 0.5 * deep)
    ]
    rim += [
        rod((x, floor + high, -0.5 * deep), (x, floor + high, 0.5 * deep), 0.085, trim, 10)
        for x in (-0.5 * wide, 0.5 * wide)
    ]
    belt = box((wide + 0.12, 0.08, deep + 0.12), trim, 0.0).moved(0.0, floor + 0.1 * high, 0.0)
    corners = [(sx, sz) for sx in (-1, 1) for sz in (-1, 1)]
    knobs = [ellipsoid(0.2, trim, 12).moved(sx * 0.5 * wide, floor + high, sz * 0.5 * deep) for sx, sz in corners]
    posts, cables, steel = [], [], metal("#a7abaf")
    top = -2.3
    for sx, sz in corners:
        foot = (sx * 0.5 * wide, floor + 0.3, sz * 0.5 * deep)
        head = (sx * 0.6, top, sz * 0.5)
        posts.append(rod(foot, head, 0.05, trim, 8))
        for spread in (-0.35, 0.35):
            angle = np.arctan2(sx, sz) + spread
            cables.append(rod(head, (1.7 * np.sin(angle), 0.05, 1.7 * np.cos(angle)), 0.025, plain("#4c4a45"), 5))
    frame = [rod((-0.6, top, z), (0.6, top, z), 0.05, steel) for z in (-0.5, 0.5)]
    frame += [rod((x, top, -0.5), (x, top, 0.5), 0.05, steel) for x in (-0.6, 0.6)]
    frame.append(rod((-0.6, top, 0.0), (0.6, top, 0.0), 0.04, steel))
    burner = cylinder(0.2, 0.5, steel, segments=20) + pipe(0.26, 0.2, 0.16, plain("#4b4742"), segments=20).moved(y=0.3)
    burners = row(burner, 2, (0.6, 0.0, 0.0)).moved(0.0, top + 0.2, 0.0)
    tanks = [
        cylinder(0.19, 0.9, metal("#b9bcc0"), segments=16).moved(
            sx * (0.5 * wide - 0.3), floor + 0.5, sz * (0.5 * deep - 0.3)
        )
        for sx, sz in corners
    ]
    return join([*walls, floor_plate, skids, *rim, belt, *knobs, *posts, *cables, *frame, burners, *tanks])
