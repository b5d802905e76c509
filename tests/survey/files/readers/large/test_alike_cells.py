"""Cells that are written alike: each way once, where it stands, and nothing of a part that is not wholly understood."""

from __future__ import annotations

import pytest

from survey.files.preflight import Limits, byte_scan
from survey.files.readers.large import alike_cells
from survey.files.readers.large.alike_cells import AlikeCells
from tests.tools.hostile.files import worksheet


def heard(rows: str, tail: str = "") -> AlikeCells:
    xml = worksheet(rows, tail).encode()
    listener = AlikeCells(xml)
    byte_scan.scan("f", "s", xml, frozenset(), Limits(), listener)
    return listener


def cells(listener: AlikeCells) -> dict[tuple[int, int], str]:
    """Row and column of every cell, and how it is written."""
    return {
        (first + row, column): listener.texts[place].decode()
        for first, block in listener.blocks
        for row, places in enumerate(block.tolist())
        for column, place in enumerate(places)
        if place >= 0
    }


ROWS = (
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    '<row r="2" spans="1:2"><c r="A2"><v>5</v></c><c r="B2" s="3"><v>5</v></c></row><row r="3"/><row r="4"></row>'
    '<row r="6"><c r="A6"><v>5</v></c><c r="B6" s="1"/><c r="C6" s="1"></c><c r="D6"><f>A6&lt;7</f><v>5</v></c></row>'
    '<row r="7"><c r="A7" t="inlineStr"><is><t>很满意，没有什么可说的，都很好</t></is></c><c r="D7"><v>5</v></c></row>'
)
WRITTEN = {
    (0, 0): ' t="s"><v>0</v></c>',
    (0, 1): ' t="s"><v>1</v></c>',
    (1, 0): "><v>5</v></c>",
    (1, 1): ' s="3"><v>5</v></c>',
    (5, 0): "><v>5</v></c>",
    (5, 3): "><f>A6&lt;7</f><v>5</v></c>",
    (6, 0): ' t="inlineStr"><is><t>很满意，没有什么可说的，都很好</t></is></c>',
    (6, 3): "><v>5</v></c>",
}


@pytest.mark.parametrize("window", [100, 400, 500_000])
def test_each_way_of_writing_stands_once_and_every_cell_at_its_place(
    window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(byte_scan, "WINDOW", window)
    listener = heard(ROWS, '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>')
    if window == 100:  # some rows are longer: what is not seen whole is left to the reader
        assert not listener.whole
        return
    assert listener.whole
    assert cells(listener) == WRITTEN
    assert sorted(listener.texts) == sorted({text.encode() for text in WRITTEN.values()})
    assert listener.head.endswith(b"<sheetData>")
    assert listener.tail.startswith(b"</sheetData><mergeCells")


@pytest.mark.parametrize("buckets", [1, 2, 1 << 16])
def test_cells_that_share_a_bucket_are_told_apart(buckets: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(byte_scan, "WINDOW", 2_000)
    if buckets < 1 << 16:
        monkeypatch.setattr(alike_cells, "_SPREAD", alike_cells._SPREAD * 0)  # all fall into the first
    rows = "".join(
        f'<row r="{i}"><c r="A{i}"><v>{i % 7}</v></c><c r="B{i}" t="str"><v>{"长" * (i % 23)}{i % 5}</v></c></row>'
        for i in range(1, 700)
    )
    listener = heard(rows)
    assert listener.whole
    assert cells(listener) == {
        **{(i - 1, 0): f"><v>{i % 7}</v></c>" for i in range(1, 700)},
        **{(i - 1, 1): f' t="str"><v>{"长" * (i % 23)}{i % 5}</v></c>' for i in range(1, 700)},
    }


ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        f'<row r="2"><c r="A2"><v>1</v></c></row>{ONE}',
        ONE + "text" + '<row r="2"><c r="A2"><v>1</v></c></row>',
        '<row r="1">text<c r="A1"><v>1</v></c> </row>',
        '<row r="1"><c r="A1"><v>1</v></c>\n</row>',
        '<row r="1"><c r="A1"><v>1</v></c></row',
        '<row r="1"><c r="A1"><v>1</v><c r="B1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></row>',
        '<row r="1"><c r="A1"><v>1</v></c></rows>',
        '<row><c r="A1"><v>1</v></c></row>',
        '<c r="A1"><v>1</v></c>',
        '<row r="1"><v>1</v></row>',
        '<row r="1"><c r="A1" s="1">1</c></row>' + ONE.replace("1", "2"),
        '<row r="1"><c r="A1"><is><r><t>a</t></r></is></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c ></row>',
        f"{ONE}</sheetData><sheetData>",
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="199999"><c r="ALL199999"><v>1</v></c></row>',
    ],
)
def test_what_is_not_wholly_understood_is_left_to_the_reader(rows: str) -> None:
    listener = heard(rows)
    assert not listener.whole
    assert listener.blocks == []


def test_a_sheet_of_different_cells_is_left_to_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike_cells, "_FEW", 10)
    rows = "".join(f'<row r="{i}"><c r="A{i}"><v>{i}</v></c></row>' for i in range(1, 30))
    assert not heard(rows).whole
    assert heard("".join(f'<row r="{i}"><c r="A{i}"><v>{i % 12}</v></c></row>' for i in range(1, 30))).whole


def test_a_part_without_rows_is_left_to_the_reader() -> None:
    xml = worksheet("").replace("<sheetData></sheetData>", "<sheetData/>").encode()
    assert not AlikeCells(xml).whole
