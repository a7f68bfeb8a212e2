"""Data sets of pictures that exist already: a plan made from the names of files, pictures read when they are wanted."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, overload

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from objectpose.classes import IMAGENET, Classes
from objectpose.datasets.alternatives import read_alternatives
from objectpose.datasets.dataset import Picture
from objectpose.datasets.exported import EXPORT, is_export, read_export
from objectpose.datasets.human_study import REPOSITORY, STUDY, study_parts
from objectpose.datasets.index import Index, index_pictures, read_index, write_index
from objectpose.datasets.layouts import LAYOUTS, Options, read_layout, recognise
from objectpose.datasets.picture_files import decode_picture, find_pictures
from objectpose.datasets.plan import SCHEMA, Labels, Space, labelled
from objectpose.datasets.rendered import MANIFEST
from objectpose.datasets.spec import FRAMINGS
from objectpose.errors import ObjectPoseError, nearest
from objectpose.files import publish

FOLDER_VERSION = 1
"""Changes whenever the same files would give other pixels or another plan."""


def open_folder(
    path: str | Path | None,
    layout: str = "auto",
    name: str | None = None,
    renders: str | Path = "renders",
    *,
    upright: str = "separate",
    alternatives: str | Path | None = None,
    classes: Classes = IMAGENET,
    progress: bool = True,
) -> FolderDataset:
    """Return a folder of pictures as a data set.

    Args:
        path: of the folder.
        layout: ``auto``, ``objectpose``, one of ``layouts.LAYOUTS``, or ``human_study``: the study's own pictures with
            the alternatives that lie beside them (``human_study.study_parts``).
        name: first part of the data set's name; None takes the folder's.
        renders: where its plan and index are kept, in ``<name>-<hash12>``; the pictures stay where they are.
        upright: ``separate``, ``sweeps`` or ``none`` (``layouts.Options``).
        alternatives: for ``stimuli`` and ``human_study``: a .mat file of the human study, or the folder of them, whose
            alternative labels become ``alt_targets``.
        classes: the label space, in which the names of files and folders are looked up.
        progress: show a progress bar on stderr while many files are indexed.

    Raises:
        ObjectPoseError: no path, no such folder, no picture in it, a layout that is unknown or does not fit, a file or
            folder whose name cannot be read or names none of the classes, a damaged picture, pictures that stand twice,
            no upright pictures.
    """
    if path is None:
        what = f"a clone of {REPOSITORY}" if layout == STUDY else "the folder of pictures"
        raise ObjectPoseError(f"dataset.path is not set; give {what}, as in dataset.path=FOLDER.")
    source = None if alternatives is None else Path(alternatives)
    if layout == STUDY:
        layout = "stimuli"
        path, choices = study_parts(Path(path), source)
        options = Options(upright, choices, classes)
    else:
        options = Options(upright, None if source is None else read_alternatives(source), classes)
    return FolderDataset(Path(path), layout, name=name, renders=Path(renders), options=options, progress=progress)


class FolderDataset:
    """Pictures of a folder, of any sizes, read when they are wanted; row i of the plan is image i.

    The hash in the name covers the layout, what was said about it, the paths of the pictures relative to the folder and
    the sha256 of each. It does not cover where the folder lies, so that a copy is the same data set. Every picture's
    sum is compared when it is read.

    Attributes:
        path: of the pictures.
        layout: the layout found or given.
        folder: ``renders/<name>-<hash12>`` with ``plan.parquet``, ``index.parquet`` and ``manifest.json``.
        plan: one row an image; ``image_id`` is the picture's path, except in an export, which has its own plan.
        of_catalogue: True where it is an export whose objects are the catalogue's.
        classes: the label space.
        views: how each object of an export is seen upright; None for other pictures.
        coverage: as measured when an export was rendered; None for other pictures.

    Args:
        path: of the pictures.
        layout: ``auto``, ``objectpose`` or one of ``layouts.LAYOUTS``.
        name: first part of the name; None takes the folder's.
        renders: folder of all data sets.
        options: what is said about the folder.
        progress: show a progress bar on stderr while many files are indexed.

    Raises:
        ObjectPoseError: as ``open_folder``.
    """

    def __init__(
        self,
        path: Path,
        layout: str = "auto",
        *,
        name: str | None = None,
        renders: Path = Path("renders"),
        options: Options | None = None,
        progress: bool = True,
    ) -> None:
        self.path = path
        self.of_catalogue = False
        self.coverage: pd.DataFrame | None = None
        self.views: pd.DataFrame | None = None
        self._options = options = options or Options()
        self.classes = options.classes
        name = _name(path, name)
        known = ("auto", EXPORT, *LAYOUTS)
        if layout not in known:
            raise ObjectPoseError(f"Unknown dataset.layout '{layout}'; {nearest(layout, (*known, STUDY))}.")
        found = find_pictures(path)
        self.layout = (
            layout if layout != "auto" else EXPORT if is_export(path) else recognise(path, found, options.classes)
        )
        labels: Labels = _as_planned
        space = Space.of(self.classes)
        if self.layout == EXPORT:
            export = read_export(path, options)
            table, self._paths, labels, space = export.plan, export.paths, export.labels, export.space
            self.of_catalogue, self.coverage, self.views = export.of_catalogue, export.coverage, export.views
        else:
            rows = read_layout(self.layout, path, found, options)
            self._paths = [row.path for row in rows]
            table = pa.Table.from_pylist([row.row for row in rows], schema=SCHEMA)
        old, begun_ns = _earlier_index(path, self.layout, name, renders)
        now_ns = time.time_ns()
        self._index, read = index_pictures(path, self._paths, old, begun_ns, progress)
        if self.layout == EXPORT:
            export.check(self._index)
        self.plan: pd.DataFrame = labelled(table, labels, str(path), space=space, classes=self.classes)
        self.folder = renders / f"{name}-{_hash12(self.layout, options, table, self._index)}"
        if read or not self._is_kept(table, space):
            self._keep(table, space, now_ns)
        self._row_of = {image_id: i for i, image_id in enumerate(self.plan["image_id"])}

    @property
    def population(self) -> str:
        """What its classes are like, in words."""
        return "procedural objects" if self.of_catalogue else "things shown as in this folder"

    def keeps_upright(self, condition: str) -> bool:
        """Return whether gravity holds under a condition."""
        return FRAMINGS["paper" if self.layout == "original" else "catalogue"].keeps_upright(condition)

    @property
    def name(self) -> str:
        """``<name>-<hash12>``, as it stands in tables."""
        return self.folder.name

    def __len__(self) -> int:
        return len(self._paths)

    def images(self, start: int, stop: int) -> FolderPictures:
        """Return images start..stop-1, clipped to those there are; each is read when it is taken from the sequence."""
        return FolderPictures(self._read, self._paths[start:stop])

    def image(self, image_id: str) -> Picture:
        """Return one image by its id as uint8 H x W x 3.

        Raises:
            ObjectPoseError: its file is damaged, or was changed since it was indexed.
        """
        return self._read(self._paths[self._row_of[image_id]])

    def _read(self, path: str) -> Picture:
        where = self.path / path
        try:
            data = where.read_bytes()
        except OSError as error:
            raise ObjectPoseError(f"{where} cannot be read any more ({error.strerror}); run again.") from None
        if hashlib.sha256(data).hexdigest() != self._index[path].sha256:
            raise ObjectPoseError(f"{where} was changed since it was indexed; run again, which makes a new data set.")
        return decode_picture(data, where)

    def _is_kept(self, table: pa.Table, space: Space) -> bool:
        """Return whether the folder holds this plan; target sets, their classes and poses may change under one name."""
        plan = self.folder / "plan.parquet"
        try:
            noted = Space.noted(json.loads((self.folder / MANIFEST).read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return False
        return noted == space and plan.is_file() and bool(pq.read_table(plan).equals(table))

    def _keep(self, table: pa.Table, space: Space, begun_ns: int) -> None:
        """Write plan, index and manifest, the manifest last."""
        said = self._options.alternatives
        self.folder.mkdir(parents=True, exist_ok=True)
        manifest = {
            "schema_version": FOLDER_VERSION,
            "kind": "folder",
            "layout": self.layout,
            "classes": space.note(),
            "path": str(self.path.resolve()),
            "upright": self._options.upright,
            "alternatives": None if said is None else sorted([*key, value] for key, value in said.items()),
            "indexed_ns": begun_ns,
            "counts": {"images": table.num_rows, "files": len(self._index)},
        }
        text = json.dumps(manifest, indent=1, sort_keys=True) + "\n"
        writers: dict[str, Callable[[Path], object]] = {
            "plan.parquet": lambda p: pq.write_table(table, p),
            "index.parquet": lambda p: write_index(self._index, p),
            MANIFEST: lambda p: p.write_text(text, encoding="utf-8"),
        }
        for name, write in writers.items():
            temporary = self.folder / f".{name}.writing"
            write(temporary)
            publish(temporary, self.folder / name)


class FolderPictures(Sequence[Picture]):
    """Pictures of a folder, each read and decoded when it is asked for, so that few are in memory at a time."""

    def __init__(self, read: Callable[[str], Picture], paths: list[str]) -> None:
        self._read = read
        self._paths = paths

    def __len__(self) -> int:
        return len(self._paths)

    @overload
    def __getitem__(self, place: int) -> Picture: ...

    @overload
    def __getitem__(self, place: slice) -> FolderPictures: ...

    def __getitem__(self, place: int | slice) -> Picture | FolderPictures:
        if isinstance(place, slice):
            return FolderPictures(self._read, self._paths[place])
        return self._read(self._paths[place])


def _as_planned(object_id: str) -> None:
    """Know no better labels than the plan's, which is made anew from the names each time."""


