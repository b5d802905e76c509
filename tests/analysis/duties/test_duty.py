"""A duty in words: overdue, soon, without a day; who owes; the reminder."""

import pytest

from analysis.duties.duty import Duties, Duty, due_word, duty_frame, folded, owner_word, urging, what_word

TODAY = "2014-10-16"
NAMES = {"C1": "甲社区", "C2": "乙社区"}


def duties(*rows):
    return Duties(2014, TODAY, rows, {}, NAMES, {"C1": "一街", "C2": "二街"})


VALUES = Duty("values", "office", "民政办", "C1", 3, office="民政办").until("2014-10-15", TODAY)
MORE = Duty("values", "office", "民政办", "C2", 2, office="民政办").until("2014-10-15", TODAY)
SHORT = Duty("responses", "community", "C2", "C2", 20).until("2014-10-20", TODAY)
STEP = Duty("steps", "street", "", "C1", step="decide").until("", TODAY)
LATEST = Duty("tasks", "office", "民政办、事务办", "C1", 1, step="planned").until("2014-09-30", TODAY)


@pytest.mark.parametrize(
    ("due", "days", "said"),
    [
        ("2014-10-15", -1, "已逾期 1 天（2014-10-15 到期）"),
        ("2014-10-16", 0, "今天（2014-10-16）到期"),
        ("2014-10-20", 4, "还有 4 天（2014-10-20 到期）"),
        ("", None, "未定期限"),
    ],
)
def test_a_day_in_words(due, days, said):
    duty = Duty("values", "office", "民政办", "C1").until(due, TODAY)
    assert (duty.days, duty.overdue, due_word("zh", duty)) == (days, days == -1, said)


def test_the_longest_overdue_owner_stands_first():
    found = duties(STEP, SHORT, VALUES, LATEST)
    assert found.owners == (
        ("office", "民政办、事务办"),
        ("office", "民政办"),
        ("community", "C2"),
        ("street", ""),
    )
    assert [row["owner"] for row in duty_frame(found, "zh").to_dict("records")] == [
        "民政办、事务办",
        "民政办",
        "乙社区",
        "街道经办",
    ]
    assert owner_word("en", "payer", "street", NAMES) == "payer: street"


def test_filters_leave_what_is_asked_for():
    found = duties(STEP, SHORT, VALUES, MORE, LATEST)
    assert found.only(street="一街").rows == (STEP, VALUES, LATEST)
    assert found.only(community="C2").rows == (SHORT, MORE)
    assert found.only(office="事务办").rows == (LATEST,)
    assert found.only(office="民政办", overdue=True).rows == (VALUES, MORE, LATEST)
    assert found.only(owed_by=("community", "C2")).rows == (SHORT,)
    assert found.offices == ("民政办", "事务办")


def test_the_same_of_several_communities_is_one_line():
    owed = folded([STEP, VALUES, MORE])
    assert [(o.first.kind, o.n, o.communities) for o in owed] == [("values", 5, ("C1", "C2")), ("steps", 1, ("C1",))]
    assert what_word("zh", owed[0].first, owed[0].n) == "指标值未填或被退回 5 项"
    assert what_word("zh", owed[1].first, owed[1].n) == "录入区文明委评定（1 个社区）"


def test_a_reminder_says_what_where_and_by_when():
    letter = urging(duties(VALUES, MORE, SHORT), ("office", "民政办"), "zh", sample=True)
    assert letter.splitlines() == [
        "催办单：民政办（2014 年度）",
        "截至 2014-10-16",
        "示例数据，非真实结果",
        "",
        "1. 指标值未填或被退回 5 项：已逾期 1 天（2014-10-15 到期）",
        "   涉及：甲社区、乙社区",
        "",
        "其中 5 项已逾期，请尽快办理。",
    ]
    own = urging(duties(VALUES, SHORT), ("community", "C2"), "en")
    assert "Concerns" not in own
    assert "Please see to them before they are due." in own
