"""Drivers: what goes with overall happiness, and what to improve first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from analysis.publication.kept_measures import Analysis
from analysis.quality.drivers import LEAST
from analysis.quality.drivers_measure import decided, percent, priority_text, reading
from analysis.scoring.score_weights import Weights
from analysis.statistics.notes import note_text
from dashboard.data.year import name_of
from dashboard.figures import numbers
from dashboard.figures.quadrants import Dot, quadrants
from dashboard.figures.trend import config
from dashboard.pages.drivers import service
from dashboard.parts.basic import card, heading, link, tables
from dashboard.parts.changes import newest_data
from dashboard.parts.context import Context, View
from dashboard.web.access import may
from dashboard.web.address import in_path
from survey.core.errors import Refused
from survey.core.lang import say

Row = Mapping[str, Any]


def page(context: Context, code: str = "") -> View:
    """The page of all communities together, or of one; what can't be said is one sentence."""
    lang, filters = context.lang, context.address.filters
    title = say(lang, "page_drivers.title")
    try:
        found = service.drivers(
            context.viewer,
            context.source,
            context.store,
            context.year,
            code,
            filters.get("outcome", ""),
            filters.get("form", ""),
            filters.get("weights", ""),
        )
    except Refused as refused:
        everyone = link(say(lang, "page_drivers.all"), context.address.link("/drivers"), "button")
        body = [html.P(refused.word(lang)), html.Div(everyone, className="actions")]
        return View(title, "drivers", html.Div([_top(context, title, []), card(body)], className="drivers"))
    rows = found.body["rows"]
    dimensions, items = ([r for r in rows if r["level"] == level] for level in ("dimension", "item"))
    body = [
        _top(context, title, _choices(context, found)),
        *newest_data(context),
        _lead(found, lang),
        _charts(dimensions, [row for row in items if row["among_all"] is not None], lang),
        _table_card(context, found, dimensions, items),
    ]
    return View(title, "drivers", html.Div(body, className="drivers"))


def _top(context: Context, title: str, choices: Sequence[Any]) -> html.Div:
    return html.Div(
        [
            html.Div([html.H1(title), context.years()], className="top-start"),
            html.Div(list(choices), className="actions"),
        ],
        className="top",
    )


def _choices(context: Context, found: Analysis) -> list[Any]:
    """Which community, which outcome; what there is only one of is not asked."""
    address, lang, body = context.address, context.lang, found.body
    asked = {k: v for k, v in address.filters.items() if k in ("outcome", "form", "weights")}
    places = [("", say(lang, "page_drivers.all"))] if may(context.viewer, "see_all", year=found.year) else []
    places += service.seen(context.viewer, found)
    where = [{"value": address.link(_path(code), **asked), "label": name} for code, name in places]
    what = [{"value": address.link(outcome=q["name"]), "label": q[f"label_{lang}"]} for q in body["outcomes"]]
    forms = [{"value": address.link(form=q["name"], outcome=None), "label": q["title"]} for q in body["questionnaires"]]
    ways = Weights if body["weighting"] != "none" else ()  # where the score is not weighted the two are one
    weights = [{"value": address.link(weights=w.value), "label": say(lang, f"page_drivers.weights_{w}")} for w in ways]
    return [
        _select("drivers-form", forms, address.link(form=body["questionnaire"], outcome=None), lang, 220),
        _select("drivers-outcome", what, address.link(outcome=body["outcome"]["name"]), lang, 300),
        _select("drivers-weights", weights, address.link(weights=found.parameters["weights"]), lang, 200),
        _select("drivers-community", where, address.link(_path(body["community"]), **asked), lang, 170),
    ]


def _path(code: str) -> str:
    return f"/drivers/{in_path(code)}" if code else "/drivers"


def _select(name: str, data: list[dict[str, str]], value: str, lang: str, width: int) -> Any:
    if len(data) < 2:
        return None
    label = say(lang, f"page_drivers.{name.replace('-', '_')}")
    return dmc.Select(
        id=name,
        value=value,
        data=data,
        allowDeselect=False,
        searchable=True,
        w=width,
        maw="100%",
        **{"aria-label": label},
    )


def _lead(found: Analysis, lang: str) -> html.Section:
    body = found.body
    counted = say(lang, "page_drivers.counted", n=numbers.count(body["n"]), asked=numbers.count(body["asked"]))
    notes = [html.P(note_text(";".join(body["notes"]), lang), className="hint")] if body["notes"] else []
    caution = html.P([say(lang, "drivers.caution"), " ", counted], className="hint")
    return card([html.P(reading(body, lang), className="drivers-lead"), caution, *notes])


def _dimension_card(rows: Sequence[Row], lang: str) -> html.Section:
    dots = [_dot(row, _short(row, lang), "share", lang) for row in rows]
    return _chart_card("dimensions", dots, rows, len(rows), lang, [_short(r, lang) for r in rows])


def _item_card(rows: Sequence[Row], lang: str) -> html.Section:
    dots = [_dot(row, row["name"], "among_all", lang) for row in rows]
    names = [f"{r['name']} {r[f'label_{lang}']}" for r in rows]
    return _chart_card("items", dots, rows, len(rows), lang, names, whiskers=False)


