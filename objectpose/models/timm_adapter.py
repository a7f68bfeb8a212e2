"""Networks of timm: exact names, the preprocessing of their weights, and the weights file found before building."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from objectpose.errors import ObjectPoseError, nearest
from objectpose.files import sha256_of
from objectpose.hub import hub_file
from objectpose.models.checkpoint import read_state, refuse_web_page
from objectpose.models.spec import ModelSpec, Preprocess, Weights
from objectpose.models.zoo import group

if TYPE_CHECKING:
    import torch

_SUFFIXES = (".safetensors", ".bin", ".pth", ".pt")
_HUB_FILES = ("model.safetensors", "pytorch_model.bin")
_RESIZES = {"center": "short_side", "squash": "squash"}
_OUTPUTS = 1000


def _config(name: str) -> Any:
    import timm

    if timm.is_model_pretrained(name):
        return timm.get_pretrained_cfg(name)
    architecture, _, tag = name.partition(".")
    candidates = timm.list_pretrained(f"{architecture}.*")
    if candidates and not tag:
        raise ObjectPoseError(f"timm has no weights for '{name}' without a tag; {nearest(name, candidates)}.")
    if candidates:
        raise ObjectPoseError(f"timm has no weights '{tag}' for '{architecture}'; {nearest(name, candidates)}.")
    if timm.is_model(architecture):
        shorter = re.sub(r"_[a-z0-9]+$", "", architecture)
        related = timm.list_pretrained(f"{shorter}*") or timm.list_pretrained()
        raise ObjectPoseError(f"timm has no weights named '{name}'; {nearest(name, related)}.")
    known = timm.list_pretrained()
    if not tag:
        known = sorted({entry.partition(".")[0] for entry in known})
    raise ObjectPoseError(f"timm has no network '{name}'; {nearest(name, known)}.")


def exact_name(name: str) -> str:
    """Return the name with the tag that timm resolves it to, after a look at what its weights are.

    Args:
        name: a timm name with or without a tag.

    Raises:
        ObjectPoseError: no such network, no weights for it, other outputs than the 1000 ImageNet-1k classes, or a
            preprocessing that is not supported.
    """
    config = _config(name)
    exact = f"{config.architecture}.{config.tag}" if config.tag else str(config.architecture)
    if config.num_classes != _OUTPUTS:
        raise ObjectPoseError(
            f"timm:{exact} has {config.num_classes or 'no class'} outputs, expected the {_OUTPUTS} ImageNet-1k "
            "classes; choose weights whose tag ends with in1k."
        )
    _preprocess(exact, config)
    return exact


def _preprocess(name: str, config: Any) -> Preprocess:
    from timm.data import resolve_data_config

    values = resolve_data_config(pretrained_cfg=config.to_dict())
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
        return Preprocess(
            input_size_px=height,
            crop_pct=float(values["crop_pct"]),
            interpolation=values["interpolation"],
            mean=tuple(values["mean"]),
            std=tuple(values["std"]),
            resize=_RESIZES[values["crop_mode"]],  # type: ignore[arg-type]
        )
    except ObjectPoseError as error:
        raise ObjectPoseError(f"The preprocessing of timm:{name} is not supported: {error}") from error


def preprocess(spec: ModelSpec) -> Preprocess:
    """Return the preprocessing that timm states for the weights; the network is not built.

    Raises:
        ObjectPoseError: timm does not know the weights, or their preprocessing is not supported.
    """
    return _preprocess(spec.identifier, _config(spec.identifier))


def _elsewhere(spec: ModelSpec, weights_dir: Path | None, origin: str) -> str:
    folder = weights_dir or Path("<weights_dir>")
    offline = ", ".join(entry.name for entry in group("offline"))
    return (
        f"put the file of {origin} at {folder / (spec.identifier + _SUFFIXES[0])} (with its own suffix) or into the "
        f"Hugging Face cache, or use what works offline: {offline} (model=offline)."
    )


def locate(spec: ModelSpec, weights_dir: Path | None = None) -> Weights:
    """Find the weights file in ``weights_dir``, in the Hugging Face cache or on the hub, in this order.

    Args:
        spec: an entry with the source ``timm``.
        weights_dir: folder that may hold ``<identifier>.safetensors`` (or .bin, .pth, .pt).

    Raises:
        ObjectPoseError: the file is nowhere to be had, or is a web page or other bytes than the hub announced.
    """
    path: Path | None = None
    if weights_dir is not None:
        candidates = [weights_dir / (spec.identifier + suffix) for suffix in _SUFFIXES]
        path = next((candidate for candidate in candidates if candidate.is_file()), None)
    if path is None:
        config = _config(spec.identifier)
        if not config.hf_hub_id:
            address = config.url[0] if isinstance(config.url, tuple) else config.url
            raise ObjectPoseError(
                f"The weights of {spec.name} are not on the hub; {_elsewhere(spec, weights_dir, str(address))}"
            )
        names = (config.hf_hub_filename,) if config.hf_hub_filename else _HUB_FILES
        elsewhere = _elsewhere(spec, weights_dir, f"hf.co/{config.hf_hub_id}")
        path = hub_file(config.hf_hub_id, names, f"The weights of {spec.name}", elsewhere)
    try:
        weights = Weights(path, sha256_of(path))
    except OSError as error:
        raise ObjectPoseError(
            f"The weights file {path} of {spec.name} cannot be opened ({error.strerror}); check its permissions."
        ) from error
    refuse_web_page(weights, spec.name)
    announced = path.resolve().name
    if re.fullmatch(r"[0-9a-f]{64}", announced) and announced != weights.sha256:
        raise ObjectPoseError(
            f"The cached weights {path} of {spec.name} have sha256 {weights.sha256[:12]}..., the hub announced "
            f"{announced[:12]}...; delete the file and run again."
        )
    return weights


def build(spec: ModelSpec, weights: Weights) -> torch.nn.Module:
    """Build the network on the CPU and load the located file.

    The tensors are read without running code and handed to timm, which renames them where the file is older than
    the network. Every tensor must be used, and none may be missing.

    Args:
        spec: an entry with the source ``timm``.
        weights: from ``locate``.

    Raises:
        ObjectPoseError: the file cannot be read or does not fit the network.
    """
    import timm

    state = read_state(weights, spec.name)
    try:
        network: torch.nn.Module = timm.create_model(
            spec.identifier, pretrained=True, pretrained_cfg_overlay={"state_dict": state}
        )
    except (RuntimeError, KeyError, AttributeError, TypeError, ValueError) as error:
        raise ObjectPoseError(
            f"The weights file {weights.path} does not fit the network {spec.name}; fetch the file that belongs to "
            f"{spec.identifier}."
        ) from error
    stated = getattr(network, "pretrained_cfg", None)
    if isinstance(stated, dict):
        stated.pop("state_dict", None)
    return network
