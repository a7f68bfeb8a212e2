"""What the text tower of a zero-shot network is given: templates, and the words for each class."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from objectpose import imagenet
from objectpose.classes import Classes, read_lines
from objectpose.errors import ObjectPoseError, nearest

DEFAULT = "openai80"
"""Prompt set of a zero-shot network about which nothing else is said."""

SINGLE = ("a photo of a {}.",)
"""The one prompt of the ObjectPose paper's plain CLIP networks."""

POSE12 = (
    "a photo of a flipped {}.",
    "a photo of a rotated {}.",
    "a {} filpped over.",
    "an upside down {}.",
    "a photo an overturned {}.",
    "an overturned {}.",
    "a photo of a tilted {}.",
    "a photo of a {} in a weird position.",
    "a photo of a hard to see {}.",
    "a photo of a {} from the top.",
    "a photo of a {} from the bottom.",
    "a photo of a {} from the side.",
)
"""Prompts about pose, letter by letter those of the ObjectPose paper's code (``imagenet_pose_templates`` in its
``src/utils.py``): 'filpped' and 'a photo an overturned' are what its networks were asked."""

NAMES = ("single", "openai80", "pose12")
"""Prompt sets that a user can name."""


@dataclass(frozen=True)
class Prompts:
    """Templates whose embeddings are averaged.

    Attributes:
        name: one of ``NAMES``, or ``file``.
        templates: texts with one ``{}`` each, where the words for a class go.
    """

    name: str
    templates: tuple[str, ...]

    @cached_property
    def digest(self) -> str:
        """Sha256 of the templates in their order."""
        return hashlib.sha256("\n".join(self.templates).encode()).hexdigest()


@dataclass(frozen=True)
class Words:
    """The words for each class that a network is to answer.

    Attributes:
        texts: that go into the templates.
        labels: what each stands for: a WordNet id of ImageNet-1k, or the name of a class of another label space.
    """

    texts: tuple[str, ...]
    labels: tuple[str, ...]

    @cached_property
    def digest(self) -> str:
        """Sha256 of labels and texts in their order."""
        rows = (f"{label}\t{text}" for label, text in zip(self.labels, self.texts, strict=True))
        return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def prompt_set(given: str | None = None) -> Prompts:
    """Return the prompts that a user names.

    Args:
        given: one of ``NAMES`` or a file with one template a line; None is ``DEFAULT``.

    Raises:
        ObjectPoseError: neither a set nor a file; a file that is empty or has a template without exactly one ``{}``,
            or a template twice.

    >>> prompt_set("single").templates
    ('a photo of a {}.',)
    """
    name = given or DEFAULT
    if name == "single":
        return Prompts(name, SINGLE)
    if name == "pose12":
        return Prompts(name, POSE12)
    if name == "openai80":
        from open_clip import OPENAI_IMAGENET_TEMPLATES

        return Prompts(name, tuple(template("{}") for template in OPENAI_IMAGENET_TEMPLATES))
    path = Path(name)
    if not path.suffix and not path.exists():
        raise ObjectPoseError(
            f"Unknown prompts '{name}'; {nearest(name, NAMES)}; or name a file with one template a line."
        )
    return Prompts("file", _read_templates(path))


def _read_templates(path: Path) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    templates = []
    for number, line in read_lines(path, "prompts file"):
        places = line.count("{}")
        if places != 1:
            raise ObjectPoseError(
                f"Line {number} of {path} is '{line}', which has {places or 'no'} {{}}; write exactly one, where the "
                "class goes."
            )
        if re.search(r"[{}]", line.replace("{}", "")):
            raise ObjectPoseError(f"Line {number} of {path} is '{line}', which has a brace beside its {{}}; delete it.")
        key = re.sub(r"\s+", " ", line).casefold()
        if key in seen:
            raise ObjectPoseError(
                f"Line {number} of {path} repeats the template of line {seen[key]} ('{line}'); keep one of them."
            )
        seen[key] = number
        templates.append(line)
    return tuple(templates)


def class_words(given: str | None, classes: Classes) -> Words:
    """Return the words for the classes that a network is built for.

    Args:
        given: file of the user's: a list with one class a line, whose own words go into the prompts; or ``.csv`` with
            the columns ``label,name``, the class and the words for it. A class is named as ``Classes.find`` takes it,
            in ImageNet-1k also as open_clip calls it. None takes all classes: in ImageNet-1k with the words that
            open_clip has from OpenAI, else with their names.
        classes: that are asked about.

    Raises:
        ObjectPoseError: the file cannot be read, names an unknown class or one twice, or names fewer than two.
    """
    usual = _usual_words(classes)
    if given is None:
        return Words(usual, tuple(_label(index, classes) for index in range(len(classes))))
    path = Path(given)
    lines = _rows(path) if path.suffix == ".csv" else [(n, line, None) for n, line in read_lines(path, "class list")]
    seen: dict[int, int] = {}
    texts = []
    for number, label, name in lines:
        try:
            index, by_name = _meant(label, classes)
        except ObjectPoseError as error:
            raise ObjectPoseError(f"Line {number} of {path}: {error}") from None
        if index in seen:
            raise ObjectPoseError(
                f"Lines {seen[index]} and {number} of {path} both mean the class {classes.name(index)}"
                f"{f' ({_label(index, classes)})' if classes.is_imagenet else ''}; keep one line a class."
            )
        seen[index] = number
        texts.append(name if name is not None else re.sub(r"\s+", " ", label) if by_name else usual[index])
    if len(texts) < 2:
        raise ObjectPoseError(f"The class list {path} has one class; a choice needs two or more.")
    return Words(tuple(texts), tuple(_label(index, classes) for index in seen))


def _usual_words(classes: Classes) -> tuple[str, ...]:
    if not classes.is_imagenet:
        return classes.names
    from open_clip import IMAGENET_CLASSNAMES

    return tuple(IMAGENET_CLASSNAMES)


def _label(index: int, classes: Classes) -> str:
    return imagenet.wordnet_id(index) if classes.is_imagenet else classes.name(index)


def _meant(label: str, classes: Classes) -> tuple[int, bool]:
    """Return the index of the class that a label means, and whether the label is a name rather than an id."""
    if not classes.called(label) and classes.is_imagenet:
        index = _by_open_clip_name().get(imagenet.bare(label))
        if index is not None:
            return index, True
    return classes.find(label), bool(classes.called(label))


@cache
def _by_open_clip_name() -> dict[str, int]:
    """Return the ImageNet-1k classes by open_clip's names for them, without the two names that stand for two."""
    found: dict[str, list[int]] = {}
    for index, name in enumerate(_usual_words(Classes())):
        found.setdefault(imagenet.bare(name), []).append(index)
    return {name: indices[0] for name, indices in found.items() if len(indices) == 1}


def _rows(path: Path) -> Iterable[tuple[int, str, str]]:
    """Return line number, label and name of each row of a csv file."""
    lines = read_lines(path, "class list")
    header = [column.strip() for column in next(csv.reader([lines[0][1]]))]
    if header != ["label", "name"]:
        raise ObjectPoseError(f"{path} has the columns '{','.join(header)[:60]}', expected label,name; name them so.")
    if len(lines) == 1:
        raise ObjectPoseError(f"{path} has a header only; write one class a line.")
    found = []
    for number, line in lines[1:]:
        cells = [cell.strip() for cell in next(csv.reader([line], skipinitialspace=True))]
        if len(cells) != 2 or not all(cells):
            raise ObjectPoseError(f"Line {number} of {path} is '{line}', expected a label and a name.")
        found.append((number, cells[0], cells[1]))
    return found
