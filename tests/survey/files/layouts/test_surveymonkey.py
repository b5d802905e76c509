"""SurveyMonkey writes two header rows: questions, and below them what each column of a question is."""

from __future__ import annotations

import pytest

from survey.files.layouts import filled_in, is_month_first, recognise
from survey.files.layouts.layout import identities
from tests.tools.books.platform_books import sheet

OWN = [
    "Respondent ID",
    "Collector ID",
    "Start Date",
    "End Date",
    "IP Address",
    "Email Address",
    "First Name",
    "Last Name",
]
HEADER = [*OWN, "Custom Data 1", "所在社区", "请评价", None, "最需要的服务", None, None, "意见"]
BELOW = [
    *[None] * 9,
    "Response",
    "办事公道",
    "环境卫生",
    "看病",
    "老年食堂",
    "Other (please specify)",
    "Open-Ended Response",
]
DAY = "05/03/2026 09:12:01 AM"
ROWS = [
    [118001, 400, DAY, DAY, "10.0.0.1", *[None] * 4, "东街社区", "满意", "一般", "看病", None, "陪诊", "没有"],
    [118002, 400, DAY, DAY, "10.0.0.2", *[None] * 4, "西街社区", "一般", "一般", "看病", "老年食堂", None, None],
]


def test_items_choices_and_single_questions_are_told_apart():
    found = recognise(sheet([HEADER, BELOW, *ROWS], "a.csv"))
    assert found is not None
    assert (found.platform, found.header_rows, found.first) == ("surveymonkey", (0, 1), 2)
    assert filled_in("surveymonkey") == "web"
    by_index = {c.index: c for c in found.columns}
    assert by_index[9].texts[0] == "所在社区"
    assert (by_index[10].texts[0], by_index[11].texts[0]) == ("办事公道", "环境卫生")
    assert "请评价/办事公道" in by_index[10].texts
    assert [(by_index[i].texts[0], by_index[i].option) for i in (12, 13)] == [
        ("最需要的服务", "看病"),
        ("最需要的服务", "老年食堂"),
    ]
    assert by_index[14].texts[0] == "最需要的服务/Other (please specify)"
    assert [c.meaning for c in found.columns if c.meaning] == [
        *("uuid", "collector", "started", "submitted", "ip", "email", "nickname", "nickname", "custom")
    ]
    assert len(set(identities(found))) == 2


@pytest.mark.parametrize(
    "own",
    [
        ["受访者 ID", "收集器 ID", "开始日期", "结束日期", "IP 地址", "电子邮件地址", "名字", "姓氏"],
        [
            *("respondent_id", "collector_id", "date_created", "date_modified"),
            *("ip_address", "email_address", "first_name", "last_name"),
        ],
    ],
)
def test_other_spellings_of_its_own_columns(own):
    found = recognise(sheet([[*own, *HEADER[8:]], BELOW, *ROWS], "a.csv"))
    assert found is not None
    assert found.platform == "surveymonkey"
    assert [c.index for c in found.columns if c.meaning] == list(range(9))


def test_the_second_row_may_have_been_deleted():
    rows = [[*row[:10], row[10]] for row in ROWS]
    found = recognise(sheet([[*HEADER[:10], "办事公道"], *rows], "a.csv"))
    assert (found.header_rows, found.first) == ((0,), 1)
    assert [c.texts[0] for c in found.questions] == ["所在社区", "办事公道"]


def test_one_number_alone_is_no_export():
    assert recognise(sheet([["Respondent ID", "甲", "乙"], ["1", "满意", "一般"]], "a.csv")) is None


def test_both_header_rows_of_a_second_export_below_are_nobody():
    found = recognise(sheet([HEADER, BELOW, *ROWS, HEADER, BELOW, *ROWS], "a.csv"))
    assert found.skip == {4: "handmade.repeated_header", 5: "handmade.repeated_header"}
    assert [(c.texts[0], c.option) for c in found.columns if c.index == 12] == [("最需要的服务", "看病")]
    assert is_month_first(found.platform)


@pytest.mark.parametrize(("gone", "platform"), [(("Collector ID",), "surveymonkey"), (tuple(OWN[1:]), None)])
def test_an_office_may_have_deleted_the_collector_but_the_respondent_alone_is_no_sign(gone, platform):
    kept = [i for i, header in enumerate(HEADER) if header not in gone]
    found = recognise(sheet([[row[i] for i in kept] for row in (HEADER, BELOW, *ROWS)], "a.csv"))
    if platform is None:
        found = None if found is None or "uuid" not in found.by_meaning else found
    assert (found and found.platform) == platform
