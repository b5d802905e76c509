"""Whatever fails, and wherever: what the program says of the store is what is in it."""

from __future__ import annotations

import resource
import sqlite3
import threading
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

import xingfu
from analysis.publication import snapshots
from survey.core.errors import Surroundings
from survey.core.lang import say
from survey.store import Store
from survey.store.engine import sqlite_file
from survey.store.intake import batches
from tests.tools import commands, templates
from tests.tools.commands import answers, table

run, town = commands.run, commands.town
KEPT, NOTHING, UNSURE = (say("zh", f"outcome.{name}") for name in ("kept", "nothing", "unsure"))
#: no sentence below the one who counts commits claims anything about them
BELOW = ("没有存入", "未存入", "什么都没有")
IMPORT = ("import", "a.csv", "--questionnaire", "q")
CALLS = "社区,年度,编号,拨打时间,访问结果\n甲社区,2014,P1,2014-11-01 10:00,拒访\n"


def in_store():
    """Active batches, as (kind, file)."""
    with closing(Store.open("xingfu.db")) as store, store.read() as conn:
        return [(b.kind, b.file) for b in batches.listing(conn) if b.state == "active" and b.kind != "register"]


def raising(error):
    def fail(*_, **__):
        raise error

    return fail


@pytest.fixture
def prepared(run, tmp_path):
    """The town with what every command below needs."""

    def make():
        commands.make_town(run)
        answers("a.csv")
        answers("b.csv", rows=70)
        Path("calls.csv").write_text(CALLS, encoding="utf-8")
        Path("r.csv").write_text("code,name\nC8,丁社区\n", encoding="utf-8")
        assert run(*IMPORT)[0] == 0

    templates.folder("prepared town", tmp_path, make)
    return run


SURROUNDINGS = [
    Surroundings("store.disk_full", where="xingfu.db"),
    Surroundings("store.locked", where="xingfu.db"),
    Surroundings("store.server_away", where="xingfu.db", reason="x"),
]
COMMANDS = {
    "import": ("import", "b.csv", "--questionnaire", "q"),
    "undo": ("undo", "2"),
    "calls import": ("calls", "import", "calls.csv"),
    "communities add": ("communities", "add", "r.csv"),
    "indicators set": ("indicators", "set", "甲社区", "ZZ01", "--year", "2014", "A", "--by", "李"),
}


@pytest.mark.parametrize("error", SURROUNDINGS, ids=lambda e: e.key)
@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_what_fails_after_the_commit_is_not_said_to_have_stored_nothing(prepared, monkeypatch, words, error):
    before = dump()
    with monkeypatch.context() as here:
        here.setattr(snapshots, "recompute", raising(error))
        status, _, err = prepared(*words)
    assert status == 5, err
    assert error.word("zh") in err
    assert say("zh", "cli.not_recomputed", years="2014", year=2014) in err or words[0] == "communities"
    assert not any(word in err for word in BELOW)
    assert dump() != before  # it is in
    empty = words[0] == "undo"  # nothing of the year is left to compute
    assert prepared("score", "--year", "2014")[0] == (3 if empty else 0)  # the next step that is said


def dump():
    """What the user's own tables hold."""
    with closing(sqlite3.connect("xingfu.db")) as conn:
        tables = ("batches", "communities", "responses", "calls", "indicator_values")
        return [conn.execute(f"SELECT * FROM {name}").fetchall() for name in tables]


@pytest.mark.parametrize(
    ("error", "status"), [(RuntimeError("x"), 1), (MemoryError(), 5), (KeyboardInterrupt(), 130)], ids=["1", "5", "130"]
)
@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_whatever_ends_it_after_the_commit_what_is_stored_is_said_to_be(prepared, monkeypatch, words, error, status):
    monkeypatch.setattr(snapshots, "recompute", raising(error))
    found, _, err = prepared(*words)
    assert (found, KEPT in err) == (status, True), err
    assert not any(word in err for word in BELOW)


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize("begun", [True, False], ids=["while it is written", "before"])
def test_what_fails_before_the_commit_stored_nothing_and_says_so(prepared, monkeypatch, words, begun):
    before = dump()
    with failing_writes(monkeypatch, begun):
        status, _, err = prepared(*words)
    assert status == 5, err
    assert NOTHING in err
    assert KEPT not in err
    assert dump() == before
    assert prepared(*words)[0] == 0  # as the sentence says, it can be done again


