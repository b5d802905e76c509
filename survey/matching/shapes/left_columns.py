"""Columns that nothing but their cells tells: the words of one question's choices, days, the numbers of people.

Everything here is proposed, with the file's other columns.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from survey.answers.values import choice_words, is_blank
from survey.core.cells import answer_key, as_datetime, as_number
from survey.files.own_workbooks import header_key
from survey.files.readers.distinct_values import Cells
from survey.form.header_words import BORN
from survey.form.model import Question, Questionnaire
from survey.matching.matched_sheet import ColumnMatch

#: share of a column's cells that must be what is looked for; different words of choices in it
FITTING, KINDS = 0.9, 2
#: header of the rows' own count, which may serve as the number of a respondent
IN_TURN = "序号"
#: how other headers of such numbers end, and those that number something else than people; share of the rows that must have a
#: number of their own
_NUMBERED = re.compile(r"(?:编号|编码|号码?|代码|序号|流水号|id号?|no\.?|number|code|#|№)(?:\(.{0,8}\))?$")
_OTHER_NUMBERS = re.compile(
    r"电话|手机|联系|身份证|证件|楼|栋|幢|单元|门牌|房|室|户号|社区|小区|街道|网格|邮|微信|qq|phone|tel|mobile|题|访员|调查员|录入"
)
OWN_NUMBER = 0.5
#: what a header of days says
_DAYS = ("日期", "时间", "date", "day")


def by_their_words(
    columns: Sequence[ColumnMatch],
    form: Questionnaire,
    held: Collection[str],
    cells: Mapping[int, Cells],
    blank: frozenset[str],
) -> dict[int, str]:
    """Column → the one question without a column (``held`` have one) of whose choices nearly all its cells are words; numbers
    are no words, and a list that several questions share tells none of them."""
    shared = [q.list_name for q in form.questions if q.choices]
    open_ = [
        q for q in form.questions if q.coding == "choice" and q.name not in held and shared.count(q.list_name) == 1
    ]
    found: dict[int, list[Question]] = {}
    for column in columns:
        found[column.index] = [q for q in open_ if not q.role and _are_words(cells[column.index], q, blank)]
    told = [qs[0].name for qs in found.values() if len(qs) == 1]
    return {i: qs[0].name for i, qs in found.items() if len(qs) == 1 and told.count(qs[0].name) == 1}


def _are_words(cells: Cells, question: Question, blank: frozenset[str]) -> bool:
    words = {k for k in choice_words(question) if as_number(k) is None}
    often = np.bincount(cells.codes[cells.codes >= 0], minlength=len(cells.values)).tolist()
    said = [(answer_key(v), n) for v, n in zip(cells.values, often, strict=True) if n and not is_blank(v, blank)]
    mine = {k for k, _ in said if k in words}
    fitting = sum(n for k, n in said if k in words)
    return len(mine) >= KINDS and fitting >= FITTING * sum(n for _, n in said)


def of_days(columns: Sequence[ColumnMatch], cells: Mapping[int, Cells]) -> ColumnMatch | None:
    """The one column under a word for days that holds days, of an interview and not of a birth."""
    named = [c for c in columns if any(w in header_key(c.header) for w in _DAYS)]
    named = [c for c in named if not any(w in header_key(c.header) for w in BORN)]
    told = [
        c for c in named if cells[c.index].values and all(as_datetime(v) is not None for v in cells[c.index].values)
    ]
    return told[0] if len(told) == 1 else None


def numbers_people(header: str, cells: Cells) -> bool:
    """Whether a header ends as one of numbers does (卷号, No., 样本ID) and most rows have one of their own."""
    if header == IN_TURN or not _NUMBERED.search(header) or _OTHER_NUMBERS.search(header):
        return False
    filled = int((cells.codes >= 0).sum())
    return filled >= FITTING * len(cells.codes) and len(cells.values) >= OWN_NUMBER * filled > 0


def once(cells: Cells) -> bool:
    """Whether a column says something in every row and nothing twice."""
    return (
        bool(len(cells.codes))
        and len(cells.values) == len(np.unique(cells.codes[cells.codes >= 0])) == (cells.codes >= 0).sum()
    )
