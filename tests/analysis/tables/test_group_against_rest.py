"""A group against the rest of its area: by hand, against R survey 4.1-1, and what small groups hold back.

The 200 rows of test_subjective.py (``u``) in R::

    d <- data.frame(stratum = floor(u[,1]*2), psu = floor(u[,2]*7), k = floor(u[,6]*3), w = 0.5 + 2*u[,4],
                    l = 1 + floor(5*u[,5]), r = u[,9] >= 0.2)
    s <- subset(svydesign(ids = ~psu, strata = ~stratum, weights = ~w, nest = TRUE, data = d), r)
    s2 <- update(s, mine = as.numeric(k == j), y = l)                              # or as.numeric(l == 1)
    b <- svyby(~y, ~mine, s2, svymean, covmat = TRUE); svycontrast(b, list(d = c(-1, 1))); degf(s2)
    r <- regTermTest(svyglm(y ~ factor(k), s2), ~factor(k)); c(r$Ftest, r$df, r$ddf, r$p)
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.tables.estimates import MEASURES, estimate_table
from analysis.tables.group_against_rest import REST
from survey.core import limits
from survey.core.errors import Refused
from survey.form.model import Choice, Question
from tests.tools import commands
from tests.tools.commands import table
from tests.tools.towns.survey_toys import block, form, item, lcg, scheme

run, town = commands.run, commands.town

KIND = Question("k", "select_one", choices=tuple(Choice(c, {}) for c in "abc"))
FORM = form(item("q1", "a"), KIND)


@pytest.fixture(autouse=True)
def small_communities_split(monkeypatch: pytest.MonkeyPatch) -> None:
    """Towns of these tests are smaller than those that a question may split."""
    monkeypatch.setattr(limits, "BESIDE_BELOW", 0)


MEANS = [
    (107, 3.053417808266, -0.124754557360169, 0.255945857762543, 12),
    (95, 3.03260023471584, -0.0541181311967409, 0.394677396719539, 12),
    (106, 2.95482870822207, 0.180595650991741, 0.265902898493454, 12),
]
SHARES = [
    (107, 0.200507465073193, 0.034063600808369, 0.0843100347878378, 12),
    (95, 0.198568221508893, 0.0362576060702287, 0.106385369429734, 12),
    (106, 0.234704869772532, -0.0717540080941247, 0.0661351055204083, 12),
]
#: all three groups at once: of the mean, then of the shares of 1 … 5
TOGETHER = [
    (0.4620497324812, 2, 10, 0.6427939360783),
    (0.7233961247153, 2, 10, 0.5088397096329),
    (0.05162959758396, 2, 10, 0.9499320179982),
    (0.1186952761875, 2, 10, 0.8893109528731),
    (0.4609004409824, 2, 10, 0.6434706272531),
    (0.04069396758794, 2, 10, 0.9602810655454),
]


def golden() -> Any:
    u = lcg(200 * 12, 7).reshape(-1, 12)
    asked = form(item("q1"), KIND, Question("w", "decimal", role="weight"), Question("p", "text", role="psu"))
    answers = {
        "q1": [str(1 + int(5 * a)) if r >= 0.2 else None for a, r in zip(u[:, 4], u[:, 8], strict=True)],
        "k": ["abc"[int(3 * v)] for v in u[:, 5]],
    }
    return asked, block(
        asked,
        answers,
        weight=(0.5 + 2 * u[:, 3]).tolist(),
        psu=[str(int(7 * v)) for v in u[:, 1]],
        stratum=[f"s{int(2 * v)}" for v in u[:, 0]],
    )


def compared(parts: Any, by: tuple[str, ...] = ("community", "year", "k"), **more: Any) -> Any:
    return estimate_table(parts, items=["q1"], by=by, populations={}, scheme=scheme(), rest=True, **more)


def test_agrees_with_r() -> None:
    found = compared([golden()])
    assert list(found.columns)[-len(REST) - 1 - len(MEASURES) :] == [*MEASURES, *REST, "note"]
    columns = ["rest_n", "rest", "difference", "difference_se", "difference_df"]
    for choice, expected in (("", MEANS), ("1", SHARES)):
        rows = found[found["choice"] == choice]
        np.testing.assert_allclose(rows[columns].to_numpy(dtype=float), expected, rtol=1e-10)
        assert (rows["difference_q"] >= rows["difference_p"]).all()


def test_all_groups_at_once_agree_with_r() -> None:
    found = compared([golden()])
    for choice, expected in zip(("", *"12345"), TOGETHER, strict=True):
        rows = found[found["choice"] == choice]
        np.testing.assert_allclose(rows[["statistic", "df1", "df2", "p"]].to_numpy(), [expected] * 3, rtol=1e-9)
    assert found.query("choice == ''")["p_holm"].tolist() == found.query("choice == ''")["p"].tolist()
    assert (found.query("choice != ''")["p_holm"] == 1).all()  # R: p.adjust(p, "holm") of the five shares
    assert (found.query("choice == ''")["difference_holm"] == 1).all()  # and of the three differences


def test_only_groups_that_are_shown_are_tested_together() -> None:
    """Of 24, 20 and 12 the small ones beside them are held back: the test is that of the shown without them."""
    shown = {"q1": ["1", "2"] * 28, "k": ["a"] * 24 + ["b"] * 20 + ["c"] * 12}
    whole = compared([(FORM, block(FORM, shown))]).query("choice == ''").set_index("k")
    assert (whole["df1"] == 2).all()
    few = {"q1": [*shown["q1"], *["5"] * 4], "k": ["a"] * 26 + ["b"] * 30 + ["c"] * 4}
    rows = compared([(FORM, block(FORM, few))]).query("choice == ''").set_index("k")
    seen = rows[rows["mean"].notna()]
    assert seen["statistic"].isna().all() if len(seen) < 2 else (seen["df1"] == len(seen) - 1).all()
    assert rows.loc[rows["mean"].isna(), list(REST)].isna().all(axis=None)


def test_the_rest_of_a_community_are_the_others_of_its_street_by_their_adults() -> None:
    """30 of A say 1 and 2 in turn, of B 3, of C 4, of D in another street 5; B has 100 adults, C 300: the rest of A is 3.75."""
    answers = {"q1": ["1", "2"] * 15 + ["3"] * 30 + ["4"] * 30 + ["5"] * 30}
    where = {"community_code": [c for c in "ABCD" for _ in range(30)], "sub_district": ["东"] * 90 + ["西"] * 30}
    part = (FORM, block(FORM, {**answers, "k": ["a"] * 120}, **where))
    people = {"A": 500.0, "B": 100.0, "C": 300.0, "D": 100.0}
    rows = estimate_table(
        [part], items=["q1"], by=("sub_district", "community", "year"), populations=people, scheme=scheme(), rest=True
    )
    heads = rows.query("choice == ''").set_index("community_code")
    assert heads.loc["A", ["mean", "rest_n", "rest", "difference"]].tolist() == pytest.approx([1.5, 60, 3.75, -2.25])
    assert heads.loc["B", "rest"] == pytest.approx((500 * 1.5 + 300 * 4) / 800)
    assert heads.loc["D", ["rest", "difference", "difference_p", "p"]].isna().all()
    lacking = estimate_table(
        [part], items=["q1"], by=("community", "year"), populations={"A": 5.0}, scheme=scheme(), rest=True
    )
    assert lacking[list(REST)].isna().all(axis=None)


def test_where_the_sum_of_a_street_is_held_back_no_rest_tells_it() -> None:
    """Two communities, and a third of 4: what is left of the street beside the two would be the four."""
    answers = {"q1": ["1", "2"] * 15 + ["3", "4"] * 15 + ["5"] * 4, "k": ["a"] * 64}
    where = {"community_code": ["A"] * 30 + ["B"] * 30 + ["C"] * 4, "sub_district": ["东"] * 64}
    rows = estimate_table(
        [(FORM, block(FORM, answers, **where))],
        items=["q1"],
        by=("sub_district", "community", "year"),
        populations={"A": 1.0, "B": 1.0, "C": 1.0},
        scheme=scheme(),
        rest=True,
    )
    street = estimate_table(
        [(FORM, block(FORM, answers, **where))],
        items=["q1"],
        by=("sub_district", "year"),
        populations={"A": 1.0, "B": 1.0, "C": 1.0},
        scheme=scheme(),
    )
    told = rows.query("choice == ''").set_index("community_code")
    assert street.query("choice == ''")["mean"].isna().all()
    assert told["mean"].notna().tolist() == [True, True, False]
    assert told[list(REST)].isna().all(axis=None)


def test_by_hand() -> None:
    """10 of a say 1 and 2 in turn, 20 of b say 3: 1.5 less than 3; the error is that of a's mean alone, 0.5 · sqrt(30/29/10)."""
    answers = {"q1": ["1", "2"] * 5 + ["3"] * 20, "k": ["a"] * 10 + ["b"] * 20}
    rows = compared([(FORM, block(FORM, answers))]).query("choice == ''").set_index("k")
    assert rows.loc["a", ["n", "mean", "rest_n", "rest", "difference"]].tolist() == [10, 1.5, 20, 3, -1.5]
    assert rows["difference_se"].tolist() == pytest.approx([0.5 * np.sqrt(30 / 29 / 10)] * 2)
    assert rows.loc["b", "difference"] == 1.5
    assert rows["difference_df"].tolist() == [29, 29]
    assert rows["difference_q"].tolist() == rows["difference_p"].tolist()


