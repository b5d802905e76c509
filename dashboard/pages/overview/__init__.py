"""Overview: how do we stand, is it final, is it real?"""

from __future__ import annotations

from collections.abc import Hashable

from dashboard.data.files import File
from dashboard.parts.context import Context
from dashboard.parts.page import HEAD, Download, Page, later
from dashboard.parts.selects import STREETS
from dashboard.web.access import Viewer
from survey.fieldwork.community_map import map_mark
from survey.store import Store


def _archive(context: Context) -> File:
    from dashboard.pages.overview.service import year_archive

    street = context.address.filters.get("street", "")
    return year_archive(context.viewer, context.source, context.store, context.results_year, street, context.lang)


def _mark(_viewer: Viewer, store: Store | None) -> Hashable:
    """Another value whenever the map is another."""
    if store is None:
        return ""
    with store.read() as conn:
        return map_mark(conn)


PAGE = Page(
    "overview",
    later(__name__, "page", "page"),
    needs="see",
    at_once=True,
    paths=("/",),
    label="page_shell.overview",
    menu=HEAD,
    rests_on=_mark,
    help="leaders",
    selects=(STREETS,),
    downloads=(Download("/download/year", _archive, needs="see"),),
)
