"""An undone batch brought back, unless its file, its respondents or its calls came in again meanwhile."""

from __future__ import annotations

from sqlalchemy import Connection

from survey.core.errors import Refused
from survey.store.intake import batches, calls, identities
from survey.store.intake.batches import Batch, State


def redo(conn: Connection, batch_id: int, who: str = "") -> tuple[int, ...]:
    """Bring an undone batch back.  Returns the years that changed.

    Raises Refused as ``undo`` does, and if its file or one of its respondents came in again meanwhile.
    """
    batch = batches.get(conn, batch_id)
    if batch.state == "undone":
        batches.refuse_twin(conn, "store.redo_same_file", batch.kind, batch.target, batch.file_hash, batch.sheet)
        _refuse_clash(conn, batch)
    return batches.switch(conn, batch, "active", who)


def set_state(conn: Connection, batch_id: int, state: State, who: str = "") -> tuple[int, ...]:
    """``undo`` or ``redo`` by the state that is wanted."""
    return redo(conn, batch_id, who) if state == "active" else batches.undo(conn, batch_id, who)


def _refuse_clash(conn: Connection, batch: Batch) -> None:
    """A respondent must not answer twice, nor a call be counted twice: compare the batch with the active ones."""
    other = calls.clash(conn, batch.id)
    if other is not None:
        raise Refused("calls.redo_clash", batch=other)
    mine = identities.of_batch(conn, batch.id)
    others = identities.active(conn, batch.target, set(mine["year"]))
    both = mine.merge(others, on=["year", "community_id", "respondent"], suffixes=("", "_other"))
    if batch.kind == "answers" and len(both):
        first = both.iloc[0]
        raise Refused(
            "store.redo_clash",
            n=len(both),
            batch=int(first["batch_id_other"]),
            respondent=first["respondent"],
            sheet=first["sheet_other"],
            row=int(first["row_other"]),
        )
