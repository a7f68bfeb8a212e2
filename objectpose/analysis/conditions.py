"""Conditions as the analysis meets them: their order, their plain words, and which of them turn things over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from objectpose.errors import ObjectPoseError, nearest

ORDER: tuple[str, ...] = (
    "upright",
    "upright_disc",
    "yaw",
    "roll",
    "pitch",
    "in_plane",
    "image_rotation",
    "two_axes",
    "three_axes",
    "tilt",
    "so3",
    "scaling",
    "scaling_rotation",
    "background_rotation",
    "incongruent",
    "rotated_correct",
    "rotated_incorrect",
    "photo",
)
"""The order in which tables and figures show conditions; unknown ones follow by name."""

PHRASES: Mapping[str, str] = {
    "upright": "upright",
    "upright_disc": "upright inside a disc",
    "yaw": "when turned about the vertical (yaw)",
    "roll": "when rolled sideways (roll)",
    "pitch": "when pitched forwards or backwards (pitch)",
    "in_plane": "when turned in the picture plane (in_plane)",
    "image_rotation": "when the whole picture is turned (image_rotation)",
    "two_axes": "when turned about two axes (two_axes)",
    "three_axes": "when turned about three axes (three_axes)",
    "tilt": "when tilted by 0 to 180 degrees about a random axis (tilt)",
    "so3": "when turned at random (so3)",
    "scaling": "when shown smaller (scaling)",
    "scaling_rotation": "when turned and shown smaller (scaling_rotation)",
    "background_rotation": "when the background is turned (background_rotation)",
    "incongruent": "before a background that does not fit (incongruent)",
    "photo": "on photographs of unknown pose",
    "rotated_correct": "when turned so that the network that chose the pictures was right (rotated_correct)",
    "rotated_incorrect": "when turned so that the network that chose the pictures was wrong (rotated_incorrect)",
}
"""How a sentence names a condition after "recognises 94 % of the pictures"."""

UNUSUAL_TILT_DEG = 20.0
"""An object's up axis further from the vertical than this is no longer upright (``upright`` itself has +-10)."""


def ordered(names: Iterable[str]) -> list[str]:
    """Return the distinct condition names in the order of tables: ``ORDER``, then the unknown ones by name.

    >>> ordered(["so3", "mine", "upright", "so3"])
    ['upright', 'so3', 'mine']
    """
    known = {name: place for place, name in enumerate(ORDER)}
    return sorted(set(names), key=lambda name: (known.get(name, len(ORDER)), name))


def phrase(name: str) -> str:
    """Return plain words for a condition, its own name for one that is not built in.

    >>> phrase("mine")
    'under mine'
    """
    return PHRASES.get(name, f"under {name}")


def losing_uprightness(judged: pd.DataFrame) -> list[str]:
    """Return the conditions that take things out of their upright position, read off the poses of the plan.

    A condition counts when more than half of its images have the object's up axis more than
    ``UNUSUAL_TILT_DEG`` from the vertical (the angle is acos(1 - 2 (qx^2 + qz^2)) for the unit quaternion of
    R_object), or the picture turned by more than that. ``yaw`` and ``scaling`` therefore do not count.

    Args:
        judged: frame with ``condition``, ``baseline``, ``qx``, ``qz`` and, where it has one,
            ``image_rotation_deg``.

    Raises:
        ObjectPoseError: the frame has no ``qx`` and ``qz``.
    """
    if not {"qx", "qz"} <= set(judged.columns):
        raise ObjectPoseError(
            "The plan has no columns qx and qz, so that the conditions that turn things cannot be told; "
            "name them in the argument 'turned'."
        )
    up = 1.0 - 2.0 * (judged["qx"].astype(float) ** 2 + judged["qz"].astype(float) ** 2)
    tilt_deg = np.degrees(np.arccos(np.clip(up.to_numpy(), -1.0, 1.0)))
    turned = tilt_deg > UNUSUAL_TILT_DEG
    if "image_rotation_deg" in judged.columns:
        angle_deg = judged["image_rotation_deg"].astype(float).fillna(0.0).to_numpy()
        turned |= np.abs((angle_deg + 180.0) % 360.0 - 180.0) > UNUSUAL_TILT_DEG
    shares = pd.Series(turned, index=judged.index).groupby(judged["condition"]).mean()
    return ordered(str(name) for name in shares.index[shares.to_numpy() > 0.5])


def require_one(rows: pd.DataFrame, what: str, columns: Sequence[str] = ("dataset",)) -> None:
    """Make sure that what is to be drawn or printed is of one data set.

    Args:
        rows: with ``columns``.
        what: the rows are, the subject of the sentence: ``curves are``.
        columns: that have to have one value each.

    Raises:
        ObjectPoseError: no value, or several.
    """
    for column in columns:
        count = rows[column].nunique()
        if count != 1:
            things = "data sets" if column == "dataset" else f"values of '{column}'"
            raise ObjectPoseError(f"The {what} of {count} {things}, expected one; take each by itself.")


def chosen(known: Sequence[str], conditions: Sequence[str] | None, most: int) -> list[str]:
    """Return the conditions to draw, in the order of tables.

    Args:
        known: those that can be drawn, in the order of tables.
        conditions: those that are asked for; None asks for the first ``most``.
        most: how many fit.

    Raises:
        ObjectPoseError: an unknown condition, or none or more than ``most``.
    """
    for name in conditions or ():
        if name not in known:
            raise ObjectPoseError(f"No curve has the condition '{name}'; {nearest(name, known)}.")
    names = list(known[:most]) if conditions is None else ordered(conditions)
    if not 1 <= len(names) <= most:
        raise ObjectPoseError(f"{len(names)} conditions were asked for, expected 1 to {most}.")
    return names
