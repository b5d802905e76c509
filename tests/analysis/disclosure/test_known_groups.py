"""Groups of which the answers are known, laid out once for everybody."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analysis.disclosure.alike import unlike
from analysis.disclosure.audit import Audit
from analysis.disclosure.blocks import DISTRIBUTION, TOTALS
from analysis.disclosure.decision import Decision
from analysis.disclosure.known_groups import Groups, lay_groups
from survey.core import limits
from tests.analysis.disclosure.test_audit import places, town


@pytest.mark.parametrize("seed", range(0, 40, 8))
def test_what_is_laid_out_for_everybody_serves_an_item(seed: int) -> None:
    """Taking away what an item does not show leaves the groups that laying them out anew finds."""
    sample = town(seed)
    levels = places(sample, "q1")
    everybody = Audit(sample).decision(None)
    item = Decision(everybody.family, levels >= 0, everybody)  # without levels: as the sums alone would have it
    answers = np.column_stack([everybody.family.count(levels == k) for k in range(int(levels.max()) + 1)])
    compared = 0
    for b in range(len(everybody.family.area)):
        cells, totals, spread = everybody.family.cells(b), item.block(b, TOTALS), item.block(b, DISTRIBUTION)
        mine = answers[everybody.family.bounds[b]]
        there = mine.sum(axis=1) > 0
        served = everybody.surroundings(b).of_item(there, totals.shown, spread.shown)
        anew = lay_groups(cells, cells.columns * there[:, None], totals.shown, spread.shown)
        assert telling(served, mine) == telling(anew, mine)
        few = (totals.n > 0) & (totals.n < limits.NOTHING_BELOW)
        held = [unlike(cells, mine, totals.shown, spread.shown, few, a) for a in (None, everybody.surroundings(b))]
        assert [h.tolist() for h in held[0]] == [h.tolist() for h in held[1]]
        compared += len(telling(anew, mine))
    assert compared > 10


def telling(groups: Groups, answers: Any) -> set[tuple[bool, bytes]]:
    """The groups of whose members not all answers were given, each with how it is known."""
    there = answers.sum(axis=1) > 0
    given = groups.members.T @ answers
    some = (given.sum(axis=1) > 0.5) & (given < 0.5).any(axis=1)
    return {(bool(groups.exact[g]), (groups.members[there, g] > 0.5).tobytes()) for g in np.flatnonzero(some).tolist()}
