"""Tasks: which points were lost, and who is in charge of each."""

from __future__ import annotations

from dashboard.data.files import File
from dashboard.parts.context import Context
from dashboard.parts.page import MORE, Download, Page, Select, later
from dashboard.parts.selects import STREETS


def _workbook(context: Context) -> File:
    from dashboard.pages.tasks.service import workbook

    office, code, street = (context.address.filters.get(name, "") for name in ("office", "at", "street"))
    year = context.results_year
    return workbook(context.viewer, context.source, context.store, year, office, code, context.lang, street)


def _offices(context: Context) -> File:
    from dashboard.pages.tasks.service import office_table

    street = context.address.filters.get("street", "")
    return office_table(context.viewer, context.source, context.store, context.results_year, context.lang, street)


PAGE = Page(
    "tasks",
    later(__name__, "page", "page"),
    needs="see",
    paths=("/tasks",),
    label="page_shell.tasks",
    menu=MORE,
    kept=False,
    until_stored=True,
    register=later(__name__, "actions", "register"),
    selects=(
        STREETS,
        Select("tasks-office", "office"),
        Select("tasks-community", "at"),
        Select("tasks-state", "state"),
    ),
    downloads=(
        Download("/download/tasks", _workbook, needs="see"),
        Download("/download/tasks/offices", _offices, needs="see"),
    ),
)
