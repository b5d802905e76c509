"""The chain of the audit record: each entry carries the hash of itself and of the entry before it.

Whoever changes, removes or moves an entry afterwards breaks it there; what counts the entries stands apart from them, so
that the newest can't be taken away unseen. It holds against a hand in the tables, not against a program that writes the
whole chain anew: whoever needs that notes the newest hash elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from sqlalchemy import Connection, insert

from survey.store.engine.base import to_json
from survey.store.engine.tables import audit

#: the counter of the entries
NUMBER = "audit"
#: what an entry says came of what was tried, if nothing else is said
DONE = "done"
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


def link(before: str, line: Mapping[str, Any]) -> str:
    """SHA-256 over the hash of the entry before (``''`` for the first) and all that this one says.

    Its 64 hexadecimal digits are written as the letters a to p, among which nothing looks like a number of a person.
    """
    at = line["at"].astimezone(UTC).isoformat(timespec="microseconds")
    told = [line[name] for name in ("id", "who", "action", "subject", "outcome", "address")]
    text = to_json([before, at, *told, line["detail"]], sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest().translate(_LETTERS)


#: the number of a new entry and the hash of the newest; writers take turns, so nobody comes between. As plain SQL, which
#: both databases read: built anew each time it would cost as much again as adding the entry
_NEXT = """
    UPDATE counters
    SET next = 1 + CASE
        WHEN next > (SELECT coalesce(max(id), 0) FROM audit) THEN next
        ELSE (SELECT coalesce(max(id), 0) FROM audit) + 1
    END
    WHERE name = 'audit'
    RETURNING next - 1, (SELECT chain FROM audit ORDER BY id DESC LIMIT 1)
"""
_ADD = insert(audit)


def append(conn: Connection, line: Mapping[str, Any]) -> None:
    """Add an entry (``at, who, action, subject, detail, address, outcome``; the detail as JSON gives it back)."""
    number, before = conn.exec_driver_sql(_NEXT).one()
    told = {**line, "id": int(number)}
    conn.execute(_ADD, {**told, "chain": link(before or "", told)})
