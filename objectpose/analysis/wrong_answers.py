"""Do two observers that are both wrong give the same wrong answer?

Over the pictures that both get wrong, m_c of them in class c:

- ``same``: the share with the same answer,
- ``chance``: what independent observers with the same wrong answers would share, sum_c m_c / m sum_x p_c(x) q_c(x),
  p_c and q_c the shares of the answers x of either on those pictures of class c. It is taken within classes, because
  two networks that call a turned jeep a tank agree about jeeps, not about pictures,
- ``kappa`` = (same - chance) / (1 - chance), Cohen's kappa with expectations by class: 1 where they always agree, 0 at
  chance, NaN where the answers leave no room (chance is 1).

The 95 % intervals are over classes (``bootstrap``). A class in which only one picture is wrong for both has
same = chance and says nothing either way.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from objectpose.analysis.bootstrap import REPLICATES, Floats, ratio, share_limits, sum_limits
from objectpose.analysis.observers import pairs_by_condition
from objectpose.errors import ObjectPoseError

AGREEMENT_COLUMNS = (
    "observer_a",
    "observer_b",
    "n_images",
    "n_classes",
    "same",
    "same_lo",
    "same_hi",
    "chance",
    "kappa",
    "kappa_lo",
    "kappa_hi",
)


def wrong_answer_agreement(
    answer: ArrayLike,
    correct: ArrayLike,
    names: Sequence[str],
    classes: Sequence[str] | NDArray[np.str_],
    *,
    seed: int = 0,
    replicates: int = REPLICATES,
) -> pd.DataFrame:
    """Return, for each pair of observers, how often they give the same wrong answer.

    Args:
        answer: images x observers, the class index answered, NaN without an answer.
        correct: images x observers, 1 right, 0 wrong, NaN without an answer.
        names: of the observers.
        classes: images, the class of each picture.
        seed: of the draws of classes.
        replicates: how many times the classes are drawn.

    Returns:
        ``AGREEMENT_COLUMNS`` in the order of ``names``; ``n_images`` that both get wrong and the ``n_classes`` they are
        of; shares 0..1, NaN without such a picture; limits NaN with one class.

    Raises:
        ObjectPoseError: shapes that do not fit, fewer than two observers, a wrong answer that is not known.
    """
    given, right = np.asarray(answer, dtype=np.float64), np.asarray(correct, dtype=np.float64)
    if given.ndim != 2 or given.shape != right.shape or given.shape != (len(classes), len(names)):
        raise ObjectPoseError(
            f"Answers of shape {given.shape}, judgements of shape {right.shape}, {len(classes)} classes and "
            f"{len(names)} names were given, expected images x observers of both."
        )
    if len(names) < 2:
        raise ObjectPoseError(f"{len(names)} observer was given, expected at least two to compare.")
    wrong = right == 0.0
    if np.isnan(given[wrong]).any():
        raise ObjectPoseError("An answer is judged wrong but is not known; give the answer's class index.")
    first, second = np.triu_indices(len(names), 1)
    known, code = np.unique(np.asarray(classes, dtype=str), return_inverse=True)
    both, same, expected = (np.zeros((len(known), len(first))) for _ in range(3))
    for place in range(len(known)):
        rows = code == place
        counts = _class_counts(given[rows], wrong[rows])
        both[place], same[place], expected[place] = (square[first, second] for square in counts)
    n_classes = (both > 0).sum(axis=0)
    total, hits, chance = both.sum(axis=0), same.sum(axis=0), expected.sum(axis=0)
    same_lo, same_hi = share_limits(same, both, seed=seed, replicates=replicates)
    low, high = sum_limits(_kappa_of, [same, expected, both], n_classes, seed=seed, replicates=replicates)
    label = np.asarray(names, dtype=object)
    table = {
        "observer_a": label[first],
        "observer_b": label[second],
        "n_images": total.astype(int),
        "n_classes": n_classes,
        "same": ratio(hits, total),
        "same_lo": same_lo,
        "same_hi": same_hi,
        "chance": ratio(chance, total),
        "kappa": _kappa_of(hits, chance, total),
        "kappa_lo": np.maximum(low, -1.0),
        "kappa_hi": np.minimum(high, 1.0),
    }
    return pd.DataFrame(table)[list(AGREEMENT_COLUMNS)]


def agreement_by_condition(judged: pd.DataFrame, *, seed: int = 0, replicates: int = REPLICATES) -> pd.DataFrame:
    """Return the pairs of :func:`wrong_answer_agreement` under each condition of one data set.

    Args:
        judged: frames of ``correctness.judge`` of one data set and at least two networks, concatenated.
        seed: of the draws.
        replicates: how many times the classes are drawn.

    Returns:
        ``dataset``, ``condition`` and ``AGREEMENT_COLUMNS``, conditions in the order of tables.

    Raises:
        ObjectPoseError: as in ``observers.answers_of`` and :func:`wrong_answer_agreement`.
    """
    return pairs_by_condition(
        judged,
        lambda one: wrong_answer_agreement(
            one.answer, one.correct, one.names, one.classes, seed=seed, replicates=replicates
        ),
    )


def _class_counts(answer: Floats, wrong: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    """Return M x M each: pictures of one class wrong for both, with the same answer, and the latter's expectation."""
    images, observers = answer.shape
    missed = wrong.astype(np.float64)
    both = missed.T @ missed
    row, column = np.nonzero(wrong)
    if len(row) == 0:
        return both, both, both
    options, option = np.unique(answer[row, column], return_inverse=True)
    ones = np.ones(len(row))
    given = sparse.csr_matrix((ones, (row * len(options) + option, column)), (images * len(options), observers))
    same = (given.T @ given).toarray()
    marked = sparse.csr_matrix((ones, (column * len(options) + option, row)), (observers * len(options), images))
    used = np.asarray(marked @ missed).reshape(
        observers, len(options), observers
    )  # observer, answer, where this one errs too
    expected = ratio(np.einsum("iaj,jai->ij", used, used), both)
    return both, same, np.nan_to_num(expected)


def _kappa_of(same: Floats, chance: Floats, total: Floats) -> Floats:
    room = total - chance
    return ratio(same - chance, np.where(room > 1e-9 * np.maximum(total, 1.0), room, 0.0))
