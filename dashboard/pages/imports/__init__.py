"""Bringing files in: what in them needs a person, and who is still missing."""

from __future__ import annotations

from dashboard.accounts.half_filled import Form
from dashboard.data.files import XLSX, File
from dashboard.parts.context import Context, View
from dashboard.parts.page import HEAD, Download, Page, Post, later
from dashboard.parts.sent_forms import SentForm
from survey.core.lang import say

_FINDING = ("part", "cell", "code")
#: what is typed about the findings of an upload, and into the form that removes somebody
DECIDING = Form(
    "findings",
    (),
    "decide_findings",
    of="token",
    groups=(("decide-value", _FINDING), ("decide-reason", _FINDING)),
    yearly=False,
)
REMOVING = Form("removal", (), "remove_people", groups=(("removal-field", ("name",)),), yearly=False)


def _show(context: Context, below: str = "") -> View:
    """The page; what stands below its address makes no other of it."""
    from dashboard.pages.imports.page import page

    return page(context)


def _answers(context: Context, name: str = "") -> File:
    from dashboard.pages.imports.service.templates import answers

    return answers(context.viewer, context.store, name, context.lang)


def _phone(context: Context, name: str) -> File:
    from dashboard.pages.imports.service.templates import answers

    return answers(context.viewer, context.store, name, context.lang, "phone")


def _indicators(context: Context, year: int) -> File:
    from dashboard.pages.imports.service.templates import indicators

    return indicators(context.viewer, context.store, year, context.lang)


def _register(context: Context) -> File:
    from dashboard.pages.imports.service.templates import empty_register

    return empty_register(context.viewer, context.lang)


def _findings(context: Context, token: str, kind: str) -> File:
    from dashboard.pages.imports.service.finding_files import findings_file

    return findings_file(context.viewer, context.store, context.uploads, token, kind, context.lang)


def _annotated(context: Context, token: str, number: int) -> File:
    from dashboard.pages.imports.service.finding_files import annotated

    file, data = annotated(context.viewer, context.store, context.uploads, token, number, context.lang)
    stem = file.rpartition(".")[0] or file
    return f"{stem}_{say(context.lang, 'page_import.annotated_name')}.xlsx", data, XLSX


def _contents(context: Context, token: str, number: int) -> File:
    from dashboard.pages.imports.service.contents import contents_file

    file, data = contents_file(context.viewer, context.store, context.uploads, token, number, context.lang)
    stem = file.rpartition(".")[0] or file
    return f"{stem}_{say(context.lang, 'page_import.holds')}.xlsx", data, XLSX


def _batch(context: Context, number: int) -> File:
    from dashboard.pages.imports.service.import_history import kept_findings
    from survey.decisions.finding_list import list_workbook

    kept, found = kept_findings(context.viewer, context.store, number)
    stem = f"{say(context.lang, 'page_import.findings')}_{number}"
    return f"{stem}.xlsx", list_workbook([(kept.file, found)], context.lang), XLSX


def _original(context: Context, number: int) -> File:
    from dashboard.pages.imports.service.import_history import original

    file, data = original(context.viewer, context.store, number, context.lang)
    stem = file.rpartition(".")[0] or file
    return f"{stem}_{say(context.lang, 'page_import.original_name')}.xlsx", data, XLSX


SENT = (
    SentForm(
        ("decide", "decide-value", "decide-reason"),
        ("decide-value", "decide-reason"),
        {"page_import.no_value": "decide-value", "page_import.no_reason": "decide-reason"},
        {},
    ),
    SentForm(
        ("removal-look", "removal-do"),
        tuple(f"removal-field/{name}" for name in ("batch", "respondent", "row", "reason")),
        {
            "page_import.removal_number": ("removal-field/batch", "removal-field/row"),
            "removal.whom": ("removal-field/respondent", "removal-field/batch"),
            "removal.nothing": ("removal-field/batch", "removal-field/respondent"),
            "removal.several": ("removal-field/batch",),
            "store.unknown_batch": ("removal-field/batch",),
            "store.batch_removed": ("removal-field/batch",),
            "removal.no_people": ("removal-field/batch",),
        },
        {},
    ),
)
PAGE = Page(
    "import",
    _show,
    needs="see_imports",
    paths=("/import", "/import/<below>"),
    label="page_shell.import",
    menu=HEAD,
    kept=False,
    one_process=True,
    without_year=True,
    help="intake",
    register=later(__name__, "actions", "register"),
    sent=SENT,
    forms=(DECIDING, REMOVING),
    downloads=(
        Download("/download/template", _answers, needs="see", unrecorded=True),
        Download("/download/template/<name>", _answers, needs="see", unrecorded=True),
        Download("/download/template/<name>/phone", _phone, needs="see", unrecorded=True),
        Download("/download/empty/indicators/<int:year>", _indicators, needs="see"),
        Download("/download/empty/register", _register, needs="see", unrecorded=True),
        Download("/download/findings/<token>.<any(csv,xlsx):kind>", _findings, needs="import"),
        Download("/download/annotated/<token>/<int:number>", _annotated, needs="import"),
        Download("/download/contents/<token>/<int:number>", _contents, needs="import"),
        Download("/download/batch/<int:number>", _batch, needs="see_imports"),
        Download("/download/original/<int:number>", _original, needs="see_originals", unrecorded=True),
    ),
    posts=(Post("/import/upload", later(__name__, "actions", "upload"), needs="import"),),
)
