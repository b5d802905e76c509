"""Who may keep, change and share a view, and what of an address is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboard.data.questions import kept_views
from dashboard.web.access import Viewer
from dashboard.web.address import parse
from survey.core.errors import Refused
from tests.tools.dashboard_tools import ADMIN, source_of
from tests.tools.towns import two_years

town = two_years.scored_town
CLERK, LEADER = Viewer("王芳", "clerk"), Viewer("领导", "leader")
ONE = Viewer("甲", "community", frozenset({"C1"}))
SEARCH = "?lang=en&year=2014&item=A&split=mode&where=mode%3Dpaper"


def save(store, viewer=CLERK, name="书面", search=SEARCH, path="/answers", *, shared=False):
    return kept_views.save(viewer, source_of(store), store, name, path, search, shared=shared)


def listed(store, viewer):
    return kept_views.listed(viewer, source_of(store), store)


def test_the_address_is_kept_without_its_language(town):
    save(town)
    (view,) = kept_views.mine(CLERK, town)
    assert view.query == "?year=2014&split=mode&where=mode%3Dpaper&item=A" or set(view.query[1:].split("&")) == {
        "year=2014",
        "item=A",
        "split=mode",
        "where=mode%3Dpaper",
    }


@pytest.mark.parametrize(
    ("path", "search", "key"),
    [
        ("/answers", "?year=2014&item=F9", "page_estimates.unknown_item"),
        ("/answers", "?year=2019", "dash_errors.unknown_year"),
        ("/community/C1", "?year=2014", "page_views.no_view"),
    ],
)
def test_what_shows_nothing_is_not_kept(town, path, search, key):
    with pytest.raises(Refused) as refused:
        save(town, path=path, search=search)
    assert refused.value.key == key


def test_everybody_has_what_is_shared_and_only_its_owner_changes_it(town):
    number = save(town, shared=True)
    assert [(v.view.name, v.mine, v.may_change) for v in listed(town, LEADER)] == [("书面", False, False)]
    for change in (
        lambda: kept_views.rename(LEADER, town, number, "x"),
        lambda: kept_views.drop(LEADER, town, number),
        lambda: kept_views.share(LEADER, town, number, shared=False),
    ):
        with pytest.raises(Refused) as refused:
            change()
        assert refused.value.key == "dash_errors.forbidden"
    kept_views.rename(CLERK, town, number, "书面问卷")
    assert [v.view.name for v in listed(town, LEADER)] == ["书面问卷"]
    kept_views.share(CLERK, town, number, shared=False)
    assert listed(town, LEADER) == ()
    with pytest.raises(Refused):
        kept_views.drop(Viewer("admin", "admin"), town, number)  # another's own is in nobody's list
    kept_views.share(CLERK, town, number, shared=True)
    kept_views.drop(Viewer("admin", "admin"), town, number)  # whose owner is gone
    assert listed(town, CLERK) == ()


def test_who_sees_one_community_keeps_views_and_shares_none(town):
    with pytest.raises(Refused):
        save(town, ONE, shared=True)
    number = save(town, ONE)
    with pytest.raises(Refused):
        kept_views.share(ONE, town, number, shared=True)
    with pytest.raises(Refused):
        save(town, Viewer("访", "interviewer"))


def test_a_view_opens_as_its_reader_may_see_it(town):
    save(town, search="?year=2014&item=A&community=C2", shared=True)
    (mine,) = listed(town, CLERK)
    assert (mine.standing.gone, mine.standing.asked.community) == ((), "C2")
    (theirs,) = listed(town, ONE)
    assert [g.key for g in theirs.standing.gone] == ["dash_errors.unknown_community"]
    assert theirs.standing.asked.community == ""


def test_the_mark_moves_with_the_list_and_is_the_same_for_who_has_the_same(town):
    before, other = kept_views.mark(CLERK, town), replace(CLERK, user="另一个")
    assert before == kept_views.mark(other, town) == ()
    save(town)
    assert kept_views.mark(CLERK, town) != before
    assert kept_views.mark(other, town) == before
    assert kept_views.mark(Viewer("访", "interviewer"), town) == ()
    assert kept_views.mark(ADMIN, None) == ()


def test_views_of_comparisons_are_kept_without_what_is_no_part_of_them(town):
    save(town, path="/compare", search="?year=2014&with=C1%2CC2&find=张&item=A", name="两社区")
    save(town, path="/compare/beside", search="?year=2014&community=C1&against=C2", name="对照")
    with pytest.raises(Refused) as refused:
        save(town, path="/compare/beside", search="?year=2014&community=C1&against=C9", name="无")
    assert refused.value.key == "beside.unknown"
    found = {one.view.name: one for one in listed(town, CLERK)}
    assert found["两社区"].view.query == "?year=2014&with=C1%2CC2"
    assert found["对照"].link(parse("/views", "?lang=zh")).startswith("/compare/beside?lang=zh&year=2014&")
    assert all(one.standing.asked is not None for one in found.values())
