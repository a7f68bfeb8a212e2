"""Networks whose weights someone else published for an architecture of another source, as SimCLR's ResNet-50."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from objectpose.classes import Classes
from objectpose.errors import ObjectPoseError
from objectpose.models.adapter import Adapter, Network, adapter
from objectpose.models.checkpoint import SUFFIXES, weights_at
from objectpose.models.checkpoint_file import checkpoint_weights, find_checkpoint, hub_reference
from objectpose.models.preprocess import Preparation
from objectpose.models.spec import ModelSpec, Weights
from objectpose.models.zoo import elsewhere


def _inner(spec: ModelSpec) -> tuple[Adapter, ModelSpec]:
    """Return the adapter of the architecture, and the entry in its words."""
    source, _, identifier = spec.identifier.partition(":")
    return adapter(source), replace(spec, source=source, identifier=identifier, native=None)


def exact_name(name: str) -> str:
    """Return ``SOURCE:ARCHITECTURE``.

    Raises:
        ObjectPoseError: the source does not know the architecture.
    """
    source, _, identifier = name.partition(":")
    return f"{source}:{adapter(source).exact_name(identifier)}"


def preparation(spec: ModelSpec) -> Preparation:
    """Return what the weights want, as the table of networks says; else what the architecture's source says."""
    if spec.native is not None:
        return spec.native
    there, inner = _inner(spec)
    return there.preparation(inner)


def _published_name(spec: ModelSpec) -> str:
    """Return the name of the file where the hub has it; empty for a path.

    Raises:
        ObjectPoseError: no file is named, or the reference to the hub is malformed.
    """
    if spec.options.checkpoint is None:
        raise ObjectPoseError(f"{spec.name} names no weights file; give model.checkpoint=FILE.")
    reference = hub_reference(spec.options.checkpoint)
    return Path(reference[1]).name if reference else ""


def find(spec: ModelSpec, weights_dir: Path | None = None) -> Path | None:
    """Return the weights file in ``weights_dir``, in the Hugging Face cache or at its path; None where it is not there.

    Args:
        spec: an entry with the source ``file``.
        weights_dir: folder that may hold ``<name>.pth`` (or another suffix), or the file under its own name.
    """
    own_name = _published_name(spec)
    if weights_dir is not None and own_name:
        names = [*(spec.name + suffix for suffix in SUFFIXES), own_name]
        path = next((weights_dir / name for name in names if (weights_dir / name).is_file()), None)
        if path is not None:
            return path
    return find_checkpoint(spec)


def locate(spec: ModelSpec, weights_dir: Path | None = None) -> Weights:
    """Return the weights from ``weights_dir``, from a path, or from the hub or its cache.

    Args:
        spec: an entry with the source ``file``.
        weights_dir: as in ``find``.

    Raises:
        ObjectPoseError: the file is nowhere to be had, or is a web page.
    """
    path = find(spec, weights_dir)
    if weights_dir is not None and path is not None and path.parent == weights_dir:
        return weights_at(path, spec.name)
    place = str((weights_dir or Path("<weights_dir>")) / _published_name(spec))
    given = checkpoint_weights(spec, elsewhere(f"the file {spec.options.checkpoint}", place))
    assert given is not None
    return given


def recipe(spec: ModelSpec, classes: Classes) -> dict[str, object]:
    """Return what the architecture's source says."""
    there, inner = _inner(spec)
    return there.recipe(inner, classes)


def build(spec: ModelSpec, weights: Weights | None, classes: Classes) -> Network:
    """Build the architecture and load the file into it.

    Raises:
        ObjectPoseError: the file cannot be read or does not fit the network.
    """
    there, inner = _inner(spec)
    return there.build(inner, weights, classes)
