"""Whether anything moved: what was found on looking at a file stands as long as the store is the same."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from survey.store.audit import LOOKS
from survey.store.engine import tables as t

Mark = tuple[int, ...]


def mark(conn: Connection) -> Mark:
    """A value that changes whenever a file might be judged differently.

    Every import, undo, closed year, mapping and setting leaves a line of audit; definitions and communities are
    counted beside it, since programs add them without one.  Who only looked or signed in moved nothing.
    """
    a = t.audit.c
    told = select(a.id).where(a.action.not_in(LOOKS)).order_by(a.id.desc()).limit(1)
    newest = (t.questionnaires.c.id, t.schemes.c.id, t.communities.c.id)
    counts = (select(func.max(c)) for c in newest)
    row = conn.execute(select(*(func.coalesce(q.scalar_subquery(), 0) for q in (told, *counts)))).one()
    return tuple(int(value) for value in row)
