"""Things for garden and yard: a lawn mower, a broom and a shovel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from objectpose.objects.kit import (
    MATT,
    METAL,
    Part,
    Texture,
    Variant,
    assemble,
    bar,
    box,
    by,
    cloth,
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
    plain,
    plastic,
    prism,
    ring,
    rod,
    rounded,
    rounded_rect,
    row,
    rubber,
    side_profile,
    spline,
    torus,
    tube,
    wheel,
    wood,
)
from objectpose.objects.mesh import Mesh

Points = NDArray[np.float64]

_DECKS = ("#c21f1c", "#2c7a34", "#e0791c", "#23509c")
_RIMS = ("#d9dadb", "#e8c52a", "#d5d6d6", "#c9cbcc")
_STRAWS = (
    ("#d9b45e", "#c79f4c", "#e4c67c"),
    ("#cda24c", "#b88d3e", "#dcb866"),
    ("#dcc07c", "#c9aa62", "#e8d298"),
)
_STICKS = ("#c0894a", "#b3261f", "#2a5fa8", "#d8b070")
_THREADS = ("#b3211c", "#20409a", "#1f7a3c")
_ASH = ("#c59a5c", "#b07f42", "#d3b27a")


def lawn_mower(seed: int) -> Mesh:
    """Build a walk-behind petrol mower: pressed deck on four wheels, engine, pushing handle, grass bag or chute.

    Args:
        seed: instance number; 0 is the reference, others vary colours, wheels, the handle's slope, and whether the
            grass goes into a bag behind or out at the side.

    Returns:
        A closed mesh about 1.5 m long with its handle, 0.6 m wide and 1.0 m high; it is pushed towards +z.
    """
    v = Variant("lawn_mower", seed)
    colour, rim = v.pick(*_DECKS), v.pick(*_RIMS)
    high, back = v.near(0.98, 0.06), v.near(1.02, 0.08)
    rear = v.between(0.115, 0.105, 0.150)
    bag = v.pick(True, False, True)
    coat, black, steel = paint(colour, 0.04), plastic("#1d1e20"), metal("#a9adb1")
    parts = [_deck(coat), _engine(black, coat, steel), _pushing_handle(high, back, black, steel)]
    front_wheel = wheel(0.098, 0.046, rim=plastic(rim), rim_share=0.66, bolts=5, treads=26, tread_depth=0.03)
    rear_wheel = wheel(rear, 0.050, rim=plastic(rim), rim_share=0.68, bolts=5, treads=28, tread_depth=0.03)
    axle = cylinder(0.012, 0.10, steel, "x", 14)
    lever = bar((0.252, 0.10, -0.25), (0.256, 0.25, -0.20), (0.012, 0.022), steel) + ellipsoid(0.03, black, 12).moved(
        0.256, 0.25, -0.20
    )
    parts.append(
        mirror(
            front_wheel.moved(0.300, 0.098, 0.265)
            + axle.moved(0.262, 0.098, 0.265)
            + rear_wheel.moved(0.302, rear, -0.265)
            + axle.moved(0.262, rear, -0.265)
            + lever
        )
    )
    parts.append(_grass_bag(high, back, black) if bag else _chute(black, coat))
    return assemble(parts, seed)


def _level(wide: float, long: float, corner: float, y: float, z: float = 0.0) -> Points:
    """Return a level ring with round corners at height y."""
    return np.asarray(lift(rounded_rect(wide, long, corner, 8), "xz", y) + np.array([0.0, 0.0, z]))


def _deck(coat: Texture) -> Part:
    """Return the deck, open below, with a raised ring, the blade under it, a bumper and axle brackets."""
    outside = [
        _level(0.20, 0.22, 0.09, 0.205),
        _level(0.34, 0.38, 0.15, 0.200),
        _level(0.42, 0.48, 0.16, 0.176),
        _level(0.48, 0.57, 0.14, 0.168),
        _level(0.525, 0.63, 0.11, 0.140),
        _level(0.530, 0.64, 0.10, 0.070),
        _level(0.545, 0.655, 0.10, 0.058),
    ]
    inside = [
        _level(0.535, 0.645, 0.10, 0.058),
        _level(0.518, 0.628, 0.10, 0.075),
        _level(0.510, 0.615, 0.11, 0.135),
        _level(0.41, 0.47, 0.16, 0.160),
        _level(0.20, 0.22, 0.09, 0.165),
    ]
    dark = by(lambda _p, n: n[:, 1] < -0.3, coat, plain("#3b3a36"))
    shell = loft([*outside, *inside], dark, 2, 50.0)
    blade = box((0.48, 0.006, 0.05), metal("#8f9499")).moved(0.0, 0.085)
    spindle = cylinder(0.028, 0.09, metal("#5f6367"), segments=24).moved(0.0, 0.125)
    nut = prism(6, 0.016, 0.02, metal("#7d8186")).moved(0.0, 0.078)
    rib = torus(0.165, 0.014, coat, segments=56, sides=8).scaled((1.0, 1.0, 1.12)).moved(0.0, 0.199)
    bumper = tube(
        rounded([(-0.20, 0.11, 0.30), (-0.20, 0.12, 0.355), (0.20, 0.12, 0.355), (0.20, 0.11, 0.30)], 0.04), 0.009, coat
    )
    bracket = mirror(
        box((0.03, 0.09, 0.09), plain("#2b2c2e")).moved(0.258, 0.115, 0.265)
        + box((0.03, 0.10, 0.10), plain("#2b2c2e")).moved(0.258, 0.125, -0.265)
    )
    bolts = mirror(row(prism(6, 0.009, 0.012, metal("#9b9fa3")), 2, (0.0, 0.0, 0.24)).moved(0.125, 0.208))
    flap = side_profile(
        [(-0.30, 0.165), (-0.34, 0.10), (-0.345, 0.04), (-0.332, 0.04), (-0.325, 0.10), (-0.28, 0.16)], 0.44, rubber()
    )
    return join([shell, blade, spindle, nut, rib, bumper, bracket, bolts, flap])


def _engine(black: Texture, coat: Texture, steel: Texture) -> Part:
    """Return the engine: crankcase, finned cylinder, blower housing with starter, tank, air filter, silencer."""
    dark, grey = plain("#131415", MATT), metal("#8d9196")
    case = lathe([(0.0, 0.195), (0.125, 0.197), (0.125, 0.212), (0.105, 0.222), (0.098, 0.275), (0.0, 0.28)], grey, 40)
    fins = row(box((0.150, 0.110, 0.005), grey), 9, (0.0, 0.0, 0.0125)).moved(0.0, 0.285, 0.125)
    core = box((0.110, 0.085, 0.130), metal("#6d7074")).moved(0.0, 0.285, 0.115)
    head = box((0.145, 0.105, 0.022), grey).moved(0.0, 0.285, 0.190)
    plug = rod((0.0, 0.285, 0.195), (0.0, 0.285, 0.235), 0.010, plain("#e5e2d8"), 14)
    boot = rod((0.0, 0.285, 0.225), (0.0, 0.285, 0.262), 0.013, dark, 14)
    lead = tube(
        spline([(0.0, 0.285, 0.255), (0.05, 0.33, 0.25), (0.085, 0.355, 0.17), (0.07, 0.345, 0.09)], 20),
        0.0045,
        dark,
        8,
    )
    housing = loft(
        [
            _level(0.245, 0.245, 0.11, 0.262),
            _level(0.255, 0.260, 0.115, 0.285, 0.004),
            _level(0.250, 0.255, 0.115, 0.335, 0.004),
            _level(0.225, 0.225, 0.11, 0.352),
        ],
        black,
        3,
    )
    dome = lathe(
        [(0.0, 0.345), (0.098, 0.348), (0.100, 0.362), (0.094, 0.372), (0.060, 0.384), (0.030, 0.388), (0.0, 0.389)],
        coat,
        48,
    )
    slots = ring(box((0.042, 0.006, 0.009), dark).moved(0.070, 0.380), 22)
    badge = cylinder(0.026, 0.006, steel, segments=32).moved(0.0, 0.389)
    grip = rod((-0.022, 0.352, -0.145), (0.022, 0.352, -0.145), 0.009, dark, 14)
    pull = rod((0.0, 0.352, -0.145), (0.0, 0.352, -0.09), 0.005, dark, 10) + grip
    tank = loft(
        [
            (rounded_rect(0.075, 0.080, 0.025, 6), -0.095),
            (rounded_rect(0.088, 0.098, 0.030, 6), -0.06),
            (rounded_rect(0.088, 0.098, 0.030, 6), 0.05),
            (rounded_rect(0.070, 0.075, 0.025, 6), 0.085),
        ],
        plastic("#e4e2da"),
        3,
    ).moved(-0.155, 0.305, -0.01)
    cap = cylinder(0.030, 0.026, black, segments=32).moved(-0.155, 0.362, -0.02)
    ridges = ring(box((0.005, 0.024, 0.006), black).moved(0.030), 18).moved(-0.155, 0.362, -0.02)
    filter_ = box((0.070, 0.095, 0.120), black, 0.008).moved(0.150, 0.315, 0.0)
    grille = row(box((0.006, 0.005, 0.085), dark), 6, (0.0, 0.012, 0.0)).moved(0.186, 0.315, 0.0)
    silencer = box((0.085, 0.075, 0.075), metal("#77736c"), 0.010).moved(-0.105, 0.268, 0.165)
    holes = row(row(cylinder(0.006, 0.004, dark, "z", 12), 4, (0.017, 0.0, 0.0)), 3, (0.0, 0.018, 0.0)).moved(
        -0.105, 0.268, 0.204
    )
    bulb = ellipsoid((0.026, 0.026, 0.02), plain("#c0261f"), 16).moved(0.188, 0.285, 0.045)
    foot = box((0.08, 0.06, 0.08), grey).moved(0.125, 0.245, 0.0) + box((0.08, 0.06, 0.10), grey).moved(
        -0.125, 0.245, 0.02
    )
    return join(
        [
            case,
            fins,
            core,
            head,
            plug,
            boot,
            lead,
            housing,
            dome,
            slots,
            badge,
            pull,
            tank,
            cap,
            ridges,
            filter_,
            grille,
            silencer,
            holes,
            bulb,
            foot,
        ]
    )


def _pushing_handle(high: float, back: float, black: Texture, steel: Texture) -> Part:
    """Return the bent tube from the deck up and back, its cross bars, knobs, dead man's bail, cable and brackets."""
    tube_ = paint("#26282b", 0.03)
    foot, knee, end = (0.235, 0.16, -0.27), (0.225, 0.24, -0.36), (0.215, high, -back)
    path = rounded([foot, knee, end, *((-x, y, z) for x, y, z in (end, knee, foot))], 0.06, 6)
    rail = tube(path, 0.0125, tube_, 14)

    def at(share: float, x: float = 1.0, up: float = 0.0) -> tuple[float, float, float]:
        a, b = np.array(knee), np.array(end)
        p = a + share * (b - a)
        return float(x * p[0]), float(p[1] + up), float(p[2] + up)

    foam = tube([at(0.995, -0.72), at(0.995, 0.72)], 0.0185, rubber("#151617"), 16, round_ends=True)
    cross = rod(at(0.50, -1.0), at(0.50, 1.0), 0.0095, tube_, 12)
    bail = tube(
        rounded(
            [
                at(0.80, 1.04),
                at(0.93, 1.02, 0.03),
                at(0.97, 0.9, 0.035),
                at(0.97, -0.9, 0.035),
                at(0.93, -1.02, 0.03),
                at(0.80, -1.04),
            ],
            0.04,
        ),
        0.0065,
        steel,
        10,
    )
    knob = cylinder(0.020, 0.024, black, "x", 20) + ring(box((0.024, 0.010, 0.012), black).moved(0.0, 0.020), 5, "x")
    knobs = mirror(join(knob.moved(x + 0.018, y, z) for x, y, z in (at(0.44), at(0.14))))
    control = box((0.028, 0.075, 0.050), black).turned("x", -40.0).moved(*at(0.80, -1.05))
    lever = rod(at(0.80, -1.05), at(0.83, -1.0, 0.05), 0.006, black, 10) + ellipsoid(0.024, plain("#c3221d"), 14).moved(
        *at(0.83, -1.0, 0.05)
    )
    wire = plain("#17181a")
    cable = tube(
        spline(
            [at(0.78, -1.04), at(0.55, -0.97, 0.022), at(0.20, -0.9, 0.02), (-0.16, 0.27, -0.24), (-0.11, 0.25, -0.09)],
            36,
        ),
        0.0045,
        wire,
        8,
    )
    second = tube(
        spline(
            [at(0.81, 1.04), at(0.50, 0.96, 0.020), at(0.18, 0.9, 0.02), (0.15, 0.27, -0.22), (0.12, 0.28, -0.06)], 36
        ),
        0.0040,
        wire,
        8,
    )
    eye = torus(0.012, 0.005, steel, "x", 20, 8).moved(*at(0.60, 0.93))
    ties = join(
        torus(0.0145, 0.006, wire, "z", 18, 8).turned("x", 42.0).moved(*at(s, x))
        for s in (0.30, 0.62)
        for x in (-1.0, 1.0)
    )
    bracket = mirror(box((0.014, 0.11, 0.06), plain("#2b2c2e")).turned("x", -12.0).moved(0.243, 0.185, -0.285))
    return join([rail, foam, cross, bail, knobs, control, lever, cable, second, eye, ties, bracket])


