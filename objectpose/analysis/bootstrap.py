"""Limits of statistics that are made of sums over classes: classes are drawn again whole, with all their images.

A statistic such as kappa or a calibration error is computed from counts, and the counts of a data set are the sums of
those of its classes. A replicate weighs each class by how often it was drawn, so that one matrix product gives the
counts of all replicates. The quantiles are those of the expanded percentile interval that ``statistics`` describes.

For kappa and its like the percentiles alone are too narrow with few classes or few errors; :func:`sum_limits` takes the
hull with the jackknife over classes: value -+ t sqrt((n - 1) / n sum (value without a class - value)^2), t of
Student's distribution with n - 1 degrees of freedom (Efron and Tibshirani 1993, chapter 11).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from objectpose.analysis.draws import class_draws, expanded_tail, student_quantile
from objectpose.analysis.statistics import wilson_interval

Floats = NDArray[np.float64]

REPLICATES = 2_000
COLUMNS_AT_ONCE = 4096
LEAST_DEFINED = 0.95
"""No limits are given where a larger part than 1 - this of the replicates has no value."""


def limits(values: Floats, classes: ArrayLike) -> tuple[Floats, Floats]:
    """Return the 95 % limits of one or many statistics from their replicates.

    Args:
        values: replicates x ..., NaN where a replicate has no value.
        classes: int, broadcast to ``...``: how many classes each statistic rests on.

    Returns:
        Lower and upper limits of shape ``...``; NaN with fewer than two classes and where fewer than
        ``LEAST_DEFINED`` of the replicates have a value.
    """
    shape = values.shape[1:]
    columns = np.sort(values.reshape(len(values), -1).T, axis=1)  # NaN comes last
    number = np.broadcast_to(np.asarray(classes), shape).ravel()
    defined = np.isfinite(columns).sum(axis=1)
    usable = (number >= 2) & (defined >= LEAST_DEFINED * len(values))
    found = np.full((2, len(columns)), np.nan)
    rows = np.flatnonzero(usable)
    tail = expanded_tail(number[rows])
    for side, share in enumerate((tail, 1.0 - tail)):
        place = share * (defined[rows] - 1)
        below = np.floor(place).astype(int)
        above = np.minimum(below + 1, defined[rows] - 1)
        low, high = columns[rows, below], columns[rows, above]
        found[side, rows] = low + (place - below) * (high - low)
    return found[0].reshape(shape), found[1].reshape(shape)


def sum_limits(
    statistic: Callable[..., Floats],
    sums: Sequence[Floats],
    classes: ArrayLike,
    *,
    seed: int = 0,
    replicates: int = REPLICATES,
) -> tuple[Floats, Floats]:
    """Return the 95 % limits of statistics of sums over classes: the hull of bootstrap and jackknife.

    Args:
        statistic: from arrays of sums (... x m each, in the order of ``sums``) to ... x m values, NaN where it has
            none.
        sums: arrays of classes x m.
        classes: int, broadcast to m: how many classes each statistic rests on.
        seed: of the draws.
        replicates: how many times the classes are drawn.

    Returns:
        Lower and upper limits, m each; NaN where the statistic has no value, and as in :func:`limits`.
    """
    count, columns = sums[0].shape
    number = np.broadcast_to(np.asarray(classes, dtype=np.int64), (columns,))
    draws = class_draws(count, seed=seed, replicates=replicates)
    low, high = np.full(columns, np.nan), np.full(columns, np.nan)
    for start in range(0, columns, COLUMNS_AT_ONCE):
        part = slice(start, start + COLUMNS_AT_ONCE)
        own = [np.asarray(values[:, part], dtype=np.float64) for values in sums]
        low[part], high[part] = hull_limits(
            statistic(*(values.sum(axis=0) for values in own)),
            statistic(*(draws @ values for values in own)),
            statistic(*(values.sum(axis=0) - values for values in own)),
            number[part],
        )
    return low, high


def hull_limits(value: Floats, replicates: Floats, without: Floats, classes: ArrayLike) -> tuple[Floats, Floats]:
    """Return the hull of the bootstrap's and the jackknife's 95 % limits.

    Args:
        value: ..., of all classes.
        replicates: replicates x ..., of classes drawn again.
        without: classes x ..., of all classes but one.
        classes: int, broadcast to ``...``: how many classes each statistic rests on.

    Returns:
        As :func:`limits`; NaN where ``value`` is.
    """
    below, above = limits(replicates, classes)
    half = jackknife_half_width(value, without, classes)
    known = np.isfinite(below) & np.isfinite(value)
    return np.where(known, np.fmin(below, value - half), np.nan), np.where(known, np.fmax(above, value + half), np.nan)


def jackknife_half_width(value: Floats, without: Floats, classes: ArrayLike) -> Floats:
    """Return t times the jackknife's standard error over classes; NaN with fewer than two of them.

    Args:
        value: ..., of all classes.
        without: classes x ..., of all classes but one; a class without data leaves the value as it is.
        classes: int, broadcast to ``...``.
    """
    n = np.broadcast_to(np.asarray(classes, dtype=np.float64), np.shape(value))
    several = np.where(n >= 2, n, np.nan)
    error = np.sqrt((several - 1) / several * ((without - value) ** 2).sum(axis=0))
    return np.asarray(student_quantile(several) * error, dtype=np.float64)


def share_limits(hits: Floats, counts: Floats, *, seed: int = 0, replicates: int = REPLICATES) -> tuple[Floats, Floats]:
    """Return the 95 % limits of shares: sum of hits over sum of counts, both by class.

    The limits are the hull of the class bootstrap and of Wilson's score interval at the effective number of images
    (p (1 - p) / variance over replicates, at most the images there are), which keeps a width at 0 and 1.

    Args:
        hits: classes x m, right answers of each of m shares, >= 0.
        counts: classes x m, what they are out of; classes with 0 do not count.
        seed: of the draws.
        replicates: how many times the classes are drawn.

    Returns:
        Lower and upper limits, m each, 0..1; NaN where fewer than two classes have a count.
    """
    draws = class_draws(len(hits), seed=seed, replicates=replicates)
    shares = ratio(draws @ hits, draws @ counts)
    classes = (counts > 0).sum(axis=0)
    low, high = limits(shares, classes)
    total = counts.sum(axis=0)
    value = ratio(hits.sum(axis=0), total)
    held = np.flatnonzero(np.isfinite(low))
    student = student_quantile(classes[held])
    spread = np.nanvar(shares[:, held], axis=0)
    for place, quantile, variance in zip(held, student.tolist(), spread.tolist(), strict=True):
        p, images = float(value[place]), float(total[place])
        effective = min(images, p * (1.0 - p) / variance) if variance > 0 else images
        score = wilson_interval(min(max(p, 0.0), 1.0), effective, quantile)
        low[place], high[place] = min(low[place], score[0]), max(high[place], score[1])
    return low, high


def ratio(above: ArrayLike, below: ArrayLike) -> Floats:
    """Return above / below, NaN where below is 0."""
    numerator, denominator = np.broadcast_arrays(np.asarray(above, np.float64), np.asarray(below, np.float64))
    result: Floats = np.divide(numerator, denominator, out=np.full(numerator.shape, np.nan), where=denominator != 0)
    return result
