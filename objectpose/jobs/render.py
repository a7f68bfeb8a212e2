"""A data set on disk, no network asked; with it, if that is wished, a contact sheet, turntables and PNG files."""

from __future__ import annotations

from pathlib import Path

from tqdm import tqdm

from objectpose.analysis.contact import save_contact_sheet
from objectpose.analysis.tables import counted
from objectpose.config import RenderCommandConfig, dataset_spec
from objectpose.datasets.export import export_original, require_own
from objectpose.datasets.plan import count_rows, placements
from objectpose.datasets.render import dataset_folder, dressed_mesh, needed_bytes, render_dataset
from objectpose.datasets.rendered import RenderedDataset
from objectpose.datasets.spec import DatasetSpec
from objectpose.datasets.turntable import save_turntable
from objectpose.jobs.source import backend_of
from objectpose.rendering.backend import RenderBackend
from objectpose.rendering.poses import to_matrix
from objectpose.video import check_format


def run(config: RenderCommandConfig) -> int:
    """Render, or with ``dry_run=true`` only say what would be rendered."""
    video = None if config.video in (False, None) else "gif" if config.video is True else str(config.video)
    if video is not None:
        check_format(video)
    spec = dataset_spec(config.dataset, config.render)
    backend = backend_of(config.render)
    root = Path(config.renders_dir)
    if config.export is not None:
        require_own(Path(config.export), dataset_folder(spec, backend, root).name)
    counts = count_rows(spec)
    width = max(len(name) for name in counts)
    for name, count in counts.items():
        print(f"{name.ljust(width)}  {count:7,d}")
    size = f"{sum(counts.values()):7,d} images of {spec.image_size_px} px, {needed_bytes(spec) / 1e9:.2f} GB"
    objects = counted(len(spec.objects), "object")
    behind = counted(len(spec.backgrounds.names), "background")
    print(f"{'total'.ljust(width)}  {size}, {objects}, {behind}, backend {backend.name}")
    if config.dry_run:
        print(f"Would go to {dataset_folder(spec, backend, root)}")
        return 0
    dataset = render_dataset(spec, backend, root, progress=config.progress)
    print(f"In {dataset.folder}")
    if config.preview:
        print(f"Preview: {_preview(dataset)}")
    if video is not None:
        print(f"Turntables: {_turntables(spec, backend, dataset, video, config.progress)}")
    if config.export is not None:
        print(f"PNG files: {export_original(dataset, Path(config.export), progress=config.progress)}")
    return 0


def _preview(dataset: RenderedDataset) -> Path:
    path = dataset.folder.with_name(f"{dataset.name}-preview.png")
    return save_contact_sheet(dataset.plan, dataset.image, path, title=dataset.name)


def _turntables(spec: DatasetSpec, backend: RenderBackend, dataset: RenderedDataset, kind: str, progress: bool) -> Path:
    folder = dataset.folder.with_name(f"{dataset.name}-turntables")
    for object_id in tqdm(spec.objects, desc="video", unit="object", disable=not progress, dynamic_ncols=True):
        path = folder / f"{object_id.replace('/', '.')}.{kind}"
        if not path.is_file():
            view = to_matrix(placements(spec, object_id)[0][1].view)
            mesh = dressed_mesh(spec, object_id)
            save_turntable(mesh, view, path, backend=backend, light=spec.light_on(object_id))
    return folder
