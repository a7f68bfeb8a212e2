"""How networks name the catalogue's objects upright, a picture of them all, and the objects as files."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from tabulate import tabulate
from tqdm import tqdm

from objectpose.analysis import figures
from objectpose.analysis.tables import counted, wrapped
from objectpose.config import AuditConfig
from objectpose.datasets.render import render_dataset
from objectpose.datasets.rendered import RenderedDataset
from objectpose.datasets.spec import DatasetSpec, resolve_objects
from objectpose.engine.runner import RunOptions
from objectpose.engine.session import run_session
from objectpose.errors import ObjectPoseError
from objectpose.imagenet import class_name
from objectpose.jobs.answers import judged_answers
from objectpose.jobs.networks import failure_table, named_networks, weights_folder
from objectpose.jobs.source import backend_of
from objectpose.objects import admission
from objectpose.objects.admission import Admission
from objectpose.objects.catalogue import build, entry_of, split_id
from objectpose.objects.exchange import export, write_labels
from objectpose.progress import show_progress
from objectpose.rendering.conditions import parameters_of

GALLERY_PX = 192
GALLERY_COLUMNS = 5
GALLERY_CELL_IN = 2.7
WIDTH = 100


def run(config: AuditConfig) -> int:
    """Export if that is asked for; else render the gate views, ask the networks, print the tables, save the gallery."""
    names = config.objects if isinstance(config.objects, list) else str(config.objects)
    objects = resolve_objects(names)
    if config.export is not None:
        return _export(objects, _folder(config), config.progress)
    table = None if config.save is None else _table_path(config.save)
    options = RunOptions(config.device, config.engine.batch_size, progress=config.progress)
    spec = DatasetSpec(
        name="gate",
        objects=objects,
        conditions=(("gate", parameters_of("gate", {"count": config.views})),),
        image_size_px=config.render.image_size,
        supersampling=config.render.supersampling,
        seed=config.seed,
    )
    models = named_networks(config.model)
    show_progress(config.progress)
    weights_dir = weights_folder(config.weights_dir)
    backend = backend_of(config.render)
    dataset = render_dataset(spec, backend, Path(config.renders_dir), progress=config.progress)
    results = Path(config.results_dir)
    outcome = run_session(models, dataset, results, options, preprocess="native", weights_dir=weights_dir)
    judged = judged_answers(outcome, dataset)
    rows = _admissions(judged)
    print(_report(rows, judged, objects))
    straight = (("upright", parameters_of("upright", {"count": 1})),)
    spec = replace(spec, name="gallery", conditions=straight, image_size_px=GALLERY_PX)
    gallery = render_dataset(spec, backend, Path(config.renders_dir), progress=config.progress)
    picture, _ = _save_gallery(gallery, results / "figures" / "gallery")
    print(f"\nEvery object in its canonical view: {picture}")
    if table is not None:
        meshes = {object_id: build(object_id).digest()[:16] for object_id in {row.object_id for row in rows}}
        admission.update([replace(row, mesh=meshes[row.object_id]) for row in rows], table)
        print(f"Admission table: {table}")
    if outcome.failures:
        print("\n" + failure_table(dict(outcome.failures), len(models)), file=sys.stderr)
    return 1 if outcome.failures else 0


def _folder(config: AuditConfig) -> Path:
    """Return the folder to export to, checked before any work."""
    if config.save is not None:
        raise ObjectPoseError("Both export= and save= are given; export asks no network, so give one of them.")
    folder = Path(config.export or "")
    if not config.export or (folder.exists() and not folder.is_dir()):
        raise ObjectPoseError(f"export is '{config.export}', expected a folder (it is made if needed); name one.")
    return folder


def _table_path(save: str) -> Path:
    """Return the file of the admission table, checked before any work."""
    path = Path(save)
    if not save or path.is_dir() or not path.parent.is_dir():
        raise ObjectPoseError(f"save is '{save}', expected a csv file in a folder that exists; name one.")
    return path


def _export(objects: tuple[str, ...], folder: Path, progress: bool) -> int:
    """Write every object as GLB and as OBJ with MTL and PNG."""
    for object_id in tqdm(objects, desc="export", unit="object", disable=not progress, dynamic_ncols=True):
        export(build(object_id), folder, object_id.replace("/", "."))
    write_labels([entry_of(object_id) for object_id in objects], folder)
    written = counted(len(objects), "object")
    print(f"{written} as GLB and OBJ with MTL and PNG, in metres, +y up, +z the front: {folder}")
    print(f"They read back with python -m objectpose.eval dataset=custom dataset.meshes={folder}")
    return 0


def _admissions(judged: pd.DataFrame) -> list[Admission]:
    """Return a row, its mesh left open, for each object and network; none where a network lacks the class."""
    asked = judged[judged["correct"].notna()]
    flags = asked.assign(top1=100.0 * asked["correct"].astype(float), top5=100.0 * asked["correct5"].astype(float))
    return [
        Admission(str(o), "", str(m), len(g), float(g["top1"].mean()), float(g["top5"].mean()))
        for (o, m), g in flags.groupby(["object_id", "model"], sort=True)
    ]


def _mean(rows: Iterable[Admission]) -> float:
    values = [row.top1 for row in rows]
    return float(np.mean(values)) if values else float("nan")


def _report(rows: list[Admission], judged: pd.DataFrame, objects: tuple[str, ...]) -> str:
    """Return the table of classes, what failing objects were taken for, and the counts."""
    models = list(dict.fromkeys(judged["model"]))
    by_object: dict[str, list[Admission]] = {o: [row for row in rows if row.object_id == o] for o in objects}
    admitted = {o for o in objects if admission.admits(by_object[o])}
    decides = len(models) >= admission.MIN_NETWORKS
    classes: dict[str, list[str]] = {}
    for object_id in objects:
        classes.setdefault(split_id(object_id)[0].name, []).append(object_id)
    lines = []
    for name, own in classes.items():
        means = [_mean(row for o in own for row in by_object[o] if row.model == model) for model in models]
        lowest, weakest = min((_mean(by_object[o]), o) for o in own)
        passed = [f"{len(admitted & set(own))} of {len(own)}"] if decides else []
        low = f"{weakest} {lowest:.0f}" if lowest < 100 else ""
        taken = _taken_for(judged[judged["class_name"] == name], 1)
        lines.append([name, *passed, *("-" if np.isnan(mean) else f"{mean:.0f}" for mean in means), low, taken])
    blank = [""] if decides else []
    for label, column in (("all, top-1", "correct"), ("all, top-5", "correct5")):
        shares = [judged.loc[judged["model"] == m, column].dropna().astype(float).mean() * 100 for m in models]
        lines.append([label, *blank, *(f"{share:.1f}" for share in shares), "", ""])
    numbers = [str(place + 1) for place in range(len(models))]
    header = ["class", *(["admitted"] if decides else []), *numbers, "weakest", "most often taken for"]
    key = ", ".join(f"{number} {model}" for number, model in zip(numbers, models, strict=True))
    blocks = [tabulate(lines, headers=header, disable_numparse=True)]
    failing = [o for o in objects if o not in admitted] if decides else []
    if failing:
        table = [
            [o, " / ".join(f"{row.top1:.0f}" for row in by_object[o]), _taken_for(judged[judged["object_id"] == o], 3)]
            for o in failing
        ]
        blocks.append(tabulate(table, headers=["not admitted", "top-1, %", "taken for (of its errors)"]))
    views = len(judged) // len(models) // len(objects)
    reading = f"Top-1 in percent of {counted(views, 'gate view')} an object by {key}."
    if decides:
        per_class = [len(admitted & set(own)) for own in classes.values()]
        reading += (
            f" Admitted: {len(admitted)} of {counted(len(objects), 'object')}; "
            f"{sum(count > 2 for count in per_class)} of {counted(len(classes), 'class', 'classes')} with three or "
            f"more. The rule: at least {admission.MIN_NETWORKS} networks are right on at least "
            f"{admission.MIN_TOP1_PERCENT:.0f} % of an object's views."
        )
    else:
        reading += f" Whether an object is admitted takes at least {admission.MIN_NETWORKS} networks; name more."
    return "\n\n".join([*blocks, wrapped(reading, WIDTH)])


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
    classes, objects = counted(len(strips), "class", "classes"), counted(len(gallery.plan), "object")
    caption = f"{classes}, {objects}, each in its class's canonical view."
    sheet = figures.contact_sheet(padded, labels, GALLERY_COLUMNS, caption=caption, cell_in=GALLERY_CELL_IN)
    return figures.save(sheet, path)
