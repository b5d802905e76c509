"""Cells → stored answers, question by question, with a finding for every cell that is no valid answer.

Each distinct value of a column is read once, whatever the number of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt

from survey.answers.respondents import same_breaks
from survey.answers.values import Reading, blank_reading, is_blank, reader, with_states, with_tidy, with_words
from survey.core.addresses import Below
from survey.core.cells import clean
from survey.core.findings import Finding, together
from survey.core.lang import LANGUAGES
from survey.files.readers.distinct_values import Cells
from survey.files.readers.sheet import Sheet
from survey.form.answer_codes import BLANK, INVALID, SKIPPED, Codes, Floats
from survey.form.model import Question

#: addresses listed with a normalisation; the count is always complete
FIRST_CELLS = 20
#: spellings with a note each, and those that the one note for all of them names
FEW_NOTES, FIRST_NOTES = 5, 12
#: characters of a cell that a sentence quotes
SHOWN = 60

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Column:
    """A column of cells below the header: ``values[i]`` stands in sheet row ``first + i``, column ``index``.

    ``words``: what a person, or the platform's way of coding, says that its words mean (``ColumnMapping.words``);
    ``states``: whole-cell words that say why there is no answer; ``tidy`` takes a platform's marks off a choice.
    """

    sheet: Sheet
    header: str
    index: int
    first: int
    values: Sequence[Any]
    words: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    tidy: Callable[[Any], Any] | None = None

    def address(self, row: int) -> str:
        """A1 address of data row ``row``."""
        return self.sheet.address(self.first + row, self.index)

    @property
    def addresses(self) -> Below:
        """A1 addresses of the data rows."""
        return Below(self.sheet.top + self.first, self.sheet.left + self.index, len(self.values))

    def number(self, row: int) -> int:
        """1-based sheet row of data row ``row``."""
        return self.sheet.top + self.first + row + 1


@dataclass(frozen=True)
class Coded:
    """A column's answers; ``digest`` is each row's share of the answers' fingerprint (0 where not answered)."""

    codes: Codes
    digest: npt.NDArray[np.uint64]
    numbers: Floats | None = None
    texts: list[str | None] | None = None
    multiple: list[tuple[int, ...] | None] | None = None
    findings: tuple[Finding, ...] = ()


def factorise(values: Sequence[Any]) -> tuple[Rows, list[Any]]:
    """Index of each value among the distinct ones (−1 for an empty cell)."""
    cells = Cells.of(values)
    return cells.codes.astype(np.intp), list(cells.values)


def fingerprint(text: str) -> int:
    """A 64-bit hash of one answer; a response's answers add up (mod 2⁶⁴), whatever the order of columns."""
    return int.from_bytes(blake2b(text.encode("utf-8"), digest_size=8).digest(), "little")


@dataclass(frozen=True)
class ReadColumn:
    """A column with every distinct value read: ``readings[index[i]]`` is what data row ``i`` says."""

    index: Rows
    readings: tuple[Reading, ...]
    findings: tuple[Finding, ...]

    @property
    def codes(self) -> Codes:
        """(n,) int16 answer codes."""
        return np.array([r.code for r in self.readings], dtype=np.int16)[self.index]

    @property
    def numbers(self) -> Floats:
        """(n,) numbers, NaN where there is none."""
        return np.array([np.nan if r.number is None else r.number for r in self.readings])[self.index]

    @property
    def texts(self) -> list[str | None]:
        """(n,) texts, None where there is none."""
        texts = [r.text for r in self.readings]
        return [texts[i] for i in self.index]


@dataclass(frozen=True)
class AsTyped(ReadColumn):
    """A column of which every cell is a text that is kept as it stands; ``typed`` are its distinct values."""

    typed: tuple[str, ...] = ()

    @property
    def codes(self) -> Codes:
        """(n,) 0: every cell says something."""
        return np.zeros(len(self.index), dtype=np.int16)

    @property
    def texts(self) -> list[str | None]:
        """(n,) the texts."""
        return list(map(self.typed.__getitem__, self.index.tolist()))


