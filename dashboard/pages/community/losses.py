"""What would lift a community: the indicators and items that cost most, why, and who answers for them."""

from __future__ import annotations

import math
from typing import Any

from dash import html

from analysis.improvement.lost_points import in_charge, reason
from dashboard.data.year import name_of
from dashboard.figures import numbers
from dashboard.pages.community.service import Community, Loss, enough
from dashboard.parts.basic import badge, card, heading, link, traced
from dashboard.web.address import Address
from survey.core.lang import enumerated, say


def losses(data: Community, address: Address, award: str = "") -> html.Section:
    """The table and the line that says what it would take; ``award``: what the next star would pay, in words."""
    lang = address.lang
    if not data.losses:
        table: Any = html.P(say(lang, "page_community.no_losses"), className="muted")
    else:
        head = [
            html.Th(say(lang, f"page_community.col_{c}"), scope="col", className=c)
            for c in ("dimension", "item", "lost", "reason", "office")
        ]
        table = html.Table(
            [html.Thead(html.Tr(head)), html.Tbody([_row(x, data.row["community_code"], address) for x in data.shown])],
            className="losses",
        )
    every = link(
        say(lang, "page_community.lift_all", n=len(data.losses)), address.link("/tasks", at=data.row["community_code"])
    )
    hint = [need(data, lang) + award, " ", every]
    return card([heading(say(lang, "page_community.lift"), hint), table], "losses-card")


def need(data: Community, lang: str) -> str:
    """How far the next star is and what would cover it."""
    row, way = data.row, data.way
    if data.state != "rated" or way is None or not data.losses:
        return say(lang, "page_community.lift_top")
    key, count = enough(data.losses, len(data.shown), way)
    text = say(
        lang,
        f"page_community.lift_{key}",
        star=numbers.star_word(lang, way.star),
        gap=_short(float(row["star_next_gap"])),
        count=count,
    )
    if way.sure is None or way.sure <= way.gap + 0.5:
        return text
    return text + say(lang, "page_community.lift_sure", sure=math.ceil(way.sure))


def _short(gap: float) -> str:
    from dashboard.figures.numbers import gap as words

    return words(gap)


def _row(loss: Loss, code: str, address: Address) -> html.Tr:
    row, lang = loss.row, address.lang
    name = row[f"name_{lang}"] or row["name_zh"] or row["code"]
    dimension = name_of(loss.dimension, lang)[0] if loss.dimension else numbers.DASH
    why = reason(row, lang)
    return html.Tr(
        [
            html.Td(dimension, className="dimension"),
            html.Th(
                [html.Span(name), badge(say(lang, f"dash_words.{loss.kind}"), loss.kind)], className="item", scope="row"
            ),
            html.Td(
                traced(f"{numbers.MINUS}{numbers.least(loss.lost)}", address, code, item=row["code"]),
                className="lost",
            ),
            html.Td(why, className="reason", title=why),
            html.Td(enumerated(lang, in_charge(row)) or numbers.DASH, className="office"),
        ]
    )
