"""The main job: networks over a data set, then the finding."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import get_args

from tabulate import tabulate

from objectpose.analysis.publish import publish
from objectpose.analysis.tables import wrapped
from objectpose.classes import Classes
from objectpose.config import EvalConfig
from objectpose.datasets.dataset import Dataset
from objectpose.engine.runner import RunOptions
from objectpose.engine.session import NoNetworkError, Outcome, check_models, failure_sentence, run_session
from objectpose.engine.unit import make_unit
from objectpose.errors import ObjectPoseError
from objectpose.evidence import gate_of, is_gated, turning_conditions
from objectpose.jobs.answers import judged_answers, shown_name
from objectpose.jobs.networks import (
    WIDTH,
    failure_table,
    named_networks,
    notes_on,
    weights_folder,
    what_they_were_fed,
)
from objectpose.jobs.source import Found, Rendered, source_of
from objectpose.models import registry
from objectpose.models.spec import ModelSpec, PreprocessMode
from objectpose.progress import show_progress

_SENTENCE = 60


def run(config: EvalConfig) -> int:
    """Check everything, render, run, print and write the finding."""
    gated = is_gated(config.gate)
    show_progress(config.progress)
    options = RunOptions(config.device, config.engine.batch_size, config.save_logits, config.progress)
    models = named_networks(config.model, config.pretrained)
    results, renders = Path(config.results_dir), Path(config.renders_dir)
    weights_dir = weights_folder(config.weights_dir)
    _check_of_all(models[0], config.preprocess, weights_dir)
    source = source_of(config.dataset, config.render, renders, config.progress)
    if config.dry_run:
        return _dry_run(config, source, models)
    dataset, outcome = _outcome(config, source, models, options)
    failures = dict(outcome.failures)
    gated = gated and dataset.of_catalogue
    name = dataset.name if gated or not dataset.of_catalogue else f"{dataset.name} (no gate)"
    judged = judged_answers(outcome, dataset, name)
    published = publish(
        judged,
        image_of=dataset.image,
        results=results,
        turned=turning_conditions(dataset),
        gate=gate_of(dataset),
        coverage=dataset.coverage,
        gated=gated,
        population=dataset.population,
        classes=dataset.classes,
        untrained=[shown_name(done) for done in outcome.finished if not done.unit.spec.pretrained],
    )
    print(published.text)
    print("\n" + what_they_were_fed([done.unit.spec for done in outcome.finished], config.preprocess))
    for note in notes_on(outcome.finished):
        print(wrapped(f"Note: {note}", WIDTH))
    print("\n" + "\n".join(f"  {path}" for path in published.files))
    if failures:
        print("\n" + failure_table(failures, len(models)), file=sys.stderr)
    return 1 if failures else 0


def _check_of_all(spec: ModelSpec, mode: str, weights_dir: Path | None) -> None:
    """Raise the sentence about a word of the command that no network whatever could work with."""
    if mode not in get_args(PreprocessMode):
        registry.preparation_of(spec, mode)
    if weights_dir is not None and not weights_dir.is_dir():
        registry.locate(spec, weights_dir)


def _outcome(
    config: EvalConfig, source: Rendered | Found, models: list[ModelSpec], options: RunOptions
) -> tuple[Dataset, Outcome]:
    """Return the data set and what its networks came to, those that could not start among the failures.

    Raises:
        NoNetworkError: no network has predictions; the table of several failures is printed before.
    """
    weights_dir = weights_folder(config.weights_dir)
    failures: dict[str, str] = {}
    try:
        failures |= dict(check_models(models, config.preprocess, weights_dir, source.classes))
        dataset = source.open(config.progress)
        able = [model for model in models if model.name not in failures]
        results = Path(config.results_dir)
        outcome = run_session(able, dataset, results, options, preprocess=config.preprocess, weights_dir=weights_dir)
    except NoNetworkError as error:
        failures |= error.failures
        failures = {model.name: failures[model.name] for model in models}
        if len(models) > 1:
            print(failure_table(failures, len(models)) + "\n", file=sys.stderr)
        raise NoNetworkError(failures) from None
    return dataset, Outcome(outcome.finished, (*failures.items(), *outcome.failures))


def _dry_run(config: EvalConfig, source: Rendered | Found, models: list[ModelSpec]) -> int:
    """Print what a run would do; nothing is rendered, fetched or computed.

    Returns:
        The exit code: 1 if some network cannot be used.

    Raises:
        NoNetworkError: none can be used.
    """
    dataset = source.there()
    rows, failures = [], {}
    for model in models:
        try:
            state = _state(model, config, source.classes, dataset)
        except (ObjectPoseError, OSError) as error:
            failures[model.name] = failure_sentence(error)
            state = "cannot be used", wrapped(failures[model.name], _SENTENCE)
        rows.append([model.name, *state])
    table = tabulate(rows, headers=["network", "weights", "predictions"], disable_numparse=True)
    fed = what_they_were_fed(models, config.preprocess)
    print("\n\n".join([source.about(), table, fed, "Nothing was computed (dry_run=true)."]))
    if len(failures) == len(models):
        raise NoNetworkError(failures)
    return 1 if failures else 0


def _state(model: ModelSpec, config: EvalConfig, classes: Classes, dataset: Dataset | None) -> tuple[str, str]:
    """Return where the weights of a network are, and whether its answers are there.

    Raises:
        ObjectPoseError: the network cannot be used.
    """
    weights_dir = weights_folder(config.weights_dir)
    registry.recipe_of(model, config.preprocess, classes)
    path = registry.find(model, weights_dir)
    if path is None and model.pretrained and model.source != "own":
        return "to be fetched", "to be computed"
    where = "random" if not model.pretrained else "own" if path is None else "here"
    if dataset is None:
        return where, "to be computed"
    unit = make_unit(model, dataset, Path(config.results_dir), preprocess=config.preprocess, weights_dir=weights_dir)
    return where, "to be computed" if unit.finished is None else "stored already"
