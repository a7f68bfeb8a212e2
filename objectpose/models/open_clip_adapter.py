"""Zero-shot networks of open_clip: their preprocessing, and the network with a head made from prompts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from objectpose.classes import Classes
from objectpose.errors import ObjectPoseError
from objectpose.hub import hub_file
from objectpose.models.adapter import Network
from objectpose.models.chatter import quiet
from objectpose.models.checkpoint import fit, read_state, without_prefix
from objectpose.models.open_clip_origin import Origin, exact_name, origin_of
from objectpose.models.open_clip_weights import find, locate
from objectpose.models.prompts import class_words, prompt_set
from objectpose.models.recipe import Interpolation, Preprocess, Resize
from objectpose.models.spec import ModelSpec, Weights
from objectpose.models.tokenizer import tokenizer, tokenizer_identity

if TYPE_CHECKING:
    import torch

__all__ = ["build", "exact_name", "find", "locate", "preparation", "recipe"]

_RESIZES: dict[str, Resize] = {"shortest": "short_side", "squash": "squash"}


def preparation(spec: ModelSpec) -> Preprocess:
    """Return the preprocessing that open_clip states for the weights, or its own where it states none.

    Raises:
        ObjectPoseError: the network names no weights, or its preprocessing is not supported.
    """
    import open_clip

    origin = origin_of(spec)
    stated = {key: value for key, value in origin.pretrained.items() if value is not None}
    size = origin.config["vision_cfg"].get("image_size", open_clip.CLIPVisionCfg().image_size)
    height, width = size if isinstance(size, tuple | list) else (size, size)
    if height != width:
        raise ObjectPoseError(
            f"open_clip:{spec.identifier} takes {height} x {width} inputs, expected a square; choose another network."
        )
    resize = stated.get("resize_mode", "shortest")
    if resize not in _RESIZES:
        raise ObjectPoseError(
            f"open_clip:{spec.identifier} wants the resize mode '{resize}', expected one of: {', '.join(_RESIZES)}; "
            "choose another network, or give model.preprocess."
        )
    try:
        return Preprocess(
            input_size_px=height,
            resize_px=height,
            interpolation=cast(Interpolation, stated.get("interpolation", "bicubic")),
            mean=_colour(stated.get("mean", open_clip.OPENAI_DATASET_MEAN)),
            std=_colour(stated.get("std", open_clip.OPENAI_DATASET_STD)),
            resize=_RESIZES[resize],
        )
    except ObjectPoseError as error:
        raise ObjectPoseError(f"The preprocessing of open_clip:{spec.identifier} is not supported: {error}") from error


def _colour(value: Any) -> tuple[float, float, float]:
    """Return the three numbers, of which a configuration may give one for all."""
    return cast(tuple[float, float, float], tuple(value) if isinstance(value, tuple | list) else (value,) * 3)


def recipe(spec: ModelSpec, classes: Classes) -> dict[str, object]:
    """Return prompts, the words for the classes, and the tokenizer: they make the head.

    Raises:
        ObjectPoseError: prompts or words cannot be read.
    """
    prompts = prompt_set(spec.options.prompts)
    return {
        "prompts": {"name": prompts.name, "sha256": prompts.digest},
        "words": class_words(spec.options.classes, classes).digest,
        "tokenizer": tokenizer_identity(origin_of(spec).config),
    }


def build(spec: ModelSpec, weights: Weights | None, classes: Classes) -> Network:
    """Build the image tower with its weights and the head for the classes.

    Where torch's default device is ``meta``, nothing is computed: the network has shapes alone.

    Args:
        spec: an entry with the source ``open_clip``.
        weights: from ``locate``; None for random ones, with a head from the random text tower.
        classes: that the network is to answer.

    Raises:
        ObjectPoseError: prompts or words cannot be read, the file cannot be read or does not fit, the tokenizer cannot
            be had, or the head is not finite.
    """
    import torch

    from objectpose.models.zero_shot import ZeroShot, head_inputs, text_digest, zero_shot_head

    prompts, words = prompt_set(spec.options.prompts), class_words(spec.options.classes, classes)
    origin = origin_of(spec)
    device = torch.get_default_device()
    model = _architecture(spec, origin, device)
    if weights is not None and weights.path is not None:
        _load(model, spec, weights.path)
    width = int(origin.config["embed_dim"])
    if device.type == "meta":
        head = torch.empty(len(words.texts), width)
    else:
        model.eval().requires_grad_(False)
        digest = text_digest(model) if weights is None else weights.sha256
        inputs = head_inputs(digest, origin.config, tokenizer_identity(origin.config), prompts, words)
        head = zero_shot_head(
            model,
            lambda: tokenizer(origin.reference, origin.config, spec.name),
            prompts,
            words,
            inputs,
            width,
            spec.name,
        )
    return Network(ZeroShot(model, head), len(words.texts), words.labels)


def _architecture(spec: ModelSpec, origin: Origin, device: torch.device) -> torch.nn.Module:
    import open_clip

    text = origin.config["text_cfg"].get("hf_model_name")
    if text:
        remedy = "use another network, such as open_clip:ViT-B-16:openai."
        hub_file(text, ("config.json",), f"The configuration of the text tower of {spec.name}", remedy)
    with quiet():
        model: torch.nn.Module = open_clip.create_model(
            f"local-dir:{origin.folder}" if origin.folder else origin.reference,
            load_weights=False,
            pretrained_text=False,
            force_quick_gelu=bool(origin.config.get("quick_gelu")),
            device=device,
        )
    return model


def _load(model: torch.nn.Module, spec: ModelSpec, path: Path) -> None:
    """Load a file: as it is, or as open_clip renames it where it is older; a user's own never with a tensor resized."""
    import open_clip

    wanted = {key: value.shape for key, value in model.state_dict().items()}
    state = without_prefix(read_state(path, spec.name), set(wanted))
    for key in ("logit_scale", "logit_bias"):
        if key in state and key in wanted and state[key].numel() == wanted[key].numel():
            state[key] = state[key].reshape(wanted[key])
    try:
        fit(model, state, path, spec.name)
    except ObjectPoseError:
        # The text tower of an older file lies flat where newer architectures have it apart.
        apart = {key: f"text.{key}" if key not in wanted else key for key in state}
        resized = any(wanted.get(apart[key], value.shape) != value.shape for key, value in state.items())
        if spec.options.checkpoint is not None and resized:
            raise
        try:
            with quiet():
                open_clip.load_checkpoint(model, str(path), strict=True, weights_only=True)
            converted = True
        except (RuntimeError, KeyError, AttributeError, TypeError, ValueError):
            converted = False
        if not converted:
            raise
