"""What a rendered data set is made of, and the hash of it."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from typing import Any

from objectpose.classes import IMAGENET, Classes
from objectpose.datasets.backgrounds import Backgrounds
from objectpose.errors import ObjectPoseError, nearest
from objectpose.objects import admission
from objectpose.objects.appearance import Appearance
from objectpose.objects.catalogue import CATALOGUE, entry_of, split_id
from objectpose.objects.entry import Library, ObjectEntry
from objectpose.objects.targets import require_catalogue
from objectpose.rendering.backend import RenderBackend
from objectpose.rendering.conditions import canonical, get_condition
from objectpose.rendering.framing import CatalogueFraming, Framing
from objectpose.rendering.paper import PaperFraming
from objectpose.rendering.rules import Parameters
from objectpose.rendering.scene import Light

FRAMINGS: dict[str, Framing] = {"catalogue": CatalogueFraming(), "paper": PaperFraming()}
SCHEMA_VERSION = 2
"""Changes whenever a plan's rows would come out differently from the same spec."""


@dataclass(frozen=True)
class DatasetSpec:
    """The inputs of a rendered data set.

    Attributes:
        name: first part of the folder's name.
        objects: ids, ``class/instance``.
        conditions: name and parameters of each.
        image_size_px: height and width of the pictures.
        supersampling: samples a pixel along each axis.
        seed: of all random numbers.
        light: one for all objects.
        appearance: ``textured``, ``untextured`` or ``recoloured``, of all objects.
        backgrounds: every object is shown before each of them.
        framing: ``catalogue`` or ``paper``.
        library: own objects; None takes those of the catalogue.
        sources: name and identity of what was fetched (a repository's commit), for the manifest; not in the hash,
            which covers the files themselves.
        classes: the label space, that of the library where there is one; not in the hash.
    """

    name: str
    objects: tuple[str, ...]
    conditions: tuple[tuple[str, Parameters], ...]
    image_size_px: int = 320
    supersampling: int = 2
    seed: int = 0
    light: Light = field(default_factory=Light)
    appearance: Appearance = "textured"
    backgrounds: Backgrounds = field(default_factory=Backgrounds)
    framing: str = "catalogue"
    library: Library | None = None
    sources: tuple[tuple[str, str], ...] = ()
    classes: Classes = IMAGENET

    @property
    def label(self) -> str:
        """First part of the folder's name: the name, and the appearance unless it is the usual one."""
        return self.name if self.appearance == "textured" else f"{self.name}-{self.appearance}"

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_][\w.-]{0,99}", self.name):
            raise ObjectPoseError(
                f"dataset.name is '{self.name}'; expected letters, digits, dots, dashes and underscores, as it names "
                "a folder."
            )
        if not self.objects:
            raise ObjectPoseError("A data set needs at least one object; none was given.")
        if not self.conditions:
            raise ObjectPoseError("A data set needs at least one condition; none was given.")
        for label, values in (("object", self.objects), ("condition", tuple(name for name, _ in self.conditions))):
            twice = sorted({v for v in values if values.count(v) > 1})
            if twice:
                raise ObjectPoseError(f"The {label} '{twice[0]}' is given twice; name each once.")
        if not 16 <= self.image_size_px <= 4096:
            raise ObjectPoseError(f"image_size_px is {self.image_size_px}; expected 16 to 4096 pixels.")
        if not 1 <= self.supersampling <= 8:
            raise ObjectPoseError(f"supersampling is {self.supersampling}; expected 1 to 8.")
        if self.seed < 0:
            raise ObjectPoseError(f"seed is {self.seed}; expected a whole number >= 0.")
        if self.framing not in FRAMINGS:
            raise ObjectPoseError(f"Unknown framing '{self.framing}'; {nearest(self.framing, FRAMINGS)}.")
        if self.framing == "paper" and self.library is None:
            raise ObjectPoseError(
                "framing=paper is for the original study's own meshes, whose front axes it encodes; set "
                "dataset.meshes, or use dataset.framing=catalogue."
            )
        names = {name for name, _ in self.conditions}
        for name in names:
            missing = get_condition(name).baseline
            if missing not in names:
                raise ObjectPoseError(f"Condition '{name}' is compared with '{missing}'; add '{missing}' as well.")
        if "background_rotation" in names and self.backgrounds.names == ("flat",):
            raise ObjectPoseError(
                "A flat background looks the same however it is turned, so that 'background_rotation' has no "
                "picture; add a background, as in dataset.backgrounds=[bg1,bg2]."
            )
        for object_id in self.objects:
            self.frame.canonical(self.entry(object_id))
        if self.library is None:
            require_catalogue((object_id.partition("/")[0] for object_id in self.objects), self.classes)
        elif self.library.classes.digest != self.classes.digest:
            raise ObjectPoseError(
                f"The meshes are labelled in {self.library.classes.title}, the data set is about {self.classes.title}; "
                "give both the same classes."
            )

    @property
    def frame(self) -> Framing:
        """How objects are fitted, seen and lit."""
        return FRAMINGS[self.framing]

    def entry(self, object_id: str) -> ObjectEntry:
        """Return what is known of an object; the targets of those of the catalogue are ImageNet-1k's.

        Raises:
            ObjectPoseError: there is no such object.
        """
        return entry_of(object_id) if self.library is None else self.library[object_id]

    def light_on(self, object_id: str) -> Light:
        """Return the light on an object."""
        return self.frame.light(self.entry(object_id), self.light)

    def hash_inputs(self, backend: RenderBackend) -> dict[str, Any]:
        """Return everything that can change a pixel, known before any pixel exists; labels are not in it."""
        entries = [self.entry(object_id) for object_id in self.objects]
        return {
            "schema": SCHEMA_VERSION,
            "library": "catalogue" if self.library is None else self.library.name,
            "objects": {e.object_id: {"mesh": e.source_hash, "view": self.frame.canonical(e)} for e in entries},
            "conditions": {name: canonical(name, parameters) for name, parameters in self.conditions},
            "appearance": self.appearance,
            "framing": self.framing,
            "backgrounds": self.backgrounds.hash_inputs(self.objects, self.seed),
            "image_size_px": self.image_size_px,
            "supersampling": self.supersampling,
            "seed": self.seed,
            "light": {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self.light).items()},
            "backend": [backend.name, backend.version],
        }

    def hash12(self, backend: RenderBackend) -> str:
        """Return the first 12 hex digits of the sha256 of ``hash_inputs`` as JSON with sorted keys."""
        text = json.dumps(self.hash_inputs(backend), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def resolve_objects(names: str | list[str], library: Library | None = None) -> tuple[str, ...]:
    """Return object ids for what a user wrote.

    Args:
        names: ``default`` (all admitted objects), ``all`` (every instance of every class, admitted or not),
            ``reference`` (the first instance of every class), ``tank`` or ``tank/0`` (one object) or ``tank/*``
            (all instances of a class), one or a list.
        library: own objects, among which all three words name all; None takes the catalogue.

    Raises:
        ObjectPoseError: there is no object of a name; the nearest are named.

    >>> resolve_objects(["tank", "jeep/*"])
    ('tank/0', 'jeep/0', 'jeep/1', 'jeep/2')
    """
    ids: list[str] = []
    for name in [names] if isinstance(names, str) else names:
        if library is not None:
            ids += _own(name, library)
        elif name == "default":
            ids += admission.default_objects()
        elif name == "all":
            ids += [object_id for row in CATALOGUE.values() for object_id in row.object_ids]
        elif name == "reference":
            ids += [f"{row}/0" for row in CATALOGUE]
        elif name.endswith("/*"):
            ids += split_id(name.removesuffix("/*"))[0].object_ids
        else:
            row, instance = split_id(name)
            ids.append(f"{row.name}/{instance}")
    return tuple(dict.fromkeys(ids))


def _own(name: str, library: Library) -> list[str]:
    if name in ("default", "all", "reference"):
        return list(library)
    if name.endswith("/*"):
        found = [object_id for object_id in library if object_id.startswith(name.removesuffix("*"))]
        if not found:
            classes = {object_id.partition("/")[0] for object_id in library}
            raise ObjectPoseError(f"Unknown object class '{name[:-2]}'; {nearest(name[:-2], classes)}.")
        return found
    return [library[name if "/" in name else f"{name}/0"].object_id]
