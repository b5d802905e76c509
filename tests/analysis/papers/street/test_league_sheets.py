"""The league: published totals with their intervals and possible ranks, the street's own mean; dimensions without small groups."""

from dataclasses import replace
from io import BytesIO

import openpyxl
import pandas as pd
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


def two_streets():
    """The invented results as of two streets of one district, which together have a row of their own."""
    found = fake_results(2014)
    names = ["甲街道"] * 6 + ["乙街道"] * 6
    one = found.streets.iloc[0].to_dict()
    each = [
        one | {"sub_district": "甲街道", "weighted_total": 801.0},
        one | {"sub_district": "乙街道", "weighted_total": 742.5},
    ]
    whole = one | {"sub_district": "", "weighted_total": 771.25, "mean_total": 768.5}
    return replace(
        found,
        scores=found.scores.assign(sub_district=names),
        streets=pd.DataFrame(each, columns=found.streets.columns),
        extra={**found.extra, "districts": [{"district": "示例区", **whole}]},
    )


def test_the_workbook_of_a_district_has_its_streets_and_its_own_totals():
    several = two_streets()
    district = Street(Sources([several], {}), "")
    rows = {row["街道 / 全区"]: row for row in table(sheet(district, "全区合计"), "街道 / 全区")}
    assert list(rows) == ["甲街道", "乙街道", "示例区合计"]
    assert (rows["示例区合计"]["加权总分"], rows["示例区合计"]["社区平均"]) == (771.25, 768.5)
    assert (rows["甲街道"]["可能名次"], rows["示例区合计"]["可能名次"]) == ("1", None)
    assert rows["甲街道"]["有效样本"] == several.streets["n"].iloc[0]


def test_the_workbook_of_one_street_has_no_sheet_of_streets(closed_year):
    one = Street(Sources([two_streets()], {}), "甲街道")
    for street in (closed_year, one):
        assert "全区合计" not in openpyxl.load_workbook(BytesIO(street_workbook(street, "zh"))).sheetnames
