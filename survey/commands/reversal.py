"""The commands ``undo`` and ``redo``: one import taken back, or brought in again."""

from __future__ import annotations

from typing import Annotated

import typer

from survey.commands.console import session_of
from survey.store.intake import reinstatement


def undo(
    context: typer.Context, batch: Annotated[int, typer.Argument(metavar="BATCH", help="cli.argument.batch")]
) -> None:
    """Take one batch back; the record stays."""
    session = session_of(context)
    with session.store() as store:
        with store.write() as conn:
            changed = reinstatement.undo(conn, batch, "")
        session.tell("cli.undone", batch=batch)
        session.bring_up_to_date(store, changed)


def redo(
    context: typer.Context, batch: Annotated[int, typer.Argument(metavar="BATCH", help="cli.argument.batch")]
) -> None:
    """Bring a batch that was taken back in again."""
    session = session_of(context)
    with session.store() as store:
        with store.write() as conn:
            changed = reinstatement.redo(conn, batch, "")
        session.tell("cli.redone", batch=batch)
        session.bring_up_to_date(store, changed)
