"""Rendering a plan into shards: resumable, each file written to a temporary name and moved."""

from __future__ import annotations

import json
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout
from numpy.typing import NDArray
from tqdm import tqdm

from objectpose.classes import IMAGENET
from objectpose.datasets.drawing import Artist
from objectpose.datasets.plan import Labels, Space, build_plan, catalogue_labels, count_rows
from objectpose.datasets.rendered import MANIFEST, RenderedDataset
from objectpose.datasets.spec import SCHEMA_VERSION, DatasetSpec
from objectpose.errors import ObjectPoseError
from objectpose.files import publish, require_space, sha256_of
from objectpose.objects.appearance import dressed
from objectpose.objects.mesh import Mesh
from objectpose.objects.symmetry import Symmetry
from objectpose.rendering.backend import RenderBackend
from objectpose.rendering.conditions import row_seed

SHARD_BYTES = 64 * 2**20


def dataset_folder(spec: DatasetSpec, backend: RenderBackend, root: Path) -> Path:
    """Return where the data set lies or will lie: ``root/<label>-<hash12>``."""
    return root / f"{spec.label}-{spec.hash12(backend)}"


def open_rendered(spec: DatasetSpec, folder: Path, *, verify: bool = True) -> RenderedDataset:
    """Return a data set that is rendered already, with the present labels of its objects.

    Raises:
        ObjectPoseError: as ``RenderedDataset``.
    """
    return RenderedDataset(folder, verify, labels_of(spec), spec.classes)


def labels_of(spec: DatasetSpec) -> Labels:
    """Return target set and symmetry of every object, in the label space of the data set."""
    if spec.library is None:
        return catalogue_labels(spec.objects, spec.classes)

    def labels(object_id: str) -> tuple[tuple[int, ...], Symmetry] | None:
        entry = spec.entry(object_id)
        return entry.targets, entry.symmetry

    return labels


def is_rendered(folder: Path) -> bool:
    """Return whether a whole data set lies in ``folder``."""
    return (folder / MANIFEST).is_file()


def needed_bytes(spec: DatasetSpec) -> int:
    """Return the size of the data set's images in bytes."""
    return sum(count_rows(spec).values()) * spec.image_size_px**2 * 3


def render_dataset(spec: DatasetSpec, backend: RenderBackend, root: Path, *, progress: bool = True) -> RenderedDataset:
    """Return the data set, rendering what is missing of it.

    A killed run leaves only ``root/.<name>-<hash12>.partial``; the next run goes on from its finished shards and
    arrives at the same bytes.

    Args:
        spec: what to render.
        backend: what draws it.
        root: folder of all data sets, usually ``renders``.
        progress: show a progress bar on stderr.

    Raises:
        ObjectPoseError: not enough space, another process renders the same data set, an object is not visible in
            an image.
    """
    folder = dataset_folder(spec, backend, root)
    if is_rendered(folder):
        return open_rendered(spec, folder)
    partial = root / f".{folder.name}.partial"
    done = sum(path.stat().st_size for path in partial.glob("images-*.npy"))
    require_space(root, max(0, needed_bytes(spec) - done), f"What is missing of data set {folder.name}")
    partial.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(root / f".{folder.name}.lock", timeout=0):
            if not is_rendered(folder):
                _fill(spec, backend, partial, progress)
                partial.rename(folder)
    except Timeout:
        raise ObjectPoseError(
            f"Another process is rendering {folder.name} under {root}; wait for it, then run again."
        ) from None
    return open_rendered(spec, folder)


