"""Who is still missing: what is stored, scored, wanted and short; the sentence to copy."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from analysis.quality.coverage import Known, coverage, coverage_of, known_of, receipt_sentence
from analysis.scheme import default_scheme
from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.core.lang import say
from survey.intake.answers import commit, inspect
from survey.store.intake import questionnaires
from survey.store.year import plans, register, years
from survey.store.year.plans import Plan
from survey.store.year.register import Community
from tests.tools.forms import form
from tests.tools.templates import initialised

SCHEME = default_scheme()
COMMUNITIES = (
    Community("C1", "柳营社区", (), "街道"),
    Community("C2", "春晖社区", (), "街道"),
    Community("C3", "南塔社区"),
)
KNOWN = {
    "C1": Known({"paper": 100, "phone": 46}, 144, {"paper": 100, "phone": 44}, 31),
    "C2": Known({"paper": 205}, 205, {"paper": 205}, 30),
}


def table(plan=(), **more):
    return coverage_of(2014, SCHEME, COMMUNITIES, KNOWN, plan, **more)


def lines(found):
    keys = ("community_code", "mode", "stored", "scored", "wanted", "short", "planned")
    return [tuple(None if v is pd.NA else v for v in row) for row in found.frame[list(keys)].itertuples(index=False)]


def test_without_a_plan_the_schemes_minimum_is_wanted():
    found = table()
    assert (found.minimum, found.recommended) == (50, 200)
    assert lines(found) == [
        ("C1", "", 146, 144, 50, 0, False),
        ("C1", "paper", 100, 100, None, None, False),
        ("C1", "phone", 46, 44, None, None, False),
        ("C2", "", 205, 205, 50, 0, False),
        ("C2", "paper", 205, 205, None, None, False),
        ("C3", "", 0, 0, 50, 50, False),
    ]


def test_a_plan_for_the_community_for_its_modes_and_for_this_look_only():
    plan = [
        Plan(2014, "C1", "", 200),
        Plan(2014, "C1", "phone", 60),
        Plan(2014, "C3", "paper", 80),
        Plan(2014, "C3", "web", 20),
    ]
    found = lines(table(plan))
    assert found[0] == ("C1", "", 146, 144, 200, 56, True)
    assert found[2] == ("C1", "phone", 46, 44, 60, 16, True)
    assert found[5:] == [
        ("C3", "", 0, 0, 100, 100, True),
        ("C3", "paper", 0, 0, 80, 80, True),
        ("C3", "web", 0, 0, 20, 20, True),
    ]
    assert [r[4] for r in lines(table(plan, wanted=150)) if not r[1]] == [150, 150, 150]


def test_where_the_scored_ones_are_held_back_the_stored_ones_count():
    found = coverage_of(2014, SCHEME, COMMUNITIES[:1], {"C1": Known({"paper": 3}, None, {}, 0)})
    assert lines(found)[0] == ("C1", "", 3, None, 50, 47, False)


def test_indicators_reported_of_how_many():
    found = table().communities
    assert found["indicators"].tolist() == [31, 30, 0]
    assert set(found["indicators_of"]) == {len(SCHEME.scored_indicators)}


def test_stored_counts_of_all_questionnaires_add_up():
    counts = pd.DataFrame({"community_code": ["C1", "C1", "C2"], "mode": ["paper", "paper", None], "n": [2, 3, 4]})
    found = known_of(counts, None)
    assert {c: dict(k.stored) for c, k in found.items()} == {"C1": {"paper": 5}, "C2": {"paper": 4}}
    assert found["C1"].scored is None


def test_the_receipt_in_both_languages():
    plan = [Plan(2014, "C1", "", 198), Plan(2014, "C3", "", 0)]
    assert receipt_sentence("zh", 612, 2, table(plan)) == "已入库 612 份，2 行未入库，柳营社区还差 54 份"
    assert receipt_sentence("en", 612, 2, table(plan)) == "612 stored, 2 rows left out, 柳营社区 is 54 short"
    assert (
        receipt_sentence("zh", 5, 0, table(plan), duplicates=3, communities=["C2"])
        == "已入库 5 份，3 份原已入库，1 个社区均已收齐"
    )
    assert receipt_sentence("zh", 5, 0, None) == "已入库 5 份"


def test_the_receipt_names_three_and_counts_the_rest():
    many = [Community(f"D{i}", f"第{i}社区") for i in range(5)]
    plan = [Plan(2014, c.code, "", 10 + i) for i, c in enumerate(many)]
    found = coverage_of(2014, SCHEME, many, {}, plan)
    assert (
        receipt_sentence("zh", 0, 0, found)
        == "已入库 0 份，第4社区还差 14 份，第3社区还差 13 份，第2社区还差 12 份，另有 2 个社区未收齐"
    )


def test_everything_is_json():
    found = json.loads(json.dumps(table().as_json()))
    assert (found["minimum"], found["recommended"], len(found["rows"])) == (50, 200, 6)
    assert found["rows"][1]["short"] is None


@pytest.fixture
def ready(store):
    initialised(store)
    with store.write() as conn:
        register.save(conn, [*COMMUNITIES[:2], Community("C9", "旧社区", valid_to="2013")])
        questionnaires.add(conn, "q", form())
    return store


def test_from_a_store(ready):
    rows = [f"{i},{'柳营社区' if i % 3 else '春晖社区'},2014,{1 + i % 5},{'' if i == 1 else 2}" for i in range(30)]
    rows.append("30,柳营社区,2014,,")
    text = "编号,社区,年度,办事方便,环境卫生\n" + "\n".join(rows)
    commit(ready, inspect(ready, "a.csv", text.encode(), ImportOptions("q", mode="phone")))
    with ready.write() as conn:
        plans.save(conn, [Plan(2014, "C1", "phone", 40)])
    found = coverage(ready, 2014)
    assert lines(found) == [
        ("C1", "", 21, 20, 40, 20, True),
        ("C1", "phone", 21, 20, 40, 20, True),
        ("C2", "", 10, 10, 50, 40, False),
        ("C2", "phone", 10, 10, None, None, False),
    ]
    assert [r[:3] for r in lines(coverage(ready, 2013)) if not r[1]] == [("C1", "", 0), ("C2", "", 0), ("C9", "", 0)]


def test_plans_are_kept_and_replaced(store):
    with store.write() as conn:
        register.save(conn, list(COMMUNITIES))
        assert (
            plans.save(conn, [Plan(2014, "C2", "", 200), Plan(2014, "C1", "web", 20), Plan(2014, "C1", "", 100)]) == 3
        )
        plans.save(conn, [Plan(2014, "C2", "", 150), Plan(2015, "C2", "", 1)])
        with pytest.raises(Refused):
            plans.save(conn, [Plan(2014, "X", "", 1)])
    with store.read() as conn:
        assert plans.plans(conn, 2014) == [
            Plan(2014, "C1", "", 100),
            Plan(2014, "C1", "web", 20),
            Plan(2014, "C2", "", 150),
        ]
        assert plans.plans(conn, 2013) == []


def test_nobody_collects_any_more_where_the_year_is_archived(ready):
    found = table(settled=("C3",))
    assert {code: short for code, mode, *_, short, _ in lines(found) if not mode} == {"C1": 0, "C2": 0, "C3": None}
    assert found.missing.empty
    assert receipt_sentence("zh", 1, 0, found, communities={"C3"}) == say("zh", "coverage.receipt.stored", n=1)
    with ready.write() as conn:
        years.close(conn, 2013)
    assert {row[5] for row in lines(coverage(ready, 2013))} == {None}
    assert coverage(ready, 2014).missing["short"].tolist() == [50, 50]
