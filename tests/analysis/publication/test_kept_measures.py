"""A specialist result is computed once, again when its year moved on, and never again in a closed year."""

from __future__ import annotations

import threading

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import update

from analysis.publication import kept_measures, snapshots
from survey.core import limits
from survey.core.errors import Refused
from survey.store import Store
from survey.store.engine import tables
from survey.store.year import years
from tests.tools.towns import two_years
from tests.tools.towns.two_years import bring

town = two_years.town


class Counted:
    """A measure that says how often it was computed."""

    def __init__(self, pause: threading.Event | None = None) -> None:
        self.times = 0
        self.pause = pause

    def __call__(self, conn, year, scheme, **parameters):
        self.times += 1
        if self.pause is not None:
            self.pause.wait(10)
        return {"times": self.times, "scheme": scheme.code, **parameters}


def test_computed_once_and_again_when_the_data_move(town: Store):
    measure = Counted()
    first = kept_measures.kept(town, 2014, "toy:1", measure)
    assert first.body == {"times": 1, "scheme": "default"}
    assert kept_measures.kept(town, 2014, "toy:1", measure) == first
    assert kept_measures.kept(town, 2014, "toy:1", measure, by="mode").body["times"] == 2
    assert kept_measures.kept(town, 2014, "toy:2", measure).body["times"] == 3
    bring(town, 2014, offset=100)
    again = kept_measures.kept(town, 2014, "toy:1", measure)
    assert again.body["times"] == 4
    assert again.data_version > first.data_version
    assert again.meta["analysis"] == "toy:1"


def test_computed_again_under_other_limits_for_small_groups(town: Store, monkeypatch: pytest.MonkeyPatch):
    """What was held back under 5 and 10 would show groups of 12 where nothing below 15 may be broken down."""
    measure = Counted()
    assert kept_measures.kept(town, 2014, "toy:1", measure).body["times"] == 1
    monkeypatch.setattr(limits, "TOTALS_BELOW", 15)
    assert kept_measures.kept(town, 2014, "toy:1", measure).body["times"] == 2
    assert kept_measures.kept(town, 2014, "toy:1", measure).body["times"] == 2


def test_a_result_that_does_not_say_its_limits_was_kept_under_the_first_ones(
    town: Store, monkeypatch: pytest.MonkeyPatch
):
    measure = Counted()
    kept_measures.kept(town, 2014, "toy:1", measure)
    with town.write() as conn:
        conn.execute(update(tables.analyses).values(payload='{"times": 7}'))
    assert kept_measures.kept(town, 2014, "toy:1", measure).body == {"times": 7}
    monkeypatch.setattr(limits, "NOTHING_BELOW", 6)
    assert kept_measures.kept(town, 2014, "toy:1", measure).body["times"] == 2


def test_that_of_a_closed_year_stays(town: Store):
    measure = Counted()
    snapshots.results(town, 2014)
    kept_measures.kept(town, 2014, "toy:1", measure)
    with town.write() as conn:
        years.close(conn, 2014)
        years.bump(conn, [2014])
    assert kept_measures.kept(town, 2014, "toy:1", measure).body["times"] == 1
    assert kept_measures.kept(town, 2014, "late:1", measure).scheme == "default"


def test_a_result_older_than_what_a_year_was_closed_with_does_not_stay(town: Store):
    measure = Counted()
    kept_measures.kept(town, 2014, "toy:1", measure)
    bring(town, 2014, offset=100)
    snapshots.results(town, 2014)
    with town.write() as conn:
        years.close(conn, 2014)
    assert [kept_measures.kept(town, 2014, "toy:1", measure).body["times"] for _ in range(2)] == [2, 2]


def test_others_wait_while_one_computes(town: Store):
    go = threading.Event()
    measure = Counted(go)
    found: list[int] = []
    readers = [
        threading.Thread(target=lambda: found.append(kept_measures.kept(town, 2014, "slow:1", measure).body["times"]))
        for _ in range(4)
    ]
    for reader in readers:
        reader.start()
    go.set()
    for reader in readers:
        reader.join(20)
    assert found == [1, 1, 1, 1]


def test_what_is_refused_is_not_kept(town: Store):
    def refuse(conn, year, scheme):
        raise Refused("publishing.no_data")

    with pytest.raises(Refused):
        kept_measures.kept(town, 2014, "toy:1", refuse)
    assert kept_measures.kept(town, 2014, "toy:1", Counted()).body["times"] == 1
    with pytest.raises(Refused, match="1999"):
        kept_measures.kept(town, 1999, "toy:1", Counted())


def test_anything_numeric_becomes_plain_json():
    frame = pd.DataFrame({"a": [1.5, np.nan], "b": ["x", None]})
    made = kept_measures.to_plain({"f": frame, "n": np.float64("nan"), "i": np.int64(3), "t": (np.array([1, 2]), True)})
    assert made == {"f": [{"a": 1.5, "b": "x"}, {"a": None, "b": None}], "n": None, "i": 3, "t": [[1, 2], True]}