def test_each_area_by_itself() -> None:
    answers = {"q1": (["1", "2"] * 5 + ["3", "4"] * 10) * 2, "k": (["a"] * 10 + ["b"] * 20) * 2}
    code = ["C1"] * 30 + ["C2"] * 30
    rows = compared([(FORM, block(FORM, answers, community_code=code))]).query("choice == ''")
    assert rows["rest_n"].tolist() == [20, 10, 20, 10]
    together = compared([(FORM, block(FORM, answers))]).query("choice == ''")
    assert together["rest_n"].tolist() == [40, 20]


def test_small_groups_stay_hidden_on_both_sides() -> None:
    """4 of a are hidden and c with them; b against their 10 tells no more than the total does; 3 shares of 5 none."""
    answers = {"q1": ["1", "2"] * 17, "k": ["a"] * 4 + ["b"] * 24 + ["c"] * 6}
    rows = compared([(FORM, block(FORM, answers))])
    heads = rows[rows["choice"] == ""].set_index("k")
    assert heads.loc[["a", "c"], list(REST)].isna().all(axis=None)
    assert heads.loc["b", "rest_n"] == 10
    few = {"q1": ["1", "2"] * 14, "k": ["b"] * 20 + ["c"] * 8}
    rows = compared([(FORM, block(FORM, few))])
    shares = rows[rows["choice"] == "1"]
    assert shares[list(REST)].isna().all(axis=None)


