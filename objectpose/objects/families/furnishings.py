"""Furniture and household things that stand in a room: bookcase, file cabinet, fan, hourglass, umbrella."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from objectpose.objects.kit import (
    GLASS,
    GLOSS,
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
    plate,
    ring,
    rod,
    rounded,
    rounded_rect,
    row,
    rubber,
    spline,
    sweep,
    torus,
    tube,
    wood,
)
from objectpose.objects.mesh import Mesh

Array = NDArray[np.float64]

_SPINES = (
    *("#7c1f24", "#1f3b63", "#2c5a3a", "#c9a24a", "#3a2a20", "#b5482a", "#e4d9bf", "#20242b", "#5b2f5e", "#2f7d86"),
    *("#8a6a3c", "#a3182a", "#d8d8d4", "#34508f", "#6b7a3a", "#4a1f1a", "#c4652b", "#16324a", "#9a8f80", "#305a4a"),
)
_GOLD = ("#d8b45a", "#ece3c8", "#c89c3c", "#f0efe8")
_PANELS = (
    ("#d02028", "#d02028"),
    ("#1d2330", "#1d2330"),
    ("#2a63b8", "#1d4a92"),
    ("#c93a62", "#d9557a"),
    ("#2f8a55", "#2f8a55"),
    ("#6d3f94", "#6d3f94"),
)


def _spread(number: int, seed: int) -> float:
    """Return a number in 0..1 that jumps about from one ``number`` to the next (golden-ratio sequence)."""
    return float((0.5 + number * 0.6180339887 + seed * 0.7548776662) % 1.0)


def bookcase(seed: int) -> Mesh:
    """Build a wooden bookcase full of books: sides, shelves, back panel, plinth and cornice.

    Args:
        seed: instance number; 0 is the reference, others vary size, wood, number of shelves, cornice and the books.

    Returns:
        A closed mesh about 1.84 m high, 1.01 m wide and 0.33 m deep.
    """
    v = Variant("bookcase", seed)
    wide, deep = v.between(0.95, 0.78, 1.15), v.near(0.30, 0.08)
    levels = v.pick(5, 4, 5)
    clear = v.between(0.315, 0.295, 0.335)
    tone = v.pick("#7a4a26", "#e6e2d8", "#b98550", "#4a2a1a", "#9a5a30")
    crown = v.pick(True, False, True, False)
    thick, foot = 0.026, v.between(0.08, 0.05, 0.11)
    high = foot + levels * (clear + thick) + thick
    upright, level, rear = wood(tone, "y", 0.02), wood(tone, "x", 0.02), wood(tone, "y", 0.05)
    inner = wide - 2.0 * thick
    side = box((thick, high, deep), upright, 0.003).moved(0.5 * (wide - thick), 0.5 * high)
    board = box((inner + 0.004, thick, deep - 0.014), level, 0.003).moved(z=0.002)
    shelves = [board.varied(k).moved(y=foot + 0.5 * thick + k * (clear + thick)) for k in range(levels + 1)]
    back = box((inner + 0.01, high - foot, 0.008), rear, 0.0).moved(0.0, 0.5 * (high + foot), 0.006 - 0.5 * deep)
    plinth = box((inner + 0.006, foot + 0.004, 0.02), level, 0.003).moved(0.0, 0.5 * foot, 0.5 * deep - 0.02)
    parts = [mirror(side), *shelves, back, plinth]
    if crown:
        lip = 0.030
        outline = [(0.0, 0.0), (0.006, 0.0), (0.014, 0.014), (0.026, 0.024), (lip, 0.040), (0.0, 0.040)]
        front = (
            extrude(outline, wide + 2.0 * lip, level, bevel=0.0).turned("y", -90.0).moved(0, high - 0.02, 0.5 * deep)
        )
        parts.append(front)
        parts.append(box((wide + 2.0 * lip, 0.018, deep + lip), level).moved(0.0, high + 0.021, 0.5 * lip))
        strip = extrude(outline, deep, level, bevel=0.0).moved(0.5 * wide, high - 0.02)
        parts.append(mirror(strip))
    else:
        parts.append(box((wide + 0.02, 0.02, deep + 0.012), level).moved(0.0, high + 0.006, 0.005))
    books = [_book(k, seed, clear, deep) for k in range(20)]
    for k in range(levels):
        floor = foot + thick + k * (clear + thick)
        parts.append(_shelf_of_books(books, k, seed, inner).moved(y=floor - 0.0005))
    return assemble(parts, seed)


def _book(number: int, seed: int, clear: float, deep: float) -> tuple[Part, float, float]:
    """Return one book that stands at the origin with its spine to +z, its thickness and its height."""
    thick = 0.016 + 0.030 * _spread(3 * number, seed)
    high = clear * (0.72 + 0.23 * _spread(number, seed + 3))
    reach = min(deep - 0.06, 0.78 * high)
    place = (number * 7 + 3 * seed) % len(_SPINES)
    cover, gilt = plain(_SPINES[place]), plain(_GOLD[(number + seed) % len(_GOLD)])
    leaves = box((thick - 0.006, high - 0.010, reach - 0.008), plain("#c9b88e", MATT), 0.0)
    boards = mirror(box((0.0032, high, reach), cover, 0.0).moved(0.5 * thick - 0.0016, 0.5 * high, -0.5 * reach))
    spine = box((thick, high, 0.010), cover, 0.0035).moved(0.0, 0.5 * high, -0.001)
    parts = [leaves.moved(0.0, 0.5 * high, -0.5 * reach), boards, spine]
    bands: tuple[tuple[float, float, float], ...] = (
        ((0.62, 0.42 * high, 0.30),),
        ((0.10, 0.004, 0.80), (0.16, 0.004, 0.80), (0.78, 0.05, 0.80)),
        ((0.60, 0.30 * high, 0.22), (0.12, 0.012, 0.50)),
        ((0.90, 0.004, 0.80), (0.12, 0.004, 0.80)),
    )[number % 4]
    for share, size, part in bands:
        parts.append(box((part * thick, size, 0.002), gilt, 0.0).moved(0.0, share * high, 0.0034))
    return join(parts), thick, high


def _shelf_of_books(books: list[tuple[Part, float, float]], level: int, seed: int, inner: float) -> Part:
    """Return a row of books on y = 0, the last one leaning; some shelves hold a lying stack as well."""
    at, number, parts = -0.5 * inner + 0.004, 0, []
    stack = (level + seed) % 3 == 1
    end = 0.5 * inner - (0.27 if stack else 0.075 + 0.05 * _spread(level, seed))
    while True:
        part, thick, _high = books[int(20.0 * _spread(number + 17 * level, seed + level))]
        if at + thick > end:
            break
        parts.append(part.moved(at + 0.5 * thick, 0.0, 0.105 - 0.02 * _spread(number, seed + 5)))
        at, number = at + thick + 0.0006, number + 1
    if stack:
        floor, middle = 0.0, 0.5 * inner - 0.128
        for k in range(3 + (level + seed) % 2):
            part, thick, high = books[(5 * k + 3 * level + seed) % 20]
            lying = part.moved(y=-0.5 * high).turned("z", 90.0)
            parts.append(lying.moved(middle + 0.008 * (k % 2), floor + 0.5 * thick, 0.10))
            floor += thick
    else:
        part, thick, _high = books[(7 * level + seed) % 20]
        slope = float(np.deg2rad(9.0))
        lean = part.moved(0.5 * thick).turned("z", 9.0)
        parts.append(lean.moved(at + 0.24 * float(np.sin(slope)), 0.0, 0.095))
    return join(parts)


def file_cabinet(seed: int) -> Mesh:
    """Build an upright steel file cabinet: drawers with pulls, label holders and a lock, one drawer pulled out.

    Args:
        seed: instance number; 0 is the reference, others vary colour, size, number of drawers and pulls.

    Returns:
        A closed mesh about 1.37 m high, 0.46 m wide and 0.89 m deep with the open drawer.
    """
    v = Variant("file_cabinet", seed)
    count = v.pick(4, 3, 4, 5)
    wide, deep = v.between(0.46, 0.40, 0.50), v.near(0.62, 0.08)
    pitch = v.between(0.315, 0.30, 0.33)
    steel = paint(v.pick("#8d9190", "#c9bd9c", "#3a3d40", "#5f6f62", "#b8bcc0"), 0.03)
    bowed = v.pick(True, False, True)
    opened, out = v.pick(count - 1, -1, 1, count - 2), v.between(0.22, 0.12, 0.3)
    foot, rim = 0.07, 0.03
    high = foot + count * pitch + rim
    dark = plain("#26282a")
    wall = box((0.020, high - 0.03, deep), steel, 0.004).moved(0.5 * wide - 0.010, 0.5 * high + 0.015)
    top = plate((wide, deep), 0.028, steel, 0.012, "y").creased(30.0).moved(y=high - 0.004)
    back = box((wide - 0.01, high - 0.04, 0.014), steel).moved(0.0, 0.5 * high + 0.01, 0.009 - 0.5 * deep)
    floor = box((wide - 0.02, 0.016, deep - 0.01), dark).moved(y=foot - 0.006)
    kick = box((wide - 0.03, foot - 0.005, 0.016), dark).moved(0.0, 0.5 * foot, 0.5 * deep - 0.035)
    parts = [mirror(wall), top, back, floor, kick]
    rail = box((wide - 0.03, 0.016, 0.02), steel).moved(0.0, 0.0, 0.5 * deep - 0.012)
    drawer = _drawer(wide - 0.034, pitch - 0.014, deep - 0.06, steel, bowed)
    glide = mirror(box((0.006, 0.02, deep - 0.06), metal("#9a9da0")).moved(0.5 * wide - 0.021))
    for k in range(count):
        low = foot + k * pitch
        parts += [rail.moved(y=low + pitch - 0.002), glide.moved(y=low + 0.10)]
        parts.append(drawer.moved(0.0, low + 0.006, 0.5 * deep - 0.004 + (out if k == opened else 0.0)))
        if k == opened:
            parts.append(_folders(wide - 0.075, pitch, seed).moved(0.0, low + 0.02, 0.5 * deep + out - 0.03))
    lock = cylinder(0.012, 0.012, metal("#d0d2d4"), "z", 20) + box((0.002, 0.012, 0.004), dark, 0.0).moved(z=0.005)
    bracket = mirror(box((0.03, 0.03, 0.03), dark).moved(0.5 * wide - 0.03, 0.015, 0.5 * deep - 0.05), "z")
    parts += [lock.moved(0.5 * wide - 0.05, high - 0.028, 0.5 * deep - 0.002), mirror(bracket)]
    screw = ellipsoid((0.010, 0.010, 0.006), metal("#c4c6c8"), 10)
    parts.append(
        mirror(row(screw.moved(0.5 * wide - 0.014, 0.5 * high, 0.002 - 0.5 * deep), 7, (0.0, 0.15 * high, 0.0)))
    )
    parts.append(box((wide - 0.03, 0.03, 0.012), steel).moved(0.0, high - 0.026, 0.5 * deep - 0.01))
    return assemble(parts, seed)


def _drawer(wide: float, high: float, deep: float, steel: Texture, bowed: bool) -> Part:
    """Return a drawer with its front's face at z = 0.012: front, tray, pull and label holder; it stands on y = 0."""
    chrome, dark = metal("#d5d7d9"), plain("#2a2c2e")
    front = plate((wide, high), 0.024, steel, 0.010, bevel=0.004).creased(30.0).moved(y=0.5 * high)
    panel = (
        plate((wide - 0.05, high - 0.05), 0.006, steel, 0.012, bevel=0.002).creased(30.0).moved(0.0, 0.5 * high, 0.0135)
    )
    side = box((0.004, 0.55 * high, deep), steel, 0.0).moved(0.5 * wide - 0.018, 0.30 * high, -0.5 * deep)
    tray = box((wide - 0.035, 0.004, deep), steel, 0.0).moved(0.0, 0.022, -0.5 * deep)
    rear = box((wide - 0.035, 0.45 * high, 0.004), steel, 0.0).moved(0.0, 0.25 * high, -deep + 0.002)
    grip = 0.46 * high
    if bowed:
        way = rounded([(-0.06, grip, 0.012), (-0.055, grip, 0.046), (0.055, grip, 0.046), (0.06, grip, 0.012)], 0.02, 5)
        pull = sweep(rounded_rect(0.010, 0.018, 0.004), way, chrome)
        pull += mirror(plate((0.03, 0.03), 0.004, chrome, 0.008).moved(0.058, grip, 0.018))
    else:
        pull = plate((0.15, 0.046), 0.004, chrome, 0.01).moved(0.0, grip, 0.018)
        lip = extrude([(0.0, 0.0), (0.03, 0.006), (0.032, 0.012), (0.0, 0.014)], 0.14, chrome).turned("y", -90.0)
        pull += lip.moved(0.0, grip, 0.018) + box((0.12, 0.018, 0.003), dark, 0.0).moved(0.0, grip - 0.012, 0.020)
    frame = extrude(rounded_rect(0.098, 0.052, 0.004), 0.006, chrome, [rounded_rect(0.078, 0.032, 0.002)])
    card = box((0.082, 0.036, 0.003), plain("#f3efe2", MATT), 0.0)
    lines = row(box((0.05, 0.003, 0.004), dark, 0.0), 2, (0.0, 0.010, 0.0))
    holder = (frame + card + lines).moved(0.0, 0.76 * high, 0.018)
    latch = cylinder(0.008, 0.012, chrome, "z", 16).moved(0.085, grip, 0.018)
    return join([front, panel, mirror(side), tray, rear, pull, holder, latch])


