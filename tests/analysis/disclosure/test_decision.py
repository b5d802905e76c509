"""What a decision showed is not decided again, and means nothing for other responses."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from analysis.disclosure import audit
from analysis.disclosure.audit import Audit
from analysis.disclosure.decision import Decision, Kept
from analysis.sample.pooled_sample import Pool
from survey.core import limits
from tests.analysis.disclosure.test_audit import places, town

TABLES = (("community_code", "year", "sex", "interviewer"), ("sub_district", "year", "age_band", "mode"))


def shown(sample: Pool, kept: Kept) -> list[list[str]]:
    levels = places(sample, "q1")
    door = Audit(sample, kept)
    return [door.by(*columns).shown(levels >= 0, levels).note.tolist() for columns in TABLES]


@pytest.fixture
def decided(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many blocks were decided for an item."""
    count: Counter[str] = Counter()
    usual = Decision._decide_item

    def counted(self: Decision, block: int) -> None:
        count["blocks"] += 1
        usual(self, block)

    monkeypatch.setattr(Decision, "_decide_item", counted)
    return count


def test_what_is_kept_is_shown_and_not_decided_again(decided: Counter[str]) -> None:
    kept: Kept = {}
    first = shown(town(3), kept)
    times = decided["blocks"]
    assert times > 0
    assert "complement" in str(first)
    assert shown(town(3), kept) == first
    assert decided["blocks"] == times


def test_other_responses_limits_or_methods_are_decided_anew(
    decided: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: Kept = {}
    shown(town(3), kept)
    names = set(kept)
    for change in (lambda: None, lambda: monkeypatch.setattr(limits, "NOTHING_BELOW", 4)):
        change()
        times = decided["blocks"]
        shown(town(4), kept)
        assert decided["blocks"] > times
        assert not names & set(kept)
        names = set(kept)
    monkeypatch.setattr(audit, "METHOD", audit.METHOD + 1)
    times = decided["blocks"]
    shown(town(4), kept)
    assert decided["blocks"] > times


def test_one_answer_more_is_another_decision(decided: Counter[str]) -> None:
    sample, kept = town(3), Kept()
    levels = places(sample, "q1")
    Audit(sample, kept).by(*TABLES[0]).shown(levels >= 0, levels)
    times = decided["blocks"]
    other = np.where(np.arange(len(levels)) == 0, (levels[0] + 1) % 5, levels)
    Audit(sample, kept).by(*TABLES[0]).shown(other >= 0, other)
    assert decided["blocks"] > times


def test_what_is_kept_of_other_cells_is_not_believed(decided: Counter[str]) -> None:
    kept: Kept = {}
    first = shown(town(3), kept)
    times = decided["blocks"]
    for places_ in kept.values():
        places_.update(dict.fromkeys(places_, "A" * 400))
    assert shown(town(3), kept) == first
    assert decided["blocks"] == 2 * times
