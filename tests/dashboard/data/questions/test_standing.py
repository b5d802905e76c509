"""What is left of an address: what is gone is named, the rest is shown."""

from __future__ import annotations

import pytest

from dashboard.data.questions.standing import standing
from dashboard.web.access import Viewer
from tests.tools.dashboard_tools import ADMIN, source_of
from tests.tools.towns import two_years

town = two_years.scored_town


def left(store, year=2014, viewer=ADMIN, **filters):
    return standing(viewer, source_of(store), store, year, filters)


def test_an_address_that_stands_is_left_as_it_is(town):
    found = left(town, item="B", split="mode", where="mode=paper", sort="value")
    assert (found.gone, found.year) == ((), 2014)
    assert dict(found.filters) == {"item": "B", "split": "mode", "where": "mode=paper", "sort": "value"}
    assert found.asked.item.name == "B"


@pytest.mark.parametrize(
    ("filters", "gone", "kept"),
    [
        ({"item": "F9", "split": "mode"}, ["page_estimates.unknown_item"], {"split": "mode"}),
        ({"item": "A", "split": "x"}, ["page_estimates.unknown_split"], {"item": "A"}),
        ({"where": "mode=paper", "also": "x=1"}, ["page_estimates.unknown_filter"], {"where": "mode=paper"}),
        ({"where": "x=1", "also": "mode=paper"}, ["page_estimates.unknown_filter"], {"also": "mode=paper"}),
        ({"community": "C9", "item": "A"}, ["dash_errors.unknown_community"], {"item": "A"}),
        ({"form": "z", "item": "A", "split": "mode"}, ["page_estimates.unknown_form"], {}),
        ({"item": "F9", "split": "x"}, ["page_estimates.unknown_item", "page_estimates.unknown_split"], {}),
    ],
)
def test_only_what_is_gone_is_left_out(town, filters, gone, kept):
    found = left(town, **filters)
    assert sorted(one.key for one in found.gone) == sorted(gone)
    assert dict(found.filters) == kept
    assert found.asked is not None


def test_of_a_year_that_is_gone_the_newest_is_shown(town):
    found = left(town, 2016, item="A")
    assert (found.year, [one.key for one in found.gone]) == (2014, ["dash_errors.unknown_year"])
    assert "2013、2014" in found.gone[0].word("zh")


def test_who_sees_one_community_is_led_to_no_other(town):
    one = Viewer("reader", "leader", frozenset({"C1"}))
    found = left(town, viewer=one, community="C2")
    assert [g.key for g in found.gone] == ["dash_errors.unknown_community"]
    assert found.asked.places == (("C1", "甲社区"),)


@pytest.mark.parametrize(
    ("path", "filters", "gone", "kept"),
    [
        ("/compare", {"with": "C1,C2"}, [], {"with": "C1,C2"}),
        ("/compare", {"with": "C1,C9"}, ["dash_errors.unknown_community"], {"with": "C1"}),
        ("/compare", {"with": "C8,C9"}, ["dash_errors.unknown_community"] * 2, {}),
        ("/compare/beside", {"community": "C1", "against": "C2"}, [], {"community": "C1", "against": "C2"}),
        ("/compare/beside", {"community": "C1", "against": "C9"}, ["beside.unknown"], {"community": "C1"}),
        ("/compare/beside", {"community": "C9"}, ["dash_errors.unknown_community"], {}),
    ],
)
def test_of_other_pages_too_only_what_is_gone_is_left_out(town, path, filters, gone, kept):
    found = standing(ADMIN, source_of(town), town, 2014, filters, path)
    assert [one.key for one in found.gone] == gone
    assert dict(found.filters) == kept
    assert found.asked is not None


def test_where_no_question_is_answered_in_words_nothing_is_left(town):
    found = standing(ADMIN, source_of(town), town, 2014, {}, "/answers/words")
    assert ([one.key for one in found.gone], found.asked) == (["words.none_asked"], None)
