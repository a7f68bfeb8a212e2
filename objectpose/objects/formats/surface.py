"""What every reader returns: triangles whose corners point into positions, texture coordinates and normals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from objectpose.objects.mesh import Material

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Surface:
    """A mesh as its file has it, before winding, normals and duplicates are seen to.

    Attributes:
        positions: float64 P x 3.
        corners: int64 F x 3 into ``positions``.
        materials: at least one.
        face_material: int64 F into ``materials``.
        uvs: float64 T x 2, (0, 0) at the lower left.
        corner_uvs: int64 F x 3 into ``uvs``, -1 where the file gives none.
        normals: float64 N x 3 of any length.
        corner_normals: int64 F x 3 into ``normals``, -1 where the file gives none.
        colours: uint8 P x 3, or None.
        double_sided: whether the file says that its surfaces are seen from both sides; None where it says nothing
            that is worth more than the shape itself.
        exact: whether every material states all numbers of the shading formula and a texture.
    """

    positions: Floats
    corners: Ints
    materials: tuple[Material, ...]
    face_material: Ints
    uvs: Floats
    corner_uvs: Ints
    normals: Floats
    corner_normals: Ints
    colours: NDArray[np.uint8] | None = None
    double_sided: bool | None = None
    exact: bool = False


def nothing(count: int) -> Ints:
    """Return int64 ``count`` x 3 of -1: corners without texture coordinates or without normals."""
    return np.full((count, 3), -1, np.int64)
