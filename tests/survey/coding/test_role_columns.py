"""Columns with a role: where a response belongs, and what its sampling design is."""

from __future__ import annotations

import pytest

from survey.answers.validation import Column
from survey.coding.role_columns import column_values, fill, read_community, read_design, read_mode, read_year
from survey.core.errors import Refused
from survey.fieldwork.register import Register, require_community
from survey.form.model import Choice, Question
from survey.store.year.register import Community
from tests.tools.forms import sheet

REGISTER = Register([Community("1", "甲社区", ("甲", "二")), Community("2", "二", ()), Community("3", "丙 社区")])
BLANK = frozenset({"na"})


def column(*values):
    return Column(sheet(["键"], *[[v] for v in values]), "键", 0, 1, list(values))


@pytest.mark.parametrize(
    ("word", "place"),
    [("1", 0), (1.0, 0), ("甲 社区", 0), ("甲", 0), ("二", 1), ("丙社区", 2), ("３", 2), ("丁", None)],
)
def test_a_community_goes_by_code_name_or_alias_in_this_order(word, place):
    assert REGISTER.find(word) == place


def places(cells):
    return column_values(cells, lambda r: None if r.number is None else int(r.number))


def test_unknown_communities_refuse_their_row_and_name_those_known():
    read = read_community(
        Question("p", "text", role="community"), column("甲", "丁", "甲社区 ", None), BLANK, REGISTER, add=False
    )
    assert places(read) == [0, None, 0, None]
    refused, note = sorted(read.findings, key=lambda f: f.level, reverse=True)
    assert (refused.scope, refused.cell, refused.params["known"]) == ("row", "A3", "甲社区、二、丙 社区")
    assert (note.code, note.cell) == ("checking.normalised", "A4")


def test_a_choice_list_of_communities_is_resolved_through_its_labels():
    question = Question("p", "select_one", choices=(Choice("x", {"zh": "甲社区"}),), role="community")
    assert places(read_community(question, column("x"), BLANK, REGISTER, add=False)) == [0]


def test_new_communities_are_kept_by_name_where_they_may_be_added():
    read = read_community(Question("p", "text", role="community"), column(" 新社区"), BLANK, REGISTER, add=True)
    assert column_values(read, lambda r: r.text) == ["新社区"]


def test_years():
    read = read_year(Question("y", "integer", role="year"), column(2014, "２０１３", "14", 2014.5, None), BLANK)
    assert column_values(read, lambda r: r.number) == [2014, 2013, None, None, None]
    assert {(f.cell, f.scope) for f in read.findings if f.level == "refuse"} == {("A4", "row"), ("A5", "row")}


def test_modes_by_name_word_or_the_label_of_a_choice():
    plain = Question("m", "text", role="mode")
    assert column_values(read_mode(plain, column("paper", "电话", "网络问卷", "?"), BLANK), lambda r: r.text) == [
        "paper",
        "phone",
        "web",
        None,
    ]
    listed = Question(
        "m", "select_one", choices=(Choice("1", {"zh": "书面"}), Choice("2", {"zh": "电话"})), role="mode"
    )
    assert column_values(read_mode(listed, column(1, "2"), BLANK), lambda r: r.text) == ["paper", "phone"]


@pytest.mark.parametrize(
    ("role", "cells", "values", "bad"),
    [
        ("weight", [1.5, "0", -1, "x", None], [1.5, 0, None, None, None], ["A4", "A5", "A6"]),
        ("fpc", [100, 0, None], [100, None, None], ["A3"]),
        ("psu", ["a", 7.0, None], ["a", "7", None], ["A4"]),
        ("duration", ["1分5秒", "很久"], [65, None], ["A3"]),
        ("start", ["2014-05-06 09:00", "明天"], ["2014-05-06T09:00:00", None], ["A3"]),
    ],
)
def test_design_columns(role, cells, values, bad):
    question = Question("d", "text", role=role)
    read = read_design(question, column(*cells), BLANK)
    assert column_values(read, lambda r: r.text if r.number is None else r.number) == values
    assert [f.cell for f in read.findings if f.level == "refuse"] == bad
    assert {f.scope for f in read.findings} <= {"row" if role in ("weight", "psu") else "cell"}


def test_a_choice_gives_its_name_and_no_opinion_gives_nothing():
    sex = Question(
        "s",
        "select_one",
        role="sex",
        choices=(Choice("male", {"zh": "男"}), Choice("r", {"zh": "拒答"}, missing="refused")),
    )
    assert column_values(read_design(sex, column("男", "拒答", None), BLANK), lambda r: r.text) == ["male", None, None]


def test_an_option_fills_blanks_and_never_overrules_a_cell():
    values = [None, 2014, 2013]
    question = Question("y", "integer", role="year")
    (finding,) = fill(question, column(None, 2014, 2013), values, 2014, "2014")
    assert values == [2014, 2014, 2013]
    assert (finding.code, finding.scope, finding.cell) == ("checking.option_conflict", "row", "A4")


def test_an_option_names_a_community_of_the_register():
    assert require_community("丙社区", REGISTER) == 2
    with pytest.raises(Refused):
        require_community("丁", REGISTER)


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("西埠", "西埠社区"),
        ("西阜社区", "西埠社区"),
        ("示例街道西埠社区", "西埠社区"),
        ("社区", ""),
        ("西", ""),
        ("0", ""),
        ("东风社区", ""),
    ],
)
def test_an_unknown_community_is_like_one_only_where_no_other_is_as_like(word, name):
    known = Register([Community("SL11", "西埠社区"), Community("SL12", "柳营社区"), Community("SL01", "春晖社区")])
    assert known.nearest(word) == name


def test_numbers_for_communities_are_one_cause():
    read = read_community(
        Question("p", "text", role="community"), column("11", "12", "甲", "11", "戊"), BLANK, REGISTER, add=False
    )
    told = {f.word("zh") for f in read.findings if f.code == "checking.community_numbers"}
    assert len(told) == 1
    assert "“11” 2 行、“12” 1 行" in told.pop()
    assert [f.params["found"] for f in read.findings if f.code == "checking.unknown_community"] == ["戊"]


def test_rows_of_several_communities_against_the_one_that_was_said_are_one_cause():
    question, cells = Question("p", "text", role="community"), column("甲", "二", "甲", "丙")
    found = fill(question, cells, ["甲社区", "二", "甲社区", "丙 社区"], "丙 社区", "丙 社区")
    assert [f.code for f in found] == ["checking.options_conflict"] * 3
    assert len({f.word("zh") for f in found}) == 1
