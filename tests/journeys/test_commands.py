"""The command as a user calls it: exit status, what goes to which stream, both languages."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from tests.tools import commands
from tests.tools.commands import HEADER, answers, table

run, town = commands.run, commands.town


def test_init_makes_a_store_with_the_defaults_and_leaves_it_alone_afterwards(run):
    status, out, err = run("init")
    assert (status, out) == (0, "")
    assert "xingfu.db" in err
    assert [r["name"] for r in table(run("questionnaire", "list")[1])] == ["default"]
    assert [r["code"] for r in table(run("scheme", "show")[1])] == ["default"]
    assert run("init")[0] == 0
    assert len(table(run("questionnaire", "list")[1])) == 1


def test_a_missing_store_is_the_surroundings(run):
    status, out, err = run("communities", "list")
    assert (status, out) == (5, "")
    assert "xingfu init" in err


def test_the_main_job(town):
    answers()
    status, out, err = town("import", "a.csv", "--questionnaire", "q")
    assert status == 0
    (row,) = table(out)
    assert (row["stored"], row["duplicates"], row["status"]) == ("120", "0", "0")
    assert "120" in err
    status, out, _ = town("score", "--year", "2014")
    assert status == 0
    rows = {r["community_code"]: r for r in table(out)}
    assert rows["C1"]["n"] == "60"
    assert rows["C1"]["total"] == rows["C1"]["star"] == ""  # no objective part yet
    assert rows["C1"]["status"] == "incomplete"
    assert rows["C1"]["note_text"]
    status, out, _ = town("estimate", "--questionnaire", "q", "--item", "Q1", "--by", "community,year")
    assert status == 0
    mean = [r for r in table(out) if not r["choice"]]
    assert [(r["community"], r["n"], float(r["mean"])) for r in mean] == [("甲社区", "60", 2.0), ("乙社区", "60", 2.0)]
    assert float(mean[0]["mean_score"]) == pytest.approx(80.0)
    status, _, err = town("export", "--year", "2014", "--community", "甲", "--out", "甲.xlsx")
    assert status == 0
    assert "甲.xlsx" in err
    assert openpyxl.load_workbook("甲.xlsx").sheetnames
    status, out, _ = town("trace", "C1", "2014", "Q1")
    assert status == 0
    assert (table(out)[0]["file"], table(out)[0]["row"], table(out)[0]["value"]) == ("a.csv", "2", "1")


def test_statuses_of_import(town):
    answers()
    assert town("import", "a.csv", "--questionnaire", "q")[0] == 0
    assert town("import", "a.csv", "--questionnaire", "q")[0] == 3
    Path("b.csv").write_text(HEADER + "x1,甲,2014,满,1\nx2,丁,2014,1,1\nx3,甲,2014,1,1\n", encoding="utf-8")
    status, out, err = town("import", "b.csv", "--questionnaire", "q")
    assert status == 3
    assert table(out)[0]["stored"] == "0"
    assert "b!D2" in err
    assert "b!B3" in err
    assert town("import", "b.csv", "--questionnaire", "q", "--accept-partial", "--dry-run")[0] == 4
    status, out, err = town("import", "b.csv", "--questionnaire", "q", "--accept-partial", "--findings", "f.csv")
    assert status == 4
    (row,) = table(out)
    assert (row["stored"], row["refused_rows"], row["refused_cells"]) == ("2", "1", "1")
    assert [r["where"] for r in table(Path("f.csv").read_text(encoding="utf-8")) if r["level"] == "refuse"] == [
        "b!D2",
        "b!B3",
    ]
    kept = table(town("batches", row["batch"])[1])
    assert {r["where"] for r in kept if r["level"] == "refuse"} == {"b!D2", "b!B3"}


def test_the_highest_status_wins_and_all_or_nothing_stores_none(town):
    answers("good.csv")
    Path("bad.csv").write_text("姓名\nx\n", encoding="utf-8")
    status, out, _ = town("import", "good.csv", "bad.csv", "--questionnaire", "q", "--all-or-nothing")
    assert status == 3
    assert [r["stored"] or "0" for r in table(out)] == ["0", "0"]
    status, out, _ = town("import", "good.csv", "bad.csv", "--questionnaire", "q")
    assert status == 3
    assert table(out)[0]["stored"] == "120"


def test_undo_and_redo(town):
    answers()
    batch = table(town("import", "a.csv", "--questionnaire", "q")[1])[0]["batch"]
    assert town("undo", batch)[0] == 0
    assert table(town("batches")[1])[0]["state"] == "undone"
    assert town("score", "--year", "2014")[0] == 3
    assert town("undo", batch)[0] == 3
    assert town("redo", batch)[0] == 0
    assert town("score", "--year", "2014")[0] == 0
    assert town("undo", "99")[0] == 3


def test_json_has_meta_and_rows_with_null_for_empty(town):
    answers()
    town("import", "a.csv", "--questionnaire", "q")
    data = json.loads(town("score", "--json")[1])
    assert data["meta"]["years"] == [2014]
    third = next(r for r in data["rows"] if r["community_code"] == "C3")
    assert third["total"] is None
    assert third["n"] == 0


def test_results_go_to_files_by_their_ending(town):
    answers()
    town("import", "a.csv", "--questionnaire", "q")
    for name in ("s.csv", "s.xlsx", "s.json", "s.parquet"):
        status, out, err = town("score", "--out", name)
        assert (status, out) == (0, "")
        assert name in err
        assert Path(name).stat().st_size > 0
    assert not Path("s.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert town("score", "--out", "s.doc")[0] == 2


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["nonsense"], 2),
        (["import", "a.csv"], 2),
        (["score", "--year", "abc"], 2),
        (["score", "--wrong"], 2),
        (["--lang", "fr", "score"], 2),
        (["score", "--year", "1999"], 3),
        (["estimate", "--questionnaire", "none"], 3),
        (["import", "nowhere.csv", "--questionnaire", "q"], 3),
        (["questionnaire", "check", "nowhere.xlsx"], 3),
        (["trace", "甲", "1999"], 3),
        (["export", "--out", "x.xlsx"], 3),
        (["--store", "no/such/folder/x.db", "score"], 5),
    ],
)
def test_wrong_calls_are_one_sentence_in_both_languages(town, words, status):
    chinese, english = town(*words), town(*words, *([] if "--lang" in words else ["--lang", "en"]))
    assert chinese[0] == english[0] == status
    for _, out, err in (chinese, english):
        assert out == "" or "import" in words
        assert err.strip()
    if "--lang" not in words:
        assert chinese[2] != english[2]


def test_global_options_may_stand_anywhere(town):
    first = town("--lang", "en", "communities", "list", "--json")
    last = town("communities", "list", "--json", "--lang", "en")
    assert first == last
    assert json.loads(first[1])["meta"]["lang"] == "en"


def test_help_is_in_the_readers_language(run):
    assert "导入答卷" in run("--help")[1]
    assert "Import answers" in run("--help", "--lang", "en")[1]
    assert "调查方式" in run("import", "--help")[1]


def test_a_questionnaire_with_problems_is_listed_whole(run, tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "survey"
    sheet.append(["type", "name", "label::中文 (zh)"])
    sheet.append(["select_one none", "Q1", "题"])
    sheet.append(["nonsense", "Q2", "题"])
    book.create_sheet("choices").append(["list_name", "name", "label::中文 (zh)"])
    book.save("bad.xlsx")
    status, out, err = run("questionnaire", "check", "bad.xlsx")
    assert status == 3
    assert {r["cell"] for r in table(out) if r["level"] == "refuse"} >= {"A2", "A3"}
    assert "bad.xlsx" in err


def test_templates_are_written(town):
    for words in (
        ["questionnaire", "template", "default", "t.xlsx"],
        ["scheme", "template", "t.xlsx"],
        ["indicators", "template", "2014", "t.xlsx"],
    ):
        Path("t.xlsx").unlink(missing_ok=True)
        assert town(*words)[0] == 0
        assert openpyxl.load_workbook("t.xlsx").sheetnames
    assert town("scheme", "check", "t.xlsx")[0] == 3


def test_the_scheme_template_comes_back_without_a_problem(town):
    town("scheme", "template", "t.xlsx")
    status, out, _ = town("scheme", "check", "t.xlsx")
    assert status == 0
    assert table(out) == []
    assert town("scheme", "add", "t.xlsx")[0] == 0


def test_one_call_never_stores_the_same_file_twice(town):
    answers("a.csv")
    Path("b.csv").write_bytes(Path("a.csv").read_bytes())
    status, out, err = town("import", "a.csv", "b.csv", "--questionnaire", "q", "--all-or-nothing")
    assert status == 3
    assert "批次" not in err
    assert "b.csv 与 a.csv" in table(out)[1]["message"]
    assert [b["kind"] for b in table(town("batches")[1])] == ["register"]


def test_rows_that_another_file_of_the_call_brought_are_counted_as_skipped(town):
    answers("a.csv", rows=5)
    answers("b.csv", rows=8)
    status, out, err = town("import", "a.csv", "b.csv", "--questionnaire", "q", "--all-or-nothing")
    assert status == 0
    second = table(out)[1]
    assert [second[k] for k in ("rows", "stored", "duplicates")] == ["16", "6", "10"]
    assert "10 行已经入库" in err


@pytest.mark.parametrize("year", ["0", "-5", "14", "99999999999999999999"])
def test_a_year_that_is_none_is_wrong_usage(town, year):
    Path("a.csv").write_text("编号,社区,办事方便,环境卫生\n1,甲,1,1\n", encoding="utf-8")
    assert town("import", "a.csv", "--questionnaire", "q", "--year", year)[0] == 2
    assert town("indicators", "import", "a.csv", "--year", year)[0] == 2
    assert town("calls", "import", "a.csv", "--year", year)[0] == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--mode", "fax"], ["--mode", "“fax”", "paper、web、phone"]),
        (["--year", "这年"], ["--year", "“这年”", "整数"]),
        (["--year", "99999"], ["--year", "99999", "至多"]),
        (["--header-rows", "0"], ["--header-rows", " 0", "至少应为 1"]),
    ],
)
def test_a_wrong_value_is_named_with_what_may_stand_there(town, options, said):
    status, _, err = town("import", "a.csv", "--questionnaire", "q", *options)
    assert status == 2
    assert all(word in err for word in said), err


def test_what_a_cell_holds_does_not_steer_the_terminal(town):
    Path("a.csv").write_text("编号,社区,年度,办事方便,环境卫生\n1,甲,2014,\x1b[31m红,1\n", encoding="utf-8")
    status, _, err = town("import", "a.csv", "--questionnaire", "q")
    assert status == 3
    assert "\x1b" not in err


def test_a_register_may_not_give_a_known_name_to_another_code(town):
    Path("r.csv").write_text("code,name\nC9,甲社区\n", encoding="utf-8")
    status, _, err = town("communities", "add", "r.csv")
    assert status == 3
    assert all(word in err for word in ("甲社区", "C9", "C1"))
    assert len(table(town("communities", "list")[1])) == 3


def test_marks_in_names_are_shown_as_they_are(town, monkeypatch):
    import sys

    Path("r.csv").write_text("code,name\nC9,甲[/b]\n", encoding="utf-8")
    assert town("communities", "add", "r.csv")[0] == 0
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda _: True, raising=False)
    status, out, _ = town("communities", "list")
    assert status == 0
    assert "甲[/b]" in out


def test_what_was_stored_before_the_disk_filled_up_is_said(town, monkeypatch):
    from survey.commands import imports
    from survey.core.errors import Surroundings

    answers("a.csv")
    answers("b.csv", rows=70)
    commit_all = imports.commit_all

    def full(store, inspections, **options):
        if any(inspection.file == "b.csv" for inspection in inspections):
            raise Surroundings("store.disk_full", where="xingfu.db")
        return commit_all(store, inspections, **options)

    monkeypatch.setattr(imports, "commit_all", full)
    status, _, err = town("import", "a.csv", "b.csv", "--questionnaire", "q")
    assert status == 5
    assert "已入库 120 份" in err


@pytest.mark.parametrize("out", ["a.csv", "./a.csv"])
def test_the_list_of_findings_never_replaces_the_file(town, out):
    answers("a.csv")
    before = Path("a.csv").read_bytes()
    assert town("import", "a.csv", "--questionnaire", "q", "--findings", out)[0] == 2
    assert Path("a.csv").read_bytes() == before
    assert [b["kind"] for b in table(town("batches")[1])] == ["register"]
