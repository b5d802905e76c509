"""What a clerk confirmed for a table is not asked of the next one with the same headers; what is about its people is."""

from __future__ import annotations

import pytest

from survey.coding.doubtful_rows import EMPTY_COLUMN
from survey.coding.readings.asked import READINGS, SCALES
from survey.core.errors import Refused
from survey.matching.column_proposals import SCORED
from survey.store.intake import mappings
from tests.tools.books.office_sheets import (
    HEADER,
    ITEMS,
    PLACES,
    WORDS,
    asked,
    grid,
    look,
    prepare,
    stopped,
    store_all,
    with_cells,
    without,
)

LEGEND = "办事公道（5=很满意，4=满意，3=一般，2=不满意，1=很不满意）"


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


def more(rows):
    """The table of the next month: other people."""
    return with_cells(rows, "no", lambda v, i: f"N{i:03}")


def dittos(rows):
    body = sorted(rows[1:], key=lambda row: PLACES.index(row[1]))
    rows = [rows[0], *body]
    return with_cells(rows, "place", lambda v, i: v if i % 4 == 0 else "同上")


def under_other_questions(rows):
    return with_cells(rows, "stay", lambda v, i: "〃" if i in (2, 3, 7) else v)


def legend(rows):
    rows[0][HEADER.index("办事公道")] = LEGEND
    return with_cells(rows, "A1", lambda v, i: 5 - WORDS.index(v))


@pytest.mark.parametrize(
    ("make", "codes"),
    [
        (lambda rows: without(rows, "A1"), [SCORED]),
        (lambda rows: with_cells(rows, "B1", lambda v, i: None), [EMPTY_COLUMN]),
        (dittos, ["intake.carried_down"]),
        (under_other_questions, ["intake.dittos"]),
        (legend, ["scales.legend_ask"]),
        (lambda rows: with_cells(rows, "age", lambda v, i: f"{v}岁"), [READINGS]),
    ],
    ids=["no column", "empty column", "ditto communities", "dittos", "legend", "units"],
)
def test_a_question_confirmed_once_is_a_note_on_the_next_table(store, make, codes):
    assert stopped(store, make(grid())) == codes
    assert store_all(store, make(grid()), *codes) == 12
    again = look(store, make(more(grid())), file="b.xlsx")
    assert asked(again) == []
    assert store_all(store, make(more(grid())), file="b.xlsx") == 12
    with store.write() as conn:
        for kept in mappings.listing(conn, "small"):
            mappings.forget(conn, "small", kept.fingerprint, who="")
    third = with_cells(make(grid()), "no", lambda v, i: f"M{i:03}")
    assert asked(look(store, third, file="c.xlsx")) == codes


def test_a_unit_confirmed_once_holds_for_other_numbers_and_no_other_unit(store):
    store_all(store, with_cells(grid(), "age", lambda v, i: f"{v}岁"), READINGS)
    older = with_cells(more(grid()), "age", lambda v, i: f"{v + 1}岁")
    assert asked(look(store, older, file="b.xlsx")) == []
    assert look(store, older, file="b.xlsx").coded.design["age"] == [r[3] + 1 for r in grid()[1:]]
    other = with_cells(more(grid()), "age", lambda v, i: f"{v}周岁")
    assert asked(look(store, other, file="b.xlsx")) == [READINGS]


def test_the_rest_of_a_scale_confirmed_once_is_no_other_question(store):
    points = dict(zip(WORDS, (100, 80, 60, 40, 20), strict=True))
    first = grid()
    for name in ITEMS:  # nobody said 很不满意 in the first table
        first = with_cells(first, name, lambda v, i: points[v])
    assert stopped(store, first) == [SCALES]
    store_all(store, first, SCALES)
    second = more(grid())
    for name in ITEMS:
        second = with_cells(second, name, lambda v, i: 20 if i == 3 else points[v])
    again = look(store, second, file="b.xlsx")
    assert (asked(again), again.refusals) == ([], [])
    assert again.coded.codes[3, again.coded.form.position["A1"]] == WORDS.index("很不满意")


def test_a_legend_confirmed_for_one_header_says_nothing_of_another(store):
    store_all(store, legend(grid()), "scales.legend_ask")
    above = [["5=很不满意，4=不满意，3=一般，2=满意，1=很满意"], *legend(more(grid()))]
    above[1][HEADER.index("办事公道")] = "办事公道"
    assert "scales.legend_ask" not in asked(look(store, above, file="b.xlsx"))


def test_what_columns_are_missing_and_what_else_is_asked_is_said_at_once(store):
    rows = without(grid(), "no")
    for name in ITEMS:
        at = rows[0].index(ITEMS[name])
        for row in rows[1:]:
            row[at] = {"很满意": 100, "满意": 80, "一般": 60, "不满意": 40, "很不满意": 20}[row[at]]
    with pytest.raises(Refused) as refused:
        look(store, rows)
    assert refused.value.key == "intake.missing_columns"
    assert [f.code for f in refused.value.findings] == [SCALES]
