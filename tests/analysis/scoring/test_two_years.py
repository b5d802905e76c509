"""The change of a community whose people or PSUs were asked in both years, and over the items that both years have.

R survey 4.1-1 for the golden numbers (lcg: see test_estimation.py)::

    u <- matrix(lcg(360 * 10, 11), ncol = 10, byrow = TRUE)
    d <- data.frame(year = rep(2013:2014, each = 180), i = rep(1:180, 2), g = rep(rep(0:2, each = 60), 2), w = 0.5 + 2 * u[,1])
    d$stratum <- floor(u[,2] * 2); d$psu <- floor(u[,3] * 6); d$stratum[d$g == 1] <- 0
    d$person <- ifelse(d$year == 2014 & d$i %% 60 > 39, d$i + 1000, d$i)         # C1: 40 of 60 were asked again
    for (j in 1:3) { base <- ifelse(d$g == 1, lcg(2000, 5)[d$person + j], lcg(500, 3)[d$psu * 3 + j + d$stratum * 40])
      s <- c(100,80,60,40,0)[1 + floor(5 * (0.5 * base + 0.5 * u[,3+j]))]; s[u[,6+j] < 0.1] <- NA
      d[[paste0("r",j)]] <- as.numeric(!is.na(s)); d[[paste0("x",j)]] <- ifelse(is.na(s), 0, s) }
    d$scored <- d$r1 + d$r2 + d$r3 >= 2
    d$unit <- ifelse(d$g == 0, paste("p", d$psu), ifelse(d$g == 1, paste("r", d$person), paste("s", d$year, d$i)))
    d$h <- paste(d$g, ifelse(d$g == 2, paste(d$year, d$stratum), d$stratum))     # without the year where units come again
    for (j in 1:3) for (y in 2013:2014) for (v in c("x","r")) d[[paste0(v, j, "_", y)]] <- d[[paste0(v, j)]] * (d$year == y)
    s <- subset(svydesign(ids = ~unit, strata = ~h, weights = ~w, nest = TRUE, data = d), g == k & scored)
    r <- svyratio(~x1_2013+x2_2013+x3_2013+x1_2014+x2_2014+x3_2014, ~r1_2013+r2_2013+r3_2013+r1_2014+r2_2014+r3_2014,
                  s, covmat = TRUE); i <- c(1, 8, 15, 22, 29, 36); a <- c(-.15, -.45, -.6, .15, .45, .6)
    sum(a * diag(r$ratio)); sqrt(t(a) %*% vcov(r)[i, i] %*% a); degf(s)
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analysis.sample.panel_overlap import overlap_of
from analysis.sample.pooled_sample import pool
from analysis.scoring.two_years import COLUMNS, compare_years
from survey.form.model import Question
from tests.tools.towns.survey_toys import block, form, item, lcg, scheme

DESIGN = (
    Question("w", "decimal", role="weight"),
    Question("p", "text", role="psu"),
    Question("r", "text", role="respondent"),
)
FORM = form(item("q1", "a"), item("q2", "a", weight=3), item("q3", "b"), *DESIGN, settings={"panel": "yes"})


def golden() -> list[Any]:
    u = lcg(3600, 11).reshape(-1, 10)
    year, i = np.repeat([2013, 2014], 180), np.tile(np.arange(1, 181), 2)
    g = np.tile(np.repeat([0, 1, 2], 60), 2)
    stratum, psu = np.floor(u[:, 1] * 2).astype(int), np.floor(u[:, 2] * 6).astype(int)
    stratum[g == 1] = 0
    person = np.where((year == 2014) & (i % 60 > 39), i + 1000, i)
    answers = {}
    for j in (1, 2, 3):
        base = np.where(g == 1, lcg(2000, 5)[person + j - 1], lcg(500, 3)[psu * 3 + j + stratum * 40 - 1])
        level = 1 + np.floor(5 * (0.5 * base + 0.5 * u[:, 2 + j])).astype(int)
        answers[f"q{j}"] = [None if m < 0.1 else str(k) for m, k in zip(u[:, 5 + j], level, strict=True)]
    design = {
        "year": year.tolist(),
        "community_code": [f"C{k}" for k in g],
        "weight": (0.5 + 2 * u[:, 0]).tolist(),
        "stratum": [f"s{k}" for k in stratum],
        "psu": [f"p{k}" if c == 0 else None for c, k in zip(g, psu, strict=True)],
        "respondent": [f"r{p}" if c == 1 else f"s{y}{p}" for c, p, y in zip(g, person, year, strict=True)],
    }
    return [(FORM, block(FORM, answers, **design))]


def test_agrees_with_r() -> None:
    found = compare_years(scheme(), golden(), 2014)
    assert list(found.columns) == list(COLUMNS.names)
    assert found["community_code"].tolist() == ["C0", "C1", "C2"]
    assert found["shared"].tolist() == [True, False, False]
    assert found["panel"].tolist() == [False, True, False]
    assert (found["items"].tolist(), found["of"].tolist(), found["points"].tolist()) == ([3] * 3, [3] * 3, [120] * 3)
    np.testing.assert_allclose(
        found["difference"], [3.62360679958033, -0.449424695352432, 5.08160823496102], rtol=1e-10
    )
    np.testing.assert_allclose(found["se"], [3.75538796814268, 3.61707692696209, 3.56746974350817], rtol=1e-10)
    assert found["df"].tolist()[:2] == [10, 79]


def pair(first: dict[str, Any], second: dict[str, Any], forms: Any = None, **design: Any) -> list[Any]:
    """One community, one block a year."""
    one, two = forms or (FORM, FORM)
    more = {"weight": 1.0}
    return [
        (one, block(one, first, year=2013, **more, **design)),
        (two, block(two, second, year=2014, **more, **design)),
    ]


def test_the_same_people_by_hand() -> None:
    """12 people, each 20 points of 100 better in one item of three that is worth 60: +12, without any error left;
    where half of them gain 20 and half 0, +6 with the error of 12 differences, 6 / sqrt(11)."""
    names = [f"r{i}" for i in range(12)]
    then = {"q1": ["1"] * 12, "q2": ["1"] * 12, "q3": ["2", "3", "4"] * 4}
    now = {**then, "q3": ["1", "2", "3"] * 4}
    row = compare_years(scheme(), pair(then, now, respondent=names), 2014).iloc[0]
    assert row["difference"] == pytest.approx(12)
    assert np.isnan(row["se"])
    half = {**then, "q3": ["1", "2", "3"] * 2 + ["2", "3", "4"] * 2}
    row = compare_years(scheme(), pair(then, half, respondent=names), 2014).iloc[0]
    assert (row["difference"], row["se"], row["df"]) == pytest.approx((6, 6 / np.sqrt(11), 11))
    apart = compare_years(scheme(), pair(then, half, respondent=None), 2014).iloc[0]
    assert not apart["panel"]
    assert apart["se"] > 2 * row["se"]


@pytest.mark.parametrize("setting", [{}, {"panel": "no"}])
def test_a_panel_is_declared_and_never_guessed(setting: dict[str, str]) -> None:
    """Running numbers of two samples: what was the same person with ``panel: yes`` is nobody's business without."""
    names = [str(i) for i in range(12)]
    then = {"q1": ["1"] * 12, "q2": ["1"] * 12, "q3": ["2", "3", "4"] * 4}
    now = {**then, "q3": ["1", "2", "3"] * 2 + ["2", "3", "4"] * 2}
    declared = compare_years(scheme(), pair(then, now, respondent=names), 2014).iloc[0]
    assert (declared["panel"], declared["pairs"]) == (True, 12)
    plain = form(*FORM.rows, settings=setting)
    silent = compare_years(scheme(), pair(then, now, (plain, plain), respondent=names), 2014).iloc[0]
    assert (silent["panel"], silent["pairs"]) == (False, 0)
    assert silent["se"] > 2 * declared["se"]


