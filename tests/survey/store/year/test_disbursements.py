"""What was paid is kept to the fen, entry by entry, and an entry that was taken back counts no more."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest

from survey.core.errors import Refused
from survey.store import Store, audit
from survey.store.year import disbursements, register
from survey.store.year.disbursements import Disbursement

PAID = Disbursement(2013, "A01", "street", "paid", 7_500_001, "2013-12付12", "2013-12-30", who="出纳")


@pytest.fixture
def conn(tmp_path):
    with closing(Store.open(tmp_path / "s.db", create=True)) as store, store.write() as conn:
        register.save(conn, [register.Community("A01", "桂花")])
        yield conn


def test_an_entry_is_kept_as_it_was_given_and_told_in_the_record(conn):
    number = disbursements.append(conn, PAID)
    (kept,) = disbursements.entries(conn)
    assert replace(kept, id=0, at=None) == PAID
    assert (kept.id, disbursements.last_id(conn)) == (number, number)
    last = audit.listing(conn)[0]
    assert (last.who, last.action, last.subject, last.detail["amount"]) == ("出纳", "award paid", "2013", 7_500_001)


def test_an_entry_that_was_taken_back_stays_and_counts_no_more(conn):
    first, second = (disbursements.append(conn, PAID) for _ in range(2))
    disbursements.append(conn, replace(PAID, kind="withdrawn", ref=first, note="重复录入", approved_by="王主任"))
    every = disbursements.entries(conn)
    assert [entry.kind for entry in every] == ["paid", "paid", "withdrawn"]
    assert [entry.id for entry in disbursements.standing(every)] == [second]


def test_a_community_must_be_in_the_register(conn):
    with pytest.raises(Refused) as error:
        disbursements.append(conn, replace(PAID, community="X9"))
    assert error.value.key == "store.unknown_community"
    assert disbursements.entries(conn) == []
    assert disbursements.last_id(conn) == 0
