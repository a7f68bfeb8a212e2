"""Reading an export of this package: its plan, its pictures' paths and sums, and what else its manifest says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from objectpose.datasets.index import Indexed
from objectpose.datasets.layouts import Options
from objectpose.datasets.plan import SCHEMA, Labels, Space, catalogue_labels
from objectpose.datasets.rendered import MANIFEST
from objectpose.datasets.views import canonical_views
from objectpose.errors import ObjectPoseError
from objectpose.files import sha256_of

EXPORT = "objectpose"
"""Name of the layout."""
KIND = "objectpose export"
EXPORT_VERSION = 1
FILES_SCHEMA = pa.schema([pa.field(name, pa.string(), nullable=False) for name in ("image_id", "path", "sha256")])
"""Columns of ``files.parquet``: where each row's picture lies, and the sha256 of its file."""
TABLES = ("plan.parquet", "files.parquet", "coverage.parquet")


@dataclass(frozen=True)
class Export:
    """What an export says.

    Attributes:
        root: its folder.
        plan: as it was when it was exported.
        paths: of the pictures, relative to the folder, in the order of the plan.
        sums: sha256 of each picture's file by path.
        coverage: of the silhouettes.
        of_catalogue: whether its objects are the catalogue's.
        views: how each object is seen upright, as in ``views.canonical_views``.
        labels: present labels of objects of the catalogue, None for others.
        space: the label space of the plan.
    """

    root: Path
    plan: pa.Table
    paths: list[str]
    sums: Mapping[str, str]
    coverage: pd.DataFrame
    of_catalogue: bool
    views: pd.DataFrame | None
    labels: Labels
    space: Space

    def check(self, index: Mapping[str, Indexed]) -> None:
        """Compare the pictures with the export's sums.

        Raises:
            ObjectPoseError: one was changed.
        """
        for path, expected in self.sums.items():
            if index[path].sha256 != expected:
                raise ObjectPoseError(f"{self.root / path} was changed after the export; export the data set again.")


def manifest_of(root: Path) -> dict[str, Any] | None:
    """Return the manifest of an export, None where the folder is none."""
    try:
        manifest = json.loads((root / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return manifest if isinstance(manifest, dict) and manifest.get("kind") == KIND else None


def is_export(root: Path) -> bool:
    """Return whether a folder is a finished export of this package."""
    return manifest_of(root) is not None


def read_export(root: Path, options: Options) -> Export:
    """Return what an export says.

    Raises:
        ObjectPoseError: it is none or of another version, a table is missing or was changed, a picture is missing,
            options are given that belong to other layouts, or the label space lacks classes of the catalogue.
    """
    manifest = manifest_of(root)
    if manifest is None:
        raise ObjectPoseError(
            f"{root} is no finished export of this package ({MANIFEST} is missing or another's); export the data set "
            "again, or use dataset.layout=original."
        )
    if manifest.get("schema_version") != EXPORT_VERSION:
        raise ObjectPoseError(
            f"{root} is an export of version {manifest.get('schema_version')}, expected {EXPORT_VERSION}; export again."
        )
    if options != Options(classes=options.classes):
        raise ObjectPoseError(
            f"{root} is an export with a plan of its own; leave out dataset.upright and alternatives."
        )
    sums = manifest.get("sha256", {})
    for name in TABLES:
        if not (root / name).is_file() or sha256_of(root / name) != sums.get(name):
            raise ObjectPoseError(f"{root / name} is missing or was changed after the export; export again.")
    plan, files = pq.read_table(root / "plan.parquet"), pq.read_table(root / "files.parquet")
    if not plan.schema.equals(SCHEMA) or not files.schema.equals(FILES_SCHEMA) or plan["image_id"] != files["image_id"]:
        raise ObjectPoseError(f"The tables of {root} do not belong together or are another version's; export again.")
    paths = files["path"].to_pylist()
    for path in paths:
        if not (root / path).is_file():
            raise ObjectPoseError(f"{root / path} is missing from the export; export the data set again.")
    inputs = manifest.get("hash_inputs", {})
    of_catalogue = inputs.get("library") == "catalogue"
    objects = plan["object_id"].unique().to_pylist()
    return Export(
        root=root,
        plan=plan,
        paths=paths,
        sums=dict(zip(paths, files["sha256"].to_pylist(), strict=True)),
        coverage=pd.read_parquet(root / "coverage.parquet"),
        of_catalogue=of_catalogue,
        views=canonical_views(inputs),
        labels=catalogue_labels(objects, options.classes) if of_catalogue else lambda _: None,
        space=Space.noted(manifest),
    )
