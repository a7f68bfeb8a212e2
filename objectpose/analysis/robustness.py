"""Does data size matter for the drop, and does a network lose less than its upright accuracy lets one expect?

**Regression.** drop_pp = b0 + b1 log10(training images) + b2 upright accuracy. b1 is the change of the drop, in points,
for ten times the images at equal upright accuracy. The upright accuracy is part of the drop by definition, so that
chance in it pulls b2 upwards; b2 is there to hold it fixed, not to be read as a cause. Networks that learnt from the
same images share whatever is special about these, hence limits by families of training data (``least_squares``).

**Effective robustness.** logit(accuracy turned) = a + b logit(accuracy upright) over the networks, which is close to a
straight line for many shifts; how far a network lies above it is its effective robustness (Taori et al. 2020,
"Measuring robustness to natural distribution shifts in image classification", NeurIPS; Miller et al. 2021, ICML).
Shares of 0 and 1 have no logit: logit((n p + 1/2) / (n (1 - p) + 1/2)) is used, with n the images.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from objectpose.analysis.correctness import network_labels
from objectpose.analysis.least_squares import Fit, least_squares
from objectpose.errors import ObjectPoseError

FEWEST_NETWORKS = 10
REGRESSION_COLUMNS = (
    "dataset",
    "condition",
    "term",
    "coefficient",
    "low",
    "high",
    "p",
    "r2",
    "n_networks",
    "n_families",
    "n_without_card",
    "intervals",
    "note",
)
LINE_COLUMNS = (
    "dataset",
    "condition",
    "intercept",
    "slope",
    "slope_lo",
    "slope_hi",
    "r2",
    "n_networks",
    "n_families",
    "intervals",
    "note",
)
TERMS = ("constant", "log10_data", "upright_top1")
UNTIL = f"expected at least {FEWEST_NETWORKS}"


def drop_regression(table: pd.DataFrame) -> pd.DataFrame:
    """Return the regression of the drop on log data size and upright accuracy.

    Args:
        table: of ``factors.factor_table``; networks without a card are left out and counted.

    Returns:
        ``REGRESSION_COLUMNS``, three rows a (data set, condition): ``constant`` (points), ``log10_data`` (points for
        ten times the training images) and ``upright_top1`` (points a point of upright accuracy), with 95 % limits, p,
        the share of variance, and in ``intervals`` how the limits were found. Where a regression would say nothing
        (fewer than ``FEWEST_NETWORKS`` networks with a card, all with the same amount of data) numbers are NaN and
        ``note`` says why.
    """
    parts = []
    for (dataset, condition), part in table.groupby(["dataset", "condition"], sort=False):
        known = part[part["log10_data"].notna()]
        note = _too_few(known)
        if not note and known["log10_data"].nunique() < 3:
            note = f"too few amounts of training data ({known['log10_data'].nunique()}; expected at least 3)"
        fit = None
        if not note:
            design = np.column_stack([np.ones(len(known)), known["log10_data"], known["upright_top1"]]).astype(float)
            fit, note = _fitted(design, known["drop_pp"].to_numpy(float), known)
        nothing = np.full(len(TERMS), np.nan)
        low, high = (nothing, nothing) if fit is None else fit.limits()
        frame = pd.DataFrame(
            {
                "term": TERMS,
                "coefficient": nothing if fit is None else fit.coefficients,
                "low": low,
                "high": high,
                "p": nothing if fit is None else fit.p_values(),
            }
        )
        parts.append(
            frame.assign(
                dataset=str(dataset),
                condition=str(condition),
                r2=math.nan if fit is None else fit.r2,
                n_networks=len(known),
                n_families=known["data_family"].nunique(),
                n_without_card=len(part) - len(known),
                intervals="" if fit is None else fit.method,
                note=note,
            )
        )
    return pd.concat(parts, ignore_index=True)[list(REGRESSION_COLUMNS)]


def robustness_line(table: pd.DataFrame) -> pd.DataFrame:
    """Return the line of turned on upright accuracy, both as logits.

    Args:
        table: of ``factors.factor_table``; cards are not needed for the line, and networks without one are families of
            their own.

    Returns:
        ``LINE_COLUMNS``, one row a (data set, condition); NaN with a ``note`` where there are too few networks.
    """
    rows = []
    for (dataset, condition), part in table.groupby(["dataset", "condition"], sort=False):
        note, fit = _too_few(part), None
        if not note:
            upright, turned = logits(part)
            fit, note = _fitted(np.column_stack([np.ones(len(part)), upright]), turned, part)
        limits = [np.full(2, np.nan)] * 2 if fit is None else list(fit.limits())
        rows.append(
            {
                "dataset": dataset,
                "condition": condition,
                "intercept": math.nan if fit is None else float(fit.coefficients[0]),
                "slope": math.nan if fit is None else float(fit.coefficients[1]),
                "slope_lo": float(limits[0][1]),
                "slope_hi": float(limits[1][1]),
                "r2": math.nan if fit is None else fit.r2,
                "n_networks": len(part),
                "n_families": part["data_family"].nunique(),
                "intervals": "" if fit is None else fit.method,
                "note": note,
            }
        )
    return pd.DataFrame(rows, columns=list(LINE_COLUMNS))


def effective_robustness(table: pd.DataFrame, line: pd.DataFrame) -> pd.DataFrame:
    """Return how far each network lies above the line.

    Args:
        table: of ``factors.factor_table``.
        line: of :func:`robustness_line`.

    Returns:
        The table with ``expected_top1`` (the line's accuracy under the condition at the network's upright accuracy,
        percent), ``effective_pp`` (``turned_top1 - expected_top1``, points) and ``effective_logit``; NaN where there is
        no line.

    Raises:
        ObjectPoseError: the line lacks a condition of the table.
    """
    joined = table.merge(
        line[["dataset", "condition", "intercept", "slope"]], on=["dataset", "condition"], how="left", indicator=True
    )
    if (joined["_merge"] != "both").any():
        name = joined.loc[joined["_merge"] != "both", "condition"].iloc[0]
        raise ObjectPoseError(f"There is no line for the condition '{name}'; fit it to the same table.")
    upright, turned = logits(joined)
    expected = joined["intercept"] + joined["slope"] * upright
    top1 = 100.0 * expit(expected)
    return joined.drop(columns=["intercept", "slope", "_merge"]).assign(
        expected_top1=top1, effective_pp=joined["turned_top1"] - top1, effective_logit=turned - expected
    )


def regression_sentence(regression: pd.DataFrame) -> str:
    """Return what the regression of one condition says about data size, a sentence.

    Args:
        regression: of :func:`drop_regression`, the rows of one data set and condition.
    """
    row = regression[regression["term"] == "log10_data"].iloc[0]
    if row["note"]:
        return f"Whether the drop under {row['condition']} depends on data size cannot be said: {row['note']}."
    told = "which is not told from 0" if row["low"] <= 0 <= row["high"] else "which is told from 0"
    return (
        f"At equal upright accuracy, networks with ten times the training pictures have a drop under "
        f"{row['condition']} that differs by {row['coefficient']:+.1f} points (95 % interval {row['low']:+.1f} to "
        f"{row['high']:+.1f}), {told}; {row['n_networks']} networks, limits by {row['intervals']}."
    )


def effective_sentence(effective: pd.DataFrame, most: int = 3) -> str:
    """Return which networks lie furthest above and below the line under one condition, a sentence.

    Args:
        effective: of :func:`effective_robustness`, the rows of one data set and condition.
        most: networks to name at each side.
    """
    condition = effective["condition"].iloc[0]
    known = effective.assign(network=network_labels(effective)).dropna(subset="effective_pp")
    if known.empty:
        return (
            f"What a network keeps under {condition} beyond what its upright accuracy lets one expect cannot be said: "
            f"{_too_few(effective) or 'there is no line through the networks'}."
        )
    rising = known.sort_values(["effective_pp", "network"], kind="stable")
    above, below = rising[rising["effective_pp"] > 0][::-1].head(most), rising[rising["effective_pp"] < 0].head(most)

    def named(rows: pd.DataFrame) -> str:
        return ", ".join(f"{name} ({pp:+.1f})" for name, pp in zip(rows["network"], rows["effective_pp"], strict=True))

    return (
        f"Beyond what upright accuracy lets one expect under {condition}, in points, the most is kept by "
        f"{named(above) or 'none'}; the least by {named(below) or 'none'}."
    )


def logits(rows: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the logits of the accuracies upright and turned of rows of ``factors.factor_table``, finite at 0 and 1."""
    images = rows["n_images"].to_numpy(float)
    found = []
    for name in ("upright_top1", "turned_top1"):
        right = images * np.clip(rows[name].to_numpy(float) / 100.0, 0.0, 1.0)
        found.append(np.log(right + 0.5) - np.log(images - right + 0.5))
    return found[0], found[1]


def _too_few(rows: pd.DataFrame) -> str:
    return f"too few networks ({len(rows)}; {UNTIL})" if len(rows) < FEWEST_NETWORKS else ""


def _fitted(design: NDArray[np.float64], outcome: NDArray[np.float64], rows: pd.DataFrame) -> tuple[Fit | None, str]:
    own = "own: " + rows["model"].astype(str)
    families = rows["data_family"].astype(object).where(rows["data_family"].notna(), own)
    try:
        return least_squares(design, outcome, list(families)), ""
    except ObjectPoseError as error:
        return None, f"no fit: {str(error)[0].lower()}{str(error)[1:]}"
