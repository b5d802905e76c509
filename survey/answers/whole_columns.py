"""What a column says as a whole that no cell of it says: years of birth for an age, shares for a scale, one order of day and
month.

Nothing here is applied unasked: what a column may mean is proposed with the file's other readings
(``survey.coding.readings.reading_proposals``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from survey.answers.loose_readings import is_placeholder, loosely
from survey.answers.values import Reading, number_text, reader
from survey.answers.values_dates import SHORT_DAY, at_time
from survey.core.cells import answer_key, as_datetime, as_number, chinese_number, clean
from survey.form.model import Question

_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*%")
#: a year of birth, with its month and in words
_BIRTH = re.compile(r"^(\d{4})(?:\s*年|\s*[年.\-/]\s*\d{1,2}\s*月?)?\s*(?:出?生人?)?$")
_NO_YEAR = re.compile(
    r"(\d{1,2})\s*(月|[-/.])\s*(\d{1,2})\s*[日号]?(?:\s*((?:上午|下午|早上|晚上|中午|凌晨)?\s*\d{1,2}:\d{2}.*))?"
)
#: the year since when somebody lives here
_SINCE = re.compile(
    r"(?:自|从)?((?:19|20)\d\d)\s*年?\s*(?:\d{1,2}\s*月)?\s*(?:份)?(?:至今|到现在|到今|以来|起|开始|搬来|搬入|入住|来的?)"
)
_HAN = "零一二三四五六七八九〇"
_HAN_DATE = re.compile(rf"([{_HAN}]{{4}})年([一二三四五六七八九十]{{1,2}})月([一二三四五六七八九十]{{1,3}})[日号]?")
#: cells, and different numbers, from which on points on ten times the scale are no chance
FEWEST_POINTS, FEWEST_KINDS = 5, 3
#: numbers by which clerks write that there is no answer, where the question has no such number; those that no scale holds
NO_ANSWER_CODES = frozenset(
    map(str, (9, 77, 88, 97, 98, 99, 888, 997, 998, 999, 9999, -1, -7, -8, -9, -77, -88, -97, -98, -99, -999))
)
_FAR = frozenset(word for word in NO_ANSWER_CODES if abs(int(word)) > 11)
#: those of them that a question of numbers may have, cells from which on they are codes, and the age that few people reach
_NINES, FEWEST_AGAIN, OLD, LARGEST = frozenset(("97", "98", "99", "997", "998", "999", "9999")), 3, 90, 10**6
#: why a number is none of a question's
_BEYOND = frozenset({"checking.not_a_choice", "checking.not_choices", "checking.out_of_range", "checking.no_code"})
#: words for no answer that under an open question may be what somebody said
_SAID = frozenset(("无", "没有", "暂无", "空", "不详", "未知", "不适用", "na"))
#: words that agree with a question, and that deny it
_YES, _NO = ("是", "y", "yes", "true"), ("否", "不是", "n", "no", "false")
#: the first year of birth that is believed
_OLDEST, LAST_YEAR = 1900, 2100
#: the places of year, month and day in a date of three numbers
Order = tuple[int, int, int]
MONTH_FIRST: Order = (2, 0, 1)
_ORDERS: tuple[Order, ...] = ((2, 1, 0), MONTH_FIRST, (0, 1, 2))


def of_column(
    question: Question,
    values: Sequence[Any],
    often: Sequence[int],
    read: Mapping[int, Reading],
    year: int | None,
    order: Order | None = None,
) -> dict[str, str]:
    """Comparable text → what it is read as, for the texts of one column that share a meaning; {} where they share none.

    ``values`` in ``often`` cells each; ``read``: place → how the question reads it; ``year``: of the survey; ``order``: in
    which all days of the file are written, where the column alone does not say it (``order_of``).
    """
    if question.role == "age" and question.coding in ("number", "step") and year is not None:
        return _ages(values, often, read, year)
    if question.coding == "choice":
        if question.role == "sex":
            return _sexes(question, values, read)
        return _sides(question, values, read) or _yes_no(question, values) or _since(question, values, read, year)
    if question.coding in ("number", "step"):
        return _shares(question, values, often)
    return _days(values, often, year, order) if question.coding == "date" else {}


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


def _sides(question: Question, values: Sequence[Any], read: Mapping[int, Reading]) -> dict[str, str]:
    """自有 and 租住 under 住房是否自有: the one of two words that the question says is 是, the other is 否."""
    names = {c.label("zh"): c.name for c in question.choices if not c.missing}
    sides = next((s for s in (("是", "否"), ("有", "没有"), ("有", "无")) if names.keys() == set(s)), None)
    if sides is None:
        return {}
    words = {key: p for p, v in enumerate(values) if isinstance(v, str) and (key := answer_key(v))}
    odd = [key for key, place in words.items() if read[place].problem == "checking.not_a_choice"]
    if len(odd) != 2 or any(len(key) < 2 for key in odd):
        return {}
    asked, one, other = (_pairs_of(text) for text in (answer_key(question.label("zh")), *odd))
    said = [key for key, mine, its in ((odd[0], one, other), (odd[1], other, one)) if (mine - its) & asked]
    if len(said) != 1:
        return {}
    return {key: names[sides[0] if key == said[0] else sides[1]] for key in odd}


def _yes_no(question: Question, values: Sequence[Any]) -> dict[str, str]:
    """是 and 否 under a question whose two choices are a word and its denial (去过, 没去过), where nothing else stands there."""
    names = {answer_key(c.label("zh")): c.name for c in question.choices if not c.missing}
    said = {answer_key(v) for v in values}
    if len(names) != 2 or not said or said & names.keys() or not said <= {*_YES, *_NO}:
        return {}
    denied = next(((a, b) for a in names for b in names if b in (f"没{a}", f"没有{a}", f"未{a}", f"不{a}")), None)
    if denied is None:
        return {}
    return {key: names[denied[0] if key in _YES else denied[1]] for key in said}


def _pairs_of(text: str) -> set[str]:
    """Every two characters of a text that stand beside each other."""
    return {text[i : i + 2] for i in range(len(text) - 1)}


def _since(question: Question, values: Sequence[Any], read: Mapping[int, Reading], year: int | None) -> dict[str, str]:
    """2017年至今 under ranges of years is the range in which the years since then lie."""
    if year is None:
        return {}
    told = {p: m for p, v in enumerate(values) if isinstance(v, str) and (m := _SINCE.fullmatch(clean(v)))}
    if not told:
        return {}
    meant = loosely(question, reader(question))
    years = {p: year - int(m[1]) for p, m in told.items() if read[p].problem and int(m[1]) <= year}
    found = {answer_key(values[p]): meant(f"{n}年" if n else "半年") for p, n in years.items()}
    return {key: name for key, name in found.items() if name}


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


def without_answer(question: Question, values: Sequence[Any], often: Sequence[int]) -> list[int]:
    """Places among the values of a column (``values`` in ``often`` cells each) that say that there is no answer: 99, 999, −9
    where they are none of the question's, or come again and again far beyond the rest; under an open question strokes and 未填."""
    if question.coding == "text":
        return [place for place, value in enumerate(values) if _says_nothing(value)]
    told = [(place, value) for place, value in enumerate(values) if clean(value) in NO_ANSWER_CODES]
    if not told:
        return []
    read = reader(question)
    beyond = [place for place, value in told if read(value).problem in _BEYOND]
    nines = [place for place, value in told if clean(value) in _NINES and often[place] >= FEWEST_AGAIN]
    return beyond + _again(question, values, often, [place for place in nines if place not in beyond])


