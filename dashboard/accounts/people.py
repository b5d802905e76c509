"""Accounts as they are kept: who there is, as what, for what; whoever manages them changes them here, and it is recorded."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, delete, insert, select, update

from dashboard.web.permissions import ROLES
from survey.core import limits
from survey.core.errors import Refused
from survey.core.masking import masked
from survey.store import audit
from survey.store.engine.base import now
from survey.store.engine.tables import account_scopes as scopes
from survey.store.engine.tables import accounts
from survey.store.year import register

#: the role that manages accounts: one of it stays able to sign in
CHIEF = "admin"
#: kinds of what an account may be limited to
KINDS = ("district", "street", "community", "office")
#: (kind, value) of all that an account is limited to
Scopes = frozenset[tuple[str, str]]
NAMES = (" ", ".", "_", "-", "·")


@dataclass(frozen=True)
class Account:
    """One account. ``password``: its hash, None until one was chosen; ``password_at``: when."""

    id: int
    name: str
    role: str
    scopes: Scopes
    created_at: datetime
    created_by: str
    password: str | None = field(default=None, repr=False)
    password_at: datetime | None = None
    disabled_at: datetime | None = None
    signed_in_at: datetime | None = None


_FIELDS = ("id", "name", "role", "created_at", "created_by", "password", "password_at", "disabled_at", "signed_in_at")
#: what ``of_rows`` makes an account of, wherever it is asked for together with something else
COLUMNS = (*(accounts.c[name] for name in _FIELDS), scopes.c.kind, scopes.c.value)
_ALL = select(*COLUMNS).select_from(accounts.outerjoin(scopes))


def roles() -> tuple[str, ...]:
    """Roles that an account may have: all but that of whoever sits at this machine without one."""
    return tuple(role for role in ROLES if role != audit.LOCAL)


def folded(name: str) -> str:
    """A name as it is compared: width, case and blanks around it do not matter."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def state(account: Account) -> str:
    """``disabled``, ``waiting`` (no password was chosen yet) or ``open``."""
    if account.disabled_at is not None:
        return "disabled"
    return "waiting" if account.password is None else "open"


def any_there(conn: Connection) -> bool:
    """Whether there is any account, disabled or not."""
    return conn.execute(select(accounts.c.id).limit(1)).first() is not None


def listing(conn: Connection) -> list[Account]:
    """Every account, in the order of names."""
    return [of_rows(one) for one in each(conn, _ALL.order_by(accounts.c.folded))]


def each(conn: Connection, query: Select[Any]) -> list[list[RowMapping]]:
    """The rows of each one that a query finds, by its ``id``, in the order in which they first come."""
    rows: dict[int, list[RowMapping]] = {}
    for row in conn.execute(query).mappings():
        rows.setdefault(row["id"], []).append(row)
    return [*rows.values()]


def of_id(conn: Connection, account_id: int) -> Account | None:
    """The account of this number."""
    rows = conn.execute(_ALL.where(accounts.c.id == account_id)).mappings().all()
    return of_rows(rows) if rows else None


def of_name(conn: Connection, name: str) -> Account | None:
    """The account of this name, however it was typed; None where there is none."""
    rows = conn.execute(_ALL.where(accounts.c.folded == folded(name))).mappings().all()
    return of_rows(rows) if rows else None


def of_rows(rows: Sequence[RowMapping]) -> Account:
    """An account of its rows, one for each of its limits, or one without."""
    limited = frozenset((row["kind"], row["value"]) for row in rows if row["kind"] is not None)
    return Account(**{name: rows[0][name] for name in _FIELDS}, scopes=limited)


def known(conn: Connection, name: str) -> Account:
    """The account of this name; raises Refused where there is none."""
    found = of_name(conn, name)
    if found is None:
        raise Refused("account.unknown", name=name.strip())
    return found


def add(conn: Connection, name: str, role: str, wanted: Iterable[tuple[str, str]], who: str) -> Account:
    """A new account without a password; raises Refused for a name that is taken or may not be one, role, or scope."""
    shown = readable(name)
    if of_name(conn, shown) is not None:
        raise Refused("account.taken", name=shown)
    limited = checked(conn, role, wanted)
    if role != CHIEF and not any_there(conn):
        raise Refused("account.first_admin")
    row = {"name": shown, "folded": folded(shown), "role": role, "created_at": now(), "created_by": who}
    made = conn.execute(insert(accounts).values(row)).inserted_primary_key
    _limit(conn, made[0], limited)
    audit.record(conn, who, "account add", shown, {"role": role, "scopes": sorted(limited)})
    return known(conn, shown)


