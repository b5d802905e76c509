"""One person under several names is one person, and nobody else is; a line that was written stays."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from survey.people import retention
from survey.store import audit as persons
from survey.store import breaks, drafts
from survey.store.engine.base import now
from tests.tools.dashboard_tools import small_store


def test_whoever_sits_at_the_machine_is_one_person_by_page_and_by_command(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(persons.getpass, "getuser", lambda: "wang")
    assert persons.names_of(persons.LOCAL) == persons.names_of("wang") == {"local", "wang"}
    assert persons.names_of("李") == {"李"}
    assert persons.is_among("local", ["李", "wang"])
    assert not persons.is_among("李", ["wang", "local"])


@pytest.mark.parametrize("error", [KeyError, OSError])
def test_a_machine_that_knows_no_name_has_its_page_only(monkeypatch: pytest.MonkeyPatch, error: type[Exception]):
    def unknown() -> str:
        raise error

    monkeypatch.setattr(persons.getpass, "getuser", unknown)
    assert persons.names_of(persons.LOCAL) == {"local"}
    assert persons.names_of("") == {""}


def test_a_line_stays_for_longer_than_half_a_year_whatever_is_deleted_meanwhile(sqlite_store):
    """Contacts and half-filled forms go by their terms; of the record nothing does."""
    store = small_store(sqlite_store)
    long_ago = now() - timedelta(days=400)
    with store.write() as conn:
        persons.record(conn, "王芳", "sign in", "王芳", when=long_ago)
        before = persons.listing(conn, None)
    retention.purge_due(store, "王芳", at=now() + timedelta(days=400), sure=True)
    with store.write() as conn:
        drafts.keep(conn, "王芳", "f", {"a": "b"})
    with store.read() as conn:
        after, checked = persons.listing(conn, None), breaks.check(conn)
    assert after[-len(before) :] == before
    assert long_ago in {entry.at for entry in after}
    assert checked.breaks == ()


def test_nothing_of_the_program_changes_or_deletes_a_line():
    root = Path(__file__).resolve().parents[3]
    touching = re.compile(r"\b(?:delete|update)\(\s*(?:\w+\.)?audit\b")
    found = [
        path.name
        for folder in ("survey", "analysis", "dashboard")
        for path in (root / folder).rglob("*.py")
        if touching.search(path.read_text(encoding="utf-8"))
    ]
    assert found == ["migrations.py"]  # links what an older store holds, which the check tells of
