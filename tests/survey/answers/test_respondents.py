"""When two numbers of respondents are the same."""

from __future__ import annotations

import pytest

from survey.answers.respondents import folded, foldings


@pytest.mark.parametrize("text", ["7", "007", "7.0", "７", " 7 "])
def test_one_number_in_every_form(text: str) -> None:
    assert folded(text) == "7"


@pytest.mark.parametrize(("mark", "comes"), [("1.0", "1"), ("1.0", "001"), ("", "000"), ("a7", "A7"), ("7", "7.0")])
def test_marks_of_older_stores_still_keep_out_whoever_was_removed(mark: str, comes: str) -> None:
    assert mark in foldings(comes)
