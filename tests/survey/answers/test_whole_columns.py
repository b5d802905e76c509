"""What only a column as a whole says: years of birth, shares of a scale, the order of day and month; one question each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey.answers.values import reader
from survey.answers.whole_columns import MONTH_FIRST, of_column, order_of, rescaled, without_answer, without_far_codes
from survey.coding.readings.asked import READINGS, SCALES
from survey.form.model import Choice, Question
from survey.matching.column_proposals import PROPOSED
from tests.tools.books.office_sheets import (
    FORM,
    answers,
    grid,
    look,
    prepare,
    renamed,
    stopped,
    store_all,
    text_file,
    with_cells,
)


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


def read(store, name, rows, *codes):
    inspection = look(store, text_file(rows), *codes, file="a.csv")
    design = inspection.coded.design
    return design[name] if name in design else inspection.coded.numbers[name].tolist()


def test_years_of_birth_under_an_age_are_ages_after_one_question(store):
    rows = with_cells(grid(), "age", lambda v, i: 1950 + i)
    assert stopped(store, rows) == [READINGS]
    assert read(store, "age", rows, READINGS) == [FORM.year - 1950 - i for i in range(12)]
    assert store_all(store, rows, READINGS) == 12


def test_one_year_among_ages_stays_a_finding(store):
    rows = with_cells(grid(), "age", lambda v, i: 1950 if i == 0 else v)
    assert [f.code for f in look(store, rows).findings if f.level == "refuse"] == ["checking.out_of_range"]


def test_shares_of_a_scale_from_0_to_10(store):
    rows = with_cells(grid(), "F1", lambda v, i: f"{10 * (i % 11)}%")
    assert stopped(store, text_file(rows), file="a.csv") == [READINGS]
    found = look(store, text_file(rows), READINGS, file="a.csv").coded
    assert (found.codes[:, FORM.position["F1"]] / 2).tolist() == [float(i % 11) for i in range(12)]


def test_days_are_read_in_the_one_order_that_fits_them_all(store):
    rows = with_cells(grid(), "day", lambda v, i: f"{i + 8}/5/2026")
    assert stopped(store, text_file(rows), file="a.csv") == [READINGS]
    days = read(store, "submitted", rows, READINGS)
    assert [d[:10] for d in days] == [f"2026-05-{i + 8:02}" for i in range(12)]


def test_where_two_orders_fit_nothing_is_proposed(store):
    rows = with_cells(grid(4), "day", lambda v, i: f"{i + 1}/5/2026")
    findings = look(store, text_file(rows), file="a.csv").findings
    assert {f.code for f in findings if f.level != "note"} == {"checking.ambiguous_dates"}
    assert len({f.word("zh") for f in findings if f.level != "note"}) == 1  # one cause is one sentence


def test_the_clock_behind_a_day_is_read_with_the_half_of_the_day_before_or_behind(store):
    clocks = ("09:13:22 AM", "12:05 AM", "下午 3:05", "3:05 下午")
    rows = with_cells(grid(), "day", lambda v, i: f"10/{i + 8}/2026 {clocks[i % 4]}")
    assert stopped(store, text_file(rows), file="a.csv") == [READINGS]
    days = read(store, "submitted", rows, READINGS)
    assert days[:4] == ["2026-10-08T09:13:22", "2026-10-09T00:05:00", "2026-10-10T15:05:00", "2026-10-11T15:05:00"]


def test_a_platform_that_writes_the_month_first_decides_where_two_orders_fit():
    values = ("10/11/2026 09:13:22 AM", "10/12/2026 09:13:22 AM")
    assert order_of(values, 2026) is None
    assert order_of(values, 2026, month_first=True) == MONTH_FIRST
    assert order_of((*values, "25/12/2026"), 2026, month_first=True) == (2, 1, 0)


def test_days_in_four_spellings_are_one_question_for_those_without_a_year(store):
    written = ("2026.10.{}", "10月{}日", "202610{}", "2026年10月{}号")
    rows = with_cells(grid(), "day", lambda v, i: written[i % 4].format(i + 10))
    assert stopped(store, text_file(rows), file="a.csv") == [READINGS]
    assert [d[:10] for d in read(store, "submitted", rows, READINGS)] == [f"2026-10-{i + 10}" for i in range(12)]


def test_serial_numbers_among_written_days_are_proposed_from_three_on(store):
    rows = with_cells(grid(), "day", lambda v, i: 46331 + i if i < 4 else v)
    assert stopped(store, text_file(rows), file="a.csv") == [READINGS]
    rows = with_cells(grid(), "day", lambda v, i: 46331 if i == 0 else v)
    assert [f.code for f in look(store, text_file(rows), file="a.csv").findings if f.level != "note"] == [
        "checking.serial_date"
    ]


def test_0_and_1_under_a_sex_are_one_question_and_0_alone_is_none(store):
    mixed = with_cells(grid(), "sex", lambda v, i: 0 if i == 0 else v)
    assert [f.code for f in look(store, mixed).findings if f.level == "refuse"] == ["checking.not_a_choice"]
    rows = with_cells(grid(), "sex", lambda v, i: int(v == "男"))
    assert stopped(store, rows) == [READINGS]
    assert store_all(store, rows, READINGS) == 12


def test_days_in_hanzi(store):
    rows = with_cells(grid(), "day", lambda v, i: "二〇二六年十一月三日")
    assert stopped(store, rows) == [READINGS]
    assert {d[:10] for d in read(store, "submitted", rows, READINGS)} == {"2026-11-03"}


def test_several_choices_with_words_and_numbers_between_them(store):
    texts = ("老年食堂 以及 停车/交通", "老年食堂&停车/交通", "1.老年食堂 2.停车/交通")
    found = look(store, with_cells(grid(), "M", lambda v, i: texts[i % 3])).coded
    assert set(found.multiple["M"]) == {(1, 2)}
    rows = with_cells(grid(), "M", lambda v, i: "老年食堂&其他")
    assert stopped(store, rows) == [READINGS]
    assert set(look(store, rows, READINGS).coded.multiple["M"]) == {(1, 3)}  # neither of the two is lost


def test_points_to_100_under_a_scale_to_10_are_tenths_also_where_they_are_numbers_of_both(store):
    rows = with_cells(grid(), "F1", lambda v, i: (i % 10 + 1) * 10)
    assert stopped(store, rows) == [READINGS]
    assert store_all(store, rows, READINGS) == 12
    assert answers(store, "F1") == [2 * (i % 10 + 1) for i in range(12)]  # codes: places of 0, 0.5 … 10


def test_one_number_beyond_the_scale_turns_none_of_the_others(store):
    rows = with_cells(grid(), "F1", lambda v, i: 90 if i == 3 else v)
    found = look(store, rows)
    assert [(f.code, f.row) for f in found.refusals] == [("checking.out_of_range", 5)]


def test_points_to_10_under_a_scale_to_100_are_tenfold():
    points = Question("F", "range", {"zh": "打分"}, start=0, end=100, step=1)
    assert rescaled(points, ("7", "8", "10"), (4, 4, 4)) == {"7": "70", "8": "80", "10": "100"}
    assert rescaled(points, ("7", "80", "10"), (4, 4, 4)) == {}
    assert rescaled(replace(points, type="integer", maximum=100, minimum=0), ("1", "2", "3"), (4, 4, 4)) == {}


def test_a_column_of_years_of_birth_is_the_age_after_one_question(store):
    rows = renamed(with_cells(grid(), "age", lambda v, i: 1950 + i), age="出生年份")
    assert stopped(store, rows) == [PROPOSED]
    assert read(store, "age", rows, PROPOSED) == [FORM.year - 1950 - i for i in range(12)]


def test_99_and_999_for_no_answer_are_one_question_for_the_file(store):
    rows = with_cells(grid(), "A1", lambda v, i: 99 if i % 4 == 0 else v)
    rows = with_cells(
        with_cells(rows, "F1", lambda v, i: 99 if i == 1 else v), "age", lambda v, i: 999 if i == 2 else v
    )
    assert stopped(store, rows) == [READINGS]
    (question,) = look(store, rows).questions
    assert question.params["pairs"]["zh"] == "“99”→(空)（4 格）、“999”→(空)（1 格）"
    assert store_all(store, rows, READINGS) == 12
    assert [a < 0 for a in answers(store, "A1")] == [i % 4 == 0 for i in range(12)]
    assert [a < 0 for a in answers(store, "F1")] == [i == 1 for i in range(12)]


def test_two_such_numbers_are_slips_of_the_pen(store):
    found = look(store, with_cells(grid(), "A1", lambda v, i: 99 if i in (3, 7) else v))
    assert (found.questions, [f.code for f in found.refusals]) == ([], ["checking.not_a_choice"] * 2)


def test_99_under_an_age_that_comes_again_and_again_is_asked_about_and_one_such_age_stays(store):
    many = with_cells(grid(), "age", lambda v, i: 99 if i in (1, 4, 8) else 98 if i == 2 else v)
    assert stopped(store, many) == [READINGS]
    ages = read(store, "age", many, READINGS)
    assert [i for i, age in enumerate(ages) if age is None] == [1, 4, 8]
    assert ages[2] == 98
    one = with_cells(grid(), "age", lambda v, i: 99 if i == 1 else v)
    assert read(store, "age", one)[1] == 99
    assert store_all(store, one) == 12


@pytest.mark.parametrize(
    ("role", "values", "often", "found"),
    [
        ("age", (40, 99), (9, 3), ["99"]),
        ("age", (40, 99), (9, 2), []),
        ("age", (40, 93, 95, 91, 99), (9, 1, 1, 1, 3), []),  # a home for the old
        ("", (2, 3, 99), (9, 4, 3), ["99"]),
        ("", (2, 80, 99), (9, 4, 3), []),
        ("", (120, 300, 999), (9, 4, 5), ["999"]),
        ("", ("二", "3", "99"), (9, 4, 3), ["99"]),
    ],
)
def test_a_number_of_nines_says_nothing_where_it_comes_again_far_beyond_the_rest(role, values, often, found):
    question = Question("n", "integer", role=role)
    assert [str(values[place]) for place in without_answer(question, values, often)] == found


@pytest.mark.parametrize(
    ("labels", "values", "found"),
    [
        (("去过", "没去过"), ("是", "否"), {"是": "0", "否": "1"}),
        (("不了解", "了解"), ("否", "是"), {"否": "0", "是": "1"}),
        (("去过", "没去过"), ("是", "没去过"), {}),
        (("去过", "没去过"), ("是", "有时"), {}),
        (("自有", "租住"), ("是", "否"), {}),
    ],
)
def test_yes_and_no_under_a_word_and_its_denial(labels, values, found):
    choices = tuple(Choice(str(i), {"zh": label}) for i, label in enumerate(labels))
    question = Question("q", "select_one", {"zh": "党群中心"}, "l", choices)
    one_by_one = {place: reader(question)(value) for place, value in enumerate(values)}
    assert of_column(question, values, [1] * len(values), one_by_one, 2026) == found


def test_points_of_a_scale_to_100_are_points():
    question = Question("n", "range", start=0, end=100, step=1)
    assert without_answer(question, (20, 99), (9, 5)) == []


def test_99_beside_a_scale_from_1_to_10_is_no_point_of_it(store):
    rows = grid()
    for name in ("A1", "B1", "C1", "D1", "E1"):
        rows = with_cells(rows, name, lambda v, i: 99 if i % 5 == 0 else 10 - i % 10)
    assert sorted(stopped(store, rows)) == [READINGS, SCALES]
    assert store_all(store, rows, READINGS, SCALES) == 12
    assert [a < 0 for a in answers(store, "B1")] == [i % 5 == 0 for i in range(12)]


def test_a_9_that_belongs_to_a_scale_is_an_answer():
    assert without_far_codes({"1": 3, "9": 3, "99": 2}, {"1"}) == {"1": 3, "9": 3}
    assert without_far_codes({"60": 3, "99": 3}, set()) == {"60": 3, "99": 3}
    assert without_far_codes({"1": 3, "99": 3}, {"1", "99"}) == {"1": 3, "99": 3}


def test_two_words_of_which_the_question_says_one_are_yes_and_no():
    yes_no = (Choice("1", {"zh": "是"}), Choice("2", {"zh": "否"}))
    own = Question("own", "select_one", {"zh": "住房是否自有"}, "yn", yes_no)

    def told(*texts):
        return of_column(own, texts, (3, 2), {p: reader(own)(v) for p, v in enumerate(texts)}, 2026)

    assert told("租住", "自有") == {"租住": "2", "自有": "1"}
    assert told("租住", "借住") == told("自有", "是") == {}


def test_strokes_under_a_remark_are_nothing_and_a_word_is_what_somebody_said(store):
    texts = ("/", "—", "无", "未填")
    rows = with_cells(grid(), "T", lambda v, i: texts[i] if i < 4 else v)
    assert stopped(store, rows) == [READINGS]
    assert look(store, rows, READINGS).coded.texts["T"][:4] == [None, None, "无", None]


def test_the_year_since_when_somebody_lives_here_is_its_range(store):
    since = {
        "不到1年": "2026年至今",
        "1-4": "2024年",
        "5-9": "2020年搬来",
        "10-19": "自2010年起",
        "20以上": "1998年至今",
    }
    since["1-4"] += "以来"
    rows = with_cells(grid(), "stay", lambda v, _: since[v])
    assert stopped(store, rows) == [READINGS]
    assert store_all(store, rows, READINGS) == 12
    assert answers(store, "stay") == look(store, grid(), file="b.xlsx").coded.codes[:, FORM.position["stay"]].tolist()
