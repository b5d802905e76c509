"""Which columns of a sheet record telephone contacts: one row a call, or one row a person with 第1次 … 第n次 beside it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey.core import limits
from survey.core.cells import clean
from survey.files.own_workbooks import header_key, plain_text
from survey.files.readers.distinct_values import Rows
from survey.files.readers.sheet import Sheet
from survey.form.dispositions import Outcomes
from survey.form.header_words import CALLS, WEAK_OUTCOME
from survey.form.model import Questionnaire

#: what the role of a question makes of a column
ROLES = {"disposition": "outcome", "respondent": "respondent", "community": "community", "year": "year",
         "phone": "phone", "interviewer": "interviewer", "start": "at", "duration": "duration"}  # fmt: skip
#: how many rows tell what a column holds
SAMPLE_ROWS = 500

_DIGITS = {c: i for i, c in enumerate("一二三四五六七八九十", 1)}
_TIMES = re.compile(r"第(\d{1,2}|[一二三四五六七八九十])[次通轮](?:拨打|拨号|呼叫|联系|访问|通话|电话|接触|外呼)?(.*)")
_ENGLISH = re.compile(
    r"(?:call|attempt|contact|try)(?:no\.?|number)?(\d{1,2})(.*)|(\d{1,2})(?:st|nd|rd|th)(?:call|attempt|contact)(.*)"
)
_NUMBERED = re.compile(r"(.*?\D)(\d{1,2})")
_TAILS = {
    "outcome": ("", "结果", "情况", "状态", "结果代码", "outcome", "result", "disposition", "status"),
    "at": ("时间", "日期", "日期时间", "开始时间", "time", "date", "datetime"),
    "interviewer": ("访员", "访问员", "调查员", "拨打人", "interviewer", "caller", "agent"),
    "duration": ("时长", "通话时长", "duration"),
}
_TAIL_OF = {tail: key for key, tails in _TAILS.items() for tail in tails}


@dataclass(frozen=True)
class CallColumns:
    """Where the contacts stand.

    ``header_row, first``: indices into ``sheet.rows``; ``columns``: key of ``CALLS`` → column; ``attempts``: number
    of the attempt → key → column, where attempts lie side by side; ``other``: headers that mean nothing here;
    ``known``: share of the outcome cells that are outcomes; ``by_content``: no header says outcome, the cells do.
    """

    header_row: int
    first: int
    columns: Mapping[str, int]
    attempts: Mapping[int, Mapping[str, int]]
    other: tuple[str, ...]
    known: float = 1.0
    by_content: bool = False

    @property
    def outcome_columns(self) -> tuple[int, ...]:
        """Columns that hold outcomes, attempt by attempt."""
        side = tuple(keys["outcome"] for _, keys in sorted(self.attempts.items()) if "outcome" in keys)
        return side or ((self.columns["outcome"],) if "outcome" in self.columns else ())


def call_columns(sheet: Sheet, outcomes: Outcomes, form: Questionnaire | None = None) -> CallColumns | None:
    """The columns of call records, if the sheet has any: a header that says outcome, or cells that are outcomes."""
    words = _words(form)
    best: CallColumns | None = None
    for depth in (1, 2):
        for row in range(min(limits.HEADER_ROWS, len(sheet.rows) - depth + 1)):
            found = _read_header(sheet, row, depth, words, outcomes)
            if found is not None and (best is None or _weight(found) > _weight(best)):
                best = found
    return best


def _weight(found: CallColumns) -> tuple[bool, bool, int]:
    return not found.by_content, found.known >= 0.5, len(found.columns) + sum(len(k) for k in found.attempts.values())


def _words(form: Questionnaire | None) -> Mapping[str, str]:
    """Comparable header → key; a questionnaire's own words for its roles go first."""
    words: dict[str, str] = {}
    for role, question in form.roles.items() if form else ():
        if role in ROLES:
            for word in (question.name, *question.labels.values(), *question.aliases):
                words.setdefault(_key(word), ROLES[role])
    for key, headers in CALLS.items():
        for header in headers:
            words.setdefault(_key(header), key)
    words.pop("", None)
    return words


def _key(header: Any) -> str:
    return header_key(header).replace("_", "")


#: headers that say "outcome" only where the cells below do, comparable
_WEAK = frozenset(map(_key, WEAK_OUTCOME))


def _line(text: str, words: Mapping[str, str]) -> str:
    """A header as it is compared: as a whole, or of a header in two languages the line that is known."""
    keys = [key for line in (text, *text.splitlines()) if (key := _key(line))]
    return next((key for key in keys if key in words or _attempt(key)), keys[0] if keys else "")


