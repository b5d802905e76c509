"""From an address to a page: a plain function of viewer, source and address, so that it is tested without a browser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dashboard.data.results import Source, year_or_latest
from dashboard.parts.basic import link, message
from dashboard.parts.context import Context, Page, View
from dashboard.parts.shell import shell
from dashboard.web.access import Viewer
from dashboard.web.address import Address, parse, stored_year
from dashboard.web.permissions import granted
from survey.core.errors import Refused
from survey.core.lang import say
from survey.fieldwork.register import FIRST_YEAR, LAST_YEAR

#: pages on which a year may be begun that has no results yet
AHEAD = ("/indicators",)


@dataclass(frozen=True)
class Rendered:
    """What goes to the browser; ``address`` is complete, with the language and year that are shown."""

    title: str
    children: Any
    address: Address


def render(
    viewer: Viewer,
    source: Source,
    store: Any,
    uploads: Any,
    path: str | None,
    search: str | None,
    cookies: Mapping[str, str],
) -> Rendered:
    """The page of an address; what is unknown or not allowed becomes a page that says so in one sentence."""
    address = parse(path, search, cookies)
    try:
        if not _ahead(address):
            address = replace(
                address, year=year_or_latest(source, address.year, address.bad_year, stored_year(cookies))
            )
        view = _page(Context(viewer, source, address, store, uploads))
    except Refused as refused:
        latest = source.years()[-1:] or (None,)
        address = replace(address, year=address.year if address.year in source.years() else latest[0])
        view = _refused(Context(viewer, source, address, store, uploads), refused)
    known = address.year if address.year in source.years() else next(iter(source.years()[-1:]), None)
    meta = source.results(known).meta if known is not None else {}
    sample = bool(meta.get("sample"))
    lang = address.lang
    parts = [view.title, say(lang, "dash_words.brand")] + ([say(lang, "dash_words.sample")] if sample else [])
    page = shell(
        address,
        view.active,
        view.children,
        sample=sample,
        illustrative=bool(meta.get("illustrative")),
        may_import=granted(viewer.role, "import"),
        year=known,
    )
    return Rendered(" · ".join(parts), page, address)


def _ahead(address: Address) -> bool:
    """Whether a year is asked for that may be begun here before it has any results."""
    return address.path in AHEAD and address.year is not None and FIRST_YEAR <= address.year <= LAST_YEAR


def _page(context: Context) -> View:
    from dashboard.pages import start
    from dashboard.pages.awards import page as awards
    from dashboard.pages.community import page as community
    from dashboard.pages.compare import page as compare
    from dashboard.pages.cycle import page as cycle
    from dashboard.pages.drivers import page as drivers
    from dashboard.pages.entry import page as entry
    from dashboard.pages.imports import page as importing
    from dashboard.pages.method import page as method
    from dashboard.pages.overview import page as overview
    from dashboard.pages.quality import page as quality
    from dashboard.pages.robustness import page as robustness
    from dashboard.pages.scheme import page as scheme
    from dashboard.pages.tasks import page as tasks

    path = context.address.path
    if path == "/import" or path.startswith("/import/"):
        return importing.page(context)
    if context.address.year is None:
        return start.page(context)
    pages: dict[str, Page] = {
        "/": overview.page,
        "/awards": awards.page,
        "/compare": compare.page,
        "/cycle": cycle.page,
        "/indicators": entry.page,
        "/method": method.page,
        "/quality": quality.page,
        "/robustness": robustness.page,
        "/scheme": scheme.page,
        "/drivers": drivers.page,
        "/tasks": tasks.page,
    }
    if path in pages:
        return pages[path](context)
    head, _, code = path[1:].partition("/")
    if head == "community":
        return community.page(context, code)
    if head == "drivers":
        return drivers.page(context, code)
    raise Refused("dash_errors.not_found")


def _refused(context: Context, refused: Refused) -> View:
    lang = context.lang
    back = link(say(lang, "page_shell.overview"), context.address.link("/"), "button primary")
    return View(
        say(lang, "page_start.refused"),
        "",
        [
            message(say(lang, "page_start.refused"), refused.word(lang), back, kind="refused"),
            context.years() if context.address.year is not None else None,
        ],
    )
