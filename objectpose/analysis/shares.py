"""Accuracies and drops of single classes: the numbers that intervals and tests over classes are computed from."""

from __future__ import annotations

import pandas as pd

from objectpose.analysis.accuracy import UNIT, answered_rows, baselines_of
from objectpose.analysis.conditions import ordered
from objectpose.errors import ObjectPoseError

CLASS_COLUMNS = (
    *UNIT,
    "condition",
    "baseline",
    "class_name",
    "n_objects",
    "n_images",
    "top1",
    "n_baseline",
    "baseline_top1",
    "drop_pp",
)
CELL = ["condition", "baseline", "class_name", "object_id", "background"]


def by_class(judged: pd.DataFrame) -> pd.DataFrame:
    """Return each network's accuracy and drop on each class under each condition.

    The mean of ``top1`` and of ``drop_pp`` over the classes of a condition are the pooled ones of
    ``accuracy.summarise``. A drop compares with the baseline's images of the same objects and backgrounds.

    Args:
        judged: frames of ``correctness.judge``, concatenated.

    Returns:
        ``CLASS_COLUMNS``: ``n_objects`` and ``n_images`` behind ``top1`` (percent), ``n_baseline`` behind
        ``baseline_top1`` (percent), ``drop_pp = baseline_top1 - top1``; the last three are 0 and NaN for a
        baseline itself and where the baseline has no image on the condition's backgrounds. Sorted by unit,
        condition (in the order of tables) and class.

    Raises:
        ObjectPoseError: no answer, a condition without its baseline, with two, or with objects that its baseline
            lacks.
    """
    cells = class_cells(judged)
    for _, unit in cells.groupby(UNIT, sort=False):
        baselines_of(unit)
    before = _compared(cells)
    keys = [*UNIT, "condition", "baseline", "class_name"]
    table = _rates(cells, keys).join(
        _rates(before, keys)[["n_images", "top1"]].set_axis(["n_baseline", "baseline_top1"], axis=1)
    )
    table = table.reset_index()
    table["n_baseline"] = table["n_baseline"].fillna(0).astype(int)
    table["drop_pp"] = table["baseline_top1"] - table["top1"]
    place = {name: rank for rank, name in enumerate(ordered(table["condition"].unique()))}
    return table.sort_values(
        [*UNIT, "condition", "class_name"],
        key=lambda column: column.map(place) if column.name == "condition" else column,
        kind="stable",
        ignore_index=True,
    )[list(CLASS_COLUMNS)]


def class_cells(judged: pd.DataFrame) -> pd.DataFrame:
    """Return how many images were answered and how many rightly in every cell of the design.

    Returns:
        ``UNIT``, ``CELL``, ``n_images`` and ``right`` (counts), one row a combination that has images.
    """
    rows = answered_rows(judged)
    right = rows["correct"].astype(float)
    keys = [rows[name].astype("category") for name in [*UNIT, *CELL]]
    cells = right.groupby(keys, sort=True, observed=True).agg(n_images="size", right="sum").reset_index()
    return cells.astype(dict.fromkeys([*UNIT, *CELL], str))


def baseline_cells(unit: pd.DataFrame, own: pd.DataFrame, condition: str, baseline: str) -> pd.DataFrame:
    """Return the rows of the baseline that a condition is compared with: same objects, same backgrounds.

    Args:
        unit: rows of one network (images or cells) with ``condition``, ``object_id`` and ``background``.
        own: those of them under the condition.
        condition: its name.
        baseline: its baseline's; the result is empty where the condition is its own.

    Raises:
        ObjectPoseError: the baseline has images on these backgrounds, but not of every object.
    """
    before = unit[(unit["condition"] == baseline) & unit["background"].isin(own["background"].unique())]
    if condition == baseline or before.empty:
        return before.iloc[:0]
    lacking = sorted(set(own["object_id"]) - set(before["object_id"]))
    if lacking:
        raise _lacking(condition, baseline, len(lacking), lacking[0])
    return before[before["object_id"].isin(own["object_id"].unique())]


def _compared(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the baseline's cells of every condition under the condition's name: same objects, same backgrounds."""
    named = [*UNIT, "condition", "baseline"]
    turned = cells[cells["condition"] != cells["baseline"]]
    objects = turned[[*named, "class_name", "object_id"]].drop_duplicates()
    backgrounds = turned[[*named, "background"]].drop_duplicates()
    base = cells[[*UNIT, "condition", "object_id", "background", "n_images", "right"]]
    base = base.rename(columns={"condition": "baseline"})
    on_background = backgrounds.merge(base, on=[*UNIT, "baseline", "background"])
    comparable = on_background[named].drop_duplicates()
    found = on_background.merge(objects, on=[*named, "object_id"])
    seen = found[[*named, "object_id"]].drop_duplicates()
    lacking = objects.merge(comparable, on=named).merge(seen, on=[*named, "object_id"], how="left", indicator=True)
    lacking = lacking[lacking["_merge"] == "left_only"]
    if len(lacking):
        first = lacking.iloc[0]
        count = int((lacking[named] == first[named]).all(axis=1).sum())
        raise _lacking(first["condition"], first["baseline"], count, first["object_id"])
    return found


def _lacking(condition: str, baseline: str, count: int, example: str) -> ObjectPoseError:
    return ObjectPoseError(
        f"The condition '{condition}' has {count} objects that its baseline '{baseline}' lacks (such as '{example}'); "
        "render the baseline for the same objects."
    )


def _rates(cells: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    grouped = cells.groupby(keys, sort=True)
    images = grouped["n_images"].sum()
    top1 = 100.0 * grouped["right"].sum() / images
    return pd.DataFrame({"n_objects": grouped["object_id"].nunique(), "n_images": images, "top1": top1})
