"""Sections of the data quality page: survey modes, interviewers, and scores without one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from analysis.quality import modes as modes_year
from analysis.quality.interviewers import label_of, readings, word_text
from analysis.quality.without import largest_changes, sentence, star_changes
from analysis.statistics.notes import note_text
from dashboard.figures import numbers
from dashboard.pages.quality import service
from dashboard.pages.quality.folded import FIRST, folded
from dashboard.parts.basic import card, heading, mode_word, stars, tables
from dashboard.parts.context import Context
from survey.core.lang import say

Row = Mapping[str, Any]
#: interviewers shown before the rest is folded away
SHOWN = 8
#: rows of what moves a score most
MOST = 8


def modes(context: Context) -> Any:
    """Phone against paper, by dimension."""
    lang = context.lang
    body = service.section(context.viewer, context.source, context.store, context.year, "modes").body
    lines = modes_year.readings(body, lang)
    columns = ("measure", "mode", "n", "reference_mean", "mode_mean", "difference", "word")
    totals_first = sorted(body["rows"], key=lambda row: row["measure"] != modes_year.TOTAL)
    rows = [_mode_row(row, lang) for row in totals_first]
    first = sum(row["measure"] == modes_year.TOTAL for row in totals_first) or FIRST
    few = say(
        lang,
        "page_field.modes_base",
        n=numbers.count(body["n"]),
        asked=numbers.count(body["asked"]),
        communities=body["communities"],
        single=body["single"],
    )
    notes = [html.P(note_text(";".join(body["notes"]), lang), className="hint")] if body["notes"] else []
    return card(
        [
            _top(context, "modes"),
            *[html.P(line) for line in lines],
            *folded(rows, lambda some: _table(columns, some, lang, left=("measure", "mode", "word")), lang, first),
            html.P([few, say(lang, "page_field.modes_rule")], className="hint"),
            *notes,
        ]
    )


def _mode_row(row: Row, lang: str) -> html.Tr:
    error = numbers.half_width(row["low"], row["high"], 1)
    pair = say(lang, "page_field.pair", mode=mode_word(lang, row["mode"]), reference=mode_word(lang, row["reference"]))
    counted = say(lang, "page_field.counts", n=numbers.count(row["n"]), reference=numbers.count(row["n_reference"]))
    clear = row["word"] in ("higher", "lower")
    cells = [
        html.Td(pair),
        *_numbers(counted, numbers.points(row["mean_reference"], 1), numbers.points(row["mean"], 1)),
        html.Td([html.B(numbers.signed(row["difference"], 1)), f" {error}"], className="number"),
        html.Td(say(lang, f"page_field.word_{row['word'] or 'unknown'}"), className="" if clear else "muted"),
    ]
    return html.Tr([html.Th(modes_year.label_of(row, lang), scope="row"), *cells])


def interviewers(context: Context) -> Any:
    """Who stands out, and how much variance interviewers add."""
    lang = context.lang
    body = service.section(context.viewer, context.source, context.store, context.year, "interviewers").body
    rows = [_interviewer_row(row, lang) for row in body["interviewers"]]
    columns = ("interviewer", "verdict", "departure", "shrunken", "n", "mean", "where")
    left = ("interviewer", "where", "verdict")
    more = (
        [
            html.Details(
                [
                    html.Summary(say(lang, "page_field.others", n=len(rows) - SHOWN)),
                    _table(columns, rows[SHOWN:], lang, left=left),
                ]
            )
        ]
        if len(rows) > SHOWN
        else []
    )
    variance = [_variance_row(row, lang) for row in body["variance"]]
    return card(
        [
            _top(context, "interviewers"),
            *[html.P(line) for line in readings(body, lang)],
            _table(columns, rows[:SHOWN], lang, left=left),
            *more,
            html.Details(
                [
                    html.Summary(say(lang, "page_field.variance")),
                    html.Div(
                        tables(
                            say(lang, "page_community.download_csv"), context.address.link("/download/quality/variance")
                        ),
                        className="actions",
                    ),
                    _table(("measure", "n", "people", "rho", "deff"), variance, lang, left=("measure",)),
                ]
            ),
            html.P(say(lang, "page_field.interviewers_rule"), className="hint"),
        ]
    )


def _interviewer_row(row: Row, lang: str) -> html.Tr:
    modes_ = say(lang, "dash_words.list_comma").join(mode_word(lang, m) for m in row["modes"])
    where = row["community"] or say(lang, "page_field.communities", n=row["communities"])
    marked = row["word"] != "in_line"
    departure = [html.B(numbers.signed(row["difference"], 1)), f" ± {numbers.points(1.96 * row['se'], 1)}"]
    return html.Tr(
        [
            html.Th(row["interviewer"], scope="row"),
            html.Td(word_text(row["word"], lang), className="warn" if marked else "muted"),
            html.Td(departure, className="number"),
            *_numbers(numbers.signed(row["shrunken"], 1), numbers.count(row["n"]), numbers.points(row["mean"], 1)),
            html.Td(f"{where} · {modes_}"),
        ]
    )


def _variance_row(row: Row, lang: str) -> html.Tr:
    name = label_of(row, lang)
    label = f"{row['name']} {name}" if row["level"] == "item" else name
    known = row["rho"] is not None
    rho = f"{100 * row['rho']:.1f}% ({100 * row['rho_low']:.1f}–{100 * row['rho_high']:.1f})" if known else numbers.DASH
    cells = _numbers(numbers.count(row["n"]), numbers.count(row["interviewers"]), rho, numbers.points(row["deff"], 2))
    return html.Tr([html.Th(label, scope="row"), *cells], className="" if row["level"] == "item" else "muted-row")


def without(context: Context) -> Any:
    """The interviewers whose responses move a score most; the batches below."""
    lang = context.lang
    found = service.section(context.viewer, context.source, context.store, context.year, "without").body["rows"]
    kinds = [[row for row in found if row["kind"] == kind] for kind in ("interviewer", "batch")]
    people, batches = (largest_changes(rows, MOST) for rows in kinds)
    title = say(lang, "page_quality.title_without")
    if not people and not batches:
        return card([heading(title), html.P(say(lang, "page_field.nothing_to_leave"), className="muted")])
    moves, others = (sum(bool(star_changes(row)) for row in rows) for rows in kinds)
    columns = ("left_out", "community", "removed", "score", "total", "star")
    left = ("left_out", "community", "star")
    first, second = ([_without_row(row, lang) for row in rows] for rows in (people, batches))
    folded = [html.Details([html.Summary(say(lang, "page_field.batches")), _table(columns, second, lang, left=left)])]
    return card(
        [
            _top(context, "without", say(lang, "page_field.star_moves", people=moves, batches=others)),
            html.P(sentence((people or batches)[0], lang)),
            *([_table(columns, first, lang, left=left)] if people else []),
            *(folded if batches else []),
            html.P(say(lang, "page_field.without_rule"), className="hint"),
        ]
    )


def _without_row(row: Row, lang: str) -> html.Tr:
    what = say(lang, f"page_field.{row['kind']}", key=row["key"])
    score = [
        f"{numbers.points(row['subjective_before'], 1)} → ",
        html.B(numbers.points(row["subjective"], 1)),
        f" ({numbers.signed(row['difference'], 1)})",
    ]
    changes = star_changes(row)
    star = numbers.DASH if changes is None else stars(lang, int(row["star"]))
    if changes:
        star = html.Span([stars(lang, int(row["star_before"])), " → ", stars(lang, int(row["star"]))], className="warn")
    total = (
        numbers.DASH
        if row["total"] is None
        else f"{numbers.points(row['total_before'], 1)} → {numbers.points(row['total'], 1)}"
    )
    name = html.Th([what, html.Span(f" {row['label']}", className="muted")] if row["label"] else what, scope="row")
    return html.Tr(
        [
            name,
            html.Td(row["community"]),
            *_numbers(numbers.count(row["removed"])),
            html.Td(score, className="number"),
            *_numbers(total),
            html.Td(star),
        ]
    )


def _top(context: Context, name: str, hint: str = "") -> html.Div:
    file = tables(say(context.lang, "page_community.download_csv"), context.address.link(f"/download/quality/{name}"))
    title = say(context.lang, f"page_quality.title_{name}")
    return html.Div([heading(title, hint), html.Div(file, className="actions")], className="card-top")


def _table(columns: Sequence[str], rows: Sequence[Any], lang: str, *, left: Sequence[str]) -> html.Div:
    head = [
        html.Th(say(lang, f"page_field.col_{c}"), scope="col", className="" if c in left else "number") for c in columns
    ]
    table = html.Table([html.Thead(html.Tr(head)), html.Tbody(list(rows))], className="lines field")
    return html.Div(table, className="scroll")


def _numbers(*values: Any) -> list[html.Td]:
    return [html.Td(value, className="number") for value in values]
