"""Things that stand on the table and on the stove."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from objectpose.objects.kit import (
    GLOSS,
    METAL,
    Finish,
    Part,
    Texture,
    Variant,
    arc,
    assemble,
    bar,
    by,
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
    pipe,
    plain,
    plastic,
    ring,
    rounded,
    rounded_rect,
    spline,
    sweep,
    torus,
    tube,
)
from objectpose.objects.mesh import Mesh

Points = NDArray[np.float64]

_TEAPOTS = (("#f1ede2", "#2b4f9a"), ("#2f6a73", "#e6dcc0"), ("#7a2f22", "#d9b36a"), ("#e9d8c6", "#b23a4a"))
_MUGS = (("#f2f0ea", "#c2202c"), ("#1f4f9c", "#f0ede4"), ("#d98a1c", "#f4efe2"), ("#2f7a4a", "#efeade"))
_GOBLETS = (("#c9ccd1", "#8d2330"), ("#cf9f3a", "#1f5f8f"), ("#b9bfc6", "#3a3f45"), ("#bf7c50", "#d9dcdf"))
_PANS = (
    ("bakelite", "#3a3c3f", "#26272a", "#1a1b1c"),
    ("steel", "#c3c7cb", "#9a9ea3", "#b9bdc2"),
    ("iron", "#232425", "#2a2b2d", "#232425"),
    ("bakelite", "#a3221f", "#242528", "#1d1e20"),
)
_CHINA = Finish(0.5, 60.0)


def teapot(seed: int) -> Mesh:
    """Build a china teapot: belly on a foot ring, S-shaped spout in front, ear handle behind, lid with a knob.

    Args:
        seed: instance number; 0 is the reference, others vary belly, height, handle, knob and decoration.

    Returns:
        A closed mesh about 0.30 m long and 0.18 m high.
    """
    v = Variant("teapot", seed)
    ground, trim = v.pick(*_TEAPOTS)
    wide, tall = v.near(1.0, 0.06), v.near(1.0, 0.07)
    belly = v.pick(
        [(0.048, 0.010), (0.073, 0.028), (0.088, 0.060), (0.084, 0.090), (0.066, 0.116), (0.047, 0.131)],
        [(0.056, 0.010), (0.084, 0.026), (0.099, 0.058), (0.094, 0.088), (0.072, 0.116), (0.047, 0.131)],
        [(0.046, 0.010), (0.064, 0.022), (0.080, 0.052), (0.090, 0.090), (0.078, 0.118), (0.047, 0.131)],
    )
    flowers = v.pick(True, False, True)
    knob, spur = v.pick("ball", "button", "acorn"), v.pick(True, False)
    glaze, line = paint(ground, 0.03, _CHINA, 0.06), paint(trim, 0.03, _CHINA, 0.06)
    decor = _sprigs(glaze, line, 7, 0.066, 0.016) if flowers else glaze
    decor = by(lambda p, _n: ((p[:, 1] > 0.116) & (p[:, 1] < 0.123)) | (p[:, 1] < 0.008), decor, line)
    outer = spline(belly, 26)
    foot = [(0.036, 0.006), (0.038, 0.0), (0.046, 0.0), (0.047, 0.006)]
    body = lathe([(0.0, 0.006), *foot, *outer, (0.040, 0.131), (0.0, 0.128)], decor, 56, 50.0)
    curve = [(0.050, 0.034), (0.080, 0.042), (0.107, 0.062), (0.122, 0.092), (0.136, 0.117), (0.150, 0.127)]
    radii = [0.028, 0.027, 0.020, 0.0145, 0.0118, 0.0122]
    parts = [body, _spout(curve, radii, glaze, line), _ear_handle(glaze, line, spur), _lid(knob, glaze, line)]
    return assemble([join(parts).warped(lambda p: p * (wide, tall, wide))], seed)


def _sprigs(ground: Texture, colour: Texture, count: int, y: float, size: float) -> Texture:
    """Return flowers with leaves painted around the y axis at height ``y``; ``size`` is the reach of a petal."""

    def around(p: Points) -> tuple[Points, Points]:
        radius = np.hypot(p[:, 0], p[:, 2])
        turn = np.arctan2(p[:, 0], p[:, 2]) * count / (2.0 * np.pi)
        return (turn - np.round(turn)) * 2.0 * np.pi / count * radius, p[:, 1] - y

    def petals(p: Points, _n: Points) -> NDArray[np.bool_]:
        u, w = around(p)
        return np.asarray(np.hypot(u, w) < size * (0.68 + 0.32 * np.cos(5.0 * np.arctan2(w, u) - 1.6)))

    def eye(p: Points, _n: Points) -> NDArray[np.bool_]:
        return np.asarray(np.hypot(*around(p)) < 0.26 * size)

    def leaves(p: Points, _n: Points) -> NDArray[np.bool_]:
        u, w = around(p)
        side = np.abs(u) - 1.35 * size
        return np.asarray((side / (0.55 * size)) ** 2 + ((w + 0.5 * size + 0.4 * side) / (0.24 * size)) ** 2 < 1.0)

    leafy = by(leaves, ground, paint("#4c7d4a", 0.03, _CHINA, 0.06))
    return by(eye, by(petals, leafy, colour), paint("#e3b93c", 0.0))


def _spout(curve: ArrayLike, radii: ArrayLike, glaze: Texture, line: Texture) -> Part:
    """Return a hollow spout along (z, y) points with a lip of another colour."""
    path = spline(np.column_stack([curve, radii]), 22)
    run = np.gradient(path[:, :2], axis=0)
    run /= np.linalg.norm(run, axis=1, keepdims=True)
    angle = np.arange(20) * (2.0 * np.pi / 20)

    def section(at: int, radius: float) -> Points:
        z, y = path[at, :2]
        across = radius * np.sin(angle)
        return np.column_stack([radius * np.cos(angle), y + across * run[at, 0], z - across * run[at, 1]])

    outside = [section(i, path[i, 2]) for i in range(22)]
    inside = [section(i, 0.74 * path[i, 2]) for i in (21, 20, 19, 18)]
    mouth = pipe(path[-1, 2] + 0.0014, 0.72 * path[-1, 2], 0.003, line, segments=20)
    mouth = mouth.turned("x", float(np.rad2deg(np.arctan2(run[-1, 0], run[-1, 1]))))
    dark = ellipsoid((0.015, 0.015, 0.015), plain("#1c1613"), 12).moved(y=path[18, 1], z=path[18, 0])
    return join([loft([*outside, *inside], glaze, crease_deg=60.0), mouth.moved(y=path[-1, 1], z=path[-1, 0]), dark])


def _ear_handle(glaze: Texture, line: Texture, spur: bool) -> Part:
    """Return the handle at the back, with a thumb spur on request."""
    way = [(-0.055, 0.112), (-0.090, 0.124), (-0.124, 0.122), (-0.145, 0.098), (-0.140, 0.066), (-0.112, 0.044)]
    path = lift(spline([*way, (-0.070, 0.040)], 36), "zy")
    parts = [sweep(ellipse(0.019, 0.0125, 14), path, glaze, crease_deg=60.0)]
    if spur:
        parts.append(ellipsoid((0.016, 0.018, 0.028), line, 16).turned("x", 28.0).moved(y=0.1275, z=-0.127))
    return join(parts)


def _lid(knob: str, glaze: Texture, line: Texture) -> Part:
    """Return the domed lid with its knob."""
    dome = [(0.046, 0.1305), (0.051, 0.132), (0.0515, 0.1355), (0.047, 0.1385), (0.036, 0.146), (0.020, 0.1515)]
    shapes = {
        "ball": [(0.007, 0.152), (0.0065, 0.157), *arc(0.0115, -55.0, 90.0, 12, (0.0, 0.167))[:-1], (0.0, 0.1785)],
        "button": [(0.007, 0.152), (0.0065, 0.158), (0.014, 0.162), (0.0165, 0.167), (0.014, 0.171), (0.0, 0.173)],
        "acorn": [(0.008, 0.152), (0.007, 0.156), (0.0135, 0.161), (0.012, 0.169), (0.005, 0.178), (0.0, 0.184)],
    }
    seat = lathe([*dome, (0.009, 0.1535), (0.0, 0.1535)], glaze, 48)
    top = lathe([(0.0, 0.150), *shapes[knob]], line, 28, 60.0)
    return join([seat, top, torus(0.049, 0.0035, line, segments=48, sides=8).moved(y=0.1365)])


def coffee_mug(seed: int) -> Mesh:
    """Build a stoneware coffee mug: straight sides, thick rim, ear handle at the right, a print in front and behind.

    Args:
        seed: instance number; 0 is the reference, others vary taper, height, handle, colours and print.

    Returns:
        A closed mesh about 0.12 m wide and 0.10 m high.
    """
    v = Variant("coffee_mug", seed)
    ground, other = v.pick(*_MUGS)
    radius, high, taper = v.near(0.041, 0.07), v.near(0.098, 0.08), v.between(1.0, 0.92, 1.06)
    decor = v.pick("heart", "plain", "bands")
    squared = v.pick(False, True, False)
    outside, white = paint(ground, 0.02, _CHINA, 0.05), paint("#f1ede4", 0.02, _CHINA, 0.05)
    mark = paint(other, 0.02, _CHINA, 0.05)
    if decor == "heart":
        outside = by(lambda p, _n: _heart(p, 0.5 * high), outside, mark)
    elif decor == "bands":
        outside = by(lambda p, _n: np.abs(np.abs(p[:, 1] - 0.5 * high) - 0.020) < 0.005, outside, mark)
    low = radius * taper
    wall = 0.0042

    def inner(p: Points, n: Points) -> NDArray[np.bool_]:
        deep = (n[:, 1] > 0.5) & (p[:, 1] < 0.5 * high)
        return np.asarray((p[:, 0] * n[:, 0] + p[:, 2] * n[:, 2] < -0.2 * radius) | deep)

    rim = arc(0.5 * wall, 0.0, 180.0, 7, (radius - 0.5 * wall, high - 0.5 * wall))
    sides = [(low + (radius - low) * t, 0.007 + (high - 0.010) * t) for t in np.linspace(0.0, 0.97, 12)]
    inside = [(low + (radius - low) * t - wall, 0.016 + (high - 0.020) * t) for t in np.linspace(0.96, 0.0, 12)]
    foot = [(0.0, 0.003), (low - 0.011, 0.003), (low - 0.010, 0.0), (low - 0.006, 0.0), (low - 0.0015, 0.003)]
    floor = [(low - wall - 0.002, 0.010), (low - wall - 0.007, 0.0075), (0.4 * low, 0.007), (0.0, 0.007)]
    cup = lathe([*foot, *sides, *rim, *inside, *floor], by(inner, outside, white), 64, 60.0)
    reach = radius + v.near(0.031, 0.1)
    if squared:
        corners = [(low - 0.002, 0.82), (reach, 0.84), (reach, 0.20), (low - 0.002, 0.22)]
        way = rounded([(x, y * high) for x, y in corners], 0.018, 8)
    else:
        ear = [(radius - 0.002, 0.84), (radius + 0.015, 0.86), (reach, 0.66), (reach - 0.003, 0.42)]
        way = spline([(x, y * high) for x, y in [*ear, (radius + 0.014, 0.22), (low - 0.002, 0.17)]], 34)
    flare = 0.0044 + 0.0022 * np.abs(np.linspace(-1.0, 1.0, len(way))) ** 6
    handle = tube(lift(way, "xy"), flare, outside if decor != "bands" else white, 16).scaled((1.0, 1.0, 1.6))
    return assemble([cup, handle], seed)


def _heart(p: Points, middle: float) -> NDArray[np.bool_]:
    """Return where a heart stands on the front and the back of a mug."""
    u, w = np.abs(p[:, 0]) / 0.021, (p[:, 1] - middle) / 0.021
    lobe = u**2 + (w - 0.85 * np.sqrt(u) + 0.1) ** 2 < 1.0
    return np.asarray(lobe & (np.abs(p[:, 2]) > 0.012))


def goblet(seed: int) -> Mesh:
    """Build a metal goblet: bowl on a knopped stem and a stepped foot, banded and set with stones.

    Args:
        seed: instance number; 0 is the reference, others vary metal, bowl, stem and decoration.

    Returns:
        A closed mesh about 0.17 m high.
    """
    v = Variant("goblet", seed)
    colour, accent = v.pick(*_GOBLETS)
    wide, tall, knop = v.near(1.0, 0.08), v.near(1.0, 0.10), v.between(0.0115, 0.009, 0.0125)
    bowl = v.pick(
        [(0.009, 0.084), (0.026, 0.092), (0.038, 0.110), (0.0415, 0.135), (0.039, 0.168)],
        [(0.009, 0.084), (0.020, 0.088), (0.033, 0.104), (0.039, 0.132), (0.042, 0.168)],
        [(0.009, 0.084), (0.027, 0.090), (0.041, 0.106), (0.0455, 0.132), (0.0480, 0.168)],
    )
    decor = v.pick("stones", "band", "lobes")
    body, curve = metal(colour), spline(bowl, 24)
    base = [(0.0, 0.004), (0.030, 0.004), (0.033, 0.0), (0.038, 0.0), (0.040, 0.003), (0.038, 0.007)]
    stem = [(0.033, 0.009), (0.022, 0.014), (0.012, 0.022), (0.007, 0.034), (0.006, 0.042)]
    ball = arc(knop, -70.0, 70.0, 12, (0.0, 0.056))
    neck = [(0.006, 0.071), (0.006, 0.079), (0.010, 0.081)]
    inside = [(max(r - 0.0030, 0.0), y + 0.001) for r, y in curve[:2:-1]]
    lip = [(curve[-1, 0] - 0.0003, 0.1688), (curve[-1, 0] - 0.0017, 0.1692)]
    chased = by(_zigzag, body, metal(accent)) if decor == "band" else body
    solid = lathe([*base, *stem, *ball, *neck, *curve, *lip, *inside, (0.0, 0.0885)], chased, 56, 55.0)
    parts = [solid, *(torus(0.0075, 0.004, body, segments=32, sides=8).moved(y=y) for y in (0.040, 0.0725))]

    def out(y: float) -> float:
        return float(np.interp(y, curve[:, 1], curve[:, 0]))

    if decor == "stones":
        stone = ellipsoid((0.009, 0.011, 0.0045), plain(accent, Finish(0.6, 60.0)), 12)
        parts.append(ring(stone.moved(y=0.135, z=out(0.135) + 0.0006), 8))
        parts.append(ring(ellipsoid(0.0036, body, 8).moved(y=0.150, z=out(0.150)), 40))
    elif decor == "band":
        parts += [torus(out(y), 0.003, body, segments=56, sides=8).moved(y=y) for y in (0.124, 0.150)]
    else:
        rib = [(0.0, y, out(y) + 0.0006) for y in np.linspace(0.088, 0.124, 10)]
        thick = np.interp(np.linspace(0.0, 1.0, 10), (0.0, 0.7, 1.0), (0.0018, 0.0034, 0.0016))
        parts.append(ring(tube(rib, thick, body, 8), 26))
        parts.append(torus(out(0.134), 0.003, body, segments=56, sides=8).moved(y=0.134))
    return assemble([join(parts).warped(lambda p: p * (wide, tall, wide))], seed)


def _zigzag(p: Points, n: Points) -> NDArray[np.bool_]:
    """Return where a band of triangles runs around the bowl of a goblet."""
    turn = np.abs(np.mod(np.arctan2(p[:, 0], p[:, 2]) * 18.0 / (2.0 * np.pi), 1.0) - 0.5)
    up = (p[:, 1] - 0.126) / 0.022
    return np.asarray((up > 0.0) & (up < 1.0) & ((p * n)[:, ::2].sum(axis=1) > 0.0) & (2.0 * turn > up))


def frying_pan(seed: int) -> Mesh:
    """Build a frying pan: shallow flared pan, long riveted handle with a hole to hang it by, in front (+z).

    Args:
        seed: instance number; 0 is the reference, others vary size, depth, handle and material.

    Returns:
        A closed mesh about 0.28 m wide and 0.47 m long.
    """
    v = Variant("frying_pan", seed)
    style, outer, inner, grip = v.pick(*_PANS)
    radius, high = v.near(0.140, 0.07), v.near(0.045, 0.12)
    length, tilt = v.near(0.20, 0.1) * (0.75 if style == "iron" else 1.0), v.between(0.20, 0.12, 0.28)
    shell = metal(outer) if style == "steel" else paint(outer, 0.06, GLOSS, 0.05)
    coat = metal(inner) if style == "steel" else paint(inner, 0.08, Finish(0.2, 20.0), 0.04)
    rim = metal("#b4b8bc") if style == "bakelite" else shell

    def cooking(p: Points, n: Points) -> NDArray[np.bool_]:
        return np.asarray((n[:, 1] > 0.05) & (np.hypot(p[:, 0], p[:, 2]) < radius - 0.0015))

    low = 0.76 * radius
    flank = [(low + 0.006, 0.002), (0.86 * radius, 0.28 * high), (0.95 * radius, 0.70 * high)]
    wall = [*spline([*flank, (radius, high - 0.001)], 10), (radius + 0.002, high)]
    inside = [(r - 0.0045, y + 0.003) for r, y in wall[-3::-1]]
    top = [(radius + 0.001, high + 0.002), (radius - 0.003, high + 0.0015)]
    rings = [(r, 0.0 if k % 2 else 0.0012) for k, r in enumerate(np.linspace(0.2 * low, 0.94 * low, 12))]
    pan = lathe(
        [(0.0, 0.0012), *rings, (low, 0.0), *wall, *top, *inside, (0.0, 0.0052)], by(cooking, shell, coat), 80, 50.0
    )
    parts = [pan, torus(radius + 0.0008, 0.0044, rim, segments=80, sides=8).moved(y=high + 0.0006)]
    handle = _pan_handle(style, length, tilt, plastic(grip) if style == "bakelite" else shell)
    parts.append(handle.moved(y=0.78 * high, z=radius))
    if style == "iron":
        tab = extrude(rounded_rect(0.085, 0.050, 0.02), 0.010, shell, [ellipse(0.050, 0.016, 16)]).turned("x", 90.0)
        parts.append(tab.moved(y=0.84 * high, z=-radius - 0.004))
    else:
        rivet = ellipsoid((0.010, 0.010, 0.005), plain("#c4c8cc", METAL), 12).turned("x", 30.0)
        parts.append(mirror(rivet.moved(0.011, 0.76 * high, 0.925 * radius)))
        bracket = bar((0.0, 0.66 * high, 0.945 * radius), (0.0, 0.80 * high, radius + 0.012), (0.038, 0.012), rim)
        parts.append(bracket)
    return assemble(parts, seed)


def _pan_handle(style: str, length: float, tilt: float, texture: Texture) -> Part:
    """Return the handle with its hole, from z = 0 to ``length``, rising by ``tilt`` metres a metre."""
    slim = {"bakelite": 1.0, "steel": 0.8, "iron": 1.05}[style]
    half = [(0.013, -0.006), (0.010, 0.035), (0.0125, 0.07), (0.016, 0.55 * length), (0.0165, 0.85 * length)]
    half += [(0.012, 0.97 * length), (0.005, length)]
    outline = spline([*((x * slim, z) for x, z in half), *((-x * slim, z) for x, z in reversed(half))], 60, closed=True)
    hole = ellipse(0.011 * slim, 0.022, 16) + np.array([0.0, 0.88 * length])
    depth = {"bakelite": 0.015, "steel": 0.007, "iron": 0.011}[style]
    handle = extrude(outline, depth, texture, [hole], 0.28 * depth, 60.0).turned("x", 90.0)
    parts = [handle]
    if style == "bakelite":
        parts.append(pipe(0.0165, 0.004, 0.016, metal("#b4b8bc"), "z", 20).scaled((0.86, 0.62, 1.0)).moved(z=0.018))
    return join(parts).warped(lambda p: p + np.outer(tilt * p[:, 2] - 0.25 * p[:, 2] ** 2, (0.0, 1.0, 0.0)))
