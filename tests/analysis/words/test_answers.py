"""The order of chance, what counts of it, and what keywords suggest."""

from __future__ import annotations

import pytest

from analysis.words.answers import holding, in_words, read, suggested
from survey.core.errors import Refused
from survey.store.words import WordCode
from tests.tools.stores import words_town

town = words_town.town


def test_every_answer_has_its_turn_but_those_of_few_people(town):
    found = words_town.asked(town)
    assert len([a for a in found.answers if a.year == 2014]) == 30 + 30 + 5  # three of four wrote; of six five
    there = found.of(2014)
    assert [a.turn for a in there] == list(range(60))
    assert {a.community for a in there} == {"C1", "C2"}
    assert {a.turn for a in found.answers if a.community == "C3"} == {-1}
    assert [a.response_id for a in there] == [a.response_id for a in words_town.asked(town).of(2014)]
    assert [a.response_id for a in there] != sorted(a.response_id for a in there)


def test_only_what_was_coded_in_its_turn_counts(town):
    """Whoever looks for 停车 and codes that alone would find that everybody wants it."""
    words_town.code(town, 2014, 99, in_turn=False, only="停车")
    assert words_town.asked(town).counted(2014) == ()
    first = words_town.asked(town).next_turn(2014)
    assert first is not None
    assert "停车" not in first.text
    words_town.code(town, 2014, 10)
    found = words_town.asked(town)
    assert [a.turn for a in found.counted(2014)] == list(range(10))
    assert found.counted(2013) == ()


def test_a_gap_ends_what_counts(town):
    words_town.code(town, 2014, 10)
    third = words_town.asked(town).of(2014)[2]
    from survey.store import words

    with town.write(aside=True) as conn:
        words.give(conn, "王芳", third.response_id, words_town.place(town), None, in_turn=False, name="F4")
    found = words_town.asked(town)
    assert [a.turn for a in found.counted(2014)] == [0, 1]
    assert found.next_turn(2014).turn == 2


def test_a_question_that_is_not_there_is_named_with_those_that_are(town):
    with town.read() as conn, pytest.raises(Refused) as refused:
        read(conn, "w", "A")
    assert "F4" in refused.value.word("zh")
    assert list(in_words(words_town.asked(town).form)) == ["F4"]


def test_keywords_suggest_and_what_is_looked_for_is_found_in_any_width(town):
    codes = (WordCode(1, "停车", ("车位", "Parking")), WordCode(2, "其他"))
    assert suggested(codes, "停车位太少") == {1: "车位"}
    assert suggested(codes, "ＰＡＲＫＩＮＧ！") == {1: "Parking"}
    assert suggested(codes, "很好") == {}
    there = words_town.asked(town).of(2014)
    assert {a.text for a in holding(there, " 停车 ")} == {"停车位太少"}
    assert holding(there, "") == there
    assert holding(there, "没有这个词") == ()
