"""Many tasks in the order in which they are worth a look, and what became of one in words."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import Any

import pytest

from analysis.improvement.lost_points import loss_frame
from analysis.improvement.task_list import TaskRow, compose, grouped, outcome_words, worse
from analysis.improvement.task_outcome import outcomes
from survey.core import limits
from tests.tools.towns.fake_results import fake_results


def row(code: str, lost: float, *, kind: str = "objective", points: float = 12.0, community: str = "A") -> TaskRow:
    loss = {"community_code": community, "kind": kind, "code": code, "points": points, "points_lost": lost}
    return TaskRow(loss, None, None, None, None)


def test_one_indicator_of_all_communities_stands_together_the_most_lost_first() -> None:
    """Q1 loses 9 together, X 8, Y 7; Q2 loses 11 of 48 points, less than a quarter, and comes last."""
    rows = [
        row("X", 8),
        *[row("Y", lost, community=c) for c, lost in zip("AB", (3, 4), strict=True)],
        *[row("Q2", 2.75, kind="subjective", community=c) for c in "ABCD"],
        *[row("Q1", 3, kind="subjective", community=c) for c in "ABC"],
    ]
    groups = grouped(rows)
    assert [(g.key[1], g.lost, g.small) for g in groups] == [
        ("Q1", 9, False),
        ("X", 8, False),
        ("Y", 7, False),
        ("Q2", 11, True),
    ]
    assert [r.loss["points_lost"] for r in groups[2].rows] == [4, 3]
    assert [g.entered for g in groups] == [0] * 4
    assert grouped([]) == ()


def test_a_list_is_ranked_like_that_whole_and_of_one_community() -> None:
    found = compose(None, fake_results(2014), None, None)
    for rows in (found.chosen(), found.chosen(["SL06"])):
        assert list(rows) == [r for group in grouped(rows) for r in group.rows]
    assert len(found.chosen()) == len(found.rows)
    lost = [r.loss["points_lost"] for r in found.chosen(["SL06"]) if r.loss["kind"] == "objective"]
    assert lost == sorted(lost, reverse=True)


@pytest.mark.parametrize(
    ("state", "regained", "half", "said"),
    [
        ("none", 0.0, None, "未补上"),
        ("none", -1.25, None, "未补上，又多失 1.3 分"),
        ("none", -1.25, 0.4, "未补上，又多失 1.3 ± 0.4 分"),
        ("part", 1.5, None, "部分补上（+1.5 分）"),
        ("unclear", -0.5, 0.9, "无明显变化（−0.5 ± 0.9 分）"),
        ("unknown", None, None, "下年无得分"),
    ],
)
def test_what_got_worse_says_so(state: str, regained: float | None, half: float | None, said: str) -> None:
    outcome: dict[str, Any] = {"state": state, "regained": regained, "regained_half": half}
    assert outcome_words("zh", outcome) == said
    assert worse(outcome) == ("多失" in said)
    assert not worse(None)


def test_what_some_results_lost_is_listed_once_and_anew_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    monkeypatch.setattr("analysis.improvement.task_list._LOST", OrderedDict())  # other tests list the same results
    monkeypatch.setattr(
        "analysis.improvement.task_list.loss_frame", lambda *asked: made.append(asked) or loss_frame(*asked)
    )
    computed = fake_results(2014)
    first = compose(None, computed, None, None)
    assert first.rows
    assert compose(None, computed, None, None).rows == first.rows
    assert len(made) == 1
    again = replace(computed, meta={**computed.meta, "data_version": -1})  # other results of the same year
    assert compose(None, again, None, None).rows == first.rows
    assert len(made) == 2
    monkeypatch.setattr(limits, "TOTALS_BELOW", 10_000)  # what is held back is another
    kinds = {row.loss["kind"] for row in compose(None, computed, None, None).rows}
    assert kinds == {"objective"}
    with pytest.raises(TypeError):
        first.rows[0].loss["points_lost"] = 0.0  # type: ignore[index]


def test_two_years_are_compared_once_whoever_lists_them(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[Any] = []
    monkeypatch.setattr("analysis.improvement.task_list._COMPARED", OrderedDict())  # other tests list the same results
    monkeypatch.setattr(
        "analysis.improvement.task_list.outcomes", lambda *asked: compared.append(asked) or outcomes(*asked)
    )
    before, after = fake_results(2013), fake_results(2014)
    first = compose(None, after, before, None)
    assert compose(None, after, before, None).rows == first.rows
    assert compose(None, before, None, after).rows[0].outcome is not None
    assert len(compared) == 1
    again = replace(after, meta={**after.meta, "data_version": -1})  # other results of the same year
    assert compose(None, again, before, None).since == first.since
    assert len(compared) == 2
    with pytest.raises(TypeError):
        first.since[0]["state"] = "full"  # type: ignore[index]
