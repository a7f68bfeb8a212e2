"""glTF 2.0, as GLB or as JSON with files beside it: node transforms, skins at rest, materials, textures, colours."""

from __future__ import annotations

import base64
import json
import struct
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import numpy as np
from numpy.typing import NDArray

from objectpose.errors import ObjectPoseError
from objectpose.objects.archive import FileTree
from objectpose.objects.formats.pbr import Look, linear_to_srgb, look_of
from objectpose.objects.formats.surface import Floats, Ints, Surface
from objectpose.objects.formats.textures import Picture, Textures
from objectpose.objects.mesh import Material

SHADING = "objectpose_shading"
"""Extra of a mesh in our own exports: Ka, Kd, Ks, Ns."""
COMPONENTS = {5120: "i1", 5121: "u1", 5122: "i2", 5123: "u2", 5125: "u4", 5126: "f4"}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}
UNREADABLE = ("KHR_draco_mesh_compression", "EXT_meshopt_compression", "KHR_texture_basisu", "KHR_gaussian_splatting")
MOST_VALUES = 2**28
Json = dict[str, Any]


def read_container(tree: FileTree, name: str) -> tuple[Json, bytes]:
    """Return the JSON of a ``.glb`` or ``.gltf`` file and the binary chunk of a GLB (empty in the other).

    Raises:
        ObjectPoseError: it is neither, or is cut off.
    """
    data, label = tree.read(name), tree.label(name)
    binary = b""
    if data[:4] == b"glTF":
        version, length = struct.unpack_from("<II", data, 4) if len(data) >= 12 else (0, 0)
        if version != 2 or length > len(data):
            raise ObjectPoseError(
                f"{label} is glTF version {version} of {length:,} bytes in {len(data):,}, expected version 2 and "
                "a whole file; export it again."
            )
        at = 12
        chunks: dict[bytes, bytes] = {}
        while at + 8 <= length:
            size, kind = struct.unpack_from("<I4s", data, at)
            chunks.setdefault(kind, data[at + 8 : at + 8 + size])
            at += 8 + size
        data, binary = chunks.get(b"JSON", b""), chunks.get(b"BIN\0", b"")
    try:
        root = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ObjectPoseError(f"{label} cannot be read as glTF ({error}); export it again.") from None
    if not isinstance(root, dict):
        raise ObjectPoseError(f"{label} cannot be read as glTF (it holds no object); export it again.")
    version = str(root.get("asset", {}).get("version", "missing"))
    if not version.startswith("2"):
        raise ObjectPoseError(f"{label} says its glTF version is {version}, expected 2.0; export it again.")
    needed = [word for word in root.get("extensionsRequired", []) if word in UNREADABLE]
    if needed:
        raise ObjectPoseError(f"{label} needs {needed[0]}, which is not read here; export it without compression.")
    return root, binary


def side_files(root: Json) -> tuple[list[str], list[str]]:
    """Return what a glTF file refers to: its buffers, its pictures."""
    both = []
    for key in ("buffers", "images"):
        uris = [entry.get("uri") for entry in root.get(key, [])]
        both.append([unquote(uri) for uri in uris if isinstance(uri, str) and not uri.startswith("data:")])
    return both[0], both[1]


def count_triangles(root: Json) -> int:
    """Return how many triangles the nodes of a file draw, from its header alone."""
    per_mesh = []
    for mesh in root.get("meshes", []):
        total = 0
        for primitive in mesh["primitives"]:
            accessor = primitive.get("indices", primitive["attributes"].get("POSITION"))
            count = 0 if accessor is None else int(root["accessors"][accessor]["count"])
            mode = primitive.get("mode", 4)
            total += count // 3 if mode == 4 else max(count - 2, 0) if mode in (5, 6) else 0
        per_mesh.append(total)
    return sum(per_mesh[node["mesh"]] for node in root.get("nodes", []) if "mesh" in node)


