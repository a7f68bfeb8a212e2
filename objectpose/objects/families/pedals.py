"""Cycles with their pedals on a wheel: a unicycle, a child's tricycle. The right-hand side is -x."""

from __future__ import annotations

import numpy as np

from objectpose.objects.kit import (
    GLOSS,
    METAL,
    Part,
    Texture,
    Variant,
    arc,
    assemble,
    bar,
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
    plain,
    plastic,
    plate,
    prism,
    ring,
    rod,
    rounded,
    rounded_rect,
    row,
    rubber,
    spline,
    spoked_wheel,
    sweep,
    torus,
    tube,
)
from objectpose.objects.mesh import Mesh

_UNICYCLES = ("#c4181f", "#c9cdd1", "#1f56b0", "#1f2022", "#2f8a45")
_TRICYCLES = ("#c8151b", "#1f5cb8", "#1f8a48", "#d9337a", "#e0a012")


def unicycle(seed: int) -> Mesh:
    """Build a unicycle: one spoked wheel in a flat-crowned fork, seat post with clamp, curved saddle, cranks, pedals.

    Args:
        seed: instance number; 0 is the reference, others vary wheel, tyre, seat height, colours, spokes and crown.

    Returns:
        A closed mesh about 0.95 m high; the wheel measures 0.51 m.
    """
    v = Variant("unicycle", seed)
    radius, width = v.near(0.255, 0.10), v.near(0.050, 0.14)
    post = v.near(0.34, 0.14)
    colour = paint(v.pick(*_UNICYCLES), 0.03)
    cover = paint(v.pick("#1c1d1f", "#1c1d1f", "#7a1c22", "#20335c"), 0.08)
    tyre = rubber(v.pick("#1d1d1f", "#2a2a2c", "#1d1d1f"))
    spokes = v.pick(36, 28, 48)
    pad = plain(v.pick("#1d1e20", "#b8171d", "#d8d8d4", "#1d1e20"))
    angle = v.between(28.0, 10.0, 60.0)
    square = v.pick(True, False)
    chrome, steel = metal("#c6cace"), plain("#c9ccd0", METAL)
    turning = spoked_wheel(radius, width, tyre, chrome, spokes, 0.0017, 0.024, 0.090, 0.026, plain("#dfe2e4", METAL))
    knob = box((0.34 * width, 0.006, 0.020), tyre, 0.0).moved(0.14 * width, radius, 0.0)
    tread = ring(knob + knob.mirrored("x").turned("x", 4.5), 40, "x")
    hub = cylinder(0.010, 0.150, steel, "x", 14)
    crank = join(
        [
            bar((0.066, 0.0, 0.0), (0.074, -0.125, 0.0), (0.014, 0.024), steel, 0.004),
            cylinder(0.017, 0.018, steel, "x", 16).moved(0.066),
            cylinder(0.013, 0.018, steel, "x", 16).moved(0.074, -0.125),
            _pedal(pad, steel, 0.095, 0.082).moved(0.132, -0.125),
        ]
    )
    cranks = crank.turned("x", 90.0 + angle) + crank.mirrored("x").turned("x", 270.0 + angle)
    wheel_ = join([turning, tread, hub, cranks]).moved(y=radius)
    top = 2.0 * radius + 0.035
    return assemble(
        [wheel_, _uni_fork(radius, top, colour, steel, square), _uni_seat(top, post, colour, chrome, cover)], seed
    )


def _pedal(pad: Texture, steel: Texture, length: float, depth: float) -> Part:
    """Return a pedal about the x axis: a body in two bars with treads, end plates and reflectors."""
    body = row(box((length, 0.020, 0.26 * depth), pad, 0.003), 2, (0.0, 0.0, 0.66 * depth))
    ribs = row(box((0.006, 0.026, 0.24 * depth), pad, 0.0), 6, (0.16 * length, 0.0, 0.0))
    ribs = ribs.moved(z=0.33 * depth) + ribs.moved(z=-0.33 * depth)
    ends = row(box((0.008, 0.020, 0.9 * depth), pad, 0.002), 2, (0.92 * length, 0.0, 0.0))
    amber = plain("#f0922a", GLOSS)
    lamp = box((0.5 * length, 0.012, 0.004), amber, 0.0)
    lamps = lamp.moved(z=0.465 * depth) + lamp.moved(z=-0.465 * depth)
    axle = rod((-0.62 * length, 0.0, 0.0), (0.45 * length, 0.0, 0.0), 0.0075, steel, 10)
    return join([body, ribs, ends, lamps, axle, cylinder(0.012, 0.86 * length, pad, "x", 12)])


