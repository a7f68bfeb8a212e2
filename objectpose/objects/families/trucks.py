"""Heavy trucks: a fire engine. The right-hand side is -x."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from objectpose.objects.kit import (
    GLOSS,
    MATT,
    SATIN,
    Part,
    Texture,
    Variant,
    assemble,
    bar,
    box,
    by,
    checker,
    cylinder,
    ellipsoid,
    frustum,
    hull,
    join,
    metal,
    mirror,
    over_arches,
    paint,
    plain,
    ring,
    rod,
    rounded,
    row,
    rubber,
    side_profile,
    stripes,
    torus,
    tube,
    wheel,
    window,
)
from objectpose.objects.mesh import Mesh

Array = NDArray[np.float64]


@dataclass(frozen=True)
class _Livery:
    """Colours of a fire engine: body, cab above the window sills, reflective stripe and the lamps of the light bar."""

    body: str
    upper: str
    stripe: str
    lamps: tuple[str, ...]


_RED, _BLUE, _WHITE = "#d8202a", "#2f52c8", "#e9eef2"
_LIVERIES = (
    _Livery("#c4121a", "#f0f0ec", "#f0f0ec", (_RED, _RED, _WHITE, _BLUE, _RED, _RED)),
    _Livery("#b20f18", "#b20f18", "#e8d21e", (_RED, _WHITE, _RED, _RED, _WHITE, _RED)),
    _Livery("#c81a1a", "#1e1f21", "#f0f0ec", (_RED, _RED, _BLUE, _BLUE, _RED, _RED)),
    _Livery("#d63a1c", "#f0f0ec", "#e8d21e", (_RED, _RED, _WHITE, _WHITE, _RED, _RED)),
)


def fire_engine(seed: int) -> Mesh:
    """Build an American pumper: custom crew cab, pump panel, shuttered body, hose bed, ladders and hard suction hose.

    9.5 m long, 2.5 m wide, 3.3 m high on two axles, red with a white roof and stripe and bright metal.

    Args:
        seed: instance number; 0 is the reference, others vary the livery, the lengths of crew cab and body, the raised
            roof, the shutters, rims, ladders and hoses, and what stands on the bumper and the pump house.

    Returns:
        A closed mesh in metres.
    """
    v = Variant("fire_engine", seed)
    livery = v.pick(*_LIVERIES)
    crew, body, raised = v.between(0.0, -0.35, 0.3), v.between(0.0, -0.3, 0.9), v.between(0.18, 0.1, 0.34)
    shutters = v.pick("#c3c8cc", livery.body, "#c3c8cc")
    rims = metal("#d3d7da") if v.pick(True, False) else paint(livery.body, 0.03)
    engine = join(
        [
            _pumper_cab(livery, raised),
            _pumper_front(livery, raised - 0.18, v.pick(True, False)),
            _pump(v.pick(True, True, False)),
            _pumper_body(livery, shutters),
            _pumper_rear(livery, shutters),
            _pumper_top(v.pick(True, False), v.pick(2, 2, 1)),
            _pumper_chassis(rims),
        ]
    )
    return assemble([engine.lengthened(-0.2, -1.6, body).lengthened(1.9, 1.2, crew)], seed)


def _slanted(x: tuple[float, float], y: tuple[float, float], z: tuple[float, float], texture: Texture) -> Part:
    """Return a pane across the front over ``x``, its front at z[0] below, where y[0] is, and at z[1] above."""
    return hull([(a, b, c - d) for a in x for b, c in zip(y, z, strict=True) for d in (0.0, 0.06)], texture)


def _seam(x: float, points: ArrayLike, closed: bool = True) -> Part:
    """Return the dark gap around a door on a side wall, along (z, y) points."""
    path = [(x, y, z) for z, y in np.asarray(points, np.float64)]
    dark = plain("#26201f", MATT)
    ends = [*path[1:], path[0]] if closed else path[1:]
    return join(bar(a, b, (0.012, 0.018), dark, 0.0) for a, b in zip(path, ends, strict=False))


def _handrail(points: ArrayLike, radius: float = 0.017) -> Part:
    """Return a bent bright handrail."""
    return tube(rounded(points, 0.06, 3), radius, plain("#d5d9dc", GLOSS), 6)


def _ladder(length: float, width: float, rungs: int, rail: tuple[float, float], texture: Texture) -> Part:
    """Return a ladder along z that lies flat, its rungs along x."""
    rails = mirror(box((rail[0], rail[1], length), texture).moved(0.5 * width))
    rung = rod((-0.5 * width, 0.0, 0.0), (0.5 * width, 0.0, 0.0), 0.017, plain("#c9cdd0"), 6)
    return rails + row(rung, rungs, (0.0, 0.0, 0.92 * length / (rungs - 1)))


def _lamp(radius: float, colour: str, depth: float = 0.05) -> Part:
    """Return a round lamp that looks to +z: bright bezel and lens."""
    bezel = torus(radius, 0.28 * radius, plain("#dfe2e4", GLOSS), "z", 18, 5)
    shell = cylinder(1.02 * radius, depth, plain("#b9bdc0"), "z", 20, 0.0).moved(z=-0.5 * depth)
    return join([bezel, shell, ellipsoid((1.9 * radius, 1.9 * radius, 0.7 * radius), plain(colour, GLOSS), 12)])


def _mirror_arm(white: Texture) -> Part:
    """Return a west-coast mirror for the left side: two arms, a tall housing, glass on its back."""
    steel = plain("#c4c8cb", GLOSS)
    arms = rod((0.0, 0.42, 0.0), (0.32, 0.36, 0.10), 0.014, steel, 6) + rod(
        (0.0, -0.42, 0.0), (0.32, -0.36, 0.10), 0.014, steel, 6
    )
    housing = box((0.22, 0.46, 0.08), white).moved(0.34, 0.08, 0.1) + box((0.22, 0.2, 0.08), white).moved(
        0.34, -0.3, 0.1
    )
    glass = plain("#9fb3c0", GLOSS)
    panes = box((0.18, 0.40, 0.02), glass).moved(0.34, 0.08, 0.055) + box((0.18, 0.15, 0.02), glass).moved(
        0.34, -0.3, 0.055
    )
    return join([arms, rod((0.34, -0.4, 0.1), (0.34, 0.38, 0.1), 0.016, steel, 6), housing, panes])


def _leaf_spring(length: float) -> Part:
    """Return a pack of leaves along z, sagging in the middle, with its shackles."""
    steel = plain("#33363a", MATT)
    leaves = []
    for k in range(4):
        half = 0.5 * length * (1.0 - 0.2 * k)
        for sign in (-1.0, 1.0):
            leaves.append(
                bar(
                    (0.0, -0.018 * k - 0.06, 0.0),
                    (0.0, -0.018 * k + 0.06 * (half / (0.5 * length)) ** 2 - 0.06, sign * half),
                    (0.09, 0.016),
                    steel,
                    0.0,
                )
            )
    shackles = join(bar((0.0, 0.0, z), (0.0, 0.16, z), (0.06, 0.06), steel) for z in (-0.48 * length, 0.48 * length))
    return join(leaves) + shackles


def _axle(z: float, y: float, driven: bool, half_width: float) -> Part:
    """Return an axle with its leaf springs, brake chambers and, where it is driven, the differential."""
    steel = plain("#33363a", MATT)
    parts = [rod((-half_width, y, z), (half_width, y, z), 0.075, steel, 10)]
    parts.append(
        mirror(
            _leaf_spring(1.4).moved(0.46, y + 0.16, z)
            + cylinder(0.09, 0.16, steel, "z", 14).moved(0.62, y + 0.05, z - 0.2)
        )
    )
    if driven:
        parts.append(ellipsoid((0.46, 0.46, 0.42), steel, 12).moved(0.0, y, z))
        parts.append(cylinder(0.12, 0.3, steel, "z", 14).moved(0.0, y, z + 0.28))
    return join(parts)


def _road_wheels(radius: float, dual: bool, half_track: float, rim: Texture) -> Part:
    """Return the wheels of an axle, both sides, with ribbed road tyres; ``dual`` sets two a side."""
    width = 0.29
    rib = stripes(rubber(), rubber("#0b0b0c"), "y", 0.062, 0.3)
    tyre = by(lambda p, _n: np.hypot(p[:, 0], p[:, 2]) > 0.96 * radius, rubber(), rib)
    outer = wheel(radius, width, tyre, rim, 0.6, spokes=6, bolts=5, treads=0).moved(half_track)
    if not dual:
        return mirror(outer)
    inner = cylinder(radius, 0.95 * width, tyre, segments=36, bevel=0.04) + cylinder(
        0.58 * radius, width, rim, segments=24
    )
    return mirror(outer + inner.turned("z", -90.0).moved(half_track - 0.33))


_PUMPER_WHEEL, _FRONT_AXLE, _REAR_AXLE = 0.53, 2.62, -2.55
"""Radius of the wheels and z of the axles, metres."""


def _pumper_skin(livery: _Livery) -> Texture:
    """Return the body's colour with a reflective stripe and a dark underside, as a ``side_profile`` sees it."""
    stripe, body = paint(livery.stripe, 0.02), paint(livery.body, 0.03)
    above = by(lambda p, _n: (p[:, 1] > 1.18) & (p[:, 1] < 1.33), body, stripe)
    return by(lambda p, n: (n[:, 1] < -0.1) & (p[:, 1] < 1.25), above, plain("#2e3033"))


