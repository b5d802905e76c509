"""A word that several choices go by, and a word of a choice that also counts as empty."""

from __future__ import annotations

from survey.answers.values import blanks_of, choice_words, reader
from survey.form.answer_codes import INVALID
from survey.form.model import Choice, Question

LANES = Question(
    "lane",
    "select_one",
    choices=(Choice("1", {"zh": "一弄"}), Choice("2", {"zh": "二弄"}), Choice("3", {"zh": "二弄"}), Choice("NA", {})),
)


def test_a_label_that_two_codes_share_is_taken_for_neither() -> None:
    assert choice_words(LANES) == {"1": 0, "2": 1, "3": 2, "na": 3, "一弄": 0}
    reading = reader(LANES)("二弄")
    assert (reading.code, reading.problem, reading.params) == (INVALID, "checking.several_choices", {"codes": "2、3"})
    assert reader(LANES)("3").code == 2


def test_a_choice_wins_over_the_words_that_count_as_empty() -> None:
    assert blanks_of(LANES, frozenset({"na", "(空)"})) == {"(空)"}
    assert blanks_of(Question("t", "text"), frozenset({"na"})) == {"na"}
