"""When two numbers of respondents are the same."""

from __future__ import annotations

import pytest

from survey.answers.respondents import any_twice, folded, foldings, folds


@pytest.mark.parametrize("text", ["7", "007", "7.0", "７", " 7 "])
def test_one_number_in_every_form(text: str) -> None:
    assert folded(text) == "7"


@pytest.mark.parametrize(("mark", "comes"), [("1.0", "1"), ("1.0", "001"), ("", "000"), ("a7", "A7"), ("7", "7.0")])
def test_marks_of_older_stores_still_keep_out_whoever_was_removed(mark: str, comes: str) -> None:
    assert mark in foldings(comes)


def test_who_has_no_number_does_not_hide_that_another_stands_twice() -> None:
    assert folds(["1", None, "001", "2"]) == ["1", None, "1", "2"]
    assert any_twice(folds(["1", "1", "2", "3", None]))
    assert any_twice(["a", None, None, "a"])
    assert not any_twice(["a", None, None, "b"])
    assert not any_twice([None, None])


@pytest.mark.parametrize("text", ["R004", "r4", "R-004", "Ｒ004", "R04号", "R_4", "R 004"])
def test_letters_strokes_and_zeros_around_one_number(text: str) -> None:
    assert folded(text) == "r4"


@pytest.mark.parametrize(
    ("one", "other"), [("1-2", "12"), ("A1", "B1"), ("R10", "R1"), ("1-R2", "R2"), ("AB-C1", "ABC1")]
)
def test_numbers_of_two_people(one: str, other: str) -> None:
    assert folded(one) != folded(other)


def test_whoever_was_removed_stays_out_however_the_number_was_compared_then() -> None:
    assert {"r004", "r4"} <= set(foldings("R004"))


@pytest.mark.parametrize("text", ["No.1", "No 01", "第1份", "编号1", "1号", "问卷001"])
def test_words_that_only_say_that_it_is_a_number_count_for_nothing(text):
    assert folded(text) == "1"
