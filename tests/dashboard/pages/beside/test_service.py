"""The lines of the page and of its file are the same."""

from __future__ import annotations

import csv
import io

import pytest

from dashboard.pages.beside.service import beside, beside_file, exact_differences, told_apart
from dashboard.web.access import Viewer
from survey.core.errors import Refused
from tests.tools.towns.fake_results import FakeSource

ANYBODY = Viewer("reader", "leader")
OWN = Viewer("reader", "community", frozenset({"SL01"}))


def test_the_file_holds_the_lines_of_the_page():
    data = beside(ANYBODY, FakeSource(), 2014, "SL01", "SL02")
    name, content, _ = beside_file(ANYBODY, FakeSource(), 2014, "SL01", "SL02", "zh")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert name == "2014_春晖社区_对照_锦园社区.csv"
    named = [line["name_zh"] if line["part"] in ("item", "indicator") else "" for line in data.lines]
    assert [r["名称"] if r["编号"] else "" for r in rows] == named
    assert [float(r["差值"]) for r in rows] == [line["difference"] for line in data.lines]
    assert {r["哪一类"] for r in rows} <= {"总分", "客观", "主观", "类型（客观）", "类型（主观）", "题目", "指标"}


def test_lines_are_counted_by_what_they_tell():
    data = beside(ANYBODY, FakeSource(), 2014, "SL01", "SL12")
    tested, higher, lower = told_apart(data.of("item"))
    assert (tested, higher, lower) == (10, 10, 0)
    assert all(line["difference"] for line in exact_differences(data.of("indicator")))


def test_nothing_of_another_community_leaves_for_who_does_not_see_it():
    for code, against in (("SL02", "SL01"), ("SL01", "SL02"), ("SL01", "street")):
        with pytest.raises(Refused):
            beside_file(OWN, FakeSource(), 2014, code, against, "zh")
    assert beside(OWN, FakeSource(), 2014, "SL01").against == "2013"
