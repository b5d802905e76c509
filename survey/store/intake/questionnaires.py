"""Questionnaires by name, every version of them kept; an answer always knows the version it was given to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, insert, select

from survey.core.errors import Refused
from survey.form.model import Questionnaire
from survey.form.serial import from_dict, to_dict, weights_changed
from survey.store import audit
from survey.store.engine import payloads
from survey.store.engine.base import now
from survey.store.engine.tables import batches, questionnaires, response_counts
from survey.store.year import years

_COLUMNS = [questionnaires.c[k] for k in ("id", "name", "version", "form", "added_at")]


@dataclass(frozen=True)
class StoredForm:
    """One version of a questionnaire; versions of a name count from 1."""

    id: int
    name: str
    version: int
    form: Questionnaire
    added_at: datetime


def add(conn: Connection, name: str, form: Questionnaire, workbook: bytes | None = None) -> StoredForm:
    """Keep a form as the newest version of its name; a form equal to the newest one gives that one."""
    plain = _plain(form)
    last = conn.execute(_newest(name)).first()
    if last is not None and last.form == plain:
        return _stored(last)
    row = {"name": name, "version": last.version + 1 if last else 1, "form": plain, "added_at": now()}
    stored = _stored(conn.execute(insert(questionnaires).values(workbook=workbook, **row).returning(*_COLUMNS)).one())
    payloads.keep(conn, payloads.QUESTIONNAIRES, stored.id)
    return stored


def alike(one: Questionnaire, other: Questionnaire) -> bool:
    """Whether two forms say the same, so that the one adds no version to the other."""
    return bool(_plain(one) == _plain(other))


def _plain(form: Questionnaire) -> Any:
    return json.loads(json.dumps(to_dict(form)))


def put(
    conn: Connection,
    name: str,
    form: Questionnaire,
    workbook: bytes | None = None,
    *,
    file: str = "",
    author: str = "",
    reason: str = "",
) -> StoredForm:
    """``add`` with a line of audit: from which file, by whom and why.

    Raises Refused where items would count otherwise than in an open year with answers and no reason is given.
    """
    reason = reason.strip()
    if not reason:
        require_unsettled(conn, name, form)
    _require_key(conn, name, form, reason)
    stored = add(conn, name, form, workbook)
    audit.record(
        conn, author, "questionnaire add", stored.name, {"version": stored.version, "file": file, "reason": reason}
    )
    return stored


def newest(conn: Connection, name: str) -> StoredForm | None:
    """The newest version of a name, None where the name is new."""
    row = conn.execute(_newest(name)).first()
    return None if row is None else _stored(row)


def require_unsettled(conn: Connection, name: str, form: Questionnaire) -> None:
    """Raise Refused if the form counts items otherwise than answers of an open year to this name were given under."""
    open_years = [y for y in years.fieldwork(conn) if years.state(conn, y) == "open"]
    counts, forms = response_counts.c, questionnaires.c
    answered = (
        select(forms.id, counts.year)
        .join(response_counts, counts.form_id == forms.id)
        .join(batches, batches.c.id == counts.batch_id)
        .where(forms.name == name, batches.c.state == "active", counts.year.in_(open_years))
        .order_by(forms.id)
    )
    for form_id, year in conn.execute(answered.distinct()):
        changed = weights_changed(by_id(conn, form_id).form, form)
        if changed:
            raise Refused("store.items_settled", name=name, year=year, items=", ".join(changed[:8]), n=len(changed))


def _require_key(conn: Connection, name: str, form: Questionnaire, reason: str) -> None:
    """Raise Refused where another setting ``respondent_key`` would make stored people one; where it only tells later ones
    apart, unless a reason is given."""
    last = newest(conn, name)
    if last is None or last.form.mode_in_key == form.mode_in_key:
        return
    from survey.answers.respondents import folded  # pandas: for who changes the key of a questionnaire only
    from survey.store.intake import identities

    years_of = conn.execute(select(response_counts.c.year).distinct()).scalars()
    stored = identities.active(conn, name, years_of)
    if form.mode_in_key and len(stored) and not reason:
        raise Refused("store.respondent_key_changes", name=name, n=len(stored))
    if not form.mode_in_key and len(stored):
        people = stored.assign(
            fold=stored["respondent"].map(folded),
            place=stored["community_id"].fillna(-1),
        )
        several = people.groupby(["year", "place", "fold"])["mode"].transform("nunique") > 1
        if several.any():
            n = len(people[several].drop_duplicates(["year", "place", "fold"]))
            raise Refused("store.respondent_key_merges", name=name, n=n, found=people[several]["respondent"].iloc[0])


def get(conn: Connection, name: str, version: int | None = None) -> StoredForm:
    """The newest, or a given, version; raises Refused naming those that exist."""
    query = _newest(name)
    if version is not None:
        query = query.where(questionnaires.c.version == version)
    row = conn.execute(query).first()
    if row is None:
        raise _unknown(conn, name, version)
    return _stored(row)


def by_id(conn: Connection, form_id: int) -> StoredForm:
    """The version with this id; raises NoResultFound if there is none (ids come from the store)."""
    return _stored(conn.execute(select(*_COLUMNS).where(questionnaires.c.id == form_id)).one())


def listing(conn: Connection) -> list[StoredForm]:
    """All versions of all questionnaires, in the order they came."""
    return [_stored(row) for row in conn.execute(select(*_COLUMNS).order_by(questionnaires.c.id))]


def workbook(conn: Connection, form_id: int) -> bytes | None:
    """The workbook that the version was read from, as it came."""
    found: bytes | None = conn.execute(
        select(questionnaires.c.workbook).where(questionnaires.c.id == form_id)
    ).scalar_one()
    return found


def _newest(name: str) -> Select[Any]:
    query = select(*_COLUMNS).where(questionnaires.c.name == name)
    return query.order_by(questionnaires.c.version.desc()).limit(1)


def _stored(row: Any) -> StoredForm:
    return StoredForm(row.id, row.name, row.version, from_dict(row.form), row.added_at)


def _unknown(conn: Connection, name: str, version: int | None) -> Refused:
    names = [
        str(n)
        for n in dict.fromkeys(conn.execute(select(questionnaires.c.name).order_by(questionnaires.c.id)).scalars())
    ]
    if not names:
        return Refused("store.no_questionnaires", name=name)
    if name in names:
        newest = conn.execute(_newest(name)).one().version
        return Refused("store.unknown_version", name=name, version=version, newest=newest)
    return Refused("store.unknown_questionnaire", name=name, known=", ".join(names))
