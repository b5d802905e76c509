"""科室得失分: what offices won and lost, the same losses as the command tells, whole for each of several offices."""

import pytest

from analysis.improvement.lost_points import answering, office_frame
from analysis.papers.street.one_street import Street
from tests.analysis.papers.street.test_league_sheets import sheet, table


def test_won_and_lost_add_up_and_are_those_of_the_list_of_offices(closed_year):
    rows = {row["科室"]: row for row in table(sheet(closed_year, "科室得失分"), "科室") if row["满分"] is not None}
    told = {row["office"]: row for row in office_frame(closed_year.losses).to_dict("records") if row["office"]}
    assert set(told) <= set(rows)
    for office, row in rows.items():
        mine = [line for line in closed_year.scored if office in answering(line)]
        assert row["满分"] == pytest.approx(sum(line["points"] for line in mine))
        assert row["得分"] == pytest.approx(row["客观得分"] + row["主观得分"])
        assert row["失分"] == pytest.approx(row["满分"] - row["得分"])
        # losses below what two decimals show are none in the list
        assert row["失分"] == pytest.approx(told.get(office, {"lost": 0})["lost"], abs=0.005 * len(mine))


def test_the_communities_of_an_office_add_up_to_it(closed_year):
    whole = {row["科室"]: row["失分"] for row in table(sheet(closed_year, "科室得失分"), "科室")}
    parts: dict[str, float] = {}
    for row in table(sheet(closed_year, "科室得失分_各社区"), "科室"):
        parts[row["科室"]] = parts.get(row["科室"], 0) + row["失分"]
    for office, lost in parts.items():
        assert lost == pytest.approx(whole[office])


def test_a_street_without_a_known_point_has_empty_sheets(closed_year):
    bare = Street(closed_year.base, closed_year.name)
    bare.__dict__["scored"], bare.__dict__["losses"] = [], []
    assert table(sheet(bare, "科室得失分_各社区"), "科室") == []
