"""Two networks on the same images: is the difference real?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from objectpose.analysis.accuracy import baselines_of
from objectpose.analysis.conditions import ordered
from objectpose.analysis.correctness import network_labels
from objectpose.analysis.difference import Answers, Differences, accuracy_differences, drop_differences
from objectpose.analysis.shares import baseline_cells
from objectpose.analysis.significance import (
    EXACT_CLASSES,
    PERMUTATIONS,
    benjamini_hochberg,
    mcnemar_p,
    sign_flip_p,
    smallest_p,
)
from objectpose.errors import ObjectPoseError, nearest

MEASURES = ("top1", "drop_pp")
COLUMNS = (
    "dataset",
    "condition",
    "baseline",
    "measure",
    "first",
    "second",
    "n_images",
    "n_objects",
    "n_classes",
    "first_value",
    "second_value",
    "difference_pp",
    "low_pp",
    "high_pp",
    "sd_pp",
    "p",
    "p_smallest",
    "p_exact",
    "q",
    "n_only_first",
    "n_only_second",
    "mcnemar_p_images",
)


def compare(
    judged: pd.DataFrame,
    *,
    pairs: Iterable[tuple[str, str]] | None = None,
    measures: Sequence[str] = MEASURES,
    seed: int = 0,
    permutations: int = PERMUTATIONS,
) -> pd.DataFrame:
    """Return the differences of pairs of networks in accuracy and in drop, condition by condition.

    Both networks of a pair are compared on the classes that both have an output for, all images pooled over
    backgrounds.

    Args:
        judged: frames of ``correctness.judge``, concatenated.
        pairs: names of networks as in ``correctness.network_labels``, (first, second); None takes every pair in the
            order of names.
        measures: of ``MEASURES``: ``top1`` in percent, ``drop_pp`` in points.
        seed: of resampling and of random sign flips.
        permutations: how many random sign flips where classes are too many to enumerate; 0 leaves p and q NaN.

    Returns:
        ``COLUMNS``, one row a (data set, condition, pair, measure): ``difference_pp`` is first minus second in
        percentage points with 95 % limits over classes (``difference``), so that a positive difference in drop says
        that the first loses more; ``sd_pp``, the standard deviation of the classes' differences; ``p`` of sign flips
        over classes with the smallest value it could have had
        and whether it is exact (``significance``); ``q``, the p values adjusted for all rows of the measure in this
        table (Benjamini and Hochberg); of accuracies also the images that only one of the two has right, and McNemar's
        p over images, which is descriptive only: images of one class are not independent. Limits, ``sd_pp``
        and p are NaN with one class.

    Raises:
        ObjectPoseError: no answer, fewer than two networks, an unknown network or measure, networks with answers to
            different images, a pair without a common class, a condition without its baseline.
    """
    _known(measures, MEASURES, "measure")
    labels = network_labels(judged)
    chosen = list(pairs) if pairs is not None else None
    for name in [name for pair in chosen or () for name in pair]:
        _known([name], labels.unique(), "network")
    if labels.nunique() < 2:
        raise ObjectPoseError("There is one network only, expected two or more to compare; evaluate another one.")
    parts = []
    for dataset, rows in judged.assign(network=labels).groupby("dataset", sort=True):
        board = _board(rows, str(dataset))
        names = sorted(board.networks)
        wanted = list(combinations(names, 2)) if chosen is None else [p for p in chosen if set(p) <= set(names)]
        parts += [
            part.assign(dataset=dataset, condition=condition, baseline=board.baselines[condition])
            for condition in ordered(board.baselines)
            for part in _condition_rows(board, condition, wanted, measures, seed, permutations)
        ]
    if not parts:
        raise ObjectPoseError("No two of the networks to compare answered the same data set; evaluate them on one.")
    table = pd.concat(parts, ignore_index=True)
    table["q"] = table.groupby("measure")["p"].transform(benjamini_hochberg)
    place = {name: rank for rank, name in enumerate(ordered(table["condition"]))}
    table = table.assign(_place=table["condition"].map(place), _pair=table.groupby(["first", "second"]).ngroup())
    return table.sort_values(["dataset", "_place", "_pair", "measure"], ascending=[True, True, True, False])[
        list(COLUMNS)
    ].reset_index(drop=True)


@dataclass(frozen=True)
class _Board:
    """Answers of all networks to all images of one data set: ``right`` is N x I with NaN for no answer."""

    networks: tuple[str, ...]
    right: NDArray[np.float64]
    images: pd.DataFrame
    baselines: dict[str, str]


def _board(rows: pd.DataFrame, dataset: str) -> _Board:
    columns = ["image_id", "condition", "baseline", "class_name", "object_id", "background"]
    images = rows[columns].drop_duplicates().sort_values("image_id", ignore_index=True)
    if images["image_id"].duplicated().any():
        name = images.loc[images["image_id"].duplicated(), "image_id"].iloc[0]
        raise ObjectPoseError(
            f"The image '{name}' of {dataset} is not the same for all networks: these are two versions of the data "
            "set; evaluate the networks on one."
        )
    networks = sorted(rows["network"].unique())
    image_codes = pd.Index(images["image_id"]).get_indexer(pd.Index(rows["image_id"]))
    network_codes = pd.Index(networks).get_indexer(pd.Index(rows["network"]))
    counts = np.zeros((len(networks), len(images)), dtype=np.int64)
    np.add.at(counts, (network_codes, image_codes), 1)
    if (counts != 1).any():
        network, image = np.argwhere(counts != 1)[0]
        found = "no row" if counts[network, image] == 0 else f"{counts[network, image]} rows"
        raise ObjectPoseError(
            f"{networks[network]} has {found} for the image '{images['image_id'][image]}' of {dataset}, expected one: "
            "networks are compared on the same images; evaluate them on one version of the data set."
        )
    right = np.full(counts.shape, np.nan)
    right[network_codes, image_codes] = rows["correct"].astype("Float64").to_numpy(float, na_value=np.nan)
    return _Board(tuple(networks), right, images, baselines_of(rows[rows["network"] == networks[0]]))


def _condition_rows(
    board: _Board,
    condition: str,
    pairs: Sequence[tuple[str, str]],
    measures: Sequence[str],
    seed: int,
    permutations: int,
) -> Iterator[pd.DataFrame]:
    own = board.images[board.images["condition"] == condition]
    before = baseline_cells(board.images, own, condition, board.baselines[condition])
    row_of = {name: row for row, name in enumerate(board.networks)}
    for classes, members in _by_common_classes(board, own, pairs, row_of):
        rows = sorted({row_of[name] for pair in members for name in pair})
        place = {row: number for number, row in enumerate(rows)}
        first = np.array([place[row_of[pair[0]]] for pair in members])
        second = np.array([place[row_of[pair[1]]] for pair in members])
        shown = own[own["class_name"].isin(classes)]
        answers = _answers(board, rows, shown)
        shared = {
            "first": [pair[0] for pair in members],
            "second": [pair[1] for pair in members],
            "n_images": len(shown),
            "n_objects": shown["object_id"].nunique(),
            "n_classes": len(classes),
        }
        if "top1" in measures:
            found = accuracy_differences(answers, first, second, seed=seed)
            only_first = (answers.right @ (1.0 - answers.right).T)[first, second].round().astype(np.int64)
            only_second = ((1.0 - answers.right) @ answers.right.T)[first, second].round().astype(np.int64)
            yield _frame(found, "top1", shared, seed, permutations).assign(
                n_only_first=pd.array(only_first, dtype="Int64"),
                n_only_second=pd.array(only_second, dtype="Int64"),
                mcnemar_p_images=mcnemar_p(only_first, only_second),
            )
        if "drop_pp" in measures and len(before):
            baseline = _answers(board, rows, before[before["class_name"].isin(classes)])
            found = drop_differences(baseline, answers, first, second, seed=seed)
            nothing = pd.array([None] * len(members), dtype="Int64")
            yield _frame(found, "drop_pp", shared, seed, permutations).assign(
                n_only_first=nothing, n_only_second=nothing, mcnemar_p_images=np.nan
            )


def _by_common_classes(
    board: _Board, own: pd.DataFrame, pairs: Sequence[tuple[str, str]], row_of: dict[str, int]
) -> list[tuple[tuple[str, ...], list[tuple[str, str]]]]:
    """Return the pairs of networks by the classes that both have an output for."""
    names = own["class_name"].to_numpy(str)
    known = ~np.isnan(board.right[:, own.index])
    have = [frozenset(names[row]) for row in known]
    groups: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for pair in pairs:
        classes = tuple(sorted(have[row_of[pair[0]]] & have[row_of[pair[1]]]))
        if not classes:
            raise ObjectPoseError(f"{pair[0]} and {pair[1]} have no class in common; compare each with other networks.")
        groups.setdefault(classes, []).append(pair)
    return list(groups.items())


def _answers(board: _Board, rows: Sequence[int], shown: pd.DataFrame) -> Answers:
    owner = np.unique(shown["class_name"].to_numpy(str), return_inverse=True)[1]
    return Answers(board.right[np.asarray(rows)[:, None], shown.index.to_numpy()], owner)


def _frame(found: Differences, measure: str, shared: dict[str, object], seed: int, permutations: int) -> pd.DataFrame:
    count = len(found.by_class)
    tested = permutations > 0
    nothing = np.full(len(found.first), np.nan)
    return pd.DataFrame(
        shared
        | {
            "measure": measure,
            "first_value": 100.0 * found.first,
            "second_value": 100.0 * found.second,
            "difference_pp": 100.0 * found.by_class.mean(axis=0),
            "low_pp": 100.0 * found.low,
            "high_pp": 100.0 * found.high,
            "sd_pp": 100.0 * found.by_class.std(axis=0, ddof=1) if count > 1 else nothing,
            "p": sign_flip_p(found.by_class, seed=seed, permutations=permutations) if tested else nothing,
            "p_smallest": smallest_p(count, permutations) if tested else np.nan,
            "p_exact": count <= EXACT_CLASSES,
        }
    )


def _known(names: Iterable[str], known: Iterable[str], what: str) -> None:
    valid = list(known)
    for name in names:
        if name not in valid:
            raise ObjectPoseError(f"Unknown {what} '{name}'; {nearest(name, valid)}.")
