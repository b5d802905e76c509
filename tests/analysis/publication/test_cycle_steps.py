"""The cycle in a store: what is decided shows in the results, what is closed is frozen, corrections are new versions."""

from __future__ import annotations

import pytest

from analysis.cycle.stored_steps import read_log
from analysis.indicators.imports import import_indicators
from analysis.indicators.review import review
from analysis.publication import cycle_steps, cycle_table, snapshots
from analysis.scoring.results import Results
from analysis.tables.scores import scores_for
from survey.core.errors import Refused
from survey.people import removal
from survey.store.intake import batches
from survey.store.upkeep import removals
from survey.store.year import cycle, register, results, schemes, years
from survey.store.year.cycle import Event
from tests.tools.towns.cycle_town import answers, make_town


@pytest.fixture
def town(sqlite_store):
    return make_town(sqlite_store)


def step(kind, code="", **more):
    return Event(kind, 2014, code, **{"who": "李", "document": "1号", "date": "2014-12-01", **more})


def to_decision(store):
    cycle_steps.take_all(store, [step("applied", "C1", star=5), step("applied", "C2", star=4)])
    cycle_steps.review(store, 2014, "李")
    cycle_steps.calculate(store, 2014, "李")
    cycle_steps.take(store, step("publicised", date="2014-11-20", until="2014-11-27"))


def finished(store):
    """C1 confirmed five stars by the city, C2 three by the district; closed."""
    to_decision(store)
    cycle_steps.take(store, step("decided", "C1", total=930.0, body="district"))
    cycle_steps.take(store, step("decided", "C1", total=920.0, body="city"))
    cycle_steps.take(store, step("decided", "C2", total=760.0, body="district"))
    cycle_steps.name(store, step("title", body="city"))
    cycle_steps.name(store, step("title", document="2号"))
    return cycle_steps.close(store, 2014, "李")


def refused(key, call, *args, **more):
    with pytest.raises(Refused) as error:
        call(*args, **more)
    assert error.value.key == key


def test_results_say_what_district_and_city_have_said(town):
    before = snapshots.results(town, 2014)
    assert before.scores["status"].tolist() == ["calculated"] * 2
    assert before.scores["star_awarded"].isna().all()
    assert before.scores["stage"].isna().all()
    to_decision(town)
    cycle_steps.take(town, step("decided", "C2", total=760.0, body="district"))
    row = snapshots.results(town, 2014).community("C2")
    assert (row["status"], row["star_awarded"], row["star"], row["stage"], row["applied_star"]) == (
        "confirmed",
        3,
        5,
        "name",
        4,
    )
    cycle_steps.name(town, step("title"))
    found = snapshots.results(town, 2014)
    row = found.community("C2")
    assert (row["status"], row["title_event"], row["provisional"]) == ("named", "first", True)
    assert Results.from_json(found.to_json()).to_json() == found.to_json()
    frame = scores_for([found], "zh")
    assert frame["star_awarded"].tolist()[1] == 3
    assert str(frame["star_awarded"].dtype) == "Int64"


def test_a_closed_year_takes_nothing_that_would_alter_it(town):
    finished(town)
    fixed = snapshots.results(town, 2014)
    assert fixed.scores["status"].tolist() == ["named", "named"]
    assert fixed.scores["star_awarded"].tolist() == [5, 3]
    assert not fixed.scores["provisional"].any()
    refused("store.year_closed", answers, town, 2014, offset=100)
    refused("store.year_closed", import_indicators, town, "j.csv", b"\xe7", 2014)
    refused("cycle.frozen", cycle_steps.take, town, step("applied", "C1", star=1))
    refused("cycle.frozen", cycle_steps.review, town, 2014, "李")
    refused("cycle.frozen", cycle_steps.name, town, step("title"))
    refused("cycle.frozen", cycle_steps.close, town, 2014, "李")
    refused("cycle.frozen", cycle_steps.calculate, town, 2014, "李", "再算")
    with town.write() as conn:
        for batch in batches.listing(conn):
            refused("store.year_closed", batches.undo, conn, batch.id)
        refused("store.year_closed", cycle.append, conn, step("applied", "C1", star=1))
        one, _ = register.communities(conn)
        refused("store.year_closed", register.save, conn, [register.replace(one, sub_district="别处")], 2014)
        register.save(conn, [register.replace(one, sub_district="别处")])  # counts from 2015 on
        number = schemes.applicable(conn, 2014).id
        refused("store.year_closed", results.save, conn, 2014, number, 1, "{}")
        schemes.add(conn, "late", 2010, dict(schemes.by_id(conn, number).definition))  # applies to 2014 from now on
    assert snapshots.results(town, 2014).to_json() == fixed.to_json()


