"""A data set on disk, no network asked."""

from __future__ import annotations

from pathlib import Path

from objectpose.config import RenderCommandConfig, dataset_spec
from objectpose.datasets.plan import count_rows
from objectpose.datasets.render import dataset_folder, needed_bytes, render_dataset
from objectpose.rendering.backend import get_backend


def run(config: RenderCommandConfig) -> int:
    """Render, or with ``dry_run=true`` only say what would be rendered."""
    spec = dataset_spec(config.dataset, config.render)
    backend = get_backend(config.render.backend, config.render.threads)
    root = Path(config.renders_dir)
    counts = count_rows(spec)
    width = max(len(name) for name in counts)
    for name, count in counts.items():
        print(f"{name.ljust(width)}  {count:6d}")
    print(
        f"{'total'.ljust(width)}  {sum(counts.values()):6d} images of {spec.image_size_px} px, "
        f"{len(spec.objects)} objects, {needed_bytes(spec) / 1e9:.2f} GB"
    )
    if not config.dry_run:
        dataset = render_dataset(spec, backend, root, progress=config.progress)
        print(f"In {dataset.folder}")
    else:
        print(f"Would go to {dataset_folder(spec, backend, root)}")
    return 0
