"""What is done with a map that waits or is kept, and the upload of one."""

from __future__ import annotations

import time
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update, set_props
from flask import Response, jsonify, request

from dashboard.pages.outlines import service
from dashboard.parts.context import Context
from dashboard.parts.page import Resources
from dashboard.web.access import Viewer, guarded
from dashboard.web.address import parse
from survey.core.errors import XingfuError
from survey.core.lang import say


def register(app: Dash, resources: Resources) -> None:
    """Register them; every one is guarded."""
    store, uploads = resources.store, resources.uploads

    @app.callback(
        Output("refresh", "data", allow_duplicate=True),
        Input({"type": "map-by", "name": ALL}, "n_clicks"),
        Input({"type": "map-remove", "of": ALL}, "n_clicks"),
        State({"type": "map-token", "of": ALL}, "data"),
        prevent_initial_call=True,
    )
    @guarded("edit_register")
    def settle(viewer: Viewer, _chosen: Any, _removed: Any, token: Any) -> Any:
        one = _clicked()
        if one is None:
            return no_update
        if one["type"] == "map-remove":
            service.remove(viewer, store)
        else:
            service.choose(viewer, store, uploads, _token(token), one.get("name"))
        return time.time()

    @app.callback(
        Output("goto", "data", allow_duplicate=True),
        Input({"type": "map-keep", "of": ALL}, "n_clicks"),
        State({"type": "map-token", "of": ALL}, "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    @guarded("edit_register")
    def keep(viewer: Viewer, _clicks: Any, token: Any, search: Any) -> Any:
        if _clicked() is None:
            return no_update
        address = parse("/basics/map", str(search or ""), request.cookies)
        n = service.keep(viewer, store, uploads, _token(token))
        set_props("notice", {"children": say(address.lang, "page_map.kept", n=n)})
        return address.link("/basics/map")


def _clicked() -> dict[str, Any] | None:
    """The id of what was really clicked; None where a button has only appeared."""
    one = ctx.triggered_id
    clicked = isinstance(one, dict) and len(ctx.triggered) == 1 and ctx.triggered[0]["value"]
    return one if clicked else None


def _token(token: Any) -> str:
    return str(next(iter(token or ()), None) or "")


def upload(context: Context) -> Response | tuple[Response, int]:
    """A file from the browser: the token under which it waits, or why it is no map."""
    try:
        files = [(f.filename or "", f.read()) for f in request.files.getlist("file") if f.filename]
        return jsonify(token=service.bring(context.viewer, context.store, context.uploads, files))
    except XingfuError as error:
        return jsonify(error=error.word(context.lang)), 422
