"""``xingfu export``: a data set by command, what goes with which kind, and the line in the record."""

from __future__ import annotations

import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from survey.store import Store, audit
from tests.tools.commands import run as program  # noqa: F401
from tests.tools.towns.cycle_town import make_town


@pytest.fixture
def run(program):  # noqa: F811
    """Run ``xingfu export`` on a town of a year; gives (status, stdout, stderr)."""
    with closing(Store.open("xingfu.db", create=True)) as store:
        make_town(store)
    return lambda *words: program("export", "--year", "2014", *words)


def test_a_data_set_into_a_folder_with_its_licence_and_a_line_in_the_record(run):
    Path("terms.txt").write_text("CC BY 4.0", encoding="utf-8")
    status, _, said = run("--format", "data", "--out", "set", "--licence", "terms.txt")
    assert status == 0, said
    assert (Path("set") / "LICENCE.txt").read_text(encoding="utf-8") == "CC BY 4.0"
    assert (Path("set") / "sav" / "scores.sav").exists()
    with closing(Store.open("xingfu.db")) as store, store.read() as conn:
        [entry] = [e for e in audit.listing(conn, limit=5) if e.action == "export"]
    assert entry.detail["format"] == "data"


def test_of_one_community_as_an_archive(run):
    status, _, said = run("--format", "data", "--out", "set.zip", "--community", "甲社区")
    assert status == 0, said
    with zipfile.ZipFile("set.zip") as archive:
        assert "csv/streets.csv" not in archive.namelist()
        assert archive.read("csv/scores.csv").decode().count("\n") == 2


def test_diagnoses_of_one_community_and_of_all(run):
    status, _, said = run("--format", "pdf", "--out", "one.pdf", "--community", "甲社区")
    assert (status, Path("one.pdf").read_bytes()[:5]) == (0, b"%PDF-"), said
    assert run("--format", "pdf", "--out", "all")[0] == 0
    assert [p.suffix for p in Path("all").iterdir()] == [".pdf", ".pdf"]


@pytest.mark.parametrize(
    "words",
    [
        ("--format", "data", "--out", "set.xlsx"),
        ("--format", "data", "--out", "set", "--verify"),
        ("--format", "pdf", "--out", "set", "--verify"),
        ("--format", "pdf", "--out", "set.pdf"),
        ("--out", "set", "--licence", "terms.txt"),
    ],
)
def test_what_does_not_go_together_is_wrong_usage_and_writes_nothing(run, words):
    Path("terms.txt").write_text("x", encoding="utf-8")
    assert run(*words)[0] == 2
    assert not Path("set").exists()


def test_a_licence_that_is_not_there_writes_nothing(run):
    status, _, said = run("--format", "data", "--out", "set", "--licence", "none.txt")
    assert (status, "none.txt" in said) == (3, True)
    assert not Path("set").exists()
