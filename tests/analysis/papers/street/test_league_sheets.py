"""The league: published totals with their intervals and possible ranks, the street's own mean; dimensions without small groups."""

from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest

from analysis.papers.diagnosis import Sources
from analysis.papers.street.book_of_street import street_workbook
from analysis.papers.street.one_street import Street
from tests.tools.towns.fake_results import fake_results


def sheet(street, name, values=True):
    return openpyxl.load_workbook(BytesIO(street_workbook(street, "zh")), data_only=values)[name]


def table(found, first):
    """Rows below the heading whose first column is called ``first``, as dicts."""
    rows = [[c.value for c in row] for row in found.iter_rows()]
    top = next(i for i, row in enumerate(rows) if row[0] == first)
    return [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :]]


def test_the_numbers_are_the_published_ones(closed_year):
    rows = {row["社区"]: row for row in table(sheet(closed_year, "排名"), "名次")}
    scores = closed_year.results.scores
    for score in scores.to_dict("records"):
        row = rows[score["community"]]
        assert row["总分"] == pytest.approx(score["total"], abs=1e-9)
        assert row["95% 下限"] == pytest.approx(score["total_low"])
        assert (row["名次"], row["有效样本"]) == (score["rank"], score["n"])
    mean = closed_year.results.streets["mean_total"].iloc[0]
    assert rows["社区平均 / 合计"]["总分"] == pytest.approx(mean)
    assert rows["社区平均 / 合计"]["有效样本"] == scores["n"].sum()


def test_possible_ranks_the_star_and_what_was_decided_are_in_words(closed_year):
    first = table(sheet(closed_year, "排名"), "名次")[0]
    assert first["可能名次"][0] == "1"
    assert first["测算星级"] in ("四星", "五星")
    assert first["状态 · 评定星级"].startswith("已命名 · ")


def test_of_few_respondents_there_are_no_subjective_points_by_dimension():
    found = fake_results(2014)
    n = [7 if code == "SL03" else n for code, n in zip(found.scores["community_code"], found.scores["n"], strict=True)]
    few = Street(Sources([replace(found, scores=found.scores.assign(n=n))], {}), "示例街道")
    rows = [[c.value for c in row] for row in sheet(few, "五型得分").iter_rows()]
    mine = next(row for row in rows if row[0] == "望江社区")
    other = next(row for row in rows if row[0] == "桂湖社区")
    assert mine[2:11:2] == [None] * 5
    assert None not in other[1:13]
    live = [[c.value for c in row] for row in sheet(few, "五型得分", values=False).iter_rows()]
    told = next(row for row in live if row[0] == "望江社区")
    assert not str(told[12]).startswith("=")
