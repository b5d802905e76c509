"""``xingfu cycle`` as a user calls it: a year through to its archive, statuses, and plain answers to bad input."""

from __future__ import annotations

import csv
import io
import json

import pytest

import xingfu
from survey.store import Store
from tests.tools.commands import run as program  # noqa: F401
from tests.tools.towns.cycle_town import make_town, publish


@pytest.fixture
def run(program):  # noqa: F811
    """Run ``xingfu cycle`` on a town; gives (status, stdout, stderr)."""
    store = Store.open("xingfu.db", create=True)
    make_town(store)
    store.close()

    def call(*words: str) -> tuple[int, str, str]:
        return program("cycle", *words)

    return call


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def good(result):
    status, out, err = result
    assert status == 0, err
    return rows(out)


def test_a_year_from_application_to_a_corrected_version(run, tmp_path):
    assert good(run("apply", "2014", "甲社区", "--star", "5", "--by", "李"))[0]["kind"] == "applied"
    good(run("apply", "2014", "C2", "--star", "3", "--date", "2014/3/1"))
    (veto,) = good(
        run(
            "veto",
            "add",
            "2014",
            "C2",
            "--kind",
            "other",
            "--document",
            "纪1号",
            "--date",
            "2014-05-01",
            "--reason",
            "通报",
            "--by",
            "李",
        )
    )
    status, _, err = run("veto", "approve", "2014", veto["id"], "--by", "李")
    assert (status, "李 不能批准自己录入的事项" in err) == (3, True)
    good(run("veto", "approve", "2014", veto["id"], "--by", "王"))
    assert good(run("veto", "list", "2014"))[0]["state"] == "active"
    assert [r["status"] for r in good(run("show", "2014"))] == ["calculated", "vetoed"]
    good(run("veto", "lift", "2014", veto["id"], "--reason", "误报", "--by", "王"))
    assert len(good(run("review", "2014"))) == 2
    good(run("calculate", "2014"))
    good(run("publicise", "2014", "--from", "2014-11-20", "--to", "2014-11-27", "--document", "公1号"))
    (objection,) = good(
        run("objection", "add", "2014", "C2", "--text", "次数不对", "--about", "ZZ03", "--date", "2014-11-21")
    )
    assert (
        run("decide", "2014", "C2", "--body", "district", "--total", "760", "--document", "1", "--date", "2014-12-01")[
            0
        ]
        == 3
    )
    good(
        run(
            "objection",
            "answer",
            "2014",
            objection["id"],
            "--outcome",
            "rejected",
            "--text",
            "已核对",
            "--answered-by",
            "事务办",
        )
    )
    assert good(run("objection", "list", "2014"))[0]["answered_by"] == "事务办"
    said = ("--document", "区1号", "--date", "2014-12-01")
    good(run("decide", "2014", "C2", "--body", "district", "--total", "760", *said))
    good(run("decide", "2014", "C1", "--body", "district", "--total", "930", *said))
    good(run("decide", "2014", "C1", "--body", "city", "--refused", *said))
    assert [r["star"] for r in good(run("name", "2014", *said))] == ["3", "3"]
    assert good(run("close", "2014"))[0]["kind"] == "closed"
    status, _, err = run("apply", "2014", "C1", "--star", "2")
    assert (status, "2014 年已归档锁定" in err) == (3, True)
    good(run("correct", "2014", "--reason", "总分录错", "--approver", "王主任", "--by", "李"))
    good(run("decide", "2014", "C2", "--body", "district", "--total", "720", "--reason", "更正", *said))
    good(run("name", "2014", *said))
    good(run("close", "2014"))
    assert [r["reason"] for r in good(run("versions", "2014"))] == ["", "总分录错"]
    assert [r["star_awarded"] for r in good(run("versions", "2014", "--version", "1"))] == ["3", "3"]
    assert [r["star_awarded"] for r in good(run("versions", "2014", "--version", "2"))] == ["3", "2"]
    assert [
        (r["community_code"], r["version"], r["state"]) for r in good(run("versions", "2014", "--communities"))
    ] == [
        ("C1", "1", "current"),
        ("C2", "1", "current"),
    ]
    assert [r["decided_total"] for r in good(run("versions", "2014", "乙社区"))] == ["720"]
    assert [r["community_code"] for r in good(run("versions", "2014", "C2", "--show", "1"))] == ["C2"]
    assert [r["versions"] for r in good(run("versions", "2014", "--lists"))] == ["C1:1、C2:1"]
    assert [r["star"] for r in good(run("titles"))] == ["3", "2"]
    assert len(good(run("log", "2014", "C1"))) < len(good(run("log", "2014")))


