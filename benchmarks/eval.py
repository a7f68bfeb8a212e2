"""The evaluation loop against the bare forward pass of the same network, in turn, in one run.

    python benchmarks/eval.py

Method: EfficientNet-Lite0 on a data set of 192 pictures of 320 px that is rendered first. The loop does all that
``objectpose.eval`` does for a unit: reading from the shards, resize, crop, normalisation, forward, softmax, top five
and the table. The bare forward takes batches of the same size that already are normalised tensors, without keeping
the answers. After one warm-up of each the two take turns; the ratio loop / bare of the rates is taken pair by pair
and the median is quoted.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import tempfile
import time
from pathlib import Path

import torch

from objectpose.datasets.render import render_dataset
from objectpose.datasets.spec import DatasetSpec
from objectpose.engine.runner import RunOptions, compute_logits
from objectpose.models import registry
from objectpose.models.preprocess import geometry, normalise
from objectpose.rendering.conditions import parameters_of
from objectpose.rendering.cpu import CpuBackend
from objectpose.results.rows import prediction_table


def main() -> None:
    """Run the comparison and print one JSON object."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", default="efficientnet_lite0")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--batch-size", type=int, default=RunOptions().batch_size)
    arguments = parser.parse_args()
    conditions = tuple(
        (n, parameters_of(n, {"step_deg": 10} if n == "upright" else {"count": 185})) for n in ("upright", "so3")
    )
    spec = DatasetSpec("bench", ("table_lamp/0",), conditions)
    device = torch.device("cpu")
    (model,) = registry.resolve(arguments.model)
    classifier = registry.load(model, registry.locate(model), device=device)
    with tempfile.TemporaryDirectory() as folder:
        dataset = render_dataset(spec, CpuBackend(), Path(folder), progress=False)
        images = geometry(dataset.images(0, len(dataset)), classifier.preprocess)
        tensors = [
            normalise(torch.from_numpy(images[i : i + arguments.batch_size]), classifier.preprocess)
            for i in range(0, len(images), arguments.batch_size)
        ]

        def bare() -> None:
            with torch.inference_mode():
                for tensor in tensors:
                    classifier.module(tensor)

        def loop() -> None:
            logits = compute_logits(dataset, classifier, device, arguments.batch_size)
            prediction_table(dataset.plan["image_id"].tolist(), logits, dataset.plan["targets"].tolist())

        rates: dict[str, list[float]] = {"bare_forward": [], "loop": []}
        for turn in range(arguments.rounds + 1):
            for name, run in (("bare_forward", bare), ("loop", loop)):
                start = time.perf_counter()
                run()
                if turn:  # the first turn warms up
                    rates[name].append(len(dataset) / (time.perf_counter() - start))
    ratios = [a / b for a, b in zip(rates["loop"], rates["bare_forward"], strict=True)]
    result = {
        "model": model.name,
        "images": len(images),
        "batch_size": arguments.batch_size,
        "processors": len(os.sched_getaffinity(0)),
        "machine": platform.processor() or platform.machine(),
        "torch_threads": torch.get_num_threads(),
        "images_per_second_median": {k: round(statistics.median(v), 1) for k, v in rates.items()},
        "ratio_median": round(statistics.median(ratios), 3),
        "ratio_min_max": [round(min(ratios), 3), round(max(ratios), 3)],
    }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
