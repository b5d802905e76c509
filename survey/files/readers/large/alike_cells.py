"""Cells of a worksheet part that are written alike, byte for byte, found while it is looked over: four million cells of a
survey are a hundred thousand different ones, and what a cell holds depends on nothing but how it is written.

What lies between the address of a cell and its end is looked at as a few words of eight bytes, all cells of some rows
together.  Only a part whose every byte outside its cells is understood counts; any other is left to the reader.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from survey.files.readers.distinct_values import Places

Ints = npt.NDArray[np.int64]

#: words of eight bytes that are looked at together; longer cells are looked up one by one
_WORDS = 6
_BUCKETS = 1 << 16
_SHIFT = np.uint64(64 - 16)
#: odd numbers that spread the words of a cell, and its length, over the buckets
_SPREAD = np.array(
    [0x9E3779B97F4A7C15 * (2 * i + 1) & (1 << 64) - 1 for i in (1, 20, 333, 4_444, 50_505, 606_060, 7_070_707)],
    np.uint64,
)
#: word → length → which bytes of the word belong to a cell
_MASKS = np.array(
    [[(1 << 8 * min(max(n - 8 * i, 0), 8)) - 1 for n in range(8 * _WORDS + 1)] for i in range(_WORDS)], np.uint64
)
#: different cells up to which it is worth to go on, beside half of all; and those that a sheet has rows for
_FEW, _MOST = 50_000, 1_000_000
#: cells of a block up to which it may be empty for the most part
_SPARSE = 100_000
#: behind the last row that is looked at together
_BEHIND = bytes(8 * _WORDS + 8)

_ROWS_START, _ROWS_END = b"<sheetData>", b"</sheetData>"
_OTHER, _CELL, _CELL_END, _ROW, _ROW_END = range(5)
#: kind of a tag * 5 + kind of the next one
_MAY_FOLLOW = np.zeros(25, dtype=bool)
for _kind, _next in (
    *((_OTHER, n) for n in (_OTHER, _CELL_END)),
    *((_CELL, n) for n in (_OTHER, _CELL_END, _CELL, _ROW_END)),
    *((_CELL_END, n) for n in (_CELL, _ROW_END)),
    *((_ROW, n) for n in (_CELL, _ROW_END, _ROW)),
    (_ROW_END, _ROW),
):
    _MAY_FOLLOW[_kind * 5 + _next] = True
#: what cells end with nearly always, and marks the length of those that do not
_VALUE_END = int.from_bytes(b"</v>", "little")
_OTHERWISE = 1 << 32


class AlikeCells:
    """A listener to the scan of one worksheet part (``survey.files.preflight.scan.Listener``).

    ``whole``: whether all so far was understood; ``head, tail``: the part before its first and behind its last row;
    ``blocks``: (first row, which different cell stands where, −1 for none), 0-based, in order.
    """

    def __init__(self, xml: bytes) -> None:
        start, end = xml.find(_ROWS_START), xml.rfind(_ROWS_END)
        self.whole = 0 <= start < end
        self.rows = (start + len(_ROWS_START), end) if self.whole else (0, 0)
        self.head, self.tail = xml[: self.rows[0]], xml[self.rows[1] :]
        self.blocks: list[tuple[int, npt.NDArray[np.int32]]] = []
        self._known = Places.of()
        self._cells = 0
        self._last = -1
        self._lengths = np.full(_BUCKETS, -1, np.int64)
        self._words = np.zeros((_WORDS, _BUCKETS), np.uint64)
        self._places = np.zeros(_BUCKETS, np.int32)

    @property
    def texts(self) -> list[bytes]:
        """Every different cell, from behind its address to the end of its tag, by its number in ``blocks``."""
        return list(self._known)

    def take(
        self, xml: bytes, start: int, end: int, tags: Ints, cells: Ints, at: Ints, places: tuple[Ints, Ints]
    ) -> None:
        """Some whole rows; what is told by ``Listener``."""
        if self.whole and not self._take(_Piece(xml, start, end, tags), cells - start, at - start, *places):
            self.whole = False
            self.blocks, self._known = [], Places.of()

    def _take(self, piece: _Piece, cells: Ints, at: Ints, rows: Ints, columns: Ints) -> bool:
        ends = piece.ends_of_cells(cells)
        if ends is None:
            return False
        if not len(cells):
            return True
        places = rows << 20 | columns
        if places[0] <= self._last or (places[1:] <= places[:-1]).any():
            return False
        self._last, self._cells = int(places[-1]), self._cells + len(cells)
        first, width = int(rows[0]), int(columns.max()) + 1
        height = int(rows[-1]) + 1 - first
        if height * width > _SPARSE + 4 * len(cells):
            return False
        block = np.full((height, width), -1, np.int32)
        block[rows - first, columns] = self._alike(piece, at, *ends)
        self.blocks.append((first, block))
        return len(self._known) <= min(_FEW + self._cells // 2, _MOST)

    def _alike(self, piece: _Piece, begin: Ints, before: Ints, closing: Ints) -> npt.NDArray[np.int32]:
        """Which different cell each is."""
        ends_alike = (piece.fours[before] == _VALUE_END) & (closing - before == 4)
        length = np.where(ends_alike, before, closing) - begin
        seen = np.minimum(length, 8 * _WORDS)
        words = [piece.eights[begin + 8 * i] & _MASKS[i].take(seen) for i in range(-(-int(seen.max()) // 8))]
        told = length + ~ends_alike * _OTHERWISE
        bucket = told.astype(np.uint64) * _SPREAD[_WORDS]
        for word, spread in zip(words, _SPREAD, strict=False):
            bucket += word * spread
        bucket = (bucket >> _SHIFT).view(np.int64)
        short = length <= 8 * _WORDS
        missing = np.flatnonzero(~(self._holds(bucket, told, words) & short))
        found: npt.NDArray[np.int32] = self._places[bucket]  # before a bucket is given to another cell
        new = missing[short[missing]]
        new = new[np.unique(bucket[new], return_index=True)[1]]
        self._lengths[bucket[new]] = told[new]
        self._places[bucket[new]] = [self._known[piece.text(begin[i], closing[i])] for i in new.tolist()]
        for kept, word in zip(self._words, words, strict=False):
            kept[bucket[new]] = word[new]
        again, told, words = bucket[missing], told[missing], [word[missing] for word in words]
        found[missing] = self._places[again]
        for i in missing[~(self._holds(again, told, words) & short[missing])].tolist():
            found[i] = self._known[piece.text(begin[i], closing[i])]
        return found

    def _holds(self, bucket: Ints, told: Ints, words: list[npt.NDArray[np.uint64]]) -> npt.NDArray[np.bool_]:
        """Whether the bucket of each holds just this cell: as long, and the same words as far as that."""
        same: npt.NDArray[np.bool_] = self._lengths[bucket] == told
        for kept, word in zip(self._words, words, strict=False):
            same &= kept[bucket] == word
        return same


class _Piece:
    """Some whole rows of a part; places are told from their beginning."""

    def __init__(self, xml: bytes, start: int, end: int, tags: Ints) -> None:
        self._bytes = xml[start:end] + _BEHIND
        self._length = end - start
        self._tags = tags - start
        self._data = np.frombuffer(self._bytes, np.uint8)
        self.fours = self._view("<u4", 4)
        self.eights = self._view("<u8", 8)

    def _view(self, kind: str, size: int) -> npt.NDArray[Any]:
        """The few bytes from every place as a number."""
        return np.ndarray(len(self._bytes) - size, kind, self._bytes, strides=(1,))

    def text(self, begin: int, closing: int) -> bytes:
        """A cell from behind its address to the end of its tag."""
        return self._bytes[begin : closing + len(b"</c>")]

    def ends_of_cells(self, cells: Ints) -> tuple[Ints, Ints] | None:
        """Where the last tag before the end of each of these cells begins, and the tag that ends it; None where anything
        but rows of cells stands here."""
        tags = self._tags
        if not len(tags):
            return None
        kinds = self._kinds()
        following = np.append(kinds[1:], np.uint8(_ROW))
        pairs = kinds * np.uint8(5) + following
        if kinds[0] != _ROW or not _MAY_FOLLOW.take(pairs).all() or not self._outside_is_whole(kinds, pairs):
            return None
        if not np.array_equal(tags[np.flatnonzero(pairs == _CELL * 5 + _OTHER)], cells):
            return None
        before = np.flatnonzero(pairs == _OTHER * 5 + _CELL_END)
        return tags[before], tags[before + 1]

    def _kinds(self) -> npt.NDArray[np.uint8]:
        second, third = self._data[self._tags + 1], self._data[self._tags + 2]
        slash = second == ord("/")
        kinds: npt.NDArray[np.uint8] = ((second == ord("c")) & (third == ord(" "))).view(np.uint8) * np.uint8(_CELL)
        for found, kind in (
            (slash & (third == ord("c")), _CELL_END),
            ((second == ord("r")) & (third == ord("o")), _ROW),
            (slash & (third == ord("r")), _ROW_END),
        ):
            kinds += found.view(np.uint8) * np.uint8(kind)
        return kinds

    def _outside_is_whole(self, kinds: npt.NDArray[np.uint8], pairs: npt.NDArray[np.uint8]) -> bool:
        """Whether rows, ends of cells and blank cells are written just as they should be, with nothing between one and the
        next; of a cell that holds something its reader is shown every byte."""
        tags = np.append(self._tags, self._length)
        cell_ends, rows, row_ends = (np.flatnonzero(kinds == kind) for kind in (_CELL_END, _ROW, _ROW_END))
        blank = np.flatnonzero(pairs == _CELL * 5 + _CELL_END)
        closed = np.flatnonzero(
            (pairs == _CELL * 5 + _CELL) | (pairs == _CELL * 5 + _ROW_END) | (pairs == _ROW * 5 + _ROW)
        )
        opened = np.concatenate((blank, rows[pairs[rows] != _ROW * 5 + _ROW]))
        open_ends, closed_ends = tags[opened + 1], tags[closed + 1]
        return bool(
            (self.fours[tags[cell_ends]] == int.from_bytes(b"</c>", "little")).all()
            and (tags[cell_ends + 1] - tags[cell_ends] == 4).all()
            and (self.eights[tags[rows]] == int.from_bytes(b'<row r="', "little")).all()
            and (self.eights[tags[row_ends]] & _MASKS[0][6] == int.from_bytes(b"</row>", "little")).all()
            and (tags[row_ends + 1] - tags[row_ends] == 6).all()
            and (self._data[open_ends - 1] == ord(">")).all()
            and (self._data[open_ends - 2] != ord("/")).all()
            and (self._data[closed_ends - 1] == ord(">")).all()
            and (self._data[closed_ends - 2] == ord("/")).all()
        )
