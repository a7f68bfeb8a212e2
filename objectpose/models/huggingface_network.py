"""Networks that transformers builds: from a configuration to a module that takes pictures and returns logits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from logging import CRITICAL
from pathlib import Path
from typing import Any, cast

import torch
from transformers import AutoConfig, AutoModelForImageClassification
from transformers.utils import logging

from objectpose import imagenet
from objectpose.classes import IMAGENET, Classes
from objectpose.errors import ObjectPoseError
from objectpose.models.checkpoint import refuse_misfit, without_prefix
from objectpose.models.meaning import NO_CLASS, agree_with_larger, larger_ids, plain, usual_start

_UNNAMED = re.compile(r"LABEL_\d+")
_WORDNET_ID = re.compile(r"n\d{8}")


class Logits(torch.nn.Module):
    """A network of transformers that returns its logits alone."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.network = network

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        """Return N x K logits of N x 3 x S x S pictures."""
        return cast(torch.Tensor, self.network(pixel_values=pixel_values).logits)


def configuration(values: Mapping[str, Any], owner: str) -> Any:
    """Return the object that transformers makes of a ``config.json``; where that names no labels, there are 1000.

    Args:
        values: of the file.
        owner: whose it is, for the sentence.

    Raises:
        ObjectPoseError: it is of a network without a head, or of one that transformers does not know.
    """
    named = values.get("architectures") or []
    if named and not any("ForImageClassification" in str(name) for name in named):
        raise ObjectPoseError(
            f"{owner} is a {named[0]}, which has no head for classes; choose a network for image classification."
        )
    counted = "id2label" in values or "num_labels" in values
    try:
        kind = type(AutoConfig.for_model(values.get("model_type", "")))
        return kind.from_dict(dict(values) if counted else {**values, "num_labels": imagenet.NUM_CLASSES})
    except Exception as error:  # What a wrong configuration raises is each network's own affair.
        raise ObjectPoseError(
            f"transformers cannot read the config.json of {owner} ({_first_line(error)}); choose a network whose "
            "model_type it knows."
        ) from error


def labels(config: Any, known: bool, owner: str = "This network", classes: Classes = IMAGENET) -> Sequence[str] | None:
    """Return what the outputs mean; None for ImageNet-1k in its usual order, or for 1000 outputs without names.

    Args:
        config: of transformers.
        known: whether the network is known to answer with ImageNet-1k.
        owner: whose outputs they are, for the sentence.
        classes: that are asked about.

    Raises:
        ObjectPoseError: there are more outputs than ImageNet-1k's and its classes are asked about, but the labels are
            neither WordNet ids nor those of a larger ImageNet.
    """
    count = int(config.num_labels)
    if count == imagenet.NUM_CLASSES and known:
        return None
    table = {int(index): plain(str(label)) for index, label in config.id2label.items()}
    # BEiT's 21,841 labels are numbered with two numbers left out.
    if agree_with_larger([table[index] for index in sorted(table)][:count]):
        return larger_ids(count)
    names = [table.get(index, "") or NO_CLASS for index in range(count)]
    if count == imagenet.NUM_CLASSES and all(_UNNAMED.fullmatch(name) for name in names):
        return None
    start = usual_start(names)
    if start is not None:
        usual = [imagenet.wordnet_id(index) for index in range(imagenet.NUM_CLASSES)]
        return None if start == 0 else [NO_CLASS, *usual]
    if count > imagenet.NUM_CLASSES and classes.is_imagenet and not all(map(_WORDNET_ID.fullmatch, names)):
        raise ObjectPoseError(
            f"{owner} has {count:,} outputs (such as {', '.join(name[:60] for name in names[:2])}), whose labels are "
            "neither WordNet ids nor those of a larger ImageNet; say what they mean with model.labels=FILE, one label "
            "a line."
        )
    return names


def empty(config: Any, owner: str) -> Any:
    """Return the network with random weights, in float32.

    Raises:
        ObjectPoseError: transformers has no such network for classification.
    """
    try:
        with _silent():
            return AutoModelForImageClassification.from_config(config, dtype=torch.float32)
    except (ValueError, KeyError, TypeError, ImportError, RuntimeError) as error:
        raise ObjectPoseError(
            f"transformers cannot build {owner} ({_first_line(error)}); choose a network for image classification."
        ) from error


def filled(network: Any, state: Mapping[str, torch.Tensor], path: Path, owner: str) -> Any:
    """Return a network with tensors, which transformers renames; every one is used and none is missing.

    Args:
        network: from ``empty``.
        state: names and tensors.
        path: where they come from, for the sentence.
        owner: whose they are, likewise.

    Raises:
        ObjectPoseError: they do not fit.
    """
    base = f"{network.base_model_prefix}."
    wanted = {*network.state_dict(), *(key for key in state if key.startswith((base, "classifier.")))}
    try:
        with _silent():
            found, judged = type(network).from_pretrained(
                None,
                config=network.config,
                state_dict=without_prefix(state, wanted),
                dtype=torch.float32,
                ignore_mismatched_sizes=True,
                output_loading_info=True,
            )
    except (RuntimeError, ValueError, KeyError, TypeError) as error:
        raise ObjectPoseError(
            f"The weights file {path} does not fit {owner} ({_first_line(error)}); give the file that belongs to this "
            "architecture."
        ) from error
    refuse_misfit(
        len(network.state_dict()),
        sorted(judged["missing_keys"]),
        sorted(judged["unexpected_keys"]),
        sorted((key, tuple(given), tuple(expected)) for key, given, expected in judged["mismatched_keys"]),
        path,
        owner,
    )
    return found


@contextmanager
def _silent() -> Iterator[None]:
    """Keep transformers from printing bars and tables inside."""
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity(CRITICAL)
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:100]