@contextmanager
def failing_writes(monkeypatch, begun):
    """Another program holds the store, or the disk is full when the transaction is to be committed."""
    if begun:
        with monkeypatch.context() as here:
            begin = Store._connection

            @contextmanager
            def full(self, *, writes):
                with begin(self, writes=writes) as conn:
                    yield conn
                    if writes:
                        raise sqlite_full()

            here.setattr(Store, "_connection", full)
            yield
        return
    with monkeypatch.context() as here, closing(sqlite3.connect("xingfu.db", isolation_level=None)) as other:
        here.setattr(sqlite_file, "WAIT_SECONDS", 0.1)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def sqlite_full():
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorname = "SQLITE_FULL"
    return error


def test_of_several_files_each_is_said_to_be_in_or_not(prepared, monkeypatch):
    answers("c.csv", rows=80)
    answers("d.csv", rows=90)
    write, calls = Store.write, []

    def fails_at_the_second(self, **how):
        calls.append(1)
        if not how and len(calls) > 1:
            raise Surroundings("store.disk_full", where=self.where)
        return write(self, **how)

    with monkeypatch.context() as here:
        here.setattr(Store, "write", fails_at_the_second)
        status, _, err = prepared("import", "b.csv", "c.csv", "d.csv", "--questionnaire", "q")
    assert status == 5
    assert say("zh", "cli.files_left", files="c.csv、d.csv") in err
    assert "已入库 20 份" in err
    assert KEPT in err
    assert sorted(in_store()) == [("answers", "a.csv"), ("answers", "b.csv")]


@pytest.mark.parametrize("step", [pytest.param(64, id="some"), pytest.param(4, marks=pytest.mark.soak, id="many")])
def test_wherever_the_disk_is_full_the_sentence_is_true(town, step):
    """A limit on the size of files, a little higher every time: the disk is full at every stage in turn."""
    answers("a.csv", rows=400)
    first, seen = Path("xingfu.db").read_bytes(), set()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    limit = 64
    while "done" not in seen:
        for left in Path().glob("xingfu.db*"):
            left.unlink()
        Path("xingfu.db").write_bytes(first)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit << 10, hard))
        try:
            status, _, err = town(*IMPORT)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        stored = in_store() == [("answers", "a.csv")]
        if status == 0:
            seen.add("done")
            assert stored
        else:
            assert status == 5, err
            told = "kept" if "已入库 800 份" in err else "unsure" if UNSURE in err else "nothing"
            seen.add(told)
            assert told == "unsure" or stored == (told == "kept"), (limit, err)
            assert (NOTHING in err) == (told == "nothing"), (limit, err)
        limit += step
        assert limit < 4096
    assert {"nothing", "done"} <= seen


@pytest.mark.postgres
@pytest.mark.parametrize("when", ["while computing", "at the commit"])
def test_a_database_that_goes_away_is_said_with_what_it_holds(town, postgresql, monkeypatch, when):
    """The connections are ended by the server: after the commit it is stored, at the commit nobody knows."""
    answers("a.csv")
    name = f"away_{when.split()[0]}"
    postgresql.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    place = postgresql.url(name)
    for words in (("init",), ("communities", "add", "名册.csv"), ("questionnaire", "add", "q.xlsx", "--name", "q")):
        assert xingfu.main(["--store", place, *words]) == 0

    def end():
        postgresql.execute(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()"
        )

    with monkeypatch.context() as here:
        if when == "while computing":
            read = snapshots.require_year
            here.setattr(snapshots, "require_year", lambda *a: (end(), read(*a)))
        else:
            append = batches.save_tally
            here.setattr(batches, "save_tally", lambda *a: (append(*a), end()))
        status, _, err = town("--store", place, *IMPORT)
    assert status == 5, err
    if when == "while computing":
        assert "已入库 120 份" in err
        assert say("zh", "cli.not_recomputed", years="2014", year=2014) in err
        assert table(town("--store", place, "batches")[1])[0]["file"] == "a.csv"
    else:
        assert UNSURE in err
        assert NOTHING not in err
    assert not any(word in err for word in BELOW)
    postgresql.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_two_threads_count_for_themselves(town):
    """A press of a button in one thread does not count what another thread stores."""
    from survey.core import commits

    found = {}

    def work(name, writes):
        with commits.counted() as mine:
            if writes:
                with closing(Store.open("xingfu.db")) as store, store.write():
                    pass
            found[name] = (mine.kept, mine.outcome)

    threads = [threading.Thread(target=work, args=(n, n == "writer")) for n in ("writer", "reader")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {"writer": (1, "outcome.kept"), "reader": (0, "")}
