"""The notice to hang up: only of who is named, neither rank nor small group, one page whatever the names."""

from dataclasses import replace

import pytest

from analysis.awards.verdicts import Verdict
from analysis.papers import typesetting
from analysis.papers.diagnosis import Sources
from analysis.papers.street.notice import named, notice
from survey.core.errors import Refused
from survey.store.year.cycle import Event
from tests.analysis.papers.street.test_brief import NAME, WHEN, pages
from tests.tools.towns.fake_results import fake_results

TITLE = Event("named", 2014, "SL03", star=4, body="city", document="示例市委〔2014〕59号", date="2014-12-29")
NAMED = Verdict("SL03", 2014, "named", None, None, TITLE, star=4)


def sources(verdict=NAMED, **more):
    found = fake_results(2014)
    return Sources([replace(found, scores=found.scores.assign(**more))], {"SL03": verdict} if verdict else {})


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_says_title_dimensions_and_what_improves_next_on_one_page(lang):
    facts = notice(sources(), "SL03", lang)
    assert (facts["stars"], len(facts["dimensions"]), len(facts["next"])) == (4, 5, 3)
    assert "示例市委〔2014〕59号" in facts["by"]
    assert all(facts["word"].values())
    [page] = pages(facts, 40.0, "notice")
    assert page[:8] == b"\x89PNG\r\n\x1a\n"


def test_its_points_are_those_of_the_results():
    row = fake_results(2014).community("SL03")
    for d, one in zip(
        fake_results(2014).meta["dimensions"], notice(sources(), "SL03", "zh")["dimensions"], strict=True
    ):
        got = row[f"objective_{d['code']}"] + row[f"subjective_{d['code']}"]
        assert one["text"] == f"{got:.0f} / 200"


def test_neither_rank_nor_chance_nor_number_of_respondents_is_in_it():
    facts = notice(sources(), "SL03", "zh")
    assert set(facts) == {"lang", "word", "head", "stars", "star", "by", "dimensions", "next", "foot"}
    assert not any("名次" in str(value) for value in facts.values())


def test_of_few_respondents_it_has_the_objective_points_only():
    row = fake_results(2014).community("SL03")
    found = notice(sources(n=7), "SL03", "zh")["dimensions"]
    assert [one["text"] for one in found] == [
        f"{row['objective_' + d['code']]:.0f} / 140" for d in fake_results(2014).meta["dimensions"]
    ]


@pytest.mark.parametrize(
    "verdict",
    [
        None,
        replace(NAMED, title=None, status="confirmed"),
        replace(NAMED, status="vetoed"),
        replace(NAMED, title=replace(TITLE, star=0)),
        replace(NAMED, title=replace(TITLE, subject="history")),
    ],
)
def test_who_is_not_named_has_none(verdict):
    assert not named(verdict)
    with pytest.raises(Refused, match="望江社区"):
        notice(sources(verdict), "SL03", "zh")


def test_an_unknown_community_is_refused():
    with pytest.raises(Refused):
        notice(sources(), "SL99", "zh")


def test_names_of_thirty_characters_stay_on_one_page():
    facts = notice(sources(community=NAME, sub_district=NAME), "SL03", "zh")
    facts["next"] = [NAME * 2] * 3
    for one in facts["dimensions"]:
        one["name"] = NAME
    assert len(pages(facts, template="notice")) == 1


def test_it_is_tagged_with_its_fonts_and_the_same_each_time():
    made = typesetting.pdf("notice", notice(sources(), "SL03", "zh"), WHEN)
    assert made == typesetting.pdf("notice", notice(sources(), "SL03", "zh"), WHEN)
    assert b"/StructTreeRoot" in made
    assert b"/FontFile" in made
