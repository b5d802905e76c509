"""The steps of a year read from the store, with the rules of its scheme."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

import pandas as pd
from sqlalchemy.engine import Connection

from analysis.cycle.inherited_titles import mergers, with_inherited
from analysis.cycle.step_log import Log
from analysis.cycle.title_rules import rules_of
from analysis.cycle.versions import moved
from analysis.cycle.vetoes import vetoes
from analysis.scheme.model import Scheme
from analysis.scheme.serial import from_dict
from analysis.scoring.merged_communities import communities_in
from survey.files.own_workbooks import header_key
from survey.store.year import cycle, reviews, schemes, years


def read_log(conn: Connection, year: int, reviewed: Callable[[Log], Collection[str]] | None = None) -> Log:
    """Everything that was done up to a year; raises Refused for a year without a scheme.

    ``reviewed``: of which communities the log holds whether their indicator values are reviewed, all if nobody says:
    whoever takes a step of one street need not read the values of the others.
    """
    scheme = from_dict(schemes.applicable(conn, year).definition)
    steps, body_of = tuple(cycle.events(conn, upto=year)), rules_of(scheme).body_of
    events = with_inherited(steps, mergers(conn, year), body_of)
    places = communities_in(conn, year)
    streets = {c.code: c.sub_district for c in places}
    known = [*dict.fromkeys(filter(None, streets.values()))]
    archived = years.archived(conn).get(year, {})
    log = Log(
        year=year,
        events=events,
        rules=rules_of(scheme),
        names={c.code: c.name for c in places},
        streets=streets if len(known) > 1 else {},
        street=known[0] if len(known) == 1 else "",
        archived=frozenset(archived.values()),
        closed=years.state(conn, year) == "closed",
        one_person=cycle.one_person(conn),
    )
    wanted = None if reviewed is None else sorted(reviewed(log))
    if wanted is None or wanted:
        log = replace(log, reviews=reviewed_values(conn, year, scheme, wanted))
    if log.closed:
        return log
    fixed = {code: result for code, result in fixed_results(log).items() if not log.closed_of(code)}
    return replace(log, moved=moved(conn, year, fixed))


def read_steps(conn: Connection, year: int) -> Log:
    """``read_log`` for whoever asks nothing about reviews: reading all indicator values of a district is slow."""
    return read_log(conn, year, lambda log: ())


def fixed_results(log: Log) -> dict[str, int]:
    """Community → the snapshot that its last calculation fixed."""
    if not any(e.kind == "calculated" and e.year == log.year for e in log.events):
        return {}
    last = {code: log.last_of(code, "calculated") for code in log.codes}
    return {code: e.result for code, e in last.items() if e is not None and e.result is not None}


def published_results(log: Log) -> dict[str, int]:
    """Community → the snapshot that was published last: of its last calculation before its last publication."""
    if not any(e.kind == "publicised" and e.year == log.year for e in log.events):
        return {}
    told = {code: log.last_of(code, "publicised") for code in log.codes}
    fixed = {code: log.last_of(code, "calculated", before=e.id) for code, e in told.items() if e is not None}
    return {code: e.result for code, e in fixed.items() if e is not None and e.result is not None}


def reviewed_values(
    conn: Connection,
    year: int,
    scheme: Scheme,
    community: str | Collection[str] | None = None,
    current: pd.DataFrame | None = None,
) -> dict[tuple[str, str], reviews.Standing]:
    """(community, folded code) → the value that counts of each indicator of the scheme, and its review."""
    asked = {header_key(i.code) for i in scheme.scored_indicators}
    found = {
        (code, header_key(name)): value
        for (code, name), value in reviews.standings(conn, year, community, current).items()
    }
    return {at: value for at, value in found.items() if at[1] in asked}


def vetoed(conn: Connection, year: int) -> frozenset[str]:
    """Codes of the communities under a veto in force."""
    if not cycle.last_id(conn):
        return frozenset()
    log = read_steps(conn, year)
    return frozenset(c for c in log.codes if any(v.state == "active" for v in vetoes(log, c)))


def closing(conn: Connection, year: int) -> int | None:
    """The snapshot that the year was closed with; None where it was closed without one, or is open."""
    if years.state(conn, year) != "closed":
        return None
    return next((e.result for e in reversed(cycle.events(conn, year)) if e.kind == "closed"), None)
