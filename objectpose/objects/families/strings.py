"""Stringed instruments, standing on end: the bridge at y = 0, the sound board in the plane z = 0, the neck along +y."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from objectpose.objects.kit import (
    GLOSS,
    MATT,
    SATIN,
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
    frustum,
    join,
    lathe,
    loft,
    metal,
    mirror,
    paint,
    pipe,
    plain,
    plate,
    resample,
    ring,
    rod,
    rounded_rect,
    row,
    side_profile,
    spline,
    torus,
    tube,
    wood,
)
from objectpose.objects.mesh import Mesh

_Array = NDArray[np.float64]
_Way = list[tuple[float, float]]
_DOTS = (3, 5, 7, 9, 12, 15, 17, 19, 21)


def _outline(right: Sequence[_Way], left: Sequence[_Way] | None = None, count: int = 26) -> _Array:
    """Return a closed outline from smooth runs that meet in corners, from the bottom up to the top on x = 0.

    Args:
        right: runs of the right half, each from the last point of the one before.
        left: those of the left half, as if they stood on the right; the mirror image of the right half by default.
        count: points a run.
    """
    halves = [np.concatenate([spline(run, count)[:-1] for run in runs]) for runs in (right, left or right)]
    top = np.array([right[-1][-1]], np.float64)
    return np.concatenate([halves[0], top, (halves[1][1:] * (-1.0, 1.0))[::-1]])


def _edged(outline: _Array, inner: Texture, edge: Texture, start_m: float, end_m: float) -> Texture:
    """Return ``edge`` up to ``start_m`` from an outline in the xy plane, ``inner`` from ``end_m`` on."""
    tree = cKDTree(resample(outline, 900, closed=True))

    def weight(position: _Array, _normal: _Array) -> _Array:
        return np.asarray((tree.query(position[:, :2])[0] - start_m) / (end_m - start_m))

    return by(weight, edge, inner).finished(GLOSS)


def _fretboard(
    scale: float, frets: int, widths: tuple[float, float], board: Texture, dot: Texture, wire: Texture
) -> Part:
    """Return fingerboard (0 <= z <= 6 mm) from past its last fret up to the nut, frets, dots and nut."""
    end = scale * 2.0 ** (-(frets + 0.5) / 12.0)

    def width(y: float) -> float:
        return float(np.interp(y, (end, scale), (widths[1], widths[0])))

    half = 0.5 * np.array(widths)
    parts = [
        extrude([(-half[1], end), (half[1], end), (half[0], scale), (-half[0], scale)], 0.006, board).moved(z=0.003),
        box((widths[0] + 0.001, 0.005, 0.011), plain("#efe9d8")).moved(0.0, scale, 0.0055),
    ]
    at = [scale * 2.0 ** (-n / 12.0) for n in range(frets + 1)]
    parts += [box((width(y), 0.0022, 0.003), wire, 0.0).moved(0.0, y, 0.0063) for y in at[1:]]
    spot = cylinder(0.0036, 0.002, dot, "z", 12, 0.0)
    for n in _DOTS:
        if n <= frets:
            pair = row(spot, 2, (0.022, 0.0, 0.0)) if n == 12 else spot
            parts.append(pair.moved(0.0, 0.5 * (at[n] + at[n - 1]), 0.0056))
    return join(parts)


def _neck(stations: Sequence[tuple[float, float, float]], timber: Texture, top: float = 0.001) -> Part:
    """Return a neck with a D-shaped section, flat at z = ``top``, through stations (y, width, depth)."""
    turn = np.linspace(0.0, np.pi, 15)
    rings = [
        np.column_stack([0.5 * w * np.cos(turn), np.full(15, y), top - depth * np.sin(turn) ** 0.8])
        for y, w, depth in stations
    ]
    return loft(rings, timber, 4, 60.0)


def _strings(
    count: int, spread: tuple[float, float], scale: float, heights: tuple[float, float], wire: Texture
) -> Part:
    """Return strings from the bridge at y = 0 to the nut; spread and height at either, the lowest at -x."""
    share = np.linspace(-0.5, 0.5, count)
    return join(
        rod((s * spread[0], 0.0, heights[0]), (s * spread[1], scale, heights[1]), 0.0011 - 0.0004 * s, wire, 5)
        for s in share
    )


def _tuner(button: Texture, steel: Texture, thick: float, reach: float) -> Part:
    """Return a tuning machine at the origin of a head's front face: post, gear case behind, button towards +x."""
    return join(
        [
            cylinder(0.003, 0.016, steel, "z", 12).moved(z=0.006),
            cylinder(0.0055, 0.003, steel, "z", 14).moved(z=0.0005),
            box((0.014, 0.018, 0.010), steel).moved(0.004, 0.0, -thick - 0.004),
            rod((0.008, 0.0, -thick - 0.004), (reach, 0.0, -thick - 0.004), 0.0024, steel),
            ellipsoid((0.011, 0.019, 0.009), button, 12).moved(reach + 0.003, 0.0, -thick - 0.004),
        ]
    )