def _folders(wide: float, pitch: float, seed: int) -> Part:
    """Return hanging folders with coloured tabs in a drawer; they stand on y = 0 and run to -z."""
    buff = plain("#d9bf86", MATT)
    tabs = [plain(c, MATT) for c in ("#c8402f", "#3f74b5", "#e8c84a", "#5a9a4a")]
    sheet = box((wide, 0.68 * pitch, 0.004), buff, 0.0005).moved(y=0.36 * pitch)
    paper = box((wide - 0.03, 0.66 * pitch, 0.010), plain("#f2efe6", MATT), 0.001).moved(0.0, 0.34 * pitch, -0.008)
    parts = []
    for k in range(18):
        tab = box((0.055, 0.020, 0.0025), tabs[(k + seed) % 4], 0.0005)
        x = (-0.36 + 0.24 * (k % 4)) * wide
        parts.append((sheet + paper + tab.moved(x, 0.70 * pitch + 0.006)).moved(z=-0.02 - 0.018 * k))
    return join(parts)


def electric_fan(seed: int) -> Mesh:
    """Build an oscillating desk fan: wire guard, pitched blades, motor housing, neck and a base with buttons.

    Args:
        seed: instance number; 0 is the reference, others vary colours, number and size of the blades, guard and neck.

    Returns:
        A closed mesh about 0.67 m high, 0.37 m wide and 0.30 m deep.
    """
    v = Variant("electric_fan", seed)
    body, vane, wire = v.pick(
        ("#eceae4", "#4f9fd8", "#d4d6d8"),
        ("#26292c", "#3a3e42", "#b8bbbe"),
        ("#3f7f78", "#d8dcdc", "#d8dadc"),
        ("#e8e4da", "#d8d4cc", "#e4e4e0"),
    )
    radius = v.between(0.178, 0.165, 0.195)
    blades, wires = v.pick(3, 4, 5), v.pick(48, 36, 60)
    neck = v.between(0.30, 0.28, 0.36)
    shell, grid = plastic(body), plain(wire, METAL)
    head = _fan_head(radius, blades, wires, plastic(vane), shell, grid).turned("x", -v.between(4.0, 0.0, 10.0))
    foot = v.between(0.115, 0.105, 0.125)
    dome = spline([(foot, 0.008), (foot - 0.004, 0.022), (0.75 * foot, 0.036), (0.045, 0.052), (0.028, 0.085)], 18)
    base = lathe([(0.0, 0.004), (foot - 0.004, 0.004), *dome, (0.0, 0.09)], shell, 48).scaled((1.0, 1.0, 1.1))
    pads = ring(cylinder(0.014, 0.01, rubber(), segments=14).moved(0.08, 0.004), 4, start_deg=45.0)
    stem = lathe([(0.024, 0.07), (0.019, 0.12), (0.017, neck - 0.05), (0.024, neck - 0.03), (0.024, neck)], shell, 24)
    joint = cylinder(0.022, 0.060, shell, "x", 24).moved(y=neck)
    screw = cylinder(0.012, 0.03, plain("#3a3d40"), "x", 12).moved(0.04, neck)
    keys = [plain(c) for c in ("#c8372d", "#f4f2ea", "#f4f2ea", "#f4f2ea")]
    panel = box((0.11, 0.012, 0.034), plain("#5a5f64")).turned("x", 22.0).moved(0.0, 0.034, 0.088)
    buttons = [
        box((0.018, 0.014, 0.022), key, 0.003).turned("x", 22.0).moved(0.026 * (k - 1.5), 0.042, 0.091)
        for k, key in enumerate(keys)
    ]
    way = spline([(0.0, 0.012, -0.11), (0.01, 0.004, -0.15), (0.07, 0.004, -0.17), (0.13, 0.004, -0.13)], 24)
    flex = plain("#1c1d1f" if body == "#26292c" else "#d8d6d0")
    cord = tube(way, 0.0032, flex, 7, round_ends=True)
    plug = cylinder(0.009, 0.026, flex, "x", 12).moved(0.138, 0.0095, -0.128)
    high = neck + radius + 0.012
    lift_up = bar((0.0, neck - 0.005, 0.0), (0.0, high - 0.04, -0.02), (0.026, 0.03), shell)
    return assemble(
        [head.moved(0.0, high, 0.03), base, pads, stem, joint, screw, panel, *buttons, cord, plug, lift_up], seed
    )


