"""Chairs and benches."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
    cylinder,
    ellipsoid,
    extrude,
    join,
    lathe,
    leather,
    lift,
    loft,
    metal,
    mirror,
    paint,
    plain,
    plate,
    rod,
    rounded,
    rounded_rect,
    row,
    rubber,
    spline,
    strip,
    sweep,
    symmetric,
    torus,
    tube,
    wood,
)
from objectpose.objects.mesh import Mesh

Array = NDArray[np.float64]
Profile = tuple[tuple[float, ...], tuple[float, ...]]


def _cushion(width: float, height: float, thick: float, texture: Texture, corner: float = 0.05) -> Part:
    """Return a pad that bulges to both faces, in the xy plane, its thickness along z, centred."""
    angle = np.deg2rad([0.0, 18.0, 38.0, 58.0, 75.0, 86.0])
    level = 0.5 * thick * np.sin(angle) ** 0.75
    inset = 0.62 * thick * (1.0 - np.cos(angle) ** 0.4)
    half = [
        (rounded_rect(width - 2.0 * i, height - 2.0 * i, max(corner - i, 0.2 * corner), 6), float(z))
        for i, z in zip(inset, level, strict=True)
    ]
    edge, rise = half[-1]
    half += [(edge * share, rise + 0.07 * thick * (1.0 - share**2)) for share in (0.85, 0.65, 0.4, 0.15)]
    return loft([*((outline, -z) for outline, z in reversed(half[1:])), *half], texture, crease_deg=70.0)


def _placed(outline: Array, x: float, y: float) -> Array:
    """Return an outline N x 2 moved by (x, y) metres."""
    return np.asarray(outline + np.array([x, y]))


def _turned(start: ArrayLike, end: ArrayLike, profile: Profile, texture: Texture, segments: int = 14) -> Part:
    """Return a turned piece between two points; profile: radii in metres, shares of the length."""
    a, b = np.asarray(start, np.float64), np.asarray(end, np.float64)
    length = float(np.linalg.norm(b - a))
    y = (b - a) / length
    x = np.cross(y, (0.0, 0.0, 1.0) if abs(y[2]) < 0.9 else (1.0, 0.0, 0.0))
    x = x / np.linalg.norm(x)
    frame = np.stack([x, y, np.cross(x, y)])
    outline = spline(np.transpose(profile) * np.array([1.0, length]), 3 * len(profile[0]))
    return lathe(outline, texture, segments, 50.0).warped(lambda v: v @ frame + a)


def _spiral(centre: tuple[float, float], outer: float, inner: float, start_deg: float, turn_deg: float) -> Array:
    """Return a spiral from radius ``outer`` to ``inner``, float64 N x 2; ``turn_deg`` > 0 runs counter-clockwise."""
    share = np.linspace(0.0, 1.0, max(int(abs(turn_deg) / 22.0), 4))
    angle = np.deg2rad(start_deg + turn_deg * share)
    radius = (outer + (inner - outer) * share)[:, None]
    return np.asarray(np.stack([np.cos(angle), np.sin(angle)], axis=1) * radius + np.asarray(centre))


def _chrome(colour: str = "#cfd3d7") -> Texture:
    """Return polished chrome: by its local normal it mirrors a bright sky, dark walls in the distance, a lit floor."""

    def reflected(_position: Array, normal: Array) -> Array:
        around = np.arctan2(normal[:, 0], normal[:, 2])
        wall = np.exp(-(((normal[:, 1] + 0.05) / 0.25) ** 2)) * (0.45 + 0.45 * np.cos(4.0 * around))
        return np.asarray(wall + 0.25 * (normal[:, 1] < -0.5))

    return by(reflected, metal(colour), metal("#62686f"))


_HIDES = (
    ("#a3161d", "#1e1c1d"),
    ("#1c1b1c", "#2a2829"),
    ("#6b3a20", "#2a1a12"),
    ("#8c1a24", "#e4ddcc"),
    ("#1f4a3c", "#1a1c1b"),
)


def barber_chair(seed: int) -> Mesh:
    """Build a hydraulic barber chair: chrome disc base, column and pump lever, red leather, head rest and foot rest.

    Args:
        seed: instance number; 0 is the reference, others vary leather, height, width, recline and the upholstery.

    Returns:
        A closed mesh about 1.28 m high, 0.69 m wide and 1.20 m deep; a sitter looks to +z.
    """
    v = Variant("barber_chair", seed)
    hide, trim = v.pick(*_HIDES)
    chrome, red, black = _chrome(v.pick("#cfd3d7", "#cfd3d7", "#d8c9a6")), leather(hide), leather(trim)
    rise, wide = v.between(0.0, -0.03, 0.06), v.between(1.0, 0.94, 1.07)
    channels, rows = v.pick((5, 0), (3, 0), (0, 4), (7, 0)), v.pick(5, 4, 3)
    back = _barber_back(chrome, red, black, channels[0], channels[1], v.between(0.0, -0.02, 0.03))
    upper = [
        _barber_seat(chrome, red, black, channels[0]),
        mirror(_barber_arm(chrome, red, black)),
        back.turned("x", -v.between(14.0, 9.0, 26.0)).moved(0.0, 0.545, -0.258),
        _barber_foot_rest(chrome, red, rows),
    ]
    seat = join(upper) if wide == 1.0 else join(upper).scaled((wide, 1.0, 1.0))
    return assemble([_barber_base(chrome, rise), seat.moved(y=rise)], seed)


def _channels(count: int, span: float, high: float, thick: float, red: Texture) -> Part:
    """Return upright rolls side by side in the xy plane, centred: ``count`` on ``span`` metres."""
    pitch = span / count
    roll = _cushion(1.02 * pitch, high, thick, red, min(0.34 * pitch, 0.03))
    return row(roll, count, (pitch, 0.0, 0.0))


def _barber_base(chrome: Texture, rise: float) -> Part:
    """Return disc, trumpet, hydraulic column pumped up by ``rise``, and the pump lever on the sitter's right."""
    dark = rubber("#202124")
    skirt = lathe([(0.0, 0.0), (0.335, 0.0), (0.342, 0.006), (0.342, 0.016), (0.330, 0.020), (0.0, 0.020)], dark, 56)
    dome = spline([(0.326, 0.018), (0.318, 0.034), (0.270, 0.046), (0.180, 0.062), (0.122, 0.092), (0.096, 0.140)], 18)
    disc = lathe([(0.0, 0.017), *dome, (0.092, 0.175), (0.0, 0.180)], chrome, 56)
    rims = torus(0.262, 0.010, chrome, segments=56, sides=8).moved(y=0.047)
    collar = torus(0.0935, 0.014, chrome).moved(y=0.176)
    tall = [(0.0, 0.17), (0.076, 0.17), (0.076, 0.285), (0.082, 0.288), (0.082, 0.306), (0.07, 0.314), (0.0, 0.316)]
    sleeve = lathe(tall, chrome)
    piston = cylinder(0.052, 0.14 + max(rise, 0.0), metal("#dfe3e6", "y")).moved(y=0.37 + 0.5 * rise)
    crown = lathe([(0.0, 0.395), (0.075, 0.395), (0.125, 0.432), (0.125, 0.446), (0.0, 0.446)], plain("#2a2b2e"), 28)
    crown = crown.moved(y=rise)
    boss = cylinder(0.026, 0.07, chrome, "x", 20).moved(-0.098, 0.238, 0.0)
    pivot = cylinder(0.012, 0.020, plain("#4a4c50"), "x", 6).moved(-0.138, 0.238, 0.0)
    way = rounded([(-0.118, 0.238, 0.0), (-0.175, 0.232, 0.03), (-0.235, 0.200, 0.17), (-0.245, 0.196, 0.26)], 0.06, 6)
    lever = tube(way, 0.0105, chrome, 10)
    ends = [way[-1] + (0.002, 0.001, -0.012), way[-1] + (-0.008, -0.003, 0.085)]
    grip = tube(ends, 0.018, dark, 14, round_ends=True)
    return join([skirt, disc, rims, collar, sleeve, piston, crown, boss, pivot, lever, grip])


