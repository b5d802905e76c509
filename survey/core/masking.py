"""Personal numbers inside a text, shown only in part: findings, comments, lists and logs go through here."""

from __future__ import annotations

import re

#: not in the middle of a longer number, nor behind its decimal point
_ALONE = r"(?<!\d)(?<!\d[.．])"
_GAP = r"[-\s－—]?"
_ID = re.compile(rf"{_ALONE}(\d{{3}})\d{{11}}(\d{{3}}[\dXxＸｘ])(?!\d)")
_MOBILE = re.compile(rf"{_ALONE}((?:[+＋]?86{_GAP})?[1１]\d\d){_GAP}\d{{4}}{_GAP}(\d{{4}})(?!\d)")
_LANDLINE = re.compile(rf"{_ALONE}([0０](?:[1１][0０]|[2２]\d|[3-9３-９]\d\d)[)）]?){_GAP}\d{{5,6}}(\d\d)(?!\d)")


def masked(text: str) -> str:
    """The text with every Chinese mobile or landline number and every 18-digit identity number masked.

    ``13800001234`` → ``138****1234``, ``0577-88881234`` → ``0577****34``; numbers of fewer than eleven digits
    (respondent numbers, codes, years) stay, unless an area code is set apart from them.  Masking twice changes nothing.
    """
    if len(text) < 11:
        return text
    text = _ID.sub(r"\1***********\2", text)
    text = _MOBILE.sub(r"\1****\2", text)
    return _LANDLINE.sub(r"\1****\2", text)