def _again(question: Question, values: Sequence[Any], often: Sequence[int], nines: Sequence[int]) -> list[int]:
    """Those of the places of 99, 999 … that lie far beyond the rest: of ages where hardly anybody else is that old, of other
    numbers where the rest is less than half; one 99-year-old is one."""
    if not nines or question.coding not in ("number", "step") or question.type == "range":
        return []
    told = {p: n for p, v in enumerate(values) if not isinstance(v, bool) and (n := as_number(v)) is not None}
    rest = {p: n for p, n in told.items() if clean(values[p]) not in _NINES}
    old, most = sum(often[p] for p, n in rest.items() if n >= OLD), max(rest.values(), default=LARGEST)
    ages = question.role == "age"
    return [p for p in nines if (old < often[p] if ages else 2 * most < told[p])]


def _says_nothing(value: Any) -> bool:
    """Whether a text is no answer in words either: strokes, 未填; 无 may be what somebody said."""
    return is_placeholder(value) and clean(value).casefold() not in _SAID


def without_far_codes(counts: Mapping[str, int], own: Collection[str]) -> dict[str, int]:
    """The codes of a column (code → cells) without 99, 999 and the like beside the numbers of a scale up to 11; ``own``: codes of
    the questionnaire, comparable."""
    far = {w for w in counts if w in _FAR and answer_key(w) not in own}
    rest = {w: n for w, n in counts.items() if w not in far}
    numbers = [n for w in rest if (n := as_number(w)) is not None]
    return dict(counts) if not far or not rest or max(numbers, default=0) > 11 else rest