def _head(
    outline: _Array,
    posts: Sequence[tuple[float, float]],
    nut: float,
    thick: float,
    face: Texture,
    back: Texture,
    tuner: Part,
    wire: Texture,
) -> Part:
    """Return a head above the nut at the origin, its front at z = 4 mm: veneer, machines and string ends.

    Args:
        outline: of the head.
        posts: (x, y) of the machines, those with x < 0 from the lowest string on, then those with x >= 0.
        nut: spread of the strings there.
        thick: of the head.
        face: of the veneer in front.
        back: of the wood behind.
        tuner: a machine with its button towards +x.
        wire: of the strings.
    """
    parts = [
        extrude(outline, thick, back).moved(z=0.002 - 0.5 * thick),
        extrude(outline * (0.99, 0.995), 0.003, face).moved(0.0, 0.0003, 0.0025),
    ]
    for (x, y), s in zip(posts, np.linspace(-0.5, 0.5, len(posts)), strict=True):
        parts.append((tuner.mirrored("x") if x < 0.0 else tuner).moved(x, y, 0.004))
        parts.append(rod((s * nut, 0.0, 0.0085), (x, y, 0.009), 0.001, wire, 5))
    return join(parts)


# --- acoustic guitar


def acoustic_guitar(seed: int) -> Mesh:
    """Build a steel-string guitar: hollow body with sound hole, rosette, bridge, pick guard, 20 frets; 1.03 m long.

    Args:
        seed: instance number; 0 is the reference, others vary woods, waist, depth, cutaway, guard and rosette.

    Returns:
        A closed mesh in metres, sound board to +z.
    """
    v = Variant("acoustic_guitar", seed)
    spruce, rib = v.pick(("#dda75c", "#5f2f1a"), ("#c9772c", "#4a2114"), ("#ecd09a", "#7d4a25"), ("#b5552a", "#5a2015"))
    burst = v.pick(None, "#3a160c", None, None)
    waist, depth, lower = v.near(1.0, 0.05), v.near(0.108, 0.1), v.near(1.0, 0.035)
    cut, guard = v.pick(False, True, False, True), v.pick("#2c1710", "#14100f", "#6b2a16")
    dark, scale = wood(v.pick("#3b2318", "#241a16", "#4f2d1c"), "y", 0.006), 0.645
    low: _Way = [(0.0, -0.2), (0.06, -0.198), (0.135 * lower, -0.175), (0.185 * lower, -0.115), (0.198 * lower, -0.045)]
    low += [(0.18 * lower, 0.03), (0.145, 0.085), (0.126 * waist, 0.13), (0.131 * waist, 0.175)]
    full = [*low, (0.146, 0.222), (0.134, 0.262), (0.09, 0.285), (0.045, 0.29), (0.0, 0.29)]
    horn = [*low, (0.145, 0.215), (0.14, 0.244), (0.122, 0.25), (0.098, 0.226), (0.07, 0.208), (0.03, 0.222)]
    outline = _outline([horn, [(0.03, 0.222), (0.0, 0.29)]], [full], 40) if cut else _outline([full], count=48)
    top = wood(spruce, "y", 0.007, GLOSS)
    face = _edged(outline, top, wood(burst, "y", 0.007), 0.005, 0.07) if burst else top
    wire, steel, cream = plain("#d7c9a0"), metal("#c3c5c8"), plain("#e9dfc4")
    timber = wood(rib, "y", 0.01, GLOSS)
    runs = [[(0.0, 0.0), (0.021, 0.0)], [(0.021, 0.0), (0.036, 0.035), (0.037, 0.175)]]
    plan = _outline([*runs, [(0.037, 0.175), (0.02, 0.183), (0.0, 0.178)]], count=10)
    posts = [(-0.020, 0.05), (-0.021, 0.095), (-0.022, 0.14), (0.022, 0.14), (0.021, 0.095), (0.020, 0.05)]
    tuner = _tuner(v.pick(cream, steel, plain("#1b1b1c")), steel, 0.015, 0.032)
    head = _head(plan, posts, 0.036, 0.015, dark, timber, tuner, wire)
    return assemble(
        [
            _hollow_body(outline, depth, face, timber, cream, ellipse(0.1, count=40) + (0.0, 0.153)),
            _rosette(v.pick("#1d1512", "#3f5a54", "#7a2f1c")).moved(0.0, 0.153),
            _guard(guard),
            _pin_bridge(dark, cream, steel),
            _fretboard(scale, 20, (0.044, 0.057), dark, cream, steel),
            _neck([(0.284, 0.056, 0.075), (0.292, 0.055, 0.045), (0.32, 0.054, 0.021), (scale, 0.044, 0.017)], timber),
            _strings(6, (0.054, 0.036), scale, (0.0155, 0.0105), wire),
            head.turned("x", -13.0).moved(0.0, scale + 0.002),
            cylinder(0.008, 0.02, cream, segments=16).moved(0.0, -0.206, -0.5 * depth),
        ],
        seed,
    )


