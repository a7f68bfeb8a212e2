"""Wavefront OBJ with its material libraries, read as exporters write it.

Faces of any number of corners, every form of a corner (``v``, ``v/vt``, ``v//vn``, ``v/vt/vn``) also mixed, negative
indices, vertex colours (``v x y z r g b``), continued lines, names with blanks. Groups, objects, smoothing groups,
lines, points and free-form curves are passed over.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from objectpose.errors import ObjectPoseError
from objectpose.objects.archive import FileTree
from objectpose.objects.formats.mtl import MapStatement, MtlEntry, MtlRules, material_of, read_mtl, tr_is_opacity
from objectpose.objects.formats.polygons import triangulate
from objectpose.objects.formats.surface import Floats, Ints, Surface
from objectpose.objects.formats.textures import Picture

BLOCK = 100_000
"""Face lines that are turned into numbers at a time, which bounds the memory of their words."""


@dataclass
class _Rows:
    """Numbers of one kind of statement, as many a row as the line has."""

    values: array[float] = field(default_factory=lambda: array("d"))
    widths: array[int] = field(default_factory=lambda: array("l"))

    def __len__(self) -> int:
        return len(self.widths)

    def add(self, words: list[str]) -> None:
        """Append the numbers after the keyword."""
        self.values.extend(map(float, words[1:]))
        self.widths.append(len(words) - 1)

    def table(self, columns: int) -> Floats:
        """Return float64 N x ``columns``; NaN where a row is shorter."""
        widths, values = np.array(self.widths, np.int64), np.array(self.values, np.float64)
        result = np.full((len(widths), columns), np.nan)
        starts = np.cumsum(widths) - widths
        for column in range(columns):
            there = widths > column
            result[there, column] = values[starts[there] + column]
        return result


@dataclass
class _Statements:
    """What the lines of a file say."""

    vertices: _Rows = field(default_factory=_Rows)
    uvs: _Rows = field(default_factory=_Rows)
    normals: _Rows = field(default_factory=_Rows)
    faces: list[str] = field(default_factory=list)
    corners: list[Ints] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    runs: list[tuple[int, str]] = field(default_factory=list)
    libraries: list[str] = field(default_factory=list)


def library_files(tree: FileTree, name: str, stated: Iterable[str]) -> list[str]:
    """Return the library files that are there, for the words of ``mtllib`` statements.

    A statement is one name with blanks or several names; without any, the library that is called as the OBJ file is.
    """
    found: list[str] = []
    for statement in stated:
        whole = tree.find(statement, name)
        each = [tree.find(word, name) for word in statement.split()] if whole is None else [whole]
        found += [file for file in each if file is not None and file not in found]
    if not found:
        own = tree.find(f"{name.rpartition('/')[2].rpartition('.')[0]}.mtl", name)
        found += [] if own is None else [own]
    return found


def libraries_of(tree: FileTree, files: list[str]) -> dict[str, MtlEntry]:
    """Return the materials of libraries by name; of two of one name the first."""
    entries: dict[str, MtlEntry] = {}
    for file in files:
        for key, entry in read_mtl(tree.read(file).decode("utf-8", "replace"), tree.label(file)).items():
            entries.setdefault(key, entry)
    return entries


def read_obj(tree: FileTree, name: str, texture: Callable[[str], Picture | None], original: bool, most: int) -> Surface:
    """Return the surface of an OBJ file.

    Args:
        tree: where the file lies.
        name: of the file.
        texture: returns the picture that a library refers to; None where it is missing and a colour shall do.
        original: keep Ka, Kd, Ks and Ns, see ``mtl.material_of``.
        most: triangles that are allowed.

    Raises:
        ObjectPoseError: a line cannot be read, a face names a vertex that is not there, there are too many.
    """
    label = tree.label(name)
    said = _scan(tree.read(name).decode("utf-8", "replace"), label)
    positions, colours = _vertices(said.vertices)
    uvs, normals = np.nan_to_num(said.uvs.table(2), nan=0.0), said.normals.table(3)
    sizes = np.array(said.sizes, np.int64)
    if int((sizes - 2).sum()) > most:
        raise ObjectPoseError(f"{label} has {int((sizes - 2).sum()):,} triangles, more than max_faces={most:,}.")
    flat = np.concatenate([np.empty((0, 3), np.int64), *said.corners])
    for column, table in ((1, uvs), (2, normals)):
        if not len(table):  # a file that was stripped of them, but not of the indices
            flat[:, column] = -1
    for column, count, what in ((0, len(positions), "vertex"), (1, len(uvs), "vt"), (2, len(normals), "vn")):
        wrong = (flat[:, column] >= count) | (flat[:, column] < (0 if column == 0 else -1))
        if wrong.any():
            number = int(flat[wrong, column][0]) + 1
            raise ObjectPoseError(f"A face of {label} names {what} {number}, but there are {count}; export it again.")
    corners, polygon = triangulate(positions[flat[:, 0]], sizes)
    names = [run for _, run in said.runs] or [""]
    starts = np.array([start for start, _ in said.runs], np.int64)
    run = np.maximum(np.searchsorted(starts, np.arange(len(sizes)), side="right") - 1, 0)[polygon]
    used = list(dict.fromkeys(names))
    owner = np.array([used.index(one) for one in names], np.int64)[run]
    entries = libraries_of(tree, library_files(tree, name, said.libraries))
    chosen = [entries.get(one, MtlEntry()) for one in used]
    white = colours is not None
    rules = MtlRules(original, white, tr_is_opacity(chosen))
    materials = tuple(material_of(entry, texture, rules) for entry in chosen)
    corner_uvs, uvs = _mapped(flat[:, 1][corners], uvs, owner, [entry.colour_map for entry in chosen])
    return Surface(
        positions=positions,
        corners=flat[:, 0][corners],
        materials=materials,
        face_material=owner,
        uvs=uvs,
        corner_uvs=corner_uvs,
        normals=normals,
        corner_normals=flat[:, 2][corners],
        colours=colours,
        exact=all(entry.exact for entry in chosen),
    )


def _scan(text: str, label: str) -> _Statements:
    """Sort the lines of a file by kind; corners become numbers block by block."""
    said = _Statements()
    rows = {"v": said.vertices, "vt": said.uvs, "vn": said.normals}
    faces, sizes = said.faces, said.sizes
    if "\\\n" in text or "\\\r" in text:
        text = text.replace("\\\r\n", " ").replace("\\\n", " ")
    for number, line in enumerate(text.split("\n"), start=1):
        words = line.split()
        if not words:
            continue
        key = words[0]
        if "#" in line and key in ("v", "vt", "vn", "f", "fo"):
            words = line.partition("#")[0].split()
        if key in rows:
            try:
                rows[key].add(words)
            except ValueError:
                raise ObjectPoseError(
                    f"Line {number} of {label} is '{line.strip()[:60]}', expected numbers; export it again."
                ) from None
        elif key in ("f", "fo"):
            if len(words) < 4:
                continue
            if "-" in line:
                words = _absolute(words, (len(said.vertices), len(said.uvs), len(said.normals)), label)
            sizes.append(len(words) - 1)
            faces.append(" ".join(words[1:]))
            if len(faces) >= BLOCK:
                said.corners.append(_corners(faces, label))
                faces.clear()
        elif key == "usemtl":
            said.runs.append((len(sizes), line.strip()[6:].strip()))
        elif key == "mtllib":
            said.libraries.append(line.strip()[6:].strip())
    said.corners.append(_corners(faces, label))
    if not said.runs or said.runs[0][0] > 0:
        said.runs.insert(0, (0, ""))
    return said


def _absolute(words: list[str], counts: tuple[int, int, int], label: str) -> list[str]:
    """Return the words of a face with indices that count back from the last statement made to count from the first."""
    result = words[:1]
    for word in words[1:]:
        parts = word.split("/")
        for k, part in enumerate(parts[:3]):
            if part.startswith("-"):
                parts[k] = str(max(0, counts[k] + 1 - _index(part[1:], word, label)))
        result.append("/".join(parts))
    return result


def _corners(faces: list[str], label: str) -> Ints:
    """Return int64 C x 3: vertex, texture coordinate and normal of each corner from 0, -1 where there is none."""
    words = " ".join(faces).split()
    known = {word: row for row, word in enumerate(dict.fromkeys(words))}
    rows = np.full((len(known), 3), -1, np.int64)
    for word, row in known.items():
        for column, part in enumerate(word.split("/")[:3]):
            if part or column == 0:
                rows[row, column] = _index(part, word, label) - 1
    return rows[np.array([known[word] for word in words], np.int64)] if words else rows


def _index(part: str, word: str, label: str) -> int:
    if not (part.isascii() and part.isdecimal() and len(part) < 13 and int(part) > 0):
        raise ObjectPoseError(
            f"A face of {label} has the corner '{word[:40]}', expected such as 3, 3/4 or 3/4/5 that count from 1, or "
            "back from -1, to statements that are there; export it again."
        )
    return int(part)


def _vertices(rows: _Rows) -> tuple[Floats, NDArray[np.uint8] | None]:
    """Return positions and, where a vertex carries more than four numbers and is not white, colours.

    A colour stands after x, y, z (six numbers) or after x, y, z, w (seven or eight), 0..1, or 0..255 where one is
    above 1.
    """
    widths = np.array(rows.widths, np.int64)
    table = rows.table(max(3, min(8, int(widths.max(initial=3)))))
    positions = np.ascontiguousarray(table[:, :3])
    coloured = widths >= 6
    if not coloured.any():
        return positions, None
    start = np.where(widths >= 8, 4, 3)[coloured]
    values = np.full((len(widths), 3), 1.0)
    values[coloured] = table[coloured][np.arange(len(start))[:, None], start[:, None] + np.arange(3)]
    values = np.clip(np.nan_to_num(values, nan=1.0), 0.0, 255.0)
    largest = float(values[coloured].max())
    values[coloured] *= 255.0 if largest <= 1.0 else 1.0
    values[~coloured] = 255.0
    colours = np.rint(values).astype(np.uint8)
    return positions, None if bool((colours == 255).all()) else colours


def _mapped(corner_uvs: Ints, uvs: Floats, owner: Ints, maps: list[MapStatement | None]) -> tuple[Ints, Floats]:
    """Apply the scales and offsets of texture statements: a material that has them gets its own coordinates."""
    blocks = [uvs]
    for number, statement in enumerate(maps):
        if statement is not None and (statement.scale, statement.offset) != ((1.0, 1.0), (0.0, 0.0)):
            mine = (owner == number)[:, None] & (corner_uvs >= 0)
            corner_uvs = np.where(mine, corner_uvs + sum(map(len, blocks)), corner_uvs)
            blocks.append(uvs * np.array(statement.scale) + np.array(statement.offset))
    return corner_uvs, np.concatenate(blocks)
