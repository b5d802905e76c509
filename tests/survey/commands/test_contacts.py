"""The commands of the contacts room as a user calls them, from the first key to the last deletion."""

from __future__ import annotations

import csv
import io
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

import xingfu
from survey.form.model import Question
from survey.form.workbook.writing import write_questionnaire
from survey.store import Store, audit, keyring
from survey.store.year import years
from tests.tools import templates
from tests.tools.forms import form

Run = Callable[..., tuple[int, str, str]]
ROWS = "编号,社区,年度,办事方便,联系电话\nR1,甲,2014,1,13800131234\nR2,甲,2014,2,+85291234567\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """``xingfu`` in an empty folder with a register and a questionnaire that asks for the phone."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("USER", "李")
    monkeypatch.setenv("USERNAME", "李")
    for name in ("XINGFU_STORE", "XINGFU_LANG"):
        monkeypatch.delenv(name, raising=False)

    def call(*words: str) -> tuple[int, str, str]:
        capfd.readouterr()
        status = xingfu.main(list(words))
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return status, out, err

    templates.folder("contacts", tmp_path, lambda: _make_town(call))
    return call


def _make_town(call: Run) -> None:
    assert call("init")[0] == 0
    Path("名册.csv").write_text("code,name,aliases\nC1,甲社区,甲\n", encoding="utf-8")
    assert call("communities", "add", "名册.csv")[0] == 0
    Path("q.xlsx").write_bytes(write_questionnaire(form(Question("tel", "text", {"zh": "联系电话"}, role="phone"))))
    assert call("questionnaire", "add", "q.xlsx", "--name", "q")[0] == 0
    Path("a.csv").write_text(ROWS, encoding="utf-8")


@pytest.fixture
def filled(run: Run, tmp_path: Path) -> Run:
    """A key, and two answers with phone numbers."""

    def bring() -> None:
        assert run("keys", "create")[0] == 0
        assert run("import", "a.csv", "--questionnaire", "q")[0] == 0

    templates.folder("contacts filled", tmp_path, bring)
    templates.folder("contacts key", keyring.default_file().parent, lambda: None)  # ``bring`` left it there
    return run


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def logged() -> list[tuple[str, str, str]]:
    store = Store.open("xingfu.db")
    with store.read() as conn:
        entries = audit.listing(conn)
    store.close()
    text = repr(entries)
    assert "13800131234" not in text
    assert "91234567" not in text
    return [(e.action, e.subject, e.who) for e in entries]


def test_a_key_is_made_once_and_never_shown(run: Run):
    status, out, err = run("keys", "show")
    assert (status, table(out)) == (0, [])
    assert "xingfu keys create" in err
    status, out, err = run("keys", "create")
    secret = keyring.need().newest.written()
    assert (status, out) == (0, "")
    assert secret not in err
    assert run("keys", "create")[0] == 3
    status, out, err = run("keys", "show")
    assert [(r["state"], r["contacts"]) for r in table(out)] == [("newest", "0")]
    assert secret not in out + err


def test_a_key_for_the_environment_is_printed_and_no_file_made(run: Run, monkeypatch: pytest.MonkeyPatch):
    status, out, _ = run("keys", "create", "--print")
    assert status == 0
    assert not keyring.default_file().exists()
    monkeypatch.setenv("XINGFU_KEY", out.strip())
    assert run("import", "a.csv", "--questionnaire", "q")[0] == 0
    assert len(table(run("contacts", "list")[1])) == 2
    assert run("keys", "create")[0] == 3
    assert run("keys", "rotate")[0] == 3
    monkeypatch.setenv("XINGFU_KEY", f"{run('keys', 'create', '--print')[1].strip()},{out.strip()}")
    assert run("keys", "rotate")[0] == 0
    assert [r["contacts"] for r in table(run("keys", "show")[1])] == ["2", "0"]


def test_contacts_are_listed_masked(filled: Run):
    status, out, err = filled("contacts", "list", "--year", "2014")
    assert status == 0
    rows = table(out)
    assert sorted((r["respondent"], r["phone"], r["community"]) for r in rows) == [
        ("R1", "138****1234", "甲社区"),
        ("R2", "'+852****4567", "甲社区"),
    ]
    assert not re.search(r"\d{7}", out + err)
    assert table(filled("contacts", "list", "--year", "2013")[1]) == []
    assert filled("contacts", "list", "--json")[0] == 0


def test_without_a_key_contacts_cannot_be_read(filled: Run):
    keyring.default_file().unlink()
    for words in (
        ["contacts", "list"],
        ["contacts", "export", "x.xlsx", "--yes"],
        ["original", "2", "x.csv"],
        ["keys", "rotate"],
    ):
        status, out, err = filled(*words)
        assert (status, out) == (5, "")
        assert "xingfu keys create" in err
    assert not Path("x.xlsx").exists()
    status, out, _ = filled("keys", "show")
    assert [(r["state"], r["contacts"], r["originals"]) for r in table(out)] == [("missing", "2", "1")]
    assert filled("keys", "create")[0] == 0
    status, out, err = filled("contacts", "list")
    assert [r["phone"] for r in table(out)] == ["", ""]
    assert "2" in err
    assert filled("keys", "rotate")[0] == 3  # nothing is changed while a key is missing
    assert len(keyring.need().keys) == 1