def _fan_head(radius: float, blades: int, wires: int, vane: Texture, shell: Texture, grid: Texture) -> Part:
    """Return guard, blades and motor about the z axis, the air to +z."""
    rim = torus(radius, 0.010, shell, "z", 56, 10)
    front = rounded([(0.026, 0.052), (0.7 * radius, 0.050), (radius, 0.030), (radius + 0.001, 0.0)], 0.03, 5)
    rear = rounded([(0.045, -0.050), (0.72 * radius, -0.048), (radius, -0.028), (radius, 0.0)], 0.03, 5)
    wire = tube(lift(front, "xz"), 0.0012, grid, 5)
    behind = tube(lift(rear, "xz"), 0.0012, grid, 5)
    cage = ring(wire, wires, "z") + ring(behind, wires, "z", 180.0 / wires)
    hoops = [torus(s * radius, 0.0032, grid, "z", 48, 6).moved(z=z) for s, z in ((0.5, 0.0515), (0.5, -0.049))]
    hoops += [torus(0.985 * radius, 0.004, grid, "z", 48, 6).moved(z=z) for z in (0.020, -0.020)]
    disc = lathe([(0.0, 0.050), (0.036, 0.050), (0.036, 0.054), (0.028, 0.060), (0.0, 0.062)], shell, 32)
    badge = lathe([(0.0, 0.060), (0.020, 0.0605), (0.018, 0.0635), (0.0, 0.0645)], plain("#3f78a8"), 24)
    hub = lathe([(0.0, -0.03), (0.030, -0.03), (0.032, 0.01), (0.026, 0.026), (0.0, 0.032)], vane, 28)
    motor = spline([(0.046, -0.044), (0.058, -0.060), (0.060, -0.110), (0.050, -0.150), (0.026, -0.166)], 18)
    case = lathe([(0.0, -0.04), *motor, (0.0, -0.17)][::-1], shell, 36)
    vents = ring(box((0.010, 0.05, 0.004), plain("#33373a"), 0.0).moved(0.0, -0.10, 0.0585), 18)
    knob = cylinder(0.009, 0.026, plain("#33373a"), "y", 14).moved(0.0, 0.068, -0.12)
    turned = join([disc, badge, hub, case, vents]).turned("x", 90.0)
    saddle = box((0.030, 0.06, 0.04), shell).moved(0.0, -0.06, -0.10 + 0.02)
    return join([rim, cage, *hoops, turned, knob, saddle, ring(_blade(radius, blades, vane), blades, "z", 90.0)])


