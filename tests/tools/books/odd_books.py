"""Workbooks as people make them, with everything in them that an annotated copy must keep."""

from __future__ import annotations

from io import BytesIO

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

USER_FILL = "FFCCFFCC"


def dressed(rows: int = 6, *, formulas: bool = True) -> bytes:
    """编号, 社区, 年度, 办事方便, 环境卫生 on the sheet ``数据``, and all that openpyxl can keep."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "数据"
    page.append(["编号", "社区", "年度", "办事方便", "环境卫生", "合计"])
    for i in range(1, rows + 1):
        page.append([str(i), "甲社区", 2014, "满" if i == 2 else "满意", 1 + i % 5, f"=E{i + 1}*2" if formulas else i])
    page["B3"].fill = PatternFill("solid", fgColor=USER_FILL)
    page["D3"].comment = Comment("我再核实", "张三")
    page["E2"].comment = Comment("别动", "张三")
    page["A4"].value = CellRichText("3", TextBlock(InlineFont(b=True), "（补）"))
    page["A5"].value = "=1+1"
    page["A5"].data_type = "s"
    page.column_dimensions["D"].width = 33
    choice = DataValidation("list", formula1='"满意,不满意"')
    choice.add("D2:D99")
    page.add_data_validation(choice)
    page.conditional_formatting.add("E2:E99", CellIsRule("greaterThan", ["4"], fill=PatternFill(bgColor="FF0000")))
    page.freeze_panes = "A2"
    chart = BarChart()
    chart.add_data(Reference(page, min_col=5, min_row=1, max_row=rows + 1))
    page.add_chart(chart, "H2")
    page.merge_cells("B7:C7")
    other = book.create_sheet("说明 '1'")
    other["A1"] = "不要改"
    out = BytesIO()
    book.save(out)
    return out.getvalue()
