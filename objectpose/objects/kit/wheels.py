"""Wheels about the x axis, centred at the origin, so that a vehicle that looks to +z rolls on them."""

from __future__ import annotations

import numpy as np

from objectpose.objects.kit.curves import ellipse
from objectpose.objects.kit.part import Part, join, mirror, ring
from objectpose.objects.kit.solids import box, cylinder, lathe, torus
from objectpose.objects.kit.sweeps import rod
from objectpose.objects.kit.textures import Texture, metal, plain, rubber


def wheel(
    radius: float,
    width: float,
    tyre: Texture | None = None,
    rim: Texture | None = None,
    rim_share: float = 0.58,
    spokes: int = 0,
    bolts: int = 6,
    treads: int = 28,
    tread_depth: float = 0.02,
    lugs: bool = False,
) -> Part:
    """Return a pneumatic wheel, equal on both sides: tyre with a tread, dished rim, hub, bolts.

    Args:
        radius: over the tread, metres.
        width: of the tyre.
        tyre: its texture; black rubber by default.
        rim: its texture; grey metal by default.
        rim_share: radius of the rim as a share of the wheel's.
        spokes: dark windows in the rim (0: a plain disc).
        bolts: around the hub.
        treads: blocks around the tyre on either side; 0 leaves it smooth.
        tread_depth: height of the blocks as a share of the radius.
        lugs: slanted bars that reach to the middle, as on a tractor, instead of blocks.
    """
    black, grey = tyre or rubber(), rim or metal("#a9adb1")
    core, inner, half = radius * (1.0 - (tread_depth if treads else 0.0)), radius * rim_share, 0.5 * width
    side = core - inner
    loop = [
        (inner, -0.36 * width),
        (inner + 0.12 * side, -0.47 * width),
        (inner + 0.45 * side, -half),
        (inner + 0.78 * side, -0.47 * width),
        (core - 0.03 * side, -0.38 * width),
        (core, -0.2 * width),
    ]
    loop = [*loop, *((r, -y) for r, y in reversed(loop))]
    parts = [lathe([*loop, loop[0]], black, 40, 60.0)]
    dish = [
        (0.0, 0.20 * width),
        (0.5 * inner, 0.20 * width),
        (0.80 * inner, 0.12 * width),
        (0.86 * inner, 0.30 * width),
        (0.93 * inner, 0.43 * width),
        (1.02 * inner, 0.43 * width),
        (1.02 * inner, 0.30 * width),
    ]
    parts.append(lathe([*((r, -y) for r, y in dish), *reversed(dish)], grey, 40, 35.0))
    hub = lathe(
        [(0.20 * inner, 0.1 * width), (0.20 * inner, 0.31 * width), (0.16 * inner, 0.36 * width), (0.0, 0.37 * width)],
        grey,
        20,
    )
    parts.append(mirror(hub, "y"))
    if bolts:
        bolt = cylinder(0.045 * inner, 0.08 * width, plain("#6d7074"), segments=6, bevel=0.0)
        parts.append(mirror(ring(bolt.moved(0.34 * inner, 0.21 * width, 0.0), bolts), "y"))
    if spokes:
        window = cylinder(1.0, 0.06 * width, plain("#17181a"), segments=12, bevel=0.0)
        window = window.scaled((0.17 * inner, 1.0, min(0.17, 1.5 / spokes) * inner)).moved(
            0.60 * inner, 0.19 * width, 0.0
        )
        parts.append(mirror(ring(window, spokes), "y"))
    if treads:
        pitch = 2.0 * np.pi * radius / treads
        height = radius - core + 0.02 * radius
        if lugs:
            block = box((height, 0.60 * width, 0.34 * pitch), black, 0.0).turned("x", 32.0)
            block = block.moved(radius - 0.5 * height, 0.22 * width, 0.0)
            tread = ring(block, treads) + ring(block.mirrored("y"), treads, start_deg=180.0 / treads)
        else:
            block = box((height, 0.30 * width, 0.62 * pitch), black, 0.0).moved(
                radius - 0.5 * height, 0.30 * width, 0.0
            )
            middle = box((height, 0.24 * width, 0.62 * pitch), black, 0.0).moved(radius - 0.5 * height, 0.0, 0.0)
            tread = mirror(ring(block, treads), "y") + ring(middle, treads, start_deg=180.0 / treads)
        parts.append(tread)
    return join(parts).turned("z", -90.0)


def spoked_wheel(
    radius: float,
    width: float,
    tyre: Texture | None = None,
    rim: Texture | None = None,
    spokes: int = 24,
    spoke_radius: float = 0.0012,
    hub_radius: float = 0.02,
    hub_width: float = 0.07,
    rim_depth: float | None = None,
    spoke: Texture | None = None,
    flat: bool = False,
) -> Part:
    """Return a wheel on spokes: a bicycle's, or with ``flat`` a cannon's or cart's with a felloe and an iron tyre.

    Args:
        radius: over the tyre, metres.
        width: of the tyre.
        tyre: its texture; black rubber by default.
        rim: texture of rim and hub; metal by default.
        spokes: how many; with a wide hub every other one goes to its other end.
        spoke_radius: at the rim, metres; a cannon's are thick (0.02) and the hub end a quarter thicker.
        hub_radius: metres.
        hub_width: metres.
        rim_depth: of rim or felloe, radially; None takes 0.8 of the width.
        spoke: texture of the spokes; that of the rim by default.
        flat: a square section of tyre and rim instead of a round tyre.
    """
    outer, grey = tyre or rubber(), rim or metal("#b9bcc0")
    depth = 0.8 * width if rim_depth is None else rim_depth
    parts = []
    if flat:
        band, half = 0.15 * depth, 0.5 * width
        seat = radius - band
        iron = [(seat, -half), (radius, -half), (radius, half), (seat, half), (seat, -half)]
        felloe = [(seat - depth, -0.42 * width), (seat + 0.3 * band, -0.46 * width)]
        felloe = [*felloe, *((r, -y) for r, y in reversed(felloe))]
        parts += [lathe(iron, outer, 48), lathe([*felloe, felloe[0]], grey, 48)]
        inside = seat - 0.9 * depth
    else:
        parts.append(torus(radius - 0.5 * width, width, outer, segments=48, sides=12))
        seat = radius - 0.92 * width
        section = ellipse(depth, 0.62 * width, 8) + np.array([seat - 0.4 * depth, 0.0])
        parts.append(lathe(np.concatenate([section, section[:1]]), grey, 48, 60.0))
        inside = seat - 0.85 * depth
    slim, end = 0.55 * hub_radius, 0.5 * hub_width
    hub = [(slim if not flat else 0.8 * hub_radius, -end), (hub_radius, -0.8 * end), (hub_radius, -0.6 * end)]
    hub += [(slim if not flat else 1.1 * hub_radius, -0.5 * end)]
    parts.append(lathe([*hub, *((r, -y) for r, y in reversed(hub))], grey, 20))
    reach = 0.0 if flat else 0.7 * end
    lean = 0.0 if flat else np.deg2rad(40.0)
    near = (0.9 * hub_radius * float(np.cos(lean)), 0.9 * hub_radius * float(np.sin(lean)))
    texture = spoke or grey
    sides = 8 if flat else 5
    left = rod((near[0], reach, near[1]), (inside, 0.0, 0.0), spoke_radius, texture, sides)
    right = left if flat else left.mirrored("y").mirrored("z")
    pairs = spokes // 2
    parts += [ring(left, pairs), ring(right, pairs, start_deg=180.0 / max(pairs, 1))]
    return join(parts).turned("z", -90.0)
