"""How often a regression over the zoo would find an effect of data size that is not there.

    python benchmarks/data_size_errors.py [--repeats 2000]

Method: the networks and training sets are those of the zoo. A drop has no relation to data size, but networks that
learnt from the same images share a part of it (half of its variance), as they share everything else about these images.
Counted is how often the regression of the drop on log10 data size and upright accuracy says p <= 5 %: with limits by
families (``analysis.least_squares``, cluster jackknife), with the usual cluster sandwich (CR1), and with HC3, which
takes networks for independent.
"""

from __future__ import annotations

import argparse

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from tabulate import tabulate

from objectpose.analysis.least_squares import least_squares
from objectpose.models.zoo import zoo

SHARED = 0.5
Floats = NDArray[np.float64]


def false_positives(group: str, *, repeats: int = 2000, seed: int = 0) -> dict[str, float]:
    """Return in percent how often each kind of limits finds an effect.

    Args:
        group: of the zoo, for example ``paper38``; ``all`` takes every network.
        repeats: how many sets of drops are drawn.
        seed: of the draws.
    """
    specs = [spec for spec in zoo().values() if spec.card and (group == "all" or group in spec.groups)]
    largest = [max(spec.card.data, key=lambda part: part.images) for spec in specs if spec.card]
    families = np.array([part.key for part in largest])
    names, member = np.unique(families, return_inverse=True)
    size = np.log10([float(part.images) for part in largest])
    rng = np.random.default_rng(seed)
    found: dict[str, list[bool]] = {"cluster jackknife, %": [], "cluster sandwich, %": [], "HC3, %": []}
    for _ in range(repeats):
        design = np.column_stack([np.ones(len(specs)), size, rng.uniform(75, 95, len(specs))])
        drop = SHARED**0.5 * rng.normal(0, 5, len(names))[member] + (1 - SHARED) ** 0.5 * rng.normal(0, 5, len(specs))
        by_family = least_squares(design, drop, list(families))
        alone = least_squares(design, drop)
        found["cluster jackknife, %"].append(bool(by_family.p_values()[1] <= 0.05))
        found["HC3, %"].append(bool(alone.p_values()[1] <= 0.05))
        found["cluster sandwich, %"].append(_sandwich_p(design, alone.residuals, member, alone.coefficients) <= 0.05)
    counts = {"group": group, "networks": len(specs), "families": len(names)}
    return counts | {name: 100 * float(np.mean(values)) for name, values in found.items()}  # type: ignore[return-value]


def _sandwich_p(design: Floats, residuals: Floats, member: NDArray[np.int64], coefficients: Floats) -> float:
    inverse = np.linalg.inv(design.T @ design)
    count, terms = design.shape
    scores = np.stack([design[member == g].T @ residuals[member == g] for g in range(member.max() + 1)])
    families = len(scores)
    covariance = inverse @ scores.T @ scores @ inverse * families / (families - 1) * (count - 1) / (count - terms)
    return float(2 * stats.t.sf(abs(coefficients[1]) / covariance[1, 1] ** 0.5, families - 1))


def main() -> None:
    """Print the table of false positives."""
    parser = argparse.ArgumentParser(description="False positives of the regression on data size.")
    parser.add_argument("--repeats", type=int, default=2000)
    given = parser.parse_args()
    rows = [false_positives(group, repeats=given.repeats) for group in ("paper38", "modern", "all")]
    print(f"effects of data size found at p <= 5 % where there is none, {given.repeats:,} draws")
    print(tabulate(rows, headers="keys", floatfmt=".1f"))


if __name__ == "__main__":
    main()
