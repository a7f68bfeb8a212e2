"""Conditions: named rules that generate poses. A rule is a pure function of its parameters and the seeds of its rows.

Upright is R_object within +-10 degrees about each of the three axes, one axis at a time. Conditions that change
something besides the pose (``scaling``) draw their pose from the upright grid, so that nothing else differs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields

import numpy as np

from objectpose.errors import ObjectPoseError, nearest
from objectpose.rendering.poses import (
    Quaternion,
    axis_angle,
    haar_rotation,
    object_rotation,
    random_axis,
)

UPRIGHT_RANGE_DEG = 10.0


@dataclass(frozen=True)
class Pose:
    """A pose of an object relative to its canonical upright view.

    Attributes:
        rotation: R_object as a unit quaternion, shape (4,), scalar first.
        yaw_deg: of R_object; None where the rule has none. Likewise ``pitch_deg`` and ``roll_deg``.
        sweep_deg: the swept angle in [0, 360), or None.
        scale: 1 is the reference framing.
        seed: of this row's stream of random numbers.
    """

    rotation: Quaternion
    yaw_deg: float | None = None
    pitch_deg: float | None = None
    roll_deg: float | None = None
    sweep_deg: float | None = None
    scale: float = 1.0
    seed: int = 0


@dataclass(frozen=True)
class Parameters:
    """What a user may set of a condition; a condition that does not use a field refuses it.

    Attributes:
        count: poses an object and a background; for ``upright`` 0 takes the whole grid, fewer are the straight pose
            and a random choice of the others.
        step_deg: distance of neighbouring poses of the upright grid, dividing 10 degrees.
        scale_min: smallest scale, > 0.
        scale_max: largest scale.
    """

    count: int = 0
    step_deg: float = 2.0
    scale_min: float = 0.2
    scale_max: float = 1.0


Rule = Callable[[Parameters, Callable[[int], int]], list[Pose]]


@dataclass(frozen=True)
class Condition:
    """A named rule.

    Attributes:
        name: as it stands in plans and tables.
        baseline: the condition that it is compared with; its own name for ``upright``.
        gravity_holds: True where a thing could stand so in the world: a new viewpoint, not an unusual pose.
        rule: maps parameters and the seed of row i to the poses.
        defaults: parameters where the user sets none.
        uses: names of the parameters that the rule reads.
        summary: one line for ``--help``.
    """

    name: str
    baseline: str
    gravity_holds: bool
    rule: Rule
    defaults: Parameters
    uses: tuple[str, ...]
    summary: str


def row_seed(seed: int, *parts: str | int) -> int:
    """Return the seed of one row: 63 bits of the sha256 of the data set's seed and what names the row.

    >>> row_seed(0, "so3", "tank/0", 1) == row_seed(0, "so3", "tank/0", 1) != row_seed(0, "so3", "tank/0", 2)
    True
    """
    text = "|".join(str(part) for part in (seed, *parts))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def _stream(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def _upright_grid(step_deg: float) -> list[tuple[float, float, float]]:
    """Return yaw, pitch and roll of every upright pose: 0, and +-step ... +-10 about one axis at a time."""
    steps = round(UPRIGHT_RANGE_DEG / step_deg)
    angles = [k * step_deg for k in range(-steps, steps + 1) if k]
    grid = [(0.0, 0.0, 0.0)]
    for axis in range(3):
        grid += [(a if axis == 0 else 0.0, a if axis == 1 else 0.0, a if axis == 2 else 0.0) for a in angles]
    return grid


def _upright(parameters: Parameters, seed_of: Callable[[int], int]) -> list[Pose]:
    grid = _upright_grid(parameters.step_deg)
    if parameters.count:
        drawn = 1 + _stream(seed_of(0)).permutation(len(grid) - 1)
        grid = [grid[0], *(grid[i] for i in drawn[: parameters.count - 1])]
    return [Pose(object_rotation(*angles), *angles, seed=seed_of(i)) for i, angles in enumerate(grid)]


def _sweep(axis: int) -> Rule:
    def rule(parameters: Parameters, seed_of: Callable[[int], int]) -> list[Pose]:
        poses = []
        for i in range(parameters.count):
            sweep = 360.0 * i / parameters.count
            yaw, pitch, roll = (sweep if k == axis else 0.0 for k in range(3))
            poses.append(Pose(object_rotation(yaw, pitch, roll), yaw, pitch, roll, sweep, seed=seed_of(i)))
        return poses

    return rule


def _so3(parameters: Parameters, seed_of: Callable[[int], int]) -> list[Pose]:
    seeds = [seed_of(i) for i in range(parameters.count)]
    return [Pose(haar_rotation(_stream(seed)), seed=seed) for seed in seeds]


def _tilt(parameters: Parameters, seed_of: Callable[[int], int]) -> list[Pose]:
    poses = []
    for i in range(parameters.count):
        rng = _stream(seed_of(i))
        axis = random_axis(rng)
        poses.append(Pose(axis_angle(axis, 180.0 * (i + rng.random()) / parameters.count), seed=seed_of(i)))
    return poses


def _scale(parameters: Parameters, i: int, rng: np.random.Generator) -> float:
    share = (i + rng.random()) / parameters.count
    return parameters.scale_min + (parameters.scale_max - parameters.scale_min) * share


def _scaling(parameters: Parameters, seed_of: Callable[[int], int]) -> list[Pose]:
    grid = _upright_grid(Parameters().step_deg)
    poses = []
    for i in range(parameters.count):
        rng = _stream(seed_of(i))
        scale = _scale(parameters, i, rng)
        angles = grid[rng.integers(len(grid))]
        poses.append(Pose(object_rotation(*angles), *angles, scale=scale, seed=seed_of(i)))
    return poses


def _scaling_rotation(parameters: Parameters, seed_of: Callable[[int], int]) -> list[Pose]:
    poses = []
    for i in range(parameters.count):
        rng = _stream(seed_of(i))
        scale = _scale(parameters, i, rng)
        poses.append(Pose(haar_rotation(rng), scale=scale, seed=seed_of(i)))
    return poses


def _gate(parameters: Parameters, seed_of: Callable[[int], int]) -> list[Pose]:
    poses = []
    for i in range(parameters.count):
        rng = _stream(seed_of(i))
        angles = rng.uniform(-UPRIGHT_RANGE_DEG, UPRIGHT_RANGE_DEG, 3)
        yaw, pitch, roll = (float(angle) for angle in angles)
        poses.append(Pose(object_rotation(yaw, pitch, roll), yaw, pitch, roll, seed=seed_of(i)))
    return poses


_COUNT, _SCALES = ("count",), ("count", "scale_min", "scale_max")
CONDITIONS: dict[str, Condition] = {
    c.name: c
    for c in (
        Condition("upright", "upright", True, _upright, Parameters(), ("count", "step_deg"),
                  "within +-10 degrees about one axis at a time, every step_deg; count=0: all of them"),
        Condition("roll", "upright", False, _sweep(2), Parameters(180), _COUNT,
                  "a full turn about the object's front axis z"),
        Condition("pitch", "upright", False, _sweep(1), Parameters(180), _COUNT,
                  "a full turn about the object's side axis x"),
        Condition("yaw", "upright", True, _sweep(0), Parameters(180), _COUNT,
                  "a full turn about the object's up axis y: it stays upright"),
        Condition("so3", "upright", False, _so3, Parameters(180), _COUNT,
                  "rotations drawn uniformly (Haar measure)"),
        Condition("tilt", "upright", False, _tilt, Parameters(180), _COUNT,
                  "a random axis, the angle stratified over 0-180 degrees"),
        Condition("scaling", "upright", True, _scaling, Parameters(25), _SCALES,
                  "upright poses at scales from scale_min to scale_max"),
        Condition("scaling_rotation", "scaling", False, _scaling_rotation, Parameters(180), _SCALES,
                  "Haar rotations at the scales of `scaling`"),
        Condition("gate", "gate", True, _gate, Parameters(16), _COUNT,
                  "random within +-10 degrees about all three axes; only the audit looks at these"),
    )
}  # fmt: skip


def get_condition(name: str) -> Condition:
    """Return a condition by name.

    Raises:
        ObjectPoseError: no condition has that name; the nearest are named.
    """
    if name not in CONDITIONS:
        raise ObjectPoseError(f"Unknown condition '{name}'; {nearest(name, CONDITIONS)}.")
    return CONDITIONS[name]


def parameters_of(name: str, given: Mapping[str, float]) -> Parameters:
    """Return a condition's parameters, ``given`` over its defaults.

    Raises:
        ObjectPoseError: an unknown condition, a parameter it does not use, or a value out of range.
    """
    condition = get_condition(name)
    for key in given:
        if key not in condition.uses:
            raise ObjectPoseError(f"Condition '{name}' has no parameter '{key}'; {nearest(key, condition.uses)}.")
    values = {field.name: getattr(condition.defaults, field.name) for field in fields(Parameters)} | dict(given)
    result = Parameters(int(values["count"]), *(float(values[k]) for k in ("step_deg", "scale_min", "scale_max")))
    least = min(1, condition.defaults.count)
    if "count" in condition.uses and not (values["count"] == result.count >= least):
        raise ObjectPoseError(f"count of condition '{name}' is {values['count']}; expected a whole number >= {least}.")
    steps = UPRIGHT_RANGE_DEG / result.step_deg if result.step_deg > 0 else 0.0
    if steps < 1 or abs(steps - round(steps)) > 1e-9:
        raise ObjectPoseError(f"step_deg of '{name}' is {result.step_deg}; expected a divisor of 10 degrees such as 2.")
    if name == "upright" and result.count > 1 + 6 * round(steps):
        raise ObjectPoseError(
            f"count of condition 'upright' is {result.count}, but its grid has {1 + 6 * round(steps)} poses at "
            f"step_deg {result.step_deg:g}; ask for fewer, or for a smaller step."
        )
    if not 0 < result.scale_min < result.scale_max:
        raise ObjectPoseError(
            f"The scales of '{name}' run from {result.scale_min} to {result.scale_max}; expected 0 < min < max."
        )
    return result


def draw_poses(name: str, parameters: Parameters, *, seed: int, object_id: str) -> list[Pose]:
    """Return the poses of one object under a condition.

    The seed of a row depends on the data set's seed, the object and the row's number. ``scaling_rotation`` shares
    its seeds with ``scaling``, so that row i has the same scale in both. Backgrounds share poses.

    Args:
        name: of the condition.
        parameters: from ``parameters_of``.
        seed: of the data set.
        object_id: for example ``tank/0``.

    >>> draw_poses("upright", parameters_of("upright", {"step_deg": 5}), seed=0, object_id="tank/0")[0].rotation
    array([1., 0., 0., 0.])
    """
    stream = "scaling" if name == "scaling_rotation" else name
    return get_condition(name).rule(parameters, lambda i: row_seed(seed, stream, object_id, i))


def canonical(name: str, parameters: Parameters) -> dict[str, float]:
    """Return the parameters a condition uses, for the hash of a data set."""
    return {key: value for key, value in asdict(parameters).items() if key in get_condition(name).uses}
