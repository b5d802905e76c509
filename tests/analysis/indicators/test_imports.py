"""Files of indicator values on their way in: one reading of the store, all of it of one moment."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.indicators import imports
from analysis.indicators.entry import enter
from analysis.indicators.imports import import_indicators, inspect_indicators
from analysis.indicators.review import review
from analysis.indicators.stored import stored
from analysis.indicators.template import values_template
from analysis.publication import new_store
from analysis.scheme.serial import from_dict
from survey.core.errors import Refused
from survey.decisions.carried_out import Decision
from survey.store import Store
from survey.store.year import register, schemes, years
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


def _workbook(store: Store, lang: str = "zh") -> bytes:
    with store.read() as conn:
        scheme = from_dict(schemes.applicable(conn, 2014).definition)
        return values_template(scheme, [("C1", "甲社区"), ("C2", "乙社区")], lang, stored(conn, 2014))


def _grounds(store: Store) -> dict[tuple[str, str], tuple[float, str]]:
    with store.read() as conn:
        known = stored(conn, 2014)
    return {at: (score, known.grounds[at]) for at, score in known.selves.items()}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_self_score_keeps_what_it_rests_on_beside_a_value_that_rests_on_something_else(
    ready: Store, tmp_path: Path, lang: str
):
    """On its way out and in again, with the reason for which a value was changed; afterwards nothing of it is new."""
    own = "社区,指标,自评分,依据,说明\nC1,ZZ03,9,自评表,补报\nC2,ZZ03,8,自评表二,\n"
    import_indicators(ready, "自评.csv", own.encode(), 2014)
    import_indicators(ready, "指标.csv", "社区,指标,数值,依据,变更原因\nC1,ZZ03,4,台账,漏录\n".encode(), 2014)
    data = _workbook(ready, lang)
    new = Store.open(tmp_path / "new.db", create=True)
    new_store.initialise(new)
    with ready.read() as conn, new.write() as there:
        register.save(there, register.communities(conn))
    receipt = import_indicators(new, "i.xlsx", data, 2014)
    assert receipt.values == 3  # the self-score of C1 by itself
    assert _grounds(new) == _grounds(ready) == {("C1", "ZZ03"): (9, "自评表"), ("C2", "ZZ03"): (8, "自评表二")}
    with ready.read() as conn, new.read() as there:
        told = [stored(at, 2014).reports["C1", "ZZ03", "", ""] for at in (conn, there)]
    assert [(row["value"], row["evidence"], row["reason"]) for row in told] == [(4, "台账", "漏录")] * 2
    for store in (ready, new):
        seen = inspect_indicators(store, "again.xlsx", _workbook(store, "en" if lang == "zh" else "zh"), 2014)
        assert (seen.count, seen.findings) == (0, ())
    new.close()


def test_the_reason_of_the_change_before_is_none_for_the_next_where_a_workbook_carries_it(ready: Store):
    head = "社区,指标,数值,变更原因\n"
    import_indicators(ready, "1.csv", VALUES.encode(), 2014, who="张")
    enter(ready, 2014, [{"community": "C1", "indicator": "ZZ03", "value": "3", "reason": "漏录"}], who="张", via="page")
    review(ready, 2014, "approve", who="李", community="C1", indicator="ZZ03")
    again = inspect_indicators(ready, "2.csv", f"{head}C1,ZZ03,3,漏录\n".encode(), 2014)
    assert (again.count, again.findings) == (0, ())
    changed = inspect_indicators(ready, "3.csv", f"{head}C1,ZZ03,5,漏录\n".encode(), 2014)
    assert [f.code for f in changed.findings] == ["indicator.reason_needed"]
    told = inspect_indicators(ready, "4.csv", f"{head}C1,ZZ03,5,又漏录\n".encode(), 2014)
    assert (told.count, told.findings) == (1, ())