def _barber_seat(chrome: Texture, red: Texture, black: Texture, channels: int) -> Part:
    """Return the seat: steel pan with its cross beams, chrome band, piped cushion with channels."""
    beam = mirror(box((0.05, 0.035, 0.44), plain("#2a2b2e")).moved(0.12, 0.445))
    pan = plate((0.54, 0.52), 0.045, black, 0.06, "y").moved(y=0.480)
    band = tube(lift(rounded_rect(0.545, 0.525, 0.06, 5), "xz", 0.486), 0.011, chrome, 8, closed=True)
    cushion = _cushion(0.53, 0.52, 0.13, red, 0.07).turned("x", -90.0).moved(y=0.555)
    welt = tube(lift(rounded_rect(0.533, 0.523, 0.072, 6), "xz", 0.556), 0.006, black, 6, closed=True)
    if channels == 5:
        rolls = row(_cushion(0.094, 0.44, 0.05, red, 0.030).turned("x", -90.0), 5, (0.092, 0.0, 0.0))
    elif channels:
        rolls = _channels(channels, 0.462, 0.44, 0.05, red).turned("x", -90.0)
    else:
        rolls = _cushion(0.44, 0.42, 0.05, red, 0.07).turned("x", -90.0)
    return join([beam, pan, band, cushion, welt, rolls.moved(0.0, 0.618, 0.005)])


