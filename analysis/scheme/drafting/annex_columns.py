"""Where the table of an annex stands in a sheet, and what each of its columns holds, by the words over it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey.files.own_workbooks import header_key, plain_text
from survey.files.readers.sheet import Sheet

#: rows from the top in which a header is looked for, and how many rows it may have
_DEPTH, _HEADER_ROWS = 30, 3
_WHO = r"(?:测评|考评|考核|评价|评估|检查|评审|验收)"
#: kind → what a column of it is called, the first that fits counts
_KINDS: Mapping[str, re.Pattern[str]] = {
    kind: re.compile(words)
    for kind, words in {
        "serial": r"序号|序|№|no\.?|number|号",
        "code": r"(?:指标)?(?:编号|代码|编码)|code",
        "points": r"(?:标准|基准|基本|目标|指标|参考|满分|权重|考核|测评|总)?(?:分值|满分|分数|配分|权重|标准分|基准分|权重分|总分)(?:标准|权重)?|分|标准分|points?",
        "scoring": rf".*(?:评分|计分|打分|扣分|得分|记分|赋分)(?:及扣分)?(?:办法|方法|标准|细则|规则|说明|依据|要点)|{_WHO}(?:办法|细则|标准)|办法|标准|scoring",
        "text": rf"(?:{_WHO}|指标|具体|主要|工作|目标)*(?:内容|要求|说明|释义|内涵|解释|依据|任务)(?:及要求|和要求|及标准|与标准)?|content",
        "methods": rf"{_WHO}?(?:调查)?(?:方法|方式|形式|手段|途径)|methods?",
        "office": rf"(?:{_WHO}|责任|牵头|主管|配合|实施|负责|主办|承办)(?:责任)?(?:科室|部门|单位|人|主体|处室|办)|科室|部门|office",
        "unit": r"(?:计量)?单位|unit",
        "dimension": rf"(?:{_WHO}|社区|基础|所属)*(?:类型|类别|维度|板块|模块|领域)|型|感|五型|五感|dimension",
        "name": rf"[一二三四1234ⅠⅡⅢ]+级(?:指标|项目|目录|分类)?(?:名称)?|(?:{_WHO})?(?:项目|指标|要素|要点|观测点|类目|子项|小项|大项)(?:名称)?|名称|indicators?",
        "remark": r"备注|说明|注|remarks?|notes?",
    }.items()
}
#: columns that are typed in at an evaluation and are empty in an annex
_SCORED = re.compile(r".*(?:自评|实得|得分|评分|扣分|核定|复核|打分).*")
#: columns that a table of an annex has at least, one of each group
_NEEDED = (("points", "scoring"), ("name", "text"))


def plain(value: Any) -> str:
    """A cell as it is compared: full width folded, white space removed."""
    return "".join(unicodedata.normalize("NFKC", plain_text(value)).split())


def header_kind(text: str) -> str:
    """What a column under these words holds; ``''`` where they say nothing known."""
    key = re.sub(r"[(\[【].*?[)\]】]|[:*]", "", header_key(text))
    found = next((kind for kind, words in _KINDS.items() if words.fullmatch(key)), "")
    return found or ("scored" if _SCORED.fullmatch(key) else "")


@dataclass(frozen=True)
class AnnexTable:
    """The table in a sheet: ``kinds`` of its columns, the first row below its header, the texts of the header by column.

    Rows and columns are indices into ``sheet.rows``; ``titles`` are the rows above the header.
    """

    sheet: Sheet
    first: int
    kinds: Mapping[int, str]
    header: Mapping[int, str]
    titles: tuple[str, ...] = ()

    def columns(self, kind: str) -> list[int]:
        """The columns of a kind, left to right."""
        return [column for column, known in self.kinds.items() if known == kind]

    @property
    def points_below(self) -> bool:
        """Whether a cell under a column of points holds a number."""
        rows = self.sheet.rows[self.first :]
        cells = (plain(row[column]) for row in rows for column in self.columns("points") if column < len(row))
        return any(re.fullmatch(r"\d+(?:\.\d+)?分?", cell) for cell in cells)

    def going_on(self, sheet: Sheet) -> AnnexTable:
        """The same table on the next sheet, without a header of its own."""
        return AnnexTable(sheet, 0, self.kinds, self.header)


class Cells:
    """The cells of a sheet with what a merged range says for each of its rows and columns."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.ranges: dict[tuple[int, int], tuple[int, int, int, int]] = {}
        for top, left, bottom, right in sheet.merged:
            one = (top - sheet.top, left - sheet.left, bottom - sheet.top, right - sheet.left)
            for row in range(max(one[0], 0), one[2] + 1):
                self.ranges.update(dict.fromkeys(((row, column) for column in range(one[1], one[3] + 1)), one))

    def value(self, row: int, column: int) -> Any:
        """The cell, or the first one of the range that it lies in."""
        one = self.ranges.get((row, column))
        row, column = (one[0], one[1]) if one else (row, column)
        cells = self.sheet.rows[row] if row < len(self.sheet.rows) else ()
        return cells[column] if column < len(cells) else None

    def text(self, row: int, column: int) -> str:
        """The same as text, lines kept."""
        return plain_text(self.value(row, column))

    def begins(self, row: int, column: int) -> bool:
        """Whether the cell is no further row of a merged range."""
        one = self.ranges.get((row, column))
        return one is None or one[0] == row

    def width(self, row: int, column: int) -> int:
        """How many columns it spans."""
        one = self.ranges.get((row, column))
        return one[3] - one[1] + 1 if one else 1

    def filled(self, row: int) -> list[int]:
        """Columns with something of their own in this row."""
        return [column for column, value in enumerate(self.sheet.rows[row]) if plain_text(value)]


