"""One value entered by hand: checked as a file is, kept as a change of its own, never overwriting."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.indicators import entry
from analysis.indicators.entry import enter
from analysis.indicators.imports import import_indicators, inspect_indicators
from analysis.indicators.review import review
from analysis.indicators.stored import stored
from analysis.indicators.tables import LISTED, SPREAD, past, values_table
from analysis.indicators.template import values_template
from analysis.publication import snapshots
from analysis.scheme import default_scheme
from analysis.tables.tracing import trace
from survey.core.errors import Refused
from survey.decisions.carried_out import Decision
from survey.store import Store
from survey.store.intake import batches
from survey.store.year import register, years
from tests.tools.templates import initialised
from tests.tools.towns.cycle_town import make_town


@pytest.fixture
def town(sqlite_store: Store) -> Store:
    """Two communities without any value."""
    initialised(sqlite_store)
    with sqlite_store.write() as conn:
        register.save(conn, [register.Community("C1", "甲社区", ("甲",)), register.Community("C2", "乙社区")])
    return sqlite_store


def put(store: Store, indicator: str, value: Any = "", who: str = "李", **more: Any) -> int:
    row = {"community": "C1", "indicator": indicator, "value": value, **more}
    return enter(store, 2014, [row], who=who, via="page").batch


def refused(key: str, *args: Any, **more: Any) -> str:
    with pytest.raises(Refused) as error:
        put(*args, **more)
    assert error.value.key == key
    assert "{" not in error.value.word("zh") + error.value.word("en")
    return error.value.word("zh")


def row(store: Store, indicator: str, code: str = "C1") -> dict[str, Any]:
    with store.read() as conn:
        frame = values_table(conn, 2014, [code])
    return dict(frame[frame["indicator"] == indicator].iloc[0])


def test_a_value_is_kept_with_who_when_and_why_and_can_be_taken_back(town: Store):
    put(town, "ZZ03", "4", evidence="会议记录", method="材料审核", date="2014年6月1日")
    second = put(town, "ZZ03", 5, who="王", reason="漏计一次")
    now = row(town, "ZZ03")
    assert (now["value"], now["entered_by"], now["change_reason"], now["review"]) == (5, "王", "漏计一次", "entered")
    with town.read() as conn:
        told = trace.trace(conn, "C1", 2014, "ZZ03").iloc[0]
        frame = past(conn, 2014, "C1", "ZZ03")
    assert (told["who"], told["reason"], len(told["at"])) == ("王", "漏计一次", 16)
    assert frame[["who", "what", "value", "counts"]].values.tolist() == [
        ["李", "entry", 4.0, "no"],
        ["王", "entry", 5.0, "yes"],
    ]
    with town.write() as conn:
        batches.undo(conn, second, "王")
    assert (row(town, "ZZ03")["value"], row(town, "ZZ03")["evidence"]) == (4, "会议记录")
    with town.read() as conn:
        assert past(conn, 2014, "C1", "ZZ03")["counts"].tolist() == ["yes", "undone"]


def test_counts_by_kind_scores_of_assessors_and_the_self_score_stand_side_by_side(town: Store):
    place = {"community": "C1", "indicator": "ZZ04"}
    rows = [
        {**place, "kind": "missing", "value": "1"},
        {**place, "kind": "late", "value": "0"},
        {**place, "self_score": 24},
    ]
    assert enter(town, 2014, rows, who="李", via="page").values == 3
    assert row(town, "ZZ04")["points_got"] == 19
    put(town, "ZZ04", assessor="甲组", assessor_score="16")
    put(town, "ZZ04", assessor="乙组", assessor_score="18", who="王")
    now = row(town, "ZZ04")
    assert [now[name] for name in SPREAD.names] == [2, 17, 16, 18]
    assert (now["points_got"], now["self_score"], now["entered_by"]) == (17, 24, "李；王")
    assert set(LISTED.names) - {"name", "why"} <= set(now)


BAD = (
    ("indicator_entry.bad", "ZZ02", "120"),
    ("indicator_entry.bad", "ZZ02", "0.85"),
    ("indicator_entry.bad", "ZZ99", "1"),
    ("indicator_entry.bad", "HX01", "1"),
    ("indicator_entry.bad", "ZZ01", "E"),
    ("indicator_entry.empty", "ZZ02", ""),
    ("indicator_entry.too_long", "ZZ02", "9" * 501),
)


def test_bad_input_is_one_sentence_and_nothing_is_kept(town: Store):
    for key, indicator, value in BAD:
        refused(key, town, indicator, value)
    refused("indicator_entry.bad", town, "ZZ02", "", exempt="yes")  # without evidence
    refused("indicator_entry.who", town, "ZZ02", "80", who=" ")
    assert "0 到 100" in refused("indicator_entry.bad", town, "ZZ02", "120")
    put(town, "ZZ02", "80%")
    refused("indicator_entry.unchanged", town, "ZZ02", "80")
    with town.read() as conn:
        assert len(batches.listing(conn)) == 1


def test_a_closed_year_refuses_entry_and_review_in_one_sentence(town: Store):
    put(town, "ZZ02", "80")
    with town.write() as conn:
        years.close(conn, 2014)
    refused("store.year_closed", town, "ZZ02", "81")
    with pytest.raises(Refused, match="2014 年已关闭"):
        review(town, 2014, "approve", who="王")


def test_who_entered_never_approves(town: Store):
    put(town, "ZZ02", "80")
    put(town, "ZZ03", "6", who="王")
    with pytest.raises(Refused, match="不能自己复核"):
        review(town, 2014, "approve", who="李", indicator="ZZ02")
    done = review(town, 2014, "approve", who="李")
    assert (done.done, done.own) == (1, 1)
    with pytest.raises(Refused, match="须写明原因"):
        review(town, 2014, "return", who="王")
    assert review(town, 2014, "return", who="王", reason="缺附件", community="C1", indicator="ZZ02").done == 1
    assert [row(town, i)["review"] for i in ("ZZ02", "ZZ03", "ZZ04")] == ["returned", "reviewed", "empty"]
    assert row(town, "ZZ02")["review_reason"] == "缺附件"
    with pytest.raises(Refused, match="没有符合条件"):
        review(town, 2014, "approve", who="王")
    assert review(town, 2014, "approve", who="王", community="C1", indicator="ZZ02").done == 1


def test_a_reviewed_value_changes_only_with_a_reason(town: Store):
    put(town, "ZZ02", "80")
    review(town, 2014, "approve", who="王")
    assert "王" in refused("indicator_entry.reason_needed", town, "ZZ02", "81")
    refused("indicator_entry.reason_needed", town, "ZZ02", assessor="甲组", assessor_score="20")
    put(town, "ZZ02", self_score="25")
    assert row(town, "ZZ02")["review"] == "reviewed"
    put(town, "ZZ02", "81", reason="核实后更正")
    assert row(town, "ZZ02")["review"] == "entered"


def test_a_file_that_changes_reviewed_values_is_asked_why(town: Store):
    put(town, "ZZ02", "80")
    review(town, 2014, "approve", who="王")
    data = "社区,指标,数值\nC1,ZZ02,81\nC1,ZZ03,6\n".encode()
    seen = inspect_indicators(town, "i.csv", data, 2014)
    (asked,) = (f for f in seen.findings if f.level == "ask")
    assert (asked.code, asked.cell) == ("indicator.reason_needed", "C2")
    with pytest.raises(Refused):
        import_indicators(town, "i.csv", data, 2014)
    empty = Decision("confirm", cell="C2", code="indicator.reason_needed")
    with pytest.raises(Refused) as error:
        import_indicators(town, "i.csv", data, 2014, decisions=[empty])
    assert "indicator.reason_empty" in {f.code for f in error.value.findings}
    told = Decision("confirm", cell="C2", code="indicator.reason_needed", reason="复查")
    import_indicators(town, "i.csv", data, 2014, decisions=[told], who="李")
    assert (row(town, "ZZ02")["value"], row(town, "ZZ02")["change_reason"]) == (81, "复查")
    again = "社区,指标,数值,变更原因\nC1,ZZ02,82,再查\nC1,ZZ03,6,\n".encode()
    receipt = import_indicators(town, "j.csv", again, 2014, who="李")
    assert (receipt.values, receipt.unchanged) == (1, 1)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_template_holds_what_is_stored_and_comes_back_without_a_finding(town: Store, lang: str):
    put(town, "ZZ01", "B", self_score="15", assessor="甲组", evidence="台账", date="2014-06-01", method="材料审核")
    put(town, "FW07", "0.8%")
    put(town, "ZZ03", assessor="乙组", assessor_score="20")
    enter(
        town,
        2014,
        [{"community": "C1", "indicator": "ZZ04", "kind": k, "value": "0"} for k in ("missing", "late")],
        who="李",
        via="page",
    )
    put(town, "FW01", exempt="yes", evidence="文明社区称号")
    with town.read() as conn:
        data = values_template(default_scheme(), [("C1", "甲社区"), ("C2", "乙社区")], lang, stored(conn, 2014))
    seen = inspect_indicators(town, "t.xlsx", data, 2014)
    assert (seen.findings, seen.count) == ((), 0)
    assert seen.values is not None
    assert seen.values.counts["unchanged"] == 6
    with pytest.raises(Refused) as error:
        import_indicators(town, "t.xlsx", data, 2014)
    assert error.value.key == "indicator_import.unchanged"


def test_results_carry_the_review_and_nothing_is_decided_before_it(sqlite_store: Store):
    town = make_town(sqlite_store)
    assert not snapshots.results(town, 2014).scores["note"].str.contains("not_reviewed").any()
    before = snapshots.results(town, 2014)
    enter(town, 2014, [{"community": "C1", "indicator": "ZZ03", "value": "3", "reason": "核实"}], who="李", via="page")
    after = snapshots.results(town, 2014)
    assert after.community("C1")["objective"] == before.community("C1")["objective"] - 12.5
    assert ["not_reviewed" in str(note) for note in after.scores["note"]] == [True, False]
    frame = after.indicators.set_index(["community_code", "indicator"])
    assert frame.loc[("C1", "ZZ03"), ["review", "entered_by", "change_reason"]].tolist() == ["entered", "李", "核实"]
    assert frame.loc[("C2", "ZZ03"), ["review", "reviewed_by"]].tolist() == ["reviewed", "复核员"]
    review(town, 2014, "approve", who="王")
    done = snapshots.results(town, 2014)
    assert done.meta["data_version"] == after.meta["data_version"]  # a review changes no number
    assert not done.scores["note"].str.contains("not_reviewed").any()


def test_a_value_that_somebody_else_stores_at_the_last_moment_is_not_stored_twice(town: Store, monkeypatch):
    """What the rows say is found out before the store is held for writing: who comes between is seen nevertheless."""
    first = entry._new

    def overtaken(*args: Any) -> Any:
        found = first(*args)
        monkeypatch.setattr(entry, "_new", first)
        put(town, "ZZ03", 4, who="王")
        return found

    monkeypatch.setattr(entry, "_new", overtaken)
    refused("indicator_entry.unchanged", town, "ZZ03", 4)
    with town.read() as conn:
        assert [b.who for b in batches.listing(conn) if b.kind == "entry"] == ["王"]


def test_a_value_that_is_reviewed_at_the_last_moment_asks_for_a_reason(town: Store, monkeypatch):
    put(town, "ZZ03", 4)
    first = entry._new

    def overtaken(*args: Any) -> Any:
        found = first(*args)
        monkeypatch.setattr(entry, "_new", first)
        review(town, 2014, "approve", who="王", community="C1", indicator="ZZ03")
        return found

    monkeypatch.setattr(entry, "_new", overtaken)
    refused("indicator_entry.reason_needed", town, "ZZ03", 5)
    assert row(town, "ZZ03")["value"] == 4


def test_what_is_done_beside_a_value_is_kept_with_it_or_not_at_all(town: Store):
    def fails(conn: Any) -> None:
        raise Refused("indicator_entry.who")

    with pytest.raises(Refused):
        enter(town, 2014, [{"community": "C1", "indicator": "ZZ03", "value": 4}], who="李", via="page", beside=fails)
    with town.read() as conn:
        assert batches.listing(conn) == []
