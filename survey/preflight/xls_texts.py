"""The shared texts of an old workbook: their lengths, without reading them ([MS-XLS] 2.4.265 and 2.5.293)."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

_HEAD = struct.Struct("<HB")
_WIDE, _PHONETIC, _RICH = 1, 4, 8


def text_lengths(bodies: Sequence[bytes]) -> list[int]:
    """Characters of each shared text, from the body of the SST record and those of the CONTINUE records after it.

    A text that runs over the end of a record goes on in the next after a byte that says anew whether it is wide.
    """
    data = b"".join(bodies)
    ends = list(accumulate(map(len, bodies)))
    lengths: list[int] = []
    at = 8
    while at + _HEAD.size <= len(data):
        count, flags = _HEAD.unpack_from(data, at)
        lengths.append(count)
        at += _HEAD.size
        tail = 0
        if flags & _RICH:
            tail += 4 * int.from_bytes(data[at : at + 2], "little")
            at += 2
        if flags & _PHONETIC:
            tail += int.from_bytes(data[at : at + 4], "little")
            at += 4
        at = _after_characters(data, ends, at, count, flags & _WIDE) + tail
    return lengths


def _after_characters(data: bytes, ends: Sequence[int], at: int, count: int, wide: int) -> int:
    """The position after so many characters."""
    while count and at < len(data):
        end = ends[bisect_right(ends, at)]
        taken = min((end - at) // (1 + wide), count)
        count -= taken
        at = at + taken * (1 + wide) if not count else end + 1
        if count:
            wide = data[end] & 1 if end < len(data) else 0
    return at
