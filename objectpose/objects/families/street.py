"""What stands along a street: parking meter, collection box, street sign, traffic light, gas pump."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from objectpose.objects.kit import (
    GLASS,
    GLOSS,
    MATT,
    SATIN,
    Finish,
    Part,
    Texture,
    Variant,
    arc,
    assemble,
    box,
    by,
    cylinder,
    ellipse,
    ellipsoid,
    extrude,
    join,
    lathe,
    letters,
    lift,
    loft,
    metal,
    mirror,
    paint,
    plain,
    plate,
    polygon,
    rectangle,
    ring,
    rod,
    rounded,
    rounded_rect,
    row,
    rubber,
    side_profile,
    spline,
    strokes,
    sweep,
    symmetric,
    torus,
    tube,
)
from objectpose.objects.mesh import Mesh

Array = NDArray[np.float64]

_LIT = Finish(0.3, 40.0, 1.0, 1.0)


def _upright(outline: ArrayLike, levels: list[tuple[float, float]], texture: Texture, smooth: int = 1) -> Part:
    """Return the solid with a plan outline of (x, z) points, scaled by the first number at the height of the second."""
    flat = np.asarray(outline, np.float64) * np.array([1.0, -1.0])
    return loft([(flat[::-1] * share, y) for share, y in levels], texture, smooth).turned("x", -90.0)


# ---------------------------------------------------------------------------------------------------- parking meter

_METER_COLOURS = ("#6f777c", "#3f5a73", "#4c6250", "#8d8f8c", "#33383d")


def parking_meter(seed: int) -> Mesh:
    """Build a coin parking meter: a cast head with a domed window, coin plate, handle and vault on a steel post.

    Args:
        seed: instance: colours, height, one or two heads, dial.

    Returns:
        A closed mesh about 1.36 m high and 0.28 m wide (0.6 m with two heads); the dial looks to +z.
    """
    v = Variant("parking_meter", seed)
    coat = paint(v.pick(*_METER_COLOURS), 0.09, SATIN, 0.02)
    steel = metal(v.pick("#b4b8bb", "#9a9d9f", "#c6c2b8"))
    post_top, fat = v.between(0.84, 0.76, 0.92), v.near(1.0, 0.08)
    twin = v.pick(False, False, True)
    head = _meter_head(coat, steel, v).scaled((1.25 * fat, 1.25, 1.25))
    post = cylinder(0.031, post_top, steel, segments=28).moved(y=0.5 * post_top)
    foot = lathe(
        [(0.0, 0.0), (0.105, 0.0), (0.105, 0.014), (0.055, 0.02), (0.046, 0.06), (0.036, 0.075), (0.0, 0.075)],
        steel,
        32,
    )
    bolts = ring(cylinder(0.011, 0.014, plain("#55585b"), segments=6).moved(0.083, 0.02, 0.0), 4, start_deg=45.0)
    collar = lathe(
        [(0.0, -0.055), (0.043, -0.055), (0.045, -0.04), (0.045, 0.0), (0.058, 0.03), (0.058, 0.045), (0.0, 0.045)],
        coat,
        32,
    ).moved(y=post_top)
    parts = [post, foot, bolts, collar]
    if twin:
        yoke = rounded([(-0.16, 0.13, 0.0), (-0.16, 0.06, 0.0), (0.16, 0.06, 0.0), (0.16, 0.13, 0.0)], 0.05, 5)
        parts += [tube(yoke, 0.034, coat, 16).moved(y=post_top)]
        parts += [head.moved(x, post_top + 0.11) for x in (-0.16, 0.16)]
    else:
        parts.append(head.moved(y=post_top + 0.04))
    return assemble(parts, seed)


def _meter_head(coat: Texture, steel: Texture, v: Variant) -> Part:
    """Return a head, its lower end at y = 0: vault, body with coin plate and handle, domed window on both sides."""
    face = v.pick("#e9e6d8", "#f0efe9", "#d9dcc9")
    flag = v.pick("#c3261f", "#d8641c", "#c3261f")
    half = [(0.062, 0.0), (0.074, 0.012), (0.080, 0.06), (0.082, 0.13), (0.098, 0.165), (0.106, 0.20), (0.106, 0.26)]
    dome = arc(0.106, 0.0, 90.0, 12, (0.0, 0.275))
    outline = symmetric([*half, *dome[:-1], (0.0, 0.381)])
    middle = np.array([0.0, 0.19])
    shell = [(0.86, -0.078), (0.94, -0.070), (0.985, -0.052), (1.0, -0.03)]
    levels = [*shell, *((share, -z) for share, z in reversed(shell))]
    body = loft([((outline - middle) * share + middle, z) for share, z in levels], coat)
    seam = extrude((outline - middle) * 1.02 + middle, 0.014, coat)
    window = _half_disc(0.083, 0.262)
    rim = tube(lift(rounded(window, 0.01, 2, closed=True), "xy", 0.076), 0.0055, steel, 8, closed=True)
    glass = extrude(window, 0.02, paint(face, 0.02, GLASS)).moved(z=0.070)
    ticks = join(
        box((0.0035, 0.014 if k % 3 else 0.020, 0.004), plain("#25282b"), 0.0)
        .moved(y=0.064)
        .turned("z", 75.0 - 15.0 * k)
        .moved(0.0, 0.272, 0.080)
        for k in range(11)
    )
    band = extrude(
        np.concatenate([arc(0.050, 95.0, 170.0, 10), arc(0.036, 170.0, 95.0, 10)]), 0.004, plain(flag)
    ).moved(0.0, 0.272, 0.080)
    needle = box((0.005, 0.058, 0.005), plain(flag), 0.0).moved(y=0.026).turned("z", v.pick(-35.0, 20.0, -60.0))
    hub = cylinder(0.011, 0.006, steel, "z", 16)
    dial = glass + rim + ticks + band + (needle + hub).moved(0.0, 0.272, 0.082)
    coin_plate = plate((0.118, 0.078), 0.012, steel, 0.012).moved(0.0, 0.205, 0.077)
    slot = box((0.006, 0.034, 0.008), plain("#121314"), 0.0).moved(-0.030, 0.212, 0.082)
    label = plate((0.030, 0.044), 0.004, plain("#e8c63a"), 0.004).moved(-0.004, 0.207, 0.085)
    lines = row(box((0.022, 0.004, 0.002), plain("#2b2d30"), 0.0), 4, (0.0, 0.009, 0.0)).moved(-0.004, 0.207, 0.088)
    knob = cylinder(0.019, 0.022, steel, "z", 20).moved(0.035, 0.207, 0.088)
    grip = box((0.012, 0.052, 0.016), steel).turned("z", 30.0).moved(0.035, 0.207, 0.104)
    vault = plate((0.112, 0.108), 0.014, coat, 0.014).moved(0.0, 0.082, 0.074)
    lock = cylinder(0.020, 0.016, steel, "z", 20).moved(0.0, 0.088, 0.082) + box(
        (0.004, 0.014, 0.004), plain("#17181a"), 0.0
    ).moved(0.0, 0.088, 0.0915)
    notice = plate((0.076, 0.018), 0.004, plain("#1f4e8c"), 0.003).moved(0.0, 0.048, 0.082)
    hinge = cylinder(0.008, 0.05, steel, segments=12).moved(0.104, 0.22, -0.03)
    back = plate((0.100, 0.085), 0.012, coat, 0.012).moved(0.0, 0.185, -0.077)
    rivets = row(row(ellipsoid((0.009, 0.009, 0.005), steel, 8), 2, (0.076, 0.0, 0.0)), 2, (0.0, 0.06, 0.0))
    screws = rivets.moved(0.0, 0.185, -0.084)
    neck = cylinder(0.052, 0.05, coat, segments=28).moved(y=-0.008)
    return join(
        [body, seam, dial, dial.turned("y", 180.0), coin_plate, slot, label, lines, knob, grip, vault, lock, notice]
        + [hinge, back, screws, neck]
    )


def _half_disc(radius: float, bottom: float) -> Array:
    """Return a half disc that stands on y = ``bottom``, its centre a little above, (x, y) points."""
    centre = bottom + 0.012
    return np.concatenate([[(-radius, bottom)], [(radius, bottom)], arc(radius, 0.0, 180.0, 22, (0.0, centre))])


# ---------------------------------------------------------------------------------------------------- collection box

_BOX_COLOURS = ("#1f4a91", "#b32024", "#1d5a3c", "#27406e", "#c9282c")


def mailbox(seed: int) -> Mesh:
    """Build a street collection box: sheet steel with a round top, pull-down chute, service door, on four legs.

    Args:
        seed: instance: colour, proportions, markings, legs.

    Returns:
        A closed mesh about 1.27 m high, 0.56 m wide and 0.55 m deep; the chute looks to +z.
    """
    v = Variant("mailbox", seed)
    shade = v.pick(*_BOX_COLOURS)
    coat = paint(shade, 0.04)
    width, depth = v.between(0.56, 0.50, 0.64), v.between(0.52, 0.47, 0.56)
    spring, floor = v.between(0.98, 0.90, 1.06), v.between(0.20, 0.16, 0.24)
    radius = 0.5 * depth
    top = arc(radius, 0.0, 180.0, 28, (0.0, spring))
    body = side_profile([(-radius, floor), (radius, floor), *top], width, coat, 0.004)
    rim_path = lift(np.concatenate([[(radius, floor)], top, [(-radius, floor)]]), "zy")
    rim = sweep(rounded_rect(0.030, 0.016, 0.005, 2), rim_path, coat).moved(x=0.5 * width - 0.015)
    skirt = box((width + 0.012, 0.05, depth + 0.014), coat).moved(y=floor + 0.02)
    parts = [body, mirror(rim), skirt, _box_legs(width, depth, floor, coat, v.pick("angle", "angle", "tube"))]
    parts += [_box_chute(width, radius, spring, coat), _box_door(width, radius, floor, spring, coat)]
    parts.append(_box_marks(width, radius, floor, spring, v))
    return assemble(parts, seed)


def _box_legs(width: float, depth: float, floor: float, coat: Texture, kind: str) -> Part:
    """Return four legs with foot plates and bolts; ``kind`` is 'angle' for angle iron, 'tube' for round ones."""
    x, z, high = 0.5 * width - 0.03, 0.5 * depth - 0.03, floor + 0.03
    if kind == "angle":
        leg = box((0.058, high, 0.009), coat).moved(-0.025, 0.5 * high, 0.026) + box((0.009, high, 0.058), coat).moved(
            0.0, 0.5 * high, 0.0
        )
    else:
        leg = cylinder(0.027, high, coat, segments=24).moved(-0.01, 0.5 * high, -0.004)
    foot = box((0.10, 0.010, 0.10), coat).moved(-0.015, 0.005, 0.0)
    bolt = cylinder(0.010, 0.012, metal("#8d9093"), segments=6).moved(-0.04, 0.013, -0.03)
    one = (leg + foot + bolt).moved(x, 0.0, z)
    return mirror(one + one.mirrored("z"))


def _box_chute(width: float, radius: float, spring: float, coat: Texture) -> Part:
    """Return the curved pull-down chute at the upper front with its handle, hood and hinge."""
    span, thick = width - 0.09, 0.014
    sheet = [*arc(radius + thick, 8.0, 62.0, 16, (0.0, spring)), *arc(radius - 0.01, 62.0, 8.0, 16, (0.0, spring))]
    door = side_profile(sheet, span, coat, 0.002)
    hood_line = [
        *arc(radius + 0.036, 60.0, 84.0, 8, (0.0, spring)),
        *arc(radius - 0.005, 84.0, 60.0, 8, (0.0, spring)),
    ]
    hood = side_profile(hood_line, span + 0.03, coat, 0.003)
    gap = side_profile(
        [*arc(radius + 0.006, 54.0, 63.0, 5, (0.0, spring)), *arc(radius - 0.01, 63.0, 54.0, 5, (0.0, spring))],
        span + 0.012,
        plain("#0f1114", MATT),
    )
    path = rounded([(-0.15, 0.0, -0.01), (-0.15, 0.0, 0.045), (0.15, 0.0, 0.045), (0.15, 0.0, -0.01)], 0.03, 4)
    grip = tube(path, 0.010, metal("#c3c6c9"), 10).turned("x", -52.0)
    at = np.deg2rad(50.0)
    grip = grip.moved(0.0, spring + (radius + thick) * float(np.sin(at)), (radius + thick) * float(np.cos(at)))
    hinge = rod(
        (-0.5 * span, spring + 0.012, radius + 0.012), (0.5 * span, spring + 0.012, radius + 0.012), 0.012, coat
    )
    knuckles = row(
        cylinder(0.0155, 0.05, coat, "x", 14).moved(0.0, spring + 0.012, radius + 0.012), 5, (span / 5.0, 0.0, 0.0)
    )
    return join([door, hood, gap, grip, hinge, knuckles])


def _box_door(width: float, radius: float, floor: float, spring: float, coat: Texture) -> Part:
    """Return the service door below the chute with lock, hinges and rivets, and the rivets of the sides."""
    high = spring - floor - 0.14
    middle = 0.5 * (spring + floor) + 0.0
    door = plate((width - 0.10, high), 0.016, coat, 0.018).moved(0.0, middle, radius)
    inner = plate((width - 0.17, high - 0.09), 0.022, coat, 0.012).moved(0.0, middle - 0.01, radius)
    lock = cylinder(0.021, 0.02, metal("#b8bbbe"), "z", 20).moved(0.5 * width - 0.072, middle, radius + 0.008)
    key = box((0.005, 0.016, 0.004), plain("#111214"), 0.0).moved(0.5 * width - 0.072, middle, radius + 0.0185)
    hinge = cylinder(0.010, 0.09, coat, segments=14).moved(-0.5 * width + 0.052, middle, radius + 0.010)
    hinges = row(hinge, 2, (0.0, high - 0.22, 0.0))
    rivet = ellipsoid((0.008, 0.016, 0.016), coat, 10)
    count = 8
    line = row(rivet.moved(0.5 * width + 0.001, middle, radius - 0.045), count, (0.0, (spring - floor) / count, 0.0))
    arch = join(rivet.moved(0.5 * width + 0.001, y, z) for z, y in arc(radius - 0.045, 20.0, 160.0, 7, (0.0, spring)))
    back = plate((width - 0.14, high - 0.05), 0.012, coat, 0.014).moved(0.0, middle, -radius)
    return join([door, inner, lock, key, hinges, mirror(line + line.mirrored("z") + arch), back])


def _box_marks(width: float, radius: float, floor: float, spring: float, v: Variant) -> Part:
    """Return the labels: a notice plate in front, an envelope on both sides, a word on all three."""
    white, red, blue = plain("#f0f0ec"), plain("#c2202b"), plain("#16336e")
    middle = 0.5 * (spring + floor)
    front = radius + 0.012
    notice = plate((0.24, 0.16), 0.004, white, 0.006).moved(0.0, middle + 0.10, front)
    head = box((0.24, 0.032, 0.002), v.pick(red, blue, red), 0.0).moved(0.0, middle + 0.145, front + 0.0028)
    lines = row(box((0.19, 0.007, 0.002), plain("#3b3f45"), 0.0), 5, (0.0, 0.018, 0.0)).moved(
        0.0, middle + 0.075, front + 0.0025
    )
    word = letters("MAIL", 0.085, 0.004, white).moved(0.0, middle - 0.12, front)
    side_word = letters("MAIL", 0.11, 0.004, white).moved(0.0, middle - 0.14)
    paper = plate((0.28, 0.19), 0.004, white, 0.012)
    flap = strokes([(-0.122, 0.078), (0.0, -0.012), (0.122, 0.078)], 0.012, 0.003, blue).moved(z=0.002)
    folds = strokes([(-0.122, -0.078), (-0.045, 0.018)], 0.009, 0.003, blue).moved(z=0.0022)
    stamp = box((0.034, 0.034, 0.003), red, 0.0).moved(0.0, -0.052, 0.002)
    envelope = join([paper, flap, mirror(folds), stamp]).moved(0.0, middle + 0.10)
    side = (side_word + envelope).turned("y", 90.0).moved(x=0.5 * width + 0.001)
    return join([notice, head, lines, word, side, side.turned("y", 180.0)])


# ------------------------------------------------------------------------------------------------------- street sign


def street_sign(seed: int) -> Mesh:
    """Build a street corner's sign post: two crossed name blades on a steel post, with or without a sign below.

    Args:
        seed: instance: kind of the traffic sign, colours and lengths of the blades, post.

    Returns:
        A closed mesh 1.5 to 1.9 m high and 0.92 m wide; a traffic sign looks to +z.
    """
    v = Variant("street_sign", seed)
    steel = metal(v.pick("#9a9ea1", "#7f8588", "#4d5a4f"))
    kind = v.pick("names", "stop", "yield")
    size = v.between(0.76, 0.68, 0.84)
    long, high = v.between(0.92, 0.86, 1.00), v.between(0.22, 0.20, 0.235)
    shade = v.pick("#0f6b45", "#1a4f9c", "#0c5a3a")
    top = v.between(1.30, 1.26, 1.38) - (0.38 if kind == "names" else 0.0)
    square = v.pick(False, True)
    if square:
        hole = cylinder(0.011, 0.062, plain("#1d1f21"), "x", 10, 0.0)
        post = box((0.056, top, 0.056), steel, 0.004).moved(y=0.5 * top)
        holes = row(hole + hole.turned("y", 90.0), int((top - 0.2) / 0.07), (0.0, 0.07, 0.0)).moved(y=0.5 * top)
        post = post + holes
    else:
        post = cylinder(0.030, top, steel, segments=28).moved(y=0.5 * top)
    base = lathe([(0.0, 0.0), (0.09, 0.0), (0.09, 0.012), (0.05, 0.02), (0.044, 0.09), (0.0, 0.09)], steel, 32)
    bolts = ring(cylinder(0.011, 0.014, plain("#55585b"), segments=6).moved(0.072, 0.018, 0.0), 4, start_deg=45.0)
    middle = top - 0.60 * size
    sign = _sign_face(kind, size, steel).moved(0.0, middle, 0.040) if kind != "names" else Part()
    clamp = box((0.10, 0.035, 0.03), steel).moved(0.0, 0.0, 0.022)
    clamps = row(clamp, 2, (0.0, 0.45 * size, 0.0)).moved(y=middle) if kind != "names" else Part()
    names = v.pick(("MAPLE", "OAK ST"), ("MAIN ST", "ELM ST"), ("PALM", "LINK ST"))
    first = _blade(names[0], long, high, shade, steel).moved(y=top + 0.03 + 0.5 * high)
    second = _blade(names[1], long, high, shade, steel).turned("y", 90.0).moved(y=top + 0.08 + 1.5 * high)
    cap = cylinder(0.036, 0.06, steel, segments=24).moved(y=top + 0.005)
    cross = cylinder(0.022, 0.09, steel, segments=20).moved(y=top + 0.055 + high)
    knob = ellipsoid((0.04, 0.03, 0.04), steel, 16).moved(y=top + 0.085 + 2.0 * high)
    return assemble([post, base, bolts, sign, clamps, first, second, cap, cross, knob], seed)


def _sign_face(kind: str, size: float, steel: Texture) -> Part:
    """Return a traffic sign in the xy plane that looks to +z: 'stop' or 'yield'; its back is bare metal."""
    white, red = plain("#f2f2ee"), paint("#c01a22", 0.03, SATIN)
    if kind == "stop":
        edge = polygon(8, 0.5 * size / float(np.cos(np.pi / 8.0)), 22.5)
        inner = edge * 0.94
        mark = letters("STOP", 0.32 * size, 0.004, white, 0.17).moved(z=0.0105)
    else:
        edge = rounded(polygon(3, 0.62 * size, -90.0), 0.06 * size, 4, closed=True)
        inner = edge * 0.94
        mark = extrude(rounded(polygon(3, 0.34 * size, -90.0), 0.03 * size, 3, closed=True), 0.004, white).moved(
            z=0.0105
        )
    sheet = extrude(edge, 0.006, steel)
    border = extrude(edge * 0.995, 0.004, white).moved(z=0.0045)
    field = extrude(inner, 0.004, red).moved(z=0.0072)
    bolt = cylinder(0.011, 0.008, metal("#c9ccce"), "z", 6)
    bolts = row(bolt, 2, (0.0, 0.82 * size if kind == "stop" else 0.5 * size, 0.0)).moved(z=0.011)
    nuts = row(cylinder(0.012, 0.016, metal("#8e9194"), "z", 6), 2, (0.0, 0.6 * size, 0.0)).moved(z=-0.008)
    return join([sheet, border, field, mark, bolts, nuts])


def _blade(name: str, long: float, high: float, shade: str, steel: Texture) -> Part:
    """Return a street name blade in the xy plane, printed on both sides, with its edge rails and a bracket."""
    white, coat = plain("#f2f2ee"), paint(shade, 0.03, SATIN)
    sheet = extrude(rounded_rect(long, high, 0.02), 0.008, white)
    field = extrude(rounded_rect(long - 0.022, high - 0.022, 0.014), 0.012, coat)
    text = letters(name, 0.56 * high, 0.004, white, 0.15).moved(z=0.0068)
    rails = mirror(box((long - 0.03, 0.010, 0.016), steel).moved(y=0.5 * high - 0.002), "y")
    bracket = box((0.11, 0.034, 0.030), steel).moved(y=-0.5 * high - 0.004)
    screw = cylinder(0.007, 0.042, plain("#3f4245"), "z", 10).moved(0.0, -0.5 * high)
    rivets = row(ellipsoid((0.014, 0.014, 0.018), steel, 10).moved(0.0, 0.5 * high - 0.018), 2, (long - 0.06, 0.0, 0.0))
    screws = row(screw, 2, (0.07, 0.0, 0.0))
    return join([sheet, field, text, text.turned("y", 180.0), rails, bracket, screws, rivets, rivets.mirrored("y")])


# ----------------------------------------------------------------------------------------------------- traffic light

_HOUSINGS = ("#e0a81c", "#23262a", "#2f4a34", "#d9b01f")


def traffic_light(seed: int) -> Mesh:
    """Build a three-lamp traffic signal: housing in three sections, coloured lenses under visors, hanger, bracket.

    Args:
        seed: instance: colours, visors, backplate, lens size, which lamp is lit.

    Returns:
        A closed mesh about 1.35 m high and 0.5 m wide; the lenses look to +z.
    """
    v = Variant("traffic_light", seed)
    shade = v.pick(*_HOUSINGS)
    coat, black = paint(shade, 0.03, SATIN), paint("#191b1d", 0.06, SATIN)
    lens, pitch, deep = v.near(0.146, 0.06), v.between(0.355, 0.345, 0.375), v.between(0.21, 0.18, 0.25)
    visor, board = v.pick("tunnel", "cap", "tunnel"), v.pick(True, False, True)
    lit = v.pick(0, 2, 1)
    section = extrude(rounded_rect(0.345, pitch - 0.006, 0.035, 6), deep, coat, bevel=0.02).moved(z=-0.5 * deep)
    door = extrude(rounded_rect(0.325, pitch - 0.03, 0.03, 6), 0.02, coat, bevel=0.006).moved(z=0.004)
    shell = extrude(rounded_rect(0.26, pitch - 0.10, 0.04, 6), 0.03, coat).moved(z=-deep - 0.006)
    latch = mirror(box((0.022, 0.05, 0.03), coat).moved(0.176, 0.0, -0.01))
    hinges = row(cylinder(0.010, 0.04, coat, segments=12).moved(-0.172, 0.0, 0.0), 2, (0.0, 0.2, 0.0))
    hood = _visor(lens + 0.016, 0.26, black, visor)
    frame = torus(lens + 0.004, 0.02, black, "z", 40, 8).moved(z=0.014)
    parts = []
    for number, (dark, bright) in enumerate((("#a01512", "#ff2c1c"), ("#c07c0c", "#ffb31a"), ("#0d7a4f", "#18e08c"))):
        glow = by(_facets, plain(bright if number == lit else dark, _LIT), plain("#ffffff", _LIT))
        glass = ellipsoid((2.0 * lens, 2.0 * lens, 0.07), glow, 40).moved(z=0.012)
        one = join([section, door, shell, latch, hinges, hood, frame, glass])
        parts.append(one.moved(y=(1 - number) * pitch))
    top = 1.5 * pitch
    parts.append(cylinder(0.06, 0.03, black, segments=24).moved(0.0, top + 0.010, -0.5 * deep))
    parts.append(cylinder(0.06, 0.03, black, segments=24).moved(0.0, -top - 0.010, -0.5 * deep))
    parts.append(_signal_hanger(black).moved(0.0, top, -0.5 * deep))
    cap = ellipsoid((0.07, 0.05, 0.07), black, 16).moved(0.0, -top - 0.03, -0.5 * deep)
    parts.append(cap)
    if board:
        hole = rectangle(0.335, 3.0 * pitch - 0.02)
        parts.append(extrude(rounded_rect(0.53, 3.0 * pitch + 0.17, 0.04), 0.008, black, [hole]).moved(z=-0.05))
    return assemble(parts, seed)


def _facets(position: Array, _normal: Array) -> Array:
    """Return the share of white glints of a fluted lens."""
    waves = np.sin(position[:, 0] / 0.0032) * np.sin(position[:, 1] / 0.0032)
    return np.asarray(
        0.10 * (waves > 0.2) + 0.25 * np.exp(-((np.hypot(position[:, 0], position[:, 1] - 0.05) / 0.05) ** 2))
    )


def _visor(radius: float, long: float, black: Texture, kind: str) -> Part:
    """Return a visor about the z axis from z = 0 forwards: a 'tunnel' open below or a short 'cap'."""
    low = -62.0 if kind == "tunnel" else -8.0
    outline = np.concatenate([arc(radius, low, 180.0 - low, 33), arc(radius - 0.007, 180.0 - low, low, 33)])
    slab = extrude(outline, long, black, bevel=0.001).moved(z=0.5 * long)

    def slant(points: Array) -> Array:
        share = np.clip((points[:, 1] + radius) / (2.0 * radius), 0.0, 1.0)
        return np.asarray(points * np.column_stack([np.ones((len(points), 2)), 0.30 + 0.70 * share]))

    return slab.warped(slant)


def _signal_hanger(black: Texture) -> Part:
    """Return the hanger above the housing: stub, balance adjuster, clevis and the clamp for the span wire."""
    steel = metal("#a7abae")
    stub = cylinder(0.028, 0.10, black, segments=20).moved(y=0.05)
    block = box((0.07, 0.06, 0.07), black).moved(y=0.10)
    ears = mirror(box((0.012, 0.11, 0.05), steel).moved(0.032, 0.17, 0.0))
    pin = cylinder(0.010, 0.09, steel, "x", 12).moved(y=0.195)
    clamp = box((0.05, 0.05, 0.11), steel).moved(y=0.21)
    wire = tube([(-0.15, 0.228, 0.0), (0.15, 0.228, 0.0)], 0.009, steel, 8)
    return join([stub, block, ears, pin, clamp, wire])


# ---------------------------------------------------------------------------------------------------------- gas pump

_PUMP_COLOURS = (("#b81f22", "#f0ece0"), ("#f1ede2", "#b02024"), ("#1f5f9a", "#f2efe6"), ("#c8281f", "#e9c33c"))


def gas_pump(seed: int) -> Mesh:
    """Build a filling station pump of the 1950s: enamelled cabinet with a computing face, hose, nozzle, lit globe.

    Args:
        seed: instance: two colours, proportions, globe or lit sign on top.

    Returns:
        A closed mesh about 1.9 m high, 0.65 m wide and 0.5 m deep; the face looks to +z.
    """
    v = Variant("gas_pump", seed)
    main, second = v.pick(*_PUMP_COLOURS)
    coat, trim, chrome = paint(main, 0.03), paint(second, 0.03), metal("#d4d8db")
    width, depth = v.between(0.56, 0.50, 0.62), v.between(0.42, 0.38, 0.46)
    high = v.between(1.38, 1.30, 1.46)
    crown = v.pick("globe", "globe", "box")
    plan = rounded_rect(width, depth, 0.07, 6)
    levels = [(1.0, 0.09), (1.0, high - 0.10), (0.985, high - 0.05), (0.94, high - 0.015), (0.86, high)]
    body = _upright(plan, levels, coat)
    plinth = _upright(plan, [(1.03, 0.0), (1.06, 0.01), (1.06, 0.075), (1.0, 0.095)], paint("#2c2d30", 0.08, SATIN))
    bands = join(_upright(plan, [(1.012, y - 0.009), (1.012, y + 0.009)], chrome) for y in (0.13, 0.80, high - 0.11))
    face = _pump_face(width, depth, high, trim, chrome)
    panel = plate((width - 0.12, 0.60), 0.016, trim, 0.03).moved(0.0, 0.47, 0.5 * depth)
    ribs = row(box((0.012, 0.52, 0.010), chrome).moved(0.0, 0.47, 0.5 * depth + 0.008), 3, (0.15, 0.0, 0.0))
    handle = cylinder(0.016, 0.02, chrome, "z", 16).moved(0.5 * width - 0.09, 0.66, 0.5 * depth + 0.014)
    louvres = row(box((0.22, 0.010, 0.012), plain("#232427")), 6, (0.0, 0.03, 0.0)).moved(
        0.0, 0.25, -0.5 * depth - 0.008
    )
    fronts = join([face, panel, ribs, handle])
    hose = _pump_hose(width, high, chrome)
    top = _pump_globe(main, chrome) if crown == "globe" else _pump_sign(width, chrome)
    return assemble(
        [body, plinth, bands, fronts, fronts.turned("y", 180.0), louvres, hose, top.moved(y=high)],
        seed,
    )


def _pump_face(width: float, depth: float, high: float, trim: Texture, chrome: Texture) -> Part:
    """Return one computing face: framed dial plate with rows of digits, price, lamp and a product plate."""
    z, wide, tall = 0.5 * depth, width - 0.10, high - 0.11 - 0.80 - 0.06
    y = 0.5 * (0.80 + high - 0.11)
    frame = extrude(
        rounded_rect(wide + 0.03, tall + 0.03, 0.05, 6),
        0.030,
        chrome,
        [rounded_rect(wide - 0.01, tall - 0.01, 0.04, 6)],
    ).moved(z=0.004)
    sheet = plate((wide, tall), 0.018, plain("#f4f1e6", GLASS), 0.045)
    parts = [frame, sheet]
    for row_y, count in ((0.27 * tall, 4), (0.04 * tall, 4)):
        window = plate((0.64 * wide, 0.18 * tall), 0.006, plain("#15171a"), 0.008).moved(0.03, row_y, 0.010)
        digit = letters("O", 0.12 * tall, 0.003, plain("#f5f5ef"), 0.18)
        digits = row(digit, count, (0.145 * wide, 0.0, 0.0)).moved(0.03, row_y, 0.0135)
        tag = box((0.12 * wide, 0.10 * tall, 0.004), plain("#b4252a"), 0.0).moved(-0.36 * wide, row_y, 0.010)
        parts += [window, digits, tag]
    price = plate((0.34 * wide, 0.13 * tall), 0.006, plain("#15171a"), 0.006).moved(0.0, -0.17 * tall, 0.010)
    cents = row(letters("I", 0.09 * tall, 0.003, plain("#f5f5ef"), 0.2), 3, (0.09 * wide, 0.0, 0.0))
    brand = plate((0.62 * wide, 0.15 * tall), 0.008, plain("#b4252a"), 0.02).moved(0.0, -0.36 * tall, 0.011)
    word = letters("OIL", 0.09 * tall, 0.003, plain("#f5f2e6"), 0.2).moved(0.0, -0.36 * tall, 0.0155)
    parts += [price, cents.moved(0.0, -0.17 * tall, 0.0135), brand, word]
    return join(parts).moved(0.0, y, z)


def _pump_hose(width: float, high: float, chrome: Texture) -> Part:
    """Return hose, swing arm, nozzle boot and nozzle at the +x side."""
    x, black = 0.5 * width, rubber("#1b1b1d")
    elbow = cylinder(0.030, 0.06, chrome, "x", 20).moved(x + 0.02, high - 0.20, -0.06)
    way = spline(
        [
            (x + 0.03, high - 0.20, -0.06),
            (x + 0.12, high - 0.21, -0.09),
            (x + 0.24, high - 0.50, -0.13),
            (x + 0.25, 0.40, -0.10),
            (x + 0.18, 0.16, 0.0),
            (x + 0.13, 0.30, 0.09),
            (x + 0.11, 0.62, 0.11),
            (x + 0.085, 0.72, 0.105),
        ],
        60,
    )
    hose = tube(way, 0.024, black, 12)
    boot = plate((0.14, 0.30), 0.014, chrome, 0.03, "x").moved(x + 0.004, 0.94, 0.05)
    cradle = box((0.07, 0.05, 0.09), chrome).moved(x + 0.03, 1.02, 0.03)
    hook = box((0.06, 0.03, 0.07), chrome).moved(x + 0.03, 0.84, 0.09)
    grip = tube(
        [(x + 0.085, 0.70, 0.105), (x + 0.075, 0.80, 0.10), (x + 0.060, 0.92, 0.08)], [0.020, 0.024, 0.028], chrome, 14
    )
    valve = ellipsoid((0.066, 0.10, 0.075), chrome, 18).moved(x + 0.058, 0.94, 0.075)
    spout = tube(
        rounded(
            [(x + 0.055, 0.95, 0.07), (x + 0.05, 1.08, 0.03), (x + 0.05, 1.12, -0.06), (x + 0.05, 1.03, -0.13)], 0.05, 5
        ),
        0.012,
        chrome,
        12,
    )
    guard = tube(
        rounded(
            [(x + 0.085, 0.72, 0.11), (x + 0.10, 0.74, 0.18), (x + 0.075, 0.90, 0.17), (x + 0.06, 0.94, 0.10)], 0.03, 4
        ),
        0.007,
        chrome,
        8,
    )
    lever = tube([(x + 0.088, 0.76, 0.14), (x + 0.068, 0.90, 0.13)], 0.006, plain("#2b2c2f"), 8)
    return join([elbow, hose, boot, cradle, hook, grip, valve, spout, guard, lever])


def _pump_globe(main: str, chrome: Texture) -> Part:
    """Return the lit glass globe on its collar, standing on y = 0; the lenses look to front and back."""
    milk = paint("#f7f4ea", 0.01, _LIT)
    collar = lathe([(0.0, -0.02), (0.11, -0.02), (0.11, 0.012), (0.075, 0.03), (0.065, 0.06), (0.0, 0.06)], chrome, 32)
    centre = 0.245
    drum = cylinder(0.20, 0.13, milk, "z", 48, 0.02)
    lens = ellipsoid((0.37, 0.37, 0.22), milk, 40)
    rim = torus(0.188, 0.024, paint(main, 0.02), "z", 48, 8)
    rims = mirror(rim.moved(z=0.060), "z")
    badge = extrude(ellipse(0.23, count=32), 0.004, plain("#b4252a", GLOSS)).moved(z=0.107)
    star = extrude(
        [
            p
            for k in range(5)
            for p in (*polygon(5, 0.085, 90.0 + 72.0 * k)[:1], *polygon(5, 0.036, 126.0 + 72.0 * k)[:1])
        ],
        0.004,
        plain("#f7f2e2"),
    ).moved(z=0.110)
    marks = badge + star
    return collar + join([drum, lens, rims, marks, marks.turned("y", 180.0)]).moved(y=centre)


def _pump_sign(width: float, chrome: Texture) -> Part:
    """Return the lit sign box on top of a later pump, standing on y = 0."""
    posts = mirror(cylinder(0.022, 0.08, chrome, segments=16).moved(0.32 * width, 0.03))
    case = extrude(rounded_rect(width + 0.02, 0.20, 0.06, 6), 0.16, chrome).moved(y=0.16)
    panel = extrude(rounded_rect(width - 0.02, 0.16, 0.045, 6), 0.17, paint("#f7f4ea", 0.01, _LIT)).moved(y=0.16)
    word = letters("OIL", 0.10, 0.006, plain("#b4252a")).moved(0.0, 0.16, 0.086)
    return join([posts, case, panel, word, word.turned("y", 180.0)])