def test_json_says_where_the_year_stands(run):
    good(run("apply", "2014", "C1", "--star", "3"))
    status, out, _ = run("show", "2014", "--json")
    told = json.loads(out)
    assert (status, told["meta"]["stage"], told["meta"]["closed"]) == (0, "review", False)
    assert told["rows"][0]["next"] == "review"
    assert told["rows"][1]["applied_star"] is None


def test_workbooks_and_one_person(run, tmp_path):
    assert run("template", "applications", "2014", "申报.xlsx")[0] == 0
    assert (tmp_path / "申报.xlsx").stat().st_size > 4000
    (tmp_path / "a.csv").write_text("社区,拟创星级\nC1,3\n丁,4\n", encoding="utf-8")
    status, _, err = run("import", "applications", "a.csv", "--year", "2014")
    assert (status, "A3" in err) == (3, True)
    (tmp_path / "a.csv").write_text("社区,拟创星级\nC1,3\nC2,4\n", encoding="utf-8")
    assert good(run("import", "applications", "a.csv", "--year", "2014"))[0]["kept"] == "2"
    assert run("persons", "on")[0] == 0
    good(run("veto", "add", "2014", "C1", "--kind", "V1", "--document", "1", "--date", "2014-05-01", "--reason", "x"))
    assert json.loads(run("show", "--json")[1])["meta"]["one_person"] is True
    number = good(run("veto", "list", "2014"))[0]["id"]
    good(run("veto", "approve", "2014", number))
    assert run("persons", "off")[0] == 0


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("apply", "2014", "丙", "--star", "3"), "丙"),
        (("apply", "2014", "C1", "--star", "9"), "1 至 5"),
        (
            ("decide", "2014", "C1", "--body", "district", "--total", "800", "--document", "1", "--date", "2014-12-01"),
            "没有申报",
        ),
        (("veto", "approve", "2014", "7"), "编号为 7"),
        (("objection", "answer", "2014", "7", "--outcome", "upheld", "--text", "x", "--answered-by", "y"), "编号为 7"),
        (("close", "2014"), "没有申报"),
        (("correct", "2014", "--reason", "x", "--approver", "y"), "没有归档"),
        (("apply", "2014", "C1", "--star", "3", "--date", "明天"), "明天"),
        (("versions", "2014", "--version", "1"), "共 0 版"),
        (("versions", "2014", "C1", "--show", "1"), "共 0 版"),
        (("versions", "2014", "--show", "1"), "请写明社区"),
        (("versions", "2014", "--lists", "--street", "别处"), "没有街道“别处”"),
        (("review", "2014"), "没有等待资格审查"),
        (("name", "2014"), "没有等待命名"),
    ],
)
def test_bad_input_is_answered_in_one_sentence_and_nothing_is_kept(run, words, part):
    status, out, err = run(*words)
    assert (status, out) == (3, "")
    assert part in err
    assert rows(run("log", "2014")[1]) == []


def test_late_answers_are_named_where_they_arrive_and_by_score(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    store = Store.open("xingfu.db", create=True)
    publish(store)
    store.close()
    lines = "".join(f"晚{i},甲社区,2014,1,1,1,1,1,1\n" for i in range(10))
    (tmp_path / "late.csv").write_text("编号,社区,年度,办事方便,环境卫生,A,B,D,E\n" + lines, encoding="utf-8")
    assert xingfu.main(["import", "late.csv", "--questionnaire", "q"]) == 0
    said = capfd.readouterr().err
    assert "2014 年已公示：公示之后的新数据不计入已公示的结果（1 个社区：甲社区）。" in said
    assert "得分已按新数据重新计算" not in said  # nothing that is shown has changed
    assert xingfu.main(["score", "--year", "2014"]) == 0
    out, err = capfd.readouterr()
    assert "2014 年已公示：公示之后 1 个社区又有新的数据（甲社区），不计入已公示的结果。" in err
    assert [r["note"] for r in rows(out)] == ["late_data", ""]
    assert xingfu.main(["cycle", "versions", "2014", "C1"]) == 0
    assert "尚未固定，不计入结果" in capfd.readouterr().err
    assert xingfu.main(["undo", "3"]) == 0
    said = capfd.readouterr().err
    assert "批次 3（late.csv，10 条）已撤回" in said
    assert "不计入" not in said
