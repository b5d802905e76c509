"""The streets of a district in one league: their places, what the sampling error leaves of these, and which differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from analysis.scoring.pairs import league_groups
from analysis.scoring.results import records
from analysis.tables.street_league import as_league
from dashboard.data.year import Row, Year
from dashboard.figures import numbers
from dashboard.pages.compare.pairs import reading
from dashboard.parts.basic import card, heading, link
from dashboard.web.access import may
from dashboard.web.address import Address
from survey.core.lang import say


@dataclass(frozen=True)
class League:
    """``rows``: the ranked streets, the highest first; ``groups``: places (first, last) of neighbours whom nothing tells apart."""

    rows: tuple[Row, ...]
    groups: tuple[tuple[int, int], ...]


def street_league(found: Year) -> League | None:
    """The league of a year's streets; None where fewer than two are ranked, or the viewer does not see all of them."""
    if not may(found.viewer, "see_all") or len(found.streets) < 2:
        return None
    scores = as_league(found.results)
    rows = sorted((r for r in records(scores) if r["rank"] is not None), key=lambda r: (r["rank"], r["community"]))
    if len(rows) < 2:
        return None
    return League(tuple(rows), tuple(league_groups(scores).get("", ())))


def league_card(league: League, year: int, address: Address) -> html.Section:
    """One sentence on what can be told apart, and a row a street."""
    lang = address.lang
    names = ("street_place", "street_range", "street_name", "street_total", "street_counted", "street_tier")
    head = [
        html.Th(say(lang, f"page_compare.{name}"), scope="col", className="" if name == "street_name" else "number")
        for name in names
    ]
    rows = [_row(row, address) for row in league.rows]
    table = html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="lines")
    return card(
        [
            heading(say(lang, "page_compare.streets", year=year), say(lang, "page_compare.streets_hint")),
            html.P(reading(league.groups, lang)),
            html.Div(table, className="scroll"),
        ],
        "street-league",
    )


def _row(row: Mapping[str, Any], address: Address) -> html.Tr:
    name = link(row["community"], address.link("/", street=row["community"]), "quiet")
    counted = say(address.lang, "page_compare.street_of", n=row["with_total"], of=row["communities"])
    cells: Sequence[Any] = (
        numbers.points(row["rank"]),
        _range(row),
        html.Th(name, scope="row"),
        numbers.points(row["weighted_total"], 2),
        counted,
        numbers.DASH if row["tier"] is None else numbers.points(row["tier"]),
    )
    return html.Tr([cell if isinstance(cell, html.Th) else html.Td(cell, className="number") for cell in cells])


def _range(row: Mapping[str, Any]) -> str:
    if row["rank_low"] is None or row["rank_high"] is None:
        return numbers.DASH
    first, last = numbers.points(row["rank_low"]), numbers.points(row["rank_high"])
    return first if first == last else f"{first}–{last}"
