"""From inputs to one ``Results``: what small groups hold back stays held back in every frame."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.scoring.results import FRAMES, Results
from analysis.scoring.score import Inputs, score_year
from survey.store.year.register import Community
from tests.tools.towns.survey_toys import block, form, item, scheme

FORM = form(*(item(name, d) for name, d in zip(("q1", "q2", "q3", "q4"), "aabb", strict=True)))


@pytest.fixture(scope="module")
def results() -> Results:
    """3 responses in C1, 12 in C2, none in C3."""
    responses = block(
        FORM, {q.name: ["1", "2", "3"] * 5 for q in FORM.questions}, community_code=["C1"] * 3 + ["C2"] * 12
    )
    tally = pd.DataFrame(
        [("C1", 3, 0, 0, 3), ("C2", 13, 1, 0, 12)],
        columns=["community_code", "received", "duplicate", "refused", "stored"],
    )
    values = pd.DataFrame(columns=["community_code", "indicator", "kind", "value"])
    communities = [Community(code, f"社区{code}", sub_district="示例街道") for code in ("C1", "C2", "C3")]
    inputs = Inputs(2014, scheme(), [(FORM, responses)], communities, values, tally, [], False, True, "")
    return score_year(inputs, None, {})


def test_a_suppressed_community_shows_no_count_and_an_empty_one_shows_none(results: Results) -> None:
    scores = {row["community_code"]: row for row in results.rows("scores")}
    flow = {row["community_code"]: row for row in results.rows("flow")}
    assert [scores[c]["n"] for c in ("C1", "C2", "C3")] == [None, 12, 0]
    assert [flow[c]["scored"] for c in ("C1", "C2", "C3")] == [None, 12, 0]
    assert [flow[c]["stored"] for c in ("C1", "C2", "C3")] == [3, 12, 0]
    assert flow["C1"]["modes"] == {}
    assert scores["C1"]["subjective"] is None
    assert scores["C1"]["note"] == "suppressed;objective_missing"
    assert "subjective_missing" in scores["C3"]["note"]


def test_the_snapshot_is_json_and_comes_back(results: Results) -> None:
    again = Results.from_json(results.to_json())
    for frame in FRAMES:
        assert again.rows(frame) == results.rows(frame)
