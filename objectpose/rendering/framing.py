"""Framing: where an object stands before the camera, how it is seen upright, and how it is lit.

``catalogue`` is the framing of the package's own objects and of own meshes: the class's canonical view, and a bounding
sphere that fills 85 % of the frame's height in every pose. ``paper`` is the original ObjectPose study's, for its own
meshes (see ``rendering.paper``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from objectpose.objects.entry import ObjectEntry
from objectpose.objects.mesh import Mesh
from objectpose.rendering.conditions import draw_poses, get_condition
from objectpose.rendering.poses import Quaternion, view_rotation
from objectpose.rendering.rules import Parameters, Pose, Subject
from objectpose.rendering.scene import CAMERA_Z, Light, framing_distance


@dataclass(frozen=True)
class Placement:
    """Where an object stands.

    Attributes:
        pose: R_object relative to ``view``, scale and what is done with the picture.
        view: R_view, a unit quaternion of shape (4,).
        translation: x, y, z of the object's origin; the unit of length is that of the fitted mesh.
    """

    pose: Pose
    view: Quaternion
    translation: tuple[float, float, float]


class Framing(Protocol):
    """How objects are fitted, seen and lit."""

    name: str

    def fit(self, mesh: Mesh) -> Mesh:
        """Return the mesh at the size that the translations are meant for."""

    def light(self, entry: ObjectEntry, light: Light) -> Light:
        """Return the light on an object, given the data set's."""

    def place(
        self, entry: ObjectEntry, condition: str, parameters: Parameters, background: str, seed: int
    ) -> list[Placement]:
        """Return the poses of an object before a background, in the order of the plan."""

    def canonical(self, entry: ObjectEntry) -> object:
        """Return what of an object's row determines its pictures, for the hash of a data set."""

    def keeps_upright(self, condition: str) -> bool:
        """Return whether gravity still holds under a condition."""


def is_photo(background: str) -> bool:
    """Return whether a background is a picture, so that turning it shows."""
    return background != "flat"


class CatalogueFraming:
    """The bounding sphere has radius 1 and fills the frame; the same light falls on all objects."""

    name = "catalogue"

    def fit(self, mesh: Mesh) -> Mesh:
        """Return the mesh with a bounding sphere of radius 1."""
        return mesh.fitted()

    def light(self, entry: ObjectEntry, light: Light) -> Light:
        """Return the data set's light."""
        return light

    def place(
        self, entry: ObjectEntry, condition: str, parameters: Parameters, background: str, seed: int
    ) -> list[Placement]:
        """Return the condition's poses, all at the distance at which the sphere fills the frame."""
        view = view_rotation(entry.azimuth_deg, entry.elevation_deg)
        subject = Subject(entry.object_id, view, is_photo(background))
        where = (0.0, 0.0, CAMERA_Z - framing_distance(1.0))
        return [Placement(pose, view, where) for pose in draw_poses(condition, parameters, seed=seed, subject=subject)]

    def canonical(self, entry: ObjectEntry) -> object:
        """Return the angles of the view."""
        return [entry.azimuth_deg, entry.elevation_deg]

    def keeps_upright(self, condition: str) -> bool:
        """Return whether gravity holds under the condition."""
        return get_condition(condition).gravity_holds


def boxed(mesh: Mesh) -> Mesh:
    """Return the centred mesh with the largest side of its bounding box from -1 to 1."""
    mesh = mesh.centred()
    return replace(mesh, vertices=mesh.vertices * (2.0 / float(np.ptp(mesh.vertices, axis=0).max())))
