"""The pictures of a data set that a report shows, checked, thinned and in the explorer's order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from objectpose.analysis.conditions import ordered
from objectpose.errors import ObjectPoseError
from objectpose.report_page.content import Answers
from objectpose.report_page.text import Slugs

ROW_COLUMNS = (
    "image_id",
    "object_id",
    "class_name",
    "condition",
    "baseline",
    "angle_deg",
    "distance_deg",
    "background",
    "true_names",
)
NETWORK_COLUMNS = ("image_id", "names", "probs", "correct")
TOP = 5
RIGHT, WRONG, NO_CLASS, NO_ANSWER = "1", "0", "-", "?"
SEQUENCE = ["object_id", "condition", "background"]
"""Pictures with equal values here are one drag of the slider."""


@dataclass(frozen=True)
class Answered:
    """What one network answered to the kept pictures, row by row.

    Attributes:
        names: up to five names each, best first.
        probs: their probabilities, 0..1.
        marks: one of ``RIGHT``, ``WRONG``, ``NO_CLASS``, ``NO_ANSWER`` each.
    """

    names: list[list[str]]
    probs: list[list[float]]
    marks: str


@dataclass(frozen=True)
class Kept:
    """One data set as the report shows it.

    Attributes:
        key: for files and addresses.
        source: the data set.
        rows: kept pictures by object, condition, background and angle, with ``file`` (below the report's folder,
            without suffix) and ``object_key``.
        conditions: in the order of tables.
        networks: by name, in the given order.
    """

    key: str
    source: Answers
    rows: pd.DataFrame
    conditions: list[str]
    networks: dict[str, Answered]


def keep(answers: Sequence[Answers], max_pictures: int) -> list[Kept]:
    """Check data sets and choose the pictures to show: all, or as many of each sequence as fit, evenly over angles.

    Args:
        answers: data sets with different names.
        max_pictures: in all, at least 1.

    Raises:
        ObjectPoseError: ``max_pictures`` is below 1, two data sets share a name, a column is missing, an id is doubled
            or unknown, or an answer is not five names at most with as many probabilities.
    """
    if max_pictures < 1:
        raise ObjectPoseError(f"max_pictures is {max_pictures}, expected at least 1; leave answers out for no picture.")
    names = [one.name for one in answers]
    if len(set(names)) < len(names):
        double = next(name for name in names if names.count(name) > 1)
        raise ObjectPoseError(f"Two data sets of the report are called {double!r}; give each a name of its own.")
    frames = [_sorted(one) for one in answers]
    sizes = [size for frame in frames for size in frame.groupby(SEQUENCE, sort=False).size()]
    shares = iter(_shares(sizes, max_pictures))
    slugs = Slugs()
    kept = []
    for one, frame in zip(answers, frames, strict=True):
        places: list[int] = []
        start = 0
        for size in frame.groupby(SEQUENCE, sort=False).size():
            share = next(shares)
            places += [start + (step * size) // share for step in range(share)]
            start += size
        kept.append(_kept(one, slugs(one.name), frame.iloc[places].reset_index(drop=True)))
    return kept


def _shares(sizes: Sequence[int], total: int) -> list[int]:
    """Return how many of each sequence are kept: equal numbers, as far as it has them, at most ``total`` in all."""
    if sum(sizes) <= total:
        return list(sizes)
    low, high = 0, max(sizes)
    while low < high:
        middle = (low + high + 1) // 2
        if sum(min(size, middle) for size in sizes) <= total:
            low = middle
        else:
            high = middle - 1
    shares = [min(size, low) for size in sizes]
    longer = [place for place, size in enumerate(sizes) if size > low]
    rest = total - sum(shares)
    for step in range(rest):
        shares[longer[step * len(longer) // rest]] += 1
    return shares


def _sorted(one: Answers) -> pd.DataFrame:
    """Return the rows in the explorer's order: angle where the whole sequence has it, otherwise distance."""
    rows = one.rows
    missing = [name for name in ROW_COLUMNS if name not in rows.columns]
    if missing:
        raise ObjectPoseError(f"The pictures of {one.name} lack the column {', '.join(missing)}.")
    if rows.empty:
        raise ObjectPoseError(f"The data set {one.name} has no picture; leave it out of the report.")
    _unique(rows["image_id"], one.name)
    plain = {name: rows[name].astype(str) for name in ("image_id", "object_id", "class_name", "condition", "baseline")}
    frame = rows.assign(
        **plain,
        background=rows["background"].fillna("").astype(str),
        angle_deg=pd.to_numeric(rows["angle_deg"]).astype(float),
        distance_deg=pd.to_numeric(rows["distance_deg"]).astype(float),
    )
    frame["true_names"] = [[str(name) for name in names] for names in rows["true_names"]]
    swept = frame["angle_deg"].notna().groupby([frame[name] for name in SEQUENCE]).transform("all")
    rank = {name: place for place, name in enumerate(ordered(frame["condition"]))}
    frame = frame.assign(
        swept=swept,
        _condition=frame["condition"].map(rank),
        _angle=frame["angle_deg"].where(swept, frame["distance_deg"]),
    )
    by = ["object_id", "_condition", "background", "_angle", "distance_deg", "image_id"]
    return frame.sort_values(by, kind="stable", ignore_index=True).drop(columns=["_condition", "_angle"])


