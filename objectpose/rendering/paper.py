"""The framing of the original ObjectPose study, for its own meshes, whose front axes differ from object to object.

An object's largest bounding-box side spans [-1, 1], its origin stands at (x, y, z), and it is turned by
``R = Ry(yaw) Rx(pitch) Rz(roll)``, where a sweep adds its angle to one of the three: which one, and the other two,
are the numbers of the study's published list of poses (``Datasets/360posesfile.txt`` of amro-kamal/ObjectPose). The
canonical view of a sweep is its pose at angle 0, so that ``R_object`` is how far the object is turned from there.

What the list leaves open is chosen here: the pitch of the jeep (its ROLL pose with the slot of yaw and pitch
exchanged), position and light of the tank, the fields of four objects that are garbled in it, the base poses of
in-plane rotations where no angle is given (the ROLL pose). Scaling and background rotation keep the ROLL pose, so that
only scale or background differ from the baseline; the list has other base poses of five objects for them, and of the
fire engine for two axes, which are not used. ``scaling`` takes every whole depth of the list, whatever its ``count``.
The angles of a plan's rows are those that the rule adds in the study's slots; the quaternion is R_object. Which axis of
the world a sweep turns about differs from object to object, YAW included: no sweep keeps all of them upright. The light
of an object is one under all conditions, from (0.3, 1, 1), so that a condition and its baseline are lit alike; the
original lit some variants from (1, 1, 1) or at another level. The random conditions share their draws over backgrounds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from objectpose.errors import ObjectPoseError
from objectpose.objects.entry import ObjectEntry
from objectpose.objects.mesh import Mesh
from objectpose.objects.symmetry import Axis
from objectpose.rendering import rules
from objectpose.rendering.conditions import draw_poses, get_condition, seeds_of
from objectpose.rendering.framing import Placement, boxed, is_photo
from objectpose.rendering.poses import IDENTITY, Quaternion, axis_angle, conjugate, multiply, object_rotation
from objectpose.rendering.rules import Parameters, Pose, Subject, Turn
from objectpose.rendering.scene import Light

DIRECTION = (0.3, 1.0, 1.0)
DIFFUSE = 1.0
Position = tuple[float, float, float]
Angles = tuple[float, float, float]
"""Yaw, pitch and roll in units of pi."""


@dataclass(frozen=True)
class Sweep:
    """A base pose and the angle that is swept.

    Attributes:
        base: yaw, pitch and roll at angle 0, in units of pi.
        slot: the one of the three that the swept angle is added to.
        position: of the origin; None is the object's usual one.
    """

    base: Angles
    slot: Turn
    position: Position | None = None

    def rotation(self, angles_deg: Iterable[float]) -> Quaternion:
        """Return R for angles in degrees added to yaw, pitch and roll."""
        return object_rotation(*(180.0 * b + a for b, a in zip(self.base, angles_deg, strict=True)))

    def at(self, angle_deg: float) -> Quaternion:
        """Return R at a swept angle."""
        return self.rotation(rules.about(self.slot, angle_deg))


@dataclass(frozen=True)
class PaperPose:
    """What the study used for one object.

    Attributes:
        roll: the ROLL sweep, likewise ``pitch`` and ``yaw``.
        position: of the origin.
        ambient: intensity of the ambient light.
        depths: nearest and farthest z of ``scaling``.
        in_plane: base of the in-plane rotation as (axis, angle in units of pi), leftmost first; None is ROLL's.
        in_plane_sign: of the swept angle.
        second: yaw, pitch and roll sweeps before the backgrounds ``second_for``, where they differ.
    """

    roll: Sweep
    pitch: Sweep
    yaw: Sweep
    position: Position
    ambient: float
    depths: tuple[int, int]
    in_plane: tuple[tuple[Axis, float], ...] | None = None
    in_plane_sign: Literal[-1, 1] = 1
    second: tuple[Sweep, Sweep, Sweep] | None = None
    second_for: tuple[str, ...] = ("bg2",)

    def sweep(self, turn: Turn | None, background: str) -> Sweep:
        """Return the sweep about an axis; without one, ROLL's."""
        others = self.second if background in self.second_for else None
        yaw, pitch, roll = others or (self.yaw, self.pitch, self.roll)
        return {"yaw": yaw, "pitch": pitch, "roll": roll}[turn or "roll"]


