"""From a ``preprocessor_config.json`` of the Hugging Face hub to a recipe, where there is one that does the same."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from objectpose.errors import ObjectPoseError
from objectpose.models.recipe import HALF, IMAGENET_MEAN, IMAGENET_STD, Colour, Interpolation, Preprocess, Resize

_SQUARE = {"size": {"height": 224, "width": 224}}
_SHORT = {"size": {"shortest_edge": 224}, "do_center_crop": True}
_HALF = {"image_mean": HALF, "image_std": HALF}
_IMAGENET = {"image_mean": IMAGENET_MEAN, "image_std": IMAGENET_STD}
_CLIP = {
    "image_mean": (0.48145466, 0.4578275, 0.40821073),
    "image_std": (0.26862954, 0.26130258, 0.27577711),
}
_MOBILE = {"size": {"shortest_edge": 256}, "do_center_crop": True, "resample": 2}

_DEFAULTS: dict[str, Mapping[str, Any]] = {
    "ViT": {**_SQUARE, **_HALF, "resample": 2},
    "DeiT": {"size": {"height": 256, "width": 256}, "do_center_crop": True, **_HALF},
    "Beit": {**_SQUARE, **_HALF},
    "Bit": {**_SHORT, **_CLIP},
    "CLIP": {**_SHORT, **_CLIP},
    "Siglip": {**_SQUARE, **_HALF},
    "ConvNext": {"size": {"shortest_edge": 384}, "crop_pct": 0.875, **_HALF},
    "Levit": {**_SHORT, **_IMAGENET},
    "MobileNetV1": {**_MOBILE, **_HALF},
    "MobileNetV2": {**_MOBILE, **_HALF},
    "Segformer": {"size": {"height": 512, "width": 512}, "resample": 2, **_IMAGENET},
    "Pvt": {**_SQUARE, **_IMAGENET},
}
"""Image processors that a recipe can stand for, and what they take where their file says nothing."""

_COMMON: Mapping[str, Any] = {
    "do_resize": True,
    "resample": 3,
    "do_center_crop": False,
    "crop_size": {"height": 224, "width": 224},
    "do_rescale": True,
    "rescale_factor": 1 / 255,
    "do_normalize": True,
}
_OF_TYPE = {
    "vit": "ViT",
    "vit_msn": "ViT",
    "swin": "ViT",
    "swinv2": "ViT",
    "deit": "DeiT",
    "beit": "Beit",
    "data2vec-vision": "Beit",
    "bit": "Bit",
    "dinov2": "Bit",
    "dinov2_with_registers": "Bit",
    "focalnet": "Bit",
    "hiera": "Bit",
    "convnext": "ConvNext",
    "convnextv2": "ConvNext",
    "resnet": "ConvNext",
    "regnet": "ConvNext",
    "cvt": "ConvNext",
    "levit": "Levit",
    "mobilenet_v1": "MobileNetV1",
    "mobilenet_v2": "MobileNetV2",
    "segformer": "Segformer",
    "pvt": "Pvt",
}
"""Processor of a network whose file does not name one, by the ``model_type`` of its configuration."""

_FILTERS: dict[int, Interpolation] = {0: "nearest", 1: "lanczos", 2: "bilinear", 3: "bicubic"}
_SHORT_SIDE_FOR_NUMBER = ("ConvNext", "Levit", "Bit", "CLIP", "Siglip", "MobileNetV1", "MobileNetV2")
_MUST_BE_OFF = ("do_pad", "do_flip_channel_order", "rescale_offset", "include_top", "do_flip_channels")


class _UnsupportedError(Exception):
    """Why there is no recipe."""


def recipe_of(values: Mapping[str, Any], model_type: str, owner: str) -> Preprocess:
    """Return the recipe that gives what an image processor of transformers gives with Pillow.

    Args:
        values: of ``preprocessor_config.json``.
        model_type: of ``config.json``, which says the processor where its file does not.
        owner: whose file it is, for the sentence.

    Raises:
        ObjectPoseError: the processor, or a step of it, is one that no recipe stands for.

    >>> recipe_of({"image_processor_type": "BeitFeatureExtractor", "size": 224, "resample": 2}, "beit", "net").short
    '224/squash/bilinear/half'
    """
    named = str(values.get("image_processor_type") or values.get("feature_extractor_type") or "")
    kind = re.sub(r"(FeatureExtractor|ImageProcessor)(Fast|Pil)?$", "", named) or _OF_TYPE.get(model_type, "")
    try:
        if kind not in _DEFAULTS:
            raise _UnsupportedError(f"the processor {named or f'of {model_type}'}")
        given = {key: value for key, value in values.items() if value is not None}
        return _recipe(kind, {**_COMMON, **_DEFAULTS[kind], **given})
    except (_UnsupportedError, ObjectPoseError, TypeError, ValueError, KeyError) as error:
        raise ObjectPoseError(
            f"The preprocessing of {owner} has no recipe ({str(error).rstrip('.')}); write the one it needs with "
            "model.preprocess, for example 224/0.875/bicubic/imagenet."
        ) from error


def _recipe(kind: str, values: Mapping[str, Any]) -> Preprocess:
    for key in _MUST_BE_OFF:
        if values.get(key):
            raise _UnsupportedError(f"{key} is {values[key]}")
    for key in ("do_resize", "do_rescale"):
        if not values[key]:
            raise _UnsupportedError(f"{key} is {values[key]}")
    if not math.isclose(values["rescale_factor"], 1 / 255, rel_tol=1e-6):
        raise _UnsupportedError(f"rescale_factor is {values['rescale_factor']}, not 1/255")
    if values["resample"] not in _FILTERS:
        raise _UnsupportedError(f"resample is {values['resample']}, none of {', '.join(map(str, _FILTERS))}")
    resize, goal = _resize(kind, values["size"])
    size = _side(values["crop_size"], "crop_size") if values["do_center_crop"] else goal
    if values["do_center_crop"] and kind in ("ConvNext", "Segformer"):
        raise _UnsupportedError(f"do_center_crop is True, which {kind} networks do not use")
    if kind == "ConvNext":
        if resize == "squash":
            raise _UnsupportedError(f"size is {values['size']}, expected shortest_edge")
        size, resize, goal = _convnext(goal, float(values["crop_pct"]))
    elif kind == "Levit" and resize == "short_side":
        goal = int(256 / 224 * goal)
    if resize == "short_side" and kind != "ConvNext" and not values["do_center_crop"]:
        raise _UnsupportedError("the short side is resized without a crop, so the inputs are no squares")
    if goal < size:
        raise _UnsupportedError(f"a picture of {goal} px is padded to {size} px")
    mean, std = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
    if values["do_normalize"]:
        mean, std = _colour(values["image_mean"]), _colour(values["image_std"])
    recipe = Preprocess(size, goal, _FILTERS[values["resample"]], mean, std, resize)
    uneven = resize == "short_side" or (goal - size) % 2
    return replace(recipe, centre="floor") if uneven else recipe


def _convnext(size: int, crop_pct: float) -> tuple[int, Resize, int]:
    """Return crop, kind of resize and its goal: from 384 px on the picture is squashed and not cropped."""
    return (size, "squash", size) if size >= 384 else (size, "short_side", int(size / crop_pct))


def _resize(kind: str, size: Any) -> tuple[Resize, int]:
    """Return kind of resize and its goal from a number, or from a table of sides."""
    if isinstance(size, int):
        return ("short_side" if kind in _SHORT_SIDE_FOR_NUMBER else "squash"), size
    if isinstance(size, Mapping) and set(size) == {"shortest_edge"}:
        return "short_side", int(size["shortest_edge"])
    return "squash", _side(size, "size")


def _side(size: Any, key: str) -> int:
    if isinstance(size, int):
        return size
    if isinstance(size, Mapping) and set(size) == {"height", "width"} and size["height"] == size["width"]:
        return int(size["height"])
    raise _UnsupportedError(f"{key} is {size}, no square")


def _colour(values: Any) -> Colour:
    numbers = [float(values)] * 3 if isinstance(values, int | float) else [float(value) for value in values]
    return cast(Colour, tuple(numbers))
