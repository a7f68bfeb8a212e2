"""A session: several networks over one data set; what fails for one network does not stop the others."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from objectpose.classes import IMAGENET, Classes
from objectpose.datasets.dataset import Dataset
from objectpose.engine.runner import RunOptions, run_unit
from objectpose.engine.unit import Unit, make_unit
from objectpose.errors import ObjectPoseError
from objectpose.models import registry
from objectpose.models.spec import ModelSpec

_OF_EVERY_NETWORK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
"""What ails the file system rather than one file on it."""


class NoNetworkError(ObjectPoseError):
    """None of the networks has an answer.

    Attributes:
        failures: name of each network and the sentence that says why.
    """

    def __init__(self, failures: Mapping[str, str]) -> None:
        self.failures = dict(failures)
        first = next(iter(self.failures.values()))
        count = len(self.failures)
        super().__init__(first if count == 1 else f"None of the {count} networks can run; the first because: {first}")


@dataclass(frozen=True)
class Finished:
    """A unit with its predictions.

    Attributes:
        unit: what was computed.
        path: the predictions file.
        cached: True where it stood in the store already.
    """

    unit: Unit
    path: Path
    cached: bool


@dataclass(frozen=True)
class Outcome:
    """What a session came to.

    Attributes:
        finished: units in the order of the networks.
        failures: name of a network and the sentence that says why it has no predictions.
    """

    finished: tuple[Finished, ...]
    failures: tuple[tuple[str, str], ...]


def check_models(
    specs: list[ModelSpec], preprocess: str, weights_dir: Path | None, classes: Classes = IMAGENET
) -> list[tuple[str, str]]:
    """Look for the weights and the recipe of every network before anything is computed.

    Args:
        specs: the networks.
        preprocess: a mode.
        weights_dir: folder with weights files, or None.
        classes: that the answers are about.

    Returns:
        Names and sentences of those that cannot run.

    Raises:
        NoNetworkError: none of them can run.
        OSError: the file system is full or cannot be written.
    """
    failures = []
    for spec in specs:
        try:
            registry.recipe_of(spec, preprocess, classes)
            registry.locate(spec, weights_dir)
        except (ObjectPoseError, OSError) as error:
            failures.append((spec.name, failure_sentence(error)))
    _check_any(specs, failures)
    return failures


def failure_sentence(error: ObjectPoseError | OSError) -> str:
    """Return why one network has no predictions.

    Raises:
        OSError: the file system is full or cannot be written, which no other network would get round.
    """
    if isinstance(error, ObjectPoseError):
        return str(error)
    if error.errno in _OF_EVERY_NETWORK:
        raise error
    where = "a file" if error.filename is None else error.filename
    reason = os.strerror(error.errno) if error.errno else str(error)
    return f"{where} cannot be read or written ({reason}); check the path, or choose another with results_dir=."


def _check_any(specs: list[ModelSpec], failures: Iterable[tuple[str, str]]) -> None:
    """Raise if all networks are among the failures."""
    named = dict(failures)
    if len(named) == len(specs):
        raise NoNetworkError(named)


def run_session(
    specs: list[ModelSpec],
    dataset: Dataset,
    results: Path,
    options: RunOptions,
    *,
    preprocess: str,
    weights_dir: Path | None,
) -> Outcome:
    """Return the predictions of every network, computing what is missing.

    Raises:
        NoNetworkError: no network has predictions.
        OSError: the file system is full or cannot be written.
    """
    finished, failures = [], []
    for spec in specs:
        try:
            unit = make_unit(spec, dataset, results, preprocess=preprocess, weights_dir=weights_dir)
            path = None if options.save_logits and not unit.has_logits else unit.finished
            done = Finished(unit, path or run_unit(unit, dataset, options), cached=path is not None)
        except (ObjectPoseError, OSError) as error:
            failures.append((spec.name, failure_sentence(error)))
        else:
            finished.append(done)
    _check_any(specs, failures)
    return Outcome(tuple(finished), tuple(failures))
