"""The callback that takes a filled-in task list."""

from __future__ import annotations

import time
from typing import Any

from dash import Dash, Input, Output, State, no_update
from flask import request

from dashboard.data.results import year_or_latest
from dashboard.pages.tasks import service
from dashboard.parts.page import Resources
from dashboard.web.access import Viewer, guarded
from dashboard.web.address import parse, stored_year
from survey.core.errors import Refused


def register(app: Dash, resources: Resources) -> None:
    """Register it, guarded."""
    source, store = resources.source, resources.store

    @app.callback(
        Output("refresh", "data", allow_duplicate=True),
        Input("tasks-file", "contents"),
        State("tasks-file", "filename"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    @guarded("bring_tasks")
    def bring(viewer: Viewer, contents: Any, name: Any, search: Any) -> Any:
        if not isinstance(contents, str) or not isinstance(name, str):
            return no_update
        asked = parse("/tasks", search if isinstance(search, str) else "", request.cookies)
        year = year_or_latest(source, asked.year, asked.bad_year, stored_year(request.cookies))
        if year is None:
            raise Refused("publishing.no_data")
        service.bring(viewer, store, year, name, contents)
        return time.time()
