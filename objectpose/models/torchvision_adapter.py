"""Networks of torchvision: exact names, the preprocessing of their weights, and the file that its server publishes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from objectpose.classes import Classes
from objectpose.download import url_file
from objectpose.errors import ObjectPoseError, nearest
from objectpose.models.adapter import Network
from objectpose.models.checkpoint import SUFFIXES, fit, read_state, weights_at
from objectpose.models.checkpoint_file import checkpoint_weights, find_checkpoint, num_outputs
from objectpose.models.recipe import Colour, Interpolation, Preprocess
from objectpose.models.spec import ModelSpec, Weights
from objectpose.models.zoo import elsewhere

if TYPE_CHECKING:
    import torch

_AS_PUBLISHED: dict[str, dict[str, bool]] = {
    "googlenet": {"aux_logits": True, "transform_input": True, "init_weights": False},
    "inception_v3": {"aux_logits": True, "transform_input": True, "init_weights": False},
}
"""How networks are built for the weights that torchvision publishes, where that is not how it builds them anew."""

_RENAMED = (
    (re.compile(r"(denselayer\d+\.(?:norm|conv))\.([12])\."), r"\1\2."),
    (re.compile(r"\bmlp\.linear_1\."), "mlp.0."),
    (re.compile(r"\bmlp\.linear_2\."), "mlp.3."),
)
"""Names of tensors that torchvision has changed since it published the files."""


def exact_name(name: str) -> str:
    """Return ``ARCHITECTURE:WEIGHTS`` as torchvision writes it, or the architecture alone where no weights are named.

    Args:
        name: such as ``resnet50:IMAGENET1K_V1``, ``resnet50:DEFAULT`` or ``resnet50``.

    Raises:
        ObjectPoseError: no such network or weights, a network that does not classify pictures, or weights without a
            head.

    >>> exact_name("resnet50:imagenet1k_v1")
    'resnet50:IMAGENET1K_V1'
    """
    from torchvision import models

    architecture, _, tag = name.partition(":")
    known = models.list_models(module=models)
    if architecture not in known:
        if architecture in models.list_models():
            raise ObjectPoseError(
                f"torchvision's {architecture} does not classify pictures into ImageNet's classes with float32 "
                f"weights; {nearest(architecture, known)}."
            )
        raise ObjectPoseError(f"torchvision has no network '{architecture}'; {nearest(architecture, known)}.")
    if not tag:
        return architecture
    members = models.get_model_weights(architecture).__members__
    chosen = next((member for key, member in members.items() if key.lower() == tag.lower()), None)
    if chosen is None:
        raise ObjectPoseError(f"torchvision has no weights '{tag}' for {architecture}; {nearest(tag, members)}.")
    if not chosen.meta.get("categories"):
        raise ObjectPoseError(
            f"torchvision's {architecture}:{chosen.name} has no classes, only features; "
            f"{nearest(tag, _tags(architecture))}."
        )
    return f"{architecture}:{chosen.name}"


def _tags(architecture: str) -> list[str]:
    from torchvision import models

    return [member.name for member in models.get_model_weights(architecture) if member.meta.get("categories")]


def _published(spec: ModelSpec) -> Any:
    """Return torchvision's entry of the weights; the default ones' for a user's own weights or random ones.

    Raises:
        ObjectPoseError: no weights are named.
    """
    from torchvision import models

    architecture, _, tag = spec.identifier.partition(":")
    weights = models.get_model_weights(architecture)
    if tag:
        return weights[tag]
    if spec.pretrained and spec.options.checkpoint is None:
        names = ", ".join(f"torchvision:{architecture}:{name}" for name in _tags(architecture))
        raise ObjectPoseError(
            f"torchvision:{architecture} does not say which weights; write one of: {names}; or give "
            "model.checkpoint=FILE."
        )
    return weights["DEFAULT"]


def preparation(spec: ModelSpec) -> Preprocess:
    """Return the preprocessing that torchvision states for the weights; the network is not built.

    Raises:
        ObjectPoseError: no weights are named, or their preprocessing is not supported.
    """
    stated = _published(spec).transforms()
    try:
        (size,), (resize_px,) = stated.crop_size, stated.resize_size
        return Preprocess(
            input_size_px=size,
            resize_px=resize_px,
            interpolation=cast(Interpolation, stated.interpolation.value),
            mean=cast(Colour, tuple(stated.mean)),
            std=cast(Colour, tuple(stated.std)),
        )
    except (AttributeError, ValueError, TypeError, ObjectPoseError) as error:
        raise ObjectPoseError(
            f"The preprocessing of torchvision:{spec.identifier} is not supported ({' '.join(str(stated).split())}); "
            "choose other weights."
        ) from error


def _address(spec: ModelSpec) -> tuple[str, str, str]:
    """Return address, file name and the hash prefix that it ends with."""
    url = str(_published(spec).url)
    filename = url.rpartition("/")[2]
    found = re.search(r"-([0-9a-f]{8,64})\.", filename)
    if found is None:
        raise ObjectPoseError(
            f"The file {url} of {spec.name} has no hash in its name; fetch it and give model.checkpoint=FILE."
        )
    return url, filename, found[1]


def _downloads() -> Path:
    import torch

    return Path(torch.hub.get_dir()) / "checkpoints"


def find(spec: ModelSpec, weights_dir: Path | None = None) -> Path | None:
    """Return the user's checkpoint, or the weights file in ``weights_dir`` or among torch's downloads; else None.

    Args:
        spec: an entry with the source ``torchvision``.
        weights_dir: folder that may hold ``<architecture>_<weights>.pth`` (or another suffix), or the file under the
            name that torchvision's server gives it.

    Raises:
        ObjectPoseError: no weights are named.
    """
    if spec.options.checkpoint is not None:
        return find_checkpoint(spec)
    _, filename, _ = _address(spec)
    candidates = [_downloads() / filename]
    if weights_dir is not None:
        stem = spec.identifier.replace(":", "_")
        candidates = [*(weights_dir / (stem + suffix) for suffix in SUFFIXES), weights_dir / filename, *candidates]
    return next((path for path in candidates if path.is_file()), None)


def locate(spec: ModelSpec, weights_dir: Path | None = None) -> Weights:
    """Return the user's checkpoint, or the weights from ``weights_dir``, torch's downloads or torchvision's server.

    Args:
        spec: an entry with the source ``torchvision``.
        weights_dir: as in ``find``.

    Raises:
        ObjectPoseError: the file is nowhere to be had, is a web page, or has another hash than its name says.
    """
    given = checkpoint_weights(spec)
    if given is not None:
        return given
    url, filename, prefix = _address(spec)
    path = find(spec, weights_dir)
    if path is None:
        place = str((weights_dir or Path("<weights_dir>")) / filename)
        what = f"The weights of {spec.name}"
        path = url_file(url, _downloads(), filename, prefix, what, elsewhere(f"the file of {url}", place))
    weights = weights_at(path, spec.name)
    if path.name == filename and not weights.sha256.startswith(prefix):
        raise ObjectPoseError(
            f"The weights file {path} of {spec.name} has sha256 {weights.sha256[:12]}..., expected {prefix}...; delete "
            "it and run again."
        )
    return weights


def recipe(spec: ModelSpec, classes: Classes) -> dict[str, object]:
    """Return nothing: weights and preparation are all."""
    return {}


def build(spec: ModelSpec, weights: Weights | None, classes: Classes) -> Network:
    """Build the network on the CPU and load the located file; every tensor is used and none is missing.

    Args:
        spec: an entry with the source ``torchvision``.
        weights: from ``locate``; None for random ones.
        classes: not used.

    Raises:
        ObjectPoseError: the file cannot be read or does not fit the network.
    """
    from torchvision import models

    architecture = spec.identifier.partition(":")[0]
    published = _published(spec)
    outputs = num_outputs(spec, len(published.meta["categories"]))
    options: dict[str, object] = {"num_classes": outputs, **_AS_PUBLISHED.get(architecture, {})}
    if architecture.startswith("vit_"):
        options["image_size"] = published.meta["min_size"][0]
    module: torch.nn.Module = models.get_model(architecture, weights=None, **options)
    if weights is not None and weights.path is not None:
        fit(module, _renamed(read_state(weights.path, spec.name)), weights.path, spec.name)
    return Network(module, outputs)


def _renamed(state: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    renamed = {}
    for key, value in state.items():
        for pattern, name in _RENAMED:
            key = pattern.sub(name, key)
        renamed[key] = value
    return renamed
