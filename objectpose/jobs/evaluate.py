"""The main job: networks over a data set, then the finding."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
from tabulate import tabulate

from objectpose.analysis.correctness import judge
from objectpose.analysis.publish import publish
from objectpose.analysis.sensitivity import Gate
from objectpose.config import EvalConfig, dataset_spec
from objectpose.datasets.plan import count_rows
from objectpose.datasets.render import dataset_folder, is_rendered, needed_bytes, render_dataset
from objectpose.datasets.rendered import RenderedDataset
from objectpose.datasets.spec import DatasetSpec
from objectpose.engine.runner import RunOptions
from objectpose.engine.session import check_models, run_session
from objectpose.engine.unit import make_unit
from objectpose.errors import ObjectPoseError, nearest
from objectpose.models import registry
from objectpose.models.spec import ModelSpec
from objectpose.objects import admission
from objectpose.rendering.backend import RenderBackend, get_backend
from objectpose.rendering.conditions import get_condition
from objectpose.results.store import read_predictions

GATES = ("default", "none")


def run(config: EvalConfig) -> int:
    """Check everything, render, run, print and write the finding."""
    gated = _gated(config.gate)
    options = RunOptions(config.device, config.engine.batch_size, config.save_logits, config.progress)
    models = registry.resolve(config.model)
    spec = dataset_spec(config.dataset, config.render)
    backend = get_backend(config.render.backend, config.render.threads)
    results, renders = Path(config.results_dir), Path(config.renders_dir)
    weights_dir = Path(config.weights_dir) if config.weights_dir else None
    failures = dict(check_models(models, config.preprocess, weights_dir))
    if config.dry_run:
        print(_dry_run(config, spec, backend, models, failures))
        return 0
    dataset = render_dataset(spec, backend, renders, progress=config.progress)
    able = [model for model in models if model.name not in failures]
    outcome = run_session(able, dataset, results, options, preprocess=config.preprocess, weights_dir=weights_dir)
    failures |= dict(outcome.failures)
    judged = pd.concat(
        [
            judge(
                dataset.plan,
                read_predictions(done.path),
                model=done.unit.spec.name,
                preprocess=done.unit.preprocess,
                dataset=dataset.name if gated else f"{dataset.name} (no gate)",
            )
            for done in outcome.finished
        ],
        ignore_index=True,
    )
    known = [get_condition(name) for name, _ in spec.conditions]
    turned = [c.name for c in known if not c.gravity_holds and c.baseline == "upright"]
    published = publish(
        judged,
        image_of=dataset.image,
        results=results,
        turned=turned,
        gate=Gate(admission.admitting(), admission.audited(), admission.MIN_NETWORKS),
        coverage=dataset.coverage,
        gated=gated,
    )
    print(published.text)
    print("\n" + "\n".join(f"  {path}" for path in published.files))
    for name, sentence in failures.items():
        print(f"objectpose: {name} has no result: {sentence}", file=sys.stderr)
    return 1 if failures else 0


def _gated(gate: str) -> bool:
    """Return whether the finding is about admitted objects only."""
    if gate not in GATES:
        raise ObjectPoseError(f"Unknown gate '{gate}'; {nearest(gate, GATES)}.")
    return gate == "default"


def _dry_run(
    config: EvalConfig, spec: DatasetSpec, backend: RenderBackend, models: list[ModelSpec], failures: dict[str, str]
) -> str:
    folder = dataset_folder(spec, backend, Path(config.renders_dir))
    there = is_rendered(folder)
    counts = count_rows(spec)
    dataset = RenderedDataset(folder, verify=False) if there else None
    rows = []
    for model in models:
        state = failures.get(model.name, "to be computed")
        if model.name not in failures and dataset is not None:
            unit = make_unit(
                model,
                dataset,
                Path(config.results_dir),
                preprocess=config.preprocess,
                weights_dir=Path(config.weights_dir) if config.weights_dir else None,
            )
            state = "stored already" if unit.finished else state
        rows.append([model.name, sum(counts.values()), state])
    return "\n".join(
        [
            f"Data set {folder.name}: {sum(counts.values())} images of {spec.image_size_px} px, {len(spec.objects)} "
            f"objects, {needed_bytes(spec) / 1e9:.2f} GB, {'rendered already' if there else 'to be rendered'}.",
            "  " + ", ".join(f"{name} {count}" for name, count in counts.items()),
            "",
            tabulate(rows, headers=["network", "images", "predictions"]),
            "",
            "Nothing was computed (dry_run=true).",
        ]
    )