def _uni_fork(radius: float, top: float, colour: Texture, steel: Texture, square: bool) -> Part:
    """Return fork legs, crown, bearing holders and the socket of the seat post."""
    half = 0.054
    if square:
        legs = [
            (half, radius - 0.01, 0.0),
            (half, top + 0.004, 0.0),
            (-half, top + 0.004, 0.0),
            (-half, radius - 0.01, 0.0),
        ]
        legs_path = rounded(legs, 0.012, 3)
    else:
        half_arc = [
            (half, radius - 0.01, 0.0),
            (half, top - 0.045, 0.0),
            *lift(arc(half, 15.0, 165.0, 9, (0.0, top - 0.045)), "xy"),
            (-half, top - 0.045, 0.0),
            (-half, radius - 0.01, 0.0),
        ]
        legs_path = np.array(half_arc)
    fork = tube(legs_path, 0.0125, colour, 14)
    crown = box((2.0 * half, 0.022, 0.030), colour, 0.005).moved(y=top + (0.002 if square else -0.010))
    holder = cylinder(0.026, 0.022, steel, "x", 22).moved(half, radius)
    bolt = row(prism(6, 0.006, 0.030, steel).moved(half, radius - 0.020), 2, (0.0, 0.0, 0.036))
    lug = box((0.020, 0.016, 0.052), steel, 0.003).moved(half, radius - 0.012)
    socket = rod((0.0, top - 0.02, 0.0), (0.0, top + 0.10, 0.0), 0.0155, colour, 18)
    return join([fork, crown, mirror(holder + bolt + lug), socket])


def _uni_seat(top: float, post: float, colour: Texture, chrome: Texture, cover: Texture) -> Part:
    """Return seat post, quick-release clamp and the saddle, whose ends turn up and carry bumpers."""
    black = plastic("#1b1c1e")
    at = top + post
    shaft = rod((0.0, top + 0.02, 0.0), (0.0, at - 0.02, 0.0), 0.0125, chrome, 16)
    collar = cylinder(0.0205, 0.026, chrome, segments=20).moved(y=top + 0.095)
    lever = tube(
        spline([(0.020, top + 0.095, 0.010), (0.030, top + 0.096, -0.02), (0.026, top + 0.092, -0.060)], 8),
        0.0048,
        chrome,
        8,
        round_ends=True,
    )
    bracket = box((0.052, 0.016, 0.085), chrome, 0.004).moved(y=at - 0.014)
    bolts = row(prism(6, 0.006, 0.014, plain("#85898d", METAL)).moved(y=at - 0.022, z=0.0), 2, (0.0, 0.0, 0.060))
    sections = []
    for z, wide, high, y in (
        (-0.165, 0.060, 0.020, 0.074),
        (-0.158, 0.110, 0.034, 0.066),
        (-0.125, 0.150, 0.046, 0.044),
        (-0.075, 0.146, 0.050, 0.022),
        (-0.020, 0.112, 0.048, 0.010),
        (0.040, 0.078, 0.044, 0.010),
        (0.100, 0.062, 0.040, 0.026),
        (0.145, 0.056, 0.036, 0.052),
        (0.166, 0.046, 0.028, 0.070),
        (0.172, 0.022, 0.012, 0.076),
    ):
        outline = rounded_rect(wide, high, 0.48 * high, 6)
        sections.append((outline + (0.0, y + 0.018), z))
    saddle = loft(sections, cover, smooth=4, crease_deg=70.0)
    base = loft(
        [(o * (1.02, 0.40) + (0.0, 0.36 * float(o[:, 1].mean())), z) for o, z in sections[1:-1]], black, smooth=4
    )
    lip = box((0.046, 0.030, 0.016), black, 0.005).turned("x", -40.0).moved(0.0, 0.078, 0.166)
    tail = box((0.110, 0.030, 0.016), black, 0.005).turned("x", 48.0).moved(0.0, 0.076, -0.160)
    boss = rod((0.0, 0.0, 0.0), (0.0, -0.02, 0.0), 0.02, black, 14)
    return join([shaft, collar, lever, bracket, bolts, join([saddle, base, lip, tail, boss]).moved(y=at)])


