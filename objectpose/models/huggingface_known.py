"""What the Hugging Face hub says of a few networks, so that they can be checked and built without reaching it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from objectpose.models.recipe import Preprocess


@dataclass(frozen=True)
class Known:
    """A repository of the hub whose network answers with the 1000 ImageNet-1k classes in their usual order.

    Attributes:
        config: what of its ``config.json`` changes the network.
        preprocess: its ``preprocessor_config.json``, as a recipe.
    """

    config: Mapping[str, object]
    preprocess: Preprocess


def _vit(width: int, layers: int, heads: int, size_px: int, patch_px: int) -> Known:
    config = {
        "model_type": "vit",
        "hidden_size": width,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "intermediate_size": 4 * width,
        "image_size": size_px,
        "patch_size": patch_px,
        "layer_norm_eps": 1e-12,
        "hidden_act": "gelu",
    }
    return Known(config, Preprocess.parse(f"{size_px}/squash/bilinear/half"))


def _beit(width: int, layers: int, heads: int, layer_scale: float) -> Known:
    config = {
        "model_type": "beit",
        "hidden_size": width,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "intermediate_size": 4 * width,
        "image_size": 224,
        "patch_size": 16,
        "layer_norm_eps": 1e-12,
        "hidden_act": "gelu",
        "use_mask_token": False,
        "use_mean_pooling": True,
        "use_absolute_position_embeddings": False,
        "use_relative_position_bias": True,
        "use_shared_relative_position_bias": False,
        "layer_scale_init_value": layer_scale,
    }
    return Known(config, Preprocess.parse("224/squash/bilinear/half"))


def _dinov2(width: int, layers: int, heads: int) -> Known:
    config = {
        "model_type": "dinov2",
        "hidden_size": width,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "mlp_ratio": 4,
        "image_size": 518,
        "patch_size": 14,
        "layer_norm_eps": 1e-6,
        "hidden_act": "gelu",
        "qkv_bias": True,
        "use_swiglu_ffn": False,
    }
    return Known(config, Preprocess.parse("224/256/bicubic/imagenet/floor"))


KNOWN: Mapping[str, Known] = {
    "google/vit-base-patch16-224": _vit(768, 12, 12, 224, 16),
    "google/vit-base-patch16-384": _vit(768, 12, 12, 384, 16),
    "google/vit-large-patch16-224": _vit(1024, 24, 16, 224, 16),
    "google/vit-large-patch16-384": _vit(1024, 24, 16, 384, 16),
    "microsoft/beit-base-patch16-224": _beit(768, 12, 12, 0.1),
    "microsoft/beit-large-patch16-224": _beit(1024, 24, 16, 1e-5),
    "facebook/dinov2-small-imagenet1k-1-layer": _dinov2(384, 12, 6),
    "facebook/dinov2-base-imagenet1k-1-layer": _dinov2(768, 12, 12),
    "facebook/dinov2-large-imagenet1k-1-layer": _dinov2(1024, 24, 16),
}
"""By the names of their repositories."""
