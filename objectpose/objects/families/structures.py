"""Small and tall structures: water tower, lighthouse, picket fence, birdhouse."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

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
    cylinder,
    ellipse,
    ellipsoid,
    extrude,
    frustum,
    glass,
    join,
    lathe,
    metal,
    mirror,
    paint,
    pipe,
    plain,
    ring,
    rod,
    row,
    spline,
    symmetric,
    torus,
    tube,
    wood,
)
from objectpose.objects.mesh import Mesh

Array = NDArray[np.float64]

_LIT = Finish(0.4, 60.0, 1.0, 1.0)


def _railing(radius: float, height: float, posts: int, thick: float, texture: Texture) -> Part:
    """Return a round railing that stands on y = 0: posts, two rails and a toe board."""
    post = cylinder(0.5 * thick, height, texture, segments=6, bevel=0.0).moved(radius, 0.5 * height, 0.0)
    rails = join(torus(radius, thick, texture, "y", 56, 6).moved(y=height * share) for share in (0.5, 1.0))
    toe = pipe(radius + 0.3 * thick, radius - 0.3 * thick, 0.12 * height, texture, segments=56).moved(y=0.06 * height)
    return join([ring(post, posts), rails, toe])


# ------------------------------------------------------------------------------------------------------- water tower


def water_tower(seed: int) -> Mesh:
    """Build a municipal water tower: a steel tank with a balcony on braced legs about a riser, or on one pedestal.

    Args:
        seed: instance: kind, number of legs, roof, colours, height.

    Returns:
        A closed mesh about 30 m high and 14 m wide.
    """
    v = Variant("water_tower", seed)
    shade = v.pick("#c3cccf", "#9dbdd2", "#e4e4da", "#a9c2ad")
    band = v.pick("#c3cccf", "#2c5d94", "#e4e4da", "#a9c2ad")
    legs, roof = v.pick(6, 4, 5), v.pick("cone", "dome", "cone")
    radius, wall = v.between(5.0, 4.5, 5.6), v.between(6.2, 5.2, 7.2)
    base, spread = v.between(17.5, 16.0, 19.5), v.between(1.32, 1.2, 1.4)
    coat = paint(shade, 0.09, SATIN, 1.2)
    stripe = by(
        lambda p, _n: (p[:, 1] > base + 0.42 * wall) & (p[:, 1] < base + 0.68 * wall),
        coat,
        paint(band, 0.04, SATIN, 1.0),
    )
    dark = paint("#5d666b", 0.06, SATIN, 0.5)
    return assemble(
        [
            _tank(radius, wall, base, roof, stripe, coat),
            _balcony(radius, base, coat),
            _tower_legs(radius, base, spread, legs, coat),
            _tower_ladder(radius, base, wall, spread, dark),
        ],
        seed,
    )


def _tank(radius: float, wall: float, base: float, roof: str, stripe: Texture, coat: Texture) -> Part:
    """Return tank with an ellipsoidal bottom, roof, lap seams, hatch, vent and warning light."""
    top = base + wall
    bowl = [
        (radius * float(np.sin(a)), base - 0.55 * radius * float(np.cos(a))) for a in np.linspace(0.0, 0.5 * np.pi, 12)
    ]
    bowl[0] = (0.0, base - 0.55 * radius)
    shell = lathe([*bowl, (radius, top), (0.0, top + 0.02)], stripe, 56)
    if roof == "cone":
        peak = top + 0.5 * radius
        lid = lathe(
            [
                (0.0, top - 0.3),
                (radius + 0.32, top - 0.22),
                (radius + 0.32, top - 0.04),
                (0.5, peak),
                (0.0, peak + 0.1),
            ],
            coat,
            56,
        )
    else:
        peak = top + 0.45 * radius
        dome = [
            (radius * float(np.cos(a)), top + 0.45 * radius * float(np.sin(a)))
            for a in np.linspace(0.0, 0.5 * np.pi, 12)
        ]
        dome[-1] = (0.0, peak)
        lid = lathe([(0.0, top - 0.3), (radius + 0.06, top - 0.3), (radius + 0.06, top), *dome], coat, 56)
    seams = join(
        pipe(radius + 0.035, radius - 0.1, 0.12, coat, segments=56).moved(y=base + wall * share)
        for share in (0.36, 0.74)
    )
    ribs = ring(box((0.05, wall * 0.34, 0.10), coat, 0.0).moved(radius + 0.005, base + 0.19 * wall, 0.0), 14)
    ribs += ring(
        box((0.05, wall * 0.34, 0.10), coat, 0.0).moved(radius + 0.005, base + 0.55 * wall, 0.0), 14, start_deg=13.0
    )
    vent = cylinder(0.35, 0.7, coat, segments=20).moved(y=peak + 0.25) + lathe(
        [(0.0, 0.55), (0.65, 0.55), (0.6, 0.75), (0.0, 1.05)], coat, 20
    ).moved(y=peak)
    lamp = cylinder(0.05, 0.9, plain("#5b6064"), segments=8).moved(y=peak + 1.4) + ellipsoid(
        (0.34, 0.42, 0.34), paint("#d8281e", 0.0, _LIT), 14
    ).moved(y=peak + 1.95)
    hatch = cylinder(0.5, 0.4, coat, segments=20).moved(0.0, top + 0.3 * (peak - top), 0.62 * radius)
    return join([shell, lid, seams, ribs, vent, lamp, hatch])


def _balcony(radius: float, base: float, coat: Texture) -> Part:
    """Return the walkway about the tank's lower edge with brackets and a railing."""
    deck = pipe(radius + 1.0, radius - 0.1, 0.16, coat, segments=56)
    bracket = extrude([(0.0, 0.0), (1.0, 0.0), (1.0, -0.14), (0.0, -0.9)], 0.10, coat).moved(radius - 0.12, -0.05)
    return join([deck, ring(bracket, 24), _railing(radius + 0.94, 1.15, 40, 0.075, coat)]).moved(y=base + 0.1)


