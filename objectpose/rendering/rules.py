"""The rules behind the conditions: pure functions from parameters, object, background and seeds to poses.

Upright is R_object within +-10 degrees about each of the three axes, one axis at a time. Conditions that change
something besides the pose draw it from the upright grid or keep the straight pose, so that nothing else differs.
All backgrounds share an object's poses: they differ in the background alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from objectpose.rendering.poses import (
    IDENTITY,
    Quaternion,
    axis_angle,
    conjugate,
    haar_rotation,
    multiply,
    object_rotation,
    random_axis,
)

UPRIGHT_RANGE_DEG = 10.0
GRID_STEP_DEG = 36.0
CLEAR_DEG = 45.0
"""Object and background of ``incongruent`` are turned at least this far apart."""
Turn = Literal["yaw", "pitch", "roll"]
TURNS: tuple[Turn, ...] = ("yaw", "pitch", "roll")


@dataclass(frozen=True)
class Pose:
    """A pose of an object relative to its canonical upright view, and what is done with the picture around it.

    Attributes:
        rotation: R_object as a unit quaternion, shape (4,), scalar first.
        yaw_deg: of R_object; None where the rule has none. Likewise ``pitch_deg`` and ``roll_deg``.
        sweep_deg: the swept angle in [0, 360), or None.
        scale: 1 is the reference framing.
        seed: of this row's stream of random numbers.
        turn: the axis that is swept, or None.
        image_rotation_deg: the finished picture is turned by this, counter-clockwise.
        background_rotation_deg: the background is turned by this, counter-clockwise.
        z: depth of the object's origin where the framing of the paper sets one, else None.
    """

    rotation: Quaternion
    yaw_deg: float | None = None
    pitch_deg: float | None = None
    roll_deg: float | None = None
    sweep_deg: float | None = None
    scale: float = 1.0
    seed: int = 0
    turn: Turn | None = None
    image_rotation_deg: float = 0.0
    background_rotation_deg: float = 0.0
    z: float | None = None


@dataclass(frozen=True)
class Parameters:
    """What a user may set of a condition; a condition that does not use a field refuses it.

    Attributes:
        count: poses an object and a background; for ``upright`` 0 takes the whole grid, fewer are the straight pose
            and a random choice of the others.
        step_deg: distance of neighbouring poses of a grid; for ``upright`` a divisor of 10 degrees, for ``two_axes``
            of 360.
        scale_min: smallest scale, > 0.
        scale_max: largest scale.
        per_axis: 1 counts the straight pose once an axis, as the original does, 0 once.
    """

    count: int = 0
    step_deg: float = 2.0
    scale_min: float = 0.2
    scale_max: float = 1.0
    per_axis: int = 0


@dataclass(frozen=True)
class Subject:
    """What a rule may know of the object and the background in question.

    Attributes:
        object_id: for example ``tank/0``.
        view: R_view, a unit quaternion of shape (4,).
        photo: whether the background is a picture, so that turning it shows.
    """

    object_id: str
    view: Quaternion
    photo: bool = False


Seeds = Callable[[int], int]
Rule = Callable[[Parameters, Subject, Seeds], list[Pose]]


def stream(seed: int) -> np.random.Generator:
    """Return the random numbers of one row."""
    return np.random.Generator(np.random.PCG64(seed))


def euler(angles: tuple[float, float, float], seed: int, turn: Turn | None = None, sweep: float | None = None) -> Pose:
    """Return the pose of yaw, pitch and roll in degrees."""
    return Pose(object_rotation(*angles), *angles, sweep_deg=sweep, seed=seed, turn=turn)


def about(turn: Turn, angle_deg: float) -> tuple[float, float, float]:
    """Return yaw, pitch and roll of a rotation about one axis."""
    yaw, pitch, roll = (angle_deg if turn == name else 0.0 for name in TURNS)
    return yaw, pitch, roll


def upright_grid(step_deg: float, per_axis: bool = False) -> list[tuple[Turn | None, tuple[float, float, float]]]:
    """Return axis and angles of every upright pose: 0, and +-step ... +-10 degrees about one axis at a time.

    Args:
        step_deg: a divisor of 10.
        per_axis: let the straight pose stand once for each axis, not once in all.
    """
    steps = round(UPRIGHT_RANGE_DEG / step_deg)
    angles = [k * step_deg for k in range(-steps, steps + 1) if k]
    if per_axis:
        return [(turn, about(turn, angle)) for turn in TURNS for angle in (0.0, *angles)]
    return [(None, (0.0, 0.0, 0.0)), *((turn, about(turn, angle)) for turn in TURNS for angle in angles)]


def upright(parameters: Parameters, subject: Subject, seed_of: Seeds) -> list[Pose]:
    """Return the grid, or the straight pose and a random choice of the others."""
    grid = upright_grid(parameters.step_deg, bool(parameters.per_axis))
    if parameters.count:
        drawn = 1 + stream(seed_of(0)).permutation(len(grid) - 1)
        grid = [grid[0], *(grid[i] for i in drawn[: parameters.count - 1])]
    return [euler(angles, seed_of(i), turn) for i, (turn, angles) in enumerate(grid)]


def sweep(turn: Turn) -> Rule:
    """Return the rule of a full turn about one of the object's axes."""

    def rule(parameters: Parameters, subject: Subject, seed_of: Seeds) -> list[Pose]:
        angles = _turns(parameters.count)
        return [euler(about(turn, angle), seed_of(i), turn, angle) for i, angle in enumerate(angles)]

    return rule