def _pumper_cab(livery: _Livery, rise: float) -> Part:
    """Return the crew cab under a roof raised by ``rise``: windscreen, four doors, mirrors, handrails and steps."""
    white = paint(livery.upper, 0.02)
    skin = by(lambda p, _n: p[:, 1] > 2.52, _pumper_skin(livery), white)
    glass, black, bright = paint("#1c262e", 0.1), plain("#191a1c"), plain("#d5d9dc", GLOSS)
    front = [(4.05, 0.62), (4.10, 0.75), (4.12, 1.55), (3.90, 2.62), (3.78, 2.72), (0.98, 2.72), (0.98, 0.62)]
    outline = over_arches(1.0, 0.62, [(_FRONT_AXLE, _PUMPER_WHEEL, 0.67)], front)[:-1]
    shell = side_profile(outline, 2.44, skin, 0.03)
    raised = box((2.2, rise, 1.75), white, 0.06).moved(0.0, 2.69 + 0.5 * rise, 1.95)
    doors = []
    x = 1.222
    doors.append(window(x, [(3.05, 1.62), (3.92, 1.62), (3.76, 2.42), (3.05, 2.42)], glass, black))
    doors.append(window(x, [(2.22, 1.62), (2.86, 1.62), (2.86, 2.42), (2.22, 2.42)], glass, black))
    doors.append(window(x, [(1.18, 1.62), (2.04, 1.62), (2.04, 2.42), (1.18, 2.42)], glass, black))
    doors.append(_seam(x, [(2.96, 1.25), (2.96, 2.52), (3.80, 2.52), (4.0, 1.6), (4.0, 0.76), (3.34, 0.76)]))
    doors.append(_seam(x, [(1.10, 0.76), (1.10, 2.52), (2.12, 2.52), (2.12, 1.18), (1.92, 0.80)]))
    for z in (3.06, 1.24):
        doors.append(box((0.03, 0.05, 0.16), bright).moved(x + 0.012, 1.46, z))
    for z in (2.92, 2.08):
        doors.append(_handrail([(x, 1.2, z), (x + 0.08, 1.2, z), (x + 0.08, 2.2, z), (x, 2.2, z)]))
    fender = [(0.74, a) for a in np.linspace(172.0, 8.0, 14)]
    path = [
        (x + 0.015, _PUMPER_WHEEL + r * np.sin(np.deg2rad(a)), _FRONT_AXLE + r * np.cos(np.deg2rad(a)))
        for r, a in fender
    ]
    doors.append(join(bar(a, b, (0.08, 0.1), bright, 0.0) for a, b in itertools.pairwise(path)))
    tread = checker(plain("#b9bdc0"), plain("#979b9f"), 0.03)
    doors.append(
        box((0.3, 0.05, 0.62), tread).moved(1.08, 0.6, 3.68) + box((0.3, 0.05, 0.8), tread).moved(1.08, 0.6, 1.45)
    )
    doors.append(_mirror_arm(plain("#d5d9dc", GLOSS)).moved(1.2, 2.0, 3.93))
    screen = _slanted((0.03, 1.12), (1.62, 2.48), (4.126, 3.949), glass)
    frame = _slanted((-1.17, 1.17), (1.57, 2.53), (4.124, 3.931), black)
    wipers = join(rod((sx, 1.58, 4.16), (sx + 0.42, 2.08, 4.06), 0.012, black, 5) for sx in (-0.85, 0.2))
    visor = box((2.3, 0.06, 0.16), white).moved(0.0, 2.62, 3.98)
    return join([shell, raised, mirror(join(doors)), frame, mirror(screen), wipers, visor])


