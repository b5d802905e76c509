"""What a person says that columns and words of a file mean: callbacks of the table of what it holds."""

from __future__ import annotations

import time
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from dashboard.data.uploads import Upload, Uploads
from dashboard.pages.imports.service import contents, wording
from dashboard.web.access import Viewer, guarded
from survey.store import Store

#: a choice that says what is proposed, for a question whose answers can't be listed
AS_PROPOSED = "="


def register_readings(app: Dash, store: Store, uploads: Uploads) -> None:
    """Register them; every one is guarded."""
    _scales(app, store, uploads)
    _table(app, store, uploads)


def _pressed() -> tuple[dict[str, Any], Any] | None:
    """What was really pressed or chosen, and its value; None for lines that have only appeared."""
    one, values = ctx.triggered_id, [t["value"] for t in ctx.triggered]
    return (one, values[0]) if isinstance(one, dict) and len(values) == 1 and values[0] not in (None, 0) else None


def _scales(app: Dash, store: Store, uploads: Uploads) -> None:
    at = {"part": ALL, "list": ALL}

    @app.callback(
        Output("refresh", "data", allow_duplicate=True),
        Input({"type": "words-accept", **at}, "n_clicks"),
        Input({"type": "words-forget", **at}, "n_clicks"),
        Input({"type": "words-word", **at, "word": ALL}, "value"),
        State("import-token", "data"),
        prevent_initial_call=True,
    )
    @guarded("decide_findings")
    def say_words(viewer: Viewer, _accepted: Any, _forgotten: Any, _words: Any, token: Any) -> Any:
        pressed = _pressed()
        if not token or pressed is None:
            return no_update
        one, value = pressed
        upload = uploads.find(str(token), viewer.user)
        place = (viewer, store, uploads, upload, one.get("part"), one.get("list"))
        if one.get("type") == "words-accept":
            changed = wording.accept(*place)
        elif one.get("type") == "words-forget":
            changed = wording.forget(*place)
        else:
            changed = wording.say_word(*place, one.get("word"), value)
        return no_update if changed is upload else time.time()


def _table(app: Dash, store: Store, uploads: Uploads) -> None:
    word = {"part": ALL, "question": ALL, "word": ALL}

    @app.callback(
        Output("refresh", "data", allow_duplicate=True),
        Input({"type": "accept", "part": ALL, "what": ALL, "name": ALL}, "n_clicks"),
        Input({"type": "read-so", **word}, "n_clicks"),
        Input({"type": "read-as", **word}, "value"),
        Input({"type": "find-column", "part": ALL, "question": ALL}, "value"),
        Input({"type": "map-column", "part": ALL, "index": ALL}, "value"),
        Input({"type": "unmap-column", "part": ALL, "index": ALL}, "n_clicks"),
        State("import-token", "data"),
        prevent_initial_call=True,
    )
    @guarded("decide_findings")
    def say_contents(viewer: Viewer, *given: Any) -> Any:
        token, pressed = given[-1], _pressed()
        if not token or pressed is None:
            return no_update
        upload = uploads.find(str(token), viewer.user)
        changed = _said(viewer, store, uploads, upload, *pressed)
        return no_update if changed is upload else time.time()


def _said(viewer: Viewer, store: Store, uploads: Uploads, upload: Upload, one: dict[str, Any], value: Any) -> Upload:
    """The upload after one press in the table."""
    at, kind = (viewer, store, uploads, upload, one.get("part")), one.get("type")
    if kind == "accept":
        return contents.accept(*at, one.get("what"), one.get("name") or "")
    if kind in ("read-so", "read-as"):
        choice = None if kind == "read-so" or value == AS_PROPOSED else value
        return contents.read_as(*at, one.get("question"), one.get("word"), choice)
    if kind == "find-column":
        index = int(value) if isinstance(value, str) and value.isdecimal() else None
        return contents.point_at(*at, one.get("question"), index)
    return contents.match_column(*at, one.get("index"), value if kind == "map-column" else "")
