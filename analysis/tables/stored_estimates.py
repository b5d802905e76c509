"""The ``estimate`` table of the command (docs/results.md), straight from the stored responses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from sqlalchemy.engine import Connection

from analysis.disclosure.audit import Audit
from analysis.disclosure.decision import Kept
from analysis.publication.kept_decisions import kept_decisions
from analysis.sample.grouping import of_year
from analysis.sample.pooled_sample import Part, Pool, pool
from analysis.scheme import Scheme
from analysis.scheme.model import Weighting
from analysis.scheme.serial import from_dict
from analysis.statistics.replicates import errors_of
from analysis.tables.asked_statistics import asked_statistics
from analysis.tables.cross_table import cross_table
from analysis.tables.estimates import estimate_rows, lay_table
from analysis.tables.statistics_table import statistics_table
from survey.core.errors import Refused
from survey.core.lazily import cached_property
from survey.form.answer_codes import ResponseBlock
from survey.form.model import REPLICATE_WEIGHT, Questionnaire
from survey.store import Store
from survey.store.intake import questionnaires, responses
from survey.store.intake.questionnaires import StoredForm
from survey.store.year import register, schemes

#: a version of a questionnaire and its responses → what is looked at
Turned = Callable[[StoredForm, ResponseBlock], Part]


def estimate_for(
    store: Store,
    name: str,
    items: Sequence[str] | None,
    by: Sequence[str],
    weighting: Weighting = "none",
    *,
    rest: bool = False,
    where: Sequence[str] = (),
    stats: Sequence[str] = (),
    cross: tuple[str, str] | None = None,
    difference: str | None = None,
    turned: Turned | None = None,
    read: Read | None = None,
) -> pd.DataFrame:
    """The ``estimate`` table of a questionnaire over all its versions and years.

    ``where`` filters; ``stats`` gives the table of these statistics instead, ``difference`` (``COLUMN=A,B``) with it the
    difference of two groups; ``cross`` that of two questions; ``turned`` makes of a version and its responses those that are
    looked at, and keeps no decision of them; ``read`` is what was read before, for several tables of one moment.  Raises Refused for what does not go together.
    """
    statistics = asked_statistics(stats)
    _check_together(rest, bool(statistics), cross, difference)
    there = read or read_responses(store, name, turned, (items, by))
    if read is not None:
        _check_names(there.newest, items, by)
    if not there.parts:
        raise Refused("publishing.no_responses", name=name)
    given: dict[str, Any] = {
        "by": by,
        "populations": there.populations,
        "schemes": there.schemes,
        "weighting": weighting,
        "population": there.people,
        "where": where,
    }
    own = turned is None and read is None
    with kept_decisions(store, name, there.years) if own else nullcontext(there.kept) as kept:
        there = replace(there, kept=kept) if own else there
        table = lay_table(there.sample, **given, rest=rest, kept=kept, audit=there.audit)
        if cross is not None:
            return cross_table(table, by, where, cross, kept)
        return statistics_table(table, items, statistics, difference) if statistics else estimate_rows(table, items)


@dataclass(frozen=True)
class Read:
    """What the estimates of a questionnaire rest on, as of one moment: its ``newest`` version, all ``parts`` with responses,
    their ``years``, adults of each community and year, schemes, and the register's ``people``."""

    newest: Questionnaire
    parts: tuple[Part, ...]
    years: frozenset[int]
    populations: Mapping[str, float]
    schemes: Mapping[int, Scheme]
    people: pd.DataFrame
    kept: Kept | None = None

    @cached_property
    def sample(self) -> Pool:
        """The responses of all parts."""
        return pool(self.parts)

    @cached_property
    def audit(self) -> Audit:
        """What may be shown of them, decided once for all tables."""
        return Audit(self.sample, self.kept)


@contextmanager
def reading(store: Store, name: str) -> Iterator[Read]:
    """What several tables of one moment share; what is decided in the block is kept at its end, unless it raises."""
    read = read_responses(store, name)
    with kept_decisions(store, name, read.years) as kept:
        yield replace(read, kept=kept)


def read_responses(
    store: Store,
    name: str,
    turned: Turned | None = None,
    asked: tuple[Sequence[str] | None, Sequence[str]] = (None, ()),
) -> Read:
    """Read it; raises Refused, before anything is read, for items and columns ``asked`` for that are not there."""
    with store.read() as conn:
        newest = questionnaires.get(conn, name)
        _check_names(newest.form, *asked)
        versions = [questionnaires.get(conn, name, v) for v in range(1, newest.version + 1)]
        made = turned or _as_it_is
        parts = tuple(part for v in versions if len((part := made(v, responses.load(conn, v)))[1]))
        years = frozenset(int(y) for _, block in parts for y in block.design["year"].dropna().unique())
        schemes_of = _schemes(conn, [block for _, block in parts])
        return Read(newest.form, parts, years, _adults(conn, years), schemes_of, register.population(conn))


def _as_it_is(version: StoredForm, block: ResponseBlock) -> Part:
    return version.form, block


def _adults(conn: Connection, years: Iterable[int]) -> dict[str, float]:
    """The adults of each community by year (``grouping.of_year``), as the register of that year has them."""
    return {
        of_year(c.code, year): float(c.adult_population)
        for year in years
        for c in register.communities(conn, year)
        if c.adult_population
    }


def _check_together(rest: bool, statistics: bool, cross: tuple[str, str] | None, difference: str | None) -> None:
    """Refuse what can't be asked for in one table."""
    if cross is not None and (statistics or rest or difference):
        raise Refused("estimation.cross_alone")
    if statistics and rest:
        raise Refused("estimation.stat_rest")
    if difference is not None and not statistics:
        raise Refused("estimation.difference_needs_stat")


def errors_for(store: Store, name: str) -> list[dict[str, Any]]:
    """How the standard errors of a questionnaire's versions are computed (``replicates.errors_of``)."""
    with store.read() as conn:
        newest = questionnaires.get(conn, name)
        return errors_of(questionnaires.get(conn, name, v).form for v in range(1, newest.version + 1))


def _schemes(conn: Connection, blocks: Iterable[ResponseBlock]) -> dict[int, Scheme]:
    """The scheme that the points of each year are computed by; a year without one has no points."""
    years = sorted({int(year) for block in blocks for year in block.design["year"].dropna().unique()})
    found = {year: schemes.among(schemes.readable(conn, year), year) for year in years}
    return {year: from_dict(scheme.definition) for year, scheme in found.items() if scheme is not None}


def _check_names(form: Questionnaire, items: Sequence[str] | None, by: Sequence[str]) -> None:
    known = [q.name for q in form.questions if q.role != REPLICATE_WEIGHT]
    for item in items or ():
        if item not in known:
            raise Refused("publishing.unknown_item", item=item, known=list(known))
    roles = [*form.roles, "community", "year", "mode", "sub_district"]
    for word in by:
        if word not in roles and word not in known:
            raise Refused("publishing.unknown_by", word=word, known=list(dict.fromkeys([*roles, *known])))
