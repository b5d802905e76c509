"""The demonstration brings the sample in once, goes on where it was interrupted, and touches nobody's own data."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from dashboard import demonstration
from survey.commands.console import Session
from survey.core.errors import Refused
from survey.intake.answers import inspect
from survey.store import Store, settings
from survey.store.intake import batches
from tests.tools import soak
from tests.tools.templates import initialised

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def session():
    return Session("demo.db", "zh", False)


def numbers(place):
    store = Store.open(place)
    with store.read() as conn:
        found = [(b.kind, b.file, b.counts["stored"]) for b in batches.listing(conn)]
    store.close()
    return found


class Stopped(BaseException):
    """As if the program had been killed: nothing that follows runs, nothing open is kept."""


def counted(place):
    """Rows of what the demonstration brings."""
    tables = ("cycle_events", "batches", "responses", "indicator_reviews", "tasks", "results", "audit")
    with closing(sqlite3.connect(place)) as conn:
        return {name: conn.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}


#: what one whole demonstration leaves
WHOLE = {
    **{"cycle_events": 112, "batches": 9, "responses": 6875, "indicator_reviews": 1055},
    **{"tasks": 12, "results": 5, "audit": 136},
}


@pytest.mark.slow
@pytest.mark.parametrize("nth", [3, pytest.param(1, marks=pytest.mark.soak)])
def test_a_demonstration_stopped_at_every_nth_step_goes_on_and_ends_as_one_that_was_not(
    session, tmp_path, monkeypatch, nth
):
    place, put, marks, stopped = tmp_path / "demo.db", settings.put, set(), set()

    def stopping(conn, key, value):
        """Stop once at every nth mark: the step is done, its mark is not yet there."""
        if key.startswith("sample") and (key, value) not in marks:
            marks.add((key, value))
            if len(marks) % nth == 0:
                stopped.add((key, value))
                raise Stopped
        put(conn, key, value)

    monkeypatch.setattr(demonstration.settings, "put", stopping)
    inspected = {}

    def once_inspected(store, name, data, options):  # what a file holds does not change with the tries
        if name not in inspected:
            inspected[name] = inspect(store, name, data, options)
        return inspected[name]

    monkeypatch.setattr(demonstration, "inspect", once_inspected)
    tries = 0
    while True:
        tries += 1
        try:
            demonstration.load(session, place)
            break
        except Stopped:
            assert tries < 100
    assert len(marks) == 39  # 37 steps, the beginning and the end
    assert tries == len(stopped) + 1 == 39 // nth + 1
    assert counted(place) == WHOLE
    assert {kind for kind, _, _ in numbers(place)} == {"answers", "indicators"}
    assert demonstration.load(session, place) == []  # complete: left as it is
    assert counted(place) == WHOLE


@pytest.mark.soak
def test_a_demonstration_killed_at_drawn_moments_ends_as_one_that_was_not(tmp_path):
    chance = random.Random(soak.SEED)
    command = [sys.executable, str(ROOT / "xingfu.py"), "demo", "--no-serve"]
    for number in range(soak.rounds(3)):
        here = tmp_path / str(number)
        here.mkdir()
        for _ in range(100):
            program = subprocess.Popen(command, cwd=here, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            try:
                _, said = program.communicate(timeout=chance.uniform(3, 12))
            except subprocess.TimeoutExpired:
                program.kill()
                program.communicate()
                continue
            assert program.returncode == 0, said.decode()
            break
        assert counted(here / "demo.db") == WHOLE


def test_a_step_is_marked_in_the_transaction_that_does_it(tmp_path):
    store = Store.open(tmp_path / "demo.db", create=True)

    def two_transactions():
        with store.write() as conn:
            settings.put(conn, "first", "1")
        with store.read() as conn:
            assert settings.get(conn, "first") == "1"
        with store.erasing() as conn:
            settings.put(conn, "second", "1")
        return "came"

    def stopped():
        two_transactions()
        raise Stopped

    def found():
        with store.read() as conn:
            return settings.get(conn, "first"), settings.get(conn, "second"), settings.get(conn, "sample_steps")

    with pytest.raises(Stopped):
        demonstration.once(store, "a step", stopped)
    assert found() == (None, None, None)
    assert demonstration.once(store, "a step", two_transactions) == "came"
    assert found() == ("1", "1", "a step")
    assert demonstration.once(store, "a step", stopped) is None
    store.close()


def test_one_that_cannot_be_finished_says_how_to_begin_anew(session, tmp_path, monkeypatch):
    def refused(*_):
        raise Refused("cycle.frozen", year=2012)

    monkeypatch.setattr(demonstration, "_bring", refused)
    with pytest.raises(Refused) as error:
        demonstration.load(session, tmp_path / "demo.db")
    assert error.value.key == "cli.demo_stuck"
    assert str(tmp_path / "demo.db") in str(error.value)


def test_the_sample_never_enters_a_store_of_ones_own(session, tmp_path):
    place = tmp_path / "mine.db"
    store = Store.open(place, create=True)
    initialised(store)
    store.close()
    with pytest.raises(Refused) as error:
        demonstration.load(session, place)
    assert error.value.key == "cli.demo_foreign"
    assert numbers(place) == []
