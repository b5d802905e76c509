"""The callback that adds a program or revokes one; its token is shown once, where it was asked for."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State, ctx, html, no_update
from flask import request

from dashboard.pages.administration import program_service, service
from dashboard.pages.administration.program_card import open_names, program_table
from dashboard.web.access import Viewer, guarded
from dashboard.web.address import parse
from survey.core.errors import Refused
from survey.core.lang import say


def register(app: Dash, store: Any) -> None:
    """Register it, guarded."""

    @app.callback(
        Output("program-list", "children"),
        Output("program-which", "data"),
        Output("program-said", "children"),
        Input("program-add", "n_clicks"),
        Input("program-revoke", "n_clicks"),
        State("program-name", "value"),
        State("program-role", "value"),
        State("program-scopes", "value"),
        State("program-days", "value"),
        State("program-which", "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    @guarded("manage_accounts")
    def change(
        viewer: Viewer,
        adds: Any,
        revokes: Any,
        name: Any,
        role: Any,
        places: Any,
        days: Any,
        which: Any,
        search: Any,
    ) -> Any:
        if not adds and not revokes:
            return no_update, no_update, no_update
        lang = parse("/administration", _text(search), request.cookies).lang
        said: Any
        if ctx.triggered_id == "program-revoke":
            done = program_service.revoke(viewer, store, _text(which))
            key = "page_administration.revoked" if done else "page_administration.revoked_before"
            said = html.P(say(lang, key, name=_text(which)))
        else:
            chosen = [one for one in places if isinstance(one, str)] if isinstance(places, list) else []
            token = program_service.add(
                viewer, store, _text(name), _text(role), service.scopes_of(chosen, ""), _days(days)
            )
            said = [
                html.P(say(lang, "page_administration.program_token", name=_text(name))),
                html.P(html.Code(token, className="account-token")),
            ]
        found = program_service.listing(viewer, store)
        known = service.accounts(viewer, store).places
        return program_table(found, known, lang), open_names(found), said


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _days(value: Any) -> int | None:
    """Days as they were typed, the usual number where nothing was; raises Refused for what is no whole number."""
    if value in (None, ""):
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value):
        raise Refused("program.bad_days")
    return int(value)
