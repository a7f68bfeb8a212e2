"""What stands behind the objects: one colour, photographs of a folder, or procedural scenes.

A background has a name: ``flat``, or ``bg1``, ``bg2`` and so on. Which picture ``bg2`` is depends on the object and
on nothing else, so that a condition and its baseline share it.
"""

from __future__ import annotations

import hashlib
import io
import re
import warnings
import zipfile
import zlib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from objectpose.errors import ObjectPoseError
from objectpose.rendering.conditions import row_seed
from objectpose.rendering.scene import FLAT_BACKGROUND
from objectpose.rendering.scenery import SCENERY_VERSION, scenery

Picture = NDArray[np.uint8]
PHOTO_ENDINGS = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff")
MOST_PIXELS = 80_000_000
MOST_BYTES = 256 * 2**20
UNREADABLE = (OSError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error, Image.DecompressionBombError)
_OWNED = re.compile(r"[a-z]+bg[0-9]")
_NAME = re.compile(r"flat|bg[1-9][0-9]?")


@dataclass(frozen=True)
class Photos:
    """Photographs of a folder or a zip archive, of any size.

    Args:
        path: of the folder (searched with its subfolders) or of the archive.

    Raises:
        ObjectPoseError: it is not there, or holds no photograph.
    """

    path: Path
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        if self.path.is_dir():
            found = [p.relative_to(self.path).as_posix() for p in self.path.rglob("*") if p.is_file()]
        elif zipfile.is_zipfile(self.path):
            with zipfile.ZipFile(self.path) as archive:
                found = [info.filename for info in archive.infolist() if not info.is_dir()]
        else:
            raise ObjectPoseError(f"dataset.photos={self.path} is neither a folder nor a zip archive; check the path.")
        photos = [n for n in found if n.lower().endswith(PHOTO_ENDINGS) and not Path(n).name.startswith(".")]
        photos = [n for n in photos if "__MACOSX" not in n]
        if not photos:
            raise ObjectPoseError(
                f"{self.path} holds no photograph (looked for {', '.join(PHOTO_ENDINGS)}); put some there, or leave "
                "dataset.photos out for procedural scenes."
            )
        object.__setattr__(self, "names", tuple(sorted(photos)))

    def read(self, name: str) -> bytes:
        """Return the bytes of a photograph, after a look whether it is one.

        Raises:
            ObjectPoseError: it cannot be read, is no picture, or a far too large one.
        """
        where = f"The background {self.path / name}"
        try:
            content = self._bytes(name, where)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit below is lower
                with Image.open(io.BytesIO(content)) as image:
                    pixels = image.width * image.height
        except UnidentifiedImageError:
            raise ObjectPoseError(f"{where} is not a picture that can be read; mend or remove it.") from None
        except UNREADABLE as error:
            raise ObjectPoseError(f"{where} cannot be read ({error}); mend or remove it.") from None
        if pixels > MOST_PIXELS:
            raise ObjectPoseError(f"{where} has {pixels:,} pixels; expected {MOST_PIXELS:,} at most: shrink it.")
        return content

    def _bytes(self, name: str, where: str) -> bytes:
        if self.path.is_dir():
            return (self.path / name).read_bytes()
        with zipfile.ZipFile(self.path) as archive:
            if archive.getinfo(name).file_size > MOST_BYTES:
                raise ObjectPoseError(f"{where} is larger than {MOST_BYTES // 2**20} MiB; shrink it.")
            return archive.read(name)

    def choose(self, object_id: str, number: int, seed: int) -> str:
        """Return the photograph that is background ``number`` (from 1) of an object.

        A file named after object and background, as the original names them (``parkbench_bg1_500.jpg``), is taken.
        For the others each object has its own seeded order of the photographs that are named after no object, so that
        its backgrounds differ.

        Raises:
            ObjectPoseError: there are too few of them.
        """
        class_name = object_id.partition("/")[0].replace("_", "")
        own = f"{class_name}bg{number}"
        bare = {name: Path(name).name.lower().replace("_", "") for name in self.names}
        for name in self.names:
            rest = bare[name].removeprefix(own)
            if rest != bare[name] and (not rest[:1].isdigit() or rest.startswith(("500", "512", "224", "320"))):
                return name
        free = [name for name in self.names if not _OWNED.match(bare[name])]
        if number > len(free):
            raise ObjectPoseError(
                f"{self.path} holds {len(free)} photographs for any object and none for bg{number} of {object_id}; add "
                f"some, or name one {class_name}_bg{number}.jpg."
            )
        order = np.random.Generator(np.random.PCG64(row_seed(seed, "photos", object_id))).permutation(len(free))
        return free[int(order[number - 1])]


