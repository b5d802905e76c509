"""Data quality: how far the questionnaire and the sample of the year can be trusted."""

from __future__ import annotations

from dashboard.data.files import File, kind_asked
from dashboard.parts.context import Context
from dashboard.parts.page import MORE, Download, Page, later


def _file(context: Context, name: str) -> File:
    from dashboard.pages.quality.service import file

    kind = kind_asked(context.address)
    return file(context.viewer, context.source, context.store, context.results_year, name, context.lang, kind)


PAGE = Page(
    "quality",
    later(__name__, "page", "page"),
    needs="see",
    paths=("/quality",),
    label="page_shell.quality",
    menu=MORE,
    downloads=(Download("/download/quality/<name>", _file, needs="see"),),
)