def _charts(dimensions: Sequence[Row], items: Sequence[Row], lang: str) -> html.Div:
    """Both charts, or the one and why there is no other."""
    first = _dimension_card(dimensions, lang)
    if items:
        return html.Div([first, _item_card(items, lang)], className="drivers-charts")
    text = html.P(say(lang, "page_drivers.no_items", least=LEAST), className="muted")
    return html.Div([first, card(text)], className="drivers-charts single")


def _chart_card(
    key: str, dots: list[Dot], rows: Sequence[Row], k: int, lang: str, names: Sequence[str], *, whiskers: bool = True
) -> html.Section:
    """A chart with the line that reads it."""
    hint = first_words(rows, names, lang)
    title = say(lang, f"page_drivers.{key}")
    drawn = quadrants(dots, lang, average=1 / k, whiskers=whiskers)
    graph = dcc.Graph(id=f"drivers-{key}", figure=drawn, config=config(lang), style={"height": "330px"})
    return card(
        [
            heading(title, hint),
            html.Figure(graph, **{"aria-label": f"{title}: {hint}"}),
            html.P(say(lang, "page_drivers.cut" if whiskers else "page_drivers.cut_items"), className="hint"),
        ]
    )


def first_words(rows: Sequence[Row], names: Sequence[str], lang: str) -> str:
    """What is surely important and has a low score, and how many more look so without being sure."""
    first = [n for n, r in zip(names, rows, strict=True) if decided(r) == "improve_first"]
    open_ones = sum(r["priority"] == "improve_first" and not decided(r) for r in rows)
    listed = say(lang, "dash_words.list_comma").join(first[:3])
    more = say(lang, "page_drivers.and_more", n=len(first)) if len(first) > 3 else ""
    hint = say(lang, "page_drivers.first" if first else "page_drivers.none_first", names=listed, more=more)
    return hint + (say(lang, "page_drivers.unsure", n=open_ones) if open_ones else "")


def _short(row: Row, lang: str) -> str:
    label = {f"name_{one}": row[f"label_{one}"] for one in ("zh", "en")}
    first, second = name_of({"code": row["name"], **label}, lang)
    return second or first


def _dot(row: Row, text: str, column: str, lang: str) -> Dot:
    low, high = row[f"{column}_low"], row[f"{column}_high"]
    hover = f"{row[f'label_{lang}']}\n" + say(
        lang,
        "page_drivers.hover",
        score=numbers.points(row["score"], 1),
        share=_share(row, column, lang),
        priority=priority_text(row, lang) or numbers.DASH,
    )
    return Dot(float(row["score"]), float(row[column]), low, high, decided(row), text, hover)


def _share(row: Row, column: str, lang: str) -> str:
    if row[column] is None:
        return numbers.DASH
    low, high = row[f"{column}_low"], row[f"{column}_high"]
    known = low is not None and high is not None
    return percent(row[column]) + (say(lang, "drivers.range", low=percent(low), high=percent(high)) if known else "")


def _table_card(context: Context, found: Analysis, dimensions: Sequence[Row], items: Sequence[Row]) -> html.Section:
    lang = context.lang
    file = tables(
        say(lang, "page_community.download_csv"),
        context.address.link(
            f"/download{_path(found.body['community'])}",
            outcome=found.body["outcome"]["name"],
            form=found.body["questionnaire"],
            weights=found.parameters["weights"],
        ),
    )
    columns = ("dimension", "score", "share", "correlation", "priority", "note")
    rows = [_line(row, [f"{row[f'label_{lang}']}"], "share", lang) for row in dimensions]
    blocks = []
    for row in dimensions:
        mine = [i for i in items if i["dimension"] == row["name"]]
        lines = [_line(i, [f"{i['name']} {i[f'label_{lang}']}"], "share", lang, among=True) for i in mine]
        blocks += [
            html.H3(row[f"label_{lang}"]),
            _table(("item", "score", "within", "among", "priority", "note"), lines, lang),
        ]
    return card(
        [
            html.Div(
                [
                    heading(say(lang, "page_drivers.table"), say(lang, "page_drivers.table_hint")),
                    html.Div(file, className="actions"),
                ],
                className="card-top",
            ),
            _table(columns, rows, lang),
            html.Details([html.Summary(say(lang, "page_drivers.each_item")), *blocks]),
            html.P(say(lang, "page_drivers.rule", least=LEAST), className="hint"),
        ]
    )


def _table(columns: Sequence[str], rows: Sequence[Any], lang: str) -> html.Div:
    words = ("dimension", "item", "priority", "note")
    head = [
        html.Th(say(lang, f"page_drivers.col_{c}"), scope="col", className="" if c in words else "number")
        for c in columns
    ]
    table = html.Table([html.Thead(html.Tr(head)), html.Tbody(list(rows))], className="lines")
    return html.Div(table, className="scroll")


def _line(row: Row, name: Sequence[str], column: str, lang: str, *, among: bool = False) -> html.Tr:
    known = row["correlation"]
    third = _share(row, "among_all", lang) if among else numbers.points(known, 2)
    priority = priority_text(row, lang)
    cells = [
        html.Td(c, className="number") for c in (numbers.points(row["score"], 1), _share(row, column, lang), third)
    ]
    cells += [
        html.Td(priority or numbers.DASH),
        html.Td(note_text(row["note"], lang) or numbers.DASH, className="muted"),
    ]
    return html.Tr([html.Th(list(name), scope="row"), *cells])
