"""The year's cycle: where each community stands, and what comes next."""

from __future__ import annotations

from dashboard.data.files import XLSX, File
from dashboard.pages.cycle.refusals import SENT
from dashboard.parts.context import Context
from dashboard.parts.page import MORE, Download, Page, later


def _template(context: Context, kind: str) -> File:
    from dashboard.pages.cycle.service import template

    street = context.address.filters.get("street", "")
    return (*template(context.viewer, context.store, context.results_year, kind, context.lang, street), XLSX)


PAGE = Page(
    "cycle",
    later(__name__, "page", "page"),
    needs="see",
    paths=("/cycle",),
    label="page_shell.cycle",
    menu=MORE,
    help="year",
    register=later(__name__, "actions", "register"),
    sent=(SENT,),
    downloads=(Download("/download/cycle/<kind>", _template, needs="enter_step"),),
)
