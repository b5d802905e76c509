"""Sheets as offices make them, each wrong once: one question at most, and after it what the sheet says is stored, of everybody."""

from __future__ import annotations

from datetime import date

import pytest

from survey.coding.readings.asked import READINGS, SCALES
from survey.core.errors import Refused
from survey.core.findings import blocking
from survey.fieldwork.register import Community, Register
from survey.matching.choice_words import PROPOSAL
from survey.matching.column_proposals import PROPOSED
from survey.store.intake import questionnaires, responses
from tests.tools.books.office_sheets import (
    HEADER,
    ITEMS,
    PLACES,
    WORDS,
    answers,
    asked,
    grid,
    look,
    prepare,
    renamed,
    stopped,
    store_all,
    with_cells,
)

CARRIED = "intake.carried_down"
STAY = ("不到1年", "1-4", "5-9", "10-19", "20以上")


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


def stored(store):
    """Everything that is stored of everybody, by respondent."""
    with store.read() as conn:
        form = questionnaires.get(conn, "small")
        block = responses.load(conn, form)
    design = block.design.astype(object).where(block.design.notna(), None)
    kept = zip(
        design["respondent"], design["community"], design["sex"], design["age"], design["submitted"], strict=True
    )
    said = zip(kept, block.codes.tolist(), block.multiple["M"], block.texts["T"], strict=True)
    return sorted(said, key=lambda one: one[0][0])


@pytest.fixture(scope="module")
def truth(tmp_path_factory):
    from survey.store import Store

    store = prepare(Store.open(tmp_path_factory.mktemp("truth") / "x.db", create=True))
    assert store_all(store, grid()) == 12
    found = stored(store)
    store.close()
    return found


def in_items(rows, write):
    for name in ITEMS:
        rows = with_cells(rows, name, lambda v, i: write(WORDS.index(v), i))
    return rows


def ranges(words):
    return with_cells(grid(), "stay", lambda v, _: words[STAY.index(v)])


def ages(*kinds):
    return with_cells(grid(), "age", lambda v, i: kinds[i % len(kinds)].format(v, 2026 - v))


def in_blocks(below):
    rows = grid()
    body = sorted(rows[1:], key=lambda row: PLACES.index(row[1]))
    return with_cells([rows[0], *body], "place", lambda v, i: v if i % 4 == 0 else below[i % len(below)])


def with_totals():
    rows = in_blocks(("x",))
    body = sorted(grid()[1:], key=lambda row: PLACES.index(row[1]))
    blank = [None] * len(HEADER)
    out = [rows[0]]
    for start in (0, 4, 8):
        total = list(blank)
        total[1], total[5:10] = f"{body[start][1]}小计", [8] * 5
        out += [*body[start : start + 4], total]
    deviation = list(blank)
    deviation[0], deviation[3], deviation[5] = "标准差", 17.2, 1.1
    return [*out, deviation]


def three_places():
    rows = [[*row[:11], None, None, *row[11:]] for row in grid()]
    rows[0][11:14] = ["最需要的服务1", "最需要的服务2", "最需要的服务3"]
    for row in rows[1:]:
        row[11], row[12], row[13] = row[13], None, None
    return rows


