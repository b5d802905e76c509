"""A filled-in task list read back: what each row says of which lost point, and everything that is wrong, with its cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.improvement.task_sheet import COLUMNS, FILLED
from survey.core import limits
from survey.core.cells import as_datetime
from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.core.lang import LANGUAGES, say
from survey.core.masking import masked
from survey.fieldwork.register import Register
from survey.files.own_workbooks import Record, header_key, plain_text, read_table
from survey.files.read import read_sheets
from survey.files.readers.sheet import Sheet
from survey.store.year.register import Community
from survey.store.year.tasks import PROGRESS, Task

#: rows above the header (title, notices, a hint) that are looked through
_TITLE_ROWS = 12
_ACTION = next(c for c in COLUMNS if c.key == "action")
_ACTION_WORDS = {header_key(w) for n in (_ACTION.key, *_ACTION.headers) for w in (n, f"{n} action", f"action {n}")}


@dataclass(frozen=True)
class Line:
    """An indicator or item of a year's results: what a row of the sheet may be about."""

    kind: str
    code: str
    names: tuple[str, ...]


@dataclass
class _Reader:
    year: int
    register: Register
    lines: Sequence[Line]
    sheet: Sheet
    findings: list[Finding]
    tasks: list[Task] = field(default_factory=list)

    def read(self, header: int) -> None:
        seen: dict[tuple[str, str, str], str] = {}
        for record in read_table(self.sheet, COLUMNS, self.findings, header_row=header):
            if not any(record.text(key) for key in FILLED):
                continue  # a row that nobody filled in
            before = len(self.findings)
            task = self._task(record)
            if task is None or len(self.findings) > before:
                continue
            cell = record.addresses.get("community", f"A{record.number}")
            first = seen.setdefault(task.key, cell)
            if first != cell:
                self._complain(record, "community", "twice", first=first)
                continue
            self.tasks.append(task)

    def _complain(self, record: Record, key: str, problem: str, **params: Any) -> None:
        cell = record.addresses.get(key, record.addresses.get("community", f"A{record.number}"))
        self.findings.append(
            Finding(
                f"tasks.{problem}", "refuse", "row", self.sheet.name, cell, record.number, record.header(key), params
            )
        )

    def _task(self, record: Record) -> Task | None:
        found = record.text("community")
        place = self.register.find(found) if found else None
        if place is None:
            self._complain(record, "community", "unknown_community", found=found)
            return None
        self._check_year(record)
        line = self._line(record)
        said: dict[str, Any] = {
            "action": self._text(record, "action"),
            "person": self._text(record, "person"),
            "deadline": self._deadline(record),
            "progress": self._progress(record),
        }
        if line is None:
            return None
        return Task(self.year, self.register.communities[place].code, line.kind, line.code, **said)

    def _check_year(self, record: Record) -> None:
        text = record.text("year").removesuffix("年")
        if text and text != str(self.year):
            self._complain(record, "year", "other_year", found=text, year=self.year)

    def _line(self, record: Record) -> Line | None:
        """The indicator or item by code, else by name; 客观 or 主观 decides where both have it."""
        code, name, kind = record.text("code"), record.text("name"), header_key(record.values.get("kind"))
        wanted = [x for x in self.lines if not kind or kind in _KINDS.get(x.kind, ())]
        fits = [x for x in wanted if header_key(x.code) == header_key(code)] if code else []
        fits = fits or [x for x in wanted if name and header_key(name) in map(header_key, x.names)]
        if len(fits) != 1:
            self._complain(
                record, "code" if code else "name", "unknown_line" if not fits else "two_lines", found=code or name
            )
            return None
        return fits[0]

    def _text(self, record: Record, key: str) -> str:
        text = record.text(key)
        if len(text) > limits.TYPED_TEXT:
            self._complain(record, key, "too_long", n=len(text), most=limits.TYPED_TEXT)
        return masked(text)

    def _deadline(self, record: Record) -> str:
        value = record.values.get("deadline")
        if value is None:
            return ""
        moment = as_datetime(value)
        if moment is None:
            self._complain(record, "deadline", "bad_deadline", found=record.text("deadline"))
            return ""
        if moment.year < self.year:
            self._complain(record, "deadline", "early_deadline", found=moment.date().isoformat(), year=self.year)
        return moment.date().isoformat()

    def _progress(self, record: Record) -> str:
        word = header_key(record.values.get("progress"))
        if word and word not in _PROGRESS:
            self._complain(record, "progress", "bad_progress", found=record.text("progress"))
        return _PROGRESS.get(word, "")


def _words(head: str, keys: Sequence[str]) -> Mapping[str, str]:
    return {
        header_key(w): key for key in keys for w in (key, *(say(lang, f"tasks.{head}.{key}") for lang in LANGUAGES))
    }


_PROGRESS = _words("state", PROGRESS)
_KINDS: Mapping[str, frozenset[str]] = {
    kind: frozenset(w for w, k in _words("kind", ("objective", "subjective")).items() if k == kind)
    for kind in ("objective", "subjective")
}


def read_tasks(
    file: str, data: bytes, communities: Sequence[Community], lines: Sequence[Line], year: int
) -> tuple[list[Task], list[Finding]]:
    """The rows of a filled-in list as tasks of ``year``, and what is wrong with them.

    The first sheet with a column of actions (整改措施) below at most twelve rows of titles and a community column counts.
    Rows in which nothing is filled in say nothing.  Raises Refused where the file can't be read at all.
    """
    findings: list[Finding] = []
    for sheet in read_sheets(file, data):
        for header, cells in enumerate(sheet.rows[:_TITLE_ROWS]):
            if any(header_key(c) in _ACTION_WORDS for c in cells) and sum(bool(plain_text(c)) for c in cells) > 1:
                reader = _Reader(year, Register(communities), lines, sheet, findings)
                reader.read(header)
                if not reader.tasks and not findings:
                    findings.append(Finding("tasks.empty", scope="sheet", sheet=sheet.name))
                return reader.tasks, findings
    raise Refused("tasks.no_table", file=file)