def _barber_arm(chrome: Texture, red: Texture, black: Texture) -> Part:
    """Return the arm at the sitter's left: chrome loop, padded side panel, upholstered rest."""
    loop = rounded([(0.215, 0.455), (0.245, 0.745), (-0.235, 0.745), (-0.268, 0.455)], 0.075, 6)
    frame = tube(lift(loop, "zy", 0.302), 0.0165, chrome, 12)
    lugs = row(box((0.06, 0.035, 0.05), chrome).moved(0.285, 0.470, -0.010), 2, (0.0, 0.0, 0.45))
    panel = _cushion(0.405, 0.215, 0.040, red, 0.05).turned("y", 90.0).moved(0.302, 0.600, 0.002)
    edge = tube(
        lift(_placed(rounded_rect(0.408, 0.218, 0.052, 6), 0.002, 0.6), "zy", 0.302), 0.009, chrome, 8, closed=True
    )
    rail = box((0.060, 0.016, 0.41), chrome).moved(0.302, 0.764, 0.02)
    rest = _cushion(0.088, 0.44, 0.055, black, 0.040).turned("x", -90.0).moved(0.302, 0.795, 0.025)
    knob = cylinder(0.020, 0.016, chrome, "x", 20).moved(0.326, 0.545, -0.266)
    return join([frame, lugs, panel, edge, rail, rest, knob])


def _barber_back(chrome: Texture, red: Texture, black: Texture, channels: int, buttons: int, higher: float) -> Part:
    """Return back and head rest, upright, the hinge at the origin and the sitter at +z.

    Without channels the back is tufted with ``buttons`` rows of buttons; ``higher`` pulls the head rest up.
    """
    middle = 0.305
    shell = plate((0.50, 0.55), 0.030, black, 0.09).moved(0.0, middle, -0.050)
    outer = _placed(rounded_rect(0.505, 0.555, 0.092, 6), 0.0, middle)
    trim = tube(lift(outer, "xy", -0.050), 0.0115, chrome, 8, closed=True)
    pad = _cushion(0.49, 0.54, 0.10, red, 0.09).moved(0.0, middle, 0.008)
    seam = _placed(rounded_rect(0.493, 0.543, 0.092, 6), 0.0, middle)
    welt = tube(lift(seam, "xy", 0.008), 0.006, black, 6, closed=True)
    if channels == 5:
        rolls = row(_cushion(0.086, 0.46, 0.046, red, 0.028).moved(0.0, middle, 0.058), 5, (0.084, 0.0, 0.0))
    elif channels:
        rolls = _channels(channels, 0.422, 0.46, 0.046, red).moved(0.0, middle, 0.058)
    else:
        rolls = _tufts(buttons, red, black).moved(0.0, middle, 0.058)
    towel = rounded([(0.17, 0.43, -0.055), (0.17, 0.43, -0.13), (-0.17, 0.43, -0.13), (-0.17, 0.43, -0.055)], 0.04, 5)
    bolts = join(cylinder(0.009, 0.01, chrome, "z", 10).moved(x, y, -0.068) for x in (-0.2, 0.2) for y in (0.12, 0.49))
    hinge = cylinder(0.024, 0.60, chrome, "x", 20).moved(0.0, 0.0, -0.010)
    slide = mirror(box((0.026, 0.34, 0.012), metal("#cfd3d7", "y")).moved(0.065, 0.57, -0.074))
    guide = box((0.20, 0.040, 0.030), chrome).moved(0.0, 0.48, -0.074)
    clamp = box((0.20, 0.030, 0.026), chrome).moved(0.0, 0.70, -0.062)
    screw = cylinder(0.020, 0.025, plain("#232426"), "z", 16).moved(0.0, 0.48, -0.100)
    head = _cushion(0.27, 0.145, 0.085, red, 0.055).turned("x", 8.0).moved(0.0, 0.685, -0.015)
    back_plate = plate((0.23, 0.105), 0.014, black, 0.04).turned("x", 8.0).moved(0.0, 0.69, -0.058)
    rest = join([head, back_plate, clamp, slide]).moved(y=higher)
    return join([shell, trim, pad, welt, rolls, rest, tube(towel, 0.010, chrome), bolts, hinge, guide, screw])


def _tufts(rows: int, red: Texture, black: Texture) -> Part:
    """Return ``rows`` rows of square tufts with buttons where they meet, in the xy plane, centred."""
    wide, high = 0.42 / 3.0, 0.46 / rows
    tuft = row(row(_cushion(1.03 * wide, 1.03 * high, 0.046, red, 0.03), 3, (wide, 0.0, 0.0)), rows, (0.0, high, 0.0))
    button = ellipsoid((0.024, 0.024, 0.012), black, 12).moved(z=0.016)
    return tuft + row(row(button, 2, (wide, 0.0, 0.0)), rows - 1, (0.0, high, 0.0))


