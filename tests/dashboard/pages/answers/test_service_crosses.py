"""Two splits crossed, the two best levels, and the orders: numbers of ``estimate``, in the order asked for."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.tables.stored_estimates import estimate_for, reading
from dashboard.data.questions.asked import CROSSED, SORTS
from dashboard.pages.answers.figure import svg
from dashboard.pages.answers.service import Answers, answers
from dashboard.pages.answers.table import frame
from dashboard.pages.answers.words import name_of
from dashboard.router import render
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES
from survey.store import Store
from tests.tools.dashboard_tools import ADMIN, source_of, words
from tests.tools.towns import two_years

town = two_years.scored_town


def asked(store: Store, **filters: str) -> Answers:
    return answers(ADMIN, source_of(store), store, 2014, filters)


def test_the_two_best_levels_are_those_of_the_command(town):
    found = asked(town, item="A", split="community")
    command = estimate_for(town, "q", ["A"], ["community", "year"], where=["year=2014"], stats=["top2"])
    told = {row["community_code"]: (row["value"], row["low"], row["high"]) for row in command.to_dict("records")}
    assert {g.value: g.top for g in found.groups} == told
    assert found.whole.top[0] == pytest.approx(2 / 3)  # 40 of 60 answered 1 or 2
    shares = found.whole.shares
    assert found.whole.top[0] == pytest.approx(shares["1"][0] + shares["2"][0])


def test_the_two_best_levels_stand_in_table_and_file(town):
    found = asked(town, item="A")
    told = frame(found, "zh")
    assert told["前两级合计"].tolist() == [pytest.approx(2 / 3)]
    assert told["前两级合计 下限"].iloc[0] < 2 / 3 < told["前两级合计 上限"].iloc[0]
    for lang in LANGUAGES:
        page = render(ADMIN, source_of(town), town, None, "/answers", f"?year=2014&item=A&lang={lang}", {}).children
        assert "66.7%" in words(page)


def test_two_splits_are_crossed_as_by_the_command(town):
    found = asked(town, item="A", split="community", cross="B")
    command = estimate_for(town, "q", ["A"], ["community", "year", "B"], where=["year=2014"])
    means = command[(command["choice"] == "") & command["mean_score"].notna()]
    told = {f"{r['community_code']}{CROSSED}{r['B']}": r["mean_score"] for r in means.to_dict("records")}
    assert told
    assert {g.value: g.mean for g in found.groups if not g.hidden} == told
    assert [g.value.split(CROSSED)[0] for g in found.groups] == sorted(g.value.split(CROSSED)[0] for g in found.groups)
    first = name_of(found, found.groups[0], "zh")
    assert first.startswith("甲社区 · ")
    assert first in svg(found, "zh", "")


def test_a_column_is_not_crossed_with_itself_nor_without_a_split(town):
    assert asked(town, item="A", split="B", cross="B").asked.cross == ""
    assert asked(town, item="A", cross="B").asked.cross == ""
    with pytest.raises(Refused) as refused:
        asked(town, item="A", split="B", cross="respondent")
    assert refused.value.key == "page_estimates.unknown_split"


@pytest.mark.parametrize("sort", SORTS)
def test_every_order_shows_the_same_groups(town, sort):
    found = asked(town, item="A", split="B", sort=sort)
    assert {g.value for g in found.groups} == {g.value for g in asked(town, item="A", split="B").groups}
    if sort == "size":
        sizes = [g.n for g in found.groups if g.n is not None]
        assert sizes == sorted(sizes, reverse=True)
    if sort == "name":
        names = [name_of(found, g, "zh") for g in found.groups]
        assert names == sorted(names)
    if sort == "apart":
        apart = [g.better(g.against, g.against_q, found.best_first) != 0 for g in found.groups]
        assert apart == sorted(apart, reverse=True)


def test_tables_of_one_reading_are_those_read_one_by_one(town):
    asked_for = (("A", ["sub_district", "year"]), ("A", ["sub_district", "year", "mode"]), ("B", ["community", "year"]))
    alone = [estimate_for(town, "q", [item], by) for item, by in asked_for]
    with reading(town, "q") as read:
        together = [estimate_for(town, "q", [item], by, read=read) for item, by in asked_for]
        with pytest.raises(Refused):
            estimate_for(town, "q", ["nothing"], ["year"], read=read)
    for one, other in zip(alone, together, strict=True):
        pd.testing.assert_frame_equal(one, other)