def test_numbers_that_start_again_every_year_are_no_panel() -> None:
    names = [f"{i}" for i in range(20)]
    asked = form(*FORM.rows, Question("s", "text", role="sex"), settings={"panel": "yes"})
    answers = {"q1": ["1", "2"] * 10, "q2": ["1"] * 20, "q3": ["1"] * 20}
    first, second = ["m", "f"] * 10, ["m", "m", "f", "f"] * 5
    for sexes, panel in (((first, second), False), ((first, first), True)):
        parts = [
            (asked, block(asked, answers, year=y, weight=1.0, respondent=names, sex=s))
            for y, s in zip((2013, 2014), sexes, strict=True)
        ]
        assert compare_years(scheme(), parts, 2014)["panel"].tolist() == [panel]


def test_only_items_of_both_years_count() -> None:
    """q3 was asked on another scale before: q1 (15) and q2 (45) remain, 20 and 0 of 100 better: 3 points."""
    other = form(*FORM.rows[:2], item("q3", "b", reverse=True), *DESIGN)
    then = {"q1": ["2"] * 12, "q2": ["1", "2"] * 6, "q3": ["1"] * 12}
    now = {**then, "q1": ["1"] * 12, "q3": ["5"] * 12}
    row = compare_years(scheme(), pair(then, now, (other, FORM)), 2014).iloc[0]
    assert (row["items"], row["of"], row["points"]) == (2, 3, 60)
    assert row["difference"] == pytest.approx(3)
    assert row["se"] == pytest.approx(np.sqrt(2 * (45 / 100 * 10) ** 2 / 11))


