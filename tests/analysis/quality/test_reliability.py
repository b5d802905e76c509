"""What the reliability of a questionnaire rests on: which rows, which weights, which items; and what it says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analysis.quality.question_warnings import worded
from analysis.quality.reliability import COLUMNS, MEASURE, of_questionnaire, read_answers
from tests.tools.towns.survey_toys import block, form, item, scheme

FORM = form(item("q1", "a"), item("q2", "a"), item("q3", "a"), item("q4", "b"))
#: 40 people who answer three items alike, but for the third in turn
ALIKE = [str(1 + i % 5) for i in range(40)]


def measured(answers: dict[str, list[Any]], questionnaire=FORM, populations=None, **design: Any) -> dict[str, Any]:
    parts = [(questionnaire, block(questionnaire, answers, **design))]
    return of_questionnaire(scheme(), parts, populations or {})


def dimension(found: dict[str, Any], code: str = "a") -> dict[str, Any]:
    return next(b for b in found["dimensions"] if b["dimension"] == code)


def codes(found: dict[str, Any]) -> list[str]:
    return [w["code"] for w in found["warnings"]]


def test_items_that_are_answered_alike():
    found = measured(dict.fromkeys(("q1", "q2", "q3", "q4"), ALIKE))
    one = dimension(found)
    assert one["alpha"] == pytest.approx(1)
    assert (one["k"], one["n"], one["n_scored"], one["state"]) == (3, 40, 40, "unsure")
    assert one["omega"] is None  # three times the same item is no factor model
    assert set(codes(one)) == {"alpha_high", "unsure", "scale_top"}
    assert "雷同" in worded(one["warnings"][0], "zh")
    assert one["best_share"] == pytest.approx(0.2)
    assert np.isnan([one["alpha_low"], one["alpha_high"]]).all()  # nothing to judge by
    assert dimension(found, "")["k"] == 4


def test_an_item_the_wrong_way_round_is_named():
    turned = [str(6 - int(a)) for a in ALIKE]
    one = dimension(measured({"q1": ALIKE, "q2": ALIKE, "q3": turned, "q4": ALIKE}))
    rest = {i["item"]: i["item_rest"] for i in one["items"]}
    assert rest["q3"] < -0.9
    said = [worded(w, "zh") for w in one["warnings"] if w["code"] == "item_reversed"]
    assert any("3 题中第 3 题（q3）" in s and "方向可能相反" in s for s in said)


def test_an_item_of_its_own_is_named_with_its_correlation():
    """q3 takes each level five times at every second level of the others: no correlation at all."""
    pattern = [(str(a), str(a), str(b)) for a in (1, 3) for b in (1, 2, 3, 4) for _ in range(5)]
    one = dimension(
        measured(
            {"q1": [p[0] for p in pattern], "q2": [p[1] for p in pattern], "q3": [p[2] for p in pattern], "q4": ALIKE}
        )
    )
    rest = {i["item"]: i["item_rest"] for i in one["items"]}
    assert rest["q3"] == pytest.approx(0, abs=1e-12)
    assert "item_alone" in codes(one)
    assert "0.00" in next(worded(w, "en") for w in one["warnings"] if w["code"] == "item_alone")


def test_alpha_has_its_interval_also_in_the_table():
    """R: 1 - (1 - a) * qf(c(.975, .025), 39, 39 * 2) with the a of the dimension."""
    second = [str(min(int(a) + i % 2, 4)) for i, a in enumerate(ALIKE)]
    found = measured({"q1": ALIKE, "q2": second, "q3": ALIKE, "q4": ALIKE})
    one = dimension(found)
    ends = [(1 - one[end]) / (1 - one["alpha"]) for end in ("alpha_low", "alpha_high")]
    assert ends == pytest.approx([1.68987810528, 0.562410173665])
    line = MEASURE.tables[0].frame({"questionnaires": [{**found, "name": "q", "title": "q"}]}, "zh").iloc[0]
    assert (line["alpha_low"], line["alpha_high"]) == (one["alpha_low"], one["alpha_high"])


def test_only_rows_with_an_opinion_on_every_item_of_the_dimension_count():
    second = ["8" if i < 9 else a for i, a in enumerate(ALIKE)]
    found = measured({"q1": ALIKE, "q2": second, "q3": ALIKE, "q4": ALIKE})
    one = dimension(found)
    assert (one["n"], one["n_scored"]) == (31, 40)
    assert [i["no_opinion"] for i in one["items"]] == [0, pytest.approx(9 / 40), 0]
    assert "unknown_warn" in codes(one)
    assert "（q2，22%）" in next(worded(w, "zh") for w in one["warnings"] if w["code"] == "unknown_warn")
    assert dimension(found, "b")["n"] == 40


def test_few_rows_give_nothing():
    few = ALIKE[:29]
    one = dimension(measured(dict.fromkeys(("q1", "q2", "q3", "q4"), few)))
    assert (one["state"], one["n"], one["alpha"], one["items"], one["warnings"]) == ("too_few", 29, None, [], [])


def test_one_item_and_no_variation_are_said():
    found = measured({"q1": ["2"] * 40, "q2": ["2"] * 40, "q3": ["2"] * 40, "q4": ALIKE})
    assert codes(dimension(found))[:1] == ["no_variation"]
    assert "one_item" in codes(dimension(found, "b"))


def test_modes_stand_beside_each_other_where_there_are_enough():
    modes = ["paper"] * 50 + ["phone"] * 40 + ["web"] * 10
    answers = {name: [str(1 + (i * k) % 5) for i in range(100)] for k, name in enumerate(("q1", "q2", "q3", "q4"), 1)}
    one = dimension(measured(answers, mode=modes))
    assert [(m["mode"], m["n"]) for m in one["modes"]] == [("paper", 50), ("phone", 40)]
    assert one["state"] == "ok"


def test_communities_weigh_by_their_people_and_unweighted_where_these_are_unknown():
    answers = dict.fromkeys(("q1", "q2", "q3", "q4"), ALIKE)
    responses = block(FORM, answers, community_code=["C1"] * 10 + ["C2"] * 30)
    found, _, how = read_answers(scheme(), [(FORM, responses)], {"C1": 3000.0, "C2": 1000.0})
    assert how == "population"
    assert np.unique(found.weight[:10]).tolist() == [300.0]
    assert np.allclose(found.weight[10:], 1000 / 30)
    found, _, how = read_answers(scheme(), [(FORM, responses)], {"C1": 3000.0})
    assert (how, np.unique(found.weight).tolist()) == ("none", [1.0])


def test_an_item_that_outweighs_the_others_is_named():
    heavy = form(item("q1", "a", weight=9), item("q2", "a"), item("q3", "a"), item("q4", "b"))
    answers = {name: [str(1 + (i * k) % 5) for i in range(40)] for k, name in enumerate(("q1", "q2", "q3", "q4"), 1)}
    one = dimension(measured(answers, heavy))
    assert "item_dominates" in codes(one)
    assert sum(i["variance_share"] for i in one["items"]) == pytest.approx(1)


def test_only_items_of_the_newest_version_count():
    newer = form(item("q1", "a"), item("q2", "a"))
    alike = dict.fromkeys(("q1", "q2", "q3", "q4"), ALIKE)
    parts = [(FORM, block(FORM, alike)), (newer, block(newer, {"q1": ALIKE, "q2": ALIKE}))]
    found = of_questionnaire(scheme(), parts, {})
    assert [(b["dimension"], b["k"], b["n"]) for b in found["dimensions"]] == [("a", 2, 80)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_table_has_a_row_a_dimension_and_an_item(lang):
    body = {"questionnaires": [{"name": "q", **measured(dict.fromkeys(("q1", "q2", "q3", "q4"), ALIKE))}]}
    frame = MEASURE.table().frame(body, lang)
    assert list(frame.columns) == list(COLUMNS.names)
    rows = list(zip(frame["dimension"], frame["item"].fillna(""), strict=True))
    assert rows == [("a", ""), ("a", "q1"), ("a", "q2"), ("a", "q3"), ("b", ""), ("b", "q4"), ("all", "")]
    assert frame["note"].iloc[0]
    assert MEASURE.table().frame({"questionnaires": []}, lang).empty
