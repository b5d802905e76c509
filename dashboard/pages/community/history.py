"""A community's totals over the years: line, table twin, download."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from dash import html

from analysis.awards.verdicts import words
from analysis.exports.files import safe_name
from dashboard.data.files import File
from dashboard.data.history import Moment
from dashboard.figures import numbers
from dashboard.figures.drawn import Chart, chart, document
from dashboard.figures.line_chart import line_chart
from dashboard.figures.svg_file import PNG, SVG, png
from dashboard.figures.trend import ends_of, trend
from dashboard.pages.community.service import Community
from dashboard.parts.basic import card, download, heading, stars, tables, traced
from dashboard.parts.changes import breaks
from dashboard.parts.context import Context
from dashboard.web.address import Address, in_path
from survey.core.errors import Refused
from survey.core.lang import say

#: the picture as a file
KINDS = ("png", "svg")


def history(context: Context, data: Community) -> html.Section:
    """The card of the trend."""
    lang, thresholds = context.lang, data.year.thresholds
    title = say(lang, "page_community.history")
    if not _known(data):
        return card([heading(title), html.P(numbers.DASH, className="muted")], "history-card")
    known = [
        say(lang, "page_community.history_point", year=m.year, total=numbers.total(m.total, thresholds))
        for m in data.history
        if m.total is not None
    ]
    text = say(lang, "page_community.history_text", name=data.row["community"], points=", ".join(known))
    graph = line_chart(_chart(data, lang), "community-trend", 196, text)
    code = data.row["community_code"]
    return card(
        [
            heading(title, _hint(data, lang)),
            graph,
            html.Details(
                [
                    html.Summary(say(lang, "page_community.table")),
                    _table(data, context.address),
                    tables(
                        say(lang, "page_community.download_csv"),
                        context.address.link(f"/download/trend/{in_path(code)}"),
                    ),
                    *(
                        download(
                            say(lang, f"page_community.download_{kind}"),
                            context.address.link(f"/download/trend-picture/{in_path(code)}/{kind}"),
                            "button small",
                        )
                        for kind in KINDS
                    ),
                ]
            ),
        ],
        "history-card",
    )


def picture(context: Context, data: Community, kind: str) -> File:
    """The trend as a file, ``svg`` or ``png``; raises Refused for another kind, and where there is no total."""
    lang = context.lang
    if kind not in KINDS:
        raise Refused("page_community.unknown_picture", found=kind)
    if not _known(data):
        raise Refused("page_community.no_totals", name=data.row["community"])
    name, sample = str(data.row["community"]), bool(data.year.results.meta.get("sample"))
    title = say(lang, "page_community.history")
    notes = [_hint(data, lang), *([say(lang, "dash_words.sample")] if sample else [])]
    drawn = document(_chart(data, lang), f"{name} {title}", notes)
    stem = f"{safe_name(name)}_{title}"
    return (f"{stem}.svg", drawn.encode(), SVG) if kind == "svg" else (f"{stem}.png", png(drawn), PNG)


def _known(data: Community) -> bool:
    """Whether there is any total to draw."""
    return any(m.total is not None for line in (data.history, *(line for _, line in data.earlier)) for m in line)


def _earlier(data: Community) -> list[tuple[str, Sequence[Moment]]]:
    """Those that went before it and ever had a total."""
    return [(name, moments) for name, moments in data.earlier if any(m.total is not None for m in moments)]


def _chart(data: Community, lang: str) -> Chart:
    earlier = [(name, [asdict(m) for m in moments]) for name, moments in _earlier(data)]
    return chart(trend([asdict(m) for m in data.history], data.year.thresholds, lang, earlier=earlier))


def _hint(data: Community, lang: str) -> str:
    """What the chart's lines and axis are, what changed since the line began, where it breaks."""
    lines = [*data.history, *(m for _, moments in _earlier(data) for m in moments)]
    ends = ends_of([[asdict(m) for m in lines]], data.year.thresholds)
    axis = "history_hint" if any(m.low is not None for m in lines) else "history_axis"
    hints = [say(lang, f"page_community.{axis}", low=numbers.points(ends[0]))] if ends else []
    if sum(m.total is not None for m in data.history) == 1:
        hints.append(say(lang, "page_community.history_one"))
    hints += [*_since(data, lang), *breaks(data.history, lang)]
    return "；".join(hints) if lang == "zh" else "; ".join(hints)


def _since(data: Community, lang: str) -> list[str]:
    """What changed of the subjective part since the line began."""
    row = data.since
    if row is None:
        return []
    word = say(lang, f"dash_words.{row['since_word']}") if row["since_word"] else numbers.DASH
    return [
        say(lang, "page_community.since", year=row["since"], change=numbers.signed(row["since_subjective"]), word=word)
    ]


def _table(data: Community, address: Address) -> Any:
    lang = address.lang
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
                    html.Td(_total(data, m, address) if not name else numbers.total(m.total, data.year.thresholds)),
                    html.Td(interval),
                    html.Td(stars(lang, m.star)),
                    html.Td(_decided(data, m.year, lang) if not name else numbers.DASH),
                ]
            )
        )
    return html.Div(html.Table([html.Thead(head), html.Tbody(rows)], className="plain-table"), className="scroll")


def _total(data: Community, moment: Moment, address: Address) -> Any:
    """A year's total, which leads to where it comes from."""
    text = numbers.total(moment.total, data.year.thresholds)
    return text if moment.total is None else traced(text, address, data.row["community_code"], year=str(moment.year))


def _decided(data: Community, year: int, lang: str) -> Any:
    """What was decided of the community in a year, a line each for decision, naming and payment."""
    one = data.decided.get(year)
    said = () if one is None else words(one, lang).values()
    return [html.Div(text) for text in said] or numbers.DASH