@pytest.mark.parametrize("name", ["out.xlsx", "out.csv"])
def test_an_export_needs_a_word_and_leaves_a_record(filled: Run, name: str):
    assert filled("contacts", "export", name)[0] == 2
    assert not Path(name).exists()
    status, out, err = filled("contacts", "export", name, "--yes", "--year", "2014")
    assert (status, out) == (0, "")
    assert "13800131234" not in err
    if name.endswith("xlsx"):
        sheet = openpyxl.load_workbook(name).active
        phones = [(c.value, c.number_format) for c in next(c for c in sheet.columns if c[0].value == "phone")[1:]]
        assert sorted(phones) == [("+85291234567", "@"), ("13800131234", "@")]
    else:
        rows = table(Path(name).read_text(encoding="utf-8"))
        assert sorted(r["phone"] for r in rows) == ["'+85291234567", "13800131234"]
    if os.name == "posix":
        assert stat.S_IMODE(Path(name).stat().st_mode) == 0o600
    assert logged()[0] == ("contacts export", name, "李")


def test_an_export_goes_to_a_spreadsheet_only(filled: Run):
    assert filled("contacts", "export", "out.json", "--yes")[0] == 2


def test_the_record_stands_even_if_the_file_cannot_be_written(filled: Run):
    Path("folder.csv").mkdir()
    assert filled("contacts", "export", "folder.csv", "--yes")[0] == 5
    assert logged()[0] == ("contacts export", "folder.csv", "李")


def test_the_original_of_a_batch_comes_back_and_leaves_a_record(filled: Run):
    status, out, _ = filled("original", "2", "back.csv")
    assert (status, out) == (0, "")
    assert Path("back.csv").read_bytes() == ROWS.encode()
    assert logged()[0] == ("original", "batch 2", "李")
    assert filled("original", "7", "x.csv")[0] == 3
    assert "13800131234" not in Path("xingfu.db").read_bytes().decode("latin-1")


def test_rotation_takes_a_new_key_into_use(filled: Run):
    before = filled("contacts", "list")[1]
    old = keyring.need().newest
    status, _, err = filled("keys", "rotate")
    assert status == 0
    assert old.written() not in err
    assert keyring.need().keys[1:] == (old,)
    assert filled("keys", "rotate", "--forget")[0] == 0
    assert len(keyring.need().keys) == 1
    assert filled("contacts", "list")[1] == before
    assert filled("original", "2", "back.csv")[0] == 0
    assert Path("back.csv").read_bytes() == ROWS.encode()
    assert [e[0] for e in logged()].count("keys rotate") == 2


def test_purging_a_year_needs_a_word_and_leaves_the_answers(filled: Run):
    status, _, err = filled("contacts", "purge", "--year", "2014")
    assert status == 2
    assert "2" in err
    status, out, _ = filled("contacts", "purge", "--year", "2014", "--yes")
    assert (status, table(out)) == (0, [{"contacts": "2", "originals": "1"}])
    assert table(filled("contacts", "list")[1]) == []
    assert filled("original", "2", "x.csv")[0] == 3
    assert filled("trace", "C1", "2014", "Q1")[0] == 0
    assert logged()[0][:2] == ("contacts purge", "2014")


def test_what_is_due_is_purged_by_the_rule(filled: Run):
    assert table(filled("contacts", "purge")[1]) == [{"contacts": "0", "originals": "0"}]
    store = Store.open("xingfu.db")
    with store.write() as conn:
        years.close(conn, 2014)
    store.close()
    assert table(filled("contacts", "purge")[1]) == [{"contacts": "0", "originals": "0"}]
    assert filled("contacts", "settings", "--days", "0")[0] == 0
    assert table(filled("contacts", "purge")[1]) == [{"contacts": "2", "originals": "1"}]


def test_settings_are_shown_and_changed(run: Run):
    def shown(*words: str) -> dict[str, str]:
        status, out, _ = run("contacts", "settings", *words)
        assert status == 0
        return {r["setting"]: r["value"] for r in table(out)}

    assert shown() == {"contact_days": "90", "keep_originals": "yes", "area_code": ""}
    changed = shown("--days", "30", "--originals", "no", "--area-code", "0577")
    assert changed == {"contact_days": "30", "keep_originals": "no", "area_code": "0577"}
    assert shown("--area-code", "none")["area_code"] == ""
    assert run("contacts", "settings", "--area-code", "577")[0] == 2
    assert run("contacts", "settings", "--days", "-1")[0] == 2
    assert logged()[0] == ("contacts settings", "area_code", "李")
