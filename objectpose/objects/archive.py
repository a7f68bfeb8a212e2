"""Where own files lie: a folder, a single file or a zip archive, read without unpacking anything to disk."""

from __future__ import annotations

import os
import posixpath
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from objectpose.errors import ObjectPoseError, nearest

ARCHIVES = (".zip", ".sh3f")
MOST_UNPACKED_BYTES = 32 * 2**30
MOST_RATIO = 200
"""Unpacked by packed bytes of a whole archive; meshes and textures reach 5 to 20, a bomb a thousand and more."""
RATIO_FROM_BYTES = 64 * 2**20
CHUNK_BYTES = 2**22


@dataclass(frozen=True)
class FileTree:
    """Files under one root.

    Attributes:
        path: the folder, file or archive, as the user wrote it.
        names: of the files, relative to the root, with ``/``, sorted; hidden ones are left out.
        root: the folder on disk; None for an archive.
    """

    path: Path
    names: tuple[str, ...]
    root: Path | None
    _by_lower: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    def label(self, name: str) -> str:
        """Return how an error sentence calls a file: its path on disk, or ``archive: member``."""
        return f"{self.path}: {name}" if self.root is None else str(self.root / name)

    def open(self, name: str) -> IO[bytes]:
        """Return a stream of a file's bytes; close it.

        Raises:
            ObjectPoseError: it cannot be opened.
        """
        try:
            if self.root is not None:
                return (self.root / name).open("rb")
            with zipfile.ZipFile(self.path) as archive:
                return archive.open(name)
        except (OSError, RuntimeError, NotImplementedError, zipfile.BadZipFile, KeyError) as error:
            raise self._unreadable(name, error) from None

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a file's bytes in pieces of at most 4 MiB.

        Raises:
            ObjectPoseError: it cannot be read, or is damaged.
        """
        with self.open(name) as stream:
            while True:
                try:
                    piece = stream.read(CHUNK_BYTES)
                except Exception as error:  # a damaged member raises errors of zipfile, zlib, lzma, bz2 and others
                    raise self._unreadable(name, error) from None
                if not piece:
                    return
                yield piece

    def read(self, name: str) -> bytes:
        """Return a file's bytes.

        Raises:
            ObjectPoseError: it cannot be read, or is damaged.
        """
        return b"".join(self.chunks(name))

    def find(self, reference: str, beside: str) -> str | None:
        r"""Return the name of the file that another one refers to, or None.

        Tried in this order: the path as it stands, with ``\`` as ``/``, in any case of letters, relative to the
        folder of ``beside``; a file of that base name in that folder; the only file of that base name in the tree.

        Args:
            reference: for example ``..\Textures\Wood.PNG``, or an absolute path of another machine.
            beside: name of the file that refers.
        """
        wanted = reference.strip().strip('"').replace("\\", "/")
        base = posixpath.basename(wanted)
        folder = posixpath.dirname(beside)
        if not base or base in (".", ".."):
            return None
        absolute = wanted.startswith("/") or wanted[1:2] == ":"
        tries = [] if absolute else [posixpath.normpath(posixpath.join(folder, wanted))]
        for name in [*tries, posixpath.join(folder, base)]:
            found = self._of_any_case(name)
            if found is not None:
                return found
        same = [name for name in self.names if posixpath.basename(name).lower() == base.lower()]
        return same[0] if len(same) == 1 else None

    def _of_any_case(self, name: str) -> str | None:
        if self.root is None:
            return name if name in self.names else self._by_lower.get(name.lower())
        try:
            return name if (self.root / name).is_file() else self._in_folders(self.root, name)
        except (OSError, ValueError):  # a name that no file can have: too long, or with a zero byte
            return None

    def _in_folders(self, place: Path, name: str) -> str | None:
        parts = []
        for part in name.split("/"):
            same = part
            if part != ".." and not (place / part).exists():
                same = min((p.name for p in place.iterdir() if p.name.lower() == part.lower()), default="")
                if not same:
                    return None
            place = place / same
            parts.append(same)
        return "/".join(parts) if place.is_file() else None

    def _unreadable(self, name: str, error: Exception) -> ObjectPoseError:
        return ObjectPoseError(f"{self.label(name)} cannot be read ({str(error) or type(error).__name__}); replace it.")


def open_tree(path: Path) -> FileTree:
    """Return the files of a folder (all folders below it too), of a zip archive, or a single file.

    Args:
        path: a folder, a ``.zip`` or ``.sh3f`` archive, or a file, whose neighbours can be found but are not named.

    Raises:
        ObjectPoseError: there is no such path; an archive is damaged, holds an absolute name, a name with ``..`` or
            two different files of one name, or unpacks to so much that it must be a bomb.
    """
    if path.is_dir():
        return FileTree(path, tuple(sorted(_walk(path))), path)
    if not path.is_file():
        there = [str(other) for other in path.parent.iterdir()] if path.parent.is_dir() else []
        hint = nearest(str(path), there) if there else f"there is no folder {path.parent} either"
        raise ObjectPoseError(f"There is no file or folder {path}; {hint}.")
    if path.suffix.lower() in ARCHIVES:
        names = _members(path)
        return FileTree(path, names, None, {name.lower(): name for name in reversed(names)})
    return FileTree(path, (path.name,), path.parent)


def _walk(folder: Path) -> Iterator[str]:
    def refuse(error: OSError) -> None:
        raise ObjectPoseError(f"{error.filename} cannot be read ({error.strerror}); allow it or move it away.")

    for place, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if _shown(name)]
        for name in files:
            if _shown(name):
                yield (Path(place) / name).relative_to(folder).as_posix()


def _shown(name: str) -> bool:
    return not name.startswith(".") and name != "__MACOSX"


def _members(path: Path) -> tuple[str, ...]:
    """Return the names of the files of an archive after looking for all that should make one refuse it."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError) as error:
        raise ObjectPoseError(f"{path} is not a readable zip archive ({error}); make it again.") from None
    seen: dict[str, zipfile.ZipInfo] = {}
    for member in members:
        name = member.filename.replace("\\", "/")
        if name.startswith("/") or name[1:2] == ":" or ".." in name.split("/"):
            raise ObjectPoseError(
                f"{path} holds '{member.filename}', which leads out of the archive; expected names below its root: "
                "make the archive again from within the folder."
            )
        if member.is_dir() or not all(_shown(part) for part in name.split("/")):
            continue
        if member.flag_bits & 1:
            raise ObjectPoseError(f"{path} holds '{member.filename}' under a password; unpack it or make it without.")
        twin = seen.setdefault(member.filename, member)
        if (twin.CRC, twin.file_size) != (member.CRC, member.file_size):
            raise ObjectPoseError(f"{path} holds two different files called '{member.filename}'; keep one.")
    total = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if total > MOST_UNPACKED_BYTES or (total > RATIO_FROM_BYTES and total > MOST_RATIO * packed):
        raise ObjectPoseError(
            f"{path} would unpack to {total / 2**20:,.0f} MiB, {total / packed:,.0f} times its size; expected at most "
            f"{MOST_UNPACKED_BYTES // 2**20:,} MiB and {MOST_RATIO} times: unpack what you trust and give the folder."
        )
    return tuple(sorted(seen))


def matching_lines(tree: FileTree, name: str, wanted: Callable[[bytes], bool]) -> Iterator[bytes]:
    """Yield the lines of a text file for which ``wanted`` is true, with little memory however large the file is."""
    rest = b""
    for piece in tree.chunks(name):
        *lines, rest = (rest + piece).split(b"\n")
        yield from filter(wanted, lines)
        if len(rest) > CHUNK_BYTES:
            rest = b""
    yield from filter(wanted, [rest])
