"""Things on thin wheels that people ride or push."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
    pipe,
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
    symmetric,
    tube,
    wheel,
    wood,
)
from objectpose.objects.mesh import Mesh

Points = NDArray[np.float64]

_FRAMES = (
    ("#c3161d", "#f0f0ec", "#26282b"),
    ("#1f57b8", "#d9dcdf", "#e4e5e6"),
    ("#e2781b", "#1d1e20", "#26282b"),
    ("#2f8a3c", "#f0e9c8", "#1f2a22"),
    ("#d9b81c", "#1d1e20", "#26282b"),
)
_TRAYS = ("#2f7a3d", "#b5281f", "#2a5aa0", "#7b8085", "#d08a1e")
_BARROW_RIMS = ("#d7d9da", "#c22c20", "#e0b322", "#3b3e42")
_HANDLES = ("#cf1f26", "#1f5fae", "#1f8a45", "#e08a12", "#7a2a86")
_BAG = (
    (0.060, 0.050, 0.918, -0.484),
    (0.084, 0.072, 0.922, -0.470),
    (0.080, 0.078, 0.922, -0.400),
    (0.050, 0.050, 0.915, -0.330),
)
_BOTTOM_BRACKET = (0.315, -0.14)
_REAR_AXLE = (0.345, -0.56)
_FRONT_AXLE = (0.345, 0.56)
_STEERING = np.array([0.0, 0.934, -0.358])
_CROWN = np.array([0.0, 0.787, 0.343])


def mountain_bike(seed: int) -> Mesh:
    """Build a hardtail mountain bike: diamond frame, suspension fork, knobbly tyres, disc brakes, derailleur gears.

    Args:
        seed: instance number; 0 is the reference, others vary colours, slope of the frame, height of saddle and bar,
            spokes, tyre walls and what is fitted.

    Returns:
        A closed mesh about 1.81 m long, 1.03 m high and 0.72 m wide; 27.5 inch wheels, the chain on the right (-x).
    """
    v = Variant("mountain_bike", seed)
    colour, sleeve, lowers = (paint(text, 0.03) for text in v.pick(*_FRAMES))
    black, steel, dark = plain("#1b1c1e"), plain("#c9ccd0", METAL), plain("#3a3c40")
    drop, rise, post = v.between(0.0, 0.0, 0.060), v.between(0.0, 0.0, 0.035), v.between(0.0, -0.045, 0.040)
    turning = _bike_wheel(black, dark, v.pick(32, 28, 36), v.pick("", "#b5895a", ""), v.pick("#b4b8bc", "#26282b"))
    raised = (0.0, 0.956 * post, -0.293 * post)
    fitted = {"": Part(), "bottle": _drink(sleeve, dark), "bag": _saddle_bag(dark).moved(*raised)}
    return assemble(
        [
            turning.moved(y=_FRONT_AXLE[0], z=_FRONT_AXLE[1]),
            turning.moved(y=_REAR_AXLE[0], z=_REAR_AXLE[1]),
            _bike_frame(colour, steel, sleeve, drop),
            _fork(black, steel, dark, lowers),
            _cockpit(black, dark, rise, drop),
            _saddle(black, steel).moved(*raised),
            fitted[v.pick("", "bottle", "bag")],
            _drivetrain(black, steel, dark),
            _brakes(black, steel),
        ],
        seed,
    )


def _bike_wheel(black: Texture, dark: Texture, spokes: int, wall: str, bright: str) -> Part:
    """Return a spoked wheel of radius 0.345 m over its knobs, about the x axis; ``wall`` colours the tyre's sides."""
    tyre, rim = rubber(), metal(bright)
    if wall:
        tyre = by(lambda _p, n: np.abs(n[:, 1]) > 0.45, tyre, plain(wall))
    core = spoked_wheel(0.340, 0.054, tyre, rim, spokes, 0.0014, 0.026, 0.110, 0.021, plain("#dfe2e4", METAL))
    knob = box((0.011, 0.009, 0.019), black, 0.0).moved(0.008, 0.3415, 0.0)
    pair = knob + knob.mirrored("x").turned("x", 3.75)
    outer = box((0.010, 0.009, 0.017), black, 0.0).turned("z", -34.0).moved(0.0205, 0.333, 0.0)
    shoulder = mirror(outer.turned("x", 1.9), "x")
    valve = rod((0.0, -0.288, 0.0), (0.0, -0.245, 0.0), 0.0035, dark)
    axle = cylinder(0.009, 0.150, dark, "x", 12)
    return join([core, ring(pair, 48, "x"), ring(shoulder, 48, "x"), valve, axle])


