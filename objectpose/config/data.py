"""From the words of a config to the data set that they describe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from objectpose.classes import IMAGENET, Classes, read_classes
from objectpose.config.schema import DatasetConfig, RenderConfig
from objectpose.datasets.backgrounds import Backgrounds, Photos
from objectpose.datasets.hub import fetch
from objectpose.datasets.human_study import STUDY
from objectpose.datasets.spec import DatasetSpec, resolve_objects
from objectpose.errors import ObjectPoseError
from objectpose.objects.appearance import as_appearance
from objectpose.objects.entry import Library
from objectpose.objects.loading import LoadOptions
from objectpose.objects.own import own_objects
from objectpose.rendering.conditions import parameters_of
from objectpose.rendering.rules import Parameters


def classes_of(dataset: DatasetConfig) -> Classes:
    """Return the label space that a config names.

    Raises:
        ObjectPoseError: its file cannot be read or is no list of classes.
    """
    return IMAGENET if dataset.classes is None else read_classes(Path(dataset.classes))


def dataset_spec(dataset: DatasetConfig, render: RenderConfig) -> DatasetSpec:
    """Return the data set that a config describes.

    Raises:
        ObjectPoseError: an unknown object, condition or parameter, a value out of range, a file that is not there or
            cannot be used.
    """
    if is_found(dataset):
        config = "human_stimuli" if dataset.layout == STUDY else "folder"
        raise ObjectPoseError(
            f"dataset={config} and dataset.path are about pictures that "
            "exist already, of which none is rendered; use python -m objectpose.eval "
            f"dataset={config} dataset.path=FOLDER."
        )
    conditions = tuple((name, _parameters(name, given)) for name, given in dataset.conditions.items())
    sources: dict[str, str] = {}
    backgrounds = _backgrounds(dataset, sources)
    classes = classes_of(dataset)
    library = _library(dataset, sources, classes)
    names = dataset.objects if isinstance(dataset.objects, list) else str(dataset.objects)
    return DatasetSpec(
        name=dataset.name,
        objects=resolve_objects([str(n) for n in names] if isinstance(names, list) else names, library),
        conditions=conditions,
        image_size_px=render.image_size,
        supersampling=render.supersampling,
        seed=dataset.seed,
        appearance=as_appearance(dataset.appearance),
        backgrounds=backgrounds,
        framing=dataset.framing,
        library=library,
        sources=tuple(sources.items()),
        classes=classes,
    )


def _parameters(name: str, given: Any) -> Parameters:
    if not isinstance(given, Mapping):
        raise ObjectPoseError(f"Condition '{name}' has parameters {given!r}; expected such as {{count: 18}}.")
    wrong = [k for k, v in given.items() if isinstance(v, bool) or not isinstance(v, int | float)]
    if wrong:
        raise ObjectPoseError(f"{wrong[0]} of condition '{name}' is {given[wrong[0]]!r}; expected a number.")
    return parameters_of(name, {str(k): v for k, v in given.items()})


def _backgrounds(dataset: DatasetConfig, sources: dict[str, str]) -> Backgrounds:
    names = dataset.backgrounds if isinstance(dataset.backgrounds, list) else [dataset.backgrounds]
    colour = dataset.background_colour
    if not isinstance(colour, list) or len(colour) != 3 or not all(type(value) is int for value in colour):
        raise ObjectPoseError(f"dataset.background_colour is {colour!r}; expected three whole numbers: [124,116,103].")
    photos = None if dataset.photos is None else Photos(_local(dataset.photos, sources))
    return Backgrounds(tuple(str(name) for name in names), (colour[0], colour[1], colour[2]), photos)


def _library(dataset: DatasetConfig, sources: dict[str, str], classes: Classes) -> Library | None:
    if dataset.meshes is None:
        idle = _changed(dataset, ("labels", "unlabelled", "up", "max_faces", "missing_textures"))
        if idle or dataset.name == "custom":
            about = f"dataset.{idle[0]} is about own meshes, but " if idle else ""
            raise ObjectPoseError(f"{about}dataset.meshes is not set; give a mesh, a folder or a zip of meshes.")
        return None
    options = LoadOptions(
        up=dataset.up,
        max_faces=dataset.max_faces,
        original_shading=dataset.framing == "paper",
        missing_textures=dataset.missing_textures,
    )
    meshes = _local(dataset.meshes, sources)
    beside = meshes / "labels.csv"
    labels = Path(dataset.labels) if dataset.labels is not None else beside if beside.is_file() else None
    entries = own_objects(meshes, labels, options, dataset.unlabelled, classes)
    return Library("meshes", entries, classes)


def is_found(dataset: DatasetConfig) -> bool:
    """Return whether a config is about pictures that exist already."""
    return dataset.path is not None or dataset.name == "folder" or dataset.layout == STUDY


def check_found(dataset: DatasetConfig) -> None:
    """Refuse keys that say nothing about pictures that exist already.

    Raises:
        ObjectPoseError: one of them is set.
    """
    about = ("path", "layout", "upright", "alternatives", "classes", "name")
    idle = _changed(dataset, tuple(item.name for item in fields(DatasetConfig) if item.name not in about))
    if idle:
        of_pictures = dataset.name == "folder" or dataset.layout == STUDY
        what = "the configs of rendered data sets" if not of_pictures else f"dataset.{idle[0]}"
        raise ObjectPoseError(
            f"dataset.path names pictures that exist already, about which {what} cannot say anything; use "
            f"dataset={'human_stimuli' if dataset.layout == STUDY else 'folder'} without it."
        )


def _changed(dataset: DatasetConfig, names: tuple[str, ...]) -> list[str]:
    """Return which of some keys differ from their defaults."""
    usual = DatasetConfig(name=dataset.name)
    return [name for name in names if getattr(dataset, name) != getattr(usual, name)]


def _local(reference: str, sources: dict[str, str]) -> Path:
    """Return a path on this machine, after a download where the reference names a repository of the hub."""
    if not reference.startswith("hub:"):
        return Path(reference)
    path, commit = fetch(reference)
    sources[reference] = commit
    return path
