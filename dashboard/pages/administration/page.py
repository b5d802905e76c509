"""Accounts: each with its role, its limits and when it was used; one form that adds one or changes the one chosen."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.accounts import people
from dashboard.accounts.people import Account
from dashboard.pages.administration.program_card import program_card
from dashboard.pages.administration.roles import limits_word, offered, role_word
from dashboard.pages.administration.service import Accounts, accounts
from dashboard.pages.administration.upkeep import upkeep
from dashboard.pages.administration.upkeep_card import cards
from dashboard.parts.basic import badge, card, heading, link
from dashboard.parts.context import Context, View
from dashboard.web.address import Address
from survey.core.lang import say

_COLUMNS = ("account", "role", "scopes", "state", "signed_in", "sessions")
_BADGES = {"open": "good", "waiting": "warn", "disabled": "bad"}


def page(context: Context) -> View:
    """All accounts, and the form of a new one or of the one that the address names."""
    lang, address = context.lang, context.address
    found = accounts(context.viewer, context.store)
    chosen = found.called(address.filters.get("at", ""))
    title = say(lang, "page_administration.title")
    body = [
        html.Div(html.H1(title), className="top"),
        card(
            [
                heading(say(lang, "page_administration.accounts"), say(lang, "page_administration.hint")),
                html.Div(table(found, address), id="account-list", className="scroll"),
            ]
        ),
        card(_form(found, chosen, address), "account-form"),
        program_card(context.viewer, context.store, found.places, lang),
        *cards(upkeep(context.viewer, context.store), lang),
    ]
    return View(title, "administration", html.Div(body, className="administration"))


def table(found: Accounts, address: Address) -> Any:
    """A row an account, or the sentence that there is none yet."""
    lang = address.lang
    if not found.all:
        return html.P(say(lang, "page_administration.nobody"), className="reading")
    head = html.Tr([html.Th(say(lang, f"page_administration.{name}"), scope="col") for name in _COLUMNS])
    return html.Table(
        [html.Thead(head), html.Tbody([_row(one, found, address) for one in found.all])], className="lines"
    )


def _row(one: Account, found: Accounts, address: Address) -> html.Tr:
    lang, state = address.lang, people.state(one)
    used = "—" if one.signed_in_at is None else f"{one.signed_in_at.astimezone():%Y-%m-%d %H:%M}"
    return html.Tr(
        [
            html.Th(link(one.name, address.link(at=one.name)), scope="row"),
            html.Td(role_word(lang, one.role)),
            html.Td(limits_word(lang, one.scopes, found.places)),
            html.Td(badge(say(lang, f"account.state_{state}"), _BADGES[state])),
            html.Td(used),
            html.Td(str(found.sessions.get(one.id, 0)), className="number"),
        ]
    )


def _form(found: Accounts, chosen: Account | None, address: Address) -> list[Any]:
    lang = address.lang
    scopes = () if chosen is None else chosen.scopes
    title = "new" if chosen is None else "change"
    places = offered(lang, found.places)
    fields = [
        dmc.TextInput(
            id="account-name",
            label=say(lang, "page_administration.account"),
            value="" if chosen is None else chosen.name,
            readOnly=chosen is not None,
            w=200,
        ),
        dmc.Select(
            id="account-role",
            label=say(lang, "page_administration.role"),
            data=[{"value": role, "label": role_word(lang, role)} for role in people.roles()],
            value=(people.CHIEF if not found.all else None) if chosen is None else chosen.role,
            allowDeselect=False,
            w=190,
        ),
        dmc.MultiSelect(
            id="account-scopes",
            label=say(lang, "page_administration.places"),
            data=places,
            value=[f"{kind}={value}" for kind, value in sorted(scopes) if kind != "office"],
            searchable=True,
            maw=420,
            miw=240,
        ),
        dmc.TextInput(
            id="account-offices",
            label=say(lang, "page_administration.offices"),
            value="、".join(value for kind, value in sorted(scopes) if kind == "office"),
            w=220,
        ),
    ]
    return [
        heading(say(lang, f"page_administration.{title}", name="" if chosen is None else chosen.name)),
        html.P(say(lang, "page_administration.scopes_hint"), className="hint"),
        html.Div(fields, className="account-fields"),
        html.Div(_buttons(chosen, address), className="actions"),
        html.Div(id="account-said", role="status", className="account-said"),
    ]


def _buttons(chosen: Account | None, address: Address) -> list[Any]:
    lang = address.lang
    if chosen is None:
        return [html.Button(say(lang, "page_administration.add"), id="account-add", className="button primary")]
    turn = "enable" if people.state(chosen) == "disabled" else "disable"
    return [
        html.Button(say(lang, "page_administration.save"), id="account-change", className="button primary"),
        _asked("reset", chosen.name, lang),
        _asked(turn, chosen.name, lang),
        link(say(lang, "page_administration.another"), address.link(at=None), "button"),
    ]


def _asked(what: str, name: str, lang: str) -> html.Details:
    """A button that unfolds what it would do, with the one that does it."""
    return html.Details(
        [
            html.Summary(say(lang, f"page_administration.{what}"), className="button"),
            html.Div(
                [
                    html.P(say(lang, f"page_administration.sure_{what}", name=name)),
                    html.Button(
                        say(lang, f"page_administration.do_{what}"), id=f"account-{what}", className="button danger"
                    ),
                ],
                className="account-sure",
            ),
        ]
    )
