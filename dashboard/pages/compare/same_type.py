"""The comparison within types: each community beside the mean of its own kind, and its place there."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from dash import html

from dashboard.data.year import Row
from dashboard.figures import numbers
from dashboard.parts.basic import card, heading, link, tables, traced
from dashboard.web.address import Address, in_path
from survey.core.lang import say


def alike_card(rows: Sequence[Row], street: str, address: Address, most: int) -> html.Section:
    """One block of rows a type, with a link that draws its communities above."""
    lang = address.lang
    title = heading(say(lang, "page_compare.kin"), say(lang, "page_compare.kin_hint"))
    typed = [r for r in rows if r["type"]]
    if not typed:
        return card([title, html.P(say(lang, "page_compare.kin_none"), className="muted")], id="alike")
    head = [
        html.Th(
            say(lang, f"page_compare.kin_{c}"),
            scope="col",
            className="number" if c in ("total", "mean", "difference") else c,
        )
        for c in ("type", "community", "feature", "total", "mean", "difference", "place")
    ]
    body = [row for _, mine in groupby(typed, key=lambda r: r["type"]) for row in _kind(list(mine), address, most)]
    file = tables(say(lang, "page_compare.download_kin"), address.link("/download/alike", street=street))
    return card(
        [
            html.Div([title, html.Div(file, className="actions")], className="card-top"),
            html.Div(
                html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="lines alike-table"),
                className="scroll",
            ),
        ],
        id="alike",
    )


def _kind(rows: Sequence[Row], address: Address, most: int) -> list[html.Tr]:
    lang, first = address.lang, rows[0]
    codes = ",".join(str(r["community_code"]) for r in rows[:most])
    words: list[Any] = [
        html.B(first["type"]),
        " ",
        html.Span(say(lang, "page_compare.kin_count", n=len(rows)), className="muted"),
    ]
    if len(rows) > 1:
        words += [html.Br(), link(say(lang, "page_compare.kin_draw"), address.link(**{"with": codes}), "draw")]
    else:
        words += [html.Br(), html.Span(say(lang, "page_compare.kin_alone"), className="muted")]
    cell = html.Th(words, rowSpan=len(rows), scope="rowgroup", className="type")
    return [html.Tr([*([cell] if not place else []), *_cells(row, address)]) for place, row in enumerate(rows)]


def _cells(row: Row, address: Address) -> list[Any]:
    lang = address.lang
    few = row["type_note"] == "few"
    place = (
        say(lang, "page_compare.kin_few")
        if few
        else numbers.ranks(row["type_rank"], row["type_rank_low"], row["type_rank_high"])
    )
    return [
        html.Td(
            link(row["community"], address.link(f"/community/{in_path(row['community_code'])}"), "quiet"),
            className="community-name",
        ),
        html.Td(row["feature"] or numbers.DASH),
        html.Td(traced(numbers.points(row["total"]), address, row["community_code"]), className="number"),
        html.Td(numbers.points(row["type_mean"]), className="number"),
        html.Td(numbers.signed(row["type_difference"]), className="number"),
        html.Td(place, className="muted"),
    ]
