"""Programs that read: each has a token with a role, limits and a last day; of the token only its hash is kept.

A program reads and changes nothing: its token opens the addresses of the API alone (``identity.identify``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from dashboard.accounts import people, secrets
from dashboard.accounts.people import Scopes
from survey.core import limits
from survey.core.errors import Refused
from survey.store import Store, audit
from survey.store.engine.base import now
from survey.store.engine.tables import program_scopes as scopes
from survey.store.engine.tables import program_tokens as tokens

#: what a token begins with, so that whoever finds one knows what it is
BEGINS = "xingfu_"
#: what a program is called in the record: no account can have a name with a colon
_KIND = "program:"
_FIELDS = ("id", "name", "role", "created_at", "created_by", "until", "seen_at", "revoked_at")
_ALL = select(*(tokens.c[name] for name in _FIELDS), scopes.c.kind, scopes.c.value).select_from(
    tokens.outerjoin(scopes)
)
#: asked at every request, so made once
_FIND = _ALL.where(
    tokens.c.mark == bindparam("wanted"), tokens.c.revoked_at.is_(None), tokens.c.until > bindparam("at")
)


@dataclass(frozen=True)
class Program:
    """A token as it is kept. ``until``: its last moment; ``seen_at``: when it was used last, to the minute."""

    id: int
    name: str
    role: str
    scopes: Scopes
    created_at: datetime
    created_by: str
    until: datetime
    seen_at: datetime | None = None
    revoked_at: datetime | None = None

    @property
    def user(self) -> str:
        """What the record and the viewer call it."""
        return f"{_KIND}{self.name}"

    @property
    def state(self) -> str:
        """``revoked``, ``over`` or ``open``."""
        if self.revoked_at is not None:
            return "revoked"
        return "over" if self.until <= now() else "open"


def add(
    store: Store, name: str, role: str, wanted: Iterable[tuple[str, str]], who: str, days: int | None = None
) -> str:
    """A new program; returns its token, which nobody can be shown again.

    Raises Refused for a name that is taken or may not be one, a role or scope that there is none of, and for days
    beyond the most that a token may count.
    """
    counts = limits.PROGRAM_DAYS if days is None else days
    if not 1 <= counts <= limits.PROGRAM_DAYS_MOST:
        raise Refused("program.bad_days")
    secret, moment = BEGINS + secrets.long_token(), now()
    try:
        shown = people.readable(name)
    except Refused:
        raise Refused("program.bad_name") from None
    with store.write() as conn:
        if _called(conn, shown) is not None:
            raise Refused("program.taken", name=shown)
        limited = people.checked(conn, role, wanted)
        row = {"name": shown, "folded": people.folded(shown), "mark": secrets.mark("program", secret), "role": role}
        row |= {"created_at": moment, "created_by": who, "until": moment + timedelta(days=counts)}
        made = conn.execute(insert(tokens).values(row)).inserted_primary_key
        if limited:
            rows = [{"token_id": made[0], "kind": kind, "value": value} for kind, value in sorted(limited)]
            conn.execute(insert(scopes), rows)
        audit.record(
            conn,
            who,
            "program add",
            shown,
            {"role": role, "scopes": sorted(limited), "until": f"{row['until']:%Y-%m-%d}"},
        )
    return secret


def revoke(store: Store, name: str, who: str) -> bool:
    """The token opens nothing any more; returns whether it did before. Raises Refused for a name that there is not."""
    with store.write() as conn:
        found = _called(conn, name)
        if found is None:
            raise Refused("program.unknown", name=name.strip())
        if found.revoked_at is not None:
            return False
        conn.execute(update(tokens).where(tokens.c.id == found.id).values(revoked_at=now()))
        audit.record(conn, who, "program revoke", found.name)
        return True


def listing(conn: Connection) -> list[Program]:
    """Every program, those that are over too, in the order in which they came."""
    return [_of_rows(one) for one in people.each(conn, _ALL.order_by(tokens.c.id))]


def find(conn: Connection, secret: str) -> Program | None:
    """The program of a token; None where there is none, it was revoked, or its time is over."""
    values = {"wanted": secrets.mark("program", secret), "at": now()}
    rows = conn.execute(_FIND, values).mappings().all()
    return _of_rows(rows) if rows else None


def rested(program: Program) -> bool:
    """Whether it is time to note again that it was used."""
    return program.seen_at is None or now() - program.seen_at >= timedelta(seconds=limits.PROGRAM_SEEN_SECONDS)


def used(store: Store, program: Program) -> None:
    """Note that it was used now; raises Surroundings where the store takes nothing."""
    with store.note() as conn:
        conn.execute(update(tokens).where(tokens.c.id == program.id).values(seen_at=now()))


def _called(conn: Connection, name: str) -> Program | None:
    rows = conn.execute(_ALL.where(tokens.c.folded == people.folded(name))).mappings().all()
    return _of_rows(rows) if rows else None


def _of_rows(rows: Sequence[RowMapping]) -> Program:
    limited = frozenset((row["kind"], row["value"]) for row in rows if row["kind"] is not None)
    return Program(**{name: rows[0][name] for name in _FIELDS}, scopes=limited)