def _grass_bag(high: float, back: float, black: Texture) -> Part:
    """Return the bag behind the deck on its frame."""
    fabric = cloth("#2c2e31", 0.006, 0.2)
    bag = loft(
        [
            (rounded_rect(0.36, 0.20, 0.05, 6), -0.30),
            (rounded_rect(0.38, 0.27, 0.06, 6), -0.36),
            (rounded_rect(0.41, 0.31, 0.08, 6) + np.array([0.0, 0.0]), -0.60),
            (rounded_rect(0.39, 0.27, 0.09, 6) + np.array([0.0, 0.01]), -0.74),
            (rounded_rect(0.30, 0.16, 0.08, 6) + np.array([0.0, 0.03]), -0.77),
        ],
        fabric,
        4,
        60.0,
    ).moved(0.0, 0.285)
    hoops = join(
        tube(lift(rounded_rect(w, h, 0.07, 6) + np.array([0.0, 0.285]), "xy", z), 0.006, black, 8, closed=True)
        for w, h, z in ((0.386, 0.276, -0.37), (0.414, 0.312, -0.60))
    )
    lid = box((0.36, 0.03, 0.10), black, 0.01).turned("x", -8.0).moved(0.0, 0.395, -0.33)
    share = (0.46 - 0.24) / (high - 0.24)
    z = -0.36 - share * (back - 0.36)
    grip = tube(
        rounded(
            [(-0.07, 0.43, z - 0.12), (-0.07, 0.475, z - 0.10), (0.07, 0.475, z - 0.10), (0.07, 0.43, z - 0.12)], 0.02
        ),
        0.008,
        black,
        10,
    )
    return join([bag, hoops, lid, grip])