def _hollow_body(outline: _Array, depth: float, top: Texture, timber: Texture, trim: Texture, hole: _Array) -> Part:
    """Return a sound box with ribs, board with a hole, back with a centre strip and pale binding round both."""
    middle = np.array([0.0, 0.045])
    wide, slim = (outline - middle) * 1.006 + middle, (outline - middle) * 0.97 + middle
    ribs = extrude(outline, depth - 0.002, timber, [slim], 0.0).moved(z=-0.5 * depth)
    board = extrude(outline, 0.004, top, [hole], 0.0).moved(z=-0.002)
    back = extrude(outline, 0.004, timber, bevel=0.0).moved(z=0.002 - depth)
    band = extrude(wide, 0.005, trim, [(outline - middle) * 0.988 + middle], 0.0)
    strip = box((0.006, 0.47, 0.004), trim).moved(0.0, 0.045, -depth)
    block = box((0.06, 0.03, depth - 0.004), timber).moved(0.0, 0.262, -0.5 * depth)
    return join([ribs, board, back, band.moved(z=-0.0018), band.moved(z=0.0018 - depth), strip, block])


def _rosette(colour: str) -> Part:
    """Return rings inlaid round the sound hole at the origin."""
    rings = ((0.067, 0.056, 0.0012, colour), (0.0685, 0.066, 0.0016, "#efe3c6"), (0.057, 0.0545, 0.0016, "#efe3c6"))
    return join(pipe(a, b, 2.0 * z, plain(c), "z", 48) for a, b, z, c in rings)


def _guard(colour: str) -> Part:
    """Return the pick guard beside the sound hole."""
    rim = np.array([0.0, 0.153]) + 0.069 * np.array([[np.cos(a), np.sin(a)] for a in np.linspace(0.35, -1.35, 14)])
    outer = spline([(0.02, 0.083), (0.055, 0.045), (0.1, 0.045), (0.112, 0.085), (0.098, 0.14), (0.0655, 0.178)], 24)
    return extrude(np.concatenate([rim, outer[1:-1]]), 0.003, plain(colour, GLOSS), bevel=0.0).moved(z=0.0006)


def _pin_bridge(dark: Texture, cream: Texture, steel: Texture) -> Part:
    """Return the glued bridge with saddle and six pins."""
    runs = [[(0.0, -0.026), (0.045, -0.027), (0.086, -0.012)], [(0.086, -0.012), (0.088, 0.0), (0.084, 0.008)]]
    shape = _outline([*runs, [(0.084, 0.008), (0.045, 0.012), (0.0, 0.013)]], count=8)
    pins = row(cylinder(0.0035, 0.006, cream, "z", 10).moved(0.0, -0.014, 0.0115), 6, (0.0108, 0.0, 0.0))
    saddle = box((0.075, 0.004, 0.008), cream).turned("z", 2.0).moved(0.0, 0.0, 0.0115)
    ends = join(
        rod((x, -0.014, 0.012), (x, 0.0, 0.0155), 0.001, steel, 5) for x in np.linspace(-0.027, 0.027, 6).tolist()
    )
    return join([extrude(shape, 0.011, dark).moved(z=0.0045), pins, saddle, ends])


# --- electric guitar


