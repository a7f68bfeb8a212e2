"""Drops averaged over networks, and one condition against another, with intervals over classes."""

from __future__ import annotations

import pandas as pd

from objectpose.analysis.accuracy import UNIT
from objectpose.analysis.conditions import ordered
from objectpose.analysis.shares import by_class
from objectpose.analysis.statistics import drop_interval
from objectpose.errors import ObjectPoseError, nearest

MEAN_COLUMNS = (
    "dataset",
    "condition",
    "baseline",
    "n_networks",
    "n_images",
    "n_classes",
    "baseline_top1",
    "top1",
    "drop_pp",
    "drop_lo",
    "drop_hi",
    "relative_drop",
)
PAIR_COLUMNS = (
    *UNIT,
    "first",
    "second",
    "n_classes",
    "first_top1",
    "second_top1",
    "difference_pp",
    "low_pp",
    "high_pp",
)


def mean_drop(judged: pd.DataFrame, *, seed: int = 0) -> pd.DataFrame:
    """Return the drop averaged over networks under each condition that has one.

    The mean over networks is taken in every class, so that the interval speaks of other classes and of these networks.
    Networks that lack an output for a class have no part in that class.

    Args:
        judged: frames of ``correctness.judge``, concatenated.
        seed: of the resampling.

    Returns:
        ``MEAN_COLUMNS``: accuracies and relative drop in percent, the drop in points with 95 % limits over classes;
        ``n_images`` is of one network.

    Raises:
        ObjectPoseError: as ``shares.by_class``, or no condition has a drop.
    """
    table = by_class(judged)
    table = table[table["drop_pp"].notna()]
    if table.empty:
        raise ObjectPoseError("No condition is compared with a baseline; add one, such as so3 beside upright.")
    rows = []
    for (dataset, condition), part in table.groupby(["dataset", "condition"], sort=False):
        means = part.groupby("class_name")[["baseline_top1", "top1", "n_baseline", "n_images"]].mean()
        drop = drop_interval(
            means["baseline_top1"] / 100.0, means["n_baseline"], means["top1"] / 100.0, means["n_images"], seed=seed
        )
        rows.append(
            (
                dataset,
                condition,
                part["baseline"].iloc[0],
                len(part[UNIT].drop_duplicates()),
                int(part.groupby(UNIT)["n_images"].sum().max()),
                len(means),
                float(means["baseline_top1"].mean()),
                float(means["top1"].mean()),
                drop.drop_pp,
                drop.low_pp,
                drop.high_pp,
                drop.relative_pct,
            )
        )
    return pd.DataFrame(rows, columns=list(MEAN_COLUMNS))


def between_conditions(judged: pd.DataFrame, first: str, second: str, *, seed: int = 0) -> pd.DataFrame:
    """Return how much more accurate each network is under one condition than under another.

    Both are taken on the classes that they share; where both have the same baseline the difference is that of the
    drops, second minus first.

    Args:
        judged: frames of ``correctness.judge``, concatenated.
        first: a condition.
        second: another one.
        seed: of the resampling.

    Returns:
        ``PAIR_COLUMNS``, one row a network: accuracies in percent, ``difference_pp`` (first minus second, points) with
        95 % limits over classes.

    Raises:
        ObjectPoseError: as ``shares.by_class``, an unknown condition, or no class in common.
    """
    table = by_class(judged)
    for name in (first, second):
        if name not in set(table["condition"]):
            known = ordered(table["condition"])
            raise ObjectPoseError(f"No image has the condition '{name}'; {nearest(name, known)}.")
    rows = []
    for key, unit in table.groupby(UNIT, sort=True):
        sides = [unit[unit["condition"] == name].set_index("class_name") for name in (first, second)]
        shared = sides[0].index.intersection(sides[1].index).sort_values()
        if shared.empty:
            raise ObjectPoseError(f"{first} and {second} have no class in common; render both for the same objects.")
        a, b = (side.loc[shared] for side in sides)
        found = drop_interval(a["top1"] / 100.0, a["n_images"], b["top1"] / 100.0, b["n_images"], seed=seed)
        means = (float(a["top1"].mean()), float(b["top1"].mean()))
        rows.append((*key, first, second, len(shared), *means, found.drop_pp, found.low_pp, found.high_pp))
    return pd.DataFrame(rows, columns=list(PAIR_COLUMNS))
