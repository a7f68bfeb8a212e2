"""Error consistency on the study's 96 rotated pictures, as the study counts it and without mis-clicks."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from objectpose.analysis.humans.load import PICTURE
from objectpose.analysis.humans.study import COMPARED, CONTENT, OWN, POOLS, POSES, SESSIONS
from objectpose.errors import ObjectPoseError

_ROTATED_PICTURES = sum(CONTENT[pose][0] for pose in POSES[1:])


def kappa(first: ArrayLike, second: ArrayLike, *, missed_is_wrong: bool) -> float:
    """Return Cohen's kappa of two observers being right on the same pictures (Geirhos et al. 2020).

    ``(o - e) / (1 - e)`` with o the share of pictures on which both are right or both wrong and
    ``e = p q + (1 - p)(1 - q)`` of their accuracies p and q.

    Args:
        first: float N: 1 right, 0 wrong, NaN for a mis-click, 0.5 for a tie, of which o and e count half.
        second: float N, the same pictures in the same order.
        missed_is_wrong: True as in the study: a mis-click counts as wrong in p, and in o it equals only another
            mis-click. False leaves pictures out where either observer has one.

    Returns:
        NaN where e is 1 (both always right, or both always wrong) or no picture is left.

    >>> round(kappa([1, 1, 0, 0], [1, 1, 1, 0], missed_is_wrong=False), 6)
    0.5
    """
    a, b = np.asarray(first, np.float64), np.asarray(second, np.float64)
    if a.ndim != 1 or a.shape != b.shape:
        raise ObjectPoseError(f"Two observers have {a.shape} and {b.shape} answers, expected as many on both sides.")
    missed_a, missed_b = np.isnan(a), np.isnan(b)
    if not missed_is_wrong:
        kept = ~(missed_a | missed_b)
        a, b, missed_a, missed_b = a[kept], b[kept], missed_a[kept], missed_b[kept]
    if len(a) == 0:
        return math.nan
    a, b = np.where(missed_a, 0.0, a), np.where(missed_b, 0.0, b)
    same = np.where(missed_a | missed_b, missed_a & missed_b, a * b + (1 - a) * (1 - b))
    p, q = float(a.mean()), float(b.mean())
    expected = p * q + (1 - p) * (1 - q)
    return (float(same.mean()) - expected) / (1 - expected) if expected < 1 else math.nan


def rotated_codes(answers: pd.DataFrame) -> pd.DataFrame:
    """Return who is right on which rotated picture: networks, and people at 40 ms in pools of three.

    Args:
        answers: of ``load.load_answers``, with the user's networks (``scoring.as_observers``) or without.

    Returns:
        96 rows indexed by class and pose, a column an observer (1, 0, 0.5, NaN where not valid): the study's networks,
        the pools ``group1`` to ``group4``, then the user's networks.

    Raises:
        ObjectPoseError: a pool or a network has not one answer to each of the pictures.
    """
    rows = answers[answers["pose"] != POSES[0]]
    networks = rows[rows["group"] == COMPARED]
    columns = {str(name): own for name, own in networks.groupby("observer", sort=False)}
    fast = rows[rows["group"] == SESSIONS[0].group]
    for name, subjects in POOLS.items():
        columns[name] = fast[fast["observer"].isin([f"subj_{number}" for number in subjects])]
    columns |= {str(name): own for name, own in rows[rows["group"] == OWN].groupby("observer", sort=False)}
    codes = {}
    for name, own in columns.items():
        values = own.set_index(PICTURE)["correct"]
        if len(values) != _ROTATED_PICTURES or values.index.has_duplicates:
            raise ObjectPoseError(
                f"{name} has {len(values)} answers to {values.index.nunique()} of the study's {_ROTATED_PICTURES} "
                "rotated pictures, expected one to each."
            )
        codes[name] = values.sort_index()
    return pd.DataFrame(codes)


def kappa_matrix(codes: pd.DataFrame, *, missed_is_wrong: bool) -> pd.DataFrame:
    """Return :func:`kappa` of all pairs of observers, 1 on the diagonal as in the study.

    Args:
        codes: of :func:`rotated_codes`.
        missed_is_wrong: see :func:`kappa`. Mis-clicks are left out pair by pair: a pair that has none keeps all
            pictures.

    Returns:
        Square, symmetric; rows and columns called by observer.
    """
    values: NDArray[np.float64] = codes.to_numpy(np.float64)
    count = values.shape[1]
    matrix = np.eye(count)
    for i in range(count):
        for j in range(i):
            matrix[i, j] = matrix[j, i] = kappa(values[:, i], values[:, j], missed_is_wrong=missed_is_wrong)
    return pd.DataFrame(matrix, index=codes.columns, columns=codes.columns)
