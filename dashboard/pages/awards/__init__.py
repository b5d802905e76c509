"""Awards and targets: what the year will cost, what was paid and by which rule."""

from __future__ import annotations

from dashboard.data.files import File
from dashboard.parts.context import Context
from dashboard.parts.page import MORE, Download, Page, later
from dashboard.parts.selects import STREETS


def _file(context: Context, name: str) -> File:
    from dashboard.pages.awards.service import file

    street = context.address.filters.get("street", "")
    return file(context.viewer, context.source, context.store, context.results_year, name, context.lang, street)


PAGE = Page(
    "awards",
    later(__name__, "page", "page"),
    needs="see_all",
    paths=("/awards",),
    label="page_shell.awards",
    menu=MORE,
    kept=False,
    help="year#奖励与目标",
    selects=(STREETS,),
    register=later(__name__, "actions", "register"),
    downloads=(Download("/download/awards/<name>", _file, needs="see_all"),),
)