def _bike_frame(colour: Texture, steel: Texture, sleeve: Texture, drop: float) -> Part:
    """Return the diamond: head, top, down and seat tubes, stays, dropouts; ``drop`` shortens the seat tube."""
    (by_, bz), (ay, az) = _BOTTOM_BRACKET, _REAR_AXLE
    lower, ahead = 0.956 * drop, 0.293 * drop
    head_low, head_high = _CROWN + 0.012 * _STEERING, _CROWN + 0.125 * _STEERING
    tubes = [
        rod(head_low, head_high, 0.0235, colour, 16),
        tube([(0.0, by_, bz), (0.0, 0.56, 0.10), (0.0, 0.815, 0.335)], (0.023, 0.0255, 0.022), colour, 14),
        tube([(0.0, 0.585, 0.123), (0.0, 0.705, 0.2336)], (0.0262, 0.0248), sleeve, 14),
        tube(
            [(0.0, 0.690 - lower, ahead - 0.255), (0.0, 0.775 - 0.5 * lower, 0.03), (0.0, 0.874, 0.312)],
            (0.0165, 0.0185, 0.021),
            colour,
            14,
        ),
        rod((0.0, by_, bz), (0.0, 0.752 - lower, ahead - 0.2735), 0.0175, colour, 14),
        cylinder(0.024, 0.076, colour, "x", 20).moved(y=by_, z=bz),
        cylinder(0.0205, 0.018, steel, segments=16).turned("x", -17.0).moved(y=0.747 - lower, z=ahead - 0.272),
    ]
    chain_stay = tube(
        rounded([(0.022, by_, bz - 0.01), (0.046, 0.322, -0.235), (0.066, ay, az + 0.02)], 0.05),
        0.0115,
        colour,
        10,
    )
    seat_stay = tube(
        rounded(
            [
                (0.008, 0.712 - lower, ahead - 0.262),
                (0.046, 0.655 - lower, ahead - 0.312),
                (0.066, ay + 0.02, az + 0.004),
            ],
            0.05,
        ),
        0.0095,
        colour,
        10,
    )
    bridge = rod((-0.046, 0.655, -0.312), (0.046, 0.655, -0.312), 0.008, colour).moved(0.0, -lower, ahead)
    dropout = plate((0.050, 0.055), 0.007, colour, 0.015, "x").moved(0.068, ay, az)
    cup = cylinder(0.0265, 0.010, steel, segments=20).turned("x", -21.0)
    tubes += [cup.moved(*(_CROWN + along * _STEERING)) for along in (0.010, 0.128)]
    return join([*tubes, mirror(chain_stay + seat_stay + dropout), bridge])


def _fork(black: Texture, steel: Texture, dark: Texture, lowers: Texture) -> Part:
    """Return a suspension fork: crown, chromed stanchions, lowers with an arch, dropouts."""
    down, ahead = -_STEERING, np.array([0.0, 0.358, 0.934])

    def at(x: float, along: float, forward: float = 0.030) -> Points:
        return np.asarray(_CROWN + along * down + forward * ahead + np.array([x, 0.0, 0.0]))

    x = 0.060
    leg = join(
        [
            rod(at(x, -0.012), at(x, 0.20), 0.0155, steel, 14),
            tube([at(x, 0.115), at(x, 0.135), at(x, 0.46)], (0.0195, 0.0215, 0.0200), lowers, 14),
            rod(at(x, 0.110), at(x, 0.120), 0.0205, black, 14),
            bar(at(x, 0.455, 0.030), at(x, 0.505, 0.044), (0.018, 0.030), lowers),
            rod(at(x, -0.020), at(x, -0.010), 0.014, dark, 12),
        ]
    )
    crown = tube(
        [at(-x, 0.004), at(-0.03, -0.004, 0.012), at(0.03, -0.004, 0.012), at(x, 0.004)],
        0.0205,
        lowers,
        12,
        round_ends=True,
    )
    arch = tube(
        rounded([at(-x, 0.150, 0.032), at(-0.045, 0.098, 0.048), at(0.045, 0.098, 0.048), at(x, 0.150, 0.032)], 0.03),
        0.0105,
        lowers,
    )
    steerer = rod(_CROWN - 0.01 * _STEERING, _CROWN + 0.17 * _STEERING, 0.0155, black, 12)
    lever = tube(
        [(0.075, 0.345, 0.560), (0.085, 0.352, 0.545), (0.088, 0.385, 0.515)], 0.005, steel, 8, round_ends=True
    )
    return join([mirror(leg), crown, arch, steerer, lever])


