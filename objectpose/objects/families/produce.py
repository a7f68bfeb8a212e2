"""Things that grow: fruit, a carved pumpkin, a sea star."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import Delaunay

from objectpose.objects.kit import (
    MATT,
    SATIN,
    Finish,
    Part,
    Texture,
    Variant,
    assemble,
    by,
    cone,
    cylinder,
    ellipsoid,
    fbm,
    gradient,
    join,
    lathe,
    loft,
    paint,
    plain,
    resample,
    rgb,
    spline,
    symmetric,
    value_noise,
)
from objectpose.objects.kit.skin import Sheet, solid
from objectpose.objects.mesh import Mesh

Array = NDArray[np.float64]

_PEELS = ("#f2cb2e", "#f0d23c", "#e9bd22", "#edd04a", "#e3c531")
_RINDS = ("#d98a1f", "#c9801f", "#dba02c", "#b98a2a")
_STARS = ("#d9622b", "#b8342b", "#c99a5b", "#8a3f66", "#e08a3a")
_PUMPKINS = ("#e0701a", "#d8641a", "#e8852a", "#cf5c14")


def banana(seed: int) -> Mesh:
    """Build a small hand of bananas, or a single one: five-sided curved fruit with stems, dark tips and freckles.

    Args:
        seed: instance number; 0 is the reference, others vary number, length, bend, ripeness and freckles.

    Returns:
        A closed mesh about 0.2 m long.
    """
    v = Variant("banana", seed)
    count = v.pick(3, 1, 4, 2)
    length, radius = v.near(0.190, 0.12), v.near(0.0190, 0.08)
    bend = v.between(72.0, 55.0, 88.0)
    peel, green = v.pick(*_PEELS), v.pick("#b9b63a", "#93aa3a", "#c9b437")
    freckles = v.pick(0.06, 0.16, 0.02, 0.24)
    fruit = _banana(length, radius, bend, peel, green, freckles)
    fan = 15.0
    parts = []
    for i in range(count):
        place = i - 0.5 * (count - 1)
        one = fruit.turned("z", 9.0 * place).turned("x", -5.0 * abs(place)).turned("y", fan * place)
        parts.append(one)
    if count > 1:
        crown = ellipsoid((0.010 + 0.0055 * count, 0.015, 0.030), paint("#9b8f3a", 0.12, MATT, 0.008), 20)
        cut = cylinder(0.5, 0.010, paint("#4a3a22", 0.2, MATT, 0.004), "z", 20).scaled(
            (0.008 + 0.004 * count, 0.011, 1.0)
        )
        parts.append(crown.moved(z=0.004) + cut.moved(z=-0.009))
    return assemble(parts, seed)


def _banana(length: float, radius: float, bend_deg: float, peel: str, green: str, freckles: float) -> Part:
    """Return a banana whose stem begins at the origin; it runs to +z and curves up."""
    places = np.array([0.0, 0.03, 0.09, 0.15, 0.21, 0.28, 0.38, 0.50, 0.62, 0.74, 0.84, 0.91, 0.955, 0.975, 1.0])
    widths = np.array([0.30, 0.27, 0.26, 0.34, 0.56, 0.80, 0.95, 1.0, 0.99, 0.93, 0.78, 0.54, 0.32, 0.25, 0.21])
    angle = np.linspace(0.0, 2.0 * np.pi, 51)[:-1]
    fine = np.linspace(0.0, 1.0, 65)
    width = np.interp(fine, places, widths)
    width[1:-1] = 0.25 * width[:-2] + 0.5 * width[1:-1] + 0.25 * width[2:]
    sections = []
    for t, w in zip(fine, width, strict=True):
        edge = 1.0 + 0.065 * np.cos(5.0 * (angle - 0.5 * np.pi))
        sections.append((np.stack([np.cos(angle) * edge, np.sin(angle) * edge], axis=1) * w * radius, t * length))
    skin_, tint = rgb(peel), rgb(green)
    brown, black = rgb("#8a6a22"), rgb("#2b2117")

    def colour(p: Array, _n: Array, seed: int) -> Array:
        t = p[:, 2] / length
        around = np.arctan2(p[:, 1], p[:, 0])
        out = skin_ * (1.0 + 0.10 * (fbm(p * (60.0, 60.0, 14.0), seed) - 0.5))[:, None]

        def mix(share: Array, other: Array) -> None:
            out[:] = out * (1.0 - share[:, None]) + other * share[:, None]

        mix(0.75 * np.clip((0.20 - t) / 0.14, 0.0, 1.0) + 0.45 * np.clip((t - 0.86) / 0.08, 0.0, 1.0), tint)
        ridge = np.cos(5.0 * (around - 0.5 * np.pi))
        mix(0.22 * np.clip((ridge - 0.86) / 0.14, 0.0, 1.0), brown)
        spots = value_noise(p / (0.0022, 0.0022, 0.0035), seed + 3)
        mix(0.8 * np.clip((spots - 1.0 + freckles) / 0.05, 0.0, 1.0) * (t > 0.2), brown)
        mix(np.clip((t - 0.965) / 0.01, 0.0, 1.0), black)
        mix(0.7 * np.clip((0.02 - t) / 0.015, 0.0, 1.0), brown)
        return out

    straight = loft(sections, Texture(colour, Finish(0.14, 14.0)), crease_deg=80.0)
    total = np.deg2rad(bend_deg)
    start = 0.10 * length

    def bent(p: Array) -> Array:
        along = np.clip(p[:, 2] - start, 0.0, None)
        a = total * (along / (length - start)) ** 1.15
        # the spine is integrated, so that the bend may grow along it
        grid = np.linspace(0.0, length - start, 200)
        turn = total * (grid / (length - start)) ** 1.15
        step = grid[1] - grid[0]
        z = np.concatenate([[0.0], np.cumsum(np.cos(0.5 * (turn[1:] + turn[:-1])) * step)])
        y = np.concatenate([[0.0], np.cumsum(np.sin(0.5 * (turn[1:] + turn[:-1])) * step)])
        sz = np.minimum(p[:, 2], start) + np.interp(along, grid, z)
        sy = np.interp(along, grid, y)
        return np.column_stack([p[:, 0], sy + p[:, 1] * np.cos(a), sz - p[:, 1] * np.sin(a)])

    return straight.warped(bent).turned("x", 30.0)


def pineapple(seed: int) -> Mesh:
    """Build a pineapple: spirals of raised eyes with a bract each, and a crown of stiff leaves.

    Args:
        seed: instance number; 0 is the reference, others vary girth, height, rind, size of the eyes and the crown.

    Returns:
        A closed mesh about 0.3 m high.
    """
    v = Variant("pineapple", seed)
    high, girth = v.near(0.165, 0.1), v.near(0.060, 0.07)
    rind = v.pick(*_RINDS)
    under = v.pick("#6b6a2a", "#5b5f2c", "#7a5a26")
    eyes = int(v.pick(118, 100, 136))
    leaves = int(v.pick(46, 38, 54))
    leaf = v.pick("#56794a", "#4d7a5c", "#66804a")
    reach = v.near(0.135, 0.15)
    return assemble([*_pineapple_body(high, girth, rind, under, eyes), _crown(high, leaves, reach, leaf)], seed)


def _pineapple_body(high: float, girth: float, rind: str, under: str, eyes: int) -> list[Part]:
    """Return the fruit, standing on y = 0, and its bracts; the eyes stand on the 8 and 13 spirals of sunflowers."""
    golden = 0.5 * (3.0 - 5.0**0.5)
    step = high / eyes
    line = spline(
        [
            (0.0, 0.0),
            (0.55, 0.012),
            (0.84, 0.09),
            (0.98, 0.30),
            (1.0, 0.50),
            (0.93, 0.74),
            (0.76, 0.91),
            (0.45, 0.99),
            (0.0, 1.0),
        ],
        78,
    )
    line[[0, -1], 0] = 0.0
    line = line * (girth, high)
    basis = np.linalg.inv([[8.0 * golden - 3.0, 13.0 * golden - 5.0], [8.0 * step, 13.0 * step]])

    def cell(p: Array) -> Array:
        """Return the place within an eye, -0.5..0.5 along the two spirals."""
        place = np.stack([np.arctan2(p[:, 2], p[:, 0]) / (2.0 * np.pi), p[:, 1]], axis=1) @ basis.T
        return np.asarray(place - np.round(place))

    def dome(p: Array) -> Array:
        return np.asarray(np.prod(np.clip(1.0 - (2.0 * np.abs(cell(p))) ** 2.6, 0.0, 1.0), axis=1) ** 0.6)

    gold, olive, dark, pale = rgb(rind), rgb(under), rgb("#4a3216"), rgb("#e8c66a")

    def colour(p: Array, _n: Array, seed: int) -> Array:
        at, rise = cell(p), dome(p)
        ripe = np.clip(1.15 - 0.9 * p[:, 1] / high + 0.9 * (fbm(p / 0.03, seed) - 0.5), 0.0, 1.0)[:, None]
        out = gold * ripe + (0.55 * gold + 0.45 * olive) * (1.0 - ripe)
        upward = np.clip(0.5 + 1.3 * at.sum(axis=1), 0.0, 1.0)[:, None]
        out = out * (0.72 + 0.30 * upward) + 0.10 * (pale - out) * upward
        middle = np.exp(-((np.abs(at).sum(axis=1) / 0.22) ** 2))[:, None]
        out = out * (1.0 - 0.5 * middle) + dark * 0.5 * middle
        edge = np.clip((0.42 - rise) / 0.34, 0.0, 1.0)[:, None]
        out = out * (1.0 - 0.85 * edge) + (0.5 * olive + 0.5 * dark) * 0.85 * edge
        return np.asarray(out * (1.0 + 0.2 * (value_noise(p / 0.003, seed) - 0.5))[:, None])

    def raised(p: Array) -> Array:
        level = np.sqrt(np.clip(p[:, 1] / high * (1.0 - p[:, 1] / high) * 4.0, 0.0, 1.0))
        flat = np.hypot(p[:, 0], p[:, 2])
        grow = 1.0 + 0.0075 * dome(p) * np.minimum(1.0, 1.6 * level) / np.maximum(flat, 0.02)
        return np.asarray(p * np.column_stack([grow, np.ones(len(p)), grow]))

    body = lathe(line, Texture(colour, Finish(0.12, 14.0)), 112, 180.0).warped(raised)
    base = cylinder(0.018, 0.016, paint("#8a7746", 0.15, MATT, 0.006), segments=20)
    bract = cone(0.0032, 0.013, gradient(plain("#7a5426"), plain("#d2b071"), "y", -0.004, 0.006), segments=6)
    bract = bract.scaled((1.5, 1.0, 0.6)).turned("x", -16.0)
    spikes = []
    for k in range(3, eyes - 2):
        y = k * step
        radius = float(np.interp(y, line[:, 1], line[:, 0]))
        turn = 90.0 - 360.0 * ((k * golden) % 1.0)
        spikes.append(bract.moved(0.0, y + 0.002, radius + 0.0062).turned("y", turn))
    return [body, base, join(spikes)]


def _crown(base: float, leaves: int, reach: float, colour: str) -> Part:
    """Return the tuft of pointed leaves on the top at height ``base``."""
    green = rgb(colour)

    def shade(p: Array, _n: Array, seed: int) -> Array:
        edge = np.abs(p[:, 0]) / 0.011
        streak = value_noise(p / (0.0016, 0.05, 0.05), seed) - 0.5
        tone = 0.80 + 0.25 * streak + 0.12 * edge + 0.22 * p[:, 2]
        return np.asarray(green * tone[:, None])

    texture = Texture(shade, Finish(0.14, 14.0))
    at = np.linspace(0.0, 1.0, 8)
    half = 0.0105 * np.array([0.8, 1.0, 1.0, 0.92, 0.76, 0.55, 0.30, 0.04])
    sections: list[ArrayLike | tuple[ArrayLike, float]] = []
    for t, w in zip(at, half, strict=True):
        thick = 0.0012 + 0.0014 * (1.0 - t)
        flat = np.array(
            [
                (-w, 0.32 * w),
                (0.0, -thick),
                (w, 0.32 * w),
                (0.5 * w, 0.30 * w + 0.4 * thick),
                (0.0, thick),
                (-0.5 * w, 0.30 * w + 0.4 * thick),
            ]
        )
        sections.append((flat, float(t)))
    parts = []
    blade = loft(sections, texture, smooth=1, crease_deg=60.0)
    for i in range(leaves):
        t = i / (leaves - 1.0)  # 0: lowest and outermost
        length = reach * (0.55 + 0.65 * t**0.8) * (1.0 + 0.10 * np.sin(2.4 * i))
        lean, droop = 68.0 * (1.0 - t) ** 0.9 + 4.0, 30.0 * (1.0 - t) + 10.0 * np.sin(1.7 * i)
        parts.append(
            _leaf(blade, length, lean, droop, 0.016 * (1.0 - t) ** 0.7 + 0.001)
            .turned("y", 137.508 * i)
            .moved(y=base - 0.012 + 0.030 * t)
        )
    core = lathe([(0.020, -0.012), (0.018, 0.010), (0.008, 0.035), (0.0, 0.045)], plain(colour), 16).moved(y=base)
    return join([*parts, core])


def _leaf(blade: Part, length: float, lean_deg: float, droop_deg: float, off: float) -> Part:
    """Return the blade (along +z, 1 long) scaled, raised to ``lean_deg`` from upright and curved outwards."""

    def curved(p: Array) -> Array:
        s = p[:, 2] * length
        a = np.deg2rad(lean_deg * 0.75 + droop_deg * p[:, 2])
        mean = np.deg2rad(lean_deg * 0.75 + 0.5 * droop_deg * p[:, 2])
        z, y = s * np.sin(mean), s * np.cos(mean)
        return np.column_stack([p[:, 0], y + p[:, 1] * np.sin(a), off + z - p[:, 1] * np.cos(a)])

    return blade.warped(curved)


def starfish(seed: int) -> Mesh:
    """Build a sea star with five tapering arms, knobs on its back, grooves with tube feet below.

    Args:
        seed: instance number; 0 is the reference, others vary width and curl of the arms, colours and knobs.

    Returns:
        A closed mesh about 0.2 m across in the xy plane; its back looks to +z.
    """
    v = Variant("starfish", seed)
    length, wide = 0.105, v.near(0.0265, 0.14)
    thick, power = v.near(0.021, 0.12), v.between(0.62, 0.55, 0.75)
    curl = v.between(0.0, -16.0, 16.0)
    ground, knob = v.pick(*_STARS), v.pick("#f1d9b4", "#f3e3c4", "#e9c38a")
    rows = v.pick(3, 5, 1)
    across = np.linspace(0.0, 1.0, 60)

    def half(a: ArrayLike) -> Array:
        """Return the half width of an arm at the distance ``a`` from the middle."""
        t = np.clip(np.asarray(a, np.float64) / length, 0.0, 1.0)
        return np.asarray(wide * (1.0 - t**1.9) ** power * (1.12 - 0.45 * t))

    a = length * np.sin(0.5 * np.pi * across)
    side = np.stack([half(a), a], axis=1)
    side = side[side[:, 0] < side[:, 1] * np.tan(np.deg2rad(36.0))]
    arm = resample(symmetric(side), 45)[:-1]
    turns = [np.deg2rad(72.0 * k) for k in range(5)]
    ring_ = np.concatenate([arm @ np.array([[np.cos(t), np.sin(t)], [-np.sin(t), np.cos(t)]]) for t in turns])

    def height(flat: Array) -> Array:
        """Return the height of the back above the rim's level."""
        angle = np.arctan2(-flat[:, 0], flat[:, 1])
        local = angle - np.round(angle / np.deg2rad(72.0)) * np.deg2rad(72.0)
        r = np.hypot(flat[:, 0], flat[:, 1])
        along, off = r * np.cos(local), np.abs(r * np.sin(local))
        edge = np.clip(off / np.maximum(half(along), 1e-4), 0.0, 1.0)
        arch = thick * (0.30 + 0.70 * (1.0 - along / length)) * np.sqrt(np.clip(1.0 - edge**2, 0.0, 1.0))
        disc = 0.95 * thick * np.exp(-((r / (1.05 * wide)) ** 2))
        return np.asarray(np.maximum(arch, disc) + 0.15 * np.minimum(arch, disc))

    levels = [
        np.column_stack([ring_ * s, height(ring_ * s)])
        for s in (0.02, 0.1, 0.2, 0.32, 0.44, 0.56, 0.68, 0.79, 0.88, 0.95, 0.985)
    ]
    rim = [np.column_stack([ring_, np.full(len(ring_), z)]) for z in (0.0, -0.003)]
    below = [
        np.column_stack([ring_ * s, np.full(len(ring_), -0.005 - 0.001 * (1 - s))])
        for s in (0.97, 0.85, 0.6, 0.35, 0.15, 0.02)
    ]
    body_colour = _star_skin(ground, knob, length)
    body = loft([*levels, *rim, *below], body_colour, crease_deg=120.0)
    parts = [body, _star_knobs(length, half, height, rows, knob), _tube_feet(length, wide)]

    def curled(p: Array) -> Array:
        r = np.hypot(p[:, 0], p[:, 1]) / length
        turn = np.deg2rad(curl) * r**2
        x, y = p[:, 0] * np.cos(turn) - p[:, 1] * np.sin(turn), p[:, 0] * np.sin(turn) + p[:, 1] * np.cos(turn)
        return np.column_stack([x, y, p[:, 2] - 0.010 * r**2])

    return assemble(join(parts).warped(curled), seed)


