"""Every unit that stands in a results folder, with what its provenance says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from objectpose.classes import Classes
from objectpose.files import sha256_of
from objectpose.results.provenance import shown_name


@dataclass(frozen=True)
class StoredUnit:
    """One network's answers on one data set.

    Attributes:
        dataset: ``<name>-<hash12>``.
        path: of the predictions.
        provenance: what stands beside them.
    """

    dataset: str
    path: Path
    provenance: dict[str, Any]

    @property
    def name(self) -> str:
        """What tables call the network."""
        return shown_name(self.provenance)

    @property
    def preprocess(self) -> str:
        """Mode of preprocessing."""
        return str(self.provenance["preprocess"])

    @property
    def pretrained(self) -> bool:
        """Whether its weights were trained."""
        return bool(self.provenance["pretrained"])

    @property
    def classes(self) -> Classes:
        """The label space of its answers."""
        names = tuple(self.provenance.get("class_names") or ())
        return Classes(str(self.provenance["classes"]), names) if names else Classes()


def stored_units(results: Path) -> tuple[list[StoredUnit], list[tuple[Path, str]]]:
    """Return the whole units below ``results/predictions`` and the files that are none, each with the reason.

    Of several units of one network, preprocessing and data set, as after a change of weights, the newest counts.

    Args:
        results: folder of results.
    """
    found: dict[tuple[str, str, str, str], StoredUnit] = {}
    broken: list[tuple[Path, str]] = []
    for path in sorted((results / "predictions").glob("*/*.parquet")):
        if path.name.startswith("."):
            continue
        beside = path.with_suffix(".json")
        try:
            provenance = json.loads(beside.read_text(encoding="utf-8"))
            unit = StoredUnit(path.parent.name, path, provenance)
            key = (unit.dataset, unit.name, unit.preprocess, unit.classes.digest)
        except FileNotFoundError:
            broken.append((path, f"{beside.name} is missing, so that the run was stopped before it was whole"))
            continue
        except (OSError, ValueError, KeyError):
            broken.append((path, f"{beside.name} is not the provenance of this version"))
            continue
        if provenance.get("parquet_sha256") != sha256_of(path):
            broken.append((path, "the file was changed after it was written"))
            continue
        before = found.get(key)
        if before is None or str(before.provenance["end"]) <= str(provenance["end"]):
            found[key] = unit
    return list(found.values()), broken
