"""The map on the overview: beside the list, what the list says, for whom the list is; another map is shown at once."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

import pytest

from dashboard.data.uploads import Uploads
from dashboard.pages import PAGES
from dashboard.pages.overview.page import page as overview_page
from dashboard.parts.context import Context
from dashboard.parts.page import Resources
from dashboard.shown import Shown
from dashboard.web.access import Viewer
from dashboard.web.address import parse
from survey.fieldwork.community_map import inspect_map, keep_map, remove_map
from tests.survey.fieldwork.test_geojson import collection, feature, square
from tests.tools.dashboard_tools import ADMIN, nodes, plain, small_store, with_class, words
from tests.tools.towns.fake_results import CODES, FakeSource

NAMED = {code: feature(square(121 + n / 50, 31), code=code) for n, code in enumerate(CODES)}


@pytest.fixture
def store(sqlite_store):
    return small_store(sqlite_store)


def kept(store, *codes):
    """The map of these communities, whoever is in the register."""
    one, _ = inspect_map(store, "图.geojson", collection(NAMED["SL01"]))
    areas = one.outlines["SL01"]
    moved = {
        code: tuple(tuple(tuple((x + n / 50, y) for x, y in ring) for ring in area) for area in areas)
        for n, code in enumerate(codes)
    }
    keep_map(store, replace(one, outlines=moved))


def shown(store, viewer=ADMIN, lang="zh", year=2014):
    address = parse("/", f"?year={year}&lang={lang}", {})
    return plain(overview_page(Context(viewer, FakeSource(), address, store)).children)


def test_without_a_map_the_overview_is_as_it_was(store):
    assert with_class(shown(store), "map-card") == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_outline_is_a_link_with_the_words_of_the_list(store, lang):
    kept(store, *CODES)
    (card,) = with_class(shown(store, lang=lang), "map-card")
    labels = {n["props"]["href"].partition("?")[0]: n["props"]["title"] for n in with_class(card, "map-label")}
    assert set(labels) == {f"/community/{code}" for code in CODES}
    said = words(card)
    league = words(with_class(shown(store, lang=lang), "league")[0])
    for title in labels.values():
        first = title.partition(": " if lang == "en" else "：")[0]
        assert first in league
    assert "None" not in said
    assert "{" not in said


def test_no_outline_speaks_by_colour_alone(store):
    kept(store, *CODES)
    (card,) = with_class(shown(store), "map-card")
    marks = [n["props"]["children"] for n in nodes(card) if n["type"] == "B"]
    assert len(marks) == len(CODES)
    assert all(marks)
    assert any(mark.endswith("★") for mark in marks)
    (picture,) = with_class(card, "map-picture")
    assert "pattern" in unquote(picture["props"]["src"])  # a star that is not stable is hatched
    assert "http://www.w3.org" in unquote(picture["props"]["src"])
    assert unquote(picture["props"]["src"]).count("http") == 1  # nothing is asked for outside


def test_who_sees_one_community_has_its_outline_alone(store):
    kept(store, *CODES)
    own = Viewer("li", "community", communities=frozenset({"SL06"}))
    (card,) = with_class(shown(store, own), "map-card")
    assert [n["props"]["href"].partition("?")[0] for n in with_class(card, "map-label")] == ["/community/SL06"]
    (picture,) = with_class(card, "map-picture")
    assert (
        unquote(picture["props"]["src"]).count("<path")
        == len(with_class(card, "map-label")) * 2 + unquote(picture["props"]["src"]).count("<pattern") * 2
    )


def test_what_has_no_outline_is_named_below(store):
    kept(store, "SL01", "SL02")
    (card,) = with_class(shown(store), "map-card")
    assert f"{len(CODES) - 2} 个社区没有边界" in words(card)


def test_a_map_that_comes_or_goes_is_shown_at_the_next_look(store):
    """The overview is kept until what it rests on is another: the map is part of that."""
    resources = Resources(FakeSource(), store, Uploads())
    pages = Shown(resources, PAGES)

    def labels():
        made = pages.page(ADMIN, "/", "?year=2014&lang=zh", {})
        return len(with_class(made.children, "map-label"))

    assert labels() == 0
    kept(store, "SL01")
    assert labels() == 1
    remove_map(store)
    assert labels() == 0
