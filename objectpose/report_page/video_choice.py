"""Which videos of a data set are made, and of which networks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import cast

import pandas as pd

from objectpose.analysis.tables import counted
from objectpose.errors import ObjectPoseError, nearest
from objectpose.report_page.content import Answers
from objectpose.report_page.frame import MOST_NETWORKS
from objectpose.report_page.kept import SEQUENCE, Kept, keep

FEW_OBJECTS = 12
FEW_VIDEOS = 36
FEW_NETWORKS = 3
"""What is made where nothing was chosen: so many objects, or fewer where they have many conditions and backgrounds."""
FRAMES_PER_S = 40.0
"""How many are made on two cores."""


@dataclass(frozen=True)
class Choice:
    """What videos are wanted of; None leaves the choice to a rule.

    Attributes:
        objects: ids, classes or patterns such as ``tank/*``; ``["all"]`` is every object. None: up to
            ``FEW_OBJECTS``, evenly from the one that is recognised least to the one that is recognised most.
        conditions: their names. None: those that sweep an angle; where there is none, all but the baselines.
        networks: names or patterns, at most ``MOST_NETWORKS``. None: all where they are up to ``FEW_NETWORKS``,
            otherwise the best, the middle and the worst.
    """

    objects: Sequence[str] | None = None
    conditions: Sequence[str] | None = None
    networks: Sequence[str] | None = None


@dataclass(frozen=True)
class Filming:
    """Sequences of a data set that become videos.

    Attributes:
        kept: their pictures, with the answers of all networks.
        networks: those that are shown.
        sequences: rows of ``kept.rows`` in the order of frames, by (object, condition, background).
        total: how many sequences the data set has.
        version: tells apart data sets of one name.
    """

    kept: Kept
    networks: list[str]
    sequences: dict[tuple[str, str, str], list[int]]
    total: int
    version: str

    @property
    def frames(self) -> int:
        """Number of frames of all videos."""
        return sum(map(len, self.sequences.values()))

    def line(self) -> str:
        """Return a sentence that counts what would be made."""
        if not self.sequences:
            return f"Videos of {self.kept.source.name}: none; no object that was chosen has several pictures there."
        objects = len({key[0] for key in self.sequences})
        conditions = list(dict.fromkeys(key[1] for key in self.sequences))
        minutes = self.frames / FRAMES_PER_S / 60
        time = f"{60 * minutes:.0f} s" if minutes < 2 else f"{minutes:.0f} minutes"
        return (
            f"Videos of {self.kept.source.name}: {len(self.sequences):,} of {counted(self.total, 'sequence')}, "
            f"{counted(objects, 'object')} under {', '.join(conditions)}, {counted(self.frames, 'frame')} with "
            f"{', '.join(self.networks) or 'no network'}; about {time}."
        )


def plan_videos(answers: Answers, choice: Choice, version: str = "") -> Filming:
    """Choose the sequences and networks of a data set's videos; a single picture is none.

    Args:
        answers: the data set.
        choice: what is wanted.
        version: of the data set, where its name alone does not tell it from another.

    Raises:
        ObjectPoseError: a name that the data set does not have, or more networks than fit.
    """
    rows = answers.rows.assign(
        background=answers.rows["background"].fillna("").astype(str),
        **{name: answers.rows[name].astype(str) for name in ("object_id", "class_name", "condition", "baseline")},
    )
    total = int(rows.groupby(SEQUENCE, sort=False).ngroups)
    conditions = _conditions(rows, choice.conditions, answers.name)
    if choice.objects is not None:
        rows = rows[rows["object_id"].isin(_objects(rows, choice.objects, answers.name))]
    rows = rows[rows["condition"].isin(conditions)]
    rows = rows[rows.groupby(SEQUENCE, sort=False)["image_id"].transform("size") > 1]
    if rows.empty:
        empty = Kept("", answers, rows, [], {})
        return Filming(empty, _networks(answers, rows, choice.networks), {}, total, version)
    if choice.objects is None:
        per_object = rows.groupby("object_id")[["condition", "background"]].apply(
            lambda own: len(own.drop_duplicates())
        )
        room = max(1, min(FEW_OBJECTS, FEW_VIDEOS // max(1, int(per_object.max()))))
        rows = rows[rows["object_id"].isin(_evenly(_by_share(answers, rows, "object_id"), room))]
    networks = _networks(answers, rows, choice.networks)
    ids = set(rows["image_id"].astype(str))
    part = Answers(
        answers.name,
        rows,
        {name: frame[frame["image_id"].astype(str).isin(ids)] for name, frame in answers.networks.items()},
        answers.image_of,
    )
    kept = keep([part], max(1, len(rows)))[0]
    groups = kept.rows.groupby(SEQUENCE, sort=False).groups
    sequences: dict[tuple[str, str, str], list[int]] = {}
    for key, places in groups.items():
        object_id, condition, background = cast(tuple[str, str, str], key)
        sequences[object_id, condition, background] = list(places)
    return Filming(kept, networks, sequences, total, version)


def _conditions(rows: pd.DataFrame, wanted: Sequence[str] | None, name: str) -> list[str]:
    there = list(dict.fromkeys(rows["condition"]))
    if wanted is None:
        swept = set(rows.loc[pd.to_numeric(rows["angle_deg"]).notna(), "condition"])
        turned = set(rows.loc[rows["condition"] != rows["baseline"], "condition"])
        return [condition for condition in there if condition in (swept or turned or there)]
    for condition in wanted:
        if condition not in there:
            raise ObjectPoseError(f"The data set {name} has no condition '{condition}'; {nearest(condition, there)}.")
    return list(wanted)


def _objects(rows: pd.DataFrame, wanted: Sequence[str], name: str) -> list[str]:
    class_of = dict(zip(rows["object_id"], rows["class_name"], strict=True))
    if list(wanted) == ["all"]:
        return list(class_of)
    found: list[str] = []
    for word in wanted:
        own = [one for one, group in class_of.items() if word in (one, group) or fnmatchcase(one, word)]
        if not own:
            raise ObjectPoseError(
                f"The data set {name} has no object '{word}'; {nearest(word, {*class_of, *class_of.values()})}."
            )
        found += own
    return found


def _networks(answers: Answers, rows: pd.DataFrame, wanted: Sequence[str] | None) -> list[str]:
    there = list(answers.networks)
    if wanted is None:
        if len(there) <= FEW_NETWORKS:
            return there
        ids = set(rows["image_id"].astype(str))
        share = {
            name: frame.loc[frame["image_id"].astype(str).isin(ids), "correct"].astype("boolean").mean()
            for name, frame in answers.networks.items()
        }
        judged = [name for name in there if not pd.isna(share[name])]
        return _evenly(sorted(judged, key=lambda name: -float(share[name])) or there, FEW_NETWORKS)
    found: list[str] = []
    for word in wanted:
        own = [one for one in there if one == word or fnmatchcase(one, word)]
        if not own:
            raise ObjectPoseError(f"No answers of '{word}' to {answers.name} are here; {nearest(word, there)}.")
        found += [one for one in own if one not in found]
    if len(found) > MOST_NETWORKS:
        raise ObjectPoseError(
            f"{len(found)} networks were chosen for the videos, but {MOST_NETWORKS} fit beside a picture; name fewer "
            "in video.networks=[...]."
        )
    return found


def _by_share(answers: Answers, rows: pd.DataFrame, column: str) -> list[str]:
    """Return the values of a column, the one with the smallest share of right answers first."""
    group_of = dict(zip(rows["image_id"].astype(str), rows[column], strict=True))
    right: dict[str, list[int]] = {value: [0, 0] for value in dict.fromkeys(rows[column])}
    for frame in answers.networks.values():
        groups = frame["image_id"].astype(str).map(group_of)
        sums = frame["correct"].astype("boolean").groupby(groups).agg(["sum", "count"])
        for value, good, asked in zip(sums.index, sums["sum"], sums["count"], strict=True):
            right[str(value)][0] += int(good)
            right[str(value)][1] += int(asked)
    return sorted(right, key=lambda value: right[value][0] / right[value][1] if right[value][1] else 2.0)


def _evenly(values: Sequence[str], count: int) -> list[str]:
    """Return ``count`` of the values, evenly over them, the first and the last among them.

    >>> _evenly(list("abcdefg"), 3)
    ['a', 'd', 'g']
    """
    if len(values) <= count:
        return list(values)
    if count == 1:
        return [values[len(values) // 2]]
    return [values[round(step * (len(values) - 1) / (count - 1))] for step in range(count)]