def electric_guitar(seed: int) -> Mesh:
    """Build a solid-body guitar with two horns, guard, pickups, tremolo and six machines in line; 0.97 m long.

    Args:
        seed: instance number; 0 is the reference, others vary colours, fingerboard, pickups, horns and thickness.

    Returns:
        A closed mesh in metres, strings to +z.
    """
    v = Variant("electric_guitar", seed)
    colour, edge = v.pick(("#b3161b", ""), ("#d98a2b", "#1a0d08"), ("#1f4fa0", ""), ("#161618", ""), ("#e6d9b4", ""))
    cover, mark = v.pick(("#f2efe6", "#f4f1ea"), ("#f2efe6", "#f4f1ea"), ("#f2efe6", "#17171a"), ("#17171a", "#f0ece0"))
    board = v.pick(wood("#d9a45a", "y", 0.01, GLOSS), wood("#3a2318", "y", 0.006, GLOSS))
    dot = plain(v.pick("#1d1b1a", "#ece6d6"))
    width, horn, thick = v.near(1.0, 0.04), v.near(1.0, 0.12), v.near(0.044, 0.12)
    humbucker, arm = v.pick(False, True, False, True), v.pick(True, True, False)
    scale, steel, wire, maple = 0.648, metal("#c6c8cc"), plain("#d5d2c8"), wood("#dca860", "y", 0.01, GLOSS)
    right = [(0.0, -0.125), (0.06, -0.123), (0.12, -0.102), (0.158, -0.05), (0.155, 0.015), (0.126, 0.08)]
    right += [(0.112, 0.125), (0.121, 0.175), (0.138, 0.217), (0.137, 0.252), (0.122, 0.268), (0.102, 0.25)]
    right += [(0.078, 0.214), (0.05, 0.198)]
    left = [(0.03, 0.232), (0.056, 0.232), (0.08, 0.255), (0.098, 0.29), (0.116, 0.318), (0.137, 0.318), (0.147, 0.29)]
    left += [(0.141, 0.235), (0.124, 0.18), (0.114, 0.13), (0.124, 0.08), (0.15, 0.03), (0.166, -0.03), (0.152, -0.085)]
    left += [(0.105, -0.116), (0.05, -0.125)]
    way = np.array([*right, (0.03, 0.198), *((-x, y) for x, y in left)])
    way[:, 1] += np.maximum(way[:, 1] - 0.22, 0.0) * (horn - 1.0)
    outline = spline(way * (width, 1.0), 120, closed=True)
    lacquer = paint(colour, 0.02)
    face = _edged(outline, lacquer, plain(edge), 0.012, 0.07) if edge else lacquer
    body = extrude(outline, thick, face, bevel=0.006).moved(z=-0.5 * thick)
    tip = [(-0.022, 0.0), (-0.026, 0.026), (-0.038, 0.042), (-0.033, 0.1), (-0.028, 0.165), (-0.006, 0.19)]
    tip += [(0.026, 0.19), (0.045, 0.17), (0.046, 0.145), (0.034, 0.125), (0.028, 0.1), (0.033, 0.07), (0.033, 0.048)]
    tip += [(0.024, 0.026)]
    posts = [(-0.02 + 0.0018 * i, 0.052 + 0.0225 * i) for i in range(6)]
    tuner, plan = _tuner(steel, steel, 0.014, 0.03), spline([*tip, (0.022, 0.0)], 60, closed=True)
    head = _head(plan, posts, 0.036, 0.014, maple, maple, tuner, wire)
    button = cylinder(0.007, 0.02, steel, segments=14).moved(z=-0.5 * thick)
    buttons = button.moved(0.0, -0.131) + button.turned("z", 20.0).moved(-0.131 * width, 0.318 + 0.098 * (horn - 1.0))
    return assemble(
        [
            body,
            _controls(width, plain(cover), plain(mark), steel, humbucker),
            _tremolo(steel, plain(mark), arm),
            _fretboard(scale, 21, (0.043, 0.056), board, dot, steel).moved(z=0.004),
            _neck([(0.172, 0.055, 0.012), (0.235, 0.055, 0.018), (scale, 0.043, 0.017)], maple, 0.005),
            _strings(6, (0.054, 0.036), scale, (0.0165, 0.0145), wire),
            head.turned("x", -4.0).moved(0.0, scale + 0.002, 0.001),
            buttons,
            plate((0.05, 0.064), 0.004, steel, 0.006).moved(0.0, 0.2, -thick),
            plate((0.11, 0.075), 0.003, plain(cover), 0.008).moved(0.0, 0.0, -thick),
        ],
        seed,
    )


def _controls(width: float, cover: Texture, mark: Texture, steel: Texture, humbucker: bool) -> Part:
    """Return guard, three pickups, selector, three knobs and the jack plate."""
    rim = [(-0.05, 0.02), (0.02, 0.015), (0.055, -0.02), (0.088, -0.058), (0.118, -0.062), (0.126, -0.03)]
    rim += [(0.112, 0.03), (0.096, 0.085), (0.092, 0.14), (0.106, 0.19), (0.118, 0.232), (0.106, 0.236), (0.078, 0.196)]
    rim += [(0.036, 0.184), (-0.036, 0.184), (-0.05, 0.21), (-0.075, 0.225), (-0.094, 0.2), (-0.088, 0.14)]
    rim += [(-0.068, 0.08)]
    shape = spline(np.array(rim) * (width, 1.0), 90, closed=True)
    under = extrude(shape * 1.012, 0.003, plain("#2a2a2c"), bevel=0.0)
    guard = extrude(shape, 0.004, cover, bevel=0.0).moved(z=0.0008)
    poles = row(cylinder(0.0024, 0.003, steel, "z", 10).moved(z=0.0072), 6, (0.0104, 0.0, 0.0))
    single = extrude(rounded_rect(0.084, 0.019, 0.009), 0.01, mark).moved(z=0.0035) + poles
    dark = plain("#1a1a1c")
    double = extrude(rounded_rect(0.09, 0.038, 0.004), 0.0085, dark).moved(z=0.003)
    double += mirror(extrude(rounded_rect(0.076, 0.015, 0.003), 0.01, mark).moved(0.0, 0.0085, 0.0035), "y")
    double += poles.moved(0.0, 0.0085, 0.0003)
    pickups = [single.moved(0.0, 0.155), single.moved(0.0, 0.1)]
    pickups.append((double if humbucker else single).turned("z", 0.0 if humbucker else 10.0).moved(0.0, 0.048))
    knob = frustum(0.011, 0.0085, 0.014, mark, "z", 24).moved(z=0.009)
    knob += box((0.0016, 0.008, 0.002), dark).moved(z=0.0155)
    knobs = join(knob.moved(x * width, y) for x, y in ((0.066, 0.03), (0.084, -0.004), (0.099, -0.04)))
    selector = rod((0.082 * width, 0.062, 0.002), (0.088 * width, 0.07, 0.018), 0.0022, steel)
    selector += ellipsoid((0.008, 0.008, 0.011), mark, 10).moved(0.0885 * width, 0.0705, 0.02)
    jack = extrude(rounded_rect(0.022, 0.05, 0.01), 0.004, steel).turned("z", -40.0)
    jack += pipe(0.006, 0.003, 0.006, steel, "z", 16)
    return join([under, guard, *pickups, knobs, selector, jack.moved(0.13 * width, -0.075, 0.001)])


