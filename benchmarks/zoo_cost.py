"""Parameters and multiply-accumulates of the zoo's networks, counted without weights and without computing.

    python benchmarks/zoo_cost.py                # every row: what the zoo says and what is counted
    python benchmarks/zoo_cost.py vit_b16 modern

A network is built on torch's meta device, where tensors have shapes and no values, so the largest takes a second and
no memory. Needs the extra that brings open_clip and transformers for their rows.
"""

from __future__ import annotations

import logging
import sys

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from objectpose.models import registry
from objectpose.models.spec import ModelSpec

_DINOV2 = {
    "small": {"hidden_size": 384, "num_attention_heads": 6},
    "base": {},
    "large": {"hidden_size": 1024, "num_hidden_layers": 24, "num_attention_heads": 16},
}
_VIT_L16 = {"hidden_size": 1024, "num_hidden_layers": 24, "num_attention_heads": 16, "intermediate_size": 4096}


def untrained(spec: ModelSpec) -> nn.Module:
    """Return the network on the meta device, in evaluation mode.

    Args:
        spec: row of the zoo.

    Raises:
        KeyError: a source, or a Hugging Face network, that this file does not know.
    """
    size = registry.preprocess_of(spec).input_size_px
    builder = {
        "offline": _offline,
        "timm": _timm,
        "torchvision": _torchvision,
        "file": _file,
        "open_clip": _open_clip,
        "huggingface": _huggingface,
    }[spec.source]
    return builder(spec.identifier, size).eval().requires_grad_(False)


def _offline(identifier: str, size: int) -> nn.Module:
    return _timm(f"tf_{identifier}", size)


def _timm(identifier: str, size: int) -> nn.Module:
    import timm

    with torch.device("meta"):
        return timm.create_model(identifier, pretrained=False)


def _torchvision(identifier: str, size: int) -> nn.Module:
    from torchvision.models import RegNet, get_model
    from torchvision.models.regnet import BlockParams

    name = identifier.partition(":")[0]
    if name == "regnet_y_128gf":  # works out its widths with tensors, which must hold values
        widths = BlockParams.from_init_params(depth=27, w_0=456, w_a=160.83, w_m=2.52, group_width=264, se_ratio=0.25)
        with torch.device("meta"):
            return RegNet(widths)
    with torch.device("meta"):
        return get_model(name, weights=None, **({"image_size": size} if name.startswith("vit_") else {}))


def _file(identifier: str, size: int) -> nn.Module:
    return _torchvision(identifier.removeprefix("torchvision:"), size)


def _open_clip(identifier: str, size: int) -> nn.Module:
    import open_clip

    before = logging.root.manager.disable
    logging.disable(logging.WARNING)  # it warns that there are no weights
    try:
        with torch.device("meta"):
            return open_clip.create_model(identifier.partition(":")[0], device="meta")
    finally:
        logging.disable(before)


def _huggingface(identifier: str, size: int) -> nn.Module:
    import transformers

    with torch.device("meta"):
        if identifier == "google/vit-large-patch16-384":
            shape = transformers.ViTConfig(image_size=size, num_labels=1000, **_VIT_L16)
            return transformers.ViTForImageClassification(shape)
        scale = identifier.removeprefix("facebook/dinov2-").partition("-")[0]
        shape = transformers.Dinov2Config(image_size=518, patch_size=14, num_labels=1000, **_DINOV2[scale])
        return transformers.Dinov2ForImageClassification(shape)


def parameters(network: nn.Module) -> int:
    """Return the number of parameters."""
    return sum(parameter.numel() for parameter in network.parameters())


def multiply_accumulates(spec: ModelSpec, network: nn.Module) -> float:
    """Return the multiply-accumulates of one picture at the native input, without a text tower.

    Args:
        spec: row of the zoo.
        network: from ``untrained``.
    """
    size = registry.preprocess_of(spec).input_size_px
    picture = torch.empty(1, 3, size, size, device="meta")
    forward = network.encode_image if spec.source == "open_clip" else network
    fused = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)  # one fused operation, which the counter does not know
    try:
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            forward(picture)
    finally:
        torch.backends.mha.set_fastpath_enabled(fused)
    return counter.get_total_flops() / 2


def main() -> None:
    """Print both columns of every named row, first as the zoo says, then as counted."""
    groups = ["offline", "paper_all", "modern"]
    print(f"{'name':24} {'parameters, 10^6':>24} {'GMACs':>22}")
    for spec in registry.resolve(sys.argv[1:] or groups):
        network = untrained(spec)
        count, cost = parameters(network) / 1e6, multiply_accumulates(spec, network) / 1e9
        assert spec.card is not None
        print(f"{spec.name:24} {spec.card.parameters_m:11.2f} {count:12.3f} {spec.card.gmacs:10.2f} {cost:11.3f}")


if __name__ == "__main__":
    main()
