"""What a page is asked with and what it answers: ``Context`` in, ``View`` out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dashboard.data.results import Source, year_or_latest
from dashboard.parts.basic import years_switch
from dashboard.web.access import Viewer
from dashboard.web.address import Address
from survey.core.errors import Refused


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

    @property
    def results_year(self) -> int:
        """The year of a file: asked for, else the latest; raises Refused for one that has no results."""
        year = year_or_latest(self.source, self.address.year, self.address.bad_year)
        if year is None:
            raise Refused("dash_errors.unknown_year", year="", years="")
        return year

    def years(self) -> Any:
        """The switch between years for the current page."""
        known = sorted({*self.source.years(), *([self.address.year] if self.address.year is not None else [])})
        return years_switch(self.lang, [(str(y), self.address.link(year=y), y == self.address.year) for y in known])


@dataclass(frozen=True)
class View:
    """A rendered page: ``title`` of the window, ``active`` entry of the navigation, the content.

    ``street``: the one that is shown; where a page says none, the address or the whole year does.
    """

    title: str
    active: str
    children: Any
    street: str = ""