def _chute(black: Texture, coat: Texture) -> Part:
    """Return the deflector at the right side (-x) and a plug at the back."""
    plate_ = extrude(
        [(0.0, 0.0), (0.10, -0.085), (0.125, -0.085), (0.02, 0.02), (0.0, 0.02)], 0.26, black, bevel=0.002
    ).mirrored("x")
    cheek = extrude([(0.0, 0.0), (0.10, -0.085), (0.0, -0.085)], 0.006, black, bevel=0.0).mirrored("x")
    spring = cylinder(0.009, 0.20, metal("#8d9196"), "z", 14).moved(-0.004, 0.016)
    chute = (plate_ + row(cheek, 2, (0.0, 0.0, 0.25)) + spring).moved(-0.258, 0.145, 0.02)
    plug = box((0.34, 0.10, 0.03), coat, 0.01).turned("x", 10.0).moved(0.0, 0.17, -0.322)
    return chute + plug


def broom(seed: int) -> Mesh:
    """Build a flat corn broom, its bristles down: a wooden stick, a wired neck, fanned straw with rows of stitches.

    Args:
        seed: instance number; 0 is the reference, others vary the colour of stick and thread, the straw, its spread
            and length, and the number of stitched rows.

    Returns:
        A closed mesh about 1.3 m high and 0.33 m wide.
    """
    v = Variant("broom", seed)
    tones = [plain(tone, MATT) for tone in v.pick(*_STRAWS)]
    stick_colour, thread = v.pick(*_STICKS), plain(v.pick(*_THREADS), MATT)
    spread, long, stick = v.near(0.155, 0.10), v.near(0.36, 0.10), v.near(0.92, 0.07)
    stitches = v.pick(3, 4, 2)
    shoulder = 0.055
    head_high = long + 0.10
    count = 210
    k = np.arange(count)
    u = np.mod(k * 0.61803398875, 1.0) * 2.0 - 1.0
    side = np.where(k % 2 == 0, 1.0, -1.0)
    drop = np.mod(k * 0.754877666, 1.0)
    strands = []
    for i in range(count):
        round_ = float(np.sqrt(max(0.0, 1.0 - u[i] ** 2)))
        z = float(side[i]) * (0.020 * round_ + 0.004)
        flare = float(u[i])
        low = 0.028 * float(drop[i]) + 0.020 * flare**2
        path = [
            (0.030 * flare, head_high, 0.7 * z),
            (shoulder * flare, long * 0.96, 1.1 * z),
            (0.66 * spread * flare, 0.55 * long, 1.2 * z),
            (spread * flare, low, 1.35 * z + 0.006 * float(np.sin(7.0 * i))),
        ]
        strands.append(tube(spline(path, 7), (0.0042, 0.0040, 0.0038, 0.0036, 0.0034, 0.0030, 0.0016), tones[i % 3], 5))
    core = loft(
        [
            lift(ellipse(2.0 * w, d, 32), "xz", y)
            for w, d, y in (
                (0.92 * spread, 0.044, 0.055),
                (0.66 * spread, 0.046, 0.55 * long),
                (shoulder, 0.046, 0.96 * long),
                (0.034, 0.044, head_high - 0.01),
            )
        ],
        plain("#8a6a30", MATT),
        3,
    )
    bands = []
    for n in range(stitches):
        y = long * (0.78 - 0.115 * n)
        t = (0.96 - y / long) / 0.41
        half = shoulder + (0.66 * spread - shoulder) * t**1.15 + 0.006
        bands.append(tube(lift(ellipse(2.0 * half, 0.066, 44), "xz", y), 0.0034, thread, 6, closed=True))
        for x in np.arange(-0.93, 0.94, 0.013 / half):
            tick = rod((-0.004, -0.005, 0.0), (0.004, 0.005, 0.0), 0.0026, thread, 6)
            bands.append(mirror(tick.moved(half * float(x), y, 0.0335 * float(np.sqrt(1.0 - x * x))), "z"))
    wire = plain("#b9bdc0", METAL)
    neck = lathe(
        [
            (0.0, head_high - 0.06),
            (0.036, head_high - 0.055),
            (0.033, head_high - 0.01),
            (0.024, head_high + 0.05),
            (0.016, head_high + 0.085),
            (0.0, head_high + 0.088),
        ],
        tones[0],
        32,
    )
    turns = join(
        torus(
            float(np.interp(y, (-0.05, -0.01, 0.05, 0.085), (0.037, 0.034, 0.025, 0.017))),
            0.0045,
            wire,
            segments=32,
            sides=6,
        ).moved(y=head_high + y)
        for y in np.arange(-0.045, 0.082, 0.0105)
    )
    turns = turns + join(
        torus(0.036, 0.006, thread, segments=32, sides=6).moved(y=head_high - 0.05 - 0.006 * i) for i in range(3)
    )
    low, top = head_high, head_high + stick
    painted = wood(stick_colour, "y", 0.010) if stick_colour in (_STICKS[0], _STICKS[3]) else paint(stick_colour, 0.03)
    handle = lathe(
        [(0.0, low), (0.0125, low), (0.0125, top - 0.02), (0.011, top - 0.006), (0.006, top), (0.0, top)], painted, 28
    )
    loop = tube(
        spline(
            [
                (0.011, top - 0.035, 0.0),
                (0.022, top - 0.005, 0.0),
                (0.012, top + 0.055, 0.0),
                (-0.012, top + 0.055, 0.0),
                (-0.022, top - 0.005, 0.0),
                (-0.011, top - 0.035, 0.0),
            ],
            28,
        ),
        0.0022,
        thread,
        8,
    )
    return assemble([core, *strands, *bands, neck, turns, handle, loop], seed)