def _barber_foot_rest(chrome: Texture, red: Texture, kind: int) -> Part:
    """Return the two bent arms in front of the seat, the calf pad and the tread plate with its rim.

    The ribs of the plate run lengthwise where ``kind`` is 5, else there are ``kind`` broad ones across.
    """
    way = rounded([(0.165, 0.455, 0.18), (0.165, 0.450, 0.31), (0.165, 0.190, 0.475), (0.165, 0.155, 0.62)], 0.10, 6)
    arms = mirror(tube(way, 0.0145, chrome, 12, round_ends=True))
    calf = _cushion(0.30, 0.21, 0.055, red, 0.05).turned("x", -33.0).moved(0.0, 0.350, 0.385)
    strut = mirror(box((0.05, 0.10, 0.014), chrome).turned("x", -33.0).moved(0.145, 0.345, 0.372))
    cross = rod((-0.165, 0.262, 0.429), (0.165, 0.262, 0.429), 0.010, chrome, 10)
    tread = plate((0.41, 0.20), 0.018, metal("#9ea2a6"), 0.035, "y")
    rim = tube(lift(rounded_rect(0.415, 0.205, 0.037, 5), "xz"), 0.011, chrome, 8, closed=True)
    if kind == 5:
        ribs = row(box((0.010, 0.010, 0.15), plain("#2b2c2f")).moved(y=0.0125), 13, (0.028, 0.0, 0.0))
    else:
        ribs = row(box((0.33, 0.010, 0.020), plain("#2b2c2f")).moved(y=0.0125), kind, (0.0, 0.0, 0.150 / kind))
    foot = (tread + rim + ribs).turned("x", 13.0).moved(0.0, 0.188, 0.575)
    return join([arms, calf, strut, cross, foot])


_FOLDING = (
    ("#c08a4e", "#c8945a", False),
    ("#ecebe6", "#f0efea", True),
    ("#5a3420", "#633a24", False),
    ("#3f6b4c", "#44724f", True),
    ("#8f4a26", "#985029", False),
    ("#27282a", "#2b2c2e", True),
)


def folding_chair(seed: int) -> Mesh:
    """Build a wooden folding chair of the slatted garden kind: two crossing frames, slatted seat and back, bolts.

    Args:
        seed: instance number; 0 is the reference, others vary wood or paint, width, height of the back, slats and seat.

    Returns:
        A closed mesh about 0.84 m high, 0.46 m wide and 0.56 m deep; a sitter looks to +z.
    """
    v = Variant("folding_chair", seed)
    frame, board, painted = v.pick(*_FOLDING)
    beech = _timber(frame, painted, "z", 0.010)
    steel = metal("#b4b7ba")
    out, stretch = v.between(0.0, -0.016, 0.022), v.between(1.0, 0.96, 1.09)
    padded, count = v.pick(False, True, False), v.pick(7, 6, 8)
    foot = np.array([0.245, 0.0])
    top = foot + stretch * (np.array([-0.265, 0.82]) - foot)
    heel, front = np.array([-0.255, 0.0]), np.array([0.165, 0.431])
    upright = _timber(frame, painted, "y", 0.010)
    long = mirror(_strip(0.214 + out, foot, top, 0.042, upright))
    short = mirror(_strip(0.188 + out, heel, front, 0.040, upright))
    rail_from, rail_to = (-0.150, 0.424), (0.205, 0.440)
    x = 0.1615 + out
    rails = mirror(bar((x, rail_from[1], rail_from[0]), (x, rail_to[1], rail_to[0]), (0.022, 0.034), beech))
    plank = _timber(board, painted, "x", 0.010)
    nail = ellipsoid((0.009, 0.004, 0.009), steel, 12).moved(x, 0.0085)
    slat = _rounded_slat(0.396 + 2.0 * out, 0.046 if count == 7 else 0.276 / (count - 1), 0.017, plank)
    seat = []
    for number, share in enumerate(np.linspace(0.055, 0.985, count)):
        z = rail_from[0] + (rail_to[0] - rail_from[0]) * share
        y = rail_from[1] + (rail_to[1] - rail_from[1]) * share + 0.0235
        strip = slat.varied(number) + mirror(nail)
        seat.append(strip.turned("x", -2.6).moved(y=float(y), z=float(z)))
    if padded:
        pad = _cushion(0.392 + 2.0 * out, 0.365, 0.046, leather(v.pick("#e8e4da", "#26211f", "#7a2320")), 0.04)
        seat.append(pad.turned("x", -92.6).moved(0.0, 0.469, 0.030))
    lean = float(np.degrees(np.arctan2(foot[0] - top[0], top[1] - foot[1])))
    back = []
    styles = (
        ((0.785, 0.060), (0.705, 0.046), (0.635, 0.046)),
        ((0.765, 0.090), (0.655, 0.056)),
        ((0.793, 0.044), (0.736, 0.040), (0.679, 0.040), (0.622, 0.040)),
    )
    for number, (level, high) in enumerate(v.pick(*styles)):
        y = level + float(top[1]) - 0.82
        z = float(np.interp(y, [foot[1], top[1]], [foot[0], top[0]]))
        strip = _rounded_slat(0.450 + 2.0 * out, high, 0.015, plank).varied(20 + number).turned("x", 90.0)
        screws = mirror(
            row(ellipsoid((0.010, 0.010, 0.005), steel, 10).moved(0.214 + out, 0.0, 0.0075), 2, (0.0, 0.022, 0.0))
        )
        back.append((strip + screws).moved(z=0.027).turned("x", -lean).moved(0.0, y, z))
    x = 0.205 + out
    cross = [
        rod((-x, 0.150, 0.152), (x, 0.150, 0.152), 0.0095, plank, 10),
        bar((0.020 - x, 0.105, -0.150), (x - 0.020, 0.105, -0.150), (0.018, 0.026), beech),
    ]
    meet = _crossing(foot, top, heel, front)
    bolt = cylinder(0.0105, 0.004, steel, "x", 16) + ellipsoid((0.008, 0.014, 0.014), steel, 12).moved(0.002)
    hinge_z = float(np.interp(0.431, [foot[1], top[1]], [foot[0], top[0]]))
    pivots = [
        bolt.moved(0.2265, float(meet[1]), float(meet[0])),
        bolt.moved(0.2265, 0.431, hinge_z),
        rod((0.152, 0.431, 0.165), (0.204, 0.431, 0.165), 0.006, steel, 10),
        rod((0.152, 0.431, hinge_z), (0.220, 0.431, hinge_z), 0.006, steel, 10),
        rod((0.175, float(meet[1]), float(meet[0])), (0.220, float(meet[1]), float(meet[0])), 0.006, steel, 10),
    ]
    return assemble([long, short, rails, *seat, *back, *cross, mirror(join(pivots).moved(out))], seed)