def _pumper_front(livery: _Livery, lift: float, with_siren: bool) -> Part:
    """Return grille, four-lamp clusters, extended bumper with horns and trash line, siren, and the light bar.

    Args:
        livery: its colours.
        lift: of the light bar, metres.
        with_siren: whether a siren stands on the bumper; otherwise a second coil of hose does.
    """
    bright, black, red = plain("#d5d9dc", GLOSS), plain("#191a1c"), paint(livery.body, 0.03)
    chrome = metal("#d9dcdf")
    grille = box((1.0, 0.66, 0.06), chrome).moved(0.0, 1.16, 4.12) + box((0.9, 0.56, 0.02), black, 0).moved(
        0.0, 1.16, 4.15
    )
    slats = row(box((0.9, 0.028, 0.03), bright, 0).moved(0.0, 1.16, 4.165), 8, (0.0, 0.068, 0.0)) + box(
        (0.05, 0.6, 0.04), bright
    ).moved(0.0, 1.16, 4.17)
    bezel = box((0.54, 0.34, 0.06), chrome).moved(0.86, 1.02, 4.12)
    pair = mirror(_lamp(0.085, "#f4f4ea").moved(0.115)).moved(0.86, 1.02, 4.16)
    warning = box((0.44, 0.14, 0.07), plain("#d8202a", GLOSS)).moved(0.86, 1.30, 4.13)
    turn = box((0.44, 0.07, 0.05), plain("#f09a28", GLOSS)).moved(0.86, 0.8, 4.12)
    beam = side_profile(
        [(4.0, 0.52), (4.58, 0.52), (4.62, 0.6), (4.62, 0.8), (4.58, 0.86), (4.0, 0.86)], 2.46, chrome, 0.02
    )
    band = box((2.3, 0.09, 0.02), stripes(red, plain("#f0f0ec"), "x", 0.3), 0).moved(0.0, 0.69, 4.616)
    deck = box((2.3, 0.02, 0.4), checker(plain("#b9bdc0"), plain("#979b9f"), 0.03), 0).moved(0.0, 0.87, 4.32)
    siren = join(
        [
            cylinder(0.15, 0.24, chrome, "z", 20),
            torus(0.13, 0.04, bright, "z", 20, 6).moved(z=0.13),
            cylinder(0.12, 0.02, black, "z", 20, 0).moved(z=0.12),
            cylinder(0.05, 0.05, bright, "z", 12).moved(z=0.14),
        ]
    ).moved(-0.62, 1.03, 4.42)
    horn = join(
        [frustum(0.03, 0.10, 0.46, chrome, "z", 20), cylinder(0.05, 0.1, chrome, "z", 12).moved(z=-0.25)]
    ).moved(0.62, 0.96, 4.36)
    hose = join(
        torus(0.14, 0.07, paint("#d8b23a", 0.1), "y", 16, 6).moved(0.0, 0.91 + 0.06 * k, 4.36) for k in range(2)
    )
    lamps = join(
        box((0.27, 0.16, 0.28), plain(colour, GLOSS), 0.03).moved(x)
        for x, colour in zip((-0.72, -0.43, -0.14, 0.14, 0.43, 0.72), livery.lamps, strict=True)
    )
    feet = mirror(box((0.08, 0.2, 0.2), bright).moved(0.6, -0.19))
    light_bar = join([lamps, box((1.7, 0.06, 0.3), bright).moved(y=-0.1), feet]).moved(0.0, 2.97 + lift, 3.42)
    if not with_siren:
        siren = hose.moved(-0.62)
    return join(
        [
            grille,
            slats,
            mirror(bezel + pair + warning + turn),
            beam,
            band,
            deck,
            siren,
            horn,
            horn.moved(0.26),
            hose,
            light_bar,
        ]
    )


