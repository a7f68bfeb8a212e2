"""Error consistency: do two observers err on the same pictures, more often than their accuracies alone would bring?

Cohen's kappa on correctness (Cohen 1960; as error consistency in Geirhos, Meding and Wichmann 2020, "Beyond accuracy").
For observers a and b with accuracies p_a and p_b on the pictures that both answered:

- observed overlap c_obs: the share of pictures that both get right or both get wrong,
- expected overlap c_exp = p_a p_b + (1 - p_a) (1 - p_b), that of independent observers,
- kappa = (c_obs - c_exp) / (1 - c_exp): 1 errs on the same pictures, 0 is chance, below 0 errs on different ones.

Where c_exp is 1 (both always right, or both always wrong) there is nothing that kappa could be computed from: it is
NaN. Its sign is kept. Every picture weighs the same. Two accuracies bound the overlap, |p_a + p_b - 1| <= c_obs <=
1 - |p_a - p_b| (Frechet's bounds of a joint share), and so kappa; with very different accuracies it cannot reach 1.

The 95 % intervals are over classes (``bootstrap.sum_limits``). Where observers agree on every picture no draw differs
from another; the lower limit is then Wilson's of the observed overlap with the expected overlap held.
``benchmarks/consistency.py`` prints the speed, and with ``--coverage`` how often the intervals hold the truth: where
errors are few, in 90 % of cases with 17 classes, and 5 classes are too few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform

from objectpose.analysis.bootstrap import REPLICATES, Floats, ratio, sum_limits
from objectpose.analysis.draws import student_quantile
from objectpose.analysis.observers import pairs_by_condition
from objectpose.analysis.statistics import wilson_interval
from objectpose.errors import ObjectPoseError

PAIR_COLUMNS = (
    "observer_a",
    "observer_b",
    "n_images",
    "n_classes",
    "accuracy_a",
    "accuracy_b",
    "observed",
    "expected",
    "kappa",
    "kappa_lo",
    "kappa_hi",
    "lowest",
    "highest",
)

LEAST_CLASSES = 5
"""Errors in fewer classes than this are too few for an interval."""


@dataclass(frozen=True)
class Kappa:
    """Error consistency of two observers.

    Attributes:
        observed: share of pictures that both get right or both get wrong, 0..1; NaN without a common picture.
        expected: that share for independent observers of the same accuracies, 0..1.
        kappa: -1..1; NaN where ``expected`` is 1.
        lowest: the smallest kappa that the two accuracies allow.
        highest: the largest kappa that they allow.
    """

    observed: float
    expected: float
    kappa: float
    lowest: float
    highest: float


def kappa(a: ArrayLike, b: ArrayLike) -> Kappa:
    """Return the error consistency of two observers.

    Args:
        a: N, True/1 right, False/0 wrong, NaN without an answer.
        b: N, the same pictures in the same order.

    Raises:
        ObjectPoseError: different lengths, or another value than 0, 1 and NaN.

    >>> kappa([1, 1, 0, 0], [1, 0, 0, 0])
    Kappa(observed=0.75, expected=0.5, kappa=0.5, lowest=-0.5, highest=0.5)
    >>> kappa([1, 1], [1, 1]).kappa
    nan
    """
    first, second = np.asarray(a), np.asarray(b)
    if first.ndim != 1 or first.shape != second.shape:
        raise ObjectPoseError(
            f"Answers of shapes {first.shape} and {second.shape} were given, expected two lists of one length."
        )
    counts = _counts(_checked(np.stack([first, second], axis=1)), np.zeros(len(first), int), 1)[:, 0, 0, 1]
    values = (float(value) for value in _from_counts(*counts))
    return Kappa(*values)


def kappa_matrix(correct: ArrayLike, names: Sequence[str]) -> pd.DataFrame:
    """Return kappa of every pair of observers as a square frame with the names on both sides and 1 on the diagonal.

    Args:
        correct: images x observers, True/1 right, False/0 wrong, NaN without an answer; a pair is compared on the
            pictures that both answered.
        names: of the observers, all different.

    Returns:
        Floats; NaN where the expected overlap is 1 or a pair has no common picture. The diagonal is 1 by
        convention, also for an observer that is always right.

    Raises:
        ObjectPoseError: names that do not fit the columns, a doubled name, a value other than 0, 1 and NaN.
    """
    answers = _checked(correct)
    _check_names(answers, names)
    _, _, values, _, _ = _from_counts(*_counts(answers, np.zeros(len(answers), int), 1)[:, 0])
    np.fill_diagonal(values, 1.0)
    return pd.DataFrame(values, index=list(names), columns=list(names))


def kappa_pairs(
    correct: ArrayLike,
    names: Sequence[str],
    classes: Sequence[str] | NDArray[np.str_],
    *,
    seed: int = 0,
    replicates: int = REPLICATES,
) -> pd.DataFrame:
    """Return one row a pair of observers with overlaps, kappa, its bounds and its 95 % interval over classes.

    Args:
        correct: images x observers as in :func:`kappa_matrix`.
        names: of the observers, all different.
        classes: images, the class of each picture.
        seed: of the draws; all pairs share them.
        replicates: how many times the classes are drawn.

    Returns:
        ``PAIR_COLUMNS`` in the order of ``names`` (a before b); shares and accuracies 0..1 on the pair's common
        pictures. ``kappa_lo`` and ``kappa_hi`` are NaN where kappa is, where one observer is always right or always
        wrong (kappa can then only be 0), where fewer than ``LEAST_CLASSES`` classes have an error, or a right answer,
        of either, and where more than 5 % of the draws leave kappa undefined.

    Raises:
        ObjectPoseError: as in :func:`kappa_matrix`, fewer than two observers, or classes that do not fit the images.
    """
    answers = _checked(correct)
    _check_names(answers, names)
    if len(names) < 2:
        raise ObjectPoseError(f"{len(names)} observer was given, expected at least two to compare.")
    if len(classes) != len(answers):
        raise ObjectPoseError(f"{len(classes)} classes were given for {len(answers)} images, expected one an image.")
    known, code = np.unique(np.asarray(classes, dtype=str), return_inverse=True)
    by_class = _counts(answers, code, len(known))
    first, second = np.triu_indices(len(names), 1)
    pairs = by_class[:, :, first, second]
    total = pairs.sum(axis=1)
    observed, expected, value, lowest, highest = _from_counts(*total)
    n_classes = (pairs[0] > 0).sum(axis=0)
    low, high = sum_limits(_kappa_of, list(pairs), n_classes, seed=seed, replicates=replicates)
    low, high = np.maximum(low, -1.0), np.minimum(high, 1.0)
    same = np.isfinite(value) & (total[0] > 0) & (observed == 1.0) & np.isfinite(low)
    for place in np.flatnonzero(same):
        student = float(student_quantile(n_classes[place]))
        overlap, _ = wilson_interval(1.0, float(total[0, place]), student)
        low[place] = max(-1.0, (overlap - expected[place]) / (1.0 - expected[place]))
    n, right_a, right_b, both = pairs
    erring, succeeding = (both < n).sum(axis=0), (right_a + right_b > both).sum(axis=0)
    unsure = (np.minimum(erring, succeeding) < LEAST_CLASSES) | (lowest == highest)
    low[unsure], high[unsure] = np.nan, np.nan
    label = np.asarray(names, dtype=object)
    columns = {
        "observer_a": label[first],
        "observer_b": label[second],
        "n_images": total[0].astype(int),
        "n_classes": n_classes,
        "accuracy_a": ratio(total[1], total[0]),
        "accuracy_b": ratio(total[2], total[0]),
        "observed": observed,
        "expected": expected,
        "kappa": value,
        "kappa_lo": low,
        "kappa_hi": high,
        "lowest": lowest,
        "highest": highest,
    }
    return pd.DataFrame(columns)[list(PAIR_COLUMNS)]


def consistency_by_condition(judged: pd.DataFrame, *, seed: int = 0, replicates: int = REPLICATES) -> pd.DataFrame:
    """Return the pairs of :func:`kappa_pairs` under each condition of one data set.

    Args:
        judged: frames of ``correctness.judge`` of one data set and at least two networks, concatenated.
        seed: of the draws.
        replicates: how many times the classes are drawn.

    Returns:
        ``dataset``, ``condition`` and ``PAIR_COLUMNS``, conditions in the order of tables.

    Raises:
        ObjectPoseError: as in ``observers.answers_of`` and :func:`kappa_pairs`.
    """
    return pairs_by_condition(
        judged,
        lambda one: kappa_pairs(one.correct, one.names, one.classes, seed=seed, replicates=replicates),
    )


def square(pairs: pd.DataFrame, column: str = "kappa") -> pd.DataFrame:
    """Return one column of :func:`kappa_pairs` as a symmetric square frame with 1 on the diagonal.

    Args:
        pairs: one row a pair, each pair once.
        column: ``kappa``, ``observed``, ``kappa_lo`` or another that is alike for (a, b) and (b, a).
    """
    names = list(dict.fromkeys([*pairs["observer_a"], *pairs["observer_b"]]))
    place = {name: number for number, name in enumerate(names)}
    values = np.full((len(names), len(names)), np.nan)
    first, second = pairs["observer_a"].map(place).to_numpy(int), pairs["observer_b"].map(place).to_numpy(int)
    values[first, second] = values[second, first] = pairs[column].to_numpy(np.float64)
    np.fill_diagonal(values, 1.0)
    return pd.DataFrame(values, index=names, columns=names)


def clustering_order(matrix: pd.DataFrame) -> list[str]:
    """Return the observers so that those with similar errors stand side by side.

    Average linkage on the distance 1 - kappa, leaves in the order that keeps neighbours nearest (Bar-Joseph, Gifford
    and Jaakkola 2001). An undefined kappa counts as chance, 0. The result does not depend on the order of the rows.

    Args:
        matrix: square and symmetric, of :func:`kappa_matrix`.
    """
    names = sorted(matrix.index)
    if len(names) < 3:
        return names
    distance = 1.0 - matrix.reindex(index=names, columns=names).fillna(0.0).to_numpy(np.float64)
    np.fill_diagonal(distance, 0.0)
    condensed = np.maximum(squareform((distance + distance.T) / 2.0, checks=False), 0.0)
    tree = linkage(condensed, method="average", optimal_ordering=True)
    return [names[leaf] for leaf in leaves_list(tree)]


def _checked(correct: ArrayLike) -> Floats:
    try:
        answers = np.asarray(correct, dtype=np.float64)
    except (TypeError, ValueError):
        raise ObjectPoseError("Answers are not numbers; give 1 for right, 0 for wrong and NaN for no answer.") from None
    if answers.ndim != 2:
        raise ObjectPoseError(f"Answers of shape {answers.shape} were given, expected images x observers.")
    odd = ~(np.isnan(answers) | (answers == 0.0) | (answers == 1.0))
    if odd.any():
        raise ObjectPoseError(f"An answer is {answers[odd][0]:g}; give 1 for right, 0 for wrong and NaN for no answer.")
    return answers


def _check_names(answers: Floats, names: Sequence[str]) -> None:
    if answers.shape[1] != len(names):
        raise ObjectPoseError(f"{len(names)} names were given for {answers.shape[1]} observers, expected one each.")
    doubled = sorted({name for name in names if list(names).count(name) > 1})
    if doubled:
        raise ObjectPoseError(f"Two observers are called '{doubled[0]}', expected different names.")


def _counts(answers: Floats, code: NDArray[np.int64], classes: int) -> Floats:
    """Return 4 x classes x M x M: common pictures, those the row gets right, the column gets right, both get right."""
    right, asked = (answers == 1.0).astype(np.float64), (~np.isnan(answers)).astype(np.float64)
    counts = np.empty((4, classes, answers.shape[1], answers.shape[1]))
    order = np.argsort(code, kind="stable")
    ends = np.cumsum(np.bincount(code, minlength=classes))[:-1]
    for place, rows in enumerate(np.split(order, ends)):
        hit, seen = right[rows], asked[rows]
        counts[0, place] = seen.T @ seen
        counts[1, place] = hit.T @ seen
        counts[2, place] = counts[1, place].T
        counts[3, place] = hit.T @ hit
    return counts


def _from_counts(n: Floats, a: Floats, b: Floats, both: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Return observed, expected, kappa and its bounds from whole counts, without a rounding before the division."""
    agree = n - a - b + 2.0 * both
    chance = a * b + (n - a) * (n - b)  # n^2 c_exp
    room = a * (n - b) + (n - a) * b  # n^2 (1 - c_exp), exactly 0 where c_exp is 1
    least, most = np.abs(a + b - n), n - np.abs(a - b)
    return (
        ratio(agree, n),
        ratio(chance, n * n),
        ratio(n * agree - chance, room),
        ratio(n * least - chance, room),
        ratio(n * most - chance, room),
    )


def _kappa_of(n: Floats, a: Floats, b: Floats, both: Floats) -> Floats:
    return _from_counts(n, a, b, both)[2]
