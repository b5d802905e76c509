"""Communities beside each other over the years."""

from __future__ import annotations

from dashboard.data.files import File, kind_asked
from dashboard.data.questions.kept_views import mark
from dashboard.parts.context import Context
from dashboard.parts.page import HEAD, Download, Page, Select, later
from dashboard.parts.selects import STREETS


def _compared(context: Context) -> File:
    from dashboard.pages.compare.service import compared

    codes = [c for c in context.address.filters.get("with", "").split(",") if c]
    asked = context.results_year, _street(context), codes, context.lang, kind_asked(context.address)
    return compared(context.viewer, context.source, *asked)


def _pairs(context: Context) -> File:
    from dashboard.pages.compare.pairs_service import pairs

    return pairs(context.viewer, context.source, *_asked(context))


def _alike(context: Context) -> File:
    from dashboard.pages.compare.service import alike

    return alike(context.viewer, context.source, *_asked(context))


def _asked(context: Context) -> tuple[int, str, str, str]:
    return context.results_year, _street(context), context.lang, kind_asked(context.address)


def _street(context: Context) -> str:
    return context.address.filters.get("street", "")


PAGE = Page(
    "compare",
    later(__name__, "page", "page"),
    needs="see",
    paths=("/compare",),
    label="page_shell.compare",
    menu=HEAD,
    rests_on=mark,
    selects=(STREETS, Select("compare-select", "with", how="compare")),
    downloads=(
        Download("/download/compare", _compared, needs="see"),
        Download("/download/pairs", _pairs, needs="see"),
        Download("/download/alike", _alike, needs="see"),
    ),
)
