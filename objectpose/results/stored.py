"""The units that stand in a results folder with what their provenance says, and which of them count."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from objectpose.classes import Classes
from objectpose.errors import ObjectPoseError, nearest
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


def stored_answers(
    results: Path, dataset: str | None = None, *, needed: bool = True
) -> tuple[dict[str, list[StoredUnit]], list[str]]:
    """Return the units of each data set, and a sentence about everything that is left out.

    Versions of one data set (of other objects, conditions or seeds) are data sets of their own, the newest last. Of
    several label spaces asked of one data set that of the newest answers counts.

    Args:
        results: folder of results.
        dataset: name of the one that is wanted, with or without its hash; None takes all.
        needed: False returns nothing where there is no answer at all and none is named.

    Raises:
        ObjectPoseError: there is no such answer.
    """
    units, broken = stored_units(results)
    notes = [f"{path} is left out: {reason}; the command that made it computes it again." for path, reason in broken]
    by_name: dict[str, list[StoredUnit]] = {}
    for unit in units:
        by_name.setdefault(unit.dataset, []).append(unit)
    if not by_name and not needed and dataset is None:
        return {}, notes
    if not by_name:
        raise ObjectPoseError(
            f"There are no answers below {results / 'predictions'}; evaluate networks first: python -m objectpose.eval"
        )
    if dataset is not None:
        names = [name for name in by_name if dataset in (name, name.rpartition("-")[0])]
        if not names:
            raise ObjectPoseError(f"There are no answers on '{dataset}'; {nearest(dataset, by_name)}.")
        by_name = {name: by_name[name] for name in names}
    chosen = {}
    for name in sorted(by_name, key=lambda name: _last(by_name[name])):
        last = max(by_name[name], key=lambda unit: str(unit.provenance["end"]))
        chosen[name] = [unit for unit in by_name[name] if unit.classes.digest == last.classes.digest]
        notes += [
            f"{unit.name} on {name} is left out: it was asked about {unit.classes.title}, the newest answers are about "
            f"{last.classes.title}."
            for unit in by_name[name]
            if unit.classes.digest != last.classes.digest
        ]
    return chosen, notes


def labels_of(names: Iterable[str]) -> dict[str, str]:
    """Return what sentences and files call data sets: names without hashes where these are all different.

    >>> labels_of(["quick-0a", "quick-1b", "catalogue-2c"])
    {'quick-0a': 'quick-0a', 'quick-1b': 'quick-1b', 'catalogue-2c': 'catalogue'}
    """
    bare = {name: name.rpartition("-")[0] for name in names}
    counts = Counter(bare.values())
    return {name: label if counts[label] == 1 else name for name, label in bare.items()}


def _last(units: Sequence[StoredUnit]) -> str:
    return max(str(unit.provenance["end"]) for unit in units)
