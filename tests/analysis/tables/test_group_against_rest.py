"""A group against the rest of its area: by hand, against R survey 4.1-1, and what small groups hold back.

The 200 rows of test_subjective.py (``u``) in R::

    d <- data.frame(stratum = floor(u[,1]*2), psu = floor(u[,2]*7), k = floor(u[,6]*3), w = 0.5 + 2*u[,4],
                    l = 1 + floor(5*u[,5]), r = u[,9] >= 0.2)
    s <- subset(svydesign(ids = ~psu, strata = ~stratum, weights = ~w, nest = TRUE, data = d), r)
    s2 <- update(s, mine = as.numeric(k == j), y = l)                              # or as.numeric(l == 1)
    b <- svyby(~y, ~mine, s2, svymean, covmat = TRUE); svycontrast(b, list(d = c(-1, 1))); degf(s2)
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
        compared([(FORM, block(FORM, {"q1": ["1"] * 12}))], by=("community", "year"))


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
    assert town("estimate", "--questionnaire", "q", "--rest")[0] == 3
