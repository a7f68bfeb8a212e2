"""How firm a drop is: the same drop on other choices of objects and views.

Objects are in a data set's default choice because networks named them upright, which flatters the upright accuracy of
those networks. What each subset says:

- ``default``: objects that at least ``Gate.least`` of the judging networks admit, or that they were never asked
  about. For a network that is no judge this
  is the number to quote: nothing about it was used to choose.
- ``admitted by others``: objects that every judge other than the network itself admits. For a judge this is the number
  to quote: its own answers chose nothing.
- ``no gate``: all objects. Nothing is chosen, but errors of the network mix with things that are not modelled well
  enough.
- ``not end-on``: the default objects without the pictures whose silhouette is less than ``END_ON`` of the object's
  upright one: what is left of the drop when a thing is not merely seen from its narrow side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from objectpose.analysis.accuracy import UNIT, summarise
from objectpose.errors import ObjectPoseError

END_ON = 0.5
SUBSETS = ("default", "admitted by others", "no gate", "not end-on")
COLUMNS = (
    *UNIT,
    "condition",
    "subset",
    "n_images",
    "n_objects",
    "n_classes",
    "baseline_top1",
    "top1",
    "drop_pp",
    "drop_lo",
    "drop_hi",
)


@dataclass(frozen=True)
class Gate:
    """Which objects the judging networks admit.

    Attributes:
        admitting: ids of the objects that each judge names upright, by its name.
        audited: all objects that the judges were asked about; others pass every gate.
        least: how many judges have to admit an object of the default choice.
    """

    admitting: Mapping[str, frozenset[str]]
    audited: frozenset[str]
    least: int

    def default(self, object_ids: pd.Series) -> pd.Series:
        """Return, for a column of object ids, whether each is in the default choice."""
        votes = sum(
            (object_ids.isin(names).astype(int) for names in self.admitting.values()), start=0 * object_ids.isna()
        )
        return (votes >= self.least) | ~object_ids.isin(self.audited)

    def judges_of(self, object_ids: pd.Series) -> list[str]:
        """Return the names of the judging networks, sorted; none where they were asked about none of the objects."""
        return sorted(self.admitting) if object_ids.isin(self.audited).any() else []

    def by_others(self, object_ids: pd.Series, model: str) -> pd.Series:
        """Return whether every judge other than ``model`` admits each object."""
        result = ~object_ids.isna()
        for judge, names in self.admitting.items():
            if judge != model:
                result &= object_ids.isin(names)
        return result | ~object_ids.isin(self.audited)


def end_on(judged: pd.DataFrame, coverage: pd.DataFrame) -> pd.Series:
    """Return, for each row, whether its silhouette is below ``END_ON`` of the mean of the object's baseline pictures.

    Silhouettes are compared at scale 1, which divides them by the square of the scale.

    Args:
        judged: frames of ``correctness.judge`` with the plan's ``scale``; a baseline's own pictures are never end-on.
        coverage: ``image_id`` and ``coverage``, the silhouette's share of the frame.

    Raises:
        ObjectPoseError: an image without coverage.
    """
    share = judged["image_id"].map(coverage.set_index("image_id")["coverage"])
    if share.isna().any():
        missing = judged.loc[share.isna(), "image_id"].iloc[0]
        raise ObjectPoseError(f"The silhouette coverage of image '{missing}' is not known; render the data set again.")
    share = share / judged["scale"].astype(float) ** 2
    whole = share.groupby([judged["object_id"], judged["condition"]]).mean()
    keys = pd.MultiIndex.from_arrays([judged["object_id"], judged["baseline"]])
    reference = pd.Series(whole.reindex(keys).to_numpy(), index=judged.index)
    return (share < END_ON * reference) & (judged["condition"] != judged["baseline"])


def sensitivity(judged: pd.DataFrame, gate: Gate, coverage: pd.DataFrame, condition: str) -> pd.DataFrame:
    """Return the drop of every network under one condition on each of ``SUBSETS``.

    Args:
        judged: frames of ``correctness.judge`` of one data set with all its objects, admitted or not.
        gate: which objects the judges admit.
        coverage: of :func:`end_on`.
        condition: whose drop is asked for; not a baseline.

    Returns:
        ``COLUMNS``, accuracies in percent and drops in points with 95 % intervals over classes; one row a network and
        subset in the order of ``SUBSETS``. A subset without an object has no row.

    Raises:
        ObjectPoseError: no image has the condition.
    """
    own = judged[judged["condition"] == condition]
    if own.empty:
        raise ObjectPoseError(f"No image has the condition '{condition}'; add it to the data set's conditions.")
    baseline = str(own["baseline"].iloc[0])
    both = judged[
        judged["condition"].isin([condition, baseline]) & judged["background"].isin(own["background"].unique())
    ]
    both = both.assign(background="pooled", baseline=baseline)  # the end of a chain of baselines
    default = gate.default(both["object_id"])
    narrow = end_on(both, coverage)
    rows = []
    for _, unit in both.groupby(UNIT, sort=False):
        model = str(unit["model"].iloc[0])
        chosen = {
            "default": default[unit.index],
            "admitted by others": gate.by_others(unit["object_id"], model),
            "no gate": ~unit["object_id"].isna(),
            "not end-on": default[unit.index] & ~narrow[unit.index],
        }
        known: dict[bytes, dict[str, object]] = {}
        for subset in SUBSETS:
            held = (chosen[subset] & unit["correct"].notna()).to_numpy(bool)
            if not (held & (unit["condition"] == condition).to_numpy(bool)).any():
                continue
            if held.tobytes() not in known:
                known[held.tobytes()] = _row(unit[held], condition, baseline)
            rows.append(known[held.tobytes()] | {"subset": subset})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(part: pd.DataFrame, condition: str, baseline: str) -> dict[str, object]:
    seen = part.loc[part["condition"] == condition, "object_id"].unique()
    table = summarise(part[part["object_id"].isin(seen)]).set_index("condition")
    row = table.loc[condition]
    wanted = [*UNIT, "n_images", "n_objects", "n_classes", "top1", "drop_pp", "drop_lo", "drop_hi"]
    return {name: row[name] for name in wanted} | {
        "condition": condition,
        "baseline_top1": table.loc[baseline, "top1"],
    }
