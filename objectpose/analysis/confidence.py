"""How sure networks are when right and when wrong, under each condition and against its baseline.

The confidence of an answer is the network's top-1 probability. Tables are in percent and percentage points; every
picture weighs the same, so that an accuracy here can differ from the mean over classes of ``accuracy.summarise`` where
classes have different numbers of pictures. Intervals are over classes, and a change against the baseline is paired:
both have the same classes in each draw.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import pandas as pd

from objectpose.analysis.abstention import risk, risk_coverage
from objectpose.analysis.accuracy import UNIT
from objectpose.analysis.bootstrap import REPLICATES, Floats, ratio, sum_limits
from objectpose.analysis.calibration import BINS, calibration_error, reliability
from objectpose.analysis.conditions import ordered
from objectpose.analysis.correctness import network_labels
from objectpose.errors import ObjectPoseError

NEEDED = (
    *UNIT,
    "condition",
    "baseline",
    "background",
    "class_name",
    "object_id",
    "image_id",
    "correct",
    "answer_prob",
)
"""Columns that are read of judged answers; selecting rows of few columns is quicker."""
TABLE_COLUMNS = (
    *UNIT,
    "condition",
    "baseline",
    "n_images",
    "n_classes",
    "n_right",
    "n_wrong",
    "accuracy",
    "confidence",
    "overconfidence",
    "overconfidence_lo",
    "overconfidence_hi",
    "ece_mass",
    "ece_mass_lo",
    "ece_mass_hi",
    "ece_mass_floor",
    "ece_width",
    "ece_width_lo",
    "ece_width_hi",
    "ece_width_floor",
    "confidence_right",
    "confidence_right_lo",
    "confidence_right_hi",
    "confidence_wrong",
    "confidence_wrong_lo",
    "confidence_wrong_hi",
    "right_change",
    "right_change_lo",
    "right_change_hi",
    "wrong_change",
    "wrong_change_lo",
    "wrong_change_hi",
    "aurc",
    "aurc_lo",
    "aurc_hi",
    "aurc_best",
)

_Answers: TypeAlias = tuple[Floats, Floats, list[str]]
"""Confidences, right or wrong, and classes of a network's answers."""


def confidence_table(
    judged: pd.DataFrame, *, bins: int = BINS, seed: int = 0, replicates: int = REPLICATES
) -> pd.DataFrame:
    """Return calibration and confidence of each network under each condition.

    Args:
        judged: frames of ``correctness.judge``, concatenated; pictures of classes that a network lacks are left out.
        bins: of the calibration errors.
        seed: of the draws.
        replicates: how many times the classes are drawn.

    Returns:
        ``TABLE_COLUMNS`` in percent: ``overconfidence`` is mean confidence minus accuracy in points, ``ece_*`` are
        calibration errors with equal-mass and equal-width bins and their floors (``calibration``),
        ``confidence_right`` and ``confidence_wrong`` the mean confidence of right and wrong answers, ``*_change``
        what these gained in points against the baseline on the same objects and backgrounds (NaN for a baseline, or
        where one of the two has no such answer), ``aurc`` the area under the risk-coverage curve with its best
        possible value. ``*_lo`` and ``*_hi`` are 95 % limits over classes, NaN with one class. Networks by name,
        conditions in the order of tables.

    Raises:
        ObjectPoseError: no answer, or an answer without a probability.
    """
    return _by_condition(judged, lambda unit, condition: [_row(unit, condition, bins, seed, replicates)], TABLE_COLUMNS)


def reliability_table(
    judged: pd.DataFrame,
    *,
    bins: int = 10,
    rule: str = "equal-mass",
    seed: int = 0,
    replicates: int = REPLICATES,
) -> pd.DataFrame:
    """Return the reliability curve (``calibration.reliability``) of each network under each condition.

    Args:
        judged: as :func:`confidence_table`.
        bins: of the curve.
        rule: one of ``calibration.RULES``.
        seed: of the draws.
        replicates: how many times the classes are drawn.

    Returns:
        ``dataset, model, preprocess, network, condition, baseline``, ``condition_images`` and ``condition_classes`` of
        the whole curve, and ``calibration.CURVE_COLUMNS`` (0..1).

    Raises:
        ObjectPoseError: as :func:`confidence_table`.
    """
    return _curves(
        judged, lambda answers: reliability(*answers, bins=bins, rule=rule, seed=seed, replicates=replicates)
    )


def risk_coverage_table(judged: pd.DataFrame, *, seed: int = 0, replicates: int = REPLICATES) -> pd.DataFrame:
    """Return the curve of ``abstention.risk_coverage`` of each network under each condition.

    Args:
        judged: as :func:`confidence_table`.
        seed: of the draws.
        replicates: how many times the classes are drawn.

    Returns:
        ``dataset, model, preprocess, network, condition, baseline``, ``condition_images`` and ``condition_classes`` of
        the whole curve, and ``abstention.CURVE_COLUMNS`` (0..1).

    Raises:
        ObjectPoseError: as :func:`confidence_table`.
    """
    return _curves(judged, lambda answers: risk_coverage(*answers, seed=seed, replicates=replicates))


def _curves(judged: pd.DataFrame, measure: Callable[[_Answers], pd.DataFrame]) -> pd.DataFrame:
    """Return the rows of a curve of each network under each condition."""

    def rows(unit: pd.DataFrame, condition: str) -> list[dict[str, object]]:
        table = measure(_answers(unit, condition))
        return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]

    return _by_condition(judged, rows)


