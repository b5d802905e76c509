"""Rows of a hand-made sheet that nobody answered: examples, instructions below the header, titles between blocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from survey.core.cells import clean
from survey.files.layouts.layout import ColumnLayout
from survey.files.readers.distinct_values import Cells
from survey.files.readers.sheet import Sheet

#: rows below the header that may be samples; they stand together, before the first response
FIRST_ROWS = 4
#: cells that must read like an instruction, of those that are filled
INSTRUCTED, SHARE = 2, 0.6
#: examples that one sheet has at most
MOST_EXAMPLES = 2
#: characters of a title; a longer text is a remark
TITLE_LENGTH = 60
#: rows with one text only that are looked at as titles
TITLES_SEEN = 1000

_WORD = r"(?:填写|填表)?(?:示例|样例|范例|例子|举例|样本|模板行)"
#: what a row begins with that shows how to fill in the others
_EXAMPLE = re.compile(
    rf"[\[(【<]?(?:{_WORD}.{{0,20}}|例 ?[:.、_-].{{0,20}}|例 ?\d{{1,3}}|例[\])】>].{{0,20}}|例|(?:example|sample|e\.g\.)[\W_\d].{{0,20}}"
    r"|example|sample|e\.g\.)",
    re.I,
)
#: a cell anywhere in such a row
_SAID_SO = re.compile(
    rf"[\[(【<]?(?:本行|此行|这是|以下|上行|仅供)?(?:为|是)?{_WORD}(?:行|数据|答卷)?[,;。:]?.{{0,12}}[\])】>]?|[\[(【<]?(?:本行|此行).{{0,6}}(?:勿删|删除).{{0,6}}"
    r"|[\[(【<](?:example|sample)\b.{0,20}",
    re.I,
)
_INSTRUCTION = re.compile(
    r".{0,6}[选择](?:[一二三1-3]|其一|多)[个项]?|(?:单选|多选|可多选).{1,16}|年[\-/. ]?月[\-/. ]?日"
    r"|(?:此[项列])?(?:必填|选填|必答|选答|单选|多选|可多选|可选|不必填|可不填|可空|非必填|自动生成|系统生成)(?:项|题)?(?:[,;、。:(].{0,30})?"
    r"|(?:请|勿|不要|不能|须|应|只能).{1,30}|.{0,6}(?:填写|输入|选择|从.{1,8}选|下拉|格式|整数|数字|文本|文字|字以内|不超过).{0,20}"
    r"|(?:如|例如|例|比如) ?[:.,、]?.{1,20}|周岁|岁|五级|五档|[3-9三五七十] ?[级档点分](?:量表|制)?"
    r"|\d{1,3} ?(?:-|~|–|—|至|到) ?\d{1,3} ?(?:分|岁|级|的?整数|之间)?|[^/|、]{1,8}(?:[/|、][^/|、]{1,8}){1,8}"
    r"|.{0,4}年.?月.?日?|y{2,4}.?m{1,2}.?d{1,2}|required|optional|text|number|integer|date|string|select.{0,30}|choose.{0,30}",
    re.I,
)

#: the third header row of Qualtrics
_IMPORT_ID = re.compile(r"\{\"ImportId\":.*\}", re.I)

#: what stands before the numbers of the columns, and what counts the columns that hold words
_COLUMN_WORD = re.compile(r"(?:栏|列|项目?|行)(?:次|号|序|目)|列序号|序号|no\.?|column", re.I)
_STEMS = "甲乙丙丁戊己庚辛壬癸"
#: numbers of columns at least, and more than the steps of any scale where nothing else tells
FEWEST_COUNTED, MOST_ANSWERS = 3, 11

Answers = Callable[[ColumnLayout, Any], bool]


def sample_rows(
    cells: Mapping[int, Cells],
    filled: npt.NDArray[Any],
    columns: Mapping[int, ColumnLayout],
    answers: Answers | None,
) -> dict[int, str]:
    """Row below the header → ``example``, ``instruction`` or ``column_numbers``.

    ``cells`` by column and ``filled`` (cells a row) from the first row below the header; ``columns`` mean a question.
    An instruction is a row of which no cell can be an answer while several say how one is given.
    """
    found: dict[int, str] = {}
    for row in np.flatnonzero(filled)[:FIRST_ROWS].tolist():
        said = {i: c[row] for i, c in sorted(cells.items()) if c[row] is not None}
        marks = {i: v for i, v in said.items() if _stands_alone(cells[i], row)}
        counted = _counts_columns(said, columns, answers)
        kind = "column_numbers" if counted else "example" if _is_example(said, marks) else ""
        kind = kind or _instruction(said, columns, answers)
        if not kind:
            break
        found[row] = kind
    if sum(kind == "example" for kind in found.values()) > MOST_EXAMPLES:  # it is how people are numbered
        found = {row: kind for row, kind in found.items() if kind != "example"}
    key = min(columns, default=None)
    if key is not None and key in cells:  # an example that stands elsewhere says so where others have their number
        found |= dict.fromkeys(_example_numbers(cells[key]), "example")
    return found


def _example_numbers(cells: Cells) -> list[int]:
    """Rows whose cell reads like the mark of an example; none where many do: then it is how people are numbered."""
    wanted = [i for i, v in enumerate(cells.values) if isinstance(v, str) and _EXAMPLE.fullmatch(clean(v))]
    rows = np.flatnonzero(np.isin(cells.codes, wanted)).tolist()
    return rows if len(rows) <= MOST_EXAMPLES and 3 * len(rows) <= len(cells) else []


def _stands_alone(cells: Cells, row: int) -> bool:
    """Whether a cell says what hardly another one of its column does: 示例社区 in every row is a community."""
    often = int(np.count_nonzero(cells.codes == cells.codes[row]))
    return often <= MOST_EXAMPLES and 3 * often <= len(cells)


def _is_example(said: Mapping[int, Any], marks: Mapping[int, Any]) -> bool:
    """``marks``: the cells of the row ``said`` that say what no others of their columns do."""
    first = marks.get(min(said, default=-1))
    begins = clean(first) if isinstance(first, str) else ""
    texts = [clean(v) for v in marks.values() if isinstance(v, str)]
    return bool(_EXAMPLE.fullmatch(begins)) or any(_SAID_SO.fullmatch(t) for t in texts)


def _counts_columns(said: Mapping[int, Any], columns: Mapping[int, ColumnLayout], answers: Answers | None) -> bool:
    """Whether a row only counts the columns: 1 2 3 … from left to right, 甲 乙 丙 before them, 栏次 or 列号 in front.

    Without 栏次 or 甲 it is one only where some number is no answer of its column, or beyond any scale.
    """
    texts = [clean(v).strip("()[]【】").removesuffix("栏") for _, v in sorted(said.items())]
    labels = [t for t in texts if _COLUMN_WORD.fullmatch(t)]
    letters = [t for t in texts if t in _STEMS]
    numbers = [t for t in texts if t.isdigit()]
    if len(numbers) < FEWEST_COUNTED or len(labels) > 1 or len(labels) + len(letters) + len(numbers) < len(texts):
        return False
    if texts != [*labels, *letters, *numbers] or letters != list(_STEMS[: len(letters)]):
        return False
    begin = int(numbers[0])
    if begin > 2 or [int(t) for t in numbers] != list(range(begin, begin + len(numbers))):
        return False
    if labels or letters:
        return True
    if answers is None:
        return len(numbers) > MOST_ANSWERS
    return any(not answers(columns[i], v) for i, v in said.items() if i in columns)


def _instruction(said: Mapping[int, Any], columns: Mapping[int, ColumnLayout], answers: Answers | None) -> str:
    texts = {i: clean(v) for i, v in said.items() if isinstance(v, str)}
    if texts and all(_IMPORT_ID.fullmatch(t) for t in texts.values()):
        return "instruction"
    told = sum(
        bool(_INSTRUCTION.fullmatch(t) or _INSTRUCTION.fullmatch(t.strip("()[]【】<>*＊ "))) for t in texts.values()
    )
    if told < max(INSTRUCTED, SHARE * len(said)):
        return ""
    if answers is not None and any(answers(columns[i], v) for i, v in said.items() if i in columns):
        return ""
    return "instruction"


def titles(sheet: Sheet, first: int, filled: npt.NDArray[Any], headers: Collection[int]) -> dict[int, str]:
    """Row (index into ``sheet.rows``) → its only text: titles above the header and between blocks of responses.

    ``headers``: rows of the header and its repetitions; ``filled``: cells a row from ``first`` on.
    """
    above = [row for row in range(min(first, len(sheet.rows))) if row not in headers]
    below = [row + first for row in np.flatnonzero(filled == 1)[:TITLES_SEEN].tolist()]
    found = {}
    for row in (*above, *below):
        texts = dict.fromkeys(text for v in sheet.rows[row] if v is not None and (text := clean(v)))
        text = next(iter(texts)) if len(texts) == 1 else " ".join(texts) if row < first else ""
        if text and len(text) <= TITLE_LENGTH and not text.replace(".", "").isdigit():
            found[row] = text
    return found
