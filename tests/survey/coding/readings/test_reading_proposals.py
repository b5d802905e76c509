"""Words, numbers and whole columns written otherwise than the questionnaire says: one question for the file, nothing stored
before, everything read after one answer."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import text as sql

from survey.coding.readings.asked import READINGS, SCALES
from survey.form.answer_codes import BLANK, DONT_KNOW, INVALID
from tests.tools.books.office_sheets import (
    ITEMS,
    WORDS,
    answers,
    asked,
    grid,
    look,
    prepare,
    stopped,
    store_all,
    text_file,
    with_cells,
    workbook,
)


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


def in_items(rows, write):
    for name in ITEMS:
        rows = with_cells(rows, name, write)
    return rows


PLAIN = {name: [WORDS.index(row[0]) for row in [[r[5 + k]] for r in grid()[1:]]] for k, name in enumerate(ITEMS)}


@pytest.mark.parametrize(
    "write",
    [
        lambda w: f"{'ABCDE'[WORDS.index(w)]}.{w}",
        lambda w: f"{'①②③④⑤'[WORDS.index(w)]}{w}",
        lambda w: f"（{WORDS.index(w) + 1}）{w}",
        lambda w: f"“{w}”",
        lambda w: f"√ {w}",
        lambda w: f"{WORDS.index(w) + 1}={w}",
    ],
)
@pytest.mark.parametrize("make", [workbook, text_file])
def test_marks_around_a_choice_are_one_question(store, write, make):
    rows, file = in_items(grid(), lambda v, _: write(v)), "a.xlsx" if make is workbook else "a.csv"
    assert stopped(store, make(rows), file=file) == [READINGS]
    assert store_all(store, make(rows), READINGS, file=file) == 12
    assert {name: answers(store, name) for name in ITEMS} == PLAIN


@pytest.mark.parametrize(
    ("write", "named"),
    [
        (lambda level: "ABCDE"[level], "A–E"),
        (lambda level: "abcde"[level], "A–E"),
        (lambda level: (100, 80, 60, 40, 0)[level], "100/80/60/40/0"),
        (lambda level: (100, 75, 50, 25, 0)[level], "100/75/50/25/0"),
        (lambda level: level, "0–4"),
        (lambda level: 10 - 2 * level, "1–10"),
    ],
)
@pytest.mark.parametrize("make", [workbook, text_file])
def test_a_column_on_another_scale_is_one_question_for_all_its_columns(store, write, named, make):
    rows = in_items(grid(), lambda v, _: write(WORDS.index(v)))
    file = "a.xlsx" if make is workbook else "a.csv"
    found = look(store, make(rows), file=file)
    (question,) = found.questions
    assert (question.code, question.params["columns"], question.params["scale"]) == (SCALES, 5, named)
    assert found.refusals == []
    assert store_all(store, make(rows), SCALES, file=file) == 12
    assert {name: answers(store, name) for name in ITEMS} == PLAIN


def test_one_column_of_several_on_another_scale_leaves_the_others(store):
    rows = in_items(grid(), lambda v, _: WORDS.index(v) + 1)
    rows = with_cells(rows, "A1", lambda v, _: 11 - 2 * v)
    (question,) = look(store, rows).questions
    assert (question.code, question.params["columns"]) == (SCALES, 1)


@pytest.mark.parametrize("slip", [0, 6, 99])
def test_a_slip_of_the_pen_is_no_scale(store, slip):
    rows = in_items(grid(), lambda v, _: WORDS.index(v) + 1)
    rows[3][5] = slip
    found = look(store, rows)
    assert (found.questions, [f.cell for f in found.refusals]) == ([], ["F4"])


@pytest.mark.parametrize(
    "units", [{"age": "{}岁", "F1": "{}分"}, {"age": "{} 周岁"}, {"F1": "{}/10"}, {"age": "{}years"}]
)
def test_units_are_one_question(store, units):
    rows = grid()
    for name, text in units.items():
        rows = with_cells(rows, name, lambda v, _, text=text: text.format(v))
    assert stopped(store, rows) == [READINGS]
    found = look(store, rows, READINGS)
    assert (found.refusals, asked(found)) == ([], [])
    assert not any(f.code == "checking.normalised" for f in found.findings)


def test_numbers_in_words_and_with_a_decimal_comma(store):
    rows = with_cells(grid(), "age", lambda _, i: ("三十五", "二十", "四十岁", "一百零二")[i % 4])
    rows = with_cells(rows, "F1", lambda _, i: ("7,5", "8,0")[i % 2])
    found = look(store, rows, READINGS)
    assert (found.refusals, asked(found)) == ([], [])
    assert found.coded.design["age"][:4] == [35, 20, 40, 102]


@pytest.mark.parametrize("about", ["约40", "大概40岁", "40岁左右"])
def test_what_is_about_a_number_is_proposed(store, about):
    rows = with_cells(grid(), "age", lambda *_: about)
    assert stopped(store, rows) == [READINGS]
    assert look(store, rows, READINGS).coded.design["age"] == [40.0] * 12


@pytest.mark.parametrize("more", ["40多", "四十来岁", "40以上"])
def test_what_is_more_than_a_number_is_not_guessed(store, more):
    rows = with_cells(grid(), "age", lambda *_: more)
    assert len(look(store, rows).refusals) == 12


RANGES = {"1-4": (1, 4), "5-9": (5, 9), "10-19": (10, 19)}


@pytest.mark.parametrize(
    "write",
    [
        lambda a, b: datetime(2026, a, b),
        lambda a, b: date(2026, a, b),
        lambda a, b: f"{b}-{['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct'][a - 1]}",
        lambda a, b: f"{['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct'][a - 1]}-{b:02}",
        lambda a, b: f"{a}月{b}日",
        lambda a, b: f"2026/{a}/{b}",
    ],
)
def test_ranges_that_became_dates_are_one_question(store, write):
    plain = grid()
    rows = with_cells(grid(), "stay", lambda v, _: write(*RANGES[v]) if v in RANGES else v)
    assert stopped(store, rows) == [READINGS]
    assert store_all(store, rows, READINGS) == 12
    names = ["不到1年", "1-4", "5-9", "10-19", "20以上"]
    assert answers(store, "stay") == [names.index(row[4]) for row in plain[1:]]


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("其他：陪诊", (3,)),
        ("其他(请注明)：陪诊", (3,)),
        ("其他（修伞）", (3,)),
        ("老年食堂、其他：陪诊", (1, 3)),
        ("看病/买药", (0,)),
    ],
)
def test_other_with_its_words_is_that_option_and_the_words_are_named(store, text, chosen):
    rows = with_cells(grid(), "M", lambda v, i: text if i % 2 else v)
    (question,) = look(store, rows).questions
    assert question.code == READINGS
    assert text[-2:].strip("）") in question.word("zh")
    found = look(store, rows, READINGS)
    assert (found.refusals, found.coded.multiple["M"][1]) == ([], chosen)


@pytest.mark.parametrize(
    "text", ["看病,买药,老年食堂", "看病,买药、老年食堂", "老年食堂，看病，买药", "看病,买药 老年食堂"]
)
def test_an_option_that_holds_the_separator_is_read_as_it_is(store, text):
    found = look(store, with_cells(grid(), "M", lambda *_: text))
    assert (found.refusals, asked(found), found.coded.multiple["M"][0]) == ([], [], (0, 1))


def test_what_a_platform_writes_for_no_answer_is_none(store):
    rows = with_cells(grid(), "A1", lambda v, i: -2 if i % 3 == 0 else v)
    rows = with_cells(rows, "F1", lambda v, i: "-3" if i % 3 == 0 else v)
    assert stopped(store, rows) == [READINGS]
    found = look(store, rows, READINGS)
    assert found.refusals == []
    assert found.coded.codes[0, [5, 10]].tolist() == [BLANK, BLANK]


@pytest.mark.parametrize(
    "text", ["不　满意", "不 满意", "不\u200b满意", "不满意\ufe0f", "不\xad满意", "\ufeff不满意\xa0"]
)
def test_what_nobody_sees_is_not_there(store, text):
    found = look(store, in_items(grid(), lambda v, _: text if v == "不满意" else v))
    assert (found.refusals, asked(found)) == ([], [])
    assert INVALID not in found.coded.codes


@pytest.mark.parametrize(
    "mark", ["—", "/", "-", "N/A", "null", "nan", "未填", "未作答", "无", "拒答", "？", "…", "空白", "没填"]
)
def test_a_stroke_or_word_for_nothing_is_one_question_and_becomes_empty(store, mark):
    rows = in_items(grid(), lambda v, i: mark if i % 3 == 0 else v)
    rows = with_cells(rows, "F1", lambda v, i: mark if i % 3 == 0 else v)
    rows = with_cells(rows, "M", lambda v, i: mark if i % 3 == 0 else v)
    assert stopped(store, text_file(rows), file="a.csv") == [READINGS]
    found = look(store, text_file(rows), READINGS, file="a.csv")
    assert found.refusals == []
    assert found.coded.codes[0, [5, 9, 10, 11]].tolist() == [BLANK] * 4


@pytest.mark.parametrize("write", [lambda w: f"{w}（{5 - WORDS.index(w)}分）", lambda w: f"{w}{5 - WORDS.index(w)}分"])
def test_points_behind_a_choice_are_one_question(store, write):
    rows = in_items(grid(), lambda v, _: write(v))
    assert stopped(store, rows) == [READINGS]
    assert store_all(store, rows, READINGS) == 12
    assert {name: answers(store, name) for name in ITEMS} == PLAIN


def test_traditional_characters_are_one_question(store):
    rows = in_items(grid(), lambda v, _: v.replace("满", "滿"))
    assert stopped(store, rows) == [READINGS]
    assert store_all(store, rows, READINGS) == 12
    assert {name: answers(store, name) for name in ITEMS} == PLAIN


def test_words_for_a_sex_are_one_question(store):
    words = {"男": ("男性", "1", "先生", "M"), "女": ("女性", "2", "女士", "F")}
    rows = with_cells(grid(), "sex", lambda v, i: words[v][i % 4])
    assert stopped(store, rows) == [READINGS]
    found = look(store, rows, READINGS)
    assert (found.refusals, found.coded.design["sex"][:4]) == ([], ["m", "f", "m", "f"])


def test_a_score_with_its_end_in_brackets_is_one_question(store):
    rows = with_cells(grid(), "F1", lambda v, _: f"{v}分（满分10分）")
    assert stopped(store, rows) == [READINGS]
    assert look(store, rows, READINGS).refusals == []


def test_serial_numbers_for_days_are_one_question(store):
    rows = with_cells(grid(), "day", lambda *_: 46331)
    assert stopped(store, rows) == [READINGS]
    found = look(store, rows, READINGS)
    assert (found.refusals, found.coded.design["submitted"][0]) == ([], "2026-11-05")


@pytest.mark.parametrize(
    ("write", "named"),
    [
        (lambda i: "".join("ABC"[: i % 3 + 1]), "A–D"),
        (lambda i: ",".join("123"[: i % 3 + 1]), "1–4"),
        (lambda i: "、".join("abc"[: i % 3 + 1]), "A–D"),
    ],
)
def test_places_of_several_choices_are_one_question(store, write, named):
    rows = with_cells(grid(), "M", lambda _, i: write(i))
    (question,) = look(store, rows).questions
    assert (question.code, question.params["scale"]) == (SCALES, named)
    found = look(store, rows, SCALES)
    assert (found.refusals, found.coded.multiple["M"][:3]) == ([], [(0,), (0, 1), (0, 1, 2)])


def test_boxes_in_a_cell_say_what_was_ticked(store):
    options = ("看病,买药", "老年食堂", "停车/交通", "其他(请注明)")
    rows = with_cells(
        grid(), "M", lambda _, i: " ".join(f"{'☑' if j <= i % 2 else '□'}{o}" for j, o in enumerate(options))
    )
    found = look(store, rows)
    assert (found.refusals, asked(found), found.coded.multiple["M"][:2]) == ([], [], [(0,), (0, 1)])
    assert any(f.code.startswith("checking.normalised") for f in found.findings)


@pytest.mark.parametrize("joint", ["和", "及", "与", "、和", " & "])
def test_a_word_between_two_choices_is_read(store, joint):
    found = look(store, with_cells(grid(), "M", lambda *_: f"看病,买药{joint}老年食堂"))
    assert (found.refusals, asked(found), found.coded.multiple["M"][0]) == ([], [], (0, 1))


def test_one_tick_among_boxes_is_that_choice_and_two_are_none(store):
    rows = with_cells(grid(), "A1", lambda *_: "□很满意 ☑满意 □一般 □不满意 □很不满意")
    rows = with_cells(rows, "B1", lambda *_: "☑很满意 ☑满意 □一般 □不满意 □很不满意")
    found = look(store, rows, READINGS)
    assert {f.params["question"] for f in found.refusals} == {"B1"}
    assert found.coded.codes[:, 5].tolist() == [1] * 12


SPELLINGS = {
    "东街社区": ("东街", "東街社区", "东街社区居民委员会", "东街居委会"),
    "西街社区": ("西街", "西衔社区", "XX街道西街社区", "西街社區"),
    "南街社区": ("南街", "南街 社区", "南街社区居委会", "南街社區"),
}


@pytest.mark.parametrize("add", [False, True])
def test_spellings_of_communities_are_one_question_before_any_becomes_new(store, add):
    rows = with_cells(grid(), "place", lambda v, i: SPELLINGS[v][i % 4])
    assert stopped(store, rows, add_communities=add) == [READINGS]
    found = look(store, rows, READINGS, add_communities=add)
    assert (found.refusals, found.coded.new_communities) == ([], ())
    assert found.coded.keys["place"].tolist() == [row[1] for row in grid()[1:]]


@pytest.mark.parametrize("name", ["北街社区", "东街第二社区", "西街新社区"])
def test_a_neighbour_of_a_community_is_no_spelling_of_it(store, name):
    rows = with_cells(grid(), "place", lambda v, i: name if i == 0 else v)
    found = look(store, rows, add_communities=True)
    assert (asked(found), found.coded.new_communities) == ([], (name,))


def test_a_column_without_a_0_is_on_the_scale_of_the_others(store):
    rows = in_items(grid(), lambda v, _: WORDS.index(v))  # 0–3 of 0–4
    rows = with_cells(rows, "A1", lambda v, _: max(v, 1))
    rows = with_cells(rows, "B1", lambda v, _: max(v, 1))
    rows = with_cells(rows, "C1", lambda v, _: max(v, 1))
    (question,) = look(store, rows).questions
    assert (question.code, question.params["columns"], question.params["scale"]) == (SCALES, 5, "0–4")


def test_a_column_with_codes_of_the_questionnaire_is_not_on_the_scale_of_the_others(store):
    rows = in_items(grid(), lambda v, _: WORDS.index(v) + 1)
    rows = with_cells(rows, "A1", lambda v, _: v - 1)
    rows = with_cells(rows, "B1", lambda v, i: 5 if i % 2 else v)
    (question,) = look(store, rows).questions
    assert question.params["columns"] == 1


def test_letters_of_several_lists_are_one_question(store):
    rows = in_items(grid(), lambda v, _: "ABCDE"[WORDS.index(v)])
    rows = with_cells(rows, "sex", lambda v, _: "A" if v == "男" else "B")
    rows = with_cells(rows, "A1", lambda v, i: "F" if i == 3 else v)
    rows = with_cells(rows, "M", lambda _, i: ("AB", "BD", "C")[i % 3])
    (question,) = look(store, rows).questions
    assert (question.code, question.params["columns"], question.params["scale"]) == (SCALES, 7, "A–F")
    assert "性别等：A→男、B→女" in question.word("zh")
    assert store_all(store, rows, SCALES) == 12
    first = [*PLAIN["A1"][:3], DONT_KNOW, *PLAIN["A1"][4:]]
    assert {name: answers(store, name) for name in ITEMS} == {**PLAIN, "A1": first}


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("看病,买药┋其他〖送餐〗", (0, 3)),
        ("停车/交通、其他（送餐、陪诊）", (2, 3)),
        ("老年食堂、其他：陪诊、送餐", (1, 3)),
        ("看病,买药；老年食堂；其他：陪诊", (0, 1, 3)),
    ],
)
def test_other_with_its_words_stands_among_other_choices(store, text, chosen):
    rows = with_cells(grid(), "M", lambda v, i: text if i == 3 else v)
    (question,) = look(store, rows).questions
    assert "其他(请注明)" in question.word("zh")
    found = look(store, rows, READINGS)
    assert found.coded.multiple["M"][3] == chosen


def test_a_full_stop_behind_any_answer_is_noted_and_asks_nothing(store):
    rows = in_items(grid(), lambda v, _: f"{v}。")
    for name in ("place", "sex", "age", "stay", "F1", "M", "day"):
        rows = with_cells(rows, name, lambda v, _: f"{v}。")
    found = look(store, rows)
    assert [f.code for f in found.findings if f.level != "note"] == []
    assert store_all(store, rows) == 12
    assert {name: answers(store, name) for name in ITEMS} == PLAIN


def test_no_answer_of_a_platform_is_one_question_for_numbers_choices_days_and_texts(store):
    rows = grid()
    for place, name in enumerate(("age", "A1", "stay", "F1", "M", "T", "day")):
        rows = with_cells(rows, name, lambda v, i, at=place: (-2 if i % 2 else "-3") if i in (at, at + 1) else v)
    assert stopped(store, rows) == [READINGS]
    (question,) = look(store, rows).questions
    assert (question.params["n"], question.params["columns"]) == (14, 7)
    assert store_all(store, rows, READINGS) == 12
    with store.read() as conn:
        assert conn.scalar(sql("SELECT COUNT(*) FROM response_texts WHERE value IN ('-2', '-3')")) == 0


def test_one_wrong_code_in_many_columns_is_one_refusal_and_no_other_scale(store):
    rows = in_items(grid(60), lambda v, i: 7 if i % 10 == 3 else WORDS.index(v) + 1)
    found = look(store, rows)
    assert asked(found) == []
    assert {f.code for f in found.findings if f.level == "refuse"} == {"checking.not_a_choice"}


@pytest.mark.parametrize("other", ["不了解", "8、不清楚", "——"])
def test_a_word_that_can_be_read_does_not_drown_the_question_about_the_scale(store, other):
    told = dict(zip(WORDS, ("非常满意", "比较满意", "一般", "不太满意", "非常不满意"), strict=True))
    rows = in_items(grid(), lambda v, i: other if i == 3 else told[v])
    found = look(store, rows)
    assert [f.code for f in found.findings if f.level == "refuse"] == []
    assert asked(found) == ["scales.proposal", *([READINGS] if other == "——" else [])]
    assert store_all(store, rows, *asked(found)) == 12
    wanted = {name: [*row[:3], BLANK if other == "——" else DONT_KNOW, *row[4:]] for name, row in PLAIN.items()}
    assert {name: answers(store, name) for name in ITEMS} == wanted