def _timber(colour: str, painted: bool, axis: Literal["x", "y", "z"], grain: float) -> Texture:
    """Return wood with its grain, or the paint that covers it."""
    return paint(colour, 0.05, SATIN, 0.06) if painted else wood(colour, axis, grain)


def _strip(x: float, start: Array, end: Array, width: float, texture: Texture) -> Part:
    """Return a leg between two (z, y) points in the plane at ``x``, cut level with the floor and round at its top."""
    run = end - start
    length, lean_deg = float(np.hypot(*run)), float(np.degrees(np.arctan2(run[0], run[1])))
    drop = 0.5 * width * float(np.tan(np.deg2rad(lean_deg)))
    crown = arc(0.5 * width, 0.0, 180.0, 13, (0.0, length))
    flat = extrude([(-0.5 * width, -drop), (0.5 * width, drop), *crown], 0.022, texture, bevel=0.002)
    return flat.turned("y", -90.0).turned("x", lean_deg).moved(x, float(start[1]), float(start[0]))


def _rounded_slat(length: float, wide: float, thick: float, texture: Texture) -> Part:
    """Return a slat along x with round long edges, lying flat, centred."""
    return sweep(rounded_rect(wide, thick, 0.006, 6), [(-0.5 * length, 0.0, 0.0), (0.5 * length, 0.0, 0.0)], texture)


def _crossing(a: Array, b: Array, c: Array, d: Array) -> Array:
    """Return the point where the lines a-b and c-d meet, float64 2."""
    share = np.linalg.solve(np.stack([b - a, c - d], axis=1), c - a)
    return np.asarray(a + share[0] * (b - a))


def park_bench(seed: int) -> Mesh:
    """Build a park bench: slats bolted to two cast-iron ends with arm rests and scrolls, rings or bars.

    Args:
        seed: instance: length, depth and height, wood and iron, number of slats, ornament of the ends.

    Returns:
        A closed mesh about 0.87 m high, 1.52 m wide and 0.72 m deep; a sitter looks to +z.
    """
    v = Variant("park_bench", seed)
    oak = wood(v.pick("#a8713c", "#8a4a2a", "#4f6b45", "#9b958a"), "x", 0.014)
    iron = paint(v.pick("#22282a", "#1f3d30", "#3a3f44", "#4a3a2a"), 0.10, GLOSS, 0.05)
    half = v.between(0.70, 0.60, 0.86)
    ornament = v.pick("scrolls", "rings", "bars")
    seat_count, rear_count = v.pick((6, 5), (4, 3), (7, 6))
    line = np.array([(0.275, 0.405), (0.235, 0.442), (0.10, 0.424), (-0.06, 0.404), (-0.185, 0.412)])
    rear = np.array([(-0.235, 0.478), (-0.262, 0.580), (-0.298, 0.700), (-0.350, 0.845)])
    wide = 0.396 / seat_count
    slats = _slats(spline(line, 60), seat_count, wide, oak, 0, half)
    slats += _slats(spline(rear, 60), rear_count, wide, oak, 10, half)
    end = _iron_end(np.concatenate([line, rear]), iron, ornament)
    strap = strip(_beside(spline(np.concatenate([line[1:], rear]), 40), -0.001), 0.035, 0.012, iron)
    ties = [
        rod((-half, 0.205, -0.228), (half, 0.205, -0.228), 0.010, iron, 10),
        rod((-half, 0.236, 0.010), (half, 0.236, 0.010), 0.010, iron, 10),
    ]
    bench = join([slats, mirror(end.moved(half)), strap, *ties])
    return assemble(bench.scaled((1.0, v.near(1.0, 0.05), v.near(1.0, 0.07))), seed)


