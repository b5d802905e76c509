"""The schema version and the way from an older one to this program's.

A new store is made from ``tables.py`` as it stands.  Whoever changes a table adds one function to
``UPGRADES``; an older store walks them in order, in one transaction, when it is opened.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from sqlalchemy import Connection, bindparam, func, insert, inspect, literal, or_, select, text, update

from survey.core.errors import Surroundings
from survey.store.engine import base, bulk, chain, payloads
from survey.store.engine import tables as t

APPLICATION = "xingfu"
#: setting: the last batch of indicator values whose texts were kept in the form they are compared by
FOLDED_TO = "texts_folded_to"


def _intake(conn: Connection) -> None:
    """Schema 2: the tables of the intake (calls, plans, contacts, mappings …), and when a year was closed.

    Tables are made as they stand; who changes one of schema 2 writes here what it was.
    """
    t.metadata.create_all(conn)
    if "closed_at" not in {column["name"] for column in inspect(conn).get_columns("years")}:
        conn.execute(text("ALTER TABLE years ADD COLUMN closed_at VARCHAR(40)"))


def _cycle(conn: Connection) -> None:
    """Schema 3: the steps of the yearly cycle."""
    t.metadata.create_all(conn, tables=[t.cycle_events])


def _analyses(conn: Connection) -> None:
    """Schema 4: the table of specialist results."""
    t.metadata.create_all(conn, tables=[t.analyses])


def _funds(conn: Connection) -> None:
    """Schema 5: the balances of the special fund."""
    t.metadata.create_all(conn, tables=[t.funds])


def _phone_secrets(conn: Connection) -> None:
    """Schema 6: what makes respondent ids of telephone numbers."""
    t.metadata.create_all(conn, tables=[t.phone_secrets])


def _replicates(conn: Connection) -> None:
    """Schema 7: replicate weights."""
    t.metadata.create_all(conn, tables=[t.response_replicates])


def _reviews(conn: Connection) -> None:
    """Schema 8: reviews of indicator values, and why a value was changed."""
    t.metadata.create_all(conn, tables=[t.indicator_reviews])
    if "reason" not in {column["name"] for column in inspect(conn).get_columns("indicator_values")}:
        conn.execute(text("ALTER TABLE indicator_values ADD COLUMN reason TEXT"))


def _scheme_versions(conn: Connection) -> None:
    """Schema 9: who added a version of a scheme, why, and what it changed of years already in the field."""
    for name, kind, default in (("author", "VARCHAR", ""), ("reason", "TEXT", ""), ("after_fieldwork", "JSON", "[]")):
        conn.execute(text(f"ALTER TABLE schemes ADD COLUMN {name} {kind} DEFAULT '{default}' NOT NULL"))


def _tasks(conn: Connection) -> None:
    """Schema 10: the rectification tasks."""
    t.metadata.create_all(conn, tables=[t.tasks])


def _removals(conn: Connection) -> None:
    """Schema 11: what was removed for good."""
    t.metadata.create_all(conn, tables=[t.removals])


def _second_stage(conn: Connection) -> None:
    """Schema 12: what was drawn within PSUs."""
    present = {column["name"] for column in inspect(conn).get_columns("responses")}
    for name, kind in (("ssu", "VARCHAR"), ("fpc2", "DOUBLE PRECISION")):
        if name not in present:
            conn.execute(text(f"ALTER TABLE responses ADD COLUMN {name} {kind}"))


def _register_in_time(conn: Connection) -> None:
    """Schema 13: what the register says of a community counts from a year; what it says now, from the beginning."""
    t.metadata.create_all(conn, tables=[t.community_facts])
    columns = [c.name for c in t.community_facts.c if c.name not in ("community_id", "from_year")]
    now = select(t.communities.c.id, literal(0), *(t.communities.c[name] for name in columns))
    conn.execute(insert(t.community_facts).from_select(["community_id", "from_year", *columns], now))


def _typed_texts(conn: Connection) -> None:
    """Schema 14: texts of indicator values stay as typed; the last change before is marked, whose texts did not."""
    v = t.indicator_values.c
    texts = [func.coalesce(v[name], "") != "" for name in ("assessor", "method", "evidence", "note", "reason")]
    last = conn.execute(select(func.max(v.batch_id)).where(or_(*texts))).scalar()
    if last is not None:
        conn.execute(insert(t.settings).values(key=FOLDED_TO, value=str(last)))


def _disbursements(conn: Connection) -> None:
    """Schema 15: what was paid of the awards."""
    t.metadata.create_all(conn, tables=[t.disbursements])


def _streets(conn: Connection) -> None:
    """Schema 16: a step of a whole year is one street's, and so may a balance be; those before were of all streets."""
    for table in ("cycle_events", "funds"):
        if "street" not in {column["name"] for column in inspect(conn).get_columns(table)}:
            conn.execute(text(f"ALTER TABLE {table} ADD COLUMN street VARCHAR DEFAULT '' NOT NULL"))


def _accounts(conn: Connection) -> None:
    """Schema 17: accounts, what they may see, who is signed in."""
    made = [t.accounts, t.account_scopes, t.sessions, t.sign_in_attempts, t.account_tokens]
    t.metadata.create_all(conn, tables=made)


