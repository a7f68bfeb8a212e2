"""Hand tools and things of a workshop: hammer, plunger, bucket, padlock, hatchet and a cordless drill."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from objectpose.objects.kit import (
    METAL,
    Part,
    Texture,
    Variant,
    arc,
    assemble,
    bar,
    box,
    by,
    cylinder,
    ellipse,
    ellipsoid,
    extrude,
    join,
    lathe,
    lift,
    loft,
    metal,
    mirror,
    paint,
    patches,
    plain,
    plastic,
    ring,
    rod,
    rounded,
    rounded_rect,
    row,
    rubber,
    side_profile,
    spline,
    sweep,
    symmetric,
    torus,
    tube,
    wood,
)
from objectpose.objects.mesh import Mesh

Array = NDArray[np.float64]

_HICKORY = ("#c08a4c", "#a8703a", "#d0a468")
_CUPS = ("#a5301f", "#1f1f21", "#c2571f", "#7c2a20")
_PAILS = ("#b9bec3", "#2a62b0", "#c22a24", "#2f8a4a")
_IRONS = (  # body, rust, trim, shackle
    ("#45474a", "#6a4a34", "#8d7136", "#b2b5b6"),
    ("#b08a3c", "#8a6a2c", "#d8b860", "#a9adb1"),
    ("#5a4a3e", "#6e4028", "#b08c3e", "#a3a09a"),
    ("#5f5a55", "#7a5138", "#c0b48a", "#b0b0ac"),
)
_HEADS = ("#b3211b", "#24262a", "#2b5fa5")
_DRILLS = ("#e9b414", "#178a92", "#c4211c", "#2c8a3e")


def _haft(stations: Sequence[tuple[float, float, float, float]], texture: Texture, sides: int = 28) -> Part:
    """Return a shaped handle along y through oval sections (y, x of the middle, width along x, depth along z)."""
    rings = [lift(ellipse(wide, deep, sides) + np.array([x, 0.0]), "xz", y) for y, x, wide, deep in stations]
    return loft(rings, texture, 10, 60.0)


def hammer(seed: int) -> Mesh:
    """Build a carpenter's claw hammer, standing aslant: forged head with face and split claw on a hickory handle.

    Args:
        seed: instance number; 0 is the reference, others vary proportions, the handle (hickory, moulded grip on a
            steel or a coloured shaft) and the sweep of the claw.

    Returns:
        A closed mesh about 0.33 m long.
    """
    v = Variant("hammer", seed)
    length, size, droop = v.near(0.305, 0.08), v.near(1.2, 0.06), v.between(0.026, 0.018, 0.032)
    kind = v.pick("hickory", "fibre", "steel")
    shade = v.pick(*_HICKORY)
    grip_colour = v.pick("#20242a", "#1d1e20", "#1f4f9c")
    steel = metal(v.pick("#5f6367", "#a9adb1", "#777b80"))
    if kind == "hickory":
        texture = wood(shade, "y", 0.006)
        shaft = _haft(
            [
                (0.018, 0.0, 0.022, 0.018),
                (-0.030, 0.0, 0.023, 0.018),
                (-0.34 * length, 0.0, 0.023, 0.017),
                (-0.62 * length, 0.0, 0.031, 0.024),
                (-0.82 * length, 0.0, 0.029, 0.023),
                (-0.95 * length, 0.0, 0.035, 0.027),
                (-length, 0.0, 0.032, 0.024),
                (-length - 0.004, 0.0, 0.022, 0.016),
            ],
            texture,
        )
        extra = box((0.003, 0.004, 0.016), metal("#6d7074")).moved(0.002, 0.019)
    else:
        core = paint("#e0b21c", 0.03) if kind == "fibre" else metal("#b4b8bc")
        grip = rubber(grip_colour)
        shaft = _haft([(0.016, 0.0, 0.021, 0.017), (-0.6 * length, 0.0, 0.020, 0.015)], core)
        handle = _haft(
            [
                (-0.42 * length, 0.0, 0.024, 0.019),
                (-0.46 * length, 0.0, 0.031, 0.026),
                (-0.62 * length, -0.001, 0.034, 0.028),
                (-0.80 * length, 0.001, 0.031, 0.026),
                (-0.95 * length, 0.0, 0.039, 0.030),
                (-length, 0.0, 0.036, 0.028),
                (-length - 0.004, 0.0, 0.024, 0.018),
            ],
            grip,
        )
        ribs = row(torus(0.0155, 0.0035, grip, sides=6).scaled((1.08, 1.0, 0.90)), 9, (0.0, 0.011, 0.0))
        extra = handle + ribs.moved(y=-0.68 * length)
    head = _claw_head(steel, droop).scaled(size)
    return assemble([(head + shaft + extra).turned("z", 32.0)], seed)


def _claw_head(steel: Texture, droop: float) -> Part:
    """Return a hammer head about the eye at the origin: poll towards +x, claw towards -x and down."""
    poll = lathe(
        [
            (0.0, 0.004),
            (0.0115, 0.006),
            (0.0098, 0.016),
            (0.0096, 0.030),
            (0.0118, 0.038),
            (0.0150, 0.043),
            (0.0155, 0.046),
            (0.0155, 0.058),
            (0.0143, 0.0605),
            (0.0, 0.0618),
        ],
        steel,
        48,
    ).turned("z", -90.0)
    eye = loft(
        [
            lift(rounded_rect(w, d, 0.006), "xz", y)
            for w, d, y in (
                (0.028, 0.022, 0.0175),
                (0.031, 0.025, 0.0155),
                (0.031, 0.025, -0.013),
                (0.027, 0.022, -0.024),
                (0.025, 0.020, -0.026),
            )
        ],
        steel,
    )
    path = spline([(-0.006, 0.004), (-0.024, 0.006), (-0.044, -0.001), (-0.060, -0.5 * droop), (-0.071, -droop)], 25)
    share = np.linspace(0.0, 1.0, len(path))
    deep, wide = 0.020 - 0.0165 * share, 0.0115 + 0.0045 * share

    def strip(part: slice, inner: Array, outer: Array) -> Part:
        sections = [
            rounded_rect(d, b - a, 0.0025, 4) + (0.0, 0.5 * (a + b))
            for d, a, b in zip(deep[part], inner, outer, strict=True)
        ]
        return sweep(sections, lift(path[part]), steel, up=(0.0, 0.0, 1.0), crease_deg=50.0)

    root = strip(slice(10), -wide[:10], wide[:10])
    gap = 0.0004 + 0.0052 * np.linspace(0.0, 1.0, len(path) - 8) ** 0.8
    prong = strip(slice(8, None), gap, wide[8:] - 0.0002)
    return join([poll, eye, root, mirror(prong, "z")])


def plunger(seed: int) -> Mesh:
    """Build a sink plunger, cup downwards: a bell of rubber, hollow below, on a wooden stick.

    Args:
        seed: instance number; 0 is the reference, others vary the colour and steps of the cup, the stick's length
            and what it is made of.

    Returns:
        A closed mesh about 0.48 m high and 0.15 m wide.
    """
    v = Variant("plunger", seed)
    length, radius, high = v.near(0.40, 0.12), v.near(0.078, 0.08), v.near(0.085, 0.1)
    red = rubber(v.pick(*_CUPS), 0.10)
    stick_kind = v.pick("#d2a667", "#b98248", "#e3c08a")
    steps = v.pick(1, 2, 1)
    knob = v.pick(False, True, False)
    outer = [(1.0, 0.0), (1.03, 0.04), (1.03, 0.12), (0.97, 0.17), (0.95, 0.34), (0.86, 0.55), (0.66, 0.76)]
    if steps == 2:
        outer = [(1.0, 0.0), (1.03, 0.04), (1.03, 0.10), (0.95, 0.15), (0.94, 0.32), (0.86, 0.42), (0.80, 0.46)]
        outer += [(0.79, 0.60), (0.70, 0.72), (0.60, 0.78)]
    outer += [(0.40, 0.90), (0.28, 0.96), (0.255, 1.02), (0.25, 1.30), (0.22, 1.34), (0.15, 1.345)]
    inner = [(0.0, 0.70), (0.30, 0.68), (0.60, 0.58), (0.80, 0.36), (0.88, 0.16), (0.92, 0.0)]
    cup = lathe([*((radius * r, high * y) for r, y in inner), *((radius * r, high * y) for r, y in outer)], red, 88)
    ribs = row(torus(0.252 * radius, 0.006, red, segments=48, sides=10), 2, (0.0, 0.10 * high, 0.0))
    ribs = ribs.moved(y=1.20 * high)
    low, top = 1.1 * high, high + length
    grain = wood(stick_kind, "y", 0.006)
    stick = lathe(
        [
            (0.0, low),
            (0.0115, low),
            (0.0115, top - 0.14),
            (0.0118, top - 0.02),
            (0.0100, top - 0.006),
            (0.006, top),
            (0.0, top + 0.001),
        ],
        grain,
        40,
    )
    parts = [cup, ribs, stick]
    if knob:
        parts.append(ellipsoid((0.040, 0.034, 0.040), grain, 24).moved(y=top))
    parts.append(torus(0.0118, 0.003, plain("#b8bcc0", METAL), segments=32, sides=8).moved(y=1.36 * high))
    return assemble(parts, seed)


def bucket(seed: int) -> Mesh:
    """Build a pail: tapered, hollow, with beads and a rolled rim, lugs and a wire bail with a grip.

    Args:
        seed: instance number; 0 is the reference of galvanised steel, others vary the colour, the taper and height,
            the beads and how the bail hangs.

    Returns:
        A closed mesh about 0.30 m wide, and 0.45 m high with its bail up.
    """
    v = Variant("bucket", seed)
    radius, high, taper = v.near(0.150, 0.07), v.near(0.270, 0.08), v.between(0.70, 0.66, 0.80)
    colour = v.pick(*_PAILS)
    lean = v.pick(12.0, 62.0, 30.0)
    beads = v.pick((0.30, 0.72), (0.86,), (0.2, 0.5, 0.8))
    zinc = metal("#b4b9bd")
    skin = metal(colour) if colour == _PAILS[0] else plastic(colour)

    def at(share: float) -> float:
        return radius * (taper + (1.0 - taper) * share)

    thick = 0.003
    outer = [(at(0.0) - 0.004, 0.012), (at(0.0) - 0.006, 0.0), (at(0.0), 0.0), (at(0.0), 0.012)]
    for share in beads:
        outer += [(at(share + d) + bump, high * (share + d)) for d, bump in ((-0.03, 0), (-0.012, 0.004))]
        outer += [(at(share + d) + bump, high * (share + d)) for d, bump in ((0.012, 0.004), (0.03, 0))]
    outer += [(at(0.99), 0.99 * high)]
    inner = [(at(0.98) - thick, 0.99 * high), (at(0.06) - thick, 0.06 * high), (at(0.04) - 0.010, 0.018), (0.0, 0.016)]
    body = lathe([(0.0, 0.012), *outer, *inner], skin, 72, 30.0)
    rim = torus(at(1.0), 0.010, skin, segments=72, sides=10).moved(y=high)
    tip = float(np.rad2deg(np.arctan2(radius * (1.0 - taper), high)))
    seam = bar((0.0, 0.01, -at(0.02) - 0.0006), (0.0, 0.97 * high, -at(0.97) - 0.0006), (0.012, 0.003), skin)
    pivot = 0.93 * high
    side = at(0.93)
    lug = extrude(rounded_rect(0.044, 0.050, 0.016), 0.006, zinc).turned("y", 90.0).turned("z", -tip)
    rivet = ellipsoid((0.006, 0.009, 0.009), zinc, 10)
    lugs = mirror(lug.moved(side + 0.003, pivot - 0.006) + rivet.moved(side + 0.007, pivot - 0.024))
    reach = side + 0.014
    half = [(reach - 0.014, 0.0), (reach, 0.002), (reach + 0.002, 0.03), (0.86 * reach, 0.60 * radius)]
    half += [(0.55 * reach, 0.98 * radius), (0.07, 1.14 * radius)]
    flat = rounded(symmetric(half), 0.05, 8)
    bail = tube(lift(flat, "xy"), 0.0032, zinc, 10)
    grip = lathe(
        [(0.0, -0.055), (0.008, -0.055), (0.0125, -0.045), (0.0135, 0.0), (0.0125, 0.045), (0.008, 0.055)],
        wood("#b07a40", "y"),
        24,
    )
    bail = bail + grip.turned("z", 90.0).moved(y=1.14 * radius)
    return assemble([body, rim, seam, lugs, bail.turned("x", lean).moved(y=pivot)], seed)


def padlock(seed: int) -> Mesh:
    """Build an old warded padlock: a shield of rusty iron with rims, rivets and a keyhole cover under a thick shackle.

    Args:
        seed: instance number; 0 is the reference, others vary the metal and its rust, the outline, the shackle's
            height, and whether the cover hangs over the keyhole or is swung aside.

    Returns:
        A closed mesh about 0.06 m wide and 0.10 m high, the keyhole to +z.
    """
    v = Variant("padlock", seed)
    wide, high, deep = v.near(0.054, 0.07), v.near(0.046, 0.09), v.near(0.027, 0.10)
    reach, thick = v.between(0.024, 0.021, 0.029), v.near(0.0095, 0.08)
    ground, rust, trim, worn = v.pick(*_IRONS)
    belly, open_deg = v.between(0.53, 0.50, 0.56), v.pick(0.0, 40.0, 0.0)
    iron = patches(metal(ground), metal(rust), 0.016, 0.35, 0.35)
    bare, dark, brass = metal(ground), plain("#141210"), metal(trim)
    half = [(0.30, 0.50), (0.50, 0.44), (belly, 0.10), (0.42, -0.30), (0.20, -0.52)]
    outline = spline(symmetric([(0.0, 0.50), *half, (0.0, -0.57)]) * (wide, high), 72, closed=True)
    face = 0.5 * deep
    parts = [extrude(outline, deep, iron, bevel=0.0012, crease_deg=30.0)]
    rim = tube(lift(outline, "xy"), 0.0021, bare, 10, closed=True)
    parts += [rim.moved(z=0.88 * face), rim.moved(z=-0.88 * face)]
    rivet = ellipsoid((0.0050, 0.0050, 0.0036), bare, 16)
    spots = ((0.38, 0.34), (0.31, -0.22), (0.0, -0.42), (-0.31, -0.22), (-0.38, 0.34))
    parts += [rivet.moved(wide * x, high * y, z) for x, y in spots for z in (face, -face)]
    shield = extrude(ellipse(0.013, 0.027, 40), 0.0016, brass, bevel=0.0004).moved(0.0, -0.0035, face + 0.0004)
    hole = cylinder(0.0030, 0.0020, dark, "z", 24, 0.0).moved(0.0, 0.001, face + 0.0006)
    slot = box((0.0026, 0.0090, 0.0020), dark, 0.0).moved(0.0, -0.004, face + 0.0006)
    cover = extrude(rounded_rect(0.0105, 0.0225, 0.0052, 8), 0.0018, brass, bevel=0.0005).moved(0.0, -0.0085)
    pin = ellipsoid((0.0050, 0.0050, 0.0040), bare, 16).moved(z=0.0008)
    flap = (cover + pin).turned("z", open_deg).moved(0.0, 0.0062, face + 0.0026)
    parts += [shield, hole, slot, flap]
    leg, top = 0.5 * wide - 1.25 * thick, 0.5 * high
    arch = arc(leg, 0.0, 180.0, 32, (0.0, top + reach - leg + 0.010))
    path = np.concatenate([[(leg, top - 0.012)], arch, [(-leg, top - 0.012)]])
    shackle = tube(lift(path, "xy"), 0.5 * thick, patches(metal(worn), metal(rust), 0.016, 0.2, 0.35), 24)
    collars = mirror(torus(0.52 * thick, 0.0020, bare, segments=32, sides=8).moved(leg, top - 0.0008))
    knuckle = cylinder(0.62 * thick, 0.86 * deep, bare, "z", 28).moved(-leg, top - 0.001)
    axle = ellipsoid((0.0060, 0.0060, 0.0040), bare, 16)
    parts += [
        shackle,
        collars,
        knuckle,
        axle.moved(-leg, top - 0.001, 0.43 * deep),
        axle.moved(-leg, top - 0.001, -0.43 * deep),
    ]
    return assemble(parts, seed)


def hatchet(seed: int) -> Mesh:
    """Build a hatchet, standing aslant: a flared steel blade with a bright edge, a poll, a curved hickory haft.

    Args:
        seed: instance number; 0 is the reference, others vary proportions, the paint of the head and the haft.

    Returns:
        A closed mesh about 0.37 m long.
    """
    v = Variant("hatchet", seed)
    length, flare, reach = v.near(0.34, 0.08), v.near(0.052, 0.10), v.near(0.112, 0.06)
    coat = paint(v.pick(*_HEADS), 0.06)
    kind = v.pick("wood", "grip", "wood")
    shade = v.pick(*_HICKORY)
    bright = metal("#c3c7cb")
    haft_texture = wood(shade, "y", 0.006)
    haft = _haft(
        [
            (0.036, 0.0, 0.026, 0.016),
            (-0.040, 0.0, 0.028, 0.018),
            (-0.28 * length, 0.006, 0.028, 0.019),
            (-0.55 * length, 0.002, 0.029, 0.020),
            (-0.78 * length, -0.008, 0.031, 0.022),
            (-0.92 * length, 0.000, 0.036, 0.024),
            (-length, 0.008, 0.043, 0.025),
            (-length - 0.012, 0.012, 0.026, 0.018),
        ],
        haft_texture if kind == "wood" else metal("#a9adb1"),
    )
    parts = [haft]
    if kind == "grip":
        grip = rubber("#1b1c1e")
        parts.append(
            _haft(
                [
                    (-0.42 * length, 0.004, 0.031, 0.023),
                    (-0.46 * length, 0.004, 0.035, 0.026),
                    (-0.78 * length, -0.008, 0.036, 0.027),
                    (-0.92 * length, 0.000, 0.041, 0.029),
                    (-length, 0.008, 0.049, 0.030),
                    (-length - 0.014, 0.012, 0.030, 0.022),
                ],
                grip,
            )
        )
    else:
        parts.append(box((0.020, 0.004, 0.003), metal("#6d7074")).moved(y=0.037))
    rows = []
    for x, top, low, thick in (
        (0.036, 0.020, -0.020, 0.022),
        (0.032, 0.024, -0.024, 0.026),
        (0.016, 0.024, -0.026, 0.028),
        (-0.014, 0.023, -0.030, 0.028),
        (-0.026, 0.022, -0.026, 0.020),
        (-0.055, 0.026, -0.034, 0.013),
        (-0.085, 0.032, -0.050, 0.008),
        (-reach + 0.012, 0.036, -1.22 * flare, 0.005),
    ):
        y = np.linspace(top, low, 20)
        bow = 0.35 * thick * (1.0 - np.linspace(-1.0, 1.0, 20) ** 2)
        z = 0.5 * thick - 0.3 * bow
        curve = 0.010 * (1.0 - np.linspace(-1.0, 1.0, 20) ** 2) * max(0.0, -x / reach) ** 2
        front = np.column_stack([x - curve, y, z])
        rows.append(np.concatenate([front, front[::-1] * (1.0, 1.0, -1.0)]))
    y = np.linspace(0.037, -1.30 * flare, 20)
    bulge = 0.016 * (1.0 - np.linspace(-1.0, 1.0, 20) ** 2)
    edge = np.column_stack([-reach - bulge, y, np.full(20, 0.0004)])
    rows.append(np.concatenate([edge, edge[::-1] * (1.0, 1.0, -1.0)]))
    limit = reach - 0.012

    def ground(p: Array, _n: Array) -> NDArray[np.bool_]:
        return np.asarray(-p[:, 0] > limit - 0.004 + 0.010 * (1.0 - ((p[:, 1] + 0.012) / 0.055) ** 2))

    head = loft(rows, by(ground, coat, bright), 3, 45.0)
    return assemble([(join(parts) + head).turned("z", -30.0)], seed)


def power_drill(seed: int) -> Mesh:
    """Build a cordless drill driver: motor housing, black gear case, clutch ring and chuck, pistol grip, battery.

    Args:
        seed: instance number; 0 is the reference, others vary the colour, proportions, battery and whether a bit is in
            the chuck.

    Returns:
        A closed mesh about 0.2 m long, the chuck to +z.
    """
    v = Variant("power_drill", seed)
    shell = plastic(v.pick(*_DRILLS))
    stretch, pack, rake = v.near(1.0, 0.07), v.between(0.056, 0.044, 0.064), v.between(10.0, 7.0, 14.0)
    bit = v.pick(True, False, True)
    black, dark, steel = plastic("#202123"), plain("#131415"), metal("#b7bbbf")
    r = 0.033
    housing = loft(
        [
            (rounded_rect(1.5 * r, 1.6 * r, 0.7 * r, 8), -0.078 * stretch),
            (rounded_rect(1.85 * r, 1.95 * r, 0.8 * r, 8), -0.070 * stretch),
            (rounded_rect(2.0 * r, 2.1 * r, 0.85 * r, 8), -0.030),
            (rounded_rect(2.0 * r, 2.1 * r, 0.95 * r, 8), 0.030),
        ],
        shell,
        3,
    )
    gear = lathe([(0.0, 0.026), (0.034, 0.028), (0.0345, 0.050), (0.030, 0.062), (0.0, 0.064)], black, 40).turned(
        "x", 90.0
    )
    clutch = lathe([(0.0, 0.060), (0.0285, 0.061), (0.029, 0.078), (0.027, 0.082), (0.0, 0.083)], shell, 40).turned(
        "x", 90.0
    )
    ticks = ring(box((0.003, 0.003, 0.016), black).moved(0.0285, 0.0, 0.070), 20, "z")
    chuck = lathe(
        [
            (0.0, 0.080),
            (0.0225, 0.082),
            (0.0235, 0.086),
            (0.0235, 0.108),
            (0.021, 0.112),
            (0.0195, 0.126),
            (0.012, 0.138),
            (0.0075, 0.140),
            (0.0, 0.139),
        ],
        black,
        40,
    ).turned("x", 90.0)
    knurl = ring(box((0.002, 0.003, 0.020), dark).moved(0.0235, 0.0, 0.097), 24, "z")
    nose = lathe([(0.0, 0.126), (0.0125, 0.1265), (0.0085, 0.1415), (0.0, 0.142)], steel, 32).turned("x", 90.0)
    parts = [housing, gear, clutch, ticks, chuck, knurl, nose]
    if bit:
        turn = np.linspace(0.0, 6.0 * np.pi, 60)
        core = rod((0.0, 0.0, 0.135), (0.0, 0.0, 0.200), 0.0022, steel, 10)
        flutes = [
            tube(
                np.column_stack([0.0018 * np.cos(turn + a), 0.0018 * np.sin(turn + a), np.linspace(0.150, 0.204, 60)]),
                0.0014,
                steel,
                6,
            )
            for a in (0.0, np.pi)
        ]
        parts += [core, *flutes]
    vents = row(box((0.004, 0.003, 0.022), dark), 6, (0.0, 0.0062, 0.0)).moved(r - 0.0012, 0.0, -0.046)
    badge = box((0.003, 0.018, 0.044), black).moved(r + 0.0002, 0.003, 0.002)
    bars = join(
        box((0.003, 0.006, w), plain("#e9e9e6")).moved(r + 0.001, 0.003, z)
        for w, z in ((0.012, -0.008), (0.016, 0.010))
    )
    parts += [mirror(vents + badge + bars)]
    grip = loft(
        [
            (rounded_rect(0.040, 0.066, 0.016, 6), -0.012),
            (rounded_rect(0.036, 0.050, 0.016, 6), 0.030),
            (rounded_rect(0.033, 0.044, 0.016, 6), 0.070),
            (rounded_rect(0.036, 0.048, 0.016, 6), 0.100),
            (rounded_rect(0.046, 0.078, 0.014, 6), 0.124),
        ],
        shell,
        4,
    )
    cover = loft(
        [
            (rounded_rect(0.037, 0.038, 0.014, 6), 0.024),
            (rounded_rect(0.0375, 0.032, 0.014, 6), 0.060),
            (rounded_rect(0.038, 0.032, 0.014, 6), 0.100),
        ],
        rubber("#1c1d1f"),
        4,
    ).moved(y=0.0105)
    ribs = row(box((0.0395, 0.026, 0.002), rubber("#2c2d30")), 9, (0.0, 0.0, 0.007)).moved(0.0, 0.010, 0.068)
    handle = (grip + cover + ribs).turned("x", 90.0 + rake).moved(0.0, -0.020, -0.030)
    trigger = side_profile(
        spline([(0.0, 0.014), (0.014, 0.012), (0.010, 0.0), (0.014, -0.016), (0.0, -0.018)], 14),
        0.020,
        plastic("#b5201b"),
    ).moved(0.0, -0.052, -0.008)
    rocker = box((0.048, 0.010, 0.014), black).moved(0.0, -0.034, -0.010)
    foot = float(0.135 * np.tan(np.deg2rad(rake)))
    low = -0.020 - 0.124 * np.cos(np.deg2rad(rake))
    z0 = -0.030 - 0.8 * foot + 0.006
    shoe = box((0.066, 0.020, 0.104), shell, 0.006).moved(0.0, low - 0.004, z0)
    battery = box((0.074, pack - 0.014, 0.116), black, 0.007).moved(0.0, low - 0.014 - 0.5 * (pack - 0.014), z0 + 0.002)
    strip = mirror(box((0.003, 0.012, 0.070), shell).moved(0.0372, low - 0.032, z0 + 0.002))
    button = mirror(box((0.006, 0.012, 0.024), plain("#b5201b")).moved(0.036, low - 0.022, z0 + 0.040))
    lights = row(box((0.008, 0.006, 0.003), plain("#3fae4a")), 3, (0.011, 0.0, 0.0)).moved(0.0, low - 0.032, z0 + 0.060)
    clip = tube(
        rounded(
            [
                (0.034, low, z0 + 0.03),
                (0.046, low, z0 + 0.03),
                (0.046, low + 0.006, z0 - 0.03),
                (0.036, low + 0.006, z0 - 0.03),
            ],
            0.01,
        ),
        0.0024,
        steel,
        8,
    )
    screws = mirror(
        join(
            cylinder(0.0032, 0.004, dark, "x", 12).moved(x, y, z)
            for x, y, z in ((r - 0.001, 0.014, -0.064), (r - 0.0005, -0.016, 0.018))
        )
    )
    return assemble([*parts, handle, trigger, rocker, shoe, battery, strip, button, lights, clip, screws], seed)
