"""Decisions are read back as they were carried out, and show no phone number."""

from __future__ import annotations

from datetime import UTC, datetime

from survey.decisions.carried_out import Change
from survey.store.intake import decisions
from tests.tools.stores.store_data import begin

CHANGES = (
    Change("set", "数据", "F37", 37, "办事方便", "满", "满意", "", "checking.not_a_choice"),
    Change("blank", "数据", "G37", 37, "联系", "问 13800001234", "", "不是意见"),
    Change("leave_out", "数据", "A88", 88, "编号", "0041", "0041", "试填"),
)


def test_decisions_come_back_in_order_with_who_and_when(store):
    with store.write() as conn:
        _, batch = begin(conn)
        decisions.save(conn, batch, CHANGES, "李")
        decisions.save(conn, begin(conn, 2)[1], (), "李")
    with store.read() as conn:
        kept = decisions.of(conn, batch)
        assert decisions.of(conn, batch + 1) == []
    assert [(d.action, d.cell, d.row, d.header, d.after, d.reason, d.code) for d in kept] == [
        (c.action, c.cell, c.row, c.header, c.after, c.reason, c.code) for c in CHANGES
    ]
    assert [d.before for d in kept] == ["满", "问 138****1234", "0041"]
    assert {d.who for d in kept} == {"李"}
    assert all(abs((datetime.now(UTC) - d.at).total_seconds()) < 60 for d in kept)
