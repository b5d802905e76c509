"""The compound file (OLE) that old Office formats are kept in: just enough to list its entries and take one stream.

Layout: [MS-CFB] 2.2 (header), 2.3 (FAT), 2.4 (mini FAT), 2.6 (directory).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from survey.core.errors import Refused

Table = npt.NDArray[np.uint32]
_END = 0xFFFFFFFA  # this and above are no sectors


@dataclass(frozen=True)
class _Entry:
    start: int
    size: int


@dataclass(frozen=True)
class Compound:
    """A compound file: ``entries`` by name; ``stream`` takes the bytes of one."""

    file: str
    data: bytes
    sector: int
    fat: Table
    mini_fat: Table
    mini_cutoff: int
    entries: dict[str, _Entry]

    def stream(self, name: str) -> bytes:
        """The bytes of an entry; raises Refused where its chain of sectors is broken."""
        entry = self.entries[name]
        if entry.size >= self.mini_cutoff:
            return self._chain(entry.start)[: entry.size]
        root = self._chain(self.entries["Root Entry"].start)
        numbers = _follow(self.file, self.mini_fat, entry.start)
        return b"".join(root[n * 64 : n * 64 + 64] for n in numbers)[: entry.size]

    def _chain(self, start: int) -> bytes:
        size = self.sector
        numbers = _follow(self.file, self.fat, start)
        if any((n + 1) * size >= len(self.data) for n in numbers):
            raise Refused("preflight.truncated", file=self.file)
        return b"".join(self.data[(n + 1) * size : (n + 2) * size] for n in numbers)


def _follow(file: str, table: Table, start: int) -> list[int]:
    """Sector numbers of a chain; raises Refused for one that leaves the table or comes back to itself."""
    numbers: list[int] = []
    while start < _END:
        if start >= len(table) or len(numbers) > len(table):
            raise Refused("preflight.truncated", file=file)
        numbers.append(start)
        start = int(table[start])
    return numbers


def open_compound(file: str, data: bytes) -> Compound:
    """Open a compound file; raises Refused for a damaged one."""
    shift = int.from_bytes(data[30:32], "little")
    if len(data) < 1024 or shift not in (9, 12):
        raise Refused("preflight.truncated", file=file)
    sector = 1 << shift
    header: Table = np.frombuffer(data[:512], "<u4")
    fat = _read_fat(file, data, sector, header)
    bare = Compound(file, data, sector, fat, np.zeros(0, np.uint32), int(header[14]), {})
    directory = bare._chain(int(header[12]))
    mini = np.frombuffer(bare._chain(int(header[15])), "<u4")
    return Compound(file, data, sector, fat, mini, int(header[14]), _read_directory(directory))


def _read_fat(file: str, data: bytes, sector: int, header: Table) -> Table:
    """The table of sectors; its own sectors are listed in the header and in a chain after it."""
    numbers = [int(n) for n in header[19:128]]
    further, seen = int(header[17]), 0
    while further < _END:
        block = np.frombuffer(data[(further + 1) * sector : (further + 2) * sector].ljust(sector, b"\xff"), "<u4")
        numbers += [int(n) for n in block[:-1]]
        further, seen = int(block[-1]), seen + 1
        if seen * sector > len(data):
            raise Refused("preflight.truncated", file=file)
    blocks = [data[(n + 1) * sector : (n + 2) * sector] for n in numbers if n < _END]
    if not blocks or any(len(b) != sector for b in blocks):
        raise Refused("preflight.truncated", file=file)
    return np.frombuffer(b"".join(blocks), "<u4")


def _read_directory(directory: bytes) -> dict[str, _Entry]:
    entries: dict[str, _Entry] = {}
    for at in range(0, len(directory) - 127, 128):
        length = int.from_bytes(directory[at + 64 : at + 66], "little")
        if directory[at + 66] and 2 <= length <= 64:
            name = directory[at : at + length - 2].decode("utf-16-le", "replace")
            start = int.from_bytes(directory[at + 116 : at + 120], "little")
            entries.setdefault(name, _Entry(start, int.from_bytes(directory[at + 120 : at + 124], "little")))
    return entries
