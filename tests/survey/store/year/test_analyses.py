"""Specialist results: one row for its year, name and parameters."""

from __future__ import annotations

from survey.store import Store
from survey.store.year import analyses, schemes


def test_a_newer_result_takes_the_place_of_the_older_and_others_stay(store: Store):
    with store.write() as conn:
        scheme = schemes.add(conn, "default", None, {})
        for version, payload in ((1, "old"), (2, "new")):
            analyses.save(conn, 2014, "alpha:1", "{}", scheme_id=scheme.id, data_version=version, payload=payload)
        analyses.save(conn, 2014, "alpha:1", '{"by": "mode"}', scheme_id=scheme.id, data_version=2, payload="other")
    with store.read() as conn:
        found = analyses.get(conn, 2014, "alpha:1", "{}")
        assert found is not None
        assert (found.payload, found.data_version, found.scheme_id) == ("new", 2, scheme.id)
        assert found.created_at.tzinfo is not None
        other = analyses.get(conn, 2014, "alpha:1", '{"by": "mode"}')
        assert other is not None
        assert other.payload == "other"
        assert analyses.get(conn, 2013, "alpha:1", "{}") is None