def _star_skin(ground: str, knob: str, length: float) -> Texture:
    """Return granular skin, paler at the rim, cream below with a dark groove along each arm."""
    base, pale, cream, groove = rgb(ground), rgb(knob), rgb("#e2c39a"), rgb("#7d5736")

    def colour(p: Array, n: Array, seed: int) -> Array:
        grain = value_noise(p / 0.0022, seed)
        dots = np.clip((grain - 0.66) / 0.1, 0.0, 1.0)[:, None]
        back = base * (0.80 + 0.35 * fbm(p / 0.012, seed + 1))[:, None]
        back = back * (1.0 - 0.45 * dots) + pale * 0.45 * dots
        angle = np.arctan2(-p[:, 0], p[:, 1])
        local = angle - np.round(angle / np.deg2rad(72.0)) * np.deg2rad(72.0)
        r = np.hypot(p[:, 0], p[:, 1])
        off = np.abs(r * np.sin(local))
        line = np.clip((0.0032 * (1.15 - r / length) - off) / 0.0012 + 0.5, 0.0, 1.0)[:, None]
        belly = (0.7 * cream + 0.3 * base) * (0.85 + 0.3 * grain)[:, None]
        belly = belly * (1.0 - line) + groove * line
        low = np.clip((-0.0025 - p[:, 2]) / 0.001, 0.0, 1.0)[:, None]
        return np.asarray(back * (1.0 - low) + belly * low)

    return Texture(colour, Finish(0.06, 8.0))