def read_column(
    question: Question,
    column: Column,
    blank: frozenset[str],
    read: Callable[[Any], Reading],
    *,
    refuse_row: bool = False,
    refuse_blank: str = "",
) -> ReadColumn:
    """Read one column; with ``refuse_row`` a bad cell refuses its row (keys), else only the cell.

    ``refuse_blank`` is the code of the finding for an empty cell, where that is one.
    """
    read = column_reader(question, column, read)
    index, uniques = factorise(column.values)
    nothing = Reading(BLANK, problem=refuse_blank)
    if isinstance(column.values, Cells) and column.values.plain:
        empty = [u.casefold() in blank for u in uniques] if blank else [False] * len(uniques)
    else:
        empty = [is_blank(u, blank) for u in uniques]
    readings = [
        (nothing if refuse_blank else blank_reading(u)) if e else read(u) for u, e in zip(uniques, empty, strict=True)
    ]
    readings += [nothing, Reading(INVALID)]
    uniques += ["", ""]
    index = np.where(index < 0, len(readings) - 2, index)
    errors = error_cells(question, column, refuse_row)
    index[[row for row, _ in errors]] = len(readings) - 1
    findings = _findings(question, column, index, uniques, readings, refuse_row)
    return ReadColumn(index, tuple(readings), (*findings, *(f for _, f in errors)))


def column_reader(question: Question, column: Column, read: Callable[[Any], Reading]) -> Callable[[Any], Reading]:
    """``read`` with what is said of the words of a column, its platform's marks, and why there is no answer."""
    if column.words:
        read = with_words(question, read, column.words)
    if column.tidy is not None and question.coding in ("choice", "multiple"):
        read = with_tidy(read, column.tidy)
    return with_states(read, column.states) if column.states else read


def code_column(question: Question, column: Column, blank: frozenset[str], *, refuse_row: bool = False) -> Coded:
    """Code the cells of one column as answers to ``question``."""
    cells = read_column(question, column, blank, reader(question), refuse_row=refuse_row)
    digest = np.array([answer_hash(question, r) for r in cells.readings], dtype=np.uint64)[cells.index]
    multiple = None
    if question.coding == "multiple":
        multiple = [cells.readings[i].chosen for i in cells.index]
    return Coded(
        cells.codes,
        digest,
        numbers=cells.numbers if question.coding == "number" else None,
        texts=cells.texts if question.coding in ("text", "date") else None,
        multiple=multiple,
        findings=cells.findings,
    )


def answer_hash(question: Question, reading: Reading) -> int:
    """What one answer adds to the fingerprint of a response; 0 where there is none."""
    if reading.code in (BLANK, SKIPPED, INVALID):
        return 0
    if reading.code >= 0 and question.coding == "choice":
        said = question.choices[reading.code].name
    else:
        text = reading.text if reading.text is None else same_breaks(reading.text)
        said = f"{reading.code}|{reading.number}|{text}|{reading.chosen}"
    return fingerprint(f"{question.name}={said}")


