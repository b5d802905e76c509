"""Cases c01 to c16 of the acceptance list: honest sheets as people make them, with what goes wrong in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet


def saved(book: openpyxl.Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(*rows: Sequence[Any], dress: Callable[[Worksheet], None] | None = None) -> bytes:
    """A workbook of one sheet, 数据, with these rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "数据"
    for row in rows:
        sheet.append(list(row))
    if dress is not None:
        dress(sheet)
    return saved(book)


def full_width() -> bytes:
    return workbook(
        ("编号", "社区", "电话", "Q1", "Q2"),
        ("S1", "一社区", "１３８００１３８００１", "５", "1"),
        ("S2", "一社区", "13800138002", "3", "2"),
        ("S3", "一社区", "13800138003", "1", "１２"),
    )


def spaces() -> bytes:
    return workbook(
        ("编号", "社区", "Q1", "Q2"),
        ("S1", " 一社区", "5 ", "1"),
        ("S2", "一社区\u00a0", "\u00a03", "2"),
        ("S3", "\u3000一社区", "1\u200b", "3"),
        ("S4", "一社区\n", "2", "\u30004"),
    )


def thousands() -> bytes:
    return workbook(
        ("编号", "户数", "Q1"),
        ("S1", "12,345", 1),
        ("S2", "85%", 1),
        ("S3", "约1200", 1),
        ("S4", "八成", 1),
        ("S5", "1.2万", 1),
        ("S6", "1 234", 1),
        ("S7", 800, 1),
    )


DATES = (
    "2013年5月6日",
    "2013.5.6",
    "2013-05-06",
    "20130506",
    "2013年5月",
    41400,
    "5/6/2013",
    "13-5-6",
    "2013-02-30",
    "昨天",
)


def dates() -> bytes:
    return workbook(("编号", "日期", "Q1"), *((f"S{i}", value, 1) for i, value in enumerate(DATES, 1)))


def phones() -> bytes:
    return workbook(
        ("编号", "电话", "Q1"),
        ("S1", 13800138001, 1),
        ("S2", "138 0013 8002", 1),
        ("S3", "'13800138003", 1),
        ("S4", "1.38E+10", 1),
        ("S5", 75512345678, 1),
    )


def title_total_signature() -> bytes:
    def dress(sheet: Worksheet) -> None:
        for merged in ("A1:E1", "A2:A3", "B2:B3", "C2:E2"):
            sheet.merge_cells(merged)

    return workbook(
        ("2013年幸福社区满意度调查表", None, None, None, None),
        ("编号", "社区", "满意度", None, None),
        (None, None, "Q1", "Q2", "Q3"),
        *((f"S{i}", "一社区", 1 + i % 5, 1, 2) for i in range(1, 6)),
        ("合计", None, 15, 5, 10),
        ("填表人：张三  审核人：李四", None, None, None, None),
        dress=dress,
    )


def hidden() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "数据"
    for row in (("编号", "Q1", "Q2"), *((f"S{i}", i, i) for i in range(1, 5))):
        sheet.append(row)
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["C"].hidden = True
    for name, state in (("旧数据", "hidden"), ("核对", "veryHidden")):
        other = book.create_sheet(name)
        other.append(("编号", "Q1", "Q2"))
        other.append(("X", 1, 1))
        other.sheet_state = state
    return saved(book)


def duplicate_headers() -> bytes:
    return workbook(("编号", "Q1", "Q1", "Q1 ", None, None, "Q２"), ("S1", 1, 2, 3, 4, 5, 1), ("S2", 1, 2, 3, 4, 5, 1))


def vertical_merge() -> bytes:
    return workbook(
        ("社区", "编号", "Q1"),
        ("一社区", "S1", 1),
        (None, "S2", 2),
        (None, "S3", 3),
        dress=lambda sheet: sheet.merge_cells("A2:A4"),
    )


#: row → cell in column B
VALUES: tuple[Any, ...] = (
    5,
    4,
    3,
    2,
    4.5,
    0,
    6,
    -1,
    99,
    "非常满意",
    1,
    "很满意",
    True,
    "√",
    "拒答",
    "5分",
    "拒答",
)


def values() -> bytes:
    return workbook(("编号", "Q1"), *((f"S{i}", value) for i, value in enumerate(VALUES, 2)))


def identities() -> bytes:
    return workbook(
        ("编号", "Q1", "Q2"),
        ("SH1", 1, 1),
        ("SH1", 1, 1),
        ("SH1", 2, 1),
        ("sh１", 1, 1),
        ("1", 1, 1),
        ("001", 2, 2),
    )


def blank_rows() -> bytes:
    blank = (None, None, None)
    return workbook(("编号", "Q1", "Q2"), ("S1", 1, 1), blank, blank, ("S2", 2, 2), (" ", None, ""), ("S3", 3, 3))


def many_sheets() -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(("填表说明：请逐格填写",))
    for name, item in (("一社区", "Q1"), ("二社区", "Q2")):
        sheet = book.create_sheet(name)
        sheet.append(("编号", item))
        sheet.append((f"{name}1", 1))
    return saved(book)


def offset() -> bytes:
    """The table starts at C5; Q1 of the second response, D7, says 9."""

    def dress(sheet: Worksheet) -> None:
        for row, cells in enumerate((("编号", "Q1", "Q2"), ("S1", 1, 1), ("S2", 9, 2)), 5):
            for column, value in enumerate(cells, 3):
                sheet.cell(row, column, value)

    return workbook(dress=dress)


def dressed() -> bytes:
    def dress(sheet: Worksheet) -> None:
        sheet["E2"].fill = PatternFill("solid", fgColor="FFCCFFCC")
        sheet["E2"].comment = Comment("我再核实", "张三")

    return workbook(("编号", "社区", "Q1", "Q2", "Q3"), ("S1", "一社区", 1, 1, 9), dress=dress)


def dates_1904() -> bytes:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    sheet.title = "数据"
    sheet.append(("编号", "日期", "Q1"))
    sheet.append(("S1", datetime(2013, 5, 6), 1))
    return saved(book)


SHEETS: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "c01": ("c01.xlsx", full_width),
    "c02": ("c02.xlsx", spaces),
    "c03": ("c03.xlsx", thousands),
    "c04": ("c04.xlsx", dates),
    "c05": ("c05.xlsx", phones),
    "c06": ("c06.xlsx", title_total_signature),
    "c07": ("c07.xlsx", hidden),
    "c08": ("c08.xlsx", duplicate_headers),
    "c09": ("c09.xlsx", vertical_merge),
    "c10": ("c10.xlsx", values),
    "c11": ("c11.xlsx", identities),
    "c12": ("c12.xlsx", blank_rows),
    "c13": ("c13.xlsx", many_sheets),
    "c14": ("c14.xlsx", offset),
    "c15": ("c15.xlsx", dressed),
    "c16": ("c16.xlsx", dates_1904),
}
