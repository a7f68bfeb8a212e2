"""Intervals over classes: the class is the sampling unit.

**What is estimated.** The mean over classes of each class's accuracy, so that every class weighs the same
whatever its number of images. An interval says how far that mean would move with other classes of the same
kind, each with instances and images drawn in the same way; it does not speak of other kinds of things.

**How.** Classes are resampled whole, with their instances and images inside (a cluster bootstrap). Two
corrections widen it where the bootstrap is known to be too narrow:

- *Few classes.* The percentile interval of n classes is about sqrt((n - 1) / n) z / t too short. The quantiles
  are taken at Phi(-+ sqrt(n / (n - 1)) t) instead of 2.5 and 97.5 %, with t the 97.5 % point of Student's
  distribution with n - 1 degrees of freedom: the expanded percentile interval (Hesterberg 2015, "What teachers
  should know about the bootstrap", The American Statistician 69, section 5.3).
- *A ceiling or a floor.* Where all classes agree the bootstrap has no width, and near a ceiling it misses to one
  side. The interval of an accuracy is the hull with a Wilson score interval at the effective number of images,
  p (1 - p) / se^2 with se the standard error over classes, at most the images there are, and the same t (Korn
  and Graubard 1998; Dean and Pagano 2015). The interval of a drop is the hull with Newcombe's hybrid score
  interval for a difference of two proportions (Newcombe 1998, method 10) over images; it is the unpaired one
  because the two sets of images have no one-to-one partners.

``benchmarks/interval_coverage.py`` prints how often these intervals hold the truth in simulations.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from objectpose.analysis.draws import CONFIDENCE, class_draws, expanded_tail, student_quantile
from objectpose.errors import ObjectPoseError

REPLICATES = 10_000


@dataclass(frozen=True)
class Interval:
    """An accuracy with its 95 % interval over classes, all 0..1.

    Attributes:
        accuracy: mean over classes of the class's accuracy.
        low: lower limit; NaN with one class.
        high: upper limit; NaN with one class.
    """

    accuracy: float
    low: float
    high: float


@dataclass(frozen=True)
class Drop:
    """What is lost between a baseline and a condition over the same classes.

    Attributes:
        drop_pp: accuracy(baseline) - accuracy(condition), percentage points; negative for a gain.
        low_pp: lower limit of the 95 % interval; NaN with one class.
        high_pp: upper limit; NaN with one class.
        relative_pct: the drop as a percentage of accuracy(baseline); NaN where that is 0.
    """

    drop_pp: float
    low_pp: float
    high_pp: float
    relative_pct: float


def class_interval(
    accuracy_by_class: ArrayLike,
    images_by_class: ArrayLike,
    *,
    seed: int = 0,
    replicates: int = REPLICATES,
) -> Interval:
    """Return the mean accuracy over classes with its 95 % interval.

    Args:
        accuracy_by_class: float K, 0..1, the share of right answers in each class.
        images_by_class: int K, >= 1, how many images that share is made of.
        seed: of the resampling; equal seeds give equal limits.
        replicates: how many times the classes are resampled.

    Returns:
        Proportions 0..1 with low <= accuracy <= high; the limits are NaN with one class, because the spread
        between classes cannot be seen in it.

    Raises:
        ObjectPoseError: no class, arrays of different lengths, an accuracy outside 0..1, a count below 1.

    >>> class_interval([1.0, 1.0, 1.0], [10, 10, 10]).low < 1.0
    True
    """
    return class_intervals([(accuracy_by_class, images_by_class)], seed=seed, replicates=replicates)[0]


def class_intervals(
    groups: Sequence[tuple[ArrayLike, ArrayLike]], *, seed: int = 0, replicates: int = REPLICATES
) -> list[Interval]:
    """Return :func:`class_interval` of many groups, quickly: groups with as many classes share the resamples.

    Args:
        groups: pairs of ``accuracy_by_class`` and ``images_by_class``; their lengths may differ.
        seed: of the resampling.
        replicates: how many times the classes are resampled.
    """
    checked = [_checked(accuracy, images) for accuracy, images in groups]
    limits: dict[int, tuple[float, float]] = {}
    for count in {len(accuracy) for accuracy, _ in checked} - {1}:
        members = [place for place, (accuracy, _) in enumerate(checked) if len(accuracy) == count]
        values = np.stack([checked[place][0] for place in members], axis=1)
        low, high = expanded_percentiles(values, seed, replicates)
        limits |= {place: (float(low[i]), float(high[i])) for i, place in enumerate(members)}
    return [_with_score(*pair, limits.get(place)) for place, pair in enumerate(checked)]


def _with_score(
    accuracy: NDArray[np.float64], images: NDArray[np.float64], limits: tuple[float, float] | None
) -> Interval:
    mean = float(accuracy.mean())
    if limits is None:
        return Interval(mean, math.nan, math.nan)
    low, high = wilson_interval(mean, _effective_images(accuracy, images), float(student_quantile(len(accuracy))))
    return Interval(mean, min(limits[0], low, mean), max(limits[1], high, mean))


def drop_interval(
    baseline_by_class: ArrayLike,
    baseline_images: ArrayLike,
    condition_by_class: ArrayLike,
    condition_images: ArrayLike,
    *,
    seed: int = 0,
    replicates: int = REPLICATES,
) -> Drop:
    """Return the drop from baseline to condition, paired over classes: each replicate has the same classes in both.

    Args:
        baseline_by_class: float K, 0..1, each class's accuracy on its baseline images.
        baseline_images: int K, >= 1.
        condition_by_class: float K, the same classes in the same order.
        condition_images: int K, >= 1.
        seed: of the resampling.
        replicates: how many times the classes are resampled.

    Raises:
        ObjectPoseError: no class, arrays of different lengths, an accuracy outside 0..1, a count below 1.

    >>> drop_interval([1.0, 0.8], [10, 10], [0.5, 0.4], [10, 10]).drop_pp
    45.0
    """
    baseline, images_b = _checked(baseline_by_class, baseline_images)
    condition, images_c = _checked(condition_by_class, condition_images)
    count = len(baseline)
    if count != len(condition):
        raise ObjectPoseError(
            f"The baseline has {count} classes and the condition {len(condition)}, expected the same classes in "
            "the same order."
        )
    before, after = float(baseline.mean()), float(condition.mean())
    drop = float((baseline - condition).mean())
    relative_pct = 100.0 * drop / before if before > 0 else math.nan
    if count == 1:
        return Drop(100.0 * drop, math.nan, math.nan, relative_pct)
    low, high = _expanded_percentile(baseline - condition, seed, replicates)
    limits_b = wilson_interval(before, independent_images(images_b), float(student_quantile(count)))
    limits_c = wilson_interval(after, independent_images(images_c), float(student_quantile(count)))
    score_low = drop - math.hypot(before - limits_b[0], limits_c[1] - after)
    score_high = drop + math.hypot(limits_b[1] - before, after - limits_c[0])
    return Drop(
        100.0 * drop,
        100.0 * min(low, score_low, drop),
        100.0 * max(high, score_high, drop),
        relative_pct,
    )


def wilson_interval(accuracy: float, images: float, quantile: float | None = None) -> tuple[float, float]:
    """Return Wilson's score interval of a proportion (Wilson 1927).

    Args:
        accuracy: proportion 0..1.
        images: how many independent answers it stands for, > 0; need not be whole.
        quantile: of the score; None means the normal distribution's for 95 %.

    >>> low, high = wilson_interval(1.0, 10)
    >>> round(low, 4), high
    (0.7225, 1.0)
    """
    z = float(stats.norm.ppf(0.5 + CONFIDENCE / 2)) if quantile is None else quantile
    scale = 1.0 + z * z / images
    centre = (accuracy + z * z / (2.0 * images)) / scale
    half = z / scale * math.sqrt(accuracy * (1.0 - accuracy) / images + z * z / (4.0 * images * images))
    return max(0.0, min(centre - half, accuracy)), min(1.0, max(centre + half, accuracy))


def _checked(
    accuracy_by_class: ArrayLike, images_by_class: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    accuracy = np.asarray(accuracy_by_class, dtype=np.float64)
    images = np.asarray(images_by_class, dtype=np.float64)
    if accuracy.ndim != 1 or accuracy.shape != images.shape or len(accuracy) == 0:
        raise ObjectPoseError(
            f"Accuracies of shape {accuracy.shape} and image counts of shape {images.shape} were given, expected "
            "one of each for at least one class."
        )
    if not (np.isfinite(accuracy).all() and (accuracy >= 0).all() and (accuracy <= 1).all()):
        raise ObjectPoseError("An accuracy of a class is outside 0..1; give shares of right answers, not percent.")
    if not (images >= 1).all():
        raise ObjectPoseError("A class has no image; leave the class out of both arrays.")
    return accuracy, images


def expanded_percentiles(
    values: NDArray[np.float64], seed: int, replicates: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return expanded percentile limits of means over classes, all columns with the same resamples.

    Args:
        values: float K x P, one row a class, K >= 2.
        seed: of the resampling.
        replicates: how many times the classes are resampled.

    Returns:
        P lower and P upper limits.
    """
    tail = float(expanded_tail(len(values)))
    weights = _weights(len(values), seed, replicates).T
    limits = [
        np.quantile(values[:, start : start + 256].T @ weights, [tail, 1.0 - tail], axis=1)
        for start in range(0, values.shape[1], 256)
    ]
    low, high = np.concatenate(limits, axis=1)
    return low, high


