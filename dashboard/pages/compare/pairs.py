"""Which communities can be told apart: one sentence, and a table of all pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.data.year import Row
from dashboard.figures import numbers
from dashboard.pages.compare.pairs_service import Telling
from dashboard.parts.basic import card, heading, link, tables
from dashboard.web.address import Address, in_path
from survey.core.lang import say


def pairs_card(data: Telling, year: int, address: Address) -> html.Section:
    """The card; every cell is the difference of the row's total to the column's."""
    lang = address.lang
    title = say(lang, "page_compare.telling", year=year)
    if not data.known:
        return card([heading(title), html.P(say(lang, "page_compare.telling_none"), className="muted")])
    file = tables(say(lang, "page_compare.download_pairs"), address.link("/download/pairs"))
    top = html.Div(
        [heading(title, say(lang, "page_compare.telling_hint")), html.Div(file, className="actions")],
        className="card-top",
    )
    table = html.P(say(lang, "page_compare.telling_many"), className="muted") if data.many else _table(data, address)
    return card([top, html.P(reading(data.groups, lang)), table], "telling-card")


def reading(groups: Sequence[tuple[int, int]], lang: str) -> str:
    """The sentence of the groups."""
    if not groups:
        return say(lang, "compare.all_apart")
    return say(lang, "compare.groups", groups=listed(groups, lang))


def listed(groups: Sequence[tuple[int, int]], lang: str) -> str:
    """``第 1–4 名、第 3–6 名``."""
    return say(lang, "compare.between").join(say(lang, "compare.group", first=a, last=b) for a, b in groups)


def _table(data: Telling, address: Address) -> html.Div:
    lang = address.lang
    heads = [
        html.Th(numbers.points(r["rank"]), scope="col", title=r["community"], **{"aria-label": r["community"]})
        for r in data.rows
    ]
    corner = html.Th(say(lang, "page_compare.col_community"), scope="col")
    rows = []
    for row in data.rows:
        name = link(row["community"], address.link(f"/community/{in_path(row['community_code'])}"), "quiet")
        first = html.Th([html.Span(f"{numbers.points(row['rank'])} ", className="muted"), name], scope="row")
        rows.append(html.Tr([first, *[_cell(data, row, other, address) for other in data.rows]]))
    return html.Div(
        html.Table([html.Thead(html.Tr([corner, *heads])), html.Tbody(rows)], className="lines telling"),
        className="scroll",
    )


def _cell(data: Telling, row: Row, other: Row, address: Address) -> html.Td:
    """The difference, light where it may be chance, leading to the two line by line; empty on the diagonal."""
    lang = address.lang
    one, two = row["community_code"], other["community_code"]
    if one == two:
        return html.Td(className="same")
    ahead = data.pairs.get((one, two))
    pair: Any = ahead or data.pairs[two, one]
    difference = pair["difference"] if ahead else -pair["difference"]
    told = bool(pair["told_apart"])
    word = say(lang, "page_compare.apart" if told else "page_compare.alike")
    hint = say(
        lang,
        "page_compare.pair_hint",
        one=row["community"],
        other=other["community"],
        word=word,
        difference=numbers.signed(difference),
        half=numbers.points(pair["high"] - pair["difference"]),
    )
    text = numbers.signed(difference) if told else f"≈ {numbers.signed(difference)}"
    beside = link(text, address.link("/compare/beside", community=one, against=two), "quiet", **{"aria-label": hint})
    return html.Td(beside, className="apart" if told else "alike", title=hint)
