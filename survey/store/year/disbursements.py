"""What was paid of the awards (拨付): by whom, when, by which voucher; entries are only ever added.

Whoever corrects an entry adds one that takes it back (``withdrawn``); money that came back is an entry of its own
(``returned``).  What may be paid is the business of ``analysis.awards``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from survey.core.errors import Refused
from survey.store import audit
from survey.store.engine import tables as t
from survey.store.year import register

_PLAIN = ("year", "payer", "kind", "amount", "voucher", "date", "note", "ref", "approved_by", "who")


@dataclass(frozen=True)
class Disbursement:
    """One entry: so many fen of the award of a ``year``; ``id`` and ``at`` are the store's.

    ``kind``: ``paid`` out, ``returned`` by the community, or another entry ``withdrawn``.
    ``date``: the day it was paid (ISO); ``ref``: the entry that a withdrawal takes back, with ``approved_by``.
    """

    year: int
    community: str
    payer: str
    kind: str
    amount: int
    voucher: str
    date: str
    note: str = ""
    ref: int | None = None
    approved_by: str = ""
    who: str = ""
    id: int = 0
    at: datetime | None = None


def append(conn: Connection, entry: Disbursement, ids: Mapping[str, int] | None = None) -> int:
    """Keep an entry; returns its id.  Raises Refused for a community that is not in the register.

    ``ids``: ``register.codes``, where the caller keeps many and has read them.
    """
    ids = register.codes(conn) if ids is None else ids
    if entry.community not in ids:
        raise Refused("store.unknown_community", community=entry.community)
    values = {**{name: getattr(entry, name) for name in _PLAIN}, "community_id": ids[entry.community], "at": t.now()}
    number = int(conn.execute(insert(t.disbursements).values(**values).returning(t.disbursements.c.id)).scalar_one())
    names = ("community", "payer", "amount", "voucher", "date", "note", "ref", "approved_by")
    detail = {name: getattr(entry, name) for name in names if getattr(entry, name) not in (None, "")}
    audit.record(conn, entry.who, f"award {entry.kind}", str(entry.year), detail)
    return number


def entries(conn: Connection) -> list[Disbursement]:
    """Every entry of every year, in the order they came."""
    c = t.disbursements.c
    columns = [c[name] for name in (*_PLAIN, "id", "at")]
    query = select(*columns, t.communities.c.code.label("community")).join_from(t.disbursements, t.communities)
    return [Disbursement(**row) for row in conn.execute(query.order_by(c.id)).mappings()]


def standing(found: Iterable[Disbursement]) -> list[Disbursement]:
    """Those that count: neither taken back nor taking back."""
    known = list(found)
    taken = {entry.ref for entry in known if entry.kind == "withdrawn"}
    return [entry for entry in known if entry.kind != "withdrawn" and entry.id not in taken]


def last_id(conn: Connection) -> int:
    """Grows with every entry: what anything derived from them is up to date with."""
    return conn.execute(select(func.max(t.disbursements.c.id))).scalar() or 0
