"""Runs units on this machine: batches of a data set through a network, rows into the store."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from objectpose.datasets.dataset import Dataset
from objectpose.device import pick_device
from objectpose.engine.unit import Unit
from objectpose.errors import ObjectPoseError
from objectpose.models import registry
from objectpose.models.classifier import Classifier
from objectpose.results.provenance import SCHEMA_VERSION, package_versions, source_revision
from objectpose.results.rows import prediction_table


@dataclass(frozen=True)
class RunOptions:
    """How units are run; nothing here is meant to change an answer.

    Attributes:
        device: ``auto``, ``cpu``, ``cuda`` or ``cuda:N``.
        batch_size: images a step, >= 1.
        save_logits: store all logits.
        progress: show a progress bar on stderr.
    """

    device: str = "auto"
    batch_size: int = 64
    save_logits: bool = False
    progress: bool = True

    def __post_init__(self) -> None:
        if self.batch_size < 1:
            raise ObjectPoseError(f"engine.batch_size is {self.batch_size}; expected a whole number >= 1.")
        pick_device(self.device)


def prepared_batches(
    dataset: Dataset, classifier: Classifier, batch_size: int, ahead: bool
) -> Iterator[tuple[int, torch.Tensor]]:
    """Yield (first row, what the network's ``prepare`` gives), with one thread a processor.

    Args:
        dataset: whose images are read in the plan's order.
        classifier: whose preprocessing is applied.
        batch_size: images a step.
        ahead: prepare the next batch while the caller works on this one: right for a GPU; on a CPU the network
            needs the same processors, and waiting threads cost it more than the overlap brings.
    """
    starts = range(0, len(dataset), batch_size)
    threads = len(os.sched_getaffinity(0))

    def prepare(start: int) -> torch.Tensor:
        return classifier.prepare(dataset.images(start, start + batch_size), threads)

    with ThreadPoolExecutor(1) as reader:
        pending = reader.submit(prepare, starts[0]) if ahead else None
        for number, start in enumerate(starts):
            batch = pending.result() if pending is not None else prepare(start)
            if ahead and number + 1 < len(starts):
                pending = reader.submit(prepare, starts[number + 1])
            yield start, batch


def compute_logits(
    dataset: Dataset, classifier: Classifier, device: torch.device, batch_size: int, bar: Any = None
) -> NDArray[np.float32]:
    """Return float32 N x A logits of the classes that the network can answer, for every image of the plan in order.

    Raises:
        ObjectPoseError: a logit is not finite.
    """
    parts: list[NDArray[np.float32]] = []
    for start, images in prepared_batches(dataset, classifier, batch_size, device.type != "cpu"):
        logits = classifier.forward(images).cpu().numpy()
        if not np.isfinite(logits).all():
            bad = dataset.plan["image_id"].iat[start + int(np.flatnonzero(~np.isfinite(logits).all(axis=1))[0])]
            raise ObjectPoseError(f"{classifier.spec.name} gives a logit that is not finite for image {bad}.")
        parts.append(classifier.outputs.apply(logits))
        if bar is not None:
            bar.update(len(logits))
    return np.concatenate(parts)


def unanswerable(dataset: Dataset, classifier: Classifier) -> list[str]:
    """Return the names of the plan's classes that the network has no output for.

    Raises:
        ObjectPoseError: it has one for none of them.
    """
    known = set(classifier.outputs.answers.tolist())
    rows = dataset.plan[["class_name", "targets"]]
    lacking = {str(name) for name, targets in rows.itertuples(index=False) if known.isdisjoint(targets)}
    answered = {str(name) for name, targets in rows.itertuples(index=False) if not known.isdisjoint(targets)}
    if not answered:
        raise ObjectPoseError(
            f"{classifier.spec.name} has no output for any of the {len(lacking)} classes of {dataset.name} (such as "
            f"{', '.join(sorted(lacking)[:3])}); give it labels or classes that name them."
        )
    return sorted(lacking - answered)


def run_unit(unit: Unit, dataset: Dataset, options: RunOptions) -> Path:
    """Compute one unit and store it whole; return its predictions file.

    Raises:
        ObjectPoseError: the weights cannot be used, or the network answers nonsense.
    """
    device = pick_device(options.device)
    start = datetime.now(UTC)
    classifier = registry.load(unit.spec, unit.weights, preprocess=unit.mode, device=device, classes=dataset.classes)
    lacking = unanswerable(dataset, classifier)
    loaded = datetime.now(UTC)
    bar = tqdm(total=len(dataset), desc=unit.spec.name, unit="img", disable=not options.progress, dynamic_ncols=True)
    with bar:
        logits = compute_logits(dataset, classifier, device, options.batch_size, bar)
    end = datetime.now(UTC)
    table = prediction_table(
        dataset.plan["image_id"].tolist(),
        logits,
        dataset.plan["targets"].tolist(),
        [None if t is None else list(t) for t in dataset.plan["alt_targets"]],
        answers=classifier.outputs.answers,
        save_logits=options.save_logits,
    )
    provenance = {
        "schema_version": SCHEMA_VERSION,
        "model": unit.spec.name,
        "identifier": unit.spec.identifier,
        "source": unit.spec.source,
        "pretrained": unit.spec.pretrained,
        "weights": {
            "file": unit.weights.path.name if unit.weights.path is not None else None,
            "sha256": unit.weights.sha256,
            "cacheable": unit.weights.cacheable,
        },
        "preprocess": unit.preprocess,
        "preparation": classifier.preparation.words,
        "outputs": classifier.num_outputs,
        "answers": len(classifier.outputs.answers),
        "asked": len(dataset.classes),
        "classes": dataset.classes.title,
        "class_names": list(dataset.classes.names),
        "unanswerable": lacking,
        "ignored_outputs": len(classifier.outputs.ignored),
        "ignored": list(classifier.outputs.ignored[:4]),
        "recipe": unit.recipe,
        "batch_size": options.batch_size,
        "device": torch.cuda.get_device_name(device) if device.type == "cuda" else "cpu",
        "dataset": dataset.name,
        "label_hash": unit.label_hash,
        "rows": table.num_rows,
        "packages": package_versions(),
        "code": source_revision(),
        "start": start.isoformat(timespec="seconds"),
        "end": end.isoformat(timespec="seconds"),
        "images_per_second": round(len(dataset) / max(1e-9, (end - loaded).total_seconds()), 1),
    }
    return unit.store.write(unit.spec.name, unit.key, table, provenance)
