"""What the year will cost by payer beside the special fund, and what titles have paid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from analysis.awards.forecast import Forecast, PayerForecast
from analysis.awards.payments import Payment
from analysis.awards.tables import by_payer, money, payer_name, rule_words
from analysis.awards.year import Paid
from analysis.cycle.title_rules import spoken_event
from dashboard.pages.awards.service import Money
from dashboard.parts.basic import badge, card, download, heading, stars
from dashboard.web.address import Address
from survey.core.lang import say
from survey.store.year.funds import Balance


def budget_card(found: Money, address: Address, year: int, street: str, *, may_enter: bool) -> html.Section:
    """By payer: needed if the calculation holds, what the sampling error leaves open, the balance, what is short."""
    lang, forecast = address.lang, found.forecast
    files = [
        download(say(lang, f"page_awards.download_{name}"), address.link(f"/download/awards/{name}"), "button small")
        for name in ("forecast", "communities")
    ]
    head = html.Div(
        [
            heading(say(lang, "page_awards.budget"), say(lang, "page_awards.budget_hint")),
            html.Div(files, className="actions"),
        ],
        className="card-top",
    )
    columns = ("payer", "needed", "expected_money", "balance", "short")
    names = [
        html.Th(say(lang, f"page_awards.{c}"), scope="col", className="number" if c != "payer" else "") for c in columns
    ]
    rows = [_payer(p, found.balances.get(p.payer), lang) for p in forecast.payers]
    table = html.Table([html.Thead(html.Tr(names)), html.Tbody(rows)], className="lines budget")
    return card(
        [
            head,
            html.P(_reading(forecast, lang), className="reading"),
            *_remarks(found, lang),
            html.Div(table, className="scroll"),
            _enter(forecast.payers, year, street, lang) if may_enter else None,
            _by_community(forecast.payments, found.paid, lang),
        ]
    )


def _reading(found: Forecast, lang: str) -> str:
    expected = [p.expected for p in found.payers if p.expected is not None]
    text = say(
        lang,
        "page_awards.reading_budget",
        amount=money(lang, found.total),
        n=sum(1 for p in found.payments if p.amount),
    )
    if not expected:
        return text
    return text + say(lang, "page_awards.reading_expected", expected=money(lang, _round(sum(expected))))


def _round(fen: float) -> int:
    """Whole hundreds of yuan: an expectation is no sum to be paid."""
    return round(fen / 10_000) * 10_000


def _remarks(found: Money, lang: str) -> list[Any]:
    def listed(codes: Sequence[str]) -> str:
        return say(lang, "dash_words.list_comma").join(found.paid.names.get(c, c) for c in codes)

    forecast, told = found.forecast, []
    if forecast.everybody:
        told.append(say(lang, "awards.everybody"))
    if forecast.decided:
        told.append(say(lang, "awards.decided", n=forecast.decided))
    if forecast.unknown:
        told.append(say(lang, "awards.unknown", n=len(forecast.unknown), names=listed(forecast.unknown)))
    if forecast.to_set:
        told.append(say(lang, "awards.by_hand", n=len(forecast.to_set), names=listed(forecast.to_set)))
    return [html.P(text, className="muted") for text in told]


def _payer(payer: PayerForecast, balance: Balance | None, lang: str) -> html.Tr:
    if payer.low is None or payer.high is None or payer.expected is None:
        expected = "—"
    else:
        span = say(lang, "page_awards.range", low=money(lang, _round(payer.low)), high=money(lang, _round(payer.high)))
        expected = f"{money(lang, _round(payer.expected))} {span}"
    entered = say(lang, "page_awards.not_entered") if balance is None else money(lang, balance.amount)
    source = "" if balance is None else " · ".join(x for x in (balance.document, balance.date) if x)
    short: Any = "—"
    if payer.short is not None:
        short = (
            badge(money(lang, payer.short), "bad") if payer.short else badge(say(lang, "page_awards.enough"), "good")
        )
    return html.Tr(
        [
            html.Th(payer_name(lang, payer.payer), scope="row"),
            html.Td(html.B(money(lang, payer.amount)), className="number"),
            html.Td(expected, className="number muted"),
            html.Td(
                [entered, html.Div(source, className="muted small") if source else None],
                className="number" + ("" if balance else " muted"),
            ),
            html.Td(short, className="number"),
        ]
    )


def _enter(payers: Sequence[PayerForecast], year: int, street: str, lang: str) -> html.Details:
    """A small form: plain fields, read together when the button is pressed; of the district, or of the street looked at."""

    def entry(name: str, **more: Any) -> html.Label:
        label = say(lang, f"page_awards.enter_{name}")
        return html.Label(
            [html.Span(label), dcc.Input(id=f"fund-{name}", type="text", debounce=0.4, className="plain", **more)]
        )

    options = [{"label": payer_name(lang, p.payer), "value": p.payer} for p in payers]
    first = payers[0].payer if payers else None
    choice = dmc.Select(
        id="fund-payer", label=say(lang, "page_awards.payer"), data=options, value=first, allowDeselect=False, w=190
    )
    button = html.Button(
        say(lang, "page_awards.enter"), id="fund-enter", className="button", type="button", **{"data-year": str(year)}
    )
    form = html.Div(
        [
            choice,
            entry("amount", inputMode="decimal"),
            entry("document"),
            entry("date", placeholder="2014-12-31"),
            button,
        ],
        className="inline-form",
    )
    title = (
        say(lang, "page_awards.enter_title_street", street=street) if street else say(lang, "page_awards.enter_title")
    )
    return html.Details([html.Summary(title), form])


def _by_community(found: Sequence[Payment], paid: Paid, lang: str) -> Any:
    if not found:
        return None
    return html.Details(
        [html.Summary(say(lang, "page_awards.by_community", n=len(found))), _payments(found, paid, lang)]
    )


def paid_card(found: Paid, address: Address, year: int) -> html.Section:
    """What the titles of the year paid, and each year's sum by payer."""
    lang = address.lang
    title = say(lang, "page_awards.paid")
    if not found.payments:
        return card([heading(title), html.P(say(lang, "awards.no_titles"), className="muted")])
    file = download(
        say(lang, "page_awards.download_payments"), address.link("/download/awards/payments"), "button small"
    )
    mine = found.of_year(year)
    return card(
        [
            html.Div(
                [heading(title, say(lang, "page_awards.paid_hint")), html.Div(file, className="actions")],
                className="card-top",
            ),
            _years(found, lang),
            html.H3(say(lang, "page_awards.paid_year", year=year)),
            _payments(mine, found, lang)
            if mine
            else html.P(say(lang, "page_awards.none_this_year"), className="muted"),
        ]
    )


