"""Answers that follow from levels alone."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.disclosure.audit import Audit
from analysis.disclosure.blocks import TOTALS
from analysis.disclosure.decision import Decision
from analysis.sample.pooled_sample import pool
from tests.analysis.disclosure.test_audit import places, town
from tests.tools.towns.survey_toys import block, form, item


def test_more_is_held_back_where_answers_follow() -> None:
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
