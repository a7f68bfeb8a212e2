"""What knows one source of networks, and how such a source is found by its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module, metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast, runtime_checkable

from objectpose.classes import Classes
from objectpose.errors import ObjectPoseError, nearest
from objectpose.models.spec import ModelSpec, Weights

if TYPE_CHECKING:
    import torch

    from objectpose.models.preprocess import Preparation

ENTRY_POINTS = "objectpose.sources"
"""Group of the entry points by which other packages add sources: ``name = "package.module"``, an adapter."""

_OWN = {
    "offline": "objectpose.models.offline",
    "timm": "objectpose.models.timm_adapter",
    "torchvision": "objectpose.models.torchvision_adapter",
    "open_clip": "objectpose.models.open_clip_adapter",
    "huggingface": "objectpose.models.huggingface_adapter",
    "file": "objectpose.models.file_adapter",
    "own": "objectpose.models.own",
}


@dataclass(frozen=True)
class Network:
    """A network that was built.

    Attributes:
        module: float32 N x 3 x S x S to N x K logits.
        outputs: K.
        labels: what each output means, one text an output (WordNet id, name, or ``-`` for no class); None is
            ImageNet-1k in its usual order. For zero-shot networks the names of the classes they were built for.
    """

    module: torch.nn.Module
    outputs: int
    labels: Sequence[str] | None = None


@runtime_checkable
class Adapter(Protocol):
    """What a source offers: a module, or any object, with these functions.

    ``exact_name`` to ``recipe`` must be quick and need no network, so that a run can be checked before anything is
    computed; only ``locate`` may download, and only ``build`` makes the network.
    """

    def exact_name(self, name: str) -> str:
        """Return the exact name, with its tag, that ``name`` stands for within the source.

        Raises:
            ObjectPoseError: no such network; the nearest names are given.
        """
        ...

    def preparation(self, spec: ModelSpec) -> Preparation:
        """Return what the weights were trained to be fed, from the metadata of their source."""
        ...

    def find(self, spec: ModelSpec, weights_dir: Path | None) -> Path | None:
        """Return the weights file where it is on this machine already, unverified; None where it is not."""
        ...

    def locate(self, spec: ModelSpec, weights_dir: Path | None) -> Weights:
        """Return the verified weights, fetched where need be.

        Raises:
            ObjectPoseError: they cannot be had; the sentence says where a file can be put.
        """
        ...

    def recipe(self, spec: ModelSpec, classes: Classes) -> dict[str, object]:
        """Return what besides weights and preparation changes the answers, as JSON values; mostly nothing.

        Args:
            spec: the network.
            classes: that the answers are about, which a zero-shot network is built for.
        """
        ...

    def build(self, spec: ModelSpec, weights: Weights | None, classes: Classes) -> Network:
        """Return the network on the CPU with its weights; with random ones where they are None.

        Raises:
            ObjectPoseError: the file cannot be read or does not fit the network.
        """
        ...


def sources() -> list[str]:
    """Return the names of all sources that a user can write before a colon.

    >>> "timm" in sources()
    True
    """
    hidden = ("own", "file", "offline")
    return sorted({*(name for name in _OWN if name not in hidden), *_entry_points()})


def adapter(source: str) -> Adapter:
    """Return the adapter of a source.

    Raises:
        ObjectPoseError: there is no such source, or the package that brings it cannot be loaded.
    """
    if source in _OWN:
        return cast(Adapter, import_module(_OWN[source]))
    return _foreign(source)


@cache
def _entry_points() -> dict[str, metadata.EntryPoint]:
    found: dict[str, metadata.EntryPoint] = {}
    for point in metadata.entry_points(group=ENTRY_POINTS):
        taken = "ObjectPose itself" if point.name in _OWN else found[point.name].value if point.name in found else None
        if taken is not None:
            raise ObjectPoseError(
                f"The source '{point.name}' of {point.value} is already that of {taken}; uninstall one of the packages."
            )
        found[point.name] = point
    return found


@cache
def _foreign(source: str) -> Adapter:
    points = _entry_points()
    if source not in points:
        raise ObjectPoseError(f"Unknown source '{source}'; {nearest(source, sources())}.")
    try:
        loaded = points[source].load()
    except Exception as error:
        raise ObjectPoseError(
            f"The source '{source}' cannot be loaded from {points[source].value} ({type(error).__name__}: "
            f"{str(error).splitlines()[0] if str(error) else ''}); mend or uninstall its package."
        ) from error
    wanted = ("exact_name", "preparation", "find", "locate", "recipe", "build")
    missing = [name for name in wanted if not callable(getattr(loaded, name, None))]
    if missing:
        raise ObjectPoseError(
            f"The source '{source}' of {points[source].value} lacks the functions {', '.join(missing)}; see "
            "objectpose.models.adapter.Adapter."
        )
    return cast(Adapter, _Guarded(source, loaded))


class _Guarded:
    """An adapter of another package, whose unexpected errors are one network's failure and not the run's end."""

    def __init__(self, source: str, inner: object) -> None:
        self._source = source
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        function = getattr(self._inner, name)

        def guarded(*values: object) -> object:
            try:
                return function(*values)
            except ObjectPoseError:
                raise
            except Exception as error:
                reason = (str(error).strip().splitlines() or ["no message"])[0]
                raise ObjectPoseError(
                    f"The source '{self._source}' raises {type(error).__name__} in {name} ({reason}); report it to its "
                    "authors."
                ) from error

        return guarded
