"""Several programs and threads at once, and a program killed while it writes: nothing lost, nothing torn."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from survey.core.errors import Surroundings
from survey.store import Store, settings
from survey.store.engine import sqlite_file
from survey.store.intake import batches, questionnaires, responses
from tests.tools import soak
from tests.tools.stores import store_data
from tests.tools.stores.store_writer import ROWS, write_batches

ROOT = Path(__file__).resolve().parents[4]


def start_writer(where: str, number: int, count: int, how: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.tools.stores.store_writer", where, str(number), str(count), how]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)})


def seen(store: Store) -> tuple[int, int, int]:
    """Batches, responses loaded, responses counted, all of one moment."""
    with store.read() as conn:
        names = [b for b in batches.listing(conn) if b.state == "active"]
        loaded = len(responses.load(conn, questionnaires.get(conn, "q")))
        return len(names), loaded, int(responses.counts(conn)["n"].sum())


@pytest.mark.parametrize("each", [4, pytest.param(soak.rounds(200), marks=pytest.mark.soak)])
def test_three_writers_and_a_reader_lose_nothing(where: str, store: Store, each: int):
    """One writer is another program, two are threads with connections of their own; so many batches each."""
    with store.write() as conn:
        store_data.begin(conn, 0)  # so that the reader finds the questionnaire
    program = start_writer(where, 1, each, "announce")
    assert program.stdout is not None
    assert program.stdout.readline() == "ready\n"
    looks = 0
    with ThreadPoolExecutor(2) as pool:
        threads = [pool.submit(write_batches, where, number, each) for number in (2, 3)]
        while program.poll() is None or not all(thread.done() for thread in threads):
            stored, loaded, counted = seen(store)
            assert loaded == counted == (stored - 1) * ROWS
            looks += 1
            time.sleep(0.02)
    program.stdout.close()
    assert program.returncode == 0
    assert [thread.result() for thread in threads] == [None, None]
    assert looks > 1
    all_of_them = 3 * each
    assert seen(store) == (all_of_them + 1, all_of_them * ROWS, all_of_them * ROWS)
    with store.read() as conn:
        ids = responses.load(conn, questionnaires.get(conn, "q")).design["response_id"].tolist()
        assert ids == list(range(1, all_of_them * ROWS + 1))
        assert [b.id for b in batches.listing(conn)] == list(range(all_of_them + 1, 0, -1))


def test_a_program_killed_while_it_writes_leaves_only_whole_batches(where: str, store: Store):
    writer = start_writer(where, 1, 2, "hang")
    assert writer.stdout is not None
    assert writer.stdout.readline() == "hanging\n"
    writer.kill()
    writer.wait()
    writer.stdout.close()
    begun = time.monotonic()
    with store.write() as conn:  # the killed writer holds nobody up
        settings.put(conn, "after", "yes")
    assert time.monotonic() - begun < 10
    assert seen(store) == (1, ROWS, ROWS)


def test_eight_threads_share_one_store(store: Store):
    def put_and_count(number: int) -> int:
        with store.write() as conn:
            before = int(settings.get(conn, "n", "0"))
            settings.put(conn, "n", str(before + 1))
        with store.read() as conn:
            return int(settings.get(conn, "n", "0"))

    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(put_and_count, range(40)))
    with store.read() as conn:
        assert settings.get(conn, "n") == "40"
    assert min(counts) >= 1


def test_a_reader_sees_one_moment(store: Store):
    with store.write() as conn:
        settings.put(conn, "a", "before")
    with store.read() as reading:
        assert settings.get(reading, "a") == "before"
        with store.write() as conn:
            settings.put(conn, "a", "after")
        assert settings.get(reading, "a") == "before"
    with store.read() as reading:
        assert settings.get(reading, "a") == "after"


def test_a_writer_that_waits_too_long_is_told_so(where: str, store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sqlite_file, "WAIT_SECONDS", 0.2)
    other = Store.open(where)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with store.write() as conn:
            settings.put(conn, "a", "1")
            held.set()
            done.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(20)
    try:
        with pytest.raises(Surroundings, match="一直在写"), other.write():
            pass
    finally:
        done.set()
        holder.join()
    with other.write() as conn:
        assert settings.get(conn, "a") == "1"
    other.close()