def _cockpit(black: Texture, dark: Texture, rise: float, drop: float) -> Part:
    """Return stem, bar with its ends raised by ``rise``, grips, levers, shifters, hoses and cables."""
    grip_rubber = rubber("#17181a")
    clamp = np.array([0.0, 0.972, 0.352])
    steerer_top = _CROWN + 0.165 * _STEERING
    stem = rod(steerer_top - np.array([0.0, 0.004, 0.0]), clamp, 0.0175, black, 14)
    collar = cylinder(0.0215, 0.050, black, "x", 18).moved(*clamp)
    spacers = rod(_CROWN + 0.135 * _STEERING, _CROWN + 0.190 * _STEERING, 0.0205, black, 16)
    half = [
        (0.0, 0.972, 0.352),
        (0.06, 0.973, 0.352),
        (0.15, 0.988 + rise, 0.345),
        (0.24, 0.994 + rise, 0.333),
        (0.345, 0.997 + rise, 0.312),
    ]
    handlebar = tube(spline([*((-x, y, z) for x, y, z in half[:0:-1]), *half], 40), 0.0125, black, 12)
    grip = tube([(0.215, 0.993, 0.3375), (0.342, 0.997, 0.3125)], 0.0172, grip_rubber, 14, round_ends=True)
    flanges = rod((0.205, 0.993, 0.339), (0.214, 0.993, 0.3377), 0.021, black, 14)
    perch = box((0.022, 0.034, 0.036), dark).moved(0.183, 0.988, 0.350)
    reservoir = rod((0.150, 0.985, 0.372), (0.205, 0.985, 0.372), 0.0105, dark, 10)
    lever = tube(
        [(0.180, 0.984, 0.376), (0.205, 0.975, 0.392), (0.255, 0.968, 0.388), (0.292, 0.965, 0.378)],
        0.0062,
        dark,
        8,
        round_ends=True,
    )
    shifter = box((0.030, 0.026, 0.042), black).turned("x", 20.0).moved(0.150, 0.972, 0.345)
    sides = mirror(join([grip, flanges, perch, reservoir, lever, shifter])).moved(y=rise)
    hose = plain("#141517")
    front = [
        (0.165, 0.985 + rise, 0.385),
        (0.06, 0.975, 0.450),
        (0.02, 0.86, 0.445),
        (0.066, 0.66, 0.448),
        (0.083, 0.46, 0.512),
    ]
    rear = [
        (-0.165, 0.985 + rise, 0.385),
        (-0.04, 0.960, 0.440),
        (0.028, 0.85, 0.365),
        (0.026, 0.72, 0.262),
        (0.026, 0.55, 0.100),
        (0.026, 0.36, -0.085),
    ]
    gear = [
        (-0.150, 0.972 + rise, 0.365),
        (-0.07, 0.93, 0.420),
        (-0.030, 0.86, 0.350),
        (-0.026, 0.83, 0.22),
        (-0.023, 0.765 - 0.48 * drop, 0.0),
        (-0.021, 0.70 - 0.90 * drop, -0.22),
    ]
    lines = join(tube(spline(path, 40), 0.0026, hose, 6) for path in (front, rear, gear))
    return join([stem, collar, spacers, handlebar, sides, lines])


def _saddle(black: Texture, steel: Texture) -> Part:
    """Return saddle, rails, clamp and seat post."""
    cover = paint("#202124", 0.08)
    sections = []
    for z, wide, high, y in (
        (-0.475, 0.070, 0.018, 1.012),
        (-0.468, 0.122, 0.034, 1.010),
        (-0.440, 0.146, 0.044, 1.005),
        (-0.390, 0.136, 0.044, 1.001),
        (-0.330, 0.082, 0.042, 0.998),
        (-0.270, 0.050, 0.038, 0.998),
        (-0.215, 0.038, 0.032, 0.997),
        (-0.198, 0.020, 0.018, 0.994),
    ):
        sections.append((np.add(rounded_rect(wide, high, 0.46 * high), (0.0, y)), z))
    shell = loft(sections, cover, smooth=3, crease_deg=60.0)
    rail = tube(
        rounded([(0.035, 0.985, -0.455), (0.024, 0.963, -0.420), (0.022, 0.963, -0.300), (0.010, 0.985, -0.235)], 0.03),
        0.0038,
        steel,
        8,
    )
    post = rod((0.0, 0.58, -0.2207), (0.0, 0.945, -0.3325), 0.0142, black, 14)
    clamp = box((0.058, 0.026, 0.042), black).moved(0.0, 0.957, -0.345)
    return join([shell, mirror(rail), post, clamp])


def _gear(teeth: int, radius: float, depth: float, bore: float, texture: Texture) -> Part:
    """Return a toothed ring about the x axis; ``radius`` to the roots, teeth 4 mm high."""
    angle = np.arange(4 * teeth) * (0.5 * np.pi / teeth)
    reach = np.tile([radius, radius, radius + 0.004, radius + 0.004], teeth)
    outline = np.stack([np.cos(angle), np.sin(angle)], axis=1) * reach[:, None]
    return extrude(outline, depth, texture, [ellipse(2.0 * bore, count=24)], bevel=0.0).turned("y", 90.0)


