"""Vetoes: two persons put one in force, it withholds the star, and it counts for its months."""

from __future__ import annotations

import pytest

from analysis.cycle.stages import standing
from survey.store import audit
from tests.tools.towns.cycle_toys import after, decided, done, next_of, published, refused, toy_log


def test_a_veto_takes_two_persons_and_withholds_the_star():
    log = published(toy_log(), A01=3)
    recorded = done(log, "veto", "A01", subject="V2", reason="重大案件", date="2014-06-01")
    number = recorded.events[-1].id
    assert next_of(recorded) == ("review", "approve_veto")
    assert refused("own", done, recorded, "veto_approved", "A01", ref=number)
    assert refused("veto_pending", decided, recorded, "A01", 760)
    active = done(recorded, "veto_approved", "A01", ref=number, who="王")
    at = standing(active, "A01")
    assert (at.status, at.star_awarded, at.next) == ("vetoed", None, "close")
    assert refused("vetoed", decided, active, "A01", 760)
    assert refused("veto_is_active", done, active, "veto_approved", "A01", ref=number, who="王")
    assert refused("own", done, active, "veto_lifted", "A01", ref=number, reason="误报")
    lifted = done(active, "veto_lifted", "A01", ref=number, reason="误报", who="王")
    assert next_of(lifted) == ("review", "review")
    assert next_of(done(lifted, "reviewed", "A01")) == ("decide", "decide")
    alone = toy_log()
    alone = type(alone)(**{**alone.__dict__, "one_person": True})
    alone = done(alone, "veto", "A01", subject="other", reason="其他", date="2014-06-01")
    assert standing(done(alone, "veto_approved", "A01", ref=1), "A01").vetoed


def test_the_page_and_the_command_of_one_machine_are_no_two_persons(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(audit, "machine_user", lambda: "wang")
    log = done(toy_log(), "veto", "A01", subject="V2", reason="重大案件", date="2014-06-01", who="wang")
    number = log.events[-1].id
    assert refused("own", done, log, "veto_approved", "A01", ref=number, who=audit.LOCAL)
    assert standing(done(log, "veto_approved", "A01", ref=number, who="王"), "A01").vetoed


def test_a_veto_that_comes_after_the_naming_takes_the_star_back():
    log = done(decided(published(toy_log(), A01=3), "A01", 760), "title", "A01")
    log = done(log, "veto", "A01", subject="V1", reason="违纪", date="2014-12-05")
    log = done(log, "veto_approved", "A01", ref=log.events[-1].id, who="王")
    at = standing(log, "A01")
    assert (at.status, at.star_awarded, at.title, at.next) == ("vetoed", None, None, "close")


def test_what_a_veto_may_say():
    log = toy_log()
    say = {"reason": "案件", "date": "2014-06-01"}
    assert "V1" in refused("unknown_veto", done, log, "veto", "A01", subject="V9", **say)
    assert refused("need_document", done, log, "veto", "A01", subject="V1", document=" ", **say)
    assert refused("need_reason", done, log, "veto", "A01", subject="V1", date="2014-06-01")
    assert refused("veto_outside", done, log, "veto", "A01", subject="V1", reason="旧案", date="2013-12-31")
    assert refused("bad_months", done, log, "veto", "A01", subject="other", months=0, **say)
    assert refused("bad_date", done, log, "veto", "A01", subject="V1", reason="x", date="2014-02-30")
    long = done(log, "veto", "A01", subject="other", months=24, reason="旧案", date="2013-12-31")
    assert refused("no_veto", done, long, "veto_approved", "A02", ref=1, who="王")
    gone = done(long, "veto_lifted", "A01", ref=1, reason="录错")
    assert refused("veto_is_lifted", done, gone, "veto_approved", "A01", ref=1, who="王")


def test_a_long_veto_reaches_into_the_next_year():
    log = done(toy_log(2013), "veto", "A01", subject="other", months=18, reason="案件", date="2013-08-01")
    log = done(log, "veto_approved", "A01", ref=1, who="王")
    assert [standing(after(log, y), "A01").vetoed for y in (2013, 2014, 2015)] == [True, True, False]
