"""腾讯问卷 exports come in; what the platform calls invalid is left out and named."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from survey.core.lang import LANGUAGES
from survey.files.layouts import recognise
from survey.files.layouts.layout import PRIVATE, identities
from survey.files.layouts.tencent import FIXED, read_option
from survey.files.readers.delimited import read_delimited
from tests.tools.books.platform_books import ASKED, FEW, read_back, sheet, tables

HEAD = ["编号", "开始答题时间", "结束答题时间", "答题时长"]
TAIL = [
    "语言",
    "清洗数据结果",
    "智能清洗数据无效概率",
    "地理位置国家和地区",
    "地理位置省",
    "地理位置市",
    "用户类型",
    "用户标识",
    "昵称",
    "自定义字段",
    "IP",
    "UA",
    "Referrer",
    "",
]


def start(n: int) -> list[str]:
    return [str(n), f"2021-07-16 12:00:{n:02d}", f"2021-07-16 12:03:{n:02d}", "180"]


def end(verdict: str = "有效", chance: str = "0.1") -> list[str]:
    return [
        "简体中文",
        verdict,
        chance,
        "中国",
        "浙江",
        "温州",
        "微信",
        "u1",
        "某",
        "C07",
        "1.2.3.4",
        "Mozilla",
        "",
        "",
    ]


def export(table: Any, file: str = "a.csv") -> str:
    header, number, stem = list(HEAD), 0, ""
    for q in ASKED:
        number += not (q.stem and q.stem == stem)
        stem = q.stem
        if q.kind == "many":
            header += [f"{number}.{q.label}:{option}" for option in q.options]
        else:
            header.append(f"{number}.{q.stem}:{q.label}" if q.stem else f"{number}.{q.label}")

    def cells(q: Any, answer: Any) -> list[str]:
        if q.kind == "many":
            return ["" if answer is None or i not in answer else f"{'ABCDE'[i]}.{o}" for i, o in enumerate(q.options)]
        if answer is None or q.kind == "text":
            return [answer or ""]
        return [f"{'ABCDE'[answer]}.{q.options[answer]}"]

    rows = [
        [*start(n), *(c for q, a in zip(ASKED, row, strict=True) for c in cells(q, a)), *end()]
        for n, row in enumerate(table.rows, 1)
    ]
    return "\r\n".join(",".join(f'"{c}"' for c in row) for row in [[*header, *TAIL], *rows]) + "\r\n"


@FEW
@given(table=tables(skipped=False, none_ticked=False))
def test_an_export_comes_back_equal_through_its_bytes(table):
    layout = recognise(read_delimited("a.csv", ("\ufeff" + export(table)).encode()))
    assert (layout.platform, layout.coded_by) == ("tencent", "label")
    assert read_back(layout) == table.rows


def read(questions: list[str], *rows: list[str], verdicts: Any = None) -> Any:
    verdicts = verdicts or [end()] * len(rows)
    body = [[*start(n), *row, *verdict] for n, (row, verdict) in enumerate(zip(rows, verdicts, strict=True), 1)]
    return recognise(sheet([[*HEAD, *questions, *TAIL], *body], "a.csv"))


def test_what_each_column_is():
    layout = read(
        ["1.您的社区", "2.姓名电话_填空1", "2.姓名电话_填空2", "3.其他意见_填空1", "4.时间:上午还是下午"],
        ["A.柳营", "甲", "乙", "丙", "A.上午"],
    )
    meanings = [c.meaning for c in layout.columns]
    assert meanings == ["serial", "started", "submitted", "duration", *[""] * 5, *(FIXED[t.lower()] for t in TAIL[:-1])]
    texts = [c.texts for c in layout.questions]
    assert texts[0] == ("您的社区", "1.您的社区")
    assert texts[1][:2] == ("姓名电话_填空1", "姓名电话/填空1")
    assert texts[3][:2] == ("其他意见", "其他意见_填空1")
    assert texts[4][0] == "时间:上午还是下午"
    assert {"ip", "nickname", "user_agent", "referrer", "location", "user"} <= PRIVATE


def test_options_are_told_from_the_items_of_a_matrix_by_what_stands_in_them():
    layout = read(
        ["1.去过:公园", "1.去过:广场", "2.满意吗:绿化", "2.满意吗:治安"],
        ["A.公园", "", "A.满意", "B.一般"],
        ["", "", "B.一般", ""],
    )
    assert [(c.texts[0], c.option) for c in layout.questions] == [
        ("去过", "公园"),
        ("去过", "广场"),
        ("绿化", ""),
        ("治安", ""),
    ]
    assert layout.questions[2].texts[1] == "满意吗/绿化"


def test_invalid_responses_are_left_out_and_likely_ones_named():
    layout = read(
        ["1.甲"],
        ["A.好"],
        ["A.好"],
        ["A.好"],
        ["A.好"],
        verdicts=[end(), end("人工标记无效"), end("有效", "0.7"), end("无效", "0.95")],
    )
    assert layout.skip == {2: "platforms.marked_invalid", 4: "platforms.marked_invalid"}
    told = {f.code: f.params for f in layout.findings}
    assert told["platforms.marked_invalid"] == {"n": 2, "rows": "3、5"}
    assert told["platforms.likely_invalid"] == {"n": 1, "rows": "4", "limit": 0.7}
    assert all(f.word(lang) for f in layout.findings for lang in LANGUAGES)


def test_identity_is_number_and_start():
    layout = read(["1.甲"], ["A.好"], ["B.坏"])
    assert identities(layout) == ["tencent||1|2021-07-16T12:00:01", "tencent||2|2021-07-16T12:00:02"]


@pytest.mark.parametrize(
    ("value", "option"),
    [("D.很满意", "很满意"), ("AA、其他", "其他"), ("A", "A"), ("3.5", "3.5"), (2, 2), ("A.", "A.")],
)
def test_the_letter_of_an_option(value, option):
    assert read_option(value) == option


@pytest.mark.parametrize(
    "header",
    [["编号", "昵称", "IP", "1.甲"], ["编号", "开始答题时间", "1.甲"], [*HEAD, "甲", "乙"], ["编号", "社区", "1、甲"]],
)
def test_other_sheets_are_not_taken_for_one(header):
    assert recognise(sheet([header, ["x"] * len(header)], "a.csv")) is None


def test_a_colon_in_a_question_of_numbers_makes_no_option_of_it():
    layout = read(["1.方便吗", "2.办(事:分几次", "3.3-5岁孩子"], ["A.方便", "0", "1"], ["B.不方便", "1", "0"])
    assert [(c.texts[0], c.option) for c in layout.questions] == [
        ("方便吗", ""),
        ("办(事:分几次", ""),
        ("3-5岁孩子", ""),
    ]
