"""The page of the audit record: newest first, filtered, as a file, and whether it is whole."""

import ast
import re
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from analysis.cycle.workbooks import KINDS
from dashboard.data.uploads import Uploads
from dashboard.pages import PAGES
from dashboard.pages.audit import PAGE, service
from dashboard.pages.audit.detail_words import besides, file_name, name_word, subject_word
from dashboard.pages.audit.page import action_word, break_words
from dashboard.parts.context import Context
from dashboard.router import render
from dashboard.web.access import Viewer
from dashboard.web.address import parse
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES, known
from survey.store import audit
from survey.store.audit import Entry
from survey.store.breaks import Break
from survey.store.year.cycle import Event
from tests.tools.dashboard_tools import ADMIN, small_store, with_class, words
from tests.tools.towns.fake_results import FakeSource

ROOT = Path(__file__).resolve().parents[4]
AUDITOR = Viewer("审计", "auditor")


@pytest.fixture
def town(sqlite_store):
    store = small_store(sqlite_store)
    with store.write() as conn, audit.asked_from("10.0.0.7"):
        at = datetime(2014, 11, 20, 8, 2, 3, tzinfo=UTC)
        audit.record(conn, "王芳", "import", "batch 7", {"file": "春晖.csv"}, when=at)
        audit.record(conn, "王芳", "sign in", "王芳", outcome=audit.REFUSED)
        audit.record(conn, "李明", "cycle decided", "2014", {"community": "SL01"})
    return store


def shown(store, search="", viewer=AUDITOR):
    return render(viewer, FakeSource(), store, Uploads(), "/audit", f"?lang=zh{search}", {}).children


def rows(page):
    (table,) = with_class(page, "audit-table")
    return [words(row) for row in table["props"]["children"][1]["props"]["children"]]


def test_the_newest_stand_first_in_words_with_where_and_when(town):
    found = rows(shown(town))
    assert "年度流程：" in found[0]
    assert "李明" in found[0]
    assert re.search(r"王芳.*10\.0\.0\.7.*登录.*被拒", found[1])
    assert re.search(r"2014-11-20 16:02:03.*王芳.*导入.*批次 7.*完成.*春晖.csv", found[2])


@pytest.mark.parametrize(
    ("search", "n"),
    [("&who=王芳", 2), ("&who=王芳&state=refused", 1), ("&action=cycle+decided", 1)],
)
def test_it_is_filtered_by_the_address(town, search, n):
    assert len(rows(shown(town, search))) == n
    assert "没有符合条件的记录。" in words(shown(town, "&who=没有"))


def test_older_ones_follow_on_another_address(town, monkeypatch):
    monkeypatch.setattr(service, "SHOWN", 2)
    first = service.record(AUDITOR, town, {})
    assert len(first.entries) == 2
    second = service.record(AUDITOR, town, {"at": str(first.older)})
    assert second.entries[0].id == first.entries[-1].id - 1
    assert "更早的 2 条" in words(shown(town))
    assert service.record(AUDITOR, town, {"at": "x"}).entries == first.entries


def test_it_says_whether_it_is_whole_when_asked(town):
    assert "检查结果" not in words(shown(town))
    assert "日志完整" in words(shown(town, "&do=check"))
    number = service.record(AUDITOR, town, {"who": "王芳", "action": "import"}).entries[0].id
    with town.write() as conn:
        conn.execute(text(f"UPDATE audit SET who = '别人' WHERE id = {number}"))
    said = words(shown(town, "&do=check"))
    assert f"第 {number} 条记录被改动过" in said
    assert "日志完整" not in said


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", ["changed", "removed", "moved", "foreign"])
def test_each_break_is_a_sentence(lang, kind):
    assert "7" in break_words(Break(kind, 7, 7, 8), lang)


def test_what_an_entry_says_besides_is_read_as_words(town):
    text = words(shown(town))
    assert "社区：SL01" in text
    assert "{" not in text


def test_the_file_holds_what_the_filters_leave(town, tmp_path):
    context = Context(AUDITOR, FakeSource(), parse("/download/audit", "?lang=zh&who=王芳"), town)
    path = tmp_path / "日志.xlsx"
    path.write_bytes(PAGE.downloads[0].make(context)[1])
    told = [row for sheet in load_workbook(path) for row in sheet.iter_rows(values_only=True)]
    head = told.index(service.COLUMNS)
    assert [row[4] for row in told[head + 1 : head + 3]] == ["sign in", "import"]


