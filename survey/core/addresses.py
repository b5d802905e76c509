"""A1 addresses: from 0-based rows and columns and back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import overload

ROWS, COLUMNS = 1_048_576, 16_384
#: behind the name of a sheet that was turned round to be read, as spreadsheet programs call it: its addresses are those after turning
TURNED = "（转置）"
_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


@cache
def column_letters(index: int) -> str:
    """``A`` for 0, ``AA`` for 26."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def a1(row: int, column: int) -> str:
    """A1 address of a 0-based row and column of the sheet."""
    return f"{column_letters(column)}{row + 1}"


def letters(address: str) -> str:
    """The column of an A1 address, as it is written there."""
    return address.rstrip("0123456789")


@dataclass(frozen=True)
class Below(Sequence[str]):
    """A1 addresses of ``n`` cells below each other, each put together when it is asked for; ``top``, ``column`` 0-based."""

    top: int
    column: int
    n: int

    def __len__(self) -> int:
        return self.n

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> list[str]: ...
    def __getitem__(self, row: int | slice) -> str | list[str]:
        if isinstance(row, slice):
            return [self[i] for i in range(self.n)[row]]
        return a1(self.top + range(self.n)[row], self.column)


def place(address: str) -> tuple[int, int] | None:
    """0-based row and column of an A1 address; None if it lies outside Excel's grid or is none."""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    row = int(match[2])
    return (row - 1, column - 1) if 1 <= row <= ROWS and column <= COLUMNS else None


def as_sent(sheet: str, address: str) -> tuple[str, str]:
    """Sheet and cell as they are in the file: of a sheet that was turned round the cell on the other side, else the same."""
    found = place(address)
    if not sheet.endswith(TURNED) or found is None:
        return sheet, address
    return sheet.removesuffix(TURNED), a1(found[1], found[0])