def _star_knobs(
    length: float, half: Callable[[ArrayLike], Array], height: Callable[[Array], Array], rows: int, colour: str
) -> Part:
    """Return the knobs: rows along every arm, a row along the rim, a ring on the disc."""
    knob = ellipsoid((1.0, 1.0, 1.0), plain(colour, SATIN), 7)
    parts = []
    offsets = {1: (0.0,), 3: (-0.52, 0.0, 0.52), 5: (-0.7, -0.36, 0.0, 0.36, 0.7)}[rows]
    for k in range(5):
        turn = np.deg2rad(72.0 * k)
        for share in (*offsets, -0.97, 0.97):
            count = 14 if abs(share) < 0.9 else 17
            for i, t in enumerate(np.linspace(0.16 if abs(share) < 0.9 else 0.32, 0.97, count)):
                along = t * length
                x = share * float(half(along))
                if abs(x) > 0.70 * along:
                    continue
                flat = np.array([[x * np.cos(turn) - along * np.sin(turn), x * np.sin(turn) + along * np.cos(turn)]])
                size = (0.0052 if share == 0.0 else 0.0042) * (1.15 - 0.6 * t) * (1.0 + 0.15 * np.sin(2.1 * i + k))
                z = float(height(flat)[0]) if abs(share) < 0.9 else 0.001
                parts.append(knob.scaled(size).moved(float(flat[0, 0]), float(flat[0, 1]), z))
    return join(parts)


