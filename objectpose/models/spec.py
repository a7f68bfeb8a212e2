"""What is known of a network before it is built: its preprocessing, its card, its source and its weights file."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, get_args

from objectpose.errors import ObjectPoseError

Resize = Literal["short_side", "squash"]
Interpolation = Literal["bilinear", "bicubic"]
Source = Literal["offline", "timm"]
PreprocessMode = Literal["native", "paper2022"]
Colour = tuple[float, float, float]

IMAGENET_MEAN: Colour = (0.485, 0.456, 0.406)
IMAGENET_STD: Colour = (0.229, 0.224, 0.225)
HALF: Colour = (0.5, 0.5, 0.5)


@dataclass(frozen=True)
class Preprocess:
    """How a picture becomes the input of a network.

    Attributes:
        input_size_px: side S of the square input.
        crop_pct: share of the resized side that the centre crop keeps, in (0, 1].
        interpolation: filter of the resize.
        mean: subtracted from the colours in 0..1, red green blue.
        std: then divided by.
        resize: ``short_side`` scales the shorter side to ``resize_px`` and keeps the proportions; ``squash`` scales
            both sides to it.

    Raises:
        ObjectPoseError: a value is out of range.
    """

    input_size_px: int
    crop_pct: float
    interpolation: Interpolation
    mean: Colour
    std: Colour
    resize: Resize = "short_side"

    def __post_init__(self) -> None:
        if self.input_size_px < 1:
            raise ObjectPoseError(f"The input size is {self.input_size_px} px, expected at least 1 px.")
        if not 0.0 < self.crop_pct <= 1.0:
            raise ObjectPoseError(
                f"The crop is {self.crop_pct} of the resized picture, expected more than 0 and at most 1."
            )
        for label, value, known in (
            ("interpolation", self.interpolation, get_args(Interpolation)),
            ("resize", self.resize, get_args(Resize)),
        ):
            if value not in known:
                raise ObjectPoseError(f"The {label} is '{value}', expected one of: {', '.join(known)}.")
        if len(self.mean) != 3 or len(self.std) != 3 or min(self.std) <= 0.0:
            raise ObjectPoseError(
                f"The mean {self.mean} and std {self.std} do not fit, expected three numbers each, std above 0."
            )

    @property
    def resize_px(self) -> int:
        """Side that the resize aims at: floor(input_size_px / crop_pct), as timm and the paper's code do.

        >>> Preprocess(240, 0.882, "bicubic", HALF, HALF).resize_px
        272
        """
        return math.floor(self.input_size_px / self.crop_pct)

    def canonical(self) -> dict[str, object]:
        """Return all that determines the network's input, as plain JSON values in a fixed order, for hashing."""
        values = asdict(self)
        return {key: list(value) if isinstance(value, tuple) else value for key, value in sorted(values.items())}


@dataclass(frozen=True)
class Card:
    """What is known about how a network was made.

    Attributes:
        data: names of the training data, in order of use.
        data_images: number of images in the largest of them.
        loss: kind of training signal.
        architecture: ``convolution``, ``transformer`` or a mixture.
        modality: ``image`` or ``image-text``.
        augmentation: augmentation of the last training stage beyond crop and flip.
        parameters_m: parameters in millions.
        gmacs: multiply-accumulates of one forward pass in 10^9, attention products included.
        imagenet_top1: published ImageNet-1k top-1 accuracy in percent.
    """

    data: str
    data_images: int
    loss: str
    architecture: str
    modality: str
    augmentation: str
    parameters_m: float
    gmacs: float
    imagenet_top1: float


@dataclass(frozen=True)
class ModelSpec:
    """An entry of the zoo, or a network named by its source.

    Attributes:
        name: what a user writes and tables show, for example ``vit_b16`` or ``timm:resnet50.tv_in1k``.
        source: where weights and architecture come from.
        identifier: exact name within the source, with its tag.
        groups: names that stand for this entry and others.
        card: None for a network outside the zoo.
        paper2022: preprocessing of the ObjectPose paper's code where it differs from the weights' own.
    """

    name: str
    source: Source
    identifier: str
    groups: tuple[str, ...] = ()
    card: Card | None = None
    paper2022: Preprocess | None = None


@dataclass(frozen=True)
class Weights:
    """A weights file that was found.

    Attributes:
        path: file on this machine.
        sha256: 64 hex digits of its bytes.
    """

    path: Path
    sha256: str
