"""When two respondent numbers, or two texts, are the same: the one place that says so, whatever file or form they come in.

Numbers are stored as typed and compared folded: ``1``, ``001``, ``１`` and ``1.0`` (what some programs make of a number) are one.
A number of which a spreadsheet kept fifteen digits is nobody's number any more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from string import ascii_lowercase
from typing import Any

import numpy as np
import numpy.typing as npt

from survey.core.cells import PLACEHOLDERS, clean, unstopped
from survey.files.readers.distinct_values import Cells

#: digits that a spreadsheet keeps of a number
SHEET_DIGITS = 15
_DECIMAL = re.compile(r"(\d+)\.0+")
#: letters before the digits of a number that are part of it
_LETTERS_BEFORE = 6
_LETTERED = re.compile(rf"([^\W\d_]{{0,{_LETTERS_BEFORE}}})[-_. ]?0*(\d+)[号#]?")
#: words of letters before the digits that say only that they are a number
_SAY_NUMBER = ("", "no", "nr", "num", "number")
#: words around a number that say only that it is one
_WORDED = re.compile(
    rf"(?:{'|'.join(_SAY_NUMBER[1:])}|编号|序号|问卷|样本|第)?[-_.:#№ ]*0*(\d+) ?(?:号|份|位|人|户|#)?(?:问卷|答卷)?"
)
_SCIENTIFIC = re.compile(r"(\d(?:\.\d+)?)e\+(\d{1,2})", re.I)
#: marks by which a cell says what the one above it says
DITTO = frozenset(("同上", "同前", "同", "上同", "〃", "″", '"', "''", "“", "”", "〞", "〝", "ditto", "do", "do."))
#: what under a number says that there is none
NOBODY = DITTO | PLACEHOLDERS
_BREAKS = re.compile(r"\r\n?|_x000[dD]_\n?")


def folded(respondent: str) -> str:
    """What two numbers are compared by: plain width, any case, without ``.0``, without the leading zeros that a spreadsheet
    drops, and without zeros, strokes and signs around the digits of one with letters (``R-004``, ``r4``, ``R04号``) and without the words that
    only say that it is a number (``No.1``, ``第1份``)."""
    text = _plain(respondent)
    if text.isascii() and text.isalnum():  # nearly all of them, and no pattern to look for
        digits = text.lstrip(ascii_lowercase)
        letters = text[: len(text) - len(digits)]
        if not digits.isdigit() or len(letters) > _LETTERS_BEFORE:
            return text
        return ("" if letters in _SAY_NUMBER else letters) + (digits.lstrip("0") or "0")
    if worded := _WORDED.fullmatch(text):
        return worded[1]
    return _lettered(text)


def _lettered(text: str) -> str:
    found = _LETTERED.fullmatch(text)
    return f"{found[1]}{found[2]}" if found else text


def _plain(respondent: str) -> str:
    """The number as older versions compared it: any case, plain width, no leading zeros."""
    if respondent.isascii() and respondent.isalnum():
        return respondent.casefold().lstrip("0") or respondent[:1]
    text = unstopped(clean(respondent)).casefold()
    whole = _DECIMAL.fullmatch(text)
    text = whole[1] if whole else text
    return text.lstrip("0") or text[:1]


def folds(respondents: Iterable[str | None]) -> list[str | None]:
    """``folded`` of each number; None where there is none."""
    said = list(respondents)
    together = _folded_together([respondent for respondent in said if respondent is not None])
    if together is None:
        return [None if respondent is None else folded(respondent) for respondent in said]
    return [None if respondent is None else next(together) for respondent in said]


#: numbers as nearly every sheet has them, one a line; the words before them that say only that they are one; zeros before them
_SERIALS = re.compile(rf"(?:[a-z]{{0,{_LETTERS_BEFORE}}}+[0-9]++(?:\n|\Z))++")
_SAID = re.compile(rf"^(?:{'|'.join(_SAY_NUMBER[1:])})(?=\d)", re.M)
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


def _folded_together(respondents: Sequence[str]) -> Iterator[str] | None:
    """``folded`` of numbers that are digits behind no or few letters, in one look at all of them; None for others."""
    text = "\n".join(respondents).casefold()
    if not text.isascii() or not _SERIALS.fullmatch(text):
        return None
    return iter(_ZEROS.sub("", _SAID.sub("", text)).split("\n"))


#: what stands between a number and the mode that is part of who somebody is
_WITH_MODE = "\x1f"


def respondent_keys(
    respondents: Iterable[str | None], modes: Iterable[str | None], *, with_mode: bool
) -> list[str | None]:
    """What respondents are compared by: their number ``folded``, with how they were asked where that is part of who somebody
    is (setting ``respondent_key``); None where there is no number."""
    if not with_mode:
        return folds(respondents)
    pairs = zip(respondents, modes, strict=True)
    return [None if r is None else of_mode(folded(r), m) for r, m in pairs]


def of_mode(fold: str, mode: str | None) -> str:
    """What somebody is compared by of whom the mode is a part: the number as it is compared, and how they were asked."""
    return f"{fold}{_WITH_MODE}{mode or ''}"


def as_first_typed(words: Iterable[str]) -> list[str]:
    """Each word as it was typed the first time: of two writings that compare alike the later one goes by the first."""
    first: dict[str, str] = {}
    return [first.setdefault(clean(word), word) for word in words]


def is_ditto(value: Any) -> bool:
    """Whether a cell says only that it says what the one above it does."""
    return isinstance(value, str) and clean(value).casefold() in DITTO


def names_nobody(value: Any) -> bool:
    """Whether what stands under a number is none: a ditto mark, a stroke, 无; each would make one person of several."""
    return isinstance(value, str) and clean(value).casefold() in NOBODY


def any_twice(folds_of: Sequence[str | None]) -> bool:
    """Whether one of the numbers stands twice; those who have none are nobody's."""
    named = [fold for fold in folds_of if fold is not None]
    return len(set(named)) < len(named)


