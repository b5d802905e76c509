"""The dictionary of an SPSS file looked over before its reader, which is C and trusts it: a variable of one type with
labels, formats or continuations of the other ends the whole process."""

from __future__ import annotations

import struct
from collections.abc import Callable

from survey.core.errors import Refused
from survey.files.preflight.caps import Limits

_HEADER = 176
_STRING_FORMATS = (1, 2)
_ENCODING = 20
#: longest label of a variable that SPSS writes, with room
_LONGEST_LABEL = 4_096


class _Damaged(Exception):
    """The dictionary can't be what a program wrote."""


class _Dictionary:
    """The records between the header and the data, read in order."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, _HEADER
        layout = data[64:68]
        if layout not in (b"\2\0\0\0", b"\3\0\0\0", b"\0\0\0\2", b"\0\0\0\3"):
            raise _Damaged
        self.order = "<" if layout[3] == 0 else ">"
        #: one a segment of 8 bytes: width of the variable (0 = number), −1 for a continuation
        self.widths: list[int] = []
        self.variables = 0
        #: values of the labels just read, until it is told whose they are
        self.labelled: list[bytes] | None = None
        self.texts: list[bytes] = []
        self.encoding = ""

    def number(self) -> int:
        """The next 32-bit number."""
        end = self.at + 4
        if end > len(self.data):
            raise _Damaged
        (found,) = struct.unpack(f"{self.order}i", self.data[self.at : end])
        self.at = end
        return int(found)

    def skip(self, size: int) -> None:
        """Pass over ``size`` bytes that must be there."""
        if size < 0 or self.at + size > len(self.data):
            raise _Damaged
        self.at += size

    def walk(self) -> None:
        """Every record up to the one that ends the dictionary."""
        if len(self.data) < _HEADER:
            raise _Damaged
        readers: dict[int, Callable[[], None]] = {
            2: self._variable,
            3: self._labels,
            4: self._labelled,
            6: self._document,
            7: self._extension,
        }
        while (kind := self.number()) != 999:
            if kind not in readers or (self.labelled is not None) != (kind == 4):
                raise _Damaged
            readers[kind]()
        self._complete()
        if self.labelled is not None or not self.variables or not self._readable():
            raise _Damaged

    def _readable(self) -> bool:
        """Whether labelled texts are text in the encoding that the file names (the reader dies of others)."""
        try:
            for text in self.texts:
                text.decode(self.encoding or "latin-1")
        except LookupError:
            return True
        except ValueError:  # no such text, or a name with a NUL
            return False
        return True

    def _complete(self) -> None:
        """Whether the last variable has all its continuations."""
        tail = 0
        while tail < len(self.widths) and self.widths[-1 - tail] == -1:
            tail += 1
        if len(self.widths) == tail:
            if tail:
                raise _Damaged
            return
        width = self.widths[-1 - tail]
        if tail != max(-(-width // 8) - 1, 0):
            raise _Damaged

    def _variable(self) -> None:
        width, has_label, missing = self.number(), self.number(), self.number()
        formats = [(self.number() >> 16) & 0xFF for _ in range(2)]
        self.skip(8)
        if not -1 <= width <= 255 or has_label not in (0, 1) or missing not in (-3, -2, 0, 1, 2, 3):
            raise _Damaged
        if width == -1:
            if not self.widths:
                raise _Damaged
        else:
            self._complete()
            if any(f and (f in _STRING_FORMATS) != (width > 0) for f in formats):
                raise _Damaged
            self.variables += 1
        self.widths.append(width)
        if has_label:
            length = self.number()
            if not 0 <= length <= _LONGEST_LABEL:
                raise _Damaged
            self.skip(-(-length // 4) * 4)
        self.skip(8 * abs(missing))

    def _labels(self) -> None:
        count = self.number()
        if count < 0:
            raise _Damaged
        values = []
        for _ in range(count):
            values.append(self.data[self.at : self.at + 8])
            self.skip(8)
            if self.at >= len(self.data):
                raise _Damaged
            self.skip(-(-(self.data[self.at] + 1) // 8) * 8)
        self.labelled = values

    def _labelled(self) -> None:
        """The variables that the labels before belong to: numbers alone, or short texts alone."""
        self._complete()
        count = self.number()
        if not 0 < count <= len(self.widths):
            raise _Damaged
        places = [self.number() - 1 for _ in range(count)]
        if not all(0 <= p < len(self.widths) and 0 <= self.widths[p] <= 8 for p in places):
            raise _Damaged
        if len({self.widths[p] > 0 for p in places}) > 1:
            raise _Damaged
        if self.widths[places[0]] > 0:
            self.texts += self.labelled or []
        self.labelled = None

    def _document(self) -> None:
        lines = self.number()
        self.skip(80 * lines)

    def _extension(self) -> None:
        kind, size, count = self.number(), self.number(), self.number()
        if size < 0 or count < 0:
            raise _Damaged
        start = self.at
        self.skip(size * count)
        if kind == _ENCODING:
            self.encoding = self.data[start : self.at].decode("latin-1").strip()


def check_sav(file: str, data: bytes, limits: Limits) -> None:
    """Raises Refused for a dictionary that no program wrote, and for more variables than may enter."""
    try:
        dictionary = _Dictionary(data)
        dictionary.walk()
    except _Damaged as error:
        raise Refused("preflight.bad_sav", file=file) from error
    if dictionary.variables > limits.columns:
        raise Refused("sources.many_columns", file=file, columns=dictionary.variables, cap=limits.columns)
