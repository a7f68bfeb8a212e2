"""Data sets that an earlier run made or indexed, opened from what it left behind."""

from __future__ import annotations

import json
from pathlib import Path

from objectpose.classes import IMAGENET, Classes
from objectpose.datasets.dataset import Dataset
from objectpose.datasets.folder import FolderDataset
from objectpose.datasets.layouts import Options
from objectpose.datasets.rendered import MANIFEST, RenderedDataset
from objectpose.errors import ObjectPoseError


def open_stored(folder: Path, classes: Classes = IMAGENET) -> Dataset:
    """Return the data set of a folder ``renders/<name>-<hash12>``, rendered or of pictures that exist elsewhere.

    Args:
        folder: of the data set.
        classes: the label space that its targets are indices of.

    Raises:
        ObjectPoseError: there is no whole data set, its pictures are gone or changed, or it belongs to another label
            space.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise ObjectPoseError(
            f"{folder} is not there or holds no whole data set; run the command that made it again, or name its place "
            "with renders_dir=."
        )
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ObjectPoseError(f"{path} cannot be read ({error}); delete {folder} and run again.") from None
    if manifest.get("kind") != "folder":
        return RenderedDataset(folder, verify=False, classes=classes)
    said = manifest.get("alternatives")
    options = Options(
        manifest.get("upright", "separate"),
        None if said is None else {(real, pose): other for real, pose, other in said},
        classes,
    )
    dataset = FolderDataset(
        Path(manifest["path"]),
        manifest["layout"],
        name=folder.name.rpartition("-")[0],
        renders=folder.parent,
        options=options,
        progress=False,
    )
    if dataset.folder.name != folder.name:
        raise ObjectPoseError(
            f"The pictures in {manifest['path']} are no longer those of {folder.name}; evaluate the networks again."
        )
    return dataset
