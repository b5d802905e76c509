"""Where the header of a sheet stands of which nothing is known."""

from __future__ import annotations

from typing import Any

import pytest

from survey.drafting.sheet_layout import answers_in, header_rows
from survey.files.readers.sheet import Sheet

BODY = [(i, "满意" if i % 2 else "一般", "公园") for i in range(8)]


def sheet(*rows: tuple[Any, ...], name: str = "表") -> Sheet:
    return Sheet("a.xlsx", name, [list(row) for row in rows])


@pytest.mark.parametrize(
    ("head", "rows"),
    [
        ([("编号", "卫生", "常去")], (0,)),
        ([("某街道问卷", None, None), ("编号", "卫生", "常去")], (1,)),
        ([("id", "a1", "b1"), ("编号", "卫生如何", "常去哪里")], (0, 1)),
        ([("编号", "满意吗", None), (None, "卫生", "绿化")], (0, 1)),
        ([], ()),
    ],
)
def test_header_rows(head: list[tuple[Any, ...]], rows: tuple[int, ...]) -> None:
    body = BODY if head else [(i, i + 1, i + 2) for i in range(8)]
    assert header_rows(sheet(*head, *body)) == rows


def test_the_sheet_with_most_answers_is_taken() -> None:
    small = sheet(("编号", "卫生", "常去"), *BODY[:2], name="说明")
    large = sheet(("编号", "卫生", "常去"), *BODY, name="数据")
    assert answers_in("a.xlsx", [small, large]).sheet.name == "数据"
