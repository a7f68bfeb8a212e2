"""PLY (Turk 1994), ascii and binary: polygons, colours of vertices or faces, normals, texture coordinates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from objectpose.errors import ObjectPoseError
from objectpose.objects.formats.mtl import GREY
from objectpose.objects.formats.polygons import triangulate
from objectpose.objects.formats.surface import Floats, Surface
from objectpose.objects.formats.textures import Picture, plain
from objectpose.objects.mesh import Material

MOST_HEADER_BYTES = 2**16
TYPES = {
    **dict.fromkeys(("char", "int8"), "i1"), **dict.fromkeys(("uchar", "uint8"), "u1"),
    **dict.fromkeys(("short", "int16"), "i2"), **dict.fromkeys(("ushort", "uint16"), "u2"),
    **dict.fromkeys(("int", "int32"), "i4"), **dict.fromkeys(("uint", "uint32"), "u4"),
    **dict.fromkeys(("float", "float32"), "f4"), **dict.fromkeys(("double", "float64"), "f8"),
}  # fmt: skip
Values = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class _Property:
    name: str
    kind: str
    count_kind: str | None = None


@dataclass(frozen=True)
class _Element:
    name: str
    count: int
    properties: tuple[_Property, ...]


@dataclass(frozen=True)
class Header:
    """What stands before the numbers.

    Attributes:
        order: ``""`` for ascii, ``<`` or ``>``.
        elements: in the order of the file.
        textures: files that ``TextureFile`` comments name.
        size: bytes of the header.
    """

    order: str
    elements: tuple[_Element, ...]
    textures: tuple[str, ...]
    size: int

    def count(self, name: str) -> int:
        """Return how many vertices or faces the file says it has."""
        return sum(element.count for element in self.elements if element.name == name)


def read_header(data: bytes, label: str) -> Header:
    """Return the header of a PLY file, given at least its first 64 KiB.

    Raises:
        ObjectPoseError: it is none.
    """
    wrong = ObjectPoseError(f"{label} has no readable PLY header; export it again.")
    end = data.find(b"end_header", 0, MOST_HEADER_BYTES)
    if not data.startswith(b"ply") or end < 0:
        raise wrong
    size = data.find(b"\n", end) + 1 or len(data)
    order, textures = None, []
    elements: list[tuple[str, int, list[_Property]]] = []
    for line in data[:end].decode("utf-8", "replace").splitlines()[1:]:
        match line.split():
            case ["format", form, *_]:
                order = {"ascii": "", "binary_little_endian": "<", "binary_big_endian": ">"}.get(form)
            case ["comment", word, *name] if word.lower() == "texturefile" and name:
                textures.append(line.split(None, 2)[2].strip())
            case ["element", name, count] if count.isascii() and count.isdecimal() and len(count) < 16:
                elements.append((name, int(count), []))
            case ["property", "list", count_kind, kind, name] if elements and kind in TYPES and count_kind in TYPES:
                elements[-1][2].append(_Property(name, TYPES[kind], TYPES[count_kind]))
            case ["property", kind, name] if elements and kind in TYPES:
                elements[-1][2].append(_Property(name, TYPES[kind]))
            case [("element" | "property"), *_]:
                raise wrong
    if order is None:
        raise wrong
    return Header(order, tuple(_Element(n, c, tuple(p)) for n, c, p in elements), tuple(textures), size)


def read_ply(data: bytes, label: str, texture: Callable[[str], Picture | None], most: int) -> Surface:
    """Return the surface of a PLY file.

    Args:
        data: bytes of the file.
        label: what an error calls it.
        texture: returns the picture of a file name; None where it is missing and a colour shall do.
        most: triangles that are allowed.

    Raises:
        ObjectPoseError: the file is damaged, has no face, or too many.
    """
    header = read_header(data, label)
    found: dict[str, Values] = {}
    at, lines = header.size, iter(()) if header.order else iter(data[header.size :].split(b"\n"))
    for element in header.elements:
        least = sum(np.dtype(p.count_kind or p.kind).itemsize if header.order else 2 for p in element.properties)
        if element.count * max(least, 1) > len(data) - at + 1:
            raise ObjectPoseError(
                f"{label} says it has {element.count:,} {element.name} rows, more than its {len(data):,} bytes hold; "
                "export it again."
            )
        if header.order:
            found[element.name], at = _binary(data, at, element, header.order)
        else:
            found[element.name] = _ascii(lines, element)
        if {"vertex", "face"} <= set(found):
            break
    vertex, face = found.get("vertex", {}), found.get("face", {})
    key = next((k for k in ("vertex_indices", "vertex_index") if k in face), None)
    if key is None or not all(axis in vertex for axis in "xyz"):
        raise ObjectPoseError(f"{label} has no face; give a mesh with at least one triangle.")
    return _surface(vertex, face, key, label, header, texture, most)


def _binary(data: bytes, at: int, element: _Element, order: str) -> tuple[Values, int]:
    """Return the values of an element and where the next one starts; a list becomes ``name`` and ``name#`` (counts)."""
    lengths = {}
    place = at
    for p in element.properties:  # lengths of the first row: most files have only triangles, or only quadrilaterals
        if p.count_kind is not None and element.count:
            lengths[p.name] = int(np.frombuffer(data, order + p.count_kind, 1, place)[0])
            place += lengths[p.name] * np.dtype(p.kind).itemsize
        place += np.dtype(p.count_kind or p.kind).itemsize
    fields: list[Any] = []
    for p in element.properties:
        if p.count_kind is not None:
            fields.append((p.name + "#", order + p.count_kind))
        fields.append((p.name, order + p.kind, (lengths.get(p.name, 0),)) if p.count_kind else (p.name, order + p.kind))
    row = np.dtype(fields)
    if at + row.itemsize * element.count <= len(data):
        table = np.frombuffer(data, row, element.count, at)
        if all(bool((table[name + "#"] == length).all()) for name, length in lengths.items()):
            return {name: table[name].reshape(-1) for name in row.names or ()}, at + row.itemsize * element.count
    return _rows(data, at, element, order)


