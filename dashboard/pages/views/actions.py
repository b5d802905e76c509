"""The callbacks that keep a view, and rename, share and delete one."""

from __future__ import annotations

import time
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from dashboard.data.questions import kept_views as views
from dashboard.parts.page import Resources
from dashboard.web.access import Viewer, guarded

_REFRESH = Output("refresh", "data", allow_duplicate=True)


def register(app: Dash, resources: Resources) -> None:
    """Register them, guarded."""
    source, store = resources.source, resources.store

    @app.callback(
        _REFRESH,
        Input("view-save", "n_clicks"),
        State("view-name", "value"),
        State("view-shared", "checked"),
        State("view", "data"),
        prevent_initial_call=True,
    )
    @guarded("keep_views")
    def save(viewer: Viewer, clicks: Any, name: Any, shared: Any, shown: Any) -> Any:
        if not clicks or not isinstance(shown, dict):
            return no_update
        path, search = _text(shown.get("path")), _text(shown.get("search"))
        views.save(viewer, source, store, _text(name), path, search, shared=shared is True)
        return time.time()

    @app.callback(
        _REFRESH,
        Input({"type": "view-rename", "view": ALL}, "n_clicks"),
        Input({"type": "view-share", "view": ALL}, "n_clicks"),
        Input({"type": "view-unshare", "view": ALL}, "n_clicks"),
        Input({"type": "view-delete", "view": ALL}, "n_clicks"),
        State({"type": "view-name", "view": ALL}, "value"),
        State({"type": "view-name", "view": ALL}, "id"),
        prevent_initial_call=True,
    )
    @guarded("keep_views")
    def change(viewer: Viewer, *given: Any) -> Any:
        pressed = ctx.triggered_id
        if not isinstance(pressed, dict) or not isinstance(pressed.get("view"), int):
            return no_update
        if not any(isinstance(clicks, list) and any(clicks) for clicks in given[:4]):
            return no_update
        number, what = pressed["view"], pressed["type"]
        if what == "view-rename":
            typed = {one["view"]: name for name, one in zip(*given[4:], strict=True)}
            views.rename(viewer, store, number, _text(typed.get(number)))
        elif what == "view-delete":
            views.drop(viewer, store, number)
        else:
            views.share(viewer, store, number, shared=what == "view-share")
        return time.time()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
