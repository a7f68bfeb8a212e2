"""Labels of own meshes: the rows of a labels file, or the names of files and folders."""

from __future__ import annotations

import csv
import io
import math
import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from objectpose.classes import IMAGENET, Classes
from objectpose.errors import ObjectPoseError, nearest
from objectpose.objects.catalogue import CATALOGUE
from objectpose.objects.loading import UPS
from objectpose.objects.symmetry import Symmetry
from objectpose.objects.targets import means_a_class, name_of, targets_of

COLUMNS = ("mesh", "label", "object", "azimuth_deg", "elevation_deg", "up", "turn_deg", "symmetry")
_OBJECT = re.compile(r"[a-z0-9_]+/(0|[1-9]\d{0,8})")


@dataclass(frozen=True)
class Label:
    """What is known of a mesh besides its file.

    Attributes:
        targets: indices of the classes that are right answers.
        class_name: lower case with underscores.
        object_id: ``class/instance``; None numbers the objects of a class in the order of their files.
        azimuth_deg: of the canonical view; None is usual.
        elevation_deg: likewise.
        up: ``y``, ``z`` or ``auto``; None is what the options say.
        turn_deg: about the up axis, so that +z becomes the front.
        symmetry: None is the class's where it is one of the catalogue.
    """

    targets: tuple[int, ...]
    class_name: str
    object_id: str | None = None
    azimuth_deg: float | None = None
    elevation_deg: float | None = None
    up: str | None = None
    turn_deg: float = 0.0
    symmetry: Symmetry | None = None


def label_from_name(name: str, classes: Classes = IMAGENET) -> Label:
    """Return the label that a mesh's file name says, or else the name of the folder that it lies in.

    ``parkbench.obj``, ``Park-Bench_02.obj``, ``park bench/model.glb`` and ``n03891251/7.ply`` are all park benches.

    Args:
        name: path of the mesh, with ``/``.
        classes: the label space.

    Raises:
        ObjectPoseError: neither is a class name, or a name stands for two classes.
    """
    stem = posixpath.splitext(posixpath.basename(name))[0]
    folder = posixpath.basename(posixpath.dirname(name))
    for word in (stem, re.sub(r"[\s_-]*\d+$", "", stem), folder):
        if word and means_a_class(word, classes):
            targets = targets_of(word, classes)
            return Label(targets, name_of(targets, classes))
    known = {classes.name(index) for index in range(len(classes))}
    if classes.is_imagenet:
        known = {*CATALOGUE, *(one.lower().replace(" ", "_") for one in known)}
    of = "a class" if classes.is_imagenet else f"a class of {classes.title}"
    list_of_own = ", or dataset.classes, a list of your own classes" if classes.is_imagenet else ""
    raise ObjectPoseError(
        f"Neither the file nor the folder of {name} is named after {of}, and there is no labels file; rename it "
        f"({nearest(stem.lower(), known)}), or give dataset.labels, a csv with the columns mesh,label"
        f"{list_of_own}."
    )


def read_labels(path: Path, names: Iterable[str], classes: Classes = IMAGENET) -> dict[str, Label]:
    """Return the labels of a file by the name of the mesh.

    Args:
        path: a csv in UTF-8 with the columns ``mesh`` (path within folder or archive, or the file's name or stem where
            only one has it) and ``label``, optionally ``object``, ``azimuth_deg``, ``elevation_deg``, ``up``,
            ``turn_deg`` and ``symmetry`` (fold about the up axis; 0 is any angle).
        names: of all meshes.
        classes: the label space.

    Raises:
        ObjectPoseError: the file is not there or not such a table, a row names no mesh or several, a mesh has two
            labels, a value is out of range.
    """
    rows = _table(path)
    meshes = tuple(names)
    found: dict[str, Label] = {}
    lines: dict[str, int] = {}
    for number, row in rows:
        where = f"Line {number} of {path}"
        mesh = _mesh(row.get("mesh", ""), meshes, where)
        if mesh in found:
            raise ObjectPoseError(
                f"{where} labels {mesh} again (first in line {lines[mesh]}); keep one row a mesh, "
                "several classes in it separated by |."
            )
        found[mesh], lines[mesh] = _label(row, where, classes), number
    return found


