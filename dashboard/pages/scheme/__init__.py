"""The scheme of the year: what is measured by which rule, and how it came to be so."""

from __future__ import annotations

from dashboard.accounts.half_filled import Form
from dashboard.data.files import File
from dashboard.parts.context import Context
from dashboard.parts.page import MORE, Download, Page, later


def _workbook(context: Context, kind: str) -> File:
    from dashboard.pages.scheme.service import workbook

    return workbook(context.viewer, context.store, context.results_year, kind, context.lang)


FORM = Form("scheme", ("scheme-author", "scheme-reason"), "edit_scheme")
PAGE = Page(
    "scheme",
    later(__name__, "page", "page"),
    needs="see",
    paths=("/scheme",),
    label="page_shell.scheme",
    menu=MORE,
    kept=False,
    help="scheme",
    register=later(__name__, "actions", "register"),
    forms=(FORM,),
    downloads=(Download("/download/scheme/<kind>", _workbook, needs="see"),),
)
