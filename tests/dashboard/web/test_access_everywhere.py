"""Deny by default: every address, file and callback that the app itself has, asked for as nobody and as each role."""

import json
import re

import pytest
from flask import Request

from dashboard.app import create_app
from dashboard.data.uploads import Uploads
from dashboard.pages import PAGES
from dashboard.router import render
from dashboard.web.access import OPEN_PATHS, OPEN_PREFIXES, Viewer
from dashboard.web.permissions import PERMISSIONS, ROLES, granted
from tests.dashboard.test_app_names import API, CALLBACKS, EXAMPLES, FILES, POSTS
from tests.dashboard.web.test_access import callbacks, post
from tests.tools.dashboard_tools import plain, small_store, words
from tests.tools.towns.fake_results import FakeSource

#: what Dash serves by itself: the frame, which holds no data, and the way to the callbacks
OF_DASH = {
    "/",
    "/<path:path>",
    "/_dash-layout",
    "/_dash-dependencies",
    "/_dash-update-component",
    "/_reload-hash",
    "/_favicon.ico",
}
ONE, OTHERS = "SL01", [f"SL{i:02d}" for i in range(2, 13)]


class Somebody:
    """Whoever asks; one app for all of them."""

    viewer: Viewer | None = None

    def __call__(self, _: Request) -> Viewer | None:
        return self.viewer


@pytest.fixture(scope="module")
def app():
    who = Somebody()
    made = create_app(None, source=FakeSource(), identify=who)
    who.viewer = Viewer("x", "local")
    found = [dependency for dependency, _ in callbacks(made)]
    return made, who, found


def address(rule):
    for name, value in {**EXAMPLES, "<path:path>": "community/SL01", "<path:filename>": "x"}.items():
        rule = rule.replace(name, value)
    return rule


def rules(made):
    return {str(r): r for r in made.server.url_map.iter_rules()}


def is_open(rule):
    return rule in OPEN_PATHS or rule.startswith(OPEN_PREFIXES)


def test_every_address_has_an_entry_or_is_the_frame(app):
    mine = {r for r in rules(app[0]) if not is_open(r)}
    assert mine - OF_DASH - set(FILES) - set(API) - set(POSTS) - {"/static/<path:filename>"} == set()


def test_nobody_gets_nothing(app):
    made, who, found = app
    who.viewer = None
    client = made.server.test_client()
    for rule, known in rules(made).items():
        if not is_open(rule):
            method = "POST" if "POST" in known.methods else "GET"
            assert client.open(address(rule), method=method).status_code in (401, 404), rule
    assert {post(made, dependency).status_code for dependency in found} == {401}


@pytest.mark.parametrize("scope", [None, frozenset({ONE}), frozenset()])
@pytest.mark.parametrize("role", ROLES)
def test_who_lacks_a_permission_gets_nothing_of_it(app, role, scope):
    made, who, found = app
    who.viewer = Viewer("x", role, scope)
    client = made.server.test_client()
    for rule, needed in {**FILES, **API}.items():
        if not granted(role, needed):
            assert client.get(address(rule)).status_code == 403, rule
    for rule, needed in POSTS.items():
        if not granted(role, needed):
            assert client.post(rule).status_code == 403, rule
    for dependency in found:
        if not granted(role, CALLBACKS[dependency["output"]]):
            assert post(made, dependency).status_code == 403, dependency["output"]


@pytest.mark.parametrize("role", ROLES)
def test_a_page_says_no_to_who_may_not_see_it(role):
    source, viewer = FakeSource(), Viewer("x", role)
    for page in PAGES:
        if page.needs in PERMISSIONS and not granted(role, page.needs):
            said = render(viewer, source, None, None, page.paths[0].replace("<code>", ONE), "?year=2014", {})
            assert "无权限" in words(said.children), page.name


@pytest.fixture
def store(sqlite_store):
    return small_store(sqlite_store)


@pytest.mark.parametrize("role", ["community", "leader", "scorer"])
def test_who_sees_one_community_gets_no_other_one_on_any_page(store, role):
    """But for the scheme, which names offices and no community, every page is looked at as it is sent."""
    source, viewer, room = FakeSource(), Viewer("x", role, frozenset({ONE})), Uploads()
    scores = source.results(2014).scores
    names = {str(n) for c, n in zip(scores["community_code"], scores["community"], strict=True) if c != ONE}
    assert len(names) > 5
    for page in PAGES:
        path = next((p for p in page.paths if "<below>" not in p), "")
        sent = render(viewer, source, store, room, path.replace("<code>", ONE), "?year=2014&lang=zh", {}).children
        text = json.dumps(plain(sent), ensure_ascii=False)
        assert {n for n in names if n in text} == set(), page.name
        assert not re.search("|".join(rf"\b{c}\b" for c in OTHERS), text), page.name
