"""Rows that the sheet itself calls void: 否 under 是否有效, 作废 under 备注.  They are left out, and that is asked once."""

from __future__ import annotations

import re

import numpy as np

from survey.core.cells import answer_key, clean
from survey.files.own_workbooks import header_key
from survey.files.readers.distinct_values import columns_of
from survey.form.model import Questionnaire
from survey.matching.matched_sheet import Matched

#: the question about rows that are called void, and why they are skipped
VOID = "intake.void_rows"
#: headers that ask whether a row counts, and whether it does not
_COUNTS = re.compile(
    r"(?:是否)?(?:有效|合格|可用|采用|采纳|通过|计入|入库)(?:性|问卷|答卷|样本|与否|否)*|(?:问卷|答卷|样本|审核|质检|复核|核查)(?:是否)?(?:有效性?|合格|通过|结果|状态|质量|情况)|valid|is ?valid"
)
_DROPS = re.compile(r"(?:是否)?(?:作废|废卷|废弃|剔除|无效|删除)(?:问卷|答卷|样本|与否|否)*|invalid|void|excluded?")
_NO = frozenset({"否", "不", "n", "no", "false", "0", "×", "x", "✗"})
_YES = frozenset({"是", "y", "yes", "true", "1", "√", "✓", "✔"})
#: what a cell says of its row
_SAID = re.compile(
    r"[(\[【]?(?:此|本|该)?(?:问?卷|行|份|条|答卷|样本|记录)?(?:已|系|为|属|标记)?(?:作废|废卷|废弃|剔除|无效|不合格|不通过|未通过|不采用|不采纳|不计入|不计)(?:的)?(?:问?卷|答卷|样本|记录|数据|处理)?(?:[,;。、:(].{0,20})?[)\]】]?|void|invalid|rejected|excluded"
)
#: cells of a column that may say so, and rows of it: half of the sheet is no waste
MOST_KINDS, SHARE = 50, 0.5
#: characters of a cell that may say so, and different cells of a column of remarks that are looked at
LONGEST, LOOKED = 40, 5000


def without_void_rows(matched: Matched, form: Questionnaire) -> Matched:
    """The sheet without the rows that one of its own columns calls void, and the question about them."""
    roles = {c.index: form.question(c.question) for c in matched.columns if c.question}
    looked = [c for c in matched.columns if not c.meaning and (c.index not in roles or _remarks(roles[c.index].coding))]
    looked = [c for c in looked if c.index not in roles or not roles[c.index].role]
    cells = columns_of(matched.sheet.rows, matched.first, [c.index for c in looked])
    n = max(len(matched.sheet.rows) - matched.first, 0)
    void = np.zeros(n, dtype=bool)
    told: list[tuple[str, str]] = []
    for column in looked:
        kept, key = cells[column.index], header_key(column.header)
        own = column.index not in roles
        if len(kept.values) > MOST_KINDS and not own:
            continue
        counts, drops = own and bool(_COUNTS.fullmatch(key)), own and bool(_DROPS.fullmatch(key))
        said = [
            place
            for place, value in enumerate(kept.values[: None if counts or drops else LOOKED])
            if _is_void(value, counts=counts, drops=drops)
        ]
        mine = np.isin(kept.codes, said)
        if said and mine.any() and mine.sum() < SHARE * n:
            void |= mine
            told.append((column.header, clean(kept.values[int(kept.codes[np.flatnonzero(mine)[0]])])))
    header, word = told[0] if told else ("", "")
    return matched.without(void, VOID, header=header, word=word[:20])


def _remarks(coding: str) -> bool:
    return coding == "text"


def _is_void(value: object, *, counts: bool, drops: bool) -> bool:
    if isinstance(value, str) and len(value) <= LONGEST and _SAID.fullmatch(answer_key(value)):
        return True
    return (counts and answer_key(value) in _NO) or (drops and answer_key(value) in _YES)