def _slats(line: Array, count: int, width: float, texture: Texture, number: int, half: float) -> Part:
    """Return planks across x with their bolts, centred on a (z, y) line that runs from the front to the top."""
    brass = plain("#6f6a5e")
    last = len(line) - 1
    parts = []
    for i in range(count):
        middle = round((i + 0.5) / count * last)
        z, y = line[min(middle + 3, last)] - line[max(middle - 3, 0)]
        slope = float(np.degrees(np.arctan2(y, -z)))
        plank = box((2.0 * half + 0.12, 0.030, width), texture, 0.005).varied(number + i)
        bolt = ellipsoid((0.022, 0.012, 0.022), brass, 10).moved(half, 0.015)
        screw = ellipsoid((0.016, 0.010, 0.016), brass, 10).moved(0.0, 0.015)
        lifted = (plank + mirror(bolt) + screw).moved(y=0.018).turned("x", slope)
        parts.append(lifted.moved(0.0, float(line[middle, 1]), float(line[middle, 0])))
    return join(parts)


def _beside(line: Array, distance: float) -> Array:
    """Return a (z, y) line moved ``distance`` towards the sitter, float64 N x 2; it runs from the front to the top."""
    run = np.gradient(line, axis=0)
    run = run / np.linalg.norm(run, axis=1, keepdims=True)
    return np.asarray(line + distance * np.stack([run[:, 1], -run[:, 0]], axis=1))


def _iron_end(line: Array, iron: Texture, ornament: str) -> Part:
    """Return one cast end in the plane x = 0: rail, legs, arm and feet, filled with 'scrolls', 'rings' or 'bars'."""
    rail = strip(_beside(spline(line, 44), -0.008), 0.050, 0.026, iron)
    front = spline([(0.250, 0.420), (0.268, 0.330), (0.225, 0.230), (0.190, 0.140), (0.215, 0.055), (0.262, 0.018)], 26)
    hind = spline(
        [(-0.205, 0.410), (-0.190, 0.320), (-0.225, 0.210), (-0.290, 0.110), (-0.335, 0.055), (-0.375, 0.018)], 26
    )
    arm = spline(
        [(-0.305, 0.700), (-0.240, 0.680), (-0.130, 0.668), (0.020, 0.680), (0.150, 0.690), (0.235, 0.672)], 26
    )
    curl = _spiral((0.228, 0.625), 0.047, 0.012, 78.0, -430.0)
    post = spline([(0.215, 0.435), (0.260, 0.490), (0.235, 0.560), (0.170, 0.610), (0.150, 0.675)], 22)
    volute = [
        _spiral((0.060, 0.567), 0.108, 0.014, 90.0, 520.0),
        _spiral((-0.135, 0.547), 0.114, 0.014, 90.0, -520.0),
        _spiral((0.120, 0.295), 0.112, 0.015, 90.0, 540.0),
        _spiral((-0.095, 0.290), 0.098, 0.015, 90.0, -540.0),
    ]
    eyes = [(0.060, 0.567), (-0.135, 0.547), (0.120, 0.295), (-0.095, 0.290), (0.228, 0.625)]
    brace = spline([(0.200, 0.165), (0.120, 0.205), (0.010, 0.236), (-0.100, 0.207), (-0.240, 0.180)], 24)
    studs = [
        bar((0.0, low, z), (0.0, high, z), (0.024, 0.016), iron)
        for z, low, high in ((0.060, 0.405, 0.496), (-0.135, 0.392, 0.472))
    ]
    parts = [
        rail,
        *(strip(path, 0.046, 0.028, iron) for path in (front, hind)),
        strip(arm, 0.058, 0.020, iron),
        strip(curl, 0.052, 0.016, iron),
        strip(post, 0.036, 0.022, iron),
    ]
    if ornament == "scrolls":
        parts += [strip(path, 0.026, 0.014, iron) for path in volute]
    elif ornament == "rings":
        radii = (0.106, 0.112, 0.100, 0.090)
        for (z, y), radius in zip(eyes, radii, strict=False):
            spoke = box((0.016, 2.0 * radius, 0.012), iron)
            wheel = torus(radius, 0.024, iron, "x", 32, 8) + torus(0.45 * radius, 0.018, iron, "x", 24, 8)
            parts.append((wheel + spoke.turned("x", 45.0) + spoke.turned("x", -45.0)).moved(0.0, y, z))
    else:
        for z in np.linspace(-0.19, 0.10, 6):
            seat = float(np.interp(-z, -line[:5, 0], line[:5, 1])) - 0.008
            top, low = (float(np.interp(z, path[:, 0], path[:, 1])) for path in (arm, brace[::-1]))
            parts.append(bar((0.0, low, z), (0.0, seat, z), (0.018, 0.014), iron))
            parts.append(bar((0.0, seat, z), (0.0, top, z), (0.018, 0.014), iron))
        eyes = eyes[4:]
    parts.append(strip(brace, 0.030, 0.018, iron))
    parts += studs
    parts += [ellipsoid((0.040, 0.034, 0.034), iron, 14).moved(0.0, y, z) for z, y in eyes]
    parts += [box((0.060, 0.020, 0.085), iron).moved(0.0, 0.010, z) for z in (0.262, -0.372)]
    knob = spline([(-0.345, 0.830), (-0.362, 0.855), (-0.372, 0.862)], 6)
    return join([*parts, strip(knob, 0.044, 0.024, iron)])


