"""How often the interval of the expected calibration error holds the truth, by simulation.

    python benchmarks/calibration.py [--repeats 500]

Method: a picture's score is |N(1, 1.5)| + 0.1 and its confidence the logistic function of it; it is answered right
with the logistic probability of slope * score + shift + an effect of its class, N(0, s). The true ECE is that of 20,000
classes with 25 pictures in the same number of equal-mass bins. Processes (slope, shift, s): ``calibrated`` (1, 0, 0),
``class effect`` (1, 0, 0.8), calibrated on average but not in each class, ``overconfident`` (0.6, -1, 0.8).
"""

from __future__ import annotations

import argparse

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from tabulate import tabulate

from objectpose.analysis.calibration import calibration_error, expected_calibration_error

Floats = NDArray[np.float64]
PROCESSES = {"calibrated": (1.0, 0.0, 0.0), "class effect": (1.0, 0.0, 0.8), "overconfident": (0.6, -1.0, 0.8)}
SIZES = ((5, 12), (17, 12), (17, 100), (60, 12), (84, 6))


def draw(name: str, rng: np.random.Generator, classes: int, pictures: int) -> tuple[Floats, Floats]:
    """Return confidences and answers (1 or 0), classes * pictures each, class by class."""
    slope, shift, effect = PROCESSES[name]
    score = np.abs(rng.normal(1.0, 1.5, (classes, pictures))) + 0.1
    right = rng.random((classes, pictures)) < expit(slope * score + shift + rng.normal(0.0, 1.0, (classes, 1)) * effect)
    return expit(score).ravel(), right.astype(np.float64).ravel()


def coverage(name: str, classes: int, pictures: int, *, repeats: int = 500, seed: int = 0) -> dict[str, float]:
    """Return in percent the true ECE, means of estimate and floor, how often the interval holds, and its width."""
    truth = expected_calibration_error(*draw(name, np.random.default_rng(1), 20_000, 25))
    rng = np.random.default_rng(seed)
    code = np.repeat(np.arange(classes), pictures).astype(str)
    found = [calibration_error(*draw(name, rng, classes, pictures), code) for _ in range(repeats)]
    return {
        "true ECE": 100 * truth,
        "mean ECE": 100 * float(np.mean([one.error for one in found])),
        "floor": 100 * float(np.mean([one.floor for one in found])),
        "held, %": 100 * float(np.mean([one.low <= truth <= one.high for one in found])),
        "width": 100 * float(np.mean([one.high - one.low for one in found])),
    }


def main() -> None:
    """Print the table of coverages."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=500)
    repeats = parser.parse_args().repeats
    rows = [
        {"process": name, "classes": classes, "pictures a class": pictures}
        | coverage(name, classes, pictures, repeats=repeats)
        for name in PROCESSES
        for classes, pictures in SIZES
    ]
    print(tabulate(rows, headers="keys", floatfmt=".1f"))


if __name__ == "__main__":
    main()