def _tube_feet(length: float, wide: float) -> Part:
    """Return two rows of tube feet along the groove of every arm, and the mouth."""
    foot = cylinder(0.0011, 0.005, plain("#e8cfa6"), "z", 6, 0.0)
    parts = [ellipsoid((0.010, 0.010, 0.004), plain("#4a2f1f"), 14).moved(z=-0.0062)]
    for k in range(5):
        arm = [
            foot.moved(s * 0.0034 * (1.15 - t), t * length, -0.0065)
            for t in np.linspace(0.12, 0.88, 15)
            for s in (-1, 1)
        ]
        parts.append(join(arm).turned("z", 72.0 * k))
    return join(parts)


def jack_o_lantern(seed: int) -> Mesh:
    """Build a hollow carved pumpkin: ribs, triangular eyes, toothy grin, cut lid, stem, and a candle that lights it.

    Args:
        seed: instance number; 0 is the reference, others vary proportions, ribs, colour, face and stem.

    Returns:
        A closed mesh about 0.30 m wide and 0.27 m high; the face looks to +z.
    """
    v = Variant("jack_o_lantern", seed)
    wide, high = v.near(0.150, 0.05), v.near(0.118, 0.10)
    ribs, depth = int(v.pick(14, 12, 16)), v.between(0.055, 0.04, 0.07)
    skin_ = v.pick(*_PUMPKINS)
    glow = v.pick("#ffd23e", "#ffc02e", "#ffdf5a")
    face = _face(v)

    def surface(flat: Array, inset: float) -> Array:
        """Return points for (longitude, latitude) in radians, ``inset`` metres below the skin."""
        lon, lat = flat[:, 0], flat[:, 1]
        flank = np.cos(lat) ** 0.85
        flank[np.abs(lat) > 1.5707] = 0.0
        crease = np.abs(np.sin(0.5 * ribs * lon)) ** 0.7
        grow = 1.0 - depth * (1.0 - crease) * np.clip(flank * 2.2, 0.0, 1.0)
        dimple = np.where(lat > 0.0, 0.036, 0.026) * np.exp(-((flank / 0.36) ** 2))
        r = np.maximum(wide * flank * grow - inset * np.clip(3.0 * flank, 0.0, 1.0), 0.0)
        y = (high - inset) * np.sin(lat) * (0.97 + 0.03 * crease * flank) - np.sign(lat) * dimple
        return np.stack([r * np.sin(lon), y, r * np.cos(lon)], axis=1)

    shell = _carved(surface, face, 0.020, _pumpkin_skin(skin_, glow, ribs))
    top = float(surface(np.array([[0.3, 1.45]]), 0.0)[0, 1])
    stem = _pumpkin_stem(v.near(0.055, 0.2), v.between(0.016, 0.008, 0.026)).moved(y=top - 0.006)
    wax = cylinder(0.019, 0.034, plain("#ffd05a", Finish(0.0, 8.0, 1.0, 0.8)), segments=24)
    flame = lathe(
        spline([(0.0, 0.0), (0.008, 0.010), (0.006, 0.022), (0.0, 0.038)], 12),
        plain("#fff2a8", Finish(0.0, 8.0, 1.0, 0.6)),
        14,
    )
    candle = wax.moved(y=0.012) + flame.moved(y=0.028)
    return assemble([shell, stem, candle.moved(y=-high + 0.040)], seed)


