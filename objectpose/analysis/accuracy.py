"""Accuracies and drops: judged answers to the summary table, and the objects that lose most."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from objectpose.analysis.conditions import losing_uprightness, ordered
from objectpose.analysis.statistics import class_interval, drop_interval
from objectpose.errors import ObjectPoseError, nearest

SUMMARY_COLUMNS = (
    "dataset",
    "model",
    "preprocess",
    "condition",
    "baseline",
    "background",
    "n_images",
    "n_objects",
    "n_classes",
    "top1",
    "top1_lo",
    "top1_hi",
    "top5",
    "drop_pp",
    "drop_lo",
    "drop_hi",
    "relative_drop",
)
UNIT = ["dataset", "model", "preprocess"]
POOLED = "all"
SUMMARISED = (*UNIT, "condition", "baseline", "background", "object_id", "class_name", "correct", "correct5")
"""Columns that :func:`summarise` reads; rows of few columns are selected more quickly."""


def summarise(judged: pd.DataFrame, *, seed: int = 0) -> pd.DataFrame:
    """Return one row a (dataset, model, preprocess, condition, background) with accuracies and drops.

    Accuracies are means over classes in percent, with 95 % intervals over classes. A drop compares the condition
    with its baseline on the same objects and backgrounds; it is NaN for a baseline itself and where the baseline
    has no image on that background. Classes that a network has no output
    for are left out of its rows. The result does not depend on the order of the rows.

    Args:
        judged: frames of ``correctness.judge``, concatenated.
        seed: of the bootstrap.

    Returns:
        ``SUMMARY_COLUMNS``, sorted by data set, model, preprocessing, background (pooled first) and condition;
        ``relative_drop`` in percent of the baseline's accuracy. A background has rows of its own only where the
        data set has several.

    Raises:
        ObjectPoseError: no row, a condition without its baseline, a condition with two baselines or with objects
            that its baseline lacks, a background called ``all``.
    """
    answered = answered_rows(judged)[list(SUMMARISED)]
    if (answered["background"] == POOLED).any():
        raise ObjectPoseError(
            f"A background is called '{POOLED}', which names the pooled rows of the summary; rename it."
        )
    backgrounds = {str(key): group.unique() for key, group in answered.groupby("dataset")["background"]}
    rows: list[dict[str, object]] = []
    for (dataset, model, preprocess), unit in answered.groupby(UNIT, sort=True):
        pairs = baselines_of(unit)
        names = sorted(str(name) for name in backgrounds[str(dataset)])
        for background in [POOLED, *(names if len(names) > 1 else [])]:
            shown = unit if background == POOLED else unit[unit["background"] == background]
            for condition in ordered(shown["condition"]):
                row = {
                    "dataset": dataset,
                    "model": model,
                    "preprocess": preprocess,
                    "condition": condition,
                    "baseline": pairs[condition],
                    "background": background,
                }
                rows.append(row | _measures(shown, condition, pairs[condition], seed))
    return pd.DataFrame(rows, columns=list(SUMMARY_COLUMNS))


def by_object(judged: pd.DataFrame) -> pd.DataFrame:
    """Return the accuracy of each network on each object under each condition.

    Args:
        judged: frames of ``correctness.judge``, concatenated.

    Returns:
        ``dataset, model, preprocess, object_id, class_name, condition, baseline, n_images, top1`` (percent),
        sorted by those keys with conditions in the order of tables.
    """
    answered = answered_rows(judged)
    keys = [*UNIT, "object_id", "class_name", "condition", "baseline"]
    table = (
        answered.assign(top1=answered["correct"].astype(float) * 100.0)
        .groupby(keys, sort=True)["top1"]
        .agg(n_images="size", top1="mean")
        .reset_index()
    )
    place = {name: rank for rank, name in enumerate(ordered(table["condition"]))}
    return table.sort_values(
        [*UNIT, "object_id", "condition"],
        key=lambda column: column.map(place) if column.name == "condition" else column,
        kind="stable",
        ignore_index=True,
    )


def hardest_objects(judged: pd.DataFrame, n: int = 3, *, turned: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the objects that lose most when turned, averaged over the networks and the conditions that turn things.

    Args:
        judged: frames of ``correctness.judge``, concatenated.
        n: how many objects, >= 1.
        turned: the conditions that take things out of their upright position; None reads them off the poses
            (``conditions.losing_uprightness``).

    Returns:
        ``object_id, class_name, upright, turned`` (percent), ``drop_pp, n_upright, n_turned`` (answers behind the
        two accuracies), ``taken_for`` (the most frequent wrong answer when turned, a class index, null where all
        are right), ``taken_for_share`` (its share of the wrong answers, percent), ``n_networks`` and
        ``conditions`` (names joined by commas), the largest drop first, ties by name; objects that lose nothing are
        not listed, and the frame is empty where no condition turns things.

    Raises:
        ObjectPoseError: a name in ``turned`` is not a condition of the data.
    """
    answered = answered_rows(judged)
    known = set(answered["condition"])
    names = losing_uprightness(answered) if turned is None else [name for name in turned if name in known]
    for name in turned or ():
        if name not in known:
            raise ObjectPoseError(f"No image has the condition '{name}'; {nearest(name, known)}.")
    table = by_object(answered)
    table = table.merge(
        table[[*UNIT, "object_id", "condition", "top1", "n_images"]].rename(
            columns={"condition": "baseline", "top1": "upright", "n_images": "n_upright"}
        ),
        on=[*UNIT, "object_id", "baseline"],
        how="inner",
    )
    table = table[table["condition"].isin(names) & (table["condition"] != table["baseline"])]
    table = table.assign(drop_pp=table["upright"] - table["top1"])
    result = (
        table.groupby(["object_id", "class_name"], sort=True)
        .agg(
            upright=("upright", "mean"),
            turned=("top1", "mean"),
            drop_pp=("drop_pp", "mean"),
            n_turned=("n_images", "sum"),
        )
        .reset_index()
    )
    per_baseline = table.drop_duplicates([*UNIT, "object_id", "baseline"])
    result["n_upright"] = result["object_id"].map(per_baseline.groupby("object_id")["n_upright"].sum())
    result["drop_pp"] = result["drop_pp"].round(9)
    result = result[result["drop_pp"] > 0]
    result = result.sort_values(["drop_pp", "object_id"], ascending=[False, True], ignore_index=True).head(n)
    wrong = answered[answered["condition"].isin(names) & ~answered["correct"].astype(bool)]
    counts = {key: group.value_counts() for key, group in wrong.groupby("object_id")["answer"]}
    common = [_most_common(counts.get(name)) for name in result["object_id"]]
    return result.assign(
        taken_for=pd.array([index for index, _ in common], dtype="Int64"),
        taken_for_share=[share for _, share in common],
        n_networks=len(answered[UNIT].drop_duplicates()),
        conditions=", ".join(names),
    )[
        [
            "object_id",
            "class_name",
            "upright",
            "turned",
            "drop_pp",
            "n_upright",
            "n_turned",
            "taken_for",
            "taken_for_share",
            "n_networks",
            "conditions",
        ]
    ]