@dataclass(frozen=True)
class Backgrounds:
    """The backgrounds of a data set.

    Attributes:
        names: ``flat``, ``bg1``, ``bg2``, ...
        colour: of ``flat`` and of what lies outside the disc.
        photos: where ``bg1`` and so on come from; None draws procedural scenes, outdoors and indoors in turn.
    """

    names: tuple[str, ...] = ("flat",)
    colour: tuple[int, int, int] = FLAT_BACKGROUND
    photos: Photos | None = None

    def __post_init__(self) -> None:
        if not self.names:
            raise ObjectPoseError("dataset.backgrounds names no background; expected such as [flat,bg1,bg2].")
        for name in self.names:
            if not _NAME.fullmatch(name):
                raise ObjectPoseError(f"Unknown background '{name}'; expected flat or bg1 to bg99.")
            if self.names.count(name) > 1:
                raise ObjectPoseError(f"The background '{name}' is given twice; name each once.")
        if len(self.colour) != 3 or not all(0 <= value <= 255 for value in self.colour):
            raise ObjectPoseError(
                f"dataset.background_colour is {list(self.colour)}; expected red, green and blue from 0 to 255."
            )
        if self.photos is not None and self.names == ("flat",):
            raise ObjectPoseError("dataset.photos is given but no background uses it; add dataset.backgrounds=[bg1].")

    def picture(self, object_id: str, name: str, size_px: int, seed: int) -> Picture:
        """Return a background, uint8 S x S x 3.

        Raises:
            ObjectPoseError: a photograph cannot be read.
        """
        if name == "flat":
            return np.broadcast_to(np.asarray(self.colour, np.uint8), (size_px, size_px, 3))
        number = int(name.removeprefix("bg"))
        if self.photos is None:
            setting = "outdoor" if number % 2 else "indoor"
            return _scene(setting, row_seed(seed, "scenery", object_id, name), size_px)
        name = self.photos.choose(object_id, number, seed)
        return _photo(self.photos.read(name), str(self.photos.path / name), size_px)

    def sources(self, object_ids: tuple[str, ...], seed: int) -> dict[str, list[str]]:
        """Return the photographs of each object by name, in the order of the backgrounds; none where none are used."""
        pictured = [int(name.removeprefix("bg")) for name in self.names if name != "flat"]
        if self.photos is None:
            return {}
        return {o: [self.photos.choose(o, number, seed) for number in pictured] for o in object_ids}

    def hash_inputs(self, object_ids: tuple[str, ...], seed: int) -> dict[str, object]:
        """Return what determines the pictures, before any is drawn."""
        result: dict[str, object] = {"names": list(self.names), "colour": list(self.colour)}
        if self.photos is not None:
            chosen = self.sources(object_ids, seed)
            used = {name for row in chosen.values() for name in row}
            sums = {name: hashlib.sha256(self.photos.read(name)).hexdigest() for name in used}
            result["photos"] = {o: [sums[name] for name in row] for o, row in chosen.items()}
        elif self.names != ("flat",):
            result["scenery"] = SCENERY_VERSION
        return result


@lru_cache(maxsize=32)
def _scene(setting: str, seed: int, size_px: int) -> Picture:
    return scenery("outdoor" if setting == "outdoor" else "indoor", seed, size_px)


@lru_cache(maxsize=8)
def _photo(content: bytes, where: str, size_px: int) -> Picture:
    """Return the middle square of a photograph (cover-crop), resized with an area-correct filter."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            upright = ImageOps.exif_transpose(image).convert("RGB")
            fitted = ImageOps.fit(upright, (size_px, size_px), Image.Resampling.LANCZOS)
    except (OSError, SyntaxError, ValueError) as error:
        raise ObjectPoseError(f"The background {where} is damaged ({error}); mend or remove it.") from None
    return np.asarray(fitted, np.uint8)


def turned(picture: Picture, angle_deg: float) -> Picture:
    """Return a picture turned counter-clockwise about its centre, bicubic, at its own size; uint8 S x S x 3."""
    if angle_deg % 360.0 == 0.0:
        return picture
    return np.asarray(Image.fromarray(picture).rotate(angle_deg, Image.Resampling.BICUBIC), np.uint8)


@lru_cache(maxsize=4)
def disc(size_px: int) -> NDArray[np.bool_]:
    """Return bool S x S, True where a pixel's centre lies in the inscribed disc."""
    centre = (np.arange(size_px) + 0.5) - size_px / 2.0
    inside: NDArray[np.bool_] = centre[:, None] ** 2 + centre**2 <= (size_px / 2.0) ** 2
    return inside


def in_disc(picture: Picture, colour: tuple[int, int, int]) -> Picture:
    """Return a picture with what lies outside the inscribed disc in one colour."""
    return np.where(disc(len(picture))[..., None], picture, np.asarray(colour, np.uint8))
