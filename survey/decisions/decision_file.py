"""The list of findings with decisions filled in: .csv, .xlsx (also the annotated copy) or .json, all problems at once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from survey.core import limits
from survey.core.addresses import place
from survey.core.cells import as_datetime, clean, iso
from survey.core.errors import Refused
from survey.core.findings import Finding, blocking
from survey.decisions.carried_out import WORDS, Action, Decision
from survey.files.own_workbooks import Column, header_key, read_table
from survey.files.preflight.kinds import suffix
from survey.files.read import read_sheets
from survey.files.readers.sheet import Sheet
from survey.files.readers.text_encoding import decode

#: the columns that are read, by their names in the list, in the annotated copy, and what people write themselves
COLUMNS = (
    Column("file", ("文件", "File")),
    Column("where", ("位置", "Where")),
    Column("sheet", ("工作表", "Sheet")),
    Column("cell", ("单元格", "Cell")),
    Column("header", ("题目", "表头", "Question")),
    Column("found", ("填写内容", "原内容", "Found")),
    Column("code", ("问题代码", "Code")),
    Column("decision", ("处理", "处理方式", "Decision")),
    Column("value", ("改为", "新值", "New value")),
    Column("reason", ("原因", "理由", "Reason")),
    Column("alike", ("同类", "同类全部", "All alike")),
)
_ACTIONS: Mapping[str, Action] = {
    header_key(word): action for action, words in WORDS.items() for word in (words, *words.split())
}
_YES = frozenset({"是", "全部", "同类全部", "y", "yes", "true", "1", "x", "√", "✓"})
_NO = frozenset({"", "否", "n", "no", "false", "0"})

#: what one line says by column, where each text stands, and the line's number
_Line = tuple[Mapping[str, str], Mapping[str, str], int]


def read_decisions(file: str, data: bytes) -> tuple[tuple[Decision, ...] | None, list[Finding]]:
    """The decisions of a file and all findings, each with its address in that file; None where any of them refuses.

    Lines without a decision are skipped.  Raises Refused where the file is no list of decisions at all.
    """
    findings: list[Finding] = []
    sheet, lines = _json_lines(file, data) if suffix(file) == ".json" else _table_lines(file, data, findings)
    reader = _Reader(sheet, findings)
    decisions = [d for line in lines if (d := reader.decision(*line)) is not None]
    if not decisions and not blocking(findings):
        findings.append(Finding("decisions.none", "note", "file", sheet=sheet))
    return (None if blocking(findings) else tuple(decisions)), findings


def _table_lines(file: str, data: bytes, findings: list[Finding]) -> tuple[str, list[_Line]]:
    found = next(((s, row) for s in read_sheets(file, data) if (row := _header_row(s)) is not None), None)
    if found is None:
        raise Refused("decisions.no_columns", file=file)
    sheet, row = found
    lines: list[_Line] = [
        ({key: _typed(value) for key, value in r.values.items()}, r.addresses, r.number)
        for r in read_table(sheet, COLUMNS, findings, header_row=row)
    ]
    return sheet.name, lines


def _header_row(sheet: Sheet) -> int | None:
    names = {header_key(n) for c in COLUMNS if c.key == "decision" for n in (c.key, *c.headers)}
    rows: Sequence[Sequence[Any]] = sheet.rows[: limits.HEADER_ROWS]
    return next((i for i, cells in enumerate(rows) if any(header_key(c) in names for c in cells)), None)


def _json_lines(file: str, data: bytes) -> tuple[str, list[_Line]]:
    """A list of objects, or such a list under ``decisions``."""
    try:
        found = json.loads(decode(file, data)[0])
    except (ValueError, RecursionError) as error:
        raise Refused("decisions.bad_json", file=file, line=getattr(error, "lineno", 1)) from error
    records = found.get("decisions") if isinstance(found, dict) else found
    keys = {header_key(name): c.key for c in COLUMNS for name in (c.key, *c.headers)}
    if not isinstance(records, list) or not all(isinstance(r, dict) for r in records):
        raise Refused("decisions.not_a_list", file=file)
    lines: list[_Line] = []
    for number, record in enumerate(records, 1):
        known = {keys[header_key(k)]: v for k, v in record.items() if header_key(k) in keys and v is not None}
        if any(isinstance(v, (dict, list)) or not _writable(v) for v in known.values()):
            raise Refused("decisions.bad_object", file=file, n=number)
        lines.append(({k: _typed(v) for k, v in known.items()}, {k: f"[{number}].{k}" for k in known}, number))
    return "", lines


def _writable(value: Any) -> bool:
    """Whether a text can be written as UTF-8 (JSON may hold half a character)."""
    return not isinstance(value, str) or value == value.encode("utf-8", "ignore").decode("utf-8")


def _typed(value: Any) -> str:
    """A cell as a person typed it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    moment = as_datetime(value) if isinstance(value, (date, datetime)) else None
    return iso(moment) if moment else clean(value)


