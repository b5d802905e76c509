"""The leader's page: one tagged page whatever the names, its numbers those of the workbook."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import typst

from analysis.improvement.lost_points import office_frame
from analysis.papers import typesetting
from analysis.papers.diagnosis import Sources
from analysis.papers.street.brief import FIRST, LAST, ROWS, brief
from analysis.papers.street.one_street import Street
from analysis.tables import number_words
from tests.tools.towns.fake_results import fake_results

WHEN = datetime(2014, 11, 20, tzinfo=UTC)
NAME = "很长很长的社区名称" * 3 + "三十个"


def pages(facts, ppi=20.0, template="brief"):
    made = typst.compile(typesetting._path(template), format="png", ppi=ppi, **typesetting._given(facts, WHEN))
    return made if isinstance(made, list) else [made]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_is_one_page_with_every_word(closed_year, lang):
    facts = brief(closed_year, lang)
    json.dumps(facts, allow_nan=False)
    assert all(facts["word"].values())
    [page] = pages(facts, 40.0)
    assert page[:8] == b"\x89PNG\r\n\x1a\n"


def test_the_league_is_that_of_the_results(closed_year):
    facts = brief(closed_year, "zh")
    rows = closed_year.rows
    assert [one["community"] for one in facts["league"]] == [row["community"] for row in rows]
    thresholds = [float(s["minimum"]) for s in closed_year.results.meta["stars"]]
    assert [one["total"] for one in facts["league"]] == [number_words.total(row["total"], thresholds) for row in rows]
    mean = closed_year.results.streets["mean_total"].iloc[0]
    assert f"平均 {number_words.points(mean, 1)} 分" in facts["lead"]


def test_the_offices_are_those_that_lost_most(closed_year):
    told = [row for row in office_frame(closed_year.losses).to_dict("records") if row["office"]]
    found = brief(closed_year, "zh")["who"]
    assert [(one["office"], one["lost"]) for one in found] == [
        (row["office"], number_words.points(row["lost"], 1)) for row in told[: len(found)]
    ]


def test_names_of_thirty_characters_and_many_communities_stay_on_one_page():
    found = fake_results(2014)
    many = found.scores.iloc[[*range(12)] * 5].reset_index(drop=True)
    many = many.assign(community_code=[f"X{i:02d}" for i in range(60)], community=NAME, sub_district=NAME)
    facts = brief(Street(Sources([replace(found, scores=many)], {}), NAME), "zh")
    assert len(facts["league"]) == FIRST + LAST < ROWS + 1
    assert "45" in facts["left_out"]
    for row in [*facts["act"], *facts["who"]]:
        row |= {key: NAME for key in ("what", "offices", "office") if key in row}
    assert len(pages(facts)) == 1


def test_a_street_without_a_total_says_so_on_one_page():
    found = fake_results(2014)
    empty = dict.fromkeys([c for c in found.scores if re.match(r"total|star|rank|objective|subjective|change", c)])
    street = Street(Sources([replace(found, scores=found.scores.assign(**empty, n=0))], {}), "示例街道")
    facts = brief(street, "zh")
    assert "都还没有总分" in facts["lead"]
    assert facts["real"] == ["没有抽样误差可算，星级、名次的稳定程度不知道。"]
    assert len(pages(facts)) == 1


def test_it_is_tagged_with_its_fonts_and_the_same_each_time(closed_year):
    facts = brief(closed_year, "zh")
    made = typesetting.pdf("brief", facts, WHEN)
    assert made == typesetting.pdf("brief", facts, WHEN)
    assert b"/StructTreeRoot" in made
    assert b"/FontFile" in made
