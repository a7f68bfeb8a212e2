"""Devices: sewing machine, rotary telephone, loudspeaker."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from objectpose.objects.kit import (
    GLOSS,
    MATT,
    Finish,
    Part,
    Texture,
    Variant,
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
    plain,
    plastic,
    plate,
    ring,
    rod,
    rounded,
    rounded_rect,
    row,
    rubber,
    spline,
    sweep,
    symmetric,
    torus,
    tube,
    wood,
)
from objectpose.objects.mesh import Mesh

Array = NDArray[np.float64]

_ENAMELS = (("#15161a", "#d8b04a"), ("#4f8f86", "#e8e2cc"), ("#7a1c22", "#e0c060"), ("#d9d2bc", "#8a5a3a"))


def sewing_machine(seed: int) -> Mesh:
    """Build a cast-iron sewing machine on a wooden plinth: bed, pillar, arm, head with needle, hand wheel, spool.

    The user sits at +z; the needle is at -x, the hand wheel at +x.

    Args:
        seed: instance number; 0 is the reference, others vary enamel, length and height, wheel, crank and thread.

    Returns:
        A closed mesh about 0.35 m high, 0.44 m wide and 0.21 m deep.
    """
    v = Variant("sewing_machine", seed)
    enamel, gilt = v.pick(*_ENAMELS)
    reach, rise = v.between(0.275, 0.25, 0.30), v.between(0.185, 0.17, 0.20)
    spokes = v.pick(0, 5, 3)
    crank = v.pick(False, True, False)
    thread = v.pick("#c8202c", "#2f6fb0", "#e8e4d8", "#2f8a50")
    timber = v.pick("#7a4522", "#9a6532", "#4a2a18")
    gold = plain(gilt)
    iron = paint(enamel, 0.02, Finish(0.4, 50.0))
    chrome = metal("#d3d6d9")
    right, left = 0.115, 0.115 - reach
    deck = 0.072
    axis = deck + rise
    parts = [_plinth(timber, reach), _bed(iron, gold, chrome, left, right).moved(y=0.055)]
    parts.append(_arm(iron, gold, left, right, deck, axis))
    parts.append(_head(iron, chrome, left, axis, deck))
    parts.append(_hand_wheel(iron, chrome, spokes, crank).moved(right + 0.055, axis))
    boss = lathe([(0.030, 0.0), (0.026, 0.02), (0.020, 0.05), (0.016, 0.07)], iron, 28).turned("z", -90.0)
    parts.append(boss.moved(right - 0.005, axis))
    spool = lathe(
        [(0.0, 0.0), (0.014, 0.0), (0.014, 0.004), (0.010, 0.007), (0.010, 0.038), (0.014, 0.041), (0.014, 0.045)],
        wood("#c89a60", "y", 0.004),
        24,
    )
    yarn = row(torus(0.0108, 0.0042, plain(thread), segments=24, sides=8), 8, (0.0, 0.0036, 0.0)).moved(y=0.0225)
    pin = rod((0.0, -0.02, 0.0), (0.0, 0.062, 0.0), 0.0022, chrome)
    parts.append((spool + yarn + pin).moved(right - 0.045, axis + 0.0275))
    guide = torus(0.005, 0.002, chrome, "x", 16, 6).moved(left + 0.05, axis + 0.030)
    way = [(right - 0.057, axis + 0.048, 0.004), (left + 0.05, axis + 0.0345, 0.0), (left + 0.01, axis - 0.02, 0.033)]
    way += [(left + 0.004, axis - 0.058, 0.036), (left, deck + 0.055, 0.006)]
    parts += [guide, tube(way, 0.0008, plain(thread), 5)]
    return assemble(parts, seed)


def _plinth(timber: str, reach: float) -> Part:
    """Return the wooden base with its moulding, on y = 0, and rubber feet."""
    long, deep = reach + 0.165, 0.212
    grain = wood(timber, "x", 0.010, GLOSS)
    x = 0.115 - 0.5 * reach + 0.012
    steps = [(1.0, 0.004), (1.0, 0.018), (0.985, 0.022), (0.955, 0.030), (0.945, 0.050), (0.93, 0.057)]
    rings = [(rounded_rect(long - (1 - s) * deep, deep * s, 0.010), y) for s, y in steps]
    body = loft(rings, grain).turned("x", -90.0).moved(x)
    foot = cylinder(0.012, 0.01, rubber(), segments=16).moved(0.5 * long - 0.03, 0.003, 0.5 * deep - 0.03)
    return body + mirror(mirror(foot), "z").moved(x)


def _bed(iron: Texture, gold: Texture, chrome: Texture, left: float, right: float) -> Part:
    """Return the flat bed with its gilt line, slide plate and needle plate; its underside is at y = 0."""
    long, deep = right - left + 0.105, 0.172
    x = 0.5 * (left + right) + 0.006

    def lined(position: Array, normal: Array) -> Array:
        edge = np.maximum(np.abs(position[:, 0]) - 0.5 * long, np.abs(position[:, 1]) - 0.5 * deep)
        return np.asarray((np.abs(edge + 0.014) < 0.0022) & (normal[:, 2] > 0.7), np.float64)

    slab = loft(
        [
            (rounded_rect(long - i, deep - i, 0.02), y)
            for i, y in ((0.004, 0.0), (0.0, 0.004), (0.0, 0.013), (0.006, 0.0175))
        ],
        by(lined, iron, gold),
    ).turned("x", -90.0)
    needle = plate((0.034, 0.060), 0.003, chrome, 0.006, "y").moved(left - x, 0.0183, 0.0)
    slide = plate((0.050, 0.10), 0.003, chrome, 0.004, "y").moved(left - x - 0.026, 0.0178, 0.0)
    slit = box((0.003, 0.002, 0.014), plain("#222327"), 0.0).moved(left - x, 0.0196, 0.0)
    teeth = row(box((0.002, 0.003, 0.018), plain("#8a8d90"), 0.0), 2, (0.012, 0.0, 0.0)).moved(left - x, 0.0195)
    return join([slab, needle, slide, slit, teeth]).moved(x)


def _arm(iron: Texture, gold: Texture, left: float, right: float, deck: float, axis: float) -> Part:
    """Return pillar and arm as one casting with gilt ornaments, and the stitch-length plate on the pillar."""
    way = rounded([(right, deck - 0.004), (right - 0.004, axis), (left - 0.004, axis + 0.002)], 0.085, 12)
    way = spline(way, 46)
    share = np.linspace(0.0, 1.0, len(way))
    tall = np.interp(share, [0.0, 0.06, 0.16, 0.36, 0.50, 0.85, 1.0], [0.118, 0.092, 0.074, 0.070, 0.060, 0.050, 0.052])
    broad = np.interp(share, [0.0, 0.06, 0.16, 0.5, 1.0], [0.112, 0.086, 0.070, 0.060, 0.050])
    sections = [rounded_rect(h, w, 0.36 * min(h, w), 5) for h, w in zip(tall, broad, strict=True)]

    def ornament(position: Array, normal: Array) -> Array:
        x, y = position[:, 0], position[:, 1]
        along = (x - 0.5 * (left + right)) / (0.5 * (right - left))
        wave = 0.011 * np.sin(9.0 * np.pi * along) * (1.0 - 0.5 * np.abs(along))
        scroll = (np.abs(y - axis - wave) < 0.0022) | (np.abs(y - axis + wave) < 0.0022)
        oval = np.abs(np.hypot((x - right) / 0.020, (y - deck - 0.085) / 0.030) - 1.0) < 0.09
        core = np.hypot((x - right) / 0.008, (y - deck - 0.085) / 0.014) < 1.0
        band = np.abs(y - deck - 0.040) < 0.0022
        on = (scroll & (x < right - 0.055) & (x > left + 0.03)) | oval | core | (band & (x > right - 0.1))
        return np.asarray(on & (np.abs(normal[:, 2]) > 0.45), np.float64)

    body = sweep(sections, lift(way), by(ornament, iron, gold), up=(0.0, 0.0, 1.0), crease_deg=60.0)
    dial = lathe([(0.0, 0.0), (0.016, 0.0), (0.016, 0.004), (0.012, 0.007), (0.0, 0.008)], metal("#d3d6d9"), 28)
    lever = box((0.006, 0.020, 0.008), metal("#d3d6d9")).moved(0.0, 0.004, 0.010)
    stitch = dial.turned("x", 90.0) + lever
    return body + stitch.moved(right - 0.004, deck + 0.125, 0.034)


def _head(iron: Texture, chrome: Texture, left: float, axis: float, deck: float) -> Part:
    """Return the head at the arm's end: face plate, tension dial, take-up lever, bars, needle and presser foot."""
    low = deck + 0.082
    tall = axis + 0.030 - low
    block = plate((0.056, tall), 0.056, iron, 0.020, "x").moved(left, low + 0.5 * tall)
    face = plate((0.044, tall - 0.012), 0.006, chrome, 0.016, "x").moved(left - 0.029, low + 0.5 * tall)
    ribs = row(box((0.003, 0.004, 0.026), plain("#9a9da1"), 0.0), 6, (0.0, 0.012, 0.0)).moved(
        left - 0.033, low + 0.5 * tall
    )
    discs = [
        cylinder(r, 0.004, chrome, "z", 24).moved(left, low + 0.028, z) for r, z in ((0.014, 0.030), (0.014, 0.036))
    ]
    nut = lathe([(0.009, 0.0), (0.010, 0.008), (0.006, 0.014), (0.0, 0.015)], chrome, 20).turned("x", 90.0)
    spring = torus(0.010, 0.003, chrome, "z", 20, 6).moved(left, low + 0.028, 0.033)
    slot = box((0.006, 0.05, 0.003), plain("#1c1d20"), 0.0).moved(left - 0.008, low + 0.5 * tall + 0.014, 0.0275)
    lever = bar((left - 0.008, low + 0.075, 0.022), (left - 0.008, low + 0.082, 0.046), (0.005, 0.006), chrome)
    needle_bar = rod((left, deck + 0.042, 0.0), (left, axis + 0.048, 0.0), 0.0042, chrome, 12)
    clamp = cylinder(0.007, 0.014, chrome, segments=14).moved(left, deck + 0.046) + cylinder(
        0.0035, 0.016, chrome, "x", 10
    ).moved(left + 0.010, deck + 0.047)
    needle = tube(
        [(left, deck + 0.04, 0.0), (left, deck + 0.012, 0.0), (left, deck + 0.001, 0.0)],
        (0.0017, 0.0014, 0.0006),
        chrome,
        8,
    )
    presser = rod((left, deck + 0.014, -0.015), (left, axis + 0.040, -0.015), 0.0042, chrome, 12)
    cap = cylinder(0.007, 0.012, chrome, segments=16).moved(left, axis + 0.036, -0.015)
    shank = bar((left, deck + 0.018, -0.015), (left, deck + 0.005, -0.004), (0.012, 0.007), chrome)
    toe = plate((0.007, 0.034), 0.0035, chrome, 0.003, "y").turned("x", -4.0)
    foot = mirror(toe.moved(0.0055)).moved(left, deck + 0.0045, 0.004)
    lifter = bar((left, low + 0.012, -0.026), (left + 0.008, low - 0.018, -0.050), (0.010, 0.006), chrome)
    light = [block, face, ribs, *discs, nut.moved(left, low + 0.028, 0.037), spring, slot, lever, lifter]
    return join([*light, needle_bar, clamp, needle, presser, cap, shank, foot])


