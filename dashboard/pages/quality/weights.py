"""Weighting beside the score: what it would do to every community, and which classes it stands on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from analysis.quality.weights import category_words, clearly, margin_word, reading
from analysis.statistics.notes import note_text
from dashboard.figures import numbers
from dashboard.pages.quality import service
from dashboard.pages.quality.folded import folded
from dashboard.parts.basic import card, heading, tables, traced
from dashboard.parts.context import Context
from dashboard.web.address import Address
from survey.core.lang import say

Row = Mapping[str, Any]
#: communities in the table of the page, those that move most first; the file has all
MOST = 50
_COLUMNS = ("community", "n", "unweighted", "weighted", "difference", "deff", "effective", "range", "note")
_CLASSES = ("community", "margin", "category", "n", "sample", "population", "factor")
_WORDS = ("community", "note", "margin", "category")


def weights(context: Context) -> list[Any]:
    """The card of the section."""
    lang = context.lang
    body = service.section(context.viewer, context.source, context.store, context.year, "weights").body
    rows = sorted(body["rows"], key=lambda r: -abs(r["difference"] or 0.0))
    listed = rows[:MOST]
    codes = {row["community_code"] for row in listed}
    files = [
        tables(say(lang, f"page_weights.{name}"), context.address.link(f"/download/quality/{name}"))
        for name in ("weights", "weight_classes")
    ]
    head = heading(say(lang, "page_quality.title_weights"), reading(body, lang))
    classes = [c for c in body["classes"] if c["community_code"] in codes]
    return [
        card(
            [
                html.Div([head, html.Div(files, className="actions")], className="card-top"),
                html.P(_status(body["settings"], lang)),
                *folded(
                    [_cells(row, context.address) for row in listed], lambda few: _table(_COLUMNS, few, lang), lang
                ),
                *(
                    [html.P(say(lang, "page_weights.most", most=MOST, all=len(rows)), className="hint")]
                    if len(rows) > MOST
                    else []
                ),
                *(
                    [
                        html.Details(
                            [
                                html.Summary(say(lang, "page_weights.classes")),
                                _table(_CLASSES, [_class_cells(c, lang) for c in classes], lang),
                            ]
                        )
                    ]
                    if classes
                    else []
                ),
                html.P(say(lang, "page_weights.rule"), className="hint"),
            ]
        )
    ]


def _status(settings: Row, lang: str) -> str:
    """Whether the weights count, and to what they weight."""
    margins = say(lang, "dash_words.list_comma").join(margin_word(m, lang) for m in settings["margins"])
    if settings["weighting"] == "none":
        return say(lang, "page_weights.beside", margins=margins)
    method = say(lang, f"export.weighting.{settings['weighting']}")
    return say(lang, "page_weights.official", method=method, margins=margins)


def _cells(row: Row, address: Address) -> list[Any]:
    lang = address.lang
    moved = numbers.signed(row["difference"], 1)
    spread = "—"
    if row["applied"]:
        spread = f"{numbers.points(row['weight_low'], 2)}–{numbers.points(row['weight_high'], 2)}"
    return [
        row["community"],
        numbers.count(row["n"]),
        traced(numbers.points(row["subjective_unweighted"], 1), address, row["community_code"]),
        numbers.points(row["subjective_weighted"], 1),
        html.B(moved) if clearly(row) else moved,
        numbers.points(row["deff_weights"] if row["applied"] else None, 2),
        numbers.count(row["n_effective"] if row["applied"] else None),
        spread,
        note_text(row["note"], lang),
    ]


def _class_cells(row: Row, lang: str) -> list[Any]:
    shares = [f"{numbers.share(row[k])}%" if row[k] is not None else "—" for k in ("sample_share", "population_share")]
    return [
        row["community"],
        margin_word(row["margin"], lang),
        category_words(row["categories"], lang),
        numbers.count(row["n"]),
        *shares,
        numbers.points(row["factor"], 2),
    ]


def _table(names: Sequence[str], rows: Sequence[Sequence[Any]], lang: str) -> html.Div:
    kinds = ["" if name in _WORDS else "number" for name in names]
    head = [
        html.Th(
            say(lang, f"page_weights.col_{name}"),
            scope="col",
            className=kind,
            title=say(lang, f"page_weights.hint_{name}"),
        )
        for name, kind in zip(names, kinds, strict=True)
    ]
    body = [
        html.Tr(
            [
                html.Th(row[0], scope="row"),
                *[html.Td(cell, className=kind) for cell, kind in zip(row[1:], kinds[1:], strict=True)],
            ]
        )
        for row in rows
    ]
    return html.Div(
        html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="lines weights-table"), className="scroll"
    )