_LEG: Profile = (
    (0.013, 0.017, 0.014, 0.021, 0.016, 0.022, 0.026, 0.020, 0.015, 0.022, 0.015, 0.020, 0.023, 0.016),
    (0.0, 0.06, 0.10, 0.16, 0.19, 0.30, 0.45, 0.60, 0.66, 0.70, 0.74, 0.80, 0.88, 1.0),
)
_PLAIN_LEG: Profile = ((0.015, 0.018, 0.021, 0.022, 0.019, 0.016), (0.0, 0.15, 0.40, 0.65, 0.85, 1.0))
_PLAIN_STRETCHER: Profile = ((0.010, 0.012, 0.014, 0.012, 0.010), (0.0, 0.2, 0.5, 0.8, 1.0))
_SPINDLE: Profile = (
    (0.0075, 0.0085, 0.0125, 0.0085, 0.0125, 0.0085, 0.0115, 0.0075),
    (0.0, 0.08, 0.28, 0.40, 0.43, 0.46, 0.62, 1.0),
)
_STRETCHER: Profile = (
    (0.010, 0.012, 0.016, 0.012, 0.020, 0.012, 0.016, 0.012, 0.010),
    (0.0, 0.15, 0.32, 0.40, 0.50, 0.60, 0.68, 0.85, 1.0),
)
_POST: Profile = (
    (0.013, 0.018, 0.014, 0.021, 0.015, 0.021, 0.019, 0.014, 0.021, 0.014, 0.019, 0.014, 0.018, 0.012),
    (0.0, 0.05, 0.10, 0.15, 0.20, 0.30, 0.40, 0.48, 0.52, 0.56, 0.70, 0.88, 0.93, 1.0),
)


_ROCKING = (
    ("#8a5226", "#935a2b", "#7d4922", False),
    ("#e9e7e0", "#eeece6", "#e4e2da", True),
    ("#4a2a1a", "#512e1c", "#44261a", False),
    ("#b9854a", "#c28e52", "#ae7a42", False),
    ("#24262a", "#282a2e", "#222428", True),
)


def rocking_chair(seed: int) -> Mesh:
    """Build a wooden porch rocker: curved rockers, turned legs and posts, spindle back, shaped crest, arms.

    Args:
        seed: instance number; 0 is the reference, others vary wood or paint, width, height, the back and the turnings.

    Returns:
        A closed mesh about 1.08 m high, 0.58 m wide and 1.00 m deep; a sitter looks to +z.
    """
    v = Variant("rocking_chair", seed)
    frame, board, runner, painted = v.pick(*_ROCKING)
    oak, plank = _timber(frame, painted, "y", 0.010), _timber(board, painted, "x", 0.016)
    wide, high = v.between(1.0, 0.94, 1.08), v.between(1.0, 0.94, 1.05)
    style, count = v.pick("spindles", "ladder", "slats"), v.pick(6, 5, 7)
    leg, stretcher = v.pick((_LEG, _STRETCHER), (_PLAIN_LEG, _PLAIN_STRETCHER))
    tops = [(0.185, 0.425, 0.165), (0.175, 0.425, -0.165)]
    feet = [(0.228, _rocker_top(0.205) - 0.012, 0.205), (0.228, _rocker_top(-0.250) - 0.012, -0.250)]
    legs = [_turned(foot, top, leg, oak, 16) for foot, top in zip(feet, tops, strict=True)]

    def on_leg(which: int, share: float) -> Array:
        return np.asarray((1.0 - share) * np.asarray(feet[which]) + share * np.asarray(tops[which]))

    side = [_turned(on_leg(1, s), on_leg(0, s), stretcher, oak) for s in (0.38, 0.70)]
    flip = np.array([-1.0, 1.0, 1.0])
    across = [_turned(on_leg(k, s) * flip, on_leg(k, s), stretcher, oak) for k, s in ((0, 0.32), (0, 0.55), (1, 0.45))]
    arm = _rocker_arm(oak, _timber(board, painted, "x", 0.012))
    sides = mirror(join([_rocker(_timber(runner, painted, "x", 0.012)), *legs, *side, arm]))
    back = _rocker_back(oak, _timber(board, painted, "z", 0.014), style, count)
    chair = join([sides, *across, _rocker_seat(plank), *back])
    return assemble(chair if seed == 0 else chair.scaled((wide, high, 1.0)), seed)


def _rocker_top(z: float, radius: float = 1.05, low: float = -0.04, high: float = 0.048) -> float:
    """Return the height of a rocker's upper edge at z, metres."""
    return float(radius - np.sqrt(radius**2 - (z - low) ** 2) + high)


