"""Networks of the Hugging Face hub that classify pictures, built by transformers, read without running code."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from objectpose.classes import Classes
from objectpose.errors import ObjectPoseError, nearest
from objectpose.hub import cached_file, hub_file
from objectpose.models.adapter import Network
from objectpose.models.checkpoint import SUFFIXES, read_state
from objectpose.models.checkpoint_file import checkpoint_weights, find_checkpoint, hub_weights, num_outputs
from objectpose.models.huggingface_known import KNOWN
from objectpose.models.huggingface_recipe import recipe_of
from objectpose.models.recipe import Preprocess
from objectpose.models.spec import ModelSpec, Weights
from objectpose.models.zoo import elsewhere

_CONFIG = "config.json"
_PREPROCESSOR = "preprocessor_config.json"
_WEIGHTS = ("model.safetensors", "pytorch_model.bin")
_NAME = re.compile(r"[\w.-]+/[\w.-]+(@[\w./-]+)?")


def exact_name(name: str) -> str:
    """Return ``OWNER/NAME`` or ``OWNER/NAME@REVISION`` as it is; whether the hub has it is seen later.

    Raises:
        ObjectPoseError: the name has another form.
    """
    if _NAME.fullmatch(name) is None:
        raise ObjectPoseError(
            f"'{name}' is no repository of the Hugging Face hub; write huggingface:OWNER/NAME or "
            f"huggingface:OWNER/NAME@REVISION; {nearest(name, KNOWN)}."
        )
    return name


def _stated(spec: ModelSpec, filename: str, fetch: bool, remedy: str = "") -> dict[str, Any] | None:
    """Return what a small file of the repository says; None where it is not at hand and is not to be fetched.

    Raises:
        ObjectPoseError: it cannot be fetched, or is not a table.
    """
    path = cached_file(spec.identifier, (filename,))
    if path is None:
        if not fetch:
            return None
        path = hub_file(spec.identifier, (filename,), f"The file {filename} of {spec.name}", remedy)
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ObjectPoseError(f"The file {path} of {spec.name} cannot be read ({error}); delete it.") from error
    if not isinstance(values, dict):
        raise ObjectPoseError(f"The file {path} of {spec.name} is no table; delete it.")
    return values


def _repository(spec: ModelSpec) -> str:
    return spec.identifier.partition("@")[0]


def _config(spec: ModelSpec) -> Mapping[str, Any]:
    """Return the configuration: the hub's where it is at hand, which then has to say what is known of it.

    Raises:
        ObjectPoseError: it says something else, or cannot be fetched.
    """
    known = KNOWN.get(_repository(spec))
    remedy = f"put the file of hf.co/{spec.identifier} into the Hugging Face cache."
    values = _stated(spec, _CONFIG, known is None, remedy)
    if values is None:
        assert known is not None
        return known.config
    if known is not None:
        odd = [key for key, value in known.config.items() if values.get(key, value) != value]
        if odd:
            raise ObjectPoseError(
                f"hf.co/{spec.identifier} says {odd[0]} = {values[odd[0]]} in its {_CONFIG}, expected "
                f"{known.config[odd[0]]}; name an older state of it, huggingface:OWNER/NAME@REVISION."
            )
    return values


def preparation(spec: ModelSpec) -> Preprocess:
    """Return the recipe of the weights: the one that is known of them, else of their ``preprocessor_config.json``.

    That file is fetched where nothing is known of the network; where it is at hand it has to agree.

    Raises:
        ObjectPoseError: the file cannot be fetched, has no recipe, or says something else than is known.
    """
    known = KNOWN.get(_repository(spec))
    expected = spec.native or (known.preprocess if known else None)
    remedy = "give model.preprocess, for example 224/0.875/bicubic/imagenet."
    values = _stated(spec, _PREPROCESSOR, expected is None, remedy)
    if values is None:
        assert expected is not None
        return expected
    config = _stated(spec, _CONFIG, False) or (known.config if known else {})
    found = recipe_of(values, str(config.get("model_type", "")), spec.name)
    if expected is not None and found != expected:
        raise ObjectPoseError(
            f"hf.co/{spec.identifier} wants {found.short} by its {_PREPROCESSOR}, expected {expected.short} for "
            f"{spec.name}; say which with model.preprocess."
        )
    return found


def find(spec: ModelSpec, weights_dir: Path | None = None) -> Path | None:
    """Return the user's checkpoint, or the weights file in ``weights_dir`` or in the Hugging Face cache; else None.

    Args:
        spec: an entry with the source ``huggingface``.
        weights_dir: folder that may hold ``<name>.safetensors`` (or another suffix), where name is that of the table
            of networks, or ``OWNER--NAME``.
    """
    if spec.options.checkpoint is not None:
        return find_checkpoint(spec)
    if weights_dir is not None:
        stems = (_stem(spec), spec.name)
        candidates = [weights_dir / (stem + suffix) for stem in stems for suffix in SUFFIXES]
        path = next((candidate for candidate in candidates if candidate.is_file()), None)
        if path is not None:
            return path
    return cached_file(spec.identifier, _WEIGHTS)


def _stem(spec: ModelSpec) -> str:
    return spec.identifier.replace("/", "--")


def locate(spec: ModelSpec, weights_dir: Path | None = None) -> Weights:
    """Return the user's checkpoint, or the weights from ``weights_dir``, the Hugging Face cache or the hub.

    Args:
        spec: an entry with the source ``huggingface``.
        weights_dir: as in ``find``.

    Raises:
        ObjectPoseError: the file is nowhere to be had, is a web page or other bytes than the hub announced, or the
            hub says something else of the network than is known.
    """
    weights = checkpoint_weights(spec)
    if weights is None:
        path = find(spec, weights_dir)
        if path is None:
            place = (weights_dir or Path("<weights_dir>")) / f"{_stem(spec)}{SUFFIXES[0]}"
            remedy = elsewhere(f"the file of hf.co/{spec.identifier}", f"{place} (with its own suffix)")
            path = hub_file(spec.identifier, _WEIGHTS, f"The weights of {spec.name}", remedy)
            _stated(spec, _CONFIG, True, "run again.")
            if spec.options.preprocess is None:
                _stated(spec, _PREPROCESSOR, True, "give model.preprocess, for example 224/0.875/bicubic/imagenet.")
        weights = hub_weights(path, spec.name)
    _config(spec)
    if spec.options.preprocess is None:
        preparation(spec)
    return weights


def recipe(spec: ModelSpec, classes: Classes) -> dict[str, object]:
    """Return the hash of the configuration, which says what the tensors are used for and what the outputs mean."""
    known = KNOWN.get(_repository(spec))
    config = known.config if known is not None else _config(spec)
    return {"config": hashlib.sha256(json.dumps(config, sort_keys=True, default=str).encode()).hexdigest()}


def build(spec: ModelSpec, weights: Weights | None, classes: Classes) -> Network:
    """Build the network on the CPU and load the located file.

    transformers renames tensors of older files. Every tensor is used and none is missing.

    Args:
        spec: an entry with the source ``huggingface``.
        weights: from ``locate``; None for random ones.
        classes: that are asked about.

    Raises:
        ObjectPoseError: transformers has no such network for classification, the file does not fit it, or nothing says
            what its outputs mean.
    """
    from objectpose.models import huggingface_network

    config = huggingface_network.configuration(_config(spec), spec.name)
    labels = None
    if spec.options.labels is None:
        labels = huggingface_network.labels(config, _repository(spec) in KNOWN, spec.name, classes)
    published = int(config.num_labels)
    outputs = num_outputs(spec, published)
    if outputs != published:
        config.num_labels = outputs
    module = huggingface_network.empty(config, spec.name)
    if weights is not None and weights.path is not None:
        module = huggingface_network.filled(module, read_state(weights.path, spec.name), weights.path, spec.name)
    return Network(huggingface_network.Logits(module), outputs, labels)
