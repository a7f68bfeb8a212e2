"""Rows of a plan for pictures that exist already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from objectpose.objects.symmetry import NONE, Symmetry
from objectpose.rendering.poses import IDENTITY, Quaternion, distance_deg

Angles = tuple[float | None, float | None, float | None]
"""Yaw, pitch and roll in degrees; None where there is none."""


@dataclass(frozen=True)
class Listed:
    """A picture of a folder.

    Attributes:
        path: relative to the folder, with ``/``.
        row: its values for the columns of ``plan.SCHEMA``.
    """

    path: str
    row: dict[str, Any]


def listed(
    path: str,
    class_name: str,
    targets: Sequence[int],
    *,
    condition: str = "photo",
    baseline: str = "photo",
    background: str = "photo",
    instance: int = 0,
    alternatives: Sequence[int] | None = None,
    angles: Angles = (None, None, None),
    rotation: Quaternion | tuple[float, float, float, float] = IDENTITY,
    symmetry: Symmetry = NONE,
    sweep_deg: float | None = None,
    translation: tuple[float, float, float] = (0.0, 0.0, 0.0),
    image_rotation_deg: float = 0.0,
    background_rotation_deg: float = 0.0,
) -> Listed:
    """Return a picture with its row; without further words it is a photograph of unknown pose.

    The ``image_id`` is the path. A photograph is compared with nothing (its condition is its own baseline), stands in
    the identity pose at distance 0, and has scale 1 and translation 0, none of which is a statement about it.
    """
    quaternion = np.asarray(rotation, np.float64)
    row = {
        "image_id": path,
        "object_id": f"{class_name}/{instance}",
        "class_name": class_name,
        "instance": instance,
        "targets": [int(index) for index in targets],
        "alt_targets": None if alternatives is None else [int(index) for index in alternatives],
        "condition": condition,
        "baseline": baseline,
        "background": background,
        **dict(zip(("yaw_deg", "pitch_deg", "roll_deg"), angles, strict=True)),
        "sweep_deg": sweep_deg,
        "distance_deg": distance_deg(quaternion, symmetry),
        **{f"q{axis}": float(value) for axis, value in zip("wxyz", quaternion, strict=True)},
        **{f"t{axis}": float(value) for axis, value in zip("xyz", translation, strict=True)},
        "scale": 1.0,
        "image_rotation_deg": image_rotation_deg,
        "background_rotation_deg": background_rotation_deg,
        "weight": 1.0,
        "seed": 0,
    }
    return Listed(path, row)