def _hand_wheel(iron: Texture, chrome: Texture, spokes: int, crank: bool) -> Part:
    """Return the balance wheel about the x axis, its rim in x = 0, with its belt groove, clutch nut and crank."""
    rim = [(0.054, -0.010), (0.062, -0.011), (0.066, -0.006), (0.066, 0.006), (0.062, 0.011), (0.054, 0.010)]
    parts = [lathe([*rim, rim[0]], iron, 48), torus(0.0665, 0.004, chrome, segments=48, sides=8)]
    hub = [(0.018, -0.018), (0.024, -0.014), (0.024, -0.008), (0.022, 0.010), (0.014, 0.014)]
    if spokes:
        blade = loft([(ellipse(0.016, 0.009, 14), 0.016), (ellipse(0.012, 0.007, 14), 0.058)], iron)
        parts.append(ring(blade, spokes))
    else:
        web = [(0.0, -0.006), (0.056, -0.004), (0.056, 0.004), (0.030, 0.007), (0.0, 0.008)]
        parts.append(lathe(web, iron, 40))
    parts.append(lathe(hub, iron, 32))
    parts.append(torus(0.031, 0.006, chrome if spokes else iron, segments=36, sides=8).moved(y=-0.012))
    nut = [(0.0, 0.008), (0.019, 0.010), (0.021, 0.016), (0.019, 0.024), (0.010, 0.027), (0.0, 0.028)]
    parts.append(lathe(nut, chrome, 30) + cylinder(0.005, 0.006, plain("#6d7074"), segments=12).moved(y=0.028))
    if crank:
        arm = bar((0.0, 0.030, 0.0), (0.0, 0.034, 0.060), (0.012, 0.007), chrome)
        grip = lathe([(0.006, 0.0), (0.010, 0.010), (0.011, 0.026), (0.007, 0.040), (0.0, 0.043)], wood("#5a3018"), 20)
        parts += [arm, grip.moved(0.0, 0.034, 0.056), cylinder(0.009, 0.012, chrome, segments=16).moved(y=0.030)]
    return join(parts).turned("z", -90.0)


