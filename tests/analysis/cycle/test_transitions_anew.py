"""One community calculated, published and decided anew while the others stay; outcomes that are no number."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.cycle.stages import standing
from tests.tools.towns.cycle_toys import after, decided, done, next_of, published, refused, toy_log


def objected(log, outcome="upheld"):
    """A01 objects and is answered, after A02 was decided."""
    log = decided(log, "A02", 700.0)
    log = done(log, "objection", "A01", reason="少算一项", date="2014-11-21")
    number = log.events[-1].id
    return done(log, "objection_answered", "A01", ref=number, outcome=outcome, reason="属实", subject="民政科")


def test_an_upheld_objection_is_no_dead_end_after_another_community_was_decided():
    log = objected(published(toy_log(), A01=3, A02=2))
    assert next_of(log) == ("publicise", "change")
    assert refused("upheld", decided, log, "A01", 760.0)
    assert refused("decided_already", done, log, "calculated")  # everybody's is over
    assert refused("need_reason", done, log, "calculated", "A01")
    assert refused("decided_already", done, log, "calculated", "A02", reason="异议成立")
    log = done(log, "calculated", "A01", reason="异议成立")
    assert next_of(log) == ("publicise", "publicise")
    assert refused("not_published", decided, log, "A01", 760.0)
    log = done(log, "publicised", "A01", date="2014-12-02", until="2014-12-09")
    assert refused("still_public", decided, log, "A01", 760.0)  # the days of its own publication
    log = decided(log, "A01", 760.0, date="2014-12-10")
    assert [standing(log, c).next for c in ("A01", "A02")] == ["name", "name"]


def test_an_upheld_objection_may_change_nothing_with_a_reason():
    log = objected(published(toy_log(), A01=3, A02=2), "partly")
    assert refused("need_reason", done, log, "unchanged", "A01", reason="")
    assert refused("nothing_upheld", done, log, "unchanged", "A02", reason="不影响得分")
    log = done(log, "unchanged", "A01", reason="不影响得分")
    assert next_of(log) == ("decide", "decide")
    assert refused("nothing_upheld", done, log, "unchanged", "A01", reason="再说一次")


def test_a_rejected_objection_asks_for_nothing():
    assert next_of(objected(published(toy_log(), A01=3, A02=2), "rejected")) == ("decide", "decide")


def test_a_decision_typed_for_the_wrong_community_is_taken_back_with_its_naming():
    log = decided(published(toy_log(), A01=3, A02=2), "A01", 760.0)
    assert refused("need_reason", done, log, "decision_withdrawn", "A01")
    assert refused("nothing_decided", done, log, "decision_withdrawn", "A02", reason="错")
    named = done(log, "title", "A01")
    taken = done(named, "decision_withdrawn", "A01", reason="录错社区")
    at = standing(taken, "A01")
    assert (at.next, at.status, at.star_awarded, at.title, at.decision) == ("decide", "", None, None, None)
    assert standing(after(taken, 2015), "A01").held is None
    again = done(decided(taken, "A01", 710.0), "title", "A01")
    assert standing(after(again, 2015), "A01").held.star == 2


def test_the_city_decides_only_on_a_recommendation_that_stands():
    log = decided(published(toy_log(), A01=5), "A01", 905.0)
    log = done(log, "decision_withdrawn", "A01", reason="录错")
    assert refused("not_recommended", decided, log, "A01", 905.0, body="city")


@pytest.mark.parametrize(("outcome", "star"), [("not_rated", None), ("deferred", None), ("kept_previous", 3)])
def test_a_holder_nobody_surveyed_does_not_block_the_archive(outcome, star):
    log = done(toy_log(2013), "title", "A01", star=3, subject="history")
    log = done(after(log, 2014), "applied", "A02", star=2)
    said = {"outcome": outcome, "body": "district", "reason": "未开展调查"}
    assert refused("no_number", done, log, "decided", "A01", total=700.0, **said)
    assert refused("need_reason", done, log, "decided", "A01", **{**said, "reason": ""})
    assert refused("nothing_to_keep", done, log, "decided", "A02", **{**said, "outcome": "kept_previous"})
    assert refused("not_applied", done, log, "decided", "A03", **said)
    log = done(done(log, "reviewed", "A02"), "decided", "A01", **said)  # A01 was not even reviewed
    at = standing(log, "A01")
    assert (at.status, at.star_awarded, at.next, at.final) == (outcome, star, "close", True)
    assert refused("no_title_due", done, log, "title", "A01")
    log = done(done(log, "calculated"), "publicised")
    log = done(done(decided(log, "A02", 710.0), "title", "A02"), "closed")
    assert standing(after(log, 2015), "A01").held.star == 3


def test_an_objection_after_its_period_is_asked_about():
    log = published(toy_log(), A01=3)
    assert refused("objection_late", done, log, "objection", "A01", reason="晚了", date="2014-11-28")
    late = done(log, "objection", "A01", reason="晚了", date="2014-11-28", outcome="late")
    assert late.events[-1].outcome == "late"
    in_time = done(log, "objection", "A01", reason="及时", date="2014-11-27", outcome="late")
    assert in_time.events[-1].outcome == ""


def test_nobody_is_decided_named_or_archived_on_numbers_that_have_moved():
    log = published(toy_log(), A01=3, A02=2)
    moved = replace(log, moved=frozenset({"A01"}))
    assert next_of(moved) == ("publicise", "late")
    assert refused("late_data", decided, moved, "A01", 760.0)
    assert standing(decided(moved, "A02", 710.0), "A02").next == "name"  # the others go on
    both = decided(decided(log, "A01", 760.0), "A02", 710.0)
    moved = replace(both, moved=frozenset({"A01"}))
    assert refused("late_data", done, moved, "title", "A01")
    assert refused("not_done", done, done(moved, "title", "A02"), "closed")
    strangers = replace(done(done(both, "title", "A01"), "title", "A02"), moved=frozenset({"A03"}))
    assert refused("late_data", done, strangers, "closed")  # published too, though it takes no part


def test_nobody_is_published_alone_before_everybody_is():
    log = done(done(toy_log(), "applied", "A01", star=3), "reviewed", "A01")
    log = done(log, "calculated")
    assert refused("publicise_all", done, log, "publicised", "A01")
    assert done(log, "publicised").last("publicised") is not None
