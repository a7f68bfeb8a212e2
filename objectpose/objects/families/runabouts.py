"""Small open vehicles: golf cart, motor scooter, Ford Model T. The right-hand side is -x."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from objectpose.objects.kit import (
    GLOSS,
    MATT,
    Part,
    Texture,
    Variant,
    assemble,
    bar,
    bent,
    box,
    cylinder,
    ellipsoid,
    extrude,
    frustum,
    hull,
    join,
    leather,
    lift,
    loft,
    metal,
    mirror,
    over_arches,
    paint,
    plain,
    plate,
    ring,
    rod,
    rounded,
    rounded_rect,
    row,
    rubber,
    side_profile,
    spline,
    spoked_wheel,
    strip,
    symmetric,
    torus,
    tube,
    wheel,
    wood,
)
from objectpose.objects.mesh import Mesh

Array = NDArray[np.float64]

_BLACK, _DARK, _BRIGHT = plain("#191a1c"), plain("#2c2e31", MATT), plain("#d5d9dc", GLOSS)
_RED, _AMBER, _CLEAR = plain("#d3181f", GLOSS), plain("#f09a28", GLOSS), plain("#f4f4ea", GLOSS)

_CARTS = (
    ("#f2f1ec", "#d9c7a3", "#efeee8"),
    ("#1e5c3a", "#d8c6a0", "#e3d6b6"),
    ("#b3201f", "#e9e2d2", "#26272a"),
    ("#28407a", "#cfc9bd", "#efeee8"),
)
"""Colours of body, seats and roof."""
_SCOOTERS = (("#8fc8b8", "#5a3320"), ("#e9d9a8", "#3a241a"), ("#7fb2d6", "#1c1c1e"), ("#c4271f", "#1c1c1e"))
"""Colours of body and seat."""
_TOURERS = (("#17181a", "#b98d4a"), ("#1a2d21", "#b98d4a"), ("#421817", "#b98d4a"), ("#1c2438", "#b98d4a"))
"""Colours of body and wheels."""


def golfcart(seed: int) -> Mesh:
    """Build a golf cart for two with a canopy, 2.5 m long, 1.2 m wide and 1.85 m high.

    Args:
        seed: instance number; others vary the colours, wheelbase, canopy and wheels and what is at the back.

    Returns:
        A closed mesh in metres.
    """
    v = Variant("golfcart", seed)
    body, seat, roof = v.pick(*_CARTS)
    skin, base, top = paint(body, 0.02), v.near(0.80, 0.06), v.near(1.84, 0.03)
    return assemble(
        [
            _cart_body(skin, base),
            _cart_seats(leather(seat), v.pick("bags", "bench", "bags")),
            _cart_canopy(paint(roof, 0.02), top, v.pick("plain", "plain", "screen")),
            _cart_controls(),
            _cart_wheels(base, v.pick(0, 5, 8)),
        ],
        seed,
    )


def motor_scooter(seed: int) -> Mesh:
    """Build a classic Italian motor scooter with a pressed-steel body, 1.75 m long and 1.1 m high without mirrors.

    Args:
        seed: instance number; others vary the colours, the cowls, the bars, the seat, the mirrors and a rack.

    Returns:
        A closed mesh in metres.
    """
    v = Variant("motor_scooter", seed)
    body, seat = v.pick(*_SCOOTERS)
    skin = paint(body, 0.02)
    wide, bars = v.near(0.24, 0.08), v.near(0.33, 0.06)
    return assemble(
        [
            _scooter_front(skin),
            _scooter_steering(skin, bars, v.pick(2, 1, 2)),
            _scooter_rear(skin, wide),
            _scooter_seat(leather(seat), v.pick("long", "stepped", "long")),
            _scooter_rack() if v.pick(False, True, False) else Part(),
        ],
        seed,
    )


def model_t(seed: int) -> Mesh:
    """Build a brass-era Ford Model T touring car, 3.5 m long, 1.7 m wide and 2.1 m high with the top up.

    Args:
        seed: instance number; others vary colours, brass, spokes, height, upper body (open or closed), trunk.

    Returns:
        A closed mesh in metres.
    """
    v = Variant("model_t", seed)
    body, wheels = v.pick(*_TOURERS)
    skin = paint(body, 0.03)
    brass = metal(v.pick("#c79a3a", "#b8862b", "#d0a848"))
    radius, top = v.near(0.39, 0.03), v.near(2.06, 0.02)
    closed = v.pick(False, True, False)
    return assemble(
        [
            _t_nose(skin, brass),
            _t_body(skin, brass),
            _t_saloon(skin, top) if closed else _t_top(paint("#211f1d", 0.08, MATT, 0.05), top),
            _t_trunk() if v.pick(False, False, True) else Part(),
            _t_fenders(paint("#141517", 0.03)),
            _t_wheels(radius, wood(wheels, "x"), v.pick(12, 12, 14)),
            _t_chassis(),
        ],
        seed,
    )


def _cart_body(skin: Texture, base: float) -> Part:
    """Return the front cowl, the floor, the rear body with its arches, bumpers, lamps and rocker panels."""
    front = over_arches(
        0.40, 0.30, [(base, 0.23, 0.29)], [(1.18, 0.30), (1.22, 0.40), (1.20, 0.56), (1.06, 0.76), (0.66, 0.93)]
    )
    front = np.concatenate([front, [(0.52, 0.96), (0.44, 0.90)]])
    cowl = side_profile(front, 1.16, skin, 0.03)

    def tapered(v: Array) -> Array:
        return np.column_stack(
            [v[:, 0] * (1.0 - 0.22 * np.clip((v[:, 2] - 0.85) / 0.4, 0.0, 1.0) ** 2), v[:, 1], v[:, 2]]
        )

    lamp = cylinder(0.075, 0.05, _BLACK, "z", 18) + ellipsoid((0.13, 0.13, 0.05), _CLEAR, 14).moved(z=0.025)
    lamp = lamp.turned("x", -15.0).moved(0.36, 0.6, 1.18)
    badge = plate((0.2, 0.07), 0.02, plain("#c9a227", GLOSS), 0.02).turned("x", -35.0).moved(0.0, 0.68, 1.13)
    grille = row(box((0.36, 0.012, 0.02), _BLACK, 0.0), 4, (0.0, 0.028, 0.0)).moved(0.0, 0.48, 1.212)
    bumper = bent([(-0.42, 0.34, 1.1), (-0.38, 0.36, 1.28), (0.38, 0.36, 1.28), (0.42, 0.34, 1.1)], 0.035, _BLACK, 0.1)
    rear = over_arches(
        -1.18, 0.32, [(-base, 0.23, 0.29)], [(-0.26, 0.32), (-0.22, 0.6), (-0.28, 0.66), (-1.0, 0.68), (-1.2, 0.6)]
    )
    tail = side_profile(rear, 1.16, skin, 0.03)
    floor = box((1.1, 0.06, 0.9), plain("#3a3c3e", MATT), 0.01).moved(0.0, 0.30, 0.1) + row(
        box((1.0, 0.012, 0.03), _BLACK, 0.0), 8, (0.0, 0.0, 0.07)
    ).moved(0.0, 0.334, 0.1)
    sides = [box((0.05, 0.12, 0.72), _BLACK, 0.02).moved(0.57, 0.32, 0.09)]
    sides.append(box((0.05, 0.1, 0.04), _RED).moved(0.48, 0.5, -1.2))
    for z in (base, -base):
        lip = [(z + 0.30 * np.cos(a), 0.23 + 0.30 * np.sin(a)) for a in np.deg2rad(np.linspace(170.0, 15.0, 14))]
        sides.append(strip(lip, 0.03, 0.02, _BLACK).moved(0.578 if z < 0 else 0.566))
    sides.append(box((0.012, 0.02, 0.46), _DARK, 0.0).moved(0.58, 0.58, -0.42))
    back = box((1.0, 0.1, 0.07), _BLACK, 0.02).moved(0.0, 0.38, -1.22)
    return join([(cowl + mirror(lamp)).warped(tapered), badge, grille, bumper, tail, floor, mirror(join(sides)), back])


def _cart_seats(hide: Texture, rear: str) -> Part:
    """Return the bench with its back and side rails, and behind it the bag well with straps or a second bench."""
    cushion = box((1.04, 0.13, 0.5), hide, 0.04).moved(0.0, 0.74, -0.42)
    seams = row(box((0.012, 0.012, 0.46), _DARK, 0.0), 2, (0.06, 0.0, 0.0)).moved(0.0, 0.803, -0.42)
    backs = mirror(box((0.48, 0.36, 0.1), hide, 0.04).turned("x", -10.0).moved(0.26, 1.06, -0.72))
    rail = bent([(0.55, 0.66, -0.25), (0.57, 0.92, -0.3), (0.57, 0.94, -0.66), (0.55, 0.66, -0.74)], 0.016, _BLACK)
    stays = mirror(bar((0.4, 0.66, -0.72), (0.4, 1.2, -0.79), (0.04, 0.03), _BLACK))
    parts = [cushion, seams, backs, mirror(rail), stays]
    if rear == "bench":
        parts += [
            box((1.0, 0.12, 0.42), hide, 0.04).moved(0.0, 0.74, -1.02),
            box((1.0, 0.34, 0.08), hide, 0.035).moved(0.0, 1.0, -0.85),
        ]
        parts.append(
            box((1.0, 0.05, 0.4), _DARK).moved(0.0, 0.36, -1.42)
            + mirror(bar((0.45, 0.36, -1.6), (0.45, 0.6, -1.15), (0.04, 0.04), _DARK))
        )
        parts.append(
            mirror(
                bent([(0.53, 0.66, -0.84), (0.53, 0.94, -0.9), (0.53, 0.92, -1.2), (0.53, 0.66, -1.18)], 0.016, _BLACK)
            )
        )
        return join(parts)
    well = box((0.96, 0.04, 0.3), _BLACK).moved(0.0, 0.45, -1.36) + box((0.96, 0.1, 0.03), _BLACK).moved(
        0.0, 0.49, -1.5
    )
    well += mirror(box((0.03, 0.1, 0.34), _BLACK).moved(0.47, 0.49, -1.35))
    hoop = bent([(-0.46, 0.6, -1.12), (-0.46, 1.12, -1.16), (0.46, 1.12, -1.16), (0.46, 0.6, -1.12)], 0.018, _BLACK)
    cradle = bent(
        [(-0.42, 1.0, -1.16), (-0.3, 1.0, -1.34), (0.0, 1.0, -1.22), (0.3, 1.0, -1.34), (0.42, 1.0, -1.16)],
        0.016,
        _BLACK,
    )
    straps = mirror(
        box((0.05, 0.03, 0.2), _DARK).moved(0.3, 1.03, -1.25) + box((0.06, 0.06, 0.03), _BRIGHT).moved(0.3, 1.0, -1.35)
    )
    basket = box((0.9, 0.03, 0.28), _BLACK).moved(0.0, 0.72, -1.0) + row(
        rod((0.0, 0.72, -1.14), (0.0, 0.92, -1.14), 0.008, _BLACK, 5), 12, (0.076, 0.0, 0.0)
    )
    basket += rod((-0.44, 0.92, -1.14), (0.44, 0.92, -1.14), 0.012, _BLACK, 6)
    return join([*parts, well, hoop, cradle, straps, basket])


def _cart_canopy(roof: Texture, top: float, front: str) -> Part:
    """Return the roof on its four struts with hand grips, and a windscreen frame with a folded pane."""
    sheet = loft(
        [
            (rounded_rect(1.18, 1.86, 0.16, 6), 0.0),
            (rounded_rect(1.2, 1.88, 0.17, 6), 0.03),
            (rounded_rect(1.06, 1.74, 0.16, 6), 0.06),
            (rounded_rect(0.7, 1.3, 0.16, 6), 0.075),
        ],
        roof,
    )
    sheet = sheet.turned("x", -90.0).moved(0.0, top - 0.04, -0.22)
    under = plate((1.08, 1.76), 0.02, plain("#cfcdc6"), 0.14, "y").moved(0.0, top - 0.045, -0.22)
    low = [(0.5, 0.8, 0.76), (0.5, 0.95, 0.72), (0.5, top - 0.1, 0.5), (0.48, top - 0.03, 0.4)]
    back = [(0.52, 0.5, -1.14), (0.52, 0.8, -1.14), (0.5, top - 0.1, -1.0), (0.48, top - 0.03, -0.9)]
    posts = mirror(bent(low, 0.02, _BLACK, 0.1) + bent(back, 0.02, _BLACK, 0.1))
    cross = join(rod((-0.5, top - 0.05, z), (0.5, top - 0.05, z), 0.016, _BLACK, 8) for z in (0.42, -0.92))
    grips = mirror(
        bent(
            [(0.5, top - 0.05, 0.2), (0.5, top - 0.13, 0.18), (0.5, top - 0.13, -0.1), (0.5, top - 0.05, -0.12)],
            0.012,
            _BLACK,
            0.04,
        )
    )
    parts = [sheet, under, posts, cross, grips]
    if front == "screen":
        parts.append(box((0.98, 0.44, 0.015), plain("#9fb7c2", GLOSS)).turned("x", -14.0).moved(0.0, 1.14, 0.695))
        parts.append(join(box((1.0, 0.03, 0.03), _BLACK).moved(0.0, y, z) for y, z in ((0.93, 0.745), (1.36, 0.64))))
    return join(parts)


def _cart_controls() -> Part:
    """Return dash, steering wheel on its column, pedals, cup holders, score card clip and key."""
    dash = box((1.06, 0.16, 0.1), plain("#26282a"), 0.03).turned("x", 12.0).moved(0.0, 0.86, 0.44)
    cups = row(cylinder(0.045, 0.1, _BLACK, segments=16), 4, (0.24, 0.0, 0.0)).moved(0.0, 0.9, 0.40)
    wheel_ = torus(0.17, 0.028, _BLACK, "y", 32, 8) + cylinder(0.05, 0.04, _BLACK, segments=16)
    wheel_ += ring(box((0.03, 0.012, 0.16), _DARK, 0.0).moved(0.0, 0.0, 0.085), 3) + box(
        (0.1, 0.006, 0.14), _CLEAR, 0.0
    ).moved(0.0, 0.025)
    wheel_ = wheel_.turned("x", -50.0).moved(0.27, 1.02, 0.18)
    column = rod((0.27, 1.02, 0.18), (0.27, 0.62, 0.52), 0.025, _BLACK, 10)
    pedals = join(box((0.08, 0.1, 0.02), _DARK).turned("x", -40.0).moved(x, 0.4, 0.46) for x in (0.2, 0.36))
    pedals += join(rod((x, 0.4, 0.47), (x, 0.32, 0.52), 0.012, _DARK, 6) for x in (0.2, 0.36))
    plug = cylinder(0.02, 0.03, _BRIGHT, "z", 12).moved(0.05, 0.86, 0.385)
    return join([dash, cups, wheel_, column, pedals, plug])


def _cart_wheels(base: float, spokes: int) -> Part:
    """Return the wheels, axles, springs, frame rails, motor and battery tray."""
    rim = plain("#e9e9e4", GLOSS) if spokes == 0 else metal("#c9cdd0")
    tyre = wheel(0.23, 0.2, rubber(), rim, 0.56, spokes=spokes, bolts=5, treads=26, tread_depth=0.03)
    parts = [mirror(tyre.moved(0.47, 0.23, z)) for z in (base, -base)]
    parts += [rod((-0.45, 0.23, z), (0.45, 0.23, z), 0.03, _DARK, 10) for z in (base, -base)]
    parts.append(mirror(bar((0.3, 0.27, -base - 0.3), (0.3, 0.27, -base + 0.3), (0.05, 0.04), _DARK)))
    parts.append(mirror(box((0.06, 0.08, 2.2), _DARK).moved(0.22, 0.29, 0.0)))
    parts.append(cylinder(0.12, 0.3, plain("#55595e"), "x", 18).moved(0.1, 0.25, -base))
    parts.append(box((0.7, 0.1, 0.4), plain("#3f4347")).moved(0.0, 0.28, -0.35))
    return join(parts)


def _scooter_front(skin: Texture) -> Part:
    """Return the leg shield with its bright rim and horn cover, glove box, ribbed floor, mudguard, fork and wheel."""
    half = spline([(0.0, 0.93), (0.13, 0.91), (0.22, 0.80), (0.245, 0.62), (0.22, 0.42), (0.17, 0.28)], 18)
    outline = symmetric(half)

    def wrapped(v: Array) -> Array:
        lean = 0.44 - 0.30 * (v[:, 1] - 0.45) - 1.9 * v[:, 0] ** 2
        curl = -1.5 * np.clip(0.42 - v[:, 1], 0.0, None) ** 1.5
        return np.column_stack([v[:, 0], v[:, 1], v[:, 2] + lean + curl])

    shield = extrude(outline, 0.03, skin, bevel=0.004)
    rim = tube(lift(half, "xy"), 0.013, _BRIGHT, 8)
    sheet = shield.warped(wrapped) + mirror(rim.warped(wrapped))
    tie = loft(
        [
            (rounded_rect(0.07, 0.05, 0.02), 0.0),
            (rounded_rect(0.1, 0.07, 0.03), 0.22),
            (rounded_rect(0.13, 0.08, 0.03), 0.42),
        ],
        skin,
        2,
    )
    tie = tie.turned("x", -90.0).turned("x", -17.0).moved(0.0, 0.44, 0.46)
    slots = row(box((0.07, 0.01, 0.02), _BLACK, 0.0), 5, (0.0, 0.022, -0.007)).moved(0.0, 0.77, 0.405)
    box_ = box((0.26, 0.24, 0.10), skin, 0.04).turned("x", -17.0).moved(0.0, 0.62, 0.295)
    floor = strip(rounded([(0.26, 0.262), (-0.1, 0.26), (-0.24, 0.42)], 0.12, 5), 0.38, 0.03, skin)
    toe = [(0.15, 0.29, 0.375), (0.15, 0.47, 0.382), (0.01, 0.29, 0.41), (0.01, 0.47, 0.425), (0.19, 0.248, 0.22)]
    floor += hull([(s * x, y, z) for s in (-1.0, 1.0) for x, y, z in (*toe, (0.19, 0.274, 0.22))], skin)
    ribs = row(box((0.016, 0.014, 0.34), _BLACK).moved(0.0, 0.28, 0.06), 6, (0.06, 0.0, 0.0))
    edge = mirror(box((0.014, 0.03, 0.4), _BRIGHT).moved(0.19, 0.262, 0.08))
    guard = ellipsoid((0.19, 0.34, 0.54), skin, 32).moved(0.0, 0.31, 0.60)
    crest = box((0.014, 0.025, 0.14), _BRIGHT, 0.006).turned("x", 14.0).moved(0.0, 0.475, 0.68)
    fork = bent([(0.0, 0.5, 0.5), (0.1, 0.42, 0.54), (0.1, 0.23, 0.62)], 0.022, metal("#a9adb1"), 0.06)
    damper = cylinder(0.017, 0.2, _BRIGHT, segments=14).turned("x", -20.0).moved(0.11, 0.33, 0.66)
    damper += (
        row(torus(0.022, 0.012, _DARK, segments=14, sides=6), 6, (0.0, 0.024, 0.0))
        .turned("x", -20.0)
        .moved(0.11, 0.33, 0.66)
    )
    hub = cylinder(0.06, 0.14, metal("#a9adb1"), "x", 20).moved(0.02, 0.22, 0.62)
    return join([sheet, tie, slots, box_, floor, ribs, edge, guard, crest, fork, damper, hub]) + join(
        [_scooter_wheel().moved(0.0, 0.22, 0.62)]
    )


def _scooter_wheel() -> Part:
    """Return a small wheel with a pale wall."""
    white = torus(0.155, 0.05, plain("#efece2"), "x", 40, 8).scaled((1.47, 1.0, 1.0))
    return wheel(0.22, 0.095, rubber(), metal("#d3d6d9"), 0.6, bolts=5, treads=0) + white


def _scooter_steering(skin: Texture, half: float, mirrors: int) -> Part:
    """Return the head tube, headset with lamp and speedometer, handlebars with grips and levers, and mirrors."""
    tube_ = rod((0.0, 0.42, 0.53), (0.0, 0.98, 0.36), 0.04, skin, 14)
    head = ellipsoid((0.22, 0.17, 0.26), skin, 24).moved(0.0, 1.01, 0.38)
    lamp = join(
        [
            cylinder(0.088, 0.08, skin, "z", 28),
            torus(0.083, 0.02, _BRIGHT, "z", 28, 8).moved(z=0.04),
            ellipsoid((0.155, 0.155, 0.06), _CLEAR, 20).moved(z=0.035),
        ]
    ).moved(0.0, 1.02, 0.48)
    dial = (
        (cylinder(0.05, 0.03, _BRIGHT, segments=20) + cylinder(0.043, 0.034, _CLEAR, segments=20))
        .turned("x", -25.0)
        .moved(0.0, 1.09, 0.35)
    )
    path = rounded([(0.0, 1.02, 0.36), (0.16, 1.04, 0.33), (half, 1.04, 0.27)], 0.06)
    side = [tube(path, np.linspace(0.042, 0.02, len(path)), skin, 12)]
    side.append(rod((half - 0.02, 1.04, 0.275), (half + 0.11, 1.04, 0.245), 0.021, rubber("#26282a"), 12))
    side.append(torus(0.022, 0.012, _BRIGHT, "x", 16, 6).moved(half + 0.105, 1.04, 0.246))
    side.append(
        bent([(half - 0.08, 1.03, 0.32), (half - 0.02, 1.03, 0.34), (half + 0.1, 1.02, 0.30)], 0.008, _BRIGHT, 0.03)
    )
    glass = bent([(half - 0.08, 1.04, 0.3), (half - 0.04, 1.2, 0.31), (half + 0.02, 1.25, 0.30)], 0.007, _BRIGHT, 0.05)
    glass += cylinder(0.058, 0.02, _BRIGHT, "z", 24).moved(half + 0.05, 1.27, 0.30)
    glass += cylinder(0.05, 0.006, plain("#9fb3c0", GLOSS), "z", 24).moved(half + 0.05, 1.27, 0.288)
    pair = mirror(glass) if mirrors == 2 else glass
    blinkers = mirror(ellipsoid((0.04, 0.05, 0.05), _AMBER, 12).moved(half + 0.12, 1.04, 0.243))
    return join([tube_, head, lamp, dial, mirror(join(side)), pair, blinkers])


def _scooter_rear(skin: Texture, wide: float) -> Part:
    """Return the frame's tail with the engine cowls, air slots, tail lamp, plate, engine, exhaust, stand and wheel."""

    def section(width: float, low: float, high: float) -> Array:
        outline = rounded_rect(width, high - low, 0.42 * min(width, high - low), 6)
        return np.asarray(outline + np.array([0.0, 0.5 * (low + high)]))

    spine = loft(
        [
            (section(0.10, 0.36, 0.60), -1.0),
            (section(0.22, 0.34, 0.70), -0.88),
            (section(0.28, 0.36, 0.74), -0.60),
            (section(0.26, 0.34, 0.74), -0.36),
            (section(0.22, 0.26, 0.70), -0.20),
            (section(0.18, 0.26, 0.60), -0.14),
        ],
        skin,
        4,
    )
    bulge = loft(
        [
            (section(0.02, 0.42, 0.46), -1.0),
            (section(0.7 * wide, 0.35, 0.58), -0.88),
            (section(wide, 0.29, 0.66), -0.62),
            (section(0.94 * wide, 0.28, 0.66), -0.42),
            (section(0.6 * wide, 0.30, 0.60), -0.24),
            (section(0.02, 0.40, 0.44), -0.16),
        ],
        skin,
        5,
    ).moved(0.17)
    edge = 0.17 + 0.5 * wide
    strip = tube(
        spline(
            [
                (edge - 0.06, 0.44, -0.85),
                (edge + 0.004, 0.46, -0.62),
                (edge - 0.002, 0.45, -0.42),
                (edge - 0.04, 0.44, -0.28),
            ],
            14,
        ),
        0.008,
        _BRIGHT,
        6,
    )
    vents = row(box((0.02, 0.012, 0.13), _BLACK, 0.0), 5, (0.0, 0.022, 0.0)).moved(edge - 0.006, 0.55, -0.52)
    lamp = box((0.1, 0.07, 0.05), _BRIGHT, 0.015).moved(0.0, 0.60, -0.955) + box((0.08, 0.05, 0.04), _RED, 0.012).moved(
        0.0, 0.60, -0.975
    )
    number = box((0.2, 0.14, 0.01), plain("#e9e9e4")).turned("x", 14.0).moved(0.0, 0.46, -1.02) + bar(
        (0.0, 0.5, -0.95), (0.0, 0.46, -1.02), (0.05, 0.02), _DARK
    )
    blinkers = mirror(
        ellipsoid((0.05, 0.05, 0.05), _AMBER, 12).moved(0.14, 0.52, -0.95)
        + rod((0.04, 0.52, -0.93), (0.14, 0.52, -0.95), 0.01, _BRIGHT, 6)
    )
    engine = box((0.2, 0.18, 0.36), plain("#6d7074"), 0.04).moved(-0.06, 0.28, -0.5) + cylinder(
        0.08, 0.2, metal("#a9adb1"), "x", 20
    ).moved(0.0, 0.22, -0.62)
    muffler = cylinder(0.05, 0.3, metal("#8b8d90"), "z", 18).moved(-0.15, 0.2, -0.62) + rod(
        (-0.15, 0.2, -0.75), (-0.17, 0.2, -0.9), 0.016, metal("#8b8d90"), 8
    )
    muffler += rod((-0.15, 0.2, -0.5), (-0.05, 0.26, -0.4), 0.016, metal("#8b8d90"), 8)
    stand = mirror(bent([(0.06, 0.25, -0.2), (0.12, 0.1, -0.28), (0.16, 0.03, -0.3)], 0.012, _BRIGHT, 0.04))
    return join([spine, mirror(bulge + strip + vents), lamp, number, blinkers, engine, muffler, stand]) + join(
        [_scooter_wheel().moved(0.0, 0.22, -0.62)]
    )


