"""问卷结果: how people answered any question, split and filtered, this year beside the last."""

from __future__ import annotations

from dashboard.data.files import File
from dashboard.data.questions.kept_views import mark
from dashboard.parts.context import Context
from dashboard.parts.page import HEAD, Download, Page, Select, later

#: what a choice is in the address, beside the question, which is a link of its own; ``also`` is a second filter
CHOSEN = ("form", "street", "community", "split", "cross", "where", "also", "sort")


def _file(context: Context, kind: str) -> File:
    from dashboard.pages.answers.exported import file

    return file(context, kind)


PAGE = Page(
    "answers",
    later(__name__, "page", "page"),
    needs="see",
    at_once=True,
    paths=("/answers",),
    label="page_shell.answers",
    menu=HEAD,
    rests_on=mark,
    selects=tuple(Select(f"answers-{name}", name) for name in CHOSEN),
    downloads=(Download("/download/answers/<kind>", _file, needs="see"),),
)