def _rocker(texture: Texture) -> Part:
    """Return the left runner: an arc of a circle with rounded tips, longer behind."""
    zs = np.linspace(0.44, -0.56, 34)
    height = np.interp(zs, [-0.56, -0.48, 0.36, 0.44], [0.028, 0.048, 0.048, 0.030])
    middle = np.array([_rocker_top(float(z)) - 0.024 for z in zs])
    upper, lower = np.column_stack([zs, middle + 0.5 * height]), np.column_stack([zs, middle - 0.5 * height])
    flat = extrude(np.concatenate([upper, lower[::-1]]), 0.030, texture, bevel=0.003)
    return flat.turned("y", -90.0).moved(x=0.228)


def _rocker_seat(plank: Texture) -> Part:
    """Return the shaped seat board, hollowed on top, its front edge rolled."""
    half = [(0.20, 0.235), (0.255, 0.19), (0.245, 0.0), (0.225, -0.18), (0.17, -0.225)]
    outline = spline(symmetric([(0.0, 0.245), *half, (0.0, -0.235)]), 48, closed=True) * np.array([1.0, -1.0])
    share = (0.25, 0.90, 0.975, 1.0, 0.99, 0.95, 0.86, 0.72, 0.54, 0.34, 0.12)
    height = (-0.001, 0.0, 0.010, 0.022, 0.036, 0.042, 0.0424, 0.0428, 0.0432, 0.0436, 0.044)
    sections = [(outline * s, y) for s, y in zip(share, height, strict=True)]
    board = loft(sections, plank, crease_deg=60.0).turned("x", -90.0)

    def hollow(points: Array) -> Array:
        depth = 0.018 * np.clip(1.0 - (points[:, 0] / 0.21) ** 2 - ((points[:, 2] + 0.02) / 0.19) ** 2, 0.0, 1.0)
        return np.asarray(points - np.outer(np.where(points[:, 1] > 0.03, depth, 0.0), (0.0, 1.0, 0.0)))

    return board.warped(hollow).moved(y=0.415)


def _rocker_arm(oak: Texture, plank: Texture) -> Part:
    """Return the left arm board with its front post and two spindles."""
    outer = spline([(0.245, 0.0), (0.235, 0.034), (0.15, 0.040), (0.0, 0.022), (-0.20, 0.0), (-0.275, -0.014)], 22)
    inner = spline([(-0.275, -0.052), (-0.20, -0.042), (0.0, -0.022), (0.15, -0.036), (0.235, -0.030)], 20)
    edge = np.concatenate([outer, inner])
    board = extrude(edge, 0.022, plank, bevel=0.004).turned("x", -90.0).turned("y", -90.0)
    post = _turned((0.232, 0.440, 0.125), (0.258, 0.655, 0.150), _POST, oak)
    rods = [_turned((0.226, 0.445, z), (0.247, 0.655, z - 0.02), _SPINDLE, oak, 10) for z in (0.02, -0.09)]
    return join([board.moved(0.250, 0.662, 0.0), post, *rods])


def _rocker_back(oak: Texture, plank: Texture, style: str, count: int) -> list[Part]:
    """Return posts, ``count`` spindles, slats or rungs, and the crest of the back, which leans about the sitter."""
    posts = mirror(_turned((0.195, 0.440, -0.195), (0.233, 1.003, -0.350), _POST, oak))
    filling = []
    if style == "ladder":
        for share in np.linspace(0.20, 0.80, count - 2):
            x, y, z = 0.195 + 0.038 * share, 0.440 + 0.563 * share, -0.195 - 0.155 * share
            filling.append(_crest(x, 0.026, 0.026, 0.016, plank).moved(0.0, float(y), float(z)))
    for x in np.linspace(-0.135, 0.135, count) if style != "ladder" else ():
        bow = 0.035 * (1.0 - (x / 0.2) ** 2)
        low, top = (x, 0.440, -0.205), (1.12 * x, 0.990, -0.352 - bow)
        if style == "slats":
            filling.append(bar(low, top, (0.21 / count, 0.011), oak, 0.004).varied(round(100.0 * x)))
        else:
            filling.append(_turned(low, top, _SPINDLE, oak, 10))
    return [posts, join(filling), _crest(0.262, 0.050, 0.085, 0.026, plank).moved(0.0, 1.010, -0.353)]


def _crest(reach: float, below: float, above: float, thick: float, plank: Texture) -> Part:
    """Return a board between the posts that bows about the sitter, its ends rounded, leaning as the back does."""
    sections = []
    for x in np.linspace(-reach, reach, 29):
        away = abs(float(x)) / reach
        low, high = -below + 0.9 * below * away**5, above * (1.0 - 0.353 * away**1.5 - 0.412 * away**8)
        bow = 0.035 * (1.0 - (x / 0.2) ** 2)
        sections.append((_placed(rounded_rect(thick, high - low, 0.38 * thick), bow, 0.5 * (low + high)), float(x)))
    return loft(sections, plank).turned("y", 90.0).turned("x", -15.4)
