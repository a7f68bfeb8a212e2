"""Sports equipment: balls, a dumbbell, a tennis racket."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from objectpose.objects.kit import (
    GLOSS,
    MATT,
    METAL,
    SATIN,
    Finish,
    Part,
    Texture,
    Variant,
    arc,
    assemble,
    by,
    cylinder,
    ellipsoid,
    join,
    lathe,
    metal,
    mirror,
    paint,
    plain,
    plastic,
    prism,
    rgb,
    ring,
    rounded_rect,
    rubber,
    spline,
    stripes,
    sweep,
    symmetric,
    torus,
    tube,
    value_noise,
)
from objectpose.objects.mesh import Mesh

Array = NDArray[np.float64]

_LEATHERS = ("#c9602a", "#a9491f", "#c4622f", "#b9552a")
_SPOTS = ("#151618", "#161c33", "#18181a", "#1a1a1a")
_WHITES = ("#f1f1ee", "#f4f4f4", "#e4ddc8", "#ecebe4")
_FRAMES = ("#c4171f", "#1d4fa3", "#1b1c1f", "#d9a514", "#2b8a4b")


# from the poles of a round solid, where its texture is coarse, into the middle of a panel
_A, _B = np.deg2rad((24.0, 28.0))
_TILT = np.array(
    [
        [np.cos(_A), -np.sin(_A), 0.0],
        [np.sin(_A) * np.cos(_B), np.cos(_A) * np.cos(_B), -np.sin(_B)],
        [np.sin(_A) * np.sin(_B), np.cos(_A) * np.sin(_B), np.cos(_B)],
    ]
)


def _unit(v: Array) -> Array:
    """Return directions of length 1."""
    return np.asarray(v / np.linalg.norm(v, axis=-1, keepdims=True))


def basketball(seed: int) -> Mesh:
    """Build a basketball: eight pebbled panels between grooved black channels, with its valve.

    Args:
        seed: instance number; 0 is the reference, others vary leather, channels, the run of the seams and the pebbles.

    Returns:
        A closed mesh 0.24 m across.
    """
    v = Variant("basketball", seed)
    diameter = v.near(0.242, 0.02)
    inner, bow = v.near(0.50, 0.12), v.near(0.46, 0.2)
    width = v.between(0.044, 0.036, 0.054)
    skin = v.pick(*_LEATHERS)
    channel = v.pick("#17120f", "#14110f", "#1d1815", "#221a14")
    second = v.pick("", "#9a4319", "")
    printed = v.pick(False, True, True, False)
    pebble = v.between(0.0028, 0.0024, 0.0034)

    def seam(p: Array) -> Array:
        """Return the distance to the next seam, in radii."""
        u = _unit(p) @ _TILT.T
        x, y = np.abs(u[:, 0]), u[:, 1]
        bent = x - inner - bow * y * y
        steep = np.stack([np.sign(u[:, 0]), -2.0 * bow * y, np.zeros(len(u))], axis=1)
        steep -= u * (steep * u).sum(axis=1, keepdims=True)
        bent = np.abs(bent) / np.maximum(np.linalg.norm(steep, axis=1), 0.2)
        return np.asarray(np.minimum(np.minimum(x, np.abs(y)), bent))

    def label(p: Array, _n: Array) -> NDArray[np.bool_]:
        """Return where three printed bars lie, on one panel and on the one across."""
        u = _unit(p) @ _TILT.T
        x, y = u[:, 0] * np.sign(u[:, 2]) - 0.26, u[:, 1] - 0.34
        bars = (np.abs(np.mod(y / 0.09 + 0.5, 1.0) - 0.5) < 0.26) & (np.abs(y) < 0.125)
        return np.asarray(bars & (np.abs(x) < np.where(np.abs(y) < 0.04, 0.17, 0.11)))

    def pebbled(colour: str) -> Texture:
        low, high = paint(colour, 0.02, Finish(0.12, 12.0), 0.05), paint("#f0a468", 0.0, Finish(0.12, 12.0))
        return by(lambda p, _n: 0.06 * value_noise(p / pebble, seed), low, high)

    leather = pebbled(skin)
    if second:
        other = pebbled(second)
        leather = by(
            lambda p, _n: np.abs((_unit(p) @ _TILT.T)[:, 0]) > inner + bow * (_unit(p) @ _TILT.T)[:, 1] ** 2,
            leather,
            other,
        )
    if printed:
        leather = by(label, leather, plain(channel))
    hide = by(lambda p, _n: np.clip((0.5 * width - seam(p)) / 0.012 + 0.5, 0.0, 1.0), leather, plain(channel))

    def grooved(p: Array) -> Array:
        return p * (1.0 - 0.012 * np.exp(-((seam(p) / (0.8 * width)) ** 2)))[:, None]

    ball = ellipsoid(diameter, hide, 144).warped(grooved).warped(lambda p: p @ _TILT.T).creased(180.0)
    valve = cylinder(0.005, 0.004, plain("#0f0d0c"), segments=16).moved(y=0.494 * diameter)
    return assemble([ball, valve.turned("z", 38.0).turned("x", 21.0)], seed)


def _panels() -> tuple[Array, Array]:
    """Return the normals of a truncated icosahedron (12 pentagons, then 20 hexagons) and their distances."""
    golden = 0.5 * (1.0 + 5.0**0.5)
    pentagons = [np.roll((0.0, a, b * golden), k) for k in range(3) for a in (-1.0, 1.0) for b in (-1.0, 1.0)]
    hexagons = [(a, b, c) for a in (-1.0, 1.0) for b in (-1.0, 1.0) for c in (-1.0, 1.0)]
    hexagons += [
        tuple(np.roll((0.0, a * golden, b / golden), k)) for k in range(3) for a in (-1.0, 1.0) for b in (-1.0, 1.0)
    ]
    return _unit(np.array([*pentagons, *hexagons])), np.array([0.9393] * 12 + [0.9149] * 20)


def soccer_ball(seed: int) -> Mesh:
    """Build a football of 12 dark pentagons and 20 light hexagons with sunken stitched seams.

    Args:
        seed: instance number; 0 is the reference, others vary leather, size of the dark panels, seams and printed trim.

    Returns:
        A closed mesh 0.22 m across.
    """
    v = Variant("soccer_ball", seed)
    diameter = v.near(0.22, 0.02)
    share = v.between(0.0, -0.012, 0.012)
    black = v.pick(*_SPOTS)
    spot = plastic(black, 0.03)
    white = paint(v.pick(*_WHITES), v.between(0.02, 0.01, 0.05), Finish(0.22, 20.0), 0.04)
    trim = v.pick("", "#c4252b", "#15803c", "#1b4fa8")
    depth = v.between(0.020, 0.014, 0.026)
    thread = rgb(v.pick("#8e8e8a", "#77777a", "#7d745e"))
    normals, distances = _panels()
    distances = distances + np.where(np.arange(32) < 12, -share, 0.0)

    def ranked(p: Array) -> tuple[NDArray[np.int64], Array]:
        """Return the panel at each place and how far its border is, in radii."""
        height = _unit(p) @ _TILT.T @ (normals / distances[:, None]).T
        rows = np.arange(len(p))
        first = height.argmax(axis=1)
        best = height[rows, first]
        height[rows, first] = 0.0
        second = height.argmax(axis=1)
        angle = np.linalg.norm(normals[first] - normals[second], axis=1)
        return first, np.asarray((best - height[rows, second]) * 0.925 / angle)

    def colour(p: Array, normal: Array, noise: int) -> Array:
        panel, border = ranked(p)
        dark = panel < 12
        out = np.where(dark[:, None], spot.colour(p, normal, noise), white.colour(p, normal, noise))
        out[dark & (border > 0.045) & (border < 0.075)] = rgb(trim) if trim else rgb(black)
        share = np.clip((0.012 - border) / 0.008 + 0.5, 0.0, 1.0)[:, None]
        return np.asarray(out * (1.0 - share) + thread * share)

    cover = Texture(colour, white.finish)

    def puffed(p: Array) -> Array:
        return p * (1.0 - depth * np.exp(-((ranked(p)[1] / 0.028) ** 2)))[:, None]

    ball = ellipsoid(diameter, cover, 128).warped(puffed).warped(lambda p: p @ _TILT.T).creased(180.0)
    valve = cylinder(0.0035, 0.003, plain("#1a1a1a"), segments=14).moved(y=0.4945 * diameter)
    return assemble([ball, valve.turned("x", 20.0)], seed)


def dumbbell(seed: int) -> Mesh:
    """Build a dumbbell with round heads: contoured chrome handle, knurled, with stacked plates and end caps.

    Args:
        seed: instance number; 0 is the reference, others vary heads, plates, handle and finish.

    Returns:
        A closed mesh about 0.33 m long along x and 0.15 m across.
    """
    v = Variant("dumbbell", seed)
    grip, radius = v.near(0.070, 0.1), v.near(0.078, 0.1)
    thick = v.near(0.080, 0.14)
    kind = v.pick("cast", "plates", "chrome")
    chrome = metal("#c6c9cc")
    shell = {
        "cast": paint(v.pick("#232427", "#232427", "#232427", "#2a3140", "#34373b", "#1f2022"), 0.05, SATIN, 0.03),
        "plates": paint(v.pick("#2b2c2f", "#3c3f43", "#27282a"), 0.05, SATIN, 0.03),
        "chrome": metal("#b9bdc1"),
    }[kind]
    swell = v.between(0.0165, 0.0155, 0.0180)
    handle = spline([(0.0135, -grip), (0.0140, -0.8 * grip), (swell, 0.0), (0.0140, 0.8 * grip), (0.0135, grip)], 25)
    knurl = by(
        lambda p, _n: 0.25 * (np.sin(p[:, 1] / 0.0008 + 9.0 * np.arctan2(p[:, 0], p[:, 2])) > 0.0),
        chrome,
        plain("#6d7074", METAL),
    )
    shaft = lathe(handle, knurl, 32)
    parts = [shaft, mirror(_head(kind, radius, thick, shell, chrome).moved(y=grip), "y")]
    return assemble(join(parts).turned("z", -90.0), seed)


def _head(kind: str, radius: float, thick: float, shell: Texture, chrome: Texture) -> Part:
    """Return the upper head of an upright dumbbell; its inner face lies on y = 0."""
    collar = cylinder(0.026, 0.014, chrome, segments=32).moved(y=0.004)
    if kind == "cast":
        edge = 0.16 * radius
        profile = [
            (0.028, 0.004),
            (radius - edge, 0.004),
            *arc(edge, -90.0, 0.0, 5, (radius - edge, 0.004 + edge)),
            (radius, 0.5 * thick - 0.003),
            (radius - 0.004, 0.5 * thick),
            (radius, 0.5 * thick + 0.003),
            *arc(edge, 0.0, 90.0, 5, (radius - edge, thick - edge)),
            (0.70 * radius, thick),
            (0.66 * radius, thick - 0.004),
            (0.34 * radius, thick - 0.004),
            (0.30 * radius, thick),
        ]
        cap = cylinder(0.28 * radius, 0.012, chrome, segments=32).moved(y=thick)
        return join([collar, lathe(profile, shell, 48), cap])
    if kind == "chrome":
        edge = 0.22 * radius
        rounds = arc(edge, -90.0, 90.0, 9, (radius - edge, edge))
        disc = lathe([(0.0, 0.0), *rounds, (0.0, 2.0 * edge)], shell, 48)
        count = max(2, round(thick / (2.0 * edge)))
        discs = join(disc.moved(y=0.006 + 1.94 * edge * i) for i in range(count))
        end = 0.006 + 1.94 * edge * (count - 1) + 2.0 * edge
        return join([collar, discs, cylinder(0.030, 0.016, chrome, segments=32).moved(y=end)])
    parts = [collar]
    at = 0.008
    for size in (1.0, 1.0, 0.82):
        disc_radius, depth = radius * size, 0.33 * thick
        lip = 0.13 * disc_radius
        profile = [
            (0.0, at + 0.3 * depth),
            (disc_radius - 1.2 * lip, at + 0.3 * depth),
            (disc_radius - lip, at),
            (disc_radius - 0.003, at),
            (disc_radius, at + 0.003),
            (disc_radius, at + depth - 0.003),
            (disc_radius - 0.003, at + depth),
            (disc_radius - lip, at + depth),
            (disc_radius - 1.2 * lip, at + 0.7 * depth),
            (0.36 * disc_radius, at + 0.7 * depth),
            (0.33 * disc_radius, at + depth),
            (0.0, at + depth),
        ]
        parts.append(lathe(profile, shell, 48))
        at += depth + 0.0005
    star = ring(cylinder(0.008, 0.012, chrome, segments=12).moved(0.021), 6)
    nut = (
        cylinder(0.024, 0.012, chrome, segments=24) + star + cylinder(0.016, 0.010, chrome, segments=24).moved(y=0.010)
    )
    threads = join(
        torus(0.0122, 0.0034, chrome, segments=20, sides=6).moved(y=at + 0.018 + 0.004 * i) for i in range(3)
    )
    return join(
        [*parts, nut.moved(y=at + 0.006), cylinder(0.0122, 0.05, chrome, segments=20).moved(y=at + 0.006), threads]
    )


def racket(seed: int) -> Mesh:
    """Build a tennis racket: oval hoop, open throat, woven strings, bumper guard, taped eight-sided grip.

    Args:
        seed: instance number; 0 is the reference, others vary head, length, colours, strings, tape and dampener.

    Returns:
        A closed mesh about 0.69 m long along y, the strings in the xy plane.
    """
    v = Variant("racket", seed)
    wide, high = v.near(0.132, 0.07), v.near(0.174, 0.05)
    centre = 0.43 + v.near(0.06, 0.15)
    colour = paint(v.pick(*_FRAMES), 0.03)
    second = paint(v.pick("#f2f2ef", "#f2f2ef", "#c81f26", "#1b1c1f"), 0.03)
    cord = plain(v.pick("#f0ead2", "#f4f4f0", "#e9d98a", "#dfe6ea"))
    tape = v.pick("#1d1d1f", "#f0f0ec", "#26262a", "#6a4326")
    mains, crosses = v.pick((16, 19), (18, 20), (14, 18))
    damped = v.pick(True, False, True)
    outline = rounded_rect(0.013, 0.022, 0.0055, 3)
    angle = np.deg2rad(np.linspace(-62.0, 242.0, 61))
    hoop = np.stack([wide * np.cos(angle), centre + high * np.sin(angle), np.zeros(61)], axis=1)
    arm = [
        (0.0085, 0.20, 0.0),
        (0.0095, 0.225, 0.0),
        (0.018, 0.262, 0.0),
        tuple(hoop[0] * (0.80, 1.0, 1.0) - (0.0, 0.02, 0.0)),
    ]
    right = spline([*arm, *hoop[[0, 2, 4]]], 20)[:-1]
    loop = np.concatenate([right, hoop[4:-4], (right * (-1.0, 1.0, 1.0))[::-1]])
    two_tone = by(
        lambda p, _n: (p[:, 1] > centre + 0.45 * high) | ((p[:, 1] > 0.28) & (p[:, 1] < 0.335)), colour, second
    )
    frame = sweep(outline, loop, two_tone, up=(0.0, 0.0, 1.0), crease_deg=60.0)
    low = np.deg2rad(np.linspace(234.0, 306.0, 15))
    bridge = np.stack([wide * np.cos(low), centre + high * np.sin(low), np.zeros(15)], axis=1)
    crosspiece = sweep(rounded_rect(0.011, 0.019, 0.0045, 3), bridge, colour, up=(0.0, 0.0, 1.0), crease_deg=60.0)
    top = np.deg2rad(np.linspace(28.0, 152.0, 33))
    guard_line = np.stack([(wide + 0.006) * np.cos(top), centre + (high + 0.006) * np.sin(top), np.zeros(33)], axis=1)
    guard = sweep(rounded_rect(0.006, 0.014, 0.0025, 2), guard_line, rubber("#161617"), up=(0.0, 0.0, 1.0))
    parts = [frame, crosspiece, guard, _strings(wide, high, centre, mains, crosses, cord), _grip(tape)]
    if damped:
        bead = cylinder(0.0075, 0.009, rubber("#2a62c4"), "z", 20).moved(0.0, centre - 0.90 * high, 0.0)
        parts.append(bead)
    return assemble(parts, seed)


def _strings(wide: float, high: float, centre: float, mains: int, crosses: int, cord: Texture) -> Part:
    """Return the woven bed of strings inside an ellipse of the given half axes."""
    radius, amplitude = 0.00085, 0.0009
    xs = np.linspace(-0.86, 0.86, mains) * wide
    ys = np.linspace(-0.88, 0.90, crosses) * high
    parts = []
    for x in xs:
        reach = high * float(np.sqrt(1.0 - (x / wide) ** 2))
        parts.append(tube([(x, centre - reach, 0.0), (x, centre + reach, 0.0)], radius, cord, 5))
    for j, y in enumerate(ys):
        reach = wide * float(np.sqrt(1.0 - (y / high) ** 2))
        inside = [
            (x, centre + y, amplitude * 1.7 * (-1.0) ** (i + j)) for i, x in enumerate(xs) if abs(x) < reach - 0.003
        ]
        parts.append(tube([(-reach, centre + y, 0.0), *inside, (reach, centre + y, 0.0)], radius, cord, 5))
    return join(parts)


def _grip(tape: str) -> Part:
    """Return the taped handle with collar and flared butt cap, from y = 0 to 0.21 m."""
    wound = stripes(rubber(tape, 0.06), plain("#8d8d8d" if tape[1] > "7" else "#0c0c0d", MATT), "y", 0.024, 0.10)
    slanted = Texture(
        lambda p, n, s: wound.colour(np.column_stack([p[:, 0], p[:, 1] + 0.30 * p[:, 0], p[:, 2]]), n, s), wound.finish
    )
    section = np.array([[0.0158, 0.006], [0.009, 0.0135]])
    eight = np.array([(sx * a, sy * b) for sx, sy, (a, b) in ((1, 1, section[0]), (1, 1, section[1]))])
    eight = symmetric(eight)
    eight = np.concatenate([eight, eight[::-1] * (1.0, -1.0)])
    handle = sweep(eight, [(0.0, y, 0.0) for y in np.linspace(0.012, 0.19, 12)], slanted, up=(0.0, 0.0, 1.0))
    butt = sweep(1.14 * eight, [(0.0, 0.0, 0.0), (0.0, 0.014, 0.0)], plastic("#1a1a1c"), up=(0.0, 0.0, 1.0))
    flare = sweep(1.08 * eight, [(0.0, 0.013, 0.0), (0.0, 0.024, 0.0)], plain(tape, MATT), up=(0.0, 0.0, 1.0))
    collar = sweep(1.10 * eight, [(0.0, 0.183, 0.0), (0.0, 0.199, 0.0)], rubber("#161617"), up=(0.0, 0.0, 1.0))
    neck = sweep(0.86 * eight, [(0.0, 0.19, 0.0), (0.0, 0.215, 0.0)], plastic("#1d1e20"), up=(0.0, 0.0, 1.0))
    badge = prism(8, 0.008, 0.003, plain("#d8d8d6", GLOSS)).moved(y=-0.0005)
    return join([handle, butt, flare, collar, neck, badge])
