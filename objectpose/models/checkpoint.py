"""Reading a weights file without running code that it may carry, and fitting all its tensors to a network."""

from __future__ import annotations

import pickle
import re
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from objectpose.errors import ObjectPoseError
from objectpose.files import sha256_of
from objectpose.models.spec import Weights

if TYPE_CHECKING:
    import torch

SUFFIXES = (".safetensors", ".bin", ".pth", ".pt", ".tar", ".ckpt")
"""Endings of weights files, in the order in which they are looked for."""

_LINE = 80
_SHOWN = 3
_EMA = ("model_ema", "state_dict_ema", "ema_state_dict", "ema", "teacher")
_NESTS = ("state_dict", "model_state_dict", "model_state", "model", "module", "net", "network", "weights", "params")
_HEAD = re.compile(r"(^|\.)(fc|heads?|head_dist|classifier|last_linear|linear|logits?|classif\w*)(\.|$)")
"""Names of the layer that gives the logits."""
_PREFIXES = ("module.", "_orig_mod.", "model.", "backbone.", "net.", "network.", "encoder.", "ema.")


def refuse_web_page(path: Path, owner: str) -> None:
    """Raise if a weights file is empty or a saved web page, as broken downloads often are.

    Args:
        path: the file.
        owner: whose weights they should be, for the sentence.

    Raises:
        ObjectPoseError: the file is empty or starts like a web page.
    """
    with path.open("rb") as stream:
        start = stream.read(256).lstrip()
    if not start or start.startswith((b"<", b"version https://git-lfs")):
        found = "empty" if not start else "a web page" if start.startswith(b"<") else "a Git LFS pointer"
        raise ObjectPoseError(
            f"The weights file {path} of {owner} is {found}; delete it and download the weights again."
        )


def weights_at(path: Path, owner: str) -> Weights:
    """Return a weights file with its sha256, after a look that it is one.

    Raises:
        ObjectPoseError: it is not there, cannot be opened, or is empty or a web page.
    """
    if path.is_dir():
        raise ObjectPoseError(f"The weights file {path} of {owner} is a folder; name the file in it.")
    try:
        refuse_web_page(path, owner)
        return Weights(path, sha256_of(path))
    except FileNotFoundError:
        raise ObjectPoseError(f"There is no weights file {path} for {owner}; check the path.") from None
    except OSError as error:
        raise ObjectPoseError(
            f"The weights file {path} of {owner} cannot be opened ({error.strerror}); check its permissions."
        ) from error


def read_state(path: Path, owner: str) -> dict[str, torch.Tensor]:
    """Return the tensors of a ``.safetensors`` or PyTorch weights file, on the CPU.

    PyTorch files are read with ``weights_only=True``. Where the tensors lie in a part of the file (``state_dict``,
    ``model``, ...), that part is taken, the moving average of a training first.

    Args:
        path: the file.
        owner: whose weights they are, for the sentence.

    Raises:
        ObjectPoseError: the file is damaged, of another kind, or needs code to be run.
    """
    import torch
    from safetensors.torch import load_file

    refuse_web_page(path, owner)
    try:
        if path.suffix == ".safetensors":
            return dict(load_file(path))
        with torch.serialization.safe_globals(_harmless()), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the pickle protocol of files that are refused below
            content = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        if "weights_only" in str(error).lower() or "WeightsUnpickler" in str(error):
            raise ObjectPoseError(
                f"The weights file {path} of {owner} holds more than tensors, which only code could load and may be "
                f"harmful ({_unsafe(error)}); where you trust it, load it once with weights_only=False and save its "
                "state_dict() alone."
            ) from error
        raise _damaged(path, owner, error) from error
    except Exception as error:  # a damaged pickle can end in any of them
        raise _damaged(path, owner, error) from error
    return inner_state(content, path, owner)


def _harmless() -> list[Any]:
    """Return what training scripts put beside tensors and what runs no code: options, paths, numbers of NumPy."""
    import argparse
    import pathlib

    import numpy as np

    numbers = [type(np.dtype(kind)) for kind in ("f8", "f4", "i8", "i4", "?")]
    scalar = np.float64(0).__reduce__()[0]
    return [argparse.Namespace, pathlib.PosixPath, pathlib.WindowsPath, np.dtype, scalar, *numbers]


def _damaged(path: Path, owner: str, error: Exception) -> ObjectPoseError:
    reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:_LINE]
    return ObjectPoseError(
        f"The weights file {path} of {owner} cannot be read ({reason}); it is damaged or not a weights file, so delete "
        "it and fetch it again."
    )


def _unsafe(error: Exception) -> str:
    found = re.search(r"GLOBAL (\S+)", str(error))
    return found[1] if found else "an object of Python"


