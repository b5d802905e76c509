"""Saved views: one's own and what others share, each name once, every change in the record."""

import pytest

from survey.core import limits
from survey.core.errors import Refused
from survey.store import audit, change_mark, views


def save(store, who, name, *, shared=False, query="?year=2014&item=A"):
    with store.write(aside=True) as conn:
        return views.save(conn, who, name, "/answers", query, shared=shared)


def names(store, who):
    with store.read() as conn:
        return [(v.owner, v.name, v.shared) for v in views.listing(conn, who)]


def test_each_reader_has_the_own_ones_and_what_is_shared(where, store):
    save(store, "王芳", "老人 · 照料")
    save(store, "王芳", "停车", shared=True)
    save(store, "李明", "停车", shared=True)
    assert names(store, "王芳") == [("王芳", "停车", True), ("王芳", "老人 · 照料", False), ("李明", "停车", True)]
    assert names(store, "李明") == [("李明", "停车", True), ("王芳", "停车", True)]


def test_a_name_stands_once_as_it_reads(sqlite_store):
    save(sqlite_store, "王芳", "Ａ1 停车 ")
    with pytest.raises(Refused) as refused:
        save(sqlite_store, "王芳", "A1  停车")
    assert refused.value.key == "views.taken"
    assert names(sqlite_store, "王芳") == [("王芳", "Ａ1 停车", False)]  # as it was typed


@pytest.mark.parametrize(("name", "key"), [(" \u200b", "views.no_name"), ("长" * 61, "views.long_name")])
def test_a_name_says_something_and_is_short(sqlite_store, name, key):
    with pytest.raises(Refused) as refused:
        save(sqlite_store, "王芳", name)
    assert refused.value.key == key


def test_so_many_and_no_more(sqlite_store, monkeypatch):
    monkeypatch.setattr(limits, "VIEWS", 2)
    for n in "12":
        save(sqlite_store, "王芳", n)
    with pytest.raises(Refused) as refused:
        save(sqlite_store, "王芳", "3")
    assert refused.value.key == "views.too_many"


def test_what_is_changed_shows_in_the_list_and_the_record_and_judges_no_file_anew(store):
    save(store, "王芳", "甲")
    marks, actions = [], []
    with store.read() as conn:
        judged = change_mark.mark(conn)

    def seen():
        with store.read() as conn:
            marks.append(tuple((v.name, v.shared) for v in views.listing(conn, "王芳")))

    seen()
    number = save(store, "王芳", "乙")
    seen()
    for change in ("rename", "share", "drop"):
        with store.write(aside=True) as conn:
            view = views.find(conn, number, "王芳")
            if change == "rename":
                views.rename(conn, "王芳", view, "丙")
            elif change == "share":
                views.share(conn, "王芳", view, shared=True)
            else:
                views.drop(conn, "管理", view)
        seen()
    assert len(set(marks[:4])) == 4
    with store.read() as conn:
        actions = [(e.who, e.action, e.subject) for e in reversed(audit.listing(conn, 4))]
        assert change_mark.mark(conn) == judged
    assert actions == [
        ("王芳", "view saved", "乙"),
        ("王芳", "view renamed", "丙"),
        ("王芳", "view shared", "丙"),
        ("管理", "view deleted", "丙"),
    ]


def test_anothers_own_view_is_not_there(sqlite_store):
    number = save(sqlite_store, "王芳", "甲")
    with sqlite_store.read() as conn, pytest.raises(Refused) as refused:
        views.find(conn, number, "李明")
    assert refused.value.key == "views.gone"
