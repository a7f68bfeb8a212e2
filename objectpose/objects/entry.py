"""What a data set knows of an object before its mesh exists, whether it comes from the catalogue or from a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from objectpose.classes import IMAGENET, Classes
from objectpose.errors import ObjectPoseError, nearest
from objectpose.objects.mesh import Mesh
from objectpose.objects.symmetry import NONE, Symmetry


@dataclass(frozen=True)
class ObjectEntry:
    """One object: its labels, how it is seen, and how its mesh is had.

    Attributes:
        object_id: ``class/instance``, unique within a library.
        class_name: lower case with underscores.
        instance: whole number >= 0.
        targets: indices of the classes that are right answers, in the label space of the library (in the catalogue
            ImageNet-1k); at least one.
        source_hash: sha256 of all that determines the mesh, known before the mesh is built.
        build: returns the mesh, centred and validated; equal entries give equal bytes.
        symmetry: of the object, in its own frame.
        azimuth_deg: of the canonical view, ``R_view = Rx(elevation) Ry(azimuth)``.
        elevation_deg: of the canonical view, how far above the object the camera stands.
    """

    object_id: str
    class_name: str
    instance: int
    targets: tuple[int, ...]
    source_hash: str
    build: Callable[[], Mesh] = field(compare=False, repr=False)
    symmetry: Symmetry = NONE
    azimuth_deg: float = 35.0
    elevation_deg: float = 20.0


class Library(Mapping[str, ObjectEntry]):
    """Objects by id.

    Args:
        name: where they come from, ``meshes`` for own files; part of a data set's hash.
        entries: in the order in which a data set shows them.
        classes: the label space, in which their targets were found.

    Raises:
        ObjectPoseError: two objects have the same id, or a target is no class of the label space.
    """

    def __init__(self, name: str, entries: tuple[ObjectEntry, ...], classes: Classes = IMAGENET) -> None:
        self.name = name
        self.classes = classes
        self._entries = {entry.object_id: entry for entry in entries}
        if len(self._entries) < len(entries):
            ids = [entry.object_id for entry in entries]
            twice = next(o for o in ids if ids.count(o) > 1)
            raise ObjectPoseError(f"Two objects are called '{twice}'; give each its own id in the labels file.")
        for entry in entries:
            for target in entry.targets:
                classes.name(target)

    def __getitem__(self, object_id: str) -> ObjectEntry:
        if object_id not in self._entries:
            raise ObjectPoseError(f"Unknown object '{object_id}'; {nearest(object_id, self._entries)}.")
        return self._entries[object_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
