"""Working machines on wheels: a forklift and a farm tractor."""

from __future__ import annotations

import numpy as np

from objectpose.objects.kit import (
    GLASS,
    MATT,
    SATIN,
    Finish,
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
    join,
    lathe,
    leather,
    lift,
    loft,
    metal,
    mirror,
    paint,
    pipe,
    plain,
    plastic,
    plate,
    rectangle,
    resample,
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
    wheel,
)
from objectpose.objects.mesh import Mesh

_LAMP = Finish(0.6, 60.0, 1.0, 0.9)
_TRACTOR_COLOURS = (
    ("#2f7a35", "#2a5b30", "#f0c722", "#d9b62a"),
    ("#c22a22", "#8f2620", "#e6e2d6", "#2b2b2e"),
    ("#2f67ab", "#2a568f", "#e9e7de", "#2b2b2e"),
    ("#dd6a1c", "#4a4c50", "#e9e4d2", "#2b2b2e"),
)


def _lamp(radius: float, shell: Texture) -> Part:
    """Return a round head lamp that looks to +z: bowl, chrome rim, lens."""
    bowl = lathe([(0.0, -0.9 * radius), (0.5 * radius, -0.75 * radius), (radius, 0.0)], shell, 20).turned("x", 90.0)
    rim = torus(radius, 0.18 * radius, metal("#d6d9dc"), "z", 20, 8)
    lens = ellipsoid((1.9 * radius, 1.9 * radius, 0.6 * radius), paint("#f3efd8", 0.02, _LAMP), 16)
    return bowl + rim + lens


def _steering_wheel(radius: float, black: Texture) -> Part:
    """Return a steering wheel about the y axis with three spokes and a hub."""
    spoke = rod((0.0, 0.0, 0.0), (radius, 0.0, 0.0), 0.045 * radius, black, 6)
    hub = lathe(
        [(0.0, -0.2 * radius), (0.16 * radius, -0.15 * radius), (0.2 * radius, 0.06 * radius), (0.0, 0.1 * radius)],
        black,
        16,
    )
    return torus(radius, 0.15 * radius, black, segments=32, sides=8) + ring(spoke, 3, start_deg=90.0) + hub


def forklift(seed: int) -> Mesh:
    """Build a counterbalance forklift truck of about 2.5 t: 3.5 m long with its forks, 1.1 m wide, 2.2 m high.

    Coloured body and counterweight with an LPG bottle, black two-stage mast with chains, carriage, load backrest and
    two forks, overhead guard with roof bars, seat, steering wheel and levers.

    Args:
        seed: instance number; 0 is the reference, others vary the colours of body, rims and seat, the width, the mast's
            height, the forks' length and height, the roof bars, the warning stripes, and the bottle or a battery lid.

    Returns:
        A closed mesh, forks to +z.
    """
    v = Variant("forklift", seed)
    shade = v.pick("#eda815", "#d8551b", "#b3231d", "#e3b92c", "#2c7f86")
    yellow, black = paint(shade, 0.05), paint("#28292c", 0.08, SATIN)
    rim = v.pick(yellow, paint("#d9dad8", 0.04), paint("#3a3c40", 0.05))
    wide, tall = v.near(1.0, 0.06), v.near(1.0, 0.055)
    reach, raised, apart = v.near(1.0, 0.12), v.between(0.0, 0.0, 0.42), v.near(0.27, 0.18)
    bottle, along = v.pick(True, False, True), v.pick(False, True)
    warning = v.pick(("#1c1c1e", "#f2bd1a"), ("#e8e6e0", "#c3221d"), (shade, shade))
    seat, beacon = v.pick("#2f2f33", "#6b2a22", "#44474c"), v.pick("#f0780f", "#2f63c4", "#f0780f")
    drive = wheel(0.34, 0.23, rim=rim, bolts=8, treads=26).moved(0.445, 0.34, 0.62)
    steer = wheel(0.265, 0.17, rim=rim, bolts=6, treads=22).moved(0.43, 0.265, -0.86)
    truck = join(
        [
            mirror(drive + steer),
            _forklift_body(yellow, black),
            _counterweight(yellow, black, warning, bottle),
            _driver_place(black, seat),
            _overhead_guard(black, along, beacon),
            _mast(black).warped(lambda p: p * (1.0, tall, 1.0)),
            _carriage(black, reach, apart).moved(y=raised),
        ]
    )
    return assemble(truck.warped(lambda p: p * (wide, 1.0, 1.0)), seed)


