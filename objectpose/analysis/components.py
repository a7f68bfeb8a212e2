"""Where the variance of being right lies: between classes, between instances of a class, or between poses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from objectpose.analysis.accuracy import UNIT
from objectpose.analysis.conditions import ordered
from objectpose.analysis.correctness import network_labels
from objectpose.errors import ObjectPoseError

LEAST_CLASSES = 10
"""Fewer classes say too little about the variance between them."""


@dataclass(frozen=True)
class Components:
    """Variance components of the answers under one condition, as shares of their sum.

    Attributes:
        classes: between classes, 0..1.
        instances: between instances of a class, 0..1.
        poses: between the pictures of an instance, 0..1.
        n_classes: classes with at least two instances, which all three are estimated from.
    """

    classes: float
    instances: float
    poses: float
    n_classes: int


def variance_components(answers: pd.DataFrame) -> Components | None:
    """Split the variance of correctness in the nested design class / instance / pose.

    The estimators are those of Henderson's first method for an unbalanced two-level nested analysis of variance
    (Searle, Casella and McCulloch 1992, chapter 5); a negative estimate counts as 0.

    Args:
        answers: ``class_name``, ``object_id`` and ``correct`` (0/1 or boolean) of one network under one condition.

    Returns:
        Shares that sum to 1; None where fewer than two classes have two instances with at least two pictures, or where
        all answers are alike.

    Raises:
        ObjectPoseError: an answer is missing.
    """
    if answers["correct"].isna().any():
        raise ObjectPoseError("An answer is missing; leave classes out that a network has no output for.")
    table = answers.assign(correct=answers["correct"].astype(float))
    objects = table.groupby(["class_name", "object_id"])["correct"].agg(["size", "mean", "var"]).reset_index()
    objects = objects[objects["size"] > 1]
    several = objects.groupby("class_name")["object_id"].transform("size") > 1
    objects = objects[several]
    if objects["class_name"].nunique() < 2:
        return None
    n, mean = objects["size"].to_numpy(float), objects["mean"].to_numpy(float)
    _, owner = np.unique(objects["class_name"], return_inverse=True)
    total, count, classes = n.sum(), len(n), int(owner.max()) + 1
    of_class = np.bincount(owner, n)
    class_mean = np.bincount(owner, n * mean) / of_class
    grand = (n * mean).sum() / total
    within = float(((n - 1.0) * objects["var"].to_numpy(float)).sum() / (total - count))
    between_objects = float((n * (mean - class_mean[owner]) ** 2).sum())
    between_classes = float((of_class * (class_mean - grand) ** 2).sum())
    shared = float((np.bincount(owner, n**2) / of_class).sum())
    instance = (between_objects - (count - classes) * within) / (total - shared)
    spread = total - float((of_class**2).sum()) / total
    among = (between_classes - (shared - float((n**2).sum()) / total) * instance - (classes - 1) * within) / spread
    parts = np.maximum([among, instance, within], 0.0)
    if parts.sum() == 0.0:
        return None
    shares = parts / parts.sum()
    return Components(float(shares[0]), float(shares[1]), float(shares[2]), classes)


def components_by_network(judged: pd.DataFrame, condition: str | None) -> list[Components]:
    """Return the components of every network under a condition, where at least ``LEAST_CLASSES`` have instances.

    Args:
        judged: frames of ``correctness.judge``, concatenated.
        condition: its name; None gives no components.
    """
    rows = judged[(judged["condition"] == condition) & judged["correct"].notna()]
    found = [variance_components(unit) for _, unit in rows.groupby(UNIT, sort=False)]
    return [one for one in found if one is not None and one.n_classes >= LEAST_CLASSES]


def components_table(judged: pd.DataFrame) -> pd.DataFrame:
    """Return the components of every network under every condition, where :func:`variance_components` has them.

    Args:
        judged: frames of ``correctness.judge``, concatenated.

    Returns:
        ``dataset, network, condition, n_classes`` (with several instances) and ``classes_pct, instances_pct,
        poses_pct``, which sum to 100; conditions in the order of tables. Empty where classes have one instance.
    """
    rows = judged.assign(network=network_labels(judged))[judged["correct"].notna().to_numpy()]
    found = []
    for (dataset, network), unit in rows.groupby(["dataset", "network"], sort=True):
        for condition in ordered(unit["condition"]):
            one = variance_components(unit[unit["condition"] == condition])
            if one is not None:
                shares = (100.0 * one.classes, 100.0 * one.instances, 100.0 * one.poses)
                found.append((dataset, network, condition, one.n_classes, *shares))
    columns = ["dataset", "network", "condition", "n_classes", "classes_pct", "instances_pct", "poses_pct"]
    return pd.DataFrame(found, columns=columns)
