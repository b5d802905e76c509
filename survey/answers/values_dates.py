"""Why a cell is no date: a serial number, an order that can be read two ways, a day that is not in the calendar."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from survey.core.cells import as_datetime, as_number, clean, iso

#: day 0 of a workbook's serial numbers (1900 system; days before 1 March 1900 are off by one and never meant)
_EPOCH = date(1899, 12, 30)
#: serial numbers that may be a date of ours: 1954 to 2119
_SERIALS = (20_000, 80_000)
_WHOLE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?:\s.*)?|(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*月?")
#: a day in three numbers whose order it does not say, and the time of day behind it
SHORT_DAY = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?: (.+))?")
_MONTHS = {
    m: i for i, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
_DAY_MONTH = re.compile(r"(\d{1,2})[-/ ]([a-z]{3})[a-z]*(?:[-/ ]\d{2,4})?", re.I)
_MONTH_DAY = re.compile(r"([a-z]{3})[a-z]*[-/ ](\d{1,2})", re.I)
_ZH_DAY = re.compile(r"(?:\d{4}\s*年)?\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?")
_ISO_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]00:00(?::00)?)?")


def date_problem(value: Any) -> tuple[str, dict[str, str]]:
    """The code of the finding for a cell that is no date, and its parameters; ``suggestion`` is never applied."""
    number, text = as_number(value), clean(value)
    if number is not None and _SERIALS[0] <= number < _SERIALS[1]:
        return "checking.serial_date", {"suggestion": (_EPOCH + timedelta(days=int(number))).isoformat()}
    whole = _WHOLE.fullmatch(text)
    if whole:
        day = [int(part) for part in whole.groups() if part]
        return ("checking.not_a_date" if _exists(*day) else "checking.no_such_date"), {}
    if _MONTH.fullmatch(text):
        return "checking.only_a_month", {}
    short = SHORT_DAY.fullmatch(text)
    if short:
        readings = [at for day in _readings(*short.groups()[:3]) if (at := at_time(day, short[4]))]
        if len(readings) == 1:
            return "checking.unusual_date", {"suggestion": readings[0]}
        if readings:
            return "checking.ambiguous_date", {"readings": "、".join(readings)}
    return "checking.not_a_date", {}


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def at_time(day: str, clock: str | None) -> str | None:
    """A day (``2013-05-06``) with the time of day behind it (``09:13:22 AM``, ``下午 3:05``); None where that is none."""
    moment = as_datetime(f"{day} {clock}" if clock else day)
    return None if moment is None else iso(moment)


def _readings(*parts: str) -> list[str]:
    """Every day that three numbers can mean: day first, month first, or the year first with two digits."""
    first, second, third = map(int, parts)
    orders = [(third, first, second), (third, second, first)]
    if len(parts[2]) < 3:
        orders.append((first, second, third))
    found = []
    for year, month, day in orders:
        whole = year + 2000 if year < 100 else year
        if _exists(whole, month, day):
            found.append(date(whole, month, day).isoformat())
    return list(dict.fromkeys(found))


def days_of(value: Any) -> set[tuple[int, int]]:
    """The pairs of numbers that a date may have been before a spreadsheet read it: 4 January → (1, 4), (4, 1)."""
    if isinstance(value, (date, datetime)):
        found = {(value.month, value.day)}
        if value.day == 1:  # 10-19 became October 2019
            found.add((value.month, value.year % 100))
        return found | {(b, a) for a, b in found}
    text = clean(value) if isinstance(value, str) else ""
    if match := _DAY_MONTH.fullmatch(text):
        return _both(_MONTHS.get(match[2].casefold()), int(match[1]))
    if match := _MONTH_DAY.fullmatch(text):
        return _both(_MONTHS.get(match[1].casefold()), int(match[2]))
    if match := _ZH_DAY.fullmatch(text):
        return _both(int(match[1]), int(match[2]))
    if match := _ISO_DAY.fullmatch(text):
        found = _both(int(match[2]), int(match[3]))
        return found | (_both(int(match[2]), int(match[1]) % 100) if int(match[3]) == 1 else set())
    return set()


def _both(month: int | None, day: int) -> set[tuple[int, int]]:
    return set() if month is None else {(month, day), (day, month)}
