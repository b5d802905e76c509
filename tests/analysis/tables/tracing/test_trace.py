"""From a published score back to what it counts, whatever came, went or was changed since."""

from __future__ import annotations

import pytest

from analysis.indicators.entry import enter
from analysis.indicators.imports import import_indicators
from analysis.publication import cycle_steps, snapshots
from analysis.tables.tracing.trace import people_in, settled_after, trace
from survey.store.intake import batches, reinstatement
from tests.tools.towns.cycle_town import late_answers, make_town, publish, step


@pytest.fixture
def town(sqlite_store):
    """C1 and C2 published with sixty answers and all indicators exempt."""
    return publish(sqlite_store)


def traced(store, name=None, code="C1"):
    with store.read() as conn:
        frame = trace(conn, code, 2014, name).astype(object)
    return frame.where(frame.notna(), None)


def told(frame):
    return [(r["what"], r["batch"], r["n"], r["note"]) for r in frame.to_dict("records") if r["what"] == "answers"]


def switch(store, batch, state):
    with store.write() as conn:
        reinstatement.set_state(conn, batch, state, "李")


def test_what_came_after_the_publication_is_marked_and_what_went_still_counts(town):
    before = traced(town)
    assert told(before) == [("answers", 1, 60, None)]
    assert not settled_after(before)
    late = late_answers(town)
    assert told(traced(town)) == [("answers", 1, 60, None), ("answers", late, 10, "late_data")]
    assert told(traced(town, code="C2")) == [("answers", 1, 60, None)]
    single = traced(town, "A")
    assert single["note"].tolist() == [None] * 60 + ["late_data"] * 10
    assert (people_in(single), settled_after(single)) == (70, True)
    switch(town, 1, "undone")
    assert told(traced(town)) == [("answers", 1, 60, "taken_back"), ("answers", late, 10, "late_data")]
    assert snapshots.results(town, 2014).community("C1")["n"] == 60
    # where nothing at all is left, the published version still says how many it counts, and whence
    assert told(traced(town, code="C2")) == [("answers", 1, 60, "taken_back")]
    switch(town, 1, "active")
    switch(town, late, "undone")
    assert traced(town).equals(before)


def test_indicator_values_are_those_of_the_published_version(town):
    (before,) = traced(town, "ZZ03").to_dict("records")
    said = {"community": "C1", "indicator": "ZZ03", "value": "4", "reason": "补报"}
    enter(town, 2014, [said], who="李", via="command")
    then, now = traced(town, "ZZ03").to_dict("records")
    assert (then["batch"], then["note"], then["reason"]) == (before["batch"], None, before["reason"])
    assert (now["value"], now["note"], now["reason"], now["who"]) == (4, "late_data", "补报", "李")
    assert now["review"] == "entered"
    assert then["review"] is None  # what waits is the newer value
    switch(town, before["batch"], "undone")
    notes = [(r["batch"], r["note"]) for r in traced(town, "ZZ03").to_dict("records")]
    assert notes == [(before["batch"], "taken_back"), (now["batch"], "late_data")]
    other = traced(town, "ZZ01").to_dict("records")
    assert [(r["batch"], r["note"]) for r in other] == [(before["batch"], "taken_back")]


def test_one_community_published_anew_counts_what_the_other_does_not(town):
    for place in ("甲社区", "乙社区"):
        late_answers(town, place)
    cycle_steps.calculate(town, 2014, "李", "迟到的答卷", "C1")
    cycle_steps.take(town, step("publicised", "C1", date="2014-12-02", until="2014-12-09"))
    assert [note for *_, note in told(traced(town))] == [None, None]
    assert [note for *_, note in told(traced(town, code="C2"))] == [None, "late_data"]


def test_before_the_publication_everything_counts(sqlite_store):
    make_town(sqlite_store)
    late = late_answers(sqlite_store)
    with sqlite_store.write() as conn:
        batches.undo(conn, late)
    assert told(traced(sqlite_store)) == [("answers", 1, 60, None)]


WIDE = "社区,ZZ01,ZZ03\n甲社区,A,8\n乙社区,B,9\n"
EXEMPT = "社区,指标,数值,免检,依据\n甲社区,ZZ01,,是,1号文\n乙社区,ZZ01,B,,\n"
LONG = "社区,种类,指标,数值\n乙社区,,ZZ01,A\n甲社区,,ZZ01,B\n"


@pytest.mark.parametrize(
    ("file", "code", "cell"),
    [(WIDE, "C1", "B2"), (WIDE, "C2", "B3"), (LONG, "C1", "D3"), (EXEMPT, "C1", "D2"), (EXEMPT, "C2", "C3")],
)
def test_a_value_leads_to_its_cell_and_an_answer_to_its_own(sqlite_store, file, code, cell):
    """Read off the files above: ZZ01 in column B of the wide one, 数值 in D of the long one; an exemption in its own."""
    make_town(sqlite_store)
    import_indicators(sqlite_store, "values.csv", file.encode(), 2013)
    with sqlite_store.read() as conn:
        (value,) = trace(conn, code, 2013, "ZZ01").to_dict("records")
    assert (value["file"], value["cell"]) == ("values.csv", cell)
    first = traced(sqlite_store, "A", code).iloc[0]
    assert first["cell"] == f"F{first['row']}"
