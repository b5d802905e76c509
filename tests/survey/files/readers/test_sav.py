"""SPSS files: codes, labels and declared missing values arrive as they are; labels that differ are asked about."""

from __future__ import annotations

import struct
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.errors import Refused
from survey.core.lang import LANGUAGES
from survey.files.layouts import recognise
from survey.files.layouts.layout import ColumnLayout
from survey.files.preflight import Limits, preflight
from survey.files.read import read_sheets
from survey.files.readers.in_process import read_here
from survey.files.readers.sav import _tick_set, read_sav
from survey.files.readers.sheet import Sheet, Variable
from survey.form.model import Choice
from survey.matching.choice_words import label_conflict
from tests.tools.books.platform_books import ASKED, FEW, SCALE, Table, read_back, tables
from tests.tools.forms import SATISFACTION, item
from tests.tools.soak import examples

LABELS = {float(i): label for i, label in enumerate(SCALE, 1)}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sav") / "a.sav"


def written(place: Path, columns: dict[str, list[Any]], **more: Any) -> bytes:
    pyreadstat.write_sav(pd.DataFrame(columns), place, **more)
    return place.read_bytes()


def example(place: Path, **more: Any) -> bytes:
    return written(
        place,
        {
            "id": ["a", "b", ""],
            "Q1": [1.0, 9.0, None],
            "日期": [date(2014, 5, 6), None, None],
            "age": [40.0, 98.0, -1.0],
        },
        column_labels=["编号", "1、办事方便", "调查日期", "年龄"],
        variable_value_labels={"Q1": {**LABELS, 8.0: "不清楚", 9.0: "拒答"}, "age": {98.0: "跳过"}},
        missing_ranges={"Q1": [8, 9], "age": [{"lo": 97, "hi": 99}, -1]},
        **more,
    )


@pytest.mark.parametrize("compress", [False, True])
def test_codes_labels_and_missing_values(place, compress):
    data = example(place, compress=compress)
    assert preflight("a.sav", data).kind == "sav"
    (sheet,) = read_here("社区/答卷.sav", data)
    assert (sheet.name, sheet.kind, sheet.findings) == ("答卷", "sav", ())
    assert [list(r) for r in sheet.rows] == [
        ["id", "Q1", "日期", "age"],
        ["a", 1.0, date(2014, 5, 6), 40.0],
        ["b", 9.0, None, 98.0],
        [None, None, None, -1.0],
    ]
    assert sheet.address(1, 1) == "B1"  # case 1, as SPSS counts
    assert sheet.variables[1] == Variable(
        "Q1", "1、办事方便", {**{str(i): t for i, t in enumerate(SCALE, 1)}, "8": "不清楚", "9": "拒答"}, ("8", "9")
    )
    assert sheet.variables[3].missing == ("-1", "98")


def test_the_layout(place):
    layout = recognise(read_sav("a.sav", example(place)))
    assert (layout.platform, layout.coded_by, layout.header_rows, layout.first) == ("spss", "number", (0,), 1)
    assert [c.texts for c in layout.columns] == [
        ("id", "编号"),
        ("Q1", "办事方便", "1、办事方便"),
        ("日期", "调查日期"),
        ("age", "年龄"),
    ]
    assert layout.columns[1].labels["5"] == "很不满意"
    assert layout.columns[1].words == {"8": "dont_know", "9": "refused"}
    assert layout.columns[3].words == {"98": "skipped", "-1": "blank"}


def test_the_same_through_the_reading_process(place):
    data = example(place)
    here, apart = read_here("a.sav", data)[0], read_sheets("a.sav", data)[0]
    assert [list(r) for r in here.rows] == [list(r) for r in apart.rows]
    assert replace(here, rows=()) == replace(apart, rows=())


