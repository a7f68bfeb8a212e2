"""Zero-shot networks: the head that a text tower makes from prompts, kept on disk and checked; the network with it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from tqdm import tqdm

from objectpose.cache import cache_dir
from objectpose.device import pick_device
from objectpose.errors import ObjectPoseError
from objectpose.files import publish
from objectpose.models.classifier import strict_precision
from objectpose.models.prompts import Prompts, Words
from objectpose.models.tokenizer import Tokenizer
from objectpose.progress import progress_shown

_PROMPTS_AT_A_TIME = 256
_DIGEST = "sha256"
_KEEP_S = 60.0


class ZeroShot(torch.nn.Module):
    """An image tower with a head: exp(logit scale) times the cosine to each class, plus the logit bias if there is one.

    Args:
        model: of open_clip, with both towers; it loses the text tower.
        head: float32 C x D, rows of length 1.
    """

    def __init__(self, model: torch.nn.Module, head: torch.Tensor) -> None:
        super().__init__()
        for name in [name for name, _ in model.named_children() if name != "visual"]:
            delattr(model, name)
        self.model = model
        self.register_buffer("head", head)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return float32 N x C logits of float32 N x 3 x S x S inputs."""
        features = self.model.encode_image(images, normalize=True)  # type: ignore[operator]
        logits: torch.Tensor = self.model.logit_scale.exp() * features @ self.head.T  # type: ignore[operator]
        return logits if self.model.logit_bias is None else logits + cast(torch.Tensor, self.model.logit_bias)


def text_digest(model: torch.nn.Module) -> str:
    """Return the sha256 of all tensors of a model but those of its image tower: names, shapes and bytes."""
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        if not name.startswith("visual."):
            digest.update(f"{name}{tuple(tensor.shape)}".encode())
            digest.update(_bytes(tensor))
    return digest.hexdigest()


def head_inputs(
    weights: str, config: Mapping[str, Any], tokenizer: Mapping[str, object], prompts: Prompts, words: Words
) -> dict[str, str]:
    """Return all that a head is made from, as texts.

    Args:
        weights: sha256 of the weights.
        config: open_clip's configuration of the network.
        tokenizer: from ``tokenizer_identity``.
        prompts: templates.
        words: for the classes.
    """
    import open_clip

    return {
        "weights": weights,
        "architecture": json.dumps(config, sort_keys=True),
        "tokenizer": json.dumps({**tokenizer, "open_clip": open_clip.__version__}, sort_keys=True),
        "names": json.dumps(words.texts),
        "templates": json.dumps(prompts.templates),
    }


def head_path(inputs: Mapping[str, str]) -> Path:
    """Return where the head that is made from ``inputs`` is kept."""
    key = hashlib.sha256(json.dumps(dict(inputs), sort_keys=True).encode()).hexdigest()
    return cache_dir() / "heads" / f"{key}.safetensors"


def zero_shot_head(
    model: torch.nn.Module,
    tokenizer: Callable[[], Tokenizer],
    prompts: Prompts,
    words: Words,
    inputs: Mapping[str, str],
    width: int,
    owner: str,
) -> torch.Tensor:
    """Return the head of a network, from the cache where it is there and whole; else make it and keep it.

    Args:
        model: of open_clip, on the CPU, in evaluation mode.
        tokenizer: makes the tokenizer, which is only needed where the head is not in the cache.
        prompts: whose embeddings are averaged.
        words: for the C classes.
        inputs: from ``head_inputs``.
        width: D, of the embedding.
        owner: whose head it is, for people.

    Returns:
        float32 C x D on the CPU, rows of length 1.

    Raises:
        ObjectPoseError: the tokenizer cannot be had, the head is not finite, or the cache cannot be written.
    """
    path = head_path(inputs)
    kept = _read(path, inputs, (len(words.texts), width))
    if kept is not None:
        return kept
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(path, owner, error) from error
    begun = path.with_suffix(".begun")
    rows = _read(begun, inputs, (None, width))
    head = make_head(model, tokenizer(), prompts, words, owner, rows, lambda rows: _write(begun, rows, inputs, owner))
    _write(path, head, inputs, owner)
    begun.unlink(missing_ok=True)
    return head


