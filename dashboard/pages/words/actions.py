"""The callbacks that put an answer under codes and change the list of codes."""

from __future__ import annotations

import time
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update
from flask import request

from dashboard.data.results import Source, year_or_latest
from dashboard.pages.words import service
from dashboard.pages.words.reading_view import reading_card
from dashboard.pages.words.service import Words
from dashboard.parts.context import Context
from dashboard.parts.page import Resources
from dashboard.web.access import Viewer, guarded
from dashboard.web.address import Address, parse
from survey.core.errors import Refused


def register(app: Dash, resources: Resources) -> None:
    """Register them, guarded."""
    source, store = resources.source, resources.store

    @app.callback(
        Output("words-read", "children"),
        Input({"type": "word-code", "code": ALL}, "n_clicks"),
        Input({"type": "word-do", "what": ALL}, "n_clicks"),
        Input({"type": "word-at", "response": ALL}, "n_clicks"),
        State("words-at", "data"),
        State("words-before", "data"),
        State("view", "data"),
        prevent_initial_call=True,
    )
    @guarded("code_words")
    def code(viewer: Viewer, codes: Any, does: Any, ats: Any, at: Any, before: Any, view: Any) -> Any:
        pressed = ctx.triggered_id
        if not isinstance(pressed, dict) or not any(any(c or 0 for c in clicks or ()) for clicks in (codes, does, ats)):
            return no_update
        address = _address(source, view)
        here = at if isinstance(at, int) else 0
        shown = service.read_words(viewer, source, store, address.year or 0, address.filters)
        last = before if isinstance(before, int) else 0
        after, last = _after(viewer, store, shown, pressed, here, last)
        shown = service.read_words(viewer, source, store, address.year or 0, address.filters)
        return reading_card(Context(viewer, source, address, store), shown, after, last)

    @app.callback(
        Output("refresh", "data", allow_duplicate=True),
        Input("words-list-save", "n_clicks"),
        State({"type": "word-name", "code": ALL}, "value"),
        State({"type": "word-keys", "code": ALL}, "value"),
        State({"type": "word-name", "code": ALL}, "id"),
        State("view", "data"),
        prevent_initial_call=True,
    )
    @guarded("code_words")
    def save(viewer: Viewer, clicks: Any, names: Any, keys: Any, ids: Any, view: Any) -> Any:
        if not clicks:
            return no_update
        address = _address(source, view)
        shown = service.read_words(viewer, source, store, address.year or 0, address.filters)
        lines = zip(ids, names, keys, strict=True)
        wanted = [(max(0, int(one["code"])), _text(name), _text(words)) for one, name, words in lines]
        service.save_codes(viewer, store, shown, wanted)
        return time.time()


def _after(viewer: Viewer, store: Any, shown: Words, pressed: dict[str, Any], here: int, last: int) -> tuple[int, int]:
    """Do what was pressed; returns the answer that is looked at next, 0 for the next uncoded one, and the one that was left
    last, which 撤销 takes back while nothing is said of the one that is looked at."""
    if pressed["type"] == "word-at":
        return int(pressed["response"]), here
    answer = next((a for a in shown.asked.answers if a.response_id == here), None)
    if answer is None:
        return 0, last
    given = list(answer.coded.codes) if answer.coded else []
    if pressed["type"] == "word-code":
        number = int(pressed["code"])
        codes = [c for c in given if c != number] if number in given else [*given, number]
        service.give(viewer, store, shown, here, codes or None)
        return here, last
    if pressed["what"] == "take":
        service.give(viewer, store, shown, here, [*given, *service.suggestions(shown, answer)])
        return 0, here
    if pressed["what"] == "undo":
        back = here if answer.coded is not None else last
        if back:
            service.give(viewer, store, shown, back, None)
        return back or here, 0
    if answer.coded is None:  # read, and under none of the codes: it counts as an answer that none was said in
        service.give(viewer, store, shown, here, [])
    return 0, here


def _address(source: Source, view: Any) -> Address:
    told = view if isinstance(view, dict) else {}
    address = parse(_text(told.get("path")), _text(told.get("search")), request.cookies)
    year = year_or_latest(source, address.year, address.bad_year)
    if year is None:
        raise Refused("dash_errors.unknown_year", year="", years="")
    return Address(address.path, address.lang, year, filters=address.filters)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
