"""An undone batch brought back, unless its file, its respondents or its calls came in again meanwhile."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from survey.answers.respondents import respondent_keys
from survey.core.errors import Refused
from survey.store.intake import batches, calls, identities, questionnaires
from survey.store.intake.batches import Batch, State


def undo(conn: Connection, batch_id: int, who: str = "") -> tuple[int, ...]:
    """Take a batch back, as ``batches.undo`` does; those whose place it had taken come back, unless somebody in them came in
    again meanwhile."""
    batch = batches.get(conn, batch_id)
    touched = set(batches.undo(conn, batch_id, who))
    for old in _replaced(conn, batch):
        if old.state == "undone" and _clash(conn, old) is None:
            touched |= set(batches.switch(conn, old, "active", who))
    return tuple(sorted(touched))


def set_aside(conn: Connection, numbers: Iterable[int], who: str = "") -> tuple[int, ...]:
    """Take those of these batches back that are active: another one takes their place.  Returns the years that changed."""
    found = [batches.get(conn, number) for number in numbers]
    return tuple(y for b in found if b.state == "active" for y in batches.switch(conn, b, "undone", who))


def _replaced(conn: Connection, batch: Batch) -> list[Batch]:
    return [batches.get(conn, number) for number in batch.options.get("replaces", ())]


def redo(conn: Connection, batch_id: int, who: str = "") -> tuple[int, ...]:
    """Bring an undone batch back.  Returns the years that changed.

    Raises Refused as ``undo`` does, and if its file or one of its respondents came in again meanwhile.
    """
    batch = batches.get(conn, batch_id)
    touched: set[int] = set()
    if batch.state == "undone":
        touched |= set(set_aside(conn, batch.options.get("replaces", ()), who))
        refused = _clash(conn, batch)
        if refused is not None:
            raise refused
    return tuple(sorted(touched | set(batches.switch(conn, batch, "active", who))))


def set_state(conn: Connection, batch_id: int, state: State, who: str = "") -> tuple[int, ...]:
    """``undo`` or ``redo`` by the state that is wanted."""
    return redo(conn, batch_id, who) if state == "active" else undo(conn, batch_id, who)


def _clash(conn: Connection, batch: Batch) -> Refused | None:
    """Why an undone batch cannot come back: its file is in again, a respondent would answer or a call be counted twice."""
    try:
        batches.refuse_twin(conn, "store.redo_same_file", batch.kind, batch.target, batch.file_hash, batch.sheet)
    except Refused as refused:
        return refused
    other = calls.clash(conn, batch.id)
    if other is not None:
        return Refused("calls.redo_clash", batch=other)
    mine = identities.of_batch(conn, batch.id)
    others = identities.active(conn, batch.target, set(mine["year"]))
    asked = questionnaires.newest(conn, batch.target) if batch.kind == "answers" else None
    for frame in (mine, others):
        with_mode = asked is not None and asked.form.mode_in_key
        frame["number"] = respondent_keys(frame["respondent"], frame["mode"], with_mode=with_mode)
    both = mine.merge(others, on=["year", "community_id", "number"], suffixes=("", "_other"))
    if batch.kind != "answers" or both.empty:
        return None
    first = both.iloc[0]
    return Refused(
        "store.redo_clash",
        n=len(both),
        batch=int(first["batch_id_other"]),
        respondent=first["respondent"],
        sheet=first["sheet_other"],
        row=int(first["row_other"]),
    )
