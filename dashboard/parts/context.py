"""What a page is asked with and what it answers: ``Context`` in, ``View`` out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import dash_mantine_components as dmc

from dashboard.data.results import Source
from dashboard.figures import numbers
from dashboard.parts.basic import years_switch
from dashboard.web.access import Viewer
from dashboard.web.address import Address
from survey.core.errors import Refused
from survey.core.lang import say


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


Page = Callable[[Context], View]


def streets(context: Context, names: tuple[str, ...], chosen: str) -> Any:
    """Which sub-district, where there are several."""
    if len(names) < 2:
        return None
    address = context.address
    return dmc.Select(
        id="street-select",
        value=address.link(street=chosen),
        allowDeselect=False,
        searchable=True,
        w=200,
        data=[{"value": address.link(street=n), "label": n or numbers.DASH} for n in names],
        **{"aria-label": say(context.lang, "page_shell.street")},
    )
