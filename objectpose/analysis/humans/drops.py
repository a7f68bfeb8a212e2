"""What rotation costs each network and model of the human study, with an interval over objects."""

from __future__ import annotations

import numpy as np
import pandas as pd

from objectpose.analysis.bootstrap import REPLICATES, Floats, ratio, sum_limits
from objectpose.analysis.humans.study import POSES
from objectpose.errors import ObjectPoseError

COLUMNS = ("observer", "group", "upright_pct", "rotated_pct", "drop_pp", "drop_lo", "drop_hi", "n_objects")


def rotation_drops(answers: pd.DataFrame, *, seed: int = 0, replicates: int = REPLICATES) -> pd.DataFrame:
    """Return the drop from upright to rotated pictures of every network and model.

    ``rotated`` is the unweighted mean of the accuracies in the two rotated poses, as in the study; answers that a
    model did not give are in no denominator.

    Args:
        answers: of ``load.load_answers``, with ``scoring.as_observers`` or without.
        seed: of the draws.
        replicates: how many times objects are drawn.

    Returns:
        ``COLUMNS``, one row an observer that is no person, in the order they come; the drop in points with 95 % limits
        over objects drawn with all their pictures (``bootstrap.sum_limits``), which speak of other objects chosen in
        the same way.

    Raises:
        ObjectPoseError: there is no network.
    """
    rows = answers[answers["kind"] != "human"]
    if rows.empty:
        raise ObjectPoseError("There is no network among the answers; give all files of the study.")
    names = list(dict.fromkeys(rows["observer"]))
    objects = np.sort(rows["class_id"].unique())
    place = (np.searchsorted(objects, rows["class_id"]), pd.Index(names).get_indexer(pd.Index(rows["observer"])))
    sums: list[Floats] = []
    for pose in POSES:
        own = (rows["pose"] == pose).to_numpy()
        for values in (rows["correct"].fillna(0.0).to_numpy(float), rows["valid"].to_numpy(float)):
            counts = np.zeros((len(objects), len(names)))
            np.add.at(counts, (place[0][own], place[1][own]), values[own])
            sums.append(counts)
    low, high = sum_limits(_drop, sums, len(objects), seed=seed, replicates=replicates)
    totals = [counts.sum(axis=0) for counts in sums]
    return pd.DataFrame(
        {
            "observer": names,
            "group": rows.drop_duplicates("observer")["group"].to_numpy(),
            "upright_pct": 100.0 * ratio(totals[0], totals[1]),
            "rotated_pct": 50.0 * (ratio(totals[2], totals[3]) + ratio(totals[4], totals[5])),
            "drop_pp": 100.0 * _drop(*totals),
            "drop_lo": 100.0 * low,
            "drop_hi": 100.0 * high,
            "n_objects": len(objects),
        }
    )[list(COLUMNS)]


def _drop(upright: Floats, of: Floats, first: Floats, of_first: Floats, second: Floats, of_second: Floats) -> Floats:
    value: Floats = ratio(upright, of) - 0.5 * (ratio(first, of_first) + ratio(second, of_second))
    return value