def change(
    conn: Connection,
    account: Account,
    who: str,
    role: str | None = None,
    wanted: Iterable[tuple[str, str]] | None = None,
) -> bool:
    """Another role or other limits; returns whether anything changed. Raises Refused as ``add`` does, and as ``_leave_one``."""
    new_role = account.role if role is None else role
    limited = checked(conn, new_role, account.scopes if wanted is None else wanted)
    if (new_role, limited) == (account.role, account.scopes):
        return False
    if new_role != CHIEF:
        _leave_one(conn, account)
    conn.execute(update(accounts).where(accounts.c.id == account.id).values(role=new_role))
    _limit(conn, account.id, limited)
    detail = {"role": [account.role, new_role], "scopes": [sorted(account.scopes), sorted(limited)]}
    audit.record(conn, who, "account change", account.name, detail)
    return True


def disable(conn: Connection, account: Account, who: str) -> None:
    """Nobody signs in with it any more; raises Refused for the last one that manages accounts."""
    _leave_one(conn, account)
    conn.execute(update(accounts).where(accounts.c.id == account.id).values(disabled_at=now()))
    audit.record(conn, who, "account disable", account.name)


def enable(conn: Connection, account: Account, who: str) -> None:
    """It may sign in again, with the password it had."""
    conn.execute(update(accounts).where(accounts.c.id == account.id).values(disabled_at=None))
    audit.record(conn, who, "account enable", account.name)


def keep_password(conn: Connection, account: Account, kept: str | None) -> None:
    """Another password's hash, or none."""
    values = {"password": kept, "password_at": None if kept is None else now()}
    conn.execute(update(accounts).where(accounts.c.id == account.id).values(values))


def signed_in(conn: Connection, account: Account) -> None:
    """Note when it was used last."""
    conn.execute(update(accounts).where(accounts.c.id == account.id).values(signed_in_at=now()))


def readable(name: str) -> str:
    """The name as it is shown; raises Refused for one that people could not type, read, or tell from another's."""
    shown = " ".join(unicodedata.normalize("NFKC", name).split())
    plain = all(c.isalnum() or c in NAMES for c in shown)
    if not 2 <= len(shown) <= limits.NAME_CHARACTERS or not plain or masked(shown) != shown:
        raise Refused("account.bad_name")
    if folded(shown) == audit.LOCAL:
        raise Refused("account.taken", name=shown)
    return shown


def checked(conn: Connection, role: str, wanted: Iterable[tuple[str, str]]) -> Scopes:
    """What an account of a role is limited to; raises Refused for a role or a place that there is none of."""
    if role not in roles():
        raise Refused("account.unknown_role", role=role, roles=", ".join(roles()))
    limited = frozenset((kind, value.strip()) for kind, value in wanted)
    there = _places(conn) if limited else {}
    for kind, value in sorted(limited):
        if not value or len(value) > limits.TYPED_TEXT or kind not in KINDS or value not in there.get(kind, {value}):
            raise Refused("account.unknown_scope", kind=kind, value=value)
    return limited


def _places(conn: Connection) -> Mapping[str, set[str]]:
    """What the register has of each kind; offices stand in schemes, each of which has its own."""
    all_there = register.communities(conn)
    return {
        "community": {c.code for c in all_there},
        "street": {c.sub_district for c in all_there if c.sub_district},
        "district": {c.district for c in all_there if c.district},
    }


def _limit(conn: Connection, account_id: int, limited: Scopes) -> None:
    conn.execute(delete(scopes).where(scopes.c.account_id == account_id))
    if limited:
        conn.execute(insert(scopes), [{"account_id": account_id, "kind": k, "value": v} for k, v in sorted(limited)])


def _leave_one(conn: Connection, account: Account) -> None:
    """Raise Refused where no other account could manage accounts once this one no longer does."""
    if account.role != CHIEF or account.disabled_at is not None:
        return
    if not any(a.role == CHIEF and a.disabled_at is None and a.id != account.id for a in listing(conn)):
        raise Refused("account.last_admin", name=account.name)
