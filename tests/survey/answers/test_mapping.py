"""A confirmed mapping is a small file, is checked as a whole, and wins where headers and cells are read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.answers.mapping import ColumnMapping, check, fingerprint, from_json, require, to_json
from survey.answers.multiple_choice import code_options
from survey.answers.scales import match_scale
from survey.answers.validation import Column, code_column
from survey.answers.values import choice_words, reader, with_words
from survey.core.cells import answer_key
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES
from survey.files.own_workbooks import header_key
from survey.form.answer_codes import BLANK, INVALID
from survey.form.model import Choice, Question
from survey.matching.sheet_matching import match, vocabulary
from tests.tools.forms import form, item, sheet

PLACES = (Choice("park", {"zh": "公园"}), Choice("square", {"zh": "广场"}))
WANTS = Question("W", "select_multiple", {"zh": "去过哪里"}, "where", PLACES)
AGE = Question("age", "integer", {"zh": "年龄"}, minimum=18.0, maximum=110.0, role="age")
FORM = form(WANTS, AGE)
MAPPING = ColumnMapping.of(
    {"办事 方便吗": "Q1", "卫生": "Q2", "去过公园": "W/park", "备注": "", "编号": ""},
    {"Q1": {"不满意": "5", "／": ""}, "age": {"十八": "18"}},
    {"sat": {"基本满意": "3", "不满意": "4"}},
)


def read(question: Question, words, value):
    return with_words(question, reader(question), words)(value)


def test_keys_are_comparable_and_a_question_goes_before_its_list():
    assert MAPPING.columns["办事方便吗"] == "Q1"
    assert MAPPING.words(FORM.question("Q1")) == {"不满意": "5", "/": "", "基本满意": "3"}
    assert MAPPING.words(FORM.question("Q2")) == {"不满意": "4", "基本满意": "3"}
    assert not ColumnMapping()


def test_a_later_mapping_wins_entry_by_entry():
    both = MAPPING.merged(ColumnMapping.of({"卫生": ""}, {"Q1": {"满意": "1"}}))
    assert (both.columns["卫生"], both.columns["备注"]) == ("", "")
    assert both.values["Q1"] == {"不满意": "5", "/": "", "满意": "1"}


# a lone accent composes with the letter before it once the space between them is gone: no header has that
TEXTS = st.text(min_size=1, max_size=6).filter(lambda t: all(key(key(t)) == key(t) for key in (header_key, answer_key)))
WORDS = st.dictionaries(TEXTS, st.text(max_size=5), max_size=4)


@given(WORDS, st.dictionaries(TEXTS, WORDS, max_size=3), st.dictionaries(TEXTS, WORDS, max_size=2))
def test_it_reads_back_as_it_was_written(columns, values, lists):
    try:
        mapping = ColumnMapping.of(columns, values, lists)
    except ValueError:
        return
    assert from_json(to_json(mapping).encode(), "m.json") == mapping


def test_an_editor_may_add_a_byte_order_mark():
    assert from_json(b"\xef\xbb\xbf" + to_json(MAPPING).encode(), "m.json") == MAPPING


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (b"\xd3\xd2", "mapping.not_utf8"),
        ('{"columns": {"a": "Q1",}}', "mapping.not_json"),
        ("[" * 100_000, "mapping.not_json"),
        ("[]", "mapping.unknown_part"),
        ('{"colums": {}}', "mapping.unknown_part"),
        ('{"columns": ["a"]}', "mapping.not_pairs"),
        ('{"values": {"Q1": "1"}}', "mapping.not_pairs"),
        ('{"lists": 1}', "mapping.not_pairs"),
        ('{"values": {"Q1": {"a": 1}}}', "mapping.not_text"),
        ('{"columns": {"a": null}}', "mapping.not_text"),
        ('{"columns": {"a": "Q1", "a": "Q2"}}', "mapping.twice"),
        ('{"columns": {"A b": "Q1", "ａB": "Q2"}}', "mapping.twice"),
        ('{"columns": {" ": "Q1"}}', "mapping.twice"),
    ],
)
def test_what_is_no_mapping_is_refused_in_one_sentence(text, key):
    with pytest.raises(Refused) as error:
        from_json(text, "m.json")
    assert error.value.key == key
    assert all("m.json" in error.value.word(lang) for lang in LANGUAGES)


def test_everything_that_does_not_fit_is_found_at_once():
    assert check(MAPPING, FORM) == []
    wrong = ColumnMapping.of(
        {"甲": "Q9", "乙": "W/lake", "丙": "age/1"},
        {"Q1": {"好": "7"}, "Q8": {"好": "1"}, "age": {"十": "10"}},
        {"sat": {"好": "7"}, "nope": {}},
    )
    findings = check(wrong, FORM, "m.json")
    assert [f.code.partition(".")[2] for f in findings] == [
        "unknown_question",
        "unknown_option",
        "unknown_option",
        "unknown_choice",
        "unknown_question",
        "no_answer",
        "unknown_choice",
        "unknown_list",
    ]
    assert all(f.word(lang) for f in findings for lang in LANGUAGES)
    with pytest.raises(Refused) as error:
        require(wrong, FORM, "m.json")
    assert error.value.findings == tuple(findings)
    require(MAPPING, FORM)


def test_several_headers_may_mean_one_question():
    assert check(ColumnMapping.of({"甲": "Q1", "乙": "Q1"}), FORM) == []


def test_a_header_row_is_known_in_any_order_width_and_case():
    assert fingerprint(["编号", "Q1", "", "备注"]) == fingerprint(["备 注", "ｑ1", "编号"])
    assert fingerprint(["编号", "Q1"]) != fingerprint(["编号", "Q1", "Q1"])
    assert fingerprint(["ab", "c"]) != fingerprint(["a", "bc"])


def test_confirmed_headers_win_over_the_questionnaires_own():
    data = sheet(["编号", "办事方便吗", "卫生", "去过公园", "备注", "年度"], ["a", 1, 2, 1, "", 2014])
    found = match([data], FORM, sheet=None, header_rows=None, mapping=MAPPING)
    assert [(c.question, c.choice, c.how) for c in found.columns] == [
        (None, None, "none"),
        ("Q1", None, "mapping"),
        ("Q2", None, "mapping"),
        ("W", "park", "mapping"),
        (None, None, "none"),
        ("when", None, "label"),
    ]
    assert (vocabulary(FORM)["编号"].question, vocabulary(FORM, MAPPING)["编号"].question) == ("id", "")


def test_a_header_that_is_not_to_be_read_finds_no_header_row():
    title = sheet(["编号", "编号", "备注"], ["a", "b", "c"], ["Q1", "Q2", "年度"], [1, 2, 2014])
    assert match([title], FORM, sheet=None, header_rows=None, mapping=MAPPING).header_row == 2


def test_mapped_words_are_read_and_noted():
    words = MAPPING.words(FORM.question("Q1"))
    question = FORM.question("Q1")
    assert (read(question, words, "基本满意").code, read(question, words, "基本满意").became) == (2, "一般")
    assert (read(question, words, "不满意").code, read(question, words, "不满意").became) == (4, "很不满意")
    assert (read(question, words, "/").code, read(question, words, "/").became) == (BLANK, "(空)")
    assert (read(question, words, "满意").code, read(question, words, "满意").became) == (1, "")
    assert read(question, words, "好").code == INVALID


def test_a_word_confirmed_as_what_it_is_leaves_no_note():
    question = item("Q1")
    pairs = match_scale(["很满意", "very satisfied", "1"], question).pairs
    assert [read(question, ColumnMapping.of(values={"Q1": pairs}).values["Q1"], w).became for w in pairs] == [
        "",
        "",
        "",
    ]


def test_reversed_codes_are_turned_once():
    words = {"1": "5", "5": "1"}
    assert [read(item("Q1"), words, value).code for value in (1.0, "5", 3, 9)] == [4, 0, 2, -4]
    three = Question("M", "select_multiple", {}, "m", tuple(Choice(n, {}) for n in "123"))
    assert read(three, {"1": "3", "3": "1"}, "1 2").chosen == (1, 2)
    assert read(three, {"1": "3", "3": "1"}, "3").chosen == (0,)


def test_other_questions_read_what_was_confirmed_instead():
    assert read(AGE, MAPPING.words(AGE), "十八").number == 18
    assert read(AGE, MAPPING.words(AGE), "17").code == INVALID


def test_words_of_options_in_one_cell_and_in_columns():
    words = {"湖边公园": "park"}
    assert read(WANTS, words, "湖边公园┋广场").chosen == (0, 1)
    assert choice_words(WANTS, words)["湖边公园"] == 0
    column = Column(sheet(["去过公园"], ["湖边公园"], [0]), "去过公园", 0, 1, ["湖边公园", 0], words)
    assert code_options(WANTS, [("park", column)], frozenset()).multiple == [(0,), ()]


def test_a_column_carries_its_words():
    data = sheet(["Q1"], ["基本满意"], ["/"], ["满意"])
    column = Column(data, "Q1", 0, 1, ["基本满意", "/", "满意"], MAPPING.words(FORM.question("Q1")))
    coded = code_column(FORM.question("Q1"), column, frozenset())
    assert coded.codes.tolist() == [2, BLANK, 1]
    assert [(f.code, f.level, f.params["became"]) for f in coded.findings] == [
        ("checking.normalised", "note", "一般"),
        ("checking.normalised", "note", "(空)"),
    ]


def test_the_example_of_the_documentation_fits_the_default_questionnaire():
    from pathlib import Path

    from survey.form.default import default_questionnaire

    text = (Path(__file__).resolve().parents[3] / "docs" / "mapping.md").read_text(encoding="utf-8")
    example = text.split("```json")[1].split("```")[0]
    mapping = from_json(example, "docs/mapping.md")
    assert check(mapping, default_questionnaire()) == []
    assert json.loads(example).keys() == {"columns", "values", "lists", "absent", "confirmed"}