@pytest.mark.parametrize("role", ["leader", "clerk", "reviewer", "analyst", "interviewer"])
def test_who_neither_audits_nor_administers_sees_none_of_it(town, role):
    for ask in (service.record, service.frame):
        with pytest.raises(Refused) as refused:
            ask(Viewer("x", role), town, {})
        assert refused.value.key == "dash_errors.forbidden"
    assert "10.0.0.7" not in words(shown(town, viewer=Viewer("x", role)))


def test_the_one_person_of_this_machine_reads_it(town):
    assert len(rows(shown(town, viewer=ADMIN))) >= 3


def test_every_action_that_is_recorded_has_a_word():
    named = set()
    for folder in ("survey", "analysis", "dashboard"):
        for path in (ROOT / folder).rglob("*.py"):
            code = path.read_text(encoding="utf-8")
            calls = (n for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Call)) if "audit.record(" in code else ()
            actions = (n.args[2] for n in calls if ast.unparse(n.func) == "audit.record")
            named |= {a.value for a in actions if isinstance(a, ast.Constant)}
    named |= {f"cycle import {kind}" for kind in KINDS}  # put together where they are recorded
    named |= {f"award {kind}" for kind in ("paid", "returned", "withdrawn")}
    assert len(named) > 20
    assert {action for action in named if action_word(action, "zh") == action} == set()


#: names that stand in the details of entries which are put together elsewhere: an event of the cycle, an entry of the ledger
PUT_TOGETHER = [f.name for f in fields(Event) if f.name not in ("kind", "year", "who", "id", "at")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_name_that_is_noted_has_a_word(lang):
    named = set(PUT_TOGETHER)
    for folder in ("survey", "analysis", "dashboard"):
        for path in (ROOT / folder).rglob("*.py"):
            code = path.read_text(encoding="utf-8")
            calls = (n for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Call)) if "audit.record(" in code else ()
            details = (a for n in calls if ast.unparse(n.func) == "audit.record" for a in n.args[4:])
            named |= {
                k.value for d in details if isinstance(d, ast.Dict) for k in d.keys if isinstance(k, ast.Constant)
            }
    assert len(named) > 40
    assert {name for name in named if not known(f"page_audit.detail_{name}")} == set()
    assert all(name_word(name, lang) for name in named)


@pytest.mark.parametrize(
    ("action", "detail", "zh"),
    [
        ("account add", {"role": "clerk", "scopes": [["street", "示例街道"]]}, "角色：街道经办 · 范围：街道 示例街道"),
        (
            "account change",
            {"role": ["clerk", "leader"], "scopes": [[], [["community", "SL01"]]]},
            "角色：街道经办 → 领导 · 范围：— → 社区 SL01",
        ),
        ("import", {"kind": "answers", "target": "default"}, "种类：答卷 · 问卷或体系：default"),
        ("sign out", {"everywhere": True}, "所有设备：是"),
        ("award paid", {"amount": 25_000_000, "payer": "city"}, "金额：250,000.00 元 · 出资方：市文明委"),
        ("tasks", {"years": [2013, 2014], "else": None}, "年度：2013、2014"),
    ],
)
def test_codes_of_the_record_are_words(action, detail, zh):
    entry = Entry(1, datetime.now(UTC), "x", action, "s", detail)
    assert besides(entry, "zh") == zh
    assert "：" not in besides(entry, "en")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_file_that_was_taken_is_called_what_it_is_and_not_by_its_address(lang):
    recorded = [d.rule for page in PAGES for d in page.downloads if not d.unrecorded]
    assert len(recorded) > 30
    assert {r for r in recorded if not known(f"page_audit.file_{file_name(r)}")} == set()
    names = {name for r in recorded for name in re.findall(r"<(?:[^<>]*:)?(\w+)>", r)} - {"token"}
    assert {name for name in names if not known(f"page_audit.detail_{name}")} == set()
    for rule in recorded:
        entry = Entry(1, datetime.now(UTC), "x", "download", rule, {})
        assert "/" not in subject_word(entry, lang)


@pytest.mark.parametrize(
    ("action", "subject", "word"),
    [
        ("undo", "batch 12", "批次 12"),
        ("one person", "off", "停用"),
        ("sign in", "on", "on"),
        ("tasks", "2013", "2013"),
        ("import refused", "batch of mine.csv", "batch of mine.csv"),
        ("download", "/download/gone", "/download/gone"),
    ],
)
def test_what_an_entry_is_about_is_read_as_words(action, subject, word):
    assert subject_word(Entry(1, datetime.now(UTC), "x", action, subject, {}), "zh") == word
