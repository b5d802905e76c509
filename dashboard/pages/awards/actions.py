"""The callbacks that enter a balance of the special fund and what was paid of the awards."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from dash import Dash, Input, Output, State, no_update
from flask import request

from analysis.awards.disbursements import Said
from dashboard.accounts import half_filled
from dashboard.data.results import Source, year_or_latest
from dashboard.pages.awards import FORMS, service
from dashboard.pages.awards.page import chosen
from dashboard.parts.page import Resources
from dashboard.web.access import Viewer, guarded
from dashboard.web.address import parse, stored_year
from survey.core.errors import Refused
from survey.store import Store

#: what is said of a payment, as ``Said`` calls it
_FIELDS = ("community", "payer", "kind", "amount", "voucher", "date", "note")


def register(app: Dash, resources: Resources) -> None:
    """Register it, guarded."""
    source, store = resources.source, resources.store

    @app.callback(
        Output("refresh", "data", allow_duplicate=True),
        Input("fund-enter", "n_clicks"),
        State("fund-payer", "value"),
        State("fund-amount", "value"),
        State("fund-document", "value"),
        State("fund-date", "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    @guarded("enter_balance")
    def enter(viewer: Viewer, clicks: Any, payer: Any, amount: Any, document: Any, date: Any, search: Any) -> Any:
        if not clicks:
            return no_update
        words = [_text(value) for value in (payer, amount, document, date)]
        year = _year(source, search)
        street = chosen(service.streets(viewer, source, year), parse("/awards", _text(search), request.cookies).filters)
        service.enter(viewer, source, store, year, *words, street=street)
        _sent(viewer, store, source, search, "fund")
        return time.time()

    _payments(app, source, store)


def _payments(app: Dash, source: Source, store: Store) -> None:
    @app.callback(
        Output("refresh", "data", allow_duplicate=True),
        Input("pay-enter", "n_clicks"),
        *(State(f"pay-{name}", "value") for name in _FIELDS),
        State("url", "search"),
        prevent_initial_call=True,
    )
    @guarded("enter_payment")
    def pay(viewer: Viewer, clicks: Any, *typed: Any) -> Any:
        if not clicks:
            return no_update
        *values, search = typed
        words = {name: _text(value) for name, value in zip(_FIELDS, values, strict=True)}
        if not words["community"]:
            raise Refused("page_awards.choose_community")
        service.pay(viewer, source, store, Said(year=_year(source, search), **words))
        _sent(viewer, store, source, search, "pay")
        return time.time()

    @app.callback(
        Output("refresh", "data", allow_duplicate=True),
        Input("pay-back", "n_clicks"),
        State("pay-number", "value"),
        State("pay-reason", "value"),
        State("pay-approver", "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    @guarded("enter_payment")
    def take_back(viewer: Viewer, clicks: Any, number: Any, reason: Any, approver: Any, search: Any) -> Any:
        if not clicks:
            return no_update
        service.take_back(viewer, store, _text(number), _text(reason), _text(approver))
        _sent(viewer, store, source, search, "pay-back")
        return time.time()

    @app.callback(
        Output("refresh", "data", allow_duplicate=True),
        Input("pay-file", "contents"),
        State("pay-file", "filename"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    @guarded("enter_payment")
    def bring(viewer: Viewer, contents: Any, name: Any, search: Any) -> Any:
        if not contents:
            return no_update
        service.import_payments(viewer, source, store, _year(source, search), _text(name), _text(contents))
        return time.time()


def _sent(viewer: Viewer, store: Store, source: Source, search: Any, name: str) -> None:
    """Let go of what was kept of a form."""
    address = replace(parse("/awards", _text(search), request.cookies), year=_year(source, search))
    half_filled.forget(viewer, store, next(form for form in FORMS if form.name == name), address)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _year(source: Source, search: Any) -> int:
    """The year that the page shows."""
    asked = parse("/awards", _text(search), request.cookies)
    year = year_or_latest(source, asked.year, asked.bad_year, stored_year(request.cookies))
    if year is None:
        raise Refused("publishing.no_data")
    return year
