"""What the register says of a community over the years: facts in periods, each counting until the next begins.

Name, street, population, validity … are facts with a date.  A period is its first year and all facts from then on;
``BEGINNING`` stands for as long as anybody can ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from survey.store.engine import tables as t

Facts = Mapping[str, Any]
#: first year of a period → its facts
Periods = Mapping[int, Facts]

BEGINNING = 0
#: what has a date; code and aliases are what a community is looked up by, whatever the year
DATED = (
    "name",
    "sub_district",
    "district",
    "adult_population",
    "type",
    "feature",
    "valid_from",
    "valid_to",
    "successor",
)


def stored(conn: Connection) -> dict[int, dict[int, dict[str, Any]]]:
    """Community id → its periods, oldest first."""
    c = t.community_facts.c
    found: dict[int, dict[int, dict[str, Any]]] = {}
    for row in conn.execute(select(t.community_facts).order_by(c.community_id, c.from_year)).mappings():
        facts = {name: row[name] for name in DATED}
        found.setdefault(row["community_id"], {})[row["from_year"]] = facts
    return found


def keep(conn: Connection, community_id: int, periods: Periods) -> None:
    """Store a community's periods instead of those it had."""
    c = t.community_facts.c
    conn.execute(delete(t.community_facts).where(c.community_id == community_id))
    rows = [{"community_id": community_id, "from_year": year, **facts} for year, facts in periods.items()]
    conn.execute(insert(t.community_facts), rows)


def at(periods: Periods, year: int) -> Facts | None:
    """The facts of a year; None for a year before the community was known."""
    begun = [first for first in periods if first <= year]
    return periods[max(begun)] if begun else None


def newest(periods: Periods) -> Facts:
    """The facts that count last."""
    return periods[max(periods)]


def told(periods: Periods, said: Facts, since: int) -> dict[int, Facts]:
    """The periods after somebody said that these facts count from ``since`` on.

    Each counts until the year from which something else was said of it before: a population told for 2015 stays when
    that of 2014 is told afterwards.
    """
    if at(periods, since) is None:
        first = periods[min(periods)]
        return _tidy({**periods, since: {**first, **said}})
    found = {year: dict(facts) for year, facts in periods.items()}
    found.setdefault(since, dict(at(periods, since) or {}))
    for name, value in said.items():
        before = found[since][name]
        for year in sorted(y for y in found if y >= since):
            if found[year][name] != before:
                break
            found[year][name] = value
    return _tidy(found)


def corrected(periods: Periods, said: Facts, earliest: int) -> dict[int, Facts]:
    """The periods after what counts last was corrected: each fact since it began to count, but not before ``earliest``."""
    found: dict[int, Facts] = dict(periods)
    for name, value in said.items():
        last = newest(found)[name]
        if last != value:
            others = [year for year in found if found[year][name] != last]
            run = min(year for year in found if year > max(others, default=BEGINNING - 1))
            found = told(found, {name: value}, max(run, earliest))
    return found


def differing(before: Periods, after: Periods, years: Iterable[int]) -> list[int]:
    """The years in which the facts are others now."""
    return [year for year in years if at(before, year) != at(after, year)]


def _tidy(periods: Periods) -> dict[int, Facts]:
    """Oldest first, without periods that say what the one before says."""
    kept: dict[int, Facts] = {}
    for year in sorted(periods):
        if not kept or newest(kept) != periods[year]:
            kept[year] = periods[year]
    return kept
