"""The callbacks that add an account and change one; a one-time token is shown once, where it was asked for."""

from __future__ import annotations

import time
from typing import Any

from dash import Dash, Input, Output, State, html, no_update
from flask import request

from dashboard.pages.administration import program_actions, service
from dashboard.pages.administration.page import table
from dashboard.parts.page import Resources
from dashboard.web.access import Viewer, guarded
from dashboard.web.address import Address, parse
from survey.core.lang import say

#: what is asked of every form: name, role, places, offices, where it stands
_TYPED = (
    State("account-name", "value"),
    State("account-role", "value"),
    State("account-scopes", "value"),
    State("account-offices", "value"),
    State("url", "search"),
)
_SHOWN = (
    Output("account-list", "children", allow_duplicate=True),
    Output("account-said", "children", allow_duplicate=True),
)


def register(app: Dash, resources: Resources) -> None:
    """Register them, guarded."""
    store = resources.store

    def shown(viewer: Viewer, address: Address, said: Any) -> tuple[Any, Any]:
        return table(service.accounts(viewer, store), address), said

    @app.callback(*_SHOWN, Input("account-add", "n_clicks"), *_TYPED, prevent_initial_call=True)
    @guarded("manage_accounts")
    def add(viewer: Viewer, clicks: Any, name: Any, role: Any, places: Any, offices: Any, search: Any) -> Any:
        if not clicks:
            return no_update, no_update
        address = _address(search)
        token = service.add(viewer, store, _text(name), _text(role), _scopes(places, offices))
        return shown(viewer, address, _token(token, _text(name), address.lang))

    @app.callback(*_SHOWN, Input("account-change", "n_clicks"), *_TYPED, prevent_initial_call=True)
    @guarded("manage_accounts")
    def change(viewer: Viewer, clicks: Any, name: Any, role: Any, places: Any, offices: Any, search: Any) -> Any:
        if not clicks:
            return no_update, no_update
        address = _address(search)
        changed = service.change(viewer, store, _text(name), _text(role), _scopes(places, offices))
        key = "page_administration.changed" if changed else "page_administration.unchanged"
        return shown(viewer, address, html.P(say(address.lang, key, name=_text(name))))

    @app.callback(*_SHOWN, Input("account-reset", "n_clicks"), _TYPED[0], _TYPED[-1], prevent_initial_call=True)
    @guarded("manage_accounts")
    def reset(viewer: Viewer, clicks: Any, name: Any, search: Any) -> Any:
        if not clicks:
            return no_update, no_update
        address = _address(search)
        token = service.reset(viewer, store, _text(name))
        return shown(viewer, address, _token(token, _text(name), address.lang))

    program_actions.register(app, store)
    for button, on in (("account-disable", False), ("account-enable", True)):
        _turn(app, store, button, on=on)


def _turn(app: Dash, store: Any, button: str, *, on: bool) -> None:
    @app.callback(
        Output("refresh", "data", allow_duplicate=True), Input(button, "n_clicks"), _TYPED[0], prevent_initial_call=True
    )
    @guarded("manage_accounts")
    def turn(viewer: Viewer, clicks: Any, name: Any) -> Any:
        if not clicks:
            return no_update
        service.turn(viewer, store, _text(name), on=on)
        return time.time()


def _token(token: str, name: str, lang: str) -> list[Any]:
    """The token to hand over, and what to do with it."""
    return [
        html.P(say(lang, "page_administration.token", name=name)),
        html.P(html.Code(token, className="account-token")),
    ]


def _scopes(places: Any, offices: Any) -> list[tuple[str, str]]:
    chosen = [one for one in places if isinstance(one, str)] if isinstance(places, list) else []
    return service.scopes_of(chosen, _text(offices))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _address(search: Any) -> Address:
    return parse("/administration", _text(search), request.cookies)