def _by_condition(
    judged: pd.DataFrame,
    measure: Callable[[pd.DataFrame, str], list[dict[str, object]]],
    columns: tuple[str, ...] | None = None,
) -> pd.DataFrame:
    rated = judged[list(NEEDED)].assign(network=network_labels(judged))
    answered = rated[judged["correct"].notna().to_numpy()]
    if answered.empty:
        raise ObjectPoseError("There is no answer whose confidence could be read; evaluate a network first.")
    unknown = answered["answer_prob"].isna()
    if unknown.any():
        row = answered[unknown].iloc[0]
        raise ObjectPoseError(
            f"{row['model']} has no probability for {int(unknown.sum()):,} images (such as '{row['image_id']}'), so "
            "that its confidence is not known; evaluate it again."
        )
    rows = []
    for (dataset, model, preprocess), unit in answered.groupby(UNIT, sort=True):
        key = {"dataset": dataset, "model": model, "preprocess": preprocess, "network": unit["network"].iloc[0]}
        for condition in ordered(unit["condition"]):
            rows_of = unit[unit["condition"] == condition]
            more = {
                "condition": condition,
                "baseline": rows_of["baseline"].iloc[0],
                "condition_images": len(rows_of),
                "condition_classes": rows_of["class_name"].nunique(),
            }
            rows += [key | more | values for values in measure(unit, condition)]
    table = pd.DataFrame(rows)
    return table if columns is None else table[list(columns)]


def _answers(unit: pd.DataFrame, condition: str) -> _Answers:
    rows = unit[unit["condition"] == condition]
    return (
        rows["answer_prob"].to_numpy(np.float64),
        rows["correct"].to_numpy(np.float64),
        rows["class_name"].astype(str).tolist(),
    )


def _row(unit: pd.DataFrame, condition: str, bins: int, seed: int, replicates: int) -> dict[str, object]:
    rows = unit[unit["condition"] == condition]
    baseline = str(rows["baseline"].iloc[0])
    before = unit[
        (unit["condition"] == baseline)
        & unit["object_id"].isin(rows["object_id"].unique())
        & unit["background"].isin(rows["background"].unique())
    ]
    classes = sorted({str(name) for name in rows["class_name"]})
    now, then = _sums(rows, classes), _sums(before, classes)
    options = {"seed": seed, "replicates": replicates}
    confidence, correct, names = _answers(unit, condition)
    row: dict[str, object] = {
        "n_images": len(rows),
        "n_classes": len(classes),
        "n_right": int(correct.sum()),
        "n_wrong": int(len(rows) - correct.sum()),
        "accuracy": 100.0 * float(correct.mean()),
        "confidence": 100.0 * float(confidence.mean()),
    }
    over = [now["confidence"] - now["right"], now["images"]]
    row |= _with_limits("overconfidence", over, now["images"] > 0, options)
    for name, rule in (("ece_mass", "equal-mass"), ("ece_width", "equal-width")):
        found = calibration_error(confidence, correct, names, bins=bins, rule=rule, seed=seed, replicates=replicates)
        row |= {name: 100.0 * found.error, f"{name}_lo": 100.0 * found.low, f"{name}_hi": 100.0 * found.high}
        row[f"{name}_floor"] = 100.0 * found.floor
    for side in ("right", "wrong"):
        own = [now[f"confidence_{side}"], now[side]]
        row |= _with_limits(f"confidence_{side}", own, now[side] > 0, options)
        past = [then[f"confidence_{side}"], then[side]]
        both = (now[side] > 0) | (then[side] > 0)
        if condition == baseline:
            row |= dict.fromkeys((f"{side}_change", f"{side}_change_lo", f"{side}_change_hi"), np.nan)
        else:
            row |= _with_limits(f"{side}_change", [*own, *past], both, options)
    area = risk(confidence, correct, names, seed=seed, replicates=replicates)
    return row | {
        "aurc": 100.0 * area.area,
        "aurc_lo": 100.0 * area.low,
        "aurc_hi": 100.0 * area.high,
        "aurc_best": 100.0 * area.best,
    }


def _sums(rows: pd.DataFrame, classes: list[str]) -> dict[str, Floats]:
    """Return, by class, pictures, right and wrong answers, and sums of their confidences."""
    right = rows["correct"].to_numpy(np.float64)
    confidence = rows["answer_prob"].to_numpy(np.float64)
    table = pd.DataFrame(
        {
            "images": 1.0,
            "right": right,
            "wrong": 1.0 - right,
            "confidence": confidence,
            "confidence_right": confidence * right,
            "confidence_wrong": confidence * (1.0 - right),
        },
        index=rows["class_name"].astype(str),
    )
    sums = table.groupby(level=0).sum().reindex(classes, fill_value=0.0)
    return {str(name): sums[name].to_numpy(np.float64) for name in sums.columns}


def _difference(
    above: Floats, below: Floats, above_then: Floats | None = None, below_then: Floats | None = None
) -> Floats:
    now = 100.0 * ratio(above, below)
    return now if above_then is None or below_then is None else now - 100.0 * ratio(above_then, below_then)


def _with_limits(
    name: str, sums: list[Floats], held: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], options: dict[str, int]
) -> dict[str, object]:
    value = float(_difference(*(np.asarray([values.sum()]) for values in sums))[0])
    low, high = sum_limits(_difference, [values[:, None] for values in sums], int(held.sum()), **options)
    return {name: value, f"{name}_lo": float(low[0]), f"{name}_hi": float(high[0])}