def make_head(
    model: torch.nn.Module,
    tokenizer: Tokenizer,
    prompts: Prompts,
    words: Words,
    owner: str,
    begun: torch.Tensor | None = None,
    keep: Callable[[torch.Tensor], None] = lambda rows: None,
) -> torch.Tensor:
    """Return the head: the embeddings of a class's prompts at length 1, averaged, and the average again at length 1.

    This is the ensemble of the CLIP paper (Radford et al. 2021, section 3.1.4), computed by open_clip; on a GPU where
    there is one. For 80 prompts and 1000 classes a CPU with few cores takes hours.

    Args:
        model: of open_clip, in evaluation mode; it is on the CPU again afterwards.
        tokenizer: of the model.
        prompts: templates.
        words: for the C classes.
        owner: whose head it is, for people.
        begun: its first rows where an earlier process was stopped, or None.
        keep: is given the rows so far, every minute and when the work is stopped.

    Returns:
        float32 C x D on the CPU.

    Raises:
        ObjectPoseError: a number is not finite.
    """
    device = pick_device("auto")
    try:
        head = _embed(model, tokenizer, prompts, words, device, owner, begun, keep)
    except torch.OutOfMemoryError:
        head = _embed(model, tokenizer, prompts, words, torch.device("cpu"), owner, begun, keep)
    if not torch.isfinite(head).all():
        wrong = words.texts[int((~torch.isfinite(head)).any(dim=1).nonzero()[0])]
        raise ObjectPoseError(
            f"The text tower of {owner} gives numbers that are not finite for '{wrong}'; its weights are damaged or of "
            "another network, so fetch them again."
        )
    return head


def _embed(
    model: torch.nn.Module,
    tokenizer: Tokenizer,
    prompts: Prompts,
    words: Words,
    device: torch.device,
    owner: str,
    begun: torch.Tensor | None,
    keep: Callable[[torch.Tensor], None],
) -> torch.Tensor:
    from open_clip import build_zero_shot_classifier

    step = max(1, _PROMPTS_AT_A_TIME // len(prompts.templates))
    rows = [] if begun is None else [begun[: len(words.texts)]]
    done = kept = sum(map(len, rows))
    bar = tqdm(
        total=len(words.texts),
        initial=done,
        desc=f"head of {owner}",
        unit="class",
        disable=not progress_shown(),
        dynamic_ncols=True,
        delay=2,
        leave=False,
    )
    last = time.monotonic()
    try:
        model.to(device)
        with strict_precision(device), bar:
            while done < len(words.texts):
                texts = words.texts[done : done + step]
                part = build_zero_shot_classifier(model, tokenizer, texts, prompts.templates, None, device)
                rows.append(part.float().cpu().T.contiguous())
                done += len(texts)
                bar.update(len(texts))
                if time.monotonic() - last > _KEEP_S:
                    keep(torch.cat(rows))
                    kept, last = done, time.monotonic()
    finally:
        model.to("cpu")
        if kept < done < len(words.texts):
            keep(torch.cat(rows))
    return torch.cat(rows)


def _bytes(tensor: torch.Tensor) -> memoryview:
    return tensor.detach().contiguous().reshape(-1).view(torch.uint8).numpy().data


def _read(path: Path, inputs: Mapping[str, str], shape: tuple[int | None, int]) -> torch.Tensor | None:
    """Return the head of a file, or None unless it is there, whole, and made from ``inputs``."""
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            head = cast(torch.Tensor, file.get_tensor("head")).clone()  # not the mapped file, which may change
    except (OSError, SafetensorError, ValueError):
        return None
    if head.dtype != torch.float32 or head.ndim != 2 or head.shape[1] != shape[1]:
        return None
    if shape[0] not in (None, len(head)):
        return None
    whole = {**inputs, _DIGEST: hashlib.sha256(_bytes(head)).hexdigest()} == metadata
    return head if whole else None


def _write(path: Path, head: torch.Tensor, inputs: Mapping[str, str], owner: str) -> None:
    temporary = path.with_suffix(f".{os.getpid()}.part")
    try:
        save_file({"head": head}, temporary, {**inputs, _DIGEST: hashlib.sha256(_bytes(head)).hexdigest()})
        publish(temporary, path)
    except (OSError, SafetensorError) as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise _unwritable(path, owner, error) from error


def _unwritable(path: Path, owner: str, error: Exception) -> ObjectPoseError:
    reason = getattr(error, "strerror", None) or str(error)
    return ObjectPoseError(
        f"The zero-shot head of {owner} cannot be kept in {path.parent} ({reason}); make room there, or set "
        "OBJECTPOSE_CACHE to a folder that can be written."
    )
