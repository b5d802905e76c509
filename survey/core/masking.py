"""Numbers of persons inside a text, shown only in part: what leaves for a screen, a log or a list goes through here, and
leaves without what turns the direction of a line.

A number is looked for in the text as a reader reads it, not as it is written: digits of every script and width and
Chinese numerals are digits, invisible characters are nothing, dashes, dots and blanks may stand between digits where
people put them.  What is shown is cut out of the text itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

#: fewer characters hold no whole number of a person; so many digits are the fewest and the most of one
SHORTEST, LEAST, MOST = 11, 10, 18
#: first digit → how many a number has: mobile, landline, with the country's code, identity numbers
_LENGTHS = {
    "0": frozenset((10, 11, 12, 13, 14, 15)),
    "1": frozenset((11, 15, 18)),
    "8": frozenset((11, 12, 13, 15, 18)),
    **dict.fromkeys("234567", frozenset((15, 18))),
}
_HANZI = dict(zip("〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "001234567891123456789", strict=True))
#: what may part the digits of one number, by what it is read as
_BETWEEN = {
    **dict.fromkeys("‐‑‒–—―−－~～﹣ー─", "-"),
    **dict.fromkeys("．·•・。‧∙", "."),
    **dict.fromkeys("（【［「[{", "("),
    **dict.fromkeys("）】］」]}", ")"),
    **dict.fromkeys("'’‘`´\"", "'"),
    **dict.fromkeys("／\\", "/"),
    "＿": "_",
    "：": ":",
    "＋": "+",
}
_GAP = re.compile(r"[ \-._/()':]{0,4}")
_TOKEN = re.compile(r"\d+|(?<=[\d \-])[Xx](?![A-Za-z0-9])")
_EXPONENT = re.compile(r"(?<![\d.])(\d)[.,](\d{7,})0* ?[Ee]\+?0*(\d{2})(?!\d)")
_SPECIAL = "〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖⁰¹²³⁴-⁹₀-₉①-⓿❶-➓㈠-㊿\U0001f100-\U0001f10c"
#: what turns the direction of a line: nobody sees it, and a name with it is read as another
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
#: a first look, as cheap as can be: whatever may be read as a digit
_DIGIT, _CHINESE = re.compile(rf"[\d{_SPECIAL}]"), re.compile(f"[{_SPECIAL}]")
#: provinces in the first two digits of an identity number
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
#: area codes, behind 86 without their 0
_AREA = re.compile(
    r"(?:0|(?:00)?86)(?:10|2[0-57-9]|(?:31|35|37|39|41|43|45|47|51|53|55|57|59|71|73|75|77|79|83|85|87|89|90|91|93|97|99)\d|"
    r"335|349|42[179]|46[4789]|48[23]|52[37]|54[36]|56[1-6]|580|63[1-5]|66[0238]|69[12]|701|72[248]|74[3-6]|76[02-9]|"
    r"81[2-9]|82[5-7]|88[3678]|94[13]|95[1-5])"
)
#: how people part the eleven digits of a mobile number, and the fifteen of an older identity number
_MOBILE = {
    *((3, 4, 4), (4, 3, 4), (3, 3, 5), (4, 4, 3), (3, 5, 3), (3, 3, 3, 2), (3, 2, 2, 2, 2), (3, 2, 3, 3)),
    *((3, 8), (7, 4), (8, 3), (3, 4, 2, 2), (3, 2, 2, 4)),
}
#: two numbers side by side, unless only blanks part them
_HALVES = {(5, 6), (6, 5), (4, 7)}
_OLDER = {
    *((15,), (6, 6, 3), (6, 9), (12, 3), (6, 2, 2, 2, 3), (5, 5, 5), (3, 3, 3, 3, 3), (4, 4, 4, 3), (3, 3, 6, 3)),
    *((2, 2, 2, 6, 3), (2, 2, 2, 2, 2, 2, 3)),
}


@dataclass(frozen=True, slots=True)
class _Read:
    """A text as it is read, and where each of its characters stands in the text itself."""

    text: str
    at: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    """Digits in a row (or the X that ends an identity number), and what stands between them and the group before."""

    digits: str
    start: int
    gap: str


class _Window:
    """Groups that may be one number, and the text around them as it is read."""

    def __init__(self, groups: list[_Group], text: str) -> None:
        self.groups = groups
        self.digits = "".join(g.digits for g in groups)
        #: how many digits each group has
        self.form = tuple(len(g.digits) for g in groups)
        #: what parts the groups, blanks aside
        self.gaps = set("".join(g.gap for g in groups[1:]).replace(" ", ""))
        start, end = groups[0].start, groups[-1].start + self.form[-1]
        self.before, self.after = text[max(0, start - 64) : start], text[end : end + 64]


#: how many digits stay in front and behind, how many stars stand between
_Shown = tuple[int, int, int]


def masked(text: str) -> str:
    """The text with every Chinese telephone number and every identity number masked.

    ``13800001234`` → ``138****1234``, ``0577-88881234`` → ``0577****34``, ``330102199003077758`` →
    ``330***********7758``; dates, document numbers, amounts and codes stay.  What turns the direction of a line is left
    out.  Masking twice changes nothing.
    """
    if not text.isascii() and _TURNS.search(text):
        text = _TURNS.sub("", text)
    if len(text) < SHORTEST or len(_DIGIT.findall(text)) < LEAST:
        return text
    while True:
        cuts = _cuts(text, hanzi=False) or (_CHINESE.search(text) and _cuts(text, hanzi=True))
        if not cuts:
            return text
        for start, end, stars in sorted(cuts, reverse=True):
            text = text[:start] + "*" * stars + text[end:]


def masked_all(value: Any) -> Any:
    """The same for every text in lists and mappings; other values stay."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        return {masked_all(key): masked_all(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(masked_all(one) for one in value)
    return value


