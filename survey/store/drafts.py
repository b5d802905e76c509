"""Half-filled forms: kept beside what is stored, per account and form, so that a reload or an ended session loses nothing.

What stands in them may name people, so they are encrypted where there is a key.  They go when the form is stored, when
their owner lets go of them, and ``limits.DRAFT_DAYS`` after the last change, where the clock can be believed
(``survey/people/retention.py``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from survey.core import limits
from survey.store import keyring, settings
from survey.store.engine import tables as t
from survey.store.engine.base import now

#: the name under which is kept, beside the fields, which request of which page brought them; no field has it
_SENT = ""
_TURN = re.compile(r"([0-9a-z]{1,20})\.([0-9]{1,9})")


@dataclass(frozen=True)
class Draft:
    """What was typed, field by field, and when (local time); ``sent`` as in ``keep``."""

    said: Mapping[str, str]
    at: str
    sent: str = ""

    def after(self, sent: str) -> bool:
        """Whether the same page sent these words later than those of that request, which was longer on its way."""
        mine, other = _TURN.fullmatch(self.sent), _TURN.fullmatch(sent)
        return bool(mine and other and mine[1] == other[1] and int(mine[2]) > int(other[2]))


def keep(conn: Connection, account: str, form: str, said: Mapping[str, str], sent: str = "") -> None:
    """Keep what is typed into a form, in place of what was.

    ``sent``: a name of the page that sends it, a point and the number of its request, where it gives them: what was
    overtaken by later words of that page is not kept.  More than ``limits.DRAFT_BYTES`` is not kept: no form asks
    for so much.
    """
    before = read(conn, account, form) if sent else None
    if before is not None and before.after(sent):
        return
    drop(conn, account, form)
    data = json.dumps({**said, **({_SENT: sent} if sent else {})}, ensure_ascii=False).encode()
    if not any(said.values()) or len(data) > limits.DRAFT_BYTES:
        return
    ring = keyring.load()
    key = "" if ring is None else ring.newest.id
    content = data if ring is None else ring.newest.seal(data, _about(account, form))
    conn.execute(insert(t.drafts).values(account=account, form=form, key=key, content=content, at=now()))


def read(conn: Connection, account: str, form: str) -> Draft | None:
    """What is kept of a form; None for nothing, and where the key that it was encrypted with is gone."""
    d = t.drafts.c
    query = select(d.key, d.content, d.at).where(d.account == account, d.form == form)
    found = conn.execute(query).one_or_none()
    if found is None:
        return None
    key, content, at = found
    if key:
        ring = keyring.load()
        if ring is None or key not in ring.ids:
            return None
        content = ring.key(key).open(bytes(content), _about(account, form))
    said = json.loads(bytes(content))
    sent = said.pop(_SENT, "")
    return Draft(said, settings.local(conn, at), sent)


def drop(conn: Connection, account: str, form: str) -> None:
    """Let go of what is kept of a form."""
    d = t.drafts.c
    conn.execute(delete(t.drafts).where(d.account == account, d.form == form))


def old(conn: Connection, moment: datetime) -> int:
    """How many are older at a moment than they are kept."""
    return int(conn.execute(select(func.count()).select_from(t.drafts).where(_over(moment))).scalar_one())


def sweep(conn: Connection, moment: datetime) -> None:
    """Delete those, whoever left them."""
    conn.execute(delete(t.drafts).where(_over(moment)))


def _over(moment: datetime) -> ColumnElement[bool]:
    return t.drafts.c.at < moment - timedelta(days=limits.DRAFT_DAYS)


def _about(account: str, form: str) -> str:
    return f"draft\0{account}\0{form}"
