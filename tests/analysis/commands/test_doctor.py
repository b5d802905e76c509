"""``xingfu doctor``: 0 where all is well, 3 with what is wrong; kept results are held against their answers."""

from __future__ import annotations

import json
from contextlib import closing

import pytest

from analysis.keeping.packed import unpack
from survey.store import Store
from survey.store.engine import payloads
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
        "payloads": "ok",
        "originals": "ok",
        "contacts": "ok",
        "results": "ok",
    }


def test_results_that_do_not_follow_from_the_answers_are_named(run):
    spoil(objective=1.0)
    status, out, said = run("--json", "doctor")
    assert status == 3
    [wrong] = [row for row in json.loads(out)["rows"] if row["state"] == "wrong"]
    assert wrong["check"] == "results"
    assert "results" in said


def spoil(summed=True, **changes):
    """Give the first community of the kept results other numbers."""
    with closing(Store.open("xingfu.db")) as store, store.write(aside=True) as conn:
        for number, payload in conn.exec_driver_sql("SELECT id, payload FROM results").fetchall():
            held = json.loads(unpack(payload).to_json())
            held["scores"][0].update(changes)
            conn.exec_driver_sql("UPDATE results SET payload = ? WHERE id = ?", (json.dumps(held), number))
        if summed:  # as a program that computes otherwise would have kept them
            conn.exec_driver_sql("DELETE FROM payload_sums WHERE kind = 'results'")
            payloads.note(conn, [one for one in payloads.every(conn) if not one.told])


def damage(statement):
    with closing(Store.open("xingfu.db")) as store, store.write(aside=True) as conn:
        assert conn.exec_driver_sql(statement).rowcount


def states(out):
    return {row["check"]: row["state"] for row in table(out)}


def test_a_kept_result_that_was_changed_is_shown_to_nobody_and_made_anew(run):
    before = run("score", "--year", "2014")
    spoil(summed=False, objective=1.0)
    status, out, said = run("score", "--year", "2014")
    assert (status, out, "SHA-256" in said) == (5, "", True)
    status, out, _ = run("doctor")
    assert (status, states(out)["payloads"], states(out)["results"]) == (3, "wrong", "wrong")
    status, out, _ = run("doctor", "--mend")
    assert (status, states(out)["payloads"], states(out)["results"]) == (0, "ok", "mended")
    assert run("doctor")[0] == 0
    assert run("score", "--year", "2014")[:2] == before[:2]


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("UPDATE schemes SET definition = replace(definition, '60', '61')", "payloads"),
        ("UPDATE questionnaires SET form = replace(form, '\"level\": 1', '\"level\": 2')", "payloads"),
        ("UPDATE questionnaires SET workbook = X'00'", "payloads"),
        ("UPDATE responses SET answers = CAST(zeroblob(length(answers) - 2) || X'0100' AS BLOB) WHERE id = 3", "bits"),
    ],
)
def test_no_number_is_made_of_what_was_changed(run, statement, check):
    if "workbook" not in statement:
        damage("DELETE FROM current_results")
    damage(statement)
    for words in (("doctor",), ("doctor", "--mend")):
        status, out, said = run(*words)
        assert (status, states(out)[check]) == (3, "wrong"), said
    if "workbook" not in statement:
        status, out, said = run("score", "--year", "2014")
        assert (status, out, "SHA-256" in said) == (5, "", True)


def test_sums_of_what_an_older_program_kept_are_added(run):
    damage("DELETE FROM payload_sums")
    assert states(run("doctor")[1])["payloads"] == "wrong"
    assert states(run("doctor", "--mend")[1])["payloads"] == "mended"
    assert run("doctor")[0] == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tallies SET duplicate = 'x'",
        "UPDATE communities SET adult_population = 'many'",
        "UPDATE indicator_values SET value = X'00'",
        "UPDATE responses SET weight = 'heavy' WHERE id = 1",
        "UPDATE audit SET detail = '{'",
    ],
)
def test_a_value_of_another_kind_is_a_damaged_store_and_no_fault_of_the_program(run, statement):
    damage(statement)
    column = f"{statement.split()[1]}.{statement.split()[3]}"
    status, out, said = run("doctor")
    if status == 3:
        assert column in next(row["told"] for row in table(out) if row["check"] == "file")
    else:  # the record can't be read at all
        assert status == 5
    damage("DELETE FROM current_results")
    for words in (("score",), ("batches",), ("quality", "reliability", "--year", "2014"), ("audit", "list")):
        status, _, said = run(*words)
        assert status in (0, 3, 5), said
        assert "程序出错" not in said


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
    assert (status, states["bits"], states["results"]) == (3, "wrong", "unchecked"), said


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