def _tremolo(steel: Texture, knob: Texture, arm: bool) -> Part:
    """Return the bridge plate with six saddles and, where wanted, the arm."""
    saddles = row(box((0.0095, 0.022, 0.007), steel).moved(0.0, 0.0, 0.0125), 6, (0.0106, 0.0, 0.0))
    parts = [plate((0.078, 0.042), 0.006, steel, 0.003).moved(0.0, -0.005, 0.004), saddles]
    parts.append(box((0.078, 0.005, 0.012), steel).moved(0.0, -0.025, 0.008))
    parts.append(row(cylinder(0.004, 0.004, steel, "z", 10).moved(0.0, 0.013, 0.0075), 6, (0.013, 0.0, 0.0)))
    if arm:
        way = spline([(0.036, -0.008, 0.004), (0.037, -0.006, 0.02), (0.045, 0.02, 0.031), (0.066, 0.085, 0.036)], 20)
        parts += [tube(way, 0.0028, steel), rod(way[-1], way[-1] + (0.006, 0.02, 0.0004), 0.0046, knob, 12)]
    return join(parts)


# --- banjo


def banjo(seed: int) -> Mesh:
    """Build a five-string banjo: white head in a metal pot with brackets, resonator, long neck; 0.99 m long.

    Args:
        seed: instance number; 0 is the reference, others vary woods, metal, pot size, brackets, resonator, arm rest.

    Returns:
        A closed mesh in metres, head to +z.
    """
    v = Variant("banjo", seed)
    timber = wood(v.pick("#6b3418", "#8f5c2c", "#45230f", "#7d2c16"), "y", 0.01, GLOSS)
    steel = metal(v.pick("#cfd1d4", "#c9a24a", "#b4b6ba"))
    radius, brackets, depth = v.near(0.145, 0.07), v.pick(24, 20, 28, 16), v.near(0.066, 0.12)
    resonator, rest = v.pick(True, True, False), v.pick(True, False)
    skin = paint(v.pick("#f1efe8", "#e9dfc8", "#f6f5f1"), 0.03, SATIN)
    dark, pearl = wood("#33201a", "y", 0.006), plain("#efeadd", GLOSS)
    scale, wire, middle = 0.667, plain("#d9d6cc"), radius - 0.092
    flank = [(0.018, 0.0), (0.03, 0.028), (0.027, 0.06), (0.034, 0.1), (0.038, 0.14)]
    crown = [(0.038, 0.14), (0.026, 0.152), (0.018, 0.17), (0.0, 0.178)]
    tip = _outline([[(0.0, 0.0), (0.018, 0.0)], flank, crown], count=12)
    peg = cylinder(0.0028, 0.018, steel, "z", 12).moved(z=0.006) + cylinder(0.007, 0.03, steel, "z", 14).moved(z=-0.024)
    button = ellipsoid((0.016, 0.021, 0.014), pearl, 12)
    posts = [(-0.019, 0.05), (-0.023, 0.115), (0.023, 0.115), (0.019, 0.05)]
    head = _head(tip, posts, 0.026, 0.014, dark, timber, peg + button.moved(z=-0.044), wire)
    head += extrude([(0.0, -0.016), (0.009, 0.0), (0.0, 0.016), (-0.009, 0.0)], 0.001, pearl).moved(0.0, 0.085, 0.0042)
    fifth = scale * 2.0 ** (-5.0 / 12.0)
    drone = cylinder(0.005, 0.045, steel, "x", 12).moved(-0.034, fifth, -0.004) + button.moved(-0.06, fifth, -0.004)
    drone += rod((-0.03, fifth, -0.002), (-0.03, fifth, 0.011), 0.0026, steel)
    drone += rod((-0.021, 0.0, 0.018), (-0.03, fifth, 0.0105), 0.0012, wire, 5)
    heel = [(-0.002, 0.045, 0.062), (0.012, 0.046, 0.045), (0.045, 0.046, 0.025)]
    heel = [(middle + radius + y, w, d) for y, w, d in heel]
    pot = _pot(radius, depth, brackets, skin, steel, timber)
    dish = _resonator(radius, depth, brackets, steel, timber)
    back = dish if resonator else _open_back(radius, depth, steel, timber)
    return assemble(
        [
            (pot + back).turned("x", 90.0).moved(y=middle),
            _arm_rest(radius, steel).moved(y=middle) if rest else Part(),
            _banjo_bridge(middle - radius, steel, wire),
            _fretboard(scale, 22, (0.034, 0.047), dark, pearl, steel).moved(z=0.005),
            _neck([*heel, (scale, 0.034, 0.018)], timber, 0.006),
            _strings(4, (0.042, 0.026), scale, (0.018, 0.0155), wire),
            drone,
            head.turned("x", -13.0).moved(0.0, scale + 0.002, 0.003),
        ],
        seed,
    )


