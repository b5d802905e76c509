"""Whether a community's dimension lies above or below the mean of its street beyond sampling error.

The mean is that of the k communities shown, this one among them; samples of communities are independent.  With own
value x and standard error s the difference is x − x̄, its variance (1 − 1/k)² s² + Σ s_j² / k² over the others, tested by
Student's t (Satterthwaite's degrees of freedom) and corrected over all dimensions and communities of the street (Benjamini & Hochberg 1995).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.statistics.design import Floats
from analysis.statistics.differences import LEVEL, benjamini_hochberg, difference_test, satterthwaite

#: words for the subjective part of a dimension; empty where its error is not known
HIGHER, LOWER, ALIKE = "higher", "lower", "alike"


def against_mean(values: Floats, errors: Floats, df: Floats) -> tuple[Floats, list[str]]:
    """(communities, dimensions) values, standard errors and (communities,) degrees of freedom → differences from the mean of
    each dimension, same shape (NaN where unknown), and row by row the word of each.
    """
    known = np.isfinite(values)
    k = known.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        difference = values - np.where(known, values, 0.0).sum(axis=0) / k
        parts = np.where(known, errors, 0.0) ** 2 / k**2
    se, freedom = np.full(values.shape, np.nan), np.full(values.shape, np.nan)
    each = np.broadcast_to(df[:, None], values.shape)
    for place in range(len(values)):
        variances = parts.copy()
        variances[place] *= (k - 1) ** 2
        se[place], freedom[place] = np.sqrt(variances.sum(axis=0)), satterthwaite(variances, each)
    q = benjamini_hochberg(difference_test(difference.ravel(), se.ravel(), freedom.ravel()))
    return difference, [_word(d, one) for d, one in zip(difference.ravel().tolist(), q.tolist(), strict=True)]


def _word(difference: float, q: float) -> str:
    if not np.isfinite(q):
        return ""
    return ALIKE if q >= LEVEL else HIGHER if difference > 0 else LOWER


def of_street(scores: pd.DataFrame, dimensions: Sequence[str]) -> dict[str, dict[str, tuple[float, str]]]:
    """Community code → dimension → (difference of the subjective part from the mean, word), of one street's rows."""
    columns = [f"subjective_{d}" for d in dimensions]
    values = scores.reindex(columns=columns).to_numpy(dtype=np.float64, na_value=np.nan)
    errors = scores.reindex(columns=[f"{c}_se" for c in columns]).to_numpy(dtype=np.float64, na_value=np.nan)
    df = scores["subjective_df"].to_numpy(dtype=np.float64, na_value=np.nan)
    difference, words = against_mean(values, errors, df)
    flat = iter(words)
    return {
        str(code): {d: (float(value), next(flat)) for d, value in zip(dimensions, row, strict=True)}
        for code, row in zip(scores["community_code"], difference, strict=True)
    }
