"""What became of a loss: counted by hand, and never said where the years measured something else."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from analysis.improvement.task_outcome import COLUMNS, outcomes
from tests.tools.towns.fake_results import fake_results


def pair(*, got=None, se=1.4, score=None, points=None, label=None, note=None):
    """2013 and 2014 of the invented street; in 2014 all indicators have ``got``, items ``score`` …"""
    before, after = fake_results(2013), fake_results(2014)
    indicators, items, scores = after.indicators.copy(), after.items.copy(), after.scores.copy()
    if got is not None:
        indicators["points_got"] = before.indicators["points_got"].to_numpy(float) + got
    if points is not None:
        indicators["points"] = points
    indicators["points_lost"] = indicators["points"] - indicators["points_got"]
    items["se"] = se
    if score is not None:
        items["points_got"] = before.items["points_got"].to_numpy(float) + score
        items["points_lost"] = items["points"] - items["points_got"]
    if label is not None:
        items["label_zh"] = label
    if note is not None:
        scores["note"] = note
    return before, dataclasses.replace(after, scores=scores, items=items, indicators=indicators)


def states(found, kind):
    return set(found.loc[(found["kind"] == kind) & (found["community_code"] != "SL09"), "state"])


def test_indicators_move_exactly():
    before, after = pair(got=1.5)
    found = outcomes(before, after)
    mine = found[(found["kind"] == "objective") & (found["community_code"] == "SL06")]
    assert tuple(found.columns) == COLUMNS.names
    assert mine["regained"].to_numpy() == pytest.approx(1.5)
    assert (mine["lost_after"] == mine["points_lost"] - 1.5).all() or mine["lost_after"].to_numpy() == pytest.approx(
        mine["points_lost"].to_numpy() - 1.5
    )
    assert set(mine["state"]) == {"part"}
    assert states(outcomes(*pair(got=-0.5)), "objective") == {"none"}
    assert states(outcomes(*pair(got=0.001)), "objective") == {"none"}


def test_a_loss_that_is_gone_is_made_good():
    before, after = pair(got=0.0)
    indicators = after.indicators.copy()
    indicators["points_got"] = indicators["points"]
    indicators["points_lost"] = 0.0
    found = outcomes(before, dataclasses.replace(after, indicators=indicators))
    mine = found[found["kind"] == "objective"]
    assert set(mine["state"]) == {"full"}
    assert mine["regained"].to_numpy() == pytest.approx(mine["points_lost"].to_numpy())


def test_an_item_moves_only_beyond_its_sampling_error():
    assert states(outcomes(*pair(score=0.3)), "subjective") == {"unclear"}
    assert states(outcomes(*pair(score=3.0)), "subjective") == {"part", "full"}
    assert states(outcomes(*pair(score=-3.0)), "subjective") == {"none"}
    assert states(outcomes(*pair(score=3.0, se=np.nan)), "subjective") == {"unclear"}


def test_the_error_of_an_item_by_hand():
    before, after = pair(score=1.0)
    found = outcomes(before, after)
    row = found[(found["kind"] == "subjective") & (found["community_code"] == "SL06")].iloc[0]
    assert row["regained"] == pytest.approx(1.0)
    # 30 points: 0.3 * sqrt(1.4^2 + 1.4^2) = 0.5939697
    assert row["regained_se"] == pytest.approx(0.5939697)
    n = [fake_results(y).community("SL06")["subjective_df"] for y in (2013, 2014)]
    v = (0.3 * 1.4) ** 2
    df = (2 * v) ** 2 / (v**2 / n[0] + v**2 / n[1])
    from scipy.stats import t

    assert row["regained_half"] == pytest.approx(t.ppf(0.975, df) * 0.5939697)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"points": 71.0}, "objective"),
        ({"label": "另一题"}, "subjective"),
        ({"note": "scheme_changed"}, "objective"),
        ({"note": "panel;area_changed:旧社区"}, "subjective"),
    ],
)
def test_what_was_measured_otherwise_is_not_compared(changes, kind):
    found = outcomes(*pair(got=1.0, score=3.0, **changes))
    mine = found[found["kind"] == kind]
    assert set(mine["state"]) == {"incomparable"}
    assert mine["regained"].isna().all()


def test_another_rule_or_no_community_is_not_compared():
    before, after = pair(got=1.0)
    found = outcomes(before, after, frozenset({"ST02"}))
    assert set(found.loc[found["code"] == "ST02", "state"]) - {"unknown"} == {"incomparable"}
    gone = dataclasses.replace(after, indicators=after.indicators[after.indicators["community_code"] != "SL06"])
    lost = outcomes(before, gone)
    assert set(lost.loc[(lost["community_code"] == "SL06") & (lost["kind"] == "objective"), "state"]) == {
        "incomparable"
    }


def test_what_is_not_reported_yet_or_hidden_is_not_known():
    before, after = pair(score=3.0)
    found = outcomes(before, after)  # SL09 has no objective part in 2014
    assert set(found.loc[(found["community_code"] == "SL09") & (found["kind"] == "objective"), "state"]) == {"unknown"}
    few = dataclasses.replace(after, items=after.items.assign(n=9.0))
    assert states(outcomes(before, few), "subjective") == {"unknown"}
