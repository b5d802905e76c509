"""The page of tasks: who is in charge of what, as far as one may see it; out, and back in."""

from __future__ import annotations

import base64
import io

import openpyxl
import pytest

from analysis.improvement.lost_points import loss_frame
from dashboard.pages.tasks import service
from dashboard.web.access import Viewer
from survey.core.errors import Refused
from survey.store.year import tasks as stored
from tests.tools.dashboard_tools import ADMIN, VIEWER, fake_app, show, with_class, words
from tests.tools.towns import street_town
from tests.tools.towns.fake_results import FakeSource, fake_results

street = street_town.street

SOURCE = FakeSource()
CLERK = Viewer("clerk", "leader", frozenset({"SL02"}))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_lists_the_largest_losses_and_sums_the_offices(lang):
    page = show("/tasks", f"?year=2014&lang={lang}").children
    said = words(page)
    assert len(with_class(page, "task-table")) == 1
    for text in (
        ("待填措施", "城管办", "未补上", "共同") if lang == "zh" else ("no measure yet", "城管办", "not made good")
    ):
        assert text in said
    assert "None" not in said
    assert "nan" not in said


def test_many_tasks_are_put_together_by_indicator_and_item():
    page = show("/tasks", "?year=2014").children
    (table,) = with_class(page, "task-groups")
    data = service.year_tasks(ADMIN, SOURCE, None, 2014)
    said = words(table)
    codes = {r.loss["code"] for r in data.rows}
    assert said.count(" 0 / ") == len(codes)  # of each how many have a measure
    one = data.rows[0].loss["code"]
    mine = [r for r in data.rows if r.loss["code"] == one]
    assert f"0 / {len(mine)}" in said
    assert f"item={one}" in str(table)
    only = show("/tasks", f"?year=2014&item={one}").children
    assert (with_class(only, "task-groups"), len(with_class(only, "col-community"))) == ([], 1 + len(mine))
    assert "全部指标和题目" in words(only)


def test_tasks_of_the_year_before_that_got_worse_are_counted():
    data = service.year_tasks(ADMIN, SOURCE, None, 2014)
    more = sum(x["state"] == "none" and x["regained"] < -0.005 for x in data.found.since)
    assert 0 < data.since_worse == more <= data.since["none"]
    assert f"（其中 {more} 项失分更多）" in words(show("/tasks", "?year=2014").children)


def test_numbers_are_those_of_the_results():
    data = service.year_tasks(ADMIN, SOURCE, None, 2014)
    losses = loss_frame(fake_results(2014))
    assert len(data.rows) == len(losses)
    assert data.offices.iloc[-1]["lost"] == pytest.approx(losses["points_lost"].sum())
    assert sum(data.since.values()) == len(loss_frame(fake_results(2013)))


def test_filters_leave_what_they_say():
    data = service.year_tasks(ADMIN, SOURCE, None, 2013, "文化站", "SL06")
    assert [r.loss["code"] for r in data.rows] == ["WH06"]
    assert data.offices["community"].tolist() == ["南塔社区"]
    part = service.year_tasks(ADMIN, SOURCE, None, 2013, state="none").rows
    assert {r.state for r in part} == {"none"}
    assert "没有符合条件的任务" in words(show("/tasks", "?year=2014&state=done").children)


@pytest.mark.parametrize("search", ["office=没有", "at=XX", "state=odd", "year=1999"])
def test_what_there_is_not_is_refused_in_a_sentence(search):
    assert "task-table" not in str(show("/tasks", f"?{search}").children)


def test_a_viewer_sees_only_the_communities_in_scope():
    data = service.year_tasks(CLERK, SOURCE, None, 2014)
    assert {r.loss["community_code"] for r in data.rows} == {"SL02"}
    assert data.offices.iloc[-1]["communities"] == 1
    assert sum(data.since.values()) < 30
    with pytest.raises(Refused):
        service.year_tasks(CLERK, SOURCE, None, 2014, code="SL01")
    assert "tasks-file" not in str(show("/tasks", "?year=2014", viewer=VIEWER).children)


def test_out_and_back_in(street):
    name, data, _ = service.workbook(ADMIN, SOURCE, street, 2013, "城管办", "SL06", "zh")
    assert "南塔社区" in name
    assert "示例数据" in name
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    at = next(c.row for row in sheet.iter_rows() for c in row if c.value == "整改措施 action")
    column = next(c.column for c in sheet[at] if c.value == "整改措施 action")
    sheet.cell(at + 1, column, "每周巡查")
    out = io.BytesIO()
    book.save(out)
    contents = "data:x;base64," + base64.b64encode(out.getvalue()).decode()
    assert service.bring(ADMIN, street, 2013, "a.xlsx", contents).kept == 1
    page = service.year_tasks(ADMIN, SOURCE, street, 2013, state="planned")
    assert [r.task.action for r in page.rows if r.task] == ["每周巡查"]
    assert service.office_table(ADMIN, SOURCE, street, 2013, "zh")[0].endswith(".xlsx")
    for viewer in (VIEWER, Viewer("clerk", "community", frozenset({"SL02"}))):
        with pytest.raises(Refused):
            service.bring(viewer, street, 2013, "a.xlsx", contents)


@pytest.mark.parametrize(
    ("contents", "key"),
    [
        ("data:x;base64,???", "page_tasks.bad_file"),
        ("data:x;base64,", "page_tasks.bad_file"),
        (
            "data:x;base64," + base64.b64encode("社区,编号,整改措施\nSL01,XX,巡查\n".encode()).decode(),
            "page_tasks.file_refused_once",
        ),
    ],
)
def test_a_file_that_can_not_be_taken_says_why_and_keeps_nothing(street, contents, key):
    with pytest.raises(Refused) as error:
        service.bring(ADMIN, street, 2013, "a.csv", contents)
    assert error.value.key == key
    assert all(error.value.word(lang) for lang in ("zh", "en"))
    with street.read() as conn:
        assert stored.history(conn, 2013) == []


def test_the_downloads_are_guarded():
    assert fake_app(None).server.test_client().get("/download/tasks?year=2014").status_code == 401


def test_the_community_page_leads_to_its_tasks():
    page = show("/community/SL06", "?year=2014").children
    assert "/download/tasks?" in str(page)
    assert "/tasks?" in str(page)
