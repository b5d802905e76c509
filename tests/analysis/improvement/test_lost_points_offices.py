"""Points in the charge of offices: counted for each that answers, once in the total."""

from __future__ import annotations

import json

import pytest

from analysis.improvement.lost_points import (
    BY_COMMUNITY,
    counted,
    lines_of,
    loss_frame,
    office_communities,
    office_frame,
)
from analysis.improvement.lost_points import OFFICE_COLUMNS as COLUMNS
from tests.tools import commands
from tests.tools.commands import table
from tests.tools.towns.fake_results import fake_results

run, town = commands.run, commands.town
results = commands.results


def loss(community, lost, office="", lead="组织办", kind="objective"):
    return {
        "community_code": community,
        "community": f"{community}社区",
        "points_lost": lost,
        "office": office,
        "lead_office": lead,
        "kind": kind,
    }


LOSSES = [
    loss("A", 10.0, "城管办"),
    loss("B", 4.0, "城管办、司法所"),
    loss("A", 3.0, kind="subjective"),
    loss("B", 1.0, "妇联", "事务办+社工办", "subjective"),
]


def test_by_hand():
    found = office_frame(LOSSES).set_index("office")
    assert tuple(office_frame(LOSSES).columns) == COLUMNS.names
    assert list(found.index) == ["城管办", "司法所", "组织办", "妇联", "事务办", "社工办", ""]
    assert found.loc["城管办", ["lost", "objective", "losses", "communities", "shared", "as_lead"]].tolist() == [
        14,
        14,
        2,
        2,
        4,
        0,
    ]
    assert found.loc["组织办", ["lost", "subjective", "as_lead"]].tolist() == [3, 3, 17]
    assert found.loc["社工办", ["lost", "as_lead"]].tolist() == [0, 1]
    assert found.loc["", ["lost", "losses", "shared", "as_lead"]].tolist() == [18, 4, 4, 18]
    assert counted(office_frame(LOSSES)) == (22.0, 18.0, 4.0)


def test_by_community():
    found = office_communities(LOSSES)
    assert tuple(found.columns) == BY_COMMUNITY.names
    rows = found.set_index(["office", "community_code"])["lost"]
    assert rows["城管办"].to_dict() == {"A": 10.0, "B": 4.0}
    assert found.groupby("office")["lost"].sum().to_dict() == {
        o: v for o, v in office_frame(LOSSES).set_index("office")["lost"].items() if o
    }


def test_the_total_is_all_that_was_lost_and_no_losses_are_no_fault():
    losses = lines_of(loss_frame(fake_results(2014)))
    sums, total, shared = counted(office_frame(losses))
    assert total == pytest.approx(sum(x["points_lost"] for x in losses))
    assert sums == pytest.approx(total + shared)  # two offices answer for each of the shared ones
    assert office_frame([])["lost"].tolist() == [0.0]
    assert len(office_communities([])) == 0


def test_the_commands(results, tmp_path):
    status, out, err = results("offices", "--year", "2014")
    assert status == 0
    assert table(out)[-1]["office"] == ""
    assert "各计一次" in err
    assert {r["community"] for r in table(results("offices", "--by-community")[1])} >= {"南塔社区"}

    assert (
        results("tasks", "export", "清单.xlsx", "--year", "2013", "--office", "城管办", "--community", "SL06")[0] == 0
    )
    (tmp_path / "填.csv").write_text(
        "社区,编号,整改措施,责任人,时限\n南塔社区,ST02,每周巡查,王某,2014-06-30\n", encoding="utf-8"
    )
    status, out, _ = results("tasks", "import", "填.csv", "--year", "2013", "--by", "李")
    assert (status, table(out)[0]["kept"]) == (0, "1")
    rows = json.loads(results("tasks", "list", "--year", "2013", "--community", "SL06", "--json")[1])["rows"]
    mine = next(r for r in rows if r["code"] == "ST02")
    assert (mine["action"], mine["person"], mine["deadline"], mine["entered_by"]) == (
        "每周巡查",
        "王某",
        "2014-06-30",
        "李",
    )
    assert table(results("tasks", "log", "2013")[1])[0]["who"] == "李"
    (tmp_path / "错.csv").write_text("社区,编号,整改措施\n南塔社区,没有,每周巡查\n", encoding="utf-8")
    status, out, err = results("tasks", "import", "错.csv", "--year", "2013")
    assert (status, out) == (3, "")
    assert "B2" in err


@pytest.mark.parametrize(
    "words",
    [
        ("tasks", "list", "--office", "没有的科室"),
        ("tasks", "list", "--state", "finished"),
        ("tasks", "list", "--community", "X"),
        ("tasks", "export", "a.xlsx", "--office", "没有的科室"),
        ("tasks", "import", "没有.xlsx", "--year", "2014"),
    ],
)
def test_clumsy_calls_are_answered(results, words):
    status, out, err = results(*words)
    assert (status, out) == (3, "")
    assert err.strip()
