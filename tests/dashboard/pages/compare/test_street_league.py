"""The streets of a district on the page of comparison: their league, for whoever sees all of them."""

from __future__ import annotations

from dashboard.data.year import Year
from dashboard.pages.compare.street_league import league_card, street_league
from dashboard.web.access import Viewer
from dashboard.web.address import Address
from tests.analysis.tables.test_street_league import results
from tests.tools.dashboard_tools import ADMIN, words

PLACES = (("北街道", 180.0), ("南街道", 250.0), ("东街道", 183.0))


def test_the_league_says_places_ranges_and_who_can_not_be_told_apart():
    found = street_league(Year(results(*PLACES), ADMIN, None))
    text = words(league_card(found, 2014, Address(path="/compare", year=2014)))
    assert [r["community"] for r in found.rows] == ["南街道", "东街道", "北街道"]
    for part in ("2014 年各街道", "第 2–3 名", "1 1 南街道 750.00 1 / 1 1", "2 2–3 东街道", "3 2–3 北街道"):
        assert part in text, (part, text)
    english = words(league_card(found, 2014, Address(path="/compare", year=2014, lang="en")))
    assert "Streets in 2014" in english


def test_one_street_or_a_viewer_of_some_communities_sees_no_league():
    assert street_league(Year(results(PLACES[0]), ADMIN, None)) is None
    some = Viewer("社区", "admin", frozenset({"A"}))
    assert street_league(Year(results(*PLACES), some, None)) is None