def order_of(values: Sequence[Any], year: int | None, *, month_first: bool = False) -> Order | None:
    """The one order in which all days of three numbers of a file are days; ``month_first``: of a platform that writes the
    month first, which decides where several orders fit."""
    fitting = [order for order, found in _in_orders(_short_days(values), year).items() if found]
    if month_first and MONTH_FIRST in fitting:
        return MONTH_FIRST
    return fitting[0] if len(fitting) == 1 else None


def _short_days(values: Sequence[Any]) -> dict[str, re.Match[str]]:
    """Days in three numbers, none of them a year with four digits in front."""
    texts = [clean(v) for v in values if isinstance(v, str)]
    return {text: m for text in texts if (m := SHORT_DAY.fullmatch(text)) and len(m[1]) < 4}


def _in_orders(short: Mapping[str, re.Match[str]], year: int | None) -> dict[Order, dict[str, str]]:
    """Order → text → day, for the orders in which each of several texts is one."""
    found: dict[Order, dict[str, str]] = {}
    for order in _ORDERS if len(short) > 1 else ():
        days = {text: _day((int(m[1]), int(m[2]), int(m[3])), order, year) for text, m in short.items()}
        whole = {text: at for text, day in days.items() if day and (at := at_time(day, short[text][4]))}
        if len(whole) == len(short):
            found[order] = whole
    return found


def _days(values: Sequence[Any], often: Sequence[int], year: int | None, order: Order | None) -> dict[str, str]:
    """Dates of three numbers in the one order in which all of them are days, none where two orders fit and nothing else of the
    file tells; days in hanzi; days without a year."""
    texts = [clean(v) for v in values if isinstance(v, str)]
    written = {answer_key(text): day for text in texts if (day := _in_hanzi(text))}
    written |= _without_year(values, often, year)
    short = _short_days(values)
    if len(short) > 1 and year is not None and {int(m[1]) for m in short.values()} == {year % 100}:
        order = _ORDERS[2]  # 26.10.3 in a survey of 2026
    fitting = _in_orders(short, year)
    days = next(iter(fitting.values())) if len(fitting) == 1 else fitting.get(order, {}) if order else {}
    return written | {answer_key(text): day for text, day in days.items()}


def _without_year(values: Sequence[Any], often: Sequence[int], year: int | None) -> dict[str, str]:
    """Days without a year in the year of the survey, else in the one year of the column's other days: all of them where most
    cells are such, else those in words (10月8日), for 10.8 may be a number."""
    short = {place: m for place, v in enumerate(values) if isinstance(v, str) and (m := _NO_YEAR.fullmatch(clean(v)))}
    years = {at.year for v in values if (at := as_datetime(v))} if short and year is None else set()
    told = next(iter(years)) if len(years) == 1 else year
    if told is None:
        return {}
    most = 2 * sum(often[place] for place in short) > sum(often)
    found = {
        answer_key(values[place]): at_time(day, m[4])
        for place, m in short.items()
        if (most or m[2] == "月") and (day := _day((told, int(m[1]), int(m[3])), _ORDERS[2], None))
    }
    return {key: day for key, day in found.items() if day is not None}


def _in_hanzi(text: str) -> str | None:
    """二〇二六年十一月三日 as a day; None where it is none."""
    found = _HAN_DATE.fullmatch(text)
    if found is None:
        return None
    year = int("".join(str(_HAN.index(c) % 10) for c in found[1]))
    return _day((year, chinese_number(found[2]) or 0, chinese_number(found[3]) or 0), _ORDERS[2], None)


def _day(parts: tuple[int, ...], order: Order, year: int | None) -> str | None:
    """The day of three numbers; a year of two digits is only that of the survey, for 13-5-6 may begin with its year or day."""
    first, month, day = (parts[place] for place in order)
    if first <= 99 and (year is None or first != year % 100):
        return None
    try:
        return date(first if first > 99 else year or first, month, day).isoformat()
    except ValueError:
        return None