def _drivetrain(black: Texture, steel: Texture, dark: Texture) -> Part:
    """Return chainrings, cranks, pedals, cassette, chain and both derailleurs."""
    (cy, cz), (ay, az) = _BOTTOM_BRACKET, _REAR_AXLE
    rings = _gear(36, 0.080, 0.003, 0.066, dark).moved(x=-0.054) + _gear(26, 0.058, 0.003, 0.044, steel).moved(x=-0.046)
    spider = ring(bar((-0.054, 0.0, 0.0), (-0.054, 0.070, 0.0), (0.006, 0.018), steel), 4, "x", 45.0)
    bolts = ring(cylinder(0.006, 0.010, steel, "x", 8).moved(-0.055, 0.069, 0.0), 4, "x", 45.0)
    spindle = cylinder(0.015, 0.150, dark, "x", 16)
    arm = loft(
        [(ellipse(0.016, 0.034, 14), 0.0), (ellipse(0.013, 0.024, 14), 0.08), (ellipse(0.013, 0.026, 14), 0.175)], steel
    )
    boss = cylinder(0.019, 0.020, steel, "x", 16)
    arm = (arm + boss + cylinder(0.013, 0.018, steel, "x", 14).moved(z=0.175)).moved(x=-0.078)
    pedal = _pedal(black, steel).moved(x=-0.136)
    right = _crank(arm, pedal, 12.0)
    left = _crank(arm, pedal, 192.0).mirrored("x")
    front = join([rings, spider, bolts, spindle, right, left]).moved(y=cy, z=cz)
    teeth = ((11, 0.019), (14, 0.025), (17, 0.031), (20, 0.037), (24, 0.043), (28, 0.050), (34, 0.060))
    cassette = join(
        _gear(count, radius, 0.0022, 0.014, steel).moved(x=-0.056 + 0.0048 * k)
        for k, (count, radius) in enumerate(teeth)
    )
    lock = cylinder(0.017, 0.040, dark, "x", 16).moved(x=-0.040)
    pulley = _gear(11, 0.018, 0.004, 0.004, black)
    upper, lower = (-0.047, 0.262, -0.545), (-0.047, 0.182, -0.505)
    cage = join(bar((x, 0.268, -0.548), (x, 0.176, -0.502), (0.002, 0.020), dark) for x in (-0.053, -0.041))
    body = bar((-0.072, 0.330, -0.565), (-0.060, 0.264, -0.545), (0.022, 0.024), dark) + cylinder(
        0.014, 0.020, dark, "x", 14
    ).moved(-0.072, 0.325, -0.567)
    mech = join([pulley.moved(*upper), pulley.moved(*lower), cage, body])
    cable = tube(
        spline(
            [(-0.072, 0.315, -0.580), (-0.075, 0.320, -0.625), (-0.072, 0.365, -0.610), (-0.066, 0.372, -0.535)], 14
        ),
        0.0024,
        black,
        6,
    )
    changer = box((0.014, 0.050, 0.060), dark).turned("x", 15.0).moved(-0.046, cy + 0.092, cz - 0.022)
    path = [
        *arc(0.082, -90.0, 88.0, 18, (cz, cy)),
        *arc(0.046, 90.0, 235.0, 12, (az, ay)),
        *arc(0.020, 20.0, -40.0, 5, (upper[2], upper[1])),
        *arc(0.020, 165.0, 265.0, 7, (lower[2], lower[1])),
    ]
    run = lift(path, "zy", -0.049)
    run[:18, 0] = -0.054
    links = sweep(rounded_rect(0.008, 0.008, 0.002, 1), run, plain("#8b8e92", METAL), closed=True)
    return join([front, (cassette + lock).moved(y=ay, z=az), mech, cable, changer, links])


def _crank(arm: Part, pedal: Part, angle_deg: float) -> Part:
    """Return a crank arm, ahead at 0 and down at 90 degrees, with a level pedal at its end."""
    angle = np.deg2rad(angle_deg)
    return arm.turned("x", angle_deg) + pedal.moved(y=-0.175 * float(np.sin(angle)), z=0.175 * float(np.cos(angle)))


def _pedal(black: Texture, steel: Texture) -> Part:
    """Return a platform pedal beside its axle, which starts at the origin and runs to -x."""
    hole = rounded_rect(0.030, 0.026, 0.006, 2)
    outline = rounded_rect(0.094, 0.098, 0.016, 3)
    cage = extrude(
        outline, 0.016, black, [np.add(hole, (dx, dy)) for dx in (-0.022, 0.022) for dy in (-0.026, 0.026)], bevel=0.0
    )
    pins = row(row(cylinder(0.0022, 0.024, steel, segments=6, bevel=0.0), 3, (0.036, 0.0, 0.0)), 2, (0.0, 0.0, 0.086))
    axle = rod((0.058, 0.0, 0.0), (-0.050, 0.0, 0.0), 0.006, steel)
    return cage.turned("x", 90.0) + pins + axle


