"""The other option of the human study's two-alternative choices, from the study's own MATLAB files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.io import loadmat

from objectpose.errors import ObjectPoseError

Alternatives = dict[tuple[int, int], int]
"""Maps class index and pose (0, 1 or 2) to the class index of the alternative."""


def read_alternatives(path: Path) -> Alternatives:
    """Return the alternative of every picture that the files speak of.

    A subject's file (variable ``condi``, one row a trial) and a network's file (variable ``data``, 147 x 4) both have
    real class, alternative and pose in their first three columns, except that one subject's has an empty column before
    the pose, which is passed over. Files of other shapes in a folder, such as those for error consistency, are skipped.

    Args:
        path: a ``.mat`` file, or a folder of them. A subject's file holds 49 of the 147 pictures, a network's all.

    Raises:
        ObjectPoseError: there is no such file, none is of the study, or two contradict each other.
    """
    files = sorted(path.glob("*.mat")) if path.is_dir() else [path]
    if not files or not path.exists():
        raise ObjectPoseError(
            f"{path} is no folder with the human study's .mat files; give the folder 'data' of the study."
        )
    found: Alternatives = {}
    said_by: dict[tuple[int, int], Path] = {}
    for file in files:
        for real, alternative, pose in _rows(file):
            if found.setdefault((real, pose), alternative) != alternative:
                raise ObjectPoseError(
                    f"{file} has {alternative} as the alternative of class {real} in pose {pose}, but "
                    f"{said_by[real, pose]} has {found[real, pose]}; remove the wrong one of the two."
                )
            said_by.setdefault((real, pose), file)
    if not found:
        raise ObjectPoseError(
            f"{path} holds no trial of the human study (a variable 'condi' with 10 columns or 'data' with 4); "
            "give a subject's or a network's .mat file, or a folder of them."
        )
    return found


def _rows(file: Path) -> list[tuple[int, int, int]]:
    try:
        content: dict[str, Any] = loadmat(file)
    except Exception as error:  # of many types, by what is wrong with the file
        raise ObjectPoseError(f"{file} cannot be read as a MATLAB file ({error}); give a .mat file.") from None
    table: NDArray[Any] = np.asarray(content.get("condi", content.get("data", np.empty((0, 0)))))
    if table.ndim == 2 and table.shape[1] == 11 and not table[:, 2].any():
        table = np.delete(table, 2, axis=1)
    if table.ndim != 2 or table.shape[1] != (10 if "condi" in content else 4):
        return []
    columns = table[:, :3].astype(np.float64)
    whole = np.isfinite(columns).all() and (columns == np.rint(columns)).all() and (columns >= 0).all()
    if not whole or (columns[:, :2] > 999).any() or (columns[:, 2] > 2).any():
        raise ObjectPoseError(
            f"{file} has numbers in its first three columns that are no ImageNet-1k indices (0 to 999) and poses "
            "(0 to 2); give a file of the human study."
        )
    return [(int(real), int(alternative), int(pose)) for real, alternative, pose in columns]
