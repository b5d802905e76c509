"""What the cells of one column say of its question: its type, its choices in order, and how sure that is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from survey.core.cells import as_datetime, as_number, clean
from survey.core.scale_words import comparable, no_opinion, step

Sure = Literal["sure", "likely", "guess"]
#: words of a short list of choices; longer lists are texts
_MOST_CHOICES = 30
#: whole numbers up to this may be codes of choices
_LARGEST_CODE = 10
_PHONE = re.compile(r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}-?\d{7,8}")
_SEPARATORS = ("┋", "|", ";", "；", "、", ",", "，")
_LEADING = re.compile(r"(?:[(（]?(?P<n>\d{1,2}|[A-Za-z]|[①-⑳])[)）]?\s*[.．、:：)）]|(?P<c>[①-⑳]))\s*(?=\S)")
_FIRST_NUMBER = re.compile(r"\d+(?:\.\d+)?")
#: of a column of numbers the share that has to lie on one scale
_MOSTLY = 0.95
#: how people who enter answers write that somebody would not say
_SAID_NO = frozenset({"r", "ref", "refused"})
_REFUSED = _SAID_NO | {"x"}
#: words over quantities, which small numbers do not make a scale
_COUNTED = re.compile(r"年龄|周岁|人数|人口|几人|几口|次数|金额|收入")
_BLANK = frozenset({"", "(空)", "（空）", "na", "null", "none", "-", "—", "/"})


@dataclass(frozen=True)
class Option:
    """A choice: the text of its cells, its level of a scale (1 = best), the state it stands for."""

    text: str
    level: int | None = None
    missing: str = ""
    label: str = ""


@dataclass(frozen=True)
class Answers:
    """``kind``: a type of ours, ``phone`` for telephone numbers, ``empty``; ``why``: text key of what it rests on.

    ``low, high`` of a numeric scale; ``scale`` the stem of a scale in words, ``unfit`` the few cells that are none of its
    words; ``n`` answered cells, ``distinct`` of them.
    """

    kind: str
    sure: Sure
    why: str
    options: tuple[Option, ...] = ()
    low: float | None = None
    high: float | None = None
    scale: str = ""
    unfit: tuple[str, ...] = ()
    n: int = 0
    distinct: int = 0


def read_answers(
    counts: Mapping[str, int],
    *,
    labels: Mapping[str, str] | None = None,
    words: Mapping[str, str] | None = None,
    coded: bool = False,
    separator: str = "",
    header: str = "",
) -> Answers:
    """What a column of (cell text → how often) answers.

    ``labels``: code → label where the file says so; ``words``: cells that say why there is no answer → state; ``coded``:
    numbers are codes of choices; ``separator``: between several choices of one cell.
    """
    states = words or {}
    said = Counter({t: n for t, n in counts.items() if t.casefold() not in _BLANK and t.casefold() not in states})
    n, several = sum(said.values()), len(said)
    if not said:
        return Answers("empty", "guess", "drafting.why_empty")
    return replace(_read(_folded(said), labels or {}, coded, separator, header), n=n, distinct=several)


def _folded(said: Counter[str]) -> Counter[str]:
    """``No`` and ``no`` are one answer, written as most cells have it."""
    spellings: dict[str, str] = {}
    for text, _ in said.most_common():
        spellings.setdefault(text.casefold(), text)
    folded: Counter[str] = Counter()
    for text, n in said.items():
        folded[spellings[text.casefold()]] += n
    return folded


def _read(said: Counter[str], labels: Mapping[str, str], coded: bool, separator: str, header: str) -> Answers:
    n, several = sum(said.values()), len(said)
    if labels:
        return Answers("select_one", "sure", "drafting.why_labels", _labelled(labels, said))
    if sum(k for t, k in said.items() if _PHONE.fullmatch(t)) >= 0.6 * n:
        return Answers("phone", "sure", "drafting.why_phone")
    if parts := _several(said, separator):
        return Answers("select_multiple", "sure" if separator.strip() else "likely", "drafting.why_several", parts)
    if all(as_number(t) is not None for t in said):
        return _numbers(said, coded, header)
    if not coded and not _COUNTED.search(header) and (marks := _marks(said)):
        return marks
    if sum(k for t, k in said.items() if as_datetime(t) is not None) >= 0.9 * n:
        return Answers("date", "likely", "drafting.why_dates")
    if several <= _MOST_CHOICES and (several <= 8 or several <= 0.5 * n) and (n > several or several <= 3):
        return _choices(said)
    return Answers("text", "likely" if several > _MOST_CHOICES else "guess", "drafting.why_texts")


def _labelled(labels: Mapping[str, str], said: Mapping[str, int]) -> tuple[Option, ...]:
    """The choices that the file itself names, and codes of cells that it does not."""
    keys = {clean(code): label for code, label in labels.items()}
    codes = sorted([*keys, *(c for c in said if c not in keys)], key=_number_or_text)
    levels = _levels(list(keys.values()))
    return tuple(
        Option(code, levels.get(keys.get(code, code)), no_opinion(keys.get(code, code)), keys.get(code, code))
        for code in codes
    )


def _number_or_text(text: str) -> tuple[int, float, str]:
    number = as_number(text)
    return (0, number, text) if number is not None else (1, 0.0, text)


def _several(said: Mapping[str, int], separator: str) -> tuple[Option, ...]:
    """The options of cells that hold several; none where they hold one each.

    A platform's own separator is taken at its word, but for a space; of all others the parts have to recur.
    """
    for mark in (separator,) if separator else _SEPARATORS:
        cells = {t: [p.strip() for p in t.split(mark) if p.strip()] for t in said}
        many = sum(said[t] for t, parts in cells.items() if len(parts) > 1)
        parts = Counter({part: 0 for found in cells.values() for part in found})
        for text, found in cells.items():
            parts.update(dict.fromkeys(found, said[text]))
        # what recurs in other company: the halves of “Single, Never Married” never do
        within = Counter(part for found in cells.values() for part in set(found))
        again = sum(k > 1 for k in within.values())
        sure = bool(separator.strip())
        if not many or len(parts) > _MOST_CHOICES:
            continue
        if sure or (many >= 0.1 * sum(said.values()) and again >= 0.7 * len(parts)):
            return tuple(Option(text) for text, _ in _by_number_or_often(parts))
    return ()


def _numbers(said: Mapping[str, int], coded: bool, header: str) -> Answers:
    """Codes of choices, a scale of numbers, or a quantity."""
    values = {text: as_number(text) or 0.0 for text in said}
    whole = all(v.is_integer() for v in values.values())
    low, high = min(values.values()), max(values.values())
    if coded and whole and len(values) <= _MOST_CHOICES:
        codes = sorted(values, key=values.__getitem__)
        return Answers("select_one", "likely", "drafting.why_codes", tuple(Option(c) for c in codes))
    if whole and low >= 0 and high <= _LARGEST_CODE and not _COUNTED.search(header):
        return Answers("integer", "guess", "drafting.why_scale", low=min(low, 1.0), high=_top(high))
    return Answers("integer" if whole else "decimal", "likely", "drafting.why_numbers")


def _marks(said: Mapping[str, int]) -> Answers | None:
    """A scale of numbers with half points, slips of the pen and refusals among them; None where that is not sure.

    Almost all cells but refusals are numbers of one scale, and nearly all of these are whole.
    """
    values = {t: v for t in said if (v := as_number(t)) is not None and 0 <= v <= _LARGEST_CODE}
    inside = sum(said[t] for t in values)
    refused = sum(k for t, k in said.items() if t not in values and (no_opinion(t) or t.casefold() in _REFUSED))
    if len(values) < 3 or inside < _MOSTLY * (sum(said.values()) - refused) or inside < refused:
        return None
    usual = [v for t, v in values.items() if said[t] > max(2, 0.001 * inside)] or list(values.values())
    low, high = min(min(usual), 1.0), _top(max(usual))
    values = {t: v for t, v in values.items() if low <= v <= high}
    whole = sum(said[t] for t, v in values.items() if v.is_integer())
    if whole < 0.9 * inside:
        return None
    kind = "integer" if all(v.is_integer() for v in values.values()) else "decimal"
    unfit = tuple(t for t in said if t not in values)
    return Answers(kind, "guess", "drafting.why_scale", low=low, high=high, unfit=unfit)


def _top(high: float) -> float:
    """The usual end of a scale of numbers."""
    return 5.0 if high <= 5 else (7.0 if high <= 7 else 10.0)


def _choices(said: Counter[str]) -> Answers:
    rare = [t for t, k in said.items() if k <= max(2, 0.01 * sum(said.values()))]
    usual = [t for t in said if t not in rare]
    options = scale_of(list(said)) or (scale_of(usual) if len(usual) > 2 else ())
    if options:
        stem = next((s.stem for option in options if (s := step(option.text)) and s.stem), "")
        unfit = tuple(t for t in said if t not in {option.text for option in options})
        return Answers("select_one", "likely", "drafting.why_scale_words", options, scale=stem, unfit=unfit)
    ordered = [text for text, _ in _by_number_or_often(said)]
    numbered = all(_LEADING.match(t) or _FIRST_NUMBER.search(t) or no_opinion(t) for t in ordered)
    why = "drafting.why_numbered" if numbered else "drafting.why_often"
    words = sum(len(t) > 1 for t in ordered) > len(ordered) / 2  # among letters an R is a letter
    options = tuple(
        Option(t, missing=no_opinion(t) or ("refused" if words and t.casefold() in _SAID_NO else "")) for t in ordered
    )
    return Answers("select_one", "likely" if numbered else "guess", why, options)


def scale_of(words: Sequence[str]) -> tuple[Option, ...]:
    """Words of several columns as one scale in order; none where they are not one."""
    said = list(dict.fromkeys(words))
    levels = _levels(said)
    if not levels:
        return ()
    ordered = sorted(said, key=lambda t: (levels.get(t) is None, levels.get(t) or 0))
    return tuple(Option(t, levels.get(t), no_opinion(t)) for t in ordered)


def _levels(words: Sequence[str]) -> dict[str, int]:
    """Word → level, 1 = best, where the words are one scale of praise and blame; else none."""
    spoken = [w for w in words if not no_opinion(w)]
    steps = {w: s for w in spoken if (s := step(w)) is not None}
    stems = {s.stem for s in steps.values() if s.stem}
    if len(steps) < len(spoken) or len(steps) < 2 or len(stems) != 1:
        return {}
    degrees = sorted({s.degree for s in steps.values()}, reverse=True)
    if len(degrees) < len(steps) or not (degrees[0] > 0 > degrees[-1]):
        return {}
    return {w: degrees.index(s.degree) + 1 for w, s in steps.items()}


def _by_number_or_often(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """By the number or letter that every text begins with, else by the first number in it, else the frequent first."""
    marks = {t: (m["n"] or m["c"]) if (m := _LEADING.match(t)) else "" for t in counts}
    if all(marks.values()):
        return sorted(counts.items(), key=lambda pair: _number_or_text(_sortable(marks[pair[0]])))
    numbers = {t: float(m[0]) + _beside(t) for t in counts if (m := _FIRST_NUMBER.search(t))}
    if len(numbers) >= len(counts) - 1 > 1:
        return sorted(counts.items(), key=lambda pair: (pair[0] not in numbers, numbers.get(pair[0], 0.0)))
    return sorted(counts.items(), key=lambda pair: (bool(no_opinion(pair[0])), -pair[1]))


def _beside(text: str) -> float:
    """不到1年 stands before 1-4年, 20年以上 after 20年."""
    if re.search(r"不到|不足|少于|低于|小于|以下|以内", text):
        return -0.5
    return 0.5 if re.search(r"以上|超过|大于|多于|高于", text) else 0.0


def _sortable(mark: str) -> str:
    """``①`` and ``A`` as something that sorts."""
    return comparable(mark) if not ("①" <= mark <= "⑳") else str(ord(mark) - ord("①") + 1)
