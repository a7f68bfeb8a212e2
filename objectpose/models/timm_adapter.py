"""Networks of timm: exact names, the preprocessing of their weights, and the weights file found before building."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from objectpose.classes import Classes
from objectpose.errors import ObjectPoseError, nearest
from objectpose.hub import cached_file, hub_file
from objectpose.models.adapter import Network
from objectpose.models.checkpoint import SUFFIXES, fit, read_state, without_prefix
from objectpose.models.checkpoint_file import checkpoint_weights, find_checkpoint, hub_weights, num_outputs
from objectpose.models.meaning import larger_ids
from objectpose.models.recipe import Preprocess
from objectpose.models.spec import ModelSpec, Weights
from objectpose.models.zoo import elsewhere

if TYPE_CHECKING:
    import torch

_HUB_FILES = ("model.safetensors", "pytorch_model.bin")
_RESIZES = {"center": "short_side", "squash": "squash"}
_IMAGENET_OUTPUTS = 1000


def _config(name: str) -> Any:
    """Return timm's configuration of exactly named weights, or of a network that has none."""
    import timm

    if timm.is_model_pretrained(name):
        return timm.get_pretrained_cfg(name)
    architecture, _, tag = name.partition(".")
    if timm.is_model(architecture) and not tag:
        return None
    candidates = timm.list_pretrained(f"{architecture}.*")
    if candidates:
        raise ObjectPoseError(f"timm has no weights '{tag}' for '{architecture}'; {nearest(name, candidates)}.")
    if timm.is_model(architecture):
        raise ObjectPoseError(_no_weights(name))
    known = timm.list_pretrained()
    if not tag:
        known = sorted({entry.partition(".")[0] for entry in known})
    raise ObjectPoseError(f"timm has no network '{name}'; {nearest(name, known)}.")


def _no_weights(name: str) -> str:
    import timm

    architecture = name.partition(".")[0]
    tagged = timm.list_pretrained(f"{architecture}.*")
    if tagged:
        return f"timm has no weights for '{name}' without a tag; {nearest(name, tagged)}."
    related = timm.list_pretrained(re.sub(r"_[a-z0-9]+$", "", architecture) + "*") or timm.list_pretrained()
    return f"timm has no weights named '{name}'; {nearest(name, related)}; or give model.checkpoint=FILE."


def exact_name(name: str) -> str:
    """Return the name with the tag that timm resolves it to, after a look at what its weights are.

    Args:
        name: a timm name with or without a tag.

    Raises:
        ObjectPoseError: no such network or weights.
    """
    config = _config(name)
    if config is None:
        return name
    return f"{config.architecture}.{config.tag}" if config.tag else str(config.architecture)


def _known(spec: ModelSpec) -> Any:
    """Return the configuration of the weights, or of the architecture where the user gives the weights.

    Raises:
        ObjectPoseError: there are neither.
    """
    import timm

    config = _config(spec.identifier)
    if config is None:
        if spec.pretrained and spec.options.checkpoint is None:
            raise ObjectPoseError(_no_weights(spec.identifier))
        config = timm.get_pretrained_cfg(spec.identifier, allow_unregistered=True)
    if config is None:
        raise ObjectPoseError(
            f"timm does not say how {spec.identifier} is fed; give model.preprocess, for example "
            "224/0.875/bicubic/imagenet."
        )
    return config


def preparation(spec: ModelSpec) -> Preprocess:
    """Return the preprocessing that timm states for the weights; the network is not built.

    Raises:
        ObjectPoseError: timm does not know the weights, or their preprocessing is not supported.
    """
    from timm.data import resolve_data_config

    name = spec.identifier
    values = resolve_data_config(pretrained_cfg=_known(spec).to_dict())
    channels, height, width = values["input_size"]
    if channels != 3 or height != width:
        raise ObjectPoseError(
            f"timm:{name} takes {channels} x {height} x {width} inputs, expected three channels and a square; choose "
            "another network."
        )
    if values["crop_mode"] not in _RESIZES:
        raise ObjectPoseError(
            f"timm:{name} wants the crop mode '{values['crop_mode']}', expected one of: {', '.join(_RESIZES)}; choose "
            "another network."
        )
    try:
        return Preprocess.of_crop(
            height,
            float(values["crop_pct"]),
            values["interpolation"],
            tuple(values["mean"]),
            tuple(values["std"]),
            _RESIZES[values["crop_mode"]],  # type: ignore[arg-type]
        )
    except ObjectPoseError as error:
        raise ObjectPoseError(f"The preprocessing of timm:{name} is not supported: {error}") from error


def find(spec: ModelSpec, weights_dir: Path | None = None) -> Path | None:
    """Return the weights file in ``weights_dir`` or in the Hugging Face cache; None where it is not there."""
    if spec.options.checkpoint is not None:
        return find_checkpoint(spec)
    if weights_dir is not None:
        candidates = [weights_dir / (spec.identifier + suffix) for suffix in SUFFIXES]
        path = next((candidate for candidate in candidates if candidate.is_file()), None)
        if path is not None:
            return path
    config = _config(spec.identifier)
    if config is None or not config.hf_hub_id:
        return None
    return cached_file(config.hf_hub_id, _hub_names(config))


