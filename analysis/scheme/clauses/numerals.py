"""A clause in plain characters: half width, digits for Chinese numerals, ``90%`` for 百分之九十, commas for brackets."""

from __future__ import annotations

import re
import unicodedata

from survey.core.cells import chinese_number

N = r"\d+(?:\.\d+)?"
#: what is counted or measured, as an annex writes it
UNIT = (
    r"(?:个百分点|百分点|%|人次|户次|平方米|平米|㎡|m2|公里|小时|课时|万元|元"
    r"|[个次起例处件项条人户场期家支名宗篇份天日类对幅块栋台点])"
)
_HAN = "零〇一二两三四五六七八九十百千"
_COUNTED = re.compile(rf"(?<![第统唯单万])([{_HAN}]+)(?=个月|{UNIT}|分|成)(?!分[满不好优重之点比])")
_OF_HUNDRED = re.compile(rf"百分之([{_HAN}]+|{N})")


def plain(text: str) -> str:
    """The clause as it is matched; nothing that carries a meaning is left out."""
    folded = unicodedata.normalize("NFKC", text)
    folded = "".join(folded.split("\ufeff"))
    folded = re.sub(r"[ \t\u3000]+", "", folded)
    folded = re.sub(r"[(\[](?:含|含本数|含本级)[)\]]|[(\[]不含(?:本数)?[)\]](?!以上)", "", folded)
    folded = re.sub(r"每(?:1?0+|[十百千万]+|1[十百千万])(?:名|个)?(?:人|户|居民)(?:中)?", "", folded)
    folded = re.sub(rf"([^\d,、()\[\]]+)[(\[]({N}[分%]|满分)[)\]]", r"\1得\2", folded)
    folded = re.sub(r"[()\[\]【】「」“”\"'\n\r。;；]+", ",", folded).replace("﹪", "%")
    folded = re.sub(r"[—–―~～]+|--+", "-", folded)
    folded = folded.replace("一半", "5成")
    folded = _OF_HUNDRED.sub(lambda m: f"{_digits(m[1])}%", folded)
    folded = _COUNTED.sub(lambda m: _digits(m[1]), folded)
    return re.sub(r",{2,}", ",", folded).strip(",")


def _digits(text: str) -> str:
    """一百二十 → 120; digits, and characters that are no number, as they are."""
    number = chinese_number(text)
    return text if number is None else str(number)
