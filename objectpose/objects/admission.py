"""Which objects are in the default set: those that the offline networks name upright on the audit's gate views.

``admission.csv`` beside this module is the stored answer of ``python -m objectpose.audit``; one row an object and
network. The rule: at least two networks are right (top-1) on at least 60 % of the views.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from objectpose.objects.catalogue import CATALOGUE

MIN_TOP1_PERCENT = 60.0
MIN_NETWORKS = 2
TABLE = Path(__file__).parent / "admission.csv"


@dataclass(frozen=True)
class Admission:
    """How one network named one object on the gate views.

    Attributes:
        object_id: ``class/instance``.
        mesh: first 16 digits of the digest of the mesh that was shown.
        model: name of the network.
        n_images: gate views.
        top1: percent of them that the network names right; ``top5`` likewise.
    """

    object_id: str
    mesh: str
    model: str
    n_images: int
    top1: float
    top5: float


def passes(row: Admission) -> bool:
    """Return whether one network admits one object."""
    return row.top1 >= MIN_TOP1_PERCENT


def admits(rows: list[Admission]) -> bool:
    """Return whether an object with these rows is in the default set."""
    return sum(map(passes, rows)) >= MIN_NETWORKS


def read(path: Path = TABLE) -> list[Admission]:
    """Return the rows of an admission table."""
    with path.open(encoding="utf-8", newline="") as stream:
        return [
            Admission(r["object_id"], r["mesh"], r["model"], int(r["n_images"]), float(r["top1"]), float(r["top5"]))
            for r in csv.DictReader(stream)
        ]


def update(rows: list[Admission], path: Path = TABLE) -> None:
    """Write rows into an admission table, sorted by object and network; rows of other objects in it stay."""
    known = {row.object_id for row in rows}
    rows = rows + [row for row in read(path) if row.object_id not in known] if path.is_file() else rows
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["object_id", "mesh", "model", "n_images", "top1", "top5"])
        for row in sorted(rows, key=lambda r: (r.object_id, r.model)):
            writer.writerow([row.object_id, row.mesh, row.model, row.n_images, f"{row.top1:.1f}", f"{row.top5:.1f}"])


def judges(path: Path = TABLE) -> list[str]:
    """Return the names of the networks that helped to admit objects."""
    return sorted({row.model for row in read(path)})


def admitting(path: Path = TABLE) -> dict[str, frozenset[str]]:
    """Return the ids of the objects that each judging network admits, by its name."""
    rows = read(path)
    return {name: frozenset(r.object_id for r in rows if r.model == name and passes(r)) for name in judges(path)}


def audited(path: Path = TABLE) -> frozenset[str]:
    """Return the ids of all objects that the networks were asked about."""
    return frozenset(row.object_id for row in read(path))


def default_objects(path: Path = TABLE) -> list[str]:
    """Return the ids of all admitted objects, in the catalogue's order."""
    by_object: dict[str, list[Admission]] = {}
    for row in read(path):
        by_object.setdefault(row.object_id, []).append(row)
    order = list(CATALOGUE)
    admitted = [o for o, rows in by_object.items() if o.partition("/")[0] in CATALOGUE and admits(rows)]
    return sorted(admitted, key=lambda o: (order.index(o.partition("/")[0]), o))