def _scooter_seat(hide: Texture, kind: str) -> Part:
    """Return a seat for two: one long pad with a strap, or a stepped one."""

    def pad(rear: float, front: float, width: float, low: float, high: float) -> Part:
        middle = np.array([0.0, 0.5 * (low + high)])
        full = rounded_rect(width, high - low, 0.45 * (high - low), 5) + middle
        small = middle + (full - middle) * (0.55, 0.6)
        slim = middle + (full - middle) * (0.75, 0.92)
        gap = front - rear
        return loft(
            [
                (small, rear),
                (full, rear + 0.12 * gap),
                (full, rear + 0.5 * gap),
                (slim, front - 0.12 * gap),
                (small * (0.7, 1.0), front),
            ],
            hide,
            4,
        )

    base = box((0.2, 0.05, 0.62), _BLACK).moved(0.0, 0.72, -0.52)
    strap = box((0.292, 0.014, 0.03), _DARK).moved(0.0, 0.838, -0.5) + mirror(
        box((0.01, 0.06, 0.03), _DARK).moved(0.142, 0.80, -0.5)
    )
    if kind == "stepped":
        return join([pad(-0.56, -0.08, 0.28, 0.72, 0.82), pad(-0.95, -0.48, 0.27, 0.73, 0.88), base])
    return join([pad(-0.92, -0.08, 0.28, 0.72, 0.84), base, strap])


