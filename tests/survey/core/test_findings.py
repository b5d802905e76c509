"""Cells of one column that are no answers for one reason are one finding, however differently they are written."""

from __future__ import annotations

import pytest

from survey.core.findings import Finding, together
from tests.tools.books.office_sheets import answers, grid, look, prepare, store_all, with_cells


@pytest.fixture
def store(sqlite_store):
    return prepare(sqlite_store)


def cells(code, *texts, **params):
    return [
        Finding(code, cell=f"D{i}", row=i, params={"found": text, "expected": "18–110", **params})
        for i, text in enumerate(texts, 2)
    ]


def test_numbers_below_the_range_are_one_sentence_with_their_count(store):
    young = with_cells(grid(), "age", lambda v, i: 14 + i % 3 if i < 7 else v)  # 14 15 16 14 15 16 14
    found = look(store, young)
    assert [f.code for f in found.refusals] == ["checking.out_of_ranges"] * 7
    (sentence,) = {f.word("zh") for f in found.refusals}
    assert sentence.startswith("这一列有 7 格超出范围（“14” 3 行、“15” 2 行、“16” 2 行）；应为 18–110")
    assert {f.word("en")[:40] for f in found.refusals} == {"7 cells of this column are out of range "}


def test_one_text_says_it_as_before():
    found = together(cells("checking.out_of_range", "16", "16"))
    assert [f.code for f in found] == ["checking.out_of_range"] * 2


@pytest.mark.parametrize(
    ("code", "whole"),
    [
        ("checking.not_whole", "checking.not_wholes"),
        ("checking.not_a_number", "checking.not_numbers"),
        ("checking.no_number", "checking.no_numbers"),
        ("checking.not_a_step", "checking.not_steps"),
    ],
)
def test_a_few_texts_each_speak_for_themselves_and_many_are_named_together(code, whole):
    few = cells(code, "一些", "几个", start="0", step="1")
    many = cells(code, "一些", "几个", "不少", start="0", step="1")
    assert [f.code for f in together(few)] == [code] * 2
    assert {f.code for f in together(many)} == {whole}
    assert all(len({f.word(lang) for f in together(many)}) == 1 for lang in ("zh", "en"))


def test_what_is_said_of_other_cells_stays():
    found = together([*cells("checking.out_of_range", "16", "17"), *cells("checking.not_a_choice", "x", "y")])
    assert [f.code for f in found] == ["checking.out_of_ranges"] * 2 + ["checking.not_a_choice"] * 2


def test_emptied_together_the_others_are_stored(store):
    young = with_cells(grid(), "age", lambda v, i: 14 + i % 3 if i < 7 else v)
    assert {f.params["n"] for f in look(store, young).refusals} == {7}
    assert store_all(store, with_cells(young, "age", lambda v, i: None if i < 7 else v)) == 12
    assert len(answers(store, "A1")) == 12


def test_many_words_of_a_column_that_are_no_choice_are_one_finding(store):
    words = ("不记得", "很久", "老住户", "祖辈", "常住", "租客", "说来话长")
    rows = with_cells(grid(), "stay", lambda v, i: words[i] if i < 7 else v)
    found = look(store, rows)
    assert (found.questions, {f.code for f in found.refusals}) == ([], {"checking.no_choices"})
    assert (len(found.refusals), len({f.word("en") for f in found.refusals})) == (7, 1)
    few = look(store, with_cells(grid(), "stay", lambda v, i: words[i] if i < 3 else v))
    assert {f.code for f in few.refusals} == {"checking.not_a_choice"}
