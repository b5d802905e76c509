"""English names where the page is: in English only, at once when they are told, by whatever language a request speaks."""

from __future__ import annotations

import pytest

from dashboard.data.search.english_names import calling_in, language_of, names_in
from dashboard.pages import PAGES
from dashboard.parts.page import Resources
from dashboard.shown import Shown
from dashboard.web.address import COOKIE_LANGUAGE
from survey.core.lang import called
from survey.store import names_en
from tests.tools.dashboard_tools import ADMIN, source_of
from tests.tools.towns import two_years

town = two_years.scored_town


@pytest.mark.parametrize(
    ("given", "cookie", "lang"),
    [
        (("x", {"search": "?lang=en"}), "zh", "en"),
        (("x", {"search": "?year=2014"}), "en", "en"),
        ((), "en", "en"),
        (({"other": 1}, None), "", "zh"),
    ],
)
def test_a_callback_speaks_the_language_of_its_view(given, cookie, lang):
    assert language_of(given, {COOKIE_LANGUAGE: cookie}) == lang


def test_names_are_told_to_who_reads_english(town):
    with town.write() as conn:
        names_en.tell(conn, {"甲社区": "Alpha"})
    assert (names_in(town, "zh"), names_in(None, "en"), names_in(town, "en")) == ({}, {}, {"甲社区": "Alpha"})
    with calling_in(town, "en"):
        assert called("甲社区") == "Alpha"
    with calling_in(town, "zh"):
        assert called("甲社区") == "甲社区"


def test_a_page_that_is_kept_is_made_anew_when_a_name_is_told(town):
    """Found so: the page was kept under the results alone, which no name changes."""
    shown = Shown(Resources(source_of(town), town, None), PAGES)

    def page(lang):
        return str(shown.page(ADMIN, "/", f"?lang={lang}&year=2014", {}).children)

    assert "甲社区" in page("en")
    with town.write() as conn:
        names_en.tell(conn, {"甲社区": "Alpha"})
    assert "Alpha" in page("en")
    assert "甲社区" in page("zh")
    assert "Alpha" not in page("zh")
    assert "甲社区" not in page("en")
    with town.write() as conn:
        names_en.tell(conn, {"甲社区": ""})
    assert "甲社区" in page("en")
