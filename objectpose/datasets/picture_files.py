"""Picture files of other people: which a folder holds, whether one is whole, and its pixels as RGB.

**What a network is shown.** A picture is read as a viewer shows it: its EXIF orientation is applied (torchvision's
``ImageFolder`` does not do so), since a photograph that lies on its side for no other reason would count as an unusual
pose. Grey, palette and CMYK pictures become RGB; 16-bit grey becomes 8-bit; what is transparent shows the flat
background (124, 116, 103); of an animation the first frame counts. Colour profiles are ignored, as evaluation
transforms do.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from objectpose.datasets.backgrounds import PHOTO_ENDINGS
from objectpose.datasets.dataset import Picture
from objectpose.errors import ObjectPoseError
from objectpose.rendering.scene import FLAT_BACKGROUND

_BROKEN = (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError)
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def find_pictures(root: Path) -> list[str]:
    """Return the paths of all picture files under a folder, relative to it, with ``/``, sorted.

    Links to folders are followed. Files and folders whose names begin with a dot, ``__MACOSX``, and files whose
    endings are none of pictures are passed over.

    Raises:
        ObjectPoseError: the folder is not there, is a file, or holds no picture.
    """
    if root.is_file():
        raise ObjectPoseError(f"{root} is a file; expected a folder of pictures (unpack an archive first).")
    if not root.is_dir():
        raise ObjectPoseError(f"There is no folder {root}; check dataset.path.")
    found: list[str] = []
    seen: set[str] = set()
    for here, folders, files in os.walk(root, followlinks=True):
        true = os.path.realpath(here)
        folders[:] = [] if true in seen else [f for f in folders if not f.startswith(".") and f != "__MACOSX"]
        if true not in seen:
            inside = Path(here).relative_to(root)
            found += [(inside / f).as_posix() for f in files if f.lower().endswith(PHOTO_ENDINGS) and f[0] != "."]
        seen.add(true)
    if not found:
        raise ObjectPoseError(f"{root} holds no picture (looked for {', '.join(PHOTO_ENDINGS)}); check dataset.path.")
    return sorted(found)


def inspect_picture(data: bytes, where: Path) -> None:
    """Look at the header of a picture, and at all check sums of a PNG, without decoding it.

    Args:
        data: content of the file.
        where: its path, for the sentence.

    Raises:
        ObjectPoseError: it is no picture, is damaged as far as can be told without decoding it, has a pixel type
            that has no 8-bit meaning, or more pixels than Pillow takes for harmless (the caller makes its
            ``DecompressionBombWarning`` an error: filters of warnings belong to all threads).
    """
    with _mendable(where), Image.open(io.BytesIO(data)) as image:
        if image.mode == "F" or (image.mode == "I" and image.format != "PNG"):
            raise ObjectPoseError(
                f"{where} has pixels of type '{image.mode}'; expected 8-bit or 16-bit: save it as PNG or JPEG."
            )
        if image.format == "PNG":
            image.verify()


def decode_picture(data: bytes, where: Path) -> Picture:
    """Return a picture as uint8 H x W x 3, as the module's docstring says.

    Args:
        data: content of the file, looked at by ``inspect_picture`` before.
        where: its path, for the sentence.

    Raises:
        ObjectPoseError: it is damaged.
    """
    with _mendable(where), Image.open(io.BytesIO(data)) as image:
        return _rgb(ImageOps.exif_transpose(image))


def _rgb(image: Image.Image) -> Picture:
    if image.mode.startswith("I"):
        deep = np.asarray(image).astype(np.float64)
        grey: NDArray[np.uint8] = np.rint(np.clip(deep, 0, 65535) / 257.0).astype(np.uint8)
        return np.repeat(grey[..., None], 3, axis=2)
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        shown = Image.new("RGBA", image.size, (*FLAT_BACKGROUND, 255))
        shown.alpha_composite(image.convert("RGBA"))
        image = shown
    return np.asarray(image.convert("RGB"), np.uint8)


@contextmanager
def _mendable(where: Path) -> Iterator[None]:
    try:
        yield
    except _BOMBS as error:
        raise ObjectPoseError(f"{where} is too large ({str(error).partition(',')[0]}); shrink it.") from None
    except _BROKEN as error:
        raise ObjectPoseError(f"{where} cannot be read as a picture ({error}); mend or remove it.") from None
