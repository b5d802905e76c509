"""One list of header words, and every place that recognises a column follows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey.fieldwork.call_columns import call_columns
from survey.files.own_workbooks import header_key
from survey.form import header_words
from survey.form.default import default_questionnaire
from survey.matching.sheet_kinds import header_columns
from tests.tools.books.call_sheets import TABLE, sheet

SURVEY = Path(header_words.__file__).parents[1]
LISTS = {"community": header_words.COMMUNITY, "year": header_words.YEAR, "mode": header_words.MODE}


@pytest.mark.parametrize(("what", "word"), [(what, word) for what, words in LISTS.items() for word in words])
def test_a_sheet_of_any_kind_is_recognised_by_every_word(what: str, word: str):
    assert header_columns(sheet(["无关", word], ["", ""]), 0)[0] == {what: 1}


@pytest.mark.parametrize("word", header_words.DATE)
def test_a_date_is_recognised_by_every_word(word: str):
    assert header_columns(sheet(["无关", f" {word.upper()} "], ["", ""]), 0)[1] == (1,)


@pytest.mark.parametrize(
    ("what", "word"), [(what, word) for what, words in header_words.CALLS.items() for word in words]
)
def test_records_of_calls_are_recognised_by_every_word(what: str, word: str):
    other = "最终结果" if what != "outcome" else "无关"
    found = call_columns(sheet([word, other], ["完成", "完成"], ["拒访", "拒访"]), TABLE)
    assert found is not None
    assert found.columns[what] == 0


def test_the_default_questionnaire_goes_by_the_words_of_the_list():
    roles = default_questionnaire().roles
    aliased = {role: question.aliases for role, question in roles.items() if question.aliases}
    assert aliased == header_words.ALIASES


@pytest.mark.parametrize("what", ["community", "year"])
def test_what_the_default_questionnaire_takes_any_sheet_takes(what: str):
    question = default_questionnaire().roles[what]
    own = {question.name, "S3"}  # the code of the screening question, which no sheet of another form has
    assert {question.labels["zh"], *question.aliases} - own <= set(LISTS[what])


def test_no_word_stands_twice_in_its_list_or_means_two_columns_of_a_call():
    for words in (*LISTS.values(), header_words.DATE, *header_words.ALIASES.values()):
        assert len({header_key(w) for w in words}) == len(words)
    meant = [header_key(w) for words in header_words.CALLS.values() for w in words]
    assert len(set(meant)) == len(meant)


def test_there_is_no_second_list():
    """Words that only such a list has stand in no other module of the way in."""
    files = [path for path in SURVEY.rglob("*.py") if path.name != "header_words.py"]
    assert len(files) > 80
    telling = ('"所在社区"', '"您居住的社区"', '"调查年份"', '"话务员"', '"外呼结果"', '"填写方式"')
    assert [path.name for path in files if any(word in path.read_text(encoding="utf-8") for word in telling)] == []
