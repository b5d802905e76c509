"""The small pieces every page is made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.figures import numbers
from dashboard.figures.numbers import star_word
from dashboard.web.address import AS, Address, in_path
from survey.core.lang import say

Part = Any  # a Dash component, a string, or a list of them


def link(content: Part, href: str, class_name: str = "", **props: Any) -> html.A:
    """A link inside the dashboard: opens without loading the page again (assets/shell.js)."""
    return html.A(content, href=href, className=class_name, **{"data-nav": "1"}, **props)


def trace_of(address: Address, code: str, **of: str) -> str:
    """The address of where a community's number comes from; ``of``: dimension, item or year that it is of."""
    return address.link(f"/trace/{in_path(code)}", **of)


def traced(content: Part, address: Address, code: str, **of: str) -> html.A:
    """A number of a community that leads to where it comes from; ``of`` as in ``trace_of``."""
    return link(content, trace_of(address, code, **of), "to-trace", title=say(address.lang, "page_community.to_trace"))


def download(content: Part, href: str, class_name: str = "button", **props: Any) -> html.A:
    """A link to a file."""
    return html.A(content, href=href, className=class_name, **{"data-download": "1"}, **props)


def tables(content: Part, href: str) -> html.Span:
    """Links to a table as CSV and as a workbook; ``href``: the address of the CSV."""
    book = f"{href}{'&' if '?' in href else '?'}{AS}=xlsx"
    return html.Span(
        [download(content, href, "button small"), download("Excel", book, "button small")], className="actions"
    )


def rich(text: str) -> list[Part]:
    """Text with ``**bold**`` parts."""
    pieces = re.split(r"\*\*(.+?)\*\*", text)
    return [html.B(p) if i % 2 else p for i, p in enumerate(pieces) if p]


def card(children: Part, class_name: str = "", **props: Any) -> html.Section:
    """A rounded card."""
    return html.Section(children, className=f"card {class_name}".strip(), **props)


def heading(title: str, hint: Part = "", level: int = 2) -> html.Div:
    """A card's title and the one line that says how to read it."""
    tag = html.H2 if level == 2 else html.H3
    return html.Div([tag(title), html.Span(hint, className="hint")] if hint else [tag(title)], className="heading")


def badge(text: str, kind: str, title: str = "") -> html.Span:
    """A small coloured word; ``kind`` is sample, info, good, warn, bad, objective or subjective."""
    return html.Span(text, className=f"badge badge-{kind}", **({"title": title} if title else {}))


def stars(lang: str, star: int | None, title: str = "") -> html.Span:
    """Five stars, ``star`` of them full and the others hollow, also as copied text; read out as 三星, the word below one."""
    if star is None:
        return html.Span("—", className="muted")
    word = star_word(lang, int(star))
    extra = {"title": title} if title else {}
    if star == 0:
        return html.Span(word, className="star-none", **extra)
    return html.Span(
        [html.Span("★" * int(star), className="on"), html.Span("☆" * (5 - int(star)), className="off")],
        className="stars",
        role="img",
        **{"aria-label": word},
        **extra,
    )


def segmented(label: str, entries: Sequence[tuple[str, str, bool]]) -> html.Nav:
    """A row of links of which one is chosen: (text, address, chosen)."""
    return html.Nav(
        [
            link(text, href, "chosen" if on else "", **({"aria-current": "true"} if on else {}))
            for text, href, on in entries
        ],
        className="segmented",
        **{"aria-label": label},
    )


def years_switch(lang: str, entries: Sequence[tuple[str, str, bool]]) -> html.Nav:
    """The switch between years."""
    return segmented(say(lang, "page_shell.years"), entries)


def message(title: str, text: Part, *actions: Part, kind: str = "info") -> html.Section:
    """A page that says one thing: empty, unknown, no permission."""
    body = [html.H1(title), html.P(text)]
    if actions:
        body.append(html.Div(list(actions), className="actions"))
    return card(body, f"message message-{kind}", role="status")


def legend(entries: Sequence[tuple[str, str]]) -> html.Div:
    """(class, text) of each colour."""
    return html.Div(
        [html.Span([html.I(className=f"swatch {c}"), t]) for c, t in entries],
        className="legend",
        **{"aria-hidden": "true"},
    )


def modes_line(modes: Any, lang: str, key: str = "page_overview.kpi_modes") -> str:
    """有效样本 2,418 份：书面 1,532、电话 886."""
    entries = [
        say(lang, "page_overview.mode_count", mode=mode_word(lang, m), n=numbers.count(n))
        for m, n in modes.items()
        if n
    ]
    return say(
        lang,
        key,
        n=numbers.count(sum(modes.values())),
        modes=say(lang, "dash_words.list_comma").join(entries) or numbers.DASH,
    )


def mode_word(lang: str, mode: str) -> str:
    """书面, 电话, 网络; an unknown mode as it is."""
    return (
        say(lang, f"dash_words.mode_{mode}")
        if mode in ("paper", "web", "phone", "mixed")
        else mode or say(lang, "dash_words.mode_unknown")
    )


def asked_first(word: str, covers: str, button: html.Button) -> html.Details:
    """An act that unfolds what it covers, with the button that does it; ``word``: what it is called before."""
    return html.Details(
        [
            html.Summary(word, className="button small"),
            html.Div([html.P(covers), button], className="undo-sure"),
        ],
        className="undo",
    )
