"""Writing to disk so that a file exists whole or not at all, and looking first whether it fits."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from objectpose.errors import ObjectPoseError


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file as 64 hex digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def publish(temporary: Path, final: Path) -> None:
    """Flush a finished temporary file to disk, then give it its final name in one step."""
    with temporary.open("rb+") as stream:
        os.fsync(stream.fileno())
    temporary.replace(final)


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all, in UTF-8 with line breaks as they are; its folder is made.

    Raises:
        ObjectPoseError: it cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.write_text(text, encoding="utf-8", newline="\n")
            publish(part, path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise ObjectPoseError(
            f"{path} cannot be written ({error.strerror or error}); choose a folder that you may write to and that has "
            "space."
        ) from error


def require_space(folder: Path, needed_bytes: int, what: str) -> None:
    """Refuse work that would not fit.

    Args:
        folder: where it would be written; need not exist yet.
        needed_bytes: size of what is to be written.
        what: its name in the sentence.

    Raises:
        ObjectPoseError: less than ``needed_bytes`` and 5 % are free.
    """
    there = folder.absolute()
    while not there.exists():
        there = there.parent
    free = shutil.disk_usage(there).free
    if free < 1.05 * needed_bytes:
        raise ObjectPoseError(
            f"{what} needs {needed_bytes / 1e9:.2f} GB, but only {free / 1e9:.2f} GB are free under {folder}; "
            "free some space or choose another folder."
        )
