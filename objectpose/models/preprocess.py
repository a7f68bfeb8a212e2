"""From pictures to a network's input: Pillow's geometry, then exact normalisation on the device."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from objectpose.models.spec import Preprocess

_FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


def geometry(
    images: NDArray[np.uint8] | Sequence[NDArray[np.uint8]], spec: Preprocess, threads: int = 1
) -> NDArray[np.uint8]:
    """Resize and crop as the libraries' own evaluation transforms do, in Pillow, on whole numbers.

    Args:
        images: uint8 N x H x W x 3, or a sequence of uint8 H x W x 3 of any sizes, from which each is taken once, in
            the thread that works on it.
        spec: of the network.
        threads: that share the pictures, >= 1.

    Returns:
        uint8 N x S x S x 3 with S = ``spec.input_size_px``; where the resized picture is smaller than S, it is
        padded with black, as torchvision's centre crop does.
    """
    size = spec.input_size_px
    out = np.zeros((len(images), size, size, 3), np.uint8)

    def prepare(numbers: range) -> None:
        for i in numbers:
            image = images[i]
            way = _way(image.shape[0], image.shape[1], spec)
            out[i, way.rows, way.columns] = np.asarray(way.through(Image.fromarray(image)))

    shares = [range(first, len(images), threads) for first in range(threads)]
    if threads == 1:
        prepare(shares[0])
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(prepare, shares))
    return out


@dataclass(frozen=True)
class _Way:
    """From a picture of one size to its part of the input.

    Attributes:
        resized: width and height before the crop.
        box: of the crop there: left, top, right, bottom.
        source: what of the picture becomes the box.
        exact: whether resizing only the source gives the same bytes.
        interpolation: a resampling filter of Pillow.
        rows: of the input that the box fills, likewise ``columns``.
    """

    resized: tuple[int, int]
    box: tuple[int, int, int, int]
    source: tuple[float, float, float, float]
    exact: bool
    interpolation: Image.Resampling
    rows: slice
    columns: slice

    def through(self, picture: Image.Image) -> Image.Image:
        """Return the resized and cropped picture."""
        if self.resized == picture.size:
            return picture.crop(self.box)
        if self.exact:
            kept = (self.box[2] - self.box[0], self.box[3] - self.box[1])
            return picture.resize(kept, self.interpolation, self.source)
        return picture.resize(self.resized, self.interpolation).crop(self.box)


@lru_cache(maxsize=1024)
def _way(height_px: int, width_px: int, spec: Preprocess) -> _Way:
    size = spec.input_size_px
    height, width = _resized(height_px, width_px, spec)
    top, left = round((height - size) / 2.0), round((width - size) / 2.0)
    rows, columns = slice(max(0, -top), min(size, height - top)), slice(max(0, -left), min(size, width - left))
    box = (columns.start + left, rows.start + top, columns.stop + left, rows.stop + top)
    across, down = Fraction(width_px, width), Fraction(height_px, height)
    source = (float(box[0] * across), float(box[1] * down), float(box[2] * across), float(box[3] * down))
    # Pillow resizes along the cheaper axis first and rounds between: only squares surely keep the order of the axes.
    exact = across == down and width == height and _is_dyadic(across)
    return _Way((width, height), box, source, exact, _FILTERS[spec.interpolation], rows, columns)


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
