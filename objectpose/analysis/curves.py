"""Accuracy along an axis: by swept angle, by distance from upright, by background, by scale and rotation, by view."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from objectpose.analysis.accuracy import POOLED, UNIT, answered_rows, summarise
from objectpose.analysis.conditions import ordered
from objectpose.analysis.sensitivity import end_on
from objectpose.analysis.statistics import class_intervals, drop_interval
from objectpose.errors import ObjectPoseError

CURVE_COLUMNS = ("angle_deg", "from_deg", "to_deg", "n_images", "n_objects", "n_classes", "top1", "top1_lo", "top1_hi")
SCALE_EDGES = (0.2, 0.4, 0.6, 0.8, 1.0)
ALL_VIEWS, NOT_END_ON = "all", "not end-on"


def angle_curve(judged: pd.DataFrame, *, width_deg: float = 15.0, seed: int = 0) -> pd.DataFrame:
    """Return the accuracy of each network around the full turn of each condition that sweeps an angle.

    Bins are centred at multiples of ``width_deg``, so that the upright pose lies in the middle of the first one.

    Args:
        judged: frames of ``correctness.judge`` with the plan's ``sweep_deg``.
        width_deg: width of a bin, a divisor of 360.
        seed: of the resampling.

    Returns:
        ``dataset, model, preprocess, condition, baseline`` and ``CURVE_COLUMNS``: the bin's centre (0 <= angle < 360)
        and limits (``from_deg`` is negative in the first bin), images, objects and classes in it, and the mean over
        these classes in percent with its 95 % interval over classes. Bins without an image have no row.

    Raises:
        ObjectPoseError: no condition sweeps an angle, or the width does not divide 360.
    """
    _check_width(width_deg, 360)
    rows = answered_rows(judged)
    rows = rows[_column(rows, "sweep_deg").notna()]
    if rows.empty:
        raise ObjectPoseError(
            "No condition of the data sweeps an angle; render one that does, such as roll, pitch, yaw or in_plane."
        )
    place = (rows["sweep_deg"].astype(float) / width_deg + 0.5) // 1 % round(360 / width_deg)
    table = rates(rows, {"angle_deg": place * width_deg}, seed)
    return table.assign(from_deg=table["angle_deg"] - width_deg / 2, to_deg=table["angle_deg"] + width_deg / 2)[
        [*UNIT, "condition", "baseline", *CURVE_COLUMNS]
    ]


def distance_curve(judged: pd.DataFrame, *, width_deg: float = 15.0, seed: int = 0) -> pd.DataFrame:
    """Return the accuracy of each network by how far an object is turned from its upright pose: the fall.

    Args:
        judged: frames of ``correctness.judge`` with the plan's ``distance_deg``, the geodesic distance from the upright
            pose, 0..180, reduced by the class's symmetry.
        width_deg: width of a bin, a divisor of 180; bins are closed at their lower limit, the last one at both.
        seed: of the resampling.

    Returns:
        As :func:`angle_curve`, ``angle_deg`` being the middle of the bin.

    Raises:
        ObjectPoseError: no distances, or the width does not divide 180.
    """
    _check_width(width_deg, 180)
    rows = answered_rows(judged)
    distance = _column(rows, "distance_deg")
    rows = rows[distance.notna()]
    if rows.empty:
        raise ObjectPoseError("No image of the data has a known distance from upright; render a data set of poses.")
    table = rates(rows, {"from_deg": _lower(rows["distance_deg"], width_deg)}, seed)
    return table.assign(angle_deg=table["from_deg"] + width_deg / 2, to_deg=table["from_deg"] + width_deg)[
        [*UNIT, "condition", "baseline", *CURVE_COLUMNS]
    ]


def scale_rotation(
    judged: pd.DataFrame,
    *,
    scale_edges: Sequence[float] = SCALE_EDGES,
    width_deg: float = 45.0,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the accuracy of each network by size and by distance from upright, where a condition varies the size.

    Args:
        judged: frames of ``correctness.judge`` with ``scale`` and ``distance_deg``.
        scale_edges: rising limits of the bins of scale; bins are closed at their lower limit, the last one at both.
        width_deg: width of a bin of distance, a divisor of 180.
        seed: of the resampling.

    Returns:
        ``dataset, model, preprocess, condition, baseline, scale_from, scale_to, from_deg, to_deg, n_images, n_objects,
        n_classes, top1, top1_lo, top1_hi``; bins without an image have no row.

    Raises:
        ObjectPoseError: no condition varies the scale, or edges that do not rise or leave images outside.
    """
    _check_width(width_deg, 180)
    rows = answered_rows(judged)
    varied = _column(rows, "scale").groupby(rows["condition"]).nunique() > 1
    rows = rows[rows["condition"].isin(varied.index[varied])]
    if rows.empty:
        raise ObjectPoseError(
            "No condition of the data varies the scale; render one that does: scaling or scaling_rotation."
        )
    lower = scale_bins(rows["scale"], scale_edges)
    far = _lower(_column(rows, "distance_deg"), width_deg)
    table = rates(rows, {"scale_from": lower, "from_deg": far}, seed)
    upper = dict(pairwise(map(float, scale_edges)))
    table = table.assign(scale_to=table["scale_from"].map(upper), to_deg=table["from_deg"] + width_deg)
    columns = ["scale_from", "scale_to", "from_deg", "to_deg", "n_images", "n_objects", "n_classes"]
    return table[[*UNIT, "condition", "baseline", *columns, "top1", "top1_lo", "top1_hi"]]


