"""What a column says as a whole that no cell of it says: years of birth for an age, shares for a scale, one order of day and
month.

Nothing here is applied unasked: what a column may mean is proposed with the file's other readings
(``survey.coding.reading_proposals``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from survey.answers.values import Reading, number_text
from survey.core.cells import answer_key, as_datetime, as_number, chinese_number, clean
from survey.form.model import Question

_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*%")
_SHORT = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})")
#: a year of birth, with its month and in words
_BIRTH = re.compile(r"^(\d{4})(?:\s*年|\s*[年.\-/]\s*\d{1,2}\s*月?)?\s*(?:出?生人?)?$")
_NO_YEAR = re.compile(r"(\d{1,2})\s*(?:月|[-/.])\s*(\d{1,2})\s*[日号]?")
_HAN = "零一二三四五六七八九〇"
_HAN_DATE = re.compile(rf"([{_HAN}]{{4}})年([一二三四五六七八九十]{{1,2}})月([一二三四五六七八九十]{{1,3}})[日号]?")
#: cells, and different numbers, from which on points on ten times the scale are no chance
FEWEST_POINTS, FEWEST_KINDS = 5, 3
#: the first year of birth that is believed
_OLDEST, LAST_YEAR = 1900, 2100
#: the places of year, month and day in a date of three numbers
_ORDERS = ((2, 1, 0), (2, 0, 1), (0, 1, 2))


def of_column(
    question: Question, values: Sequence[Any], often: Sequence[int], read: Mapping[int, Reading], year: int | None
) -> dict[str, str]:
    """Comparable text → what it is read as, for the texts of one column that share a meaning; {} where they share none.

    ``values`` in ``often`` cells each; ``read``: place → how the question reads it; ``year``: of the survey.
    """
    if question.role == "age" and question.coding in ("number", "step") and year is not None:
        return _ages(values, often, read, year)
    if question.role == "sex" and question.coding == "choice":
        return _sexes(question, values, read)
    if question.coding in ("number", "step"):
        return _shares(question, values, often)
    return _days(values, often, year) if question.coding == "date" else {}


def _ages(values: Sequence[Any], often: Sequence[int], read: Mapping[int, Reading], year: int) -> dict[str, str]:
    """1958 under an age is a year of birth, where most cells of the column are: age = year − year of birth."""
    born: dict[int, int] = {}
    for place, value in enumerate(values):
        number = _year_of(value)
        if number is not None and number.is_integer() and _OLDEST <= number <= year and read[place].problem:
            born[place] = int(number)
    if 2 * sum(often[p] for p in born) <= sum(often):
        return {}
    return {answer_key(values[p]): str(year - b) for p, b in born.items()}


def says_births(values: Sequence[Any], often: Sequence[int]) -> bool:
    """Whether most cells of a column (``values`` in ``often`` cells each) are years or days of birth."""
    years = [_year_of(value) for value in values]
    born = sum(n for year, n in zip(years, often, strict=True) if year is not None and _OLDEST <= year <= LAST_YEAR)
    return 2 * born > sum(often)


def _year_of(value: Any) -> float | None:
    """The year of a year or a day: 1958, 1958年3月, 1958-03-02."""
    moment = as_datetime(value) if isinstance(value, (date, str)) else None
    return float(moment.year) if moment is not None else as_number(_BIRTH.sub(r"\1", clean(value)))


def _sexes(question: Question, values: Sequence[Any], read: Mapping[int, Reading]) -> dict[str, str]:
    """0 and 1 under a sex, where nothing else stands there: 1 is 男 and 0 is 女, which a person confirms with their counts."""
    places = {answer_key(value): place for place, value in enumerate(values)}
    named = {c.label("zh"): c.name for c in question.choices}
    if places.keys() != {"0", "1"} or not {"男", "女"} <= named.keys() or not read[places["0"]].problem:
        return {}
    one = read[places["1"]]
    if not one.problem and (one.code < 0 or question.choices[one.code].name != named["男"]):
        return {}
    return {"1": named["男"], "0": named["女"]}


def _shares(question: Question, values: Sequence[Any], often: Sequence[int]) -> dict[str, str]:
    """30% of a scale from 0 to 10 is 3, where most cells of the column are shares and the scale is none itself."""
    low, high = question.low, question.high
    if low is None or high is None or high >= 100:
        return {}
    told = {p: m for p, v in enumerate(values) if isinstance(v, str) and (m := _PERCENT.fullmatch(clean(v)))}
    if 2 * sum(often[p] for p in told) <= sum(often) or any(float(m[1]) > 100 for m in told.values()):
        return {}
    return {
        answer_key(values[p]): number_text(round(low + (high - low) * float(m[1]) / 100, 6)) for p, m in told.items()
    }


def rescaled(question: Question, values: Sequence[Any], often: Sequence[int]) -> dict[str, str]:
    """Comparable text → number, for a column of points from 0 to 100 under a scale from 0 to 10, and the other way round:
    also of those that are numbers of both.

    To 100, most cells lie beyond 10; to 10, nothing lies beyond 10 under a scale to 100 that is a scale (not a count).
    """
    told = {p: n for p, v in enumerate(values) if not isinstance(v, bool) and (n := as_number(v)) is not None}
    said = sum(often[p] for p in told)
    if question.low != 0 or question.high not in (10, 100) or said < FEWEST_POINTS or 2 * said <= sum(often):
        return {}
    most = max(told.values())
    beyond = sum(often[p] for p, n in told.items() if n > 10)
    if min(told.values()) < 0 or most > 100:
        return {}
    if question.high == 10 and 2 * beyond > said:
        return {answer_key(values[p]): number_text(round(n / 10, 6)) for p, n in told.items()}
    if question.high == 100 and question.type == "range" and not beyond and len(set(told.values())) >= FEWEST_KINDS:
        return {answer_key(values[p]): number_text(round(n * 10, 6)) for p, n in told.items()}
    return {}


def _days(values: Sequence[Any], often: Sequence[int], year: int | None) -> dict[str, str]:
    """Dates of three numbers in the one order in which all of them are days, none where two orders fit; days in hanzi; days
    without a year, where most cells are such, in the year of the survey."""
    short = {v: m for v in values if isinstance(v, str) and (m := _NO_YEAR.fullmatch(clean(v)))}
    named = dict(zip(map(str, values), often, strict=True))
    if year is not None and 2 * sum(named[v] for v in short) > sum(often):
        found = {answer_key(v): _day((year, int(m[1]), int(m[2])), _ORDERS[2]) for v, m in short.items()}
        return {key: day for key, day in found.items() if day is not None}
    texts = [clean(v) for v in values if isinstance(v, str)]
    written = {answer_key(text): day for text in texts if (day := _in_hanzi(text))}
    parts = {text: tuple(map(int, m.groups())) for text in texts if (m := _SHORT.fullmatch(text)) and len(m[1]) < 4}
    if len(parts) > 1 and year is not None and {p[0] for p in parts.values()} == {year % 100}:
        dated = {t: _day((year, p[1], p[2]), _ORDERS[2]) for t, p in parts.items()}  # 26.10.3 in a survey of 2026
        if all(dated.values()):
            return written | {answer_key(text): str(day) for text, day in dated.items()}
    read = {order: {text: _day(p, order) for text, p in parts.items()} for order in _ORDERS}
    fitting = [found for found in read.values() if all(found.values())]
    if len(parts) < 2 or len(fitting) != 1:
        return written
    return written | {answer_key(text): str(day) for text, day in fitting[0].items()}


def _in_hanzi(text: str) -> str | None:
    """二〇二六年十一月三日 as a day; None where it is none."""
    found = _HAN_DATE.fullmatch(text)
    if found is None:
        return None
    year = int("".join(str(_HAN.index(c) % 10) for c in found[1]))
    return _day((year, chinese_number(found[2]) or 0, chinese_number(found[3]) or 0), _ORDERS[2])


def _day(parts: tuple[int, ...], order: tuple[int, int, int]) -> str | None:
    year, month, day = (parts[place] for place in order)
    try:
        return date(year, month, day).isoformat() if year > 99 else None  # 13-5-6 may begin with its year or its day
    except ValueError:
        return None
