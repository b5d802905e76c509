"""Drivers of happiness: base R on the same rows, priorities, and when nothing can be said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analysis.quality.drivers import LEAST, Drivers, candidates, find_drivers, outcome_of, outcome_values
from analysis.sample.person_scores import PersonScores, person_scores
from survey.core.errors import Refused
from survey.form.model import Question
from tests.tools.towns.survey_toys import block, form, item, lcg, scheme

ASKED = form(
    item("A1", "a"),
    item("A2", "a"),
    item("B1", "b"),
    item("B2", "b"),
    item("G"),
    Question("years", "integer"),
    Question("F1", "range", start=0, end=10, step=1),
    Question("w", "decimal", role="weight"),
    Question("age", "integer", role="age", minimum=18, maximum=99),
)


def answered(n: int = 400, seed: int = 2011) -> PersonScores:
    """Happiness hangs on A1 and a little on B1."""
    u = lcg(n * 7, seed).reshape(-1, 7)
    levels = {q: [str(1 + int(5 * x)) for x in u[:, i]] for i, q in enumerate(("A1", "A2", "B1", "B2"))}
    levels["B2"] = ["8" if x > 0.9 else v for x, v in zip(u[:, 4], levels["B2"], strict=True)]
    happy = [
        int(np.clip(round(10 - 1.5 * (int(a) - 1) - 0.5 * (int(b) - 1) + 3 * e), 0, 10))
        for a, b, e in zip(levels["A1"], levels["B1"], u[:, 5], strict=True)
    ]
    given: dict[str, Any] = {**levels, "F1": happy}
    weight = (0.5 + u[:, 6]).tolist()
    return person_scores(scheme(), [(ASKED, block(ASKED, given, weight=weight))])


def found_in(person: PersonScores, **changes: Any) -> Drivers:
    inside = np.ones(len(person.sample), dtype=bool)
    return find_drivers(person, changes.get("outcome", outcome_values(person, "F1")), changes.get("inside", inside), {})


@pytest.fixture(scope="module")
def drivers() -> Drivers:
    return found_in(answered())


def test_lmg_of_two_dimensions_is_the_mean_of_two_orders(drivers: Drivers) -> None:
    """With two predictors LMG₁ = (r₁² + R² − r₂²) / 2, from numpy's weighted covariance of the same rows."""
    person = answered()
    rows = np.column_stack([person.dimensions, outcome_values(person, "F1")])
    weight = np.array(list(person.sample.numbers("weight")))
    r = np.cov(rows.T, aweights=weight)
    d = np.sqrt(np.diag(r))
    r = r / np.outer(d, d)
    r2 = r[:2, 2] @ np.linalg.solve(r[:2, :2], r[:2, 2])
    expected = [(r[0, 2] ** 2 + r2 - r[1, 2] ** 2) / 2, (r[1, 2] ** 2 + r2 - r[0, 2] ** 2) / 2]
    mine = drivers.frame[drivers.frame["level"] == "dimension"]
    np.testing.assert_allclose(mine["importance"], expected, rtol=1e-10)
    assert drivers.r2 == pytest.approx(r2, rel=1e-10)
    assert (drivers.leading, drivers.leads) == ("a", True)
    assert drivers.r2_low < drivers.r2 < drivers.r2_high


def test_items_within_their_dimension_and_among_all(drivers: Drivers) -> None:
    items = drivers.frame[drivers.frame["level"] == "item"].set_index("name")
    assert items.groupby("dimension")["share"].sum().tolist() == pytest.approx([1, 1])
    assert items["among_all"].sum() == pytest.approx(1)
    assert items["among_all"].idxmax() == "A1"
    assert items.loc["A1", "n"] == 400
    assert items.loc["B1", "n"] < 400  # who has no opinion on B2 is left out within B
    assert (items["share_low"] <= items["share"]).all()
    assert items.loc["A1", "clear"]


def test_the_same_draws_every_time(drivers: Drivers) -> None:
    assert drivers.frame.equals(found_in(answered()).frame)


def test_scores_are_those_of_the_results(drivers: Drivers) -> None:
    person = answered()
    weight = person.sample.numbers("weight")
    items = drivers.frame[drivers.frame["level"] == "item"]
    for j, score in enumerate(items["score"]):
        known = ~np.isnan(person.scores[:, j])
        assert score == pytest.approx(np.average(person.scores[known, j], weights=weight[known]))
    assert drivers.frame["score"].iloc[0] == pytest.approx(items["score"].iloc[:2].mean())


def test_priorities(drivers: Drivers) -> None:
    frame = drivers.frame[drivers.frame["level"] == "dimension"]
    important = frame["share"] >= 0.5
    good = frame["score"] >= frame["score"].mean()
    words = {
        (True, False): "improve_first",
        (True, True): "keep",
        (False, False): "improve_later",
        (False, True): "maintain",
    }
    assert frame["priority"].tolist() == [words[bool(i), bool(g)] for i, g in zip(important, good, strict=True)]


def test_what_turns_against_the_outcome_is_marked() -> None:
    person = answered()
    found = found_in(person, outcome=10 - outcome_values(person, "F1"))
    assert "against_outcome" in found.frame.loc[0, "note"]


def test_an_outcome_is_the_first_bounded_number_that_is_not_scored() -> None:
    assert [q.name for q in candidates(ASKED)] == ["F1", "G", "years"]
    assert outcome_of(ASKED, None).name == "F1"
    assert outcome_of(ASKED, "G").name == "G"
    for name in ("A1", "w", "nothing"):
        with pytest.raises(Refused) as refused:
            outcome_of(ASKED, name)
        assert refused.value.key == "drivers.bad_outcome"
    with pytest.raises(Refused) as refused:
        outcome_of(form(item("A1", "a")), None)
    assert refused.value.key == "drivers.no_outcome"


def test_few_complete_cases_say_so() -> None:
    person = answered()
    few = np.arange(len(person.sample)) < LEAST - 1
    with pytest.raises(Refused) as refused:
        found_in(person, inside=few)
    assert refused.value.params["n"] == LEAST - 1


def test_everyone_equally_happy_says_so() -> None:
    person = answered()
    with pytest.raises(Refused) as refused:
        found_in(person, outcome=np.full(len(person.sample), 7.0))
    assert refused.value.key == "drivers.no_variation"


def test_an_item_that_few_answered_leaves_the_others() -> None:
    person = answered()
    scores = person.scores.copy()
    scores[150:, 3] = np.nan
    frame = found_in(
        PersonScores(person.scheme, person.sample, person.items, scores, person.scored, person.weights)
    ).frame
    items = frame[frame["level"] == "item"].set_index("name")
    assert items.loc["B1", "note"] == "too_few_complete"
    assert items["among_all"].isna().all()
    assert items["priority"].isna().all()
    assert items.loc["A1", "share"] > 0
