"""The card of programs that read: a row each, the form of a new one, one to revoke."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.accounts import people
from dashboard.pages.administration.program_service import Line, listing
from dashboard.pages.administration.roles import Places, limits_word, offered, role_word
from dashboard.parts.basic import asked_first, badge, card, heading
from dashboard.web.access import Viewer
from survey.core import limits
from survey.core.lang import say

_COLUMNS = ("program", "role", "scopes", "state", "until", "seen")
_BADGES = {"open": "good", "over": "warn", "revoked": "bad"}


def program_card(viewer: Viewer, store: Any, places: Places, lang: str) -> html.Section:
    """Programs and their form."""
    found = listing(viewer, store)
    title = say(lang, "page_administration.programs")
    return card(
        [
            heading(title, say(lang, "page_administration.programs_hint")),
            html.Div(
                program_table(found, places, lang),
                id="program-list",
                className="scroll",
                tabIndex=0,
                role="region",
                **{"aria-label": title},
            ),
            html.Div(_fields(places, lang), className="account-fields"),
            html.Div(
                html.Button(say(lang, "page_administration.program_add"), id="program-add", className="button primary"),
                className="actions",
            ),
            html.Div(_revoking(found, lang), className="account-fields"),
            html.Div(id="program-said", role="status", className="account-said"),
        ],
        "account-form",
    )


def program_table(found: Sequence[Line], places: Places, lang: str) -> Any:
    """A row a program, or the sentence that there is none."""
    if not found:
        return html.P(say(lang, "page_administration.no_programs"), className="reading")
    head = html.Tr([html.Th(say(lang, f"page_administration.{name}"), scope="col") for name in _COLUMNS])
    return html.Table([html.Thead(head), html.Tbody([_row(one, places, lang) for one in found])], className="lines")


def open_names(found: Sequence[Line]) -> list[str]:
    """Names of the programs whose token counts."""
    return [one.program.name for one in found if one.program.state == "open"]


def _row(one: Line, places: Places, lang: str) -> html.Tr:
    program = one.program
    return html.Tr(
        [
            html.Th(program.name, scope="row"),
            html.Td(role_word(lang, program.role)),
            html.Td(limits_word(lang, program.scopes, places)),
            html.Td(badge(say(lang, f"program.state_{program.state}"), _BADGES[program.state])),
            html.Td(one.until),
            html.Td(one.seen or say(lang, "page_administration.never")),
        ]
    )


def _fields(places: Places, lang: str) -> list[Any]:
    return [
        dmc.TextInput(id="program-name", label=say(lang, "page_administration.program"), value="", w=200),
        dmc.Select(
            id="program-role",
            label=say(lang, "page_administration.role"),
            data=[{"value": role, "label": role_word(lang, role)} for role in people.roles()],
            allowDeselect=False,
            w=190,
        ),
        dmc.MultiSelect(
            id="program-scopes",
            label=say(lang, "page_administration.places"),
            data=offered(lang, places),
            value=[],
            searchable=True,
            maw=420,
            miw=240,
        ),
        dmc.NumberInput(
            id="program-days",
            label=say(lang, "page_administration.days"),
            value=limits.PROGRAM_DAYS,
            min=1,
            max=limits.PROGRAM_DAYS_MOST,
            allowDecimal=False,
            w=120,
        ),
    ]


def _revoking(found: Sequence[Line], lang: str) -> list[Any]:
    sure = html.Button(say(lang, "page_administration.do_revoke"), id="program-revoke", className="button danger")
    return [
        dmc.Select(
            allowDeselect=False,
            id="program-which",
            label=say(lang, "page_administration.program_which"),
            data=open_names(found),
            value=None,
            w=240,
        ),
        asked_first(say(lang, "page_administration.revoke"), say(lang, "page_administration.sure_revoke"), sure),
    ]
