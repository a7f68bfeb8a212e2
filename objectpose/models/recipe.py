"""The recipe by which a picture becomes the input of a network: plain data, written in short and in words."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import Literal, cast, get_args

from objectpose.errors import ObjectPoseError

Resize = Literal["short_side", "squash"]
Centre = Literal["round", "floor"]
Interpolation = Literal["nearest", "bilinear", "bicubic", "lanczos"]
Colour = tuple[float, float, float]

IMAGENET_MEAN: Colour = (0.485, 0.456, 0.406)
IMAGENET_STD: Colour = (0.229, 0.224, 0.225)
HALF: Colour = (0.5, 0.5, 0.5)
CLIP_MEAN: Colour = (0.48145466, 0.4578275, 0.40821073)
CLIP_STD: Colour = (0.26862954, 0.26130258, 0.27577711)
NORMALISATIONS: dict[str, tuple[Colour, Colour]] = {
    "imagenet": (IMAGENET_MEAN, IMAGENET_STD),
    "half": (HALF, HALF),
    "clip": (CLIP_MEAN, CLIP_STD),
    "none": ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
}
"""Mean and standard deviation by the names they have in short recipes."""


@dataclass(frozen=True)
class Preprocess:
    """How a picture becomes the input of a network: resize, centre crop, scale to 0..1, normalise.

    Attributes:
        input_size_px: side S of the square input.
        resize_px: side that the resize aims at before the centre crop.
        interpolation: filter of the resize, free of aliasing as Pillow's filters are.
        mean: subtracted from the colours in 0..1, red green blue.
        std: then divided by.
        resize: ``short_side`` scales the shorter side to ``resize_px`` and keeps the proportions; ``squash`` scales
            both sides to it.
        centre: where the crop begins if an odd number of pixels is left over: ``round`` halves it to the even number,
            as torchvision does, ``floor`` to the smaller one, as transformers does.

    Raises:
        ObjectPoseError: a value is out of range.
    """

    input_size_px: int
    resize_px: int
    interpolation: Interpolation
    mean: Colour
    std: Colour
    resize: Resize = "short_side"
    centre: Centre = "round"

    def __post_init__(self) -> None:
        for label, size in (("input size", self.input_size_px), ("resize", self.resize_px)):
            if size < 1:
                raise ObjectPoseError(f"The {label} is {size} px, expected at least 1 px.")
        for label, value, known in (
            ("interpolation", self.interpolation, get_args(Interpolation)),
            ("resize", self.resize, get_args(Resize)),
            ("centre", self.centre, get_args(Centre)),
        ):
            if value not in known:
                raise ObjectPoseError(f"The {label} is '{value}', expected one of: {', '.join(known)}.")
        if len(self.mean) != 3 or len(self.std) != 3 or min(self.std) <= 0.0:
            raise ObjectPoseError(
                f"The mean {self.mean} and std {self.std} do not fit, expected three numbers each, std above 0."
            )

    @classmethod
    def of_crop(
        cls,
        input_size_px: int,
        crop_pct: float,
        interpolation: str,
        mean: Colour,
        std: Colour,
        resize: Resize = "short_side",
    ) -> Preprocess:
        """Return the recipe that resizes to floor(S / crop_pct), as timm and the paper's code do.

        Raises:
            ObjectPoseError: a value is out of range.

        >>> Preprocess.of_crop(240, 0.882, "bicubic", HALF, HALF).resize_px
        272
        """
        if not 0.0 < crop_pct <= 1.0:
            raise ObjectPoseError(f"The crop is {crop_pct} of the resized picture, expected more than 0 and at most 1.")
        goal = math.floor(input_size_px / crop_pct)
        return cls(input_size_px, goal, cast(Interpolation, interpolation), mean, std, resize)

    @classmethod
    def parse(cls, text: str) -> Preprocess:
        """Return the recipe that is written in short.

        Args:
            text: ``input px / crop / interpolation / normalisation``: crop is a share up to 1.0, a whole number of
                pixels that the shorter side is resized to, or ``squash`` (``squash248``: to 248 px before the crop);
                normalisation is ``imagenet``, ``half`` (0.5 and 0.5), ``clip``, ``none`` (colours stay in 0..1), or
                six numbers ``r,g,b,r,g,b``. A fifth part ``floor`` is ``centre``.

        Raises:
            ObjectPoseError: the text has another form.

        >>> Preprocess.parse("224/232/bilinear/imagenet").resize_px, Preprocess.parse("224/0.9/bicubic/half").resize_px
        (232, 248)
        >>> Preprocess.parse("224/squash/bilinear/half").resize
        'squash'
        """
        parts = [part.strip() for part in text.split("/")]
        try:
            size, crop, interpolation, norm, *rest = parts
            if rest and (len(rest) > 1 or rest[0] not in get_args(Centre)):
                raise ValueError(rest)
            if norm in NORMALISATIONS:
                mean, std = NORMALISATIONS[norm]
            elif "," not in norm:
                raise ObjectPoseError(
                    f"The normalisation '{norm}' of '{text}' is unknown; expected {', '.join(NORMALISATIONS)} or six "
                    "numbers."
                )
            else:
                numbers = tuple(float(number) for number in norm.split(","))
                mean, std = cast(Colour, numbers[:3]), cast(Colour, numbers[3:])
            side = int(size)
            if crop.isdecimal() and int(crop) > 1:
                recipe = cls(side, int(crop), cast(Interpolation, interpolation), mean, std)
            elif crop.startswith("squash"):
                goal = int(crop.removeprefix("squash") or side)
                recipe = cls(side, goal, cast(Interpolation, interpolation), mean, std, "squash")
            else:
                recipe = cls.of_crop(side, float(crop), interpolation, mean, std)
            return replace(recipe, centre=cast(Centre, rest[0])) if rest else recipe
        except ValueError as error:
            raise ObjectPoseError(
                f"The preprocessing '{text}' cannot be read; write it as '224/0.875/bicubic/imagenet' (input px, crop "
                "share or resize px or squash, interpolation, imagenet|half|clip|none or six numbers)."
            ) from error

    @property
    def crop_pct(self) -> float:
        """Share of the resized side that the centre crop keeps."""
        return self.input_size_px / self.resize_px

    @property
    def normalisation(self) -> str:
        """Name of mean and standard deviation, or the six numbers."""
        for name, values in NORMALISATIONS.items():
            if values == (self.mean, self.std):
                return name
        return ",".join(repr(float(number)) for number in (*self.mean, *self.std))

    @property
    def short(self) -> str:
        """The recipe in the form that ``parse`` reads.

        >>> Preprocess.parse("224/0.875/bicubic/imagenet").short
        '224/256/bicubic/imagenet'
        """
        crop = str(self.resize_px)
        if self.resize == "squash":
            crop = "squash" if self.resize_px == self.input_size_px else f"squash{self.resize_px}"
        centre = "" if self.centre == "round" else f"/{self.centre}"
        return f"{self.input_size_px}/{crop}/{self.interpolation}/{self.normalisation}{centre}"

    @property
    def words(self) -> str:
        """The recipe as a user reads it.

        >>> Preprocess.parse("224/0.875/bicubic/imagenet").words
        'short side to 256 px (bicubic), centre 224 px, imagenet mean and std'
        """
        what = "both sides" if self.resize == "squash" else "short side"
        crop = f", centre {self.input_size_px} px" if self.resize_px != self.input_size_px else ", centre square"
        crop = "" if self.resize == "squash" and self.resize_px == self.input_size_px else crop
        norm = "colours 0 to 1" if self.normalisation == "none" else f"{self.normalisation} mean and std"
        return f"{what} to {self.resize_px} px ({self.interpolation}){crop}, {norm}"

    def without_crop(self) -> Preprocess:
        """Return the same recipe with a resize straight to the input size."""
        return replace(self, resize_px=self.input_size_px)

    def canonical(self) -> dict[str, object]:
        """Return all that determines the network's input, as plain JSON values in a fixed order, for hashing."""
        values = asdict(self)
        return {key: list(value) if isinstance(value, tuple) else value for key, value in sorted(values.items())}
