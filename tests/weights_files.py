"""Weights files as users have them, whole and broken, for the tests of the adapters."""

import numpy as np
import pytest
import torch
from PIL import Image

from objectpose.errors import ObjectPoseError

SIZES = [(317, 411), (411, 318), (97, 130), (320, 320)]
WRAPPERS = {
    "plain": lambda state: state,
    "state_dict": lambda state: {"epoch": 3, "state_dict": state, "optimizer": {"lr": 0.1}},
    "module": lambda state: {f"module.{key}": value for key, value in state.items()},
    "compiled in model": lambda state: {"model": {f"_orig_mod.module.{key}": value for key, value in state.items()}},
    "moving average": lambda state: {
        "model": {key: torch.zeros_like(value) for key, value in state.items()},
        "model_ema": {f"module.{key}": value for key, value in state.items()},
    },
}


def pictures(seed=0):
    """Return patches of colour with some noise, unlike one another at every scale."""
    generator = np.random.default_rng(seed)
    images = []
    for height, width in SIZES:
        patches = generator.integers(0, 256, (5, 7, 3), dtype=np.uint8)
        smooth = np.asarray(Image.fromarray(patches).resize((width, height), Image.Resampling.BICUBIC), np.int16)
        noisy = smooth + generator.integers(-30, 31, smooth.shape)
        images.append(noisy.clip(0, 255).astype(np.uint8))
    return images


def opened(images):
    return [Image.fromarray(image) for image in images]


def sentence(call, *args, **kwargs):
    with pytest.raises(ObjectPoseError) as caught:
        call(*args, **kwargs)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def randomised(build, inputs=None):
    """Return the network that ``build`` makes, in evaluation mode with weights unlike those it starts with.

    It is the same each time. Batch normalisation takes its statistics from ``inputs``, so that pictures do not lose
    themselves on their way.
    """
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(0)
        network = build()
        for key, value in network.state_dict().items():
            if value.is_floating_point() and "running" not in key:
                value.add_((torch.rand(value.shape) - 0.5) * value.abs().mean().add(0.02))
        if inputs is not None:
            norms = [module for module in network.modules() if isinstance(module, torch.nn.BatchNorm2d)]
            for norm in norms:
                norm.momentum = 1.0
            network.train()(inputs)
    return network.eval()


def assert_same_logits(mine, theirs):
    """Check logits to 1e-4 of the largest, and that the pictures have different ones."""
    largest = float(theirs.abs().max())
    assert theirs.std(dim=0).mean() > 0.02 * largest
    torch.testing.assert_close(mine, theirs, rtol=0, atol=1e-4 * min(1.0, largest))


class Payload:
    """Leaves a file behind if it is ever unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (str(self.path), "w"))


def bomb(path, ran):
    torch.save({"weight": torch.zeros(2), "extra": Payload(ran)}, path)


BROKEN = {
    "web page": (lambda raw: b"<!DOCTYPE html><html>Sign in</html>", "web page"),
    "empty": (lambda raw: b"", "empty"),
    "truncated": (lambda raw: raw[: len(raw) // 2], "cannot be read"),
    "zeros": (lambda raw: b"\x00" * 4096, "cannot be read"),
    "pointer": (lambda raw: b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS pointer"),
}
