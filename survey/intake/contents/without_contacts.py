"""The file that a batch came from, for who looks over somebody's work: without contacts.

Of answers the columns that were read are there, but for telephone numbers and what was written freely; of values and of
what is kept besides every cell.  Whatever a cell says, numbers of persons in it are masked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from io import BytesIO
from typing import Any

from sqlalchemy import Connection

from survey.answers.mapping import from_json
from survey.coding.options import ImportOptions
from survey.core.addresses import TURNED
from survey.core.cells import clean
from survey.core.errors import Refused
from survey.core.lang import say
from survey.core.masking import masked
from survey.fieldwork.register import Register
from survey.files.layouts.layout import PRIVATE
from survey.files.read import read_sheets
from survey.files.readers.sheet import Sheet
from survey.files.written_workbook import WrittenWorkbook
from survey.intake import steps
from survey.intake.same_file import batch_sheet
from survey.matching.matched_sheet import ColumnMatch
from survey.store import Store, keyring
from survey.store.intake import batches, originals, questionnaires
from survey.store.intake.batches import Batch
from survey.store.year import register

#: kinds of batches whose file can be shown without contacts
READABLE = ("answers", "indicators")
#: a worksheet's name is no longer
_NAME = 31


def workbook(store: Store, number: int, lang: str) -> tuple[str, bytes]:
    """Name of a batch's file, and its sheet without contacts as a workbook; raises Refused where no original is kept."""
    with store.read() as conn:
        batch = batches.get(conn, number)
        if batch.kind not in READABLE or not originals.kept(conn, batch.file_hash):
            raise Refused("contacts.no_original")
        data = b"".join(originals.read(conn, keyring.need(), batch.file_hash))
    sheets = read_sheets(batch.file, data)  # another process reads: no transaction waits for it
    if batch.kind == "indicators":
        return batch.file, _written([(sheet, None, 0) for sheet in sheets], lang)
    with store.read() as conn:
        sheet, columns, first = _answers(conn, batch, sheets)
    return batch.file, _written([(sheet, columns, first)], lang)


def _answers(conn: Connection, batch: Batch, sheets: Sequence[Sheet]) -> tuple[Sheet, frozenset[int], int]:
    """The sheet of a batch of answers as it was read then, the columns to show, and where its rows begin."""
    known = steps.Known(
        questionnaires.by_id(conn, batch.version_id or 0),
        Register(register.communities(conn), register.history(conn)),
    )
    said = batch.options.get("mapping")
    options = ImportOptions(
        batch.target,
        sheet=next((s.name for s in sheets if batch_sheet(s) == batch.sheet.removesuffix(TURNED)), None),
        header_rows=batch.options.get("header_rows"),
        delimiter=batch.options.get("delimiter"),
        mapping=from_json(said, batch.file) if isinstance(said, str) else None,
    )
    matched = steps.match_file(conn, sheets, known, options).matched
    questions = {q.name: q for q in known.stored.form.questions}

    def shows(column: ColumnMatch) -> bool:
        asked = questions.get(column.question or "")
        free = asked is None or asked.role == "phone" or (asked.type == "text" and not asked.role)
        return not free and column.meaning not in PRIVATE

    shown = frozenset(c.index for c in matched.columns if shows(c))
    return next(s for s in sheets if s.name == matched.sheet.name), shown, matched.first


def _written(pages: Sequence[tuple[Sheet, Collection[int] | None, int]], lang: str) -> bytes:
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with WrittenWorkbook(out, options) as book:
        for place, (sheet, shown, first) in enumerate(pages, 1):
            page = book.add_worksheet(_title(sheet.name, place))
            for row, column, text in _cells(sheet, shown, first, say(lang, "contacts.withheld")):
                page.write(sheet.top + row, sheet.left + column, text)
    return out.getvalue()


def _cells(
    sheet: Sheet, shown: Collection[int] | None, first: int, withheld: str
) -> Iterator[tuple[int, int, str | int | float]]:
    """Row, column and what may stand there; ``shown`` None: every column."""
    for row, cells in enumerate(sheet.rows):
        for column, value in enumerate(cells):
            if value is None or value == "":
                continue
            if shown is not None and row >= first and column not in shown:
                yield row, column, withheld
            else:
                yield row, column, _safe(value)


def _safe(value: Any) -> str | int | float:
    """A cell without numbers of persons; a number stays one where it is none of those."""
    text = clean(value)
    covered = masked(text)
    plain = isinstance(value, (int, float)) and not isinstance(value, bool) and covered == text
    return value if plain else covered


def _title(name: str, place: int) -> str:
    plain = "".join(c for c in name if c not in "[]:*?/\\'").strip()
    return masked(plain)[:_NAME] or str(place)
