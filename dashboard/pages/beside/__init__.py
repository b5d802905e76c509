"""One community beside another, the mean of its street or type, or another year of its own: what differs beyond chance first."""

from __future__ import annotations

from dashboard.data.files import File, kind_asked
from dashboard.data.questions.kept_views import mark
from dashboard.parts.context import Context
from dashboard.parts.page import NONE, Download, Page, Select, later


def _beside(context: Context) -> File:
    from dashboard.pages.beside.service import beside_file

    filters = context.address.filters
    asked = filters.get("community", ""), filters.get("against", "")
    return beside_file(
        context.viewer, context.source, context.results_year, *asked, context.lang, kind_asked(context.address)
    )


PAGE = Page(
    "beside",
    later(__name__, "page", "page"),
    needs="see",
    at_once=True,
    paths=("/compare/beside",),
    menu=NONE,
    rests_on=mark,
    selects=(Select("beside-community", "community"), Select("beside-against", "against")),
    downloads=(Download("/download/beside", _beside, needs="see"),),
)
