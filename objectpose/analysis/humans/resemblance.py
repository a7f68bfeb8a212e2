"""Which viewing time of people a network resembles: in its accuracies by pose, and in which pictures it gets wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from objectpose.analysis.humans.study import COMPARED, GROUPS, OWN, POSES
from objectpose.errors import ObjectPoseError

COLUMNS = (
    "network",
    "group",
    "distance_pp",
    "distance_lo",
    "distance_hi",
    "nearest_share",
    "rotated_diff_pp",
    "rotated_diff_lo",
    "rotated_diff_hi",
    "kappa",
    "kappa_lo",
    "kappa_hi",
    "kappa_most",
    "most_alike_share",
    "n_people_wrong",
    "n_objects",
)
REPLICATES = 2000
_Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Answers:
    """One observer: observers x poses x objects, 0 where there is no valid answer."""

    right: _Floats
    valid: _Floats


def resemblance(answers: pd.DataFrame, *, seed: int = 0, replicates: int = REPLICATES) -> pd.DataFrame:
    """Return how near each network is to people under each viewing time.

    - *distance*: the mean over the three poses of the absolute difference between the network's accuracy and the mean
      accuracy of the group's observers. It is never negative, so that noise alone makes it greater than 0; read the
      intervals as spreads, and compare groups by ``nearest_share``, the share of replicates in which the group is the
      nearest of all (ties are shared).
    - *rotated_diff*: network - group in the mean of the two rotated accuracies, signed.
    - *kappa*: Cohen's, between the network and all of the group's answers to rotated pictures, each answer paired
      with the network's to the same picture and pose. ``kappa_most`` is what two observers with these accuracies can
      reach: where people are nearly always right it is small, and a small kappa says nothing of a difference.
      ``most_alike_share`` is the share of replicates in which the group has the greatest kappa.

    The intervals are 95 % percentiles over objects drawn with replacement with all their pictures and answers (a
    cluster bootstrap). They speak of other objects chosen in the same way, shown to these observers; observers are not
    drawn again.

    Args:
        answers: of ``load.load_answers``, with ``scoring.as_observers`` or without.
        seed: of the drawing.
        replicates: how many times objects are drawn.

    Returns:
        ``COLUMNS``, one row a network and group, networks in the order they come; shares 0..1;
        ``n_people_wrong``: the group's wrong answers to rotated pictures, of which kappa is made.

    Raises:
        ObjectPoseError: there is no network, or a group is lacking.
    """
    networks = answers[answers["group"].isin([COMPARED, OWN])]
    if networks.empty or not set(GROUPS) <= set(answers["group"]):
        raise ObjectPoseError("There is no network or not every group of people; give all files of the study.")
    objects = np.sort(answers["class_id"].unique())
    drawn = np.random.Generator(np.random.PCG64(seed)).multinomial(
        len(objects), np.full(len(objects), 1 / len(objects)), size=replicates
    )
    weights = np.concatenate([np.ones((1, len(objects))), drawn])
    people = {group: _arrays(answers[answers["group"] == group], objects) for group in GROUPS}
    profiles = {group: _profile(own, weights) for group, own in people.items()}
    rows = []
    for name, own in networks.groupby("observer", sort=False):
        network = _arrays(own, objects)
        profile = _profile(network, weights)
        gaps = {group: profile - profiles[group] for group in GROUPS}
        distances = np.stack([np.abs(gap).mean(axis=1) for gap in gaps.values()], axis=1)
        alike = [_kappa(network, people[group], weights) for group in GROUPS]
        kappas = np.stack([value for value, _ in alike], axis=1)
        nearest, likest = _shares(-distances[1:]), _shares(kappas[1:])
        for place, group in enumerate(GROUPS):
            signed = gaps[group][:, 1:].mean(axis=1)
            rows.append(
                (
                    str(name),
                    group,
                    *_with_limits(distances[:, place]),
                    float(nearest[place]),
                    *_with_limits(signed),
                    *_with_limits(kappas[:, place]),
                    float(alike[place][1]),
                    float(likest[place]),
                    int((people[group].valid[:, 1:] - people[group].right[:, 1:]).sum()),
                    len(objects),
                )
            )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _arrays(rows: pd.DataFrame, objects: NDArray[np.int64]) -> _Answers:
    observers = {name: place for place, name in enumerate(dict.fromkeys(rows["observer"]))}
    shape = (len(observers), len(POSES), len(objects))
    right, valid = np.zeros(shape), np.zeros(shape)
    kept = rows[rows["valid"]]
    where = (
        kept["observer"].map(observers).to_numpy(np.int64),
        kept["pose"].map({pose: place for place, pose in enumerate(POSES)}).to_numpy(np.int64),
        np.searchsorted(objects, kept["class_id"].to_numpy(np.int64)),
    )
    right[where] = kept["correct"].to_numpy(np.float64)
    valid[where] = 1.0
    return _Answers(right, valid)


def _profile(own: _Answers, weights: _Floats) -> _Floats:
    """Return replicates x poses: the mean over observers of their accuracy in percent."""
    right = np.einsum("ro,npo->rnp", weights, own.right)
    valid = np.einsum("ro,npo->rnp", weights, own.valid)
    share = np.divide(right, valid, out=np.full_like(right, np.nan), where=valid > 0)
    there = np.isfinite(share)
    total = np.where(there, share, 0.0).sum(axis=1)
    profile: _Floats = 100.0 * np.divide(total, there.sum(axis=1), out=np.full_like(total, np.nan), where=total >= 0)
    return profile


def _kappa(network: _Answers, people: _Answers, weights: _Floats) -> tuple[_Floats, float]:
    """Return kappa of each replicate, and the most that the accuracies of all objects allow."""
    n, m = network.right[0, 1:], network.valid[0, 1:]
    both = people.valid[:, 1:] * m
    right = people.right[:, 1:] * m
    same = right * n + (both - right) * (1 - n)
    count, agreed, by_network, by_people = (weights @ part.sum(axis=(0, 1)) for part in (both, same, both * n, right))
    o, p, q = agreed / count, by_network / count, by_people / count
    expected = p * q + (1 - p) * (1 - q)
    room = 1 - expected
    value = np.divide(o - expected, room, out=np.full_like(o, np.nan), where=room > 0)
    most = (1 - abs(p[0] - q[0]) - expected[0]) / room[0] if room[0] > 0 else np.nan
    return value, float(most)


def _with_limits(values: _Floats) -> tuple[float, float, float]:
    """Return the first value, which is of all objects, and the limits of the others."""
    others = values[1:][np.isfinite(values[1:])]
    if len(others) == 0:
        return float(values[0]), float("nan"), float("nan")
    low, high = np.quantile(others, [0.025, 0.975])
    return float(values[0]), float(low), float(high)


def _shares(values: _Floats) -> _Floats:
    """Return how often each column is the greatest of its row, ties shared, rows with NaN left out."""
    kept = values[np.isfinite(values).all(axis=1)]
    if len(kept) == 0:
        return np.full(values.shape[1], np.nan)
    top = np.isclose(kept, kept.max(axis=1, keepdims=True), rtol=0.0, atol=1e-9)
    shares: _Floats = (top / top.sum(axis=1, keepdims=True)).mean(axis=0)
    return shares
