"""Least squares with limits that hold where networks of one family resemble each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from objectpose.errors import ObjectPoseError

Floats = NDArray[np.float64]
FEWEST_FAMILIES = 5
RANK_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Fit:
    """A linear model y = X b + e.

    Attributes:
        coefficients: b, float k.
        covariance: of b, float k x k.
        degrees: of freedom of Student's distribution for the limits.
        method: what the covariance allows for, in words.
        residuals: e, float n.
        r2: share of the variance of y that the model takes up; NaN where y is constant.
    """

    coefficients: Floats
    covariance: Floats
    degrees: int
    method: str
    residuals: Floats
    r2: float

    def limits(self) -> tuple[Floats, Floats]:
        """Return the lower and upper 95 % limits of the coefficients."""
        half = float(stats.t.ppf(0.975, self.degrees)) * np.sqrt(np.diag(self.covariance))
        return self.coefficients - half, self.coefficients + half

    def p_values(self) -> Floats:
        """Return two-sided p values of each coefficient being 0; NaN where it is 0 and has no spread."""
        spread = np.sqrt(np.diag(self.covariance))
        exact = np.where(self.coefficients == 0, np.nan, np.inf)
        ratio = np.divide(self.coefficients, spread, out=exact, where=spread > 0)
        p: Floats = 2.0 * stats.t.sf(np.abs(ratio), self.degrees)
        return p


def least_squares(design: Floats, outcome: Floats, families: Sequence[object] | None = None) -> Fit:
    """Fit a linear model; the covariance allows for families of rows where there are enough of them.

    With at least ``FEWEST_FAMILIES`` families, each of which can be left out, the covariance is the cluster jackknife
    (CV3), (G - 1) / G sum_g (b_-g - b) (b_-g - b)', with b_-g fitted without family g and limits of Student's
    distribution with G - 1 degrees of freedom; with few and unequal clusters it is wider than the usual sandwich,
    which is too narrow there (MacKinnon, Nielsen and Webb 2023, "Cluster-robust inference: a guide to empirical
    practice", Journal of Econometrics 232). Otherwise it is HC3, sum_i x_i x_i' (e_i / (1 - h_i))^2 between two
    (X'X)^-1 (MacKinnon and White 1985), which takes rows for independent, with n - k degrees of freedom.
    ``benchmarks/data_size_errors.py`` prints how often each finds an effect that is not there.

    Args:
        design: X, float n x k.
        outcome: y, float n.
        families: the family of each row; None takes rows for independent.

    Raises:
        ObjectPoseError: no more rows than coefficients, columns of ``design`` that depend on each other, or a
            coefficient that hangs on one row alone.
    """
    count, terms = design.shape
    if count <= terms:
        raise ObjectPoseError(f"{count} rows were given for {terms} coefficients; expected more rows.")
    if not _full_rank(design):
        raise ObjectPoseError("The columns of the design depend on each other; leave one out.")
    inverse = np.linalg.inv(design.T @ design)
    coefficients = inverse @ design.T @ outcome
    residuals = outcome - design @ coefficients
    total = float(((outcome - outcome.mean()) ** 2).sum())
    r2 = 1.0 - float((residuals**2).sum()) / total if total > 0 else float("nan")
    names = sorted({str(name) for name in families}) if families is not None else []
    member = np.array([str(name) for name in families]) if families is not None else np.array([])
    if len(names) >= FEWEST_FAMILIES and all(_full_rank(design[member != name]) for name in names):
        moved = np.stack(
            [np.linalg.lstsq(design[member != name], outcome[member != name])[0] - coefficients for name in names]
        )
        covariance = (len(names) - 1) / len(names) * moved.T @ moved
        return Fit(
            coefficients, covariance, len(names) - 1, f"cluster jackknife over {len(names)} families", residuals, r2
        )
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
    if (leverage > 1.0 - RANK_TOLERANCE).any():
        raise ObjectPoseError("One row alone fixes a coefficient; give more rows that differ in it.")
    scaled = design * (residuals / (1.0 - leverage))[:, None]
    covariance = inverse @ scaled.T @ scaled @ inverse
    few = f"; {len(names)} families are too few to allow for" if names else ""
    return Fit(coefficients, covariance, count - terms, f"HC3{few}", residuals, r2)


def _full_rank(design: Floats) -> bool:
    scale = np.linalg.norm(design, axis=0)
    if len(design) < design.shape[1] or (scale == 0).any():
        return False
    return bool(np.linalg.svd(design / scale, compute_uv=False)[-1] > RANK_TOLERANCE)