def test_a_correction_is_a_new_version_and_both_stay_readable(town):
    finished(town)
    first = snapshots.results(town, 2014)
    refused("cycle.own", cycle_steps.correct, town, 2014, "李", reason="总分录错", approver="李")
    cycle_steps.correct(town, 2014, "李", reason="总分录错", approver="王主任")
    again = cycle_table.read_cycle(town, 2014)  # asked before anything else computed the year anew
    assert (again.log.moved, {at.next for at in again.standings.values()}) == (frozenset(), {"close"})
    opened = snapshots.results(town, 2014)
    assert opened.scores["provisional"].all()
    assert opened.extra["cycle"]["correcting"] == "总分录错"
    cycle_steps.take(town, step("decided", "C2", total=720.0, body="district", reason="总分录错"))
    cycle_steps.name(town, step("title", document="3号"))
    cycle_steps.close(town, 2014, "李")
    with town.read() as conn:
        listed = cycle_table.versions_table(conn, 2014)
        old, new = (cycle_table.version(conn, 2014, n) for n in (1, 2))
        refused("cycle.no_version", cycle_table.version, conn, 2014, 3)
        held = cycle.titles(conn)
    assert listed[["version", "reason", "approved_by", "current"]].to_numpy().tolist() == [
        [1, "", "", False],
        [2, "总分录错", "王主任", True],
    ]
    assert old.to_json() == first.to_json()
    assert [r.community("C2")["star_awarded"] for r in (old, new)] == [3, 2]
    assert snapshots.results(town, 2014).to_json() == new.to_json()
    assert held[["community_code", "star", "event", "decided_by", "document"]].to_numpy().tolist() == [
        ["C1", 5, "first", "city", "1号"],
        ["C2", 2, "first", "district", "3号"],
    ]


def test_a_day_that_has_not_come_is_refused_and_a_publication_may_begin_later(town):
    never = "2100-01-01"
    refused("cycle.in_future", cycle_steps.take, town, step("applied", "C1", star=5, date=never))
    to_decision(town)
    for code, days in (("C1", {"date": "2014-12-01", "until": never}), ("C2", {"date": never, "until": never})):
        cycle_steps.take(town, step("publicised", code, **days))
    assert cycle_table.read_cycle(town, 2014).standings["C2"].next == "decide"
    refused("cycle.in_future", cycle_steps.take, town, step("objection", "C1", reason="不服", date=never))
    said = {"total": 760.0, "body": "district", "date": never}
    refused("cycle.in_future", cycle_steps.take, town, step("decided", "C1", **said))


def test_nothing_is_published_on_values_that_nobody_reviewed(town):
    cycle_steps.take_all(town, [step("applied", "C1", star=5), step("applied", "C2", star=4)])
    cycle_steps.review(town, 2014, "李")
    review(town, 2014, "withdraw", who="复核员", community="C2", indicator="ZZ03")
    cycle_steps.calculate(town, 2014, "李")
    days = {"date": "2014-11-20", "until": "2014-11-27"}
    refused("cycle.values_wait", cycle_steps.take, town, step("publicised", **days))
    review(town, 2014, "approve", who="复核员")
    cycle_steps.take(town, step("publicised", **days))
    review(town, 2014, "return", who="复核员", community="C2", indicator="ZZ03", reason="次数不符")
    anew = {"date": "2014-11-28", "until": "2014-12-05"}
    refused("cycle.values_wait", cycle_steps.take, town, step("publicised", "C2", **anew))
    cycle_steps.take(town, step("publicised", "C1", **anew))  # nobody is held up by another's values
    with town.write() as conn:
        cycle.set_one_person(conn, True, "李")
    cycle_steps.take(town, step("publicised", "C2", **anew))


def test_a_step_reads_no_more_than_it_rests_on(town, monkeypatch):
    """A district of many streets takes a step for each: none reads the values of the others, none computes again."""
    with town.read() as conn:
        assert {code for code, _ in read_log(conn, 2014, lambda _: {"C1"}).reviews} == {"C1"}
        assert not read_log(conn, 2014, lambda _: ()).reviews
        assert {code for code, _ in read_log(conn, 2014).reviews} == {"C1", "C2"}
    snapshots.keep_current(town, 2014)
    computed = []
    monkeypatch.setattr(snapshots, "_publish", lambda *_, **__: computed.append(1))
    snapshots.keep_current(town, 2014)
    assert not computed
    answers(town, 2014, offset=100)
    snapshots.keep_current(town, 2014)
    assert computed


def test_a_community_that_ended_is_refused_with_who_stands_for_it(town):
    with town.write() as conn:
        one, other = register.communities(conn)
        register.save(conn, [register.replace(one, valid_to="2013", successor=other.code)], 2013)
    with pytest.raises(Refused) as error:
        cycle_steps.take(town, step("applied", "C1", star=3))
    assert (error.value.key, error.value.params["others"]) == ("intake.community_outside", ["乙社区"])


