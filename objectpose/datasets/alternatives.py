"""What the human study's own MATLAB files say of each picture: the other option of the choice, and its angles."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.io import loadmat

from objectpose.errors import ObjectPoseError

Alternatives = dict[tuple[int, int], int]
"""Maps class index and pose (0, 1 or 2) to the class index of the alternative."""
Angles = dict[tuple[int, int], tuple[float, float, float]]
"""Maps class index and pose to the angles about x, y and z in degrees."""


@dataclass(frozen=True)
class Trials:
    """What the files say of the pictures.

    Attributes:
        alternatives: of every picture that a file speaks of.
        angles: of the pictures that a subject's file speaks of; networks' files have none.
        files: the file that spoke first of a picture, for sentences.
    """

    alternatives: Alternatives = field(default_factory=dict)
    angles: Angles = field(default_factory=dict)
    files: dict[tuple[int, int], Path] = field(default_factory=dict)


def read_alternatives(path: Path) -> Alternatives:
    """Return the alternative of every picture that the files speak of.

    Args:
        path: as :func:`read_trials`.

    Raises:
        ObjectPoseError: as :func:`read_trials`.
    """
    return read_trials(path).alternatives


def read_trials(path: Path) -> Trials:
    """Return what the files say of every picture that they speak of.

    A subject's file (variable ``condi``, one row a trial) and a network's file (variable ``data``, 147 x 4) both have
    real class, alternative and pose in their first three columns, except that one subject's has an empty column before
    the pose, which is passed over; a subject's has the three angles next. Files of other shapes in a folder, such as
    those for error consistency, and files whose names begin with a dot are skipped.

    Args:
        path: a ``.mat`` file, or a folder of them. A subject's file holds 49 of the 147 pictures, a network's all.

    Raises:
        ObjectPoseError: there is no such file, none is of the study, or two contradict each other.
    """
    files = sorted(f for f in path.glob("*.mat") if f.name[0] != ".") if path.is_dir() else [path]
    if not files or not path.exists():
        raise ObjectPoseError(
            f"{path} is no folder with the human study's .mat files; give the folder 'data' of the study."
        )
    found = Trials()
    turned_by: dict[tuple[int, int], Path] = {}
    for file in files:
        for row in _rows(file):
            key, alternative = (int(row[0]), int(row[2])), int(row[1])
            what = f"class {key[0]} in pose {key[1]}"
            if found.alternatives.setdefault(key, alternative) != alternative:
                raise ObjectPoseError(
                    f"{file} has {alternative} as the alternative of {what}, but {found.files[key]} has "
                    f"{found.alternatives[key]}; remove the wrong one of the two."
                )
            found.files.setdefault(key, file)
            if len(row) > 4:
                angles = (float(row[3]), float(row[4]), float(row[5]))
                if found.angles.setdefault(key, angles) != angles:
                    raise ObjectPoseError(
                        f"{file} has {shown(angles)} as the angles of {what}, but {turned_by[key]} has "
                        f"{shown(found.angles[key])}; remove the wrong one of the two."
                    )
                turned_by.setdefault(key, file)
    if not found.alternatives:
        raise ObjectPoseError(
            f"{path} holds no trial of the human study (a variable 'condi' with 10 columns or 'data' with 4); "
            "give a subject's or a network's .mat file, or a folder of them."
        )
    return found


def shown(angles: tuple[float, float, float]) -> str:
    """Return angles as they stand in the names of pictures.

    >>> shown((350.0, 0.0, 2.5))
    '350_0_2.5'
    """
    return "_".join(f"{angle:g}" for angle in angles)


def _rows(file: Path) -> NDArray[np.float64]:
    """Return the table of a file, 4 or 10 columns; without rows where it is none of trials."""
    try:
        content: dict[str, Any] = loadmat(file)
    except Exception as error:  # of many types, by what is wrong with the file
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ObjectPoseError(f"{file} cannot be read as a MATLAB file ({reason}); give a .mat file.") from None
    table: NDArray[Any] = np.asarray(content.get("condi", content.get("data", np.empty((0, 0)))))
    if table.ndim == 2 and table.shape[1] == 11 and not table[:, 2].any():
        table = np.delete(table, 2, axis=1)
    if table.ndim != 2 or table.shape[1] != (10 if "condi" in content else 4) or table.dtype.kind not in "fiu":
        return np.empty((0, 4))
    rows = table.astype(np.float64)
    columns = rows[:, :3]
    whole = np.isfinite(rows[:, :6]).all() and (columns == np.rint(columns)).all() and (columns >= 0).all()
    if not whole or (columns[:, :2] > 999).any() or (columns[:, 2] > 2).any():
        raise ObjectPoseError(
            f"{file} has numbers in its first three columns that are no ImageNet-1k indices (0 to 999) and poses "
            "(0 to 2); give a file of the human study."
        )
    return rows
