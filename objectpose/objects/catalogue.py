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
from functools import cache, partial
from importlib import import_module
from pathlib import Path

from objectpose.errors import ObjectPoseError, nearest
from objectpose.objects.entry import ObjectEntry
from objectpose.objects.mesh import Mesh
from objectpose.objects.symmetry import BALL, NONE, Symmetry


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
        instances: how many the audit looks at and data sets hold: seeds 0 (the reference) to ``instances`` - 1.
    """

    name: str
    targets: tuple[int, ...]
    generator: str
    azimuth_deg: float = 35.0
    elevation_deg: float = 20.0
    symmetry: Symmetry = NONE
    reason: str = ""
    instances: int = 3

    @property
    def object_ids(self) -> tuple[str, ...]:
        """Ids of its instances, the reference first."""
        return tuple(f"{self.name}/{instance}" for instance in range(self.instances))


_ROWS = (
    ObjectClass("accordion", (401,), "instruments:accordion", 20, 13),
    ObjectClass("acoustic_guitar", (402,), "strings:acoustic_guitar", 25, 12),
    ObjectClass("airliner", (404,), "aircraft:airliner", 60, 15),
    ObjectClass("airship", (405,), "flight:airship", 50, 10),
    ObjectClass("ambulance", (407,), "vans:ambulance", 40, 10),
    ObjectClass("balloon", (417,), "flight:balloon", 30, 10, symmetry=Symmetry("y", 0)),
    ObjectClass("banana", (954,), "produce:banana", 62, 12),
    ObjectClass("banjo", (420,), "strings:banjo", 25, 12),
    ObjectClass("barber_chair", (423,), "seats:barber_chair", 35, 15),
    ObjectClass("basketball", (430,), "sports:basketball", 40, 15, symmetry=BALL),
    ObjectClass("beacon", (437,), "structures:beacon", 20, 8, symmetry=Symmetry("y", 0)),
    ObjectClass("birdhouse", (448,), "structures:birdhouse", 25, 10),
    ObjectClass("bookcase", (453,), "furnishings:bookcase", -35, 15),
    ObjectClass("broom", (462,), "garden:broom", 25, 12, Symmetry("y", 2)),
    ObjectClass("bucket", (463,), "tools:bucket", 25, 15),
    ObjectClass("cannon", (471,), "ordnance:cannon", 42, 18),
    ObjectClass("canoe", (472,), "boats:canoe", -60, 22, symmetry=Symmetry("y", 2)),
    ObjectClass("coffee_mug", (504,), "tableware:coffee_mug", 20, 14),
    ObjectClass("container_ship", (510,), "boats:container_ship", 38, 8),
    ObjectClass("dial_telephone", (528,), "devices:dial_telephone", 35, 25),
    ObjectClass("drum", (541,), "instruments:drum", 20, 30, Symmetry("y", 0)),
    ObjectClass("dumbbell", (543,), "sports:dumbbell", 30, 14, symmetry=Symmetry("x", 0, flip=True)),
    ObjectClass("electric_fan", (545,), "furnishings:electric_fan", 35, 15),
    ObjectClass("electric_guitar", (546,), "strings:electric_guitar", 25, 12),
    ObjectClass("file_cabinet", (553,), "furnishings:file_cabinet", 35, 20),
    ObjectClass("fire_engine", (555,), "trucks:fire_engine", 110, 8),
    ObjectClass("folding_chair", (559,), "seats:folding_chair", 35, 15),
    ObjectClass("forklift", (561,), "machines:forklift", 60, 12),
    ObjectClass("frying_pan", (567,), "tableware:frying_pan", 120, 32),
    ObjectClass("garbage_truck", (569,), "refuse:garbage_truck", 55, 12),
    ObjectClass("gas_pump", (571,), "street:gas_pump", -35, 12),
    ObjectClass("goblet", (572,), "tableware:goblet", 0, 22, symmetry=Symmetry("y", 0)),
    ObjectClass("golfcart", (575,), "runabouts:golfcart", 35, 12),
    ObjectClass("grand_piano", (579,), "instruments:grand_piano", -40, 18),
    ObjectClass("hammer", (587,), "tools:hammer", -25, 15),
    ObjectClass("hammerhead", (4,), "animals:hammerhead", 135, 20),
    ObjectClass("hatchet", (596,), "tools:hatchet", 30, 15),
    ObjectClass("hourglass", (604,), "furnishings:hourglass", 0, 12, symmetry=Symmetry("y", 3)),
    ObjectClass("iron", (606,), "appliances:iron", 45, 18),
    ObjectClass("jack_o_lantern", (607,), "produce:jack_o_lantern", 20, 10),
    ObjectClass("jeep", (609,), "cars:jeep", 66, 9),
    ObjectClass("lawn_mower", (621,), "garden:lawn_mower", 42, 20),
    ObjectClass("loudspeaker", (632,), "devices:loudspeaker", 35, 20),
    ObjectClass("mailbox", (637,), "street:mailbox", 50, 15),
    ObjectClass("microphone", (650,), "instruments:microphone", 0, 10, Symmetry("y", 0)),
    ObjectClass("microwave", (651,), "appliances:microwave", 24, 12),
    ObjectClass("model_t", (661,), "runabouts:model_t", 55, 14),
    ObjectClass("motor_scooter", (670,), "runabouts:motor_scooter", -75, 20),
    ObjectClass("mountain_bike", (671,), "carts:mountain_bike", 75, 15),
    ObjectClass("moving_van", (675,), "vans:moving_van", 60, 10),
    ObjectClass("padlock", (695,), "tools:padlock", 15, 10),
    ObjectClass("park_bench", (703,), "seats:park_bench", 30, 15),
    ObjectClass("parking_meter", (704,), "street:parking_meter", -25, 10),
    ObjectClass("picket_fence", (716,), "structures:picket_fence", 10, 8),
    ObjectClass("pineapple", (953,), "produce:pineapple", 35, 15),
    ObjectClass("plunger", (731,), "tools:plunger", 20, 15, symmetry=Symmetry("y", 0)),
    ObjectClass("power_drill", (740,), "tools:power_drill", 75, 12),
    ObjectClass("racket", (752,), "sports:racket", 25, 10, symmetry=Symmetry("y", 2)),
    ObjectClass("refrigerator", (760,), "appliances:refrigerator", 52, 6),
    ObjectClass("rocking_chair", (765,), "seats:rocking_chair", 40, 15),
    ObjectClass("school_bus", (779,), "vans:school_bus", -55, 10),
    ObjectClass("sewing_machine", (786,), "devices:sewing_machine", 25, 10),
    ObjectClass("shopping_cart", (791,), "carts:shopping_cart", 60, 12),
    ObjectClass("shovel", (792,), "garden:shovel", 10, 12),
    ObjectClass("soccer_ball", (805,), "sports:soccer_ball", 0, 12, symmetry=BALL),
    ObjectClass("space_shuttle", (812,), "flight:space_shuttle", 80, 12),
    ObjectClass("speedboat", (814,), "boats:speedboat", 55, 14),
    ObjectClass("starfish", (327,), "produce:starfish", 20, 15, symmetry=Symmetry("z", 5)),
    ObjectClass("street_sign", (919,), "street:street_sign", -35, 20),
    ObjectClass("submarine", (833,), "boats:submarine", 62, 12),
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
    ObjectClass("teapot", (849,), "tableware:teapot", 60, 15),
    ObjectClass("toaster", (859,), "appliances:toaster", -50, 25),
    ObjectClass("tractor", (866,), "machines:tractor", 75, 12),
    ObjectClass("traffic_light", (920,), "street:traffic_light", 25, 8),
    ObjectClass("tricycle", (870,), "pedals:tricycle", 50, 14),
    ObjectClass("umbrella", (879,), "furnishings:umbrella", -35, 20),
    ObjectClass("unicycle", (880,), "pedals:unicycle", 60, 12),
    ObjectClass("violin", (889,), "strings:violin", 20, 12),
    ObjectClass("warplane", (895,), "flight:warplane", 60, 20),
    ObjectClass("washer", (897,), "appliances:washer", 20, 16),
    ObjectClass("water_tower", (900,), "structures:water_tower", 20, 10),
    ObjectClass("wheelbarrow", (428,), "carts:wheelbarrow", 70, 15),
)
MOST_INSTANCE = 2**31 - 1
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
    if instance and not (instance.isdecimal() and int(instance) <= MOST_INSTANCE):
        raise ObjectPoseError(
            f"The instance of '{object_id}' is '{instance}', expected a whole number from 0 to {MOST_INSTANCE}."
        )
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
    generate: Callable[[int], Mesh] = getattr(import_module(f"objectpose.objects.families.{family}"), function)
    mesh = generate(instance).centred()
    mesh.validate(object_id)
    return mesh


def entry_of(object_id: str) -> ObjectEntry:
    """Return what a data set knows of an object of the catalogue.

    Raises:
        ObjectPoseError: no such object.
    """
    row, instance = split_id(object_id)
    name = f"{row.name}/{instance}"
    return ObjectEntry(
        object_id=name,
        class_name=row.name,
        instance=instance,
        targets=row.targets,
        source_hash=source_hash(name),
        build=partial(build, name),
        symmetry=row.symmetry,
        azimuth_deg=row.azimuth_deg,
        elevation_deg=row.elevation_deg,
    )


@cache
def source_hash(object_id: str) -> str:
    """Return the sha256 of all that determines how an object looks: its id, and the source of family, kit, appearances.

    It is known before any vertex exists and does not depend on the floating-point arithmetic of a machine.
    """
    row, instance = split_id(object_id)
    here = Path(__file__).parent
    digest = hashlib.sha256(f"{row.generator}/{instance}".encode())
    sources = [
        here / "mesh.py",
        here / "appearance.py",
        here / "families" / f"{row.generator.partition(':')[0]}.py",
        *sorted((here / "kit").glob("*.py")),
    ]
    for source in sources:
        digest.update(hashlib.sha256(source.read_bytes()).digest())
    return digest.hexdigest()
