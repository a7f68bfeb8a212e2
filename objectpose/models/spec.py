"""What is known of a network before it is built: its source, weights, card and what it was trained to be fed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

from objectpose.errors import ObjectPoseError, nearest
from objectpose.models.recipe import Preprocess

PreprocessMode = Literal["native", "paper2022", "paper2022_nocrop"]


@dataclass(frozen=True)
class TrainingData:
    """A set of pictures that networks were trained on.

    Attributes:
        key: short name in the zoo's file.
        name: for people.
        images: how many pictures, or pairs of picture and text.
        source: where the number comes from.
    """

    key: str
    name: str
    images: int
    source: str


@dataclass(frozen=True)
class Card:
    """What is known about how a network was made.

    Attributes:
        data: the training data, in order of use.
        loss: kind of training signal.
        architecture: ``convolution``, ``transformer``, ``hybrid`` or ``mlp``.
        modality: ``image`` or ``image-text``.
        augmentation: of the last training stage beyond crop and flip, and what the network was distilled from.
        parameters_m: parameters in millions; of a zero-shot network those of both towers.
        gmacs: multiply-accumulates of one picture in 10^9, attention products included, without the text tower.
        imagenet_top1: published ImageNet-1k top-1 accuracy in percent.
    """

    data: tuple[TrainingData, ...]
    loss: str
    architecture: str
    modality: str
    augmentation: str
    parameters_m: float
    gmacs: float
    imagenet_top1: float

    @property
    def data_images(self) -> int:
        """Number of pictures in the largest of the training sets."""
        return max(part.images for part in self.data)

    @property
    def data_names(self) -> str:
        """Names of the training sets in order of use."""
        return ", ".join(part.name for part in self.data)


@dataclass(frozen=True)
class ModelOptions:
    """What a user says about one network besides its name (``model.checkpoint=...`` and so on).

    Attributes:
        checkpoint: weights file for the architecture, a path or ``hub:OWNER/NAME/FILE[@REVISION]``.
        labels: file that names the outputs, see ``labels.read_labels``.
        preprocess: recipe in short, see ``Preprocess.parse``; None takes what the weights' source states.
        prompts: of a zero-shot network: ``single``, ``openai80``, ``pose12`` or a file of templates.
        classes: of a zero-shot network: file with the class names that go into the prompts.
        title: name in tables; None makes one.
    """

    checkpoint: str | None = None
    labels: str | None = None
    preprocess: str | None = None
    prompts: str | None = None
    classes: str | None = None
    title: str | None = None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> ModelOptions:
        """Return the options that a mapping holds.

        Raises:
            ObjectPoseError: an unknown key, or a value that is no text.
        """
        known = [item.name for item in fields(cls)]
        for key, value in given.items():
            if key not in known:
                raise ObjectPoseError(f"Unknown key 'model.{key}'; {nearest(str(key), known)}.")
            if value is not None and not isinstance(value, str | Path):
                raise ObjectPoseError(f"model.{key} is {value!r}; expected a text.")
        return cls(**{str(key): None if value is None else str(value) for key, value in given.items()})

    def given(self) -> list[str]:
        """Return the names of the options that are set."""
        return [item.name for item in fields(self) if getattr(self, item.name) is not None]


@dataclass(frozen=True)
class ModelSpec:
    """An entry of the zoo, or a network named by its source.

    Attributes:
        name: what tables show, for example ``vit_b16`` or ``timm:resnet50.tv_in1k``; unique in a run.
        source: name of the adapter that knows where weights and architecture come from.
        identifier: exact name within the source, with its tag.
        groups: names that stand for this entry and others.
        card: None for a network outside the zoo.
        native: recipe of the weights where their source has no metadata that says it.
        paper2022: recipe of the ObjectPose paper's code where it differs from the weights' own.
        paper: the network's name in the original's table.
        note: one sentence on a trap, or nothing.
        options: what the user said about it.
        pretrained: False for random weights, which answer at chance.
    """

    name: str
    source: str
    identifier: str
    groups: tuple[str, ...] = ()
    card: Card | None = None
    native: Preprocess | None = None
    paper2022: Preprocess | None = None
    paper: str | None = None
    note: str = ""
    options: ModelOptions = ModelOptions()
    pretrained: bool = True


@dataclass(frozen=True)
class Weights:
    """The weights of a network.

    Attributes:
        path: file on this machine; None for a user's own module and for random weights.
        sha256: 64 hex digits of the file's bytes, or of the tensors (and for a user's own module of its source).
        cacheable: False where something could not be hashed, so that answers must not be kept for another run.
        reason: why not.
    """

    path: Path | None
    sha256: str
    cacheable: bool = True
    reason: str = ""
