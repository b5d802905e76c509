"""Responses of Google Forms are told by their time stamp, grids by their brackets, people by the moment they answered."""

from __future__ import annotations

import pytest

from survey.files.layouts import recognise
from survey.files.layouts.layout import identities
from tests.tools.books.platform_books import sheet

HEADER = ["时间戳记", "您的性别", "请评价 [办事公道]", "请评价 [环境卫生]", "最需要的服务"]
ROWS = [
    ["2026/11/18 上午 10:02:10", "男", "满意", "一般", "老年食堂, 其他"],
    ["2026/11/18 上午 10:02:10", "女", "满意", "一般", "老年食堂"],
    ["2026/11/19 下午 1:00:00", "女", "一般", "一般", None],
]


def test_items_of_a_grid_are_questions_and_the_stamp_is_when_it_was_sent():
    found = recognise(sheet([HEADER, *ROWS], "a.csv"))
    assert found is not None
    assert (found.platform, found.by_meaning["submitted"].index) == ("google_forms", 0)
    texts = {c.index: c.texts for c in found.questions}
    assert (texts[2][0], texts[3][0]) == ("办事公道", "环境卫生")
    assert "请评价/办事公道" in texts[2]


@pytest.mark.parametrize("stamp", ["时间戳记", "Timestamp", "時間戳記"])
def test_it_is_told_in_other_languages(stamp):
    assert recognise(sheet([[stamp, *HEADER[1:]], *ROWS], "a.csv")) is not None


def test_two_people_of_one_second_are_two_and_a_grown_export_keeps_who_they_are():
    short, grown = recognise(sheet([HEADER, *ROWS[:2]], "a.csv")), recognise(sheet([HEADER, *ROWS], "a.csv"))
    assert len(set(identities(grown))) == 3
    assert identities(grown)[:2] == identities(short)


@pytest.mark.parametrize(
    "rows",
    [
        [["时间戳记", "甲", "乙", "丙"], ["早", "满意", "满意", "满意"]],
        [["编号", "时间戳记", "甲", "乙"], ["1", "2026-11-18 10:00:00", "满意", "满意"]],
        [["时间戳记", "甲"], ["2026-11-18 10:00:00", "满意"]],
    ],
)
def test_other_sheets_are_not(rows):
    assert recognise(sheet(rows, "a.csv")) is None
