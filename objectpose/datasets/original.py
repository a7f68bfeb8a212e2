"""Rows of a plan for the published pictures of the original ObjectPose study, in any of its folders.

Files may lie in the folders that the study's generators wrote, in those that its evaluation expects, or in the
unpacked archives; their names decide (``original_names``). Poses are relative to the pose at angle 0 of the same sweep
and follow the study's published list of base poses, as ``framing=paper`` does (``rendering.paper``): its sweep YAW
is not about the vertical for every object, which the quaternions say and the condition's name does not. The columns
yaw, pitch and roll hold the angles that the file's name states.

**Upright.** The published "ObjectPose +-10" has its own root, whose pictures are ``upright``. A root is taken for it
if a folder's name says so (``+-10``, ``datavalidation``) or if no sweep below it goes further than 10 degrees. In a
sweep's own root the small angles stay in the sweep. Where only sweeps are at hand, ``upright="sweeps"`` takes their
pictures within +-10 degrees as ``upright`` *too*: those stand twice in the plan, the second time with ``#upright``
behind the id. What is turned inside the inscribed disc (``image_rotation``, ``background_rotation``) is compared with
``upright_disc``, to which its pictures at 0 degrees belong; so is ``incongruent``. What the study does not say of
``incongruent`` is whether its pictures have the disc.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from objectpose.classes import IMAGENET, Classes
from objectpose.datasets.original_names import Named, read_name, within_upright
from objectpose.datasets.rows import Angles, Listed, listed
from objectpose.errors import ObjectPoseError
from objectpose.objects.catalogue import CATALOGUE
from objectpose.objects.targets import require_catalogue, targets_of_catalogue
from objectpose.rendering.conditions import get_condition
from objectpose.rendering.paper import POSES, Sweep
from objectpose.rendering.poses import IDENTITY, Quaternion, axis_angle, conjugate, multiply, object_rotation
from objectpose.rendering.rules import TURNS, Turn, about

_SAYS_UPRIGHT = re.compile(r"(\+-|\+/-|\+_-|±) ?10\b|datavalidation", re.IGNORECASE)
_OWN_FOLDERS = ("upright_disc", "so3", "tilt", "gate")
"""Conditions that the study has not; a folder called so says that its pictures belong to them."""


def original_rows(root: Path, paths: list[str], upright: str = "separate", classes: Classes = IMAGENET) -> list[Listed]:
    """Return the pictures of a folder with their rows.

    Args:
        root: the folder, for sentences.
        paths: relative to it, in the order of the rows.
        upright: ``sweeps`` takes the sweeps' pictures within +-10 degrees as ``upright`` too.
        classes: the label space.

    Raises:
        ObjectPoseError: a name that is none of the original's, a label space that lacks an object, two files that are
            the same picture, an angle above 10 degrees under "ObjectPose +-10", or ``upright="sweeps"`` where there
            are upright pictures.
    """
    names = {path: read_name(path) for path in paths}
    require_catalogue((name.class_name for name in names.values()), classes)
    wide = {
        _root_of(path) for path, name in names.items() if name.form == "sweep" and not within_upright(name.numbers[0])
    }
    rows, seen = [], dict[tuple[str, str, str], str]()
    for path, name in names.items():
        condition = _condition(path, name, _root_of(path) in wide)
        key = (condition, name.background, path.rpartition("/")[2])
        if key in seen:
            raise ObjectPoseError(f"{path} and {seen[key]} in {root} are the same picture; remove one of the two.")
        seen[key] = path
        rows.append(_row(path, name, condition, classes))
    if upright == "sweeps":
        if any(row.row["condition"] == "upright" for row in rows):
            raise ObjectPoseError(
                f"{root} has upright pictures of its own, so that those of the sweeps are not needed; "
                "leave out dataset.upright=sweeps."
            )
        rows += [
            _row(path, name, "upright", classes, f"{path}#upright")
            for path, name in names.items()
            if name.form == "sweep" and within_upright(name.numbers[0])
        ]
    return rows


def _root_of(path: str) -> str:
    """Return what stands before the first folder that the study itself names: one data set's root."""
    folders = path.split("/")[:-1]
    own = (*(turn.upper() for turn in TURNS), "nobg")
    ends = (i for i, f in enumerate(folders) if f in own or f.endswith("_360") or re.fullmatch(r"bg\d+|images", f))
    return "/".join(folders[: next(ends, len(folders))])


