"""One person under several names is one person, and nobody else is."""

from __future__ import annotations

import pytest

from survey.store import audit as persons


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