def _scooter_rack() -> Part:
    """Return a bright carrier behind the seat."""
    side = [(0.1, 0.66, -0.84), (0.12, 0.78, -1.0), (0.12, 0.8, -1.2)]
    frame = bent(symmetric(side), 0.009, _BRIGHT, 0.05)
    frame += row(rod((0.0, 0.79, -0.98), (0.0, 0.8, -1.2), 0.007, _BRIGHT, 6), 3, (0.06, 0.0, 0.0))
    frame += rod((-0.12, 0.785, -1.0), (0.12, 0.785, -1.0), 0.008, _BRIGHT, 6)
    return frame + mirror(rod((0.12, 0.79, -1.15), (0.05, 0.56, -0.93), 0.008, _BRIGHT, 6))


def _t_nose(skin: Texture, brass: Texture) -> Part:
    """Return radiator, bonnet with louvres, head and side lamps, crank, horn and number plate."""
    shape = rounded(symmetric([(0.24, 0.60), (0.24, 1.02), (0.13, 1.12), (0.10, 1.17)]), 0.04, 3, True)
    inner = rounded(symmetric([(0.20, 0.66), (0.20, 0.99), (0.12, 1.04)]), 0.03, 3, True)
    shell = extrude(shape, 0.12, brass, bevel=0.012).moved(z=1.30)
    core = extrude(inner, 0.02, _BLACK).moved(z=1.36) + row(
        box((0.008, 0.35, 0.012), plain("#5c5f63"), 0.0), 16, (0.024, 0.0, 0.0)
    ).moved(0.0, 0.83, 1.37)
    core += row(box((0.38, 0.006, 0.012), plain("#5c5f63"), 0.0), 8, (0.0, 0.042, 0.0)).moved(0.0, 0.83, 1.372)
    cap = cylinder(0.05, 0.03, brass, segments=20).moved(0.0, 1.18, 1.3) + cylinder(
        0.035, 0.05, brass, segments=8
    ).moved(0.0, 1.21, 1.3)

    def arch(width: float, high: float) -> Array:
        half = 0.5 * width
        return symmetric([(half, 0.60), (half, high - 0.12), (0.6 * half, high - 0.015), (0.0, high)])

    bonnet = loft([(arch(0.62, 1.22), 0.55), (arch(0.46, 1.11), 1.26)], skin, 1, 20.0)
    cowl = loft([(arch(0.98, 1.24), 0.28), (arch(0.92, 1.24), 0.36), (arch(0.66, 1.23), 0.56)], skin, 3, 20.0)
    louvre = (
        row(box((0.02, 0.2, 0.022), skin).turned("y", 30.0), 7, (0.0, 0.0, 0.06))
        .turned("y", -6.0)
        .moved(0.272, 0.82, 0.92)
    )
    hinge = rod((0.0, 1.225, 0.56), (0.0, 1.115, 1.26), 0.008, brass, 6) + mirror(
        rod((0.19, 1.2, 0.56), (0.14, 1.095, 1.26), 0.006, _DARK, 6)
    )
    straps = mirror(
        box((0.02, 0.05, 0.03), brass).moved(0.3, 0.66, 0.7) + box((0.02, 0.05, 0.03), brass).moved(0.255, 0.66, 1.15)
    )
    lamp = frustum(0.07, 0.115, 0.12, brass, "z", 28) + torus(0.112, 0.022, brass, "z", 28, 8).moved(z=0.06)
    lamp += ellipsoid((0.2, 0.2, 0.05), plain("#e8e6d8", GLOSS), 18).moved(z=0.055) + cylinder(
        0.03, 0.05, brass, segments=14
    ).moved(y=0.11)
    lamp = lamp.moved(0.36, 0.92, 1.42) + bent(
        [(0.36, 0.82, 1.42), (0.36, 0.72, 1.40), (0.36, 0.56, 1.3)], 0.015, _BLACK, 0.05
    )
    oil = (
        box((0.1, 0.13, 0.1), brass, 0.02)
        + cylinder(0.045, 0.02, _CLEAR, "z", 18).moved(z=0.055)
        + cylinder(0.03, 0.06, brass, segments=14).moved(y=0.09)
    )
    oil = oil.moved(0.5, 1.18, 0.44) + rod((0.4, 1.14, 0.4), (0.5, 1.14, 0.44), 0.012, brass, 6)
    crank = bent([(0.0, 0.52, 1.28), (0.0, 0.52, 1.46), (0.0, 0.36, 1.48), (0.0, 0.36, 1.60)], 0.012, _DARK, 0.03)
    number = box((0.34, 0.14, 0.015), plain("#e6e3d6")).moved(0.0, 0.52, 1.5) + mirror(
        bar((0.12, 0.55, 1.28), (0.12, 0.52, 1.5), (0.02, 0.02), _DARK)
    )
    horn = (
        frustum(0.012, 0.05, 0.24, brass, "z", 18).moved(0.55, 1.0, 0.58)
        + ellipsoid((0.08, 0.08, 0.11), _BLACK, 14).moved(0.55, 1.0, 0.42)
        + rod((0.45, 1.0, 0.42), (0.55, 1.0, 0.44), 0.012, brass, 6)
    )
    return join(
        [shell, core, cap, bonnet, cowl, mirror(louvre), hinge, straps, mirror(lamp + oil), crank, number, horn]
    )


