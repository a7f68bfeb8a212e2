"""Tests of a difference: sign flips over classes, many tests at once, and McNemar's test over images.

**Sign flips.** Where two networks are alike, the difference of a class is as likely to be +d as -d; the signs of the
classes are flipped in all ways (or in many random ways), and p is the share of flips whose mean is at least as far from
0 as the one that was seen (Fisher 1935, "The Design of Experiments", section 21). The class is the unit, so images of
one class may be as dependent as they like.

**Many pairs.** The false discovery rate is controlled by the step-up rule of Benjamini and Hochberg (1995).

**McNemar's test** takes every image for an independent one. Those of one class are not, so that it finds differences
that other classes would not show; it is descriptive, and ``benchmarks/comparison_errors.py`` prints how often it errs.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from objectpose.errors import ObjectPoseError

EXACT_CLASSES = 16
"""Up to so many classes all sign flips are enumerated."""

PERMUTATIONS = 99_999
BLOCK = 4096
TIE = 2e-6
"""Means that differ by less, relative to the mean of the absolute differences, count as equal."""


def sign_flip_p(differences: ArrayLike, *, seed: int = 0, permutations: int = PERMUTATIONS) -> NDArray[np.float64]:
    """Return two-sided p values of sign-flip permutation tests of mean difference 0.

    Up to ``EXACT_CLASSES`` classes p is exact. Otherwise ``permutations`` random flips are drawn, the same for all
    columns, and p = (b + 1) / (m + 1) with b of the m flips at least as extreme as the data (Phipson and Smyth 2010).

    Args:
        differences: float K or K x P, one row a class and one column a test, any unit; no NaN.
        seed: of the random flips.
        permutations: how many, >= 1.

    Returns:
        float P (or 1 for a vector); NaN with one class, 1 where all differences are 0.

    Raises:
        ObjectPoseError: no class or a value that is not finite.

    >>> sign_flip_p([1.0, 2.0, 3.0]).tolist()
    [0.25]
    """
    values = np.asarray(differences, dtype=np.float64)
    values = values[:, None] if values.ndim == 1 else values
    if values.ndim != 2 or len(values) == 0 or not np.isfinite(values).all():
        raise ObjectPoseError(
            f"Differences of shape {np.shape(differences)} were given, expected finite numbers of at least one class."
        )
    if len(values) == 1:
        return np.full(values.shape[1], np.nan)
    scale = np.abs(values).sum(axis=0)
    values = values / np.where(scale > 0, scale, 1.0)
    exact = len(values) <= EXACT_CLASSES
    values = values if exact else values.astype(np.float32)
    observed = np.abs(values.sum(axis=0)) - values.dtype.type(TIE)
    signs = _all_signs(len(values)) if exact else _random_signs(len(values), seed, permutations)
    extreme = np.zeros(values.shape[1], dtype=np.int64)
    for start in range(0, len(signs), BLOCK):
        sums = signs[start : start + BLOCK].astype(values.dtype) @ values
        extreme += (np.abs(sums, out=sums) >= observed).sum(axis=0)
    added = 0.0 if exact else 1.0
    return np.asarray((extreme + added) / (len(signs) + added), dtype=np.float64)


def smallest_p(classes: int, permutations: int = PERMUTATIONS) -> float:
    """Return the smallest p value that :func:`sign_flip_p` can give; NaN with one class.

    >>> smallest_p(5)
    0.0625
    """
    if classes < 2:
        return float("nan")
    return 2.0 / 2.0**classes if classes <= EXACT_CLASSES else 1.0 / (permutations + 1.0)


def benjamini_hochberg(p_values: ArrayLike) -> NDArray[np.float64]:
    """Return p values adjusted for their number: q_i = min over p_j >= p_i of p_j n / rank_j, at most 1.

    Rejecting where q <= a keeps the expected share of false rejections at a or below (Benjamini and Hochberg 1995).

    Args:
        p_values: float N, 0..1; NaN where there was no test, which stays NaN and does not count.

    Raises:
        ObjectPoseError: a value outside 0..1.

    >>> benjamini_hochberg([0.01, 0.5, 0.02]).round(3).tolist()
    [0.03, 0.5, 0.03]
    """
    p = np.asarray(p_values, dtype=np.float64)
    tested = ~np.isnan(p)
    if ((p[tested] < 0) | (p[tested] > 1)).any():
        raise ObjectPoseError("A p value is outside 0..1.")
    order = np.argsort(p[tested], kind="stable")
    count = len(order)
    stepped = p[tested][order] * count / np.arange(1, count + 1)
    adjusted = np.empty(count)
    adjusted[order] = np.minimum(np.minimum.accumulate(stepped[::-1])[::-1], 1.0)
    result = np.full(p.shape, np.nan)
    result[tested] = adjusted
    return result


def mcnemar_p(only_first: ArrayLike, only_second: ArrayLike) -> NDArray[np.float64]:
    """Return exact two-sided p values of McNemar's test, descriptive only (see above).

    p = min(1, 2 P(X <= min(b, c))) with X binomial of b + c trials at 1/2 (McNemar 1947, exact version).

    Args:
        only_first: int N, images that only the first network has right (b).
        only_second: int N, images that only the second has right (c).

    >>> mcnemar_p([0], [5]).tolist()
    [0.0625]
    """
    first, second = np.asarray(only_first, dtype=np.int64), np.asarray(only_second, dtype=np.int64)
    return np.minimum(1.0, 2.0 * stats.binom.cdf(np.minimum(first, second), first + second, 0.5))


@lru_cache(maxsize=1)
def _all_signs(count: int) -> NDArray[np.int8]:
    """Return 2^(count - 1) x count signs with + in front: the other half has the same absolute means."""
    numbers = np.arange(2 ** (count - 1))[:, None]
    return (1 - 2 * ((numbers >> np.arange(count)) & 1)).astype(np.int8)


@lru_cache(maxsize=1)
def _random_signs(count: int, seed: int, permutations: int) -> NDArray[np.int8]:
    rng = np.random.Generator(np.random.PCG64(seed))
    return (2 * rng.integers(0, 2, (permutations, count), dtype=np.int8) - 1).astype(np.int8)
