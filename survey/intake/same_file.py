"""The same file twice: known by its bytes and its sheet, whatever it is called."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from survey.core.addresses import TURNED
from survey.core.errors import Refused
from survey.files.readers.sheet import Sheet
from survey.people.removed_people import refuse_removed_file
from survey.store import settings
from survey.store.intake import batches
from survey.store.intake.batches import Kind


def batch_sheet(sheet: Sheet) -> str:
    """What a file is known by beside its bytes; a text file is one sheet, whatever its name, unless it was turned round."""
    return sheet.name if sheet.kind not in ("text", "sav") or sheet.name.endswith(TURNED) else ""


def refuse_same_file(conn: Connection, kind: Kind, target: str, digest: str, sheet: str) -> None:
    """Raise Refused, naming the batch and when it came in, if the file and sheet are active already, or were removed."""
    _refuse(conn, batches.find_active(conn, kind, target, digest, sheet), sheet)
    refuse_removed_file(conn, target, digest, sheet)


def refuse_same_calls(conn: Connection, digest: str, sheet: str) -> None:
    """Raise Refused if an active batch brought call records of this file and sheet, alone or beside its answers."""
    _refuse(conn, batches.with_calls(conn, digest, sheet), sheet)


def _refuse(conn: Connection, again: batches.Batch | None, sheet: str) -> None:
    if again is not None:
        raise Refused(
            "intake.file_again",
            file=again.file,
            sheet=sheet or "–",
            batch=again.id,
            when=settings.local(conn, again.created_at),
        )