def _t_body(skin: Texture, brass: Texture) -> Part:
    """Return the open tub with doors and buttoned seats, windscreen frame, steering wheel, levers and pedals."""
    end = -1.42
    side = [(0.32, 0.60), (0.32, 1.23), (-0.02, 1.16), (-0.26, 1.16), (-0.44, 1.30), (-0.58, 1.30), (-0.64, 1.16)]
    side += [(-0.98, 1.16), (-1.16, 1.32), (end + 0.04, 1.34), (end, 1.2), (end + 0.06, 0.60)]
    wall = side_profile(side, 0.04, skin, 0.008).moved(0.50)
    back = box((1.0, 0.74, 0.05), skin, 0.02).moved(0.0, 0.97, end + 0.03)
    floor = box((1.0, 0.05, 0.34 - end), _DARK).moved(0.0, 0.62, 0.5 * (end + 0.3))
    edge = tube([(0.50, y + 0.004, z) for z, y in side[1:-1]], 0.018, _BLACK, 8)
    seams = []
    for z0, z1 in ((-0.02, -0.42), (-0.66, -1.0)):
        path = [(0.521, 1.16, z0), (0.521, 0.68, z0), (0.521, 0.68, z1), (0.521, 1.16, z1)]
        seams.append(join(bar(a, b, (0.008, 0.014), _BLACK, 0.0) for a, b in pairwise(path)))
        seams.append(box((0.03, 0.02, 0.09), brass).moved(0.53, 1.08, z1 + 0.08))
    stripe = box((0.006, 0.012, 0.28 - end), plain("#8f7a45")).moved(0.521, 0.92, 0.5 * (end + 0.26))
    parts = [mirror(join([wall, edge, stripe, *seams])), back, floor]
    hide = leather("#2a2321")
    for z in (-0.30, -1.10):
        parts.append(
            box((0.94, 0.16, 0.48), hide, 0.05).moved(0.0, 0.92, z) + box((0.94, 0.26, 0.44), skin).moved(0.0, 0.74, z)
        )
        rolls = row(box((0.128, 0.46, 0.1), hide, 0.04), 7, (0.134, 0.0, 0.0)).turned("x", -10.0)
        parts.append(
            rolls.moved(0.0, 1.14, z - 0.24)
            + row(box((0.128, 0.05, 0.46), hide, 0.02), 7, (0.134, 0.0, 0.0)).moved(0.0, 1.0, z)
        )
    frame = bent([(-0.46, 1.20, 0.34), (-0.46, 1.84, 0.30), (0.46, 1.84, 0.30), (0.46, 1.20, 0.34)], 0.016, brass, 0.03)
    frame += join(rod((-0.46, y, z), (0.46, y, z), 0.012, brass, 8) for y, z in ((1.24, 0.34), (1.52, 0.32)))
    frame += mirror(rod((0.46, 1.55, 0.32), (0.34, 0.86, 1.26), 0.01, brass, 6))
    wheel_ = (
        torus(0.2, 0.028, wood("#3a2416"), "y", 32, 8)
        + ring(rod((0.0, 0.0, 0.0), (0.0, 0.0, 0.2), 0.009, brass, 6), 4)
        + cylinder(0.035, 0.04, brass, segments=14)
    )
    wheel_ = wheel_.turned("x", -40.0).moved(0.24, 1.24, 0.02) + rod(
        (0.24, 1.24, 0.02), (0.24, 0.80, 0.38), 0.016, brass, 8
    )
    lever = rod((0.40, 0.64, 0.12), (0.42, 1.05, 0.0), 0.013, _DARK, 8) + mirror(
        box((0.05, 0.09, 0.015), _DARK).moved(0.1, 0.74, 0.24), "x"
    )
    return join([*parts, frame, wheel_, lever])