def _table(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Return line number and values of each row."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise ObjectPoseError(f"There is no labels file {path}; give a csv with the columns mesh,label.") from None
    except UnicodeDecodeError:
        raise ObjectPoseError(f"{path} is not in UTF-8; save it as CSV UTF-8.") from None
    except OSError as error:
        raise ObjectPoseError(
            f"{path} cannot be read ({error.strerror}); give a csv with the columns mesh,label."
        ) from None
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        lines = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise ObjectPoseError(f"{path} is not a readable csv ({error}); save it again.") from None
    lines = [(number, row) for number, row in lines if any(value.strip() for value in row)]
    head = [value.strip() for value in lines[0][1]] if lines else []
    if "mesh" not in head or "label" not in head:
        has = f"the columns '{','.join(head)[:80]}'" if head else "no line"
        raise ObjectPoseError(f"{path} has {has}, expected the columns mesh,label separated by commas.")
    unknown = [name for name in head if name not in COLUMNS]
    if unknown or len(set(head)) < len(head):
        wrong = unknown[0] if unknown else next(name for name in head if head.count(name) > 1)
        why = nearest(wrong, COLUMNS) if unknown else "it stands there twice"
        raise ObjectPoseError(f"{path} has the column '{wrong}'; {why}.")
    for number, row in lines[1:]:
        if len(row) > len(head):
            raise ObjectPoseError(f"Line {number} of {path} has {len(row)} values under {len(head)} columns; mend it.")
    return [(number, dict(zip(head, map(str.strip, row), strict=False))) for number, row in lines[1:]]


def _mesh(text: str, names: tuple[str, ...], where: str) -> str:
    """Return the mesh that a row means: by its path, in any case of letters, by its file name, by its stem."""
    wanted = posixpath.normpath(text.replace("\\", "/")) if text else ""
    lower = wanted.lower()
    found = [name for name in names if name == wanted] or [name for name in names if name.lower() == lower]
    found = found or [name for name in names if posixpath.basename(name).lower() == lower]
    found = found or [name for name in names if posixpath.splitext(posixpath.basename(name))[0].lower() == lower]
    if not found:
        known = {*names, *(posixpath.basename(name) for name in names)}
        raise ObjectPoseError(f"{where} names the mesh '{text}', which is not there; {nearest(wanted, known)}.")
    if len(found) > 1:
        raise ObjectPoseError(f"{where} names the mesh '{text}', which is {found[0]} or {found[1]}; write the path.")
    return found[0]


def _label(row: dict[str, str], where: str, classes: Classes) -> Label:
    expected = "an ImageNet-1k index, a WordNet id or a class name"
    if not classes.is_imagenet:
        expected = f"the name of a class of {classes.title}"
    if not row.get("label"):
        raise ObjectPoseError(f"{where} has no label; write {expected}.")
    try:
        targets = targets_of(row["label"], classes)
    except ObjectPoseError as error:
        raise ObjectPoseError(f"{where}: {error}") from None
    if not targets:
        raise ObjectPoseError(f"{where} has the label '{row['label']}'; write {expected}.")
    object_id = row.get("object") or None
    if object_id is not None and not _OBJECT.fullmatch(object_id):
        raise ObjectPoseError(f"{where} has the object '{object_id}'; expected class/instance, such as park_bench/0.")
    up = row.get("up") or None
    if up is not None and up not in UPS:
        raise ObjectPoseError(f"{where} has up '{up}'; {nearest(up, UPS)}.")
    fold = row.get("symmetry") or None
    if fold is not None and not (fold.isascii() and fold.isdecimal() and int(fold) <= 360):
        raise ObjectPoseError(
            f"{where} has the symmetry '{fold}'; expected a fold: 1 (none), 4, ..., or 0 (any angle)."
        )
    return Label(
        targets=targets,
        class_name=name_of(targets, classes) if object_id is None else object_id.partition("/")[0],
        object_id=object_id,
        azimuth_deg=_degrees(row, "azimuth_deg", where),
        elevation_deg=_degrees(row, "elevation_deg", where),
        up=up,
        turn_deg=_degrees(row, "turn_deg", where) or 0.0,
        symmetry=None if fold is None else Symmetry("y", int(fold)),
    )


def _degrees(row: dict[str, str], column: str, where: str) -> float | None:
    text = row.get(column)
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    most = 90.0 if column == "elevation_deg" else 360.0
    if not abs(value) <= most:
        raise ObjectPoseError(f"{where} has {column} '{text}'; expected degrees from {-most:g} to {most:g}.")
    return value
