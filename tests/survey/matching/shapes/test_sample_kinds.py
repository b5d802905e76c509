"""A file that says what kind of sample it is: taken where nobody said one, asked about where it says another or several."""

from __future__ import annotations

import pytest

from survey.coding.options import ImportOptions
from survey.decisions.carried_out import Decision
from survey.intake.answers import commit, inspect
from survey.intake.sample_told import OTHER, TOLD
from survey.store import Store
from survey.store.intake import questionnaires, responses
from survey.store.year import register
from tests.tools.forms import form

HEADER = "编号,社区,年度,办事方便,环境卫生,{}\n"


@pytest.fixture
def ready(sqlite_store: Store) -> Store:
    with sqlite_store.write() as conn:
        register.save(conn, [register.Community("C1", "甲社区", ("甲",))])
        questionnaires.add(conn, "q", form())
    return sqlite_store


def look(store, *kinds, header="sample_type", said=False, sample_type="probability", decisions=()):
    rows = "".join(f"{i},甲,2014,{1 + i % 5},{1 + i % 4},{kind}\n" for i, kind in enumerate(kinds, 1))
    options = ImportOptions("q", sample_said=said, sample_type=sample_type, mode="paper", decisions=decisions)
    return inspect(store, "表.csv", (HEADER.format(header) + rows).encode(), options)


def told(inspection):
    return [(f.code, f.level) for f in inspection.findings if f.code in (TOLD, OTHER)]


@pytest.mark.parametrize(
    ("header", "word", "kind"),
    [("sample_type", "quota", "quota"), ("样本类型", "配额", "quota"), ("Sample type", "Open", "open")],
)
def test_one_kind_is_taken_where_nobody_said_one(ready, header, word, kind):
    found = look(ready, word, word, "", header=header)
    assert told(found) == [(TOLD, "note")]
    assert "intake.columns_ignored" not in {f.code for f in found.findings}
    commit(ready, found)
    with ready.read() as conn:
        block = responses.load(conn, questionnaires.get(conn, "q"))
    assert set(block.design["sample_type"]) == {kind}


def test_another_kind_than_was_said_is_a_question(ready):
    assert told(look(ready, "quota", "quota", said=True)) == [(OTHER, "ask")]
    assert told(look(ready, "quota", "quota", said=True, sample_type="quota")) == [(TOLD, "note")]


def test_several_kinds_are_one_question_with_their_rows(ready):
    found = look(ready, "quota", "probability", "probability")
    (question,) = [f for f in found.findings if f.code == OTHER]
    assert question.params["kinds"]["zh"] == "随机抽样 2 行、配额 1 行"
    assert question.params["kinds"]["en"] == "random in 2 rows, quota in 1 row"
    assert question.level == "ask"
    assert told(look(ready, "quota", "probability", decisions=(Decision("confirm", code=OTHER, sheet="表"),))) == [
        (OTHER, "note")
    ]


def test_other_words_are_no_kinds_of_samples(ready):
    found = look(ready, "quota", "A 类")
    assert told(found) == []
    assert "intake.columns_ignored" in {f.code for f in found.findings}
