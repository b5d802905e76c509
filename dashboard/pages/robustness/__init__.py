"""Would the stars be others if something reasonable had been decided otherwise?"""

from __future__ import annotations

from dashboard.data.files import File, kind_asked
from dashboard.parts.context import Context
from dashboard.parts.page import MORE, Download, Page, later
from dashboard.parts.selects import STREETS


def _file(context: Context, name: str) -> File:
    from dashboard.pages.robustness.service import file

    kind = kind_asked(context.address)
    return file(context.viewer, context.source, context.store, context.results_year, name, context.lang, kind)


PAGE = Page(
    "robustness",
    later(__name__, "page", "page"),
    needs="see",
    paths=("/robustness",),
    label="page_shell.robustness",
    menu=MORE,
    selects=(STREETS,),
    downloads=(Download("/download/robustness/<name>", _file, needs="see"),),
)