def _drink(colour: Texture, dark: Texture) -> Part:
    """Return a drinking bottle in its cage on the down tube."""
    side = [(0.0, -0.095), (0.030, -0.095), (0.036, -0.088), (0.036, 0.030), (0.032, 0.040), (0.036, 0.050)]
    flask = lathe([*side, (0.036, 0.068), (0.026, 0.084), (0.013, 0.088), (0.0, 0.088)], colour, 28)
    cap = cylinder(0.012, 0.026, dark, segments=16).moved(y=0.098)
    hoops = join(pipe(0.040, 0.0355, 0.006, dark, segments=28).moved(y=y) for y in (-0.070, 0.012))
    spine = mirror(bar((0.014, -0.100, -0.037), (0.014, 0.060, -0.037), (0.005, 0.005), dark))
    foot = bar((0.0, -0.098, -0.040), (0.0, -0.098, 0.030), (0.034, 0.004), dark)
    lugs = join(cylinder(0.007, 0.050, dark, "z", 10).moved(0.0, y, -0.055) for y in (-0.055, 0.030))
    cage = join([flask, cap, hoops, spine, foot, lugs]).mirrored("z")
    return cage.turned("x", 44.4).moved(y=0.520, z=-0.040)


def _saddle_bag(dark: Texture) -> Part:
    """Return a bag under the back of the saddle, strapped to rails and post."""
    flap = paint("#2a2c30", 0.08)
    sections = [(np.add(rounded_rect(w, h, 0.4 * h), (0.0, y)), z) for w, h, y, z in _BAG]
    straps = mirror(bar((0.024, 0.985, -0.420), (0.024, 0.905, -0.420), (0.018, 0.004), dark))
    reflector = plate((0.040, 0.022), 0.006, plain("#c8261e"), 0.005).moved(0.0, 0.920, -0.487)
    tie = bar((0.0, 0.905, -0.300), (0.0, 0.905, -0.350), (0.040, 0.018), dark)
    return join([loft(sections, flap, 3, 60.0), straps, reflector, tie])


def _brakes(black: Texture, steel: Texture) -> Part:
    """Return the discs with their arms and the callipers, on the left side."""
    disc = pipe(0.088, 0.070, 0.0022, steel, "x", 40)
    arms = ring(bar((0.0, 0.014, 0.0), (0.0, 0.074, 0.018), (0.0022, 0.009), steel), 6, "x")
    carrier = cylinder(0.022, 0.008, black, "x", 18)
    rotor = join([disc, arms, carrier]).moved(x=0.046)
    calliper = box((0.034, 0.062, 0.040), black)
    front = calliper.turned("x", -30.0).moved(0.056, _FRONT_AXLE[0] + 0.085, _FRONT_AXLE[1] - 0.065)
    rear = calliper.turned("x", 40.0).moved(0.056, _REAR_AXLE[0] + 0.078, _REAR_AXLE[1] + 0.030)
    return join([rotor.moved(y=y, z=z) for y, z in (_FRONT_AXLE, _REAR_AXLE)] + [front, rear])


def shopping_cart(seed: int) -> Mesh:
    """Build a supermarket trolley: tapered wire basket, child seat, red handle, chromed chassis, four castors.

    Args:
        seed: instance number; 0 is the reference, others vary length, width, height, taper, mesh, colours of plastic
            and metal, the front band, the rack and the wheels.

    Returns:
        A closed mesh about 1.06 m long, 0.59 m wide and 1.04 m high.
    """
    v = Variant("shopping_cart", seed)
    red = plastic(v.pick(*_HANDLES))
    tone, tone_wire = v.pick(
        ("#c6cace", "#c3c7cb"), ("#b3b9be", "#aab0b5"), ("#d3d0c6", "#cfccc2"), ("#bcc4cc", "#b7bfc7")
    )
    chrome, wire = metal(tone), plain(tone_wire, METAL)
    wide, tall, long = v.near(1.0, 0.10), v.near(1.0, 0.07), v.near(1.0, 0.12)
    taper = v.between(0.0, -0.06, 0.12)
    mesh = v.pick((27, 7), (20, 6), (33, 8))
    band, rack = v.pick(True, False, True), v.pick(True, True, False)
    tread = v.pick("#2b2c2e", "#8b8f93", "#45474a")

    def stretched(p: Points) -> Points:
        narrow = 1.0 - taper * (p[:, 2] + 0.45) / 0.95
        high = np.where(p[:, 1] > 0.14, 0.14 + (p[:, 1] - 0.14) * tall, p[:, 1])
        return p if seed == 0 else np.column_stack([p[:, 0] * wide * narrow, high, p[:, 2] * long])

    upper = [
        _basket(chrome, wire, red, mesh, band),
        _child_seat(wire, red),
        _chassis(chrome, wire, rack),
        _pushing_handle(chrome, red),
    ]
    places = stretched(np.array([[0.262, 0.0, -0.415], [0.150, 0.0, 0.385]]))
    return assemble([join(upper).warped(stretched), _castors(tread, places)], seed)


_RIM = ((0.270, 0.965, -0.425), (0.205, 0.905, 0.500))
_FLOOR = ((0.232, 0.545, -0.385), (0.165, 0.600, 0.430))