def test_a_veto_takes_the_community_out_of_the_ranking_when_it_is_approved(town):
    cycle_steps.take(town, step("applied", "C1", star=4))
    recorded = cycle_steps.take(town, step("veto", "C1", subject="V2", reason="案件"))
    assert snapshots.results(town, 2014).scores["rank"].tolist() == [1, 1]
    cycle_steps.take(town, step("veto_approved", "C1", ref=recorded.id, who="王"))
    found = snapshots.results(town, 2014)
    row = found.community("C1")
    assert (row["status"], row["rank"], row["star"], row["star_awarded"]) == ("vetoed", None, 5, None)
    assert found.extra["cycle"]["vetoes"] == {"C1": ["V2"]}
    cycle_steps.take(town, step("veto_lifted", "C1", ref=recorded.id, who="王", reason="误报"))
    assert snapshots.results(town, 2014).community("C1")["rank"] == 1


def test_a_whole_call_is_kept_or_nothing(town):
    refused(
        "store.unknown_community",
        cycle_steps.take_all,
        town,
        [step("applied", "C1", star=3), step("applied", "Z9", star=3)],
    )
    with town.read() as conn:
        assert cycle.events(conn) == []


def test_what_moves_after_the_calculation_stops_the_publication(town):
    cycle_steps.take(town, step("applied", "C1", star=3))
    cycle_steps.review(town, 2014, "李")
    cycle_steps.calculate(town, 2014, "李")
    answers(town, 2014, offset=100)
    refused("cycle.moved", cycle_steps.take, town, step("publicised", until="2014-12-08"))
    cycle_steps.calculate(town, 2014, "李", reason="补录答卷")
    cycle_steps.take(town, step("publicised", until="2014-12-08"))


def test_a_year_without_a_scheme_or_without_data_is_refused(town, tmp_path):
    empty = type(town).open(tmp_path / "empty.db", create=True)
    refused("store.no_scheme_for_year", cycle_steps.take, empty, step("applied", "C1", star=3))
    empty.close()
    refused("publishing.unknown_year", cycle_steps.calculate, town, 1999, "李")


def test_one_person_mode_is_said_on_every_result(town):
    with town.write() as conn:
        cycle.set_one_person(conn, True)
    assert all("not_reviewed" in note for note in snapshots.results(town, 2014).scores["note"])
    finished(town)
    with town.write() as conn:
        cycle.set_one_person(conn, False)
        assert years.state(conn, 2014) == "closed"
    assert all("not_reviewed" in note for note in snapshots.results(town, 2014).scores["note"])


def test_the_table_of_the_year_and_its_steps(town):
    to_decision(town)
    found = cycle_table.read_cycle(town, 2014)
    frame = cycle_table.cycle_table(found)
    assert list(frame.columns) == list(cycle_table.COLUMNS.names)
    assert frame[["community", "applied_star", "calculated_star", "stage", "next"]].to_numpy().tolist() == [
        ["甲社区", 5, 5, "decide", "decide"],
        ["乙社区", 4, 5, "decide", "decide"],
    ]
    assert (found.stage, found.counts()["decide"]) == ("decide", 2)
    with town.read() as conn:
        steps = cycle_table.steps_table(conn, 2014, "C1")
    assert steps["kind"].tolist() == ["applied", "reviewed", "calculated", "publicised"]


def test_a_closed_year_says_what_was_removed_since_and_a_correction_counts_without_it(town):
    before = finished(town) and snapshots.results(town, 2014)
    first = before.community("C1")
    with town.read() as conn:
        mark = snapshots.mark(conn, 2014)
        batch = next(b for b in batches.listing(conn) if b.kind == "answers")
        rows = [one for one in removals.held(conn, batch_id=batch.id) if one.year == 2014]
    mine = next(one for one in rows if one.community_id == 1)
    removal.remove(town, removal.Wanted(batch=mine.batch_id, row=mine.row), "本人要求")
    after = snapshots.results(town, 2014)
    row = after.community("C1")
    assert (row["total"], row["n"]) == (first["total"], first["n"])
    assert row["note"].split(";")[-1] == "responses_removed:1"
    assert after.community("C2")["note"] == before.community("C2")["note"]
    with town.read() as conn:
        assert snapshots.mark(conn, 2014) != mark  # whoever kept the results asks again
    assert snapshots.last(town, 2014).community("C1")["note"] == row["note"]
    cycle_steps.correct(town, 2014, reason="更正", approver="王", who="李")
    assert "responses_removed" not in snapshots.results(town, 2014).community("C1")["note"]
