"""What a data set could have shown: the smallest difference that its classes are enough for.

A mean over K classes is tested against 0 by a paired t test whose standard deviation is that between the classes. Its
power at a true difference d is P(|T| > t) with T of the noncentral t distribution, K - 1 degrees of freedom and
noncentrality d sqrt(K) / sd (Cohen 1988, "Statistical power analysis for the behavioral sciences", section 2.3). It is
computed from the spread of the differences and not from the differences that were found.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import optimize, stats
from scipy.special import ndtr

from objectpose.analysis.accuracy import UNIT
from objectpose.analysis.comparison import compare
from objectpose.analysis.conditions import ordered
from objectpose.analysis.correctness import network_labels
from objectpose.analysis.shares import by_class
from objectpose.errors import ObjectPoseError

POWER = 0.8
LEVEL = 0.05
TARGET_PP = 5.0
MOST_CLASSES = 1_000_000
NODES = 200
SAME_PP = 1e-9
COLUMNS = (
    "dataset",
    "condition",
    "kind",
    "n_networks",
    "n_pairs",
    "n_classes",
    "sd_pp",
    "smallest_pp",
    "smallest_best_pp",
    "smallest_worst_pp",
    "classes_for_target",
    "target_pp",
)


def smallest_difference(sd_pp: float, classes: int, *, power: float = POWER, level: float = LEVEL) -> float:
    """Return the smallest true difference that a two-sided paired t test over classes finds with the given power.

    Args:
        sd_pp: standard deviation of the classes' differences, points, >= 0.
        classes: how many, >= 2.
        power: chance to find it, level < power < 1.
        level: of the test, two-sided.

    Returns:
        Percentage points.

    Raises:
        ObjectPoseError: fewer than two classes or a negative spread.

    >>> round(smallest_difference(15.0, 17), 1)
    10.9
    """
    if classes < 2 or not sd_pp >= 0:
        raise ObjectPoseError(
            f"{classes} classes with a standard deviation of {sd_pp:g} points were given; expected two classes or more "
            "and a spread that is not negative."
        )
    unit = optimize.brentq(lambda effect: t_power(effect, classes, level) - power, 0.0, 1e3, xtol=1e-10)
    return float(unit) * sd_pp


def classes_needed(sd_pp: float, difference_pp: float, *, power: float = POWER, level: float = LEVEL) -> int:
    """Return the fewest classes with which a true difference would be found with the given power.

    Args:
        sd_pp: standard deviation of the classes' differences, points, > 0.
        difference_pp: to be found, points, > 0.
        power: chance to find it.
        level: of the test, two-sided.

    Returns:
        Between 2 and ``MOST_CLASSES``, the largest number also where more would be needed.

    >>> classes_needed(15.0, 5.0)
    73
    """
    effect = difference_pp / sd_pp
    low, high = 1, 2
    while high < MOST_CLASSES and t_power(effect, high, level) < power:
        low, high = high, min(2 * high, MOST_CLASSES)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if t_power(effect, middle, level) >= power else (middle, high)
    return high


def t_power(effect: float, classes: int, level: float = LEVEL) -> float:
    """Return the power of a two-sided paired t test for a true difference of ``effect`` standard deviations."""
    df, shift = classes - 1, effect * math.sqrt(classes)
    scale, weights = _spread_nodes(df)
    critical = float(stats.t.isf(level / 2.0, df))
    return float(weights @ (ndtr(shift - critical * scale) + ndtr(-shift - critical * scale)))


@lru_cache(maxsize=64)
def _spread_nodes(df: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return values and weights of sqrt(chi2 / df), for the mean over it by Gauss-Legendre in its quantiles.

    The noncentral t distribution of SciPy is NaN for some arguments; given the chi-square variable it is a normal one.
    """
    nodes, weights = _legendre()
    return np.sqrt(stats.chi2.ppf((nodes + 1.0) / 2.0, df) / df), weights / 2.0


@lru_cache(maxsize=1)
def _legendre() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    return nodes, weights


