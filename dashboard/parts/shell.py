"""Header, navigation, drawer and footer around every page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.parts.basic import badge, link
from dashboard.parts.page import END, HEAD, MORE, Page
from dashboard.parts.search_box import search_button, search_dialog
from dashboard.web.address import Address
from survey.core.lang import say


def shell(
    address: Address,
    active: str,
    children: Any,
    *,
    sample: bool,
    illustrative: bool,
    menu: Sequence[Page],
    year: int | None = None,
    account: str = "",
    place: str = "",
) -> list[Any]:
    """The whole page: skip link, header, content, footer.

    ``menu``: the pages to go to; ``year`` is what other pages have something to show of; ``account``: who is signed in,
    empty for whoever sits at this machine; ``place``: street and year of the page.
    """
    here, address = address, address if year is None else replace(address, year=year)
    lang = address.lang
    head, more, end = ([p for p in menu if p.menu == place] for place in (HEAD, MORE, END))
    return [
        html.A(say(lang, "page_shell.skip"), href="#main", className="skip"),
        html.Header(
            [
                html.Div(
                    [
                        link(
                            [html.I(className="dot"), html.Span(say(lang, "dash_words.brand"))],
                            address.link("/"),
                            "brand",
                        ),
                        html.Nav(
                            [_entry(address, page, active) for page in head] + [_more(address, more, active)],
                            className="wide-nav",
                            **{"aria-label": say(lang, "page_shell.navigation")},
                        ),
                        html.Div(
                            [
                                search_button(lang, "search-open wide-only"),
                                html.Span(place, className="place wide-only"),
                                _sample(lang) if sample else None,
                                _illustrative(lang) if illustrative else None,
                                *(_entry(address, page, active, "end-entry wide-only") for page in end),
                                _language(here),
                                html.Span(
                                    _user(lang, account), className=f"user wide-only{'' if account else ' alone'}"
                                ),
                                dmc.Burger(
                                    id="burger",
                                    size="sm",
                                    className="narrow-only",
                                    **{"aria-label": say(lang, "page_shell.menu")},
                                ),
                            ],
                            className="header-end",
                        ),
                    ],
                    className="header-inner",
                ),
            ],
            className="header",
        ),
        dmc.Drawer(
            html.Nav(
                [
                    search_button(lang),
                    *(_entry(address, page, active) for page in (*head, *more, *end)),
                    *(_user(lang, account) if account else ()),
                ],
                className="drawer-nav",
            ),
            id="drawer",
            title=say(lang, "dash_words.brand"),
            closeButtonProps={"aria-label": say(lang, "page_shell.close")},
            size="260px",
            padding="md",
        ),
        search_dialog(lang),
        html.P([place, _printed(lang)], className="place-line"),
        html.Main(children, id="main", className="main", tabIndex="-1"),
        html.Footer(_footer(lang, sample, illustrative), className="footer"),
    ]


def _printed(lang: str) -> html.Span:
    """The day of a print, which the browser fills in (assets/reach.js)."""
    return html.Span([say(lang, "page_shell.printed"), html.Span(**{"data-print-day": "1"})], className="print-only")


def _user(lang: str, account: str) -> list[Any]:
    """Who is looking, with the way to their account and out."""
    if not account:
        return [say(lang, "page_shell.local_user")]
    return [
        html.A(account, href=f"/account?lang={lang}", title=say(lang, "page_account.own")),
        html.Button(say(lang, "page_account.sign_out"), type="button", className="sign-out", **{"data-sign-out": "1"}),
    ]


def _entry(address: Address, page: Page, active: str, class_name: str = "") -> Any:
    here = page.name == active
    current = {"aria-current": "page"} if here else {}
    return link(
        say(address.lang, page.label),
        address.link(page.paths[0]),
        f"{class_name} {'active' if here else ''}".strip(),
        **current,
    )


def _more(address: Address, pages: Sequence[Page], active: str) -> Any:
    lang = address.lang
    inside = any(page.name == active for page in pages)
    entries = [_entry(address, page, active) for page in pages]
    printing = html.Button(say(lang, "page_shell.print"), type="button", **{"data-print": "1"})
    return html.Details(
        [
            html.Summary(
                [say(lang, "page_shell.more"), html.Span("▾", className="caret", **{"aria-hidden": "true"})],
                className="more active" if inside else "more",
            ),
            html.Div([*entries, printing], className="more-list"),
        ],
        className="more-menu",
    )


def _sample(lang: str) -> Any:
    return badge(say(lang, "dash_words.sample"), "sample", say(lang, "dash_words.sample_hint"))


def _illustrative(lang: str) -> Any:
    text = badge(say(lang, "dash_words.illustrative"), "info", say(lang, "dash_words.illustrative_hint"))
    return html.Span(text, className="wide-only")


def _language(address: Address) -> Any:
    other = "en" if address.lang == "zh" else "zh"
    return link(
        say(address.lang, "page_shell.language"),
        address.link(lang=other),
        "language",
        title=say(address.lang, "page_shell.language_hint"),
        lang="en" if other == "en" else "zh-CN",
    )


def _footer(lang: str, sample: bool, illustrative: bool) -> list[Any]:
    lines = []
    if sample:
        lines.append(
            f"{say(lang, 'dash_words.sample')}：{say(lang, 'dash_words.sample_hint')}"
            if lang == "zh"
            else f"{say(lang, 'dash_words.sample')}: {say(lang, 'dash_words.sample_hint')}"
        )
    if illustrative:
        lines.append(say(lang, "dash_words.illustrative_hint"))
    return [html.Span(line) for line in lines]
