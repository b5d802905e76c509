"""Lists of decisions: every format, headers in both languages, all problems at once with their addresses."""

from __future__ import annotations

import json
from io import BytesIO

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.exports.flat_files import to_csv_text
from survey.core.errors import Refused
from survey.decisions.carried_out import Decision
from survey.decisions.decision_file import read_decisions

LINES = "sheet,cell,header,found,code,decision,value,reason\n"


def read(text, file="f.csv", encoding="utf-8"):
    return read_decisions(file, text.encode(encoding))


def book(*rows):
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def good(result):
    decisions, findings = result
    assert [f for f in findings if f.level == "refuse"] == []
    return decisions


def problems(result):
    decisions, findings = result
    assert decisions is None
    assert all(f.word(lang) for f in findings for lang in ("zh", "en"))
    return [(f.code.removeprefix("decisions."), f.cell) for f in findings]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize(
    ("word", "action"),
    [
        ("改为", "set"),
        ("set", "set"),
        ("SET", "set"),
        ("留空", "blank"),
        ("blank", "blank"),
        ("不入库", "leave_out"),
        ("leave_out", "leave_out"),
        ("确认", "confirm"),
        ("confirm", "confirm"),
    ],
)
def test_words_of_both_languages(word, action, encoding):
    value = "满意" if action == "set" else ""
    (decision,) = good(read(f"{LINES}数据,F37,方便,满,a.b,{word},{value},原因在此\n", encoding=encoding))
    assert (decision.action, decision.sheet, decision.cell, decision.found) == (action, "数据", "F37", "满")
    assert (decision.value, decision.reason, decision.origin) == (value, "原因在此", "f!F2")


def test_lines_without_a_decision_are_skipped_and_none_at_all_is_said():
    decisions, findings = read(LINES + "数据,F37,方便,满,a.b,,,\n")
    assert decisions == ()
    assert [(f.code, f.level) for f in findings] == [("decisions.none", "note")]


def test_the_place_may_stand_in_one_column():
    (decision,) = good(read("位置,填写内容,处理,改为\n'我的 表'!$F$37,,改为,满意\n"))
    assert (decision.sheet, decision.cell, decision.found) == ("我的 表", "F37", "")


def test_without_a_column_found_nothing_is_checked():
    (decision,) = good(read("cell,decision\nF37,blank\n"))
    assert decision.found is None


def test_a_workbook_with_chinese_headers_and_typed_cells():
    data = book(
        ["导入问题清单"],
        ["工作表", "单元格", "题目", "填写内容", "处理", "改为", "同类"],
        ["数据", "F37", "方便", 5, "改为", 4.0, "是"],
        ["数据", "F38", "方便", None, "改为", "0041", None],
    )
    one, two = good(read_decisions("批注.xlsx", data))
    assert (one.found, one.value, one.alike, one.origin) == ("5", "4", True, "Sheet!E3")
    assert (two.found, two.value, two.alike) == ("", "0041", False)


def test_json_is_a_list_of_objects():
    lines = [
        {"sheet": "数据", "cell": "F37", "decision": "set", "value": 4, "found": None},
        {"sheet": "数据", "header": "方便", "found": "满", "decision": "blank"},
    ]
    for text in (json.dumps(lines), json.dumps({"decisions": lines}, ensure_ascii=False)):
        one, two = good(read(text, "f.json"))
        assert (one.action, one.value, one.found, one.origin) == ("set", "4", None, "[1].decision")
        assert (two.header, two.found) == ("方便", "满")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("{", "bad_json"),
        ("[" * 100_000, "bad_json"),
        ("{}", "not_a_list"),
        ("[1]", "not_a_list"),
        ('[{"cell": {}}]', "bad_object"),
        ('[{"decision": "set", "value": "\\ud800"}]', "bad_object"),
    ],
)
def test_json_that_is_none_of_ours(text, key):
    with pytest.raises(Refused) as error:
        read(text, "f.json")
    assert error.value.key == f"decisions.{key}"
    assert error.value.word("zh") != error.value.word("en")


def test_a_table_without_decisions_is_no_list_of_them():
    with pytest.raises(Refused) as error:
        read("编号,社区\n1,甲\n")
    assert error.value.key == "decisions.no_columns"


def test_all_problems_at_once_with_their_addresses():
    text = (
        LINES
        + "数据,F2,q,满,,也许,,\n"  # 2 unknown word
        + "数据,F3,q,满,,set,,\n"  # 3 no value
        + "数据,F4,q,满,,leave_out,,\n"  # 4 no reason
        + "数据,F5,q,满,,blank,满意,\n"  # 5 needless value
        + "数据,F6,q,满,,,满意,\n"  # 6 no word
        + "数据,6F,q,满,,blank,,\n"  # 7 no address
        + "数据,,,满,,blank,,\n"  # 8 no place
        + "数据,F9,q,满,,set,满意,\n数据,F9,q,满,,blank,,\n"  # 9, 10 contradiction
        + "数据,,q,满,,set,1,\n数据,,q,满,,set,2,\n"  # 11, 12 contradiction about all alike
    )
    assert problems(read(text)) == [
        ("unknown_word", "F2"),
        ("no_value", "G3"),
        ("no_reason", "H4"),
        ("needless_value", "G5"),
        ("no_word", "G6"),
        ("bad_cell", "B7"),
        ("no_place", "B8"),
        ("contradictory_lines", "F10"),
        ("contradictory_lines", "F12"),
    ]


def test_the_same_decision_twice_and_other_findings_of_one_cell_are_no_contradiction():
    text = LINES + "数据,F9,q,满,a.b,set,1,\n数据,F9,q,满,,set,1,\n数据,F9,q,满,c.d,confirm,,\n"
    assert len(good(read(text))) == 3


def test_all_alike_is_yes_or_no():
    assert problems(read("cell,decision,alike\nF1,blank,也许\n")) == [("bad_alike", "C2")]


TEXT = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=8)
DECISIONS = st.builds(
    Decision,
    action=st.sampled_from(["set", "blank"]),
    sheet=TEXT,
    cell=st.from_regex(r"[A-Z]{1,2}[1-9]", fullmatch=True),
    header=TEXT,
    found=TEXT,
    code=TEXT,
    value=TEXT.filter(bool),
    reason=TEXT,
    alike=st.booleans(),
    file=TEXT,
)


def decision_table(decision):
    """A decision as a table that ``read_decisions`` reads back."""
    fields = ("file", "sheet", "cell", "header", "found", "code", "action", "value", "reason")
    said = {"decision" if f == "action" else f: getattr(decision, f) for f in fields}
    return pd.DataFrame([{**said, "alike": "yes" if decision.alike else ""}], dtype=object)


@given(DECISIONS)
def test_what_is_written_comes_back(decision):
    if decision.action == "blank":
        decision = Decision("blank", decision.sheet, decision.cell, reason="x", found=decision.found)
    (again,) = good(read(to_csv_text(decision_table(decision))))
    fields = ("action", "sheet", "cell", "header", "found", "code", "value", "reason", "alike", "file")
    assert [getattr(again, f) for f in fields] == [getattr(decision, f) for f in fields]
