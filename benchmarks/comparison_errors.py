"""How often the comparison of two networks errs: coverage of its interval, and false positives of its tests.

    python benchmarks/comparison_errors.py [--repeats 2000] [--images 12]

Method: a process draws each class's true accuracies of two networks, upright and turned, with the same means for both
networks over infinitely many classes, so that the true difference in accuracy and in drop is 0. Images are binomial
draws. Counted is how often the 95 % interval of ``analysis.difference`` holds 0, how often the sign-flip test over
classes says p <= 5 %, and how often McNemar's exact test over images does. Processes:

- ``spread``: upright Beta(6, 2), turned a Beta(2, 2) share of it; a class is equally hard for both networks, and they
  differ by chance alone.
- ``ceiling``: upright 15 % of the classes at .6-.85 and the rest at .95-1, turned Beta(2, 3) of it; each
  network draws the turned share anew in every fifth class.
- ``interaction``: which classes are hard is drawn anew for each network: a strong class x model interaction.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from tabulate import tabulate

from objectpose.analysis.difference import Answers, accuracy_differences, drop_differences
from objectpose.analysis.significance import mcnemar_p, sign_flip_p

Floats = NDArray[np.float64]
Process = Callable[[np.random.Generator, int], tuple[Floats, Floats]]
PERMUTATIONS = 1999


def spread(rng: np.random.Generator, classes: int) -> tuple[Floats, Floats]:
    """Return 2 x classes true accuracies upright and turned; both networks find a class equally hard."""
    upright = rng.beta(6, 2, classes)
    turned = upright * rng.beta(2, 2, classes)
    return np.stack([upright, upright]), np.stack([turned, turned])


def ceiling(rng: np.random.Generator, classes: int) -> tuple[Floats, Floats]:
    """Return accuracies of networks that are alike upright and differ in every fifth class when turned."""
    low = rng.random(classes) < 0.15
    upright = np.where(low, rng.uniform(0.6, 0.85, classes), rng.uniform(0.95, 1.0, classes))
    share = rng.beta(2, 3, classes)
    own = np.where(rng.random((2, classes)) < 0.2, rng.beta(2, 3, (2, classes)), share)
    return np.stack([upright, upright]), upright * own


def interaction(rng: np.random.Generator, classes: int) -> tuple[Floats, Floats]:
    """Return accuracies where each network has hard classes of its own."""
    upright = rng.beta(6, 2, (2, classes))
    return upright, upright * rng.beta(2, 2, (2, classes))


PROCESSES: dict[str, Process] = {"spread": spread, "ceiling": ceiling, "interaction": interaction}


def errors(name: str, classes: int, *, images: int = 12, repeats: int = 2000, seed: int = 0) -> dict[str, float]:
    """Return in percent how often intervals hold the true difference 0, and how often tests reject it at 5 %.

    Args:
        name: a key of ``PROCESSES``.
        classes: how many classes a data set has.
        images: how many images a class has in each condition.
        repeats: how many data sets are drawn.
        seed: of the draws.
    """
    process = PROCESSES[name]
    rng = np.random.default_rng(seed)
    owner = np.repeat(np.arange(classes), images)
    first, second = np.array([0]), np.array([1])
    held: dict[str, list[bool]] = {"turned": [], "drop": []}
    by_class: dict[str, list[Floats]] = {"turned": [], "drop": []}
    mcnemar = []
    for _ in range(repeats):
        upright, turned = (
            Answers((rng.random((2, len(owner))) < p[:, owner]).astype(float), owner) for p in process(rng, classes)
        )
        for key, found in (
            ("turned", accuracy_differences(turned, first, second)),
            ("drop", drop_differences(upright, turned, first, second)),
        ):
            held[key].append(bool(found.low[0] <= 0.0 <= found.high[0]))
            by_class[key].append(found.by_class[:, 0])
        one, other = turned.right
        mcnemar.append(mcnemar_p([(one * (1 - other)).sum()], [((1 - one) * other).sum()])[0])
    p = {key: sign_flip_p(np.stack(values, axis=1), permutations=PERMUTATIONS) for key, values in by_class.items()}
    return {
        "accuracy held, %": 100 * float(np.mean(held["turned"])),
        "drop held, %": 100 * float(np.mean(held["drop"])),
        "sign flips, accuracy, %": 100 * float(np.mean(p["turned"] <= 0.05)),
        "sign flips, drop, %": 100 * float(np.mean(p["drop"] <= 0.05)),
        "McNemar, %": 100 * float(np.mean(np.array(mcnemar) <= 0.05)),
    }


def main() -> None:
    """Print the table of coverages and false positives."""
    parser = argparse.ArgumentParser(description="Errors of the comparison of two networks that are alike.")
    parser.add_argument("--repeats", type=int, default=2000)
    parser.add_argument("--images", type=int, default=12, help="images a class and condition")
    given = parser.parse_args()
    rows = [
        {"process": name, "classes": classes} | errors(name, classes, images=given.images, repeats=given.repeats)
        for name in PROCESSES
        for classes in (17, 60)
    ]
    print(f"{given.images} images a class and condition, {given.repeats:,} data sets each; no true difference")
    print(tabulate(rows, headers="keys", floatfmt=".1f"))


if __name__ == "__main__":
    main()
