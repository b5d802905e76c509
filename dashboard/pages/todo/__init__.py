"""What is to be done: who owes what by when, one's own first, and a reminder for each who owes."""

from __future__ import annotations

from dashboard.data.files import File
from dashboard.parts.context import Context
from dashboard.parts.page import MORE, Download, Page, Select, later
from dashboard.parts.sent_forms import SentForm


def _table(context: Context) -> File:
    from dashboard.pages.todo.service import table

    return table(context.viewer, context.source, context.store, context.year, context.address.filters, context.lang)


def _letter(context: Context) -> File:
    from dashboard.pages.todo.service import letter

    return letter(context.viewer, context.source, context.store, context.year, context.address.filters, context.lang)


SENT = (SentForm(("todo-save",), ("todo-date",), {"plans.bad_day": "todo-date"}, {}),)
PAGE = Page(
    "todo",
    later(__name__, "page", "page"),
    needs="see",
    paths=("/todo",),
    label="page_todo.title",
    menu=MORE,
    kept=False,
    until_stored=True,
    ahead=True,
    register=later(__name__, "actions", "register"),
    sent=SENT,
    selects=(Select("todo-street", "street"),),
    downloads=(
        Download("/download/todo", _table, needs="see"),
        Download("/download/todo/letter", _letter, needs="see"),
    ),
)