def resampled_means(values: NDArray[np.float64], seed: int, replicates: int = REPLICATES) -> NDArray[np.float64]:
    """Return the means over classes of ``values`` (K x P) in each of the shared resamples, replicates x P."""
    means: NDArray[np.float64] = _weights(len(values), seed, replicates) @ values
    return means


@lru_cache(maxsize=2)
def _weights(count: int, seed: int, replicates: int) -> NDArray[np.float64]:
    """Return replicates x count weights: how often each class was drawn, divided by the number of classes."""
    weights = class_draws(count, seed=seed, replicates=replicates) / count
    weights.flags.writeable = False
    return weights


def _expanded_percentile(values: NDArray[np.float64], seed: int, replicates: int) -> tuple[float, float]:
    low, high = expanded_percentiles(values[:, None], seed, replicates)
    return float(low[0]), float(high[0])


def independent_images(images: NDArray[np.float64]) -> float:
    """Return the size of one simple sample with the binomial variance of the mean over classes: K^2 / sum(1/n)."""
    return float(len(images) ** 2 / (1.0 / images).sum())


def _effective_images(accuracy: NDArray[np.float64], images: NDArray[np.float64]) -> float:
    most = independent_images(images)
    mean = float(accuracy.mean())
    variance = float(accuracy.var(ddof=1)) / len(accuracy)
    return min(most, mean * (1.0 - mean) / variance) if variance > 0 else most
