"""One community: why it stands where it does, and what would lift it."""

from __future__ import annotations

from dashboard.data.files import File, kind_asked
from dashboard.parts.context import Context
from dashboard.parts.page import HEAD, Download, Page, Select, community_there, later


def _breakdown(context: Context, code: str) -> File:
    from dashboard.pages.community.service import breakdown

    return breakdown(context.viewer, context.source, context.store, context.results_year, code, context.lang)


def _trend(context: Context, code: str) -> File:
    from dashboard.pages.community.service import trend

    asked = context.results_year, code, context.lang, kind_asked(context.address)
    return trend(context.viewer, context.source, context.store, *asked)


def _picture(context: Context, code: str, kind: str) -> File:
    from dashboard.pages.community.history import picture
    from dashboard.pages.community.service import community

    return picture(context, community(context.viewer, context.source, context.results_year, code), kind)


PAGE = Page(
    "community",
    later(__name__, "page", "page"),
    needs="see",
    at_once=True,
    paths=("/community", "/community/<code>"),
    label="page_shell.community",
    menu=HEAD,
    there=community_there,
    help="leaders#离下一星还差多少",
    selects=(Select("community-select", "code"),),
    downloads=(
        Download("/download/community/<code>", _breakdown, needs="see"),
        Download("/download/trend/<code>", _trend, needs="see"),
        Download("/download/trend-picture/<code>/<kind>", _picture, needs="see"),
    ),
)
