"""The callbacks that change something: what an upload is, storing it, taking an import back."""

from __future__ import annotations

import time
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update
from flask import request

from dashboard.access import Viewer, guarded
from dashboard.address import parse
from dashboard.components.upload import FIELDS
from dashboard.pages import Context, importing
from dashboard.services import imports, records
from dashboard.services.source import Source
from dashboard.services.uploads import Uploads
from survey.errors import Refused
from survey.store import Store


def register(app: Dash, source: Source, store: Store, uploads: Uploads) -> None:
    """Register them; every one is guarded."""
    fields = [Input(f"import-{f}", "checked" if f == "add_communities" else "value") for f in FIELDS]

    @app.callback(
        Output("import-preview", "children"), *fields, State("import-token", "data"), State("url", "search"),
        prevent_initial_call=True,
    )  # fmt: skip
    @guarded("editor")
    def change(viewer: Viewer, *values: Any) -> Any:
        *chosen, token, search = values
        if not token:  # the form of a fresh page: nothing waits yet
            return no_update
        upload = uploads.find(str(token), viewer.user)
        offered = imports.choices(viewer, store, source.years())
        options = imports.cleaned(dict(zip(FIELDS, chosen, strict=True)), offered)
        if options == upload.options:
            return no_update
        upload = uploads.change(upload, options, viewer.user)
        address = parse("/import", search, request.cookies)
        return importing.checked(Context(viewer, source, address, store, uploads), offered, upload)[1]

    @app.callback(
        Output("import-question", "opened"), Output("goto", "data"),
        Input("import-commit", "n_clicks"), Input("import-confirm", "n_clicks"), Input("import-back", "n_clicks"),
        State("import-token", "data"), State("url", "search"), prevent_initial_call=True,
    )  # fmt: skip
    @guarded("editor")
    def store_it(
        viewer: Viewer, asked: int | None, confirmed: int | None, _back: int | None, token: str, search: str
    ) -> Any:
        clicked = ctx.triggered_id
        if clicked == "import-back" or not (asked or confirmed):
            return False, no_update
        upload = uploads.find(str(token), viewer.user)
        if clicked == "import-commit" and any(
            c.state == "partial" for c in imports.check(viewer, store, uploads, upload)
        ):
            return True, no_update
        stored = imports.commit(viewer, store, uploads, upload, accept_partial=clicked == "import-confirm")
        address = parse("/import", search, request.cookies)
        year = stored.years[-1] if stored.years else address.year
        return False, address.link("/import", batch=",".join(map(str, stored.batches)), year=year)

    @app.callback(
        Output("refresh", "data"), Input({"type": "batch-switch", "batch": ALL}, "n_clicks"), prevent_initial_call=True
    )
    @guarded("editor")
    def switch(viewer: Viewer, clicks: list[int | None]) -> Any:
        clicked = ctx.triggered_id
        if not any(clicks) or not isinstance(clicked, dict):
            return no_update
        number = clicked.get("batch")
        if not isinstance(number, int):
            raise Refused("store.unknown_batch", batch=number)
        records.switch(viewer, store, number)
        return time.time()
