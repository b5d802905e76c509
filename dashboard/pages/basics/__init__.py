"""What everything rests on: the register, questionnaires and schemes, with their versions and what each changed."""

from __future__ import annotations

from dashboard.data.files import File
from dashboard.parts.context import Context
from dashboard.parts.page import MORE, Download, Page, later


def _questionnaire(context: Context, number: int) -> File:
    from dashboard.pages.basics.service import questionnaire_workbook

    return questionnaire_workbook(context.viewer, context.store, number)


def _scheme(context: Context, number: int) -> File:
    from dashboard.pages.basics.service import scheme_workbook

    return scheme_workbook(context.viewer, context.store, number, context.lang)


def _register(context: Context) -> File:
    from dashboard.pages.basics.service import register_workbook

    return register_workbook(context.viewer, context.store, context.lang)


PAGE = Page(
    "basics",
    later(__name__, "page", "page"),
    needs="see",
    paths=("/basics",),
    label="page_basics.title",
    menu=MORE,
    kept=False,
    until_stored=True,
    without_year=True,
    ahead=True,
    help="questionnaire",
    register=later(__name__, "actions", "register"),
    downloads=(
        Download("/download/basics/questionnaire/<int:number>", _questionnaire, needs="see"),
        Download("/download/basics/register", _register, needs="edit_register"),
        Download("/download/basics/scheme/<int:number>", _scheme, needs="see"),
    ),
)
