"""The leaderboard: accuracies, drops and ranks with what is known about each, and the worst class and angle."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from objectpose.analysis.accuracy import POOLED, UNIT, answered_rows, summarise
from objectpose.analysis.comparison import compare
from objectpose.analysis.conditions import ordered
from objectpose.analysis.correctness import network_labels
from objectpose.analysis.curves import angle_curve, distance_curve
from objectpose.analysis.draws import expanded_tail
from objectpose.analysis.shares import by_class
from objectpose.analysis.statistics import resampled_means
from objectpose.errors import ObjectPoseError

COLUMNS = (
    "dataset",
    "condition",
    "baseline",
    "network",
    "model",
    "preprocess",
    "n_images",
    "n_objects",
    "n_classes",
    "n_lacking",
    "top1",
    "top1_lo",
    "top1_hi",
    "top5",
    "drop_pp",
    "drop_lo",
    "drop_hi",
    "relative_drop",
    "rank_top1",
    "rank_top1_lo",
    "rank_top1_hi",
    "rank_drop",
    "rank_drop_lo",
    "rank_drop_hi",
    "tied_with",
    "level_with",
    "worst_class",
    "worst_class_top1",
    "worst_class_images",
    "worst_angle",
    "worst_from_deg",
    "worst_to_deg",
    "worst_angle_top1",
    "worst_angle_images",
)
SAME = 1e-9


def leaderboard(judged: pd.DataFrame, *, width_deg: float = 30.0, seed: int = 0) -> pd.DataFrame:
    """Return one row a (data set, condition, network), the best first.

    The order is that of the drop, the smallest first, and of a baseline that of its accuracy, the largest first. Ranks
    compare networks on the same classes: one that lacks an output for a class that others were asked about has none.

    Args:
        judged: frames of ``correctness.judge``, concatenated, without networks that should not be ranked (untrained
            ones).
        width_deg: width of the bins of angle, a divisor of 180.
        seed: of the resampling.

    Returns:
        ``COLUMNS``: accuracies and drops as in ``accuracy.summarise``; ``n_lacking``, classes that the network has no
        output for; ranks (1 is the best, equal values share the lower number) with 95 % rank intervals
        (:func:`rank_intervals`), null with one class; ``tied_with``, networks with exactly the same value of what the
        order goes by; ``level_with``, networks whose difference from this one is not told from 0 by its 95 % interval
        (``comparison.compare``; null with one class); the class with the lowest accuracy, and the bin of angles with
        the lowest accuracy among those that show as many classes as any: ``worst_angle`` says of which angle,
        ``sweep_deg`` where the condition sweeps one, ``distance_deg`` otherwise. Lists of names are joined by commas;
        empty where there is none. The worst of many is below its own long-run accuracy: ``worst_class_images`` and
        ``worst_angle_images`` say how few images it is made of.

    Raises:
        ObjectPoseError: no answer, a condition without its baseline.
    """
    rows = answered_rows(judged)
    labels = network_labels(rows)
    table = summarise(rows, seed=seed)
    table = table[table["background"] == POOLED].drop(columns="background").reset_index(drop=True)
    table["network"] = network_labels(table)
    classes = by_class(rows).assign(network=lambda frame: network_labels(frame))
    pairs = compare(judged, seed=seed, permutations=0) if labels.nunique() > 1 else None
    angles = _worst_angles(rows, width_deg, seed)
    parts = []
    for (dataset, condition), board in table.groupby(["dataset", "condition"], sort=False):
        shown = classes[(classes["dataset"] == dataset) & (classes["condition"] == condition)]
        board = board.set_index("network")
        measure = "drop_pp" if board["drop_pp"].notna().any() else "top1"
        board["n_lacking"] = shown["class_name"].nunique() - board["n_classes"]
        whole = board.index[board["n_lacking"] == 0]
        for name, sign in (("top1", 1.0), ("drop_pp", -1.0)):
            values = shown.pivot(index="class_name", columns="network", values=name)[list(whole)]
            prefix = "rank_" + name.removesuffix("_pp")
            ranks = _ranks(sign * values, seed, named=prefix) if name == "top1" or measure == name else None
            for column in (prefix, f"{prefix}_lo", f"{prefix}_hi"):
                board[column] = pd.array([pd.NA] * len(board), dtype="Int64")
                if ranks is not None:
                    board.loc[ranks.index, column] = ranks[column]
        alike = None
        if pairs is not None:
            alike = pairs[
                (pairs["dataset"] == dataset) & (pairs["condition"] == condition) & (pairs["measure"] == measure)
            ]
        board["tied_with"] = [_tied(board[measure], name) for name in board.index]
        board["level_with"] = [_level(alike, name) for name in board.index]
        worst = shown.sort_values(["network", "top1", "class_name"]).drop_duplicates("network").set_index("network")
        board["worst_class"] = worst["class_name"]
        board["worst_class_top1"] = worst["top1"]
        board["worst_class_images"] = worst["n_images"]
        board = board.reset_index()
        order = ["drop_pp", "network"] if measure == "drop_pp" else ["top1", "network"]
        parts.append(board.sort_values(order, ascending=[measure == "drop_pp", True], ignore_index=True))
    result = pd.concat(parts, ignore_index=True).merge(angles, on=[*UNIT, "condition"], how="left")
    place = {name: rank for rank, name in enumerate(ordered(result["condition"].unique()))}
    result = result.sort_values(
        ["dataset", "condition"],
        key=lambda column: column.map(place) if column.name == "condition" else column,
        kind="stable",
        ignore_index=True,
    )
    return result[list(COLUMNS)]


def rank_intervals(
    values: NDArray[np.float64], *, seed: int = 0
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the ranks of N networks by their mean over classes, with 95 % intervals.

    Classes are resampled, the same for all networks, and the networks ranked in each resample. The lower limit is the
    quantile of the best rank that ties leave open, the upper limit that of the worst, both at the expanded tail of
    ``statistics`` (Goldstein and Spiegelhalter 1996 for ranks with intervals). Networks that are equal in all
    classes share one interval. The intervals are of single networks, not of the whole order at once.

    Args:
        values: float K x N, larger is better.
        seed: of the resampling.

    Returns:
        Ranks (1 is the best; equal means share the lower number), lower and upper limits, int N each.

    Raises:
        ObjectPoseError: fewer than two classes.

    >>> [limits.tolist() for limits in rank_intervals(np.array([[0.9, 0.1], [0.8, 0.2], [0.9, 0.3]]))]
    [[1, 2], [1, 2], [1, 2]]
    """
    if len(values) < 2:
        raise ObjectPoseError("Ranks have no interval with one class; give two classes or more.")
    tail = float(expanded_tail(len(values)))
    means = np.round(resampled_means(values, seed), 9)
    best = np.sort(stats.rankdata(-means, method="min", axis=1), axis=0)
    worst = np.sort(stats.rankdata(-means, method="max", axis=1), axis=0)
    last = len(means) - 1
    low = best[int(np.floor(tail * last))].astype(np.int64)
    high = worst[int(np.ceil((1.0 - tail) * last))].astype(np.int64)
    overall = np.round(values.mean(axis=0), 9)
    rank = stats.rankdata(-overall, method="min").astype(np.int64)
    return rank, np.minimum(low, rank), np.maximum(high, stats.rankdata(-overall, method="max").astype(np.int64))


