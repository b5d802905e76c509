"""Import: what in these files needs me, and who is still missing?"""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard.components.basic import card, download
from dashboard.components.checked import preview
from dashboard.components.records import progress_card, receipt_card, records_card
from dashboard.components.upload import drop_zone, form
from dashboard.pages import Context, View
from dashboard.services import imports, records
from dashboard.services.imports import Choices
from dashboard.services.uploads import Upload
from survey.errors import Refused
from survey.lang import say


def page(context: Context) -> View:
    """Form and drop zone, or the preview of what was dropped, or the receipt of what was stored."""
    filters = context.address.filters
    offered = imports.choices(context.viewer, context.store, context.source.years())
    body, upload = [], None
    if filters.get("token"):
        try:
            upload = context.uploads.find(filters["token"], context.viewer.user)
        except Refused as refused:
            body.append(html.P(refused.word(context.lang), className="inline-notice", role="alert"))
    # the ids below exist in every state, because callbacks name them
    body.append(dcc.Store(id="import-token", data=upload.token if upload else None))
    body += _waiting(context, offered, upload) if upload else _fresh(context, offered)
    title = say(context.lang, "page_import.title")
    return View(title, "import", html.Div([_top(context, upload is None), *body], className="import"))


def _top(context: Context, with_years: bool) -> html.Div:
    lang = context.lang
    start = [html.H1(say(lang, "page_import.title")), html.Span(say(lang, "page_import.hint"), className="hint")]
    if with_years and len(context.source.years()) > 1:
        start.append(context.years())
    template = download(say(lang, "page_import.template"), context.address.link("/download/template"))
    return html.Div([html.Div(start, className="top-start"), html.Div(template, className="actions")], className="top")


def _fresh(context: Context, offered: Choices) -> list[Any]:
    lang, address, viewer = context.lang, context.address, context.viewer
    progress = records.progress(viewer, context.source, address.year) if address.year is not None else ()
    done = address.filters.get("batch", "")
    chosen = {
        "questionnaire": offered.questionnaires[0][0] if offered.questionnaires else "",
        "sample_type": "probability",
    }
    first = (
        receipt_card(records.receipts(viewer, context.store, done), progress, address)
        if done
        else drop_zone(offered, chosen, lang)
    )
    listed = records_card(records.listing(viewer, context.store), lang, records.zone(viewer, context.store))
    below = html.Div([progress_card(progress, address.year, lang), listed], className="two-columns")
    return [first, html.Div(id="import-preview"), below]


def _waiting(context: Context, offered: Choices, upload: Upload) -> list[Any]:
    sheets, shown = checked(context, offered, upload)
    title = html.H2(say(context.lang, "page_import.step_say"))
    return [
        card([title, form(offered, upload.options, context.lang, sheets)], "upload-card"),
        html.Div(shown, id="import-preview", className="import"),
    ]


def checked(context: Context, offered: Choices, upload: Upload) -> tuple[list[str], list[Any]]:
    """The sheets there are to choose from, and the preview of an upload as it stands."""
    found = imports.check(context.viewer, context.store, context.uploads, upload)
    sheets = list(dict.fromkeys(s for c in found for s in c.sheets))
    return sheets, preview(found, context.address, upload.token, dict(offered.questionnaires))
