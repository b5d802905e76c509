"""The callbacks that say what the words of a file mean."""

from __future__ import annotations

import time
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from dashboard.access import Viewer, guarded
from dashboard.services import wording
from dashboard.services.uploads import Uploads
from survey.store import Store


def register(app: Dash, store: Store, uploads: Uploads) -> None:
    """Register them; every one is guarded."""
    at = {"part": ALL, "list": ALL}

    @app.callback(
        Output("refresh", "data", allow_duplicate=True),
        Input({"type": "words-accept", **at}, "n_clicks"), Input({"type": "words-forget", **at}, "n_clicks"),
        Input({"type": "words-word", **at, "word": ALL}, "value"),
        State("import-token", "data"), prevent_initial_call=True,
    )  # fmt: skip
    @guarded("editor")
    def say_words(viewer: Viewer, _accepted: Any, _forgotten: Any, _words: Any, token: Any) -> Any:
        one, values = ctx.triggered_id, [t["value"] for t in ctx.triggered]
        if not token or not isinstance(one, dict) or len(values) != 1 or not values[0]:
            return no_update  # a line that has only appeared
        upload = uploads.find(str(token), viewer.user)
        place = (viewer, store, uploads, upload, one.get("part"), one.get("list"))
        if one.get("type") == "words-accept":
            changed = wording.accept(*place)
        elif one.get("type") == "words-forget":
            changed = wording.forget(*place)
        else:
            changed = wording.say_word(*place, one.get("word"), values[0])
        return no_update if changed is upload else time.time()
