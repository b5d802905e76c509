"""Where services get results from: the snapshots of the store, each read and parsed once."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from analysis.results import Results
from survey.errors import Refused


class Source(Protocol):
    """What the services need to know about results."""

    def years(self) -> tuple[int, ...]:
        """Years that have results, ascending."""

    def results(self, year: int) -> Results:
        """The current snapshot of a year in ``years()``."""

    def snapshot(self, year: int) -> str:
        """Changes whenever what ``results`` gives changes: what caches are keyed by."""

    def renewing(self) -> AbstractContextManager[None]:
        """While results are computed in the block, whoever reads goes on with those that were there before."""


def year_or_latest(source: Source, asked: int | None, bad: str = "", stored: int | None = None) -> int | None:
    """The year to show: asked for, else remembered, else the latest; None in an empty store.

    Raises Refused, naming the years there are, if a year was asked for that has no results.
    """
    years = source.years()
    if not years:
        return None
    if bad or (asked is not None and asked not in years):
        raise Refused("dash_errors.unknown_year", year=bad or asked, years="、".join(map(str, years)))
    if asked is not None:
        return asked
    return stored if stored in years else years[-1]
