"""``kill -9`` of the demonstration while it is loaded, and of a server while a file comes in: all of it is stored or nothing."""

from __future__ import annotations

import random
import socket
import subprocess
import threading
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import func, select

from benchmarks.bench_dashboard import HOST, ready
from benchmarks.bench_uploads import Importer, Waits
from survey.store import Store
from survey.store.engine import tables
from tests.dashboard.serving.test_demonstration import WHOLE, counted
from tests.tools import soak
from tests.tools.hostile import killed_postgres, killed_town
from tests.tools.hostile.killed_town import PAGE_OWN, ROWS
from tests.tools.stores import kills
from tests.tools.stores.kills import STORE, Tally, called, command, state, where, without

base, on_either = killed_town.base, killed_town.on_either

# ── The demonstration goes on where it was killed


@pytest.mark.soak
def test_a_demonstration_killed_again_and_again_ends_as_one_that_was_not(tmp_path, record_property):
    words, tally, chance = command("demo", "--no-serve"), Tally("demo"), random.Random(f"{soak.SEED} demo")
    first = tmp_path / "first"
    first.mkdir()
    status, said, seconds = kills.finish(first, words)
    assert (status, counted(first / "demo.db")) == (0, WHOLE), said
    times = soak.rounds(16)
    while tally.kills < times:
        folder = tmp_path / str(tally.kills)
        folder.mkdir()
        chain = 0
        while tally.kills < times:
            program = kills.start(folder, words)
            with suppress(subprocess.TimeoutExpired):
                program.wait(chance.uniform(0.15, 0.5) * seconds)
            if not kills.end(program):
                assert program.returncode == 0, (folder / "said.txt").read_text(encoding="utf-8")
                break
            tally.kills, chain = tally.kills + 1, chain + 1
            found = dict(state(folder / "demo.db"))
            begun = bool(found.get("batches"))
            tally.before, tally.between = tally.before + (not begun), tally.between + begun
            kills.require_private(folder)
        status, said, _ = kills.finish(folder, words)
        assert (status, counted(folder / "demo.db")) == (0, WHOLE), said
        kills.require_swept(folder)
        tally.right += chain
    record_property("kills", tally.row())


# ── A server that is killed while a file comes in


class Page:
    """A server on the store of a folder, and one person who drops a file there, waits for its check, and stores it."""

    def __init__(self, folder: Path, data: bytes) -> None:
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            port = probe.getsockname()[1]
        self.server = kills.start(folder, command("serve", "--port", str(port)))
        ready(port)
        self.failed: list[BaseException] = []
        self._person = Importer(port, 1, data, Waits())
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def _work(self) -> None:
        try:
            self._person.run()
        except Exception as error:  # what a browser shows whose server is gone
            self.failed.append(error)

    def stored(self) -> bool:
        """Wait for the receipt; whether there is one."""
        self._thread.join(120)
        return not self.failed

    def busy(self) -> bool:
        return self._thread.is_alive()


def responses_in(folder: Path) -> int:
    with closing(Store.open(where(folder))) as store, store.read() as conn:
        return int(conn.execute(select(func.count()).select_from(tables.responses)).scalar_one())


@pytest.mark.soak
def test_a_server_killed_while_a_file_comes_in_stores_all_of_it_or_nothing(on_either, record_property):
    base = on_either
    engine = " pg" if killed_postgres.address(base) else ""
    tally, chance, data = (
        Tally(f"page upload{engine}"),
        random.Random(f"{soak.SEED} page{engine}"),
        (base / "new.xlsx").read_bytes(),
    )
    with kills.within(base):
        assert called("questionnaire", "add", "q.xlsx", "--name", "bench") == 0
    before = without(state(base / STORE), *PAGE_OWN)
    with kills.copy_of(base, "reference") as folder:
        begun = time.monotonic()
        page = Page(folder, data)
        assert page.stored(), page.failed
        seconds = time.monotonic() - begun
        kills.end(page.server, folder)
        after = without(state(folder / STORE), *PAGE_OWN)
    tries, times = 0, soak.rounds(16)
    while tally.kills < times:
        tries += 1
        assert tries <= 4 * times
        with kills.copy_of(base, str(tries)) as folder:
            page = Page(folder, data)
            moment = chance.choice(["", "waiting", "reading", "written", "written"])
            kills.wait_for(page.busy, moment, folder, chance.uniform(0, 0.1 if moment else seconds / 2))
            assert kills.end(page.server, folder)
            if page.stored():
                continue  # the receipt was there before
            tally.kills += 1
            found = without(state(folder / STORE), *PAGE_OWN)
            assert found in (before, after), (tally, kills.difference(found, [before, after]))
            done = found == after
            tally.before, tally.after = tally.before + (not done), tally.after + done
            assert called("doctor") == 0
            kills.require_private(folder)
            (folder / "upload1.xlsx").write_bytes(data)
            status, said, _ = kills.finish(
                folder, command("import", "upload1.xlsx", "--questionnaire", "bench", "--year", "2014")
            )
            assert (status, responses_in(folder)) == (3 if done else 0, 4 * ROWS), said
            kills.require_swept(folder)
            tally.right += 1
    record_property("kills", tally.row())
