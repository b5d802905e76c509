"""No page offers what its reader's role may not do: every link, file and control on every page, as each role."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from werkzeug.exceptions import HTTPException

from dashboard.data.uploads import Uploads
from dashboard.pages import PAGES
from dashboard.pages.start.service import STEPS
from dashboard.parts.page import find
from dashboard.router import render
from dashboard.web.access import Viewer, may
from dashboard.web.permissions import ROLES
from survey.store import Store
from tests.dashboard.web.test_access import callbacks
from tests.tools.dashboard_tools import fake_app, nodes, plain, small_store, source_of, words
from tests.tools.towns.cycle_town import make_town

#: properties of a control by which somebody sends something; typing and choosing may be only looking
SENDS = ("n_clicks", "contents", "n_submit")
#: sentences that tell their reader to do something, and what doing it takes
INVITES = {
    "每一步都有模板、可上传、可采用默认": "import",
    "拖到这里": "import",
    "可以逐个录入": "enter_step",
    "先在下面列出几类": "code_words",
    "下载模板": "import",
    "请先导入": "import",
    "或先导入": "import",
    "录入申报": "enter_step",
    "由答卷起草": "edit_questionnaire",
}
#: role → what it is limited to
SCOPES = {"community": {"communities": frozenset({"SL01", "C1"})}, "scorer": {"offices": frozenset({"组织办"})}}


@pytest.fixture(scope="module")
def guards() -> list[tuple[Any, str]]:
    """(id of a control, permission of the callback that it starts)."""
    found = []
    for dependency, function in callbacks(fake_app()):
        for part in dependency["inputs"]:
            if part["property"] in SENDS:
                named = json.loads(part["id"]) if part["id"].startswith("{") else part["id"]
                found.append((named, function.guarded_by))
    assert len(found) > 40
    return found


@pytest.fixture(scope="module")
def files() -> Any:
    """What tells the permission that an address of a file takes; ``""`` for what is no file."""
    server = fake_app().server
    known = server.url_map.bind("")

    def needed(path: str) -> str:
        try:
            endpoint, _ = known.match(path)
        except HTTPException:
            return ""
        return getattr(server.view_functions[endpoint], "guarded_by", "")

    return needed


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Any, Store, int, str, Any]]:
    """Source, store, year, a community and its pages: a town within its cycle, and a store on the way to its first score."""
    folder = tmp_path_factory.mktemp("offers")
    town = make_town(Store.open(folder / "town.db", create=True))
    empty = small_store(Store.open(folder / "empty.db", create=True))
    first = [page for page in PAGES if page.for_empty or page.without_year]
    return [(source_of(town), town, 2014, "C1", PAGES), (source_of(empty), empty, 2014, "SL01", first)]


def matches(known: Any, found: Any) -> bool:
    if isinstance(known, dict) and isinstance(found, dict):
        return known.keys() == found.keys() and all(isinstance(v, list) or found[k] == v for k, v in known.items())
    return bool(known == found)


def pages_of(viewer: Viewer, towns: Any) -> Iterator[tuple[str, Any]]:
    """Every page that the viewer may see, and each step of the first year."""
    for source, store, year, code, pages in towns:
        for page in pages:
            if not may(viewer, page.needs) or page.name == "help":  # the documents speak to everybody
                continue
            paths = dict.fromkeys(p.replace("<code>", code).replace("<below>", "x") for p in page.paths)
            for path in paths:
                for at in [f"&at={step}" for step in STEPS] if path == "/start" else [""]:
                    sent = render(viewer, source, store, Uploads(), path, f"?year={year}&lang=zh{at}", {}).children
                    yield f"{path}{at}", plain(sent)


def offered(sent: Any, guards: Any, files: Any) -> Iterator[tuple[str, str]]:
    """What a page offers and the permissions that it takes, one of which is enough: (what, permission)."""
    for node in nodes(sent):
        props = node["props"]
        href = props.get("href")
        if isinstance(href, str) and href.startswith("/") and urlsplit(href).path != "/":  # the way home is everybody's
            path = urlsplit(href).path
            there = find(PAGES, path)
            needed = there[0].needs if there else files(path)
            if needed:
                yield path, needed
        started = sorted({needed for known, needed in guards if matches(known, props.get("id"))})
        if started:
            yield str(props["id"]), "|".join(started)
        if props.get("id") == "drop":
            yield "drop", "import"


#: who may everything is left out, and who may as little as another
@pytest.mark.parametrize("role", [r for r in ROLES if r not in ("local", "supervisor")])
def test_no_page_offers_what_its_reader_may_not_do(role, guards, files, towns):
    viewer = Viewer("某人", role, **SCOPES.get(role, {}))
    wrong, seen = set(), 0
    for where, sent in pages_of(viewer, towns):
        text = words(sent)
        wrong |= {(where, told) for told, needed in INVITES.items() if told in text and not may(viewer, needed)}
        for what, needed in offered(sent, guards, files):
            seen += 1
            if not any(may(viewer, one) for one in needed.split("|")):
                wrong.add((where, f"{what}: {needed}"))
    assert not wrong, "\n".join(map(str, sorted(wrong)))
    assert seen > 3
