"""Limits: sentences follow them, whoever says them."""

import pytest

from survey.core import limits
from survey.core.lang import LANGUAGES, say


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sentence_follows_a_limit_that_its_caller_does_not_know(lang, monkeypatch):
    before = say(lang, "notes.suppressed")
    monkeypatch.setattr(limits, "NOTHING_BELOW", 8)
    assert "5" in before
    assert say(lang, "notes.suppressed") == before.replace("5", "8")


def test_what_the_caller_gives_comes_first():
    assert "77" in say("en", "notes.suppressed", nothing_below=77)


def test_a_placeholder_that_nobody_fills_is_a_fault():
    with pytest.raises(KeyError, match="names"):
        say("en", "interviewers.marked", n=1, of=2)


def test_interviewers_are_listed_neither_below_what_compares_nor_below_what_may_be_shown(monkeypatch):
    assert limits.least_interviews() == 10
    monkeypatch.setattr(limits, "TOTALS_BELOW", 15)
    assert limits.words()["least_interviews"] == "15"
    monkeypatch.setattr(limits, "TOTALS_BELOW", 3)
    assert limits.least_interviews() == limits.INTERVIEWS
