"""Columns of numbers or letters on another scale than the questionnaire's: 1–10 or 0–4 under five choices, A–E, 100/80/60/40/0.

A scale is looked at as a whole: a number that is also a code of the questionnaire means something else there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from string import ascii_uppercase
from typing import Any

from survey.answers.loose_readings import is_placeholder
from survey.answers.scales import levels_of, match_scale
from survey.answers.values import choice_words
from survey.core.cells import answer_key, as_number, clean
from survey.form.model import Question

#: points by which five levels are known, best first
_POINTS = ((100, 80, 60, 40, 0), (100, 80, 60, 40, 20), (100, 75, 50, 25, 0), (100, 80, 60, 30, 0), (5, 4, 3, 2, 1))
#: the last number of scales in use that are longer than the levels
_ENDS = (6, 7, 9, 10, 11, 100)
#: cells that fit no scale are slips of the pen up to this share; beyond it nothing is a scale
SLIPS = 0.05
#: cells beyond the codes, at least so many and this share, before they are more than slips
FEWEST, SHARE = 2, 0.02
#: share of cells that are the questionnaire's own codes from which on one or two numbers beyond them are slips, and the share
#: where the numbers beyond leave out the next one, as no scale does
OWN, OWN_APART = 0.9, 0.75
#: numbers in letters, and stars of which the full ones count
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_STARS = re.compile(r"[★⭐]+☆*|☆+(?:[★⭐]+)?")
#: stars and points in words
_COUNTED = re.compile(r"(\d{1,3}|[一二三四五])\s*(?:颗|个)?(?:星级?|分)")
_HAN = "一二三四五"
#: letters of the Chinese calendar, by which grades are called
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_PERCENT = re.compile(r"(\d{1,3})\s*%")
#: letters with what they mean, in a header
_LETTERS = re.compile(r"(?<![A-Za-z])([A-Ga-g])\s*[.、:=\-]?\s*([\u4e00-\u9fff]{1,6})")
_LETTER = re.compile(r"[A-Ga-g]")
#: a letter for a choice, and the mark that stands with it
_MARKED = re.compile(r"\(?([A-Za-z])[.、,)]{1,2}")
_CIRCLED = re.compile(r"[①-⑳]")
#: what stands between the codes of several choices
_BETWEEN = re.compile(r"[\s┋|;、,/+&.]+")


@dataclass(frozen=True)
class OtherScale:
    """``pairs``: word as it stands → choice name; ``named``: how the scale is called (``1–10``); ``high`` whether its
    highest number is taken for the best."""

    pairs: Mapping[str, str]
    named: str
    high: bool

    @property
    def shifts(self) -> bool:
        """Whether a column of it without its 0 looks like the questionnaire's own codes, one level off."""
        return self.named.startswith("0–") and not self.high


def other_scale(counts: Mapping[str, int], question: Question, fewest: int = FEWEST) -> OtherScale | None:
    """The scale of the codes of a list's columns (code → cells) where it is not the questionnaire's own; else None.

    ``fewest`` cells must lie beyond the codes; one is enough where other columns of the file are on such a scale.
    """
    words = choice_words(question)
    levels = [c.name for c in levels_of(question)]
    if len(levels) < 2:
        return _in_turn(counts, words, question)
    beyond = {w: n for w, n in counts.items() if answer_key(w) not in words}
    total, off = sum(counts.values()), sum(beyond.values())
    if off < fewest or off < SHARE * total:
        return None
    if all(w.upper() in _ROMAN for w in counts) and len(counts) > 1 and any(len(w) > 1 for w in counts):
        return _places({w: _ROMAN.index(w.upper()) for w in counts}, levels, _ROMAN)
    if all(w in _STEMS for w in counts) and len(counts) > 1:
        return _places({w: _STEMS.index(w) for w in counts}, levels, _STEMS)
    if all(w in _HAN for w in counts) and len(counts) > 1:
        return _spoken(counts, words, question)
    letters = [w for w in counts if len(w) == 1 and w.isalpha() and w.isascii()]
    if letters and len(letters) == len(counts):
        return _lettered(counts, levels, question)
    if all(_STARS.fullmatch(w) for w in counts):
        return _stars({w: len(w.replace("☆", "")) for w in counts}, levels)
    if (found := _counted(counts)) and max(found.values()) <= len(levels):
        return _stars(found, levels)
    if any(_PERCENT.fullmatch(w) or _COUNTED.fullmatch(w) for w in counts):
        return _shares(counts, words, levels)
    if (in_order := _behind_the_levels(counts, beyond, question)) is not None:
        return in_order
    own = {w for w in counts if answer_key(w) in words and as_number(w) is None}
    if fewest == FEWEST and strays(beyond, total, len(levels)):
        return None
    numbers = {w: as_number(w) for w in counts if w not in own}
    whole = {w: int(v) for w, v in numbers.items() if v is not None and v.is_integer()}
    scale = _numbers(whole, counts, words, levels)
    return scale if scale is not None and any(w in scale.pairs for w in beyond) else None  # slips alone are no scale


