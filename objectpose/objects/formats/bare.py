"""Formats without materials, read by trimesh: STL (binary and ascii) and OFF."""

from __future__ import annotations

import io

import numpy as np

from objectpose.objects.formats.mtl import GREY
from objectpose.objects.formats.surface import Surface, nothing
from objectpose.objects.formats.textures import plain
from objectpose.objects.mesh import Material


def read_bare(data: bytes, kind: str) -> Surface:
    """Return the grey surface of an STL or OFF file; normals in the file are not used.

    Args:
        data: bytes of the file.
        kind: ``stl`` or ``off``.
    """
    import trimesh

    mesh = trimesh.load_mesh(io.BytesIO(data), file_type=kind, process=False)
    faces = np.asarray(mesh.faces, np.int64).reshape(-1, 3)
    return Surface(
        positions=np.asarray(mesh.vertices, np.float64).reshape(-1, 3),
        corners=faces,
        materials=(Material(plain((GREY, GREY, GREY))),),
        face_material=np.zeros(len(faces), np.int64),
        uvs=np.empty((0, 2)),
        corner_uvs=nothing(len(faces)),
        normals=np.empty((0, 3)),
        corner_normals=nothing(len(faces)),
    )
