"""Half-filled forms: each account its own, gone when let go of or too old, not to be read without the key."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from survey.core import limits
from survey.store import change_mark, drafts, keyring
from survey.store.engine import tables as t


@pytest.fixture(autouse=True)
def nobodys_key(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("XINGFU_KEY", raising=False)


def said(store, account="王芳", form="indicators/2014/C1~A1"):
    with store.read() as conn:
        found = drafts.read(conn, account, form)
    return None if found is None else dict(found.said)


def keep(store, words, account="王芳", form="indicators/2014/C1~A1"):
    with store.write(aside=True) as conn:
        drafts.keep(conn, account, form, words)


def test_each_account_and_form_has_its_own_and_the_newest_counts(sqlite_store):
    with sqlite_store.read() as conn:
        before = change_mark.mark(conn)
    keep(sqlite_store, {"value": "1"})
    keep(sqlite_store, {"value": "12", "note": "先记着"})
    assert said(sqlite_store) == {"value": "12", "note": "先记着"}
    assert said(sqlite_store, "李明") is None
    assert said(sqlite_store, form="indicators/2014/C2~A1") is None
    with sqlite_store.read() as conn:
        assert change_mark.mark(conn) == before  # nobody's page has anything new
    keep(sqlite_store, {"value": ""})
    assert said(sqlite_store) is None


def test_words_that_a_page_sent_earlier_do_not_take_the_place_of_its_later_ones(sqlite_store):
    def sent(words, turn):
        with sqlite_store.write(aside=True) as conn:
            drafts.keep(conn, "王芳", "indicators/2014/C1~A1", words, turn)
        return said(sqlite_store)

    assert sent({"value": "1", "note": "后"}, "a9.10") == {"value": "1", "note": "后"}
    assert sent({"value": "1"}, "a9.9") == {"value": "1", "note": "后"}  # as numbers, not as texts
    assert sent({"value": "2"}, "a9.11") == {"value": "2"}
    assert sent({"value": "3"}, "b7.1") == {"value": "3"}  # another page, or the same opened again
    assert sent({"value": "4"}, "no turn") == {"value": "4"}
    assert sent({"value": "5"}, "") == {"value": "5"}


def test_it_is_let_go_of_and_swept_and_never_too_long(sqlite_store):
    keep(sqlite_store, {"value": "1"})
    with sqlite_store.write(aside=True) as conn:
        drafts.drop(conn, "王芳", "indicators/2014/C1~A1")
    assert said(sqlite_store) is None
    keep(sqlite_store, {"note": "长" * limits.DRAFT_BYTES})
    assert said(sqlite_store) is None
    keep(sqlite_store, {"value": "1"})
    keep(sqlite_store, {"value": "2"}, "李明")
    term = timedelta(days=limits.DRAFT_DAYS, seconds=1)
    with sqlite_store.write(aside=True) as conn:
        conn.execute(update(t.drafts).where(t.drafts.c.account == "王芳").values(at=drafts.now() - term))
        assert drafts.old(conn, drafts.now()) == 1
        drafts.sweep(conn, drafts.now())
    assert said(sqlite_store) is None
    assert said(sqlite_store, "李明") == {"value": "2"}


def test_with_a_key_nothing_of_it_is_in_clear_and_without_it_nothing_is_read(sqlite_store, monkeypatch):
    monkeypatch.setenv("XINGFU_KEY", keyring.new_key().written())
    keep(sqlite_store, {"note": "张三说的"})
    with sqlite_store.read() as conn:
        ((key, content),) = conn.execute(select(t.drafts.c.key, t.drafts.c.content)).all()
    assert key
    assert "张三".encode() not in bytes(content)
    assert said(sqlite_store) == {"note": "张三说的"}
    monkeypatch.setenv("XINGFU_KEY", keyring.new_key().written())
    assert said(sqlite_store) is None
