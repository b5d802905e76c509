"""The words of a file by list of choices: counted, proposed as a whole scale, and settled together."""

from __future__ import annotations

import pytest

from survey.answers.mapping import ColumnMapping
from survey.core.findings import Finding
from survey.matching.choice_words import agreeing, covering, wordings
from survey.matching.sheet_matching import match
from tests.tools.forms import form, sheet

FORM = form()
SHIFTED = ("很满意", "满意", "基本满意", "不太满意", "不满意")


def read(*rows, mapping=None):
    """Two columns of one list: Q1 and Q2."""
    cells = [["x", "甲", 2014, *row] for row in rows]
    matched = match([sheet(["编号", "社区", "年度", "Q1", "Q2"], *cells)], FORM, sheet=None, header_rows=1)
    return wordings(matched, FORM, mapping)


def shifted(mapping=None):
    return read(*[(word, "满意") for word in SHIFTED], mapping=mapping)[0]


def wrong(cell, found):
    return Finding("checking.not_a_choice", sheet="数据", cell=cell, params={"found": found, "suggestion": "满意"})


def test_columns_of_one_list_are_counted_and_decided_together():
    found = shifted()
    assert [(w.text, w.count, w.own, w.proposed) for w in found.words] == [
        ("很满意", 1, "1", "1"),
        ("满意", 6, "2", "2"),
        ("基本满意", 1, None, "3"),
        ("不太满意", 1, None, "4"),
        ("不满意", 1, "4", "5"),
    ]
    assert [c.cell for c in found.columns] == ["D1", "E1"]
    assert (found.open, found.cells, [w.text for w in found.new]) == (True, 3, ["基本满意", "不太满意", "不满意"])
    assert found.pairs("zh") == "基本满意→一般、不太满意→不满意、不满意→很不满意"
    assert found.pairs("en") == "基本满意→neither, 不太满意→dissatisfied, 不满意→very dissatisfied"
    assert found.table() == dict(zip(SHIFTED, "12345", strict=True))


@pytest.mark.parametrize("rows", [[("很满意", "不满意")], [("1", 2)], [("NA", None)], [("满意", "满")]])
def test_the_questionnaires_own_words_leave_nothing_open(rows):
    assert not any(w.open for w in read(*rows))


def test_what_a_person_mapped_is_shown_and_no_longer_open():
    found = shifted(ColumnMapping.of(lists={"sat": {**dict(zip(SHIFTED, "12345", strict=True)), "满意": ""}}))
    assert (found.open, found.mapped) == (False, True)
    assert {w.text: w.meant for w in found.words}["满意"] == ""


def test_cells_get_the_suggestion_of_the_whole_scale_not_of_the_nearest_word():
    findings = (wrong("D4", "基本满意"), wrong("D5", "满"), wrong("F4", "基本满意"))
    assert [f.params["suggestion"] for f in agreeing(findings, [shifted()])] == ["一般", "满意", "满意"]


def test_what_the_whole_scale_settles_is_no_finding_of_its_own():
    found = shifted()
    covered = covering([found])
    assert [covered(f) for f in (wrong("E9", "不太满意"), wrong("E9", "满"), wrong("F9", "不太满意"))] == [
        True,
        False,
        False,
    ]
    assert covered(Finding("scales.ask", "ask", "sheet", "数据", "D1")) is True
    settled = shifted(ColumnMapping.of(lists={"sat": {"基本满意": "3"}}))
    assert covering([settled])(wrong("E9", "不太满意")) is False
