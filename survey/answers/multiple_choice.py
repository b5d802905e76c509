"""``select_multiple`` spread over one column an option (``q/option``): the columns put together again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.answers.loose_readings import is_placeholder, other_choice
from survey.answers.validation import (
    Coded,
    Column,
    Rows,
    cell_finding,
    error_cells,
    factorise,
    fingerprint,
    normalised,
    rows_by_unique,
)
from survey.answers.values import blank_reading, choice_words, is_blank
from survey.core.cells import answer_key, clean
from survey.core.findings import Finding
from survey.files.own_workbooks import header_key
from survey.form.answer_codes import BLANK, INVALID, STATES, Codes
from survey.form.model import Choice, Question

Flags = NDArray[np.bool_]

_YES = frozenset({"1", "true", "yes", "y", "t", "是", "√", "✓", "✔", "☑", "■", "●", "v", "选中", "已选", "勾选", "有"})
_NO = frozenset({"0", "false", "no", "n", "f", "否", "×", "✗", "□", "○", "未选中", "未选", "没选", "无"})
_TICKED, _LEFT, _WRONG = 1, 0, 2
#: what people mark with by hand, and what says no beside a tick; of those, the ones that never strike out
_MARKS = frozenset("○◯〇o◎⊙×✗✘✕✖x☒✅◉▣⊠*")
#: words under 其他 that say what else; 没选, 不选 and 未选 say that it was left
_WORDS = re.compile(r"(?![不没无未否])[\u4e00-\u9fff]{2}")
_CIRCLES = frozenset("○◯〇o◎⊙")

_PLACE = re.compile(r"[\s(_.\-第:]*\d{1,2}(?:选择|选|项|个)?[)\s]*$")


def stem_of_place(header: str) -> str:
    """What is before the number of a header such as 最需要的服务2, comparable; '' where it ends in none."""
    key = header_key(header)
    return _PLACE.sub("", key) if _PLACE.search(key) else ""


def in_places(headers: Sequence[str]) -> bool:
    """Whether several columns hold the first choice, the second one …: one stem, and another number in each."""
    return len({stem_of_place(h) for h in headers}) == 1 < len({header_key(h) for h in headers}) and all(
        map(stem_of_place, headers)
    )


def united(question: Question, parts: Sequence[Coded]) -> Coded:
    """The choices of columns that hold one each, together; a row with a bad cell is invalid."""
    codes = np.array([part.codes for part in parts])
    bad, answered = (codes == INVALID).any(axis=0), (codes >= 0).any(axis=0)
    states = np.where((codes == BLANK).all(axis=0), BLANK, codes.max(axis=0, where=codes < 0, initial=INVALID))
    found = np.where(bad, INVALID, np.where(answered, 0, states)).astype(np.int16)
    chosen = zip(*(part.multiple or [None] * len(found) for part in parts), strict=True)
    multiple = [
        tuple(sorted({c for one in row if one for c in one})) if code == 0 else None
        for row, code in zip(chosen, found.tolist(), strict=True)
    ]
    return _coded(question, found, multiple, [f for part in parts for f in part.findings])


def _coded(
    question: Question, codes: Codes, multiple: list[tuple[int, ...] | None], findings: Sequence[Finding]
) -> Coded:
    printed = cache(lambda picked: fingerprint(f"{question.name}=0|None|None|{picked}"))
    digest = np.array([0 if picked is None else printed(picked) for picked in multiple], dtype=np.uint64)
    return Coded(codes, digest, multiple=multiple, findings=tuple(findings))


def code_options(question: Question, options: Sequence[tuple[str, Column]], blank: frozenset[str]) -> Coded:
    """Code (choice name, column) pairs; a row in which every option is blank was not answered.

    Where no option says anything but why (``(跳过)``, a platform's ``-3``), that is the answer's state.
    """
    place = {choice.name: i for i, choice in enumerate(question.choices)}
    n = len(options[0][1].values)
    ticked = np.zeros((n, len(question.choices)), dtype=bool)
    answered, bad = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    states: Codes = np.full(n, BLANK, dtype=np.int16)
    findings: list[Finding] = []
    read = [factorise(column.values) for _, column in options]
    plain = [
        np.array([*(k.ticked for k in kinds_of(column, question.choices[place[name]], blank, uniques)), False])[index]
        for (name, column), (index, uniques) in zip(options, read, strict=True)
    ]
    by_hand = marked_by_hand(read, np.column_stack(plain), blank, single=False)
    for at, (name, column) in enumerate(options):
        index, uniques = read[at]
        said = _Said(column, question.choices[place[name]], blank)
        told = [said.state(value) for value in uniques]
        kinds = [_LEFT if state is not None else said.kind(value) for value, state in zip(uniques, told, strict=True)]
        state = np.array([BLANK if s is None else s for s in told] + [BLANK], dtype=np.int16)[index]
        speaks = np.array([s is None for s in told] + [False])[index]
        other = question.choices[place[name]] == other_choice(question)
        words = [u for u, k in enumerate(kinds) if other and k == _WRONG and _says_what_else(uniques[u], question)]
        for u, rows in zip(words, (np.flatnonzero(index == u) for u in words), strict=True):
            kinds[u] = _TICKED
            findings.append(normalised(column, rows, uniques[u], question.choices[place[name]].label("zh")))
        kind = np.where(by_hand[:, at], _TICKED, np.array([*kinds, _LEFT])[index])
        states = np.where(states == BLANK, state, states)
        answered |= speaks
        ticked[:, place[name]] |= kind == _TICKED
        bad |= kind == _WRONG
        findings += _wrong(question, column, np.where(by_hand[:, at], -1, index), uniques, kinds)
        for row, finding in error_cells(question, column, refuse_row=False):
            bad[row] = True
            findings.append(finding)
    codes = np.where(bad, INVALID, np.where(answered, 0, states)).astype(np.int16)
    multiple = [
        tuple(np.flatnonzero(row).tolist()) if code == 0 else None
        for row, code in zip(ticked, codes.tolist(), strict=True)
    ]
    return _coded(question, codes, multiple, findings)


def marked_by_hand(read: Sequence[tuple[Rows, list[Any]]], ticked: Flags, blank: frozenset[str], single: bool) -> Flags:
    """The cells (rows × options, bool) that are the tick of their row though they are no tick elsewhere: ○ or × where nothing
    else stands in the row, and not in every option.

    ``read``: the columns of the options, factorised.  A mark that stands beside ticks (``ticked``, rows × options) says no
    everywhere; of one answer (``single``) only where it stands in several options: one circle beside a tick is a second mark.
    """
    found: Flags = np.zeros_like(ticked)
    keys = [[answer_key(value) for value in uniques] for _, uniques in read]
    words = sorted(_MARKS.intersection(*[{key for column in keys for key in column}]))
    if not words:
        return found

    def where(says: Callable[[str], bool]) -> Flags:
        columns = zip(read, keys, strict=True)
        return np.column_stack([np.array([*map(says, column), False])[index] for (index, _), column in columns])

    size = ticked.shape[1]
    free: Flags = np.asarray(~ticked.any(axis=1))
    for word in words:
        mine = where(lambda key, word=word: key == word) & ~ticked  # type: ignore[misc]
        beside = np.count_nonzero(mine[~free], axis=1)
        second = single and size > 2 and word in _CIRCLES
        if not (beside > int(second)).any():
            found |= mine & (free | second)[:, np.newaxis]
    filled = where(lambda key: bool(key) and key not in blank) & ~ticked
    kept: Flags = np.asarray((found.sum(axis=1) < size) & (filled == found).all(axis=1))
    found &= kept[:, np.newaxis]
    return found


def _says_what_else(value: Any, question: Question) -> bool:
    """Whether a cell under 其他 says in words what else was chosen (陪诊), not that nothing was, and names no other choice."""
    if not isinstance(value, str) or is_placeholder(value) or answer_key(value) in choice_words(question):
        return False
    return _WORDS.match(clean(value)) is not None


def is_tick(value: Any, choice: Choice) -> bool:
    """Whether a cell can say that this option was ticked or left."""
    own = {answer_key(word) for word in (choice.name, *choice.labels.values(), *choice.aliases) if word}
    return answer_key(value) in _YES | _NO | own


def only_ticks(values: Iterable[Any]) -> bool:
    """Whether nothing but ticks and what says that there is none stands in cells: 1, 0, √, 是."""
    return all(answer_key(value) in _YES | _NO for value in values)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a cell says of its option: ``ticked``, ``wrong`` (neither ticked nor left), ``state`` why there is no answer."""

    ticked: bool = False
    wrong: bool = False
    state: int | None = None


def kinds_of(column: Column, choice: Choice, blank: frozenset[str], values: Sequence[Any]) -> list[Kind]:
    """What each of these values says in the column of one choice."""
    said = _Said(column, choice, blank)
    told = [(said.state(value), said.kind(value)) for value in values]
    return [Kind(k == _TICKED, k == _WRONG) if state is None else Kind(state=state) for state, k in told]


class _Said:
    """What the words of one option's column say."""

    def __init__(self, column: Column, choice: Choice, blank: frozenset[str]) -> None:
        own = {answer_key(word) for word in (choice.name, *choice.labels.values(), *choice.aliases) if word}
        self.yes = _YES | own | {word for word, meaning in column.words.items() if meaning == choice.name}
        self.column, self.blank = column, blank

    def state(self, value: Any) -> int | None:
        """Why there is no answer, where the cell says that; None where it is one."""
        if is_blank(value, self.blank) or self.column.words.get(answer_key(value)) == "":
            return blank_reading(value).code
        state = self.column.states.get(answer_key(value))
        return None if state is None else STATES[state]

    def kind(self, value: Any) -> int:
        """Ticked, left or wrong: the cell as it stands, else without a platform's marks."""
        tidy = self.column.tidy
        for word in (answer_key(value), *([answer_key(tidy(value))] if tidy else [])):
            if word in self.yes:
                return _TICKED
            if word in _NO:
                return _LEFT
        return _WRONG


def _wrong(
    question: Question, column: Column, index: Any, uniques: Sequence[Any], kinds: Sequence[int]
) -> list[Finding]:
    wrong = [u for u, kind in enumerate(kinds) if kind == _WRONG]
    rows = rows_by_unique(index, wrong)
    found = sorted((int(row), u) for u in wrong for row in rows[u])
    return [cell_finding(column, row, "checking.not_yes_no", uniques[u], question, False) for row, u in found]
