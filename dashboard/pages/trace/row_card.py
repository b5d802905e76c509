"""One row of a file: where it stands, what became of it, each answer with its cell, and what each added to the score."""

from __future__ import annotations

from typing import Any

from dash import html

from analysis.tables.tracing.response_rows import Cell
from dashboard.data.year import name_of
from dashboard.figures import numbers
from dashboard.pages.trace.pieces import name_in, table
from dashboard.pages.trace.service import Traced
from dashboard.parts.basic import card, heading, link, mode_word
from dashboard.web.address import Address, in_path
from survey.core.lang import known, said_who, say
from survey.form.model import in_language


def row_card(data: Traced, address: Address) -> html.Section:
    """The row and everything that it changed."""
    lang, row = address.lang, data.response
    assert row is not None
    facts = {
        "file": row.batch.file,
        "sheet": row.sheet or numbers.DASH,
        "row": str(row.row) if row.row else numbers.DASH,
        "batch": say(lang, "page_trace.batch_by", n=row.batch.id, who=said_who(row.batch.who, lang) or numbers.DASH),
        "mode": mode_word(lang, row.mode) if row.mode else numbers.DASH,
        "state": say(lang, f"page_trace.became_{row.state}"),
        "weight": numbers.DASH if row.weight is None else f"{row.weight:.6g}",
    }
    listed = [
        part for name, text in facts.items() for part in (html.Dt(say(lang, f"page_trace.col_{name}")), html.Dd(text))
    ]
    title = say(lang, "page_trace.row_title")
    return card(
        [
            heading(title, say(lang, "page_trace.recorded")),
            html.Dl(listed, className="trace-facts"),
            html.P(_changed(data, lang)),
            table(
                ("question", "cell", "answer", "dimension", "score", "adds"),
                [_cell(data, cell, address) for cell in row.cells],
                lang,
                title,
            ),
        ]
    )


def _changed(data: Traced, lang: str) -> str:
    row = data.response
    assert row is not None
    if not row.counts:
        return say(lang, "page_trace.changed_nothing")
    if row.weight is None:
        return say(lang, "page_trace.weighted_anew")
    return say(
        lang,
        "page_trace.changed",
        points=numbers.points(row.points, 4),
        total=numbers.points(data.row["subjective"], 2),
        community=data.row["community"],
    )


def _cell(data: Traced, cell: Cell, address: Address) -> html.Tr:
    lang, question = address.lang, cell.question
    names = {one["code"]: name_of(one, lang)[0] for one in data.year.meta["dimensions"]}
    label: Any = f"{question.name} {in_language(question.labels, lang, '')}".strip()
    mine = next((one for one in data.items if one["item"] == question.name), None)
    if mine is not None:
        label = link(
            f"{question.name} {name_in(mine, lang)}", address.link(f"/trace/{in_path(data.code)}", item=question.name)
        )
    return html.Tr(
        [
            html.Th(label, scope="row"),
            html.Td(cell.cells or numbers.DASH),
            html.Td(_said(cell, lang)),
            html.Td(names.get(cell.dimension, numbers.DASH)),
            html.Td(numbers.points(cell.score, 0), className="number"),
            html.Td(_adds(cell), className="number"),
        ]
    )


def _adds(cell: Cell) -> str:
    return numbers.DASH if cell.points is None else f"{cell.points:.4f}"


def _said(cell: Cell, lang: str) -> str:
    """The answer with its words."""
    said = cell.said
    if said is None or said != said:
        return numbers.DASH
    text = f"{said:g}" if isinstance(said, float) else str(said)
    if known(f"page_trace.state_{text}"):
        return say(lang, f"page_trace.state_{text}")
    labels = {c.name: in_language(c.labels, lang, "") for c in cell.question.choices}
    return " ".join(dict.fromkeys(filter(None, (text, labels.get(text, "")))))