def tricycle(seed: int) -> Mesh:
    """Build a child's tricycle: big front wheel with pedals and mudguard, bent frame, rear step, tasselled handlebar.

    Args:
        seed: instance number; 0 is the reference, others vary colours, size and kind of wheels, bell, tassels.

    Returns:
        A closed mesh about 0.75 m long, 0.5 m wide and 0.62 m high.
    """
    v = Variant("tricycle", seed)
    front, rear = v.near(0.158, 0.08), v.near(0.112, 0.10)
    track = v.near(0.215, 0.08)
    red = paint(v.pick(*_TRICYCLES), 0.03)
    white = plastic(v.pick("#efefea", "#efefea", "#f0dc3a"))
    discs = v.pick(False, True, False)
    tassels, bell = v.pick(True, False, True), v.pick(True, True, False)
    rise = v.between(0.0, -0.02, 0.035)
    pad = plain(v.pick("#1d1e20", "#e8e8e4", "#1d1e20"))
    chrome, steel = metal("#cdd1d5"), plain("#c9ccd0", METAL)
    tyre = rubber("#1e1e20")
    axle_z, back_z = 0.275, -0.265
    big = _trike_wheel(front, 0.036, tyre, white, red, steel, discs, 20)
    small = _trike_wheel(rear, 0.034, tyre, white, red, steel, discs, 14)
    crank = join(
        [
            bar((0.062, 0.0, 0.0), (0.066, -0.082, 0.0), (0.012, 0.016), steel, 0.003),
            cylinder(0.013, 0.016, steel, "x", 14).moved(0.060),
            _pedal(pad, steel, 0.080, 0.062).moved(0.116, -0.082),
        ]
    )
    cranks = crank.turned("x", 70.0) + crank.mirrored("x").turned("x", 250.0)
    wheels = join([(big + cylinder(0.008, 0.13, steel, "x", 12) + cranks).moved(0.0, front, axle_z)])
    hub = cylinder(0.016, 0.014, chrome, "x", 18).moved(track + 0.034, rear, back_z)
    wheels += mirror(small.moved(track, rear, back_z) + hub)
    wheels += cylinder(0.0095, 2.0 * track + 0.06, steel, "x", 14).moved(0.0, rear, back_z)
    return assemble(
        [
            wheels,
            _trike_steering(front, axle_z, red, chrome, white, rise, tassels, bell),
            _trike_frame(front, rear, back_z, red, chrome, track),
        ],
        seed,
    )


def _trike_wheel(
    radius: float, width: float, tyre: Texture, white: Texture, red: Texture, steel: Texture, disc: bool, spokes: int
) -> Part:
    """Return a wheel about the x axis with a rubber tyre: thick wire spokes, or a pressed disc with a coloured hub."""
    if not disc:
        core = spoked_wheel(radius, width, tyre, metal("#cdd1d5"), spokes, 0.0024, 0.022, 0.070, 0.020, steel)
        return core + cylinder(0.027, 0.040, red, "x", 22)
    ring_ = torus(radius - 0.5 * width, width, tyre, "x", 44, 12)
    inner = radius - 0.72 * width
    dish = [
        (0.0, 0.020),
        (0.30 * inner, 0.020),
        (0.42 * inner, 0.010),
        (0.80 * inner, 0.007),
        (0.90 * inner, 0.012),
        (inner, 0.012),
    ]
    plate_ = lathe([*((r, -y) for r, y in dish), *reversed(dish)], white, 44).turned("z", -90.0)
    cap = ellipsoid((0.060, 0.54 * inner, 0.54 * inner), red, 22)
    holes = ring(cylinder(0.10 * inner, 0.021, plain("#55585c"), "x", 12).moved(0.0, 0.62 * inner), 8, "x")
    return join([ring_, plate_, cap, holes])