def _forklift_body(yellow: Texture, black: Texture) -> Part:
    """Return frame, side steps with wheel arches, engine hood with louvres, cowl, axles and what hangs below."""
    dark = plain("#17181a", MATT)
    tub = side_profile([(-0.55, 0.26), (0.55, 0.20), (0.86, 0.26), (0.86, 0.62), (-0.55, 0.62)], 0.62, black)
    side = [
        (-0.50, 0.24),
        *arc(0.40, 196.0, 78.0, 12, (0.62, 0.34)),
        (0.71, 0.80),
        (0.50, 0.82),
        (0.30, 0.70),
        (0.12, 0.63),
    ]
    step = side_profile([*side, (-0.50, 0.63)], 0.23, yellow, 0.012).moved(0.435)
    tread = box((0.20, 0.012, 0.44), rubber("#2b2b2d")).moved(0.445, 0.634, -0.14)
    foothold = box((0.01, 0.14, 0.34), dark).moved(0.552, 0.40, -0.10) + box((0.06, 0.02, 0.36), black).moved(
        0.56, 0.325, -0.10
    )
    grab = tube(rounded([(0.50, 0.80, 0.62), (0.56, 0.92, 0.66), (0.53, 1.20, 0.60)], 0.05), 0.014, black, 8)
    hood = loft(
        [
            (rounded_rect(0.84, 0.42, 0.03), -0.74),
            (rounded_rect(0.86, 0.44, 0.05), -0.30),
            (rounded_rect(0.80, 0.42, 0.05), -0.01),
        ],
        yellow,
    ).moved(0.0, 0.84)
    louvres = row(box((0.012, 0.018, 0.30), dark).turned("z", 20.0), 6, (0.0, 0.042, 0.0)).moved(0.428, 0.84, -0.36)
    cowl = side_profile(
        [(0.52, 0.60), (0.84, 0.60), (0.82, 1.04), (0.72, 1.16), (0.60, 1.10), (0.56, 0.95)], 0.84, yellow, 0.02
    )
    knees = box((0.60, 0.46, 0.03), dark).moved(0.0, 0.84, 0.54)
    floor = box((0.66, 0.02, 0.56), rubber("#343436")).moved(0.0, 0.628, 0.24)
    pedals = join(box((0.09, 0.12, 0.02), dark).turned("x", -35.0).moved(x, 0.72, 0.46) for x in (-0.20, -0.04, 0.16))
    front_axle = cylinder(0.085, 0.76, black, "x").moved(0.0, 0.34, 0.62) + ellipsoid((0.30, 0.30, 0.32), black).moved(
        0.0, 0.32, 0.60
    )
    rear_axle = box((0.70, 0.11, 0.14), black).moved(0.0, 0.265, -0.86) + cylinder(0.03, 0.52, metal(), "x").moved(
        0.0, 0.27, -0.76
    )
    shaft = rod((0.0, 0.33, 0.5), (0.0, 0.42, -0.2), 0.03, metal("#777b80"), 10)
    sump = box((0.34, 0.16, 0.46), plain("#4a4d50")).moved(0.0, 0.24, -0.18)
    exhaust = tube(
        rounded([(0.16, 0.24, 0.0), (0.20, 0.20, -0.6), (0.20, 0.22, -1.1), (0.20, 0.34, -1.34)], 0.1),
        0.025,
        metal("#7c6a5a"),
    )
    decal = box((0.012, 0.07, 0.42), plain("#22242a")).moved(0.55, 0.55, -0.20)
    both = mirror(step + tread + foothold + grab + louvres + decal)
    return join([tub, both, hood, cowl, knees, floor, pedals, front_axle, rear_axle, shaft, sump, exhaust])


def _counterweight(yellow: Texture, black: Texture, warning: tuple[str, str], with_bottle: bool) -> Part:
    """Return the cast weight with arches for the steered wheels, the bottle or a battery lid on it, lamps, hitch."""
    outline = [(-1.27, 0.30), *arc(0.33, 176.0, 28.0, 14, (-0.86, 0.28)), (-0.50, 0.44), (-0.50, 0.98), (-0.80, 1.05)]
    outline += [
        (-0.98, 1.055),
        (-1.14, 1.03),
        (-1.25, 0.98),
        (-1.32, 0.88),
        (-1.34, 0.72),
        (-1.33, 0.46),
        (-1.30, 0.36),
    ]
    body = side_profile(outline, 1.12, yellow, 0.018)

    def taper(
        v: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    ) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        back = np.clip((-0.75 - v[:, 2]) / 0.6, 0.0, 1.0)
        return v * np.column_stack([1.0 - 0.22 * back**2, np.ones((len(v), 2))])

    stripe = by(lambda p, _n: np.mod((p[:, 0] + p[:, 1]) / 0.16, 1.0) < 0.5, paint(warning[0]), paint(warning[1]))
    band = box((0.78, 0.11, 0.02), stripe).moved(0.0, 0.58, -1.338)
    grille = box((0.46, 0.20, 0.02), plain("#141416")).moved(0.0, 0.80, -1.335)
    slats = row(box((0.46, 0.012, 0.03), black), 5, (0.0, 0.04, 0.0)).moved(0.0, 0.80, -1.342)
    hitch = pipe(0.05, 0.025, 0.06, black).moved(0.0, 0.36, -1.36) + box((0.12, 0.12, 0.04), black).moved(
        0.0, 0.36, -1.32
    )
    lamps = mirror(box((0.10, 0.07, 0.03), paint("#c3221d", 0.0)).moved(0.33, 0.86, -1.30))
    base = [body.warped(taper), band, grille, slats, hitch, lamps]
    if not with_bottle:
        lid = loft(
            [(rounded_rect(0.74, 0.60, 0.06), -0.07), (rounded_rect(0.70, 0.56, 0.06), 0.05)], yellow, crease_deg=30.0
        ).turned("x", -90.0)
        vents = row(box((0.46, 0.012, 0.022), plain("#17181a", MATT)), 7, (0.0, 0.0, 0.055))
        latch = mirror(box((0.03, 0.05, 0.10), black).moved(0.365, 0.0, 0.06))
        return join([*base, lid.moved(0.0, 1.09, -0.86), vents.moved(0.0, 1.139, -0.86), latch.moved(0.0, 1.07, -0.86)])
    steel = paint("#dfe2e3", 0.05)
    bottle = lathe(
        [
            (0.0, -0.37),
            (0.09, -0.36),
            (0.145, -0.29),
            (0.15, -0.25),
            (0.15, 0.25),
            (0.145, 0.29),
            (0.09, 0.36),
            (0.0, 0.37),
        ],
        steel,
    )
    collar = pipe(0.085, 0.072, 0.10, steel, segments=20).moved(y=0.39) + cylinder(
        0.025, 0.1, metal("#b49a4c"), segments=12
    ).moved(y=0.40)
    straps = row(pipe(0.157, 0.148, 0.035, black), 2, (0.0, 0.30, 0.0))
    cradle = row(box((0.07, 0.12, 0.26), black), 2, (0.34, 0.0, 0.0)).moved(0.0, 1.08, -1.02)
    gas = (bottle + collar + straps).turned("z", 90.0).moved(0.0, 1.245, -1.02)
    hose = tube(
        spline([(-0.42, 1.245, -1.02), (-0.50, 1.26, -0.98), (-0.46, 1.12, -0.82), (-0.36, 1.0, -0.72)], 14),
        0.011,
        rubber(),
        7,
    )
    return join([*base, gas, cradle, hose])


