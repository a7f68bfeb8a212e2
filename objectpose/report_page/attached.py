"""Files that a report takes along: figures, their downloads, tables."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from objectpose.errors import ObjectPoseError
from objectpose.report_page.text import Slugs

FOLDER = "files"


class Attached:
    """Copies files into the report, each under a name made from what it belongs to.

    Args:
        folder: the report that is being written.
        beside: folder that relative paths start from.
    """

    def __init__(self, folder: Path, beside: Path) -> None:
        self._folder = folder
        self._beside = beside
        self._slugs = Slugs()
        self._copied: dict[Path, str] = {}

    def copy(self, path: Path, what: str) -> str:
        """Return the address of a copy of a file, made where it has none yet.

        Raises:
            ObjectPoseError: there is no such file.
        """
        source = path if path.is_absolute() else self._beside / path
        if not source.is_file():
            raise ObjectPoseError(f"{what} names the file {path}, which is not there; write it before the report.")
        if source not in self._copied:
            suffix = "".join(
                sign for sign in source.suffix.lower() if sign.isascii() and (sign.isalnum() or sign == ".")
            )
            address = f"{FOLDER}/{self._slugs(source.stem + ' ' + suffix)}{suffix}"
            target = self._folder / address
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(source, target)
            self._copied[source] = address
        return self._copied[source]

    def rows(self, rows: Sequence[str], anchor: str) -> str:
        """Return the address of a script that holds the rows of a table as HTML."""
        address = f"data/tables/{anchor}.js"
        target = self._folder / address
        target.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps("".join(rows), ensure_ascii=True)
        target.write_text(f"OBJECTPOSE.table[{json.dumps(anchor)}]={text};\n", encoding="ascii", newline="\n")
        return address

    def where(self, address: str) -> Path:
        """Return the file behind an address."""
        return self._folder / address

    def table(self, frame: pd.DataFrame, name: str) -> str:
        """Return the address of a frame as CSV."""
        address = f"{FOLDER}/{self._slugs(name + ' csv')}.csv"
        target = self._folder / address
        target.parent.mkdir(exist_ok=True)
        frame.to_csv(target, index=False, float_format="%.6g", lineterminator="\n")
        return address