def _face(v: Variant) -> list[Array]:
    """Return eyes, nose and mouth as outlines in (longitude, latitude), radians."""
    kind = v.pick("triangles", "slanted", "round")
    span, grin = v.near(0.86, 0.08), v.near(0.20, 0.25)
    teeth = int(v.pick(3, 4, 3))
    if kind == "round":
        angle = np.linspace(0.0, 2.0 * np.pi, 25)[:-1]
        eye = np.stack([0.40 + 0.17 * np.cos(angle), 0.36 + 0.19 * np.sin(angle)], axis=1)
    elif kind == "slanted":
        eye = np.array([(0.17, 0.22), (0.66, 0.26), (0.60, 0.62)])
    else:
        eye = np.array([(0.20, 0.22), (0.64, 0.22), (0.41, 0.62)])
    nose = np.array([(-0.12, -0.02), (0.12, -0.02), (0.0, 0.20)])
    xs = np.linspace(-span, span, 121)
    t = xs / span
    low = -0.54 + 0.42 * t**2
    upper = low + grin * 2.0 * (1.0 - np.abs(t) ** 3) + 0.02
    upper[[0, -1]] = low[[0, -1]]

    def toothed(curve: Array, sign: float, count: int, shift: float) -> Array:
        phase = np.abs((t + 1.0) * 0.5 * count + shift) % 1.0
        tooth = (np.abs(phase - 0.5) < 0.20) & (np.abs(t) < 0.80)
        return np.asarray(curve + sign * 0.33 * (upper - low) * tooth)

    lip = np.stack([xs, toothed(upper, -1.0, teeth, 0.0)], axis=1)
    chin = np.stack([xs, toothed(low, 1.0, teeth - 1, 0.0)], axis=1)
    mouth = np.concatenate([chin, lip[-2:0:-1]])
    return [eye, eye * (-1.0, 1.0), nose, mouth]


