"""Electric appliances of kitchen and laundry."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from objectpose.objects.kit import (
    GLASS,
    MATT,
    Part,
    Texture,
    Variant,
    assemble,
    box,
    by,
    cylinder,
    ellipsoid,
    extrude,
    glass,
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
    plate,
    ring,
    rod,
    rounded,
    rounded_rect,
    row,
    rubber,
    spline,
    torus,
    tube,
)
from objectpose.objects.mesh import Mesh

Points = NDArray[np.float64]

_TOASTERS = ("#c4c8cc", "#b3202a", "#e6dcc0", "#8fb4c4")
_FRIDGES = (
    ("#eef0f0", "#e2e5e6", "#d3d6d8"),
    ("#f4f1e6", "#e9e5d8", "#dcd8cb"),
    ("#d3d7da", "#c4c8cb", "#c9ccd0"),
    ("#dbe7eb", "#cfdde2", "#c2d0d6"),
)
_MICROWAVES = (("#b6babd", "#2a2c2f"), ("#1f2022", "#1a1b1d"), ("#ecebe6", "#e2e1db"))
_WASHERS = (("#f0f1f1", "#b9bdc1"), ("#a9adb2", "#d3d6d9"), ("#f0f1f1", "#3a3d41"))
_IRONS = (("#f0f1f2", "#2f6fc0"), ("#2b9aa0", "#eef0f0"), ("#eceaf0", "#7a4aa0"), ("#3a3c42", "#c2252e"))


def _stack(levels: Iterable[tuple[float, float, float, float]], texture: Texture, crease_deg: float = 40.0) -> Part:
    """Return the solid through level rounded rectangles (width x, depth z, corner, height y)."""
    sections = [lift(rounded_rect(w, d, r, 10), "xz", y) for w, d, r, y in levels]
    return loft(sections, texture, crease_deg=crease_deg)


def _cord(start: tuple[float, float, float], texture: Texture, side: float = 1.0) -> Part:
    """Return a mains cord that leaves a back at ``start`` and hangs down in a loop, with its plug."""
    x, y, z = start
    way = [start, (x, y, z - 0.03), (x, 0.5 * y, z - 0.055), (x, 0.006, z - 0.07), (x + 0.07 * side, 0.005, z - 0.09)]
    path = spline([*way, (x + 0.15 * side, 0.005, z - 0.06)], 30)
    plug = cylinder(0.013, 0.034, texture, "x", 16).moved(x + 0.165 * side, 0.013, z - 0.055)
    pins = row(cylinder(0.0024, 0.02, metal(), "x", 8).moved(x + 0.19 * side, 0.013, z - 0.055), 2, (0.0, 0.0, 0.013))
    relief = pipe(0.008, 0.003, 0.02, texture, "z", 14).moved(x, y, z - 0.008)
    return join([tube(path, 0.0036, texture, 8), plug, pins, relief])


def toaster(seed: int) -> Mesh:
    """Build a two-slice toaster: rounded shell with end caps, two slots on top, lever and dial at the end (+x).

    Args:
        seed: instance number; 0 is the reference, others vary colour, length, height, caps and knobs.

    Returns:
        A closed mesh about 0.31 m long and 0.20 m high.
    """
    v = Variant("toaster", seed)
    colour = v.pick(*_TOASTERS)
    w, d, h = v.near(0.275, 0.08), v.near(0.165, 0.06), v.near(0.185, 0.07)
    caps, knob = v.pick(True, False, True), v.pick("bar", "ball", "bar")
    shell = metal(colour, "x") if colour == "#c4c8cc" else paint(colour, 0.02)
    black, chrome, dark = plastic("#1c1d1f"), metal("#c6cacd"), plain("#121314", MATT)
    corner = 0.035 if caps else 0.055
    soft = [(0.032 * (1.0 - np.cos(t)), 0.032 * np.sin(t)) for t in np.linspace(0.0, 1.35, 7)]
    outside = [(w - 0.006, d - 0.006, corner, 0.020), (w, d, corner, 0.028)]
    outside += [(w - 2.0 * cut, d - 2.0 * cut, corner, h - 0.032 + up) for cut, up in soft]
    inside = [(w - 0.068, d - 0.068, 0.016, y) for y in (h + 0.0005, 0.05)]

    def within(p: Points, _n: Points) -> NDArray[np.bool_]:
        return np.asarray((np.abs(p[:, 0]) < 0.5 * w - 0.0335) & (np.abs(p[:, 2]) < 0.5 * d - 0.0335))

    parts = [_stack([*outside, *inside], by(within, shell, metal("#8d9195")), 60.0)]
    slot = rounded_rect(w - 0.088, 0.032, 0.010, 8)
    holes = [slot + np.array([0.0, z]) for z in (-0.0235, 0.0235)]
    top = extrude(rounded_rect(w - 0.058, d - 0.058, 0.018), 0.006, black if caps else chrome, holes, 0.0015)
    parts.append(top.turned("x", 90.0).moved(y=h + 0.001))
    wires = row(rod((0.0, h - 0.09, 0.0), (0.0, h - 0.008, 0.0), 0.0013, chrome, 6), 9, ((w - 0.11) / 9.0, 0.0, 0.0))
    level = rod((-0.5 * w + 0.05, h - 0.014, 0.0), (0.5 * w - 0.05, h - 0.014, 0.0), 0.0013, chrome, 6)
    guide = (wires + level).moved(z=0.0135)
    parts.append(join(mirror(guide, "z").moved(z=z) for z in (-0.0235, 0.0235)))
    parts.append(box((w - 0.08, 0.004, d - 0.08), dark, 0.0).moved(y=0.06))
    parts.append(_stack([(w - 0.02, d - 0.02, corner, 0.006), (w - 0.008, d - 0.008, corner, 0.022)], black))
    foot = cylinder(0.011, 0.012, rubber(), segments=16).moved(0.5 * w - 0.045, 0.006, 0.5 * d - 0.035)
    parts.append(mirror(mirror(foot), "z"))
    end = 0.5 * w
    if caps:
        outline = rounded([(-0.5, 0.0), (0.5, 0.0), (0.5, 1.0), (-0.5, 1.0)], 0.20, 7, closed=True)
        outline = outline * (d + 0.010, h - 0.004) + np.array([0.0, 0.010])
        parts.append(mirror(extrude(outline, 0.032, black, bevel=0.007, crease_deg=60.0).turned("y", 90.0).moved(end)))
        end += 0.016
    parts.append(_toaster_controls(knob, end, h, black if not caps else chrome, chrome))
    parts.append(_cord((-0.5 * w + 0.05, 0.035, -0.5 * d), black, 1.0))
    return assemble(parts, seed)


def _toaster_controls(knob: str, x: float, h: float, handle: Texture, chrome: Texture) -> Part:
    """Return lever with its groove, dial and buttons on the end of a toaster at ``x``."""
    groove = plate((0.012, 0.095), 0.004, plain("#0d0e0f", MATT), 0.005, "x").moved(x, h - 0.080)
    frame = pipe(1.0, 0.80, 0.003, chrome, "x", 24).scaled((1.0, 0.058, 0.0115)).moved(x, h - 0.080)
    if knob == "bar":
        grip = box((0.022, 0.014, 0.050), handle, 0.004).moved(x + 0.020, h - 0.048)
    else:
        grip = ellipsoid((0.024, 0.026, 0.030), handle, 18).moved(x + 0.020, h - 0.048)
    arm = box((0.024, 0.006, 0.007), chrome, 0.001).moved(x + 0.008, h - 0.048)
    dial = cylinder(0.018, 0.018, handle, "x", 28).moved(x + 0.008, 0.042)
    collar = cylinder(0.022, 0.004, chrome, "x", 28).moved(x + 0.001, 0.042)
    mark = box((0.002, 0.012, 0.003), plain("#d8402c"), 0.0).moved(x + 0.0172, 0.049)
    button = cylinder(0.0065, 0.008, chrome, "x", 16).moved(x + 0.002, 0.042, 0.040)
    return join([groove, frame, grip, arm, dial, collar, mark, mirror(button, "z")])


def refrigerator(seed: int) -> Mesh:
    """Build a refrigerator: doors with seals and bar handles, hinges, base grille; condenser and compressor behind.

    Args:
        seed: instance number; 0 is the reference (freezer above), others vary the arrangement of the doors, finish,
            size, handles and bow of the doors.

    Returns:
        A closed mesh about 0.74 m wide and 1.70 m high.
    """
    v = Variant("refrigerator", seed)
    layout = v.pick("top", "top", "below")
    colour, side, grip = v.pick(*_FRIDGES)
    w, h, d = v.between(0.76, 0.74, 0.82), v.between(1.70, 1.60, 1.72), v.near(0.60, 0.05)
    bowed, low, share = v.between(0.014, 0.008, 0.022), 0.085, v.between(0.68, 0.66, 0.70)
    reach = v.pick(0.62, 0.78, 0.54)
    front, case, dark = paint(colour, 0.01), paint(side, 0.02), plain("#1b1c1e", MATT)
    handle = metal(grip) if grip == "#c9ccd0" else plastic(grip)
    parts = [box((w - 0.004, h - 0.05, d), case, 0.010).moved(y=0.5 * h + 0.025)]
    parts.append(box((w - 0.03, h - 0.10, 0.03), dark, 0.0).moved(y=0.5 * h + 0.035, z=0.5 * d))
    face, gap = 0.5 * d + 0.012, 0.004
    split = low + (share if layout == "top" else 1.0 - share) * (h - low)
    doors = [(-0.5 * w, 0.5 * w, split, h), (-0.5 * w, 0.5 * w, low, split)]
    for left, right, bottom, top in doors:
        parts.append(
            _fridge_door(right - left - 2.0 * gap, top - bottom - 2.0 * gap, front, bowed).moved(
                0.5 * (left + right), 0.5 * (bottom + top), face
            )
        )
        length = min(0.60 * (top - bottom), reach)
        y = top - 0.05 - 0.5 * length if bottom == low else bottom + 0.05 + 0.5 * length
        parts.append(_bar_handle(length, handle).moved(left + 0.055, y, face + 0.060 + 0.3 * bowed))
    hinge = box((0.10, 0.014, 0.12), dark, 0.004).moved(0.5 * w - 0.07, h + 0.004, 0.5 * d)
    parts.append(hinge)
    slats = row(box((w - 0.06, 0.006, 0.012), case, 0.0).moved(y=0.042, z=0.5 * d + 0.004), 5, (0.0, 0.012, 0.0))
    parts += [slats, box((w - 0.04, 0.07, d - 0.02), dark, 0.0).moved(y=0.042)]
    foot = cylinder(0.018, 0.03, rubber(), segments=16).moved(0.5 * w - 0.06, 0.010, 0.5 * d - 0.06)
    parts += [mirror(mirror(foot), "z"), _condenser(w, h).moved(z=-0.5 * d)]
    parts.append(box((0.09, 0.016, 0.004), metal(), 0.001).moved(0.5 * w - 0.13, h - 0.06, face + 0.058 + 0.4 * bowed))
    return assemble(parts, seed)


def _fridge_door(wide: float, high: float, texture: Texture, bowed: float) -> Part:
    """Return a door centred on x and y, its back on z = 0, 6 cm thick, its front bowed outward by ``bowed``."""
    across = np.linspace(-0.5, 0.5, 33)
    depth = 0.060 + bowed * (1.0 - 4.0 * across**2) - 0.014 * np.abs(2.0 * across) ** 24
    front = np.column_stack([across * (wide - 0.002), depth])[::-1]
    outline = np.concatenate(
        [[(-0.5 * wide, 0.0), (0.5 * wide, 0.0), (0.5 * wide, 0.040)], front, [(-0.5 * wide, 0.040)]]
    )
    return extrude(outline, high, texture, bevel=0.006, crease_deg=35.0).turned("x", 90.0)


def _bar_handle(length: float, texture: Texture) -> Part:
    """Return an upright bar handle on two posts, the door's face at z = 0."""
    half = 0.5 * length
    way = rounded(
        [(0.0, -half, -0.01), (0.0, -half + 0.01, 0.045), (0.0, half - 0.01, 0.045), (0.0, half, -0.01)], 0.03, 6
    )
    return tube(way, 0.0125, texture, 18)


