"""From a number to its cells: the total and its dimensions, an item or indicator, its batches, a batch's rows, one row."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.data.year import name_of
from dashboard.figures import numbers
from dashboard.pages.trace.pieces import code_of, name_in, table
from dashboard.pages.trace.row_card import row_card
from dashboard.pages.trace.service import Traced, traced
from dashboard.pages.trace.source_card import source_cards
from dashboard.parts.basic import badge, card, heading, link
from dashboard.parts.context import Context, View
from dashboard.web.address import Address, in_path
from survey.core.lang import say


def page(context: Context, code: str = "") -> View:
    """The steps that the address asks for, the nearest to the cells first."""
    lang, address = context.lang, context.address
    data = traced(context.viewer, context.source, context.store, context.year, code, address.filters)
    title = say(lang, "page_trace.of", community=data.row["community"])
    body: list[Any] = [_top(context, data, title)]
    if data.response is not None:
        body.append(row_card(data, address))
    elif data.chosen is not None:
        body += source_cards(data, address)
    else:
        body += [_parts(data, address), _lines(data, address)]
    return View(title, "community", html.Div(body, className="trace"), str(data.row["sub_district"] or ""))


def _top(context: Context, data: Traced, title: str) -> html.Div:
    lang, address = context.lang, context.address
    steps = [
        link(str(data.row["community"]), address.link(f"/community/{in_path(data.code)}"), "crumb"),
        link(say(lang, "page_trace.score"), address.link(f"/trace/{in_path(data.code)}"), "crumb"),
    ]
    if data.chosen is not None:
        steps.append(
            link(name_in(data.chosen, lang), address.link(f"/trace/{in_path(data.code)}", item=code_of(data)), "crumb")
        )
    parts: list[Any] = []
    for place, step in enumerate(steps):
        parts += [" › ", step] if place else [step]
    crumbs = html.Nav(parts, className="trace-way", **{"aria-label": say(lang, "page_trace.way")})
    return html.Div(html.Div([html.H1(title), context.years(), crumbs], className="top-start"), className="top")


def _parts(data: Traced, address: Address) -> html.Section:
    """The total as the sum of both parts, and both parts of each dimension."""
    lang, row = address.lang, data.row
    small = not data.items or all(one["score"] is None for one in data.items)
    head = ("dimension", "objective", "subjective")
    body = []
    for one in data.year.meta["dimensions"]:
        subjective = None if small else row.get(f"subjective_{one['code']}")
        body.append(
            html.Tr(
                [
                    html.Th(name_of(one, lang)[0], scope="row"),
                    _of(row.get(f"objective_{one['code']}"), one["objective_points"]),
                    _of(subjective, one["subjective_points"]),
                ]
            )
        )
    total = say(
        lang,
        "page_trace.sum",
        total=numbers.points(row["total"], 2),
        objective=numbers.points(row["objective"], 2),
        subjective=numbers.points(row["subjective"], 2),
    )
    return card(
        [
            heading(say(lang, "page_trace.parts"), total),
            table(head, body, lang, say(lang, "page_trace.parts")),
        ]
    )


def _of(value: Any, full: Any) -> html.Td:
    return html.Td(f"{numbers.points(value, 2)} / {numbers.points(float(full))}", className="number")


def _lines(data: Traced, address: Address) -> html.Section:
    """Every indicator and question with its points; each leads on."""
    lang = address.lang
    wanted = address.filters.get("dimension", "")
    names = {one["code"]: name_of(one, lang)[0] for one in data.year.meta["dimensions"]}
    found = [("objective", one, "indicator") for one in data.indicators]
    found += [("subjective", one, "item") for one in data.items]
    order = list(names)
    found = [entry for entry in found if not wanted or entry[1]["dimension"] == wanted]
    found.sort(key=lambda entry: order.index(entry[1]["dimension"]) if entry[1]["dimension"] in order else len(order))
    body = [
        html.Tr(
            [
                html.Td(names.get(one["dimension"], numbers.DASH)),
                html.Th(
                    [
                        link(name_in(one, lang), address.link(f"/trace/{in_path(data.code)}", item=one[column])),
                        " ",
                        badge(say(lang, f"dash_words.{kind}"), kind),
                    ],
                    scope="row",
                ),
                _of(one["points_got"], one["points"] or 0.0),
            ]
        )
        for kind, one, column in found
    ]
    title = say(lang, "page_trace.lines")
    hint: Any = say(lang, "page_trace.lines_hint")
    if wanted:
        hint = [hint, " ", link(say(lang, "page_trace.every"), address.link(f"/trace/{in_path(data.code)}"))]
    return card([heading(title, hint), table(("dimension", "name", "points"), body, lang, title)])
