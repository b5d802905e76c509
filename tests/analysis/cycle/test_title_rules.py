"""How events of titles are worded."""

from __future__ import annotations

import pytest

from analysis.cycle.title_rules import spoken_event
from dashboard.parts.decisions import verdict, verdict_short
from survey.core.lang import LANGUAGES, say
from survey.store.year.cycle import TITLE_EVENTS


@pytest.mark.parametrize(("before", "words"), [(None, "命名三星（重新命名）"), (2, "命名三星（晋升）")])
def test_who_is_named_again_after_a_revocation_does_not_rise(before: int | None, words: str) -> None:
    row = {"status": "named", "star_awarded": 3.0, "title_event": "promoted", "title_before": before}
    row["community_code"] = "A"
    assert verdict(row, {}, "zh") == (words, "good")
    assert verdict_short(row, {}, "zh") == ("重新命名三星" if before is None else "晋升三星")


def test_every_event_has_its_words() -> None:
    assert spoken_event("promoted", 0) == "renamed"
    for event in TITLE_EVENTS:
        assert spoken_event(event, 2) == event
    assert spoken_event("first", None) == "first"
    assert spoken_event("renamed", None) == "renamed"
    for lang in LANGUAGES:
        for event in (*TITLE_EVENTS, "renamed"):
            for group in ("cycle_words.title_event", "awards.event"):
                assert say(lang, f"{group}.{event}") not in ("", f"{group}.{event}")
