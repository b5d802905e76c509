"""One cell of an indicator file: what it reports, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.indicators.columns import Entry
from analysis.scheme.rules.words import is_percent, number
from survey.core.addresses import a1
from survey.core.cells import as_datetime, as_number, clean, iso
from survey.core.findings import Finding, Level, Scope
from survey.files.own_workbooks import header_key, plain_text
from survey.files.readers.sheet import Sheet

_YES = {"yes", "y", "true", "1", "是", "√", "免检", "exempt"}
_NO = {"no", "n", "false", "0", "否", "×", ""}


@dataclass(frozen=True)
class Page:
    """A sheet with what its cells look like, and the list that findings go to."""

    sheet: Sheet
    findings: list[Finding]
    percents: frozenset[str]
    errors: Mapping[str, str]

    @classmethod
    def of(cls, sheet: Sheet, findings: list[Finding]) -> Page:
        """The sheet with its percent and error cells by A1 address."""
        percents = frozenset(a1(*place) for place in sheet.percents)
        return cls(sheet, findings, percents, {a1(*place): error for place, error in sheet.errors.items()})


@dataclass(frozen=True)
class Cell:
    """A cell with its place; ``key`` is the header of its column as it stands in the sheet."""

    page: Page
    address: str
    row: int
    key: str
    raw: Any

    @property
    def empty(self) -> bool:
        """Nothing in it, and no error hidden behind nothing."""
        return not plain_text(self.raw) and self.address not in self.page.errors

    @property
    def text(self) -> str:
        """Its content as comparable text."""
        return clean(self.raw) if self.raw is not None else ""

    @property
    def typed(self) -> str:
        """Its content as it was typed, without the spaces around it: what is kept and shown."""
        return self.raw.strip() if isinstance(self.raw, str) else self.text

    def complain(self, problem: str, level: Level = "refuse", scope: Scope = "cell", /, **params: Any) -> None:
        """Add the finding ``indicator.<problem>`` here."""
        sheet = self.page.sheet.name
        self.page.findings.append(
            Finding(f"indicator.{problem}", level, scope, sheet, self.address, self.row, self.key, params)
        )

    def is_error(self) -> bool:
        """Whether it holds a formula error; complains if so."""
        error = self.page.errors.get(self.address)
        if error:
            self.complain("error_cell", "refuse", "row", found=error)
        return bool(error)


def read_value(cell: Cell, entry: Entry) -> tuple[float | None, str] | None:
    """The value as (number, grade): one of the two; None after complaining.  Percentages as 0–100."""
    if cell.is_error():
        return None
    code, rule = entry.indicator.code, entry.rule
    if rule.entry == "grade":
        grade = next((g for g in rule.grades if header_key(g) == header_key(cell.raw)), None)
        if grade is None:
            cell.complain("not_a_grade", "refuse", "row", found=cell.typed, code=code, expected=", ".join(rule.grades))
            return None
        return None, grade
    value = _percent(cell) if is_percent(entry.indicator.unit) else _plain(cell)
    if value is None:
        return None
    limits = rule.limits(float(entry.indicator.points or 0), entry.indicator.unit)
    if limits.whole and not value.is_integer():
        cell.complain("not_whole", "refuse", "row", found=cell.typed, code=code)
        return None
    if not _within(value, limits.low, limits.high):
        cell.complain(
            "out_of_range", "refuse", "row", found=number(value), code=code, **_range(limits.low, limits.high)
        )
        return None
    return value, ""


def read_score(cell: Cell, points: float) -> float | None:
    """A self-score or an assessor's score within 0 … full marks; None where empty or after complaining."""
    if cell.empty or cell.is_error():
        return None
    value = _plain(cell)
    if value is not None and not 0 <= value <= points:
        cell.complain("score_out_of_range", found=number(value), points=number(points))
        return None
    return value


def read_date(cell: Cell) -> str:
    """An ISO date, ``''`` where empty or after complaining."""
    if cell.empty or cell.is_error():
        return ""
    moment = as_datetime(cell.raw)
    if moment is None:
        cell.complain("not_a_date", found=cell.typed)
        return ""
    return iso(moment)


def read_exempt(cell: Cell) -> bool | None:
    """Yes or no; None after complaining."""
    text = header_key(cell.raw)
    if cell.is_error():
        return None
    if text not in _YES | _NO:
        cell.complain("not_yes_no", "refuse", "row", found=cell.typed)
        return None
    return text in _YES


def _plain(cell: Cell) -> float | None:
    if cell.address in cell.page.percents or cell.text.endswith("%"):
        cell.complain("percent_unexpected", "refuse", "row", found=_as_seen(cell))
        return None
    value = as_number(cell.raw)
    if value is None:
        cell.complain("not_a_number", "refuse", "row", found=cell.typed)
    return value


def _percent(cell: Cell) -> float | None:
    """A percentage as 0–100: ``85%`` and cells formatted as % are listed, a bare 0.85 is an open question."""
    text = cell.text
    written = text.endswith("%") and as_number(text[:-1]) is not None
    value = as_number(text[:-1]) if written else as_number(cell.raw)
    if value is None:
        cell.complain("not_a_number", "refuse", "row", found=cell.typed)
    elif written:
        cell.complain("percent_read", "note", found=cell.typed, value=number(value))
    elif cell.address in cell.page.percents:
        value = round(value * 100, 10)
        cell.complain("percent_read", "note", found=_as_seen(cell), value=number(value))
    elif 0 < abs(value) <= 1:
        cell.complain(
            "percent_or_share",
            "ask",
            found=number(value),
            times=number(value * 100),
            suggestion=f"{number(value * 100)}%",
        )
    return value


def _as_seen(cell: Cell) -> str:
    value = as_number(cell.raw)
    formatted = cell.address in cell.page.percents and value is not None
    return f"{number(round(value * 100, 10))}%" if formatted and value is not None else cell.typed


def _within(value: float, low: float | None, high: float | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


def _range(low: float | None, high: float | None) -> dict[str, str]:
    return {"low": "−∞" if low is None else number(low), "high": "∞" if high is None else number(high)}
