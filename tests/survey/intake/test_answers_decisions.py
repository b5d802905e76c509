"""Decisions on the way in: the same file, some cells answered by a person, rows left out and counted."""

from __future__ import annotations

import pytest

from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.decisions.carried_out import Decision
from survey.decisions.finding_list import finding_table
from survey.form.answer_codes import BLANK
from survey.intake.answers import commit, inspect
from survey.store.intake import batches, decisions, questionnaires, responses, tallies
from survey.store.year import register
from tests.tools.forms import form

HEADER = "编号,社区,年度,办事方便,环境卫生\n"
BAD = HEADER + "1,甲,2014,满,1\n2,丙,2014,1,1\n3,乙社区,2014,满,1\n4,乙社区,2014,6,1\n"


@pytest.fixture
def ready(sqlite_store):
    with sqlite_store.write() as conn:
        register.save(conn, [register.Community("C1", "甲社区", ("甲",)), register.Community("C2", "乙社区")])
        questionnaires.add(conn, "q", form())
    return sqlite_store


def look(store, text, *decided, **options):
    return inspect(store, "a.csv", text.encode("utf-8"), ImportOptions("q", decisions=decided, **options))


def stored(store):
    with store.read() as conn:
        return responses.load(conn, questionnaires.get(conn, "q"))


DECIDED = (
    Decision("set", "a", "D2", "办事方便", "满", value="满意", alike=True),
    Decision("blank", "a", "D5", "办事方便", "6", reason="看不清"),
    Decision("leave_out", "a", "B3", "社区", "丙", reason="不是本街道"),
)


def test_a_file_with_problems_enters_once_they_are_decided(ready):
    inspection = look(ready, BAD, *DECIDED)
    counts = inspection.counts
    assert inspection.refusals == []
    assert (counts.rows, counts.storable, counts.refused_rows, counts.refused_cells, counts.left_out) == (4, 3, 0, 0, 1)
    assert inspection.left_out == {3: "不是本街道"}
    assert [c.cell for c in inspection.changes] == ["D2", "D4", "D5", "B3"]
    receipt = commit(ready, inspection, who="王")
    assert (receipt.stored, receipt.partial) == (3, False)
    block = stored(ready)
    assert block.codes[:, form().position["Q1"]].tolist() == [1, 1, BLANK]
    assert block.design["row"].tolist() == [2, 4, 5]
    with ready.read() as conn:
        kept = decisions.of(conn, receipt.batch)
        assert [(d.action, d.cell, d.before, d.after, d.who) for d in kept if d.row == 4] == [
            ("set", "D4", "满", "满意", "王")
        ]
        assert batches.get(conn, receipt.batch).counts["left_out"] == 1
        assert "decisions" not in batches.get(conn, receipt.batch).options
        notes = [f.code for f in batches.findings(conn, receipt.batch)]
        flow = tallies.tally(conn, 2014)[["received", "refused", "stored"]].sum().tolist()
    assert [(d.cell, d.reason) for d in kept] == [("D2", ""), ("D4", ""), ("D5", "看不清"), ("B3", "不是本街道")]
    assert notes == ["decisions.changed", "decisions.left_out", "decisions.emptied"]
    assert flow == [4, 1, 3]


def test_what_was_decided_is_checked_like_any_cell(ready):
    inspection = look(ready, HEADER + "1,甲,2014,满,1\n", Decision("set", "a", "D2", found="满", value="满满"))
    (refusal,) = inspection.refusals
    assert (refusal.where, refusal.params["found"]) == ("a!D2", "满满")
    row = finding_table("a.csv", inspection.findings, "zh").set_index("level").loc["refuse"]
    assert row["found"] == "满"  # what stands in the file, so that the list is the next list of decisions


def test_a_decision_that_fits_nothing_stores_nothing_even_with_the_rest_accepted(ready):
    inspection = look(ready, HEADER + "1,甲,2014,1,1\n", Decision("blank", "a", "D2", found="满"))
    for accept in (False, True):
        with pytest.raises(Refused) as error:
            commit(ready, inspection, accept_partial=accept)
        assert error.value.key == "decisions.refused"
    assert len(stored(ready)) == 0


def test_other_answers_in_one_file_are_settled_by_leaving_either_row_out_or_by_another_number(ready):
    text = HEADER + "1,甲,2014,1,1\n1,甲,2014,2,1\n"
    assert [f.where for f in look(ready, text).questions] == ["a!A3"]
    for decided, numbers in (
        (Decision("leave_out", "a", "A3", "编号", "1", reason="填了两次"), ["1"]),
        (Decision("leave_out", "a", "A2", "编号", "1", reason="填了两次"), ["1"]),
        (Decision("set", "a", "A3", "编号", "1", value="7"), ["1", "7"]),
    ):
        inspection = look(ready, text, decided)
        assert inspection.questions == []
        batch = commit(ready, inspection).batch
        assert stored(ready).design["respondent"].tolist() == numbers
        with ready.write() as conn:
            batches.undo(conn, batch, "")
    inspection = look(ready, text, Decision("confirm", "a", "A3", code="checking.other_answers"))
    assert [f.level for f in inspection.findings] == ["ask", "refuse"]


def test_other_answers_that_are_stored_are_settled_likewise(ready):
    commit(ready, look(ready, HEADER + "1,甲,2014,1,1\n"))
    text = HEADER + "1,甲,2014,5,1\n2,甲,2014,5,1\n"
    inspection = look(ready, text, Decision("leave_out", "a", "A2", "编号", "1", reason="以已入库的为准"))
    assert commit(ready, inspection).stored == 1
    assert stored(ready).design["respondent"].tolist() == ["1", "2"]


def test_a_confirmed_question_becomes_a_note(ready):
    text = HEADER.replace("\n", ",备注;补充\n") + "1,甲,2014,1,1,x;y\n"
    assert [f.code for f in look(ready, text).questions] == ["sources.delimiter_unsure"]
    confirmed = Decision("confirm", "a", code="sources.delimiter_unsure", reason="逗号")
    inspection = look(ready, text, confirmed)
    assert (inspection.questions, inspection.refusals) == ([], [])
    batch = commit(ready, inspection).batch
    with ready.read() as conn:
        assert [(d.action, d.code, d.reason) for d in decisions.of(conn, batch)] == [
            ("confirm", "sources.delimiter_unsure", "逗号")
        ]


def test_a_left_out_row_brings_no_new_community(ready):
    text = HEADER + "1,丁社区,2014,1,1\n2,甲,2014,1,1\n"
    left = Decision("leave_out", "a", "A2", reason="试填")
    commit(ready, look(ready, text, left, add_communities=True))
    with ready.read() as conn:
        assert [c.name for c in register.communities(conn)] == ["甲社区", "乙社区"]


def test_what_was_decided_survives_an_import_in_between(ready):
    mine = look(ready, BAD, *DECIDED)
    commit(ready, look(ready, HEADER + "9,甲,2014,1,1\n"))
    receipt = commit(ready, mine)
    with ready.read() as conn:
        assert batches.get(conn, receipt.batch).counts["left_out"] == 1
        assert len(decisions.of(conn, receipt.batch)) == 4


def test_a_key_that_holds_a_word_for_nothing_can_be_decided_on(ready):
    text = HEADER + "1,NA,2014,1,1\n2,,2014,1,1\n"
    found = finding_table("a.csv", look(ready, text).findings, "zh")
    assert found["found"].tolist() == ["NA", ""]
    decided = [Decision("set", r.sheet, r.cell, r.header, r.found, value="甲") for r in found.itertuples()]
    assert commit(ready, look(ready, text, *decided)).stored == 2
