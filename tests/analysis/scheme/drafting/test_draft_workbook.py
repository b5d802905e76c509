"""The workbook of a draft: nothing of it is adopted before it was looked at, then it is the scheme that stands beside the clauses."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from analysis.scheme.drafting.draft_workbook import write_draft
from analysis.scheme.drafting.proposal import draft_scheme
from analysis.scheme.workbook.reading import read_scheme
from survey.files.read import read_here
from tests.tools.books import annexes


def drafted(data: bytes, lang: str = "zh"):
    return load_workbook(BytesIO(write_draft(draft_scheme("附表.xlsx", read_here("附表.xlsx", data)), lang)))


def read(book):
    out = BytesIO()
    book.save(out)
    scheme, findings = read_scheme("draft.xlsx", out.getvalue())
    return scheme, [(f.code, f.cell) for f in findings if f.level == "refuse"]


@pytest.mark.parametrize(("lang", "yes"), [("zh", "是"), ("en", "yes")])
def test_a_draft_is_adopted_only_once_somebody_says_it_was_looked_at(lang, yes):
    book = drafted(annexes.plain(), lang)
    assert read(book) == (None, [("scheme.draft_unreviewed", "B2")])
    book["scheme 设置"]["B2"] = yes
    scheme, refused = read(book)
    assert refused == []
    assert scheme is not None
    assert "reviewed" not in scheme.settings
    assert (scheme.code, scheme.first_year, scheme.full_marks) == ("annex2014", 2014, 1000.0)
    assert len(scheme.scored_indicators) == annexes.COUNT
    first = scheme.scored_indicators[0]
    assert (first.names["zh"], first.rule, first.parameters, first.scoring_zh) == (
        "居民会议",
        "off_target",
        "target=4 each=2",
        "应开会4次，每少一次扣2分",
    )


def test_every_open_question_keeps_it_out_by_itself():
    rows = [["类型", "指标", "分值", "评分办法"], ["自治型", "会议", 140, "90%-50%"]]
    book = drafted(annexes.book(("附表", rows, [])))
    book["scheme 设置"]["B2"] = "是"
    places = [cell for code, cell in read(book)[1] if code == "scheme.draft_open"]
    assert len(places) == 6  # the clause, the sum of all, and four types without an indicator
    sheet = book["indicators 指标"]
    (check,) = [cell for cell in sheet[2] if sheet.cell(1, cell.column).value.startswith("check")]
    assert "90%-50%" in check.value


def test_what_the_annex_does_not_say_is_marked():
    book = drafted(annexes.plain())
    notes = {row[0].value: row[2].value or "" for row in book["scheme 设置"].iter_rows(min_row=2)}
    default = "默认值，附表没有写。"
    assert notes["min_responses"].startswith(default)
    assert not notes["first_year"].startswith(default)
    for name in ("stars 星级", "awards 奖励", "vetoes 一票否决", "targets 目标", "presets 赋分", "phases 阶段"):
        assert book[name].cell(1, book[name].max_column).value.startswith("source")
        assert {row[-1].value for row in book[name].iter_rows(min_row=2)} == {default}
    sources = [row[7].value for row in book["dimensions 类型"].iter_rows(min_row=2)]
    assert sources[0] == "附表!A3"
