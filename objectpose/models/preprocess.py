"""From pictures to a network's input: Pillow's geometry, then exact normalisation on the device."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from objectpose.models.spec import Preprocess

_FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


def geometry(images: NDArray[np.uint8], spec: Preprocess, threads: int = 1) -> NDArray[np.uint8]:
    """Resize and crop as the libraries' own evaluation transforms do, in Pillow, on whole numbers.

    Args:
        images: uint8 N x H x W x 3.
        spec: of the network.
        threads: that share the pictures, >= 1.

    Returns:
        uint8 N x S x S x 3 with S = ``spec.input_size_px``; where the resized picture is smaller than S, it is
        padded with black, as torchvision's centre crop does.
    """
    size = spec.input_size_px
    out = np.zeros((len(images), size, size, 3), np.uint8)
    if not len(images):
        return out
    height, width = _resized(images.shape[1], images.shape[2], spec)
    top, left = round((height - size) / 2.0), round((width - size) / 2.0)
    rows, columns = slice(max(0, -top), min(size, height - top)), slice(max(0, -left), min(size, width - left))
    box = (columns.start + left, rows.start + top, columns.stop + left, rows.stop + top)

    across, down = Fraction(images.shape[2], width), Fraction(images.shape[1], height)
    source = (float(box[0] * across), float(box[1] * down), float(box[2] * across), float(box[3] * down))
    # Pillow resizes along the cheaper axis first and rounds between: only squares surely keep the order of the axes.
    exact = across == down and width == height and _is_dyadic(across)
    size_kept = (box[2] - box[0], box[3] - box[1])

    def prepare(numbers: range) -> None:
        for i in numbers:
            picture = Image.fromarray(images[i])
            if (width, height) == picture.size:
                picture = picture.crop(box)
            elif exact:
                picture = picture.resize(size_kept, _FILTERS[spec.interpolation], source)
            else:
                picture = picture.resize((width, height), _FILTERS[spec.interpolation]).crop(box)
            out[i, rows, columns] = np.asarray(picture)

    shares = [range(first, len(images), threads) for first in range(threads)]
    if threads == 1:
        prepare(shares[0])
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(prepare, shares))
    return out


def _is_dyadic(scale: Fraction) -> bool:
    """Return whether products of the scale and small numbers have no rounding in binary.

    Then resizing only the source of the crop gives the same bytes as cropping the resized picture, in less time.
    """
    return scale.denominator <= 1024 and scale.denominator & (scale.denominator - 1) == 0


def _resized(height: int, width: int, spec: Preprocess) -> tuple[int, int]:
    """Return height and width before the crop: the long side is cut to a whole number, as torchvision does."""
    goal = spec.resize_px
    if spec.resize == "squash":
        return goal, goal
    if height <= width:
        return goal, int(goal * width / height)
    return int(goal * height / width), goal


def normalise(images: torch.Tensor, spec: Preprocess) -> torch.Tensor:
    """Return (x / 255 - mean) / std in float32.

    Args:
        images: uint8 N x S x S x 3 on any device.
        spec: of the network.

    Returns:
        float32 N x 3 x S x S in channels-last memory order.
    """
    count, height, width, channels = images.shape
    out = torch.empty((count, height, width * channels), dtype=torch.float32, device=images.device)
    mean = torch.tensor(spec.mean, dtype=torch.float32, device=images.device).repeat(width)
    std = torch.tensor(spec.std, dtype=torch.float32, device=images.device).repeat(width)
    # On a CPU one picture at a time stays in the cache; a GPU takes the batch at once.
    step = 1 if images.device.type == "cpu" else max(1, count)
    for raw, ready in zip(torch.split(images.reshape(out.shape), step), torch.split(out, step), strict=True):
        ready.copy_(raw).div_(255.0).sub_(mean).div_(std)
    return out.view(count, height, width, channels).permute(0, 3, 1, 2)
