"""Boats and ships."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from objectpose.objects.kit import (
    GLASS,
    GLOSS,
    MATT,
    METAL,
    SATIN,
    Part,
    Texture,
    Variant,
    assemble,
    bar,
    blend,
    box,
    by,
    cloth,
    cone,
    cylinder,
    ellipsoid,
    faired,
    frustum,
    hull,
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
    ring,
    rod,
    rounded,
    rounded_rect,
    row,
    spline,
    symmetric,
    torus,
    tube,
    wing,
    wood,
)
from objectpose.objects.mesh import Mesh

Array = NDArray[np.float64]

_CANOES = ("#b3261e", "#b5742f", "#2d7a4c", "#d9a21b", "#1d4d86")
_SHIPS = (("#1d3c66", "#8c2f28"), ("#8f1f22", "#3f4447"), ("#1e5b43", "#8c2f28"), ("#23262a", "#9a3127"))
"""Topsides and bottom of container ships."""
_BOXES = ("#b5382c", "#2b5f9e", "#2f7d57", "#d28a2a", "#8f959a", "#7c2d2a", "#dcdcd6", "#3b4a60")
"""Colours of containers."""
_RUNABOUTS = (("#f2f3f3", "#c3202a"), ("#f4f1e8", "#173f7d"), ("#1c1f24", "#d8dadb"), ("#e8eaec", "#11806f"))
"""Hull and stripe of speedboats."""


def canoe(seed: int) -> Mesh:
    """Build an open canoe: hollow hull with ash gunwales, two caned seats, a yoke, a thwart and end decks.

    Args:
        seed: instance number; 0 is the reference, others vary colour, length, beam, sheer, lining and ribs.

    Returns:
        A closed mesh about 3.7 m long and 1 m wide, the bow at +z.
    """
    v = Variant("canoe", seed)
    half_long, half_beam, depth = v.near(1.85, 0.06), v.near(0.47, 0.06), v.near(0.42, 0.06)
    rise = v.between(0.28, 0.24, 0.34)
    colour = v.pick(*_CANOES)
    ribs = v.pick(0, 5, 0)
    ash = wood("#b98a52", "z", 0.01)
    outside = wood(colour, "z", 0.02, GLOSS) if colour == "#b5742f" else paint(colour, 0.05, GLOSS, 0.3)
    inside = paint(v.pick("#b8b1a0", "#c9b48a", "#9a9c9a"), 0.06, SATIN)
    at = np.linspace(-1.0, 1.0, 25)
    beam = half_beam * np.maximum(1.0 - np.abs(at) ** 2.4, 0.0) ** 0.85 + 0.012
    sheer = depth + rise * np.abs(at) ** 4.0
    keel = 0.03 * at**2 + (sheer - 0.09) * np.clip((np.abs(at) - 0.86) / 0.14, 0.0, 1.0) ** 2.2
    lines = PchipInterpolator(half_long * at, np.column_stack([beam, sheer, keel]))

    def half(measures: Array, skin: float = 0.014) -> Array:
        b, s, k = (float(value) for value in measures)
        a = np.linspace(0.0, 0.5 * np.pi, 13)
        outer = np.column_stack([b * np.sin(a) ** 0.75, s - (s - k) * np.cos(a) ** 0.75])
        thin = np.array([max(1.0 - skin / b, 0.3), max(1.0 - skin / (s - k), 0.3)])
        return np.concatenate([outer, ((outer - (0.0, s)) * thin + (0.0, s))[::-1]])

    def is_inside(p: Array, n: Array) -> NDArray[np.bool_]:
        return n[:, 0] * p[:, 0] + n[:, 1] * (p[:, 1] - lines(p[:, 2])[:, 1]) < 0.0

    skin = by(is_inside, outside, inside)
    stations = np.union1d(np.linspace(-half_long, half_long, 61), half_long * at)
    shell = loft([(symmetric(half(lines(z))), float(z)) for z in stations], skin, crease_deg=50.0)
    parts = [shell, _canoe_trim(lines, half_long, ash)]
    for z in np.linspace(-0.66, 0.66, ribs) * half_long:
        way = symmetric(half(lines(z), 0.016)[13:-1])
        parts.append(tube(lift(way, "xy", float(z)), 0.012, inside, 6))
    return assemble(parts, seed)


def _canoe_trim(lines: PchipInterpolator, half_long: float, ash: Texture) -> Part:
    """Return gunwales, end decks, seats, yoke, thwart and the grab loops."""
    z = np.linspace(-0.985, 0.985, 41) * half_long
    b, s, _ = lines(z).T
    rail = join(tube(np.column_stack([b + out, s + 0.004, z]), 0.014, ash, 8) for out in (0.010, -0.014))
    cane, brass = cloth("#cda765", 0.012, 0.4), plain("#3c3127")
    parts = [mirror(rail)]
    for end in (-1.0, 1.0):
        tip, base = 0.975 * half_long * end, 0.84 * half_long * end
        wide, low, high = float(lines(base)[0]), float(lines(base)[1]), float(lines(tip)[1])
        corners = [(0.0, high, tip), (wide, low, base), (-wide, low, base), (0.0, low + 0.03, base)]
        parts.append(hull([(x, y + d, zz) for x, y, zz in corners for d in (-0.012, 0.014)], ash))
        parts.append(torus(0.035, 0.014, brass, "x", 20, 8).moved(0.0, high - 0.07, 0.985 * half_long * end))
    for place, deep in ((0.46, 0.26), (-0.58, 0.26)):
        middle = place * half_long
        wide = float(lines(middle)[0])
        y = float(lines(middle)[1]) - 0.07
        parts.append(box((1.2 * wide, 0.016, deep - 0.04), cane, 0.0).moved(0.0, y + 0.008, middle))
        for dz in (-0.5, 0.5):
            reach = float(lines(middle + dz * deep)[0])
            parts.append(box((1.93 * reach, 0.026, 0.045), ash).moved(0.0, y, middle + dz * deep))
            hanger = np.array([0.95 * reach, y, middle + dz * deep])
            parts.append(mirror(rod(hanger, hanger + (0.0, 0.08, 0.0), 0.008, brass)))
        parts.append(mirror(box((0.045, 0.026, deep), ash).moved(0.6 * wide, y, middle)))
    wide, top, _ = (float(value) for value in lines(0.0))
    yoke = spline(
        [(-wide, top, 0.0), (-0.5 * wide, top, 0.03), (0.0, top, -0.05), (0.5 * wide, top, 0.03), (wide, top, 0.0)], 21
    )
    parts.append(tube(yoke, 0.02, ash, 8))
    wide, top, _ = (float(value) for value in lines(-0.27 * half_long))
    parts.append(box((2.0 * wide, 0.022, 0.055), ash).moved(0.0, top - 0.005, -0.27 * half_long))
    return join(parts)


def submarine(seed: int) -> Mesh:
    """Build a stout naval submarine: cigar-shaped pressure hull, sail with planes and masts, cross tail and propeller.

    Args:
        seed: instance number; 0 is the reference, others vary colours, fineness, sail, planes, tail and masts.

    Returns:
        A closed mesh about 49 m long and 9 m in diameter, the bow at +z.
    """
    v = Variant("submarine", seed)
    top_colour, low_colour = v.pick(("#6d7478", "#26292b"), ("#565f64", "#1f2224"), ("#6c7983", "#452a27"))
    long, radius = v.between(47.0, 43.0, 48.5), v.near(4.5, 0.04)
    upper, lower = paint(top_colour, 0.07, SATIN, 1.5), paint(low_colour, 0.07, SATIN, 1.5)
    skin = by(lambda p, _n: 0.5 - (p[:, 2] - 0.22 * radius) / 0.1, lower, upper)
    t = np.linspace(0.0, 1.0, 57)
    nose, tail = np.clip(t / 0.14, 0.0, 1.0), np.clip((1.0 - t) / 0.36, 0.0, 1.0)
    shape = radius * (1.0 - (1.0 - nose) ** 2.4) ** 0.5 * (1.0 - (1.0 - tail) ** 1.9)
    shape[[0, -1]] = 0.0, 0.25
    body = lathe(np.column_stack([shape, long * (0.5 - t)])[::-1], skin, 56, 60.0).turned("x", 90.0)
    parts = [body, _sub_deck(radius, long, upper), _sail(v, radius, long, upper), _sub_tail(v, radius, long, upper)]
    return assemble(parts, seed)


def _sub_deck(radius: float, long: float, upper: Texture) -> Part:
    """Return the casing on the hull with its slots, hatches and cleats, draught marks and torpedo tubes."""
    table = [
        (0.40, 0.05, 0.50),
        (0.36, 1.5, 0.90),
        (0.2, 2.0, 1.0),
        (-0.2, 2.0, 1.0),
        (-0.28, 1.4, 0.86),
        (-0.33, 0.05, 0.58),
    ]
    casing = faired(
        [(share * long, wide, high * radius + 0.42 * high) for share, wide, high in table],
        lambda m: symmetric(
            [(0.0, m[1] - 1.8), (m[0] + 0.5, m[1] - 1.8), (m[0], m[1] - 0.05), (0.9 * m[0], m[1]), (0.0, m[1])]
        ),
        np.linspace(table[-1][0] * long, table[0][0] * long, 30),
        upper,
        35.0,
    )
    dark, steel = plain("#0d0f10", MATT), plain("#8d9296")
    deck = radius + 0.42
    slots = mirror(row(box((0.14, 0.26, 0.6), dark, 0.0), 18, (0.0, 0.0, 1.1)).moved(2.12, deck - 0.42, 0.0))
    hatch = cylinder(0.5, 0.16, plain("#3c4043"), segments=20) + torus(0.42, 0.08, steel, segments=20, sides=6).moved(
        y=0.08
    )
    hatches = join(hatch.moved(0.0, deck, z * long) for z in (0.3, -0.13, -0.2))
    cleat = rod((0.0, 0.16, -0.3), (0.0, 0.16, 0.3), 0.07, steel) + rod((0.0, -0.1, 0.0), (0.0, 0.16, 0.0), 0.08, steel)
    cleats = mirror(join(cleat.moved(1.5, deck, z * long) for z in (0.3, 0.22, -0.1, -0.2)))
    marks = row(box((0.16, 0.12, 0.8), plain("#e3e3de"), 0.0), 6, (0.0, 0.32, 0.0)).moved(
        0.97 * radius, 0.6, 0.24 * long
    )
    tubes = row(cylinder(0.42, 0.5, dark, "z", 20), 2, (0.0, 1.3, 0.0)).moved(1.1, 0.0, 0.482 * long)
    return join([casing, slots, hatches, cleats, mirror(marks + tubes)])


def _sail(v: Variant, radius: float, long: float, upper: Texture) -> Part:
    """Return the sail with planes, windows, ladder, number, masts and lamps."""
    place, high = v.between(0.06, 0.02, 0.11) * long, v.near(9.4, 0.08)
    length = v.near(12.0, 0.10)
    base = radius - 0.6
    fin = wing(
        [
            (base, 0.0, 0.56 * length, -0.54 * length, 2.7),
            (base + 0.6 * high, 0.0, 0.5 * length, -0.5 * length, 2.4),
            (base + 0.97 * high, 0.0, 0.47 * length, -0.47 * length, 2.2),
            (base + high, 0.0, 0.45 * length, -0.45 * length, 1.9),
        ],
        upper,
        crease_deg=40.0,
    ).turned("z", 90.0)
    top = base + high
    steel, dark = plain("#7e8488"), plain("#0d1013", GLOSS)
    parts = [fin]
    masts = [(0.26, 3.4, 0.16), (0.1, 4.6, 0.2), (-0.04, 2.6, 0.28), (-0.2, 3.6, 0.14), (-0.3, 1.8, 0.3)]
    for share, rise, thick in masts[: v.pick(5, 3, 4)]:
        parts.append(cylinder(thick, rise + 1.0, steel, segments=16).moved(0.0, top + 0.5 * rise - 0.5, share * length))
        parts.append(
            ellipsoid((2.6 * thick, 0.7, 2.6 * thick), plain("#45494d"), 14).moved(0.0, top + rise, share * length)
        )
    flag = rod((0.0, top - 0.3, -0.4 * length), (0.0, top + 2.6, -0.44 * length), 0.13, steel, 8)
    parts.append(
        flag
        + box((0.04, 0.8, 1.3), plain(v.pick("#c3202a", "#e9e9e4", "#27467f")), 0.0).moved(
            0.0, top + 2.1, -0.51 * length
        )
    )
    if v.pick(True, False, True):
        plane = wing([(0.5, 0.0, 1.5, -1.3, 0.7), (4.4, 0.0, 0.9, -1.2, 0.3)], upper, crease_deg=40.0)
        parts.append(mirror(plane).moved(0.0, base + 0.62 * high, 0.16 * length))
    else:
        plane = wing([(0.3 * radius, 0.0, 1.7, -1.4, 0.7), (radius + 3.2, 0.0, 1.0, -1.3, 0.3)], upper, crease_deg=40.0)
        parts.append(mirror(plane).moved(0.0, 0.3, 0.33 * long - place))
    for y, z in ((top - 0.9, 0.36), (top - 0.9, 0.31), (top - 0.9, 0.26)):
        half = 1.1 * float(np.interp(0.5 - z, [0.0, 0.12, 0.3], [0.0, 0.82, 1.0]))
        parts.append(mirror(box((0.3, 0.5, 0.4), dark, 0.0).moved(half - 0.08, y, z * length)))
    rungs = row(box((0.3, 0.07, 0.6), steel, 0.0), 9, (0.0, 0.5, 0.0)).moved(1.18, base + 0.55 * high, -0.06 * length)
    number = [
        (0.0, 0.0, 0.25, 1.5),
        (0.75, 0.0, 0.25, 1.5),
        (1.25, 0.0, 0.25, 1.5),
        (0.95, 0.65, 0.8, 0.22),
        (0.95, -0.65, 0.8, 0.22),
    ]
    digits = join(box((0.3, h, w), plain("#e8e8e3"), 0.0).moved(0.0, y, -z) for z, y, w, h in number)
    parts.append(mirror(rungs + digits.moved(1.14, base + 0.62 * high, -0.1 * length)))
    lamps = mirror(ellipsoid(0.4, plain("#d8352c"), 10).moved(1.1, top - 0.4, 0.2 * length))
    return join([*parts, lamps]).moved(z=place)


def _sub_tail(v: Variant, radius: float, long: float, upper: Texture) -> Part:
    """Return four tail planes, crosswise or as an X, and a propeller of curved blades."""
    bronze = metal(v.pick("#b08a45", "#8c7a4a", "#6f7478"))
    root, end = (0.3, 0.0, -0.40 * long, -0.465 * long, 0.9), (1.25 * radius, 0.0, -0.425 * long, -0.468 * long, 0.4)
    fin = wing([root, end], upper, crease_deg=40.0)
    seam = mirror(
        bar((1.2, 0.28, -0.452 * long), (1.2 * radius, 0.14, -0.454 * long), (0.1, 0.1), plain("#15181a"), 0.0), "y"
    )
    fins = ring(fin + seam, 4, "z", v.pick(0.0, 0.0, 45.0))
    blades = v.pick(7, 5, 7)
    blade = []
    for share in np.linspace(0.0, 1.0, 7):
        r, wide, sweep = 0.3 + 2.1 * share, 0.75 * (1.0 - 0.75 * share**2), np.deg2rad(45.0 * share**1.6)
        pitch = np.deg2rad(62.0 - 30.0 * share)
        t = np.linspace(0.0, 2.0 * np.pi, 12, endpoint=False)
        across, thick = wide * np.cos(t), 0.09 * np.sin(t)
        angle = sweep + across * np.cos(pitch) / r
        z = across * np.sin(pitch) + thick
        blade.append(np.column_stack([r * np.cos(angle), r * np.sin(angle), z]))
    hub = lathe([(0.0, -1.3), (0.3, -0.9), (0.55, 0.0), (0.6, 0.9), (0.0, 0.9)], bronze, 24).turned("x", 90.0)
    screw = join([ring(loft(blade, bronze, crease_deg=60.0), blades, "z"), hub]).moved(z=-0.5 * long - 0.3)
    return fins + screw


_SHIP = (
    (-75.0, 8.0, 10.5, 7.6, 13.0),
    (-68.0, 9.4, 11.3, 4.2, 13.0),
    (-58.0, 10.6, 11.5, 1.2, 13.0),
    (-45.0, 11.5, 11.5, 0.0, 13.0),
    (40.0, 11.5, 11.5, 0.0, 13.0),
    (54.0, 8.6, 11.0, 0.0, 13.0),
    (59.8, 6.4, 10.2, 0.0, 13.2),
    (60.2, 6.3, 10.2, 0.0, 16.0),
    (66.0, 3.6, 7.6, 0.1, 16.4),
    (71.0, 1.2, 4.4, 1.4, 16.9),
    (74.5, 0.3, 2.0, 4.5, 17.3),
    (76.5, 0.1, 0.3, 11.0, 17.6),
)
"""Sections of a container ship: z, half widths at the waterline and the deck, y of the bottom and the deck; metres."""


def container_ship(seed: int) -> Mesh:
    """Build a feeder container ship: hull with bulbous bow, stacks of containers, bridge, funnel and lifeboats aft.

    Args:
        seed: instance number; 0 is the reference, others vary paint, load, length, height of the house and cranes.

    Returns:
        A closed mesh about 129 m long and 27 m wide over the wings of the bridge, the bow at +z.
    """
    v = Variant("container_ship", seed)
    topside, bottom = v.pick(*_SHIPS)
    bays = v.pick(6, 7, 5)
    extra = 13.4 * (bays - 8)
    side, red = paint(topside, 0.06, SATIN, 3.0), paint(bottom, 0.08, SATIN, 3.0)
    skin = by(lambda p, _n: 0.5 - (p[:, 1] - 6.6) / 0.3, side, red)
    skin = by(lambda p, _n: np.abs(p[:, 1] - 6.9) < 0.28, skin, plain("#e3e3df"))
    skin = by(
        lambda p, n: (n[:, 1] > 0.8) & (p[:, 1] > 12.0),
        skin,
        paint(v.pick("#6e3b33", "#4c5a52", "#5a5f63"), 0.06, MATT),
    )

    def half(m: Array) -> Array:
        water, deck, low, high = (float(value) for value in m)
        level = max(low + 0.45 * (high - low), 8.0)
        low_side = [
            (0.0, low),
            (0.82 * water, low),
            (0.96 * water, low + 0.06 * (high - low)),
            (water, low + 0.2 * (high - low)),
        ]
        flare = [
            (water + 0.12 * (deck - water), level),
            (water + 0.5 * (deck - water), 0.5 * (level + high)),
            (deck, high),
        ]
        top = [(0.97 * deck, high), (0.97 * deck, high - 0.05), (0.0, high - 0.05)]
        return symmetric([*low_side, *flare, *top])

    table = [(z + extra if z > 0.0 else z, *measures) for z, *measures in _SHIP]
    body = faired(table, half, np.linspace(min(table)[0], max(table)[0], 60), skin, 30.0)
    bulb = ellipsoid((3.8, 5.4, 22.0), red, 24).moved(0.0, 3.2, 66.5 + extra)
    parts = [body, bulb, _cargo(v, bays, v.pick(5, 4, 5)), _bow_gear(v, extra), _house(v, topside), _ship_stern(red)]
    if v.pick(False, False, True):
        parts += [_deck_crane().moved(10.2, 13.0, z) for z in (-20.4, 6.4)]
    return assemble(parts, seed)


def _cargo(v: Variant, bays: int, tiers: int) -> Part:
    """Return containers, nine abreast and seven at the bow, on hatch covers, with lashing bridges between the bays."""
    crates = [box((2.44, 2.59, 12.19), _ribbed(colour), 0.0) for colour in _BOXES]
    steel, grey = plain("#4c5257"), plain("#80878c")
    parts = []
    for bay in range(bays):
        z = -40.5 + 13.4 * bay
        abreast = 9 if bay < bays - 1 else 7
        parts.append(box((20.5 if abreast == 9 else 16.6, 1.4, 12.6), grey, 0.0).moved(0.0, 13.4, z))
        stack = tiers if bay < bays - 2 else tiers - 1 if bay < bays - 1 else tiers - 2
        for slot in range(abreast):
            load = stack - v.pick(0, 0, 0, 1) if slot in (2, 3, 6) else stack - (bay + 2 * slot + v.seed) % 7 // 6
            for tier in range(load):
                pick = (bay * 5 + slot * 3 + tier * 7 + (bay * slot + tier * tier + v.seed) % 5) % len(crates)
                x = 2.52 * (slot - 0.5 * (abreast - 1))
                parts.append(crates[pick].moved(x, 15.385 + 2.58 * tier, z))
        if bay:
            frame = [
                bar((x, 13.0, z - 6.7), (x, 18.0, z - 6.7), (0.35, 0.35), steel, 0.0) for x in (-11.0, -4.0, 4.0, 11.0)
            ]
            parts += [*frame, box((22.3, 0.4, 0.6), steel, 0.0).moved(0.0, 17.8, z - 6.7)]
    return join(parts)


def _ribbed(colour: str) -> Texture:
    """Return the paint of a container with a lighter upper and lower beam on its sides."""
    beam = blend(plain(colour), plain("#ffffff"), 0.16)
    return by(lambda p, _n: (np.abs(p[:, 1]) > 1.08) | (np.abs(p[:, 2]) > 5.9), paint(colour, 0.08, SATIN, 0.5), beam)


def _bow_gear(v: Variant, extra: float) -> Part:
    """Return breakwater, windlasses, foremast, bollards, bulwark rail and anchors."""
    white, dark = plain("#e8e8e4"), plain("#3a3f43")
    mast = frustum(0.45, 0.2, 9.0, white, segments=14).moved(0.0, 20.5, 67.0) + box((2.4, 0.3, 0.3), white).moved(
        0.0, 23.0, 67.0
    )
    lamp = ellipsoid(0.6, plain("#f4e9b8"), 10).moved(0.0, 25.1, 67.0)
    drum = cylinder(0.8, 1.8, dark, "x", 20) + box((0.5, 1.6, 1.8), plain(v.pick("#3f6b4a", "#7f858a"))).moved(
        1.2, -0.2, 0.0
    )
    winches = mirror(drum.moved(2.2, 17.2, 64.5))
    wall = hull(
        [
            (x, y, z)
            for x, z in ((-8.6, 61.0), (0.0, 62.6), (8.6, 61.0), (8.6, 60.6), (-8.6, 60.6))
            for y in (15.8, 18.2)
        ],
        white,
    )
    bollards = mirror(row(cylinder(0.25, 0.9, dark, segments=12), 2, (0.0, 0.0, 0.9)).moved(3.4, 17.0, 68.6))
    anchor = join([box((0.5, 2.4, 0.5), dark), box((0.5, 0.5, 2.4), dark).moved(y=-1.0)]).turned("z", 24.0)
    return join([mast, lamp, winches, wall, bollards, mirror(anchor.moved(4.75, 13.0, 69.0))]).moved(z=extra)


def _house(v: Variant, funnel_colour: str) -> Part:
    """Return the deckhouse with rows of windows, bridge with wings, funnel, radar mast and two lifeboats."""
    white, pane = paint("#eceeec", 0.03, SATIN, 1.5), plain("#1d262d", GLOSS)
    decks = v.pick(6, 5, 7)
    parts, z, top = [], -56.5, 13.0
    for deck in range(decks):
        wide = 21.0 if deck == 0 else 18.0
        parts.append(box((wide, 2.75, 11.0 if deck else 14.0), white, 0.0).moved(0.0, top + 1.4, z))
        parts.append(box((wide + 0.6, 0.18, 11.8 if deck else 14.6), plain("#c9cdcd"), 0.0).moved(0.0, top + 2.8, z))
        window = box((0.9, 0.9, 0.2), pane, 0.0)
        half = 5.5 if deck else 7.0
        parts += [row(window, 7, (2.3, 0.0, 0.0)).moved(0.0, top + 1.6, z + s * half) for s in (-1, 1)]
        across = row(window.turned("y", 90.0), 4, (0.0, 0.0, 2.2)).moved(0.5 * wide, top + 1.6, z)
        parts.append(mirror(across))
        top += 2.85
    bridge = box((19.0, 2.9, 8.0), white, 0.0).moved(0.0, top + 1.4, z + 1.4)
    wings = box((26.5, 1.2, 2.6), white, 0.0).moved(0.0, top + 0.6, z + 3.6) + mirror(
        box((0.9, 3.2, 0.9), white).moved(12.4, top - 1.2, z + 3.6)
    )
    band = box((19.1, 1.05, 8.1), pane, 0.0).moved(0.0, top + 1.8, z + 1.4)
    posts = row(box((0.22, 1.06, 8.14), white, 0.0), 9, (2.35, 0.0, 0.0)).moved(0.0, top + 1.8, z + 1.4)
    roof = box((20.0, 0.3, 9.0), plain("#c9cdcd"), 0.0).moved(0.0, top + 3.0, z + 1.4)
    mast = frustum(0.6, 0.25, 7.5, white, segments=14).moved(0.0, top + 6.5, z + 1.0)
    radar = box((4.2, 0.4, 0.5), white).moved(0.0, top + 7.4, z + 1.3) + box((3.0, 0.3, 0.4), white).moved(
        0.0, top + 9.3, z + 1.2
    )
    domes = mirror(ellipsoid(1.6, white, 16).moved(6.0, top + 3.9, z + 0.5))
    flue = paint(v.pick("#e0a92e", "#e8e8e4", "#c8352c"), 0.04, SATIN)
    funnel = loft(
        [(rounded_rect(5.4, 5.4, 1.5), 0.0), (rounded_rect(4.8, 4.6, 1.4), 9.5)],
        by(lambda p, _n: np.abs(p[:, 2] - 6.6) < 1.1, flue, plain(funnel_colour)),
    )
    funnel = funnel.turned("x", -90.0).moved(0.0, top - 3.0, z - 8.6)
    casing = box((9.0, top - 15.0, 6.0), white, 0.0).moved(0.0, 0.5 * (top + 11.0), z - 8.5)
    pipes = row(cylinder(0.5, 1.6, plain("#2b2d2f"), segments=14), 3, (1.3, 0.0, 0.0)).moved(0.0, top + 6.9, z - 8.6)
    boat = ellipsoid((2.6, 2.6, 7.4), paint("#e8641c", 0.03), 20) + box((1.4, 0.8, 2.4), plain("#e8641c")).moved(
        0.0, 1.3, -1.2
    )
    davit = row(box((0.3, 3.4, 0.3), plain("#d7d9d6")), 2, (0.0, 0.0, 4.4)).moved(0.2, 0.6, 0.0)
    boats = mirror((boat + davit).moved(10.2, 20.0, z - 1.0))
    return join([*parts, bridge, wings, band, posts, roof, mast, radar, domes, funnel, casing, pipes, boats])


def _ship_stern(red: Texture) -> Part:
    """Return rudder, propeller, mooring gear, the stern rail and the flagstaff."""
    bronze, dark, white = metal("#b08a45"), plain("#3a3f43"), plain("#d7d9d6")
    rudder = box((0.9, 8.0, 5.0), red).moved(0.0, 4.2, -71.5)
    blade = ellipsoid((1.9, 2.9, 0.5), bronze, 16).turned("y", 35.0).moved(y=1.9)
    screw = ring(blade, 5, "z") + ellipsoid((1.5, 1.5, 2.6), bronze, 16)
    shaft = frustum(1.6, 0.9, 8.0, red, "z", 20).turned("y", 180.0).moved(0.0, 3.4, -63.0)
    winch = mirror(cylinder(0.9, 1.8, dark, "x", 18).moved(4.0, 14.0, -70.0))
    bollards = mirror(row(cylinder(0.28, 0.9, dark, segments=12), 2, (0.0, 0.0, 1.0)).moved(8.4, 13.4, -69.0))
    posts = row(box((0.12, 1.2, 0.12), white, 0.0), 9, (2.4, 0.0, 0.0)).moved(0.0, 13.6, -74.6)
    rails = row(box((19.4, 0.1, 0.1), white, 0.0), 2, (0.0, 0.55, 0.0)).moved(0.0, 13.9, -74.6)
    staff = rod((0.0, 13.0, -74.4), (0.0, 18.5, -75.6), 0.12, white) + box((0.1, 1.6, 2.6), plain("#c3202a")).moved(
        0.0, 17.4, -76.6
    )
    return join([rudder, screw.moved(0.0, 3.4, -67.6), shaft, winch, bollards, posts, rails, staff])


def _deck_crane() -> Part:
    """Return a pedestal crane with its jib laid forward, standing on y = 0."""
    yellow, dark = paint("#e3b23a", 0.04), plain("#2d3134")
    post = cylinder(0.95, 17.0, yellow, segments=20).moved(y=8.5) + box((3.0, 3.4, 3.6), yellow).moved(0.0, 18.2, 0.0)
    jib = mirror(bar((0.9, 18.0, 1.6), (0.35, 21.0, 24.0), (0.5, 0.9), yellow, 0.0))
    braces = join(
        bar(
            (-0.9 + 0.09 * k, 18.2 + 0.5 * k, 3.0 + 3.4 * k),
            (0.9 - 0.09 * k, 18.4 + 0.5 * k, 4.6 + 3.4 * k),
            (0.2, 0.2),
            yellow,
            0.0,
        )
        for k in range(6)
    )
    ropes = mirror(rod((0.7, 21.6, -0.6), (0.3, 21.3, 23.8), 0.07, dark, 5))
    head = mirror(bar((0.8, 19.5, -0.4), (0.7, 21.8, -0.8), (0.3, 0.4), yellow, 0.0))
    return join([post, jib, braces, ropes, head, box((1.4, 1.6, 0.3), dark).moved(0.9, 18.4, 1.8)])


_RUNABOUT = (
    (-3.00, 1.08, 0.80, -0.34, 0.96, -0.04),
    (-1.00, 1.18, 0.84, -0.38, 1.04, -0.04),
    (0.80, 1.15, 0.92, -0.36, 0.98, 0.02),
    (1.80, 0.98, 0.99, -0.22, 0.74, 0.16),
    (2.50, 0.66, 1.04, 0.06, 0.42, 0.36),
    (2.95, 0.32, 1.07, 0.46, 0.16, 0.66),
    (3.20, 0.04, 1.08, 0.94, 0.02, 0.98),
)
"""Sections of a speedboat: z, half width and y of the sheer, y of the keel, half width and y of the chine; metres."""


def speedboat(seed: int) -> Mesh:
    """Build a sports runabout: V hull with a stripe, wrap-round windscreen, seats, bow rail and an outboard engine.

    Args:
        seed: instance number; 0 is the reference, others vary paint, length, screen, seats, rails and engines.

    Returns:
        A closed mesh about 7 m long and 2.4 m wide, the bow at +z.
    """
    v = Variant("speedboat", seed)
    base, accent = v.pick(*_RUNABOUTS)
    stretch = v.between(1.0, 0.94, 1.1)
    white, stripe = paint(base, 0.03, GLOSS, 0.5), paint(accent, 0.03, GLOSS, 0.5)
    deck = paint(v.pick("#f4f4f2", "#e9eaea", "#f0f0ee"), 0.03, GLOSS, 0.5)
    sole = paint(v.pick("#a9a59b", "#a39b8c", "#7d8388"), 0.1, MATT, 0.1)
    lines = PchipInterpolator([r[0] * stretch for r in _RUNABOUT], [r[1:] for r in _RUNABOUT])
    fore, aft = 0.55 * stretch, -2.35 * stretch

    def is_stripe(p: Array, _n: Array) -> Array:
        sheer = lines(np.clip(p[:, 2], -3.0 * stretch, 3.2 * stretch))[:, 1]
        depth = sheer - p[:, 1] - 0.03 * (p[:, 2] / stretch)
        return np.asarray(0.5 + (0.13 - np.abs(depth - 0.34)) / 0.02)

    skin = by(is_stripe, white, stripe)
    skin = by(lambda _p, n: n[:, 1] > 0.5, skin, deck)
    inner = v.near(0.80, 0.03)

    def half(m: Array, low: float) -> Array:
        b, s, k, c, y = m
        w = inner * b if low < 0.5 else 0.5 * b
        top = low if low < 0.5 else s + 0.10
        crown = s + 0.05 if low < 0.5 else s + 0.08
        side = [(0.0, k), (0.5 * c, 0.5 * (k + y) - 0.01), (c, y), (c + 0.02, y + 0.03)]
        side += [(c + 0.6 * (b - c) + 0.02, 0.5 * (y + s)), (b, s - 0.06), (b, s), (b - min(0.05, 0.3 * b), s + 0.03)]
        return symmetric([*side, (w + 0.3 * (b - w), s + 0.05), (w, crown), (w - 0.01, top), (0.0, top)])

    sections = []
    for z in np.unique(np.concatenate([np.linspace(-3.0, 3.2, 40) * stretch, [fore - 0.005, fore, aft, aft + 0.005]])):
        low = 0.12 if aft + 0.004 < z < fore - 0.004 else 1.0
        sections.append((half(lines(z), low), float(z)))
    body = loft(sections, skin, crease_deg=30.0)
    wide, sheer = float(lines(fore)[0]), float(lines(fore)[1])
    floor = box((1.5 * float(lines(-1.0)[0]), 0.03, fore - aft - 0.1), sole, 0.0).moved(0.0, 0.12, 0.5 * (fore + aft))
    parts = [body, floor, _windscreen(v, wide, sheer).moved(z=fore), _helm(sheer).moved(z=fore)]
    parts.append(_boat_fittings(v, lines, stretch))
    pad = leather(v.pick("#e9e4d8", "#c3202a", "#3b3f44"))
    trim = leather(accent)
    parts.append(mirror(_boat_seat(pad, trim).moved(0.48, 0.13, -0.75 * stretch)))
    bench = _boat_seat(pad, trim).scaled((3.0, 1.0, 1.0))
    parts.append(bench.moved(0.0, 0.13, aft + 0.42))
    engines = v.pick(1, 2, 1)
    motor = _outboard(v, accent).moved(0.0, 0.0, -3.0 * stretch)
    parts.append(row(motor, engines, (0.62, 0.0, 0.0)))
    return assemble(parts, seed)


def _windscreen(v: Variant, wide: float, sheer: float) -> Part:
    """Return a raked wrap-round screen of tinted panes in a bright frame; the bulkhead at z = 0."""
    tint = plain(v.pick("#2b3942", "#33434a", "#39363a"), GLASS)
    chrome = plain("#c6cacd", METAL)
    high = v.near(0.46, 0.12)
    w = 0.86 * wide
    foot = np.array(
        [(w, sheer + 0.05, -1.15), (w, sheer + 0.07, -0.35), (0.72 * w, sheer + 0.09, 0.2), (0.0, sheer + 0.10, 0.42)]
    )
    top = np.array(
        [
            (0.94 * w, sheer + 0.45 * high, -1.2),
            (0.86 * w, sheer + high, -0.75),
            (0.6 * w, sheer + high + 0.04, -0.34),
            (0.0, sheer + high + 0.06, -0.2),
        ]
    )
    parts = []
    for k in range(3):
        quad = np.stack([foot[k], foot[k + 1], top[k + 1], top[k]])
        normal = np.cross(quad[1] - quad[0], quad[3] - quad[0])
        normal = 0.008 * normal / np.linalg.norm(normal)
        parts.append(hull(np.concatenate([quad + normal, quad - normal]), tint))
    parts.append(tube(top, 0.022, chrome, 8))
    parts.append(tube(foot, 0.022, chrome, 8))
    parts += [rod(a, b, 0.02, chrome, 8) for a, b in zip(foot[:3], top[:3], strict=True)]
    return mirror(join(parts)) + rod(foot[3], top[3], 0.02, chrome, 8)


def _helm(sheer: float) -> Part:
    """Return the dashboard with gauges, the steering wheel and the throttle; the bulkhead at z = 0."""
    black, chrome = plain("#1b1d1f"), plain("#c6cacd", METAL)
    dash = hull(
        [
            (x, y, z)
            for x in (-0.85, 0.85)
            for y, z in ((sheer + 0.06, 0.05), (sheer + 0.04, -0.18), (sheer - 0.3, -0.26), (sheer - 0.3, 0.05))
        ],
        plain("#3a3d40"),
    )
    gauge = cylinder(0.06, 0.03, plain("#e8e8e4"), "z", 18) + torus(0.06, 0.012, chrome, "z", 18, 6)
    gauges = row(gauge, 3, (0.15, 0.0, 0.0)).moved(-0.45, sheer - 0.1, -0.235)
    wheel = torus(0.18, 0.03, black, "z", 28, 8) + ring(
        rod((0.0, 0.0, 0.0), (0.17, 0.0, 0.0), 0.014, chrome, 6), 3, "z", 30.0
    )
    wheel = wheel.turned("x", -25.0).moved(-0.45, sheer - 0.14, -0.4) + rod(
        (-0.45, sheer - 0.2, -0.2), (-0.45, sheer - 0.14, -0.4), 0.03, black
    )
    throttle = box((0.08, 0.12, 0.2), black).moved(-0.84, sheer - 0.08, -0.5) + rod(
        (-0.82, sheer - 0.05, -0.5), (-0.8, sheer + 0.12, -0.44), 0.016, chrome
    )
    return join([dash, gauges, wheel, throttle])


def _boat_seat(pad: Texture, trim: Texture) -> Part:
    """Return a padded seat that faces +z, standing on y = 0."""
    base = box((0.5, 0.3, 0.46), plain("#e6e5e0")).moved(0.0, 0.15, 0.0)
    cushion = plate((0.54, 0.52), 0.14, pad, 0.1, "y").moved(0.0, 0.36, 0.0)
    back = plate((0.54, 0.5), 0.13, pad, 0.12).turned("x", -12.0).moved(0.0, 0.66, -0.26)
    panel = plate((0.34, 0.3), 0.15, trim, 0.08).turned("x", -12.0).moved(0.0, 0.68, -0.26)
    return join([base, cushion, back, panel])


def _boat_fittings(v: Variant, lines: PchipInterpolator, stretch: float) -> Part:
    """Return rub rail, bow rail, cleats, lamps, vents, swim platforms, a hatch, the stern light and perhaps an arch."""
    chrome, dark = plain("#c6cacd", METAL), plain(v.pick("#2a2c2e", "#d8d8d4", "#8e2f2a"))
    z = np.linspace(-2.98, 3.14, 36) * stretch
    b, s = lines(z)[:, 0], lines(z)[:, 1]
    parts = [tube(np.column_stack([b + 0.012, s - 0.03, z]), 0.035, dark, 8)]
    z = np.linspace(1.0, 3.05, 9) * stretch
    b, s = lines(z)[:, 0], lines(z)[:, 1]
    rail = np.column_stack([np.maximum(b - 0.12, 0.02), s + 0.09 + 0.24 * np.sin(np.linspace(0.0, 2.2, 9)), z])
    parts += [
        tube(rail, 0.018, chrome, 8),
        *(rod(rail[k], rail[k] * (1.0, 0.0, 1.0) + (0.0, s[k], 0.0), 0.015, chrome, 6) for k in (2, 4, 6, 8)),
    ]
    cleat = rod((0.0, 0.06, -0.1), (0.0, 0.06, 0.1), 0.018, chrome) + rod(
        (0.0, -0.04, 0.0), (0.0, 0.06, 0.0), 0.025, chrome
    )
    parts += [
        cleat.moved(float(lines(k)[0]) - 0.09, float(lines(k)[1]) + 0.05, k) for k in (-2.7 * stretch, 0.9 * stretch)
    ]
    parts.append(plate((0.62, 0.5), 0.05, plain("#d9d4c6"), 0.08, "y").moved(0.72, 0.1, -3.2 * stretch))
    vent = row(box((0.03, 0.05, 0.26), plain("#26282a"), 0.0), 3, (0.0, 0.07, 0.0))
    parts.append(vent.moved(float(lines(-2.4 * stretch)[0]), 0.48, -2.45 * stretch))
    lamp = ellipsoid((0.09, 0.08, 0.16), plain("#c8352c"), 12).moved(0.1, 1.16, 2.75 * stretch)
    hatch = plate((0.7, 0.6), 0.04, plain("#e2e2dd"), 0.1, "y").moved(0.0, 1.1, 1.75 * stretch)
    staff = rod((0.7, 0.8, -2.85 * stretch), (0.72, 1.7, -3.0 * stretch), 0.014, chrome) + ellipsoid(
        0.08, plain("#f3f1e6"), 10
    ).moved(0.72, 1.72, -3.0 * stretch)
    ornament = [hatch, staff]
    if v.pick(False, True, False):
        arch = tube(
            rounded([(-1.1, 0.85, -1.9), (-0.95, 2.0, -2.3), (0.95, 2.0, -2.3), (1.1, 0.85, -1.9)], 0.25),
            0.035,
            chrome,
            10,
        )
        ornament.append(arch + mirror(rod((1.06, 0.9, -2.5), (0.98, 1.8, -2.25), 0.025, chrome)))
    return join([mirror(join([*parts, lamp])), *ornament])


def _outboard(v: Variant, accent: str) -> Part:
    """Return an outboard engine hung on a transom at z = 0: cowl, leg, plates, propeller and bracket."""
    body = paint(v.pick("#1f2124", "#d9dbdc", "#2b2f33"), 0.03, GLOSS)
    dark, steel = plain("#2a2d30"), plain("#9ea3a7")
    table = [(0.0, 0.36, 0.46), (0.1, 0.44, 0.66), (0.42, 0.46, 0.72), (0.56, 0.38, 0.60), (0.62, 0.16, 0.30)]
    cowl = loft(
        [(rounded_rect(w, d, 0.14), y) for y, w, d in table],
        by(lambda p, _n: np.abs(p[:, 2] - 0.24) < 0.045, body, paint(accent, 0.0)),
        3,
    )
    cowl = cowl.turned("x", -90.0).moved(0.0, 0.92, -0.42)
    leg = (
        loft([(rounded_rect(0.16, 0.34, 0.06), 0.0), (rounded_rect(0.2, 0.42, 0.08), 1.2)], body)
        .turned("x", -90.0)
        .moved(0.0, -0.26, -0.4)
    )
    plate_ = plate((0.3, 0.62), 0.03, body, 0.08, "y").moved(0.0, -0.3, -0.48)
    gear = ellipsoid((0.17, 0.17, 0.62), body, 16).moved(0.0, -0.52, -0.45)
    skeg = hull(
        [
            (x, y, z)
            for x in (-0.015, 0.015)
            for y, z in ((-0.28, -0.28), (-0.28, -0.56), (-0.82, -0.6), (-0.82, -0.48))
        ],
        body,
    )
    blade = ellipsoid((0.12, 0.2, 0.03), steel, 12).turned("y", 35.0).moved(y=0.12)
    screw = ring(blade, 3, "z") + cone(0.06, 0.14, steel, "z", 14).turned("y", 180.0)
    bracket = box((0.24, 0.5, 0.26), dark).moved(0.0, 0.55, -0.1) + box((0.3, 0.1, 0.3), dark).moved(0.0, 0.82, -0.14)
    return join([cowl, leg, plate_, gear, skeg, screw.moved(0.0, -0.52, -0.78), bracket])
