"""The commands ``undo`` and ``redo``: one import taken back, or brought in again."""

from __future__ import annotations

from typing import Annotated

import typer

from survey.commands.console import Session, session_of
from survey.store.intake import batches, reinstatement
from survey.store.intake.batches import Batch


def undo(
    context: typer.Context, batch: Annotated[int, typer.Argument(metavar="BATCH", help="cli.argument.batch")]
) -> None:
    """Take one batch back; the record stays."""
    session = session_of(context)
    with session.store() as store:
        with store.write() as conn:
            changed = reinstatement.undo(conn, batch, "")
            found = batches.get(conn, batch)
        _tell(session, "cli.undone", found)
        session.bring_up_to_date(store, changed)


def redo(
    context: typer.Context, batch: Annotated[int, typer.Argument(metavar="BATCH", help="cli.argument.batch")]
) -> None:
    """Bring a batch that was taken back in again."""
    session = session_of(context)
    with session.store() as store:
        with store.write() as conn:
            changed = reinstatement.redo(conn, batch, "")
            found = batches.get(conn, batch)
        _tell(session, "cli.redone", found)
        session.bring_up_to_date(store, changed)


def _tell(session: Session, key: str, batch: Batch) -> None:
    """What was taken back or brought back: its number, its file (or that it was typed), how much it is."""
    file = batch.file or session.say("cli.typed_batch")
    session.tell(key, batch=batch.id, file=file, n=batch.counts.get("stored", 0))
