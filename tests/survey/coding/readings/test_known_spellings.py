"""A way of writing is the word around a number, and how what it means follows from the number."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text as sql

from survey.coding.readings.asked import READINGS
from survey.coding.readings.known_spellings import further_codes, is_known, is_rescaled, ways_of_writing
from survey.form.model import Choice, Question
from tests.tools.books.office_sheets import FORM, asked, grid, look, prepare, store_all

AGE = Question("age", "integer", role="age", minimum=18, maximum=110)
POINTS = Question("p", "range", start=0, end=10, step=0.5)
DAY = Question("d", "date")
STAY = Question("s", "select_one", list_name="s", choices=(Choice("a", {"zh": "1-4"}), Choice("b", {"zh": "5-9"})))
PLACE = Question("p", "text", role="community")
SCALE = Question(
    "q", "select_one", list_name="q", choices=tuple(Choice(str(i), {"zh": f"词{i}"}, level=i) for i in range(1, 6))
)


@pytest.mark.parametrize(
    ("question", "confirmed", "word", "meaning", "met"),
    [
        (AGE, {"45岁": "45"}, "46岁", "46", True),
        (AGE, {"45岁": "45"}, "三十五岁", "35", True),
        (AGE, {"45岁": "45"}, "46周岁", "46", False),
        (AGE, {"1958": "68"}, "1960", "66", True),
        (AGE, {"1958": "68"}, "99", "", False),
        (AGE, {"99": ""}, "98", "", False),
        (POINTS, {"8分": "8"}, "7.5分", "7.5", True),
        (POINTS, {"85": "8.5"}, "72", "7.2", True),
        (POINTS, {"85": "8.5"}, "72分", "7.2", False),
        (DAY, {"10月8日": "2026-10-08"}, "10月9日", "2026-10-09", True),
        (DAY, {"10月8日": "2026-10-08"}, "10.9", "2026-10-09", False),
        (STAY, {"3年": "a"}, "4年", "a", True),
        (STAY, {"3年": "a"}, "7年", "b", False),
        (SCALE, {"80": "2"}, "81", "2", False),
        (AGE, {"不详": ""}, "未知", "", False),
        (PLACE, {"东街（2网格）": "东街社区"}, "西街（三网格）", "西街社区", True),
        (PLACE, {"东街": "东街社区"}, "西街", "西街社区", True),
        (PLACE, {"东街": "东街社区"}, "西街居委会", "西街社区", False),
        (PLACE, {"东接": "东街社区"}, "西接", "西街社区", False),
    ],
)
def test_the_same_writing_around_another_number_is_known(question, confirmed, word, meaning, met):
    assert is_known({word: meaning}, ways_of_writing(confirmed, question), question) is met


def test_several_readings_of_a_cell_are_known_together():
    ways = ways_of_writing({"45岁": "45"}, AGE)
    assert is_known({"46岁": "46", "约46": "46"}, ways, AGE) is False
    assert is_known({"46岁": "46"}, frozenset(), AGE) is False


def test_points_on_ten_times_the_scale_are_such_a_way():
    assert is_rescaled(ways_of_writing({"85": "8.5"}, POINTS))
    assert not is_rescaled(ways_of_writing({"8分": "8"}, POINTS))


def test_codes_that_were_not_there_when_a_scale_was_confirmed():
    said = {"100": "1", "80": "2", "60": "3", "40": "4"}
    assert further_codes(SCALE, {"100": 3, "80": 4, "20": 2}, said) == {"20": "5"}
    assert further_codes(SCALE, {"100": 3, "80": 4}, said) == {}
    turned = {"100": "5", "80": "4", "60": "3", "40": "2"}
    assert further_codes(SCALE, {"100": 3, "80": 4, "20": 2}, turned) in ({}, {"20": "1"})
    assert further_codes(SCALE, {"7": 3}, {"满意": "1"}) == {}


def test_weights_with_a_comma_for_a_point_are_one_question_and_known_the_next_time(sqlite_store):
    weight = Question("w", "decimal", {"zh": "权数"}, role="weight")
    store = prepare(sqlite_store, replace(FORM, rows=(*FORM.rows, weight)))
    head, *rows = grid()
    rows = [[*row, "1,234" if i == 5 else f"0,{60 + i}"] for i, row in enumerate(rows)]
    found = look(store, [[*head, "权数"], *rows])
    assert [(f.code, f.params["n"], f.params["columns"]) for f in found.questions] == [(READINGS, 12, 1)]
    assert store_all(store, [[*head, "权数"], *rows], READINGS) == 12
    with store.read() as conn:
        stored = conn.execute(sql("SELECT weight FROM responses ORDER BY weight")).scalars().all()
    assert stored == pytest.approx([*(0.6 + i / 100 for i in range(12) if i != 5), 1.234])
    again = [[f"N{row[0]}", *row[1:-1], f"0,{80 + i}"] for i, row in enumerate(rows)]
    assert READINGS not in asked(look(store, [[*head, "权数"], *again], file="b.xlsx"))
    plain = [[f"N{row[0]}", *row[1:-1], "1,234"] for row in rows]  # alone it may be a thousand
    assert READINGS not in asked(look(store, [[*head, "权数"], *plain], file="c.xlsx"))