def _driver_place(black: Texture, seat: str) -> Part:
    """Return seat with belt, armrests, steering column, dashboard and the hydraulic levers."""
    vinyl = leather(seat)
    cushion = loft(
        [
            (rounded_rect(0.46, 0.10, 0.04), -0.24),
            (rounded_rect(0.50, 0.14, 0.06), -0.1),
            (rounded_rect(0.48, 0.11, 0.05), 0.24),
        ],
        vinyl,
        4,
    ).moved(0.0, 1.15, -0.34)
    rest = loft(
        [
            (rounded_rect(0.46, 0.10, 0.05), 0.0),
            (rounded_rect(0.48, 0.14, 0.06), 0.2),
            (rounded_rect(0.36, 0.09, 0.04), 0.54),
        ],
        vinyl,
        4,
    )
    rest = rest.turned("x", -78.0).moved(0.0, 1.14, -0.56)
    base = box((0.44, 0.06, 0.46), black).moved(0.0, 1.07, -0.34)
    arm = mirror(
        box((0.05, 0.05, 0.30), black).moved(0.28, 1.32, -0.40)
        + rod((0.28, 1.32, -0.52), (0.22, 1.20, -0.56), 0.015, black)
    )
    column = rod((0.0, 0.92, 0.62), (0.0, 1.30, 0.36), 0.035, black, 12)
    wheel_ = _steering_wheel(0.18, plastic("#1b1b1d")).turned("x", -34.0).moved(0.0, 1.31, 0.35)
    knob = ellipsoid(0.045, plain("#111113"), 10).moved(0.13, 1.38, 0.42)
    dial = cylinder(0.06, 0.02, plain("#e7e7e2"), segments=20).turned("x", -34.0).moved(-0.22, 1.165, 0.66)
    lever = rod((0.0, 1.08, 0.62), (0.0, 1.34, 0.52), 0.010, metal(), 6) + ellipsoid(0.042, plain("#b3201c"), 10).moved(
        0.0, 1.35, 0.516
    )
    return join([cushion, rest, base, arm, column, wheel_, knob, dial, row(lever, 3, (0.07, 0.0, 0.0)).moved(-0.28)])


def _overhead_guard(black: Texture, along: bool, beacon_colour: str) -> Part:
    """Return the guard over the driver: bent side frames, cross bars, work lamps, mirrors, beacon."""
    path = rounded([(0.46, 0.78, 0.72), (0.44, 2.12, 0.44), (0.44, 2.12, -0.66), (0.44, 1.00, -0.92)], 0.14)
    frame = mirror(sweep(rounded_rect(0.06, 0.09, 0.015, 2), path, black))
    ends = join(box((0.86, 0.06, 0.06), black).moved(0.0, 2.12, z) for z in (0.36, -0.60))
    slats = row(box((0.86, 0.035, 0.028), black), 7, (0.0, 0.0, 0.12)).moved(0.0, 2.13, -0.12)
    if along:
        slats = row(box((0.028, 0.035, 0.96), black), 7, (0.11, 0.0, 0.0)).moved(0.0, 2.13, -0.12)
    lamp = _lamp(0.065, black).moved(0.36, 2.01, 0.50) + rod((0.36, 2.0, 0.46), (0.42, 2.08, 0.44), 0.012, black)
    back = box((0.06, 0.14, 0.05), paint("#c3221d", 0.0)).moved(0.44, 1.86, -0.77) + box(
        (0.062, 0.05, 0.052), plain("#e08a1c")
    ).moved(0.44, 1.96, -0.745)
    glass = plate((0.11, 0.17), 0.008, plain("#a9bccb", GLASS), 0.02).moved(0.50, 1.80, 0.525) + plate(
        (0.12, 0.18), 0.02, black, 0.02
    ).moved(0.50, 1.80, 0.54)
    beacon = cylinder(0.05, 0.03, black).moved(0.25, 2.16, -0.55) + lathe(
        [(0.045, 2.17), (0.045, 2.25), (0.03, 2.28), (0.0, 2.285)], paint(beacon_colour, 0.0), 16
    ).moved(0.25, 0.0, -0.55)
    return join([frame, ends, slats, mirror(lamp + back + glass), beacon])