def _pump(with_gun: bool) -> Part:
    """Return the pump house: steel panels with gauges, capped inlets, valves and levers, crosslay hoses, deck gun."""
    steel, bright, black = metal("#bfc3c6", "y"), plain("#d5d9dc", GLOSS), plain("#191a1c")
    house = box((2.30, 1.86, 0.86), steel).moved(0.0, 1.55, 0.5)
    panel = []
    x = 1.16
    gauge = join(
        [
            cylinder(1.0, 0.03, bright, "x", 16, 0),
            cylinder(0.84, 0.03, plain("#f4f4f0"), "x", 14, 0).moved(0.012),
            box((0.02, 0.9, 0.12), black, 0).turned("x", 35).moved(0.024),
        ]
    )
    for z in (0.28, 0.62):
        panel.append(gauge.scaled((1.0, 0.13, 0.13)).moved(x, 2.16, z))
    for z in (0.2, 0.4, 0.6, 0.8):
        panel.append(gauge.scaled((1.0, 0.075, 0.075)).moved(x, 1.88, z))
    inlet = join(
        [
            cylinder(0.15, 0.16, metal("#cfd3d6"), "x", 20, 0),
            torus(0.15, 0.035, bright, "x", 18, 5).moved(0.08),
            ring(box((0.05, 0.05, 0.08), bright).moved(0.07, 0.16, 0.0), 3, "x"),
            cylinder(0.05, 0.06, bright, "x", 10).moved(0.1),
        ]
    )
    panel.append(inlet.moved(x + 0.06, 0.98, 0.5))
    outlet = (
        cylinder(0.075, 0.16, metal("#cfd3d6"), "x", 16, 0)
        + torus(0.075, 0.025, bright, "x", 12, 4).moved(0.08)
        + cylinder(0.03, 0.08, bright, "x", 6, 0).moved(0.1)
    )
    for y, z in ((1.34, 0.26), (1.34, 0.74), (0.92, 0.17), (0.92, 0.83)):
        panel.append(outlet.turned("z", -20).moved(x + 0.05, y, z))
    for k, colour in enumerate(("#d8202a", "#2f52c8", "#e0b41f", "#2f8a44", "#e07a1f", "#f4f4f0")):
        z = 0.17 + 0.132 * k
        panel.append(
            rod((x, 1.62, z), (x + 0.1, 1.62, z), 0.012, bright, 6)
            + box((0.03, 0.06, 0.07), plain(colour)).moved(x + 0.1, 1.62, z)
        )
        panel.append(box((0.012, 0.045, 0.09), plain(colour), 0).moved(x, 1.71, z))
    trim = join(box((0.03, 1.86, 0.03), bright).moved(1.15, 1.55, z) for z in (0.085, 0.915))
    foot = box((0.42, 0.05, 0.82), checker(plain("#b9bdc0"), plain("#979b9f"), 0.03)).moved(1.02, 0.58, 0.5)
    rail = rod((1.2, 2.42, 0.12), (1.2, 2.42, 0.88), 0.018, bright)
    canvas, brass = paint("#d9bd86", 0.12, MATT, 0.05), plain("#b8923e", GLOSS)
    folds = row(box((2.24, 0.075, 0.11), canvas, 0.03).moved(0.0, 2.54, 0.5), 5, (0.0, 0.0, 0.15))
    folds += row(
        box((2.26, 0.075, 0.11), paint("#c8452e", 0.1, MATT, 0.05), 0.03).moved(0.0, 2.63, 0.5), 5, (0.0, 0.0, 0.15)
    )
    nozzle = mirror(rod((1.08, 2.70, 0.3), (0.6, 2.70, 0.3), 0.045, brass, 10))
    gun = join(
        [
            cylinder(0.09, 0.34, black).moved(y=0.17),
            ellipsoid(0.26, metal("#a2262a"), 12).moved(y=0.38),
            tube(
                rounded([(0.0, 0.38, -0.1), (0.0, 0.5, -0.2), (0.0, 0.62, 0.1), (0.0, 0.74, 0.75)], 0.12),
                0.055,
                metal("#c9cdd0"),
                8,
            ),
            frustum(0.08, 0.06, 0.2, black, "z", 14).turned("x", -12).moved(0.0, 0.755, 0.8),
            torus(0.16, 0.025, plain("#c4121a"), "x", 16, 6).moved(0.16, 0.38, 0.0),
        ]
    )
    body = join([house, mirror(join(panel) + trim + foot + rail), folds, nozzle])
    return body + gun.scaled(0.72).moved(0.0, 2.66, 0.5) if with_gun else body