OTHER = ("非常满意", "比较满意", "一般", "不太满意", "非常不满意")
ASKED = tuple(f"您对{label}是否满意？" for label in ITEMS.values())
KINDS = {
    "a header with its unit and whom it asks": (
        lambda: renamed(grid(), sex="2.您的性别", age="3.您的年龄（周岁）", stay="4.您在本社区居住年数"),
        PROPOSED,
    ),
    "a usual word for numbers": (lambda: renamed(grid(), no="问卷编码", place="所属社区（村）"), PROPOSED),
    "points before the words": (lambda: in_items(grid(), lambda at, _: f"{5 - at}分 {WORDS[at]}"), READINGS),
    "Roman numbers": (lambda: in_items(grid(), lambda at, _: "ⅠⅡⅢⅣⅤ"[at]), SCALES),
    "stars": (lambda: in_items(grid(), lambda at, _: "★" * (5 - at)), SCALES),
    "stars, empty ones too": (lambda: in_items(grid(), lambda at, _: "★" * (5 - at) + "☆" * at), SCALES),
    "shares for levels": (lambda: in_items(grid(), lambda at, _: ("100%", "80%", "60%", "40%", "0%")[at]), SCALES),
    "another wording": (lambda: in_items(grid(), lambda at, _: OTHER[at]), PROPOSAL),
    "born in": (lambda: ages("{1}年生", "{1}年出生", "{1}年5月"), READINGS),
    "about": (lambda: ages("约{0}岁", "{0}岁左右", "{0}周岁", "大概{0}"), READINGS),
    "days without their year": (
        lambda: with_cells(grid(), "day", lambda v, _: f"{int(v[5:7])}月{int(v[8:])}日"),
        READINGS,
    ),
    "ranges in other words": (lambda: ranges(("1年以下", "1~4年", "5—9年", "10至19年", "20年及以上")), READINGS),
    "a part of a community": (
        lambda: with_cells(grid(), "place", lambda v, i: f"{v}{('（第二网格）', '3号楼', '第1网格')[i % 3]}"),
        READINGS,
    ),
    "quotation marks of all kinds": (
        lambda: in_items(grid(), lambda at, i: ("『{}』", "「{}」", "〖{}〗")[i % 3].format(WORDS[at])),
        READINGS,
    ),
    "a letter right before the word": (lambda: in_items(grid(), lambda at, _: f"{'ABCDE'[at]}{WORDS[at]}"), READINGS),
    "stars in words": (lambda: in_items(grid(), lambda at, _: f"{5 - at}星"), SCALES),
    "stars in hanzi": (lambda: in_items(grid(), lambda at, _: f"{'五四三二一'[at]}颗星"), SCALES),
    "points with their word": (lambda: in_items(grid(), lambda at, _: f"{100 - 20 * at}分"), SCALES),
    "five points with their word": (lambda: in_items(grid(), lambda at, _: f"{5 - at}分"), SCALES),
    "the day of birth": (lambda: with_cells(grid(), "age", lambda v, _: date(2026 - v, 1, 15)), READINGS),
    "the day of birth as a text": (lambda: ages("{1}-01-15", "{1}/3/2", "{1}年3月2日"), READINGS),
    "years in a list of ranges": (lambda: ranges(("半年", "3年", "七年", "12年", "25年")), READINGS),
    "codes that the header explains": (
        lambda: renamed(with_cells(grid(), "sex", lambda v, _: "男女".index(v) + 1), sex="性别（1男2女）"),
        PROPOSED,
    ),
    "whole questions for all headers": (
        lambda: [
            [
                "问卷编号是",
                "您所在的社区是",
                "您的性别是",
                "您今年的年龄",
                "您在本社区的居住年数",
                *ASKED,
                "请为幸福感打分",
                "您最需要的服务是",
                "您的意见是",
                "填写日期是",
            ],
            *grid()[1:],
        ],
        PROPOSED,
    ),
    "ditto": (lambda: in_blocks(("同上", "〃", '"')), CARRIED),
    "the community once a block": (lambda: in_blocks((None,)), CARRIED),
    "first, second, third choice": (three_places, PROPOSED),
}


@pytest.mark.parametrize("kind", KINDS)
def test_one_question_and_everything_is_read(store, truth, kind):
    make, code = KINDS[kind]
    assert stopped(store, make()) == [code]
    assert blocking(look(store, make()).findings) == []
    if code == PROPOSAL:
        from survey.answers.mapping import ColumnMapping

        words = dict(zip(OTHER, "12345", strict=True))
        assert store_all(store, make(), mapping=ColumnMapping.of(lists={"sat": words})) == 12
    else:
        assert store_all(store, make(), code) == 12
    assert stored(store) == truth


def test_a_guessed_header_is_remembered(store, truth):
    rows = KINDS["whole questions for all headers"][0]()
    assert store_all(store, rows, PROPOSED) == 12
    grown = [rows[0], *grid(14)[13:]]
    found = look(store, grown, file="b.xlsx")
    assert (asked(found), found.counts.storable) == ([], 2)


def test_headers_that_are_like_nothing_are_refused(store):
    rows = [[f"第{i}列" for i in range(14)], *grid()[1:]]
    with pytest.raises(Refused) as error:
        look(store, rows)
    assert error.value.key == "intake.wrong_questionnaire"


def test_choices_that_are_numbered_in_circles_are_read(store):
    rows = with_cells(grid(), "M", lambda v, i: "①看病,买药②老年食堂" if i % 2 else "③停车/交通")
    assert store_all(store, rows) == 12
    with store.read() as conn:
        block = responses.load(conn, questionnaires.get(conn, "small"))
    assert block.multiple["M"][:2] == [(2,), (0, 1)]


def test_the_number_of_a_page_at_the_end_is_nobody(store, truth):
    rows = [*grid(), ["第1页 共1页", *[None] * 13]]
    assert store_all(store, rows) == 12
    assert stored(store) == truth


@pytest.mark.parametrize("marks", [("√", None), ("1", "0")])
def test_a_sex_in_two_columns_of_ticks_is_read(store, truth, marks):
    rows = [[*r[:2], *(marks if r[2] == "男" else marks[::-1]), *r[3:]] for r in grid()]
    rows[0][2:4] = ["性别-男", "性别-女"]
    assert store_all(store, rows) == 12
    assert stored(store) == truth


