"""A matched sheet: which question each column holds, and which columns hold none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from survey.core.findings import Finding
from survey.core.lang import first
from survey.core.lazily import cached_property
from survey.files.layouts.layout import Layout, identities, rows_note
from survey.files.own_workbooks import plain_text
from survey.files.readers.sheet import Sheet

#: the note on columns that are not read
IGNORED = "intake.columns_ignored"
#: headers that it names; its count is complete, and the table of what the file holds has all
FIRST = 20

#: rows that are no responses which may explain the codes
AROUND = 50


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """One column of the sheet: its header, where it stands, and the question it holds (None: ignored).

    ``choice`` is set for one option of a ``select_multiple`` spread over columns (``q/option``).
    ``how`` is ``name``, ``label``, ``alias``, ``mapping``, ``platform``, ``calls`` (telephone records) or ``none``; ``meaning`` is what a
    platform's own column is.
    """

    header: str
    cell: str
    index: int
    question: str | None
    choice: str | None = None
    how: str = "none"
    meaning: str = ""


#: how a column that really stands in the sheet was recognised; others are put together from titles and names
_STANDS = ("name", "label", "alias", "mapping", "platform")


def columns_of(columns: Sequence[ColumnMatch]) -> dict[str, str]:
    """Question → letters of the columns that hold it, joined by blanks: with a row they are the addresses of its cells."""
    found: dict[str, list[str]] = {}
    for one in columns:
        letters = re.match(r"[A-Z]+(?=\d)", one.cell)
        if one.question and one.how in _STANDS and letters:
            found.setdefault(one.question, []).append(letters[0])
    return {question: " ".join(dict.fromkeys(each)) for question, each in found.items()}


@dataclass(frozen=True)
class Matched:
    """A sheet with its header found: data rows start at ``first`` (index into ``sheet.rows``)."""

    sheet: Sheet
    columns: tuple[ColumnMatch, ...]
    header_row: int
    first: int
    findings: tuple[Finding, ...]
    layout: Layout

    def with_columns(self, columns: Sequence[ColumnMatch]) -> Matched:
        """The sheet with its columns known as these; the note on those that are ignored is of these, too."""
        others = [f for f in self.findings if f.code != IGNORED]
        return replace(self, columns=tuple(columns), findings=(*others, *ignored_note(self.sheet, columns)))

    @cached_property
    def identities(self) -> list[str]:
        """What a platform says each row's response is (``layout.identities``); empty where it says nothing."""
        told = identities(self.layout) if self.layout.platform else []
        return told if any(told) else []

    @property
    def around(self) -> list[list[str]]:
        """The texts of the rows above the header and of the first that are no responses, '' where a cell holds none: they may
        explain the codes."""
        rows = [*range(self.layout.header_rows[0]), *sorted(self.layout.skip)[:AROUND]]
        return [[plain_text(v) if isinstance(v, str) else "" for v in self.sheet.rows[row]] for row in rows]

    def without(self, rows: npt.NDArray[np.bool_], code: str, **params: Any) -> Matched:
        """The sheet without the data rows that are marked, and the one question ``code`` about them; rows that are left out
        already are no part of it, and where no other is marked the sheet stays as it is."""
        skip = self.layout.skip
        left = [row for r in np.flatnonzero(rows).tolist() if (row := self.first + r) not in skip]
        if not left:
            return self
        asked = replace(rows_note(self.sheet, code, left, **params), level="ask", scope="sheet", row=0)
        layout = replace(self.layout, skip={**skip, **dict.fromkeys(left, code)})
        return replace(self, layout=layout, findings=(*self.findings, asked))

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers, by which a confirmed mapping is found again."""
        return tuple(c.header for c in self.columns)

    @property
    def by_question(self) -> Mapping[str, list[ColumnMatch]]:
        """Question name → its columns, in sheet order."""
        found: dict[str, list[ColumnMatch]] = {}
        for column in self.columns:
            if column.question:
                found.setdefault(column.question, []).append(column)
        return found


def ignored_note(sheet: Sheet, columns: Sequence[ColumnMatch]) -> list[Finding]:
    """One note on the columns that hold nothing we know, if there are any."""
    ignored = [c for c in columns if c.how == "none" and not c.meaning]
    params = {"n": len(ignored), "headers": first([c.header for c in ignored], FIRST)}
    return [Finding(IGNORED, "note", "sheet", sheet.name, ignored[0].cell, params=params)] if ignored else []