def _condenser(w: float, h: float) -> Part:
    """Return the black coil, wires, compressor and cord on the back of a refrigerator at z = 0."""
    black = plain("#1a1b1c")
    turns, wide = 9, 0.40 * w
    way = []
    for k in range(turns):
        y = 0.36 + k * (h - 0.56) / (turns - 1)
        way += [(-wide, y, -0.016), (wide, y, -0.016)] if k % 2 == 0 else [(wide, y, -0.016), (-wide, y, -0.016)]
    coil = tube(rounded(way, 0.04, 6), 0.0045, black, 8)
    wires = row(rod((0.0, 0.33, -0.020), (0.0, h - 0.17, -0.020), 0.0018, black, 5), 22, (1.9 * wide / 21.0, 0.0, 0.0))
    clip = mirror(box((0.02, h - 0.5, 0.022), black, 0.0).moved(wide - 0.02, 0.5 * h + 0.08, -0.008))
    niche = box((w - 0.12, 0.19, 0.010), plain("#0e0f10", MATT), 0.0).moved(y=0.17)
    pump = ellipsoid((0.21, 0.16, 0.14), paint("#242629", 0.03), 24).moved(-0.12, 0.165, -0.010)
    pan = box((0.26, 0.02, 0.06), plastic("#3a3d40"), 0.004).moved(0.18, 0.11, -0.02)
    return join([coil, wires, clip, niche, pump, pan])


