"""Whether anything moved: what was found on looking at a file stands as long as the store is the same."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from survey.store.engine import tables as t

Mark = tuple[int, ...]


def mark(conn: Connection) -> Mark:
    """A value that changes whenever a file might be judged differently.

    Every import, undo, closed year, mapping and setting leaves a line of audit; definitions and communities are
    counted beside it, since programs add them without one.
    """
    newest = (t.audit.c.id, t.questionnaires.c.id, t.schemes.c.id, t.communities.c.id)
    row = conn.execute(select(*(select(func.coalesce(func.max(c), 0)).scalar_subquery() for c in newest))).one()
    return tuple(int(value) for value in row)
