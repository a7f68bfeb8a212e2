"""Reads the human study's answer files into one tidy table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from objectpose.analysis.humans.files import Table, read_model, read_pooled, read_subject
from objectpose.analysis.humans.study import (
    COMPARED,
    NETWORKS,
    POOLS,
    POSES,
    SESSIONS,
    VLM_FILES,
    VLMS,
    Session,
)
from objectpose.errors import ObjectPoseError, nearest

PICTURE = ["class_id", "pose"]
"""What tells a picture of the study from another; answers are joined on these, never on their place in a file."""
COLUMNS = (
    "observer",
    "kind",
    "group",
    "viewing_s",
    "class_id",
    "alternative_id",
    "pose",
    "x_deg",
    "y_deg",
    "z_deg",
    "valid",
    "correct",
    "answer",
    "reaction_s",
)
_POOLED = "groups_for_error_consistency"


def load_answers(path: Path | str) -> pd.DataFrame:
    """Return every answer of every person and network of the study.

    Args:
        path: the study's folder ``data``, its repository with that folder in it, or any folder with the same files.
            Hidden files such as ``.DS_Store`` and files of other kinds are passed over. The folder
            ``groups_for_error_consistency`` (in it, or where the repository has it) and the files of
            vision-language models may be lacking; pooled answers that are there have to agree with the subjects' own.

    Returns:
        One row an answer, ``COLUMNS``: ``observer`` (``subj_1``, ``beit``; one subject is in two groups), ``kind``
        (``human``, ``network``, ``vlm``), ``group`` (``study.SESSIONS``, ``networks``, ``vlms``), ``viewing_s``
        (seconds; NaN for networks and where it was neither set nor measured), ``class_id`` and ``alternative_id``
        (ImageNet-1k), ``pose`` (``study.POSES``), ``x_deg, y_deg, z_deg``, ``valid`` (False: a mis-click, or no
        answer of a model), ``correct`` (0 or 1, NaN where not valid), ``answer`` (the class chosen, null where not
        valid), ``reaction_s`` (seconds; NaN for networks and mis-clicks). Sorted by group, observer, pose and class.

    Raises:
        ObjectPoseError: a file is lacking, is none of the study, cannot be read or is not made as the study's are, or
            two files speak differently of a picture.
    """
    folder = _folder(Path(path))
    files = {file.stem: file for file in folder.glob("*.mat") if not file.name.startswith(".")}
    _named(folder, files)
    networks = {name: read_model(files[name]) for name in NETWORKS}
    models = {VLM_FILES[stem]: read_model(files[stem]) for stem in VLM_FILES if stem in files}
    known = _Pictures()
    for name, table in networks.items():
        known.add(files[name], table[:, :3])
    for stem in (stem for stem in VLM_FILES if stem in files):
        known.add(files[stem], models[VLM_FILES[stem]][:, :3])
    parts = []
    for session in SESSIONS:
        for subject in session.subjects:
            file = files[f"subj_{subject}_{session.ending}"]
            table = read_subject(file, session)
            known.add(file, table[:, :6])
            parts.append(_people(table, f"subj_{subject}", session))
    parts += [_models(table, name, "network", COMPARED, known) for name, table in networks.items()]
    parts += [_models(table, name, "vlm", VLMS, known) for name, table in models.items()]
    answers = pd.concat(parts, ignore_index=True)[list(COLUMNS)]
    _agrees_with_pools(answers, folder)
    return answers


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise ObjectPoseError(
            f"There is no folder {path}; give a clone of the human study (github.com/BRAIN-Aalto/unusual_poses) or its "
            "folder 'data'."
        )
    inner = path / "data"
    return inner if inner.is_dir() and not any(path.glob("*.mat")) else path


def _named(folder: Path, files: dict[str, Path]) -> None:
    wanted = [f"subj_{subject}_{session.ending}" for session in SESSIONS for subject in session.subjects]
    wanted += NETWORKS
    lacking = [f"{stem}.mat" for stem in wanted if stem not in files]
    if len(lacking) == len(wanted):
        raise ObjectPoseError(
            f"{folder} has no file of the human study; expected subj_1_40.mat and {len(wanted) - 1} more."
        )
    known = {*wanted, *VLM_FILES}
    foreign = sorted(set(files) - known)
    if foreign:
        raise ObjectPoseError(
            f"{files[foreign[0]]} is not called as a file of the human study ({nearest(foreign[0], known)}); "
            "rename it, or move it out of the folder."
        )
    if lacking:
        shown = ", ".join(lacking[:3]) + (", ..." if len(lacking) > 3 else "")
        raise ObjectPoseError(
            f"{folder} lacks {len(lacking)} of the human study's {len(wanted)} files ({shown}); copy them into it."
        )


class _Pictures:
    """What all files together say of each picture: its alternative and its angles."""

    def __init__(self) -> None:
        self.alternative: dict[tuple[int, int], int] = {}
        self.angles: dict[tuple[int, int], tuple[float, float, float]] = {}
        self.first: Path | None = None

    def add(self, file: Path, columns: Table) -> None:
        """Take the first columns of a file: class, alternative, pose and, of a subject, three angles."""
        begun = self.first is not None
        self.first = self.first or file
        for row in columns:
            key = (int(row[0]), int(row[2]))
            if begun and key not in self.alternative:
                raise ObjectPoseError(
                    f"{file} has an answer to class {key[0]} in pose {key[1]}, of which {self.first} knows nothing; "
                    "give files of the same study."
                )
            if self.alternative.setdefault(key, int(row[1])) != int(row[1]):
                raise ObjectPoseError(
                    f"{file} has {int(row[1])} as the alternative of class {key[0]} in pose {key[1]}, but other files "
                    f"have {self.alternative[key]}; copy it from the study again."
                )
            if len(row) > 3:
                angles = (float(row[3]), float(row[4]), float(row[5]))
                if self.angles.setdefault(key, angles) != angles:
                    raise ObjectPoseError(
                        f"{file} has other angles of class {key[0]} in pose {key[1]} than another subject's file; "
                        "copy it from the study again."
                    )


def _people(table: Table, observer: str, session: Session) -> pd.DataFrame:
    valid = table[:, 6] != 0
    correct = np.where(valid, table[:, 6] == table[:, 7], np.nan)
    measured = np.where(valid, table[:, 8], np.nan) if session.measured else np.full(len(table), np.nan)
    viewing = measured if session.viewing_s is None else np.full(len(table), session.viewing_s)
    reaction = np.where(valid, table[:, 9], np.nan)
    return _frame(table, table[:, 3:6], valid, correct, observer, "human", session.group, viewing, reaction)


def _models(table: Table, name: str, kind: str, group: str, known: _Pictures) -> pd.DataFrame:
    nothing = (np.nan, np.nan, np.nan)
    angles = np.array([known.angles.get((int(row[0]), int(row[2])), nothing) for row in table])
    valid = table[:, 3] != 2
    correct = np.where(valid, table[:, 3], np.nan)
    none = np.full(len(table), np.nan)
    return _frame(table, angles, valid, correct, name, kind, group, none, none)


def _frame(
    table: Table,
    angles: Table,
    valid: NDArray[np.bool_],
    correct: Table,
    observer: str,
    kind: str,
    group: str,
    viewing_s: Table,
    reaction_s: Table,
) -> pd.DataFrame:
    chosen = pd.array(np.where(correct == 1, table[:, 0], table[:, 1]).astype(np.int64), dtype="Int64")
    chosen[~valid] = pd.NA
    frame = pd.DataFrame(
        {
            "observer": observer,
            "kind": kind,
            "group": group,
            "viewing_s": viewing_s,
            "class_id": table[:, 0].astype(np.int64),
            "alternative_id": table[:, 1].astype(np.int64),
            "pose": [POSES[int(pose)] for pose in table[:, 2]],
            **{f"{axis}_deg": angles[:, place] for place, axis in enumerate("xyz")},
            "valid": valid,
            "correct": correct,
            "answer": chosen,
            "reaction_s": reaction_s,
        }
    )
    place = {pose: rank for rank, pose in enumerate(POSES)}
    return frame.sort_values(
        ["pose", "class_id"], key=lambda c: c.map(place) if c.name == "pose" else c, ignore_index=True
    )


def _agrees_with_pools(answers: pd.DataFrame, folder: Path) -> None:
    """Compare the pooled answers that lie beside the files with what they were pooled from."""
    for pooled in (folder / _POOLED, folder.parent / "scripts" / _POOLED):
        if pooled.is_dir():
            for name in (*NETWORKS, *POOLS):
                if (pooled / f"{name}.mat").is_file():
                    _agrees(answers, pooled / f"{name}.mat", name)
            return


def _agrees(answers: pd.DataFrame, file: Path, name: str) -> None:
    table = read_pooled(file)
    subjects = [f"subj_{number}" for number in POOLS.get(name, ())]
    own = answers["observer"].isin(subjects) & (answers["group"] == SESSIONS[0].group)
    rows = answers[(own if name in POOLS else answers["observer"] == name) & (answers["pose"] != POSES[0])]
    code = rows["correct"].where(rows["valid"], 2.0)
    here = dict(zip(zip(rows["class_id"], rows["pose"], strict=True), code, strict=True))
    there = {(int(row[0]), POSES[int(row[1])]): float(row[2]) for row in table}
    if len(rows) != len(here) or here != there:
        source = f"{name}.mat" if name not in POOLS else "the files of " + ", ".join(subjects) + " at 40 ms"
        raise ObjectPoseError(f"{file} does not say the same as {source}; copy the files from the study again.")
