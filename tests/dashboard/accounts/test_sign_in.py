"""Ways in and out: what is wrong is told alike, a token works once, and what changes an account ends its sessions."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from dashboard.accounts import passwords, people, sessions, sign_in
from survey.core import limits
from survey.core.errors import Refused
from survey.store import audit
from survey.store.engine.tables import account_tokens
from tests.tools.stores.accounts import HERE, PASSWORD, cheap, person  # noqa: F401

pytestmark = pytest.mark.usefixtures("cheap")


def session_of(store, session_id):
    with store.read() as conn:
        return sessions.find(conn, session_id)


def refused(call, *arguments):
    with pytest.raises(Refused) as caught:
        call(*arguments)
    return caught.value.key.removeprefix("account.")


def test_name_and_password_open_a_session_and_each_is_a_new_one(store):
    first = person(store)
    second = sign_in.sign_in(store, " 王芳", PASSWORD, HERE)
    assert session_of(store, first).account == session_of(store, second).account
    assert first != second


def test_whatever_is_wrong_is_told_in_the_same_words_and_recorded(sqlite_store):
    store = sqlite_store
    person(store)
    person(store, "李明")
    sign_in.disable(store, "李明", "me")
    sign_in.add(store, "赵红", people.CHIEF, [], "me")
    cases = (("王芳", "wrong password"), ("nobody", PASSWORD), ("李明", PASSWORD), ("赵红", PASSWORD), ("", ""))
    for name, password in cases:
        assert refused(sign_in.sign_in, store, name, password, HERE) == "wrong"
    with store.read() as conn:
        lines = [(e.who, e.action, e.address) for e in audit.listing(conn, len(cases))]
    told = ["?", "赵红", "李明", "?", "王芳"]
    assert lines == [(who, "sign in refused", HERE) for who in told]


def test_after_too_many_tries_the_right_password_is_refused_too(sqlite_store):
    person(sqlite_store)
    for _ in range(limits.ATTEMPTS_OF_ACCOUNT):
        assert refused(sign_in.sign_in, sqlite_store, "王芳", "wrong password", HERE) == "wrong"
    assert refused(sign_in.sign_in, sqlite_store, "王芳", PASSWORD, "198.51.100.9") == "too_many"
    token = sign_in.reset(sqlite_store, "王芳", "me")  # which an administrator may do meanwhile
    assert sign_in.choose(sqlite_store, "王芳", token, PASSWORD, HERE)


def test_a_token_works_once_for_its_own_account_and_in_time(store):
    token = sign_in.add(store, "王芳", people.CHIEF, [], "me")
    other = sign_in.add(store, "李明", people.CHIEF, [], "me")
    assert refused(sign_in.choose, store, "王芳", other, PASSWORD, HERE) == "wrong_token"
    assert refused(sign_in.choose, store, "nobody", token, PASSWORD, HERE) == "wrong_token"
    assert refused(sign_in.choose, store, "王芳", token, "short", HERE) == "password_short"
    assert sign_in.choose(store, "王芳", token, PASSWORD, HERE)
    assert refused(sign_in.choose, store, "王芳", token, PASSWORD, HERE) == "wrong_token"
    with store.write() as conn:
        until = conn.execute(select(account_tokens.c.until)).scalar_one()
        late = until - timedelta(seconds=limits.TOKEN_SECONDS + 1)
        conn.execute(update(account_tokens).values(until=late))
    assert refused(sign_in.choose, store, "李明", other, PASSWORD, HERE) == "wrong_token"


def test_a_token_is_not_kept_and_a_new_one_ends_the_one_before(sqlite_store):
    token = sign_in.add(sqlite_store, "王芳", people.CHIEF, [], "me")
    again = sign_in.reset(sqlite_store, "王芳", "me")
    with sqlite_store.read() as conn:
        kept = conn.execute(select(account_tokens.c.mark)).scalars().all()
    assert len(kept) == 1
    assert token not in kept
    assert refused(sign_in.choose, sqlite_store, "王芳", token, PASSWORD, HERE) == "wrong_token"
    assert sign_in.choose(sqlite_store, "王芳", again, PASSWORD, HERE)


def test_what_changes_an_account_ends_its_sessions_and_no_others(sqlite_store):
    store = sqlite_store
    theirs = person(store, "主任")
    other = next(r for r in people.roles() if r != people.CHIEF)
    changes = (
        lambda: sign_in.change(store, "王芳", "me", other),
        lambda: sign_in.change(store, "王芳", "me", None, [("office", "办公室")]),
        lambda: sign_in.disable(store, "王芳", "me"),
        lambda: sign_in.reset(store, "王芳", "me"),
    )
    made = person(store, "王芳")
    for change in changes:
        assert session_of(store, made) is not None
        change()
        assert session_of(store, made) is None
        sign_in.enable(store, "王芳", "me")
        made = sign_in.choose(store, "王芳", sign_in.reset(store, "王芳", "me"), PASSWORD, HERE)
    assert not sign_in.change(store, "王芳", "me", other)  # as it is already: nothing ends
    assert session_of(store, made) is not None
    assert session_of(store, theirs) is not None


def test_another_password_needs_the_old_one_and_ends_every_other_session(sqlite_store):
    made, elsewhere = person(sqlite_store), sign_in.sign_in(sqlite_store, "王芳", PASSWORD, HERE)
    session = session_of(sqlite_store, made)
    assert refused(sign_in.change_password, sqlite_store, session, "wrong", "另一句够长的话也可以", HERE) == "wrong_old"
    again = sign_in.change_password(sqlite_store, session, PASSWORD, "另一句够长的话也可以", HERE)
    assert [session_of(sqlite_store, s) is not None for s in (made, elsewhere, again)] == [False, False, True]
    assert refused(sign_in.sign_in, sqlite_store, "王芳", PASSWORD, HERE) == "wrong"


def test_a_password_changed_meanwhile_lets_nobody_in_with_the_one_before(sqlite_store, monkeypatch):
    person(sqlite_store)
    fits = passwords.fits

    def slow(kept, password):
        sign_in.reset(sqlite_store, "王芳", "me")
        return fits(kept, password)

    monkeypatch.setattr(passwords, "fits", slow)
    assert refused(sign_in.sign_in, sqlite_store, "王芳", PASSWORD, HERE) == "wrong"


def test_signing_out_ends_one_session_or_all(sqlite_store):
    first, second, third = person(sqlite_store), *(sign_in.sign_in(sqlite_store, "王芳", PASSWORD, HERE) for _ in "12")
    sign_in.sign_out(sqlite_store, session_of(sqlite_store, first), everywhere=False)
    assert session_of(sqlite_store, second) is not None
    sign_in.sign_out(sqlite_store, session_of(sqlite_store, second), everywhere=True)
    assert [session_of(sqlite_store, s) for s in (first, second, third)] == [None] * 3


def test_a_password_kept_at_lower_costs_is_kept_anew(sqlite_store, monkeypatch):
    person(sqlite_store)
    monkeypatch.setattr(passwords, "stale", lambda kept: True)
    with sqlite_store.read() as conn:
        before = people.known(conn, "王芳").password
    sign_in.sign_in(sqlite_store, "王芳", PASSWORD, HERE)
    with sqlite_store.read() as conn:
        assert people.known(conn, "王芳").password != before
