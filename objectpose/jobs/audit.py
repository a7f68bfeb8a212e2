"""How networks name the catalogue's objects upright."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
from tabulate import tabulate

from objectpose.analysis import figures
from objectpose.analysis.correctness import judge
from objectpose.config import AuditConfig
from objectpose.datasets.render import render_dataset
from objectpose.datasets.spec import DatasetSpec, resolve_objects
from objectpose.engine.runner import RunOptions
from objectpose.engine.session import run_session
from objectpose.imagenet import class_name
from objectpose.models import registry
from objectpose.objects import admission
from objectpose.objects.catalogue import split_id
from objectpose.rendering.backend import get_backend
from objectpose.rendering.conditions import parameters_of
from objectpose.results.store import read_predictions


def run(config: AuditConfig) -> int:
    """Render the gate views, ask the networks, print the table, save the picture."""
    options = RunOptions(config.device, config.engine.batch_size, progress=config.progress)
    names = config.objects if isinstance(config.objects, list) else str(config.objects)
    spec = DatasetSpec(
        name="gate",
        objects=resolve_objects(names),
        conditions=(("gate", parameters_of("gate", {"count": config.views})),),
        image_size_px=config.render.image_size,
        supersampling=config.render.supersampling,
        seed=config.seed,
    )
    models = registry.resolve(config.model)
    weights_dir = Path(config.weights_dir) if config.weights_dir else None
    backend = get_backend(config.render.backend, config.render.threads)
    dataset = render_dataset(spec, backend, Path(config.renders_dir), progress=config.progress)
    results = Path(config.results_dir)
    outcome = run_session(models, dataset, results, options, preprocess="native", weights_dir=weights_dir)
    judged = pd.concat(
        judge(
            dataset.plan,
            read_predictions(done.path),
            model=done.unit.spec.name,
            preprocess=done.unit.preprocess,
            dataset=dataset.name,
        )
        for done in outcome.finished
    )
    rows = _admissions(judged)
    print(_table(rows, judged, spec.objects))
    views = [i for o in spec.objects for i in dataset.plan.loc[dataset.plan["object_id"] == o, "image_id"].iloc[:1]]
    picture = results / "figures" / "audit"
    sheet = figures.contact_sheet(
        [dataset.image(i) for i in views], [split_id(o)[0].name for o in spec.objects], columns=6
    )
    figures.save(sheet, picture)
    print(f"\nOne view of each object: {picture}.png")
    if config.save:
        admission.write(rows, Path(config.save))
        print(f"Admission table: {config.save}")
    for name, sentence in outcome.failures:
        print(f"objectpose: {name}: {sentence}", file=sys.stderr)
    return 1 if outcome.failures else 0


def _admissions(judged: pd.DataFrame) -> list[admission.Admission]:
    groups = judged.groupby(["object_id", "model"], sort=True)
    return [
        admission.Admission(str(o), str(m), len(g), float(100 * g["correct"].mean()), float(100 * g["correct5"].mean()))
        for (o, m), g in groups
    ]


def _table(rows: list[admission.Admission], judged: pd.DataFrame, objects: tuple[str, ...]) -> str:
    models = list(dict.fromkeys(judged["model"]))
    of = {(row.object_id, row.model): row for row in rows}
    lines = []
    for object_id in objects:
        mine = [of[object_id, model] for model in models]
        wrong = judged[(judged["object_id"] == object_id) & ~judged["correct"].astype(bool)]
        taken = wrong["answer"].value_counts()
        lines.append(
            [
                object_id,
                *(f"{row.top1:.0f} / {row.top5:.0f}" for row in mine),
                "yes" if admission.admits(mine) else "no",
                f"{class_name(int(taken.index[0]))} ({taken.iloc[0]})" if len(taken) else "",
            ]
        )
    means = [judged.loc[judged["model"] == m, ["correct", "correct5"]].mean() * 100 for m in models]
    lines.append(["mean", *(f"{m['correct']:.1f} / {m['correct5']:.1f}" for m in means), "", ""])
    note = (
        f"\nTop-1 / top-5 in percent of {len(judged) // len(models) // len(objects)} gate views an object; admitted: "
        f"at least {admission.MIN_NETWORKS} networks right on at least {admission.MIN_TOP1_PERCENT:.0f} %."
    )
    return tabulate(lines, headers=["object", *models, "admitted", "most often taken for"]) + note