def _years(found: Paid, lang: str) -> html.Div:
    """One row a year, one column a payer."""
    sums = by_payer(found.payments, lambda p: p.year)
    payers = list(dict.fromkeys(name for shares in sums.values() for name in shares))
    head = [
        html.Th(say(lang, "page_awards.year"), scope="col"),
        *[html.Th(payer_name(lang, p), scope="col", className="number") for p in (*payers, "total")],
    ]
    rows = [
        html.Tr(
            [
                html.Th(y, scope="row"),
                *[html.Td(money(lang, mine.get(p, 0)), className="number") for p in payers],
                html.Td(html.B(money(lang, sum(mine.values()))), className="number"),
            ]
        )
        for y, mine in sums.items()
    ]
    return html.Div(html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="lines"), className="scroll")


def _payments(found: Sequence[Payment], paid: Paid, lang: str) -> html.Div:
    columns = ("community", "event", "star", "amount", "shares", "rule")
    head = [
        html.Th(say(lang, f"page_awards.{c}"), scope="col", className="number" if c == "amount" else "")
        for c in columns
    ]
    rows = [
        html.Tr(
            [
                html.Th(paid.names.get(p.community_code, p.community_code), scope="row"),
                html.Td(say(lang, f"awards.event.{spoken_event(p.event, p.held)}")),
                html.Td(stars(lang, p.star)),
                html.Td(money(lang, p.amount), className="number"),
                html.Td(_shares(p, lang), className="muted"),
                html.Td(
                    [rule_words(lang, p), " ", badge(say(lang, "page_awards.unstated"), "warn") if p.unstated else None]
                ),
            ]
        )
        for p in found
    ]
    return html.Div(html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="lines"), className="scroll")


def _shares(payment: Payment, lang: str) -> str:
    between = say(lang, "dash_words.list_comma")
    return between.join(f"{payer_name(lang, name)} {money(lang, part)}" for name, part in payment.shares.items())
