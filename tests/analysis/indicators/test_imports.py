"""Files of indicator values on their way in: one reading of the store, all of it of one moment."""

from __future__ import annotations

import pytest

from analysis.indicators import imports
from analysis.indicators.entry import enter
from analysis.indicators.imports import inspect_indicators
from analysis.publication import new_store
from survey.core.errors import Refused
from survey.decisions.carried_out import Decision
from survey.store import Store
from survey.store.year import register, years
from tests.tools.counted import counted

VALUES = "社区,指标,数值\nC1,ZZ03,4\nC2,ZZ03,5\n"


@pytest.fixture
def ready(store: Store) -> Store:
    new_store.initialise(store)
    with store.write() as conn:
        register.save(conn, [register.Community("C1", "甲社区", ("甲",)), register.Community("C2", "乙社区")])
    return store


def look(store: Store) -> imports.IndicatorInspection:
    return inspect_indicators(store, "指标.csv", VALUES.encode(), 2014)


def test_values_take_one_reading_and_nothing_is_written(ready: Store, monkeypatch: pytest.MonkeyPatch):
    times = counted(monkeypatch, Store, "read", "write")
    assert look(ready).count == 2
    assert times == {"read": 1}


@pytest.mark.parametrize("step", ["seal_file", "refuse_same_file", "stored", "carry_out", "values_of"])
def test_what_another_enters_between_two_steps_is_not_seen(ready: Store, monkeypatch: pytest.MonkeyPatch, step: str):
    alone = look(ready)
    owner = imports.contacts if step == "seal_file" else imports
    real, waiting = getattr(owner, step), [True]

    def late(*given: object, **named: object) -> object:
        while waiting:
            waiting.pop()
            enter(ready, 2014, [{"community": "C1", "indicator": "ZZ03", "value": "4"}], who="李", via="page")
            with ready.write() as conn:
                years.close(conn, 2014)
        return real(*given, **named)

    with monkeypatch.context() as patch:
        patch.setattr(owner, step, late)
        seen = look(ready)
    assert (seen.count, seen.findings) == (alone.count, alone.findings)
    with pytest.raises(Refused) as refused:
        look(ready)
    assert refused.value.key == "store.year_closed"


def test_values_of_a_community_that_has_ended_are_asked_about(ready: Store):
    with ready.write() as conn:
        register.save(conn, [register.Community("C1", "甲社区", valid_to="2013", successor="C2")], 2012)
    (asked,) = (f for f in look(ready).findings if f.level == "ask")
    assert (asked.code, asked.cell, asked.params["suggestion"]) == ("checking.community_merged", "A2", "乙社区")
    with pytest.raises(Refused) as refused:
        imports.commit_indicators(ready, look(ready))
    assert refused.value.key == "indicator_import.open_questions"
    with pytest.raises(Refused) as refused:
        enter(ready, 2014, [{"community": "C1", "indicator": "ZZ03", "value": "4"}], who="李", via="page")
    assert (refused.value.key, refused.value.params["others"]) == ("intake.community_outside", ["乙社区"])
    mine = Decision("set", cell="A2", header="社区", found="C1", value="乙社区")
    changed = inspect_indicators(ready, "指标.csv", VALUES.replace("C2,ZZ03,5\n", "").encode(), 2014, [mine])
    assert imports.commit_indicators(ready, changed).values == 1
