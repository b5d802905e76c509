"""The callback that brings in a scheme workbook."""

from __future__ import annotations

import time
from typing import Any

from dash import Dash, Input, Output, State, no_update
from flask import request

from dashboard.accounts import half_filled
from dashboard.pages.scheme import FORM, service
from dashboard.pages.scheme.upload import found, stored
from dashboard.parts.page import Resources
from dashboard.web.access import Viewer, guarded
from dashboard.web.address import parse
from survey.core.errors import Refused


def register(app: Dash, resources: Resources) -> None:
    """Register it, guarded."""
    store = resources.store

    @app.callback(
        Output("scheme-findings", "children"),
        Output("refresh", "data", allow_duplicate=True),
        Input("scheme-submit", "n_clicks"),
        State("scheme-file", "contents"),
        State("scheme-file", "filename"),
        State("scheme-author", "value"),
        State("scheme-reason", "value"),
        State("view", "data"),
        prevent_initial_call=True,
    )
    @guarded("edit_scheme")
    def bring(
        viewer: Viewer, clicks: Any, contents: Any, name: Any, author: Any, reason: Any, view: Any
    ) -> tuple[Any, Any]:
        if not clicks:
            return no_update, no_update
        address = parse("/scheme", str(view.get("search") or "") if isinstance(view, dict) else "", request.cookies)
        lang = address.lang
        try:
            findings = service.bring(viewer, store, name, contents, author, reason)
        except Refused as refused:
            if not refused.findings:
                raise
            return found(refused.word(lang), refused.findings, lang), no_update
        half_filled.forget(viewer, store, FORM, address)
        return stored(findings, lang), time.time() if not findings else no_update

    app.clientside_callback(
        "(name) => name || window.dash_clientside.no_update",
        Output("scheme-file-name", "children"),
        Input("scheme-file", "filename"),
        prevent_initial_call=True,
    )
