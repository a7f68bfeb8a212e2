"""The plan: a table of every image to be made, one row an image, before any pixel exists."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from objectpose.classes import IMAGENET, Classes
from objectpose.datasets.spec import DatasetSpec
from objectpose.errors import ObjectPoseError
from objectpose.objects.catalogue import CATALOGUE
from objectpose.objects.entry import ObjectEntry
from objectpose.objects.symmetry import Symmetry
from objectpose.objects.targets import require_catalogue, targets_of_catalogue
from objectpose.rendering.conditions import get_condition
from objectpose.rendering.framing import Placement
from objectpose.rendering.poses import distance_deg

SCHEMA = pa.schema(
    [
        pa.field("image_id", pa.string(), nullable=False),
        pa.field("object_id", pa.string(), nullable=False),
        pa.field("class_name", pa.string(), nullable=False),
        pa.field("instance", pa.int32(), nullable=False),
        pa.field("targets", pa.list_(pa.int32()), nullable=False),
        pa.field("alt_targets", pa.list_(pa.int32())),
        pa.field("condition", pa.string(), nullable=False),
        pa.field("baseline", pa.string(), nullable=False),
        pa.field("background", pa.string(), nullable=False),
        *(pa.field(name, pa.float64()) for name in ("yaw_deg", "pitch_deg", "roll_deg", "sweep_deg")),
        pa.field("distance_deg", pa.float64(), nullable=False),
        *(pa.field(name, pa.float64(), nullable=False) for name in ("qw", "qx", "qy", "qz")),
        *(pa.field(name, pa.float64(), nullable=False) for name in ("tx", "ty", "tz", "scale")),
        *(pa.field(f"{name}_rotation_deg", pa.float64(), nullable=False) for name in ("image", "background")),
        pa.field("weight", pa.float64(), nullable=False),
        pa.field("seed", pa.int64(), nullable=False),
    ]
)
"""Columns of ``plan.parquet``; their meaning stands in the documentation's section on files."""


def count_rows(spec: DatasetSpec) -> dict[str, int]:
    """Return how many images each condition makes, without building a mesh."""
    entries = [spec.entry(object_id) for object_id in spec.objects]
    return {
        name: sum(
            len(spec.frame.place(entry, name, parameters, background, spec.seed))
            for entry in (entries if spec.framing == "paper" else entries[:1])
            for background in spec.backgrounds.names
        )
        * (1 if spec.framing == "paper" else len(entries))
        for name, parameters in spec.conditions
    }


