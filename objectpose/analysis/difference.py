"""Intervals over classes of the difference of two networks that answered the same images.

**What is estimated.** The mean over classes of the difference of two networks in accuracy, or in drop, for classes like
those of the data set. Both networks saw the same images of the same classes, so that what is hard about a class or an
image cancels.

**How.** As in ``statistics``: classes are resampled whole, with the expanded percentiles of few classes. Where classes
agree too well for the bootstrap to have width, the interval is the hull with a score interval over images: Newcombe's
square-and-add interval for paired proportions (Newcombe 1998, "Improved confidence intervals for the difference between
binomial proportions based on paired data", Statistics in Medicine 17, method 10). The two differences of a drop are on
different images; their limits are combined by squares as well (MOVER; Zou and Donner 2008, Statistics in Medicine 27).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from objectpose.analysis.draws import student_quantile
from objectpose.analysis.statistics import REPLICATES, expanded_percentiles, wilson_interval

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Answers:
    """The answers of N networks to the I images of a condition, all of them with an answer.

    Attributes:
        right: float N x I, 1 for a right answer and 0 for a wrong one.
        owner: int I, the image's class, 0..K-1; every class has an image.
    """

    right: Floats
    owner: NDArray[np.int64]

    @property
    def images(self) -> Floats:
        """Number of images of each class, K."""
        return np.bincount(self.owner).astype(np.float64)

    @property
    def shares(self) -> Floats:
        """K x N shares of right answers by class."""
        members = np.zeros((len(self.owner), len(self.images)))
        members[np.arange(len(self.owner)), self.owner] = 1.0
        return (members.T @ self.right.T) / self.images[:, None]

    @property
    def weights(self) -> Floats:
        """Weight of each image in the mean over classes, I; they sum to 1."""
        return 1.0 / (len(self.images) * self.images[self.owner])


@dataclass(frozen=True)
class Differences:
    """Differences of P pairs of networks, first minus second, 0..1 (not percent).

    Attributes:
        first: P means over classes of the first networks' values.
        second: P of the second ones'.
        by_class: K x P differences of the classes.
        low: P lower limits of the 95 % intervals; NaN with one class.
        high: P upper limits.
    """

    first: Floats
    second: Floats
    by_class: Floats
    low: Floats
    high: Floats


def accuracy_differences(
    answers: Answers,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    *,
    seed: int = 0,
    replicates: int = REPLICATES,
) -> Differences:
    """Return the differences in accuracy of pairs of networks.

    Args:
        answers: of N networks.
        first: int P, rows of ``answers``.
        second: int P, rows of ``answers``.
        seed: of the resampling of classes.
        replicates: how many times they are resampled.
    """
    shares = answers.shares
    by_class = shares[:, first] - shares[:, second]
    score_low, score_high = _paired_limits(answers, first, second)
    low, high = _limits(by_class, score_low, score_high, seed, replicates)
    return Differences(shares[:, first].mean(axis=0), shares[:, second].mean(axis=0), by_class, low, high)


def drop_differences(
    baseline: Answers,
    condition: Answers,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    *,
    seed: int = 0,
    replicates: int = REPLICATES,
) -> Differences:
    """Return the differences in drop of pairs of networks; a positive one means that the first loses more.

    Args:
        baseline: answers of N networks to the baseline's images.
        condition: answers of the same networks to the condition's images, of the same classes.
        first: int P, rows of both.
        second: int P, rows of both.
        seed: of the resampling of classes.
        replicates: how many times they are resampled.
    """
    drops = baseline.shares - condition.shares
    by_class = drops[:, first] - drops[:, second]
    before = baseline.shares[:, first].mean(axis=0) - baseline.shares[:, second].mean(axis=0)
    after = condition.shares[:, first].mean(axis=0) - condition.shares[:, second].mean(axis=0)
    before_low, before_high = _paired_limits(baseline, first, second)
    after_low, after_high = _paired_limits(condition, first, second)
    score_low = (before - after) - np.hypot(before - before_low, after_high - after)
    score_high = (before - after) + np.hypot(before_high - before, after - after_low)
    low, high = _limits(by_class, score_low, score_high, seed, replicates)
    return Differences(drops[:, first].mean(axis=0), drops[:, second].mean(axis=0), by_class, low, high)


def paired_score_interval(
    first: Floats, second: Floats, both: Floats, images: float, quantile: float
) -> tuple[Floats, Floats]:
    """Return Newcombe's interval (method 10) of the difference of two proportions of the same images.

    With a, b, c, d the shares of images that both have right, only the first, only the second, neither, and l, u
    Wilson's limits of each proportion: phi = (ad - bc) / sqrt(p1 (1 - p1) p2 (1 - p2)), with ad - bc taken towards 0 by
    1 / (2 images) where it is positive, and 0 where the root is; low = p1 - p2 - sqrt(x^2 - 2 phi x y + y^2)
    with x = p1 - l1, y = u2 - p2; the upper limit mirrors it.

    Args:
        first: P proportions, 0..1.
        second: P proportions, 0..1.
        both: P shares of images right in both, 0..1.
        images: number of images they stand for, > 0.
        quantile: of the score, for example 1.96.
    """
    cross = both * (1.0 - first - second + both) - (first - both) * (second - both)
    cross = np.where(cross > 0, np.maximum(cross - 0.5 / images, 0.0), cross)
    root = np.sqrt(first * (1.0 - first) * second * (1.0 - second))
    phi = np.clip(np.divide(cross, root, out=np.zeros_like(cross), where=root > 1e-12), -1.0, 1.0)
    (low1, high1), (low2, high2) = _wilson(first, images, quantile), _wilson(second, images, quantile)
    x, y = first - low1, high2 - second
    low = first - second - np.sqrt(np.maximum(x * x - 2.0 * phi * x * y + y * y, 0.0))
    x, y = high1 - first, second - low2
    high = first - second + np.sqrt(np.maximum(x * x - 2.0 * phi * x * y + y * y, 0.0))
    return low, high


def _wilson(share: Floats, images: float, quantile: float) -> tuple[Floats, Floats]:
    limits = np.array([wilson_interval(float(value), images, quantile) for value in share]).reshape(-1, 2)
    return limits[:, 0], limits[:, 1]


def _paired_limits(answers: Answers, first: NDArray[np.int64], second: NDArray[np.int64]) -> tuple[Floats, Floats]:
    images = answers.images
    if len(images) < 2:
        return np.full(len(first), np.nan), np.full(len(first), np.nan)
    weighted = answers.right * answers.weights
    both = (weighted @ answers.right.T)[first, second]
    means = weighted.sum(axis=1)
    independent = float(len(images) ** 2 / (1.0 / images).sum())
    quantile = float(student_quantile(len(images)))
    return paired_score_interval(means[first], means[second], both, independent, quantile)


def _limits(
    by_class: Floats, score_low: Floats, score_high: Floats, seed: int, replicates: int
) -> tuple[Floats, Floats]:
    if len(by_class) < 2:
        return np.full(by_class.shape[1], np.nan), np.full(by_class.shape[1], np.nan)
    low, high = expanded_percentiles(by_class, seed, replicates)
    mean = by_class.mean(axis=0)
    return np.minimum(np.minimum(low, score_low), mean), np.maximum(np.maximum(high, score_high), mean)
