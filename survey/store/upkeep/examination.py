"""A store looked over: is the file whole, the record unbroken, every answer there, every sealed text to be opened.

Each check says in one sentence what it found; one that can't be made here says why.  Nothing is changed, unless it is told to mend
what can be: sums that are missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, select

from survey.core.errors import Refused, Surroundings
from survey.store import breaks, keyring
from survey.store.engine import payloads
from survey.store.engine import tables as t
from survey.store.engine.database import Store
from survey.store.intake import contacts, originals
from survey.store.upkeep import strange_values, sums

#: what came of a check
OK, WRONG, UNCHECKED, MENDED = "ok", "wrong", "unchecked", "mended"


@dataclass(frozen=True)
class Examined:
    """``check``: what was looked at; ``state``: ``OK``, ``WRONG``, ``UNCHECKED`` or ``MENDED``; ``key`` and ``params`` of its sentence."""

    check: str
    state: str
    key: str
    params: dict[str, Any] = field(default_factory=dict)


def examine(store: Store, *, mend: bool = False) -> Iterator[Examined]:
    """All checks of the store itself, one after the other; ``mend`` keeps sums that are missing."""
    checks: tuple[Callable[[Connection], Iterator[Examined]], ...] = (_file, _record, _answers, _originals, _contacts)
    for check in checks:
        with store.read() as conn:
            yield from check(conn)
    with store.write(aside=True) if mend else store.read() as conn:
        yield from [*_sums(conn, mend), *_payloads(conn, mend)]


def payloads_of(store: Store) -> Iterator[Examined]:
    """Results, schemes and questionnaires by themselves, after some were made anew."""
    with store.read() as conn:
        yield from list(_payloads(conn, mend=False))


def _file(conn: Connection) -> Iterator[Examined]:
    """Every page of a SQLite file, and every reference from one table to another."""
    if conn.dialect.name != "sqlite":
        yield Examined("file", UNCHECKED, "doctor.file_elsewhere")
        return
    wrong = [str(row[0]) for row in conn.exec_driver_sql("PRAGMA integrity_check(3)") if row[0] != "ok"]
    wrong += [f"{row[0]} → {row[2]}" for row in conn.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(3)]
    if not wrong and (strange := strange_values.strange(conn)):
        wrong.append(", ".join(strange[:3]))
    if wrong:
        yield Examined("file", WRONG, "doctor.file_wrong", {"reason": "; ".join(wrong)})
    else:
        yield Examined("file", OK, "doctor.file_ok")


def _record(conn: Connection) -> Iterator[Examined]:
    found = breaks.check(conn)
    if found.breaks:
        first = found.breaks[0]
        yield Examined("record", WRONG, "doctor.record_wrong", {"n": len(found.breaks), "first": first.first})
    else:
        yield Examined("record", OK, "doctor.record_ok", {"n": found.entries})


def _answers(conn: Connection) -> Iterator[Examined]:
    """As many responses in each batch as it says were stored."""
    b, r = t.batches.c, t.responses.c
    held = {int(n): int(held) for n, held in conn.execute(select(r.batch_id, func.count()).group_by(r.batch_id))}
    told = {
        int(n): counts.get("stored", 0) for n, counts in conn.execute(select(b.id, b.counts).where(b.kind == "answers"))
    }
    wrong = [n for n, stored in told.items() if held.get(n, 0) != stored] + [n for n in held if n not in told]
    if wrong:
        n = sorted(wrong)[0]
        params = {"n": len(wrong), "batch": n, "told": told.get(n, 0), "held": held.get(n, 0)}
        yield Examined("answers", WRONG, "doctor.answers_wrong", params)
    else:
        yield Examined("answers", OK, "doctor.answers_ok", {"n": sum(held.values()), "batches": len(told)})


def _sums(conn: Connection, mend: bool) -> Iterator[Examined]:
    """The packed answers of each run of responses held against the sum that was kept when they were stored."""
    found = list(sums.runs(conn))
    wrong = {run.batch: run.file for run in found if run.told and run.told != run.now}
    for batch, file in wrong.items():
        yield Examined("bits", WRONG, "doctor.bits_wrong", {"batch": batch, "file": file})
    missing = [run for run in found if not run.told]
    if missing and mend:
        sums.note(conn, missing)
        yield Examined("bits", MENDED, "doctor.bits_noted", {"n": len(missing)})
    elif missing:
        yield Examined("bits", WRONG, "doctor.bits_missing", {"n": len(missing)})
    elif not wrong:
        yield Examined("bits", OK, "doctor.bits_ok", {"n": len(found)})


def _payloads(conn: Connection, mend: bool) -> Iterator[Examined]:
    """Results, schemes and questionnaires held against the sums that were kept with them."""
    found = list(payloads.every(conn))
    wrong = [one for one in found if one.told and one.told != one.now]
    for one in wrong:
        yield Examined("payloads", WRONG, f"doctor.payload_wrong_{one.kind}", {"number": one.number})
    missing = [one for one in found if not one.told]
    if missing and mend:
        payloads.note(conn, missing)
        yield Examined("payloads", MENDED, "doctor.payloads_noted", {"n": len(missing)})
    elif missing:
        yield Examined("payloads", WRONG, "doctor.payloads_missing", {"n": len(missing)})
    elif not wrong:
        yield Examined("payloads", OK, "doctor.payloads_ok", {"n": len(found)})


def _originals(conn: Connection) -> Iterator[Examined]:
    """Every original opened with its key and held against its hash."""
    hashes = list(conn.execute(select(t.originals.c.file_hash)).scalars())
    ring = keyring.load()
    if not hashes:
        yield Examined("originals", OK, "doctor.originals_ok", {"n": 0})
    elif ring is None:
        yield Examined("originals", UNCHECKED, "doctor.no_key", {"n": len(hashes)})
    else:
        wrong = [one for one in hashes if not _opens(conn, ring, one)]
        if wrong:
            yield Examined("originals", WRONG, "doctor.originals_wrong", {"n": len(wrong), "of": len(hashes)})
        else:
            yield Examined("originals", OK, "doctor.originals_ok", {"n": len(hashes)})


def _opens(conn: Connection, ring: keyring.Keyring, file_hash: str) -> bool:
    try:
        for _ in originals.read(conn, ring, file_hash):
            pass
    except (Refused, Surroundings):
        return False
    return True


def _contacts(conn: Connection) -> Iterator[Examined]:
    n = int(conn.execute(select(func.count()).select_from(t.contacts)).scalar_one())
    ring = keyring.load()
    if not n:
        yield Examined("contacts", OK, "doctor.contacts_ok", {"n": 0})
    elif ring is None:
        yield Examined("contacts", UNCHECKED, "doctor.no_key", {"n": n})
    else:
        try:
            found = contacts.listing(conn, ring, None)
        except (Refused, Surroundings):
            yield Examined("contacts", WRONG, "doctor.contacts_wrong", {"n": n})
        else:
            yield Examined("contacts", OK, "doctor.contacts_ok", {"n": len(found)})