def _tower_legs(radius: float, base: float, spread: float, count: int, coat: Texture) -> Part:
    """Return legs with footings, rings of struts, crossed tie rods, the riser and its stays."""

    def at(y: float, number: int) -> Array:
        reach = radius * (0.97 + (spread - 0.97) * (1.0 - y / base))
        angle = 2.0 * np.pi * (number + 0.5) / count
        return np.array([reach * np.sin(angle), y, reach * np.cos(angle)])

    stone = paint("#a39d92", 0.1, MATT, 0.4)
    levels = [0.5, 0.36 * base, 0.70 * base, base - 0.3]
    parts = [cylinder(0.85, base - 0.3 * radius, coat, segments=28).moved(y=0.5 * (base - 0.3 * radius))]
    parts.append(frustum(1.6, 1.3, 0.7, stone, segments=28).moved(y=0.35))
    for i in range(count):
        parts.append(rod(at(0.3, i), at(base + 0.7, i), 0.30, coat, 16))
        foot = at(0.0, i)
        parts.append(frustum(0.95, 0.7, 0.7, stone, segments=20).moved(float(foot[0]), 0.35, float(foot[2])))
        for y in levels[1:3]:
            parts.append(rod(at(y, i), at(y, i + 1), 0.15, coat, 8))
            parts.append(rod((0.0, y, 0.0), at(y, i), 0.055, coat, 6))
            parts.append(ellipsoid((0.9, 0.9, 0.9), coat, 12).moved(*(float(c) for c in at(y, i))))
        for low, high in itertools.pairwise(levels):
            parts.append(rod(at(low, i), at(high, i + 1), 0.06, coat, 6))
            parts.append(rod(at(low, i + 1), at(high, i), 0.06, coat, 6))
    return join(parts)


