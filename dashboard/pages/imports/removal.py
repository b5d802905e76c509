"""The callbacks of the form that removes a resident or a batch for good."""

from __future__ import annotations

from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, html, no_update, set_props
from flask import request

from dashboard.accounts import half_filled
from dashboard.pages.imports import REMOVING
from dashboard.pages.imports.service import removal
from dashboard.pages.imports.view.removal import FIELDS, found_lines
from dashboard.parts.basic import link
from dashboard.web.access import Viewer, guarded
from dashboard.web.address import parse
from survey.core import commits
from survey.core.errors import Surroundings
from survey.core.lang import say
from survey.store import Store


def register_removal(app: Dash, store: Store) -> None:
    """Register them; both are guarded."""
    fields = State({"type": "removal-field", "name": ALL}, "value")

    def said() -> dict[str, Any]:
        given = next(group for group in ctx.states_list if isinstance(group, list))
        return dict.fromkeys(FIELDS, "") | {f["id"]["name"]: f.get("value") for f in given}

    @app.callback(
        Output("removal-found", "children"),
        Output("removal-seen", "data"),
        Input("removal-look", "n_clicks"),
        fields,
        State("url", "search"),
        prevent_initial_call=True,
    )
    @guarded("remove_people")
    def look(viewer: Viewer, clicks: int | None, _fields: Any, search: Any) -> Any:
        if not clicks:
            return no_update, no_update
        lang = parse("/import", str(search or ""), request.cookies).lang
        asked = said()
        return found_lines(removal.look(viewer, store, asked), lang, done=False), asked

    @app.callback(
        Output("removal-found", "children", allow_duplicate=True),
        Input("removal-do", "n_clicks"),
        fields,
        State("removal-seen", "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    @guarded("remove_people")
    def remove(viewer: Viewer, clicks: int | None, _fields: Any, seen: Any, search: Any) -> Any:
        if not clicks or not isinstance(seen, dict):
            return no_update
        address = parse("/import", str(search or ""), request.cookies)
        lang = address.lang
        # what was looked at goes, whatever was typed into the fields since; the reason may have come last
        asked = {**dict.fromkeys(FIELDS, ""), **seen, "reason": said()["reason"]}
        found, unscored = removal.remove(viewer, store, asked)
        half_filled.forget(viewer, store, REMOVING, address)
        lines = found_lines(found, lang, done=True)
        if unscored is not None:
            work = commits.Work(kept=int(isinstance(unscored, Surroundings)))
            lines.insert(1, commits.worded(unscored, work, lang))
        # the page is not drawn anew, or what was said would be gone before anybody read it
        lines.append(html.P(link(say(lang, "page_import.removal_again"), address.link("/import"))))
        set_props("notice", {"children": ""})  # what was refused before is settled
        return lines
