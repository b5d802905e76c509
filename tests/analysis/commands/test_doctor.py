"""``xingfu doctor``: 0 where all is well, 3 with what is wrong; kept results are held against their answers."""

from __future__ import annotations

import json
from contextlib import closing

import pytest

from survey.store import Store
from tests.tools.commands import run as program  # noqa: F401
from tests.tools.commands import table
from tests.tools.towns.cycle_town import make_town


@pytest.fixture
def run(program):  # noqa: F811
    """Run ``xingfu`` on a town of a year whose results are kept; gives (status, stdout, stderr)."""
    with closing(Store.open("xingfu.db", create=True)) as store:
        make_town(store)
    assert program("score", "--year", "2014")[0] == 0
    return program


def test_a_sound_store_is_well(run):
    status, out, said = run("doctor")
    assert status == 0, said
    found = {row["check"]: row["state"] for row in table(out)}
    assert found == {
        "file": "ok",
        "record": "ok",
        "answers": "ok",
        "bits": "ok",
        "originals": "ok",
        "contacts": "ok",
        "results": "ok",
    }


def test_results_that_do_not_follow_from_the_answers_are_named(run):
    with closing(Store.open("xingfu.db")) as store, store.write(aside=True) as conn:
        rows = conn.exec_driver_sql("SELECT id, payload FROM results").fetchall()
        for number, payload in rows:
            held = json.loads(payload)
            held["scores"][0]["objective"] = 1.0
            conn.exec_driver_sql("UPDATE results SET payload = ? WHERE id = ?", (json.dumps(held), number))
    status, out, said = run("--json", "doctor")
    assert status == 3
    [wrong] = [row for row in json.loads(out)["rows"] if row["state"] == "wrong"]
    assert wrong["check"] == "results"
    assert "results" in said


def spoil(**changes):
    """Give the first community of the kept results other numbers."""
    with closing(Store.open("xingfu.db")) as store, store.write(aside=True) as conn:
        for number, payload in conn.exec_driver_sql("SELECT id, payload FROM results").fetchall():
            held = json.loads(payload)
            held["scores"][0].update(changes)
            conn.exec_driver_sql("UPDATE results SET payload = ? WHERE id = ?", (json.dumps(held), number))


def test_results_that_are_wrong_are_computed_again_when_told_to(run):
    _, before, _ = run("score", "--year", "2014")
    spoil(objective=1.0)
    assert run("doctor")[0] == 3
    status, out, said = run("--json", "doctor", "--mend")
    assert status == 0, said
    assert [(row["check"], row["state"]) for row in json.loads(out)["rows"] if row["state"] != "ok"] == [
        ("results", "mended")
    ]
    assert run("doctor")[0] == 0
    assert run("score", "--year", "2014")[1] == before
    with closing(Store.open("xingfu.db")) as store, store.read() as conn:
        assert conn.exec_driver_sql("SELECT subject FROM audit WHERE action = 'mend'").fetchall() == [("results",)]


def test_nothing_is_computed_again_from_answers_that_are_damaged(run):
    spoil(objective=1.0)
    with closing(Store.open("xingfu.db")) as store, store.write(aside=True) as conn:
        number, answers = conn.exec_driver_sql("SELECT id, answers FROM responses LIMIT 1").fetchone()
        turned = bytes([answers[0] ^ 1]) + answers[1:]
        conn.exec_driver_sql("UPDATE responses SET answers = ? WHERE id = ?", (turned, number))
    status, out, said = run("--json", "doctor", "--mend")
    states = {row["check"]: row["state"] for row in json.loads(out)["rows"]}
    assert (status, states["bits"], states["results"]) == (3, "wrong", "wrong"), said


def test_a_pack_is_not_mended(run, tmp_path):
    status, out, said = run("doctor", str(tmp_path), "--mend")
    assert (status, out) == (2, "")
    assert "--mend" in said


def test_nothing_is_changed(run):
    with closing(Store.open("xingfu.db")) as store, store.read() as conn:
        before = conn.exec_driver_sql("SELECT count(*), max(id) FROM audit").fetchall()
    run("doctor")
    with closing(Store.open("xingfu.db")) as store, store.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*), max(id) FROM audit").fetchall() == before
