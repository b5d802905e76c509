"""Indicator values and result snapshots."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Connection

from survey.core.errors import Refused
from survey.store import Store, audit
from survey.store.intake import batches, reinstatement
from survey.store.year import indicators, register, results, schemes, years
from tests.tools.stores import store_data


def current(conn, year, code=None):
    found = results.current_snapshot(conn, year, code)
    return None if found is None else results.get(conn, found.id)


def brought(conn: Connection, name: str, rows: list[dict[str, object]], year: int = 2013) -> int:
    register.save(conn, store_data.COMMUNITIES)
    batch = batches.record(conn, kind="indicators", target="default", file=name, file_hash=name, sheet="指标")
    assert indicators.append(conn, batch, year, pd.DataFrame(rows)) == len(rows)
    return batch


def value(**more: object) -> dict[str, object]:
    return {"community_code": "A01", "indicator": "1.1", "value": 3.0, "row": 2, "sheet": "指标", **more}


def test_an_indicator_value_keeps_every_field_and_where_it_came_from(store: Store):
    full = {
        "community_code": "A02",
        "indicator": "2.1",
        "kind": "major",
        "value": 1.5,
        "value_text": "B",
        "self_score": 8.0,
        "assessor": "李",
        "assessor_score": 7.5,
        "method": "实地",
        "date": "2013-05-01",
        "evidence": "照片",
        "exempt": True,
        "note": "补",
        "sheet": "指标",
        "row": 9,
        "reason": "补报",
    }
    with store.write() as conn:
        batch = brought(conn, "a.xlsx", [full, value(value=np.nan, evidence="照片", row=None)])
        found = indicators.current(conn, 2013)
    assert len(found.pop("at")[0]) == len("2013-05-01 08:00")
    assert found.iloc[0].to_dict() == {**full, "batch_id": batch, "file": "a.xlsx", "who": ""}
    rest = found.iloc[1].dropna().to_dict()
    assert rest == {
        "community_code": "A01",
        "indicator": "1.1",
        "kind": "",
        "assessor": "",
        "exempt": False,
        "evidence": "照片",
        "sheet": "指标",
        "batch_id": batch,
        "file": "a.xlsx",
        "who": "",
    }
    assert found["value"].dtype == "float64"


def test_the_newest_active_batch_wins_with_all_its_rows(store: Store):
    with store.write() as conn:
        brought(conn, "1.xlsx", [value(), value(indicator="1.2"), value(kind="order")])
        second = brought(conn, "2.xlsx", [value(value=4.0), value(value=5.0), value(assessor="王", value=6.0)])
        brought(conn, "3.xlsx", [value(value=9.0)], year=2014)

        def now() -> list[float]:
            return sorted(indicators.current(conn, 2013)["value"])

        assert now() == [3.0, 3.0, 4.0, 5.0, 6.0]  # 1.2, order, two cases, another assessor
        assert batches.undo(conn, second) == (2013,)
        assert now() == [3.0, 3.0, 3.0]
        reinstatement.redo(conn, second)
        past = indicators.history(conn, 2013, "A01", "1.1")
    assert past["value"].tolist() == [3.0, 3.0, 4.0, 5.0, 6.0]
    assert past["current"].tolist() == [False, True, True, True, True]
    assert past["file"].tolist() == ["1.xlsx"] * 2 + ["2.xlsx"] * 3


def test_indicator_values_need_an_open_year_and_a_known_community(store: Store):
    with store.write() as conn:
        assert indicators.current(conn, 2013).empty
        batch = brought(conn, "1.xlsx", [value()])
        assert years.data_version(conn, 2013) == 1
        with pytest.raises(Refused, match="Z9"):
            indicators.append(conn, batch, 2013, pd.DataFrame([value(community_code="Z9")]))
        years.close(conn, 2013)
        with pytest.raises(Refused, match="2013 年已关闭"):
            indicators.append(conn, batch, 2013, pd.DataFrame([value()]))


def test_a_newer_snapshot_is_read_and_the_older_stays(store: Store):
    with store.write() as conn:
        default = schemes.add(conn, "default", None, {"v": 1})
        assert current(conn, 2013) is None
        old = results.save(conn, 2013, default.id, 1, '{"总分": 900}')
        newer = schemes.add(conn, "default", None, {"v": 2})
        new = results.save(conn, 2013, newer.id, 2, '{"总分": 910}')
        results.save(conn, 2012, default.id, 1, "{}")
    with store.read() as conn:
        assert current(conn, 2013) == current(conn, 2013, "default") == '{"总分": 910}'
        assert results.get(conn, old) == '{"总分": 900}'
        first, second = results.versions(conn, 2013)
        assert (first.id, first.scheme_version, first.data_version, first.current) == (old, 1, 1, False)
        assert (second.id, second.scheme_version, second.data_version, second.current) == (new, 2, 2, True)
        assert results.current_snapshot(conn, 2013) == second
        with pytest.raises(Refused, match="99"):
            results.get(conn, 99)


def test_each_scheme_has_its_own_pointer(store: Store):
    with store.write() as conn:
        one, two = (schemes.add(conn, code, None, {}) for code in ("one", "two"))
        results.save(conn, 2013, one.id, 1, "1")
        results.save(conn, 2013, two.id, 1, "2")
        assert [current(conn, 2013, code) for code in ("one", "two", None, "none")] == ["1", "2", "2", None]
        results.save(conn, 2013, one.id, 2, "3")
        assert [current(conn, 2013, code) for code in ("one", "two", None)] == ["3", "2", "3"]


def test_a_closed_year_takes_only_an_approved_correction(store: Store):
    with store.write() as conn:
        scheme = schemes.add(conn, "default", None, {})
        first = results.save(conn, 2013, scheme.id, 1, "published")
        years.close(conn, 2013)
        with pytest.raises(Refused, match="2013 年已关闭"):
            results.save(conn, 2013, scheme.id, 2, "late")
        with pytest.raises(Refused, match="2013 年已关闭"):
            results.save(conn, 2013, scheme.id, 2, "late", reason="错字")
        results.save(conn, 2013, scheme.id, 1, "corrected", reason="错字", approved_by="王主任")
        assert (current(conn, 2013), results.get(conn, first)) == ("corrected", "published")
        entry = audit.listing(conn, 1)[0]
        assert (entry.who, entry.action, entry.detail["reason"]) == ("王主任", "correct", "错字")
