"""Aircraft."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from objectpose.objects.kit import (
    GLOSS,
    SATIN,
    Part,
    Texture,
    Variant,
    arc,
    assemble,
    bar,
    box,
    by,
    cone,
    cylinder,
    ellipsoid,
    hull,
    join,
    lathe,
    loft,
    metal,
    mirror,
    paint,
    plain,
    ring,
    rod,
    row,
    rubber,
    wheel,
    wing,
)
from objectpose.objects.mesh import Mesh

Array = NDArray[np.float64]

_FUSELAGE = PchipInterpolator(
    [-18.8, -18.3, -16.5, -14.0, -11.0, -8.0, 12.0, 14.0, 15.6, 16.8, 17.6, 18.2, 18.6, 18.8],
    [
        [0.36, 0.46, 1.42],
        [0.66, 0.82, 1.32],
        [1.70, 1.80, 0.98],
        [2.82, 2.76, 0.60],
        [3.68, 3.62, 0.19],
        [4.00, 4.00, 0.00],
        [4.00, 4.00, 0.00],
        [3.92, 3.94, -0.03],
        [3.58, 3.52, -0.18],
        [2.98, 2.74, -0.42],
        [2.34, 2.06, -0.58],
        [1.62, 1.42, -0.66],
        [0.90, 0.80, -0.69],
        [0.12, 0.12, -0.70],
    ],
)
"""Width, height and height of the centre of the fuselage over z, metres."""
_LIVERIES = (
    ("#f1f3f4", "#b4bac0", "#173f8f", "#f1f3f4", "#3fa0dd", "#7f93bd"),
    ("#f4f4f2", "#f4f4f2", "#c01f2b", "#f4f4f2", "#e8b23a", "#d98a8f"),
    ("#eceeef", "#9aa2a8", "#1b6b3f", "#d9b44a", "#f1f3f4", "#7fae90"),
    ("#f3f4f5", "#e9772b", "#e9772b", "#f3f4f5", "#2b2f33", "#f0b48c"),
    ("#dfe3e6", "#5b6670", "#22294f", "#c9302f", "#dfe3e6", "#8088a8"),
)
"""Colours of the fuselage, its belly, the tail, and on the fin of its two marks and the seam of the rudder."""


def airliner(seed: int) -> Mesh:
    """Build a twin-engine narrow-body airliner with its landing gear down.

    Size and layout are those of a Boeing 737 or Airbus A320: 38 m long, 34 m of span, 12 m high; low swept wing with
    winglets, high-bypass engines under it, white livery with a blue tail.

    Args:
        seed: instance number; 0 is the reference, others vary livery, length, winglets, engines and marks on the fin.

    Returns:
        A closed mesh in metres, the nose at +z.
    """
    v = Variant("airliner", seed)
    body_colour, belly_colour, tail_colour, *mark_colours = v.pick(*_LIVERIES)
    white, grey, tail = paint(body_colour, 0.02), paint("#b4bac0", 0.03), paint(tail_colour, 0.03)
    belly = paint(belly_colour, 0.03)
    wing_grey = paint(v.pick("#c3c8cc", "#b3b9be", "#d5d8da"), 0.04, SATIN)
    plug = v.between(0.0, -1.8, 2.6)
    livery = by(lambda p, _n: p[:, 1] < -1.15 + 0.02 * p[:, 2], white, belly)
    if v.pick(False, True, False):
        livery = by(lambda p, _n: np.abs(p[:, 1] + 0.55) < 0.22, livery, tail)
    livery = by(lambda p, _n: p[:, 2] + plug + 1.1 * p[:, 1] + 0.25 * p[:, 1] ** 2 < -10.6, livery, tail)
    engine = _engine(v, white, tail, grey)
    if v.pick(False, False, False, True):
        engine = engine + engine.moved(5.2, 0.5, -3.7)
    half = join(
        [
            _wing(wing_grey, tail, v.pick(True, True, False)),
            engine,
            _tailplane(wing_grey).moved(z=-plug),
            _main_gear(grey),
            _cabin_side(livery, plug),
        ]
    )
    fin = _fin(tail, v.pick("slanted", "disc", "level"), mark_colours).moved(z=-plug)
    fuselage = _fuselage(livery, white, grey, plug)
    return assemble([fuselage, fin, _nose_gear(grey).moved(z=plug), mirror(half)], seed)


def _on_skin(z: float, clock_deg: float, out: float) -> Array:
    """Return the point of the fuselage at ``z`` and an angle from the top towards +x, ``out`` metres outside."""
    width, height, centre = _FUSELAGE(z)
    angle = np.deg2rad(clock_deg)
    return np.array([(0.5 * width + out) * np.sin(angle), centre + (0.5 * height + out) * np.cos(angle), z])


def _panel(corners: list[tuple[float, float]], out: float, texture: Texture) -> Part:
    """Return a plate on the fuselage, its corners given by (z, clock angle); it stands ``out`` metres proud."""
    return hull([_on_skin(z, clock, d) for z, clock in corners for d in (out, -0.12)], texture)


def _tall_panel(z: tuple[float, float], clock: tuple[float, float], out: float, texture: Texture) -> Part:
    """Return a plate that follows the curve of the fuselage between two clock angles."""
    steps = np.linspace(clock[0], clock[1], 6)
    return join(_panel([(z[0], a), (z[1], a), (z[1], b), (z[0], b)], out, texture) for a, b in pairwise(steps))


def _fuselage(livery: Texture, white: Texture, grey: Texture, plug: float) -> Part:
    """Return the tube with its livery, the belly fairing, the flight-deck windows, aerials and the tail cone."""
    stations = np.unique(
        np.concatenate([np.linspace(-18.8, -8.0, 19), np.linspace(12.0, 18.0, 13), 18.8 - arc(0.8, 0, 90, 7)[:, 0]])
    )
    angle = np.linspace(0.0, 2.0 * np.pi, 40, endpoint=False)
    rings = []
    for station in stations:
        w, h, c = _FUSELAGE(station)
        z = station + plug if station > 0.0 else station - plug
        rings.append(np.column_stack([0.5 * w * np.cos(angle), c + 0.5 * h * np.sin(angle), np.full(40, z)]))
    tube = loft(rings, livery, crease_deg=60.0)
    fairing = ellipsoid((4.3, 2.0, 12.5), grey, 32).moved(0.0, -1.35, 0.2)
    apu = cylinder(0.17, 0.1, plain("#26282b"), "z", 20).moved(0.0, 1.42, -18.82 - plug)
    glass = plain("#1b232c", GLOSS)
    panes = [
        [(17.55, 3.0), (17.28, 34.0), (16.72, 27.0), (16.95, 2.5)],
        [(17.22, 37.0), (16.75, 59.0), (16.35, 46.0), (16.65, 29.5)],
        [(16.68, 61.0), (16.15, 71.0), (15.95, 57.0), (16.28, 48.5)],
    ]
    windows = mirror(join(_panel(pane, 0.03, glass) for pane in panes)).moved(z=plug)
    blade = hull(
        [(x, y, z) for y, z0, z1 in ((1.9, -0.3, 0.3), (2.4, -0.32, -0.1)) for z in (z0, z1) for x in (-0.04, 0.04)],
        white,
    )
    aerials = join(
        [blade.moved(z=9.0), blade.moved(z=-4.0), blade.mirrored("y").moved(z=7.5), blade.mirrored("y").moved(z=-7.0)]
    )
    beacon = ellipsoid((0.22, 0.3, 0.3), plain("#d3222a"), 12)
    probes = mirror(rod((1.42, -0.5, 17.0), (1.62, -0.5, 17.2), 0.03, plain("#8b9095"))).moved(z=plug)
    return join(
        [tube, fairing, apu, windows, aerials, beacon.moved(0.0, 2.03, 1.5), beacon.moved(0.0, -2.33, -1.0), probes]
    )


def _cabin_side(livery: Texture, plug: float) -> Part:
    """Return windows, doors, overwing exits and cargo hatches of the left side.

    Nose and tail stand ``plug`` metres farther out than in ``_FUSELAGE``, on which the plates are built.
    """
    glass, seam = plain("#28323d", GLOSS), plain("#7f868c")
    exits = (0.65, -0.45)
    rounded = (
        (-0.13, 79.6),
        (-0.13, 83.4),
        (-0.07, 85.0),
        (0.07, 85.0),
        (0.13, 83.4),
        (0.13, 79.6),
        (0.07, 78.0),
        (-0.07, 78.0),
    )
    parts = []
    for z in np.arange(12.6 + plug, -11.2 - plug, -0.55):
        if abs(z - plug - 13.6) > 0.8:
            near = max(z - plug, min(z, 12.0)) if z > 0.0 else min(z + plug, max(z, -8.0))
            parts.append(_panel([(near + dz, clock) for dz, clock in rounded], 0.02, glass).moved(z=z - near))
    for z in (13.75, -12.2):
        low, high = (108.0, 60.0) if z > 0 else (112.0, 62.0)
        door = [
            _tall_panel((z - 0.52, z + 0.52), (high, low), 0.02, seam),
            _tall_panel((z - 0.45, z + 0.45), (high + 1.5, low - 1.5), 0.035, livery),
            _panel([(z - 0.1, 79.0), (z - 0.1, 84.0), (z + 0.1, 84.0), (z + 0.1, 79.0)], 0.05, glass),
            _panel([(z + 0.22, 90.0), (z + 0.22, 91.5), (z + 0.4, 91.5), (z + 0.4, 90.0)], 0.05, seam),
        ]
        parts.append(join(door).moved(z=plug if z > 0 else -plug).settled())
    for z in exits:
        for edge in (z - 0.27, z + 0.27):
            parts.append(_tall_panel((edge - 0.02, edge + 0.02), (72.0, 100.0), 0.02, seam))
        parts.append(_panel([(z - 0.27, 72.0), (z - 0.27, 73.0), (z + 0.27, 73.0), (z + 0.27, 72.0)], 0.02, seam))
    for z in (8.2, -7.4):
        hatch = [_tall_panel((edge - 0.025, edge + 0.025), (115.0, 146.0), 0.02, seam) for edge in (z - 0.62, z + 0.62)]
        for clock in (115.0, 145.0):
            corners = [(z - 0.62, clock), (z - 0.62, clock + 1), (z + 0.62, clock + 1), (z + 0.62, clock)]
            hatch.append(_panel(corners, 0.02, seam))
        parts.append(join(hatch).moved(z=plug if z > 0 else -plug))
    return join(parts)


def _wing(grey: Texture, trim: Texture, winglet: bool) -> Part:
    """Return the left wing with or without a winglet, flap-track fairings, spoilers and lamps."""
    sections = [(1.0, -1.40, 5.4, -3.6, 1.17), (5.6, -0.98, 2.0, -3.7, 0.684), (11.0, -0.48, -1.35, -4.95, 0.396)]
    surface = wing([*sections, (16.2, 0.0, -4.55, -6.15, 0.16)], grey, 12)
    bend = [(16.1, 0.0, -4.5, -6.13, 0.163), (16.6, 0.22, -4.85, -6.3, 0.1305, 35.0)]
    tip = wing([*bend, (16.9, 0.75, -5.25, -6.5, 0.1, 70.0), (17.15, 2.3, -6.35, -7.15, 0.056, 80.0)], trim, 12)
    fairing = ellipsoid((0.42, 0.6, 3.2), grey, 16)
    tracks = join(
        fairing.moved(x, y, z)
        for x, y, z in ((4.2, -1.42, -3.2), (7.6, -1.02, -3.8), (10.4, -0.74, -4.5), (13.0, -0.46, -5.1))
    )
    dark = plain("#8e959b")
    seams = [
        bar((2.2, -1.03, -2.5), (5.5, -0.80, -2.65), (0.09, 0.05), dark, 0),
        bar((5.8, -0.78, -2.7), (12.4, -0.265, -4.5), (0.09, 0.05), dark, 0),
    ]
    seams.append(bar((12.8, -0.24, -4.6), (15.8, 0.01, -5.75), (0.08, 0.05), dark, 0))
    lamp = ellipsoid((0.25, 0.16, 0.3), plain("#d3222a"), 10).moved(16.3, 0.08, -4.72)
    landing = ellipsoid((0.4, 0.25, 0.3), plain("#fdf6d8"), 10).moved(2.35, -1.28, 4.33)
    return join([surface, *([tip] if winglet else []), tracks, *seams, lamp, landing])


def _engine(v: Variant, white: Texture, trim: Texture, grey: Texture) -> Part:
    """Return the left engine: nacelle with a bright inlet lip, fan, core nozzle with plug, and pylon."""
    steel, dark, lip = metal("#8d8f92"), plain("#1c1e21"), metal("#d5d8da")
    skin = by(lambda p, _n: p[:, 1] > 1.52, by(lambda p, _n: p[:, 1] < 0.55, v.pick(trim, white, trim), white), lip)
    loop = [
        (0.83, 1.50),
        (0.85, 1.66),
        (0.90, 1.75),
        (0.97, 1.66),
        (1.03, 1.45),
        (1.11, 0.8),
        (1.12, 0.1),
        (1.02, -0.9),
    ]
    loop += [(0.86, -1.6), (0.82, -1.6), (0.92, -0.8), (0.90, 0.2), (0.82, 0.9), (0.83, 1.50)]
    nacelle = lathe(loop, skin, 40)
    disc = cylinder(0.9, 0.1, dark, segments=32, bevel=0.0).moved(y=0.72)
    blade = box((0.58, 0.02, 0.17), plain("#5b6066"), 0.0).turned("x", 35.0).moved(0.52, 0.85, 0.0)
    spinner = cone(0.27, 0.5, dark, segments=24).moved(y=1.05)
    mark = rod((0.2, 0.9, 0.0), (0.04, 1.22, 0.06), 0.03, white, 6)
    core = lathe(
        [(0.0, -0.8), (0.68, -0.8), (0.62, -1.7), (0.47, -2.3), (0.43, -2.3), (0.45, -2.0), (0.0, -2.0)], steel, 32
    )
    plug = cone(0.32, 1.1, steel, segments=24).turned("x", 180.0).moved(y=-2.45)
    strake = hull([(1.05 + d, y, z) for d, y in ((0.0, 0.9), (0.0, -0.2), (0.26, -0.2)) for z in (-0.02, 0.02)], white)
    body = join(
        [nacelle, disc, ring(blade, 22), spinner, mark, core, plug, strake.turned("y", 40.0), strake.turned("y", 140.0)]
    )
    size = v.between(1.0, 0.88, 1.12)
    body = body.turned("x", 90.0).warped(lambda p: p * (size, size, 1.0)).moved(5.1, -2.4, 3.3)
    top = [(-1.40, 3.2), (-0.95, 1.2), (-1.05, -2.6), (-1.35, -2.9), (-2.1, -0.3), (-2.2, 1.5), (-1.7, 4.0)]
    pylon = hull([(x, y, z) for y, z in top for x in (4.9, 5.3)], grey)
    return body + pylon


def _tailplane(grey: Texture) -> Part:
    """Return the left half of the tailplane with the seam of its elevator."""
    surface = wing([(0.3, 1.05, -13.9, -17.9, 0.4), (7.1, 1.85, -17.5, -19.0, 0.135)], grey, 12)
    seam = bar((1.2, 1.27, -16.75), (6.8, 1.86, -18.55), (0.08, 0.05), plain("#8e959b"), 0)
    return surface + seam


def _fin(trim: Texture, design: str, colours: Sequence[str]) -> Part:
    """Return the fin with its dorsal fillet, two marks (slanted bands, discs or level bands) and the rudder's seam."""

    def inside(p: Array, number: int) -> NDArray[np.bool_]:
        if design == "disc":
            return np.asarray(np.hypot(p[:, 1] - 5.1, p[:, 2] + 16.1) < (1.35, 0.8)[number])
        level = p[:, 1] - 8.1 if design == "level" else p[:, 1] + 0.55 * p[:, 2]
        return np.asarray(np.abs(level + (4.6, 3.5)[number]) < (0.42, 0.22)[number])

    first, second = (paint(colour, 0.02) for colour in colours[:2])
    tail = by(lambda p, _n: inside(p, 0), trim, first)
    tail = by(lambda p, _n: inside(p, 1), tail, second)
    root = [(0.0, 1.1, -11.6, -17.9, 0.5355, 90.0), (0.0, 2.0, -12.3, -18.1, 0.493, 90.0)]
    surface = wing([*root, (0.0, 7.9, -17.0, -19.5, 0.2125, 90.0)], tail, 12)
    fillet = hull(
        [
            (0.0, 1.9, -8.6),
            (0.22, 1.0, -12.0),
            (-0.22, 1.0, -12.0),
            (0.12, 2.9, -13.2),
            (-0.12, 2.9, -13.2),
            (0.0, 0.8, -13.5),
        ],
        trim,
    )
    seam = mirror(bar((0.2, 2.3, -16.4), (0.095, 7.7, -18.7), (0.03, 0.09), plain(colours[2]), 0))
    return join([surface, fillet, seam])