def _pumper_body(livery: _Livery, shutters: str) -> Part:
    """Return the rear body: painted sides with roll-up shutters, wheel arch, rub rails, warning lamps and stripe."""
    bright, skin = plain("#d5d9dc", GLOSS), _pumper_skin(livery)
    outline = over_arches(-4.35, 0.62, [(_REAR_AXLE, _PUMPER_WHEEL, 0.68)], [(0.05, 0.62), (0.05, 2.42), (-4.35, 2.42)])
    shell = side_profile(outline, 2.44, skin, 0.02)
    x = 1.225
    parts = []
    for z0, z1, low in ((-1.72, -0.12, 0.74), (-3.34, -1.82, 1.40), (-4.24, -3.44, 0.74)):
        high, middle, wide = 2.28, 0.5 * (z0 + z1), z1 - z0
        parts.append(box((0.02, high - low, wide), plain("#8c9196"), 0).moved(x, 0.5 * (high + low), middle))
        count = round((high - low - 0.12) / 0.052)
        slat = box((0.022, 0.043, wide - 0.1), plain(shutters, GLOSS), 0).moved(
            x + 0.008, 0.5 * (high + low) - 0.02, middle
        )
        parts.append(row(slat, count, (0.0, 0.052, 0.0)))
        for z in (z0 + 0.025, z1 - 0.025):
            parts.append(box((0.04, high - low, 0.05), bright, 0).moved(x + 0.006, 0.5 * (high + low), z))
        parts.append(box((0.05, 0.1, wide), bright, 0.015).moved(x + 0.006, high, middle))
        parts.append(
            box((0.05, 0.06, wide - 0.1), bright).moved(x + 0.01, low + 0.05, middle)
            + rod(
                (x + 0.05, low + 0.1, middle - 0.35), (x + 0.05, low + 0.1, middle + 0.35), 0.014, plain("#26282b"), 6
            )
        )
    arch = [
        (x + 0.015, _PUMPER_WHEEL + 0.74 * np.sin(a), _REAR_AXLE + 0.74 * np.cos(a))
        for a in np.deg2rad(np.linspace(172.0, 8.0, 16))
    ]
    parts.append(join(bar(a, b, (0.08, 0.11), bright, 0.0) for a, b in itertools.pairwise(arch)))
    for z, wide in ((-0.9, 1.85), (-3.82, 1.05)):
        parts.append(box((0.06, 0.09, wide), bright).moved(x, 0.62, z))
    for z in (-0.25, -2.6, -4.1):
        parts.append(box((0.04, 0.09, 0.2), plain("#d8202a", GLOSS)).moved(x + 0.004, 2.36, z))
    for z in (-0.4, -1.4, -3.75):
        parts.append(box((0.03, 0.05, 0.12), plain("#f09a28", GLOSS)).moved(x + 0.03, 0.62, z))
    wall = box((0.06, 0.42, 4.3), paint(livery.body, 0.03)).moved(1.15, 2.6, -2.15)
    cap = box((0.09, 0.03, 4.32), bright).moved(1.15, 2.82, -2.15)
    return join([shell, mirror(join(parts) + wall + cap)])