def dial_telephone(seed: int) -> Mesh:
    """Build a desk telephone with a rotary dial: sloped body, finger wheel, cradle, handset and coiled cord.

    Args:
        seed: instance number; 0 is the reference, others vary colour, width, slope, dial and handset.

    Returns:
        A closed mesh about 0.15 m high, 0.31 m wide and 0.22 m deep.
    """
    v = Variant("dial_telephone", seed)
    tone = v.pick("#17181a", "#b3181e", "#e2d9c0", "#5f8f7c", "#b0632a")
    wide, deep = v.between(0.205, 0.19, 0.22), v.near(0.215, 0.06)
    top = v.between(0.100, 0.092, 0.110)
    wheel = v.pick("metal", "own", "clear")
    skin = paint(tone, 0.0 if tone == "#17181a" else 0.01, Finish(0.45, 50.0))
    body, tilt, centre = _phone_body(wide, deep, top, skin)
    white = plain("#efece0", MATT)
    finger = {"metal": metal("#c6cacd"), "own": skin, "clear": plastic("#c9d2d4")}[wheel]
    dial = _dial(white, finger, skin, v.between(0.047, 0.043, 0.049)).turned("x", tilt - 90.0)
    back = -0.5 * deep + 0.052
    rest = top + 0.007
    horns = mirror(_cradle(skin).moved(0.036, top, back))
    buttons = mirror(cylinder(0.007, 0.014, plain("#e8e6de"), segments=16).moved(0.013, top + 0.004, back))
    handset = _handset(v.near(0.115, 0.06), skin).moved(0.0, rest, back)
    foot = cylinder(0.010, 0.008, rubber("#2a2522"), segments=14).moved(0.5 * wide - 0.03, 0.0, 0.5 * deep - 0.03)
    under = plate((wide - 0.02, deep - 0.02), 0.006, plain("#55585a"), 0.02, "y").moved(y=0.003)
    return assemble(
        [
            body,
            under,
            dial.moved(0.0, float(centre[1]), float(centre[0])),
            horns,
            buttons,
            handset,
            _coil(wide, rest, back, plain(tone)),
            mirror(mirror(foot), "z"),
        ],
        seed,
    )


