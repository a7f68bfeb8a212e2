"""Classes drawn again: how often each is in each replicate, and where limits cut the replicates off."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

CONFIDENCE = 0.95


@lru_cache(maxsize=8)
def class_draws(count: int, *, seed: int = 0, replicates: int) -> NDArray[np.float64]:
    """Return how often each class is in each replicate: replicates x count whole numbers, rows sum to ``count``.

    Args:
        count: of classes, >= 1.
        seed: equal seeds give equal draws, so that statistics of the same classes are paired.
        replicates: how many times the classes are drawn.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    draws = rng.multinomial(count, np.full(count, 1.0 / count), size=replicates).astype(np.float64)
    draws.flags.writeable = False
    return draws


def student_quantile(classes: ArrayLike) -> NDArray[np.float64]:
    """Return the 97.5 % point of Student's distribution with ``classes - 1`` degrees of freedom."""
    return np.asarray(stats.t.ppf(0.5 + CONFIDENCE / 2, np.asarray(classes) - 1), dtype=np.float64)


def expanded_tail(classes: ArrayLike) -> NDArray[np.float64]:
    """Return the share of replicates to cut off at each side: Phi(-sqrt(n / (n - 1)) t), below .025 for few classes.

    >>> float(expanded_tail(17).round(4))
    0.0144
    """
    count = np.asarray(classes, dtype=np.float64)
    return np.asarray(stats.norm.cdf(-np.sqrt(count / (count - 1)) * student_quantile(count)), dtype=np.float64)
