"""The register: communities in their order, what counts of them in which year, and population by year, sex and age band."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd
from sqlalchemy import Connection, delete, func, insert, select, update

from survey.core.cells import answer_key
from survey.core.errors import Refused
from survey.store.engine import bulk, frames
from survey.store.engine import tables as t
from survey.store.year import facts, years

#: what a register may say of a community beside its code
SAID = ("aliases", *facts.DATED)


@dataclass(frozen=True)
class Community:
    """One community of the register; ``id`` is the store's, None until it is saved.

    ``former``: names that it goes by in other years; it is found by them, and they are no part of what is told.
    """

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    sub_district: str = ""
    district: str = ""
    adult_population: int | None = None
    type: str = ""
    feature: str = ""
    valid_from: str | None = None
    valid_to: str | None = None
    successor: str = ""
    id: int | None = None
    former: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Told:
    """What is told of a community, and from which year it counts; None: it corrects what counts last.

    ``said``: the columns that were told; of the others nothing changes.
    """

    community: Community
    since: int | None = None
    said: Collection[str] = SAID


def communities(conn: Connection, year: int | None = None) -> list[Community]:
    """All communities, in register order (the order in which they first came), as the register of ``year`` has them.

    Without a year as they are now, which is what counts last.  A community that came after the year was closed is not
    in its register.
    """
    c, known = t.communities.c, facts.stored(conn)
    rows = conn.execute(select(c.id, c.code, c.aliases).order_by(c.position)).all()
    found = []
    for identity, code, aliases in rows:
        periods = known[identity]
        then = facts.newest(periods) if year is None else facts.at(periods, year)
        if then is not None:
            names = dict.fromkeys(str(f["name"]) for f in periods.values())
            former = tuple(name for name in names if name != then["name"])
            found.append(Community(code, aliases=tuple(aliases), id=identity, former=former, **then))
    return found


def names(conn: Connection, year: int) -> dict[str, str]:
    """Community code → its name in a year; of one that the year's register does not have, the name it has now."""
    return {c.code: c.name for c in (*communities(conn), *communities(conn, year))}


def history(conn: Connection) -> dict[str, facts.Periods]:
    """Community code → first year of each period → facts (``facts.DATED``), oldest first, in register order."""
    known, c = facts.stored(conn), t.communities.c
    return {code: known[identity] for identity, code in conn.execute(select(c.id, c.code).order_by(c.position))}


def save(conn: Connection, wanted: Sequence[Community], since: int | None = None) -> tuple[int, int]:
    """``tell`` all that a register says of these communities, from one year on."""
    return tell(conn, [Told(community, since) for community in wanted])


def tell(conn: Connection, wanted: Sequence[Told]) -> tuple[int, int]:
    """Add the communities whose code is new, change those that differ; others stay.  Returns both numbers.

    A closed year keeps the facts that it was closed with: what has no date counts after the last of them.  Raises
    Refused if what has one would alter a closed year.
    """
    told = _telling(conn, wanted)
    added, other = _keep(conn, told)
    telling = [code for code in told.new if told.new[code] != told.old.get(code)]
    data = [year for year in years.with_data(conn) if year not in told.closed]
    moved = {y for code in telling for y in facts.differing(told.old.get(code, {}), told.new[code], data)}
    years.bump(conn, moved)
    return added, other


def foretell(conn: Connection, wanted: Sequence[Told], population: pd.DataFrame) -> dict[str, facts.Periods]:
    """``history`` as it would be after ``tell`` and ``save_population``; raises Refused as these would, and tells nothing.

    A population of a community that nobody knows is left to the storing: this very telling may make it known.
    """
    told = _telling(conn, wanted)
    changed, ids = _changed(conn, population), codes(conn)
    years.require_open(conn, {year for _, year in changed})
    years.require_open_in(conn, {(year, ids[code]) for code, year in changed if code in ids})
    return {**told.new}


@dataclass(frozen=True)
class _Telling:
    """Communities (by code) and their periods before and after something is told, and the closed years."""

    before: Mapping[str, Community]
    now: Mapping[str, Community]
    old: Mapping[str, facts.Periods]
    new: Mapping[str, facts.Periods]
    closed: Sequence[int]


def _telling(conn: Connection, wanted: Sequence[Told]) -> _Telling:
    """What telling would make of the register; raises Refused where it would alter what is closed, or confuse two."""
    before = {c.code: c for c in communities(conn)}
    closed = [*years.closed(conn)]
    earliest = max(closed) + 1 if closed else facts.BEGINNING
    ids, archived = codes(conn), years.archived(conn)
    own = {code: [y for y, streets in archived.items() if ids[code] in streets] for code in before}
    now: dict[str, Community] = dict(before)
    old = history(conn)
    new: dict[str, facts.Periods] = dict(old)
    for one in wanted:
        code = one.community.code
        now[code] = _said(now.get(code), one)
        new[code] = _periods(new.get(code), one, max([earliest, *(y + 1 for y in own.get(code, ()))]))
    frozen = {year for code in new for year in facts.differing(old.get(code, {}), new[code], closed)}
    years.require_open(conn, frozen)
    changed = ((code, facts.differing(old[code], new[code], own[code])) for code in before)
    years.require_open_in(conn, [(year, ids[code]) for code, found in changed for year in found])
    _require_distinct([*now.values()])
    return _Telling(before, now, old, new, closed)


