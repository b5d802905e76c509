"""What cannot be taken back, or is a step of its own, fails with sentences that are true: redo, purge, rotation, a step."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path

import pytest

from survey.core.errors import Surroundings
from survey.core.lang import say
from survey.store import Store
from tests.journeys.failures.test_outcomes import KEPT, NOTHING, failing_writes
from tests.tools import templates
from tests.tools.hostile import killed_town
from tests.tools.stores import kills
from tests.tools.stores.kills import STORE, called, state

base = killed_town.base
COMMANDS = {
    "redo": ("redo", "4"),
    "contacts purge": ("contacts", "purge", "--year", "2014", "--yes"),
    "keys rotate": ("keys", "rotate"),
    "cycle apply": ("cycle", "apply", "2014", "甲社区", "--star", "3"),
}


@pytest.fixture
def ready(base):
    with kills.within(base):
        templates.folder("irreversible", base, _undone)
        yield base


def _undone() -> None:
    assert called("undo", "4") == 0


def readable(folder: Path) -> bool:
    """Every number opens with a key of the file, whatever became of the rotation."""
    killed_town.readable(folder)
    return True


@pytest.mark.parametrize("begun", [True, False], ids=["while it is written", "before"])
@pytest.mark.parametrize("name", COMMANDS)
def test_what_fails_before_the_commit_changed_nothing_and_says_so(ready, monkeypatch, capfd, name, begun):
    before = state(ready / STORE)
    capfd.readouterr()
    with failing_writes(monkeypatch, begun):
        status = called(*COMMANDS[name])
    err = capfd.readouterr().err
    assert (status, NOTHING in err, KEPT in err) == (5, True, False), err
    assert state(ready / STORE) == before
    assert readable(ready)
    assert (name == "keys rotate") == (say("zh", "keyring.half_rotated", key="", place="")[-20:] in err)
    assert called(*COMMANDS[name]) == 0  # as the sentence says, it can be done again


@pytest.mark.parametrize("name", COMMANDS)
def test_what_fails_after_the_commit_is_said_to_be_kept(ready, monkeypatch, capfd, name):
    before = state(ready / STORE)
    write, erasing = Store.write, Store.erasing

    def then_full(real):
        @contextmanager
        def fails(self, **how):
            with real(self, **how) as conn:
                yield conn
            if not how.get("aside"):
                raise Surroundings("store.disk_full", where=self.where)

        return fails

    capfd.readouterr()
    with monkeypatch.context() as here:
        here.setattr(Store, "write", then_full(write))
        here.setattr(Store, "erasing", then_full(erasing))
        status = called(*COMMANDS[name])
    err = capfd.readouterr().err
    assert (status, NOTHING in err, KEPT in err) == (5, False, True), err
    assert state(ready / STORE) != before
    if name != "contacts purge":
        assert readable(ready)
