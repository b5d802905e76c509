"""Cells replaced in both kinds of rows: the same result, the original untouched, the rest shared."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from survey.files.readers.distinct_values import Cells, Rows
from survey.files.readers.replaced_cells import edited
from tests.tools.forms import sheet

VALUES = st.sampled_from([None, "满意", "满", "1", 1.0, True])


def encoded(plain):
    columns = zip(*plain.rows, strict=True)
    return replace(plain, rows=Rows(tuple(Cells.of(list(c)) for c in columns)))


@given(
    st.lists(st.tuples(VALUES, VALUES, VALUES), min_size=1, max_size=6),
    st.dictionaries(st.integers(0, 2), st.dictionaries(st.integers(0, 6), st.sampled_from([None, "满意", "新"]))),
)
def test_both_kinds_of_rows_are_edited_alike(cells, edits):
    plain = sheet(("a", "b", "c"), *cells)
    n = len(plain.rows)
    edits = {c: {r: v for r, v in rows.items() if r < n} for c, rows in edits.items()}
    wanted = [list(row) for row in plain.rows]
    for column, rows in edits.items():
        for row, value in rows.items():
            wanted[row][column] = value
    before = [list(row) for row in plain.rows]
    for one in (plain, encoded(plain)):
        result = [list(row) for row in edited(one, edits).rows]
        assert [[(type(v), v) for v in row] for row in result] == [[(type(v), v) for v in row] for row in wanted]
        assert [list(row) for row in one.rows] == before


def test_a_replaced_cell_is_no_error_and_no_percentage_any_more():
    one = sheet(
        ("a", "b"),
        (None, 0.5),
        (None, 0.5),
        top=2,
        left=1,
        errors={(3, 1): "#N/A", (4, 1): "#N/A"},
        percents=frozenset({(3, 2), (4, 2)}),
    )
    two = edited(one, {0: {1: "1"}, 1: {1: "2"}})
    assert (dict(two.errors), two.percents) == ({(4, 1): "#N/A"}, {(4, 2)})
    assert edited(one, {}) is one


def test_untouched_columns_are_shared():
    one = encoded(sheet(("a", "b"), ("1", "2")))
    two = edited(one, {0: {1: "x"}})
    assert two.rows.columns[1] is one.rows.columns[1]
