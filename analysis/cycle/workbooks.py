"""Workbooks of the cycle: applications (申报表), decisions (评定结果) and titles (命名结果), read into steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from survey.core import limits
from survey.core.cells import as_datetime, as_number, clean
from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.fieldwork.register import FIRST_YEAR, LAST_YEAR, Register
from survey.files.own_workbooks import Column, Record, header_key, plain_text, read_table
from survey.files.read import read_sheets
from survey.files.readers.sheet import Sheet
from survey.store.year.cycle import TITLE_EVENTS, Event
from survey.store.year.register import Community

_COMMUNITY = Column("community", ("社区", "社区编号"), required=True)
_NAME = Column("community_name", ("社区名称",))
_YEAR = Column("year", ("年度", "年份"))
_DOCUMENT, _NOTE = Column("document", ("文号", "依据文件", "附件")), Column("note", ("说明", "理由"))
#: the columns of each kind of workbook; those without a reader below only help the person who fills it in
COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "applications": (
        _COMMUNITY,
        _NAME,
        Column("held", ("现有称号",)),
        Column("star", ("拟创星级", "星级"), required=True),
        Column("date", ("申报日期", "日期")),
        _DOCUMENT,
        _NOTE,
        _YEAR,
    ),
    "decisions": (
        _COMMUNITY,
        _NAME,
        Column("calculated_total", ("测算总分",)),
        Column("calculated_star", ("测算星级",)),
        Column("body", ("评定机关",), required=True),
        Column("total", ("总分", "评定总分")),
        Column("star", ("星级", "评定星级")),
        Column("refused", ("未通过",)),
        Column("document", ("文号",), required=True),
        Column("date", ("评定日期", "日期"), required=True),
        _NOTE,
        _YEAR,
    ),
    "titles": (
        _COMMUNITY,
        _NAME,
        _YEAR,
        Column("star", ("星级", "命名星级"), required=True),
        Column("event", ("事项",)),
        Column("body", ("命名机关",)),
        _DOCUMENT,
        Column("date", ("命名日期", "日期")),
        _NOTE,
    ),
}
KINDS = tuple(COLUMNS)
#: the step that a row of each kind is
STEPS = {"applications": "applied", "decisions": "decided", "titles": "title"}
#: rows above the header (a title, a date) that are looked through
_TITLE_ROWS = 10
_STARS = {
    "0": 0,
    "无": 0,
    "未达标": 0,
    "不达标": 0,
    "撤销": 0,
    "none": 0,
    **{
        spelling: star
        for star, word in enumerate("一二三四五", 1)
        for spelling in (str(star), f"{star}星", f"{star}星级", f"{word}星", f"{word}星级", "★" * star)
    },
}
_BODIES = {
    "district": "district",
    "区": "district",
    "区文明委": "district",
    "区委区政府": "district",
    "city": "city",
    "市": "city",
    "市文明委": "city",
    "市委市政府": "city",
}
_YES = {"yes", "y", "true", "1", "是", "√", "未通过", "refused"}
_NO = {"", "no", "n", "false", "0", "否", "×", "通过"}
_EVENTS = {
    **{e: e for e in TITLE_EVENTS},
    "首次命名": "first",
    "首次": "first",
    "重新命名": "renamed",
    "晋升": "promoted",
    "升星": "promoted",
    "保留": "kept",
    "降星": "demoted",
    "撤销": "revoked",
    "暂停": "suspended",
}


@dataclass(frozen=True)
class Line:
    """A row of a workbook as a step, and where it stands."""

    step: Event
    sheet: str
    cell: str
    row: int

    def finding(self, refused: Refused) -> Finding:
        """Why this row may not be taken, in its place."""
        return Finding(refused.key, "refuse", "row", self.sheet, self.cell, self.row, params=dict(refused.params))


@dataclass
class _Reader:
    kind: str
    year: int | None
    register: Register
    sheet: Sheet
    findings: list[Finding]
    lines: list[Line] = field(default_factory=list)

    def read(self, header: int) -> None:
        seen: dict[tuple[str, int, str], str] = {}
        for record in read_table(self.sheet, COLUMNS[self.kind], self.findings, header_row=header):
            telling = [c.key for c in COLUMNS[self.kind] if c.key in ("star", "total", "document", "date", "refused")]
            if not any(record.text(key) for key in telling):
                continue  # a row of the template that nobody filled in
            before = len(self.findings)
            step = self._step(record)
            if step is None or len(self.findings) > before:
                continue
            body = step.body if self.kind == "decisions" else ""
            first = seen.setdefault((step.community, step.year, body), record.addresses["community"])
            if first != record.addresses["community"]:
                self._complain(record, "community", "twice", found=record.text("community"), first=first)
                continue
            self.lines.append(Line(step, self.sheet.name, record.addresses["community"], record.number))

    def _complain(self, record: Record, key: str, problem: str, **params: Any) -> None:
        cell = record.addresses.get(key, record.addresses.get("community", f"A{record.number}"))
        self.findings.append(
            Finding(f"cycle_file.{problem}", "refuse", "row", self.sheet.name, cell, record.number, key, params)
        )

    def _step(self, record: Record) -> Event | None:
        place = self.register.find(record.text("community")) if record.text("community") else None
        if place is None:
            self._complain(record, "community", "unknown_community", found=record.text("community"))
            return None
        year = self._year(record)
        values: dict[str, Any] = {
            "star": self._word(record, "star", _STARS),
            "date": self._date(record),
            "document": self._text(record, "document"),
            "reason": self._text(record, "note"),
        }
        if self.kind == "applications" and values["star"] is None and record.text("star") == "":
            self._complain(record, "star", "missing", column="拟创星级 star")
        if self.kind == "decisions":
            values |= {"body": self._word(record, "body", _BODIES) or "", "total": self._total(record)}
            if self._flag(record):
                values["outcome"] = "refused"
        if self.kind == "titles":
            values |= {
                "outcome": self._word(record, "event", _EVENTS) or "",
                "body": self._word(record, "body", _BODIES) or "",
            }
        if year is None:
            return None
        return Event(STEPS[self.kind], year, self.register.communities[place].code, **values)

    def _year(self, record: Record) -> int | None:
        text = clean(record.values.get("year") or "").removesuffix("年")
        if not text:
            if self.year is None:
                self._complain(record, "year", "missing", column="年度 year")
            return self.year
        year = int(text) if text.isascii() and text.isdigit() else 0
        if not FIRST_YEAR <= year <= LAST_YEAR:
            self._complain(record, "year", "bad_year", found=text)
            return None
        if self.year is not None and year != self.year:
            self._complain(record, "year", "other_year", found=text, year=self.year)
            return None
        return year

    def _text(self, record: Record, key: str) -> str:
        text = record.text(key)
        if len(text) > limits.TYPED_TEXT:
            self._complain(record, key, "too_long", most=limits.TYPED_TEXT, n=len(text))
        return text

    def _word(self, record: Record, key: str, known: Mapping[str, Any]) -> Any:
        word = header_key(record.values.get(key))
        if not word:
            return None
        if word not in known:
            self._complain(record, key, f"bad_{key}", found=record.text(key))
        return known.get(word)

    def _date(self, record: Record) -> str:
        value = record.values.get("date")
        moment = None if value is None else as_datetime(value)
        if value is not None and moment is None:
            self._complain(record, "date", "bad_date", found=record.text("date"))
        return moment.date().isoformat() if moment else ""

    def _total(self, record: Record) -> float | None:
        value = record.values.get("total")
        number = None if value is None else as_number(value)
        if value is not None and number is None:
            self._complain(record, "total", "bad_total", found=record.text("total"))
        return number

    def _flag(self, record: Record) -> bool:
        word = header_key(record.values.get("refused"))
        if word not in _YES | _NO:
            self._complain(record, "refused", "bad_refused", found=record.text("refused"))
        return word in _YES


def read_lines(
    kind: str, file: str, data: bytes, communities: Sequence[Community], year: int | None = None
) -> tuple[list[Line], list[Finding]]:
    """The rows of a workbook of one kind as steps, and everything that is wrong with it, each with its address.

    The first sheet with a community column counts.  ``year``: of all rows; titles may carry their own.
    Raises Refused where the file can't be read at all.
    """
    findings: list[Finding] = []
    known = Register(communities)
    for sheet in read_sheets(file, data):
        for header, cells in enumerate(sheet.rows[:_TITLE_ROWS]):
            if any(header_key(c) in _COMMUNITY_WORDS for c in cells) and sum(bool(plain_text(c)) for c in cells) > 1:
                reader = _Reader(kind, year, known, sheet, findings)
                reader.read(header)
                if not reader.lines and not findings:
                    findings.append(Finding("cycle_file.empty", scope="sheet", sheet=sheet.name))
                return reader.lines, findings
    findings.append(Finding("cycle_file.no_table", scope="file"))
    return [], findings


def recognised(sheets: Sequence[Sheet]) -> str:
    """Which kind of workbook these sheets are, told by the columns that no other kind has; empty for none of them."""
    for sheet in sheets:
        for cells in sheet.rows[:_TITLE_ROWS]:
            words = {header_key(c) for c in cells}
            if words & _COMMUNITY_WORDS:
                for kind, own in _OWN_WORDS.items():
                    if words & own and all(words & _words(c) for c in COLUMNS[kind] if c.required):
                        return kind
    return ""


def _words(column: Column) -> set[str]:
    """Every spelling of a column's header, both languages in one cell among them."""
    names = (column.key, *column.headers)
    return {header_key(word) for word in (*names, *(a + b for a in names for b in names if a != b))}


_COMMUNITY_WORDS = _words(_COMMUNITY)
#: kind → spellings of columns that it alone has
_OWN_WORDS = {
    kind: {word for c in mine for word in _words(c)}
    - {word for other, theirs in COLUMNS.items() if other != kind for c in theirs for word in _words(c)}
    for kind, mine in COLUMNS.items()
}
