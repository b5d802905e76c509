"""How it is computed."""

from __future__ import annotations

from dashboard.data.files import File
from dashboard.parts.context import Context
from dashboard.parts.page import MORE, Download, Page, later


def _check(context: Context) -> File:
    from dashboard.pages.method.service import check

    return check(context.viewer, context.source, context.store, context.results_year, context.lang)


PAGE = Page(
    "method",
    later(__name__, "page", "page"),
    needs="see",
    paths=("/method",),
    label="page_shell.method",
    menu=MORE,
    downloads=(Download("/download/check", _check, needs="take_responses", unrecorded=True),),
)