def _tower_ladder(radius: float, base: float, wall: float, spread: float, dark: Texture) -> Part:
    """Return the ladder from the ground to the balcony and on to the roof."""
    foot, head, eave = (
        np.array([0.0, 0.2, radius * spread + 0.4]),
        np.array([0.0, base + 0.3, radius + 0.75]),
        base + wall,
    )
    side = join(rod(foot + (x, 0.0, 0.0), head + (x, 0.0, 0.0), 0.05, dark, 6) for x in (-0.28, 0.28))
    count = 44
    rungs = join(
        rod(
            (-0.28, *(foot + (head - foot) * k / count)[1:]),
            (0.28, *(foot + (head - foot) * k / count)[1:]),
            0.035,
            dark,
            5,
        )
        for k in range(1, count)
    )
    upper = join(
        rod((x, base + 0.2, radius + 0.28), (x, eave + 0.3, radius + 0.28), 0.05, dark, 6) for x in (-0.28, 0.28)
    )
    steps = row(cylinder(0.035, 0.56, dark, "x", 5, 0.0), 14, (0.0, wall / 14.0, 0.0)).moved(
        0.0, base + 0.5 * wall, radius + 0.28
    )
    ties = row(box((0.56, 0.08, 0.34), dark, 0.0), 4, (0.0, wall / 4.5, 0.0)).moved(
        0.0, base + 0.5 * wall, radius + 0.13
    )
    return join([side, rungs, upper, steps, ties])


# -------------------------------------------------------------------------------------------------------- lighthouse

_BEACONS = (
    ("bands", "#c4242a", "#f1efe8", "#b51f24"),
    ("plain", "#f1efe8", "#f1efe8", "#a3201f"),
    ("belt", "#1f2226", "#f0eee6", "#1d2023"),
    ("bands", "#20242a", "#f0eee6", "#1d2023"),
)


def beacon(seed: int) -> Mesh:
    """Build a lighthouse: a tapered masonry tower with door and windows, gallery, glazed lantern room and dome.

    Args:
        seed: instance: pattern and colours, proportions, number of panes and bands.

    Returns:
        A closed mesh about 25 m high and 7 m wide; the door looks to +z.
    """
    v = Variant("beacon", seed)
    pattern, colour, ground, cap = v.pick(*_BEACONS)
    high, foot, neck = v.between(17.0, 15.0, 19.0), v.between(3.1, 2.8, 3.6), v.between(1.85, 1.7, 2.05)
    panes, bands = v.pick(10, 8, 12), v.pick(5, 7, 5)
    white, tint = paint(ground, 0.06, SATIN, 0.9), paint(colour, 0.06, SATIN, 0.9)

    def weight(position: Array, _normal: Array) -> Array:
        y = position[:, 1] / high
        if pattern == "plain":
            return np.zeros(len(y))
        if pattern == "belt":
            return np.asarray((y > 0.36) & (y < 0.70), np.float64)
        return np.asarray(np.mod(0.5 * bands * y, 1.0) < 0.5, np.float64)

    wall = by(weight, white, tint)
    iron = paint(cap, 0.05, SATIN, 0.5)
    stone = paint("#9b948a", 0.12, MATT, 0.5)
    ys = np.linspace(0.0, high, 25)
    line = [(neck + (foot - neck) * (1.0 - y / high) ** 1.35, y) for y in ys]
    tower = lathe([*line[:-1], (neck, high)], wall, 56)
    cornice = lathe(
        [
            (0.0, high - 1.0),
            (neck + 0.02, high - 1.0),
            (neck + 0.16, high - 0.6),
            (neck + 0.3, high - 0.45),
            (neck + 0.8, high),
            (0.0, high),
        ],
        white,
        56,
    )
    plinth = lathe(
        [(0.0, -0.7), (foot + 0.75, -0.7), (foot + 0.75, -0.1), (foot + 0.3, 0.0), (foot + 0.22, 0.5), (0.0, 0.5)],
        stone,
        56,
    )
    parts = [tower, cornice, plinth, _lantern(neck, panes, iron).moved(y=high)]

    def radius_at(y: float) -> float:
        return float(neck + (foot - neck) * (1.0 - y / high) ** 1.35)

    windows = v.pick(4, 3, 5)
    for k in range(windows):
        y = high * (0.26 + 0.58 * k / (windows - 1))
        lean = float(np.degrees(np.arctan2(foot - neck, high)))
        frame = _tower_window(white).turned("x", -lean).moved(0.0, y, radius_at(y) - 0.03)
        parts += [frame, frame.turned("y", 180.0), frame.turned("y", 90.0 if k % 2 else -90.0)]
    parts.append(_tower_door(iron, stone, white).moved(0.0, 0.0, radius_at(0.8) - 0.10))
    return assemble(parts, seed)