class _File:
    """A glTF file with its buffers."""

    def __init__(self, tree: FileTree, name: str, textures: Textures) -> None:
        self.root, binary = read_container(tree, name)
        self.label, self.textures = tree.label(name), textures
        self.buffers = []
        for buffer in self.root.get("buffers", []):
            uri = buffer.get("uri")
            self.buffers.append(binary if uri is None else self._bytes(tree, name, uri))
        self._looks: dict[Any, Look] = {}

    def _bytes(self, tree: FileTree, name: str, uri: str) -> bytes:
        if uri.startswith("data:"):
            return base64.b64decode(uri.partition(",")[2])
        found = tree.find(unquote(uri), name)
        if found is None:
            raise ObjectPoseError(f"{self.label} needs the file '{unquote(uri)}', which is not there; add it.")
        return tree.read(found)

    def view(self, number: int) -> tuple[bytes, Json]:
        """Return the bytes of a buffer view and its entry."""
        entry = self.root["bufferViews"][number]
        start = entry.get("byteOffset", 0)
        data = self.buffers[entry["buffer"]][start : start + entry["byteLength"]]
        if start < 0 or len(data) < entry["byteLength"]:
            raise ObjectPoseError(f"{self.label} is cut off: a buffer is shorter than it says; export it again.")
        return data, entry

    def accessor(self, number: int) -> Floats:
        """Return the values of an accessor, float64 N x width, integers normalised where it says so."""
        entry = self.root["accessors"][number]
        kind, width, count = np.dtype("<" + COMPONENTS[entry["componentType"]]), WIDTHS[entry["type"]], entry["count"]
        if not 0 <= count * width <= MOST_VALUES:
            raise ObjectPoseError(f"{self.label} says it has {count:,} values in one list; export it again.")
        values = np.zeros((count, width), kind)
        if "bufferView" in entry:
            values = self._strided(entry["bufferView"], entry.get("byteOffset", 0), kind, count, width)
        if "sparse" in entry:
            sparse, some = entry["sparse"], entry["sparse"]["count"]
            where = sparse["indices"]
            index_kind = np.dtype("<" + COMPONENTS[where["componentType"]])
            rows = self._strided(where["bufferView"], where.get("byteOffset", 0), index_kind, some, 1).ravel()
            changed = sparse["values"]
            values = values.copy()
            values[rows] = self._strided(changed["bufferView"], changed.get("byteOffset", 0), kind, some, width)
        result = values.astype(np.float64)
        if entry.get("normalized", False) and kind.kind in "iu":
            result = np.maximum(result / float(np.iinfo(kind).max), -1.0)
        return result

    def _strided(self, view: int, offset: int, kind: np.dtype[Any], count: int, width: int) -> NDArray[Any]:
        data, entry = self.view(view)
        step = entry.get("byteStride", 0) or kind.itemsize * width
        return np.ndarray((count, width), kind, data, offset, (step, kind.itemsize))

    def picture(self, texture: int) -> Picture | None:
        """Return the picture of a texture."""
        entry = self.root["textures"][texture]
        webp = entry.get("extensions", {}).get("EXT_texture_webp", {})
        source = entry.get("source", webp.get("source"))
        if source is None:
            raise ObjectPoseError(f"{self.label} has a texture in a form that is not read here; save it as PNG.")
        image = self.root["images"][source]
        uri = image.get("uri")
        if uri is None:
            return self.textures.embedded(f"picture {source}", self.view(image["bufferView"])[0])
        if uri.startswith("data:"):
            return self.textures.embedded(f"picture {source}", base64.b64decode(uri.partition(",")[2]))
        return self.textures.named(unquote(uri))

    def look(self, primitive: Json, extras: Any) -> tuple[Any, Look]:
        """Return a key and the look of a primitive; equal keys, equal looks."""
        number = primitive.get("material")
        shading = extras.get(SHADING) if isinstance(extras, dict) else None
        level = extras.get("max_level") if shading is not None else None
        key = (number, repr(shading), level)
        if key not in self._looks:
            look = look_of({} if number is None else self.root["materials"][number], self.root, self.picture)
            if shading is not None:
                ka, kd, ks, ns = (tuple(map(float, v)) if isinstance(v, list) else float(v) for v in shading)
                exact: dict[str, Any] = {"ambient": ka, "diffuse": kd, "specular": ks, "shininess": ns}
                look = replace(look, material=replace(look.material, max_level=level, **exact))
            self._looks[key] = look
        return key, self._looks[key]

    def placed(self) -> list[tuple[Json, Floats]]:
        """Return each node of the scene with its transform, float64 4 x 4 for columns."""
        nodes = self.root.get("nodes", [])
        scenes = self.root.get("scenes", [])
        if scenes:
            roots = scenes[self.root.get("scene", 0)].get("nodes", [])
        else:
            roots = sorted(set(range(len(nodes))) - {c for node in nodes for c in node.get("children", [])})
        result, seen = {}, set()
        waiting = [(number, np.eye(4)) for number in reversed(roots)]
        while waiting:
            number, above = waiting.pop()
            if number in seen:
                raise ObjectPoseError(f"{self.label} has a node with two parents; export it again.")
            seen.add(number)
            node = nodes[number]
            matrix = np.asarray(_times(above, _local(node)))
            result[number] = (node, matrix)
            waiting += [(child, matrix) for child in reversed(node.get("children", []))]
        self.globals = {number: matrix for number, (_, matrix) in result.items()}
        return list(result.values())


