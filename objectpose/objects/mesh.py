"""What a renderer draws: triangles with normals, texture coordinates and materials."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from objectpose.errors import ObjectPoseError

Factor = float | tuple[float, float, float]
"""One number for all channels, or red, green and blue."""


def rgb(factor: Factor) -> tuple[float, float, float]:
    """Return a factor as red, green and blue.

    >>> rgb(0.5)
    (0.5, 0.5, 0.5)
    """
    return factor if isinstance(factor, tuple) else (factor, factor, factor)


@dataclass(frozen=True)
class Material:
    """How a surface reflects light; the terms of the shading formula in ``rendering.scene``.

    Attributes:
        texture: uint8 H x W x 3, row 0 at the top (v = 1); the colour S of the formula.
        ambient: Ka, factor of the ambient term, 0..1.
        diffuse: Kd, factor of the Lambert term, 0..1.
        specular: Ks, factor of the highlight, 0..1.
        shininess: Ns, exponent of the highlight, >= 1.
        wrap: True where texture coordinates repeat outside [0, 1]; False clamps them to the edge.
        max_level: coarsest mip level that may be read (level k is 2^-k of the full size); an atlas sets it to
            what its gutters can bear, None means all levels.
        opacity: 1 hides what lies behind, 0 is invisible.
        alpha: uint8 H x W of the texture's size, multiplies ``opacity``; None is 255 everywhere.
    """

    texture: NDArray[np.uint8]
    ambient: Factor = 1.0
    diffuse: Factor = 1.0
    specular: Factor = 0.0
    shininess: float = 16.0
    wrap: bool = False
    max_level: int | None = None
    opacity: float = 1.0
    alpha: NDArray[np.uint8] | None = None

    @property
    def see_through(self) -> bool:
        """Whether anything behind the surface can be seen through it."""
        return self.opacity < 1.0 or (self.alpha is not None and bool((self.alpha < 255).any()))


@dataclass(frozen=True)
class Mesh:
    """A textured triangle mesh in its object frame: +y up, +z front.

    A vertex with two normals or two texture coordinates stands twice in the arrays, so that all of them share
    one index.

    Attributes:
        vertices: float64 V x 3, in any one unit of length.
        normals: float32 V x 3, unit length.
        uvs: float32 V x 2, (0, 0) at the lower left of the texture.
        faces: int32 F x 3, counter-clockwise seen from outside.
        face_material: int32 F, index into ``materials``.
        materials: at least one.
        two_sided: True draws faces seen from behind with their normal turned to the viewer; False leaves them out,
            which is right, and faster, where the mesh encloses a volume.
        metadata: free values that travel along (nothing reads them when drawing).
        colours: uint8 V x 3, multiplies the texture; None is white.
    """

    vertices: NDArray[np.float64]
    normals: NDArray[np.float32]
    uvs: NDArray[np.float32]
    faces: NDArray[np.int32]
    face_material: NDArray[np.int32]
    materials: tuple[Material, ...]
    two_sided: bool = True
    metadata: dict[str, Any] = field(default_factory=dict)
    colours: NDArray[np.uint8] | None = None

    def validate(self, name: str) -> None:
        """Raise a sentence naming ``name`` if the arrays do not fit each other or hold unusable numbers.

        Raises:
            ObjectPoseError: no face, a shape or an index out of range, a vertex, normal or texture coordinate
                that is not finite, all vertices in one point, no material.
        """
        count = len(self.vertices)
        if len(self.faces) == 0 or count == 0:
            raise ObjectPoseError(f"The mesh of {name} has no face; give a mesh with at least one triangle.")
        for label, array, width in (
            ("vertices", self.vertices, 3),
            ("normals", self.normals, 3),
            ("uvs", self.uvs, 2),
        ):
            if array.shape != (count, width):
                raise ObjectPoseError(f"The {label} of {name} have shape {array.shape}, expected ({count}, {width}).")
            if not np.isfinite(array).all():
                bad = int(np.flatnonzero(~np.isfinite(array).all(axis=1))[0])
                raise ObjectPoseError(f"The {label} of {name} are not finite at row {bad}; mend the mesh.")
        if self.faces.ndim != 2 or self.faces.shape[1] != 3:
            raise ObjectPoseError(f"The faces of {name} have shape {self.faces.shape}, expected (F, 3): triangulate.")
        if self.faces.min() < 0 or self.faces.max() >= count:
            raise ObjectPoseError(f"A face of {name} names a vertex outside 0..{count - 1}.")
        if not self.materials or self.face_material.shape != (len(self.faces),):
            raise ObjectPoseError(f"The mesh of {name} needs one material index a face and at least one material.")
        if self.face_material.min() < 0 or self.face_material.max() >= len(self.materials):
            raise ObjectPoseError(f"A face of {name} names a material outside 0..{len(self.materials) - 1}.")
        if self.colours is not None and self.colours.shape != (count, 3):
            raise ObjectPoseError(f"The colours of {name} have shape {self.colours.shape}, expected ({count}, 3).")
        for material in self.materials:
            if material.alpha is not None and material.alpha.shape != material.texture.shape[:2]:
                raise ObjectPoseError(
                    f"A material of {name} has an alpha of shape {material.alpha.shape}, expected its texture's "
                    f"{material.texture.shape[:2]}."
                )
        if float(np.ptp(self.vertices, axis=0).max()) == 0.0:
            raise ObjectPoseError(f"All vertices of {name} lie in one point; nothing could be drawn.")

    def digest(self) -> str:
        """Return the sha256 of all that a renderer reads: equal digests give equal pictures."""
        parts = [self.vertices, self.normals, self.uvs, self.faces, self.face_material]
        parts += [material.texture for material in self.materials]
        numbers = [(m.ambient, m.diffuse, m.specular, m.shininess, m.wrap, m.max_level) for m in self.materials]
        total = hashlib.sha256(repr((numbers, self.two_sided)).encode())
        if self.colours is not None:
            parts.append(self.colours)
        for number, material in enumerate(self.materials):
            if material.see_through:
                total.update(f"{number}: {material.opacity}".encode())
                parts += [material.alpha] if material.alpha is not None else []
        for part in parts:
            total.update(np.ascontiguousarray(part).tobytes())
        return total.hexdigest()

    def centred(self) -> Mesh:
        """Return the mesh with the centre of its bounding box at the origin, the centre of rotation."""
        centre = (self.vertices.min(axis=0) + self.vertices.max(axis=0)) / 2.0
        return replace(self, vertices=self.vertices - centre)

    def fitted(self) -> Mesh:
        """Return the centred mesh with a bounding sphere of radius 1, so that one framing suits every object."""
        mesh = self.centred()
        return replace(mesh, vertices=mesh.vertices / mesh.radius)

    @property
    def radius(self) -> float:
        """Radius of the bounding sphere about the origin, in the mesh's unit."""
        return float(np.sqrt((self.vertices**2).sum(axis=1).max()))
