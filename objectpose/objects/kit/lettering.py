"""Block letters from flat bars: words on signs and vehicles."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from objectpose.errors import ObjectPoseError
from objectpose.objects.kit.part import Part, join
from objectpose.objects.kit.solids import box
from objectpose.objects.kit.textures import Texture

STROKES: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "A": (((0, 0), (0, 3), (1, 4), (2, 3), (2, 0)), ((0, 2), (2, 2))),
    "E": (((2, 0), (0, 0), (0, 4), (2, 4)), ((0, 2), (1.6, 2))),
    "I": (((1, 0), (1, 4)),),
    "K": (((0, 0), (0, 4)), ((2, 4), (0, 1.8)), ((0.6, 2.2), (2, 0))),
    "L": (((0, 4), (0, 0), (2, 0)),),
    "M": (((0, 0), (0, 4), (1, 2), (2, 4), (2, 0)),),
    "N": (((0, 0), (0, 4), (2, 0), (2, 4)),),
    "O": (((0.5, 0), (0, 0.5), (0, 3.5), (0.5, 4), (1.5, 4), (2, 3.5), (2, 0.5), (1.5, 0), (0.5, 0)),),
    "P": (((0, 0), (0, 4), (1.5, 4), (2, 3.5), (2, 2.4), (1.5, 1.9), (0, 1.9)),),
    "S": (
        (
            (2, 3.3),
            (1.5, 4),
            (0.5, 4),
            (0, 3.5),
            (0, 2.6),
            (0.4, 2.1),
            (1.6, 1.9),
            (2, 1.4),
            (2, 0.5),
            (1.5, 0),
            (0.5, 0),
            (0, 0.7),
        ),
    ),
    "T": (((0, 4), (2, 4)), ((1, 4), (1, 0))),
    "V": (((0, 4), (1, 0), (2, 4)),),
    "B": (
        ((0, 0), (0, 4), (1.5, 4), (2, 3.6), (2, 2.5), (1.5, 2.1), (0, 2.1)),
        ((1.5, 2.1), (2, 1.6), (2, 0.5), (1.5, 0), (0, 0)),
    ),
    "C": (((2, 0.6), (1.5, 0), (0.5, 0), (0, 0.5), (0, 3.5), (0.5, 4), (1.5, 4), (2, 3.4)),),
    "G": (((2, 3.4), (1.5, 4), (0.5, 4), (0, 3.5), (0, 0.5), (0.5, 0), (1.5, 0), (2, 0.5), (2, 1.8), (1.1, 1.8)),),
    "H": (((0, 0), (0, 4)), ((2, 0), (2, 4)), ((0, 2), (2, 2))),
    "R": (((0, 0), (0, 4), (1.5, 4), (2, 3.5), (2, 2.4), (1.5, 1.9), (0, 1.9)), ((1, 1.9), (2, 0))),
    "U": (((0, 4), (0, 0.5), (0.5, 0), (1.5, 0), (2, 0.5), (2, 4)),),
}
"""Strokes of each letter as polylines on a grid 2 wide and 4 high."""


def letters(text: str, height: float, depth: float, texture: Texture, stroke_share: float = 0.16) -> Part:
    """Return a word of block letters in the xy plane that is read from +z, centred, ``depth`` thick along z.

    Args:
        text: capitals of ``STROKES`` and blanks.
        height: of a letter, metres.
        depth: thickness along z.
        texture: what they are made of.
        stroke_share: width of a stroke as a share of the height.

    Raises:
        ObjectPoseError: a letter has no strokes.
    """
    missing = sorted(set(text) - set(STROKES) - {" "})
    if missing:
        raise ObjectPoseError(f"The word '{text}' has the letter '{missing[0]}', expected {''.join(sorted(STROKES))}.")
    unit, stroke = (1.0 - stroke_share) * height / 4.0, stroke_share * height
    advance = 2.0 * unit + 2.1 * stroke
    parts = []
    for number, letter in enumerate(text):
        left = (number - 0.5 * (len(text) - 1)) * advance - unit
        for line in STROKES.get(letter, ()):
            points = np.asarray(line, np.float64) * unit + np.array([left, -2.0 * unit])
            parts.append(strokes(points, stroke, depth, texture))
    return join(parts)


def strokes(points: ArrayLike, wide: float, depth: float, texture: Texture) -> Part:
    """Return flat bars ``wide`` metres wide along a polyline in the xy plane, ``depth`` thick along z."""
    parts = []
    for a, b in pairwise(np.asarray(points, np.float64)):
        run, middle = b - a, 0.5 * (a + b)
        piece = box((float(np.hypot(*run)) + 0.7 * wide, wide, depth), texture, 0.15 * depth)
        turned = piece.turned("z", float(np.degrees(np.arctan2(run[1], run[0]))))
        parts.append(turned.moved(float(middle[0]), float(middle[1])))
    return join(parts)
