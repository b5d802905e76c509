"""What an address shows to a viewer: made once while what it rests on stays the same, and carried by the first HTML."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from dash._utils import to_json

from dashboard.data.page_cache import Kept, Watched, standing
from dashboard.data.results import Source
from dashboard.data.search.english_names import names_in
from dashboard.data.slow_pages import SLOW_PAGES
from dashboard.parts.page import Page, Resources, find
from dashboard.parts.static_html import static_html
from dashboard.router import Rendered, render, too_long
from dashboard.web import request_log
from dashboard.web.access import Viewer
from dashboard.web.address import parse, stored_year
from dashboard.web.permissions import only_reads
from survey.core import limits
from survey.core.masking import masked
from survey.store.audit import LOCAL

#: seconds that the first HTML waits for its content: what takes longer is better announced than awaited on an empty screen
PATIENCE = 0.7
#: seconds that whoever only reads waits for a page that is made anew, before it is shown as it was
RENEWAL = 0.5
#: stands in a kept page where its reader is named
NAMED = "\ue000account\ue001"


@dataclass(frozen=True)
class _Key:
    """What a page is kept under: ``of`` what was asked and by whom, ``state`` the results and what is stored beside them.

    ``decided``: what else than answers was stored by then: a page before something was decided is shown to nobody after it.
    """

    of: Hashable
    state: Hashable
    decided: Hashable = field(default=None, compare=False)


@dataclass(frozen=True)
class _Made:
    """A page as it is kept; ``of``: whose it is alone, None where anybody of the same standing is shown the same."""

    page: Rendered
    of: str | None


_Make = Callable[[], _Made]


class Shown:
    """The pages as plain JSON, the most recent of them kept."""

    def __init__(self, resources: Resources, pages: Sequence[Page]) -> None:
        self._resources, self._pages = resources, pages
        self._kept: Kept[_Made] = Kept(limits.KEPT_PAGES)

    def page(self, viewer: Viewer, path: str, query: str, memory: Mapping[str, str]) -> Rendered:
        """The page of an address; ``memory``: what the browser remembers."""
        key, make = self._making(viewer, path, query, memory)
        if key is None:
            return make().page
        made = self._get(viewer, key, make, lambda: self._making(viewer, path, query, memory))
        assert made is not None  # it was waited for
        return _named(made.page, viewer)

    def _get(
        self,
        viewer: Viewer,
        key: _Key,
        make: _Make,
        again: Callable[[], tuple[_Key | None, _Make]],
        at_most: float | None = None,
    ) -> _Made | None:
        """The page of a key, None where it takes more than ``at_most`` seconds; ``again``: its key by then, and how it is made.

        Whoever changes nothing goes on with the page as it was while it is made anew: it says itself what it rests on.
        """

        def by_then(alone: bool = False) -> tuple[_Key, _Make]:
            found, making = again()
            assert found is not None  # a page is kept or it is not
            return (replace(found, of=(viewer.user, found.of)) if alone else found), making

        made = self._of(viewer, key, make, by_then, at_most)
        if made is not None and made.of is not None and made.of != viewer.user:  # somebody else's alone
            key = replace(key, of=(viewer.user, key.of))
            made = self._of(viewer, key, make, lambda: by_then(alone=True), at_most)
        return made

    def _of(
        self, viewer: Viewer, key: _Key, make: _Make, again: Callable[[], tuple[_Key, _Make]], at_most: float | None
    ) -> _Made | None:
        if only_reads(viewer.role) and viewer.everywhere:  # what lies in a place may be another meanwhile
            of = key.decided, key.of
            return self._kept.get_or_before(key, of, make, RENEWAL if at_most is None else at_most, at_most, again)
        return self._kept.get(key, make) if at_most is None else self._kept.get_within(key, make, at_most)

    def at_once(self, viewer: Viewer, path: str, query: str, memory: Mapping[str, str]) -> tuple[str, str]:
        """Title and HTML of a page that the first answer carries (``Page.at_once``); both empty for any other, and for one
        that takes longer than ``PATIENCE``: it is on its way, and the browser asks for it anyhow."""
        found = self._found(path, query)
        if found is None or not found[0].at_once:
            return "", ""
        key, make = self._making(viewer, path, query, memory)
        assert key is not None  # what the first answer carries is kept
        made = self._get(viewer, key, make, lambda: self._making(viewer, path, query, memory), PATIENCE)
        if made is None:
            return "", ""
        rendered = _named(made.page, viewer)
        return rendered.title, static_html(rendered.children)

    def _found(self, path: str, query: str) -> tuple[Page, Mapping[str, str]] | None:
        """The page of an address, and what the names in it stand for; None for what is too long to be read."""
        found = None if too_long(path, query) else find(self._pages, parse(path, query).path)
        if found is not None:
            request_log.of_page(found[0].name)
        return found

    def _making(self, viewer: Viewer, path: str, query: str, memory: Mapping[str, str]) -> tuple[_Key | None, _Make]:
        """What a page is kept under, None for one that is made anew each time, and how it is made."""
        store = self._resources.store
        with nullcontext() if store is None else store.asked_once():
            return self._made_of(viewer, path, query, memory)

    def _made_of(self, viewer: Viewer, path: str, query: str, memory: Mapping[str, str]) -> tuple[_Key | None, _Make]:
        source, store, uploads = self._resources.source, self._resources.store, self._resources.uploads

        def make(who: Viewer = viewer, account: str | None = None) -> _Made:
            with _timed(found, path, query, memory):
                made = render(who, source, store, uploads, path, query, memory, self._pages, account)
            return _Made(replace(made, children=json.loads(to_json(made.children))), None)

        def watched() -> _Made:
            seen = Watched.of(viewer)
            made = make(seen, "" if viewer.user == LOCAL else NAMED)
            return replace(made, of=viewer.user) if seen.asked else made

        found = self._found(path, query)
        if too_long(path, query):
            return None, make
        stored: Hashable = ()
        besides: Hashable = found[0].rests_on(viewer, store) if found and found[0].rests_on else ()
        if found is not None and not found[0].kept:  # what waits, was stored or entered, which no snapshot names
            changes = store.changes() if found[0].until_stored and store is not None else None
            if changes is None:
                return None, make
            stored, besides = changes, date.today()
        called = tuple(sorted(names_in(store, parse(path, query, memory).lang).items()))
        of = (standing(viewer), _asked(path, query, memory), besides, called)
        results = _snapshots(source)
        state = results, source.as_of(stored) if isinstance(stored, int) else stored
        return _Key(of, state, source.decided()), watched


def _named(page: Rendered, viewer: Viewer) -> Rendered:
    """A kept page as its reader sees it: with their own name in the header."""
    if viewer.user == LOCAL:
        return page
    return replace(page, children=_filled(page.children, masked(viewer.user)))


def _filled(part: Any, name: str) -> Any:
    """The parts with a name in the place of ``NAMED``; what holds none is the same object."""
    if isinstance(part, str):
        return name if part == NAMED else part
    if isinstance(part, list):
        filled = [_filled(one, name) for one in part]
        return filled if any(new is not old for new, old in zip(filled, part, strict=True)) else part
    if isinstance(part, dict) and "props" in part:
        inside = part["props"].get("children")
        if inside is None or (new := _filled(inside, name)) is inside:
            return part
        return {**part, "props": {**part["props"], "children": new}}
    return part


def _timed(found: Any, path: str, query: str, memory: Mapping[str, str]) -> AbstractContextManager[None]:
    """Notes how long a page takes; what is no page is not noted."""
    if found is None:
        return nullcontext()
    return SLOW_PAGES.timed(found[0].name, parse(path, query, memory).year or stored_year(memory))


def _asked(path: str, query: str, memory: Mapping[str, str]) -> tuple[str, str, int | None]:
    """What a page depends on besides the results: the address, and the remembered year where it names none."""
    address = parse(path, query, memory)
    return address.link(), address.bad_year, stored_year(memory) if address.year is None else None


def _snapshots(source: Source) -> tuple[tuple[int, str], ...]:
    return tuple((year, source.snapshot(year)) for year in source.years())