def _times(a: Floats, b: Floats) -> Floats:
    """Multiply matrices with sums in one order, whatever library numpy uses for ``@``."""
    return np.asarray((a[..., :, :, None] * b[..., None, :, :]).sum(axis=-2))


def _local(node: Json) -> Floats:
    if "matrix" in node:
        return np.array(node["matrix"], np.float64).reshape(4, 4).T
    x, y, z, w = np.array(node.get("rotation", (0, 0, 0, 1)), np.float64) / max(
        float(np.sqrt((np.array(node.get("rotation", (0, 0, 0, 1)), np.float64) ** 2).sum())), 1e-300
    )
    turn = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    result = np.eye(4)
    result[:3, :3] = turn * np.array(node.get("scale", (1, 1, 1)), np.float64)
    result[:3, 3] = node.get("translation", (0, 0, 0))
    return result


def read_gltf(tree: FileTree, name: str, textures: Textures) -> Surface:
    """Return the surface of a glTF file: every triangle of its scene, in the scene's frame.

    Vertex colours and base colours are taken from linear light to sRGB; morph targets are left at rest.

    Args:
        tree: where the file lies.
        name: of the file.
        textures: the pictures that it refers to.

    Raises:
        ObjectPoseError: the file is damaged, needs an extension that is not read here or a file that is not there.
    """
    file = _File(tree, name, textures)
    parts: list[dict[str, Any]] = []
    keys: dict[Any, int] = {}
    materials: list[Material] = []
    ours = []
    for node, matrix in file.placed():
        if "mesh" not in node:
            continue
        mesh = file.root["meshes"][node["mesh"]]
        for primitive in mesh["primitives"]:
            if primitive.get("mode", 4) not in (4, 5, 6) or "POSITION" not in primitive["attributes"]:
                continue
            key, look = file.look(primitive, mesh.get("extras"))
            if key not in keys:
                keys[key] = len(materials)
                materials.append(look.material)
            ours.append(
                file.root["materials"][primitive["material"]].get("doubleSided", False) if key[1] != "None" else None
            )
            parts.append(_part(file, node, primitive, matrix, look) | {"material": keys[key]})
    if not parts:
        raise ObjectPoseError(f"{file.label} has no face; give a mesh with at least one triangle.")
    return _joined(parts, tuple(materials), None if None in ours else any(ours))