def _trike_steering(
    front: float, axle_z: float, red: Texture, chrome: Texture, white: Texture, rise: float, tassels: bool, bell: bool
) -> Part:
    """Return fork, mudguard, head, handlebar with grips, tassels and bell."""
    lean = np.array([0.0, 0.965, -0.262])
    hub = np.array([0.0, front, axle_z])
    crown = hub + (front + 0.032) * lean
    neck = crown + 0.135 * lean
    grip_at = neck + (0.080 + rise) * lean
    leg = bar(hub + (0.040, -0.012, 0.003), crown + (0.036, 0.0, 0.0), (0.006, 0.026), red)
    tie = bar(crown + (-0.042, 0.0, 0.0), crown + (0.042, 0.0, 0.0), (0.030, 0.008), red)
    stem = rod(crown, grip_at, 0.0115, chrome, 16)
    cup = rod(crown + 0.006 * lean, crown + 0.016 * lean, 0.0215, chrome, 20)
    cup += rod(crown + 0.108 * lean, crown + 0.120 * lean, 0.0215, chrome, 20)
    head = rod(crown + 0.014 * lean, crown + 0.110 * lean, 0.0185, red, 20)
    section = np.array(
        [
            (-0.027, -0.014),
            (-0.025, -0.003),
            (-0.014, 0.005),
            (0.0, 0.007),
            (0.014, 0.005),
            (0.025, -0.003),
            (0.027, -0.014),
            (0.023, -0.012),
            (0.012, 0.001),
            (0.0, 0.003),
            (-0.012, 0.001),
            (-0.023, -0.012),
        ]
    )[::-1]
    bow = arc(front + 0.016, 18.0, 165.0, 26, (axle_z, front))
    guard = sweep(section, lift(bow, "zy"), red)
    trim = tube(lift(arc(front + 0.024, 22.0, 162.0, 24, (axle_z, front)), "zy"), 0.0030, chrome, 6)
    y, z = float(grip_at[1]), float(grip_at[2])
    half = [
        (0.0, y, z),
        (0.05, y + 0.002, z),
        (0.10, y + 0.035, z - 0.008),
        (0.15, y + 0.050, z - 0.035),
        (0.205, y + 0.052, z - 0.085),
    ]
    path = rounded([*((-a, b, c) for a, b, c in half[:0:-1]), *half], 0.03, 5)
    handlebar = tube(path, 0.0095, chrome, 14)
    end, start = np.array(half[-1]), np.array(half[-2])
    run = (end - start) / np.linalg.norm(end - start)
    grip = tube([end - 0.072 * run, end + 0.008 * run], 0.0155, white, 16, round_ends=True)
    flange = join(rod(end - d * run, end - (d - 0.005) * run, 0.0185, white, 16) for d in (0.070, 0.040, 0.010))
    parts = [mirror(leg), tie, stem, cup, head, guard, trim, handlebar, mirror(grip + flange)]
    clamp = cylinder(0.017, 0.040, chrome, "x", 18).moved(*grip_at)
    nut = prism(6, 0.010, 0.12, chrome, "x").moved(*hub)
    parts += [clamp, nut]
    if tassels:
        tip = end + 0.012 * run
        strips = []
        for i, tone in enumerate(("#d8232a", "#f0f0ec", "#2a62c4", "#f2c830", "#d8232a", "#f0f0ec")):
            a = 2.0 * np.pi * i / 6.0
            out = np.array([0.020 * np.cos(a) + 0.022, -0.055 - 0.008 * (i % 3), 0.020 * np.sin(a) - 0.026])
            strip = spline(
                [tip, tip + 0.35 * out + (0.006, 0.012, -0.006), tip + out, tip + out + (0.003, -0.055, -0.004)], 10
            )
            strips.append(tube(strip, 0.0028, plain(tone), 5))
        parts.append(mirror(join(strips)))
    if bell:
        dome = lathe(
            [(0.0, 0.026), (0.010, 0.025), (0.020, 0.018), (0.026, 0.004), (0.026, 0.0), (0.0, 0.0)], chrome, 24
        )
        foot = cylinder(0.006, 0.024, chrome, segments=10).moved(y=-0.008)
        parts.append((dome + foot).moved(-0.085, y + 0.048, z - 0.004))
    return join(parts)


