"""Communities that merge or split: whose line breaks when, and what becomes of the change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.publication import snapshots
from analysis.publication.inputs import gather
from analysis.scheme.serial import from_dict
from analysis.scoring.merged_communities import break_year, broken_in, communities_in, predecessors
from analysis.scoring.rating import rate
from analysis.scoring.score import score_year
from analysis.statistics.notes import note_text
from survey.coding.options import ImportOptions
from survey.fieldwork.successors import problems
from survey.intake.answers import commit, inspect
from survey.store.intake import questionnaires
from survey.store.year import register, schemes, years
from survey.store.year.register import Community
from tests.tools.forms import form
from tests.tools.templates import initialised
from tests.tools.towns.scores import frame, snapshot, together
from tests.tools.towns.survey_toys import scheme
from tests.tools.towns.two_years import OTHERS

MERGED = [
    Community("A", "甲社区", valid_to="2013", successor="C"),
    Community("B", "乙;社区", valid_to="2013", successor="C"),
    Community("C", "丙社区"),
]


@pytest.mark.parametrize(("end", "year"), [("2013", 2014), ("2013-12-31", 2014), ("2013-05-06", 2013), (None, None)])
def test_the_first_year_of_another_area(end, year):
    assert break_year(Community("A", "甲社区", valid_to=end, successor="C")) == year


def test_all_that_went_before_and_who_breaks_the_line():
    lineage = predecessors([Community("Z", "老社区", valid_to="2010", successor="A"), *MERGED])
    assert [(p["code"], p["since"], p["direct"]) for p in lineage["C"]] == [
        ("A", 2014, True),
        ("B", 2014, True),
        ("Z", 2011, False),
    ]
    assert broken_in(lineage, 2014) == {"C": "甲社区,乙；社区"}
    assert broken_in(lineage, 2011) == {"A": "老社区"}
    assert broken_in(lineage, 2013) == {}


def test_a_split_leads_to_all_its_parts():
    lineage = predecessors([Community("A", "甲社区", valid_to="2013", successor="B|C"), *map(named, "BC")])
    assert broken_in(lineage, 2014) == {"B": "甲社区", "C": "甲社区"}


def named(code, **more):
    return Community(code, f"社区{code}", **more)


@pytest.mark.parametrize(
    ("communities", "expected"),
    [
        (MERGED, []),
        ([named("A", successor="B"), named("B")], ["successor_without_end"]),
        ([named("A", valid_to="2013", successor="B"), named("B", valid_to="2012")], ["successor_gone"]),
        ([named("A", valid_to="2013", successor="B"), named("B", valid_from="2013")], ["successor_beside"]),
        ([named("A", valid_to="2013", successor="B"), named("B", valid_from="2014")], []),
        (
            [named("A", valid_to="2013", successor="B"), named("B", valid_to="2013", successor="A")],
            ["successor_circle"] * 2,
        ),
    ],
)
def test_successors_that_cannot_be_right(communities, expected):
    assert [problem for _, problem, _ in problems(communities)] == expected


def test_no_change_of_any_kind_across_a_break():
    base = scheme()
    previous = snapshot(base, rate(base, frame({}, {})))
    rows = rate(base, frame({"subjective": 280.0}, {}), previous, None, together(panel=True), {"C0": "甲社区,乙社区"})
    changed = [
        "change_objective",
        "change_subjective",
        "change_subjective_se",
        "change_p",
        "change_word",
        "change_common",
    ]
    assert rows.iloc[0][changed].isna().all()
    assert rows["note"].tolist() == ["area_changed:甲社区,乙社区", ""]
    assert "来自甲社区、乙社区" in note_text(rows["note"][0], "zh")
    assert rows["change_word"][1] == "no_clear_change"


@pytest.fixture
def merged(sqlite_store):
    """甲 and 乙 until 2013, 丙 always; 丙 alone in 2014."""
    initialised(sqlite_store)
    with sqlite_store.write() as conn:
        register.save(conn, MERGED)
        questionnaires.add(conn, "q", form(*OTHERS))
    for year, codes in ((2013, "ABC"), (2014, "C")):
        lines = [
            f"{year}{p}{i},{p},{year},{1 + i % 3},{1 + i % 4}" + f",{1 + i % 3}" * 4 + "\n"
            for p in codes
            for i in range(60)
        ]
        data = ("编号,社区,年度,办事方便,环境卫生,A,B,D,E\n" + "".join(lines)).encode()
        commit(sqlite_store, inspect(sqlite_store, f"{year}.csv", data, ImportOptions("q")))
    return sqlite_store


def test_from_the_register_to_the_result(merged):
    before, now = snapshots.results(merged, 2013), snapshots.results(merged, 2014)
    assert [r["community_code"] for r in before.rows("scores")] == ["A", "B", "C"]
    assert before.extra["lineage"] == {}
    row = now.community("C")
    assert row["change_subjective"] is None
    assert "area_changed:甲社区,乙；社区" in row["note"]
    assert [p["code"] for p in now.extra["lineage"]["C"]] == ["A", "B"]


def anew(store, year):
    """What a year comes to when it is computed anew, as text, without the moment."""
    with store.read() as conn:
        given = gather(conn, year, from_dict(schemes.applicable(conn, year).definition))
    return score_year(replace(given, computed_at="", provisional=True), None, {}).to_json()


def test_a_merger_after_a_closed_year_leaves_that_year_as_it_was(merged):
    with merged.write() as conn:  # as if nobody knew of the merger before 2013 was closed
        register.save(conn, [replace(c, valid_to=None, successor="", adult_population=900) for c in MERGED])
    before, kept = anew(merged, 2013), snapshots.results(merged, 2013)
    with merged.write() as conn:
        years.close(conn, 2013)
        register.save(conn, [replace(c, name=f"新{c.name}", feature="体育", adult_population=800) for c in MERGED])
    assert anew(merged, 2013) == before
    final = snapshots.results(merged, 2013)
    assert final.scores.drop(columns="provisional").equals(kept.scores.drop(columns="provisional"))
    with merged.read() as conn:
        assert [c.code for c in communities_in(conn, 2013)] == ["A", "B", "C"]
        assert [c.code for c in communities_in(conn, 2014)] == ["C"]
    now = snapshots.results(merged, 2014)
    assert "area_changed:新甲社区,新乙；社区" in now.community("C")["note"]
    assert [p["code"] for p in now.extra["lineage"]["C"]] == ["A", "B"]
