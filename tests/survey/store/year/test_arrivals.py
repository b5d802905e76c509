"""Which batches counted at a moment: those that had come, but for the time between undo and redo."""

from __future__ import annotations

from survey.store.engine.base import now
from survey.store.intake import batches, reinstatement
from survey.store.year import arrivals
from tests.tools.towns.cycle_town import late_answers, make_town


def test_a_batch_counts_from_its_coming_and_not_while_it_is_taken_back(sqlite_store):
    moments = [now()]
    make_town(sqlite_store)
    number = late_answers(sqlite_store)
    moments.append(now())
    with sqlite_store.write() as conn:
        batches.undo(conn, number)
    moments.append(now())
    with sqlite_store.write() as conn:
        reinstatement.set_state(conn, number, "active", "李")
    moments.append(now())
    with sqlite_store.read() as conn:
        found = {a.id: a for a in arrivals.arrivals(conn, 2014)}
        assert arrivals.arrivals(conn, 2013) == ()
    assert [found[number].counted(m) for m in moments] == [False, True, False, True]
    assert found[number].answers == {"C1": 10}
    assert found[number].values == {}
    assert [sum(a.answers.values()) for a in found.values()] == [120, 0, 10]
    assert {c for a in found.values() for c in a.values} == {"C1", "C2"}
