"""How networks name the catalogue's objects upright, a picture of them all, and the objects as files."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from tabulate import tabulate
from tqdm import tqdm

from objectpose.analysis import figures
from objectpose.analysis.correctness import judge
from objectpose.analysis.tables import wrapped
from objectpose.config import AuditConfig
from objectpose.datasets.render import render_dataset
from objectpose.datasets.rendered import RenderedDataset
from objectpose.datasets.spec import DatasetSpec, resolve_objects
from objectpose.engine.runner import RunOptions
from objectpose.engine.session import run_session
from objectpose.imagenet import class_name
from objectpose.models import registry
from objectpose.objects import admission
from objectpose.objects.admission import Admission
from objectpose.objects.catalogue import build, split_id
from objectpose.objects.exchange import export
from objectpose.rendering.backend import get_backend
from objectpose.rendering.conditions import parameters_of
from objectpose.results.store import read_predictions

GALLERY_PX = 192
GALLERY_COLUMNS = 5
GALLERY_CELL_IN = 2.7
WIDTH = 100


def run(config: AuditConfig) -> int:
    """Export if that is asked for; else render the gate views, ask the networks, print the tables, save the gallery."""
    names = config.objects if isinstance(config.objects, list) else str(config.objects)
    objects = resolve_objects(names)
    if config.export is not None:
        return _export(objects, Path(config.export), config.progress)
    options = RunOptions(config.device, config.engine.batch_size, progress=config.progress)
    spec = DatasetSpec(
        name="gate",
        objects=objects,
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
    print(_report(rows, judged, objects))
    straight = (("upright", parameters_of("upright", {"count": 1})),)
    spec = replace(spec, name="gallery", conditions=straight, image_size_px=GALLERY_PX)
    gallery = render_dataset(spec, backend, Path(config.renders_dir), progress=config.progress)
    picture, _ = _save_gallery(gallery, results / "figures" / "gallery")
    print(f"\nEvery object in its canonical view: {picture}")
    if config.save:
        admission.write(rows, Path(config.save))
        print(f"Admission table: {config.save}")
    for name, sentence in outcome.failures:
        print(f"objectpose: {name}: {sentence}", file=sys.stderr)
    return 1 if outcome.failures else 0


def _export(objects: tuple[str, ...], folder: Path, progress: bool) -> int:
    """Write every object as GLB and as OBJ with MTL and PNG."""
    for object_id in tqdm(objects, desc="export", unit="object", disable=not progress, dynamic_ncols=True):
        export(build(object_id), folder, object_id.replace("/", "."))
    print(f"{len(objects)} objects as GLB and OBJ with MTL and PNG, in metres, +y up, +z the front: {folder}")
    return 0


def _admissions(judged: pd.DataFrame) -> list[Admission]:
    groups = judged.groupby(["object_id", "model"], sort=True)
    return [
        Admission(str(o), str(m), len(g), float(100 * g["correct"].mean()), float(100 * g["correct5"].mean()))
        for (o, m), g in groups
    ]


def _report(rows: list[Admission], judged: pd.DataFrame, objects: tuple[str, ...]) -> str:
    """Return the table of classes, what failing objects were taken for, and the counts."""
    models = list(dict.fromkeys(judged["model"]))
    by_object: dict[str, list[Admission]] = {o: [] for o in objects}
    for row in rows:
        by_object[row.object_id].append(row)
    admitted = {o for o in objects if admission.admits(by_object[o])}
    classes: dict[str, list[str]] = {}
    for object_id in objects:
        classes.setdefault(split_id(object_id)[0].name, []).append(object_id)
    lines = []
    for name, own in classes.items():
        means = [np.mean([r.top1 for o in own for r in by_object[o] if r.model == model]) for model in models]
        weakest = min(own, key=lambda o: np.mean([r.top1 for r in by_object[o]]))
        lowest = np.mean([r.top1 for r in by_object[weakest]])
        taken = _taken_for(judged[judged["class_name"] == name], 1)
        passed = f"{len(admitted & set(own))} of {len(own)}"
        lines.append(
            [name, passed, *(f"{m:.0f}" for m in means), f"{weakest} {lowest:.0f}" if lowest < 100 else "", taken]
        )
    totals = [judged.loc[judged["model"] == m, ["correct", "correct5"]].astype(float).mean() * 100 for m in models]
    lines.append(["mean of objects", "", *(f"{t['correct']:.1f}" for t in totals), "", ""])
    lines.append(["top-5", "", *(f"{t['correct5']:.1f}" for t in totals), "", ""])
    short = [model.replace("_", "_\n") for model in models]
    blocks = [tabulate(lines, headers=["class", "admitted", *short, "weakest", "most often taken for"])]
    failing = [o for o in objects if o not in admitted]
    if failing:
        table = [
            [
                o,
                " / ".join(f"{r.top1:.0f}" for m in models for r in by_object[o] if r.model == m),
                _taken_for(judged[judged["object_id"] == o], 3),
            ]
            for o in failing
        ]
        blocks.append(tabulate(table, headers=["not admitted", "top-1, %", "taken for (of its errors)"]))
    per_class = [len(admitted & set(own)) for own in classes.values()]
    views = len(judged) // len(models) // len(objects)
    reading = (
        f"Top-1 in percent of {views} gate views an object. Admitted: {len(admitted)} of {len(objects)} objects; "
        f"{sum(count > 0 for count in per_class)} of {len(classes)} classes have one, "
        f"{sum(count > 2 for count in per_class)} have three or more. The rule: at least {admission.MIN_NETWORKS} "
        f"networks are right on at least {admission.MIN_TOP1_PERCENT:.0f} % of an object's views."
    )
    blocks.append(wrapped(reading, WIDTH))
    return "\n\n".join(blocks)


def _taken_for(judged: pd.DataFrame, most: int) -> str:
    """Return the most frequent wrong answers, each with its share of all wrong ones."""
    wrong = judged.loc[~judged["correct"].fillna(True).astype(bool), "answer"]
    shares = wrong.astype(int).value_counts(normalize=True).head(most)
    names = [class_name(int(answer)) for answer in shares.index.to_numpy()]
    return ", ".join(f"{name} ({100 * share:.0f} %)" for name, share in zip(names, shares, strict=True))


def _save_gallery(gallery: RenderedDataset, path: Path) -> tuple[Path, Path]:
    """Save a sheet with one strip a class: its instances beside each other."""
    strips, labels = [], []
    for name, rows in gallery.plan.groupby("class_name", sort=False):
        strips.append(np.concatenate([gallery.image(i) for i in rows["image_id"]], axis=1))
        labels.append(str(name).replace("_", " "))
    widest = max(strip.shape[1] for strip in strips)
    blank = strips[0][:1, :1]
    padded = [np.concatenate([s, np.broadcast_to(blank, (len(s), widest - s.shape[1], 3))], axis=1) for s in strips]
    caption = f"{len(strips)} classes, {len(gallery.plan)} objects, each in its class's canonical view."
    sheet = figures.contact_sheet(padded, labels, GALLERY_COLUMNS, caption=caption, cell_in=GALLERY_CELL_IN)
    return figures.save(sheet, path)
