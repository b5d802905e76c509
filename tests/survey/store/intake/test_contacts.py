"""Contacts in the store, on both databases: apart from the answers, unreadable without the key, gone when deleted."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy import select, update

from survey.core.errors import Refused
from survey.store import Store
from survey.store.engine import tables as t
from survey.store.intake import batches, contacts, reinstatement
from survey.store.intake.contacts import Holder
from survey.store.keyring import Keyring, new_key
from tests.tools.stores.store_data import NUMBERS, RING, begin, fill


def test_a_contact_comes_back_with_its_respondent(store: Store):
    with store.write() as conn:
        batch = fill(conn)
    with store.read() as conn:
        found = contacts.listing(conn, RING)
    assert {c.respondent: c.phone for c in found} == {f"R{i}": n for i, n in enumerate(NUMBERS)}
    first = next(c for c in found if c.respondent == "R0")
    assert dataclasses.astuple(first)[1:] == (
        batch,
        2013,
        "A01",
        "桂花社区",
        "R0",
        "数据",
        2,
        RING.newest.id,
        "13800138001",
        "王小明",
    )


def test_nothing_in_the_tables_shows_a_number_or_a_name(store: Store):
    with store.write() as conn:
        fill(conn)
        lines = [
            tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
            for table in t.metadata.sorted_tables
            for row in conn.execute(select(table))
        ]
    text = repr(lines) + repr([v.decode("utf-8", "ignore") for row in lines for v in row if isinstance(v, bytes)])
    assert "R0" in text
    for word in (*NUMBERS, "88881234", "小明"):
        assert word not in text


def test_neither_order_nor_token_leads_from_a_contact_to_an_answer(store: Store):
    with store.write() as conn:
        fill(conn, numbers=[f"138001380{i:02d}" for i in range(10, 60)])
        tokens = [r.token for r in conn.execute(select(t.contacts.c.token))]
    assert tokens == sorted(tokens)  # stored in the order of random tokens
    assert len({len(x) for x in tokens}) == 1
    assert len(set(tokens)) == 50
    again = {contacts.seal(RING.newest, "q", 2013, NUMBERS[0]).token for _ in range(3)}
    assert len(again) == 3  # made of nothing: neither of the number nor of the key


def test_a_ciphertext_belongs_to_its_own_line(store: Store):
    with store.write() as conn:
        fill(conn)
        one, two = conn.execute(select(t.contacts.c.token, t.contacts.c.phone).limit(2)).all()
        conn.execute(update(t.contacts).where(t.contacts.c.token == one.token).values(phone=two.phone))
    with store.read() as conn, pytest.raises(Refused) as error:
        contacts.listing(conn, RING)
    assert error.value.key == "keyring.does_not_open"


def test_holders_of_a_number_are_found_within_questionnaire_and_year(store: Store):
    with store.write() as conn:
        batch = fill(conn)
        found = contacts.holders(conn, RING, "q", {2013: ["13800138001", "13900000001"], 2014: ["13800138001"]})
        other = contacts.holders(conn, RING, "another", {2013: ["13800138001"]})
        nobody = contacts.holders(conn, RING, "q", {})
    assert found == {(2013, "13800138001"): [Holder("桂花社区", "R0", batch, 2)]}
    assert other == nobody == {}


def test_an_undone_batch_hides_its_contacts_and_brings_them_back(store: Store):
    with store.write() as conn:
        batch = fill(conn)
        batches.undo(conn, batch)
        assert contacts.listing(conn, RING) == []
        assert contacts.holders(conn, RING, "q", {2013: NUMBERS}) == {}
        assert contacts.counts(conn) == {2013: 4}  # still there to be deleted
        reinstatement.redo(conn, batch)
        assert len(contacts.listing(conn, RING)) == 4


def test_without_its_key_a_contact_is_listed_locked_and_counted_as_not_compared(store: Store):
    other = Keyring((new_key(),), "test")
    with store.write() as conn:
        fill(conn)
        assert {(c.phone, c.name) for c in contacts.listing(conn, other)} == {(None, "")}
        assert contacts.holders(conn, other, "q", {2013: NUMBERS}) == {}
        assert contacts.foreign(conn, other, "q", [2013]) == 4
        assert contacts.foreign(conn, RING, "q", [2013]) == 0
        with pytest.raises(Refused) as error:
            contacts.reencrypt(conn, other)
    assert error.value.key == "keyring.missing_key"


def test_rotation_keeps_every_number_and_still_knows_it_again(store: Store):
    both = Keyring((new_key(), *RING.keys), "test")
    alone = Keyring(both.keys[:1], "test")
    with store.write() as conn:
        fill(conn)
        fill(conn, 2, both, ["13800138009"], start=4)
        before = {c.respondent: (c.phone, c.name) for c in contacts.listing(conn, both)}
        assert set(contacts.holders(conn, both, "q", {2013: ["13800138001", "13800138009"]})) == {
            (2013, "13800138001"),
            (2013, "13800138009"),
        }
        assert contacts.by_key(conn) == {RING.newest.id: 4, both.newest.id: 1}
        assert contacts.reencrypt(conn, both) == 4
        assert contacts.reencrypt(conn, both) == 0
        assert contacts.by_key(conn) == {both.newest.id: 5}
        assert {c.respondent: (c.phone, c.name) for c in contacts.listing(conn, alone)} == before
        assert len(contacts.holders(conn, alone, "q", {2013: NUMBERS})) == 4


def test_contacts_without_an_answer_may_be_kept(store: Store):
    with store.write() as conn:
        _, batch = begin(conn)
        sealed = [contacts.seal(RING.newest, "q", 2013, "13800138001")]
        contacts.append(conn, batch, sealed, years=[2013], community_ids=[None])
        (found,) = contacts.listing(conn, RING)
    assert (found.phone, found.name, found.community, found.respondent) == ("13800138001", "", None, None)


def test_deleting_a_year_takes_contacts_and_links_and_leaves_the_answers(store: Store):
    with store.write() as conn:
        fill(conn)
        fill(conn, 2, numbers=["13800138009"], year=2014)
        assert contacts.delete(conn, [2013, 2011]) == {2013: 4}
        assert contacts.counts(conn) == {2014: 1}
        assert len(conn.execute(select(t.contact_links)).all()) == 1
        assert len(conn.execute(select(t.responses)).all()) == 5