@FEW
@given(table=tables(skipped=False))
def test_answers_come_back_equal(table: Table, tmp_path_factory):
    names = {q.name: [str(i) for i in range(1, len(q.options) + 1)] for q in ASKED}
    columns: dict[str, list[Any]] = {}
    for i, q in enumerate(ASKED):
        said = [row[i] for row in table.rows]
        if q.kind == "many":
            columns |= {
                f"{q.name}_{n}": [None if a is None else float(int(n) - 1 in a) for a in said] for n in names[q.name]
            }
        else:
            columns[q.name] = [a if q.kind == "text" or a is None else a + 1.0 for a in said]
    frame = pd.DataFrame({k: pd.Series(v, dtype=object if k == "F" else float) for k, v in columns.items()})
    place = tmp_path_factory.getbasetemp() / "table.sav"
    labels = {f"W_{i}": o for i, o in enumerate(ASKED[4].options, 1)} | {
        q.name: q.label for q in ASKED if q.name in frame
    }
    pyreadstat.write_sav(frame, place, column_labels=labels)
    sheet = read_sav("a.sav", place.read_bytes())
    ticks = tuple(replace(v, set="您去过哪里(近一个月)") if v.name.startswith("W_") else v for v in sheet.variables)
    assert read_back(recognise(replace(sheet, variables=ticks))) == table.rows


def test_a_multiple_response_set_is_one_question():
    meta = SimpleNamespace(
        mr_sets={
            "$去过": {"type": "D", "is_dichotomy": True, "counted_value": 1, "label": "", "variable_list": ["W1"]},
            "B": {"type": "C", "is_dichotomy": False, "counted_value": None, "label": "b", "variable_list": ["B1"]},
            "C": {"type": "D", "is_dichotomy": True, "counted_value": "2", "label": "c", "variable_list": ["C1"]},
        }
    )
    assert [_tick_set(name, meta) for name in ("W1", "B1", "C1", "other")] == ["去过", "", "", ""]
    sheet = Sheet("a.sav", "a", [["W1"], [1.0]], variables=(Variable("W1", "公园", {"1": "是"}, (), "去过"),))
    (column,) = recognise(sheet).columns
    assert (column.texts[:2], column.option, column.labels) == (("去过", "去过/公园"), "公园", {})


def conflict(labels: dict[str, str], words: dict[str, str] | None = None) -> Any:
    layout = recognise(Sheet("a.sav", "a", [["Q1"], [1.0]], variables=(Variable("Q1"),)))
    return label_conflict(layout, ColumnLayout(0, ("Q1",), labels=labels, words=words or {}), item("Q1"))


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ({}, {}),
        ({"1": "很满意", "5": "very dissatisfied"}, {}),
        ({"1": "1", "2": "2"}, {}),
        ({"1": "很满意", "99": "没填"}, {"99": "blank"}),
        ({"5": "很满意", "4": "满意", "3": "一般", "2": "不满意", "1": "很不满意"}, {}),
    ],
)
def test_labels_that_agree_raise_no_question(labels, words):
    assert conflict(labels, words) is None


@pytest.mark.parametrize("labels", [{"1": "非常不满意", "5": "非常满意"}, {"7": "七"}, {"1": "很满意", "2": "还行"}])
def test_labels_that_say_something_else_are_asked_about(labels):
    asked = conflict(labels)
    assert asked.code == "platforms.labels_differ"
    assert all("1 " in (said := asked.word(lang)) and "{" not in said for lang in LANGUAGES)


def test_a_choice_alias_agrees():
    question = item("Q1")
    question = replace(question, choices=(replace(SATISFACTION[0], aliases=("非常满意",)), Choice("2", {"zh": "满意"})))
    layout = recognise(Sheet("a.sav", "a", [["Q1"], [1.0]], variables=(Variable("Q1"),)))
    assert label_conflict(layout, ColumnLayout(0, ("Q1",), labels={"1": "非常满意"}), question) is None