def _panel(corners: ArrayLike, across: int, up: int, radius: float, texture: Texture) -> Part:
    """Return a grid of wires over four corners (low left, low right, high right, high left), borders among them.

    Args:
        corners: 4 x 3.
        across: number of wires that run from low to high.
        up: number of wires that run from left to right.
        radius: of the wires, metres; the two sets lie on one another.
        texture: of the wires.
    """
    a, b, c, d = np.asarray(corners, np.float64)
    normal = np.cross(b - a, d - a)
    lift_off = 0.8 * radius * normal / np.linalg.norm(normal)
    wires = []
    for t in np.linspace(0.0, 1.0, across):
        wires.append(rod(a + t * (b - a) + lift_off, d + t * (c - d) + lift_off, radius, texture, 6))
    for t in np.linspace(0.0, 1.0, up):
        wires.append(rod(a + t * (d - a) - lift_off, b + t * (c - b) - lift_off, radius, texture, 6))
    return join(wires)


def _left(point: tuple[float, float, float]) -> tuple[float, float, float]:
    return (-point[0], point[1], point[2])


def _basket(chrome: Texture, wire: Texture, red: Texture, mesh: tuple[int, int], banded: bool) -> Part:
    """Return floor, sides, front and rear gate of wires, the rim and the corner bumpers."""
    back, front = _RIM
    low_back, low_front = _FLOOR
    thin = 0.0026
    along, up = mesh
    side = _panel((low_back, low_front, front, back), along, up, thin, wire)
    floor = _panel((low_back, _left(low_back), _left(low_front), low_front), 15, 14, thin, wire)
    nose = _panel((low_front, _left(low_front), _left(front), front), along // 2, up, thin, wire)
    gate = _panel((low_back, _left(low_back), (-0.255, 0.780, -0.408), (0.255, 0.780, -0.408)), 14, 5, thin, wire)
    rim = tube(rounded(symmetric([back, front]), 0.045, 5, closed=True), 0.0065, chrome, 8, closed=True)
    keel = tube(rounded(symmetric([low_back, low_front]), 0.03, 4, closed=True), 0.0055, chrome, 8, closed=True)
    bumper = box((0.026, 0.075, 0.026), red, 0.006).moved(front[0] + 0.002, front[1] - 0.022, front[2] + 0.002)
    band = bar((0.205, 0.872, 0.506), (-0.205, 0.872, 0.506), (0.006, 0.050), red)
    parts = [mirror(side), floor, nose, gate, rim, keel, mirror(bumper)]
    return join([*parts, band] if banded else parts)


def _child_seat(wire: Texture, red: Texture) -> Part:
    """Return the fold-down seat behind the gate: plastic flap, wire back rest, leg openings."""
    flap = plate((0.440, 0.150), 0.008, red, 0.025, "y").moved(0.0, 0.786, -0.325)
    rest_low, rest_high = (0.215, 0.790, -0.250), (0.235, 0.951, -0.205)
    rest = _panel((rest_low, _left(rest_low), _left(rest_high), rest_high), 13, 4, 0.0026, wire)
    pad = extrude(rounded_rect(0.30, 0.10, 0.03), 0.008, red).turned("x", 14.0).moved(0.0, 0.890, -0.216)
    bars = mirror(
        _panel(
            ((0.255, 0.780, -0.408), (0.205, 0.780, -0.408), (0.205, 0.960, -0.424), (0.262, 0.960, -0.424)),
            3,
            3,
            0.0026,
            wire,
        )
    )
    middle = _panel(
        ((0.035, 0.780, -0.408), (-0.035, 0.780, -0.408), (-0.035, 0.960, -0.424), (0.035, 0.960, -0.424)),
        3,
        3,
        0.0026,
        wire,
    )
    hinge = rod((-0.2545, 0.951, -0.205), (0.2545, 0.951, -0.205), 0.0042, wire)
    return join([flap, rest, pad, bars, middle, hinge])


def _chassis(chrome: Texture, wire: Texture, racked: bool) -> Part:
    """Return the tubes under the basket: base, uprights, carriers, braces, and the lower rack."""
    r = 0.0125
    base = tube(
        rounded(
            [(0.265, 0.150, -0.450), (0.160, 0.165, 0.420), (-0.160, 0.165, 0.420), (-0.265, 0.150, -0.450)], 0.07, 6
        ),
        r,
        chrome,
        12,
    )
    upright = tube(
        rounded(
            [
                (0.262, 0.150, -0.430),
                (0.252, 0.520, -0.330),
                (0.262, 0.640, -0.415),
                (0.282, 0.985, -0.455),
                (0.282, 1.015, -0.520),
            ],
            0.06,
            5,
        ),
        r,
        chrome,
        12,
    )
    carrier = tube([(0.250, 0.520, -0.335), (0.2226, 0.540, -0.270), (0.169, 0.583, 0.380)], 0.0085, chrome, 10)
    link = rod((0.264, 0.963, -0.400), (0.282, 0.963, -0.452), 0.0065, chrome)
    strut = rod((0.250, 0.505, -0.335), (0.205, 0.160, 0.050), 0.008, chrome, 10)
    cross = [
        rod((-x, y, z), (x, y, z), 0.009, chrome, 10)
        for x, y, z in ((0.264, 0.152, -0.43), (0.240, 0.520, -0.325), (0.170, 0.582, 0.365))
    ]
    corners = ((0.250, 0.164, -0.430), (-0.250, 0.164, -0.430), (-0.118, 0.181, 0.418), (0.118, 0.181, 0.418))
    parts = [base, mirror(join([upright, carrier, link, strut])), *cross]
    return join([*parts, _panel(corners, 11, 4, 0.0028, wire)] if racked else parts)


def _pushing_handle(chrome: Texture, red: Texture) -> Part:
    """Return the plastic handle with its brackets and coin lock."""
    grip = tube([(-0.245, 1.018, -0.520), (0.245, 1.018, -0.520)], 0.0165, red, 16)
    core = rod((-0.284, 1.018, -0.520), (0.284, 1.018, -0.520), 0.0115, chrome, 12)
    bracket = box((0.034, 0.046, 0.052), plastic("#3a3c40"), 0.008).moved(0.268, 1.012, -0.515)
    lock = box((0.052, 0.044, 0.050), plastic("#55585c"), 0.006).moved(0.170, 1.020, -0.522)
    return join([grip, core, mirror(bracket), lock])


def _castors(colour: str, places: Points) -> Part:
    """Return four castors at the two places and their mirror images: rubber wheels in zinc forks on swivel heads."""
    zinc, tread, hub = metal("#9fa4a8"), rubber(colour), plastic("#7d8286")
    tyre = lathe(
        [(0.030, -0.015), (0.058, -0.015), (0.0625, -0.010), (0.0625, 0.010), (0.058, 0.015), (0.030, 0.015)], tread, 32
    ).turned("z", 90.0)
    core = cylinder(0.044, 0.034, hub, "x", 28) + cylinder(0.012, 0.046, zinc, "x", 12)
    cheek = (
        extrude([(-0.012, -0.012), (0.012, -0.012), (0.030, 0.070), (-0.022, 0.070)], 0.003, zinc)
        .turned("y", 90.0)
        .moved(0.021)
    )
    head = box((0.046, 0.006, 0.054), zinc).moved(0.0, 0.070, -0.004) + cylinder(0.017, 0.034, zinc, segments=16).moved(
        0.0, 0.082, -0.010
    )
    castor = join([tyre, core, mirror(cheek), head]).moved(y=0.0625)
    return mirror(join(castor.moved(float(x), 0.0, float(z)) for x, _, z in places))


def wheelbarrow(seed: int) -> Mesh:
    """Build a builder's wheelbarrow: pressed steel tray, tubular frame, one pneumatic wheel in front.

    Args:
        seed: instance number; 0 is the reference, others vary the tray's width, depth and colour, the length, reach
            and material of the handles, the paint of the frame, and tyre and rim.

    Returns:
        A closed mesh about 1.79 m long, 0.66 m wide and 0.68 m high; the wheel measures 0.38 m.
    """
    v = Variant("wheelbarrow", seed)
    tray = paint(v.pick(*_TRAYS), 0.08, blotch_m=0.2)
    zinc = metal("#a7abaf")
    steel = v.pick(paint("#34373a", 0.06), metal("#a3a7ab"), paint("#3a2c26", 0.08))
    wide, deeper = v.near(1.0, 0.12), v.between(0.0, -0.02, 0.08)
    longer, lift_m = v.between(0.0, -0.06, 0.14), v.between(0.0, -0.03, 0.06)
    grip, grip_long = v.pick((rubber("#161718"), 0.13), (wood("#b98546", "z", 0.010), 0.30), (plastic("#b8271f"), 0.15))
    rim, rim_share, tyre_wide = v.pick(*_BARROW_RIMS), v.near(0.52, 0.12), v.near(0.090, 0.14)
    return assemble(
        [
            _tray(tray, wide, deeper),
            _barrow_frame(steel, zinc, deeper, (longer, lift_m), grip, grip_long),
            _barrow_wheel(zinc, rim, rim_share, tyre_wide),
        ],
        seed,
    )


def _tray(colour: Texture, wide: float, deeper: float) -> Part:
    """Return the tray, 4 mm thick with a rolled rim, worn inside; ``wide`` a factor, ``deeper`` metres of its rim."""
    worn = patches(colour, plain("#8a7a66"), 0.10, 0.20, 0.25)

    def level(
        wide_back: float, wide_front: float, back: float, front: float, y_back: float, y_front: float, corner: float
    ) -> Points:
        flat = rounded(
            [(-wide_back, back), (wide_back, back), (wide_front, front), (-wide_front, front)], corner, 6, closed=True
        )
        share = (flat[:, 1] - back) / (front - back)
        return np.column_stack([flat[:, 0], y_back + share * (y_front - y_back), flat[:, 1]])[::-1]

    rim = level(0.325 * wide, 0.280 * wide, -0.430, 0.500, 0.640 + deeper, 0.670 + deeper, 0.12)
    low = level(0.235, 0.185, -0.300, 0.160, 0.372, 0.372, 0.09)
    floor = level(0.205, 0.155, -0.270, 0.130, 0.355, 0.355, 0.08)
    inner_rim = rim * (0.987, 1.0, 0.990)
    inner_low = low * (0.980, 1.0, 0.985) + (0.0, 0.007, 0.0)
    inner_floor = floor * (0.98, 1.0, 0.98) + (0.0, 0.006, 0.0)
    middle = floor.mean(axis=0)
    tips = [np.broadcast_to(np.add(middle, (0.0, dy, 0.0)), rim.shape) for dy in (0.0, 0.006)]
    sides = [0.5 * (low + rim) + (0.0, -0.008, 0.0)]
    inner_sides = [0.5 * (inner_low + inner_rim) + (0.0, -0.008, 0.0)]
    outside = [tips[0], floor, low, *sides, rim]
    inside = [inner_rim, *inner_sides, inner_low, inner_floor, tips[1]]
    shell = loft([*outside, *inside], by(lambda _p, n: 0.5 + 3.0 * (n[:, 1] - 0.1), colour, worn), crease_deg=55.0)
    rolled = tube(np.subtract(rim, (0.0, 0.002, 0.0)), 0.0105, colour, 10, closed=True)
    bolt = ellipsoid((0.022, 0.010, 0.022), plain("#b9bdc0"), 10)
    bolts = mirror(bolt.moved(0.15, 0.363, -0.20) + bolt.moved(0.12, 0.363, 0.06))
    return join([shell, rolled, bolts])


def _barrow_frame(
    steel: Texture, zinc: Texture, deeper: float, reach: tuple[float, float], grip: Texture, grip_long: float
) -> Part:
    """Return side tubes with grips, the guard around the wheel, legs, braces, struts and axle brackets."""
    end = np.array([0.285, 0.620 + reach[1], -0.960 - reach[0]])
    half = [
        (0.285, 0.620 + reach[1], -0.960 - reach[0]),
        (0.270, 0.560, -0.700),
        (0.200, 0.335, -0.260),
        (0.160, 0.335, 0.140),
        (0.082, 0.205, 0.470),
        (0.082, 0.190, 0.790),
    ]
    path = rounded(symmetric(half), 0.09, 6)
    rail = tube(path, 0.0165, steel, 12)
    along = np.array([-0.015, -0.060 - reach[1], 0.260 + reach[0]]) / (0.260 + reach[0])
    handle = tube([end, end + grip_long * along], 0.0205, grip, 14, round_ends=True)
    rings = join(
        rod(end + 0.13 * t * along, end + (0.13 * t + 0.016) * along, 0.0225, grip, 14) for t in (0.1, 0.35, 0.6)
    )
    leg = tube(
        rounded(
            [(0.178, 0.330, -0.020), (0.225, 0.018, -0.330), (0.225, 0.018, -0.440), (0.236, 0.440, -0.480)], 0.05, 5
        ),
        0.0145,
        steel,
        12,
    )
    foot = box((0.046, 0.008, 0.150), steel).moved(0.225, 0.004, -0.385)
    brace = rod((-0.226, 0.135, -0.445), (0.226, 0.135, -0.445), 0.0105, steel, 10)
    diagonal = bar((0.222, 0.140, -0.452), (-0.201, 0.345, -0.258), (0.022, 0.005), steel)
    strut_z = 0.380 - 0.214 * deeper / (0.298 + deeper)
    strut = bar((0.088, 0.225, 0.560), (0.115, 0.560, strut_z), (0.026, 0.006), steel)
    strap = bar((0.188, 0.356, -0.200), (-0.188, 0.356, -0.200), (0.036, 0.012), steel).moved(y=-0.006)
    front_strap = bar((0.164, 0.350, 0.080), (-0.164, 0.350, 0.080), (0.036, 0.012), steel)
    bracket = plate((0.070, 0.060), 0.007, zinc, 0.012, "x").moved(0.078, 0.196, 0.600)
    nut = prism(6, 0.014, 0.016, zinc, "x").moved(0.090, 0.192, 0.600)
    sides = mirror(join([handle, rings, leg, foot, strut, bracket, nut]))
    return join([rail, sides, brace, diagonal, diagonal.mirrored("x").moved(z=0.006), strap, front_strap])


def _barrow_wheel(zinc: Texture, rim: str, rim_share: float, wide: float) -> Part:
    """Return the pneumatic wheel on its axle."""
    turning = wheel(0.190, wide, rim=paint(rim, 0.03), rim_share=rim_share, bolts=4, treads=26, tread_depth=0.03)
    return (turning + cylinder(0.010, 0.180, zinc, "x", 12)).moved(y=0.190, z=0.600)
