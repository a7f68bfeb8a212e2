"""Writing a rendered data set as PNG files in the original's layout, with its plan beside them.

Importing the export (``folder.open_folder``) gives the same pixels and the same plan.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout
from PIL import Image, UnidentifiedImageError
from tqdm import tqdm

from objectpose.datasets.dataset import Picture
from objectpose.datasets.exported import EXPORT_VERSION, FILES_SCHEMA, KIND, TABLES, manifest_of
from objectpose.datasets.original_names import original_paths
from objectpose.datasets.plan import SCHEMA, Space
from objectpose.datasets.rendered import MANIFEST, RenderedDataset
from objectpose.errors import ObjectPoseError
from objectpose.files import publish, require_space, sha256_of

MARKER = ".export.json"
"""Says of an unfinished export which data set it is of."""
_LOCK = ".export.lock"
_BATCH = 64
_SAMPLE = 32
_MARGIN = 1.25
_LEVEL = 4
"""Of compression: three times as fast as the usual 6, for files that are 1 % larger."""


def export_original(dataset: RenderedDataset, folder: str | Path, progress: bool = True) -> Path:
    """Write the pictures of a data set as PNG in the original's layout, and return the folder.

    Names and folders are those of ``original_names.original_paths``; ``plan.parquet``, ``coverage.parquet``,
    ``files.parquet`` (which file is which row) and ``manifest.json`` lie beside them, the manifest written last. Each
    file is written to a temporary name and moved. A killed export is gone on with by the same call: a picture that is
    there is kept if its pixels are right.

    Args:
        dataset: what to export.
        folder: new, empty, or an export of the same data set, finished or not.
        progress: show a progress bar on stderr.

    Raises:
        ObjectPoseError: the folder holds something else, another process writes to it, or the pictures would not fit
            on the disk.
    """
    folder = Path(folder)
    require_own(folder, dataset.name)
    paths = original_paths(dataset.plan)
    if _is_finished(folder, paths, Space.of(dataset.classes)):
        return folder
    _require_space(folder, dataset, paths)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / _LOCK, timeout=0):
            _write_text(folder / MARKER, {"kind": KIND, "dataset": dataset.name})
            sums = _write_pictures(folder, dataset, paths, progress)
            _finish(folder, dataset, paths, sums)
    except Timeout:
        raise ObjectPoseError(f"Another process is exporting to {folder}; wait for it, then run again.") from None
    return folder


def require_own(folder: Path, name: str) -> None:
    """Make sure that a data set may be exported to a folder; nothing is written.

    Raises:
        ObjectPoseError: the folder is a file, or holds something else than an export of that data set.
    """
    if folder.exists() and not folder.is_dir():
        raise ObjectPoseError(f"{folder} is a file; give a folder to export to.")
    if not folder.is_dir() or not [path for path in folder.iterdir() if path.name != _LOCK]:
        return
    try:
        said = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        said = manifest_of(folder)
    if not isinstance(said, dict) or said.get("kind") != KIND:
        raise ObjectPoseError(f"{folder} is not empty and no export; give a new or an empty folder.")
    if said.get("dataset") != name:
        raise ObjectPoseError(f"{folder} holds an export of {said.get('dataset')}, not of {name}; give another folder.")


def _is_finished(folder: Path, paths: list[str], space: Space) -> bool:
    """Return whether the manifest vouches for the tables and every picture of theirs is there."""
    manifest = manifest_of(folder)
    if manifest is None or manifest.get("schema_version") != EXPORT_VERSION or Space.noted(manifest) != space:
        return False
    sums = manifest.get("sha256", {})
    whole = all((folder / name).is_file() and sha256_of(folder / name) == sums.get(name) for name in TABLES)
    if not whole or pq.read_table(folder / "files.parquet")["path"].to_pylist() != paths:
        return False
    return all((folder / path).is_file() for path in paths)


def _require_space(folder: Path, dataset: RenderedDataset, paths: list[str]) -> None:
    """Refuse an export that would not fit, judged by pictures from all over the data set, with a margin."""
    missing = [i for i, path in enumerate(paths) if not (folder / path).is_file()]
    chosen = sorted({missing[i] for i in np.linspace(0, len(missing) - 1, _SAMPLE).astype(int)}) if missing else []
    sizes = [len(_png(dataset.images(i, i + 1)[0])) for i in chosen]
    if sizes:
        needed = int(_MARGIN * len(missing) * sum(sizes) / len(sizes))
        require_space(folder, needed, f"The export of {dataset.name}")


def _png(picture: Picture) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "PNG", compress_level=_LEVEL)
    return stream.getvalue()


def _write_pictures(folder: Path, dataset: RenderedDataset, paths: list[str], progress: bool) -> list[str]:
    """Write what is missing or differs, and return the sha256 of every file."""
    for parent in sorted({(folder / path).parent for path in paths}):
        parent.mkdir(parents=True, exist_ok=True)
    sums: list[str] = []
    bar = tqdm(total=len(paths), desc="export", unit="img", disable=not progress, dynamic_ncols=True)
    with bar, ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for start in range(0, len(paths), _BATCH):
            there = [folder / path for path in paths[start : start + _BATCH]]
            for digest in pool.map(_write_picture, dataset.images(start, start + _BATCH), there):
                sums.append(digest)
                bar.update()
    return sums


def _write_picture(picture: Picture, path: Path) -> str:
    """Return the sha256 of a picture's file, after writing it unless it is there with the same pixels."""
    data = path.read_bytes() if path.is_file() else None
    if data is None or not _shows(data, picture):
        data = _png(picture)
        temporary = path.with_name(f".{path.name}.writing")
        temporary.write_bytes(data)
        temporary.replace(path)
    return hashlib.sha256(data).hexdigest()


def _shows(data: bytes, picture: Picture) -> bool:
    try:
        with Image.open(io.BytesIO(data)) as image:
            return image.mode == "RGB" and np.array_equal(np.asarray(image), picture)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return False


def _finish(folder: Path, dataset: RenderedDataset, paths: list[str], sums: list[str]) -> None:
    plan = pa.Table.from_pandas(dataset.plan, schema=SCHEMA, preserve_index=False).replace_schema_metadata(None)
    columns = [dataset.plan["image_id"].tolist(), paths, sums]
    files = pa.Table.from_arrays([pa.array(column, pa.string()) for column in columns], schema=FILES_SCHEMA)
    coverage: pd.DataFrame = dataset.coverage
    tables = dict(zip(TABLES, (plan, files, pa.Table.from_pandas(coverage, preserve_index=False)), strict=True))
    for name, table in tables.items():
        temporary = folder / f".{name}.writing"
        pq.write_table(table, temporary)
        publish(temporary, folder / name)
    os.sync()  # the pictures before the manifest that vouches for them
    manifest: dict[str, Any] = {
        "schema_version": EXPORT_VERSION,
        "kind": KIND,
        "dataset": dataset.name,
        "classes": Space.of(dataset.classes).note(),
        **{key: dataset.manifest.get(key) for key in ("hash_inputs", "backend", "sources", "counts")},
        "sha256": {name: sha256_of(folder / name) for name in TABLES},
    }
    _write_text(folder / MANIFEST, manifest)
    (folder / MARKER).unlink()


def _write_text(path: Path, content: dict[str, Any]) -> None:
    temporary = path.with_name(f".{path.name}.writing")
    temporary.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    publish(temporary, path)
