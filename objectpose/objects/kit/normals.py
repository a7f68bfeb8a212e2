"""Vertex normals that are smooth across flat edges and sharp across creases."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
GRID = 2.0**-20
"""About a micrometre, where lengths are metres."""


def on_grid(values: ArrayLike) -> Array:
    """Return positions in metres or unit vectors, rounded so far that the last bits of a machine's arithmetic go."""
    return np.asarray(np.rint(np.asarray(values, np.float64) / GRID) * GRID + 0.0)  # no minus zero


def merged(vertices: Array, group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number the vertices so that those of one group at one place (within 1e-7 of the extent) share a number.

    Args:
        vertices: float64 V x 3.
        group: int64 V; vertices of different groups stay apart.

    Returns:
        int64 V.
    """
    low = vertices.min(axis=0)
    step = max(float(np.ptp(vertices, axis=0).max()), 1e-30) * 1e-7
    cell = np.floor((vertices - low) / step + 0.3137).astype(np.int64)
    order = np.lexsort((cell[:, 2], cell[:, 1], cell[:, 0], group))
    ordered = np.column_stack([group, cell])[order]
    number = np.concatenate([[0], np.cumsum((np.diff(ordered, axis=0) != 0).any(axis=1))])
    out = np.empty(len(vertices), np.int64)
    out[order] = number
    return out


def face_normals(vertices: Array, faces: NDArray[np.int64]) -> Array:
    """Return normals F x 3 of twice the face's area in length."""
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    return np.cross(b - a, c - a)


def corner_normals(
    vertices: Array, faces: NDArray[np.int64], group: NDArray[np.int64], crease_deg: NDArray[np.float64]
) -> Array:
    """Return a normal for each corner of each face.

    The normal of a corner is the mean over the faces around its vertex that lie within the crease angle of its own
    face, weighted by area times angle at the vertex, so that large flat faces stay flat beside narrow bevels.

    Args:
        vertices: float64 V x 3.
        faces: int64 F x 3, none of zero area.
        group: int64 V; only vertices of one group that share a place count as one.
        crease_deg: float64 F.

    Returns:
        float64 F x 3 x 3, unit length: face, corner, axis.
    """
    scaled = face_normals(vertices, faces)
    size = np.linalg.norm(scaled, axis=1, keepdims=True)
    unit = scaled / size
    corners = vertices[faces]
    ahead = np.roll(corners, -1, axis=1) - corners
    back = np.roll(corners, 1, axis=1) - corners
    cos = (ahead * back).sum(axis=2) / (np.linalg.norm(ahead, axis=2) * np.linalg.norm(back, axis=2))
    angle = np.arccos(np.clip(cos, -1.0, 1.0))
    weighted = (scaled[:, None] * angle[..., None]).reshape(-1, 3)
    key = merged(vertices, group)[faces].ravel()
    order = np.argsort(key, kind="stable")
    starts = np.concatenate([[0], np.flatnonzero(np.diff(key[order])) + 1])
    counts = np.diff(np.concatenate([starts, [len(order)]]))
    own_count = np.repeat(counts, counts)
    own = np.repeat(order, own_count)
    offset = np.arange(len(own)) - np.repeat(np.cumsum(own_count) - own_count, own_count)
    other = order[np.repeat(np.repeat(starts, counts), own_count) + offset]
    near = np.einsum("ij,ij->i", unit[own // 3], unit[other // 3]) >= np.cos(np.deg2rad(crease_deg))[own // 3] - 1e-9
    own, other = own[near], other[near]
    total = np.stack([np.bincount(own, weighted[other, k], minlength=len(key)) for k in range(3)], axis=1)
    length = np.linalg.norm(total, axis=1, keepdims=True)
    flat = np.repeat(unit, 3, axis=0)
    total = np.where(length > 1e-12 * size.max(), total / np.maximum(length, 1e-300), flat)
    return np.asarray(total.reshape(-1, 3, 3))
