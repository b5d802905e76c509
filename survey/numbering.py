"""Numbers that forms and people put before a text: ``3、``, ``Q3.``, ``(3)``, ``第3题``, ``A.``, ``5=``."""

from __future__ import annotations

import re

_ENCLOSED = r"第\s*\d{1,3}\s*[题问项]|[(\[【]\s*[A-Za-z]?\d{1,3}\s*[)\]】]"
_CODE = r"(?:[A-Za-z]{1,2}-?)?\d{1,3}(?:[.\-]\d{1,3})*"
_MARKED = rf"{_CODE}(?=\s*[.、:)=\-—])|[A-Za-z](?=\s*[.、:)=])"
#: only a space behind it: "5 分" and "18 岁" are quantities
_SPACED = (
    rf"{_CODE}(?=\s+(?![岁年月日天周分次个人户元万%]|小时|级|years?\b|months?\b|days?\b|hours?\b"
    r"|times\b|people\b|points?\b))"
)
_NUMBER = re.compile(rf"(?:{_ENCLOSED}|{_MARKED}|{_SPACED})\s*[.、:)=\-—]*\s*(?=[^\d\s.、:)=\-—])")


def unnumbered(text: str) -> str:
    """The text without its leading number or letter, as it is where there is none or nothing else.

    ``text`` has plain width (NFKC).  A number that is part of the text stays: ``18-29岁``, ``5 分``.
    """
    match = _NUMBER.match(text)
    return text[match.end() :] if match else text
