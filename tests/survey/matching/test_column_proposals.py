"""Headers that word a question otherwise: asked about once for the file, read as proposed after one answer, never left out
unsaid."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey.core.errors import Refused
from survey.form.answer_codes import BLANK
from survey.matching.column_proposals import MISSING, PROPOSED, SCORED
from survey.store.intake import mappings
from tests.tools.books.office_sheets import (
    FORM,
    ITEMS,
    answers,
    asked,
    grid,
    look,
    prepare,
    renamed,
    stopped,
    store_all,
    text_file,
    with_cells,
    without,
)

SCALE = "（很满意/满意/一般/不满意/很不满意）"


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


def test_a_sheet_that_names_every_question_asks_nothing(store):
    assert look(store, grid()).findings == ()


@pytest.mark.parametrize(
    "worded",
    [
        "{}" + SCALE,
        "{}（赞成/一般/不赞成）",
        "{}[1-5]",
        "16、您对社区以下方面是否满意—{}",
        "17、您的满意程度:{}",
        "18、满意度（{}）",
        "Q3_{}",
        "您对{}的评价",
        "请评价以下各项 [{}]",
        "请评价以下各项【{}】",
    ],
)
def test_a_header_that_says_more_than_the_question_is_proposed(store, worded):
    rows = renamed(grid(), **{name: worded.format(zh) for name, zh in ITEMS.items()})
    assert stopped(store, rows) == [PROPOSED]
    assert store_all(store, rows, PROPOSED) == 12
    assert BLANK not in [code for name in ITEMS for code in answers(store, name)]


def test_what_was_confirmed_is_remembered_for_the_sender(store):
    rows = renamed(grid(), C1="办事方便" + SCALE)
    store_all(store, rows, PROPOSED)
    again = with_cells(rows, "no", lambda _, i: f"S{i}")
    assert asked(look(store, again, file="b.xlsx")) == []
    with store.write() as conn:
        (kept,) = mappings.listing(conn)
        assert kept.mapping.columns == {"办事方便(很满意/满意/一般/不满意/很不满意)": "C1"}
        mappings.forget(conn, "small", kept.fingerprint, who="")
    assert asked(look(store, again, file="b.xlsx")) == [PROPOSED]


def ticked(rows, headers, mark):
    """The grid with one column an option."""
    at = rows[0].index("最需要的服务")
    words = ["看病,买药", "老年食堂", "停车/交通", "其他(请注明)"]
    body = [[*row[:at], *(mark if row[at] == w else None for w in words), *row[at + 1 :]] for row in rows[1:]]
    return [[*rows[0][:at], *headers, *rows[0][at + 1 :]], *body]


@pytest.mark.parametrize(
    ("headers", "mark"),
    [
        (("M_med", "M_eat", "M_park", "M_oth"), "Y"),
        (("M.med", "M.eat", "M.park", "M.oth"), 1),
        (("看病,买药", "老年食堂", "停车/交通", "其他(请注明)"), "√"),
        (("看病,买药", "老年食堂", "停车/交通", "其他"), "√"),
    ],
)
@pytest.mark.parametrize("make", [None, text_file])
def test_one_column_an_option_is_never_the_whole_question(store, headers, mark, make):
    rows = ticked(grid(), headers, mark)
    data, file = (rows, "a.xlsx") if make is None else (make(rows), "a.csv")
    assert stopped(store, data, file=file) == [PROPOSED]
    found = look(store, data, PROPOSED, file=file)
    assert found.refusals == []
    assert found.coded.multiple["M"][:2] == [(1,), (0,)]


@pytest.mark.parametrize(
    ("headers", "mark"),
    [
        (tuple(f"最需要的服务（{w}）" for w in ("看病,买药", "老年食堂", "停车/交通", "其他(请注明)")), "是"),
        (tuple(f"5、最需要的服务_{w}" for w in ("看病,买药", "老年食堂", "停车/交通", "其他")), "1"),
    ],
)
@pytest.mark.parametrize("make", [None, text_file])
def test_stem_and_option_in_one_header_leave_nothing_to_ask(store, headers, mark, make):
    rows = ticked(grid(), headers, mark)
    data, file = (rows, "a.xlsx") if make is None else (make(rows), "a.csv")
    found = look(store, data, file=file)
    assert (found.questions, found.refusals) == ([], [])
    assert found.coded.multiple["M"][:2] == [(1,), (0,)]


def test_a_column_of_words_is_no_option(store):
    rows = ticked(grid(), ("看病", "食堂", "停车", "其他"), "√")
    rows = [[*row, "陪诊" if i else "其他（请注明）"] for i, row in enumerate(without(rows))]
    found = look(store, rows)
    assert "其他（请注明）" not in str([f.params.get("pairs") for f in found.questions])


def test_a_number_that_means_another_question_is_never_believed(store):
    rows = renamed(grid(), C1="C1、停车管理")
    (question,) = look(store, rows).questions
    assert question.code == SCORED
    assert "办事方便" in question.word("zh")
    assert "C1、停车管理" in question.word("zh")


@pytest.mark.parametrize("gone", [("C1",), ("A1", "B1"), ("A1", "B1", "C1", "D1")])
def test_a_scored_question_that_is_not_there_is_asked_about(store, gone):
    assert stopped(store, without(grid(), *gone)) == [SCORED]
    assert store_all(store, without(grid(), *gone), SCORED) == 12


def test_other_questions_that_are_not_there_are_named(store):
    (note,) = look(store, without(grid(), "T")).findings
    assert (note.code, note.level) == (MISSING, "note")
    assert stopped(store, renamed(grid(), stay="入住时长段")) == [
        PROPOSED
    ]  # its cells are the choices of that question only


def test_one_item_under_two_stems_is_told_apart_by_its_order_or_not_at_all(store):
    rows = renamed(grid(), A1="满意度—办事公道", B1="重要性—办事公道")
    (question,) = look(store, rows).questions
    assert question.code == SCORED
    assert "办事公道" in question.params["names"]["zh"]


def test_an_age_without_a_column_is_asked_about_where_a_column_is_left_over(store):
    rows = renamed(grid(), age="出生年份")
    assert stopped(store, rows) == [MISSING]
    assert asked(look(store, without(grid(), "age"))) == []


def test_a_column_whose_cells_fit_needs_less_likeness(store):
    rows = renamed(grid(), A1="办事公平公道程度", E1="社会治安", F1="幸福感总体评分")
    assert stopped(store, rows) == [PROPOSED]
    assert store_all(store, rows, PROPOSED) == 12
    assert BLANK not in answers(store, "E1")


@pytest.mark.parametrize("header", ["社区满意度", "外卖小哥", "物业满意程度"])
def test_a_column_that_shares_no_word_is_not_proposed_for_a_question_that_is_missing(store, header):
    (question,) = look(store, renamed(grid(), E1=header)).questions
    assert question.code == SCORED


def test_headers_in_traditional_characters_are_those_of_the_questionnaire(store):
    assert (
        look(store, renamed(grid(), no="編號", place="社區", A1="辦事公道", B1="環境衛生", age="年齡")).findings == ()
    )


def test_a_count_of_the_rows_is_proposed_as_the_number_where_nothing_else_is(store):
    rows = with_cells(renamed(grid(), no="序号"), "sex", lambda v, _: v)
    (question,) = look(store, rows).questions
    assert "序号→编号" in question.word("zh")


def test_a_count_that_begins_anew_is_no_number(store):
    rows = with_cells(grid(), "no", lambda _, i: i % 5)
    with pytest.raises(Refused):
        look(store, renamed(rows, no="序号"))


def test_a_long_question_is_proposed_by_the_word_that_it_shares(store):
    rows = renamed(grid(), B1="您对小区卫生满意吗？", E1="您觉得这一带治安好不好？", F1="请给您的幸福感打个分")
    assert store_all(store, rows, PROPOSED) == 12
    assert BLANK not in [*answers(store, "B1"), *answers(store, "E1")]


@pytest.mark.parametrize("said", ["title", "option"])
def test_a_community_that_is_said_elsewhere_is_no_question_without_a_column(sqlite_store, said):
    asks = tuple(replace(q, required=q.role in ("community", "year")) for q in FORM.rows)
    prepare(sqlite_store, replace(FORM, rows=asks))
    rows = without(grid(), "place")
    if said == "title":
        rows = [["东街社区居民调查登记表"], *rows]
    found = look(sqlite_store, rows, community=None if said == "title" else "东街社区")
    assert asked(found) == (["intake.community_by_title"] if said == "title" else [])


@pytest.mark.parametrize("header", ["卷号", "No.", "ID号", "样本ID", "流水号", "表号", "答卷代码"])
def test_a_header_that_ends_as_numbers_do_over_one_number_a_row_is_proposed_as_the_respondents(store, header):
    (question,) = look(store, renamed(grid(), no=header)).questions
    assert (question.code, f"{header}→编号" in question.word("zh")) == (PROPOSED, True)


@pytest.mark.parametrize("header", ["楼栋号", "手机号", "微信号"])
def test_numbers_of_other_things_are_no_respondents(store, header):
    with pytest.raises(Refused):
        look(store, renamed(grid(), no=header))
