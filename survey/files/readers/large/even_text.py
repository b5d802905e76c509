"""Delimited text without quotes and with as many fields in every row, read by its bytes: most large files are such.

What is read is what the csv module reads, in a fifth of its time; where anything is otherwise nothing is said (None), and
the csv module reads the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from survey.core import progress
from survey.files.preflight.caps import Limits
from survey.files.readers.distinct_values import Cells, Places, Rows

#: bytes that are taken together: small beside the file, and large beside what a piece costs by itself
PIECE = 1 << 20
#: bytes of a field that two words hold
_WORDS = 16
_NEWLINE, _RETURN = 10, 13
#: buckets for the few texts of a column, and odd numbers that spread their bytes over them
_BUCKETS = 1 << 12
_SHIFT = np.uint64(64 - 12)
_SPREAD = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
#: by length (as far below 0 as one gets from the end), which bytes of a word belong to a field
_MASKS = np.array([*((1 << 8 * min(n, 8)) - 1 for n in range(_WORDS + 1)), *[0] * 8], dtype=np.uint64)

_Bytes = npt.NDArray[np.uint8]
_Words = npt.NDArray[np.uint64]
_Places = npt.NDArray[np.int64]


def read_even(raw: bytes, delimiter: str, limits: Limits) -> Rows | None:
    """The rows of a text in UTF-8 without zero bytes, each distinct value of a column once; None where it has quotes or
    uneven rows, or is beyond the caps."""
    if b'"' in raw or not raw or not delimiter.isascii() or raw.count(b"\r") != raw.count(b"\r\n"):
        return None
    columns: list[_Column] = []
    rows = 0
    for start, end in _pieces(raw):
        piece = raw[start:end] if raw[end - 1] == _NEWLINE else raw[start:end] + b"\n"
        field_ends = _field_ends(piece, ord(delimiter), len(columns))
        if field_ends is None or field_ends.shape[1] > limits.columns:
            return None
        rows += len(field_ends)
        if rows > limits.rows or not _take(piece, field_ends, columns, limits.text):
            return None
        progress.at("reading", rows)
    return Rows(tuple(column.finish() for column in columns))


def _pieces(raw: bytes) -> Iterator[tuple[int, int]]:
    """Where pieces of whole lines begin and end."""
    start = 0
    while start < len(raw):
        end = raw.rfind(b"\n", start, start + PIECE) + 1 or raw.find(b"\n", start + PIECE) + 1 or len(raw)
        yield start, end
        start = end


def _field_ends(piece: bytes, delimiter: int, width: int) -> _Places | None:
    """(rows, fields) where each field ends; None where the rows have not all the same number of fields (``width``, if it is
    known)."""
    data = np.frombuffer(piece, np.uint8)
    ends = np.flatnonzero((data == delimiter) | (data == _NEWLINE))
    lines = np.flatnonzero(data[ends] == _NEWLINE)
    width = width or int(lines[0]) + 1
    if len(ends) != width * len(lines) or (lines != np.arange(width - 1, len(ends), width)).any():
        return None
    return ends.reshape(-1, width)


def _take(piece: bytes, ends: _Places, columns: list[_Column], longest: int) -> bool:
    """Add a piece to the columns; False where a line is blank or a field too long."""
    padded = piece + bytes(_WORDS)
    data = np.frombuffer(padded, np.uint8)
    words = np.ndarray(len(piece) + 8, "<u8", padded, strides=(1,))
    begin = np.concatenate(([0], ends[:-1, -1] + 1))
    last = ends[:, -1] - ((data[ends[:, -1] - 1] == _RETURN) & (ends[:, -1] > 0))
    if ends.shape[1] == 1 and (last == begin).any():
        return False
    if not columns:
        columns.extend(_Column() for _ in range(ends.shape[1]))
    by_column = np.ascontiguousarray(ends.T)
    by_column[-1] = last
    for column, end in zip(columns, by_column, strict=True):
        if (end - begin).max() > longest:
            return False
        column.add(padded, data, words, begin, end)
        begin = end + 1
    return True


class _Column:
    """The fields of one column as they come: a code each, and the distinct texts in the order in which they first stand."""

    def __init__(self) -> None:
        self._places = Places.of(b"")
        self._codes: list[npt.NDArray[np.int32]] = []
        self._many = False

    def add(self, piece: bytes, data: _Bytes, words: _Words, begin: _Places, end: _Places) -> None:
        """The fields of a piece; ``words`` are the eight bytes from every place."""
        codes = None if self._many else self._few(piece, data, words, begin, end)
        if codes is None:
            self._many = True
            codes = self._one_by_one(piece, begin, end)
        self._codes.append(codes)

    def finish(self) -> Cells:
        """The column; nothing can be added any more."""
        codes = self._codes[0] if len(self._codes) == 1 else np.concatenate(self._codes)
        return Cells(codes, tuple(map(bytes.decode, islice(self._places, 1, None))))

    def _one_by_one(self, piece: bytes, begin: _Places, end: _Places) -> npt.NDArray[np.int32]:
        texts = [piece[a:b] for a, b in zip(begin.tolist(), end.tolist(), strict=True)]
        return np.fromiter(map(self._places.__getitem__, texts), np.int32, len(texts))

    def _few(
        self, piece: bytes, data: _Bytes, words: _Words, begin: _Places, end: _Places
    ) -> npt.NDArray[np.int32] | None:
        """Codes of few and short texts, all fields looked at together; None where there are too many, or long ones.

        No text holds a zero byte, so that its bytes with zeros behind them are it and no other.
        """
        length = end - begin
        longest = int(length.max())
        if longest > _WORDS:
            return None
        if longest == 1:
            bucket = data[begin] * (length > 0)
            return self._coded(piece, begin, end, bucket, 256)
        one = words[begin] & _MASKS[length]
        mixed = one * _SPREAD[0]
        if longest > 8:
            other = words[begin + 8] & _MASKS[length - 8]
            mixed ^= other * _SPREAD[1]
        bucket = (mixed >> _SHIFT).view(np.int64)
        first = np.zeros(_BUCKETS, dtype=np.intp)
        first[bucket] = np.arange(len(bucket))
        if (one[first][bucket] != one).any() or (longest > 8 and (other[first][bucket] != other).any()):
            return None
        return self._coded(piece, begin, end, bucket, _BUCKETS)

    def _coded(
        self, piece: bytes, begin: _Places, end: _Places, bucket: npt.NDArray[Any], size: int
    ) -> npt.NDArray[np.int32]:
        """Codes of fields that are told apart by their bucket."""
        first = np.full(size, -1, dtype=np.intp)
        first[bucket[::-1]] = np.arange(len(bucket) - 1, -1, -1)
        codes = np.full(size, -1, dtype=np.int32)
        used = np.flatnonzero(first >= 0)
        for at in used[np.argsort(first[used])].tolist():
            row = first[at]
            codes[at] = self._places[piece[begin[row] : end[row]]]
        found: npt.NDArray[np.int32] = codes[bucket]
        return found
