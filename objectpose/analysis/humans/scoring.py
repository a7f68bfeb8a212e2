"""Scores networks on the study's pictures: the two labels that people chose between, and all 1,000 classes."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from objectpose.analysis.correctness import network_labels
from objectpose.analysis.humans.load import COLUMNS as ANSWER_COLUMNS
from objectpose.analysis.humans.load import PICTURE
from objectpose.analysis.humans.study import COMPARED, CONTENT, GROUPS, NETWORKS, OWN, POOLS, POSES, ROTATED, VLM_FILES
from objectpose.errors import ObjectPoseError

COLUMNS = ("model", "preprocess", "class_id", "alternative_id", "pose", "two_way", "top1")
SCORE_COLUMNS = ("network", "pose", "n_two_way", "two_way_pct", "n_top1", "top1_pct")
_STIMULUS = re.compile(r"(?:.*/)?([0-9]{1,3})_([0-2])_[^/]*")
_TAKEN = {*NETWORKS, *POOLS, *GROUPS, COMPARED, *VLM_FILES.values()}


@dataclass(frozen=True)
class StudyChoices:
    """Answers of networks to all pictures of the human study, each a choice between the study's two labels.

    Only such answers are comparable with people's, so that whatever shows levels of people takes this type.

    Attributes:
        frame: of :func:`study_choices`, concatenated over networks.

    Raises:
        ObjectPoseError: the frame is none of :func:`study_choices`, or a network has not one answer to each of 147
            pictures.
    """

    frame: pd.DataFrame

    def __post_init__(self) -> None:
        missing = [name for name in COLUMNS if name not in self.frame.columns]
        if missing or self.frame.empty:
            raise ObjectPoseError(
                f"The networks' answers {'lack ' + ', '.join(missing) if missing else 'are empty'}; give answers to "
                "the human study's pictures with its alternatives (scoring.study_choices)."
            )
        expected = {pose: count for pose, (count, _) in CONTENT.items()}
        for (model, _), own in self.frame.groupby(["model", "preprocess"], sort=False):
            counts = own["pose"].value_counts().to_dict()
            if counts != expected or own.duplicated(PICTURE).any():
                found = ", ".join(f"{counts.get(pose, 0)} {pose}" for pose in POSES)
                wanted = ", ".join(f"{count} {pose}" for pose, count in expected.items())
                raise ObjectPoseError(
                    f"{model} has answers to {found} pictures, expected {wanted}, each once; people are compared with "
                    "answers to the study's 147 pictures only."
                )


def study_choices(plan: pd.DataFrame, predictions: pd.DataFrame, *, model: str, preprocess: str) -> pd.DataFrame:
    """Return a network's choice between the two labels of each picture, and whether its first of all classes is right.

    Args:
        plan: of a folder with the layout ``stimuli`` and with alternatives.
        predictions: ``image_id, top5, target_logit, alt_logit`` of the network on it.
        model: the network's name.
        preprocess: the name of its preprocessing.

    Returns:
        ``COLUMNS``, one row a picture in the plan's order. ``two_way`` is 1 where the logit of the real class is the
        greater of the two, 0 where the alternative's is, 0.5 where they are equal, NaN where the network lacks one of
        the classes; ``top1`` is 1 or 0, NaN where it lacks the real class.

    Raises:
        ObjectPoseError: the plan is none of the study's pictures or has no alternatives, or predictions do not join.
    """
    what = f"The answers of {model}"
    for frame, columns in (
        (plan, ("image_id", "targets", "alt_targets", "condition")),
        (predictions, ("image_id", "top5", "target_logit", "alt_logit")),
    ):
        missing = [name for name in columns if name not in frame.columns]
        if missing:
            raise ObjectPoseError(f"{what} lack the column {', '.join(missing)}; evaluate the network again.")
    names = [_STIMULUS.fullmatch(str(image_id)) for image_id in plan["image_id"]]
    keys = [(int(name[1]), POSES[int(name[2])]) if name else None for name in names]
    if any(key is None or key[1] != pose for key, pose in zip(keys, plan["condition"], strict=True)):
        raise ObjectPoseError(
            f"{what} are not to the human study's pictures; evaluate it with dataset.layout=stimuli on the folder "
            "stimuli_exp of the study."
        )
    if plan["alt_targets"].isna().any():
        raise ObjectPoseError(
            f"{what} are not choices between two labels; evaluate it with dataset.alternatives=PATH of the study's "
            "folder 'data'."
        )
    ids = np.array([key[0] for key in keys if key is not None])
    real, other = ([list(cell) for cell in plan[name]] for name in ("targets", "alt_targets"))
    two = all(len(a) == 1 == len(b) and a != b for a, b in zip(real, other, strict=True))
    if not two or any(a != [i] for a, i in zip(real, ids, strict=True)):
        raise ObjectPoseError(
            f"{what} are not choices between two classes of ImageNet-1k; evaluate it without dataset.classes."
        )
    if predictions["image_id"].duplicated().any() or set(predictions["image_id"]) != set(plan["image_id"]):
        odd = sorted(set(predictions["image_id"]) ^ set(plan["image_id"]))
        raise ObjectPoseError(
            f"{what} are not one to each picture ({f'such as {odd[0]!r}' if odd else 'some stand twice'}); run the "
            "same command again."
        )
    rows = predictions.set_index("image_id").loc[plan["image_id"]]
    target = rows["target_logit"].to_numpy(np.float64, na_value=np.nan)
    alternative = rows["alt_logit"].to_numpy(np.float64, na_value=np.nan)
    two_way = np.where(target > alternative, 1.0, np.where(target == alternative, 0.5, 0.0))
    two_way[np.isnan(target) | np.isnan(alternative)] = np.nan
    first = [int(cell[0]) if cell is not None and len(cell) else None for cell in rows["top5"]]
    top1 = [np.nan if answer is None else float(answer == index) for answer, index in zip(first, ids, strict=True)]
    return pd.DataFrame(
        {
            "model": model,
            "preprocess": preprocess,
            "class_id": ids,
            "alternative_id": [int(cell[0]) for cell in other],
            "pose": plan["condition"].astype(str).to_numpy(),
            "two_way": two_way,
            "top1": top1,
        }
    )


def labelled(choices: StudyChoices) -> pd.DataFrame:
    """Return the rows with ``network``, the name to show, which is none of the study's own names."""
    names = network_labels(choices.frame)
    return choices.frame.assign(network=names.where(~names.isin(_TAKEN), names + " (scored here)"))