def _tower_window(white: Texture) -> Part:
    """Return a small arched window that looks to +z: frame, dark glass, bars, sill."""
    outline = np.concatenate([[(-0.32, -0.5), (0.32, -0.5)], arc(0.32, 0.0, 180.0, 10, (0.0, 0.35))])
    frame = extrude(outline * 1.32, 0.22, white).moved(z=0.02)
    pane = extrude(outline, 0.26, plain("#1b242c", GLASS)).moved(z=0.02)
    bars = box((0.06, 1.1, 0.04), white, 0.0).moved(0.0, 0.03, 0.15) + box((0.6, 0.06, 0.04), white, 0.0).moved(
        0.0, 0.1, 0.15
    )
    sill = box((1.1, 0.14, 0.36), white).moved(0.0, -0.68, 0.06)
    return join([frame, pane, bars, sill])


def _tower_door(iron: Texture, stone: Texture, white: Texture) -> Part:
    """Return the arched door that looks to +z with its surround, panels, knob and steps."""
    outline = np.concatenate([[(-0.6, 0.0), (0.6, 0.0)], arc(0.6, 0.0, 180.0, 16, (0.0, 1.7))])
    surround = extrude(outline * np.array([1.36, 1.13]), 0.5, white).moved(z=0.06)
    leaf = extrude(outline, 0.56, iron).moved(z=0.06)
    panels = row(row(box((0.40, 0.7, 0.05), iron).moved(z=0.34), 2, (0.5, 0.0, 0.0)), 2, (0.0, 0.85, 0.0)).moved(y=0.95)
    knob = ellipsoid(0.12, metal("#c9a94e"), 12).moved(0.46, 1.0, 0.39)
    steps = join(box((2.4 + 0.4 * k, 0.22, 1.2 + 0.45 * k), stone).moved(0.0, -0.07 - 0.2 * k, 0.3) for k in range(4))
    return join([surround, leaf, panels, knob, steps]).moved(y=0.02)


def _lantern(neck: float, panes: int, iron: Texture) -> Part:
    """Return gallery, lantern room and dome, standing on y = 0."""
    deck = cylinder(neck + 1.05, 0.22, iron, segments=56).moved(y=0.08)
    bracket = extrude([(0.0, 0.0), (0.95, 0.0), (0.95, -0.12), (0.0, -0.95)], 0.12, iron).moved(neck - 0.02, 0.0)
    rail = _railing(neck + 0.95, 1.1, 28, 0.08, iron).moved(y=0.18)
    room = 0.80 * neck
    drum = lathe(
        [(0.0, 0.1), (room + 0.05, 0.1), (room + 0.05, 1.0), (room + 0.16, 1.05), (room + 0.16, 1.15), (0.0, 1.15)],
        iron,
        48,
    )
    glow = by(
        lambda p, _n: np.exp(-(((p[:, 1] - 2.15) / 0.55) ** 2)) * 0.85, glass("#5b7684", "#b7d2de"), plain("#fff0b4")
    )
    pane = cylinder(room, 2.1, glow, segments=48, bevel=0.0).moved(y=2.15)
    stile = box((0.09, 2.1, 0.09), iron, 0.0).moved(room, 2.15, 0.0)
    bars = ring(stile, panes) + join(torus(room + 0.01, 0.085, iron, "y", 48, 6).moved(y=y) for y in (1.8, 2.5))
    eave = lathe([(0.0, 3.1), (room + 0.3, 3.1), (room + 0.34, 3.2), (room + 0.3, 3.3), (0.0, 3.3)], iron, 48)
    crown = spline([(room + 0.2, 3.3), (0.86 * room, 3.75), (0.50 * room, 4.20), (0.26, 4.48)], 14)
    dome = lathe([*crown, (0.24, 4.7), (0.0, 4.7)], iron, 48)
    seams = ring(tube(np.column_stack([crown[:, 0] + 0.01, crown[:, 1], np.zeros(len(crown))]), 0.045, iron, 6), panes)
    ball = ellipsoid((0.75, 0.75, 0.75), iron, 20).moved(y=4.95)
    mast = cylinder(0.11, 1.5, iron, segments=12).moved(y=5.85)
    vane = box((1.1, 0.12, 0.1), metal("#b98a4a"), 0.0).moved(y=6.2)
    return join([deck, ring(bracket, 16), rail, drum, pane, bars, eave, dome, seams, ball, mast, vane])