def microwave(seed: int) -> Mesh:
    """Build a microwave oven: door with a dark screened window on the left, keypad and display on the right.

    Args:
        seed: instance number; 0 is the reference, others vary finish, size, handle and the controls (keys or dials).

    Returns:
        A closed mesh about 0.50 m wide and 0.29 m high.
    """
    v = Variant("microwave", seed)
    case, front = v.pick(*_MICROWAVES)
    w, h, d = v.near(0.50, 0.06), v.near(0.285, 0.06), v.near(0.36, 0.06)
    controls, handled = v.pick("keys", "dials", "keys"), v.pick(False, True, True)
    shell, face = paint(case, 0.02), plastic(front)
    dark, grey, chrome = plain("#101113", GLASS), plain("#9fa3a6"), metal("#c9ccd0")
    at, foot_high = 0.5 * d, 0.014
    parts = [box((w, h, d), shell, 0.006), box((w - 0.004, h - 0.004, 0.022), face, 0.006).moved(z=at + 0.008)]
    wide = 0.72 * w
    left = 0.5 * wide - 0.5 * w + 0.004
    door = extrude(rounded_rect(wide - 0.008, h - 0.016, 0.012), 0.018, face, bevel=0.004, crease_deg=60.0)
    frame = extrude(rounded_rect(wide - 0.055, h - 0.070, 0.018), 0.006, dark)
    window = extrude(rounded_rect(wide - 0.105, h - 0.120, 0.025), 0.004, glass("#26292c", "#6d7780"))
    hole = box((0.0030, 0.0030, 0.002), plain("#4a4f53"), 0.0)
    across, down = int((wide - 0.13) / 0.0095), int((h - 0.145) / 0.0095)
    screen = row(row(hole, across, (0.0095, 0.0, 0.0)), down, (0.0, 0.0095, 0.0))
    parts += [door.moved(left, 0.0, at + 0.026), frame.moved(left, 0.0, at + 0.0345)]
    parts += [window.moved(left, 0.0, at + 0.0370), screen.moved(left, 0.0, at + 0.0385)]
    if handled:
        grip = _bar_handle(0.74 * h, chrome if front != "#e2e1db" else face).scaled((0.75, 1.0, 0.75))
        parts.append(grip.moved(left + 0.5 * wide - 0.026, 0.0, at + 0.034))
    right, panel = 0.5 * w - 0.5 * (w - wide) - 0.002, w - wide - 0.012
    board = extrude(rounded_rect(panel, h - 0.016, 0.008), 0.016, face, bevel=0.003).moved(right, 0.0, at + 0.025)
    screen_ = box((0.80 * panel, 0.036, 0.004), plain("#0c120f", GLASS), 0.001).moved(right, 0.40 * h, at + 0.034)
    digits = row(_digit().moved(right, 0.40 * h, at + 0.0365), 4, (0.15 * panel, 0.0, 0.0))
    parts += [board, screen_, digits]
    if controls == "keys":
        key = plate((0.20 * panel, 0.019), 0.005, grey if front != "#e2e1db" else plain("#b9bcb8"), 0.004)
        pad = row(row(key, 3, (0.27 * panel, 0.0, 0.0)), 5, (0.0, 0.027, 0.0))
        start = plate((0.33 * panel, 0.021), 0.005, plain("#3f9a54"), 0.004)
        stop = plate((0.33 * panel, 0.021), 0.005, plain("#c24a3a"), 0.004)
        parts.append(pad.moved(right, 0.035 * h, at + 0.034))
        parts += [
            start.moved(right + 0.21 * panel, -0.30 * h, at + 0.034),
            stop.moved(right - 0.21 * panel, -0.30 * h, at + 0.034),
        ]
    else:
        dial = cylinder(0.25 * panel, 0.020, chrome, "z", 32) + cylinder(0.31 * panel, 0.004, dark, "z", 32).moved(
            z=-0.009
        )
        mark = box((0.003, 0.014, 0.002), plain("#c2402f"), 0.0).moved(y=0.17 * panel, z=0.0105)
        parts.append(row((dial + mark).moved(right, 0.06 * h, at + 0.042), 2, (0.0, 0.26 * h, 0.0)))
    button = plate((0.80 * panel, 0.030), 0.010, face if front != "#1a1b1d" else grey, 0.006)
    parts.append(button.moved(right, -0.42 * h, at + 0.034))
    parts.append(_microwave_back(w, h, d, chrome))
    foot = cylinder(0.014, 2.0 * foot_high, rubber(), segments=16).moved(0.5 * w - 0.05, -0.5 * h, 0.5 * d - 0.05)
    parts.append(mirror(mirror(foot), "z"))
    return assemble(parts, seed)


