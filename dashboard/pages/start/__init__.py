"""A year from nothing to its score: six steps, what each has, and what it takes; what an empty store shows everywhere."""

from __future__ import annotations

from dashboard.data.files import File
from dashboard.parts.context import Context
from dashboard.parts.page import MORE, Download, Page, later


def _empty(context: Context, kind: str) -> File:
    from dashboard.pages.start.service import empty_workbook

    return empty_workbook(context.viewer, kind, context.lang)


PAGE = Page(
    "start",
    later(__name__, "page", "page"),
    needs="see",
    paths=("/start",),
    label="page_start.title",
    menu=MORE,
    kept=False,
    without_year=True,
    ahead=True,
    for_empty=True,
    help="first-year",
    register=later(__name__, "actions", "register"),
    downloads=(
        Download("/download/empty/<any(questionnaire,scheme,annex):kind>", _empty, needs="see", unrecorded=True),
    ),
)
