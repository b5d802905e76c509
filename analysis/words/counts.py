"""How many said what: shares of the codes with their intervals, as ``estimate`` gives those of a question with several answers.

The codes stand in the question's place, so that filters, groups, weights, errors and what may be shown of few people are the
same as everywhere (``tables.estimates``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.sample.filters import make_filters
from analysis.sample.grouping import column_of
from analysis.sample.pooled_sample import pool
from analysis.statistics.differences import benjamini_hochberg, difference_test, satterthwaite
from analysis.tables.stored_estimates import estimate_for
from analysis.words.answers import Asked
from survey.form.answer_codes import BLANK, ResponseBlock
from survey.form.model import Choice, Question, Questionnaire
from survey.store import Store
from survey.store.intake.questionnaires import StoredForm

YEAR = "year"
COLUMNS = ("n", "share", "se", "share_low", "share_high", "df")


def counts(store: Store, asked: Asked, by: Sequence[str] = (YEAR,), where: Sequence[str] = ()) -> pd.DataFrame:
    """The columns of ``by``, ``code`` (its id, 0 for the row that only says why nothing is shown), ``name, n, said, share,
    se, share_low, share_high, df, note``: of the answers that stand for all (``Asked.counted``); ``n`` is their number,
    ``said`` how many of them were given the code.

    Raises Refused as ``estimate`` does, also where nothing is coded in its turn yet.
    """
    counted = {a.response_id for year in {a.year for a in asked.answers} for a in asked.counted(year)}
    turned = _Turned(asked, counted)
    found = estimate_for(store, asked.name, [asked.question], by, where=where, turned=turned)
    names = {str(code.id): code.name for code in asked.codes}
    keys = list(found.columns[: list(found.columns).index("item")])
    code = found["item"].str.removeprefix(f"{asked.question}/")
    code = code.where(code.isin(names), "0")
    told = found.assign(code=code.astype(int), name=code.map(names))
    told = told[(told["code"] > 0) | (told["note"] != "")]
    said = _said(asked, counted, keys, where)
    told["said"] = [
        said.get(key, 0) if key[-1] and share == share else np.nan
        for key, share in zip(told[[*keys, "code"]].itertuples(index=False, name=None), told["share"], strict=True)
    ]
    return told[[*keys, "code", "name", "n", "said", *COLUMNS[1:], "note"]].reset_index(drop=True)


def _said(asked: Asked, counted: set[int], keys: Sequence[str], where: Sequence[str]) -> dict[tuple[object, ...], int]:
    """(values of ``keys``, code) → how many answers were given the code."""
    sample = pool([(version.form, block) for version, block in asked.parts])
    stay = np.ones(len(sample), dtype=bool)
    for one in make_filters(sample, where):
        stay &= one.mask
    roles = {"community_code": "community"}
    columns = [column_of(sample, roles.get(key, key))[1] for key in keys if key != "community"]
    starts = np.cumsum([0, *(len(block) for _, block in asked.parts)])
    names = dict(zip(sample.column("community_code"), sample.column("community"), strict=True))
    found: dict[tuple[object, ...], int] = {}
    for answer in asked.answers:
        row = starts[answer.part] + answer.row
        if answer.response_id not in counted or answer.coded is None or not stay[row]:
            continue
        values = [known[codes[row]] if codes[row] >= 0 else None for codes, known in columns]
        if "community" in keys:
            place = list(keys).index("community")
            values.insert(place, names.get(values[place], values[place]))
        for code in answer.coded.codes:
            found[(*values, code)] = found.get((*values, code), 0) + 1
    return found


@dataclass(frozen=True)
class _Turned:
    """A version with its responses, the codes in the place of the words."""

    asked: Asked
    counted: set[int]

    def __call__(self, version: StoredForm, block: ResponseBlock) -> tuple[Questionnaire, ResponseBlock]:
        name = self.asked.question
        if name not in version.form.position:
            return version.form, block
        choices = tuple(Choice(str(code.id), {"zh": code.name}) for code in self.asked.codes)
        place = {code.id: i for i, code in enumerate(self.asked.codes)}
        rows = tuple(_several(q, choices) if q.name == name else q for q in version.form.rows)
        given = {a.response_id: a.coded.codes for a in self.asked.answers if a.coded and a.response_id in self.counted}
        ids = block.design["response_id"].tolist()
        ticks = [tuple(place[c] for c in given[i] if c in place) if i in given else None for i in ids]
        codes = block.codes.copy()
        codes[:, version.form.position[name]] = np.where([t is None for t in ticks], BLANK, 0)
        texts = {question: said for question, said in block.texts.items() if question != name}
        turned = replace(block, codes=codes, texts=texts, multiple={**block.multiple, name: ticks})
        return replace(version.form, rows=rows), turned


def _several(question: Question, choices: tuple[Choice, ...]) -> Question:
    return replace(question, type="select_multiple", choices=choices)


def changes(table: pd.DataFrame, year: int, before: int) -> Mapping[int, tuple[float, float, float]]:
    """Code → (difference of its share to the year before, p, q over all codes); years are independent samples."""
    now, was = (table[table[YEAR] == y].set_index("code") for y in (year, before))
    codes = [c for c in now.index if c and c in was.index]
    if not codes:
        return {}
    a, b = now.loc[codes], was.loc[codes]
    difference = (a["share"] - b["share"]).to_numpy(dtype=float)
    variances = np.square(np.stack([a["se"].to_numpy(dtype=float), b["se"].to_numpy(dtype=float)]))
    df = satterthwaite(variances, np.stack([a["df"].to_numpy(dtype=float), b["df"].to_numpy(dtype=float)]))
    p = difference_test(difference, np.sqrt(variances.sum(axis=0)), df)
    q = benjamini_hochberg(p)
    return {c: (float(d), float(x), float(y)) for c, d, x, y in zip(codes, difference, p, q, strict=True) if d == d}
