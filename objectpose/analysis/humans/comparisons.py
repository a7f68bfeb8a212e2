"""The study's sixteen t tests, each a difference with its interval."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from objectpose.analysis.humans.accuracy import accuracies
from objectpose.analysis.humans.study import COMPARED, IMAGE_FIRST, ROTATED
from objectpose.errors import ObjectPoseError

COLUMNS = ("test", "t", "df", "p", "diff", "lo", "hi")
FEMALE = (1, 6, 8, 9, 11, 12)
MALE = (2, 3, 4, 5, 7, 10)
"""Subjects at 40 ms."""
_FAST, _SHORT, _FREE = "humans_40ms", "humans_150ms", "humans_unlimited"
_UPRIGHT, _RIGHT, _WRONG = "upright", "rotated_correct", "rotated_incorrect"


@dataclass(frozen=True)
class Side:
    """One side of a comparison.

    Attributes:
        group: of observers.
        pose: in which they are compared.
        subjects: some of the group's subjects; None means all.
    """

    group: str
    pose: str
    subjects: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Comparison:
    """A two-sided test of the difference first - second.

    Attributes:
        name: in the table.
        first: side.
        second: side.
        paired: whether both sides are of the same observers.
    """

    name: str
    first: Side
    second: Side
    paired: bool


def _within(name: str, group: str, first: str, second: str) -> Comparison:
    return Comparison(name, Side(group, first), Side(group, second), True)


def _between(name: str, first: str, second: str, pose: str, *, paired: bool = False) -> Comparison:
    return Comparison(name, Side(first, pose), Side(second, pose), paired)


STUDY: tuple[Comparison, ...] = (
    _between("t1", _FREE, _FAST, ROTATED),
    _between("t2", _SHORT, _FAST, ROTATED),
    _between("t3", _FREE, _SHORT, ROTATED, paired=True),
    _within("t4", _FAST, _UPRIGHT, ROTATED),
    _within("t5", _SHORT, _UPRIGHT, ROTATED),
    _between("t7", _FREE, _FAST, _UPRIGHT),
    _between("t8", _FREE, COMPARED, ROTATED),
    _within("t9", _FREE, _UPRIGHT, ROTATED),
    _between("t10", _SHORT, _FAST, _UPRIGHT),
    _within("t11", COMPARED, _UPRIGHT, ROTATED),
    _within("t12", COMPARED, _RIGHT, _WRONG),
    _within("t13", _FAST, _RIGHT, _WRONG),
    _within("t14", _SHORT, _RIGHT, _WRONG),
    _within("t15", _FREE, _RIGHT, _WRONG),
    Comparison("t16", Side(_FAST, _UPRIGHT, MALE), Side(_FAST, _UPRIGHT, FEMALE), False),
    Comparison("t17", Side(_FAST, ROTATED, MALE), Side(_FAST, ROTATED, FEMALE), False),
)
"""The study's tests under its own numbers; it has no sixth."""
FURTHER: tuple[Comparison, ...] = (
    _between("image_first_upright", IMAGE_FIRST, _FREE, _UPRIGHT),
    _between("image_first_rotated", IMAGE_FIRST, _FREE, ROTATED),
)
"""Whether the two ways of showing without a limit can be pooled, which the study says without a test."""


_WORDS = {
    _FAST: "people at 40 ms",
    _SHORT: "people at 150 ms",
    _FREE: "people without a limit",
    IMAGE_FIRST: "people without a limit, picture before labels",
    COMPARED: "the study's networks",
}


def described(comparison: Comparison) -> str:
    """Return what is compared, first against second.

    >>> described(STUDY[0])
    'people without a limit against people at 40 ms, rotated'
    >>> described(STUDY[3])
    'people at 40 ms, upright against rotated'
    >>> described(STUDY[14])
    'people at 40 ms, men against women, upright'
    """
    first, second = comparison.first, comparison.second
    if first.pose != second.pose:
        return f"{_WORDS[first.group]}, {_pose(first)} against {_pose(second)}"
    if first.subjects == MALE:
        return f"{_WORDS[first.group]}, men against women, {_pose(first)}"
    return f"{_WORDS[first.group]} against {_WORDS[second.group]}, {_pose(first)}"


