"""The main job: networks over a data set, then the finding."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
from tabulate import tabulate

from objectpose.analysis.publish import publish
from objectpose.analysis.sensitivity import Gate
from objectpose.analysis.tables import wrapped
from objectpose.classes import Classes
from objectpose.config import EvalConfig
from objectpose.datasets.dataset import Dataset
from objectpose.engine.runner import RunOptions
from objectpose.engine.session import check_models, run_session
from objectpose.engine.unit import make_unit
from objectpose.errors import ObjectPoseError, nearest
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
from objectpose.models.spec import ModelSpec
from objectpose.objects import admission
from objectpose.progress import show_progress
from objectpose.rendering.conditions import CONDITIONS

GATES = ("default", "none")
_SENTENCE = 60


def run(config: EvalConfig) -> int:
    """Check everything, render, run, print and write the finding."""
    gated = _gated(config.gate)
    show_progress(config.progress)
    options = RunOptions(config.device, config.engine.batch_size, config.save_logits, config.progress)
    models = named_networks(config.model, config.pretrained)
    results, renders = Path(config.results_dir), Path(config.renders_dir)
    source = source_of(config.dataset, config.render, renders, config.progress)
    weights_dir = weights_folder(config.weights_dir)
    if config.dry_run:
        print(_dry_run(config, source, models))
        return 0
    failures = dict(check_models(models, config.preprocess, weights_dir, source.classes))
    dataset = source.open(config.progress)
    able = [model for model in models if model.name not in failures]
    outcome = run_session(able, dataset, results, options, preprocess=config.preprocess, weights_dir=weights_dir)
    failures |= dict(outcome.failures)
    gated = gated and source.of_catalogue
    name = dataset.name if gated or not source.of_catalogue else f"{dataset.name} (no gate)"
    judged = judged_answers(outcome, dataset, name)
    published = publish(
        judged,
        image_of=dataset.image,
        results=results,
        turned=_turned(dataset.plan, source),
        gate=Gate(admission.admitting(), admission.audited(), admission.MIN_NETWORKS) if source.of_catalogue else None,
        coverage=dataset.coverage,
        gated=gated,
        population=source.population,
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


def _gated(gate: str) -> bool:
    """Return whether the finding is about admitted objects only."""
    if gate not in GATES:
        raise ObjectPoseError(f"Unknown gate '{gate}'; {nearest(gate, GATES)}.")
    return gate == "default"


def _turned(plan: pd.DataFrame, source: Rendered | Found) -> list[str]:
    """Return the conditions that take things out of their upright position and are compared with upright views."""
    pairs = plan[["condition", "baseline"]].drop_duplicates()
    return [
        str(name)
        for name, baseline in pairs.itertuples(index=False)
        if name in CONDITIONS and not source.keeps_upright(str(name)) and CONDITIONS[baseline].baseline == baseline
    ]


def _dry_run(config: EvalConfig, source: Rendered | Found, models: list[ModelSpec]) -> str:
    """Return what a run would do; nothing is rendered, fetched or computed."""
    dataset = source.there()
    rows = [[model.name, *_state(model, config, source.classes, dataset)] for model in models]
    return "\n".join(
        [
            source.about(),
            "",
            tabulate(rows, headers=["network", "weights", "predictions"], disable_numparse=True),
            "",
            what_they_were_fed(models, config.preprocess),
            "",
            "Nothing was computed (dry_run=true).",
        ]
    )


def _state(model: ModelSpec, config: EvalConfig, classes: Classes, dataset: Dataset | None) -> tuple[str, str]:
    """Return where the weights of a network are, and whether its answers are there."""
    weights_dir = weights_folder(config.weights_dir)
    try:
        registry.recipe_of(model, config.preprocess, classes)
        path = registry.find(model, weights_dir)
        if path is None and model.pretrained and model.source != "own":
            return "to be fetched", "to be computed"
        where = "random" if not model.pretrained else "own" if path is None else "here"
        if dataset is None:
            return where, "to be computed"
        unit = make_unit(
            model, dataset, Path(config.results_dir), preprocess=config.preprocess, weights_dir=weights_dir
        )
        return where, "to be computed" if unit.finished is None else "stored already"
    except ObjectPoseError as error:
        return "cannot be used", wrapped(str(error), _SENTENCE)
