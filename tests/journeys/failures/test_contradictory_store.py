"""A store that an older program filled with design columns that contradict each other: it is read everywhere, said once.

Today's import asks about them (``survey.intake.design_columns``); what is stored already must neither keep anything from being
looked at nor pass for a known population.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dashboard.router import render
from survey.form.model import Question
from survey.form.workbook.writing import write_questionnaire
from survey.intake import answers
from survey.store import Store
from tests.tools import templates
from tests.tools.commands import run, table
from tests.tools.dashboard_tools import ADMIN, source_of, words
from tests.tools.forms import form, item

__all__ = ["run"]

ITEMS = ("autonomy", "ecology", "culture", "harmony")
NUMBERS = ("fpc", "fpc2", "weight")
ROLES = {"stratum": "层", "psu": "楼", "fpc": "总数", "fpc2": "楼内", "weight": "权数"}
PEOPLE = 110
PLACES = ("甲社区", "乙社区")
COMMANDS = (
    "score --year 2014",
    "estimate --questionnaire q --item Q1",
    "estimate --questionnaire q --item Q1 --by stratum",
    "estimate --questionnaire q --item Q1 --stat mean,total,median",
    "estimate --questionnaire q --cross Q1 Q2",
    "estimate --questionnaire q --item Q1 --difference year=2014,2013 --stat mean",
    "compare --year 2014",
    "coverage --year 2014",
    "trace C1 2014 Q1",
    "trend",
    "streets --year 2014",
    "lift --year 2014",
    "drivers --year 2014",
    "sensitivity --year 2014",
    "power --year 2014",
    "quality reliability --year 2014",
    "quality without --year 2014",
    "quality weights --year 2014",
    "batches",
    "export --year 2014 --community C1 --out out.xlsx",
    "export --year 2014 --out out --verify",
)
PAGES = ("/", "/community/C1", "/compare", "/quality", "/drivers", "/robustness", "/estimates", "/method", "/tasks")


def designed() -> Any:
    roles = [Question(r, "decimal" if r in NUMBERS else "text", {"zh": zh}, role=r) for r, zh in ROLES.items()]
    happy = Question("happy", "range", {"zh": "幸福"}, start=0, end=10, step=1)
    return form(*(item(f"S_{d}", d, d) for d in ITEMS), happy, *roles)


def sheet(year: int, *, wrong: bool) -> str:
    """110 people of either community, four a building, 900 buildings; what is ``wrong`` is so in the first community."""
    head = ["编号", "社区", "年度", "办事方便", "环境卫生", *ITEMS, "幸福", *ROLES.values()]
    lines = [",".join(head)]
    for place in PLACES:
        for i in range(PEOPLE):
            first = wrong and place == PLACES[0]
            psu = f"B{i // 4}"
            cells: dict[str, Any] = {"stratum": "AB"[i % 2], "psu": f"{psu}{'AB'[i % 2]}", "fpc": 900, "fpc2": 30}
            cells["weight"] = 1.5
            if first and i == 7:
                cells["fpc"] = 90  # among 900s of its stratum
            if first and i in (10, 11):
                cells["psu"] = psu  # in both strata
            if first and i == 20:
                cells["weight"] = 1500  # a thousand times as heavy
            if first and i == 30:
                cells["fpc2"] = 0.5  # fewer persons than were asked
            levels = [1 + (i + k) % 4 for k in range(2 + len(ITEMS))]
            lines.append(
                ",".join(map(str, [f"{place}{year}{i}", place, year, *levels, 10 - levels[0], *cells.values()]))
            )
    return "\n".join(lines) + "\n"


@pytest.fixture
def older(run: Any, tmp_path: Path) -> Any:
    """``run`` in a folder whose store holds 2013 in order and 2014 contradicting itself."""
    templates.folder("contradictory", tmp_path, lambda: make_older(run))
    return run


def make_older(run: Any) -> None:
    """What ``older`` holds, into the current folder, which is empty."""
    assert run("init")[0] == 0
    Path("名册.csv").write_text(
        "code,name,sub_district,adult_population\nC1,甲社区,示例街道,3000\nC2,乙社区,示例街道,2000\n", encoding="utf-8"
    )
    Path("q.xlsx").write_bytes(write_questionnaire(designed()))
    Path("2013.csv").write_text(sheet(2013, wrong=False), encoding="utf-8")
    Path("2014.csv").write_text(sheet(2014, wrong=True), encoding="utf-8")
    assert run("communities", "add", "名册.csv")[0] == 0
    assert run("questionnaire", "add", "q.xlsx", "--name", "q")[0] == 0
    assert run("import", "2013.csv", "--questionnaire", "q")[0] == 0
    assert run("import", "2014.csv", "--questionnaire", "q")[0] == 3  # today it is asked about
    with pytest.MonkeyPatch.context() as old:
        old.setattr(answers, "hold_design", lambda conn, coded, *more: coded)
        status, _, said = run("import", "2014.csv", "--questionnaire", "q")
    assert status == 0
    assert said.count("不用于误差") == 1
    assert "2014 / 甲社区 / A、2014 / 甲社区 / B" in said
    assert "2013" not in said.split("不用于误差")[0].rpartition("有 ")[2]


def test_everything_that_reads_it_goes_through(older: Any) -> None:
    for command in COMMANDS:
        status, out, said = older(*command.split())
        assert status == 0, (command, said)
        assert out or said, command
    store = Store.open("xingfu.db")
    for path in PAGES:
        page = render(ADMIN, source_of(store), store, None, path, "?year=2014", {})
        assert page.address.path == path
        assert len(words(page.children)) > 200, path


def test_the_population_that_is_contradicted_is_left_out_and_named(older: Any) -> None:
    by = {row["community_code"]: row for row in table(older("score", "--year", "2014")[1])}
    earlier = {row["community_code"]: row for row in table(older("score", "--year", "2013")[1])}
    assert "fpc_contradicts:3" in by["C1"]["note"]
    assert float(by["C1"]["subjective_se"]) > 0
    for row in (by["C2"], earlier["C1"], earlier["C2"]):
        assert "fpc_contradicts" not in row["note"]
    assert float(by["C2"]["subjective_se"]) == pytest.approx(float(earlier["C2"]["subjective_se"]), rel=1e-12)
    rows = table(older("estimate", "--questionnaire", "q", "--item", "Q1", "--by", "community,stratum,year")[1])
    noted = {(r["community_code"], r["stratum"], r["year"]) for r in rows if "fpc_contradicts" in r["note"]}
    assert noted == {("C1", "A", "2014"), ("C1", "B", "2014")}


def test_the_page_says_it_on_the_receipt(older: Any) -> None:
    store = Store.open("xingfu.db")
    receipt = render(ADMIN, source_of(store), store, None, "/import", "?batch=3", {})
    said = words(receipt.children)
    assert said.count("不用于误差") == 1
    assert "批次 3（2014.csv）" in said
    assert "2014 年的得分已按新数据重新计算" in said
    clean = words(render(ADMIN, source_of(store), store, None, "/import", "?batch=2", {}).children)
    assert "不用于误差" not in clean
    assert "2013 年的得分已按新数据重新计算" in clean


def test_taking_the_batch_back_mends_it(older: Any) -> None:
    status, _, said = older("undo", "3")
    assert (status, "不用于误差" in said) == (0, False)
    assert older("score", "--year", "2014")[0] == 3
    assert len(table(older("score", "--year", "2013")[1])) == len(PLACES)
