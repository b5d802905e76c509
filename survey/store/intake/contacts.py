"""Whom to reach, apart from what they answered: encrypted numbers, and the one table that leads to an answer.

A contact's name is a random token; its number is encrypted with the token as associated data, so no ciphertext can
be moved to another line.  ``contact_links`` holds token and response and nothing else does: with these lines deleted
the answers carry no trace of whom they came from, and no column of a response ever has to be changed.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection, bindparam, func, or_, select, update

from survey.store import settled
from survey.store.engine import bulk
from survey.store.engine import tables as t
from survey.store.keyring import Key, Keyring

_COLUMNS = ("token", "batch_id", "year", "community_id", "key_id", "mark", "phone", "name", "created_at")


@dataclass(frozen=True, slots=True)
class SealedContact:
    """A contact as it is stored; made before the write lock is taken."""

    token: str
    key_id: str
    mark: bytes
    phone: bytes
    name: bytes | None


@dataclass(frozen=True, slots=True)
class Contact:
    """A stored contact in clear, never to be written down; ``phone`` is None where its key is not in the ring."""

    token: str
    batch_id: int
    year: int
    community_code: str | None
    community: str | None
    respondent: str | None
    sheet: str | None
    row: int | None
    key_id: str
    phone: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Who already answered under a number: community's name ('' where none), respondent, and where that stands."""

    place: str
    respondent: str | None
    batch: int
    row: int


def seal(key: Key, target: str, year: int, number: str, name: str = "") -> SealedContact:
    """Encrypt a number (and a name) for the contacts of a questionnaire and year."""
    token = secrets.token_hex(16)
    return SealedContact(
        token,
        key.id,
        key.mark(number, _scope(target, year)),
        key.seal(number.encode(), _about(token, "phone")),
        key.seal(name.encode(), _about(token, "name")) if name else None,
    )


def append(
    conn: Connection,
    batch_id: int,
    contacts: Sequence[SealedContact],
    *,
    years: Sequence[int],
    community_ids: Sequence[int | None],
    response_ids: Sequence[int] | None = None,
) -> int:
    """Store contacts under a batch, linked to responses where ``response_ids`` are given; returns how many."""
    made = t.now().isoformat()
    rows = (
        (c.token, batch_id, year, place, c.key_id, c.mark, c.phone, c.name, made)
        for c, year, place in sorted(zip(contacts, years, community_ids, strict=True), key=lambda row: row[0].token)
    )  # in the order of the tokens: that of the rows would lead to the answers by itself
    bulk.copy_in(conn, t.contacts, _COLUMNS, rows)
    if response_ids is not None:
        links = sorted((c.token, r) for c, r in zip(contacts, response_ids, strict=True))
        bulk.copy_in(conn, t.contact_links, ("token", "response_id"), links)
    return len(contacts)


def first_response(conn: Connection, batch_id: int) -> int:
    """The number of the first response of a batch; the others follow it without a gap."""
    runs = t.response_runs.c
    return int(conn.execute(select(func.min(runs.first_id)).where(runs.batch_id == batch_id)).scalar_one())


def holders(
    conn: Connection, ring: Keyring, target: str, wanted: Mapping[int, Iterable[str]]
) -> dict[tuple[int, str], list[Holder]]:
    """Who of the active batches of a questionnaire answered under these numbers: ``wanted`` by year.

    Numbers are compared by their marks under every key of the ring that the store uses.
    """
    stored = _marked(conn, target, sorted(wanted))
    keys = [key for key in ring if key.id in set(stored["key_id"])]
    places: Mapping[int, str] = bulk.pairs(conn, select(t.communities.c.id, t.communities.c.name))
    by_mark: dict[bytes, list[int]] = {}
    for position, mark in enumerate(stored["mark"].tolist()):
        by_mark.setdefault(mark, []).append(position)
    lines = stored[["community_id", "respondent", "batch_id", "row"]].to_numpy(dtype=object)
    found: dict[tuple[int, str], list[Holder]] = {}
    for year, numbers in wanted.items():
        for number in set(numbers):
            marks = (key.mark(number, _scope(target, year)) for key in keys)
            at = [position for mark in marks for position in by_mark.get(mark, ())]
            if at:
                found[year, number] = [_holder(lines[i], places) for i in at]
    return found


def respondents(conn: Connection, ring: Keyring, target: str, year: int) -> Callable[[str], list[tuple[str, str]]]:
    """Who of the active batches has which number: number → (community's name, respondent), of those that have one."""
    stored = _marked(conn, target, [year])
    keys = [key for key in ring if key.id in set(stored["key_id"])]
    places: Mapping[int, str] = bulk.pairs(conn, select(t.communities.c.id, t.communities.c.name))
    by_mark: dict[bytes, list[tuple[str, str]]] = {}
    for mark, community, respondent in stored[["mark", "community_id", "respondent"]].itertuples(index=False):
        if respondent is not None:
            place = "" if community is None else places.get(int(community), "")
            by_mark.setdefault(mark, []).append((place, str(respondent)))
    return lambda number: [who for key in keys for who in by_mark.get(key.mark(number, _scope(target, year)), ())]


def responses_of(conn: Connection, ring: Keyring, target: str, number: str) -> set[int]:
    """Ids of the responses of a questionnaire that this number leads to, in any year, of undone batches too."""
    c, b = t.contacts.c, t.batches.c
    query = (
        select(c.year, c.key_id, c.mark, t.contact_links.c.response_id)
        .join_from(t.contacts, t.contact_links)
        .join(t.batches, b.id == c.batch_id)
        .where(b.target == target, c.key_id.in_(ring.ids))
    )
    keys = {key.id: key for key in ring}
    marks: dict[tuple[str, int], bytes] = {}
    found = set()
    for year, key_id, mark, response in conn.execute(query):
        if (key_id, year) not in marks:
            marks[key_id, year] = keys[key_id].mark(number, _scope(target, year))
        if marks[key_id, year] == mark:
            found.add(int(response))
    return found


