"""The weights file of an open_clip network: found on this machine, or fetched and compared with what was announced."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any, cast

from objectpose.download import url_file, verified
from objectpose.errors import ObjectPoseError
from objectpose.hub import cached_file, hub_file, offline_switch
from objectpose.models.checkpoint import SUFFIXES
from objectpose.models.checkpoint_file import checkpoint_weights, find_checkpoint, hub_weights
from objectpose.models.open_clip_origin import HUB, origin_of
from objectpose.models.spec import ModelSpec, Weights
from objectpose.models.zoo import elsewhere

_HUB_FILES = ("open_clip_model.safetensors", "open_clip_pytorch_model.bin")


def _hub_place(pretrained: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Return the repository of the weights and the file names to look for there, safetensors first."""
    repository, _, name = str(pretrained.get("hf_hub", "")).rpartition("/")
    if not name:
        return repository, _HUB_FILES
    stem, _, suffix = name.rpartition(".")
    return repository, ((f"{stem}.safetensors", name) if suffix in ("bin", "pth") else (name,))


def _released(pretrained: dict[str, Any]) -> tuple[str, str] | None:
    """Return address and first digits of the sha256 of the file that open_clip released itself, if it did.

    OpenAI's own files are TorchScript, which holds code, and others have no hash.
    """
    url = str(pretrained.get("url", ""))
    found = re.fullmatch(r"https://github\.com/mlfoundations/.*-([0-9a-f]{8,64})\.pth?", url)
    return (url, found[1]) if found else None


def _released_folder() -> Path:
    """Return where open_clip keeps what it downloads from an address."""
    return Path.home() / ".cache" / "clip"


def _stem(spec: ModelSpec) -> str:
    return re.sub(r"[:/]", "_", spec.identifier)


def find(spec: ModelSpec, weights_dir: Path | None = None) -> Path | None:
    """Return the weights file where it is on this machine already; None where it is not.

    Looked for are, in this order: ``model.checkpoint``, ``weights_dir/ARCHITECTURE_TAG.safetensors`` (or .bin, .pth,
    .pt), the Hugging Face cache, and open_clip's own folder of downloads.
    """
    if spec.options.checkpoint is not None:
        return find_checkpoint(spec)
    if weights_dir is not None:
        candidates = [weights_dir / (_stem(spec) + suffix) for suffix in SUFFIXES]
        path = next((candidate for candidate in candidates if candidate.is_file()), None)
        if path is not None:
            return path
    pretrained = _pretrained(spec)
    repository, names = _hub_place(pretrained)
    cached = cached_file(repository, names) if repository else None
    released = _released(pretrained)
    if cached is None and released is not None:
        kept = _released_folder() / released[0].rpartition("/")[2]
        return kept if kept.is_file() else None
    return cached


def _pretrained(spec: ModelSpec) -> dict[str, Any]:
    import open_clip

    if spec.identifier.startswith(HUB):
        return {"hf_hub": f"{spec.identifier.removeprefix(HUB)}/"}
    architecture, _, tag = spec.identifier.partition(":")
    return dict(open_clip.get_pretrained_cfg(architecture, tag)) if tag else {}


def locate(spec: ModelSpec, weights_dir: Path | None = None) -> Weights:
    """Find the weights where ``find`` looks, else fetch them from the hub, or where open_clip released them.

    Args:
        spec: an entry with the source ``open_clip``.
        weights_dir: folder that may hold ``ARCHITECTURE_TAG.safetensors`` (or .bin, .pth, .pt).

    Raises:
        ObjectPoseError: the file is nowhere to be had, or is a web page, TorchScript, or not what was announced.
    """
    weights = checkpoint_weights(spec)
    if weights is None:
        origin = origin_of(spec)
        path = find(spec, weights_dir) or _fetch(spec, origin.pretrained, weights_dir)
        released = _released(origin.pretrained)
        if released is not None and path.parent == _released_folder():
            verified(path, released[1], f"The weights of {spec.name}")
        weights = hub_weights(path, spec.name)
    _refuse_torchscript(cast(Path, weights.path), spec)
    return weights


def _fetch(spec: ModelSpec, pretrained: dict[str, Any], weights_dir: Path | None) -> Path:
    repository, names = _hub_place(pretrained)
    what = f"The weights of {spec.name}"
    place = f"{(weights_dir or Path('<weights_dir>')) / (_stem(spec) + SUFFIXES[0])} (with its own suffix)"
    remedy = elsewhere(f"{names[0]} of hf.co/{repository}", place)
    released = _released(pretrained)
    try:
        return hub_file(repository, names, what, remedy)
    except ObjectPoseError:
        if released is None or offline_switch() is not None:
            raise
    url, digits = released
    return url_file(url, _released_folder(), url.rpartition("/")[2], digits, what, remedy)


def _refuse_torchscript(path: Path, spec: ModelSpec) -> None:
    """Raise if a file is a TorchScript archive, as OpenAI's own are: a program, of which only running it is public."""
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            program = any(name.rpartition("/")[2] == "constants.pkl" for name in archive.namelist())
    except (OSError, zipfile.BadZipFile):
        return
    if program:
        repository, names = _hub_place(_pretrained(spec))
        instead = f"use {names[0]} of hf.co/{repository}" if repository else "save the network's state_dict()"
        raise ObjectPoseError(
            f"The weights file {path} of {spec.name} is a TorchScript program, not a table of tensors; {instead}."
        )