def shovel(seed: int) -> Mesh:
    """Build a round-point shovel, its blade down: dished steel blade with treads and socket, ash shaft, D-grip.

    Args:
        seed: instance number; 0 is the reference, others vary blade colour and width, the shaft's length and colour,
            and whether it ends in a D-grip or plain.

    Returns:
        A closed mesh about 1.1 m high and 0.24 m wide, the hollow of the blade to +z.
    """
    v = Variant("shovel", seed)
    wide, long, length = v.near(0.235, 0.07), v.near(0.30, 0.07), v.near(0.62, 0.08)
    coat = v.pick("#6f757b", "#26292c", "#2f5a46")
    grip = v.pick("black", "wood", "yellow")
    shade = v.pick(*_ASH)
    grain = wood(shade, "y", 0.008)
    blade_ = paint(coat, 0.06)
    worn = by(lambda p, _n: np.clip((0.10 - p[:, 1]) / 0.06, 0.0, 0.85), blade_, metal("#a3a7ab"))
    rings = []
    for t in np.linspace(0.0, 1.0, 15):
        y = long * t
        half = (
            0.5
            * wide
            * (0.04 + 0.96 * (1.0 - (1.0 - min(t / 0.62, 1.0)) ** 2.0) ** 0.62)
            * (1.0 - 0.05 * max(0.0, t - 0.62))
        )
        s = np.linspace(-1.0, 1.0, 21)
        dish = 0.042 * (s * half / (0.5 * wide)) ** 2 + 0.045 * (1.0 - t) ** 2
        dish = dish - 0.016 * np.exp(-((s * half / 0.020) ** 2)) * t**2
        front = np.column_stack([s * half, np.full(21, y), dish + 0.0014])
        rings.append(np.concatenate([front, (front - (0.0, 0.0, 0.0028))[::-1]]))
    blade = loft(rings, worn, 2, 50.0)
    step = mirror(
        tube(
            [(0.024, long - 0.001, 0.002), (0.40 * wide, long - 0.001, 0.026), (0.468 * wide, long - 0.002, 0.036)],
            0.0065,
            blade_,
            12,
            round_ends=True,
        )
    )
    steel = plain("#b9bdc0", METAL)
    bend = [
        (0.0, long - 0.11, -0.005),
        (0.0, long - 0.04, -0.009),
        (0.0, long + 0.04, -0.017),
        (0.0, long + 0.12, -0.031),
    ]
    bend += [(0.0, long + 0.18, -0.039), (0.0, long + 0.23, -0.041)]
    width = np.interp(np.linspace(0.0, 1.0, 24), (0.0, 0.3, 0.6, 1.0), (0.005, 0.0165, 0.0195, 0.0225))
    socket = tube(spline(bend, 24), width, blade_, 24)
    collar = tube(spline(bend, 24)[-3:], 0.0238, blade_, 24)
    rivets = join(
        ellipsoid((0.008, 0.008, 0.008), steel, 12).moved(0.0, long + y, z)
        for y, z in ((0.15, -0.0155), (0.20, -0.0190))
    )
    lower = np.array([0.0, long + 0.17, -0.0385])
    upper = np.array([0.0, long + 0.17 + length, -0.055])
    shaft = tube(np.linspace(lower, upper, 12), 0.0185, grain, 24, round_ends=grip == "wood")
    parts = [blade, step, socket, collar, rivets, shaft]
    if grip != "wood":
        parts.append(
            _d_grip(plastic("#1d1e20" if grip == "black" else "#e3b51f"), grain).moved(*(float(c) for c in upper))
        )
    return assemble(parts, seed)