def _pumper_rear(livery: _Livery, shutters: str) -> Part:
    """Return the tail: chevrons, shutter, tailboard, lamps, folding steps, handrails and a beaver-tail hose bed."""
    bright, black = plain("#d5d9dc", GLOSS), plain("#191a1c")
    yellow, red, body = paint("#e8d21e", 0.02), paint("#c4121a", 0.03), paint(livery.body, 0.03)
    chevron = by(lambda p, _n: np.mod((p[:, 1] + np.abs(p[:, 0])) / 0.32, 1.0) < 0.5, yellow, red)
    z = -4.36
    board = box((2.4, 1.76, 0.03), chevron, 0).moved(0.0, 1.5, z)
    door = box((0.9, 1.1, 0.03), plain("#8c9196"), 0).moved(0.0, 1.42, z - 0.012)
    slats = row(box((0.82, 0.043, 0.03), plain(shutters, GLOSS), 0).moved(0.0, 1.42, z - 0.02), 20, (0.0, 0.052, 0.0))
    frame = mirror(box((0.05, 1.14, 0.05), bright).moved(0.45, 1.42, z - 0.02)) + box((0.95, 0.09, 0.06), bright).moved(
        0.0, 2.0, z - 0.02
    )
    tail = box((2.44, 0.08, 0.5), checker(plain("#b9bdc0"), plain("#979b9f"), 0.03), 0.01).moved(0.0, 0.6, -4.58)
    lip = box((2.44, 0.12, 0.04), body).moved(0.0, 0.58, -4.84)
    side = []
    for y, colour in ((1.0, "#d8202a"), (1.22, "#f09a28"), (1.44, "#f4f4ea")):
        side.append(
            box((0.22, 0.18, 0.06), bright).moved(0.95, y, z - 0.02)
            + box((0.17, 0.13, 0.04), plain(colour, GLOSS)).moved(0.95, y, z - 0.05)
        )
    side.append(box((0.2, 0.24, 0.1), plain("#d8202a", GLOSS)).moved(1.08, 2.3, z - 0.04))
    side.append(_handrail([(0.7, 0.9, z), (0.7, 0.9, z - 0.09), (0.7, 2.25, z - 0.09), (0.7, 2.25, z)]))
    for y in (1.0, 1.4, 1.8):
        side.append(box((0.2, 0.03, 0.2), bright).moved(0.58, y, z - 0.1))
    side.append(
        cylinder(0.1, 0.18, plain("#e3e6e8", GLOSS), "z", 16).moved(0.95, 2.72, z + 0.02)
        + cylinder(0.085, 0.02, plain("#f7f5e4", GLOSS), "z", 16, 0).moved(0.95, 2.72, z - 0.08)
    )
    canvas = paint("#d9bd86", 0.12, MATT, 0.05)
    folds = [
        row(
            box((0.1, 0.12, 4.1), canvas if k % 2 else paint("#cfc9b8", 0.12, MATT, 0.05), 0.03).moved(
                0.0, 2.48 + 0.11 * k, -2.2
            ),
            18,
            (0.118, 0.0, 0.0),
        )
        for k in range(2)
    ]
    loops = row(cylinder(0.055, 0.1, canvas, "x", 10, 0).moved(0.0, 2.53, -4.27), 18, (0.118, 0.0, 0.0))
    divider = box((0.02, 0.4, 4.1), bright, 0).moved(0.0, 2.6, -2.2)
    floor = box((2.3, 0.05, 4.3), plain("#8c9196"), 0).moved(0.0, 2.42, -2.15)
    hitch = mirror(torus(0.06, 0.025, black, "z", 14, 6).moved(0.5, 0.48, -4.8))
    return join([board, door, slats, frame, tail, lip, mirror(join(side)), *folds, loops, divider, floor, hitch])