def _holder(line: Sequence[object], places: Mapping[int, str]) -> Holder:
    community, respondent, batch, row = line
    place = places.get(int(str(community)), "") if community is not None else ""
    return Holder(place, None if respondent is None else str(respondent), int(str(batch)), int(str(row or 0)))


def _marked(conn: Connection, target: str, years: Sequence[int]) -> pd.DataFrame:
    c, r, b = t.contacts.c, t.responses.c, t.batches.c
    query = (
        select(c.key_id, c.mark, r.community_id, r.respondent, r.batch_id, r.row)
        .join_from(t.contacts, t.contact_links)
        .join(t.responses, r.id == t.contact_links.c.response_id)
        .join(t.batches, b.id == c.batch_id)
        .where(b.state == "active", b.target == target, c.year.in_(years))
        .order_by(r.id)
    )
    query = query.where(*settled.standing(conn))
    rows = [row for chunk in bulk.chunks(conn, query) for row in chunk]
    columns = ["key_id", "mark", "community_id", "respondent", "batch_id", "row"]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def foreign(conn: Connection, ring: Keyring, target: str, years: Iterable[int]) -> int:
    """How many contacts of active batches the ring cannot compare with, because their key is not in it."""
    c, b = t.contacts.c, t.batches.c
    query = select(func.count()).select_from(t.contacts).join(t.batches)
    query = query.where(b.state == "active", b.target == target, c.year.in_(sorted(set(years))))
    return int(conn.execute(query.where(c.key_id.not_in(ring.ids))).scalar_one())


def listing(conn: Connection, ring: Keyring, year: int | None = None) -> list[Contact]:
    """Contacts of active batches in clear, by year, community and respondent's place in the file."""
    c, r, b, p = t.contacts.c, t.responses.c, t.batches.c, t.communities.c
    query = (
        select(
            c.token,
            c.batch_id,
            c.year,
            p.code.label("community_code"),
            p.name.label("community"),
            r.respondent,
            r.sheet,
            r.row,
            c.key_id,
            c.phone,
            c.name,
        )
        .join_from(t.contacts, t.batches)
        .outerjoin(t.contact_links, t.contact_links.c.token == c.token)
        .outerjoin(t.responses, r.id == t.contact_links.c.response_id)
        .outerjoin(t.communities, p.id == c.community_id)
        .where(b.state == "active")
        .order_by(c.year, p.position, c.batch_id, r.id, c.token)
    )
    if year is not None:
        query = query.where(c.year == year)
    query = query.where(*(or_(r.id.is_(None), one) for one in settled.standing(conn)))
    keys = {key.id: key for key in ring}
    return [Contact(**{**row, **_opened(row, keys.get(row["key_id"]))}) for row in conn.execute(query).mappings()]


def _opened(row: Mapping[Any, Any], key: Key | None) -> dict[str, Any]:
    if key is None:
        return {"phone": None, "name": ""}
    name = row["name"]
    return {
        "phone": key.open(row["phone"], _about(row["token"], "phone")).decode(),
        "name": key.open(name, _about(row["token"], "name")).decode() if name else "",
    }


def counts(conn: Connection) -> dict[int, int]:
    """How many contacts the store holds by year, those of undone batches too."""
    return bulk.pairs(conn, select(t.contacts.c.year, func.count()).group_by(t.contacts.c.year))


def by_key(conn: Connection) -> dict[str, int]:
    """How many contacts are encrypted with each key."""
    return bulk.pairs(conn, select(t.contacts.c.key_id, func.count()).group_by(t.contacts.c.key_id))


def reencrypt(conn: Connection, ring: Keyring) -> int:
    """Encrypt and mark anew with the newest key what older keys hold; raises Refused where a key is missing."""
    c, new = t.contacts.c, ring.newest
    query = select(c.token, c.year, c.key_id, c.phone, c.name, t.batches.c.target).join_from(t.contacts, t.batches)
    lines = []
    for token, year, key_id, phone, name, target in conn.execute(query.where(c.key_id != new.id)):
        key = ring.key(key_id)
        number = key.open(phone, _about(token, "phone"))
        called = key.open(name, _about(token, "name")) if name else None
        lines.append(
            {
                "wanted": token,
                "key_id": new.id,
                "mark": new.mark(number.decode(), _scope(target, year)),
                "phone": new.seal(number, _about(token, "phone")),
                "name": None if called is None else new.seal(called, _about(token, "name")),
            }
        )
    if lines:
        conn.execute(update(t.contacts).where(c.token == bindparam("wanted")), lines)
    return len(lines)


def delete(conn: Connection, years: Iterable[int]) -> dict[int, int]:
    """Delete the contacts of these years and their links, of undone batches too; returns how many by year."""
    wanted = sorted(set(years))
    found = {year: n for year, n in counts(conn).items() if year in wanted}
    of_years = select(t.contacts.c.token).where(t.contacts.c.year.in_(wanted))
    conn.execute(t.contact_links.delete().where(t.contact_links.c.token.in_(of_years)))
    conn.execute(t.contacts.delete().where(t.contacts.c.year.in_(wanted)))
    return found


def _scope(target: str, year: int) -> str:
    """Marks of different questionnaires and years cannot be compared: nobody is followed through the years."""
    return f"{target}/{year}"


def _about(token: str, part: str) -> str:
    return f"contact/{token}/{part}"