def _phone_body(wide: float, deep: float, top: float, skin: Texture) -> tuple[Part, float, Array]:
    """Return the case on y = 0.004, the slope of its front in degrees and where the dial sits, (z, y)."""
    rear = -0.5 * deep
    steps = [(0.0, 0.004, 0.0, 0.0), (0.004, 0.012, 0.0, 0.0), (0.010, 0.030, 0.004, 0.008)]
    steps += [(0.022, 0.055, 0.010, 0.050), (0.034, 0.078, 0.015, 0.089), (0.044, 0.094, 0.020, 0.117)]
    steps += [(0.050, 0.100, 0.026, 0.128)]
    sections = []
    for side, y, behind, before in steps:
        low, high = rear + behind, 0.5 * deep - before * deep / 0.215
        outline = rounded_rect(wide - 2.0 * side, high - low, 0.026, 6)
        sections.append((outline - np.array([0.0, 0.5 * (low + high)]), y * top / 0.100))
    body = loft(sections, skin, smooth=3, crease_deg=60.0).turned("x", -90.0)
    run = (0.117 - 0.008) * deep / 0.215
    climb = (0.094 - 0.030) * top / 0.100
    tilt = float(np.degrees(np.arctan2(climb, run)))
    middle = np.array([0.5 * deep - 0.060 * deep / 0.215, 0.0605 * top / 0.100])
    return body, tilt, middle


