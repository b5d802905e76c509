"""From the store: both years are read where one does not say what changed, and what comes of it."""

from __future__ import annotations

import pytest

from analysis.publication import snapshots
from analysis.publication.inputs import SAMPLING
from analysis.publication.two_year_inputs import both_years
from analysis.scheme import default_scheme
from survey.coding.options import ImportOptions
from survey.intake.answers import commit, inspect
from survey.store.intake import identities, questionnaires
from tests.tools.forms import form, item
from tests.tools.towns import two_years
from tests.tools.towns.two_years import OTHERS

town = two_years.town


def bring(store, year, name, answer, ids, questionnaire="q"):
    lines = [f"{who},甲社区,{year},{1 + i % 3},{answer(i)}" + f",{1 + i % 3}" * 4 + "\n" for i, who in enumerate(ids)]
    data = ("编号,社区,年度,办事方便,环境卫生,A,B,D,E\n" + "".join(lines)).encode()
    commit(store, inspect(store, name, data, ImportOptions(questionnaire)))


def test_the_same_people_are_found_and_make_the_change_more_certain(town):
    """The town asks 甲社区0 … 59 in both years, alike; 30 others of 2014 answer otherwise."""
    bring(town, 2014, "more.csv", lambda i: 5 - i % 2, [f"新{i}" for i in range(30)])
    with town.read() as conn:
        assert identities.overlaps(conn, 2014) == {"psu": frozenset(), "respondent": frozenset({1, 2})}
        assert identities.overlaps(conn, 2013)["respondent"] == frozenset()
        parts = both_years(conn, 2014, default_scheme(), SAMPLING)
    assert [len(block) for _, block in parts] == [120 + 120 + 30]
    row = snapshots.results(town, 2014).community("C1")
    before = snapshots.results(town, 2013).community("C1")
    assert "panel;panel_pairs:60" in row["note"]
    assert 0 < row["change_subjective_se"] < (row["subjective_se"] ** 2 + before["subjective_se"] ** 2) ** 0.5
    assert row["change_subjective"] == pytest.approx(row["subjective"] - before["subjective"])


def test_people_are_the_same_where_their_numbers_are_written_otherwise(town):
    """2015 writes the numbers of 2016 with zeros before them, and in no community as they stand there."""
    bring(town, 2015, "2015.csv", lambda i: 1 + i % 4, [f"{i:04d}" for i in range(1, 31)])
    bring(town, 2016, "2016.csv", lambda i: 1 + i % 4, [f"{i}" for i in range(1, 31)])
    bring(town, 2017, "2017.csv", lambda i: 1 + i % 4, [f"{i}" for i in range(31, 61)])
    with town.read() as conn:
        assert identities.overlaps(conn, 2016)["respondent"] == frozenset({1})
        assert identities.overlaps(conn, 2017)["respondent"] == frozenset()


def test_a_year_of_others_reads_one_year_only(town):
    bring(town, 2015, "2015.csv", lambda i: 1 + i % 4, [f"新{i}" for i in range(60)])
    with town.read() as conn:
        assert both_years(conn, 2015, default_scheme(), SAMPLING) == []
        assert both_years(conn, 2013, default_scheme(), SAMPLING) == []


def test_a_new_questionnaire_is_compared_over_what_it_shares(town):
    """2015 asks one item more and is all 5 in the second question (70 to 0): its half of 60 points, now a third, -14."""
    with town.write() as conn:
        questionnaires.add(conn, "new", form(*OTHERS, item("Q9", dimension="service")))
    lines = [f"新{i},甲社区,2015,{1 + i % 3},5" + f",{1 + i % 3}" * 5 + "\n" for i in range(60)]
    data = ("编号,社区,年度,办事方便,环境卫生,A,B,D,E,Q9\n" + "".join(lines)).encode()
    commit(town, inspect(town, "2015.csv", data, ImportOptions("new")))
    row = snapshots.results(town, 2015).community("C1")
    assert row["change_subjective"] is None
    assert "common_items:6/7" in row["note"]
    assert row["change_common"] == pytest.approx(-14)
    assert row["change_common_points"] == pytest.approx(280)
    assert row["change_common_q"] == row["change_common_p"] > 0.05
    assert row["change_common_word"] == "no_clear_change"


def test_the_version_of_the_later_year_says_whether_the_same_people_were_asked(town):
    """2015 came in with a version that does not say so, 2016 with one that does: it speaks for its year before."""
    again = [f"甲社区{i}" for i in range(60)]
    for year, settings in ((2015, {}), (2016, {"panel": "yes"})):
        with town.write() as conn:
            questionnaires.add(conn, "q", form(*OTHERS, settings=settings))
        bring(town, year, f"{year}.csv", lambda i, year=year: 1 + (i + i // (year - 2012)) % 4, again)
    notes = {year: snapshots.results(town, year).community("C1")["note"] for year in (2015, 2016)}
    assert [("panel_pairs:60" in notes[year]) for year in (2015, 2016)] == [False, True]