def _t_saloon(skin: Texture, top: float) -> Part:
    """Return the closed upper body of a saloon with its windows, visor and covered roof."""
    pane, high = plain("#2a353c", GLOSS), top - 0.07
    shell = side_profile([(0.33, 1.15), (0.31, high), (-1.40, high), (-1.45, 1.15)], 1.05, skin, 0.03)
    roof = side_profile(
        [(0.40, high - 0.01), (0.36, high + 0.05), (-0.5, top), (-1.36, high + 0.05), (-1.43, high - 0.01)],
        1.08,
        plain("#1b1a19", MATT),
        0.02,
    )
    sides = []
    for z, wide in ((-0.10, 0.60), (-0.68, 0.40), (-1.14, 0.40)):
        sides.append(box((0.03, high - 1.36, wide), _BLACK).moved(0.518, 0.5 * (high + 1.26), z))
        sides.append(box((0.02, high - 1.42, wide - 0.07), pane).moved(0.528, 0.5 * (high + 1.26), z))
    sides.append(box((0.02, 0.03, 1.7), _BLACK).moved(0.524, 1.26, -0.55))
    screen = box((0.96, high - 1.34, 0.03), _BLACK).moved(0.0, 0.5 * (high + 1.26), 0.325)
    screen += row(box((0.88, 0.5 * (high - 1.34) - 0.05, 0.02), pane), 2, (0.0, 0.5 * (high - 1.34), 0.0)).moved(
        0.0, 0.5 * (high + 1.26), 0.338
    )
    visor = box((1.0, 0.02, 0.2), _BLACK).turned("x", 16.0).moved(0.0, high - 0.03, 0.42)
    rear = box((0.56, 0.3, 0.03), _BLACK).moved(0.0, 0.5 * (high + 1.35), -1.42) + box((0.48, 0.22, 0.03), pane).moved(
        0.0, 0.5 * (high + 1.35), -1.43
    )
    return join([shell, roof, mirror(join(sides)), screen, visor, rear])


