"""Pictures as textures: checked by their header before a pixel is decoded, any mode as red, green, blue and alpha."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from objectpose.errors import ObjectPoseError
from objectpose.objects.archive import FileTree

MOST_PIXELS = 64_000_000
MOST_SIDE_PX = 4096
"""Larger textures are reduced to this; a picture of the largest size that is drawn shows no more."""
FORMATS = ("PNG", "JPEG", "BMP", "TGA", "GIF", "TIFF", "WEBP")


@dataclass(frozen=True)
class Picture:
    """A decoded texture.

    Attributes:
        colour: uint8 H x W x 3, row 0 at the top.
        alpha: uint8 H x W; None where everything is opaque, or nothing is (an unused channel).
    """

    colour: NDArray[np.uint8]
    alpha: NDArray[np.uint8] | None = None


@contextmanager
def _opened(data: bytes, label: str) -> Iterator[Image.Image]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's warning of large pictures and of odd metadata
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise ObjectPoseError(
                        f"The texture {label} has {image.width} x {image.height} pixels, expected at most "
                        f"{MOST_PIXELS // 10**6} megapixels; make it smaller."
                    )
                yield image
    except ObjectPoseError:
        raise
    except Image.DecompressionBombError:
        raise ObjectPoseError(
            f"The texture {label} has far more than {MOST_PIXELS // 10**6} megapixels; make it smaller."
        ) from None
    except Exception as error:  # a damaged picture makes Pillow's decoders raise nearly anything
        reason = "its format is unknown" if isinstance(error, UnidentifiedImageError) else str(error)
        raise ObjectPoseError(
            f"The texture {label} is not a readable picture ({reason}); expected {', '.join(FORMATS[:4])} or the like."
        ) from None


def check_picture(data: bytes, label: str) -> None:
    """Raise a sentence naming ``label`` if the header is no picture's or promises more than 64 megapixels.

    Raises:
        ObjectPoseError: as said.
    """
    with _opened(data, label):
        pass


def read_picture(data: bytes, label: str) -> Picture:
    """Return a picture of any mode (grey, palette, colour, with alpha, 16 bits a channel) as 8 bits a channel.

    Args:
        data: bytes of the file.
        label: what an error calls it.

    Raises:
        ObjectPoseError: it is no picture, is damaged or has more than 64 megapixels.
    """
    with _opened(data, label) as image:
        if image.mode.startswith(("I", "F")):
            values = np.asarray(image, np.float64)
            deep = image.mode.startswith("I") and values.max(initial=0.0) > 255.0
            grey = np.rint(np.clip(values / (257.0 if deep else 1.0), 0, 255)).astype(np.uint8)
            image = Image.fromarray(grey)
        clear = image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info
        image = image.convert("RGBA" if clear else "RGB")
        if max(image.size) > MOST_SIDE_PX:
            share = MOST_SIDE_PX / max(image.size)
            size = (max(1, round(image.width * share)), max(1, round(image.height * share)))
            image = image.resize(size, Image.Resampling.BOX)
        values8 = np.array(image, np.uint8)
    alpha = np.ascontiguousarray(values8[..., 3]) if clear else None
    if alpha is not None and (bool((alpha == 255).all()) or not alpha.any()):
        alpha = None
    return Picture(np.ascontiguousarray(values8[..., :3]), alpha)


def plain(colour: tuple[float, float, float]) -> NDArray[np.uint8]:
    """Return a texture of one texel.

    Args:
        colour: red, green, blue, 0..1.

    >>> plain((1.0, 0.5, 0.0)).tolist()
    [[[255, 128, 0]]]
    """
    return np.rint(255.0 * np.clip(np.asarray(colour, np.float64), 0, 1)).astype(np.uint8).reshape(1, 1, 3)


def resized(alpha: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    """Return a uint8 H x W picture at another size, bilinear."""
    if alpha.shape == (height, width):
        return alpha
    return np.array(Image.fromarray(alpha).resize((width, height), Image.Resampling.BILINEAR), np.uint8)


class Textures:
    """The pictures that one mesh file refers to, each decoded once, so that materials share arrays.

    Args:
        tree: where the mesh lies.
        beside: name of the mesh file.
        missing: ``error`` raises a sentence where a named texture is not there, ``colour`` goes on without it.
    """

    def __init__(self, tree: FileTree, beside: str, missing: str) -> None:
        self.tree, self.beside, self.missing = tree, beside, missing
        self._known: dict[str, Picture] = {}

    def named(self, reference: str) -> Picture | None:
        """Return the picture of a file; None where it is missing and the colour of the material shall do.

        Raises:
            ObjectPoseError: it is missing and must not be, or is no picture.
        """
        name = self.find(reference)
        if name is None:
            return None
        if name not in self._known:
            self._known[name] = read_picture(self.tree.read(name), self.tree.label(name))
        return self._known[name]

    def find(self, reference: str) -> str | None:
        """Return the name of the file in the tree.

        Raises:
            ObjectPoseError: it is missing and must not be.
        """
        name = self.tree.find(reference, self.beside)
        if name is None and self.missing == "error":
            raise ObjectPoseError(
                f"{self.tree.label(self.beside)} names the texture '{reference}', which is neither there nor beside "
                "it; add the file, or go on in the material's colour with dataset.missing_textures=colour."
            )
        return name

    def embedded(self, key: str, data: bytes) -> Picture:
        """Return a picture from bytes inside the mesh file; ``key`` tells it from others.

        Raises:
            ObjectPoseError: it is no picture.
        """
        if key not in self._known:
            self._known[key] = read_picture(data, f"{self.tree.label(self.beside)}, {key}")
        return self._known[key]
