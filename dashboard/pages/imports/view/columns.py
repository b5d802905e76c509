"""What each column of a file was taken for, a choice for those that are ignored, and the first rows."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.pages.imports.service.checks import Checked
from dashboard.pages.imports.service.decisions import Columns
from dashboard.parts.basic import card
from survey.core.lang import say
from survey.intake.answers import Inspection
from survey.matching.matched_sheet import ColumnMatch

PREVIEW_COLUMNS = 12
#: ignored columns that offer a choice; a sheet with more is mapped by a file
MOST_CHOICES = 40


def details(checked: Checked, known: Columns, lang: str) -> Any:
    """Columns and first rows, folded away; open where a column waits with a suggestion."""
    found = checked.inspection
    assert found is not None
    matched = [c for c in found.columns if c.question or c.how == "calls"]
    text = say(lang, "page_import.columns", matched=len(matched), ignored=len(found.columns) - len(matched))
    if known.suggested:
        text += say(lang, "page_import.columns_alike", n=len(known.suggested))
    head = [
        html.Th(say(lang, f"page_import.col_{k}"), scope="col") for k in ("cell", "header", "question", "certainty")
    ]
    choices = {c.index for c in [c for c in found.columns if c.how == "none" and c.header][:MOST_CHOICES]}
    rows = [html.Tr(_column(checked.number, c, known, c.index in choices, lang)) for c in found.columns]
    table = html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="lines columns")
    kept = html.P(say(lang, "page_import.mapping_kept"), className="hint")
    return card(
        [
            html.Details([html.Summary(f"{checked.file} · {text}"), kept, html.Div(table, className="scroll tall")]),
            html.Details([html.Summary(say(lang, "page_import.preview", n=len(found.preview))), _rows(found, lang)]),
        ],
        "details-card",
    )


def _column(number: int, column: ColumnMatch, known: Columns, choose: bool, lang: str) -> list[Any]:
    suggestion = known.suggested.get(column.index)
    if column.question:
        meant: Any = f"{column.question}{' / ' + column.choice if column.choice else ''}"
        certainty = say(lang, "page_import.certain", how=say(lang, f"page_import.how_{column.how}"))
    elif column.how == "calls":
        meant, certainty = say(lang, "page_import.of_calls"), ""
    else:
        meant = _choice(number, column, known, lang) if choose else say(lang, "page_import.ignored")
        certainty = (
            ""
            if suggestion is None
            else say(
                lang, "page_import.alike", name=suggestion.question, percent=min(99, round(100 * suggestion.certainty))
            )
        )
    if column.question and column.how != "platform" and choose is False:
        text = say(lang, "page_import.unmap" if column.how == "mapping" else "page_import.unread")
        meant = [
            meant,
            " ",
            html.Button(
                text,
                type="button",
                className="button small",
                id={"type": "unmap-column", "part": number, "index": column.index},
            ),
        ]
    return [
        html.Td(column.cell, className="cells"),
        html.Td(column.header),
        html.Td(meant, className="" if column.question else "muted"),
        html.Td(certainty, className="muted"),
    ]


def _choice(number: int, column: ColumnMatch, known: Columns, lang: str) -> dmc.Select:
    first = known.suggested.get(column.index)
    free = sorted(known.free, key=lambda q: first is None or q[0] != first.question)
    data = [
        {"value": "", "label": say(lang, "page_import.ignored")},
        *({"value": name, "label": f"{name} · {label}" if label != name else name} for name, label in free),
    ]
    return dmc.Select(
        id={"type": "map-column", "part": number, "index": column.index},
        value="",
        data=data,
        size="xs",
        searchable=len(data) > 8,
        allowDeselect=False,
        className="field" + (" unsure" if first else ""),
        **{"aria-label": column.header},
    )


def _rows(found: Inspection, lang: str) -> html.Div:
    headers = [c.header for c in found.columns][:PREVIEW_COLUMNS]
    left = len(found.columns) - len(headers)
    table = html.Table(
        [
            html.Thead(html.Tr([html.Th(h, scope="col") for h in headers])),
            html.Tbody([html.Tr([html.Td(cell) for cell in row[:PREVIEW_COLUMNS]]) for row in found.preview]),
        ],
        className="lines",
    )
    note = html.P(say(lang, "page_import.preview_left", n=left), className="hint") if left > 0 else None
    return html.Div([table, note], className="scroll")