class _Reader:
    """Lines → decisions; problems are collected."""

    def __init__(self, sheet: str, findings: list[Finding]) -> None:
        self.sheet, self.findings = sheet, findings
        self.first: dict[tuple[str, ...], tuple[tuple[str, str], str]] = {}

    def decision(self, line: Mapping[str, str], addresses: Mapping[str, str], row: int) -> Decision | None:
        """One line; None where it holds no decision, or none that can be read."""
        said = {column.key: line.get(column.key, "") for column in COLUMNS}
        known = len(self.findings)
        action = self._action(said, addresses, row)
        if action is None:
            return None
        sheet, cell = self._place(said, addresses, row)
        alike = header_key(said["alike"])
        if alike not in _YES | _NO:
            self._problem("bad_alike", addresses, row, "alike", found=said["alike"])
        decision = Decision(
            action,
            sheet,
            cell,
            said["header"],
            said["found"] if "found" in addresses else None,
            said["code"],
            said["value"],
            said["reason"],
            alike in _YES,
            said["file"],
            _origin(self.sheet, addresses["decision"]),
        )
        self._check(decision, addresses, row)
        return decision if len(self.findings) == known else None

    def _action(self, said: Mapping[str, str], addresses: Mapping[str, str], row: int) -> Action | None:
        word = said["decision"]
        if not word:
            filled = next((key for key in ("value", "reason", "alike") if said[key]), None)
            if filled and header_key(said[filled]) not in _NO:
                self._problem("no_word", addresses, row, filled, found=said[filled])
            return None
        action = _ACTIONS.get(header_key(word))
        if action is None:
            self._problem("unknown_word", addresses, row, "decision", found=word)
        return action

    def _place(self, said: Mapping[str, str], addresses: Mapping[str, str], row: int) -> tuple[str, str]:
        """Sheet and cell, from their own columns or from ``数据!F37``."""
        sheet, mark, cell = said["where"].rpartition("!")
        sheet, cell = said["sheet"] or sheet.strip("'").replace("''", "'"), said["cell"] or (cell if mark else "")
        cell = cell.replace("$", "").upper()
        if cell and place(cell) is None:
            self._problem("bad_cell", addresses, row, "cell" if said["cell"] else "where", found=cell)
        return sheet, cell

    def _check(self, decision: Decision, addresses: Mapping[str, str], row: int) -> None:
        action, value = decision.action, decision.value
        if action == "set" and not value:
            self._problem("no_value", addresses, row, "value")
        if action != "set" and value:
            self._problem("needless_value", addresses, row, "value", found=value, word=WORDS[action])
        if action == "leave_out" and not decision.reason:
            self._problem("no_reason", addresses, row, "reason")
        nowhere = not decision.cell and (not decision.header or decision.found is None)
        if nowhere and not (action == "confirm" and decision.code):
            self._problem("no_place", addresses, row, "cell")
        self._contradiction(decision, addresses, row)

    def _contradiction(self, decision: Decision, addresses: Mapping[str, str], row: int) -> None:
        """Two outcomes for one place; ``confirm`` answers a finding and touches no cell."""
        code = decision.code if decision.action == "confirm" else ""
        content = () if decision.cell else (header_key(decision.header), decision.found or "")
        key = (decision.file, header_key(decision.sheet), decision.cell, code, str(decision.alike), *content)
        outcome = (decision.action, decision.value)
        first, origin = self.first.setdefault(key, (outcome, addresses["decision"]))
        if first != outcome:
            self._problem(
                "contradictory_lines", addresses, row, "decision", place=decision.cell or decision.header, first=origin
            )

    def _problem(self, code: str, addresses: Mapping[str, str], row: int, key: str, **params: Any) -> None:
        cell = addresses.get(key) or addresses.get("decision", "")
        self.findings.append(
            Finding(f"decisions.{code}", sheet=self.sheet, cell=cell, row=row, header=key, params=params)
        )


def _origin(sheet: str, cell: str) -> str:
    return f"{sheet}!{cell}" if sheet else cell
