"""A measure's section made from its value alone: what it says, its columns that fit, its downloads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from analysis.publication.kept_measures import Analysis
from analysis.quality.measure import Measure, Table
from dashboard.figures import numbers
from dashboard.pages.quality.folded import folded
from dashboard.parts.basic import card, heading, tables
from dashboard.parts.context import Context
from survey.core.columns import COUNTED, FLAG, SHARE, WHOLE, Kind
from survey.core.lang import say

#: rows on the page; the file has all
MOST = 50


def plain(context: Context, measure: Measure, found: Analysis) -> Any:
    """The card of a measure without a drawing of its own."""
    lang = context.lang
    files = [
        tables(say(lang, table.title), context.address.link(f"/download/quality/{table.name}"))
        for table in measure.tables
    ]
    first = measure.table()
    return card(
        [
            html.Div([heading(say(lang, measure.title)), html.Div(files, className="actions")], className="card-top"),
            *[html.P(line) for line in measure.said(found.body, lang)],
            *folded(_rows(first, found, lang), lambda few: _table(first, few, lang), lang),
        ]
    )


def _rows(table: Table, found: Analysis, lang: str) -> list[dict[str, Any]]:
    frame = table.frame(found.body, lang).head(MOST)
    rows: list[dict[str, Any]] = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return rows


def _table(table: Table, rows: Sequence[Mapping[str, Any]], lang: str) -> html.Div:
    kinds = table.columns.kinds(table.fits)
    classes = {name: "number" if kind in COUNTED else "" for name, kind in kinds.items()}
    heads = table.columns.headings(lang)
    head = [html.Th(heads[name], scope="col", className=classes[name]) for name in kinds]
    body = [
        html.Tr([html.Td(cell(row[name], kind, lang), className=classes[name]) for name, kind in kinds.items()])
        for row in rows
    ]
    lines = html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="lines")
    return html.Div(lines, className="scroll")


def cell(value: Any, kind: Kind, lang: str) -> str:
    """A cell as its column's kind is read; a dash where there is nothing."""
    if value is None:
        return numbers.DASH
    if kind == SHARE:
        return f"{numbers.share(value)}%"
    if kind == WHOLE:
        return numbers.count(value)
    if kind == FLAG:
        return say(lang, "page_quality.yes" if value else "page_quality.no")
    return numbers.points(value, 2) if kind in COUNTED else str(value)
