"""The rows of one sheet of an XLSForm workbook: its columns in any language and spelling, each cell read or refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from survey.core.findings import Finding
from survey.files.own_workbooks import Column, Record, header_key, plain_text, read_table
from survey.files.readers.sheet import Sheet
from survey.form.workbook import syntax

T = TypeVar("T")

#: XLSForm's own columns that the checker looks into; kept under this spelling whatever the workbook's case
XLSFORM_COLUMNS = (
    "constraint",
    "calculation",
    "calculate",
    "choice_filter",
    "hint",
    "appearance",
    "repeat_count",
    "disabled",
)


@dataclass
class CellReader:
    """One cell after the other, collecting what can't be read."""

    sheet: Sheet
    findings: list[Finding] = field(default_factory=list)

    def parse(self, record: Record, key: str, parser: Callable[[str], T], default: T, code: str) -> T:
        """The parsed cell; the default where it is blank or (with a finding) unreadable."""
        text = record.text(key)
        if not text:
            return default
        try:
            return parser(text)
        except ValueError as problem:
            self.refuse(record, key, code, found=text, part=str(problem))
            return default

    def refuse(self, record: Record, key: str, code: str, **params: Any) -> None:
        """A refusal at one cell of the record."""
        self.findings.append(
            Finding(
                code,
                sheet=self.sheet.name,
                cell=record.addresses.get(key, ""),
                row=record.number,
                header=key,
                params=params,
            )
        )

    def number(self, record: Record, key: str, code: str = "form.bad_number") -> float | None:
        """The cell as a number, None where blank."""
        empty: float | None = None
        return self.parse(record, key, syntax.parse_number, empty, code)


def headers(sheet: Sheet) -> list[str]:
    """The texts of the first row that is not empty."""
    first = next((cells for cells in sheet.rows if any(plain_text(c) for c in cells)), ())
    return [plain_text(cell) for cell in first]


def _label_columns(headers: Sequence[str], default_language: str, cells: Callable[[str], str]) -> tuple[Column, ...]:
    """Columns ``zh`` and ``en``; a plain ``label`` is in the default language, else Chinese if it looks so."""
    found: dict[str, list[str]] = {}
    for header in headers:
        language = syntax.label_language(header)
        if language is not None and header not in found.get(language, []):
            found.setdefault(language, []).append(header)
    if "" in found:
        plain = found.pop("")
        language = syntax.label_language(f"label::{default_language}") or (
            "zh" if any("一" <= c <= "鿿" for c in cells(plain[0])) else "en"
        )
        found.setdefault(language, plain)
    return tuple(Column(f"label {language}", tuple(names)) for language, names in found.items())


def read_records(
    sheet: Sheet, columns: Sequence[Column], language: str, findings: list[Finding]
) -> tuple[CellReader, list[Record]]:
    """The rows below the header, with these columns and the labels; none where a required column is missing."""
    texts = headers(sheet)
    places = {header: i for i, header in reversed(list(enumerate(texts)))}

    def column_text(header: str) -> str:
        return "".join(plain_text(cells[places[header]]) for cells in sheet.rows)

    labels = _label_columns(texts, language, column_text)
    before = len(findings)
    records = read_table(sheet, (*columns, *labels), findings)
    complete = all(f.code != "tables.missing_column" for f in findings[before:])
    return CellReader(sheet, findings), records if complete else []


def labels_of(record: Record) -> dict[str, str]:
    """Language → label, where there is one."""
    found = {language: record.text(f"label {language}") for language in ("zh", "en")}
    return {language: text for language, text in found.items() if text}


def extra_of(record: Record) -> dict[str, str]:
    """Every other column verbatim; XLSForm's own under their plain spelling."""
    return {
        (header_key(name) if header_key(name) in XLSFORM_COLUMNS else name): plain_text(value)
        for name, value in record.extra.items()
    }


def cells_of(sheet: Sheet, record: Record) -> dict[str, tuple[str, int]]:
    """Key or header → (A1 address, row) of every column for this record."""
    row = record.number - 1 - sheet.top
    others = {
        (header_key(h) if header_key(h) in XLSFORM_COLUMNS else h): sheet.address(row, i)
        for i, h in reversed(list(enumerate(headers(sheet))))
    }
    return {key: (cell, record.number) for key, cell in (others | dict(record.addresses)).items()}
