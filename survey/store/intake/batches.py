"""Batches: what came from which file, by whom, and what became of it; undo and redo.

Everything else in the store reads active batches only, so one word here takes an import back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Select, func, insert, select, update

from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.core.lang import say
from survey.store import audit
from survey.store.engine import bulk
from survey.store.engine import tables as t
from survey.store.year import years

Kind = Literal["answers", "indicators", "register", "calls", "entry"]
State = Literal["active", "undone", "removed"]
TALLY_COLUMNS = ("community_id", "year", "mode", "received", "duplicate", "refused", "stored")
_FINDING_FIELDS = ("code", "level", "scope", "sheet", "cell", "row", "header", "params")


@dataclass(frozen=True)
class Batch:
    """One import.  ``target`` is the questionnaire's name or the scheme's code, ``version_id`` its row."""

    id: int
    kind: Kind
    target: str
    version_id: int | None
    file: str
    file_hash: str
    sheet: str
    sample_type: str
    who: str
    created_at: datetime
    state: State
    counts: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)


def record(
    conn: Connection,
    *,
    kind: Kind,
    target: str,
    file: str,
    file_hash: str,
    sheet: str = "",
    version_id: int | None = None,
    sample_type: str = "probability",
    who: str = "",
    counts: Mapping[str, Any] | None = None,
    options: Mapping[str, Any] | None = None,
) -> int:
    """Begin a batch and write the audit record; returns its number.

    Raises Refused if the same file and sheet is already stored for this target.
    """
    refuse_twin(conn, "store.same_file", kind, target, file_hash, sheet)
    number = bulk.take(conn, "batches")
    row = {
        "id": number,
        "kind": kind,
        "target": target,
        "version_id": version_id,
        "file": file,
        "file_hash": file_hash,
        "sheet": sheet,
        "sample_type": sample_type,
        "who": who,
        "created_at": t.now(),
        "state": "active",
        "counts": dict(counts or {}),
        "options": dict(options or {}),
    }
    conn.execute(insert(t.batches).values(row))
    audit.record(conn, who, "import", f"batch {number}", {"kind": kind, "target": target, "file": file, "sheet": sheet})
    return number


def listing(conn: Connection, *, entries: bool = True) -> list[Batch]:
    """All batches, undone ones too, newest first; without ``entries`` those of files only."""
    query = select(t.batches).order_by(t.batches.c.id.desc())
    return _batches(conn, query if entries else query.where(t.batches.c.kind != "entry"))


def get(conn: Connection, batch_id: int) -> Batch:
    """The batch of this number; raises Refused if there is none."""
    known = 0 < batch_id < 2**31  # what a database takes for a number of a row
    found = _batches(conn, select(t.batches).where(t.batches.c.id == batch_id)) if known else []
    if not found:
        raise Refused("store.unknown_batch", batch=batch_id)
    return found[0]


def find_active(conn: Connection, kind: Kind, target: str, file_hash: str, sheet: str) -> Batch | None:
    """The active batch that this file and sheet already is, if any."""
    c = t.batches.c
    query = select(t.batches).where(
        c.state == "active", c.kind == kind, c.target == target, c.file_hash == file_hash, c.sheet == sheet
    )
    return next(iter(_batches(conn, query)), None)


def with_calls(conn: Connection, file_hash: str, sheet: str) -> Batch | None:
    """The active batch that brought call records of this file and sheet, if any."""
    c = t.batches.c
    query = select(t.batches).where(
        c.state == "active", c.file_hash == file_hash, c.sheet == sheet, c.id.in_(select(t.calls.c.batch_id))
    )
    return next(iter(_batches(conn, query)), None)


def undo(conn: Connection, batch_id: int, who: str = "") -> tuple[int, ...]:
    """Take a batch back: nothing reads it any more, its record stays.  Returns the years that changed.

    Raises Refused if there is no such batch, it is undone already, it is of the register (which keeps no
    earlier state), or one of its years is closed.
    """
    return switch(conn, get(conn, batch_id), "undone", who)


def save_findings(conn: Connection, batch_id: int, findings: Iterable[Finding]) -> None:
    """Keep the findings of a batch, in their order."""
    rows = [
        {
            "batch_id": batch_id,
            "position": i,
            **{f: getattr(finding, f) for f in _FINDING_FIELDS},
            "params": dict(finding.params),
        }
        for i, finding in enumerate(findings)
    ]
    if rows:
        conn.execute(insert(t.findings), rows)


def findings(conn: Connection, batch_id: int) -> list[Finding]:
    """The findings kept with a batch."""
    columns = [t.findings.c[f] for f in _FINDING_FIELDS]
    query = select(*columns).where(t.findings.c.batch_id == batch_id).order_by(t.findings.c.position)
    return [Finding(**row) for row in conn.execute(query).mappings()]


def save_tally(conn: Connection, batch_id: int, rows: Iterable[Sequence[Any]]) -> None:
    """Keep what became of the rows of a file: one row (``TALLY_COLUMNS``) a community, year and mode."""
    values = [{"batch_id": batch_id, **dict(zip(TALLY_COLUMNS, row, strict=True))} for row in rows]
    if values:
        conn.execute(insert(t.tallies), values)


def _batches(conn: Connection, query: Select[Any]) -> list[Batch]:
    return [Batch(**row) for row in conn.execute(query).mappings()]


def switch(conn: Connection, batch: Batch, state: State, who: str) -> tuple[int, ...]:
    """Make a batch active or undone; returns the years that changed, raises Refused as ``undo`` does."""
    if batch.state == "removed":
        raise Refused("store.batch_removed", batch=batch.id)
    if batch.state == state:
        raise Refused(f"store.already_{state}", batch=batch.id)
    if batch.kind == "register":
        raise Refused("store.register_stays", batch=batch.id)
    touched = years.with_data(conn, batch_id=batch.id)
    years.require_open(conn, touched)
    years.require_open_in(conn, years.places(conn, batch.id))
    conn.execute(update(t.batches).where(t.batches.c.id == batch.id).values(state=state))
    years.bump(conn, touched)
    action = "redo" if state == "active" else "undo"
    audit.record(conn, who, action, f"batch {batch.id}", {"file": batch.file, "years": list(touched)})
    return touched


def refuse_twin(conn: Connection, key: str, kind: Kind, target: str, file_hash: str, sheet: str) -> None:
    """Raise Refused, with this text key, if the same sheet of the same file is in already."""
    twin = find_active(conn, kind, target, file_hash, sheet)
    if twin is not None:
        raise Refused(key, batch=twin.id, file=twin.file, sheet=twin.sheet or "–", target=target)


def places_taken(conn: Connection) -> dict[int, dict[int, int]]:
    """Batch → the active batches that took places of its responses, each with how many count no more for it."""
    r, c, b = t.replaced.c, t.responses.c, t.batches.c
    query = select(c.batch_id, r.batch_id, func.count()).join_from(t.replaced, t.responses, c.id == r.response_id)
    query = query.join(t.batches, b.id == r.batch_id).where(b.state == "active").group_by(c.batch_id, r.batch_id)
    found: dict[int, dict[int, int]] = {}
    for old, by, n in conn.execute(query.order_by(c.batch_id, r.batch_id)):
        found.setdefault(int(old), {})[int(by)] = int(n)
    return found


def correction_words(batch: Batch, taken: Mapping[int, int], lang: str) -> list[str]:
    """What is to be said of a batch beside its numbers: whose places it took, and who took places in it (``places_taken``)."""
    mine = batch.counts.get("replaced")
    told = [say(lang, "corrections.corrects", n=mine)] if mine else []
    return told + [say(lang, "corrections.corrected", n=n, by=by) for by, n in sorted(taken.items())]
