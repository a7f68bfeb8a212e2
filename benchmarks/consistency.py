"""Speed of the error consistency of many observers with its intervals, and how often those hold the truth.

    python benchmarks/consistency.py [--observers 47] [--images 27540] [--classes 17] [--replicates 2000]
    python benchmarks/consistency.py --coverage [--repeats 1000]

Speed: random answers with a class effect; kappa of every pair with overlaps, bounds and 95 % interval over classes,
best of three runs. The peer is scikit-learn's ``cohen_kappa_score`` called pair by pair on the same answers in the same
run; it gives kappa alone. Where the pairs take long, a part of them is timed and scaled up, which the output says.

Coverage: a process draws each class's and each picture's difficulty, two observers share a part of both; the true kappa
is that of 40,000 classes. 12 pictures a class. ``spread``: classes differ much; ``ceiling``: 15 % of the classes hard,
the others nearly always right; ``interaction``: each observer has hard classes of its own.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score
from tabulate import tabulate

from objectpose.analysis.consistency import kappa, kappa_matrix, kappa_pairs

Floats = NDArray[np.float64]
PEER_PAIRS = 120
PICTURES = 12


def seconds(call: Callable[[], object], repeats: int = 3) -> float:
    """Return the fastest of several calls."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def random_answers(images: int, observers: int, classes: int, seed: int = 0) -> tuple[Floats, NDArray[np.str_]]:
    """Return images x observers of 0 and 1, and the class of each image."""
    rng = np.random.default_rng(seed)
    code = np.arange(images) % classes
    level = rng.normal(0.3, 1.0, classes)[code][:, None] + rng.normal(0.0, 0.7, (images, 1))
    right = level + rng.normal(0.0, 0.7, (images, observers)) > 0
    return right.astype(np.float64), code.astype(str)


def speed(observers: int, images: int, classes: int, replicates: int) -> dict[str, object]:
    """Return times in seconds and ratios to scikit-learn."""
    answers, names_of_class = random_answers(images, observers, classes)
    names = [f"network {number}" for number in range(observers)]
    whole = seconds(lambda: kappa_pairs(answers, names, names_of_class, replicates=replicates))
    matrix = seconds(lambda: kappa_matrix(answers, names))
    pairs = [(a, b) for a in range(observers) for b in range(a + 1, observers)]
    timed = pairs[:: max(1, len(pairs) // PEER_PAIRS)]
    labels = answers.astype(int)
    peer = seconds(lambda: [cohen_kappa_score(labels[:, a], labels[:, b]) for a, b in timed], 1)
    peer *= len(pairs) / len(timed)
    return {
        "machine": platform.machine(),
        "observers": observers,
        "images": images,
        "classes": classes,
        "replicates": replicates,
        "pairs_with_intervals_s": round(whole, 2),
        "matrix_alone_s": round(matrix, 3),
        "sklearn_kappa_alone_s": round(peer, 2),
        "sklearn_pairs_timed": f"{len(timed)} of {len(pairs)}",
        "sklearn_over_matrix": round(peer / matrix, 1),
        "sklearn_over_pairs_with_intervals": round(peer / whole, 1),
    }


def process(name: str, rng: np.random.Generator, classes: int, pictures: int = PICTURES) -> Floats:
    """Return classes * pictures x 2 answers of two observers."""
    hard = rng.random(classes) < 0.15
    mean = {
        "spread": rng.normal(0.3, 1.2, classes),
        "ceiling": np.where(hard, rng.normal(0.6, 0.3, classes), rng.normal(2.2, 0.3, classes)),
        "interaction": rng.normal(0.3, 0.5, classes),
    }[name]
    own = 1.2 if name == "interaction" else 0.3
    shared = rng.normal(0.0, 0.7, (classes, pictures))
    return np.stack(
        [
            (
                (mean + rng.normal(0.0, own, classes))[:, None] + shared + rng.normal(0.0, 0.7, (classes, pictures)) > 0
            ).ravel()
            for _ in range(2)
        ],
        axis=1,
    ).astype(np.float64)


def coverage(name: str, classes: int, *, repeats: int = 1000, seed: int = 0) -> dict[str, float]:
    """Return in percent how often the interval of kappa holds the truth, and is missing, and its mean width."""
    big = process(name, np.random.default_rng(1), 40_000)
    truth = kappa(big[:, 0], big[:, 1]).kappa
    rng = np.random.default_rng(seed)
    code = np.repeat(np.arange(classes), PICTURES).astype(str)
    held, widths = [], []
    for _ in range(repeats):
        row = kappa_pairs(process(name, rng, classes), ["a", "b"], code).iloc[0]
        if np.isfinite(row["kappa_lo"]):
            held.append(row["kappa_lo"] <= truth <= row["kappa_hi"])
            widths.append(row["kappa_hi"] - row["kappa_lo"])
    return {
        "true kappa": truth,
        "mean accuracy, %": 100 * float(big.mean()),
        "held, %": 100 * float(np.mean(held)),
        "no interval, %": 100 * (1 - len(held) / repeats),
        "width": float(np.mean(widths)),
    }


def main() -> None:
    """Print times as one JSON object, or the table of coverages."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--observers", type=int, default=47)
    parser.add_argument("--images", type=int, default=27_540)
    parser.add_argument("--classes", type=int, default=17)
    parser.add_argument("--replicates", type=int, default=2000)
    parser.add_argument("--coverage", action="store_true", help="simulate the intervals instead")
    parser.add_argument("--repeats", type=int, default=1000)
    given = parser.parse_args()
    if given.coverage:
        rows = [
            {"process": name, "classes": classes} | coverage(name, classes, repeats=given.repeats)
            for name in ("spread", "ceiling", "interaction")
            for classes in (5, 17, 60)
        ]
        print(tabulate(rows, headers="keys", floatfmt=".2f"))
        return
    print(json.dumps(speed(given.observers, given.images, given.classes, given.replicates), indent=2))


if __name__ == "__main__":
    main()
