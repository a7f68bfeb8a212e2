"""The torch device that ``render.device`` names."""

from __future__ import annotations

import re

import torch

from objectpose.errors import ObjectPoseError


def torch_device(name: str) -> torch.device:
    """Return the device called ``name``; ``auto`` is a GPU where there is one.

    Raises:
        ObjectPoseError: not a device name, or the device is not there.
    """
    match = re.fullmatch(r"auto|cpu|cuda(?::(\d+))?", name)
    if match is None:
        raise ObjectPoseError(f"Unknown render.device '{name}'; expected auto, cpu, cuda or cuda:N.")
    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if name.startswith("cuda") and int(match[1] or 0) >= count:
        there = f"{count} GPU(s)" if count else "no usable CUDA GPU"
        raise ObjectPoseError(
            f"render.device={name} is not there (this machine has {there}); use render.device=cpu or auto."
        )
    return torch.device(("cuda" if count else "cpu") if name == "auto" else name)
