"""From what a user writes to networks: resolve names, locate weights, load."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast, get_args

from objectpose.errors import ObjectPoseError, nearest
from objectpose.models.spec import ModelSpec, Preprocess, PreprocessMode, Source, Weights
from objectpose.models.zoo import group, zoo

if TYPE_CHECKING:
    import torch

    from objectpose.models.classifier import TorchClassifier

IMAGENET_OUTPUTS = 1000
PAPER_GROUP = "paper38"


class Adapter(Protocol):
    """What a module that knows one source of networks offers."""

    def preprocess(self, spec: ModelSpec) -> Preprocess:
        """Return the preprocessing that belongs to the weights, without building the network."""
        ...

    def locate(self, spec: ModelSpec, weights_dir: Path | None = None) -> Weights:
        """Find the weights file and its sha256, without building the network."""
        ...

    def build(self, spec: ModelSpec, weights: Weights) -> torch.nn.Module:
        """Build the network on the CPU with the located weights."""
        ...


_ADAPTERS: dict[Source, str] = {
    "offline": "objectpose.models.offline",
    "timm": "objectpose.models.timm_adapter",
}


def _adapter(source: Source) -> Adapter:
    return cast(Adapter, import_module(_ADAPTERS[source]))


def groups() -> list[str]:
    """Return the names of all groups of the zoo.

    >>> groups()
    ['offline', 'paper38']
    """
    return sorted({name for spec in zoo().values() for name in spec.groups})


def _of_source(name: str) -> ModelSpec:
    source, _, inner = name.partition(":")
    if source != "timm":
        kind = "A callable such as" if re.fullmatch(r"[\w.]+:[A-Za-z_]\w*", name) and "." in source else "The source of"
        raise ObjectPoseError(
            f"{kind} '{name}' is not supported by this version; give a zoo name, a group ({', '.join(groups())}) or "
            "timm:NAME, for example timm:resnet50.tv_in1k."
        )
    if not inner:
        raise ObjectPoseError("'timm:' names no network; write for example timm:resnet50.tv_in1k.")
    from objectpose.models.timm_adapter import exact_name

    exact = exact_name(inner)
    return ModelSpec(name=f"timm:{exact}", source="timm", identifier=exact)


def _one(name: str) -> list[ModelSpec]:
    if ":" in name:
        return [_of_source(name)]
    if name in zoo():
        return [zoo()[name]]
    members = group(name)
    if members:
        return members
    raise ObjectPoseError(
        f"Unknown model '{name}'; {nearest(name, [*zoo(), *groups()])}; any other timm network is timm:NAME."
    )


def resolve(names: str | Sequence[str]) -> list[ModelSpec]:
    """Return the networks that a user named, each once, in the order in which they were first named.

    timm is imported only for ``timm:`` names. A ``timm:`` name without a tag is accepted and stored with the tag
    that timm resolves it to, since bare names have moved to other weights before.

    Args:
        names: one or several zoo names, groups of the zoo, or ``timm:NAME``.

    Raises:
        ObjectPoseError: no name, an unknown name or source, or a network without the 1000 ImageNet-1k outputs.

    >>> [spec.name for spec in resolve(["efficientnet_lite1", "offline"])]
    ['efficientnet_lite1', 'efficientnet_lite0', 'efficientnet_lite2']
    """
    listed: list[str] = list(names) if isinstance(names, list | tuple) else [names]  # type: ignore[list-item]
    if not listed:
        raise ObjectPoseError("No model is named; give one, for example model=efficientnet_lite0 or model=offline.")
    found: dict[tuple[str, str], ModelSpec] = {}
    for name in listed:
        if not isinstance(name, str) or not name.strip():
            raise ObjectPoseError(f"The model {name!r} is not a name; give one, for example efficientnet_lite0.")
        for spec in _one(name.strip()):
            found.setdefault((spec.source, spec.identifier), spec)
    return list(found.values())


def preprocess_of(spec: ModelSpec, mode: str = "native") -> Preprocess:
    """Return the preprocessing that a network is used with; the network is not built.

    Args:
        spec: from ``resolve``.
        mode: ``native`` is what the weights were trained with; ``paper2022`` is what the ObjectPose paper's code did,
            which differs for some of its networks.

    Raises:
        ObjectPoseError: unknown mode, or ``paper2022`` for a network that the paper did not use.
    """
    if mode not in get_args(PreprocessMode):
        raise ObjectPoseError(f"Unknown preprocess '{mode}'; {nearest(mode, get_args(PreprocessMode))}.")
    if mode == "paper2022":
        if PAPER_GROUP not in spec.groups:
            raise ObjectPoseError(
                f"preprocess=paper2022 is not defined for {spec.name}, which the paper did not use; use "
                f"preprocess=native or a network of the group {PAPER_GROUP}."
            )
        if spec.paper2022 is not None:
            return spec.paper2022
    return _adapter(spec.source).preprocess(spec)


def locate(spec: ModelSpec, weights_dir: Path | None = None) -> Weights:
    """Find the weights of a network and hash them; the network is not built.

    Args:
        spec: from ``resolve``.
        weights_dir: folder that may hold ``<identifier>.safetensors`` (or .bin, .pth, .pt) for timm networks.

    Raises:
        ObjectPoseError: the file is missing and cannot be fetched, or is damaged.
    """
    if weights_dir is not None and not weights_dir.is_dir():
        raise ObjectPoseError(f"weights_dir is {weights_dir}, which is no folder; name one that holds weights files.")
    return _adapter(spec.source).locate(spec, weights_dir)


def load(
    spec: ModelSpec,
    weights: Weights,
    *,
    preprocess: str | Preprocess = "native",
    device: str | torch.device = "cpu",
) -> TorchClassifier:
    """Build a network with its located weights.

    On a CPU this also asks the C library to keep freed memory (see ``allocator``), for the whole process.

    Args:
        spec: from ``resolve``.
        weights: from ``locate``.
        preprocess: a mode, or a preprocessing of your own.
        device: where it computes.

    Raises:
        ObjectPoseError: the weights cannot be read or do not fit, or the network has other outputs than 1000.
    """
    recipe = preprocess if isinstance(preprocess, Preprocess) else preprocess_of(spec, preprocess)
    module = _adapter(spec.source).build(spec, weights)

    import torch

    from objectpose.models.allocator import keep_freed_memory
    from objectpose.models.classifier import TorchClassifier

    outputs = int(getattr(module, "num_classes", IMAGENET_OUTPUTS))
    if outputs != IMAGENET_OUTPUTS:
        raise ObjectPoseError(
            f"{spec.name} has {outputs} outputs, expected the {IMAGENET_OUTPUTS} ImageNet-1k classes."
        )
    target = torch.device(device)
    if target.type == "cpu":
        keep_freed_memory()
    return TorchClassifier(module, spec, recipe, weights, outputs, target)
