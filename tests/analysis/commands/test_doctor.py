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


def test_nothing_is_changed(run):
    with closing(Store.open("xingfu.db")) as store, store.read() as conn:
        before = conn.exec_driver_sql("SELECT count(*), max(id) FROM audit").fetchall()
    run("doctor")
    with closing(Store.open("xingfu.db")) as store, store.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*), max(id) FROM audit").fetchall() == before