def _unique(ids: pd.Series, what: str) -> None:
    double = ids[ids.duplicated()]
    if len(double):
        raise ObjectPoseError(f"{what} holds the picture {str(double.iloc[0])!r} more than once, expected each once.")


def _kept(one: Answers, key: str, rows: pd.DataFrame) -> Kept:
    slugs = Slugs()
    keys = {name: slugs(name) for name in dict.fromkeys(rows["object_id"])}
    object_keys = rows["object_id"].map(keys)
    number = rows.groupby("object_id", sort=False).cumcount()
    files = [f"pictures/{key}/{folder}/{n:05d}" for folder, n in zip(object_keys, number, strict=True)]
    known = set(one.rows["image_id"].astype(str))
    networks = {
        name: _answered(frame, rows["image_id"], known, f"The answers of {name} to {one.name}")
        for name, frame in one.networks.items()
    }
    rows = rows.assign(object_key=object_keys, file=files)
    return Kept(key, one, rows, ordered(rows["condition"]), networks)


def _answered(frame: pd.DataFrame, image_ids: pd.Series, known: set[str], what: str) -> Answered:
    missing = [name for name in NETWORK_COLUMNS if name not in frame.columns]
    if missing:
        raise ObjectPoseError(f"{what} lack the column {', '.join(missing)}.")
    ids = frame["image_id"].astype(str)
    _unique(ids, what)
    foreign = ids[~ids.isin(known)]
    if len(foreign):
        raise ObjectPoseError(f"{what} name the picture {foreign.iloc[0]!r}, which the data set does not have.")
    place = {image_id: row for row, image_id in enumerate(ids)}
    all_names, all_probs = frame["names"].tolist(), frame["probs"].tolist()
    all_correct: list[Any] = frame["correct"].tolist()
    names: list[list[str]] = []
    probs: list[list[float]] = []
    marks: list[str] = []
    for image_id in image_ids:
        row = place.get(image_id)
        if row is None:
            names.append([])
            probs.append([])
            marks.append(NO_ANSWER)
            continue
        first = [str(name) for name in all_names[row]]
        shares = [float(prob) for prob in all_probs[row]]
        if len(first) > TOP or len(first) != len(shares) or not all(0.0 <= p <= 1.0 + 1e-6 for p in shares):
            raise ObjectPoseError(
                f"{what} hold {len(first)} names with the probabilities {np.round(shares, 4).tolist()} for "
                f"{image_id!r}, expected up to {TOP} names with as many probabilities from 0 to 1."
            )
        names.append(first)
        probs.append(shares)
        correct = all_correct[row]
        marks.append(NO_CLASS if correct is None or pd.isna(correct) else RIGHT if correct else WRONG)
    return Answered(names, probs, "".join(marks))
