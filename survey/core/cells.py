"""What one cell says: text, number or date, and what was normalised on the way.

Only what cannot be mistaken is normalised (width, invisible characters, surrounding space, thousands
separators, written dates); everything else is left for a finding.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

#: what nobody sees and what turns the direction of a line, with the controls that are no space; variation selectors
#: stay, they tell one way of writing a character of a name from another
INVISIBLE = re.compile(
    "[\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"
)
_SPACES = re.compile(r"\s+")
_UNSEEN = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]|(?<=[\u2e80-\u9fff\ufe00-\ufe0f]) (?=[\u2e80-\u9fff])")
#: what stands between several choices in one cell
_SEPARATORS = "┋|;、,/+&\n "
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_DATE_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(:(\d{2})(\.\d+)?)?")
_DURATION = re.compile(r"((\d+)\s*(小时|时|h))?\s*((\d+)\s*(分钟|分|min|m))?\s*((\d+(\.\d+)?)\s*(秒|s)?)?")


def clean(value: Any) -> str:
    """A cell as comparable text: NFKC width, no invisible characters, single spaces, trimmed.

    Whole floats lose their ``.0`` (readers of workbooks give every number as a float).
    """
    if isinstance(value, str):
        if value.isascii() and value.isalnum():  # codes and numbers of respondents: nothing to normalise
            return value
        text = value
    elif isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    elif isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    elif isinstance(value, datetime):
        return value.isoformat(sep=" ")
    elif isinstance(value, (date, time)):
        return value.isoformat()
    elif isinstance(value, timedelta):
        return str(value)
    else:
        text = str(value)
    return _SPACES.sub(" ", INVISIBLE.sub("", unicodedata.normalize("NFKC", text))).strip()


def seen(value: Any) -> str:
    """A cell as it is seen: ``clean``, without variation selectors and without spaces between Chinese characters."""
    text = clean(value)
    return text if text.isascii() else _UNSEEN.sub("", text)


def answer_key(value: Any) -> str:
    """What a cell and a choice are compared by: as it is ``seen``, any case."""
    return seen(value).casefold()


def words_of(text: str, words: Mapping[str, int]) -> tuple[int, ...]:
    """The places of the words of which a text is made, where it is nothing but words and separators between them; else
    none.  The longest word counts, for a word may hold a separator."""
    found: set[int] = set()
    rest = text
    while rest:
        word = max((w for w in words if rest.startswith(w)), key=len, default="")
        after = rest[len(word) :]
        if not word or (after and after[0] not in _SEPARATORS):
            return ()
        found.add(words[word])
        rest = after.lstrip(_SEPARATORS)
    return tuple(sorted(found))


def was_normalised(value: Any, text: str) -> bool:
    """Whether cleaning changed what stands in a text cell (so it is listed, never silent)."""
    return isinstance(value, str) and value != text


def as_number(value: Any) -> float | None:
    """The number in a cell, or None; booleans, dates and ``1O`` are no numbers."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return float(value)
    text = clean(value)
    if _NUMBER.fullmatch(text):
        return float(text)
    if _THOUSANDS.fullmatch(text):
        return float(text.replace(",", ""))
    return None


_HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_HAN_NUMBER = re.compile(
    r"(?:(?P<d1000>[一二两三四五六七八九])千)?(?:[零〇]?(?P<d100>[一二两三四五六七八九]?)百)?"
    r"(?:[零〇]?(?P<d10>[一二两三四五六七八九]?)十)?(?:[零〇]?(?P<d1>[一二两三四五六七八九]))?"
)


def chinese_number(text: str) -> int | None:
    """``三十五`` → 35, ``一百零二`` → 102; None for what is no number up to 9,999 in Chinese characters."""
    if text in ("零", "〇"):
        return 0
    match = _HAN_NUMBER.fullmatch(text)
    if match is None or not text:
        return None
    places = ((1000, "千"), (100, "百"), (10, "十"))
    total = sum(
        size * (_HAN_DIGITS[match[f"d{size}"]] if match[f"d{size}"] else 1) for size, sign in places if sign in text
    )
    return total + (_HAN_DIGITS[match["d1"]] if match["d1"] else 0)


def as_datetime(value: Any) -> datetime | None:
    """A date, with its time of day if there is one: a date cell, ``2013年5月6日``, ``2013.5.6``,
    ``2013-05-06 09:30``, ``20130506``.  Ambiguous orders (5/6/2013) and impossible days give None."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    text = clean(value)
    if "T" in text:  # ISO 8601 as Kobo and ODK write it; the offset is dropped, local time is kept
        try:
            return datetime.fromisoformat(text).replace(tzinfo=None)
        except ValueError:
            return None
    match = _DATE.match(text) or _DATE_DIGITS.fullmatch(text)
    if not match:
        return None
    rest = text[match.end() :].strip()
    clock = _TIME.fullmatch(rest) if rest else None
    if rest and not clock:
        return None
    hours, minutes, seconds = (int(clock[1]), int(clock[2]), int(clock[4] or 0)) if clock else (0, 0, 0)
    try:
        return datetime(int(match[1]), int(match[2]), int(match[3]), hours, minutes, seconds)
    except ValueError:
        return None


def iso(moment: datetime) -> str:
    """``2013-05-06``, with the time only where there is one."""
    return moment.date().isoformat() if moment.time() == time() else moment.isoformat(timespec="seconds")


def as_seconds(value: Any) -> float | None:
    """A duration in seconds: a number, ``123秒``, ``1分23秒``, ``0:02:03``, a time cell."""
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, time):
        return value.hour * 3600.0 + value.minute * 60 + value.second
    number = as_number(value)
    if number is not None:
        return number if number >= 0 else None
    text = clean(value)
    clock = _TIME.fullmatch(text)
    if clock and clock[4]:
        return int(clock[1]) * 3600.0 + int(clock[2]) * 60 + int(clock[4])
    match = _DURATION.fullmatch(text)
    if not text or not match:
        return None
    return float(match[2] or 0) * 3600 + float(match[5] or 0) * 60 + float(match[8] or 0)


# ── Numbers that forms and people put before a text: ``3、``, ``Q3.``, ``(3)``, ``第3题``, ``A.``, ``5=``


_ENCLOSED = r"第\s*\d{1,3}\s*[题问项]|[(\[【]\s*[A-Za-z]?\d{1,3}\s*[)\]】]"
_CODE = r"(?:[A-Za-z]{1,2}-?)?\d{1,3}(?:[.\-]\d{1,3})*"
_MARKED = rf"{_CODE}(?=\s*[.、:)=\-—])|[A-Za-z](?=\s*[.、:)=])"
#: only a space behind it: "5 分" and "18 岁" are quantities
_SPACED = (
    rf"{_CODE}(?=\s+(?![岁年月日天周分次个人户元万%]|小时|级|years?\b|months?\b|days?\b|hours?\b"
    r"|times\b|people\b|points?\b))"
)
_NUMBERING = re.compile(rf"(?:{_ENCLOSED}|{_MARKED}|{_SPACED})\s*[.、:)=\-—]*\s*(?=[^\d\s.、:)=\-—])")


def unnumbered(text: str) -> str:
    """The text without its leading number or letter, as it is where there is none or nothing else.

    ``text`` has plain width (NFKC).  A number that is part of the text stays: ``18-29岁``, ``5 分``.
    """
    match = _NUMBERING.match(text)
    return text[match.end() :] if match else text
