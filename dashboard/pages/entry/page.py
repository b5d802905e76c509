"""Entry and review of indicator values: what is missing, what waits, and one value at a time to fill in."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard.pages.entry import service
from dashboard.pages.entry.form import desk_cards
from dashboard.pages.entry.list import progress_table, state_word, values_table
from dashboard.pages.entry.service import Board
from dashboard.parts.basic import asked_first, badge, card, download, heading, link, rich
from dashboard.parts.context import Context, View
from dashboard.web.access import may
from survey.core.lang import say


def page(context: Context) -> View:
    """The sentence, the filters, the value that was asked for, the list."""
    lang, address = context.lang, context.address
    found = service.board(context.viewer, context.store, context.year, address.filters)
    here = service.desk(context.viewer, context.store, found, address.filters.get("at", ""))
    body: list[Any] = [
        html.Div(
            [
                html.Div(
                    [html.H1(say(lang, "page_entry.title")), context.years(), *_badges(found, lang)],
                    className="top-start",
                ),
                _tools(context, found),
            ],
            className="top",
        ),
        html.P(rich(sentence(found, lang)), className="sentence"),
    ]
    if here is not None:
        body += desk_cards(found, here, address, context.viewer)
    if not found.filters and here is None:
        body.append(
            card(
                [
                    heading(say(lang, "page_entry.progress"), say(lang, "page_entry.progress_hint")),
                    progress_table(found, address),
                ]
            )
        )
    body.append(_list(context, found))
    return View(say(lang, "page_entry.title"), "entry", html.Div(body, className="indicator-entry"))


def sentence(found: Board, lang: str) -> str:
    """How far the year is, in one sentence."""
    numbers = {state: found.total(state) for state in ("empty", "entered", "reviewed", "returned")}
    every = sum(numbers.values())
    if found.closed:
        return say(lang, "page_entry.sentence_closed", year=found.year, n=every)
    if every == numbers["reviewed"] and every:
        return say(lang, "page_entry.sentence_done", year=found.year, n=every)
    text = say(lang, "page_entry.sentence", year=found.year, n=len(found.names), **numbers)
    return text + (say(lang, "page_entry.sentence_over", n=len(found.archived)) if found.archived else "")


def _badges(found: Board, lang: str) -> list[Any]:
    told = [badge(say(lang, "page_cycle.badge_closed"), "good")] if found.closed else []
    return told + ([badge(say(lang, "page_cycle.badge_one_person"), "warn")] if found.one_person else [])


def _tools(context: Context, found: Board) -> Any:
    """The workbook, and the way in for it."""
    if not found.may:
        return None
    address, lang = context.address, context.lang
    blank = address.link(f"/download/empty/indicators/{found.year}")
    brings = may(context.viewer, "import")  # who may not can do nothing with a workbook that is filled in
    tools = [download(say(lang, "page_entry.template"), blank, "button small")] if brings else []
    if "enter" in found.may:
        if brings:
            tools.append(link(say(lang, "page_entry.import"), address.link("/import"), "button small"))
        new = max((*context.source.years(), found.year)) + 1
        if found.year in context.source.years():
            clear = dict.fromkeys((*service.FILTERS, "at"))
            tools.append(
                link(say(lang, "page_entry.begin", year=new), address.link(**{**clear, "year": new}), "button small")
            )
    return html.Div(tools, className="actions")


def _list(context: Context, found: Board) -> html.Section:
    lang, address = context.lang, context.address
    everything: list[Any] = []
    if found.reviewable:
        everything += [
            _button("entry-approve-listed", say(lang, "page_entry.approve_listed", n=len(found.reviewable)), "primary"),
            dcc.Store(id="entry-shown", data=[[*place, mark] for place, mark in found.reviewable.items()]),
            _question(found, lang),
        ]
    head = html.Div(
        [
            heading(
                say(
                    lang,
                    "page_entry.list" if found.filters or found.closed else "page_entry.open_list",
                    n=len(found.rows),
                ),
                say(lang, "page_entry.list_hint"),
            ),
            html.Div(everything, className="actions"),
        ],
        className="card-top",
    )
    return card([head, _last(found, lang), _filters(context, found), values_table(found, address)], "entry-list")


def _button(name: str, text: str, look: str = "") -> html.Button:
    return html.Button(text, id=name, type="button", className=f"button small {look}".strip())


def _question(found: Board, lang: str) -> Any:
    """Asked before everything shown is approved: how many values of how many communities, and what is not among them."""
    n, rest = len(found.reviewable), found.total("entered") - len(found.reviewable)
    places = len({code for code, _ in found.reviewable})
    lines = [say(lang, "page_entry.sure_text", n=n, communities=places)]
    if rest:
        lines.append(say(lang, "page_entry.sure_rest", n=rest))
    tools = [
        _button("entry-approve-back", say(lang, "page_entry.sure_no")),
        _button("entry-approve-sure", say(lang, "page_entry.sure_yes", n=n), "primary"),
    ]
    return dmc.Modal(
        [*[html.P(line) for line in lines], html.Div(tools, className="actions end")],
        id="entry-question",
        title=say(lang, "page_entry.sure_title", n=n),
        closeButtonProps={"aria-label": say(lang, "page_shell.close")},
        centered=True,
        size="md",
    )


def _last(found: Board, lang: str) -> Any:
    """What this viewer reviewed last, with the way back."""
    if not found.last:
        return None
    said = {"n": len(found.last), "at": found.last[0].reviewed_at}
    word = say(lang, f"page_entry.last_{found.last[0].state}", **said)
    button = _button("entry-review-back", say(lang, "page_entry.sure_back_yes"), "danger")
    way = asked_first(say(lang, "page_entry.review_back"), say(lang, "page_entry.sure_back", **said), button)
    return html.Div([word, " ", way], className="hint")


def _filters(context: Context, found: Board) -> html.Div:
    lang = context.lang
    offered: dict[str, list[tuple[str, str]]] = {
        "community": list(found.names.items()),
        "dimension": [(code, names.get(lang, code)) for code, names in found.dimensions.items()],
        "office": [(office, office) for office in found.offices],
        "state": [(s, state_word(lang, s, over=found.closed)) for s in ("empty", "entered", "returned", "reviewed")],
    }
    selects = [_select(context, found, name, entries) for name, entries in offered.items()]
    if found.filters:
        clear = dict.fromkeys(service.FILTERS)
        selects.append(link(say(lang, "page_entry.clear"), context.address.link(**clear), "button small"))
    return html.Div(selects, className="entry-filters")


def _select(context: Context, found: Board, name: str, entries: list[tuple[str, str]]) -> Any:
    """A choice of addresses: what is chosen stands in the link."""
    lang, address = context.lang, context.address
    every = address.link(**{name: None, "at": None})
    data = [{"value": every, "label": say(lang, f"page_entry.all_{name}")}]
    data += [{"value": address.link(**{name: value, "at": None}), "label": text} for value, text in entries]
    chosen = found.filters.get(name)
    value = address.link(**{name: chosen, "at": None}) if chosen in dict(entries) else every
    return dmc.Select(
        id=f"entry-{name}",
        data=data,
        value=value,
        allowDeselect=False,
        searchable=len(data) > 8,
        **{"aria-label": say(lang, f"page_entry.all_{name}")},
    )
