"""Answers to questionnaires that were made for Kobo: what is kept, what is taken in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from survey.coding.options import ImportOptions
from survey.form.workbook.reading import read_questionnaire
from survey.intake.answers import commit, inspect
from survey.store import Store
from survey.store.intake import questionnaires, responses
from survey.store.year import register
from tests.tools.books.form_books import workbook

SCALE = [("list_name", "name", "label"), ("sat", "1", "满意"), ("sat", "2", "不满意"), ("sat", "NA", "不适用")]
HEAD = ("type", "name", "label")
START = [("text", "no", "编号"), ("text", "place", "社区")]
FORMS: dict[str, tuple[list[Any], list[Any]]] = {
    "na": ([HEAD, *START, ("select_one sat", "A1", "办事"), ("text", "T", "说明")], SCALE),
    "path": (
        [
            HEAD,
            *START,
            *(("begin group", "paper", "书面"), ("select_one sat", "A1", "办事"), ("end group", "", "")),
            *(("begin group", "phone", "电话"), ("select_one sat", "A1", "办事"), ("end group", "", "")),
        ],
        SCALE,
    ),
    "repeat": (
        [
            *(HEAD, *START, ("begin repeat", "kin", "家人"), ("select_one sat", "K1", "办事"), ("end repeat", "", "")),
            ("select_one sat", "A1", "您呢"),
        ],
        SCALE,
    ),
}


def stored(store: Store, name: str, text: str) -> Any:
    form, findings = read_questionnaire("f.xlsx", workbook(*FORMS[name]))
    assert form is not None, findings
    with store.write() as conn:
        register.save(conn, [register.Community("C1", "东园社区")])
        questionnaires.add(conn, name, form)
    options = ImportOptions(name, year=2026, community="东园社区")
    commit(store, inspect(store, "a.csv", text.encode(), options))
    with store.read() as conn:
        return responses.load(conn, questionnaires.get(conn, name))


@pytest.mark.parametrize(
    ("name", "text", "codes"),
    [
        ("na", "no,A1,T\n1,NA,NA\n2,1,好\n", [[2, -1], [0, 0]]),
        ("path", "no,paper/A1,phone/A1\n1,1,2\n2,NA,\n", [[0, 1], [2, -1]]),
        ("repeat", "no,K1,A1\n1,2,1\n2,1,2\n", [[0], [1]]),
    ],
)
def test_answers_are_counted_as_the_form_says(store: Store, name: str, text: str, codes: list[list[int]]) -> None:
    block = stored(store, name, text)
    assert np.array_equal(block.codes[:, 2:], codes)