def build_plan(spec: DatasetSpec) -> pa.Table:
    """Return the plan of a data set: by object, then by condition, then by background.

    Translations are in the unit of the fitted mesh: radii of the bounding sphere, or half the largest side of the
    bounding box where the framing is the paper's.

    Returns:
        A table with the columns of ``SCHEMA``; ``image_id`` is unique and does not depend on the other rows.
    """
    rows = [
        _row(spec.entry(object_id), image_id, placement)
        for object_id in spec.objects
        for image_id, placement in placements(spec, object_id)
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def placements(spec: DatasetSpec, object_id: str) -> list[tuple[str, Placement]]:
    """Return the id of every image of an object and where the object stands in it, in the order of the plan."""
    entry = spec.entry(object_id)
    return [
        (f"{entry.class_name}.{entry.instance}-{name}-{background}-{i:04d}", placement)
        for name, parameters in spec.conditions
        for background in spec.backgrounds.names
        for i, placement in enumerate(spec.frame.place(entry, name, parameters, background, spec.seed))
    ]


def _row(entry: ObjectEntry, image_id: str, placement: Placement) -> dict[str, Any]:
    _, condition, background, _ = image_id.rsplit("-", 3)
    pose = placement.pose
    turned = {f"q{axis}": float(value) for axis, value in zip("wxyz", pose.rotation, strict=True)}
    place = {f"t{axis}": float(value) for axis, value in zip("xyz", placement.translation, strict=True)}
    return {
        "image_id": image_id,
        "object_id": entry.object_id,
        "class_name": entry.class_name,
        "instance": entry.instance,
        "targets": list(entry.targets),
        "alt_targets": None,
        "condition": condition,
        "baseline": get_condition(condition).baseline,
        "background": background,
        "yaw_deg": pose.yaw_deg,
        "pitch_deg": pose.pitch_deg,
        "roll_deg": pose.roll_deg,
        "sweep_deg": pose.sweep_deg,
        "distance_deg": distance_deg(pose.rotation, entry.symmetry),
        **turned,
        **place,
        "scale": pose.scale,
        "image_rotation_deg": pose.image_rotation_deg,
        "background_rotation_deg": pose.background_rotation_deg,
        "weight": 1.0,
        "seed": pose.seed,
    }


Labels = Callable[[str], tuple[tuple[int, ...], Symmetry] | None]
"""Maps an object's id to its present target set and symmetry, or to None where nobody knows better than the plan."""


def catalogue_labels(object_ids: Iterable[str], classes: Classes = IMAGENET) -> Labels:
    """Return the labels of objects of the catalogue: target set and symmetry of their classes, None where it has none.

    Raises:
        ObjectPoseError: the label space lacks classes of the catalogue that are asked for.
    """
    require_catalogue((object_id.partition("/")[0] for object_id in object_ids), classes)

    def labels(object_id: str) -> tuple[tuple[int, ...], Symmetry] | None:
        row = CATALOGUE.get(object_id.partition("/")[0])
        return None if row is None else (targets_of_catalogue(row.name, classes), row.symmetry)

    return labels


@dataclass(frozen=True)
class Space:
    """The label space that a stored plan's targets are indices of, as a manifest notes it, outside the hash.

    Attributes:
        title: of the classes.
        digest: of the classes.
    """

    title: str = IMAGENET.title
    digest: str = IMAGENET.digest

    @classmethod
    def of(cls, classes: Classes) -> Space:
        """Return the note on a label space."""
        return cls(classes.title, classes.digest)

    @classmethod
    def noted(cls, manifest: Mapping[str, Any]) -> Space:
        """Return what a manifest says; ImageNet-1k where it says nothing."""
        said = manifest.get("classes")
        return cls(str(said["title"]), str(said["digest"])) if isinstance(said, dict) else cls()

    def note(self) -> dict[str, str]:
        """Return what a manifest holds under ``classes``."""
        return {"title": self.title, "digest": self.digest}


def read_plan(path: Path, labels: Labels, *, space: Space | None = None, classes: Classes = IMAGENET) -> pd.DataFrame:
    """Return a stored plan, labelled anew as by :func:`labelled`."""
    return labelled(pq.read_table(path), labels, str(path.parent), space=space, classes=classes)


def labelled(
    plan: pa.Table, labels: Labels, where: str, *, space: Space | None = None, classes: Classes = IMAGENET
) -> pd.DataFrame:
    """Return a plan with present target sets and symmetries in ``targets`` and ``distance_deg``.

    Neither can change a pixel, so that neither is part of a data set's hash: when one changes, old pictures keep
    their predictions and are judged anew.

    Args:
        plan: as it was stored.
        labels: present ones.
        where: the plan lies, for the sentence.
        space: in which it was stored; None is ImageNet-1k.
        classes: the label space in which it is wanted.

    Raises:
        ObjectPoseError: nobody knows better labels of an object than a plan that was stored in another label space.
    """
    frame: pd.DataFrame = plan.to_pandas()
    known = {object_id: labels(str(object_id)) for object_id in frame["object_id"].unique()}
    _require_space(known, space or Space(), classes, where)
    rows = [known[object_id] for object_id in frame["object_id"]]
    frame["targets"] = [
        list(row[0]) if row is not None else [int(t) for t in then]
        for row, then in zip(rows, frame["targets"], strict=True)
    ]
    turns = frame[["qw", "qx", "qy", "qz"]].to_numpy(np.float64)
    frame["distance_deg"] = [
        distance_deg(turn, row[1]) if row is not None else then
        for row, turn, then in zip(rows, turns, frame["distance_deg"], strict=True)
    ]
    return frame


def _require_space(known: Mapping[str, object], space: Space, classes: Classes, where: str) -> None:
    unknown = [object_id for object_id, labels in known.items() if labels is None]
    if not unknown or space.digest == classes.digest:
        return
    if space == Space():
        remedy = "leave out dataset.classes"
    elif space.title == classes.title:
        remedy = "give the list as it was then"
    else:
        remedy = f"give that list, as in dataset.classes={space.title}"
    another = "another list called " if space.title == classes.title else ""
    raise ObjectPoseError(
        f"{where} holds objects such as {unknown[0]} whose labels are classes of {another}{space.title}, not of "
        f"{classes.title}; {remedy}, or label and render them anew."
    )


def label_hash(plan: pd.DataFrame, classes: Classes = IMAGENET) -> str:
    """Return the sha256 of which targets belong to which image, and of the label space where it is a user's own."""
    lines = [f"{i}:{','.join(map(str, t))}" for i, t in zip(plan["image_id"], plan["targets"], strict=True)]
    if not classes.is_imagenet:
        lines.append(classes.digest)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
