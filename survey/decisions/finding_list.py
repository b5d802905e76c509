"""Findings as a list that a person works through: a table for files, and a sheet of a workbook with drop-downs.

The same list, filled in, is what ``survey.decisions.decision_file`` reads.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pandas as pd

from survey.core.addresses import column_letters
from survey.core.cells import typed_width
from survey.core.findings import Finding
from survey.core.lang import LANGUAGES, say
from survey.core.masking import masked
from survey.decisions.carried_out import WORDS
from survey.decisions.cell_references import CellText
from survey.decisions.finding_rows import TABLE_COLUMNS, decided, finding_rows, found, suggestion
from survey.files.readers.sheet import Sheet
from survey.files.written_workbook import WrittenWorkbook

#: columns of the sheet: what a person reads, what they fill in, what leads back to the cell; and their widths
SHEET_COLUMNS = {
    "where": 16,
    "header": 24,
    "found": 18,
    "message": 60,
    "suggestion": 14,
    "decision": 12,
    "value": 14,
    "reason": 24,
    "alike": 8,
    "level": 8,
    "code": 26,
    "file": 22,
    "sheet": 12,
    "cell": 8,
}
#: fills by level: refused, to be decided, worth knowing
FILLS = {"refuse": "F8CBC4", "ask": "FFE2A8", "note": "E3EDF7"}
#: lines that a sheet takes below its header, characters that a cell takes
MOST_LINES, MOST_TEXT = 1_048_575, 32_767
#: rows of data that stand beside their findings
MOST_ROWS = 5_000
_ORDER = {"ask": 0, "refuse": 0, "note": 1}


@dataclass(frozen=True)
class Concerned:
    """The sheet that findings are about; its header stands in the row above ``first`` (indices into its rows)."""

    sheet: Sheet
    first: int


def finding_table(file: str, findings: Sequence[Finding], lang: str) -> pd.DataFrame:
    """``finding_rows`` as a frame; the row's number may be missing."""
    rows = finding_rows(file, findings, lang)
    return pd.DataFrame(rows, columns=list(TABLE_COLUMNS)).astype({"row": "Int64"})


def in_order(findings: Sequence[Finding]) -> list[Finding]:
    """What needs a person first, then notes; each as it stood."""
    return sorted(findings, key=lambda f: _ORDER[f.level])


def line(file: str, finding: Finding, lang: str) -> dict[str, str]:
    """One finding as the texts of its cells, by ``SHEET_COLUMNS``."""
    decision, value, reason, alike = decided(finding)
    said = {
        "where": masked(finding.where),
        "header": masked(finding.header),
        "found": found(finding),
        "message": masked(finding.word(lang)),
        "suggestion": suggestion(finding),
        "decision": word(decision, lang),
        "value": value,
        "reason": reason,
        "alike": say(lang, "annotated.yes") if alike else "",
        "level": say(lang, f"annotated.level.{finding.level}"),
        "code": finding.code,
        "file": masked(file),
        "sheet": masked(finding.sheet),
        "cell": finding.cell,
    }
    return {name: said[name][:MOST_TEXT] for name in SHEET_COLUMNS}


def height(said: Mapping[str, str]) -> float:
    """Points that a line needs; hanzi are two characters wide."""
    lines = (
        math.ceil(typed_width(said[name]) / (SHEET_COLUMNS[name] - 2))
        for name in ("header", "found", "message", "reason")
    )
    return 15.0 * min(max(1, *lines), 20)


def word(action: str, lang: str) -> str:
    """A decision in one language, ``''`` for none."""
    return next((both.split()[LANGUAGES.index(lang)] for a, both in WORDS.items() if a == action), "")


def drop_downs(lang: str) -> dict[str, list[str]]:
    """The columns that offer words, and the words."""
    return {"decision": [word(action, lang) for action in WORDS], "alike": [say(lang, "annotated.yes")]}


def list_workbook(
    parts: Sequence[tuple[str, Sequence[Finding]]], lang: str, *, about: Concerned | None = None
) -> bytes:
    """The findings of one or several files as a workbook of their own; with ``about`` each one's row beside it."""
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with WrittenWorkbook(out, options) as book:
        page = book.add_worksheet(say(lang, "annotated.title"))
        plain, fills, head = _formats(book)
        for column, (name, width) in enumerate(SHEET_COLUMNS.items()):
            page.set_column(column, column, width)
            page.write_string(0, column, say(lang, f"annotated.column.{name}"), head)
        lines = [(file, finding) for file, findings in parts for finding in in_order(findings)][:MOST_LINES]
        for row, (file, finding) in enumerate(lines, 1):
            said = line(file, finding, lang)
            page.set_row(row, height(said))
            for column, (name, text) in enumerate(said.items()):
                form = fills[finding.level] if name == "level" else plain
                if text:
                    page.write_string(row, column, text, form)
        for name, words in drop_downs(lang).items():
            column = list(SHEET_COLUMNS).index(name)
            page.data_validation(1, column, max(len(lines), 1), column, {"validate": "list", "source": words})
        if about is not None:
            _rows_beside(page, about, [finding for _, finding in lines], fills, head)
        page.freeze_panes(1, 1)
        page.autofilter(0, 0, len(lines), len(SHEET_COLUMNS) - 1)
    return out.getvalue()


def _formats(book: Any) -> tuple[Any, dict[str, Any], Any]:
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    fills = {level: book.add_format({"bg_color": f"#{fill}", "valign": "top"}) for level, fill in FILLS.items()}
    return plain, fills, book.add_format({"bold": True, "bg_color": "#E7EAF0", "valign": "top"})


def _rows_beside(page: Any, about: Concerned, findings: Sequence[Finding], fills: dict[str, Any], head: Any) -> None:
    """The whole row of each finding that keeps something out, its cell coloured; headers carry the column's letters,
    so that none is taken for a column of the list."""
    sheet, start = about.sheet, len(SHEET_COLUMNS) + 1
    headers = sheet.rows[about.first - 1] if 0 < about.first <= len(sheet.rows) else []
    width = len(sheet.rows[0]) if sheet.rows else 0
    for column in range(width):
        header = CellText.of(headers[column]).text if headers else ""
        title = masked(f"[{column_letters(sheet.left + column)}] {header}")[:MOST_TEXT]
        page.write_string(0, start + column, title, head)
    shown = 0
    for at, finding in enumerate(findings, 1):
        row = finding.row - 1 - sheet.top
        if finding.level == "note" or finding.sheet != sheet.name or not about.first <= row < len(sheet.rows):
            continue
        shown += 1
        if shown > MOST_ROWS:
            break
        for column, value in enumerate(sheet.rows[row]):
            bad = sheet.address(row, column) == finding.cell
            text = masked(CellText.of(value).text)[:MOST_TEXT]
            if text or bad:
                page.write_string(at, start + column, text, fills[finding.level] if bad else None)