# ------------------------------------------------------------------------------------------------------ picket fence


def picket_fence(seed: int) -> Mesh:
    """Build a section of a garden fence: pointed pickets nailed to two rails between posts with caps.

    Args:
        seed: instance: heads of the pickets, number and width, sweep of their tops, caps, paint.

    Returns:
        A closed mesh about 2.7 m wide and 1.1 m high; the pickets stand before the rails, to +z.
    """
    v = Variant("picket_fence", seed)
    coat = paint(v.pick("#f2f1ec", "#f6ecd2", "#dfe6ea"), 0.04, SATIN, 0.05)
    head = v.pick("point", "gothic", "steep")
    sweep_m = v.pick(0.0, 0.09, -0.09)
    cap = v.pick("pyramid", "ball", "flat")
    width, gap = v.between(0.098, 0.090, 0.104), v.between(0.048, 0.042, 0.052)
    high = v.between(0.96, 0.88, 1.04)
    bays, per_bay = 2, v.pick(7, 6, 8)
    pitch = width + gap
    bay = (per_bay + 1) * pitch
    parts = []
    for b in range(bays):
        middle = (b - 0.5 * (bays - 1)) * bay
        for k in range(per_bay):
            share = (k - 0.5 * (per_bay - 1)) / (0.5 * (per_bay + 1))
            tall = high + sweep_m * (1.0 - share**2) - max(sweep_m, 0.0) * 0.4
            picket = _picket(width, tall, head, coat).varied(10 * b + k)
            parts.append(picket.moved(middle + (k - 0.5 * (per_bay - 1)) * pitch, 0.05, 0.030))
        for y in (0.24, 0.68):
            rail = box((bay + 0.02, 0.085, 0.038), coat, 0.004).varied(b)
            parts.append(rail.moved(middle, y, 0.0))
    for p in range(bays + 1):
        parts.append(
            _fence_post(high + 0.13 + max(sweep_m, 0.0) * 0.4, cap, coat)
            .varied(p)
            .moved((p - 0.5 * bays) * bay, 0.0, -0.012)
        )
    return assemble(parts, seed)


def _picket(width: float, high: float, head: str, coat: Texture) -> Part:
    """Return one picket that stands on y = 0 with its nails; ``head`` is 'point', 'gothic' or 'steep'."""
    half = 0.5 * width
    if head != "gothic":
        shoulder = high - (1.15 if head == "point" else 0.85) * width
        right = [(half, shoulder)]
        if head == "steep":
            right = [(half, shoulder - 0.06), (0.72 * half, shoulder)]
    else:
        right = [(half, high - 1.7 * width), (0.62 * half, high - 1.5 * width), (0.62 * half, high - 1.3 * width)]
        right += [(half, high - 1.05 * width), (0.9 * half, high - 0.75 * width), (0.5 * half, high - 0.32 * width)]
    top = symmetric([*right, (0.0, high)])
    board = extrude([(-half, 0.0), (half, 0.0), *top], 0.022, coat, bevel=0.002)
    nail = ellipsoid((0.011, 0.011, 0.005), plain("#b9bab6"), 12)
    nails = join(row(nail, 2, (0.55 * width, 0.012, 0.0)).moved(0.0, y - 0.05, 0.011) for y in (0.24, 0.68))
    return board + nails


