"""A community that splits: its title, what was paid of it and the years before, by command and page, under each setting."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from analysis.scheme import default_scheme
from analysis.scheme.workbook.writing import write_scheme
from dashboard.router import render
from tests.journeys.year.test_typed_doors import opened
from tests.journeys.year.test_typed_texts import book, rows, town  # noqa: F401
from tests.tools.dashboard_tools import ADMIN, source_of, words

REGISTER = ["code", "name", "sub_district", "adult_population", "valid_from", "valid_to", "successor"]
SPLIT = (
    ["C1", "甲社区", "示例街道", "3000", "", "2014", "C3|C4"],
    ["C3", "甲东社区", "示例街道", "1500", "2015", "", ""],
    ["C4", "甲西社区", "示例街道", "1500", "2015", "", ""],
)


def page(path: str) -> str:
    return opened(lambda s: words(render(ADMIN, source_of(s), s, None, path, "?year=2015", {}).children))


def answered(town, *codes: str) -> None:  # noqa: F811
    """Answers and full objective points of 2015."""
    header = ["编号", "社区", "年度", "办事方便", "环境卫生", "A", "B", "D", "E"]
    book("a.xlsx", header, *([f"{c}{i}", c, "2015", *[str(1 + i % 3)] * 6] for c in codes for i in range(60)))
    town("import", "a.xlsx", "--questionnaire", "q")
    told = [[c, i.code, "同级表彰文件", "是"] for c in codes for i in default_scheme().scored_indicators]
    book("v.xlsx", ["社区", "指标", "依据", "免检"], *told)
    town("indicators", "import", "v.xlsx", "--year", "2015", "--by", "甲")
    town("indicators", "review", "approve", "--year", "2015", "--by", "乙")
    town("score", "--year", "2015")


# five stars after the split: the first award of five stars (50 万元) each, or the step from four to five (20 万元)
@pytest.mark.parametrize(("rule", "amount"), [("none", "500000"), ("highest", "200000"), ("lowest", "200000")])
def test_titles_and_paid_awards_after_a_split(town, rule: str, amount: str):  # noqa: F811
    scheme = default_scheme()
    Path("s.xlsx").write_bytes(write_scheme(replace(scheme, settings={**scheme.settings, "merger_titles": rule})))
    town("scheme", "add", "s.xlsx", "--author", "李", "--reason", "拆并")
    header = ["社区", "年度", "星级", "命名机关", "文号", "命名日期"]
    book("t.xlsx", header, ["C1", "2013", "4", "市", "1号", "2013-12-01"])
    town("cycle", "import", "titles", "t.xlsx")
    paid = ("--year", "2013", "--voucher", "1", "--date", "2013-12-20")
    for payer in ("市", "区"):
        town("awards", "pay", "C1", "150000", "--payer", payer, *paid)
    book("r.xlsx", REGISTER, *SPLIT)
    town("communities", "add", "r.xlsx", "--year", "2015")
    answered(town, "C3", "C4")
    stands = {row["community_code"]: row["title_before"] for row in rows(town("cycle", "show", "2015"))}
    took = "" if rule == "none" else "4"
    assert stands == {"C2": "", "C3": took, "C4": took}
    titles = [(r["community_code"], r["year"], r["event"], r["sources"]) for r in rows(town("cycle", "titles"))]
    over = [(c, "2014", "inherited", "C1") for c in ("C3", "C4") if took]
    assert titles == [("C1", "2013", "first", ""), *over]
    assert ("四星（承接甲社区，需确认）" in page("/cycle")) == bool(took)
    forecast = rows(town("awards", "forecast", "--year", "2015", "--by", "community"))
    assert {r["community_code"]: r["amount"] for r in forecast if r["community_code"] != "C2"} == {
        "C3": amount,
        "C4": amount,
    }
    whole = rows(town("awards", "forecast", "--year", "2015"))
    parts = sum(float(r["expected"]) for r in whole if r["payer"] != "total")
    assert [float(r["expected"]) for r in whole if r["payer"] == "total"] == [pytest.approx(parts, abs=1e-9)]
    shown = page("/community/C3")
    assert "2015 年起区划调整（来自甲社区）" in shown
    assert "2015.0" not in shown
    left = [r["state"] for r in rows(town("awards", "ledger")) if r["community_code"] == "C1"]
    assert left == ["settled", "settled"]  # what was paid to the community that ended stays paid
