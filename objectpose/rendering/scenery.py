"""Procedural scenes that stand in for photographs behind objects, where no photographs are at hand."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from objectpose.errors import ObjectPoseError, nearest
from objectpose.rendering.canvas import Canvas, Plane, channels, draw_seed, pick, smooth
from objectpose.rendering.indoors import indoors
from objectpose.rendering.outdoors import outdoors

Setting = Literal["outdoor", "indoor"]
SCENERY_VERSION = "1"
"""Changes whenever a pixel could; part of a data set's hash."""


def scenery(setting: Setting, seed: int, size_px: int) -> NDArray[np.uint8]:
    """Return a scene like an out-of-focus photograph, without a thing that would draw the eye.

    Equal arguments give equal bytes on every machine; another size shows the same scene.

    Args:
        setting: ``outdoor`` or ``indoor``.
        seed: >= 0.
        size_px: S, >= 1.

    Returns:
        uint8 S x S x 3.

    Raises:
        ObjectPoseError: another setting, a negative seed, or a size below 1.

    >>> scenery("outdoor", 3, 32).shape
    (32, 32, 3)
    """
    painters = {"outdoor": outdoors, "indoor": indoors}
    if setting not in painters:
        raise ObjectPoseError(f"Unknown setting of a scene '{setting}'; {nearest(setting, painters)}.")
    if seed < 0 or size_px < 1:
        raise ObjectPoseError(
            f"A scene of seed {seed} and {size_px} pixels was asked for; expected a seed of 0 or more and 1 pixel at "
            "least."
        )
    canvas = Canvas(size_px)
    rng = np.random.Generator(np.random.PCG64((seed, list(painters).index(setting))))
    picture = _developed(canvas, rng, painters[setting](canvas, rng))
    levels = np.floor(np.clip(picture, 0, 1) * np.float32(255) + np.float32(0.5))
    return np.ascontiguousarray(levels.astype(np.uint8).transpose(1, 2, 0))


def _developed(canvas: Canvas, rng: np.random.Generator, picture: Plane) -> Plane:
    """Return what a camera makes of a scene: white balance, exposure, contrast, darker corners, grain."""
    warm = pick(rng, -0.04, 0.04)
    picture = picture * channels((1.0 + warm, 1.0, 1.0 - warm)) * np.float32(pick(rng, 0.82, 1.02))
    haze = np.float32(pick(rng, 0.0, 0.05))
    picture = haze + (np.float32(1) - haze) * picture
    grey = (picture[0] + picture[1] + picture[1] + picture[2]) * np.float32(0.25)
    picture = picture + np.float32(pick(rng, 0.05, 0.4)) * (grey - picture)
    picture = picture + np.float32(pick(rng, 0.0, 0.45)) * (smooth(picture) - picture)
    right, down = canvas.x - np.float32(0.5), canvas.y - np.float32(0.5)
    corner = right * right + down * down
    picture = picture * (np.float32(1) - np.float32(pick(rng, 0.05, 0.35)) * corner)
    first = draw_seed(rng)
    grain = np.stack([canvas.noise(first + c, (230.0, 230.0), 2, gain=0.9) for c in range(4)])
    return np.asarray(
        picture + np.float32(pick(rng, 0.003, 0.010)) * (grain[3] + np.float32(0.4) * grain[:3]), np.float32
    )