def _said(known: Community | None, one: Told) -> Community:
    """The community with what was told of it; all of it where it is new."""
    if known is None:
        return one.community
    return replace(known, **{name: getattr(one.community, name) for name in one.said})


def _periods(known: facts.Periods | None, one: Told, earliest: int) -> facts.Periods:
    """A community's periods after something was told; a new one has been there as long as no year is closed."""
    said = {name: getattr(one.community, name) for name in facts.DATED if known is None or name in one.said}
    if known is None:
        return {earliest if one.since is None else min(earliest, one.since): said}
    if one.since is None:
        return facts.corrected(known, said, earliest)
    return facts.told(known, said, one.since)


def _keep(conn: Connection, told: _Telling) -> tuple[int, int]:
    """Store what is new or other; how many of each."""
    before, now, old, new = told.before, told.now, told.old, told.new
    last = conn.execute(select(func.max(t.communities.c.position))).scalar() or 0
    added = [code for code in now if code not in before]
    other = [code for code in before if now[code].aliases != before[code].aliases or new[code] != old[code]]
    for position, code in enumerate(added, last + 1):
        conn.execute(insert(t.communities).values(position=position, **_row(now[code], new[code])))
    for code in other:
        conn.execute(update(t.communities).where(t.communities.c.code == code).values(_row(now[code], new[code])))
    ids = codes(conn)
    for code in (*added, *other):
        facts.keep(conn, ids[code], new[code])
    return len(added), len(other)


def _row(community: Community, periods: facts.Periods) -> dict[str, Any]:
    """What the store's list of communities says: what counts last."""
    return {"code": community.code, "aliases": list(community.aliases), **facts.newest(periods)}


def _require_distinct(merged: Sequence[Community]) -> None:
    """A code, name or alias leads to one community only: answers must not go to another of the same name."""
    taken: dict[str, str] = {}
    for community in merged:
        for word in (community.code, community.name, *community.aliases):
            owner = taken.setdefault(answer_key(word).replace(" ", ""), community.code)
            if owner != community.code:
                raise Refused("store.community_clash", word=word, code=community.code, other=owner)


def population(conn: Connection) -> pd.DataFrame:
    """Columns ``community`` (code), ``year``, ``sex``, ``age_band``, ``population``, in register order."""
    p, c = t.population.c, t.communities.c
    query = select(c.code.label("community"), p.year, p.sex, p.age_band, p.population)
    query = query.join_from(t.population, t.communities).order_by(c.position, p.year, p.sex, p.age_band)
    return frames.frame(conn, query, ("community", "sex", "age_band"))


def save_population(conn: Connection, frame: pd.DataFrame) -> None:
    """Keep the figures (columns as in ``population``); a community's year is replaced as a whole.

    Raises Refused for a community that is not in the register and for a change in a closed year.
    """
    ids, changed = codes(conn), _changed(conn, frame)
    for code, _ in changed:
        if code not in ids:
            raise Refused("store.unknown_community", community=code)
    years.require_open(conn, {year for _, year in changed})
    years.require_open_in(conn, {(year, ids[code]) for code, year in changed})
    p = t.population.c
    for (code, year), cells in changed.items():
        conn.execute(delete(t.population).where(p.community_id == ids[code], p.year == year))
        rows = [{"sex": sex, "age_band": band, "population": n} for (sex, band), n in cells.items()]
        conn.execute(insert(t.population), [{"community_id": ids[code], "year": year, **row} for row in rows])
    years.bump(conn, {year for _, year in changed})


def _changed(conn: Connection, frame: pd.DataFrame) -> dict[tuple[str, int], dict[tuple[str, str], float]]:
    """The figures of a community's year that are others than those stored."""
    have = _by_year(population(conn))
    return {key: cells for key, cells in _by_year(frame).items() if have.get(key) != cells}


def codes(conn: Connection) -> dict[str, int]:
    """Community code → id."""
    return bulk.pairs(conn, select(t.communities.c.code, t.communities.c.id))


def _by_year(frame: pd.DataFrame) -> dict[tuple[str, int], dict[tuple[str, str], float]]:
    cells: dict[tuple[str, int], dict[tuple[str, str], float]] = {}
    columns = (frame[c].tolist() for c in ("community", "year", "sex", "age_band", "population"))
    for code, year, sex, band, n in zip(*columns, strict=True):
        cells.setdefault((str(code), int(year)), {})[str(sex), str(band)] = float(n)
    return cells
