"""Design choices: what networks with the same data, loss, architecture, modality or augmentation lose."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy import stats

from objectpose.analysis.accuracy import POOLED, UNIT
from objectpose.analysis.conditions import ordered
from objectpose.errors import ObjectPoseError

CARD_COLUMNS = (
    "model",
    "data_family",
    "data_images",
    "loss",
    "architecture",
    "modality",
    "augmentation",
    "parameters_m",
)
"""Columns of a frame of cards, one row a network of the zoo: its name; the name of its largest training set and how
many images that holds; training signals, architecture, modality and augmentation in words; parameters in millions."""

FACTORS = ("data size", "data", "loss", "architecture", "modality", "augmentation", "parameters")
FACTOR_COLUMNS = (
    "dataset",
    "condition",
    "factor",
    "level",
    "n_networks",
    "n_families",
    "drop_pp",
    "drop_lo",
    "drop_hi",
    "upright_top1",
    "relative_drop",
    "note",
)
FEWEST_OF_A_LEVEL = 3
DATA_SIZES = (
    (0.0, "under 2 million"),
    (2e6, "2 to 50 million"),
    (5e7, "50 million to 1 billion"),
    (1e9, "1 billion and more"),
)
PARAMETERS = (
    (0.0, "under 30 million"),
    (30.0, "30 to 100 million"),
    (100.0, "100 to 300 million"),
    (300.0, "300 million and more"),
)


def factor_table(summary: pd.DataFrame, cards: pd.DataFrame) -> pd.DataFrame:
    """Return the drop of each network beside what its card says.

    Args:
        summary: of ``accuracy.summarise``.
        cards: ``CARD_COLUMNS``, a model at most once; networks without a row (a user's own) have null in all of its
            columns.

    Returns:
        One row a (dataset, model, preprocess, condition) with a drop, pooled over backgrounds: ``n_images, n_objects,
        n_classes, upright_top1`` (accuracy on the baseline, percent), ``turned_top1`` (under the condition), ``drop_pp,
        relative_drop``, the cards' columns and, made of them, ``log10_data``, ``data size`` and ``parameters`` (ranges
        in words), ``loss kind`` and ``augmentation kind`` (see :func:`loss_kind`, :func:`augmentation_kind`).

    Raises:
        ObjectPoseError: cards without a column, a card given twice, or no drop in the summary.
    """
    missing = [name for name in CARD_COLUMNS if name not in cards.columns]
    if missing:
        raise ObjectPoseError(f"The cards lack the column {', '.join(missing)}; expected {', '.join(CARD_COLUMNS)}.")
    if cards["model"].duplicated().any():
        raise ObjectPoseError(
            f"The network '{cards.loc[cards['model'].duplicated(), 'model'].iloc[0]}' has two cards, expected one each."
        )
    rows = summary[(summary["background"] == POOLED) & summary["drop_pp"].notna()]
    if rows.empty:
        raise ObjectPoseError("The summary holds no drop; add a condition that is compared with a baseline.")
    table = rows[[*UNIT, "condition", "n_images", "n_objects", "n_classes", "top1", "drop_pp", "relative_drop"]]
    table = table.assign(upright_top1=table["top1"] + table["drop_pp"]).rename(columns={"top1": "turned_top1"})
    table = table.merge(cards[list(CARD_COLUMNS)], on="model", how="left", validate="many_to_one")
    images = table["data_images"].astype(float)
    table["log10_data"] = np.log10(images)
    table["data size"] = _ranges(images, DATA_SIZES)
    table["parameters"] = _ranges(table["parameters_m"].astype(float), PARAMETERS)
    table["loss kind"] = _mapped(table["loss"], loss_kind)
    table["augmentation kind"] = _mapped(table["augmentation"], augmentation_kind)
    return table


def by_factor(table: pd.DataFrame) -> pd.DataFrame:
    """Return the mean drop of the networks of each level of each design choice.

    Networks are the sampling unit here: the interval is Student's over networks and says how far the mean would move
    with other networks of the level, not with other classes. Networks that share training data resemble each other,
    so that it is rather too narrow; ``n_families`` says how many sets of training data are behind it. Levels also
    differ in upright accuracy and in each other's choices: this is a description, and ``robustness`` the comparison at
    equal upright accuracy.

    Args:
        table: of :func:`factor_table`.

    Returns:
        ``FACTOR_COLUMNS``: mean ``drop_pp`` with 95 % limits (NaN with a word in ``note`` below three networks), means
        of ``upright_top1`` and ``relative_drop``; levels of sizes in rising order, others by name. Networks without a
        card are left out; the frame is empty where no network has one.
    """
    columns = {"data": "data_family", "loss": "loss kind", "augmentation": "augmentation kind"}
    rows = []
    for (dataset, condition), part in table.groupby(["dataset", "condition"], sort=False):
        for factor in FACTORS:
            column = columns.get(factor, factor)
            for level in _levels(part[column], factor):
                rows.append(
                    {"dataset": dataset, "condition": condition, "factor": factor, "level": level}
                    | _level(part[part[column] == level])
                )
    result = pd.DataFrame(rows, columns=list(FACTOR_COLUMNS))
    place = {name: rank for rank, name in enumerate(ordered(result["condition"].unique()))}
    return result.sort_values(
        ["dataset", "condition"],
        key=lambda column: column.map(place) if column.name == "condition" else column,
        kind="stable",
        ignore_index=True,
    )


def loss_kind(loss: str) -> str:
    """Return the kind of training signal that a card's words stand for.

    >>> loss_kind("masked image modelling + supervised"), loss_kind("sigmoid image-text")
    ('self-supervised', 'image-text')
    """
    if "contrastive image-text" in loss or "sigmoid image-text" in loss:
        return "image-text"
    if "masked" in loss or "self-" in loss:
        return "self-supervised"
    if "weakly" in loss or "noisy student" in loss:
        return "weakly or semi-supervised"
    return "supervised" if "supervised" in loss else loss


def augmentation_kind(augmentation: str) -> str:
    """Return the kind of augmentation that a card's words stand for, whatever the network was distilled from.

    >>> augmentation_kind("in pretraining: RandAugment, Mixup; distilled from RegNetY-16GF")
    'mixing of images'
    """
    words = augmentation.split(";")[0]
    if "Mixup" in words or "CutMix" in words:
        return "mixing of images"
    if "RandAugment" in words or "TrivialAugment" in words:
        return "augmentation policy"
    return "colour and blur" if "colour" in words else words.strip()


def _level(rows: pd.DataFrame) -> dict[str, object]:
    count = len(rows)
    mean = float(rows["drop_pp"].mean())
    half = np.nan
    if count >= FEWEST_OF_A_LEVEL:
        half = float(stats.t.ppf(0.975, count - 1) * rows["drop_pp"].std(ddof=1) / np.sqrt(count))
    return {
        "n_networks": count,
        "n_families": int(rows["data_family"].nunique()),
        "drop_pp": mean,
        "drop_lo": mean - half,
        "drop_hi": mean + half,
        "upright_top1": float(rows["upright_top1"].mean()),
        "relative_drop": float(rows["relative_drop"].mean()),
        "note": "" if count >= FEWEST_OF_A_LEVEL else f"too few networks for an interval ({count})",
    }


def _levels(values: pd.Series, factor: str) -> list[str]:
    present = set(values.dropna().astype(str))
    order = {"data size": DATA_SIZES, "parameters": PARAMETERS}.get(factor)
    return sorted(present) if order is None else [name for _, name in order if name in present]


def _ranges(values: pd.Series, ranges: tuple[tuple[float, str], ...]) -> pd.Series:
    edges = np.array([low for low, _ in ranges])
    names = [name for _, name in ranges]
    found = [
        None if np.isnan(value) else names[int(np.searchsorted(edges, value, side="right")) - 1] for value in values
    ]
    return pd.Series(found, index=values.index, dtype=object)


def _mapped(values: pd.Series, kind: Callable[[str], str]) -> pd.Series:
    return pd.Series(
        [None if pd.isna(value) else kind(str(value)) for value in values], index=values.index, dtype=object
    )