def drop_power(judged: pd.DataFrame, *, target_pp: float = TARGET_PP) -> pd.DataFrame:
    """Return, condition by condition, the smallest difference in drop that the data set could have shown.

    Args:
        judged: frames of ``correctness.judge``, concatenated.
        target_pp: a difference for which the number of classes is asked, points.

    Returns:
        ``COLUMNS``, one row a (data set, condition): ``kind`` is ``between networks`` (differences in drop of all
        pairs of networks) or, where there is one network only, ``from zero`` (its drop); ``sd_pp`` is the median
        over pairs of the standard deviation of the classes' differences, ``smallest_pp`` the difference found with 80 %
        power at the two-sided 5 % level with that spread, ``smallest_best_pp`` and ``smallest_worst_pp`` those of the
        pair with the least and the most spread, ``classes_for_target`` the classes needed for ``target_pp``. NaN and
        null with one class or where all classes lose the same. Pairs of networks with few classes in common count with
        those; ``n_classes`` is the median. One row fewer: baselines have no drop.

    Raises:
        ObjectPoseError: no answer, baselines only, a condition without its baseline.
    """
    if (judged["condition"] == judged["baseline"]).all():
        raise ObjectPoseError(
            "No condition is compared with a baseline, so that there is no drop; add one that turns things, such as "
            "so3."
        )
    several = network_labels(judged).groupby(judged["dataset"]).nunique()
    parts = []
    for dataset, rows in judged.groupby("dataset", sort=True):
        if several[dataset] > 1:
            table = compare(rows, measures=("drop_pp",), permutations=0)[["condition", "n_classes", "sd_pp"]]
            table = table.assign(kind="between networks")
        else:
            drops = by_class(rows).dropna(subset="drop_pp").groupby([*UNIT, "condition"])["drop_pp"]
            table = drops.agg(n_classes="size", sd_pp="std").reset_index().assign(kind="from zero")
        parts.append(table.assign(dataset=dataset, n_networks=several[dataset]))
    rows = pd.concat(parts, ignore_index=True)
    result = []
    for (name, condition), group in rows.groupby(["dataset", "condition"], sort=True):
        kind = str(group["kind"].iloc[0])
        result.append(
            {
                "dataset": name,
                "condition": condition,
                "kind": kind,
                "n_networks": int(group["n_networks"].iloc[0]),
                "n_pairs": len(group) if kind == "between networks" else 0,
            }
            | _power_of(group, target_pp)
        )
    table = pd.DataFrame(result, columns=list(COLUMNS)).astype({"classes_for_target": "Int64"})
    place = {name: rank for rank, name in enumerate(ordered(table["condition"]))}
    return table.sort_values(
        ["dataset", "condition"],
        key=lambda column: column.map(place) if column.name == "condition" else column,
        ignore_index=True,
    )


def power_line(row: pd.Series) -> str:
    """Return a row of :func:`drop_power` as a sentence for people."""
    where = f"{row['condition']} ({row['n_classes']} class{'' if row['n_classes'] == 1 else 'es'})"
    if pd.isna(row["smallest_pp"]):
        reason = "one class shows no spread" if row["n_classes"] == 1 else "all classes lose the same"
        return f"{where}: what difference in drop could have been seen is not known, because {reason}."
    what = "a drop" if row["kind"] == "from zero" else "a difference in drop between two networks"
    needed = int(row["classes_for_target"])
    return (
        f"{where}: {what} of {row['smallest_pp']:.1f} points or more would have been found in 4 of 5 such data sets; "
        f"for {row['target_pp']:g} points one would need about {needed:,} class{'' if needed == 1 else 'es'}."
    )


def _power_of(group: pd.DataFrame, target_pp: float) -> dict[str, object]:
    classes = int(group["n_classes"].median())
    spread = group["sd_pp"][group["sd_pp"] > SAME_PP]
    median = float(group["sd_pp"].median())
    known = classes > 1 and median > SAME_PP
    return {
        "n_classes": classes,
        "sd_pp": median,
        "smallest_pp": smallest_difference(median, classes) if known else math.nan,
        "smallest_best_pp": smallest_difference(float(spread.min()), classes) if known else math.nan,
        "smallest_worst_pp": smallest_difference(float(spread.max()), classes) if known else math.nan,
        "classes_for_target": classes_needed(median, target_pp) if known else pd.NA,
        "target_pp": target_pp,
    }
