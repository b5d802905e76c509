"""Names in English where the page is: what the register tells, called so in all that a request says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from dashboard.web.address import parse
from survey.core.lang import calling
from survey.store import Store, names_en


def names_in(store: Store | None, lang: str) -> dict[str, str]:
    """Name → what a reader of this language calls it; empty where they call everything by its own."""
    if store is None or lang != "en":
        return {}
    with store.read() as conn:
        return names_en.stored(conn)


@contextmanager
def calling_in(store: Store | None, lang: str) -> Iterator[None]:
    """Call everything as a reader of this language does, in the block."""
    with calling(names_in(store, lang)):
        yield


def language_of(given: Iterable[Any], cookies: Mapping[str, str]) -> str:
    """The language of a callback: that of the view it is given, else what the browser remembers."""
    for one in given:
        if isinstance(one, dict) and isinstance(one.get("search"), str):
            return parse("", one["search"], cookies).lang
    return parse("", "", cookies).lang
