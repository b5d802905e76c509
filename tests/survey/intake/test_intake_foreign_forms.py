"""Answers to questionnaires that were made for Kobo: what is kept, what is taken in; whatever is asked and answered comes back
equal from the store, in every format (``make soak`` draws many more examples)."""

from __future__ import annotations

from itertools import count
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from survey.coding.options import ImportOptions
from survey.form.workbook.reading import read_questionnaire
from survey.intake.answers import commit, inspect
from survey.store import Store
from survey.store.intake import questionnaires, responses
from survey.store.year import register
from tests.tools.books.form_books import workbook
from tests.tools.rounds.round_forms import Round, expected, read_back, rounds
from tests.tools.rounds.round_writers import WRITERS
from tests.tools.soak import examples

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


# ── Drawn questionnaires and answers, written in every format and read back

SOME = examples(2)
_numbers = count(1)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    store = Store.open(tmp_path_factory.mktemp("rounds") / "store.db", create=True)
    with store.write() as conn:
        register.save(conn, [register.Community("1", "一社区")])
    yield store
    store.close()


def imported(store: Store, made: Round, writer: str):
    name = f"q{next(_numbers)}"
    with store.write() as conn:
        questionnaires.add(conn, name, made.form)
    file, data, said = WRITERS[writer](made)
    inspection = inspect(store, file, data, ImportOptions(name, year=2014, community="一社区", **said))
    wrong = [f"{f.where} {f.word('zh')}" for f in inspection.findings if f.level != "note"]
    assert not wrong, wrong
    receipt = commit(store, inspection)
    assert (receipt.stored, receipt.partial) == (len(made.rows), False), receipt
    with store.read() as conn:
        return responses.load(conn, questionnaires.get(conn, name))


@pytest.mark.property
@pytest.mark.parametrize("writer", WRITERS)
def test_answers_come_back_equal(home, writer):
    @SOME
    @given(made=rounds())
    def holds(made: Round) -> None:
        block = imported(home, made, writer)
        for question in made.asked:
            wanted = [expected(question, row[question.name]) for row in made.rows]
            assert read_back(block, made.form, question) == wanted, question

    holds()
