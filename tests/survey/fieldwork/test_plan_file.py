"""A plan from a file: everything that is wrong at once, with its cell."""

from __future__ import annotations

from survey.fieldwork.plan_file import read_plan
from survey.store.year.plans import Plan
from survey.store.year.register import Community

COMMUNITIES = (Community("C1", "甲社区", ("甲",)), Community("C2", "乙社区"))


def read(*rows, year=None):
    return read_plan("计划.csv", "\n".join(rows).encode(), COMMUNITIES, year)


def test_a_plan():
    found, findings = read("社区,年度,方式,应收", "甲,2014年,,200", "乙社区,2014,电话,50", "乙社区,2014,,0")
    assert findings == []
    assert found == [Plan(2014, "C1", "", 200), Plan(2014, "C2", "phone", 50), Plan(2014, "C2", "", 0)]


def test_one_number_for_every_community_and_another_for_one():
    found, findings = read("社区,应收", ",100", "乙社区,200", year=2014)
    assert findings == []
    assert found == [Plan(2014, "C1", "", 100), Plan(2014, "C2", "", 200)]
    assert read("wanted", "100", year=2014)[0] == [Plan(2014, "C1", "", 100), Plan(2014, "C2", "", 100)]


def test_all_that_is_wrong():
    found, findings = read(
        "社区,年度,方式,应收",
        "丙,2014,,1",
        "甲,去年,,1",
        "甲,2014,飞鸽,1",
        "甲,2014,,一百",
        "甲,2014,,",
        "甲,2014,,1",
        "甲社区,2014,,2",
        "甲,,,1",
    )
    assert found == []
    assert [(f.code, f.cell) for f in findings] == [
        ("register.unknown_community", "A2"),
        ("register.bad_year", "B3"),
        ("checking.not_a_mode", "C4"),
        ("coverage.plan.bad_number", "D5"),
        ("coverage.plan.bad_number", "D6"),
        ("coverage.plan.twice", "A8"),
        ("register.bad_year", "B9"),
    ]
    assert all(f.word("zh") and f.word("en") for f in findings)


def test_no_plan_and_no_column():
    assert [f.code for f in read("社区,应收")[1]] == ["coverage.plan.no_rows"]
    assert [f.code for f in read("社区,年度", "甲,2014")[1]] == ["tables.missing_column"]
