"""Confirmed mappings by questionnaire and header row: the next file with the same header needs no second answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, select

from survey.answers.mapping import ColumnMapping, fingerprint, from_json, to_json
from survey.core.errors import Refused
from survey.store import audit
from survey.store.engine import bulk
from survey.store.engine.base import now
from survey.store.engine.declared.intake import mappings


@dataclass(frozen=True)
class StoredMapping:
    """What was confirmed, for which header row (``fingerprint``), on which file, by whom and when."""

    questionnaire: str
    fingerprint: str
    mapping: ColumnMapping
    file: str
    who: str
    saved_at: datetime


def save(
    conn: Connection, questionnaire: str, headers: Sequence[str], mapping: ColumnMapping, *, file: str, who: str
) -> StoredMapping:
    """Keep what was confirmed for a header row, in place of what was kept for it before (the record keeps both).

    The same mapping again changes nothing, and stays whose it was.
    """
    key = {"questionnaire": questionnaire, "fingerprint": fingerprint(headers)}
    before = find(conn, questionnaire, headers)
    if before is not None and before.mapping == mapping:
        return before
    text, moment = to_json(mapping), now()
    bulk.put(conn, mappings, key, {"mapping": text, "file": file, "who": who, "saved_at": moment})
    old = None if before is None else to_json(before.mapping)
    audit.record(conn, who, "mapping", questionnaire, {**key, "file": file, "mapping": text, "before": old})
    return StoredMapping(**key, mapping=mapping, file=file, who=who, saved_at=moment)


def find(conn: Connection, questionnaire: str, headers: Sequence[str]) -> StoredMapping | None:
    """What was confirmed for this header row, else None.

    The questionnaire may have a newer version since: ``survey.answers.mapping.check`` says whether it still fits.
    """
    query = _all(questionnaire).where(mappings.c.fingerprint == fingerprint(headers))
    row = conn.execute(query).first()
    return None if row is None else _stored(row)


def listing(conn: Connection, questionnaire: str | None = None) -> list[StoredMapping]:
    """All mappings that are kept, of one questionnaire or of all, newest first."""
    return [_stored(row) for row in conn.execute(_all(questionnaire).order_by(mappings.c.saved_at.desc()))]


def forget(conn: Connection, questionnaire: str, fingerprint: str, *, who: str) -> None:
    """Keep a mapping no longer; raises Refused if there is none.  What it read stays as it is."""
    found = delete(mappings).where(mappings.c.questionnaire == questionnaire, mappings.c.fingerprint == fingerprint)
    if conn.execute(found).rowcount == 0:
        raise Refused("mapping.not_kept", questionnaire=questionnaire, found=fingerprint)
    audit.record(conn, who, "forget mapping", questionnaire, {"fingerprint": fingerprint})


def _all(questionnaire: str | None) -> Select[Any]:
    query = select(mappings)
    return query if questionnaire is None else query.where(mappings.c.questionnaire == questionnaire)


def _stored(row: Any) -> StoredMapping:
    found = row._asdict()
    return StoredMapping(**{**found, "mapping": from_json(found["mapping"], found["file"])})
