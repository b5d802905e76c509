"""The commands of call records and coverage, as a person types them."""

from __future__ import annotations

import json

import pytest

import xingfu
from survey.store import Store
from survey.store.year import register
from tests.tools.books.call_sheets import COMMUNITIES, texts

LINES = ("编号,社区,拨打时间,访问结果", "1,甲,2014-09-01 10:00,完成", "2,甲,2014-09-01 10:05,拒访")


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XINGFU_LANG", "zh")
    assert xingfu.main(["init"]) == 0
    store = Store.open(tmp_path / "xingfu.db")
    with store.write() as conn:
        register.save(conn, list(COMMUNITIES))
    store.close()
    capsys.readouterr()

    def call(*words):
        status = xingfu.main(list(words))
        out, err = capsys.readouterr()
        return status, out, err

    return call


def test_calls_in_listed_and_taken_back(run, tmp_path):
    (tmp_path / "电话.csv").write_bytes(texts(*LINES))
    status, out, err = run("calls", "import", "电话.csv", "--year", "2014", "--dry-run")
    assert (status, "可入库 2 次拨打" in err) == (0, True)
    status, out, err = run("calls", "import", "电话.csv", "--year", "2014", "--json")
    assert status == 0
    assert json.loads(out)["rows"][0]["stored"] == 2
    assert run("calls", "import", "电话.csv", "--year", "2014")[0] == 3
    status, out, _ = run("calls", "list")
    assert out.splitlines()[1:] == ["2014,,C1,甲社区,1.1,完成,I,完成,1", "2014,,C1,甲社区,2.11,拒访,R,拒访,1"]
    assert run("undo", "1")[0] == 0
    assert run("calls", "list", "--year", "2014")[1].splitlines()[1:] == []


def test_bad_rows_are_left_out_only_when_accepted(run, tmp_path):
    (tmp_path / "电话.csv").write_bytes(texts(*LINES, "3,甲,2014-09-01 10:09,完成?"))
    status, _, err = run("calls", "import", "电话.csv", "--year", "2014")
    assert (status, "电话!D4" in err, "最接近“完成”" in err) == (3, True, True)
    assert run("calls", "import", "电话.csv", "--year", "2014", "--accept-partial")[0] == 4


def test_coverage_with_a_plan(run, tmp_path):
    assert run("coverage")[0] == 3
    (tmp_path / "计划.csv").write_bytes(texts("社区,应收", ",120"))
    status, out, err = run("coverage", "--year", "2014", "--plan", "计划.csv")
    assert (status, "50" in err, "200" in err) == (0, True, True)
    assert out.splitlines()[1] == ",C1,甲社区,,0,0,120,true,120,0,31,"
    assert run("coverage", "--year", "2014", "--wanted", "10")[1].splitlines()[2].split(",")[6:9] == [
        "10",
        "true",
        "10",
    ]
    (tmp_path / "坏.csv").write_bytes(texts("社区,应收", "丙,1"))
    assert run("coverage", "--year", "2014", "--plan", "坏.csv")[0] == 3
