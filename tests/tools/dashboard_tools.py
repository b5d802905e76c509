"""What the dashboard's tests share: an app on invented results, a page's words, a small store of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from dash import Dash
from dash.development.base_component import Component
from flask import Request

from analysis.publication.new_store import initialise
from dashboard.app import create_app
from dashboard.data.results import StoreSource
from dashboard.router import Rendered, render
from dashboard.web.access import Viewer
from survey.form.default import default_questionnaire
from survey.store import Store
from survey.store.year import register
from tests.tools import templates
from tests.tools.towns.fake_results import FakeSource

ADMIN = Viewer("local", "local")
VIEWER = Viewer("reader", "leader")
COMMUNITIES = (("SL01", "春晖社区"), ("SL02", "锦园社区"), ("SL03", "望江社区"))


def show(path: str, search: str = "", source: Any = None, viewer: Viewer = ADMIN, **cookies: str) -> Rendered:
    """A page of the invented results."""
    return render(viewer, source or FakeSource(), None, None, path, search, cookies)


@cache
def shown(path: str, year: int) -> Any:
    """A page of the invented results as it is sent, drawn once for all tests that only look at it."""
    return plain(show(path, f"?year={year}").children)


def nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """All components of a tree as {type, props}."""
    waiting = [tree if isinstance(tree, (dict, list)) else plain(tree)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict) and "props" in node:
            yield node
            node = node["props"].get("children")
        if isinstance(node, list):
            waiting += reversed(node)
        elif isinstance(node, dict) and "props" in node:
            waiting.append(node)


def plain(tree: Any) -> Any:
    """A component tree as JSON."""
    return json.loads(json.dumps(tree, default=_as_sent))


#: what each kind of component can be told
_PROPERTIES: dict[type[Component], frozenset[str]] = {}


def _as_sent(component: Component) -> dict[str, Any]:
    """What ``to_plotly_json`` gives, made of what is set: it asks for each of hundreds of properties."""
    kind = type(component)
    if kind not in _PROPERTIES:
        _PROPERTIES[kind] = frozenset(component._prop_names)
    known, wild = _PROPERTIES[kind], tuple(component._valid_wildcard_attributes)
    props = {name: said for name, said in vars(component).items() if name in known or name.startswith(wild)}
    return {"props": props, "type": component._type, "namespace": component._namespace}


def words(tree: Any) -> str:
    """All texts that a tree shows, joined by spaces."""
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, (list, tuple)):
            for one in node:
                walk(one)
        elif isinstance(node, Component):
            walk(getattr(node, "children", None))
        elif isinstance(node, dict) and "props" in node:
            walk(node["props"].get("children"))
        elif isinstance(node, (str, int, float)) and not isinstance(node, bool):
            found.append(str(node))
        else:
            assert node is None or isinstance(node, (bool, dict)), f"{node!r} can not be sent"

    walk(tree)
    return " ".join(found)


def with_class(tree: Any, name: str) -> list[dict[str, Any]]:
    """Components that carry a CSS class."""
    sent = tree if isinstance(tree, dict) else plain(tree)  # a dict was made plain before
    return [n for n in nodes(sent) if name in str(n["props"].get("className", "")).split()]


def fake_app(role: str | None = "local") -> Dash:
    """An app on invented results whose every visitor has this role; None: nobody is known."""

    def identify(_: Request) -> Viewer | None:
        return None if role is None else Viewer("somebody", role)

    return create_app(None, source=FakeSource(), identify=identify)


@lru_cache(maxsize=2)
def source_of(store: Store) -> StoreSource:
    """The one source of a store, as in a dashboard that runs: it parses results once until they move on."""
    return StoreSource(store)


@templates.once
def small_store(store: Store) -> None:
    """Three communities and the default questionnaire."""
    initialise(store)
    with store.write() as conn:
        register.save(conn, [register.Community(code=c, name=n, sub_district="示例街道") for c, n in COMMUNITIES])


def answers_csv(
    first: int = 1, count: int = 12, community: str = "春晖社区", bad: bool = False, year: int = 2014
) -> bytes:
    """``count`` paper responses, every scored item answered; ``bad`` spoils one cell and one community."""
    form = default_questionnaire()
    items = [q.name for q in form.scored]
    roles = [form.roles[r].name for r in ("respondent", "community", "year")]
    lines = [",".join([*roles, *items])]
    for i in range(first, first + count):
        cells = [f"R{i:04d}", community, str(year), *[str(1 + (i + j) % 4) for j in range(len(items))]]
        if bad and i == first:
            cells[5] = "满"
        if bad and i == first + 1:
            cells[1] = "没有的社区"
        lines.append(",".join(cells))
    return ("\n".join(lines) + "\n").encode("utf-8")