def _t_trunk() -> Part:
    """Return a luggage rack behind the body with a strapped trunk on it."""
    rack = row(bar((0.0, 0.56, -1.3), (0.0, 0.56, -1.86), (0.04, 0.025), _DARK), 3, (0.3, 0.0, 0.0))
    chest = box((0.74, 0.42, 0.34), leather("#5a3a22"), 0.03).moved(0.0, 0.79, -1.66)
    straps = row(box((0.04, 0.432, 0.352), plain("#2c1d12")), 2, (0.4, 0.0, 0.0)).moved(0.0, 0.79, -1.66)
    locks = row(box((0.05, 0.06, 0.02), plain("#c79a3a", GLOSS)), 3, (0.2, 0.0, 0.0)).moved(0.0, 0.86, -1.838)
    return join([rack, chest, straps, locks])


def _t_top(canvas: Texture, top: float) -> Part:
    """Return the folding top on its bows, with sagging panels and a rear curtain with a window."""
    reach, base = -1.42, 1.34
    knots = [
        (0.36, top - 0.20),
        (0.20, top - 0.07),
        (-0.2, top - 0.01),
        (0.5 * reach - 0.1, top),
        (reach + 0.06, top - 0.06),
        (reach - 0.06, top - 0.22),
        (reach, base - 0.06),
    ]
    curve = spline(knots, 36)
    sheet = strip(curve, 1.08, 0.022, canvas)
    valance = [(0.34, top - 0.20), *knots[1:5], (reach + 0.02, top - 0.24), (0.3, top - 0.24)]
    flap = side_profile(valance, 0.014, canvas, 0.0).moved(0.54)
    rear = [
        (reach + 0.06, top - 0.07),
        (reach - 0.055, top - 0.22),
        (reach, base - 0.06),
        (reach + 0.16, base - 0.02),
        (reach + 0.26, top - 0.22),
    ]
    quarter = side_profile(rear, 0.014, canvas, 0.0).moved(0.541)
    foot = (0.505, 1.22, reach + 0.34)
    bows = [(foot, (0.505, top - 0.06, z)) for z in (reach + 0.14, 0.5 * reach, -0.1)]
    irons = join(rod(a, b, 0.014, wood("#8a6a3c"), 8) for a, b in bows) + rod(
        (0.5, 1.22, 0.34), (0.52, top - 0.2, 0.34), 0.012, _BLACK, 8
    )
    cross = join(rod((-0.5, b[1] - 0.03, b[2]), (0.5, b[1] - 0.03, b[2]), 0.016, wood("#8a6a3c"), 8) for _, b in bows)
    strap = mirror(rod((0.46, top - 0.2, 0.36), (0.3, 0.78, 1.22), 0.009, _DARK, 6))
    (z1, y1), (z0, y0) = curve[-8], curve[-5]
    pane = box((0.36, 0.16, 0.05), plain("#b9c2c4", GLOSS)).turned("x", float(np.degrees(np.arctan2(z1 - z0, y1 - y0))))
    pane = pane.moved(0.0, 0.5 * (y0 + y1), 0.5 * (z0 + z1))
    return join([sheet, mirror(flap + quarter + irons), cross, strap, pane])


