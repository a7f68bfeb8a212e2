"""The plan: a table of every image to be made, one row an image, before any pixel exists."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from objectpose.datasets.spec import DatasetSpec
from objectpose.objects.catalogue import CATALOGUE, split_id
from objectpose.rendering.conditions import draw_poses, get_condition
from objectpose.rendering.poses import distance_deg
from objectpose.rendering.scene import CAMERA_Z, framing_distance

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
    object_id = spec.objects[0]
    return {
        name: len(spec.objects) * len(draw_poses(name, parameters, seed=spec.seed, object_id=object_id))
        for name, parameters in spec.conditions
    }


def build_plan(spec: DatasetSpec) -> pa.Table:
    """Return the plan of a data set: object by object, within an object condition by condition.

    Translations are in radii of the object's bounding sphere, to which its mesh is fitted when it is drawn.

    Returns:
        A table with the columns of ``SCHEMA``; ``image_id`` is unique and does not depend on the other rows.
    """
    rows: list[dict[str, Any]] = []
    tz = CAMERA_Z - framing_distance(1.0)
    for object_id in spec.objects:
        row, instance = split_id(object_id)
        for name, parameters in spec.conditions:
            for i, pose in enumerate(draw_poses(name, parameters, seed=spec.seed, object_id=object_id)):
                qw, qx, qy, qz = (float(c) for c in pose.rotation)
                rows.append(
                    {
                        "image_id": f"{row.name}.{instance}-{name}-flat-{i:04d}",
                        "object_id": object_id,
                        "class_name": row.name,
                        "instance": instance,
                        "targets": list(row.targets),
                        "alt_targets": None,
                        "condition": name,
                        "baseline": get_condition(name).baseline,
                        "background": "flat",
                        "yaw_deg": pose.yaw_deg,
                        "pitch_deg": pose.pitch_deg,
                        "roll_deg": pose.roll_deg,
                        "sweep_deg": pose.sweep_deg,
                        "distance_deg": distance_deg(pose.rotation, row.symmetry),
                        "qw": qw,
                        "qx": qx,
                        "qy": qy,
                        "qz": qz,
                        "tx": 0.0,
                        "ty": 0.0,
                        "tz": tz,
                        "scale": pose.scale,
                        "image_rotation_deg": 0.0,
                        "background_rotation_deg": 0.0,
                        "weight": 1.0,
                        "seed": pose.seed,
                    }
                )
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def read_plan(path: Path) -> pd.DataFrame:
    """Return a stored plan with the catalogue's present target sets and symmetries in ``targets`` and ``distance_deg``.

    Neither can change a pixel, so that neither is part of a data set's hash: when one changes, old pictures keep
    their predictions and are judged anew.
    """
    frame: pd.DataFrame = pq.read_table(path).to_pandas()
    rows = [CATALOGUE.get(name) for name in frame["class_name"]]
    frame["targets"] = [
        list(row.targets) if row is not None else [int(t) for t in then]
        for row, then in zip(rows, frame["targets"], strict=True)
    ]
    turns = frame[["qw", "qx", "qy", "qz"]].to_numpy(np.float64)
    frame["distance_deg"] = [
        distance_deg(turn, row.symmetry) if row is not None else then
        for row, turn, then in zip(rows, turns, frame["distance_deg"], strict=True)
    ]
    return frame


def label_hash(plan: pd.DataFrame) -> str:
    """Return the sha256 of which targets belong to which image."""
    lines = (f"{i}:{','.join(map(str, t))}" for i, t in zip(plan["image_id"], plan["targets"], strict=True))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
