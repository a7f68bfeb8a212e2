"""A rendered data set on disk: plan, image shards, coverage, manifest."""

from __future__ import annotations

import bisect
import json
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from objectpose.classes import IMAGENET, Classes
from objectpose.datasets.plan import Labels, Space, catalogue_labels, read_plan
from objectpose.datasets.spec import FRAMINGS
from objectpose.datasets.views import canonical_views
from objectpose.errors import ObjectPoseError
from objectpose.files import sha256_of

MANIFEST = "manifest.json"


class RenderedDataset:
    """Reads a finished data set; shards are mapped into memory, row i of the plan is image i.

    Attributes:
        folder: ``renders/<name>-<hash12>``.
        manifest: content of ``manifest.json``.
        plan: one row an image, with present targets.
        classes: the label space.

    Args:
        folder: of the data set.
        verify: compare every file's sha256 with the manifest first.
        labels: present target sets and symmetries; None takes the catalogue's, and for own objects the plan's.
        classes: the label space, which the targets of ``labels`` are indices of.

    Raises:
        ObjectPoseError: the folder holds no whole data set, a file differs from its manifest, the label space lacks
            classes of the catalogue, or is not the one that own objects were labelled in.
    """

    def __init__(
        self, folder: Path, verify: bool = True, labels: Labels | None = None, classes: Classes = IMAGENET
    ) -> None:
        self.folder = folder
        self.classes = classes
        if not (folder / MANIFEST).is_file():
            raise ObjectPoseError(f"{folder} holds no whole data set ({MANIFEST} is missing); render it first.")
        self.manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if verify:
            for name, expected in self.manifest["sha256"].items():
                if not (folder / name).is_file() or sha256_of(folder / name) != expected:
                    raise ObjectPoseError(
                        f"{folder / name} is missing or was changed after rendering; delete {folder} and run again."
                    )
        if labels is None:
            inputs = self.manifest["hash_inputs"]
            labels = catalogue_labels(inputs["objects"], classes) if self.of_catalogue else (lambda _: None)
        space = Space.noted(self.manifest)
        self.plan: pd.DataFrame = read_plan(folder / "plan.parquet", labels, space=space, classes=classes)
        names = sorted(name for name in self.manifest["sha256"] if name.startswith("images-"))
        self._shards = [cast("NDArray[np.uint8]", np.load(folder / name, mmap_mode="r")) for name in names]
        self._starts = [0, *np.cumsum([len(shard) for shard in self._shards]).tolist()]
        if self._starts[-1] != len(self.plan):
            raise ObjectPoseError(
                f"{folder} has {self._starts[-1]} images and {len(self.plan)} plan rows; delete it and run again."
            )
        self._row_of = {image_id: i for i, image_id in enumerate(self.plan["image_id"])}

    @property
    def coverage(self) -> pd.DataFrame:
        """``image_id``, ``coverage`` (the silhouette's share of the frame, 0..1) and ``touches_border``."""
        table: pd.DataFrame = pd.read_parquet(self.folder / "coverage.parquet")
        return table

    @property
    def views(self) -> pd.DataFrame | None:
        """How each object is seen upright, as in ``views.canonical_views``."""
        return canonical_views(self.manifest["hash_inputs"])

    @property
    def of_catalogue(self) -> bool:
        """Whether its objects are the catalogue's."""
        return bool(self.manifest["hash_inputs"]["library"] == "catalogue")

    @property
    def population(self) -> str:
        """What its classes are like, in words."""
        return "procedural objects" if self.of_catalogue else "objects modelled as these meshes are"

    def keeps_upright(self, condition: str) -> bool:
        """Return whether gravity holds under a condition."""
        return FRAMINGS[self.manifest["hash_inputs"]["framing"]].keeps_upright(condition)

    @property
    def name(self) -> str:
        """``<name>-<hash12>``, as it stands in tables."""
        return self.folder.name

    def __len__(self) -> int:
        return len(self.plan)

    def images(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return images start..stop-1 as uint8 N x H x W x 3, clipped to those there are."""
        stop = min(stop, len(self))
        first = bisect.bisect_right(self._starts, start) - 1
        parts = []
        for shard, begin in zip(self._shards[first:], self._starts[first:], strict=False):
            if begin >= stop:
                break
            parts.append(shard[max(0, start - begin) : stop - begin])
        return np.concatenate(parts) if parts else np.empty((0, 1, 1, 3), np.uint8)

    def image(self, image_id: str) -> NDArray[np.uint8]:
        """Return one image by its id as uint8 H x W x 3."""
        row = self._row_of[image_id]
        image: NDArray[np.uint8] = self.images(row, row + 1)[0]
        return image