def _s(yaw: float, pitch: float, roll: float, slot: Turn, position: Position | None = None) -> Sweep:
    return Sweep((yaw, pitch, roll), slot, position)


POSES: dict[str, PaperPose] = {
    "airliner": PaperPose(
        _s(1 / 10, 1 / 15, 0, "roll"), _s(1 / 10, 1 / 15, 1 / 15, "pitch"), _s(1 / 10, 0, 1 / 15, "yaw"),
        (0, 0, -7.5), 0.65, (-33, -7)),
    "barber_chair": PaperPose(
        _s(1 / 2.2, 0, 0, "pitch"), _s(1 / 2.2, 0, 0, "roll"), _s(0, 0, 0, "pitch"),
        (0, 0, -8), 0.7, (-34, -11)),
    "cannon": PaperPose(
        _s(1 / 10, 1 / 30, 0, "roll"), _s(1 / 10, 1 / 30, 0, "pitch"), _s(0, 0, -1 / 8, "yaw"),
        (0, 0, -7.5), 0.65, (-33, -11)),
    "fire_engine": PaperPose(
        _s(1 / 10, 1 / 20, 0, "roll"), _s(1 / 2.7, 0, 1 / 45, "roll"), _s(1 / 10, 1 / 20, 0, "pitch"),
        (0, 0.05, -5.5), 0.75, (-18, -7)),
    "folding_chair": PaperPose(
        _s(1 / 1.35, -1 / 30, 1 / 30, "roll"), _s(1 / 1.35, -1 / 30, 1 / 30, "pitch"),
        _s(1 / 1.35, -1 / 30, 1 / 30, "yaw"), (0, 0, -7), 0.75, (-30, -9),
        in_plane=(("x", 1 / 30), ("y", -1 / 1.35), ("y", -0.5)),
        second=(_s(1 / 1.5, -1 / 15, 1 / 15, "yaw"), _s(1 / 1.5, -1 / 15, 1 / 15, "pitch"),
                _s(1 / 1.5, -1 / 15, 1 / 15, "roll"))),
    "forklift": PaperPose(
        _s(1 / 2.5, 0, 1 / 20, "pitch"), _s(1 / 2.8, 0, 0, "roll"), _s(1 / 10, 0, 0, "pitch"),
        (0, 0, -9), 0.8, (-18, -6), in_plane_sign=-1),
    "garbage_truck": PaperPose(
        _s(1 / 10, 0, 0, "roll"), _s(1 / 10, 0, 0, "pitch"), _s(-1 / 1.5, 0, 0, "roll", (0, 0, -5.5)),
        (0, 0, -6), 1.3, (-18, -7)),
    "hammerhead": PaperPose(
        _s(-1 / 10, -1 / 10, 0, "roll"), _s(-1 / 10, -1 / 10, 0, "pitch"), _s(-1 / 10, -1 / 10, 0, "yaw"),
        (0, 0, -7), 0.7, (-34, -10)),
    "jeep": PaperPose(
        _s(1 / 3.3, 1 / 90, 0, "pitch"), _s(1 / 3.3, 1 / 90, 0, "yaw"), _s(1 / 10, 1 / 90, 0, "roll", (0, 0, -5.5)),
        (0, 0, -6.5), 1.2, (-14, -6), in_plane=(("z", -1 / 90), ("y", 1 / 3.3))),
    "mountain_bike": PaperPose(
        _s(1.1, -1 / 60, 0, "roll"), _s(1 / 1.5, 0, 0, "roll", (0, -0.2, -5.5)),
        _s(1 / 2, 1 / 60, 0, "yaw", (0, -0.1, -7)), (0, -0.2, -5), 1.0, (-19, -5),
        in_plane=(("y", 1 + 1 / 7), ("x", -1 / 60)), in_plane_sign=-1,
        second=(_s(1 / 2, 1 / 60, 0, "yaw", (0, -0.3, -7)), _s(1 / 1.5, 0, 0, "roll", (0, -0.2, -5.5)),
                _s(1.1, -1 / 60, 0, "roll"))),
    "park_bench": PaperPose(
        _s(-1 / 2, 0, -1 / 15, "pitch"), _s(-1 / 2.5, 0, 0, "roll"), _s(-1 / 2, 0, 0, "yaw", (0, -0.3, -8.5)),
        (0, -0.1, -8.5), 1.2, (-28, -9), in_plane_sign=-1),
    "rocking_chair": PaperPose(
        _s(1 / 10, 0, 0, "roll"), _s(1 / 10, 0, 0, "pitch"), _s(1 / 10, 1 / 5, 0, "yaw"),
        (0, 0, -7.5), 0.75, (-33, -10)),
    "shopping_cart": PaperPose(
        _s(1 / 3.5, 1 / 40, 1 / 30, "pitch"), _s(1 / 3.5, 1 / 40, 1 / 30, "roll"),
        _s(1 / 40, 1 / 40, 0, "roll", (0, -0.2, -9)), (0, 0, -9), 0.7, (-34, -11),
        in_plane=(("z", -1 / 40), ("y", 1 / 3.5), ("z", 1 / 25), ("x", 1 / 70)), in_plane_sign=-1),
    "table_lamp": PaperPose(
        _s(-1 / 20, -1 / 20, 0, "roll"), _s(-1 / 20, 0, 0, "pitch"), _s(0, 0, 1 / 5, "pitch"),
        (0, 0, -6), 1.0, (-22, -8)),
    "tank": PaperPose(
        _s(1 / 2, 0, 1 / 10, "pitch"), _s(1 / 2.8, 0, 0, "roll"), _s(1 / 10, 0, 0, "pitch"),
        (0, 0, -7.5), 0.8, (-15, -6), in_plane_sign=-1),
    "tractor": PaperPose(
        _s(1 / 1.5, 0, 1 / 0.97, "pitch"), _s(-1 / 1.5, 0, 1, "roll"), _s(1 / 10, 1, 0, "pitch"),
        (0, 0, -7), 1.1, (-19, -8), in_plane_sign=-1),
    "wheelbarrow": PaperPose(
        _s(0, 1 / 10, -1 / 30, "roll"), _s(0, 1 / 10, -1 / 30, "pitch"), _s(-1 / 2.2, 0, 0, "roll"),
        (0, 0, -6), 1.0, (-19, -8), in_plane=(("z", -1 / 30), ("x", 1 / 10)),
        second=(_s(-1 / 2.2, 0, 0, "roll", (0, 0, -6.5)), _s(0, 1 / 10, -1 / 30, "pitch", (0, 0, -6.5)),
                _s(0, 1 / 10, -1 / 30, "roll", (0, 0, -6.5))),
        second_for=("bg2", "flat")),
}  # fmt: skip
"""Classes of the study, under the names of the catalogue."""