def as_observers(choices: StudyChoices, answers: pd.DataFrame) -> pd.DataFrame:
    """Return the networks' two-way choices as rows of the study's table.

    Args:
        choices: of networks.
        answers: of ``load.load_answers``.

    Returns:
        ``load.COLUMNS`` with kind ``own`` and group ``own_networks``; ``correct`` may be 0.5, then ``answer`` is null.

    Raises:
        ObjectPoseError: a picture is not the study's, or its alternative is another.
    """
    pictures = answers[answers["group"] == COMPARED].drop_duplicates(PICTURE)
    pictures = pictures[[*PICTURE, "alternative_id", "x_deg", "y_deg", "z_deg"]]
    rows = labelled(choices).merge(pictures, on=PICTURE, how="left", suffixes=("", "_of_study"))
    lost = rows["alternative_id_of_study"].isna()
    other = rows[lost | (rows["alternative_id"] != rows["alternative_id_of_study"])]
    if len(other):
        one = other.iloc[0]
        what = "do not join" if lost.any() else "were choices against other alternatives"
        raise ObjectPoseError(
            f"{len(other)} answers of {one['network']} {what} with the study's files (such as class {one['class_id']} "
            f"in pose {one['pose']}); give the pictures and the files of the same study."
        )
    valid = rows["two_way"].notna()
    chosen = rows["class_id"].where(rows["two_way"] == 1, rows["alternative_id"]).astype("Int64")
    return rows.assign(
        observer=rows["network"],
        kind="own",
        group=OWN,
        viewing_s=np.nan,
        valid=valid,
        correct=rows["two_way"],
        answer=chosen.mask(~valid | (rows["two_way"] == 0.5)),
        reaction_s=np.nan,
    )[list(ANSWER_COLUMNS)]


def network_scores(choices: StudyChoices) -> pd.DataFrame:
    """Return each network's accuracy by pose among two labels and among 1,000 classes, without any level of people.

    Returns:
        ``SCORE_COLUMNS``, percent; ``rotated`` is the mean of the two rotated poses. The top-1 accuracy is not
        comparable with people's, who chose between two labels.
    """
    table = labelled(choices).groupby(["network", "pose"], sort=False)
    scores = table.agg(
        n_two_way=("two_way", "count"),
        two_way_pct=("two_way", lambda c: 100.0 * c.mean()),
        n_top1=("top1", "count"),
        top1_pct=("top1", lambda c: 100.0 * c.mean()),
    ).reset_index()
    turned = scores[scores["pose"] != POSES[0]].groupby("network", sort=False)
    both = turned.agg(
        n_two_way=("n_two_way", "sum"),
        two_way_pct=("two_way_pct", "mean"),
        n_top1=("n_top1", "sum"),
        top1_pct=("top1_pct", "mean"),
    )
    scores = pd.concat([scores, both.reset_index().assign(pose=ROTATED)], ignore_index=True)
    order = {pose: place for place, pose in enumerate((*POSES, ROTATED))}
    networks = {name: place for place, name in enumerate(dict.fromkeys(scores["network"]))}
    scores = scores.assign(_n=scores["network"].map(networks), _p=scores["pose"].map(order))
    return scores.sort_values(["_n", "_p"], ignore_index=True)[list(SCORE_COLUMNS)]