def _blade(radius: float, blades: int, vane: Texture) -> Part:
    """Return one blade that runs along +x from the hub, twisted and rounded, the air to +z."""
    broad = {3: 1.0, 4: 0.84, 5: 0.70}[blades] * radius
    sections = []
    for share in np.linspace(0.0, 1.0, 15):
        chord = broad * (0.30 + 0.70 * np.sin(np.pi * (0.10 + 0.62 * share)) ** 1.2) * (1.0 - share**9 * 0.75)
        pitch = np.deg2rad(38.0 - 20.0 * share)
        flat = ellipse(float(chord), 0.0032, 28) + np.array([0.10 * broad * share, 0.0])
        y = flat[:, 0] * np.cos(pitch) - flat[:, 1] * np.sin(pitch)
        z = flat[:, 0] * np.sin(pitch) + flat[:, 1] * np.cos(pitch)
        sections.append(np.column_stack([np.full(28, 0.022 + (0.90 * radius - 0.022) * share), y, z * 0.8]))
    return loft(sections, vane, crease_deg=70.0)


def hourglass(seed: int) -> Mesh:
    """Build a sand glass: two blown bulbs with running sand between turned wooden plates on turned posts.

    Args:
        seed: instance number; 0 is the reference, others vary wood, sand, girth, height and how far the sand has run.

    Returns:
        A closed mesh about 0.24 m high and 0.13 m across.
    """
    v = Variant("hourglass", seed)
    timber = v.pick("#7a431f", "#3a2417", "#c08d4e", "brass")
    grain = v.pick("#e2c38a", "#d98f6a", "#c8642e", "#3f78b0")
    girth, high = v.between(0.041, 0.037, 0.045), v.near(0.24, 0.08)
    run = v.between(0.55, 0.25, 0.8)
    stand = metal("#b8923f") if timber == "brass" else wood(timber, "y", 0.006, GLOSS)
    half = 0.5 * high
    broad = girth + 0.027
    disc = [
        (broad - 0.012, -0.002),
        (broad - 0.004, 0.0),
        (broad, 0.005),
        (broad - 0.003, 0.010),
        (broad - 0.010, 0.013),
    ]
    disc += [(broad - 0.011, 0.018), (broad - 0.016, 0.020), (girth - 0.008, 0.020)]
    end = lathe([(0.0, -0.002), *disc, (0.0, 0.020)], stand, 56).moved(y=-half)
    post = _post(half - 0.017, stand).moved(x=broad - 0.013)
    ferrule = lathe([(0.0, 0.019), (0.026, 0.019), (0.026, 0.024), (0.020, 0.028), (0.0, 0.028)], stand, 36)
    collar = torus(0.0068, 0.006, stand, segments=28, sides=8)
    parts = [mirror(end + ferrule.moved(y=-half), "y"), ring(post, 3, start_deg=-30.0), collar]
    parts.append(_bulbs(girth, half - 0.024, run, plain(grain)))
    return assemble(parts, seed)


