"""A community's totals over the years: line, table twin, download."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from dash import dcc, html

from analysis.awards.verdicts import words
from dashboard.figures import numbers
from dashboard.figures.trend import config, ends_of, trend
from dashboard.pages.community.service import Community
from dashboard.parts.basic import card, download, heading, stars
from dashboard.parts.changes import breaks
from dashboard.parts.context import Context
from survey.core.lang import say


def history(context: Context, data: Community) -> html.Section:
    """The card of the trend."""
    lang, thresholds = context.lang, data.year.thresholds
    points = [asdict(m) for m in data.history]
    drawn = [(name, moments) for name, moments in data.earlier if any(m.total is not None for m in moments)]
    earlier = [(name, [asdict(m) for m in moments]) for name, moments in drawn]
    ends = ends_of([points, *(line for _, line in earlier)], thresholds)
    title = say(lang, "page_community.history")
    if ends is None:
        return card([heading(title), html.P(numbers.DASH, className="muted")], "history-card")
    known = [
        say(lang, "page_community.history_point", year=m.year, total=numbers.total(m.total, thresholds))
        for m in data.history
        if m.total is not None
    ]
    text = say(lang, "page_community.history_text", name=data.row["community"], points=", ".join(known))
    lines = [*data.history, *(m for _, moments in drawn for m in moments)]
    axis = "history_hint" if any(m.low is not None for m in lines) else "history_axis"
    hints = [say(lang, f"page_community.{axis}", low=numbers.points(ends[0]))]
    if len(known) == 1:
        hints.append(say(lang, "page_community.history_one"))
    hints += [*_since(data, lang), *breaks(data.history, lang)]
    graph = dcc.Graph(
        id="community-trend",
        figure=trend(points, thresholds, lang, earlier=earlier),
        config=config(lang),
        style={"height": "196px"},
    )
    code = data.row["community_code"]
    return card(
        [
            heading(title, "；".join(hints) if lang == "zh" else "; ".join(hints)),
            html.Figure(graph, **{"aria-label": text}),
            html.Details(
                [
                    html.Summary(say(lang, "page_community.table")),
                    _table(data, lang),
                    download(
                        say(lang, "page_community.download_csv"),
                        context.address.link(f"/download/trend/{code}"),
                        "button small",
                    ),
                ]
            ),
        ],
        "history-card",
    )


def _since(data: Community, lang: str) -> list[str]:
    """What changed of the subjective part since the line began."""
    row = data.since
    if row is None:
        return []
    word = say(lang, f"dash_words.{row['since_word']}") if row["since_word"] else numbers.DASH
    return [
        say(lang, "page_community.since", year=row["since"], change=numbers.signed(row["since_subjective"]), word=word)
    ]


def _table(data: Community, lang: str) -> Any:
    head = html.Tr(
        [
            html.Th(say(lang, f"page_community.col_{c}"), scope="col")
            for c in ("year", "total", "interval", "star", "decided")
        ]
    )
    rows = []
    for m, name in [*((m, "") for m in data.history), *((m, name) for name, line in data.earlier for m in line)]:
        interval = (
            numbers.DASH if m.low is None or m.high is None else f"{numbers.points(m.low)}–{numbers.points(m.high)}"
        )
        rows.append(
            html.Tr(
                [
                    html.Th(f"{m.year} {name}".strip(), scope="row"),
                    html.Td(numbers.total(m.total, data.year.thresholds)),
                    html.Td(interval),
                    html.Td(stars(lang, m.star)),
                    html.Td(_decided(data, m.year, lang) if not name else numbers.DASH),
                ]
            )
        )
    return html.Table([html.Thead(head), html.Tbody(rows)], className="plain-table")


def _decided(data: Community, year: int, lang: str) -> Any:
    """What was decided of the community in a year, a line each for decision, naming and payment."""
    one = data.decided.get(year)
    said = () if one is None else words(one, lang).values()
    return [html.Div(text) for text in said] or numbers.DASH
