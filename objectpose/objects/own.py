"""Own meshes as objects of a data set: found, labelled, checked and hashed before any of them is built."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from objectpose.classes import IMAGENET, Classes
from objectpose.errors import ObjectPoseError, nearest
from objectpose.objects.catalogue import CATALOGUE
from objectpose.objects.entry import ObjectEntry
from objectpose.objects.labels import Label, label_from_name, read_labels
from objectpose.objects.loading import (
    LOADER_VERSION,
    LoadOptions,
    MeshFile,
    check_faces,
    load_mesh,
    mesh_files,
    side_files_of,
    up_axis,
)
from objectpose.objects.mesh import Mesh
from objectpose.objects.symmetry import NONE, Symmetry
from objectpose.objects.targets import targets_of_catalogue

UNLABELLED = ("error", "skip")
PREFERRED = (".glb", ".gltf", ".obj", ".ply", ".stl", ".off")


def own_objects(
    meshes: Path,
    labels: Path | None,
    options: LoadOptions | None = None,
    unlabelled: str = "error",
    classes: Classes = IMAGENET,
) -> tuple[ObjectEntry, ...]:
    """Return an entry for each mesh of a file, folder or archive, in the order of their paths.

    A mesh that lies there in several formats, under paths that differ in the ending only, is one object: of the format
    that the labels file names, else of the first of ``PREFERRED``.

    Every file is read once, for its hash, and looked at as far as that is cheap: how many faces it has, whether what
    it refers to is there and textures are pictures. No mesh is built.

    Args:
        meshes: a mesh file, a folder (all folders below it too) or a ``.zip`` or ``.sh3f`` archive.
        labels: a labels file, see ``labels.read_labels``; None takes names of files and folders for labels.
        options: how meshes are read; ``up`` and ``turn_deg`` of a labels file come before it.
        unlabelled: ``error``, or ``skip`` meshes that have no row in the labels file, or no class in their name.
        classes: the label space, which the targets are indices of.

    Raises:
        ObjectPoseError: what the three helpers raise, a mesh without label, two objects of one id, a class whose
            objects have different labels.
    """
    if unlabelled not in UNLABELLED:
        raise ObjectPoseError(f"unlabelled is '{unlabelled}'; {nearest(unlabelled, UNLABELLED)}.")
    options = options or LoadOptions()
    files = {file.name: file for file in mesh_files(meshes)}
    known = _labelled(meshes, tuple(files), labels, unlabelled, classes)
    ids = _numbered(known)
    return tuple(
        _entry(meshes, files[name], label, ids[name], options, _symmetry(label, classes))
        for name, label in known.items()
    )


def _labelled(
    meshes: Path, names: tuple[str, ...], labels: Path | None, unlabelled: str, classes: Classes
) -> dict[str, Label]:
    """Return the label of each mesh that takes part, in the order of the names."""
    if labels is None:
        found: dict[str, Label] = {}
        for name in _once(names):
            try:
                found[name] = label_from_name(name, classes)
            except ObjectPoseError:
                if unlabelled == "error":
                    raise
    else:
        rows = read_labels(labels, names, classes)
        said = {_stem(name) for name in rows}
        without = [name for name in _once(names) if _stem(name) not in said]
        if without and unlabelled == "error":
            shown = ", ".join(without[:5]) + (f" and {len(without) - 5} more" if len(without) > 5 else "")
            raise ObjectPoseError(
                f"{labels} has no row for {shown}; add one a mesh, or leave them out with dataset.unlabelled=skip."
            )
        found = {name: rows[name] for name in names if name in rows}
    if not found:
        remedy = "give dataset.labels" if labels is None else f"name them in {labels}"
        raise ObjectPoseError(f"None of the {len(names)} meshes of {meshes} has a label; {remedy}.")
    return found


def _stem(name: str) -> str:
    return name.rpartition(".")[0]


def _once(names: tuple[str, ...]) -> list[str]:
    """Return the names without further formats of the same mesh."""
    best: dict[str, str] = {}
    for name in sorted(names, key=lambda name: PREFERRED.index(name.lower()[len(_stem(name)) :])):
        best.setdefault(_stem(name), name)
    return [name for name in names if best[_stem(name)] == name]


def _numbered(known: Mapping[str, Label]) -> dict[str, str]:
    """Return object ids: those given, and ``class/0``, ``class/1``, ... for the others.

    Raises:
        ObjectPoseError: an id is given twice, or a class has two target sets.
    """
    given: dict[str, str] = {}
    targets: dict[str, tuple[str, tuple[int, ...]]] = {}
    for name, label in known.items():
        first, other = targets.setdefault(label.class_name, (name, label.targets))
        if set(other) != set(label.targets):
            raise ObjectPoseError(
                f"{first} and {name} are of class '{label.class_name}' but have the labels {list(other)} and "
                f"{list(label.targets)}; give them one label, or classes of their own in the column object."
            )
        if label.object_id is not None:
            if label.object_id in given:
                raise ObjectPoseError(
                    f"{given[label.object_id]} and {name} are both called '{label.object_id}'; give each its own id."
                )
            given[label.object_id] = name
    ids = {}
    counts: dict[str, int] = {}
    for name, label in known.items():
        if label.object_id is not None:
            ids[name] = label.object_id
            continue
        number = counts.get(label.class_name, 0)
        while f"{label.class_name}/{number}" in given:
            number += 1
        ids[name], counts[label.class_name] = f"{label.class_name}/{number}", number + 1
    return ids


def _entry(
    meshes: Path, file: MeshFile, label: Label, object_id: str, options: LoadOptions, symmetry: Symmetry
) -> ObjectEntry:
    options = replace(options, up=label.up or options.up, turn_deg=options.turn_deg + label.turn_deg)
    try:
        check_faces(file, options)
        digest = source_hash(file, options)
    except ObjectPoseError as error:
        raise ObjectPoseError(f"Object {object_id}: {error}") from None
    return ObjectEntry(
        object_id=object_id,
        class_name=label.class_name,
        instance=int(object_id.partition("/")[2]),
        targets=label.targets,
        source_hash=digest,
        build=partial(_build, meshes, file.name, options, object_id),
        symmetry=symmetry,
        azimuth_deg=ObjectEntry.azimuth_deg if label.azimuth_deg is None else label.azimuth_deg,
        elevation_deg=ObjectEntry.elevation_deg if label.elevation_deg is None else label.elevation_deg,
    )


def _symmetry(label: Label, classes: Classes) -> Symmetry:
    """Return what the label says, else that of the catalogue's class of the same name, where it means the same."""
    if label.symmetry is not None:
        return label.symmetry
    row = CATALOGUE.get(label.class_name)
    if row is None:
        return NONE
    known = set(targets_of_catalogue(row.name, classes))
    same = set(label.targets) == known if classes.is_imagenet else set(label.targets) <= known
    return row.symmetry if same else NONE


