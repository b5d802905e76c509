"""What residents say: the lowest items as bars around the neutral choice."""

from __future__ import annotations

from dash import html

from analysis.tables.number_words import to_hundred
from dashboard.data.year import Row
from dashboard.figures import numbers
from dashboard.figures.diverging import Piece, diverging, palette
from dashboard.pages.community.service import Community, weighted
from dashboard.parts.basic import card, heading, link, trace_of
from dashboard.web.address import Address
from survey.core import limits
from survey.core.lang import say


def residents(data: Community, address: Address) -> html.Section:
    """The card; its legend follows the first item's choices.  Each item leads to all its answers, its bar to where
    they come from."""
    lang = address.lang
    title = say(lang, "page_community.residents")
    if not data.lowest:
        few = (data.row["n"] or 0) < limits.TOTALS_BELOW
        none = say(lang, f"page_community.residents_{'none' if few else 'no_shares'}")
        return card([heading(title), html.P(none, className="muted")], "answers-card")
    rows = diverging([r["distribution"] for r in data.lowest], lang)
    key = "residents_weighted" if weighted(data.lowest) else "residents_hint"
    hint = say(lang, f"page_community.{key}", count=_count(lang, len(rows)), n=numbers.points(data.row["n"]))
    place = data.row["community_code"]
    bars = [_row(item, pieces, address, place) for item, pieces in zip(data.lowest, rows, strict=True)]
    return card([heading(title, hint), _legend(rows[0]), html.Div(bars, className="answers")], "answers-card")


def _count(lang: str, count: int) -> str:
    return "一二三四五"[count - 1] if lang == "zh" else str(count)


def _legend(pieces: tuple[Piece, ...]) -> html.Div:
    entries = [
        html.Span([html.I(className="swatch", style={"background": colour}), piece.label])
        for piece, colour in zip(pieces, palette(len(pieces)), strict=True)
    ]
    return html.Div(entries, className="legend", **{"aria-hidden": "true"})


def _row(item: Row, pieces: tuple[Piece, ...], address: Address, place: str) -> html.Div:
    lang = address.lang
    all_of = address.link("/answers", item=item["item"], community=place)
    name = item.get(f"label_{lang}") or item["label_zh"] or item["item"]
    told = [numbers.points(value) for value in to_hundred([p.share for p in pieces])]
    texts = [
        say(lang, "page_community.answers_text", label=p.label, share=share)
        for p, share in zip(pieces, told, strict=True)
    ]
    bar = link(
        [
            html.Span(
                share if p.roomy else "",
                title=text,
                style={"left": f"{p.left}%", "width": f"{p.width}%", "background": p.colour, "color": p.text_colour},
            )
            for p, share, text in zip(pieces, told, texts, strict=True)
        ],
        trace_of(address, place, item=item["item"]),
        "answer-bar",
        **{"aria-label": "，".join(texts) if lang == "zh" else ", ".join(texts)},
    )
    missing = say(lang, "page_community.missing_share", share=numbers.share(item["missing_share"]))
    return html.Div(
        [link(name, all_of, "answer-name quiet", title=name), bar, html.Span(missing, className="answer-missing")],
        className="answer",
    )