def _pose(side: Side) -> str:
    return side.pose.replace("_", "-")


@dataclass(frozen=True)
class Result:
    """Student's t test of a difference of means.

    Attributes:
        t: statistic; NaN where there is neither a difference nor a spread.
        df: degrees of freedom.
        p: two-sided.
        diff: first mean - second mean.
        lo: lower limit of the 95 % interval of ``diff``.
        hi: upper limit.
    """

    t: float
    df: int
    p: float
    diff: float
    lo: float
    hi: float


def t_test(first: ArrayLike, second: ArrayLike, *, paired: bool) -> Result:
    """Return Student's two-sided t test of first - second (Student 1908).

    Paired: the mean of the n differences over its standard error, n - 1 degrees of freedom. Otherwise the two samples
    have one variance, pooled, with n1 + n2 - 2 degrees of freedom.

    Args:
        first: float N.
        second: float M; of equal length and order where paired.
        paired: see above.

    Raises:
        ObjectPoseError: too few values, unequal lengths of pairs, or a value that is not finite.

    >>> t_test([1.0, 2.0, 3.0], [0.0, 2.0, 1.0], paired=True).diff
    1.0
    """
    a, b = np.asarray(first, np.float64), np.asarray(second, np.float64)
    if a.ndim != 1 or b.ndim != 1 or min(len(a), len(b)) < 2 or (paired and len(a) != len(b)):
        raise ObjectPoseError(
            f"A t test was asked of {a.size} and {b.size} values, expected at least two on each side"
            f"{' and as many on both' if paired else ''}."
        )
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise ObjectPoseError("A t test was asked of values that are not finite; leave out observers without answers.")
    if paired:
        df = len(a) - 1
        diff = float((a - b).mean())
        error = float((a - b).std(ddof=1)) / math.sqrt(len(a))
    else:
        df = len(a) + len(b) - 2
        diff = float(a.mean() - b.mean())
        squares = float(((a - a.mean()) ** 2).sum() + ((b - b.mean()) ** 2).sum())
        error = math.sqrt(squares / df * (1 / len(a) + 1 / len(b)))
    t = diff / error if error > 0 else (math.nan if diff == 0 else math.copysign(math.inf, diff))
    p = math.nan if math.isnan(t) else 2.0 * float(stats.t.sf(abs(t), df))
    half = float(stats.t.ppf(0.975, df)) * error
    return Result(t, df, p, diff, diff - half, diff + half)


def compare(observers: pd.DataFrame, comparisons: tuple[Comparison, ...] = STUDY) -> pd.DataFrame:
    """Return the tests of differences in accuracy; p is not corrected for their number, as in the study.

    Args:
        observers: of ``accuracy.observer_accuracy``.
        comparisons: to be made.

    Returns:
        ``COLUMNS``, one row a comparison; ``diff, lo, hi`` in points, with a 95 % interval over observers.

    Raises:
        ObjectPoseError: a group lacks an observer or has no accuracy.
    """
    rows = []
    for comparison in comparisons:
        first, second = _side(observers, comparison.first), _side(observers, comparison.second)
        if comparison.paired:
            if set(first.index) != set(second.index):
                raise ObjectPoseError(f"The pairs of {comparison.name} are not of the same observers.")
            second = second.loc[first.index]
        result = t_test(first.to_numpy(), second.to_numpy(), paired=comparison.paired)
        rows.append((comparison.name, result.t, result.df, result.p, result.diff, result.lo, result.hi))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _side(observers: pd.DataFrame, side: Side) -> pd.Series:
    values = accuracies(observers, side.group, side.pose)
    if side.subjects is None:
        return values
    names = [f"subj_{number}" for number in side.subjects]
    lacking = [name for name in names if name not in values.index]
    if lacking:
        raise ObjectPoseError(f"The group {side.group} lacks {', '.join(lacking)}; give all files of the study.")
    return values.loc[names]