class PaperFraming:
    """The original study's poses, positions and lights, for its own meshes."""

    name = "paper"

    def fit(self, mesh: Mesh) -> Mesh:
        """Return the mesh with the largest side of its bounding box from -1 to 1."""
        return boxed(mesh)

    def light(self, entry: ObjectEntry, light: Light) -> Light:
        """Return the object's light."""
        return replace(light, direction=DIRECTION, ambient=_pose_of(entry).ambient, diffuse=DIFFUSE)

    def place(
        self, entry: ObjectEntry, condition: str, parameters: Parameters, background: str, seed: int
    ) -> list[Placement]:
        """Return the study's poses: its depths for ``scaling``, Euler angles for the random conditions."""
        view = _view(entry, condition, background, None)
        subject = Subject(entry.object_id, view, is_photo(background))
        if condition in ("scaling", "scaling_rotation"):
            drawn = self._scaled(entry, condition, parameters, seed)
        else:
            drawn = draw_poses(condition, parameters, seed=seed, subject=subject)
        return [self._placed(entry, condition, background, pose) for pose in drawn]

    def canonical(self, entry: ObjectEntry) -> object:
        """Return the object's row of the table and the light."""
        return [repr(_pose_of(entry)), list(DIRECTION), DIFFUSE]

    def keeps_upright(self, condition: str) -> bool:
        """Return whether gravity holds: under no sweep, for YAW turns some of the meshes over."""
        return condition != "yaw" and get_condition(condition).gravity_holds

    def _scaled(self, entry: ObjectEntry, condition: str, parameters: Parameters, seed: int) -> list[Pose]:
        """Return a pose at every whole depth, or ``count`` Euler-uniform poses at whole depths drawn uniformly."""
        far, near = _pose_of(entry).depths
        if condition == "scaling":
            return [Pose(np.array(IDENTITY), z=float(z)) for z in range(far, near + 1)]
        poses, seed_of = [], seeds_of(condition, seed, entry.object_id)
        for i in range(parameters.count):
            rng = rules.stream(seed_of(i))
            z = float(rng.integers(far, near + 1))
            yaw, pitch, roll = (float(angle) for angle in rng.integers(0, 360, 3))
            poses.append(replace(rules.euler((yaw, pitch, roll), seed_of(i)), z=z))
        return poses

    def _placed(self, entry: ObjectEntry, condition: str, background: str, pose: Pose) -> Placement:
        table = _pose_of(entry)
        sweep = table.sweep(pose.turn, background)
        view = _view(entry, condition, background, pose.turn)
        position = sweep.position or table.position
        if pose.z is not None:
            position = (0.0, 0.0, pose.z)
        turned: Quaternion | None = None
        if pose.turn is not None:
            angles = (pose.yaw_deg or 0.0, pose.pitch_deg or 0.0, pose.roll_deg or 0.0)
            turned = sweep.at(sum(angles))
        elif condition == "two_axes":
            turned = sweep.rotation((0.0, pose.pitch_deg or 0.0, pose.roll_deg or 0.0))
        elif condition in ("three_axes", "scaling_rotation"):
            turned = object_rotation(pose.yaw_deg or 0.0, pose.pitch_deg or 0.0, pose.roll_deg or 0.0)
        elif condition == "in_plane":
            angle = table.in_plane_sign * (pose.sweep_deg or 0.0)
            turned = multiply(axis_angle("z", angle), view)
        if turned is not None:
            pose = replace(pose, rotation=multiply(conjugate(view), turned))
        return Placement(pose, view, position)


def _pose_of(entry: ObjectEntry) -> PaperPose:
    if entry.class_name not in POSES:
        raise ObjectPoseError(
            f"The framing of the paper has no pose for '{entry.class_name}', only for its {len(POSES)} classes "
            f"({', '.join(POSES)}); use dataset.framing=catalogue."
        )
    return POSES[entry.class_name]


def _product(turns: tuple[tuple[Axis, float], ...]) -> Quaternion:
    total: Quaternion = np.array(IDENTITY)
    for axis, share in turns:
        total = multiply(total, axis_angle(axis, 180.0 * share))
    return total


def _view(entry: ObjectEntry, condition: str, background: str, turn: Turn | None) -> Quaternion:
    """Return the pose at angle 0 of the sweep, or the base pose of the condition."""
    pose = _pose_of(entry)
    if condition == "in_plane" and pose.in_plane is not None:
        return _product(pose.in_plane)
    return pose.sweep(turn, background).at(0.0)