def _mast(black: Texture) -> Part:
    """Return the two-stage mast: outer and inner channels, cross members, lift cylinders, chains, tilt cylinders."""
    steel, chrome = metal("#6f7378"), metal("#d5d8db")

    def channel(x: float, depth: float, height: float) -> Part:
        web = box((0.025, height, depth), black).moved(x)
        flange = box((0.07, height, 0.02), black).moved(x - 0.03, 0.0, 0.5 * depth)
        return web + flange + flange.moved(z=-depth)

    outer = channel(0.40, 0.17, 1.98).moved(0.0, 1.11, 1.0)
    inner = channel(0.325, 0.12, 1.96).moved(0.0, 1.20, 1.0)
    ties = join(box((0.82, h, 0.04), black).moved(0.0, y, 0.91) for y, h in ((2.02, 0.10), (1.25, 0.08), (0.22, 0.16)))
    head = box((0.66, 0.10, 0.10), black).moved(0.0, 2.13, 1.0) + box((0.60, 0.08, 0.06), black).moved(0.0, 0.30, 1.0)
    ram = cylinder(0.042, 1.45, black, segments=16).moved(0.24, 0.87, 0.95) + cylinder(
        0.026, 0.60, chrome, segments=14
    ).moved(0.24, 1.80, 0.95)
    pulley = pipe(0.06, 0.025, 0.04, steel, "x", 20).moved(0.13, 2.07, 1.04)
    link = box((0.030, 0.026, 0.010), steel, 0.0) + box((0.014, 0.034, 0.018), plain("#3a3c3f"), 0.0).moved(y=0.0175)
    chain = row(link, 38, (0.0, 0.035, 0.0)).moved(0.13, 1.36, 1.10)
    fall = row(link, 30, (0.0, 0.035, 0.0)).moved(0.13, 1.52, 0.98)
    tilt = rod((0.34, 0.72, 0.60), (0.34, 0.88, 0.82), 0.04, black, 12) + rod(
        (0.34, 0.88, 0.82), (0.36, 0.93, 0.92), 0.022, chrome, 10
    )
    hose = tube(
        spline(
            [
                (0.06, 0.35, 0.94),
                (0.06, 1.2, 0.93),
                (0.06, 2.05, 0.96),
                (0.06, 2.1, 1.05),
                (0.06, 1.7, 1.09),
                (0.06, 0.8, 1.08),
            ],
            40,
        ),
        0.011,
        rubber(),
        6,
    )
    return mirror(outer + inner + ram + pulley + chain + fall + tilt + hose) + ties + head


def _carriage(black: Texture, reach: float, apart: float) -> Part:
    """Return the fork carriage with rollers, its load backrest and two tapered forks 1.07 m long times ``reach``."""
    worn = by(lambda p, _n: np.clip((p[:, 0] - 1.30) / 0.5, 0.0, 0.8), black, metal("#8b8e92"))
    plates = mirror(box((0.04, 0.62, 0.10), black).moved(0.26, 0.56, 1.08))
    bars = join(box((0.98, 0.11, 0.045), black).moved(0.0, y, 1.135) for y in (0.34, 0.76))
    rollers = mirror(row(cylinder(0.05, 0.05, metal("#6f7378"), "x", 16), 2, (0.0, 0.36, 0.0)).moved(0.29, 0.58, 1.0))
    path = rounded([(-0.47, 0.72, 1.13), (-0.47, 1.42, 1.13), (0.47, 1.42, 1.13), (0.47, 0.72, 1.13)], 0.05)
    frame = sweep(rectangle(0.035, 0.045), path, black)
    grid = row(box((0.028, 0.64, 0.03), black), 7, (0.118, 0.0, 0.0)).moved(0.0, 1.10, 1.13)
    rail = box((0.94, 0.03, 0.03), black).moved(0.0, 1.12, 1.128)
    outline = [
        (1.165, 0.84),
        (1.165, 0.24),
        (1.19, 0.215),
        (2.22 + 0.98 * (reach - 1.0), 0.232),
        (2.24 + 0.98 * (reach - 1.0), 0.245),
        (2.22 + 0.98 * (reach - 1.0), 0.252),
        (1.24, 0.268),
        (1.215, 0.29),
        (1.205, 0.84),
    ]
    hook = box((0.12, 0.05, 0.09), black).moved(0.0, 0.845, 1.145)
    fork = side_profile(outline, 0.13, worn, 0.004) + hook + box((0.05, 0.04, 0.05), metal()).moved(0.0, 0.885, 1.14)
    return join([plates, bars, rollers, frame, grid, rail, mirror(fork.moved(apart))])


