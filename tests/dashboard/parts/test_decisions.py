"""What is said of a community beside its calculation, for every state it can be in."""

from __future__ import annotations

import pytest

from dashboard.parts.decisions import title_held, verdict, verdict_short

CYCLE = {
    "vetoes": {"A": ["V2", "other"]},
    "recommended": {"A": 5},
    "veto_names": {"V2": {"zh": "综治（重大案事件）", "en": "Public security (major cases)"}},
}
ROW = {
    "community_code": "A",
    "status": "calculated",
    "star": 4.0,
    "star_awarded": None,
    "title_event": None,
    "title_before": 3.0,
    "title_before_year": 2013.0,
}


@pytest.mark.parametrize(
    ("row", "cycle", "long", "brief"),
    [
        ({}, {}, "", ""),
        ({"status": "recommended"}, {}, "拟推荐四星", ""),  # the stars say it already
        ({"status": "recommended"}, CYCLE, "已推荐五星，待市测评", "已推荐五星"),
        ({"status": "confirmed", "star_awarded": 3.0}, {}, "评定三星，待命名", "评定三星"),
        ({"status": "confirmed", "star_awarded": 0.0}, {}, "评定未达标", "评定未达标"),
        ({"status": "confirmed", "star_awarded": 0.0, "title_event": "revoked"}, {}, "撤销命名", "撤销命名"),
        ({"status": "named", "star_awarded": 2.0, "title_event": "demoted"}, {}, "命名二星（降星）", "降为二星"),
        ({"status": "named", "star_awarded": 4.0, "title_event": "promoted"}, {}, "命名四星（晋升）", "晋升四星"),
        (
            {"status": "vetoed", "title_event": "pending"},
            CYCLE,
            "一票否决（综治、其他），不予评定 · 原三星：待裁定",
            "一票否决（综治、其他），不予评定 · 原三星：待裁定",
        ),
    ],
)
def test_every_state_has_its_words(row, cycle, long, brief):
    said = {**ROW, **row}
    assert (verdict(said, cycle, "zh")[0], verdict_short(said, cycle, "zh")) == (long, brief)
    assert "{" not in verdict(said, cycle, "en")[0] + verdict_short(said, cycle, "en")


def test_the_title_that_is_held_is_named_with_its_year():
    assert title_held(ROW, "zh") == "现有称号：三星（2013 年）"
    assert title_held({**ROW, "title_before": None}, "zh") == ""
    for event, word in (("pending", "现有"), ("demoted", "原有"), ("kept", "原有"), ("suspended", "原有")):
        assert title_held({**ROW, "title_event": event}, "zh") == f"{word}称号：三星（2013 年）"