def masked_frame(frame: Any) -> Any:
    """A pandas frame with the texts in it masked; its other columns are the same."""
    texts = [name for name in frame.columns if frame[name].dtype.kind == "O"]
    return frame.assign(**{name: frame[name].map(masked_all, na_action="ignore") for name in texts})


def _cuts(text: str, *, hanzi: bool) -> list[tuple[int, int, int]]:
    """What of a text is replaced: start, end, how many stars.  None of them overlap."""
    read = _read(text, hanzi=hanzi)
    found = [cut for match in _EXPONENT.finditer(read.text) if (cut := _of_exponent(read, match))]
    for chain in _chains(read.text):
        found += _of_chain(read, chain)
    return found


def _read(text: str, *, hanzi: bool) -> _Read:
    """With ``hanzi`` Chinese numerals and numbers in circles are digits, too; without, they part numbers (①138…, 一138…)."""
    pairs = [(one, place) for place, char in enumerate(text) for one in _reading(char, hanzi)]
    return _Read("".join(one for one, _ in pairs), tuple(place for _, place in pairs))


@lru_cache(4096)
def _reading(char: str, hanzi: bool) -> str:
    """A character as it is read: a digit, one of ``_GAP``, nothing, or itself."""
    if char in _BETWEEN:
        return _BETWEEN[char]
    if char.isascii():
        return char if char.isprintable() else " " if char.isspace() else ""
    if char in _HANZI:
        return _HANZI[char] if hanzi else char
    value = unicodedata.decimal(char, None)
    if value is not None:
        return str(value)
    kind = unicodedata.category(char)
    if kind in ("Cf", "Cc", "Mn", "Me"):
        return ""
    if kind[0] == "Z":
        return " "
    plain = unicodedata.normalize("NFKC", char)
    return char if kind == "No" and not hanzi else plain


def _chains(text: str) -> Iterator[list[_Group]]:
    """The groups of digits of a text, those together that may be parts of one number."""
    chain: list[_Group] = []
    end = 0
    for match in _TOKEN.finditer(text):
        gap = text[end : match.start()]
        if chain and not _GAP.fullmatch(gap):
            yield chain
            chain = []
        chain.append(_Group(match[0], match.start(), gap))
        end = match.end()
    if chain:
        yield chain


