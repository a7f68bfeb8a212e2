"""The catalogue: one row a class, one generator a class, target sets fixed before any network is asked.

**The rule of the target sets.** A class accepts the ImageNet-1k index whose WordNet synset names the thing, and
besides it only an index that names the same thing by its one visible part, where a picture of the thing is also
a picture of that part (a table lamp shows a lampshade). A hypernym, a sister kind, or something that a network
happens to answer is never accepted. The sets were written from this rule and the WordNet glosses and are not
changed after an audit; ``reason`` stands in every row that has more than one index.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Literal

from objectpose.errors import ObjectPoseError, nearest
from objectpose.objects.mesh import Mesh

Axis = Literal["x", "y", "z"]


@dataclass(frozen=True)
class Symmetry:
    """The rotations that leave a thing looking the same; a mirror plane contains none.

    Attributes:
        axis: the axis of symmetry through the object's origin.
        fold: n for rotations by 360 / n degrees about the axis (1: none), 0 for any angle about it.
    """

    axis: Axis = "y"
    fold: int = 1


@dataclass(frozen=True)
class ObjectClass:
    """A row of the catalogue.

    Attributes:
        name: class name, for example ``park_bench``.
        targets: the ImageNet-1k indices that are right, best name first.
        generator: ``"family:function"``; the function maps a seed (instance number) to a mesh.
        azimuth_deg: R_view turns the object by it about +y; 0 looks at its front, 90 shows it from the side with
            its front to the right.
        elevation_deg: R_view then tips it by this about +x; positive is seen from above.
        symmetry: rotations that change nothing.
        reason: why more than one index is right; empty with one.
    """

    name: str
    targets: tuple[int, ...]
    generator: str
    azimuth_deg: float = 35.0
    elevation_deg: float = 20.0
    symmetry: Symmetry = Symmetry()
    reason: str = ""


_ROWS = (
    ObjectClass("airliner", (404,), "aircraft:airliner", 60, 15),
    ObjectClass("barber_chair", (423,), "seats:barber_chair", 35, 15),
    ObjectClass("cannon", (471,), "ordnance:cannon", 42, 18),
    ObjectClass("fire_engine", (555,), "trucks:fire_engine", 110, 8),
    ObjectClass("folding_chair", (559,), "seats:folding_chair", 35, 15),
    ObjectClass("forklift", (561,), "machines:forklift", 60, 12),
    ObjectClass("garbage_truck", (569,), "refuse:garbage_truck", 55, 12),
    ObjectClass("hammerhead", (4,), "animals:hammerhead", 135, 20),
    ObjectClass("jeep", (609,), "cars:jeep", 66, 9),
    ObjectClass("mountain_bike", (671,), "carts:mountain_bike", 75, 15),
    ObjectClass("park_bench", (703,), "seats:park_bench", 30, 15),
    ObjectClass("rocking_chair", (765,), "seats:rocking_chair", 40, 15),
    ObjectClass("shopping_cart", (791,), "carts:shopping_cart", 60, 12),
    ObjectClass(
        "table_lamp",
        (846, 619),
        "household:table_lamp",
        0,
        10,
        Symmetry("y", 0),
        reason="846 table lamp; 619 lampshade names the part that makes most of the picture of a table lamp",
    ),
    ObjectClass("tank", (847,), "armour:tank", 60, 12),
    ObjectClass("tractor", (866,), "machines:tractor", 75, 12),
    ObjectClass("wheelbarrow", (428,), "carts:wheelbarrow", 70, 15),
)
CATALOGUE: dict[str, ObjectClass] = {row.name: row for row in _ROWS}


def split_id(object_id: str) -> tuple[ObjectClass, int]:
    """Return the class row and the instance number of an object id.

    Args:
        object_id: ``class/instance``, for example ``park_bench/0``; a bare class name means instance 0.

    Raises:
        ObjectPoseError: the class is not in the catalogue or the instance is not a whole number >= 0.

    >>> split_id("park_bench/2")[1]
    2
    """
    name, _, instance = object_id.partition("/")
    if name not in CATALOGUE:
        raise ObjectPoseError(f"Unknown object class '{name}'; {nearest(name, CATALOGUE)}.")
    if instance and not instance.isdecimal():
        raise ObjectPoseError(f"The instance of '{object_id}' is '{instance}', expected a whole number such as 0.")
    return CATALOGUE[name], int(instance or 0)


def build(object_id: str) -> Mesh:
    """Build the mesh of an object, centred on its bounding box.

    Args:
        object_id: ``class/instance``; equal ids give equal bytes.

    Raises:
        ObjectPoseError: no such object, or its generator made an unusable mesh.
    """
    row, instance = split_id(object_id)
    family, _, function = row.generator.partition(":")
    generate: Callable[[int], Mesh] = getattr(import_module(f"objectpose.objects.{family}"), function)
    mesh = generate(instance).centred()
    mesh.validate(object_id)
    return mesh


@cache
def source_hash(object_id: str) -> str:
    """Return the sha256 of all that determines the mesh of an object: the id, its family's and the kit's source.

    It is known before any vertex exists and does not depend on the floating-point arithmetic of a machine.
    """
    row, instance = split_id(object_id)
    here = Path(__file__).parent
    digest = hashlib.sha256(f"{row.generator}/{instance}".encode())
    sources = [
        here / "mesh.py",
        here / f"{row.generator.partition(':')[0]}.py",
        *sorted((here / "kit").glob("*.py")),
    ]
    for source in sources:
        digest.update(hashlib.sha256(source.read_bytes()).digest())
    return digest.hexdigest()
