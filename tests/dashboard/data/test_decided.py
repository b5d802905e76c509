"""What was decided is read once, until anything is stored."""

from __future__ import annotations

from contextlib import closing

from dashboard.data import decided as room
from dashboard.data.decided import decided
from survey.store import Store, audit, settings
from tests.tools.dashboard_tools import ADMIN


def test_it_is_read_again_once_anybody_has_stored_something(tmp_path, monkeypatch):
    read = []
    monkeypatch.setattr(room, "verdicts", lambda store, year: read.append(year) or {})
    with closing(Store.open(tmp_path / "a.db", create=True)) as store, closing(Store.open(store.where)) as other:
        for year in (2013, 2014, 2014):
            assert decided(ADMIN, store, year) == {}
        assert read == [2013, 2014]
        with store.note() as conn:
            audit.record(conn, "a", "download", "/download/compare")
        decided(ADMIN, store, 2014)
        assert len(read) == 2
        for number, one in enumerate((store, other), 3):
            with one.write() as conn:
                settings.put(conn, "a", str(number))
            decided(ADMIN, store, 2014)
            assert len(read) == number
        decided(ADMIN, other, 2014)
        assert len(read) == 5
