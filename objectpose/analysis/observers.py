"""Judged answers as matrices: one row a picture, one column an observer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from objectpose.analysis.conditions import ordered
from objectpose.analysis.correctness import network_labels
from objectpose.errors import ObjectPoseError


@dataclass(frozen=True)
class Answers:
    """What each observer answered to each picture of one data set.

    Attributes:
        correct: images x observers, 1.0 right, 0.0 wrong, NaN without an answer.
        answer: images x observers, the first answer's class index as a float, NaN without an answer.
        names: of the observers, as ``correctness.network_labels`` gives them, sorted.
        classes: images, the class name of each.
        image_ids: images, sorted.
    """

    correct: NDArray[np.float64]
    answer: NDArray[np.float64]
    names: tuple[str, ...]
    classes: NDArray[np.str_]
    image_ids: tuple[str, ...]


def answers_of(judged: pd.DataFrame) -> Answers:
    """Return what each network answered to each picture of one data set; the order of the rows does not matter.

    Args:
        judged: frames of ``correctness.judge`` of one data set, concatenated. A picture that a network's rows lack
            has NaN there.

    Raises:
        ObjectPoseError: no row, several data sets, or a network with two answers to a picture.
    """
    count = judged["dataset"].nunique()
    if count != 1:
        raise ObjectPoseError(
            f"The answers are of {count} data sets, expected one; compare networks on each by itself."
        )
    labels = network_labels(judged)
    doubled = pd.DataFrame({"network": labels, "image_id": judged["image_id"]}).duplicated()
    if doubled.any():
        raise ObjectPoseError(
            f"{labels[doubled].iloc[0]} answers the image '{judged.loc[doubled, 'image_id'].iloc[0]}' twice; give each "
            "network's answers once."
        )
    image, ids = pd.factorize(judged["image_id"], sort=True)
    network, names = pd.factorize(labels, sort=True)
    correct = np.full((len(ids), len(names)), np.nan)
    answer = np.full((len(ids), len(names)), np.nan)
    correct[image, network] = judged["correct"].astype("Float64").to_numpy(np.float64, na_value=np.nan)
    answer[image, network] = judged["answer"].astype("Float64").to_numpy(np.float64, na_value=np.nan)
    first = np.zeros(len(ids), dtype=int)
    first[image] = np.arange(len(judged))
    classes = judged["class_name"].astype(str).to_numpy(dtype=str)[first]
    return Answers(correct, answer, tuple(map(str, names)), classes, tuple(map(str, ids)))


def pairs_by_condition(judged: pd.DataFrame, pairs_of: Callable[[Answers], pd.DataFrame]) -> pd.DataFrame:
    """Return a frame about pairs of observers under each condition of one data set.

    Args:
        judged: frames of ``correctness.judge`` of one data set and at least two networks, concatenated.
        pairs_of: from the answers under one condition to its rows.

    Returns:
        ``dataset``, ``condition`` and the columns of ``pairs_of``, conditions in the order of tables.

    Raises:
        ObjectPoseError: as :func:`answers_of`, and no answer.
    """
    parts = []
    for condition in ordered(judged["condition"]):
        pairs = pairs_of(answers_of(judged[judged["condition"] == condition]))
        pairs.insert(0, "condition", condition)
        pairs.insert(0, "dataset", str(judged["dataset"].iloc[0]))
        parts.append(pairs)
    if not parts:
        raise ObjectPoseError("There is no answer to compare, expected those of at least two networks.")
    return pd.concat(parts, ignore_index=True)
