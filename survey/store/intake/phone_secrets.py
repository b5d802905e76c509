"""What makes respondent ids of telephone numbers: one secret a questionnaire and year, encrypted with the key.

A new key only encrypts it anew, so ids stay as they are.  With the contacts of its year it is deleted, and then no id
leads back to a number any more, not even for who has the key; that it was deleted stays known.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from survey.store.engine import bulk
from survey.store.engine.declared.intake import phone_secrets as table
from survey.store.keyring import KEY_BYTES, Keyring


def get(conn: Connection, ring: Keyring, questionnaire: str, year: int) -> bytes | None:
    """The secret; empty where it was deleted, None where there never was one.  Refused if its key is not in the ring."""
    query = select(table.c.key_id, table.c.secret).where(_one(questionnaire, year))
    row = conn.execute(query).one_or_none()
    if row is None:
        return None
    return b"" if row.secret is None else ring.key(row.key_id).open(row.secret, _about(questionnaire, year))


def make(conn: Connection, ring: Keyring, questionnaire: str, year: int) -> bytes:
    """The secret, made if there was none (under the write lock: whoever comes second finds it)."""
    found = get(conn, ring, questionnaire, year)
    if found is not None:
        return found
    secret, key = secrets.token_bytes(KEY_BYTES), ring.newest
    sealed = key.seal(secret, _about(questionnaire, year))
    conn.execute(insert(table).values(questionnaire=questionnaire, year=year, key_id=key.id, secret=sealed))
    return secret


def years(conn: Connection) -> set[int]:
    """Years that have a secret."""
    return set(conn.execute(select(table.c.year).where(table.c.secret.is_not(None))).scalars())


def by_key(conn: Connection) -> dict[str, int]:
    """How many are encrypted with each key."""
    query = select(table.c.key_id, func.count()).where(table.c.secret.is_not(None)).group_by(table.c.key_id)
    return bulk.pairs(conn, query)


def reencrypt(conn: Connection, ring: Keyring) -> int:
    """Encrypt anew with the newest key what older keys hold; raises Refused where a key is missing."""
    new = ring.newest
    query = select(table.c.questionnaire, table.c.year, table.c.key_id, table.c.secret)
    lines = conn.execute(query.where(table.c.secret.is_not(None), table.c.key_id != new.id)).all()
    for questionnaire, year, key_id, sealed in lines:
        about = _about(questionnaire, year)
        fresh = new.seal(ring.key(key_id).open(sealed, about), about)
        conn.execute(update(table).where(_one(questionnaire, year)).values(key_id=new.id, secret=fresh))
    return len(lines)


def delete(conn: Connection, wanted: Iterable[int]) -> int:
    """Delete the secrets of these years, for good; returns how many."""
    query = update(table).where(table.c.year.in_(sorted(set(wanted))), table.c.secret.is_not(None))
    return int(conn.execute(query.values(key_id=None, secret=None)).rowcount)


def _one(questionnaire: str, year: int) -> ColumnElement[bool]:
    return (table.c.questionnaire == questionnaire) & (table.c.year == year)


def _about(questionnaire: str, year: int) -> str:
    return f"phone-secret/{questionnaire}/{year}"