def _of_chain(read: _Read, chain: list[_Group]) -> list[tuple[int, int, int]]:
    """The cuts in one chain: identity numbers first, then mobile numbers, then landlines."""
    if sum(len(g.digits) for g in chain) < LEAST:
        return []
    windows = list(_windows(read.text, chain))
    cuts: list[tuple[int, int, int]] = []
    taken: set[int] = set()
    for kind in (_person, _older_person, _mobile, _landline):
        for first, last, window in windows:
            here = set(range(first, last))
            shown = None if here & taken else kind(window)
            if shown:
                taken |= here
                cuts.append(_cut(read, window, *shown))
    return cuts


def _windows(text: str, chain: list[_Group]) -> Iterator[tuple[int, int, _Window]]:
    """Neighbouring groups that together have the first and as many digits as one number."""
    for first, group in enumerate(chain):
        lengths = _LENGTHS.get(group.digits[0], ())
        digits = 0
        for last in range(first + 1, len(chain) + 1) if lengths else ():
            digits += len(chain[last - 1].digits)
            if digits > MOST:
                break
            if digits in lengths:
                yield first, last, _Window(chain[first:last], text)


def _cut(read: _Read, window: _Window, head: int, tail: int, stars: int) -> tuple[int, int, int]:
    """Where a window is cut so that its first ``head`` and last ``tail`` digits stay."""
    places = [g.start + i for g in window.groups for i in range(len(g.digits))]
    start = read.at[places[head - 1]] + 1
    if read.text[places[head - 1] + 1 :].startswith(")"):
        start = read.at[places[head - 1] + 1] + 1  # (0577)…
    return start, read.at[places[-tail]], stars


def _of_exponent(read: _Read, match: re.Match[str]) -> tuple[int, int, int] | None:
    """The cut in ``1.3812345678E10``: one with nine digits or more of a mobile or an identity number."""
    digits, power = match[1] + match[2], int(match[3])
    person = power in (14, 17) and len(digits) >= 12 and _PROVINCE.match(digits)
    if not person and not (power == 10 and digits[0] == "1" and len(digits) >= 9):
        return None
    return read.at[match.start(2) + 2], read.at[match.end(2) - 2], 4


def _person(window: _Window) -> _Shown | None:
    """18 digits or 17 and an X.  In a row province and century are enough, since a person mistypes a day."""
    digits, form = window.digits, window.form
    if len(digits) != 18 or "X" in digits[:17].upper() or not _PROVINCE.match(digits):
        return None
    if len(form) == 1 or (len(form) == 2 and digits[17] in "Xx"):
        return (3, 4, 11) if digits[6:8] in ("19", "20") and not _in_hash(window) else None
    whole = all(size > 1 for size in form[:-1]) or _sums_up(digits)
    return (3, 4, 11) if whole and _is_day(digits[6:14]) else None


def _sums_up(digits: str) -> bool:
    """Whether the last of 18 digits is the check digit of GB 11643."""
    total = sum(int(d) * pow(2, 17 - i, 11) for i, d in enumerate(digits[:17]))
    return digits[17].upper() == "10X98765432"[total % 11]


def _older_person(window: _Window) -> _Shown | None:
    """15 digits, issued until 1999: a community's code and a serial number look alike, but hold no birth since 1920."""
    digits = window.digits
    if len(digits) != 15 or not digits.isdigit() or window.form not in _OLDER or not _PROVINCE.match(digits):
        return None
    born = int(digits[6:8]) >= 20 and _is_day(f"19{digits[6:12]}")
    return (3, 3, 9) if born and not _in_hash(window) else None


