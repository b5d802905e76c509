"""p values of differences, and the distributions that all tests and intervals take from scipy.special.

``scipy.stats`` takes three seconds to import and is not needed: what stands in its place is held to it here.
"""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest
from scipy import special, stats

from analysis.statistics.differences import difference_test, holm
from analysis.statistics.estimation import t_quantile

DF = np.array([1.0, 2.0, 3.5, 7.0, 11.0, 40.0, 98.0, 1000.0, 1e6])
X = np.linspace(-8, 8, 33)
Q = np.array([1e-4, 0.025, 0.05 / 12, 0.2, 0.5, 0.8, 0.975, 0.9999])
ANALYSIS = Path(__file__).resolve().parents[3] / "analysis"


def same(ours, theirs):
    """To 1e-13 of the larger of 1 and the number itself."""
    assert np.asarray(ours) == pytest.approx(np.asarray(theirs), rel=1e-13, abs=1e-13)


def test_p_is_that_of_students_t():
    for df in DF:
        expected = 2 * stats.t.sf(np.abs(X), df)
        same(difference_test(X * 3, np.full(X.shape, 3.0), np.full(X.shape, df)), expected)


def test_holm_is_that_of_r():
    """R: p.adjust(c(0.01, 0.04, NA, 0.03, 0.005, 0.9), "holm")."""
    found = holm(np.array([0.01, 0.04, np.nan, 0.03, 0.005, 0.9]))
    assert found == pytest.approx([0.04, 0.09, np.nan, 0.09, 0.025, 0.9], nan_ok=True)
    assert holm(np.array([])).tolist() == []


def test_half_an_interval_is_that_of_students_t():
    same(t_quantile(DF), stats.t.ppf(0.975, DF))
    assert np.isnan(t_quantile(np.array([0.0, np.nan]))).all()


def test_the_distributions_are_those_of_scipy_stats():
    for df in DF:
        same(special.stdtr(df, X), stats.t.cdf(X, df))
        same(special.stdtrit(df, Q), stats.t.ppf(Q, df))
        same(special.nctdtr(df, 2.8, np.abs(X)), stats.nct.cdf(np.abs(X), df, 2.8))
        for more in (1.0, 5.0, 60.0):
            same(special.fdtrc(df, more, np.abs(X)), stats.f.sf(np.abs(X), df, more))
            same(special.fdtri(df, more, Q[1:]), stats.f.ppf(Q[1:], df, more))
    same(special.ndtri(Q), stats.norm.ppf(Q))
    same(special.logit(Q), stats.logistic.ppf(Q))
    same(special.expit(X), stats.logistic.cdf(X))


def test_no_module_imports_scipy_stats_or_another_part_of_scipy():
    """``import scipy`` loads none of its parts: each comes when it is first used."""
    imports = [
        (path.name, node)
        for path in sorted(ANALYSIS.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom) and "scipy" in ast.unparse(node)
    ]
    assert len(imports) > 8
    assert {ast.unparse(node) for _, node in imports} == {"import scipy"}
    assert "scipy.stats" not in "".join(path.read_text("utf-8") for path in ANALYSIS.rglob("*.py"))
