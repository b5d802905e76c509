"""Whether groups differ at all, as page, file and command have it: the same numbers, and Holm over what is shown at once."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import pandas as pd
import pytest

from analysis.statistics.differences import holm
from analysis.tables.stored_estimates import estimate_for
from dashboard.api.answers_read import distribution
from dashboard.api.declared import Asked as Read
from dashboard.pages.answers.sentence import sentences
from dashboard.pages.answers.service import Answers, Group, answers
from dashboard.pages.answers.table import _tested_together as family
from dashboard.pages.answers.table import frame
from dashboard.pages.answers.together import Together, over_groups
from survey.core.lang import LANGUAGES
from survey.store import Store
from tests.tools.dashboard_tools import ADMIN, source_of
from tests.tools.towns import two_years

town = two_years.scored_town
TEST = ["statistic", "df1", "df2", "p", "p_holm"]


def asked(store: Store, **filters: str) -> Answers:
    return answers(ADMIN, source_of(store), store, 2014, filters)


def command(store: Store, by: list[str]) -> pd.DataFrame:
    found = estimate_for(store, "q", ["A"], by, where=["year=2014"], rest=True)
    return found[(found["choice"] == "") & found["mean"].notna()]


def test_communities_are_told_from_the_others_of_their_street_as_by_the_command(town):
    found = asked(town, item="A", split="community")
    street = ["sub_district"] if found.asked.street else []
    told = command(town, [*street, "community", "year"]).set_index("community_code")
    assert len(told) > 1
    for group in found.groups:
        row = told.loc[group.value]
        assert [group.against, group.against_q, group.against_holm] == pytest.approx(
            [row["difference"], row["difference_q"], row["difference_holm"]]
        )
    (one,) = found.together
    assert [getattr(one, name) for name in TEST] == pytest.approx(told.iloc[0][TEST].tolist())


def test_the_file_says_the_same(town):
    found = asked(town, item="A", split="community")
    told = frame(found, "zh")
    (one,) = found.together
    assert told["各组一起检验 F"].dropna().tolist() == [one.statistic] * len(found.groups)
    assert told["各组一起检验 p"].dropna().tolist() == [one.p] * len(found.groups)
    assert told["与其余各组之差的 p（Holm）"].dropna().tolist() == [g.against_holm for g in found.groups]


def test_other_programs_read_the_same(town):
    found = asked(town, item="A", split="community")
    given = {"questionnaire": found.asked.form_name, "item": "A", "split": "community"}
    rows = distribution(Read(ADMIN, source_of(town), town, "zh", 2014, given)).rows
    (one,) = found.together
    assert [r["group"] for r in rows] == [None, *(g.value for g in found.groups)]
    assert [[r[name] for name in TEST] for r in rows] == [
        [None] * 5,
        *([getattr(one, name) for name in TEST] for _ in found.groups),
    ]
    assert [r["against_holm"] for r in rows[1:]] == [g.against_holm for g in found.groups]
    assert {r["tested_choice"] for r in rows} == {None}  # a question with a mean


def test_a_question_without_a_mean_is_tested_choice_by_choice_as_one_family():
    rows = pd.DataFrame(
        [
            (2014, "kind", "a", "", 2.0, 2.0, 50.0, 0.02),
            (2014, "kind", "b", "", 9.0, 2.0, 50.0, 0.001),
            (2014, "kind", "dont_know", "", 99.0, 2.0, 50.0, 0.0),
            (2013, "kind", "a", "", 99.0, 2.0, 50.0, 0.0),
        ],
        columns=["year", "item", "choice", "community_code", "statistic", "df1", "df2", "p"],
    )

    class Asked:
        year, splits = 2014, ("sex",)
        item = type("Item", (), {"choices": [type("C", (), {"name": n, "missing": None}) for n in "ab"]})

    found = over_groups(Asked, rows)  # type: ignore[arg-type]
    assert [(one.choice, one.p_holm) for one in found] == [("b", 0.002), ("a", 0.02)]


def test_several_communities_are_one_family():
    rows = pd.DataFrame(
        [(2014, "A", "", code, 4.0, 1.0, 50.0, p) for code, p in (("C1", 0.03), ("C1", 0.03), ("C2", 0.04))],
        columns=["year", "item", "choice", "community_code", "statistic", "df1", "df2", "p"],
    )

    class Asked:
        year, splits, item = 2014, ("community", "sex"), None

    found = over_groups(Asked, rows)  # type: ignore[arg-type]
    assert [one.community for one in found] == ["C1", "C2"]
    assert [one.p_holm for one in found] == holm(pd.Series([0.03, 0.04]).to_numpy()).tolist()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_found_is_said_in_words(town, lang):
    found = asked(town, item="A", split="community")
    within = Together("", "", 0.5, 1.0, 28.0, 0.486, 0.486)
    beyond = dataclasses.replace(within, statistic=12.25, p=0.0016, p_holm=0.0016)
    said = [sentences(dataclasses.replace(found, together=(one,)), lang) for one in (within, beyond)]
    assert "F(1, 28) = 0.50" in said[0][1]
    assert "F(1, 28) = 12.25" in said[1][1]
    assert said[0][1] != said[1][1].replace("12.25", "0.50")
    first, second = dict(found.asked.places).items()
    inside = (
        dataclasses.replace(beyond, community=first[0]),
        dataclasses.replace(within, community=second[0]),
    )
    assert first[1] in sentences(dataclasses.replace(found, together=inside), lang)[1]
    none = sentences(dataclasses.replace(found, together=inside[1:]), lang)[1]
    assert first[1] not in none
    assert second[1] not in none
    choice = dataclasses.replace(beyond, choice="1")
    assert "p=0.002" in sentences(dataclasses.replace(found, together=(choice,)), lang)[1]
    strict = [dataclasses.replace(g, against=0.4, against_q=0.01, against_holm=0.06) for g in found.groups]
    assert any("Holm" in one for one in sentences(dataclasses.replace(found, groups=tuple(strict)), lang))


@pytest.mark.parametrize(
    ("split", "values", "against", "changes"),
    [
        ("", [], [], []),
        ("sex", ["女"], [1], [1]),
        ("sex", ["女", "男"], [2, 2], [2, 2]),
        ("community+sex", ["C1\x1f女", "C1\x1f男", "C2\x1f女"], [2, 2, 1], [3, 3, 3]),
    ],
)
def test_one_test_alone_says_its_p_and_neither_q_nor_holm(split, values, against, changes):
    """A family of one needs no adjustment: p, q and Holm's p were the same number three times."""
    splits = tuple(filter(None, split.split("+")))
    asked_ = SimpleNamespace(splits=splits, split=splits[0] if splits else "")
    whole = Group(None, 90, {}, None, 50.0, 49.0, 51.0, change=1.0, change_p=0.02, change_q=0.02, change_holm=0.02)
    told = {"against": 1.0, "against_q": 0.02, "against_holm": 0.02, "change": 1.0, "change_q": 0.02}
    groups = [dataclasses.replace(whole, value=v, **told) for v in values]
    found = SimpleNamespace(asked=asked_, rows=(whole, *groups))
    assert [family(found, one, "against_q") for one in groups] == against
    assert [family(found, one, "change_q") for one in groups] == changes
    assert family(found, whole, "change_q") == 1
