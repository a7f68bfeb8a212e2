"""Where a job's pictures come from: a data set that is rendered, or a folder of pictures that exist."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from objectpose.analysis.tables import counted
from objectpose.classes import Classes
from objectpose.config import DatasetConfig, RenderConfig, check_found, dataset_spec
from objectpose.config.data import classes_of, is_found
from objectpose.datasets.dataset import Dataset
from objectpose.datasets.folder import FolderDataset, open_folder
from objectpose.datasets.plan import count_rows
from objectpose.datasets.render import dataset_folder, is_rendered, needed_bytes, open_rendered, render_dataset
from objectpose.datasets.rendered import RenderedDataset
from objectpose.datasets.spec import DatasetSpec
from objectpose.rendering.backend import RenderBackend, get_backend


def backend_of(render: RenderConfig) -> RenderBackend:
    """Return the backend that a config names."""
    return get_backend(render.backend, render.threads, render.device)


@dataclass(frozen=True)
class Rendered:
    """A data set that is rendered when it is opened.

    Attributes:
        spec: of the data set.
        backend: what draws it.
        root: folder of all data sets.
    """

    spec: DatasetSpec
    backend: RenderBackend
    root: Path

    @property
    def classes(self) -> Classes:
        """The label space of the data set."""
        return self.spec.classes

    def open(self, progress: bool) -> RenderedDataset:
        """Return the data set, rendering what is missing."""
        return render_dataset(self.spec, self.backend, self.root, progress=progress)

    def there(self) -> Dataset | None:
        """Return the data set if it is rendered already, unverified."""
        folder = dataset_folder(self.spec, self.backend, self.root)
        return open_rendered(self.spec, folder, verify=False) if is_rendered(folder) else None

    def about(self) -> str:
        """Return two lines on what the data set is or will be."""
        counts, folder = count_rows(self.spec), dataset_folder(self.spec, self.backend, self.root)
        state = "rendered already" if is_rendered(folder) else "to be rendered"
        size = (
            f"{sum(counts.values()):,} images of {self.spec.image_size_px} px, {needed_bytes(self.spec) / 1e9:.2f} GB"
        )
        objects = counted(len(self.spec.objects), "object")
        conditions = ", ".join(f"{name} {count}" for name, count in counts.items())
        return f"Data set {folder.name}: {size}, {objects}, {state} ({self.backend.name}).\n  {conditions}"


@dataclass(frozen=True)
class Found:
    """A folder of pictures that exist.

    Attributes:
        dataset: opened, its plan made from the names of its files.
    """

    dataset: FolderDataset

    @property
    def classes(self) -> Classes:
        """The label space of the data set."""
        return self.dataset.classes

    def open(self, progress: bool) -> Dataset:
        """Return the data set."""
        return self.dataset

    def there(self) -> Dataset | None:
        """Return the data set."""
        return self.dataset

    def about(self) -> str:
        """Return two lines on the data set."""
        plan = self.dataset.plan
        counts = plan["condition"].value_counts(sort=False)
        classes = counted(plan["class_name"].nunique(), "class", "classes")
        return (
            f"Data set {self.dataset.name}: {counted(len(plan), 'image')} that exist already, {classes}, "
            f"layout {self.dataset.layout}.\n  " + ", ".join(f"{name} {count}" for name, count in counts.items())
        )


def source_of(dataset: DatasetConfig, render: RenderConfig, renders: Path, progress: bool) -> Rendered | Found:
    """Return where the pictures of a config come from; nothing is rendered.

    Raises:
        ObjectPoseError: the config describes no data set, or its files cannot be used.
    """
    if is_found(dataset):
        check_found(dataset)
        found = open_folder(
            dataset.path or None,
            dataset.layout,
            dataset.name,
            renders,
            upright=dataset.upright,
            alternatives=dataset.alternatives,
            classes=classes_of(dataset),
            progress=progress,
        )
        return Found(found)
    return Rendered(dataset_spec(dataset, render), backend_of(render), renders)
