"""Items that run against the rest of the file: 5 typed as the best where 1 is, in one column of several.

Such a file looks right cell by cell; what gives it away is that whoever answers well elsewhere answers badly there.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from survey.core.findings import Finding
from survey.core.lang import LANGUAGES
from survey.form.answer_codes import Codes, Floats
from survey.form.model import Question, Questionnaire
from survey.matching.matched_sheet import Matched

AGAINST = "checking.runs_against"
#: rows and items from which a direction can be told; the correlation from which it is, which chance does not reach
LEAST_ROWS, LEAST_ITEMS = 20, 3
LIMIT, CHANCE = -0.3, 3.5


def against_the_rest(
    matched: Matched, form: Questionnaire, codes: Codes, numbers: dict[str, Floats], rows: npt.NDArray[np.bool_]
) -> list[Finding]:
    """One note an item whose correlation with the mean of the other scored items is clearly below 0.

    ``codes``: (n, q) the answers, ``numbers`` by question; ``rows``: those that enter.  The item that runs against the others
    most is taken out before the others are looked at again, so that one of them does not turn the rest.
    """
    items = [q for q in form.scored if q.name in matched.by_question]
    values = {q.name: _goodness(q, codes[:, form.position[q.name]], numbers.get(q.name))[rows] for q in items}
    values = {name: v for name, v in values.items() if np.isfinite(v).sum() >= LEAST_ROWS}
    found: list[Finding] = []
    while len(values) >= LEAST_ITEMS:
        told = {name: _with_rest(values, name) for name in values}
        name = min(told, key=lambda n: told[n][0])
        r, n = told[name]
        if not r <= min(LIMIT, -CHANCE / np.sqrt(max(n, 1))):
            break
        found.append(_finding(matched, form.question(name), r, n))
        del values[name]
    return found if 2 * len(found) < len(found) + len(values) else []


def _goodness(question: Question, codes: npt.NDArray[np.int16], numbers: Floats | None) -> Floats:
    """(n,) how good each answer is, higher is better; NaN where there is none."""
    if question.coding == "choice":
        told = [np.nan if c.level is None else -float(c.level) for c in question.choices]
        told = [float(c.score) if c.score is not None else t for c, t in zip(question.choices, told, strict=True)]
        good = np.array([*told, np.nan])[np.where(codes >= 0, codes, len(told))]
    elif numbers is not None:
        good = numbers.astype(float)
    else:
        good = np.where(codes >= 0, codes.astype(float), np.nan)
    return -good if question.reverse and not any(c.score is not None for c in question.choices) else good


def _with_rest(values: dict[str, Floats], name: str) -> tuple[float, int]:
    """The correlation of an item with the mean of the others' standardised values, and over how many rows."""
    mine = values[name]
    others = np.array([_standard(v) for other, v in values.items() if other != name])
    known = np.isfinite(others)
    counts = known.sum(axis=0)
    rest = np.where(known, others, 0).sum(axis=0) / np.maximum(counts, 1)
    both = np.isfinite(mine) & (2 * counts >= len(others))
    n = int(both.sum())
    if n < LEAST_ROWS or mine[both].std() == 0 or rest[both].std() == 0:
        return 0.0, n
    return float(np.corrcoef(mine[both], rest[both])[0, 1]), n


def _standard(values: Floats) -> Floats:
    spread = np.nanstd(values)
    standard: Floats = (values - np.nanmean(values)) / spread if spread else values * 0
    return standard


def _finding(matched: Matched, question: Question, r: float, n: int) -> Finding:
    column = matched.by_question[question.name][0]
    names = {lang: question.label(lang) for lang in LANGUAGES}
    params = {"question": names, "r": f"{r:.2f}".replace("-", "−"), "n": n}
    return Finding(AGAINST, "note", "sheet", matched.sheet.name, column.cell, header=column.header, params=params)
