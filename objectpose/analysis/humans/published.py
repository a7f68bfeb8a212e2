"""Levels of people that come with the package: means of conditions, for two-way scores on the study's own pictures."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from objectpose.analysis.humans.scoring import StudyChoices, network_scores
from objectpose.analysis.humans.study import CONTENT, POSES, ROTATED
from objectpose.errors import ObjectPoseError

SOURCE = (
    "Ollikka et al., A comparison between humans and AI at recognizing objects in unusual poses, TMLR 2025; means and "
    "95 % half widths over 12 observers, computed from the answer files of github.com/BRAIN-Aalto/unusual_poses at "
    "347c8b7a"
)
COLUMNS = ("observer", "pose", "two_way_pct", "half_ci", "n_observers", "n_images", "source")
OBSERVERS = 12
"""People behind each level; each of them saw 17, 17 and 15 pictures in the three poses, and four saw each picture."""
HERE = "scored here"
PICTURES_SHA256 = "363f20a22dc214193b7363e0edd6a708772af169c8f66e0f20b690002933b3b2"
"""Of the study's 147 pictures: lines ``class pose alternative``, sorted as text, each with a line break."""


@dataclass(frozen=True)
class Level:
    """The mean accuracy of twelve people choosing between two labels.

    Attributes:
        group: of people.
        pose: upright, or the mean of both rotated poses.
        mean_pct: mean over observers, percent.
        half_ci: half width of its 95 % interval over observers, points.
    """

    group: str
    pose: str
    mean_pct: float
    half_ci: float


LEVELS: tuple[Level, ...] = (
    Level("humans_40ms", "upright", 90.17, 4.86),
    Level("humans_40ms", "rotated_correct", 70.33, 4.67),
    Level("humans_40ms", "rotated_incorrect", 69.29, 6.84),
    Level("humans_40ms", "rotated", 69.81, 4.36),
    Level("humans_150ms", "upright", 98.04, 1.84),
    Level("humans_150ms", "rotated_correct", 91.18, 3.74),
    Level("humans_150ms", "rotated_incorrect", 85.56, 7.19),
    Level("humans_150ms", "rotated", 88.37, 4.05),
    Level("humans_unlimited", "upright", 98.04, 2.43),
    Level("humans_unlimited", "rotated_correct", 99.51, 1.08),
    Level("humans_unlimited", "rotated_incorrect", 98.33, 1.92),
    Level("humans_unlimited", "rotated", 98.92, 1.01),
)


def beside(choices: StudyChoices) -> pd.DataFrame:
    """Return two-way scores of networks on the study's pictures, with the levels of people on the same pictures.

    Args:
        choices: of networks on the study's own 147 pictures; accuracies among 1,000 classes and answers to other
            pictures cannot be given.

    Returns:
        ``COLUMNS``: people first; ``source`` says whence a row is (``scored here`` for networks, whose ``half_ci`` is
        NaN).

    Raises:
        ObjectPoseError: classes, poses and alternatives are not those of the study.
    """
    if fingerprint(choices.frame) != PICTURES_SHA256:
        raise ObjectPoseError(
            "These are not the human study's 147 pictures with its alternatives, and levels of people hold for no "
            "others; evaluate on the folder stimuli_exp with dataset.alternatives=PATH of the study's folder 'data'."
        )
    counts = {pose: count for pose, (count, _) in CONTENT.items()}
    counts[ROTATED] = sum(counts[pose] for pose in POSES[1:])
    people = [
        (level.group, level.pose, level.mean_pct, level.half_ci, OBSERVERS, counts[level.pose], SOURCE)
        for level in LEVELS
    ]
    networks = [
        (str(row["network"]), str(row["pose"]), float(row["two_way_pct"]), np.nan, 1, int(row["n_two_way"]), HERE)
        for _, row in network_scores(choices).iterrows()
    ]
    return pd.DataFrame([*people, *networks], columns=list(COLUMNS))


def fingerprint(frame: pd.DataFrame) -> str:
    """Return the sha256 of which pictures were answered, against which alternatives.

    Args:
        frame: with ``class_id, pose, alternative_id``; rows of several networks to the same pictures count once.
    """
    rows = frame[["class_id", "pose", "alternative_id"]].drop_duplicates()
    lines = sorted(
        f"{row.class_id} {POSES.index(str(row.pose))} {row.alternative_id}\n" for row in rows.itertuples(index=False)
    )
    return hashlib.sha256("".join(lines).encode()).hexdigest()
