"""The callback that sets the due dates of a year."""

from __future__ import annotations

import time
from typing import Any

from dash import ALL, Dash, Input, Output, State, no_update

from dashboard.pages.todo import service
from dashboard.parts.page import Resources
from dashboard.web.access import Viewer, guarded


def register(app: Dash, resources: Resources) -> None:
    """Register it, guarded."""
    store = resources.store

    @app.callback(
        Output("refresh", "data", allow_duplicate=True),
        Input("todo-save", "n_clicks"),
        State({"type": "todo-date", "name": ALL}, "value"),
        State({"type": "todo-date", "name": ALL}, "id"),
        State("todo-year", "data"),
        prevent_initial_call=True,
    )
    @guarded("set_dates")
    def save(viewer: Viewer, clicks: Any, values: Any, names: Any, year: Any) -> Any:
        if not clicks or not isinstance(year, int):
            return no_update
        said = {
            str(name["name"]): value if isinstance(value, str) else ""
            for name, value in zip(names, values, strict=True)
        }
        service.set_dates(viewer, store, year, said)
        return time.time()
