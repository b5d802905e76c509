"""What came in after the calculation was fixed: whose numbers it moves, and the two ways on."""

from __future__ import annotations

import pytest

from analysis.cycle import versions
from analysis.cycle.stored_steps import read_log
from analysis.cycle.versions import digests
from analysis.publication import cycle_steps, cycle_table, snapshots
from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.intake.answers import commit, inspect
from survey.store.intake import batches
from survey.store.year import cycle
from survey.store.year import results as stored_results
from survey.store.year.cycle import Event
from tests.tools.towns.cycle_town import make_town


@pytest.fixture
def town(sqlite_store):
    make_town(sqlite_store)
    cycle_steps.take_all(sqlite_store, [step("applied", "C1", star=5), step("applied", "C2", star=4)])
    cycle_steps.review(sqlite_store, 2014, "李")
    cycle_steps.calculate(sqlite_store, 2014, "李")
    cycle_steps.take(sqlite_store, step("publicised", date="2014-11-20", until="2014-11-27"))
    return sqlite_store


def step(kind, code="", **more):
    return Event(kind, 2014, code, **{"who": "李", "document": "1号", "date": "2014-12-01", **more})


def late_answers(store):
    """Ten more answers of C1, all of them the best; the batch."""
    lines = "".join(f"晚{i},甲社区,2014,1,1,1,1,1,1\n" for i in range(10))
    data = ("编号,社区,年度,办事方便,环境卫生,A,B,D,E\n" + lines).encode()
    return commit(store, inspect(store, "late.csv", data, ImportOptions("q"))).batch


def moved(store):
    snapshots.results(store, 2014)
    with store.read() as conn:
        return read_log(conn, 2014).moved


def refused(key, call, *args):
    with pytest.raises(Refused) as error:
        call(*args)
    assert error.value.key == key


def test_late_answers_move_their_own_community_and_nobody_else(town):
    assert moved(town) == frozenset()
    late_answers(town)
    assert moved(town) == {"C1"}
    refused("cycle.late_data", cycle_steps.take, town, step("decided", "C1", total=930.0, body="district"))
    cycle_steps.take(town, step("decided", "C2", total=760.0, body="district"))
    shown = cycle_table.cycle_table(cycle_table.read_cycle(town, 2014)).set_index("community_code")
    assert shown.loc["C1", "next"] == "late"
    now = snapshots.calculated(town, 2014).community("C1")["total"]
    assert shown.loc["C1", "calculated_total"] != now  # the cycle goes on showing what was published
    assert shown.loc["C1", "calculated_total"] == snapshots.results(town, 2014).community("C1")["total"]


def test_taking_the_batch_back_makes_the_published_version_hold_again(town):
    number = late_answers(town)
    assert moved(town) == {"C1"}
    with town.write() as conn:
        batches.undo(conn, number)
    assert moved(town) == frozenset()
    cycle_steps.take(town, step("decided", "C1", total=930.0, body="district"))


def test_calculated_and_published_anew_one_community_goes_on_beside_one_that_is_decided(town):
    cycle_steps.take(town, step("decided", "C2", total=760.0, body="district"))
    late_answers(town)
    refused("cycle.decided_already", cycle_steps.calculate, town, 2014, "李", "迟到的答卷")
    cycle_steps.calculate(town, 2014, "李", "迟到的答卷", "C1")
    assert moved(town) == frozenset()
    cycle_steps.take(town, step("publicised", "C1", date="2014-12-02", until="2014-12-09"))
    cycle_steps.take(town, step("decided", "C1", total=930.0, body="district", date="2014-12-10"))
    shown = cycle_table.cycle_table(cycle_table.read_cycle(town, 2014)).set_index("community_code")
    assert shown["next"].tolist() == ["city", "name"]


def test_a_withdrawn_decision_takes_its_title_out_of_the_history(town):
    cycle_steps.take(town, step("decided", "C2", total=760.0, body="district"))
    cycle_steps.name(town, step("title"))
    with town.read() as conn:
        assert cycle.titles(conn)["star"].tolist() == [3]
    cycle_steps.take(town, step("decision_withdrawn", "C2", reason="录错社区"))
    with town.read() as conn:
        assert cycle.titles(conn).empty
    row = snapshots.results(town, 2014).community("C2")
    assert (row["star_awarded"], row["title_event"]) == (None, None)


def test_outcomes_without_a_total_stand_in_the_results(town):
    said = {"outcome": "deferred", "body": "district", "reason": "待查"}
    cycle_steps.take(town, step("decided", "C2", **said))
    row = snapshots.results(town, 2014).community("C2")
    assert (row["status"], row["star_awarded"]) == ("deferred", None)


def test_a_digest_knows_the_community_and_not_the_list(town):
    found = snapshots.calculated(town, 2014)
    first = digests(found)
    found.scores["rank"] = 9.0
    assert digests(found) == first
    found.scores.loc[0, "total"] += 0.01
    assert {c for c, d in digests(found).items() if d != first[c]} == {"C1"}


def test_an_archived_year_is_corrected_for_one_community_and_archived_again(town):
    for code, total in (("C1", 700.0), ("C2", 760.0)):
        cycle_steps.take(town, step("decided", code, total=total, body="district"))
    cycle_steps.name(town, step("title"))
    cycle_steps.close(town, 2014, "李")
    first = snapshots.results(town, 2014).to_json()
    cycle_steps.correct(town, 2014, "李", reason="漏了一批答卷", approver="王")
    late_answers(town)
    assert moved(town) == {"C1"}
    refused("cycle.not_done", cycle_steps.close, town, 2014, "李")
    cycle_steps.take(town, step("decision_withdrawn", "C1", reason="漏了一批答卷"))
    cycle_steps.calculate(town, 2014, "李", "漏了一批答卷", "C1")
    cycle_steps.take(town, step("publicised", "C1", date="2015-01-05", until="2015-01-12"))
    cycle_steps.take(town, step("decided", "C1", total=820.0, body="district", date="2015-01-13"))
    cycle_steps.take(town, step("decided", "C1", total=820.0, body="city", date="2015-01-14"))
    cycle_steps.name(town, step("title", date="2015-01-20"))
    cycle_steps.close(town, 2014, "李")
    found = snapshots.results(town, 2014)
    assert found.scores["star_awarded"].tolist() == [4, 3]
    with town.read() as conn:
        assert cycle.titles(conn)["star"].tolist() == [4, 3]
        assert cycle_table.version(conn, 2014, 1).to_json() == first  # the version before stays readable
        assert len(cycle_table.versions_table(conn, 2014)) == 2


def test_a_snapshot_is_parsed_once_whoever_asks_for_it(town, monkeypatch):
    late_answers(town)
    first = [snapshots.results(town, 2014) for _ in range(2)][1]  # computed and kept, then read

    def never(_text):
        raise AssertionError("parsed again")

    monkeypatch.setattr(versions, "read_back", never)
    assert snapshots.results(town, 2014).to_json() == first.to_json()


def test_what_somebody_writes_into_results_is_read_by_nobody_else(town):
    """A test of another room added a hundredth to a total that it had read, and a veto read 937.01."""
    snapshots.results(town, 2014)
    with town.read() as conn:
        (newest,) = [s for s in stored_results.versions(conn, 2014) if s.current]
        one = versions.read_kept(conn, newest)
        one.scores.loc[0, "total"] += 0.01
        one.extra["weights"] = "gone"
        one.meta["dimensions"][0]["code"] = "gone"
        other = versions.read_kept(conn, newest)
        assert other.to_json() == versions.read_back(stored_results.get(conn, newest.id)).to_json()
