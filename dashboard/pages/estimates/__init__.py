"""Statistics of any question, filtered and split: what ``estimate`` gives, chosen on a page."""

from __future__ import annotations

from dashboard.data.files import File, kind_asked
from dashboard.parts.context import Context
from dashboard.parts.page import MORE, Download, Page, Select, later

#: what a choice is in the address; ``base`` is the denominator of a ratio, ``also`` a second filter
FILTERS = ("form", "item", "stat", "base", "community", "split", "where", "also")


def _file(context: Context) -> File:
    from dashboard.pages.estimates.service import estimates, file

    found = estimates(context.viewer, context.source, context.store, context.results_year, context.address.filters)
    return file(found, context.lang, kind_asked(context.address), context.source.results(context.results_year))


PAGE = Page(
    "estimates",
    later(__name__, "page", "page"),
    needs="see",
    paths=("/estimates",),
    label="page_shell.estimates",
    menu=MORE,
    selects=tuple(Select(f"estimates-{name}", name) for name in FILTERS),
    downloads=(Download("/download/estimates", _file, needs="see"),),
)
