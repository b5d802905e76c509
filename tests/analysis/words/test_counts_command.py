"""``xingfu words …``: the same numbers as the page, and a file of answers that only its owner reads."""

from __future__ import annotations

import csv
import io
import os
import stat

import pytest

import xingfu
from analysis.words.counts import counts
from survey.store import audit
from tests.tools.stores import words_town

town = words_town.town


@pytest.fixture
def run(town, capfd, monkeypatch):
    monkeypatch.delenv("XINGFU_LANG", raising=False)

    def call(*given):
        capfd.readouterr()
        status = xingfu.main(
            ["--store", town.where, "words", given[0], *given[1:], "--questionnaire", "w", "--item", "F4"]
        )
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return status, out, err

    return call


def test_the_list_of_codes_says_how_often_each_was_given(town, run):
    words_town.code(town, 2014, 60)
    status, out, _ = run("codes")
    assert status == 0
    assert [(r["code"], r["answers"]) for r in csv.DictReader(io.StringIO(out))] == [
        ("停车", "20"),
        ("垃圾", "20"),
        ("满意", "20"),
    ]


def test_counts_are_those_of_the_kernel(town, run):
    words_town.code(town, 2014, 60)
    status, out, err = run("count", "--by", "community,year")
    assert status == 0
    assert "已编码 60 条，其中 60 条" in err
    rows = list(csv.DictReader(io.StringIO(out)))
    table = counts(town, words_town.asked(town), ["community", "year"])
    assert [float(r["share"]) for r in rows] == pytest.approx(table["share"].tolist())
    assert {r["code"] for r in rows} == {"停车", "垃圾", "满意"}


def test_answers_leave_in_a_file_of_ones_own_with_a_line_in_the_record(town, run, tmp_path):
    out = tmp_path / "a.csv"
    status, _, err = run("list", str(out), "--year", "2014", "--find", "停车")
    assert status == 0
    assert "20 条" in err
    rows = list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines()))
    assert {row["answer"] for row in rows} == {"停车位太少"}
    assert list(rows[0]) == ["community_code", "answer", "codes"]
    if os.name == "posix":
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with town.read() as conn:
        assert audit.listing(conn, 1)[0].action == "export"


def test_a_question_that_is_none_in_words_is_refused(run, town):
    words_town.listed(town)
    assert xingfu.main(["--store", town.where, "words", "codes", "--questionnaire", "w", "--item", "A"]) == 3
