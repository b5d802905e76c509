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
from dashboard.services.uploads import Upload
from survey.errors import Refused
from survey.lang import say
from survey.store import settings


def page(context: Context) -> View:
    """The import page: form and drop zone, or the preview of what was dropped, or the receipt of what was stored."""
    lang, address = context.lang, context.address
    offered = imports.choices(context.viewer, context.store, context.source.years())
    top = html.Div(
        [
            html.Div([html.H1(say(lang, "page_import.title")), html.Span(say(lang, "page_import.hint"), className="hint")],
                     className="top-start"),
            html.Div(download(say(lang, "page_import.template"), address.link("/download/template")), className="actions"),
        ],
        className="top",
    )  # fmt: skip
    token, numbers = address.filters.get("token", ""), address.filters.get("batch", "")
    notice = None
    if token:
        try:
            upload = context.uploads.find(token, context.viewer.user)
            return View(
                say(lang, "page_import.title"),
                "import",
                html.Div([top, *_waiting(context, offered, upload)], className="import"),
            )
        except Refused as refused:
            notice = html.P(refused.word(lang), className="inline-notice", role="alert")
    year = address.year
    progress = records.progress(context.viewer, context.source, year) if year is not None else ()
    body: list[Any] = [top, notice]
    if numbers:
        body.append(receipt_card(records.receipts(context.viewer, context.store, numbers), progress, address))
    else:
        body.append(drop_zone(offered, {"questionnaire": _first(offered), "sample_type": "probability"}, lang))
    body.append(html.Div(
        [
            progress_card(progress, year, lang),
            html.Div(records_card(records.listing(context.viewer, context.store), lang, zone(context.store)), id="import-records"),
        ],
        className="two-columns",
    ))  # fmt: skip
    if len(context.source.years()) > 1:
        top.children[0].children.append(context.years())
    return View(say(lang, "page_import.title"), "import", html.Div(body, className="import"))


def _first(offered: imports.Choices) -> str:
    return offered.questionnaires[0][0] if offered.questionnaires else ""


def zone(store: Any) -> str:
    """The store's time zone."""
    with store.read() as conn:
        return settings.get(conn, "timezone") or "Asia/Shanghai"


def _waiting(context: Context, offered: imports.Choices, upload: Upload) -> list[Any]:
    return [
        dcc.Store(id="import-token", data=upload.token),
        card(
            [html.H2(say(context.lang, "page_import.step_say")), form(offered, upload.options, context.lang)],
            "upload-card",
        ),
        html.Div(checked(context, upload), id="import-preview", className="import"),
    ]


def checked(context: Context, upload: Upload) -> list[Any]:
    """The preview of an upload as it stands."""
    found = imports.check(context.viewer, context.store, context.uploads, upload)
    return preview(found, context.address, upload.token)
