"""A table without pandas reads rows as pandas would, and prints the same."""

from __future__ import annotations

import json
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.plain_table import PlainTable, csv_text, json_text, missing, plain_table

CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**50), 2**50), st.floats(allow_nan=False), st.text(max_size=6)
)
COLUMNS = [
    [1, 2],
    [1, None],
    [1, 2.5],
    [1.0, None, 2.0],
    [None, 0.1],
    [True, False],
    [True, None],
    ["a", None],
    ["", "=1"],
    [None, None],
    [[1, 2], {"a": 1}],
    [date(2014, 5, 1), None],
]


@pytest.mark.parametrize("values", COLUMNS, ids=str)
def test_rows_print_as_a_frame_of_them(values):
    rows = [{"v": value, "n": place} for place, value in enumerate(values)]
    own, framed = plain_table(rows), plain_table(pd.DataFrame(rows))
    assert csv_text(own) == csv_text(framed)
    assert json_text(own, {"a": 1}) == json_text(framed, {"a": 1})
    assert own.numeric == framed.numeric
    assert own.names == ["v", "n"]


@given(st.lists(CELLS, min_size=1, max_size=5))
def test_any_rows_print_as_a_frame_of_them(values):
    rows = [{"v": value} for value in values]
    assert csv_text(plain_table(rows)) == csv_text(plain_table(pd.DataFrame(rows)))


def test_names_choose_and_order_the_columns():
    table = PlainTable.of_rows([{"b": 1, "a": 2}, {"a": 3}], ["a", "b", "c"])
    assert csv_text(table) == "a,b,c\n2,1,\n3,,\n"
    assert table["a"] == [2, 3]
    assert csv_text(PlainTable.of_rows([], ["a", "b"])) == "a,b\n"
    assert plain_table(table) is table


def test_what_pandas_leaves_empty_is_empty():
    assert all(map(missing, (None, float("nan"), pd.NA, pd.NaT)))
    assert not any(map(missing, (0, "", False, float("inf"))))
    frame = pd.DataFrame({"n": pd.array([1, None], dtype="Int64"), "at": [pd.Timestamp(2014, 5, 1), pd.NaT]})
    assert json.loads(json_text(plain_table(frame), {}))["rows"] == [
        {"n": 1, "at": "2014-05-01T00:00:00"},
        {"n": None, "at": None},
    ]
