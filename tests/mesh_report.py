"""Measures of meshes, printed as JSON by a process of its own: ``python -m tests.mesh_report tank/0 tank/1``."""

from __future__ import annotations

import json
import sys

import numpy as np

from objectpose.objects.catalogue import build
from objectpose.objects.kit.normals import merged
from objectpose.objects.mesh import Mesh


def unpaired_edges(mesh: Mesh) -> int:
    """Return how many directed edges lack an equal number of opposite ones, vertices merged by place.

    Where each solid is closed and wound one way, every edge is walked as often in one direction as in the other, also
    where solids touch.
    """
    place = merged(mesh.vertices, np.zeros(len(mesh.vertices), np.int64))[mesh.faces].astype(np.int64)
    start, end = place.ravel(), np.roll(place, -1, axis=1).ravel()
    sign = np.sign(end - start)
    key = np.minimum(start, end) * (place.max() + 1) + np.maximum(start, end)
    _, inverse = np.unique(key, return_inverse=True)
    return int((np.bincount(inverse, sign) != 0).sum())


def report(mesh: Mesh) -> dict[str, object]:
    """Return what the tests look at."""
    corners = mesh.vertices[mesh.faces]
    flat = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    areas = np.linalg.norm(flat, axis=1) / 2
    agree = np.einsum("fc,fc->f", flat, mesh.normals[mesh.faces].mean(axis=1).astype(np.float64)) > 0
    return {
        "digest": mesh.digest(),
        "faces": len(mesh.faces),
        "smallest_area": float(areas.min()),
        "normal_length_error": float(np.abs(np.linalg.norm(mesh.normals, axis=1) - 1).max()),
        "uv_min": float(mesh.uvs.min()),
        "uv_max": float(mesh.uvs.max()),
        "size_m": float(np.ptp(mesh.vertices, axis=0).max()),
        "extents": [round(float(v), 6) for v in np.ptp(mesh.vertices, axis=0)],
        "off_centre": float(np.abs(mesh.vertices.min(axis=0) + mesh.vertices.max(axis=0)).max()),
        "area_with_agreeing_normals": float(areas[agree].sum() / areas.sum()),
        "two_sided": mesh.two_sided,
        "volume": float(np.einsum("fc,fc->f", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6),
        "unpaired_edges": unpaired_edges(mesh),
    }


if __name__ == "__main__":
    print(json.dumps({object_id: report(build(object_id)) for object_id in sys.argv[1:]}))
