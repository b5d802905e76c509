"""What is said of a draft, and its adoption."""

from __future__ import annotations

import time
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update, set_props
from flask import Response, jsonify, request

from dashboard.pages.drafting import service
from dashboard.parts.context import Context
from dashboard.parts.page import Resources
from dashboard.web.access import Viewer, guarded
from dashboard.web.address import parse
from survey.core.errors import XingfuError
from survey.core.lang import say


def register(app: Dash, resources: Resources) -> None:
    """Register them; every one is guarded."""
    store, uploads = resources.store, resources.uploads

    def clicked() -> dict[str, Any] | None:
        """The id of what was really changed or clicked; None where a line has only appeared."""
        one = ctx.triggered_id
        return (
            one if isinstance(one, dict) and len(ctx.triggered) == 1 and ctx.triggered[0]["value"] is not None else None
        )

    @app.callback(
        Output("refresh", "data", allow_duplicate=True),
        Input({"type": "draft-field", "row": ALL, "name": ALL}, "value"),
        Input({"type": "draft-keep", "row": ALL}, "checked"),
        Input({"type": "draft-title", "of": ALL}, "value"),
        State({"type": "draft-token", "of": ALL}, "data"),
        prevent_initial_call=True,
    )
    @guarded("edit_questionnaire")
    def change(viewer: Viewer, _fields: Any, _kept: Any, _title: Any, token: Any) -> Any:
        one = clicked()
        if one is None or not any(token):
            return no_update
        value = ctx.triggered[0]["value"]
        if one["type"] == "draft-title":
            changed = service.say_title(viewer, store, uploads, str(token[0]), value)
        else:
            changed = service.say_row(
                viewer, store, uploads, str(token[0]), one.get("row"), one.get("name", "keep"), value
            )
        return time.time() if changed else no_update

    @app.callback(
        Output("refresh", "data", allow_duplicate=True),
        Input({"type": "draft-settle", "key": ALL}, "n_clicks"),
        Input({"type": "draft-turn", "key": ALL}, "n_clicks"),
        Input({"type": "draft-other", "key": ALL}, "n_clicks"),
        Input({"type": "draft-all", "of": ALL}, "n_clicks"),
        Input({"type": "draft-order", "key": ALL, "order": ALL}, "n_clicks"),
        State({"type": "draft-token", "of": ALL}, "data"),
        prevent_initial_call=True,
    )
    @guarded("edit_questionnaire")
    def answer(viewer: Viewer, _settled: Any, _turned: Any, _other: Any, _every: Any, _ordered: Any, token: Any) -> Any:
        one = clicked()
        if one is None or not any(token):
            return no_update
        if one["type"] == "draft-turn":
            service.turn(viewer, store, uploads, str(token[0]), one.get("key"))
        elif one["type"] == "draft-other":
            service.say_other(viewer, store, uploads, str(token[0]), one.get("key"))
        elif one["type"] == "draft-order":
            service.say_order(viewer, store, uploads, str(token[0]), one.get("key"), one.get("order"))
        else:
            keys = [str(one.get("key"))] if one["type"] == "draft-settle" else None
            service.settle(viewer, store, uploads, str(token[0]), keys)
        return time.time()

    @app.callback(
        Output("goto", "data", allow_duplicate=True),
        Input({"type": "draft-adopt", "of": ALL}, "n_clicks"),
        State({"type": "draft-token", "of": ALL}, "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    @guarded("edit_questionnaire")
    def adopt(viewer: Viewer, _clicks: Any, token: Any, search: Any) -> Any:
        if clicked() is None or not any(token):
            return no_update
        address = parse("/questionnaire/draft", str(search or ""), request.cookies)
        stored = service.adopt(viewer, store, uploads, str(token[0]))
        set_props(
            "notice", {"children": say(address.lang, "definition.adopted", name=stored.name, version=stored.version)}
        )
        return address.link("/import", token=str(token[0]))


def upload(context: Context) -> Response | tuple[Response, int]:
    """A file from the browser: the token under which its draft waits, or why there is none."""
    try:
        files = [(f.filename or "", f.read()) for f in request.files.getlist("file") if f.filename]
        return jsonify(token=service.bring(context.viewer, context.uploads, files))
    except XingfuError as error:
        return jsonify(error=error.word(context.lang)), 422
