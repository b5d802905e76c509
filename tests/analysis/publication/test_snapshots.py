"""Snapshots are computed when something moved, and only then; what they hold is what was stored."""

from __future__ import annotations

import pytest

from analysis.indicators.imports import import_indicators
from analysis.publication import snapshots
from analysis.scoring.results import SCORE_COLUMNS, Results
from analysis.tables.tracing import trace
from survey.core.errors import Refused
from survey.store import keyring, settings
from survey.store.intake import batches, originals
from survey.store.year import results, years
from tests.tools.towns import two_years
from tests.tools.towns.two_years import SCHEME, bring, indicator_file

town = two_years.town


def kept(store, year):
    with store.read() as conn:
        return len(results.versions(conn, year))


def test_a_snapshot_is_computed_once_and_again_when_its_data_move(town):
    first = snapshots.results(town, 2014)
    assert list(first.scores.columns[: len(SCORE_COLUMNS.names)]) == list(SCORE_COLUMNS.names)
    assert snapshots.results(town, 2014).to_json() == first.to_json()
    assert kept(town, 2014) == 1
    batch = import_indicators(town, "i.csv", indicator_file(), 2014)
    assert batch.values == 2 * len(SCHEME.scored_indicators)
    second = snapshots.results(town, 2014)
    assert kept(town, 2014) == 2
    assert second.community("C1")["objective"] == 700
    assert first.community("C1")["objective"] is None


def test_a_change_of_last_year_recomputes_this_years_change(town):
    before = snapshots.results(town, 2014).community("C1")
    assert before["change_subjective"] == pytest.approx(0, abs=1e-9)
    with town.write() as conn:
        batches.undo(conn, next(b.id for b in batches.listing(conn) if b.file == "2013_0.csv"), "")
    assert snapshots.results(town, 2014).community("C1")["change_subjective"] is None


def test_recompute_touches_the_year_and_the_next(town):
    snapshots.recompute(town, [2013])
    assert (kept(town, 2013), kept(town, 2014)) == (1, 1)


def test_recompute_names_the_years_whose_results_are_others(town):
    assert snapshots.recompute(town, [2013]) == [2013, 2014]
    assert snapshots.recompute(town, [2013, 2014]) == []
    with town.write() as conn:
        years.bump(conn, [2013])  # computed again, and all as it was
    assert snapshots.recompute(town, [2013]) == []
    assert (kept(town, 2013), kept(town, 2014)) == (2, 2)
    with town.write() as conn:
        batches.undo(conn, next(b.id for b in batches.listing(conn) if b.file == "2013_0.csv"), "")
    assert snapshots.recompute(town, [2013])[-1] == 2014  # its change has another year before it


def test_the_subjective_points_by_hand(town):
    """Q1 takes 1, 2, 3 in turn (100, 80, 60: mean 80), Q2 1, 2, 3, 4 (100, 80, 60, 40: mean 70).

    Both stand in one dimension of 60 points: (80 + 70) / 2 / 100 * 60 = 45.  The other four have one item
    answered as Q1: 80 / 100 * 60 = 48 each.  Together 45 + 4 * 48 = 237.
    """
    row = snapshots.results(town, 2014).community("C1")
    assert row["subjective_service"] == pytest.approx(45)
    assert row["subjective_harmony"] == pytest.approx(48)
    assert row["subjective"] == pytest.approx(237)
    assert row["n"] == 60
    assert row["total"] is None
    assert (row["status"], row["note"]) == ("incomplete", "objective_missing")


def test_the_whole_score(town):
    import_indicators(town, "i.csv", indicator_file(), 2014)
    row = snapshots.results(town, 2014).community("C1")
    assert (row["objective"], row["total"], row["star"]) == (700, pytest.approx(937), 5)
    assert row["star_probability"] == pytest.approx(1, abs=1e-3)
    assert row["rank"] == 1
    assert row["change_word"] == "no_clear_change"


def test_a_closed_year_keeps_its_snapshot(town):
    first = snapshots.results(town, 2014)
    with town.write() as conn:
        years.close(conn, 2014)
    again = snapshots.results(town, 2014)
    assert again.scores.drop(columns="provisional").equals(first.scores.drop(columns="provisional"))
    assert (first.scores["provisional"].all(), again.scores["provisional"].any()) == (True, False)


