"""Whatever is tried in whatever order: no stage is skipped, a veto awards nothing, what is frozen stays."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from analysis.cycle.stages import NO_NUMBER, STAGES, standings
from analysis.cycle.step_log import Log
from analysis.cycle.transitions import propose
from survey.core.errors import Refused
from survey.store.year.cycle import Event
from tests.tools.soak import examples
from tests.tools.towns.cycle_toys import NAMES, toy_log

KINDS = (
    "applied",
    "withdrawn",
    "reviewed",
    "veto",
    "veto_approved",
    "veto_lifted",
    "calculated",
    "publicised",
    "objection",
    "objection_answered",
    "unchanged",
    "decided",
    "decision_withdrawn",
    "title",
    "closed",
    "corrected",
)
STEPS = st.builds(
    Event,
    kind=st.sampled_from(KINDS),
    year=st.just(2014),
    community=st.sampled_from([*NAMES, "Z99"]),
    star=st.one_of(st.none(), st.integers(0, 6)),
    total=st.one_of(st.none(), st.integers(600, 1010).map(float)),
    body=st.sampled_from(["", "district", "city"]),
    subject=st.sampled_from(["", "V1", "other", "李", "ruling"]),
    outcome=st.sampled_from(["", "refused", "upheld", "revoked", "suspended", "not_rated", "kept_previous", "late"]),
    document=st.sampled_from(["", "1号"]),
    date=st.sampled_from(["2014-11-20", "2014-12-01", "2013-12-01"]),
    until=st.just("2014-11-27"),
    reason=st.sampled_from(["", "理由"]),
    ref=st.one_of(st.none(), st.integers(1, 12)),
    who=st.sampled_from(["李", "王"]),
)
HELD = [
    Event("title", 2013, code, star=star, body="district", outcome="first", who="李", id=i)
    for i, (code, star) in enumerate((("A01", 3), ("A02", 0)), 1)
]
#: what is tried first, so that random steps meet a year that has got somewhere
HEAD = [
    Event("applied", 2014, "A03", star=4, date="2014-10-01", who="李"),
    *(Event("reviewed", 2014, c, date="2014-10-02", who="李") for c in ("A01", "A03")),
    Event("calculated", 2014, who="李"),
    Event("publicised", 2014, date="2014-11-20", until="2014-11-27", who="李"),
    Event("decided", 2014, "A03", total=850.0, body="district", document="1", date="2014-12-01", who="李"),
    Event("decided", 2014, "A01", total=750.0, body="district", document="1", date="2014-12-01", who="李"),
    Event("decided", 2014, "A03", total=850.0, body="city", document="1", date="2014-12-01", who="李"),
    Event("title", 2014, "A01", document="1", date="2014-12-01", who="李"),
    Event("title", 2014, "A03", document="1", date="2014-12-01", who="李"),
    Event("closed", 2014, who="李"),
]


def attempt(log: Log, step: Event) -> Log:
    """The log after the step, or as it was where the step is refused (with a sentence)."""
    worded = ""
    try:
        kept: Event | None = propose(log, step)
    except Refused as refused:
        worded = refused.word("zh") + refused.word("en")
        kept = None
    if kept is None:
        assert "{" not in worded
        return log
    closed = step.kind == "closed" or (log.closed and step.kind != "corrected")
    return replace(log, events=(*log.events, replace(kept, id=len(log.events) + 1)), closed=closed)


@examples(40)
@given(st.integers(0, len(HEAD)), st.lists(STEPS, max_size=25))
def test_the_cycle_holds_whatever_is_tried(reached: int, steps: list[Event]):
    log = replace(toy_log(2014), events=tuple(HELD))
    for step in [*HEAD[:reached], *steps]:
        before, log = log, attempt(log, step)
        assert log.events[: len(before.events)] == before.events  # nothing is overwritten
        if before.closed and log.closed:
            assert log.events == before.events
        _check(log)


def _check(log: Log) -> None:
    whole = {e.kind for e in log.whole}
    for code, at in standings(log).items():
        kinds = [e.kind for e in log.mine(code, *KINDS)]
        assert at.stage in STAGES
        if at.vetoed:
            assert at.star_awarded is None
            assert at.status == "vetoed"
            approved = log.mine(code, "veto_approved")
            assert all(e.who != log.find(e.ref, "veto").who for e in approved)
        if at.decision is not None and at.decision.outcome in NO_NUMBER:
            assert at.taking_part
            assert at.decision.total is None
        elif at.decision is not None:
            assert {"calculated", "publicised"} <= whole
            assert "reviewed" in kinds
            assert at.taking_part
            assert at.decision.document
            assert (
                at.decision.outcome == "recommended"
                or log.rules.body_of(at.decision.star) == "district"
                or (at.decision.body == "city")
            )
        if at.title is not None and at.title.year == 2014:
            assert at.final or at.vetoed
            assert at.title.document
        if at.star_awarded is not None:
            assert 0 <= at.star_awarded <= log.rules.top
        if log.closed and at.taking_part:
            assert at.final or at.vetoed
    if "closed" in whole:
        assert "calculated" in whole or any(s.vetoed for s in standings(log).values()) or "corrected" in whole
