"""Large workbooks read by their different cells: cell by cell, and refusal by refusal, what the reader says of them whole."""

from __future__ import annotations

from datetime import date, datetime, time
from io import BytesIO
from random import Random

import pytest
import xlsxwriter
from python_calamine import CalamineSheet

from survey.core.errors import Refused
from survey.files.preflight import Book
from survey.files.preflight.scan import Scan
from survey.files.readers import xlsx
from survey.files.readers.distinct_values import Rows
from survey.files.readers.in_process import read_here
from survey.files.readers.large import smaller_workbook
from survey.files.readers.large.alike_cells import AlikeCells
from tests.tools.hostile import files as hostile
from tests.tools.hostile.files import book, pack, parts, worksheet


def read(data: bytes, monkeypatch: pytest.MonkeyPatch, large: int) -> object:
    """Of every sheet all that is read, codes and types of values too; or the refusal."""
    monkeypatch.setattr(smaller_workbook, "LARGE", large)
    try:
        sheets = read_here("a.xlsx", data)
    except Refused as refusal:
        return refusal.key, dict(refusal.params)
    return [
        (
            (s.name, s.errors, s.percents, s.merged, s.findings),
            [(c.codes.tolist(), [(type(v), v) for v in c.values]) for c in s.rows.columns],
        )
        for s in sheets
        if isinstance(s.rows, Rows)
    ]


def agree(data: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[object, int]:
    """What both ways say, and how many sheets were read by their different cells."""
    told: list[Rows | None] = []

    def rows_of(cells: AlikeCells, sheet: CalamineSheet) -> Rows | None:
        told.append(smaller_workbook.rows_of(cells, sheet))
        return told[-1]

    with monkeypatch.context() as patch:
        patch.setattr(xlsx, "rows_of", rows_of)
        small = read(data, patch, 0)
    assert small == read(data, monkeypatch, 1 << 60)
    return small, sum(rows is not None for rows in told)


def test_values_of_every_type_are_those_that_the_reader_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    out, draw = BytesIO(), Random(5)
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        days, clock, share, bold = (
            workbook.add_format(f)
            for f in ({"num_format": "yyyy-mm-dd"}, {"num_format": "hh:mm"}, {"num_format": "0%"}, {"bold": 1})
        )
        for name in ("一", "二"):
            sheet = workbook.add_worksheet(name)
            for row in range(2, 300):
                kind = draw.randrange(12)
                sheet.write_string(row, 1, draw.choice(["很满意", " 满意 ", "a&b<c>", "换\n行", "_x000D_", "5"]))
                sheet.write_number(row, 2, draw.choice([1, 2.5, 1e-7, 123456789012345678]))
                sheet.write_datetime(row, 3, draw.choice([datetime(2024, 1, 5), datetime(2024, 1, 5, 7, 30)]), days)
                sheet.write_datetime(row, 4, draw.choice([time(7, 30), time(23, 0)]), clock)
                sheet.write_number(row, 5, draw.choice([0.5, 1]), share)
                sheet.write_boolean(row, 6, kind % 2 == 0)
                sheet.write_blank(row, 7, None, bold)
                sheet.write_formula(row, 8, f"=B{row}", None, draw.choice([1, "是"]))
                if kind < 4:
                    sheet.write_rich_string(row, 9, bold, "粗", "细", str(kind))
                if kind == 5:
                    sheet.write_formula(row, 9, "=1/0", None, "#DIV/0!")
    sheets, alike = agree(out.getvalue(), monkeypatch)
    assert alike == 2
    columns = sheets[0][1]  # type: ignore[index]
    assert [value for _, value in columns[3][1]] == [date(2024, 1, 5), datetime(2024, 1, 5, 7, 30)] or len(
        columns[3][1]
    ) == 2
    assert {kind for kind, _ in columns[6][1]} == {bool}
    assert {value for _, value in columns[5][1]} == {0.5, 1.0}


@pytest.mark.parametrize(("corner", "alike"), [("0", 0), ("1", 1)])
def test_blank_texts_at_the_end_of_a_sheet_are_left_to_the_reader(
    corner: str, alike: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What pandas writes for an empty cell is a text of no characters: within a sheet it is an empty cell."""
    cell = '<c r="{}" t="s"><v>{}</v></c>'
    rows = "".join(
        f'<row r="{row}">{cell.format(f"A{row}", row % 2)}{cell.format(f"B{row}", 0)}{cell.format(f"C{row}", end)}</row>'
        for row, end in ((1, "0"), (2, "0"), (3, "0"), (4, corner))
    )
    sheets, read = agree(book(rows, shared=hostile.shared_strings("", "满意")), monkeypatch)
    assert read == alike
    assert [codes for codes, _ in sheets[0][1]][:2] == [[0, -1, 0, -1], [-1, -1, -1, -1]]  # type: ignore[index]


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (
            book(
                '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>7</v></c></row>',
                shared=hostile.shared_strings("a"),
            ),
            "sources.lost_text",
        ),
        (book('<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="s"><v>x</v></c></row>'), "sources.unreadable_sheet"),
        (book('<row r="1"><c r="A1"/><v>1</v></c><c r="B1"><v>2</v></c></row>'), "sources.unreadable_sheet"),
        (book('<row r="1"><c r="A1"><v>1</is></c></row>'), "sources.unreadable_sheet"),
        (book('<row r="1"><c r="A1"><f>B1</f></c></row>'), "preflight.unsaved_formulas"),
        (
            pack(
                {**parts(worksheet('<row r="1"><c r="A1"><v>1</v></c></row>')), "xl/styles.xml": "<styleSheet><a></b>"}
            ),
            "preflight.damaged_part",
        ),
    ],
)
def test_what_is_refused_whole_is_refused_alike(data: bytes, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said, alike = agree(data, monkeypatch)
    assert (said[0], alike) == (key, 0)  # type: ignore[index]


@pytest.mark.parametrize("value", ["NaN", "-0", "1e999", "007", " 5", "", "inf"])
def test_odd_numbers_are_what_the_reader_makes_of_them(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = f'<row r="3"><c r="B3"><v>0</v></c><c r="C3"><v>{value}</v></c></row><row r="4"><c r="B4"><v>{value}</v></c></row>'
    with monkeypatch.context() as patch:
        patch.setattr(smaller_workbook, "LARGE", 0)
        small = read_here("a.xlsx", book(rows))[0].rows
    monkeypatch.setattr(smaller_workbook, "LARGE", 1 << 60)
    assert repr(list(small)) == repr(list(read_here("a.xlsx", book(rows))[0].rows))


def test_sheets_that_are_and_that_are_not_understood_stand_beside_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = worksheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="5"><c r="C5" t="b"><v>1</v></c></row>')
    other = worksheet('<row r="1"><c r="B1"><v>1</v></c> </row>')
    data = pack(parts(other, plain, plain, states=("", "", "hidden")))
    sheets, alike = agree(data, monkeypatch)
    assert (len(sheets), alike) == (2, 1)  # type: ignore[arg-type]


def test_an_old_workbook_has_no_parts() -> None:
    assert smaller_workbook.smaller(b"", Book((Scan(),))) is None


def test_small_parts_have_no_listener() -> None:
    assert smaller_workbook.listening(b" " * (smaller_workbook.LARGE - 1)) is None
    assert smaller_workbook.listening(b" " * smaller_workbook.LARGE) is not None
