"""What the page of drivers says of an item follows its numbers, and is the same in chart, table, sentence and file."""

from __future__ import annotations

import pytest

from analysis.quality.drivers_measure import MEASURE, decided, priority_text, reading
from dashboard.pages.drivers.page import _dot, _line, first_words
from tests.tools.dashboard_tools import words


def row(name: str = "A1", priority: str | None = "improve_first", clear: bool = True, **more):
    return {
        "level": "item",
        "dimension": "autonomy",
        "name": name,
        "label_zh": f"题目{name}",
        "label_en": name,
        "n": 300,
        "score": 70.0,
        "correlation": 0.4,
        "share": 0.3,
        "share_low": 0.25,
        "share_high": 0.35,
        "among_all": 0.3,
        "among_all_low": 0.25,
        "among_all_high": 0.35,
        "priority": priority,
        "clear": clear,
        "note": "",
        **more,
    }


@pytest.mark.parametrize(
    ("priority", "clear", "said"),
    [
        ("improve_first", True, "优先改进"),
        ("improve_first", False, "未定"),
        ("maintain", True, "维持现状"),
        ("maintain", False, "未定"),
        (None, False, None),
    ],
)
def test_chart_table_and_file_say_one_thing_of_an_item(priority, clear, said):
    one = row(priority=priority, clear=clear)
    assert priority_text(one, "zh") == said
    dot = _dot(one, "A1", "among_all", "zh")
    assert dot.hover.endswith(said or "—")
    assert dot.priority == (priority if clear else "")
    assert words(_line(one, ["A1"], "share", "zh", among=True)).split()[-2] == (said or "—")
    body = {"rows": [one]}
    assert MEASURE.table().frame(body, "zh")["priority_text"].fillna("").tolist() == [said or ""]


def test_what_chance_could_turn_round_contradicts_nothing():
    """All communities together and one of them lie on two sides of the average, neither of them surely."""
    everybody, one = row(priority="maintain", clear=False), row(priority="improve_first", clear=False)
    assert priority_text(everybody, "zh") == priority_text(one, "zh") == "未定"
    assert decided(everybody) == decided(one) == ""


def test_the_line_over_a_chart_names_what_is_sure_and_counts_what_is_not():
    names = [f"题目{k}" for k in range(5)]
    sure = [row(clear=True) for _ in names]
    assert first_words(sure, names, "zh") == "重要而得分偏低：题目0、题目1、题目2等 5 项"
    mixed = [row(clear=k == 1) for k in range(5)]
    assert first_words(mixed, names, "zh") == "重要而得分偏低：题目1；另有 4 项数值如此，但与平均重要性拉不开，未定"
    none = [row(clear=False), *(row(priority="keep") for _ in range(4))]
    assert (
        first_words(none, names, "zh")
        == "没有能确定为重要而得分偏低的项；另有 1 项数值如此，但与平均重要性拉不开，未定"
    )
    assert first_words([row(priority="keep")], ["题目"], "zh") == "没有能确定为重要而得分偏低的项"


@pytest.mark.parametrize(
    ("k", "low", "leads", "end"),
    [
        (2, 0.4, True, "联系最强。"),
        (2, 0.4, False, "数值最大，但与其后的拉不开。"),
        (2, None, False, "数值最大；没有抽样误差，不能说是否领先。"),
        (1, 0.4, False, "只有这一个维度，无从比较。"),
    ],
)
def test_the_reading_says_no_more_of_the_first_than_its_numbers(k, low, leads, end):
    rows = [row(name, level="dimension", share_low=low, share_high=low and 0.6) for name in ("a", "b")[:k]]
    body = {"rows": rows, "leading": "a", "leads": leads, "r2": 0.3, "r2_low": low, "r2_high": low}
    assert reading({**body, "outcome": {"label_zh": "幸福吗"}}, "zh").endswith(end)