def _digit() -> Part:
    """Return a lit figure 0 of bars about 13 mm high."""
    lit = plain("#5fe08a", MATT)
    return mirror(box((0.0015, 0.014, 0.002), lit, 0.0).moved(0.003)) + mirror(
        box((0.0050, 0.0015, 0.002), lit, 0.0).moved(y=0.0065), "y"
    )


def _microwave_back(w: float, h: float, d: float, chrome: Texture) -> Part:
    """Return louvres in sides and back, a cover, screws, a plate and the cord of a microwave."""
    black = plain("#141517", MATT)
    slot = box((0.004, 0.004, 0.034), black, 0.0)
    side = row(row(slot, 7, (0.0, 0.010, 0.0)), 4, (0.0, 0.0, 0.046)).moved(0.5 * w - 0.001, 0.16 * h, -0.10 * d)
    behind = row(row(box((0.034, 0.004, 0.004), black, 0.0), 8, (0.0, 0.010, 0.0)), 5, (0.046, 0.0, 0.0))
    hump = box((0.42 * w, 0.62 * h, 0.016), plastic("#2a2c2e"), 0.004).moved(-0.2 * w, -0.08 * h, -0.5 * d - 0.006)
    label = box((0.07, 0.05, 0.002), chrome, 0.0).moved(0.34 * w, -0.25 * h, -0.5 * d)
    screw = cylinder(0.004, 0.004, chrome, "z", 10).moved(0.5 * w - 0.014, 0.5 * h - 0.014, -0.5 * d)
    lead = plastic("#1b1c1e")
    way = spline(
        [(0.3, -0.3, -0.5), (0.3, -0.36, -0.60), (0.24, -0.47, -0.64), (0.05, -0.49, -0.62), (-0.1, -0.49, -0.60)], 30
    )
    cord = tube(way * (w, h, d), 0.004, lead, 8)
    plug = cylinder(0.013, 0.035, lead, "x", 16).moved(-0.1 * w - 0.015, -0.49 * h, -0.60 * d)
    pins = row(
        cylinder(0.0025, 0.02, chrome, "x", 8).moved(-0.1 * w - 0.04, -0.49 * h, -0.60 * d), 2, (0.0, 0.0, 0.012)
    )
    screws = mirror(mirror(screw), "y")
    return join(
        [mirror(side), behind.moved(0.22 * w, 0.22 * h, -0.5 * d + 0.001), hump, label, screws, cord, plug, pins]
    )


