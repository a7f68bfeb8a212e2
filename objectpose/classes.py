"""Label spaces: the classes that answers and targets are indices of, ImageNet-1k or a list of the user's own."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from objectpose import imagenet
from objectpose.errors import ObjectPoseError, nearest

_COMMENT = re.compile(r"#+(\s|$)")


@dataclass(frozen=True)
class Classes:
    """A list of classes; a target or an answer is an index into it.

    Attributes:
        title: ``ImageNet-1k``, or the name of the file that the list was read from.
        names: of the classes, different in their letters and digits; empty stands for ImageNet-1k.
    """

    title: str = "ImageNet-1k"
    names: tuple[str, ...] = ()

    @property
    def is_imagenet(self) -> bool:
        """Whether this is ImageNet-1k."""
        return not self.names

    def __len__(self) -> int:
        return len(self.names) or imagenet.NUM_CLASSES

    def name(self, index: int) -> str:
        """Return the name of a class.

        Raises:
            ObjectPoseError: the index is out of range.
        """
        if self.is_imagenet:
            return imagenet.class_name(index)
        if not 0 <= index < len(self.names):
            raise ObjectPoseError(f"{self.title} has no class {index}; give an index from 0 to {len(self.names) - 1}.")
        return self.names[index]

    def names_of(self, index: int) -> tuple[str, ...]:
        """Return all names of a class."""
        return imagenet.class_names(index) if self.is_imagenet else (self.name(index),)

    def called(self, label: str) -> tuple[int, ...]:
        """Return the indices of all classes that a name stands for: none, one, or in ImageNet-1k two.

        Args:
            label: in any case, with blanks, underscores, hyphens or none.
        """
        if self.is_imagenet:
            return imagenet.classes_called(label)
        index = self._index.get(imagenet.bare(label))
        return () if index is None else (index,)

    def find(self, label: str) -> int:
        """Return the index of the class that a user means.

        Args:
            label: a name; in ImageNet-1k also a WordNet id; an index where no class is called by that number.

        Raises:
            ObjectPoseError: there is no such class; the nearest names are given. Or the name stands for two.

        >>> Classes("kinds.txt", ("robot vacuum", "e-scooter")).find("E_Scooter")
        1
        """
        if self.is_imagenet:
            return imagenet.find_class(label)
        found = self.called(label)
        if found:
            return found[0]
        text = label.strip()
        if text.isascii() and text.isdecimal():
            self.name(int(text[:9]))
            return int(text[:9])
        raise ObjectPoseError(f"{self.title} has no class called '{text}'; {nearest(text, self.names)}.")

    @cached_property
    def digest(self) -> str:
        """Sha256 of the names in their order; of ImageNet-1k it is the name."""
        return self.title if self.is_imagenet else hashlib.sha256("\n".join(self.names).encode()).hexdigest()

    @cached_property
    def _index(self) -> dict[str, int]:
        return {imagenet.bare(name): index for index, name in enumerate(self.names)}


IMAGENET = Classes()
"""ImageNet-1k: what targets and answers are about unless a list of classes is given."""


def read_lines(path: Path, what: str) -> list[tuple[int, str]]:
    """Return number and text of each line of a text file; empty lines at its end and comments are no lines.

    A comment is a line that begins with ``#`` and a blank, or is ``#`` alone.

    Args:
        path: in UTF-8.
        what: the file is, for the sentences, such as ``class list``.

    Raises:
        ObjectPoseError: the file is not there, not in UTF-8 or empty, or has an empty line in its midst.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ObjectPoseError(f"The {what} {path} is not in UTF-8; save it as a text file in UTF-8.") from None
    except OSError as error:
        raise ObjectPoseError(f"The {what} {path} cannot be read ({error.strerror}); name a text file.") from None
    lines = [(number, line.strip()) for number, line in enumerate(text.rstrip().splitlines(), 1)]
    lines = [(number, line) for number, line in lines if not _COMMENT.match(line)]
    if not lines or not any(line for _, line in lines):
        raise ObjectPoseError(f"The {what} {path} is empty; write one a line.")
    for number, line in lines:
        if not line:
            raise ObjectPoseError(
                f"Line {number} of the {what} {path} is empty; delete it or write what belongs there."
            )
    return lines


def read_classes(path: Path) -> Classes:
    """Return the label space that a file lists, one class a line, in the order of their indices.

    Raises:
        ObjectPoseError: the file cannot be read, has a hole, fewer than two classes, a name without a letter or
            digit, or a class twice.
    """
    lines = read_lines(path, "class list")
    seen: dict[str, int] = {}
    for number, name in lines:
        key = imagenet.bare(name)
        if not key:
            raise ObjectPoseError(f"Line {number} of {path} is '{name}', which has no letter or digit; write a name.")
        if key in seen:
            raise ObjectPoseError(
                f"Line {number} of {path} lists '{name}' again (first in line {seen[key]}); keep one line a class."
            )
        seen[key] = number
    if len(lines) < 2:
        raise ObjectPoseError(f"The class list {path} has one class; a choice needs two or more.")
    return Classes(path.name, tuple(re.sub(r"\s+", " ", name) for _, name in lines))