def _fence_post(high: float, cap: str, coat: Texture) -> Part:
    """Return a square post that stands on y = 0; ``cap`` is 'pyramid', 'ball' or 'flat'."""
    post = box((0.10, high, 0.10), coat, 0.006).moved(y=0.5 * high)
    slab = box((0.145, 0.028, 0.145), coat, 0.006).moved(y=high + 0.010)
    collar = box((0.118, 0.03, 0.118), coat, 0.005).moved(y=high - 0.055)
    if cap == "ball":
        top = ellipsoid(0.105, coat, 20).moved(y=high + 0.082) + cylinder(0.03, 0.03, coat, segments=16).moved(
            y=high + 0.03
        )
    elif cap == "pyramid":
        top = frustum(0.093, 0.0, 0.06, coat, segments=4, bevel=0.0).turned("y", 45.0).moved(y=high + 0.053)
    else:
        top = box((0.115, 0.022, 0.115), coat, 0.005).moved(y=high + 0.032)
    return join([post, slab, collar, top])


# --------------------------------------------------------------------------------------------------------- birdhouse

_HOUSES = (
    ("#a8322b", "#4b4f52", "#f0ede4"),
    ("#b98552", "#6e4426", "#8a5a33"),
    ("#6f9fb8", "#f0ede4", "#f0ede4"),
    ("#d8b45a", "#7a3b2a", "#f0ede4"),
)


def birdhouse(seed: int) -> Mesh:
    """Build a wooden nesting box: gabled front with a round hole and a perch, board roof, on a post or on a hanger.

    Args:
        seed: instance: woods or paints, proportions, pitch of the roof, mount, trim.

    Returns:
        A closed mesh about 0.4 m high, 0.26 m wide and 0.28 m deep; the hole looks to +z.
    """
    v = Variant("birdhouse", seed)
    walls, roof, trim = v.pick(*_HOUSES)
    bare = walls == _HOUSES[1][0]
    width, depth = v.between(0.17, 0.15, 0.19), v.between(0.17, 0.15, 0.19)
    eave, pitch = v.between(0.19, 0.16, 0.22), v.between(45.0, 38.0, 52.0)
    mount = v.pick("post", "post", "hanger")
    hole_y = v.between(0.155, 0.14, 0.165)
    board = wood(walls, "y", 0.022) if bare else by(_grooves, paint(walls, 0.07, SATIN, 0.02), plain("#2b2622"))
    shingle = wood(roof, "x", 0.022) if bare else paint(roof, 0.08, SATIN, 0.03)
    edge = wood(trim, "y", 0.022) if bare else paint(trim, 0.04, SATIN, 0.03)
    rise = 0.5 * width * float(np.tan(np.deg2rad(pitch)))
    gable = [(-0.5 * width, 0.0), (0.5 * width, 0.0), (0.5 * width, eave), (0.0, eave + rise), (-0.5 * width, eave)]
    hole = ellipse(0.050, count=32) + np.array([0.0, hole_y])
    front = extrude(gable, 0.014, board, [hole], bevel=0.0012).moved(z=0.5 * depth)
    back = extrude(gable, 0.014, board, bevel=0.0012).moved(z=-0.5 * depth)
    sides = mirror(box((0.014, eave - 0.004, depth - 0.012), board).moved(0.5 * width - 0.008, 0.5 * eave, 0.0))
    floor = box((width + 0.03, 0.016, depth + 0.05), edge).moved(0.0, -0.004, 0.008)
    inside = box((width - 0.032, eave, depth - 0.050), plain("#17120e", MATT), 0.0).moved(0.0, 0.5 * eave, -0.006)
    collar = pipe(0.035, 0.0255, 0.010, edge, "z", 32).moved(0.0, hole_y, 0.5 * depth + 0.008)
    perch = cylinder(0.0065, 0.075, edge, "z", 14).moved(0.0, hole_y - 0.062, 0.5 * depth + 0.035)
    knob = ellipsoid(0.017, edge, 14).moved(0.0, hole_y - 0.062, 0.5 * depth + 0.073)
    nail = ellipsoid((0.007, 0.007, 0.004), plain("#6f6d68"), 8)
    nails = join(nail.moved(x, y, 0.5 * depth + 0.007) for x, y in _nail_places(width, eave))
    parts = [front, back, sides, floor, inside, collar, perch, knob, nails, nails.turned("y", 180.0)]
    parts.append(_house_roof(width, depth, eave, rise, shingle, edge))
    if mount == "post":
        parts.append(_house_post(wood("#8b6a48", "y", 0.012), edge))
    else:
        parts.append(_house_hanger(eave + rise))
    return assemble(parts, seed)