def _inside(points: Array, loop: Array) -> NDArray[np.bool_]:
    """Return which points lie inside a closed outline (crossing number)."""
    a, b = loop, np.roll(loop, -1, axis=0)
    x, y = points[:, None, 0], points[:, None, 1]
    spans = (a[:, 1] > y) != (b[:, 1] > y)
    rise = np.where(b[:, 1] == a[:, 1], 1.0, b[:, 1] - a[:, 1])
    return np.asarray((spans & (x < a[:, 0] + (y - a[:, 1]) / rise * (b[:, 0] - a[:, 0]))).sum(axis=1) % 2 == 1)


def _dense(loop: Array, step: float) -> Array:
    """Return an outline with points at most ``step`` apart; its corners stay."""
    out = []
    for a, b in zip(loop, np.roll(loop, -1, axis=0), strict=True):
        count = max(1, int(np.ceil(np.linalg.norm(b - a) / step)))
        out.append(a + (b - a) * (np.arange(count) / count)[:, None])
    return np.concatenate(out)


def _carved(surface: Callable[[Array, float], Array], outlines: Sequence[Array], wall: float, texture: Texture) -> Part:
    """Return a shell over longitude and latitude with holes cut through it.

    Args:
        surface: maps (longitude, latitude) N x 2 and an inset in metres to points N x 3.
        outlines: the holes.
        wall: thickness of the shell, metres.
        texture: of skin, cut edges and inside.
    """
    loops = [_dense(loop, 0.030) for loop in outlines]
    edge = np.concatenate(loops)
    lat = np.linspace(-0.5 * np.pi, 0.5 * np.pi, 37)
    grid = []
    for i, y in enumerate(lat):
        lon = np.linspace(-np.pi, np.pi, 85)
        if i % 2:
            lon = np.concatenate([lon[:1], 0.5 * (lon[1:] + lon[:-1]), lon[-1:]])
        grid.append(np.stack([lon, np.full(len(lon), y)], axis=1))
    field = np.concatenate(grid)
    near = np.array([np.hypot(*(edge - p).T).min() for p in field]) < 0.024
    points = np.concatenate([field[~near], edge])
    faces = np.asarray(Delaunay(points).simplices, np.int64)
    middle = points[faces].mean(axis=1)
    gone = np.any([_inside(middle, loop) for loop in loops], axis=0)
    corner = points[faces]
    one, two = corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]
    turn = one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]
    faces = np.where((turn < 0.0)[:, None], faces[:, ::-1], faces)[~gone & (np.abs(turn) > 1e-9)]
    outer, inner = surface(points, 0.0), surface(points, wall)
    sheets = [Sheet(outer, faces, points * 0.14), Sheet(inner, faces[:, ::-1], points * 0.03)]
    for loop in loops:
        around = np.concatenate([loop, loop[:1]])
        ends = np.concatenate([surface(around, 0.0), surface(around, wall)])
        n = len(around)
        k = np.arange(n - 1)
        sides = np.concatenate([np.stack([k, k + 1, k + n], axis=1), np.stack([k + 1, k + 1 + n, k + n], axis=1)])
        run = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(ends[:n], axis=0), axis=1))])
        uv = np.concatenate([np.stack([run, np.zeros(n)], axis=1), np.stack([run, np.full(n, wall)], axis=1)])
        area = 0.5 * float((loop[:, 0] * np.roll(loop[:, 1], -1) - loop[:, 1] * np.roll(loop[:, 0], -1)).sum())
        sheets.append(Sheet(ends, sides if area > 0.0 else sides[:, ::-1], uv))
    return solid(sheets, texture, 50.0)


