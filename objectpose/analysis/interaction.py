"""Does rotating a thing that is also shown smaller cost more than rotating and shrinking it cost one by one?

**What is estimated.** With the accuracies of a network on full-sized upright things (a), full-sized rotated ones (b),
small upright ones (c) and small rotated ones (d), the drops are a - b for rotation, a - c for size and a - d for both.
The interaction is what both cost together beyond the sum: (a - d) - ((a - b) + (a - c)) = b + c - a - d, the
interaction contrast of a two by two design in percentage points. Above 0 the two harm each other's victims more than
they would apart, below 0 less. Points have a floor: an accuracy that one change has brought near 0 cannot fall by the
other's drop as well, so that a negative interaction does not show that small things bear rotation better. Whether the
loss under both exceeds each of the two is another question, which ``drop_both_pp`` beside the others answers.

**How.** A contrast is computed in each class and the mean over classes taken, on the objects and backgrounds that all
four cells show. The interval is that of ``statistics`` carried over to four cells: expanded percentiles of resampled
classes, in hull with the four Wilson intervals combined by squares (MOVER; Zou and Donner 2008, Statistics in Medicine
27), which widens it where classes agree too well for the bootstrap.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from objectpose.analysis.accuracy import UNIT, answered_rows
from objectpose.analysis.curves import SCALE_EDGES, scale_bins
from objectpose.analysis.draws import student_quantile
from objectpose.analysis.statistics import (
    REPLICATES,
    expanded_percentiles,
    independent_images,
    wilson_interval,
)
from objectpose.errors import ObjectPoseError

Floats = NDArray[np.float64]

SMALL_UPRIGHT, SMALL_ROTATED = "scaling", "scaling_rotation"
FULL_SIZE = ("upright", "so3")
ALL_SIZES = "all"
CONTRASTS = {
    "drop_rotation": (1, -1, 0, 0),
    "drop_scaling": (1, 0, -1, 0),
    "drop_both": (1, 0, 0, -1),
    "interaction": (-1, 1, 1, -1),
}
"""Weights of full-sized upright, full-sized rotated, small upright and small rotated."""
INTERACTION_COLUMNS = (
    *UNIT,
    "full_size",
    "scales",
    "scale_from",
    "scale_to",
    "n_images",
    "n_objects",
    "n_classes",
    "upright_top1",
    "rotated_top1",
    "small_top1",
    "small_rotated_top1",
    *(f"{name}_{kind}" for name in CONTRASTS for kind in ("pp", "lo", "hi")),
)


def interaction(
    judged: pd.DataFrame,
    *,
    full_size: tuple[str, str] | None = None,
    scale_edges: Sequence[float] = SCALE_EDGES,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the drops by rotation, by size and by both, and what both cost beyond the sum of the two.

    Args:
        judged: frames of ``correctness.judge`` of one or several data sets with the conditions ``scaling`` and
            ``scaling_rotation``.
        full_size: the conditions that show full-sized things upright and rotated as ``scaling_rotation`` does; None
            takes ``upright`` and ``so3`` where a network has answers to both, and otherwise the largest bin of
            ``scaling`` and ``scaling_rotation``.
        scale_edges: rising limits of the bins of scale; bins are closed at their lower limit, the last one at both.
        seed: of the resampling.

    Returns:
        ``INTERACTION_COLUMNS``, one row a network and bin of scale, and one with ``scales`` = ``all`` for all of the
        sizes together, which stands first: what is full size (two conditions, or the limits of a bin), the limits of
        the scales, images, objects and classes of the four cells together, their accuracies in percent, and four
        contrasts in points with 95 % limits over classes (NaN with one class). Where one size is shown only, there
        is only the row of all sizes.

    Raises:
        ObjectPoseError: a condition is lacking, the four cells share no object, or the scales lie outside the edges.
    """
    rows = answered_rows(judged)
    found = [
        row for _, unit in rows.groupby(UNIT, sort=True) for row in _of_unit(unit, full_size, tuple(scale_edges), seed)
    ]
    return pd.DataFrame(found, columns=list(INTERACTION_COLUMNS))


def contrast_intervals(shares: Floats, images: Floats, weights: Floats, *, seed: int = 0) -> Floats:
    """Return means over classes of weighted sums of accuracies with their 95 % intervals.

    Args:
        shares: float K x C, 0..1, accuracies of K classes in C cells of a design.
        images: float K x C, >= 1, how many images each is made of.
        weights: float W x C, W weighted sums of the cells.
        seed: of the resampling of classes.

    Returns:
        W x 3: value, lower and upper limit, in the unit of ``shares``; the limits are NaN with one class.

    >>> drop = contrast_intervals(np.array([[0.9, 0.5], [0.7, 0.5]]), np.full((2, 2), 20.0), np.array([[1.0, -1.0]]))
    >>> round(float(drop[0, 0]), 6), bool(drop[0, 1] < drop[0, 0] < drop[0, 2])
    (0.3, True)
    """
    by_class = shares @ weights.T
    values = by_class.mean(axis=0)
    if len(by_class) < 2:
        nothing = np.full(len(values), np.nan)
        return np.stack([values, nothing, nothing], axis=1)
    low, high = expanded_percentiles(by_class, seed, REPLICATES)
    quantile = float(student_quantile(len(by_class)))
    means = shares.mean(axis=0)
    limits = [
        wilson_interval(float(mean), independent_images(count), quantile)
        for mean, count in zip(means, images.T, strict=True)
    ]
    down, up = means - [limit[0] for limit in limits], [limit[1] for limit in limits] - means
    below = np.sqrt((np.where(weights > 0, weights * down, weights * up) ** 2).sum(axis=1))
    above = np.sqrt((np.where(weights > 0, weights * up, weights * down) ** 2).sum(axis=1))
    found: Floats = np.stack([values, np.minimum(low, values - below), np.maximum(high, values + above)], axis=1)
    return found


