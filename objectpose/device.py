"""The torch device that a key of a config names."""

from __future__ import annotations

import re

import torch

from objectpose.errors import ObjectPoseError


def pick_device(name: str, key: str = "device") -> torch.device:
    """Return the torch device called ``name``; ``auto`` is a GPU where there is one.

    Args:
        name: ``auto``, ``cpu``, ``cuda`` or ``cuda:N``.
        key: of the config, for the sentences.

    Raises:
        ObjectPoseError: not a device name, or the device is not there.
    """
    match = re.fullmatch(r"auto|cpu|cuda(?::(\d+))?", name)
    if match is None:
        raise ObjectPoseError(f"Unknown {key} '{name}'; expected auto, cpu, cuda or cuda:N.")
    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if name.startswith("cuda") and int(match[1] or 0) >= count:
        there = f"this machine has {count} GPU(s)" if count else "no usable CUDA GPU was found"
        raise ObjectPoseError(f"{key}={name} is not there ({there}); use {key}=cpu or auto.")
    return torch.device(("cuda" if count else "cpu") if name == "auto" else name)