def _post(reach: float, stand: Texture) -> Part:
    """Return a turned post from -reach to reach on the y axis."""
    half = [(0.0075, 1.0), (0.0075, 0.93), (0.0050, 0.90), (0.0070, 0.85), (0.0048, 0.80), (0.0042, 0.70)]
    half += [(0.0062, 0.40), (0.0068, 0.25), (0.0050, 0.14), (0.0074, 0.08), (0.0055, 0.0)]
    line = [(r, y * reach) for r, y in half]
    return lathe([*((r, -y) for r, y in line), *reversed(line[:-1])], stand, 18)


def _bulbs(girth: float, reach: float, run: float, sand: Texture) -> Part:
    """Return both bulbs as one body: sand where sand lies behind the glass, elsewhere streaks of reflected light."""
    line = [(0.0045, 0.0), (0.007, 0.10), (0.020, 0.25), (0.034, 0.42), (0.041, 0.62), (0.037, 0.82), (0.022, 0.98)]
    half = spline([(r * girth / 0.041, y * reach) for r, y in line], 22)
    profile = np.concatenate([(half * (1.0, -1.0))[::-1], half[1:]])
    low, top = -reach * (0.80 - 0.40 * run), reach * (0.72 - 0.45 * run)

    def sanded(position: Array, _normal: Array) -> Array:
        y = position[:, 1]
        return np.asarray((y < low) | ((y > 0.06 * reach) & (y < top)) | (np.abs(y) < 0.05 * reach), np.float64)

    def shine(position: Array, normal: Array) -> Array:
        around = np.arctan2(normal[:, 0], normal[:, 2])
        streak = np.exp(-(((around + 0.7) / 0.16) ** 2)) + 0.6 * np.exp(-(((around - 2.3) / 0.2) ** 2))
        return np.asarray(streak * np.clip(1.6 * np.abs(position[:, 1]) / reach - 0.2, 0.0, 1.0))

    clear = by(shine, plain("#a9b2b0", GLASS), plain("#f6fbfd"))
    return lathe(profile, by(sanded, clear, sand).finished(GLASS), 48, 70.0)


