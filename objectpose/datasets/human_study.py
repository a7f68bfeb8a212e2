"""The human study's folder: where its pictures and answers are, and whether they are whole and agree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from objectpose.datasets.alternatives import Alternatives, Trials, read_trials, shown
from objectpose.datasets.object_names import read_object_names
from objectpose.errors import ObjectPoseError

STUDY = "human_study"
"""The layout of this folder."""
REPOSITORY = "github.com/BRAIN-Aalto/unusual_poses"
PICTURES = "stimuli_exp"
ANSWERS = "data"
NAMES = "object_names.xlsx"
SIZE_PX = 500
COUNTS = (51, 51, 45)
"""Pictures in poses 0, 1 and 2; six of the 51 objects have none in the last."""
STIMULUS = re.compile(r"([0-9]{1,3})_([0-2])_(-?[0-9.]+)_(-?[0-9.]+)_(-?[0-9.]+)\.[A-Za-z]+")
"""The name of a picture: class index, pose, and the angles about x, y and z in degrees."""
_MOST_NAMED = 3


@dataclass(frozen=True)
class StudyFolder:
    """Where the parts of the study are.

    Attributes:
        pictures: folder of the pictures.
        answers: folder of the .mat files, or None.
        names: the list of names, or None.
    """

    pictures: Path
    answers: Path | None
    names: Path | None


def locate(path: Path) -> StudyFolder:
    """Return where the parts of the study are.

    Args:
        path: a clone of the study's repository, or its folder ``stimuli_exp``, beside which the rest may lie. The .mat
            files may lie in ``data`` or in the clone itself.

    Raises:
        ObjectPoseError: there is no such folder, or it has none of the study's pictures.
    """
    if not path.is_dir():
        raise ObjectPoseError(f"There is no folder {path}; give a clone of {REPOSITORY} with dataset.path=FOLDER.")
    if (path / PICTURES).is_dir():
        pictures, root = path / PICTURES, path
    elif any(STIMULUS.fullmatch(file.name) for file in path.iterdir()):
        pictures, root = path, path.resolve().parent
    else:
        raise ObjectPoseError(
            f"{path} has neither a folder {PICTURES} nor pictures of the human study in it; give a clone of "
            f"{REPOSITORY}, or its folder {PICTURES}."
        )
    answers = next((folder for folder in (root / ANSWERS, root) if _has_answers(folder)), None)
    return StudyFolder(pictures, answers, root / NAMES if (root / NAMES).is_file() else None)


def _has_answers(folder: Path) -> bool:
    return folder.is_dir() and any(file.name[0] != "." for file in folder.glob("*.mat"))


def study_parts(path: Path, alternatives: Path | None = None) -> tuple[Path, Alternatives]:
    """Return the folder of the study's pictures and the alternative of each, checked.

    The alternatives come from the .mat files, and from the list of names where there are none.

    Args:
        path: of :func:`locate`.
        alternatives: a .mat file of the study, or a folder of them, to use instead of what lies with the pictures.

    Raises:
        ObjectPoseError: a part is lacking; there is a file that is none of the study's pictures (files and folders
            whose names begin with a dot and ``__MACOSX`` are passed over); a picture is lacking, stands twice, is
            not of 500 x 500 pixels, or has other angles in its name than in the answers; or pictures and answers do
            not join.
    """
    folder = locate(path)
    pictures = _pictures(folder.pictures)
    source = alternatives or folder.answers
    if source is not None:
        trials = read_trials(source)
    elif folder.names is not None:
        _counted(folder.pictures, pictures)
        trials = Trials(read_object_names(folder.names, {file: key for key, file in pictures.items()}))
    else:
        raise ObjectPoseError(
            f"Beside {folder.pictures} there is neither the study's folder '{ANSWERS}' with .mat files nor {NAMES}, "
            "which name the other option of each choice; give the folder with dataset.alternatives=PATH."
        )
    _joined(folder.pictures, pictures, trials, source)
    _counted(folder.pictures, pictures)
    for key, file in pictures.items():
        _sized(folder.pictures / file)
        match = STIMULUS.fullmatch(file)
        named = tuple(float(text) for text in match.groups()[2:]) if match else ()
        if key in trials.angles and named != trials.angles[key]:
            raise ObjectPoseError(
                f"{folder.pictures / file} has other angles in its name than class {key[0]} in pose {key[1]} in the "
                f"answers ({shown(trials.angles[key])}); copy it from the study again."
            )
    return folder.pictures, trials.alternatives


def _pictures(folder: Path) -> dict[tuple[int, int], str]:
    """Return the file of each class and pose."""
    found: dict[tuple[int, int], str] = {}
    for file in sorted(folder.iterdir()):
        if file.name[0] == "." or file.name == "__MACOSX":
            continue
        match = STIMULUS.fullmatch(file.name)
        if match is None or file.suffix.lower() != ".png" or not file.is_file() or not _are_angles(match.groups()[2:]):
            raise ObjectPoseError(
                f"{file} is none of the human study's pictures, expected only files such as 404_0_350_0_0.png "
                "({class index}_{pose 0, 1 or 2}_{x}_{y}_{z}.png); move it out of the folder."
            )
        key = int(match[1]), int(match[2])
        if key in found:
            raise ObjectPoseError(
                f"{found[key]} and {file.name} in {folder} are both class {key[0]} in pose {key[1]}; keep the study's."
            )
        found[key] = file.name
    if not found:
        raise ObjectPoseError(f"{folder} holds none of the human study's pictures; copy them from {REPOSITORY}.")
    return found


def _are_angles(texts: tuple[str, ...]) -> bool:
    return all(re.fullmatch(r"-?\d+(\.\d*)?|-?\.\d+", text) for text in texts)


def _joined(folder: Path, pictures: Mapping[tuple[int, int], str], trials: Trials, source: Path | None) -> None:
    """Refuse pictures and answers that are not about one another."""
    lost = [trial for trial in trials.alternatives if trial not in pictures]
    strange = [file for key, file in pictures.items() if key not in trials.alternatives]
    if lost and strange:
        raise ObjectPoseError(
            f"{_some(strange)} in {folder} and {_some([_called(key, trials) for key in lost])} of {source} do not "
            "join: they are other classes or poses; copy both from the study again."
        )
    if lost:
        raise ObjectPoseError(
            f"{folder} lacks {len(lost)} of the human study's {len(trials.alternatives)} pictures "
            f"({_some([_called(key, trials) for key in lost])}); copy them from {REPOSITORY}."
        )
    if strange:
        raise ObjectPoseError(
            f"{source} says nothing of {len(strange)} of the {len(pictures)} pictures in {folder} ({_some(strange)}); "
            "give a network's .mat file of the study or the folder of all of them, and no other pictures."
        )


def _called(key: tuple[int, int], trials: Trials) -> str:
    """Return the name of a picture's file, as far as it is known."""
    return f"{key[0]}_{key[1]}_{shown(trials.angles[key]) if key in trials.angles else '*'}.png"


def _some(names: list[str]) -> str:
    return ", ".join(names[:_MOST_NAMED]) + (", ..." if len(names) > _MOST_NAMED else "")


def _counted(folder: Path, pictures: Mapping[tuple[int, int], str]) -> None:
    counts = tuple(sum(pose == wanted for _, pose in pictures) for wanted in range(len(COUNTS)))
    if counts != COUNTS:
        raise ObjectPoseError(
            f"{folder} has {counts[0]}, {counts[1]} and {counts[2]} pictures in poses 0, 1 and 2, expected the human "
            f"study's {COUNTS[0]}, {COUNTS[1]} and {COUNTS[2]}; copy them from {REPOSITORY}."
        )


def _sized(file: Path) -> None:
    try:
        with Image.open(file) as image:
            size = image.size
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise ObjectPoseError(f"{file} cannot be read as a picture ({error}); copy it from the study again.") from None
    if size != (SIZE_PX, SIZE_PX):
        raise ObjectPoseError(
            f"{file} has {size[0]} x {size[1]} pixels, expected the human study's {SIZE_PX} x {SIZE_PX}; copy it from "
            "the study again."
        )
