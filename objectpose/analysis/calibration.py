"""Calibration: is a network right as often as its probability says?

The confidence of an answer is the network's top-1 probability. Answers are put into bins; the expected calibration
error (ECE; Naeini, Cooper and Hauskrecht 2015; Guo et al. 2017, equation 3) is the mean over pictures of the distance
between the accuracy and the mean confidence of the bin:

    ECE = sum over bins b of n_b / N * |accuracy_b - confidence_b|

Bins, by rule:

- ``equal-width``: M intervals of equal length, (m/M, (m+1)/M] as in Guo et al.; 0 is in the first.
- ``equal-mass``: M bins with equally many answers (Nguyen and O'Connor 2015; the adaptive ECE of Nixon et al. 2019).
  An answer goes by its rank r among N into bin floor(M (r - 1/2) / N). Answers of equal confidence have their mean
  rank and stay together, so that the order of the rows does not matter; bins then differ in size and some can be empty.

An empty bin adds nothing to the ECE and has no row in the reliability curve. Every picture weighs the same.

An ECE is a sum of distances, which chance alone makes positive. :func:`calibration_floor` says how large it is on
average for a perfectly calibrated network with as many pictures; an ECE near it shows nothing. The 95 % interval is
over classes: bias-corrected by the bootstrap, with the jackknife's width, and it begins at 0 where the ECE is within
what 97.5 % of the perfectly calibrated networks would show. ``benchmarks/calibration.py`` prints how often it holds
the truth; the percentiles of the bootstrap alone never do for a well calibrated network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from objectpose.analysis.bootstrap import REPLICATES, Floats, jackknife_half_width, ratio, share_limits
from objectpose.analysis.draws import CONFIDENCE, class_draws
from objectpose.analysis.rated_answers import checked_answers, checked_confidences, rated_answers
from objectpose.errors import ObjectPoseError, nearest

BINS = 15
RULES = ("equal-mass", "equal-width")
CURVE_COLUMNS = (
    "bin",
    "lowest",
    "highest",
    "n_images",
    "n_classes",
    "confidence",
    "accuracy",
    "accuracy_lo",
    "accuracy_hi",
)


@dataclass(frozen=True)
class CalibrationError:
    """An expected calibration error, all 0..1.

    Attributes:
        error: the ECE.
        low: lower limit of the 95 % interval over classes; NaN with one class.
        high: upper limit; NaN with one class.
        floor: the mean ECE of a perfectly calibrated network with the same confidences.
    """

    error: float
    low: float
    high: float
    floor: float


def bins_of(confidence: ArrayLike, bins: int = BINS, rule: str = "equal-mass") -> NDArray[np.int64]:
    """Return the bin, 0..bins-1, of each answer; bins rise with the confidence.

    Args:
        confidence: N, 0..1.
        bins: how many, >= 1.
        rule: one of ``RULES``.

    Raises:
        ObjectPoseError: no answer, a confidence outside 0..1, fewer than one bin, an unknown rule.

    >>> bins_of([0.1, 0.2, 0.2, 0.9], 2).tolist()
    [0, 1, 1, 1]
    >>> bins_of([0.0, 0.5, 0.51, 1.0], 2, "equal-width").tolist()
    [0, 0, 1, 1]
    """
    values = checked_confidences(confidence)
    if bins < 1:
        raise ObjectPoseError(f"{bins} bins were asked for, expected at least 1.")
    if rule == "equal-mass":
        rank = stats.rankdata(values, method="average")
        return np.minimum(np.floor(bins * (rank - 0.5) / len(values)).astype(np.int64), bins - 1)
    if rule == "equal-width":
        inner = np.arange(1, bins) / bins
        return np.searchsorted(inner, values, side="left").astype(np.int64)
    raise ObjectPoseError(f"There is no rule of bins called '{rule}'; {nearest(rule, RULES)}.")


def expected_calibration_error(
    confidence: ArrayLike, correct: ArrayLike, *, bins: int = BINS, rule: str = "equal-mass"
) -> float:
    """Return the ECE, 0..1.

    Args:
        confidence: N, 0..1.
        correct: N, True/1 or False/0.
        bins: how many.
        rule: one of ``RULES``.

    Raises:
        ObjectPoseError: as :func:`bins_of`; lists of different lengths; an answer that is neither right nor wrong.

    >>> round(expected_calibration_error([0.9, 0.9, 0.6, 0.6], [1, 1, 1, 0], bins=2), 9)
    0.1
    """
    values, right = checked_answers(confidence, correct)
    place = bins_of(values, bins, rule)
    return float(np.abs(np.bincount(place, right - values)).sum() / len(values))


def calibration_floor(confidence: ArrayLike, *, bins: int = BINS, rule: str = "equal-mass") -> float:
    """Return the mean ECE of a perfectly calibrated network: right on each picture with the probability it says.

    In a bin the sum of n independent deviations is nearly normal with variance v = sum p (1 - p), and its mean distance
    from 0 is sqrt(2 v / pi).

    Args:
        confidence: N, 0..1.
        bins: how many.
        rule: one of ``RULES``.
    """
    return _floor(checked_confidences(confidence), bins, rule)[0]


def calibration_error(
    confidence: ArrayLike,
    correct: ArrayLike,
    classes: Sequence[str] | NDArray[np.str_],
    *,
    bins: int = BINS,
    rule: str = "equal-mass",
    seed: int = 0,
    replicates: int = REPLICATES,
) -> CalibrationError:
    """Return the ECE with its 95 % interval over classes and its floor.

    Args:
        confidence: N, 0..1.
        correct: N, True/1 or False/0.
        classes: N, the class of each picture.
        bins: how many; they stay where they are in all replicates.
        rule: one of ``RULES``.
        seed: of the draws.
        replicates: how many times the classes are drawn.

    Raises:
        ObjectPoseError: as :func:`expected_calibration_error`; classes that do not fit the answers.
    """
    rated = rated_answers(confidence, correct, classes)
    values, right, count = rated.confidence, rated.right, rated.count
    place = bins_of(values, bins, rule)
    error = float(np.abs(np.bincount(place, right - values)).sum() / len(values))
    floor, spread = _floor(values, bins, rule)
    if count < 2:
        return CalibrationError(error, np.nan, np.nan, floor)
    gap = rated.sums(place, bins, right - values)
    images = rated.sums(np.zeros_like(place), 1)[:, 0]
    draws = class_draws(count, seed=seed, replicates=replicates)
    bias = float((np.abs(draws @ gap).sum(axis=1) / (draws @ images)).mean()) - error
    without = np.abs(gap.sum(axis=0) - gap).sum(axis=1) / (len(values) - images)
    half = float(jackknife_half_width(np.asarray(error), without, count))
    chance = floor + float(stats.norm.ppf(0.5 + CONFIDENCE / 2)) * spread
    low = 0.0 if error <= chance else max(0.0, error - bias - half)
    return CalibrationError(error, min(low, error), min(1.0, max(error, error - bias + half)), floor)


def reliability(
    confidence: ArrayLike,
    correct: ArrayLike,
    classes: Sequence[str] | NDArray[np.str_],
    *,
    bins: int = 10,
    rule: str = "equal-mass",
    seed: int = 0,
    replicates: int = REPLICATES,
) -> pd.DataFrame:
    """Return the reliability curve: accuracy against confidence, one row a bin that holds an answer.

    Args:
        confidence: N, 0..1.
        correct: N, True/1 or False/0.
        classes: N, the class of each picture.
        bins: how many.
        rule: one of ``RULES``.
        seed: of the draws.
        replicates: how many times the classes are drawn.

    Returns:
        ``CURVE_COLUMNS``: ``lowest`` and ``highest`` confidence in the bin, mean ``confidence``, ``accuracy`` with its
        95 % limits over classes (NaN where all pictures of a bin are of one class), all 0..1.

    Raises:
        ObjectPoseError: as :func:`calibration_error`.
    """
    rated = rated_answers(confidence, correct, classes)
    place = bins_of(rated.confidence, bins, rule)
    images, hits = rated.sums(place, bins), rated.sums(place, bins, rated.right)
    low, high = share_limits(hits, images, seed=seed, replicates=replicates)
    grouped = pd.Series(rated.confidence).groupby(place)
    table = pd.DataFrame(
        {
            "bin": np.arange(bins),
            "n_images": images.sum(axis=0).astype(int),
            "n_classes": (images > 0).sum(axis=0),
            "accuracy": ratio(hits.sum(axis=0), images.sum(axis=0)),
            "accuracy_lo": low,
            "accuracy_hi": high,
        }
    )
    own = pd.DataFrame({"lowest": grouped.min(), "highest": grouped.max(), "confidence": grouped.mean()})
    return table.merge(own, left_on="bin", right_index=True)[list(CURVE_COLUMNS)].reset_index(drop=True)


def _floor(values: Floats, bins: int, rule: str) -> tuple[float, float]:
    """Return mean and standard deviation of a perfectly calibrated network's ECE."""
    variance = np.bincount(bins_of(values, bins, rule), values * (1.0 - values))
    mean = np.sqrt(2.0 * variance / np.pi).sum() / len(values)
    return float(mean), float(np.sqrt((1.0 - 2.0 / np.pi) * variance.sum()) / len(values))