def test_two_ticks_for_a_sex_are_named(store):
    rows = [[*r[:2], *(("√", None) if r[2] == "男" else (None, "√")), *r[3:]] for r in grid()]
    rows[0][2:4], rows[3][2:4] = ["性别-男", "性别-女"], ["√", "√"]
    assert [f.code for f in look(store, rows).refusals] == ["checking.answered_twice"]


def test_rows_of_totals_are_nobody(store, truth):
    found = look(store, with_totals())
    assert (asked(found), blocking(found.findings)) == ([], [])
    assert store_all(store, with_totals()) == 12
    assert stored(store) == truth


def test_choices_of_several_columns_are_one_answer(store):
    rows = three_places()
    rows[1][12:14] = ["老年食堂", "停车/交通"]
    rows[1][11] = "看病,买药"
    assert store_all(store, rows, PROPOSED) == 12
    with store.read() as conn:
        block = responses.load(conn, questionnaires.get(conn, "small"))
    assert block.multiple["M"][0] == (0, 1, 2)
    assert answers(store, "M") == [0] * 12


@pytest.mark.parametrize("age", ["40多", "四十来岁", "40岁以上", "45-50"])
def test_what_is_no_number_stays_none(store, age):
    rows = grid()
    rows[4][3] = age
    assert [f.cell for f in look(store, rows).refusals] == ["D5"]


def test_a_blank_community_here_and_there_is_missing(store):
    rows = with_cells(grid(), "place", lambda v, i: None if i in (3, 7, 8) else v)
    assert asked(look(store, rows)) == []
    assert [f.code for f in look(store, rows).refusals] == ["checking.key_blank"] * 3


def test_ditto_marks_under_other_questions_say_what_stands_above_after_one_question(store):
    rows = grid()
    above = {name: [row[HEADER.index(name)] for row in rows[1:]] for name in ("居住年数", "填写日期", "年龄")}
    for row in (3, 4, 8):
        for name in above:
            rows[row][HEADER.index(name)] = "〃" if name == "填写日期" else "同上"
    (question,) = look(store, rows).questions
    assert (question.code, question.params["n"], question.params["columns"]) == ("intake.dittos", 9, 3)
    assert stopped(store, rows) == ["intake.dittos"]
    assert store_all(store, rows, "intake.dittos") == 12
    assert [answers(store, "stay")[i] for i in (2, 3, 7)] == [answers(store, "stay")[i] for i in (1, 1, 6)]


def test_two_marks_are_no_way_of_writing_and_words_stay_words(store):
    rows = with_cells(grid(), "stay", lambda v, i: "同上" if i in (3, 5) else v)
    assert {f.code for f in look(store, rows).refusals} == {"checking.not_a_choice"}
    rows = with_cells(grid(), "T", lambda v, i: "同上" if 0 < i < 9 else v)
    assert asked(look(store, rows)) == []


@pytest.mark.parametrize("mark", ["同上", "〃", "/", "无"])
def test_a_ditto_mark_or_a_stroke_is_nobodys_number_and_all_of_them_are_one_finding(store, mark):
    rows = grid()
    for row in (4, 6, 9):
        rows[row][HEADER.index("编号")] = mark
    found = look(store, rows)
    assert {(f.code, f.scope) for f in found.refusals} == {("checking.nobodys_number", "row")}
    assert [f.row for f in found.refusals] == [5, 7, 10]
    with pytest.raises(Refused):
        store_all(store, rows)


def test_different_marks_under_the_number_are_named_together(store):
    rows = grid()
    rows[4][0], rows[6][0] = "同上", "—"
    (one, other) = look(store, rows).refusals
    assert one.code == other.code == "checking.nobodys_numbers"
    assert one.params["pairs"] == other.params["pairs"]


def test_averages_of_a_block_that_stand_under_the_number_are_nobody(store):
    rows = grid()
    mean = ["平均", PLACES[0], None, 41.5, None, 2.4, 1, 2.2, 3.1, 2.9, 6.3, None, None, None]
    rows.insert(6, mean)
    found = look(store, [*rows, list(mean)])
    assert (asked(found), found.refusals) == ([], [])
    assert [f.params["n"] for f in found.findings if f.code == "handmade.total"] == [2]


def test_letters_with_a_mark_behind_them_are_letters(store, truth):
    rows = in_items(grid(), lambda level, i: "abcde"[level] + (".", "、", ")")[i % 3])
    assert stopped(store, rows) == [SCALES]
    assert store_all(store, rows, SCALES) == 12
    assert stored(store) == truth


@pytest.mark.parametrize("spelt", ["东街（二网格）", "东街居委会（第2网格）", "东街3号楼"])
def test_a_part_of_a_community_named_without_its_last_word(spelt):
    assert Register([Community("1", "东街社区"), Community("2", "西街社区")]).meant(spelt) == "东街社区"
