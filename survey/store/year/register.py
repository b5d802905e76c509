"""The register: communities in their order, and population by year, sex and age band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import pandas as pd
from sqlalchemy import Connection, delete, func, insert, select, update

from survey.core.cells import answer_key
from survey.core.errors import Refused
from survey.store.engine import bulk, frames
from survey.store.engine import tables as t
from survey.store.year import years

#: fields that no result shows or rests on
_HARMLESS = ("aliases", "id")


@dataclass(frozen=True)
class Community:
    """One community of the register; ``id`` is the store's, None until it is saved."""

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


def communities(conn: Connection) -> list[Community]:
    """All communities, in register order (the order in which they first came)."""
    fields = [t.communities.c[f] for f in Community.__dataclass_fields__]
    rows = conn.execute(select(*fields).order_by(t.communities.c.position)).mappings()
    return [Community(**{**row, "aliases": tuple(row["aliases"])}) for row in rows]


def save(conn: Connection, wanted: Sequence[Community]) -> tuple[int, int]:
    """Add the communities whose code is new, change those that differ; others stay.  Returns both numbers.

    Raises Refused if a change would alter a closed year's results.
    """
    known = {c.code: c for c in communities(conn)}
    added = [c for c in wanted if c.code not in known]
    changed = [c for c in wanted if c.code in known and replace(c, id=known[c.code].id) != known[c.code]]
    telling = [known[c.code] for c in changed if _telling(c) != _telling(known[c.code])]
    years.require_open(conn, years.with_data(conn, community_ids=[c.id for c in telling if c.id is not None]))
    _require_distinct([*{**known, **{c.code: c for c in wanted}}.values()])
    last = conn.execute(select(func.max(t.communities.c.position))).scalar() or 0
    for position, community in enumerate(added, last + 1):
        conn.execute(insert(t.communities).values(position=position, **_row(community)))
    for community in changed:
        conn.execute(update(t.communities).where(t.communities.c.code == community.code).values(_row(community)))
    if added or telling:
        years.bump(conn, [y for y in years.with_data(conn) if years.state(conn, y) == "open"])
    return len(added), len(changed)


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
    ids = codes(conn)
    wanted, have = _by_year(frame), _by_year(population(conn))
    changed = {key: cells for key, cells in wanted.items() if have.get(key) != cells}
    for code, _ in changed:
        if code not in ids:
            raise Refused("store.unknown_community", community=code)
    years.require_open(conn, {year for _, year in changed})
    p = t.population.c
    for (code, year), cells in changed.items():
        conn.execute(delete(t.population).where(p.community_id == ids[code], p.year == year))
        rows = [{"sex": sex, "age_band": band, "population": n} for (sex, band), n in cells.items()]
        conn.execute(insert(t.population), [{"community_id": ids[code], "year": year, **row} for row in rows])
    years.bump(conn, {year for _, year in changed})


def codes(conn: Connection) -> dict[str, int]:
    """Community code → id."""
    return bulk.pairs(conn, select(t.communities.c.code, t.communities.c.id))


def _row(community: Community) -> dict[str, Any]:
    row = asdict(community)
    del row["id"]
    return {**row, "aliases": list(community.aliases)}


def _telling(community: Community) -> dict[str, Any]:
    return {k: v for k, v in asdict(community).items() if k not in _HARMLESS}


def _by_year(frame: pd.DataFrame) -> dict[tuple[str, int], dict[tuple[str, str], float]]:
    cells: dict[tuple[str, int], dict[tuple[str, str], float]] = {}
    columns = (frame[c].tolist() for c in ("community", "year", "sex", "age_band", "population"))
    for code, year, sex, band, n in zip(*columns, strict=True):
        cells.setdefault((str(code), int(year)), {})[str(sex), str(band)] = float(n)
    return cells