def _rows(data: bytes, at: int, element: _Element, order: str) -> tuple[Values, int]:
    """Read an element whose lists differ in length, row by row."""
    columns: dict[str, list[Any]] = {p.name: [] for p in element.properties}
    counts: dict[str, list[int]] = {p.name: [] for p in element.properties if p.count_kind}
    kinds = [
        (p.name, p.count_kind and np.dtype(order + p.count_kind), np.dtype(order + p.kind)) for p in element.properties
    ]
    for _ in range(element.count):
        for name, count_kind, kind in kinds:
            number = 1
            if count_kind:
                number = int(np.frombuffer(data, count_kind, 1, at)[0])
                at += count_kind.itemsize
                counts[name].append(number)
            columns[name].append(np.frombuffer(data, kind, number, at))
            at += number * kind.itemsize
    values: Values = {name: np.concatenate([np.empty(0), *parts]) for name, parts in columns.items()}
    return values | {f"{name}#": np.array(c, np.int64) for name, c in counts.items()}, at


def _ascii(lines: Iterator[bytes], element: _Element) -> Values:
    """Read an element, one row a line; what a line has beyond its properties is left out."""
    columns: dict[str, list[bytes]] = {p.name: [] for p in element.properties}
    counts: dict[str, list[int]] = {p.name: [] for p in element.properties if p.count_kind}
    for _ in range(element.count):
        words = next(lines).split()
        while not words:
            words = next(lines).split()
        at = 0
        for p in element.properties:
            number = 1
            if p.count_kind:
                number = int(words[at])
                counts[p.name].append(number)
                at += 1
            if not 0 <= number <= len(words) - at:
                raise ValueError(f"a row of {element.name} is too short")
            columns[p.name] += words[at : at + number]
            at += number
    values: Values = {}
    for p in element.properties:
        numbers = np.array([float(word) for word in columns[p.name]], np.float64)
        values[p.name] = numbers if p.kind.startswith("f") else numbers.astype(p.kind)
    return values | {f"{name}#": np.array(c, np.int64) for name, c in counts.items()}