def _name(path: Path, name: str | None) -> str:
    if name is None:
        return re.sub(r"[^\w.+-]+", "_", path.resolve().name).strip("._") or "folder"
    if not re.fullmatch(r"\w[\w.+-]*", name):
        raise ObjectPoseError(f"dataset.name is '{name}'; expected letters, digits, '_', '.', '+' and '-'.")
    return name


def _hash12(layout: str, options: Options, table: pa.Table, index: Index) -> str:
    """Return the first 12 hex digits of the sha256 of all that determines pixels and plan."""
    alternatives = sorted([*key, value] for key, value in (options.alternatives or {}).items())
    said: dict[str, Any] = {"version": FOLDER_VERSION, "layout": layout, "upright": options.upright}
    said["alternatives"] = alternatives if options.alternatives is not None else None
    if layout == EXPORT:
        said["ids"] = table["image_id"].to_pylist()
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode())
    for path in sorted(index):
        digest.update(f"\n{path}\0{index[path].sha256}".encode())
    return digest.hexdigest()[:12]


def _earlier_index(path: Path, layout: str, name: str, renders: Path) -> tuple[Index, int]:
    """Return the newest index of this folder and when it was begun; empty and 0 where there is none."""
    best: tuple[int, Path | None] = (0, None)
    for folder in renders.glob("*") if renders.is_dir() else ():
        if not folder.name.startswith(f"{name}-") or not (folder / "index.parquet").is_file():
            continue
        try:
            manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            same = (manifest["kind"], manifest["layout"], manifest["path"]) == ("folder", layout, str(path.resolve()))
            begun = int(manifest["indexed_ns"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if same and begun > best[0]:
            best = (begun, folder)
    return ({}, 0) if best[1] is None else (read_index(best[1] / "index.parquet"), best[0])
