"""Household things."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from objectpose.objects.kit import (
    GLOSS,
    MATT,
    Finish,
    Part,
    Texture,
    Variant,
    arc,
    assemble,
    cloth,
    cylinder,
    ellipsoid,
    gradient,
    join,
    lathe,
    lift,
    metal,
    paint,
    pipe,
    plain,
    plastic,
    ring,
    rod,
    rounded,
    row,
    spline,
    torus,
    tube,
)
from objectpose.objects.mesh import Mesh

_GLAZES = ("#2f6f78", "#8c3b2a", "#e6dfd0", "#3c4a6b", "#6b7a4a")
_FABRICS = ("#dcc9a0", "#e6e1d6", "#d3bd93", "#cfc4b2", "#e0d2c2")
_METALS = ("#b08d3f", "#b4b8bc", "#7a5536")
_BODIES = (
    ((0.046, 0.030), (0.060, 0.045), (0.088, 0.090), (0.097, 0.130), (0.086, 0.180), (0.055, 0.228), (0.034, 0.255)),
    ((0.050, 0.030), (0.080, 0.050), (0.094, 0.088), (0.076, 0.128), (0.050, 0.152), (0.060, 0.186), (0.037, 0.238)),
    ((0.054, 0.030), (0.062, 0.042), (0.044, 0.064), (0.036, 0.086), (0.048, 0.126), (0.066, 0.172), (0.037, 0.238)),
)
_SHADES = ((0.190, 0.115), (0.165, 0.148), (0.212, 0.080))


def table_lamp(seed: int) -> Mesh:
    """Build a table lamp: glazed ceramic body on a brass foot, empire shade on a harp, bulb, pull chain and cord.

    Args:
        seed: instance number; 0 is the reference, others vary colours, metal, the turned body and the shade (empire,
            drum or coolie).

    Returns:
        A closed mesh about 0.62 m high.
    """
    v = Variant("table_lamp", seed)
    glaze, fabric, brass = v.pick(*_GLAZES), v.pick(*_FABRICS), metal(v.pick(*_METALS))
    outline, belly = v.pick(*_BODIES), v.between(1.0, 0.92, 1.12)
    (bottom, top), flare = v.pick(*_SHADES), v.near(1.0, 0.05)
    return assemble(
        [
            _body(outline, belly, paint(glaze, 0.07, GLOSS, 0.05), brass),
            _socket(brass),
            _shade(bottom * flare, top, fabric, brass),
            _harp(brass),
            _pull_chain(brass),
            _cord(),
        ],
        seed,
    )


def _body(outline: Sequence[tuple[float, float]], belly: float, glaze: Texture, brass: Texture) -> Part:
    """Return foot, turned body and neck, standing on y = 0, up to 0.315 m."""
    foot = lathe(
        [(0.0, 0.004), (0.083, 0.004), (0.088, 0.010), (0.086, 0.017), (0.074, 0.022), (0.060, 0.027), (0.052, 0.034)],
        brass,
        40,
    )
    felt = cylinder(0.080, 0.008, plain("#27402f", MATT), segments=40, bevel=0.0).moved(y=0.004)
    shaped = spline([(0.03 + (r - 0.03) * belly, y) for r, y in (*outline, (0.030, 0.270))], 28)
    neck = lathe(
        [(0.0, 0.262), (0.034, 0.264), (0.036, 0.270), (0.033, 0.276), (0.016, 0.281), (0.012, 0.290)], brass, 28
    )
    stem = cylinder(0.0085, 0.05, brass, segments=16).moved(y=0.305)
    return join([foot, felt, lathe(shaped, glaze, 40), neck, stem])


def _socket(brass: Texture) -> Part:
    """Return the bulb holder with its switch, and the bulb."""
    shell = lathe(
        [
            (0.0, 0.322),
            (0.010, 0.322),
            (0.016, 0.330),
            (0.0185, 0.345),
            (0.0185, 0.352),
            (0.0195, 0.355),
            (0.0185, 0.358),
            (0.0185, 0.385),
            (0.0165, 0.389),
            (0.0, 0.389),
        ],
        brass,
        24,
    )
    key = cylinder(0.004, 0.018, brass, "x", 10).moved(0.024, 0.340) + ellipsoid(
        (0.007, 0.015, 0.011), plain("#2a2320"), 12
    ).moved(0.035, 0.340)
    thread = lathe([(0.0, 0.386), (0.013, 0.386), (0.0135, 0.400), (0.015, 0.404), (0.0, 0.408)], metal("#c9cbcd"), 20)
    warm = paint("#fff3cf", 0.0, Finish(0.25, 40.0, 1.0, 0.7))
    bulb = spline(
        [(0.0135, 0.402), (0.017, 0.416), (0.027, 0.436), (0.030, 0.452), (0.026, 0.470), (0.013, 0.481), (0.0, 0.483)],
        16,
    )
    bulb[-1, 0] = 0.0
    return join([shell, key, thread, lathe(bulb, warm, 24)])


def _shade(bottom: float, top: float, fabric: str, brass: Texture) -> Part:
    """Return an empire shade: a fabric shell 3 mm thick, trimmed rims, and a spider."""
    low, high, thick = 0.335, 0.572, 0.003
    glow = Finish(0.0, 8.0, 1.0, 0.85)
    linen = gradient(
        cloth(fabric, 0.007, 0.05).finished(glow),
        cloth("#efe4c8", 0.007, 0.04).finished(glow),
        "y",
        low - 0.02,
        high + 0.05,
    )
    curve = [(bottom - (bottom - top) * t**0.82, low + (high - low) * t) for t in np.linspace(0.0, 1.0, 9)]
    loop = [*curve, *((r - thick, y) for r, y in reversed(curve)), curve[0]]
    shell = lathe(loop, linen, 56)
    trim = cloth("#b89a63", 0.004, 0.15)
    rims = join(
        pipe(radius + 0.0022, radius - thick - 0.0015, 0.011, trim, segments=56).moved(y=y)
        for radius, y in ((bottom, low + 0.004), (top, high - 0.004))
    )
    hub = pipe(0.011, 0.005, 0.004, brass, segments=16).moved(y=high - 0.016)
    spoke = tube(
        [(0.009, high - 0.016, 0.0), (0.6 * top, high - 0.016, 0.0), (top - 0.003, high - 0.006, 0.0)], 0.0016, brass, 6
    )
    wires = torus(bottom - thick - 0.001, 0.003, brass, segments=40, sides=6).moved(y=low + 0.006)
    return join([shell, rims, hub, ring(spoke, 3, start_deg=30.0), wires])


def _harp(brass: Texture) -> Part:
    """Return the wire that carries the shade, and the finial on top of it."""
    half = [
        (0.012, 0.325),
        (0.030, 0.335),
        (0.046, 0.380),
        (0.048, 0.450),
        (0.036, 0.515),
        (0.014, 0.546),
        (0.0, 0.550),
    ]
    path = spline([*half, *((-x, y) for x, y in reversed(half[:-1]))], 40)
    saddle = cylinder(0.016, 0.006, brass, segments=16).moved(y=0.322)
    screw = rod((0.0, 0.548, 0.0), (0.0, 0.580, 0.0), 0.003, brass)
    finial = lathe(
        [
            (0.0, 0.566),
            (0.0075, 0.566),
            (0.0075, 0.570),
            (0.004, 0.573),
            *arc(0.0105, -65.0, 90.0, 10, (0.0, 0.586))[:-1],
            (0.0, 0.600),
        ],
        brass,
        20,
    )
    return join([tube(lift(path, "xy"), 0.0019, brass, 7), saddle, screw, finial])


def _pull_chain(brass: Texture) -> Part:
    """Return a bead chain that hangs from the holder to below the shade's rim, in front."""
    beads = row(ellipsoid(0.0042, brass, 8), 24, (0.0, 0.0050, 0.0)).moved(0.032, 0.302, 0.030)
    knob = ellipsoid((0.010, 0.016, 0.010), plain("#efe7d2"), 12).moved(0.032, 0.236, 0.030)
    arm = rod((0.012, 0.362, 0.012), (0.0325, 0.362, 0.0305), 0.0022, brass)
    return join([beads, knob, arm])


def _cord() -> Part:
    """Return the cord that leaves the foot behind and lies on the table, with its plug."""
    brown = plastic("#4a3524")
    way = rounded([(0.0, 0.010, -0.075), (0.0, 0.0035, -0.11), (0.05, 0.0035, -0.15), (0.12, 0.0035, -0.13)], 0.03, 6)
    plug = cylinder(0.009, 0.026, brown, "x", 12).moved(0.131, 0.0095, -0.13)
    pins = row(cylinder(0.0016, 0.016, metal(), "x", 8).moved(0.151, 0.0095, -0.13), 2, (0.0, 0.0, 0.009))
    return join([tube(way, 0.0033, brown, 8), plug, pins])