def _part(file: _File, node: Json, primitive: Json, matrix: Floats, look: Look) -> dict[str, Any]:
    """Return positions, normals, uvs, colours (rows a vertex, None where there are none) and faces of a primitive."""
    attributes = primitive["attributes"]
    positions = file.accessor(attributes["POSITION"])
    count = len(positions)
    normals = file.accessor(attributes["NORMAL"]) if "NORMAL" in attributes else None
    order = np.arange(count)
    if "indices" in primitive:
        order = file.accessor(primitive["indices"]).ravel().astype(np.int64)
        if order.min(initial=0) < 0 or order.max(initial=-1) >= count:
            raise ObjectPoseError(f"A face of {file.label} names a vertex outside 0..{count - 1}; export it again.")
    faces = _faces(order, primitive.get("mode", 4))
    if "skin" in node and "JOINTS_0" in attributes and "WEIGHTS_0" in attributes:
        skin = file.root["skins"][node["skin"]]
        bones = np.stack([file.globals.get(joint, np.eye(4)) for joint in skin["joints"]])
        if "inverseBindMatrices" in skin:
            inverse = file.accessor(skin["inverseBindMatrices"]).reshape(-1, 4, 4).swapaxes(1, 2)
            bones = _times(bones, inverse[: len(bones)])
        weights = file.accessor(attributes["WEIGHTS_0"])
        weights = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-12)
        joints = file.accessor(attributes["JOINTS_0"]).astype(np.int64)
        matrices = sum(weights[:, k, None, None] * bones[joints[:, k]] for k in range(4))
    else:
        matrices = np.broadcast_to(matrix, (count, 4, 4))
    turn = np.asarray(matrices)[:, :3, :3]
    moved = (turn * positions[:, None, :]).sum(axis=2) + np.asarray(matrices)[:, :3, 3]
    rows = [turn[:, k] for k in range(3)]
    cofactors = np.stack([np.cross(rows[1], rows[2]), np.cross(rows[2], rows[0]), np.cross(rows[0], rows[1])], axis=1)
    mirrored = (rows[0] * cofactors[:, 0]).sum(axis=1) < 0
    if normals is not None:
        normals = (cofactors * normals[:, None, :]).sum(axis=2) * np.where(mirrored, -1.0, 1.0)[:, None]
    if len(faces):
        faces = np.where(mirrored[faces[:, :1]], faces[:, ::-1], faces)
    uvs, colours = None, None
    if f"TEXCOORD_{look.uv_set}" in attributes:
        uv = file.accessor(attributes[f"TEXCOORD_{look.uv_set}"])
        uv = (look.uv_matrix[:, :2] * uv[:, None, :2]).sum(axis=2) + look.uv_matrix[:, 2]
        uvs = np.stack([uv[:, 0], 1.0 - uv[:, 1]], axis=1)
        uvs = uvs * look.uv_scale if look.uv_scale != 1.0 else uvs
    if "COLOR_0" in attributes:
        light = np.clip(np.nan_to_num(file.accessor(attributes["COLOR_0"])[:, :3]), 0, 1)
        colours = np.rint(255.0 * linear_to_srgb(light)).astype(np.uint8)
    return {"positions": moved, "normals": normals, "uvs": uvs, "colours": colours, "faces": faces}


def _faces(order: Ints, mode: int) -> Ints:
    if mode == 4:
        return order[: len(order) // 3 * 3].reshape(-1, 3)
    if len(order) < 3:
        return np.empty((0, 3), np.int64)
    if mode == 6:
        return np.stack([np.full(len(order) - 2, order[0]), order[1:-1], order[2:]], axis=1)
    faces = np.stack([order[:-2], order[1:-1], order[2:]], axis=1)
    faces[1::2] = faces[1::2][:, [1, 0, 2]]
    return faces


def _joined(parts: list[dict[str, Any]], materials: tuple[Material, ...], double_sided: bool | None) -> Surface:
    """Return one surface; a vertex carries all its attributes under one number."""
    counts = [len(part["positions"]) for part in parts]
    starts = np.cumsum([0, *counts[:-1]]).tolist()

    def stacked(key: str, width: int) -> Floats:
        return np.concatenate(
            [np.zeros((n, width)) if p[key] is None else p[key] for p, n in zip(parts, counts, strict=True)]
        )

    def corners(key: str) -> Ints:
        rows = [
            p["faces"] + s if p[key] is not None else np.full_like(p["faces"], -1)
            for p, s in zip(parts, starts, strict=True)
        ]
        return np.concatenate(rows)

    coloured = [
        np.full((n, 3), 255, np.uint8) if p["colours"] is None else p["colours"]
        for p, n in zip(parts, counts, strict=True)
    ]
    colours = np.concatenate(coloured)
    return Surface(
        positions=stacked("positions", 3),
        corners=corners("positions"),
        materials=materials,
        face_material=np.repeat([part["material"] for part in parts], [len(part["faces"]) for part in parts]),
        uvs=stacked("uvs", 2),
        corner_uvs=corners("uvs"),
        normals=stacked("normals", 3),
        corner_normals=corners("normals"),
        colours=None if bool((colours == 255).all()) else colours,
        double_sided=double_sided,
        exact=double_sided is not None,
    )
