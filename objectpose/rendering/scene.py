"""The scene every backend draws: camera, framing, light and the shading formula.

Camera and field of view are those of the original ObjectPose renderer: at (0, 0, 2), looking to -z, +y up, vertical
field of view 16.426 degrees. A vertex goes ``v -> R (scale v) + t`` with ``R = R_view R_object``.

Shading of a sample, with S the texture colour, n the renormalised normal turned to the viewer, L the direction to
the light (fixed in the world) and v the direction to the camera::

    clamp(ambient Ka S + diffuse max(0, n.L) Kd S + specular max(0, v.reflect(-L, n))^Ns Ks, 0, 1)

where the last term counts only where n.L > 0 (a highlight needs light), and S is the texture times the colour of the
vertices where the mesh has colours.

See-through surfaces hide nothing: of those before the nearest opaque surface the nearest ``LAYERS`` are blended, from
far to near, over that surface or the background, each with its opacity times its alpha map. Colours below an alpha map
are averaged with alpha as their weight when levels are made. A sample belongs to the silhouette where an opaque surface
or at least half of the light is stopped there. Samples lie on a regular
``supersampling`` x ``supersampling`` grid a pixel and are averaged, background included, without gamma.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from objectpose.errors import ObjectPoseError
from objectpose.objects.mesh import Mesh

CAMERA_Z = 2.0
FOV_Y_DEG = 16.426
NEAR = 0.1
FILL = 0.85
LAYERS = 4
FLAT_BACKGROUND = (124, 116, 103)
HALF_HEIGHT_PER_DEPTH = math.tan(math.radians(FOV_Y_DEG) / 2.0)
"""Half of the visible height at depth 1; the frame is square."""


@dataclass(frozen=True)
class Light:
    """One light and one level of each term for all objects of a data set.

    Attributes:
        direction: towards the light, in the world; need not be of unit length.
        ambient: factor of the ambient term, >= 0.
        diffuse: factor of the Lambert term, >= 0.
        specular: factor of the highlight, >= 0.
    """

    direction: tuple[float, float, float] = (0.3, 1.0, 1.0)
    ambient: float = 0.5
    diffuse: float = 0.6
    specular: float = 1.0


def framing_distance(radius: float) -> float:
    """Return how far from the camera an object stands so that its bounding sphere fills the frame.

    The silhouette of a sphere of radius r at distance d is a cone of half angle asin(r / d); it fills the share
    ``FILL`` = 0.85 of the frame's height when d = r / sin(atan(FILL tan(fov / 2))). So every rotation shows the whole
    object at one scale, and a centre crop of 0.875 cuts none.

    Args:
        radius: of the bounding sphere about the centre of rotation, > 0.

    >>> round(framing_distance(1.0), 3)
    8.212
    """
    return radius / math.sin(math.atan(FILL * HALF_HEIGHT_PER_DEPTH))


def flat_background(size_px: int, colour: tuple[int, int, int] = FLAT_BACKGROUND) -> NDArray[np.uint8]:
    """Return a uint8 1 x size x size x 3 background of one colour."""
    return np.broadcast_to(np.asarray(colour, np.uint8), (1, size_px, size_px, 3)).copy()


@dataclass(frozen=True)
class SceneBatch:
    """One mesh in N poses before one or N backgrounds.

    Attributes:
        mesh: what is drawn.
        rotations: float64 N x 3 x 3, ``R_view R_object`` of each picture.
        translations: float64 N x 3, in the unit of length of the mesh.
        scales: float64 N, > 0.
        backgrounds: uint8 1 x S x S x 3 or N x S x S x 3; S is the size of the pictures in pixels.
        light: direction and levels.
        supersampling: samples a pixel along each axis, >= 1.
    """

    mesh: Mesh
    rotations: NDArray[np.float64]
    translations: NDArray[np.float64]
    scales: NDArray[np.float64]
    backgrounds: NDArray[np.uint8]
    light: Light = Light()
    supersampling: int = 2

    def __post_init__(self) -> None:
        count = len(self.rotations)
        if self.rotations.shape != (count, 3, 3) or self.translations.shape != (count, 3):
            raise ObjectPoseError(
                f"A scene batch has rotations {self.rotations.shape} and translations {self.translations.shape}; "
                "expected (N, 3, 3) and (N, 3)."
            )
        shape = self.backgrounds.shape
        if len(shape) != 4 or shape[0] not in (1, count) or shape[1] != shape[2] or shape[3] != 3:
            raise ObjectPoseError(f"Backgrounds have shape {shape}; expected (1 or {count}, S, S, 3).")
        if not (np.isfinite(self.rotations).all() and np.isfinite(self.translations).all()):
            raise ObjectPoseError("A pose of a scene batch is not finite; mend the plan.")
        if self.scales.shape != (count,) or not (self.scales > 0).all():
            raise ObjectPoseError("The scales of a scene batch must be N numbers above 0.")

    @property
    def size_px(self) -> int:
        """Height and width of the pictures in pixels."""
        return int(self.backgrounds.shape[1])


@dataclass(frozen=True)
class Rendered:
    """What a backend returns.

    Attributes:
        images: uint8 N x S x S x 3.
        masks: bool N x S x S, True where at least half of a pixel's samples hit the object.
    """

    images: NDArray[np.uint8]
    masks: NDArray[np.bool_]