def _of_unit(
    unit: pd.DataFrame, full_size: tuple[str, str] | None, scale_edges: tuple[float, ...], seed: int
) -> list[dict[str, object]]:
    known = set(unit["condition"])
    where = f"{unit['model'].iloc[0]} on {unit['dataset'].iloc[0]}"
    pair = full_size or (FULL_SIZE if set(FULL_SIZE) <= known else None)
    lacking = [name for name in (SMALL_UPRIGHT, SMALL_ROTATED, *(pair or ())) if name not in known]
    if lacking:
        raise ObjectPoseError(
            f"Of {where} there are no answers under {', '.join(lacking)}, which the interaction of scaling and "
            "rotation needs; add it to dataset.conditions."
        )
    small, turned = (unit[unit["condition"] == name] for name in (SMALL_UPRIGHT, SMALL_ROTATED))
    varied = small["scale"].nunique() > 1
    if not varied and pair is None:
        raise ObjectPoseError(
            f"The pictures of {where} have one scale only, and nothing says which conditions show things at full size; "
            "name them in the argument 'full_size'."
        )
    small, turned = (part.assign(bin=scale_bins(part["scale"], scale_edges)) for part in (small, turned))
    top = scale_edges[-2]
    if pair is not None:
        full = [unit[unit["condition"] == name] for name in pair]
        said = ", ".join(pair)
    else:
        full = [part[part["bin"] == top] for part in (small, turned)]
        said = f"scale {top:g} to {scale_edges[-1]:g}"
        small, turned = (part[part["bin"] < top] for part in (small, turned))
        if small.empty or turned.empty or any(part.empty for part in full):
            raise ObjectPoseError(
                f"The pictures of {where} show no size both inside and below the scales from {top:g} to "
                f"{scale_edges[-1]:g}; give other scale_edges or 'full_size'."
            )
    bins = sorted(set(small["bin"]) & set(turned["bin"])) if varied else []
    result = []
    for lower in [None, *bins]:
        shown = [part if lower is None else part[part["bin"] == lower] for part in (small, turned)]
        ends = scale_edges[scale_edges.index(lower) + 1] if lower is not None else None
        low, high = (lower, ends) if lower is not None else (_ends(small, turned))
        name = ALL_SIZES if lower is None else f"{low:g} to {high:g}"
        cells = _common([*full, *shown])
        if cells is None and lower is not None:
            continue
        if cells is None:
            raise ObjectPoseError(f"No object of {where} is shown at full size and small, upright and rotated.")
        unit_of = dict(zip(UNIT, unit[UNIT].iloc[0], strict=True))
        place = {"full_size": said, "scales": name, "scale_from": low, "scale_to": high}
        result.append(unit_of | place | _measures(cells, seed))
    return result


def _ends(small: pd.DataFrame, turned: pd.DataFrame) -> tuple[float, float]:
    scales = pd.concat([small["scale"], turned["scale"]])
    return float(scales.min()), float(scales.max())


def _common(cells: list[pd.DataFrame]) -> list[pd.DataFrame] | None:
    """Return the rows of the four cells whose object and background all four show; None where there is none."""
    keys = [pd.MultiIndex.from_frame(part[["object_id", "background"]].astype(str)) for part in cells]
    shared = keys[0]
    for key in keys[1:]:
        shared = shared.intersection(key)
    kept = [part[key.isin(shared)] for part, key in zip(cells, keys, strict=True)]
    return kept if len(shared) else None


def _measures(cells: list[pd.DataFrame], seed: int) -> dict[str, object]:
    grouped = [part["correct"].astype(float).groupby(part["class_name"].astype(str)) for part in cells]
    shares: Floats = np.stack([group.mean().to_numpy(np.float64) for group in grouped], axis=1).astype(np.float64)
    images: Floats = np.stack([group.size().to_numpy(np.float64) for group in grouped], axis=1).astype(np.float64)
    names = ("upright_top1", "rotated_top1", "small_top1", "small_rotated_top1")
    measures: dict[str, object] = {
        "n_images": int(images.sum()),
        "n_objects": int(cells[0]["object_id"].nunique()),
        "n_classes": len(shares),
        **dict(zip(names, (100.0 * shares.mean(axis=0)).tolist(), strict=True)),
    }
    limits = contrast_intervals(shares, images, np.array(list(CONTRASTS.values()), np.float64), seed=seed)
    for name, (value, low, high) in zip(CONTRASTS, (100.0 * limits).tolist(), strict=True):
        measures |= {f"{name}_pp": value, f"{name}_lo": low, f"{name}_hi": high}
    return measures