def _pot(radius: float, depth: float, brackets: int, skin: Texture, steel: Texture, timber: Texture) -> Part:
    """Return the pot about the y axis with its head at y = 0: rim, hoop, tone ring, hooks with nuts and shoes."""
    head = lathe([(0.0, -0.003), (radius, -0.003), (radius, 0.0), (radius - 0.01, 0.001), (0.0, 0.001)], skin, 64)
    rim = pipe(radius - 0.002, radius - 0.016, depth, timber, segments=64).moved(y=-0.5 * depth - 0.002)
    hoop = pipe(radius + 0.005, radius - 0.002, 0.014, steel, segments=64).moved(y=0.001)
    tone = pipe(radius + 0.0005, radius - 0.01, 0.012, steel, segments=64).moved(y=-0.008)
    out, low = radius + 0.009, 0.6 * depth
    hook = rod((out, -low - 0.006, 0.0), (out, 0.006, 0.0), 0.0022, steel)
    hook += rod((radius + 0.001, 0.0075, 0.0), (out + 0.002, 0.0075, 0.0), 0.0028, steel)
    hook += cylinder(0.0042, 0.012, steel, segments=6, bevel=0.0).moved(out, -low - 0.004)
    shoe = box((0.014, 0.012, 0.012), steel).moved(radius + 0.004, -low + 0.012)
    return join([head, rim, hoop, tone, ring(hook + shoe, brackets, start_deg=180.0 / brackets)])


def _resonator(radius: float, depth: float, brackets: int, steel: Texture, timber: Texture) -> Part:
    """Return the dish behind the pot, about the y axis, with its slotted flange and pale trim."""
    wide, lip, base = radius + 0.032, -0.6 * depth - 0.001, -depth - 0.02
    flange = pipe(wide - 0.002, radius - 0.004, 0.003, steel, segments=64).moved(y=lip + 0.002)
    slot = box((0.012, 0.0012, 0.026), plain("#17110d", MATT), 0.0).moved(radius + 0.021, lip + 0.0035)
    dish = [(0.0, base), (0.6 * wide, base + 0.003), (wide - 0.012, base + 0.016), (wide, base + 0.03)]
    dish += [(wide, lip + 0.004), (wide - 0.006, lip + 0.004), (wide - 0.006, base + 0.03), (0.0, base + 0.01)]
    trim = torus(wide, 0.005, plain("#ece2c8"), segments=64, sides=8)
    trims = trim.moved(y=lip + 0.003) + trim.moved(y=base + 0.03)
    return join([flange, ring(slot, brackets), lathe(dish, timber, 64), trims])


def _open_back(radius: float, depth: float, steel: Texture, timber: Texture) -> Part:
    """Return the ring round the open back of a pot about the y axis and the rod across it."""
    stick = rod((0.0, -0.5 * depth, -radius), (0.0, -0.5 * depth, radius), 0.008, timber, 12)
    return pipe(radius + 0.002, radius - 0.018, 0.006, steel, segments=64).moved(y=-depth) + stick


def _arm_rest(radius: float, steel: Texture) -> Part:
    """Return the arm rest over the rim of the pot, upper left, on two posts."""
    band = np.concatenate([arc(radius + 0.012, 132.0, 178.0, 14), arc(radius - 0.018, 178.0, 132.0, 14)])
    posts = [rod((x, y, 0.0), (x, y, 0.014), 0.003, steel) for x, y in arc(radius, 138.0, 172.0, 2).tolist()]
    return join([extrude(band, 0.003, steel).moved(z=0.014), *posts])


def _banjo_bridge(tail: float, steel: Texture, wire: Texture) -> Part:
    """Return the three-footed bridge, the tailpiece at y = ``tail`` and the string ends between them."""
    feet = row(box((0.009, 0.007, 0.014), wood("#c99a5a", "x")).moved(z=0.006), 3, (0.028, 0.0, 0.0))
    beam = box((0.072, 0.0035, 0.008), wood("#8a5a2e", "x")).moved(z=0.014)
    path = [(-0.022, 0.004), (-0.014, 0.042), (0.014, 0.042), (0.022, 0.004), (0.01, -0.006), (-0.01, -0.006)]
    clamp = extrude(path, 0.004, steel).moved(0.0, tail, 0.012)
    clamp += box((0.024, 0.007, 0.06), steel).moved(0.0, tail - 0.008, -0.018)
    xs = np.linspace(-0.5, 0.5, 5)
    ends = join(rod((0.028 * x, tail + 0.04, 0.0135), (0.042 * x, 0.0, 0.018), 0.001, wire, 5) for x in xs.tolist())
    return join([feet, beam, clamp, ends])


# --- violin