def inner_state(content: object, path: Path, owner: str) -> dict[str, torch.Tensor]:
    """Return the table of tensors inside what a training script saved.

    Args:
        content: what the file holds.
        path: of the file, for the sentences.
        owner: likewise.

    Raises:
        ObjectPoseError: there is no table of tensors in it.
    """
    import torch

    if isinstance(content, Mapping):
        for key in (*_EMA, *_NESTS):
            part = content.get(key)
            if isinstance(part, Mapping) and any(isinstance(value, torch.Tensor | Mapping) for value in part.values()):
                return inner_state(part, path, owner)
        tensors = {str(k): v for k, v in content.items() if isinstance(v, torch.Tensor) and k != "n_averaged"}
        if tensors:
            return tensors
    keys = f" with {', '.join(map(str, list(content)[:4]))}" if isinstance(content, Mapping) else ""
    raise ObjectPoseError(
        f"The weights file {path} of {owner} holds a {type(content).__name__}{keys}, expected a table of tensors; save "
        "the network's state_dict()."
    )


def fit(module: torch.nn.Module, state: Mapping[str, torch.Tensor], path: Path | None, owner: str) -> None:
    """Load tensors into a network: every one is used, none is missing, all have the right shape.

    A prefix that training wrappers put before all names (``module.``, ``_orig_mod.``, ``model.``, ...) is taken off.

    Args:
        module: the network.
        state: names and tensors.
        path: where they come from, for the sentence.
        owner: whose they are, likewise.

    Raises:
        ObjectPoseError: they do not fit; the sentence counts and names what is missing, unexpected or mis-shaped.
    """
    wanted = {key: tuple(value.shape) for key, value in module.state_dict().items()}
    renamed = without_prefix(state, set(wanted))
    missing = [key for key in wanted if key not in renamed and not key.endswith("num_batches_tracked")]
    unexpected = [key for key in renamed if key not in wanted]
    shapes = [
        (key, tuple(renamed[key].shape), wanted[key])
        for key in renamed
        if key in wanted and tuple(renamed[key].shape) != wanted[key]
    ]
    refuse_misfit(len(wanted), missing, unexpected, shapes, path, owner)
    # Some modules ask for the version that the table of their tensors carries along, so it is theirs that is filled.
    whole = module.state_dict()
    whole.update(renamed)
    module.load_state_dict(whole, strict=True)


def refuse_misfit(
    count: int,
    missing: Sequence[str],
    unexpected: Sequence[str],
    shapes: Sequence[tuple[str, tuple[int, ...], tuple[int, ...]]],
    path: Path | None,
    owner: str,
) -> None:
    """Raise if tensors do not fit a network.

    Args:
        count: of the network's tensors.
        missing: names that the file lacks.
        unexpected: names that the network lacks.
        shapes: name, shape in the file and shape in the network of those that differ.
        path: of the file.
        owner: whose network it is.

    Raises:
        ObjectPoseError: something is missing, unexpected or mis-shaped; the sentence counts and names it.
    """
    differing = [f"{key} is {_size(found)}, not {_size(wanted)}" for key, found, wanted in shapes]
    parts = [
        f"{len(keys)} {what} ({', '.join(keys[:_SHOWN])}{', ...' if len(keys) > _SHOWN else ''})"
        for what, keys in (("missing", missing), ("unexpected", unexpected), ("mis-shaped", differing))
        if keys
    ]
    if parts and not missing and not unexpected and len({found[:1] for _, found, _ in shapes}) == 1 and len(shapes) < 3:
        (_, found, wanted), *_ = shapes
        if found[1:] == wanted[1:] and all(_HEAD.search(key) for key, _, _ in shapes):
            raise ObjectPoseError(
                f"The weights file {path} of {owner} has {found[0]} outputs, where {wanted[0]} are expected "
                f"({differing[0]}); say with model.labels=FILE what they mean, one label an output."
            )
    if parts:
        raise ObjectPoseError(
            f"The weights file {path} does not fit {owner}: of its {count} tensors {'; '.join(parts)}; give the file "
            "that belongs to this architecture."
        )


def without_prefix(state: Mapping[str, torch.Tensor], wanted: set[str]) -> dict[str, torch.Tensor]:
    """Return the tensors under the names that the network has, where one prefix before all names hides them."""
    best = dict(state)
    for _ in range(3):
        if wanted & set(best):
            return best
        prefix = next((p for p in _PREFIXES if best and all(key.startswith(p) for key in best)), None)
        if prefix is None:
            return best
        best = {key.removeprefix(prefix): value for key, value in best.items()}
    return best


def _size(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape)) or "a number"
