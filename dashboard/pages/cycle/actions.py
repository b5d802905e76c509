"""The callbacks of the page of the year's cycle: take the step that its form says, keep what is typed into it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update
from flask import request

from dashboard.pages.cycle import service
from dashboard.pages.cycle.form import CHOSEN, FIELDS, STEP_NAMES
from dashboard.parts.page import Resources
from dashboard.web.access import Viewer, guarded
from dashboard.web.address import parse
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES, say


def register(app: Dash, resources: Resources) -> None:
    """Register it; it is guarded, and the service asks again what this person may do."""
    store = resources.store

    @app.callback(
        Output("refresh", "data", allow_duplicate=True),
        Output("goto", "data", allow_duplicate=True),
        Input("cycle-submit", "n_clicks"),
        State("cycle-do", "data"),
        State({"type": "cycle-field", "name": ALL}, "value"),
        State({"type": "cycle-field", "name": ALL}, "contents"),
        State({"type": "cycle-field", "name": ALL}, "filename"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    @guarded("take_step")
    def submit(viewer: Viewer, clicks: Any, asked: Any, _values: Any, _contents: Any, _names: Any, search: Any) -> Any:
        if not clicks or not isinstance(asked, dict):
            return no_update, no_update
        year = asked.get("year")
        if not isinstance(year, int):
            raise Refused("dash_errors.unknown_year", year=str(year)[:20], years="")
        given = {**said(), "street": str(asked.get("street") or "")}
        _chosen(str(asked.get("do")), given)
        service.act(viewer, store, year, str(asked.get("do")), given)
        return no_update, parse("/cycle", search, request.cookies).link("/cycle")

    @app.callback(
        Output("kept-cycle", "data"),
        Input({"type": "cycle-field", "name": ALL}, "value"),
        State("cycle-do", "data"),
        prevent_initial_call=True,
    )
    @guarded("take_step")
    def note(viewer: Viewer, _values: Any, asked: Any) -> Any:
        if not isinstance(asked, dict) or not isinstance(asked.get("year"), int):
            return no_update
        typed = {
            field["id"]["name"]: field["value"]
            for group in ctx.inputs_list
            for field in (group if isinstance(group, list) else [])
            if isinstance(field.get("value"), str) and field["value"]
        }
        service.note(viewer, store, asked["year"], str(asked.get("street") or ""), str(asked.get("do")), typed)
        return no_update


def _chosen(do: str, given: Mapping[str, Any]) -> None:
    """Raise Refused for the first choice of a step that was not made."""
    for name in FIELDS.get(do, ()):
        if name in CHOSEN and not given.get(STEP_NAMES.get(name, name)):
            called = {lang: say(lang, f"page_cycle.field_{name}") for lang in LANGUAGES}
            raise Refused("page_cycle.nothing_chosen", field=called, of_field=f"cycle-field/{name}")


def said() -> dict[str, Any]:
    """The fields of the form by what they are called in a step."""
    found: dict[str, Any] = {}
    for group in ctx.states_list:
        for field in group if isinstance(group, list) else []:
            name = field["id"]["name"]
            kept = {"contents": "file", "filename": "file_name"}.get(field["property"], STEP_NAMES.get(name, name))
            if field.get("value") not in (None, ""):
                found[kept] = field["value"]
    return found
