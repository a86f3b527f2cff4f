"""How well the parts of a group measure one thing: Cronbach's alpha over bodies, gaps left out pair by pair."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ROUNDING = 1e-9  # by which the variance of a sum of equal parts may pass what it can be


def pairwise_covariances(values: Floats) -> Floats:
    """Covariances of the columns of n bodies × c parts, nan for what is missing.

    Each pair is reckoned over the bodies that have both, means included, with n − 1 below: what R's
    cov(use = "pairwise.complete.obs") gives. nan where fewer than two bodies have both.
    """
    known = ~np.isnan(values)
    centre = np.nanmean(values, axis=0, keepdims=True) if values.size and known.any(axis=0).all() else 0.0
    filled = np.where(known, values - centre, 0.0)  # nearer to 0, so that less is lost in the subtraction below
    both = known.T.astype(np.float64) @ known
    sums = filled.T @ known  # Σ of the column's values over the bodies that have the other too
    products = filled.T @ filled
    with np.errstate(invalid="ignore", divide="ignore"):
        covariances = (products - sums * sums.T / both) / (both - 1)
    covariances[both < 2] = np.nan
    return np.asarray(covariances)


def cronbach_alpha(values: Floats) -> float:
    """α = c / (c − 1) · (1 − Σ variances / Σ all covariances) of n bodies × c parts (L. J. Cronbach, "Coefficient
    alpha and the internal structure of tests", Psychometrika 16, 1951); nan below two parts, without any variance, and
    where gaps leave pairs that are no covariances of anything (a sum that varies by 0 or less, or more than it can).

    Below 0.7 the parts hardly measure one thing, as it is commonly read; below 0 they run against each other.
    """
    parts = values.shape[1]
    if parts < 2:
        return float("nan")
    covariances = pairwise_covariances(values)
    total = float(covariances.sum())
    single = float(np.trace(covariances))
    if not np.isfinite(total) or not 0 < total <= parts * single * (1 + ROUNDING):
        return float("nan")
    return float(parts / (parts - 1) * (1 - single / total))
