"""The page of what is to be done: one's own first, only what is in scope, dates set by whom it is given, reminders."""

import pytest

from analysis.publication import cycle_steps
from dashboard.pages.todo import page, service
from dashboard.router import render
from dashboard.web.access import Viewer
from survey.core.errors import Refused
from survey.store.year import plans
from survey.store.year.plans import Plan
from tests.tools.dashboard_tools import source_of, words
from tests.tools.towns.cycle_town import publish, step

CLERK = Viewer("王芳", "clerk")


@pytest.fixture
def town(sqlite_store):
    publish(sqlite_store)
    with sqlite_store.write() as conn:
        plans.save(conn, [Plan(2014, "C1", "", 100), Plan(2014, "C2", "", 90)])
        plans.set_due(conn, 2014, {"responses": "2014-10-01", "values": "2099-01-01"}, "王芳")
    cycle_steps.take(sqlite_store, step("objection", "C2", reason="漏记", date="2014-11-25"))
    return sqlite_store


def seen(store, viewer, **filters):
    return service.todo(viewer, source_of(store), store, 2014, filters)


def kinds(found):
    return {(d.kind, d.community) for d in found.rows if d.kind != "tasks"}


def test_each_role_begins_with_its_own(town):
    assert kinds(seen(town, CLERK).mine) == {("steps", "C1"), ("objections", "C2")}
    assert kinds(seen(town, CLERK).others) == {("responses", "C1"), ("responses", "C2")}
    own = seen(town, Viewer("甲", "community", frozenset({"C1"})))
    assert kinds(own.mine) == {("responses", "C1")}
    assert kinds(own.others) == {("steps", "C1")}
    assert seen(town, Viewer("领导", "leader")).mine.rows == ()
    office = next(d.owner for d in seen(town, CLERK).found.rows if d.kind == "tasks" and "、" not in d.owner)
    mine = seen(town, Viewer("科", "scorer", offices=frozenset({office}))).mine.rows
    assert mine
    assert {office in d.owner for d in mine} == {True}


def test_who_sees_one_community_reads_nothing_of_another(town):
    viewer = Viewer("甲", "community", frozenset({"C1"}))
    text = words(render(viewer, source_of(town), town, None, "/todo", "?lang=zh&year=2014", {}).children)
    assert "还差答卷 40 份" in text
    assert "已逾期" in text
    assert "乙社区" not in text
    with pytest.raises(Refused):
        service.letter(viewer, source_of(town), town, 2014, {"who": "community~C2"}, "zh")
    assert "保存期限" not in text
    assert "您有1项待办，其中1项已逾期。" in text.replace(" ", "")
    assert "催办单" not in text
    with pytest.raises(Refused):
        service.letter(viewer, source_of(town), town, 2014, {"who": "street~"}, "zh")


def test_who_fills_in_for_a_community_reads_of_offices_what_holds_the_community_up_and_no_plans(town):
    """What offices have yet to plan stands on 整改任务; a page of fourteen offices hid the one line of one's own."""
    own = seen(town, Viewer("甲", "community", frozenset({"C1"})))
    assert {d.kind for d in own.found.rows} == {"responses", "steps"}
    assert "tasks" in {d.kind for d in seen(town, Viewer("王", "clerk", frozenset({"C1"}))).found.rows}


@pytest.mark.parametrize(
    ("role", "begins"),
    [("clerk", "您有 2 项待办。"), ("reviewer", "您没有待办。"), ("leader", "2014 年度"), ("auditor", "2014 年度")],
)
def test_the_page_begins_with_what_is_the_readers_own(town, role, begins):
    data = seen(town, Viewer("某人", role))
    assert (page.own_sentence(data, "zh") + page.sentence(data, "zh")).replace("**", "").startswith(begins)
    cards = words(render(Viewer("某人", role), source_of(town), town, None, "/todo", "?year=2014", {}).children)
    assert ("您的待办" in cards) == (role == "clerk")
    assert cards.count("催办单") == len(data.others.owners)


def test_what_is_overdue_alone_and_a_reminder_of_it(town):
    found = seen(town, CLERK, state="overdue").found
    assert {d.kind for d in found.rows} == {"responses"}
    name, data, _ = service.letter(
        CLERK, source_of(town), town, 2014, {"who": "community~C2", "state": "overdue"}, "zh"
    )
    assert name == "2014_催办单_乙社区.txt"
    assert "1. 还差答卷 30 份：已逾期" in data.decode("utf-8-sig")
    assert service.table(CLERK, source_of(town), town, 2014, {}, "zh")[0] == "2014_待办.xlsx"
    with pytest.raises(Refused):
        service.letter(CLERK, source_of(town), town, 2014, {"who": "office~没有"}, "zh")


def test_dates_are_set_by_the_clerk_alone(town):
    assert service.set_dates(CLERK, town, 2014, {"reviews": "2014.11.1", "values": ""}) == 2
    assert seen(town, CLERK).found.dates == {"responses": "2014-10-01", "reviews": "2014-11-01"}
    for viewer in (Viewer("领导", "leader"), Viewer("王", "clerk", frozenset({"C1"}))):
        with pytest.raises(Refused):
            service.set_dates(viewer, town, 2014, {"reviews": "2014-11-02"})


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_words_everything(town, lang):
    text = words(render(CLERK, source_of(town), town, None, "/todo", f"?lang={lang}&year=2014", {}).children)
    assert ("您的待办" if lang == "zh" else "Yours to do") in text
    assert ("催办单" if lang == "zh" else "Reminder") in text