def tractor(seed: int) -> Mesh:
    """Build a classic farm tractor of the 1960s without a cab: 3.3 m long, 1.9 m wide, 2.2 m to the exhaust's top.

    Narrow bonnet with grille and louvres over an open engine, tall lugged rear wheels under mudguards, small front
    wheels on a pivoting beam, pan seat on a spring, steering wheel, stack, three-point hitch and drawbar.

    Args:
        seed: instance: colours, length, tyres, grille, exhaust, a roll bar or a sun roof.

    Returns:
        A closed mesh, bonnet to +z.
    """
    v = Variant("tractor", seed)
    shade, casting, accent, vinyl = v.pick(*_TRACTOR_COLOURS)
    body, rim, iron = paint(shade, 0.06), paint(accent, 0.04), paint(casting, 0.12, SATIN)
    long = v.near(1.0, 0.06)
    lugs, share, tyre = v.pick(22, 18, 26), v.between(0.58, 0.54, 0.62), v.between(0.42, 0.36, 0.46)
    rear = wheel(0.78, tyre, rim=rim, rim_share=share, bolts=8, treads=lugs, tread_depth=0.055, lugs=True).moved(
        0.74, 0.78, -0.72 * long
    )
    front = wheel(
        0.39, v.between(0.19, 0.16, 0.23), rim=rim, rim_share=0.55, bolts=6, treads=24, tread_depth=0.03
    ).moved(0.62, 0.39, 1.28 * long)
    parts = [
        _bonnet(body, accent, v.pick("upright", "level", "upright"), v.between(0.0, -0.10, 0.14)),
        _engine(iron),
        _drive_line(iron),
        _front_axle(iron),
        _mudguards(body),
        _tractor_seat(body, vinyl),
        _hitch(iron),
    ]
    shelter = v.pick("none", "bar", "roof")
    if shelter != "none":
        parts.append(_shelter(shelter, body))
    return assemble([mirror(rear + front), *(part.scaled((1.0, 1.0, long)) for part in parts)], seed)


def _shelter(kind: str, body: Texture) -> Part:
    """Return a roll bar on the rear axle, 'bar', or one that carries a sun roof, 'roof'."""
    black = paint("#26282b", 0.08, SATIN)
    height = 2.12 if kind == "bar" else 2.34
    path = rounded([(-0.42, 0.84, -0.74), (-0.42, height, -0.80), (0.42, height, -0.80), (0.42, 0.84, -0.74)], 0.10, 5)
    frame = sweep(rectangle(0.075, 0.055), path, black)
    foot = mirror(box((0.16, 0.10, 0.18), black).moved(0.42, 0.86, -0.74))
    brace = mirror(rod((0.42, 1.45, -0.77), (0.55, 1.30, -0.74), 0.018, black, 8))
    if kind == "bar":
        return join([frame, foot, brace, row(_lamp(0.05, black), 2, (0.5, 0.0, 0.0)).moved(0.0, height + 0.05, -0.76)])
    sheet = loft(
        [
            (rounded_rect(1.16, 1.30, 0.12), 0.0),
            (rounded_rect(1.20, 1.34, 0.14), 0.025),
            (rounded_rect(1.10, 1.24, 0.12), 0.07),
            (rounded_rect(0.70, 0.84, 0.10), 0.085),
        ],
        body,
    )
    ribs = row(box((1.06, 0.022, 0.06), body), 5, (0.0, 0.0, 0.22)).moved(0.0, height + 0.096, -0.55)
    arms = mirror(bar((0.38, height - 0.02, -0.80), (0.38, height + 0.02, 0.0), (0.04, 0.04), black))
    return join([frame, foot, brace, sheet.turned("x", -90.0).moved(0.0, height + 0.02, -0.55), ribs, arms])


