"""Columns declared once: names with open parts, kinds, tables and fingerprints."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from survey.core.columns import CODE, FLAG, MANY, MIXED, NUMBER, SHARE, TEXT, WHOLE, Column, columns

TABLE = columns(
    Column("community", TEXT),
    Column("n", WHOLE),
    Column("mean", NUMBER),
    Column("clear", FLAG),
    Column("points_<dimension>", NUMBER),
)


def test_a_table_has_its_columns_in_order_with_types_that_know_empty():
    frame = columns(*list(TABLE)[:4]).table([{"n": 3.0, "community": "柳营", "more": 1}, {"clear": True}])
    assert list(frame.columns) == ["community", "n", "mean", "clear"]
    assert [str(t) for t in frame.dtypes] == ["string", "Int64", "Float64", "boolean"]
    assert frame["n"].tolist() == [3, pd.NA]
    assert columns(Column("n", WHOLE)).table([]).columns.tolist() == ["n"]


def test_open_columns_are_those_that_the_rows_name():
    frame = TABLE.table([{"n": 1, "points_b": 2, "points_a": 3, "other": 4}])
    assert list(frame.columns) == ["n", "points_b", "points_a"]
    assert TABLE.find("points_a").name == "points_<dimension>"
    assert TABLE.find("points_") is None
    assert TABLE.names == ("community", "n", "mean", "clear")


def test_what_is_not_declared_is_said():
    with pytest.raises(KeyError, match="surprise"):
        TABLE.floats(pd.DataFrame({"surprise": [1]}))


def test_numbers_as_floats_leave_the_rest_alone():
    frame = TABLE.floats(
        pd.DataFrame({"community": ["a"], "n": [None], "points_x": [1], "clear": [True]}, dtype=object)
    )
    assert [str(t) for t in frame.dtypes] == ["object", "float64", "float64", "object"]
    assert np.isnan(frame["n"].iloc[0])


def test_a_fingerprint_changes_with_name_kind_and_order_only():
    one, other = Column("a", TEXT), Column("b", SHARE)
    known = columns(one, other).fingerprint
    assert known == columns(Column("a", TEXT, "other.label"), other).fingerprint
    changed = (columns(other, one), columns(one), columns(one, Column("b", NUMBER)), columns(one, Column("c", SHARE)))
    assert known not in {c.fingerprint for c in changed}


def test_one_can_stand_for_another_and_more_behind_it():
    some = columns(Column("a", MANY), Column("c", CODE))
    assert [c.kind for c in some.replaced(Column("a", TEXT))] == [TEXT, CODE]
    assert some.after("a", Column("b", TEXT)).names == ("a", "b", "c")


def test_the_text_of_a_column():
    assert Column("n", WHOLE).heading("zh") == "有效样本"
    assert Column("x", WHOLE, "columns.n").key == "columns.n"
    assert Column("subjective_<dimension>_se", NUMBER).key == "columns.subjective_se"
    assert Column("objective_<dimension>", NUMBER).key == "columns.objective"


def test_declaring_columns_loads_no_pandas():
    said = "import sys, survey.core.columns; print('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True).stdout == "False\n"


def test_typed_counts_are_whole_or_empty_and_words_only_where_asked():
    table = columns(Column("n", WHOLE), Column("p", SHARE), Column("name", TEXT), Column("value", MIXED))
    frame = pd.DataFrame({"n": [1.0, None], "p": [1, 0], "name": ["a", None], "value": [1, "good"]})
    assert [str(t) for t in table.typed(frame).dtypes] == ["Int64", "float64", str(frame["name"].dtype), "object"]
    assert [str(t) for t in table.typed(frame, words=True).dtypes] == ["Int64", "float64", "string", "object"]
    with pytest.raises(KeyError, match="other"):
        table.typed(frame.assign(other=1))


def test_two_declarations_stand_one_behind_the_other():
    assert (columns(Column("a", MANY)) + columns(Column("b", CODE))).names == ("a", "b")
