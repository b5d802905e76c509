"""From an address to a page: a plain function of viewer, source and address, so that it is tested without a browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dashboard.access import Viewer
from dashboard.address import Address, parse, stored_year
from dashboard.components.basic import link, message, years_switch
from dashboard.components.shell import shell
from dashboard.services.source import Source, year_or_latest
from survey.errors import Refused
from survey.keys import FIRST_YEAR, LAST_YEAR
from survey.lang import say

#: pages on which a year may be begun that has no results yet
AHEAD = ("/indicators",)


@dataclass(frozen=True)
class Context:
    """What a page may use; ``store`` and ``uploads`` are only handed on to services."""

    viewer: Viewer
    source: Source
    address: Address
    store: Any = None
    uploads: Any = None

    @property
    def lang(self) -> str:
        """The reader's language."""
        return self.address.lang

    @property
    def year(self) -> int:
        """The year shown; only pages that need one are called with one."""
        if self.address.year is None:
            raise Refused("dash_errors.unknown_year", year="", years="")
        return self.address.year

    def years(self) -> Any:
        """The switch between years for the current page."""
        known = sorted({*self.source.years(), *([self.address.year] if self.address.year is not None else [])})
        return years_switch(self.lang, [(str(y), self.address.link(year=y), y == self.address.year) for y in known])


@dataclass(frozen=True)
class View:
    """A rendered page: ``title`` of the window, ``active`` entry of the navigation, the content."""

    title: str
    active: str
    children: Any


@dataclass(frozen=True)
class Rendered:
    """What goes to the browser; ``address`` is complete, with the language and year that are shown."""

    title: str
    children: Any
    address: Address


Page = Callable[[Context], View]


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
    page = shell(address, view.active, view.children, sample=sample, illustrative=bool(meta.get("illustrative")),
                 may_import=viewer.may("editor"), year=known)  # fmt: skip
    return Rendered(" · ".join(parts), page, address)


def _ahead(address: Address) -> bool:
    """Whether a year is asked for that may be begun here before it has any results."""
    return address.path in AHEAD and address.year is not None and FIRST_YEAR <= address.year <= LAST_YEAR


def _page(context: Context) -> View:
    from dashboard.pages import (
        awards,
        community,
        compare,
        cycle,
        drivers,
        entry,
        importing,
        method,
        overview,
        quality,
        robustness,
        scheme,
        start,
        tasks,
    )

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
        say(lang, "page_start.refused"), "",
        [message(say(lang, "page_start.refused"), refused.word(lang), back, kind="refused"),
         context.years() if context.address.year is not None else None],
    )  # fmt: skip
