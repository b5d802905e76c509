"""Rows that call themselves tests: test1 as the number, 测试 as the name, 测试数据，请忽略 as the remark.  They are left out, and
that is asked once."""

from __future__ import annotations

import re

import numpy as np

from survey.core.cells import answer_key
from survey.files.readers.distinct_values import columns_of
from survey.form.model import Questionnaire
from survey.matching.matched_sheet import Matched

#: the question about rows that call themselves tests, and why they are skipped
TRIAL = "intake.trial_rows"
_WORD = r"(?:测试|试填|试答|试做|试录|样例|演示|调试|ceshi|test|testing|demo|trial)"
_THING = (
    r"(?:数据|问?卷|答卷|记录|样本|条目|信息|内容|人员|用户|账号|员|者|人|用|行|一下|而已|data|user|row|entry|record)"
)
#: a name, a number or a remark that calls its row a test
_SAID = re.compile(
    rf"[(\[【<]?(?:我|这|此|本|该|以上|以下)?(?:问?卷|行|份|条|答卷|样本|记录|数据)?(?:只|仅)?(?:是|为|系|属|供|用于|做|作)?(?:系统|功能|内部|上线|链接|后台|扫码)?"
    rf"{_WORD}{{1,3}}{_THING}{{0,2}}[ _\-#.]*\d{{0,4}}号?[!.]?"
    r"(?:[ ,;。、:(!~-]*(?:请|可|勿|不|忽略|删|作废|无效|please|ignore|delete|do not|don't|not).{0,24})?[)\]】>]?"
)
#: a number that does so within: D-test-01, 2026测试3
_NUMBER = re.compile(rf"[a-z]{{0,3}}\d{{0,6}}[ _\-#.]?{_WORD}[ _\-#.]?[a-z]?\d{{0,6}}")
_HINT = re.compile(r"测试|试[填答做录]|样例|演示|调试|ceshi|[tｔ][eｅ][sｓ][tｔ]|demo|trial", re.IGNORECASE)
#: characters of a cell that may say so, and the share of a sheet's rows that a column of remarks may call so
LONGEST, SHARE = 40, 0.5


def without_trial_rows(matched: Matched, form: Questionnaire) -> Matched:
    """The sheet without the rows that call themselves tests by number, name or remark, and the question about them."""
    asked = {c.index: form.question(c.question) for c in matched.columns if c.question}
    looked = [c for c in matched.columns if not c.meaning and c.how != "calls"]
    looked = [
        c
        for c in looked
        if c.index not in asked
        or asked[c.index].role in ("respondent", "interviewer")
        or (asked[c.index].coding == "text" and not asked[c.index].role)
    ]
    cells = columns_of(matched.sheet.rows, matched.first, [c.index for c in looked])
    n = max(len(matched.sheet.rows) - matched.first, 0)
    trial, word = np.zeros(n, dtype=bool), ""
    for column in looked:
        kept = cells[column.index]
        texts = kept.values if kept.plain else [v for v in kept.values if isinstance(v, str) and len(v) <= LONGEST]
        if not _HINT.search("\n".join(texts)):
            continue  # one look through the whole column: hardly any names a test, and no hint reaches over a line
        number = column.index in asked and asked[column.index].role == "respondent"
        said = [i for i, value in enumerate(kept.values) if _is_trial(value, number=number)]
        if not said:
            continue
        mine = np.isin(kept.codes, said)
        if mine.any() and (mine.sum() < SHARE * n or (number and not mine.all())):
            trial |= mine
            word = word or str(kept.values[int(kept.codes[np.flatnonzero(mine)[0]])]).strip()
    return matched.without(trial, TRIAL, word=word[:20])


def _is_trial(value: object, *, number: bool) -> bool:
    if not isinstance(value, str) or len(value) > LONGEST or not _HINT.search(value):
        return False
    key = answer_key(value)
    return bool(_SAID.fullmatch(key) or (number and _NUMBER.fullmatch(key)))
