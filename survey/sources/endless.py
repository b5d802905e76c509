"""A field without end is refused by its bytes: decoding 50 MB of it, and copying it, would cost ten times as much."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator

from survey.errors import Refused
from survey.preflight.kinds import BOMS
from survey.sources.encoding import decode

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def lines(text: str) -> Iterator[str]:
    """The lines of a text with their ends, one at a time (``StringIO`` would hold all of it, four bytes a character)."""
    return (match[0] for match in _LINE.finditer(text))


def refuse_endless(file: str, data: bytes, delimiter_of: Callable[[str], str]) -> None:
    """Raise Refused if a field is longer than the csv module reads, in whatever encoding.

    ``delimiter_of`` tells the delimiter from the text before that field.
    """
    limit = 4 * csv.field_size_limit()  # no encoding of ours takes more bytes a character
    if len(data) <= limit or any(data.startswith(mark) for mark, name in BOMS if name == "utf-16"):
        return
    run = _long_run(data, limit)
    if run is None:
        return
    text, _ = decode(file, data[:run])
    rows = list(csv.reader(lines(text + "x"), delimiter=delimiter_of(text)))  # x stands for the field
    line = text.count("\n") + 1
    raise Refused("sources.long_field_line", file=file, line=line, row=len(rows), column=len(rows[-1]))


def _long_run(data: bytes, limit: int) -> int | None:
    """Where more than ``limit`` bytes without any delimiter or line end begin."""
    if _longest_line(data) <= limit:
        return None
    found = re.search(rb"[^,\t;|\r\n]{%d}" % (limit + 1), data)
    return found.start() if found else None


def _longest_line(data: bytes) -> int:
    longest = at = 0
    while (end := data.find(b"\n", at)) >= 0:
        longest, at = max(longest, end - at), end + 1
    return max(longest, len(data) - at)
