"""The callback that forgets what was confirmed for tables of one header."""

from __future__ import annotations

import time
from typing import Any

from dash import ALL, Dash, Input, Output, ctx, no_update

from dashboard.pages.basics import service
from dashboard.parts.page import Resources
from dashboard.web.access import Viewer, guarded


def register(app: Dash, resources: Resources) -> None:
    """Register it, guarded."""

    @app.callback(
        Output("refresh", "data", allow_duplicate=True),
        Input({"type": "mapping-forget", "mapping": ALL, "questionnaire": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    @guarded("edit_questionnaire")
    def forget(viewer: Viewer, clicks: Any) -> Any:
        pressed = ctx.triggered_id
        if not isinstance(pressed, dict) or not isinstance(clicks, list) or not any(clicks):
            return no_update
        service.forget(viewer, resources.store, str(pressed.get("questionnaire")), str(pressed.get("mapping")))
        return time.time()
