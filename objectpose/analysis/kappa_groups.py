"""Error consistency of groups of observers: do those of one group err more alike than those of two groups?

The value of two groups is the mean of Cohen's kappa (``consistency``) over the pairs of observers, one of each group;
of a group with itself over its pairs of different observers. Pairs without a kappa have no part in the mean. The 95 %
limits are over classes, drawn whole with all their pictures and answers (``bootstrap.hull_limits``); they speak of
other classes shown to these observers. Two means are compared draw by draw, so that what is hard about a class cancels.

Kappa cannot reach 1 where two accuracies differ, so that observers of one accuracy have an advantage over observers of
two; the accuracies of the groups stand beside the means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations_with_replacement

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from objectpose.analysis.bootstrap import REPLICATES, Floats, hull_limits, ratio
from objectpose.analysis.draws import class_draws
from objectpose.errors import ObjectPoseError, nearest

MEAN_COLUMNS = (
    "group_a",
    "group_b",
    "n_pairs",
    "n_images",
    "n_classes",
    "accuracy_a",
    "accuracy_b",
    "kappa",
    "kappa_lo",
    "kappa_hi",
)
CONTRAST_COLUMNS = ("first", "second", "difference", "low", "high")
Pair = tuple[str, str]


def group_kappas(
    correct: ArrayLike,
    names: Sequence[str],
    classes: Sequence[str],
    group_of: Mapping[str, str],
    *,
    seed: int = 0,
    replicates: int = REPLICATES,
) -> pd.DataFrame:
    """Return the mean kappa within each group and between each two.

    Args:
        correct: images x observers, 1 right, 0 wrong, NaN without an answer.
        names: of the observers.
        classes: images, the class of each.
        group_of: maps observers to groups; observers that it lacks are left out.
        seed: of the draws.
        replicates: how many times the classes are drawn.

    Returns:
        ``MEAN_COLUMNS``, groups in the order they come among the observers; accuracies 0..1, means over observers. A
        group of one observer has no row with itself.

    Raises:
        ObjectPoseError: names, classes and answers that do not fit, or fewer than two observers in groups.
    """
    table = _Pairs(correct, names, classes, group_of)
    low, high = hull_limits(*table.means(seed, replicates), len(table.known))
    value, _, _ = table.means(seed, 1)
    rows = [
        (
            *pair,
            len(table.members[pair]),
            table.n_images,
            len(table.known),
            table.accuracy[pair[0]],
            table.accuracy[pair[1]],
            *(float(limit[place]) for limit in (value, low, high)),
        )
        for place, pair in enumerate(table.members)
    ]
    return pd.DataFrame(rows, columns=list(MEAN_COLUMNS))


def kappa_contrasts(
    correct: ArrayLike,
    names: Sequence[str],
    classes: Sequence[str],
    group_of: Mapping[str, str],
    contrasts: Sequence[tuple[Pair, Pair]],
    *,
    seed: int = 0,
    replicates: int = REPLICATES,
) -> pd.DataFrame:
    """Return differences of the mean kappas of :func:`group_kappas`.

    Args:
        correct: as in :func:`group_kappas`.
        names: as there.
        classes: as there.
        group_of: as there.
        contrasts: pairs of groups to compare: ``(("people", "people"), ("people", "networks"))`` is people with each
            other against people with networks.
        seed: of the draws.
        replicates: how many times the classes are drawn.

    Returns:
        ``CONTRAST_COLUMNS``: the two pairs in words, the first's mean kappa minus the second's, with 95 % limits.

    Raises:
        ObjectPoseError: as there, or a pair of groups without a pair of observers.
    """
    table = _Pairs(correct, names, classes, group_of)
    place = {pair: number for number, pair in enumerate(table.members)}
    place |= {(b, a): number for (a, b), number in place.items()}
    words = [" with ".join(pair) for pair in place]
    for pair in (pair for contrast in contrasts for pair in contrast):
        if pair not in place:
            raise ObjectPoseError(
                f"There are no pairs of {' with '.join(pair)}; {nearest(' with '.join(pair), words)}."
            )
    first, second = (np.array([place[contrast[side]] for contrast in contrasts], dtype=int) for side in (0, 1))
    value, drawn, without = (means[..., first] - means[..., second] for means in table.means(seed, replicates))
    low, high = hull_limits(value, drawn, without, len(table.known))
    return pd.DataFrame(
        {
            "first": [" with ".join(contrast[0]) for contrast in contrasts],
            "second": [" with ".join(contrast[1]) for contrast in contrasts],
            "difference": value,
            "low": low,
            "high": high,
        }
    )


class _Pairs:
    """Counts of every pair of observers by class, and which pairs belong to which groups."""

    def __init__(
        self, correct: ArrayLike, names: Sequence[str], classes: Sequence[str], group_of: Mapping[str, str]
    ) -> None:
        answers = np.asarray(correct, dtype=np.float64)
        if answers.ndim != 2 or answers.shape != (len(classes), len(names)):
            raise ObjectPoseError(
                f"Answers of shape {answers.shape} were given for {len(classes)} classes of images and {len(names)} "
                "observers, expected images x observers."
            )
        kept = [place for place, name in enumerate(names) if name in group_of]
        if len(kept) < 2:
            raise ObjectPoseError(f"{len(kept)} observers are in groups, expected at least two to compare.")
        groups = [group_of[names[place]] for place in kept]
        answers = answers[:, kept]
        self.n_images = len(answers)
        self.known, code = np.unique(np.asarray(classes, dtype=str), return_inverse=True)
        first, second = np.triu_indices(len(kept), 1)
        right, asked = (answers == 1.0).astype(float), (~np.isnan(answers)).astype(float)
        per_image = (
            asked[:, first] * asked[:, second],
            right[:, first] * asked[:, second],
            asked[:, first] * right[:, second],
            right[:, first] * right[:, second],
        )
        member = (code[None, :] == np.arange(len(self.known))[:, None]).astype(float)
        self.sums = [member @ counts for counts in per_image]
        shares = ratio(right.sum(axis=0), asked.sum(axis=0))
        order = list(dict.fromkeys(groups))
        of_group = {name: [place for place, group in enumerate(groups) if group == name] for name in order}
        self.accuracy = {name: float(shares[places].mean()) for name, places in of_group.items()}
        found = {
            pair: np.flatnonzero([{groups[a], groups[b]} == set(pair) for a, b in zip(first, second, strict=True)])
            for pair in combinations_with_replacement(order, 2)
        }
        self.members = {pair: places for pair, places in found.items() if len(places)}

    def means(self, seed: int, replicates: int) -> tuple[Floats, Floats, Floats]:
        """Return the mean kappas: of all classes, of each draw, and without each class."""
        draws = class_draws(len(self.known), seed=seed, replicates=replicates)
        totals = [counts.sum(axis=0) for counts in self.sums]
        return (
            self._mean(_kappa(*totals)),
            self._mean(_kappa(*(draws @ counts for counts in self.sums))),
            self._mean(_kappa(*(total - counts for total, counts in zip(totals, self.sums, strict=True)))),
        )

    def _mean(self, kappas: Floats) -> Floats:
        known = np.isfinite(kappas)
        values = np.where(known, kappas, 0.0)
        return np.stack(
            [ratio(values[..., own].sum(axis=-1), known[..., own].sum(axis=-1)) for own in self.members.values()],
            axis=-1,
        )


def _kappa(n: Floats, a: Floats, b: Floats, both: Floats) -> Floats:
    """Return kappa from whole counts, NaN where the expected overlap is 1."""
    room = a * (n - b) + (n - a) * b
    return ratio(n * (n - a - b + 2.0 * both) - a * b - (n - a) * (n - b), room)
