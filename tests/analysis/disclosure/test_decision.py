"""What a decision showed is not decided again, and means nothing for other responses."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from analysis.disclosure import audit
from analysis.disclosure.audit import Audit
from analysis.disclosure.decision import Decision, Kept
from analysis.sample.pooled_sample import Pool, pool
from survey.core import limits
from tests.analysis.disclosure.test_audit import audited, places, town
from tests.tools.attack import Attack
from tests.tools.towns.survey_toys import block, form, item

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


def communities(*sizes: tuple[int, int]) -> Pool:
    """Communities of so many people of 18–29 and of 30–44, as many women as men, all asked by one interviewer."""
    n = sum(map(sum, sizes))
    questions = form(item("q1", "a"))
    columns = {
        "community_code": [f"C{i}" for i, size in enumerate(sizes) for _ in range(sum(size))],
        "mode": ["paper"] * n,
        "batch_id": [1] * n,
        "interviewer": ["pa1"] * n,
        "sex": (["f", "m"] * n)[:n],
        "age_band": [band for young, old in sizes for band in ["18-29"] * young + ["30-44"] * old],
    }
    return pool([(questions, block(questions, {"q1": [str(k % 5 + 1) for k in range(n)]}, **columns))])


def age_groups(sample: Pool, area: str) -> list[bool]:
    """Whether each age group of an area shows its distribution; nothing follows."""
    levels = places(sample, "q1")
    assert Attack(sample, levels, audited(sample)).found() == {}
    shown = Audit(sample).by(area, "year", "age_band").shown(levels >= 0, levels)
    assert (shown.hidden == shown.spread_hidden).all()
    return [not hidden for hidden in shown.hidden]


def test_a_community_holds_small_cells_back_so_that_the_street_keeps_its_sums() -> None:
    """Three of 18–29 in one community: one more holds back its 15, and the 45 from which they would follow."""
    sample = communities((3, 57), (15, 45), (15, 45), (15, 45))
    assert age_groups(sample, "sub_district") == [True, True]
    assert age_groups(sample, "community_code") == [False, False, False, False, True, True, True, True]


def test_a_street_holds_back_what_is_worth_less_than_what_a_community_would_have_to() -> None:
    """Of eight people beside sixty: the street's 18 and 50 rather than the 60."""
    sample = communities((3, 5), (15, 45))
    assert age_groups(sample, "sub_district") == [False, False]
    assert age_groups(sample, "community_code") == [False, False, True, True]
