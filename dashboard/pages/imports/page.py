"""Import: what in these files needs me, and who is still missing?"""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard.data.uploads import Upload
from dashboard.pages.imports.service import background_work, checks, decisions, import_history, templates
from dashboard.pages.imports.view.checked_files import files_card
from dashboard.pages.imports.view.findings import findings_card
from dashboard.pages.imports.view.held_columns import contents_card
from dashboard.pages.imports.view.import_history import alike_card, progress_card, receipt_card, records_card
from dashboard.pages.imports.view.progress import stages_card
from dashboard.pages.imports.view.removal import removal_card
from dashboard.pages.imports.view.upload import add_files, templates_menu, under_way_card
from dashboard.parts.basic import card, link
from dashboard.parts.context import Context, View
from dashboard.parts.drop_zone import drop_zone
from dashboard.web.access import may
from survey.core.errors import Refused
from survey.core.lang import say


def page(context: Context) -> View:
    """Drop zone, what is being done, the check of what was dropped, or the receipt of what was stored."""
    filters, lang, viewer, uploads = context.address.filters, context.lang, context.viewer, context.uploads
    if not may(viewer, "import"):
        return _looked_at(context, filters.get("batch", ""))
    offered = checks.choices(viewer, context.store, context.source.years(), lang)
    token, done = filters.get("token", ""), filters.get("batch", "")
    body: list[Any] = []
    work = background_work.at_work(viewer, uploads, token) if token and not done else None
    upload, refused = _upload(context, token) if token else (None, None)
    if upload is None and work is None and not done and (found := background_work.stored(viewer, uploads, token)):
        done = ",".join(map(str, found.batches))  # back at the address of what has been stored since
        refused = None
    preview: list[Any] = []
    if work is not None:
        preview = [stages_card(*work, lang)]
    elif upload is not None and not done:
        preview = _waiting(context, offered, upload)
    notes = [n for n in (refused, *_failures(context, token)) if n is not None] if token and work is None else []
    body += [html.P(note.word(lang), className="inline-notice", role="alert") for note in notes[:1]]
    # the ids below exist in every state, because callbacks name them
    body.append(dcc.Store(id="import-token", data=token if work or upload else None))
    if done:
        body.append(_receipt(context, done, upload))
    elif not preview:
        body.append(drop_zone(lang))
        if under_way := uploads.of_user(viewer.user):
            body.append(under_way_card(under_way, context.address))
    body += [html.Div(preview, id="import-preview", className="import"), _below(context)]
    idle = bool(preview) and work is None and "fresh" not in (upload.options if upload else {})
    return View(
        say(lang, "page_import.title"),
        "import",
        html.Div([_top(context, idle, bool(preview)), *body], className="import"),
    )


def _looked_at(context: Context, done: str) -> View:
    """What was imported, for who brings nothing in."""
    lang = context.lang
    start = [html.H1(say(lang, "page_import.title")), html.Span(say(lang, "page_import.only_looks"), className="hint")]
    parts = [_receipt(context, done, None)] if done else []
    top = html.Div(html.Div(start, className="top-start"), className="top")
    return View(say(lang, "page_import.title"), "import", html.Div([top, *parts, _below(context)], className="import"))


def _upload(context: Context, token: str) -> tuple[Upload | None, Refused | None]:
    try:
        return context.uploads.find(token, context.viewer.user), None
    except Refused as refused:
        return None, background_work.failure(context.viewer, context.uploads, token, "look") or refused


def _failures(context: Context, token: str) -> list[Refused | None]:
    return [background_work.failure(context.viewer, context.uploads, token, kind) for kind in ("look", "store")]


def _top(context: Context, idle: bool, waiting: bool) -> html.Div:
    """Files can be added when nothing is at work."""
    lang = context.lang
    start = [html.H1(say(lang, "page_import.title")), html.Span(say(lang, _hint(context)), className="hint")]
    if not waiting and len(context.source.years()) > 1:
        start.append(context.years())
    actions = [templates_menu(templates.listed(context.viewer, context.store, context.address.year), context.address)]
    if idle:
        actions.append(add_files(lang))
    return html.Div([html.Div(start, className="top-start"), html.Div(actions, className="actions")], className="top")


def _hint(context: Context) -> str:
    """What may be dropped here: who brings no definitions is not told of them."""
    return "page_import.hint" if may(context.viewer, "edit_register") else "page_import.hint_own"


def _receipt(context: Context, done: str, upload: Upload | None) -> html.Section:
    address = context.address
    found = import_history.receipts(context.viewer, context.store, done)
    more = None
    if upload is not None:
        more = link(
            say(context.lang, "page_import.still_waiting", n=checks.waiting(upload)),
            address.link("/import", token=upload.token),
            "button primary",
        )
    return receipt_card(
        found,
        import_history.sentence(context.viewer, context.store, found, address.year, context.lang, context.source),
        import_history.aftermath(context.viewer, context.store, found, context.lang),
        address,
        more,
        import_history.answers_told(context.viewer, context.store, found, context.lang),
    )


def _below(context: Context) -> html.Div:
    lang, viewer, year = context.lang, context.viewer, context.address.year
    progress = import_history.progress(viewer, context.store, year, context.source) if year is not None else ()
    found = import_history.listing(viewer, context.store)
    listed = records_card(
        found,
        context.address,
        import_history.zone(viewer, context.store),
        may_undo=may(viewer, "undo"),
        frozen=import_history.frozen(viewer, context.store, found),
        originals=import_history.with_original(viewer, context.store, found),
        every=viewer.at().everywhere,
        taken=import_history.places_taken(viewer, context.store),
    )
    columns = html.Div([progress_card(progress, year, lang), listed], className="two-columns")
    alike: list[Any] = []
    if may(viewer, "remove_people") and context.address.filters.get("alike"):
        alike = [alike_card(import_history.alike(viewer, context.store), lang)]
    elif may(viewer, "remove_people"):
        alike = [
            html.P(
                link(say(lang, "page_import.alike_look"), context.address.link("/import", alike="1")),
                className="alike-look",
            )
        ]
    return html.Div([columns, *alike, *([removal_card(lang)] if may(viewer, "remove_people") else [])])


def _waiting(context: Context, offered: checks.Choices, upload: Upload) -> list[Any]:
    lang, viewer, store, uploads = context.lang, context.viewer, context.store, context.uploads
    found = checks.known(viewer, store, uploads, upload)
    if found is None:
        job = background_work.look(viewer, store, uploads, upload, offered)
        if job.running:
            return [stages_card("look", job, lang)]
        found = checks.check(viewer, store, uploads, uploads.find(upload.token, viewer.user))
    if not found:
        return [card(html.P(say(lang, "page_import.only_list"), className="muted"))]
    return [
        files_card(found, context.address, offered),
        *[
            part
            for c in found
            for part in (
                contents_card(c, context.address, upload.token, len(found) > 1),
                findings_card(
                    c,
                    decisions.beside(context.viewer, context.store, c, lang),
                    context.address,
                    upload.token,
                    len(found) > 1,
                ),
            )
        ],
    ]
