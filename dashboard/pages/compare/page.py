"""Communities beside each other over the years."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard.data.questions.subjects import CompareAsked
from dashboard.data.same_type import types
from dashboard.data.year import Row, state_of
from dashboard.figures import numbers
from dashboard.figures.trend import comparison as figure
from dashboard.figures.trend import config, ends_of
from dashboard.pages.compare.pairs import pairs_card
from dashboard.pages.compare.pairs_service import pairs_of_street
from dashboard.pages.compare.same_type import alike_card
from dashboard.pages.compare.service import MOST, Comparison, Line, comparison
from dashboard.pages.compare.street_league import league_card, street_league
from dashboard.parts.basic import card, heading, link, stars, tables, traced
from dashboard.parts.changes import breaks, change
from dashboard.parts.context import Context, View
from dashboard.parts.saved_views import instead, save_form
from dashboard.parts.selects import streets
from dashboard.web.address import Address, in_path
from survey.core.errors import Refused
from survey.core.lang import say


def page(context: Context) -> View:
    """The comparison page; the chosen communities stand in the address."""
    lang, address = context.lang, context.address
    codes = [c for c in address.filters.get("with", "").split(",") if c]
    try:
        data = comparison(context.viewer, context.source, context.year, address.filters.get("street", ""), codes)
    except Refused as refused:
        title = say(lang, "page_compare.title")
        top = html.Div(html.Div([html.H1(title), context.years()], className="top-start"), className="top")
        return View(title, "compare", html.Div([top, instead(context, refused)], className="compare"))
    label = say(lang, "page_compare.choose", most=MOST)
    chooser = dmc.MultiSelect(
        id="compare-select",
        value=[line.code for line in data.lines],
        maxValues=MOST,
        searchable=True,
        clearable=True,
        data=[{"value": code, "label": name} for code, name in data.names],
        placeholder=label,
        hidePickedOptions=True,
        className="compare-select",
        **{"aria-label": label},
    )
    top = html.Div(
        [
            html.Div([html.H1(say(lang, "page_compare.title")), chooser], className="top-start grow"),
            html.Div(
                [
                    streets(context, data.year.streets, data.street_name),
                    save_form(context, _asked(data, codes)),
                ],
                className="actions",
            ),
        ],
        className="top",
    )
    apart = pairs_card(pairs_of_street(data.year, data.street_name), context.year, address)
    league = street_league(data.year)
    alike = alike_card(types(data.year, data.street_name), data.street_name, address, MOST)
    beside = [league_card(league, context.year, address)] if league else []
    return View(
        say(lang, "page_compare.title"),
        "compare",
        html.Div([top, _chart(data, context), _table(data, context), alike, apart, *beside], className="compare"),
    )


def _asked(data: Comparison, codes: list[str]) -> CompareAsked:
    """What the view is of: the communities that were chosen, not those that the page chose by itself."""
    return CompareAsked(tuple(line.community for line in data.lines) if codes else (), data.street_name)


def _series(data: Comparison, lang: str) -> list[tuple[str, list[dict[str, Any]]]]:
    lines = [(line.community, [asdict(m) for m in line.moments]) for line in data.lines]
    name = say(lang, "page_compare.street_weighted" if data.weighted else "page_compare.street_mean")
    return [*lines, (name, [asdict(m) for m in data.street])] if data.street else lines


def _chart(data: Comparison, context: Context) -> html.Section:
    lang, limits = context.lang, data.year.thresholds
    series = _series(data, lang)
    ends = ends_of([points for _, points in series], limits)
    title = say(lang, "page_compare.chart")
    if ends is None or len(data.years) < 2:
        return card([heading(title), html.P(say(lang, "page_compare.one_year"), className="muted")])
    names = say(lang, "dash_words.list_comma").join(name for name, _ in series)
    drawn = figure(series, limits, lang, own=len(data.lines))
    between = say(lang, "dash_words.list_comma")
    cuts = [
        say(lang, "page_compare.cut", community=line.community, why=between.join(said))
        for line in data.lines
        if (said := breaks(line.moments, lang))
    ]
    graph = dcc.Graph(id="compare-chart", figure=drawn, config=config(lang), style={"height": "340px"})
    return card(
        [
            heading(title, say(lang, "page_compare.chart_hint", low=numbers.points(ends[0]))),
            html.Figure(graph, **{"aria-label": say(lang, "page_compare.chart_text", names=names)}),
            *(html.P(cut, className="hint") for cut in cuts),
        ]
    )


def _table(data: Comparison, context: Context) -> html.Section:
    lang, address = context.lang, context.address
    head = html.Tr(
        [
            html.Th(say(lang, "page_compare.col_community"), scope="col"),
            *[html.Th(str(y), scope="col") for y in data.years],
        ]
    )
    rows = [_line(data, line, context) for line in data.lines]
    if data.street:
        known = {m.year: m.total for m in data.street}
        name = say(lang, "page_compare.street_weighted" if data.weighted else "page_compare.street_mean")
        cells = [html.Td(html.B(numbers.total(known.get(y), data.year.thresholds))) for y in data.years]
        rows.append(html.Tr([html.Th(name, scope="row"), *cells], className="muted-row"))
    codes = ",".join(line.code for line in data.lines)
    file = tables(say(lang, "page_compare.download"), address.link("/download/compare", **{"with": codes}))
    table = html.Table([html.Thead(head), html.Tbody(rows)], className="lines")
    return card(
        [
            html.Div(
                [
                    heading(say(lang, "page_compare.table"), say(lang, "page_compare.table_hint")),
                    html.Div(file, className="actions"),
                ],
                className="card-top",
            ),
            html.Div(table, className="scroll"),
        ]
    )


def _line(data: Comparison, line: Line, context: Context) -> html.Tr:
    address = context.address
    name = link(line.community, address.link(f"/community/{in_path(line.code)}"), "quiet")
    return html.Tr([html.Th(name, scope="row"), *[html.Td(_cell(data, row, context.address)) for row in line.rows]])


def _cell(data: Comparison, row: Row | None, address: Address) -> list[Any]:
    """A year of a community; its total leads to where it comes from."""
    lang = address.lang
    if row is None:
        return [html.Span(numbers.DASH, className="muted")]
    state = state_of(row, int(data.year.meta["min_responses"]))
    error = numbers.half_width(row["total_low"], row["total_high"], around=row["total"])
    first = (
        html.Div(
            [
                traced(
                    html.B(numbers.total(row["total"], data.year.thresholds)),
                    address,
                    row["community_code"],
                    year=str(row["year"]),
                ),
                html.Span(f" {error} ", className="pm muted"),
                stars(lang, row["star"]),
            ]
        )
        if state == "rated"
        else html.Div(say(lang, f"dash_words.state_{state}", n=numbers.points(row["n"])), className="muted")
    )
    return [first, html.Div(change(lang, row), className="hint")]
