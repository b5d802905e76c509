"""A place that a server works on is known to be served as long as the server lives, and no longer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from survey.core.errors import Refused
from survey.store.upkeep import serving as module
from survey.store.upkeep.backup import backup, restore
from survey.store.upkeep.serving import require_not_served, serving

ROOT = Path(__file__).resolve().parents[4]
SERVER = """
import sys
from survey.store import Store
from survey.store.upkeep.serving import serving
with serving(Store.open(sys.argv[1])):
    print("serving", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def server(sqlite_store):
    program = subprocess.Popen(
        [sys.executable, "-c", SERVER, sqlite_store.where],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert program.stdout.readline() == b"serving\n"
    yield program
    program.kill()
    program.communicate()


@pytest.mark.parametrize("how", ["told to end", "killed"])
def test_nothing_is_restored_under_a_server_even_where_its_store_was_moved_away(server, sqlite_store, tmp_path, how):
    place = Path(sqlite_store.where)
    backup(sqlite_store, tmp_path / "copy.db")
    sqlite_store.close()
    place.rename(tmp_path / "away.db")
    with pytest.raises(Refused) as error:
        restore(tmp_path / "copy.db", place)
    assert error.value.key == "upkeep.served"
    assert not place.exists()
    if how == "killed":
        server.send_signal(signal.SIGKILL)
    server.communicate()
    for left in tmp_path.glob("store.db-*"):
        left.unlink()
    restore(tmp_path / "copy.db", place)
    assert place.is_file()


def test_two_servers_of_a_place_and_none_when_both_have_ended(sqlite_store):
    place = Path(sqlite_store.where)
    with serving(sqlite_store):
        with serving(sqlite_store):
            pass
        with pytest.raises(Refused):
            require_not_served(place)
    require_not_served(place)
    assert list(place.parent.glob(".*serving")) == []


def test_one_that_begins_while_another_ends_is_known(sqlite_store, monkeypatch):
    """The mark that the one took away just then is none: the other makes a new one."""
    lock = module._lock_of(Path(sqlite_store.where))
    hold, taken = module.hold, []

    def taken_away(number, *, shared):
        if not taken:
            lock.unlink()
        taken.append(number)
        return hold(number, shared=shared)

    with monkeypatch.context() as here:
        here.setattr(module, "hold", taken_away)
        with serving(sqlite_store):
            assert len(taken) == 2
            with pytest.raises(Refused):
                require_not_served(Path(sqlite_store.where))
    assert not lock.exists()
    require_not_served(Path(sqlite_store.where))