def _audit_chain(conn: Connection) -> None:
    """Schema 18: each entry of the audit record carries where it came from, what came of it, and a hash that holds it
    to the entry before; those before are linked as they stand now, which the record says."""
    present = {column["name"] for column in inspect(conn).get_columns("audit")}
    for name, default in (("address", ""), ("outcome", chain.DONE), ("chain", "")):
        if name not in present:
            conn.execute(text(f"ALTER TABLE audit ADD COLUMN {name} VARCHAR DEFAULT '{default}' NOT NULL"))
    a = t.audit.c
    said = [a.id, a.at, a.who, a.action, a.subject, a.detail, a.address, a.outcome]
    before, newest, links = "", 0, []
    for entry in conn.execute(select(*said).order_by(a.id)).mappings():
        before, newest = chain.link(before, dict(entry)), entry["id"]
        links.append({"number": newest, "hash": before})
    if links:
        hold = update(t.audit).where(a.id == bindparam("number")).values(chain=bindparam("hash"))
        conn.execute(hold, links)
    conn.execute(insert(t.counters).values(name=chain.NUMBER, next=newest + 1))
    detail = {"entries": len(links), "last": newest}
    line = {"at": base.now(), "who": "", "action": "audit chain", "subject": str(newest), "detail": detail}
    chain.append(conn, {**line, "address": "", "outcome": chain.DONE})


def _due_dates(conn: Connection) -> None:
    """Schema 19: until when what is to be done in a year."""
    t.metadata.create_all(conn, tables=[t.due_dates])


def _drafts(conn: Connection) -> None:
    """Schema 20: half-filled forms."""
    t.metadata.create_all(conn, tables=[t.drafts])


def _reading(conn: Connection) -> None:
    """Schema 21: saved views; codes of answers in words."""
    t.metadata.create_all(conn, tables=[t.views, t.word_codes, t.coded_answers])


def _programs(conn: Connection) -> None:
    """Schema 22: tokens of programs that read."""
    t.metadata.create_all(conn, tables=[t.program_tokens, t.program_scopes])


def _english_names(conn: Connection) -> None:
    """Schema 23: names in English."""
    t.metadata.create_all(conn, tables=[t.english_names])


def _answer_sums(conn: Connection) -> None:
    """Schema 24: a sum over the answers of each run of responses; of those that are there, over what stands there now."""
    if "answers_sum" not in {column["name"] for column in inspect(conn).get_columns("response_runs")}:
        conn.execute(text("ALTER TABLE response_runs ADD COLUMN answers_sum VARCHAR"))
    r, c = t.response_runs.c, t.responses.c
    for first, last in conn.execute(select(r.first_id, r.last_id)).all():
        made = hashlib.sha256()
        for rows in bulk.chunks(conn, select(c.answers).where(c.id.between(first, last)).order_by(c.id)):
            made.update(b"".join(answers for (answers,) in rows))
        conn.execute(update(t.response_runs).where(r.first_id == first).values(answers_sum=made.hexdigest()))


def _payload_sums(conn: Connection) -> None:
    """Schema 25: a sum over results, schemes and questionnaires; of those that are there, over what stands there now."""
    t.metadata.create_all(conn, tables=[t.payload_sums])
    payloads.note(conn, list(payloads.every(conn)))


def _replaced(conn: Connection) -> None:
    """Schema 26: responses whose place a later one took."""
    t.metadata.create_all(conn, tables=[t.replaced])


#: UPGRADES[k] takes schema k + 1 to k + 2
UPGRADES: list[Callable[[Connection], None]] = [
    _intake,
    _cycle,
    _analyses,
    _funds,
    _phone_secrets,
    _replicates,
    _reviews,
    _scheme_versions,
    _tasks,
    _removals,
    _second_stage,
    _register_in_time,
    _typed_texts,
    _disbursements,
    _streets,
    _accounts,
    _audit_chain,
    _due_dates,
    _drafts,
    _reading,
    _programs,
    _english_names,
    _answer_sums,
    _payload_sums,
    _replaced,
]


def newest() -> int:
    """The schema version that this program writes."""
    return 1 + len(UPGRADES)


def version(conn: Connection, where: str = "") -> int:
    """The schema version of the database, 0 if it is empty; raises Surroundings if it is somebody else's."""
    names = set(inspect(conn).get_table_names())
    if not names:
        return 0
    found: dict[str, str] = {}
    if {"meta", "counters"} <= names:
        found = bulk.pairs(conn, select(t.meta.c.key, t.meta.c.value))
    if found.get("application") != APPLICATION:
        raise Surroundings("store.not_ours", where=where)
    schema = str(found.get("schema", ""))
    if not (schema.isascii() and schema.isdigit() and 0 < int(schema) < 10_000):
        raise Surroundings("store.damaged", where=where, reason=f"schema {schema[:20]!r}")
    return int(schema)


def create(conn: Connection) -> None:
    """Make all tables in an empty database."""
    t.metadata.create_all(conn)
    conn.execute(insert(t.counters), [{"name": name, "next": 1} for name in ("batches", "responses", chain.NUMBER)])
    stamp = {"application": APPLICATION, "schema": str(newest())}
    conn.execute(insert(t.meta), [{"key": k, "value": v} for k, v in stamp.items()])


def upgrade(conn: Connection, found: int) -> int:
    """Take a store from schema ``found`` to this program's; returns what it marked as ``FOLDED_TO``, 0 if nothing."""
    steps = UPGRADES[found - 1 :]
    for step in steps:
        step(conn)
    conn.execute(update(t.meta).where(t.meta.c.key == "schema").values(value=str(newest())))
    if _typed_texts not in steps:
        return 0
    return int(conn.execute(select(t.settings.c.value).where(t.settings.c.key == FOLDED_TO)).scalar() or 0)


def check(conn: Connection, where: str) -> int:
    """The schema version; raises Surroundings if the store is newer than the program."""
    found = version(conn, where)
    if found > newest():
        raise Surroundings("store.newer", where=where, found=found, known=newest())
    return found