def shown(value: Any) -> str:
    """What a cell holds, short enough for a sentence."""
    text = value if isinstance(value, str) else clean(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def rows_by_unique(index: Rows, wanted: Sequence[int]) -> dict[int, Rows]:
    """Distinct value → the rows that hold it, for the wanted ones, in row order."""
    order = np.argsort(index, kind="stable")
    ordered = index[order]
    return {u: order[np.searchsorted(ordered, u, "left") : np.searchsorted(ordered, u, "right")] for u in wanted}


def _findings(
    question: Question, column: Column, index: Rows, uniques: Sequence[Any], readings: Sequence[Reading], row_key: bool
) -> list[Finding]:
    bad = [u for u, r in enumerate(readings) if r.problem]
    changed = [u for u, r in enumerate(readings) if r.became]
    if not bad and not changed:
        return []
    rows = rows_by_unique(index, [*bad, *changed])
    findings = [
        cell_finding(column, int(row), readings[u].problem, uniques[u], question, row_key, **readings[u].params)
        for u in bad
        for row in rows[u]
    ]
    findings = together(findings)
    for u in changed:
        findings.append(normalised(column, rows[u], uniques[u], readings[u].became))
    return findings


def cell_finding(
    column: Column, row: int, code: str, found: Any, question: Question, refuse_row: bool, **params: Any
) -> Finding:
    """A refused cell, or a refused row where the cell is a key."""
    return Finding(
        code,
        scope="row" if refuse_row else "cell",
        sheet=column.sheet.name,
        cell=column.address(row),
        row=column.number(row),
        header=column.header,
        params={"found": shown(found), "question": question.name, **params},
    )


def normalised(column: Column, rows: Rows, found: Any, became: str) -> Finding:
    """One note for all cells of a column in which the same text was normalised the same way."""
    cells = [column.address(int(r)) for r in rows[:FIRST_CELLS]]
    return Finding(
        "checking.normalised",
        level="note",
        sheet=column.sheet.name,
        cell=cells[0],
        row=column.number(int(rows[0])),
        header=column.header,
        params={"found": shown(found), "became": became, "n": len(rows), "cells": "、".join(cells)},
    )


def gathered(findings: Iterable[Finding]) -> list[Finding]:
    """The findings with one note for all columns in which the same text was normalised the same way."""
    first: dict[tuple[str, str], list[Finding]] = {}
    kept: list[Finding] = []
    for finding in findings:
        if finding.code != "checking.normalised":
            kept.append(finding)
            continue
        alike = first.setdefault((finding.params["found"], finding.params["became"]), [])
        alike.append(finding)
    notes = [_together(alike) for alike in first.values()]
    return [*kept, *(notes if len(notes) <= FEW_NOTES else [_all_read(notes)])]


def _all_read(notes: Sequence[Finding]) -> Finding:
    """One note for all spellings of a file that were normalised, the first named with their cells."""
    n = sum(note.params["n"] for note in notes)
    every = {lang: "".join(note.word(lang) for note in notes[:FIRST_NOTES]) for lang in LANGUAGES}
    params = {"n": n, "kinds": len(notes), "readings": every}
    return replace(notes[0], code="checking.normalised_all", scope="sheet", row=0, params=params)


def _together(notes: Sequence[Finding]) -> Finding:
    if len(notes) == 1:
        return notes[0]
    cells = [cell for note in notes for cell in note.params["cells"].split("、")]
    params = {**notes[0].params, "n": sum(note.params["n"] for note in notes), "cells": "、".join(cells[:FIRST_CELLS])}
    return replace(notes[0], params=params)


def error_cells(question: Question, column: Column, refuse_row: bool) -> list[tuple[int, Finding]]:
    """Error values (#N/A …), which readers of workbooks show as empty."""
    place = column.sheet.left + column.index
    found = []
    for (sheet_row, sheet_column), error in column.sheet.errors.items():
        row = sheet_row - column.sheet.top - column.first
        if sheet_column == place and 0 <= row < len(column.values):
            found.append((row, cell_finding(column, row, "checking.error_value", error, question, refuse_row)))
    return found


def _contradict(question: Question, columns: Sequence[Column], parts: Sequence[Coded]) -> Finding | None:
    """One question where several columns of a question are filled in many rows: two questions under one header, no slip."""
    filled = np.array([~np.isin(part.codes, (BLANK, SKIPPED)) for part in parts])
    both, any_filled = int((filled.sum(axis=0) > 1).sum()), int(filled.any(axis=0).sum())
    if both < FEW_NOTES or 2 * both < any_filled:
        return None
    cells = [column.sheet.address(column.first - 1, column.index) for column in columns]
    params = {
        "found": columns[0].header,
        "columns": len(columns),
        "cells": "、".join(cells),
        "n": both,
        "first": cells[0],
    }
    sheet, header = columns[0].sheet.name, columns[0].header
    return Finding("intake.columns_contradict", "ask", "sheet", sheet, cells[0], header=header, params=params)


def combine(question: Question, columns: Sequence[Column], parts: Sequence[Coded]) -> Coded:
    """Several columns of one question: at most one may be filled in a row, otherwise the later cell is a finding."""
    codes, digest = parts[0].codes.copy(), parts[0].digest.copy()
    numbers = None if parts[0].numbers is None else parts[0].numbers.copy()
    texts = None if parts[0].texts is None else list(parts[0].texts)
    multiple = None if parts[0].multiple is None else list(parts[0].multiple)
    findings = [f for part in parts for f in part.findings]
    if contradict := _contradict(question, columns, parts):
        return replace(parts[0], findings=(*parts[0].findings, contradict))
    for column, part in zip(columns[1:], parts[1:], strict=True):
        filled = ~np.isin(part.codes, (BLANK, SKIPPED))
        clash = filled & ~np.isin(codes, (BLANK, SKIPPED))
        take = filled & ~clash
        codes[take], digest[take] = part.codes[take], part.digest[take]
        skipped = (codes == BLANK) & (part.codes == SKIPPED)
        codes[skipped] = SKIPPED
        for row in np.flatnonzero(take).tolist():
            if numbers is not None and part.numbers is not None:
                numbers[row] = part.numbers[row]
            if texts is not None and part.texts is not None:
                texts[row] = part.texts[row]
            if multiple is not None and part.multiple is not None:
                multiple[row] = part.multiple[row]
        for row in np.flatnonzero(clash).tolist():
            findings.append(
                cell_finding(
                    column,
                    row,
                    "checking.answered_twice",
                    column.values[row],
                    question,
                    False,
                    first=columns[0].address(row),
                )
            )
            codes[row], digest[row] = INVALID, 0
            if numbers is not None:
                numbers[row] = np.nan
            if texts is not None:
                texts[row] = None
            if multiple is not None:
                multiple[row] = None
    return Coded(codes, digest, numbers, texts, multiple, tuple(findings))
