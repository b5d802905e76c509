"""How the answers lie in a sheet: where the header stands, what each column says, which rows are no answers.

Platforms (``survey.files.layouts``) and hand-made sheets (``survey.files.layouts.hand_made_sheet``) are different ways to find
the same value; nothing here knows a questionnaire.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from survey.core.cells import answer_key, as_datetime, clean, iso, unnumbered
from survey.core.findings import Finding
from survey.core.lazily import cached_property
from survey.files.readers.distinct_values import Cells, columns_of
from survey.files.readers.sheet import Sheet

CodedBy = Literal["label", "order", "name", "number"]
#: meanings whose cells are about a person and are never stored, shown or logged
PRIVATE = frozenset({"ip", "nickname", "user", "user_agent", "referrer", "source_detail", "location", "email"})
#: meanings that say what a role of the questionnaire asks for
ROLES: Mapping[str, str] = {"started": "start", "ended": "end", "submitted": "submitted", "duration": "duration"}
#: rows named in one note; the count is always complete
FIRST_ROWS = 20
#: cells that say what stands over them before a row may repeat the header
FEWEST_SAID = 2

_CHINESE_NUMBER = re.compile(r"[一二三四五六七八九十]{1,3}、\s*")
_MARK = re.compile(r"(?:可多选|多选|单选|不定项|必答|必填|选填|选答|限选|最多|至少|矩阵|填空|排序|量表)")
#: what the codes of a column mean, behind its question: ``(5=很满意,1=很不满意)``, ``(5分最好)``, ``(1-10分,分数越高越满意)``
_LEGEND = re.compile(
    r"(?<![A-Za-z])[A-Ga-g]\s*[.、:=]?\s*(?:最|很|非常|比较|较|不太|一般|满意|不满)|\d\s*分?\s*(?:=|代表|表示|为|是|最|很|非常)|=\s*\d|满分|越\s*[高低大小].{0,6}越|(?<!\d)\d{1,2}\s*[.、=:]?\s*[^\W\d_]{1,12}[\s,;、/|]+\d{1,2}\s*[.、=:]?\s*[^\W\d_]{1,12}|^\s*\d{1,3}\s*分?\s*(?:-|~|至|到)\s*\d{1,3}\s*分?\s*(?:制|$|[,;、:])"
)
_ENDING = ":?。*"
#: marks that are taken off one header; what ends in more of them is none
MARKS = 20
#: what may stand between a question and one of its options
_BETWEEN = "-_:—–|·/"
#: between a question that takes one choice and that choice: no two header rows are joined by it, so that the first
#: response below a header is never taken for the choices of its questions
OPTION = "›"


@dataclass(frozen=True, slots=True)
class ColumnLayout:
    """One column: ``index`` into each row of the sheet, and what its header says.

    ``texts``   best first, without numbering and platform marks; an item of a matrix gives its own text, then
                ``stem/item``.
    ``option``  text or code of the one option that this column ticks, if ``texts`` name a multiple choice.
    ``meaning`` what a platform's own column is (``serial, submitted, started, ended, duration, source, ip, uuid …``);
                ``""`` for questions.
    ``labels``  code → label, where the file itself says what its codes mean (SPSS).
    ``words``   comparable whole-cell words of this column → state (SPSS's user-missing values).
    """

    index: int
    texts: tuple[str, ...]
    option: str = ""
    meaning: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


Filled = Literal["web", "carried", ""]


@dataclass(frozen=True)
class Platform:
    """A survey platform: the ``names`` its layouts go by, how its exports are recognised, and how its forms are filled in.

    ``filled``: ``web`` where people fill them in themselves, ``carried`` where interviewers also take them to the door, ""
    where the platform says nothing about it.  ``recognise`` gives None for every sheet that is none of its exports.
    ``month_first``: it writes days as 10/13/2026.
    """

    names: tuple[str, ...]
    recognise: Callable[[Sheet], Layout | None]
    filled: Filled = ""
    month_first: bool = False


@dataclass(frozen=True)
class Layout:
    """A sheet understood.

    ``header_rows, first``  indices into ``sheet.rows``: the header, the first row below it.
    ``skip``      index of a row that is no response → text key of the reason (its note is among ``findings``).
    ``words``     comparable whole-cell words → state: ``{"(跳过)": "skipped"}``.
    ``coded_by``  what the cells of choice questions hold; ``order``: 1 … k in the order of the options.
    ``read``      cleans one value of a choice question where the value as it stands is no answer.
    ``separator`` between the options in one cell of a multiple choice.
    ``form``      the platform's own number of the questionnaire, where the file tells it.
    ``titles``    index of a row that holds one text only → the text: above the header, between blocks of responses.
    """

    platform: str
    sheet: Sheet
    header_rows: tuple[int, ...]
    first: int
    columns: tuple[ColumnLayout, ...]
    skip: Mapping[int, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    coded_by: CodedBy = "label"
    read: Callable[[Any], Any] | None = None
    separator: str = ""
    findings: tuple[Finding, ...] = ()
    form: str = ""
    titles: Mapping[int, str] = field(default_factory=dict)

    @cached_property
    def by_meaning(self) -> Mapping[str, ColumnLayout]:
        """Meaning → the first column that has it."""
        found: dict[str, ColumnLayout] = {}
        for column in self.columns:
            if column.meaning:
                found.setdefault(column.meaning, column)
        return found

    @property
    def questions(self) -> tuple[ColumnLayout, ...]:
        """The columns that may hold answers."""
        return tuple(c for c in self.columns if not c.meaning)

    def cells(self, meaning: str) -> Cells | None:
        """The cells of this meaning from ``first`` on; None where there is no such column."""
        column = self.by_meaning.get(meaning)
        return None if column is None else cells_of(self.sheet, self.first, column.index)


def identities(layout: Layout) -> list[str]:
    """What tells each response (each row from ``first`` on) from all others, the same in every export of it.

    A UUID where there is one, else form, serial number and a moment (or LimeSurvey's seed): serial numbers start anew
    in every form and in exports put together by hand.  ``''`` where nothing tells.
    """
    uuids, serials = _texts(layout, "uuid"), _texts(layout, "serial")
    order = ("seed", "started", "submitted", "ended")  # what stands from the first answer on comes first
    moments = [column for meaning in order if any(column := _texts(layout, meaning))]
    found = []
    numbered = {"uuid", "serial"} & layout.by_meaning.keys()
    often: dict[str, int] = {}
    for row, (uuid, serial) in enumerate(zip(uuids, serials, strict=True)):
        moment = next((column[row] for column in moments if column[row]), "")
        if not numbered and moment:  # the first, the second … of a moment: later responses stand below
            often[moment] = often.get(moment, 0) + 1
            serial = str(often[moment])
        if uuid:
            found.append(f"{layout.platform}|{uuid.removeprefix('uuid:')}")
        else:
            told = serial and (moment or layout.form)
            found.append(f"{layout.platform}|{layout.form}|{serial}|{moment}" if told else "")
    return found


def _texts(layout: Layout, meaning: str) -> list[str]:
    """A column of the platform's own as comparable text, moments in one form; ``''`` where empty."""
    cells = layout.cells(meaning)
    if cells is None:
        return [""] * (len(layout.sheet.rows) - layout.first)
    moment = meaning in ("started", "submitted", "ended")
    texts = [iso(at) if moment and (at := as_datetime(v)) else clean(v) for v in cells.values]
    texts.append("")  # an empty cell has the code −1
    return [texts[code] for code in cells.codes.tolist()]


#: what says behind a legend that it holds for the columns that follow, too
_SAME_BELOW = re.compile(r"[\s,、;。.(]*(?:以下(?:各[题项])?(?:相?同|同上)|下(?:列各[题项])?同|后同)[)。.]*$")
_TAIL = 16


def _without_same(text: str) -> str:
    return text[:-_TAIL] + _SAME_BELOW.sub("", text[-_TAIL:])


def spellings(header: str) -> tuple[str, ...]:
    """What a header may be called, best first: without its number, without ``(可多选)``, ``(5=很满意)`` and such, as it stands."""
    full = _without_same(clean(header))
    numeral = _CHINESE_NUMBER.match(full)
    bare = unnumbered(full[numeral.end() :] if numeral else full) or full
    trimmed = bare
    for _ in range(MARKS):
        shorter = _without_mark(trimmed)
        if shorter == trimmed or not shorter:
            break
        trimmed = shorter
    inner = trimmed[1:-1] if trimmed.startswith("(") and _opening(trimmed) == 0 else trimmed
    ended = inner.rstrip(_ENDING)
    ended = inner if ended == inner else ended.rstrip()
    return unique((bare, trimmed, inner, ended, _without_legend(trimmed), full))


def as_option(text: str) -> tuple[str, ...]:
    """``题干-选项``, ``题干(选项)``, ``A1_1`` as what the column of one choice of a question is called."""
    head, tail = split_tail(text)
    at = max(map(text.rfind, _BETWEEN))
    cut = (text[:at].rstrip(_BETWEEN), text[at + 1 :].strip()) if at > 0 else ("", "")
    return tuple(f"{stem}{OPTION}{option}" for stem, option in ((head, tail), cut) if stem and option)


# what stands at the end is looked for from the end: any cell of the first rows may be as long as a cell gets


def _without_mark(text: str) -> str:
    """Without one platform's mark at the end: stars, or ``(可多选)``."""
    if text.endswith("*"):
        return text.rstrip("*").rstrip()
    at = _last_bracket(text, "[(【", "])】")
    return text[:at].rstrip() if at is not None and _MARK.match(text, at + 1) else text


def _without_legend(text: str) -> str:
    at = _last_bracket(text, "(", ")")
    return text[:at].rstrip() if at is not None and _LEGEND.search(text[at + 1 : -1]) else text


def _last_bracket(text: str, opening: str, closing: str) -> int | None:
    """Where a bracket opens that holds no other and that the last character closes."""
    if not text.endswith(tuple(closing)):
        return None
    at = max(map(text.rfind, opening))
    return None if at < 0 or any(text.find(c, at, len(text) - 1) >= 0 for c in closing) else at


def unique(texts: Iterable[str]) -> tuple[str, ...]:
    """Texts in order, each once, empty ones left out."""
    return tuple(dict.fromkeys(t for t in texts if t))


def split_tail(text: str) -> tuple[str, str]:
    """``题干(去过(含路过))`` → (``题干``, ``去过(含路过)``); (text, '') where it does not end in brackets."""
    at = _opening(text)
    return (text, "") if at is None else (text[:at].rstrip(), text[at + 1 : -1].strip())


def _opening(text: str) -> int | None:
    """Where the bracket opens that the last character closes."""
    if not text.endswith(")"):
        return None
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        depth += (text[at] == ")") - (text[at] == "(")
        if depth == 0:
            return at
    return None


def header_texts(sheet: Sheet, row: int) -> list[str]:
    """The cells of one row as comparable text, ``''`` where empty."""
    return ["" if v is None else clean(v) for v in sheet.rows[row]]


def cells_of(sheet: Sheet, first: int, index: int) -> Cells:
    """One column from row ``first`` on."""
    return columns_of(sheet.rows, first, [index])[index]


def distinct(sheet: Sheet, first: int, index: int) -> set[str]:
    """Comparable texts that stand in a column below the header, empty cells left out."""
    return {key for v in cells_of(sheet, first, index).values if (key := answer_key(v))}


def rows_with(sheet: Sheet, first: int, index: int, mark: str) -> list[int]:
    """Rows (indices into ``sheet.rows``) whose cell of this column holds the mark (given in lower case)."""
    cells = cells_of(sheet, first, index)
    wanted = np.flatnonzero([mark in clean(v).casefold() for v in cells.values])
    return (np.flatnonzero(np.isin(cells.codes, wanted)) + first).tolist()


def skip_notes(sheet: Sheet, skip: Mapping[int, str]) -> tuple[Finding, ...]:
    """One note a reason, naming the rows that were not read."""
    reasons: dict[str, list[int]] = {}
    for row in sorted(skip):
        reasons.setdefault(skip[row], []).append(row)
    return tuple(rows_note(sheet, reason, rows) for reason, rows in reasons.items())


def repeated_headers(layout: Layout) -> list[int]:
    """Rows (indices into ``sheet.rows``) below the header of which most cells say what stands over them: exports that were
    pasted below each other."""
    found: set[int] = set()
    for header in layout.header_rows:
        often: dict[int, int] = {}
        for index, title in enumerate(layout.sheet.rows[header]):
            cells = cells_of(layout.sheet, layout.first, index)
            if isinstance(title, str) and title.strip() and title in cells.values:
                for row in np.flatnonzero(cells.codes == cells.values.index(title)).tolist():
                    often[row + layout.first] = often.get(row + layout.first, 0) + 1
        said = {row: sum(v is not None for v in layout.sheet.rows[row]) for row, n in often.items() if n > FEWEST_SAID}
        found |= {row for row, filled in said.items() if 2 * often[row] > filled}
    return sorted(found)


def rows_note(sheet: Sheet, code: str, rows: Sequence[int], **params: Any) -> Finding:
    """A note about rows (indices into ``sheet.rows``): ``n`` and ``rows`` are among its parameters."""
    numbers = [sheet.top + row + 1 for row in rows]
    shown = "、".join(map(str, numbers[:FIRST_ROWS])) + (" …" if len(numbers) > FIRST_ROWS else "")
    return Finding(
        code,
        "note",
        "row",
        sheet=sheet.name,
        cell=sheet.address(rows[0], 0),
        row=numbers[0],
        params={"n": len(rows), "rows": shown, **params},
    )