def _ranks(values: pd.DataFrame, seed: int, named: str) -> pd.DataFrame:
    """Return rank columns by network; without intervals where there is one class."""
    matrix = values.to_numpy(float)
    if len(matrix) > 1:
        rank, low, high = rank_intervals(matrix, seed=seed)
        found: dict[str, object] = {named: rank, f"{named}_lo": low, f"{named}_hi": high}
    else:
        rank = stats.rankdata(-np.round(matrix.mean(axis=0), 9), method="min").astype(np.int64)
        nothing = pd.array([pd.NA] * len(rank), dtype="Int64")
        found = {named: rank, f"{named}_lo": nothing, f"{named}_hi": nothing}
    return pd.DataFrame(found, index=values.columns).astype("Int64")


def _tied(values: pd.Series, name: str) -> str:
    equal = values.index[(values - values[name]).abs() < SAME]
    return ", ".join(sorted(str(other) for other in equal if other != name))


def _level(pairs: pd.DataFrame | None, name: str) -> str | None:
    if pairs is None:
        return ""
    if pairs["low_pp"].isna().all():
        return None
    alike = pairs[(pairs["low_pp"] <= 0) & (pairs["high_pp"] >= 0)]
    return ", ".join(
        sorted([*alike.loc[alike["first"] == name, "second"], *alike.loc[alike["second"] == name, "first"]])
    )


def _worst_angles(rows: pd.DataFrame, width_deg: float, seed: int) -> pd.DataFrame:
    swept = rows["sweep_deg"].notna() if "sweep_deg" in rows else pd.Series(False, index=rows.index)
    parts = []
    for column, curve, part in (
        ("sweep_deg", angle_curve, rows[swept]),
        ("distance_deg", distance_curve, rows[~swept] if "distance_deg" in rows else rows.iloc[:0]),
    ):
        if len(part):
            parts.append(curve(part, width_deg=width_deg, seed=seed).assign(worst_angle=column))
    names = {"top1": "worst_angle_top1", "n_images": "worst_angle_images"}
    names |= {"from_deg": "worst_from_deg", "to_deg": "worst_to_deg"}
    keys = [*UNIT, "condition"]
    if not parts:
        return pd.DataFrame(columns=[*keys, "worst_angle", *names.values()])
    bins = pd.concat(parts, ignore_index=True)
    bins = bins[bins["n_classes"] == bins.groupby(keys)["n_classes"].transform("max")]
    bins = bins.sort_values([*keys, "top1", "from_deg"]).drop_duplicates(keys)
    return bins[[*keys, "worst_angle", *names]].rename(columns=names)
