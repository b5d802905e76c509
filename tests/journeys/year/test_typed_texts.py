"""What a person typed stays as typed, through every own workbook: in the store, on the page, in command and export.

One text that every comparison folds (full width, ①, ㎡, ﬁ, a wide space) goes into each free cell and option.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import text

import xingfu
from analysis.improvement.task_list import task_list
from analysis.improvement.task_sheet import task_workbook
from analysis.indicators.entry import enter
from analysis.scheme import default_scheme
from analysis.scheme.serial import from_dict
from analysis.scheme.workbook.writing import write_scheme
from dashboard.pages.entry import service as entry_page
from dashboard.pages.entry.form import desk_cards
from dashboard.web.access import Viewer
from dashboard.web.address import parse
from survey.core.cells import clean
from survey.core.errors import Refused
from survey.form.model import Question
from survey.form.workbook.writing import write_questionnaire
from survey.store import Store
from survey.store.year import schemes
from tests.tools.forms import form, item
from tests.tools.towns.cycle_town import make_town

NASTY = "①㎡：Ａ.pdf　第２版 ﬁ“½”"
#: the same without the wide space, for what is looked up by name
NAME = "①㎡：Ａ（２）"


def nasty(mark: str, whole: str = NASTY) -> str:
    """The text, told apart by where it was typed."""
    return f"{mark}{whole}"


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]):
    """Run ``xingfu`` on two communities; gives what it printed."""
    monkeypatch.chdir(tmp_path)
    for name in ("XINGFU_STORE", "XINGFU_LANG"):
        monkeypatch.delenv(name, raising=False)
    store = Store.open("xingfu.db", create=True)
    make_town(store)
    store.close()

    def call(*words: str) -> str:
        capfd.readouterr()
        status = xingfu.main(list(words))
        out, err = capfd.readouterr()
        assert status in (0, 4), err
        return out

    return call


def kept() -> set[str]:
    """Every text that the store holds, in whatever table."""
    found: set[str] = set()
    store = Store.open("xingfu.db")
    with store.read() as conn:
        names = conn.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        for name in names:
            for row in conn.execute(text(f'SELECT * FROM "{name}"')):
                for cell in row:
                    found |= set(_texts(cell))
    store.close()
    return found


def _texts(cell: Any) -> Iterable[str]:
    if not isinstance(cell, str):
        return
    yield cell
    if cell[:1] in "[{":
        try:
            yield from _inside(json.loads(cell))
        except ValueError:
            return


def _inside(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield str(key)
            yield from _inside(one)
    elif isinstance(value, list):
        for one in value:
            yield from _inside(one)


def book(name: str, header: list[str], *rows: list[str]) -> str:
    """A workbook with one sheet."""
    made = openpyxl.Workbook()
    for row in (header, *rows):
        made.active.append(row)
    made.save(name)
    return name


def words(data: bytes) -> str:
    """All that a workbook says."""
    sheets = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    return "\n".join(str(c.value) for sheet in sheets for row in sheet.iter_rows() for c in row if c.value is not None)


def rows(out: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(out)))


def test_indicator_values(town):
    columns = ("考评人", "方法", "依据", "说明", "变更原因")
    typed = [nasty(c) for c in columns]
    book("v.xlsx", ["社区", "指标", "数值", *columns], ["C1", "ZZ03", "4", *typed])
    town("indicators", "import", "v.xlsx", "--year", "2014", "--by", nasty("李"))
    assert {*typed, nasty("李")} <= kept()
    past = rows(town("indicators", "history", "C1", "ZZ03", "--year", "2014"))
    assert {*typed, nasty("李")} <= {v for row in past for v in row.values()}
    town("indicators", "template", "2014", "t.xlsx")
    assert nasty("依据") in words(Path("t.xlsx").read_bytes())
    store = Store.open("xingfu.db")
    try:
        viewer = Viewer("q", "local")
        board = entry_page.board(viewer, store, 2014, {"community": "C1"})
        here = entry_page.desk(viewer, store, board, "C1~ZZ03")
        assert here is not None
        shown = json.dumps(
            [c.to_plotly_json() for c in desk_cards(board, here, parse("/indicators", ""), viewer)],
            ensure_ascii=False,
            default=lambda part: part.to_plotly_json() if hasattr(part, "to_plotly_json") else str(part),
        )
    finally:
        store.close()
    said = [json.dumps(t, ensure_ascii=False)[1:-1] for t in typed]
    assert [t for t in said if t not in shown] == []


def test_the_same_text_in_another_width_says_nothing_new_and_what_was_lost_comes_back(town):
    book("v.xlsx", ["社区", "指标", "数值", "依据", "变更原因"], ["C1", "ZZ03", "4", NASTY, "改"])
    town("indicators", "import", "v.xlsx", "--year", "2014")
    store = Store.open("xingfu.db")
    try:
        row = {"community": "C1", "indicator": "ZZ03", "value": "4"}
        with pytest.raises(Refused) as refused:
            enter(store, 2014, [{**row, "evidence": clean(NASTY)}], who="王", via="page")
        assert refused.value.key == "indicator_entry.unchanged"
        other = {**row, "indicator": "ZZ02", "value": "80", "reason": "改"}
        enter(store, 2014, [{**other, "evidence": clean(NASTY)}], who="王", via="page")
        enter(store, 2014, [{**other, "evidence": NASTY}], who="王", via="page")
    finally:
        store.close()
    listed = rows(town("indicators", "history", "C1", "ZZ02", "--year", "2014"))
    assert listed[-1]["evidence"] == NASTY


def test_reviews(town):
    town("indicators", "set", "C1", "ZZ03", "4", "--year", "2014", "--by", "李", "--reason", "改")
    town("indicators", "review", "return", "C1", "ZZ03", "--year", "2014", "--by", nasty("王"), "--reason", NASTY)
    assert {NASTY, nasty("王")} <= kept()
    out = rows(town("indicators", "list", "--year", "2014", "--community", "C1"))
    assert NASTY in {row["review_reason"] for row in out}


def test_a_year_of_the_cycle(town):
    def typed(kind: str, header: list[str], row: list[str]) -> None:
        texts = [nasty(f"{kind}{h}") for h in ("文号", "说明")]
        book(f"{kind}.xlsx", [*header, "文号", "说明"], [*row, *texts])
        town("cycle", "import", kind, f"{kind}.xlsx", "--year", "2014", "--by", nasty("李"))
        assert {*texts, nasty("李")} <= kept(), kind
        wanted.update(texts)

    wanted: set[str] = set()
    typed("applications", ["社区", "拟创星级", "申报日期"], ["C1", "3", "2014-03-01"])
    town("cycle", "review", "2014")
    town("cycle", "calculate", "2014", "--reason", nasty("计"))
    dated = ("--from", "2014-11-20", "--to", "2014-11-27")
    town("cycle", "publicise", "2014", *dated, "--document", nasty("公"))
    about = ("--about", "ZZ03", "--date", "2014-11-21")
    (made,) = rows(town("cycle", "objection", "add", "2014", "C1", "--text", nasty("异议"), *about))
    answered = ("--text", nasty("答复"), "--answered-by", nasty("事务办"))
    town("cycle", "objection", "answer", "2014", made["id"], "--outcome", "rejected", *answered)
    typed("decisions", ["社区", "评定机关", "总分", "评定日期"], ["C1", "区", "760", "2014-12-01"])
    typed("titles", ["社区", "星级", "命名日期"], ["C1", "3", "2014-12-02"])
    veto = ("--kind", "other", "--document", nasty("纪"), "--date", "2014-12-03", "--reason", nasty("通报"))
    town("cycle", "veto", "add", "2014", "C2", *veto)
    wanted |= {nasty(t) for t in ("公", "异议", "答复", "事务办", "纪", "通报", "计")}
    assert wanted <= kept()
    log = {value for row in rows(town("cycle", "log", "2014")) for value in row.values()}
    assert wanted - log == {nasty("事务办")} - log
    listed = rows(town("cycle", "objection", "list", "2014"))[0]
    assert (listed["reason"], listed["answer"], listed["answered_by"]) == (
        nasty("异议"),
        nasty("答复"),
        nasty("事务办"),
    )
    assert rows(town("cycle", "titles"))[0]["document"] == nasty("titles文号")


def test_tasks(town):
    store = Store.open("xingfu.db")
    found = task_list(store, 2014)
    store.close()
    sheet = openpyxl.load_workbook(io.BytesIO(task_workbook(found, found.rows, "zh")))
    page = sheet.worksheets[0]
    head = next(row for row in page.iter_rows() if any(c.value == "整改措施 action" for c in row))
    for cell in head:
        if str(cell.value).split()[-1] in ("action", "person"):
            page.cell(cell.row + 1, cell.column, nasty(str(cell.value)[0]))
    sheet.save("tasks.xlsx")
    town("tasks", "import", "tasks.xlsx", "--year", "2014", "--by", nasty("李"))
    wanted = {nasty("整"), nasty("责"), nasty("李")}
    assert wanted <= kept()
    assert wanted <= {v for row in rows(town("tasks", "list", "--year", "2014")) for v in row.values()}
    town("tasks", "export", "again.xlsx", "--year", "2014")
    assert nasty("整") in words(Path("again.xlsx").read_bytes())


def test_the_scheme(town):
    scheme = default_scheme()
    changed = replace(
        scheme,
        names={lang: nasty(f"体系{lang}") for lang in scheme.names},
        dimensions=tuple(
            replace(d, names={k: nasty(f"{d.code}{k}", NAME) for k in d.names}, lead_office=nasty(d.code, NAME))
            for d in scheme.dimensions
        ),
        indicators=tuple(
            replace(
                i,
                names={k: nasty(f"{i.code}{k}") for k in i.names},
                office=nasty(i.code, NAME),
                text_zh=nasty(f"{i.code}文"),
                text_en=nasty(f"{i.code}text"),
                scoring_zh=nasty(f"{i.code}评"),
            )
            if i.points
            else i
            for i in scheme.indicators
        ),
        vetoes=tuple(replace(v, names={k: nasty(f"{v.code}{k}") for k in v.names}) for v in scheme.vetoes),
    )
    Path("s.xlsx").write_bytes(write_scheme(changed))
    town("scheme", "add", "s.xlsx", "--author", nasty("李"), "--reason", nasty("因"))
    store = Store.open("xingfu.db")
    with store.read() as conn:
        read = from_dict(schemes.applicable(conn, 2014).definition)
    store.close()
    assert (read.names, read.dimensions, read.vetoes) == (changed.names, changed.dimensions, changed.vetoes)
    assert read.indicators == changed.indicators
    assert {nasty("李"), nasty("因")} <= kept()
    assert nasty("因") in town("scheme", "versions")
    shown = town("scheme", "show", "2014")
    assert nasty("ZZ03zh") in shown
    assert nasty("ZZ03文") in words(write_scheme(read))


def test_the_register(town):
    header = ["code", "name", "aliases", "sub_district", "district", "type", "feature"]
    typed = ["C9", *(nasty(h, NAME) for h in header[1:])]
    book("r.xlsx", header, typed)
    town("communities", "add", "r.xlsx")
    assert set(typed) <= kept()
    row = rows(town("communities", "list"))[-1]
    assert {row[h] for h in header} == set(typed)


def test_a_questionnaire_and_what_was_answered(town):
    asked = form(
        item("Q9", nasty("题"), aliases=(nasty("别"),)),
        Question("other", "text", {"zh": "其他", "en": "other"}),
    )
    Path("q.xlsx").write_bytes(write_questionnaire(replace(asked, title=nasty("标题"))))
    town("questionnaire", "add", "q.xlsx", "--name", "q2")
    assert {nasty("题"), nasty("别"), nasty("标题")} <= kept()
    header = ["编号", "社区", "年度", "办事方便", "环境卫生", nasty("题"), "其他"]
    book("a.xlsx", header, ["1", "C1", "2014", "1", "1", "2", nasty("其他")])
    town("import", "a.xlsx", "--questionnaire", "q2")
    assert nasty("其他") in kept()