def _d_grip(shell: Texture, grain: Texture) -> Part:
    """Return a D-shaped handle on the end of a shaft that comes from below to the origin."""
    cup = lathe(
        [(0.0, -0.085), (0.021, -0.085), (0.0225, -0.06), (0.0225, -0.01), (0.016, 0.012), (0.0, 0.014)], shell, 28
    )
    arms = mirror(
        tube(
            spline([(0.008, -0.015, 0.0), (0.034, 0.020, 0.0), (0.054, 0.060, 0.0), (0.058, 0.098, 0.0)], 14),
            np.linspace(0.015, 0.0125, 14),
            shell,
            16,
            round_ends=True,
        )
    )
    bar_ = lathe([(0.0135, -0.056), (0.0165, -0.03), (0.0172, 0.0), (0.0165, 0.03), (0.0135, 0.056)], grain, 24).turned(
        "z", 90.0
    )
    caps = mirror(cylinder(0.0145, 0.014, shell, "x", 20).moved(0.060, 0.098))
    bolts = row(ellipsoid((0.008, 0.008, 0.006), plain("#b9bdc0", METAL), 10), 2, (0.0, 0.03, 0.0)).moved(
        0.0, -0.045, 0.0225
    )
    return join([cup, arms, bar_.moved(y=0.098), caps, bolts])
