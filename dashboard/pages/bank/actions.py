"""The callback that makes a questionnaire of what was chosen."""

from __future__ import annotations

from typing import Any

from dash import ALL, Dash, Input, Output, State, no_update
from flask import request

from dashboard.accounts import half_filled
from dashboard.pages.bank import CHOSEN, service
from dashboard.parts.page import Resources
from dashboard.web.access import Viewer, guarded
from dashboard.web.address import parse


def register(app: Dash, resources: Resources) -> None:
    """Register it, guarded."""
    store, uploads = resources.store, resources.uploads

    @app.callback(
        Output("goto", "data", allow_duplicate=True),
        Input({"type": "bank-take", "of": ALL}, "n_clicks"),
        State({"type": "bank-items", "of": ALL}, "value"),
        State({"type": "bank-title", "of": ALL}, "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    @guarded("edit_questionnaire")
    def take(viewer: Viewer, clicks: Any, chosen: Any, titles: Any, search: Any) -> Any:
        if not any(clicks):
            return no_update
        address = parse("/questionnaire/bank", str(search or ""), request.cookies)
        keys = [key for some in chosen for key in some or ()]
        token = service.take(viewer, store, uploads, keys, next(iter(titles), ""))
        half_filled.forget(viewer, store, CHOSEN, address)
        return address.link("/import", token=token)
