"""A log with one more step says what a log read anew would say, in a year of one street and of several."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.cycle.stages import standings
from analysis.cycle.step_log import Log
from analysis.cycle.title_rules import rules_of
from analysis.scheme import default_scheme
from survey.store.year.cycle import Event

NAMES = {"A": "甲", "B": "乙", "C": "丙"}
STEPS = (
    Event("title", 2013, "A", star=3, outcome="first", id=1),
    Event("applied", 2014, "B", star=2, date="2014-03-01", id=2),
    Event("reviewed", 2014, "A", date="2014-04-01", id=3),
    Event("applied", 2014, "C", star=2, date="2014-03-02", id=4),
    Event("reviewed", 2014, "B", id=5),
    Event("calculated", 2014, street="北", result=7, id=6),
    Event("publicised", 2014, street="北", date="2014-11-01", until="2014-11-08", id=7),
    Event("objection", 2014, "A", date="2014-11-02", id=8),
    Event("reviewed", 2014, "C", id=9),
    Event("objection_answered", 2014, "A", ref=8, outcome="rejected", id=10),
    Event("decided", 2014, "A", star=3, total=760.0, body="district", outcome="confirmed", date="2014-12-01", id=11),
    Event("calculated", 2014, street="南", result=8, id=12),
    Event("decision_withdrawn", 2014, "A", ref=11, id=13),
)


@pytest.mark.parametrize("streets", [{}, {"A": "北", "B": "北", "C": "南"}])
def test_one_step_after_the_other_or_all_at_once(streets):
    log = Log(2014, (), rules_of(default_scheme()), NAMES, streets=streets)
    for number, step in enumerate(STEPS, 1):
        log = log.after(step)
        anew = Log(2014, STEPS[:number], log.rules, NAMES, streets=streets)
        assert log == anew
        for part in ("北", "南") if streets else ("",):
            now, then = log.within(part), anew.within(part)
            assert (now, standings(now)) == (then, standings(then))
            assert [now.steps_of(code) for code in now.codes] == [then.steps_of(code) for code in then.codes]
            assert (now.whole, now.by_community) == (then.whole, then.by_community)
        assert standings(log) == standings(anew)


def test_a_step_of_another_year_or_of_nobody_known_is_read_anew():
    log = Log(2014, STEPS, rules_of(default_scheme()), NAMES)
    assert standings(log)
    for step in (replace(STEPS[0], year=2012, id=14), Event("applied", 2014, "Z", star=1, id=15)):
        assert log.after(step).by_community[step.community][-1] == step
