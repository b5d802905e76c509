"""A file of indicator values, long or wide, as rows for the store, or all that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analysis.indicators.cells import Cell, Page, read_date, read_exempt, read_score, read_value
from analysis.indicators.columns import COLUMNS, TELLING, Entries, Entry, column_of
from analysis.scheme.model import Scheme
from analysis.scheme.rules.words import words_for
from survey.core.findings import Finding
from survey.fieldwork.outside import outside, question
from survey.fieldwork.register import Register
from survey.files.own_workbooks import Record, header_key, plain_text, read_table
from survey.files.readers.sheet import Sheet
from survey.store.year.facts import Periods
from survey.store.year.indicators import COLUMNS as STORED
from survey.store.year.register import Community

#: rows above the header (a title, a date) that are looked through
_TITLE_ROWS = 10
_WORDS = ("assessor", "method", "evidence", "note", "reason")


@dataclass(frozen=True)
class IndicatorValues:
    """``frame``: the rows that can be stored (columns of ``survey.store.year.indicators.append``).

    ``counts``: ``rows`` that said something, ``values`` that can be stored, ``refused_rows``, ``blank`` rows,
    ``communities`` and ``indicators`` among the values; ``cells``: where each row of the frame says what it reports.
    """

    frame: pd.DataFrame
    counts: Mapping[str, int]
    cells: tuple[Cell, ...] = ()

    @property
    def columns(self) -> dict[str, dict[str, str]]:
        """Sheet → indicator (``CODE:KIND`` of a case) → letter of the column that its values stand in, where it is one: with a row it
        is the address of the cell.  Rows that say something else than a value (an exemption) are under ``CODE?``."""
        found: dict[str, dict[str, set[str]]] = {}
        told = self.frame[["indicator", "kind", "value", "value_text"]].to_numpy().tolist()
        for (code, kind, value, text), cell in zip(told, self.cells, strict=True):
            name = f"{code}:{kind}" if kind else str(code)
            if pd.isna(value) and not (isinstance(text, str) and text):
                name += "?"
            letter = cell.address.rstrip("0123456789")
            found.setdefault(cell.page.sheet.name, {}).setdefault(name, set()).add(letter)
        return {
            sheet: {name: min(letters) for name, letters in names.items() if len(letters) == 1}
            for sheet, names in found.items()
        }


def values_of(
    sheets: Sequence[Sheet],
    scheme: Scheme,
    register: Sequence[Community],
    telling: Sequence[str] = TELLING,
    *,
    year: int | None = None,
    history: Mapping[str, Periods] | None = None,
) -> tuple[IndicatorValues | None, list[Finding]]:
    """Check the sheets of a file of a year's indicator values; a row with none of the columns ``telling`` says nothing.

    Every sheet with a community column counts; the long form has an indicator column, the wide form one column an
    indicator.  The frame leaves out every row that a finding refuses, so whoever stores it decides whether a part
    may enter.  None where no sheet could be used.  With ``year``, a community that it does not have (``history``:
    ``survey.store.year.register.history``) is asked about.
    """
    return _Reader(Entries(scheme), Register(register, history), telling, year).read(sheets)


@dataclass
class _Reader:
    entries: Entries
    register: Register
    telling: Sequence[str] = TELLING
    year: int | None = None
    findings: list[Finding] = field(default_factory=list)
    rows: list[tuple[dict[str, Any], Cell]] = field(default_factory=list)
    said: int = 0
    blank: int = 0
    not_there: dict[tuple[str, str, int], list[Cell]] = field(default_factory=dict)

    def read(self, sheets: Sequence[Sheet]) -> tuple[IndicatorValues | None, list[Finding]]:
        used = 0
        for sheet in sheets:
            header = _header_row(sheet)
            if header is None:
                self.findings.append(Finding("indicator.sheet_ignored", "note", "sheet", sheet.name))
                continue
            used += 1
            self.findings.extend(sheet.findings)
            page = Page.of(sheet, self.findings)
            long = any(column_of(cell) == "indicator" for cell in sheet.rows[header])
            before = len(self.findings), len(self.rows)
            (self._long if long else self._wide)(page, header)
            if any(f.level == "refuse" and f.scope == "sheet" for f in self.findings[before[0] :]):
                del self.rows[before[1] :]
        if not used:
            self.findings.append(Finding("indicator.no_table", scope="file"))
            return None, self.findings
        self.findings += [self._question(place, cells) for (_, _, place), cells in self.not_there.items()]
        return self._values(), self.findings

    def _question(self, place: int, cells: Sequence[Cell]) -> Finding:
        """The question about a community that the year does not have, at its first row."""
        assert self.year is not None
        found, first = outside(self.register, place, self.year), cells[0]
        assert found is not None
        return question(
            found, first.page.sheet.name, first.address, first.key, first.text, [cell.row for cell in cells]
        )

    def _values(self) -> IndicatorValues:
        told = self._without_twins()
        kept = [one for row, cell in told for one in _apart(row, cell)]
        frame = pd.DataFrame([row for row, _ in kept], columns=list(STORED))
        counts = {
            "rows": self.said,
            "values": len(frame),
            "refused_rows": self.said - len(told),
            "blank": self.blank,
            "communities": frame["community_code"].nunique(),
            "indicators": frame["indicator"].nunique(),
        }
        return IndicatorValues(frame, counts, tuple(row["at"] for row, _ in kept))

    def _without_twins(self) -> list[tuple[dict[str, Any], Cell]]:
        """Rows that say the same community, indicator, kind and assessor twice are all refused: which is right?"""
        groups: dict[tuple[str, ...], list[tuple[dict[str, Any], Cell]]] = {}
        for row, cell in self.rows:
            key = (row["community_code"], row["indicator"], row["kind"], header_key(row["assessor"]))
            groups.setdefault(key, []).append((row, cell))
        for (community, indicator, *_), group in groups.items():
            for _, cell in group[1:]:
                first = group[0][1]
                cell.complain(
                    "twice",
                    "refuse",
                    "row",
                    community=community,
                    indicator=indicator,
                    first=f"{first.page.sheet.name}!{first.address}",
                )
        return [group[0] for group in groups.values() if len(group) == 1]

    def _long(self, page: Page, header: int) -> None:
        records = read_table(page.sheet, COLUMNS, self.findings, header_row=header)
        for name in dict.fromkeys(h for record in records for h in record.extra):
            params = {"header": name}
            self.findings.append(
                Finding("indicator.column_ignored", "note", "sheet", page.sheet.name, header=name, params=params)
            )
        for record in records:
            cells = {key: _cell(page, record, key) for key in (c.key for c in COLUMNS)}
            if all(cells[key].empty for key in self.telling):
                self.blank += 1
                continue
            self.said += 1
            self._long_row(cells)

    def _long_row(self, cells: Mapping[str, Cell]) -> None:
        community = self._community(cells["community"])
        entry = self._entry(cells["indicator"])
        kind = self._kind(cells["kind"], entry, not cells["value"].empty) if entry else None
        exempt = read_exempt(cells["exempt"])
        value: tuple[float | None, str] | None = (None, "")
        if entry and not cells["value"].empty:
            value = read_value(cells["value"], entry)
        if exempt and cells["evidence"].empty:
            cells["exempt"].complain("exempt_without_evidence", "refuse", "row")
            exempt = None
        if community is None or entry is None or kind is None or value is None or exempt is None:
            return
        points = float(entry.indicator.points or 0)
        row: dict[str, Any] = {
            "community_code": community,
            "indicator": entry.indicator.code,
            "kind": kind,
            "value": value[0],
            "value_text": value[1] or None,
            "self_score": read_score(cells["self_score"], points),
            "assessor_score": read_score(cells["assessor_score"], points),
            "date": read_date(cells["date"]) or None,
            "exempt": exempt,
            "self_at": cells["self_score"],
            **{name: cells[name].typed for name in (*_WORDS, "self_evidence")},
        }
        said = next((cells[key] for key in TELLING if not cells[key].empty), cells["indicator"])
        self._keep(row, cells["indicator"], said)

    def _wide(self, page: Page, header: int) -> None:
        columns = self._wide_columns(page, header)
        place = next(i for i, cell in enumerate(page.sheet.rows[header]) if column_of(cell) == "community")
        for index in range(header + 1, len(page.sheet.rows)):
            cells = page.sheet.rows[index]
            filled = {
                column: cell
                for column in columns
                if not (cell := _at(page, index, column, plain_text(page.sheet.rows[header][column]))).empty
            }
            if not filled:
                self.blank += any(plain_text(c) for c in cells)
                continue
            self.said += len(filled)
            community = self._community(_at(page, index, place, plain_text(page.sheet.rows[header][place])))
            for column, cell in filled.items():
                entry, kind = columns[column]
                value = read_value(cell, entry)
                if community is not None and value is not None:
                    row = {
                        "community_code": community,
                        "indicator": entry.indicator.code,
                        "kind": kind,
                        "value": value[0],
                        "value_text": value[1] or None,
                        "exempt": False,
                        "assessor": "",
                    }
                    self._keep(row, cell, cell)

    def _wide_columns(self, page: Page, header: int) -> dict[int, tuple[Entry, str]]:
        """Column → indicator and kind; findings for headers that mean none, several, or lack the kind."""
        columns: dict[int, tuple[Entry, str]] = {}
        firsts: dict[tuple[str, str], Cell] = {}
        for column, raw in enumerate(page.sheet.rows[header]):
            cell = _at(page, header, column, plain_text(raw))
            if not plain_text(raw) or column_of(raw) in ("community", "community_name"):
                continue
            found = self.entries.header(cell.text)
            if len(found) != 1:
                self._unfound(cell, found)
                continue
            entry, kind = found[0]
            known = entry.kind_of(kind)
            if known is None:
                cell.complain("kind_needed", "refuse", "sheet", code=entry.indicator.code, expected=_kinds(entry))
                continue
            first = firsts.setdefault((entry.indicator.code, known), cell)
            if first is not cell:
                cell.complain("column_twice", "refuse", "sheet", header=cell.typed, first=first.address)
            columns[column] = (entry, known)
        if not columns:
            self.findings.append(Finding("indicator.no_indicator", scope="sheet", sheet=page.sheet.name))
        return columns

    def _unfound(self, cell: Cell, found: Sequence[tuple[Entry, str]]) -> None:
        if found:
            codes = ", ".join(entry.indicator.code for entry, _ in found)
            cell.complain("indicator_ambiguous", "refuse", "sheet", found=cell.typed, expected=codes)
        else:
            cell.complain("column_ignored", "note", "sheet", header=cell.typed)

    def _community(self, cell: Cell) -> str | None:
        if cell.is_error():
            return None
        if cell.empty:
            cell.complain("community_blank", "refuse", "row")
            return None
        place = self.register.find(cell.text)
        if place is None:
            cell.complain(
                "community_unknown",
                "refuse",
                "row",
                found=cell.typed,
                expected=self.register.names(),
                suggestion=self.register.nearest(cell.text),
            )
            return None
        if self.year is not None and outside(self.register, place, self.year) is not None:
            self.not_there.setdefault((cell.page.sheet.name, cell.text, place), []).append(cell)
        return self.register.communities[place].code

    def _entry(self, cell: Cell) -> Entry | None:
        if cell.is_error():
            return None
        if cell.empty:
            cell.complain("indicator_blank", "refuse", "row")
            return None
        found = self.entries.find(cell.text)
        if len(found) == 1:
            return found[0]
        if found:
            codes = ", ".join(entry.indicator.code for entry in found)
            cell.complain("indicator_ambiguous", "refuse", "row", found=cell.typed, expected=codes)
        elif self.entries.is_group(cell.text):
            cell.complain("indicator_is_group", "refuse", "row", found=cell.typed)
        else:
            cell.complain(
                "indicator_unknown", "refuse", "row", found=cell.typed, expected=self.entries.close(cell.text)
            )
        return None

    def _kind(self, cell: Cell, entry: Entry, counts: bool) -> str | None:
        """The kind of case; a row that reports no count (an assessor's score, an exemption) needs none."""
        kind, code = entry.kind_of(cell.text), entry.indicator.code
        if kind is not None or not (cell.text or counts):
            return kind or ""
        if not entry.rule.kinds:
            cell.complain("kind_unexpected", "refuse", "row", found=cell.typed, code=code)
        elif not cell.text:
            cell.complain("kind_needed", "refuse", "row", code=code, expected=_kinds(entry))
        else:
            cell.complain("kind_unknown", "refuse", "row", found=cell.typed, code=code, expected=_kinds(entry))
        return None

    def _keep(self, row: dict[str, Any], cell: Cell, said: Cell) -> None:
        """``cell`` names the row's indicator, ``said`` holds what is reported of it."""
        self.rows.append(({**row, "sheet": cell.page.sheet.name, "row": cell.row, "at": said}, cell))


def _apart(row: dict[str, Any], cell: Cell) -> list[tuple[dict[str, Any], Cell]]:
    """The row, and before it the self-score by itself where it rests on something else than the value."""
    ground = row.get("self_evidence")
    if not ground or ground == row["evidence"]:
        return [(row, cell)]
    nothing = {"value": None, "value_text": None, "assessor_score": None, "exempt": False, "at": row["self_at"]}
    words = dict.fromkeys(("method", "date", "note", "reason"), "")
    return [({**row, **nothing, **words, "evidence": ground}, cell), ({**row, "self_score": None}, cell)]


def _kinds(entry: Entry) -> str:
    return ", ".join(f"{kind} {words_for('kind', kind)['zh']}" for kind in entry.rule.kinds)


def _header_row(sheet: Sheet) -> int | None:
    """The first row with a community column and at least one other header."""
    for index, cells in enumerate(sheet.rows[:_TITLE_ROWS]):
        if sum(bool(plain_text(c)) for c in cells) > 1 and any(column_of(c) == "community" for c in cells):
            return index
    return None


def _cell(page: Page, record: Record, key: str) -> Cell:
    address = record.addresses.get(key) or record.addresses["indicator"]
    return Cell(page, address, record.number, record.header(key), record.values.get(key))


def _at(page: Page, row: int, column: int, key: str) -> Cell:
    return Cell(page, page.sheet.address(row, column), page.sheet.top + row + 1, key, page.sheet.rows[row][column])
