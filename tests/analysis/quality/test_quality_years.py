"""Drivers, modes, interviewers and leaving out, from a store: what is kept, worded and written as tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.disclosure.audit import Audit
from analysis.publication import snapshots
from analysis.quality import drivers_measure, modes, reliability, without
from analysis.quality import interviewers as interviewers_year
from analysis.quality.drivers_measure import reading
from analysis.quality.interviewers import readings
from analysis.quality.leave_one_out import held_back, leave_out, with_totals
from analysis.quality.without import chosen, largest_changes, sentence, star_changes
from analysis.sample.person_scores import person_scores
from analysis.scoring.subjective import score_subjective
from survey.core.errors import Refused
from survey.store import Store
from tests.tools.towns import field_town
from tests.tools.towns.survey_toys import block, form, item, scheme


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return field_town.town(tmp_path_factory.mktemp("field"))


def kept(town: Store, module: Any, **asked: str) -> Any:
    return module.MEASURE.find(town, 2014, **asked).body


def test_drivers_say_what_goes_with_happiness(town: Store) -> None:
    body = kept(town, drivers_measure, questionnaire="", outcome="", community="")
    assert (body["questionnaire"], body["outcome"]["name"], body["leading"]) == ("q", "F1", "service")
    assert "联系最强" in reading(body, "zh")
    assert "overall happiness" in reading(body, "en")
    table = drivers_measure.MEASURE.table().frame(body, "en")
    assert len(table) == 5 + 6
    assert table["share"][:5].sum() == pytest.approx(1)
    assert table.loc[table["name"] == "Q1", "label"].item() == "item Q1"


def test_one_community_is_too_few_and_unknown_names_are_answered(town: Store) -> None:
    for asked, key in (
        ({"community": "C1"}, "drivers.too_few"),
        ({"community": "C9"}, "drivers.unknown_community"),
        ({"questionnaire": "x"}, "drivers.unknown_questionnaire"),
        ({"outcome": "Q1"}, "drivers.bad_outcome"),
    ):
        with pytest.raises(Refused) as refused:
            kept(town, drivers_measure, **{"questionnaire": "", "outcome": "", "community": "", **asked})
        assert refused.value.key == key
        assert refused.value.word("en") != refused.value.word("zh")


@pytest.fixture(scope="module")
def weighted(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return field_town.weighted_town(tmp_path_factory.mktemp("weighted"))


@pytest.mark.parametrize("module", [drivers_measure, modes, reliability])
def test_a_weighted_year_is_measured_by_the_weights_of_its_score(town: Store, weighted: Store, module: Any) -> None:
    """Base weights on request: the numbers of the year as it would be unweighted, and they say so."""
    plain, score, base = kept(town, module), kept(weighted, module), kept(weighted, module, weights="base")
    frames = [module.MEASURE.table().frame(body, "en") for body in (plain, score, base)]
    assert [set(frame["weights"]) for frame in frames] == [{"score"}, {"score"}, {"base"}]
    numbers = [frame.select_dtypes("number") for frame in frames]
    pd.testing.assert_frame_equal(numbers[0], numbers[2])
    assert not numbers[1].round(6).equals(numbers[0].round(6))
    said = [" ".join(module.MEASURE.said(body, "zh")) for body in (plain, score, base)]
    assert ["基础权数" in text for text in said] == [False, False, True]
    assert "base weights" in " ".join(module.MEASURE.said(base, "en"))


def test_the_score_of_a_dimension_is_the_mean_of_the_weighted_scores(weighted: Store) -> None:
    rows = {r["name"]: r["score"] for r in kept(weighted, drivers_measure)["rows"] if r["level"] == "item"}
    items = snapshots.results(weighted, 2014).items
    people = {code: size for code, _, size in field_town.PLACES}
    for name, score in rows.items():
        mine = items[items["item"] == name]
        assert score == pytest.approx(np.average(mine["score"], weights=mine["community_code"].map(people)), rel=1e-12)


def test_phone_is_rosier_among_the_same_people(town: Store) -> None:
    body = kept(town, modes)
    assert (body["adjusted"], body["communities"], body["single"]) == (["community", "sex", "age_band"], 3, 0)
    (sentence_,) = modes.readings(body, "zh")
    assert sentence_.startswith("在社区、性别、年龄段相同的居民之间，电话调查比书面调查高")
    assert modes.MEASURE.table().frame(body, "en")["measure"].tolist()[:2] == ["total", "autonomy"]


def test_the_one_interviewer_who_stands_out(town: Store) -> None:
    body = kept(town, interviewers_year)
    first = body["interviewers"][0]
    assert (first["interviewer"], first["word"]) == ("V2", "departs_high")
    assert {r["word"] for r in body["interviewers"][1:]} == {"in_line"}
    assert "V2" in readings(body, "zh")[1]
    table = interviewers_year.MEASURE.table().frame(body, "zh")
    assert table["note"].tolist()[0] == "偏高，请复核"
    variance = interviewers_year.MEASURE.table("variance").frame(body, "en")
    assert variance["level"].tolist() == ["total"] * 3 + ["dimension"] * 5 + ["item"] * 6
    assert (variance["deff"] == 1 + (variance["mean_size"] - 1) * variance["rho"]).all()


def test_without_is_what_score_gives_before_and_less_of_it_after(town: Store) -> None:
    rows = kept(town, without)["rows"]
    scores = snapshots.results(town, 2014).scores.set_index("community_code")
    mine = chosen(rows, "interviewer", "V2")
    assert [r["subjective_before"] for r in mine] == pytest.approx(scores["subjective"].tolist())
    assert all(r["n"] + r["removed"] == r["n_before"] and r["difference"] < 0 for r in mine)
    assert sentence(mine[0], "zh").startswith("去掉访员 V2 后，甲社区主观得分 ")
    assert largest_changes(rows, 1)[0]["key"] in ("V2", "1")
    assert len(without.MEASURE.table().frame({"rows": rows}, "en")) == 3 * 4 + 3 * 2
    batch = chosen(rows, "batch", "2")
    assert batch[0]["label"] == "答卷500.csv"
    with pytest.raises(Refused, match="V0、V1"):
        chosen(rows, "interviewer", "V9")


def row(**changes: Any) -> dict[str, Any]:
    known = {
        "kind": "interviewer",
        "key": "7",
        "community": "柳营社区",
        "subjective_before": 231.44,
        "subjective": 229.81,
        "star_before": 2.0,
        "star": 2.0,
        "note": "",
        "difference": -1.6,
    }
    return {**known, **changes}


def test_the_sentences_about_a_star() -> None:
    assert sentence(row(), "zh") == "去掉访员 7 后，柳营社区主观得分 231.4 → 229.8，星级不变。"
    assert "由二星变为一星" in sentence(row(star=1.0), "zh")
    assert "不评星" in sentence(row(star=None), "zh")
    assert "没有可计分的答卷" in sentence(row(subjective=None, star=None), "zh")
    assert "不显示" in sentence(row(note="suppressed"), "zh")
    assert [star_changes(r) for r in (row(), row(star=3.0), row(star=None))] == [False, True, None]


def people(interviewers: list[Any], answers: list[str], **design: Any) -> Any:
    asked = form(item("A1", "a"), item("B1", "b"))
    return person_scores(
        scheme(), [(asked, block(asked, {"A1": answers, "B1": answers}, interviewer=interviewers, **design))]
    )


@pytest.mark.parametrize(
    ("interviewers", "answers", "design", "key"),
    [
        ([None] * 60, ["1", "2"] * 30, {}, "interviewers.none"),
        (["V1"] * 60, ["1", "2"] * 30, {}, "interviewers.one"),
        (
            ["V1"] * 30 + ["V2"] * 30,
            ["1", "2"] * 30,
            {"community_code": ["C1"] * 30 + ["C2"] * 30},
            "interviewers.nested",
        ),
        (["V1", "V2"] * 30, ["2"] * 60, {}, "interviewers.alike"),
    ],
)
def test_what_interviewers_cannot_show_is_one_sentence(
    interviewers: list[Any], answers: list[str], design: dict[str, Any], key: str
) -> None:
    with pytest.raises(Refused) as refused:
        interviewers_year.of_people(people(interviewers, answers, **design))
    assert refused.value.key == key
    assert refused.value.word("en")


def test_small_groups_are_not_listed_nor_to_be_worked_out() -> None:
    answers = ["1", "2", "3", "2"] * 16
    names = ["V1"] * 30 + ["V2"] * 26 + ["V3"] * 8
    body = interviewers_year.of_people(people(names, answers))
    assert [r["interviewer"] for r in body["interviewers"]] == ["V1"]  # V3 is too small, V2 would give it away
    assert body["few"] == 2


def test_leaving_out_a_few_shows_nothing() -> None:
    asked = form(item("A1", "a"), item("B1", "b"))
    one = block(
        asked, {"A1": ["1", "2", "3", "2"] * 16, "B1": ["2"] * 64}, interviewer=["V1"] * 40 + ["V2"] * 21 + ["V3"] * 3
    )
    person = person_scores(scheme(), [(asked, one)])
    found = leave_out(person, person.sample.factor("interviewer"))
    found.insert(0, "kind", "interviewer")
    found["held_back"] = held_back(Audit(person.sample), "interviewer", person.scored, found)
    before = score_subjective(scheme(), [(asked, one)]).communities
    objective = before[["community_code"]].assign(objective=600.0)
    shown = with_totals(scheme(), found, before, objective).set_index("key")
    assert shown["note"].to_dict() == {"V1": "", "V2": "suppressed", "V3": "suppressed"}
    assert shown.loc[["V2", "V3"], ["removed", "n", "subjective", "total", "star"]].isna().all(axis=None)
    assert shown.loc["V1", "total_before"] == pytest.approx(600 + shown.loc["V1", "subjective_before"], abs=0.005)
    assert shown.loc["V1", ["total", "star"]].isna().all()  # 24 are fewer than a total needs
