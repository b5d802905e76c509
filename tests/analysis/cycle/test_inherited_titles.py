"""What a merger or split does to titles and to what they pay, counted by hand."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from analysis.awards.amounts import amounts_of
from analysis.awards.payments import payments, what_if
from analysis.cycle.inherited_titles import INHERITED, Merger, mergers, titles_with_inherited, with_inherited
from analysis.cycle.step_log import held
from analysis.cycle.stored_steps import read_log
from analysis.scheme.default import default_scheme
from analysis.scheme.serial import to_dict
from survey.store import Store
from survey.store.year import cycle, register, schemes
from survey.store.year.cycle import Event
from survey.store.year.register import Community

TOWN = [
    Community("A", "甲", valid_to="2013", successor="C"),
    Community("B", "乙", valid_to="2013", successor="C|D"),
    Community("C", "丙"),
    Community("D", "丁", valid_from="2014"),
]
HELD = [("A", 2012, 4, "first"), ("A", 2013, 3, "demoted"), ("B", 2013, 1, "first"), ("C", 2013, 2, "first")]


def frame(rows: list[tuple[str, int, int, str]]) -> pd.DataFrame:
    names = ["community_code", "year", "star", "event"]
    return pd.DataFrame(rows, columns=names).assign(decided_by="", document="", date="")


def town(store: Store, rule: str) -> None:
    with store.write() as conn:
        scheme = replace(default_scheme(), settings={**default_scheme().settings, "merger_titles": rule})
        schemes.add(conn, "s", None, to_dict(scheme))
        register.save(conn, TOWN)
        for code, year, star, event in HELD:
            body = "city" if star > 3 else "district"
            cycle.append(conn, Event("title", year, code, star=star, outcome=event, body=body))


@pytest.mark.parametrize(("rule", "c", "d"), [("none", 2, None), ("highest", 3, 1), ("lowest", 1, 1)])
def test_who_continues_others_holds_by_the_setting(sqlite_store: Store, rule: str, c: int, d: int | None):
    town(sqlite_store, rule)
    with sqlite_store.read() as conn:
        log, before = read_log(conn, 2014), read_log(conn, 2013)
        titles = titles_with_inherited(cycle.titles(conn), mergers(conn, 2014))
    stars = {code: title.star if (title := held(log, code)) else None for code in "CD"}
    assert stars == {"C": c, "D": d}
    assert all(e.outcome != INHERITED for e in before.events)  # the year before knows nothing of it
    assert {*titles["event"]} - {"first", "demoted"} == (set() if rule == "none" else {INHERITED})


@pytest.mark.parametrize(
    ("rule", "expected"),
    # C is named with four stars in 2014 (30 万元), having been paid for two (10), or 甲's four, or 乙's one (5)
    [("none", 200_000), ("highest", 0), ("lowest", 250_000)],
)
def test_what_was_paid_to_those_it_continues_counts(rule: str, expected: int):
    amounts = amounts_of(default_scheme())
    merged = [] if rule == "none" else [Merger(2014, "C", ("C", "A", "B"), rule)]
    titles = titles_with_inherited(frame([*HELD, ("C", 2014, 4, "promoted")]), merged)
    last = payments(titles, lambda _: amounts)[-1]
    assert (last.community_code, last.year, last.amount) == ("C", 2014, expected * 100)
    assert len(payments(titles, lambda _: amounts)) == 5  # what goes over pays nothing itself
    before = titles_with_inherited(frame(HELD), merged)
    assert what_if(before, {"C": 4}, 2014, amounts)["C"].amount == expected * 100


def test_nothing_goes_over_where_nobody_held_anything():
    assert with_inherited([], [Merger(2014, "C", ("A", "B"), "highest")], lambda star: "district") == ()
    lost = with_inherited(
        [Event("title", 2013, "C", star=2)], [Merger(2014, "C", ("C", "A"), "lowest")], lambda star: "district"
    )
    assert [(e.community, e.year, e.star) for e in lost] == [("C", 2013, 2), ("C", 2013, 0)]


def test_a_title_whose_decision_was_withdrawn_goes_over_to_nobody():
    step = Event("title", 2013, "A", star=4, outcome="first", id=1)
    taken = [step, Event("decision_withdrawn", 2013, "A", id=2)]
    merged = [Merger(2014, "C", ("A",), "highest")]
    assert [e.star for e in with_inherited([step], merged, lambda star: "city")[1:]] == [4]
    assert with_inherited(taken, merged, lambda star: "city") == tuple(taken)
    again = [*taken, replace(step, star=3, id=3)]
    assert [e.star for e in with_inherited(again, merged, lambda star: "city")[3:]] == [3]


def test_from_whom_a_title_came_is_told():
    merged = [Merger(2014, "C", ("C", "A"), "highest", ("丙", "甲"))]
    (_, over) = with_inherited([Event("title", 2013, "A", star=2)], merged, lambda star: "district")
    assert (over.star, over.subject) == (2, "丙、甲")