def _main_gear(grey: Texture) -> Part:
    """Return the left main gear: leg, side stay, torque links, two wheels and a door."""
    steel, black = metal("#a5aab0"), rubber("#202124")
    tyre = wheel(0.56, 0.36, black, steel, bolts=5, treads=0)
    wheels = row(tyre, 2, (0.86, 0.0, 0.0)).moved(2.86, -3.74, -1.5)
    axle = rod((2.4, -3.74, -1.5), (3.32, -3.74, -1.5), 0.09, steel)
    leg = rod((2.95, -1.2, -1.5), (2.88, -2.8, -1.5), 0.17, grey, 12) + rod(
        (2.88, -2.7, -1.5), (2.86, -3.74, -1.5), 0.11, steel, 12
    )
    stay = rod((1.4, -1.7, -1.5), (2.86, -2.75, -1.5), 0.08, steel)
    links = rod((2.88, -2.75, -1.7), (2.87, -3.2, -1.95), 0.05, steel) + rod(
        (2.87, -3.2, -1.95), (2.86, -3.66, -1.6), 0.05, steel
    )
    door = box((0.06, 1.6, 1.0), grey).turned("z", 4.0).moved(3.22, -2.2, -1.5)
    return join([wheels, axle, leg, stay, links, door])


def _nose_gear(grey: Texture) -> Part:
    """Return the nose gear: leg, drag stay, two small wheels, two doors and the taxi lamp."""
    steel, black = metal("#a5aab0"), rubber("#202124")
    wheels = row(wheel(0.36, 0.2, black, steel, bolts=5, treads=0), 2, (0.44, 0.0, 0.0)).moved(0.0, -3.94, 13.6)
    leg = rod((0.0, -1.5, 13.5), (0.0, -3.0, 13.58), 0.12, grey, 12) + rod(
        (0.0, -2.9, 13.58), (0.0, -3.94, 13.6), 0.075, steel, 12
    )
    axle = rod((-0.25, -3.94, 13.6), (0.25, -3.94, 13.6), 0.06, steel)
    stay = rod((0.0, -1.8, 14.6), (0.0, -3.0, 13.6), 0.06, steel)
    lamp = cylinder(0.12, 0.1, plain("#fdf6d8"), "z", 14).moved(0.0, -2.6, 13.72)
    doors = mirror(box((0.04, 0.8, 1.7), grey).turned("z", 8.0).moved(0.42, -2.2, 13.9))
    well = box((0.7, 0.1, 1.8), plain("#3a3d41"), 0).moved(0.0, -1.94, 13.9)
    return join([wheels, leg, axle, stay, lamp, doors, well])
