"""The command ``batches``: what was imported, and what was found in it."""

from __future__ import annotations

from typing import Annotated

import typer

from survey.commands.console import Session, session_of
from survey.core.plain_table import PlainTable
from survey.decisions.finding_rows import TABLE_COLUMNS, finding_rows
from survey.store import settings
from survey.store.intake import batches
from survey.store.intake.batches import correction_words


def list_batches(
    context: typer.Context,
    batch: Annotated[int | None, typer.Argument(metavar="[BATCH]", help="cli.argument.batch_findings")] = None,
    entries: Annotated[bool, typer.Option("--entries", help="cli.option.entries")] = False,
    alike: Annotated[bool, typer.Option("--alike", help="cli.option.alike_numbers")] = False,
) -> None:
    """Show what was imported, everything that was found in one batch, or stored numbers that are one but for their writing."""
    session = session_of(context)
    if alike:
        _list_alike(session)
        return
    with session.store() as store, store.read() as conn:
        if batch is not None:
            found = batches.get(conn, batch)
            rows = finding_rows(found.file, batches.findings(conn, batch), session.lang)
            session.emit(PlainTable.of_rows(rows, TABLE_COLUMNS), shown=["where", "level", "message"], batch=batch)
            return
        taken = batches.places_taken(conn)
        rows = [
            {
                "batch": b.id,
                "kind": b.kind,
                "target": b.target,
                "file": b.file,
                "sheet": b.sheet,
                "state": b.state,
                "created_at": settings.local(conn, b.created_at),
                "who": b.who,
                "sample_type": b.sample_type,
                "rows": b.counts.get("rows"),
                "stored": b.counts.get("stored"),
                "duplicates": b.counts.get("duplicates"),
                "refused_rows": b.counts.get("refused_rows"),
                "refused_cells": b.counts.get("refused_cells"),
                "corrections": "；".join(correction_words(b, taken.get(b.id, {}), session.lang)),
            }
            for b in batches.listing(conn, entries=entries)
        ]
    columns = [
        "batch",
        "kind",
        "target",
        "file",
        "sheet",
        "state",
        "created_at",
        "who",
        "sample_type",
        "rows",
        "stored",
        "duplicates",
        "refused_rows",
        "refused_cells",
        "corrections",
    ]
    session.emit(
        PlainTable.of_rows(rows, columns),
        shown=["batch", "kind", "file", "state", "created_at", "stored", "refused_rows", "corrections"],
    )


def _list_alike(session: Session) -> None:
    from survey.people.alike_numbers import COLUMNS, alike_numbers  # pandas: for who asks for the list only

    with session.store() as store, store.read() as conn:
        rows = alike_numbers(conn)
    session.emit(PlainTable.of_rows(rows, COLUMNS))