def washer(seed: int) -> Mesh:
    """Build a front-loading washing machine: porthole door, detergent drawer, programme dial, hoses behind.

    Args:
        seed: instance number; 0 is the reference, others vary finish, height, door, dial and display.

    Returns:
        A closed mesh about 0.60 m wide and 0.86 m high.
    """
    v = Variant("washer", seed)
    case, rim = v.pick(*_WASHERS)
    w, h, d = v.near(0.60, 0.04), v.near(0.85, 0.04), v.near(0.56, 0.06)
    porthole, domed = v.between(0.185, 0.172, 0.205), v.between(0.035, 0.020, 0.045)
    dial_left = v.pick(False, True, False)
    shell, ring_, chrome = paint(case, 0.01), metal(rim), metal("#c9ccd0")
    dark, black = plain("#1b1c1e", MATT), plastic("#1f2022")
    at = 0.5 * d
    parts = [box((w, h - 0.07, d), shell, 0.010).moved(y=0.02 + 0.5 * h - 0.015)]
    parts.append(box((w + 0.004, 0.028, d + 0.020), shell, 0.008).moved(y=h - 0.010))
    parts.append(box((w - 0.006, 0.105, 0.030), shell, 0.008).moved(y=h - 0.080, z=at + 0.004))
    parts.append(box((w - 0.012, 0.004, 0.016), dark, 0.0).moved(y=h - 0.135, z=at - 0.004))
    parts.append(_porthole(porthole, domed, ring_, black).moved(y=0.47 * h, z=at))
    sign = -1.0 if dial_left else 1.0
    y, z = h - 0.080, at + 0.019
    drawer = plate((0.17, 0.082), 0.008, shell, 0.010).moved(-sign * (0.5 * w - 0.105), y, z)
    pull = plate((0.11, 0.020), 0.006, dark, 0.008).moved(-sign * (0.5 * w - 0.105), y - 0.018, z + 0.003)
    dial = lathe(
        [(0.036, 0.0), (0.036, 0.006), (0.030, 0.010), (0.028, 0.030), (0.024, 0.034), (0.0, 0.034)], chrome, 40
    )
    marks = ring(box((0.0025, 0.010, 0.003), dark, 0.0).moved(0.0, 0.043, 0.001), 14, "z")
    pointer = box((0.003, 0.020, 0.002), plain("#c2402f"), 0.0).moved(y=0.012, z=0.0345)
    knob = dial.turned("x", 90.0) + marks + pointer
    parts += [drawer, pull, knob.moved(-sign * 0.035, y, at + 0.018)]
    screen = plate((0.105, 0.046), 0.005, plain("#10181d", GLASS), 0.006).moved(sign * 0.105, y + 0.012, z)
    digits = row(_digit().scaled(1.6).moved(sign * 0.105, y + 0.012, z + 0.003), 3, (0.022, 0.0, 0.0))
    keys = row(cylinder(0.0075, 0.008, chrome, "z", 14).moved(sign * 0.125, y - 0.030, z), 5, (0.030, 0.0, 0.0))
    power = cylinder(0.014, 0.010, chrome, "z", 20).moved(sign * (0.5 * w - 0.055), y + 0.012, z)
    parts += [screen, digits, keys, power, box((w - 0.01, 0.075, d - 0.03), shell, 0.004).moved(y=0.060)]
    parts.append(plate((0.11, 0.060), 0.008, shell, 0.008).moved(0.5 * w - 0.09, 0.085, at + 0.001))
    parts.append(box((w - 0.012, 0.004, 0.010), dark, 0.0).moved(y=0.130, z=at - 0.002))
    foot = cylinder(0.022, 0.030, rubber(), segments=18).moved(0.5 * w - 0.06, 0.015, 0.5 * d - 0.07)
    parts += [mirror(mirror(foot), "z"), _washer_back(w, h).moved(z=-at)]
    return assemble(parts, seed)


