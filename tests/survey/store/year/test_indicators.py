"""What of the rows about one indicator counts: each thing for itself, the newest active batch of each."""

from __future__ import annotations

from typing import Any

import pandas as pd

from survey.store import Store
from survey.store.intake import batches
from survey.store.year import indicators
from tests.tools.stores.store_data import brought


def counting(store: Store) -> list[dict[str, Any]]:
    """What counts, empty cells left out."""
    shown = ["kind", "value", "self_score", "assessor", "assessor_score", "evidence", "exempt"]
    with store.read() as conn:
        frame = indicators.current(conn, 2013)[shown]
    return [
        {k: v for k, v in row.items() if pd.notna(v) and v is not False and v != ""} for row in frame.to_dict("records")
    ]


def test_a_self_score_alone_never_hides_a_value(sqlite_store: Store):
    brought(sqlite_store, {"value": 3.0, "self_score": 10.0})
    brought(sqlite_store, {"self_score": 12.0})
    assert counting(sqlite_store) == [{"value": 3.0}, {"self_score": 12.0}]
    brought(sqlite_store, {"value": 4.0})
    assert counting(sqlite_store) == [{"self_score": 12.0}, {"value": 4.0}]


def test_a_remark_alone_hides_nothing_and_is_replaced_by_the_next(sqlite_store: Store):
    brought(sqlite_store, {"value": 3.0, "evidence": "台账"})
    brought(sqlite_store, {"evidence": "照片"})
    brought(sqlite_store, {"evidence": "会议记录"})
    assert counting(sqlite_store) == [{"value": 3.0, "evidence": "台账"}, {"evidence": "会议记录"}]


def test_an_assessors_newest_score_counts_whatever_its_kind(sqlite_store: Store):
    brought(sqlite_store, {"kind": "order", "value": 1.0, "assessor": "王", "assessor_score": 8.0})
    brought(sqlite_store, {"assessor": "王", "assessor_score": 9.0}, {"assessor": "李", "assessor_score": 7.0})
    assert counting(sqlite_store) == [
        {"kind": "order", "value": 1.0, "assessor": "王"},
        {"assessor": "王", "assessor_score": 9.0},
        {"assessor": "李", "assessor_score": 7.0},
    ]


def test_an_assessor_is_one_person_however_the_name_is_typed(sqlite_store: Store):
    brought(sqlite_store, {"value": 3.0, "assessor": "王　Ａ", "assessor_score": 8.0})
    brought(sqlite_store, {"value": 4.0, "assessor": "王a", "assessor_score": 9.0})
    assert counting(sqlite_store) == [{"value": 4.0, "assessor": "王a", "assessor_score": 9.0}]


def test_an_exemption_gives_way_to_a_newer_count_of_any_kind(sqlite_store: Store):
    brought(sqlite_store, {"exempt": True, "evidence": "文件"})
    assert counting(sqlite_store) == [{"exempt": True, "evidence": "文件"}]
    last = brought(sqlite_store, {"kind": "order", "value": 0.0})
    assert counting(sqlite_store) == [{"kind": "order", "value": 0.0}]
    with sqlite_store.write() as conn:
        batches.undo(conn, last)
    assert counting(sqlite_store) == [{"exempt": True, "evidence": "文件"}]


def test_history_shows_what_was_taken_back_and_what_counts_of_each_row(sqlite_store: Store):
    brought(sqlite_store, {"value": 3.0, "self_score": 10.0})
    second = brought(sqlite_store, {"value": 4.0, "reason": "核实"})
    with sqlite_store.write() as conn:
        batches.undo(conn, second, "李")
    with sqlite_store.read() as conn:
        past = indicators.history(conn, 2013, "A01", "1.1", undone=True)
        assert len(indicators.history(conn, 2013)) == 1
    assert past["state"].tolist() == ["active", "undone"]
    assert past["counts_report"].tolist() == [True, False]
    assert past["reason"].tolist()[1] == "核实"