def _pumper_top(with_suction: bool, count: int) -> Part:
    """Return one or two ladders on the right, and on the left hard suction hoses on their brackets or a long locker."""
    alloy, bright = metal("#ced2d5"), plain("#d5d9dc", GLOSS)
    ladder = _ladder(4.2, 0.5, 13, (0.03, 0.09), alloy).turned("z", 90.0)
    roof_ladder = _ladder(3.9, 0.40, 12, (0.03, 0.07), alloy).turned("z", 90.0)
    ladders = ladder.moved(-1.27, 2.72, -2.1)
    if count == 2:
        ladders += roof_ladder.moved(-1.37, 2.72, -2.1)
    hooks = join(
        tube(
            rounded([(-1.37, 2.72 + s * 0.2, -0.2), (-1.37, 2.72 + s * 0.2, 0.0), (-1.37, 2.72 + s * 0.1, 0.05)], 0.05),
            0.015,
            bright,
            6,
        )
        for s in (-1, 1)
    )
    if with_suction:
        ribbed = stripes(paint("#202224", 0.1, SATIN), paint("#35383b", 0.1, SATIN), "y", 0.08)
        suction = cylinder(0.105, 3.3, ribbed, "z", 18, 0) + mirror(
            cylinder(0.125, 0.16, metal("#cfd3d6"), "z", 18, 0).moved(z=1.68), "z"
        )
        arms = join(
            box((0.3, 0.03, 0.06), bright, 0).moved(1.3, y, z) for y in (2.39, 2.66, 2.93) for z in (-3.2, -1.0)
        )
        left = suction.moved(1.32, 2.52, -2.1) + suction.moved(1.32, 2.80, -2.1) + arms
    else:
        lid = box((0.36, 0.03, 4.1), checker(plain("#b9bdc0"), plain("#979b9f"), 0.03)).moved(1.27, 2.86, -2.15)
        latches = row(box((0.03, 0.1, 0.12), bright).moved(1.44, 2.8, -2.15), 4, (0.0, 0.0, 1.1))
        left = box((0.32, 0.42, 4.06), metal("#ced2d5")).moved(1.27, 2.64, -2.15) + lid + latches
    holder = join(box((0.3, 0.03, 0.06), bright, 0).moved(-1.28, y, z) for y in (2.43, 3.0) for z in (-3.6, -2.1, -0.6))
    return join([ladders, hooks, left, holder])


