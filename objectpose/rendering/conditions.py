"""Conditions: the registry of rules that generate poses, their parameters, and the seeds of their rows."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from objectpose.errors import ObjectPoseError, nearest
from objectpose.rendering import rules
from objectpose.rendering.rules import UPRIGHT_RANGE_DEG, Parameters, Pose, Rule, Subject


@dataclass(frozen=True)
class Condition:
    """A named rule.

    Attributes:
        name: as it stands in plans and tables.
        baseline: the condition that it is compared with; its own name for ``upright``.
        gravity_holds: True where a thing could stand so in the world: a new viewpoint, not an unusual pose.
        rule: maps parameters, object and background, and the seed of row i to the poses.
        defaults: parameters where the user sets none.
        uses: names of the parameters that the rule reads.
        summary: one line for ``--help``.
        disc: True where only the inscribed disc of the picture is shown, the rest in the flat colour, so that a
            turned picture or background has no corners to tell it by.
    """

    name: str
    baseline: str
    gravity_holds: bool
    rule: Rule
    defaults: Parameters
    uses: tuple[str, ...]
    summary: str
    disc: bool = False


def row_seed(seed: int, *parts: str | int) -> int:
    """Return the seed of one row: 63 bits of the sha256 of the data set's seed and what names the row.

    >>> row_seed(0, "so3", "tank/0", 1) == row_seed(0, "so3", "tank/0", 1) != row_seed(0, "so3", "tank/0", 2)
    True
    """
    text = "|".join(str(part) for part in (seed, *parts))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


_COUNT, _SCALES, _GRID = ("count",), ("count", "scale_min", "scale_max"), ("count", "step_deg", "per_axis")
CONDITIONS: dict[str, Condition] = {
    c.name: c
    for c in (
        Condition("upright", "upright", True, rules.upright, Parameters(), _GRID,
                  "within +-10 degrees about one axis at a time, every step_deg; count=0: all of them"),
        Condition("upright_disc", "upright_disc", True, rules.upright, Parameters(count=1), _GRID,
                  "as `upright`, inside the inscribed disc: the baseline of turned pictures and backgrounds", True),
        Condition("roll", "upright", False, rules.sweep("roll"), Parameters(180), _COUNT,
                  "a full turn about the object's front axis z"),
        Condition("pitch", "upright", False, rules.sweep("pitch"), Parameters(180), _COUNT,
                  "a full turn about the object's side axis x"),
        Condition("yaw", "upright", True, rules.sweep("yaw"), Parameters(180), _COUNT,
                  "a full turn about the object's up axis y: it stays upright"),
        Condition("in_plane", "upright", False, rules.in_plane, Parameters(180), _COUNT,
                  "a full turn about the line of sight; light and background stay"),
        Condition("image_rotation", "upright_disc", False, rules.image_rotation, Parameters(180), _COUNT,
                  "the finished picture turned by a full turn, inside the inscribed disc", True),
        Condition("two_axes", "upright", False, rules.two_axes, Parameters(step_deg=rules.GRID_STEP_DEG),
                  ("step_deg",), "pitch and roll, each every step_deg from 0 to 360 degrees"),
        Condition("three_axes", "upright", False, rules.three_axes, Parameters(180), _COUNT,
                  "yaw, pitch and roll drawn independently: uniform in Euler angles"),
        Condition("so3", "upright", False, rules.so3, Parameters(180), _COUNT,
                  "rotations drawn uniformly (Haar measure)"),
        Condition("tilt", "upright", False, rules.tilt, Parameters(180), _COUNT,
                  "a random axis, the angle stratified over 0-180 degrees"),
        Condition("scaling", "upright", True, rules.scaling, Parameters(25), _SCALES,
                  "upright poses at scales from scale_min to scale_max"),
        Condition("scaling_rotation", "scaling", False, rules.scaling_rotation, Parameters(180), _SCALES,
                  "Haar rotations at the scales of `scaling`"),
        Condition("background_rotation", "upright_disc", True, rules.background_rotation, Parameters(180), _COUNT,
                  "upright before a background that makes a full turn, inside the inscribed disc", True),
        Condition("incongruent", "upright_disc", False, rules.incongruent, Parameters(180), _COUNT,
                  "roll before a background turned otherwise (45 degrees apart or more), inside the disc", True),
        Condition("gate", "gate", True, rules.gate, Parameters(16), _COUNT,
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
    wild = [key for key, value in given.items() if not math.isfinite(value)]
    if wild:
        raise ObjectPoseError(f"{wild[0]} of condition '{name}' is {given[wild[0]]}; expected a finite number.")
    values = {field.name: getattr(condition.defaults, field.name) for field in fields(Parameters)} | dict(given)
    step_deg, scale_min, scale_max = (float(values[k]) for k in ("step_deg", "scale_min", "scale_max"))
    result = Parameters(int(values["count"]), step_deg, scale_min, scale_max, int(values["per_axis"]))
    least = 0 if "step_deg" in condition.uses else 1
    if "count" in condition.uses and not (values["count"] == result.count >= least):
        raise ObjectPoseError(f"count of condition '{name}' is {values['count']}; expected a whole number >= {least}.")
    span = 360.0 if name == "two_axes" else UPRIGHT_RANGE_DEG
    steps = span / result.step_deg if result.step_deg > 0 else 0.0
    if "step_deg" in condition.uses and (steps < 1 or abs(steps - round(steps)) > 1e-9):
        example = 36 if name == "two_axes" else 2
        raise ObjectPoseError(
            f"step_deg of '{name}' is {result.step_deg:g}; expected a divisor of {span:g} degrees such as {example}."
        )
    if values["per_axis"] not in (0, 1):
        raise ObjectPoseError(f"per_axis of '{name}' is {values['per_axis']}; expected 0 or 1.")
    if "per_axis" in condition.uses:
        poses = len(rules.upright_grid(result.step_deg, bool(result.per_axis)))
        if result.count > poses:
            raise ObjectPoseError(
                f"count of condition '{name}' is {result.count}, but its grid has {poses} poses at "
                f"step_deg {result.step_deg:g}; ask for fewer, or for a smaller step."
            )
    if not 0 < result.scale_min < result.scale_max:
        raise ObjectPoseError(
            f"The scales of '{name}' run from {result.scale_min} to {result.scale_max}; expected 0 < min < max."
        )
    return result


def seeds_of(name: str, seed: int, object_id: str) -> rules.Seeds:
    """Return the seed of row i of an object under a condition.

    It depends on the data set's seed, the object and the row's number. ``scaling_rotation`` shares its seeds with
    ``scaling``, so that row i has the same scale in both where they have equal counts. Backgrounds share poses.
    """
    shared = "scaling" if name == "scaling_rotation" else name
    return lambda i: row_seed(seed, shared, object_id, i)


def draw_poses(name: str, parameters: Parameters, *, seed: int, subject: Subject) -> list[Pose]:
    """Return the poses of one object before one background under a condition.

    Args:
        name: of the condition.
        parameters: from ``parameters_of``.
        seed: of the data set.
        subject: the object and the background.

    >>> import numpy as np
    >>> tank = Subject("tank/0", np.array([1.0, 0.0, 0.0, 0.0]))
    >>> draw_poses("upright", parameters_of("upright", {"step_deg": 5}), seed=0, subject=tank)[0].rotation
    array([1., 0., 0., 0.])
    """
    return get_condition(name).rule(parameters, subject, seeds_of(name, seed, subject.object_id))


def canonical(name: str, parameters: Parameters) -> dict[str, float]:
    """Return the parameters a condition uses, for the hash of a data set."""
    return {key: value for key, value in asdict(parameters).items() if key in get_condition(name).uses}
