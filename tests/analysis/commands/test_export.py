"""``xingfu export``: a data set by command, what goes with which kind, and the line in the record."""

from __future__ import annotations

import errno
import os
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from analysis.commands.export import following
from survey.commands.console import Session
from survey.core import progress
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
    assert sorted(p.name for p in Path("all").iterdir()) == [
        "2014_C1_甲社区.pdf",
        "2014_C2_乙社区.pdf",
        "2014_示例街道_会前一页纸.pdf",
    ]


def test_a_street_has_its_workbook_and_its_page_and_both_go_with_all(run):
    assert run("--street", "示例街道", "--out", "street.xlsx")[0] == 0
    assert Path("street.xlsx").read_bytes()[:2] == b"PK"
    assert run("--format", "pdf", "--out", "street.pdf")[0] == 0
    assert Path("street.pdf").read_bytes()[:5] == b"%PDF-"
    assert run("--format", "zip", "--out", "all.zip")[0] == 0
    with zipfile.ZipFile("all.zip") as archive:
        assert [name for name in archive.namelist() if "街道工作簿" in name] == ["2014_示例街道_街道工作簿.xlsx"]


def test_nobody_is_named_so_there_is_no_notice(run):
    status, _, said = run("--format", "pdf", "--paper", "notice", "--community", "甲社区", "--out", "a.pdf")
    assert (status, "公示版" in said) == (3, True)
    assert run("--format", "pdf", "--paper", "notice", "--out", "all")[0] == 3
    assert not Path("a.pdf").exists()


def test_single_responses_come_when_asked_for_are_private_and_in_the_record(run):
    status, _, said = run("--format", "data", "--responses", "--out", "set")
    assert (status, "保证之内" in said) == (0, True)
    [folder] = [p for p in Path("set").iterdir() if p.name == "responses"]
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {p.stat().st_mode & 0o777 for p in folder.iterdir()} == {0o600}
    assert run("--format", "data", "--responses", "--out", "set.zip")[0] == 0
    assert Path("set.zip").stat().st_mode & 0o777 == 0o600
    assert run("--format", "data", "--out", "bare")[0] == 0
    assert not (Path("bare") / "responses").exists()
    with closing(Store.open("xingfu.db")) as store, store.read() as conn:
        told = [e.detail.get("responses") for e in audit.listing(conn, limit=5) if e.action == "export"]
    assert told == [None, 120, 120]


@pytest.mark.parametrize(
    "words",
    [
        ("--out", "a.csv"),
        ("--format", "pdf", "--out", "a.docx"),
        ("--format", "docx", "--out", "a.pdf"),
        ("--format", "data", "--out", "a.sav"),
        ("--format", "zip", "--out", "a.xlsx"),
    ],
)
def test_an_ending_that_does_not_fit_leaves_no_line_in_the_record(run, words):
    assert run(*words)[0] == 2
    with closing(Store.open("xingfu.db")) as store, store.read() as conn:
        assert not [e for e in audit.listing(conn, limit=5) if e.action == "export"]


@pytest.mark.parametrize("kind", ["zip", "pdf", "docx", "data"])
def test_a_place_that_can_not_be_written_is_one_sentence(run, kind):
    Path("file").write_text("x", encoding="utf-8")
    status, _, said = run("--format", kind, "--out", "file/all.zip")
    assert (status, "无法写入 file/all.zip：" in said, "unfinished" in said) == (5, True, False), said
    assert Path("file").read_text(encoding="utf-8") == "x"
    assert not [p.name for p in Path.cwd().iterdir() if p.name.startswith(".")]


KINDS = [
    ("xlsx", "a"),
    ("xlsx", "a.xlsx"),
    ("zip", "a.zip"),
    ("pdf", "a"),
    ("pdf", "a.zip"),
    ("docx", "a"),
    ("docx", "a.zip"),
    ("data", "a"),
    ("data", "a.zip"),
]


