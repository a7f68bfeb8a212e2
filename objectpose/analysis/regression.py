"""Two runs of the same networks on the same images: has one become worse?"""

from __future__ import annotations

import math

import pandas as pd

from objectpose.analysis.accuracy import UNIT
from objectpose.analysis.comparison import compare
from objectpose.analysis.correctness import network_labels
from objectpose.analysis.significance import PERMUTATIONS, benjamini_hochberg
from objectpose.analysis.tables import counted
from objectpose.errors import ObjectPoseError


def regression_check(
    older: pd.DataFrame, newer: pd.DataFrame, *, seed: int = 0, permutations: int = PERMUTATIONS
) -> pd.DataFrame:
    """Return how much worse the newer of two runs of the same networks on the same images is.

    Args:
        older: frames of ``correctness.judge`` of the run to compare with.
        newer: of the run in question; networks that only one of the two holds are left out.
        seed: as in :func:`compare`.
        permutations: as in :func:`compare`.

    Returns:
        One row a (dataset, model, preprocess, condition, measure): ``n_images, n_objects, n_classes, older, newer``,
        ``regression_pp`` (positive where the newer run is worse: accuracy lost, or drop gained) with ``low_pp,
        high_pp``, ``p, p_smallest, p_exact, q``, ``n_changed`` (images whose first answer
        differs), ``n_lost`` and ``n_gained`` (images that only the older, only the newer run has right) and
        ``mcnemar_p_images``; the last four are those of accuracies and null for drops.

    Raises:
        ObjectPoseError: the runs have no network and data set in common, or other images.
    """
    parts = []
    units = dict(list(newer.groupby(UNIT, sort=True)))
    for key, before in older.groupby(UNIT, sort=True):
        if key not in units:
            continue
        after = units[key]
        both = pd.concat([before.assign(model="older"), after.assign(model="newer")], ignore_index=True)
        table = compare(both, pairs=[("older", "newer")], seed=seed, permutations=permutations)
        merged = before.merge(after[["image_id", "answer"]], on="image_id", suffixes=("", "_newer"))
        differs = (merged["answer"] != merged["answer_newer"]).fillna(False)
        changed = differs.groupby(merged["condition"]).sum()
        is_top1 = table["measure"] == "top1"
        parts.append(
            table.assign(
                dataset=str(key[0]),
                model=str(key[1]),
                preprocess=str(key[2]),
                n_changed=table["condition"].map(changed).where(is_top1).astype("Int64"),
                regression_pp=table["difference_pp"].where(is_top1, -table["difference_pp"]),
                low_pp=table["low_pp"].where(is_top1, -table["high_pp"]),
                high_pp=table["high_pp"].where(is_top1, -table["low_pp"]),
            )
        )
    if not parts:
        raise ObjectPoseError(
            f"The two runs have no network in common: the older one holds {_some(network_labels(older))}, the newer "
            f"one {_some(network_labels(newer))}; evaluate the same network on the same data set."
        )
    result = pd.concat(parts, ignore_index=True)
    result["q"] = result.groupby("measure")["p"].transform(benjamini_hochberg)
    result = result.rename(
        columns={"first_value": "older", "second_value": "newer", "n_only_first": "n_lost", "n_only_second": "n_gained"}
    )
    columns = [*UNIT, "condition", "measure", "n_images", "n_objects", "n_classes", "older", "newer", "regression_pp"]
    columns += ["low_pp", "high_pp", "p", "p_smallest", "p_exact", "q", "n_changed", "n_lost", "n_gained"]
    return result[[*columns, "mcnemar_p_images"]]


def regression_sentences(table: pd.DataFrame) -> list[str]:
    """Return, for each network, how many first answers changed and where its accuracy changed most, a sentence each.

    The condition with the largest loss is named; where no accuracy fell, that with the largest gain.

    Args:
        table: of :func:`regression_check`, one data set.
    """
    rows = table[table["measure"] == "top1"]
    rows = rows.assign(network=network_labels(rows))
    return [_sentence(str(network), own) for network, own in rows.groupby("network", sort=True)]


def unmatched(older: pd.DataFrame, newer: pd.DataFrame) -> list[str]:
    """Return a sentence about each of two runs that holds networks which the other one lacks.

    Args:
        older: frames of ``correctness.judge``.
        newer: likewise.
    """
    sentences = []
    for which, own, other in (("older", older, newer), ("newer", newer, older)):
        lacking = ~pd.MultiIndex.from_frame(own[UNIT]).isin(pd.MultiIndex.from_frame(other[UNIT]))
        if lacking.any():
            names = sorted(set(network_labels(own)[lacking].astype(str)))
            verb = "is" if len(names) == 1 else "are"
            sentences.append(f"Only the {which} run holds {', '.join(names)}, which {verb} not compared.")
    return sentences


def _sentence(network: str, rows: pd.DataFrame) -> str:
    changed, images = int(rows["n_changed"].sum()), int(rows["n_images"].sum())
    if changed == 0:
        return f"{network}: none of {counted(images, 'first answer')} changed."
    rising = rows.sort_values("regression_pp", kind="stable")
    worst = rising.iloc[-1 if rising["regression_pp"].iloc[-1] > 0 else 0]
    points = float(worst["regression_pp"])
    sign = 1.0 if points >= 0 else -1.0
    low, high = sorted((sign * float(worst["low_pp"]), sign * float(worst["high_pp"])))
    limits = "" if math.isnan(low) else f" (95 % interval {low:.1f} to {high:.1f})"
    change = f"{abs(points):.1f} points {'lost' if sign > 0 else 'gained'}{limits}" if points else "no point lost"
    return (
        f"{network}: {changed:,} of {counted(images, 'first answer')} changed; most under {worst['condition']}, with "
        f"{worst['older']:.1f} % right then and {worst['newer']:.1f} % now, {change}."
    )


def _some(names: pd.Series) -> str:
    found = sorted(set(names.astype(str)))
    return ", ".join(found[:3]) + (", ..." if len(found) > 3 else "")
