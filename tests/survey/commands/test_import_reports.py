"""Numbers of persons in every place a file has: none of them comes out whole, whatever command tells of the file."""

from __future__ import annotations

import stat
from io import BytesIO

import openpyxl
import pytest

import xingfu
from survey.core.masking import masked
from survey.form.workbook.writing import write_questionnaire
from survey.store import Store, audit
from tests.tools.forms import form

NUMBERS = ("13812345678", "1391 234 5678", "330102199003077758")
TAILS = ("12345678", "1 234 5678", "199003077758")


@pytest.fixture
def town(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XINGFU_STORE", "t.db")
    (tmp_path / "q.xlsx").write_bytes(write_questionnaire(form()))
    (tmp_path / "r.csv").write_text("code,name,sub_district,adult_population\nC1,甲社区,示例街道,3000\n", "utf-8")
    for words in (["init"], ["communities", "add", "r.csv"], ["questionnaire", "add", "q.xlsx", "--name", "q"]):
        assert xingfu.main(words) == 0
    return tmp_path


def workbook(place, *, bad: bool):
    """Thirty rows whose sheet, headers, interviewers and answers hold numbers of persons."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = f"王{NUMBERS[0]}"
    sheet.append(["编号", "社区", "年度", "办事方便", "环境卫生", f"备注 {NUMBERS[1]}", "访问员"])
    for i in range(30):
        sheet.append([f"a{i}", "甲社区", 2014, 1 + i % 3, 1 + i % 4, NUMBERS[2], NUMBERS[1]])
    if bad:
        sheet.cell(5, 4).value = NUMBERS[1]
        sheet.cell(6, 5).value = f"身份证 {NUMBERS[2]}"
    buffer = BytesIO()
    book.save(buffer)
    place.write_bytes(buffer.getvalue())


def leaks(text: str) -> list[str]:
    return [tail for tail in TAILS if tail in text]


def private(path) -> bool:
    return stat.S_IMODE(path.stat().st_mode) == 0o600


def cells(path) -> str:
    book = openpyxl.load_workbook(path)
    return "\n".join(str(c.value) for s in book for row in s.iter_rows() for c in row if c.value is not None)


def test_no_command_shows_a_number_whole(town, capfd):
    name = town / f"李{NUMBERS[0]}.xlsx"
    workbook(name, bad=True)
    said = ["--questionnaire", "q", "--mode", "phone"]
    for words in (
        ["import", name.name, *said, "--dry-run", "--findings", "f.csv"],
        ["import", name.name, *said, "--dry-run", "--findings", "f.xlsx", "--annotated", "copy.xlsx"],
        ["import", name.name, *said, "--accept-partial"],
        ["batches"],
        ["batches", "1", "--json"],
        ["trace", "甲社区", "2014"],
        ["trace", "甲社区", "2014", "q1", "--json"],
        ["import", f"没有{NUMBERS[0]}.xlsx", *said],
    ):
        xingfu.main(words)
        out = capfd.readouterr()
        assert leaks(out.out + out.err) == [], words
    assert leaks((town / "f.csv").read_text("utf-8")) == []
    assert leaks(cells(town / "f.xlsx")) == []
    assert NUMBERS[2] in cells(town / "copy.xlsx")  # the copy stays whole: it is imported again
    assert all(private(town / file) for file in ("f.csv", "f.xlsx", "copy.xlsx", "t.db"))
    store = Store.open("t.db")
    with store.read() as conn:
        assert leaks(str(audit.listing(conn))) == []
    store.close()


def test_a_list_with_masked_names_leads_back_to_its_cells(town, capfd):
    name = town / f"李{NUMBERS[0]}.xlsx"
    workbook(name, bad=True)
    said = ["--questionnaire", "q", "--mode", "phone"]
    assert xingfu.main(["import", name.name, *said, "--findings", "f.csv"]) == 3
    lines = (town / "f.csv").read_text("utf-8").splitlines()
    head = lines[0].split(",")
    at = head.index("decision")
    filled = [lines[0]]
    for line in lines[1:]:
        cut = line.split(",")
        if ",refuse," in line:
            assert masked(name.name) == cut[0]
            cut[at] = "blank"
        filled.append(",".join(cut))
    (town / "d.csv").write_text("\n".join(filled) + "\n", "utf-8")
    assert xingfu.main(["import", name.name, *said, "--decisions", "d.csv"]) in (0, 4)
    capfd.readouterr()


def test_a_trace_to_single_answers_says_so_and_is_logged(town, capfd):
    workbook(town / "a.xlsx", bad=False)
    assert xingfu.main(["import", "a.xlsx", "--questionnaire", "q", "--mode", "phone"]) in (0, 4)
    capfd.readouterr()
    assert xingfu.main(["trace", "甲社区", "2014"]) == 0
    assert "30" not in capfd.readouterr().err
    assert xingfu.main(["trace", "甲社区", "2014", form().questions[0].name]) == 0
    assert "30" in capfd.readouterr().err
    store = Store.open("t.db")
    with store.read() as conn:
        entries = [e for e in audit.listing(conn) if e.action == "trace"]
    store.close()
    assert [(e.subject, e.detail["responses"]) for e in entries] == [("C1 2014", 30)]


def test_communities_that_an_import_adds_are_named_before_and_after(town, capfd):
    lines = ["编号,社区,年度,办事方便,环境卫生", *(f"{i},{('甲社区', '新桥社区')[i % 2]},2014,1,1" for i in range(6))]
    (town / "n.csv").write_text("\n".join(lines), "utf-8")
    for more in (["--dry-run"], []):
        capfd.readouterr()
        assert xingfu.main(["import", "n.csv", "--questionnaire", "q", "--add-communities", *more]) == 0
        assert "新增的社区 1 个：新桥社区。" in capfd.readouterr().err
