"""``estimate`` with statistics, filters, differences and crosses as a user types them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.tools import templates
from tests.tools.commands import answers, run, town  # noqa: F401


@pytest.fixture
def estimate(town, tmp_path):  # noqa: F811
    def bring():
        answers()
        assert town("import", "a.csv", "--questionnaire", "q")[0] == 0

    templates.folder("estimate", tmp_path, bring)

    def call(*words):
        status, out, err = town("estimate", "--questionnaire", "q", "--lang", "en", *words)
        return status, list(csv.DictReader(io.StringIO(out))), err

    return call


def test_statistics_of_an_item(estimate):
    status, rows, _ = estimate("--item", "Q1", "--stat", "mean,total,sd", "--stat", "median")
    assert status == 0
    assert [row["stat"] for row in rows[:4]] == ["mean", "total", "sd", "median"]
    assert (float(rows[0]["value"]), float(rows[3]["value"])) == (2, 2)
    assert float(rows[1]["value"]) == pytest.approx(2 * 3000)


def test_a_filter_and_a_difference(estimate):
    status, rows, _ = estimate("--item", "Q1", "--where", "community=甲社区")
    assert (status, {row["community_code"] for row in rows}) == (0, {"C1"})
    status, rows, _ = estimate("--item", "Q1", "--stat", "mean", "--difference", "community=C1,乙社区")
    assert (status, float(rows[0]["difference"]), rows[1]["difference"]) == (0, 0, "")


def test_a_cross(estimate):
    status, rows, e = estimate("--by", "year", "--cross", "Q1", "Q2")
    assert status == 0, e
    assert (rows[0]["item"], rows[0]["choice"], rows[0]["test"]) == ("Q1*Q2", "", "rao_scott")
    assert len(rows) == 13


@pytest.mark.parametrize(
    "words",
    [
        ("--stat", "mode"),
        ("--stat", "quantile:7", "--item", "Q1"),
        ("--stat", "ratio:Q1/id"),
        ("--stat", "mean", "--rest"),
        ("--difference", "year=2014,2013"),
        ("--cross", "Q1", "Q2", "--stat", "mean"),
        ("--cross", "Q1", "nothing"),
        ("--where", "Q1"),
        ("--where", "Q1=77"),
    ],
)
def test_what_can_not_be_given_is_one_sentence_and_nothing_else(estimate, words):
    status, rows, err = estimate(*words)
    assert (status, rows, len(err.strip().splitlines())) == (3, [], 1)


def test_the_file_holds_the_same(estimate):
    assert estimate("--item", "Q1", "--stat", "sd", "--out", "sd.csv")[0] == 0
    assert "stat" in Path("sd.csv").read_text(encoding="utf-8").splitlines()[0]