def recorded():
    with closing(Store.open("xingfu.db")) as store, store.read() as conn:
        return [e for e in audit.listing(conn, limit=5) if e.action == "export"]


@pytest.mark.parametrize(("kind", "name"), KINDS)
def test_a_name_that_is_too_long_is_said_before_anything_is_made(run, kind, name):
    before = {p.name for p in Path.cwd().iterdir()}
    for out in (f"{'望' * 200}{name}", f"new/{'望' * 200}/{name}"):
        status, _, said = run("--format", kind, "--out", out)
        assert (status, "太长" in said, "磁盘" in said, "写出" in said) == (5, True, False, False), said
    assert ({p.name for p in Path.cwd().iterdir()}, recorded()) == (before, [])


@pytest.mark.parametrize(("kind", "name"), KINDS)
def test_a_place_that_takes_nothing_is_tried_before_anything_is_made_and_recorded(run, kind, name):
    Path("locked").write_bytes(b"a file where a folder should be")
    status, _, said = run("--format", kind, "--out", f"locked/{name}")
    assert (status, f"无法写入 locked/{name}：" in said, "写出" in said) == (5, True, False), said
    assert recorded() == []


@pytest.mark.parametrize(("kind", "name"), KINDS)
@pytest.mark.parametrize("there", [True, False], ids=["over an older one", "where nothing was"])
def test_a_disk_that_fills_up_leaves_what_was_there_and_nothing_half_written(run, monkeypatch, kind, name, there):
    if there and "." in name:
        Path(name).write_bytes(b"older")
    elif there:
        Path(name).mkdir()
        (Path(name) / "mine.txt").write_bytes(b"older")
    before = {str(p): p.read_bytes() for p in Path.cwd().rglob("*") if p.is_file() and "xingfu" not in p.name}

    def full(_number):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as here:
        here.setattr("survey.core.disk.os.fsync", full)
        status, _, said = run("--format", kind, "--out", name)
    assert (status, f"无法写入 {name}：" in said, "Traceback" in said) == (5, True, False), said
    after = {str(p): p.read_bytes() for p in Path.cwd().rglob("*") if p.is_file() and "xingfu" not in p.name}
    assert after == before
    assert not [p.name for p in Path.cwd().iterdir() if p.name.startswith(".")]


@pytest.mark.parametrize(
    "words",
    [
        ("--format", "data", "--out", "set.xlsx"),
        ("--format", "data", "--out", "set", "--verify"),
        ("--format", "pdf", "--out", "set", "--verify"),
        ("--format", "pdf", "--paper", "diagnosis", "--out", "set.pdf"),
        ("--format", "pdf", "--paper", "brief", "--community", "甲社区", "--out", "set.pdf"),
        ("--paper", "brief", "--out", "set"),
        ("--responses", "--out", "set"),
        ("--verify", "--out", "set.xlsx"),
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


# ── How far the writing has come: tenths of many papers, nothing of a few, what an interrupted run left


@pytest.fixture
def said(monkeypatch):
    lines = []
    monkeypatch.setattr(Session, "write_line", lambda _self, text: lines.append(text))
    monkeypatch.setattr(Session, "tell", lambda _self, key, **more: lines.append((key, more)))
    return lines


def tell(n, total, first=0):
    for done in range(first, n + 1):
        progress.at("writing", done, total, "papers")


def test_many_are_told_by_tenths_and_few_not_at_all(said):
    session = Session("x.db", "zh", False)
    with following(session):
        tell(100, 100)
    assert [line.strip() for line in said] == [f"写出 {f'{d}/' if d else ''}100 份" for d in range(0, 101, 10)]
    said.clear()
    with following(session):
        tell(12, 12)
    assert said == []


def test_what_was_left_and_what_is_left_are_said(said):
    def stopped():
        with following(Session("x.db", "zh", False)):
            tell(5, 12, first=3)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert said == [("papers.resumed", {"n": 3, "total": 12}), ("papers.interrupted", {"n": 5, "total": 12})]