def _dial(white: Texture, finger: Texture, skin: Texture, radius: float) -> Part:
    """Return the dial about the z axis: bezel, number plate with marks, finger wheel with ten holes, stop and card."""
    black = plain("#1b1c1e")
    bezel = lathe(
        [
            (0.0, -0.014),
            (radius + 0.010, -0.014),
            (radius + 0.008, 0.002),
            (radius + 0.004, 0.005),
            (radius, 0.004),
            (radius - 0.001, 0.0),
            (0.0, 0.0),
        ],
        skin,
        48,
    )
    ground = cylinder(radius - 0.002, 0.004, white, segments=48).moved(y=0.0005)
    flat = (bezel + ground).turned("x", 90.0)
    place = [np.deg2rad(-25.0 - 28.0 * k + 90.0) for k in range(10)]
    holes = [ellipse(0.29 * radius, count=18) + 0.68 * radius * np.array([np.cos(a), np.sin(a)]) for a in place]
    wheel = extrude(ellipse(1.86 * radius, count=60), 0.003, finger, holes).moved(z=0.0065)
    rims = join(
        torus(0.147 * radius, 0.0022, finger, "z", 18, 6).moved(h.mean(axis=0)[0], h.mean(axis=0)[1], 0.0078)
        for h in holes
    )
    marks = []
    for a in place:
        x, y = 0.68 * radius * np.cos(a), 0.68 * radius * np.sin(a)
        marks.append(box((0.0026, 0.0065, 0.001), black, 0.0).moved(float(x), float(y), 0.003))
        marks.append(box((0.006, 0.0014, 0.001), black, 0.0).moved(float(x), float(y) + 0.0036, 0.003))
    post = cylinder(0.0035, 0.012, finger, "z", 14).moved(z=0.003)
    card = lathe(
        [(0.0, 0.0), (0.40 * radius, 0.0), (0.40 * radius, 0.002), (0.36 * radius, 0.004), (0.0, 0.0042)],
        metal("#c8ccd0"),
        36,
    )
    label = cylinder(0.30 * radius, 0.002, white, segments=32).moved(y=0.0042)
    line = row(box((0.30 * radius, 0.0012, 0.001), black, 0.0).moved(z=0.0135), 3, (0.0, 0.0035, 0.0))
    stop = bar(
        (0.94 * radius, -0.30 * radius, 0.008),
        (0.62 * radius, -0.40 * radius, 0.0105),
        (0.003, 0.003),
        metal("#d5d8da"),
    )
    middle = (card + label).turned("x", 90.0).moved(z=0.0078)
    return join([flat, wheel, rims, *marks, post, middle, line, stop])


