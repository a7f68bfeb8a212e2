"""Which answers are right: predictions joined to the plan they were made for."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from objectpose.errors import ObjectPoseError

PLAN_COLUMNS = ("image_id", "object_id", "class_name", "targets", "condition", "baseline", "background")
PREDICTION_COLUMNS = ("image_id", "top5", "top5_prob")


def _require(frame: pd.DataFrame, columns: Iterable[str], what: str) -> None:
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise ObjectPoseError(
            f"The {what} lacks the column {', '.join(missing)}; write it again with this version of ObjectPose."
        )


def _unique(ids: pd.Series, what: str) -> None:
    count = int(ids.duplicated().sum())
    if count:
        example = ids[ids.duplicated()].iloc[0]
        raise ObjectPoseError(
            f"The {what} holds {count:,} image ids more than once (such as '{example}'), expected each once; "
            "delete the file and run the same command again."
        )


def _values(cell: object) -> list[float]:
    """Return the numbers of a list cell; an empty list for null."""
    if cell is None or isinstance(cell, float):
        return []
    return list(cell)  # type: ignore[call-overload, no-any-return]


def judge(plan: pd.DataFrame, predictions: pd.DataFrame, *, model: str, preprocess: str, dataset: str) -> pd.DataFrame:
    """Join one unit's predictions to the plan on ``image_id`` and say which answers are right.

    A class of which every image is without an answer is one that the network has no output for: its rows stay,
    with null in ``correct``, and nothing counts them as wrong. An image without an answer in any other class is
    an error.

    Args:
        plan: one row an image with at least ``PLAN_COLUMNS``; ``targets`` holds lists of class indices.
        predictions: one row an image with ``image_id``, ``top5`` (class indices, best first; fewer than five
            allowed) and ``top5_prob`` (0..1).
        model: the network's name.
        preprocess: the name of its preprocessing.
        dataset: the name of the data set.

    Returns:
        The plan's rows in the plan's order with ``dataset``, ``model``, ``preprocess``, ``answer`` (Int64, the
        first of ``top5``), ``answer_prob`` (Float64), ``correct`` and ``correct5`` (boolean with null).

    Raises:
        ObjectPoseError: a column is missing, an id is doubled or unknown to the plan, predictions lack images of
            a class of which they have others, or an image has no target.
    """
    _require(plan, PLAN_COLUMNS, f"plan of {dataset}")
    _require(predictions, PREDICTION_COLUMNS, f"predictions of {model} on {dataset}")
    if len(plan) == 0:
        raise ObjectPoseError(f"The plan of {dataset} has no image; render the data set again.")
    _unique(plan["image_id"], f"plan of {dataset}")
    _unique(predictions["image_id"], f"prediction file of {model} on {dataset}")
    foreign = predictions.loc[~predictions["image_id"].isin(plan["image_id"]), "image_id"]
    if len(foreign):
        raise ObjectPoseError(
            f"{len(foreign):,} of the {len(predictions):,} predictions of {model} are for images that {dataset} "
            f"does not have (such as '{foreign.iloc[0]}'); they belong to another data set."
        )
    answers = predictions.set_index("image_id").reindex(plan["image_id"])
    top5 = [[int(index) for index in _values(cell)[:5]] for cell in answers["top5"]]
    probabilities = [_values(cell) for cell in answers["top5_prob"]]
    targets = [{int(index) for index in _values(cell)} for cell in plan["targets"]]
    if not all(targets):
        image = plan["image_id"].iloc[[bool(target) for target in targets].index(False)]
        raise ObjectPoseError(f"The image '{image}' of {dataset} has no target; give its class at least one index.")

    answered = pd.Series([bool(row) for row in top5], index=plan.index)
    share = answered.groupby(plan["class_name"]).transform("mean")
    partial = ~answered & (share > 0)
    if partial.any() or not answered.any():
        count = int((~answered).sum())
        raise ObjectPoseError(
            f"{model} has no prediction for {count:,} of the {len(plan):,} images of {dataset} "
            f"(such as '{plan.loc[~answered, 'image_id'].iloc[0]}'); run the same command again to compute them."
        )
    right = [row[0] in target if row else None for row, target in zip(top5, targets, strict=True)]
    right5 = [bool(target.intersection(row)) if row else None for row, target in zip(top5, targets, strict=True)]
    return plan.assign(
        dataset=dataset,
        model=model,
        preprocess=preprocess,
        answer=pd.array([row[0] if row else None for row in top5], dtype="Int64"),
        answer_prob=pd.array([row[0] if row else None for row in probabilities], dtype="Float64"),
        correct=pd.array(right, dtype="boolean"),
        correct5=pd.array(right5, dtype="boolean"),
    )


def left_out(judged: pd.DataFrame) -> dict[str, list[str]]:
    """Return, for each network that lacks classes, the names of the classes it was not asked about.

    Args:
        judged: one or several frames of :func:`judge`, concatenated.

    Returns:
        ``{network label: sorted class names}``, without networks that have every class.
    """
    rows = judged[judged["correct"].isna()]
    labels = network_labels(judged).loc[rows.index]
    return {str(label): sorted({str(name) for name in group}) for label, group in rows["class_name"].groupby(labels)}


def network_labels(frame: pd.DataFrame) -> pd.Series:
    """Return the name to show for each row's network: the model, with its preprocessing where that differs.

    Args:
        frame: with ``model`` and ``preprocess``.

    >>> rows = pd.DataFrame({"model": ["a", "a", "b"], "preprocess": ["own", "paper2022", "own"]})
    >>> network_labels(rows).tolist()
    ['a (own)', 'a (paper2022)', 'b']
    """
    kinds = frame.groupby("model")["preprocess"].transform("nunique")
    model = frame["model"].astype(str)
    return model.where(kinds <= 1, model + " (" + frame["preprocess"].astype(str) + ")")
