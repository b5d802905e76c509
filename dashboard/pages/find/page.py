"""查找 as a page of its own, for an address that holds what is looked for."""

from __future__ import annotations

from dash import html

from dashboard.pages.find.actions import listed
from dashboard.pages.find.service import entries, looked_up
from dashboard.parts.basic import card
from dashboard.parts.context import Context, View
from dashboard.web.address import Address
from survey.core.lang import say


def page(context: Context) -> View:
    """What ``find`` in the address leads to."""
    from dashboard.pages import PAGES  # which is made of all pages, this one too

    lang, text = context.lang, context.address.filters.get("find", "")
    title = say(lang, "page_search.title")
    address = Address("/", lang, context.address.year)
    found = looked_up(entries(context.viewer, context.source, context.store, address, PAGES), text)
    body = listed(found, lang) if text else html.P(say(lang, "page_search.hint"))
    return View(title, "", html.Div([html.H1(title), card(body, "search-found")], className="search-page"))