def _cradle(skin: Texture) -> Part:
    """Return one rest of the cradle, in the plane x = 0 on y = 0: a saddle with a horn before and a horn behind."""
    half = [(0.030, -0.008), (0.046, 0.038), (0.042, 0.043), (0.036, 0.041), (0.024, 0.022), (0.017, 0.0185)]
    outline = rounded(symmetric(half), 0.006, 4, closed=True)
    return extrude(outline, 0.024, skin, bevel=0.003).turned("y", -90.0)


def _handset(reach: float, skin: Texture) -> Part:
    """Return the handset along x, its grip's middle about y = 0.01, both caps turned down and in."""
    path = spline(
        [
            (-reach, -0.002),
            (-0.8 * reach, 0.012),
            (-0.4 * reach, 0.021),
            (0.0, 0.023),
            (0.4 * reach, 0.021),
            (0.8 * reach, 0.012),
            (reach, -0.002),
        ],
        40,
    )
    share = np.abs(np.linspace(-1.0, 1.0, 40))
    sections = [rounded_rect(0.020 + 0.006 * s**3, 0.026 + 0.016 * s**4, 0.009, 5) for s in share]
    grip = sweep(sections, lift(path), skin, up=(0.0, 0.0, 1.0), crease_deg=70.0)
    shell = [(0.0, 0.012), (0.018, 0.010), (0.027, 0.003), (0.030, -0.008), (0.0305, -0.014), (0.0285, -0.0145)]
    shell += [(0.0285, -0.018), (0.0315, -0.019), (0.0315, -0.027), (0.028, -0.031), (0.012, -0.029), (0.0, -0.029)]
    cap = lathe(shell[::-1], skin, 36)
    dots = [cylinder(0.0018, 0.002, plain("#050505"), segments=8).moved(0.009, -0.0295)]
    drilled = (
        ring(dots[0], 6) + ring(dots[0].moved(0.007), 10) + cylinder(0.002, 0.002, plain("#050505")).moved(y=-0.029)
    )
    end = (cap + drilled).turned("z", 14.0).moved(reach - 0.006, 0.002)
    return grip + mirror(end)


def _coil(wide: float, rest: float, back: float, flex: Texture) -> Part:
    """Return the coiled cord from the handset's end at -x down to the case's left side."""
    x = -0.5 * wide
    spine = spline(
        [
            (-0.112, rest - 0.022, back + 0.012),
            (x - 0.034, 0.075, back + 0.02),
            (x - 0.052, 0.026, back + 0.055),
            (x - 0.040, 0.0125, back + 0.100),
            (x - 0.016, 0.014, back + 0.120),
            (x + 0.006, 0.020, back + 0.110),
        ],
        420,
    )
    run = np.gradient(spine, axis=0)
    run /= np.linalg.norm(run, axis=1, keepdims=True)
    side = np.cross(run, (0.0, 0.35, 1.0))
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    over = np.cross(run, side)
    turn = np.linspace(0.0, 2.0 * np.pi * 36.0, len(spine))[:, None]
    size = (
        0.0062 * np.clip(12.0 * np.minimum(np.linspace(0.0, 1.0, 420), np.linspace(1.0, 0.0, 420)), 0.0, 1.0)[:, None]
    )
    return tube(spine + size * (np.cos(turn) * side + np.sin(turn) * over), 0.0021, flex, 6)


