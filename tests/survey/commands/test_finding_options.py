"""The list of findings of any kind of file, filled in, goes back with the next call."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.tools import commands, templates
from tests.tools.commands import table

run = commands.run

CALLS = "编号,社区,年度,拨打时间,访问结果\n1,甲社区,2014,2014-09-01 10:00,完城\n2,甲社区,2014,2014-09-01 10:05,晕了\n"
REGISTER = "code,name,adult_population\nC1,甲社区,三千\nC2,乙社区,2000\n"
VALUES = "社区,指标,数值\n甲社区,{code},80\n甲社村,{code},80\n"


@pytest.fixture
def town(run, tmp_path):
    templates.folder("findings", tmp_path, lambda: _make_town(run))
    return run


def _make_town(run):
    assert run("init")[0] == 0
    Path("名册.csv").write_text(REGISTER.replace("三千", "3000"), encoding="utf-8")
    assert run("communities", "add", "名册.csv")[0] == 0


def fill(listed, **decided):
    """Fill in the list: finding's cell → (decision, value, reason)."""
    lines = table(Path(listed).read_text(encoding="utf-8"))
    for line in lines:
        if line["cell"] in decided:
            line |= dict(zip(("decision", "value", "reason"), decided[line["cell"]], strict=True))
    with Path("d.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)


def percent_indicator(town):
    shown = table(town("scheme", "show", "2014")[1])
    return next(i["code"] for i in shown if i["rule"] == "ratio_linear")


def test_call_records(town):
    Path("电话.csv").write_text(CALLS, encoding="utf-8")
    assert town("calls", "import", "电话.csv", "--findings", "f.csv")[0] == 3
    fill("f.csv", E2=("set", "完成", ""), E3=("leave_out", "", "听不清"))
    status, out, _err = town("calls", "import", "电话.csv", "--decisions", "d.csv")
    assert (status, table(out)[0]["stored"], table(out)[0]["left_out"]) == (0, "1", "1")
    kept = table(town("batches", table(out)[0]["batch"])[1])
    assert {r["decision"] for r in kept} >= {"set", "leave_out"}


def test_indicator_values(town):
    Path("v.csv").write_text(VALUES.format(code=percent_indicator(town)), encoding="utf-8")
    assert town("indicators", "import", "v.csv", "--year", "2014", "--findings", "f.csv")[0] == 3
    fill("f.csv", A3=("leave_out", "", "写错"))
    status, out, _ = town("indicators", "import", "v.csv", "--year", "2014", "--decisions", "d.csv")
    assert (status, table(out)[0]["values"]) == (0, "1")


def test_the_register(town):
    Path("r.csv").write_text(REGISTER, encoding="utf-8")
    assert town("communities", "add", "r.csv", "--findings", "f.xlsx")[0] == 3
    assert Path("f.xlsx").read_bytes()[:2] == b"PK"
    assert town("communities", "add", "r.csv", "--findings", "f.csv")[0] == 3
    fill("f.csv", C2=("set", "3500", ""))
    status, out, _ = town("communities", "add", "r.csv", "--decisions", "d.csv")
    assert (status, table(out)[0]["changed"]) == (0, "1")
    assert {r["kind"] for r in table(town("batches")[1])} == {"register"}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("r.csv,,C9,adult_population,三千,,set,1,,", "不在数据范围内"),
        ("r.csv,,C2,adult_population,五千,,set,1,,", "现在是“三千”"),
        ("别的.csv,,C2,adult_population,三千,,set,1,,", "别的.csv"),
    ],
)
def test_a_decision_that_fits_nothing_is_named(town, line, code):
    Path("r.csv").write_text(REGISTER, encoding="utf-8")
    Path("d.csv").write_text(
        "file,sheet,cell,header,found,code,decision,value,reason,alike\n" + line + "\n", encoding="utf-8"
    )
    status, _, err = town("communities", "add", "r.csv", "--decisions", "d.csv")
    assert status == 3
    assert code in err


def test_the_list_never_replaces_the_file(town):
    Path("r.csv").write_text(REGISTER, encoding="utf-8")
    assert town("communities", "add", "r.csv", "--findings", "r.csv")[0] == 2
    assert Path("r.csv").read_text(encoding="utf-8") == REGISTER
