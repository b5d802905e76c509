"""Leaving an interviewer or a batch out equals scoring the responses that are left."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.quality.leave_one_out import leave_out
from analysis.sample.person_scores import person_scores
from analysis.scoring.subjective import score_subjective
from survey.form.answer_codes import ResponseBlock
from survey.form.model import Question
from tests.tools.towns.survey_toys import block, form, item, lcg, scheme


def taken(one: ResponseBlock, rows: np.ndarray[Any, Any]) -> ResponseBlock:
    return replace(one, design=one.design[rows].reset_index(drop=True), codes=one.codes[rows])


def toy(n: int, *, sampling: str, clusters: bool, weights: bool) -> tuple[Any, ResponseBlock]:
    u = lcg(n * 8, 2011).reshape(-1, 8)
    roles = [Question("w", "decimal", role="weight")] if weights else []
    asked = form(item("A1", "a"), item("A2", "a", weight=2.0), item("B1", "b"), *roles, sampling=sampling)
    words = ["1", "2", "3", "4", "5", "8"]
    answers = {q: [words[int(6 * x)] for x in u[:, i]] for i, q in enumerate(("A1", "A2", "B1"))}
    answers["A1"][:6] = [None] * 6
    answers["A2"][:3] = [None] * 3
    design: dict[str, list[Any]] = {
        "community_code": [f"C{int(3 * x)}" for x in u[:, 3]],
        "interviewer": [None if x > 0.92 else f"V{int(4 * x)}" for x in u[:, 4]],
        "stratum": [f"S{int(2 * x)}" for x in u[:, 5]],
    }
    if clusters:
        design["psu"] = [f"P{int(4 * x)}{int(2 * y)}" for x, y in zip(u[:, 4], u[:, 6], strict=True)]
    if weights:
        design["weight"] = [0.5 + 2 * float(x) for x in u[:, 7]]
    return asked, block(asked, answers, **design)


@pytest.mark.parametrize("sampling", ["by_community", "overall"])
@pytest.mark.parametrize("clusters", [False, True])
@pytest.mark.parametrize("weights", [False, True])
def test_the_same_as_if_they_had_never_come(sampling: str, clusters: bool, weights: bool) -> None:
    asked, every = toy(400, sampling=sampling, clusters=clusters, weights=weights)
    person = person_scores(scheme(), [(asked, every)])
    found = leave_out(person, person.sample.factor("interviewer"))
    assert len(found) == 12
    for name in ("V0", "V2"):
        left = taken(every, (every.design["interviewer"] != name).to_numpy())
        expected = score_subjective(scheme(), [(asked, left)]).communities.set_index("community_code")
        mine = found[found["key"] == name].set_index("community_code")
        for one, other in (("n", "n"), ("subjective", "subjective"), ("se", "subjective_se"), ("df", "subjective_df")):
            np.testing.assert_allclose(mine[one], expected[other], rtol=1e-12)


@pytest.mark.parametrize("method", ["poststratify", "rake"])
@pytest.mark.parametrize("clusters", [False, True])
def test_weighted_to_the_population_again(method: str, clusters: bool) -> None:
    asked, every = toy(400, sampling="by_community", clusters=clusters, weights=False)
    u = lcg(800, 5).reshape(-1, 2)
    design = every.design.assign(
        sex=np.where(u[:, 0] < 0.4, "男", "女"), age_band=np.where(u[:, 1] < 0.5, "18-44", "45+")
    )
    asked = replace(
        asked, rows=(*asked.rows, Question("s", "text", role="sex"), Question("b", "text", role="age_band"))
    )
    every = replace(every, design=design, codes=np.hstack([every.codes, np.full((400, 2), -1, np.int16)]))
    population = pd.DataFrame(
        [
            {"community": c, "year": 2014, "sex": sex, "age_band": band, "population": 100.0 * n}
            for c in ("C0", "C1", "C2")
            for n, (sex, band) in enumerate(((s, b) for s in "男女" for b in ("18-44", "45+")), 2)
        ]
    )
    rule = scheme(weighting=method, cell_min=1)
    person = person_scores(rule, [(asked, every)])
    found = leave_out(person, person.sample.factor("interviewer"), population)
    for name in ("V0", "V3"):
        left = taken(every, (every.design["interviewer"] != name).to_numpy())
        expected = score_subjective(rule, [(asked, left)], population).communities.set_index("community_code")
        mine = found[found["key"] == name].set_index("community_code")
        for one, other in (("subjective", "subjective"), ("se", "subjective_se"), ("df", "subjective_df")):
            np.testing.assert_allclose(mine[one], expected[other], rtol=1e-9)


def test_two_questionnaires_the_second_by_one_interviewer_only() -> None:
    asked, first = toy(120, sampling="by_community", clusters=False, weights=False)
    changed = form(item("A1", "a", weight=5.0), item("A2", "a"), item("B1", "b"))
    second = block(
        changed,
        {"A1": ["1"] * 30, "A2": ["3", "4"] * 15, "B1": ["2"] * 30},
        community_code=["C0"] * 30,
        interviewer=["V9"] * 30,
    )
    parts = [(asked, first), (changed, second)]
    person = person_scores(scheme(), parts)
    found = leave_out(person, person.sample.factor("interviewer")).set_index(["community_code", "key"])
    without = score_subjective(scheme(), [(asked, first)]).communities.set_index("community_code")
    assert found.loc[("C0", "V9"), "subjective"] == pytest.approx(without.loc["C0", "subjective"], rel=1e-12)
    assert found.loc[("C0", "V9"), "removed"] == 30


def test_nobody_is_left() -> None:
    asked = form(item("A1", "a"), item("B1", "b"))
    answers = {"A1": ["1", "2", "3"] * 4, "B1": ["2"] * 12}
    person = person_scores(scheme(), [(asked, block(asked, answers, interviewer=["V1"] * 12))])
    (row,) = leave_out(person, person.sample.factor("interviewer")).to_dict("records")
    assert row["removed"] == 12
    assert row["n"] == 0
    assert np.isnan(row["subjective"])


def test_no_interviewer_is_noted() -> None:
    asked = form(item("A1", "a"), item("B1", "b"))
    person = person_scores(scheme(), [(asked, block(asked, {"A1": ["1"] * 9, "B1": ["2"] * 9}))])
    assert leave_out(person, person.sample.factor("interviewer")).empty
