"""From pictures to a network's input: Pillow's geometry, then exact normalisation on the device."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from objectpose.errors import ObjectPoseError
from objectpose.models.recipe import Preprocess

_FILTERS = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}


@dataclass(frozen=True)
class OwnTransform:
    """A user's function from a picture to the input of a network.

    Attributes:
        function: RGB picture to float32 3 x H x W, all of one size.
        text: what it is, for people and for the hash.
        reason: why equal texts do not mean equal functions; empty where they do.
    """

    function: Callable[[Image.Image], torch.Tensor]
    text: str
    reason: str = ""

    @property
    def words(self) -> str:
        """The transform as a user reads it."""
        return f"own transform {self.text}"

    @property
    def short(self) -> str:
        """The transform in a table."""
        return "own transform"

    def canonical(self) -> dict[str, object]:
        """Return what stands for the transform in a hash."""
        return {"transform": self.text}


Preparation = Preprocess | OwnTransform
"""The way from pictures to a network's input."""
Images = NDArray[np.uint8] | Sequence[NDArray[np.uint8]]


def prepare(images: Images, preparation: Preparation, threads: int = 1) -> torch.Tensor:
    """Do the part of the preparation that belongs to the CPU.

    Args:
        images: uint8 N x H x W x 3, or a sequence of uint8 H x W x 3 of any sizes.
        preparation: of the network.
        threads: that share the pictures, >= 1.

    Returns:
        uint8 N x S x S x 3 for a recipe, which ``finish`` normalises; float32 N x 3 x H x W for an own transform.

    Raises:
        ObjectPoseError: an own transform fails or gives another shape or type.
    """
    if isinstance(preparation, Preprocess):
        return torch.from_numpy(geometry(images, preparation, threads))

    def one(image: NDArray[np.uint8]) -> torch.Tensor:
        try:
            ready = preparation.function(Image.fromarray(image))
        except Exception as error:
            raise ObjectPoseError(
                f"The own transform raises {type(error).__name__} on a picture of {image.shape[1]} x {image.shape[0]} "
                f"px ({str(error).splitlines()[0] if str(error) else 'no message'}); mend it."
            ) from error
        if not isinstance(ready, torch.Tensor) or ready.ndim != 3 or not ready.is_floating_point():
            found = f"{ready.dtype} {tuple(ready.shape)}" if isinstance(ready, torch.Tensor) else type(ready).__name__
            raise ObjectPoseError(
                f"The own transform gives {found}, expected a floating-point tensor 3 x H x W; end it with ToTensor."
            )
        return ready.float()

    if threads == 1 or len(images) < 2:
        parts = [one(image) for image in images]
    else:
        with ThreadPoolExecutor(threads) as pool:
            parts = list(pool.map(one, images))
    shapes = {tuple(part.shape) for part in parts}
    if len(shapes) > 1:
        raise ObjectPoseError(
            f"The own transform gives inputs of different shapes ({', '.join(map(str, sorted(shapes)[:3]))}), expected "
            "one; let it crop to one size."
        )
    return torch.stack(parts) if parts else torch.zeros((0, 3, 1, 1))


def finish(batch: torch.Tensor, preparation: Preparation) -> torch.Tensor:
    """Do the rest of the preparation on the network's device; float32 N x 3 x H x W.

    What a recipe gives is in channels-last memory order, what an own transform gives in its own.
    """
    return normalise(batch, preparation) if isinstance(preparation, Preprocess) else batch


def geometry(images: Images, spec: Preprocess, threads: int = 1) -> NDArray[np.uint8]:
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
    half = math.floor if spec.centre == "floor" else round
    top, left = half((height - size) / 2.0), half((width - size) / 2.0)
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