def _mobile(window: _Window) -> _Shown | None:
    """Eleven digits from 1 on, +86 or 0 before them; neither decimals, money, part of a hash, nor a code and a day."""
    digits = window.digits
    before = {13: "86", 15: "0086", 12: "0"}.get(len(digits), "")
    number = digits.removeprefix(before)
    if len(number) != 11 or not re.fullmatch(r"1[3-9]\d{9}" if before else r"1\d{10}", number):
        return None
    form = (window.form[0] - len(before), *window.form[1:])
    if len(form) == 1:
        plain = not (_decimals(window) or _money(window) or _in_hash(window))
        return (3 + len(before), 4, 4) if plain else None
    if form == (1,) * 11:  # answers on a scale of five are written so, too
        told = number[1] in "3456789" and any(d in "6789" for d in number[2:]) and not _goes_on(window)
    elif form == (3, 4, 4) and window.gaps <= {"-"}:
        told = True
    else:
        parted = form in _MOBILE or (form in _HALVES and not window.gaps)
        dotted = window.gaps == {"."} and len(form) != 3  # a decimal number, an address on the net
        told = parted and number[1] in "3456789" and not dotted
    return (3 + len(before), 4, 4) if told and not _is_day(number[3:]) else None


def _landline(window: _Window) -> _Shown | None:
    """An area code and seven or eight digits, in one, apart, or the latter in groups; behind +86 without the 0."""
    digits, form = window.digits, window.form
    lead = _AREA.match(digits)
    if lead is None or not digits.isdigit():
        return None
    area = len(lead[0])
    local = digits[area:]
    if not 7 <= len(local) <= 8 or local[0] == "0" or _in_hash(window) or _decimals(window):
        return None
    if lead[0][0] == "8" and not (len(form) > 1 or window.before.endswith("+")):
        return None  # thirteen digits in a row: a code
    rest = _behind(form, area)
    if rest not in {(7,), (8,), (4, 4), (3, 4), (4, 3), (2, 2, 2, 2)}:
        return None
    year = rest[0] == 4 and local[:2] in ("19", "20") and "-" in window.gaps  # 0577-2014-001
    return None if year or (len(rest) > 1 and local[0] in "19") else (area, 2, 4)


def _behind(form: tuple[int, ...], area: int) -> tuple[int, ...]:
    """The groups behind so many digits; empty where a group goes across."""
    for place, size in enumerate(form):
        if area < size:
            return (size - area, *form[place + 1 :]) if len(form) == place + 1 or area == 0 else ()
        area -= size
    return ()


def _is_day(digits: str) -> bool:
    """Whether eight digits are a day of this century or the last."""
    return digits[:2] in ("19", "20") and 1 <= int(digits[4:6]) <= 12 and 1 <= int(digits[6:8]) <= 31


def _decimals(window: _Window) -> bool:
    """Whether digits are the decimals of a number; behind ``2.`` they are more likely in the second place of a list."""
    return bool(re.search(r"\d\.$", window.before)) and not re.search(r"(?<![\d.])[1-9]\d?\.$", window.before)


def _goes_on(window: _Window) -> bool:
    return bool(re.search(r"\d.?$", window.before) or re.match(r".?\d", window.after))


def _money(window: _Window) -> bool:
    """Whether digits are money: with its sign, its word, or a fraction behind them."""
    fraction = re.match(r"\.(\d{1,4})(?![\d.])", window.after)
    named = re.match(r"(?:\.\d+)? ?(?:元|万元|亿元|圆|RMB|CNY|yuan)", window.after)
    signed = re.search(r"(?:[¥￥$€]|RMB|CNY) ?$", window.before)
    return bool((fraction and fraction[1].strip("0")) or named or signed)


def _in_hash(window: _Window) -> bool:
    """Whether digits stand inside a file's hash, or an id that was made of a number (``survey.people.identities``)."""
    left, right = re.search(r"[0-9a-fA-F-]*$", window.before), re.match(r"[0-9a-fA-F-]*", window.after)
    around = (left[0] if left else "") + (right[0] if right else "")
    made = re.search(r"(?<![a-z])tel-[0-9a-z]*$", window.before) and (
        re.search(r"[a-z]$", window.before) or re.match(r"[a-z]", window.after)
    )
    return bool(made) or (len(around) >= 16 and bool(re.search(r"[a-fA-F]", around)))
