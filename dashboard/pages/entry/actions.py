"""The callbacks of the page of indicator values: foresee, save, take back, review."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update, set_props
from flask import request

from dashboard.accounts import half_filled
from dashboard.pages.entry import REVIEW, service
from dashboard.parts.page import Resources
from dashboard.web.access import Viewer, guarded
from dashboard.web.address import Address, parse
from survey.core.errors import Refused
from survey.core.lang import say

_FIELDS = {"type": "entry-field", "name": ALL}
_CHECKS = {"type": "entry-check", "name": ALL}


def register(app: Dash, resources: Resources) -> None:
    """Register them; every one is guarded, and the services ask again what this person may do."""
    store = resources.store

    @app.callback(
        Output("entry-preview", "children"),
        Output("entry-preview", "data-state"),
        Input(_FIELDS, "value"),
        Input(_CHECKS, "checked"),
        State("entry-at", "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    @guarded("fill_in")
    def foresee(viewer: Viewer, _values: Any, _checks: Any, at: Any, search: Any) -> Any:
        if not isinstance(at, dict):
            return no_update, no_update
        lang = _address(search).lang
        service.note(viewer, store, *_place(at), said(ctx.inputs_list), _seen(at))
        try:
            row = service.preview(viewer, store, *_place(at), said(ctx.inputs_list))
        except Refused as refused:
            return refused.word(lang), "refused"
        return say(lang, row["reason"], **row["reason_params"]), "known"

    @app.callback(
        Output("refresh", "data", allow_duplicate=True),
        Output("goto", "data", allow_duplicate=True),
        Input({"type": "entry-save", "then": ALL}, "n_clicks"),
        State(_FIELDS, "value"),
        State(_CHECKS, "checked"),
        State("entry-at", "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    @guarded("fill_in")
    def save(viewer: Viewer, clicks: list[Any], _values: Any, _checks: Any, at: Any, search: Any) -> Any:
        clicked = ctx.triggered_id
        if not any(clicks) or not isinstance(at, dict) or not isinstance(clicked, dict):
            return no_update, no_update
        try:
            service.save(viewer, store, *_place(at), said(ctx.states_list), _seen(at))
        except Refused as refused:  # nothing changed: whoever goes through the list only goes on
            if clicked.get("then") != "next" or refused.key not in (
                "indicator_entry.unchanged",
                "indicator_entry.empty",
            ):
                raise
            service.forget(viewer, store, *_place(at))
        waits = service.waiting(viewer, store, *_place(at), _address(search).lang)
        if waits:
            set_props("notice", {"children": waits})
        if clicked.get("then") == "next":
            return no_update, _address(search).link(at=str(at.get("after", "")) or None)
        return time.time(), no_update

    @app.callback(
        Output("refresh", "data", allow_duplicate=True),
        Input("entry-draft-drop", "n_clicks"),
        State("entry-at", "data"),
        prevent_initial_call=True,
    )
    @guarded("fill_in")
    def drop(viewer: Viewer, clicks: Any, at: Any) -> Any:
        if not clicks or not isinstance(at, dict):
            return no_update
        service.forget(viewer, store, *_place(at))
        return time.time()

    @app.callback(
        Output("refresh", "data", allow_duplicate=True),
        Input({"type": "entry-switch", "change": ALL}, "n_clicks"),
        State("entry-at", "data"),
        prevent_initial_call=True,
    )
    @guarded("fill_in")
    def switch(viewer: Viewer, clicks: list[Any], at: Any) -> Any:
        clicked = ctx.triggered_id
        if not any(clicks) or not isinstance(at, dict) or not isinstance(clicked, dict):
            return no_update
        number = clicked.get("change")
        if not isinstance(number, int):
            raise Refused("store.unknown_batch", batch=number)
        service.switch(viewer, store, *_place(at), number)
        return time.time()

    @app.callback(
        Output("refresh", "data", allow_duplicate=True),
        Input({"type": "entry-judge", "outcome": ALL}, "n_clicks"),
        State("entry-review-reason", "value"),
        State("entry-at", "data"),
        State("view", "data"),
        prevent_initial_call=True,
    )
    @guarded("review")
    def judge(viewer: Viewer, clicks: list[Any], reason: Any, at: Any, view: Any) -> Any:
        clicked = ctx.triggered_id
        if not any(clicks) or not isinstance(at, dict) or not isinstance(clicked, dict):
            return no_update
        outcome = clicked.get("outcome")
        if outcome not in ("approve", "return", "withdraw"):
            raise Refused("dash_errors.not_found")
        year, place = _place(at)
        said = reason if isinstance(reason, str) else ""
        service.judge(viewer, store, year, outcome, place, said, _seen(at))
        half_filled.forget(viewer, store, REVIEW, _address(view.get("search") if isinstance(view, dict) else None))
        return time.time()

    @app.callback(
        Output("entry-question", "opened"),
        Output("refresh", "data", allow_duplicate=True),
        Input("entry-approve-listed", "n_clicks"),
        Input("entry-approve-sure", "n_clicks"),
        Input("entry-approve-back", "n_clicks"),
        State("entry-shown", "data"),
        State("view", "data"),
        prevent_initial_call=True,
    )
    @guarded("review")
    def approve_listed(viewer: Viewer, asked: Any, sure: Any, _back: Any, shown: Any, view: Any) -> Any:
        clicked = ctx.triggered_id
        if clicked == "entry-approve-back" or not (asked or sure):
            return False, no_update
        if clicked == "entry-approve-listed":
            return True, no_update
        service.approve_listed(viewer, store, _year(view), listed(shown))
        return False, time.time()

    @app.callback(
        Output("refresh", "data", allow_duplicate=True),
        Input("entry-review-back", "n_clicks"),
        State("view", "data"),
        prevent_initial_call=True,
    )
    @guarded("review")
    def take_back(viewer: Viewer, clicks: Any, view: Any) -> Any:
        if not clicks:
            return no_update
        service.take_back(viewer, store, _year(view))
        return time.time()


def said(groups: Any) -> dict[str, str]:
    """The fields of the form: name → text; what is ticked becomes yes, standards their number and which they are."""
    found: dict[str, str] = {}
    for group in groups:
        for field in group if isinstance(group, list) else []:
            name, value = field["id"].get("name"), field.get("value")
            if name == "standards":
                found |= _ticked(value)
            elif isinstance(value, bool):
                found |= {name: "yes"} if value else {}
            elif value not in (None, ""):
                found[name] = str(value).strip()
    return found


def _ticked(value: Any) -> dict[str, str]:
    """``0`` is the box for none of them."""
    ticked = sorted(int(v) for v in value if str(v).isdigit()) if isinstance(value, list) else []
    met = [n for n in ticked if n]
    return {"value": str(len(met)), "standards": ",".join(map(str, met or [0]))} if ticked else {}


def _year(view: Any) -> int:
    address = _address(view.get("search") if isinstance(view, dict) else None)
    if address.year is None:
        raise Refused("dash_errors.unknown_year", year="", years="")
    return address.year


def listed(rows: Any) -> dict[tuple[str, str], str]:
    """What the page listed to approve: community and indicator → mark; raises Refused for anything else."""
    found = rows if isinstance(rows, list) else []
    if not found or not all(isinstance(r, list) and len(r) == 3 and all(isinstance(x, str) for x in r) for r in found):
        raise Refused("dash_errors.not_found")
    return {(code, name): mark for code, name, mark in found}


def _place(at: Mapping[str, Any]) -> tuple[int, str]:
    year = at.get("year")
    if not isinstance(year, int):
        raise Refused("dash_errors.unknown_year", year=str(year)[:20], years="")
    return year, str(at.get("at", ""))


def _seen(at: Mapping[str, Any]) -> int | None:
    """The newest change of the value when its form was made, where the page says it."""
    seen = at.get("seen")
    return seen if isinstance(seen, int) else None


def _address(search: Any) -> Address:
    return parse("/indicators", search if isinstance(search, str) else "", request.cookies)
