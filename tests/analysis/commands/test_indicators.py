"""`xingfu indicators set, list, history, review`: what they print, keep and refuse."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import xingfu
from analysis.commands import indicators
from survey.store import Store
from survey.store.intake import batches
from survey.store.year import register
from tests.tools.templates import initialised


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    place = str(tmp_path / "x.db")
    store = Store.open(place, create=True)
    initialised(store)
    with store.write() as conn:
        register.save(conn, [register.Community("C1", "甲社区"), register.Community("C2", "乙社区")])
    store.close()

    def call(*words: str, status: int = 0):
        assert xingfu.main(["--store", place, "--json", "indicators", *words]) == status
        said = capsys.readouterr()
        return json.loads(said.out) if status == 0 else said.err

    call.place = place  # type: ignore[attr-defined]
    return call


def test_a_value_goes_from_entry_to_review(run):
    kept = run("set", "甲社区", "ZZ03", "4", "--year", "2014", "--by", "李", "--evidence", "会议记录.pdf")
    (row,) = kept["rows"]
    assert (row["value"], row["review"], row["entered_by"], row["evidence"]) == (4, "entered", "李", "会议记录.pdf")
    assert "得 16.67" in row["why"]
    assert "不能自己复核" in run("review", "approve", "--year", "2014", "--by", "李", status=3)
    assert run("review", "approve", "--year", "2014", "--by", "王")["rows"][0]["reviewed"] == 1
    assert "须写明变更原因" in run("set", "C1", "ZZ03", "5", "--year", "2014", "--by", "李", status=3)
    run("set", "C1", "ZZ03", "5", "--year", "2014", "--by", "李", "--reason", "漏计")
    run("set", "C2", "FW01", "--year", "2014", "--by", "王", "--exempt", "--evidence", "称号")
    assert run("review", "return", "C1", "ZZ03", "--year", "2014", "--by", "王", "--reason", "缺附件")["rows"]
    past = run("history", "C1", "ZZ03", "--year", "2014")["rows"]
    assert [(r["what"], r["who"], r["counts"]) for r in past] == [
        ("entry", "李", "no"),
        ("approve", "王", None),
        ("entry", "李", "yes"),
        ("return", "王", None),
    ]
    listed = run("list", "--community", "C1", "--state", "returned")
    assert [r["review_reason"] for r in listed["rows"]] == ["缺附件"]
    assert run("list", "--year", "2014")["meta"]["counts"] == {"empty": 60, "entered": 1, "reviewed": 0, "returned": 1}


def test_a_batch_is_reviewed_at_once_and_a_change_is_no_import(run, tmp_path: Path, capsys):
    file = tmp_path / "i.csv"
    file.write_text("社区,指标,数值\nC1,ZZ02,80\nC2,ZZ02,70\n", encoding="utf-8")
    batch = run("import", str(file), "--year", "2014", "--by", "李")["rows"][0]["batch"]
    run("set", "C1", "ZZ03", "4", "--year", "2014", "--by", "李")
    done = run("review", "approve", "--year", "2014", "--batch", str(batch), "--by", "王")["rows"][0]
    assert done["reviewed"] == 2
    for words, n in ((["batches"], 1), (["batches", "--entries"], 2)):
        assert xingfu.main(["--store", run.place, "--json", *words]) == 0
        assert len(json.loads(capsys.readouterr().out)["rows"]) == n
    store = Store.open(run.place)
    with store.write() as conn:
        assert [b.kind for b in batches.listing(conn)] == ["entry", "indicators"]
    store.close()


BAD = (
    (["set", "丙社区", "ZZ03", "4", "--year", "2014"], "丙社区"),
    (["set", "C1", "ZZ99", "4", "--year", "2014"], "ZZ99"),
    (["set", "C1", "ZZ02", "120", "--year", "2014"], "0 到 100"),
    (["set", "C1", "ZZ03", "--year", "2014"], "没有填写"),
    (["set", "C1", "ZZ04", "1", "--year", "2014"], "种类"),
    (["review", "approve", "--year", "2014"], "没有符合条件"),
    (["review", "return", "--year", "2014"], "退回须写明原因"),
    (["list"], "数据"),
)


@pytest.mark.parametrize(("words", "text"), BAD)
def test_what_cannot_be_is_one_sentence(run, words, text):
    said = run(*words, status=3)
    assert text in said
    assert len(said.strip().splitlines()) == 1


def test_a_terminal_is_asked_with_the_count_and_a_review_is_taken_back(run, monkeypatch: pytest.MonkeyPatch):
    for place in ("C1", "C2"):
        run("set", place, "ZZ03", "4", "--year", "2014", "--by", "李")
    asked: list[str] = []
    monkeypatch.setattr(indicators, "sys", SimpleNamespace(stdin=Terminal(), stderr=Terminal(), stdout=sys.stdout))
    monkeypatch.setattr(indicators.typer, "prompt", lambda text, **_: asked.append(text) or "不")
    assert "没有复核任何一项" in run("review", "approve", "--year", "2014", "--by", "王", status=3)
    assert "通过 2 项指标值，涉及 2 个社区" in asked[0]
    assert [r["review"] for r in run("list", "--year", "2014", "--state", "entered")["rows"]] == ["entered"] * 2
    monkeypatch.setattr(indicators.typer, "prompt", lambda text, **_: asked.append(text) or "是")
    assert run("review", "approve", "--year", "2014", "--by", "王")["rows"][0]["reviewed"] == 2
    assert run("review", "withdraw", "--year", "2014", "--by", "王")["rows"][0]["reviewed"] == 2
    assert "撤回复核 2 项" in asked[-1]
    assert "没有可撤回的复核" in run("review", "withdraw", "--year", "2014", "--by", "王", status=3)
    assert [r["what"] for r in run("history", "C1", "ZZ03", "--year", "2014")["rows"]] == [
        "entry",
        "approve",
        "withdraw",
    ]
    run("review", "approve", "C1", "ZZ03", "--year", "2014", "--by", "王")
    run("review", "withdraw", "C1", "ZZ03", "--year", "2014", "--by", "王")
    assert len(asked) == 3  # one value is not asked about


class Terminal:
    """Where somebody sits."""

    def isatty(self) -> bool:
        return True