def _spoken(counts: Mapping[str, int], words: Mapping[str, int], question: Question) -> OtherScale | None:
    """一 to 五 as the numbers that they are: codes of the questionnaire, else as another scale in digits."""
    digits = {w: str(_HAN.index(w) + 1) for w in counts}
    if all(d in words for d in digits.values()):
        names = [c.name for c in question.choices]
        return OtherScale({w: names[words[d]] for w, d in digits.items()}, "一–五", high=False)
    scale = other_scale({digits[w]: n for w, n in counts.items()}, question)
    return scale and OtherScale({w: scale.pairs[d] for w, d in digits.items() if d in scale.pairs}, "一–五", scale.high)


def strays(beyond: Mapping[str, int], total: int, levels: int) -> bool:
    """Whether the numbers beyond the questionnaire's own codes (``beyond``, of ``total`` cells) are slips of the pen, one cell
    at a time: nearly all cells are its codes and the others are one or two numbers, or leave out the next one (7 without 6).
    """
    numbers = {n for w in beyond if (n := as_number(w)) is not None}
    if (
        len(numbers) < len(beyond) or len(numbers) > 2 or min(numbers) <= levels
    ):  # beside a 0 the codes may be one level off
        return False
    off = sum(beyond.values())
    apart = levels + 1 not in numbers and max(numbers) < 10
    return off <= (1 - OWN) * total or (apart and off <= (1 - OWN_APART) * total)


def _in_turn(counts: Mapping[str, int], words: Mapping[str, int], question: Question) -> OtherScale | None:
    """Letters or places for the choices of a list without levels: A and B of a sex, 1–3 of choices that say no number.

    What 1 and 2 are of a sex a standard says (``survey.answers.loose_readings``), and beside ranges 3 may be three years.
    """
    choices = [c for c in question.choices if not c.missing]
    names = [c.name for c in choices]
    if len(names) < 2 or len(counts) < 2 or any(answer_key(w) in words for w in counts):
        return None
    if all(len(w) == 1 and w.isascii() and w.isalpha() for w in counts):
        return _lettered(counts, names, question)
    numbered = question.role != "sex" and not any(ch.isdigit() for c in choices for ch in c.label("zh"))
    if numbered and all(w.isascii() and w.isdigit() and 1 <= int(w) <= len(names) for w in counts):
        return _places({w: int(w) - 1 for w in counts}, names, [str(i + 1) for i in range(len(names))])
    return None


def _behind_the_levels(counts: Mapping[str, int], beyond: Mapping[str, int], question: Question) -> OtherScale | None:
    """6 under five levels that are coded 1–5 and stand before 不清楚: the place of that choice, not a longer scale."""
    places = {w: int(w) - 1 for w in counts if w.isascii() and w.isdigit() and 1 <= int(w) <= len(question.choices)}
    if len(places) < len(counts) or not all(question.choices[places[w]].missing for w in beyond):
        return None
    words = choice_words(question)
    if any(words[answer_key(w)] != at for w, at in places.items() if w not in beyond):
        return None
    names = [c.name for c in question.choices]
    return OtherScale({w: names[at] for w, at in places.items()}, f"1–{1 + max(places.values())}", high=False)


def by_letters(texts: Iterable[str], scale: OtherScale, question: Question) -> OtherScale:
    """The scale as a text over its columns explains it (A很不满意 B不太满意 …), where one explains all of its letters."""
    for text in texts:
        said = {letter.upper(): label for letter, label in _LETTERS.findall(clean(text))}
        found = match_scale(list(said.values()), question).pairs if len(said) > 1 else {}
        pairs = {w: found[said[w.upper()]] for w in scale.pairs if said.get(w.upper(), "") in found}
        if pairs and len(pairs) == len(scale.pairs):
            return replace(scale, pairs=pairs)
    return scale