def _most_common(counts: pd.Series | None) -> tuple[int | None, float]:
    """Return the most frequent answer, the lowest index on ties, and its share in percent."""
    if counts is None or counts.empty:
        return None, math.nan
    most = int(counts.max())
    return int(min(counts.index[counts == most])), 100.0 * most / int(counts.sum())


def answered_rows(judged: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with an answer: those of classes that their network has an output for.

    Raises:
        ObjectPoseError: no such row.
    """
    rows = judged[judged["correct"].notna()]
    if rows.empty:
        raise ObjectPoseError("There is no answer to analyse; evaluate at least one network first.")
    return rows


def baselines_of(unit: pd.DataFrame) -> dict[str, str]:
    """Return each condition's baseline in one unit, after checking that there is one and that it has images."""
    pairs: dict[str, str] = {}
    conditions = set(unit["condition"])
    where = f"{unit['model'].iloc[0]} on {unit['dataset'].iloc[0]}"
    for condition, group in unit.groupby("condition"):
        found = sorted(set(group["baseline"]))
        if len(found) > 1:
            raise ObjectPoseError(
                f"The condition '{condition}' of {where} has the baselines {', '.join(found)}, expected one."
            )
        if found[0] not in conditions:
            raise ObjectPoseError(
                f"The condition '{condition}' of {where} is compared with '{found[0]}', of which there is no "
                f"image; add '{found[0]}' to the data set's conditions."
            )
        pairs[str(condition)] = str(found[0])
    return pairs


def _measures(shown: pd.DataFrame, condition: str, baseline: str, seed: int) -> dict[str, object]:
    rows = shown[shown["condition"] == condition]
    shares = _shares(rows)
    interval = class_interval(shares["right"], shares["images"], seed=seed)
    measures: dict[str, object] = {
        "n_images": len(rows),
        "n_objects": int(rows["object_id"].nunique()),
        "n_classes": len(shares),
        "top1": 100.0 * interval.accuracy,
        "top1_lo": 100.0 * interval.low,
        "top1_hi": 100.0 * interval.high,
        "top5": 100.0 * float(shares["right5"].mean()),
        "drop_pp": np.nan,
        "drop_lo": np.nan,
        "drop_hi": np.nan,
        "relative_drop": np.nan,
    }
    before = shown[(shown["condition"] == baseline) & shown["background"].isin(rows["background"].unique())]
    if condition == baseline or before.empty:
        return measures
    lacking = sorted(set(rows["object_id"]) - set(before["object_id"]))
    if lacking:
        raise ObjectPoseError(
            f"The condition '{condition}' has {len(lacking)} objects that its baseline '{baseline}' lacks (such as "
            f"'{lacking[0]}'); render the baseline for the same objects."
        )
    before_shares = _shares(before[before["object_id"].isin(rows["object_id"].unique())])
    drop = drop_interval(before_shares["right"], before_shares["images"], shares["right"], shares["images"], seed=seed)
    return measures | {
        "drop_pp": drop.drop_pp,
        "drop_lo": drop.low_pp,
        "drop_hi": drop.high_pp,
        "relative_drop": drop.relative_pct,
    }


def _shares(rows: pd.DataFrame) -> pd.DataFrame:
    """Return, by class in the order of names, ``right`` and ``right5`` (0..1) and ``images``."""
    code, names = pd.factorize(rows["class_name"].astype(str), sort=True)
    images = np.bincount(code)
    right, right5 = (np.bincount(code, rows[flag].to_numpy(float)) / images for flag in ("correct", "correct5"))
    return pd.DataFrame({"right": right, "right5": right5, "images": images}, index=names)