def umbrella(seed: int) -> Mesh:
    """Build an open umbrella: canopy of eight panels, ribs, stretchers, runner, shaft, ferrule and a crook handle.

    Args:
        seed: instance number; 0 is the reference, others vary colours, depth of the canopy, panels and the handle.

    Returns:
        A closed mesh about 0.98 m high and 1.05 m across.
    """
    v = Variant("umbrella", seed)
    first, second = v.pick(*_PANELS)
    panels = v.pick(8, 8, 10, 6)
    radius, rise = v.between(0.52, 0.48, 0.56), v.between(0.24, 0.21, 0.28)
    crook = v.pick(1.0, 1.25, 0.8)
    grip = wood(v.pick("#6b3a1c", "#2a1a12", "#a8713c"), "y", 0.01, GLOSS)
    steel = metal("#b4b7ba")
    curve = np.array(
        [
            (radius * np.sin(t) / np.sin(1.25), rise * (np.cos(t) - np.cos(1.25)) / (1.0 - np.cos(1.25)))
            for t in np.linspace(0.02, 1.25, 15)
        ]
    )
    step = 360.0 / panels

    def drawn(points: Array) -> Array:
        angle = np.arctan2(points[:, 0], points[:, 2])
        away = np.mod(angle, np.deg2rad(step)) - np.deg2rad(0.5 * step)
        share = np.clip(np.hypot(points[:, 0], points[:, 2]) / radius, 0.0, 1.0)
        chord = np.cos(np.deg2rad(0.5 * step)) / np.cos(away)
        loose = 1.0 - (away / np.deg2rad(0.5 * step)) ** 2
        factor = (1.0 + (chord - 1.0) * np.clip(3.0 * share, 0.0, 1.0)) * (1.0 - 0.035 * loose * share**6)
        out = points * np.stack([factor, np.ones_like(factor), factor], axis=1)
        out[:, 1] += 0.020 * loose * share**5
        return np.asarray(out)

    def other(position: Array, _normal: Array) -> Array:
        angle = np.degrees(np.arctan2(position[:, 0], position[:, 2]))
        return np.asarray(np.floor(np.mod(angle, 360.0) / step).astype(np.int64) % 2, np.float64)

    fabric = by(other, cloth(first, 0.006, 0.05), cloth(second, 0.006, 0.05))
    shell = [*curve, *((curve - (0.0, 0.003))[::-1]), curve[0]]
    canopy = lathe(shell, fabric, panels * 12, 18.0).warped(drawn)
    under = curve - (0.0, 0.0055)
    rib = tube(lift(under[1:], "zy"), 0.0024, steel, 6, round_ends=True)
    tip = ellipsoid(0.013, plain("#d8dadc"), 10).moved(0.0, float(under[-1, 1]), float(under[-1, 0]))
    mid = under[7]
    stretcher = rod((0.0, -0.03, 0.012), (0.0, float(mid[1]), float(mid[0])), 0.0022, steel, 6)
    runner = lathe(
        [(0.0, -0.075), (0.010, -0.075), (0.010, -0.04), (0.017, -0.036), (0.017, -0.022), (0.0, -0.02)],
        plain("#26282a"),
        20,
    )
    crown = lathe(
        [(0.0, rise - 0.02), (0.020, rise - 0.02), (0.020, rise - 0.006), (0.0, rise - 0.004)], plain("#26282a"), 20
    )
    cap = lathe(
        [
            (0.0, rise - 0.006),
            (0.022, rise - 0.002),
            (0.016, rise + 0.006),
            (0.008, rise + 0.012),
            (0.006, rise + 0.06),
            (0.004, rise + 0.075),
            (0.0, rise + 0.076),
        ],
        steel,
        20,
    )
    foot = -0.52
    shaft = cylinder(0.006, rise - foot, steel, segments=14).moved(y=0.5 * (rise + foot))
    hook = [(0.0, 0.03), (0.0, -0.08), (0.012, -0.115), (0.045, -0.135), (0.078, -0.115), (0.088, -0.075)]
    way = spline(lift([(x * crook, foot + y * (crook if y < 0.0 else 1.0)) for x, y in hook]), 30)
    handle = tube(way, 0.0125, grip, 14, round_ends=True)
    band = torus(0.0125, 0.006, metal("#c8a24a"), segments=20, sides=8).moved(y=foot + 0.03)
    wires = ring(rib + tip + stretcher, panels)
    return assemble([canopy, wires, runner, crown, cap, shaft, handle, band], seed)