def test_nothing_in_common_and_few_people_give_nothing() -> None:
    few = {"q1": ["1"] * 9, "q2": ["2"] * 9, "q3": ["1"] * 9}
    row = compare_years(scheme(), pair(few, few), 2014).iloc[0]
    assert row[["difference", "se", "df", "points"]].isna().all()
    other = form(*(item(name, "a") for name in ("z1", "z2")), *DESIGN)
    then = {"z1": ["1"] * 12, "z2": ["2"] * 12}
    now = {"q1": ["1"] * 12, "q2": ["2"] * 12, "q3": ["1"] * 12}
    row = compare_years(scheme(), pair(then, now, (other, FORM)), 2014).iloc[0]
    assert (row["items"], row["of"]) == (0, 3)
    assert np.isnan(row["difference"])
    one_year = compare_years(scheme(), [(FORM, block(FORM, now, weight=1.0))], 2014)
    assert one_year.empty


def test_an_item_that_hardly_anyone_answered_gives_nothing() -> None:
    then = {"q1": ["1"] * 4 + [None] * 10, "q2": ["2"] * 14, "q3": ["1"] * 14}
    assert np.isnan(compare_years(scheme(), pair(then, then), 2014)["difference"].iloc[0])


def test_the_population_of_both_years_together() -> None:
    """The same 4 of 8 PSUs in both years: f = 1/2 in the joint stratum; 4 of 8 and 4 of 16: the smaller, 1/4."""
    asked = form(*FORM.rows, Question("f", "decimal", role="fpc"))
    answers = {"q1": ["1", "2"] * 8, "q2": ["1"] * 16, "q3": ["1"] * 16}
    for second, expected in ((8.0, 0.5), (16.0, 0.75)):
        parts = [
            (asked, block(asked, answers, year=y, weight=1.0, psu=[f"p{i % 4}" for i in range(16)], fpc=n, fpc2=4))
            for y, n in ((2013, 8.0), (2014, second))
        ]
        sample = pool(parts)
        joint = overlap_of(sample, sample.numbers("year") == 2014).design
        assert joint.psus.tolist() == [4]
        assert joint.unsampled.tolist() == pytest.approx([expected])
