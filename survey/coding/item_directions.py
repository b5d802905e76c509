"""Items that run against the rest of the file: 5 typed as the best where 1 is, in one column of several.

Such a file looks right cell by cell; what gives it away is that whoever answers well elsewhere answers badly there.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from survey.answers.values import reader
from survey.core.cells import answer_key
from survey.core.findings import Finding
from survey.core.lang import LANGUAGES
from survey.files.readers.distinct_values import columns_of
from survey.form.answer_codes import Codes, Floats
from survey.form.model import Question, Questionnaire
from survey.matching.matched_sheet import Matched

AGAINST = "checking.runs_against"
#: rows and items from which a direction can be told; the correlation from which it is, and the probability with which
#: chance alone reaches it: that of 3.5 standard deviations
LEAST_ROWS, LEAST_ITEMS = 20, 3
LIMIT, CHANCE = -0.3, 2.33e-4
#: rows of which correlations are near enough (0.01) to those of all to tell that none is half the limit
ENOUGH_ROWS = 10_000
#: a spread of standardised values that is nothing but what taking one number off a sum leaves behind
ALIKE = 1e-9


def against_the_rest(
    matched: Matched, form: Questionnaire, codes: Codes, numbers: dict[str, Floats], rows: npt.NDArray[np.bool_]
) -> list[Finding]:
    """One note an item whose correlation with the mean of the other scored items is clearly below 0.

    ``codes``: (n, q) the answers, ``numbers`` by question; ``rows``: those that enter.  The item that runs against the others
    most is taken out before the others are looked at again, so that one of them does not turn the rest.
    """
    items = [q for q in form.scored if q.name in matched.by_question]
    entering = np.flatnonzero(rows)
    if len(entering) > 2 * ENOUGH_ROWS:  # many rows, and a part of them says plainly that no item comes near the limit
        some = _standardised(items, form, codes, numbers, entering[:: len(entering) // ENOUGH_ROWS])
        if len(some) == len(items) and all(r > LIMIT / 2 for r, _ in _with_rest(some).values()):
            return []
    standard = _standardised(items, form, codes, numbers, entering)
    found: list[Finding] = []
    while len(standard) >= LEAST_ITEMS:
        told = _with_rest(standard)
        name = min(told, key=lambda n: told[n][0])
        r, n = told[name]
        if not r <= min(LIMIT, _reached_by_chance(n)):
            break
        found.append(_finding(matched, form.question(name), r, n))
        del standard[name]
    return found if 2 * len(found) < len(found) + len(standard) else []


def is_turned(matched: Matched, form: Questionnaire, words: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether the items of ``words`` (question → word → name of its choice), read like this, run clearly against the other scored
    items and points of the sheet: then their scale is meant the other way round."""
    mine: list[Floats] = []
    others: list[Floats] = []
    items = [q for q in form.questions if (q.scored and q.coding == "choice") or (q.type == "range" and not q.role)]
    items = [q for q in items if len(matched.by_question.get(q.name, ())) == 1]
    columns = {q.name: matched.by_question[q.name][0] for q in items}
    cells = columns_of(matched.sheet.rows, matched.first, [c.index for c in columns.values()])
    for question in items:
        said, read = words.get(question.name), reader(question)
        column = cells[columns[question.name].index]
        places = {c.name: i for i, c in enumerate(question.choices)}
        values = [
            places.get(said.get(answer_key(v), ""), -1) if said else -1 if (r := read(v)).problem else r.code
            for v in column.values
        ]
        codes = np.array([*values, -1], dtype=np.int16)[column.codes]
        good = _goodness(question, codes, None)
        if np.isfinite(good).sum() >= LEAST_ROWS:
            (mine if said else others).append(_standard(good))
    if not mine or not others:
        return False
    one, rest = (np.ma.masked_invalid(np.array(side)).mean(axis=0).filled(np.nan) for side in (mine, others))
    both = np.isfinite(one) & np.isfinite(rest)
    return _correlation(one[both], rest[both]) <= min(LIMIT, _reached_by_chance(int(both.sum())))


def _standardised(
    items: list[Question], form: Questionnaire, codes: Codes, numbers: dict[str, Floats], rows: npt.NDArray[np.intp]
) -> dict[str, Floats]:
    """Item → (len(rows),) how good each answer is, standardised; without items that too few answered."""
    told = {
        q.name: _goodness(q, codes[rows, form.position[q.name]], numbers[q.name][rows] if q.name in numbers else None)
        for q in items
    }
    return {name: _standard(v) for name, v in told.items() if np.isfinite(v).sum() >= LEAST_ROWS}


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


def _with_rest(standard: dict[str, Floats]) -> dict[str, tuple[float, int]]:
    """Each item's correlation with the mean of the others' standardised values, and over how many rows.

    The sum over all items is made once, and each taken off it: a file of many items costs no more than their number.
    """
    known = {name: np.isfinite(v) for name, v in standard.items()}
    filled = {name: np.where(known[name], v, 0) for name, v in standard.items()}
    counts, total = sum(k.astype(np.intp) for k in known.values()), sum(filled.values())
    told = {}
    for name, mine in filled.items():
        others = counts - known[name]
        both = known[name] & (2 * others >= len(standard) - 1)
        rest = ((total - mine) / np.maximum(others, 1))[both]
        told[name] = (_correlation(mine[both], rest), int(both.sum()))
    return told


def _reached_by_chance(n: int) -> float:
    """The correlation of ``n`` rows below which two unrelated columns come with the probability ``CHANCE`` (Student's t)."""
    t = float(stdtrit(n - 2, 1 - CHANCE)) if n > 2 else np.inf
    return -t / np.sqrt(t * t + n - 2) if np.isfinite(t) else -1.0


def _correlation(one: Floats, other: Floats) -> float:
    """Pearson's correlation; 0 over too few rows, or where one of them says the same everywhere."""
    if len(one) < LEAST_ROWS or min(one.std(), other.std()) < ALIKE:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def _standard(values: Floats) -> Floats:
    spread = np.nanstd(values)
    standard: Floats = (values - np.nanmean(values)) / spread if spread else values * 0
    return standard


def _finding(matched: Matched, question: Question, r: float, n: int) -> Finding:
    column = matched.by_question[question.name][0]
    names = {lang: question.label(lang) for lang in LANGUAGES}
    params = {"question": names, "r": f"{r:.2f}".replace("-", "−"), "n": n}
    return Finding(AGAINST, "note", "sheet", matched.sheet.name, column.cell, header=column.header, params=params)
