"""The scheme of the year: what is measured by which rule, and how it came to be so."""

from __future__ import annotations

from dashboard.accounts.half_filled import Form
from dashboard.data.files import File
from dashboard.parts.context import Context
from dashboard.parts.page import MORE, Download, Page, later
from dashboard.parts.sent_forms import SentForm


def _workbook(context: Context, kind: str) -> File:
    from dashboard.pages.scheme.service import workbook

    return workbook(context.viewer, context.store, context.results_year, kind, context.lang)


FORM = Form("scheme", ("scheme-author", "scheme-reason"), "edit_scheme")

_NAMED = ("scheme-file", "scheme-author", "scheme-reason")
SENT = (
    SentForm(
        ("scheme-submit",),
        _NAMED,
        {"page_scheme.choose_file": "scheme-file", "page_scheme.too_large": "scheme-file"},
        {"scheme-author": "page_scheme.author", "scheme-reason": "page_scheme.reason"},
    ),
)
PAGE = Page(
    "scheme",
    later(__name__, "page", "page"),
    needs="see",
    paths=("/scheme",),
    label="page_shell.scheme",
    menu=MORE,
    kept=False,
    until_stored=True,
    help="scheme",
    register=later(__name__, "actions", "register"),
    sent=SENT,
    forms=(FORM,),
    downloads=(Download("/download/scheme/<kind>", _workbook, needs="see"),),
)
