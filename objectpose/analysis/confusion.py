"""What a turned object is taken for, by angle, and whether that stays the same from angle to angle.

An error is a first answer outside the object's target set. Angles are ``distance_deg`` (of the pose from upright, 0 to
180) or ``sweep_deg`` (of a swept axis, taken modulo 360); bins hold their lower edge and not their upper one, the
last bin of ``distance_deg`` holds both. How far two observers agree on the
wrong answer is in ``wrong_answers``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from objectpose.analysis.accuracy import UNIT
from objectpose.analysis.bootstrap import REPLICATES, Floats, ratio
from objectpose.analysis.conditions import ordered
from objectpose.analysis.correctness import network_labels
from objectpose.analysis.statistics import Interval, class_interval
from objectpose.errors import ObjectPoseError, nearest

EDGES: dict[str, tuple[float, ...]] = {
    "distance_deg": (0.0, 30.0, 60.0, 90.0, 120.0, 150.0, 180.0),
    "sweep_deg": tuple(float(edge) for edge in range(0, 361, 30)),
}
"""The angles that answers can be counted by, and the edges of their bins unless others are given."""

KEYS = (*UNIT, "network", "condition", "class_name")
COUNT_COLUMNS = (
    *KEYS,
    "angle",
    "from_deg",
    "to_deg",
    "answer",
    "n",
    "share_of_errors",
    "share_of_images",
    "n_errors",
    "n_images",
)
STABILITY_COLUMNS = (
    *KEYS,
    "angle",
    "n_images",
    "n_errors",
    "n_answers",
    "top_answer",
    "top_share",
    "same_within",
    "same_across",
)
STABILITY_SUMMARY_COLUMNS = (
    *UNIT,
    "network",
    "condition",
    "angle",
    "n_classes",
    "n_errors",
    "same_within",
    "same_within_lo",
    "same_within_hi",
    "same_across",
    "same_across_lo",
    "same_across_hi",
)


def taken_for(
    judged: pd.DataFrame, *, angle: str = "distance_deg", edges: Sequence[float] | None = None
) -> pd.DataFrame:
    """Count the wrong answers of each network to each class, by condition and angle.

    Args:
        judged: frames of ``correctness.judge``, concatenated; pictures without the angle or without an answer are
            left out.
        angle: ``distance_deg`` or ``sweep_deg``.
        edges: of the bins, degrees, rising; None means ``EDGES``.

    Returns:
        ``COUNT_COLUMNS``, one row a (network, condition, class, bin, wrong answer): ``answer`` is a class index and
        ``n`` how many pictures have it, ``share_of_errors`` of the bin's errors, ``share_of_images`` of its pictures
        (0..1). A bin without an error has one row with a null answer, n 0 and a share of errors of NaN; a bin
        without a picture has none. The most frequent answers come first, equal ones by index.

    Raises:
        ObjectPoseError: an unknown angle, edges that do not rise, or no picture with the angle inside the edges.
    """
    rows = _with_bins(judged, angle, edges)
    keys = [*KEYS, "from_deg", "to_deg"]
    cells = rows.groupby(keys, sort=True)["wrong"].agg(n_images="size", n_errors="sum").reset_index()
    counts = rows[rows["wrong"]].groupby([*keys, "answer"], sort=True).size().rename("n").reset_index()
    table = cells.merge(counts, on=keys, how="left")
    table["n"] = table["n"].fillna(0).astype(int)
    table["n_errors"] = table["n_errors"].astype(int)
    table["answer"] = table["answer"].astype("Int64")
    table["angle"] = angle
    table["share_of_errors"] = ratio(table["n"], table["n_errors"])
    table["share_of_images"] = ratio(table["n"], table["n_images"])
    table = table.assign(place=_places(table["condition"]))
    table = table.sort_values(
        [*UNIT, "place", "class_name", "from_deg", "n", "answer"],
        ascending=[True, True, True, True, True, True, False, True],
        kind="stable",
        ignore_index=True,
    )
    return table[list(COUNT_COLUMNS)]


def stability(
    judged: pd.DataFrame, *, angle: str = "distance_deg", edges: Sequence[float] | None = None
) -> pd.DataFrame:
    """Return how far the wrong answer to a class stays the same over the angle.

    Two pictures are drawn among those of a class that a network gets wrong: ``same_within`` is the probability that
    they have the same answer if both are in one bin of the angle, ``same_across`` if they are in different bins.
    Where the second is as high as the first, the wrong answer does not depend on the angle.

    Args:
        judged: as :func:`taken_for`.
        angle: ``distance_deg`` or ``sweep_deg``.
        edges: of the bins, degrees.

    Returns:
        ``STABILITY_COLUMNS``, one row a (network, condition, class): ``n_answers`` different wrong answers, the most
        frequent one (``top_answer``, a class index, the lowest on ties, null without an error) and its share of the
        errors, shares 0..1. ``same_*`` are NaN where there is no such pair of pictures.

    Raises:
        ObjectPoseError: as :func:`taken_for`.
    """
    keys = list(KEYS)
    counts = taken_for(judged, angle=angle, edges=edges)
    counts = counts.assign(squares=counts["n"] ** 2, squared_errors=counts["n_errors"] ** 2)
    bins = counts.drop_duplicates([*keys, "from_deg"]).groupby(keys, sort=False)
    table = bins[["n_images", "n_errors", "squared_errors"]].sum()
    wrong = counts[counts["n"] > 0]
    of_answers = wrong.groupby([*keys, "answer"], sort=True)["n"].sum().reset_index("answer")
    most = of_answers.sort_values("n", ascending=False, kind="stable").groupby(keys, sort=False).first()
    of_answers["squares"] = of_answers["n"] ** 2
    answers = of_answers.groupby(keys, sort=False)
    table["n_answers"] = answers.size()
    table["top_answer"], table["top_share"] = most["answer"], most["n"] / table["n_errors"]
    squares, across = (part["squares"].sum().reindex(table.index) for part in (wrong.groupby(keys), answers))
    errors, pairs = table["n_errors"], table.pop("squared_errors")
    table["same_within"] = ratio(squares - errors, pairs - errors)
    table["same_across"] = ratio(across - squares, errors**2 - pairs)
    table["n_answers"] = table["n_answers"].fillna(0).astype(int)
    table["angle"] = angle
    return table.reset_index().astype({"top_answer": "Int64"})[list(STABILITY_COLUMNS)]


def stability_summary(table: pd.DataFrame, *, seed: int = 0, replicates: int = REPLICATES) -> pd.DataFrame:
    """Return the means over classes of :func:`stability` with the 95 % intervals of ``statistics.class_interval``.

    Args:
        table: of :func:`stability`.
        seed: of the draws of classes.
        replicates: how many times the classes are drawn.

    Returns:
        ``STABILITY_SUMMARY_COLUMNS``, one row a (network, condition), over the ``n_classes`` that have pairs of errors
        both within and across bins, ``n_errors`` in these; NaN where there is none, limits NaN with one class.
    """
    rows = []
    for key, group in table.groupby([*UNIT, "network", "condition", "angle"], sort=False):
        usable = group[group["same_within"].notna() & group["same_across"].notna()].sort_values("class_name")
        row = dict(zip([*UNIT, "network", "condition", "angle"], key, strict=True))
        row |= {"n_classes": len(usable), "n_errors": int(usable["n_errors"].sum())}
        for name in ("same_within", "same_across"):
            found = Interval(np.nan, np.nan, np.nan)
            if len(usable):
                found = class_interval(usable[name], usable["n_errors"], seed=seed, replicates=replicates)
            row |= {name: found.accuracy, f"{name}_lo": found.low, f"{name}_hi": found.high}
        rows.append(row)
    return pd.DataFrame(rows, columns=list(STABILITY_SUMMARY_COLUMNS))


def _with_bins(judged: pd.DataFrame, angle: str, edges: Sequence[float] | None) -> pd.DataFrame:
    if angle not in EDGES:
        raise ObjectPoseError(f"Answers cannot be counted by '{angle}'; {nearest(angle, EDGES)}.")
    limits_deg = np.asarray(EDGES[angle] if edges is None else edges, dtype=np.float64)
    if limits_deg.ndim != 1 or len(limits_deg) < 2 or not (np.diff(limits_deg) > 0).all():
        raise ObjectPoseError(f"The edges {limits_deg.tolist()} of the angle's bins do not rise; give at least two.")
    rows = judged.assign(network=network_labels(judged))
    values = rows[angle].to_numpy(np.float64, na_value=np.nan) if angle in rows.columns else np.full(len(rows), np.nan)
    if angle == "sweep_deg":
        values = values % 360.0
    place = _bins(values, limits_deg, closed=angle == "distance_deg")
    held = (place >= 0) & rows["correct"].notna().to_numpy()
    if not held.any():
        raise ObjectPoseError(
            f"No answered picture has a '{angle}' from {limits_deg[0]:g} to {limits_deg[-1]:g} degrees; choose the "
            "other angle or conditions that turn things."
        )
    kept = rows[held]
    return kept.assign(
        class_name=kept["class_name"].astype(str),
        wrong=~kept["correct"].astype(bool),
        from_deg=limits_deg[place[held]],
        to_deg=limits_deg[place[held] + 1],
    )


def _bins(values: Floats, edges: Floats, *, closed: bool) -> NDArray[np.int64]:
    """Return the bin of each value, -1 outside and for NaN; ``closed`` puts the last edge into the last bin."""
    place = np.searchsorted(edges, values, side="right") - 1
    if closed:
        place = np.where(values == edges[-1], len(edges) - 2, place)
    return np.where(np.isnan(values) | (place > len(edges) - 2), -1, place).astype(np.int64)


def _places(conditions: pd.Series) -> pd.Series:
    return conditions.map({name: place for place, name in enumerate(ordered(conditions))})
