"""Google Forms responses (also as a Google sheet saved as CSV or workbook): a time stamp first, items of a grid in square
brackets, the choices of one cell joined by a comma."""

from __future__ import annotations

import re

import numpy as np

from survey.core.cells import as_datetime
from survey.core.findings import Finding
from survey.files.layouts.layout import ColumnLayout, Layout, Platform, cells_of, header_texts, spellings, unique
from survey.files.own_workbooks import header_key
from survey.files.readers.sheet import Sheet

#: what stands over the first column, in the languages of our users
STAMPS = frozenset(map(header_key, ("时间戳记", "时间戳", "Timestamp")))
#: further columns of its own
FIXED = {
    **dict.fromkeys(map(header_key, ("电子邮件地址", "邮箱地址", "用户名", "Email Address", "Username")), "email"),
    **dict.fromkeys(map(header_key, ("得分", "分数", "总分", "Score")), "total_score"),
}
#: questions beside the time stamp, at least; stamps that must be moments
LEAST, MOMENTS = 2, 0.9
_ITEM = re.compile(r"(.*\S)\s*\[([^\[\]]+)\]", re.S)


def recognise(sheet: Sheet) -> Layout | None:
    """The layout of an export: a time stamp first that is a moment in nearly every row; else None."""
    if not len(sheet.rows):
        return None
    texts = header_texts(sheet, 0)
    filled = [i for i, text in enumerate(texts) if text]
    if len(filled) <= LEAST or header_key(texts[filled[0]]) not in STAMPS or not _moments(sheet, filled[0]):
        return None
    columns = [ColumnLayout(filled[0], (texts[filled[0]],), meaning="submitted")]
    for index in filled[1:]:
        meaning = FIXED.get(header_key(texts[index]), "")
        columns.append(
            ColumnLayout(index, (texts[index],), meaning=meaning) if meaning else _question(index, texts[index])
        )
    return Layout(
        platform="google_forms",
        sheet=sheet,
        header_rows=(0,),
        first=1,
        columns=tuple(columns),
        separator=",",
        findings=(Finding("platforms.is_google_forms", "note", "sheet", sheet=sheet.name),),
    )


def _moments(sheet: Sheet, index: int) -> bool:
    cells = cells_of(sheet, 1, index)
    often = np.bincount(cells.codes[cells.codes >= 0], minlength=len(cells.values))
    read = sum(int(n) for value, n in zip(cells.values, often, strict=True) if as_datetime(value) is not None)
    return bool(often.sum()) and read >= MOMENTS * int(often.sum())


def _question(index: int, full: str) -> ColumnLayout:
    grid = _ITEM.fullmatch(full)
    if grid is None:
        return ColumnLayout(index, unique((*spellings(full), full)))
    stems, items = spellings(grid[1]), spellings(grid[2].strip())
    joined = (f"{stem}/{item}" for stem in stems for item in items)
    return ColumnLayout(index, unique((*items, *joined, full)))


PLATFORM = Platform(("google_forms",), recognise, "web")