def _fill(spec: DatasetSpec, backend: RenderBackend, partial: Path, progress: bool) -> None:
    plan = build_plan(spec)
    _write_table(plan, partial / "plan.parquet")
    frame: pd.DataFrame = plan.to_pandas()
    per_shard = max(1, SHARD_BYTES // (spec.image_size_px**2 * 3))
    bar = tqdm(total=len(frame), desc=f"render {spec.label}", unit="img", disable=not progress, dynamic_ncols=True)
    shards, coverages = [], []
    with ThreadPoolExecutor(1) as builder, bar:
        meshes, artist = _Meshes(spec, builder), Artist(spec, backend)
        for number, start in enumerate(range(0, len(frame), per_shard)):
            rows = frame.iloc[start : start + per_shard]
            shard, coverage = partial / f"images-{number:05d}.npy", partial / f".coverage-{number:05d}.parquet"
            if not (shard.is_file() and coverage.is_file()):
                images, table = _draw_rows(rows, artist, meshes, bar)
                _write_table(table, coverage)
                temporary = partial / f".{shard.name}.writing"
                with temporary.open("wb") as stream:
                    np.save(stream, images)
                publish(temporary, shard)
            else:
                bar.update(len(rows))
            shards.append(shard)
            coverages.append(coverage)
    _write_table(pa.concat_tables([pq.read_table(path) for path in coverages]), partial / "coverage.parquet")
    files = [partial / "plan.parquet", partial / "coverage.parquet", *shards]
    manifest: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "name": spec.name,
        "hash_inputs": spec.hash_inputs(backend),
        "backend": {"name": backend.name, "version": backend.version},
        "classes": Space.of(IMAGENET if spec.library is None else spec.classes).note(),
        "sources": dict(spec.sources),
        "photographs": spec.backgrounds.sources(spec.objects, spec.seed),
        "counts": {"images": len(frame), "objects": len(spec.objects), "conditions": count_rows(spec)},
        "sha256": {path.name: sha256_of(path) for path in files},
    }
    temporary = partial / f".{MANIFEST}.writing"
    temporary.write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    publish(temporary, partial / MANIFEST)
    for path in coverages:
        path.unlink()


def dressed_mesh(spec: DatasetSpec, object_id: str) -> Mesh:
    """Build an object and return it in the data set's appearance."""
    paint = row_seed(spec.seed, spec.appearance, object_id)
    return dressed(spec.entry(object_id).build(), spec.appearance, paint)


class _Meshes:
    """Builds the objects of a data set one ahead, so that the next is modelled while this one is drawn."""

    def __init__(self, spec: DatasetSpec, builder: ThreadPoolExecutor) -> None:
        self._spec = spec
        self._builder = builder
        self._after = dict(zip(spec.objects, [*spec.objects[1:], None], strict=True))
        self._pending: dict[str, Future[Mesh]] = {}

    def __getitem__(self, object_id: str) -> Mesh:
        wanted = [name for name in (object_id, self._after[object_id]) if name is not None]
        self._pending = {name: self._pending.get(name) or self._builder.submit(self._build, name) for name in wanted}
        return self._pending[object_id].result()

    def _build(self, object_id: str) -> Mesh:
        return self._spec.frame.fit(dressed_mesh(self._spec, object_id))


def _write_table(table: pa.Table, path: Path) -> None:
    temporary = path.with_name(f".{path.name}.writing")
    pq.write_table(table, temporary)
    publish(temporary, path)


def _draw_rows(rows: pd.DataFrame, artist: Artist, meshes: _Meshes, bar: Any) -> tuple[NDArray[np.uint8], pa.Table]:
    size = artist.spec.image_size_px
    images = np.empty((len(rows), size, size, 3), np.uint8)
    shares, borders = np.empty(len(rows)), np.empty(len(rows), np.bool_)
    begin = 0
    while begin < len(rows):
        object_id = str(rows["object_id"].iat[begin])
        most = artist.backend.pictures_a_call
        same = (rows["object_id"].iloc[begin : begin + most] == object_id).to_numpy()
        end = begin + int(same.cumprod().sum())
        drawn = artist.draw(rows.iloc[begin:end], meshes[object_id])
        images[begin:end] = drawn.images
        shares[begin:end] = drawn.masks.mean(axis=(1, 2))
        edge = drawn.masks.copy()
        edge[:, 1:-1, 1:-1] = False
        borders[begin:end] = edge.any(axis=(1, 2))
        bar.update(end - begin)
        begin = end
    coverage = pa.table({"image_id": pa.array(rows["image_id"]), "coverage": shares, "touches_border": borders})
    return images, coverage
