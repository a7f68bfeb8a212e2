"""A session: several networks over one data set; what fails for one network does not stop the others."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from objectpose.classes import IMAGENET, Classes
from objectpose.datasets.dataset import Dataset
from objectpose.engine.runner import RunOptions, run_unit
from objectpose.engine.unit import Unit, make_unit
from objectpose.errors import ObjectPoseError
from objectpose.models import registry
from objectpose.models.spec import ModelSpec


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
        ObjectPoseError: none of them can run.
    """
    failures = []
    for spec in specs:
        try:
            registry.recipe_of(spec, preprocess, classes)
            registry.locate(spec, weights_dir)
        except ObjectPoseError as error:
            failures.append((spec.name, str(error)))
    if len(failures) == len(specs):
        raise ObjectPoseError(_none_can_run(failures))
    return failures


def _none_can_run(failures: list[tuple[str, str]]) -> str:
    """Return one sentence on networks none of which has an answer."""
    if len(failures) == 1:
        return failures[0][1]
    return f"None of the {len(failures)} networks can run; the first because: {failures[0][1]}"


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
        ObjectPoseError: no network has predictions.
    """
    finished, failures = [], []
    for spec in specs:
        try:
            unit = make_unit(spec, dataset, results, preprocess=preprocess, weights_dir=weights_dir)
            path = None if options.save_logits and not unit.has_logits else unit.finished
            done = Finished(unit, path or run_unit(unit, dataset, options), cached=path is not None)
        except ObjectPoseError as error:
            failures.append((spec.name, str(error)))
        else:
            finished.append(done)
    if not finished:
        raise ObjectPoseError(_none_can_run(failures))
    return Outcome(tuple(finished), tuple(failures))