def find_table(sheet: Sheet) -> AnnexTable | None:
    """The table under the rows that name most columns of an annex; None where no rows do."""
    cells = Cells(sheet)
    best: tuple[int, int, int] = (0, 0, 0)
    for depth in range(1, _HEADER_ROWS + 1):
        for row in range(max(min(len(sheet.rows), _DEPTH) - depth + 1, 0)):
            known = _kinds(cells, row, depth)
            found = len([kind for kind in known.values() if kind])
            if found > best[0] and all(set(group) & set(known.values()) for group in _NEEDED):
                best = (found, row, depth)
    found, row, depth = best
    if not found:
        return None
    bottom = max(
        [row + depth - 1]
        + [
            one[2]
            for place, one in cells.ranges.items()
            if row <= place[0] < row + depth and one[2] < row + _HEADER_ROWS
        ]
    )
    while bottom + 1 < len(sheet.rows) and bottom - row + 1 < _HEADER_ROWS and _is_header(cells, bottom + 1):
        bottom += 1
    kinds = _kinds(cells, row, bottom - row + 1)
    header = {column: _texts(cells, row, bottom - row + 1, column)[-1] for column in kinds}
    titles = tuple(text for above in range(row) if (text := _one(cells, above)))
    return AnnexTable(sheet, bottom + 1, _put_right(cells, bottom + 1, kinds), header, titles)


def _one(cells: Cells, row: int) -> str:
    return " ".join(cells.text(row, column) for column in cells.filled(row))


def _texts(cells: Cells, row: int, depth: int, column: int) -> list[str]:
    """The words over a column, top first, each once."""
    found = (cells.text(one, column) for one in range(row, row + depth))
    return list(dict.fromkeys(text for text in found if text)) or [""]


def _kinds(cells: Cells, row: int, depth: int) -> dict[int, str]:
    """Column → kind: the lowest words that say one."""
    width = len(cells.sheet.rows[row]) if row < len(cells.sheet.rows) else 0
    kinds = {}
    for column in range(width):
        texts = _texts(cells, row, depth, column)
        if texts != [""]:
            kinds[column] = next((kind for text in reversed(texts) if (kind := header_kind(text))), "")
    return kinds


def _is_header(cells: Cells, row: int) -> bool:
    """Whether a row below the header's first one goes on with it: nothing in it but words over columns."""
    filled = cells.filled(row)
    return bool(filled) and all(header_kind(cells.text(row, column)) for column in filled)


def _put_right(cells: Cells, first: int, kinds: Mapping[int, str]) -> dict[int, str]:
    """Kinds that only the cells below or the other columns tell: a score to fill in, two columns of one kind."""
    right = dict(kinds)
    for column, kind in kinds.items():
        values = [cells.text(row, column) for row in range(first, len(cells.sheet.rows))]
        if kind in ("scoring", "points") and not any(values):
            right[column] = "scored"
        if kind == "unit" and any(re.fullmatch(r".+(?:办|科|所|局|中心|室)", value) for value in values):
            right[column] = "office"
    if "scoring" in right.values():
        return right
    standards = [c for c, kind in right.items() if kind == "text" and re.search(r"标准|办法", cells.text(first - 1, c))]
    return {**right, **({standards[-1]: "scoring"} if standards and len(standards) > 1 else {})}


def is_repeated(cells: Cells, row: int, header: Mapping[int, str]) -> bool:
    """Whether a row is the header once more, as on every printed page."""
    said: Sequence[str] = [plain(cells.text(row, column)) for column in cells.filled(row)]
    known = {plain(text) for text in header.values()}
    return len(said) > 1 and all(text in known for text in said)