def _porthole(radius: float, domed: float, rim: Texture, black: Texture) -> Part:
    """Return the round door with its dark glass dome, hinge and grip, facing +z from z = 0."""
    frame = [(radius + 0.030, -0.010), (radius + 0.030, 0.012), (radius + 0.022, 0.022), (radius, 0.028)]
    frame += [(radius - 0.018, 0.026), (radius - 0.026, 0.016), (radius - 0.026, -0.010), (radius + 0.030, -0.010)]
    inner = radius - 0.030
    seal = [
        (inner + 0.008, -0.01),
        (inner + 0.008, 0.019),
        (inner, 0.022),
        (inner - 0.014, 0.018),
        (inner - 0.014, -0.01),
    ]
    pane = [(inner - 0.012, 0.010 + 0.2 * domed)]
    pane += [(inner * float(np.cos(t)), 0.012 + domed * float(np.sin(t))) for t in np.linspace(0.25, 1.45, 10)]
    lens = lathe([*pane, (0.0, 0.012 + domed)], glass("#2a3138", "#9db4c4"), 56, 60.0)
    parts = [lathe(frame, rim, 64, 50.0), lathe([*seal, seal[0]], black, 56), lens]
    door = join(parts).turned("x", 90.0)
    grip = box((0.020, 0.085, 0.014), black, 0.005).moved(radius + 0.010, 0.0, 0.024)
    hinge = cylinder(0.009, 0.12, rim, segments=16).moved(-radius - 0.036, 0.0, 0.006)
    return join([door, grip, hinge])


