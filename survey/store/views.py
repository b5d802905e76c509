"""Views that readers saved: an address under a name, for oneself or for everybody who may sign in.

A view is no numbers and no permission: whoever opens one sees what that reader may see, as the data are then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, func, insert, select, update

from survey.core import limits
from survey.core.cells import clean, typed
from survey.core.errors import Refused
from survey.store import audit, settings
from survey.store.engine import tables as t
from survey.store.engine.base import now

#: the actions that the audit record knows
SAVED, RENAMED, SHARED, DELETED = "view saved", "view renamed", "view shared", "view deleted"


@dataclass(frozen=True)
class SavedView:
    """``path`` and ``query`` of an address without its language; ``shared``: everybody has it in their list; ``at``: when
    it was last changed (local time)."""

    id: int
    owner: str
    name: str
    path: str
    query: str
    shared: bool
    at: str


def listing(conn: Connection, who: str) -> list[SavedView]:
    """One's own views and those of others that are shared, by name, one's own first."""
    v = t.views.c
    query = select(t.views).where((v.owner == who) | v.shared).order_by(v.owner != who, v.name, v.id)
    rows = conn.execute(query).mappings().all()
    if not rows:  # as for most readers: the zone is a question to the store, and this is asked with every page
        return []
    zone = settings.zone(conn)
    return [_view(zone, row) for row in rows]


def find(conn: Connection, number: int, who: str) -> SavedView:
    """A view of this reader's list; raises Refused for one that is gone or another's own."""
    v = t.views.c
    row = conn.execute(select(t.views).where(v.id == number, (v.owner == who) | v.shared)).mappings().one_or_none()
    if row is None:
        raise Refused("views.gone")
    return _view(settings.zone(conn), row)


def save(conn: Connection, who: str, name: str, path: str, query: str, *, shared: bool) -> int:
    """Keep an address under a name; returns the view's number.

    Raises Refused for no name, one that this reader has already, one that is too long, and for too many views.
    """
    name = _free(conn, who, name)
    v = t.views.c
    if conn.execute(select(func.count()).where(v.owner == who)).scalar_one() >= limits.VIEWS:
        raise Refused("views.too_many")
    values = {"owner": who, "name": name, "path": path, "query": query, "shared": shared, "at": now()}
    number = int(conn.execute(insert(t.views).values(values).returning(v.id)).scalar_one())
    audit.record(conn, who, SAVED, name, {"path": path, "query": query, "shared": shared})
    return number


def rename(conn: Connection, who: str, view: SavedView, name: str) -> None:
    """Give a view another name; raises Refused as ``save`` does."""
    name = _free(conn, view.owner, name, but=view.id)
    if name == view.name:
        return
    _change(conn, view, name=name)
    audit.record(conn, who, RENAMED, name, {"before": view.name, "owner": view.owner})


def share(conn: Connection, who: str, view: SavedView, *, shared: bool) -> None:
    """Let everybody have a view in their list, or its owner alone."""
    if shared == view.shared:
        return
    _change(conn, view, shared=shared)
    audit.record(conn, who, SHARED, view.name, {"shared": shared, "owner": view.owner})


def drop(conn: Connection, who: str, view: SavedView) -> None:
    """Delete a view; the addresses of it that somebody has go on."""
    conn.execute(delete(t.views).where(t.views.c.id == view.id))
    told = {"path": view.path, "query": view.query, "owner": view.owner}
    audit.record(conn, who, DELETED, view.name, told)


def _free(conn: Connection, owner: str, name: str, but: int = 0) -> str:
    """The name as it was typed, no other of the owner reading the same."""
    name = typed(name)
    if not clean(name):
        raise Refused("views.no_name")
    if len(name) > limits.VIEW_NAME:
        raise Refused("views.long_name", n=len(name))
    v = t.views.c
    others = conn.execute(select(v.name).where(v.owner == owner, v.id != but)).scalars()
    if clean(name) in {clean(other) for other in others}:
        raise Refused("views.taken", name=name)
    return name


def _change(conn: Connection, view: SavedView, **values: Any) -> None:
    conn.execute(update(t.views).where(t.views.c.id == view.id).values(**values, at=now()))


def _view(zone: ZoneInfo, row: Any) -> SavedView:
    named = {name: row[name] for name in ("id", "owner", "name", "path", "query")}
    return SavedView(**named, shared=bool(row["shared"]), at=settings.local_in(zone, row["at"]))
