"""What fails around the program is status 5 and one sentence, never a fault of the program."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

import xingfu
from survey.core.lang import say
from survey.store.engine import bulk, migrations, sqlite_file
from tests.tools import commands
from tests.tools.commands import answers, table

run, town = commands.run, commands.town
ROOT = Path(__file__).resolve().parents[3]
FULL = Path("/dev/full")


def child(*words, stdout=subprocess.PIPE, stderr=subprocess.PIPE):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, str(ROOT / "xingfu.py"), *words], stdout=stdout, stderr=stderr, env=environment
    )


@pytest.mark.skipif(os.name == "nt", reason="no such device there")
@pytest.mark.parametrize(
    "words",
    [
        ["communities", "list"],
        ["--version"],
        ["communities", "list", "--json"],
        ["import", "a.csv", "--questionnaire", "q"],
    ],
)
def test_an_output_that_takes_nothing_is_the_surroundings(town, words):
    answers("a.csv")
    with FULL.open("w") as full:
        done = child(*words, stdout=full)
    said = done.stderr.decode()
    assert done.returncode == 5, said
    assert "Traceback" not in said
    assert (say("zh", "outcome.kept") in said) == (words[0] == "import")


DAMAGES = {
    "text": "UPDATE community_facts SET name = CAST(X'E4B8FF' AS TEXT)",
    "JSON": "UPDATE communities SET aliases = '[\"'",
    "JSON of another shape": "UPDATE communities SET aliases = '[1]'",
    "counts that are none": "UPDATE batches SET counts = '[1]'",
    "a form that is none": "UPDATE questionnaires SET form = '[1]'",
    "a date": "UPDATE batches SET created_at = 'yesterday'",
    "a date of another kind": "UPDATE batches SET created_at = 7",
    "no schema": "DELETE FROM meta WHERE key = 'schema'",
    "a schema that is none": "UPDATE meta SET value = 'ten' WHERE key = 'schema'",
    "a schema below": "UPDATE meta SET value = '-1' WHERE key = 'schema'",
    "schema 0": "UPDATE meta SET value = '0' WHERE key = 'schema'",
    "a long schema": "UPDATE meta SET value = '99999999999999999999999' WHERE key = 'schema'",
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_store_is_said_to_be_damaged(town, damage):
    with closing(sqlite3.connect("xingfu.db")) as conn:
        conn.execute(damage)
        conn.commit()
    statuses = set()
    for words in (["communities", "list"], ["batches"], ["questionnaire", "list"]):
        status, _, err = town(*words)
        statuses.add(status)
        assert status == 0 or "损坏" in err, err
    assert statuses <= {0, 5}
    assert 5 in statuses


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("UPDATE results SET payload = '{\"meta\"'", ["score"]),
        ("UPDATE results SET payload = '[]'", ["score"]),
        ("UPDATE results SET payload = '{\"meta\"'", ["streets"]),
        ("UPDATE analyses SET payload = '{\"body\"'", ["quality", "reliability"]),
    ],
)
def test_a_kept_result_that_is_none_is_said_to_be_damaged(town, damage, words):
    answers("a.csv")
    assert town("import", "a.csv", "--questionnaire", "q")[0] == 0
    assert town(*words)[0] == 0
    with closing(sqlite3.connect("xingfu.db")) as conn:
        assert conn.execute(damage).rowcount > 0
        conn.commit()
    status, _, err = town(*words)
    assert status == 5, err
    assert "损坏" in err


@pytest.mark.skipif(os.name == "nt", reason="no such device there")
def test_where_no_sentence_can_be_said_what_is_done_stays_done(town):
    answers("a.csv")
    with FULL.open("w") as full:
        done = child("import", "a.csv", "--questionnaire", "q", stderr=full)
    assert done.returncode == 0
    assert "a.csv" in [b["file"] for b in table(town("batches")[1])]
    with FULL.open("w") as full:
        assert child("import", "a.csv", "--questionnaire", "q", stderr=full).returncode == 3


@pytest.mark.skipif(os.name == "nt", reason="no pipes there")
def test_a_store_that_is_a_pipe_is_no_database(run):
    os.mkfifo("pipe.db")
    for words in (["batches"], ["init"]):
        status, _, err = run("--store", "pipe.db", *words)
        assert (status, "pipe.db 不是数据库" in err) == (5, True), err


@pytest.mark.postgres
def test_a_server_that_ends_inside_a_copy_is_the_surroundings(town, postgresql, monkeypatch):
    answers("a.csv")
    postgresql.execute("CREATE DATABASE ended TEMPLATE template0")
    place = postgresql.url("ended")
    for words in (("init",), ("communities", "add", "名册.csv"), ("questionnaire", "add", "q.xlsx", "--name", "q")):
        assert xingfu.main(["--store", place, *words]) == 0
    copy_in = bulk.copy_in

    def ends(conn, name, columns, rows):
        def some():
            for number, row in enumerate(rows):
                if number == 3:
                    postgresql.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE datname = 'ended' AND pid <> pg_backend_pid()"
                    )
                yield row

        copy_in(conn, name, columns, some())

    with monkeypatch.context() as here:
        here.setattr(bulk, "copy_in", ends)
        status, _, err = town("--store", place, "import", "a.csv", "--questionnaire", "q")
    assert status == 5, err
    assert say("zh", "outcome.nothing") in err
    assert [b["kind"] for b in table(town("--store", place, "batches")[1])] == ["register"]
    postgresql.execute("DROP DATABASE ended WITH (FORCE)")


@pytest.mark.parametrize("closed", [True, False], ids=["closed properly", "in the mode of a single file"])
def test_a_store_that_can_only_be_read_is_read_and_says_what_cannot_be_done(town, monkeypatch, closed):
    """An archive, a CD: computed results are shown, what is not kept is computed and not kept."""
    answers("a.csv")
    assert town("import", "a.csv", "--questionnaire", "q")[0] == 0
    if not closed:
        with closing(sqlite3.connect("xingfu.db")) as conn:
            conn.execute("PRAGMA journal_mode=DELETE")
    with closing(sqlite3.connect("xingfu.db")) as conn:
        conn.execute("DELETE FROM current_results")
        conn.commit()
    scores = town("score")[1]
    with closing(sqlite3.connect("xingfu.db")) as conn:
        conn.execute("DELETE FROM current_results")
        conn.commit()
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = Path("xingfu.db").read_bytes()
    monkeypatch.setattr(sqlite_file, "_writable", lambda path: False)
    status, out, err = town("score")
    assert (status, out) == (0, scores), err
    assert town("batches")[0] == 0
    assert town("quality", "reliability")[0] in (0, 3)
    answers("b.csv", rows=70)
    for words in (["import", "b.csv", "--questionnaire", "q"], ["undo", "2"]):
        status, _, err = town(*words)
        assert status == 5
        assert say("zh", "store.read_only", where="xingfu.db") in err
        assert say("zh", "outcome.nothing") in err
    assert Path("xingfu.db").read_bytes() == before


def test_what_an_interrupted_program_left_is_not_passed_over_when_only_reading(town, monkeypatch):
    Path("xingfu.db-wal").write_bytes(b"x" * 100)
    monkeypatch.setattr(sqlite_file, "_writable", lambda path: False)
    connect = sqlite_file.connect

    def no_room_beside(uri):
        if "immutable" not in uri:
            raise sqlite3.OperationalError("unable to open database file")
        return connect(uri)

    monkeypatch.setattr(sqlite_file, "connect", no_room_beside)
    status, _, err = town("batches")
    assert status == 5
    assert "xingfu.db-wal" in err


def test_an_older_store_that_can_only_be_read_says_where_to_take_it(town, monkeypatch):
    with closing(sqlite3.connect("xingfu.db")) as conn:
        conn.execute("UPDATE meta SET value = '9' WHERE key = 'schema'")
        conn.commit()
    monkeypatch.setattr(sqlite_file, "_writable", lambda path: False)
    status, _, err = town("batches")
    assert status == 5
    assert say("zh", "store.read_only_older", where="xingfu.db", found=9, known=migrations.newest()) in err
