"""The zoo table, read from ``zoo.toml`` and checked."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, get_args

from objectpose.errors import ObjectPoseError
from objectpose.models.spec import (
    HALF,
    IMAGENET_MEAN,
    IMAGENET_STD,
    Card,
    Colour,
    ModelSpec,
    Preprocess,
    Resize,
    Source,
)

_TEXTS = ("source", "id", "data", "loss", "architecture", "modality", "augmentation")
_NUMBERS = ("images", "parameters_m", "gmacs", "top1")
_NORMS: dict[str, tuple[Colour, Colour]] = {"imagenet": (IMAGENET_MEAN, IMAGENET_STD), "half": (HALF, HALF)}


def parse_preprocess(text: str) -> Preprocess:
    """Return the preprocessing that a zoo row writes in short.

    Args:
        text: ``input px/crop share or squash/interpolation/imagenet or half``.

    Raises:
        ObjectPoseError: the text has another form.

    >>> parse_preprocess("224/squash/bilinear/half").resize
    'squash'
    """
    try:
        size, crop, interpolation, norm = text.split("/")
        mean, std = _NORMS[norm]
        resize: Resize = "squash" if crop == "squash" else "short_side"
        crop_pct = 1.0 if resize == "squash" else float(crop)
        return Preprocess(int(size), crop_pct, interpolation, mean, std, resize)  # type: ignore[arg-type]
    except (ValueError, KeyError) as error:
        raise ObjectPoseError(
            f"The zoo's preprocessing '{text}' cannot be read; write it as '224/0.9/bicubic/imagenet' or "
            "'224/squash/bilinear/half'."
        ) from error


def parse_row(name: str, row: Mapping[str, Any]) -> ModelSpec:
    """Return one row of the zoo as a checked entry.

    Args:
        name: the zoo name.
        row: the values of its inline table.

    Raises:
        ObjectPoseError: a key is missing or unknown, or a value has the wrong type.
    """
    wanted = {*_TEXTS, *_NUMBERS, "groups"}
    wrong = (wanted - set(row)) | (set(row) - wanted - {"paper2022"})
    if wrong:
        raise ObjectPoseError(
            f"The zoo row '{name}' misses or does not know: {', '.join(sorted(wrong))}; compare it with another row."
        )
    for keys, kind in ((_TEXTS, str), (_NUMBERS, (int, float))):
        for key in keys:
            if not isinstance(row[key], kind):
                raise ObjectPoseError(f"'{key}' of the zoo row '{name}' is {row[key]!r}, which has the wrong type.")
    if row["source"] not in get_args(Source):
        raise ObjectPoseError(
            f"The source of the zoo row '{name}' is '{row['source']}', expected one of: {', '.join(get_args(Source))}."
        )
    card = Card(
        data=row["data"],
        data_images=row["images"],
        loss=row["loss"],
        architecture=row["architecture"],
        modality=row["modality"],
        augmentation=row["augmentation"],
        parameters_m=row["parameters_m"],
        gmacs=row["gmacs"],
        imagenet_top1=row["top1"],
    )
    paper = parse_preprocess(row["paper2022"]) if "paper2022" in row else None
    return ModelSpec(name, row["source"], row["id"], tuple(row["groups"]), card, paper)


@cache
def zoo() -> Mapping[str, ModelSpec]:
    """Return all rows of the zoo by name, in the order of the file.

    Raises:
        ObjectPoseError: a row is wrong.
    """
    text = files("objectpose.models").joinpath("zoo.toml").read_text(encoding="utf-8")
    return {name: parse_row(name, row) for name, row in tomllib.loads(text)["models"].items()}


def group(name: str) -> list[ModelSpec]:
    """Return the rows of a group, in the order of the file; empty when there is no such group.

    >>> [spec.name for spec in group("offline")]
    ['efficientnet_lite0', 'efficientnet_lite1', 'efficientnet_lite2']
    """
    return [spec for spec in zoo().values() if name in spec.groups]
