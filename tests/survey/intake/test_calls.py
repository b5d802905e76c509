"""Call records into the store and out of it: batches, undo, cases by outcome; on both databases."""

from __future__ import annotations

import pytest

from survey.core.errors import Refused
from survey.intake.calls import CallOptions, commit_calls, inspect_calls
from survey.store.intake import batches, calls, questionnaires, reinstatement
from survey.store.year import register, years
from tests.tools.books.call_sheets import COMMUNITIES, texts
from tests.tools.forms import form

HEADER = "编号,社区,拨打时间,访员,访问结果"
FIRST = (
    HEADER,
    "1,甲,2014-09-01 10:00,F1,无人接听",
    "2,甲,2014-09-01 10:05,F1,拒访",
    "3,乙社区,2014-09-01 10:10,F2,空号",
)
GROWN = (*FIRST, "1,甲,2014-09-02 19:00,F1,完成", "4,乙社区,2014-09-02 19:10,F2,约访")


@pytest.fixture
def ready(store):
    with store.write() as conn:
        register.save(conn, list(COMMUNITIES))
        questionnaires.add(conn, "q", form())
    return store


def bring(store, lines, file="电话.csv", **options):
    inspection = inspect_calls(store, file, texts(*lines), CallOptions(options.pop("year", 2014), "q"))
    return commit_calls(store, inspection, who="王", **options)


def cases(store, year=2014):
    with store.read() as conn:
        found = calls.outcomes(conn, year)
    return {(r.community, r.outcome): int(r.n) for r in found.itertuples()}


def test_calls_are_stored_with_their_origin(ready):
    receipt = bring(ready, FIRST)
    assert (receipt.stored, receipt.partial) == (3, False)
    with ready.read() as conn:
        found = calls.attempts(conn, 2014, "q")
        batch = batches.get(conn, receipt.batch)
        assert calls.years_with_calls(conn) == [2014]
        assert years.with_data(conn) == ()  # calls alone make no year of results
    assert (batch.kind, batch.target, batch.who, batch.counts["stored"]) == ("calls", "q", "王", 3)
    assert found[
        ["community", "respondent", "attempt", "at", "interviewer", "outcome", "file", "row"]
    ].to_numpy().tolist() == [
        ["C1", "1", 1, "2014-09-01T10:00:00", "F1", "3.13", "电话.csv", 2],
        ["C1", "2", 1, "2014-09-01T10:05:00", "F1", "2.11", "电话.csv", 3],
        ["C2", "3", 1, "2014-09-01T10:10:00", "F2", "4.30", "电话.csv", 4],
    ]


def test_a_case_counts_once_by_what_it_came_to(ready):
    bring(ready, FIRST)
    assert cases(ready) == {("甲社区", "3.13"): 1, ("甲社区", "2.11"): 1, ("乙社区", "4.30"): 1}
    receipt = bring(ready, GROWN, "电话2.csv")
    assert (receipt.stored, receipt.counts["duplicates"]) == (2, 3)
    assert cases(ready) == {("甲社区", "1.1"): 1, ("甲社区", "2.11"): 1, ("乙社区", "4.30"): 1, ("乙社区", "2.20"): 1}
    with ready.read() as conn:
        classes = calls.outcomes(conn, 2014).groupby(["community", "aapor"])["n"].sum().to_dict()
    assert classes == {("甲社区", "I"): 1, ("甲社区", "R"): 1, ("乙社区", "NE"): 1, ("乙社区", "NC"): 1}


def test_no_calls_are_an_empty_table(ready):
    with ready.read() as conn:
        assert len(calls.outcomes(conn, 2014)) == 0


def test_the_same_file_is_refused_and_undo_takes_it_back(ready):
    first = bring(ready, FIRST)
    with pytest.raises(Refused) as error:
        bring(ready, FIRST)
    assert error.value.key == "intake.file_again"
    with ready.write() as conn:
        assert batches.undo(conn, first.batch) == (2014,)
    assert cases(ready) == {}
    second = bring(ready, GROWN, "电话2.csv")
    with pytest.raises(Refused) as error, ready.write() as conn:
        reinstatement.redo(conn, first.batch)
    assert (error.value.key, error.value.params["batch"]) == ("calls.redo_clash", second.batch)
    with ready.write() as conn:
        batches.undo(conn, second.batch)
        reinstatement.redo(conn, first.batch)
    assert sum(cases(ready).values()) == 3


def test_any_refusal_stores_nothing_unless_the_rest_is_accepted(ready):
    lines = (*FIRST, "9,甲,2014-09-03 10:00,F1,完成?")
    with pytest.raises(Refused) as error:
        bring(ready, lines)
    assert error.value.key == "calls.refused"
    assert cases(ready) == {}
    receipt = bring(ready, lines, accept_partial=True)
    assert (receipt.stored, receipt.partial) == (3, True)
    with ready.read() as conn:
        assert [f.code for f in batches.findings(conn, receipt.batch)] == ["calls.unknown_outcome_near"]


def test_a_contradiction_waits_for_a_person(ready):
    bring(ready, FIRST)
    with pytest.raises(Refused) as error:
        bring(ready, (HEADER, "1,甲,2014-09-01 10:00,F1,完成"), "改.csv", accept_partial=True)
    assert error.value.key == "calls.open_questions"


def test_what_was_stored_meanwhile_is_seen_at_the_end(ready):
    inspection = inspect_calls(ready, "电话2.csv", texts(*GROWN), CallOptions(2014, "q"))
    assert inspection.counts["storable"] == 5
    bring(ready, FIRST)
    assert commit_calls(ready, inspection).stored == 2
    late = inspect_calls(ready, "电话3.csv", texts(HEADER, "9,甲,2014-09-09 10:00,F1,拒访"), CallOptions(2014, "q"))
    bring(ready, (HEADER, "9,甲,2014-09-09 10:00,F1,完成"), "电话4.csv")
    with pytest.raises(Refused) as error:
        commit_calls(ready, late)
    assert error.value.key == "calls.changed_meanwhile"


def test_a_closed_year_takes_no_calls(ready):
    first = bring(ready, FIRST)
    with ready.write() as conn:
        years.close(conn, 2014)
    with pytest.raises(Refused) as error:
        bring(ready, GROWN, "电话2.csv")
    assert error.value.key == "store.year_closed"
    with pytest.raises(Refused) as error, ready.write() as conn:
        batches.undo(conn, first.batch)
    assert error.value.key == "store.year_closed"


def test_what_is_missing_is_said(ready):
    for lines, year, key in (((HEADER,), 2014, "calls.no_rows"), (FIRST, None, "calls.no_year")):
        with pytest.raises(Refused) as error:
            bring(ready, lines, year=year)
        assert error.value.key == key
    with pytest.raises(Refused) as error:
        inspect_calls(ready, "a.csv", texts(*FIRST), CallOptions(2014, "没有"))
    assert error.value.key == "store.unknown_questionnaire"
