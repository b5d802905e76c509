"""Single answers of few people are read by nobody, by no way round."""

from __future__ import annotations

from analysis.words.readable import readable
from tests.tools.stores import words_town

town = words_town.town


def test_a_small_community_is_counted_and_not_read(town):
    found = readable(words_town.asked(town), 2014)
    assert (len(found.answers), found.held) == (60, 5)
    assert {a.community for a in found.answers} == {"C1", "C2"}


def test_only_what_is_in_scope(town):
    assert {a.community for a in readable(words_town.asked(town), 2014, codes={"C2"}).answers} == {"C2"}
    found = readable(words_town.asked(town), 2014, codes={"C3"})
    assert (found.answers, found.held) == ((), 5)


def test_a_filter_shows_a_community_only_where_all_its_groups_are_large(town, monkeypatch):
    """Of 40 people each answer of A has ten: all may be read.  With eleven as the least none may, nor the others by it."""
    from survey.core import limits

    assert len(readable(words_town.asked(town), 2014, ["A=1"]).answers) == 20
    monkeypatch.setattr(limits, "TOTALS_BELOW", 11)
    found = readable(words_town.asked(town), 2014, ["A=1"])
    assert (found.answers, found.held) == ((), 22)
    assert len(readable(words_town.asked(town), 2014).answers) == 60
