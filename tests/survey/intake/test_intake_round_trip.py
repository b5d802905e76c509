"""Whatever is asked and answered comes back equal from the store, in every format; damage stores all or nothing.

``make soak`` draws many more examples.
"""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given

from survey.coding.options import ImportOptions
from survey.intake.answers import commit, inspect
from survey.store import Store
from survey.store.intake import questionnaires, responses
from survey.store.year import register
from tests.tools.rounds.round_forms import Round, expected, read_back, rounds
from tests.tools.rounds.round_writers import WRITERS
from tests.tools.soak import examples

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
