"""Answers that follow from levels alone, and the quick look that says where none does."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.disclosure.alike import unlike
from analysis.disclosure.audit import Audit
from analysis.disclosure.blocks import DISTRIBUTION, TOTALS
from analysis.disclosure.decision import Decision
from analysis.sample.pooled_sample import pool
from survey.core import limits
from tests.analysis.disclosure.test_audit import places, town
from tests.tools.towns.survey_toys import block, form, item


@pytest.mark.parametrize("seed", range(0, 40, 8))
def test_where_the_quick_look_finds_nothing_there_is_nothing(seed: int) -> None:
    sample = town(seed)
    levels = places(sample, "q1")
    everybody = Audit(sample).decision(None)
    item = Decision(everybody.family, levels >= 0, everybody)  # without levels: as the sums alone would have it
    answers = np.column_stack([everybody.family.count(levels == k) for k in range(int(levels.max()) + 1)])
    told = []
    for b in range(len(everybody.family.area)):
        totals, spread = item.block(b, TOTALS), item.block(b, DISTRIBUTION)
        few = (totals.n > 0) & (totals.n < limits.NOTHING_BELOW)
        mine = answers[everybody.family.bounds[b]]
        shown = unlike(everybody.family.cells(b), mine, totals.shown, spread.shown, few)
        told.append(everybody.surroundings(b).tell(mine, few))
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
        for b in range(len(item.family.area)):
            changed += int((sums.block(b, TOTALS).shown != item.block(b, TOTALS).shown).sum())
    assert changed > 0


@pytest.mark.parametrize(
    ("five", "note"), [(["1", "1", "2", "2", "2"], "complement"), (["1", "2", "3", "4", "5"], "totals_only")]
)
def test_five_near_the_end_of_the_scale_do_not_show_what_four_of_them_said(five: list[str], note: str) -> None:
    """Interviewer A asked four women and a man.  Whose five sum up to 3 levels above the best, of those the four can't be
    more than three quarters of a level above it."""
    sex = ["f"] * 4 + ["m"] + ["f", "m"] * 30
    interviewer = ["A"] * 5 + ["B", "B", "C", "C"] * 15
    answers = five + [str(1 + k * 7 % 5) for k in range(60)]
    sample = pool(
        [(form(item("q1", "a")), block(form(item("q1", "a")), {"q1": answers}, sex=sex, interviewer=interviewer))]
    )
    table = Audit(sample).by("year", "community_code", "interviewer")
    shown = table.shown(np.ones(65, dtype=bool), places(sample, "q1"))
    assert shown.note[table.groups.keys["interviewer"] == "A"].tolist() == [note]
