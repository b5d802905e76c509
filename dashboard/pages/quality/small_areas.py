"""Small communities: what a model makes of their scores, beside the scores themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from analysis.quality.small_areas import reading
from dashboard.figures import numbers
from dashboard.pages.quality import service
from dashboard.pages.quality.folded import folded
from dashboard.parts.basic import card, heading, tables, traced
from dashboard.parts.context import Context
from dashboard.web.address import Address
from survey.core.lang import say

#: communities in the table of the page, the smallest samples first; the file has all
MOST = 20
_COLUMNS = ("community", "n", "subjective", "model_estimate", "model_rmse", "own_share")


def small_areas(context: Context) -> list[Any]:
    """The card of the section."""
    lang = context.lang
    body = service.section(context.viewer, context.source, context.store, context.year, "small_areas").body
    rows = sorted(body["rows"], key=lambda row: row["n"])
    head = heading(say(lang, "page_quality.title_small_areas"), reading(body, lang))
    file = tables(say(lang, "page_community.download_csv"), context.address.link("/download/quality/small_areas"))
    names = html.Tr(
        [
            html.Th(
                say(lang, f"small_areas.page.col_{name}"),
                scope="col",
                title=say(lang, f"small_areas.page.hint_{name}"),
                className="" if name == "community" else "number",
            )
            for name in _COLUMNS
        ]
    )

    def table(some: Sequence[Any]) -> html.Div:
        return html.Div(html.Table([html.Thead(names), html.Tbody(list(some))], className="lines"), className="scroll")

    return [
        card(
            [
                html.Div(
                    [
                        head,
                        html.Div(
                            [html.Span(say(lang, "small_areas.label"), className="badge badge-warn"), file],
                            className="actions",
                        ),
                    ],
                    className="card-top",
                ),
                *folded([_row(row, context.address) for row in rows[:MOST]], table, lang),
                *(
                    [html.P(say(lang, "small_areas.page.most", most=MOST, all=len(rows)), className="hint")]
                    if len(rows) > MOST
                    else []
                ),
                html.P(say(lang, "small_areas.page.rule"), className="hint"),
                html.P(say(lang, "small_areas.page.limits"), className="hint"),
            ]
        )
    ]


def _row(row: Mapping[str, Any], address: Address) -> html.Tr:
    own = f"{numbers.points(row['subjective'], 1)}\u00a0±\u00a0{numbers.points(row['subjective_se'], 1)}"
    cells = (
        numbers.count(row["n"]),
        traced(own, address, row["community_code"]),
        numbers.points(row["model_estimate"], 1),
        numbers.points(row["model_rmse"], 1),
        f"{numbers.share(row['own_share'])}%",
    )
    return html.Tr([html.Th(row["community"], scope="row"), *[html.Td(cell, className="number") for cell in cells]])