def _grooves(position: Array, _normal: Array) -> Array:
    """Return 1 in the thin joints between upright boards of 3 cm."""
    return np.asarray(np.mod(position[:, 0] + 0.015, 0.030) < 0.0022, np.float64)


def _nail_places(width: float, eave: float) -> list[tuple[float, float]]:
    """Return where nails hold the front, (x, y) metres."""
    x = 0.5 * width - 0.009
    return [(sign * x, y) for sign in (-1.0, 1.0) for y in (0.025, 0.5 * eave, eave - 0.02)]


def _house_roof(width: float, depth: float, eave: float, rise: float, shingle: Texture, edge: Texture) -> Part:
    """Return two roofs of overlapping boards with barge boards and a ridge cap."""
    slope = float(np.hypot(0.5 * width, rise))
    angle = float(np.degrees(np.arctan2(rise, 0.5 * width)))
    length = slope + 0.045
    boards = []
    count = 5
    step = length / count
    for k in range(count):
        wide = (depth + 0.085) / 6.0
        tile = box((step + 0.014, 0.009, wide - 0.0012), shingle, 0.001).turned("z", 5.0)
        course = row(tile, 6, (0.0, 0.0, wide)) if k % 2 == 0 else row(tile, 5, (0.0, 0.0, wide))
        if k % 2:
            end = box((step + 0.014, 0.009, 0.5 * wide), shingle, 0.001).turned("z", 5.0)
            course += mirror(end.moved(z=2.75 * wide - 0.0006), "z")
        boards.append(course.moved((k + 0.5) * step, 0.006))
    under = box((length - 0.006, 0.008, depth + 0.075), shingle).moved(0.5 * length, 0.0)
    barge = mirror(box((length - 0.002, 0.024, 0.010), edge).moved(0.5 * length, -0.004, 0.5 * depth + 0.040), "z")
    half = join([*boards, under, barge]).turned("z", -angle).moved(0.0, eave + rise + 0.006)
    ridge = cylinder(0.011, depth + 0.092, edge, "z", 14).moved(0.0, eave + rise + 0.013)
    return mirror(half) + ridge


def _house_hanger(top: float) -> Part:
    """Return two screw eyes in the ridge, the wire between them and a ring."""
    steel = metal("#8e9296")
    eye = torus(0.008, 0.004, steel, "x", 16, 8).moved(y=0.008)
    eyes = mirror(eye.moved(0.0, top + 0.020, 0.06), "z")
    wire = tube(
        [
            (0.0, top + 0.028, -0.06),
            (0.0, top + 0.075, -0.012),
            (0.0, top + 0.082, 0.0),
            (0.0, top + 0.075, 0.012),
            (0.0, top + 0.028, 0.06),
        ],
        0.0024,
        steel,
        8,
    )
    loop = torus(0.012, 0.004, steel, "z", 20, 8).moved(y=top + 0.090)
    return join([eyes, wire, loop])


def _house_post(stake: Texture, edge: Texture) -> Part:
    """Return the short post below the floor with its bracket plate and corner braces."""
    post = box((0.05, 0.26, 0.05), stake).moved(y=-0.14)
    shelf = box((0.12, 0.014, 0.12), edge).moved(y=-0.018)
    brace = bar((0.026, -0.085, 0.0), (0.056, -0.022, 0.0), (0.018, 0.014), edge)
    foot = box((0.13, 0.018, 0.13), stake).moved(y=-0.268)
    return join([post, shelf, foot, *(brace.turned("y", a) for a in (0.0, 90.0, 180.0, 270.0))])