def violin(seed: int) -> Mesh:
    """Build a violin: arched plates with purfling and sound holes, ebony fittings, bridge, scroll; 0.59 m long.

    Args:
        seed: instance number; 0 is the reference, others vary varnish, bouts, arching, fittings and chin rest.

    Returns:
        A closed mesh in metres, belly to +z.
    """
    v = Variant("violin", seed)
    warm, deep = v.pick(("#b4591c", "#6a2a0d"), ("#b04c1d", "#66220e"), ("#c98a35", "#8a4d18"), ("#b0642c", "#6d3010"))
    black, pale = plain(v.pick("#171414", "#211613"), GLOSS), plain("#dcbc85")
    bout, waist, arch = v.near(1.0, 0.05), v.near(1.0, 0.06), v.near(0.0155, 0.15)
    centred, tuners, steel = v.pick(False, True, False), v.pick(1, 4, 4), metal("#c9cbce")
    low: _Way = [(0.0, -0.161), (0.04, -0.158), (0.08 * bout, -0.136), (0.103 * bout, -0.09), (0.098 * bout, -0.055)]
    low += [(0.089, -0.036), (0.094, -0.025)]
    mid: _Way = [(0.094, -0.025), (0.078, -0.016), (0.061 * waist, 0.0), (0.055 * waist, 0.021)]
    mid += [(0.0585 * waist, 0.043), (0.068, 0.058), (0.081, 0.064)]
    top: _Way = [(0.081, 0.064), (0.076, 0.075), (0.079 * bout, 0.1), (0.0825 * bout, 0.13), (0.072, 0.163)]
    top += [(0.042, 0.187)]
    outline = _outline([low, mid, [*top, (0.015, 0.194), (0.0, 0.195)]], count=22)
    tail = _tailpiece(black, steel, tuners, 0.021)
    xs = np.linspace(-0.5, 0.5, 4)
    lines = [
        [(0.026 * x, -0.055, 0.026), (0.034 * x, 0.0, 0.0375 - 0.02 * x * x), (0.0165 * x, 0.328, 0.0155)]
        for x in xs.tolist()
    ]
    rest = ellipsoid((0.105, 0.07, 0.02), black, 24) + ellipsoid((0.075, 0.045, 0.012), black, 20).moved(z=0.006)
    clamp = row(rod((-0.03, -0.162, -0.03), (-0.03, -0.156, 0.02), 0.0025, steel), 2, (0.026, 0.0, 0.0))
    clamp += box((0.034, 0.008, 0.003), steel).moved(-0.03, -0.158, -0.0365)
    return assemble(
        [
            _violin_body(outline, arch, warm, deep),
            _bridge_and_board(black, pale),
            _scroll(wood(deep, "y", 0.008, GLOSS), black),
            tail,
            join(tube(line, 0.0009, steel, 5) for line in lines),
            (rest.moved(0.0, -0.125, 0.026) if centred else rest.moved(-0.05, -0.125, 0.022)) + clamp,
            cylinder(0.006, 0.02, black, segments=16).moved(0.0, -0.166, -0.014),
        ],
        seed,
    )


def _violin_body(outline: _Array, arch: float, warm: str, deep: str) -> Part:
    """Return ribs, arched belly and back, and the two sound holes laid on the belly."""
    levels = [(1.0, -0.0035), (1.0, 0.0), (0.965, 0.001), (0.88, 0.12), (0.74, 0.42), (0.55, 0.74), (0.34, 0.93)]
    levels += [(0.12, 1.0)]
    heights = [z if share > 0.9 else 0.001 + arch * z for share, z in levels]
    rim = np.array([0.0, 0.015])
    shade = _edged(outline, wood(warm, "y", 0.003), wood(deep, "y", 0.003), 0.0, 0.05)
    tree = cKDTree(resample(outline, 900, closed=True))
    dark = plain("#120c09", MATT)
    varnish = by(lambda p, _n: np.abs(tree.query(p[:, :2])[0] - 0.0047) < 0.0012, shade, dark)
    rings = [(rim + (outline - rim) * share, z) for (share, _), z in zip(levels, heights, strict=True)]
    belly = loft([*rings, (rim + (outline - rim) * 0.0, heights[-1])], varnish, crease_deg=60.0)
    ribs = extrude(rim + (outline - rim) * 0.97, 0.032, wood(deep, "x", 0.003, GLOSS), bevel=0.0).moved(z=-0.018)

    def over(path: _Array) -> _Array:
        """Return the points (x, y) of a path on the right half of the belly with their height."""
        reach = np.array([np.interp(y, *_flank(outline)) for y in path[:, 1]])
        share = np.abs(path[:, 0]) / reach
        level = np.interp(share, [s for s, _ in levels[::-1]], heights[::-1])
        return np.column_stack([path, level + 0.0002])

    way = [(0.022, 0.033), (0.0275, 0.036), (0.03, 0.028), (0.0325, 0.004), (0.041, -0.022), (0.047, -0.026)]
    thick = np.interp(np.arange(24), (0, 8, 14, 23), (0.0016, 0.0033, 0.0033, 0.0016))
    hole = tube(over(spline([*way, (0.05, -0.019)], 24)), thick, dark, 8)
    spots = over(np.array([(0.0225, 0.0315), (0.0495, -0.0185)])).tolist()
    eyes = join(ellipsoid((0.01, 0.01, 0.004), dark, 12).moved(*spot) for spot in spots)
    return join([belly, belly.mirrored("z").moved(z=-0.036), ribs, mirror(hole + eyes)])