def scale_bins(scale: pd.Series, scale_edges: Sequence[float] = SCALE_EDGES) -> pd.Series:
    """Return the lower limit of the bin that each scale lies in; the last bin is closed at both limits.

    Raises:
        ObjectPoseError: edges that do not rise, or a scale outside them.
    """
    edges = np.asarray(scale_edges, dtype=float)
    if edges.ndim != 1 or len(edges) < 2 or not (np.diff(edges) > 0).all():
        raise ObjectPoseError(f"scale_edges is {list(scale_edges)}, expected two or more rising numbers.")
    values = scale.to_numpy(float)
    outside = (values < edges[0] - 1e-9) | (values > edges[-1] + 1e-9)
    if outside.any():
        raise ObjectPoseError(
            f"{int(outside.sum()):,} images have a scale outside {edges[0]:g}..{edges[-1]:g} (such as "
            f"{values[outside][0]:g}); give scale_edges that take them in."
        )
    place = np.clip(np.searchsorted(edges, values + 1e-9, side="right") - 1, 0, len(edges) - 2)
    return pd.Series(edges[place], index=scale.index)


def by_background(judged: pd.DataFrame, *, seed: int = 0) -> pd.DataFrame:
    """Return the accuracy of each network before each background, and how far it is from that before the others.

    Returns:
        ``dataset, model, preprocess, condition, baseline, background, n_images, n_objects, n_classes, top1, top1_lo,
        top1_hi`` (percent), ``versus_others_pp, versus_lo, versus_hi``: the accuracy minus that before the other
        backgrounds (the mean over the classes that both show), in points with 95 % limits over classes; NaN
        where there is no other background.

    Raises:
        ObjectPoseError: no answer.
    """
    rows = answered_rows(judged)
    table = rates(rows, {"background": rows["background"].astype(str)}, seed)
    keys: list[Hashable] = [*UNIT, "condition", "background", "class_name"]
    cells = rows["correct"].astype(float).groupby([rows[name] for name in keys]).agg(["sum", "size"])
    versus = {}
    for key, unit in cells.groupby(keys[:4], sort=False):
        part = unit.droplevel(keys[:4])
        for background, own in part.groupby(level="background", sort=False):
            others = part.drop(background, level="background").groupby(level="class_name").sum()
            mine = own.droplevel("background")
            shared = mine.index.intersection(others.index)
            if len(shared):
                mine, others = mine.loc[shared], others.loc[shared]
                found = drop_interval(
                    mine["sum"] / mine["size"], mine["size"], others["sum"] / others["size"], others["size"], seed=seed
                )
                versus[(*key, background)] = (found.drop_pp, found.low_pp, found.high_pp)
    found_rows = [
        versus.get(tuple(row), (np.nan, np.nan, np.nan)) for row in table[keys[:5]].itertuples(index=False, name=None)
    ]
    columns = ["versus_others_pp", "versus_lo", "versus_hi"]
    counts = ["n_images", "n_objects", "n_classes", "top1", "top1_lo", "top1_hi"]
    return table.join(pd.DataFrame(found_rows, columns=columns, index=table.index))[
        [*UNIT, "condition", "baseline", "background", *counts, *columns]
    ]