def foldings(respondent: str) -> tuple[str, ...]:
    """What a mark of somebody who was removed may rest on: the number as it is compared now, and as older stores did.

    They kept ``.0``, and nothing at all of a number of zeros.
    """
    now = folded(respondent)
    before = respondent.casefold().lstrip("0")
    plain = _plain(respondent)
    return tuple(dict.fromkeys((now, _lettered(plain), plain, before, f"{plain}.0", *([""] if now == "0" else []))))


def same_breaks(text: str) -> str:
    """A text with one kind of line break, by which two texts are compared: files write them in several ways."""
    return _BREAKS.sub("\n", text) if "\r" in text or "_x000" in text else text


def digits_lost(values: Sequence[Any]) -> npt.NDArray[np.bool_]:
    """(n,) whether the number of each cell lost its last digits: 9.90302E+17, or more digits than a spreadsheet keeps.

    Whole texts of more digits count only where all of them end in zeros, as a spreadsheet writes them.
    """
    cells = Cells.of(values)
    if cells.plain and max(map(len, cells.values), default=0) <= SHEET_DIGITS:
        return np.zeros(len(cells), dtype=bool)
    kinds = [_kind(value) for value in cells.values]
    if not any(kinds):
        return np.zeros(len(cells), dtype=bool)
    zeros = np.isin(cells.codes, [i for i, kind in enumerate(kinds) if kind == "zeros"])
    rounded = (
        zeros.sum() > 1 and not np.isin(cells.codes, [i for i, kind in enumerate(kinds) if kind == "digits"]).any()
    )
    lost = np.isin(cells.codes, [i for i, kind in enumerate(kinds) if kind == "lost"])
    return lost | zeros if rounded else lost


def _kind(value: Any) -> str:
    """``lost``, ``zeros`` (a long number that ends as a rounded one does), ``digits`` (a long number) or ''."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return "lost" if abs(value) >= 10**SHEET_DIGITS else ""
    if not isinstance(value, str) or (len(value) <= SHEET_DIGITS and "+" not in value and "＋" not in value):
        return ""
    text = clean(value)
    if scientific := _SCIENTIFIC.fullmatch(text):
        return "lost" if int(scientific[2]) >= len(scientific[1].replace(".", "")) else ""
    if not text.isdigit() or len(text) <= SHEET_DIGITS:
        return ""
    return "zeros" if not text[SHEET_DIGITS:].strip("0") else "digits"


def occurrences(keys: Iterable[Any]) -> list[int]:
    """How often each key stood before it: 0 for the first of its kind."""
    seen: dict[Any, int] = {}
    found = []
    for key in keys:
        found.append(seen.get(key, 0))
        seen[key] = found[-1] + 1
    return found