def letters_in(grid: Iterable[Sequence[str]]) -> Iterator[str]:
    """The texts of a sheet that explain letters: a cell that names two and more, and letters below each other with words beside."""
    rows = [[clean(text) for text in row] for row in grid]
    yield from (text for row in rows for text in row if len({letter for letter, _ in _LETTERS.findall(text)}) > 1)
    for at in range(max(map(len, rows), default=1) - 1):
        beside = [f"{row[at]}{row[at + 1]}" for row in rows if len(row) > at + 1 and _LETTER.fullmatch(row[at])]
        if len(beside) > 1:
            yield " ".join(beside)


def is_sign(text: str) -> bool:
    """Whether a text is a number in another guise: a letter, a Roman number, stars, points, a share."""
    letter = len(text) == 1 and text.isascii() and text.isalpha()
    spoken = len(text) == 1 and text in _HAN + _STEMS
    return letter or spoken or text.upper() in _ROMAN or any(p.fullmatch(text) for p in (_STARS, _PERCENT, _COUNTED))


def codes_in(values: Sequence[Any], often: Sequence[int]) -> dict[str, int]:
    """Numbers and single letters of a column (``values`` in ``often`` cells each) with how many cells hold them; {} where most
    cells are words."""
    found: dict[str, int] = {}
    for value, n in zip(values, often, strict=True):
        text = bare_code(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
        if text.lstrip("-").replace(".", "", 1).isdigit() or is_sign(text):
            found[text] = found.get(text, 0) + n
    return found if 2 * sum(found.values()) > sum(often) else {}


def bare_code(value: Any) -> str:
    """What stands in a cell, a letter without the mark behind it: ``B.``, ``B、`` and ``(B)`` are B."""
    text = clean(value)
    marked = _MARKED.fullmatch(text)
    return marked[1] if marked else text


def chosen_in(values: Sequence[Any], often: Sequence[int]) -> dict[str, int]:
    """What stands in cells of several choices with how many cells hold it; numbers in circles stand apart: ③④ is 3 and 4."""
    texts: dict[str, int] = {}
    for value, n in zip(values, often, strict=True):
        if not is_placeholder(value):
            text = clean(_CIRCLED.sub(r"\g<0>;", value).strip(";") if isinstance(value, str) else value)
            texts[text] = texts.get(text, 0) + n
    return texts


def _counted(counts: Mapping[str, int]) -> dict[str, int]:
    """The number of stars or points that each of the words says; {} where one says none."""
    found = {w: m[1] for w in counts if (m := _COUNTED.fullmatch(w))}
    if len(found) < len(counts):
        return {}
    return {w: _HAN.index(said) + 1 if said in _HAN else int(said) for w, said in found.items()}


def _places(places: Mapping[str, int], levels: Sequence[str], signs: Sequence[str]) -> OtherScale | None:
    """Letters and Roman numbers stand for the choices in their order."""
    if max(places.values()) >= len(levels):
        return None
    named = f"{signs[0]}–{signs[len(levels) - 1]}"
    return OtherScale({w: levels[at] for w, at in places.items()}, named, high=False)


def _lettered(letters: Iterable[str], names: Sequence[str], question: Question) -> OtherScale | None:
    """Letters stand for the choices in their order (``names``), those behind the last one for what is no answer: F is 说不清
    behind five levels."""
    places = {w: ord(w.upper()) - ord("A") for w in letters}
    beyond = [c.name for c in question.choices if c.missing][: max(0, max(places.values()) + 1 - len(names))]
    return _places(places, [*names, *beyond], ascii_uppercase)


def _stars(stars: Mapping[str, int], levels: Sequence[str]) -> OtherScale | None:
    """As many stars as there are levels are the best."""
    if max(stars.values()) > len(levels) or not min(stars.values()):
        return None
    return OtherScale({w: levels[-n] for w, n in stars.items()}, f"★ 1–{len(levels)}", high=True)


def _shares(counts: Mapping[str, int], words: Mapping[str, int], levels: Sequence[str]) -> OtherScale | None:
    """100%, 80% … and 100分, 80分 … as the points that they are."""
    bare = {w: m[1] for w in counts if (m := _PERCENT.fullmatch(w) or _COUNTED.fullmatch(w)) and m[1].isdigit()}
    often: dict[str, int] = {}
    for word, n in counts.items():
        often[bare.get(word, word)] = often.get(bare.get(word, word), 0) + n
    found = _numbers({w: int(w) for w in bare.values()}, often, words, levels)
    if found is None:
        return None
    return OtherScale({w: found.pairs[b] for w, b in bare.items() if b in found.pairs}, found.named, found.high)


def _numbers(
    values: Mapping[str, int], counts: Mapping[str, int], words: Mapping[str, int], levels: Sequence[str]
) -> OtherScale | None:
    """The first scale that holds nearly all numbers."""
    total = sum(counts.values())

    def holds(wanted: Sequence[int]) -> bool:
        return sum(n for w, n in counts.items() if values.get(w) not in wanted) <= SLIPS * total

    if stepped := _stepped(values, levels, holds):
        return stepped
    fitting = [p for p in _POINTS if len(p) == len(levels) and max(p) > len(levels) and holds(p)]
    if fitting:  # 20 is a slip of the pen under 100/80/60/40/0 only where no other points have it
        points = max(fitting, key=lambda p: sum(n for w, n in counts.items() if values.get(w) in p))
        pairs = {w: levels[points.index(v)] for w, v in values.items() if v in points}
        return OtherScale(pairs, "/".join(map(str, points)), high=True)
    if 0 in values.values() and holds(range(len(levels))) and len(levels) not in values.values():
        pairs = {w: levels[v] for w, v in values.items() if v < len(levels)}
        return OtherScale(pairs, f"0–{len(levels) - 1}", high=False)
    for end in _ENDS:
        low = 0 if 0 in values.values() else 1
        used = {v for v in values.values() if v > len(levels)}
        if end > len(levels) and used and holds(range(low, end + 1)):
            size = end - low + 1
            inside = {w: v for w, v in values.items() if low <= v <= end}
            pairs = {w: levels[len(levels) - 1 - (v - low) * len(levels) // size] for w, v in inside.items()}
            return OtherScale(pairs, f"{low}–{end}", high=True)
    return None


def _stepped(
    values: Mapping[str, int], levels: Sequence[str], holds: Callable[[Sequence[int]], bool]
) -> OtherScale | None:
    """As many numbers in even steps as there are levels, the highest the best: −2 … +2, 20/15/10/5/0."""
    middle = len(levels) // 2
    around = range(middle, -middle - 1, -1)
    if len(levels) % 2 and min(values.values(), default=0) < 0 and holds(around):
        return OtherScale(
            {w: levels[middle - v] for w, v in values.items() if v in around}, f"−{middle}–{middle}", high=True
        )
    said = sorted(set(values.values()), reverse=True)
    steps = {a - b for a, b in pairwise(said)}
    if len(said) == len(levels) and len(steps) == 1 and steps.pop() > 1 and holds(said):
        return OtherScale({w: levels[said.index(v)] for w, v in values.items()}, "/".join(map(str, said)), high=True)
    return None


def option_codes(cells: Mapping[str, int], question: Question) -> OtherScale | None:
    """The places of several choices written as letters or numbers (``ABD``, ``1,3``; cell → how often) where the
    questionnaire knows them by other names; None where a cell holds anything else."""
    words, names = choice_words(question), [c.name for c in question.choices if not c.missing]
    tokens = {t for cell in cells for t in _tokens(cell)}
    if not tokens or len(names) < 2 or all(answer_key(t) in words for t in tokens):
        return None
    if all(len(t) == 1 and t.isascii() and t.isalpha() for t in tokens):
        places, named = {t: ord(t.upper()) - ord("A") for t in tokens}, f"A–{chr(ord('A') + len(names) - 1)}"
    elif all(t.isdigit() for t in tokens):
        if max(map(int, tokens)) > len(names) and len(names) < 10:  # 134 is 1, 3 and 4
            apart = {d for t in tokens for d in t}
            if any(len(set(t)) < len(t) for t in tokens):
                return None
            tokens = apart
        places, named = {t: int(t) - 1 for t in tokens}, f"1–{len(names)}"
    else:
        return None
    if len(tokens) < 2 or not all(0 <= at < len(names) for at in places.values()):
        return None
    return OtherScale({t: names[at] for t, at in places.items()}, named, high=False)


def _tokens(cell: str) -> Sequence[str]:
    parts = [p for p in _BETWEEN.split(cell) if p]
    return list(cell) if len(parts) == 1 and cell.isascii() and cell.isalpha() else parts
