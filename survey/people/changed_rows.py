"""People of a file who are stored with other answers, or in another community: one question for all of them.

Their new answers take the place of the old ones row by row; everybody else of the earlier files stays.  Whether it is the same
people is told by what they answered: who corrects a sheet changes little of it, other people agree no more than any two do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection

from survey.answers.respondents import respondent_keys
from survey.coding.coded_sheet import CodedSheet
from survey.core.findings import Finding
from survey.decisions.carried_out import TAKE_NEW, Decision
from survey.form.model import Questionnaire
from survey.people.duplicates import FIRST_ROWS, Verdict
from survey.store.intake import batches, identities, loading, questionnaires
from survey.store.year import register

CHANGED, BY_PHONE = "checking.changed_rows", "identities.changed_rows"
#: all of them say what was corrected since: an old file
OLD = "checking.corrected_before"
#: so far from what any two people have in common to everything, and two sheets are one person's
SAME_PERSON = 0.35
#: what any two people have in common where too few are stored to say it
IN_COMMON = 0.4
#: rows that are compared, and stored responses that they are held against
SOME_ROWS, SOME_STORED = 60, 200
#: roles that say who somebody is and stay in a correction
_PERSONAL = frozenset({None, "", "sex", "age", "age_band"})

_Codes = npt.NDArray[np.int16]


def takes_new(answer: Decision | None) -> bool:
    """Whether a person said, of a question that proposes otherwise, that the new answers take the place of the old."""
    return answer is not None and answer.action == "set" and answer.value.strip() in TAKE_NEW


def old_ones(verdict: Verdict) -> dict[int, tuple[int, ...]]:
    """Data row → the stored response of the same person: with other answers, or in another community."""
    found: dict[int, tuple[int, ...]] = {row: (number,) for row, (number, *_) in verdict.met.items()}
    return found | {m.row: (m.id,) for m in verdict.moved}


def is_old_file(conn: Connection, coded: CodedSheet, questionnaire: str, verdict: Verdict) -> bool:
    """Whether everybody who is stored otherwise says what was corrected since, where they stood then."""
    rows = old_ones(verdict)
    gone = identities.corrected(conn, questionnaire, list(coded.years)) if rows else None
    if gone is None or gone.empty:
        return False
    names = {c.id: c.name for c in register.communities(conn)}
    places = [names.get(i, "") if pd.notna(i) else "" for i in gone["community_id"]]
    folds = respondent_keys(gone["respondent"], gone["mode"], with_mode=coded.form.mode_in_key)
    known = set(zip(gone["year"].tolist(), places, folds, gone["answers_hash"].tolist(), strict=True))
    years, places, digests = (coded.keys[c].tolist() for c in ("year", "place", "digest"))
    said = list(zip(years, places, coded.folds, digests, strict=True))
    return all(said[row] in known for row in rows)


def is_same_people(conn: Connection, coded: CodedSheet, verdict: Verdict) -> bool:
    """Whether those who are stored with other answers are the same people by what they answered."""
    rows = sorted(verdict.met)
    rows = rows[:: max(1, -(-len(rows) // SOME_ROWS))]
    told = loading.some_codes(conn, [verdict.met[r][0] for r in rows])
    others = loading.some_codes(conn, (), {verdict.met[r][1] for r in rows}, SOME_STORED)
    forms = {form_id: _in_both(coded.form, questionnaires.by_id(conn, form_id).form) for form_id, _ in others.values()}
    forms |= {f: _in_both(coded.form, questionnaires.by_id(conn, f).form) for f, _ in told.values() if f not in forms}
    same, between = [], []
    for row in rows:
        number = verdict.met[row][0]
        if number not in told:
            continue
        same.append(_shared(coded.codes[row], *told[number], forms))
        between += [_shared(coded.codes[row], *one, forms) for at, one in others.items() if at != number]
    found, usual = _mean(same, 1.0), min(_mean(between, IN_COMMON), 0.99)
    return (found - usual) / (1 - usual) >= SAME_PERSON


def changed_question(conn: Connection, coded: CodedSheet, verdict: Verdict, code: str = "") -> Finding:
    """The one question about all of them, under this code or the one that fits the sheet."""
    rows = sorted(old_ones(verdict))
    of = sorted({batch for _, batch, _ in verdict.met.values()} | {m.batch for m in verdict.moved})
    numbers = [coded.row_numbers[row] for row in rows]
    named = int(sum(name is not None for name in coded.named))
    same = int(verdict.skip.sum())
    params: dict[str, Any] = {
        "n": len(rows),
        "batches": of,
        "batch": "、".join(map(str, of)),
        "file": list(dict.fromkeys(batches.get(conn, number).file for number in of)),
        "others": len(verdict.met),
        "moved": len(rows) - len(verdict.met),
        "same": same,
        "new": max(named - len(rows) - same, 0),
        "rows": "、".join(map(str, numbers[:FIRST_ROWS])),
        "suggestion": "" if coded.by_phone or code else "2-",
    }
    code = code or (BY_PHONE if coded.by_phone else CHANGED)
    if verdict.met:  # the first of them is shown beside what is stored
        first = min(verdict.met)
        _, batch, row = verdict.met[first]
        params |= {"row": coded.row_numbers[first], "of": batch, "other": row}
    cell = coded.respondent_cells[rows[0]]
    return Finding(code, "ask", "sheet", coded.sheet.name, cell, 0, coded.respondent_header, params)


def _in_both(here: Questionnaire, there: Questionnaire) -> Sequence[tuple[int, int]]:
    """Places of the closed questions that both versions have alike."""
    stored = {q.name: q for q in there.questions}
    return [
        (here.position[q.name], there.position[q.name])
        for q in here.questions
        if q.coding in ("choice", "step") and q.role in _PERSONAL and stored.get(q.name) == q
    ]


def _shared(mine: _Codes, form_id: int, theirs: _Codes, forms: Mapping[int, Sequence[tuple[int, int]]]) -> float:
    """Share of the questions answered in both that are answered alike; NaN where there is none."""
    pairs = forms[form_id]
    a, b = mine[[i for i, _ in pairs]], theirs[[j for _, j in pairs]]
    both = (a >= 0) & (b >= 0)
    return float((a == b)[both].mean()) if both.any() else float("nan")


def _mean(shares: Sequence[float], otherwise: float) -> float:
    known = [share for share in shares if share == share]
    return sum(known) / len(known) if known else otherwise