def _t_fenders(black: Texture) -> Part:
    """Return front and rear fenders, running boards with ribs, aprons and the tail lamp."""
    front = spline(
        [(1.72, 0.58), (1.62, 0.76), (1.36, 0.86), (1.08, 0.80), (0.86, 0.58), (0.66, 0.40), (0.50, 0.36)], 28
    )
    rear = spline([(-0.66, 0.36), (-0.80, 0.50), (-0.96, 0.74), (-1.24, 0.86), (-1.54, 0.78), (-1.70, 0.52)], 26)
    side = [strip(front, 0.26, 0.018, black).moved(0.71), strip(rear, 0.26, 0.018, black).moved(0.71)]
    side += [tube(lift(path, "zy", 0.84), 0.013, black, 6) for path in (front, rear)]
    for skirt in (
        [(1.50, 0.80), (1.36, 0.85), (1.08, 0.79), (0.90, 0.62), (1.3, 0.62)],
        [(0.84, 0.57), (0.68, 0.41), (0.56, 0.37), (0.56, 0.57)],
    ):
        side.append(side_profile(skirt, 0.012, black, 0.0).moved(0.58))
    side.append(
        box((0.27, 0.03, 1.26), black, 0.008).moved(0.71, 0.355, -0.08)
        + row(box((0.2, 0.012, 0.012), _DARK, 0.0), 18, (0.0, 0.0, 0.06)).moved(0.71, 0.374, -0.08)
    )
    side.append(box((0.012, 0.24, 1.3), black).moved(0.56, 0.48, -0.08))
    side += [bar((0.4, 0.50, z), (0.72, 0.34, z), (0.03, 0.02), _DARK) for z in (0.4, -0.5)]
    stays = mirror(
        bar((0.3, 0.52, 1.22), (0.72, 0.845, 1.3), (0.02, 0.02), _DARK)
        + bar((0.3, 0.56, -1.24), (0.72, 0.855, -1.24), (0.02, 0.02), _DARK)
    )
    lamp = (
        cylinder(0.05, 0.08, plain("#b98d3a"), "z", 16).moved(0.34, 0.76, -1.52)
        + cylinder(0.035, 0.02, _RED, "z", 16).moved(0.34, 0.76, -1.565)
        + bar((0.34, 0.76, -1.5), (0.34, 0.56, -1.3), (0.02, 0.02), _DARK)
    )
    return join([mirror(join(side)), stays, lamp])