def _hub_names(config: Any) -> tuple[str, ...]:
    return (config.hf_hub_filename,) if config.hf_hub_filename else _HUB_FILES


def locate(spec: ModelSpec, weights_dir: Path | None = None) -> Weights:
    """Find the weights: the user's checkpoint, or in ``weights_dir``, in the Hugging Face cache or on the hub.

    Args:
        spec: an entry with the source ``timm``.
        weights_dir: folder that may hold ``<identifier>.safetensors`` (or .bin, .pth, .pt).

    Raises:
        ObjectPoseError: the file is nowhere to be had, or is a web page or other bytes than the hub announced.
    """
    given = checkpoint_weights(spec)
    if given is not None:
        return given
    config = _known(spec)
    path = find(spec, weights_dir)
    if path is None:
        where = weights_dir or Path("<weights_dir>")
        put = f"{where / (spec.identifier + SUFFIXES[0])} (with its own suffix) or into the Hugging Face cache"
        if not config.hf_hub_id:
            address = config.url[0] if isinstance(config.url, tuple) else config.url
            raise ObjectPoseError(
                f"The weights of {spec.name} are not on the hub; {elsewhere(f'the file of {address}', put)}"
            )
        remedy = elsewhere(f"the file of hf.co/{config.hf_hub_id}", put)
        path = hub_file(config.hf_hub_id, _hub_names(config), f"The weights of {spec.name}", remedy)
    return hub_weights(path, spec.name)


def recipe(spec: ModelSpec, classes: Classes) -> dict[str, object]:
    """Return nothing: weights and preparation are all."""
    return {}


def _outputs(spec: ModelSpec) -> int:
    """Return how many outputs the network has.

    Raises:
        ObjectPoseError: it has no head.
    """
    count = num_outputs(spec, int(_known(spec).num_classes) or (_IMAGENET_OUTPUTS if spec.options.checkpoint else 0))
    if count == 0:
        raise ObjectPoseError(
            f"timm:{spec.identifier} has no classes, only features; choose weights whose tag ends with in1k, or give "
            "model.checkpoint=FILE with a head."
        )
    return count


def build(spec: ModelSpec, weights: Weights | None, classes: Classes) -> Network:
    """Build the network on the CPU and load the located file.

    The tensors are read without running code and handed to timm, which renames them where the file is older than
    the network. Every tensor must be used, and none may be missing.

    Args:
        spec: an entry with the source ``timm``.
        weights: from ``locate``; None for random ones.
        classes: not used.

    Raises:
        ObjectPoseError: the file cannot be read or does not fit the network.
    """
    import timm

    outputs = _outputs(spec)
    if weights is None or weights.path is None:
        network = timm.create_model(spec.identifier, pretrained=False, num_classes=outputs)
    elif spec.options.checkpoint is not None:
        network = _own_checkpoint(spec, weights.path, outputs)
    else:
        network = _published(spec, weights.path, outputs)
    stated = getattr(network, "pretrained_cfg", None)
    if isinstance(stated, dict):
        stated.pop("state_dict", None)
    return Network(network, outputs, larger_ids(outputs))


def _published(spec: ModelSpec, path: Path, outputs: int) -> torch.nn.Module:
    """Return the network with weights that timm publishes, which it may rename."""
    import timm

    state = read_state(path, spec.name)
    try:
        network: torch.nn.Module = timm.create_model(
            spec.identifier, pretrained=True, num_classes=outputs, pretrained_cfg_overlay={"state_dict": state}
        )
    except (RuntimeError, KeyError, AttributeError, TypeError, ValueError) as error:
        raise ObjectPoseError(
            f"The weights file {path} does not fit the network {spec.name}; fetch the file that belongs to "
            f"{spec.identifier}."
        ) from error
    return network


def _own_checkpoint(spec: ModelSpec, path: Path, outputs: int) -> torch.nn.Module:
    """Return the network with a user's checkpoint: as it is, or as timm renames it, never with a tensor resized."""
    import timm

    state = read_state(path, spec.name)
    network: torch.nn.Module = timm.create_model(spec.identifier, pretrained=False, num_classes=outputs)
    wanted = {key: value.shape for key, value in network.state_dict().items()}
    state = without_prefix(state, set(wanted))
    try:
        fit(network, state, path, spec.name)
    except ObjectPoseError:
        if any(key in wanted and value.shape != wanted[key] for key, value in state.items()):
            raise
        try:
            overlay = {"state_dict": state, "num_classes": outputs, "first_conv": None}
            converted: torch.nn.Module = timm.create_model(
                spec.identifier, pretrained=True, num_classes=outputs, pretrained_cfg_overlay=overlay
            )
        except (RuntimeError, KeyError, AttributeError, TypeError, ValueError):
            converted = network
        if converted is network:
            raise
        return converted
    return network
