"""The model for communities with few responses: by hand, then against base R; where it is not applicable.

R for the golden numbers (REML by the root of its score, matrices as in Rao and Molina 2015, ch. 5–6)::

    P <- function(a) { W <- solve(diag(a + psi)); W - W %*% X %*% solve(t(X) %*% W %*% X) %*% t(X) %*% W }
    a <- uniroot(function(a) { p <- P(a); drop(-0.5*sum(diag(p)) + 0.5*t(y) %*% p %*% p %*% y) }, c(0, 1e5), tol = 1e-13)$root
    W <- solve(diag(a + psi)); B <- solve(t(X) %*% W %*% X); b <- drop(B %*% t(X) %*% W %*% y); g <- a/(a + psi)
    drop(X %*% b) + g*(y - drop(X %*% b))
    g*psi + (1-g)^2*diag(X %*% B %*% t(X)) + 2*psi^2/(a+psi)^3*2/sum(1/(a+psi)^2)
"""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import xingfu
from analysis.quality.small_areas import COLUMNS, MEASURE, reading
from analysis.scoring.results import Results
from analysis.statistics.fay_herriot import fay_herriot
from dashboard.pages.quality import service
from dashboard.pages.quality.small_areas import small_areas as section
from dashboard.parts.context import Context
from dashboard.web.access import Viewer
from dashboard.web.address import parse
from survey.core.errors import Refused
from survey.core.lang import say
from survey.store import Store
from tests.tools.dashboard_tools import ADMIN, FakeSource, words
from tests.tools.towns import two_years
from tests.tools.towns.fake_results import fake_results

town = two_years.scored_town

R = pytest.approx
Y = np.array([271.2, 257.3, 246.1, 242.9, 235.3, 231.5, 226.2, 222.0, 213.1, 200.9, 198.1, 188.1])
PSI = np.array([5, 8, 11, 11, 12, 13, 12, 14, 20, 16, 105, 20.0])
Z = np.array([560, 545, 530, 528, 515, 520, 500, 498, 495, 487, 508, 449.0])
ONE = np.ones((12, 1))


def test_equal_errors_by_hand() -> None:
    """ψ = 4 for all of 1 … 9: REML takes s² − ψ = 7.5 − 4, every value keeps 3.5/7.5 of its distance from 5."""
    y = np.arange(1.0, 10.0)
    fit = fay_herriot(y, np.full(9, 4.0), np.ones((9, 1)))
    assert fit.between == R(3.5)
    np.testing.assert_allclose(fit.estimate, 5 + (y - 5) * 3.5 / 7.5)
    g1, g2, g3 = 4 * 3.5 / 7.5, (4 / 7.5) ** 2 * 7.5 / 9, 16 / 7.5**3 * 2 * 7.5**2 / 9
    np.testing.assert_allclose(fit.mse, g1 + g2 + 2 * g3)


@pytest.mark.parametrize(
    ("x", "between", "beta", "estimate", "mse"),
    [
        (
            ONE,
            595.396218408157,
            [228.196275492567],
            {0: 270.841872123866, 10: 202.611887476922},
            {0: 4.97645878515929, 10: 94.45084908515537},
        ),
        (
            np.column_stack([ONE, Z - Z.mean()]),
            14.101472573157,
            [229.738202318108620, 0.794961264303701],
            {0: 270.491301747361, 10: 223.714550736003},
            {0: 5.11113984053474, 10: 15.97770154430702},
        ),
    ],
)
def test_agrees_with_r(x: Any, between: float, beta: list[float], estimate: dict[int, float], mse: Any) -> None:
    fit = fay_herriot(Y, PSI, x)
    assert fit.between == R(between, rel=1e-10)
    np.testing.assert_allclose(fit.beta, beta, rtol=1e-10)
    np.testing.assert_allclose([fit.estimate[i] for i in estimate], [*estimate.values()], rtol=1e-10)
    np.testing.assert_allclose([fit.mse[i] for i in mse], [*mse.values()], rtol=1e-10)


def test_communities_that_differ_by_nothing_but_chance_are_put_at_one_level() -> None:
    fit = fay_herriot(np.array([1, 1.1, 0.9, 1.05, 0.95, 1, 1.02, 0.98]), np.ones(8), np.ones((8, 1)))
    assert fit.between == 0
    np.testing.assert_allclose(fit.estimate, 1.0)
    assert (fit.mse > 0).all()


def test_the_small_sample_moves_most_and_nothing_else_of_the_results_does() -> None:
    results = fake_results(2014)
    before = results.to_json()
    body = MEASURE.of_results(results).body
    rows = {row["community_code"]: row for row in body["rows"]}
    own = sorted(rows.values(), key=lambda row: row["n"])
    assert own[0]["own_share"] == min(row["own_share"] for row in own)
    assert all(
        min(r["subjective"], r["model_line"]) <= r["model_estimate"] <= max(r["subjective"], r["model_line"])
        for r in own
    )
    assert results.to_json() == before
    table = MEASURE.table().frame(body, "zh")
    assert list(table) == list(COLUMNS.names)
    assert set(table["note_text"]) == {"模型估计，不用于评星"}
    assert own[0]["community"] in reading(body, "zh")
    assert not any("model" in column for column in results.scores)


def few(count: int) -> Results:
    found = fake_results(2014)
    return replace(found, scores=found.scores.iloc[:count])


def test_too_few_communities_are_said() -> None:
    with pytest.raises(Refused) as refused:
        MEASURE.of_results(few(7))
    assert "至少需要 8 个" in refused.value.word("zh")
    assert MEASURE.of_results(few(8)).body["areas"] == 8
    with pytest.raises(Refused):
        MEASURE.of_results(few(11), covariate="objective")
    same = few(12)
    with pytest.raises(Refused) as refused:
        MEASURE.of_results(replace(same, scores=same.scores.assign(objective=500.0)), covariate="objective")
    assert "客观得分相同" in refused.value.word("zh")


def test_the_page_labels_it_and_shows_each_viewer_their_own() -> None:
    source: Any = FakeSource()
    context = Context(ADMIN, source, parse("/quality", "year=2014", {}), None, None)  # type: ignore[arg-type]
    page = words(section(context))
    assert say("zh", "small_areas.label") in page
    code = fake_results(2014).scores["community_code"][0]
    mine = service.section(Viewer("one", "leader", frozenset({code})), source, None, 2014, "small_areas").body  # type: ignore[arg-type]
    assert [row["community_code"] for row in mine["rows"]] == [code]


def test_the_command(town: Store, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert xingfu.main(["--store", town.where, "quality", "small-areas"]) == 3
    assert "至少需要 8 个" in capfd.readouterr().err

    monkeypatch.setattr("analysis.publication.snapshots.results", lambda *_: fake_results(2014))
    assert xingfu.main(["--store", town.where, "quality", "small-areas", "--covariate", "none"]) == 0
    out, err = capfd.readouterr()
    assert float(next(csv.DictReader(io.StringIO(out)))["model_estimate"]) > 0
    assert "分（标准差）" in err
