"""What a survey team told of its design, where it contradicts itself: no error uses it, and a note says whose it is."""

from __future__ import annotations

import numpy as np

from analysis.sample.pooled_sample import group_by, pool
from analysis.tables.estimates import estimate_table
from survey.form.model import Question
from tests.tools.towns.survey_toys import block, form, item


def test_a_contradiction_is_a_note_of_its_community_with_the_batches() -> None:
    told = form(item("q1", "a"), Question("f", "decimal", role="fpc"))
    codes, fpc = ["C1"] * 4 + ["C2"] * 4, [9.0, 9, 90, 9, 50, 50, 50, 50]
    answers = {"q1": ["1"] * 8}
    one = pool([(told, block(told, answers, community_code=codes, fpc=fpc, batch_id=[3, 3, 5, 5, 7, 7, 7, 7]))])
    groups = group_by({"community_code": one.community}, len(one))
    _, notes = one.sample_notes(groups)
    assert notes.tolist() == ["fpc_contradicts:3,5", ""]
    assert one.design.population.tolist() == [np.inf, 50.0]
    sound = pool([(told, block(told, answers, community_code=codes, fpc=[50.0] * 8))])
    assert sound.sample_notes(groups)[1].tolist() == ["", ""]


def test_a_population_of_buildings_says_nothing_of_persons_drawn_otherwise() -> None:
    """3 of 60 buildings beside 6 persons of another questionnaire: no correction for either; by itself the first has it."""
    drawn = form(item("q1", "a"), Question("p", "text", role="psu"), Question("f", "decimal", role="fpc"))
    plain = form(item("q1", "a"))
    answers = {"q1": ["1", "2", "3"] * 2}
    told = (drawn, block(drawn, answers, psu=["x", "y", "z"] * 2, fpc=[60.0] * 6))
    both = [told, (plain, block(plain, answers))]
    assert pool([told]).design.population.tolist() == [60.0]
    assert pool(both).design.population.tolist() == [np.inf]
    found = estimate_table(both, items=["q1"], by=["community"], populations={})
    assert "fpc_left_out" in found["note"].iloc[0].split(";")
    elsewhere = [told, (plain, block(plain, answers, community_code="C2"))]
    assert pool(elsewhere).design.population.tolist() == [60.0, np.inf]
