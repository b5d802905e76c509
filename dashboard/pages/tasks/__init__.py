"""Tasks: which points were lost, and who is in charge of each."""

from __future__ import annotations

from dashboard.data.files import File
from dashboard.parts.context import Context
from dashboard.parts.page import MORE, Download, Page, Select, later


def _workbook(context: Context) -> File:
    from dashboard.pages.tasks.service import workbook

    chosen = (context.address.filters.get("office", ""), context.address.filters.get("at", ""))
    return workbook(context.viewer, context.source, context.store, context.results_year, *chosen, context.lang)


def _offices(context: Context) -> File:
    from dashboard.pages.tasks.service import office_table

    return office_table(context.viewer, context.source, context.store, context.results_year, context.lang)


PAGE = Page(
    "tasks",
    later(__name__, "page", "page"),
    needs="see",
    paths=("/tasks",),
    label="page_shell.tasks",
    menu=MORE,
    kept=False,
    register=later(__name__, "actions", "register"),
    selects=(
        Select("tasks-office", "office"),
        Select("tasks-community", "at"),
        Select("tasks-state", "state"),
    ),
    downloads=(
        Download("/download/tasks", _workbook, needs="see"),
        Download("/download/tasks/offices", _offices, needs="see"),
    ),
)
