"""Hand-made sheets: which rows are the header, which are responses, and which are totals, signatures and remarks.

A row is left out only where it can't be a response; where it may be one it is an open question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from survey.core.cells import answer_key, as_number, clean, unnumbered
from survey.core.findings import Finding
from survey.core.lazily import cached_property
from survey.files.layouts.header_rows import LEAST_KNOWN, Headline, Known, find_headline
from survey.files.layouts.layout import ColumnLayout, Layout, rows_note, skip_notes
from survey.files.layouts.sample_rows import sample_rows, titles
from survey.files.own_workbooks import header_key
from survey.files.readers.distinct_values import Cells, columns_of
from survey.files.readers.sheet import Sheet

Answers = Callable[[ColumnLayout, Any], bool]

_TOTAL = re.compile(
    r"(?:.{0,10}?(?:合 ?计|总 ?计|小 ?计|共 ?计|累 ?计|汇 ?总)|平均(?:值|分|数)?|均值|(?:以上|本表|全部)?(?:合 ?计|总 ?计|小 ?计|共 ?计|总共|共有?|一共) ?:? ?\d{1,7} ?(?:份|人|户|行|条)|总分|百分比|占比|比例|人数|满意率"
    r"|(?:最[大高小低](?:值|分)|中位数|中位值|众数|标准差|标准偏差|方差|极差|计数|有效(?:份数|样本|问卷|数)|样本量)"
    r"|(?:sub|grand )?total|sum|average|mean|median|max(?:imum)?|min(?:imum)?|std\.? ?dev\.?|sd|stdev|variance|count) ?:?",
    re.I,
)
_SIGNATURE = re.compile(
    r"(?:填表人|填报人|填表单位|填报单位|制表人?|审核人?|复核人?|校对人?|(?:单位)?负责人|主管(?:领导)?|经办人|录入[人员]?|校核人?"
    r"|统计员|调查员|联系人|联系电话|(?:填报|填表|制表)?(?:日期|时间)|单位|盖章|公章|签[字名]|prepared by|checked by|signature)"
    r"(?: ?\((?:签字|签名|签章|盖章|公章)\))?(?: ?[:_].*|$)",
    re.I | re.S,
)
_NOTE = re.compile(
    r"(?:(?:备|附)?注|(?:填[表报])?说明|(?:数据|资料)来源|notes?|source)(?: ?[:.、(]|\d).*|[※*★].+", re.I | re.S
)
#: serial numbers and codes, of which a column may hold thousands: never words of a total or a signature
_NUMBERED = re.compile(r"[A-Za-z]{0,4}[-_]?\d+")
#: words with a number behind them that are one of a remark
_NUMBERED_NOTE = re.compile(r"^(?:notes|source)\d", re.I)
#: the number of a page, alone in its row
_PAGE = re.compile(
    r"[-—]? ?第? ?\d{1,4} ?(?:页|[-—])(?:[ ,/]*共? ?\d{1,4} ?页)?|page ?\d{1,4}(?: ?(?:of|/) ?\d{1,4})?", re.I
)
_SENTENCE = re.compile(r"[。;!]|.{30}", re.S)
#: where the questionnaire isn't asked, a whole number up to this may be an answer
SMALL = 10


def find_header(
    sheet: Sheet, known: Known, *, answers: Answers | None = None, keys: Collection[str] | None = None
) -> Layout | None:
    """The layout of a hand-made sheet; None where fewer than two columns mean a question.

    ``known(text)`` tells whether a text means a question, ``answers(column, value)`` whether a cell is a possible
    answer; without it a cell is one if other rows hold it or if it is a small whole number.  ``keys`` are the texts that
    ``known`` knows as ``header_key`` gives them, so that a column of numbers need not be asked one by one.
    """
    headline = find_headline(sheet, known)
    if headline is None:
        return None
    body = _Body(sheet, headline, known, answers, keys)
    body.judge()
    headings = body.read_titles()
    notes = [rows_note(sheet, "handmade.header_rows", headline.rows)] if len(headline.rows) > 1 else []
    return Layout(
        platform="",
        sheet=sheet,
        header_rows=headline.rows,
        first=headline.first,
        columns=headline.columns,
        skip=body.skip,
        findings=(*notes, *skip_notes(sheet, body.skip), *body.asked),
        titles=headings,
    )


def row_kind(text: str) -> str:
    """``total, signature, remark``: what a row is whose first cell says this, if it is no response; else ``''``."""
    if _TOTAL.fullmatch(text):
        return "total"
    if _SIGNATURE.fullmatch(text):
        return "signature"
    return "remark" if _NOTE.fullmatch(text) else ""


@dataclass(frozen=True, slots=True)
class _Mark:
    """A cell that may say that its row is no response."""

    column: int
    text: str
    kind: str


class _Body:
    """The rows below the header, by column; only rows with a suspicious cell are looked at one by one."""

    def __init__(
        self, sheet: Sheet, headline: Headline, known: Known, answers: Answers | None, keys: Collection[str] | None
    ) -> None:
        self.sheet, self.first, self.known, self.answers, self.keys = sheet, headline.first, known, answers, keys
        self.headline = headline
        width = len(sheet.rows[0])
        self.cells = columns_of(sheet.rows, self.first, range(width)) if len(sheet.rows) > self.first else {}
        n = max(len(sheet.rows) - self.first, 0)
        self.filled = sum((c.codes >= 0 for c in self.cells.values()), np.zeros(n, dtype=np.intp))
        self.columns = {c.index: c for c in headline.columns if c.option or any(map(known, c.texts))}
        self.headers = {c.index: {header_key(t) for t in (c.option, *c.texts) if t} for c in headline.columns}
        self.wide = {top - sheet.top - self.first for top, left, bottom, right in sheet.merged if right - left >= 2}
        self.skip: dict[int, str] = {}
        self.asked: list[Finding] = []

    def judge(self) -> None:
        """Decide every suspicious row, top to bottom."""
        samples = sample_rows(self.cells, self.filled, self.columns, self.answers)
        self.skip |= {row + self.first: f"handmade.{kind}" for row, kind in samples.items()}
        marks = self._marks()
        self.suspected = list(marks)
        for row in sorted(marks):
            if self._is_table(row, marks[row]):
                return
            self._judge_row(row, marks[row])

    def read_titles(self) -> dict[int, str]:
        """What stands alone in a row, above the header and below; the title of a block is no response."""
        repeated = sorted(row for row, why in self.skip.items() if why == "handmade.repeated_header")
        found = titles(self.sheet, self.first, self.filled, {*self.headline.rows, *repeated})
        for header in repeated:
            row = header - 1
            while row >= self.first and not self.filled[row - self.first]:
                row -= 1
            while row in found and self._is_title(row, found[row], header):
                self.skip[row] = "handmade.block_title"
                row -= 1
        return found

    def _is_title(self, row: int, text: str, header: int) -> bool:
        """Whether a lone text above a repeated header is a title: right above it, or above another and no number."""
        return row >= self.first and (row == header - 1 or not _NUMBERED.fullmatch(text))

    def _marks(self) -> dict[int, list[_Mark]]:
        marks: dict[int, list[_Mark]] = {}
        alone = self.filled == 1
        for index, cells in self.cells.items():
            if cells.plain:
                texts: Sequence[str] = cells.values
                kinds = self._kinds_plain(index, cells)
            else:
                texts = [clean(v) if isinstance(v, str) else "" for v in cells.values]
                kinds = [self._kind(index, text) if text else "" for text in texts]
            told = np.array([bool(kind) for kind in kinds] + [False])
            for row in np.flatnonzero(told[cells.codes] | (alone & (cells.codes >= 0))).tolist():
                text, kind = texts[cells.codes[row]], kinds[cells.codes[row]]
                if not kind and text and (row in self.wide or _SENTENCE.search(text) or _PAGE.fullmatch(text)):
                    kind = "remark"
                if kind:
                    marks.setdefault(row, []).append(_Mark(index, text, kind))
        return marks

    def _kinds_plain(self, index: int, cells: Cells) -> list[str]:
        """``_kind`` of texts of letters and digits: numbers, nearly all of them, which are no words of a total."""
        texts: Sequence[str] = cells.values
        if not cells.numbered or any(map(_NUMBERED_NOTE.match, texts)):
            return [self._kind(index, text) for text in texts]
        headers, known = self.headers.get(index, ()), self.known
        if self.keys is not None:
            told = {*headers, *self.keys}
            if told.isdisjoint(map(str.casefold, texts)):
                return [""] * len(texts)
        return ["repeated" if t.casefold() in headers else "header" if known(t) else "" for t in texts]

    def _kind(self, index: int, text: str) -> str:
        if text.casefold().replace(" ", "") in self.headers.get(index, ()):  # clean text: folded already
            return "repeated"
        if _NUMBERED.fullmatch(text):
            return "header" if self.known(text) else ""
        return row_kind(text) or ("header" if self.known(text) or self.known(unnumbered(text)) else "")

    @cached_property
    def usual(self) -> dict[int, set[str]]:
        """What the unsuspected rows hold, by column."""
        plain = np.ones(len(self.filled), dtype=bool)
        plain[self.suspected] = False
        return {index: _texts(self.cells[index], plain) for index in self.columns if index in self.cells}

    def _is_table(self, row: int, marks: Sequence[_Mark]) -> bool:
        """Whether another table begins here: then nothing below it is read until a person has decided."""
        named = [m for m in marks if m.kind in ("header", "repeated")]
        if len(named) < LEAST_KNOWN or 2 * len(named) < self.filled[row]:
            return False
        if sum(m.kind == "repeated" for m in named) * 2 >= len(named):
            self.skip[row + self.first] = "handmade.repeated_header"
            return False
        for below in np.flatnonzero(self.filled[row:]).tolist():
            self.skip[row + below + self.first] = "handmade.below_second_table"
        self._ask("handmade.second_table", row, named[0])
        return True

    def _judge_row(self, row: int, marks: Sequence[_Mark]) -> None:
        if row + self.first in self.skip:
            return
        leftmost = next(i for i, cells in sorted(self.cells.items()) if cells.codes[row] >= 0)
        said = [m for m in marks if m.kind in ("total", "signature", "remark")]
        label = next(
            (m for m in said if m.column == leftmost or (m.kind == "total" and m.column in self.columns)), None
        )
        if label is None:
            return
        others = {i for i in self.columns if i in self.cells} - {m.column for m in said}
        if label.kind == "total" and self._nobody(row, {leftmost} & {m.column for m in said if m.kind == "total"}):
            self.skip[row + self.first] = "handmade.total"
        elif any(self._answers(i, row) for i in others):
            self._ask(f"handmade.maybe_{label.kind}", row, label)
        else:
            self.skip[row + self.first] = f"handmade.{label.kind}"

    @cached_property
    def numbered(self) -> list[int]:
        """Columns that every unsuspected row fills, each with a text of its own: the numbers of the respondents."""
        plain = self.filled > 0
        plain[self.suspected] = False
        n = int(plain.sum())
        told = {i: self.cells[i].codes[plain] for i in self.columns if i in self.cells}
        return [i for i, codes in told.items() if n > SMALL and (codes >= 0).all() and len(np.unique(codes)) == n]

    def _nobody(self, row: int, words: set[int]) -> bool:
        """Whether a row has no number where every other row has one of its own, or one of the ``words`` in its place."""
        blank = all(self.cells[i].codes[row] < 0 for i in self.numbered)
        return bool(self.numbered) and (blank or not words.isdisjoint(self.numbered))

    def _answers(self, index: int, row: int) -> bool:
        value = self.cells[index][row]
        if value is None or not answer_key(value):
            return False
        if self.answers is not None:
            return self.answers(self.columns[index], value)
        number = as_number(value)
        small = number is not None and number.is_integer() and 0 <= number <= SMALL
        return small or answer_key(value) in self.usual[index]

    def _ask(self, code: str, row: int, mark: _Mark) -> None:
        # behind a colon stands a person's name
        found = mark.text.partition(":")[0].partition("_")[0][:20]
        self.asked.append(
            Finding(
                code,
                "ask",
                "row",
                sheet=self.sheet.name,
                cell=self.sheet.address(row + self.first, mark.column),
                row=self.sheet.top + row + self.first + 1,
                params={"found": found},
            )
        )


def _texts(cells: Cells, rows: npt.NDArray[np.bool_]) -> set[str]:
    return {answer_key(cells.values[code]) for code in np.unique(cells.codes[rows]).tolist() if code >= 0}
