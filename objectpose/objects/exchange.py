"""Objects for other programs: GLB and OBJ with MTL and PNG, in metres, +y up, +z the front, one texture an object.

Both carry what their format does not know (the four numbers of the shading formula, the coarsest mip level that the
gutters of the texture bear), so that reading them back gives the same picture. They are written here because the
exporters at hand write the shared texture once a material.
"""

from __future__ import annotations

import io
import json
import math
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from objectpose.errors import ObjectPoseError
from objectpose.files import publish
from objectpose.objects.entry import ObjectEntry
from objectpose.objects.formats.gltf import SHADING
from objectpose.objects.formats.mtl import LEVEL_COMMENT
from objectpose.objects.loading import LoadOptions, load_mesh
from objectpose.objects.mesh import Factor, Material, Mesh, rgb

GLTF_FLOAT, GLTF_UINT, GLTF_VERTICES, GLTF_INDICES = 5126, 5125, 34962, 34963
GLTF_LINEAR_MIPMAP, GLTF_LINEAR, GLTF_REPEAT, GLTF_CLAMP = 9987, 9729, 10497, 33071


def export(mesh: Mesh, folder: Path, name: str) -> tuple[Path, ...]:
    """Write ``name.glb`` and ``name.obj`` with ``name.mtl`` and ``name.png`` into a folder.

    Args:
        mesh: whose materials share one texture.
        folder: made if it is not there; files of these names are replaced.
        name: of the files, without ending.

    Returns:
        The four paths.

    Raises:
        ObjectPoseError: the materials have different textures, or the mesh has vertex colours or transparency.
    """
    texture = mesh.materials[0].texture
    if any(not np.array_equal(material.texture, texture) for material in mesh.materials[1:]):
        raise ObjectPoseError(f"The materials of {name} have different textures, expected one atlas; bake them first.")
    if mesh.colours is not None or any(material.see_through for material in mesh.materials):
        raise ObjectPoseError(
            f"{name} has vertex colours or is transparent, which exports do not carry; bake an atlas."
        )
    stream = io.BytesIO()
    Image.fromarray(texture).save(stream, "PNG")
    obj, mtl = _obj(mesh, name)
    contents = {
        f"{name}.glb": _glb(mesh, stream.getvalue(), name),
        f"{name}.obj": obj.encode(),
        f"{name}.mtl": mtl.encode(),
        f"{name}.png": stream.getvalue(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in contents.items():
        temporary = folder / f".{file}.writing"
        temporary.write_bytes(content)
        publish(temporary, folder / file)
    return tuple(folder / file for file in contents)


def write_labels(entries: Iterable[ObjectEntry], folder: Path) -> Path:
    """Write ``labels.csv`` for exported objects, so that they read back with the same names and canonical views.

    Args:
        entries: of the catalogue; the mesh of ``tank/0`` is ``tank.0.glb``.
        folder: of the exports.
    """
    lines = ["mesh,label,object,azimuth_deg,elevation_deg"]
    lines += [
        f"{e.object_id.replace('/', '.')}.glb,{e.class_name},{e.object_id},{e.azimuth_deg:g},{e.elevation_deg:g}"
        for e in entries
    ]
    temporary, path = folder / ".labels.csv.writing", folder / "labels.csv"
    temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
    publish(temporary, path)
    return path


def _shading(material: Material) -> list[Factor]:
    return [material.ambient, material.diffuse, material.specular, material.shininess]


def _parts(mesh: Mesh) -> list[tuple[int, NDArray[np.int64], NDArray[np.int64]]]:
    """Return (material, vertices it uses V, faces F x 3 into those) for each material that has a face."""
    parts = []
    for number in range(len(mesh.materials)):
        faces = mesh.faces[mesh.face_material == number]
        if len(faces):
            used, inverse = np.unique(faces, return_inverse=True)
            parts.append((number, used.astype(np.int64), inverse.reshape(-1, 3).astype(np.int64)))
    return parts


def _obj(mesh: Mesh, name: str) -> tuple[str, str]:
    """Return the texts of the OBJ and of the MTL file."""
    lines = [f"mtllib {name}.mtl", f"o {name}"]
    lines += ["v {:.7f} {:.7f} {:.7f}".format(*v) for v in mesh.vertices.tolist()]
    lines += ["vt {:.7f} {:.7f}".format(*v) for v in mesh.uvs.tolist()]
    lines += ["vn {:.6f} {:.6f} {:.6f}".format(*v) for v in mesh.normals.tolist()]
    level = mesh.materials[0].max_level
    library = [f"{LEVEL_COMMENT}{'none' if level is None else level}", ""]
    for number, material in enumerate(mesh.materials):
        faces = (mesh.faces[mesh.face_material == number] + 1).tolist()
        if faces:
            lines.append(f"usemtl {name}-{number}")
            lines += ["f {0}/{0}/{0} {1}/{1}/{1} {2}/{2}/{2}".format(*face) for face in faces]
            library.append(f"newmtl {name}-{number}")
            for key, factor in (("Ka", material.ambient), ("Kd", material.diffuse), ("Ks", material.specular)):
                library.append("{} {:.6g} {:.6g} {:.6g}".format(key, *rgb(factor)))
            library += [f"Ns {material.shininess:.6g}", "illum 2", f"map_Ka {name}.png", f"map_Kd {name}.png", ""]
    return "\n".join(lines) + "\n", "\n".join(library)


def _glb(mesh: Mesh, png: bytes, name: str) -> bytes:
    """Return a binary glTF 2.0 file: one node, one mesh a material, one embedded texture.

    The roughness is the one of the GGX lobe as wide as the highlight, sqrt(sqrt(2 / (Ns + 2))) (Walter et al. 2007).
    """
    blobs: list[bytes] = []
    views: list[dict[str, Any]] = []
    accessors: list[dict[str, Any]] = []

    def view(data: bytes, **fields: int) -> int:
        views.append({"buffer": 0, "byteOffset": sum(map(len, blobs)), "byteLength": len(data), **fields})
        blobs.append(data + b"\0" * (-len(data) % 4))
        return len(views) - 1

    def accessor(values: NDArray[Any], kind: str, component: int, target: int, **fields: Any) -> int:
        where = view(np.ascontiguousarray(values).tobytes(), target=target)
        accessors.append({"bufferView": where, "componentType": component, "count": len(values), "type": kind} | fields)
        return len(accessors) - 1

    meshes = []
    for number, used, faces in _parts(mesh):
        place = mesh.vertices[used].astype("<f4")
        limits = {"min": place.min(axis=0).tolist(), "max": place.max(axis=0).tolist()}
        uv = np.column_stack([mesh.uvs[used, 0], 1.0 - mesh.uvs[used, 1]]).astype("<f4")
        attributes = {
            "POSITION": accessor(place, "VEC3", GLTF_FLOAT, GLTF_VERTICES, **limits),
            "NORMAL": accessor(mesh.normals[used].astype("<f4"), "VEC3", GLTF_FLOAT, GLTF_VERTICES),
            "TEXCOORD_0": accessor(uv, "VEC2", GLTF_FLOAT, GLTF_VERTICES),
        }
        indices = accessor(faces.astype("<u4").ravel(), "SCALAR", GLTF_UINT, GLTF_INDICES)
        primitive = {"attributes": attributes, "indices": indices, "material": number, "mode": 4}
        extras = {SHADING: _shading(mesh.materials[number]), "max_level": mesh.materials[number].max_level}
        meshes.append({"name": f"{name}-{number}", "primitives": [primitive], "extras": extras})
    wrap = GLTF_REPEAT if mesh.materials[0].wrap else GLTF_CLAMP
    materials = [
        {
            "name": f"{name}-{number}",
            "doubleSided": mesh.two_sided,
            "pbrMetallicRoughness": {
                "baseColorTexture": {"index": 0},
                "metallicFactor": 0.0,
                "roughnessFactor": math.sqrt(math.sqrt(2.0 / (material.shininess + 2.0))),
            },
        }
        for number, material in enumerate(mesh.materials)
    ]
    image = view(png)
    header = {
        "asset": {"version": "2.0", "generator": "objectpose"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [
            {"name": name, "children": list(range(1, len(meshes) + 1))},
            *({"name": part["name"], "mesh": number} for number, part in enumerate(meshes)),
        ],
        "meshes": meshes,
        "materials": materials,
        "textures": [{"source": 0, "sampler": 0}],
        "samplers": [{"magFilter": GLTF_LINEAR, "minFilter": GLTF_LINEAR_MIPMAP, "wrapS": wrap, "wrapT": wrap}],
        "images": [{"mimeType": "image/png", "bufferView": image}],
        "accessors": accessors,
        "bufferViews": views,
        "buffers": [{"byteLength": sum(map(len, blobs))}],
    }
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    binary = b"".join(blobs)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(binary), b"BIN\0") + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def read_export(path: Path) -> Mesh:
    """Return the mesh of a GLB or OBJ file that :func:`export` wrote.

    Raises:
        ObjectPoseError: the file cannot be read, or lacks textures or the numbers of the shading formula.
    """
    mesh = load_mesh(path, LoadOptions(original_shading=True))
    if not mesh.metadata["exact_shading"]:
        raise ObjectPoseError(f"{path} is not an export of ObjectPose (it lacks a texture or the shading's numbers).")
    return mesh