def test_a_year_without_data_is_refused_by_name(town):
    with pytest.raises(Refused) as error:
        snapshots.results(town, 1999)
    assert "2013、2014" in error.value.word("zh")


def test_sample_data_say_so(town):
    assert snapshots.results(town, 2014).meta["sample"] is False
    with town.write() as conn:
        settings.put(conn, "sample", "1")
        years.bump(conn, [2014])
    assert snapshots.results(town, 2014).meta["sample"] is True


def test_results_survive_json(town):
    computed = snapshots.results(town, 2014)
    again = Results.from_json(computed.to_json())
    assert again.to_json() == computed.to_json()


def test_the_flow_adds_up(town):
    results_ = snapshots.results(town, 2014)
    for row in results_.rows("flow"):
        assert row["received"] == row["duplicate"] + row["refused"] + row["stored"]
        assert row["stored"] == row["ineligible"] + row["incomplete"] + row["scored"]
        score = results_.community(row["community_code"])
        assert (row["stored"], row["scored"]) == (score["n_received"], score["n"])
        assert sum(row["modes"].values()) == row["scored"]


def test_trace_leads_to_rows_and_indicator_cells(town):
    import_indicators(town, "i.csv", indicator_file(), 2014)
    with town.read() as conn:
        answers = trace.trace(conn, "C1", 2014, "Q1")
        overview = trace.trace(conn, "C1", 2014)
        value = trace.trace(conn, "C1", 2014, "ZZ01")
        with pytest.raises(Refused):
            trace.trace(conn, "C1", 2014, "nothing")
    assert answers[["file", "row", "value"]].to_numpy().tolist()[:3] == [
        ["2014_0.csv", 2, "1"],
        ["2014_0.csv", 3, "2"],
        ["2014_0.csv", 4, "3"],
    ]
    assert overview["n"].sum() == 60 + len(SCHEME.scored_indicators)
    assert value[["file", "row"]].to_numpy().tolist() == [["i.csv", 2]]


def test_indicator_values_are_stored_whole_or_not_at_all(town):
    bad = indicator_file() + "甲社区,没有这个,,1,,\n".encode()
    with pytest.raises(Refused) as error:
        import_indicators(town, "bad.csv", bad, 2014)
    assert any(f.level == "refuse" for f in error.value.findings)
    with town.read() as conn:
        assert [b.kind for b in batches.listing(conn)] == ["answers", "answers"]


def test_with_a_key_a_file_of_indicator_values_can_be_fetched_back(town, monkeypatch):
    monkeypatch.setenv("XINGFU_KEY", keyring.new_key().written())
    data = indicator_file()
    batch = import_indicators(town, "i.csv", data, 2014).batch
    with town.read() as conn:
        kept = originals.read(conn, keyring.need(), batches.get(conn, batch).file_hash)
        assert b"".join(kept) == data
        assert list(originals.of_years(conn).values()) == [{2014}]


def test_a_small_group_is_traced_without_its_answers(town):
    bring(town, 2015, rows=4)
    with town.read() as conn:
        rows = trace.trace(conn, "C1", 2015, "Q1")
        overview = trace.trace(conn, "C1", 2015)
    assert rows[["file", "sheet", "row"]].notna().all(axis=None)
    assert rows[["value", "mode", "respondent"]].isna().all(axis=None)
    assert overview[["mode", "n"]].isna().all(axis=None)
    assert set(rows["note"]) == {"totals_only"}
    assert all(f["modes"] == {} for f in snapshots.results(town, 2015).rows("flow"))


def test_an_empty_file_of_indicator_values_is_no_batch(town):
    with pytest.raises(Refused) as error:
        import_indicators(town, "leer.csv", "社区,指标,数值\n".encode(), 2014)
    assert error.value.key in ("indicator_import.empty", "indicator_import.refused")
    import_indicators(town, "i.csv", indicator_file(), 2014)
    with pytest.raises(Refused) as error:
        import_indicators(town, "again.csv", indicator_file(), 2014)
    assert error.value.key == "intake.file_again"
    assert str(error.value).count("20") >= 1
