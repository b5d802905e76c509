"""Words and codes of a file that fit the questionnaire one by one but not as a scale: asked about, never silent.

不满意 is level 4 of 很满意/满意/一般/不满意/很不满意 and the worst of 很满意/满意/基本满意/不太满意/不满意; which of them a
file means only its other words tell.  SPSS files say themselves what their codes mean.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from survey.findings import Finding
from survey.form.model import Questionnaire
from survey.matching import ColumnMatch, Matched
from survey.sources.platforms.spss import label_conflict
from survey.wordings import Wording, scale_questions


def scale_findings(
    matched: Matched, form: Questionnaire, words: Sequence[Wording], legends: Collection[str] = ()
) -> list[Finding]:
    """One question a list of choices whose words mean something else in the file than in the questionnaire.

    ``legends``: questions whose codes the file explains itself.  What a person has mapped is settled; a list whose words all fit, or simply do not, needs no question (the cells
    that hold no choice are findings of their own).
    """
    found = [
        f for f in (_labels(matched, form, c) for c in matched.columns if c.question not in legends) if f is not None
    ]
    return [*found, *scale_questions(words, matched.sheet.name)]


def _labels(matched: Matched, form: Questionnaire, column: ColumnMatch) -> Finding | None:
    lay = next((c for c in matched.layout.columns if c.index == column.index), None)
    if column.question is None or lay is None or not lay.labels:
        return None
    return label_conflict(matched.layout, lay, form.question(column.question))
