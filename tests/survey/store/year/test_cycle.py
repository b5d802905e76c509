"""Steps of the year are only added, a frozen year takes none, and the newest title of a year counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey.core.errors import Refused
from survey.store import audit
from survey.store.year import cycle, register, years
from survey.store.year.cycle import Event
from tests.tools.stores.store_data import COMMUNITIES


@pytest.fixture
def conn(store):
    with store.write() as connection:
        register.save(connection, COMMUNITIES)
        yield connection


def title(code: str, year: int, star: int, event: str, **more: str) -> Event:
    return Event(
        "title",
        year,
        code,
        star=star,
        body="district",
        outcome=event,
        document=f"{year}〕1号",
        date=f"{year}-12-20",
        who="李",
        **more,
    )


def test_a_step_comes_back_as_it_was_kept_with_who_and_when(conn):
    step = Event(
        "decided",
        2013,
        "A02",
        star=2,
        total=712.5,
        body="district",
        outcome="confirmed",
        document="9号",
        date="2013-12-01",
        reason="复评",
        who="王",
    )
    number = cycle.append(conn, step)
    cycle.append(conn, Event("publicised", 2014, date="2014-11-01", until="2014-11-07", who="王"))
    (kept,) = cycle.events(conn, 2013)
    assert replace(kept, id=0, at=None) == step
    assert (kept.id, kept.at is not None) == (number, True)
    assert [e.year for e in cycle.events(conn, upto=2013)] == [2013]
    assert cycle.last_id(conn) == number + 1 == cycle.events(conn)[-1].id
    assert [(e.who, e.action, e.subject) for e in audit.listing(conn, 2)][-1] == ("王", "cycle decided", "2013")


def test_titles_are_one_row_a_community_and_year_and_a_corrected_one_gives_way(conn):
    assert list(cycle.titles(conn).columns) == list(cycle.TITLE_COLUMNS)
    for step in (
        title("A02", 2013, 2, "first"),
        title("A01", 2013, 3, "first"),
        title("A02", 2013, 1, "first", reason="录错"),
        title("A01", 2014, 0, "revoked"),
    ):
        cycle.append(conn, step)
    frame = cycle.titles(conn)
    assert frame[["community_code", "year", "star", "event"]].to_numpy().tolist() == [
        ["A01", 2013, 3, "first"],
        ["A02", 2013, 1, "first"],
        ["A01", 2014, 0, "revoked"],
    ]
    assert frame.iloc[0].to_dict() == {
        "community_code": "A01",
        "year": 2013,
        "star": 3,
        "decided_by": "district",
        "document": "2013〕1号",
        "date": "2013-12-20",
        "event": "first",
    }
    assert len(cycle.events(conn)) == 4


def test_a_closed_year_and_an_unknown_community_take_no_step(conn):
    years.close(conn, 2013)
    with pytest.raises(Refused) as closed:
        cycle.append(conn, title("A01", 2013, 3, "first"))
    with pytest.raises(Refused) as unknown:
        cycle.append(conn, title("Z99", 2014, 3, "first"))
    assert (closed.value.key, unknown.value.key) == ("store.year_closed", "store.unknown_community")
    assert cycle.events(conn) == []


def test_a_veto_in_force_moves_the_data_of_its_year(conn):
    before = years.data_version(conn, 2014)
    cycle.append(conn, Event("veto_approved", 2014, "A01"), touches=[2014])
    assert years.data_version(conn, 2014) == before + 1


def test_the_rule_of_two_persons_holds_until_it_is_switched_off(conn):
    assert not cycle.one_person(conn)
    cycle.set_one_person(conn, True, "李")
    assert cycle.one_person(conn)
    cycle.set_one_person(conn, False, "李")
    assert not cycle.one_person(conn)