def _trike_frame(front: float, rear: float, back_z: float, red: Texture, chrome: Texture, track: float) -> Part:
    """Return the bent main tube, the step over the rear axle with its braces, seat post and saddle."""
    lean = np.array([0.0, 0.965, -0.262])
    crown = np.array([0.0, front, 0.275]) + (front + 0.032) * lean
    joint = crown + 0.060 * lean
    deck_y = rear + 0.062
    path = rounded(
        [
            tuple(joint),
            (0.0, joint[1] - 0.030, joint[2] - 0.080),
            (0.0, deck_y + 0.035, 0.015),
            (0.0, deck_y + 0.010, back_z - 0.06),
        ],
        0.09,
        7,
    )
    spine = tube(path, 0.0185, red, 18)
    deck = plate((2.0 * track - 0.085, 0.145), 0.012, red, 0.030, "y").moved(0.0, deck_y, back_z - 0.005)
    edge = tube(lift(rounded_rect(2.0 * track - 0.085, 0.145, 0.030), "xz"), 0.009, red, 8, closed=True).moved(
        0.0, deck_y - 0.003, back_z - 0.005
    )
    treads = row(
        box((2.0 * track - 0.16, 0.004, 0.009), plain("#e9e9e4"), 0.0).moved(0.0, deck_y + 0.0065, back_z - 0.005),
        5,
        (0.0, 0.0, 0.022),
    )
    hanger = bar((track - 0.060, deck_y, back_z), (track - 0.060, rear - 0.014, back_z), (0.030, 0.006), red)
    stay = tube(
        rounded(
            [
                (track - 0.075, deck_y, back_z + 0.055),
                (0.055, deck_y + 0.012, back_z + 0.20),
                (0.0, deck_y + 0.036, back_z + 0.29),
            ],
            0.05,
        ),
        0.009,
        red,
        10,
    )
    seat_y = deck_y + 0.150
    post = rod((0.0, deck_y + 0.015, -0.075), (0.0, seat_y, -0.100), 0.0115, chrome, 14)
    collar = cylinder(0.0175, 0.030, red, segments=18).turned("x", -9.0).moved(0.0, deck_y + 0.046, -0.080)
    seat = _trike_seat(red).moved(0.0, seat_y, -0.105)
    under = box((0.10, 0.008, 0.12), chrome, 0.003).moved(0.0, seat_y - 0.002, -0.105)
    springs = mirror(
        join(
            torus(0.017, 0.007, chrome, segments=18, sides=6).moved(0.050, seat_y - 0.004 - 0.007 * i, -0.150)
            for i in range(4)
        )
    )
    return join([spine, deck, edge, treads, mirror(hanger + stay), post, collar, seat, under, springs])


def _trike_seat(red: Texture) -> Part:
    """Return a moulded seat: wide and raised behind, narrow in front; its underside lies on y = 0."""
    sections: list[tuple[np.ndarray[tuple[int, ...], np.dtype[np.float64]], float]] = []
    for z, wide, high, y in (
        (-0.118, 0.130, 0.016, 0.066),
        (-0.110, 0.190, 0.034, 0.052),
        (-0.085, 0.218, 0.040, 0.030),
        (-0.035, 0.220, 0.036, 0.016),
        (0.020, 0.176, 0.034, 0.014),
        (0.065, 0.100, 0.032, 0.016),
        (0.110, 0.070, 0.030, 0.014),
        (0.130, 0.052, 0.022, 0.010),
        (0.136, 0.026, 0.010, 0.008),
    ):
        sections.append((rounded_rect(wide, high, 0.48 * high, 6) + (0.0, y), z))
    return loft(sections, red, smooth=4, crease_deg=70.0)
