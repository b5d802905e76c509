"""What goes with overall happiness."""

from __future__ import annotations

from dashboard.data.files import File, kind_asked
from dashboard.parts.context import Context
from dashboard.parts.page import MORE, Download, Page, Select, community_there, later


def _file(context: Context, code: str = "") -> File:
    from dashboard.pages.drivers.service import drivers, file

    asked = [context.address.filters.get(name, "") for name in ("outcome", "form", "weights")]
    found = drivers(context.viewer, context.source, context.store, context.results_year, code, *asked)
    return file(found, context.lang, kind_asked(context.address), context.source.results(context.results_year))


PAGE = Page(
    "drivers",
    later(__name__, "page", "page"),
    needs="see",
    paths=("/drivers", "/drivers/<code>"),
    label="page_shell.drivers",
    menu=MORE,
    there=community_there,
    selects=(
        Select("drivers-community", "code"),
        Select("drivers-outcome", "outcome"),
        Select("drivers-form", "form"),
        Select("drivers-weights", "weights"),
    ),
    downloads=(
        Download("/download/drivers", _file, needs="see"),
        Download("/download/drivers/<code>", _file, needs="see"),
    ),
)
