"""A store whose register has the communities of the invented results, which are its results."""

from __future__ import annotations

import pytest

from analysis.publication import snapshots
from survey.store.year import register
from tests.tools.towns.fake_results import YEARS, fake_results


@pytest.fixture
def street(sqlite_store, monkeypatch):
    rows = fake_results(2014).scores
    with sqlite_store.write() as conn:
        register.save(conn, [register.Community(r["community_code"], r["community"]) for r in rows.to_dict("records")])
    monkeypatch.setattr(snapshots, "data_years", lambda conn: list(YEARS))
    monkeypatch.setattr(snapshots, "results", lambda store, year, scheme=None: fake_results(year))
    return sqlite_store