def _stack(values: Values, names: tuple[str, ...]) -> Floats | None:
    if not all(name in values for name in names):
        return None
    return np.stack([np.asarray(values[name], np.float64) for name in names], axis=1)


def _colours(values: Values) -> NDArray[np.uint8] | None:
    names = next(
        (n for n in (("red", "green", "blue"), ("diffuse_red", "diffuse_green", "diffuse_blue")) if n[0] in values),
        None,
    )
    stacked = None if names is None else _stack(values, names)
    if names is None or stacked is None:
        return None
    kind = values[names[0]].dtype
    full = 1.0
    if kind.kind in "ui":
        full = float(np.iinfo(kind).max)
    elif stacked.max(initial=0.0) > 1.0:
        full = 255.0
    return np.rint(255.0 * np.clip(np.nan_to_num(stacked) / full, 0, 1)).astype(np.uint8)


def _surface(
    vertex: Values, face: Values, key: str, label: str, header: Header,
    texture: Callable[[str], Picture | None], most: int,
) -> Surface:  # fmt: skip
    positions = _stack(vertex, ("x", "y", "z"))
    assert positions is not None
    sizes = np.asarray(face[key + "#"], np.int64)
    flat = np.asarray(face[key], np.int64)
    if flat.min(initial=0) < 0 or flat.max(initial=-1) >= len(positions):
        raise ObjectPoseError(f"A face of {label} names a vertex outside 0..{len(positions) - 1}; export it again.")
    polygons = sizes >= 3
    if int((sizes[polygons] - 2).sum()) > most:
        raise ObjectPoseError(f"{label} has more than max_faces={most:,} triangles.")
    rows = np.arange(len(flat))[np.repeat(polygons, sizes)]
    corners, polygon = triangulate(positions[flat[rows]], sizes[polygons])
    corners, polygon = rows[corners], np.flatnonzero(polygons)[polygon]
    uvs, corner_uvs = np.empty((0, 2)), np.full_like(corners, -1)
    for names in (("s", "t"), ("u", "v"), ("texture_u", "texture_v")):
        found = _stack(vertex, names)
        if found is not None:
            uvs, corner_uvs = found, flat[corners]
    if "texcoord" in face and np.array_equal(face["texcoord#"], 2 * sizes):
        uvs, corner_uvs = np.asarray(face["texcoord"], np.float64).reshape(-1, 2), corners
    normals = _stack(vertex, ("nx", "ny", "nz"))
    colours, own = _colours(vertex), flat[corners]
    of_faces = _colours(face) if colours is None else None
    if of_faces is not None:
        positions, own, colours = (
            positions[own].reshape(-1, 3),
            np.arange(own.size).reshape(-1, 3),
            np.repeat(of_faces[polygon], 3, axis=0),
        )
    pictures = [texture(name) for name in header.textures] if len(uvs) else []
    base = 1.0 if colours is not None else GREY
    grey = Material(plain((base, base, base)))
    materials = [grey if p is None else Material(p.colour, wrap=True, alpha=p.alpha) for p in pictures] or [grey]
    number = np.asarray(face.get("texnumber", np.zeros(len(sizes))), np.int64)[polygon]
    return Surface(
        positions=positions,
        corners=own,
        materials=tuple(materials),
        face_material=np.clip(number, 0, len(materials) - 1),
        uvs=uvs,
        corner_uvs=corner_uvs,
        normals=np.empty((0, 3)) if normals is None else normals,
        corner_normals=np.full_like(corners, -1) if normals is None else flat[corners],
        colours=colours,
    )