@pytest.mark.parametrize(
    ("limits", "key"),
    [
        ({"columns": 3}, "sources.many_columns"),
        ({"rows": 2}, "sources.many_rows"),
        ({"area": 11}, "preflight.wide_area"),
    ],
)
def test_caps_hold(place, limits, key):
    with pytest.raises(Refused) as error:
        read_here("a.sav", example(place), limits=replace(Limits(), **limits))
    assert error.value.key == key


def test_damage_is_refused_before_the_reader_or_by_it(place):
    """The reader is C and dies of a dictionary that contradicts itself: these bytes ended whole processes."""
    data = example(place)
    for cut in (5, 80, 176, 300, len(data) - 9):
        with pytest.raises(Refused) as error:
            read_sheets("a.sav", data[:cut])
        assert error.value.key == "preflight.bad_sav"
    labelled = data.index(struct.pack("<3i", 4, 1, 2)) + 8  # the labels of Q1, the second variable
    for at, byte in [(180, 127), (224, 1), (225, 255), (238, 1), (242, 1), *((labelled, b) for b in (0, 1, 9, 255))]:
        damaged = data[:at] + bytes([byte]) + data[at + 1 :]
        assert damaged != data
        with pytest.raises(Refused) as error:
            preflight("a.sav", damaged)
        assert error.value.key == "preflight.bad_sav"
    assert all(error.value.word(lang) for lang in LANGUAGES)


@given(places=st.lists(st.tuples(st.integers(4, 881), st.integers(0, 255)), min_size=1, max_size=6))
@examples(80)
def test_no_damage_gets_past_preflight_and_the_reader_with_a_traceback(places, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "damage.sav"
    data = bytearray(path.read_bytes() if path.exists() else example(path))
    for at, byte in places:
        data[at] = byte
    with suppress(Refused):
        read_here("a.sav", bytes(data))


def test_long_texts_labels_of_texts_and_documents_pass(tmp_path):
    place = tmp_path / "b.sav"
    data = written(
        place,
        {"短": ["M", "F"], "long": ["很长" * 200, "x" * 700], "n": [1.0, 2.0]},
        column_labels=["性别", "意见" * 40, ""],
        variable_value_labels={"n": {1: "一" * 30, 2: "二"}},
        note="说明",
    )
    sheet = read_here("b.sav", data)[0]
    assert sheet.rows[1] == ["M", "很长" * 200, 1.0]
    assert sheet.variables[1].label.startswith("意见意见")


def test_a_file_of_another_writer():
    """Saved by PSPP 1.6.2: LIST of three cases, MISSING VALUES Q1 (8,9) /v (97 THRU HI), MRSETS /MDGROUP NAME=$went
    LABEL="去过哪里" VARIABLES=W1 W2 W3 VALUE=1, labels of a text variable, a DOCUMENT, a text of 300 bytes."""
    layout = recognise(read_here("pspp.sav", (Path(__file__).parents[3] / "data" / "pspp.sav").read_bytes())[0])
    rows = [list(row[:8]) for row in layout.sheet.rows]
    assert rows[1:] == [
        ["a", "M", 1.0, 1.0, 0.0, 1.0, 2.5, date(2014, 5, 6)],
        ["b", "F", 9.0, 0.0, 1.0, 0.0, 99.0, date(2014, 5, 7)],
        ["c", *[None] * 7],
    ]
    assert layout.sheet.rows[1][9] == "很长的文字"
    columns = {c.texts[0]: c for c in layout.columns}
    assert columns["sex"].labels == {"F": "女", "M": "男"}
    assert (columns["Q1"].words, columns["v"].words) == ({"9": "refused"}, {"99": "blank"})
    assert [c.option for c in layout.columns if c.texts[0] == "去过哪里"] == ["公园", "广场", "文化站"]


def test_an_encoding_that_is_no_name_is_damage():
    data = bytearray((Path(__file__).parents[3] / "data" / "pspp.sav").read_bytes())
    data[data.index(b"UTF-8") + 1] = 0
    with pytest.raises(Refused):
        preflight("a.sav", bytes(data))
