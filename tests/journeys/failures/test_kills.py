"""``kill -9`` wherever it strikes: nothing is torn, nothing lies about, and the same command again ends as it should.

Two hundred kills in ``make soak``, spread over what changes a store or writes files; a handful in ``make test``.
"""

from __future__ import annotations

import csv
import io
import random
import socket
import sqlite3
import subprocess
import threading
import time
import zipfile
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from benchmarks.bench_dashboard import HOST, ready
from benchmarks.bench_uploads import Importer, Waits
from survey.form.model import Question
from survey.form.workbook.writing import write_questionnaire
from survey.store import Store, keyring
from survey.store.engine import copies
from survey.store.intake import contacts
from tests.dashboard.serving.test_demonstration import WHOLE, counted
from tests.tools import soak, templates
from tests.tools.forms import form
from tests.tools.stores import kills
from tests.tools.stores.kills import STORE, Tally, called, command, kill_somewhere, state, without

HEADER = ["编号", "社区", "年度", "办事方便", "环境卫生", "联系电话"]
PLACES = ("甲社区", "乙社区", "丙社区")
REGISTER = "code,name,sub_district,adult_population\nC1,甲社区,示例街道,3000\nC2,乙社区,示例街道,2000\nC3,丙社区,示例街道,1000\n"
ROWS = 400
#: a command that ran twice is there twice
LOGGED = ("audit", "counter of audit")
#: computed when somebody looks at a page
PAGE_OWN = (*LOGGED, "results", "current_results", "analyses")


def rows(prefix: str, year: int, number: int) -> list[list[object]]:
    """So many responses, with a telephone number each."""
    return [
        [
            f"{prefix}{i}",
            PLACES[i % 3],
            year,
            1 + i % 5,
            1 + i // 3 % 5,
            f"{12000000001 + 37 * (1000 * ord(prefix) + i)}",
        ]
        for i in range(number)
    ]


