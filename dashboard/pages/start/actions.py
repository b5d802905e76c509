"""The callback that takes a default as it is."""

from __future__ import annotations

import time
from typing import Any

from dash import ALL, Dash, Input, Output, ctx, no_update

from dashboard.pages.start import service
from dashboard.parts.page import Resources
from dashboard.web.access import Viewer, guarded


def register(app: Dash, resources: Resources) -> None:
    """Register it, guarded; which default it is about, the service asks again."""
    store = resources.store

    @app.callback(
        Output("refresh", "data", allow_duplicate=True),
        Input({"type": "take-default", "kind": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    @guarded("import")
    def take(viewer: Viewer, clicks: Any) -> Any:
        one = ctx.triggered_id
        if not isinstance(one, dict) or not any(clicks):
            return no_update
        service.take(viewer, store, one.get("kind"))
        return time.time()
