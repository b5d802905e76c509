"""Answers that follow from levels alone, and the quick look that says where none does."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.disclosure.alike import unlike
from analysis.disclosure.audit import Audit
from analysis.disclosure.blocks import DISTRIBUTION, TOTALS
from analysis.disclosure.decision import Decision
from survey.core import limits
from tests.analysis.disclosure.test_audit import places, town


@pytest.mark.parametrize("seed", range(0, 40, 8))
def test_where_the_quick_look_finds_nothing_there_is_nothing(seed: int) -> None:
    sample = town(seed)
    levels = places(sample, "q1")
    everybody = Audit(sample).decision(None)
    item = Decision(everybody.family, levels >= 0, everybody)  # without levels: as the sums alone would have it
    answers = np.column_stack([everybody.family.count(levels == k) for k in range(int(levels.max()) + 1)])
    told = []
    for block in range(len(everybody.family.area)):
        totals, spread = item.block(block, TOTALS), item.block(block, DISTRIBUTION)
        few = (totals.n > 0) & (totals.n < limits.NOTHING_BELOW)
        mine = answers[everybody.family.bounds[block]]
        shown = unlike(everybody.family.cells(block), mine, totals.shown, spread.shown, few)
        told.append(everybody.surroundings(block).tell(mine, few))
        assert told[-1] or ((shown[0] == totals.shown).all() and (shown[1] == spread.shown).all())
    assert len(told) >= 2


def test_the_quick_look_finds_what_follows() -> None:
    """In some of these towns more is held back for it."""
    changed = 0
    for seed in range(12):
        sample = town(seed)
        levels = places(sample, "q1")
        audit = Audit(sample)
        sums = Decision(audit.decision(None).family, levels >= 0, audit.decision(None))
        item = audit.decision(None, levels >= 0, levels)
        for block in range(len(item.family.area)):
            changed += int((sums.block(block, TOTALS).shown != item.block(block, TOTALS).shown).sum())
    assert changed > 0
