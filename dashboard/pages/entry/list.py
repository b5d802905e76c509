"""Indicator values as tables: how far each community is, and one row a value."""

from __future__ import annotations

from typing import Any

from dash import html

from analysis.scheme.rules.words import counts_worded, marks, quantity
from dashboard.figures import numbers
from dashboard.pages.entry.service import MOST, Board, Row
from dashboard.parts.basic import badge, link, traced
from dashboard.web.address import Address
from survey.core.lang import said_who, say

STATES = ("empty", "entered", "returned", "reviewed")
#: how a state looks: its word always stands beside the colour
KINDS = {"empty": "plain", "entered": "warn", "reviewed": "good", "returned": "bad"}


def state_badge(lang: str, state: str, title: str = "", *, over: bool = False) -> html.Span:
    """A state as a word; ``over``: nothing is to be done about it any more, the year of its street is archived."""
    kind = "plain" if over and state == "entered" else KINDS[state]
    return badge(state_word(lang, state, over=over), kind, title)


def state_word(lang: str, state: str, *, over: bool = False) -> str:
    """The word itself: what waits for nobody any more is not called 待填."""
    return say(lang, f"page_entry.state_{state}" + ("_over" if over and state in ("empty", "entered") else ""))


def progress_table(found: Board, address: Address) -> html.Div:
    """One row a community, how many values are in each state."""
    lang = address.lang
    head = [html.Th(say(lang, "page_entry.col_community"), scope="col")]
    head += [html.Th(state_word(lang, s, over=found.closed), scope="col", className="number") for s in STATES]
    rows = []
    for code, counts in found.counts.items():
        over = found.over(code)
        cells = [
            html.Td(
                html.Span(numbers.DASH, className="muted")
                if code in found.archived and s != "reviewed"
                else _count(counts[s], "" if over else s, address.link(community=code, state=s)),
                className="number",
            )
            for s in STATES
        ]
        name: list[Any] = [link(found.names[code], address.link(community=code), "entry-link")]
        name += [" ", badge(say(lang, "page_cycle.badge_closed"), "good")] if code in found.archived else []
        rows.append(html.Tr([html.Th(name, scope="row"), *cells]))
    return html.Div(
        html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="lines entry-progress"), className="scroll"
    )


def _count(n: int, state: str, href: str) -> Any:
    if not n:
        return html.Span("0", className="muted")
    return link(str(n), href, "short" if state in ("empty", "returned") else "")


def values_table(found: Board, address: Address) -> html.Div:
    """One row a value: figure, points, self-score, assessors, state, who entered and reviewed, and the way to its form."""
    lang = address.lang
    if not found.rows:
        return html.Div(html.P(say(lang, "page_entry.nothing"), className="muted"))
    columns = ["community"] * ("community" not in found.filters)
    columns += ["indicator", "value", "points", "self", "assessors", "state", "entered", "act"]
    head = [
        html.Th(say(lang, f"page_entry.col_{c}"), scope="col", className="number" if c in ("points", "self") else "")
        for c in columns[:-1]
    ] + [html.Td()]
    rows = [_row(row, columns, address, found) for row in found.rows[:MOST]]
    parts: list[Any] = [html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="lines entry-table")]
    if len(found.rows) > MOST:
        more = say(lang, "page_entry.more", n=len(found.rows) - MOST)
        parts.append(html.P(more, className="muted"))
    return html.Div(parts, className="scroll tall")


def _row(row: Row, columns: list[str], address: Address, found: Board) -> html.Tr:
    lang = address.lang
    at = address.link(at=f"{row['community_code']}~{row['indicator']}")
    name = html.Span([html.B(row["indicator"]), f" {row[f'name_{lang}']}"])
    shown: dict[str, Any] = {
        "community": row["community"],
        "indicator": link(name, at, "entry-link"),
        "value": figure(row, lang, found.units.get(row["indicator"], "")),
        "points": [
            _points(row, address),
            html.Span(f" / {marks(row['points'])}", className="muted"),
        ],
        "self": numbers.points(row["self_score"], 1),
        "assessors": spread(row, lang),
        "state": state_badge(lang, row["review"], row["review_reason"] or "", over=found.over(row["community_code"])),
        "entered": html.Span(
            " ".join(filter(None, (said_who(row["entered_by"], lang), row["entered_at"]))) or numbers.DASH,
            className="muted",
        ),
        "act": link(say(lang, "page_entry.open"), at, "button small"),
    }
    cells = [
        html.Td(
            shown[c],
            className=f"cell-{c}"
            + (" number" if c in ("points", "self") else "")
            + (" none" if c == "assessors" and not row["assessors"] else ""),
            **{"data-label": say(lang, f"page_entry.col_{c}")},
        )
        for c in columns
    ]
    return html.Tr(cells)


def _points(row: Row, address: Address) -> Any:
    """What the value earned; it leads to where it comes from."""
    text = html.B(numbers.points(row["points_got"], 2))
    if row["points_got"] is None:
        return text
    return traced(text, address, row["community_code"], item=row["indicator"])


def figure(row: Row, lang: str, unit: str = "") -> str:
    """What was reported, in a cell, with the unit of its indicator."""
    value = row["value"]
    if row["state"] == "exempt":
        return say(lang, "page_entry.exempt")
    if isinstance(value, (int, float)):
        return quantity(float(value), unit)[lang]
    return counts_worded(str(value), lang) if value else numbers.DASH


def spread(row: Row, lang: str) -> Any:
    """How many assessors, their mean, lowest and highest."""
    if not row["assessors"]:
        return html.Span(numbers.DASH, className="muted")
    parts = {"n": int(row["assessors"]), "mean": marks(row["assessor_mean"])}
    if row["assessors"] == 1:
        return say(lang, "page_entry.one_assessor", **parts)
    return say(lang, "page_entry.spread", **parts, low=marks(row["assessor_low"]), high=marks(row["assessor_high"]))
