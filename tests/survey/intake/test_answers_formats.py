"""Files as they come, through the whole intake: platforms, hand-made sheets, other wordings of a scale."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from survey.answers.mapping import ColumnMapping
from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.decisions.carried_out import Decision
from survey.form.answer_codes import BLANK, DONT_KNOW, SKIPPED
from survey.form.model import Choice, Question
from survey.intake.answers import commit, inspect
from survey.store.intake import mappings, questionnaires, responses
from survey.store.year import register
from tests.tools.forms import SATISFACTION, form, item

OPTIONS = (Choice("a", {"zh": "公园"}), Choice("b", {"zh": "广场"}), Choice("c", {"zh": "其他"}))
WANTS = Question("W", "select_multiple", {"zh": "去过哪里"}, "where", OPTIONS)
FORM = form(WANTS)


@pytest.fixture
def ready(sqlite_store):
    with sqlite_store.write() as conn:
        register.save(conn, [register.Community("C1", "甲社区", ("甲",)), register.Community("C2", "乙社区")])
        questionnaires.add(conn, "q", FORM)
    return sqlite_store


def book(rows, *, title="Sheet1", start=(1, 1), merged=()):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = title
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            sheet.cell(start[0] + r, start[1] + c, value)
    for place in merged:
        sheet.merge_cells(place)
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def look(store, data, file="表.xlsx", **options):
    return inspect(store, file, data, ImportOptions("q", **options))


def stored(store):
    with store.read() as conn:
        return responses.load(conn, questionnaires.get(conn, "q"))


def codes(store, *names):
    block = stored(store)
    return [block.codes[:, FORM.position[name]].tolist() for name in names]


WJX_HEAD = [
    "序号",
    "提交答卷时间",
    "所用时间",
    "来源",
    "来源详情",
    "来自IP",
    "1、社区",
    "2、年度",
    "3、办事方便",
    "4、环境卫生",
    "5、去过哪里（可多选）",
]


def wjx(*answers):
    meta = [["2014/7/16 12:00:00", "95秒", "微信", "N/A", "10.1.2.3(浙江-温州)"] for _ in answers]
    return book([WJX_HEAD, *([i + 1, *m, *a] for i, (m, a) in enumerate(zip(meta, answers, strict=True)))])


def test_wenjuanxing_by_text(ready):
    data = wjx(["甲", 2014, "很满意", "不清楚", "公园┋其他〖河边〗"], ["甲", 2014, "(跳过)", "(空)", "(跳过)"])
    inspection = look(ready, data, "123456789_按文本_调查_2_2.xlsx")
    assert inspection.refusals == []
    assert inspection.questions == []
    assert "10.1.2.3" not in repr(inspection.preview)
    commit(ready, inspection)
    assert codes(ready, "Q1", "Q2") == [[0, SKIPPED], [DONT_KNOW, BLANK]]
    assert stored(ready).multiple["W"] == [(0, 2), None]


def test_wenjuanxing_by_number_and_a_grown_export(ready):
    first = wjx(["甲", 2014, 2, 5, "1┋2"])
    commit(ready, look(ready, first, "123456789_按序号_调查_1_1.xlsx"))
    assert codes(ready, "Q1", "Q2") == [[1], [4]]
    grown = look(ready, wjx(["甲", 2014, 2, 5, "1┋2"], ["乙社区", 2014, -3, 6, -2]), "123456789_按序号_调查_2_2.xlsx")
    assert (grown.counts.storable, grown.counts.duplicates) == (1, 1)
    commit(ready, grown)
    assert codes(ready, "Q1", "Q2") == [[1, SKIPPED], [4, DONT_KNOW]]  # the sixth option is 不清楚


def test_kobo_by_name_with_option_columns(ready):
    text = (
        "start;end;place;when;Q1;Q2;W;W/a;W/b;W/c;_id;_uuid;_submission_time;_validation_status;_index\n"
        "2014-05-06T09:00:00.000+08:00;2014-05-06T09:05:00.000+08:00;甲社区;2014;1;8;a b;1;1;0;1;u-1;2014-05-06T10:00:00;;1\n"
    )
    inspection = look(ready, text.encode(), "kobo.csv")
    assert inspection.refusals == []
    commit(ready, inspection)
    assert codes(ready, "Q1", "Q2") == [[0], [DONT_KNOW]]
    assert stored(ready).multiple["W"] == [(0, 1)]
    assert stored(ready).design["respondent"].tolist() == ["kobo|u-1"]


def test_a_hand_made_sheet_with_title_totals_and_signature(ready):
    rows = [
        ["南塔街道2014年居民问卷汇总", None, None, None, None],
        ["编号", "社区", "年度", "办事方便", "环境卫生"],
        ["1", "甲", 2014, "很满意", "满意"],
        ["2", "甲", 2014, "一般", "满意"],
        ["合计", None, None, 182, 164],
        ["填表人：王", None, "审核人：李", None, None],
    ]
    inspection = look(ready, book(rows, start=(3, 3), merged=["C3:G3"]))
    assert inspection.refusals == []
    assert inspection.questions == []
    assert inspection.counts.rows == 2
    commit(ready, inspection)
    assert stored(ready).design["row"].tolist() == [5, 6]


def test_a_row_that_may_be_a_total_or_a_response_is_asked_about(ready):
    rows = [["编号", "社区", "年度", "办事方便", "环境卫生"], ["1", "甲", 2014, 1, 2], ["合计", None, None, 1, 2]]
    inspection = look(ready, book(rows))
    assert [(f.code, f.cell) for f in inspection.questions] == [("handmade.maybe_total", "A3")]


def test_two_header_rows_are_found_without_being_told(ready):
    rows = [
        ["编号", "社区", "年度", "满意度", None],
        [None, None, None, "办事方便", "环境卫生"],
        ["1", "甲", 2014, 1, 2],
    ]
    inspection = look(ready, book(rows, merged=["D1:E1", "A1:A2", "B1:B2", "C1:C2"]))
    assert inspection.refusals == []
    commit(ready, inspection)
    assert codes(ready, "Q1", "Q2") == [[0], [1]]


def csv(*rows):
    return ("编号,社区,年度,办事方便,环境卫生\n" + "".join(",".join(r) + "\n" for r in rows)).encode()


SHIFTED = csv(
    ("1", "甲", "2014", "很满意", "满意"),
    ("2", "甲", "2014", "基本满意", "不太满意"),
    ("3", "甲", "2014", "不满意", "满意"),
)


def test_a_word_that_means_another_level_in_this_file_is_asked_about(ready):
    inspection = look(ready, SHIFTED, "s.csv")
    (question,) = inspection.questions
    assert (question.code, question.params["words"]) == ("scales.ask", ["不满意"])
    for accept in (False, True):
        with pytest.raises(Refused):
            commit(ready, inspection, accept_partial=accept)


def test_a_mapping_says_it_and_is_used_again(ready):
    mapping = ColumnMapping.of({}, {}, {"sat": {"基本满意": "3", "不太满意": "4", "不满意": "5"}})
    inspection = look(ready, SHIFTED, "s.csv", mapping=mapping)
    assert inspection.questions == []
    assert inspection.refusals == []
    commit(ready, inspection)
    assert codes(ready, "Q1") == [[0, 2, 4]]
    with ready.read() as conn:
        assert len(mappings.listing(conn, "q")) == 1
    again = look(ready, csv(("9", "甲", "2014", "不太满意", "不满意")), "t.csv")
    commit(ready, again)
    assert codes(ready, "Q1")[0][-1] == 3


@pytest.mark.parametrize("cell", ["D1", ""])
def test_confirming_the_question_reads_the_whole_scale_as_proposed_and_is_remembered(ready, cell):
    said = (Decision("confirm", "", cell, code="scales.ask"),)
    inspection = look(ready, SHIFTED, "s.csv", decisions=said)
    assert (inspection.questions, inspection.refusals) == ([], [])
    commit(ready, inspection)
    assert codes(ready, "Q1") == [[0, 2, 4]]
    again = look(ready, csv(("9", "甲", "2014", "不太满意", "不满意")), "t.csv")
    assert (again.questions, again.refusals) == ([], [])


def test_ordinary_dirt_is_no_scale(ready):
    inspection = look(ready, csv(("1", "甲", "2014", "满", "很满意"), ("2", "甲", "2014", "满意", "一般")), "d.csv")
    assert [f.code for f in inspection.findings if f.level != "note"] == ["checking.not_a_choice"]


def test_a_header_can_be_mapped_by_hand(ready):
    text = csv(("1", "甲", "2014", "1", "2")).decode().replace("环境卫生", "干净不干净").encode()
    mapping = ColumnMapping.of({"干净不干净": "Q2"}, {}, {})
    commit(ready, look(ready, text, "h.csv", mapping=mapping))
    assert codes(ready, "Q2") == [[1]]


def test_all_the_ways_lead_to_the_same_answers(ready):
    """One answer sheet as a plain table, as 问卷星 by text, and by number."""
    plain = look(ready, csv(("x1", "甲", "2014", "一般", "拒答")), "p.csv")
    text = look(ready, wjx(["甲", 2014, "一般", "拒答", None]), "1234567_按文本_a_1_1.xlsx")
    number = look(ready, wjx(["甲", 2014, 3, 7, None]), "1234567_按序号_a_1_1.xlsx")
    digests = {i.coded.keys["digest"].iat[0] for i in (plain, text, number)}
    assert len(digests) == 1
    assert SATISFACTION[6].missing == "refused"
    assert item("x").choices == SATISFACTION