def delimited(lines: list[list[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *lines])
    return text.getvalue().encode("utf-8")


def workbook(lines: list[list[object]]) -> bytes:
    book, data = openpyxl.Workbook(), io.BytesIO()
    for line in [HEADER, *lines]:
        book.active.append(line)
    book.save(data)
    return data.getvalue()


@pytest.fixture
def base(tmp_path):
    """A folder with a small store: two years of answers, telephone numbers under a key, results computed."""
    folder = tmp_path / "base"
    folder.mkdir()
    with kills.within(folder):
        templates.folder("kills", folder, _make)
    return folder


def _make() -> None:
    Path("r.csv").write_text(REGISTER, encoding="utf-8")
    phone = Question("phone", "text", {"zh": "联系电话", "en": "telephone"}, role="phone")
    Path("q.xlsx").write_bytes(write_questionnaire(form(phone)))
    assert called("init") == 0
    assert called("keys", "create") == 0
    assert called("communities", "add", "r.csv") == 0
    assert called("questionnaire", "add", "q.xlsx", "--name", "q") == 0
    for name, prefix, year in (("a.csv", "A", 2013), ("b.csv", "B", 2014), ("c.csv", "C", 2014)):
        Path(name).write_bytes(delimited(rows(prefix, year, ROWS)))
        assert called("import", name, "--questionnaire", "q") == 0
    Path("new.csv").write_bytes(delimited(rows("N", 2014, ROWS)))
    Path("new.xlsx").write_bytes(workbook(rows("N", 2014, ROWS)))


# ── What each command leaves beside the store


def nothing(folder: Path) -> None:
    """The command writes no file."""


def readable(folder: Path) -> None:
    """Every number opens with a key of the key file, which is whole."""
    ring = keyring.load()
    assert ring is not None
    with closing(Store.open(folder / STORE)) as store, store.read() as conn:
        found = contacts.listing(conn, ring, None)
    assert found
    assert all(c.phone for c in found)


def a_copy(folder: Path) -> None:
    """No copy, or a sound one."""
    if (folder / "copy.db").exists():
        copies.counts(folder / "copy.db")


#: three workbooks, and what the independent check needs
EXPORTED = 3 + 8


def a_set(folder: Path) -> None:
    """No file of the export, or all of them, each whole."""
    out = folder / "out"
    if not out.exists():
        return
    names = {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()}
    assert len(names) == EXPORTED, names
    assert {"verify/responses.csv", "verify/verify.R"} <= names
    for path in out.glob("*.xlsx"):
        with zipfile.ZipFile(path) as book:
            assert book.testzip() is None


@dataclass(frozen=True)
class Case:
    """A command to be killed: how often, when, what must be so beside the store, and the status of a second run that
    finds its work done."""

    words: tuple[str, ...]
    kills: int
    moments: tuple[str, ...] = ("open", "written")
    files: Callable[[Path], None] = nothing
    done: int = 0
    before: tuple[tuple[str, ...], ...] = ()
    out: str = ""


CASES = {
    "import .xlsx": Case(("import", "new.xlsx", "--questionnaire", "q"), 20, ("open", "reading", "written"), done=3),
    "import .csv": Case(("import", "new.csv", "--questionnaire", "q"), 20, ("open", "reading", "written"), done=3),
    "undo": Case(("undo", "4"), 16, done=3),
    "redo": Case(("redo", "4"), 16, done=3, before=(("undo", "4"),)),
    "score": Case(("score", "--year", "2014"), 16, before=(("undo", "4"), ("redo", "4"))),
    "export": Case(("export", "--out", "out", "--year", "2014", "--verify"), 16, ("part", "open"), a_set, out="out"),
    "contacts purge": Case(("contacts", "purge", "--year", "2014", "--yes"), 16),
    "keys rotate": Case(("keys", "rotate"), 16, ("open", "written", "part"), readable),
    "cycle step": Case(("cycle", "apply", "2014", "甲社区", "--star", "3"), 16, done=3),
    "backup": Case(("backup", "copy.db"), 8, ("part", "open"), a_copy, done=3, out="copy.db"),
    "restore": Case(
        ("restore", "copy.db"), 8, ("part", "part", "open"), a_copy, done=3, before=(("backup", "copy.db"),), out=STORE
    ),
}


def prepared(case: Case) -> None:
    for words in case.before:
        assert called(*words) == 0
    if case.words[0] == "score":  # what was kept is gone: it has to be computed
        with closing(Store.open(STORE)) as store, store.write(aside=True) as conn:
            for table in ("current_results", "results"):
                conn.exec_driver_sql(f"DELETE FROM {table}")
    if case.words[0] == "restore":
        for path in Path().glob(f"{STORE}*"):
            path.unlink()


def killed(case: Case, base: Path, name: str, times: int, *, drawn: bool = True) -> Tally:
    """Kill the command so often, each time in a folder of its own; raises AssertionError for what is not as it must be."""
    chance, tally = random.Random(f"{soak.SEED} {name}"), Tally(name)
    with kills.within(base):
        prepared(case)
    with kills.copy_of(base, "reference") as folder:
        whole = kills.states_of(lambda: called(*case.words), folder / STORE)
    seconds = _seconds(case, base, whole[-1]) if drawn else 0.0
    tries = 0
    while tally.kills < times:
        tries += 1
        assert tries <= 4 * times, "the command is over before it is killed"
        with kills.copy_of(base, str(tries)) as folder:
            moment = kill_somewhere(folder, command(*case.words), case.moments, seconds, chance)
            if moment:
                tally.kills += 1
                tally.moments[moment] += 1
                _looked_at(folder, case, whole, tally)
    return tally


def _seconds(case: Case, base: Path, wanted: kills.State) -> float:
    """How long the command takes here, as a program of its own that nobody disturbs."""
    with kills.copy_of(base, "timed") as folder:
        status, said, seconds = kills.finish(folder, command(*case.words))
        assert status == 0, said
        assert state(folder / STORE) == wanted
    return seconds


def _looked_at(folder: Path, case: Case, whole: list[kills.State], tally: Tally) -> None:
    """What must be true after a kill, and of the same command again."""
    found = state(folder / STORE)
    tally.torn += found not in whole
    assert found in whole, (tally, kills.difference(found, whole))
    case.files(folder)
    kills.require_private(folder)
    done = (folder / case.out).exists() if case.out else found != whole[0]
    last = (folder / case.out).exists() if case.out else found == whole[-1]
    tally.after, tally.between, tally.before = (
        tally.after + last,
        tally.between + (done and not last),
        tally.before + (not done),
    )
    status, said, _ = kills.finish(folder, command(*case.words))
    assert status == (case.done if done else 0), (tally, said)
    if status == 3:  # done before; what a first run computes after it is computed when it is wanted
        assert called("score", "--year", "2014") == 0
    again = without(state(folder / STORE), *LOGGED)
    assert again == without(whole[-1], *LOGGED), (tally, kills.difference(again, [without(whole[-1], *LOGGED)]))
    case.files(folder)
    kills.require_private(folder)
    kills.require_swept(folder)
    tally.right += 1


#: which of them ``make test`` kills, and how often
SOME = {"keys rotate": 1}


@pytest.mark.parametrize("name", SOME)
def test_a_killed_command_leaves_nothing_torn_and_is_done_again(base, name):
    tally = killed(CASES[name], base, name, SOME[name], drawn=False)
    assert tally.right == SOME[name]


@pytest.mark.soak
@pytest.mark.parametrize("name", CASES)
def test_wherever_a_command_is_killed_nothing_is_torn(base, name, record_property):
    case = CASES[name]
    tally = killed(case, base, name, soak.rounds(case.kills))
    record_property("kills", tally.row())
    assert tally.right == tally.kills


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
    with closing(sqlite3.connect(folder / STORE)) as conn:
        return int(conn.execute("SELECT count(*) FROM responses").fetchone()[0])


@pytest.mark.soak
def test_a_server_killed_while_a_file_comes_in_stores_all_of_it_or_nothing(base, record_property):
    tally, chance, data = Tally("page upload"), random.Random(f"{soak.SEED} page"), (base / "new.xlsx").read_bytes()
    with kills.within(base):
        assert called("questionnaire", "add", "q.xlsx", "--name", "bench") == 0
    before = without(state(base / STORE), *PAGE_OWN)
    with kills.copy_of(base, "reference") as folder:
        begun = time.monotonic()
        page = Page(folder, data)
        assert page.stored(), page.failed
        seconds = time.monotonic() - begun
        kills.end(page.server)
        after = without(state(folder / STORE), *PAGE_OWN)
    tries, times = 0, soak.rounds(16)
    while tally.kills < times:
        tries += 1
        assert tries <= 4 * times
        with kills.copy_of(base, str(tries)) as folder:
            page = Page(folder, data)
            moment = chance.choice(["", "waiting", "reading", "written", "written"])
            kills.wait_for(page.busy, moment, folder, chance.uniform(0, 0.1 if moment else seconds / 2))
            assert kills.end(page.server)
            if page.stored():
                continue  # the receipt was there before
            tally.kills += 1
            found = without(state(folder / STORE), *PAGE_OWN)
            assert found in (before, after), (tally, kills.difference(found, [before, after]))
            done = found == after
            tally.before, tally.after = tally.before + (not done), tally.after + done
            kills.require_private(folder)
            (folder / "upload1.xlsx").write_bytes(data)
            status, said, _ = kills.finish(
                folder, command("import", "upload1.xlsx", "--questionnaire", "bench", "--year", "2014")
            )
            assert (status, responses_in(folder)) == (3 if done else 0, 4 * ROWS), said
            kills.require_swept(folder)
            tally.right += 1
    record_property("kills", tally.row())
