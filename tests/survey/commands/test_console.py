"""What a command prints: findings together, results apart, nothing lost."""

from __future__ import annotations

import json

import pandas as pd
import pytest

import xingfu
from survey.commands.console import Session
from survey.commands.voice import store_place
from survey.core.errors import WrongUsage
from survey.core.findings import Finding


@pytest.fixture
def session():
    return Session("x.db", "zh", False)


def bad(cell, sheet="数据", found="满"):
    return Finding(
        "checking.not_a_number", sheet=sheet, cell=cell, header="题", params={"found": found, "expected": "1–5"}
    )


def test_alike_findings_stand_together_with_their_first_addresses(session, capsys):
    session.show_findings([bad(f"A{i}") for i in range(2, 14)] + [bad("B2", found="x")])
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert "数据!A2 A3 A4 A5 A6 A7 A8 A9" in lines[0]
    assert "4" in lines[0].split("A9")[1]
    assert lines[0].count("[题]") == 1


def test_the_store_is_the_option_then_the_environment_then_the_folder(monkeypatch):
    monkeypatch.delenv("XINGFU_STORE", raising=False)
    assert store_place(None) == "xingfu.db"
    monkeypatch.setenv("XINGFU_STORE", "postgresql://h/x")
    assert store_place(None) == "postgresql://h/x"
    assert store_place("a.db") == "a.db"


def test_results_are_csv_when_piped_and_json_when_asked(session, capsys):
    frame = pd.DataFrame({"a": [1, None], "b": ["x", None]}).astype({"a": "Int64"})
    session.emit(frame, year=2014)
    assert capsys.readouterr().out == "a,b\n1,x\n,\n"
    Session("x.db", "en", True).emit(frame, year=2014)
    data = json.loads(capsys.readouterr().out)
    assert data == {"meta": {"lang": "en", "year": 2014}, "rows": [{"a": 1, "b": "x"}, {"a": None, "b": None}]}


def test_a_terminal_gets_a_table_with_headings_in_its_language(session, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    session.emit(pd.DataFrame({"community": ["甲社区"], "n": [60]}))
    out = capsys.readouterr().out
    assert "社区" in out
    assert "60" in out


def test_a_narrow_terminal_leaves_columns_out_and_says_which(session, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "30")
    session.emit(
        pd.DataFrame({"community": ["南塔社区"], "total": [796.85], "note_text": ["有效答卷少于方案规定的份数"]})
    )
    out, err = capsys.readouterr()
    assert "南塔社区" in out
    assert "796.85" in out
    assert "…" not in out
    assert "说明" in err


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_store_is_no_store(empty):
    with pytest.raises(WrongUsage):
        store_place(empty)


@pytest.mark.parametrize(
    "words", [["--store", "", "init"], ["init", "--store="], ["--lang=", "init"], ["init", "--lang", ""]]
)
def test_an_empty_option_is_a_wrong_call_and_makes_nothing(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert xingfu.main(words) == 2
    assert list(tmp_path.iterdir()) == []
