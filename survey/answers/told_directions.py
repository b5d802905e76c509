"""Which way numbers run where a sheet says it without saying what each number means: 分数越高越满意, 5分为最好, 10分满分.

The numbers themselves tell how far the scale goes; what comes of it is asked, as any legend is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from survey.answers.scales import levels_of
from survey.core.cells import as_number, clean
from survey.core.errors import Refused
from survey.core.scale_words import PRAISE, step
from survey.form.model import Question

#: 分数越高越满意; 数字越小代表越不满意
_THE_MORE = re.compile(r"越\s*([高大多低小少])[^,。;]{0,6}?越\s*(不?)\s*([^\W\d_]{1,3})")
#: 5分为最好, 10分最满意, 1最差; 满分10分; 1分为最高分
_MOST = re.compile(
    r"(?<![\d.])(\d{1,3})\s*分?\s*(?:为|是|表示|代表|=|:)?\s*(?:最|非常|很|极其?)\s*(不?)\s*([^\W\d_]{1,2})"
)
_FULL = re.compile(r"满分\s*(?:为|是|:)?\s*(\d{1,3})(?![\d.])|(?<![\d.])(\d{1,3})\s*分?\s*(?:为|是)?\s*满分")
#: 0-10分，1～5
_RANGE = re.compile(r"(?<![\d.])(\d{1,3})\s*分?\s*(?:[-—–~]+|至|到)\s*(\d{1,3})(?![\d.])")
#: what 最高 and 最低 say of points, as words of a scale
_HEIGHT = {"高": "满意", "高分": "满意", "优": "好", "佳": "好", "低": "不满意", "低分": "不满意", "劣": "差"}
#: the last numbers of scales, the smallest that holds all codes
_ENDS = (3, 4, 5, 6, 7, 9, 10, 100)


@dataclass(frozen=True, slots=True)
class Direction:
    """``up``: whether more is better; ``good`` and ``bad``: words for the two ends; ``end``: a number that is one of them,
    None where none was said; ``span``: its first and last number, None where they were not said."""

    up: bool
    good: str
    bad: str
    end: int | None = None
    span: tuple[int, int] | None = None

    def legend(self, low: int, high: int) -> Mapping[str, str]:
        """The two ends of a scale from ``low`` to ``high`` → their words."""
        first, last = (self.bad, self.good) if self.up else (self.good, self.bad)
        return {str(low): first, str(high): last}


def direction_in(text: str) -> Direction | None:
    """What a text says of the direction of numbers; None where it says nothing, or two things."""
    text = clean(text)
    found: set[tuple[bool, str]] = set()
    ends: set[int] = set()
    if (more := _THE_MORE.search(text)) and (word := _word(more[3])):
        found.add(((more[1] in "高大多") == (word[1] != bool(more[2])), word[0]))
    told: list[tuple[int, bool]] = []
    for number, no, said in _MOST.findall(text):
        if (word := _word(said)) is not None:
            told.append((int(number), word[1] != bool(no)))
            stem = word[0]
    for first, second in _FULL.findall(text):
        told.append((int(first or second), True))
        stem = "满意"
    if told:
        best, worst = {n for n, good in told if good}, {n for n, good in told if not good}
        if len(best) > 1 or len(worst) > 1:
            return None
        if best and worst:
            up = max(best) > max(worst)
        elif best:
            up = max(best) > 1
        else:
            up = max(worst) <= 1
        found.add((up, stem))
        ends |= best | worst
    if len({up for up, _ in found}) != 1:
        return None
    up, stem = next(iter(found))
    spans = {(int(a), int(b)) for a, b in _RANGE.findall(text) if int(a) < int(b)}
    return Direction(up, f"很{stem}", f"很不{stem}", max(ends, default=None), spans.pop() if len(spans) == 1 else None)


def _word(said: str) -> tuple[str, bool] | None:
    """(stem of praise, whether the word praises) of 满意, 好, 差, 高; None for words that praise or blame nothing."""
    for length in range(len(said), 0, -1):
        word = _HEIGHT.get(said[:length], said[:length])
        found = step(word)
        if found is not None and found.stem in PRAISE:
            return found.stem, found.degree > 0
    return None


def ends_of(direction: Direction, codes: Collection[str], question: Question) -> Mapping[str, str]:
    """The two ends of the scale on which the codes of a list's columns lie → their words; {} where the codes are none."""
    numbers = [int(n) for code in codes if (n := as_number(code)) is not None and n.is_integer() and n >= 0]
    levels = levels_of(question)
    if not numbers or len(levels) < 2:
        return {}
    missing = {int(n) for c in question.choices if c.missing and (n := as_number(c.name)) is not None}
    told = [n for n in numbers if n not in missing] or numbers
    low = 0 if 0 in told else 1
    top = max(told)
    if direction.span is not None and direction.span[0] <= min(told) and top <= direction.span[1]:
        return direction.legend(*direction.span)
    if direction.end is not None and direction.end > low:
        high = direction.end
    else:
        high = next((end for end in (len(levels) - 1 + low, *_ENDS) if end >= top), top)
    if high < top or high - low + 1 < len(levels):
        return {}
    return direction.legend(low, high)


def require_one_word(header: str, lists: Iterable[tuple[str, Mapping[str, str]]], codes: Collection[str]) -> None:
    """Raise Refused where two lists (sheet, code → what it means) say different things of a code that a column holds: which of
    them counts nobody can tell from the file."""
    first: dict[str, tuple[str, str]] = {}
    for sheet, said in lists:
        for code, meaning in said.items():
            where, other = first.setdefault(code, (sheet, meaning))
            if code in codes and other != meaning:
                pairs = f"{code}={other}（{where}）、{code}={meaning}（{sheet}）"
                raise Refused("scales.lists_contradict", header=header, pairs=pairs)
