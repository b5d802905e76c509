"""Versions of a community and lists of a street are numbered, say what differs, and stay readable."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.publication import cycle_steps, snapshots
from analysis.publication.version_list import list_shown, lists_frame, shown, versions_frame, year_versions
from survey.core.errors import Refused
from survey.store.intake import batches
from tests.tools.towns.cycle_town import late_answers, publish, step


@pytest.fixture
def town(sqlite_store):
    """C1 published, decided, withdrawn, calculated anew with ten more answers and published anew; C2 as it was."""
    publish(sqlite_store)
    cycle_steps.take(sqlite_store, step("decided", "C1", total=700.0, body="district"))
    late_answers(sqlite_store)
    cycle_steps.take(sqlite_store, step("decision_withdrawn", "C1", reason="迟到的答卷"))
    cycle_steps.calculate(sqlite_store, 2014, "李", "迟到的答卷", "C1")
    cycle_steps.take(sqlite_store, step("publicised", "C1", date="2014-12-02", until="2014-12-09"))
    cycle_steps.take(sqlite_store, step("decided", "C1", total=820.0, body="district", date="2014-12-10"))
    return sqlite_store


def read(store, *codes):
    with store.read() as conn:
        found = year_versions(conn, 2014, codes or None)
        return found, versions_frame(conn, found, "zh"), lists_frame(conn, found)


def test_each_calculation_of_a_community_is_a_version_with_what_followed(town):
    found, frame, _ = read(town)
    rows = frame.set_index(["community_code", "version"])
    assert list(rows.index) == [("C1", 1), ("C1", 2), ("C2", 1)]
    assert rows["state"].tolist() == ["published", "current", "current"]
    assert rows["published_from"].tolist() == ["2014-11-20", "2014-12-02", "2014-11-20"]
    assert rows["decided_total"].fillna(0).tolist() == [0, 820, 0]  # a decision taken back is none
    newest = snapshots.calculated(town, 2014).community("C1")
    assert rows["total"].tolist() == [937, newest["total"], 937]
    assert rows["differs"].tolist() == ["", "批次 3（late_甲社区_2014.csv）新增 10 份答卷", ""]
    assert shown(found, "C1", 1).community("C1")["n"] == 60
    assert shown(found, "C1", 2).community("C1")["n"] == 70
    with pytest.raises(Refused) as error:
        shown(found, "C1", 3)
    assert error.value.key == "cycle_versions.none"


def test_a_list_names_the_versions_it_rests_on_and_one_community_anew_makes_the_next(town):
    _, _, frame = read(town, "C1")
    assert frame["list"].tolist() == [1, 2]
    assert frame["versions"].tolist() == ["C1:1、C2:1", "C1:2、C2:1"]
    assert frame["community"].fillna("").tolist() == ["", "甲社区"]
    assert frame["sub_district"].tolist() == ["示例街道"] * 2


def test_a_list_keeps_its_versions_when_the_same_calculation_is_published_for_other_days(sqlite_store):
    publish(sqlite_store)
    cycle_steps.take(sqlite_store, step("publicised", date="2014-11-21", until="2014-11-28"))
    _, versions, lists = read(sqlite_store)
    assert lists["versions"].tolist() == ["C1:1、C2:1"] * 2
    assert versions["published_from"].tolist() == ["2014-11-21"] * 2


def test_a_list_is_shown_as_it_was_published_and_the_last_one_is_what_score_says(town):
    found, _, _ = read(town)
    first, last = (list_shown(found, n) for n in (1, 2))
    assert first.scores[["community_code", "total", "rank"]].to_numpy().tolist() == [["C1", 937, 1], ["C2", 937, 1]]
    now = snapshots.results(town, 2014)
    names = ["community_code", "total", "rank", "rank_low", "rank_high", "change_q"]
    pd.testing.assert_frame_equal(last.scores[names], now.scores[names])
    assert last.scores["rank"].tolist() == [1, 2]
    assert list_shown(found, 2, "示例街道").scores.equals(last.scores)
    for number, street, key in (
        (0, "", "cycle_versions.no_list"),
        (3, "", "cycle_versions.no_list"),
        (1, "别处", "cycle.unknown_street"),
    ):
        with pytest.raises(Refused) as error:
            list_shown(found, number, street)
        assert error.value.key == key
        assert "{" not in error.value.word("zh") + error.value.word("en")


def test_what_was_taken_back_or_left_everything_as_it_was_is_told(town):
    cycle_steps.take(town, step("decision_withdrawn", "C1", reason="再算"))
    cycle_steps.calculate(town, 2014, "李", "再算一次", "C1")
    with town.write() as conn:
        batches.undo(conn, next(b.id for b in batches.listing(conn) if b.file.startswith("late")))
    cycle_steps.calculate(town, 2014, "李", "撤销迟到的答卷", "C1")
    _, frame, _ = read(town, "C1")
    assert frame["state"].tolist() == ["published", "current", "calculated", "calculated"]
    assert frame["differs"].tolist()[2:] == [
        "本社区的数据没有变化",
        "撤销批次 3（late_甲社区_2014.csv）的 10 份答卷",
    ]
