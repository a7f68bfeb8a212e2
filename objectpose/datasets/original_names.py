"""The names of the original ObjectPose study's picture files, read and written.

A file's name tells its variant by its form alone (N is a number, BG one of ``bg1``, ``bg2``, ``nobg``)::

    {object}_{roll|pitch|yaw}_BG_{degrees}        the main data set and "ObjectPose +-10"
    {object}_rollpitch_BG_{i}_{j}                 two axes; i is added to the pitch, j to the roll, degrees
    {object}_in_plane_roll_BG_{degrees}           rotation about the line of sight
    {object}_roll_{degrees}                       image rotation; the background is a folder's name
    {object}_BG_rot_2_{degrees}                   background rotation
    {object}_roll_BG_{random}_{b}_{a}             incongruent: background turned by b, object by a, degrees
    {object}_BG_{yaw}_{roll}_{pitch}              three axes, radians
    {object}_BG_scaling2_{depth}                  scaling; the object stands at z = -depth
    {object}_BG_{yaw}_{roll}_{pitch}_{depth}      scaling and rotation, degrees

An object is written in lower case without spaces, ``fireengine``. Names that this package writes may end in
``_r000123``, a row number, where two pictures would have the same name.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from objectpose.errors import ObjectPoseError, nearest
from objectpose.rendering.paper import POSES
from objectpose.rendering.poses import to_matrix
from objectpose.rendering.rules import TURNS, UPRIGHT_RANGE_DEG

CLASSES: Mapping[str, str] = {name.replace("_", ""): name for name in POSES}
"""The study's 17 names and the catalogue's, which has their target sets."""
BACKGROUNDS: Mapping[str, str] = {"nobg": "flat"}
"""Backgrounds that have another name here."""
UPRIGHT_ROOT = "ObjectPose +-10"

_OBJECT, _BG, _N = r"(?P<object>[a-z]+)", r"(?P<background>bg[0-9]+|nobg)", r"(-?[0-9]+(?:\.[0-9]+)?(?:e-?[0-9]+)?)"
_FORMS: Mapping[str, re.Pattern[str]] = {
    form: re.compile(pattern + r"(?:_r[0-9]{6,})?")
    for form, pattern in {
        "in_plane": rf"{_OBJECT}_in_plane_roll_{_BG}_{_N}",
        "two_axes": rf"{_OBJECT}_rollpitch_{_BG}_{_N}_{_N}",
        "sweep": rf"{_OBJECT}_(?P<turn>roll|pitch|yaw)_{_BG}_{_N}",
        "incongruent": rf"{_OBJECT}_roll_{_BG}_{_N}_{_N}_{_N}",
        "image_rotation": rf"{_OBJECT}_roll_{_N}",
        "background_rotation": rf"{_OBJECT}_{_BG}_rot_2_{_N}",
        "scaling": rf"{_OBJECT}_{_BG}_scaling2_{_N}",
        "three_axes": rf"{_OBJECT}_{_BG}_{_N}_{_N}_{_N}",
        "scaling_rotation": rf"{_OBJECT}_{_BG}_{_N}_{_N}_{_N}_{_N}",
    }.items()
}
_IS_BG = re.compile(r"bg[0-9]+|nobg")
_IS_OBJECT = re.compile(r"([a-z]+)(_.+)?_360")


@dataclass(frozen=True)
class Named:
    """What a path of the original says.

    Attributes:
        form: a key of the list above: ``sweep`` or the name of a condition.
        class_name: in our words.
        background: ``flat``, ``bg1``, ``bg2``.
        turn: ``roll``, ``pitch`` or ``yaw`` of a sweep, else empty.
        numbers: those of the name, angles in degrees in [0, 360), a depth as it stands there.
    """

    form: str
    class_name: str
    background: str
    turn: str
    numbers: tuple[float, ...]


def looks_original(path: str) -> bool:
    """Return whether a file's name has one of the original's forms and begins with one of its objects."""
    return any(match["object"] in CLASSES for _, match in _matches(path))


def _matches(path: str) -> list[tuple[str, re.Match[str]]]:
    stem = path.rpartition("/")[2].rpartition(".")[0]
    return [(form, match) for form, pattern in _FORMS.items() if (match := pattern.fullmatch(stem))]


def read_name(path: str) -> Named:
    """Return what a path says, relative to the folder that was opened.

    Raises:
        ObjectPoseError: the name has none of the forms, an unknown object, an angle out of range, or contradicts the
            folders that it lies in.
    """
    matches = _matches(path)
    if not matches:
        raise ObjectPoseError(
            f"The name of {path} is none of the original ObjectPose's (expected such as airliner_roll_bg1_42.png); "
            "remove the file, or name its layout."
        )
    form, match = matches[0]
    if match["object"] not in CLASSES:
        raise ObjectPoseError(
            f"{path} shows '{match['object']}', which is no object of the original ObjectPose; "
            f"{nearest(match['object'], CLASSES)}."
        )
    folders = path.split("/")[:-1]
    background = match.groupdict().get("background") or next((f for f in folders[::-1] if _IS_BG.fullmatch(f)), None)
    if background is None:
        raise ObjectPoseError(
            f"Neither the name of {path} nor a folder above it tells the background; put it under bg1, bg2 or nobg."
        )
    for folder in folders:
        other = _IS_OBJECT.fullmatch(folder)
        if (_IS_BG.fullmatch(folder) and folder != background) or (other and other[1] != match["object"]):
            raise ObjectPoseError(
                f"{path} is called after '{match['object']}' and '{background}', but lies in '{folder}'; move it to "
                "its own folder."
            )
    texts = match.groups()[-_FORMS[form].pattern.count(_N) :]
    return Named(
        form=form,
        class_name=CLASSES[match["object"]],
        background=BACKGROUNDS.get(background, background),
        turn=match.groupdict().get("turn") or "",
        numbers=_numbers(form, [float(text) for text in texts], path),
    )


def _numbers(form: str, values: list[float], path: str) -> tuple[float, ...]:
    depth = [values.pop()] if form in ("scaling", "scaling_rotation") else []
    if depth and not depth[0] >= 0:
        raise ObjectPoseError(f"{path} has the depth {depth[0]:g}; expected the distance behind z = 0, at least 0.")
    unit, turn = ("radians", 2 * math.pi) if form == "three_axes" else ("degrees", 360.0)
    for value in values:
        if not 0.0 <= value <= turn + 1e-6:
            raise ObjectPoseError(f"{path} has the angle {value:g}; expected 0 to {turn:.5g} {unit}.")
    if form == "three_axes":
        # The study drew whole degrees; what its radians have lost is less than a billionth of one.
        values = [float(np.round(math.degrees(value), 9)) for value in values]
    return (*(value % 360.0 for value in values), *depth)


def original_paths(plan: pd.DataFrame) -> list[str]:
    """Return where each picture of a plan lies in the original's layout, relative, unique, ending in ``.png``.

    The first folder is called as the original's archives are (``Data`` is the main one), below it are the folders that
    its evaluation expects. Conditions that it has not (``upright_disc``, ``so3``, ``tilt``, ``gate``, own ones) have a
    folder of their own name: ``upright_disc`` as the main data set, the others as three axes. Straight pictures of
    ``upright`` go to yaw, pitch and roll in turn where there are three of an object before a background, otherwise to
    roll. Rotations without Euler angles are written as those of ``Ry(yaw) Rx(pitch) Rz(roll)``, scales as the depth at
    which an object looks about as small.

    Args:
        plan: with the columns of ``plan.SCHEMA``.
    """
    rows = plan.to_dict("records")
    straight = Counter(_place(row) for row in rows if _is_straight(row))
    seen: Counter[tuple[str, str, str]] = Counter()
    used: set[str] = set()
    paths = []
    for number, row in enumerate(rows):
        turn = _turn(row)
        if _is_straight(row):
            turn = TURNS[seen[_place(row)]] if straight[_place(row)] == 3 else "roll"
            seen[_place(row)] += 1
        path = _path(row, turn, number)
        if path.lower() in used:
            path = f"{path}_r{number:06d}"
        used.add(path.lower())
        paths.append(f"{path}.png")
    return paths


def _place(row: Mapping[Any, Any]) -> tuple[str, str, str]:
    return row["condition"], row["object_id"], row["background"]


def _is_straight(row: Mapping[Any, Any]) -> bool:
    return row["condition"] in ("upright", "upright_disc") and _turn(row) == ""


def _turn(row: Mapping[Any, Any]) -> str:
    """Return the axis of an upright picture that is turned about one, else the empty string."""
    turned = [name for name in TURNS if abs(row[f"{name}_deg"] or 0.0) > 0]
    return turned[0] if len(turned) == 1 else ""


def _path(row: Mapping[Any, Any], turn: str, number: int) -> str:
    name, condition = _object_name(row), str(row["condition"])
    ground = {ours: theirs for theirs, ours in BACKGROUNDS.items()}.get(row["background"], row["background"])
    ground = re.sub(r"\W", "_", ground)

    def swept(root: str, pose: str, *numbers: str, short: bool = False) -> str:
        words = [name, pose.lower(), *([] if short else [ground]), *numbers]
        return f"{root}/{pose}/{ground}/{name}_{pose}_360/images/{'_'.join(words)}"

    def free(root: str, *words: str) -> str:
        return f"{root}/{name}_360/{ground}/images/{'_'.join([name, ground, *words])}"

    sweep = _text(row["sweep_deg"])
    depth = _text(abs(2.0 - (2.0 - row["tz"]) / row["scale"]))
    match condition:
        case "roll" | "pitch" | "yaw":
            return swept("Data", condition.upper(), sweep)
        case "upright" | "upright_disc":
            root = UPRIGHT_ROOT if condition == "upright" else condition
            return swept(root, turn.upper(), _text((row[f"{turn}_deg"] or 0.0) % 360.0))
        case "in_plane":
            return swept("IN_PLANE_Rotation", "IN_PLANE_ROLL", sweep)
        case "image_rotation":
            return swept("Image Rotation", "ROLL", sweep, short=True)
        case "two_axes":
            return swept("two_axes", "ROLLPITCH", _text(row["pitch_deg"] % 360.0), _text(row["roll_deg"] % 360.0))
        case "incongruent":
            turned = _text(row["background_rotation_deg"])
            return swept("incongruent", "ROLL", str(number), turned, sweep)
        case "background_rotation":
            return free("background_rotation", "rot_2", sweep)
        case "scaling":
            return free("scaling", "scaling2", depth)
        case "scaling_rotation":
            yaw, pitch, roll = (str(int(angle + 1e-9)) for angle in _euler(row))
            return free("scale_and_rotation", yaw, roll, pitch, depth)
    yaw, pitch, roll = (f"{math.radians(angle):.12f}" for angle in _euler(row))
    return free("three_axes_rotation" if condition == "three_axes" else condition, yaw, roll, pitch)


def _object_name(row: Mapping[Any, Any]) -> str:
    """Return the original's name of an object, or ours; instances other than 0 are numbered."""
    name = str(row["class_name"])
    known = name.replace("_", "") if name in POSES else re.sub(r"\W", "_", name)
    return known if row["instance"] == 0 else f"{known}-{row['instance']}"


def _text(value: float) -> str:
    """Return a number as the original writes it: whole ones without a point."""
    return f"{value:.9g}"


def _euler(row: Mapping[Any, Any]) -> tuple[float, float, float]:
    """Return yaw, pitch and roll in [0, 360) degrees of the row, or of its quaternion where it has none."""
    given = [row[f"{name}_deg"] for name in TURNS]
    if all(value is not None and math.isfinite(value) for value in given):
        yaw, pitch, roll = (float(value) % 360.0 for value in given)
        return yaw, pitch, roll
    m = to_matrix(np.array([row[f"q{axis}"] for axis in "wxyz"]))
    angles = (math.atan2(m[0, 2], m[2, 2]), math.asin(min(1.0, max(-1.0, -m[1, 2]))), math.atan2(m[1, 0], m[1, 1]))
    yaw, pitch, roll = (math.degrees(angle) % 360.0 for angle in angles)
    return yaw, pitch, roll


def within_upright(angle_deg: float) -> bool:
    """Return whether a swept angle in [0, 360) degrees is within +-10 degrees of upright."""
    return min(angle_deg, 360.0 - angle_deg) <= UPRIGHT_RANGE_DEG
