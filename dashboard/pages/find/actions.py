"""The callback that finds what is typed."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State, html, no_update
from flask import request

from dashboard.data.results import year_or_latest
from dashboard.pages.find import service
from dashboard.parts.basic import link
from dashboard.parts.page import Resources
from dashboard.web.access import Viewer, guarded
from dashboard.web.address import Address, parse
from survey.core.lang import say


def register(app: Dash, resources: Resources) -> None:
    """Register it, guarded."""
    from dashboard.pages import PAGES  # which is made of all pages, this one too

    source, store = resources.source, resources.store

    @app.callback(
        Output("search-found", "children"),
        Input("search-text", "value"),
        State("view", "data"),
        prevent_initial_call=True,
    )
    @guarded("sign_in")
    def find(viewer: Viewer, text: Any, view: Any) -> Any:
        if not isinstance(text, str) or not isinstance(view, dict):
            return no_update
        told = parse(str(view.get("path", "")), str(view.get("search", "")), request.cookies)
        year = told.year if told.year in source.years() else year_or_latest(source, None)
        address = Address("/", told.lang, year)
        if not text.strip():
            return html.P(say(told.lang, "page_search.hint"), className="hint")
        return listed(service.looked_up(service.entries(viewer, source, store, address, PAGES), text), told.lang)


def listed(found: list[service.Entry], lang: str) -> Any:
    """The findings under their kinds."""
    if not found:
        return html.P(say(lang, "page_search.nothing"), className="hint")
    parts: list[Any] = []
    for kind in dict.fromkeys(entry.kind for entry in found):
        parts.append(html.H2(say(lang, f"page_search.kind_{kind}")))
        rows = [
            html.Li(link([html.Span(e.text), html.Span(e.hint, className="muted")], e.link))
            for e in found
            if e.kind == kind
        ]
        parts.append(html.Ul(rows))
    return parts
