"""Columns keep every cell apart that must be kept apart, through JSON and back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from survey.files.readers.distinct_values import Cells, Encoder, Rows, columns_of, from_json, to_json

VALUES = st.one_of(
    st.none(),
    st.text(max_size=4),
    st.integers(-5, 5),
    st.booleans(),
    st.floats(-3, 3, width=16),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=3)),
)


def same(one, other):
    return type(one) is type(other) and one == other


@given(st.lists(VALUES))
def test_cells_and_json_give_back_what_they_were_given(cells):
    column = Cells.of(cells)
    assert len(column) == len(cells)
    assert all(same(a, b) for a, b in zip(column, cells, strict=True))
    again = Cells(column.codes, from_json(to_json(column.values)))
    assert all(same(a, b) for a, b in zip(again, cells, strict=True))


@given(st.lists(VALUES, min_size=2), st.data())
def test_a_slice_keeps_only_the_values_it_uses(cells, data):
    first = data.draw(st.integers(0, len(cells)))
    part = Cells.of(cells)[first:].used()
    assert all(same(a, b) for a, b in zip(part, cells[first:], strict=True))
    assert all(any(same(v, c) for c in cells[first:]) for v in part.values)


def test_true_one_and_one_point_zero_are_three_values():
    column = Cells.of([1, True, 1.0, None, 1])
    assert column.codes.tolist() == [0, 1, 2, -1, 0]
    assert [type(v) for v in column.values] == [int, bool, float]


def test_every_type_of_a_workbook_cell_survives():
    cells = ["满意", 3, 7.5, True, date(2013, 5, 6), datetime(2013, 5, 6, 9, 30), time(9, 30), timedelta(seconds=90)]
    assert all(same(a, b) for a, b in zip(from_json(to_json(cells)), cells, strict=True))


def test_rows_put_columns_side_by_side():
    rows = Rows((Cells.of(["a", 1, None]), Cells.of(["b", 2.5, "x"])))
    plain = [["a", "b"], [1, 2.5], [None, "x"]]
    assert list(rows) == plain
    assert rows[1] == plain[1]
    assert rows[1:] == plain[1:]
    assert len(rows) == 3
    for source in (rows, plain):
        columns = columns_of(source, 1, [1])
        assert list(columns[1]) == [2.5, "x"]
        assert set(columns[1].values) == {2.5, "x"}


@given(st.lists(st.tuples(VALUES, VALUES), max_size=30), st.integers(1, 4))
def test_rows_encoded_while_they_are_read_are_the_same_rows(rows, together):
    encoder = Encoder(2)
    encoder.TOGETHER = together
    for row in rows:
        encoder.add(row)
    found = encoder.finish()
    for one, other in zip(found, rows, strict=True):
        assert all(same(a, None if b == "" else b) for a, b in zip(one, other, strict=True))
    assert all(len(set(map(repr, c.values))) == len(c.values) for c in found.columns)


def test_a_column_below_a_row_is_put_together_once():
    rows = Rows((Cells.of(["head", "a", "b"]), Cells.of(["other", "x", "x"])))
    assert rows.below(1, 1) is rows.below(1, 1)
    assert rows.below(1, 1).values == ("x",)
    assert list(rows.below(1, 0)) == ["other", "x", "x"]  # another first row is another column
    assert list(rows.below(0, 1)) == ["a", "b"]


def test_texts_need_not_be_asked_what_they_are():
    encoder = Encoder(2, texts=True)
    for row in (["1", ""], ["01", "1"], ["1", "1"]):
        encoder.add(row)
    assert list(encoder.finish()) == [["1", None], ["01", "1"], ["1", "1"]]
