"""The zoo table, read from ``zoo.toml`` and checked."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from objectpose.errors import ObjectPoseError
from objectpose.imagenet import bare
from objectpose.models.recipe import Preprocess
from objectpose.models.spec import Card, ModelOptions, ModelSpec, TrainingData

_TEXTS = ("id", "loss", "architecture", "modality", "augmentation")
_LISTS = ("groups", "data")
_NUMBERS = ("parameters_m", "gmacs", "top1")
_OPTIONAL = ("paper", "paper2022", "native", "prompts", "checkpoint", "note")
SOURCES = ("offline", "timm", "torchvision", "open_clip", "huggingface", "file")
"""Sources of the zoo's rows."""


@dataclass(frozen=True)
class Zoo:
    """All rows of the zoo.

    Attributes:
        data: training sets by their short names.
        models: rows by name, in the order of the file.
    """

    data: Mapping[str, TrainingData]
    models: Mapping[str, ModelSpec]


def parse_row(name: str, row: Mapping[str, Any], data: Mapping[str, TrainingData]) -> ModelSpec:
    """Return one row of the zoo as a checked entry.

    Args:
        name: the zoo name.
        row: the values of its inline table.
        data: training sets by their short names.

    Raises:
        ObjectPoseError: a key is missing or unknown, or a value has the wrong type.
    """
    wanted = {*_TEXTS, *_LISTS, *_NUMBERS}
    wrong = (wanted - set(row)) | (set(row) - wanted - set(_OPTIONAL))
    if wrong:
        raise ObjectPoseError(
            f"The zoo row '{name}' misses or does not know: {', '.join(sorted(wrong))}; compare it with another row."
        )
    kinds: tuple[tuple[tuple[str, ...], Any], ...] = (
        (_TEXTS, str),
        (_LISTS, list),
        (_NUMBERS, (int, float)),
        (tuple(key for key in _OPTIONAL if key in row), str),
    )
    for keys, kind in kinds:
        for key in keys:
            if not isinstance(row[key], kind):
                raise ObjectPoseError(f"'{key}' of the zoo row '{name}' is {row[key]!r}, which has the wrong type.")
    source, _, identifier = row["id"].partition(":")
    if source not in SOURCES or not identifier:
        raise ObjectPoseError(
            f"The id of the zoo row '{name}' is '{row['id']}', expected SOURCE:NAME with one of: {', '.join(SOURCES)}."
        )
    unknown = [key for key in row["data"] if key not in data]
    if unknown or not row["data"]:
        raise ObjectPoseError(f"The zoo row '{name}' has the data {row['data']}, expected some of: {', '.join(data)}.")
    card = Card(
        data=tuple(data[key] for key in row["data"]),
        loss=row["loss"],
        architecture=row["architecture"],
        modality=row["modality"],
        augmentation=row["augmentation"],
        parameters_m=row["parameters_m"],
        gmacs=row["gmacs"],
        imagenet_top1=row["top1"],
    )
    return ModelSpec(
        name=name,
        source=source,
        identifier=identifier,
        groups=tuple(row["groups"]),
        card=card,
        native=Preprocess.parse(row["native"]) if "native" in row else None,
        paper2022=Preprocess.parse(row["paper2022"]) if "paper2022" in row else None,
        paper=row.get("paper"),
        note=row.get("note", ""),
        options=ModelOptions(checkpoint=row.get("checkpoint"), prompts=row.get("prompts")),
    )


@cache
def read_zoo() -> Zoo:
    """Return the zoo.

    Raises:
        ObjectPoseError: a row is wrong.
    """
    text = files("objectpose.models").joinpath("zoo.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    data = {key: TrainingData(key, row["name"], row["images"], row["source"]) for key, row in table["data"].items()}
    return Zoo(data, {name: parse_row(name, row, data) for name, row in table["models"].items()})


def zoo() -> Mapping[str, ModelSpec]:
    """Return all rows of the zoo by name, in the order of the file."""
    return read_zoo().models


def called(name: str) -> ModelSpec | None:
    """Return the row of a zoo name or of the original's name for it, in any spelling of letters and digits.

    >>> called("Resnet50") is called("resnet50")
    True
    """
    exact = zoo().get(name)
    if exact is not None:
        return exact
    key = bare(name)
    for spec in zoo().values():
        if key and key in (bare(spec.name), bare(spec.paper or "")):
            return spec
    return None


def group(name: str) -> list[ModelSpec]:
    """Return the rows of a group, in the order of the file; empty when there is no such group.

    >>> [spec.name for spec in group("offline")][:3]
    ['efficientnet_lite0', 'efficientnet_lite1', 'efficientnet_lite2']
    """
    return [spec for spec in zoo().values() if name in spec.groups]


def groups() -> list[str]:
    """Return the names of all groups.

    >>> "paper38" in groups()
    True
    """
    return sorted({name for spec in zoo().values() for name in spec.groups})


def elsewhere(file: str, place: str) -> str:
    """Return the end of a sentence on weights that cannot be fetched: where to put them, and what works without.

    Args:
        file: what has to be fetched by other means.
        place: where it is looked for.
    """
    offline = ", ".join(entry.name for entry in group("offline"))
    return f"put {file} at {place}, or use what works offline: {offline} (model=offline)."