def test_without_a_known_error_a_difference_has_no_test() -> None:
    answers = {"q1": ["1", "2"] * 20, "k": ["a", "a", "b", "b"] * 10}
    rows = compared([(FORM, block(FORM, answers, sample_type="open"))]).query("choice == ''")
    assert rows["difference"].notna().all()
    assert rows[list(REST[3:])].isna().all(axis=None)
    alone = compared([(FORM, block(FORM, {**answers, "k": ["a"] * 40}))]).query("choice == ''")
    assert alone[["rest", "difference", "difference_p"]].isna().all(axis=None)


def test_areas_have_no_rest() -> None:
    with pytest.raises(Refused):
        compared([(FORM, block(FORM, {"q1": ["1"] * 12}))], by=("sub_district", "year"))


def test_weighting_and_rest_do_not_go_together() -> None:
    with pytest.raises(Refused):
        compared([golden()], weighting="rake")


def test_the_command(town):
    lines = [f"{i},甲社区,2014,{1 + i % 3},{1 + i % 4}\n" for i in range(60)]
    Path("a.csv").write_text("编号,社区,年度,办事方便,环境卫生\n" + "".join(lines), encoding="utf-8")
    assert town("import", "a.csv", "--questionnaire", "q")[0] == 0
    status, out, _ = town("estimate", "--questionnaire", "q", "--item", "Q1", "--by", "community,Q2", "--rest")
    assert status == 0
    rows = [r for r in table(out) if not r["choice"]]
    assert [r["rest_n"] for r in rows] == ["45"] * 4
    assert town("estimate", "--questionnaire", "q", "--rest", "--by", "year")[0] == 3
