"""Every command that stores something: what it says after a failure right before its commit, and right after, is so."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from survey.core import commits
from survey.core.errors import Surroundings
from survey.core.lang import say
from survey.form.workbook.writing import write_questionnaire
from survey.store import Store
from tests.tools import commands, templates
from tests.tools.forms import form, item
from tests.tools.towns.cycle_town import make_town

run = commands.run
KEPT, NOTHING, UNSURE = (say("zh", f"outcome.{name}") for name in ("kept", "nothing", "unsure"))
YEAR = ("--year", "2014")
STREET = ("--street", "示例街道")
BY = ("--by", "经办人")
PUBLISHED = (
    *(("cycle", "apply", "2014", place, "--star", "3", *BY) for place in ("甲社区", "乙社区")),
    ("cycle", "review", "2014", *BY),
    ("cycle", "calculate", "2014", *BY),
    ("cycle", "publicise", "2014", "--from", "2014-11-01", "--to", "2014-11-08", *BY),
)
DECIDED = (
    *PUBLISHED,
    *(
        (
            "cycle",
            "decide",
            "2014",
            place,
            "--star",
            "3",
            "--total",
            "760",
            "--body",
            "district",
            "--date",
            "2014-11-20",
            "--document",
            "3号",
            *BY,
        )
        for place in ("甲社区", "乙社区")
    ),
    ("cycle", "name", "2014", "--date", "2014-12-01", "--document", "5号", *BY),
)
VETO = (
    "cycle",
    "veto",
    "add",
    "2014",
    "甲社区",
    "--kind",
    "V1",
    "--date",
    "2014-05-01",
    "--document",
    "1号",
    "--reason",
    "因",
    *BY,
)
PAY = ("awards", "pay", "甲社区", "100", *YEAR, "--payer", "街道", "--voucher", "1", "--date", "2014-12-05", *BY)
#: name → the commands before it, and the command
CASES: dict[str, tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]] = {
    "communities add": ((), ("communities", "add", "r.csv")),
    "questionnaire add": ((), ("questionnaire", "add", "other.xlsx", "--name", "other")),
    "scheme add": ((), ("scheme", "add", "s.xlsx")),
    "import": ((), ("import", "a.csv", "--questionnaire", "q")),
    "undo": ((), ("undo", "1")),
    "redo": ((("undo", "1"),), ("redo", "1")),
    "remove": ((), ("remove", "--batch", "1", "--reason", "因", "--yes")),
    "calls import": ((), ("calls", "import", "calls.csv")),
    "indicators import": ((), ("indicators", "import", "i.csv", *YEAR)),
    "indicators set": ((), ("indicators", "set", "甲社区", "ZZ01", *YEAR, "A", "--reason", "更正", *BY)),
    "cycle apply": ((), PUBLISHED[0]),
    "cycle review": (PUBLISHED[:2], PUBLISHED[2]),
    "cycle calculate": (PUBLISHED[:3], PUBLISHED[3]),
    "cycle publicise": (PUBLISHED[:4], PUBLISHED[4]),
    "cycle decide": (PUBLISHED, DECIDED[5]),
    "cycle name": (DECIDED[:7], DECIDED[7]),
    "cycle veto add": ((), VETO),
    "awards pay": (DECIDED, PAY),
    "cycle persons": ((), ("cycle", "persons", "on")),
    "users add": ((), ("users", "add", "王芳", "--role", "admin")),
    "users reset": ((("users", "add", "王芳", "--role", "admin"),), ("users", "reset", "王芳")),
    "tokens add": ((), ("tokens", "add", "统计", "--role", "leader")),
    "tokens revoke": ((("tokens", "add", "统计", "--role", "leader"),), ("tokens", "revoke", "统计")),
    "contacts settings": ((), ("contacts", "settings", "--days", "30")),
    "todo dates": ((), ("todo", "dates", *YEAR, "responses=2014-10-31")),
    "keys rotate": ((("keys", "create"),), ("keys", "rotate")),
}


@pytest.fixture
def town(run, tmp_path):
    """The town with what every command below needs."""

    def make():
        with closing(Store.open("xingfu.db", create=True)) as store:
            make_town(store)
        Path("r.csv").write_text("code,name\nC8,丁社区\n", encoding="utf-8")
        Path("other.xlsx").write_bytes(write_questionnaire(form(item("A"))))
        Path("calls.csv").write_text(
            "社区,年度,编号,拨打时间,访问结果\n甲社区,2014,P1,2014-11-01 10:00,拒访\n", encoding="utf-8"
        )
        commands.answers("a.csv", year=2013, places=("甲社区", "乙社区"))
        Path("i.csv").write_text("社区,指标,考评分,依据,变更原因\n甲社区,ZZ01,1,会议纪要,更正\n", encoding="utf-8")
        assert run("scheme", "template", "s.xlsx")[0] == 0

    templates.folder("town of every command", tmp_path, make)
    return run


def dump():
    """What the store holds but the record of who did what and what is computed."""
    aside = {"audit", "counters", "results", "current_results", "payload_sums", "analyses", "years", "drafts"}
    with closing(sqlite3.connect("xingfu.db")) as conn:
        names = [n for (n,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'") if n not in aside]
        return {name: conn.execute(f"SELECT * FROM {name}").fetchall() for name in sorted(names)}


@contextmanager
def failing(monkeypatch, when):
    """The disk is full when the first transaction is to be committed, or just after it was."""
    error = Surroundings("store.disk_full", where="xingfu.db")
    with monkeypatch.context() as here:
        if when == "before":
            connection = Store._connection

            @contextmanager
            def full(self, *, writes):
                with connection(self, writes=writes) as conn:
                    yield conn
                    if writes:
                        raise error

            here.setattr(Store, "_connection", full)
        else:
            kept = commits.kept

            def after():
                kept()
                raise error

            here.setattr(commits, "kept", after)
        yield


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("name", CASES)
def test_what_is_said_to_be_stored_is(town, monkeypatch, name, when):
    first, words = CASES[name]
    for one in first:
        assert town(*one)[0] == 0, one
    before = dump()
    with failing(monkeypatch, when):
        status, _, err = town(*words)
    assert status == 5, err
    assert UNSURE not in err
    assert (NOTHING in err) == (when == "before"), err
    assert (KEPT in err) == (when == "after"), err
    assert say("zh", "store.disk_full", where="xingfu.db") in err
    if name not in ("scheme add", "keys rotate"):
        assert (dump() == before) == (when == "before")
    if when == "before":
        assert town(*words)[0] == 0  # as the sentence says, it can be done again


def test_a_backup_that_can_not_be_noted_is_said_to_be_made(town, monkeypatch):
    """Another program writes all the while: the copy is whole, only nobody can put it on record."""
    with failing(monkeypatch, "before"):
        status, _, err = town("backup", "b.db")
    assert status == 5
    assert say("zh", "upkeep.backed_up", file="b.db") in err
    assert town("doctor", "b.db")[0] == 0


def test_no_record_leaves_that_can_not_be_noted(town, monkeypatch):
    """As of everything that leaves: it is on record before it is outside."""
    with failing(monkeypatch, "before"):
        assert town("audit", "export", "record.csv")[0] == 5
    assert not Path("record.csv").exists()
    assert town("audit", "export", "record.csv")[0] == 0
