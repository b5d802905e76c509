"""The callback that enters a balance of the special fund."""

from __future__ import annotations

import time
from typing import Any

from dash import Dash, Input, Output, State, no_update
from flask import request

from dashboard.data.results import year_or_latest
from dashboard.pages.awards import service
from dashboard.parts.page import Resources
from dashboard.web.access import Viewer, guarded
from dashboard.web.address import parse, stored_year
from survey.core.errors import Refused


def register(app: Dash, resources: Resources) -> None:
    """Register it, guarded."""
    source, store = resources.source, resources.store

    @app.callback(
        Output("refresh", "data", allow_duplicate=True),
        Input("fund-enter", "n_clicks"),
        State("fund-payer", "value"),
        State("fund-amount", "value"),
        State("fund-document", "value"),
        State("fund-date", "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    @guarded("enter_balance")
    def enter(viewer: Viewer, clicks: Any, payer: Any, amount: Any, document: Any, date: Any, search: Any) -> Any:
        if not clicks:
            return no_update
        asked = parse("/awards", search if isinstance(search, str) else "", request.cookies)
        year = year_or_latest(source, asked.year, asked.bad_year, stored_year(request.cookies))
        if year is None:
            raise Refused("publishing.no_data")
        words = [value if isinstance(value, str) else "" for value in (payer, amount, document, date)]
        service.enter(viewer, source, store, year, *words)
        return time.time()