def _washer_back(w: float, h: float) -> Part:
    """Return rear panel, valve, hoses, drain and cord of a washing machine at z = 0."""
    grey, blue = paint("#b4b8bb", 0.03), plain("#3566a8")
    panel = extrude(rounded_rect(w - 0.14, 0.62 * h, 0.05), 0.012, grey).moved(y=0.42 * h, z=-0.003)
    rib = torus(0.14, 0.016, grey, "z", 48, 8).moved(y=0.42 * h, z=-0.008)
    screw = cylinder(0.006, 0.006, metal(), "z", 10).moved(0.5 * w - 0.09, 0.28 * h, -0.010)
    valve = cylinder(0.018, 0.030, blue, "z", 18).moved(0.2, h - 0.10, -0.012)
    hose = spline(
        [
            (0.2, h - 0.10, -0.02),
            (0.2, h - 0.13, -0.06),
            (0.21, 0.5 * h, -0.045),
            (0.18, 0.12, -0.035),
            (0.05, 0.10, -0.03),
        ],
        40,
    )
    drain = spline(
        [
            (-0.22, 0.12, 0.0),
            (-0.22, 0.16, -0.045),
            (-0.22, 0.7 * h, -0.035),
            (-0.21, h - 0.05, -0.05),
            (-0.2, h - 0.1, -0.08),
        ],
        40,
    )
    return join(
        [panel, rib, mirror(mirror(screw).moved(y=-0.42 * h), "y").moved(y=0.42 * h), valve]
        + [tube(hose, 0.011, plain("#8f9498"), 10), tube(drain, 0.014, plain("#7b8084"), 12)]
    )