def loudspeaker(seed: int) -> Mesh:
    """Build a loudspeaker box: veneered cabinet, black baffle with sunk woofer, mid-range and tweeter, port, terminals.

    Args:
        seed: instance number; 0 is the reference, others vary veneer, cones, number of drivers and proportions.

    Returns:
        A closed mesh about 0.47 m high, 0.31 m wide and 0.31 m deep.
    """
    v = Variant("loudspeaker", seed)
    veneer = v.pick("#7d4724", "#202124", "#b07c48", "#4a2a1a")
    coned = v.pick("#2b2d30", "#c9b27a", "#b8bcc0", "#d8d5cc")
    ways = v.pick(3, 2, 3)
    wide, deep = v.between(0.31, 0.28, 0.33), v.near(0.28, 0.08)
    front = plain("#191a1c", MATT)
    shell = plastic(veneer) if veneer == "#202124" else wood(veneer, "y", 0.012)
    woofer = 0.5 * wide - 0.032
    mid, dome = 0.062, 0.034
    low = 0.045 + woofer
    if ways == 3:
        drivers = [(0.0, low, woofer), (-0.055, low + woofer + 0.085, mid)]
        tweeter, vent = (0.075, low + woofer + 0.125), (0.075, low + woofer + 0.048)
        high = low + woofer + 0.175
    else:
        drivers = [(0.0, low, woofer)]
        tweeter, vent = (0.0, low + woofer + 0.065), (0.5 * wide - 0.056, low + woofer + 0.045)
        high = low + woofer + 0.125
    thick = 0.018
    wall = box((thick, high, deep), shell, 0.003).moved(0.5 * (wide - thick), 0.5 * high)
    across = shell if veneer == "#202124" else wood(veneer, "x", 0.012)
    lid = box((wide - 2.0 * thick + 0.004, thick, deep), across, 0.003)
    rear = box((wide - 0.03, high - 0.03, 0.014), plain("#26272a", MATT)).moved(0.0, 0.5 * high, 0.012 - 0.5 * deep)
    holes = [ellipse(1.86 * r, count=44) + np.array([x, y - 0.5 * high]) for x, y, r in drivers]
    holes.append(ellipse(0.044, count=24) + np.array([vent[0], vent[1] - 0.5 * high]))
    face = extrude(rounded_rect(wide - 0.034, high - 0.034, 0.002), 0.018, front, holes)
    parts = [mirror(wall), lid.moved(y=0.5 * thick), lid.moved(y=high - 0.5 * thick), rear]
    parts.append(face.moved(0.0, 0.5 * high, 0.5 * deep - 0.016))
    plane = 0.5 * deep - 0.007
    cone = plain(coned, MATT)
    parts += [_driver(r, cone, 8 if r > 0.1 else 4).moved(x, y, plane) for x, y, r in drivers]
    parts.append(_tweeter(dome).moved(tweeter[0], tweeter[1], plane))
    flare = [(0.022, -0.10), (0.022, -0.006), (0.026, 0.001), (0.029, 0.002), (0.029, -0.004), (0.025, -0.008)]
    tunnel = lathe([*flare, (0.025, -0.10), flare[0]], plain("#2a2b2e"), 32)
    stopper = cylinder(0.024, 0.004, plain("#050505", MATT), segments=24).moved(y=-0.098)
    parts.append((tunnel + stopper).turned("x", 90.0).moved(vent[0], vent[1], plane))
    parts.append(_terminals().moved(0.0, 0.24 * high, 0.004 - 0.5 * deep))
    badge = box((0.05, 0.012, 0.003), metal("#c9ccd0")).moved(0.0, 0.034, plane)
    pad = cylinder(0.014, 0.010, rubber(), segments=16).moved(0.5 * wide - 0.035, -0.003, 0.5 * deep - 0.035)
    return assemble([*parts, badge, mirror(mirror(pad), "z")], seed)


