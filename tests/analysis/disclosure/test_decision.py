"""What a decision showed is not decided again, and means nothing for other responses."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from analysis.disclosure import audit
from analysis.disclosure.audit import Audit
from analysis.disclosure.decision import Decision, Kept
from analysis.disclosure.street_sums import LEFT
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
    """Three of 18–29 in one community: one more holds back its 25, and the 45 from which they would follow."""
    sample = communities((3, 57), (25, 45), (35, 45), (35, 45))
    assert age_groups(sample, "sub_district") == [True, True]
    assert age_groups(sample, "community_code") == [False, False, False, False, True, True, True, True]


def test_what_is_left_of_a_street_beside_its_communities_are_nobody_or_twenty_five() -> None:
    """Three and fifteen are too few to be left together: a third community holds its fifteen back."""
    sample = communities((3, 57), (15, 15), (15, 15), (15, 45))
    assert age_groups(sample, "sub_district") == [True, True]
    assert age_groups(sample, "community_code") == [False, False, False, False, False, False, True, True]


@pytest.mark.parametrize(("others", "shows"), [(5, True), (4, False)])
def test_five_of_what_is_left_of_a_street_did_not_give_its_most_frequent_answer(others: int, shows: bool) -> None:
    """By hand: of 18–29 two communities hold back their 3 and their 25; of these 28 all but five, or four, answer alike."""
    sample = communities((3, 57), (25, 45), (35, 45), (35, 45))
    levels = places(sample, "q1")
    young, of = (sample.factor(name)[0] for name in ("age_band", "community_code"))
    rows = np.flatnonzero((young == 0) & (of < 2))
    assert len(rows) == 28
    levels[rows] = 0
    levels[rows[-others:]] = [1, 2, 3, 4, 2][:others]
    street, own = (Audit(sample).by(area, "year", "age_band") for area in ("sub_district", "community_code"))
    held = own.shown(levels >= 0, levels).hidden[own.groups.code[rows]]
    assert held.all()
    assert (~street.shown(levels >= 0, levels).hidden[street.groups.code[rows]]).all() == shows


@pytest.mark.parametrize("seed", range(4))
def test_so_it_is_in_random_towns(seed: int) -> None:
    sample = town(seed)
    levels, door, several = places(sample, "q1"), Audit(sample), 0
    for split in (["sex"], ["age_band"], ["interviewer"], ["sex", "age_band"], ["age_band", "mode"]):
        tables = [door.by(area, "year", *split) for area in ("sub_district", "community_code")]
        street, own = (table.shown(levels >= 0, levels) for table in tables)
        for shown, held in ((street.hidden, own.hidden), (street.spread_hidden, own.spread_hidden)):
            for group in np.flatnonzero(~shown):
                mine = (tables[0].groups.code == group) & (levels >= 0)
                left = int((mine & held[tables[1].groups.code]).sum())
                assert left == 0 or left >= LEFT
                several += left > 0
    assert several > 0 or seed == 0


@pytest.mark.parametrize("seed", range(4))
def test_what_a_community_holds_back_its_street_holds_back_too(seed: int) -> None:
    """Of interviewers, batches and two variables together: what the street shows is a sum of what its communities show."""
    sample = town(seed)
    levels, door, tried = places(sample, "q1"), Audit(sample), 0
    for split in (["interviewer"], ["batch_id"], ["sex", "age_band"], ["age_band", "interviewer"]):
        tables = [door.by(area, "year", *split) for area in ("sub_district", "community_code")]
        street, own = (table.shown(levels >= 0, levels) for table in tables)
        same = split == ["batch_id"]  # here a batch is a mode, or nearly
        for shown, held in ((street.hidden, own.hidden), (street.spread_hidden, own.spread_hidden)):
            for group in np.flatnonzero(~shown):
                mine = (tables[0].groups.code == group) & (levels >= 0)
                assert same or not held[tables[1].groups.code[mine]].any()
                tried += 1
    assert tried > 0


def test_a_street_holds_back_what_is_worth_less_than_what_a_community_would_have_to() -> None:
    """Of eight people beside sixty: the street's 18 and 50 rather than the 60."""
    sample = communities((3, 5), (15, 45))
    assert age_groups(sample, "sub_district") == [False, False]
    assert age_groups(sample, "community_code") == [False, False, True, True]
