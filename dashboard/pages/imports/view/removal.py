"""The form for a resident who asks to be removed, and what it would delete."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard.parts.basic import card
from survey.core.lang import say
from survey.people.removal import Found, sentences

#: the fields of the form
FIELDS = ("batch", "respondent", "row", "reason")


def removal_card(lang: str) -> html.Section:
    """Closed until somebody asks; nothing goes before what would go was shown."""
    fields = [
        dmc.TextInput(
            id={"type": "removal-field", "name": name},
            label=say(lang, f"page_import.removal_{name}"),
            value="",
            size="sm",
            className="wide" if name == "reason" else "",
        )
        for name in FIELDS
    ]
    look = html.Button(say(lang, "page_import.removal_look"), id="removal-look", className="button", type="button")
    body = [
        html.P(say(lang, "page_import.removal_hint"), className="hint"),
        html.Div(fields, className="removal-fields"),
        html.Div(look, className="actions"),
        html.Div(_said([], lang, sure=False), id="removal-found"),
        dcc.Store(id="removal-seen"),
    ]
    return card(html.Details([html.Summary(say(lang, "page_import.removal_title")), *body]), "removal")


def found_lines(found: Found, lang: str, *, done: bool) -> list[Any]:
    """What would go (or went), what stays, where it may still be; with the button that does it."""
    return _said(sentences(found, lang, done=done, bare=True), lang, sure=not done)


def _said(lines: list[str], lang: str, *, sure: bool) -> list[Any]:
    # the button is there in every state, because a callback names it
    button = html.Button(
        say(lang, "page_import.removal_do"), id="removal-do", className="button danger", type="button", hidden=not sure
    )
    return [*[html.P(line) for line in lines], html.Div(button, className="actions")]
