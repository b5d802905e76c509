"""Where the chain of the audit record is broken: entries that were changed, removed, moved or put in are named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from survey.store.engine import chain
from survey.store.engine.tables import audit, counters

#: kinds of breaks: an entry says something else, is gone, stood at another number, was not written by the program, or
#: the whole up to it is not what somebody noted
CHANGED, REMOVED, MOVED, FOREIGN, OTHER = "changed", "removed", "moved", "foreign", "other"
#: of so many broken entries it is found out what happened to them; of more it is said that they are broken
LOOKED_AT = 50
#: rows read at a time
AT_ONCE = 5_000

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Break:
    """``kind`` of the entries from ``first`` to ``last``; ``place``: the number that a moved entry had."""

    kind: str
    first: int
    last: int
    place: int | None = None


@dataclass(frozen=True)
class Checked:
    """What a walk along the chain found.

    ``entries`` how many there are; ``newest`` the number of the last and ``head`` its hash, which stand for all that
    went before; ``linked``: up to which entry they were linked only when the store got its chain, 0 for none.
    """

    entries: int
    newest: int
    head: str
    linked: int
    breaks: tuple[Break, ...]


def check(conn: Connection, known: tuple[int, str] | None = None) -> Checked:
    """Walk along the whole record; ``known``: number and hash of an entry as somebody noted them."""
    hashes: dict[int, str] = {}
    gaps, odd, linked = list[tuple[Break, bool]](), list[tuple[int, Row]](), 0
    number, before = 0, ""
    for row in _rows(conn):
        fits = chain.link(before, row) == row["chain"]
        if row["id"] > number + 1:
            gaps.append((Break(REMOVED, number + 1, row["id"] - 1), fits))
        elif not fits:
            odd.append((number, row))
        if row["action"] == "audit chain" and fits and not linked:
            linked = int(row["detail"]["last"])
        number, before = row["id"], row["chain"]
        hashes[number] = before
    # of before the chain the database gave the numbers, and left some out; what was there then is in the hash
    breaks = [gap for gap, fits in gaps if not (fits and gap.last <= linked)]
    breaks += _told(odd, hashes) + _counted(conn, number)
    if known is not None and hashes.get(known[0]) != known[1]:
        breaks.append(Break(OTHER, 1, known[0]))
    return Checked(len(hashes), number, before, linked, tuple(sorted(set(breaks), key=lambda b: (b.first, b.last))))


def _rows(conn: Connection) -> Iterator[Row]:
    last = 0
    while True:
        query = select(audit).where(audit.c.id > last).order_by(audit.c.id).limit(AT_ONCE)
        rows = conn.execute(query).mappings().all()
        if not rows:
            return
        yield from map(dict, rows)
        last = rows[-1]["id"]


def _told(odd: Sequence[tuple[int, Row]], hashes: Mapping[int, str]) -> list[Break]:
    """What happened to each entry that does not follow on the one before it."""
    looked = odd[:LOOKED_AT]
    earlier = {hashes.get(before, "") for before, _ in looked}
    stored = earlier | {row["chain"] for _, row in looked} | {hashes.get(row["id"] - 1, "") for _, row in looked}
    # what would stand there if only the hash of an entry had been changed
    candidates = stored | {chain.link(hashes.get(before, ""), row) for before, row in looked}
    numbers = {row["id"] for _, row in looked}
    found = [_break(row, candidates, numbers) for _, row in looked]
    return [b for b in found if b is not None] + [Break(CHANGED, r["id"], r["id"]) for _, r in odd[LOOKED_AT:]]


def _break(row: Row, candidates: Iterable[str], numbers: Iterable[int]) -> Break | None:
    """None where the entry is whole, and the one before it was changed or moved."""
    here = row["id"]
    if not row["chain"]:
        return Break(FOREIGN, here, here)
    for number in (here, *sorted(numbers)):
        if any(chain.link(before, {**row, "id": number}) == row["chain"] for before in candidates):
            return None if number == here else Break(MOVED, here, here, number)
    return Break(CHANGED, here, here)


def _counted(conn: Connection, newest: int) -> list[Break]:
    """What the count of the entries says: the newest are gone, or were put in past it."""
    following = conn.execute(select(counters.c.next).where(counters.c.name == chain.NUMBER)).scalar() or 1
    if following - 1 > newest:
        return [Break(REMOVED, newest + 1, following - 1)]
    return [Break(FOREIGN, following, newest)] if following - 1 < newest else []
