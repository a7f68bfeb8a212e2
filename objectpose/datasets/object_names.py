"""The human study's list of names, ``object_names.xlsx``: the two labels of every picture, in words."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from objectpose.datasets.alternatives import Alternatives
from objectpose.errors import ObjectPoseError
from objectpose.imagenet import class_name, find_class

WORDS: Mapping[str, int] = {"crane": 517, "cructh": 523, "gong": 577, "harp": 594, "missile": 744}
"""Names of the list that ImageNet-1k has twice, or not in this spelling, and what the study means by them."""
EXTRA = "openpyxl"


def read_object_names(path: Path, pictures: Mapping[str, tuple[int, int]]) -> Alternatives:
    """Return the alternative of every picture by the list of names.

    The list has a blank first row, then a row a picture with the real name and the alternative's, in the order of the
    pictures' names as text; blanks around a name are none of it.

    Args:
        path: of the list.
        pictures: maps the name of each picture's file to its class index and pose.

    Raises:
        ObjectPoseError: openpyxl is not installed; the list cannot be read, has not a row a picture, has a name that
            is no class, or names another real class than the file does.
    """
    rows = _cells(path)
    if len(rows) != len(pictures):
        raise ObjectPoseError(
            f"{path} has {len(rows)} pairs of names below its first row, but there are {len(pictures)} pictures; "
            "expected a row a picture."
        )
    found: Alternatives = {}
    for place, (file, row) in enumerate(zip(sorted(pictures), rows, strict=True), start=2):
        real, other = (_class(path, place, cell) for cell in row)
        target, pose = pictures[file]
        if real != target:
            raise ObjectPoseError(
                f"Row {place} of {path} is about '{row[0].strip()}', but the picture in its place, {file}, shows "
                f"'{class_name(target)}'; the rows stand in the order of the pictures' names."
            )
        found[target, pose] = other
    return found


def _cells(path: Path) -> list[tuple[str, str]]:
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise ObjectPoseError(
            f"Reading {path} needs {EXTRA}, which is not installed; run: pip install {EXTRA}, or give the study's "
            "folder 'data' with dataset.alternatives=PATH."
        ) from None
    try:
        with path.open("rb") as stream:
            book = load_workbook(stream, read_only=True, data_only=True)
            rows: list[Sequence[object]] = list(book.worksheets[0].iter_rows(max_col=2, values_only=True))
            book.close()
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, SyntaxError, zipfile.BadZipFile) as e:
        reason = " ".join(str(e).split()) or type(e).__name__
        raise ObjectPoseError(f"{path} cannot be read as a list of names ({reason}); copy it again.") from None
    pairs = [(str(row[0] or ""), str(row[1] or "")) for row in rows if len(row) == 2]
    if len(pairs) != len(rows):
        raise ObjectPoseError(f"{path} has not two columns of names; copy it from the study again.")
    while pairs and not any(pairs[-1]):
        pairs.pop()
    return pairs[1:] if pairs and not any(pairs[0]) else pairs


def _class(path: Path, place: int, cell: str) -> int:
    name = " ".join(cell.split())
    try:
        return WORDS[name.lower()] if name.lower() in WORDS else find_class(name)
    except ObjectPoseError as error:
        raise ObjectPoseError(f"Row {place} of {path} has the name '{name}', which is no class: {error}") from None
