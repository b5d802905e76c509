"""Sessions end: idle, old, of a disabled account; only what they can be compared with is kept."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from dashboard.accounts import people, secrets, sessions
from survey.core import limits
from survey.store.engine.tables import sessions as rows


@pytest.fixture
def account(store):
    with store.write() as conn:
        return people.add(conn, "first", people.CHIEF, [], "me")


def age(conn, **seconds):
    for name, passed in seconds.items():
        for mark, at in conn.execute(select(rows.c.mark, rows.c[name])).all():
            earlier = at - timedelta(seconds=passed)
            conn.execute(update(rows).where(rows.c.mark == mark).values({name: earlier}))


def test_a_session_is_found_by_its_id_alone_and_its_id_is_not_kept(store, account):
    with store.write() as conn:
        made, other = sessions.begin(conn, account.id), sessions.begin(conn, account.id)
        assert made != other
        assert sessions.find(conn, made).account == account
        assert sessions.find(conn, made + "x") is None
        kept = conn.execute(select(rows.c.mark)).scalars().all()
        assert made not in kept
        assert sessions.find(conn, kept[0]) is None
        assert sessions.open_now(conn) == {account.id: 2}


@pytest.mark.parametrize(
    ("aged", "there"),
    [
        ({"seen_at": limits.SESSION_IDLE_SECONDS - 60}, True),
        ({"seen_at": limits.SESSION_IDLE_SECONDS + 1}, False),
        ({"began_at": limits.SESSION_SECONDS - 60}, True),
        ({"began_at": limits.SESSION_SECONDS + 1}, False),
    ],
)
def test_a_session_ends_after_its_time_idle_or_not(store, account, aged, there):
    with store.write() as conn:
        made = sessions.begin(conn, account.id)
        age(conn, **aged)
        assert (sessions.find(conn, made) is not None) == there
        sessions.begin(conn, account.id)
        assert len(conn.execute(select(rows.c.mark)).all()) == 1 + there  # what has ended is swept away


def test_use_keeps_a_session_open_but_is_not_written_at_every_request(store, account):
    with store.write() as conn:
        made = sessions.begin(conn, account.id)
        assert not sessions.rested(sessions.find(conn, made))
        age(conn, seen_at=limits.SESSION_IDLE_SECONDS - 60)
        session = sessions.find(conn, made)
    assert sessions.rested(session)
    sessions.touch(store, session)
    with store.read() as conn:
        again = sessions.find(conn, made)
        assert not sessions.rested(again)
        assert again.began_at == session.began_at


def test_one_session_ends_or_all_of_a_person(store, account):
    with store.write() as conn:
        other = people.add(conn, "second", people.CHIEF, [], "me")
        first, second, theirs = (sessions.begin(conn, n) for n in (account.id, account.id, other.id))
        sessions.end(conn, sessions.find(conn, first))
        assert sessions.find(conn, first) is None
        assert sessions.find(conn, second) is not None
        assert sessions.end_all(conn, account.id) == 1
        assert sessions.find(conn, second) is None
        assert sessions.find(conn, theirs) is not None


def test_the_session_of_a_disabled_account_is_none(store, account):
    with store.write() as conn:
        people.add(conn, "second", people.CHIEF, [], "me")
        made = sessions.begin(conn, account.id)
        people.disable(conn, account, "me")
        assert sessions.find(conn, made) is None


def test_a_session_knows_all_limits_of_its_account(store):
    with store.write() as conn:
        scopes = [("office", "甲"), ("office", "乙")]
        made = people.add(conn, "first", people.CHIEF, scopes, "me")
        assert sessions.find(conn, sessions.begin(conn, made.id)).account.scopes == frozenset(scopes)
        assert secrets.mark("session", "") not in conn.execute(select(rows.c.mark)).scalars().all()