def _texts(sheet: Sheet, row: int, depth: int) -> list[str]:
    """Header texts; of two rows the upper one reaches to the right until its next text."""
    lower = [plain_text(v) for v in sheet.rows[row + depth - 1]]
    if depth == 1:
        return lower
    joined, last = [], ""
    for upper, below in zip((plain_text(v) for v in sheet.rows[row]), lower, strict=True):
        last = upper or last
        joined.append(last + below if _attempt(_key(last)) else below or upper)
    return joined


def _attempt(key: str) -> tuple[int, str] | None:
    """Number of the attempt and what is said of it: ``第2次结果`` → (2, "outcome")."""
    if match := _TIMES.fullmatch(key):
        number, tail = match[1], match[2]
        n = _DIGITS.get(number) or int(number)
    elif match := _ENGLISH.fullmatch(key):
        n, tail = int(match[1] or match[3]), match[2] or match[4] or ""
    else:
        return None
    meaning = _TAIL_OF.get(tail.strip("-/:()"))
    return (n, meaning) if meaning else None


def _read_header(
    sheet: Sheet, row: int, depth: int, words: Mapping[str, str], outcomes: Outcomes
) -> CallColumns | None:
    columns: dict[str, int] = {}
    attempts: dict[int, dict[str, int]] = {}
    weak: list[int] = []
    rest: dict[int, str] = {}
    for index, text in enumerate(_texts(sheet, row, depth)):
        key = _line(text, words)
        if not key:
            continue
        side = _attempt(key) or _numbered(key, words)
        if side is not None:
            attempts.setdefault(side[0], {}).setdefault(side[1], index)
        elif key in words and words[key] not in columns:
            columns[words[key]] = index
        else:
            rest[index] = text
            if key in _WEAK:
                weak.append(index)
    attempts = {n: keys for n, keys in attempts.items() if "outcome" in keys}
    first = row + depth
    by_content = False
    if not attempts and "outcome" not in columns:
        candidates = weak or (list(rest) if columns.keys() & {"respondent", "phone", "interviewer", "attempt"} else [])
        fit = {i: _known(sheet, first, (i,), outcomes) for i in candidates}
        sure = [
            i for i, (share, n, kinds) in fit.items() if share >= (0.5 if i in weak else 0.8) and kinds > 1 and n > 2
        ]
        if not sure:
            return None
        columns["outcome"] = max(sure, key=lambda i: fit[i])
        by_content = columns["outcome"] not in weak
        rest.pop(columns["outcome"])
    found = CallColumns(first - 1, first, columns, attempts, tuple(rest.values()), by_content=by_content)
    share, n, _ = _known(sheet, first, found.outcome_columns, outcomes)
    return CallColumns(first - 1, first, columns, attempts, tuple(rest.values()), share if n else 0.0, by_content)


def _numbered(key: str, words: Mapping[str, str]) -> tuple[int, str] | None:
    """``拨打结果2``, ``outcome2``: a known header with a number behind it."""
    match = _NUMBERED.fullmatch(key)
    if match is None or key in words:
        return None
    meaning = words.get(match[1])
    return (int(match[2]), meaning) if meaning in _TAILS else None


def _known(sheet: Sheet, first: int, columns: Sequence[int], outcomes: Outcomes) -> tuple[float, int, int]:
    """Share of filled cells that are outcomes, how many are filled, and how many different outcomes there are."""
    cells = Counter((type(value), value) for place in columns for value in _sampled(sheet.rows, first, place))
    said = {value: n for (_, value), n in cells.items() if value is not None and clean(value)}
    found = {value: d.code for value in said if (d := outcomes.find(value)) is not None}
    filled = sum(said.values())
    return (sum(said[value] for value in found) / filled if filled else 0.0), filled, len(set(found.values()))


def _sampled(rows: Sequence[Sequence[Any]], first: int, place: int) -> Iterable[Any]:
    """The first cells of one column below the header; no row is put together for them."""
    if isinstance(rows, Rows):
        return rows.columns[place][first : first + SAMPLE_ROWS]
    return [row[place] for row in rows[first : first + SAMPLE_ROWS]]


#: a column under the header of an outcome holds outcomes if at least this share of it is known; remarks never come near
LEAST_KNOWN = 0.2


def holds_outcomes(columns: CallColumns | None) -> bool:
    """Whether a sheet of answers also says how its telephone contacts ended."""
    return columns is not None and columns.known >= LEAST_KNOWN
