"""Tests of differences: degrees of freedom, p, q over many tests, and the word for the outcome."""

from __future__ import annotations

import numpy as np
import pandas as pd
import scipy

from analysis.statistics.design import Floats

#: a change is up or down where its q (or the p of a single test) is below this
LEVEL = 0.05


def satterthwaite(variances: Floats, df: Floats) -> Floats:
    """Degrees of freedom of a sum of independent estimated variances along the first axis.

    A variance of 0 is known exactly and takes none; NaN where every variance is 0.  R: ``sum(v)^2 / sum(v^2 / df)``.
    """
    known = variances > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(known, np.square(variances) / np.where(known, df, 1.0), 0.0)
        result: Floats = np.square(variances.sum(axis=0)) / share.sum(axis=0)
    return result


def difference_test(difference: Floats, se: Floats, df: Floats) -> Floats:
    """Two-sided p; a difference without any sampling error is certain (p 0, or 1 where there is none).

    R: ``2 * pt(-abs(d / se), df)``.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * scipy.special.stdtr(df, -np.abs(difference / se))
    p = np.where(se == 0, np.where(difference == 0, 1.0, 0.0), p)
    return np.where(np.isnan(difference) | np.isnan(se), np.nan, p)


def benjamini_hochberg(p: Floats) -> Floats:
    """q values of one family; NaN is no test and stays NaN.  R: ``p.adjust(p, "BH")``."""
    q = np.full(len(p), np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(-p[tested], kind="stable")]
    ranks = np.arange(len(order), 0, -1)
    q[order] = np.minimum.accumulate(p[order] * len(order) / ranks)
    return q


def holm(p: Floats) -> Floats:
    """p of one family after Holm: below 0.05 none of them is chance, with 95 %; NaN is no test and stays NaN.

    R: ``p.adjust(p, "holm")``.
    """
    adjusted = np.full(len(p), np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    left = np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * left), 1.0)
    return adjusted


def change_words(difference: Floats, q: Floats) -> list[str | None]:
    """``up``, ``down``, ``no_clear_change``, or None where it was not tested."""
    words = np.where(q < LEVEL, np.where(difference > 0, "up", "down"), "no_clear_change")
    return [None if missing else str(word) for word, missing in zip(words, np.isnan(q), strict=True)]


def known_error(frame: pd.DataFrame, part: str = "subjective") -> tuple[Floats, Floats]:
    """Standard error and degrees of freedom of a column; NaN where no interval could be given.

    Zero variance without a census has a standard error of 0 but no interval: it is not known.
    """
    se, df = (frame[f"{part}_{name}"].to_numpy(dtype=np.float64) for name in ("se", "df"))
    unknown = frame[f"{part}_low"].isna().to_numpy()
    return np.where(unknown, np.nan, se), np.where(unknown, np.nan, df)
