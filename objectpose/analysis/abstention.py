"""Abstaining: how accurate is a network on the answers that it is surest of?

Answers are accepted from the highest confidence (top-1 probability) downwards. ``coverage`` is the accepted share, the
risk is the share of errors among the accepted answers, and AURC is the mean risk over the coverages 1/N, 2/N, ... 1
(Geifman and El-Yaniv 2017; Geifman, Uziel and El-Yaniv 2019): 0 is best, and a confidence that says nothing about
being right gives about the share of errors.

Answers of equal confidence cannot be told apart: the curve has a point only where all of them are in, and AURC takes
its mean over their orders. Every picture weighs the same; intervals are over classes. Where all answers are right or
all wrong, the limits are those of the share of errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import digamma

from objectpose.analysis.bootstrap import REPLICATES, Floats, hull_limits, ratio, share_limits
from objectpose.analysis.calibration import bins_of
from objectpose.analysis.draws import class_draws
from objectpose.analysis.rated_answers import RatedAnswers, checked_answers, rated_answers

LEVELS = 100
"""A curve has at most this many points; intervals of AURC take answers in as many groups."""

CURVE_COLUMNS = ("threshold", "coverage", "n_images", "n_classes", "accuracy", "accuracy_lo", "accuracy_hi")


@dataclass(frozen=True)
class Risk:
    """The area under a risk-coverage curve, all 0..1.

    Attributes:
        area: AURC.
        low: lower limit of its 95 % interval over classes; NaN with one class.
        high: upper limit; NaN with one class.
        best: AURC if all right answers were surer than all wrong ones.
        error: the share of errors at full coverage.
    """

    area: float
    low: float
    high: float
    best: float
    error: float


def aurc(confidence: ArrayLike, correct: ArrayLike) -> float:
    """Return the area under the risk-coverage curve, 0..1.

    Args:
        confidence: N, 0..1.
        correct: N, True/1 or False/0.

    Raises:
        ObjectPoseError: as ``calibration.checked_answers``.

    >>> round(aurc([0.9, 0.8, 0.7], [1, 1, 0]), 6)  # risks 0, 0, 1/3
    0.111111
    """
    values, right = checked_answers(confidence, correct)
    _, level = np.unique(-values, return_inverse=True)
    return float(_area(np.bincount(level).astype(np.float64), np.bincount(level, 1.0 - right).astype(np.float64)))


def risk(
    confidence: ArrayLike,
    correct: ArrayLike,
    classes: Sequence[str] | NDArray[np.str_],
    *,
    seed: int = 0,
    replicates: int = REPLICATES,
) -> Risk:
    """Return AURC with its 95 % interval over classes and what to compare it with.

    Args:
        confidence: N, 0..1.
        correct: N, True/1 or False/0.
        classes: N, the class of each picture.
        seed: of the draws.
        replicates: how many times the classes are drawn.

    Raises:
        ObjectPoseError: as ``calibration.checked_answers``; classes that do not fit the answers.
    """
    rated = rated_answers(confidence, correct, classes)
    values, right, count = rated.confidence, rated.right, rated.count
    area = aurc(values, right)
    error = float(1.0 - right.mean())
    best = float(_area(np.ones(len(right)), np.sort(1.0 - right)))
    if count < 2:
        return Risk(area, np.nan, np.nan, best, error)
    if error in (0.0, 1.0):
        asked = rated.sums(np.zeros(len(values), np.int64), 1)
        wrong = error * asked
        share_low, share_high = share_limits(wrong, asked, seed=seed, replicates=replicates)
        return Risk(area, float(share_low[0]), float(share_high[0]), best, error)
    _, images, hits = _by_level(rated)
    errors = images - hits
    draws = class_draws(count, seed=seed, replicates=replicates)
    low, high = hull_limits(
        np.asarray(_area(images.sum(axis=0), errors.sum(axis=0))),
        _area(draws @ images, draws @ errors),
        _area(images.sum(axis=0) - images, errors.sum(axis=0) - errors),
        count,
    )
    return Risk(area, min(area, max(0.0, float(low))), max(area, min(1.0, float(high))), best, error)


def risk_coverage(
    confidence: ArrayLike,
    correct: ArrayLike,
    classes: Sequence[str] | NDArray[np.str_],
    *,
    seed: int = 0,
    replicates: int = REPLICATES,
) -> pd.DataFrame:
    """Return the accuracy of the answers that are at least as sure as a threshold, from the surest to all.

    Args:
        confidence: N, 0..1.
        correct: N, True/1 or False/0.
        classes: N, the class of each picture.
        seed: of the draws.
        replicates: how many times the classes are drawn.

    Returns:
        ``CURVE_COLUMNS``, at most ``LEVELS`` rows with falling ``threshold`` (a confidence) and rising ``coverage``
        (share of pictures answered, the last 1), ``n_images`` answered and ``n_classes`` among them, and their
        ``accuracy`` (1 - risk) with 95 % limits over classes at that threshold, all 0..1.

    Raises:
        ObjectPoseError: as :func:`risk`.
    """
    rated = rated_answers(confidence, correct, classes)
    group, images, hits = _by_level(rated)
    held = np.flatnonzero(images.sum(axis=0))
    images, hits = images.cumsum(axis=1)[:, held], hits.cumsum(axis=1)[:, held]
    low, high = share_limits(hits, images, seed=seed, replicates=replicates)
    total = images.sum(axis=0)
    table = pd.DataFrame(
        {
            "threshold": pd.Series(rated.confidence).groupby(group).min().to_numpy(),
            "coverage": total / len(rated.right),
            "n_images": total.astype(int),
            "n_classes": (images > 0).sum(axis=0),
            "accuracy": ratio(hits.sum(axis=0), total),
            "accuracy_lo": low,
            "accuracy_hi": high,
        }
    )
    return table[list(CURVE_COLUMNS)]


def _by_level(rated: RatedAnswers) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Return each answer's level, the surest first, and answers and right answers as classes x levels."""
    group = LEVELS - 1 - bins_of(rated.confidence, LEVELS)
    return group, rated.sums(group, LEVELS), rated.sums(group, LEVELS, rated.right)


def _area(images: Floats, errors: Floats) -> Floats:
    """Return AURC from ... x levels, surest first, with whole or weighted counts.

    Within a level of n answers and w errors after k0 answers with e0 errors, the mean risk of a random order after k
    answers is (e0 + (k - k0) w / n) / k; summed over k = k0+1 ... k0+n this is w + (e0 - k0 w / n) (H(k0+n) - H(k0))
    with the harmonic numbers H(k) = digamma(k + 1) + constant.
    """
    after, wrong = images.cumsum(axis=-1), errors.cumsum(axis=-1)
    before, wrong_before = after - images, wrong - errors
    share = np.nan_to_num(ratio(errors, images))
    harmonic = digamma(after + 1.0) - digamma(before + 1.0)
    summed = errors + (wrong_before - before * share) * harmonic
    return ratio(summed.sum(axis=-1), after[..., -1])
