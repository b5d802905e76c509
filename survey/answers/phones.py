"""Telephone numbers in a cell: read where nothing can be mistaken, masked wherever they are shown.

Numbering plan of mainland China: mobile numbers have 11 digits and begin with 1; landlines an area code (010, 02x,
0xxx) and 7 or 8 digits, which begin with 2–8 where they stand alone.  Others are kept with their country code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from survey.core.cells import clean
from survey.core.masking import masked

#: whole cells that say there is no number
NOTHING = frozenset(
    (
        "无",
        "没有",
        "无电话",
        "没有电话",
        "不详",
        "不愿",
        "不愿透露",
        "不愿提供",
        "拒绝",
        "拒答",
        "未留",
        "不留",
        "保密",
        "none",
        "no",
        "n/a",
        "/",
        "\\",
        "-",
        "—",
        "0",
    )
)
#: trailing zeros of a mobile number that only a spreadsheet's rounding makes
LOST_ZEROS = 6
_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d*))?e\+?(\d{1,3})", re.I)
_WORDS = re.compile(
    r"联系电话|联系方式|手机号码?|电话号码?|手机|电话|座机|固话|家庭|住宅|telephone|mobile|phone|tel|cell", re.I
)
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x|#|\*|(?<=\d{7})-)\s*(\d{1,6})$", re.I)
_BETWEEN = re.compile(r"[、;,|\n\r]+|(?<=\d{7})\s*[/\\或和及]\s*")
_FILLING = re.compile(r"[\s\-‐‑–—−_.()\[\]:'’‘`´\"+]+")
_MOBILE = re.compile(r"1\d{10}")
_LOCAL = r"[2-8]\d{6,7}"
_LANDLINE = re.compile(r"(010|02\d)([1-9]\d{7})|(0[3-9]\d{2})([1-9]\d{6,7})")
_NO_ZERO = re.compile(r"(?:10|2\d)[1-9]\d{7}|(?![48]00)[3-9]\d{2}[1-9]\d{6,7}")
#: eight digits and more in a row, blanks and dashes between them left aside
_RUN = re.compile(r"\d(?:[ -]?\d){7,}")


@dataclass(frozen=True, slots=True)
class PhoneCell:
    """What one cell says: its numbers, or why it can't be one (``problem``: key of a finding).

    ``asked`` marks a problem that a person may confirm; ``numbers`` then hold what is suggested.
    ``tidied`` says that the cell was written otherwise than the numbers are kept.
    """

    numbers: tuple[str, ...] = ()
    problem: str = ""
    asked: bool = False
    tidied: bool = False
    params: Mapping[str, Any] = field(default_factory=dict)


class _NotANumber(ValueError):
    """Carries the key of the finding."""


def read_phones(value: Any, area_code: str = "") -> PhoneCell:
    """Read a cell.  Kept as ``13800138000``, ``0577-88881234``, ``0577-88881234-801`` or ``+85291234567``.

    ``area_code`` (``0577``) completes local numbers; without it a local number is a problem.
    """
    text = clean(value.replace("\n", ";") if isinstance(value, str) else value)
    if _MOBILE.fullmatch(text) and not text.endswith("0" * LOST_ZEROS):
        return PhoneCell((text,))
    if text.casefold() in NOTHING or not text:
        return PhoneCell()
    numbers: list[str] = []
    asked = False
    try:
        for part in _parts(text):
            number, doubtful = _number(part, area_code)
            numbers.append(number)
            asked |= doubtful
    except _NotANumber as error:
        return PhoneCell(problem=str(error), params={"found": hidden(text)})
    found = tuple(dict.fromkeys(numbers))
    if asked:
        shown = "、".join(map(mask, found))
        return PhoneCell(found, "phones.no_zero", asked=True, params={"found": hidden(text), "suggested": shown})
    return PhoneCell(found, tidied=text != "、".join(found))


def _parts(text: str) -> list[str]:
    """The numbers of a cell, one by one; blanks part two numbers only where each is whole by itself."""
    parts: list[str] = []
    for part in _BETWEEN.split(text):
        words = part.split()
        apart = len(words) > 1 and all(len(re.sub(r"\D", "", word)) >= 10 for word in words)
        parts += words if apart else [part] if part.strip() else []
    return parts


def _number(text: str, area_code: str) -> tuple[str, bool]:
    """One number as it is kept, and whether that is only a suggestion; raises _NotANumber."""
    text = re.sub(r"(?<=\d)\.0+$", "", text)
    scientific = _SCIENTIFIC.fullmatch(text.strip(" '’‘`"))
    if scientific:
        text = _unrounded(scientific)
    foreign = re.match(r"[\s'’‘`]*(\+|00)(?!86)[1-9]", text)
    text = _WORDS.sub("", text)
    extension = None if _whole_number(text) else _EXTENSION.search(text)
    digits = _FILLING.sub("", text[: extension.start()] if extension else text)
    if not digits.isascii() or not digits.isdigit():
        raise _NotANumber("phones.not_a_number")
    if foreign:
        return _foreign(digits.removeprefix("00")), False
    home = re.sub(r"^(?:00)?86(?=0|1\d{10}$|\d{10,11}$)", "", digits) if len(digits) > 11 else digits
    number, doubtful = _domestic(home, area_code)
    # behind the country code an area code has no 0
    return (f"{number}-{extension[1]}" if extension else number), doubtful and home == digits


def _whole_number(text: str) -> bool:
    """Whether all digits together make one number, so that no dash in it parts an extension."""
    digits = re.sub(r"\D", "", text)
    return bool(_MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits))


def _unrounded(match: re.Match[str]) -> str:
    """``1.3800138001E+10`` still has all its digits; ``1.38E+10`` has lost them."""
    decimals, exponent = match[2] or "", int(match[3])
    if len(decimals) < exponent:
        raise _NotANumber("phones.digits_lost")
    return match[1] + decimals[:exponent]


def _foreign(digits: str) -> str:
    if not 7 <= len(digits) <= 15:  # ITU-T E.164
        raise _NotANumber("phones.too_short" if len(digits) < 7 else "phones.too_long")
    return f"+{digits}"


def _domestic(digits: str, area_code: str) -> tuple[str, bool]:
    if len(digits) == 12 and digits.startswith("01"):
        digits = digits[1:]  # a 0 was dialled before mobile numbers of another city; no area code begins with 01x
    if _MOBILE.fullmatch(digits):
        if digits.endswith("0" * LOST_ZEROS):
            raise _NotANumber("phones.digits_lost")
        return digits, False
    landline = _LANDLINE.fullmatch(digits)
    if landline:
        return f"{landline[1] or landline[3]}-{landline[2] or landline[4]}", False
    if re.fullmatch(_LOCAL, digits):
        if not area_code:
            raise _NotANumber("phones.no_area_code")
        return f"{area_code}-{digits}", False
    if _NO_ZERO.fullmatch(digits):
        return _domestic(f"0{digits}", "")[0], True
    if len(digits) > 12 or (len(digits) == 12 and digits[0] == "1"):
        raise _NotANumber("phones.too_long")
    raise _NotANumber("phones.too_short" if len(digits) < 11 else "phones.not_a_number")


def mask(number: str) -> str:
    """A kept number as it may be shown: ``138****1234``, ``0577-****1234``, ``+852****4567``."""
    if number.startswith("+"):
        return f"{number[:-8] if len(number) > 9 else '+'}****{number[-2:] if len(number) < 11 else number[-4:]}"
    area, dash, local = number.partition("-")
    if dash:
        return f"{area}-****{local.partition('-')[0][-4:]}"
    return f"{number[:3]}****{number[-4:]}"


def mask_name(name: str) -> str:
    """``王**`` whatever the length; of other scripts the first letter."""
    return f"{name.strip()[:1]}**" if name.strip() else ""


def hidden(text: str) -> str:
    """A cell of a phone column as it may be shown: numbers masked, of other long ones the first three and last two
    digits."""
    return _RUN.sub(_starred, masked(text))


def _starred(match: re.Match[str]) -> str:
    places = [i for i, c in enumerate(match[0]) if c.isdigit()][3:-2]
    return "".join("*" if i in places else c for i, c in enumerate(match[0]))
