"""The zoo as a table that can be filtered, and the card of one network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tabulate import tabulate

from objectpose.analysis.tables import counted, printable, wrapped
from objectpose.config import ModelsConfig
from objectpose.errors import ObjectPoseError, nearest
from objectpose.jobs.networks import WIDTH, weights_folder
from objectpose.models import registry, zoo
from objectpose.models.spec import ModelSpec

_FILTERS: dict[str, Callable[[ModelSpec], tuple[str, ...]]] = {
    "group": lambda spec: spec.groups,
    "data": lambda spec: tuple(part.name for part in spec.card.data) if spec.card else (),
    "loss": lambda spec: (spec.card.loss,) if spec.card else (),
    "architecture": lambda spec: (spec.card.architecture,) if spec.card else (),
    "modality": lambda spec: (spec.card.modality,) if spec.card else (),
    "source": lambda spec: (spec.source,),
}
_LOSS_WIDTH = 24
_WHOLE = ("group", "source", "modality")
"""Filters that compare the whole text: 'image' is not a part of 'image-text'."""


def run(config: ModelsConfig) -> int:
    """Print the card that is asked for, else the table."""
    folder = weights_folder(config.weights_dir)
    if folder is not None and not folder.is_dir():
        raise ObjectPoseError(f"weights_dir is {folder}, which is no folder; name one that holds weights files.")
    if config.show is not None:
        print("\n\n".join(_card(spec, folder) for spec in _named(config.show)))
        return 0
    rows = list(zoo.zoo().values())
    for name, values_of in _FILTERS.items():
        rows = _filtered(rows, name, getattr(config, name), values_of)
    if config.min_images is not None:
        rows = [spec for spec in rows if spec.card is not None and spec.card.data_images >= config.min_images]
    here = {spec.name: registry.find(spec, folder) is not None for spec in rows}
    if config.local is not None:
        rows = [spec for spec in rows if here[spec.name] is config.local]
    if not rows:
        raise ObjectPoseError("No network of the zoo passes all the filters; leave one out.")
    print(_table(rows, here))
    return 0


def _named(name: str) -> list[ModelSpec]:
    """Return the network that is to be shown, or all of a group."""
    if not name.strip():
        raise ObjectPoseError("show names no network; write for example: show vit_b16")
    return registry.resolve(name)


def _filtered(
    rows: list[ModelSpec], name: str, wanted: object, values_of: Callable[[ModelSpec], tuple[str, ...]]
) -> list[ModelSpec]:
    """Return the rows that pass one filter.

    Raises:
        ObjectPoseError: no row of the whole zoo has such a value.
    """
    if wanted is None:
        return rows
    texts = [
        str(text).casefold().replace("imagenet-22k", "imagenet-21k")
        for text in (wanted if isinstance(wanted, list) else [wanted])
    ]

    def passes(spec: ModelSpec) -> bool:
        values = [value.casefold() for value in values_of(spec)]
        return any(text == value if name in _WHOLE else text in value for text in texts for value in values)

    if not any(passes(spec) for spec in zoo.zoo().values()):
        known = {value for spec in zoo.zoo().values() for value in values_of(spec)}
        raise ObjectPoseError(f"No network of the zoo has the {name} '{texts[0]}'; {nearest(texts[0], known)}.")
    return [spec for spec in rows if passes(spec)]


def _table(rows: list[ModelSpec], here: dict[str, bool]) -> str:
    lines = []
    for spec in rows:
        card = spec.card
        assert card is not None
        lines.append(
            [
                spec.name,
                max(card.data, key=lambda part: part.images).name,
                _size(card.data_images),
                card.loss,
                card.architecture,
                f"{card.parameters_m:.1f}",
                f"{card.gmacs:.1f}",
                f"{card.imagenet_top1:.1f}",
                "yes" if here[spec.name] else "",
            ]
        )
    headers = ["network", "largest data", "images", "loss", "architecture", "par., M", "GMACs", "top-1", "local"]
    aligned = ["left", "left", "right", "left", "left", "right", "right", "right", "left"]
    table = tabulate(
        lines,
        headers=headers,
        disable_numparse=True,
        colalign=tuple(aligned),
        maxcolwidths=[None, None, None, _LOSS_WIDTH, *[None] * 5],
    )
    groups = ", ".join(f"{name} ({len(zoo.group(name))})" for name in zoo.groups())
    reading = (
        f"{counted(len(rows), 'network')}, {sum(here[spec.name] for spec in rows)} of them with weights on this "
        "machine ('local'). 'top-1' is the published ImageNet-1k accuracy in percent, zero-shot for image-text "
        f"networks. Groups: {groups}. A network's card: python -m objectpose.models show NAME"
    )
    return table + "\n\n" + wrapped(reading, WIDTH)


def _size(images: int) -> str:
    """Return a number of pictures in short.

    >>> _size(1281167), _size(14197122), _size(10**10)
    ('1.3M', '14M', '10B')
    """
    for unit, letter in ((10**9, "B"), (10**6, "M")):
        if images >= unit:
            return f"{images / unit:.{0 if images >= 10 * unit else 1}f}{letter}"
    return f"{images:,}"


def _card(spec: ModelSpec, folder: Path | None) -> str:
    """Return all that is known of a network."""
    path = registry.find(spec, folder)
    lines = [("weights", f"{spec.source}:{spec.identifier}")]
    if spec.options.checkpoint:
        lines.append(("checkpoint", spec.options.checkpoint))
    if spec.options.prompts:
        lines.append(("prompts", spec.options.prompts))
    lines.append(("on this machine", str(path) if path is not None else "no; fetched at the first use"))
    card = spec.card
    if card is not None:
        lines += [
            ("trained on", ", then ".join(f"{part.name} ({part.images:,})" for part in card.data)),
            ("training signal", card.loss),
            ("family", card.architecture),
            ("modality", card.modality),
            ("augmentation", card.augmentation),
            (
                "size",
                f"{card.parameters_m:g} million parameters, {card.gmacs:g} GMACs a picture",
            ),
            ("ImageNet-1k top-1", f"{card.imagenet_top1:g} % (published)"),
        ]
    lines += [("groups", ", ".join(spec.groups))] if spec.groups else []
    for mode in ("native", "paper2022", "paper2022_nocrop") if registry.PAPER_GROUP in spec.groups else ("native",):
        lines.append((f"fed, {mode}", registry.preparation_of(spec, mode).words))
    lines += [("note", spec.note)] if spec.note else []
    title = printable(spec.name) + (f" ({spec.paper} in the ObjectPose paper's table)" if spec.paper else "")
    indent = max(len(label) for label, _ in lines) + 4
    body = [wrapped(f"  {label.ljust(indent - 2)}{text}", WIDTH, " " * indent) for label, text in lines]
    return "\n".join([title, *body])
