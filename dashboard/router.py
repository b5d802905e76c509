"""From an address to a page, as the pages declare their addresses.

A plain function of viewer, source and address, so that it is tested without a browser.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.accounts.half_filled import put_back
from dashboard.data.results import Source, year_or_latest
from dashboard.data.search.english_names import calling_in
from dashboard.data.year import read_year
from dashboard.pages import PAGES
from dashboard.parts.basic import link, message
from dashboard.parts.context import Context, View
from dashboard.parts.manual import beside_title, help_button, help_link
from dashboard.parts.page import Page, find
from dashboard.parts.shell import shell
from dashboard.web.access import Viewer, may, require
from dashboard.web.address import Address, parse, stored_year
from survey.core import limits
from survey.core.errors import Refused
from survey.core.lang import called, calling, say
from survey.core.masking import masked, masked_all
from survey.fieldwork.register import FIRST_YEAR, LAST_YEAR
from survey.store.audit import LOCAL

#: properties of a component that a reader sees or hears
READ = ("children", "label", "title", "placeholder", "description", "alt", "aria-label", "data-name", "figure")

#: the class of what shows a cell, a header or an answer as somebody wrote it
AS_WRITTEN = "as-written"


@dataclass(frozen=True)
class Rendered:
    """What goes to the browser; ``address`` is complete, with the language and year that are shown."""

    title: str
    children: Any
    address: Address


def too_long(path: str | None, search: str | None) -> bool:
    """Whether an address is longer than any that the server reads: nothing of it is kept or sent back."""
    return len(path or "") + len(search or "") > limits.ADDRESS_BYTES


def render(
    viewer: Viewer,
    source: Source,
    store: Any,
    uploads: Any,
    path: str | None,
    search: str | None,
    cookies: Mapping[str, str],
    pages: Sequence[Page] = PAGES,
    account: str | None = None,
) -> Rendered:
    """The page of an address; what is unknown or not allowed becomes a page that says so in one sentence.

    ``account``: what stands in the header as who is signed in, the viewer's own name unless it is said.
    """
    if account is None:
        account = "" if viewer.user == LOCAL else viewer.user
    long = too_long(path, search)
    address = parse("", "", cookies) if long else parse(path, search, cookies)
    with calling_in(store, address.lang):
        return _rendered(viewer, source, store, uploads, address, long, cookies, pages, account)


def _rendered(
    viewer: Viewer,
    source: Source,
    store: Any,
    uploads: Any,
    address: Address,
    long: bool,
    cookies: Mapping[str, str],
    pages: Sequence[Page],
    account: str,
) -> Rendered:
    try:
        if long:
            raise Refused("dash_errors.long_address")
        if not _ahead(address, pages):
            address = replace(
                address, year=year_or_latest(source, address.year, address.bad_year, stored_year(cookies))
            )
        view = _view(Context(viewer, source, address, store, uploads), pages)
    except Refused as refused:
        latest = source.years()[-1:] or (None,)
        address = replace(address, year=address.year if address.year in source.years() else latest[0])
        view = _refused(Context(viewer, source, address, store, uploads), refused)
    known = address.year if address.year in source.years() else next(iter(source.years()[-1:]), None)
    meta = source.results(known).meta if known is not None else {}
    sample = bool(meta.get("sample"))
    lang = address.lang
    parts = [called(view.title), say(lang, "dash_words.brand")] + ([say(lang, "dash_words.sample")] if sample else [])
    page = shell(
        address,
        view.active,
        view.children,
        sample=sample,
        illustrative=bool(meta.get("illustrative")),
        menu=[p for p in pages if p.menu and may(viewer, p.needs)],
        year=known,
        account=account,
        place=_place(viewer, source, replace(address, year=known), view.street),
    )
    return Rendered(masked(" · ".join(parts)), covered(page), address)


def _place(viewer: Viewer, source: Source, address: Address, street: str) -> str:
    """Of which street and year a page speaks: the one it shows, else all that the viewer sees; empty without results."""
    lang, year = address.lang, address.year
    if year is None or not may(viewer, "see", year=year):
        return ""
    there = [s for s in read_year(viewer, source, year).streets if s]
    street = street or address.filters.get("street", "")
    named = [street] if street in there else there
    shown = say(lang, "page_shell.streets", n=len(named)) if len(named) > 1 else called("".join(named))
    return say(lang, "page_shell.place", street=shown, year=year) if shown else str(year)


def covered(part: Any) -> Any:
    """What a page shows, numbers of persons masked in every text that is read, and what has a name in the reader's language
    called by it, but for what somebody wrote (``AS_WRITTEN``); values that callbacks need stay whole."""
    if isinstance(part, str):
        return masked(called(part))
    if isinstance(part, (list, tuple)):
        return [covered(one) for one in part]
    if isinstance(part, Component):
        if isinstance(part, html.Q) or AS_WRITTEN in str(getattr(part, "className", None) or "").split():
            with calling({}):
                return _read(part)
        return _read(part)
    return part


def _read(part: Component) -> Component:
    """The component with what is read of it ``covered``."""
    for name in READ:
        if (text := getattr(part, name, None)) is not None:
            setattr(part, name, masked_all(_called_all(text)) if name == "figure" else covered(text))
    offered = getattr(part, "data", None)
    if isinstance(offered, list):
        part.data = [
            {**o, "label": covered(o["label"])} if isinstance(o, dict) and "label" in o else o for o in offered
        ]
    return part


def _called_all(figure: Any) -> Any:
    """A figure with each name in it as the reader calls it; ``customdata`` is for callbacks."""
    if isinstance(figure, str):
        return called(figure)
    if isinstance(figure, dict):
        return {key: one if key == "customdata" else _called_all(one) for key, one in figure.items()}
    return [_called_all(one) for one in figure] if isinstance(figure, (list, tuple)) else figure


def _ahead(address: Address, pages: Sequence[Page]) -> bool:
    """Whether a year is asked for that may be begun here before it has any results."""
    found = find(pages, address.path)
    if found is None or address.year is None:
        return False
    return found[0].ahead and FIRST_YEAR <= address.year <= LAST_YEAR


def _view(context: Context, pages: Sequence[Page]) -> View:
    """What the page of the address shows; raises Refused where there is none, or not for this viewer."""
    found = find(pages, context.address.path)
    if context.address.year is None and not (found and found[0].without_year):
        found = next(((page, {}) for page in pages if page.for_empty), None)
    if found is None:
        raise Refused("dash_errors.not_found")
    page, names = found
    require(context.viewer, page.needs)
    view = page.show(context, **names)
    if page.forms:
        view = replace(
            view, children=put_back(context.viewer, context.store, page.forms, context.address, view.children)
        )
    if page.help:
        beside_title(view.children, help_link(context.address, page.help))
    return view


def _refused(context: Context, refused: Refused) -> View:
    lang = context.lang
    if not may(context.viewer, "see"):  # the overview would say the same
        back = help_button(context.address)
        told = message(say(lang, "page_start.refused"), say(lang, "page_start.only_sign_in"), back, kind="refused")
        return View(say(lang, "page_start.refused"), "", told)
    back = link(say(lang, "page_shell.overview"), context.address.link("/", street=None), "button primary")
    return View(
        say(lang, "page_start.refused"),
        "",
        [
            message(say(lang, "page_start.refused"), refused.word(lang), back, kind="refused"),
            context.years() if context.address.year is not None else None,
        ],
    )
