"""How often each observer and each group of the human study is right, by pose."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from objectpose.analysis.humans.study import COMPARED, GROUPS, NETWORKS, POSES, ROTATED

COLUMNS = ("group", "pose", "mean_pct", "half_ci_study", "half_ci")
SHOWN_POSES = (*POSES, ROTATED)
STUDY_MULTIPLIER = {"people": 2.17881, "networks": 2.571}
"""What the study multiplies a standard error with: the 97.5 % points of Student's distribution with 12 and with 5
degrees of freedom, one more than twelve subjects and five networks have."""


def observer_accuracy(answers: pd.DataFrame) -> pd.DataFrame:
    """Return each observer's accuracy by pose: right answers among the valid ones.

    ``rotated`` is the unweighted mean of the accuracies in the two rotated poses, as in the study. Mis-clicks and
    answers that a model did not give are in no denominator. A network's tie counts half.

    Args:
        answers: of ``load.load_answers``, or ``scoring.as_observers``, concatenated.

    Returns:
        ``group, observer, kind, pose, n_valid, n, accuracy_pct``, groups and observers in the order they come,
        poses in the order of ``SHOWN_POSES``; an accuracy is NaN without a valid answer.
    """
    keys = ["group", "observer", "kind"]
    rows = answers.groupby([*keys, "pose"], sort=False).agg(
        n_valid=("valid", "sum"), n=("valid", "size"), accuracy_pct=("correct", lambda c: 100.0 * c.mean())
    )
    rows = rows.reset_index()
    turned = rows[rows["pose"].isin(POSES[1:])].groupby(keys, sort=False)
    both = turned.agg(
        n_valid=("n_valid", "sum"),
        n=("n", "sum"),
        accuracy_pct=("accuracy_pct", lambda c: c.mean(skipna=False) if len(c) == 2 else np.nan),
    )
    table = pd.concat([rows, both.reset_index().assign(pose=ROTATED)], ignore_index=True)
    order = answers[keys].drop_duplicates().reset_index(drop=True)
    order = order.assign(_place=np.arange(len(order)))
    table = table.merge(order, on=keys)
    table["_pose"] = table["pose"].map({pose: place for place, pose in enumerate(SHOWN_POSES)})
    table = table.sort_values(["_place", "_pose"], ignore_index=True)
    return table[[*keys, "pose", "n_valid", "n", "accuracy_pct"]]


def accuracies(observers: pd.DataFrame, group: str, pose: str) -> pd.Series:
    """Return the accuracies (percent) of a group's observers in a pose, indexed by observer.

    Args:
        observers: of :func:`observer_accuracy`.
        group: of people or networks.
        pose: of ``SHOWN_POSES``.
    """
    rows = observers[(observers["group"] == group) & (observers["pose"] == pose)]
    return rows.set_index("observer")["accuracy_pct"]


def group_accuracy(observers: pd.DataFrame) -> pd.DataFrame:
    """Return the mean accuracy of each group with two half widths of its 95 % interval over observers.

    ``half_ci_study = m s / sqrt(n)`` with s the standard deviation over the group's n observers (n - 1 in its
    denominator) and the study's m (``STUDY_MULTIPLIER``); ``half_ci`` has the 97.5 % point of Student's distribution
    with n - 1 degrees of freedom instead. The interval speaks of other observers of the same kind answering the same
    pictures, not of other objects; five networks that were chosen are no random sample of networks.

    Args:
        observers: of :func:`observer_accuracy`.

    Returns:
        ``COLUMNS``, in percent and points: the groups of people, the study's networks together, then each network and
        model by itself, for which both half widths are NaN.
    """
    rows: list[tuple[str, str, float, float, float]] = []
    there = [group for group in (*GROUPS, COMPARED) if (observers["group"] == group).any()]
    for group in there:
        for pose in SHOWN_POSES:
            values = accuracies(observers, group, pose)
            multiplier = STUDY_MULTIPLIER["networks" if group == COMPARED else "people"]
            rows.append((group, pose, float(values.mean()), *half_widths(values.to_list(), multiplier)))
    single = observers[observers["kind"] != "human"]
    for name in dict.fromkeys([*NETWORKS, *single["observer"]]):
        own = single[single["observer"] == name]
        rows += [
            (name, str(pose), float(value), np.nan, np.nan)
            for pose, value in zip(own["pose"], own["accuracy_pct"], strict=True)
        ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def half_widths(values: Sequence[float], multiplier: float) -> tuple[float, float]:
    """Return the half width of the 95 % interval of a mean with a given multiplier, and with the right one.

    Args:
        values: of n independent observers.
        multiplier: of the standard error.

    Returns:
        NaN, NaN for fewer than two values.

    >>> [round(half, 4) for half in half_widths([1.0, 2.0, 3.0], 2.0)]
    [1.1547, 2.4841]
    """
    count = len(values)
    if count < 2:
        return float("nan"), float("nan")
    error = float(np.std(np.asarray(values, np.float64), ddof=1)) / count**0.5
    return multiplier * error, float(stats.t.ppf(0.975, count - 1)) * error
