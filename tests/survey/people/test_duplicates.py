"""The same person is never counted twice and never silently replaced."""

from __future__ import annotations

import pandas as pd

from survey.answers.respondents import folds
from survey.people.duplicates import judge

STORED = pd.DataFrame(
    {
        "year": [2014, 2014],
        "place": ["甲", "甲"],
        "respondent": ["1", "2"],
        "digest": ["aa", "bb"],
        "batch": [7, 7],
        "sheet": ["旧", "旧"],
        "row": [2, 3],
    }
)
NONE_STORED = STORED.iloc[:0]


def verdict(rows, stored=NONE_STORED):
    keys = pd.DataFrame(rows, columns=["year", "place", "respondent", "digest"], dtype=object)
    numbers = list(range(2, 2 + len(keys)))
    alike = folds(keys["respondent"])
    stored = stored.assign(fold=folds(stored["respondent"]))
    return judge(keys, stored, alike=alike, sheet="数据", rows=numbers, cells=[f"A{n}" for n in numbers], header="编号")


def test_a_repeated_row_is_stored_once_and_said():
    found = verdict([(2014, "甲", "1", "aa"), (2014, "甲", "1", "aa"), (2014, "甲", "1", "aa")])
    assert found.skip.tolist() == [False, True, True]
    (finding,) = found.findings
    assert (finding.code, finding.level, finding.params["n"]) == ("checking.duplicate_rows", "note", 2)
    assert finding.params["pairs"] == "3=2、4=2"


def test_other_answers_are_a_question_for_a_person():
    found = verdict([(2014, "甲", "1", "aa"), (2014, "甲", "1", "cc")])
    assert found.other_answers.tolist() == [False, True]
    (finding,) = found.findings
    assert (finding.level, finding.cell, finding.params["other"]) == ("ask", "A3", 2)


def test_another_year_or_community_is_another_response():
    found = verdict([(2014, "甲", "1", "aa"), (2013, "甲", "1", "bb"), (2014, "乙", "1", "cc")])
    assert not found.skip.any()
    assert not found.other_answers.any()


def test_what_is_stored_is_skipped_or_asked_about():
    found = verdict([(2014, "甲", "1", "aa"), (2014, "甲", "2", "xx"), (2014, "甲", "3", "cc")], STORED)
    assert found.skip.tolist() == [True, False, False]
    assert found.other_answers.tolist() == [False, True, False]
    codes = {f.code: f.params for f in found.findings}
    assert codes["checking.already_stored"]["batches"] == "7"
    assert codes["checking.other_answers_stored"]["other"] == 3


def test_rows_without_a_respondent_are_not_compared():
    found = verdict([(2014, "甲", None, "aa"), (2014, "甲", None, "aa")])
    assert not found.skip.any()


def test_who_stands_twice_beside_rows_without_a_number_is_counted_once():
    found = verdict(
        [(2014, "甲", "1", "aa"), (2014, "甲", "1", "aa"), (2014, "甲", None, "bb"), (2014, "甲", None, "bb")]
    )
    assert found.skip.tolist() == [False, True, False, False]
