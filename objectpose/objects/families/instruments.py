"""Musical instruments with keys, skins and a capsule: grand piano, drum, accordion, microphone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from objectpose.objects.kit import (
    GLOSS,
    MATT,
    METAL,
    SATIN,
    Part,
    Texture,
    Variant,
    assemble,
    bar,
    box,
    cylinder,
    ellipsoid,
    extrude,
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
    plate,
    ring,
    rod,
    rounded_rect,
    row,
    side_profile,
    spline,
    sweep,
    torus,
    tube,
    wood,
)
from objectpose.objects.mesh import Mesh

_Array = NDArray[np.float64]
_ACCORDIONS = (
    ("#a3141a", "#1b1a1c", "#b3161b"),
    ("#17171a", "#7d1518", "#1a1a1c"),
    ("#24489c", "#17181f", "#2c53ad"),
    ("#e9e4d6", "#8c161b", "#2a1718"),
)
_MICROPHONES = (
    ("#232427", "#b9bcc0", "#c3c6ca"),
    ("#1a1a1c", "#8d9095", "#c9a24a"),
    ("#a9acb0", "#c9ccd0", "#2a2a2d"),
    ("#23345c", "#c4c7cb", "#c3c6ca"),
)
_SHARPS = (0.62, 1.72, 3.6, 4.68, 5.75)


def _octaves(first: int, count: int) -> list[float]:
    """Return where the black keys of ``count`` white keys lie, in white keys from the left end; 0 is a C."""
    places = [7.0 * octave + s + 0.35 for octave in range(-1, count // 7 + 2) for s in _SHARPS]
    return [p - first for p in places if 0.4 < p - first < count - 0.4]


# --- grand piano


def grand_piano(seed: int) -> Mesh:
    """Build a grand piano with its lid propped open: 88 keys, gold iron frame, music desk, pedals, three legs.

    Args:
        seed: instance number; 0 is the reference, others vary wood or lacquer, length, lid angle, legs and desk.

    Returns:
        A closed mesh about 1.5 m wide in metres, keyboard to +z, straight side at -x.
    """
    v = Variant("grand_piano", seed)
    lacquer = v.pick(
        paint("#141416", 0.1),
        wood("#4f2111", "z", 0.012, GLOSS),
        paint("#ece9e1", 0.02),
        wood("#5e3a1e", "z", 0.012, GLOSS),
    )
    length, angle = v.between(1.35, 1.2, 1.6), v.between(36.0, 31.0, 40.0)
    gold, brass = metal(v.pick("#c9a03c", "#b98a34", "#d0ae5a")), metal("#c9a24a")
    turned_legs, desk = v.pick(False, True, False), v.pick(False, True, True)
    tail = 0.4 - length
    side = [(0.745, 0.4), (0.742, 0.22), (0.72, 0.05), (0.62, -0.1), (0.46, -0.24), (0.34, -0.38)]
    curve = [(x, 0.4 - (0.4 - z) * length / 1.35) for x, z in side]
    curve += [(0.27, tail + 0.36), (0.21, tail + 0.18), (0.08, tail + 0.05), (-0.16, tail), (-0.5, tail + 0.02)]
    outline = np.concatenate([spline(curve, 60), [(-0.74, tail + 0.06), (-0.745, 0.4)]])
    legs = [(-0.64, 0.5), (0.64, 0.5), (-0.27, tail + 0.3)]
    return assemble(
        [
            _case(outline, lacquer, gold, tail),
            _keyboard(lacquer),
            _lid(outline, lacquer, brass, angle),
            _music_desk(lacquer, desk),
            join(_leg(lacquer, brass, turned_legs).moved(x, 0.0, z) for x, z in legs),
            _lyre(lacquer, brass),
        ],
        seed,
    )


def _flat(outline: _Array, thick: float, texture: Texture, holes: tuple[_Array, ...] = ()) -> Part:
    """Return a plate with an outline of (x, z) points and its top at y = 0."""
    return extrude(outline, thick, texture, holes).turned("x", 90.0).moved(y=-0.5 * thick)


def _shrunk(outline: _Array, share: float) -> _Array:
    """Return an outline drawn towards the middle of the case."""
    middle = np.array([-0.2, -0.05])
    return np.asarray(middle + (outline - middle) * share)


def _case(outline: _Array, lacquer: Texture, gold: Texture, tail: float) -> Part:
    """Return rim, underside with beams, sound board, iron frame with its windows, strings, dampers and pins."""
    inner = _shrunk(outline, 0.925)
    spruce = wood("#c08a4a", "z", 0.03)
    rim = _flat(outline, 0.34, lacquer, (inner,)).moved(y=0.98)
    bottom = _flat(_shrunk(outline, 0.95), 0.02, spruce).moved(y=0.70)
    board = _flat(_shrunk(outline, 0.94), 0.02, spruce).moved(y=0.85)
    ends = [(-0.45, tail + 0.25), (-0.05, tail + 0.25), (0.05, 0.0), (0.45, 0.25)]
    beams = join(bar((x, 0.665, 0.36), (x * 0.4 - 0.15, 0.665, z), (0.07, 0.07), spruce) for x, z in ends)
    cells = [(-0.6, -0.36, -0.02), (-0.32, -0.06, 0.0), (0.02, 0.26, 0.06), (0.34, 0.58, 0.1)]
    windows = []
    for left, right, top in cells:
        reach = float(np.interp(-0.5 * (left + right), (-0.5, 0.5), (0.05, tail + 0.16)))
        if reach < top - 0.12:
            shape = rounded_rect(right - left, top - reach, 0.04) + (0.5 * (left + right), 0.5 * (top + reach))
            windows.append(shape)
    frame = _flat(_shrunk(outline, 0.91), 0.018, gold, tuple(windows)).moved(y=0.888)
    struts = [bar((x, 0.9, 0.3), (0.75 * x - 0.08, 0.9, z), (0.02, 0.03), gold) for x, z in
              ((-0.34, tail + 0.16), (-0.02, tail + 0.3), (0.3, -0.2 + 0.3 * (tail + 0.95)))]  # fmt: skip
    steel, copper = plain("#d3d4d2", METAL), plain("#b5733c", METAL)
    strings = []
    for i, x in enumerate(np.linspace(-0.62, 0.62, 56).tolist()):
        end = float(np.interp(x, (-0.62, -0.1, 0.2, 0.62), (tail + 0.2, tail + 0.28, -0.28, 0.08)))
        strings.append(rod((x, 0.912, 0.24), (0.9 * x - 0.03, 0.912, end), 0.0022, copper if i < 16 else steel, 4))
    pins = row(cylinder(0.0035, 0.03, steel, segments=6, bevel=0.0).moved(0.0, 0.9, 0.27), 40, (0.031, 0.0, 0.0))
    pins += row(cylinder(0.0035, 0.03, steel, segments=6, bevel=0.0).moved(0.0, 0.9, 0.3), 40, (0.031, 0.0, 0.0))
    damper = box((0.013, 0.03, 0.06), plain("#1b1b1d"), 0.0).moved(0.0, 0.925, 0.17)
    felt = box((1.26, 0.012, 0.02), plain("#8a1f22", MATT)).moved(0.0, 0.908, 0.225)
    return join([rim, bottom, board, beams, frame, *struts, *strings, pins, row(damper, 52, (0.0242, 0.0, 0.0)), felt])


def _keyboard(lacquer: Texture) -> Part:
    """Return key bed, arms, fall board, key slip and 88 keys."""
    pitch, front = 1.228 / 52.0, 0.665
    cheek = [(0.39, 0.64), (0.73, 0.64), (0.735, 0.80), (0.70, 0.845), (0.5, 0.9), (0.39, 0.979)]
    arm = side_profile(cheek, 0.115, lacquer)
    bed = box((1.488, 0.085, 0.36), lacquer).moved(0.0, 0.655, 0.56)
    slip = box((1.27, 0.055, 0.028), lacquer).moved(0.0, 0.72, 0.70)
    fall = box((1.27, 0.17, 0.05), lacquer).turned("x", -8.0).moved(0.0, 0.83, 0.455)
    shelf = box((1.4, 0.03, 0.10), lacquer).moved(0.0, 0.958, 0.40)
    white = box((pitch - 0.0016, 0.03, 0.19), plain("#f4f1e6", GLOSS), 0.001).moved(0.0, 0.742, front - 0.095)
    black = box((0.0115, 0.03, 0.11), plain("#101012", GLOSS), 0.002)
    sharps = join(black.moved(-0.614 + p * pitch, 0.762, front - 0.125) for p in _octaves(5, 52))
    strip = box((1.24, 0.006, 0.012), plain("#8a1f22", MATT)).moved(0.0, 0.758, 0.482)
    return join([mirror(arm.moved(0.6875)), bed, slip, fall, shelf, row(white, 52, (pitch, 0.0, 0.0)), sharps, strip])


def _lid(outline: _Array, lacquer: Texture, brass: Texture, angle: float) -> Part:
    """Return the raised lid hinged at the straight side, its front flap folded back on it, the prop and hinges."""
    leaf = _flat(outline * (1.01, 1.005), 0.022, lacquer).moved(0.745, 0.022)
    flap = box((1.46, 0.02, 0.3), lacquer).moved(0.745, 0.034, 0.25)
    hinge = cylinder(0.009, 0.12, brass, "z", 12).moved(-0.002, 0.004)
    hinges = join(hinge.moved(z=z) for z in (0.25, -0.2, -0.6))
    raised = (leaf + flap).turned("z", angle) + hinges
    slope = np.deg2rad(angle)
    reach = 1.05
    top = (-0.745 + reach * float(np.cos(slope)), 0.98 + reach * float(np.sin(slope)), 0.02)
    prop = rod((0.66, 0.95, 0.05), top, 0.011, lacquer, 10) + box((0.05, 0.03, 0.05), brass).moved(0.67, 0.97, 0.05)
    return raised.moved(-0.745, 0.982) + prop


def _music_desk(lacquer: Texture, curved: bool) -> Part:
    """Return the music desk behind the fall board; with ``curved`` its upper edge swings up in the middle."""
    swing = [(0.39, 0.0), (0.38, 0.13), (0.28, 0.16), (0.14, 0.22), (0.0, 0.25)]
    swing += [(-x, y) for x, y in swing[-2::-1]]
    square = rounded_rect(0.78, 0.24, 0.05) + (0.0, 0.12)
    panel = extrude(swing if curved else square, 0.016, lacquer)
    ledge = box((0.8, 0.016, 0.05), lacquer).moved(0.0, 0.006, 0.02)
    base = box((1.3, 0.016, 0.14), lacquer).moved(0.0, 0.965, 0.31)
    return (panel + ledge).turned("x", -18.0).moved(0.0, 0.975, 0.33) + base


def _leg(lacquer: Texture, brass: Texture, turned: bool) -> Part:
    """Return a leg from the castor up to the case."""
    if turned:
        line = [(0.03, 0.09), (0.036, 0.12), (0.03, 0.14), (0.038, 0.3), (0.06, 0.5), (0.062, 0.54), (0.045, 0.56)]
        shaft = lathe([*line, (0.07, 0.59), (0.07, 0.61)], lacquer, 28) + box((0.15, 0.08, 0.15), lacquer).moved(y=0.63)
    else:
        ends = [(rounded_rect(w, w, 0.012), z) for w, z in ((0.075, 0.09), (0.13, 0.55))]
        shaft = loft(ends, lacquer).turned("x", -90.0)
        shaft += box((0.16, 0.11, 0.16), lacquer).moved(y=0.6)
    fork = box((0.05, 0.05, 0.05), brass).moved(y=0.085)
    return join([shaft, fork, cylinder(0.036, 0.03, brass, "x", 24).moved(y=0.036)])


def _lyre(lacquer: Texture, brass: Texture) -> Part:
    """Return the pedal lyre below the key bed: two posts, pedal box, three pedals and two braces."""
    posts = mirror(box((0.04, 0.54, 0.04), lacquer, 0.008).moved(0.085, 0.37))
    case = box((0.28, 0.09, 0.14), lacquer).moved(0.0, 0.12, 0.0) + box((0.3, 0.05, 0.12), lacquer).moved(y=0.62)
    widths = ((0.022, 0.0), (0.03, 0.1), (0.046, 0.17), (0.03, 0.185))
    pedal = loft([(rounded_rect(w, 0.016, 0.007), z) for w, z in widths], brass)
    rods = join(rod((x, 0.16, 0.0), (x, 0.63, 0.0), 0.005, brass) for x in (-0.03, 0.0, 0.03))
    brace = mirror(rod((0.08, 0.14, -0.05), (0.1, 0.64, -0.4), 0.008, brass))
    return join([posts, case, row(pedal.moved(0.0, 0.075, 0.05), 3, (0.085, 0.0, 0.0)), rods, brace]).moved(z=0.42)


# --- drum


def drum(seed: int) -> Mesh:
    """Build a snare drum: lacquered shell with lugs and tension rods, two hoops, white heads, snare wires, strainer.

    Args:
        seed: instance number; 0 is the reference, others vary shell colour, depth, lugs, hoops and head.

    Returns:
        A closed mesh 0.37 m wide in metres.
    """
    v = Variant("drum", seed)
    red, blue, black = (paint(colour, 0.06) for colour in ("#a8181c", "#1f3f8f", "#1b1b1d"))
    shell = v.pick(red, wood("#b8722e", "y", 0.012, GLOSS), blue, black)
    radius, depth, lugs = v.near(0.178, 0.04), v.between(0.165, 0.14, 0.2), v.pick(10, 8, 6)
    steel = metal(v.pick("#cfd1d4", "#c9a24a", "#cfd1d4"))
    coat = paint(v.pick("#f2f0ea", "#e8e2d2", "#f6f6f4"), 0.03, SATIN, 0.05)
    half = 0.5 * depth
    wall = pipe(radius, radius - 0.008, depth, shell, segments=64)
    edge = np.array([radius, half])
    skin = [(0.0, half - 0.003), *(edge + [(0.004, -0.003), (0.004, 0.002), (-0.006, 0.004)]), (0.0, half + 0.004)]
    head = lathe(skin, coat, 64)
    rim = edge + [(0.003, -0.012), (0.014, -0.012), (0.014, -0.008), (0.007, -0.006), (0.007, 0.014), (0.011, 0.016),
                  (0.011, 0.019), (0.003, 0.019), (0.003, -0.012)]  # fmt: skip
    hoop = lathe(rim, steel, 64)
    sizes = ((0.026, 0.058, 0.0), (0.024, 0.056, 0.014), (0.012, 0.04, 0.021))
    lug = loft([(rounded_rect(w, h, 0.006), z) for w, h, z in sizes], steel, 2)
    stud = rod((0.0, 0.0, 0.012), (0.0, half + 0.004, 0.012), 0.003, steel)
    stud += box((0.008, 0.012, 0.008), steel).moved(0.0, half, 0.012)
    stud += box((0.024, 0.012, 0.014), steel).moved(0.0, half - 0.008, 0.01)
    side = lug.moved(z=-0.002) + mirror(stud, "y")
    wire = rod((0.0, -half - 0.006, -radius + 0.02), (0.0, -half - 0.006, radius - 0.02), 0.0016, steel, 5)
    plates = mirror(box((0.07, 0.003, 0.022), steel).moved(0.0, -half - 0.006, radius - 0.016), "z")
    strainer = box((0.034, 0.07, 0.016), steel).moved(0.0, -0.01, radius + 0.006)
    strainer += bar((0.0, 0.02, radius + 0.016), (0.0, -0.045, radius + 0.032), (0.012, 0.008), steel)
    strainer += cylinder(0.009, 0.016, steel, segments=16).moved(0.0, 0.03, radius + 0.012)
    badge = cylinder(0.018, 0.004, metal("#c9a24a"), "z", 24).moved(0.0, 0.02, radius).turned("y", 180.0)
    vent = pipe(0.007, 0.004, 0.006, steel, "z", 16).moved(0.0, 0.02, radius + 0.0015).turned("y", 180.0)
    return assemble(
        [
            wall,
            mirror(head + hoop, "y"),
            ring(side.moved(z=radius), lugs, start_deg=180.0 / lugs),
            row(wire, 14, (0.0045, 0.0, 0.0)),
            plates,
            strainer,
            badge,
            vent,
        ],
        seed,
    )


# --- accordion


def accordion(seed: int) -> Mesh:
    """Build a piano accordion with its bellows drawn out: keyboard, grille with switches, bass buttons, straps.

    Args:
        seed: instance number; 0 is the reference, others vary colours, bellows' opening and folds, keys, switches.

    Returns:
        A closed mesh about 0.55 m wide in metres, keyboard at -x, grille to +z.
    """
    v = Variant("accordion", seed)
    colour, fold, edge = v.pick(*_ACCORDIONS)
    shell = paint(colour, 0.05, GLOSS, 0.06)
    steel, keys, folds = metal(v.pick("#cfd1d4", "#cdb068", "#cfd1d4")), v.pick(24, 22, 21), v.pick(14, 12, 16)
    opening, height, switches = v.between(0.24, 0.19, 0.28), v.near(0.40, 0.06), v.pick(7, 5, 9)
    half, fan = 0.5 * opening, v.between(0.3, 0.12, 0.36)
    parts = [
        _bellows(opening, height, folds, paint(fold, 0.08, MATT, 0.03), plain(edge), steel),
        _treble(shell, steel, height, keys, switches).moved(-half),
        _bass(shell, steel, height).moved(half),
    ]
    return assemble(join(parts).warped(lambda p: _fanned(p, half, half / fan)), seed)


def _fanned(points: _Array, half: float, radius: float) -> _Array:
    """Return points with the span -half <= x <= half bent to an arc about (0, -radius), what lies beyond turned."""
    along = np.clip(points[:, 0], -half, half)
    cos, sin, beyond = np.cos(along / radius), np.sin(along / radius), points[:, 0] - along
    high = radius + points[:, 1]
    return np.column_stack([high * sin + beyond * cos, high * cos - beyond * sin - radius, points[:, 2]])


def _bellows(opening: float, height: float, folds: int, fold: Texture, edge: Texture, steel: Texture) -> Part:
    """Return the pleated bellows about the x axis with trimmed edges and metal corners."""
    depth, pitch = 0.185, opening / folds
    rings = []
    for i in range(2 * folds + 1):
        grow = -0.036 if i % 2 == 0 else 0.0
        rings.append((rounded_rect(depth + grow, height + grow, 0.006, 1), -0.5 * opening + 0.5 * i * pitch))
    body = loft(rings, fold, crease_deg=20.0)
    outer, inner = (rounded_rect(depth + d, height + d, 0.006, 1) for d in (0.003, -0.012))
    lip = extrude(outer, 0.0045, edge, [inner], 0.0)
    corner = box((0.016, 0.016, 0.0065), steel, 0.0).moved(0.5 * depth - 0.006, 0.5 * height - 0.006)
    pleat = lip + mirror(mirror(corner), "y")
    return (body + row(pleat, folds, (0.0, 0.0, pitch))).turned("y", 90.0)


def _end(shell: Texture, steel: Texture, width: float, height: float) -> Part:
    """Return one end of the accordion, its inner face at x = 0, with bright bands; it reaches to +x."""
    case = extrude(rounded_rect(width, 0.2, 0.022), height + 0.012, shell).turned("x", 90.0).moved(0.5 * width)
    band = extrude(rounded_rect(0.206, height + 0.018, 0.012), 0.006, steel).turned("y", 90.0)
    stripe = extrude(rounded_rect(width + 0.003, 0.203, 0.022), 0.004, steel).turned("x", 90.0).moved(0.5 * width)
    return join([case, band.moved(0.003), *(stripe.moved(y=y * (0.5 * height - 0.012)) for y in (-1.0, 1.0))])


def _treble(shell: Texture, steel: Texture, height: float, keys: int, switches: int) -> Part:
    """Return the treble end left of x = 0: case, grille with slots, switches, keyboard and shoulder straps."""
    dark, cream = plain("#121214", MATT), plain("#f3efe2", GLOSS)
    section = [(-0.108, 0.06), (-0.108, 0.098), (-0.09, 0.118), (-0.02, 0.118), (-0.004, 0.1), (-0.004, 0.06)]
    hood = extrude(section, height - 0.02, shell).turned("x", 90.0)
    frame = plate((0.052, height - 0.09), 0.004, steel, 0.012).moved(-0.046, 0.0, 0.119)
    count = 13
    slot = plate((0.04, 0.62 * (height - 0.11) / count), 0.003, dark, 0.004).moved(-0.046, 0.0, 0.1205)
    slots = row(slot, count, (0.0, (height - 0.11) / count, 0.0))
    switch = box((0.017, 0.019, 0.008), cream) + cylinder(0.004, 0.003, dark, "z", 12, 0.0).moved(z=0.0035)
    tabs = row(switch.turned("y", -38.0).moved(-0.0985, 0.0, 0.1095), switches, (0.0, 0.024, 0.0))
    span = height + 0.05
    pitch = span / keys
    white = box((0.128, pitch - 0.0014, 0.016), cream, 0.0012).moved(-0.172, 0.0, 0.064)
    black = box((0.082, 0.0095, 0.016), plain("#131315", GLOSS), 0.0012).moved(-0.149, 0.0, 0.075)
    sharps = join(black.moved(y=-0.5 * span + p * pitch) for p in _octaves(3, keys))
    bed = box((0.14, span + 0.012, 0.035), shell).moved(-0.167, 0.0, 0.0385)
    ends = mirror(box((0.142, 0.012, 0.05), shell).moved(-0.167, 0.5 * span + 0.006, 0.048), "y")
    web = box((0.05, height - 0.04, 0.03), shell).moved(-0.12, 0.0, 0.015)
    hide, reach = leather("#241a16"), 0.5 * height
    bow = [(-0.095, reach - 0.03), (-0.17, reach - 0.06), (-0.215, 0.0), (-0.17, 0.06 - reach), (-0.095, 0.03 - reach)]
    flat = rounded_rect(0.034, 0.005, 0.002, 1)
    straps = join(sweep(flat, lift(spline(bow, 22), "zy", x), hide) for x in (-0.085, -0.025))
    case = _end(shell, steel, 0.11, height).mirrored("x")
    return join([case, hood, frame, slots, tabs, row(white, keys, (0.0, pitch, 0.0)), sharps, bed, ends, web, straps])


def _bass(shell: Texture, steel: Texture, height: float) -> Part:
    """Return the bass end right of x = 0: case, buttons, air grille, feet and hand strap."""
    dark, cream = plain("#121214", MATT), plain("#f3efe2", GLOSS)
    width = 0.098
    button = cylinder(0.0042, 0.012, cream, "x", 8).moved(width + 0.003)
    rows = row(button, 16, (0.0, 0.0185, 0.0))
    buttons = join(rows.moved(0.0, 0.003 * i, 0.014 + 0.0125 * i) for i in range(5))
    panel = plate((0.075, 0.335), 0.004, dark, 0.01, "x").moved(width, 0.006, 0.04)
    grille = plate((0.05, 0.6 * height), 0.004, steel, 0.02).moved(0.045, 0.0, 0.1)
    holes = row(plate((0.034, 0.012), 0.003, dark, 0.005).moved(0.045, 0.0, 0.102), 9, (0.0, 0.06 * height, 0.0))
    bow = np.array([width, 0.0]) + [(-0.004, 0.19), (0.022, 0.15), (0.036, 0.0), (0.022, -0.15), (-0.004, -0.19)]
    way = lift(spline(bow, 20), "xy", -0.05)
    strap = sweep(rounded_rect(0.005, 0.05, 0.002, 1), way, leather("#241a16"), up=(0.0, 0.0, 1.0))
    foot = cylinder(0.009, 0.012, plain("#1b1b1d", MATT), segments=14).moved(0.5 * width, -0.5 * height - 0.009)
    feet = row(foot, 2, (0.0, 0.0, 0.13))
    return join([_end(shell, steel, width, height), panel, buttons, grille, holes, strap, feet])


# --- microphone


def microphone(seed: int) -> Mesh:
    """Build a hand-held stage microphone: wire-mesh ball, bright band, tapered body with switch, plug with three pins.

    Args:
        seed: instance number; 0 is the reference, others vary colours, ball, body length and taper, switch.

    Returns:
        A closed mesh about 0.17 m long in metres, standing, the ball up.
    """
    v = Variant("microphone", seed)
    body, mesh, band = v.pick(*_MICROPHONES)
    ball, length, taper = v.near(0.0265, 0.06), v.between(0.115, 0.1, 0.135), v.between(0.62, 0.56, 0.72)
    stretch, switch = v.pick(1.0, 1.12, 0.94), v.pick(True, True, False)
    shell, steel, wire = paint(body, 0.05, SATIN, 0.02), metal(band), plain(mesh, METAL)
    neck = 0.0195
    handle = [(taper * neck - 0.001, -length), (taper * neck, -length + 0.002), (taper * neck, -length + 0.012)]
    handle += [(taper * neck + 0.0006, -length + 0.014), (neck - 0.0016, -0.018), (neck, -0.01), (neck, 0.0)]
    parts = [lathe(handle, shell, 40), _grille(ball, stretch, neck, steel, wire)]
    plug = pipe(taper * neck - 0.0012, taper * neck - 0.0028, 0.008, plain("#c3c6ca", METAL), segments=32)
    pins = ring(cylinder(0.0012, 0.008, plain("#d0b060", METAL), segments=8).moved(0.0045), 3)
    parts += [plug.moved(y=-length - 0.003), pins.moved(y=-length - 0.002)]
    if switch:
        radius = neck * (0.5 + 0.5 * taper) + 0.0005
        parts.append(plate((0.009, 0.024), 0.004, steel, 0.003).moved(0.0, -0.42 * length, radius))
        parts.append(box((0.005, 0.008, 0.005), plain("#101012")).moved(0.0, -0.42 * length + 0.003, radius + 0.003))
    return assemble(parts, seed)


def _grille(ball: float, stretch: float, neck: float, steel: Texture, wire: Texture) -> Part:
    """Return the ball of wire mesh over dark foam, its band, and the ring that screws it to the body at y = 0."""
    foam = plain("#17181a", MATT)
    low = float(np.arcsin(neck / ball * 0.98)) - 0.5 * np.pi
    turn = np.linspace(low, 0.5 * np.pi, 15)
    line = np.column_stack([ball * np.cos(turn), ball * stretch * np.sin(turn)])
    rise = -line[0, 1] + 0.005
    line[:, 1] += rise
    core = lathe([*(line[:-1] * (0.965, 1.0)), (0.0, float(line[-1, 1]) - 0.001)], foam, 32)
    path = lift(line[:-1], "xy")
    meridians = ring(tube(path, 0.00055, wire, 4), 36)
    levels = np.linspace(low + 0.08, 0.5 * np.pi - 0.1, 19)
    spots = np.column_stack([ball * np.cos(levels), ball * stretch * np.sin(levels) + rise])
    hoops = [torus(r, 0.0011, wire, segments=36, sides=4).moved(y=y) for r, y in spots.tolist()]
    cap = ellipsoid((0.006, 0.002, 0.006), wire, 12).moved(y=float(line[-1, 1]))
    belt = pipe(ball + 0.0012, ball - 0.0012, 0.0055, steel, segments=48).moved(y=rise)
    line = np.array([neck, 0.0]) + [(-0.002, -0.003), (0.0008, -0.002), (0.0012, 0.004), (0.0, 0.007), (-0.002, 0.007)]
    collar = lathe(line, steel, 40)
    return join([core, meridians, *hoops, cap, belt, collar])
