"""A measure of quality as one value: command, kept result, section of a page, its download and its help come from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

import pandas as pd

from analysis.publication import fixed_versions, kept_measures, snapshots
from analysis.publication.kept_measures import Analysis, to_plain
from analysis.quality.list import LINES
from analysis.scoring.results import Results
from analysis.scoring.score_weights import Weights
from survey.core.columns import Columns
from survey.store import Store

Body = Mapping[str, Any]
#: what a user typed, by the name of the option
Given = Mapping[str, Any]
#: whether a viewer sees a community, by its code
Sees = Callable[[str], bool]


@dataclass(frozen=True)
class Table:
    """One table of a measure; ``rows(body, lang)`` makes its rows (mappings or a frame), ``columns`` says what they hold.

    ``name`` stands in the address of its download, ``title`` is the key of the text that names the file, ``shown``
    are the columns that fit a terminal, with spaces between.
    """

    name: str
    columns: Columns
    rows: Callable[[Body, str], Iterable[Mapping[str, Any]] | pd.DataFrame]
    shown: str
    title: str = ""

    @property
    def fits(self) -> list[str]:
        """The columns that fit a terminal."""
        return self.shown.split()

    def frame(self, body: Body, lang: str) -> pd.DataFrame:
        """The table in the reader's language, its columns typed."""
        made: pd.DataFrame = self.columns.table(self.rows(body, lang))
        return made


@dataclass(frozen=True)
class Option:
    """An option of a measure's command; ``help`` is the key of its text.

    ``kind``: a type as the command line knows it, or ``community`` for a code, name or alias that becomes the code.
    ``asked``: the computation gets it.  ``table``: a flag that gives this table instead of the first.  ``other``: a
    measure whose first table is written to the file named.
    """

    name: str
    help: str
    kind: Any = bool
    default: Any = False
    metavar: str | None = None
    least: float | None = None
    most: float | None = None
    asked: bool = False
    table: str = ""
    other: Measure | None = None


#: the option every measure has
YEAR = Option("year", "cli.option.year_newest", int, None, "Y")
#: of measures of the answers that are weighted: the weights of the score, or the base weights
WEIGHTS = Option("weights", "measure_options.weights", Weights, Weights.SCORE, asked=True)


def _nothing(given: Given) -> None:
    """Whatever is typed can be asked."""


def _all(body: Body, given: Given) -> Body:
    return body


def everything(body: Body, sees: Sees) -> Body:
    """Nothing in the body is about one community."""
    return body


def rows_seen(*names: str) -> Callable[[Body, Sees], Body]:
    """Of these lists in the body, the rows of communities that the viewer sees."""

    def seen(body: Body, sees: Sees) -> Body:
        return {**body, **{name: [row for row in body[name] if sees(row["community_code"])] for name in names}}

    return seen


@dataclass(frozen=True)
class Measure:
    """A measure of how far a year's numbers can be trusted.

    ``compute(conn, year, scheme, **asked)`` makes its body from the responses, kept as ``name:version``; where
    ``version`` is 0, ``compute(results, **asked)`` makes it anew from the results of the year.  The version grows when
    the body has another shape or other numbers.
    ``said(body, lang)``: the sentences that the command says.  ``narrow(body, given)``: the part of the body that a
    user asked for.  ``check(given)`` raises WrongUsage before anything is read.
    The commands of ``coverage`` and ``power`` give ``compute`` what they ask for beside the results.
    ``place`` of its section on the page of data quality, 0 for none; ``whole_only``: for viewers who see every
    community; ``seen(body, sees)``: what a viewer sees of the body; ``title``: key of the section's title.
    ``published(body, counts)`` of a measure that gives scores computed anew: what it leaves of its body where only
    some communities' published scores count all of their data; the score of the others stays what was published.
    """

    name: str
    version: int
    compute: Callable[..., Mapping[str, Any]]
    tables: tuple[Table, ...]
    said: Callable[[Body, str], Sequence[str]]
    options: tuple[Option, ...] = ()
    check: Callable[[Given], None] = _nothing
    narrow: Callable[[Body, Given], Body] = _all
    place: int = 0
    title: str = ""
    whole_only: bool = False
    seen: Callable[[Body, Sees], Body] = everything
    published: Callable[[Body, Sees], Body] | None = None

    @property
    def kept_as(self) -> str:
        """The name of the kept result; empty where none is kept."""
        return f"{self.name}:{self.version}" if self.version else ""

    def table(self, name: str = "") -> Table:
        """A table by its name, the first without one; raises KeyError for one that is not there."""
        if not name:
            return self.tables[0]
        return {table.name: table for table in self.tables}[name]

    def find(self, store: Store, year: int, *, results: Results | None = None, **asked: Any) -> Analysis:
        """The measure of a year; raises Refused for a year without data and whatever ``compute`` refuses.

        ``results``: those of the year, where whoever asks has read them.
        """
        if self.version:
            found = kept_measures.kept(store, year, self.kept_as, self.compute, **asked)
            late = late_names(store, year, results) if self.published else {}
            return (
                found
                if not late or self.published is None
                else replace(found, body=self.published(found.body, lambda c: c not in late))
            )
        return self.of_results(snapshots.results(store, year) if results is None else results, **asked)

    def of_results(self, results: Results, **asked: Any) -> Analysis:
        """The measure of results that are there already; for those that are not kept."""
        meta = results.meta
        return Analysis(
            meta["year"],
            self.name,
            asked,
            meta["scheme"],
            meta["scheme_version"],
            meta["data_version"],
            meta["computed_at"],
            bool(meta["sample"]),
            to_plain(self.compute(results, **asked)),
        )


def late_names(store: Store, year: int, results: Results | None = None) -> dict[str, str]:
    """Communities (code → name) of a published year whose published score does not count all of their data.

    ``results``: those of the year, where they have been read.
    """
    with store.read() as conn:
        wanted = fixed_versions.may_be_late(conn, year)
    if not wanted:
        return {}
    return fixed_versions.late_codes(snapshots.results(store, year) if results is None else results)


def listed(name: str) -> Measure:
    """The measure of a name in the list; raises KeyError for one that is not there."""
    module, _, value = {line.name: line.place for line in LINES}[name].partition(":")
    found: Measure = getattr(import_module(module), value)
    return found


def measures() -> tuple[Measure, ...]:
    """All of the list."""
    return tuple(listed(line.name) for line in LINES)


def sections() -> tuple[Measure, ...]:
    """Those with a section on the page of data quality, in its order."""
    return tuple(sorted((m for m in measures() if m.place), key=lambda m: m.place))


def downloads() -> dict[str, tuple[Measure, Table]]:
    """Name in the address of the page of data quality → the measure and its table."""
    return {table.name: (m, table) for m in sections() for table in m.tables}
