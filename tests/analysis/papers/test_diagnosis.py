"""The facts of a diagnosis: the numbers of the results, in words that agree with them."""

import json
from dataclasses import replace

import pytest

from analysis.awards.verdicts import Verdict
from analysis.papers.diagnosis import Sources, diagnosis
from tests.tools.towns.fake_results import CODES, fake_results

YEARS = [fake_results(y) for y in (2012, 2013, 2014)]
SOURCES = Sources(YEARS, {}, frozenset({"SL06"}))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("code", CODES)
def test_every_community_has_facts_without_an_empty_number(code, lang):
    facts = diagnosis(SOURCES, code, lang)
    json.dumps(facts, allow_nan=False)
    assert facts["lead"]
    assert all(facts["word"].values())


def test_total_rank_and_star_are_those_of_the_results():
    row, card = YEARS[-1].community("SL03"), diagnosis(SOURCES, "SL03", "zh")["card"]
    assert card["total"] == f"{row['total']:.0f}"
    assert card["stars"] == int(row["star"])
    assert sum(c["share"] for c in card["chances"]) == pytest.approx(1, abs=0.03)
    assert card["subjective"].startswith(f"{row['subjective']:.0f} ± ")


def test_a_star_that_another_method_would_change_says_so():
    assert diagnosis(SOURCES, "SL06", "zh")["card"]["method"] == "换算法会变"
    assert diagnosis(SOURCES, "SL03", "zh")["card"]["method"] == ""


def test_without_a_total_there_is_a_reason_and_no_way():
    facts = diagnosis(SOURCES, "SL11", "zh")
    assert facts["ways"] is None
    assert facts["card"]["total"] == "—"
    assert facts["card"]["stars"] is None


def test_a_veto_withholds_the_star_in_words():
    last = YEARS[-1]
    status = [
        "vetoed" if c == "SL03" else s
        for c, s in zip(last.scores["community_code"], last.scores["status"], strict=True)
    ]
    facts = diagnosis(Sources([replace(last, scores=last.scores.assign(status=status))], {}), "SL03", "zh")
    assert "一票否决" in facts["lead"]
    assert facts["ways"] is None


def test_invented_and_provisional_data_say_so():
    assert diagnosis(SOURCES, "SL03", "zh")["head"]["tags"][:2] == [
        "示例数据：社区、居民和数值均为虚构",
        "示例指标（非官方2012版原表）",
    ]


def test_a_first_year_has_no_empty_comparison():
    facts = diagnosis(Sources([YEARS[-1]], {}), "SL03", "zh")
    assert facts["moves"] is None
    assert len(facts["trend"]["points"]) == 1
    gap = diagnosis(Sources([YEARS[0], YEARS[-1]], {}), "SL03", "zh")
    assert gap["moves"] is None


def test_what_was_decided_is_told():
    verdict = Verdict("SL03", 2014, "named", None, None, None)
    assert diagnosis(Sources(YEARS, {"SL03": verdict}), "SL03", "zh")["card"]["decided"] == []


def test_of_few_respondents_nothing_is_broken_down():
    last = YEARS[-1]
    n = [7 if c == "SL03" else v for c, v in zip(last.scores["community_code"], last.scores["n"], strict=True)]
    facts = diagnosis(Sources([replace(last, scores=last.scores.assign(n=n))], {}), "SL03", "zh")
    assert facts["items"] == []
    assert {d["subjective"]["text"] for d in facts["dimensions"]} == {"—"}
