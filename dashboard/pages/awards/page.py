"""Awards and targets: how far is the street, what will the year cost, what was paid and by which rule?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from dashboard.pages.awards import service
from dashboard.pages.awards.ledger import ledger_card
from dashboard.pages.awards.money import budget_card, paid_card
from dashboard.pages.awards.targets import goals_card, targets_card
from dashboard.parts.context import Context, View
from dashboard.parts.selects import streets
from dashboard.web.access import may
from survey.core.lang import say


def chosen(known: tuple[str, ...], filters: Mapping[str, str]) -> str:
    """The street that was asked for, where there are several; empty: all of them together."""
    return filters.get("street", "") if len(known) > 1 else ""


def page(context: Context) -> View:
    """Targets first, then money, then what lies behind both."""
    lang = context.lang
    title = say(lang, "page_awards.title")
    known = service.streets(context.viewer, context.source, context.year)
    street = chosen(known, context.address.filters)
    asked = (context.viewer, context.source, context.store, context.year, street)
    targets, money = service.targets(*asked), service.money(*asked)
    ledger, payers = service.ledger(*asked)
    top = html.Div(
        [
            html.Div([html.H1(title), context.years()], className="top-start"),
            html.Div(
                [
                    streets(context, ("", *known), street, say(lang, "page_awards.all_streets"))
                    if len(known) > 1
                    else None,
                    html.P(say(lang, "page_awards.lead"), className="hint"),
                ],
                className="actions",
            ),
        ],
        className="top",
    )
    may_enter = may(context.viewer, "enter_balance")
    cards: list[Any] = [
        targets_card(targets, context.address),
        budget_card(money, context.address, context.year, street, may_enter=may_enter),
        paid_card(money.paid, context.address, context.year),
        ledger_card(ledger, payers, context.address, context.year, may_enter=may(context.viewer, "enter_payment")),
        goals_card(targets, context.address),
    ]
    return View(title, "awards", html.Div([top, *cards], className="awards"))
