"""Exports of online forms are told by their own columns, several of them; a sheet that interviewers typed is none."""

from __future__ import annotations

from datetime import datetime

import pytest

from survey.files.layouts import filled_in, recognise
from survey.files.layouts.layout import identities
from survey.files.layouts.online_forms import submission_times
from tests.tools.books.platform_books import sheet

QUESTIONS = ["所在社区", "办事公道", "最需要的服务"]
ANSWERS = [
    ["东街社区", "满意", "老年食堂;其他;"],
    ["西街社区", "一般", "其他;"],
    ["南街社区", "满意", ""],
    ["东街社区", "满意", ""],
]


def stamp(i: int) -> str:
    return f"2026-05-0{i + 1} 10:1{i}:05"


def book(before: list[str], after: list[str], cells: dict[str, object] | None = None, answers=ANSWERS):
    """A table with a platform's own columns before and after the questions; times are moments, everything else ``x``."""

    def own(header: str, i: int) -> object:
        if header in (cells or {}):
            value = (cells or {})[header]
            return value[i % len(value)] if isinstance(value, list) else value
        if "时间" in header or "time" in header.casefold() or header == "Submitted at":
            return stamp(i)
        return i + 1 if header in ("ID", "序号") else f"x{i}"

    rows = [[*(own(h, i) for h in before), *row, *(own(h, i) for h in after)] for i, row in enumerate(answers)]
    return sheet([[*before, *QUESTIONS, *after], *rows], "导出.csv")


@pytest.mark.parametrize(
    ("platform", "before", "after"),
    [
        ("microsoft_forms", ["ID", "开始时间", "完成时间", "电子邮件", "名称", "上次修改时间"], []),
        ("microsoft_forms", ["ID", "Start time", "Completion time", "Email", "Name"], []),
        ("microsoft_forms", ["ID", "开始时间", "完成时间"], []),
        ("microsoft_forms", ["ID", "Start time", "Completion time"], []),
        ("jinshuju", ["序号"], ["提交时间", "修改时间", "填写设备"]),
        ("tencent_docs", ["提交者（自动）", "提交时间（自动）"], []),
        ("jinshuju", ["序号"], ["提交人", "提交时间", "修改时间", "填写设备", "操作系统", "浏览器", "填写地区", "IP"]),
        ("jinshuju", ["序号"], ["微信昵称", "微信OpenID", "提交时间", "更新时间", "扩展属性"]),
        ("online_form", ["填写人ID", "提交时间"], []),
        ("online_form", [], ["提交时间", "IP地址"]),
        ("online_form", ["Submitted at"], ["Browser"]),
    ],
)
def test_the_forms_people_fill_in_themselves_are_told_by_their_own_columns(platform, before, after):
    found = recognise(book(before, after))
    assert found is not None
    assert (found.platform, filled_in(found.platform)) == (platform, "web")
    assert [c.texts[0] for c in found.questions] == QUESTIONS
    assert len(set(identities(found))) == len(ANSWERS)


def test_an_office_may_have_put_a_title_above():
    one = book(["ID", "开始时间", "完成时间", "电子邮件", "名称"], [])
    rows = [["满意度调查结果", *[None] * 7], *one.rows]
    found = recognise(sheet(rows, "导出.csv"))
    assert found is not None
    assert (found.platform, found.header_rows, found.first) == ("microsoft_forms", (1,), 2)


def test_a_question_called_like_a_column_of_the_form_stays_a_question():
    found = recognise(book(["ID", "开始时间", "完成时间", "电子邮件", "名称"], ["电子邮件", "分数 - 办事公道"]))
    assert [c.texts[0] for c in found.questions] == [*QUESTIONS, "电子邮件"]


@pytest.mark.parametrize(
    ("before", "after", "cells"),
    [
        (["编号", "姓名", "开始时间", "完成时间"], [], {}),
        (["序号", "调查员", "提交时间"], ["IP"], {}),
        (["提交人"], ["提交时间"], {"提交人": "张三"}),
        (["IP"], ["提交时间"], {"提交时间": "上午"}),
        (["序号"], ["提交时间"], {}),
        (["序号"], ["提交时间", "修改时间"], {}),
        (["ID", "姓名", "开始时间", "完成时间"], [], {}),
        (["ID", "开始时间", "完成时间"], [], {"开始时间": "2026-05-03", "完成时间": "2026-05-04"}),
        (["序号"], ["提交人", "提交时间", "修改时间", "填写设备"], {"提交人": "张三"}),
    ],
)
def test_what_interviewers_typed_or_nothing_tells_is_none(before, after, cells):
    assert recognise(book(before, after, cells, ANSWERS * 2)) is None


def test_people_who_were_not_signed_in_are_not_one_interviewer():
    found = recognise(book(["提交人"], ["提交时间", "IP"], {"提交人": "微信用户"}, ANSWERS * 2))
    assert found is not None
    assert found.platform == "online_form"


@pytest.mark.parametrize(
    ("header", "value", "found"),
    [
        ("提交时间", [stamp(i) for i in range(4)], "提交时间"),
        ("提交时间", [datetime(2026, 5, 1 + i, 9, 30) for i in range(4)], "提交时间"),
        ("提交时间", ["2026-05-01", "2026-05-02"], ""),
        ("填写日期", [stamp(i) for i in range(4)], ""),
        ("录入时间", [stamp(i) for i in range(4)], ""),
    ],
)
def test_a_moment_of_submission_alone_is_a_sign(header, value, found):
    assert submission_times(book([], [header], {header: value}), 0, 1) == found


def test_no_sign_where_somebody_went_to_the_door():
    assert submission_times(book(["访员"], ["提交时间"]), 0, 1) == ""
    assert submission_times(book(["访员编号"], ["提交时间"]), 0, 1) == ""