def _bonnet(body: Texture, accent: str, grille: str, raised: float) -> Part:
    """Return bonnet with louvres, nose with lamps and an 'upright' or 'level' grille, stack, air cleaner, badges."""
    dark, rim = plain("#15171a", MATT), plain(accent)

    def section(width: float, low: float, high: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        top = 0.55 * (high - low)
        side = [
            (0.5 * width, low),
            (0.5 * width, low + top),
            (0.46 * width, high - 0.06),
            (0.34 * width, high - 0.015),
            (0.0, high),
        ]
        return resample(symmetric(side), 40, closed=True)

    hood = loft(
        [(section(0.56, 1.10, 1.50), -0.02), (section(0.54, 1.10, 1.49), 0.7), (section(0.50, 1.10, 1.45), 1.36)], body
    )
    nose = loft(
        [(section(0.52, 0.66, 1.452), 1.26), (section(0.52, 0.66, 1.452), 1.50), (section(0.46, 0.68, 1.42), 1.57)],
        body,
    )
    mouth = box((0.34, 0.56, 0.02), dark).moved(0.0, 1.00, 1.572)
    bars = row(box((0.012, 0.55, 0.02), metal("#c9ccce")), 9, (0.038, 0.0, 0.0)).moved(0.0, 1.00, 1.585)
    if grille == "level":
        bars = row(box((0.34, 0.018, 0.02), metal("#c9ccce")), 10, (0.0, 0.055, 0.0)).moved(0.0, 1.00, 1.585)
    spine = box((0.03, 0.62, 0.03), rim).moved(0.0, 1.01, 1.588)
    louvres = row(box((0.012, 0.13, 0.03), dark).turned("y", 25.0), 9, (0.0, 0.0, 0.055)).moved(0.276, 1.22, 1.02)
    stripe = box((0.012, 0.05, 0.62), rim).moved(0.275, 1.26, 0.40)
    lamp = _lamp(0.085, body).moved(0.35, 1.18, 1.48) + rod((0.25, 1.16, 1.42), (0.35, 1.18, 1.42), 0.018, body)
    stack = tube(
        rounded([(-0.14, 1.44, 0.86), (-0.14, 1.60, 0.86), (-0.14, 2.18 + raised, 0.86)], 0.02),
        0.030,
        metal("#6b6560"),
        14,
    )
    muffler = cylinder(0.062, 0.42, paint("#2b2b2c", 0.1, SATIN), segments=20).moved(-0.14, 1.76, 0.86)
    cap = cylinder(0.038, 0.01, metal("#6b6560"), segments=14).turned("x", -28.0)
    cap = cap.moved(-0.14, 2.195 + raised, 0.85)
    cleaner = cylinder(0.028, 0.26, body, segments=14).moved(0.13, 1.58, 1.05) + lathe(
        [(0.0, 1.66), (0.05, 1.67), (0.06, 1.72), (0.06, 1.78), (0.04, 1.81), (0.0, 1.82)], dark, 18
    ).moved(0.13, 0.0, 1.05)
    filler = cylinder(0.04, 0.04, metal()).moved(0.0, 1.51, 0.25) + cylinder(0.03, 0.04, metal()).moved(
        0.0, 1.465, 1.40
    )
    return join([hood, nose, mouth, bars, spine, mirror(louvres + stripe + lamp), stack, muffler, cap, cleaner, filler])


def _engine(iron: Texture) -> Part:
    """Return the open four-cylinder engine with what hangs on it, and the radiator behind the nose."""
    steel, rust, dark = metal("#8b8f93"), metal("#7a5443"), plain("#1a1b1d", MATT)
    block = box((0.36, 0.42, 0.82), iron).moved(0.0, 0.82, 0.72) + box((0.30, 0.12, 0.76), iron).moved(0.0, 1.07, 0.72)
    sump = loft(
        [
            (rounded_rect(0.24, 0.14, 0.03), -0.40),
            (rounded_rect(0.30, 0.20, 0.04), 0.0),
            (rounded_rect(0.26, 0.12, 0.03), 0.42),
        ],
        iron,
    ).moved(0.0, 0.55, 0.72)
    ports = row(cylinder(0.035, 0.12, rust, "x", 12), 4, (0.0, 0.0, 0.17)).moved(-0.22, 1.0, 0.72)
    manifold = cylinder(0.045, 0.68, rust, "z", 14).moved(-0.27, 1.0, 0.72)
    riser = tube(
        rounded([(-0.27, 1.0, 0.86), (-0.27, 1.12, 0.86), (-0.14, 1.36, 0.86), (-0.14, 1.46, 0.86)], 0.06),
        0.035,
        rust,
        12,
    )
    pump = box((0.10, 0.14, 0.26), steel).moved(0.22, 0.86, 0.86)
    lines = join(
        tube(
            spline([(0.22, 0.92, 0.78 + 0.05 * i), (0.26, 1.05, 0.76 + 0.06 * i), (0.15, 1.12, 0.46 + 0.17 * i)], 8),
            0.007,
            steel,
            5,
        )
        for i in range(4)
    )
    filter_ = row(cylinder(0.05, 0.16, plain("#d9a51e"), segments=16), 2, (0.0, 0.0, 0.12)).moved(0.23, 0.86, 0.56)
    starter = cylinder(0.055, 0.26, dark, "z", 16).moved(-0.22, 0.70, 0.48) + cylinder(
        0.07, 0.16, steel, "z", 18
    ).moved(-0.24, 0.84, 1.04)
    fan = ring(box((0.20, 0.07, 0.01), plain("#b8b23a")).turned("x", 25.0).moved(0.11), 4, "z").moved(0.0, 0.98, 1.19)
    pulleys = cylinder(0.08, 0.05, dark, "z", 18).moved(0.0, 0.72, 1.16) + cylinder(0.05, 0.06, dark, "z", 16).moved(
        0.0, 0.98, 1.16
    )
    radiator = box((0.46, 0.54, 0.08), plain("#26282b")).moved(0.0, 0.98, 1.25)
    hose = tube(spline([(0.08, 1.12, 1.08), (0.08, 1.17, 1.16), (0.08, 1.16, 1.24)], 8), 0.028, rubber(), 10)
    return join([block, sump, ports, manifold, riser, pump, lines, filter_, starter, fan, pulleys, radiator, hose])


def _drive_line(iron: Texture) -> Part:
    """Return bell housing, gearbox, rear axle with its trumpets, foot boards, pedals and gear levers."""
    dark = rubber("#2c2c2e")
    case = loft(
        [
            (rounded_rect(0.44, 0.46, 0.08), -1.02),
            (rounded_rect(0.46, 0.50, 0.08), -0.45),
            (rounded_rect(0.34, 0.38, 0.06), -0.30),
            (rounded_rect(0.34, 0.38, 0.06), 0.12),
            (rounded_rect(0.42, 0.46, 0.16), 0.32),
        ],
        iron,
    ).moved(0.0, 0.80)
    flange = box((0.44, 0.48, 0.03), iron).moved(0.0, 0.80, 0.31)
    trumpet = lathe(
        [(0.0, 0.18), (0.19, 0.18), (0.19, 0.24), (0.11, 0.38), (0.10, 0.56), (0.14, 0.58), (0.14, 0.62), (0.0, 0.62)],
        iron,
        24,
    )
    axle = mirror(
        trumpet.turned("z", -90.0).moved(0.0, 0.78, -0.72)
        + cylinder(0.045, 0.20, metal("#7d8186"), "x", 14).moved(0.69, 0.78, -0.72)
    )
    board = mirror(
        box((0.30, 0.025, 0.52), dark).moved(0.34, 0.60, 0.02)
        + bar((0.18, 0.64, 0.0), (0.48, 0.58, 0.0), (0.05, 0.04), iron)
    )
    ribs = mirror(row(box((0.28, 0.012, 0.02), plain("#4a4b4d")), 7, (0.0, 0.0, 0.07)).moved(0.34, 0.617, 0.02))
    pedal = rod((0.22, 0.72, 0.06), (0.26, 0.80, 0.24), 0.014, metal(), 8) + box((0.08, 0.015, 0.09), dark).turned(
        "x", -40.0
    ).moved(0.26, 0.81, 0.25)
    lever = rod((0.0, 0.98, -0.16), (0.0, 1.22, -0.24), 0.012, metal(), 8) + ellipsoid(
        0.045, plain("#1a1a1c"), 10
    ).moved(0.0, 1.23, -0.243)
    levers = lever.moved(0.03) + lever.moved(-0.09, -0.04, 0.06)
    return join([case, flange, axle, board, ribs, mirror(pedal), levers])


def _front_axle(iron: Texture) -> Part:
    """Return front bolster, pivoting axle beam, king pins, track rod, steering links and a nose weight."""
    bolster = box((0.30, 0.22, 0.42), iron).moved(0.0, 0.66, 1.34)
    pin = cylinder(0.05, 0.34, metal("#6f7378"), "z", 16).moved(0.0, 0.54, 1.28)
    beam = mirror(bar((0.0, 0.53, 1.28), (0.50, 0.47, 1.28), (0.09, 0.12), iron))
    king = mirror(
        cylinder(0.035, 0.26, iron, segments=14).moved(0.49, 0.45, 1.28)
        + rod((0.48, 0.39, 1.28), (0.62, 0.39, 1.28), 0.035, metal(), 12)
    )
    arms = mirror(bar((0.49, 0.57, 1.28), (0.46, 0.57, 1.12), (0.04, 0.025), iron))
    track = rod((-0.46, 0.57, 1.12), (0.46, 0.57, 1.12), 0.016, metal(), 8)
    drag = rod((0.46, 0.585, 1.12), (0.30, 0.88, 0.20), 0.016, metal(), 8) + bar(
        (0.30, 0.88, 0.20), (0.2, 1.02, 0.16), (0.03, 0.05), iron
    )
    weight = row(box((0.048, 0.20, 0.12), iron), 5, (0.056, 0.0, 0.0)).moved(0.0, 0.60, 1.60)
    return join([bolster, pin, beam, king, arms, track, drag, weight])


def _mudguards(body: Texture) -> Part:
    """Return the shell mudguards over the rear wheels with inner skirts, tail lamps and a grab rail."""
    outer, thick = 0.88, 0.012
    shell = [*arc(outer, 20.0, 150.0, 20), *arc(outer - thick, 150.0, 20.0, 20)]
    top = side_profile(shell, 0.46, body, 0.0).moved(0.73, 0.78, -0.72)
    edge = lift(arc(outer, 20.0, 150.0, 20, (-0.72, 0.78)), "zy", 0.958)
    lip = tube(edge, 0.012, body, 6)
    skirt = side_profile([*arc(outer, 20.0, 150.0, 20), (-0.45, 0.12), (0.45, 0.12)], thick, body, 0.0).moved(
        0.512, 0.78, -0.72
    )
    lamp = _lamp(0.06, body).moved(0.62, 1.70, -0.58)
    red = cylinder(0.045, 0.04, paint("#b81c18", 0.0), "z", 16).moved(0.86, 1.46, -1.33)
    rail = tube(
        rounded([(0.57, 1.60, -0.90), (0.57, 1.80, -0.86), (0.57, 1.80, -0.52), (0.57, 1.62, -0.48)], 0.06),
        0.014,
        body,
        8,
    )
    stay = bar((0.19, 0.90, -0.72), (0.54, 1.10, -0.72), (0.06, 0.03), body)
    return mirror(join([top, lip, skirt, lamp, red, rail, stay]))


def _tractor_seat(body: Texture, vinyl: str) -> Part:
    """Return pan seat on its leaf spring, steering column with wheel, and the dashboard."""
    black = plastic("#1c1c1e")
    rows = []
    for z, wide, rise in (
        (-0.20, 0.36, 0.14),
        (-0.16, 0.44, 0.05),
        (0.0, 0.48, 0.0),
        (0.14, 0.44, -0.01),
        (0.20, 0.36, -0.03),
    ):
        x = np.linspace(-0.5, 0.5, 11) * wide
        low = rise + 1.6 * x**2
        rows.append(
            np.column_stack([np.concatenate([x, x[::-1]]), np.concatenate([low, low[::-1] + 0.03]), np.full(22, z)])
        )
    pan = loft(rows, leather(vinyl), 3).moved(0.0, 1.20, -0.62)
    back = side_profile([(-0.02, 0.0), (0.02, 0.0), (-0.03, 0.26), (-0.06, 0.26)], 0.40, leather(vinyl), 0.01).moved(
        0.0, 1.30, -0.83
    )
    spring = tube(
        rounded([(0.0, 1.03, -0.36), (0.0, 1.06, -0.70), (0.0, 1.20, -0.66)], 0.05), 0.022, metal("#5f6367"), 8
    )
    coil_at = np.linspace(0.0, 5.0 * 2.0 * np.pi, 70)
    coil = tube(
        np.column_stack(
            [0.045 * np.cos(coil_at), 1.03 + 0.16 * coil_at / coil_at[-1], -0.68 + 0.045 * np.sin(coil_at)]
        ),
        0.008,
        metal(),
        6,
    )
    column = rod((0.0, 1.30, 0.05), (0.0, 1.52, -0.17), 0.025, black, 10)
    steering = _steering_wheel(0.21, black).turned("x", -45.0).moved(0.0, 1.53, -0.18)
    panel = side_profile([(-0.10, 0.98), (0.02, 0.98), (0.02, 1.515), (-0.03, 1.515), (-0.10, 1.36)], 0.50, body, 0.012)
    dials = join(
        cylinder(r, 0.015, plain("#e9e9e2"), "z", 18).moved(x, 1.30, -0.105) for x, r in ((-0.14, 0.045), (0.14, 0.045))
    )
    return join([pan, back, spring, coil, column, steering, panel, dials])


def _hitch(iron: Texture) -> Part:
    """Return the three-point hitch: lift arms, lower links, top link, power take-off and drawbar."""
    steel = metal("#7d8186")
    lower = bar((0.24, 0.58, -0.92), (0.36, 0.50, -1.62), (0.03, 0.07), iron) + torus(
        0.045, 0.03, steel, "x", 16, 8
    ).moved(0.362, 0.50, -1.65)
    arm = bar((0.24, 1.04, -0.92), (0.30, 1.06, -1.28), (0.04, 0.06), iron) + rod(
        (0.30, 1.06, -1.27), (0.31, 0.53, -1.30), 0.018, steel, 8
    )
    tower = box((0.30, 0.16, 0.28), iron).moved(0.0, 1.06, -0.88) + cylinder(0.045, 0.56, steel, "x", 14).moved(
        0.0, 1.04, -0.92
    )
    top = rod((0.0, 0.98, -1.02), (0.0, 0.93, -1.55), 0.020, steel, 10) + torus(0.035, 0.025, steel, "x", 14, 8).moved(
        0.0, 0.93, -1.58
    )
    sleeve = rod((0.0, 0.965, -1.18), (0.0, 0.945, -1.38), 0.030, iron, 10)
    shaft = cylinder(0.03, 0.12, steel, "z", 12).moved(0.0, 0.74, -1.07) + cone(0.06, 0.02, iron, "z").moved(
        0.0, 0.74, -1.02
    )
    drawbar = box((0.09, 0.035, 0.85), iron).moved(0.0, 0.46, -1.10) + pipe(0.05, 0.02, 0.04, iron).moved(
        0.0, 0.46, -1.54
    )
    hanger = box((0.40, 0.12, 0.05), iron).moved(0.0, 0.52, -0.96)
    crossbar = cylinder(0.02, 0.70, steel, "x", 12).moved(0.0, 0.50, -1.65)
    return join([mirror(lower + arm), tower, top, sleeve, shaft, drawbar, hanger, crossbar])