def _turns(count: int) -> list[float]:
    return [360.0 * i / count for i in range(count)]


def in_plane(parameters: Parameters, subject: Subject, seed_of: Seeds) -> list[Pose]:
    """Turn about the line of sight, after the view: R_view R_object = Rz(angle) R_view."""
    back = conjugate(subject.view)
    poses = []
    for i, angle in enumerate(_turns(parameters.count)):
        rotation = multiply(back, multiply(axis_angle("z", angle), subject.view))
        poses.append(Pose(rotation, sweep_deg=angle, seed=seed_of(i)))
    return poses


def image_rotation(parameters: Parameters, subject: Subject, seed_of: Seeds) -> list[Pose]:
    """Keep the straight pose and turn the finished picture."""
    return [
        Pose(np.array(IDENTITY), 0.0, 0.0, 0.0, angle, seed=seed_of(i), image_rotation_deg=angle)
        for i, angle in enumerate(_turns(parameters.count))
    ]


def background_rotation(parameters: Parameters, subject: Subject, seed_of: Seeds) -> list[Pose]:
    """Keep the straight pose and turn the background; a flat one would show no difference and has no row."""
    angles = _turns(parameters.count) if subject.photo else []
    return [
        Pose(np.array(IDENTITY), 0.0, 0.0, 0.0, angle, seed=seed_of(i), background_rotation_deg=angle)
        for i, angle in enumerate(angles)
    ]


def incongruent(parameters: Parameters, subject: Subject, seed_of: Seeds) -> list[Pose]:
    """Roll the object and turn the background, by whole degrees of 10..350 that differ by at least 45 on the circle."""
    poses = []
    for i in range(parameters.count):
        rng = stream(seed_of(i))
        apart = 0.0
        while not CLEAR_DEG <= apart <= 360.0 - CLEAR_DEG:
            roll, turned = (float(angle) for angle in rng.integers(10, 351, 2))
            apart = abs(roll - turned)
        pose = Pose(object_rotation(0.0, 0.0, roll), 0.0, 0.0, roll, roll, seed=seed_of(i), turn="roll",
                    background_rotation_deg=turned if subject.photo else 0.0)  # fmt: skip
        poses.append(pose)
    return poses


def two_axes(parameters: Parameters, subject: Subject, seed_of: Seeds) -> list[Pose]:
    """Return the grid of pitch and roll, both from 0 to 360 degrees."""
    angles = _turns(round(360.0 / parameters.step_deg))
    grid = [(0.0, pitch, roll) for pitch in angles for roll in angles]
    return [euler(place, seed_of(i)) for i, place in enumerate(grid)]


def three_axes(parameters: Parameters, subject: Subject, seed_of: Seeds) -> list[Pose]:
    """Draw yaw, pitch and roll independently from the whole degrees 0..359: uniform in Euler angles, not over SO(3)."""
    poses = []
    for i in range(parameters.count):
        yaw, pitch, roll = (float(angle) for angle in stream(seed_of(i)).integers(0, 360, 3))
        poses.append(euler((yaw, pitch, roll), seed_of(i)))
    return poses


def so3(parameters: Parameters, subject: Subject, seed_of: Seeds) -> list[Pose]:
    """Draw rotations uniformly (Haar measure)."""
    seeds = [seed_of(i) for i in range(parameters.count)]
    return [Pose(haar_rotation(stream(seed)), seed=seed) for seed in seeds]


def tilt(parameters: Parameters, subject: Subject, seed_of: Seeds) -> list[Pose]:
    """Draw a random axis, and one angle from each of ``count`` equal parts of 0..180 degrees."""
    poses = []
    for i in range(parameters.count):
        rng = stream(seed_of(i))
        axis = random_axis(rng)
        poses.append(Pose(axis_angle(axis, 180.0 * (i + rng.random()) / parameters.count), seed=seed_of(i)))
    return poses


def _scale(parameters: Parameters, i: int, rng: np.random.Generator) -> float:
    share = (i + rng.random()) / parameters.count
    return parameters.scale_min + (parameters.scale_max - parameters.scale_min) * share


def scaling(parameters: Parameters, subject: Subject, seed_of: Seeds) -> list[Pose]:
    """Draw an upright pose, and one scale from each of ``count`` equal parts of the range."""
    grid = upright_grid(Parameters().step_deg)
    poses = []
    for i in range(parameters.count):
        rng = stream(seed_of(i))
        scale = _scale(parameters, i, rng)
        _, angles = grid[rng.integers(len(grid))]
        poses.append(Pose(object_rotation(*angles), *angles, scale=scale, seed=seed_of(i)))
    return poses


def scaling_rotation(parameters: Parameters, subject: Subject, seed_of: Seeds) -> list[Pose]:
    """Draw a rotation uniformly (Haar measure) at a scale as in ``scaling``."""
    poses = []
    for i in range(parameters.count):
        rng = stream(seed_of(i))
        scale = _scale(parameters, i, rng)
        poses.append(Pose(haar_rotation(rng), scale=scale, seed=seed_of(i)))
    return poses


def gate(parameters: Parameters, subject: Subject, seed_of: Seeds) -> list[Pose]:
    """Draw angles within +-10 degrees about all three axes at once."""
    poses = []
    for i in range(parameters.count):
        angles = stream(seed_of(i)).uniform(-UPRIGHT_RANGE_DEG, UPRIGHT_RANGE_DEG, 3)
        yaw, pitch, roll = (float(angle) for angle in angles)
        poses.append(euler((yaw, pitch, roll), seed_of(i)))
    return poses