def iron(seed: int) -> Mesh:
    """Build a steam iron: pointed steel soleplate with vents, water tank, closed handle, dial, buttons and cord.

    Args:
        seed: instance number; 0 is the reference, others vary colours, length, height and the handle (open or closed).

    Returns:
        A closed mesh about 0.29 m long, 0.12 m wide and 0.15 m high, its tip in front (+z).
    """
    v = Variant("iron", seed)
    main, accent = v.pick(*_IRONS)
    length, high, wide = v.near(1.0, 0.07), v.near(1.0, 0.07), v.near(1.0, 0.06)
    body, second = plastic(main), plastic(accent)
    chrome, dark = metal("#c3c7cb"), plastic("#232428")
    half = [(0.0, 0.150), (0.010, 0.140), (0.030, 0.105), (0.047, 0.060), (0.056, 0.010), (0.058, -0.050)]
    half += [(0.054, -0.095), (0.040, -0.118), (0.015, -0.126)]
    sole = np.array(spline([*half, *((-x, z) for x, z in half[:0:-1])], 72, closed=True))

    def level(scale: float, y: float, shift: float = 0.0) -> Points:
        return np.column_stack([sole[:, 0] * scale, np.full(72, y), sole[:, 1] * (0.35 + 0.65 * scale) + shift])

    plate_ = loft([level(0.96, 0.0), level(1.0, 0.002), level(1.0, 0.009), level(0.97, 0.011)], chrome)
    skirt = loft([level(0.95, 0.010), level(0.98, 0.014), level(0.97, 0.026), level(0.93, 0.030)], second)
    tank = loft(
        [
            level(0.93, 0.029),
            level(0.90, 0.040),
            level(0.80, 0.056, -0.002),
            level(0.62, 0.070, -0.005),
            level(0.40, 0.078, -0.010),
        ],
        body,
        3,
        60.0,
    )
    parts = [plate_, skirt, tank, _iron_handle(body, second, dark, v.pick(True, True, False))]
    vent = cylinder(0.0028, 0.004, plain("#26272a"), segments=10)
    vents = [vent.moved(0.030 - 0.0030 * k, 0.0, 0.025 + 0.014 * k) for k in range(6)]
    vents += [vent.moved(0.040, 0.0, 0.005 - 0.018 * k) for k in range(5)]
    parts += [mirror(join(vents)), vent.moved(z=0.122)]
    dial = cylinder(0.027, 0.016, second, segments=32) + ring(
        box((0.003, 0.012, 0.003), dark, 0.0).moved(0.0, 0.0, 0.0265), 18
    )
    parts.append(
        (dial + box((0.003, 0.003, 0.016), plain("#f4f4f2"), 0.0).moved(0.0, 0.008, 0.014)).moved(y=0.083, z=-0.030)
    )
    gauge = box((0.004, 0.006, 0.050), plain("#9cc8e8", GLASS), 0.001).turned("y", -12.0).moved(0.0475, 0.048, 0.035)
    parts.append(mirror(gauge))
    return assemble([join(parts).warped(lambda p: p * (wide, high, length))], seed)


def _iron_handle(body: Texture, second: Texture, dark: Texture, closed: bool) -> Part:
    """Return handle with grip, buttons, spray nozzle, filler lid and cord; ``closed`` joins it to the heel."""
    way = [(0.086, 0.048), (0.080, 0.078), (0.062, 0.105), (0.028, 0.122), (-0.030, 0.130), (-0.085, 0.124)]
    way += [(-0.108, 0.100), (-0.106, 0.060), (-0.098, 0.030)] if closed else [(-0.112, 0.116)]
    path = spline(way, 48)
    share = np.linspace(0.0, 1.0, 48)
    size = np.interp(share, (0.0, 0.15, 0.35, 0.7, 0.85, 1.0), (0.030, 0.024, 0.0175, 0.0165, 0.0165, 0.020))
    main = tube(lift(path, "zy"), size, body, 18, round_ends=not closed).scaled((1.15, 1.0, 1.0))
    grip = tube(lift(path[17:36] - (0.0, 0.003), "zy"), size[17:36] + 0.0012, second, 18, round_ends=True).scaled(
        (1.08, 1.0, 1.0)
    )
    button = ellipsoid((0.016, 0.012, 0.020), second, 16)
    buttons = mirror(button.moved(0.0105, 0.133, 0.030))
    nozzle = cylinder(0.009, 0.022, dark, "z", 18).moved(y=0.086, z=0.104) + cylinder(
        0.003, 0.026, plain("#d9dcdf"), "z", 10
    ).moved(y=0.086, z=0.104)
    lid = box((0.022, 0.008, 0.026), second, 0.003).turned("x", 50.0).moved(y=0.113, z=0.083)
    heel = box((0.070, 0.060, 0.014), dark, 0.006).moved(y=0.046, z=-0.118)
    end = path[36] if closed else path[-2]
    start = (0.0, float(end[1]), float(end[0]) - 0.010)
    relief = tube([start, (0.0, start[1] + 0.004, start[2] - 0.035)], (0.010, 0.006), dark, 14)
    lead = spline(
        [
            (0.0, start[1] + 0.003, start[2] - 0.03),
            (0.0, start[1] - 0.004, start[2] - 0.065),
            (0.03, 0.05, start[2] - 0.085),
            (0.06, 0.006, start[2] - 0.06),
            (0.10, 0.005, start[2] - 0.01),
        ],
        36,
    )
    plug = cylinder(0.012, 0.03, dark, "z", 16).moved(0.103, 0.012, start[2] + 0.01)
    return join([main, grip, buttons, nozzle, lid, heel, relief, tube(lead, 0.0036, dark, 8), plug])
