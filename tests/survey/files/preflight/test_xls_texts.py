"""The lengths of an old workbook's shared texts."""

from __future__ import annotations

import struct

import pytest

from survey.core.errors import Refused
from survey.files.preflight import preflight
from survey.files.preflight.xls import text_lengths
from survey.files.read import read_sheets
from tests.tools.hostile import files as hostile


def text(value: str, *, wide: bool = True, runs: int = 0, phonetic: int = 0) -> bytes:
    flags = wide | (8 if runs else 0) | (4 if phonetic else 0)
    head = struct.pack("<HB", len(value), flags)
    head += struct.pack("<H", runs) if runs else b""
    head += struct.pack("<I", phonetic) if phonetic else b""
    return head + value.encode("utf-16-le" if wide else "latin-1") + bytes(4 * runs + phonetic)


def test_wide_narrow_rich_and_phonetic_texts_are_measured() -> None:
    body = bytes(8) + text("满意") + text("abc", wide=False) + text("很好", runs=3) + text("一般", runs=1, phonetic=7)
    assert text_lengths([body + text("x" * 9, wide=False)]) == [2, 3, 2, 2, 9]


def test_a_text_may_run_over_records_and_change_its_width_there() -> None:
    first = bytes(8) + struct.pack("<HB", 7, 1) + "满意的".encode("utf-16-le")
    second = b"\x00" + b"abcd" + text("一般")
    assert text_lengths([first, second]) == [7, 2]
    assert text_lengths([first, b"\x00ab", b"\x00cd" + text("一般")]) == [7, 2]
    assert text_lengths([first]) == [7]


def shared_book(texts: list[str], rows: int) -> bytes:
    """Cells that name these texts in turn; records are kept under their 8224 bytes."""
    pieces = [struct.pack("<II", rows, len(texts))]
    for value in texts:
        if len(pieces[-1]) + 3 + len(value) > 8_000:
            pieces.append(b"")
        pieces[-1] += text(value, wide=False)[:8_000]
        pieces += [b"\0" + value[i : i + 8_000].encode() for i in range(7_997, len(value), 8_000)]
    cells = b"".join(hostile.record(0xFD, struct.pack("<HHHI", i, 0, 0, i % len(texts))) for i in range(rows))
    table = hostile.record(0xFC, pieces[0]) + b"".join(hostile.record(0x3C, p) for p in pieces[1:])
    return hostile.xls({"S": cells}, table)


def test_one_long_text_in_many_cells_is_a_bomb() -> None:
    assert read_sheets("a.xls", shared_book(["x" * 20_000], 50))[0].rows[49] == ["x" * 20_000]
    with pytest.raises(Refused) as refusal:
        preflight("a.xls", shared_book(["x" * 20_000], 30_000))
    assert refusal.value.key == "preflight.bomb"


def test_many_cells_of_short_texts_beside_a_long_one_are_none() -> None:
    book = shared_book([*(f"text {i}" for i in range(2_000)), "x" * 20_000], 30_000)
    rows = read_sheets("a.xls", book)[0].rows
    assert (rows[1_999], rows[2_000], len(rows)) == (["text 1999"], ["x" * 20_000], 30_000)