def _driver(radius: float, cone: Texture, bolts: int) -> Part:
    """Return a sunk cone driver that faces +z: basket rim, rubber roll, cone, dust cap, magnet behind, bolts."""
    r = radius
    silver, black = metal("#a4a8ac"), rubber("#1a1b1d")
    rim = [
        (0.90 * r, -0.010),
        (0.90 * r, 0.003),
        (0.93 * r, 0.006),
        (0.99 * r, 0.005),
        (1.0 * r, 0.0),
        (1.0 * r, -0.002),
    ]
    basket = lathe([*rim, rim[0]], silver, 56)
    roll = torus(0.83 * r, 0.15 * r, black, segments=56, sides=12).scaled((1.0, 0.62, 1.0)).moved(y=-0.002)
    dish = [(0.78 * r, -0.004), (0.60 * r, -0.05 * r - 0.006), (0.24 * r, -0.26 * r - 0.006)]
    dish += [(0.24 * r, -0.26 * r - 0.012), (0.62 * r, -0.05 * r - 0.012), (0.80 * r, -0.010)]
    paper = lathe([*dish, dish[0]], cone, 56, 25.0)
    lines = [
        torus(s * r, 0.003, cone, segments=48, sides=6).moved(y=-0.05 * r - 0.006 - (0.60 - s) * 0.583 * r)
        for s in (0.42, 0.52)
    ]
    cap = lathe(
        [(0.0, -0.27 * r), (0.27 * r, -0.24 * r), (0.24 * r, -0.17 * r), (0.14 * r, -0.12 * r), (0.0, -0.105 * r)],
        black,
        36,
    )
    frame = lathe(
        [
            (0.0, -0.42 * r),
            (0.45 * r, -0.42 * r),
            (0.50 * r, -0.30 * r),
            (0.88 * r, -0.012),
            (0.86 * r, -0.012),
            (0.30 * r, -0.34 * r),
            (0.0, -0.34 * r),
        ],
        plain("#3a3c3f"),
        32,
    )
    screw = cylinder(0.0045, 0.004, plain("#303235"), segments=8).moved(0.955 * r, 0.006)
    return join([basket, roll, paper, *lines, cap, frame, ring(screw, bolts, start_deg=22.5)]).turned("x", 90.0)


def _tweeter(radius: float) -> Part:
    """Return a dome tweeter on a round plate that faces +z."""
    silver, black = metal("#8a8e92"), plain("#232427")
    flange = lathe(
        [
            (0.0, -0.004),
            (1.25 * radius, -0.004),
            (1.25 * radius, 0.003),
            (1.15 * radius, 0.005),
            (0.75 * radius, 0.003),
            (0.55 * radius, -0.001),
            (0.0, -0.001),
        ],
        black,
        40,
    )
    edge = torus(1.22 * radius, 0.004, silver, segments=40, sides=8).moved(y=0.003)
    dome = lathe(
        [(0.50 * radius, -0.002), (0.46 * radius, 0.006), (0.30 * radius, 0.013), (0.0, 0.016)], plain("#b9b4a4"), 32
    )
    screw = cylinder(0.0035, 0.003, silver, segments=8).moved(1.0 * radius, 0.005)
    return join([flange, edge, dome, ring(screw, 4, start_deg=45.0)]).turned("x", 90.0)


def _terminals() -> Part:
    """Return the terminal cup on the back, facing -z: plate, red and black binding posts, four screws."""
    cup = plate((0.10, 0.075), 0.006, plain("#3a3c40"), 0.010)
    posts = []
    for x, colour in ((-0.022, "#b8202a"), (0.022, "#141517")):
        post = lathe(
            [(0.008, 0.0), (0.008, 0.010), (0.010, 0.011), (0.010, 0.024), (0.006, 0.026), (0.0, 0.026)],
            plain(colour),
            18,
        )
        posts.append(post.turned("x", -90.0).moved(x, 0.0, -0.002))
    screws = mirror(mirror(ellipsoid(0.007, metal(), 8).moved(0.043, 0.030, -0.003)), "y")
    return join([cup, *posts, screws])
