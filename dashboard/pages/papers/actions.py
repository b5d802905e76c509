"""Having many papers made beside the request, and how many of them are."""

from __future__ import annotations

import time
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update
from flask import request

from dashboard.pages.papers import service
from dashboard.pages.papers.page import under_way
from dashboard.parts.context import Context
from dashboard.parts.page import Resources
from dashboard.web.access import Viewer, guarded
from dashboard.web.address import parse


def register(app: Dash, resources: Resources) -> None:
    """Register them; both are guarded."""

    def context(viewer: Viewer, search: Any) -> Context:
        address = parse("/papers", str(search or ""), request.cookies)
        return Context(viewer, resources.source, address, resources.store, resources.uploads)

    @app.callback(
        Output("refresh", "data", allow_duplicate=True),
        Input({"type": "papers-make", "kind": ALL}, "n_clicks"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    @guarded("see")
    def make(viewer: Viewer, clicks: list[int | None], search: Any) -> Any:
        clicked = ctx.triggered_id
        if not any(clicks) or not isinstance(clicked, dict):
            return no_update
        service.begin_packing(context(viewer, search), f"/download/{clicked.get('kind')}")
        return time.time()

    @app.callback(
        Output("papers-under-way", "children"),
        Output("refresh", "data", allow_duplicate=True),
        Input("papers-tick", "n_intervals"),
        State("papers-under-way", "data-n"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    @guarded("see")
    def follow(viewer: Viewer, _ticks: int | None, shown: Any, search: Any) -> Any:
        here = context(viewer, search)
        running = {address: one for address, one in service.packings(here).items() if one.running}
        if len(running) != shown:
            return no_update, time.time()
        return under_way(running, here.lang), no_update
