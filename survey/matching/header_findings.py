"""What is said of the headers of a sheet of answers: read otherwise, held by several columns, too deep, not there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any
from unicodedata import normalize

from survey.answers.mapping import ColumnMapping
from survey.answers.multiple_choice import in_places
from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.files.layouts.layout import ColumnLayout, Layout
from survey.files.own_workbooks import header_key, plain_text
from survey.files.readers.sheet import Sheet
from survey.matching.matched_sheet import ColumnMatch, Matched

#: what reading noticed → the open question that it is for answers
_GUESSES = {
    "sources.hidden_rows": "intake.hidden_rows",
    "sources.delimiter": "intake.delimiter",
    "sources.formulas_zero": "intake.formulas_zero",
}


def open_guesses(findings: Sequence[Finding], layout: Layout) -> list[Finding]:
    """What reading noticed, with what only a person knows as an open question; platforms write as they always do."""
    guesses = {} if layout.platform else _GUESSES
    return [replace(f, code=guesses[f.code], level="ask") if f.code in guesses else f for f in findings]


def no_questions(sheets: Sequence[Sheet], **params: Any) -> Refused:
    """The refusal of a file of which no column fits; it names hidden sheets, where the data may stand."""
    hidden = _hidden(sheets)
    if hidden:
        return Refused("intake.maybe_hidden", sheets=hidden, **params)
    return Refused("intake.wrong_questionnaire", **params)


def _hidden(sheets: Sequence[Sheet]) -> str:
    return next((f.params["sheets"] for s in sheets for f in s.findings if f.code == "sources.hidden_sheets"), "")


def hidden_names(sheets: Sequence[Sheet]) -> set[str]:
    """Comparable names of the hidden sheets of a file."""
    return {header_key(name) for name in _hidden(sheets).split(", ")}


def header_notes(columns: Sequence[ColumnMatch], sheet: Sheet, single: Collection[str] = ()) -> list[Finding]:
    """Notes on headers that were read as something else than they say, and on questions that several columns hold.

    ``single``: questions that take one choice.
    """
    notes = []
    held: dict[tuple[str, str | None], list[ColumnMatch]] = {}
    for column in columns:
        if column.question:
            held.setdefault((column.question, column.choice), []).append(column)
            folded = normalize("NFKC", column.header)
            if column.how == "name" and folded != column.header and not column.choice:
                notes.append(_note("header_read", sheet, [column], became=folded))
    together = [c for (name, _), c in held.items() if len(c) > 1 and (name in single or not _in_places(c))]
    notes += [_note("columns_together", sheet, several) for several in together]
    ticks = [c for c in columns if c.choice and c.question in single]
    if ticks:
        questions = len({c.question for c in ticks})
        notes.append(_note("tick_columns", sheet, ticks[:1], questions=questions, n_columns=len(ticks)))
    return notes


def _in_places(columns: Sequence[ColumnMatch]) -> bool:
    return in_places([c.header for c in columns])


def _note(code: str, sheet: Sheet, columns: Sequence[ColumnMatch], **params: Any) -> Finding:
    first = columns[0]
    cells = "、".join(c.cell for c in columns)
    return Finding(
        f"intake.{code}",
        level="note",
        scope="sheet",
        sheet=sheet.name,
        cell=first.cell,
        header=first.header,
        params={"found": first.header, "n": len(columns), "cells": cells, **params},
    )


def unused_headers(mapping: ColumnMapping, matched: Matched) -> list[Finding]:
    """A note on the headers of a mapping that the file does not have, so that none is silently unused."""
    there = {header_key(c.header) for c in matched.columns}
    for column in matched.layout.columns:
        there |= {header_key(t) for t in (column.option, *column.texts)}
        there |= {header_key(f"{t}/{column.option}") for t in column.texts if column.option}
    lost = [header for header in mapping.columns if header not in there]
    if not lost:
        return []
    params = {"n": len(lost), "headers": lost}
    return [Finding("intake.mapping_unused", level="note", scope="sheet", sheet=matched.sheet.name, params=params)]


def refuse_responses(
    sheet: Sheet,
    columns: Sequence[ColumnLayout],
    row: int,
    depth: int,
    possible: Callable[[ColumnLayout, Any], bool],
    named: Callable[[int], bool],
) -> None:
    """Raise Refused if one of the header rows that were asked for (``row`` and those below) holds answers.

    ``possible`` tells whether a cell may be an answer, ``named`` whether a row names any question.
    """
    for below in range(row + 1, row + depth):
        cells = sheet.rows[below]
        texts = [plain_text(cells[c.index]) for c in columns]
        answers = sum(possible(c, cells[c.index]) for c, text in zip(columns, texts, strict=True) if text)
        if answers and not named(below):
            top = sheet.top + 1
            raise Refused(
                "intake.header_too_deep",
                sheet=sheet.name,
                rows=depth,
                first=row + top,
                last=row + top + depth - 1,
                row=below + top,
                right=below - row,
            )
