"""Two answer sheets of one person side by side, what differs marked."""

from __future__ import annotations

from dash import html

from survey.lang import say
from survey.side_by_side import Beside, Place


def beside_row(two: Beside, columns: int, lang: str) -> html.Tr:
    """Folded away below its finding, over ``columns`` columns of the table."""
    head = [html.Th(say(lang, "page_import.col_question_text"), scope="col"),
            *[html.Th(_place(place, lang), scope="col") for place in (two.here, two.there)]]  # fmt: skip
    body = [
        html.Tr(
            [
                html.Th(header, scope="row"),
                *[html.Td(html.Mark(text or say(lang, "page_import.empty"))) for text in pair],
            ]
        )
        for header, *pair in two.differ
    ]
    table = html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="lines twins")
    text = say(lang, "page_import.twins", n=len(two.differ), same=two.same)
    shown = html.Details([html.Summary(text), html.Div(table, className="scroll tall")])
    return html.Tr(html.Td(shown, colSpan=columns), className="beside")


def _place(place: Place, lang: str) -> str:
    if not place.batch:
        return say(lang, "page_import.row_here", n=place.row)
    return say(lang, "page_import.row_stored", n=place.row, batch=place.batch, file=place.file, sheet=place.sheet)
