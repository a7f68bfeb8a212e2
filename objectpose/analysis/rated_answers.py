"""Answers with a confidence, and the class of each picture: what calibration and abstaining are computed from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from objectpose.errors import ObjectPoseError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class RatedAnswers:
    """Checked answers of one network.

    Attributes:
        confidence: N, 0..1.
        right: N, 1.0 or 0.0.
        code: N, the number of each picture's class in the order of names.
        count: how many classes there are.
    """

    confidence: Floats
    right: Floats
    code: NDArray[np.int64]
    count: int

    def sums(self, place: NDArray[np.int64], places: int, values: Floats | None = None) -> Floats:
        """Return the sums of N values, of ones where none are given, as classes x places."""
        cell = self.code * places + place
        sums = np.bincount(cell, values, minlength=self.count * places).astype(np.float64)
        return sums.reshape(self.count, places)


def rated_answers(confidence: ArrayLike, correct: ArrayLike, classes: Sequence[str] | NDArray[np.str_]) -> RatedAnswers:
    """Return checked answers.

    Args:
        confidence: N, 0..1.
        correct: N, True/1 or False/0.
        classes: N, the class of each picture.

    Raises:
        ObjectPoseError: as :func:`checked_answers`; classes that do not fit the answers.
    """
    values, right = checked_answers(confidence, correct)
    if len(classes) != len(values):
        raise ObjectPoseError(f"{len(classes)} classes were given for {len(values)} pictures, expected one a picture.")
    known, code = np.unique(np.asarray(classes, dtype=str), return_inverse=True)
    return RatedAnswers(values, right, code.astype(np.int64), len(known))


def checked_answers(confidence: ArrayLike, correct: ArrayLike) -> tuple[Floats, Floats]:
    """Return confidences and answers (1.0 or 0.0) as arrays.

    Raises:
        ObjectPoseError: no answer, different lengths, a confidence outside 0..1, an answer neither right nor wrong.
    """
    values = checked_confidences(confidence)
    try:
        right = np.asarray(correct, dtype=np.float64)
    except (TypeError, ValueError):
        right = np.full(values.shape, np.nan)
    if right.shape != values.shape:
        raise ObjectPoseError(
            f"{len(values)} confidences and answers of shape {right.shape} were given, expected one of each a picture."
        )
    if not ((right == 0.0) | (right == 1.0)).all():
        raise ObjectPoseError(
            "An answer is neither right nor wrong; leave pictures out that a network has no class for."
        )
    return values, right


def checked_confidences(confidence: ArrayLike) -> Floats:
    """Return confidences as an array.

    Raises:
        ObjectPoseError: no answer, or a confidence outside 0..1.
    """
    values = np.asarray(confidence, dtype=np.float64)
    if values.ndim != 1 or len(values) == 0:
        raise ObjectPoseError(
            f"Confidences of shape {values.shape} were given, expected one a picture for at least one."
        )
    if not ((values >= 0.0) & (values <= 1.0)).all():
        raise ObjectPoseError("A confidence is outside 0..1; give top-1 probabilities.")
    return values
