"""One sheet of answers and outcomes: one batch, nothing lost, nothing counted twice, one way back."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import Workbook

from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.decisions.carried_out import Decision
from survey.files.read import read_sheets
from survey.form.model import Question
from survey.intake.answers import commit, inspect
from survey.intake.calls import CallOptions, inspect_calls
from survey.matching.file_recognition import recognise
from survey.store.intake import batches, calls, questionnaires, reinstatement, responses, tallies
from survey.store.intake import decisions as kept_decisions
from survey.store.year import register
from tests.tools.forms import form

PHONE = Question("tel", "text", {"zh": "电话"}, role="phone")
HEADER = "编号,社区,电话,访问时间,访员,访问结果,办事方便,环境卫生\n"
SHEET = (
    HEADER + "1,甲,13800000001,2014-09-01 10:00,F1,完成,很满意,满意\n"
    "2,甲,13800000002,2014-09-01 10:10,F1,拒访,,\n"
    "3,乙社区,13800000003,2014-09-01 10:20,F1,无人接听,,\n"
    "3,乙社区,13800000003,2014-09-02 10:20,F2,成功,一般,一般\n"
    "4,乙社区,13800000004,,,,,\n"
)


@pytest.fixture
def ready(store):
    with store.write() as conn:
        register.save(conn, [register.Community("C1", "甲社区", ("甲",)), register.Community("C2", "乙社区")])
        questionnaires.add(conn, "q", form(PHONE))
    return store


def look(store, text=SHEET, file="电话.csv", **options):
    return inspect(store, file, text.encode("utf-8"), ImportOptions("q", **{"year": 2014, **options}))


def stored(store):
    with store.read() as conn:
        return responses.load(conn, questionnaires.get(conn, "q")).design, calls.attempts(conn, 2014, "q")


def asked(found, *levels):
    return [(f.code, f.cell) for f in found.findings if f.level in (levels or ("ask", "refuse"))]


def test_one_batch_holds_answers_and_calls_and_undo_takes_both_back(ready):
    found = look(ready)
    assert asked(found) == []
    assert (found.counts.rows, found.counts.storable, found.counts.outcomes, found.counts.calls) == (4, 2, 2, 4)
    assert {f.code for f in found.findings} >= {"calls.split", "calls.not_called", "calls.phones_dropped"}
    assert [(c.header, c.how) for c in found.columns if not c.question] == [
        ("访问时间", "calls"),
        ("访员", "calls"),
        ("访问结果", "calls"),
    ]
    assert "intake.columns_ignored" not in {f.code for f in found.findings}
    receipt = commit(ready, found, who="王")
    assert (receipt.stored, receipt.outcomes, receipt.calls, receipt.partial) == (2, 2, 4, False)
    design, attempts = stored(ready)
    assert design[["respondent", "mode", "disposition", "row"]].to_numpy().tolist() == [
        ["1", "phone", "1.1", 2],
        ["3", "phone", "1.1", 5],
    ]
    assert attempts[
        ["community", "respondent", "attempt", "at", "interviewer", "outcome", "sheet", "row"]
    ].to_numpy().tolist() == [
        ["C1", "1", 1, "2014-09-01T10:00:00", "F1", "1.1", "电话", 2],
        ["C1", "2", 1, "2014-09-01T10:10:00", "F1", "2.11", "电话", 3],
        ["C2", "3", 1, "2014-09-01T10:20:00", "F1", "3.13", "电话", 4],
        ["C2", "3", 2, "2014-09-02T10:20:00", "F2", "1.1", "电话", 5],
    ]
    with ready.read() as conn:
        batch = batches.get(conn, receipt.batch)
        tally = tallies.tally(conn, 2014)
        assert calls.outcomes(conn, 2014)["n"].sum() == 3
    assert (batch.kind, batch.counts["stored"], batch.counts["outcomes"], batch.counts["calls"]) == ("answers", 2, 2, 4)
    assert tally[["received", "stored"]].sum().tolist() == [2, 2]  # who was only called is no response
    with ready.write() as conn:
        batches.undo(conn, receipt.batch)
    design, attempts = stored(ready)
    assert (len(design), len(attempts)) == (0, 0)
    with ready.write() as conn:
        reinstatement.redo(conn, receipt.batch)
    assert [len(part) for part in stored(ready)] == [2, 4]


def test_a_grown_sheet_adds_what_is_new(ready):
    commit(ready, look(ready))
    more = SHEET + "2,甲,13800000002,2014-09-03 10:10,F1,完成,满意,满意\n5,甲,13800000005,2014-09-03 10:10,F1,空号,,\n"
    found = look(ready, more, file="电话2.csv")
    assert asked(found) == []
    receipt = commit(ready, found)
    assert (receipt.stored, receipt.outcomes, receipt.calls, receipt.duplicates) == (1, 1, 2, 4)
    assert [len(part) for part in stored(ready)] == [3, 6]


def test_the_same_calls_never_come_in_twice_whichever_the_door(ready):
    commit(ready, look(ready))
    with pytest.raises(Refused, match=r"电话\.csv"):
        inspect_calls(ready, "别名.csv", SHEET.encode(), CallOptions(2014, "q"))


def test_one_row_a_person_with_its_attempts(ready):
    text = (
        "编号,社区,第1次结果,第2次结果,最终结果,办事方便,环境卫生\n"
        "1,甲,无人接听,完成,完成,很满意,满意\n2,甲,占线,,,,\n3,甲,拒访,,拒访,,\n4,甲,,,完成,一般,一般\n"
    )
    found = look(ready, text)
    assert asked(found) == []
    receipt = commit(ready, found)
    assert (receipt.stored, receipt.outcomes, receipt.calls) == (2, 2, 5)


def test_contradictions_wait_for_a_person(ready):
    text = HEADER + (
        "1,甲,,,,完成,,\n2,甲,,,,拒访,满意,满意\n3,甲,,,,,满意,满意\n4,甲,,,,完成啦,满意,满意\n5,丙,,,,拒访,,\n"
        "6,甲,,昨天,,无人接听,,\n7,甲,,,,完成,很好,满意\n"
    )
    found = look(ready, text)
    assert asked(found) == [
        ("calls.interview_without_answers", "F2"),
        ("calls.answers_without_interview", "F3"),
        ("calls.answers_without_outcome", "F4"),
        ("calls.unknown_outcome_near", "F5"),
        ("checking.unknown_community", "B6"),
        ("calls.bad_time", "D7"),
        ("checking.not_a_choice", "G8"),
    ]
    assert all(f.word("zh") and f.word("en") for f in found.findings)
    assert (found.counts.refused_rows, found.counts.rows) == (3, 7)


def test_an_ordinary_sheet_is_left_alone(ready):
    found = look(ready, "编号,社区,访问情况,办事方便,环境卫生\n1,甲,很顺利,满意,满意\n2,甲,老人在旁,,\n")
    assert found.coded.split is None
    assert found.counts.storable == 2
    assert commit(ready, found).calls == 0


def hand_made():
    """A title, two header rows with merged cells, a total and signatures, 满意 with a blank behind it."""
    book = Workbook()
    page = book.active
    page.title = "电话调查"
    page.append(["2014年电话调查登记表"])
    page.append(["编号", "社区", "电话", "第1次拨打", None, "第2次拨打", None, "最终结果", "满意度", None])
    page.append([None, None, None, "时间", "结果", "时间", "结果", None, "办事方便", "环境卫生"])
    for merged in ("A1:J1", "D2:E2", "F2:G2", "I2:J2", "A2:A3", "B2:B3", "C2:C3", "H2:H3"):
        page.merge_cells(merged)
    page.append(
        [
            1,
            "甲",
            "13800000001",
            "2014-09-01 19:00",
            "无人接听",
            "2014-09-02 19:00",
            "访问成功",
            "完成",
            "满意 ",
            "满意",
        ]
    )
    page.append([2, "甲", "13800000002", "2014-09-01 19:05", "拒接受访问", None, None, "拒访", None, None])
    page.append([3, "乙社区", "13800000003", "2014-09-01 19:10", "停机", None, None, "空号", None, None])
    page.append([4, "乙社区", "13800000004", "2014-09-01 19:15", "完成", None, None, "完城", "一般", "一般"])
    page.append(["合计", None, None, None, None, None, None, "完成2", None, None])
    page.append(["填表人：某某", None, None, None, None, None, None, None, None, "审核人：某某"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_hand_made_sheet_of_a_survey_team(ready):
    data = hand_made()
    with ready.read() as conn:
        known = recognise(
            "电话.xlsx", read_sheets("电话.xlsx", data), questionnaires.listing(conn), register.communities(conn)
        )
    (sheet,) = known.parts
    assert (sheet.kind, sheet.with_calls, sheet.mode.value) == ("answers", True, "phone")
    assert (sheet.community.source, sheet.community.certainty) == ("column", 1.0)
    found = inspect(ready, "电话.xlsx", data, ImportOptions("q", year=2014))
    assert [(f.code, f.cell, f.header, f.params["suggestion"]) for f in found.findings if f.level != "note"] == [
        ("calls.unknown_outcome_near", "H7", "最终结果", "完成")
    ]
    mend = (Decision("set", found.sheet, "H7", "最终结果", "完城", value="完成"),)
    receipt = commit(ready, inspect(ready, "电话.xlsx", data, ImportOptions("q", year=2014, decisions=mend)))
    assert (receipt.stored, receipt.outcomes, receipt.calls) == (2, 2, 5)
    with ready.read() as conn:
        assert [d.cell for d in kept_decisions.of(conn, receipt.batch)] == ["H7"]
        assert calls.attempts(conn, 2014, "q")["row"].tolist() == [4, 4, 5, 6, 7]
