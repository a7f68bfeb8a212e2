"""Does a design choice matter for the drop at an equal amount of training data?

drop_pp = b0 + b1 log10(training images) + b2 [level 2] + b3 [level 3] + ..., one regression a factor, with the level
that most networks have as the reference. A coefficient b2 is how much more networks of that level lose than networks of
the reference with the same number of training images. Without b1 a choice that goes with large data sets, such as
image-text pairs, would get their credit. Levels that fewer than ``factors.FEWEST_OF_A_LEVEL`` networks have are left
out, and networks of which a choice is not known. Limits allow for families of networks with the same training data
where there are enough of them (``least_squares``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from objectpose.analysis.factors import FEWEST_OF_A_LEVEL
from objectpose.analysis.least_squares import least_squares
from objectpose.analysis.robustness import FEWEST_NETWORKS
from objectpose.errors import ObjectPoseError

CHOICES = {
    "loss": "loss kind",
    "architecture": "architecture",
    "modality": "modality",
    "augmentation": "augmentation kind",
}
"""Maps a factor to its column in ``factors.factor_table``."""
NOT_STATED = "not stated"
"""What cards say where nobody told; it is no level of a choice."""
COLUMNS = (
    "dataset",
    "condition",
    "factor",
    "level",
    "reference",
    "difference_pp",
    "low_pp",
    "high_pp",
    "n_networks",
    "n_reference",
    "intervals",
    "note",
)


def choice_effects(table: pd.DataFrame, levels: Mapping[str, Sequence[str]] | None = None) -> pd.DataFrame:
    """Return how much more the networks of each level of a design choice lose than those of the reference level.

    Args:
        table: of ``factors.factor_table``; networks without a card are left out.
        levels: maps a factor of ``CHOICES`` to the levels that are compared with each other, so that none of others is
            the reference; None, and of factors that it lacks, all levels.

    Returns:
        ``COLUMNS``, one row a (data set, condition, factor, level other than the reference): the difference in drop in
        points at an equal number of training images with 95 % limits. Where nothing can be said of a factor it has
        one row with a ``note``, empty levels and NaN.
    """
    rows: list[dict[str, object]] = []
    for (dataset, condition), part in table.groupby(["dataset", "condition"], sort=False):
        for factor, column in CHOICES.items():
            keys = {"dataset": dataset, "condition": condition, "factor": factor}
            known = part[part["log10_data"].notna() & part[column].notna()]
            if levels is not None and factor in levels:
                known = known[known[column].isin(list(levels[factor]))]
            rows += [keys | row for row in _factor(known, column)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _factor(known: pd.DataFrame, column: str) -> list[dict[str, object]]:
    known = known[known[column] != NOT_STATED]
    counts = known[column].value_counts()
    counts = counts[counts >= FEWEST_OF_A_LEVEL].sort_index().sort_values(ascending=False, kind="stable")
    levels = [str(level) for level in counts.index]
    rows = known[known[column].isin(levels)]
    if len(rows) < FEWEST_NETWORKS:
        return [_nothing(f"too few networks to compare ({len(rows)}; expected at least {FEWEST_NETWORKS})")]
    if len(levels) < 2:
        return [_nothing(f"all networks have the level {levels[0]}")]
    terms = [np.ones(len(rows)), *((rows[column] == level).to_numpy(float) for level in levels[1:])]
    if rows["log10_data"].nunique() > 1:
        terms.append(rows["log10_data"].to_numpy(float))
    families = rows["data_family"].astype(str).tolist()
    try:
        fit = least_squares(np.column_stack(terms), rows["drop_pp"].to_numpy(float), families)
    except ObjectPoseError as error:
        return [_nothing(f"no fit: {str(error)[0].lower()}{str(error)[1:]}")]
    low, high = fit.limits()
    return [
        {
            "level": level,
            "reference": levels[0],
            "difference_pp": float(fit.coefficients[place]),
            "low_pp": float(low[place]),
            "high_pp": float(high[place]),
            "n_networks": int(counts[level]),
            "n_reference": int(counts[levels[0]]),
            "intervals": fit.method,
            "note": "",
        }
        for place, level in enumerate(levels[1:], start=1)
    ]


def _nothing(note: str) -> dict[str, object]:
    numbers = dict.fromkeys(("difference_pp", "low_pp", "high_pp"), np.nan)
    return {"level": "", "reference": "", **numbers, "n_networks": 0, "n_reference": 0, "intervals": "", "note": note}
