"""The way through a year by hand: every step in its turn, and a sentence for every step out of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.cycle.stages import standing
from survey.core.errors import Refused
from tests.tools.towns.cycle_toys import after, decided, done, next_of, published, refused, toy_log


def test_a_community_goes_from_application_to_archive():
    log = toy_log()
    assert next_of(log) == ("apply", "apply")
    log = done(log, "applied", "A01", star=3)
    assert next_of(log) == ("review", "review")
    log = done(log, "reviewed", "A01")
    assert next_of(log) == ("calculate", "calculate")
    log = done(log, "calculated")
    assert next_of(log) == ("publicise", "publicise")
    log = done(log, "publicised")
    assert next_of(log) == ("decide", "decide")
    log = decided(log, "A01", 761.5)
    at = standing(log, "A01")
    assert (at.next, at.status, at.star_awarded, at.title_event) == ("name", "confirmed", 3, "")
    log = done(log, "title", "A01")
    at = standing(log, "A01")
    assert (at.next, at.status, at.star_awarded, at.title_event) == ("close", "named", 3, "first")
    assert at.title.body == "district"
    log = done(log, "closed")
    assert next_of(log) == ("archive", "nothing")
    assert refused("frozen", done, log, "applied", "A02", star=1)


def test_four_stars_are_recommended_and_the_city_has_the_last_word():
    log = decided(published(toy_log(), A01=5, A02=4, A03=4), "A01", 905)
    assert refused("not_recommended", decided, log, "A02", 900.0, body="city")
    at = standing(log, "A01")
    assert (at.status, at.star_awarded, at.next, at.decision.star) == ("recommended", None, "city", 5)
    assert refused("not_decided", done, log, "title", "A01")
    confirmed = decided(log, "A01", 880.0, body="city")
    at = standing(confirmed, "A01")
    assert (at.status, at.star_awarded, at.next, at.decision.total) == ("confirmed", 4, "name", 880.0)
    assert standing(done(confirmed, "title", "A01"), "A01").title.body == "city"
    below = decided(log, "A01", 700.0, body="city")
    no = done(log, "decided", "A01", body="city", outcome="refused")
    for told in (below, no):
        at = standing(told, "A01")
        assert (at.decision.outcome, at.star_awarded, at.next) == ("refused", 3, "name")
        assert standing(done(told, "title", "A01"), "A01").title.body == "district"


def test_holders_are_re_evaluated_and_keep_rise_fall_or_lose():
    log = toy_log(2013)
    for code, star in zip(log.codes, (3, 2, 1), strict=True):
        log = done(log, "title", code, star=star, subject="history")
    log = published(after(log, 2014), A01=0, A02=3, A03=0)
    totals = {"A01": 690.0, "A02": 755.0, "A03": 640.0}
    for code, total in totals.items():
        log = done(decided(log, code, total), "title", code)
    events = {c: (standing(log, c).title.outcome, standing(log, c).title.star) for c in log.codes}
    assert events == {"A01": ("demoted", 1), "A02": ("promoted", 3), "A03": ("revoked", 0)}
    log = published(after(done(log, "closed"), 2015), A01=0, A02=0, A03=2)
    for code, total in {"A01": 660.0, "A02": 650.0, "A03": 720.0}.items():
        log = done(decided(log, code, total), "title", code)
    assert [standing(log, c).title.outcome for c in log.codes] == ["kept", "demoted", "renamed"]


def test_who_is_named_again_after_a_revocation_is_renamed_and_older_words_for_it_are_understood():
    log = toy_log(2012)
    for year, star in ((2012, 3), (2013, 0)):
        log = done(replace(log, year=year), "title", "A01", star=star, subject="history", date=f"{year}-12-01")
    for said in ("", "promoted", "renamed"):
        again = done(after(log, 2014), "title", "A01", star=2, subject="history", outcome=said)
        assert standing(again, "A01").title.outcome == "renamed"
        led = decided(published(after(log, 2014), A01=2), "A01", 720.0)
        assert standing(done(led, "title", "A01", outcome=said), "A01").title.outcome == "renamed"
    assert refused("event_mismatch", done, led, "title", "A01", outcome="first")


def test_a_title_may_fall_one_step_at_a_time_where_the_scheme_says_so():
    log = done(toy_log(2013, demotion="one_step"), "title", "A01", star=3, subject="history")
    log = decided(published(after(log, 2014), A01=0), "A01", 600)
    assert standing(log, "A01").star_awarded == 2
    with pytest.raises(Refused, match="two_steps"):
        toy_log(demotion="two_steps")


@pytest.mark.parametrize(("setting", "allowed"), [("pending", {"suspended", "revoked"}), ("revoke", {"revoked"})])
def test_the_title_of_a_vetoed_holder_waits_for_a_ruling(setting, allowed):
    log = done(toy_log(2013, veto_title=setting), "title", "A01", star=3, subject="history")
    log = done(after(log, 2014), "veto", "A01", subject="V2", reason="案件", date="2014-06-01")
    log = done(log, "veto_approved", "A01", ref=2, who="王")
    at = standing(log, "A01")
    assert (at.next, at.title_event, at.star_awarded) == ("rule", "pending", None)
    assert refused("not_done", done, log, "closed")
    for ruling in ("suspended", "revoked"):
        if ruling not in allowed:
            assert refused("bad_ruling", done, log, "title", "A01", subject="ruling", outcome=ruling)
            continue
        ruled = done(log, "title", "A01", subject="ruling", outcome=ruling)
        assert standing(ruled, "A01").title_event == ruling
        assert standing(after(done(ruled, "closed"), 2015), "A01").taking_part == (ruling == "suspended")


def test_an_objection_stops_the_decision_until_it_is_answered():
    log = published(toy_log(), A01=3)
    log = done(log, "objection", "A01", reason="次数不对", subject="ZZ03", date="2014-11-22")
    number = log.events[-1].id
    assert next_of(log) == ("publicise", "answer")
    assert refused("unanswered", decided, log, "A01", 760)
    answer = {"ref": number, "reason": "已核对会议记录", "subject": "事务办"}
    assert refused("bad_outcome", done, log, "objection_answered", "A01", outcome="maybe", **answer)
    assert refused("no_objection", done, log, "objection_answered", "A02", outcome="rejected", **answer)
    log = done(log, "objection_answered", "A01", outcome="rejected", **answer)
    assert next_of(log) == ("decide", "decide")
    log = decided(log, "A01", 760)
    assert refused("decided_already", done, log, "objection", "A01", reason="晚了")


def test_nothing_is_decided_out_of_turn():
    log = toy_log()
    assert refused("nobody", done, log, "calculated")
    assert refused("not_applied", decided, log, "A01", 760)
    log = done(log, "applied", "A01", star=3)
    assert refused("applied_already", done, log, "applied", "A01", star=4)
    assert "香樟" not in refused("not_reviewed", done, log, "calculated")
    assert refused("review_first", decided, log, "A01", 760)
    log = done(log, "reviewed", "A01")
    assert refused("not_calculated", decided, log, "A01", 760)
    assert refused("not_calculated", done, log, "publicised")
    log = done(log, "calculated")
    assert refused("calculated_already", done, log, "calculated")
    assert refused("not_published", decided, log, "A01", 760)
    assert refused("not_published", done, log, "objection", "A01", reason="不服")
    assert refused("ends_first", done, log, "publicised", date="2014-11-20", until="2014-11-19")
    log = done(log, "publicised")
    assert refused("published_already", done, log, "applied", "A02", star=1)
    assert refused("still_public", decided, log, "A01", 760, date="2014-11-26")
    assert refused("not_decided", done, log, "title", "A01")
    log = decided(log, "A01", 760)
    assert refused("decided_needs_reason", decided, log, "A01", 761)
    assert refused("decided_already", done, log, "calculated", reason="再算")
    again = decided(log, "A01", 749.99, reason="更正总分")
    assert standing(again, "A01").star_awarded == 2
    assert refused("named_before", done, log, "title", "A01", date="2014-11-30")
    assert refused("title_mismatch", done, log, "title", "A01", star=4)
    named = done(log, "title", "A01")
    assert refused("named_already", done, named, "title", "A01")


@pytest.mark.parametrize(
    ("key", "kind", "more"),
    [
        ("bad_star", "applied", {"star": 6}),
        ("bad_star", "applied", {"star": 0}),
        ("bad_star", "applied", {}),
        ("who", "applied", {"star": 3, "who": " "}),
        ("not_applied", "withdrawn", {"reason": "不报了"}),
    ],
)
def test_what_an_application_may_say(key, kind, more):
    assert refused(key, done, toy_log(), kind, "A01", **more)


@pytest.mark.parametrize(
    ("key", "more"),
    [
        ("bad_total", {"total": 1000.5}),
        ("bad_total", {"total": 760.123}),
        ("bad_total", {"total": -1.0}),
        ("bad_total", {}),
        ("star_mismatch", {"total": 760.0, "star": 4}),
        ("need_document", {"document": ""}),
        ("bad_body", {"body": "street"}),
        ("need_date", {"date": ""}),
    ],
)
def test_what_a_decision_may_say(key, more):
    log = published(toy_log(), A01=3)
    assert refused(key, done, log, "decided", "A01", **{"body": "district", **more})


def test_a_withdrawn_application_is_none_and_a_late_one_is_calculated_again():
    log = done(toy_log(), "applied", "A01", star=3)
    assert next_of(done(log, "withdrawn", "A01", reason="不报了")) == ("apply", "apply")
    log = done(done(done(log, "reviewed", "A01"), "calculated"), "applied", "A02", star=2)
    assert next_of(log, "A02") == ("review", "review")
    assert refused("calculation_old", done, log, "publicised")
    log = done(log, "reviewed", "A02")
    assert refused("calculation_old", done, log, "publicised")
    log = done(done(log, "calculated", reason="补报"), "publicised")
    assert next_of(log, "A02") == ("decide", "decide")


def test_a_correction_needs_a_closed_year_a_reason_and_another_person():
    log = done(decided(published(toy_log(), A01=1), "A01", 640), "closed")
    assert refused("own", done, log, "corrected", subject="李", reason="录错")
    assert refused("need_approver", done, log, "corrected", subject=" ", reason="录错")
    assert refused("need_reason", done, log, "corrected", subject="王")
    opened = done(log, "corrected", subject="王", reason="录错")
    assert opened.correcting.reason == "录错"
    assert refused("not_closed", done, opened, "corrected", subject="王", reason="录错")
    right = decided(opened, "A01", 650, reason="更正总分")
    assert refused("not_done", done, right, "closed")
    assert done(done(right, "title", "A01"), "closed").closed


def test_titles_from_before_the_tool():
    log = done(toy_log(2012), "title", "A01", star=2, subject="history")
    assert refused("title_there", done, log, "title", "A01", star=3, subject="history")
    assert refused("history_year", done, log, "applied", "A02", star=2)
    assert refused("bad_star", done, log, "title", "A02", star=7, subject="history")
    assert refused("bad_event", done, log, "title", "A02", star=2, outcome="revoked", subject="history")
    own = done(toy_log(2013), "applied", "A01", star=2)
    assert refused("has_cycle", done, own, "title", "A01", star=2, subject="history")


def test_days_that_cannot_be_are_named_with_the_day_that_they_contradict():
    log = toy_log()
    assert "1999-03-01" in refused("before_year", done, log, "applied", "A01", star=3, date="1999-03-01")
    assert next_of(done(log, "applied", "A01", star=3, date="2013-12-20")) == ("review", "review")
    assert refused("before_year", done, log, "title", "A01", star=3, subject="history", date="2013-12-20")
    log = published(log, A01=5, A02=5)
    early = {"reason": "次数不对", "date": "2014-11-01"}
    assert "2014-11-20" in refused("objection_early", done, log, "objection", "A01", **early)
    asked = done(log, "objection", "A01", reason="次数不对", date="2014-11-22")
    answer = {"ref": asked.events[-1].id, "outcome": "rejected", "reason": "已核对", "subject": "事务办"}
    too_soon = refused("answered_before", done, asked, "objection_answered", "A01", date="2014-11-21", **answer)
    assert "2014-11-22" in too_soon
    done(asked, "objection_answered", "A01", date="2014-11-22", **answer)
    log = decided(log, "A02", 905, date="2014-12-05")
    assert "2014-12-05" in refused("city_before", decided, log, "A02", 905, body="city", date="2014-12-04")
    decided(log, "A02", 905, body="city", date="2014-12-05")


def test_the_same_publication_once_more_says_nothing_new():
    log = published(toy_log(), A01=3, A02=3)
    assert refused("published_so", done, log, "publicised")
    assert refused("published_so", done, log, "publicised", "A01")
    for more in ({"until": "2014-11-28"}, {"document": "2号"}):  # the days or the document were typed wrong
        done(log, "publicised", **more)
    anew = done(log, "calculated", "A01", reason="补录")
    done(anew, "publicised", "A01")
    done(done(anew, "publicised", "A01"), "publicised", document="2号")
