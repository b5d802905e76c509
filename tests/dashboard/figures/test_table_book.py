"""A table for people: headings and codes in words, money and shares as such, on A4, and said where it is invented."""

from io import BytesIO

import openpyxl
import pandas as pd

from dashboard.data.files import table
from dashboard.figures.table_book import SHEET, Shown, people_book
from survey.core.columns import CODE, FLAG, NUMBER, SHARE, TEXT, WHOLE, Column, columns

COLUMNS = columns(
    Column("year", WHOLE),
    Column("community", TEXT),
    Column("payer", CODE),
    Column("amount", NUMBER),
    Column("share", SHARE),
    Column("unstated", FLAG),
)
FRAME = pd.DataFrame(
    {
        "year": [2014, 2014],
        "community": ["=1+1", "很长的名称" * 30],
        "payer": ["district", None],
        "amount": [75000.5, None],
        "share": [0.25, None],
        "unstated": [True, False],
    }
)


def opened(**more):
    shown = Shown("zh", "2014 奖励/明细", COLUMNS, ("amount",), {"payer": lambda one: f"<{one}>"}, **more)
    return openpyxl.load_workbook(BytesIO(people_book(FRAME, shown))).worksheets[0]


def test_headings_codes_and_flags_are_words_and_numbers_have_their_formats():
    sheet = opened()
    rows = [[c.value for c in row] for row in sheet.iter_rows()]
    top = next(i for i, row in enumerate(rows) if row[0] == "年度")
    assert rows[top] == ["年度", "社区", "承担方", "金额（元）", "比例", "未写明"]
    assert rows[top + 1] == [2014, "=1+1", "<district>", 75000.5, 0.25, "是"]
    formats = [c.number_format for c in sheet[top + 2]]
    assert (formats[3], formats[4]) == ("#,##0.00", "0.0%")
    assert sheet.cell(top + 2, 2).data_type == "s"


def test_it_prints_across_a4_at_a_readable_size_and_keeps_its_heading():
    sheet = opened()
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sum((d.max - d.min + 1) * d.width for d in sheet.column_dimensions.values()) <= SHEET + 8
    assert sheet.freeze_panes
    assert sheet.auto_filter.ref


def test_invented_data_and_what_was_left_out():
    sheet = opened(sample=True, left_out=("year",), notes=["说明"])
    said = [row[0].value for row in sheet.iter_rows(max_row=5)]
    assert "示例数据：社区、居民和数值均为虚构" in said
    assert "说明" in said
    assert "年度" not in [c.value for row in sheet.iter_rows() for c in row]


def test_an_empty_table_and_one_that_comes_back_with_its_columns():
    assert people_book(FRAME.iloc[:0], Shown("en", "t", COLUMNS))
    name, data, _ = table("t", FRAME, "xlsx")
    assert name == "t.xlsx"
    assert [c.value for c in next(openpyxl.load_workbook(BytesIO(data)).active.iter_rows())] == [*FRAME.columns]
