"""Import: what in these files needs me, and who is still missing?"""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard.components.basic import card, link
from dashboard.components.checked import files_card
from dashboard.components.columns import details
from dashboard.components.findings import findings_card
from dashboard.components.records import progress_card, receipt_card, records_card
from dashboard.components.upload import add_files, drop_zone, templates_menu
from dashboard.components.wording import wording_card
from dashboard.pages import Context, View
from dashboard.services import deciding, imports, records, templates
from dashboard.services.uploads import Upload
from survey.errors import Refused
from survey.lang import say


def page(context: Context) -> View:
    """Drop zone, or the check of what was dropped, or the receipt of what was stored."""
    filters, lang = context.address.filters, context.lang
    offered = imports.choices(context.viewer, context.store, context.source.years())
    body, upload = [], None
    if filters.get("token"):
        try:
            upload = context.uploads.find(filters["token"], context.viewer.user)
        except Refused as refused:
            body.append(html.P(refused.word(lang), className="inline-notice", role="alert"))
    done = filters.get("batch", "")
    # the ids below exist in every state, because callbacks name them
    body.append(dcc.Store(id="import-token", data=upload.token if upload else None))
    if done:
        body.append(_receipt(context, done, upload))
    elif upload is None:
        body.append(drop_zone(lang))
    body.append(
        html.Div(
            _waiting(context, offered, upload) if upload and not done else [], id="import-preview", className="import"
        )
    )
    body.append(_below(context))
    return View(
        say(lang, "page_import.title"),
        "import",
        html.Div([_top(context, upload is not None and not done), *body], className="import"),
    )


def _top(context: Context, waiting: bool) -> html.Div:
    lang = context.lang
    start = [html.H1(say(lang, "page_import.title")), html.Span(say(lang, "page_import.hint"), className="hint")]
    if not waiting and len(context.source.years()) > 1:
        start.append(context.years())
    actions = [templates_menu(templates.listed(context.viewer, context.store, context.address.year), context.address)]
    if waiting:
        actions.append(add_files(lang))
    return html.Div([html.Div(start, className="top-start"), html.Div(actions, className="actions")], className="top")


def _receipt(context: Context, done: str, upload: Upload | None) -> html.Section:
    address = context.address
    found = records.receipts(context.viewer, context.store, done)
    more = None
    if upload is not None:
        more = link(say(context.lang, "page_import.still_waiting", n=len(imports.parts_of(upload))),
                    address.link("/import", token=upload.token), "button primary")  # fmt: skip
    return receipt_card(
        found, records.sentence(context.viewer, context.store, found, address.year, context.lang), address, more
    )


def _below(context: Context) -> html.Div:
    lang, viewer, year = context.lang, context.viewer, context.address.year
    progress = records.progress(viewer, context.store, year) if year is not None else ()
    listed = records_card(records.listing(viewer, context.store), lang, records.zone(viewer, context.store))
    return html.Div([progress_card(progress, year, lang), listed], className="two-columns")


def _waiting(context: Context, offered: imports.Choices, upload: Upload) -> list[Any]:
    lang = context.lang
    found = imports.check(context.viewer, context.store, context.uploads, upload)
    if not found:
        return [card(html.P(say(lang, "page_import.only_list"), className="muted"))]
    return [
        files_card(found, context.address, offered),
        *[
            part
            for c in found
            for part in (
                wording_card(c, lang, len(found) > 1),
                findings_card(c, context.address, upload.token, len(found) > 1),
            )
        ],
        *[details(c, deciding.columns(context.viewer, context.store, c, lang), lang) for c in found if c.inspection],
    ]
