"""A published year shows what was published: late data wait beside it, and the list is laid together anew for one community."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from analysis.awards.verdicts import verdict_columns, verdicts
from analysis.awards.year import budget, targets
from analysis.publication import cycle_steps, cycle_table, fixed_versions, snapshots
from analysis.scoring.rating import add_ranks
from survey.store.intake import batches
from survey.store.year.cycle import Event
from tests.tools.towns.cycle_town import late_answers as late
from tests.tools.towns.cycle_town import make_town, publish, step

OWN = ["n", "objective", "subjective", "subjective_se", "total", "star", "star_probability"]


@pytest.fixture
def town(sqlite_store):
    """C1 and C2 published, both at 937 points."""
    return publish(sqlite_store)


def row(store, code):
    return snapshots.results(store, 2014).community(code)


def test_late_answers_wait_beside_the_published_result_and_are_named(town):
    before = snapshots.results(town, 2014)
    batch = late(town)
    after = snapshots.results(town, 2014)
    assert snapshots.calculated(town, 2014).community("C1")["total"] > before.community("C1")["total"]
    flagged = after.scores.assign(note=before.scores["note"])
    flagged["stage"] = before.scores["stage"]
    pd.testing.assert_frame_equal(flagged, before.scores)
    for name in ("items", "indicators", "flow", "streets"):
        pd.testing.assert_frame_equal(getattr(after, name), getattr(before, name))
    assert [note.split(";") for note in after.scores["note"]] == [["late_data"], [""]]
    assert fixed_versions.late_names(after) == ["甲社区"]
    with town.read() as conn:
        said = fixed_versions.not_counted(conn, [2013, 2014])
    assert said == [("cycle.not_counted", {"year": 2014, "n": 1, "communities": "甲社区"})]
    with town.write() as conn:
        batches.undo(conn, batch)
    assert snapshots.results(town, 2014).to_json() == before.to_json()
    with town.read() as conn:
        assert fixed_versions.not_counted(conn, [2014]) == []


def test_nobody_is_recommended_before_somebody_spoke_in_versions_of_older_programs_either(town, monkeypatch):
    plain = fixed_versions.read_kept

    def older(conn, snapshot):
        kept = plain(conn, snapshot)
        return replace(kept, scores=kept.scores.assign(status="recommended"))

    monkeypatch.setattr(fixed_versions, "read_kept", older)
    late(town)
    found = cycle_table.read_cycle(town, 2014)
    assert found.calculated["C1"]["status"] == "recommended"  # as it was published
    assert cycle_table.cycle_table(found)["status"].tolist() == ["calculated"] * 2
    assert snapshots.results(town, 2014).scores["status"].tolist() == ["calculated"] * 2
    cycle_steps.take(town, step("decided", "C2", body="district", total=860.0))
    told = [row(town, "C2"), cycle_table.cycle_table(cycle_table.read_cycle(town, 2014)).iloc[1]]
    assert [r["status"] for r in told] == ["recommended"] * 2
    assert verdict_columns(verdicts(town, 2014)["C2"])["star_awarded"] is None  # the city has the last word


def test_a_title_taken_away_by_a_ruling_is_withheld_everywhere(sqlite_store):
    town = make_town(sqlite_store)
    history = Event("title", 2013, "C1", star=3, subject="history", document="1号", date="2013-12-01", who="李")
    cycle_steps.take(town, history)
    matter = cycle_steps.take(town, step("veto", "C1", subject="other", reason="事故"))
    cycle_steps.take(town, step("veto_approved", "C1", ref=matter.id, who="王"))
    for event in ("suspended", "revoked"):
        cycle_steps.take(town, step("title", "C1", subject="ruling", outcome=event, reason="裁定"))
        line = cycle_table.cycle_table(cycle_table.read_cycle(town, 2014)).astype(object).iloc[0]
        line = line.where(line.notna(), None)
        for said in (line, row(town, "C1")):
            assert (said["status"], said["star_awarded"], said["title_event"]) == ("vetoed", None, event)
        columns = verdict_columns(verdicts(town, 2014)["C1"])
        assert (columns["star_awarded"], columns["title_event"]) == (None, event)


def test_one_community_published_anew_makes_a_new_list_of_the_versions_as_they_stand(town):
    late(town)
    late(town, "乙社区")
    cycle_steps.calculate(town, 2014, "李", "迟到的答卷", "C1")
    fixed = row(town, "C1")
    assert "late_data" in fixed["note"]  # not before it is published
    cycle_steps.take(town, step("publicised", "C1", date="2014-12-02", until="2014-12-09"))
    found, newest = snapshots.results(town, 2014), snapshots.calculated(town, 2014)
    one, other = found.community("C1"), found.community("C2")
    assert [one[c] for c in OWN] == [newest.community("C1")[c] for c in OWN]
    assert other["total"] == 937
    assert other["note"].split(";") == ["late_data"]
    assert one["note"] == ""
    assert (one["rank"], other["rank"]) == (
        1,
        2,
    )  # each at the version that stands: 937 and 70 answers against 937 and 60
    again = found.scores.copy()
    add_ranks(again, again["total"].notna().to_numpy())
    pd.testing.assert_frame_equal(again, found.scores)
    assert found.streets["mean_total"].item() == pytest.approx(found.scores["total_exact"].mean())
    assert found.streets["n"].item() == 130
    assert found.flow["scored"].tolist() == [70, 60]
    items = found.items.groupby("community_code")["n"].first()
    assert items.to_dict() == {"C1": 70, "C2": 60}


def test_a_veto_after_the_publication_takes_the_rank_and_leaves_the_number(town):
    number = cycle_steps.take(town, step("veto", "C1", subject="other", reason="事故", months=12)).id
    cycle_steps.take(town, step("veto_approved", "C1", ref=number, who="王"))
    one, other = row(town, "C1"), row(town, "C2")
    assert (one["total"], one["rank"], one["status"]) == (937, None, "vetoed")
    assert one["note"].split(";") == ["vetoed"]
    assert other["rank"] == 1
    cycle_steps.take(town, step("veto_lifted", "C1", ref=number, who="王", reason="撤销"))
    assert row(town, "C1")["note"] == ""
    assert row(town, "C1")["rank"] == 1


def test_awards_targets_and_cycle_read_the_published_version(town):
    with town.write() as conn:
        batches.undo(conn, next(b.id for b in batches.listing(conn) if b.file == "i.csv"))
    assert snapshots.calculated(town, 2014).scores["star"].isna().all()
    shown = cycle_table.cycle_table(cycle_table.read_cycle(town, 2014))
    assert shown["calculated_star"].tolist() == [5, 5]
    assert [p.reached for p in targets(town, 2014).progress["calculated"]] == [2, 2, 2]
    assert budget(town, 2014)[0].unknown == ()


def test_the_change_of_the_next_year_is_against_what_was_published(sqlite_store):
    make_town(sqlite_store, (2013, 2014))
    store = sqlite_store
    cycle_steps.take(store, Event("applied", 2013, "C1", star=5, date="2013-10-01", who="李"))
    cycle_steps.review(store, 2013, "李")
    cycle_steps.calculate(store, 2013, "李")
    cycle_steps.take(store, Event("publicised", 2013, date="2013-11-20", until="2013-11-27", who="李", document="1"))
    late(store, year=2013)
    assert row(store, "C1")["change_subjective"] == pytest.approx(0, abs=1e-9)
    cycle_steps.calculate(store, 2013, "李", "迟到的答卷", "C1")
    assert row(store, "C1")["change_subjective"] == pytest.approx(0, abs=1e-9)
    cycle_steps.take(
        store, Event("publicised", 2013, "C1", date="2013-12-01", until="2013-12-09", who="李", document="2")
    )
    assert row(store, "C1")["change_subjective"] < -1