def _t_wheels(radius: float, spoke: Texture, spokes: int) -> Part:
    """Return four artillery wheels with thin tyres, thick wooden spokes and hubs."""
    tyre = torus(radius - 0.042, 0.084, rubber("#232325"), "x", 44, 12)
    felloe = spoked_wheel(radius - 0.07, 0.05, metal("#2b2c2e"), spoke, spokes, 0.017, 0.055, 0.13, 0.045, spoke, True)
    hub = cylinder(0.035, 0.18, _BLACK, "x", 18) + cylinder(0.075, 0.06, _BLACK, "x", 20)
    whole = tyre + felloe + hub
    return join(mirror(whole.moved(0.71, radius, z)) for z in (1.27, -1.27))


def _t_chassis() -> Part:
    """Return the frame, axles with transverse springs, engine, torque tube, silencer, tank and steering rod."""
    rails = mirror(box((0.05, 0.09, 2.8), _DARK).moved(0.30, 0.55, -0.1))
    cross = join(box((0.62, 0.08, 0.06), _DARK).moved(0.0, 0.55, z) for z in (1.26, 0.3, -0.5, -1.3))
    front = rod((-0.66, 0.39, 1.27), (0.66, 0.39, 1.27), 0.028, _DARK, 8) + rod(
        (-0.6, 0.34, 1.14), (0.6, 0.34, 1.14), 0.012, _DARK, 6
    )
    rear = rod((-0.66, 0.39, -1.27), (0.66, 0.39, -1.27), 0.04, _DARK, 10) + ellipsoid(
        (0.24, 0.28, 0.24), _DARK, 14
    ).moved(0.0, 0.39, -1.27)
    spring = join(_bowed(0.5 - 0.1 * k, 0.53 + 0.018 * k) for k in range(4))
    tube_ = rod((0.0, 0.44, 0.2), (0.0, 0.39, -1.27), 0.03, _DARK, 8) + mirror(
        rod((0.05, 0.42, 0.1), (0.5, 0.39, -1.22), 0.014, _DARK, 6)
    )
    engine = box((0.3, 0.26, 0.9), plain("#3f4347"), 0.05).moved(0.0, 0.5, 0.75) + box(
        (0.26, 0.14, 0.5), plain("#33363a"), 0.05
    ).moved(0.0, 0.42, 0.1)
    silencer = cylinder(0.07, 0.5, plain("#4a4d50"), "z", 16).moved(-0.18, 0.44, -0.55) + rod(
        (-0.18, 0.46, 0.6), (-0.18, 0.44, -1.1), 0.018, plain("#4a4d50"), 8
    )
    tank = cylinder(0.13, 0.5, _BLACK, "x", 20).moved(0.0, 0.5, -0.3)
    return join([rails, cross, front, rear, spring.moved(z=1.25), spring.moved(z=-1.24), tube_, engine, silencer, tank])


def _bowed(half: float, high: float) -> Part:
    """Return one leaf of a transverse spring, its middle at height ``high``."""
    return mirror(bar((0.0, high, 0.0), (half, high - 0.5 * half * half, 0.0), (0.05, 0.014), _DARK, 0.0))
