"""Reading a weights file without running code that it may carry."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

from objectpose.errors import ObjectPoseError
from objectpose.models.spec import Weights

if TYPE_CHECKING:
    import torch

_LINE = 80


def refuse_web_page(weights: Weights, owner: str) -> None:
    """Raise if a weights file is empty or a saved web page, as broken downloads often are.

    Args:
        weights: the file.
        owner: whose weights they should be, for the sentence.

    Raises:
        ObjectPoseError: the file is empty or starts like a web page.
    """
    with weights.path.open("rb") as stream:
        start = stream.read(64).lstrip()
    if not start or start.startswith(b"<"):
        found = "a web page" if start else "empty"
        raise ObjectPoseError(
            f"The weights file {weights.path} of {owner} is {found}; delete it and download the weights again."
        )


def read_state(weights: Weights, owner: str) -> dict[str, torch.Tensor]:
    """Return the tensors of a ``.safetensors`` or PyTorch weights file, on the CPU.

    PyTorch files are read with ``weights_only=True``.

    Args:
        weights: the file.
        owner: whose weights they are, for the sentence.

    Raises:
        ObjectPoseError: the file is damaged, of another kind, or needs code to be run.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    refuse_web_page(weights, owner)
    try:
        if weights.path.suffix == ".safetensors":
            return dict(load_file(weights.path))
        state = torch.load(weights.path, map_location="cpu", weights_only=True)
    except (SafetensorError, RuntimeError, EOFError, OSError, ValueError, pickle.UnpicklingError) as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise ObjectPoseError(
            f"The weights file {weights.path} of {owner} cannot be read ({reason[0][:_LINE]}); it is damaged or not "
            "a weights file, so delete it and fetch it again."
        ) from error
    if not isinstance(state, dict):
        raise ObjectPoseError(
            f"The weights file {weights.path} of {owner} holds a {type(state).__name__}, expected a table of tensors."
        )
    return dict(state)
