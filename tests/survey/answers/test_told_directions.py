"""A direction that a sheet tells without a legend gives the ends of the scale on which its numbers lie."""

from __future__ import annotations

import pytest

from survey.answers.told_directions import direction_in, ends_of
from tests.tools.books.office_sheets import FORM, asked, grid, look, prepare, stopped, with_cells, workbook

LEGEND = "scales.legend_ask"


@pytest.mark.parametrize(
    ("text", "up", "end", "span"),
    [
        ("分数越高越满意", True, None, None),
        ("5分为最好，1分为最差", True, 5, None),
        ("（5分最好）", True, 5, None),
        ("1-10分，10分最满意", True, 10, (1, 10)),
        ("满分10分", True, 10, None),
        ("数字越小越满意", False, None, None),
        ("1为最高，5为最低", False, 5, None),
        ("1分最不满意", True, 1, None),
        ("得分越低越好", False, None, None),
    ],
)
def test_what_is_said_of_a_direction(text, up, end, span):
    said = direction_in(text)
    assert (said.up, said.end, said.span) == (up, end, span)


@pytest.mark.parametrize("text", ["3、就医方便", "2026年最美社区", "最需要的3项", "1=不满意", "5分最好，3分最好", ""])
def test_other_texts_say_nothing(text):
    assert direction_in(text) is None


@pytest.mark.parametrize(
    ("text", "codes", "ends"),
    [
        ("分数越高越满意", ["1", "2", "4"], {"1": "很不满意", "5": "很满意"}),
        ("分数越高越满意", ["0", "2", "3"], {"0": "很不满意", "4": "很满意"}),
        ("分数越高越满意", ["3", "7", "10"], {"1": "很不满意", "10": "很满意"}),
        ("数字越小越满意", ["1", "5"], {"1": "很满意", "5": "很不满意"}),
        ("1-10分，10分最满意", ["3", "4"], {"1": "很不满意", "10": "很满意"}),
        ("5分最好", ["1", "7"], {}),
    ],
)
def test_the_numbers_tell_how_far_the_scale_goes(text, codes, ends):
    assert ends_of(direction_in(text), codes, FORM.question("A1")) == ends


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


def coded(turn):
    rows = grid()
    for name in ("A1", "B1", "C1", "D1", "E1"):
        rows = with_cells(
            rows, name, lambda said, _: turn(("很满意", "满意", "一般", "不满意", "很不满意").index(said))
        )
    return rows


@pytest.mark.parametrize("line", ["说明：分数越高越满意", "各项5分为最好，1分为最差", "5分最满意"])
@pytest.mark.parametrize("where", ["above", "below"])
def test_a_direction_around_the_table_is_one_question_for_all_columns(store, line, where):
    rows = coded(lambda level: 5 - level)
    table = [[line], *rows] if where == "above" else [*rows, [None], [f"注：{line}"]]
    assert stopped(store, workbook(table)) == [LEGEND]
    found = look(store, workbook(table), LEGEND)
    assert (found.questions, found.refusals) == ([], [])
    assert found.coded.codes[:12, FORM.position["A1"]].tolist() == [
        ("很满意", "满意", "一般", "不满意", "很不满意").index(row[FORM.position["A1"]]) for row in grid()[1:]
    ]


def test_a_direction_that_is_the_questionnaires_own_asks_nothing(store):
    rows = [["说明：数字越小越满意"], *coded(lambda level: level + 1)]
    assert asked(look(store, workbook(rows))) == []


def test_a_direction_on_another_sheet_or_in_the_headers_counts(store):
    rows = coded(lambda level: 5 - level)
    for name in ("A1", "B1", "C1", "D1", "E1"):
        rows[0][FORM.position[name]] += "（5分最好，1分最差）"
    assert stopped(store, rows) == [LEGEND]