def with_and_without_end_on(judged: pd.DataFrame, coverage: pd.DataFrame, *, seed: int = 0) -> pd.DataFrame:
    """Return accuracies and drops on all views, and on those that do not show an object nearly end-on.

    A view is nearly end-on where the silhouette is below ``sensitivity.END_ON`` of the object's upright one.

    Args:
        judged: frames of ``correctness.judge`` with the plan's ``scale``.
        coverage: ``image_id`` and ``coverage``, the silhouette's share of the frame.
        seed: of the resampling.

    Returns:
        The pooled rows of ``accuracy.summarise`` with ``views`` (``all``, ``not end-on``) and ``end_on_pct``, the share
        of the condition's images that are nearly end-on, sorted by unit, condition and views; baselines
        themselves are left out.

    Raises:
        ObjectPoseError: an image without coverage, or a condition without its baseline.
    """
    rows = answered_rows(judged)
    narrow = end_on(rows, coverage)
    share = 100.0 * narrow.groupby([rows[name] for name in [*UNIT, "condition"]]).mean()
    parts = []
    for views, part in ((ALL_VIEWS, rows), (NOT_END_ON, rows[~narrow])):
        table = summarise(part, seed=seed)
        table = table[(table["background"] == POOLED) & (table["condition"] != table["baseline"])]
        parts.append(table.assign(views=views))
    result = pd.concat(parts, ignore_index=True)
    result["end_on_pct"] = share.reindex(pd.MultiIndex.from_frame(result[[*UNIT, "condition"]])).to_numpy()
    return _sorted(result, ["views"])


def rates(rows: pd.DataFrame, bins: Mapping[str, pd.Series], seed: int) -> pd.DataFrame:
    """Return one row a (unit, condition, bin) with counts and the accuracy over classes with its interval.

    Args:
        rows: judged rows with an answer.
        bins: what the images are binned by: a column's name, and the bin of every row, with the index of ``rows``.
        seed: of the resampling.

    Returns:
        ``dataset, model, preprocess, condition, baseline``, the names of the bins, ``n_images, n_objects, n_classes,
        top1, top1_lo, top1_hi`` (percent); bins without an image have no row.
    """
    keys = [*UNIT, "condition", "baseline", *bins]
    groups = [rows[name].astype(str) if name in rows and name not in bins else bins[name] for name in keys]
    frame = pd.DataFrame(dict(zip(keys, groups, strict=True))).assign(
        class_name=rows["class_name"].astype(str),
        object_id=rows["object_id"].astype(str),
        right=rows["correct"].astype(float),
    )
    cells = frame.groupby([*keys, "class_name"], sort=True).agg(
        n_images=("right", "size"), right=("right", "mean"), n_objects=("object_id", "nunique")
    )
    found = []
    names: list[tuple[object, ...]] = []
    values: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
    counts = []
    for key, part in cells.groupby(keys, sort=True):
        names.append(key)
        values.append((part["right"].to_numpy(float), part["n_images"].to_numpy(float)))
        counts.append((int(part["n_images"].sum()), int(part["n_objects"].sum()), len(part)))
    for name, count, interval in zip(names, counts, class_intervals(values, seed=seed), strict=True):
        limits = (100.0 * interval.accuracy, 100.0 * interval.low, 100.0 * interval.high)
        found.append((*name, *count, *limits))
    columns = [*keys, "n_images", "n_objects", "n_classes", "top1", "top1_lo", "top1_hi"]
    return _sorted(pd.DataFrame(found, columns=columns), list(bins))


def _lower(distance_deg: pd.Series, width_deg: float) -> pd.Series:
    """Return the lower limit of each distance's bin; 180 degrees belong to the last one."""
    place = (distance_deg.astype(float) / width_deg + 1e-9) // 1
    return place.clip(upper=round(180 / width_deg) - 1) * width_deg


def _sorted(table: pd.DataFrame, last: list[str]) -> pd.DataFrame:
    place = {name: rank for rank, name in enumerate(ordered(table["condition"].unique()))}
    return table.sort_values(
        [*UNIT, "condition", *last],
        key=lambda column: column.map(place) if column.name == "condition" else column,
        kind="stable",
        ignore_index=True,
    )


def _column(rows: pd.DataFrame, name: str) -> pd.Series:
    if name not in rows.columns:
        raise ObjectPoseError(f"The judged answers have no column {name}; judge them with the plan of the data set.")
    return rows[name]


def _check_width(width_deg: float, turn_deg: int) -> None:
    if not (0 < width_deg <= turn_deg and abs(turn_deg / width_deg - round(turn_deg / width_deg)) < 1e-9):
        raise ObjectPoseError(f"width_deg is {width_deg:g}; expected a divisor of {turn_deg}, such as 15.")
