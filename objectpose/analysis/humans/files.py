"""Single MATLAB files of the human study: what each has to look like, and its numbers as a table."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.io import loadmat

from objectpose.analysis.humans.study import CONTENT, POSES, Session
from objectpose.errors import ObjectPoseError

Table = NDArray[np.float64]
_AGAIN = "copy it from the study again"


def _variable(file: Path, name: str, columns: Iterable[int], what: str) -> Table:
    """Return the table of a file, with one of the allowed numbers of columns."""
    try:
        content: dict[str, Any] = loadmat(file)
    except Exception as error:  # of many types, by what is wrong with the file
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ObjectPoseError(f"{file} cannot be read as a MATLAB file ({reason}); {_AGAIN}.") from None
    table = np.asarray(content.get(name, np.empty(0)))
    if table.ndim != 2 or table.dtype.kind not in "fiu" or table.shape[1] not in set(columns):
        found = ", ".join(f"'{key}' {np.shape(value)}" for key, value in content.items() if not key.startswith("__"))
        raise ObjectPoseError(f"{file} holds {found or 'nothing'}, expected {what}; {_AGAIN}.")
    return table.astype(np.float64)


def _poses(file: Path, poses: Table, expected: list[int]) -> None:
    counts = [int((poses == pose).sum()) for pose in range(len(POSES))]
    if counts != expected or len(poses) != sum(expected):
        raise ObjectPoseError(
            f"{file} has {len(poses)} rows, {counts[0]}, {counts[1]} and {counts[2]} in poses 0, 1 and 2, expected "
            f"{sum(expected)} with {expected[0]}, {expected[1]} and {expected[2]}; {_AGAIN}."
        )


def _refuse(file: Path, wrong: NDArray[np.bool_] | np.bool, what: str) -> None:
    if np.any(wrong):
        row = int(np.flatnonzero(wrong)[0]) + 1
        raise ObjectPoseError(f"{file} has {what} (first in row {row}); {_AGAIN}.")


def _classes(file: Path, table: Table) -> None:
    ids = table[:, :2]
    outside = ((ids != np.rint(ids)) | (ids < 0) | (ids > 999)).any(axis=1)
    _refuse(
        file,
        np.asarray(outside | (ids[:, 0] == ids[:, 1])),
        "a class or an alternative that is no ImageNet-1k index (0 to 999), or the two alike",
    )


def read_subject(file: Path, session: Session) -> Table:
    """Return a subject's 49 x 10 table; an empty column before the pose, which one file has, is passed over.

    Args:
        file: with a variable ``condi``.
        session: in which it was recorded.

    Returns:
        Class, alternative, pose (0, 1, 2), three angles in degrees, the right key and the pressed one (1 left, 2
        right; both 0 for a mis-click), viewing time and response time in seconds.

    Raises:
        ObjectPoseError: the file cannot be read or is not made so.
    """
    table = _variable(file, "condi", (10, 11), "a variable 'condi' of 49 x 10 numbers")
    if table.shape[1] == 11:
        if table[:, 2].any():
            raise ObjectPoseError(f"{file} has 11 columns of which the third is not empty, expected 10 columns.")
        table = np.delete(table, 2, axis=1)
    _poses(file, table[:, 2], [CONTENT[pose][1] for pose in POSES])
    _refuse(file, ~np.isfinite(table).all(axis=1), "a number that is not finite")
    _classes(file, table)
    objects, counts = np.unique(table[:, 0], return_counts=True)
    _refuse(file, np.isin(table[:, 0], objects[counts > 1]), "an object that was shown twice")
    side, pressed = table[:, 6], table[:, 7]
    missed = (side == 0) & (pressed == 0)
    pushed = np.isin(side, (1, 2)) & np.isin(pressed, (1, 2))
    _refuse(file, ~(missed | pushed), "keys that are neither 1 and 2 nor both 0")
    seen = table[:, 8]
    right = seen >= 0 if session.viewing_s is None else np.isclose(seen, session.viewing_s, atol=1e-6)
    expected = "at least 0" if session.viewing_s is None else f"{session.viewing_s:g} s"
    if session.viewing_s is None and not session.measured:
        right, expected = seen == 0, "0, which stands for none"
    _refuse(file, ~right & ~missed, f"a viewing time other than expected ({expected})")
    _refuse(file, (table[:, 9] <= 0) & ~missed, "an answer without a response time")
    return table


def read_model(file: Path) -> Table:
    """Return a model's 147 x 4 table.

    Returns:
        Class, alternative, pose (0, 1, 2), answer (0 wrong, 1 right, 2 none).

    Raises:
        ObjectPoseError: the file cannot be read or is not made so.
    """
    table = _variable(file, "data", (4,), "a variable 'data' of 147 x 4 numbers")
    _poses(file, table[:, 2], [CONTENT[pose][0] for pose in POSES])
    _classes(file, table)
    _refuse(file, ~np.isin(table[:, 3], (0, 1, 2)), "an answer other than 0, 1 and 2")
    pairs = pd.DataFrame(table[:, [0, 2]])
    _refuse(file, pairs.duplicated(keep=False).to_numpy(), "a picture twice")
    return table


def read_pooled(file: Path) -> Table:
    """Return the answers of an observer of the study's error consistency.

    These files have the pose in their second column and the answer in the third, unlike the files of networks with the
    same names.

    Returns:
        96 x 3: class, pose (1 or 2), answer (0 wrong, 1 right, 2 mis-click).

    Raises:
        ObjectPoseError: the file cannot be read or is not made so.
    """
    table = _variable(file, "data", (3,), "a variable 'data' of 96 x 3 numbers")
    _poses(file, table[:, 1], [0, *(CONTENT[pose][0] for pose in POSES[1:])])
    _refuse(file, ~np.isin(table[:, 2], (0, 1, 2)), "an answer other than 0, 1 and 2")
    return table