def source_hash(file: MeshFile, options: LoadOptions) -> str:
    """Return the sha256 of all that determines a mesh, without building it.

    It covers the bytes of the mesh, of its material libraries, buffers and textures in the order in which they are
    named (not their names, nor where they lie), the options that change a mesh and ``LOADER_VERSION``.

    Raises:
        ObjectPoseError: a file is missing or cannot be read, a texture is no picture or too large.
    """
    numbers = (up_axis(file, options), options.turn_deg, options.original_shading, options.crease_deg)
    total = hashlib.sha256(repr((LOADER_VERSION, file.suffix, *numbers, options.missing_textures)).encode())
    for name in (file.name, *side_files_of(file, options)):
        part = hashlib.sha256()
        for chunk in file.tree.chunks(name):
            part.update(chunk)
        total.update(part.digest())
    return total.hexdigest()


def _build(meshes: Path, name: str, options: LoadOptions, object_id: str) -> Mesh:
    """Load the mesh of an entry, centred on its bounding box."""
    file = next((file for file in mesh_files(meshes) if file.name == name), None)
    if file is None:
        raise ObjectPoseError(f"Object {object_id}: {meshes} no longer holds {name}; put it back.")
    try:
        mesh = load_mesh(file, options).centred()
    except ObjectPoseError as error:
        raise ObjectPoseError(f"Object {object_id}: {error}") from None
    mesh.validate(object_id)
    return mesh