def _pumper_chassis(rim: Texture) -> Part:
    """Return what is below: rails, axles, wheels, engine, gearbox, drive shaft, tank, exhaust and mud flaps."""
    steel = plain("#33363a", MATT)
    rails = mirror(box((0.09, 0.26, 8.7), steel).moved(0.46, 0.66, -0.15))
    cross = join(box((0.9, 0.14, 0.1), steel, 0).moved(0.0, 0.64, z) for z in (-4.2, -3.3, -1.6, -0.2, 1.4, 3.6))
    engine = box((0.7, 0.5, 1.3), plain("#55595e"), 0.05).moved(0.0, 0.62, 3.2) + box(
        (0.5, 0.14, 0.9), plain("#2b2d30"), 0.03
    ).moved(0.0, 0.33, 3.2)
    gearbox = frustum(0.18, 0.28, 0.9, plain("#6a6e73"), "z", 20).moved(0.0, 0.62, 2.0)
    shaft = rod((0.0, 0.62, 1.6), (0.0, 0.56, -2.2), 0.06, plain("#6a6e73"), 10)
    pump = cylinder(0.26, 0.5, plain("#7b2a2a"), "x", 20, 0).moved(0.0, 0.6, 0.5)
    tank = box((0.8, 0.4, 1.0), plain("#44484d"), 0.08).moved(0.0, 0.5, -3.65)
    muffler = cylinder(0.14, 0.9, metal("#8b8d90"), "z", 18, 0).moved(-0.75, 0.52, -0.7)
    outlet = tube(
        rounded([(-0.75, 0.52, -1.1), (-0.75, 0.48, -1.4), (-1.26, 0.45, -1.5)], 0.1), 0.06, metal("#8b8d90"), 12
    )
    flaps = mirror(
        box((0.6, 0.55, 0.02), plain("#202124"), 0).moved(0.88, 0.62, -3.3)
        + box((0.4, 0.5, 0.02), plain("#202124"), 0).moved(1.0, 0.62, 1.88)
    )
    wheels = _road_wheels(_PUMPER_WHEEL, False, 1.06, rim).moved(0.0, _PUMPER_WHEEL, _FRONT_AXLE)
    wheels += _road_wheels(_PUMPER_WHEEL, True, 1.06, rim).moved(0.0, _PUMPER_WHEEL, _REAR_AXLE)
    axles = _axle(_FRONT_AXLE, _PUMPER_WHEEL - 0.06, False, 0.95) + _axle(_REAR_AXLE, _PUMPER_WHEEL, True, 0.95)
    return join([rails, cross, engine, gearbox, shaft, pump, tank, muffler, outlet, flaps, wheels, axles])
