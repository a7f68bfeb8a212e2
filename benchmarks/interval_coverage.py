"""How often the intervals of ``objectpose.analysis.statistics`` hold the truth, by simulation.

    python benchmarks/interval_coverage.py [--repeats 2000] [--images 12]

Method: a process draws each class's true accuracy upright and turned, images are binomial draws from it, and the
interval is asked whether it holds the process's own mean (over infinitely many classes). 95 % is nominal; the
simulation's own error at 2,000 repeats is +-1 point. Processes:

- ``spread``: accuracies spread wide, upright Beta(6, 2), turned a Beta(2, 2) share of it.
- ``ceiling``: upright near the ceiling, 15 % of the classes at .6-.85 and the rest at .95-1; turned Beta(2, 3) of it.
- ``both at ceiling``: turned drawn like upright and independently of it.
- ``interaction``: a strong class x condition interaction: which classes suffer has nothing to do with which are hard
  upright; turned Beta(1/2, 1/2), most classes nearly lost or hardly touched.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from tabulate import tabulate

from objectpose.analysis.statistics import class_interval, drop_interval

Floats = NDArray[np.float64]
Process = Callable[[np.random.Generator, int], tuple[Floats, Floats]]
CEILING_MEAN = 0.15 * 0.725 + 0.85 * 0.975


def _near_ceiling(rng: np.random.Generator, classes: int) -> Floats:
    low = rng.random(classes) < 0.15
    return np.where(low, rng.uniform(0.6, 0.85, classes), rng.uniform(0.95, 1.0, classes))


def spread(rng: np.random.Generator, classes: int) -> tuple[Floats, Floats]:
    """Return true accuracies (upright, turned) of classes that differ much."""
    upright = rng.beta(6, 2, classes)
    return upright, upright * rng.beta(2, 2, classes)


def ceiling(rng: np.random.Generator, classes: int) -> tuple[Floats, Floats]:
    """Return true accuracies of classes that are nearly all right when upright."""
    upright = _near_ceiling(rng, classes)
    return upright, upright * rng.beta(2, 3, classes)


def both_at_ceiling(rng: np.random.Generator, classes: int) -> tuple[Floats, Floats]:
    """Return true accuracies of classes that are nearly all right in both."""
    return _near_ceiling(rng, classes), _near_ceiling(rng, classes)


def interaction(rng: np.random.Generator, classes: int) -> tuple[Floats, Floats]:
    """Return true accuracies of classes of which some are lost when turned and others are not."""
    return rng.beta(6, 2, classes), rng.beta(0.5, 0.5, classes)


PROCESSES: dict[str, tuple[Process, float, float]] = {
    "spread": (spread, 0.75, 0.375),
    "ceiling": (ceiling, CEILING_MEAN, 0.4 * CEILING_MEAN),
    "both at ceiling": (both_at_ceiling, CEILING_MEAN, CEILING_MEAN),
    "interaction": (interaction, 0.75, 0.5),
}
"""Each process with its true mean accuracies upright and turned."""


def coverage(name: str, classes: int, *, images: int = 12, repeats: int = 2000, seed: int = 0) -> dict[str, float]:
    """Return in percent how often the intervals of accuracy (upright) and drop hold the truth, and mean widths.

    Args:
        name: a key of ``PROCESSES``.
        classes: how many classes a data set has.
        images: how many images a class has in each condition.
        repeats: how many data sets are drawn.
        seed: of the draws.
    """
    process, upright_mean, turned_mean = PROCESSES[name]
    rng = np.random.default_rng(seed)
    counts = np.full(classes, images)
    truth_pp = 100 * (upright_mean - turned_mean)
    accuracy_held, drop_held, widths, drop_widths = [], [], [], []
    for _ in range(repeats):
        upright, turned = (rng.binomial(images, p) / images for p in process(rng, classes))
        accuracy = class_interval(upright, counts)
        drop = drop_interval(upright, counts, turned, counts)
        accuracy_held.append(accuracy.low <= upright_mean <= accuracy.high)
        drop_held.append(drop.low_pp <= truth_pp <= drop.high_pp)
        widths.append(100 * (accuracy.high - accuracy.low))
        drop_widths.append(drop.high_pp - drop.low_pp)
    return {
        "accuracy held, %": 100 * float(np.mean(accuracy_held)),
        "width, points": float(np.mean(widths)),
        "drop held, %": 100 * float(np.mean(drop_held)),
        "drop's width, points": float(np.mean(drop_widths)),
    }


def main() -> None:
    """Print the table of coverages."""
    parser = argparse.ArgumentParser(description="Coverage of the 95 % intervals over classes.")
    parser.add_argument("--repeats", type=int, default=2000)
    parser.add_argument("--images", type=int, default=12, help="images a class and condition")
    given = parser.parse_args()
    rows = [
        {"process": name, "classes": classes} | coverage(name, classes, images=given.images, repeats=given.repeats)
        for name in PROCESSES
        for classes in (5, 17, 60)
    ]
    print(f"95 % intervals, {given.images} images a class and condition, {given.repeats:,} data sets each")
    print(tabulate(rows, headers="keys", floatfmt=".1f"))


if __name__ == "__main__":
    main()