def _pumpkin_skin(colour: str, glow: str, ribs: int) -> Texture:
    """Return orange skin with darker creases outside, lit flesh where the normal looks inwards or across."""
    skin_ = rgb(colour)
    flesh, light = rgb("#f2b04a"), rgb(glow)

    def evaluate(p: Array, n: Array, seed: int) -> Array:
        lon = np.arctan2(p[:, 0], p[:, 2])
        crease = np.abs(np.sin(0.5 * ribs * lon)) ** 0.7
        tone = 0.70 + 0.34 * crease + 0.16 * (fbm(p * (26.0, 9.0, 26.0), seed) - 0.5)
        out = skin_ * tone[:, None]
        ring_ = np.hypot(p[:, 0], p[:, 2])
        zigzag = 0.066 + 0.004 * np.abs((lon * 14.0 / np.pi) % 2.0 - 1.0)
        cut = (np.abs(ring_ - zigzag) < 0.0018) & (p[:, 1] > 0.0)
        out[cut] = rgb("#5a2a0a")
        radial = p / np.maximum(np.linalg.norm(p, axis=1, keepdims=True), 1e-9)
        facing = (n * radial).sum(axis=1)
        inside = np.clip((0.30 - facing) / 0.1, 0.0, 1.0)[:, None] * (np.linalg.norm(p, axis=1) > 0.05)[:, None]
        lit = np.where((facing < -0.3)[:, None], light, 0.5 * flesh + 0.5 * light)
        return np.asarray(out * (1.0 - inside) + lit * inside)

    return Texture(evaluate, Finish(0.18, 18.0))


