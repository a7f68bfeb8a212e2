"""Animals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from objectpose.objects.kit import (
    GLOSS,
    Finish,
    Part,
    Texture,
    Variant,
    aerofoil,
    assemble,
    by,
    ellipsoid,
    fbm,
    join,
    loft,
    mirror,
    paint,
    plain,
    spline,
    tube,
)
from objectpose.objects.mesh import Mesh

Points = NDArray[np.float64]

_BACKS = ("#51595c", "#4f4838", "#54606a", "#3c4449", "#6b777c")
_WET = Finish(0.08, 8.0)


def hammerhead(seed: int) -> Mesh:
    """Build a scalloped hammerhead shark: cephalofoil, countershading, tall first dorsal fin, long upper tail lobe.

    Args:
        seed: instance number; 0 is the reference, others vary the back's colour, girth, hammer, fins, tail and pose.

    Returns:
        A closed mesh about 3.25 m long and 1.5 m wide over the pectoral fins.
    """
    v = Variant("hammerhead", seed)
    back = paint(v.pick(*_BACKS), 0.09, _WET, 0.25)
    belly = paint(v.pick("#dedcd4", "#e4e0d2", "#d2d3d0"), 0.05, _WET, 0.2)
    girth, swing = v.between(1.0, 0.92, 1.12), v.between(0.0, -0.13, 0.13)

    def shade(position: Points, normal: Points) -> Points:
        wave = 0.25 * (fbm(position / 0.12, seed + 3) - 0.5)
        return np.asarray(0.5 - 4.0 * (normal[:, 1] + 0.02 + wave))

    skin = by(shade, back, belly)

    def swim(p: Points) -> Points:
        """Bend the tail to one side, more the farther behind the head."""
        behind = np.clip(0.6 - p[:, 2], 0.0, None)
        return p + np.column_stack([swing * behind**2 * np.cos(0.9 * behind), np.zeros((len(p), 2))])

    body = _trunk(skin).warped(lambda p: p * (girth, girth, 1.0))
    parts = [body, _cephalofoil(v, skin), _fins(v, skin, back), _gills(girth), _mouth()]
    return assemble(join(parts).warped(swim), seed)


_TRUNK = (
    (1.31, 0.02, 0.10, 0.045),
    (1.24, 0.02, 0.22, 0.105),
    (1.14, 0.02, 0.27, 0.150),
    (1.02, 0.015, 0.29, 0.200),
    (0.92, 0.01, 0.31, 0.250),
    (0.80, 0.01, 0.34, 0.310),
    (0.55, 0.02, 0.41, 0.42),
    (0.25, 0.01, 0.46, 0.50),
    (-0.05, 0.00, 0.44, 0.50),
    (-0.40, 0.01, 0.35, 0.42),
    (-0.75, 0.03, 0.23, 0.29),
    (-1.05, 0.06, 0.13, 0.18),
    (-1.28, 0.09, 0.085, 0.125),
    (-1.40, 0.11, 0.050, 0.090),
    (-1.49, 0.13, 0.008, 0.030),
)
"""Sections of the body: z, y of the middle, width, height; metres."""


def _trunk(skin: Texture) -> Part:
    """Return the body from the neck to the root of the tail."""
    sections = []
    angle = np.arange(40) * (2.0 * np.pi / 40.0)
    for z, y, wide, high in _TRUNK:
        x = 0.5 * wide * np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** 0.92
        up = 0.5 * high * np.sin(angle)
        sections.append((np.column_stack([x, y + up]), z))
    return loft(sections, skin, smooth=4, crease_deg=80.0)


def _blade(
    sections: Sequence[tuple[ArrayLike, ArrayLike, float]], across: ArrayLike, texture: Texture, smooth: int = 4
) -> Part:
    """Return a fin through sections, each a leading edge, a trailing edge and a thickness.

    Args:
        sections: from the root to the tip.
        across: direction of the thickness.
        texture: of the skin.
        smooth: as in ``loft``.
    """
    rings = [aerofoil(lead, trail, thick, across, 11) for lead, trail, thick in sections]
    return loft(rings, texture, smooth, crease_deg=75.0)


def _cephalofoil(v: Variant, skin: Texture) -> Part:
    """Return the hammer with its eyes and nostrils: scalloped, or as the smooth and the great kind have it."""
    half = v.between(0.46, 0.42, 0.52)
    bow, notch = v.pick((0.115, 0.022), (0.135, 0.0), (0.07, 0.016))
    sections = []
    for s in np.linspace(-1.0, 1.0, 41):
        u = abs(float(s))
        lead = 1.335 - bow * u**1.8 - notch * np.exp(-((u / 0.10) ** 2)) - notch * np.exp(-(((u - 0.62) / 0.09) ** 2))
        trail = 1.005 + 0.085 * min(1.0, u / 0.55) ** 1.2 - 0.015 * u**4
        end = max(0.0, (u - 0.90) / 0.10)
        pinch = float(np.sqrt(max(0.0, 1.0 - end**2.5)))
        middle = 0.5 * (lead + trail) - 0.01 * end
        lead, trail = (
            middle + (lead - middle) * (0.55 + 0.45 * pinch),
            middle + (trail - middle) * (0.55 + 0.45 * pinch),
        )
        thick = (0.065 - 0.0286 * min(1.0, u / 0.8)) * (0.35 + 0.65 * pinch)
        x, y = half * float(s), 0.02 + 0.012 * u
        sections.append(((x, y, lead), (x, y, trail), thick))
    plank = _blade(sections, (0.0, 1.0, 0.0), skin, 1)
    eye = ellipsoid((0.030, 0.050, 0.056), plain("#101113", GLOSS), 14).moved(0.457, 0.036, 1.165)
    white = ellipsoid((0.030, 0.062, 0.070), plain("#9a9890"), 14).moved(0.450, 0.036, 1.165)
    slit = tube(
        spline([(0.400, 0.031, 1.234), (0.355, 0.031, 1.262), (0.305, 0.031, 1.278)], 8), 0.007, plain("#2b2c2d"), 6
    )
    return join([plank, mirror(join([eye, white, slit]).moved(half - 0.46, 0.0, 0.8 * (0.115 - bow)))])


def _stretched(part: Part, root: Sequence[float], size: Sequence[float]) -> Part:
    """Return a fin with its root (x, y, z) in place and its reach multiplied along each axis."""
    return part.warped(lambda p: p + (p - root) * (np.asarray(size) - 1.0))


def _fins(v: Variant, skin: Texture, back: Texture) -> Part:
    """Return both dorsal fins, the pectoral, pelvic and anal fins and the tail."""
    x = (1.0, 0.0, 0.0)
    dorsal = _blade(
        [
            ((0.0, 0.16, 0.42), (0.0, 0.16, 0.02), 0.0312),
            ((0.0, 0.34, 0.31), (0.0, 0.30, 0.03), 0.02288),
            ((0.0, 0.52, 0.19), (0.0, 0.46, 0.035), 0.0156),
            ((0.0, 0.66, 0.07), (0.0, 0.62, -0.01), 0.00936),
            ((0.0, 0.715, -0.03), (0.0, 0.710, -0.055), 0.00312),
        ],
        x,
        back,
    )
    second = _blade(
        [
            ((0.0, 0.15, -0.84), (0.0, 0.12, -1.06), 0.01352),
            ((0.0, 0.22, -0.92), (0.0, 0.19, -1.07), 0.00832),
            ((0.0, 0.262, -0.99), (0.0, 0.225, -1.10), 0.00416),
            ((0.0, 0.275, -1.05), (0.0, 0.268, -1.065), 0.00156),
        ],
        x,
        back,
    )
    anal = _blade(
        [
            ((0.0, -0.02, -0.80), (0.0, 0.01, -1.06), 0.01352),
            ((0.0, -0.09, -0.91), (0.0, -0.06, -1.05), 0.00832),
            ((0.0, -0.145, -1.00), (0.0, -0.110, -1.08), 0.00416),
            ((0.0, -0.175, -1.065), (0.0, -0.170, -1.075), 0.00156),
        ],
        x,
        skin,
    )
    upper = _blade(
        [
            ((0.0, 0.145, -1.19), (0.0, 0.07, -1.43), 0.0312),
            ((0.0, 0.27, -1.37), (0.0, 0.14, -1.50), 0.02184),
            ((0.0, 0.44, -1.53), (0.0, 0.31, -1.64), 0.0156),
            ((0.0, 0.60, -1.67), (0.0, 0.50, -1.76), 0.0104),
            ((0.0, 0.67, -1.735), (0.0, 0.595, -1.795), 0.0078),
            ((0.0, 0.705, -1.77), (0.0, 0.615, -1.850), 0.00676),
            ((0.0, 0.765, -1.83), (0.0, 0.725, -1.880), 0.00416),
            ((0.0, 0.800, -1.875), (0.0, 0.793, -1.885), 0.00156),
        ],
        x,
        back,
    )
    lower = _blade(
        [
            ((0.0, 0.12, -1.25), (0.0, 0.17, -1.46), 0.026),
            ((0.0, -0.01, -1.36), (0.0, 0.06, -1.50), 0.0156),
            ((0.0, -0.13, -1.475), (0.0, -0.08, -1.55), 0.00728),
            ((0.0, -0.195, -1.555), (0.0, -0.188, -1.565), 0.00156),
        ],
        x,
        back,
    )
    pectoral = _blade(
        [
            ((0.15, -0.13, 0.58), (0.15, -0.14, 0.22), 0.0312),
            ((0.34, -0.18, 0.47), (0.33, -0.19, 0.21), 0.02288),
            ((0.55, -0.245, 0.31), (0.52, -0.245, 0.15), 0.01456),
            ((0.70, -0.295, 0.15), (0.68, -0.295, 0.08), 0.00728),
            ((0.755, -0.315, 0.055), (0.750, -0.315, 0.035), 0.0026),
        ],
        (0.28, 1.0, 0.0),
        skin,
    )
    pelvic = _blade(
        [
            ((0.07, -0.14, -0.42), (0.07, -0.10, -0.63), 0.0156),
            ((0.15, -0.19, -0.50), (0.14, -0.17, -0.64), 0.0104),
            ((0.215, -0.230, -0.59), (0.205, -0.22, -0.66), 0.0052),
            ((0.240, -0.246, -0.645), (0.238, -0.245, -0.655), 0.00156),
        ],
        (0.6, 1.0, 0.0),
        skin,
    )
    high, chord = v.near(1.0, 0.18), v.near(1.0, 0.1)
    dorsal = _stretched(dorsal, (0.0, 0.16, 0.2), (1.0, high, chord))
    reach = v.near(1.0, 0.16)
    upper = _stretched(upper, (0.0, 0.1, -1.3), (1.0, reach, reach))
    wide = v.near(1.0, 0.15)
    pectoral = _stretched(pectoral, (0.15, -0.13, 0.4), (wide, wide, chord))
    return join([dorsal, second, anal, upper, lower, mirror(pectoral + pelvic)])


def _gills(girth: float) -> Part:
    """Return five gill slits a side, in front of and above the pectoral fins."""
    dark = plain("#2c2e30")
    slits = []
    for k in range(5):
        z = 0.86 - 0.062 * k
        wide, high = (float(np.interp(z, [r[0] for r in _TRUNK[::-1]], [r[c] for r in _TRUNK[::-1]])) for c in (2, 3))
        angle = np.deg2rad(np.linspace(-38.0, 22.0, 9))
        points = np.column_stack(
            [0.5 * wide * np.cos(angle) ** 0.92, 0.02 + 0.5 * high * np.sin(angle), z - 0.02 * np.cos(2.0 * angle)]
        ) * (girth, girth, 1.0)
        slits.append(tube(points, 0.0055, dark, 6))
    return mirror(join(slits))


def _mouth() -> Part:
    """Return the crescent of the mouth under the head."""
    way = spline(
        [
            (-0.100, -0.072, 0.960),
            (-0.065, -0.069, 1.055),
            (0.0, -0.066, 1.085),
            (0.065, -0.069, 1.055),
            (0.100, -0.072, 0.960),
        ],
        15,
    )
    return tube(way, 0.010, plain("#3a2c2a"), 8)
