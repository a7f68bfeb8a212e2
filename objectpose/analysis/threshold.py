"""Conditions under which a report fails, for a user's continuous integration: ``fail_if=so3.drop_pp>40``.

Grammar, blanks allowed between parts::

    expression = [ condition "." ] measure comparison number [ "%" ]
    measure    = a key of MEASURES
    comparison = "<" | "<=" | ">" | ">="

Without a condition the expression is asked of every condition. A report fails where it holds for any network. What
cannot be decided is an error and never a pass.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from objectpose.analysis.accuracy import POOLED
from objectpose.analysis.correctness import network_labels
from objectpose.errors import ObjectPoseError, nearest

MEASURES: Mapping[str, str] = {
    "top1": "accuracy, percent",
    "top1_lo": "lower 95 % limit of the accuracy",
    "top1_hi": "upper 95 % limit of the accuracy",
    "top5": "top-5 accuracy, percent",
    "drop_pp": "drop from the baseline, points",
    "drop_lo": "lower 95 % limit of the drop",
    "drop_hi": "upper 95 % limit of the drop",
    "relative_drop": "drop in percent of the baseline's accuracy",
    "regression_pp": "accuracy lost since an older run, points",
    "regression_lo": "lower 95 % limit of that loss",
}
"""What an expression can ask for; the last two need an older run."""

COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
EXAMPLE = "such as drop_pp>40, top1<70, so3.drop_pp>40 or regression_pp>3"
FORM = re.compile(
    r"\s*(?:(?P<condition>\w[\w-]*)\s*\.\s*)?(?P<measure>\w+)\s*(?P<sign><=|>=|<|>)\s*(?P<limit>\S+?)\s*%?\s*"
)
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")


@dataclass(frozen=True)
class Threshold:
    """One expression.

    Attributes:
        measure: a key of ``MEASURES``.
        sign: of ``COMPARISONS``.
        limit: percent or points.
        condition: None for every condition.
    """

    measure: str
    sign: str
    limit: float
    condition: str | None = None

    def __str__(self) -> str:
        """Return the expression."""
        where = "" if self.condition is None else f"{self.condition}."
        return f"{where}{self.measure}{self.sign}{self.limit:.10g}"

    @property
    def of_regression(self) -> bool:
        """Whether it compares with an older run."""
        return self.measure.startswith("regression")

    def holds(self, value: float) -> bool:
        """Return whether a value fails the report."""
        return COMPARISONS[self.sign](value, self.limit)


@dataclass(frozen=True)
class Failure:
    """A network and condition for which an expression holds.

    Attributes:
        threshold: the expression.
        dataset: name of the data set.
        network: name in tables.
        condition: name of the condition.
        value: what was found, percent or points.
    """

    threshold: Threshold
    dataset: str
    network: str
    condition: str
    value: float

    def __str__(self) -> str:
        """Return one sentence."""
        return (
            f"{self.network} on {self.dataset}: {self.condition}.{self.threshold.measure} is {self.value:.4g}, "
            f"which fails {self.threshold}."
        )


def parse_thresholds(expressions: str | Iterable[str]) -> list[Threshold]:
    """Return what ``fail_if`` asks for.

    Args:
        expressions: one expression, several with commas between them, or a list of such.

    Raises:
        ObjectPoseError: nothing, an expression of another form, an unknown measure, a number that is none.

    >>> [str(t) for t in parse_thresholds("so3.drop_pp > 40 %, top1<70")]
    ['so3.drop_pp>40', 'top1<70']
    """
    texts = [expressions] if isinstance(expressions, str) else list(expressions)
    if not all(isinstance(text, str) for text in texts):
        raise ObjectPoseError(f"fail_if is {expressions!r}; expected expressions {EXAMPLE}.")
    parts = [part for text in texts for part in text.split(",")]
    if not parts:
        raise ObjectPoseError(f"fail_if holds no expression; expected one {EXAMPLE}.")
    return [_parse(part) for part in parts]


def of_regression(thresholds: Iterable[Threshold]) -> list[Threshold]:
    """Return the expressions that compare with an older run."""
    return [threshold for threshold in thresholds if threshold.of_regression]


def failures(
    thresholds: Iterable[Threshold], summary: pd.DataFrame, regression: pd.DataFrame | None = None
) -> list[Failure]:
    """Return where expressions hold, in their order; an empty list is a pass.

    Args:
        thresholds: of :func:`parse_thresholds`.
        summary: of ``accuracy.summarise``; rows of single backgrounds are not asked.
        regression: of ``regression.regression_check``; needed by ``regression_pp`` and ``regression_lo``, which look at
            accuracies.

    Raises:
        ObjectPoseError: an expression that no row can decide: an unknown condition, the drop of a baseline, no older
            run, or a limit that is not known (one class only).
    """
    found: list[Failure] = []
    for threshold in thresholds:
        rows = _rows(threshold, summary, regression)
        if threshold.condition is not None and threshold.condition not in set(rows["condition"]):
            known = sorted(set(rows["condition"].astype(str)))
            raise ObjectPoseError(
                f"fail_if={threshold} asks for the condition '{threshold.condition}', of which there is no result; "
                f"{nearest(threshold.condition, known)}."
            )
        if threshold.condition is not None:
            rows = rows[rows["condition"] == threshold.condition]
        undecided = rows["value"].isna() & _expected(rows, threshold)
        if undecided.any() or rows["value"].isna().all():
            row = rows[undecided].iloc[0] if undecided.any() else rows.iloc[0]
            raise ObjectPoseError(
                f"fail_if={threshold} cannot be decided: {row['network']} has no {threshold.measure} under "
                f"'{row['condition']}' ({_reason(row, threshold)}); ask for another measure or condition."
            )
        found += [
            Failure(threshold, str(row["dataset"]), str(row["network"]), str(row["condition"]), float(row["value"]))
            for _, row in rows[rows["value"].notna()].iterrows()
            if threshold.holds(float(row["value"]))
        ]
    return found


def _parse(text: str) -> Threshold:
    match = FORM.fullmatch(text)
    if match is None:
        raise ObjectPoseError(
            f"fail_if holds '{text.strip()}'; expected [CONDITION.]MEASURE then <, <=, > or >= and a number, {EXAMPLE}."
        )
    measure, limit = match["measure"], match["limit"]
    if measure not in MEASURES:
        raise ObjectPoseError(f"fail_if asks for the unknown measure '{measure}'; {nearest(measure, MEASURES)}.")
    if not NUMBER.fullmatch(limit) or not math.isfinite(float(limit)):
        raise ObjectPoseError(f"fail_if compares {measure} with '{limit}'; expected a plain number, {EXAMPLE}.")
    return Threshold(measure, match["sign"], float(limit), match["condition"])


def _rows(threshold: Threshold, summary: pd.DataFrame, regression: pd.DataFrame | None) -> pd.DataFrame:
    if threshold.of_regression:
        if regression is None:
            raise ObjectPoseError(
                f"fail_if={threshold} compares with an older run, and none was given; name its results folder: "
                "against=FOLDER."
            )
        rows = regression[regression["measure"] == "top1"]
        value = rows["low_pp" if threshold.measure == "regression_lo" else "regression_pp"]
    else:
        rows = summary[summary["background"] == POOLED]
        value = rows[threshold.measure]
    if rows.empty:
        raise ObjectPoseError(f"fail_if={threshold} has no result to look at; evaluate at least one network first.")
    baseline = rows["baseline"] if "baseline" in rows.columns else pd.Series("", index=rows.index)
    return pd.DataFrame(
        {
            "dataset": rows["dataset"],
            "network": network_labels(rows),
            "condition": rows["condition"],
            "value": value.astype(float),
            "is_baseline": rows["condition"] == baseline,
        }
    )


def _expected(rows: pd.DataFrame, threshold: Threshold) -> pd.Series:
    """Return which rows must have a value: all, but a drop is not expected of a baseline unless it is named."""
    of_drop = threshold.measure in ("drop_pp", "drop_lo", "drop_hi", "relative_drop")
    return ~rows["is_baseline"] if of_drop else pd.Series(True, index=rows.index)


def _reason(row: pd.Series, threshold: Threshold) -> str:
    if row["is_baseline"] and "drop" in threshold.measure:
        return "it is a baseline"
    if threshold.measure.endswith(("_lo", "_hi")):
        return "one class has no interval"
    return "the baseline has no image or no right answer"
