"""Cars: a jeep. The right-hand side is -x."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from objectpose.objects.kit import (
    GLOSS,
    MATT,
    Part,
    Texture,
    Variant,
    arc,
    assemble,
    bar,
    bars,
    box,
    cylinder,
    ellipsoid,
    extrude,
    hull,
    join,
    metal,
    mirror,
    paint,
    plain,
    plastic,
    ring,
    rod,
    rounded,
    row,
    rubber,
    side_profile,
    torus,
    tube,
    wheel,
    window,
)
from objectpose.objects.mesh import Mesh

Array = NDArray[np.float64]

_WHEEL, _TRACK, _FRONT, _REAR = 0.415, 0.80, 1.25, -1.22


# paint, seams, recess of the handle
_BODIES = (
    ("#b3161c", "#2a0d0e", "#7a1014"),
    ("#4d5238", "#17190f", "#33371f"),
    ("#e3e3de", "#4a4a48", "#a9a9a5"),
    ("#1f3f7a", "#0d1628", "#152c56"),
    ("#d9a31c", "#3a2c0c", "#9a7414"),
    ("#8f8464", "#2b281e", "#645c46"),
    ("#53585c", "#191b1c", "#383c3f"),
)


def jeep(seed: int) -> Mesh:
    """Build a short hard-top off-roader of the Jeep Wrangler kind.

    4.1 m long with its spare wheel, 1.88 m wide, 1.87 m high; a red body, a black roof, flares and bumpers.

    Args:
        seed: instance number; 0 is the reference, others vary paint, roof, length, height, size and rims of the wheels,
            a rack on the roof and a hoop over the bumper.

    Returns:
        A closed mesh in metres.
    """
    v = Variant("jeep", seed)
    colour, seam, recess = v.pick(*_BODIES)
    red, black, dark = paint(colour, 0.03), plastic("#1d1e20"), plain(seam, MATT)
    roof = v.pick(black, red, black, plastic("#b9ad92"))
    rim = v.pick(("#c9cdd0", 5, 5), ("#8d9196", 6, 6), ("#dfe0dc", 8, 5))
    radius = v.between(_WHEEL, 0.400, 0.445)
    long, tall = v.near(1.0, 0.05), v.near(1.0, 0.06)
    racked, hooped = v.pick(False, True, False), v.pick(False, False, True)
    rolling = wheel(
        radius, 0.27, rubber("#202123"), metal(rim[0]), 0.60, spokes=rim[1], bolts=rim[2], treads=22, lugs=True
    )

    def stretched(p: Array) -> Array:
        high = np.where(p[:, 1] > 0.60, 0.60 + (p[:, 1] - 0.60) * tall, p[:, 1]) + radius - _WHEEL
        return p if seed == 0 else np.column_stack([p[:, 0], high, p[:, 2] * long])

    pair = mirror(rolling.moved(_TRACK, radius))
    at = stretched(np.array([[0.0, 0.98, -1.93]]))[0]
    spare = rolling.turned("y", 90.0).moved(0.0, float(at[1]), float(at[2]))
    wheels = join([pair.moved(z=_FRONT * long), pair.moved(z=_REAR * long), spare])
    body = [
        _tub(red, dark, plain(recess)),
        _cabin(red, black, roof),
        _nose(red, black, dark),
        _tail(red, black, dark),
        _flares(black),
    ]
    body += [_rack(black)] if racked else []
    body += [_hoop(black)] if hooped else []
    return assemble([*(part.warped(stretched) for part in body), wheels, _below().warped(stretched)], seed)


def _rack(black: Texture) -> Part:
    """Return a roof rack: feet, rails, slats, and a row of lamps in front."""
    parts = [
        tube(rounded([(x, 1.93, 0.18), (x, 1.95, 0.1), (x, 1.95, -1.55), (x, 1.93, -1.63)], 0.06), 0.02, black)
        for x in (-0.55, 0.55)
    ]
    parts += [rod((-0.55, 1.945, z), (0.55, 1.945, z), 0.014, black) for z in np.linspace(0.10, -1.55, 10)]
    parts += [rod((x, 1.84, z), (x, 1.95, z), 0.018, black) for x in (-0.55, 0.55) for z in (0.05, -0.75, -1.5)]
    lamp = cylinder(0.075, 0.07, black, "z", 18) + ellipsoid((0.13, 0.13, 0.05), plain("#eef1ee", GLOSS), 16).moved(
        z=0.03
    )
    return join([*parts, row(lamp.moved(0.0, 2.03, 0.12), 4, (0.28, 0.0, 0.0))])


def _hoop(black: Texture) -> Part:
    """Return a tubular guard that stands on the front bumper."""
    outer = rounded([(0.40, 0.60, 1.90), (0.36, 0.98, 1.93), (-0.36, 0.98, 1.93), (-0.40, 0.60, 1.90)], 0.12, 5)
    return tube(outer, 0.03, black, 12) + rod((-0.385, 0.80, 1.915), (0.385, 0.80, 1.915), 0.022, black, 10)


def _tub(red: Texture, dark: Texture, recess: Texture) -> Part:
    """Return the lower body with its rear arches, doors, hinges, handles, fuel cap and side steps."""
    black = plain("#191a1c")
    rise = float(np.degrees(np.arcsin((0.54 - _WHEEL) / 0.53)))
    arch = arc(0.53, 180.0 - rise, rise, 15, (_REAR, _WHEEL))
    outline = np.concatenate([[[-1.78, 0.54]], arch, [[0.72, 0.54], [0.72, 1.20], [-1.78, 1.20]]])
    shell = side_profile(outline, 1.54, red, 0.025)
    x = 0.770
    door = [(0.50, 1.19), (0.50, 0.72), (0.42, 0.62), (-0.44, 0.62), (-0.54, 0.74), (-0.60, 1.19)]
    parts = [bars([(x, y, z) for z, y in door], 0.012, dark)]
    for y in (0.76, 1.08):
        parts.append(box((0.035, 0.05, 0.17), red).moved(x + 0.012, y, 0.53))
    parts.append(box((0.03, 0.035, 0.19), black).moved(x + 0.022, 1.09, -0.42))
    parts.append(box((0.012, 0.075, 0.22), recess).moved(x, 1.09, -0.42))
    parts.append(cylinder(0.035, 0.02, black, "x", 14).moved(x + 0.01, 0.98, -0.5))
    parts.append(box((0.014, 0.09, 0.16), black).moved(x, 1.02, 0.64))
    step = tube(
        rounded([(0.66, 0.5, 0.62), (0.86, 0.42, 0.5), (0.86, 0.42, -0.48), (0.66, 0.5, -0.62)], 0.1), 0.042, black
    )
    parts.append(step)
    for z in (-0.25, 0.28):
        parts.append(box((0.16, 0.02, 0.24), plain("#3a3c3f", MATT)).moved(0.86, 0.465, z))
    cap = cylinder(0.085, 0.03, black, "x", 20).moved(x, 1.04, -1.56) + cylinder(0.05, 0.05, black, "x", 12).moved(
        x, 1.04, -1.56
    )
    return join([shell, mirror(join(parts)), cap])


def _cabin(red: Texture, black: Texture, roof: Texture) -> Part:
    """Return windscreen frame, hard top, windows, gutters, wipers and mirrors; the walls lean in towards the roof."""
    glass, frame = plain("#18212a", GLOSS), plain("#101113")
    shell = side_profile([(0.60, 1.19), (0.34, 1.80), (-1.70, 1.80), (-1.77, 1.19)], 1.48, red, 0.02)
    top = side_profile(
        [(-0.58, 1.195), (-0.58, 1.79), (0.36, 1.78), (0.37, 1.86), (-1.70, 1.86), (-1.79, 1.195)], 1.50, roof, 0.03
    )
    x = 0.742
    windows = [
        window(x, [(0.42, 1.24), (0.22, 1.75), (-0.52, 1.75), (-0.52, 1.24)], glass, frame, 0.03),
        window(x + 0.012, [(-0.72, 1.27), (-0.72, 1.74), (-1.60, 1.74), (-1.66, 1.27)], glass, frame, 0.03),
        box((0.04, 0.025, 2.02), frame).moved(x + 0.015, 1.80, -0.67),
        bars([(x + 0.004, 1.2, 0.5), (x + 0.004, 1.78, 0.28)], 0.014, frame),
    ]
    lean = np.array([-0.26, 0.61]) / np.hypot(0.26, 0.61)
    low = np.array([0.60, 1.19])
    panes = []
    for start, end, half, proud, skin in ((0.05, 0.63, 0.68, 0.006, frame), (0.09, 0.59, 0.64, 0.012, glass)):
        (z0, y0), (z1, y1) = low + start * lean, low + end * lean
        panes.append(
            hull([(s * half, y, z + d) for s in (-1, 1) for z, y in ((z0, y0), (z1, y1)) for d in (-0.05, proud)], skin)
        )
    wipers = join(rod((s, 1.23, 0.615), (s + 0.46, 1.30, 0.585), 0.011, frame, 5) for s in (-0.56, 0.10))
    rear = box((1.30, 0.50, 0.02), frame).turned("x", 6.0).moved(0.0, 1.52, -1.755)
    rear += box((1.22, 0.42, 0.02), glass).turned("x", 6.0).moved(0.0, 1.52, -1.762)
    whole = join([shell, top, mirror(join(windows)), *panes, wipers, rear])

    def leaning(v: Array) -> Array:
        return np.column_stack([v[:, 0] * (1.0 - 0.13 * np.clip(v[:, 1] - 1.2, 0.0, None) / 0.6), v[:, 1], v[:, 2]])

    arm = rod((0.74, 1.22, 0.47), (0.90, 1.28, 0.47), 0.022, frame, 6)
    housing = box((0.24, 0.19, 0.10), black, 0.03).moved(0.96, 1.33, 0.47)
    pane = box((0.19, 0.14, 0.01), plain("#9fb3c0", GLOSS)).moved(0.96, 1.33, 0.42)
    return whole.warped(leaning) + mirror(join([arm, housing, pane]))


def _nose(red: Texture, black: Texture, seams: Texture) -> Part:
    """Return bonnet, seven-slot grille, head lamps, winch bumper, tow hooks and fog lamps."""
    dark, bright = plain("#0e0f10", MATT), plain("#d5d9dc", GLOSS)
    bonnet = hull(
        [
            (s * w, y, z)
            for s in (-1, 1)
            for w, y, z in (
                (0.70, 0.60, 0.70),
                (0.70, 1.15, 0.70),
                (0.64, 1.20, 0.70),
                (0.59, 0.60, 1.66),
                (0.59, 1.07, 1.66),
                (0.53, 1.13, 1.66),
            )
        ],
        red,
    )
    cowl = box((1.3, 0.02, 0.10), dark).moved(0.0, 1.205, 0.66)
    bulge = hull(
        [
            (s * w, y, z)
            for s in (-1, 1)
            for w, y, z in ((0.36, 1.17, 0.78), (0.32, 1.225, 0.82), (0.32, 1.10, 1.60), (0.28, 1.165, 1.56))
        ],
        red,
    )
    seam = mirror(bars([(0.705, 1.08, 0.72), (0.594, 1.00, 1.65)], 0.012, seams))
    latch = mirror(box((0.05, 0.12, 0.05), black).moved(0.63, 1.03, 1.42))
    face = hull(
        [(s * w, y, z) for s in (-1, 1) for w, y in ((0.60, 0.62), (0.61, 1.0), (0.55, 1.13)) for z in (1.62, 1.70)],
        red,
    )
    slot = extrude(
        rounded([(-0.030, -0.165), (0.030, -0.165), (0.030, 0.165), (-0.030, 0.165)], 0.025, 3, closed=True), 0.02, dark
    )
    slots = row(slot.moved(0.0, 0.90, 1.695), 7, (0.095, 0.0, 0.0))
    lamp = join(
        [
            torus(0.105, 0.03, bright, "z", 24, 8),
            cylinder(0.10, 0.03, plain("#c9cdd0"), "z", 24),
            ellipsoid((0.19, 0.19, 0.06), plain("#eef1ee", GLOSS), 18).moved(z=0.01),
        ]
    ).moved(0.475, 0.93, 1.71)
    beam = box((1.62, 0.19, 0.16), black, 0.03).moved(0.0, 0.55, 1.88) + box((0.9, 0.10, 0.26), black).moved(
        0.0, 0.57, 1.75
    )
    hook = tube(
        rounded([(0.42, 0.62, 1.80), (0.42, 0.74, 1.86), (0.42, 0.74, 1.98), (0.42, 0.64, 1.98)], 0.05),
        0.02,
        plain("#b3161c"),
        8,
    )
    fog = cylinder(0.07, 0.03, bright, "z", 18).moved(0.62, 0.55, 1.96) + cylinder(
        0.055, 0.03, plain("#eef1ee", GLOSS), "z", 16
    ).moved(0.62, 0.55, 1.968)
    plate = box((0.30, 0.11, 0.02), plain("#e9e9e4")).moved(0.0, 0.55, 1.965)
    return join([bonnet, cowl, bulge, seam, latch, face, slots, mirror(lamp + hook + fog), beam, plate])


def _tail(red: Texture, black: Texture, dark: Texture) -> Part:
    """Return the tailgate with hinges, tail lamps, bumper, hooks and the carrier of the spare wheel."""
    gate = bars([(-0.53, 1.19, -1.782), (-0.53, 0.64, -1.782), (0.53, 0.64, -1.782), (0.53, 1.19, -1.782)], 0.012, dark)
    hinges = join(box((0.26, 0.05, 0.03), red).moved(-0.46, y, -1.79) for y in (0.76, 1.06))
    handle = box((0.14, 0.05, 0.04), black).moved(0.46, 0.98, -1.80)
    lamp = box((0.16, 0.28, 0.07), black).moved(0.665, 0.93, -1.80) + box(
        (0.13, 0.16, 0.03), plain("#c8141c", GLOSS)
    ).moved(0.665, 0.97, -1.835)
    lamp += box((0.13, 0.07, 0.03), plain("#f2efe6", GLOSS)).moved(0.665, 0.84, -1.835)
    beam = box((1.60, 0.17, 0.16), black, 0.03).moved(0.0, 0.54, -1.86)
    hook = torus(0.05, 0.025, plain("#b3161c"), "x", 14, 6).moved(0.5, 0.54, -1.96)
    carrier = cylinder(0.12, 0.16, black, "z", 16).moved(0.0, 0.98, -1.84) + ring(
        bar((0.0, 0.08, -1.82), (0.0, 0.32, -1.79), (0.05, 0.03), black), 4, "z", 45
    ).moved(0.0, 0.98)
    stop = bar((0.0, 1.1, -1.80), (0.0, 1.46, -1.80), (0.06, 0.03), black) + box(
        (0.16, 0.05, 0.06), plain("#c8141c", GLOSS)
    ).moved(0.0, 1.46, -1.82)
    plate = box((0.30, 0.15, 0.02), plain("#e9e9e4")).moved(0.62, 0.70, -1.79)
    return join([gate, hinges, handle, mirror(lamp + hook), beam, carrier, stop, plate])


def _flares(black: Texture) -> Part:
    """Return the flared arches: flat-topped wings with lamps before the doors, bent flares around the rear wheels."""
    parts = []
    for z, inner, lower in ((_FRONT, 0.54, (0.50, 0.60)), (_REAR, 0.70, (0.52, 0.56))):
        spread, top = 0.56, 1.0
        outer = [
            (z - spread, lower[1]),
            (z - 0.37, top - 0.03),
            (z - 0.30, top),
            (z + 0.34, top),
            (z + 0.42, top - 0.04),
            (z + spread - 0.02, lower[0] + 0.2),
        ]
        low = [(a, b - 0.055) for a, b in outer]
        low[0], low[1] = (outer[0][0] + 0.06, outer[0][1]), (outer[1][0] + 0.03, outer[1][1] - 0.04)
        low[-1], low[-2] = (outer[-1][0] - 0.06, outer[-1][1]), (outer[-2][0] - 0.03, outer[-2][1] - 0.04)
        parts.append(
            side_profile(np.array([*low, *outer[::-1]]), 0.94 - inner, black, 0.008).moved(0.5 * (0.94 + inner))
        )
    amber = plain("#f09a28", GLOSS)
    parts.append(
        box((0.15, 0.06, 0.04), amber).moved(0.80, 0.90, 1.735)
        + box((0.02, 0.05, 0.10), amber).moved(0.94, 0.965, 1.50)
    )
    return mirror(join(parts))


def _below() -> Part:
    """Return chassis rails, floor, solid axles on springs, drive shafts, gearbox, exhaust, tank and wheel wells."""
    steel, cast = plain("#2c2e31", MATT), plain("#5b5f63")
    parts = [mirror(box((0.08, 0.13, 3.55), steel).moved(0.40, 0.50, 0.03))]
    parts += [box((0.8, 0.08, 0.08), steel).moved(0.0, 0.50, z) for z in (-1.6, -0.75, 0.1, 1.6)]
    dark = plain("#1b1c1e", MATT)
    parts.append(box((1.30, 0.06, 2.48), dark).moved(0.0, 0.56, -0.53))
    parts.append(
        box((1.24, 0.42, 1.1), dark).moved(0.0, 0.77, _REAR) + box((1.08, 0.1, 0.92), dark).moved(0.0, 0.62, 1.14)
    )
    for z, side in ((_FRONT, 0.16), (_REAR, 0.0)):
        parts.append(rod((-0.70, _WHEEL, z), (0.70, _WHEEL, z), 0.045, steel, 10))
        parts.append(ellipsoid((0.30, 0.27, 0.28), cast, 16).moved(side, _WHEEL, z))
        parts.append(
            ring(cylinder(0.012, 0.03, steel, "z", 6).moved(0.0, 0.10), 8, "z").moved(
                side, _WHEEL, z - 0.115 * np.sign(z)
            )
        )
        coil = [(0.075 * np.cos(a), 0.02 + 0.20 * a / 31.4, 0.075 * np.sin(a)) for a in np.linspace(0.0, 31.4, 50)]
        spring = tube(coil, 0.013, plain("#c9a52a"), 6).moved(0.48, _WHEEL, z)
        damper = rod((0.56, _WHEEL - 0.04, z - 0.12), (0.50, 0.72, z - 0.14), 0.03, plain("#d7d9da"), 10)
        arm = rod((0.46, _WHEEL - 0.03, z), (0.38, 0.46, z - 0.7 * np.sign(z)), 0.028, steel, 8)
        parts.append(mirror(join([spring, damper, arm, cylinder(0.14, 0.02, cast, "x", 20).moved(0.66, _WHEEL, z)])))
    parts.append(rod((-0.62, 0.37, 1.42), (0.62, 0.37, 1.42), 0.018, cast, 8))
    parts.append(
        rod((0.16, _WHEEL, 1.1), (0.16, 0.46, 0.2), 0.03, cast, 10)
        + rod((0.0, _WHEEL, -1.1), (0.0, 0.47, 0.0), 0.035, cast, 10)
    )
    parts.append(
        cylinder(0.15, 0.8, cast, "z", 18).moved(0.0, 0.52, 0.45)
        + box((0.42, 0.2, 0.28), cast, 0.04).moved(0.07, 0.48, 0.1)
    )
    parts.append(
        box((0.5, 0.3, 0.6), plain("#43474a"), 0.05).moved(0.0, 0.56, 1.0)
        + box((0.46, 0.18, 0.8), plain("#26282a"), 0.05).moved(0.0, 0.47, -0.62).moved(0.24)
    )
    pipe = rounded(
        [
            (-0.2, 0.52, 0.9),
            (-0.24, 0.44, 0.4),
            (-0.24, 0.44, -0.7),
            (-0.28, 0.62, -1.2),
            (-0.55, 0.46, -1.5),
            (-0.58, 0.40, -1.92),
        ],
        0.1,
    )
    parts.append(
        tube(pipe, 0.03, metal("#9a9c9e"), 10) + cylinder(0.09, 0.5, metal("#9a9c9e"), "z", 16).moved(-0.24, 0.44, -0.3)
    )
    return join(parts)