def _pumpkin_stem(length: float, lean: float) -> Part:
    """Return a ridged stem that begins at the origin, flares at its foot and bends sideways."""
    angle = np.linspace(0.0, 2.0 * np.pi, 41)[:-1]
    edge = 1.0 + 0.16 * np.cos(6.0 * angle)
    outline = np.stack([np.cos(angle) * edge, np.sin(angle) * edge], axis=1)
    sections: list[ArrayLike | tuple[ArrayLike, float]] = []
    for t in np.linspace(0.0, 1.0, 10):
        radius = 0.014 + 0.020 * (1.0 - t) ** 4 + 0.003 * t**6
        sections.append((outline * radius, float(t * length)))
    texture = by(
        lambda p, _n: np.clip((p[:, 2] - 0.9 * length) / (0.1 * length), 0.0, 1.0),
        paint("#6f7436", 0.2, MATT, 0.01),
        plain("#b09a62", MATT),
    )
    upright = loft(sections, texture, crease_deg=60.0).turned("x", -90.0)

    def bent(p: Array) -> Array:
        t = np.clip(p[:, 1] / length, 0.0, 1.0)
        return np.column_stack([p[:, 0] + lean * t**2, p[:, 1], p[:, 2] - 0.4 * lean * t**2])

    return upright.warped(bent)