def _condition(path: str, name: Named, wide: bool) -> str:
    folders = path.split("/")[:-1]
    own = next((folder for folder in _OWN_FOLDERS if folder in folders), None)
    if name.form in ("image_rotation", "background_rotation"):
        return name.form if name.numbers[0] else "upright_disc"
    if name.form == "three_axes":
        return own if own is not None and own != "upright_disc" else name.form
    if name.form != "sweep":
        return name.form
    if own == "upright_disc":
        return own
    if not any(_SAYS_UPRIGHT.search(folder) for folder in folders):
        return name.turn if wide else "upright"
    if not within_upright(name.numbers[0]):
        raise ObjectPoseError(
            f"{path} is turned by {name.numbers[0]:g} degrees, but its folder is called after +-10 degrees; move it."
        )
    return "upright"


def _row(path: str, name: Named, condition: str, classes: Classes, image_id: str | None = None) -> Listed:
    table, first = POSES[name.class_name], name.numbers[0]
    turn = next((t for t in TURNS if t == name.turn), None)
    still = condition in ("upright", "upright_disc")
    if turn is not None and still and first > 180.0:
        first -= 360.0
    sweep = table.sweep(turn, name.background)
    angles, rotation = _turned(name.class_name, name.form, sweep, turn, (first, *name.numbers[1:]))
    position = sweep.position or table.position
    if name.form in ("scaling", "scaling_rotation"):
        position = (0.0, 0.0, -name.numbers[-1])
    one = name.form in ("sweep", "in_plane", "image_rotation", "background_rotation")
    row = listed(
        path,
        name.class_name,
        targets_of_catalogue(name.class_name, classes),
        condition=condition,
        baseline=get_condition(condition).baseline,
        background=name.background,
        angles=angles,
        rotation=rotation,
        symmetry=CATALOGUE[name.class_name].symmetry,
        sweep_deg=name.numbers[-1] if name.form == "incongruent" else first if one and not still else None,
        translation=position,
        image_rotation_deg=first if name.form == "image_rotation" else 0.0,
        background_rotation_deg=_behind(name),
    )
    return row if image_id is None else replace(row, row=row.row | {"image_id": image_id})


def _behind(name: Named) -> float:
    """Return how far the background is turned; a flat one is not."""
    if name.background == "flat":
        return 0.0
    return {"background_rotation": name.numbers[0], "incongruent": name.numbers[-2:][0]}.get(name.form, 0.0)


@lru_cache(maxsize=2**15)
def _turned(
    class_name: str, form: str, sweep: Sweep, turn: Turn | None, numbers: tuple[float, ...]
) -> tuple[Angles, Quaternion]:
    """Return yaw, pitch and roll as the name states them, and R_object relative to the pose at angle 0."""
    table = POSES[class_name]
    view, still = sweep.at(0.0), np.array(IDENTITY)
    angles: tuple[float, float, float]
    match form:
        case "sweep":
            assert turn is not None
            angles, turned = about(turn, numbers[0]), sweep.at(numbers[0])
        case "incongruent":
            angles = (0.0, 0.0, numbers[2])
            turned = sweep.at(numbers[2])
        case "two_axes":
            angles = (0.0, numbers[0], numbers[1])
            turned = sweep.rotation(angles)
        case "three_axes" | "scaling_rotation":
            yaw, roll, pitch = numbers[:3]
            angles = (yaw, pitch, roll)
            turned = object_rotation(*angles)
        case "in_plane":
            if table.in_plane is not None:
                view = still
                for axis, share in table.in_plane:
                    view = multiply(view, axis_angle(axis, 180.0 * share))
            turned = multiply(axis_angle("z", table.in_plane_sign * numbers[0]), view)
            return (None, None, None), multiply(conjugate(view), turned)
        case "scaling":
            return (None, None, None), still
        case _:
            return (0.0, 0.0, 0.0), still
    return angles, multiply(conjugate(view), turned)
