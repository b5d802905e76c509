"""Tries to sign in are counted by name and by address, before they are judged."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from dashboard.accounts import attempts
from survey.core import limits
from survey.core.errors import Refused
from survey.store.engine.tables import sign_in_attempts as rows


def tries(conn, many, name="王芳", address="192.0.2.1"):
    return [attempts.begin(conn, name.format(n=n), address.format(n=n)) for n in range(many)]


def test_a_name_has_so_many_tries_wherever_they_come_from_and_whether_it_exists_or_not(store):
    with store.write() as conn:
        tries(conn, limits.ATTEMPTS_OF_ACCOUNT, address="192.0.2.{n}")
        with pytest.raises(Refused) as caught:
            attempts.begin(conn, " 王芳 ", "198.51.100.1")
        assert caught.value.key == "account.too_many"
        attempts.begin(conn, "another", "198.51.100.1")


def test_an_address_has_so_many_tries_whatever_names_are_tried(store):
    with store.write() as conn:
        tries(conn, limits.ATTEMPTS_OF_ADDRESS, name="name {n}")
        with pytest.raises(Refused):
            attempts.begin(conn, "another", "192.0.2.1")
        attempts.begin(conn, "another", "192.0.2.2")


def test_after_a_while_there_are_tries_again_and_old_ones_are_swept_away(store):
    with store.write() as conn:
        tries(conn, limits.ATTEMPTS_OF_ACCOUNT)
        at = conn.execute(select(rows.c.at)).scalars().first()
        conn.execute(update(rows).values(at=at - timedelta(seconds=limits.ATTEMPTS_SECONDS + 1)))
        attempts.begin(conn, "王芳", "192.0.2.1")
        assert len(conn.execute(select(rows.c.id)).all()) == 2


def test_who_gets_it_right_starts_anew_but_their_address_does_not(store):
    with store.write() as conn:
        *_, last = tries(conn, limits.ATTEMPTS_OF_ACCOUNT)
        attempts.succeeded(conn, "王芳", last)
        assert len(conn.execute(select(rows.c.id)).all()) == limits.ATTEMPTS_OF_ACCOUNT - 1
        tries(conn, limits.ATTEMPTS_OF_ACCOUNT)
        attempts.forgiven(conn, "王芳")
        attempts.begin(conn, "王芳", "192.0.2.1")


def test_neither_names_nor_addresses_stand_there_as_they_are(store):
    with store.write() as conn:
        attempts.begin(conn, "王芳", "192.0.2.1")
        kept = "".join(conn.execute(select(rows.c.mark)).scalars())
    assert all(c in "0123456789abcdef" for c in kept)