def _flank(outline: _Array) -> tuple[_Array, _Array]:
    """Return heights y and half widths of the right half of an outline, from the bottom up."""
    right = outline[: len(outline) // 2 + 1]
    order = np.argsort(right[:, 1])
    return right[order, 1], np.maximum(right[order, 0], 0.02)


def _tailpiece(black: Texture, steel: Texture, tuners: int, height: float) -> Part:
    """Return the tailpiece with its gut and fine tuners."""
    shape = [(0.011, -0.152, 0.6), (0.014, -0.12, 0.8), (0.019, -0.08, 1.0), (0.022, -0.055, 1.1), (0.021, -0.048, 0.9)]
    turn = np.linspace(0.0, 2.0 * np.pi, 17)[:-1]
    rings = [
        np.column_stack([w * np.cos(turn), np.full(16, y), height + 0.004 * s + (0.005 * s) * np.sin(turn)])
        for w, y, s in shape
    ]
    gut = tube([(0.006, -0.15, 0.02), (0.004, -0.163, 0.008), (0.003, -0.168, -0.012)], 0.0018, black)
    screw = cylinder(0.003, 0.008, steel, "z", 10).moved(0.0, -0.066, height + 0.013)
    screw += box((0.004, 0.022, 0.003), steel).moved(0.0, -0.062, height + 0.0095)
    at = np.linspace(-0.0125, 0.0125, 4)[-tuners:]
    return join([loft(rings, black, 3, 60.0), mirror(gut), *(screw.moved(float(x)) for x in at)])


def _bridge_and_board(black: Texture, pale: Texture) -> Part:
    """Return the bridge, the neck's fingerboard above the belly and the nut."""
    half = [(0.0, 0.008), (0.007, 0.008), (0.011, 0.0), (0.021, 0.0), (0.021, 0.005), (0.016, 0.013), (0.018, 0.02)]
    half += [(0.017, 0.031), (0.009, 0.0355), (0.0, 0.0365)]
    shape = [*half, *((-x, y) for x, y in half[-2:0:-1])]
    windows = [ellipse(0.006, 0.0085, 12) + (x, 0.02) for x in (-0.011, 0.0, 0.011)]
    bridge = extrude(shape, 0.004, pale, windows).turned("x", 90.0)
    turn = np.linspace(0.0, np.pi, 11)
    rings = []
    for y, w, low, high in ((0.062, 0.0425, 0.024, 0.0335), (0.2, 0.033, 0.015, 0.0235), (0.33, 0.0245, 0.006, 0.0145)):
        top = np.column_stack([0.5 * w * np.cos(turn), np.full(11, y), high - 0.006 + 0.006 * np.sin(turn)])
        rings.append(np.concatenate([top, [(-0.5 * w, y, low), (0.5 * w, y, low)]]))
    board = loft(rings, black, 2, 35.0)
    nut = box((0.024, 0.006, 0.012), black).moved(0.0, 0.331, 0.0095)
    return join([bridge.moved(z=0.0005), board, nut])


def _scroll(timber: Texture, black: Texture) -> Part:
    """Return neck with heel and button, pegbox with its slot, volute and four pegs."""
    turn = np.linspace(0.0, np.pi, 13)
    stations = [(0.186, 0.017, 0.017, 0.036), (0.205, 0.016, 0.0165, 0.026), (0.225, 0.015, 0.016, 0.017)]
    stations += [(0.32, 0.012, 0.009, 0.0155), (0.34, 0.0125, 0.008, 0.02)]
    rings = [np.column_stack([w * np.cos(turn), 0.0 * turn + y, z - d * np.sin(turn)]) for y, w, z, d in stations]
    neck = loft(rings, timber, 4, 60.0)
    button = cylinder(0.012, 0.005, timber, "z", 20).moved(0.0, 0.195, -0.035)
    front = [(0.010, 0.333), (0.008, 0.36), (0.001, 0.392), (-0.004, 0.402)]
    back = [(-0.024, 0.402), (-0.022, 0.392), (-0.017, 0.36), (-0.012, 0.333)]
    cheeks = mirror(side_profile([*front, *back], 0.0055, timber).moved(0.0095))
    floor = side_profile([*((z + 0.008, y) for z, y in back[::-1]), *back], 0.019, timber)
    angle = np.linspace(-0.4 * np.pi, 4.0 * np.pi, 60)
    reach = np.linspace(0.0145, 0.004, 60)
    centre = np.array([0.0, 0.4075, -0.0145])
    spiral = np.column_stack([np.linspace(0.006, 0.0185, 60), reach * np.cos(angle), reach * np.sin(angle)]) + centre
    core = cylinder(0.012, 0.022, timber, "x", 24) + cylinder(0.0075, 0.033, timber, "x", 20)
    core += cylinder(0.0042, 0.041, timber, "x", 16)
    volute = mirror(tube(spiral, np.linspace(0.0052, 0.0028, 60), timber, 8)) + core.moved(0.0, 0.4075, -0.0145)
    line = [(0.0, -0.018), (0.003, -0.018), (0.0036, 0.016), (0.006, 0.017), (0.005, 0.021), (0.0, 0.025)]
    peg = lathe(line, black, 16)
    peg = (peg + ellipsoid((0.0075, 0.022, 0.019), black, 14).moved(y=0.033)).turned("z", -90.0)
    spots = ((peg, 0.346), (peg.mirrored("x"), 0.360), (peg, 0.374), (peg.mirrored("x"), 0.388))
    pegs = join(p.moved(0.0, y, 0.0558 - 0.16 * y) for p, y in spots)
    return join([neck, button, cheeks, floor, volute, pegs])
